"""Where a formula of one variable vanishes exactly, and its sign on both sides of such a point.

If f⁽ʲ⁾(c) = 0 for all j < k, told by the normal form, and the k-th Taylor coefficient has one sign on an interval X around
c, told by balls, then f(x) = f⁽ᵏ⁾(ξ)/k!·(x − c)ᵏ has a known sign at every point of X but c (Taylor, Lagrange).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import exp, log, pi

from checks.decide.bounds import wide
from checks.decide.bounds.series import taylor
from checks.decide.bounds.tape import Tape, taped
from checks.decide.bounds.wide import BALLS
from checks.decide.elementary import Undefined
from derive.errors import NoRule, TooLarge
from derive.normal import vanishes
from derive.pullback import derivative
from derive.tree import Call, Constant, Negative, Node, Root, number, substitute, times

MAX_ORDER = 8
FAILURES = (TooLarge, ZeroDivisionError, RecursionError, NoRule, OverflowError, ValueError, Undefined)
_RADII = tuple(Fraction(8, 2**k) for k in range(27))
_DENOMINATORS = 64
_NEAR = 1e-6


@dataclass(frozen=True)
class Touch:
    """A zero c of the formula, and how far to either side the sign found there reaches."""

    at: Node
    near: Fraction  # a rational number that c is near
    order: int
    left: int  # the sign of the formula to the left of c
    right: int
    radius: Fraction


def candidates(near: float) -> Iterator[Node]:
    """Numbers people write that may be the one meant: p/q, pπ/q, ±√(p/q), log(p/q)."""
    yield from (number(value) for value in _simple(near))
    yield from (times([number(value), Constant("pi")]) for value in _simple(near / pi) if value)
    for value in _simple(near * near):
        if value > 0:
            root: Node = Root(number(value))
            yield root if near > 0 else Negative(root)
    if abs(near) < 20:
        yield from (Call("log", (number(value),)) for value in _simple(exp(near)) if value > 0 and value != 1)
    if 0 < near < 1e6 and log(near):
        yield from (Call("exp", (number(value),)) for value in _simple(log(near)) if value)


def _simple(value: float) -> Iterator[Fraction]:
    if abs(value) > 1e6:
        return
    found = Fraction(value).limit_denominator(_DENOMINATORS)
    if abs(float(found) - value) <= _NEAR * max(1.0, abs(value)):
        yield found


def touch(tree: Node, name: str, at: Node) -> Touch | None:
    """What a formula does at one of its zeros; None where it is no zero, or that is not known."""
    try:
        center = taped(at).run(BALLS, {})
        tape = taped(tree)
        near = taylor(tape, center, MAX_ORDER, name)
        order = _order(tree, name, at, near)
        if not order:
            return None
        middle = center.mid().fmpq()
        rational = Fraction(int(middle.p), int(middle.q))
        for radius in _RADII:
            sign = _sign_around(tape, name, rational, radius, order)
            if sign:
                return Touch(at, rational, order, sign * (-1) ** order, sign, radius)
    except FAILURES:
        return None
    return None


def _order(tree: Node, name: str, at: Node, near: list[object]) -> int | None:
    """How many derivatives, the formula itself the first, vanish at a point; None if that is not known."""
    for order, coefficient in enumerate(near):
        if not coefficient.contains(0):  # type: ignore[attr-defined]
            return order
        if not vanishes(substitute(_derivative(tree, name, order), {name: at})).holds:
            return None
    return None


@lru_cache(maxsize=256)
def _derivative(tree: Node, name: str, order: int) -> Node:
    return tree if order == 0 else derivative(_derivative(tree, name, order - 1), name)


def _sign_around(tape: Tape, name: str, middle: Fraction, radius: Fraction, order: int) -> int:
    try:
        around = taylor(tape, wide.interval(middle - radius, middle + radius), order + 1, name)[order]
    except FAILURES:
        return 0
    return 1 if around > 0 else -1 if around < 0 else 0
