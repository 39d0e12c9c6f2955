r"""The laws of what is no operation: case distinctions, ±, Σ, Π and ∫ differentiated as a whole.

    cases        branch by branch, the conditions unchanged; a branch that holds only where something is equal (x = 0)
                 says nothing about slopes and is left out
    1[p]         0
    ±u           ±u'
    Σ u          Σ u'                             bounds that do not depend on the variable
    Π u          Π u · Σ u'/u                     the same, where no factor vanishes; written out where the bounds are numbers
    ∫ₐᵇ u dt     u(b) b' − u(a) a' + ∫ₐᵇ u' dt     Leibniz' rule

All but ∫ hold off the points at which a condition switches (derive.kinks says where). Leibniz' rule needs more than
being right almost everywhere: under ∫ a jump or a pole that moves with the variable adds to the derivative
(d/dx ∫₀¹ 1[t < x] dt = 1, though the integrand's derivative is 0), so a body that might have one raises NoRule, and so
do bounds that depend on the variable of a sum, and infinitely many terms.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derive.errors import NoRule, TooLarge
from derive.functions import FUNCTIONS
from derive.tree import (
    ZERO,
    Binder,
    Call,
    Cases,
    Chain,
    Constant,
    Indicator,
    Logical,
    Negative,
    Node,
    Number,
    OffKinks,
    Otherwise,
    PlusMinus,
    Power,
    Product,
    Quotient,
    Root,
    number,
    substitute,
    times,
    total,
    walk,
)

CONSTRUCTS = (Cases, Indicator, PlusMinus, Binder, OffKinks)
MAX_FACTORS = 16  # of a product that is written out
JUMPS = frozenset({"sign", "floor", "ceiling", "mod", "rem"})
Within = Callable[[Node], Node]  # the derivative of an operand, taken or still to be taken


def construct_derivative(node: Node, key: str, within: Within) -> tuple[str, Node]:
    """The name of the law and the derivative of a construct by a name. Raises NoRule."""
    match node:
        case Cases():
            return "branch by branch", _cases(node, key, within)
        case Indicator():
            return "constant off the jump", ZERO
        case PlusMinus(operand=operand, upper=upper):
            return "sum rule", PlusMinus(within(operand), upper)
        case OffKinks(body=body, kinks=kinks):
            return "off the kinks", OffKinks(within(body) if key in body.names else ZERO, kinks)
        case Binder(kind="sum" | "product"):
            return _series(node, key, within)
        case Binder(kind="integral"):
            return "Leibniz' rule", _integral(node, key, within)
        case Binder():
            raise NoRule(f"no rule for the derivative of a {node.kind.rstrip('+-')}")
    raise NoRule(f"no rule for {type(node).__name__.lower()}")


# --- case distinctions -----------------------------------------------------------------------------------------------


def _cases(node: Cases, key: str, within: Within) -> Node:
    values: list[Node] = []
    conditions: list[Node] = []
    outside: list[Node] = []  # what the branches left out make sure of for those after them
    for value, condition in zip(node.values, node.conditions, strict=True):
        if is_thin(condition, key):
            outside.append(_negated(condition))
            continue
        values.append(within(value) if key in value.names else ZERO)
        conditions.append(_both(condition, [p for p in outside if p != condition]))
    if not values:
        raise NoRule("no rule for a case distinction whose conditions are all equations")
    everywhere = isinstance(node.conditions[-1], Otherwise) and not outside
    if everywhere and all(value == ZERO for value in values):
        return ZERO
    return Cases(tuple(values), tuple(conditions))


def is_thin(condition: Node, key: str) -> bool:
    """Whether a condition holds only where two formulas of a name are equal: at no point with a neighbourhood."""
    match condition:
        case Chain(sides=sides, relations=relations):
            links = zip(sides, relations, sides[1:], strict=False)
            return any(r == "=" and key in (*a.names, *b.names) for a, r, b in links)
        case Logical(connective="and", statements=statements):
            return any(is_thin(part, key) for part in statements)
        case Logical(statements=statements):
            return all(is_thin(part, key) for part in statements)
    return False


def _negated(condition: Node) -> Node:
    match condition:
        case Chain(sides=sides, relations=("=",)):
            return Chain(sides, (r"\ne",))
    raise NoRule("no rule for a case distinction with a condition that holds at single points")


def _both(condition: Node, others: list[Node]) -> Node:
    if not others:
        return condition
    parts = [*others] if isinstance(condition, Otherwise) else [condition, *others]
    return parts[0] if len(parts) == 1 else Logical("and", tuple(parts))


# --- Σ and Π ---------------------------------------------------------------------------------------------------------


def _series(node: Binder, key: str, within: Within) -> tuple[str, Node]:
    sign = "sum" if node.kind == "sum" else "product"
    if any(key in bound.names for bound in node.bounds):
        raise NoRule(f"no rule for a {sign} whose bounds depend on {key}")
    if any(isinstance(part, Constant) and part.name == "infinity" for bound in node.bounds for part in walk(bound)):
        raise NoRule(f"no rule for a {sign} of infinitely many terms: it may not be differentiated term by term")
    if node.kind == "sum":
        return "sum rule", Binder("sum", node.index, node.bounds, within(node.body))
    factors = _factors(node)
    if factors is not None:
        return "product rule", within(factors)
    share = Binder("sum", node.index, node.bounds, Quotient(within(node.body), node.body))
    return "logarithmic derivative", Product((node, share))


def _factors(node: Binder) -> Node | None:
    """A product over few numbers, written out."""
    low, high = (_whole(bound) for bound in node.bounds)
    if low is None or high is None or not 0 <= high - low < MAX_FACTORS:
        return None
    return times([substitute(node.body, {node.index: number(k)}) for k in range(low, high + 1)])


def _whole(bound: Node) -> int | None:
    negative = isinstance(bound, Negative)
    inner = bound.operand if isinstance(bound, Negative) else bound
    if not isinstance(inner, Number) or inner.value.denominator != 1:
        return None
    return -int(inner.value) if negative else int(inner.value)


# --- ∫ ---------------------------------------------------------------------------------------------------------------


def _integral(node: Binder, key: str, within: Within) -> Node:
    if any(isinstance(part, Constant) and part.name == "infinity" for bound in node.bounds for part in walk(bound)):
        raise NoRule("no rule for an improper integral: differentiating under ∫ needs a bound on the integrand")
    low, high = node.bounds
    terms: list[Node] = []
    if key in high.names:
        terms.append(times([substitute(node.body, {node.index: high}), within(high)]))
    if key in low.names:
        terms.append(Negative(times([substitute(node.body, {node.index: low}), within(low)])))
    if key in node.body.names:
        for part in walk(node.body):
            _refuse_moving(part, key, node.index)
        terms.append(Binder("integral", node.index, node.bounds, within(node.body)))
    return total(terms)


def _refuse_moving(part: Node, key: str, index: str) -> None:
    """Raises NoRule for what may have a jump or a pole whose place moves with the variable, or that meets the index."""
    critical: tuple[Node, ...] = ()
    match part:
        case Cases() | Indicator() | Binder():
            critical = (part,)
        case Quotient(denominator=bottom) if _may_vanish(bottom):
            critical = (bottom,)
        case Power(base=base, exponent=exponent) if not _natural(exponent) and _may_vanish(base):
            critical = (base,) if {key, index} <= set(base.names) or _whole(exponent) is not None else ()
        case Root(radicand=u) if _may_vanish(u):
            critical = (u,)
        case Call(function="log", arguments=(u,)) if _may_vanish(u):
            critical = (u,)
        case Call() if not _continuous(part):
            critical = (part,)
    if any(index in u.names for u in critical):
        raise NoRule(
            f"no rule for an integral whose integrand may jump or be infinite at a place that depends on {key}"
        )


def _continuous(call: Call) -> bool:
    """Whether a function has no jump and a bounded slope: a kink such as that of |u| does no harm under ∫."""
    row = FUNCTIONS.get(call.function)
    return row is None or not (row.domain or call.order or call.function in JUMPS)


def _natural(exponent: Node) -> bool:
    value = _whole(exponent)
    return value is not None and value >= 0


def _may_vanish(u: Node) -> bool:
    """Whether a formula is not certain to be positive, or negative, everywhere."""
    from derive.normal import normal_form
    from derive.splitting import NEGATIVE, POSITIVE, form_sign

    if isinstance(u, Constant) or (isinstance(u, Number) and u.value != Fraction(0)):
        return False
    try:
        return form_sign(normal_form(u)) not in {NEGATIVE, POSITIVE}
    except (TooLarge, ZeroDivisionError):
        return True
