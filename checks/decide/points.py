"""Rational points to try a claim at: small numbers first, then strata, among them both sides of the claim's own kinks.

A kink is a zero of something whose sign decides a branch: an argument of |·|, a root, a condition. It is solved for one
input at a time, the others at small numbers, exactly where it is linear and to 2^-60 elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from itertools import islice, pairwise, product
from math import ceil, floor, nan
from random import Random

from checks.decide.bounds.floating import valued
from checks.decide.branches import open_signs, resolved, uncertain_factors
from checks.decide.claim import Claim, Gaussian, Point
from checks.decide.domains import line
from checks.decide.elementary import Undefined
from derive.errors import NoRule, TooLarge
from derive.symbols import Symbol
from derive.tree import Node, Power, number, substitute, walk

_SMALL = [
    Fraction(n, d)
    for n, d in ((1, 2), (1, 1), (2, 1), (-1, 1), (3, 1), (-1, 2), (1, 3), (-2, 1), (3, 2), (2, 3), (-3, 2), (1, 4))
]
# shrinking prefers earlier entries
SIMPLEST = [
    Fraction(0),
    Fraction(1),
    Fraction(-1),
    Fraction(2),
    Fraction(-2),
    Fraction(1, 2),
    Fraction(-1, 2),
    Fraction(3),
    Fraction(1, 3),
    Fraction(1, 4),
]
STRATA = ("small", "signs", "integers", "large", "tiny", "special", "far")
STEPS = (Fraction(1, 2**10), Fraction(1, 2**30))  # to either side of a kink
MAX_KINKS = 6
MAX_NEARBY = 96
# how far from a point, relatively and absolutely; whole steps for what is declared an integer
NEARBY = (
    (Fraction(1, 11), Fraction(0)),
    (Fraction(1, 2), Fraction(0)),
    (Fraction(0), Fraction(1)),
    (Fraction(1, 97), Fraction(1, 13)),
)
EXPONENTS = (Fraction(-1), Fraction(2), Fraction(1, 2), Fraction(-2))
MAX_EXPONENT_POINTS = 64
ZEROS_AND_ONES = (Fraction(0), Fraction(1), Fraction(-1))


def first_points(claim: Claim, count: int) -> Iterator[dict[str, Fraction]]:
    """Points of small numbers, pairwise different where the pool allows it."""
    random = Random(claim.seed)
    for _ in range(count):
        pool = _SMALL * (1 + len(claim.inputs) // len(_SMALL))
        random.shuffle(pool)
        point = _point(claim.inputs, pool, random)
        if point is not None:
            yield point


def stratified_points(claim: Claim, each: int) -> Iterator[tuple[str, dict[str, Fraction]]]:
    """`each` points of every stratum, with the stratum's name; of few inputs every choice of 0, 1 and −1."""
    random = Random(claim.seed + 1)
    for stratum in STRATA:
        if stratum == "special" and len(claim.inputs) <= 2:
            for values in product(ZEROS_AND_ONES, repeat=len(claim.inputs)):
                if all(symbol.admits(value) for symbol, value in zip(claim.inputs, values, strict=True)):
                    yield stratum, {s.key: v for s, v in zip(claim.inputs, values, strict=True)}
            continue
        for _ in range(each):
            point = _point(claim.inputs, [_draw(stratum, random) for _ in claim.inputs], random)
            if point is not None:
                yield stratum, point
    yield from exponent_points(claim, random)
    yield from kink_points(claim, random)
    if any(symbol.kind == "complex" for symbol in claim.inputs):
        for _ in range(2 * each):
            point = _point(claim.inputs, [_draw("signs", random) for _ in claim.inputs], random)
            if point is not None:
                yield "complex", {k: _complex(claim, k, v, random) for k, v in point.items()}


def nearby_points(claim: Claim, met: list[Point]) -> Iterator[dict[str, Fraction]]:
    """Points around those at which both sides had a value, for domains that the strata seldom meet; `met` may grow."""
    random = Random(claim.seed + 2)
    for turn in range(MAX_NEARBY if met else 0):
        start = met[random.randrange(len(met))]
        if any(isinstance(value, Gaussian) for value in start.values()):
            return
        factor, shift = NEARBY[turn % len(NEARBY)]
        moved = {
            s.key: start[s.key] * (1 + factor * random.randint(-8, 8)) + shift * random.randint(-8, 8)
            for s in claim.inputs
            if not s.is_function
        }
        if moved != start and all(s.admits(moved[s.key]) for s in claim.inputs if s.key in moved):
            yield moved


def exponent_points(claim: Claim, random: Random) -> Iterator[tuple[str, dict[str, Fraction]]]:
    """Where powers with names as exponents part: negative bases, even, odd and half exponents. (x²)^{1/2} is not x."""
    if not any(isinstance(node, Power) and node.exponent.names for side in claim.sides for node in walk(side)):
        return
    count = len(claim.inputs)
    everything = len(EXPONENTS) ** count <= MAX_EXPONENT_POINTS
    chosen: Iterable[tuple[Fraction, ...]] = (
        product(EXPONENTS, repeat=count)
        if everything
        else (tuple(random.choice(EXPONENTS) for _ in range(count)) for _ in range(MAX_EXPONENT_POINTS))
    )
    for values in chosen:
        if all(symbol.admits(value) for symbol, value in zip(claim.inputs, values, strict=True)):
            yield "exponents", {s.key: v for s, v in zip(claim.inputs, values, strict=True)}


def _complex(claim: Claim, key: str, value: Fraction, random: Random) -> Fraction:
    symbol = claim.setting.symbol(key)
    if symbol.kind != "complex" or isinstance(value, Gaussian):
        return value
    beside = Gaussian(value, _draw("signs", random))
    return beside if symbol.admits(beside) else value  # type: ignore[return-value]


def kink_points(claim: Claim, random: Random) -> Iterator[tuple[str, dict[str, Fraction]]]:
    """Points at, and on both sides of, the zeros of what decides the branches of a claim."""
    if claim.is_complex:
        return
    for u in islice(kinks(claim), MAX_KINKS):
        for symbol in claim.inputs:
            if symbol.key not in u.names:
                continue
            base = _point(claim.inputs, [random.choice(_SMALL) for _ in claim.inputs], random)
            if base is None:
                return
            for zero in zeros(u, symbol.key, base):
                for value in (zero, *(zero + sign * step for step in STEPS for sign in (1, -1))):
                    if symbol.admits(value):
                        yield "kinks", {**base, symbol.key: value}


def kinks(claim: Claim) -> Iterator[Node]:
    """What decides the branches of both sides, over the inputs alone."""
    seen: set[Node] = set()
    for side in (*claim.sides, *claim.kinks):
        try:
            tree = resolved(claim.setting.named.expanded(side))
            found = [*open_signs(tree), *(uncertain_factors(tree) if side in claim.kinks else ())]
        except (TooLarge, ZeroDivisionError, NoRule, RecursionError):
            continue
        for u in found:
            if u not in seen:
                seen.add(u)
                yield u


def zeros(u: Node, key: str, point: Mapping[str, Fraction]) -> list[Fraction]:
    """Where a formula vanishes, one input varying: exactly if it is linear, else by bisection where its sign changes."""
    others = {name: number(value) for name, value in point.items() if name != key}
    at = substitute(u, others)
    found = line(at)
    if found is not None:
        return [-found[2] / found[1]]
    value = partial(_float, valued(at), key)
    grid = [Fraction(k, 4) + Fraction(1, 16) for k in range(-24, 24)]
    known = [(x, value(x)) for x in grid]
    crossings = [(a, b) for (a, fa), (b, fb) in pairwise(known) if fa * fb < 0]
    return [_bisected(value, a, b) for a, b in crossings[:2]]


def _bisected(value: Callable[[Fraction], float], low: Fraction, high: Fraction) -> Fraction:
    sign = value(low) > 0
    for _ in range(50):
        middle = (low + high) / 2
        if (value(middle) > 0) == sign:
            low = middle
        else:
            high = middle
    return low


def _float(value: Callable[[Mapping[str, float]], float], key: str, x: Fraction) -> float:
    try:
        return value({key: float(x)})
    except (ValueError, ArithmeticError, KeyError, TypeError, TooLarge, Undefined):
        return nan


def _draw(stratum: str, random: Random) -> Fraction:
    if stratum == "small":
        return random.choice(_SMALL)
    if stratum == "signs":
        return Fraction(random.choice((-1, 1)) * random.randint(1, 40), random.randint(7, 13))
    if stratum == "integers":
        return Fraction(random.randint(-6, 6))
    if stratum == "large":
        return Fraction(random.choice((-1, 1)) * random.randint(20, 60))
    if stratum == "tiny":
        return Fraction(random.choice((-1, 1)), random.randint(50, 5000))
    if stratum == "far":
        return random.choice((-1, 1)) * random.randint(1, 9) * Fraction(10) ** random.choice((-12, -9, -7, 3, 4, 6))
    return random.choice(ZEROS_AND_ONES)


def _point(symbols: Iterable[Symbol], values: Iterable[Fraction], random: Random) -> dict[str, Fraction] | None:
    """The values moved into their symbols' domains; None where a domain has no number that could be found."""
    point = {symbol.key: admitted(symbol, value, random) for symbol, value in zip(symbols, values, strict=False)}
    found = {key: value for key, value in point.items() if value is not None}
    return found if len(found) == len(point) else None


def admitted(symbol: Symbol, value: Fraction, random: Random) -> Fraction | None:
    """The value, moved into the symbol's domain; a number outside of it would refute what is true."""
    if symbol.admits(value):
        return value
    candidates = _in_plane(value, random) if symbol.kind == "complex" else _candidates(symbol, value, random)
    return next((candidate for candidate in candidates if symbol.admits(candidate)), None)


def _in_plane(value: Fraction, random: Random) -> Iterator[Fraction]:
    """Complex numbers made from a real one: in every half-plane, and on both axes."""
    other = random.choice(_SMALL)
    for real in (value, -value, Fraction(0), Fraction(1), Fraction(-1)):
        yield real
        for imaginary in (other, -other):
            yield Gaussian(real, imaginary)  # type: ignore[misc]


def _candidates(symbol: Symbol, value: Fraction, random: Random) -> Iterator[Fraction]:
    yield from (-value, value + 1, abs(value) + 1, Fraction(round(value)), -abs(value) - 1)
    low, high = symbol.lower, symbol.upper
    if low is not None and high is not None:
        first = random.randint(1, 31)
        if low == high:
            yield low
        yield from (low + (high - low) * Fraction((first + k) % 32, 32) for k in range(32))
        yield from (Fraction(n) for n in range(floor(low) + 1, min(ceil(high), floor(low) + 33)))
    elif low is not None:
        yield low + abs(value) + Fraction(1, 2)
        yield Fraction(floor(low) + 1 + random.randint(0, 5))
    elif high is not None:
        yield high - abs(value) - Fraction(1, 2)
        yield Fraction(ceil(high) - 1 - random.randint(0, 5))
    for bound in (low, high):  # where a sign and a bound leave little room
        if bound is not None:
            yield from (bound * Fraction(k, 8) for k in range(1, 8))
    yield from (Fraction(1), Fraction(-1), Fraction(0))
