"""Values of array formulas at a draw: exactly over the rationals, or as `arb` balls certain to hold the true entries.

A value is an element where the shape is 1 × 1, else a FLINT matrix. Both arithmetics share the walk over the tree; what
is no rational function raises Irrational in the exact one. Nothing is evaluated at a kink of |·|, max, ReLU, a sign or a
condition: what stands there is a convention, so such a draw is Undefined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from itertools import product
from typing import Any, ClassVar

from flint import acb_mat, arb, arb_mat, fmpq, fmpq_mat

from checks.decide import balls
from checks.decide.activations import Activation, Z
from checks.decide.arrays.entries import Rows
from checks.decide.arrays.sizes import Sizes
from checks.decide.constructs import holds_for
from checks.decide.elementary import Undefined, positive
from derive.errors import NoRule, TooLarge
from derive.functions import FUNCTIONS
from derive.matrix.nodes import (
    ArrayName,
    Entry,
    EntrywisePower,
    EntrywiseQuotient,
    Hadamard,
    Kronecker,
    Norm,
)
from derive.program import Program
from derive.rules import kinks_of
from derive.tree import (
    ZERO,
    Absolute,
    Binder,
    Call,
    Cases,
    Chain,
    Constant,
    Determinant,
    Indicator,
    Listing,
    Logical,
    Matrix,
    Name,
    Negative,
    Node,
    Number,
    OffKinks,
    Otherwise,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Transpose,
    number,
    substitute,
    walk,
)

Value = Any  # an element or a matrix
VECTORS_OF = frozenset({"left singular", "right singular", "eigenvector"})
MAX_POWER = 64  # of a matrix
MAX_ENTRIES = 20_000
MAX_TERMS = 4_000  # of all sums over indices together
MAX_BITS = 20_000  # of an exact entry; beyond, balls do
MAX_EXPM = 2**20  # of the entries of an exponent
W = Name("w")


class Irrational(Exception):
    """The value is no rational function of the entries."""


class ShapeError(Exception):
    """Operands that do not fit at these sizes."""


class Evaluator:
    """Values of trees at one draw; intermediate names through their definitions."""

    matrix: ClassVar[Any]
    rules: ClassVar[dict[type[Node], Callable[[Evaluator, Any], Value]]] = {}
    calls: ClassVar[dict[str, Callable[[Evaluator, Value], Value]]] = {}

    def __init__(
        self,
        arrays: Mapping[str, Rows],
        sizes: Sizes,
        program: Program,
        world: Mapping[str, Activation],
        ranges: Mapping[str, int] | None = None,
    ) -> None:
        self.sizes, self.program, self.world, self.ranges = sizes, program, world, dict(ranges or {})
        self.given: dict[str, Value] = {key: self.from_rows(rows) for key, rows in arrays.items()}
        self.known: dict[Node, Value] = {}
        self.terms = 0

    # --- arithmetic --------------------------------------------------------------------------------------------------

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

    # --- walk --------------------------------------------------------------------------------------------------------

    def __call__(self, tree: Node) -> Value:
        """The value of a tree. Raises Undefined, ShapeError, NoRule, TooLarge, Irrational."""
        return self.value(tree)

    def value(self, tree: Node) -> Value:
        found = self.known.get(tree)
        if found is None:
            rule = self.rules.get(type(tree))
            if rule is None:
                raise NoRule(f"no value for {type(tree).__name__.lower()}")
            found = self.known[tree] = self.finite(rule(self, tree))
        return found

    def finite(self, value: Value) -> Value:
        return value

    def name(self, tree: ArrayName | Name) -> Value:
        found = self.given.get(tree.key)
        if found is not None:
            return found
        if tree.key in self.program.definitions:
            return self.value(self.program.definitions[tree.key])
        if tree.key in self.sizes:
            return self.element(self.sizes[tree.key])
        raise NoRule(f"nothing is known of {tree.key}")

    def sum(self, tree: Sum) -> Value:
        values = [self.value(term) for term in tree.terms if term != ZERO]
        if len({self.shape(v) for v in values}) > 1:
            raise ShapeError("terms of different shapes")
        return reduce(lambda a, b: a + b, values) if values else self.element(0)

    def product(self, tree: Product) -> Value:
        return self.times([self.value(factor) for factor in tree.factors])

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

    def quotient(self, tree: Quotient) -> Value:
        top, bottom = self.value(tree.numerator), self.value(tree.denominator)
        if self.is_matrix(bottom):
            raise ShapeError("division by an array")
        return self.mapped(lambda u: self.divided(u, bottom), top)

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

    def power(self, tree: Power) -> Value:
        base = self.value(tree.base)
        if not self.is_matrix(base):
            return self.scalar_power(base, tree.exponent)
        exponent = self.whole(tree.exponent)
        if exponent is None or abs(exponent) > MAX_POWER:
            raise NoRule("a matrix to a power that is no small whole number")
        self.square(base)
        factor = self.inverse(base) if exponent < 0 else base
        n = base.nrows()
        start = self.matrix(n, n, [self.element(int(i == j)) for i in range(n) for j in range(n)])
        return reduce(lambda a, b: a * b, [factor] * abs(exponent), start)

    def scalar_power(self, base: Any, exponent: Node) -> Any:
        whole = self.whole(exponent)
        if whole is not None and abs(whole) <= MAX_POWER:
            if whole > 0:
                return base**whole
            if whole == 0 and not exponent.names:
                return self.element(1)
            return self.divided(self.element(1), base ** (-whole))
        if exponent.names:
            return self.elementary(Power(Z, W), base, self.value(exponent))
        return self.elementary(Power(Z, exponent), base)

    def entrywise_power(self, tree: EntrywisePower) -> Value:
        return self.mapped(lambda u: self.scalar_power(u, tree.exponent), self.value(tree.base))

    def whole(self, tree: Node) -> int | None:
        """A tree that is a whole number at these sizes and indices."""
        match tree:
            case Number(value=value):
                return int(value) if value.denominator == 1 else None
            case Negative(operand=operand):
                inner = self.whole(operand)
                return None if inner is None else -inner
            case Sum(terms=terms):
                parts = [self.whole(term) for term in terms]
                return None if None in parts else sum(p for p in parts if p is not None)
            case Name(key=key) if key in self.ranges:
                return self.ranges[key]
            case Name(key=key) if key in self.sizes and key not in self.given:
                return self.sizes[key]
        return None

    def root(self, tree: Root) -> Value:
        return self.mapped(lambda u: self.elementary(Root(Z, tree.index), u), self.value(tree.radicand))

    def absolute(self, tree: Absolute) -> Value:
        return self.mapped(lambda u: u * self.sign(u), self.value(tree.operand))

    def transpose(self, value: Value) -> Value:
        return value.transpose() if self.is_matrix(value) else value

    def determinant(self, tree: Determinant) -> Value:
        value = self.square(self.value(tree.operand))
        return value.det() if self.is_matrix(value) else value

    def hadamard(self, tree: Hadamard) -> Value:
        values = [self.value(factor) for factor in tree.factors]
        if len({self.shape(v) for v in values}) > 1:
            raise ShapeError("entrywise factors of different shapes")
        return self.mapped(lambda *us: reduce(lambda a, b: a * b, us), *values)

    def entrywise_quotient(self, tree: EntrywiseQuotient) -> Value:
        top, bottom = self.value(tree.numerator), self.value(tree.denominator)
        if self.shape(top) != self.shape(bottom) and self.is_matrix(top):
            raise ShapeError("an entrywise quotient of different shapes")
        return self.mapped(self.divided, top, bottom)

    def kronecker(self, tree: Kronecker) -> Value:
        return reduce(self.kronecker_of, map(self.value, tree.factors))

    def kronecker_of(self, left: Value, right: Value) -> Value:
        a, b = self.rows(left), self.rows(right)
        return self.made([[u * v for u in upper for v in lower] for upper in a for lower in b])

    def entry(self, tree: Entry) -> Value:
        places = [self.whole(index) for index in tree.indices]
        if None in places:
            raise NoRule("an entry by an index that has no value")
        if isinstance(tree.operand, ArrayName) and tree.operand.role == "delta":
            return self.element(int(len(set(places)) == 1))
        value = self.value(tree.operand)
        rows, columns = self.shape(value)
        indices = [p - 1 for p in places if p is not None]
        if len(indices) == 1:
            if 1 not in {rows, columns}:
                raise NoRule("an entry of a matrix by one index")
            indices = [indices[0], 0] if columns == 1 else [0, indices[0]]
        i, j = indices
        if not (0 <= i < rows and 0 <= j < columns):
            raise Undefined("an index out of range")
        return value[i, j] if self.is_matrix(value) else value

    def binder(self, tree: Binder) -> Value:
        """A sum or product over an index, term by term."""
        if tree.kind not in {"sum", "product"}:
            raise NoRule(f"no value for a {tree.kind} of arrays")
        if tree.bounds:
            low, high = (self.whole(bound) for bound in tree.bounds)
        else:
            low, high = 1, self.sizes.get(tree.index)
        if low is None or high is None:
            raise NoRule("a sum between bounds that have no value")
        self.terms += max(high - low + 1, 0)
        if self.terms > MAX_TERMS:
            raise TooLarge(f"sums of more than {MAX_TERMS} terms")
        terms = [self.value(substitute(tree.body, {tree.index: number(k)})) for k in range(low, high + 1)]
        if not terms:
            return self.element(int(tree.kind == "product"))
        return reduce((lambda a, b: a + b) if tree.kind == "sum" else (lambda a, b: a * b), terms)

    def blocks(self, tree: Matrix) -> Value:
        """A matrix written out; entries may be blocks."""
        rows: list[list[Any]] = []
        for written in tree.rows:
            parts = [self.rows(self.value(entry)) for entry in written]
            if len({len(part) for part in parts}) > 1:
                raise ShapeError("blocks of different heights side by side")
            rows.extend([e for part in parts for e in part[k]] for k in range(len(parts[0])))
        if len({len(row) for row in rows}) > 1:
            raise ShapeError("rows of different lengths")
        return self.made(rows)

    def listing(self, tree: Listing) -> Value:
        return self.blocks(Matrix((tree.elements,)))

    # --- conditions --------------------------------------------------------------------------------------------------

    def indicator(self, tree: Indicator) -> Value:
        return self.truth(tree.condition)

    def truth(self, condition: Node) -> Value:
        """1 where a condition holds, else 0, entry by entry."""
        match condition:
            case Chain(sides=sides, relations=relations):
                links = [self.compared(a, r, b) for a, r, b in zip(sides, relations, sides[1:], strict=False)]
                return reduce(lambda a, b: self.mapped(lambda u, v: u * v, a, b), links)
            case Logical(connective=connective, statements=statements):
                parts = [self.truth(part) for part in statements]
                if connective == "and":
                    return reduce(lambda a, b: self.mapped(lambda u, v: u * v, a, b), parts)
                return reduce(lambda a, b: self.mapped(lambda u, v: u + v - u * v, a, b), parts)
            case Otherwise():
                return self.element(1)
        raise NoRule("a condition that is no comparison")

    def compared(self, left: Node, relation: str, right: Node) -> Value:
        a, b = self.whole(left), self.whole(right)
        if a is not None and b is not None:  # of indices and sizes: a tie is none of a kink
            return self.element(int(holds_for((a > b) - (a < b), relation)))
        return self.mapped(
            lambda u, v: self.element(int(holds_for(self.sign(u - v), relation))), self.value(left), self.value(right)
        )

    def cases(self, tree: Cases) -> Value:
        left, result = self.element(1), self.element(0)
        for branch, condition in zip(tree.values, tree.conditions, strict=True):
            met = self.mapped(lambda u, v: u * v, left, self.truth(condition))
            if not self.nowhere(met):
                result = self.mapped(lambda r, m, v: r + m * v, result, met, self.value(branch))
            left = self.mapped(lambda u, m: u - m, left, met)
        if not self.nowhere(left):
            raise Undefined("no branch of a case distinction applies")
        return result

    def nowhere(self, met: Value) -> bool:
        return all(e == 0 for row in self.rows(met) for e in row)

    def off_kinks(self, tree: OffKinks) -> Value:
        for kink in tree.kinks:
            self.mapped(self.sign, self.value(kink))
        return self.value(tree.body)

    # --- calls -------------------------------------------------------------------------------------------------------

    def call(self, tree: Call) -> Value:
        if not tree.order and tree.function in self.calls and len(tree.arguments) == 1:
            return self.calls[tree.function](self, self.value(tree.arguments[0]))
        if tree.function not in self.world and tree.function not in FUNCTIONS:
            raise NoRule(f"no value for the function {tree.function}")
        return self.entrywise(tree)

    def entrywise(self, tree: Call) -> Value:
        """A function of numbers, entry by entry; several arguments are of one shape, or scalars."""
        stands = tuple(Name(f"z_{k}") for k in range(len(tree.arguments)))
        form = Call(tree.function, stands, tree.order)
        zeros = () if tree.function in self.world else _kinks(form)

        def at(*elements: Any) -> Any:
            for zero in zeros:
                self.sign(self.elementary_at(zero, stands, elements))
            return self.elementary_at(form, stands, elements)

        return self.mapped(at, *map(self.value, tree.arguments))

    def elementary_at(self, form: Node, stands: tuple[Name, ...], elements: tuple[Any, ...]) -> Any:
        raise Irrational

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
        """Of a vector; of a matrix row by row."""
        rows = self.rows(self.exponentials(value))
        if len(rows[0]) == 1:
            total = reduce(lambda a, b: a + b, [row[0] for row in rows])
            return self.made([[row[0] / total] for row in rows])
        totals = [reduce(lambda a, b: a + b, row) for row in rows]
        return self.made([[e / total for e in row] for row, total in zip(rows, totals, strict=True)])

    def log_sum_exp(self, value: Value) -> Value:
        rows = self.rows(self.exponentials(value))
        if len(rows) > 1 and len(rows[0]) > 1:
            raise NoRule("log-sum-exp of a matrix")
        return self.elementary(Call("log", (Z,)), reduce(lambda a, b: a + b, [e for row in rows for e in row]))

    def expm(self, value: Value) -> Value:
        raise Irrational

    def norm(self, tree: Norm) -> Value:
        value = self.value(tree.operand)
        elements = [e for row in self.rows(value) for e in row]
        vector = 1 in self.shape(value)
        if tree.kind == "F" or (tree.kind in {"2", ""} and vector):
            squares = reduce(lambda a, b: a + b, [e * e for e in elements])
            return self.elementary(Root(Z), squares)
        if tree.kind == "1":  # of a matrix entry by entry, as penalties are written
            return reduce(lambda a, b: a + b, [e * self.sign(e) for e in elements])
        if tree.kind == "infinity" and vector:
            return self.largest([e * self.sign(e) for e in elements])
        if tree.kind in {"2", "*"}:
            across = self.transpose(value)
            gram = [across, value] if value.ncols() <= value.nrows() else [value, across]
            singular = [self.elementary(Root(Z), e) for e, _ in self.eigenpairs(self.times(gram))]
            return singular[-1] if tree.kind == "2" else reduce(lambda a, b: a + b, singular)
        raise NoRule(f"no value for the norm {tree.kind} of a matrix")

    def largest(self, elements: list[Any]) -> Any:
        return reduce(lambda a, b: a if self.sign(a - b) > 0 else b, elements)

    def eigenpairs(self, value: Value) -> list[tuple[Any, list[Any]]]:
        """Eigenvalues of a symmetric matrix, rising, with unit eigenvectors."""
        raise Irrational


def _kinks(form: Call) -> tuple[Node, ...]:
    """What must not vanish for a function to be smooth; primes of a function with kinks have them too."""
    zeros = kinks_of(Call(form.function, form.arguments))
    if form.function in {"max", "min"}:
        return tuple(Sum((a, Negative(b))) for k, a in enumerate(form.arguments) for b in form.arguments[:k])
    return zeros


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
        across = self.transpose(owner)
        right = self.made([[e] for e in self.eigenpairs(self.times([across, owner]))[-1][1]])
        if tree.role == "right singular":
            return right
        image = self.times([owner, right])
        length = positive(sum((e * e for e in image.entries()), arb(0))).sqrt()
        return self.mapped(lambda u: u / length, image)


def _array(evaluator: Evaluator, tree: ArrayName) -> Value:
    if tree.role in VECTORS_OF:
        if not isinstance(evaluator, Balls):
            raise Irrational
        return evaluator.vector_of(tree)
    return evaluator.name(tree)


def _constant(evaluator: Evaluator, tree: Constant) -> Value:
    if tree.name not in {"pi", "e"}:
        raise NoRule(f"{tree.name} has no value among arrays")
    return evaluator.elementary(tree)


def evaluable(tree: Node) -> bool:
    """Whether every node of a tree has a rule here; calls are not looked into."""
    return all(type(node) in Evaluator.rules or isinstance(node, Chain | Logical | Otherwise) for node in walk(tree))


def indices_in(ranges: Mapping[str, int]) -> list[dict[str, int]]:
    """Every choice of index values from 1."""
    return [dict(zip(ranges, chosen, strict=True)) for chosen in product(*(range(1, n + 1) for n in ranges.values()))]


Evaluator.calls = {
    "tr": Evaluator.trace,
    "diag": Evaluator.diagonal,
    "vec": Evaluator.vectorised,
    "softmax": Evaluator.softmax,
    "logsumexp": Evaluator.log_sum_exp,
    "expm": lambda at, value: at.expm(value),
    "adj": Evaluator.adjugate,
    "pinv": Evaluator.pseudo_inverse,
    "lambda_max": lambda at, value: at.eigenpairs(at.square(value))[-1][0],
    "lambda_min": lambda at, value: at.eigenpairs(at.square(value))[0][0],
}
Evaluator.rules = {
    Number: lambda at, tree: at.element(tree.value),
    Constant: _constant,
    ArrayName: _array,
    Name: lambda at, tree: at.element(at.ranges[tree.key]) if tree.key in at.ranges else at.name(tree),
    Sum: Evaluator.sum,
    Product: Evaluator.product,
    Negative: lambda at, tree: -at.value(tree.operand),
    Quotient: Evaluator.quotient,
    Power: Evaluator.power,
    Root: Evaluator.root,
    Absolute: Evaluator.absolute,
    Call: Evaluator.call,
    Transpose: lambda at, tree: at.transpose(at.value(tree.operand)),
    Determinant: Evaluator.determinant,
    Hadamard: Evaluator.hadamard,
    EntrywiseQuotient: Evaluator.entrywise_quotient,
    EntrywisePower: Evaluator.entrywise_power,
    Kronecker: Evaluator.kronecker,
    Norm: Evaluator.norm,
    Entry: Evaluator.entry,
    Binder: Evaluator.binder,
    Matrix: Evaluator.blocks,
    Listing: Evaluator.listing,
    Indicator: Evaluator.indicator,
    Cases: Evaluator.cases,
    OffKinks: Evaluator.off_kinks,
}
