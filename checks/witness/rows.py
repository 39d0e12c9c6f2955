"""A batch of inputs compared row by row: agreed, left out and why, or a disagreement that was settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np

from checks.witness.callables import TorchFunction
from checks.witness.comparison import EPSILON, ROUNDING, Comparison, Point, Seen
from checks.witness.differences import Ruling
from checks.witness.inputs import SIMPLE, Batch, batch_of
from checks.witness.torch_backend import World

TOLERANCE = 1e-8  # relative
SHARP = 1e-3  # rounding beyond this share of a value leaves too little of it to call it compared
BLURRED_SETTLED = 8  # rows of one batch that agree within such rounding and are settled all the same
SETTLED_AT_MOST = 48  # different disagreeing rows of one batch that are settled; the rest is counted as not settled
ABSENT_SETTLED = 24  # different rows of one batch that are settled where a callable gradient has no finite value
MODERATE = 1e100  # of a derivative, beyond which a gradient may well overflow on its way

Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A row at which the closed form was found wrong."""

    point: Point
    world: World
    seen: Seen
    ruling: Ruling


@dataclass(slots=True)
class Tally:
    """What became of the rows met."""

    agreed: int = 0
    no_value: int = 0
    undefined: int = 0  # autograd has a value, the gradient has none
    kinks: int = 0
    rounding: int = 0
    blurred: int = 0  # agree, but the gradient cancels so much there that it means little
    unsettled: int = 0
    largest: float = 0.0
    disagreement: Disagreement | None = None
    rows_met: set[int] = field(default_factory=set)  # rows compared with at least one activation

    def __add__(self, other: Tally) -> Tally:
        """The counts together; rows are told apart by their number, so both are of one batch, or only counts matter."""
        counts = {name: getattr(self, name) + getattr(other, name) for name in _COUNTS}
        return replace(
            self,
            **counts,
            largest=max(self.largest, other.largest),
            disagreement=self.disagreement or other.disagreement,
            rows_met=self.rows_met | other.rows_met,
        )


_COUNTS = ("agreed", "no_value", "undefined", "kinks", "rounding", "blurred", "unsettled")


def compare_in_every_world(comparison: Comparison, batch: Batch) -> Tally:
    """Every row with every activation that may stand for a general function, until one disagrees."""
    total = Tally()
    for world in comparison.claim.worlds():
        total += compare(comparison, batch, world)
        if total.disagreement:
            break
    return total


def compare(comparison: Comparison, batch: Batch, world: World) -> Tally:
    """Every row of a batch in one world; disagreeing rows are settled, the worst first, until one is found wrong."""
    autograd, kinks = comparison.by_autograd(batch.columns, world)
    closed, spread = comparison.by_formula(batch.columns, world)
    a, b, s = (np.asarray(t.detach().expand(len(kinks)), dtype=np.float64) for t in (closed, autograd, spread))
    at_kink = np.asarray(kinks)
    finite = np.isfinite(a) & np.isfinite(b) & ~at_kink
    undefined = ~np.isfinite(a) & np.isfinite(b) & ~at_kink
    with np.errstate(all="ignore"):
        larger, blur = np.maximum(abs(a), abs(b)), ROUNDING * EPSILON * np.where(np.isfinite(s), s, 0.0)
        apart = np.where(finite & (a != b), abs(a - b) / (larger + blur / TOLERANCE), 0.0)
        sharp = (abs(a - b) <= TOLERANCE * larger) | (blur <= SHARP * larger)
    apart = np.where(np.isfinite(apart), apart, 2.0)
    good, blurred = finite & (apart <= TOLERANCE) & sharp, finite & (apart <= TOLERANCE) & ~sharp
    bad = np.flatnonzero(finite & (apart > TOLERANCE))
    tally = Tally(
        int(good.sum()), int((~finite & ~at_kink & ~undefined).sum()), int(undefined.sum()), int(at_kink.sum())
    )
    tally.largest = float(apart[good].max(initial=0.0))
    tally.rows_met = set(np.flatnonzero(good).tolist())
    absent = _absent(comparison, batch, undefined & (abs(b) < MODERATE))
    worst_first = [*absent, *bad[np.argsort(-apart[bad], kind="stable")], *np.flatnonzero(blurred)[:BLURRED_SETTLED]]
    tally.blurred = max(int(blurred.sum()) - BLURRED_SETTLED, 0)
    seen = {int(row): Seen(float(a[row]), float(b[row]), float(s[row])) for row in worst_first}
    _settle(comparison, batch, world, seen, tally)
    return tally


def _absent(comparison: Comparison, batch: Batch, rows: Flags) -> list[int]:
    """Different rows at which a callable has no finite value beside one of autograd; a formula may overflow on its way."""
    if not isinstance(comparison.closed, TorchFunction):
        return []
    places: dict[tuple[Fraction, ...], int] = {}
    for row in np.flatnonzero(rows):
        places.setdefault(tuple(batch.point(int(row)).values()), int(row))
        if len(places) == ABSENT_SETTLED:
            break
    return list(places.values())


def _settle(comparison: Comparison, batch: Batch, world: World, rows: Mapping[int, Seen], tally: Tally) -> None:
    """Rule on rows in the order given, until one is found wrong; the same numbers are ruled on once."""
    rulings: dict[tuple[Fraction, ...], Ruling] = {}
    for row, seen in rows.items():
        point = batch.point(row)
        place = tuple(point.values())
        if place not in rulings:
            full = len(rulings) >= SETTLED_AT_MOST
            rulings[place] = Ruling("unsettled") if full else comparison.settled(point, world, seen)
        ruling = rulings[place]
        if ruling.finding in ("wrong", "backward"):
            tally.disagreement = Disagreement(point, world, seen, ruling)
            return
        if not isfinite(seen.closed):  # counted as undefined
            continue
        tally.rounding += ruling.finding == "right"
        tally.kinks += ruling.finding == "kink"
        tally.unsettled += ruling.finding == "unsettled"
        if ruling.finding == "right":
            tally.rows_met.add(row)


def disagreement_at(comparison: Comparison, point: Point, like: Disagreement) -> Disagreement | None:
    """The disagreement at a point, if there is one of the same kind."""
    found = compare(comparison, batch_of([point], comparison.inputs), like.world).disagreement
    return found if found and found.ruling.finding == like.ruling.finding else None


def simplified(comparison: Comparison, found: Disagreement) -> Disagreement:
    """The same disagreement at simpler numbers, one coordinate at a time."""
    for symbol in comparison.inputs:
        for value in SIMPLE:
            if value == found.point[symbol.key]:
                break
            if not symbol.admits(value):
                continue
            again = disagreement_at(comparison, {**found.point, symbol.key: value}, found)
            if again:
                found = again
                break
    return found
