"""Typed tree of arrays → torch: its own matrix operations in float64, on batches of shape (B, rows, columns).

A scalar has the shape (B, 1, 1). Nothing is simplified on the way; numbers inside go through the scalar evaluator, by
which a general σ is a concrete function and its primes are taken by autograd. Softmax of a matrix acts on rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import Any

import torch

from checks.witness.torch_backend import COMPARED, CONSTANTS, Evaluator, World
from derive.errors import NoRule
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
    Otherwise,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Transpose,
    number,
    substitute,
)

Tensor = Any  # (B, rows, columns)
MANY = 20  # definitions
STANDS = tuple(Name(f"z_{k}") for k in range(8))


class Arrays:
    """Values of trees on a batch; intermediate names through their definitions, so that autograd passes through them."""

    def __init__(
        self, given: Mapping[str, Tensor], sizes: Mapping[str, int], program: Program, world: World,
        indices: Mapping[str, int],
    ) -> None:  # fmt: skip
        self.names: dict[str, Tensor] = dict(given)
        self.batch = max((len(t) for t in given.values()), default=1)
        self.program, self.world = program, world
        self.whole: dict[str, int] = {**sizes, **indices}
        self.known: dict[Node, Tensor] = {}

    def value(self, tree: Node) -> Tensor:
        """The value of a tree, (B, rows, columns) or with B = 1. Raises NoRule for what torch has no operation for."""
        found = self.known.get(tree)
        if found is None:
            found = self.known[tree] = self.computed(tree)
        return found

    def computed(self, tree: Node) -> Tensor:
        of = self.value
        match tree:
            case Number():
                return self.constant(float(tree.value))
            case Constant(name=name):
                return self.constant(CONSTANTS[name])
            case ArrayName(key=key) | Name(key=key):
                return self.named(tree, key)
            case Sum(terms=terms):
                return self.sum([of(term) for term in terms])
            case Negative(operand=operand):
                return -of(operand)
            case Product(factors=factors):
                return self.product([of(factor) for factor in factors])
            case Quotient(numerator=top, denominator=bottom) | EntrywiseQuotient(numerator=top, denominator=bottom):
                return of(top) / of(bottom)
            case Power(base=base, exponent=exponent):
                return self.power(of(base), exponent)
            case Root(radicand=radicand, index=index):
                return self.entrywise(Root(STANDS[0], index), of(radicand))
            case Absolute(operand=operand):
                return torch.abs(of(operand))
            case Transpose(operand=operand):
                return of(operand).mT
            case Determinant(operand=operand):
                return torch.linalg.det(of(operand))[..., None, None]
            case Hadamard(factors=factors):
                return reduce(torch.mul, map(of, factors))
            case EntrywisePower(base=base, exponent=exponent):
                return self.raised(of(base), exponent)
            case Kronecker(factors=factors):
                return reduce(self.kronecker, map(of, factors))
            case Norm(operand=operand, kind=kind):
                return self.norm(of(operand), kind)
            case Entry(operand=ArrayName(role="delta"), indices=(first, second)):
                return self.constant(float(self.counted(first) == self.counted(second)))
            case Entry(operand=operand, indices=indices):
                return self.entry(of(operand), [self.counted(index) - 1 for index in indices])
            case Binder(kind="sum" | "product"):
                return self.binder(tree)
            case Matrix(rows=rows):
                parts = [self.together([of(entry) for entry in row], 2) for row in rows]
                return self.together(parts, 1)
            case Listing(elements=elements):
                return self.together([of(entry) for entry in elements], 2)
            case Stacked(along=along, count=count):
                return self.together([of(part) for part in tree.parts(self.counted(count))], 2 if along else 1)
            case Member(operand=operand, index=index, along=along):
                whole, place = of(operand), self.counted(index) - 1
                return whole[:, place : place + 1].mT if along == 0 else whole[:, :, place : place + 1]
            case Indicator(condition=condition):
                return self.truth(condition).to(torch.float64)
            case Cases():
                return self.cases(tree)
            case OffKinks(body=body):
                return of(body)
            case Call():
                return self.call(tree)
        raise NoRule(f"torch has no operation for {type(tree).__name__.lower()}")

    def constant(self, value: float) -> Tensor:
        return torch.full((1, 1, 1), value, dtype=torch.float64)

    def named(self, tree: ArrayName | Name, key: str) -> Tensor:
        if key not in self.names:
            if key in self.program.definitions:
                for name, definition in self._first(key):
                    self.names[name] = self.value(definition)
            elif key in self.whole:
                self.names[key] = self.constant(float(self.whole[key]))
            elif isinstance(tree, ArrayName) and tree.role in VECTORS_OF:
                self.names[key] = self.vector_of(tree)
            else:
                raise NoRule(f"nothing is known of {key}")
        return self.names[key]

    def _first(self, key: str) -> Iterator[tuple[str, Node]]:
        """A definition, after those it depends on where they are many: no recursion may run through all of them."""
        definitions = self.program.definitions
        if len(definitions) > MANY:
            yield from (
                (name, tree) for name, tree in self.program.needed(definitions[key]).items() if name not in self.names
            )
        yield key, definitions[key]

    def vector_of(self, tree: ArrayName) -> Tensor:
        """A singular vector or eigenvector, held fixed; its sign makes the first right entry positive."""
        owner = self.names[tree.of].detach()
        if tree.role == "eigenvector":
            found = torch.linalg.eigh(owner).eigenvectors[..., -1:]
            return found * torch.sign(found[:, :1])
        left, _, right = torch.linalg.svd(owner, full_matrices=False)
        if tree.role == "polar":
            return left @ right
        first = right[:, :1].mT
        sign = torch.sign(first[:, :1])
        return sign * (first if tree.role == "right singular" else left[..., :1])

    def sum(self, values: list[Tensor]) -> Tensor:
        shapes = {v.shape[1:] for v in values}
        if len(shapes) > 1:
            raise NoRule("torch would repeat a term over the entries of another")
        return reduce(torch.add, values)

    def product(self, values: list[Tensor]) -> Tensor:
        """From the left as far as the factors fit; a run that makes a number multiplies the others."""
        runs: list[Tensor] = []
        for value in values:
            runs.append(value)
            while len(runs) > 1 and (product := self.both(runs[-2], runs[-1])) is not None:
                runs[-2:] = [product]
        if len(runs) > 1:
            raise NoRule("factors that do not fit")
        return runs[0]

    def both(self, left: Tensor, right: Tensor) -> Tensor | None:
        if left.shape[1:] == (1, 1) or right.shape[1:] == (1, 1):
            return left * right
        return left @ right if left.shape[2] == right.shape[1] else None

    def counted(self, tree: Node) -> int:
        """An index or exponent that is a whole number here."""
        value = self.value(tree).flatten()
        if len(value) != 1 or value[0] != torch.round(value[0]):
            raise NoRule("an index or exponent that is no whole number")
        return int(value[0])

    def power(self, base: Tensor, exponent: Node) -> Tensor:
        if base.shape[1:] != (1, 1):
            count = self.counted(exponent)
            return torch.linalg.matrix_power(_inverse(base) if count < 0 else base, abs(count))
        return self.raised(base, exponent)

    def raised(self, base: Tensor, exponent: Node) -> Tensor:
        """Entry by entry."""
        if exponent.names:
            return torch.pow(base, self.value(exponent))
        return self.entrywise(Power(STANDS[0], exponent), base)

    def entrywise(self, form: Node, *values: Tensor) -> Tensor:
        """A formula of numbers over STANDS by the scalar evaluator, on all entries as one column."""
        shape = torch.broadcast_shapes(*(v.shape for v in values))
        columns = [v.expand(shape).reshape(-1) for v in values]
        inside = Evaluator({}, Program(), self.world)
        inside.rows = len(columns[0])
        inside.values.update(zip(STANDS, columns, strict=False))
        return inside.value(form).expand(inside.rows).reshape(shape)

    def kronecker(self, left: Tensor, right: Tensor) -> Tensor:
        b = max(len(left), len(right))
        product = torch.einsum("bij,bkl->bikjl", left.expand(b, -1, -1), right.expand(b, -1, -1))
        return product.reshape(b, left.shape[1] * right.shape[1], left.shape[2] * right.shape[2])

    def norm(self, value: Tensor, kind: str) -> Tensor:
        if 1 in value.shape[1:] and kind in {"", "2"}:
            kind = "F"
        match kind:
            case "F":
                found = torch.linalg.matrix_norm(value, "fro")
            case "1":  # of a matrix entry by entry, as penalties are written
                found = torch.abs(value).sum((1, 2))
            case "2":
                found = torch.linalg.matrix_norm(value, 2)
            case "*":
                found = torch.linalg.matrix_norm(value, "nuc")
            case "infinity" if 1 in value.shape[1:]:
                found = torch.amax(torch.abs(value), (1, 2))
            case _:
                raise NoRule(f"torch has no operation for the norm {kind}")
        return found[:, None, None]

    def entry(self, value: Tensor, places: list[int]) -> Tensor:
        if len(places) == 1:
            places = [places[0], 0] if value.shape[2] == 1 else [0, places[0]]
        i, j = places
        if not (0 <= i < value.shape[1] and 0 <= j < value.shape[2]):
            raise NoRule("an entry beyond the size drawn")
        return value[:, i : i + 1, j : j + 1]

    def binder(self, tree: Binder) -> Tensor:
        low, high = (self.counted(bound) for bound in tree.bounds)
        terms = [self.value(substitute(tree.body, {tree.index: number(k)})) for k in range(low, high + 1)]
        if not terms:
            return self.constant(float(tree.kind == "product"))
        return self.sum(terms) if tree.kind == "sum" else self.product(terms)

    def together(self, parts: list[Tensor], along: int) -> Tensor:
        b = max(len(part) for part in parts)
        return torch.cat([part.expand(b, -1, -1) for part in parts], dim=along)

    def truth(self, condition: Node) -> Tensor:
        match condition:
            case Otherwise():
                return torch.ones((1, 1, 1), dtype=torch.bool)
            case Logical(connective=connective, statements=statements):
                joined = torch.logical_and if connective == "and" else torch.logical_or
                return reduce(joined, map(self.truth, statements))
            case Chain(sides=sides, relations=relations) if COMPARED.keys() >= set(relations):
                values = [self.value(side).detach() for side in sides]
                links = zip(values, relations, values[1:], strict=False)
                return reduce(torch.logical_and, (COMPARED[r](a, b) for a, r, b in links))
        raise NoRule("torch has no operation for a condition that is no comparison")

    def cases(self, tree: Cases) -> Tensor:
        """The first branch that holds. A branch without a value where it does not apply would reach the gradient."""
        result: Tensor = self.constant(float("nan"))
        for branch, condition in reversed(list(zip(tree.values, tree.conditions, strict=True))):
            result = torch.where(self.truth(condition), self.value(branch), result)
        return result

    def call(self, tree: Call) -> Tensor:
        values = [self.value(argument) for argument in tree.arguments]
        if not tree.order and len(values) == 1 and tree.function in CALLS:
            return CALLS[tree.function](values[0])
        return self.entrywise(Call(tree.function, STANDS[: len(values)], tree.order), *values)


def _diagonal(value: Tensor) -> Tensor:
    if 1 in value.shape[1:]:
        return torch.diag_embed(value.flatten(1))
    return torch.diagonal(value, dim1=1, dim2=2)[..., None]


def _inverse(value: Tensor) -> Tensor:
    """NaN where there is none: one singular matrix of a batch is no reason to stop."""
    if value.shape[1] != value.shape[2]:
        raise NoRule("the inverse of a matrix that is not square")
    found, singular = torch.linalg.inv_ex(value)
    return torch.where(singular[:, None, None] != 0, torch.nan, found)


def _adjugate(value: Tensor) -> Tensor:
    return torch.linalg.det(value)[:, None, None] * _inverse(value)


CALLS: dict[str, Callable[[Tensor], Tensor]] = {
    "tr":      lambda v: torch.diagonal(v, dim1=1, dim2=2).sum(1)[:, None, None],
    "diag":    _diagonal,
    "vec":     lambda v: v.mT.reshape(len(v), -1, 1),
    "softmax": lambda v: torch.softmax(v, 1 if v.shape[2] == 1 else 2),
    "logsumexp": lambda v: torch.logsumexp(v, (1, 2), keepdim=True),
    "expm":    torch.linalg.matrix_exp,
    "adj":     _adjugate,
    "pinv":    torch.linalg.pinv,
    "lambda_max": lambda v: torch.linalg.eigvalsh(v)[:, -1:, None],
    "lambda_min": lambda v: torch.linalg.eigvalsh(v)[:, :1, None],
}  # fmt: skip
