"""A formula at the values of its names: whether it is at a kink there, and its one-sided derivatives by one of them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from checks.decide.constructs import exact_difference
from checks.decide.kink_remarks import vanishes_at
from checks.decide.kinks import Kink, kink_report
from checks.decide.separation import FAILURES
from derive.kinks import kinks
from derive.tree import ZERO, Node, number, substitute


def kink_at(f: Node, key: str, values: Mapping[str, Fraction]) -> Kink | None:
    """The derivative of a formula by a name on both sides, where something that makes a kink is 0; None elsewhere."""
    try:
        if not any(key in u.names and vanishes_at(u, values) for u in kinks(f)):
            return None
        others = {name: number(value) for name, value in values.items() if name != key}
        return kink_report(substitute(f, others), key, values[key])
    except FAILURES:
        return None


def sides(kink: Kink) -> str:
    """The one-sided derivatives, in words."""
    return f"a kink: {kink.left or 'none found'} from the left, {kink.right or 'none found'} from the right"


def exact(tree: Node, values: Mapping[str, Fraction]) -> Fraction | None:
    """The value of a formula, if it is known to be a rational number."""
    try:
        return exact_difference(tree, ZERO, {name: number(value) for name, value in values.items()})
    except FAILURES:
        return None
