"""Arithmetic with numbers and FLINT matrices, whatever the numbers are."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar

from checks.decide.arrays.entries import Rows
from checks.decide.elementary import Undefined
from derive.errors import TooLarge
from derive.tree import Name, Node

Value = Any  # an element or a matrix
MAX_ENTRIES = 20_000


class Irrational(Exception):
    """The value is no rational function of the entries."""


class ShapeError(Exception):
    """Operands that do not fit at these sizes."""


class Arithmetic:
    """What the elements are is said by `matrix`, `element` and `elementary`."""

    matrix: ClassVar[Any]

    @staticmethod
    def element(value: Fraction | int) -> Any:
        raise NotImplementedError

    def from_rows(self, rows: Rows) -> Value:
        return self.made([[self.element(v) for v in row] for row in rows])

    def made(self, rows: list[list[Any]]) -> Value:
        """A value from rows of elements; 1 × 1 is an element."""
        if len(rows) == 1 and len(rows[0]) == 1:
            return rows[0][0]
        if len(rows) * len(rows[0]) > MAX_ENTRIES:
            raise TooLarge(f"a matrix of more than {MAX_ENTRIES} entries")
        return self.matrix(rows)

    def is_matrix(self, value: Value) -> bool:
        return isinstance(value, self.matrix)

    def shape(self, value: Value) -> tuple[int, int]:
        return (value.nrows(), value.ncols()) if self.is_matrix(value) else (1, 1)

    def rows(self, value: Value) -> list[list[Any]]:
        return value.tolist() if self.is_matrix(value) else [[value]]

    def mapped(self, function: Callable[..., Any], *values: Value) -> Value:
        """A function entry by entry; elements are repeated over the matrices."""
        matrices = [v for v in values if self.is_matrix(v)]
        if not matrices:
            return function(*values)
        shape = self.shape(matrices[0])
        if any(self.shape(m) != shape for m in matrices):
            raise ShapeError("entrywise operands of different shapes")
        count = shape[0] * shape[1]
        columns = [v.entries() if self.is_matrix(v) else [v] * count for v in values]
        return self.matrix(*shape, [function(*column) for column in zip(*columns, strict=True)])

    def elementary(self, tree: Node, *values: Any) -> Any:
        """A function of elements: `tree` holds Z and W for them."""
        raise Irrational

    def is_zero_inside(self, value: Any) -> bool:
        return bool(value == 0)

    def sign(self, value: Any) -> int:
        """The sign of an element that is no kink. Raises Undefined."""
        if self.is_zero_inside(value):
            raise Undefined("at a kink, or too near one")
        return 1 if value > 0 else -1

    def finite(self, value: Value) -> Value:
        return value

    def times(self, values: list[Value]) -> Value:
        """Factors in order; a run that makes a scalar, as xᵀy in A xᵀy, is one factor."""
        pending: list[Value] = []
        for value in values:
            if pending and self.fits(pending[-1], value):
                value = self.multiplied(pending.pop(), value)
                while pending and not self.is_matrix(value):
                    value = self.multiplied(pending.pop(), value)
            pending.append(value)
        while len(pending) > 1:
            right, left = pending.pop(), pending.pop()
            if not self.fits(left, right):
                raise ShapeError("factors that do not fit")
            pending.append(self.multiplied(left, right))
        return pending[0]

    def fits(self, left: Value, right: Value) -> bool:
        if not (self.is_matrix(left) and self.is_matrix(right)):
            return True
        return bool(left.ncols() == right.nrows())

    def multiplied(self, left: Value, right: Value) -> Value:
        if self.is_matrix(left) != self.is_matrix(right):
            matrix, scalar = (left, right) if self.is_matrix(left) else (right, left)
            return matrix * scalar
        result = left * right
        return result[0, 0] if self.is_matrix(result) and self.shape(result) == (1, 1) else result

    def divided(self, top: Any, bottom: Any) -> Any:
        if self.is_zero_inside(bottom):
            raise Undefined("division by zero")
        return top / bottom

    def square(self, value: Value) -> Value:
        if self.is_matrix(value) and value.nrows() != value.ncols():
            raise ShapeError("a square matrix is wanted")
        return value

    def inverse(self, value: Value) -> Value:
        if not self.is_matrix(value):
            return self.divided(self.element(1), value)
        try:
            return self.square(value).inv()
        except ZeroDivisionError:
            raise Undefined("the inverse of a singular matrix") from None

    def transpose(self, value: Value) -> Value:
        return value.transpose() if self.is_matrix(value) else value

    def kronecker_of(self, left: Value, right: Value) -> Value:
        a, b = self.rows(left), self.rows(right)
        return self.made([[u * v for u in upper for v in lower] for upper in a for lower in b])

    def nowhere(self, met: Value) -> bool:
        return all(e == 0 for row in self.rows(met) for e in row)

    def elementary_at(self, form: Node, stands: tuple[Name, ...], elements: tuple[Any, ...]) -> Any:
        raise Irrational
