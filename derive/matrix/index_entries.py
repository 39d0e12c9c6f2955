"""The polynomial of an entry: indices, sums over them, and what every rule for an entry is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from derive.errors import NoRule, TooLarge
from derive.matrix.index_spelling import Spelling
from derive.matrix.index_terms import (
    BOUND,
    MAX_TERMS,
    Factor,
    Index,
    Poly,
    Term,
    free_in,
    multiplied,
    of,
    scaled,
)
from derive.matrix.nodes import Dimension, Norm
from derive.matrix.shapes import shape_of
from derive.tree import (
    Name,
    Negative,
    Node,
    Number,
    Sum,
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


Rule = Callable[["Entries", Any, Place], Poly]
Rules = Mapping[type[Node], Rule]


class Entries(Spelling):
    """The polynomials of the entries of formulas."""

    def __init__(self, sizes: Mapping[str, int], rules: Rules) -> None:
        super().__init__()
        self._rules = rules
        self.sizes = sizes
        self._fresh = count(1)
        self.range: dict[str, Dimension] = {}

    def same(self, left: Node, right: Node, place: Place) -> bool:
        return not self.collected((*self.of(left, place), *scaled(self.of(right, place), -1)))

    def of(self, node: Node, place: Place) -> Poly:
        """One entry. Raises NoRule, TooLarge."""
        rule = self._rules.get(type(node))
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
        if self.range.get(index.base, size) != size:
            raise NoRule("an index that runs over another size than there are entries")
        return index

    def summed(self, size: Dimension, body: Callable[[Index], Poly]) -> Poly:
        """Σ over 1 … size."""
        if isinstance(size, int):
            if size > MAX_RANGE:
                raise TooLarge(f"a sum over more than {MAX_RANGE} numbers")
            return tuple(term for k in range(1, size + 1) for term in body(Index("", k)))
        name = f"{BOUND}{next(self._fresh)}"
        self.range[name] = size
        return tuple(replace(term, bound=((name, size), *term.bound)) for term in body(Index(name)))

    def over_entries(self, node: Node, place: Place, body: Callable[[Place], Poly]) -> Poly:
        """Σ over all entries of an array."""

        def over(size: Dimension, inner: Callable[[Index | None], Poly]) -> Poly:
            return inner(None) if size == 1 else self.summed(size, inner)

        rows, columns = shape_of(node)
        return over(rows, lambda i: over(columns, lambda j: body(place.at(i, j))))

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

    def squares(self, node: Node, place: Place) -> Poly:
        return self.over_entries(node, place, lambda at: multiplied([self.of(node, at)] * 2))


def whole_number(node: Node) -> int | None:
    if isinstance(node, Negative):
        inner = whole_number(node.operand)
        return None if inner is None else -inner
    return int(node.value) if isinstance(node, Number) and node.value.denominator == 1 else None


def euclidean(node: Norm) -> bool:
    return node.kind == "F" or (node.kind == "2" and 1 in shape_of(node.operand))
