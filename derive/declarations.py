"""Specs such as `real, positive` or `function, increasing` → symbols.

A spec begins with a kind, followed by properties, bounds or the name of a function; vectors, matrices and what belongs to
them are read by `derive.matrix.specs`. A spec that is not understood is refused with the nearest one that is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from derive.errors import BadSpec
from derive.matrix import specs
from derive.names import GREEK, canonical_name, spelled
from derive.phrases import HOLE, spelling_or_phrase, term_phrase
from derive.ranges import ranges_of
from derive.symbols import HALF_PLANE, NAMED_FUNCTIONS, SEQUENCES, Symbol

# spec word → (kind, properties it implies); the first word of a spec is one of these
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "real": ("real", ()),
    "scalar": ("real", ()),
    "complex": ("complex", ()),
    "positive": ("real", ("positive",)),
    "nonnegative": ("real", ("nonnegative",)),
    "negative": ("real", ("negative",)),
    "nonzero": ("real", ("nonzero",)),
    "integer": ("integer", ()),
    "positive integer": ("integer", ("positive",)),
    "nonnegative integer": ("integer", ("nonnegative",)),
    "function": ("function", ()),
    "elementwise function": ("function", ()),
    "sequence": ("function", ()),
    "random sequence": ("function", ("random",)),
    "random": ("function", ("random",)),
}
PROPERTIES = frozenset({"positive", "nonnegative", "negative", "nonzero", "increasing"})
OF_SEQUENCES = frozenset({"random", "iid"})  # iid: independent, all of one law
INDICES = ("t", "i", "j", "k")  # letters that are indices where a sequence is declared
EXPECTATION = (r"\mathbb{E}", "E", r"\operatorname{E}", r"\mathbf{E}")


def symbols_of(declared: Mapping[str, Any]) -> list[Symbol]:
    """The symbols of a table of specs, with those that come along. Raises BadSpec."""
    return _with_companions(_belonging([symbol_from_spec(name, spec) for name, spec in declared.items()]))


def _belonging(symbols: list[Symbol]) -> list[Symbol]:
    """Differentials and singular vectors with the shape of what they belong to. Raises BadSpec."""
    owners = {spelling: symbol for symbol in symbols for spelling in (symbol.key, *symbol.spellings)}
    found: list[Symbol] = []
    for symbol in symbols:
        if symbol.role in specs.BELONGING:
            owner = owners.get(canonical_name(symbol.of))
            if owner is None or owner.is_function:
                raise BadSpec(f"{symbol.key}: {symbol.of} is not declared as a variable")
            if owner.is_array and owner.shape is not None:
                symbol = replace(symbol, shape=specs.shape_within(symbol.role, owner.shape), of=owner.key)
            elif symbol.role == "differential" and not owner.is_array:
                symbol = replace(symbol, kind="real", shape=None, of=owner.key)
            else:
                raise BadSpec(f"{symbol.key}: {symbol.of} is no vector or matrix of a declared size")
        found.append(symbol)
    return found


def _with_companions(symbols: list[Symbol]) -> list[Symbol]:
    """Beside sequences t, i, j and k are indices, beside random ones E is the expectation, unless they are declared."""
    taken = {spelling for symbol in symbols for spelling in (symbol.key, *symbol.spellings)}
    made: list[Symbol] = []
    if any(symbol.is_sequence for symbol in symbols):
        made += [Symbol(letter, "integer", frozenset({"positive"})) for letter in INDICES if letter not in taken]
    if any("random" in symbol.properties for symbol in symbols) and taken.isdisjoint(EXPECTATION):
        made.append(Symbol(EXPECTATION[0], "function", role="expectation", spellings=EXPECTATION[1:]))
    return [*symbols, *made]


def _sequence(symbol: Symbol) -> Symbol:
    """A sequence under its key: `g` and `g_t` are both g_. Raises BadSpec."""
    terms = tuple(spelling for spelling in symbol.spellings if HOLE in spelling)
    plain = [name for name in (symbol.key, *symbol.spellings) if name not in terms]
    names = [re.fullmatch(r"([^_^]+)(?:_(?:[A-Za-z]|\{[A-Za-z]\}))?", name) for name in plain]
    if not all(names):
        raise BadSpec(f"{symbol.key}: a sequence is declared by its name alone, or with its index as in g_t")
    keys = [f"{match[1]}_" for match in names if match]
    implied = {"random"} if "iid" in symbol.properties else set()
    return replace(
        symbol, key=keys[0], spellings=(*dict.fromkeys(keys[1:]), *terms), properties=symbol.properties | implied
    )


def symbol_from_spec(name: str, spec: Any) -> Symbol:
    """One symbol from its name and spec. Raises BadSpec."""
    symbol = _symbol_from_spec(name, spec)
    if symbol.is_sequence and "increasing" in symbol.properties:
        raise BadSpec(
            f"{name}: a sequence has no property 'increasing' in this version; signs and bounds of its terms it has"
        )
    if symbol.is_function:
        _refuse_contradiction(name, symbol)
    return _sequence(symbol) if symbol.is_sequence else symbol


def _refuse_contradiction(name: str, symbol: Symbol) -> None:
    """No function is both positive and negative, or increasing with one value. Raises BadSpec."""
    ranges = ranges_of(symbol)
    if not ranges:
        raise BadSpec(f"{name}: no number is all that is said of its values: {symbol.describe()}")
    if "increasing" in symbol.properties and all(part.is_point for part in ranges):
        raise BadSpec(f"{name}: a function that has one value is not increasing: {symbol.describe()}")


def _symbol_from_spec(name: str, spec: Any) -> Symbol:
    if isinstance(spec, str):
        return _declared(name, spec)
    if not isinstance(spec, Mapping):
        raise BadSpec(f'{name}: a spec is a string such as "real", or a table with spec and latex; got {spec!r}')
    if "domain" in spec:
        symbol = _parse_spec(name, str(spec["domain"]))
        low, high = _interval(name, spec.get("interval"))
        if low is None and high is None:
            return replace(symbol, key=_key_of(name))
        return replace(symbol, key=_key_of(name), lower=low, upper=high, closed=(low is not None, high is not None))
    unknown = set(spec) - {"spec", "latex", "code"}
    if unknown:
        raise BadSpec(f"{name}: unknown field {sorted(unknown)[0]!r}; a symbol has spec, latex and code")
    written = _listed(name, spec, "latex")
    parsed = _parse_spec(name, str(spec.get("spec", "real")))
    terms = [phrase for s in written[1:] if parsed.is_sequence and (phrase := term_phrase(written[0], s))]
    further = [s for s in written[1:] if not parsed.is_sequence or term_phrase(written[0], s) is None]
    spellings = (*(spelled(name, s) for s in written[:1]), *(spelling_or_phrase(name, s) for s in further), *terms)
    key = spellings[0] if spellings else _key_of(name)
    return replace(parsed, key=key, spellings=spellings[1:], code=_listed(name, spec, "code"))


def _listed(name: str, spec: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """A spelling or a list of spellings."""
    given = spec.get(field, [])
    if not isinstance(given, str | list | tuple) or not all(isinstance(one, str) and one for one in given):
        raise BadSpec(f"{name}: {field} is a spelling or a list of spellings, not {given!r}")
    return (given,) if isinstance(given, str) else tuple(given)


@lru_cache(maxsize=4096)
def _declared(name: str, spec: str) -> Symbol:
    """A symbol that is declared by words alone."""
    return replace(_parse_spec(name, spec), key=_key_of(name))


@lru_cache(maxsize=4096)
def _key_of(name: str) -> str:
    """A TOML key such as `sigma` or `beta_1` is the Greek letter; anything else is LaTeX already."""
    stem = re.match(r"[A-Za-z]+", name)
    if stem and stem.group() in GREEK and not name.startswith("\\"):
        name = "\\" + name
    return spelled(name, name)


def _interval(name: str, interval: Any) -> tuple[Fraction | None, Fraction | None]:
    """The bounds of `[a, b]`; None for a side that is not bounded."""
    if interval is None:
        return None, None
    try:
        low, high = (None if bound is None else Fraction(str(bound)) for bound in interval)
    except (TypeError, ValueError, ZeroDivisionError):
        raise BadSpec(f"{name}: an interval is two numbers [a, b], not {interval!r}") from None
    if low is not None and high is not None and low > high:
        raise BadSpec(f"{name}: the interval {interval!r} is empty; write the smaller number first")
    return low, high


_NUMBER = r"([+-]?[0-9]+(?:\.[0-9]+|/0*[1-9][0-9]*)?)"
_BETWEEN = re.compile(rf"(?:between {_NUMBER} and {_NUMBER}|in \(\s*{_NUMBER}\s*,\s*{_NUMBER}\s*\))")
_END = r"([+-]?(?:[0-9]+(?:\.[0-9]+|/0*[1-9][0-9]*)?|inf|\\infty))"
_INTERVAL = re.compile(rf"in ([\[(])\s*{_END}\s*,\s*{_END}\s*([\])])")
_GREATER = re.compile(rf"greater than {_NUMBER}")
_LESS = re.compile(rf"less than {_NUMBER}")
_OUTER_COMMAS = re.compile(r",(?![^(\[]*[)\]])")


@lru_cache(maxsize=4096)
def _parse_spec(name: str, spec: str) -> Symbol:
    """Kind first, then properties, all separated by commas."""
    parts = [" ".join(part.split()) for part in _OUTER_COMMAS.split(spec) if part.strip()]
    if not parts:
        raise BadSpec(f'{name}: the spec is empty; write "real", "positive" or "function, increasing"')
    if array := specs.head_of(name, parts[0]):
        symbol = Symbol(name, array.kind, frozenset(array.properties), shape=array.shape, role=array.role, of=array.of)
        return _with_properties(symbol, name, parts[1:])
    head, implied = KINDS.get(parts[0], ("", ()))
    if not head:  # a lone property, an interval or a named function says its kind
        head, implied = ("function", ()) if parts[0] in NAMED_FUNCTIONS else ("real", ())
        parts = ["", *parts]
    role = "sequence" if parts[0] in SEQUENCES else ""
    return _with_properties(Symbol(name, head, frozenset(implied), role=role), name, parts[1:])


def _with_properties(symbol: Symbol, name: str, parts: list[str]) -> Symbol:
    for part in parts:
        symbol = _with_property(symbol, name, part)
    return symbol


def _with_property(symbol: Symbol, name: str, part: str) -> Symbol:
    if symbol.is_array and (words := specs.property_of(name, part, symbol.shape)) is not None:
        role = "centring" if specs.is_centring(part) else symbol.role
        return replace(symbol, properties=symbol.properties | set(words), role=role)
    if part in OF_SEQUENCES and symbol.is_sequence:
        return replace(symbol, properties=symbol.properties | {part})
    if part == "large positive" and symbol.kind in {"real", "integer"}:
        return replace(symbol, properties=symbol.properties | {"positive", part})
    if part in PROPERTIES and not (symbol.is_array and part == "increasing"):
        return replace(symbol, properties=symbol.properties | {part})
    if symbol.is_function and part in NAMED_FUNCTIONS:
        return replace(symbol, named=NAMED_FUNCTIONS[part])
    plane = part.replace(" ", "").replace("≥", ">=").replace("≤", "<=").replace("≠", "!=")
    if symbol.kind == "complex" and HALF_PLANE.fullmatch(plane):
        return replace(symbol, properties=symbol.properties | {plane})
    if match := _BETWEEN.fullmatch(part):
        low, high = (g for g in match.groups() if g is not None)
        return replace(symbol, lower=Fraction(low), upper=Fraction(high))
    if match := _INTERVAL.fullmatch(part):
        return _within(symbol, name, match)
    if match := _GREATER.fullmatch(part):
        return replace(symbol, lower=Fraction(match.group(1)))
    if match := _LESS.fullmatch(part):
        return replace(symbol, upper=Fraction(match.group(1)))
    known = [*KINDS, *specs.SAMPLES, *PROPERTIES, *NAMED_FUNCTIONS, *specs.PROPERTIES]
    known += ["between 0 and 1", "greater than 0", "less than 1"]
    nearest = max(known, key=lambda word: difflib.SequenceMatcher(None, part, word).ratio())  # kinds first
    close = difflib.SequenceMatcher(None, part, nearest).ratio() >= 0.6
    instead = f"the nearest is {nearest!r}" if close else "a spec begins with " + ", ".join((*KINDS, *specs.SAMPLES))
    raise BadSpec(f"{name}: {part!r} is not a spec this version reads; {instead}")


def _within(symbol: Symbol, name: str, match: re.Match[str]) -> Symbol:
    """`in [0, 1)`: a bracket says that a bound belongs to the domain."""
    left, *ends, right = match.groups()
    infinite = ["inf" in end for end in ends]
    low, high = (None if none else Fraction(end) for end, none in zip(ends, infinite, strict=True))
    if low is not None and high is not None and (low > high or (low == high and (left, right) != ("[", "]"))):
        raise BadSpec(f"{name}: {match.group()!r} holds no number; write the smaller one first")
    closed = (left == "[" and low is not None, right == "]" and high is not None)
    return replace(symbol, lower=low, upper=high, closed=closed)


# --- spellings -------------------------------------------------------------------------------------------------------
