"""Where a name lies: its bounds, and the formulas that take every value between them and no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from derive.symbols import Symbol
from derive.tree import (
    ONE,
    Call,
    Name,
    Negative,
    Node,
    Quotient,
    Sum,
    number,
    times,
)


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a name lies: open bounds, or one point if both are the same; `closed` tells which bounds belong to it."""

    low: Fraction | None = None
    high: Fraction | None = None
    closed: tuple[bool, bool] = (False, False)

    @property
    def everything(self) -> bool:
        """Whether nothing is known."""
        return self.low is None and self.high is None

    def pieces(self) -> Iterator[Interval]:
        """The open interval, and the bounds that belong to it as points."""
        if self.low is not None and self.low == self.high:
            if all(self.closed):
                yield self
            return
        if self.low is not None and self.high is not None and self.low > self.high:
            return
        yield Interval(self.low, self.high)
        for bound, belongs in zip((self.low, self.high), self.closed, strict=True):
            if bound is not None and belongs:
                yield Interval(bound, bound, (True, True))

    def meet(self, other: Interval) -> Interval:
        """The intersection."""
        low, low_closed = self.low, self.closed[0]
        if other.low is not None and (low is None or (other.low, not other.closed[0]) > (low, not low_closed)):
            low, low_closed = other.low, other.closed[0]
        high, high_closed = self.high, self.closed[1]
        if other.high is not None and (high is None or (other.high, other.closed[1]) < (high, high_closed)):
            high, high_closed = other.high, other.closed[1]
        return Interval(low, high, (low_closed, high_closed))

    def whole(self) -> Interval:
        """The same for integers: from the least that lies in it to the greatest."""
        low, high = self.low, self.high
        if low is not None:
            low = Fraction(ceil(low) if self.closed[0] else floor(low) + 1)
        if high is not None:
            high = Fraction(floor(high) if self.closed[1] else ceil(high) - 1)
        return Interval(low, high, (low is not None, high is not None))

    def contains(self, value: Fraction) -> bool:
        """Whether a number lies strictly inside."""
        return (self.low is None or value > self.low) and (self.high is None or value < self.high)

    def tree(self, name: str) -> Node:
        """Any number of the open interval, or the point, as a formula over a name for any real."""
        any_positive = Call("exp", (Name(f"\0{name}"),))
        match self.low, self.high:
            case None, None:
                return Name(name)
            case low, None:
                return Sum((number(low), any_positive)) if low else any_positive
            case None, high:
                return Sum((number(high), Negative(any_positive))) if high else Negative(any_positive)
            case low, high if low == high:
                return number(low)
            case low, high:
                share = Quotient(any_positive, Sum((ONE, any_positive)))
                width = times([number(high - low), share])
                return Sum((number(low), width)) if low else width
        raise AssertionError

    def described(self, name: str) -> str:
        """As a condition a person reads."""
        below, above = (" ≤ " if c else " < " for c in self.closed)
        if self.low is not None and self.low == self.high:
            return f"{name} = {self.low}"
        if self.high is None:
            return f"{name} {'≥' if self.closed[0] else '>'} {self.low}"
        if self.low is None:
            return f"{name} {'≤' if self.closed[1] else '<'} {self.high}"
        return f"{self.low}{below}{name}{above}{self.high}"


def declared(symbol: Symbol) -> Interval:
    """The bounds a symbol is declared with."""
    low, high = symbol.lower, symbol.upper
    known = Interval(low, high, symbol.closed)
    if "positive" in symbol.properties:
        known = known.meet(Interval(Fraction(0)))
    if "nonnegative" in symbol.properties:
        known = known.meet(Interval(Fraction(0), None, (True, False)))
    if "negative" in symbol.properties:
        known = known.meet(Interval(None, Fraction(0)))
    return known.whole() if symbol.kind == "integer" else known
