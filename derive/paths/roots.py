"""A rational plus rational multiples of square roots, with an exact zero test.

Two radicands go together if their product is a square: then √d = √(c·d)/c · √c. What is left over are square roots of
numbers pairwise different modulo squares, which are linearly independent over Q (Besicovitch 1940): the sum is 0 if and
only if every coefficient is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx, fmpq

MAX_BITS = 1 << 16


@contextmanager
def bits(precision: int) -> Iterator[None]:
    """Balls of this precision inside."""
    before = ctx.prec
    ctx.prec = precision
    try:
        yield
    finally:
        ctx.prec = before


def exact(value: Fraction | int) -> fmpq:
    """A fraction as python-flint has it."""
    value = Fraction(value)
    return fmpq(value.numerator, value.denominator)


def fraction(value: fmpq) -> Fraction:
    """And back."""
    return Fraction(int(value.p), int(value.q))


def root_of(square: fmpq) -> fmpq | None:
    """√square if that is rational."""
    if square < 0 or not (square.p.is_square() and square.q.is_square()):
        return None
    return fmpq(square.p.isqrt(), square.q.isqrt())


def enclosure(ball: arb, digits: int = 40) -> tuple[Fraction, Fraction]:
    """Decimals of so many digits below and above a ball."""
    scale = 10**digits
    with bits(1024):
        low, high = (ball.lower() * scale).floor().unique_fmpz(), (ball.upper() * scale).ceil().unique_fmpz()
    if low is None or high is None:
        raise ArithmeticError("a ball is too wide to be enclosed")
    return Fraction(int(low), scale), Fraction(int(high), scale)


@dataclass(frozen=True, slots=True)
class RootSum:
    """`rational` + Σ coefficient · √radicand, the radicands positive, no squares, and different modulo squares."""

    rational: fmpq
    roots: tuple[tuple[fmpq, fmpq], ...] = ()  # coefficient, radicand

    def plus(self, coefficient: fmpq, radicand: fmpq) -> RootSum:
        """With coefficient · √radicand added."""
        whole = root_of(radicand)
        if whole is not None:
            return RootSum(self.rational + coefficient * whole, self.roots)
        for index, (known, d) in enumerate(self.roots):
            both = root_of(d * radicand)
            if both is not None:
                new = known + coefficient * both / d
                merged = [(new, d)] if new != 0 else []
                return RootSum(self.rational, (*self.roots[:index], *merged, *self.roots[index + 1 :]))
        return RootSum(self.rational, (*self.roots, (coefficient, radicand)) if coefficient != 0 else self.roots)

    def minus(self, other: RootSum) -> RootSum:
        """The difference."""
        result = RootSum(self.rational - other.rational, self.roots)
        for coefficient, radicand in other.roots:
            result = result.plus(-coefficient, radicand)
        return result

    def ball(self, precision: int) -> arb:
        """An enclosure."""
        with bits(precision):
            total = arb(self.rational)
            for coefficient, radicand in self.roots:
                total += arb(coefficient) * arb(radicand).sqrt()
            return total

    def sign(self) -> int:
        """−1, 0 or 1, exactly."""
        if not self.roots:
            return int(self.rational > 0) - int(self.rational < 0)
        precision = 128
        while True:  # ends: the sum is not 0, since its roots are independent
            ball = self.ball(precision)
            if not ball.contains(0):
                return 1 if ball > 0 else -1
            precision *= 2
            if precision > MAX_BITS:
                raise ArithmeticError(f"two positions are closer than {MAX_BITS} bits tell apart")

    @property
    def value(self) -> Fraction | None:
        """The number if it is rational."""
        return None if self.roots else fraction(self.rational)
