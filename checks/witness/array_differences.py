"""The referee for arrays: an entry of a derivative by central differences of mpmath's values, far beyond 40 digits.

Each is worked out with two numbers of digits, the step squared along; what then differs settles nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from checks.decide.arrays.compare import Values
from checks.decide.arrays.counterexamples import FAILURES, REPLAY_FAILURES
from checks.decide.arrays.draws import ArrayClaim, Draw
from checks.decide.arrays.fields import Balls
from checks.decide.arrays.replay import Replay
from checks.decide.balls import precision
from checks.witness.layouts import Direction, Target, directions
from derive.program import Program
from derive.tree import Node

BITS = 256
AGREED = 1e-20  # relative


@dataclass(frozen=True, slots=True)
class Level:
    """How many digits are carried, and the step of differences; their error is about its square."""

    digits: int = 160
    step: Fraction = Fraction(1, 10**40)


LEVELS = (Level(), Level(320, Fraction(1, 10**80)))


class NoValue(Exception):
    """There is no finite value, or a kink."""


def smooth_at(claim: ArrayClaim, closed: Node, f: Node, draw: Draw, choice: dict[str, int]) -> bool:
    """Whether both have a value there, and no kink."""
    try:
        with precision(BITS):
            at = Values(claim, draw, Balls).at(choice)
            at(closed)
            at(f)
    except FAILURES:
        return False
    return True


def near(left: Any, right: Any) -> bool:
    """Whether two numbers are one, as far as many digits tell."""
    return bool(abs(left - right) <= AGREED * (abs(left) + abs(right) + 1))


def settled(compute: Callable[[Level], Any]) -> Any:
    """A number that two levels agree on. Raises NoValue."""
    first, second = (compute(level) for level in LEVELS)
    if not near(first, second):
        raise NoValue
    return second


def value_at(
    tree: Node, draw: Draw, program: Program, choice: Mapping[str, int], level: Level = LEVELS[0]
) -> list[list[Any]]:
    """The entries of a formula. Raises NoValue."""
    return _rows(tree, draw, program, choice, draw.arrays, level)


def _rows(
    tree: Node, draw: Draw, program: Program, choice: Mapping[str, int], arrays: Mapping[str, Any], level: Level
) -> list[list[Any]]:
    at = Replay(arrays, draw.sizes, program, draw.world, choice, level.digits)
    try:
        rows = at.rows(at.value(tree))
    except REPLAY_FAILURES:
        raise NoValue from None
    if not all(at.mp.isfinite(e) and not at.mp.im(e) for row in rows for e in row):
        raise NoValue
    return rows


def entry_by_differences(
    target: Target,
    f: Node,
    draw: Draw,
    program: Program,
    choice: Mapping[str, int],
    entry: tuple[int, int],
    level: Level = LEVELS[0],
) -> Any:
    """One entry (from 0) of the derivative in the layout wanted. Raises NoValue."""
    variable = draw.arrays[target.key]
    here = value_at(f, draw, program, choice, level)
    places = tuple(int(value_at(index, draw, program, choice)[0][0]) for index in target.indices)
    shape, by = (len(here), len(here[0])), (len(variable), len(variable[0]))
    place, along = directions(target, entry, shape, by, places=places)
    if target.layout == "differential" and target.beside is not None:
        step = draw.arrays[target.beside.names[0]]
        along = ({(i, j): v for i, row in enumerate(step) for j, v in enumerate(row)},)
    upstream = target.beside if place is None else None
    weights = None if upstream is None else value_at(upstream, draw, program, choice, level)

    def of(moved: list[Direction], signs: list[int]) -> Any:
        rows = [list(row) for row in variable]
        for direction, sign in zip(moved, signs, strict=True):
            for (i, j), size in direction.items():
                rows[i][j] += sign * level.step * Fraction(size)
        arrays = {**draw.arrays, target.key: tuple(map(tuple, rows))}
        found = _rows(f, draw, program, choice, arrays, level)
        if weights is None:
            assert place is not None
            return found[place[0]][place[1]]
        return sum(g * v for gs, vs in zip(weights, found, strict=True) for g, v in zip(gs, vs, strict=True))

    step = 1 / _mp(level)
    if len(along) == 1:
        return (of([along[0]], [1]) - of([along[0]], [-1])) * step / 2
    signs = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
    return sum(a * b * of(list(along), [a, b]) for a, b in signs) * step * step / 4


def _mp(level: Level) -> Any:
    """The step as a number of mpmath."""
    import mpmath

    context = mpmath.MPContext()
    context.dps = level.digits
    return context.mpf(level.step.numerator) / level.step.denominator
