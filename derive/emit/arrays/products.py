"""Sums and products of values: matrices known by fewer numbers than they have entries are never multiplied as matrices.

Beside what repeats numbers these are `eye`, `diagonal` (diag of a vector) and `outer`. So 𝟏ᵀX is a sum over rows, diag(d) X
scales rows, (u vᵀ) x is a multiple of u, the trace of a product a sum of products of entries, and A⁻¹b solves.
"""

from __future__ import annotations

from derive.emit.arrays.values import Axes, Entrywise, Value


class Values(Entrywise):
    """All values of one function, each made once."""

    # --- sums ---------------------------------------------------------------------------------------------------------

    def total(self, value: Value) -> Value:
        """The sum of all entries."""
        scalar, rest = self.unscaled(value)
        if not scalar.is_number(1):
            return self.multiply(scalar, self.total(rest))
        match value.op:
            case "fill":
                return self.multiply(*(self.size(axis) for axis in value.axes), value.args[0])
            case "rows" | "columns":
                axis = value.axes[0 if value.op == "rows" else 1]
                return self.multiply(self.size(axis), self.total(value.args[0]))
            case "outer":
                return self.multiply(self.total(value.args[0]), self.total(value.args[1]))
            case "transpose" | "diagonal":
                return self.total(value.args[0])
            case "eye":
                return self.size(value.axes[0])
            case "multiply":
                return self.paired(self._times(list(value.args[:-1])), value.args[-1])
        return self.make("total", (value,)) if value.axes else value

    def paired(self, left: Value, right: Value) -> Value:
        """Σ of the products of entries."""
        if len(left.axes) == 1:
            return self.dot(left, right)
        for one, other in ((left, right), (right, left)):
            if one.op == "fill":
                return self.multiply(one.args[0], self.total(other))
            if one.op == "rows":
                return self.dot(one.args[0], self.along(other, 0))
            if one.op == "columns":
                return self.dot(one.args[0], self.along(other, 1))
            if one.op == "outer":
                return self.dot(one.args[0], self.by_vector(other, one.args[1]))
            if one.op == "eye":
                return self.trace(other)
        if left.op == right.op == "transpose":
            return self.paired(left.args[0], right.args[0])
        (a, left), (b, right) = self.unscaled(left), self.unscaled(right)
        return self.multiply(a, b, self.make("frobenius", sorted((left, right), key=lambda v: v.place)))

    def along(self, value: Value, axis: int) -> Value:
        """The sums over the rows (axis 0: one for each column) or the columns of a matrix."""
        rest_axis = (value.axes[1 - axis],)
        scalar, rest = self.unscaled(value)
        if not scalar.is_number(1):
            return self.multiply(scalar, self.along(rest, axis))
        match value.op:
            case "fill":
                return self.filled(self.multiply(self.size(value.axes[axis]), value.args[0]), rest_axis)
            case "rows" | "columns":
                if (value.op == "rows") == (axis == 0):
                    return self.multiply(self.size(value.axes[axis]), value.args[0])
                return self.filled(self.total(value.args[0]), rest_axis)
            case "outer":
                return self.multiply(self.total(value.args[axis]), value.args[1 - axis])
            case "transpose":
                return self.along(value.args[0], 1 - axis)
            case "diagonal":
                return value.args[0]
            case "eye":
                return self.filled(self.number(1), rest_axis)
            case "multiply":
                kind = "columns" if axis == 0 else "rows"
                spread = next((arg for arg in value.args if arg.op == kind), None)
                if spread is not None and len(value.args) > 1:
                    rest = self._times([arg for arg in value.args if arg is not spread])
                    if rest.axes == value.axes:
                        return self.by_vector(self.transpose(rest) if axis == 0 else rest, spread.args[0])
        outside, rest = self._spread_apart(value, "rows" if axis == 0 else "columns")
        if outside is not None:
            return self.multiply(outside, self.along(rest, axis))
        return self.make("along", (value,), axis, rest_axis)

    def _spread_apart(self, value: Value, kind: str) -> tuple[Value | None, Value]:
        """The vector of the factors that are the same all along an axis, and the other factors."""
        if value.op not in {"multiply", "divide"}:
            return None, value
        coefficient, tops, bottoms = self._factors([value], ())
        outside = [[v.args[0] for v in side if v.op == kind] for side in (tops, bottoms)]
        rest = self._quotient([v for v in tops if v.op != kind], [v for v in bottoms if v.op != kind])
        if not any(outside) or rest.axes != value.axes:
            return None, value
        return self._quotient([self.number(coefficient), *outside[0]], outside[1]), rest

    def trace(self, value: Value) -> Value:
        scalar, rest = self.unscaled(value)
        if not scalar.is_number(1):
            return self.multiply(scalar, self.trace(rest))
        match value.op:
            case "fill":
                return self.multiply(self.size(value.axes[0]), value.args[0])
            case "eye":
                return self.size(value.axes[0])
            case "diagonal":
                return self.total(value.args[0])
            case "outer":
                return self.dot(*value.args)
            case "rows" | "columns":
                return self.total(value.args[0])
            case "transpose":
                return self.trace(value.args[0])
            case "matmul":
                return self.paired(value.args[0], self.transpose(value.args[1]))
        return self.make("trace", (value,))

    def diagonal_of(self, value: Value) -> Value:
        """The vector of the diagonal."""
        axes = value.axes[:1]
        match value.op:
            case "diagonal" | "rows" | "columns":
                return value.args[0]
            case "fill":
                return self.filled(value.args[0], axes)
            case "eye":
                return self.filled(self.number(1), axes)
            case "outer":
                return self.multiply(*value.args)
            case "transpose":
                return self.diagonal_of(value.args[0])
            case "matmul":  # the sums of the rows of A ⊙ Bᵀ
                return self.along(self.multiply(value.args[0], self.transpose(value.args[1])), 1)
        return self.make("diagonal_of", (value,), axes=axes)

    def diagonal(self, vector: Value) -> Value:
        axes = (vector.axes[0], vector.axes[0])
        if vector.op == "fill" and vector.args[0].is_number(1):
            return self.make("eye", axes=axes)
        return self.make("diagonal", (vector,), axes=axes)

    # --- products -----------------------------------------------------------------------------------------------------

    def transpose(self, value: Value) -> Value:
        if len(value.axes) < 2:
            return value
        turned = value.axes[::-1]
        match value.op:
            case "transpose":
                return value.args[0]
            case "outer":
                return self.make("outer", value.args[::-1], axes=turned)
            case "rows":
                return self.make("columns", value.args, axes=turned)
            case "columns":
                return self.make("rows", value.args, axes=turned)
            case "fill":
                return self.make("fill", value.args, axes=turned)
            case "eye" | "diagonal" | "centring":
                return value
        return self.make("transpose", (value,), axes=turned)

    def dot(self, left: Value, right: Value) -> Value:
        (a, left), (b, right) = self.unscaled(left), self.unscaled(right)
        front = self.multiply(a, b)
        if not front.is_number(1):
            return self.multiply(front, self.dot(left, right))
        for one, other in ((left, right), (right, left)):
            if one.op == "fill":
                return self.multiply(one.args[0], self.total(other))
        if left.op == "multiply" and right.op != "multiply":
            left, right = right, left
        return self.make("dot", (left, right) if left.place <= right.place else (right, left))

    def outer(self, left: Value, right: Value) -> Value:
        axes = (left.axes[0], right.axes[0])
        if left.op == "fill":
            return self.rows(self.multiply(left.args[0], right), axes)
        if right.op == "fill":
            return self.columns(self.multiply(right.args[0], left), axes)
        scalar, right = self.unscaled(right)
        return self.make("outer", (self.multiply(scalar, left), right), axes=axes)

    def by_vector(self, matrix: Value, vector: Value) -> Value:
        """Matrix times vector."""
        axes = matrix.axes[:1]
        scalar, rest = self.unscaled(matrix)
        if not scalar.is_number(1):
            return self.multiply(scalar, self.by_vector(rest, vector))
        match matrix.op:
            case "fill":
                return self.filled(self.multiply(matrix.args[0], self.total(vector)), axes)
            case "rows":
                return self.filled(self.dot(matrix.args[0], vector), axes)
            case "columns":
                return self.multiply(self.total(vector), matrix.args[0])
            case "outer":
                return self.multiply(self.dot(matrix.args[1], vector), matrix.args[0])
            case "diagonal":
                return self.multiply(matrix.args[0], vector)
            case "eye":
                return vector
            case "centring":
                return self.subtract(vector, self.filled(self.divide(self.total(vector), self.size(axes[0])), axes))
            case "inverse":
                return self.make("solve", (matrix.args[0], vector), axes=axes)
            case "transpose" if matrix.args[0].op == "inverse":
                return self.make("solve", (self.transpose(matrix.args[0].args[0]), vector), axes=axes)
        if vector.op == "fill":
            return self.multiply(vector.args[0], self.along(matrix, 1))
        scalar, rest = self.unscaled(vector)
        if not scalar.is_number(1):
            return self.multiply(scalar, self.by_vector(matrix, rest))
        return self.make("matmul", (matrix, vector), axes=axes)

    def product(self, left: Value, right: Value) -> Value:
        """Matrix times matrix."""
        axes = (left.axes[0], right.axes[1])
        match left.op:
            case "eye":
                return right
            case "fill" | "rows":
                row = left if left.op == "fill" else left.args[0]
                sums = self.along(right, 0) if row.op == "fill" else self.by_vector(self.transpose(right), row)
                return self.rows(self.multiply(row.args[0], sums) if row.op == "fill" else sums, axes)
            case "columns":
                return self.outer(left.args[0], self.along(right, 0))
            case "outer":
                return self.outer(left.args[0], self.by_vector(self.transpose(right), left.args[1]))
            case "diagonal" if right.op == "diagonal":
                return self.diagonal(self.multiply(left.args[0], right.args[0]))
            case "diagonal":
                return self.multiply(self.columns(left.args[0], axes), right)
            case "centring":
                means = self.divide(self.along(right, 0), self.size(left.axes[0]))
                return self.subtract(right, self.rows(means, axes))
            case "inverse":
                return self.make("solve", (left.args[0], right), axes=axes)
            case "transpose" if left.args[0].op == "inverse":
                return self.make("solve", (self.transpose(left.args[0].args[0]), right), axes=axes)
        if right.op in {"eye", "fill", "rows", "columns", "outer", "diagonal", "centring", "inverse"} or (
            right.op == "transpose" and (left.op == "transpose" or right.args[0].op == "inverse")
        ):
            return self.transpose(self.product(self.transpose(right), self.transpose(left)))
        return self.make("matmul", (left, right), axes=axes)

    def vectorised(self, value: Value, axes: Axes) -> Value:
        """vec: the columns one below another."""
        if value.op == "fill":
            return self.filled(value.args[0], axes)
        return self.make("vec", (value,), axes=axes) if len(value.axes) == 2 else value
