"""A part with a path → what was checked of it: every position beside two simulations, every greatest height beside what passes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from checks.walks.numbers import value_of
from checks.walks.simulation import by_torch, passes, simulated
from derive.paths.losses import PiecewiseLinear
from derive.paths.model import Walk
from derive.problem import Problem

STEPS = 120
NEAR = Fraction(1, 10**30)
FLOAT = 1e-9


@dataclass(frozen=True, slots=True)
class Checked:
    """How many positions were checked, and what failed."""

    positions: int
    failures: tuple[str, ...]


def certified(problem: Problem, part: str) -> Checked:
    """The path of a part, for the heights its questions name, its greatest height and heights on both sides of it."""
    walk = problem.walks[part]
    positions, failures = 0, []
    heights = {h for question in problem.path_questions if question.part == part for h in question.heights}
    for height in sorted({*heights, *_around(walk), Fraction(1)}):
        seen, said = _path(walk, walk.loss(height), height)
        positions += seen
        failures += [f"{problem.id}, part {part}, h = {height}: {text}" for text in said]
    failures += [f"{problem.id}, part {part}: {text}" for text in _height(walk)]
    return Checked(positions, tuple(failures))


def _around(walk: Walk) -> list[Fraction]:
    star = walk.highest.lower
    return [h for h in (star * Fraction(9, 10), star, star + Fraction(1, 10)) if h > 0]


def _path(walk: Walk, loss: PiecewiseLinear, height: Fraction) -> tuple[int, list[str]]:
    """A path beside Fractions, exactly where it is rational, and beside torch as far as no breakpoint is hit."""
    path = walk.path(height, STEPS)
    parameters, start, failures = walk.parameters, walk.start, []
    steps = min(path.steps, STEPS)
    by_fractions = list(simulated(walk.rule.name, parameters, loss, start, steps))
    floats = by_torch(walk.rule.name, parameters, loss, start, steps)
    apart = True  # from every breakpoint, so that rounding does not change a gradient
    for t, (exact, rounded) in enumerate(zip(by_fractions, floats, strict=False), start=1):
        truth = value_of(path.position(t))
        if abs(exact - truth) > (0 if path.position(t).value is not None else NEAR):
            failures.append(f"position {t} is {float(truth)}, Fractions give {float(exact)}")
            break
        if apart and abs(rounded - float(truth)) > FLOAT * max(1.0, abs(float(truth))):
            failures.append(f"position {t} is {float(truth)}, torch.optim gives {rounded}")
            break
        apart = apart and all(abs(truth - at) > FLOAT for at in loss.breakpoints)
    return steps, failures


def _height(walk: Walk) -> Iterator[str]:
    """The greatest height beside what passes in simulation."""
    found = walk.highest
    steps = max(STEPS, (found.step or 0) + 2)

    def passing(height: Fraction) -> bool:
        return passes(walk.rule.name, walk.parameters, walk.loss(height), walk.start, steps)

    if found.upper is None:
        yield f"no bound of the greatest height was found; at least {float(found.lower)} is passed"
        return
    if found.lower > NEAR and not passing(found.lower - NEAR):
        yield f"a peak just below {float(found.lower)} is not passed in simulation"
    if passing(found.upper + NEAR):
        yield f"a peak just above {float(found.upper)} is passed in simulation"
    if found.exact and passing(found.exact) is not found.attained:
        yield f"a peak of height {found.exact} itself is {'not ' if found.attained else ''}passed in simulation"
