r"""Formulas of arrays entry by entry: sums over indices of products of entries, one spelling for one value, for all sizes.

    (x^T A x) and Σ_i Σ_j x_i a_{ij} x_j          Σ_{b c} A[b,c] x[b] x[c]
    Σ_{k=2}^n t_k                                 Σ_k t_k − t_1
    [x_1, e, …, x_n] at an index p                x[p] + δ(p,2) (e − x[2])

A `Poly` (index_terms.py) is a list of terms; a term is a number, the indices it is summed over (each over 1 … its size),
and factors with their indices. Functions, inverses and determinants are factors too, told apart by the spelling
(index_spelling.py) of what is inside. Sizes are 1 or more; a size is at least the number of an entry that is written
outside of all sums. That two spellings differ says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count, product
from typing import Any

from derive.errors import NoRule, TooLarge
from derive.matrix.families import Member, Stacked
from derive.matrix.family_shapes import whole_shape
from derive.matrix.index_spelling import Spelling
from derive.matrix.index_terms import (
    BOUND,
    MAX_TERMS,
    ONE_POLY,
    Factor,
    Index,
    Poly,
    Term,
    delta,
    free_in,
    multiplied,
    of,
    scaled,
)
from derive.matrix.nodes import SCALAR, ArrayName, Dimension, Entry, EntrywisePower, EntrywiseQuotient, Hadamard, Norm
from derive.matrix.shapes import segments, shape_of
from derive.tree import (
    ARRAY_FUNCTIONS,
    ONE,
    Absolute,
    Binder,
    Call,
    Constant,
    Determinant,
    Listing,
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
)

MAX_RANGE = 50  # of a sum between numbers, and of indices taken out of a sum
MAX_POWER = 6
PLACES = frozenset([f"{BOUND}r", f"{BOUND}c"])  # of the argument of an inverse or determinant


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of an array (None where there is only one row or column), and the indices that are bound around it."""

    row: Index | None = None
    column: Index | None = None
    bound: Mapping[str, Index] = field(default_factory=dict)

    def at(self, row: Index | None, column: Index | None) -> Place:
        return Place(row, column, self.bound)

    @property
    def alone(self) -> Place:
        """Where a scalar stands."""
        return self.at(None, None)

    @property
    def turned(self) -> Place:
        return self.at(self.column, self.row)

    @property
    def indices(self) -> tuple[Index, ...]:
        return tuple(index for index in (self.row, self.column) if index is not None)


def equal(left: Node, right: Node, sizes: Iterable[str] = ()) -> bool:
    """Whether two formulas of one shape have one spelling, entry by entry; `sizes` are letters known to be some.

    Raises NoRule, TooLarge, Unreadable.
    """
    if shape_of(left) != shape_of(right):
        return False
    known = dict.fromkeys(sizes, 1) | least_sizes((left, right))
    ranges = [_every(size, letter) for size, letter in zip(shape_of(left), "pq", strict=True)]
    return all(Entries(known).same(left, right, Place(row, column)) for row, column in product(*ranges))


def least_sizes(trees: Iterable[Node]) -> dict[str, int]:
    """The letters that are sizes of something in the trees, each with the least it may be where all of it has a value."""
    found: dict[str, int] = {}

    def note(size: Dimension, least: int) -> None:
        if isinstance(size, str):
            found[size] = max(found.get(size, 1), least)

    def look(node: Node, *, summed: bool) -> None:
        if isinstance(node, ArrayName):
            for size in node.shape:
                note(size, 1)
        elif isinstance(node, Stacked):
            note(node.length, len(node.first) + 1)
        elif (
            isinstance(node, Entry)
            and not summed
            and isinstance(node.operand, ArrayName)
            and node.operand.role != "delta"
        ):
            shape = node.operand.shape
            sizes = shape if len(node.indices) == 2 else (shape[0] if shape[1] == 1 else shape[1],)
            for index, size in zip(node.indices, sizes, strict=False):
                note(size, _whole(index) or 1)
        for child in node.children:
            look(child, summed=summed or isinstance(node, Binder | Stacked))

    for tree in trees:
        look(tree, summed=False)
    return found


def _every(size: Dimension, letter: str) -> list[Index | None]:
    """The index of a free row or column: a letter, or every number where the size is one."""
    if size == 1:
        return [None]
    if isinstance(size, str):
        return [Index(f"{BOUND}{letter}")]
    if size > MAX_RANGE:
        raise TooLarge(f"more than {MAX_RANGE} entries")
    return [Index("", k) for k in range(1, size + 1)]


class Entries(Spelling):
    """The polynomials of the entries of formulas."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        super().__init__()
        self._fresh = count(1)
        self._sizes = sizes
        self._range: dict[str, Dimension] = {}

    def same(self, left: Node, right: Node, place: Place) -> bool:
        return not self.collected((*self.of(left, place), *scaled(self.of(right, place), -1)))

    def of(self, node: Node, place: Place) -> Poly:
        """One entry. Raises NoRule, TooLarge."""
        rule = _RULES.get(type(node))
        if rule is None:
            raise NoRule(f"no entries of {type(node).__name__}")
        found = rule(self, node, place)
        if len(found) > MAX_TERMS:
            raise TooLarge(f"more than {MAX_TERMS} terms")
        return found

    # --- indices -----------------------------------------------------------------------------------------------------

    def index(self, node: Node, place: Place) -> Index:
        """i, 3, i − 1, n."""
        match node:
            case Number(value=value) if value.denominator == 1:
                return Index("", int(value))
            case Name(key=key):
                return place.bound.get(key, Index(key))
            case Negative(operand=Number(value=value)) if value.denominator == 1:
                return Index("", -int(value))
            case Sum(terms=terms):
                parts = [self.index(term, place) for term in terms]
                bases = [part.base for part in parts if part.base]
                if len(bases) <= 1:
                    return Index(bases[0] if bases else "", sum(part.offset for part in parts))
        raise NoRule("an index that is no letter, number or sum of both")

    def within(self, index: Index, size: Dimension) -> Index:
        """The index of an entry: one that is bound runs over exactly what there is."""
        if self._range.get(index.base, size) != size:
            raise NoRule("an index that runs over another size than there are entries")
        return index

    def summed(self, size: Dimension, body: Callable[[Index], Poly]) -> Poly:
        """Σ over 1 … size."""
        if isinstance(size, int):
            if size > MAX_RANGE:
                raise TooLarge(f"a sum over more than {MAX_RANGE} numbers")
            return tuple(term for k in range(1, size + 1) for term in body(Index("", k)))
        name = f"{BOUND}{next(self._fresh)}"
        self._range[name] = size
        return tuple(replace(term, bound=((name, size), *term.bound)) for term in body(Index(name)))

    def over_entries(self, node: Node, place: Place, body: Callable[[Place], Poly]) -> Poly:
        """Σ over all entries of an array."""

        def over(size: Dimension, inner: Callable[[Index | None], Poly]) -> Poly:
            return inner(None) if size == 1 else self.summed(size, inner)

        rows, columns = shape_of(node)
        return over(rows, lambda i: over(columns, lambda j: body(place.at(i, j))))

    # --- names, products, powers -------------------------------------------------------------------------------------

    def named(self, node: ArrayName, place: Place) -> Poly:
        if node.role == "ones":
            return ONE_POLY
        if node.role == "zeros":
            return ()
        if node.role == "identity":
            return delta(*place.indices)
        if node.role in {"centring", "left singular", "right singular", "eigenvector", "polar", "commutation", "delta"}:
            raise NoRule(f"no entries of {node.key}")
        if "diagonal" in node.properties:
            row, column = place.indices
            return multiplied([delta(row, column), of(Factor("entry", node.key, (row, row)))])
        return of(Factor("symmetric" if "symmetric" in node.properties else "entry", node.key, place.indices))

    def product(self, node: Product, place: Place) -> Poly:
        """Runs that make scalars, and the chain of the others."""
        runs = segments(node.factors)
        alone = [(shape_of(run[0])[0], shape_of(run[-1])[1]) == SCALAR for run in runs]
        chain = tuple(factor for run, scalar in zip(runs, alone, strict=True) if not scalar for factor in run)
        parts = [self.chain(run, place.alone) for run, scalar in zip(runs, alone, strict=True) if scalar]
        return multiplied([*parts, self.chain(chain, place)] if chain else parts)

    def chain(self, factors: tuple[Node, ...], place: Place) -> Poly:
        if len(factors) == 1:
            return self.of(factors[0], place)

        def through(k: Index | None) -> Poly:
            return multiplied(
                [self.of(factors[0], place.at(place.row, k)), self.chain(factors[1:], place.at(k, place.column))]
            )

        size = shape_of(factors[0])[1]
        return through(None) if size == 1 else self.summed(size, through)

    def power(self, node: Power, place: Place) -> Poly:
        exponent = _whole(node.exponent)
        if shape_of(node.base) == SCALAR:
            return self.scalar_power(node, exponent, place)
        if exponent is None or abs(exponent) > MAX_POWER or not exponent:
            raise NoRule("no entries of such a power of a matrix")
        if exponent > 0:
            return self.chain((node.base,) * exponent, place)
        if exponent == -1:
            return self.opaque("inverse", node.base, place)
        return self.chain((Power(node.base, Negative(ONE)),) * -exponent, place)

    def scalar_power(self, node: Power, exponent: int | None, place: Place) -> Poly:
        if isinstance(node.base, Norm) and exponent == 2 and _euclidean(node.base):
            return self.squares(node.base.operand, place)
        if node.base == Constant("e"):
            return self.function("exp", "0", [self.of(node.exponent, place)])
        base = self.of(node.base, place)
        if exponent is None or abs(exponent) > MAX_POWER:
            return self.function("power", "", [base, self.of(node.exponent, place)])
        return multiplied([base] * exponent) if exponent >= 0 else self.inverted(multiplied([base] * -exponent))

    def squares(self, node: Node, place: Place) -> Poly:
        return self.over_entries(node, place, lambda at: multiplied([self.of(node, at)] * 2))

    def opaque(self, kind: str, inner: Node, place: Place) -> Poly:
        """A matrix that the transpose of its argument turns, or a number that does not; known by the argument's spelling."""
        row, column = (Index(name) for name in ("·r", "·c"))
        ways = [self.of(inner, place.at(a, b)) for a, b in ((row, column), (column, row))]
        if any(index.base.startswith(BOUND) and index.base not in PLACES for index in free_in(ways[0])):
            raise NoRule("an index inside an inverse or determinant")
        forward, backward = (self.spelled(way, {}) for way in ways)
        indices = place.indices if forward <= backward else place.indices[::-1]
        kind = f"symmetric {kind}" if forward == backward else kind
        return of(Factor(kind, min(forward, backward), indices))

    def function(self, kind: str, key: str, inside: list[Poly]) -> Poly:
        return of(Factor(kind, key, inside=tuple(inside)))

    def inverted(self, poly: Poly) -> Poly:
        """1/u; of a single product the inverse of each factor."""
        found = self.collected(poly)
        if not found:
            raise NoRule("a division by zero")
        if len(found) == 1 and not found[0].bound and not any(f.kind == "delta" for f in found[0].factors):
            (term,) = found
            return (Term(1 / term.coefficient, (), tuple(replace(f, power=-f.power) for f in term.factors)),)
        return of(Factor("sum", inside=(found,), power=-1))

    def call(self, node: Call, place: Place) -> Poly:
        special = _CALLS.get(node.function)
        if special is not None:
            return special(self, node.arguments[0], place)
        if node.function in ARRAY_FUNCTIONS:
            raise NoRule(f"no entries of {node.function}")
        inside = [self.of(part, place.alone if shape_of(part) == SCALAR else place) for part in node.arguments]
        return self.function(node.function, str(node.order), inside)

    def softmax(self, argument: Node, place: Place) -> Poly:
        if shape_of(argument)[1] != 1:
            raise NoRule("no entries of the softmax of a matrix")
        return multiplied([self.exponential(argument, place), self.inverted(self.exponentials(argument, place))])

    def exponential(self, argument: Node, place: Place) -> Poly:
        return self.function("exp", "0", [self.of(argument, place)])

    def exponentials(self, argument: Node, place: Place) -> Poly:
        return self.over_entries(argument, place, lambda at: self.exponential(argument, at))

    def trace(self, argument: Node, place: Place) -> Poly:
        if shape_of(argument) == SCALAR:
            return self.of(argument, place)
        return self.summed(shape_of(argument)[0], lambda k: self.of(argument, place.at(k, k)))

    def diagonal(self, argument: Node, place: Place) -> Poly:
        shape = shape_of(argument)
        if 1 not in shape:
            return self.of(argument, place.at(place.row, place.row))
        row, column = place.indices
        entry = self.of(argument, place.at(row, None) if shape[1] == 1 else place.at(None, row))
        return multiplied([delta(row, column), entry])

    # --- what is written with indices --------------------------------------------------------------------------------

    def entry(self, node: Entry, place: Place) -> Poly:
        places = [self.index(index, place) for index in node.indices]
        if isinstance(node.operand, ArrayName) and node.operand.role == "delta":
            return delta(*places)
        shape = whole_shape(node.operand)
        if len(places) == 1:
            places = [places[0], Index("", 1)] if shape[1] == 1 else [Index("", 1), places[0]]
        row, column = (None if n == 1 else self.within(i, n) for i, n in zip(places, shape, strict=True))
        return self.of(node.operand, place.at(row, column))

    def member(self, node: Member, place: Place) -> Poly:
        at = self.within(self.index(node.index, place), whole_shape(node.operand)[node.along])
        return self.of(node.operand, place.at(at, place.row) if node.along == 0 else place.at(place.row, at))

    def binder(self, node: Binder, place: Place) -> Poly:
        """Σ from a to n is that from 1 to n without the terms before a."""
        low, high = (self.index(bound, place) for bound in node.bounds)
        if node.kind != "sum" or low.base:
            raise NoRule("no entries of a product, or of a sum from an index on")

        def at(k: Index) -> Poly:
            return self.of(node.body, replace(place, bound={**place.bound, node.index: k}))

        if max(abs(low.offset), abs(high.offset)) > MAX_RANGE:
            raise TooLarge(f"a sum over more than {MAX_RANGE} numbers")
        if not high.base:
            return tuple(t for k in range(low.offset, high.offset + 1) for t in at(Index("", k)))
        if high.base not in self._sizes or low.offset - high.offset > self._sizes[high.base] + 1:
            raise NoRule("a sum up to an index, or one that begins beyond small sizes")
        terms = list(self.summed(high.base, at))
        terms += [t for k in range(1, low.offset) for t in scaled(at(Index("", k)), -1)]
        terms += [t for k in range(low.offset, 1) for t in at(Index("", k))]
        terms += [t for k in range(high.offset, 0) for t in scaled(at(Index(high.base, k + 1)), -1)]
        terms += [t for k in range(high.offset) for t in at(Index(high.base, k + 1))]
        return tuple(terms)

    def stacked(self, node: Stacked, place: Place) -> Poly:
        """The general term, and at each exception the difference to it."""
        at = place.column if node.along else place.row
        assert at is not None

        def part(inner: Node, k: Index) -> Poly:
            across = place.at(place.row, None) if node.along else place.at(None, place.column)
            if k.base.startswith(BOUND):
                self._range.setdefault(k.base, node.length)
            return self.of(inner, replace(across, bound={**place.bound, node.index: k}))

        if not at.base:
            return part(node.first[at.offset - 1] if at.offset <= len(node.first) else node.body, at)
        terms = list(part(node.body, at))
        for k, odd in enumerate(node.first, 1):
            here = Index("", k)
            terms += multiplied([delta(at, here), (*part(odd, at), *scaled(part(node.body, here), -1))])
        return tuple(terms)

    def matrix(self, node: Matrix, place: Place) -> Poly:
        if any(shape_of(cell) != SCALAR for cell in node.children):
            raise NoRule("no entries of blocks")
        terms: list[Term] = []
        for i, cells in enumerate(node.rows, 1):
            for j, cell in enumerate(cells, 1):
                deltas = [delta(at, Index("", k)) for at, k in ((place.row, i), (place.column, j)) if at is not None]
                terms += multiplied([*deltas, self.of(cell, place.alone)])
        return tuple(terms)


def _whole(node: Node) -> int | None:
    if isinstance(node, Negative):
        inner = _whole(node.operand)
        return None if inner is None else -inner
    return int(node.value) if isinstance(node, Number) and node.value.denominator == 1 else None


def _euclidean(node: Norm) -> bool:
    return node.kind == "F" or (node.kind == "2" and 1 in shape_of(node.operand))


def _norm(entries: Entries, node: Norm, place: Place) -> Poly:
    if not _euclidean(node):
        raise NoRule("no entries of such a norm")
    return entries.function("root", "2", [entries.squares(node.operand, place)])


def _entrywise_power(entries: Entries, node: EntrywisePower, place: Place) -> Poly:
    base, exponent = entries.of(node.base, place), _whole(node.exponent)
    if exponent is None or not 0 < exponent <= MAX_POWER:
        return entries.function("power", "", [base, entries.of(node.exponent, place.alone)])
    return multiplied([base] * exponent)


def _root(entries: Entries, node: Root, place: Place) -> Poly:
    index = 2 if node.index is None else _whole(node.index)
    if index is None:
        raise NoRule("no entries of a root whose index is no number")
    return entries.function("root", str(index), [entries.of(node.radicand, place)])


def _index(_: Entries, node: Name, place: Place) -> Poly:
    """A number, or an index or size as one."""
    return of(Factor("index", indices=(place.bound.get(node.key, Index(node.key)),)))


_CALLS: dict[str, Callable[[Entries, Node, Place], Poly]] = {
    "tr": Entries.trace,
    "diag": Entries.diagonal,
    "softmax": Entries.softmax,
    "logsumexp": lambda at, u, p: at.function("log", "0", [at.exponentials(u, p.alone)]),
}
_RULES: dict[type[Node], Callable[[Entries, Any, Place], Poly]] = {
    Number: lambda _, u, __: (Term(u.value),) if u.value else (),
    Constant: lambda _, u, __: of(Factor("constant", u.name)),
    Name: _index,
    ArrayName: Entries.named,
    Sum: lambda at, u, p: tuple(term for part in u.terms for term in at.of(part, p)),
    Negative: lambda at, u, p: scaled(at.of(u.operand, p), -1),
    Transpose: lambda at, u, p: at.of(u.operand, p.turned),
    Product: Entries.product,
    Quotient: lambda at, u, p: multiplied([at.of(u.numerator, p), at.inverted(at.of(u.denominator, p.alone))]),
    Power: Entries.power,
    Hadamard: lambda at, u, p: multiplied([at.of(part, p) for part in u.factors]),
    EntrywiseQuotient: lambda at, u, p: multiplied([at.of(u.numerator, p), at.inverted(at.of(u.denominator, p))]),
    EntrywisePower: _entrywise_power,
    Root: _root,
    Absolute: lambda at, u, p: at.function("absolute", "", [at.of(u.operand, p)]),
    Determinant: lambda at, u, p: at.opaque("det", u.operand, p.alone),
    Norm: _norm,
    Call: Entries.call,
    Entry: Entries.entry,
    Member: Entries.member,
    Binder: Entries.binder,
    Stacked: Entries.stacked,
    Matrix: Entries.matrix,
    Listing: lambda at, u, p: at.matrix(Matrix((u.elements,)), p),
    OffKinks: lambda at, u, p: at.of(u.body, p),
}
