"""A path → the certificate that its gradients repeat for ever, with an enclosure of every later position.

Let s_1 … s_p be the last p gradients, all of one size |s_i| = c where f depends on the gradients, with Σ s_i = 0, and suppose
they went on like this for ever after step T. Then

    m_{T+i} = μ_i + β^i d             μ the periodic solution of μ_i = β μ_{i−1} + κ s_i, d = m_T − μ_0
    Σ_{k≤n} m_{T+k} = S_n + d β (1 − βⁿ)/(1 − β)        S_n = μ_1 + … + μ_n, periodic, since Σ μ_i = Σ s_i κ/(1 − β) = 0
    f_t → f,   Σ_{k≤n} (f_{T+k} − f) m_{T+k} ≤ 2 V B    (Abel's summation; V the variation of f_t after T, B = max |Σ m|)

so position T + n differs from the limit L_{n mod p} = w_T − f (S_n + d β/(1 − β)) by at most

    E = f |d| β/(1 − β) + 2 V B.

If every L_i is further than E from the breakpoints of its side, the gradient at position T + n is s_{n+1} as long as all before
were so: by induction it is for every n. f_t is α (constant), α/(1 − β1^t) times 1/(√v̂_t + ε) or 1/u_t. With |g| = c after T,
v̂_t − c² = K β2^t/(1 − β2^t) and u_t = max(β2^{t−T} u_T, c) are monotone, so V ≤ a_T |F_T − F| + max(F_T, F)(a_T − α), where a and F
are the two factors.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb

from derive.paths.roots import bits, exact

if TYPE_CHECKING:
    from derive.paths.walk import Path

REPEATED = 3  # periods seen before one is looked into
MAX_PERIOD = 2_000


@dataclass(frozen=True, slots=True)
class Tail:
    """The gradients repeat after step `since` with `period`; every position after it lies within `error` of one of `around`."""

    since: int
    period: int
    around: tuple[arb, ...]
    error: arb
    exactly: bool  # the positions themselves repeat: no memory, and f has been constant from the start

    def highest(self, precision: int) -> arb:
        """An enclosure of the supremum of the positions after `since`."""
        with bits(precision):
            top = self.around[0]
            for at in self.around[1:]:
                top = top.max(at)
            return top + self.error * arb(0, 1)


def find_tail(path: Path, precision: int) -> Tail | None:
    """The certificate for the smallest period seen, or None."""
    period = _period(path.gradients)
    if period is None:
        return None
    with bits(precision):
        return _certified(path, path.gradients[-period:])


def _period(gradients: list[Fraction]) -> int | None:
    """The smallest period with sum 0 that the last gradients repeat."""
    for period in range(1, min(len(gradients) // REPEATED, MAX_PERIOD) + 1):
        if all(gradients[-k] == gradients[-k - period] for k in range(1, (REPEATED - 1) * period + 1)):
            return period if sum(gradients[-period:]) == 0 else None
    return None


def _certified(path: Path, pattern: list[Fraction]) -> Tail | None:
    rule, numbers = path.rule, path._numbers  # noqa: SLF001 - one room
    memory = path.parameters[rule.memory] if rule.memory else Fraction(0)
    if rule.second and (len({abs(s) for s in pattern}) > 1 or pattern[0] == 0):
        return None  # f would not come to rest
    beta = arb(exact(memory))
    gain = 1 - beta if rule.averaged else arb(1)
    limits, period = _limits(beta, gain, pattern), len(pattern)
    d = path.states[-1].m - limits[-1] if memory else arb(0)
    sums = [limits[0]]
    for mu in limits[1:]:
        sums.append(sums[-1] + mu)
    rest = d * beta / (1 - beta)
    factor, variation = _factor(path, arb(exact(abs(pattern[0]))), numbers)
    # S_p is 0 exactly: the gradients of a period sum to 0
    around = tuple(path.balls[-1] - factor * (s + rest) for s in (arb(0), *sums[:-1]))
    largest = abs(rest)
    for s in sums:
        largest = largest.max(abs(s) + abs(rest))
    error = factor * abs(rest) + 2 * variation * largest
    if not all(_beside(path, at, error, slope) for at, slope in zip(around, pattern, strict=True)):
        return None
    exactly = not memory and (not rule.second or all(abs(g) == abs(pattern[0]) for g in path.gradients))
    return Tail(path.steps, period, around, error, exactly)


def _limits(beta: arb, gain: arb, pattern: list[Fraction]) -> list[arb]:
    """μ_1 … μ_p; μ_p = μ_0."""
    m = arb(0)
    for s in pattern:
        m = beta * m + gain * exact(s)
    m /= 1 - beta ** len(pattern)
    found = []
    for s in pattern:
        m = beta * m + gain * exact(s)
        found.append(m)
    return found


def _factor(path: Path, size: arb, numbers: dict[str, arb]) -> tuple[arb, arb]:
    """The limit of f_t, and a bound of its variation from here on."""
    move, alpha = path.moves[-1], numbers["alpha"]
    if not path.rule.second:
        return alpha, arb(0)
    if move.radicand is None:
        now, then = 1 / move.offset, 1 / size
    else:
        now, then = 1 / (move.radicand.sqrt() + move.offset), 1 / (size + move.offset)
    return alpha * then, move.scale * abs(now - then) + now.max(then) * (move.scale - alpha)


def _beside(path: Path, at: arb, error: arb, slope: Fraction) -> bool:
    """Whether all within `error` of a point lies between breakpoints where the loss has this slope."""
    loss = path.loss
    below = sum(1 for b in loss.breakpoints if at - error > exact(b))
    clear = all(at - error > exact(b) for b in loss.breakpoints[:below]) and all(
        at + error < exact(b) for b in loss.breakpoints[below:]
    )
    return clear and loss.slopes[below] == slope
