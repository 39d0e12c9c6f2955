"""Formulas written in a form that loses digits or overflows → the same value by a function made for it.

Only what the tree says literally is recognised: log(1 + eᵘ), 1/(1 + e⁻ᵘ), v·eᵘ/(1 + eᵘ), u/(1 + e⁻ᵘ), log(eᵘ + eᵛ),
1 − sigmoid(u), log(1 + u), eᵘ − 1. Everything else is emitted as it is written.
"""

from __future__ import annotations

from derive.tree import Call, Constant, Negative, Node, Number, Power, Product, Quotient, Sum, times, transform

LOG1P, EXPM1 = "log1p", "expm1"  # no rows of derive.functions: only code has need of them


def stable(tree: Node) -> Node:
    """The tree with the forms of the module replaced, innermost first."""
    return transform(tree, _rule)


def _rule(node: Node) -> Node | None:
    match node:
        case Call(function="log", arguments=(Sum() as inner,), order=0):
            return _logarithm(inner)
        case Quotient():
            return _quotient(node)
        case Sum(terms=(first, Negative(operand=Call(function="sigmoid", arguments=(u,), order=0)))) if _is_one(first):
            return Call("sigmoid", (_negated(u),))
        case Sum(terms=(first, Negative(operand=last))) if _is_one(last) and (v := _exponent(first)) is not None:
            return Call(EXPM1, (v,))
    return None


def _logarithm(inner: Sum) -> Node | None:
    exponents = [_exponent(term) for term in inner.terms]
    if all(u is not None for u in exponents):
        return Call("logaddexp", tuple(u for u in exponents if u is not None))
    rest = _beside_one(inner)
    if rest is None:
        return None
    u = _exponent(rest)
    return Call(LOG1P, (rest,)) if u is None else Call("softplus", (u,))


def _quotient(node: Quotient) -> Node | None:
    """1/(1 + e⁻ᵘ), v·eᵘ/(1 + eᵘ) and u/(1 + e⁻ᵘ)."""
    rest = _beside_one(node.denominator)
    u = None if rest is None else _exponent(rest)
    if u is None:
        return None
    if _is_one(node.numerator):
        return Call("sigmoid", (_negated(u),))
    factors = list(node.numerator.factors) if isinstance(node.numerator, Product) else [node.numerator]
    if rest in factors:  # inf over inf
        factors[factors.index(rest)] = Call("sigmoid", (u,))
        return times(factors)
    return Call("silu", (node.numerator,)) if node.numerator == _negated(u) else None


def _beside_one(node: Node) -> Node | None:
    """v of 1 + v or v + 1."""
    if not isinstance(node, Sum) or len(node.terms) != 2:
        return None
    first, second = node.terms
    return second if _is_one(first) else first if _is_one(second) else None


def _exponent(node: Node) -> Node | None:
    """u of eᵘ."""
    match node:
        case Call(function="exp", arguments=(u,), order=0) | Power(base=Constant(name="e"), exponent=u):
            return u
    return None


def _is_one(node: Node) -> bool:
    return isinstance(node, Number) and node.value == 1


def _negated(u: Node) -> Node:
    return u.operand if isinstance(u, Negative) else Negative(u)
