"""Exact numbers as they are written in exponents and indices of roots."""

from __future__ import annotations

from fractions import Fraction

from derive.tree import Negative, Node, Number, Quotient


def rational(tree: Node) -> Fraction | None:
    """The exact value of a number as it may be written in an exponent, or None."""
    match tree:
        case Number():
            return tree.value
        case Negative():
            inner = rational(tree.operand)
            return None if inner is None else -inner
        case Quotient():
            top, bottom = rational(tree.numerator), rational(tree.denominator)
            return top / bottom if top is not None and bottom else None
    return None
