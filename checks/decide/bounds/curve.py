"""The sign of a formula of one variable on its whole domain.

The domain is cut where |u|, sign(u) or a division change, and on each piece

    at infinity, and at an end where the formula has no value     tails.py, from some A on
    around points where it vanishes exactly                       touching.py
    between                                                       bisection with Taylor series, each box decided by its
                                                                  range, by the mean value theorem or by monotonicity
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Any

from checks.decide.balls import precision
from checks.decide.bounds import wide
from checks.decide.bounds.gradients import gradient
from checks.decide.bounds.series import taylor
from checks.decide.bounds.tails import tail_sign, variable
from checks.decide.bounds.tape import Tape, taped
from checks.decide.bounds.touching import FAILURES, Touch, candidates, touch
from checks.decide.branches import resolved
from checks.decide.cells import zero
from checks.decide.domains import line, restrictions
from checks.decide.intervals import Interval
from checks.decide.statements.sentence import Atom
from checks.decide.statements.truth import UNDEFINED, Place
from derive.normal import normal_form
from derive.tree import ONE, ZERO, Absolute, Call, Negative, Node, number, transform, walk

BITS = 128
MAX_BOXES = 2_000
MAX_DEPTH = 40  # of halvings
TERMS = 4
STARTS = tuple(Fraction(2**k) for k in range(2, 13))
FAR = Fraction(64)  # where an infinite end is looked at for small values
GRID = 48
MAX_TOUCHING = 6
_SMALL = tuple(Fraction(n, d) for n, d in ((0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (-1, 2)))


@dataclass
class Effort:
    """What a proof took: the evidence, and the limit."""

    boxes: int = 0
    touching: list[Node] = field(default_factory=list)
    tails: int = 0
    worst: Fraction | None = None  # a point at which the formula has the wrong sign

    def box(self) -> bool:
        """One more box, if there is one left."""
        self.boxes += 1
        return self.boxes <= MAX_BOXES


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


def positive(
    tree: Node,
    name: str,
    domain: Interval,
    *,
    strict: bool,
    effort: Effort,
    holes: frozenset[Fraction] = frozenset(),
    total: bool = False,
    depth: int = 0,
) -> bool:
    """Whether a formula is certain to be > 0 (≥ 0 unless strict) wherever in the domain it has a value.

    `holes` are numbers that do not belong to the domain; with `total` it must have a value everywhere else.
    """
    plain = resolved(tree)
    domain = _one_period(plain, name, domain)
    cuts = _cuts(plain, name, domain, holes)
    with precision(BITS):
        limits = restrictions(plain)
        if total and not _all_positive((*limits.nonnegative, *limits.positive), name, domain):
            return False
        for point in cuts:
            if point not in holes and not _at_point(tree, name, point, strict=strict, total=total):
                return False
        ends = [domain.low, *cuts, domain.high]
        for bound, belongs in ((domain.low, domain.closed[0]), (domain.high, domain.closed[1])):
            if bound is not None and belongs and not _at_point(tree, name, bound, strict=strict, total=total):
                return False
        if domain.low is not None and domain.low == domain.high:
            return all(domain.closed)
        return all(
            _on_piece(_without_kinks(plain, name, piece, depth), name, piece, strict=strict, effort=effort)
            for piece in (Piece(low, high) for low, high in pairwise(ends))
        )


def _one_period(tree: Node, name: str, domain: Interval) -> Interval:
    """The domain, or one period of a formula of sines and cosines of rational multiples of the name."""
    if not domain.everything or name not in tree.names:
        return domain
    outside = transform(
        tree, lambda n: ONE if isinstance(n, Call) and n.function in {"sin", "cos"} and not n.order else None
    )
    waves = [line(n.arguments[0]) for n in walk(tree) if isinstance(n, Call) and n.function in {"sin", "cos"}]
    if name in outside.names or not waves or any(found is None for found in waves):
        return domain
    half = Fraction(4) * lcm(*(found[1].denominator for found in waves if found is not None))
    return Interval(-half, half, (True, True))


def _all_positive(limits: Sequence[Node], name: str, domain: Interval) -> bool:
    """Whether what must not be negative is positive on all of the domain."""
    return all(positive(u, name, domain, strict=True, effort=Effort(), depth=1) for u in limits)


def _at_point(tree: Node, name: str, point: Fraction, *, strict: bool, total: bool = False) -> bool:
    sign = Place({name: number(point)}, is_complex=False).sign(Atom(tree, ">", ZERO))
    return (sign == UNDEFINED and not total) or (isinstance(sign, int) and (sign == 1 or (sign == 0 and not strict)))


# --- cutting ---------------------------------------------------------------------------------------------------------


def _cuts(tree: Node, name: str, domain: Interval, holes: frozenset[Fraction]) -> list[Fraction]:
    """Rational points inside the domain at which a branch changes or something is divided by zero."""
    found = set(holes)
    arguments = dict.fromkeys([*_branching(tree), *restrictions(tree).nonzero])
    for u in arguments:
        found.update(_zeros(u, name))
    return sorted(value for value in found if domain.contains(value))


def _branching(tree: Node) -> Iterator[Node]:
    for node in walk(tree):
        if isinstance(node, Absolute):
            yield node.operand
        elif isinstance(node, Call) and node.function == "sign" and not node.order:
            yield node.arguments[0]


def _zeros(u: Node, name: str) -> Iterator[Fraction]:
    """Rational zeros: of the linear factors, and small numbers at which the formula vanishes."""
    try:
        form = normal_form(u)
        for factor, _ in form.numerator.factor()[1]:
            if factor.total_degree() == 1:
                terms = {powers: Fraction(int(c.p), int(c.q)) for powers, c in factor.terms()}
                used = [i for powers in terms for i, e in enumerate(powers) if e]
                if len(used) == 1 and form.kernels[used[0]].key == ("name", name):
                    constant = next((c for powers, c in terms.items() if not any(powers)), Fraction(0))
                    slope = next(c for powers, c in terms.items() if any(powers))
                    yield -constant / slope
        if any(kernel.key[0] != "name" for kernel in form.kernels):
            for value in _SMALL:
                if Place({name: number(value)}, is_complex=False).sign(Atom(u, "=", ZERO)) == 0:
                    yield value
    except FAILURES:
        return


def _without_kinks(tree: Node, name: str, piece: Piece, depth: int) -> Node:
    """The formula with |u| and sign(u) replaced where u has one sign on the piece."""

    def put(node: Node) -> Node | None:
        if isinstance(node, Absolute):
            sign = _sign(node.operand, name, piece, depth)
            return node.operand if sign > 0 else Negative(node.operand) if sign < 0 else None
        if isinstance(node, Call) and node.function == "sign" and not node.order:
            sign = _sign(node.arguments[0], name, piece, depth)
            return number(sign) if sign else None
        return None

    return transform(tree, put)


def _sign(u: Node, name: str, piece: Piece, depth: int) -> int:
    """1 or −1 where u is known to be ≥ 0 or ≤ 0 on the piece, 0 where nothing is known."""
    found = line(u)
    if found is not None and found[0] == name:
        return 1 if found[1] * piece.inside + found[2] > 0 else -1
    if depth:
        return 0
    domain = Interval(piece.low, piece.high)
    try:
        for sign, signed in ((1, u), (-1, Negative(u))):
            if positive(signed, name, domain, strict=True, effort=Effort(MAX_BOXES // 2), depth=1):
                return sign
    except FAILURES:
        pass
    return 0


# --- one piece -------------------------------------------------------------------------------------------------------


def _on_piece(tree: Node, name: str, piece: Piece, *, strict: bool, effort: Effort) -> bool:
    if name not in tree.names:
        return _at_point(tree, name, piece.inside, strict=strict)
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
    limits = _Limits(tree)
    return all(_between(tape, limits, name, a, b, strict=strict, effort=effort) for a, b in _gaps(low, high, covered))


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


# --- between ---------------------------------------------------------------------------------------------------------


class _Limits:
    """What must be ≥ 0, or > 0, for the formula to have a value."""

    def __init__(self, tree: Node) -> None:
        limits = restrictions(tree)
        self.tapes: list[Tape] = []
        for u in (*limits.nonnegative, *limits.positive):
            try:
                self.tapes.append(taped(u))
            except FAILURES:
                continue

    def nowhere(self, name: str, ball: Any) -> bool:
        """Whether the formula is certain to have no value anywhere in an interval."""
        for tape in self.tapes:
            try:
                if tape.run(wide.BALLS, {name: ball}) < 0:
                    return True
            except FAILURES:
                continue
        return False


def _between(
    tape: Tape, limits: _Limits, name: str, low: Fraction, high: Fraction, *, strict: bool, effort: Effort
) -> bool:
    stack = [(low, high, 0)]
    while stack:
        a, b, depth = stack.pop()
        if not effort.box() or depth > MAX_DEPTH:
            return False
        ball = wide.interval(a, b)
        sign = _range_sign(tape, name, a, b, ball, strict=strict)
        if sign > 0 or (sign == 0 and limits.nowhere(name, ball)):
            continue
        if sign < 0:
            effort.worst = (a + b) / 2
            return False
        middle = (a + b) / 2 if b - a <= 8 or a * b > 0 else Fraction(0)
        stack += [(middle, b, depth + 1), (a, middle, depth + 1)]
    return True


def _range_sign(tape: Tape, name: str, a: Fraction, b: Fraction, ball: Any, *, strict: bool) -> int:
    """1: the formula is > 0 (≥ 0 unless strict) throughout; −1: it is negative in the middle; 0: not known."""

    def fine(value: Any) -> bool:
        return bool(value > 0) if strict else bool(value >= 0)

    middle = wide.exact((a + b) / 2)
    try:
        over = taylor(tape, ball, TERMS + 1, name)
    except FAILURES:
        return _rough_sign(tape, name, ball, middle, fine)
    if fine(over[0]):
        return 1
    try:
        at = taylor(tape, middle, TERMS, name)
        if at[0] < 0:
            return -1
        away = ball - middle
        for count in (1, 2, TERMS):
            value, power = at[0], away
            for k in range(1, count):
                value, power = value + at[k] * power, power * away
            if fine(value + over[count] * power):
                return 1
        if over[1] > 0:
            return 1 if fine(taylor(tape, wide.exact(a), 1, name)[0]) else 0
        if over[1] < 0:
            return 1 if fine(taylor(tape, wide.exact(b), 1, name)[0]) else 0
    except FAILURES:
        return 0
    return 0


def _rough_sign(tape: Tape, name: str, ball: Any, middle: Any, fine: Any) -> int:
    """The same where the formula has kinks: by values, and by the mean value theorem with the interval of all slopes."""
    try:
        value, (slope,) = gradient(tape, {name: ball}, (name,))
    except FAILURES:
        try:
            return 1 if fine(wide.finite(tape.run(wide.BALLS, {name: ball}))) else 0
        except FAILURES:
            return 0
    if fine(value):
        return 1
    try:
        at = tape.run(wide.BALLS, {name: middle})
    except FAILURES:
        return 0
    if at < 0:
        return -1
    return 1 if fine(at + slope * (ball - middle)) else 0
