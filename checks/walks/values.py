"""A path and a step → the exact value of every quantity the rule has there, as they are written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from checks.walks.numbers import value_of
from derive.paths.model import Walk
from derive.paths.roots import enclosure, fraction
from derive.paths.rules import State
from derive.paths.walk import Path

EXACTLY = 80  # steps up to which a position with roots is summed exactly; later ones are enclosed to 40 decimals
PARAMETERS = {"alpha": r"\alpha", "beta": r"\beta", "beta_1": r"\beta_1", "beta_2": r"\beta_2", "epsilon": r"\epsilon"}


def quantities(walk: Walk, path: Path, step: int) -> Mapping[str, Fraction]:
    """`w`, `g`, `m`, `v` or `u`, `\\hat{m}`, `\\hat{v}` at a step the path has; at step 0 the position and the states, which are 0.

    Positions that are not rational to 40 decimals.
    """
    found = {walk.position: value_of(path.position(step)) if step <= EXACTLY else enclosure(path.balls[step])[0]}
    if not step:
        return found | dict.fromkeys(("m", walk.rule.second or "m"), Fraction(0))
    found["g"] = path.gradients[step - 1]
    last, moved = path.exact_step(step)
    if walk.rule.memory:
        found["m"] = fraction(last.m)
    if walk.rule.second:
        found[walk.rule.second] = fraction(last.second)
    if any(r"\hat{m}" in text for text in walk.rule.equations):
        found[r"\hat{m}"] = fraction(last.m / (1 - last.power1))
    if moved.radicand is not None:
        found[r"\hat{v}"] = fraction(moved.radicand)
    return found


def in_double_precision(walk: Walk, height: Fraction | None, steps: int) -> list[float]:
    """Positions 0 … steps as double precision computes them."""
    loss = walk.loss(Fraction(1)).without_peak() if height is None else walk.loss(height)
    at = [float(b) for b in loss.breakpoints]
    numbers = {name: float(value) for name, value in walk.parameters.items()}
    state, w = State(0.0, 0.0, 1.0, 1.0), float(walk.start)
    found = [w]
    for _ in range(steps):
        side = sum(1 for b in at if b < w)
        gradient = loss.kinks[side] if side < len(at) and at[side] == w else loss.slopes[side]
        state, move = walk.rule.step(state, float(gradient), numbers)
        divisor = (math.sqrt(move.radicand) if move.radicand is not None else 0.0) + move.offset
        if divisor == 0:
            break
        w -= move.m * move.scale / divisor
        found.append(w)
    return found
