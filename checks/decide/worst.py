"""The search for a point that contradicts an inequality: downhill in floating point from many starts, then exact.

Whatever the search finds is only a hint; a counterexample is a rational point at which balls show the relation to fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import inf, isfinite, isinf
from random import Random

from checks.decide.bounds.floating import length, valued
from checks.decide.claim import Claim
from checks.decide.elementary import Undefined
from checks.decide.points import first_points, stratified_points
from derive.errors import NoRule, TooLarge
from derive.symbols import Symbol
from derive.tree import Node

STARTS = 12
ROUNDS = 60
MAX_NAMES = 8
MAX_SIZE = 400  # nodes of the formula, or steps of its tape
SHARES = (0.0, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 3 / 8, 1 / 2, 3 / 4)  # of a coordinate that may be as good as all of it
LARGEST = 1e12
GRIDS = (240, 24)  # points along each axis, of one name and of two
LOWEST = 5
FINENESS = (1, 2, 3, 4, 6, 8, 10, 16, 32, 64, 100, 1000, 10**4, 10**6, 10**9)
Floats = dict[str, float]


def least(more: Node, less: Node, claim: Claim, *, simple: bool = False) -> Iterator[dict[str, Fraction]]:
    """Rational points near where more − less is least by the size of both; the smallest values found come first.

    `simple`: where it is below zero, points with smaller numbers at which it is so as well.
    """
    keys = {*more.names, *less.names}
    names = tuple(symbol for symbol in claim.inputs if symbol.key in keys)
    if not names or len(names) > MAX_NAMES or length(more) + length(less) > MAX_SIZE or claim.is_complex:
        return
    value = _evaluator(more, less, names)
    starts: list[Mapping[str, Fraction]] = [*first_points(claim, STARTS // 2)]
    starts += [point for _, point in stratified_points(claim, 1)][:STARTS]
    random = Random(claim.seed + 3)
    whole = {symbol.key for symbol in names if symbol.kind == "integer"}
    floats = [{k: float(v) for k, v in start.items()} for start in starts]
    found = [_downhill(value, start, names, whole, random) for start in (*floats, *_on_grid(value, names))]
    found.sort(key=lambda pair: pair[0])
    seen: set[tuple[Fraction, ...]] = set()
    for lowest, point in found[:4]:
        if not isfinite(lowest):
            continue
        point = _drawn_in(value, lowest, point, whole) if simple else point
        for size in FINENESS:
            rounded = {key: _rounded(claim.setting.symbol(key), x, size) for key, x in point.items()}
            key = tuple(rounded.values())
            if key not in seen and all(claim.setting.symbol(k).admits(v) for k, v in rounded.items()):
                seen.add(key)
                yield rounded


def _drawn_in(value: Callable[[Floats], float], lowest: float, point: Floats, whole: set[str]) -> Floats:
    """A point below zero with smaller numbers, a quarter as low at least."""
    if not lowest < 0:
        return point
    for key, x in point.items():
        trials = ({**point, key: x * share} for share in SHARES if key not in whole)
        point = next((trial for trial in trials if value(trial) <= lowest / 4), point)
    return point


def _rounded(symbol: Symbol, x: float, size: int) -> Fraction:
    """A simple number near x; where that is a bound that does not belong to the domain, one a little inside."""
    near = Fraction(x).limit_denominator(size) if abs(x) < LARGEST else Fraction(round(x))
    step = Fraction(1, 8 * size)
    return next((v for v in (near, near - step, near + step) if symbol.admits(v)), near)


def _on_grid(value: Callable[[Floats], float], names: tuple[Symbol, ...]) -> list[Floats]:
    """The lowest points of a grid, of one or two names."""
    if len(names) > len(GRIDS):
        return []
    axes = [_axis(symbol, GRIDS[len(names) - 1]) for symbol in names]
    points = [dict(zip((s.key for s in names), choice, strict=True)) for choice in product(*axes)]
    known = [(value(point), point) for point in points]
    if len(names) == 1:
        inner = range(1, len(known) - 1)
        dips = [known[k] for k in inner if known[k][0] <= min(known[k - 1][0], known[k + 1][0])]
        known = dips + known[:1] + known[-1:]
    return [point for _, point in sorted(known, key=lambda pair: pair[0])[:LOWEST]]


def _axis(symbol: Symbol, count: int) -> list[float]:
    low, high = symbol.lower, symbol.upper
    if low is not None and high is not None:
        return [float(low + (high - low) * Fraction(2 * k + 1, 2 * count)) for k in range(count)]
    reach = [k / 4 for k in range(-count // 2, count // 2 + 1)]
    return reach if symbol.kind != "integer" else [float(round(4 * x)) for x in reach]


def _downhill(
    value: Callable[[Floats], float], start: Floats, names: tuple[Symbol, ...], whole: set[str], random: Random
) -> tuple[float, Floats]:
    """A local minimum by steps along the coordinates and at random, longer after success and shorter after failure."""
    at, least_value = dict(start), value(start)
    steps = {symbol.key: max(abs(start[symbol.key]), 1.0) / 2 for symbol in names}
    for turn in range(ROUNDS):
        moved = False
        for symbol in names:
            for sign in (1, -1):
                trial = dict(at)
                trial[symbol.key] += sign * (max(1.0, round(steps[symbol.key])) if symbol.key in whole else steps[symbol.key])  # fmt: skip
                found = value(trial)
                if found < least_value:
                    at, least_value, moved = trial, found, True
                    steps[symbol.key] = min(steps[symbol.key] * 1.7, LARGEST)
                    break
            else:
                steps[symbol.key] /= 2
        if not moved and len(names) > 1 and turn % 3 == 0:
            trial = {k: x + random.gauss(0, 1) * steps.get(k, 0) * 4 for k, x in at.items() if k not in whole}
            trial = {**at, **trial}
            found = value(trial)
            if found < least_value:
                at, least_value = trial, found
    return least_value, at


def _evaluator(more: Node, less: Node, names: tuple[Symbol, ...]) -> Callable[[Floats], float]:
    larger, smaller = valued(more), valued(less)

    def value(point: Floats) -> float:
        if not all(_within(symbol, point[symbol.key]) for symbol in names):
            return inf
        try:
            a, b = larger(point), smaller(point)
            found = (a - b) / (1 + abs(a) + abs(b))
        except (ValueError, ArithmeticError, KeyError, TypeError, TooLarge, Undefined, NoRule, RecursionError):
            return inf
        return found if isinstance(found, float | int) and not isinf(found) and found == found else inf  # noqa: PLR0124

    return value


def _within(symbol: Symbol, x: float) -> bool:
    if symbol.lower is not None and not (x >= symbol.lower if symbol.closed[0] else x > symbol.lower):
        return False
    if symbol.upper is not None and not (x <= symbol.upper if symbol.closed[1] else x < symbol.upper):
        return False
    signs = symbol.properties
    return not (("positive" in signs and x <= 0) or ("nonnegative" in signs and x < 0) or ("negative" in signs and x >= 0)
                or ("nonzero" in signs and x == 0))  # fmt: skip
