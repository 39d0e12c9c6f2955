"""The sign of a formula of one variable on a stretch of its domain where it is analytic: its ends, its zeros, and between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from checks.decide.bounds import wide
from checks.decide.bounds.between import Effort, Limits, between
from checks.decide.bounds.series import taylor
from checks.decide.bounds.tails import tail_sign, variable
from checks.decide.bounds.tape import Tape, taped
from checks.decide.bounds.touching import FAILURES, Touch, candidates, touch
from checks.decide.cells import zero
from checks.decide.statements.sentence import Atom
from checks.decide.statements.truth import UNDEFINED, Place
from derive.tree import ZERO, Node, number

STARTS = tuple(Fraction(2**k) for k in range(2, 13))
FAR = Fraction(64)  # where an infinite end is looked at for small values
GRID = 48
MAX_TOUCHING = 6


@dataclass(frozen=True)
class Piece:
    """A stretch of the domain on which the formula is analytic, as far as is known; None: infinite."""

    low: Fraction | None
    high: Fraction | None

    @property
    def inside(self) -> Fraction:
        """A number in it."""
        if self.low is None:
            return Fraction(0) if self.high is None else self.high - 1
        return self.low + 1 if self.high is None else (self.low + self.high) / 2


def at_point(tree: Node, name: str, point: Fraction, *, strict: bool, total: bool = False) -> bool:
    sign = Place({name: number(point)}, is_complex=False).sign(Atom(tree, ">", ZERO))
    return (sign == UNDEFINED and not total) or (isinstance(sign, int) and (sign == 1 or (sign == 0 and not strict)))


def on_piece(tree: Node, name: str, piece: Piece, *, strict: bool, effort: Effort) -> bool:
    if name not in tree.names:
        return at_point(tree, name, piece.inside, strict=strict)
    if zero(tree):
        return not strict
    try:
        tape = taped(tree)
    except FAILURES:
        return False
    start = piece.low, piece.high
    covered: list[tuple[Fraction, Fraction]] = []
    low = _left_end(tape, name, piece, effort)
    high = _right_end(tape, name, piece, effort)
    if low is None or high is None:
        return False
    if low >= high:
        return True
    worst = effort.worst
    for found in _touching(tree, tape, name, low, high):
        inside = (start[0] is None or found.near > start[0]) and (start[1] is None or found.near < start[1])
        if inside and strict:
            return False
        if inside and found.left < 0 and found.right > 0:
            effort.worst = found.near - found.radius / 2
            return False
        left = found.near - (found.radius if found.left > 0 else 0)
        right = found.near + (found.radius if found.right > 0 else 0)
        if left < right:
            covered.append((left, right))
            effort.touching.append(found.at)
    effort.worst = worst
    limits = Limits(tree)
    return all(between(tape, limits, name, a, b, strict=strict, effort=effort) for a, b in _gaps(low, high, covered))


def _left_end(tape: Tape, name: str, piece: Piece, effort: Effort) -> Fraction | None:
    """Where the finite part begins; before it the sign is known. None: that could not be shown."""
    if piece.low is None:
        begin = _tail_start(tape, name, None, -1, effort)
        return None if begin is None else -begin
    if _regular(tape, name, piece.low):
        return piece.low
    begin = _tail_start(tape, name, piece.low, 1, effort)
    return piece.low if begin is None else piece.low + 1 / begin


def _right_end(tape: Tape, name: str, piece: Piece, effort: Effort) -> Fraction | None:
    if piece.high is None:
        return _tail_start(tape, name, None, 1, effort)
    if _regular(tape, name, piece.high):
        return piece.high
    begin = _tail_start(tape, name, piece.high, -1, effort)
    return piece.high if begin is None else piece.high - 1 / begin


def _tail_start(tape: Tape, name: str, end: Fraction | None, side: int, effort: Effort) -> Fraction | None:
    """From where on the formula is positive: x = ±s, or x = end ± 1/s, for all s ≥ the start."""
    for start in STARTS:
        try:
            s = variable(start)
            x = s if end is None else s.inverse()
            x = x if side > 0 else -x
            if end is not None:
                x = x.constant(end) + x
            sign = tail_sign(tape, {name: x}, start)
        except FAILURES:
            continue
        if sign > 0:
            effort.tails += 1
            return start
        if sign == 0:
            continue
        point = side * start if end is None else end + side / start
        effort.worst = Fraction(point)
        return None
    return None


def _regular(tape: Tape, name: str, point: Fraction) -> bool:
    try:
        taylor(tape, wide.exact(point), 2, name)
    except FAILURES:
        return False
    return True


def _touching(tree: Node, tape: Tape, name: str, low: Fraction, high: Fraction) -> Iterator[Touch]:
    """The exact zeros near which the formula is small: both ends, and local minima of its size."""
    seen: set[Fraction] = set()
    count = 0
    for near in (float(low), float(high), *_minima(tape, name, low, high)):
        for at in candidates(near):
            found = touch(tree, name, at)
            if found is None or found.near in seen or not low <= found.near <= high:
                continue
            seen.add(found.near)
            yield found
            count += 1
            break
        if count >= MAX_TOUCHING:
            return


def _minima(tape: Tape, name: str, low: Fraction, high: Fraction) -> Iterator[float]:
    """Where the size of the formula has a local minimum, roughly."""
    low, high = max(low, -FAR), min(high, FAR)
    grid = [low + (high - low) * Fraction(k, GRID) for k in range(GRID + 1)]
    grid = sorted({*grid, *(Fraction(k, 4) for k in range(-16, 17) if low <= Fraction(k, 4) <= high)})
    sizes = [_size(tape, name, x) for x in grid]
    order = [k for k in range(1, len(grid) - 1) if sizes[k] <= sizes[k - 1] and sizes[k] <= sizes[k + 1]]
    for k in sorted(order, key=lambda k: sizes[k])[:MAX_TOUCHING]:
        a, b = grid[k - 1], grid[k + 1]
        for _ in range(40):
            third = (b - a) / 3
            if _size(tape, name, a + third) <= _size(tape, name, b - third):
                b = b - third
            else:
                a = a + third
            a, b = a.limit_denominator(10**14), b.limit_denominator(10**14)
        yield float(a + b) / 2


def _size(tape: Tape, name: str, x: Fraction) -> Any:
    try:
        return abs(tape.run(wide.BALLS, {name: wide.exact(x)})).mid()
    except FAILURES:
        return wide.exact(Fraction(10**30))


def _gaps(
    low: Fraction, high: Fraction, covered: Sequence[tuple[Fraction, Fraction]]
) -> Iterator[tuple[Fraction, Fraction]]:
    """What the intervals leave of [low, high]."""
    at = low
    for a, b in sorted(covered):
        if a > at:
            yield at, min(a, high)
        at = max(at, b)
        if at >= high:
            return
    if at < high or not covered:
        yield at, high
