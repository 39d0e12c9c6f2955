"""The entries of names, products, powers and functions of arrays, and of sums, members and stacks written with indices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from derive.errors import NoRule, TooLarge
from derive.matrix.families import Member, Stacked
from derive.matrix.family_shapes import whole_shape
from derive.matrix.index_entries import MAX_POWER, MAX_RANGE, Entries, Place, euclidean, whole_number
from derive.matrix.index_terms import (
    BOUND,
    ONE_POLY,
    Factor,
    Index,
    Poly,
    Term,
    delta,
    multiplied,
    of,
    scaled,
)
from derive.matrix.nodes import SCALAR, ArrayName, Entry, EntrywisePower, EntrywiseQuotient, Hadamard, Norm
from derive.matrix.shapes import segments, shape_of
from derive.tree import (
    ARRAY_FUNCTIONS,
    EXTREMA,
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


def _named(_: Entries, node: ArrayName, place: Place) -> Poly:
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


def _product(entries: Entries, node: Product, place: Place) -> Poly:
    """Runs that make scalars, and the chain of the others."""
    runs = segments(node.factors)
    alone = [(shape_of(run[0])[0], shape_of(run[-1])[1]) == SCALAR for run in runs]
    chain = tuple(factor for run, scalar in zip(runs, alone, strict=True) if not scalar for factor in run)
    parts = [_chain(entries, run, place.alone) for run, scalar in zip(runs, alone, strict=True) if scalar]
    return multiplied([*parts, _chain(entries, chain, place)] if chain else parts)


def _chain(entries: Entries, factors: tuple[Node, ...], place: Place) -> Poly:
    if len(factors) == 1:
        return entries.of(factors[0], place)

    def through(k: Index | None) -> Poly:
        return multiplied(
            [
                entries.of(factors[0], place.at(place.row, k)),
                _chain(entries, factors[1:], place.at(k, place.column)),
            ]
        )

    size = shape_of(factors[0])[1]
    return through(None) if size == 1 else entries.summed(size, through)


def _power(entries: Entries, node: Power, place: Place) -> Poly:
    exponent = whole_number(node.exponent)
    if shape_of(node.base) == SCALAR:
        return _scalar_power(entries, node, exponent, place)
    if exponent is None or abs(exponent) > MAX_POWER or not exponent:
        raise NoRule("no entries of such a power of a matrix")
    if exponent > 0:
        return _chain(entries, (node.base,) * exponent, place)
    if exponent == -1:
        return entries.opaque("inverse", node.base, place)
    return _chain(entries, (Power(node.base, Negative(ONE)),) * -exponent, place)


def _scalar_power(entries: Entries, node: Power, exponent: int | None, place: Place) -> Poly:
    if isinstance(node.base, Norm) and exponent == 2 and euclidean(node.base):
        return entries.squares(node.base.operand, place)
    if node.base == Constant("e"):
        return entries.function("exp", "0", [entries.of(node.exponent, place)])
    base = entries.of(node.base, place)
    if exponent is None or abs(exponent) > MAX_POWER:
        return entries.function("power", "", [base, entries.of(node.exponent, place)])
    return multiplied([base] * exponent) if exponent >= 0 else entries.inverted(multiplied([base] * -exponent))


def _call(entries: Entries, node: Call, place: Place) -> Poly:
    special = _CALLS.get(node.function)
    if special is not None:
        return special(entries, node.arguments[0], place)
    if node.function in ARRAY_FUNCTIONS:
        raise NoRule(f"no entries of {node.function}")
    inside = [entries.of(part, place.alone if shape_of(part) == SCALAR else place) for part in node.arguments]
    return entries.function(node.function, str(node.order), inside)


def _softmax(entries: Entries, argument: Node, place: Place) -> Poly:
    if shape_of(argument)[1] != 1:
        raise NoRule("no entries of the softmax of a matrix")
    return multiplied(
        [_exponential(entries, argument, place), entries.inverted(_exponentials(entries, argument, place))]
    )


def _exponential(entries: Entries, argument: Node, place: Place) -> Poly:
    return entries.function("exp", "0", [entries.of(argument, place)])


def _exponentials(entries: Entries, argument: Node, place: Place) -> Poly:
    return entries.over_entries(argument, place, lambda at: _exponential(entries, argument, at))


def _trace(entries: Entries, argument: Node, place: Place) -> Poly:
    if shape_of(argument) == SCALAR:
        return entries.of(argument, place)
    return entries.summed(shape_of(argument)[0], lambda k: entries.of(argument, place.at(k, k)))


def _diagonal(entries: Entries, argument: Node, place: Place) -> Poly:
    shape = shape_of(argument)
    if 1 not in shape:
        return entries.of(argument, place.at(place.row, place.row))
    row, column = place.indices
    entry = entries.of(argument, place.at(row, None) if shape[1] == 1 else place.at(None, row))
    return multiplied([delta(row, column), entry])


def _entry(entries: Entries, node: Entry, place: Place) -> Poly:
    places = [entries.index(index, place) for index in node.indices]
    if isinstance(node.operand, ArrayName) and node.operand.role == "delta":
        return delta(*places)
    shape = whole_shape(node.operand)
    if len(places) == 1:
        places = [places[0], Index("", 1)] if shape[1] == 1 else [Index("", 1), places[0]]
    row, column = (None if n == 1 else entries.within(i, n) for i, n in zip(places, shape, strict=True))
    return entries.of(node.operand, place.at(row, column))


def _member(entries: Entries, node: Member, place: Place) -> Poly:
    at = entries.within(entries.index(node.index, place), whole_shape(node.operand)[node.along])
    return entries.of(node.operand, place.at(at, place.row) if node.along == 0 else place.at(place.row, at))


def _binder(entries: Entries, node: Binder, place: Place) -> Poly:
    """Σ from a to n is that from 1 to n without the terms before a."""
    if node.kind in EXTREMA:
        raise NoRule(f"no entries of a {node.kind}")
    low, high = (entries.index(bound, place) for bound in node.bounds)
    if node.kind != "sum" or low.base:
        raise NoRule("no entries of a product, or of a sum from an index on")

    def at(k: Index) -> Poly:
        return entries.of(node.body, replace(place, bound={**place.bound, node.index: k}))

    if max(abs(low.offset), abs(high.offset)) > MAX_RANGE:
        raise TooLarge(f"a sum over more than {MAX_RANGE} numbers")
    if not high.base:
        return tuple(t for k in range(low.offset, high.offset + 1) for t in at(Index("", k)))
    if high.base not in entries.sizes or low.offset - high.offset > entries.sizes[high.base] + 1:
        raise NoRule("a sum up to an index, or one that begins beyond small sizes")
    terms = list(entries.summed(high.base, at))
    terms += [t for k in range(1, low.offset) for t in scaled(at(Index("", k)), -1)]
    terms += [t for k in range(low.offset, 1) for t in at(Index("", k))]
    terms += [t for k in range(high.offset, 0) for t in scaled(at(Index(high.base, k + 1)), -1)]
    terms += [t for k in range(high.offset) for t in at(Index(high.base, k + 1))]
    return tuple(terms)


def _stacked(entries: Entries, node: Stacked, place: Place) -> Poly:
    """The general term, and at each exception the difference to it."""
    at = place.column if node.along else place.row
    assert at is not None

    def part(inner: Node, k: Index) -> Poly:
        across = place.at(place.row, None) if node.along else place.at(None, place.column)
        if k.base.startswith(BOUND):
            entries.range.setdefault(k.base, node.length)
        return entries.of(inner, replace(across, bound={**place.bound, node.index: k}))

    if not at.base:
        return part(node.first[at.offset - 1] if at.offset <= len(node.first) else node.body, at)
    terms = list(part(node.body, at))
    for k, odd in enumerate(node.first, 1):
        here = Index("", k)
        terms += multiplied([delta(at, here), (*part(odd, at), *scaled(part(node.body, here), -1))])
    return tuple(terms)


def _matrix(entries: Entries, node: Matrix, place: Place) -> Poly:
    if any(shape_of(cell) != SCALAR for cell in node.children):
        raise NoRule("no entries of blocks")
    terms: list[Term] = []
    for i, cells in enumerate(node.rows, 1):
        for j, cell in enumerate(cells, 1):
            deltas = [delta(at, Index("", k)) for at, k in ((place.row, i), (place.column, j)) if at is not None]
            terms += multiplied([*deltas, entries.of(cell, place.alone)])
    return tuple(terms)


def _norm(entries: Entries, node: Norm, place: Place) -> Poly:
    if not euclidean(node):
        raise NoRule("no entries of such a norm")
    return entries.function("root", "2", [entries.squares(node.operand, place)])


def _entrywise_power(entries: Entries, node: EntrywisePower, place: Place) -> Poly:
    base, exponent = entries.of(node.base, place), whole_number(node.exponent)
    if exponent is None or not 0 < exponent <= MAX_POWER:
        return entries.function("power", "", [base, entries.of(node.exponent, place.alone)])
    return multiplied([base] * exponent)


def _root(entries: Entries, node: Root, place: Place) -> Poly:
    index = 2 if node.index is None else whole_number(node.index)
    if index is None:
        raise NoRule("no entries of a root whose index is no number")
    return entries.function("root", str(index), [entries.of(node.radicand, place)])


def _index(_: Entries, node: Name, place: Place) -> Poly:
    """A number, or an index or size as one."""
    return of(Factor("index", indices=(place.bound.get(node.key, Index(node.key)),)))


_CALLS: dict[str, Callable[[Entries, Node, Place], Poly]] = {
    "tr": _trace,
    "diag": _diagonal,
    "softmax": _softmax,
    "logsumexp": lambda at, u, p: at.function("log", "0", [_exponentials(at, u, p.alone)]),
}
RULES: dict[type[Node], Callable[[Entries, Any, Place], Poly]] = {
    Number: lambda _, u, __: (Term(u.value),) if u.value else (),
    Constant: lambda _, u, __: of(Factor("constant", u.name)),
    Name: _index,
    ArrayName: _named,
    Sum: lambda at, u, p: tuple(term for part in u.terms for term in at.of(part, p)),
    Negative: lambda at, u, p: scaled(at.of(u.operand, p), -1),
    Transpose: lambda at, u, p: at.of(u.operand, p.turned),
    Product: _product,
    Quotient: lambda at, u, p: multiplied([at.of(u.numerator, p), at.inverted(at.of(u.denominator, p.alone))]),
    Power: _power,
    Hadamard: lambda at, u, p: multiplied([at.of(part, p) for part in u.factors]),
    EntrywiseQuotient: lambda at, u, p: multiplied([at.of(u.numerator, p), at.inverted(at.of(u.denominator, p))]),
    EntrywisePower: _entrywise_power,
    Root: _root,
    Absolute: lambda at, u, p: at.function("absolute", "", [at.of(u.operand, p)]),
    Determinant: lambda at, u, p: at.opaque("det", u.operand, p.alone),
    Norm: _norm,
    Call: _call,
    Entry: _entry,
    Member: _member,
    Binder: _binder,
    Stacked: _stacked,
    Matrix: _matrix,
    Listing: lambda at, u, p: _matrix(at, Matrix((u.elements,)), p),
    OffKinks: lambda at, u, p: at.of(u.body, p),
}
