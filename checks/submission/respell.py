"""Signs of typed text that LaTeX writes otherwise: `ŷ` → `\\hat{y}` anywhere, `z5*` → `z5^*` in plain formulas.

What is written instead stands where the sign stood; every other character keeps its place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from checks.submission import lines
from checks.submission.accents import ACCENTED, MARKS, as_latex
from checks.submission.document import Piece, position
from checks.submission.tokens import RELATIONS, Token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checks.submission.tokens import Tokens

_NAME = re.compile(
    rf"(?:\\[A-Za-z]+|[^\W\d_][{MARKS}]*)(?:_\{{[^{{}}]{{0,20}}\}}|_\w{{1,20}}|[0-9]{{1,9}}|[₀-₉]{{1,9}})?$"
)
_SIGN = "|".join(
    re.escape(sign) + ("(?![A-Za-z])" if sign[-1].isalpha() else "")
    for sign in sorted(RELATIONS | set(r"\cdot \times + / · × ⊙ ⋅ ÷".split()), key=len, reverse=True)
)
_VARIABLE = r"(?:\\[A-Za-z]{1,20}|[A-Za-z])(?:_(?:\{[^{}]{1,20}\}|[A-Za-z0-9]))?"
_D = r"(?:d|\\mathrm\s?\{\s?d\s?\})"
_WITH_RESPECT_TO = r"\{[^{}]{1,20}\}|[A-Za-z]"


def _power(name: str) -> str:
    """A pattern for the order of a derivative, 2 to 9."""
    return rf"(?:\^\s?(?:\{{\s?(?P<{name}>[2-9])\s?\}}|(?P<{name}1>[2-9]))|(?P<{name}2>[²³]))"


# d^2L/dw^2: the order stands behind both
_SLASHED = re.compile(
    rf"(?<![A-Za-z\\])(?P<top>{_D}){_power('a')}\s?{_VARIABLE}\s?/\s?(?P<bottom>{_D})\s?{_VARIABLE}\s?{_power('b')}"
)
# d/dw L, ∂/∂w L
_OPERATOR = re.compile(
    rf"(?:(?<![A-Za-z\\]){_D}{_power('a')}?\s?/\s?{_D}|(?:\\partial|∂){_power('b')}?\s?/\s?(?:\\partial|∂))"
    rf"\s?(?P<variable>{_VARIABLE}){_power('c')}?(?=\s?[A-Za-z\\(])"
)
# ∇_w^2 L, ∇^2_w L, ∂_w^2 L
_SUBSCRIPTED = re.compile(
    rf"(?:\\nabla|\\partial|∇|∂)\s?(?:_\s?(?P<v>{_WITH_RESPECT_TO})\s?{_power('a')}"
    rf"|{_power('b')}\s?_\s?(?P<w>{_WITH_RESPECT_TO}))"
)
# an equation that is set: = with an exclamation mark over it
SHALL_EQUAL = re.compile(r"\\(?:overset|stackrel)\s?\{\s?!\s?\}\s?\{\s?=\s?\}")
_NOTHING_TO_MULTIPLY = re.compile(rf"\s*(?:$|[)\]}}|,;]|\.(?!\d)|{_SIGN})|\s+[-−–]")
_BEFORE = 60  # characters looked at before a star


def is_star(text: str, index: int) -> bool:
    """Is the `*` at `index` of a plain formula part of the name before it, and no product?"""
    if index == 0 or text[index - 1].isspace() or not _NOTHING_TO_MULTIPLY.match(text, index + 1):
        return False
    return _NAME.search(text, max(index - _BEFORE, 0), index) is not None


def with_stars(tokens: Tokens, text: str) -> Tokens:
    """The tokens of a plain formula, which are `text`; the stars of names marked, so that they are no operations."""
    first = tokens[0].start if tokens else 0
    return [
        Token(token.start, "⋆") if token.text == "*" and is_star(text, token.start - first) else token
        for token in tokens
    ]


def respelled(text: str, pieces: tuple[Piece, ...], *, plain: bool) -> tuple[str, tuple[Piece, ...]]:
    """The text with its signs written as LaTeX, and the places of its characters."""
    marked = ((*match.span(), "=") for match in SHALL_EQUAL.finditer(text))
    changes = sorted([*_accents(text), *(_stars(text) if plain else ()), *_derivatives(text), *marked])
    return replaced(text, pieces, changes)


def replaced(
    text: str, pieces: tuple[Piece, ...], changes: Sequence[tuple[int, int, str]]
) -> tuple[str, tuple[Piece, ...]]:
    """The text with the spans (start, end, what stands there instead) exchanged, in order, and the places."""
    if not changes:
        return text, pieces
    parts: list[str] = []
    moved: list[Piece] = []
    done = length = 0
    for start, end, instead in [*changes, (len(text), len(text), "")]:
        if done < start:
            moved += [Piece(p.start - done + length, p.line, p.column) for p in _cut(pieces, done, start)]
        parts += [text[done:start], instead]
        length += start - done
        line, column = position(pieces, start)
        moved += [Piece(length + index, line, column) for index in range(len(instead))]
        length += len(instead)
        done = end
    return "".join(parts), tuple(moved)


def _cut(pieces: tuple[Piece, ...], start: int, end: int) -> list[Piece]:
    """The pieces of text[start:end]."""
    first, last = (bisect_right(pieces, at, key=_start) for at in (start, end - 1))
    return [Piece(start, *position(pieces, start)), *pieces[first:last]]


def _start(piece: Piece) -> int:
    return piece.start


def _derivatives(text: str) -> Iterator[tuple[int, int, str]]:
    """Derivatives in spellings the grammar has only for ∂ and fractions; the orders must be the same."""
    taken: list[tuple[int, int]] = []
    for match in _SLASHED.finditer(text):
        if _order(match, "a") == _order(match, "b"):
            taken.append(match.span())
            yield *match.span("top"), r"\partial "
            yield *match.span("bottom"), r"\partial "
    for match in _OPERATOR.finditer(text):
        order = _order(match, "a") or _order(match, "b")
        if order == _order(match, "c") and not any(start < match.end() and match.start() < end for start, end in taken):
            power = f"^{order}" if order else ""
            yield *match.span(), rf"\frac{{d{power}}}{{d{match['variable']}{power}}} "
    for match in _SUBSCRIPTED.finditer(text):
        order, variable = _order(match, "a") or _order(match, "b"), (match["v"] or match["w"]).strip("{}")
        yield *match.span(), rf"\frac{{\partial^{order}}}{{\partial {variable}^{order}}} "


def _order(match: re.Match[str], name: str) -> str:
    return match[name] or match[f"{name}1"] or {"²": "2", "³": "3"}.get(match[f"{name}2"] or "", "")


def _accents(text: str) -> Iterator[tuple[int, int, str]]:
    if text.isascii():
        return
    words = [match.span() for match in lines.words(text)]
    for match in ACCENTED.finditer(text):
        instead = as_latex(match.group())
        if instead and not any(start <= match.start() < end for start, end in words):
            yield match.start(), match.end(), instead


def _stars(text: str) -> Iterator[tuple[int, int, str]]:
    for match in re.finditer(r"\*", text):
        if is_star(text, match.start()):
            yield match.start(), match.end(), "^*"
