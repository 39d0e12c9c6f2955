"""Both sides of a claim at one draw: of different shapes, certain to differ in an entry, or agreeing to how many digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checks.decide.arrays.arithmetic import Irrational
from checks.decide.arrays.draws import ArrayClaim, Draw
from checks.decide.arrays.evaluate import Evaluator, Place
from checks.decide.arrays.fields import Balls, Exact
from checks.decide.balls import precision
from checks.decide.elementary import Undefined
from checks.decide.separation import common_digits, shown
from derive.tree import ZERO, Node

BITS = (128, 512)
ENOUGH_DIGITS = 30


@dataclass(frozen=True)
class Difference:
    """An entry (from 1) at which the sides certainly differ, with both values; `shapes` where they differ already there."""

    draw: Draw
    choice: dict[str, int] = field(default_factory=dict)
    entry: tuple[int, int] = (1, 1)
    values: tuple[str, str] = ("", "")
    shapes: tuple[tuple[int, int], tuple[int, int]] = ((1, 1), (1, 1))

    @property
    def of_shapes(self) -> bool:
        return self.shapes[0] != self.shapes[1]


@dataclass(frozen=True)
class Agreement:
    """To how many digits the sides agree (infinite if exactly), whether all entries are 0, and what kinks were met."""

    digits: float = float("inf")
    vanishes: bool = False
    met: Mapping[Place, set[int]] = field(default_factory=dict)


class Values:
    """Both sides of one draw in one arithmetic, for every choice of indices."""

    def __init__(self, claim: ArrayClaim, draw: Draw, kind: type[Evaluator]) -> None:
        self.claim, self.draw, self.kind = claim, draw, kind
        self.base = kind(draw.arrays, draw.sizes, claim.setting.named, draw.world)

    def at(self, choice: dict[str, int]) -> Evaluator:
        """An evaluator that shares what does not depend on the indices."""
        if not choice:
            return self.base
        inner = self.kind({}, self.draw.sizes, self.claim.setting.named, self.draw.world, choice)
        inner.given, inner.met = self.base.given, self.base.met
        return inner

    def difference(self) -> Difference | Agreement:
        """A difference, or how the sides agree. Raises Undefined, ShapeError, NoRule, Irrational."""
        digits, vanishes = float("inf"), True
        for choice in self.draw.choices:
            at = self.at(dict(choice))
            found = self.compared(at, dict(choice))
            if isinstance(found, Difference):
                return found
            digits, vanishes = min(digits, found.digits), vanishes and found.vanishes
        return Agreement(digits, vanishes, self.base.met)

    def compared(self, at: Evaluator, choice: dict[str, int]) -> Difference | Agreement:
        left, right = (at(side) for side in self.claim.sides)
        shapes = at.shape(left), at.shape(right)
        if shapes[0] != shapes[1]:
            left, right = (
                zeros_like(at, side, v, w)
                for side, v, w in zip(self.claim.sides, (left, right), (right, left), strict=True)
            )
            if at.shape(left) != at.shape(right):
                return Difference(self.draw, choice, shapes=shapes)
        digits, vanishes = float("inf"), True
        for i, (row, other) in enumerate(zip(at.rows(left), at.rows(right), strict=True)):
            for j, (a, b) in enumerate(zip(row, other, strict=True)):
                if apart(a, b):
                    return Difference(self.draw, choice, (i + 1, j + 1), (said(a), said(b)), (at.shape(left),) * 2)
                digits = min(digits, common_digits(a, b) if hasattr(a, "overlaps") else float("inf"))
                vanishes = vanishes and bool(a == 0) and bool(b == 0)
        return Agreement(digits, vanishes)


def zeros_like(at: Evaluator, side: Node, value: Any, other: Any) -> Any:
    """A plain 0 is the zero of every shape."""
    return at.mapped(lambda u: u * 0, other) if side == ZERO else value


def apart(a: Any, b: Any) -> bool:
    return not a.overlaps(b) if hasattr(a, "overlaps") else bool(a != b)


def said(element: Any) -> str:
    return shown(element) if hasattr(element, "overlaps") else str(element)


def difference_at(claim: ArrayClaim, draw: Draw) -> Difference | Agreement:
    """A difference, or the agreement. Raises Undefined, ShapeError, NoRule, TooLarge."""
    if claim.is_rational:
        try:
            return Values(claim, draw, Exact).difference()
        except Irrational:  # a power, or numbers too long
            pass
    found: Difference | Agreement = Agreement(0.0)
    for bits in BITS:
        try:
            with precision(bits):
                found = Values(claim, draw, Balls).difference()
        except Undefined:
            if bits == BITS[-1]:
                raise
            continue
        if isinstance(found, Difference) or found.digits >= ENOUGH_DIGITS:
            return found
    return found
