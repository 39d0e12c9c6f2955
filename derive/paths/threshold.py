"""A loss with a last peak and a rule → the greatest height of the peak that is passed (see the package for the proof)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from derive.errors import BadSpec
from derive.paths.losses import PiecewiseLinear
from derive.paths.roots import RootSum, bits, enclosure, exact
from derive.paths.rules import Rule
from derive.paths.walk import BITS, MAX_STEPS, Path, looks

FINE = 120  # bits: a supremum that is not reached before the tail is enclosed this finely


@dataclass(frozen=True, slots=True)
class Height:
    """The greatest height h* of the last peak that a path passes, above the valley before it.

    `lower` ≤ h* ≤ `upper` is certified, `upper` None where no bound was found; `exact` is h* where it is rational and known, and
    `position` − valley where it is reached at all, by step `step` of the path without peak. `attained`: whether a peak of height h*
    is passed itself; None where that is open. `peaks` are the local maxima above the valley up to step `steps`, as step and enclosed height.
    `gaps` are smaller heights that are not passed: a rule without memory rests on a peak it lands on.
    """

    lower: Fraction
    upper: Fraction | None
    exact: Fraction | None
    attained: bool | None
    step: int | None
    position: RootSum | None
    peaks: tuple[tuple[int, arb], ...]
    gaps: tuple[RootSum, ...]
    steps: int

    def passes(self, height: Fraction) -> bool | None:
        """Whether a peak of this height is passed; None where that is open."""
        if any(gap.minus(RootSum(exact(height))).sign() == 0 for gap in self.gaps):
            return False
        if self.position is not None:
            order = self.position.minus(RootSum(exact(height))).sign()
            return self.attained if order == 0 else order > 0
        if height < self.lower:
            return True
        return False if self.upper is not None and height > self.upper else None


def greatest_height(
    loss: PiecewiseLinear, rule: Rule, parameters: Mapping[str, Fraction], start: Fraction, limit: int = MAX_STEPS
) -> Height:
    """h* of a bump. Raises BadSpec unless the loss is a bump and the path starts before its last valley."""
    if not loss.is_bump:
        raise BadSpec("only a loss that falls, rises to a last peak and falls again has a height to pass")
    if start >= loss.breakpoints[-2]:
        raise BadSpec("the path starts before the last valley")
    best = _Best(Path(loss.without_peak(), rule, parameters, start), loss.breakpoints[-2])
    path = best.path
    for stop in looks(limit):
        while path.steps < stop and path.go():
            best.look()
        if path.undefined or path.stands():
            return best.reached()  # the positions met are all there are
        tail = path.tail()
        if tail is None:
            continue
        if tail.exactly:
            return best.reached()  # the tail repeats positions met before
        bound = tail.highest(BITS)
        with bits(BITS):
            if path.balls[best.step] > bound:
                return best.reached()
            if bound.rad() < arb(2) ** -FINE:
                return best.enclosed(bound)
    return best.open()


class _Best:
    """The highest position of a path so far, and its local maxima above the valley."""

    def __init__(self, path: Path, valley: Fraction) -> None:
        self.path, self.valley = path, valley
        self.records: list[int] = []  # steps at which the path was above the valley and higher than ever before
        self.maxima: list[int] = []
        memory = path.rule.memory
        self.memory = bool(memory and path.parameters[memory])

    @property
    def step(self) -> int:
        """The step of the highest position above the valley, 0 if there is none."""
        return self.records[-1] if self.records else 0

    def look(self) -> None:
        """Take note of the last position, and of the one before where it was a maximum."""
        t, moves = self.path.steps, self.path.moves
        if self.path.compared(t, self.valley) > 0 and (not self.records or self._higher(t, self.step)):
            self.records.append(t)
        if t >= 2 and moves[t - 2].m < 0 and not moves[t - 1].m < 0 and self.path.compared(t - 1, self.valley) > 0:
            self.maxima.append(t - 1)

    def _higher(self, t: int, than: int) -> bool:
        with bits(BITS):
            difference = self.path.balls[t] - self.path.balls[than]
            if not difference.contains(0):
                return bool(difference > 0)
        return self.path.position(t).minus(self.path.position(than)).sign() > 0

    def above(self, t: int) -> RootSum:
        """Height of position t above the valley."""
        return self.path.position(t).minus(RootSum(exact(self.valley)))

    def reached(self) -> Height:
        """No later position is higher than those met."""
        best = self.above(self.step) if self.records else RootSum(exact(0))
        lower, upper = enclosure(best.ball(BITS)) if best.value is None else (best.value, best.value)
        return self._height(lower, upper, best.value, best, attained=bool(self.records) and self.memory)

    def enclosed(self, bound: arb) -> Height:
        """The tail comes higher than, or too near to, the positions met."""
        with bits(BITS):
            lower, upper = enclosure(bound - arb(exact(self.valley)))
        if self.records:
            lower = max(lower, enclosure(self.above(self.step).ball(BITS))[0])
        return self._height(lower, upper, None, None, attained=None)

    def open(self) -> Height:
        """Only that this much is passed."""
        lower = enclosure(self.above(self.step).ball(BITS))[0] if self.records else Fraction(0)
        return self._height(lower, None, None, None, attained=None)

    def _height(
        self,
        lower: Fraction,
        upper: Fraction | None,
        value: Fraction | None,
        best: RootSum | None,
        *,
        attained: bool | None,
    ) -> Height:
        gaps = () if self.memory else tuple(self.above(t) for t in self.records)
        with bits(BITS):
            peaks = tuple((t, self.path.balls[t] - arb(exact(self.valley))) for t in self.maxima)
        step = self.step if best is not None and self.records else None
        return Height(lower, upper, value, attained, step, best, peaks, gaps, self.path.steps)
