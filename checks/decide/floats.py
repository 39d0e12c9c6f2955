"""Fast and rough: a tree in floating point, general functions stood in for by fixed arbitrary ones.

Used only to sift candidates (which edit might be right, which mutant differs): whatever passes is decided properly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from random import Random
from zlib import crc32

from checks.decide.constructs import holds_for, terms_of, truth
from checks.decide.elementary import Undefined
from checks.decide.replay import MPMATH
from derive.errors import NoRule, TooLarge
from derive.functions import FUNCTIONS
from derive.program import Program
from derive.rules import definition_of
from derive.tree import (
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
    OffKinks,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
)

CONSTANTS = {"e": math.e, "pi": math.pi, "infinity": math.inf}
# the rows of derive.functions in floating point; the others by mpmath's float context, or through their definitions
MATH: dict[str, Callable[..., float]] = {
    "exp": math.exp, "log": math.log, "sin": math.sin, "cos": math.cos, "tan": math.tan,
    "arcsin": math.asin, "arccos": math.acos, "arctan": math.atan, "sinh": math.sinh, "cosh": math.cosh,
    "tanh": math.tanh, "arcoth": lambda u: math.atanh(1 / u), "arsech": lambda u: math.acosh(1 / u),
    "arcsch": lambda u: math.asinh(1 / u), "arsinh": math.asinh, "arcosh": math.acosh, "artanh": math.atanh, "erf": math.erf,
    "erfc": math.erfc, "gamma": math.gamma, "floor": math.floor, "ceiling": math.ceil, "rem": math.fmod,
    "max": max, "min": min, "hypot": math.hypot, "atan2": math.atan2, "sign": lambda u: float((u > 0) - (u < 0)),
    "mod": lambda u, v: u - v * math.floor(u / v), "xlogy": lambda u, v: u * math.log(v) if u else 0.0,
}  # fmt: skip


class Sieve:
    """Values of trees at a few fixed random inputs."""

    def __init__(self, program: Program, seed: int, points: int = 2) -> None:
        self.program, self.seed = program, seed
        self.values: list[dict[str, float]] = [{} for _ in range(points)]

    def __call__(self, tree: Node) -> tuple[float, ...]:
        """The value at each point; nan where there is none."""
        return tuple(self._at(tree, index) for index in range(len(self.values)))

    def _at(self, tree: Node, index: int) -> float:
        known = self.values[index]
        try:
            for key in tree.names:
                self._name(key, known, index)
            return value(tree, known)
        except (ValueError, ZeroDivisionError, OverflowError, KeyError, TypeError, NoRule, TooLarge, Undefined):
            return math.nan

    def _name(self, key: str, known: dict[str, float], index: int) -> None:
        if key in known:
            return
        for needed, definition in self.program.needed(Name(key)).items():
            for name in definition.names:
                if name not in self.program.definitions:
                    known.setdefault(name, self._random(name, index))
            if needed not in known:
                known[needed] = value(definition, known)
        known.setdefault(key, self._random(key, index))

    def _random(self, key: str, index: int) -> float:
        return Random(f"{key} {index} {self.seed}").uniform(0.3, 1.7)


def close(left: tuple[float, ...], right: tuple[float, ...], tolerance: float = 1e-9) -> bool:
    """Whether two rows of values agree at every point, and are numbers."""
    return all(abs(a - b) <= tolerance * (abs(a) + abs(b)) for a, b in zip(left, right, strict=True))


def value(node: Node, names: Mapping[str, float]) -> float:
    """The value of a tree; raises what Python's arithmetic raises where there is none."""
    match node:
        case Number(value=exact):
            return float(exact)
        case Name(key=key):
            return names[key]
        case Constant(name=name):
            return CONSTANTS[name]
        case Sum(terms=terms):
            return math.fsum(value(term, names) for term in terms)
        case Product(factors=factors):
            return math.prod(value(factor, names) for factor in factors)
        case Negative(operand=operand):
            return -value(operand, names)
        case Quotient(numerator=top, denominator=bottom):
            return value(top, names) / value(bottom, names)
        case Power(base=base, exponent=exponent):
            return float(value(base, names) ** value(exponent, names))
        case Root(radicand=radicand, index=index):
            return float(value(radicand, names) ** (1 / (2 if index is None else value(index, names))))
        case Absolute(operand=operand):
            return abs(value(operand, names))
        case Call():
            return _call(node, names)
        case OffKinks(body=body):
            return value(body, names)
        case Indicator(condition=condition):
            return float(truth(condition, partial(_compare, names)))
        case Cases(values=values, conditions=conditions):
            for branch, condition in zip(values, conditions, strict=True):
                if truth(condition, partial(_compare, names)):
                    return value(branch, names)
        case Binder(kind="sum" | "product" as kind):
            parts = [value(t, names) for t in terms_of(node, lambda bound: _whole(value(bound, names)))]
            return math.fsum(parts) if kind == "sum" else math.prod(parts)
    raise ValueError(f"{type(node).__name__} has no value")


def _compare(names: Mapping[str, float], left: Node, relation: str, right: Node) -> bool:
    difference = value(left, names) - value(right, names)
    return holds_for((difference > 0) - (difference < 0), relation)


def _whole(bound: float) -> Fraction | None:
    return Fraction(int(bound)) if bound == int(bound) else None


def _call(node: Call, names: Mapping[str, float]) -> float:
    if node.function not in FUNCTIONS:
        phase = crc32(f"{node.function} {node.order}".encode()) % 1000 / 300
        return 1.6 + math.sin(phase + 1.7 * value(node.arguments[0], names))
    if node.function in MATH and not node.order:
        return float(MATH[node.function](*(value(argument, names) for argument in node.arguments)))
    if node.function in MPMATH and not node.order:
        from mpmath import fp

        return float(MPMATH[node.function](fp, *(value(argument, names) for argument in node.arguments)))
    defined = definition_of(node)
    if defined is None:
        raise ValueError(f"{node.function} has no value")
    return value(defined, names)
