"""A formula that grows without bound: the end towards which it does, and points at which it is larger than numbers tried.

That it has no bound is known from its leading terms (checks.decide.limits); points alone would show it for the numbers tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from checks.decide.balls import precision
from checks.decide.limits import BITS, NEAR, Side, one_sided
from derive.symbols import Symbol
from derive.tree import Node

ENDS = (Fraction(0), Fraction(1), Fraction(-1))  # tried besides the ends of the domain and the kinks
STEPS = 64


def unbounded(tree: Node, variable: str, symbol: Symbol, kinks: tuple[Fraction, ...] = ()) -> Side | None:
    """An end of the domain, or a place in it, towards which a formula of one real variable tends to ±∞."""
    if symbol.kind != "real":
        return None
    finite = dict.fromkeys(end for end in (symbol.lower, symbol.upper, *kinks, *ENDS) if end is not None)
    with precision(BITS):
        for side in (Side(None, 1), Side(None, -1), *(Side(end, sign) for end in finite for sign in (1, -1))):
            if all(symbol.admits(point) for point in _beside(side)):
                found = one_sided(tree, variable, side)
                if found is not None and found.infinite:
                    return side
    return None


def _beside(side: Side) -> tuple[Fraction, Fraction]:
    """A point close to an end, and one closer."""
    if side.end is None:
        return side.sign / NEAR, side.sign / NEAR**2
    return side.end + side.sign * NEAR, side.end + side.sign * NEAR**2


def towards(side: Side) -> Iterator[Fraction]:
    """Points that approach an end."""
    for power in range(1, STEPS):
        yield Fraction(side.sign * 2**power) if side.end is None else side.end + Fraction(side.sign, 2**power)


def end_in_words(side: Side, variable: str) -> str:
    """Where it grows, in words."""
    if side.end is None:
        return f"{variable} → {'∞' if side.sign > 0 else '−∞'}"
    return f"{variable} → {side.end} from the {'right' if side.sign > 0 else 'left'}"
