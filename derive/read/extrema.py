r"""Tokens of `\sup_z`, `\max_{\delta \neq 0}`, `\inf_{x \in (0, 1)}`, `\min_{\|x\| = 1}`: over what is taken, under which condition.

    x                 every value of x                  x : c,  x, c       every value of x with c
    x \in D           those of an interval or space     c                  the same, x the name that c is about
    x \ne y           all pairs of different ones

The name a condition is about is the only one of its left side; where a number stands there (`0 \le x \le 1`) of the next.
"""

from __future__ import annotations

import re
from typing import NoReturn

from derive.names import canonical_name
from derive.read import matrices
from derive.read.cursor import Cursor
from derive.read.vocabulary import CONSTANTS, NORM_BARS, RELATIONS, SIZES, SPACES, UNICODE
from derive.tree import EXTREMA

COMMANDS = {r"\sup": EXTREMA[0], r"\inf": EXTREMA[1], r"\max": EXTREMA[2], r"\min": EXTREMA[3]}
_NAME = re.compile(r"(?:\\[A-Za-z]+|[^\W\d_])(?:\s*_\s*(?:\{[^{}]*\}|[A-Za-z0-9]))?'*")
_SAYS_NOTHING = frozenset(
    {*SIZES, *SPACES, *NORM_BARS, *(word for word in RELATIONS if word[0] == "\\"), r"\lvert", r"\rvert", r"\setminus", r"\cdot"}
)  # fmt: skip
_WRITTEN_RELATIONS = sorted({*RELATIONS, *(k for k, v in UNICODE.items() if v in RELATIONS)}, key=len, reverse=True)
_RELATION = re.compile(
    "|".join(re.escape(word) + ("(?![A-Za-z])" if word[-1].isalpha() else "") for word in _WRITTEN_RELATIONS)
)
_SUCH_THAT = re.compile(r"[:;,]|\\colon(?![A-Za-z])|\\mid(?![A-Za-z])|\\text\s*\{\s*(?:s\.\s?t\.|such that|with)\s*\}")
_REALS = re.compile(r"\s*(?:\\mathbb\s*\{?\s*R\s*\}?|\\R(?![A-Za-z])|ℝ)\s*(?:\^\s*(?:\{[^{}]*\}|[A-Za-z0-9]))?\s*$")
_EVERYTHING = re.compile(rf"\s*(?:\\in(?![A-Za-z])|∈){_REALS.pattern}")
# `x ∈ ℝ^n, x ≠ 0`: the space is that of x, and what follows is the condition
_MEMBER_OF_SPACE = re.compile(
    r"\s*(?:\\in(?![A-Za-z])|∈)\s*(?:\\mathbb\s*\{?\s*R\s*\}?|\\R(?![A-Za-z])|ℝ)\s*(?:\^\s*(?:\{[^{}]*\}|[A-Za-z0-9]))?\s*"
    r"(?:[:;,]|\\colon(?![A-Za-z])|\\mid(?![A-Za-z]))"
)
_WITHOUT_ZERO = re.compile(r"\s*(?:\\setminus|\\backslash)\s*\\\{\s*(?:\\mathbf\s*\{\s*0\s*\}|0)\s*\\\}\s*$")
_POSITIVE = re.compile(
    r"\s*(?:\\mathbb\s*\{?\s*R\s*\}?|ℝ)\s*(?:_\s*\{\s*(>|\\ge|\\geq|≥)\s*0\s*\}|_\s*\+|_\s*\{\+\}|\^\s*\+)\s*$"
)
_INTERVAL = re.compile(r"\s*(?:\\left\s*)?([\[\](])(.+),(.+?)(?:\\right\s*)?([\])\[])\s*$", re.DOTALL)
_INDEX_LETTERS = frozenset("ijklmnpqrst")
Range = tuple[int, int]


def is_continuous(lexer: Cursor, name: str) -> bool:
    r"""Whether the name of a range, `\max_{0 \le x \le 1}`, stands for any real number, and does not count."""
    symbol = lexer.table.resolve(name)
    return name not in _INDEX_LETTERS if symbol is None else symbol.kind == "real" and symbol.role != "index"


def over_domain(lexer: Cursor, word: str, at: int, lower: Range, following: int) -> int:
    """Emit what is taken, over which names, under which condition; what it applies to follows."""
    start, stop = lower
    text = lexer.text[start:stop]
    names, condition = _parts(lexer, word, at, lower)
    keys = [canonical_name(lexer.text[slice(*name)]) for name in names]
    values = [_bound(lexer, key, name) for key, name in zip(keys, names, strict=True)]
    if len(set(keys)) < len(keys):
        lexer.refuse("extremum-variable", f"{word} runs twice over {keys[0]}", start, length=len(text))
    lexer.emit("EXTREMUM", COMMANDS[word], at, at + len(word))
    for name, value in zip(names, values, strict=True):
        lexer.emit("VARIABLE", value, *name)
    if condition is not None and not _EVERYTHING.fullmatch(lexer.text, *condition):
        lexer.emit("_SUCH_THAT", ":", condition[0], condition[0])
        _condition(lexer, values[0], condition)
        lexer.emit("_SUCH_END", "}", condition[1], condition[1])
    return following


def _bound(lexer: Cursor, key: str, name: Range) -> object:
    """A declared vector or matrix, or a name that is bound from here on."""
    symbol = lexer.table.resolve(key)
    if key in CONSTANTS and symbol is None and key not in "ei":
        lexer.refuse("extremum-variable", f"{key} is a number, not a name", name[0], length=name[1] - name[0])
    if symbol is not None and symbol.is_function:
        lexer.refuse("extremum-variable", f"{key} is declared as a function", name[0], length=name[1] - name[0],
                     hint="take another letter")  # fmt: skip
    if symbol is None:
        lexer.bound.add(key)
        return key
    return matrices.array(lexer, key, name[0]) or symbol.key


def _parts(lexer: Cursor, word: str, at: int, lower: Range) -> tuple[list[Range], Range | None]:
    """The names, and the condition if there is one: a relation, or a set behind ∈."""
    start, stop = lower
    text = lexer.text[start:stop]
    found = _names(lexer, lower)
    if not found:
        _refuse(lexer, word, at, lower)
    first = found[0]
    rest = lexer.text[first[1] : stop]
    if not text[: first[0] - start].strip():
        if not rest.strip():
            return [first], None
        if split := re.match(rf"\s*(?:{_SUCH_THAT.pattern})", rest):
            after = first[1] + split.end()
            others = [name for name in found if name[0] >= after]
            if _only_names(lexer.text[after:stop], others, after):
                return found, None
            return [first], (after, stop)
        if member := re.match(r"\s*(\\in(?![A-Za-z])|∈)", rest):
            begin = first[1] + member.start(1)
            further = _MEMBER_OF_SPACE.match(lexer.text, begin, stop)
            return [first], (begin, stop) if further is None else (further.end(), stop)
    relation = _RELATION.search(text)
    if relation is None:
        _refuse(lexer, word, at, lower)
    between = start + relation.start()
    left = [name for name in found if name[1] <= between]
    if RELATIONS[UNICODE.get(relation.group(), relation.group())] == r"\ne" and len(found) == 2 and len(left) == 1:
        sides = (text[: relation.start()], text[relation.end() :])
        if all(_NAME.fullmatch(side.strip()) for side in sides):
            return found, lower
    following = _RELATION.search(text, relation.end())
    middle = [name for name in found if not left and name[1] <= start + (following.start() if following else len(text))]
    about = _distinct(lexer, left or middle)
    if len(about) != 1:
        _refuse(lexer, word, at, lower)
    return about, lower


def _names(lexer: Cursor, within: Range) -> list[Range]:
    """Where letters stand that may be bound, in order."""
    found = []
    for match in _NAME.finditer(lexer.text, *within):
        bare = match.group().split("_")[0].strip()
        spoken = re.match(r"\\(?:mathbb|text|mathrm|operatorname|infty|pi)(?![A-Za-z])", bare)
        if bare.rstrip("'") not in _SAYS_NOTHING and UNICODE.get(bare, bare) not in RELATIONS and not spoken:
            found.append(match.span())
    return found


def _distinct(lexer: Cursor, names: list[Range]) -> list[Range]:
    kept: dict[str, Range] = {}
    for name in names:
        kept.setdefault(canonical_name(lexer.text[slice(*name)]), name)
    return list(kept.values())


def _only_names(text: str, names: list[Range], start: int) -> bool:
    """Whether nothing but names and commas stands in a text."""
    rest = "".join(c for place, c in enumerate(text, start) if not any(a <= place < b for a, b in names))
    return bool(names) and not rest.replace(",", "").strip()


def _condition(lexer: Cursor, value: object, condition: Range) -> None:
    start, stop = condition
    text = lexer.text[start:stop]
    member = re.match(r"\s*(?:\\in(?![A-Za-z])|∈)", text)
    if member is None:
        return lexer.inside(start, stop)

    def put(*tokens: tuple[str, object]) -> None:
        for kind, meaning in tokens:
            lexer.emit(kind, meaning, start, start)

    start += member.end()
    text = lexer.text[start:stop]
    without = _WITHOUT_ZERO.search(text)
    space = text[: without.start()] if without else text
    variable, zero = ("NAME", value), ("NUMBER", "0")
    if _REALS.fullmatch(space):
        return put(variable, ("RELATION", r"\ne"), zero)
    if (signed := _POSITIVE.fullmatch(text)) is not None:
        return put(variable, ("RELATION", r"\ge" if signed.group(1) and signed.group(1) != ">" else ">"), zero)
    ends = _INTERVAL.fullmatch(text)
    if ends is None:
        lexer.refuse("extremum-domain", f"the set {text.strip()} is not read", start, length=stop - start,
                     hint=r"write an interval, \mathbb{R}, or a relation")  # fmt: skip
    low, high = ((start + a, start + b) for a, b in (ends.span(2), ends.span(3)))
    closed = (ends.group(1) == "[", ends.group(4) == "]")
    bounds = [re.sub(r"\s|\+", "", lexer.text[slice(*end)]) for end in (low, high)]
    finite = [bound not in {r"\infty", "∞", r"-\infty", "-∞", "−∞"} for bound in bounds]
    if not any(finite):
        lexer.refuse("extremum-domain", f"the set {text.strip()} is every number", start, length=stop - start,
                     hint=r"write \mathbb{R}, or nothing")  # fmt: skip
    if finite[0]:
        lexer.inside(*low)
        put(("RELATION", r"\le" if closed[0] else "<"))
    put(variable)
    if finite[1]:
        put(("RELATION", r"\le" if closed[1] else "<"))
        lexer.inside(*high)
    return None


def _refuse(lexer: Cursor, word: str, at: int, lower: Range) -> NoReturn:
    lexer.refuse("extremum-variable", f"{word} does not say over which name it is taken", at, length=lower[1] - at,
                 hint=rf"write {word}_x, or {word}_{{x : condition}}")  # fmt: skip
