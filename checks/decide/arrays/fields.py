"""The two arithmetics that trees are evaluated in: over the rationals, and in `arb` balls."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import Any

from flint import acb_mat, arb, arb_mat, fmpq, fmpq_mat

from checks.decide import balls
from checks.decide.activations import Z
from checks.decide.arrays.arithmetic import Irrational, Value
from checks.decide.arrays.evaluate import Evaluator, W
from checks.decide.elementary import Undefined, positive
from derive.errors import TooLarge
from derive.matrix.nodes import ArrayName
from derive.tree import Name, Node

MAX_BITS = 20_000  # of an exact entry; beyond, balls do
MAX_EXPM = 2**20  # of the entries of an exponent


class Exact(Evaluator):
    """Values over the rationals."""

    matrix = fmpq_mat

    @staticmethod
    def element(value: Fraction | int) -> Any:
        return fmpq(value.numerator, value.denominator)

    def finite(self, value: Value) -> Value:
        elements = value.entries() if self.is_matrix(value) else (value,)
        if any(e.p.bit_length() + e.q.bit_length() > MAX_BITS for e in elements):
            raise Irrational
        return value


class Balls(Evaluator):
    """Enclosures at the precision that is set (balls.precision)."""

    matrix = arb_mat

    @staticmethod
    def element(value: Fraction | int) -> Any:
        return arb(fmpq(value.numerator, value.denominator))

    def finite(self, value: Value) -> Value:
        elements = value.entries() if self.is_matrix(value) else (value,)
        if not all(e.is_finite() for e in elements):
            raise Undefined("no finite value")
        return value

    def is_zero_inside(self, value: Any) -> bool:
        return bool(value.contains(0))

    def elementary(self, tree: Node, *values: Any) -> Any:
        return self.elementary_at(tree, (Z, W), values)

    def elementary_at(self, form: Node, stands: tuple[Name, ...], elements: tuple[Any, ...]) -> Any:
        inside = balls.Evaluator({}, balls.NOTHING, self.world)
        inside.values.update(zip(stands, elements, strict=False))
        return inside.value(form)

    def expm(self, value: Value) -> Value:
        if not all(abs(e) < MAX_EXPM for row in self.rows(value) for e in row):
            raise TooLarge("the exponential of a matrix of large entries")
        return self.square(value).exp() if self.is_matrix(value) else value.exp()

    def eigenpairs(self, value: Value) -> list[tuple[Any, list[Any]]]:
        if not self.is_matrix(value):
            return [(value, [arb(1)])]
        try:
            found, vectors = acb_mat(value).eig(right=True)
        except ValueError:
            raise Undefined("eigenvalues that are not certain to be different") from None
        columns = list(zip(*vectors.tolist(), strict=True))
        pairs = [(e.real, self.unit([v.real for v in column])) for e, column in zip(found, columns, strict=True)]
        pairs.sort(key=lambda pair: float(pair[0].mid()))
        return pairs

    def unit(self, column: list[Any]) -> list[Any]:
        """Of length 1, the first entry positive."""
        length = positive(sum((v * v for v in column), arb(0))).sqrt() * self.sign(column[0])
        return [v / length for v in column]

    def vector_of(self, tree: ArrayName) -> Value:
        """A singular vector or eigenvector, which belongs to another name."""
        owner = self.given[tree.of] if tree.of in self.given else self.value(self.program.definitions[tree.of])
        if tree.role == "eigenvector":
            return self.made([[e] for e in self.eigenpairs(owner)[-1][1]])
        if tree.role == "polar":
            return self.polar(owner)
        across = self.transpose(owner)
        right = self.made([[e] for e in self.eigenpairs(self.times([across, owner]))[-1][1]])
        if tree.role == "right singular":
            return right
        image = self.times([owner, right])
        length = positive(sum((e * e for row in self.rows(image) for e in row), arb(0))).sqrt()
        return self.mapped(lambda u: u / length, image)

    def polar(self, value: Value) -> Value:
        """U Vᵀ of U Σ Vᵀ = X: the sum of X v vᵀ / σ over the right singular vectors v, of a wide X by its transpose."""
        if not self.is_matrix(value):
            return self.element(self.sign(value))
        if value.ncols() > value.nrows():
            return self.transpose(self.polar(self.transpose(value)))
        terms = []
        for square, vector in self.eigenpairs(self.times([self.transpose(value), value])):
            column = self.made([[e] for e in vector])
            length = positive(square).sqrt()
            terms.append(self.mapped(lambda u, by=length: u / by, self.times([value, column, self.transpose(column)])))
        return reduce(lambda a, b: a + b, terms)
