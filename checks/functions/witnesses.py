"""Points that refute a property by its own definition: each value a ball, each comparison certain."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import Any

from checks.decide.balls import PRECISIONS, Evaluator, precision
from checks.decide.elementary import Undefined
from checks.decide.separation import shown
from derive.errors import NoRule, TooLarge
from derive.program import Program
from derive.symbols import Symbol
from derive.tree import Node

SMALL = tuple(Fraction(n, d) for d in (1, 2, 4, 10) for n in range(-4 * d, 4 * d + 1) if d == 1 or n % d)
FAR = tuple(Fraction(s * n) for n in (6, 10, 20, 50) for s in (1, -1))


class Values:
    """A formula of one variable at rational points, as balls; None where it has no value."""

    def __init__(self, tree: Node, variable: str) -> None:
        self.tree, self.variable = tree, variable
        self.known: dict[Fraction, Any] = {}

    def __call__(self, point: Fraction) -> Any:
        if point not in self.known:
            try:
                with precision(PRECISIONS[1]):
                    self.known[point] = Evaluator({self.variable: point}, Program(), {})(self.tree)
            except (Undefined, NoRule, TooLarge, ZeroDivisionError, OverflowError):
                self.known[point] = None
        return self.known[point]

    def shown(self, point: Fraction) -> str:
        """The value in digits."""
        return shown(self(point))


def points(symbol: Symbol, near: tuple[Fraction, ...] = ()) -> list[Fraction]:
    """Small points first, those about the kinks, then far ones."""
    about = [p + d for p in near for d in (0, Fraction(1, 2), -Fraction(1, 2), Fraction(1, 100), -Fraction(1, 100))]
    return [
        p
        for p in dict.fromkeys((*sorted(SMALL, key=lambda p: (p.denominator, abs(p), p < 0)), *about, *FAR))
        if symbol.admits(p)
    ]


def pairs(among: list[Fraction]) -> Iterator[tuple[Fraction, Fraction]]:
    """a < b, the simplest first."""
    return ((min(p), max(p)) for p in combinations(among, 2))


def triples(among: list[Fraction]) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
    """a < (a + b)/2 < b, the simplest first."""
    return ((a, (a + b) / 2, b) for a, b in pairs(among))
