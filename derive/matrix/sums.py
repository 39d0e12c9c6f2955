"""The ways to write a sum: as collected, common factors taken out, multiplied out; the shortest wins."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import combinations
from math import gcd, lcm

from derive.matrix.atoms import Monomial, Scalars, identity, is_scalar
from derive.matrix.build import collected_terms, diag, product
from derive.matrix.cost import cost
from derive.matrix.expand import expanded
from derive.matrix.hadamard import Entrywise, apart, put, together
from derive.matrix.keys import key, scalar_key
from derive.matrix.monomials import combined, join, split
from derive.matrix.nodes import Shape
from derive.matrix.recognise import diagonal_of
from derive.matrix.shapes import shape_of
from derive.matrix.signs import in_order, put_signed, signed
from derive.tree import ZERO, Node, Quotient, Sum, walk

MAX_GROUPED = 6
MAX_LONGER = 3  # times as many terms when multiplied out: no shorter form comes of it


@dataclass(frozen=True)
class Manner:
    """What the author wrote, which stays as it is, and which identities and ones a result may bring in (by size)."""

    kept: frozenset[Node] = frozenset()
    units: frozenset[Shape] = frozenset()
    ones: frozenset[Shape] = frozenset()


class Sums:
    """The ways to write a sum; the shortest wins, and a factored one may be a little longer."""

    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self.done: dict[tuple[Node, ...], Node] = {}

    def shortest(self, terms: Sequence[Node]) -> Node:
        """The shortest way to write a sum."""
        name = tuple(terms)
        found = self.done.get(name)
        if found is None:
            found = self.done[name] = self._shortest(terms)
        return found

    def _shortest(self, terms: Sequence[Node]) -> Node:
        parts = self.one_diagonal(collected_terms(terms))
        options = self.ways(parts)
        multiplied = expanded(terms)
        if multiplied is not None and len(multiplied) <= MAX_LONGER * len(parts):
            options += self.ways(self.one_diagonal(multiplied))
        return min(options, key=lambda option: option[1])[0]

    def one_diagonal(self, parts: list[Monomial]) -> list[Monomial]:
        """diag(u) + c diag(v) as diag(u + c v)."""
        held = [(part, u) for part in parts if len(part.word) == 1 and (u := diagonal_of(part.word[0])) is not None]
        if len(held) < 2:
            return parts
        whole = diag(self.shortest([product(join(replace(part, word=())), u) for part, u in held]))
        first = next(index for index, part in enumerate(parts) if part is held[0][0])
        rest = [part for part in parts if not any(part is other for other, _ in held)]
        return collected_terms([*map(join, rest[:first]), whole, *map(join, rest[first:])])

    def ways(self, parts: list[Monomial]) -> list[tuple[Node, float]]:
        """A sum of monomials in its ways, with their costs."""
        if len(parts) < 2:
            node = signed(parts[0]) if parts else ZERO
            return [(node, cost(node))]
        plain = in_order([join(part) for part in parts])
        options = [(plain, float(cost(plain)))]
        forms = (
            self.factored(parts),
            self.factored(parts, numbers=False),
            self.grouped(parts),
            self.entrywise_factored(parts),
        )
        options += [(form, cost(form) - 1.5 + _nesting(form)) for form in forms if form is not None]
        return options

    def factored(self, parts: Sequence[Monomial], *, numbers: bool = True) -> Node | None:
        """What all terms share, in front of or behind a sum of the rest; None where they share nothing."""
        content = _content([part.coefficient for part in parts]) if numbers else Fraction(1)
        scalars = _common_scalars([part.scalars for part in parts])
        left, right = self.common_ends([list(part.word) for part in parts])
        if content == 1 and not scalars and not left and not right:
            return None
        shared = {scalar_key(base): exponent for base, exponent in scalars}
        rest = []
        for part in parts:
            word = part.word[len(left) : len(part.word) - len(right)]
            loose = [(base, exponent - shared.get(scalar_key(base), Fraction(0))) for base, exponent in part.scalars]
            rest.append(Monomial(part.coefficient / content, tuple(pair for pair in loose if pair[1]), word))
        if any(part.word for part in rest):
            size = shape_of(left[-1])[1] if left else shape_of(right[0])[0] if right else 1
            unit = () if size == 1 else (identity(size),)
            rest = [part if part.word else replace(part, word=unit) for part in rest]
        body = self.shortest([join(part) for part in rest])
        front = Monomial(content, scalars)
        return signed(combined([front, Monomial(word=tuple(left)), split(body), Monomial(word=tuple(right))]))

    def common_ends(self, words: list[list[Node]]) -> tuple[list[Node], list[Node]]:
        """The first and last factors that all words share; a whole word only where its rest may be an identity."""
        keys = [[key(item) for item in word] for word in words]
        least = min(len(word) for word in words)
        most = max(len(word) for word in words)
        if least and least < most:
            word = min(words, key=len)
            ends = {(shape_of(word[0])[0],) * 2, (shape_of(word[-1])[1],) * 2}
            if not ends & self.manner.units:
                least -= 1
        ahead = 0
        while ahead < least and all(word[ahead] == keys[0][ahead] for word in keys):
            ahead += 1
        behind = 0
        while behind < least - ahead and all(word[-1 - behind] == keys[0][-1 - behind] for word in keys):
            behind += 1
        return words[0][:ahead], words[0][len(words[0]) - behind :]

    def grouped(self, parts: Sequence[Monomial]) -> Node | None:
        """Three terms or more: the two that gain most are factored, then two again."""
        if not 3 <= len(parts) <= MAX_GROUPED:
            return None
        left = list(parts)
        while len(left) > 1:
            gains = [
                (cost(join(a)) + cost(join(b)) - cost(form), i, j, form)
                for (i, a), (j, b) in combinations(enumerate(left), 2)
                if _share_an_end(a, b) and (form := self.factored([a, b])) is not None
            ]
            best = max(gains, key=lambda gain: gain[0], default=None)
            if best is None or best[0] < 0:
                break
            _, i, j, form = best
            left = [*left[:i], split(form), *left[i + 1 : j], *left[j + 1 :]]
        return None if len(left) == len(parts) else in_order([join(part) for part in left])

    def entrywise_factored(self, parts: Sequence[Monomial]) -> Node | None:
        """p ⊙ u − p ⊙ v as p ⊙ (u − v)."""
        nodes = [join(part) for part in parts]
        if is_scalar(nodes[0]):
            return None
        wholes = [apart(node) for node in nodes]
        common = _common_parts(wholes)
        shape = wholes[0].shape
        if not common or all(len(whole.parts) == 1 for whole in wholes):
            return None
        inverse = Entrywise(shape, parts=tuple((part, -e) for part, e in common))
        rests = [together([whole, inverse]) for whole in wholes]
        if shape not in self.manner.ones and any(not rest.parts for rest in rests):
            return None
        rest = self.shortest([put(rest) for rest in rests])
        return put_signed(together([apart(rest), Entrywise(shape, parts=tuple(common))]))


def _nesting(form: Node) -> int:
    """A fraction over or in a sum of scalar fractions reads badly."""
    return (
        4 if is_scalar(form) and any(isinstance(n, Quotient) and _in_fractions(n.numerator) for n in walk(form)) else 0
    )


def _in_fractions(top: Node) -> bool:
    return isinstance(top, Sum) and any(isinstance(part, Quotient) for term in top.terms for part in walk(term))


def _share_an_end(a: Monomial, b: Monomial) -> bool:
    return bool(a.word and b.word) and (key(a.word[0]) == key(b.word[0]) or key(a.word[-1]) == key(b.word[-1]))


def _content(numbers: Sequence[Fraction]) -> Fraction:
    top = reduce(gcd, (abs(n.numerator) for n in numbers))
    bottom = reduce(lcm, (n.denominator for n in numbers))
    sign = -1 if all(n < 0 for n in numbers) else 1
    return Fraction(sign * top, bottom)


def _common(all_pairs: Sequence[Scalars], name_of: Callable[[Node], Hashable]) -> Scalars:
    """The powers that every list of powers holds."""
    found = []
    for base, _ in all_pairs[0]:
        name = name_of(base)
        exponents = [next((e for b, e in pairs if name_of(b) == name), Fraction(0)) for pairs in all_pairs]
        if all(e > 0 for e in exponents):
            found.append((base, min(exponents)))
        elif all(e < 0 for e in exponents):
            found.append((base, max(exponents)))
    return tuple(found)


def _common_scalars(all_scalars: Sequence[Scalars]) -> Scalars:
    return _common(all_scalars, scalar_key)


def _common_parts(wholes: Sequence[Entrywise]) -> Scalars:
    return _common([whole.parts for whole in wholes], key)
