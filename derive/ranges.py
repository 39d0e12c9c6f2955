"""The numbers that a symbol, or the values of a function, may be: signs and bounds of its spec as intervals."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.symbols import Symbol

_NOUGHT = Fraction(0)


@dataclass(frozen=True, slots=True)
class Range:
    """An interval of reals; a bound that is None is infinite."""

    lower: Fraction | None = None
    upper: Fraction | None = None
    closed: tuple[bool, bool] = (False, False)  # whether the bounds belong to it

    @property
    def is_bounded(self) -> bool:
        """Whether anything is said at all."""
        return self.lower is not None or self.upper is not None

    @property
    def is_empty(self) -> bool:
        """Whether there is no number in it."""
        if self.lower is None or self.upper is None:
            return False
        return self.lower > self.upper or (self.lower == self.upper and not all(self.closed))

    @property
    def is_point(self) -> bool:
        """Whether there is one number in it."""
        return self.lower is not None and self.lower == self.upper and all(self.closed)

    def above(self, bound: Fraction, *, closed: bool) -> Range:
        """What of it is at least a bound, or greater."""
        if self.lower is None or bound > self.lower:
            return Range(bound, self.upper, (closed, self.closed[1]))
        return Range(self.lower, self.upper, (self.closed[0] and (closed or bound < self.lower), self.closed[1]))

    def below(self, bound: Fraction, *, closed: bool) -> Range:
        """What of it is at most a bound, or less."""
        if self.upper is None or bound < self.upper:
            return Range(self.lower, bound, (self.closed[0], closed))
        return Range(self.lower, self.upper, (self.closed[0], self.closed[1] and (closed or bound > self.upper)))


def ranges_of(symbol: Symbol) -> tuple[Range, ...]:
    """The intervals that its numbers lie in: two for what is only known not to be 0, none for a contradiction."""
    found = Range(symbol.lower, symbol.upper, symbol.closed)
    if "positive" in symbol.properties:
        found = found.above(_NOUGHT, closed=False)
    if "nonnegative" in symbol.properties:
        found = found.above(_NOUGHT, closed=True)
    if "negative" in symbol.properties:
        found = found.below(_NOUGHT, closed=False)
    nonzero = "nonzero" in symbol.properties
    parts = [found.above(_NOUGHT, closed=False), found.below(_NOUGHT, closed=False)] if nonzero else [found]
    return tuple(part for part in parts if not part.is_empty)
