"""The sign of a formula on a box, by bisection: values, the mean value theorem, and faces where it is monotone.

A coordinate in which the formula certainly rises over a box is set to its lower end there, for that is where the formula
is least; so boxes shrink to faces and corners. One coordinate may be unbounded: beyond some A the formula is looked at
for all s ≥ A at once (tails.py), the other coordinates cut as needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from checks.decide.balls import precision
from checks.decide.bounds import wide
from checks.decide.bounds.gradients import gradient
from checks.decide.bounds.tails import ONE, Tail, tail_sign, variable
from checks.decide.bounds.tape import Tape, taped
from checks.decide.bounds.touching import FAILURES
from checks.decide.branches import resolved
from checks.decide.domains import restrictions
from checks.decide.intervals import Interval
from checks.decide.statements.sentence import Atom
from checks.decide.statements.truth import UNDEFINED, Place
from derive.tree import ZERO, Node, number

BITS = 96
MAX_BOXES = 4_000
SMALLEST = Fraction(1, 2**40)
FAR = Fraction(16)
Box = dict[str, tuple[Fraction, Fraction]]
Far = tuple[str, Fraction, int]  # a coordinate, beyond what, and on which side
Known = tuple[int, Box, dict[str, Fraction]]  # 1, −1 or 0 if not known; the box left; how much each coordinate matters


@dataclass
class Search:
    """What a proof on boxes took, and the point that contradicts it, if one was met."""

    limit: int = MAX_BOXES
    boxes: int = 0
    worst: dict[str, Fraction] | None = None
    unbounded: int = 1  # how many boxes one that reaches to infinity counts for

    def count(self, *, far: bool = False) -> bool:
        """One more box, if there is one left."""
        self.boxes += self.unbounded if far else 1
        return self.boxes <= self.limit


def positive_on(
    tree: Node, domain: Mapping[str, Interval], *, strict: bool, search: Search, instead: Node | None = None
) -> bool:
    """Whether a formula is certain to be > 0 (≥ 0 unless strict) wherever in the domain it has a value.

    `instead` is a formula of the same sign, asked where the first has no bounds.
    """
    try:
        plain = resolved(tree)
    except FAILURES:
        return False
    names = tuple(plain.names)
    unbounded = [name for name in names if domain.get(name, Interval()).low is None or domain.get(name, Interval()).high is None]  # fmt: skip
    if not names or len(unbounded) > 1:
        return False
    try:
        judge = _Judge(plain, strict=strict, search=search)
        judge.instead = None if instead is None else _Judge(resolved(instead), strict=strict, search=search)
        with precision(BITS):
            return all(_part(judge, part, far) for part, far in _parts(domain, names, unbounded))
    except FAILURES:
        return False


def _parts(
    domain: Mapping[str, Interval], names: tuple[str, ...], unbounded: list[str]
) -> Iterator[tuple[Box, Far | None]]:
    """The bounded part of the domain, and the parts beyond it."""
    bounded = {name: (domain[name].low, domain[name].high) for name in names if name not in unbounded}
    if not unbounded:
        yield bounded, None  # type: ignore[misc]
        return
    name = unbounded[0]
    known = domain.get(name, Interval())
    low = -FAR if known.low is None else known.low
    high = max(FAR, low + FAR) if known.high is None else known.high
    low = min(low, high - FAR) if known.low is None else low
    yield {**bounded, name: (low, high)}, None  # type: ignore[dict-item]
    if known.high is None:
        yield bounded, (name, high, 1)  # type: ignore[misc]
    if known.low is None:
        yield bounded, (name, -low, -1)  # type: ignore[misc]


def _part(judge: _Judge, box: Box, far: Far | None) -> bool:
    stack = [dict(box)]
    while stack:
        here = stack.pop()
        if not judge.search.count(far=far is not None):
            return False
        known, here, weights = judge.near(here) if far is None else judge.far(here, *far)
        if known > 0:
            continue
        if known < 0:
            return False
        widest = max(here, key=lambda name: (here[name][1] - here[name][0]) * weights.get(name, 1), default=None)
        if widest is None or here[widest][1] - here[widest][0] < SMALLEST:
            return False
        low, high = here[widest]
        middle = (low + high) / 2
        stack += [{**here, widest: (middle, high)}, {**here, widest: (low, middle)}]
    return True


class _Judge:
    """What is certain of a formula on one box."""

    instead: _Judge | None = None

    def __init__(self, tree: Node, *, strict: bool, search: Search) -> None:
        self.tree, self.strict, self.search = tree, strict, search
        self.tape = taped(tree)
        limits = restrictions(tree)
        self.limits: list[Tape] = []
        for u in (*limits.nonnegative, *limits.positive):
            self.limits.append(taped(u))

    def fine(self, value: Any) -> bool:
        return bool(value > 0) if self.strict else bool(value >= 0)

    def near(self, box: Box) -> Known:
        """What is certain on a box of intervals."""
        balls = {name: wide.interval(*ends) for name, ends in box.items()}
        free = tuple(name for name, (low, high) in box.items() if low != high)
        if not free:
            return (self.instead or self).corner(box), box, {}
        try:
            value, slopes = gradient(self.tape, balls, free)
        except FAILURES:
            return self.instead.near(box) if self.instead else ((1 if self._nowhere(balls) else 0), box, {})
        if self.fine(value):
            return 1, box, {}
        middle = {name: (low + high) / 2 for name, (low, high) in box.items()}
        at = self._value(middle)
        if at is not None and at < 0:
            self.search.worst = middle
            return -1, box, {}
        if at is not None:
            total = at
            for name, slope in zip(free, slopes, strict=True):
                total = total + slope * (balls[name] - wide.exact(middle[name]))
            if self.fine(total):
                return 1, box, {}
        smaller = dict(box)
        for name, slope in zip(free, slopes, strict=True):
            low, high = box[name]
            if slope >= 0:
                smaller[name] = (low, low)
            elif slope <= 0:
                smaller[name] = (high, high)
        if smaller != box:
            return self.near(smaller)
        weights = {name: _size(slope) for name, slope in zip(free, slopes, strict=True)}
        return 0, box, weights

    def far(self, box: Box, name: str, start: Fraction, side: int) -> Known:
        """The same for all s ≥ start, one coordinate being ±s."""
        s = variable(start)
        inputs = {key: Tail({ONE: wide.interval(*ends)}, start) for key, ends in box.items()}
        inputs[name] = s if side > 0 else -s
        try:
            sign = tail_sign(self.tape, inputs, start)
        except FAILURES:
            return self.instead.far(box, name, start, side) if self.instead else (0, box, {})
        fine = sign > 0 or (sign == 0 and not self.strict)
        return (1 if fine else -1), box, {}

    def corner(self, box: Box) -> int:
        """What is certain at a point: 1, −1 or 0."""
        point = {name: low for name, (low, _) in box.items()}
        sign = Place({k: number(v) for k, v in point.items()}, is_complex=False).sign(Atom(self.tree, ">", ZERO))
        if sign in {UNDEFINED, 1} or (sign == 0 and not self.strict):
            return 1
        if sign in {0, -1}:
            self.search.worst = point
            return -1
        return 0

    def _value(self, point: Mapping[str, Fraction]) -> Any:
        try:
            return wide.finite(self.tape.run(wide.BALLS, {name: wide.exact(x) for name, x in point.items()}))
        except FAILURES:
            return None

    def _nowhere(self, balls: Mapping[str, Any]) -> bool:
        for tape in self.limits:
            try:
                if tape.run(wide.BALLS, balls) < 0:
                    return True
            except FAILURES:
                continue
        return False


def _size(ball: Any) -> Fraction:
    upper = float(ball.abs_upper())
    return Fraction(min(upper, 1e30)) + Fraction(1, 10**9)
