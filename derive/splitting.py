"""Logs, roots and absolute values taken apart over the factors of their argument; the signs of polynomials in kernels.

Every law here holds wherever the formula it rewrites has a real value, whatever the signs of the names in it:

    log(c · Π f^k)    = Σ e·log p + Σ k·log f       over the primes of c and the factors that cannot be negative
    ⁿ√(c · Π f^k)     likewise; an even root of f^n leaves |f|, an odd root is multiplicative
    |c · Π f^k|       = |c| · Π |f|^k, and |f| = f where f cannot be negative

A factor is certain not to be negative when all its terms are (exp, even powers, even roots, |·|), or when sines and
cosines cannot outweigh its constant. Signs of names are not known here: a decider that knows them puts exp(t) for x.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import TYPE_CHECKING, Any

from flint import fmpq, fmpz

from derive.errors import TooLarge
from derive.tree import Absolute, Call, Negative, Node, Power, number, times, total

if TYPE_CHECKING:
    from derive.normal import Form, Kernel

NEGATIVE, ZERO, POSITIVE = 1, 2, 4  # what a value may be: any union of these
ANY = NEGATIVE | ZERO | POSITIVE
MAX_FACTORED = 400  # terms of a polynomial that is factored
MAX_FACTORED_DEGREE = 60
MAX_FACTORED_KERNELS = 12
MAX_PRIME_BITS = 96  # of a number that is factored


@dataclass(frozen=True, slots=True)
class Factor:
    """f^power; `sign` is what f may be."""

    tree: Node
    power: int
    sign: int
    kernel: Kernel | None = None  # if f is a single generator

    @property
    def never_negative(self) -> bool:
        """Whether f ≥ 0 wherever it has a value."""
        return not self.sign & NEGATIVE

    def raised(self, power: int) -> Node:
        """f to another power."""
        return self.tree if power == 1 else Power(self.tree, number(power))


def sign_of(polynomial: Any, kernels: tuple[Kernel, ...]) -> int:
    """What a polynomial in kernels may be, from the signs of its terms."""
    if polynomial.is_zero():
        return ZERO
    certain, bounded, lowest, highest = 0, fmpq(0), fmpq(0), fmpq(0)
    for powers, coefficient in polynomial.terms():
        used = [(kernels[i], e) for i, e in enumerate(powers) if e]
        if not used:
            lowest, highest = lowest + coefficient, highest + coefficient
            continue
        sign = POSITIVE
        for kernel, e in used:
            sign = product_sign(sign, _power_sign(kernel.sign, e))
        if sign & NEGATIVE and sign & POSITIVE:
            if not all(kernel.bounded for kernel, _ in used):
                return ANY
            bounded += abs(coefficient)
        else:
            signed = sign if coefficient > 0 else opposite(sign)
            certain = sum_sign(certain, signed) if certain else signed
    lowest, highest = lowest - bounded, highest + bounded
    rest = (POSITIVE if lowest > 0 else ZERO if lowest == highest == 0 else ZERO | POSITIVE if lowest == 0 else ANY) if lowest >= 0 else (
        NEGATIVE if highest < 0 else ZERO | NEGATIVE if highest == 0 else ANY)  # fmt: skip
    return sum_sign(certain, rest) if certain else rest


def sum_sign(left: int, right: int) -> int:
    """What a sum may be."""
    both = left | right
    if both & NEGATIVE and both & POSITIVE:
        return ANY
    if both in {ZERO, NEGATIVE, POSITIVE}:
        return both
    definite = not left & ZERO or not right & ZERO
    return both & ~ZERO if definite else both


def product_sign(left: int, right: int) -> int:
    """What a product may be."""
    result = (left | right) & ZERO
    if (left & POSITIVE and right & POSITIVE) or (left & NEGATIVE and right & NEGATIVE):
        result |= POSITIVE
    if (left & POSITIVE and right & NEGATIVE) or (left & NEGATIVE and right & POSITIVE):
        result |= NEGATIVE
    return result


def opposite(sign: int) -> int:
    """What −u may be."""
    return (sign & ZERO) | (POSITIVE if sign & NEGATIVE else 0) | (NEGATIVE if sign & POSITIVE else 0)


def _power_sign(sign: int, power: int) -> int:
    if power % 2:
        return sign
    return (sign & ZERO) | (POSITIVE if sign & (NEGATIVE | POSITIVE) else 0)


@lru_cache(maxsize=4096)
def form_sign(form: Form) -> int:
    """What a fraction may be, where it has a value; factored if its terms alone do not say."""
    top, bottom = sign_of(form.numerator, form.kernels), sign_of(form.denominator, form.kernels)
    if ANY in {top, bottom}:
        try:
            content, factors = factored(form)
        except TooLarge:
            return ANY
        sign = ZERO if content == 0 else POSITIVE if content > 0 else NEGATIVE
        for factor in factors:
            sign = product_sign(sign, _power_sign(factor.sign, factor.power))
        if any(factor.power < 0 and factor.sign & ZERO for factor in factors) and all(
            not factor.sign & ZERO for factor in factors if factor.power > 0
        ):
            sign &= ~ZERO
        return sign
    return product_sign(top, bottom & ~ZERO)


@lru_cache(maxsize=1024)
def factored(form: Form) -> tuple[Fraction, tuple[Factor, ...]]:
    """A fraction as content · Π f^k, every f primitive, irreducible and, where its sign is certain, not negative."""
    content = Fraction(1)
    factors: list[Factor] = []
    for polynomial, direction in ((form.numerator, 1), (form.denominator, -1)):
        if polynomial.is_zero():
            return Fraction(0), ()
        if (
            len(polynomial) > MAX_FACTORED
            or len(form.kernels) > MAX_FACTORED_KERNELS
            or max(polynomial.degrees(), default=0) > MAX_FACTORED_DEGREE
        ):
            raise TooLarge("a polynomial too large to factor")
        constant, parts = polynomial.factor()
        content *= Fraction(int(constant.p), int(constant.q)) ** direction
        for part, power in parts:
            factor = _factor(part, int(power) * direction, form.kernels)
            if not factor.sign & POSITIVE:
                content *= -1 if power % 2 else 1
                factor = Factor(Negative(factor.tree), factor.power, opposite(factor.sign))
            factors.append(factor)
    return content, tuple(factors)


def _factor(part: Any, power: int, kernels: tuple[Kernel, ...]) -> Factor:
    from derive.normal import polynomial_tree

    kernel = None
    if len(part) == 1:
        kernel = next(k for k, e in zip(kernels, part.degrees(), strict=False) if e)
    return Factor(polynomial_tree(part, kernels), power, sign_of(part, kernels), kernel)


def primes(value: Fraction) -> list[tuple[int, int]]:
    """A positive rational as primes and their powers; a number too large to factor stands as one."""
    found: list[tuple[int, int]] = []
    for size, direction in ((value.numerator, 1), (value.denominator, -1)):
        if size == 1:
            continue
        if size.bit_length() > MAX_PRIME_BITS:
            found.append((size, direction))
        else:
            found.extend((int(p), int(e) * direction) for p, e in fmpz(size).factor())
    return found


@dataclass(frozen=True, slots=True)
class Split:
    """outside · Π ⁿ√u^k (roots), outside · Π |u|^k, or outside + Σ k·log u: `atoms` are not taken further apart."""

    outside: Node
    atoms: tuple[tuple[Node, int, int], ...]  # u, n, k


def absolute(form: Form) -> Split:
    """|u| over the factors of u."""
    content, factors = factored(form)
    outside, atoms = [number(abs(content))], []
    for factor in factors:
        if factor.never_negative or factor.power % 2 == 0:
            outside.append(factor.raised(factor.power))
        else:
            atoms.append((factor.tree, 1, factor.power))
    return Split(times(outside), tuple(atoms))


def root(form: Form, index: int) -> Split:
    """The real n-th root of u over the factors of u."""
    content, factors = factored(form)
    if content == 0:
        return Split(number(0), ())
    outside: list[Node] = []
    atoms: list[tuple[Node, int, int]] = []
    group: list[tuple[Node, int]] = []

    def put(tree: Node, power: int, *, size: bool = False) -> None:
        whole, rest = divmod(power, index)
        if whole:
            outside.append(Power(Absolute(tree) if size and whole % 2 else tree, number(whole)))
        if rest:
            (group if size else atoms).append((tree, rest) if size else (tree, index, rest))  # type: ignore[arg-type]

    negative = content < 0
    if negative and index % 2:
        outside.append(number(-1))
    for prime, power in primes(abs(content)):
        put(number(prime), power)
    for factor in factors:
        if factor.kernel is not None and factor.kernel.key[0] == "exp" and factor.never_negative:
            exponent = factor.kernel.tree.children[0]
            outside.append(Call("exp", (times([number(Fraction(factor.power, index)), exponent]),)))
        elif (nested := _radicand(factor)) is not None and (nested[1] % 2 == 0 or index % 2):
            inner, degree = nested[0], nested[1] * index
            whole, rest = divmod(factor.power, degree)
            outside += [Power(inner, number(whole))] if whole else []
            atoms += [(inner, degree, rest)] if rest else []
        else:
            put(factor.tree, factor.power, size=index % 2 == 0 and not factor.never_negative)
    atoms += _grouped(group, index, negative=negative and index % 2 == 0, outside=outside)
    return Split(times(outside), tuple(atoms))


def _radicand(factor: Factor) -> tuple[Node, int] | None:
    """u and n, if a factor is ⁿ√u."""
    kernel = factor.kernel
    if kernel is None or kernel.key[0] != "root" or kernel.replacement is None:
        return None
    return kernel.replacement, kernel.degree


def _grouped(
    group: list[tuple[Node, int]], index: int, *, negative: bool, outside: list[Node]
) -> list[tuple[Node, int, int]]:
    """What stays together under an even root because the signs of its factors are not known."""
    if not group:
        return [(number(-1), index, 1)] if negative else []
    common = 1 if negative else gcd(index, *(power for _, power in group))
    rest = index // common
    if common % 2:
        radicand = times([tree if k == common else Power(tree, number(k // common)) for tree, k in group])
        return [(Negative(radicand) if negative else radicand, rest, 1)]
    if rest == 1:
        outside += [Power(Absolute(tree), number(k // common)) for tree, k in group]
        return []
    return [(Absolute(tree), rest, k // common) for tree, k in group]


def logarithm(form: Form) -> Split:
    """log u over the factors of u; each atom is k·log u, with n unused."""
    content, factors = factored(form)
    terms: list[Node] = []
    atoms: list[tuple[Node, int, int]] = []
    group: list[Factor] = []
    for factor in factors:
        kernel = factor.kernel
        if kernel is not None and kernel.key[0] == "exp" and factor.never_negative:
            terms.append(times([number(factor.power), kernel.tree.children[0]]))
        elif (nested := _radicand(factor)) is not None and nested[1] % 2 == 0:
            terms.append(times([number(Fraction(factor.power, nested[1])), Call("log", (nested[0],))]))
        elif factor.never_negative:
            atoms.append((factor.tree, 1, factor.power))
        elif factor.power % 2 == 0:
            atoms.append((Absolute(factor.tree), 1, factor.power))
        else:
            group.append(factor)
    if content and (group or content > 0):
        atoms += [(number(p), 1, e) for p, e in primes(abs(content))]
    if content <= 0:
        atoms.append(_together(Fraction(-1), group) if group else (number(content), 1, 1))
    elif len(group) == 1:
        atoms.append((group[0].tree, 1, group[0].power))
    elif group:
        atoms.append(_together(Fraction(1), group))
    return Split(total(terms), tuple(atoms))


def _together(content: Fraction, group: list[Factor]) -> tuple[Node, int, int]:
    """One logarithm of factors whose signs are not known, upside down if that is the lesser of the two spellings."""
    upright = times([number(content), *(factor.raised(factor.power) for factor in group)])
    if content != 1:
        return upright, 1, 1
    over = times([factor.raised(-factor.power) for factor in group])
    from derive.normal import normal_form

    keys: list[str] = [repr(normal_form(tree).key) for tree in (upright, over)]
    return (upright, 1, 1) if keys[0] <= keys[1] else (over, 1, -1)
