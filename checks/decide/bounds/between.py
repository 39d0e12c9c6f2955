"""The sign of a formula of one variable between two numbers, by bisection with Taylor series.

Each box is decided by its range, by the mean value theorem or by monotonicity; the number of boxes is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from checks.decide.bounds import wide
from checks.decide.bounds.gradients import gradient
from checks.decide.bounds.series import taylor
from checks.decide.bounds.tape import Tape, taped
from checks.decide.bounds.touching import FAILURES
from checks.decide.domains import restrictions
from derive.tree import Node

MAX_BOXES = 2_000
MAX_DEPTH = 40  # of halvings
TERMS = 4


@dataclass
class Effort:
    """What a proof took: the evidence, and the limit."""

    boxes: int = 0
    touching: list[Node] = field(default_factory=list)
    tails: int = 0
    worst: Fraction | None = None  # a point at which the formula has the wrong sign

    def box(self) -> bool:
        """One more box, if there is one left."""
        self.boxes += 1
        return self.boxes <= MAX_BOXES


class Limits:
    """What must be ≥ 0, or > 0, for the formula to have a value."""

    def __init__(self, tree: Node) -> None:
        limits = restrictions(tree)
        self.tapes: list[Tape] = []
        for u in (*limits.nonnegative, *limits.positive):
            try:
                self.tapes.append(taped(u))
            except FAILURES:
                continue

    def nowhere(self, name: str, ball: Any) -> bool:
        """Whether the formula is certain to have no value anywhere in an interval."""
        for tape in self.tapes:
            try:
                if tape.run(wide.BALLS, {name: ball}) < 0:
                    return True
            except FAILURES:
                continue
        return False


def between(
    tape: Tape, limits: Limits, name: str, low: Fraction, high: Fraction, *, strict: bool, effort: Effort
) -> bool:
    stack = [(low, high, 0)]
    while stack:
        a, b, depth = stack.pop()
        if not effort.box() or depth > MAX_DEPTH:
            return False
        ball = wide.interval(a, b)
        sign = _range_sign(tape, name, a, b, ball, strict=strict)
        if sign > 0 or (sign == 0 and limits.nowhere(name, ball)):
            continue
        if sign < 0:
            effort.worst = (a + b) / 2
            return False
        middle = (a + b) / 2 if b - a <= 8 or a * b > 0 else Fraction(0)
        stack += [(middle, b, depth + 1), (a, middle, depth + 1)]
    return True


def _range_sign(tape: Tape, name: str, a: Fraction, b: Fraction, ball: Any, *, strict: bool) -> int:
    """1: the formula is > 0 (≥ 0 unless strict) throughout; −1: it is negative in the middle; 0: not known."""

    def fine(value: Any) -> bool:
        return bool(value > 0) if strict else bool(value >= 0)

    middle = wide.exact((a + b) / 2)
    try:
        over = taylor(tape, ball, TERMS + 1, name)
    except FAILURES:
        return _rough_sign(tape, name, ball, middle, fine)
    if fine(over[0]):
        return 1
    try:
        at = taylor(tape, middle, TERMS, name)
        if at[0] < 0:
            return -1
        away = ball - middle
        for count in (1, 2, TERMS):
            value, power = at[0], away
            for k in range(1, count):
                value, power = value + at[k] * power, power * away
            if fine(value + over[count] * power):
                return 1
        if over[1] > 0:
            return 1 if fine(taylor(tape, wide.exact(a), 1, name)[0]) else 0
        if over[1] < 0:
            return 1 if fine(taylor(tape, wide.exact(b), 1, name)[0]) else 0
    except FAILURES:
        return 0
    return 0


def _rough_sign(tape: Tape, name: str, ball: Any, middle: Any, fine: Any) -> int:
    """The same where the formula has kinks: by values, and by the mean value theorem with the interval of all slopes."""
    try:
        value, (slope,) = gradient(tape, {name: ball}, (name,))
    except FAILURES:
        try:
            return 1 if fine(wide.finite(tape.run(wide.BALLS, {name: ball}))) else 0
        except FAILURES:
            return 0
    if fine(value):
        return 1
    try:
        at = tape.run(wide.BALLS, {name: middle})
    except FAILURES:
        return 0
    if at < 0:
        return -1
    return 1 if fine(at + slope * (ball - middle)) else 0
