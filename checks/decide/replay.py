"""The independent path: a counterexample evaluated again with mpmath at 40 digits, sharing no arithmetic with the balls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import islice
from math import prod
from threading import local
from typing import Any

from checks.decide.activations import Activation, Z
from checks.decide.claim import Gaussian, Point
from checks.decide.constructs import exact_difference, holds_for, terms_of, truth
from checks.decide.series import MAX_TERMS, is_series, terms
from derive.program import Program
from derive.rules import definition_of
from derive.tree import (
    ZERO,
    Absolute,
    Binder,
    Call,
    Cases,
    Constant,
    Indicator,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    number,
)  # fmt: skip

DIGITS = 40
FEW = 8  # neighbouring terms of a series that no longer change it
# the rows of derive.functions in mpmath's arithmetic; the others are evaluated through their definitions
MPMATH: dict[str, Callable[..., Any]] = {
    name: lambda mp, *arguments, function=function: getattr(mp, function)(*arguments)
    for name, function in {
        "exp": "exp", "log": "ln", "sin": "sin", "cos": "cos", "tan": "tan", "sec": "sec", "csc": "csc", "cot": "cot",
        "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arccot": "acot", "arcsec": "asec", "arccsc": "acsc",
        "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "sech": "sech", "csch": "csch", "coth": "coth",
        "arsinh": "asinh", "arcosh": "acosh", "artanh": "atanh", "arcoth": "acoth", "arsech": "asech", "arcsch": "acsch",
        "sinc": "sinc", "sign": "sign", "floor": "floor", "ceiling": "ceil", "atan2": "atan2",
        "erf": "erf", "erfc": "erfc", "erfi": "erfi", "erfinv": "erfinv", "gamma": "gamma", "upper_gamma": "gammainc",
        "digamma": "digamma", "polygamma": "psi", "beta": "beta", "factorial": "factorial", "binomial": "binomial",
        "bessel_j": "besselj", "bessel_y": "bessely", "bessel_i": "besseli", "bessel_k": "besselk",
        "lambert_w": "lambertw", "zeta": "zeta", "hurwitz_zeta": "zeta", "Ei": "ei", "Shi": "shi", "Chi": "chi",
        "expint": "expint", "normal_pdf": "npdf", "normal_cdf": "ncdf",
    }.items()
} | {
    "hypot": lambda mp, *arguments: mp.sqrt(sum(u * u for u in arguments)),
    "erfcx": lambda mp, u: mp.exp(u * u) * mp.erfc(u),
    "gamma_q": lambda mp, s, u: mp.gammainc(s, u, regularized=True),
    "gamma_p": lambda mp, s, u: mp.gammainc(s, 0, u, regularized=True),
    "max": lambda _, *arguments: max(arguments),
    "min": lambda _, *arguments: min(arguments),
    "mod": lambda mp, u, v: u - v * mp.floor(u / v),
    "xlogy": lambda mp, u, v: u * mp.ln(v) if u else u,
}  # fmt: skip


def replay(
    tree: Node,
    point: Point,
    program: Program,
    world: Mapping[str, Activation],
    digits: int = DIGITS,
    *,
    principal: bool = False,
) -> Any:
    """The value of a tree at a point, as an mpmath number; complex or infinite where it has no real value.

    With `principal`, odd roots of negative numbers are principal values too.
    """
    context = _context()
    context.dps = digits + 15

    def exact(value: Fraction | Gaussian) -> Any:
        if isinstance(value, Gaussian):
            return context.mpc(exact(value.real), exact(value.imaginary))
        return context.mpf(value.numerator) / value.denominator

    values: dict[Node, Any] = {Name(key): exact(value) for key, value in point.items()}
    replayer = _Replay(values, world, context, principal=principal)
    replayer.numbers = {k: number(v) for k, v in point.items() if isinstance(v, Fraction)}
    for key, definition in program.needed(tree).items():
        values.setdefault(Name(key), replayer.value(definition))
    return replayer.value(tree)


def replay_values(tree: Node, values: Mapping[Node, Any], world: Mapping[str, Activation], context: Any) -> Any:
    """The value of a tree where some nodes are given, in a context's own precision."""
    return _Replay(dict(values), world, context).value(tree)


_own = local()


def _context() -> Any:
    """This thread's own arithmetic: to make a context takes longer than most evaluations."""
    import mpmath

    if not hasattr(_own, "context"):
        _own.context = mpmath.MPContext()
    return _own.context


class _Replay:
    """Values of trees in mpmath's arithmetic; each tree once, for a chain of definitions shares most of its parts."""

    def __init__(
        self, values: dict[Node, Any], world: Mapping[str, Activation], mp: Any, *, principal: bool = False
    ) -> None:
        self.values, self.world, self.mp, self.principal = values, world, mp, principal
        self.numbers: dict[str, Node] = {}

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
                return +getattr(mp, {"infinity": "inf", "i": "j"}.get(name, name))
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
            case Root(radicand=radicand, index=Node() as index):
                return self.root(of(radicand), int(of(index))) if not index.names else of(radicand) ** (1 / of(index))
            case Absolute(operand=operand):
                return abs(of(operand))
            case Call():
                return self.call(node)
            case Indicator(condition=condition):
                return mp.mpf(truth(condition, self.compare))
            case Cases(values=values, conditions=conditions):
                for branch, condition in zip(values, conditions, strict=True):
                    if truth(condition, self.compare):
                        return of(branch)
            case Binder():
                return self.binder(node)
        raise ValueError(f"{type(node).__name__} has no value")

    def compare(self, left: Node, relation: str, right: Node) -> bool:
        difference = self.value(left) - self.value(right)
        if self.mp.im(difference) != 0:
            raise ValueError("complex numbers are not ordered")
        if abs(difference) < self.mp.mpf(10) ** (10 - self.mp.dps):
            difference = exact_difference(left, right, self.numbers)
            if difference is None:
                raise ValueError("whether a condition holds is not certain")
        return holds_for((difference > 0) - (difference < 0), relation)

    def binder(self, node: Binder) -> Any:
        mp = self.mp
        if is_series(node):
            return self.series(node)
        if node.kind in {"sum", "product"}:
            values = [self.value(t) for t in terms_of(node, lambda bound: exact_difference(bound, ZERO, self.numbers))]
            return mp.fsum(values) if node.kind == "sum" else mp.fprod(values)
        if node.kind == "integral":
            low, high = (self.value(bound) for bound in node.bounds)

            def integrand(x: Any) -> Any:
                known: dict[Node, Any] = {name: value for name, value in self.values.items() if isinstance(name, Name)}
                return _Replay({**known, Name(node.index): x}, self.world, mp, principal=self.principal).value(
                    node.body
                )

            return mp.quad(integrand, [low, high])
        from derive.normal import written_out

        worked_out = written_out(node, "real")
        if worked_out is None:
            raise ValueError("a limit has no value here")
        return self.value(worked_out)

    def series(self, node: Binder) -> Any:
        """Term by term, until they no longer count."""
        low = exact_difference(node.bounds[0], ZERO, self.numbers)
        if low is None or low.denominator != 1:
            raise ValueError("a bound that is no whole number")
        total, small = self.mp.mpf(0), 0
        for term in islice(terms(node, low), MAX_TERMS):
            value = self.value(term)
            total += value
            small = small + 1 if abs(value) <= abs(total) * self.mp.mpf(10) ** -self.mp.dps else 0
            if small == FEW:
                return total
        raise ValueError("a series that converges too slowly")

    def call(self, node: Call) -> Any:
        if node.function in self.world:
            formula = self.world[node.function].derivative(node.order)
            return _Replay({Z: self.value(node.arguments[0])}, {}, self.mp).value(formula)
        if node.function in MPMATH and not node.order:
            return MPMATH[node.function](self.mp, *map(self.value, node.arguments))
        defined = definition_of(node)
        if defined is None:
            raise ValueError(f"{node.function} has no value")
        return self.value(defined)

    def power(self, base: Any, exponent: Node) -> Any:
        """u^v; the real root where v is a fraction with an odd denominator."""
        fraction = _fraction(exponent)
        if fraction is None or fraction.denominator % 2 == 0 or (self.principal and fraction.denominator != 1):
            return base ** self.value(exponent)
        return self.root(base, fraction.denominator) ** fraction.numerator

    def root(self, radicand: Any, index: int) -> Any:
        """The real root of a negative number where the index is odd."""
        if index % 2 and not self.principal and self.mp.im(radicand) == 0 and self.mp.re(radicand) < 0:
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
            parts = [part for term in terms if (part := _fraction(term)) is not None]
            if len(parts) < len(terms):
                return None
            return prod(parts, start=Fraction(1)) if isinstance(tree, Product) else sum(parts, start=Fraction(0))
    return None
