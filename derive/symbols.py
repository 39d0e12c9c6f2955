"""What a name is: specs such as `real, positive` or `function, increasing` turned into a symbol table.

The table decides how a formula is read (whether `S(z)` is a call or a product, whether the star of `z_5^*` belongs to
the name), so it knows each symbol by its canonical spelling and by every other spelling declared for it. Spellings are
compared after `canonical_name`, which only orders and braces scripts: `z^*_5`, `z_{5}^{*}` and `z_5^*` are one name,
while `x` and `X`, `x` and `\\mathbf{x}` never are.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from derive.errors import BadSpec
from derive.lazy import lazy
from derive.matrix import specs
from derive.matrix.nodes import SCALAR, Shape
from derive.read.vocabulary import SUBSCRIPTS, UNICODE
from derive.scripts import member_pattern, unbraced

GREEK = frozenset(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho varrho sigma "
    "varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell".split()
)

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
SEQUENCES = frozenset(
    ["sequence", "random sequence", "random"]
)  # g_1, g_2, …: functions of a whole number, under the key g_
_HOLDS: dict[str, Callable[[Fraction], bool]] = {
    "positive": lambda value: value.numerator > 0, "nonnegative": lambda value: value.numerator >= 0,
    "negative": lambda value: value.numerator < 0, "nonzero": lambda value: value.numerator != 0,
}  # fmt: skip
PROPERTIES = frozenset({"positive", "nonnegative", "negative", "nonzero", "increasing"})
OF_SEQUENCES = frozenset({"random", "iid"})  # iid: independent, all of one law
INDICES = ("t", "i", "j", "k")  # letters that are indices where a sequence is declared
EXPECTATION = (r"\mathbb{E}", "E", r"\operatorname{E}", r"\mathbf{E}")
# names a problem's author writes → the function of derive.functions that is meant
NAMED_FUNCTIONS = {
    "logistic sigmoid": "sigmoid", "logistic function": "sigmoid", "sigmoid": "sigmoid", "logistic": "sigmoid",
    "tanh": "tanh", "hyperbolic tangent": "tanh", "hyperbolic sine": "sinh", "sinh": "sinh",
    "hyperbolic cosine": "cosh", "cosh": "cosh", "softplus": "softplus", "softsign": "softsign",
    "log sigmoid": "log_sigmoid", "log-sigmoid": "log_sigmoid", "logit": "logit",
    "exp": "exp", "exponential": "exp", "log": "log", "logarithm": "log", "natural logarithm": "log",
    "sin": "sin", "sine": "sin", "cos": "cos", "cosine": "cos", "tan": "tan", "tangent": "tan",
    "arctan": "arctan", "arctangent": "arctan", "identity": "identity", "sign": "sign",
    "ReLU": "relu", "relu": "relu", "rectifier": "relu", "rectified linear unit": "relu",
    "ReLU6": "relu6", "leaky ReLU": "leaky_relu", "ELU": "elu", "exponential linear unit": "elu", "SELU": "selu",
    "scaled exponential linear unit": "selu", "SiLU": "silu", "swish": "silu", "GELU": "gelu",
    "Gaussian error linear unit": "gelu", "GELU tanh": "gelu_tanh", "mish": "mish", "hard sigmoid": "hardsigmoid",
    "hard tanh": "hardtanh", "hard swish": "hardswish", "error function": "erf", "erf": "erf",
    "complementary error function": "erfc", "standard normal cdf": "normal_cdf", "standard normal pdf": "normal_pdf",
    "standard normal density": "normal_pdf", "gamma function": "gamma", "digamma": "digamma",
    "digamma function": "digamma", "Lambert W": "lambert_w", "Lambert W function": "lambert_w",
    "Riemann zeta function": "zeta",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Symbol:
    """One declared name: a scalar with its domain, a function of one real variable, or (kind "array") a vector or matrix.

    Bounds and signs of an array are those of its entries. The shape of an upstream gradient is None until it is fixed.
    """

    key: str
    kind: str = "real"
    properties: frozenset[str] = frozenset()
    lower: Fraction | None = None  # bounds of the domain
    upper: Fraction | None = None
    closed: tuple[bool, bool] = (False, False)  # whether the bounds belong to it
    named: str | None = None  # for a function: the row of derive.functions it stands for
    spellings: tuple[str, ...] = ()
    shape: Shape | None = None
    role: str = ""  # of an array, a size or an index: see derive.matrix.specs
    defined: bool = False  # by a formula: an intermediate name, whose members are not known
    code: tuple[str, ...] = ()  # what the name is called in programs
    of: str = ""  # what a differential, an upstream gradient, a singular vector or an index belongs to

    @property
    def is_array(self) -> bool:
        """Whether the name stands for a vector or matrix."""
        return self.kind == "array"

    @property
    def is_function(self) -> bool:
        """Whether the name is applied to arguments rather than multiplied."""
        return self.kind == "function"

    @property
    def is_sequence(self) -> bool:
        """Whether the name has terms g_1, g_2, …."""
        return self.role == "sequence"

    def term(self, key: str) -> Symbol:
        """One term of a sequence under a name of its own: a real of the sequence's domain."""
        signs = self.properties & frozenset(_HOLDS)
        return Symbol(key, "real", signs, self.lower, self.upper, self.closed)

    def admits(self, value: Any) -> bool:
        """Whether a rational number, or one with `real` and `imaginary` parts, lies in the declared domain."""
        if self.kind == "complex":
            return self._admits_complex(value)
        if self.is_array:
            return False
        if not isinstance(value, Fraction):
            return False
        if self.kind == "integer" and value.denominator != 1:
            return False
        if any(not _HOLDS[sign](value) for sign in self.properties if sign in _HOLDS):
            return False
        above = self.lower is None or value > self.lower or (self.closed[0] and value == self.lower)
        return above and (self.upper is None or value < self.upper or (self.closed[1] and value == self.upper))

    def _admits_complex(self, value: Any) -> bool:
        real, imaginary = (value, Fraction(0)) if isinstance(value, Fraction) else (value.real, value.imaginary)
        if "nonzero" in self.properties and real == imaginary == 0:
            return False
        parts = {"Re": real, "Im": imaginary}
        planes = (match for p in self.properties if (match := _HALF_PLANE.fullmatch(p)))
        return all(_SIGN_TESTS[match[2]](parts[match[1]]) for match in planes)

    def describe(self) -> str:
        """The spec again, as a person would write it."""
        words = [self._kind_in_words(), *sorted(self.properties)]
        if any(self.closed):
            left, right = "(["[self.closed[0]], ")]"[self.closed[1]]
            low, high = ("-inf" if self.lower is None else self.lower), ("inf" if self.upper is None else self.upper)
            words.append(f"in {left}{low}, {high}{right}")
        elif self.lower is not None and self.upper is not None:
            words.append(f"between {self.lower} and {self.upper}")
        elif self.lower is not None:
            words.append(f"greater than {self.lower}")
        elif self.upper is not None:
            words.append(f"less than {self.upper}")
        named = next((words for words, row in NAMED_FUNCTIONS.items() if row == self.named), self.named)
        return ", ".join(words + ([named] if named else []))

    def _kind_in_words(self) -> str:
        if self.role in {"sequence", "expectation"}:
            return self.role
        if self.role in {"dimension", "delta"}:
            return {"delta": "Kronecker delta"}.get(self.role, self.role)
        if self.of:
            return specs.described(self.role, self.of)
        if not self.is_array or self.shape is None:
            return self.kind
        rows, columns = self.shape
        if self.role == "family":
            return f"family {rows} of vector {columns}"
        if self.role in {"ones", "zeros", "identity"}:
            return f"{self.role} {rows}" if columns == 1 or self.role == "identity" else f"{self.role} {rows} {columns}"
        kind = f"vector {rows}" if columns == 1 else f"row {columns}" if rows == 1 else f"matrix {rows} {columns}"
        return f"{kind}, the centring matrix" if self.role == "centring" else kind


_WORD = re.compile("[A-Za-z]{2,}")


class SymbolTable(Mapping[str, Symbol]):
    """The declared names of a formula by canonical spelling, with every other spelling pointing at them."""

    def __init__(self, symbols: Iterable[Symbol] = ()) -> None:
        self._symbols: dict[str, Symbol] = {}
        self._spelled: dict[str, str] = {}
        for symbol in symbols:
            if symbol.key in self._symbols:
                raise BadSpec(f"{symbol.key} is declared twice")
            self._symbols[symbol.key] = symbol
        for symbol in self._symbols.values():
            for spelling in (symbol.key, *symbol.spellings):
                owner = self._spelled.setdefault(spelling, symbol.key)
                if owner != symbol.key:
                    raise BadSpec(f"{spelling} is declared as a spelling of {owner} and of {symbol.key}")

    @lazy
    def words(self) -> tuple[str, ...]:
        """The spellings that are words of two letters or more, longest first."""
        return tuple(sorted((s for s in self._spelled if _WORD.fullmatch(s)), key=len, reverse=True))

    @lazy
    def has_arrays(self) -> bool:
        """Whether a vector or matrix is declared."""
        return any(symbol.is_array for symbol in self._symbols.values())

    @lazy
    def named_functions(self) -> dict[str, str]:
        """What the functions declared as named ones are called in derive.functions."""
        return {key: symbol.named for key, symbol in self._symbols.items() if symbol.named}

    @classmethod
    def from_specs(cls, declared: Mapping[str, Any] | None) -> SymbolTable:
        """A table from `{"x": "real", "\\sigma": "function, increasing"}`; a spec may also be a table with `spec` and
        `latex` (its spellings, the first one printed), or `{"domain": "real", "interval": [a, b]}`.

        Raises BadSpec naming the symbol and the nearest spec that makes sense.
        """
        if isinstance(declared, SymbolTable):
            return declared
        if declared is not None and not isinstance(declared, Mapping):
            raise BadSpec(f'symbols are a table such as {{"x": "real"}}, not {type(declared).__name__}')
        if not all(isinstance(name, str) for name in declared or ()):
            raise BadSpec("the names of symbols are strings")
        return cls(
            _with_companions(_belonging([symbol_from_spec(name, spec) for name, spec in (declared or {}).items()]))
        )

    def with_upstream(self, shape: Shape, of: str = "") -> SymbolTable:
        """This table where the upstream gradients (of a name, or all) have the shape of f's value; (1, 1) is a scalar."""
        kind = "real" if shape == SCALAR else "array"
        symbols = self._symbols.values()
        if not any(symbol.role == "upstream" for symbol in symbols):
            return self
        return SymbolTable(
            replace(s, kind=kind, shape=None if kind == "real" else shape)
            if s.role == "upstream" and (not of or s.of == of)
            else s
            for s in symbols
        )

    def resolve(self, spelling: str) -> Symbol | None:
        """The symbol spelled so, or None."""
        key = self._spelled.get(spelling)
        return self.member(spelling) or self.sizes.get(spelling) if key is None else self._symbols[key]

    @lazy
    def sizes(self) -> dict[str, Symbol]:
        """The letters of the shapes that are declared: whole numbers nobody declares."""
        letters = {
            size
            for symbol in self._symbols.values()
            for size in (*(symbol.shape or ()), symbol.of * (symbol.role == "index"))
        }
        return {
            key: Symbol(key, "integer", frozenset({"positive"}), role="dimension")
            for size in letters
            if isinstance(size, str) and specs.is_letter(size) and (key := canonical_name(size)) not in self._spelled
        }

    @lazy
    def sequences(self) -> dict[str, Symbol]:
        """The sequences by what stands before the index: g of g_t."""
        every = (symbol for symbol in self._symbols.values() if symbol.is_sequence)
        return {spelling[:-1]: symbol for symbol in every for spelling in (symbol.key, *symbol.spellings)}

    @lazy
    def families(self) -> tuple[tuple[re.Pattern[str], Symbol], ...]:
        """What the members of names such as `x_i` look like; defined names and functions have none."""
        own = (symbol for symbol in self._symbols.values() if not symbol.defined and not symbol.is_function)
        return tuple((pattern, symbol) for symbol in own if (pattern := member_pattern(symbol.key)))

    def member(self, key: str) -> Symbol | None:
        """The symbol `x_3` of a declared family `x_i`, or `g` of independent g_1, g_2, … of one law; None if there is neither."""
        if self.sequences and (symbol := self.sequences.get(key)) is not None and "iid" in symbol.properties:
            return symbol.term(symbol.key[:-1])
        if not self.families or not any(char.isdigit() for char in key):
            return None
        for pattern, family in self.families:
            if pattern.fullmatch(unbraced(key)):
                return replace(family, key=key, spellings=())
        return None

    def extended(self, symbols: Iterable[Symbol]) -> SymbolTable:
        """This table with further symbols; one declared under the same key stays, a mere other spelling gives way."""
        new = [symbol for symbol in symbols if symbol.key not in self._symbols]
        taken = {symbol.key for symbol in new}
        if len(taken) == len(new) and not any(s.spellings or s.key in self._spelled for s in new):
            return self._with(new) if new else self
        kept = [
            replace(s, spellings=tuple(x for x in s.spellings if x not in taken)) if taken & set(s.spellings) else s
            for s in self._symbols.values()
        ]
        return SymbolTable((*kept, *new)) if new else self

    def _with(self, new: list[Symbol]) -> SymbolTable:
        """This table with symbols whose keys are new to it, and which have no other spelling."""
        table = SymbolTable()
        table._symbols = self._symbols | {symbol.key: symbol for symbol in new}
        table._spelled = self._spelled | {symbol.key: symbol.key for symbol in new}
        if not any(_WORD.fullmatch(symbol.key) for symbol in new):
            vars(table)["words"] = self.words
        if not any(member_pattern(symbol.key) for symbol in new):
            vars(table)["families"] = self.families
        return table

    def nearest(self, spelling: str) -> str | None:
        """The declared spelling most like one that is not declared; None where none is like it."""
        others = [s for s in self._spelled if s != spelling]
        close = difflib.get_close_matches(spelling, others, n=1, cutoff=0.6)
        if close:
            return close[0]
        stem = spelling.split("_", maxsplit=1)[0].split("^", maxsplit=1)[0]
        return min((s for s in others if s.split("_")[0].split("^")[0] == stem), key=len, default=None)

    def __getitem__(self, key: str) -> Symbol:
        symbol = self._symbols.get(key) or self.member(key) or self.sizes.get(key)
        if symbol is None:
            raise KeyError(key)
        return symbol

    def __iter__(self) -> Iterator[str]:
        return iter(self._symbols)

    def __len__(self) -> int:
        return len(self._symbols)


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
    names = [re.fullmatch(r"([^_^]+)(?:_(?:[A-Za-z]|\{[A-Za-z]\}))?", name) for name in (symbol.key, *symbol.spellings)]
    if not all(names):
        raise BadSpec(f"{symbol.key}: a sequence is declared by its name alone, or with its index as in g_t")
    keys = [f"{match[1]}_" for match in names if match]
    implied = {"random"} if "iid" in symbol.properties else set()
    return replace(
        symbol, key=keys[0], spellings=tuple(dict.fromkeys(keys[1:])), properties=symbol.properties | implied
    )


def symbol_from_spec(name: str, spec: Any) -> Symbol:
    """One symbol from its name and spec. Raises BadSpec."""
    symbol = _symbol_from_spec(name, spec)
    return _sequence(symbol) if symbol.is_sequence else symbol


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
    spellings = tuple(_spelling(name, s) for s in _listed(name, spec, "latex"))
    key = spellings[0] if spellings else _key_of(name)
    parsed = _parse_spec(name, str(spec.get("spec", "real")))
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
    return _spelling(name, name)


# a base (letters, a command, a command with its argument), primes, one subscript, one superscript
_SCRIPT = r"(?:\{.+\}|\\[A-Za-z]+|[^{}\\])"
_SPELLING = re.compile(rf"(?:\\[A-Za-z]+(?:\{{.+\}})?|[A-Za-z]+)'*(?:_{_SCRIPT})?(?:\^{_SCRIPT})?")


def _spelling(name: str, written: str) -> str:
    """A spelling in canonical form. Raises BadSpec for what the reader could never take for a name."""
    spelling = canonical_name(written)
    if not _SPELLING.fullmatch(spelling):
        raise BadSpec(
            f"{name}: {written!r} is no name; write a letter, a word or a command, with at most one _ and one ^"
        )
    return spelling


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
_HALF_PLANE = re.compile(r"(Re|Im)(>=|<=|>|<|!=|=)0")
_SIGN_TESTS: dict[str, Callable[[Fraction], bool]] = {
    ">": lambda u: u > 0, ">=": lambda u: u >= 0, "<": lambda u: u < 0, "<=": lambda u: u <= 0,
    "=": lambda u: u == 0, "!=": lambda u: u != 0,
}  # fmt: skip
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
    if symbol.kind == "complex" and _HALF_PLANE.fullmatch(plane):
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

STAR = re.compile(r"\\(?:star|ast)(?![A-Za-z])|\*")


@lru_cache(maxsize=4096)
def canonical_name(text: str) -> str:
    """One spelling for one name: subscript before superscript, braces only around scripts of several characters.

    `z^*_5`, `z_{5}^{\\ast}` → `z_5^*`; `\\hat y` → `\\hat{y}`; `W^{(21)}` stays. Raises BadSpec for no string.
    """
    if not isinstance(text, str):
        raise BadSpec(f'a name is a string such as "x", not {type(text).__name__}')
    text = re.sub(r"\s+", " ", text.strip())
    if not text.isascii():
        text = re.sub(
            f"[{''.join(SUBSCRIPTS)}]+", lambda run: "_{" + "".join(SUBSCRIPTS[c] for c in run.group()) + "}", text
        )
        text = "".join(UNICODE.get(char, char) for char in text)
    text = re.sub(r"\\([A-Za-z]+) (?![A-Za-z{])", r"\\\1", text)
    text = re.sub(r"\\(hat|bar|tilde|vec|dot|ddot|check|breve|mathbf|mathcal|mathbb|mathrm|mathit|boldsymbol|bm|text)"
                  r" ?(\\[A-Za-z]+|[A-Za-z0-9])", r"\\\1{\2}", text)  # fmt: skip
    base, scripts = _split_scripts(text)
    sub = "".join(body for mark, body in scripts if mark == "_")
    sup = "".join(body for mark, body in scripts if mark == "^")
    return base + _script("_", sub) + _script("^", STAR.sub("*", sup))


@lru_cache(maxsize=4096)
def join_name(base: str, subscript: str, superscript: str) -> str:
    """The canonical spelling of a base with its scripts (either may be empty)."""
    return base + _script("_", subscript) + _script("^", superscript)


def _script(mark: str, body: str) -> str:
    body = body.replace(" ", "") if not re.search(r"\\[A-Za-z]+ [A-Za-z]", body) else body
    if not body:
        return ""
    return f"{mark}{body}" if len(body) == 1 else f"{mark}{{{body}}}"


def _split_scripts(text: str) -> tuple[str, list[tuple[str, str]]]:
    """`z_5^*` → ("z", [("_", "5"), ("^", "*")]); primes of a name stay in its base."""
    depth, cut = 0, len(text)
    for index, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if char in "_^" and depth == 0:
            cut = index
            break
    base, rest, scripts = text[:cut], text[cut:], []
    pattern = re.compile(r"\s*([_^])\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|.)")
    while match := pattern.match(rest):
        body = match.group(2)
        scripts.append((match.group(1), body[1:-1].strip() if body.startswith("{") else body))
        rest = rest[match.end() :]
    return base + rest.strip(), scripts


def subscript_of(name: str) -> str:
    """`k` of `z_k^*`, empty if there is none."""
    return next((body for mark, body in _split_scripts(name)[1] if mark == "_"), "")


def with_subscript(name: str, subscript: str) -> str:
    """`z_3^*` from `z_k^*` and 3."""
    base, scripts = _split_scripts(name)
    return join_name(base, subscript, "".join(body for mark, body in scripts if mark == "^"))
