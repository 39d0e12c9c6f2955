"""The form a book prints: equal words collected, common factors taken out, signs and numbers in front.

Of a sum there are several ways to write it: as collected, with common first or last factors taken out, multiplied out and
collected again. The shortest wins, by the count of its signs. Every rewrite keeps the value, for all sizes, wherever the
formula before has one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import combinations
from math import gcd, lcm

from derive.matrix.build import (
    Monomial,
    Scalars,
    collected_terms,
    combined,
    diag,
    flat_terms,
    identity,
    is_scalar,
    join,
    key,
    negative,
    product,
    scalar_key,
    split,
    trace,
    transpose,
)
from derive.matrix.cost import cost
from derive.matrix.hadamard import Entrywise, apart, put, together
from derive.matrix.nodes import EntrywisePower, EntrywiseQuotient, Hadamard, Kronecker, Shape
from derive.matrix.recognise import diagonal_of, in_entrywise, in_monomial
from derive.matrix.shapes import shape_of
from derive.tree import (
    ZERO,
    Binder,
    Call,
    Negative,
    Node,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Transpose,
    total,
    walk,
)

MAX_PASSES = 5
MAX_GROUPED = 6
MAX_LONGER = 3  # times as many terms when multiplied out: no shorter form comes of it
MAX_TERMS = 40  # of a sum that is multiplied out
_PRODUCTS = (Product, Quotient, Negative, Power, Transpose, Root)
_ENTRYWISE = (Hadamard, EntrywiseQuotient, EntrywisePower)


@dataclass(frozen=True)
class Manner:
    """What the author wrote, which stays as it is, and which identities and ones a result may bring in (by size)."""

    kept: frozenset[Node] = frozenset()
    units: frozenset[Shape] = frozenset()
    ones: frozenset[Shape] = frozenset()


def collected(node: Node, manner: Manner = Manner()) -> Node:
    """The node in its shortest form."""
    for _ in range(MAX_PASSES):
        before, node = node, _Collector(manner).of(node)
        if node == before:
            break
    return node


class _Collector:
    """One pass over a tree, operands first; a part that occurs twice is done once."""

    def __init__(self, manner: Manner) -> None:
        self.done: dict[Node, Node] = {}
        self.manner = manner
        self.sums = Sums(manner)

    def of(self, node: Node) -> Node:
        if not node.children or node in self.manner.kept:
            return node
        found = self.done.get(node)
        if found is None:
            found = self.done[node] = self._of(node)
        return found

    def _of(self, node: Node) -> Node:
        if isinstance(node, Sum):
            return self.sums.shortest([self.of(term) for term in flat_terms(node.terms)])
        if isinstance(node, _PRODUCTS):
            part = split(node)
            if part == Monomial(word=(node,)) or (
                part == Monomial(scalars=((node, Fraction(1)),)) and not isinstance(node, Product)
            ):
                return node.rebuilt(tuple(self.of(child) for child in node.children))
            return self._monomial(part)
        if isinstance(node, _ENTRYWISE) and not is_scalar(node):
            return self._entrywise(apart(node))
        changed = node.rebuilt(tuple(self._shaped(child) for child in node.children))
        match changed:
            case Call(function="tr", arguments=(inner,)):
                return trace(inner)
            case Kronecker(factors=factors):
                return Kronecker(tuple(map(_turned_whole, factors)))
            case Binder(kind="sum", index=index, bounds=bounds, body=body):
                return _constants_out(index, bounds, body)
        return changed

    def _shaped(self, child: Node) -> Node:
        """The child in its short form; an array that is 0 stays as it is, for 0 alone has no shape."""
        found = self.of(child)
        return child if found == ZERO and not is_scalar(child) else found

    def _monomial(self, part: Monomial) -> Node:
        if not part.coefficient:
            return ZERO
        pieces = [Monomial(part.coefficient)]
        for base, exponent in part.scalars:
            changed = self._base(base)
            if exponent.denominator == 1 and changed != base:
                inner = split(changed)
                if inner.coefficient or exponent > 0:
                    pieces.append(_raised(inner, exponent))
                    continue
            pieces.append(Monomial(scalars=((changed, exponent),)))
        pieces += [split(self.of(item)) for item in part.word]
        return _signed(in_monomial(combined(pieces)))

    def _base(self, base: Node) -> Node:
        if isinstance(base, Product):  # a 1×1 word is one scalar factor
            return product(*(self.of(factor) for factor in base.factors))
        return self.of(base)

    def _entrywise(self, whole: Entrywise) -> Node:
        factors = [Entrywise(whole.shape, whole.coefficient, whole.scalars)]
        for part, exponent in whole.parts:
            inner = apart(self.of(part) if not isinstance(part, _ENTRYWISE) else part)
            factors.append(_power_of(inner, exponent))
        return put_signed(in_entrywise(together(factors)))


def _raised(part: Monomial, exponent: Fraction) -> Monomial:
    return Monomial(part.coefficient ** int(exponent), tuple((b, e * exponent) for b, e in part.scalars))


def _power_of(inner: Entrywise, exponent: Fraction) -> Entrywise:
    from derive.matrix.hadamard import to_power

    plain = exponent.denominator == 1 or (inner.coefficient == 1 and not inner.scalars and len(inner.parts) == 1)
    if plain and (inner.coefficient or exponent > 0):
        return to_power(inner, exponent)
    return Entrywise(inner.shape, parts=((put(inner), exponent),))


def put_signed(whole: Entrywise) -> Node:
    """A negative entrywise product takes its sign into a difference."""
    if whole.coefficient < 0:
        for index, (part, exponent) in enumerate(whole.parts):
            if exponent == 1 and isinstance(part, Sum) and _turns_well(part):
                parts = (*whole.parts[:index], (turned(part), exponent), *whole.parts[index + 1 :])
                return put(replace(whole, coefficient=-whole.coefficient, parts=parts))
    return put(whole)


def _turned_whole(factor: Node) -> Node:
    """CᵀBᵀ as (BC)ᵀ, where it stands in brackets anyway."""
    if isinstance(factor, Product) and all(isinstance(item, Transpose) for item in factor.factors):
        return Transpose(product(*(transpose(item) for item in reversed(factor.factors))))
    return factor


def _constants_out(index: str, bounds: tuple[Node, ...], body: Node) -> Node:
    """Σ c u_i = c Σ u_i: what does not depend on the index stands before or after the sum."""
    part = split(body)
    loose = tuple(pair for pair in part.scalars if index not in pair[0].names)
    bound = tuple(pair for pair in part.scalars if index in pair[0].names)
    word = list(part.word)
    left: list[Node] = []
    while word and index not in word[0].names and len(word) > 1:
        left.append(word.pop(0))
    right: list[Node] = []
    while word and index not in word[-1].names and len(word) > 1:
        right.insert(0, word.pop())
    if not part.coefficient:
        return ZERO
    if bound and len(word) == 1 and index not in word[0].names:
        left.append(word.pop())
    inner = join(Monomial(scalars=bound, word=tuple(word)))
    return product(join(Monomial(part.coefficient, loose)), *left, Binder("sum", index, bounds, inner), *right)


# --- signs -----------------------------------------------------------------------------------------------------------


def _signed(part: Monomial) -> Node:
    """−P(A − B)Q as P(B − A)Q."""
    if part.coefficient < 0:
        for index, item in enumerate(part.word):
            inner = item.operand if isinstance(item, Transpose) else item
            if isinstance(inner, Sum) and _turns_well(inner):
                new = Transpose(turned(inner)) if isinstance(item, Transpose) else turned(inner)
                return join(
                    replace(
                        part, coefficient=-part.coefficient, word=(*part.word[:index], new, *part.word[index + 1 :])
                    )
                )
        for index, (base, exponent) in enumerate(part.scalars):
            if isinstance(base, Sum) and exponent == 1 and _turns_well(base):
                pair = (turned(base), exponent)
                return join(
                    replace(
                        part,
                        coefficient=-part.coefficient,
                        scalars=(*part.scalars[:index], pair, *part.scalars[index + 1 :]),
                    )
                )
    return join(part)


def _turns_well(node: Sum) -> bool:
    return any(isinstance(term, Negative) for term in node.terms)


def turned(node: Sum) -> Node:
    """−(A − B) as B − A."""
    return in_order([negative(term) for term in node.terms])


def in_order(terms: Sequence[Node]) -> Node:
    """A sum that begins with a positive term if it has one."""
    first = next((i for i, term in enumerate(terms) if not isinstance(term, Negative)), 0)
    return total([terms[first], *terms[:first], *terms[first + 1 :]]) if terms else ZERO


# --- sums ------------------------------------------------------------------------------------------------------------


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
            node = _signed(parts[0]) if parts else ZERO
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
        return _signed(combined([front, Monomial(word=tuple(left)), split(body), Monomial(word=tuple(right))]))

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


# --- multiplying out -------------------------------------------------------------------------------------------------


def expanded(terms: Sequence[Node]) -> list[Monomial] | None:
    """The terms multiplied out and collected; None where there is no sum inside, or too many terms."""
    found: list[Node] = []
    changed = False
    for term in flat_terms(terms):
        pieces = distributed(term)
        changed = changed or len(pieces) > 1
        found += pieces
        if len(found) > MAX_TERMS:
            return None
    return collected_terms(found) if changed else None


def distributed(term: Node) -> list[Node]:
    """One product, multiplied out over the sums among its factors."""
    part = split(term)
    choices: list[list[Node]] = [[join(Monomial(part.coefficient))]]
    for base, exponent in part.scalars:
        if exponent == 1 and isinstance(base, Sum):
            choices.append([piece for inner in flat_terms(base.terms) for piece in distributed(inner)])
        elif exponent == 1 and isinstance(base, Product):
            choices.append(_of_word(base.factors))
        else:
            choices.append([join(Monomial(scalars=((base, exponent),)))])
    choices += [_of_item(item) for item in part.word]
    count = reduce(lambda a, b: a * len(b), choices, 1)
    if count == 1 or count > MAX_TERMS:
        return [term]
    return _products(choices)


def _of_word(factors: Sequence[Node]) -> list[Node]:
    choices = [_of_item(factor) for factor in factors]
    if reduce(lambda a, b: a * len(b), choices, 1) > MAX_TERMS:
        return [product(*factors)]
    return _products(choices)


def _products(choices: list[list[Node]]) -> list[Node]:
    rows: list[list[Node]] = [[]]
    for choice in choices:
        rows = [[*row, piece] for row in rows for piece in choice]
    return [product(*row) for row in rows]


def _of_item(item: Node) -> list[Node]:
    match item:
        case Sum(terms=terms):
            return [piece for term in flat_terms(terms) for piece in distributed(term)]
        case Transpose(operand=Sum(terms=terms)):
            return [
                piece
                for term in flat_terms(terms)
                for piece in distributed(Transpose(term) if not is_scalar(term) else term)
            ]
        case Hadamard() | EntrywiseQuotient():
            whole = apart(item)
            choices: list[list[Entrywise]] = [[Entrywise(whole.shape, whole.coefficient, whole.scalars)]]
            for node, exponent in whole.parts:
                if exponent == 1 and isinstance(node, Sum):
                    choices.append([apart(piece) for piece in _of_item(node)])
                else:
                    choices.append([Entrywise(whole.shape, parts=((node, exponent),))])
            if reduce(lambda a, b: a * len(b), choices, 1) in range(2, MAX_TERMS):
                rows: list[list[Entrywise]] = [[]]
                for choice in choices:
                    rows = [[*row, piece] for row in rows for piece in choice]
                return [put(together(row)) for row in rows]
    return [item]
