"""The kernel normal form: a scalar formula as a fraction of polynomials over `kernels`, in which equality is a zero test.

A kernel is whatever polynomial arithmetic cannot look into: a name, σ''(z), exp of a monomial, a root, |u|, sin, cos.
Kernels are identified by the normal form of their argument, so σ(w h + b) and σ(b + h w) are one kernel, and

    exp(u)        is split over the terms of u: exp(x + 2y) = exp(x)·exp(y)², one generator for each monomial
    u^v           with v no rational number is exp(v·log u); where u may be negative that log is a kernel of its own,
                  so nothing is assumed of its sign
    log, ⁿ√, |·|  are taken apart over the factors of their argument (splitting.py); roots of one radicand share one
                  generator; ⁿ√u carries the relation rⁿ = u, |u| the relation r² = u²
    sin, cos      of sums and multiples by the addition theorems, with s² = 1 − c²; exact at multiples of π/12
    Γ, ψ, Σ, Π    are shifted to arguments and bounds without a whole part; Σ, Π with numbers as bounds are written out

Numerator zero ⇒ equal wherever both sides are defined. Numerator not zero says nothing: kernels may depend on each
other. Work is bounded by counts (terms, exponents, digits), never by a clock; beyond them TooLarge is raised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from hashlib import sha256
from math import comb, gcd, lcm
from typing import Any, Literal

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from derive import splitting
from derive.errors import TooLarge
from derive.rules import definition_of
from derive.splitting import ANY, NEGATIVE, POSITIVE, ZERO, Split
from derive.tree import (
    ONE,
    Absolute,
    Binder,
    Call,
    Cases,
    Chain,
    Constant,
    Derivative,
    Indicator,
    Logical,
    Name,
    Negative,
    Node,
    Number,
    Otherwise,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    number,
    substitute,
    times,
    total,
    walk,
)

MAX_TERMS = 20_000  # of any product formed on the way
MAX_EXPONENT = 512
MAX_BITS = 20_000  # of a coefficient
MAX_DEGREE = 10_000  # in any one kernel
MAX_KEY = 2_000  # characters of a key that is kept as it is
MAX_SHIFT = 200  # whole part of the argument of Γ, terms of a sum that is written out
MAX_MULTIPLE = 64  # of an angle
Key = tuple[Any, ...]
Mode = Literal["real", "complex", "opaque"]


@dataclass(frozen=True, slots=True)
class Kernel:
    """One generator: its identity, how it is written, and the relation generator^degree = replacement, if any."""

    key: Key
    tree: Node
    degree: int = 0
    replacement: Node | None = None
    sign: int = ANY  # what its value may be
    bounded: bool = False  # between −1 and 1


@dataclass(frozen=True)
class Form:
    """numerator / denominator, polynomials over the kernels (in the order of the generators)."""

    numerator: Any
    denominator: Any
    kernels: tuple[Kernel, ...]

    @cached_property
    def key(self) -> Key:
        """Equal for equal forms, whatever other kernels their contexts hold.

        A long key is replaced by its digest: each level of tanh(tanh(…)) mentions the one below several times.
        """
        key = (self._terms(self.numerator), self._terms(self.denominator))
        written = repr(key)
        return key if len(written) <= MAX_KEY else ("digest", sha256(written.encode()).hexdigest())

    def _terms(self, polynomial: Any) -> Key:
        return tuple(
            (tuple((self.kernels[i].key, e) for i, e in enumerate(powers) if e), (int(c.p), int(c.q)))
            for powers, c in polynomial.terms()
        )

    @property
    def constant(self) -> Fraction | None:
        """The value, if the form is a rational number."""
        if not (self.numerator.is_constant() and self.denominator.is_constant()):
            return None
        top, bottom = _coefficient(self.numerator), _coefficient(self.denominator)
        return None if bottom == 0 else top / bottom


def normal_form(tree: Node, *, opaque: bool = False, mode: Mode = "real") -> Form:
    """The reduced fraction of a tree; with `opaque`, elementary functions and powers are kernels as they are written.

    In mode "complex" names may be complex and only laws of principal values are used.
    Raises TooLarge, and ZeroDivisionError when a denominator is identically zero.
    """
    return _normal_form(tree, "opaque" if opaque else mode)


@lru_cache(maxsize=4096)
def _normal_form(tree: Node, mode: Mode) -> Form:
    kernels = _Kernels(mode)
    kernels.scan(tree)
    context = kernels.closed()
    top, bottom = context.fraction(tree)
    return Form(*context.reduced(top, bottom), context.kernels)


@dataclass(frozen=True, slots=True)
class Zero:
    """The outcome of a zero test: whether the numerator vanished, and the denominators that were cleared."""

    holds: bool
    cleared: tuple[Node, ...] = ()


def vanishes(tree: Node, mode: Mode = "real") -> Zero:
    """Whether a tree is zero wherever it is defined, by normal form. Raises TooLarge, ZeroDivisionError."""
    form = normal_form(tree, mode=mode)
    return Zero(form.numerator.is_zero(), denominators(tree))


def same(left: Node, right: Node) -> bool:
    """Whether two trees have one normal form. Raises TooLarge, ZeroDivisionError."""
    return bool(normal_form(Sum((left, Negative(right)))).numerator.is_zero())


def denominators(tree: Node) -> tuple[Node, ...]:
    """What must not be zero for the tree to be defined: denominators and bases of negative powers."""
    found: dict[Node, None] = {}
    for node in walk(tree):
        if isinstance(node, Quotient) and not isinstance(node.denominator, Number):
            found.setdefault(node.denominator)
        elif (
            isinstance(node, Power)
            and isinstance(node.exponent, Negative)
            and not isinstance(node.base, Number | Constant)
        ):
            found.setdefault(node.base)
    return tuple(found)


class _Kernels:
    """Collects the kernels of a tree; `closed()` fixes them as generators."""

    def __init__(self, mode: Mode) -> None:
        self.mode, self.opaque = mode, mode == "opaque"
        self.found: dict[Key, Kernel] = {}
        self.exponents: dict[Key, tuple[Node, list[Fraction]]] = {}  # exp: monomial → tree, coefficients met
        self.angles: dict[Key, tuple[Node, list[Fraction]]] = {}  # the same of sin and cos
        self.roots: dict[Key, tuple[Node, set[int]]] = {}  # radicand → tree, indices met
        self.scanned: set[Node] = set()

    def form(self, tree: Node) -> Form:
        return normal_form(tree, mode="real" if self.opaque else self.mode)

    def scan(self, tree: Node) -> None:
        if tree in self.scanned:
            return
        self.scanned.add(tree)
        match tree:
            case Number() | Constant(name="infinity"):
                pass
            case Name(key=key):
                self.add(Kernel(("name", key), tree))
            case Constant(name="e") if not self.opaque:
                self.exponential(ONE)
            case Constant(name="i"):
                self.add(Kernel(("constant", "i"), tree, 2, number(-1)))
            case Constant(name=name):
                self.add(Kernel(("constant", name), tree, sign=POSITIVE))
            case Power():
                self.power(tree)
            case Root(radicand=radicand, index=Node() as index) if _named_index(index, self.mode):
                self.scan(Power(radicand, Quotient(ONE, index)))
            case Root(radicand=radicand, index=index):
                self.root(radicand, _root_index(index, self.mode))
            case Absolute(operand=operand):
                self.absolute(operand)
            case Call():
                self.call(tree)
            case Derivative():
                raise TooLarge("a derivative that has not been taken")
            case Binder():
                written = None if self.opaque else written_out(tree, self.mode)
                if written is None:
                    self.add(Kernel(_binder_key(tree, self.mode), tree))
                else:
                    self.scan(written)
            case Cases():
                self.add(Kernel(_statement_key(tree, self.mode), tree))
            case Indicator():
                indicated = _statement_key(tree, self.mode)
                self.add(Kernel(indicated, tree, 2, tree, sign=ZERO | POSITIVE, bounded=True))
            case Sum() | Product() | Negative() | Quotient():
                for child in tree.children:
                    self.scan(child)
            case _:
                raise TooLarge(f"a {type(tree).__name__} has no normal form")

    def add(self, kernel: Kernel) -> None:
        self.found.setdefault(kernel.key, kernel)

    def power(self, tree: Power) -> None:
        exponent = _rational(tree.exponent, self.mode)
        if exponent is None and self.opaque:
            self.add(Kernel(_power_key(tree), tree))
            return
        if exponent is None:
            self.exponential(_exponent_of(tree, self.mode))
            return
        if exponent.denominator != 1:
            self.root(tree.base, exponent.denominator)
            return
        held = _held(tree.base, exponent.numerator, self.mode)
        if held is None:
            self.scan(tree.base)
        else:
            for part in held[1:]:
                self.add(Kernel(("held", self.form(part).key), part))

    def root(self, radicand: Node, index: int) -> None:
        if self.opaque:
            self.scan(radicand)
            key = ("root", index, self.form(radicand).key)
            self.add(Kernel(key, Root(radicand, None if index == 2 else number(index)), index, radicand))
            return
        split = _root_split(radicand, index, self.mode)
        self.scan(split.outside)
        for tree, degree, _ in split.atoms:
            self.scan(tree)
            self.roots.setdefault(self.form(tree).key, (tree, set()))[1].add(degree)

    def absolute(self, operand: Node) -> None:
        if self.mode != "real":
            self.scan(operand)
            square = () if self.mode == "complex" else (2, Product((operand, operand)))
            self.add(Kernel(("abs", self.form(operand).key), Absolute(operand), *square))
            return
        split = _absolute_split(operand)
        self.scan(split.outside)
        for tree, _, _ in split.atoms:
            self.scan(tree)
            self.add(
                Kernel(("abs", self.form(tree).key), Absolute(tree), 2, Product((tree, tree)), sign=ZERO | POSITIVE)
            )

    def call(self, tree: Call) -> None:
        if self.opaque:
            self.add(Kernel(_call_key(tree, self.mode), tree))
            return
        if tree.function == "exp" and not tree.order:
            self.exponential(tree.arguments[0])
            return
        if tree.function in {"sin", "cos"} and not tree.order:
            self.angle(tree.arguments[0])
            return
        meaning = _meaning(tree, self.mode)
        if meaning is not None:
            self.scan(meaning)
        elif tree.function == "log" and not tree.order:
            split = _log_split(tree.arguments[0], self.mode)
            self.scan(split.outside)
            for argument, _, _ in split.atoms:
                sign = _log_sign(argument) if self.mode == "real" else ANY
                self.add(Kernel(("log", self.form(argument).key), Call("log", (argument,)), sign=sign))
        else:
            sign, bounded = RANGES.get((tree.function, tree.order), (ANY, False))
            degree, power = RELATIONS[tree.function](tree) if tree.function in RELATIONS else (0, None)
            real = self.mode == "real"
            self.add(Kernel(_call_key(tree, self.mode), tree, degree, power, sign if real else ANY, bounded and real))

    def exponential(self, exponent: Node) -> None:
        for key, tree, coefficient in _exponent_terms(self.form(exponent)):
            logarithm = _log_argument(tree)
            rotation = _rotation(tree) if self.mode == "complex" else None
            if logarithm is not None:
                self.scan(Power(logarithm, number(coefficient)))
            elif rotation is not None:
                self.scan(Constant("i"))
                self.angle(times([number(coefficient), rotation]))
            else:
                self.exponents.setdefault(key, (tree, []))[1].append(coefficient)

    def angle(self, argument: Node) -> None:
        for key, tree, coefficient in _exponent_terms(self.form(argument)):
            exact = _exact_angle(tree, coefficient)
            if exact is not None:
                self.scan(exact[0])
                self.scan(exact[1])
            else:
                self.angles.setdefault(key, (tree, []))[1].append(coefficient)

    def closed(self) -> _Context:
        for key, (tree, coefficients) in self.exponents.items():
            unit = _common_measure(coefficients)
            argument = times([number(unit), tree]) if unit != 1 else tree
            sign = POSITIVE if self.mode == "real" and not _of_a_base(tree) else ANY
            self.add(Kernel(("exp", key, unit), Call("exp", (argument,)), sign=sign))
        for key, (tree, coefficients) in self.angles.items():
            for unit in _angle_units(coefficients):
                angle = (times([number(unit), tree]) if unit != 1 else tree,)
                cosine, sine = Call("cos", angle), Call("sin", angle)
                bounded = self.mode == "real"
                relation = Sum((ONE, Negative(Power(cosine, number(2)))))
                self.add(Kernel(("cos", key, unit), cosine, bounded=bounded))
                self.add(Kernel(("sin", key, unit), sine, 2, relation, bounded=bounded))
        for key, (tree, indices) in self.roots.items():
            index = lcm(*indices)
            if index > MAX_EXPONENT:
                raise TooLarge("a root of too high a degree")
            whole = Root(tree, None if index == 2 else number(index))
            self.add(Kernel(("root", index, key), whole, index, tree, _root_sign(tree, index, self.mode)))
        return _Context(tuple(sorted(self.found.values(), key=lambda kernel: repr(kernel.key))), self.mode)


class _Context:
    """Fraction arithmetic over fixed kernels."""

    def __init__(self, kernels: tuple[Kernel, ...], mode: Mode) -> None:
        self.kernels, self.mode, self.opaque = kernels, mode, mode == "opaque"
        self.ring = fmpq_mpoly_ctx.get([f"k{i}" for i in range(len(kernels))] or ["k0"], Ordering.deglex)
        self.position = {kernel.key: index for index, kernel in enumerate(kernels)}
        self.generators = self.ring.gens()
        self.one = self.ring.constant(1)
        self.exponential_units = {k.key[1]: (k.key[2], k.key) for k in kernels if k.key[0] == "exp"}
        self.root_units = {k.key[2]: (k.key[1], k.key) for k in kernels if k.key[0] == "root"}
        self.angle_units: dict[Key, list[Fraction]] = {}
        for k in kernels:
            if k.key[0] == "cos":
                self.angle_units.setdefault(k.key[1], []).append(k.key[2])

    def form(self, tree: Node) -> Form:
        return normal_form(tree, mode="real" if self.opaque else self.mode)

    # --- fractions ---------------------------------------------------------------------------------------------------

    def fraction(self, tree: Node) -> tuple[Any, Any]:
        match tree:
            case Number(value=value):
                return self.constant(value)
            case Name(key=key):
                return self.kernel(("name", key))
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
            case Root(radicand=radicand, index=Node() as index) if _named_index(index, self.mode):
                return self.fraction(Power(radicand, Quotient(ONE, index)))
            case Root(radicand=radicand, index=index):
                return self.root(radicand, _root_index(index, self.mode), 1)
            case Absolute(operand=operand) if self.mode != "real":
                return self.kernel(("abs", self.form(operand).key))
            case Absolute(operand=operand):
                split = _absolute_split(operand)
                return self.with_atoms(split, lambda atom: ("abs", self.form(atom).key))
            case Call():
                return self.call(tree)
            case Binder():
                written = None if self.opaque else written_out(tree, self.mode)
                return self.kernel(_binder_key(tree, self.mode)) if written is None else self.fraction(written)
            case Cases() | Indicator():
                return self.kernel(_statement_key(tree, self.mode))
        raise TooLarge(f"a {type(tree).__name__} has no normal form")

    def call(self, tree: Call) -> tuple[Any, Any]:
        if self.opaque:
            return self.kernel(_call_key(tree, self.mode))
        if tree.function == "exp" and not tree.order:
            return self.exponential(tree.arguments[0])
        if tree.function in {"sin", "cos"} and not tree.order:
            return self.trigonometric(tree.arguments[0])[tree.function == "cos"]
        meaning = _meaning(tree, self.mode)
        if meaning is not None:
            return self.fraction(meaning)
        if tree.function == "log" and not tree.order:
            split = _log_split(tree.arguments[0], self.mode)
            parts = [self.fraction(split.outside)]
            for argument, _, times_over in split.atoms:
                top, bottom = self.kernel(("log", self.form(argument).key))
                parts.append((top * times_over, bottom))
            return self.sum(parts)
        return self.kernel(_call_key(tree, self.mode))

    def with_atoms(self, split: Split, key_of: Callable[[Node], Key]) -> tuple[Any, Any]:
        value = self.fraction(split.outside)
        for atom, _, power in split.atoms:
            value = self.multiply(value, self.power(self.kernel(key_of(atom)), power))
        return value

    def root(self, radicand: Node, index: int, power: int) -> tuple[Any, Any]:
        """(ⁿ√u)^k."""
        if self.opaque:
            return self.power(self.kernel(("root", index, self.form(radicand).key)), power)
        split = _root_split(radicand, index, self.mode)
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
        if len(part) > 1 and _binomial_size(len(part), exponent) > MAX_TERMS:
            raise TooLarge(f"more than {MAX_TERMS} terms")
        bits = max((max(int(c.p).bit_length(), int(c.q).bit_length()) for c in part.coeffs()), default=0)
        if bits * exponent > MAX_BITS and not (len(part) == 1 and bits == 1):
            raise TooLarge("a number with too many digits")
        return part**exponent

    def power_of(self, tree: Power) -> tuple[Any, Any]:
        exponent = _rational(tree.exponent, self.mode)
        if exponent is None and self.opaque:
            return self.kernel(_power_key(tree))
        if exponent is None:
            return self.exponential(_exponent_of(tree, self.mode))
        if exponent.denominator != 1:
            return self.root(tree.base, exponent.denominator, exponent.numerator)
        held = _held(tree.base, exponent.numerator, self.mode)
        if held is None:
            return self.power(self.fraction(tree.base), exponent.numerator)
        value = self.power(self.constant(held[0]), exponent.numerator)
        for part, direction in zip(held[1:], (1, -1), strict=True):
            kernel = self.kernel(("held", self.form(part).key))
            value = self.multiply(value, self.power(kernel, exponent.numerator * direction))
        return value

    def exponential(self, exponent: Node) -> tuple[Any, Any]:
        value: tuple[Any, Any] = (self.one, self.one)
        for key, tree, coefficient in _exponent_terms(self.form(exponent)):
            logarithm = _log_argument(tree)
            rotation = _rotation(tree) if self.mode == "complex" else None
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
        for key, tree, coefficient in _exponent_terms(self.form(argument)):
            s, c = self.multiple_angle(key, tree, coefficient)
            minus = self.multiply(sine, s)
            sine, cosine = (
                self.sum([self.multiply(sine, c), self.multiply(cosine, s)]),
                self.sum([self.multiply(cosine, c), (-minus[0], minus[1])]),
            )
        return sine, cosine

    def multiple_angle(self, key: Key, tree: Node, coefficient: Fraction) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
        """Sine and cosine of c·m as polynomials in those of one unit of m (Chebyshev's)."""
        exact = _exact_angle(tree, coefficient)
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


def _binomial_size(terms: int, exponent: int) -> int:
    """How many terms (t1 + … + tn)^k can have, capped."""
    size = 1
    for i in range(1, terms):
        size = size * (exponent + i) // i
        if size > MAX_TERMS:
            return size
    return size


def _coefficient(polynomial: Any) -> Fraction:
    if polynomial.is_zero():
        return Fraction(0)
    value = polynomial.leading_coefficient()
    return Fraction(int(value.p), int(value.q))


def _rational(exponent: Node, mode: Mode) -> Fraction | None:
    """The exponent's value if it is a rational number."""
    if isinstance(exponent, Number):
        return exponent.value
    if isinstance(exponent, Name | Constant):
        return None
    return normal_form(exponent, mode="real" if mode == "opaque" else mode).constant


def _named_index(index: Node, mode: Mode) -> bool:
    """Whether a root has a name as its index: it is a power then."""
    return bool(index.names) and mode != "opaque" and _rational(index, mode) is None


def _root_index(index: Node | None, mode: Mode) -> int:
    value = Fraction(2) if index is None else _rational(index, mode)
    if value is None or value.denominator != 1 or not 2 <= value <= MAX_EXPONENT:
        raise TooLarge("the index of a root is no small whole number")
    return int(value)


def _call_key(tree: Call, mode: Mode) -> Key:
    mode = "real" if mode == "opaque" else mode
    return ("call", tree.function, tree.order, *(normal_form(argument, mode=mode).key for argument in tree.arguments))


def _power_key(tree: Power) -> Key:
    return ("power", normal_form(tree.base).key, normal_form(tree.exponent).key)


def _exponent_terms(form: Form) -> list[tuple[Key, Node, Fraction]]:
    """exp(Σ c·m) by its monomials m: identity, tree and coefficient c."""
    if not form.denominator.is_constant():
        scaled = Fraction(1)
        if not form.numerator.is_zero():
            scaled = abs(_content(form.numerator))
            if form.numerator.leading_coefficient() < 0:
                scaled = -scaled
        return [] if form.numerator.is_zero() else [
            (("fraction", Form(form.numerator / _flint(scaled), form.denominator, form.kernels).key),
             fraction_tree(Form(form.numerator / _flint(scaled), form.denominator, form.kernels)), scaled)
        ]  # fmt: skip
    scale = _coefficient(form.denominator)
    return [
        (tuple((form.kernels[i].key, e) for i, e in enumerate(powers) if e), monomial_tree(powers, form.kernels),
         Fraction(int(c.p), int(c.q)) / scale)
        for powers, c in form.numerator.terms()
    ]  # fmt: skip


def _content(polynomial: Any) -> Fraction:
    tops = [abs(int(c.p)) for c in polynomial.coeffs()]
    return Fraction(gcd(*tops), lcm(*(int(c.q) for c in polynomial.coeffs())))


def _flint(value: Fraction) -> Any:
    return fmpq(value.numerator, value.denominator)


def _log_argument(tree: Node) -> Node | None:
    """u, if a monomial is log(u): exp(c·log u) is u^c."""
    is_log = isinstance(tree, Call) and tree.function in {"log", "log of a base"} and tree.order == 0
    return tree.children[0] if is_log else None


def _of_a_base(tree: Node) -> bool:
    """Whether exp of it is a power of something that may be negative."""
    seen: set[int] = set()  # kernels share subtrees: every one is looked at once
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Call) and node.function == "log of a base":
            return True
        if id(node) not in seen:
            seen.add(id(node))
            stack.extend(node.children)
    return False


def _common_measure(coefficients: list[Fraction]) -> Fraction:
    """The greatest rational of which all coefficients are integer multiples."""
    return Fraction(gcd(*(c.numerator for c in coefficients)), lcm(*(c.denominator for c in coefficients)))


# --- what a node stands for ------------------------------------------------------------------------------------------

# what a call may be, and whether it stays between −1 and 1
RANGES: dict[tuple[str, int], tuple[int, bool]] = {
    ("erf", 0): (ANY, True), ("sign", 0): (ANY, True), ("parity", 0): (NEGATIVE | POSITIVE, True),
}  # fmt: skip
# powers of a call that are something simpler: s³ = s, ((−1)^n)² = 1
RELATIONS: dict[str, Callable[[Call], tuple[int, Node | None]]] = {
    "sign": lambda call: (3, call),
    "parity": lambda _: (2, ONE),
}
ODD = frozenset(["arcsin", "arctan", "erf", "erfi", "erfinv", "sign", "Shi", "Si"])


@lru_cache(maxsize=4096)
def _meaning(tree: Call, mode: Mode) -> Node | None:
    """What a call stands for in simpler terms, by its definition or a law that always holds; None if it is a kernel."""
    if tree.function == "log" and not tree.order:
        return None
    if not tree.order and len(tree.arguments) == 1:
        if tree.function in {"gamma", "digamma"}:
            return _shifted(tree, mode)
        if tree.function in ODD:
            return _odd(tree, mode) or definition_of(tree)
        if tree.function == "floor" and mode == "real":
            return _floor(tree)
    if mode == "complex" and tree.function == "lgamma":
        return None
    return definition_of(tree)


def _odd(tree: Call, mode: Mode) -> Node | None:
    """f(−u) = −f(u), f(0) = 0, sign where it is certain, and the angles of a few sines and tangents."""
    argument = tree.arguments[0]
    form = normal_form(argument, mode=mode)
    if form.numerator.is_zero():
        return number(0)
    if tree.function == "sign" and mode == "real":
        sign = splitting.form_sign(form)
        if sign in {POSITIVE, NEGATIVE}:
            return number(1 if sign == POSITIVE else -1)
    if form.numerator.leading_coefficient() < 0:
        return Negative(Call(tree.function, (Negative(argument),)))
    values = _INVERSE_VALUES.get(tree.function)
    angle = values().get(form.key) if values else None
    return None if angle is None else times([number(angle), Constant("pi")])


@lru_cache(maxsize=1)
def _sines() -> dict[Key, Fraction]:
    return {normal_form(_SINES[k]).key: Fraction(k, 12) for k in range(1, 7)}


@lru_cache(maxsize=1)
def _tangents() -> dict[Key, Fraction]:
    return {normal_form(Quotient(_SINES[k], _SINES[6 - k])).key: Fraction(k, 12) for k in range(1, 6)}


_INVERSE_VALUES: dict[str, Callable[[], dict[Key, Fraction]]] = {"arcsin": _sines, "arctan": _tangents}
_ROOTS = {n: Root(number(n)) for n in (2, 3, 6)}
_SINES: dict[int, Node] = {  # sin(kπ/12)
    0: number(0),
    1: Quotient(Sum((_ROOTS[6], Negative(_ROOTS[2]))), number(4)),
    2: number(Fraction(1, 2)),
    3: Quotient(_ROOTS[2], number(2)),
    4: Quotient(_ROOTS[3], number(2)),
    5: Quotient(Sum((_ROOTS[6], _ROOTS[2])), number(4)),
    6: ONE,
}


def _sine_of_twelfths(k: int) -> Node:
    k %= 24
    if k >= 12:
        return Negative(_sine_of_twelfths(k - 12))
    return _SINES[min(k, 12 - k)]


def _exact_angle(tree: Node, coefficient: Fraction) -> tuple[Node, Node] | None:
    """Sine and cosine of c·m where they need no kernel of their own: multiples of π/12, inverse functions."""
    if tree == Constant("pi"):
        twelfths = coefficient * 12
        if twelfths.denominator != 1:
            return None
        return _sine_of_twelfths(int(twelfths)), _sine_of_twelfths(int(twelfths) + 6)
    if isinstance(tree, Call) and not tree.order and coefficient in {1, -1}:
        u = tree.arguments[0]
        sine: Node
        cosine: Node
        if tree.function == "arcsin":
            sine, cosine = u, Root(Sum((ONE, Negative(Power(u, number(2))))))
        elif tree.function == "arctan":
            length = Root(Sum((ONE, Power(u, number(2)))))
            sine, cosine = Quotient(u, length), Quotient(ONE, length)
        else:
            return None
        return (sine if coefficient == 1 else Negative(sine)), cosine
    return None


def _angle_units(coefficients: list[Fraction]) -> list[Fraction]:
    """One unit for all multiples of an angle, or one for each where the multiples would be too large."""
    unit = _common_measure(coefficients)
    if max(abs(c) for c in coefficients) / unit <= MAX_MULTIPLE:
        return [unit]
    return sorted({abs(c) for c in coefficients}, reverse=True)


def _rotation(tree: Node) -> Node | None:
    """m, if a monomial is i·m."""
    if tree == Constant("i"):
        return ONE
    if isinstance(tree, Product) and Constant("i") in tree.factors:
        return times([factor for factor in tree.factors if factor != Constant("i")])
    return None


def _whole_part(tree: Node, mode: Mode) -> tuple[int, Node] | None:
    """u as k + v with v without a whole part: its constant lies in [0, 1), or in (0, 1] if there is nothing else."""
    form = normal_form(tree, mode=mode)
    if not form.denominator.is_constant():
        return None
    scale = _coefficient(form.denominator)
    zero = (0,) * len(form.numerator.degrees())
    constant = Fraction(0)
    for powers, c in form.numerator.terms():
        if tuple(int(e) for e in powers) == zero:
            constant = Fraction(int(c.p), int(c.q)) / scale
    whole = constant.numerator // constant.denominator
    if form.numerator.is_constant() and whole == constant:
        whole -= 1
    return None if whole == 0 else (whole, fraction_tree(normal_form(Sum((tree, number(-whole))), mode=mode)))


def _shifted(tree: Call, mode: Mode) -> Node | None:
    """Γ(v + k) = v(v + 1)…(v + k − 1)·Γ(v), ψ(v + k) = ψ(v) + 1/v + … + 1/(v + k − 1)."""
    argument = tree.arguments[0]
    constant = normal_form(argument, mode=mode).constant
    if constant is not None and constant.denominator == 1 and constant <= 0:
        raise TooLarge("Γ and ψ have no value at 0, −1, −2, …")
    if tree.function == "gamma" and constant is not None:
        if constant == 1:
            return ONE
        if constant == Fraction(1, 2):
            return Root(Constant("pi"))
    shift = _whole_part(argument, mode)
    if shift is None:
        return None
    whole, rest = shift
    if abs(whole) > (MAX_SHIFT if constant is None else MAX_BITS // 10):
        raise TooLarge(f"an argument of {tree.function} beyond {MAX_SHIFT}")
    steps = range(whole) if whole > 0 else range(whole, 0)
    places = [Sum((rest, number(k))) if k else rest for k in steps]
    if tree.function == "digamma":
        added: list[Node] = [Quotient(ONE, place) for place in places]
        base: Node = Call("digamma", (rest,))
        return total([base, *(added if whole > 0 else [Negative(a) for a in added])])
    base = Call("gamma", (rest,))
    return Product((base, *places)) if whole > 0 else Quotient(base, times(places))


def _floor(tree: Call) -> Node | None:
    """⌊v + k⌋ = ⌊v⌋ + k; exact at numbers."""
    constant = normal_form(tree.arguments[0]).constant
    if constant is not None:
        return number(constant.numerator // constant.denominator)
    shift = _whole_part(tree.arguments[0], "real")
    return None if shift is None else Sum((Call("floor", (shift[1],)), number(shift[0])))


def _exponent_of(tree: Power, mode: Mode) -> Node:
    """The w of u^v = exp(w), v no rational number."""
    if isinstance(tree.base, Constant) and tree.base.name == "e":
        return tree.exponent
    name = "log" if mode == "complex" or _certainly_positive(tree.base) else "log of a base"
    return Product((tree.exponent, Call(name, (tree.base,))))


def _certainly_positive(tree: Node) -> bool:
    return splitting.form_sign(normal_form(tree)) == POSITIVE


@lru_cache(maxsize=1024)
def _held(base: Node, exponent: int, mode: Mode) -> tuple[Fraction, Node, Node] | None:
    """A power too large to expand, as content and the two sides of the fraction, which are left as they are."""
    if abs(exponent) <= 2 or mode == "opaque":
        return None
    form = normal_form(base, mode=mode)
    sizes = [len(part) for part in (form.numerator, form.denominator)]
    if max(sizes) <= 1 or (abs(exponent) <= MAX_EXPONENT and all(_binomial_size(n, abs(exponent)) <= MAX_TERMS for n in sizes)):  # fmt: skip
        return None
    content = _content(form.numerator) * (-1 if form.numerator.leading_coefficient() < 0 else 1)
    below = _content(form.denominator)
    top, bottom = form.numerator / _flint(content), form.denominator / _flint(below)
    return content / below, polynomial_tree(top, form.kernels), polynomial_tree(bottom, form.kernels)


@lru_cache(maxsize=4096)
def _root_split(radicand: Node, index: int, mode: Mode) -> Split:
    form = normal_form(radicand, mode=mode)
    if mode == "real":
        try:
            return splitting.root(form, index)
        except TooLarge:
            return Split(ONE, ((radicand, index, 1),))
    constant = form.constant
    if constant is None or constant == 0:
        return Split(ONE, ((radicand, index, 1),))
    split = splitting.root(normal_form(number(abs(constant))), index)
    if constant > 0:
        return split
    half_turn = Quotient(Constant("pi"), number(index))
    turned = Sum((Call("cos", (half_turn,)), Product((Constant("i"), Call("sin", (half_turn,))))))
    return Split(Product((split.outside, turned)), split.atoms)


@lru_cache(maxsize=4096)
def _absolute_split(operand: Node) -> Split:
    try:
        return splitting.absolute(normal_form(operand))
    except TooLarge:
        return Split(ONE, ((operand, 1, 1),))


@lru_cache(maxsize=4096)
def _log_split(argument: Node, mode: Mode) -> Split:
    form = normal_form(argument, mode=mode)
    constant = form.constant
    if mode == "real" or (constant is not None and constant > 0):
        try:
            return splitting.logarithm(form)
        except TooLarge:
            pass
    return Split(number(0), ((argument, 1, 1),))


def _log_sign(argument: Node) -> int:
    """log u has the sign of u − 1."""
    return ANY if isinstance(argument, Name) else splitting.form_sign(normal_form(Sum((argument, Negative(ONE)))))


def _root_sign(radicand: Node, index: int, mode: Mode) -> int:
    if mode != "real":
        return ANY
    sign = splitting.form_sign(normal_form(radicand))
    return sign if index % 2 else sign & ~NEGATIVE or ANY


# --- bound names -----------------------------------------------------------------------------------------------------


def _statement_key(tree: Node, mode: Mode) -> Key:
    """The identity of a node that is not arithmetic: formulas in it by their normal forms."""
    if isinstance(tree, Cases | Indicator | Chain | Logical | Otherwise):
        own = tuple(part for part in tree.content() if isinstance(part, str | bool))
        relations = tree.relations if isinstance(tree, Chain) else ()
        return (type(tree).__name__, own, relations, *(_statement_key(child, mode) for child in tree.children))
    return normal_form(tree, mode="real" if mode == "opaque" else mode).key


def _binder_key(tree: Binder, mode: Mode) -> Key:
    mode = "real" if mode == "opaque" else mode
    names = (f"\0{k}" for k in range(10_000))
    index = next(name for name in names if name not in tree.body.names)
    body = normal_form(substitute(tree.body, {tree.index: Name(index)}), mode=mode)
    bounds = [repr(bound) if _infinite(bound) else normal_form(bound, mode=mode).key for bound in tree.bounds]
    return ("binder", tree.kind, *bounds, body.key)


def _infinite(bound: Node) -> bool:
    return any(isinstance(node, Constant) and node.name == "infinity" for node in walk(bound))


@lru_cache(maxsize=1024)
def written_out(tree: Binder, mode: Mode) -> Node | None:
    """A sum or product with bounds that are numbers in full, with others without the whole part of its length.

    Sums and integrals of polynomials in the index are done; None for what stays as it is. Raises TooLarge.
    """
    if tree.kind not in {"sum", "product", "integral"} or len(tree.bounds) != 2:
        return _limit(tree, mode) if tree.kind.startswith("limit") else None
    if any(map(_infinite, tree.bounds)):
        return None
    low, high = tree.bounds
    if tree.kind == "integral":
        return _integrated(tree, mode)
    length = normal_form(Sum((high, Negative(low))), mode=mode)
    count, first = length.constant, normal_form(low, mode=mode).constant
    if (count is not None and count.denominator != 1) or (first is not None and first.denominator != 1):
        raise TooLarge("a bound that is no whole number")
    if count is not None:
        if count < -1:
            raise TooLarge("an upper bound below the lower one")
        if count >= MAX_SHIFT:
            raise TooLarge(f"a sum of more than {MAX_SHIFT} terms")
        terms = [
            substitute(tree.body, {tree.index: Sum((low, number(k))) if k else low}) for k in range(int(count) + 1)
        ]
        return total(terms) if tree.kind == "sum" else times(terms)
    at = fraction_tree(length)
    body = substitute(tree.body, {tree.index: Sum((Name(tree.index), low))}) if first != 0 else tree.body
    if tree.kind == "sum":
        coefficients = _in_powers(body, tree.index, mode)
        if coefficients is not None:
            return total([Product((c, _power_sum(k, at))) for k, c in coefficients.items()])
    shift = _whole_part(at, mode)
    if shift is None:
        return None if first == 0 else Binder(tree.kind, tree.index, (number(0), at), body)
    whole, rest = shift
    if abs(whole) > MAX_SHIFT:
        raise TooLarge(f"a bound beyond {MAX_SHIFT}")
    steps = range(1, whole + 1) if whole > 0 else range(whole + 1, 1)
    extra = [substitute(body, {tree.index: Sum((rest, number(k))) if k else rest}) for k in steps]
    base = Binder(tree.kind, tree.index, (number(0), rest), body)
    if tree.kind == "product":
        return Product((base, *extra)) if whole > 0 else Quotient(base, times(extra))
    return total([base, *(extra if whole > 0 else [Negative(e) for e in extra])])


def _in_powers(body: Node, index: str, mode: Mode) -> dict[int, Node] | None:
    """The coefficients of a polynomial in a name, or None if the body is no polynomial in it."""
    form = normal_form(body, mode=mode)
    place = next((i for i, k in enumerate(form.kernels) if k.key == ("name", index)), None)
    if any(index in k.tree.names for i, k in enumerate(form.kernels) if i != place):
        return None
    if place is None:
        return {0: fraction_tree(form)}
    if form.denominator.degrees()[place] or form.numerator.degrees()[place] > 12:
        return None
    bottom = polynomial_tree(form.denominator, form.kernels)
    parts: dict[int, list[Node]] = {}
    for powers, c in form.numerator.terms():
        rest = tuple(0 if i == place else int(e) for i, e in enumerate(powers))
        coefficient = number(Fraction(int(c.p), int(c.q)))
        parts.setdefault(int(powers[place]), []).append(times([coefficient, monomial_tree(rest, form.kernels)]))
    return {k: Quotient(total(terms), bottom) for k, terms in parts.items()}


def _power_sum(power: int, last: Node) -> Node:
    """0^p + 1^p + … + n^p as a polynomial in n (0^0 = 1)."""
    coefficients = _faulhaber(power)
    return total([times([number(c), Power(last, number(k)) if k else ONE]) for k, c in enumerate(coefficients) if c])


@lru_cache(maxsize=32)
def _faulhaber(power: int) -> tuple[Fraction, ...]:
    """Coefficients of S_p(n) = Σ_{k=0}^{n} k^p, from (n+1)^{p+1} = Σ_j C(p+1, j) S_j(n)."""
    if power == 0:
        return (Fraction(1), Fraction(1))
    result = [Fraction(comb(power + 1, k)) for k in range(power + 2)]
    for lower in range(power):
        for k, c in enumerate(_faulhaber(lower)):
            result[k] -= comb(power + 1, lower) * c
    return tuple(c / (power + 1) for c in result)


def _integrated(tree: Binder, mode: Mode) -> Node | None:
    """∫ of a polynomial in the variable."""
    coefficients = _in_powers(tree.body, tree.index, mode)
    if coefficients is None:
        return None
    low, high = tree.bounds
    return total([
        Quotient(Product((c, Sum((Power(high, number(k + 1)), Negative(Power(low, number(k + 1))))))), number(k + 1))
        for k, c in coefficients.items()
    ])  # fmt: skip


def _limit(tree: Binder, mode: Mode) -> Node | None:
    """The limit of a fraction of polynomials in the variable, in lowest terms, at a point or at ±infinity."""
    point = tree.bounds[0]
    away = point.operand if isinstance(point, Negative) else point
    form = normal_form(tree.body, mode=mode)
    place = next((i for i, k in enumerate(form.kernels) if k.key == ("name", tree.index)), None)
    if any(tree.index in k.tree.names for i, k in enumerate(form.kernels) if i != place):
        return None
    if place is None:
        return fraction_tree(form)
    if isinstance(away, Constant) and away.name == "infinity":
        degrees = [int(part.degrees()[place]) for part in (form.numerator, form.denominator)]
        if degrees[0] > degrees[1]:
            return None
        if degrees[0] < degrees[1]:
            return number(0)
        leading = [_leading(part, place, form.kernels) for part in (form.numerator, form.denominator)]
        return Quotient(*leading)
    bottom = substitute(polynomial_tree(form.denominator, form.kernels), {tree.index: point})
    if normal_form(bottom, mode=mode).numerator.is_zero():
        return None
    return Quotient(substitute(polynomial_tree(form.numerator, form.kernels), {tree.index: point}), bottom)


def _leading(polynomial: Any, place: int, kernels: tuple[Kernel, ...]) -> Node:
    """The coefficient of the highest power of one kernel."""
    most = polynomial.degrees()[place]
    terms = [
        times([number(Fraction(int(c.p), int(c.q))), monomial_tree(tuple(0 if i == place else int(e) for i, e in enumerate(powers)), kernels)])
        for powers, c in polynomial.terms() if powers[place] == most
    ]  # fmt: skip
    return total(terms)


# --- back to trees ---------------------------------------------------------------------------------------------------


def monomial_tree(powers: tuple[int, ...], kernels: tuple[Kernel, ...]) -> Node:
    """The product of kernels to their powers."""
    factors = [
        kernel.tree if power == 1 else Power(kernel.tree, number(int(power)))
        for kernel, power in zip(kernels, powers, strict=False)
        if power
    ]
    return times(factors)


def polynomial_tree(polynomial: Any, kernels: tuple[Kernel, ...]) -> Node:
    """The sum of the terms of a polynomial, in the ring's order."""
    terms: list[Node] = []
    for powers, c in polynomial.terms():
        coefficient = Fraction(int(c.p), int(c.q))
        monomial = monomial_tree(powers, kernels)
        size = abs(coefficient)
        body = number(size) if monomial == ONE else monomial if size == 1 else times([number(size), monomial])
        terms.append(Negative(body) if coefficient < 0 else body)
    return total(terms)


def fraction_tree(form: Form) -> Node:
    """The tree of a form, expanded."""
    top = polynomial_tree(form.numerator, form.kernels)
    return top if form.denominator.is_one() else Quotient(top, polynomial_tree(form.denominator, form.kernels))
