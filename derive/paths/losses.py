"""Breakpoints and slopes → a piecewise-linear loss: its slope anywhere, its value."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from derive.errors import BadSpec

MAX_BREAKPOINTS = 64


@dataclass(frozen=True, slots=True)
class PiecewiseLinear:
    """Slope `slopes[i]` between breakpoints i − 1 and i; `kinks[i]` is what counts as the gradient at breakpoint i."""

    breakpoints: tuple[Fraction, ...]
    slopes: tuple[Fraction, ...]
    kinks: tuple[Fraction, ...]

    @classmethod
    def of(
        cls, breakpoints: Sequence[Fraction], slopes: Sequence[Fraction], kinks: Sequence[Fraction] | None = None
    ) -> PiecewiseLinear:
        """Raises BadSpec where the numbers describe no loss. Without `kinks` the gradient at a breakpoint is 0."""
        kinks = [Fraction(0)] * len(breakpoints) if kinks is None else kinks
        if len(breakpoints) > MAX_BREAKPOINTS:
            raise BadSpec(f"a loss has at most {MAX_BREAKPOINTS} breakpoints")
        if len(slopes) != len(breakpoints) + 1 or len(kinks) != len(breakpoints):
            raise BadSpec(
                f"{len(breakpoints)} breakpoints go with {len(breakpoints) + 1} slopes and {len(breakpoints)} kinks, "
                f"not {len(slopes)} and {len(kinks)}"
            )
        if any(left >= right for left, right in zip(breakpoints, breakpoints[1:], strict=False)):
            raise BadSpec("breakpoints stand in increasing order")
        return cls(tuple(breakpoints), tuple(slopes), tuple(kinks))

    def slope(self, position: Fraction) -> Fraction:
        """The gradient at a rational position."""
        if position in self.breakpoints:
            return self.kinks[self.breakpoints.index(position)]
        return self.slopes[bisect_right(self.breakpoints, position)]

    def value(self, position: Fraction) -> Fraction:
        """The loss, 0 at the first breakpoint."""
        total, at = Fraction(0), self.breakpoints[0]
        if position <= at:
            return self.slopes[0] * (position - at)
        for slope, end in zip(self.slopes[1:], (*self.breakpoints[1:], position), strict=True):
            stop = min(end, position)
            total += slope * (stop - at)
            at = stop
        return total

    @property
    def is_bump(self) -> bool:
        """Whether it falls, rises to a last peak and falls again: the shape that has a height to pass."""
        return len(self.breakpoints) >= 2 and self.slopes[0] < 0 < self.slopes[-2] and self.slopes[-1] < 0

    def without_peak(self) -> PiecewiseLinear:
        """The same loss rising for ever after its last valley."""
        return PiecewiseLinear(self.breakpoints[:-1], self.slopes[:-1], self.kinks[:-1])

    def with_peak(self, height: Fraction) -> PiecewiseLinear:
        """The same loss with its last peak this far beyond the valley. Raises BadSpec for height ≤ 0."""
        valley = self.breakpoints[-2]
        return PiecewiseLinear.of((*self.breakpoints[:-1], valley + height), self.slopes, self.kinks)


def bump(valley: Fraction, height: Fraction) -> PiecewiseLinear:
    """Slope −1 to the valley, +1 to a peak `height` beyond it, −1 from there; 0 at both."""
    return PiecewiseLinear.of((valley, valley + height), tuple(map(Fraction, (-1, 1, -1))))
