"""The form a book prints: equal words collected, common factors taken out, signs and numbers in front.

Of a sum there are several ways to write it: as collected, with common first or last factors taken out, multiplied out and
collected again. The shortest wins, by the count of its signs. Every rewrite keeps the value, for all sizes, wherever the
formula before has one.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

from derive.matrix.build import (
    Monomial,
    Scalars,
    collected_terms,
    combined,
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
)
from derive.matrix.cost import cost
from derive.matrix.hadamard import Entrywise, apart, put, together
from derive.matrix.nodes import EntrywisePower, EntrywiseQuotient, Hadamard
from derive.matrix.recognise import in_entrywise, in_monomial
from derive.matrix.shapes import shape_of
from derive.tree import (
    ONE,
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
)

MAX_PASSES = 5
MAX_TERMS = 40  # of a sum that is multiplied out
_PRODUCTS = (Product, Quotient, Negative, Power, Transpose, Root)
_ENTRYWISE = (Hadamard, EntrywiseQuotient, EntrywisePower)


def collected(node: Node) -> Node:
    """The node in its shortest form."""
    for _ in range(MAX_PASSES):
        before, node = node, _Collector().of(node)
        if node == before:
            break
    return node


class _Collector:
    """One pass over a tree, operands first; a part that occurs twice is done once."""

    def __init__(self) -> None:
        self.done: dict[Node, Node] = {}

    def of(self, node: Node) -> Node:
        if not node.children:
            return node
        found = self.done.get(node)
        if found is None:
            found = self.done[node] = self._of(node)
        return found

    def _of(self, node: Node) -> Node:
        if isinstance(node, Sum):
            return shortest_sum([self.of(term) for term in flat_terms(node.terms)])
        if isinstance(node, _PRODUCTS):
            part = split(node)
            if part == Monomial(word=(node,)) or (
                part == Monomial(scalars=((node, Fraction(1)),)) and not isinstance(node, Product)
            ):
                return node.rebuilt(tuple(self.of(child) for child in node.children))
            return self._monomial(part)
        if isinstance(node, _ENTRYWISE) and not is_scalar(node):
            return self._entrywise(apart(node))
        changed = node.rebuilt(tuple(self.of(child) for child in node.children))
        match changed:
            case Call(function="tr", arguments=(inner,)):
                return trace(inner)
            case Binder(kind="sum", index=index, bounds=bounds, body=body):
                return _constants_out(index, bounds, body)
        return changed

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
    inner = join(Monomial(scalars=bound, word=tuple(word)))
    if not part.coefficient:
        return ZERO
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


def shortest_sum(terms: Sequence[Node]) -> Node:
    """The shortest way to write a sum."""
    parts = collected_terms(terms)
    options = _written(parts)
    multiplied = expanded(terms)
    if multiplied is not None:
        options += _written(multiplied)
    return min(options, key=lambda option: option[1])[0]


def _written(parts: list[Monomial]) -> list[tuple[Node, float]]:
    """A sum of monomials in its ways, with their costs; a factored form may be a little longer."""
    if len(parts) < 2:
        node = _signed(parts[0]) if parts else ZERO
        return [(node, cost(node))]
    plain = in_order([join(part) for part in parts])
    options = [(plain, float(cost(plain)))]
    forms = (factored(parts), factored(parts, numbers=False), *_grouped(parts), _entrywise_factored(parts))
    options += [(form, cost(form) - 1.5) for form in forms if form is not None]
    return options


def factored(parts: Sequence[Monomial], *, numbers: bool = True) -> Node | None:
    """What all terms share, in front of or behind a sum of the rest; None where they share nothing."""
    content = _content([part.coefficient for part in parts]) if numbers else Fraction(1)
    scalars = _common_scalars([part.scalars for part in parts])
    words = [list(part.word) for part in parts]
    left, right = _common_ends(words)
    if content == 1 and not scalars and not left and not right:
        return None
    rest = []
    shared = {scalar_key(base): exponent for base, exponent in scalars}
    for part in parts:
        word = part.word[len(left) : len(part.word) - len(right)]
        loose = [(base, exponent - shared.get(scalar_key(base), Fraction(0))) for base, exponent in part.scalars]
        kept = tuple(pair for pair in loose if pair[1])
        rest.append((Monomial(part.coefficient / content, kept, word), part))
    everything = all(not part.word for part, _ in rest)
    bodies = []
    for part, _ in rest:
        if not part.word and not everything:
            size = shape_of(left[-1])[1] if left else shape_of(right[0])[0]
            unit = identity(size)
            part = replace(part, word=(unit,) if unit != ONE else ())
        bodies.append(join(part))
    body = shortest_sum(bodies)
    if body == ZERO:
        return ZERO
    front = Monomial(content, scalars)
    return _signed(combined([front, Monomial(word=tuple(left)), split(body), Monomial(word=tuple(right))]))


def _content(numbers: Sequence[Fraction]) -> Fraction:
    top = reduce(gcd, (abs(n.numerator) for n in numbers))
    bottom = reduce(lcm, (n.denominator for n in numbers))
    sign = -1 if all(n < 0 for n in numbers) else 1
    return Fraction(sign * top, bottom)


def _common_scalars(all_scalars: Sequence[Scalars]) -> Scalars:
    found = []
    for base, _ in all_scalars[0]:
        name = scalar_key(base)
        exponents = [next((e for b, e in scalars if scalar_key(b) == name), Fraction(0)) for scalars in all_scalars]
        if all(e > 0 for e in exponents):
            found.append((base, min(exponents)))
        elif all(e < 0 for e in exponents):
            found.append((base, max(exponents)))
    return tuple(found)


def _common_ends(words: list[list[Node]]) -> tuple[list[Node], list[Node]]:
    keys = [[key(item) for item in word] for word in words]
    shortest = min(len(word) for word in words)
    ahead = 0
    while ahead < shortest and all(word[ahead] == keys[0][ahead] for word in keys):
        ahead += 1
    behind = 0
    while behind < shortest - ahead and all(word[-1 - behind] == keys[0][-1 - behind] for word in keys):
        behind += 1
    return words[0][:ahead], words[0][len(words[0]) - behind :]


def _grouped(parts: Sequence[Monomial]) -> list[Node]:
    """Groups of terms with the same first, or the same last factor, each group factored."""
    if len(parts) < 3:
        return []
    found = []
    for place in (0, -1):
        groups: dict[Hashable, list[Monomial]] = {}
        for index, part in enumerate(parts):
            groups.setdefault(key(part.word[place]) if part.word else ("alone", index), []).append(part)
        if 1 < len(groups) < len(parts):
            done = [
                factored(group) or total([join(p) for p in group]) if len(group) > 1 else join(group[0])
                for group in groups.values()
            ]
            found.append(in_order(flat_terms(done)))
    return found


def _entrywise_factored(parts: Sequence[Monomial]) -> Node | None:
    """p ⊙ u − p ⊙ v as p ⊙ (u − v)."""
    nodes = [join(part) for part in parts]
    if is_scalar(nodes[0]):
        return None
    wholes = [apart(node) for node in nodes]
    common = []
    for part, _ in wholes[0].parts:
        name = key(part)
        exponents = [next((e for p, e in whole.parts if key(p) == name), Fraction(0)) for whole in wholes]
        if all(e > 0 for e in exponents):
            common.append((part, min(exponents)))
        elif all(e < 0 for e in exponents):
            common.append((part, max(exponents)))
    if not common or all(len(whole.parts) == 1 for whole in wholes):
        return None
    inverse = Entrywise(wholes[0].shape, parts=tuple((part, -e) for part, e in common))
    rest = shortest_sum([put(together([whole, inverse])) for whole in wholes])
    return put_signed(together([apart(rest), Entrywise(wholes[0].shape, parts=tuple(common))]))


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
