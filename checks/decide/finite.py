r"""`f < \infty`: a real formula without limits and infinite sums is finite wherever it has a value."""

from __future__ import annotations

from contextlib import suppress

from checks.decide.balls import PRECISIONS, precision
from checks.decide.claim import Claim, Setting
from checks.decide.elementary import Undefined
from checks.decide.points import first_points
from checks.decide.separation import FAILURES, evaluator, shown
from checks.verdict import Verdict
from derive.matrix.nodes import has_arrays
from derive.recurrence.terms import terms
from derive.tree import ZERO, Binder, Constant, Negative, Node, walk

POINTS = 12
INFINITY = Constant("infinity")
_BOTH = (INFINITY, Negative(INFINITY))
_ABOVE = {"<": 1, r"\le": 1, ">": 0, r"\ge": 0}  # which side the larger one is
_EVIDENCE = "without limits and infinite sums every value is finite; this says nothing of where there is none"


def finite(left: Node, relation: str, right: Node, setting: Setting) -> Verdict | None:
    """The verdict of a relation between a formula and ∞ or −∞; None for every other."""
    if relation not in _ABOVE:
        return None
    smaller, larger = (left, right) if _ABOVE[relation] else (right, left)
    beyond = smaller == INFINITY or larger == Negative(INFINITY)
    side = larger if smaller in _BOTH else smaller if larger in _BOTH else None
    if side is None or not _has_real_values(side, setting):
        return None
    return _value_somewhere(side, setting) if beyond else Verdict("proven", "finite", _EVIDENCE)


def _value_somewhere(side: Node, setting: Setting) -> Verdict | None:
    """A point at which a formula has a value, which is finite; None where none of the first has."""
    claim = Claim(side, ZERO, setting)
    if claim.general_functions:
        return None
    for point in first_points(claim, POINTS):
        with suppress(Undefined, *FAILURES), precision(PRECISIONS[0]):
            ball = evaluator(claim, point, {})(claim.sides[0])
            if ball.is_finite():
                values = {key: str(value) for key, value in point.items()}
                return Verdict("refuted", "finite", f"the value is finite, {shown(ball)}", values)
    return None


def _has_real_values(side: Node, setting: Setting) -> bool:
    """Whether nothing in a formula can be infinite, or other than a real number, where it has a value."""
    whole = setting.program.expanded(side)
    if has_arrays(whole) or any(True for _ in terms(whole)):
        return False
    if any(symbol is not None and symbol.kind == "complex" for symbol in map(setting.symbols.get, whole.names)):
        return False
    return not any(isinstance(node, Binder) or node in (INFINITY, Constant("i")) for node in walk(whole))
