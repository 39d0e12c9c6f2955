"""What single nodes of array formulas are: scalars, numbers, ones, identities, what is declared of names."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.matrix.nodes import SCALAR, ArrayName, Dimension, Shape
from derive.matrix.shapes import shape_of, summands
from derive.tree import ONE, Call, Name, Negative, Node, Number, Quotient, Transpose, times, total

SYMMETRIC = frozenset({"symmetric", "symmetric positive definite", "symmetric positive semidefinite", "diagonal"})
STRUCTURAL = frozenset(
    {"tr", "diag", "vec", "softmax", "logsumexp", "expm", "logm", "adj", "pinv", "lambda_max", "lambda_min", "cov"}
)  # calls that are no entrywise functions
HALF = Fraction(1, 2)
UNIT, NOTHING = Fraction(1), Fraction(0)
Scalars = tuple[tuple[Node, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Monomial:
    """coefficient · Π base^exponent · word; the word of a scalar is empty."""

    coefficient: Fraction = UNIT
    scalars: Scalars = ()
    word: tuple[Node, ...] = ()


def is_scalar(node: Node) -> bool:
    """Whether a node is 1×1."""
    return shape_of(node) == SCALAR


def has_role(node: Node, role: str) -> bool:
    return isinstance(node, ArrayName) and node.role == role


def is_ones(node: Node) -> bool:
    """Whether a node is an array of ones, of any shape."""
    return has_role(node.operand if isinstance(node, Transpose) else node, "ones")


def has_property(node: Node, name: str) -> bool:
    return isinstance(node, ArrayName) and name in node.properties


def is_structural(call: Call) -> bool:
    return call.function in STRUCTURAL


def whole_number(node: Node) -> int | None:
    """The value of a tree that is an integer as written."""
    inner = node.operand if isinstance(node, Negative) else node
    if not isinstance(inner, Number) or inner.value.denominator != 1:
        return None
    return -int(inner.value) if isinstance(node, Negative) else int(inner.value)


def rational(node: Node) -> Fraction | None:
    """The value of a tree that is a rational number as written."""
    match node:
        case Number():
            return node.value
        case Negative(operand=inner):
            value = rational(inner)
            return None if value is None else -value
        case Quotient(numerator=top, denominator=bottom):
            a, b = rational(top), rational(bottom)
            return None if a is None or not b else a / b
    return None


def dimension(size: Dimension) -> Node:
    """n as a scalar; m n and m + n as the product and the sum."""
    if isinstance(size, int) or size.isdigit():
        return Number(str(size))
    terms = [times([_factor(factor) for factor in term]) for term in summands(size)]
    return total(terms)


def _factor(size: str) -> Node:
    return dimension(size[1:-1]) if size.startswith("(") else Number(size) if size.isdigit() else Name(size)


def ones(shape: Shape) -> Node:
    """An array of ones; a row is the transpose of a column."""
    if shape == SCALAR:
        return ONE
    if shape[0] == 1:
        return Transpose(ones(shape[::-1]))
    return ArrayName(r"\mathbf{1}", shape, role="ones")


def identity(size: Dimension) -> Node:
    return ONE if size == 1 else ArrayName("I", (size, size), frozenset({"symmetric"}), role="identity")


def is_symmetric_name(node: ArrayName) -> bool:
    return node.role in {"identity", "centring"} or bool(node.properties & SYMMETRIC)


def is_square(node: Node) -> bool:
    rows, columns = shape_of(node)
    return rows == columns
