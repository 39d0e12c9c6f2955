"""The search for a point that contradicts an inequality: downhill in floating point from many starts, then exact.

Whatever the search finds is only a hint; a counterexample is a rational point at which balls show the relation to fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import inf, isfinite, isinf
from random import Random

from checks.decide.claim import Claim
from checks.decide.elementary import Undefined
from checks.decide.floats import value as value_of
from checks.decide.points import first_points, stratified_points
from derive.errors import NoRule, TooLarge
from derive.symbols import Symbol
from derive.tree import Node

STARTS = 12
ROUNDS = 60
MAX_NAMES = 8
MAX_SIZE = 400  # nodes of the formula
LARGEST = 1e12
FINENESS = (1, 2, 3, 4, 6, 8, 10, 16, 32, 64, 100, 1000, 10**4, 10**6, 10**9)
Floats = dict[str, float]


def least(tree: Node, claim: Claim, extra: Sequence[Mapping[str, Fraction]] = ()) -> Iterator[dict[str, Fraction]]:
    """Rational points near where a formula is least, simpler ones first; the smallest values found come first."""
    names = tuple(symbol for symbol in claim.inputs if symbol.key in tree.names)
    if not names or len(names) > MAX_NAMES or tree.size > MAX_SIZE or claim.is_complex:
        return
    starts: list[Mapping[str, Fraction]] = [*extra, *first_points(claim, STARTS // 2)]
    starts += [point for _, point in stratified_points(claim, 1)][:STARTS]
    random = Random(claim.seed + 3)
    whole = {symbol.key for symbol in names if symbol.kind == "integer"}
    found = [_downhill(tree, {k: float(v) for k, v in start.items()}, names, whole, random) for start in starts]
    found.sort(key=lambda pair: pair[0])
    seen: set[tuple[Fraction, ...]] = set()
    for value, point in found[:4]:
        if not isfinite(value):
            continue
        for size in FINENESS:
            rounded = {key: _rounded(x, size) for key, x in point.items()}
            key = tuple(rounded.values())
            if key not in seen and all(claim.setting.symbol(k).admits(v) for k, v in rounded.items()):
                seen.add(key)
                yield rounded


def _rounded(x: float, size: int) -> Fraction:
    return Fraction(x).limit_denominator(size) if abs(x) < LARGEST else Fraction(round(x))


def _downhill(
    tree: Node, start: Floats, names: tuple[Symbol, ...], whole: set[str], random: Random
) -> tuple[float, Floats]:
    """A local minimum by steps along the coordinates and at random, longer after success and shorter after failure."""
    value = _evaluator(tree, names)
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


def _evaluator(tree: Node, names: tuple[Symbol, ...]) -> Callable[[Floats], float]:
    def value(point: Floats) -> float:
        if not all(_within(symbol, point[symbol.key]) for symbol in names):
            return inf
        try:
            found = value_of(tree, dict(point))
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
