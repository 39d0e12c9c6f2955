"""Functions of a whole matrix at a draw: trace, diag, vec, pseudo-inverse, softmax, norms."""

from __future__ import annotations

from functools import reduce
from typing import Any

from checks.decide.activations import Z
from checks.decide.arrays.arithmetic import Arithmetic, Irrational, Value
from checks.decide.elementary import Undefined
from derive.errors import NoRule
from derive.tree import Call, Root


class MatrixFunctions(Arithmetic):
    """Values in, a value out; nothing is known here of trees."""

    def trace(self, value: Value) -> Value:
        rows = self.rows(self.square(value))
        return reduce(lambda a, b: a + b, [rows[k][k] for k in range(len(rows))])

    def diagonal(self, value: Value) -> Value:
        """The matrix of a vector, the column of the diagonal of a matrix."""
        rows = self.rows(value)
        if len(rows) == 1 or len(rows[0]) == 1:
            flat = [e for row in rows for e in row]
            zero = self.element(0)
            return self.made([[e if i == j else zero for j in range(len(flat))] for i, e in enumerate(flat)])
        self.square(value)
        return self.made([[rows[k][k]] for k in range(len(rows))])

    def vectorised(self, value: Value) -> Value:
        """The columns one under the other."""
        return self.made([[e] for column in zip(*self.rows(value), strict=True) for e in column])

    def adjugate(self, value: Value) -> Value:
        inverse = self.inverse(self.square(value))
        return inverse * value.det() if self.is_matrix(value) else self.element(1)

    def pseudo_inverse(self, value: Value) -> Value:
        """Of full rank: (XᵀX)⁻¹Xᵀ or Xᵀ(XXᵀ)⁻¹."""
        if not self.is_matrix(value):
            return self.inverse(value)
        across = value.transpose()
        tall = value.nrows() >= value.ncols()
        if tall:
            return self.times([self.inverse(self.times([across, value])), across])
        return self.times([across, self.inverse(self.times([value, across]))])

    def exponentials(self, value: Value) -> Value:
        return self.mapped(lambda u: self.elementary(Call("exp", (Z,)), u), value)

    def softmax(self, value: Value) -> Value:
        """Of a column."""
        powers = self.exponentials(value)
        total = reduce(lambda a, b: a + b, [e for row in self.rows(powers) for e in row])
        return self.mapped(lambda e: e / total, powers)

    def softmax_of_rows(self, value: Value) -> Value:
        """Of a matrix row by row."""
        rows = self.rows(self.exponentials(value))
        totals = [reduce(lambda a, b: a + b, row) for row in rows]
        return self.made([[e / total for e in row] for row, total in zip(rows, totals, strict=True)])

    def log_sum_exp(self, value: Value) -> Value:
        rows = self.rows(self.exponentials(value))
        if len(rows) > 1 and len(rows[0]) > 1:
            raise NoRule("log-sum-exp of a matrix")
        return self.elementary(Call("log", (Z,)), reduce(lambda a, b: a + b, [e for row in rows for e in row]))

    def expm(self, value: Value) -> Value:
        raise Irrational

    def norm(self, value: Value, kind: str) -> Value:
        elements = [e for row in self.rows(value) for e in row]
        vector = 1 in self.shape(value)
        if kind == "F" or (kind in {"2", "", "*"} and vector):
            squares = reduce(lambda a, b: a + b, [e * e for e in elements])
            return self.elementary(Root(Z), squares)
        if kind == "1":  # of a matrix entry by entry, as penalties are written
            return reduce(lambda a, b: a + b, [e * self.sign(e) for e in elements])
        if kind == "infinity" and vector:
            return self.largest([e * self.sign(e) for e in elements])
        if kind in {"2", "*"}:
            across = self.transpose(value)
            gram = [across, value] if value.ncols() <= value.nrows() else [value, across]
            singular = [self.elementary(Root(Z), e) for e, _ in self.eigenpairs(self.times(gram))]
            return singular[-1] if kind == "2" else reduce(lambda a, b: a + b, singular)
        raise NoRule(f"no value for the norm {kind} of a matrix")

    def largest(self, elements: list[Any]) -> Any:
        return reduce(lambda a, b: a if self.sign(a - b) > 0 else b, elements)

    def extreme_eigenvalue(self, value: Value, place: int) -> Any:
        """The smallest (0) or the largest (-1) eigenvalue; of a diagonal matrix the entry itself, as exact as it is."""
        rows = self.rows(self.square(value))
        entries = [row[i] for i, row in enumerate(rows)]
        if any(bool(rows[i][j] != rows[j][i]) for i in range(len(rows)) for j in range(i)):
            raise Undefined("eigenvalues in order are those of a symmetric matrix")
        if all(entry == 0 for i, row in enumerate(rows) for j, entry in enumerate(row) if i != j):
            for entry in entries:
                if all(bool(entry <= other if place == 0 else entry >= other) for other in entries):
                    return entry
        return self.eigenpairs(value)[place][0]

    def eigenpairs(self, value: Value) -> list[tuple[Any, list[Any]]]:
        """Eigenvalues of a symmetric matrix, rising, with unit eigenvectors."""
        raise Irrational
