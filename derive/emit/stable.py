"""Formulas written in a form that loses digits or overflows → the same value by a function made for it.

Only what the tree says literally is recognised: log(1 + eᵘ), v/(1 + e⁻ᵘ), v·eᵘ/(1 + eᵘ), u/(1 + e⁻ᵘ), log(eᵘ + eᵛ),
v·eᵘ/(eᵘ + eᵛ), 1 − sigmoid(u), sigmoid(u) − 1, log(sigmoid(u)), log(eᵘ), log(1 + u), eᵘ − 1. Everything else is emitted
as it is written.

A derivative is as stable as the function if it is that of the stable form: of log(sigmoid(u)) it is sigmoid(−u), where
the closed form σ'(u)/σ(u) divides zero by zero. `stable_derivative` takes it so, term by term.
"""

from __future__ import annotations

from derive.errors import NoRule, TooLarge
from derive.pullback import derivative
from derive.tidy import tidied
from derive.tree import (
    Call,
    Constant,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Transpose,
    number,
    times,
    transform,
    walk,
)

LOG1P, EXPM1 = "log1p", "expm1"  # no rows of derive.functions: only code has need of them
SATURATING = frozenset({"sigmoid", "log_sigmoid", "softplus", "logaddexp"})  # whose derivatives are stable as well


def stable(tree: Node) -> Node:
    """The tree with the forms of the module replaced, innermost first."""
    return transform(tree, _rule)


def differentiable(tree: Node) -> Node:
    """The stable form by functions that have a derivative."""
    return transform(tree, form_of)


def form_of(node: Node) -> Node | None:
    """The stable form of one node by functions that have a derivative; None where it has none."""
    return _rule(node, code=False)


def stable_derivative(tree: Node, wrt: tuple[str, ...]) -> Node | None:
    """The derivative of the stable form, if that has functions that saturate; None where there is nothing to gain."""
    form = differentiable(tree)
    if not any(isinstance(node, Call) and node.function in SATURATING for node in walk(form)):
        return None
    try:
        for key in wrt:
            form = differentiable(tidied(derivative(form, key)))
    except (NoRule, TooLarge, ZeroDivisionError):
        return None
    return form


def _rule(node: Node, code: bool = True) -> Node | None:
    """`code` allows functions that only code has."""
    match node:
        case Call(function="log", arguments=(inner,), order=0):
            found = _logarithm(inner)
            return None if not code and isinstance(found, Call) and found.function == LOG1P else found
        case Quotient():
            return _quotient(node)
        case Sum(terms=(first, Negative(operand=Call(function="sigmoid", arguments=(u,), order=0)))) if is_one(first):
            return Call("sigmoid", (_negated(u),))
        case Sum(terms=(first, Negative(operand=last))) if (
            code and is_one(last) and (v := exponent_of(first)) is not None
        ):
            return Call(EXPM1, (v,))
        case Sum(terms=(Call(function="sigmoid", arguments=(u,), order=0), Negative(operand=last))) if is_one(last):
            return Negative(Call("sigmoid", (_negated(u),)))
    return None


def _logarithm(inner: Node) -> Node | None:
    exponent = exponent_of(inner)
    if exponent is not None:
        return exponent
    if isinstance(inner, Call) and inner.function == "sigmoid" and not inner.order:
        return Call("log_sigmoid", inner.arguments)
    if not isinstance(inner, Sum):
        return None
    exponents = _exponents(inner)
    if exponents is not None and not any(map(is_one, inner.terms)):
        return Call("logaddexp", exponents)
    rest = _beside_one(inner)
    if rest is not None:
        u = exponent_of(rest)
        return Call(LOG1P, (rest,)) if u is None else Call("softplus", (u,))
    return None if exponents is None else Call("logaddexp", exponents)


def _exponents(inner: Node) -> tuple[Node, ...] | None:
    """u, v, … of eᵘ + eᵛ + …; 0 of 1."""
    if not isinstance(inner, Sum):
        return None
    exponents = [number(0) if is_one(term) else exponent_of(term) for term in inner.terms]
    return None if None in exponents else tuple(u for u in exponents if u is not None)


def _quotient(node: Quotient) -> Node | None:
    """v/(1 + e⁻ᵘ), v·eᵘ/(1 + eᵘ), u/(1 + e⁻ᵘ) and v·eᵘ/(eᵘ + eᵛ + …)."""
    rest = _beside_one(node.denominator)
    u = None if rest is None else exponent_of(rest)
    if u is None:
        return _share(node)
    if node.numerator == _negated(u):
        return Call("silu", (node.numerator,))
    factors = _factors(node.numerator)
    if rest in factors:  # inf over inf
        factors[factors.index(rest)] = Call("sigmoid", (u,))
        return times(factors)
    return times([*(v for v in factors if not is_one(v)), Call("sigmoid", (_negated(u),))])


def _share(node: Quotient) -> Node | None:
    """One entry of a softmax: sigmoid(u − v) among two, e^(u − log(eᵘ + eᵛ + …)) among more."""
    exponents = _exponents(node.denominator)
    if exponents is None:
        return None
    factors = _factors(node.numerator)
    for place, factor in enumerate(factors):
        u = number(0) if is_one(factor) else exponent_of(factor)
        if u is None or u not in exponents:
            continue
        others = [v for v in exponents if v != u]
        if len(exponents) == 2 and len(others) == 1:
            factors[place] = Call("sigmoid", (_less(u, others[0]),))
        else:
            factors[place] = Call("exp", (_less(u, Call("logaddexp", exponents)),))
        return times(factors)
    return None


def _factors(node: Node) -> list[Node]:
    return list(node.factors) if isinstance(node, Product) else [node]


def _less(u: Node, v: Node) -> Node:
    if v == number(0):
        return u
    return _negated(v) if u == number(0) else Sum((u, Negative(v)))


def _beside_one(node: Node) -> Node | None:
    """v of 1 + v or v + 1."""
    if not isinstance(node, Sum) or len(node.terms) != 2:
        return None
    first, second = node.terms
    return second if is_one(first) else first if is_one(second) else None


def exponent_of(node: Node) -> Node | None:
    """u of eᵘ."""
    match node:
        case Call(function="exp", arguments=(u,), order=0) | Power(base=Constant(name="e"), exponent=u):
            return u
    return None


def is_one(node: Node) -> bool:
    """Whether a node is 1, or an array of ones."""
    if isinstance(node, Transpose):
        node = node.operand
    return (isinstance(node, Number) and node.value == 1) or getattr(node, "role", "") == "ones"


def _negated(u: Node) -> Node:
    return u.operand if isinstance(u, Negative) else Negative(u)
