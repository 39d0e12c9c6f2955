"""Sines and cosines of multiples: exact values at multiples of π/12, of inverse functions, and common units."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from derive.tree import ONE, Call, Constant, Negative, Node, Power, Product, Quotient, Root, Sum, number, times

MAX_MULTIPLE = 64  # of an angle
_ROOTS = {n: Root(number(n)) for n in (2, 3, 6)}
SINES: dict[int, Node] = {  # sin(kπ/12)
    0: number(0),
    1: Quotient(Sum((_ROOTS[6], Negative(_ROOTS[2]))), number(4)),
    2: number(Fraction(1, 2)),
    3: Quotient(_ROOTS[2], number(2)),
    4: Quotient(_ROOTS[3], number(2)),
    5: Quotient(Sum((_ROOTS[6], _ROOTS[2])), number(4)),
    6: ONE,
}


def _sine_of_twelfths(k: int) -> Node:
    k %= 24
    if k >= 12:
        return Negative(_sine_of_twelfths(k - 12))
    return SINES[min(k, 12 - k)]


def exact_angle(tree: Node, coefficient: Fraction) -> tuple[Node, Node] | None:
    """Sine and cosine of c·m where they need no kernel of their own: multiples of π/12, inverse functions."""
    if tree == Constant("pi"):
        twelfths = coefficient * 12
        if twelfths.denominator != 1:
            return None
        return _sine_of_twelfths(int(twelfths)), _sine_of_twelfths(int(twelfths) + 6)
    if isinstance(tree, Call) and not tree.order and coefficient in {1, -1}:
        u = tree.arguments[0]
        sine: Node
        cosine: Node
        if tree.function == "arcsin":
            sine, cosine = u, Root(Sum((ONE, Negative(Power(u, number(2))))))
        elif tree.function == "arctan":
            length = Root(Sum((ONE, Power(u, number(2)))))
            sine, cosine = Quotient(u, length), Quotient(ONE, length)
        else:
            return None
        return (sine if coefficient == 1 else Negative(sine)), cosine
    return None


def angle_units(coefficients: list[Fraction]) -> list[Fraction]:
    """One unit for all multiples of an angle, or one for each where the multiples would be too large."""
    unit = common_measure(coefficients)
    if max(abs(c) for c in coefficients) / unit <= MAX_MULTIPLE:
        return [unit]
    return sorted({abs(c) for c in coefficients}, reverse=True)


def without_i(tree: Node) -> Node | None:
    """m, if a monomial is i·m."""
    if tree == Constant("i"):
        return ONE
    if isinstance(tree, Product) and Constant("i") in tree.factors:
        return times([factor for factor in tree.factors if factor != Constant("i")])
    return None


def common_measure(coefficients: list[Fraction]) -> Fraction:
    """The greatest rational of which all coefficients are integer multiples."""
    return Fraction(gcd(*(c.numerator for c in coefficients)), lcm(*(c.denominator for c in coefficients)))
