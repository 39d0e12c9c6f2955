"""The independent path: a formula of arrays at a draw by mpmath's own matrices, sharing no arithmetic with FLINT."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from checks.decide.activations import Activation
from checks.decide.arrays.entries import Rows
from checks.decide.arrays.sizes import Sizes
from checks.decide.constructs import holds_for
from checks.decide.replay import DIGITS, replay_values
from derive.errors import NoRule, TooLarge
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
from derive.tree import (
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
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Transpose,
    number,
    substitute,
)

Value = Any  # an mpf, or an mpmath matrix
MAX_TERMS = 20_000  # of all sums over indices together, those inside others each time
STANDS = tuple(Name(f"z_{k}") for k in range(8))


class Replay:
    """Values of trees in mpmath; arrays as its matrices. Raises NoRule, ValueError, ZeroDivisionError."""

    def __init__(
        self,
        arrays: Mapping[str, Rows],
        sizes: Sizes,
        program: Program,
        world: Mapping[str, Activation],
        ranges: Mapping[str, int],
        digits: int = DIGITS,
    ) -> None:
        import mpmath

        self.mp: Any = mpmath.MPContext()
        self.mp.dps = digits + 15
        self.digits, self.world, self.program = digits, world, program
        self.terms = 0
        self.names: dict[str, Value] = {key: self.mp.mpf(n) for key, n in {**sizes, **ranges}.items()}
        for key, rows in arrays.items():
            self.names[key] = self.made([[self.mp.mpf(v.numerator) / v.denominator for v in row] for row in rows])

    def made(self, rows: list[list[Any]]) -> Value:
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else self.mp.matrix(rows)

    def is_matrix(self, value: Value) -> bool:
        return isinstance(value, self.mp.matrix)

    def rows(self, value: Value) -> list[list[Any]]:
        return value.tolist() if self.is_matrix(value) else [[value]]

    def each(self, function: Callable[..., Any], *values: Value) -> Value:
        """Entry by entry, elements repeated."""
        grids = [self.rows(v) for v in values]
        height, width = max(len(g) for g in grids), max(len(g[0]) for g in grids)
        wide = [g if self.is_matrix(v) else [g[0] * width] * height for g, v in zip(grids, values, strict=True)]
        if any(len(g) != height or len(g[0]) != width for g in wide):
            raise ValueError("entrywise operands of different shapes")
        return self.made([[function(*(g[i][j] for g in wide)) for j in range(width)] for i in range(height)])

    def number(self, form: Node, *elements: Any) -> Any:
        """A formula of numbers by the scalar replay, z_0, z_1, … standing for them."""
        return replay_values(form, dict(zip(STANDS, elements, strict=False)), self.world, self.mp)

    def value(self, tree: Node) -> Value:
        of = self.value
        match tree:
            case Number() | Constant():
                return self.number(tree)
            case ArrayName(key=key) | Name(key=key):
                return self.named(tree, key)
            case Sum(terms=terms):
                return reduce(self.added, map(of, terms))
            case Negative(operand=operand):
                return -of(operand)
            case Product(factors=factors):
                return self.product([of(factor) for factor in factors])
            case Quotient(numerator=top, denominator=bottom):
                return of(top) / of(bottom)
            case Power(base=base, exponent=exponent):
                inner = of(base)
                if self.is_matrix(inner):
                    return self.power(inner, int(of(exponent)))
                return self.powered(inner, exponent)
            case Root(radicand=radicand, index=index):
                return self.each(lambda u: self.number(Root(STANDS[0], index), u), of(radicand))
            case Absolute(operand=operand):
                return self.each(abs, of(operand))
            case Transpose(operand=operand):
                inner = of(operand)
                return inner.T if self.is_matrix(inner) else inner
            case Determinant(operand=operand):
                inner = of(operand)
                return self.mp.det(inner) if self.is_matrix(inner) else inner
            case Hadamard(factors=factors):
                return self.each(lambda *us: self.mp.fprod(us), *map(of, factors))
            case EntrywiseQuotient(numerator=top, denominator=bottom):
                return self.each(lambda u, v: u / v, of(top), of(bottom))
            case EntrywisePower(base=base, exponent=exponent):
                return self.each(lambda u: self.powered(u, exponent), of(base))
            case Kronecker(factors=factors):
                return reduce(self.kronecker, map(of, factors))
            case Norm(operand=operand, kind=kind):
                return self.norm(of(operand), kind)
            case Entry(operand=ArrayName(role="delta"), indices=(first, second)):
                return self.mp.mpf(of(first) == of(second))
            case Entry(operand=operand, indices=indices):
                return self.entry(of(operand), [int(of(index)) - 1 for index in indices])
            case Binder(kind="sum" | "product"):
                return self.binder(tree)
            case Matrix(rows=rows):
                return self.blocks([[self.rows(of(entry)) for entry in row] for row in rows])
            case Listing(elements=elements):
                return self.blocks([[self.rows(of(entry)) for entry in elements]])
            case Stacked(count=count):
                parts = tree.parts(int(of(count)))
                grid = [parts] if tree.along else [[part] for part in parts]
                return self.blocks([[self.rows(of(part)) for part in row] for row in grid])
            case Member(operand=operand, index=index, along=along):
                inner, place = of(operand), int(of(index)) - 1
                inner = inner if self.is_matrix(inner) else self.mp.matrix([[inner]])
                return self.made([[e] for e in (inner[place, :].T if along == 0 else inner[:, place])])
            case Indicator(condition=condition):
                return self.truth(condition)
            case Cases():
                return self.cases(tree)
            case OffKinks(body=body):
                return of(body)
            case Call():
                return self.call(tree)
        raise NoRule(f"{type(tree).__name__} has no value")

    def named(self, tree: ArrayName | Name, key: str) -> Value:
        if key not in self.names:
            if key in self.program.definitions:
                self.names[key] = self.value(self.program.definitions[key])
            elif isinstance(tree, ArrayName) and tree.role in VECTORS_OF:
                self.names[key] = self.vector_of(tree)
            else:
                raise NoRule(f"nothing is known of {key}")
        return self.names[key]

    def vector_of(self, tree: ArrayName) -> Value:
        """A singular vector or eigenvector by mpmath's own algorithms; its sign makes the first right entry positive."""
        owner, kind = self.names[tree.of], tree.role
        if kind == "eigenvector":
            _, columns = self.mp.eigsy(owner)
            found = columns[:, columns.cols - 1]
            return found if found[0] > 0 else -found
        left, _, right = self.mp.svd_r(owner)
        if kind == "polar":
            return left * right
        sign = 1 if right[0, 0] > 0 else -1
        return sign * (left[:, 0] if kind == "left singular" else right[0, :].T)

    def added(self, left: Value, right: Value) -> Value:
        if self.is_matrix(left) != self.is_matrix(right):
            if left == 0 or right == 0:
                return left if self.is_matrix(left) else right
            raise ValueError("terms of different shapes")
        return left + right

    def product(self, values: list[Value]) -> Value:
        """From the left as far as the factors fit; what makes a number multiplies the rest."""
        done: list[Value] = []
        for value in values:
            done.append(value)
            while len(done) > 1 and self.fits(done[-2], done[-1]):
                right = done.pop()
                both = done.pop() * right
                done.append(both[0, 0] if self.is_matrix(both) and both.rows == both.cols == 1 else both)
        if len(done) > 1:
            raise ValueError("factors that do not fit")
        return done[0]

    def fits(self, left: Value, right: Value) -> bool:
        return not (self.is_matrix(left) and self.is_matrix(right)) or left.cols == right.rows

    def power(self, value: Value, exponent: int) -> Value:
        base = value if exponent >= 0 else self.mp.inverse(value)
        return reduce(lambda a, b: a * b, [base] * abs(exponent), self.mp.eye(value.rows))

    def powered(self, base: Any, exponent: Node) -> Any:
        if exponent.names:
            return base ** self.value(exponent)
        return self.number(Power(STANDS[0], exponent), base)

    def kronecker(self, left: Value, right: Value) -> Value:
        return self.made([[u * v for u in a for v in b] for a in self.rows(left) for b in self.rows(right)])

    def norm(self, value: Value, kind: str) -> Any:
        flat = [e for row in self.rows(value) for e in row]
        if kind == "F" or (kind in {"2", ""} and 1 in {len(self.rows(value)), len(self.rows(value)[0])}):
            return self.mp.sqrt(self.mp.fsum(e * e for e in flat))
        if kind == "1":
            return self.mp.fsum(map(abs, flat))
        if kind == "infinity":
            return max(map(abs, flat))
        singular = list(self.mp.svd_r(value, compute_uv=False))
        return max(singular) if kind == "2" else self.mp.fsum(singular)

    def entry(self, value: Value, indices: list[int]) -> Any:
        rows = self.rows(value)
        if len(indices) == 1:
            return rows[indices[0]][0] if len(rows[0]) == 1 else rows[0][indices[0]]
        return rows[indices[0]][indices[1]]

    def binder(self, tree: Binder) -> Value:
        low, high = (int(self.value(bound)) for bound in tree.bounds)
        self.terms += max(high - low + 1, 0)
        if self.terms > MAX_TERMS:
            raise TooLarge(f"sums of more than {MAX_TERMS} terms")
        terms = [self.value(substitute(tree.body, {tree.index: number(k)})) for k in range(low, high + 1)]
        if not terms:
            return self.mp.mpf(tree.kind == "product")
        return reduce((lambda a, b: a + b) if tree.kind == "sum" else (lambda a, b: a * b), terms)

    def blocks(self, grid: list[list[list[list[Any]]]]) -> Value:
        return self.made([[e for part in parts for e in part[k]] for parts in grid for k in range(len(parts[0]))])

    def truth(self, condition: Node) -> Value:
        match condition:
            case Chain(sides=sides, relations=relations):
                values = [self.value(side) for side in sides]
                links = [
                    self.each(lambda u, v, r=r: self.mp.mpf(holds_for((u > v) - (u < v), r)), a, b)
                    for a, r, b in zip(values, relations, values[1:], strict=False)
                ]
                return reduce(lambda a, b: self.each(min, a, b), links)
            case Logical(connective=connective, statements=statements):
                best = min if connective == "and" else max
                return reduce(lambda a, b: self.each(best, a, b), map(self.truth, statements))
        return self.mp.mpf(1)

    def cases(self, tree: Cases) -> Value:
        for branch, condition in zip(tree.values, tree.conditions, strict=True):
            met = self.truth(condition)
            if self.is_matrix(met):
                raise NoRule("a case distinction entry by entry")
            if met:
                return self.value(branch)
        raise ValueError("no branch applies")

    def call(self, tree: Call) -> Value:
        values = [self.value(argument) for argument in tree.arguments]
        if tree.function == "softmax" and not tree.order and shape_of(tree.arguments[0])[1] != 1:
            return self.softmax_of_rows(values[0])
        if not tree.order and len(values) == 1 and tree.function in CALLS:
            return CALLS[tree.function](self, values[0])
        form = Call(tree.function, STANDS[: len(values)], tree.order)
        return self.each(lambda *us: self.number(form, *us), *values)

    def diagonal(self, value: Value) -> Value:
        rows = self.rows(value)
        if 1 in {len(rows), len(rows[0])}:
            return self.mp.diag([e for row in rows for e in row])
        return self.made([[rows[k][k]] for k in range(len(rows))])

    def softmax(self, value: Value) -> Value:
        """Of a column."""
        return self.softmax_of_rows(value.T).T if self.is_matrix(value) else self.mp.mpf(1)

    def softmax_of_rows(self, value: Value) -> Value:
        rows = self.rows(value)
        powers = [[self.mp.exp(e - max(row)) for e in row] for row in rows]
        return self.made([[e / self.mp.fsum(row) for e in row] for row in powers])

    def pseudo_inverse(self, value: Value) -> Value:
        left, singular, right = self.mp.svd_r(value)
        return right.T * self.mp.diag([1 / s for s in singular]) * left.T


CALLS: dict[str, Callable[[Replay, Value], Value]] = {
    "tr": lambda at, value: at.mp.fsum(row[k] for k, row in enumerate(at.rows(value))),
    "diag": Replay.diagonal,
    "vec": lambda at, value: at.made([[e] for column in zip(*at.rows(value), strict=True) for e in column]),
    "softmax": Replay.softmax,
    "logsumexp": lambda at, value: at.mp.ln(at.mp.fsum(at.mp.exp(e) for row in at.rows(value) for e in row)),
    "expm": lambda at, value: at.mp.expm(value, method="taylor") if at.is_matrix(value) else at.mp.exp(value),
    "adj": lambda at, value: at.mp.inverse(value) * at.mp.det(value),
    "pinv": Replay.pseudo_inverse,
    "lambda_max": lambda at, value: max(at.mp.eigsy(value, eigvals_only=True)),
    "lambda_min": lambda at, value: min(at.mp.eigsy(value, eigvals_only=True)),
}  # fmt: skip
