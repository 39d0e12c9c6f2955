"""A fraction of polynomials over kernels, its zero tests, and the way back to a tree."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from math import gcd, lcm
from typing import Any, Literal

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from derive.errors import TooLarge
from derive.lazy import lazy
from derive.splitting import ANY
from derive.tree import ONE, Constant, Name, Negative, Node, Number, Power, Quotient, Sum, number, times, total, walk

MAX_TERMS = 20_000  # of any product formed on the way
MAX_EXPONENT = 512
MAX_BITS = 20_000  # of a coefficient
MAX_DEGREE = 10_000  # in any one kernel
MAX_KEY = 2_000  # characters of a key that is kept as it is
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


@dataclass(frozen=True, eq=False)
class Form:
    """numerator / denominator, polynomials over the kernels (in the order of the generators); `key` tells two apart."""

    numerator: Any
    denominator: Any
    kernels: tuple[Kernel, ...]

    @lazy
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
        top, bottom = constant_of(self.numerator), constant_of(self.denominator)
        return None if bottom == 0 else top / bottom


def normal_form(tree: Node, *, opaque: bool = False, mode: Mode = "real") -> Form:
    """The reduced fraction of a tree; with `opaque`, elementary functions and powers are kernels as they are written.

    In mode "complex" names may be complex and only laws of principal values are used.
    Raises TooLarge, and ZeroDivisionError when a denominator is identically zero.
    """
    return _normal_form(tree, "opaque" if opaque else mode)


@lru_cache(maxsize=4096)
def _normal_form(tree: Node, mode: Mode) -> Form:
    if isinstance(tree, Name):
        return Form(*_generator(), (Kernel(("name", tree.key), tree),))
    from derive.normal.arithmetic import Fractions  # both take the normal forms of arguments in turn
    from derive.normal.kernels import Collector

    if tree.has_array:
        raise TooLarge("a vector, matrix or list has no normal form among scalars")
    collector = Collector(mode)
    collector.scan(tree)
    kernels = collector.closed()
    fractions = Fractions(kernels, mode)
    return Form(*fractions.reduced(*fractions.fraction(tree)), kernels)


@lru_cache(maxsize=1)
def _generator() -> tuple[Any, Any]:
    """One kernel, and 1, in the ring that has no other."""
    ring = fmpq_mpoly_ctx.get(["k0"], Ordering.deglex)
    return ring.gens()[0], ring.constant(1)


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


def constant_of(polynomial: Any) -> Fraction:
    """The value of a constant polynomial."""
    if polynomial.is_zero():
        return Fraction(0)
    value = polynomial.leading_coefficient()
    return Fraction(int(value.p), int(value.q))


def content_of(polynomial: Any) -> Fraction:
    """The greatest rational that divides all coefficients to whole numbers."""
    tops = [abs(int(c.p)) for c in polynomial.coeffs()]
    return Fraction(gcd(*tops), lcm(*(int(c.q) for c in polynomial.coeffs())))


def to_flint(value: Fraction) -> Any:
    """A rational for polynomial arithmetic."""
    return fmpq(value.numerator, value.denominator)
