"""Draws at which an equation holds that is supposed: one of its names is solved for, all others stay as drawn.

`−gᵀg + ε gᵀHg = 0` holds at hardly any draw, and at every draw for one ε. The number is put in and the equation worked
out again over the rationals, so that only what solves it exactly is taken. `Hg = λg` holds for diagonal H and g along an
axis.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from checks.decide.arrays.arithmetic import Irrational
from checks.decide.arrays.counterexamples import FAILURES
from checks.decide.arrays.draws import ArrayClaim, Draw
from checks.decide.arrays.entries import Rows
from checks.decide.arrays.fields import Exact
from derive.matrix.nodes import ArrayName
from derive.tree import ZERO, Negative, Node, Sum

# what the diagonal of a matrix has as well; of an invertible one only where the matrix is definite
KEPT = frozenset({"symmetric", "positive definite", "positive semidefinite"})
Equation = tuple[Node, Node]


def solved(claim: ArrayClaim, equations: Iterable[Equation], draw: Draw) -> Draw:
    """The draw with values by which the equations hold, one after the other; as it is where there are none."""
    for equation in equations:
        draw = _named(claim, equation, draw) or _with_number(claim, difference_of(equation), draw)
    return draw


def difference_of(equation: Equation) -> Node:
    """What an equation says to be zero; 0 stands for an array of zeros, too."""
    left, right = equation
    return left if right == ZERO else right if left == ZERO else Sum((left, Negative(right)))


def holds_exactly(claim: ArrayClaim, equation: Equation, draw: Draw) -> bool:
    """Whether an equation holds at a draw in every entry, over the rationals."""
    values = _values(claim, difference_of(equation), draw)
    return values is not None and not any(values)


def _named(claim: ArrayClaim, equation: Equation, draw: Draw) -> Draw | None:
    """`Ax = b` with b as what Ax is, where b alone is a side and nothing is declared of it."""
    for name, value in (equation, equation[::-1]):
        if not isinstance(name, ArrayName) or name.key in claim.setting.named.inputs(value):
            continue
        if (declared := _undeclared(claim, name.key)) is None or declared.properties:
            continue
        rows = _rows(claim, value, draw)
        if rows is not None and [len(row) for row in rows] == [len(row) for row in draw.arrays[name.key]]:
            return replace(draw, arrays={**draw.arrays, name.key: rows})
    return None


def _with_number(claim: ArrayClaim, difference: Node, draw: Draw) -> Draw:
    """Linear in one of its numbers: its values at 0 and 1 say where it is 0. Names of the claim itself are tried last."""
    inputs = claim.setting.named.inputs(difference)
    asked = {key for side in claim.sides for key in claim.setting.named.inputs(side)}
    numbers = [symbol for symbol in claim.scalars if symbol.key in inputs]
    for symbol in sorted(numbers, key=lambda s: s.key in asked):
        first, second = (_values(claim, difference, _with(draw, symbol.key, Fraction(k))) for k in (0, 1))
        pairs = zip(first or (), second or (), strict=False)
        root = next((a / (a - b) for a, b in pairs if a != b), None)
        if root is None or not symbol.admits(root):
            continue
        found = _with(draw, symbol.key, root)
        values = _values(claim, difference, found)
        if values is not None and not any(values):
            return found
    return draw


def _values(claim: ArrayClaim, tree: Node, draw: Draw) -> tuple[Fraction, ...] | None:
    """The entries over the rationals, one after the other; None where they are none."""
    rows = _rows(claim, tree, draw)
    return None if rows is None else tuple(entry for row in rows for entry in row)


def _rows(claim: ArrayClaim, tree: Node, draw: Draw) -> Rows | None:
    at = Exact(draw.arrays, draw.sizes, claim.setting.named, draw.world)
    try:
        return tuple(tuple(Fraction(int(entry.p), int(entry.q)) for entry in row) for row in at.rows(at(tree)))
    except (Irrational, KeyError, ValueError, AttributeError, *FAILURES):
        return None


def along_axes(claim: ArrayClaim, draw: Draw) -> Iterator[Draw]:
    """The draw with columns that have one entry and square matrices that are diagonal, where nothing declared forbids it."""
    for place in range(max(map(len, draw.arrays.values()), default=0)):
        yield replace(draw, arrays={key: _on_axis(claim, key, rows, place) for key, rows in draw.arrays.items()})


def _on_axis(claim: ArrayClaim, key: str, rows: Rows, place: int) -> Rows:
    name = _undeclared(claim, key)
    if name is None or not _keeps(name.properties) or len(rows) == 1:
        return rows
    if len(rows[0]) == 1 and not name.properties:
        return tuple(
            ((row[0] or Fraction(1)) if i == place % len(rows) else Fraction(0),) for i, row in enumerate(rows)
        )
    if len(rows[0]) != len(rows):
        return rows
    return tuple(tuple(v if i == j else Fraction(0) for j, v in enumerate(row)) for i, row in enumerate(rows))


def _undeclared(claim: ArrayClaim, key: str) -> ArrayName | None:
    """An array of which no role is declared, nor where its entries lie."""
    name, symbol = claim.arrays.get(key), claim.setting.symbol(key)
    return None if name is None or name.role or symbol.lower is not None or symbol.upper is not None else name


def _keeps(properties: frozenset[str]) -> bool:
    """Whether the diagonal of a matrix with these properties has them, too."""
    return properties <= (KEPT | {"invertible"} if "positive definite" in properties else KEPT)


def _with(draw: Draw, key: str, value: Fraction) -> Draw:
    return replace(draw, arrays={**draw.arrays, key: ((value,),)})
