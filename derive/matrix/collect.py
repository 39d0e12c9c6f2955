"""The form a book prints: equal words collected, common factors taken out, signs and numbers in front.

Of a sum there are several ways to write it: as collected, with common first or last factors taken out, multiplied out and
collected again. The shortest wins, by the count of its signs. Every rewrite keeps the value, for all sizes, wherever the
formula before has one.
"""

from __future__ import annotations

from fractions import Fraction

from derive.matrix.atoms import Monomial, is_scalar
from derive.matrix.build import flat_terms, product, trace, transpose
from derive.matrix.hadamard import Entrywise, apart, put, together
from derive.matrix.monomials import combined, join, split
from derive.matrix.nodes import EntrywisePower, EntrywiseQuotient, Hadamard, Kronecker
from derive.matrix.recognise import in_entrywise, in_monomial
from derive.matrix.signs import put_signed, signed
from derive.matrix.sums import Manner, Sums
from derive.tree import ZERO, Binder, Call, Negative, Node, Power, Product, Quotient, Root, Sum, Transpose

MAX_PASSES = 5
NOTHING_KEPT = Manner()
_PRODUCTS = (Product, Quotient, Negative, Power, Transpose, Root)
_ENTRYWISE = (Hadamard, EntrywiseQuotient, EntrywisePower)


def collected(node: Node, manner: Manner = NOTHING_KEPT) -> Node:
    """The node in its shortest form."""
    for _ in range(MAX_PASSES):
        before, node = node, _Collector(manner).of(node)
        if node == before:
            _mark(node, manner)
            break
    return node


def _mark(node: Node, manner: Manner) -> None:
    """Note that nothing is left to collect: a cotangent that is passed on is collected once, not again at every name."""
    if vars(node).get("_collected") is manner:
        return
    vars(node)["_collected"] = manner
    for child in node.children:
        _mark(child, manner)


class _Collector:
    """One pass over a tree, operands first; a part that occurs twice is done once."""

    def __init__(self, manner: Manner) -> None:
        self.done: dict[Node, Node] = {}
        self.manner = manner
        self.sums = Sums(manner)

    def of(self, node: Node) -> Node:
        if not node.children or vars(node).get("_collected") is self.manner or node in self.manner.kept:
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
        return signed(in_monomial(combined(pieces)))

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
