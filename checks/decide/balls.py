"""Rigorous evaluation: a tree at a rational point as an `arb` ball that is certain to hold the true value.

Two balls that do not overlap prove two values different. A tree that is undefined at a point (division by a ball around
zero, log or even root of something not positive) raises Undefined. FLINT keeps its precision in one place for all
threads, so evaluation takes a lock and the same point gives the same ball in any thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import RLock
from typing import Any

from flint import arb, ctx, fmpq

from checks.decide.activations import Activation, Z
from checks.decide.claim import Point
from derive.errors import TooLarge
from derive.program import Program
from derive.rules import definition_of
from derive.tree import (
    Absolute,
    Call,
    Constant,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
)

PRECISIONS = (64, 256, 2048)
MAX_EXPONENT_BITS = 40  # |exponent| < 2^40
MAX_MAGNITUDE_BITS = 2_000_000  # of a value, in bits before the point
MAX_ANGLE = 2**2048  # of sin, cos and tan: reducing a larger one takes as many digits of π as it has
SMALL_EXPONENTS = frozenset(str(k) for k in range(1, 65))
NOTHING = Program()
_lock = RLock()


class Undefined(Exception):
    """The formula has no real value at this point, or none that could be enclosed."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """All ball arithmetic inside runs at this many bits, and no other thread's in between."""
    with _lock:
        before = ctx.prec
        ctx.prec = bits
        try:
            yield
        finally:
            ctx.prec = before


class Evaluator:
    """Values of trees at one point: inputs given exactly, intermediate names through their definitions."""

    def __init__(self, point: Point, program: Program, world: Mapping[str, Activation]) -> None:
        self.values: dict[Node, Any] = {Name(k): arb(fmpq(v.numerator, v.denominator)) for k, v in point.items()}
        self.program, self.world = program, world

    def __call__(self, tree: Node) -> Any:
        """The ball of a tree. Raises Undefined, TooLarge."""
        for key, definition in self.program.needed(tree).items():
            if Name(key) not in self.values:
                self.values[Name(key)] = self.value(definition)
        return self.value(tree)

    def value(self, tree: Node) -> Any:
        known = self.values.get(tree)
        if known is None:
            known = finite(_RULES[type(tree)](self, tree)) if type(tree) in _RULES else _unknown(tree)
            self.values[tree] = known
        return known

    def call(self, tree: Call) -> Any:
        if tree.function in self.world:
            inside = Evaluator({}, NOTHING, {})
            inside.values[Z] = self.value(tree.arguments[0])
            return inside.value(self.world[tree.function].derivative(tree.order))
        if tree.order:
            defined = definition_of(tree)
            return self.value(defined) if defined is not None else _unknown(tree)
        argument = self.value(tree.arguments[0])
        function = ELEMENTARY.get(tree.function)
        return function(argument) if function else _unknown(tree)

    def power(self, tree: Power) -> Any:
        base = self.value(tree.base)
        if isinstance(tree.exponent, Number) and tree.exponent.text in SMALL_EXPONENTS:
            return base ** int(tree.exponent.text)
        exponent = self.value(tree.exponent)
        if not abs(exponent) < 2**MAX_EXPONENT_BITS:
            raise TooLarge("an exponent that is too large to evaluate")
        whole = exponent.unique_fmpz() if exponent.is_exact() and exponent.is_integer() else None
        if base.is_finite() and not base.is_zero():
            size = abs(base).log() * abs(exponent)
            if size.is_finite() and not size < MAX_MAGNITUDE_BITS:
                raise TooLarge("a power that is too large to evaluate")
        if whole is not None:
            return base ** int(whole)
        rational = _rational_of(tree.exponent)
        if rational is not None and rational.denominator % 2 == 1:
            return _odd_root(base, rational.denominator) ** rational.numerator
        if base.is_zero() and exponent > 0:
            return arb(0)
        return (exponent * positive(base).log()).exp()

    def root(self, tree: Root) -> Any:
        index = 2 if tree.index is None else _rational_of(tree.index)
        if index is None or index != int(index) or not 2 <= index <= 1000:
            raise Undefined("the index of a root is no small whole number")
        radicand = self.value(tree.radicand)
        if int(index) % 2:
            return _odd_root(radicand, int(index))
        if radicand.is_zero():
            return arb(0)
        return positive(radicand).root(int(index))

    def product(self, tree: Product) -> Any:
        result = self.value(tree.factors[0])
        for factor in tree.factors[1:]:
            result = result * self.value(factor)
        return result

    def sum(self, tree: Sum) -> Any:
        result = self.value(tree.terms[0])
        for term in tree.terms[1:]:
            result = result + self.value(term)
        return result


def _unknown(tree: Node) -> Any:
    raise TooLarge(f"{type(tree).__name__.lower()} {getattr(tree, 'function', '')} has no enclosure".replace("  ", " "))


def finite(ball: Any) -> Any:
    """The ball, if it bounds anything."""
    if not ball.is_finite():
        raise Undefined("no finite value")
    return ball


def positive(ball: Any) -> Any:
    """The ball, if it is certain to be positive."""
    if not ball > 0:
        raise Undefined("log or an even root of something that is not certain to be positive")
    return ball


def _odd_root(ball: Any, index: int) -> Any:
    if index == 1 or ball.is_zero():
        return ball
    if ball > 0:
        return ball.root(index)
    if ball < 0:
        return -((-ball).root(index))
    raise Undefined("the sign under an odd root is not certain")


def _rational_of(tree: Node) -> Any:
    from derive.normal import normal_form

    return tree.value if isinstance(tree, Number) else normal_form(tree).constant


def _quotient(evaluator: Evaluator, tree: Quotient) -> Any:
    return evaluator.value(tree.numerator) / evaluator.value(tree.denominator)


def _constant(_: Evaluator, tree: Constant) -> Any:
    if tree.name == "infinity":
        raise Undefined("infinity is no number")
    return arb.pi() if tree.name == "pi" else arb.const_e()


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + (-z).exp())


_RULES: dict[type[Node], Any] = {
    Number: lambda _, tree: arb(fmpq(tree.value.numerator, tree.value.denominator)),
    Constant: _constant,
    Sum: Evaluator.sum,
    Product: Evaluator.product,
    Negative: lambda evaluator, tree: -evaluator.value(tree.operand),
    Quotient: _quotient,
    Power: Evaluator.power,
    Root: Evaluator.root,
    Absolute: lambda evaluator, tree: abs(evaluator.value(tree.operand)),
    Call: Evaluator.call,
}
ELEMENTARY: dict[str, Any] = {
    "exp": lambda z: z.exp() if abs(z) < MAX_MAGNITUDE_BITS else _too_large(),
    "log": lambda z: positive(z).log(),
    "sin": lambda z: arb.sin(z) if abs(z) < MAX_ANGLE else _too_large(),
    "cos": lambda z: arb.cos(z) if abs(z) < MAX_ANGLE else _too_large(),
    "tan": lambda z: arb.tan(z) if abs(z) < MAX_ANGLE else _too_large(),
    "arcsin": arb.asin,
    "arccos": arb.acos,
    "arctan": arb.atan,
    "sinh": lambda z: z.sinh() if abs(z) < MAX_MAGNITUDE_BITS else _too_large(),
    "cosh": lambda z: z.cosh() if abs(z) < MAX_MAGNITUDE_BITS else _too_large(),
    "tanh": arb.tanh,
    "sigmoid": lambda z: _sigmoid(z) if abs(z) < MAX_MAGNITUDE_BITS else _too_large(),
    "softplus": lambda z: (1 + z.exp()).log() if abs(z) < MAX_MAGNITUDE_BITS else _too_large(),
    "identity": lambda z: z,
}


def _too_large() -> Any:
    raise TooLarge("a function of a number that is too large to evaluate")
