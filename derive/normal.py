"""The kernel normal form: a scalar formula as a fraction of polynomials over `kernels`, in which equality is a zero test.

A kernel is whatever polynomial arithmetic cannot look into: a name, σ''(z), exp of a monomial, a root, |u|, sin, cos.
Kernels are identified by the normal form of their argument, so σ(w h + b) and σ(b + h w) are one kernel, and

    exp(u)        is split over the terms of u: exp(x + 2y) = exp(x)·exp(y)², one generator for each monomial
    u^v           with v no rational number is exp(v·log u); log stays a kernel, so nothing is assumed of its sign
    ⁿ√u, |u|      carry the relation rⁿ = u (r² = u²), sin the relation s² = 1 − c²; powers above it are reduced

Numerator zero ⇒ equal wherever both sides are defined. Numerator not zero says nothing: kernels may depend on each
other. Work is bounded by counts (terms, exponents, digits), never by a clock; beyond them TooLarge is raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from hashlib import sha256
from math import gcd, lcm
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from derive.errors import TooLarge
from derive.rules import definition_of
from derive.tree import (
    ONE,
    Absolute,
    Call,
    Constant,
    Derivative,
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
    total,
)

MAX_TERMS = 20_000  # of any product formed on the way
MAX_EXPONENT = 512
MAX_BITS = 20_000  # of a coefficient
MAX_DEGREE = 10_000  # in any one kernel
MAX_KEY = 2_000  # characters of a key that is kept as it is
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Kernel:
    """One generator: its identity, how it is written, and the relation generator^degree = replacement, if any."""

    key: Key
    tree: Node
    degree: int = 0
    replacement: Node | None = None


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


def normal_form(tree: Node, *, opaque: bool = False) -> Form:
    """The reduced fraction of a tree; with `opaque`, elementary functions and powers are kernels as they are written.

    Raises TooLarge, and ZeroDivisionError when a denominator is identically zero.
    """
    return _normal_form(tree, opaque)


@lru_cache(maxsize=4096)
def _normal_form(tree: Node, opaque: bool) -> Form:
    kernels = _Kernels(opaque=opaque)
    kernels.scan(tree)
    context = kernels.closed()
    top, bottom = context.fraction(tree)
    return Form(*context.reduced(top, bottom), context.kernels)


@dataclass(frozen=True, slots=True)
class Zero:
    """The outcome of a zero test: whether the numerator vanished, and the denominators that were cleared."""

    holds: bool
    cleared: tuple[Node, ...] = ()


def vanishes(tree: Node) -> Zero:
    """Whether a tree is zero wherever it is defined, by normal form. Raises TooLarge, ZeroDivisionError."""
    form = normal_form(tree)
    return Zero(form.numerator.is_zero(), denominators(tree))


def same(left: Node, right: Node) -> bool:
    """Whether two trees have one normal form. Raises TooLarge, ZeroDivisionError."""
    return bool(normal_form(Sum((left, Negative(right)))).numerator.is_zero())


def denominators(tree: Node) -> tuple[Node, ...]:
    """What must not be zero for the tree to be defined: denominators and bases of negative powers."""
    from derive.tree import walk

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

    def __init__(self, *, opaque: bool) -> None:
        self.opaque = opaque
        self.found: dict[Key, Kernel] = {}
        self.exponents: dict[Key, tuple[Node, list[Fraction]]] = {}  # exp: monomial → tree, coefficients met

    def scan(self, tree: Node) -> None:
        match tree:
            case Number() | Constant(name="infinity"):
                pass
            case Name(key=key):
                self.add(Kernel(("name", key), tree))
            case Constant(name="e") if not self.opaque:
                self.exponential(ONE)
            case Constant(name=name):
                self.add(Kernel(("constant", name), tree))
            case Power():
                self.power(tree)
            case Root(radicand=radicand, index=index):
                self.root(radicand, _root_index(index))
            case Absolute(operand=operand):
                self.add(Kernel(("abs", normal_form(operand).key), tree, 2, Product((operand, operand))))
                self.scan(operand)
            case Call():
                self.call(tree)
            case Derivative():
                raise TooLarge("a derivative that has not been taken")
            case _:
                for child in tree.children:
                    self.scan(child)

    def add(self, kernel: Kernel) -> None:
        self.found.setdefault(kernel.key, kernel)

    def power(self, tree: Power) -> None:
        exponent = _rational(tree.exponent)
        if exponent is None and self.opaque:
            self.add(Kernel(_power_key(tree), tree))
            return
        if exponent is None:
            if isinstance(tree.base, Constant) and tree.base.name == "e":
                self.exponential(tree.exponent)
            else:
                self.exponential(Product((tree.exponent, Call("log", (tree.base,)))))
            return
        self.scan(tree.base)
        if exponent.denominator != 1:
            self.root(tree.base, exponent.denominator)

    def root(self, radicand: Node, index: int) -> None:
        self.scan(radicand)
        key = ("root", index, normal_form(radicand).key)
        self.add(Kernel(key, Root(radicand, None if index == 2 else number(index)), index, radicand))

    def call(self, tree: Call) -> None:
        if self.opaque:
            self.add(Kernel(_call_key(tree), tree))
            return
        if tree.function == "exp" and not tree.order:
            self.exponential(tree.arguments[0])
            return
        defined = definition_of(tree)
        if defined is not None:
            self.scan(defined)
            return
        key = _call_key(tree)
        if tree.function == "sin":
            cosine = Call("cos", tree.arguments)
            self.add(Kernel(_call_key(cosine), cosine))
            self.add(Kernel(key, tree, 2, Sum((ONE, Negative(Power(cosine, number(2)))))))
        else:
            self.add(Kernel(key, tree))

    def exponential(self, exponent: Node) -> None:
        form = normal_form(exponent)
        for key, tree, coefficient in _exponent_terms(form):
            logarithm = _log_argument(tree)
            if logarithm is not None:
                self.scan(Power(logarithm, number(coefficient)))
            else:
                self.exponents.setdefault(key, (tree, []))[1].append(coefficient)

    def closed(self) -> _Context:
        for key, (tree, coefficients) in self.exponents.items():
            unit = _common_measure(coefficients)
            self.add(Kernel(("exp", key, unit), Call("exp", (times([number(unit), tree]) if unit != 1 else tree,))))
        return _Context(tuple(sorted(self.found.values(), key=lambda kernel: repr(kernel.key))), opaque=self.opaque)


class _Context:
    """Fraction arithmetic over fixed kernels."""

    def __init__(self, kernels: tuple[Kernel, ...], *, opaque: bool) -> None:
        self.kernels, self.opaque = kernels, opaque
        self.ring = fmpq_mpoly_ctx.get([f"k{i}" for i in range(len(kernels))] or ["k0"], Ordering.deglex)
        self.position = {kernel.key: index for index, kernel in enumerate(kernels)}
        self.generators = self.ring.gens()
        self.one = self.ring.constant(1)
        self.exponential_units = {k.key[1]: (k.key[2], k.key) for k in kernels if k.key[0] == "exp"}

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
            case Root(radicand=radicand, index=index):
                return self.kernel(("root", _root_index(index), normal_form(radicand).key))
            case Absolute(operand=operand):
                return self.kernel(("abs", normal_form(operand).key))
            case Call() if self.opaque:
                return self.kernel(_call_key(tree))
            case Call(function="exp", arguments=(argument,), order=0):
                return self.exponential(argument)
            case Call():
                defined = definition_of(tree)
                return self.kernel(_call_key(tree)) if defined is None else self.fraction(defined)
        raise TooLarge(f"a {type(tree).__name__} has no normal form")

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
        if abs(exponent) > MAX_EXPONENT:
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
        if bits * exponent > MAX_BITS:
            raise TooLarge("a number with too many digits")
        return part**exponent

    def power_of(self, tree: Power) -> tuple[Any, Any]:
        exponent = _rational(tree.exponent)
        if exponent is None and self.opaque:
            return self.kernel(_power_key(tree))
        if exponent is None:
            if isinstance(tree.base, Constant) and tree.base.name == "e":
                return self.exponential(tree.exponent)
            return self.exponential(Product((tree.exponent, Call("log", (tree.base,)))))
        if exponent.denominator == 1:
            return self.power(self.fraction(tree.base), exponent.numerator)
        root = self.kernel(("root", exponent.denominator, normal_form(tree.base).key))
        return self.power(root, exponent.numerator)

    def exponential(self, exponent: Node) -> tuple[Any, Any]:
        value: tuple[Any, Any] = (self.one, self.one)
        for key, tree, coefficient in _exponent_terms(normal_form(exponent)):
            logarithm = _log_argument(tree)
            if logarithm is not None:
                value = self.multiply(value, self.power_of(Power(logarithm, number(coefficient))))
                continue
            unit, kernel = self.exponential_units[key]
            value = self.multiply(value, self.power(self.kernel(kernel), int(coefficient / unit)))
        return value

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


def _rational(exponent: Node) -> Fraction | None:
    """The exponent's value if it is a rational number."""
    if isinstance(exponent, Number):
        return exponent.value
    if isinstance(exponent, Name | Constant):
        return None
    return normal_form(exponent).constant


def _root_index(index: Node | None) -> int:
    value = Fraction(2) if index is None else _rational(index)
    if value is None or value.denominator != 1 or not 2 <= value <= MAX_EXPONENT:
        raise TooLarge("the index of a root is no small whole number")
    return int(value)


def _call_key(tree: Call) -> Key:
    return ("call", tree.function, tree.order, *(normal_form(argument).key for argument in tree.arguments))


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
    return tree.arguments[0] if isinstance(tree, Call) and tree.function == "log" and tree.order == 0 else None


def _common_measure(coefficients: list[Fraction]) -> Fraction:
    """The greatest rational of which all coefficients are integer multiples."""
    return Fraction(gcd(*(c.numerator for c in coefficients)), lcm(*(c.denominator for c in coefficients)))


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
