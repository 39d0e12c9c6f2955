"""The referee: difference quotients that tell which of two disagreeing derivatives is right.

A formula is evaluated by mpmath far beyond 40 digits, so its differences settle a question of rounding for good. A
torch callable is known in float64 only; its differences come from a ladder of steps (Richardson's extrapolation) with
an estimate of their own error, and may fail to settle anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any, Literal

import numpy as np

from checks.decide.activations import Activation
from checks.decide.claim import Point
from checks.decide.replay import replay
from checks.witness.numbers import rational
from derive.program import Program
from derive.tree import Absolute, Derivative, Name, Node, Power, Product, Quotient, Root, number, transform

# digits carried, and the step as a power of ten: each level squares the step, until two levels agree to 40 digits
LEVELS = ((200, 45), (400, 90), (800, 180), (1600, 360))
AGREE = Fraction(1, 10**40)  # relative
VANISHED = Fraction(1, 10**30)  # by which a value shrinks from level to level if it is zero and only its error is left
NO_SLOPE = Fraction(1, 10**30)
KINK = Fraction(1, 10**12)  # one-sided slopes of a smooth function are closer: their gap shrinks with the step
Array = np.ndarray[Any, Any]
Column = Callable[[Array], Array]
World = Mapping[str, Activation]
Finding = Literal["right", "wrong", "backward", "kink", "unsettled"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a closed form is right at a point, and what the differences are there.

    `backward` is said of a torch callable whose values agree with the closed form while its own backward does not.
    """

    finding: Finding
    closed: float = float("nan")  # at 40 digits where it is a formula
    value: float = float("nan")
    how: str = "differences at 40 digits"


class NoValue(Exception):
    """There is no finite real value, or a kink where a derivative was asked for."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


@dataclass(frozen=True)
class Differences:
    """Values of formulas at one point, the derivatives in them by central differences, at one level of precision."""

    point: Point
    program: Program
    world: World
    digits: int
    step: Fraction

    def value(self, tree: Node, moved: Mapping[str, Fraction] | None = None) -> Fraction:
        """The value of a tree, every derivative in it by differences. Raises NoValue."""
        point = {**self.point, **(moved or {})}

        def take(node: Node) -> Node | None:
            if not isinstance(node, Derivative):
                return None
            name = f"\\partial{len(point)}"
            point[name] = self.derivative(node.operand, tuple(v.key for v in node.variables), moved or {})
            return Name(name)

        return self.exact(with_real_roots(transform(tree, take)), point)

    def derivative(self, tree: Node, variables: tuple[str, ...], moved: Mapping[str, Fraction]) -> Fraction:
        """By each variable in turn; where one is left, from either side too, for a kink to show. Raises NoValue."""
        if not variables:
            return self.value(tree, moved)
        *inner, last = variables
        here = moved[last] if last in moved else self.value(Name(last), moved)
        up, down = (self.derivative(tree, tuple(inner), {**moved, last: here + s}) for s in (self.step, -self.step))
        if not inner:
            middle = self.derivative(tree, (), {**moved, last: here})
            forward, backward = (up - middle) / self.step, (middle - down) / self.step
            if abs(forward - backward) > KINK * (abs(forward) + abs(backward)) + NO_SLOPE:
                raise NoValue("kink")
        return (up - down) / (2 * self.step)

    def exact(self, tree: Node, point: Point) -> Fraction:
        """The binary number mpmath finds. Raises NoValue."""
        import mpmath

        try:
            value = replay(tree, point, self.program, self.world, self.digits)
        except (ValueError, ArithmeticError, TypeError):
            raise NoValue("unsettled") from None
        if not hasattr(value, "_mpf_") or not mpmath.isfinite(value):  # complex, or infinite
            raise NoValue("unsettled")
        return _fraction(value)


def converged(tree: Node, point: Point, program: Program, world: World) -> Fraction:
    """The value of a tree that two levels of precision agree on, derivatives by differences. Raises NoValue."""
    real = Program([(key, with_real_roots(definition)) for key, definition in program.definitions.items()])
    values: list[Fraction] = []
    for digits, power in LEVELS:
        value = Differences(point, real, world, digits, Fraction(1, 10**power)).value(tree)
        if value and values and abs(value - values[-1]) <= AGREE * abs(value):
            return value
        values.append(value)
    if abs(values[-1]) <= VANISHED * abs(values[-2]):
        return Fraction(0)
    raise NoValue("unsettled")


def with_real_roots(tree: Node) -> Node:
    """Odd roots through absolute values: mpmath takes the complex root of a negative number, the project the real one."""

    def rewrite(node: Node) -> Node | None:
        if isinstance(node, Power):
            exponent = rational(node.exponent)
        elif isinstance(node, Root):
            index = rational(node.index) if node.index is not None else None
            exponent = 1 / index if index else None
        else:
            return None
        if exponent is None or exponent.denominator % 2 == 0 or exponent.denominator == 1:
            return None
        base = node.children[0]
        size: Node = Power(Absolute(base), number(exponent))
        return Quotient(Product((base, size)), Absolute(base)) if exponent.numerator % 2 else size

    return transform(tree, rewrite)


def _fraction(value: Any) -> Fraction:
    sign, mantissa, exponent, _ = value._mpf_
    size = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -size if sign else size


def settle(closed: Node, target: Node, point: Point, program: Program, world: World) -> Ruling:
    """Whether a closed form is the derivative it should be at a point: both at 40 digits."""
    try:
        right = converged(target, point, program, world)
        left = converged(closed, point, program, world)
    except NoValue as reason:
        return Ruling(reason.finding)
    agree = abs(left - right) <= AGREE * (abs(left) + abs(right))
    return Ruling("right" if agree else "wrong", as_float(left), as_float(right))


def settle_value(value: float, slack: float, target: Node, point: Point, program: Program, world: World) -> Ruling:
    """The same for a gradient that is known in float64 only, `slack` being what its rounding may amount to."""
    try:
        right = as_float(converged(target, point, program, world))
    except NoValue as reason:
        return Ruling(reason.finding)
    near = isfinite(value) and abs(value - right) <= 1e-8 * abs(right) + slack
    return Ruling("right" if near else "wrong", value, right)


def as_float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def settle_callable(closed: float, autograd: float, slack: float, function: Column, at: float) -> Ruling:
    """Which of two derivatives the values of a float64 function support; `slack` is what rounding may amount to."""
    found = ladder(function, at)
    if not isinstance(found, tuple):
        return Ruling(found)
    slope, error = found
    how = "differences of its values"
    if not isfinite(closed):
        supported = abs(autograd - slope) <= 10 * (error + 1e-9 * abs(slope))
        return Ruling("wrong" if supported else "unsettled", closed, slope, how)
    near = error + slack + 1e-9 * abs(slope)
    if abs(closed - slope) <= near:
        return Ruling("backward" if abs(autograd - slope) > 10 * near else "unsettled", closed, slope, how)
    return Ruling("wrong" if abs(closed - slope) > 10 * near else "unsettled", closed, slope, how)


def ladder(function: Column, at: float) -> tuple[float, float] | Literal["kink", "unsettled"]:
    """Slope of a float64 function and an estimate of its error, from central differences at halved steps.

    `function` maps a column of arguments to a column of values.
    """
    halved = np.arange(3, 27)
    steps = max(1.0, abs(at)) * 0.5**halved
    count = len(steps)
    with np.errstate(all="ignore"):
        values = function(np.concatenate([[at], at + steps, at - steps]))
        middle, up, down = values[0], values[1 : count + 1], values[count + 1 :]
        width = ((at + steps) - (at - steps)) / 2
        slopes = (up - down) / (2 * width)
        noise = np.finfo(float).eps * np.max(np.abs(values[np.isfinite(values)]), initial=0.0) / width
        if _stays_open(np.abs(up - 2 * middle + down) / width, noise):
            return "kink"
        better = (4 * slopes[1:] - slopes[:-1]) / 3
        errors = np.abs(np.diff(better)) + noise[2:]
    errors = np.where(np.isfinite(errors), errors, np.inf)
    best = int(np.argmin(errors))
    return (float(better[best + 1]), 4 * float(errors[best])) if np.isfinite(errors[best]) else "unsettled"


def _stays_open(gap: Array, noise: Array) -> bool:
    """Whether the gap of the one-sided slopes does not close as the step shrinks, beyond what rounding explains."""
    return bool(np.min(gap[12:18]) > 0.5 * np.max(gap[6:10]) and np.min(gap[6:18]) > 100 * noise[17])
