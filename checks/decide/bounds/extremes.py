"""The supremum of a formula, enclosed: a value it has at a rational point, and a bound proven on all of the domain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from checks.decide.balls import precision
from checks.decide.bounds import wide
from checks.decide.bounds.order import proof_by_bounds
from checks.decide.bounds.tape import taped
from checks.decide.bounds.touching import FAILURES
from checks.decide.claim import Claim, Setting
from checks.decide.intervals import Interval
from checks.decide.worst import least
from derive.program import Program
from derive.symbols import Symbol, SymbolTable
from derive.tree import ZERO, Negative, Node, Sum, number

BITS = 128
SIMPLE = 64  # denominators of bounds that are tried for being attained


@dataclass(frozen=True)
class Enclosure:
    """low ≤ supremum ≤ high; `low` is at most a value the formula has at `point`; exact where both are the same."""

    low: Fraction
    high: Fraction
    point: Mapping[str, Fraction]

    @property
    def attained(self) -> bool:
        """Whether the supremum is known exactly, and to be a value of the formula."""
        return self.low == self.high

    def decimals(self) -> int:
        """How many digits after the point are certain."""
        width = self.high - self.low
        return 99 if not width else max(0, len(str(int(1 / width))) - 1)


def supremum(tree: Node, domain: Mapping[str, Interval], digits: int = 8) -> Enclosure | None:
    """The supremum over a domain to so many digits after the point; None where that could not be proven."""
    found = _best(tree, domain)
    if found is None:
        return None
    point, value = found
    symbols = SymbolTable([_declared(name, domain.get(name, Interval())) for name in tree.names])
    for high in _bounds(value, digits):
        difference = Sum((number(high) if high >= 0 else Negative(number(-high)), Negative(tree)))
        holds, _ = proof_by_bounds(difference, r"\ge", domain, symbols)
        if holds:
            return Enclosure(min(value, high), high, point)
    return None


def infimum(tree: Node, domain: Mapping[str, Interval], digits: int = 8) -> Enclosure | None:
    """The infimum, as −sup(−f)."""
    found = supremum(Negative(tree), domain, digits)
    return None if found is None else Enclosure(-found.high, -found.low, found.point)


def _best(tree: Node, domain: Mapping[str, Interval]) -> tuple[Mapping[str, Fraction], Fraction] | None:
    """The point with the greatest value found, and a number that is certain to be at most that value."""
    symbols = SymbolTable([_declared(name, domain.get(name, Interval())) for name in tree.names])
    claim = Claim(tree, ZERO, Setting(symbols, Program()))
    best: tuple[Mapping[str, Fraction], Fraction] | None = None
    with precision(BITS):
        for point in least(Negative(tree), ZERO, claim):
            try:
                ball = taped(tree).run(wide.BALLS, {name: wide.exact(x) for name, x in point.items()})
                low = wide.finite(ball).lower().fmpq()
            except FAILURES:
                continue
            value = Fraction(int(low.p), int(low.q))
            if best is None or value > best[1]:
                best = point, value
    return best


def _bounds(value: Fraction, digits: int) -> Iterator[Fraction]:
    """Upper bounds to try: simple fractions that may be attained, then a little more than the value found."""
    simple = value.limit_denominator(SIMPLE)
    if abs(simple - value) < Fraction(1, 10**digits) and simple >= value:
        yield simple
    unit = Fraction(1, 10 ** (digits + 1))
    yield (value / unit).__ceil__() * unit + unit
    yield (value / unit).__ceil__() * unit + 9 * unit


def _declared(name: str, interval: Interval) -> Symbol:
    return Symbol(name, lower=interval.low, upper=interval.high, closed=interval.closed)
