"""Values of array formulas at a draw: exactly over the rationals, or as `arb` balls certain to hold the true entries.

A value is an element where the shape is 1 × 1, else a FLINT matrix. Both arithmetics share the walk over the tree; what
is no rational function raises Irrational in the exact one. Nothing is evaluated at a kink of |·|, max, ReLU, a sign or a
condition: what stands there is a convention, so such a draw is Undefined.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from functools import reduce
from itertools import product
from typing import Any, ClassVar

from checks.decide.activations import Activation, Z
from checks.decide.arrays.arithmetic import Irrational, ShapeError, Value
from checks.decide.arrays.entries import Rows
from checks.decide.arrays.matrix_functions import MatrixFunctions
from checks.decide.arrays.sizes import Sizes
from checks.decide.constructs import holds_for
from checks.decide.elementary import Undefined
from derive.errors import NoRule, TooLarge
from derive.functions import FUNCTIONS
from derive.matrix.families import Member, Stacked
from derive.matrix.nodes import (
    VECTORS_OF,
    ArrayName,
    Entry,
    EntrywisePower,
    EntrywiseQuotient,
    Hadamard,
    Kronecker,
    Norm,
)
from derive.matrix.shapes import shape_of
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

MAX_POWER = 64  # of a matrix
MAX_TERMS = 4_000  # of all sums over indices together
MANY = 20  # definitions
W = Name("w")
Place = tuple[Hashable, bool]  # a kink or jump, and whether on a diagonal


class Evaluator(MatrixFunctions):
    """Values of trees at one draw; intermediate names through their definitions."""

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
        self.met: dict[Place, set[int]] = {}  # on which sides of every kink and jump this was
        self.terms = 0

    def __call__(self, tree: Node) -> Value:
        """The value of a tree. Raises Undefined, ShapeError, NoRule, TooLarge, Irrational."""
        if len(self.program.definitions) > MANY:  # in order, so that no recursion runs through all of them
            for key, definition in self.program.needed(tree).items():
                if key not in self.given:
                    with suppress(Undefined, ShapeError, NoRule, Irrational):  # raised where it is met
                        self.value(definition)
        return self.value(tree)

    def value(self, tree: Node) -> Value:
        found = self.known.get(tree)
        if found is None:
            rule = self.rules.get(type(tree))
            if rule is None:
                raise NoRule(f"no value for {type(tree).__name__.lower()}")
            found = self.known[tree] = self.finite(rule(self, tree))
        return found

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

    def quotient(self, tree: Quotient) -> Value:
        top, bottom = self.value(tree.numerator), self.value(tree.denominator)
        if self.is_matrix(bottom):
            raise ShapeError("division by an array")
        return self.mapped(lambda u: self.divided(u, bottom), top)

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
        value = self.value(tree.operand)
        self.meet(tree, value)
        return self.mapped(lambda u: u * self.sign(u), value)

    def meet(self, kink: Hashable, value: Value) -> None:
        """Note on which sides of a kink the entries are; those of a diagonal for themselves. Raises Undefined at it."""
        rows = self.rows(value)
        square = len(rows) == len(rows[0]) > 1
        for i, row in enumerate(rows):
            for j, element in enumerate(row):
                self.met.setdefault((kink, square and i == j), set()).add(self.sign(element))

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

    def stacked(self, tree: Stacked) -> Value:
        """What is written with dots, part by part."""
        count = self.whole(tree.count)
        if count is None:
            raise NoRule("a row or column whose length has no value")
        self.terms += count
        if self.terms > MAX_TERMS:
            raise TooLarge(f"sums of more than {MAX_TERMS} terms")
        if count <= len(tree.first):
            raise Undefined("smaller than what is written out")
        parts = tree.parts(count)
        return self.blocks(Matrix((tuple(parts),) if tree.along else tuple((part,) for part in parts)))

    def member(self, tree: Member) -> Value:
        place, rows = self.whole(tree.index), self.rows(self.value(tree.operand))
        if place is None:
            raise NoRule("a member by an index that has no value")
        members = rows if tree.along == 0 else [list(column) for column in zip(*rows, strict=True)]
        if not 1 <= place <= len(members):
            raise Undefined("an index out of range")
        return self.made([[e] for e in members[place - 1]])

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
        difference = self.mapped(lambda u, v: u - v, self.value(left), self.value(right))
        self.meet((left, right), difference)
        return self.mapped(lambda u: self.element(int(holds_for(self.sign(u), relation))), difference)

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

    def off_kinks(self, tree: OffKinks) -> Value:
        for kink in tree.kinks:
            self.mapped(self.sign, self.value(kink))
        return self.value(tree.body)

    def call(self, tree: Call) -> Value:
        if tree.function == "softmax" and not tree.order and shape_of(tree.arguments[0])[1] != 1:
            return self.softmax_of_rows(self.value(tree.arguments[0]))
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

        values = [self.value(argument) for argument in tree.arguments]
        for zero in zeros:
            self.meet((tree, zero), self.mapped(lambda *us, of=zero: self.elementary_at(of, stands, us), *values))
        return self.mapped(lambda *us: self.elementary_at(form, stands, us), *values)

    def vector_of(self, tree: ArrayName) -> Value:
        """A singular vector or eigenvector, which belongs to another name."""
        raise Irrational


def _kinks(form: Call) -> tuple[Node, ...]:
    """What must not vanish for a function to be smooth; primes of a function with kinks have them too."""
    zeros = kinks_of(Call(form.function, form.arguments))
    if form.function in {"max", "min"}:
        return tuple(Sum((a, Negative(b))) for k, a in enumerate(form.arguments) for b in form.arguments[:k])
    return zeros


def _array(evaluator: Evaluator, tree: ArrayName) -> Value:
    return evaluator.vector_of(tree) if tree.role in VECTORS_OF else evaluator.name(tree)


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
    "lambda_max": lambda at, value: at.extreme_eigenvalue(value, -1),
    "lambda_min": lambda at, value: at.extreme_eigenvalue(value, 0),
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
    Norm: lambda at, tree: at.norm(at.value(tree.operand), tree.kind),
    Entry: Evaluator.entry,
    Binder: Evaluator.binder,
    Matrix: Evaluator.blocks,
    Listing: Evaluator.listing,
    Stacked: Evaluator.stacked,
    Member: Evaluator.member,
    Indicator: Evaluator.indicator,
    Cases: Evaluator.cases,
    OffKinks: Evaluator.off_kinks,
}
