"""A loss, a rule and a start → the path: every position, the gradients met, and what becomes of it.

The walk goes in balls of `BITS` bits. Where a ball does not lie on one side of a breakpoint, the position is computed exactly from
the gradients met so far, so the gradients are those of the exact path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from flint import arb, fmpq

from derive.paths.losses import PiecewiseLinear
from derive.paths.roots import RootSum, bits, exact, root_of
from derive.paths.rules import Move, Rule, State
from derive.paths.tail import Tail, find_tail

BITS = 512
MAX_STEPS = 20_000
FIRST_LOOK = 24  # steps, before a tail is looked for

Ending = Literal["passes", "cycle", "rests", "undefined", "open"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a path.

    passes     from step `step` on it is beyond the last breakpoint and moves on for ever
    cycle      the gradients repeat from step `step` on with period `period`; `around` encloses the positions of the limit,
               which `exactly` are the positions of the path
    rests      from step `step` on it stands still
    undefined  the rule divides 0 by 0 at step `step`
    open       none of these was shown within `step` steps
    """

    ending: Ending
    step: int
    period: int = 0
    around: tuple[arb, ...] = ()
    exactly: bool = False


@dataclass
class Path:
    """A path that has gone some steps; `go` takes it further."""

    loss: PiecewiseLinear
    rule: Rule
    parameters: Mapping[str, Fraction]
    start: Fraction
    gradients: list[Fraction] = field(default_factory=list)  # gradients[t − 1] is g_t, met at position t − 1
    balls: list[arb] = field(default_factory=list)  # position t
    states: list[State] = field(default_factory=list)  # as balls, after step t
    moves: list[Move] = field(default_factory=list)
    undefined: bool = False
    _exact: list[RootSum] = field(default_factory=list, repr=False)
    _exact_steps: list[tuple[State, Move]] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self.rule.checked(self.parameters)
        with bits(BITS):
            self._numbers = {name: arb(exact(value)) for name, value in self.parameters.items()}
            self.balls.append(arb(exact(self.start)))
            self._state = State(arb(0), arb(0), arb(1), arb(1))
        self._rationals = {name: exact(value) for name, value in self.parameters.items()}
        self._exact.append(RootSum(exact(self.start)))

    @property
    def steps(self) -> int:
        """How many steps have been taken."""
        return len(self.gradients)

    def go(self) -> bool:
        """One step further; False where the rule gives none."""
        gradient = self.gradient_at(self.steps)
        with bits(BITS):
            state, move = self.rule.step(self._state, arb(exact(gradient)), self._numbers)
            divisor = (move.radicand.sqrt() if move.radicand is not None else 0) + move.offset
            if not divisor > 0:  # balls of 0 are exact: nothing but gradients 0 has been met
                self.undefined = True
                return False
            self.gradients.append(gradient)
            self.balls.append(self.balls[-1] - move.m * move.scale / divisor)
        self._state = state
        self.states.append(state)
        self.moves.append(move)
        return True

    def gradient_at(self, t: int) -> Fraction:
        """The gradient at position t."""
        side, kink = self.side(t)
        return self.loss.kinks[side] if kink else self.loss.slopes[side]

    def side(self, t: int) -> tuple[int, bool]:
        """How many breakpoints lie below position t, and whether it is the next one itself."""
        for index, at in enumerate(self.loss.breakpoints):
            order = self.compared(t, at)
            if order <= 0:
                return index, order == 0
        return len(self.loss.breakpoints), False

    def compared(self, t: int, value: Fraction) -> int:
        """−1, 0, 1: position t is below, at, above a rational; exact."""
        with bits(BITS):
            difference = self.balls[t] - arb(exact(value))
            if not difference.contains(0):
                return 1 if difference > 0 else -1
        return self.position(t).minus(RootSum(exact(value))).sign()

    def position(self, t: int) -> RootSum:
        """Position t, exactly."""
        while len(self._exact) <= t:
            _, move = self.exact_step(len(self._exact))
            self._exact.append(moved(self._exact[-1], move))
        return self._exact[t]

    def exact_step(self, t: int) -> tuple[State, Move]:
        """The state after step t ≥ 1 and its move, exactly."""
        while len(self._exact_steps) < t:
            before = self._exact_steps[-1][0] if self._exact_steps else State(fmpq(0), fmpq(0), fmpq(1), fmpq(1))
            gradient = exact(self.gradients[len(self._exact_steps)])
            self._exact_steps.append(self.rule.step(before, gradient, self._rationals))
        return self._exact_steps[t - 1]

    def stands(self) -> bool:
        """Whether the last gradient was 0, met without momentum: every later step is the same."""
        return self.gradients[-1] == 0 and self.moves[-1].m.is_zero()

    def tail(self) -> Tail | None:
        """The certificate that the gradients repeat from here on, if there is one."""
        return find_tail(self, BITS)


def moved(position: RootSum, move: Move) -> RootSum:
    """A position after an exact move; √v + ε goes to the numerator: 1/(√v + ε) = (√v − ε)/(v − ε²)."""
    amount = -move.m * move.scale
    if move.radicand is None:
        return RootSum(position.rational + amount / move.offset, position.roots)
    root = root_of(move.radicand)
    if root is not None:
        return RootSum(position.rational + amount / (root + move.offset), position.roots)
    share = amount / (move.radicand - move.offset * move.offset)
    return RootSum(position.rational - share * move.offset, position.roots).plus(share, move.radicand)


def looks(limit: int) -> Iterator[int]:
    """The steps at which a tail is looked for: each a quarter further."""
    at = FIRST_LOOK
    while at < limit:
        yield at
        at += at // 4
    yield limit


def follow(
    loss: PiecewiseLinear,
    rule: Rule,
    parameters: Mapping[str, Fraction],
    start: Fraction,
    limit: int = MAX_STEPS,
) -> tuple[Path, Outcome]:
    """The path up to where its fate is known, or `limit` steps. Raises BadSpec for parameters the rule does not have."""
    path = Path(loss, rule, parameters, start)
    for stop in looks(limit):
        while path.steps < stop:
            if not path.go():
                return path, Outcome("undefined", path.steps + 1)
            if _gone(path):
                return path, Outcome("passes", path.steps)
            if path.stands():
                return path, Outcome("rests", path.steps - 1)
        tail = path.tail()
        if tail is not None:
            return path, Outcome("cycle", tail.since, tail.period, tail.around, tail.exactly)
    return path, Outcome("open", limit)


def _gone(path: Path) -> bool:
    """Beyond the last breakpoint, moving right, where the loss falls: m stays negative for ever."""
    beyond = path.compared(path.steps, path.loss.breakpoints[-1]) > 0
    return beyond and path.loss.slopes[-1] < 0 and bool(path.moves[-1].m < 0)
