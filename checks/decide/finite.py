r"""`f < \infty`: a real formula without limits and infinite sums is finite wherever it has a value."""

from __future__ import annotations

from checks.decide.claim import Setting
from checks.verdict import Verdict
from derive.matrix.nodes import has_arrays
from derive.recurrence.terms import terms
from derive.tree import Binder, Constant, Negative, Node, walk

INFINITY = Constant("infinity")
_ABOVE = {"<": 1, r"\le": 1, ">": 0, r"\ge": 0}  # which side the larger one is
_EVIDENCE = "without limits and infinite sums every value is finite; this says nothing of where there is none"


def finite(left: Node, relation: str, right: Node, setting: Setting) -> Verdict | None:
    """The verdict of a relation with ∞ above, or −∞ below; None for every other."""
    if relation not in _ABOVE:
        return None
    smaller, larger = (left, right) if _ABOVE[relation] else (right, left)
    side = smaller if larger == INFINITY else larger if smaller == Negative(INFINITY) else None
    if side is None or not _has_real_values(side, setting):
        return None
    return Verdict("proven", "finite", _EVIDENCE)


def _has_real_values(side: Node, setting: Setting) -> bool:
    """Whether nothing in a formula can be infinite, or other than a real number, where it has a value."""
    whole = setting.program.expanded(side)
    if has_arrays(whole) or any(True for _ in terms(whole)):
        return False
    if any(symbol is not None and symbol.kind == "complex" for symbol in map(setting.symbols.get, whole.names)):
        return False
    return not any(isinstance(node, Binder) or node in (INFINITY, Constant("i")) for node in walk(whole))
