"""Equality of algebraic constants, proven: a number that is not zero cannot be as small as the balls show it to be.

What is made of rationals by +, −, ·, /, roots, |·| and sines and cosines of rational multiples of π is a quotient α/β of
algebraic integers in a field of degree D. With u and l at least as large as every conjugate of α and β, the norm of α is
a whole number, so α/β is zero or

    |α/β| ≥ 1 / (u^(D−1) · l)

u and l follow the formula (Burnikel, Funke, Mehlhorn, Schirra, Schmitt: A separation bound for real algebraic
expressions, 2001); D is at most the product of the indices of the distinct roots and the degree of the field of cosines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, lcm, log2, prod

from flint import arb

from checks.decide.balls import Evaluator, precision
from checks.decide.claim import Claim
from checks.decide.elementary import Undefined
from checks.decide.separation import FAILURES
from checks.verdict import Verdict
from derive.normal import normal_form
from derive.rules import definition_of
from derive.tree import Absolute, Call, Constant, Negative, Node, Number, Power, Product, Quotient, Root, Sum

MAX_BITS = 200_000  # of precision
MAX_INDEX = 1_000  # of a root, and of the denominator of an angle
MAX_POWER = 1_000
SLACK = 64  # bits that rounding in the logarithms and in the evaluation may take


@dataclass(frozen=True, slots=True)
class Size:
    """Binary logarithms, not negative, of bounds on the conjugates of α and β."""

    top: float
    bottom: float


class NotAlgebraic(Exception):
    """Something is no rational number, root or angle that the bound knows."""


def by_root_bound(claim: Claim) -> Verdict | None:
    """A proof that two constants without names are the same algebraic number; None if there is none."""
    if claim.inputs or claim.is_complex or claim.general_functions:
        return None
    try:
        difference = claim.setting.named.expanded(Sum((claim.sides[0], Negative(claim.sides[1]))))
        bits = separation_bits(difference)
        if bits > MAX_BITS:
            return None
        with precision(2 * bits + SLACK):
            value = Evaluator({}, claim.setting.named, {})(difference)
            if not value.abs_upper() < arb(2) ** -bits:
                return None
    except (NotAlgebraic, Undefined, *FAILURES):
        return None
    apart = f"if they were different they would differ by more than 2^-{bits}, and they differ by less"
    return Verdict("proven", "root-bound", f"both sides are algebraic numbers; {apart}")


def separation_bits(tree: Node) -> int:
    """b such that the constant is zero or larger than 2^−b. Raises NotAlgebraic, TooLarge."""
    field_of = _Field()
    size = field_of.size(tree)
    return int(((field_of.degree() - 1) * size.top + size.bottom) * 1.001) + SLACK


@dataclass
class _Field:
    """The field a formula lives in, as its parts are looked at: roots with their indices, and a root of unity."""

    roots: dict[tuple[Node, int], None] = field(default_factory=dict)
    order: int = 1  # of the root of unity whose real part generates the cosines
    known: dict[Node, Size] = field(default_factory=dict)

    def degree(self) -> int:
        cosines = max(1, _totient(self.order) // 2)
        return cosines * prod(index for _, index in self.roots)

    def size(self, tree: Node) -> Size:
        if tree not in self.known:
            self.known[tree] = self._size(tree)
        return self.known[tree]

    def _size(self, tree: Node) -> Size:
        match tree:
            case Number(value=value):
                return Size(abs(value.numerator).bit_length(), value.denominator.bit_length())
            case Sum(terms=terms):
                return self._sum([self.size(term) for term in terms])
            case Product(factors=factors):
                sizes = [self.size(factor) for factor in factors]
                return Size(sum(s.top for s in sizes), sum(s.bottom for s in sizes))
            case Negative(operand=operand) | Absolute(operand=operand):
                return self.size(operand)
            case Quotient(numerator=numerator, denominator=denominator):
                top, bottom = self.size(numerator), self.size(denominator)
                return Size(top.top + bottom.bottom, top.bottom + bottom.top)
            case Root(radicand=radicand, index=index):
                return self._power(radicand, 1 / _rational(index) if index is not None else Fraction(1, 2))
            case Power(base=base, exponent=exponent):
                return self._power(base, _rational(exponent))
            case Call(function="sin" | "cos", arguments=(angle,), order=0):
                return self._cosine(angle, sine=tree.function == "sin")
            case Call(order=0):
                meaning = definition_of(tree)
                if meaning is not None:
                    return self.size(meaning)
        raise NotAlgebraic

    def _sum(self, sizes: list[Size]) -> Size:
        """α₁/β₁ + α₂/β₂ = (α₁β₂ + α₂β₁)/(β₁β₂)."""
        whole = sizes[0]
        for size in sizes[1:]:
            left, right = whole.top + size.bottom, size.top + whole.bottom
            high, low = max(left, right), min(left, right)
            whole = Size(high + log2(1 + 2.0 ** max(low - high, -1000.0)), whole.bottom + size.bottom)
        return whole

    def _power(self, base: Node, exponent: Fraction) -> Size:
        """(α/β)^(1/k) = (αβ^(k−1))^(1/k)/β, whichever of the k roots is meant; then the whole power."""
        size, index, power = self.size(base), exponent.denominator, exponent.numerator
        if index > MAX_INDEX or abs(power) > MAX_POWER:
            raise NotAlgebraic
        if index > 1:
            self.roots.setdefault((base, index))
            size = Size((size.top + (index - 1) * size.bottom) / index, size.bottom)
        if power < 0:
            size = Size(size.bottom, size.top)
        return Size(size.top * abs(power), size.bottom * abs(power))

    def _cosine(self, angle: Node, *, sine: bool) -> Size:
        """2cos(2πm/n) = ζ^m + ζ^(−m) is an algebraic integer, as are its conjugates between −2 and 2."""
        turns = _rational(Quotient(angle, Product((Number("2"), Constant("pi")))))
        if sine:
            turns = Fraction(1, 4) - turns
        if turns.denominator > MAX_INDEX:
            raise NotAlgebraic
        self.order = lcm(self.order, turns.denominator)
        return Size(1, 1)


def _rational(tree: Node) -> Fraction:
    value = tree.value if isinstance(tree, Number) else normal_form(tree).constant
    if value is None:
        raise NotAlgebraic
    return value


def _totient(n: int) -> int:
    return sum(1 for k in range(1, n + 1) if gcd(k, n) == 1) if n <= MAX_INDEX else n
