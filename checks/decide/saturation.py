"""How many digits two sides must agree to at a point before agreement says anything about the formulas.

tanh(1000) is 1 to 868 digits, cos(10^{-400}) to 800: there the sides agree because a function is near its limit, not
because they are equal. What is left of it is no smaller than the sizes met and the arguments of the functions tell:

    parts of very different size    the next term of a series beside them: some powers of the smallest part
    tanh u, σ(u), sinh u, ζ(u), …   e^{−2|u|}
    erf u, Φ(u), GELU(u), …         e^{−u²}
    an integral to a bound b        e^{−b²}
"""

from __future__ import annotations

from typing import Any

from checks.decide.balls import Evaluator, precision
from derive.tree import Binder, Call, Node

POWERS = 4  # of the smallest part: sin u is u to u³ and sin u/u is 1 to u²
LN10 = 2.302585
GAUSSIAN = frozenset(["erf", "erfc", "erfi", "erfcx", "erfinv", "normal_cdf", "gelu", "gelu_tanh"])
# no nearer to a limit than a power of the argument is small or large
ALGEBRAIC = frozenset(
    ["log", "sin", "cos", "tan", "sec", "csc", "cot", "arcsin", "arccos", "arctan", "arccot", "arcsec", "arccsc"]
    + ["arsinh", "arcosh", "artanh", "arcoth", "arsech", "arcsch", "sinc", "identity", "sign", "floor", "ceiling"]
    + ["mod", "rem", "max", "min", "clip", "relu", "relu6", "leaky_relu", "hardsigmoid", "hardtanh", "hardswish"]
    + ["softsign", "hypot", "atan2", "xlogy", "logit", "log1p", "exp"]  # the values of exp are met as sizes
)


def spread(at: Evaluator) -> float:
    """The digits between the largest and the smallest part of a formula at a point, 1 among them.

    p and p + 10^{-1000} agree to a thousand digits, which says nothing: agreement must go beyond the smallest part.
    """
    smallest = largest = 0.0
    with precision(64):
        for ball in at.values.values():
            magnitude = _magnitude(ball)
            if magnitude is not None:
                smallest, largest = min(smallest, magnitude), max(largest, magnitude)
    return largest - smallest


def depth(at: Evaluator, spread: float) -> float:
    """The digits beyond which nothing that a function has left of its limit at a point can hide."""
    needed = POWERS * spread
    with precision(64):
        for node in at.values:
            for part, factor, power in _tails(node):
                size = _magnitude(at.values.get(part))
                if size is not None and size > 0:
                    needed = max(needed, factor * 10.0 ** min(size * power, 300.0) / LN10)
    return needed


def _tails(node: Node) -> list[tuple[Node, float, int]]:
    """The parts of a node for which e^{−c|u|^k} may be left, with c and k."""
    if isinstance(node, Call):
        if node.function in GAUSSIAN:
            return [(argument, 1.0, 2) for argument in node.arguments]
        if node.function not in ALGEBRAIC:
            return [(argument, 2.0, 1) for argument in node.arguments]
    if isinstance(node, Binder) and node.kind == "integral":
        return [(bound, 1.0, 2) for bound in node.bounds]
    return []


def _magnitude(ball: Any) -> float | None:
    """log₁₀ of the size of a ball, None where it may be zero."""
    size = None if ball is None else abs(ball)
    return float(size.mid().log()) / LN10 if size is not None and size > 0 else None
