r"""How large a step of Adam can be, in units of α: exactly, with the gradients that reach it.

With m_t = Σ aᵢgᵢ, v_t = Σ bᵢgᵢ², aᵢ = (1−β₁)β₁^{t−i}, bᵢ = (1−β₂)β₂^{t−i}, Cauchy–Schwarz gives

    m_t² / v_t ≤ Σ aᵢ²/bᵢ = (1−β₁)²/(1−β₂) · Σ_{k<t} (β₁²/β₂)ᵏ        attained by gᵢ = (β₁/β₂)^{t−i}

and the corrected step is larger by (1−β₂ᵗ)/(1−β₁ᵗ)². Kingma and Ba (2015, section 2.1) give (1−β₁)/√(1−β₂) where that is
larger than 1: as a bound for all gradient sequences that is false as soon as the right side exceeds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

MAX_STEPS = 5_000


@dataclass(frozen=True)
class LargeStep:
    """Gradients after which (m̂_t/√v̂_t)² is `squared`, above the published bound, `bound` squared."""

    gradients: tuple[Fraction, ...]
    squared: Fraction
    bound: Fraction
    corrected: bool

    @property
    def ratio(self) -> float:
        """|step|/α."""
        return sqrt(self.squared)


def largest_squared(beta1: Fraction, beta2: Fraction, steps: int, *, corrected: bool = True) -> Fraction:
    """The greatest (step/α)² after so many steps over all gradients, for ε = 0."""
    _check(beta1, beta2)
    ratio = beta1 * beta1 / beta2
    powers = Fraction(steps) if ratio == 1 else (1 - ratio**steps) / (1 - ratio)
    squared = (1 - beta1) ** 2 / (1 - beta2) * powers
    return squared * (1 - beta2**steps) / (1 - beta1**steps) ** 2 if corrected else squared


def worst_gradients(beta1: Fraction, beta2: Fraction, steps: int) -> tuple[Fraction, ...]:
    """The gradients that reach it, up to a common factor."""
    _check(beta1, beta2)
    return tuple((beta1 / beta2) ** (steps - i) for i in range(1, steps + 1))


def published_bound_squared(beta1: Fraction, beta2: Fraction) -> Fraction:
    """(1−β₁)²/(1−β₂) where that is more than 1, and 1 elsewhere."""
    _check(beta1, beta2)
    return max((1 - beta1) ** 2 / (1 - beta2), Fraction(1))


def counterexample(beta1: Fraction, beta2: Fraction, *, corrected: bool = True) -> LargeStep | None:
    """The shortest gradient sequence of the worst kind beyond the published bound, run through Adam's own recurrences.

    None where no sequence of MAX_STEPS exceeds it. Raises ValueError unless 0 < β₁, β₂ < 1.
    """
    bound = published_bound_squared(beta1, beta2)
    steps = _shortest(beta1, beta2, bound, corrected=corrected)
    if steps is None:
        return None
    gradients = worst_gradients(beta1, beta2, steps)
    squared = step_squared(gradients, beta1, beta2, corrected=corrected)
    return LargeStep(gradients, squared, bound, corrected) if squared > bound else None


def step_squared(
    gradients: tuple[Fraction, ...], beta1: Fraction, beta2: Fraction, *, corrected: bool = True
) -> Fraction:
    """(step/α)² by the recurrences of m and v themselves, exactly. Raises ZeroDivisionError if every gradient is 0."""
    m = v = Fraction(0)
    for g in gradients:
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
    steps = len(gradients)
    return m * m / v * ((1 - beta2**steps) / (1 - beta1**steps) ** 2 if corrected else 1)


def _shortest(beta1: Fraction, beta2: Fraction, bound: Fraction, *, corrected: bool) -> int | None:
    """The first number of steps at which floats see the bound exceeded; exact arithmetic has the last word."""
    first, second, limit = float(beta1), float(beta2), float(bound)
    ratio = first * first / second
    powers, power = 0.0, 1.0
    for steps in range(1, MAX_STEPS + 1):
        powers, power = powers + power, power * ratio
        squared = (1 - first) ** 2 / (1 - second) * powers
        if corrected:
            squared *= (1 - second**steps) / (1 - first**steps) ** 2
        if squared > limit * (1 + 1e-9):
            return steps
        if power < 1e-18 and not corrected:
            return None
    return None


def _check(beta1: Fraction, beta2: Fraction) -> None:
    if not (0 < beta1 < 1 and 0 < beta2 < 1):
        raise ValueError("β₁ and β₂ lie between 0 and 1")
