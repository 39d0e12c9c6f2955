"""Rational points to try a claim at: small numbers first, then strata of signs, integers, large and small values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import ceil, floor
from random import Random

from checks.decide.claim import Claim
from derive.symbols import Symbol

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
STRATA = ("small", "signs", "integers", "large", "tiny", "special")


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
    """`each` points of every stratum, with the stratum's name."""
    random = Random(claim.seed + 1)
    for stratum in STRATA:
        for _ in range(each):
            point = _point(claim.inputs, [_draw(stratum, random) for _ in claim.inputs], random)
            if point is not None:
                yield stratum, point


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
    return random.choice((Fraction(0), Fraction(1), Fraction(-1)))


def _point(symbols: Iterable[Symbol], values: Iterable[Fraction], random: Random) -> dict[str, Fraction] | None:
    """The values moved into their symbols' domains; None where a domain has no number that could be found."""
    point = {symbol.key: _admitted(symbol, value, random) for symbol, value in zip(symbols, values, strict=False)}
    found = {key: value for key, value in point.items() if value is not None}
    return found if len(found) == len(point) else None


def _admitted(symbol: Symbol, value: Fraction, random: Random) -> Fraction | None:
    """The value, moved into the symbol's domain; a number outside of it would refute what is true."""
    if symbol.admits(value):
        return value
    return next((candidate for candidate in _candidates(symbol, value, random) if symbol.admits(candidate)), None)


def _candidates(symbol: Symbol, value: Fraction, random: Random) -> Iterator[Fraction]:
    yield from (-value, value + 1, abs(value) + 1, Fraction(round(value)), -abs(value) - 1)
    low, high = symbol.lower, symbol.upper
    if low is not None and high is not None:
        first = random.randint(1, 31)
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
