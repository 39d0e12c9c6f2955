"""Sums over indices of products of entries → one spelling for one value: the smallest over all names of bound indices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import permutations, product

from derive.errors import TooLarge
from derive.matrix.index_terms import Factor, Poly, Term, indices_of, settled
from derive.matrix.nodes import Dimension

MAX_BOUND = 6  # indices a term is summed over
MAX_WORK = 60_000  # spellings tried
Order = tuple[tuple[str, Dimension], ...]


class Spelling:
    """Spells polynomials; the work done so far is counted."""

    def __init__(self) -> None:
        self._work = 0

    def collected(self, poly: Poly) -> Poly:
        """Terms of one spelling added, those that vanish left out. Raises TooLarge."""
        found: dict[str, Term] = {}
        sums: dict[str, Fraction] = defaultdict(Fraction)
        for term in poly:
            done = settled(term)
            if done is None:
                continue
            key = self.spelled_term(done, {})
            sums[key] += done.coefficient
            found.setdefault(key, done)
        return tuple(replace(found[key], coefficient=value) for key, value in sorted(sums.items()) if value)

    def spelled(self, poly: Poly, labels: Mapping[str, str]) -> str:
        """The spelling of a sum of terms; `labels` are the names of indices that are bound around it."""
        sums: dict[str, Fraction] = defaultdict(Fraction)
        for term in poly:
            done = settled(term)
            if done is not None:
                sums[self.spelled_term(done, labels)] += done.coefficient
        return " + ".join(f"{value} {key}" for key, value in sorted(sums.items()) if value)

    def spelled_term(self, term: Term, labels: Mapping[str, str]) -> str:
        if len(term.bound) > MAX_BOUND:
            raise TooLarge(f"a sum over more than {MAX_BOUND} indices")
        best = ""
        for order in _orders(term):
            self._work += 1
            if self._work > MAX_WORK:
                raise TooLarge("sums over many indices that look alike")
            inner = {**labels, **{name: f"<{len(labels) + k}:{size}>" for k, (name, size) in enumerate(order)}}
            factors = "*".join(sorted(self.spelled_factor(factor, inner) for factor in term.factors))
            text = f"[{','.join(str(size) for _, size in order)}]{factors}"
            best = min(best, text) if best else text
        return best

    def spelled_factor(self, factor: Factor, labels: Mapping[str, str]) -> str:
        places = [f"{labels.get(i.base, i.base)}{i.offset:+d}" for i in factor.indices]
        if factor.turns:
            places.sort()
        inside = ";".join(self.spelled(poly, labels) for poly in factor.inside)
        return f"{factor.kind} {factor.key}[{','.join(places)}]({inside})^{factor.power}"


def _orders(term: Term) -> Iterator[Order]:
    """The bound indices in every order that their places in the factors leave open."""
    marks: dict[str, list[str]] = defaultdict(list)
    for factor in term.factors:
        for slot, index in enumerate(factor.indices):
            at = "" if factor.turns else str(slot)
            marks[index.base].append(f"{factor.kind} {factor.key} {at} {index.offset} {factor.power}")
        for index in {i for poly in factor.inside for i in indices_of(poly)}:
            marks[index.base].append(f"{factor.kind} {factor.key}")
    groups: dict[tuple[str, str], list[tuple[str, Dimension]]] = defaultdict(list)
    for name, size in term.bound:
        groups[(str(size), " ".join(sorted(marks[name])))].append((name, size))
    for chosen in product(*(permutations(groups[key]) for key in sorted(groups))):
        yield tuple(pair for group in chosen for pair in group)
