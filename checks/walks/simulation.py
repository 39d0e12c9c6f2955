"""A path simulated step by step with `fractions.Fraction`, and with torch.optim in float64: two witnesses of derive.paths.

The rules are written out here once more, as their papers print them, and nothing of derive.paths.walk or its rules is used. A root of v̂
that is not rational is taken to 60 digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from derive.paths.losses import PiecewiseLinear

Numbers = Mapping[str, Fraction]
Slope = Callable[[Fraction], Fraction]


def root(value: Fraction) -> Fraction:
    """The square root, exact for a square, else cut off after 60 digits."""
    top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return Fraction(top, bottom)
    return Fraction(math.isqrt(value.numerator * 10**120 // value.denominator), 10**60)


def adam(p: Numbers, slope: Slope, w: Fraction, steps: int) -> Iterator[Fraction]:
    """Positions w_1, w_2, … of Adam."""
    m = v = Fraction(0)
    for t in range(1, steps + 1):
        g = slope(w)
        m = p["beta_1"] * m + (1 - p["beta_1"]) * g
        v = p["beta_2"] * v + (1 - p["beta_2"]) * g**2
        divisor = root(v / (1 - p["beta_2"] ** t)) + p["epsilon"]
        if not divisor:
            return
        w -= p["alpha"] * (m / (1 - p["beta_1"] ** t)) / divisor
        yield w


def adamax(p: Numbers, slope: Slope, w: Fraction, steps: int) -> Iterator[Fraction]:
    """Positions of AdaMax."""
    m = u = Fraction(0)
    for t in range(1, steps + 1):
        g = slope(w)
        m = p["beta_1"] * m + (1 - p["beta_1"]) * g
        u = max(p["beta_2"] * u, abs(g))
        if not u:
            return
        w -= p["alpha"] / (1 - p["beta_1"] ** t) * m / u
        yield w


def momentum(p: Numbers, slope: Slope, w: Fraction, steps: int) -> Iterator[Fraction]:
    """Positions of gradient descent with momentum."""
    m = Fraction(0)
    for _ in range(steps):
        m = p["beta"] * m + slope(w)
        w -= p["alpha"] * m
        yield w


def gradient_descent(p: Numbers, slope: Slope, w: Fraction, steps: int) -> Iterator[Fraction]:
    """Positions of gradient descent."""
    for _ in range(steps):
        w -= p["alpha"] * slope(w)
        yield w


SIMULATED: Mapping[str, Callable[[Numbers, Slope, Fraction, int], Iterator[Fraction]]] = {
    "adam": adam,
    "adamax": adamax,
    "momentum": momentum,
    "gradient-descent": gradient_descent,
}


def simulated(rule: str, p: Numbers, loss: PiecewiseLinear, start: Fraction, steps: int) -> Iterator[Fraction]:
    """Positions 1, 2, … of a rule over a loss."""
    return SIMULATED[rule](p, loss.slope, start, steps)


def passes(rule: str, p: Numbers, loss: PiecewiseLinear, start: Fraction, steps: int) -> bool:
    """Whether the simulation gets beyond the last breakpoint within these steps."""
    return any(w > loss.breakpoints[-1] for w in simulated(rule, p, loss, start, steps))


def by_torch(rule: str, p: Numbers, loss: PiecewiseLinear, start: Fraction, steps: int) -> list[float]:
    """Positions 1 … steps that torch.optim computes in float64, the gradient put in by hand."""
    import torch

    w = torch.tensor(float(start), dtype=torch.float64, requires_grad=True)
    f = {name: float(value) for name, value in p.items()}
    optimiser: torch.optim.Optimizer
    if rule == "adam":
        optimiser = torch.optim.Adam([w], lr=f["alpha"], betas=(f["beta_1"], f["beta_2"]), eps=f["epsilon"])
    elif rule == "adamax":
        optimiser = torch.optim.Adamax([w], lr=f["alpha"], betas=(f["beta_1"], f["beta_2"]), eps=0.0)
    else:
        optimiser = torch.optim.SGD([w], lr=f["alpha"], momentum=f.get("beta", 0.0))
    found = []
    for _ in range(steps):
        w.grad = torch.tensor(float(loss.slope(Fraction(w.item()))), dtype=torch.float64)
        optimiser.step()
        found.append(w.item())
    return found
