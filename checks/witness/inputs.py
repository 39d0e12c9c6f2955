"""Symbols → inputs to try a gradient at: hypothesis strategies, and one seeded batch drawn at once.

Every value is a dyadic fraction wherever the domain allows one, so that float64, the exact point reported and the
40-digit replay all mean the same number. Both signs, 0 and ±1, integers, tiny and large magnitudes are drawn on
purpose: a sampler that shifts its inputs positive never sees half of a function.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.errors import BadSpec
from derive.symbols import Symbol

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

ROWS = 4096
GRID = 4096  # a bounded domain is met at its multiples of 1/GRID
# shrinking prefers earlier entries
SIMPLE = tuple(Fraction(n, d) for n, d in ((0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (-1, 2), (3, 1), (1, 4)))
LARGE = (10, 20, 40, 60, 100, 1000)
Columns = Mapping[str, "np.ndarray[Any, np.dtype[np.float64]]"]


def strategy(symbols: Sequence[Symbol]) -> SearchStrategy[tuple[Fraction, ...]]:
    """One exact value for each symbol, within its domain, shrinking towards small whole numbers."""
    from hypothesis import strategies as st

    values = st.one_of(
        st.sampled_from(SIMPLE),
        st.integers(-6, 6).map(Fraction),
        st.integers(-192, 192).map(lambda k: Fraction(k, 64)),
        st.integers(-60, 60).map(Fraction),
        st.integers(-64, 64).map(lambda k: Fraction(k, 2**16)),
    )
    return st.tuples(*(values.map(partial(into_domain, symbol)) for symbol in symbols))


@dataclass(frozen=True)
class Batch:
    """Rows of inputs: one float64 column for each symbol."""

    columns: Columns

    def point(self, row: int) -> dict[str, Fraction]:
        """One row as exact numbers."""
        return {key: Fraction(float(column[row])) for key, column in self.columns.items()}


def batch_of(points: Sequence[Mapping[str, Fraction]], symbols: Sequence[Symbol]) -> Batch:
    """Given points as a batch."""
    return Batch({s.key: np.array([float(point[s.key]) for point in points], dtype=np.float64) for s in symbols})


def seeded_batch(symbols: Sequence[Symbol], seed: int, rows: int = ROWS) -> Batch:
    """A batch that depends on its arguments only: half of the rows moderate throughout, half a mixture of strata."""
    random = np.random.default_rng(seed)
    mixed = np.arange(rows) % 2 == 1
    return Batch({symbol.key: _column(symbol, random, mixed) for symbol in symbols})


def _column(symbol: Symbol, random: np.random.Generator, mixed: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    rows = len(mixed)
    moderate = random.integers(-2 * GRID, 2 * GRID + 1, rows) / GRID
    strata = np.stack(
        [
            random.choice(np.array([0.0, 1.0, -1.0]), rows),
            random.integers(-6, 7, rows).astype(float),
            random.integers(-8 * GRID, 8 * GRID + 1, rows) / GRID,
            random.choice(np.array(LARGE, dtype=float), rows) * random.choice(np.array([-1.0, 1.0]), rows),
            random.choice(np.array([-1.0, 1.0]), rows) * 2.0 ** -random.integers(4, 30, rows),
        ]
    )
    drawn = strata[random.integers(0, len(strata), rows), np.arange(rows)]
    return _in_domain(symbol, np.where(mixed, drawn, moderate))


def _in_domain(symbol: Symbol, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if symbol.kind == "real" and not symbol.properties and symbol.lower is None and symbol.upper is None:
        return values
    return np.array([float(into_domain(symbol, Fraction(float(value)))) for value in values])


def into_domain(symbol: Symbol, value: Fraction) -> Fraction:
    """The value itself or its mirror image if the domain admits one, else a value of the domain made from it.

    Raises BadSpec where no admitted value is found.
    """
    low, high = _bounds(symbol)
    for candidate in (value, -value, *_between(low, high, value)):
        for admitted in (candidate, Fraction(round(candidate))) if symbol.kind == "integer" else (candidate,):
            if symbol.admits(admitted):
                return admitted
    raise BadSpec(f"{symbol.key}: no value of the domain was found ({symbol.describe()})")


def _bounds(symbol: Symbol) -> tuple[Fraction | None, Fraction | None]:
    """The open bounds with the sign properties taken in."""
    low = [
        b
        for b in (symbol.lower, Fraction(0) if symbol.properties & {"positive", "nonnegative"} else None)
        if b is not None
    ]
    high = [b for b in (symbol.upper, Fraction(0) if "negative" in symbol.properties else None) if b is not None]
    return max(low, default=None), min(high, default=None)


def _between(low: Fraction | None, high: Fraction | None, value: Fraction) -> list[Fraction]:
    """Candidates inside open bounds, the further ones for domains that exclude the first or hold whole numbers only."""
    size = abs(value)
    if low is not None and high is not None:
        place = (1 + value / (1 + size)) / 2  # the real line onto (0, 1)
        if low == high:
            return [low]
        step = min(max(int(place * GRID), 1), GRID - 1)
        inside = [low + (high - low) * Fraction(k, GRID) for k in (step, step // 2 + 1, (step + GRID) // 2)]
        return [*inside, Fraction(low.__floor__() + 1)]
    if low is not None:
        return [low + (size or 1), low + size + 1, Fraction(low.__floor__() + 1 + size.__floor__())]
    if high is not None:
        return [high - (size or 1), high - size - 1, Fraction(high.__ceil__() - 1 - size.__floor__())]
    return [value + 1]
