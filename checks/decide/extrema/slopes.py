"""sup |f(a) − f(b)| / |a − b| over a ≠ b → sup |f'|, by the mean value theorem.

f is a declared function, which has a derivative everywhere, or one of the table that is continuous and has one off
finitely many points (Lipschitz constants; Rudin, Principles of Mathematical Analysis, 5.10).
"""

from __future__ import annotations

from checks.decide.arrays.facts import CONTINUOUS
from checks.decide.claim import Setting
from derive.functions import FUNCTIONS
from derive.tree import (
    EXTREMA,
    Absolute,
    Binder,
    Call,
    Chain,
    Name,
    Negative,
    Node,
    Quotient,
    SuchThat,
    Sum,
)


def slope_form(tree: Binder, setting: Setting) -> Binder | None:
    """The supremum of the slope that is the same; None for any other extremum."""
    inner = tree.body
    if tree.kind != EXTREMA[0] or not isinstance(inner, Binder) or inner.kind != tree.kind:
        return None
    a, b, body = Name(tree.index), Name(inner.index), inner.body
    apart = (Chain((a, b), (r"\ne",)), Chain((b, a), (r"\ne",)))
    if any(setting.symbol(name.key).kind != "real" or setting.symbol(name.key).limited for name in (a, b)):
        return None
    if not isinstance(body, SuchThat) or body.condition not in apart or not isinstance(body.body, Quotient):
        return None
    top, bottom = _difference(body.body.numerator), _difference(body.body.denominator)
    if top is None or bottom is None or set(bottom) != {a, b}:
        return None
    calls = {call.arguments: call for call in top if isinstance(call, Call) and not call.order}
    if set(calls) != {(a,), (b,)} or len({call.function for call in calls.values()}) != 1:
        return None
    function = calls[(a,)].function
    if function in FUNCTIONS and function not in CONTINUOUS:
        return None
    return Binder(tree.kind, a.key, (), Absolute(Call(function, (a,), 1)))


def _difference(tree: Node) -> tuple[Node, Node] | None:
    """u and v of |u − v|."""
    match tree:
        case (
            Absolute(operand=Sum(terms=(u, Negative(operand=v))))
            | Absolute(operand=Sum(terms=(Negative(operand=v), u)))
        ):
            return u, v
    return None
