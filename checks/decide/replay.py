"""The independent path: a counterexample evaluated again with mpmath at 40 digits, sharing no arithmetic with the balls."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from checks.decide.activations import Activation, Z
from checks.decide.claim import Point
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
)  # fmt: skip

DIGITS = 40
_MPMATH_NAMES = {"log": "ln", "arcsin": "asin", "arccos": "acos", "arctan": "atan"}
_OWN = frozenset(["exp", "log", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh"])


def replay(tree: Node, point: Point, program: Program, world: Mapping[str, Activation], digits: int = DIGITS) -> Any:
    """The value of a tree at a point, as an mpmath number; complex or infinite where it has no real value."""
    import mpmath

    context = mpmath.MPContext()
    context.dps = digits + 15
    values = {Name(key): context.mpf(v.numerator) / v.denominator for key, v in point.items()}
    replayer = _Replay(values, world, context)
    for key, definition in program.needed(tree).items():
        values.setdefault(Name(key), replayer.value(definition))
    return replayer.value(tree)


class _Replay:
    """Values of trees in mpmath's arithmetic; each tree once, for a chain of definitions shares most of its parts."""

    def __init__(self, values: dict[Node, Any], world: Mapping[str, Activation], mp: Any) -> None:
        self.values, self.world, self.mp = values, world, mp

    def value(self, node: Node) -> Any:
        known = self.values.get(node)
        if known is None:
            known = self.values[node] = self.evaluated(node)
        return known

    def evaluated(self, node: Node) -> Any:
        of, mp = self.value, self.mp
        match node:
            case Number(value=value):
                return mp.mpf(value.numerator) / value.denominator
            case Constant(name=name):
                return +getattr(mp, {"infinity": "inf"}.get(name, name))
            case Sum(terms=terms):
                return mp.fsum([of(term) for term in terms])
            case Product(factors=factors):
                return mp.fprod([of(factor) for factor in factors])
            case Negative(operand=operand):
                return -of(operand)
            case Quotient(numerator=top, denominator=bottom):
                return of(top) / of(bottom)
            case Power(base=base, exponent=exponent):
                return self.power(of(base), exponent)
            case Root(radicand=radicand, index=None):
                return mp.sqrt(of(radicand))
            case Root(radicand=radicand, index=index):
                return self.root(of(radicand), int(of(index)))
            case Absolute(operand=operand):
                return abs(of(operand))
            case Call():
                return self.call(node)
        raise ValueError(f"{type(node).__name__} has no value")

    def call(self, node: Call) -> Any:
        if node.function in self.world:
            formula = self.world[node.function].derivative(node.order)
            return _Replay({Z: self.value(node.arguments[0])}, {}, self.mp).value(formula)
        if node.function in _OWN and not node.order:
            return getattr(self.mp, _MPMATH_NAMES.get(node.function, node.function))(self.value(node.arguments[0]))
        defined = definition_of(node)
        if defined is None:
            raise ValueError(f"{node.function} has no value")
        return self.value(defined)

    def power(self, base: Any, exponent: Node) -> Any:
        """u^v; the real root where v is a fraction with an odd denominator."""
        fraction = _fraction(exponent)
        if fraction is None or fraction.denominator % 2 == 0:
            return base ** self.value(exponent)
        return self.root(base, fraction.denominator) ** fraction.numerator

    def root(self, radicand: Any, index: int) -> Any:
        """The real root of a negative number where the index is odd."""
        if index % 2 and self.mp.im(radicand) == 0 and self.mp.re(radicand) < 0:
            return -self.mp.root(-radicand, index)
        return self.mp.root(radicand, index)


def _fraction(tree: Node) -> Fraction | None:
    """The value of a tree of numbers."""
    match tree:
        case Number(value=value):
            return value
        case Negative(operand=operand):
            inner = _fraction(operand)
            return None if inner is None else -inner
        case Quotient(numerator=top, denominator=bottom):
            above, below = _fraction(top), _fraction(bottom)
            return above / below if above is not None and below else None
        case Sum(terms=terms) | Product(factors=terms):
            parts = [_fraction(term) for term in terms]
            if any(part is None for part in parts):
                return None
            whole = Fraction(isinstance(tree, Product))
            for part in parts:
                whole = whole * part if isinstance(tree, Product) else whole + part  # type: ignore[operator]
            return whole
    return None
