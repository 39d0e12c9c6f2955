r"""`\mathbb{R}^{3 \times 1}` behind `\in` or under a brace: the shape that is claimed of what stands before or above it."""

from __future__ import annotations

import re

from derive.matrix.nodes import SCALAR, Dimension, Shape, Space
from derive.matrix.shapes import size_product, size_sum
from derive.read.cursor import Cursor

_REALS = re.compile(
    r"\s*(?:\\mathbb\s*\{?\s*R\s*\}?|\\math(?:bf|rm|cal)\s*\{\s*R\s*\}|\\R(?![A-Za-z])|ℝ|(R)(?![A-Za-z]))"
)
_POWER = re.compile(r"\s*\^\s*(?:\{([^{}]*)\}|([A-Za-z0-9]))")
_TIMES = re.compile(r"\\times(?![A-Za-z])|×|\\cdot(?![A-Za-z])")
_TERM = re.compile(r"[0-9]+|\\[A-Za-z]+|[A-Za-z]")
_ONLY_TERMS = re.compile(rf"\s*(?:(?:{_TERM.pattern})\s*)+")


def space(lexer: Cursor, at: int, end: int) -> int | None:
    r"""Emit the space that stands at `at`, right behind `\in`; None where none does, or where R is a name."""
    tokens = lexer.out.tokens
    if not tokens or tokens[-1].type != "RELATION" or tokens[-1].value != r"\in":
        return None
    found = _space(lexer.text, at, end)
    if found is None or (found[2] and lexer.table.resolve("R") is not None):
        return None
    if found[0] == SCALAR and not lexer.has_arrays:
        return None
    return lexer.emit("SPACE", Space(found[0]), at, found[1])


def labelled(text: str) -> Shape | None:
    r"""The shape a label claims: `R^{3 \times 1}`, or that of a product `R^{3 \times 1} \times R^{1 \times 2}`."""
    found = _space(text, 0, len(text))
    if found is None or found[0] == SCALAR:
        return None
    (rows, columns), at, _ = found
    while text[at:].strip():
        sign = _TIMES.match(text[at:].lstrip())
        following = _space(text, len(text) - len(text[at:].lstrip()) + sign.end(), len(text)) if sign else None
        if following is None or following[0][0] != columns:
            return None
        (_, columns), at, _ = following
    return rows, columns


def _space(text: str, at: int, end: int) -> tuple[Shape, int, bool] | None:
    """The shape, where it ends, and whether it is a bare R."""
    reals = _REALS.match(text, at, end)
    if reals is None:
        return None
    power = _POWER.match(text, reals.end(), end)
    if power is None:
        bare = bool(reals.group(1)) or re.match(r"\s*[_^]", text[reals.end() : end]) is not None
        return None if bare else (SCALAR, reals.end(), False)
    sizes = [_size(part) for part in _TIMES.split(power.group(1) or power.group(2))]
    if len(sizes) > 2 or any(size is None for size in sizes):
        return None
    known = [size for size in sizes if size is not None]
    return (known[0], known[1] if len(known) == 2 else 1), power.end(), bool(reals.group(1))


def _size(text: str) -> Dimension | None:
    """`3`, `n`, `2n`, `mn`, `n + 1` as sizes are written."""
    terms: list[Dimension] = []
    for part in text.split("+"):
        if not _ONLY_TERMS.fullmatch(part):
            return None
        size: Dimension = 1
        for factor in _TERM.findall(part):
            size = size_product(size, int(factor) if factor.isdigit() else factor)
        terms.append(size)
    return terms[0] if len(terms) == 1 else size_sum(terms)
