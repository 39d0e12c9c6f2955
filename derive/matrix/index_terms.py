"""Sums over indices of products of entries: the terms, their arithmetic, and what is settled in them at once.

δ with a bound index takes it away, equal factors become a power, a sum over nothing is a size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.errors import NoRule, TooLarge
from derive.matrix.nodes import Dimension

MAX_TERMS = 3_000
BOUND = "·"  # begins the base of an index that no author wrote


@dataclass(frozen=True, slots=True)
class Index:
    """base + offset; the base of a number is empty."""

    base: str
    offset: int = 0

    def plus(self, step: int) -> Index:
        return Index(self.base, self.offset + step)


@dataclass(frozen=True, slots=True)
class Factor:
    """What has a value at its indices: an entry, a δ, a number's name, or a function of what is inside; to a whole power."""

    kind: str  # "entry", "delta", "index" (its own value), else the function
    key: str = ""
    indices: tuple[Index, ...] = ()
    inside: tuple[Poly, ...] = ()
    power: int = 1

    @property
    def turns(self) -> bool:
        """Whether its indices may be exchanged."""
        return self.kind == "delta" or self.kind.startswith("symmetric")


@dataclass(frozen=True, slots=True)
class Term:
    """coefficient · Σ over `bound` (names, each from 1 to a size) of the factors."""

    coefficient: Fraction = Fraction(1)
    bound: tuple[tuple[str, Dimension], ...] = ()
    factors: tuple[Factor, ...] = ()


Poly = tuple[Term, ...]
ONE_POLY: Poly = (Term(),)


def of(factor: Factor) -> Poly:
    """One factor alone."""
    return (Term(factors=(factor,)),)


def delta(a: Index, b: Index) -> Poly:
    """1 where two indices are the same, else 0."""
    if a.base == b.base:
        return ONE_POLY if a == b else ()
    return of(Factor("delta", indices=(a, b)))


def scaled(poly: Poly, factor: Fraction | int) -> Poly:
    return tuple(replace(term, coefficient=term.coefficient * factor) for term in poly)


def multiplied(polys: list[Poly]) -> Poly:
    """The product; the bound indices of each factor are renamed apart. Raises TooLarge."""
    found: list[Term] = [Term()]
    for place, poly in enumerate(polys):
        fresh = [_renamed(term, place) for term in poly]
        if len(found) * len(fresh) > MAX_TERMS:
            raise TooLarge(f"more than {MAX_TERMS} terms")
        found = [
            Term(a.coefficient * b.coefficient, (*a.bound, *b.bound), (*a.factors, *b.factors))
            for a in found
            for b in fresh
        ]
    return tuple(found)


def _renamed(term: Term, place: int) -> Term:
    if not term.bound:
        return term
    names = {name: f"{name}.{place}" for name, _ in term.bound}
    bound = tuple((names[name], size) for name, size in term.bound)
    new = {name: Index(other) for name, other in names.items()}
    return Term(term.coefficient, bound, tuple(put(factor, new) for factor in term.factors))


def put(factor: Factor, new: Mapping[str, Index]) -> Factor:
    """The factor with other indices in place of some."""

    def at(index: Index) -> Index:
        return new[index.base].plus(index.offset) if index.base in new else index

    return replace(
        factor,
        indices=tuple(map(at, factor.indices)),
        inside=tuple(tuple(_put_in(term, new) for term in poly) for poly in factor.inside),
    )


def _put_in(term: Term, new: Mapping[str, Index]) -> Term:
    own = {name for name, _ in term.bound}
    outer = {base: index for base, index in new.items() if base not in own}
    return replace(term, factors=tuple(put(factor, outer) for factor in term.factors))


def indices_of(poly: Poly) -> Iterator[Index]:
    """Every index that stands somewhere in it."""
    for term in poly:
        for factor in term.factors:
            yield from factor.indices
            for inner in factor.inside:
                yield from indices_of(inner)


def free_in(poly: Poly) -> set[Index]:
    """The indices that are not bound in it."""
    return {
        index
        for term in poly
        for factor in term.factors
        for index in (*factor.indices, *(i for inner in factor.inside for i in free_in(inner)))
        if index.base not in {name for name, _ in term.bound}
    }


# --- what is settled at once -----------------------------------------------------------------------------------------


def settled(term: Term) -> Term | None:
    """δ worked out, equal factors as powers, sums over nothing as sizes; None where the term is 0. Raises NoRule."""
    without = _without_deltas(term)
    if without is None:
        return None
    coefficient, powers = without.coefficient, defaultdict[Factor, int](int)
    for factor in without.factors:
        if factor.kind == "index" and not factor.indices[0].base:
            if not factor.indices[0].offset and factor.power < 0:
                raise NoRule("a division by zero")
            coefficient *= Fraction(factor.indices[0].offset) ** factor.power
        else:
            powers[replace(factor, power=1)] += factor.power
    used = {i.base for f in powers for i in (*f.indices, *(i for poly in f.inside for i in free_in(poly)))}
    for name, size in without.bound:
        if name not in used and isinstance(size, int):
            coefficient *= size
        elif name not in used:
            powers[Factor("index", indices=(Index(str(size)),))] += 1
    bound = tuple((name, size) for name, size in without.bound if name in used)
    factors = tuple(replace(f, power=p) for f, p in powers.items() if p)
    return Term(coefficient, bound, factors) if coefficient else None


def _without_deltas(term: Term) -> Term | None:
    """A bound index of a δ is the other one; of two free ones, one stands for both elsewhere."""
    bound, factors = dict(term.bound), list(term.factors)
    kept: list[Factor] = []
    while (found := next((f for f in factors if f.kind == "delta"), None)) is not None:
        factors.remove(found)
        a, b = found.indices
        if a.base == b.base:
            if a != b:
                return None
            continue
        pair = next(((i, j) for i, j in ((a, b), (b, a)) if _goes(i, j, bound)), None)
        if pair is not None:
            name, other = pair
            del bound[name.base]
            factors, kept = ([put(f, {name.base: other}) for f in part] for part in (factors, kept))
            continue
        low, high = sorted((a, b), key=lambda i: (i.base, i.offset))
        kept.append(replace(found, indices=(low, high)))
        if not {low.base, high.base} & bound.keys() and not low.base and high.base:
            factors = [put(f, {high.base: low.plus(-high.offset)}) for f in factors]
    return Term(term.coefficient, tuple(bound.items()), (*factors, *dict.fromkeys(kept)))


def _goes(name: Index, other: Index, bound: Mapping[str, Dimension]) -> bool:
    """Whether a bound index of a δ may be replaced by the other: both run over the same."""
    if name.base not in bound or name.offset or (other.offset and other.base):
        return False
    return other.base not in bound or bound[other.base] == bound[name.base]
