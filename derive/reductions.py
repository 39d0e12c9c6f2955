"""A call of a special function → the same value through a canonical one: shifted orders and arguments, inverses undone.

J_{ν−1} and J_{ν+1}, E_0 and E_1, ψ_1(x+1) and ψ_1(x) are not independent; the normal form needs one of each family
(it shifts Γ and ψ itself).

    ψ_m(x+1) = ψ_m(x) + (−1)^m m!/x^{m+1}    J_{ν+1} = (2ν/x) J_ν − J_{ν−1}    E_{ν+1} = (e^{−x} − x E_ν)/ν

Sources: DLMF 5.15.5, 8.8.2, 8.19.12, 10.6.1, 10.29.1, 25.11.3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial, floor

from derive.errors import TooLarge
from derive.tree import (
    ONE,
    TWO,
    Call,
    Negative,
    Node,
    Power,
    Product,
    Quotient,
    Sum,
    number,
    times,
    total,
)

MAX_SHIFT = 24  # of an argument; one factor or term for each step
MAX_ORDER_SHIFT = 8  # of an order: each step calls two others


def reduction_of(call: Call) -> Node | None:
    """What a call reduces to, or None if it is canonical already."""
    rule = RULES.get(call.function)
    try:
        return rule(*call.arguments) if rule else None
    except (TooLarge, ZeroDivisionError):
        return None


def shift(argument: Node, *, upper: bool = False) -> tuple[Node, int]:
    """The argument as rest + k, the constant term of the rest in [0, 1), with `upper` in (0, 1].

    A rational argument is always taken to (0, 1], where no function of these families has a pole.
    """
    from derive.normal import normal_form

    form = normal_form(argument)
    if not form.denominator.is_constant():
        return argument, 0
    zero = (0,) * len(form.numerator.degrees())
    coefficient = form.numerator[zero] / form.denominator.leading_coefficient()
    constant = Fraction(int(coefficient.p), int(coefficient.q))
    k = floor(constant)
    if (upper or form.constant is not None) and k == constant:
        k -= 1
    return (Sum((argument, number(-k))) if k else argument), k


def constant_of(argument: Node) -> Fraction | None:
    """The value of a rational argument."""
    from derive.normal import normal_form

    return normal_form(argument).constant


def _polygamma(order: Node, u: Node) -> Node | None:
    m = constant_of(order)
    if m == 0:
        return Call("digamma", (u,))
    if m is None or m.denominator != 1 or not 0 < m <= MAX_SHIFT:
        return None
    rest, k = shift(u)
    if not 0 < abs(k) <= MAX_SHIFT:
        return None
    places = range(k) if k > 0 else range(k, 0)
    size = number(Fraction((-1) ** int(m) * factorial(int(m)) * (1 if k > 0 else -1)))
    steps: list[Node] = [Quotient(size, Power(Sum((rest, number(i))), number(m + 1))) for i in places]
    return total([Call("polygamma", (order, rest)), *steps])


def _bessel(name: str, side: int, middle: int, mirrored: int) -> Callable[[Node, Node], Node | None]:
    """B_ν = side·B_{ν∓2} ± middle·(2(ν∓1)/x) B_{ν∓1}; B_{−n} = mirrored^n B_n for whole n."""

    def rule(order: Node, u: Node) -> Node | None:
        def of(step: int) -> Node:
            return Call(name, (Sum((order, number(step))), u))

        n = constant_of(order)
        if n is not None and n.denominator == 1 and n < 0:
            mirror = Call(name, (number(-n), u))
            return Negative(mirror) if mirrored ** int(n) < 0 else mirror
        _, k = shift(order)
        k += n is not None and n.denominator == 1  # whole orders go to 0 and 1
        if k in {0, 1} or abs(k) > MAX_ORDER_SHIFT:
            return None
        towards = -1 if k > 0 else 1
        factor = Quotient(times([TWO, Sum((order, number(towards)))]), u)
        sign = middle if side < 0 else -middle * towards
        return Sum((times([number(side), of(2 * towards)]), times([number(sign), factor, of(towards)])))

    return rule


def _expint(order: Node, u: Node) -> Node | None:
    _, k = shift(order, upper=True)
    if not 0 < abs(k) <= MAX_ORDER_SHIFT:
        return None
    decay = Call("exp", (Negative(u),))
    if k > 0:
        before = Sum((order, number(-1)))
        return Quotient(Sum((decay, Negative(Product((u, Call("expint", (before, u))))))), before)
    after = Call("expint", (Sum((order, ONE)), u))
    return Quotient(Sum((decay, Negative(Product((order, after))))), u)


def _upper_gamma(s: Node, u: Node) -> Node | None:
    decay = Call("exp", (Negative(u),))
    if constant_of(s) == 1:
        return decay
    _, k = shift(s)
    if not 0 < k <= MAX_SHIFT:
        return None
    before = Sum((s, number(-1)))
    return Sum((Product((before, Call("upper_gamma", (before, u)))), Product((Power(u, before), decay))))


def _hurwitz(s: Node, u: Node) -> Node | None:
    if constant_of(u) == 1:
        return Call("zeta", (s,))
    rest, k = shift(u)
    if not 0 < k <= MAX_SHIFT:
        return None
    powers = [Negative(Power(Sum((rest, number(i))), Negative(s))) for i in range(k)]
    return total([Call("hurwitz_zeta", (s, rest)), *powers])


def _inside(inner: str) -> Callable[[Node], Node | None]:
    """f(f⁻¹(u)) = u."""
    return lambda u: u.arguments[0] if isinstance(u, Call) and u.function == inner and not u.order else None


RULES: dict[str, Callable[..., Node | None]] = {
    "polygamma": _polygamma,
    "bessel_j": _bessel("bessel_j", -1, 1, -1),
    "bessel_y": _bessel("bessel_y", -1, 1, -1),
    "bessel_i": _bessel("bessel_i", 1, -1, 1),
    "bessel_k": _bessel("bessel_k", 1, 1, 1),
    "expint": _expint,
    "upper_gamma": _upper_gamma,
    "hurwitz_zeta": _hurwitz,
    "erf": _inside("erfinv"),
    "erfinv": _inside("erf"),
}
