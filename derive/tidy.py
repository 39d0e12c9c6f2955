"""What a book never prints: 2/2, p + (-1) y, w σ w, x · x^{x−1}. Factors are gathered, terms added, nothing is expanded."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from derive.tree import (
    ONE,
    ZERO,
    Call,
    Derivative,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    number,
    times,
    total,
    transform,
)

MAX_EXPONENT = 20  # of a number that is multiplied out


def tidied(tree: Node) -> Node:
    """The tree with the factors of every product and the terms of every sum gathered. Raises ZeroDivisionError."""
    return tree if tree.has_array else transform(tree, _tidy)


def _tidy(node: Node) -> Node | None:
    if isinstance(node, Product | Quotient | Negative):
        return _Factors.of(node).tree()
    if isinstance(node, Power) and isinstance(node.base, Number | Power):
        return _Factors.of(node).tree()
    if isinstance(node, Sum):
        return _sum(node)
    return None


@dataclass
class _Factors:
    """scale · Π base^(count · symbolic + whole), in the order first met; count 0 where the exponent is a whole number."""

    scale: Fraction = Fraction(1)
    powers: dict[tuple[Node, Node | None], tuple[int, int]] = field(default_factory=dict)  # count, whole

    @classmethod
    def of(cls, node: Node) -> _Factors:
        factors = cls()
        factors.take(node, 1)
        return factors

    def take(self, node: Node, sign: int) -> None:
        """Multiply by the node, or divide by it where `sign` is −1."""
        if isinstance(node, Number):
            self.scale *= node.value**sign
        elif isinstance(node, Negative):
            self.scale = -self.scale
            self.take(node.operand, sign)
        elif isinstance(node, Product):
            for factor in node.factors:
                self.take(factor, sign)
        elif isinstance(node, Quotient):
            self.take(node.numerator, sign)
            self.take(node.denominator, -sign)
        else:
            base, symbolic, count, whole = _power(node)
            self.add(base, symbolic, count * sign, whole * sign)

    def add(self, base: Node, symbolic: Node | None, count: int, whole: int) -> None:
        """Powers of one base join; x and x^x only where x^{x−1} leaves something to cancel."""
        if isinstance(base, Number) and symbolic is None and abs(whole) <= MAX_EXPONENT:
            self.scale *= base.value**whole
            return
        for (known, other), (times_met, met) in list(self.powers.items()):
            if known == base and (other is None) != (symbolic is None) and whole * met < 0:
                del self.powers[(known, other)]
                symbolic, count, whole = symbolic or other, count + times_met, whole + met
        times_met, met = self.powers.pop((base, symbolic), (0, 0))
        count, whole = count + times_met, whole + met
        if symbolic is not None and count == 0:
            self.add(base, None, 0, whole)
        else:
            self.powers[(base, symbolic)] = (count, whole)

    def tree(self) -> Node:
        """Number, names, brackets, functions; what has a negative exponent below the bar."""
        if self.scale == 0:
            return ZERO
        above: list[Node] = []
        below: list[Node] = []
        for (base, symbolic), (count, whole) in self.powers.items():
            side, sign = (below, -1) if (count or whole) < 0 else (above, 1)
            if symbolic is not None:
                side.append(_with_exponent(base, symbolic, count * sign, whole * sign))
            elif whole:
                side.append(_raised(base, whole * sign))
        size = abs(self.scale)
        top = times(_numbered(size.numerator, above))
        bottom = times(_numbered(size.denominator, below))
        whole_tree = top if bottom == ONE else Quotient(top, bottom)
        return Negative(whole_tree) if self.scale < 0 else whole_tree


def _numbered(value: int, factors: list[Node]) -> list[Node]:
    ordered = sorted(factors, key=_rank)
    return [number(value), *ordered] if value != 1 or not ordered else ordered


def _rank(node: Node) -> int:
    base = node.base if isinstance(node, Power) else node
    return 0 if isinstance(base, Name) else 3 if isinstance(base, Derivative) else 2 if isinstance(base, Call) else 1


def _power(node: Node) -> tuple[Node, Node | None, int, int]:
    """base, v, m, n of base^(m v + n); v None and m 0 where the exponent is a whole number."""
    if not isinstance(node, Power):
        return node, None, 0, 1
    value = _whole(node.exponent)
    if value is not None:
        base, symbolic, count, whole = _power(node.base)
        return base, symbolic, count * value, whole * value
    if isinstance(node.exponent, Sum):
        numbers = [term for term in node.exponent.terms if _whole(term) is not None]
        others = [term for term in node.exponent.terms if _whole(term) is None]
        if numbers and others:
            return node.base, total(others), 1, sum(_whole(term) or 0 for term in numbers)
    return node.base, node.exponent, 1, 0


def _whole(node: Node) -> int | None:
    """The value of a whole number, if this is one."""
    if isinstance(node, Negative):
        value = _whole(node.operand)
        return None if value is None else -value
    if isinstance(node, Number) and node.value.denominator == 1 and abs(node.value) < 10_000:
        return int(node.value)
    return None


def _raised(base: Node, exponent: int) -> Node:
    return base if exponent == 1 else Power(base, number(exponent))


def _with_exponent(base: Node, symbolic: Node, count: int, whole: int) -> Node:
    """(base^(v + n))^m where that is the power meant, else base^(m v + n); m > 0."""
    if whole % count:
        return Power(base, _plus(_Factors.of(Product((number(count), symbolic))).tree(), whole))
    return _raised(Power(base, _plus(symbolic, whole // count)), count)


def _plus(tree: Node, whole: int) -> Node:
    if not whole:
        return tree
    return Sum((*(tree.terms if isinstance(tree, Sum) else (tree,)), number(whole)))


def _sum(node: Sum) -> Node:
    """Terms that differ by a number only are added."""
    terms: dict[Node, Fraction] = {}
    for term in _flat(node):
        factors = _Factors.of(term)
        scale, factors.scale = factors.scale, Fraction(1)
        rest = factors.tree() if scale else ONE
        terms[rest] = terms.get(rest, Fraction(0)) + scale
    return total([_Factors.of(Product((number(scale), rest))).tree() for rest, scale in terms.items() if scale])


def _flat(node: Sum) -> list[Node]:
    flat: list[Node] = []
    for term in node.terms:
        flat.extend(_flat(term) if isinstance(term, Sum) else [term])
    return flat
