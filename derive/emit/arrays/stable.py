"""Array formulas that lose digits or overflow as written → the same by a function made for it; see `derive.emit.stable`.

Beside the forms of numbers, in which 𝟏 stands for 1: log(𝟏ᵀeᶻ), eᶻ/(𝟏ᵀeᶻ), 𝟏 ⊘ (𝟏 + e⁻ᵘ) and v ⊘ (𝟏 + e⁻ᵘ), max(0, u).
"""

from __future__ import annotations

from derive.emit.stable import exponent_of, form_of, is_one
from derive.matrix.hadamard import hadamard
from derive.matrix.nodes import EntrywiseQuotient
from derive.matrix.shapes import shape_of
from derive.tree import Call, Negative, Node, Number, Product, Quotient, Sum, Transpose, transform


def stable_arrays(tree: Node) -> Node:
    """The tree with the forms of the module replaced, innermost first, by functions that have a derivative."""
    return transform(tree, _rule)


def _rule(node: Node) -> Node | None:
    match node:
        case Call(function="log", arguments=(Product() as inside,), order=0) if (z := normalised(inside)) is not None:
            return Call("logsumexp", (z,))
        case Quotient(numerator=top, denominator=Product() as bottom):
            z = normalised(bottom)
            if z is not None and exponent_of(top) == z:
                return Call("softmax", (z,))
        case Call(function="max", arguments=(Number(value=0), u) | (u, Number(value=0)), order=0):
            return Call("relu", (u,))
        case EntrywiseQuotient(numerator=top, denominator=bottom):
            return _logistic(top, bottom)
    return form_of(node)


def normalised(node: Node) -> Node | None:
    """The column z of 𝟏ᵀ exp(z)."""
    match node:
        case Product(factors=(Transpose(operand=one), last)) if is_one(one):
            z = exponent_of(last)
            return z if z is not None and shape_of(z)[1] == 1 != shape_of(z)[0] else None
    return None


def _logistic(top: Node, bottom: Node) -> Node | None:
    if not isinstance(bottom, Sum) or len(bottom.terms) != 2:
        return None
    first, last = bottom.terms if is_one(bottom.terms[0]) else bottom.terms[::-1]
    u = exponent_of(last)
    if u is None or not is_one(first):
        return None
    sigmoid = Call("sigmoid", (u.operand if isinstance(u, Negative) else Negative(u),))
    return sigmoid if is_one(top) else hadamard(top, sigmoid)
