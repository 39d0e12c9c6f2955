"""Formulas in floating point, long ones as tapes, so that equal parts are worked out once: fast, rough, and only a hint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import erf, exp, log1p, sqrt

from checks.decide.bounds.tape import Arithmetic, Tape, taped
from checks.decide.floats import CONSTANTS, MATH, value
from derive.errors import NoRule, TooLarge
from derive.tree import Node

LONG = 60  # nodes from which on a formula is run as a tape


def _sigmoid(u: float) -> float:
    return 1 / (1 + exp(-u)) if u > 0 else exp(u) / (1 + exp(u))


FLOATS = Arithmetic(
    number=float,
    constant=CONSTANTS.__getitem__,
    functions={
        **MATH,
        "erf": erf,
        "normal_cdf": lambda u: (1 + erf(u / sqrt(2))) / 2,
        "sigmoid": _sigmoid,
        "softplus": lambda u: max(u, 0.0) + log1p(exp(-abs(u))),
        "relu": lambda u: max(u, 0.0),
    },
    absolute=abs,
    power=lambda u, n: u**n,
    root=lambda u, n: float(u ** (1 / n)),
    quotient=lambda u, v: u / v,
)


def valued(tree: Node) -> Callable[[Mapping[str, float]], float]:
    """What gives the value at a point; it raises what Python's arithmetic raises where there is none."""
    tape = _tape(tree)
    return partial(value, tree) if tape is None else partial(tape.run, FLOATS)


def length(tree: Node) -> int:
    """How many steps a value takes."""
    tape = _tape(tree)
    return tree.size if tape is None else len(tape.steps)


def _tape(tree: Node) -> Tape | None:
    try:
        return taped(tree) if tree.size > LONG else None
    except (NoRule, TooLarge, ZeroDivisionError, RecursionError):
        return None
