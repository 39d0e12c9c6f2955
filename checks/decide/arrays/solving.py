"""Draws at which an equation holds that is supposed: one of its numbers is solved for, all others stay as drawn.

`−gᵀg + ε gᵀHg = 0` holds at hardly any draw, and at every draw for one ε. The number is put in and the equation worked
out again over the rationals, so that only what solves it exactly is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from checks.decide.arrays.counterexamples import FAILURES
from checks.decide.arrays.draws import ArrayClaim, Draw
from checks.decide.arrays.fields import Exact
from derive.tree import Negative, Node, Sum

Equation = tuple[Node, Node]


def solved(claim: ArrayClaim, equations: Iterable[Equation], draw: Draw) -> Draw:
    """The draw with numbers by which the equations hold, one after the other; as it is where there are none."""
    for left, right in equations:
        draw = _solved(claim, Sum((left, Negative(right))), draw)
    return draw


def holds_exactly(claim: ArrayClaim, equation: Equation, draw: Draw) -> bool:
    """Whether an equation between numbers holds at a draw, over the rationals."""
    return _value(claim, Sum((equation[0], Negative(equation[1]))), draw) == 0


def _solved(claim: ArrayClaim, difference: Node, draw: Draw) -> Draw:
    """Linear in one of its numbers: its values at 0 and 1 say where it is 0. Names of the claim itself are tried last."""
    inputs = claim.setting.named.inputs(difference)
    asked = {key for side in claim.sides for key in claim.setting.named.inputs(side)}
    numbers = [symbol for symbol in claim.scalars if symbol.key in inputs]
    for symbol in sorted(numbers, key=lambda s: s.key in asked):
        at = [_value(claim, difference, _with(draw, symbol.key, Fraction(k))) for k in (0, 1)]
        if at[0] is None or at[1] is None or at[0] == at[1]:
            continue
        root = at[0] / (at[0] - at[1])
        found = _with(draw, symbol.key, root)
        if symbol.admits(root) and _value(claim, difference, found) == 0:
            return found
    return draw


def _value(claim: ArrayClaim, tree: Node, draw: Draw) -> Fraction | None:
    """A number over the rationals; None where it is none."""
    at = Exact(draw.arrays, draw.sizes, claim.setting.named, draw.world)
    try:
        ((value,),) = at.rows(at(tree))
        return Fraction(int(value.p), int(value.q))
    except (KeyError, ValueError, AttributeError, *FAILURES):
        return None


def _with(draw: Draw, key: str, value: Fraction) -> Draw:
    return replace(draw, arrays={**draw.arrays, key: ((value,),)})
