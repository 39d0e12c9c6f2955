r"""Formulas of arrays entry by entry: sums over indices of products of entries, one spelling for one value, for all sizes.

    (x^T A x) and Σ_i Σ_j x_i a_{ij} x_j          Σ_{b c} A[b,c] x[b] x[c]
    Σ_{k=2}^n t_k                                 Σ_k t_k − t_1
    [x_1, e, …, x_n] at an index p                x[p] + δ(p,2) (e − x[2])

A `Poly` is a list of terms; a term is a number, the indices it is summed over (each over 1 … its size), and factors with
their indices. Functions, inverses and determinants are factors too, told apart by the spelling of what is inside. Bound
indices are named so that the spelling is the smallest; δ with a bound index takes it away. An index past the end of a
small size is taken to exist, as where it is written. That two spellings differ says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count, permutations, product
from typing import Any

from derive.errors import NoRule, TooLarge
from derive.matrix.families import Member, Stacked
from derive.matrix.nodes import SCALAR, ArrayName, Dimension, Entry, EntrywisePower, EntrywiseQuotient, Hadamard, Norm
from derive.matrix.shapes import segments, shape_of
from derive.tree import (
    ARRAY_FUNCTIONS,
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

MAX_TERMS = 3_000
MAX_BOUND = 6  # indices a term is summed over
MAX_RANGE = 50  # of a sum between numbers
MAX_POWER = 6
MAX_WORK = 60_000  # spellings tried


@dataclass(frozen=True, slots=True)
class Index:
    """base + offset; the base of a number is empty."""

    base: str
    offset: int = 0

    def plus(self, step: int) -> Index:
        return Index(self.base, self.offset + step)


@dataclass(frozen=True, slots=True)
class Factor:
    """What has a value at its indices: an entry, a δ, or a function of what is inside; to a whole power."""

    kind: str  # "entry", "delta", else the function
    key: str
    indices: tuple[Index, ...] = ()
    inside: tuple[Poly, ...] = ()
    power: int = 1


@dataclass(frozen=True, slots=True)
class Term:
    """coefficient · Σ over `bound` of the factors."""

    coefficient: Fraction = Fraction(1)
    bound: tuple[tuple[str, Dimension], ...] = ()
    factors: tuple[Factor, ...] = ()


Poly = tuple[Term, ...]
ONE_POLY: Poly = (Term(),)


def equal(left: Node, right: Node) -> bool:
    """Whether two formulas of one shape have one spelling, entry by entry. Raises NoRule, TooLarge, Unreadable."""
    if shape_of(left) != shape_of(right):
        return False
    ranges = [[None] if size == 1 else _places(size, letter) for size, letter in zip(shape_of(left), "pq", strict=True)]
    return all(Spelling().vanishes(left, right, *place) for place in product(*ranges))


def _places(size: Dimension, letter: str) -> list[Index | None]:
    """The index of a free row or column: a letter, or every number where the size is one."""
    if isinstance(size, str):
        return [Index(f"·{letter}")]
    if size > MAX_RANGE:
        raise TooLarge(f"more than {MAX_RANGE} entries")
    return [Index("", k) for k in range(1, size + 1)]


class Spelling:
    """The polynomials of the entries of formulas, and their spelling."""

    def __init__(self) -> None:
        self._fresh = count(1)
        self._work = 0

    def vanishes(self, left: Node, right: Node, row: Index | None, column: Index | None) -> bool:
        difference = (*self.at(left, row, column, {}), *_scaled(self.at(right, row, column, {}), Fraction(-1)))
        return not self.collected(difference)

    # --- formulas ----------------------------------------------------------------------------------------------------

    def at(self, node: Node, row: Index | None, column: Index | None, env: Mapping[str, Index]) -> Poly:
        """The entry in a row and a column; None where there is only one."""
        if not node.has_array and not env.keys() & set(node.names):
            return self.scalar(node, env)
        rule = _RULES.get(type(node))
        if rule is None:
            raise NoRule(f"no entries of {type(node).__name__}")
        found = rule(self, node, row, column, env)
        if len(found) > MAX_TERMS:
            raise TooLarge(f"more than {MAX_TERMS} terms")
        return found

    def value(self, node: Node, env: Mapping[str, Index]) -> Poly:
        """A scalar."""
        return self.at(node, None, None, env)

    def scalar(self, node: Node, env: Mapping[str, Index]) -> Poly:
        """A formula of names of scalars."""
        rule = _RULES.get(type(node))
        if rule is None:
            raise NoRule(f"no entries of {type(node).__name__}")
        return rule(self, node, None, None, env)

    def index(self, node: Node, env: Mapping[str, Index]) -> Index:
        """i, 3, i − 1, n."""
        match node:
            case Number(value=value) if value.denominator == 1:
                return Index("", int(value))
            case Name(key=key):
                return env.get(key, Index(key))
            case Negative(operand=Number(value=value)) if value.denominator == 1:
                return Index("", -int(value))
            case Sum(terms=terms):
                parts = [self.index(term, env) for term in terms]
                bases = [part.base for part in parts if part.base]
                if len(bases) <= 1:
                    return Index(bases[0] if bases else "", sum(part.offset for part in parts))
        raise NoRule("an index that is no letter, number or sum of both")

    def fresh(self) -> str:
        return f"·{next(self._fresh)}"

    def summed(self, size: Dimension, body: Callable[[Index], Poly]) -> Poly:
        """Σ over 1 … size."""
        if isinstance(size, int):
            if size > MAX_RANGE:
                raise TooLarge(f"a sum over more than {MAX_RANGE} numbers")
            return tuple(term for k in range(1, size + 1) for term in body(Index("", k)))
        name = self.fresh()
        return tuple(replace(term, bound=((name, size), *term.bound)) for term in body(Index(name)))

    def named(self, node: ArrayName, row: Index | None, column: Index | None, env: Mapping[str, Index]) -> Poly:
        indices = tuple(index for index in (row, column) if index is not None)
        if node.role == "ones":
            return ONE_POLY
        if node.role == "zeros":
            return ()
        if node.role == "identity":
            return (Term(factors=(Factor("delta", "", indices),)),)
        if node.role in {"centring", "left singular", "right singular", "eigenvector"}:
            raise NoRule(f"no entries of {node.key}")
        if "diagonal" in node.properties:
            assert row is not None
            return (Term(factors=(Factor("delta", "", indices), Factor("entry", node.key, (row, row)))),)
        if "symmetric" in node.properties:
            indices = tuple(sorted(indices, key=lambda i: (i.base, i.offset)))
        kind = "symmetric" if "symmetric" in node.properties else "entry"
        return (Term(factors=(Factor(kind, node.key, indices),)),)

    def product(self, node: Product, row: Index | None, column: Index | None, env: Mapping[str, Index]) -> Poly:
        """Runs that make scalars, and the chain of the others."""
        if all(shape_of(factor) == SCALAR for factor in node.factors):
            return _times([self.value(factor, env) for factor in node.factors])
        runs = segments(node.factors)
        scalars = [run for run in runs if (shape_of(run[0])[0], shape_of(run[-1])[1]) == SCALAR]
        chain = tuple(factor for run in runs if run not in scalars for factor in run)
        parts = [self.chain(run, None, None, env) for run in scalars]
        return _times([*parts, self.chain(chain, row, column, env)] if chain else parts)

    def chain(
        self, factors: tuple[Node, ...], row: Index | None, column: Index | None, env: Mapping[str, Index]
    ) -> Poly:
        if len(factors) == 1:
            return self.at(factors[0], row, column, env)
        size = shape_of(factors[0])[1]
        if size == 1:
            return _times([self.at(factors[0], row, None, env), self.chain(factors[1:], None, column, env)])
        return self.summed(
            size, lambda k: _times([self.at(factors[0], row, k, env), self.chain(factors[1:], k, column, env)])
        )

    def power(self, node: Power, row: Index | None, column: Index | None, env: Mapping[str, Index]) -> Poly:
        exponent = _whole(node.exponent)
        if shape_of(node.base) == SCALAR:
            if isinstance(node.base, Norm) and node.base.kind in {"2", "F"} and exponent == 2 and (
                node.base.kind == "F" or 1 in shape_of(node.base.operand)
            ):  # fmt: skip
                return self.squares(node.base.operand, env)
            base = self.value(node.base, env)
            if exponent is None or abs(exponent) > MAX_POWER:
                return self.function("power", "", [base, self.value(node.exponent, env)])
            return _times([base] * exponent) if exponent >= 0 else self.inverted(_times([base] * -exponent))
        if exponent is None or abs(exponent) > MAX_POWER or not exponent:
            raise NoRule("no entries of such a power of a matrix")
        if exponent > 0:
            return self.chain((node.base,) * exponent, row, column, env)
        if exponent == -1:
            return self.opaque("inverse", node.base, row, column, env)
        return self.chain((Power(node.base, Negative(Number("1"))),) * -exponent, row, column, env)

    def opaque(self, kind: str, inner: Node, row: Index | None, column: Index | None, env: Mapping[str, Index]) -> Poly:
        """A matrix that the transpose of its argument turns, known by the spelling of that argument."""
        forward = self.key(self.at(inner, Index("·r"), Index("·c"), env))
        backward = self.key(self.at(inner, Index("·c"), Index("·r"), env))
        if row is None or column is None:
            return (Term(factors=(Factor(kind, min(forward, backward)),)),)
        indices = (row, column) if forward <= backward else (column, row)
        if forward == backward:
            indices = tuple(sorted(indices, key=lambda i: (i.base, i.offset)))  # type: ignore[assignment]
            kind = f"symmetric {kind}"
        return (Term(factors=(Factor(kind, min(forward, backward), indices),)),)

    def key(self, poly: Poly) -> str:
        """The spelling of a polynomial whose only free indices are places; others would be lost in a key."""
        if any(index.base and not index.base.startswith("·") for index in _indices(poly)) or any(
            index.base[1:].isdigit() for index in _free(poly)
        ):
            raise NoRule("an index inside an inverse or determinant")
        return self.spelled(poly, {})

    def function(self, kind: str, key: str, inside: list[Poly]) -> Poly:
        return (Term(factors=(Factor(kind, key, (), tuple(inside)),)),)

    def inverted(self, poly: Poly) -> Poly:
        """1/u; of a single product the inverse of each factor."""
        found = self.collected(poly)
        if not found:
            raise NoRule("a division by zero")
        if len(found) == 1 and not found[0].bound:
            (term,) = found
            return (Term(1 / term.coefficient, (), tuple(replace(f, power=-f.power) for f in term.factors)),)
        return (Term(factors=(Factor("sum", "", (), (found,), -1),)),)

    def squares(self, node: Node, env: Mapping[str, Index]) -> Poly:
        return self.over_entries(node, lambda i, j: _times([self.at(node, i, j, env)] * 2))

    def over_entries(self, node: Node, body: Callable[[Index | None, Index | None], Poly]) -> Poly:
        rows, columns = shape_of(node)
        if rows == 1:
            return body(None, None) if columns == 1 else self.summed(columns, lambda j: body(None, j))
        if columns == 1:
            return self.summed(rows, lambda i: body(i, None))
        return self.summed(rows, lambda i: self.summed(columns, lambda j: body(i, j)))

    def call(self, node: Call, row: Index | None, column: Index | None, env: Mapping[str, Index]) -> Poly:
        argument = node.arguments[0]
        match node.function:
            case "tr":
                if shape_of(argument) == SCALAR:
                    return self.value(argument, env)
                return self.summed(shape_of(argument)[0], lambda k: self.at(argument, k, k, env))
            case "diag":
                if 1 in shape_of(argument):
                    column_first = shape_of(argument)[1] == 1
                    entry = self.at(argument, row if column_first else None, None if column_first else row, env)
                    assert row is not None and column is not None
                    return _times([entry, (Term(factors=(Factor("delta", "", (row, column)),)),)])
                return self.at(argument, row, row, env)
            case "softmax" if shape_of(argument)[1] == 1:
                total = self.summed(
                    shape_of(argument)[0], lambda k: self.function("exp", "0", [self.at(argument, k, None, env)])
                )
                return _times([self.function("exp", "0", [self.at(argument, row, None, env)]), self.inverted(total)])
            case "logsumexp":
                total = self.over_entries(
                    argument, lambda i, j: self.function("exp", "0", [self.at(argument, i, j, env)])
                )
                return self.function("log", "0", [total])
        if node.function in ARRAY_FUNCTIONS:
            raise NoRule(f"no entries of {node.function}")
        inside = [
            self.at(part, *((None, None) if shape_of(part) == SCALAR else (row, column)), env)
            for part in node.arguments
        ]
        return self.function(node.function, str(node.order), inside)

    def entry(self, node: Entry, row: Index | None, column: Index | None, env: Mapping[str, Index]) -> Poly:
        places = [self.index(index, env) for index in node.indices]
        if isinstance(node.operand, ArrayName) and node.operand.role == "delta":
            return (Term(factors=(Factor("delta", "", tuple(places)),)),)
        shape = _own_shape(node.operand)
        if len(places) == 1:
            return self.at(node.operand, *((places[0], None) if shape[1] == 1 else (None, places[0])), env)
        first, second = (None if size == 1 else place for size, place in zip(shape, places, strict=True))
        return self.at(node.operand, first, second, env)

    def member(self, node: Member, row: Index | None, column: Index | None, env: Mapping[str, Index]) -> Poly:
        place = self.index(node.index, env)
        return self.at(node.operand, *((place, row) if node.along == 0 else (row, place)), env)

    def binder(self, node: Binder, row: Index | None, column: Index | None, env: Mapping[str, Index]) -> Poly:
        if node.kind != "sum":
            raise NoRule(f"no entries of a {node.kind}")
        low, high = (self.index(bound, env) for bound in node.bounds)
        if low.base:
            raise NoRule("a sum from an index on")

        def at(k: Index) -> Poly:
            return self.at(node.body, row, column, {**env, node.index: k})

        if not high.base:
            if high.offset - low.offset >= MAX_RANGE:
                raise TooLarge(f"a sum over more than {MAX_RANGE} numbers")
            return tuple(t for k in range(low.offset, high.offset + 1) for t in at(Index("", k)))
        if high.base.startswith("·") or abs(low.offset) > MAX_RANGE or abs(high.offset) > MAX_RANGE:
            raise NoRule("a sum up to an index")
        terms = list(self.summed(high.base, at))
        for k in range(1, low.offset):
            terms += _scaled(at(Index("", k)), Fraction(-1))
        for k in range(low.offset, 1):
            terms += at(Index("", k))
        for k in range(high.offset, 0):
            terms += _scaled(at(Index(high.base, k + 1)), Fraction(-1))
        for k in range(high.offset):
            terms += at(Index(high.base, k + 1))
        return tuple(terms)

    def stacked(self, node: Stacked, row: Index | None, column: Index | None, env: Mapping[str, Index]) -> Poly:
        place = column if node.along else row
        assert place is not None

        def of(part: Node, at: Index) -> Poly:
            return self.at(part, *((row, None) if node.along else (None, column)), {**env, node.index: at})

        if not place.base:
            return of(node.first[place.offset - 1] if place.offset <= len(node.first) else node.body, place)
        terms = list(of(node.body, place))
        for k, part in enumerate(node.first, 1):
            odd = (*of(part, place), *_scaled(of(node.body, Index("", k)), Fraction(-1)))
            terms += _times([(Term(factors=(Factor("delta", "", (place, Index("", k))),)),), odd])
        return tuple(terms)

    def matrix(self, node: Matrix, row: Index | None, column: Index | None, env: Mapping[str, Index]) -> Poly:
        if any(shape_of(cell) != SCALAR for cell in node.children):
            raise NoRule("no entries of blocks")
        terms: list[Term] = []
        for i, cells in enumerate(node.rows, 1):
            for j, cell in enumerate(cells, 1):
                deltas = [self.delta(place, k) for place, k in ((row, i), (column, j)) if place is not None]
                if all(deltas):
                    terms += _times([*deltas, self.value(cell, env)])
        return tuple(terms)

    def delta(self, place: Index, k: int) -> Poly:
        if not place.base:
            return ONE_POLY if place.offset == k else ()
        return (Term(factors=(Factor("delta", "", (place, Index("", k))),)),)

    # --- spelling ----------------------------------------------------------------------------------------------------

    def collected(self, poly: Poly) -> Poly:
        """Terms of one spelling added, those that vanish left out."""
        found: dict[str, Term] = {}
        sums: dict[str, Fraction] = defaultdict(Fraction)
        for term in poly:
            settled = _settled(term)
            if settled is None:
                continue
            key = self.spelled_term(settled, {})
            sums[key] += settled.coefficient
            found.setdefault(key, settled)
        return tuple(replace(found[key], coefficient=value) for key, value in sorted(sums.items()) if value)

    def spelled(self, poly: Poly, labels: Mapping[str, str]) -> str:
        sums: dict[str, Fraction] = defaultdict(Fraction)
        for term in poly:
            settled = _settled(term)
            if settled is not None:
                sums[self.spelled_term(settled, labels)] += settled.coefficient
        return " + ".join(f"{value} {key}" for key, value in sorted(sums.items()) if value)

    def spelled_term(self, term: Term, labels: Mapping[str, str]) -> str:
        """The smallest spelling over all names of the bound indices."""
        if len(term.bound) > MAX_BOUND:
            raise TooLarge(f"a sum over more than {MAX_BOUND} indices")
        depth = len(labels)
        best = ""
        for order in _orders(term):
            self._work += 1
            if self._work > MAX_WORK:
                raise TooLarge("sums over many indices that look alike")
            inner = {**labels, **{name: f"<{depth + k}:{size}>" for k, (name, size) in enumerate(order)}}
            text = "*".join(sorted(self.spelled_factor(factor, inner) for factor in term.factors))
            text = f"[{','.join(str(size) for _, size in order)}]{text}"
            best = min(best, text) if best else text
        return best

    def spelled_factor(self, factor: Factor, labels: Mapping[str, str]) -> str:
        places = [f"{labels.get(i.base, i.base)}{i.offset:+d}" for i in factor.indices]
        if factor.kind == "delta" or factor.kind.startswith("symmetric"):
            places.sort()
        inside = ";".join(self.spelled(poly, labels) for poly in factor.inside)
        return f"{factor.kind} {factor.key}[{','.join(places)}]({inside})^{factor.power}"


# --- terms -----------------------------------------------------------------------------------------------------------


def _orders(term: Term) -> Iterator[tuple[tuple[str, Dimension], ...]]:
    """The bound indices in every order that their places in the factors leave open."""
    marks: dict[str, list[str]] = defaultdict(list)
    for factor in term.factors:
        for slot, index in enumerate(factor.indices):
            sign = "" if factor.kind == "delta" or factor.kind.startswith("symmetric") else slot
            marks[index.base].append(f"{factor.kind} {factor.key} {sign} {index.offset} {factor.power}")
        for index in {i for poly in factor.inside for i in _indices(poly)}:
            marks[index.base].append(f"{factor.kind} {factor.key}")
    groups: dict[tuple[str, str], list[tuple[str, Dimension]]] = defaultdict(list)
    for name, size in term.bound:
        groups[(str(size), " ".join(sorted(marks[name])))].append((name, size))
    for chosen in product(*(permutations(groups[key]) for key in sorted(groups))):
        yield tuple(pair for group in chosen for pair in group)


def _indices(poly: Poly) -> Iterator[Index]:
    for term in poly:
        for factor in term.factors:
            yield from factor.indices
            for inner in factor.inside:
                yield from _indices(inner)


def _free(poly: Poly) -> set[Index]:
    found: set[Index] = set()
    for term in poly:
        own = {name for name, _ in term.bound}
        inner = {i for f in term.factors for p in f.inside for i in _free(p)} | {
            i for f in term.factors for i in f.indices
        }
        found |= {index for index in inner if index.base not in own}
    return found


def _scaled(poly: Poly, factor: Fraction) -> Poly:
    return tuple(replace(term, coefficient=term.coefficient * factor) for term in poly)


def _times(polys: list[Poly]) -> Poly:
    """The product; the same part taken twice has its bound indices renamed."""
    found: list[Term] = [Term()]
    for place, poly in enumerate(polys):
        fresh = [_renamed(term, place) for term in poly]
        found = [
            Term(a.coefficient * b.coefficient, (*a.bound, *b.bound), (*a.factors, *b.factors))
            for a in found
            for b in fresh
        ]
        if len(found) > MAX_TERMS:
            raise TooLarge(f"more than {MAX_TERMS} terms")
    return tuple(found)


def _renamed(term: Term, place: int) -> Term:
    """Bound indices that differ from those of the other factors of a product."""
    if not term.bound:
        return term
    names = {name: f"{name}.{place}" for name, _ in term.bound}
    bound = tuple((names[name], size) for name, size in term.bound)
    return Term(term.coefficient, bound, tuple(_put(f, {n: Index(m) for n, m in names.items()}) for f in term.factors))


def _put(factor: Factor, new: Mapping[str, Index]) -> Factor:
    def at(index: Index) -> Index:
        return new[index.base].plus(index.offset) if index.base in new else index

    inside = tuple(
        tuple(
            replace(term, factors=tuple(_put(f, {k: v for k, v in new.items() if k not in {n for n, _ in term.bound}})
                                        for f in term.factors))
            for term in poly
        )
        for poly in factor.inside
    )  # fmt: skip
    return replace(factor, indices=tuple(map(at, factor.indices)), inside=inside)


def _settled(term: Term) -> Term | None:
    """δ worked out, equal factors as powers, sums over nothing as sizes; None where the term is 0."""
    bound, factors = dict(term.bound), list(term.factors)
    coefficient = term.coefficient
    kept: list[Factor] = []
    while True:
        delta = next((f for f in factors if f.kind == "delta"), None)
        if delta is None:
            break
        factors.remove(delta)
        a, b = delta.indices
        if a == b:
            continue
        if not a.base and not b.base:
            return None
        name, other = next(((i, j) for i, j in ((a, b), (b, a)) if i.base in bound), (None, None))
        if name is None or other is None:  # of free indices: elsewhere the one stands for the other
            low, high = sorted((a, b), key=lambda i: (i.base, i.offset))
            if low.base == high.base:
                return None
            kept.append(Factor("delta", "", (low, high)))
            factors = [_put(f, {high.base: low.plus(-high.offset)}) for f in factors]
            continue
        if name.offset or (other.base in bound and bound[other.base] != bound[name.base]):
            kept.append(delta)
            continue
        del bound[name.base]
        factors = [_put(f, {name.base: other}) for f in factors]
        kept = [_put(f, {name.base: other}) for f in kept]
    factors += dict.fromkeys(kept)
    powers: dict[Factor, int] = defaultdict(int)
    for factor in factors:
        if factor.kind == "index" and not factor.indices[0].base:
            if not factor.indices[0].offset and factor.power < 0:
                raise NoRule("a division by zero")
            coefficient *= Fraction(factor.indices[0].offset) ** factor.power
            continue
        powers[replace(factor, power=1)] += factor.power
    used = {i.base for f in powers for i in (*f.indices, *(i for poly in f.inside for i in _free(poly)))}
    for name, size in list(bound.items()):
        if name not in used:
            del bound[name]
            if isinstance(size, int):
                coefficient *= size
            else:
                powers[Factor("index", "", (Index(size),))] += 1
    made = tuple(replace(f, power=p) for f, p in powers.items() if p)
    return Term(coefficient, tuple(bound.items()), made) if coefficient else None


def _whole(node: Node) -> int | None:
    if isinstance(node, Negative):
        inner = _whole(node.operand)
        return None if inner is None else -inner
    return int(node.value) if isinstance(node, Number) and node.value.denominator == 1 else None


def _own_shape(node: Node) -> tuple[Dimension, Dimension]:
    return node.shape if isinstance(node, ArrayName) else shape_of(node)


def _name(at: Spelling, node: Name, row: Index | None, column: Index | None, env: Mapping[str, Index]) -> Poly:
    """A scalar; an index or a size as a number."""
    return (Term(factors=(Factor("index", "", (env.get(node.key, Index(node.key)),)),)),)


def _one_value(node: Node) -> bool:
    return shape_of(node) == SCALAR


def _norm(at: Spelling, node: Norm, row: Index | None, column: Index | None, env: Mapping[str, Index]) -> Poly:
    if node.kind == "F" or (node.kind == "2" and 1 in shape_of(node.operand)):
        return at.function("root", "2", [at.squares(node.operand, env)])
    raise NoRule("no entries of such a norm")


_RULES: dict[type[Node], Callable[[Spelling, Any, Index | None, Index | None, Mapping[str, Index]], Poly]] = {
    Number: lambda at, u, i, j, env: (Term(u.value),) if u.value else (),
    Constant: lambda at, u, i, j, env: (Term(factors=(Factor("constant", u.name),)),),
    Name: _name,
    ArrayName: Spelling.named,
    Sum: lambda at, u, i, j, env: tuple(t for part in u.terms for t in at.at(part, i, j, env)),
    Negative: lambda at, u, i, j, env: _scaled(at.at(u.operand, i, j, env), Fraction(-1)),
    Transpose: lambda at, u, i, j, env: at.at(u.operand, j, i, env),
    Product: Spelling.product,
    Quotient: lambda at, u, i, j, env: _times([at.at(u.numerator, i, j, env), at.inverted(at.value(u.denominator, env))]),
    Power: Spelling.power,
    Hadamard: lambda at, u, i, j, env: _times([at.at(part, i, j, env) for part in u.factors]),
    EntrywiseQuotient: lambda at, u, i, j, env: _times([at.at(u.numerator, i, j, env), at.inverted(at.at(u.denominator, i, j, env))]),
    EntrywisePower: lambda at, u, i, j, env: (
        _times([at.at(u.base, i, j, env)] * k)
        if (k := _whole(u.exponent)) is not None and 0 < k <= MAX_POWER
        else at.function("power", "", [at.at(u.base, i, j, env), at.value(u.exponent, env)])
    ),
    Root: lambda at, u, i, j, env: at.function("root", str(_whole(u.index) if u.index else 2), [at.at(u.radicand, i, j, env)]),
    Absolute: lambda at, u, i, j, env: at.function("absolute", "", [at.at(u.operand, i, j, env)]),
    Determinant: lambda at, u, i, j, env: at.opaque("det", u.operand, None, None, env),
    Norm: _norm,
    Call: Spelling.call,
    Entry: Spelling.entry,
    Member: Spelling.member,
    Binder: Spelling.binder,
    Stacked: Spelling.stacked,
    Matrix: Spelling.matrix,
    Listing: lambda at, u, i, j, env: at.matrix(Matrix((u.elements,)), i, j, env),
    OffKinks: lambda at, u, i, j, env: at.at(u.body, i, j, env),
}  # fmt: skip
