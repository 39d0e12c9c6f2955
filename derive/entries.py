"""Matrices and lists that are written out → their entries: sums, products, powers, transposes and determinants carried out.

    M ± N, a M, M/a, M N, Mᵀ, Mᵏ, M⁻¹, det M      on entries, exactly; inverses by the adjugate or, of numbers, by FLINT
    u/v of two columns or two rows                 entry by entry
    (a, b) ± (c, d), a (b, c), (a, b)ᵀ             lists entry by entry; a transposed list is a column

Entries stay the formulas they are; numbers among computed ones are worked out. A 1 × 1 matrix counts as its entry where
the shapes want one; functions of matrices are in `derive.applied`. What the shapes do not allow raises Misshapen with one
sentence; what has no rule raises NoRule.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import prod
from typing import Any

from derive.errors import NoRule, TooLarge
from derive.tree import (
    ONE,
    ZERO,
    Determinant,
    Listing,
    Matrix,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Transpose,
    ValueSet,
    number,
    times,
    total,
    walk,
)

MAX_ENTRIES = 400  # of one matrix
MAX_EXPANDED = 5  # rows of a determinant that is expanded by minors
MAX_POWER = 64
MAX_NODES = 20_000  # of all entries of a result
Rows = tuple[tuple[Node, ...], ...]


class Misshapen(NoRule):
    """An operation that the shapes do not allow: such a formula has no value."""


def carried_out(tree: Node) -> Node:
    """A scalar formula, or a Matrix, Listing or ValueSet of entries. Raises Misshapen, NoRule, TooLarge."""
    if not tree.has_array:
        return tree
    rule = _RULES.get(type(tree)) or _further_rules().get(type(tree))
    if rule is None:
        raise NoRule(f"no rule for a {type(tree).__name__.lower()} of matrices or lists")
    result = rule(tree)
    if isinstance(result, Matrix) and len(result.children) > MAX_ENTRIES:
        raise TooLarge(f"a matrix of more than {MAX_ENTRIES} entries")
    return result


def _further_rules() -> dict[type[Node], Callable[..., Node]]:
    """Functions of matrices, loaded when one is met."""
    from derive.applied import RULES

    return RULES


def described(value: Node) -> str:
    """What a carried-out formula is, in words."""
    match value:
        case Matrix(shape=(rows, columns)):
            return f"a {rows} × {columns} matrix"
        case Listing(elements=elements):
            return f"a list of {len(elements)}"
        case ValueSet(elements=elements):
            return f"a set of {len(elements)}"
    return "a single value"


# --- one operation after another -------------------------------------------------------------------------------------


def _array(tree: Matrix | Listing | ValueSet) -> Node:
    if tree.children and isinstance(tree, Matrix) and any(child.has_array for child in tree.children):
        return tree.rebuilt(tuple(_scalar(child) for child in tree.children))
    return tree.rebuilt(tuple(carried_out(child) for child in tree.children))


def _scalar(tree: Node) -> Node:
    value = as_scalar(carried_out(tree))
    if value.has_array:
        raise NoRule("no rule for a matrix or list inside a matrix")
    return value


def as_scalar(value: Node) -> Node:
    """The entry of a 1 × 1 matrix; anything else as it is."""
    return value.rows[0][0] if isinstance(value, Matrix) and value.shape == (1, 1) else value


def _sum(tree: Sum) -> Node:
    values = [carried_out(term) for term in tree.terms]
    if not all(as_scalar(value).has_array for value in values):
        values = [as_scalar(value) for value in values]
    for before, after in pairwise(values):
        if _form(before) != _form(after):
            raise Misshapen(f"{described(before)} and {described(after)} cannot be added")
    return entrywise(values, lambda entries: _folded(total(list(entries))))


def _form(value: Node) -> object:
    """What two terms must share."""
    match value:
        case Matrix(shape=shape):
            return shape
        case Listing(elements=elements):
            return len(elements)
        case ValueSet():
            raise NoRule("no rule for a sum of sets")
    return None


def entrywise(values: list[Node], combine: Callable[[tuple[Node, ...]], Node]) -> Node:
    """One entry after the other of values of one form."""
    if not values[0].has_array:
        return combine(tuple(values))
    columns = zip(*(value.children for value in values), strict=True)
    return values[0].rebuilt(tuple(combine(all_scalar(entries)) for entries in columns))


def all_scalar(entries: tuple[Node, ...]) -> tuple[Node, ...]:
    """The entries, none of which may be a list itself. Raises NoRule."""
    if any(entry.has_array for entry in entries):
        raise NoRule("no rule for lists of lists in a sum or product")
    return entries


def _product(tree: Product) -> Node:
    result: Node = ONE
    for factor in tree.factors:
        result = _times(result, carried_out(factor))
    return result


def _times(left: Node, right: Node) -> Node:
    if not left.has_array and not right.has_array:
        return right if left == ONE else times([left, right])
    if not left.has_array or not right.has_array:
        scalar, array = (right, left) if left.has_array else (left, right)
        if isinstance(array, ValueSet):
            raise NoRule("no rule for a multiple of a set")
        return array if scalar == ONE else entrywise([array], lambda entry: _folded(times([scalar, *entry])))
    if not isinstance(left, Matrix) or not isinstance(right, Matrix):
        raise NoRule("no rule for a product of lists; write vectors as columns")
    if left.shape[1] != right.shape[0] and not (as_scalar(left).has_array and as_scalar(right).has_array):
        return _times(as_scalar(left), as_scalar(right))
    if left.shape[1] != right.shape[0]:
        raise Misshapen(f"{described(left)} and {described(right)} cannot be multiplied in this order")
    columns = tuple(zip(*right.rows, strict=True))
    rows = tuple(tuple(_folded(total([times([a, b]) for a, b in zip(row, column, strict=True)])) for column in columns)
                 for row in left.rows)  # fmt: skip
    return _checked(Matrix(rows))


def _checked(matrix: Matrix) -> Matrix:
    for count, _ in enumerate(walk(matrix)):
        if count > MAX_NODES:
            raise TooLarge(f"a matrix whose entries hold more than {MAX_NODES} symbols")
    return matrix


def _negative(tree: Negative) -> Node:
    return _times(Negative(ONE), carried_out(tree.operand))


def _quotient(tree: Quotient) -> Node:
    bottom, top = as_scalar(carried_out(tree.denominator)), carried_out(tree.numerator)
    if isinstance(bottom, Matrix) and isinstance(top, Matrix) and bottom.shape == top.shape and 1 in top.shape:
        return entrywise([top, bottom], lambda uv: _folded(Quotient(*uv)))  # of columns: y/ŷ has no other meaning
    bottom = _scalar_divisor(bottom)
    if not top.has_array:
        return Quotient(top, bottom)
    if isinstance(top, ValueSet):
        raise NoRule("no rule for a multiple of a set")
    return entrywise([top], lambda entry: _folded(Quotient(entry[0], bottom)))


def _scalar_divisor(value: Node) -> Node:
    if value.has_array:
        raise Misshapen(f"nothing can be divided by {described(value)}")
    return value


def _power(tree: Power) -> Node:
    base, exponent = carried_out(tree.base), carried_out(tree.exponent)
    if exponent.has_array:
        raise NoRule("no rule for a matrix or list as an exponent")
    if not base.has_array:
        return Power(base, exponent)
    if not isinstance(base, Matrix):
        raise NoRule(f"no rule for a power of {described(base)}")
    whole = rational(exponent)
    if whole is None or whole.denominator != 1:
        raise NoRule("no rule for a power of a matrix that is no whole number")
    _square(base, "a power")
    if abs(whole) > MAX_POWER:
        raise TooLarge(f"a power of a matrix beyond {MAX_POWER}")
    base = _inverse(base) if whole < 0 else base
    factors: list[Node] = [base] * abs(int(whole))
    return reduce(_times, factors) if factors else _identity(base.shape[0])


def _square(matrix: Matrix, what: str) -> None:
    if matrix.shape[0] != matrix.shape[1]:
        raise Misshapen(f"{described(matrix)} has no {what.removeprefix('a ')}: it is not square")


def _identity(size: int) -> Matrix:
    return Matrix(tuple(tuple(ONE if row == column else ZERO for column in range(size)) for row in range(size)))


def _transpose(tree: Transpose) -> Node:
    value = carried_out(tree.operand)
    if isinstance(value, Matrix):
        return Matrix(tuple(zip(*value.rows, strict=True)))
    if isinstance(value, Listing):
        return Matrix(tuple((entry,) for entry in all_scalar(value.elements)))
    if isinstance(value, ValueSet):
        raise NoRule("no rule for the transpose of a set")
    return value


def _determinant(tree: Determinant) -> Node:
    value = carried_out(tree.operand)
    if not isinstance(value, Matrix):
        raise Misshapen(f"{described(value)} has no determinant")
    _square(value, "determinant")
    numbers = _numbers(value.rows)
    return number(_fraction(_flint(numbers).det())) if numbers else _folded(_minors(value.rows))


def _minors(rows: Rows) -> Node:
    """The determinant expanded along the first row; zeros are skipped."""
    if len(rows) == 1:
        return rows[0][0]
    if len(rows) > MAX_EXPANDED:
        raise TooLarge(f"a determinant of more than {MAX_EXPANDED} rows that are not all numbers")
    terms: list[Node] = []
    for column, entry in enumerate(rows[0]):
        if rational(entry) == 0:
            continue
        term = times([entry, _minors(_without(rows, 0, column))])
        terms.append(Negative(term) if column % 2 else term)
    return total(terms)


def _without(rows: Rows, row: int, column: int) -> Rows:
    return tuple((*r[:column], *r[column + 1 :]) for index, r in enumerate(rows) if index != row)


def _inverse(matrix: Matrix) -> Matrix:
    numbers, size = _numbers(matrix.rows), len(matrix.rows)
    if numbers:
        if _flint(numbers).det() == 0:
            raise Misshapen("a matrix whose determinant is 0 has no inverse")
        solved = _flint(numbers).inv()
        return Matrix(tuple(tuple(number(_fraction(solved[i, j])) for j in range(size)) for i in range(size)))
    determinant = _folded(_minors(matrix.rows))
    if rational(determinant) == 0:
        raise Misshapen("a matrix whose determinant is 0 has no inverse")
    if size == 1:
        return Matrix(((Quotient(ONE, determinant),),))
    rows = [[_minors(_without(matrix.rows, j, i)) for j in range(size)] for i in range(size)]
    return Matrix(
        tuple(
            tuple(Quotient(Negative(entry) if (i + j) % 2 else entry, determinant) for j, entry in enumerate(row))
            for i, row in enumerate(rows)
        )
    )


# --- numbers ---------------------------------------------------------------------------------------------------------


def rational(tree: Node) -> Fraction | None:
    """A formula of numbers and the four operations alone as a rational number."""
    if isinstance(tree, Number):
        return tree.value
    if not isinstance(tree, Sum | Product | Negative | Quotient):
        return None
    parts = [rational(child) for child in tree.children]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    match tree:
        case Sum():
            return sum(known, Fraction(0))
        case Product():
            return prod(known, start=Fraction(1))
        case Negative():
            return -known[0]
    return known[0] / known[1] if known[1] else None


def _folded(tree: Node) -> Node:
    value = rational(tree)
    return tree if value is None else number(value)


def _numbers(rows: Rows) -> list[list[Fraction]] | None:
    found = [[rational(entry) for entry in row] for row in rows]
    if any(value is None for row in found for value in row):
        return None
    return [[value for value in row if value is not None] for row in found]


def _flint(rows: list[list[Fraction]]) -> Any:
    from flint import fmpq, fmpq_mat

    return fmpq_mat([[fmpq(value.numerator, value.denominator) for value in row] for row in rows])


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))


_RULES: dict[type[Node], Callable[..., Node]] = {
    Matrix: _array,
    Listing: _array,
    ValueSet: _array,
    Sum: _sum,
    Product: _product,
    Negative: _negative,
    Quotient: _quotient,
    Power: _power,
    Transpose: _transpose,
    Determinant: _determinant,
}
