"""A tree → numerator and denominator over fixed kernels, brought below the relations of roots, |u| and sin."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from derive.errors import TooLarge
from derive.normal.angles import MAX_MULTIPLE, exact_angle, without_i
from derive.normal.binders import binder_key, written_out
from derive.normal.calls import meaning_of
from derive.normal.form import MAX_BITS, MAX_DEGREE, MAX_EXPONENT, MAX_TERMS, Form, Kernel, Key, Mode, normal_form
from derive.normal.laws import (
    absolute_split,
    binomial_size,
    call_key,
    exponent_of,
    exponent_terms,
    held_power,
    log_argument,
    log_split,
    named_index,
    power_key,
    rational_value,
    root_index,
    root_split,
    statement_key,
)
from derive.splitting import Split
from derive.tree import (
    ONE,
    Absolute,
    Binder,
    Call,
    Cases,
    Constant,
    Indicator,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    number,
    times,
)


class Fractions:
    """Fraction arithmetic over fixed kernels."""

    def __init__(self, kernels: tuple[Kernel, ...], mode: Mode) -> None:
        self.kernels, self.mode, self.opaque = kernels, mode, mode == "opaque"
        self.ring = fmpq_mpoly_ctx.get([f"k{i}" for i in range(len(kernels))] or ["k0"], Ordering.deglex)
        self.position = {kernel.key: index for index, kernel in enumerate(kernels)}
        self.generators = self.ring.gens()
        self.one = self.ring.constant(1)
        self.exponential_units = {k.key[1]: (k.key[2], k.key) for k in kernels if k.key[0] == "exp"}
        self.root_units = {k.key[2]: (k.key[1], k.key) for k in kernels if k.key[0] == "root"}
        self.known: dict[Node, tuple[Any, Any]] = {}  # a formula written out repeats its parts
        self.angle_units: dict[Key, list[Fraction]] = {}
        for k in kernels:
            if k.key[0] == "cos":
                self.angle_units.setdefault(k.key[1], []).append(k.key[2])

    def form(self, tree: Node) -> Form:
        return normal_form(tree, mode="real" if self.opaque else self.mode)

    # --- fractions ---------------------------------------------------------------------------------------------------

    def fraction(self, tree: Node) -> tuple[Any, Any]:
        """Numerator and denominator of a tree, as they come. Raises TooLarge, ZeroDivisionError."""
        if isinstance(tree, Name):
            return self.kernel(("name", tree.key))
        known = self.known.get(tree)
        if known is None:
            known = self.known[tree] = self._fraction(tree)
        return known

    def _fraction(self, tree: Node) -> tuple[Any, Any]:
        match tree:
            case Number(value=value):
                return self.constant(value)
            case Constant(name="infinity"):
                raise TooLarge("infinity is no number")
            case Constant(name="e") if not self.opaque:
                return self.exponential(ONE)
            case Constant(name=name):
                return self.kernel(("constant", name))
            case Sum(terms=terms):
                return self.sum([self.fraction(term) for term in terms])
            case Product(factors=factors):
                top, bottom = self.fraction(factors[0])
                for factor in factors[1:]:
                    top, bottom = self.multiply((top, bottom), self.fraction(factor))
                return top, bottom
            case Negative(operand=operand):
                top, bottom = self.fraction(operand)
                return -top, bottom
            case Quotient(numerator=numerator, denominator=denominator):
                return self.multiply(self.fraction(numerator), self.inverse(self.fraction(denominator)))
            case Power():
                return self.power_of(tree)
            case Root(radicand=radicand, index=Node() as index) if named_index(index, self.mode):
                return self.fraction(Power(radicand, Quotient(ONE, index)))
            case Root(radicand=radicand, index=index):
                return self.root(radicand, root_index(index, self.mode), 1)
            case Absolute(operand=operand) if self.mode != "real":
                return self.kernel(("abs", self.form(operand).key))
            case Absolute(operand=operand):
                split = absolute_split(operand)
                return self.with_atoms(split, lambda atom: ("abs", self.form(atom).key))
            case Call():
                return self.call(tree)
            case Binder():
                written = None if self.opaque else written_out(tree, self.mode)
                return self.kernel(binder_key(tree, self.mode)) if written is None else self.fraction(written)
            case Cases() | Indicator():
                return self.kernel(statement_key(tree, self.mode))
        raise TooLarge(f"a {type(tree).__name__} has no normal form")

    def call(self, tree: Call) -> tuple[Any, Any]:
        if self.opaque:
            return self.kernel(call_key(tree, self.mode))
        if tree.function == "exp" and not tree.order:
            return self.exponential(tree.arguments[0])
        if tree.function in {"sin", "cos"} and not tree.order:
            return self.trigonometric(tree.arguments[0])[tree.function == "cos"]
        meaning = meaning_of(tree, self.mode)
        if meaning is not None:
            return self.fraction(meaning)
        if tree.function == "log" and not tree.order:
            split = log_split(tree.arguments[0], self.mode)
            parts = [self.fraction(split.outside)]
            for argument, _, times_over in split.atoms:
                top, bottom = self.kernel(("log", self.form(argument).key))
                parts.append((top * times_over, bottom))
            return self.sum(parts)
        return self.kernel(call_key(tree, self.mode))

    def with_atoms(self, split: Split, key_of: Callable[[Node], Key]) -> tuple[Any, Any]:
        value = self.fraction(split.outside)
        for atom, _, power in split.atoms:
            value = self.multiply(value, self.power(self.kernel(key_of(atom)), power))
        return value

    def root(self, radicand: Node, index: int, power: int) -> tuple[Any, Any]:
        """(ⁿ√u)^k."""
        if self.opaque:
            return self.power(self.kernel(("root", index, self.form(radicand).key)), power)
        split = root_split(radicand, index, self.mode)
        value = self.power(self.fraction(split.outside), power)
        for tree, degree, inner in split.atoms:
            shared, key = self.root_units[self.form(tree).key]
            value = self.multiply(value, self.power(self.kernel(key), shared // degree * inner * power))
        return value

    def constant(self, value: Fraction) -> tuple[Any, Any]:
        if value.numerator.bit_length() > MAX_BITS or value.denominator.bit_length() > MAX_BITS:
            raise TooLarge("a number with too many digits")
        return self.ring.constant(fmpq(value.numerator, value.denominator)), self.one

    def kernel(self, key: Key) -> tuple[Any, Any]:
        return self.generators[self.position[key]], self.one

    def times(self, left: Any, right: Any) -> Any:
        if len(left) * len(right) > MAX_TERMS:
            raise TooLarge(f"more than {MAX_TERMS} terms")
        return left * right

    def multiply(self, left: tuple[Any, Any], right: tuple[Any, Any]) -> tuple[Any, Any]:
        bottom = left[1] if right[1] is self.one else right[1] if left[1] is self.one else self.times(left[1], right[1])
        return self.times(left[0], right[0]), bottom

    def sum(self, parts: list[tuple[Any, Any]]) -> tuple[Any, Any]:
        top, bottom = parts[0]
        for next_top, next_bottom in parts[1:]:
            if bottom is next_bottom or bottom == next_bottom:
                top = top + next_top
                continue
            common = bottom.gcd(next_bottom)
            left, right = next_bottom / common, bottom / common
            top = self.times(top, left) + self.times(next_top, right)
            bottom = self.times(bottom, left)
        return top, bottom

    def inverse(self, value: tuple[Any, Any]) -> tuple[Any, Any]:
        top, bottom = self.by_relations(value[0]), value[1]
        if top[0].is_zero():
            raise ZeroDivisionError("a denominator is identically zero")
        return self.times(bottom, top[1]), top[0]

    def power(self, value: tuple[Any, Any], exponent: int) -> tuple[Any, Any]:
        if abs(exponent) > MAX_EXPONENT and (len(value[0]) > 1 or len(value[1]) > 1):
            raise TooLarge(f"an exponent beyond {MAX_EXPONENT}")
        if exponent < 0:
            value, exponent = self.inverse(value), -exponent
        return tuple(self.raised(part, exponent) for part in value)

    def raised(self, part: Any, exponent: int) -> Any:
        if part is self.one or exponent == 1:
            return part
        if max(part.degrees(), default=0) * exponent > MAX_DEGREE:
            raise TooLarge(f"a degree beyond {MAX_DEGREE}")
        if len(part) > 1 and binomial_size(len(part), exponent) > MAX_TERMS:
            raise TooLarge(f"more than {MAX_TERMS} terms")
        bits = max([c.height_bits() for c in part.coeffs()], default=0)
        if bits * exponent > MAX_BITS and not (len(part) == 1 and bits == 1):
            raise TooLarge("a number with too many digits")
        return part**exponent

    def power_of(self, tree: Power) -> tuple[Any, Any]:
        exponent = rational_value(tree.exponent, self.mode)
        if exponent is None and self.opaque:
            return self.kernel(power_key(tree))
        if exponent is None:
            return self.exponential(exponent_of(tree, self.mode))
        if exponent.denominator != 1:
            return self.root(tree.base, exponent.denominator, exponent.numerator)
        held = held_power(tree.base, exponent.numerator, self.mode)
        if held is None:
            return self.power(self.fraction(tree.base), exponent.numerator)
        value = self.power(self.constant(held[0]), exponent.numerator)
        for part, direction in zip(held[1:], (1, -1), strict=True):
            kernel = self.kernel(("held", self.form(part).key))
            value = self.multiply(value, self.power(kernel, exponent.numerator * direction))
        return value

    def exponential(self, exponent: Node) -> tuple[Any, Any]:
        value: tuple[Any, Any] = (self.one, self.one)
        for key, tree, coefficient in exponent_terms(exponent, self.mode):
            logarithm = log_argument(tree)
            rotation = without_i(tree) if self.mode == "complex" else None
            if logarithm is not None:
                value = self.multiply(value, self.power_of(Power(logarithm, number(coefficient))))
                continue
            if rotation is not None:
                sine, cosine = self.trigonometric(times([number(coefficient), rotation]))
                turned = self.multiply(self.kernel(("constant", "i")), sine)
                value = self.multiply(value, self.sum([cosine, turned]))
                continue
            unit, kernel = self.exponential_units[key]
            value = self.multiply(value, self.power(self.kernel(kernel), int(coefficient / unit)))
        return value

    def trigonometric(self, argument: Node) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
        """Sine and cosine of a sum, by the addition theorem."""
        sine: tuple[Any, Any] = (self.ring.constant(0), self.one)
        cosine: tuple[Any, Any] = (self.one, self.one)
        for key, tree, coefficient in exponent_terms(argument, self.mode):
            s, c = self.multiple_angle(key, tree, coefficient)
            minus = self.multiply(sine, s)
            sine, cosine = (
                self.sum([self.multiply(sine, c), self.multiply(cosine, s)]),
                self.sum([self.multiply(cosine, c), (-minus[0], minus[1])]),
            )
        return sine, cosine

    def multiple_angle(self, key: Key, tree: Node, coefficient: Fraction) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
        """Sine and cosine of c·m as polynomials in those of one unit of m (Chebyshev's)."""
        exact = exact_angle(tree, coefficient)
        if exact is not None:
            return self.fraction(exact[0]), self.fraction(exact[1])
        unit = next(u for u in self.angle_units[key] if (coefficient / u).denominator == 1
                    and abs(coefficient / u) <= MAX_MULTIPLE)  # fmt: skip
        count = int(coefficient / unit)
        c, s = self.kernel(("cos", key, unit))[0], self.kernel(("sin", key, unit))[0]
        before, now = self.one, c  # T₀, T₁
        second_before, second = self.ring.constant(0), self.one  # U₋₁, U₀
        for _ in range(abs(count) - 1):
            before, now = now, 2 * c * now - before
            second_before, second = second, 2 * c * second - second_before
        return (s * second if count > 0 else -s * second, self.one), (now, self.one)

    # --- relations and reduction -------------------------------------------------------------------------------------

    def by_relations(self, polynomial: Any) -> tuple[Any, Any]:
        """The polynomial with powers of roots, |u| and sin brought below their relations, as a fraction."""
        bottom = self.one
        for index, kernel in enumerate(self.kernels):
            if kernel.degree and polynomial.degrees()[index] >= kernel.degree:
                replacement = self.fraction(kernel.replacement)  # type: ignore[arg-type]
                polynomial, factor = self.replaced(polynomial, index, kernel.degree, replacement)
                bottom = self.times(bottom, factor)
                return self._again(polynomial, bottom)
        return polynomial, bottom

    def _again(self, polynomial: Any, bottom: Any) -> tuple[Any, Any]:
        top, further = self.by_relations(polynomial)
        return top, self.times(bottom, further)

    def replaced(self, polynomial: Any, index: int, degree: int, replacement: tuple[Any, Any]) -> tuple[Any, Any]:
        parts: dict[int, dict[tuple[int, ...], Any]] = {}
        for powers, coefficient in polynomial.terms():
            times_over, rest = divmod(powers[index], degree)
            reduced = (*powers[:index], rest, *powers[index + 1 :])
            parts.setdefault(times_over, {})[reduced] = coefficient
        most = max(parts)
        top = self.ring.constant(0)
        for times_over, terms in parts.items():
            numerator = self.times(
                self.ring.from_dict(terms), self.raised(replacement[0], times_over) if times_over else self.one
            )
            missing = most - times_over
            top = top + (self.times(numerator, self.raised(replacement[1], missing)) if missing else numerator)
        return top, self.raised(replacement[1], most)

    def reduced(self, top: Any, bottom: Any) -> tuple[Any, Any]:
        """Lowest terms, the denominator with leading coefficient 1."""
        top, top_bottom = self.by_relations(top)
        bottom, bottom_bottom = self.by_relations(bottom)
        if bottom.is_zero():
            raise ZeroDivisionError("a denominator is identically zero")
        top, bottom = self.times(top, bottom_bottom), self.times(bottom, top_bottom)
        if top.is_zero():
            return top, self.one
        if not bottom.is_constant():
            common = top.gcd(bottom)
            top, bottom = top / common, bottom / common
        leading = bottom.leading_coefficient()
        return top / leading, bottom / leading
