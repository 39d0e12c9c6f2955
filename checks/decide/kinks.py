"""A formula at one of its kinks: both one-sided derivatives, and the number torch calls the derivative there.

A pass of a gradient check at a kink proves nothing and a failure refutes nothing: |x| passes every central difference at
0. So the derivative is taken on either side by the laws, the branch of each side chosen by the signs there, and compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from checks.decide.balls import PRECISIONS, Evaluator, precision
from checks.decide.branches import resolved, sign_within
from checks.decide.constructs import exact_difference, terms_of
from checks.decide.domains import restrictions
from checks.decide.elementary import Undefined
from checks.decide.intervals import Interval
from checks.decide.separation import shown
from derive.errors import NoRule, TooLarge
from derive.normal import normal_form
from derive.program import Program
from derive.pullback import derivative
from derive.tree import (
    Absolute,
    Binder,
    Call,
    Cases,
    Indicator,
    Negative,
    Node,
    number,
    substitute,
    times,
    total,
    transform,
    walk,
)


@dataclass(frozen=True, slots=True)
class Kink:
    """One-sided derivatives as decimals; None where none was found, as at a jump. `torch` is None without torch."""

    left: str | None
    right: str | None
    torch: float | None
    is_kink: bool  # the two differ, or one is missing
    slope: Any = None  # the derivative as a ball where there is one

    def sentence(self, variable: str, point: Fraction, beside: str = "") -> str:
        """What a reader is told; `beside` are the other names' values."""
        if not self.is_kink:
            return f"no kink at {variable} = {point}{beside}: the derivative is {self.left}"
        sides = f"{self.left or 'none found'} from the left, {self.right or 'none found'} from the right"
        torch = "" if self.torch is None else f" (torch: {self.torch:g})"
        return f"at {variable} = {point}{beside} the derivative is {sides}{torch}"


def kink_report(f: Node, variable: str, point: Fraction, base: tuple[Node, int] | None = None) -> Kink:
    """The derivative of a formula of one variable on both sides of a rational point, and torch's.

    Where f is a derivative itself, `base` is what torch is to differentiate, and how often.
    """
    base = (f, 1) if base is None else base
    f = transform(f, _terms)
    left, right = (_one_sided(f, variable, point, side) for side in (-1, 1))
    same = left is not None and right is not None and bool(left.overlaps(right))
    return Kink(_shown(left), _shown(right), _torch(*base, variable, point), not same, left if same else None)


def _terms(node: Node) -> Node | None:
    """A sum or product over numbers, written out."""
    if not isinstance(node, Binder) or node.kind not in {"sum", "product"}:
        return None
    try:
        parts = list(terms_of(node, lambda bound: exact_difference(bound, number(0), {})))
    except (Undefined, TooLarge):
        return None
    return total(parts) if node.kind == "sum" else times(parts)


def _one_sided(f: Node, variable: str, point: Fraction, side: int) -> Any:
    """The limit of the derivative from one side, as a ball: on that side signs are known, so no branch is left open.

    The difference quotient decides whether f runs continuously into the branch.
    """
    near = Interval(point, point + Fraction(1, 2**40)) if side > 0 else Interval(point - Fraction(1, 2**40), point)
    try:
        branch = branch_beside(f, variable, near)
        if branch is None:
            return None
        slope = substitute(derivative(branch, variable), {variable: number(point)})
        with precision(PRECISIONS[1]):
            at = Evaluator({variable: point}, Program(), {})
            here, meets = at(f), at(substitute(branch, {variable: number(point)}))
            return at(slope) if here.overlaps(meets) else None
    except (Undefined, TooLarge, NoRule, ZeroDivisionError):
        return None


def branch_beside(f: Node, variable: str, near: Interval) -> Node | None:
    """f as the formula it is where no sign changes, such as just beside a point: |u| as u or −u, conditions decided.

    None where it has no value.
    """

    def choose(node: Node) -> Node | None:
        if isinstance(node, Absolute):
            sign = sign_within(node.operand, variable, near)
            return node.operand if sign > 0 else Negative(node.operand) if sign < 0 else None
        if isinstance(node, Call) and node.function == "sign" and not node.order:
            sign = sign_within(node.arguments[0], variable, near)
            return number(sign) if sign else None
        if isinstance(node, Call) and node.function == "floor":
            inside = ((near.low or Fraction(0)) + (near.high or Fraction(0))) / 2
            value = normal_form(substitute(node.arguments[0], {variable: number(inside)})).constant
            return None if value is None else number(value.numerator // value.denominator)
        return None

    whole = resolved(f)
    if restrictions(whole).at({variable: near.tree(variable)}).nowhere():
        return None
    chosen = transform(whole, choose)
    if any(isinstance(node, Cases | Indicator) for node in walk(chosen)):
        placed = resolved(substitute(chosen, {variable: near.tree(variable)}))
        if any(isinstance(node, Cases | Indicator | Binder) for node in walk(placed)):
            return None
        chosen = _decided_cases(chosen, variable, near)
    return chosen


def _decided_cases(tree: Node, variable: str, near: Interval) -> Node:
    """Case distinctions in a name whose place is known."""

    def choose(node: Node) -> Node | None:
        if isinstance(node, Indicator):
            return resolved(substitute(node, {variable: near.tree(variable)}))
        if isinstance(node, Cases):
            for value, condition in zip(node.values, node.conditions, strict=True):
                if resolved(substitute(Indicator(condition), {variable: near.tree(variable)})) == number(1):
                    return value
        return None

    return transform(tree, choose)


def _shown(ball: Any) -> str | None:
    if ball is None:
        return None
    return shown(ball)


def _torch(f: Node, order: int, variable: str, point: Fraction) -> float | None:
    """The derivative torch reports, by running it; None where torch is missing or has no such formula."""
    import numpy as np

    try:
        from checks.witness.torch_backend import Evaluator as TorchEvaluator
    except ImportError:
        return None
    run = TorchEvaluator({variable: np.array([float(point)])}, Program(), {}, differentiable=True)
    try:
        return float(run.derivative(run(f), (variable,) * order).detach()[0])
    except (RuntimeError, ValueError, KeyError, TypeError, NoRule, TooLarge):
        return None
