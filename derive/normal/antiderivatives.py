"""Antiderivatives of real formulas that are continuous wherever they are defined, so that F(b) − F(a) is the integral.

A sum goes term by term, factors without the variable stay in front. Nothing with a pole has a row: ∫₋₁¹ 1/t² has no value,
though F(1) − F(−1) has one.
"""

from __future__ import annotations

from derive.normal.form import normal_form
from derive.tree import (
    ONE,
    Call,
    Name,
    Negative,
    Node,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    number,
    substitute,
    times,
    total,
)

T = Name("t")
_SQUARE = Power(T, number(2))
_CIRCLE = Root(Sum((ONE, Negative(_SQUARE))))
# what is integrated, an antiderivative; the first is continuous where it has a value, and has one on an interval
TABLE: tuple[tuple[Node, Node], ...] = (
    (ONE, T),
    (T, Quotient(_SQUARE, number(2))),
    (_SQUARE, Quotient(Power(T, number(3)), number(3))),
    (Root(T), Quotient(Product((number(2), T, Root(T))), number(3))),
    (_CIRCLE, Quotient(Sum((Product((T, _CIRCLE)), Call("arcsin", (T,)))), number(2))),
    (Quotient(ONE, Sum((ONE, _SQUARE))), Call("arctan", (T,))),
    (
        Quotient(T, Sum((ONE, _SQUARE))),
        Quotient(Call("log", (Sum((ONE, _SQUARE)),)), number(2)),
    ),
    (Call("exp", (T,)), Call("exp", (T,))),
    (Call("exp", (Negative(T),)), Negative(Call("exp", (Negative(T),)))),
    (Call("cos", (T,)), Call("sin", (T,))),
    (Call("sin", (T,)), Negative(Call("cos", (T,)))),
)


def antiderivative(body: Node, index: str) -> Node | None:
    """F with F' = body, or None where the table has none. Raises TooLarge."""
    if index not in body.names:
        return Product((body, Name(index)))
    match body:
        case Negative(operand=operand):
            whole = antiderivative(operand, index)
            return None if whole is None else Negative(whole)
        case Sum(terms=terms):
            parts = [antiderivative(term, index) for term in terms]
            return None if None in parts else total([part for part in parts if part is not None])
        case Quotient(numerator=top, denominator=bottom) if index not in bottom.names:
            whole = antiderivative(top, index)
            return None if whole is None else Quotient(whole, bottom)
        case Quotient(numerator=top, denominator=bottom) if index not in top.names and top != ONE:
            whole = antiderivative(Quotient(ONE, bottom), index)
            return None if whole is None else Product((top, whole))
        case Product(factors=factors) if any(index not in factor.names for factor in factors):
            whole = antiderivative(times([f for f in factors if index in f.names]), index)
            return None if whole is None else Product((*(f for f in factors if index not in f.names), whole))
    return _looked_up(body, index)


def _looked_up(body: Node, index: str) -> Node | None:
    key = normal_form(substitute(body, {index: T})).key if body.names == (index,) else None
    return next(
        (substitute(whole, {T.key: Name(index)}) for known, whole in TABLE if normal_form(known).key == key), None
    )
