"""Function calls in simpler terms: definitions, odd functions, exact values, Γ and ψ shifted by whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

from derive import splitting
from derive.errors import TooLarge
from derive.normal.angles import SINES
from derive.normal.form import MAX_BITS, Key, Mode, constant_of, fraction_tree, normal_form
from derive.rules import definition_of
from derive.splitting import ANY, NEGATIVE, POSITIVE
from derive.tree import ONE, Call, Constant, Negative, Node, Product, Quotient, Root, Sum, number, times, total

MAX_SHIFT = 200  # whole part of the argument of Γ, terms of a sum that is written out
# what a call may be, and whether it stays between −1 and 1
RANGES: dict[tuple[str, int], tuple[int, bool]] = {
    ("erf", 0): (ANY, True), ("sign", 0): (ANY, True), ("parity", 0): (NEGATIVE | POSITIVE, True),
}  # fmt: skip
# powers of a call that are something simpler: s³ = s, ((−1)^n)² = 1
RELATIONS: dict[str, Callable[[Call], tuple[int, Node | None]]] = {
    "sign": lambda call: (3, call),
    "parity": lambda _: (2, ONE),
}
# their definitions do not give the principal value at every complex number
REAL_ONLY = frozenset(["loggamma", "arcosh", "arsech", "arcsch", "artanh", "arcoth"])
ODD = frozenset(["arcsin", "arctan", "erf", "erfi", "erfinv", "sign", "Shi", "Si"])


@lru_cache(maxsize=4096)
def meaning_of(tree: Call, mode: Mode) -> Node | None:
    """What a call stands for in simpler terms, by its definition or a law that always holds; None if it is a kernel."""
    if tree.function == "log" and not tree.order:
        return None
    if not tree.order and len(tree.arguments) == 1:
        if tree.function in {"gamma", "digamma"}:
            return _shifted(tree, mode)
        if tree.function in ODD:
            return _odd(tree, mode) or definition_of(tree)
        if tree.function == "floor" and mode == "real":
            return _floor(tree)
    if mode == "complex" and tree.function in REAL_ONLY:
        return None
    return definition_of(tree)


def _odd(tree: Call, mode: Mode) -> Node | None:
    """f(−u) = −f(u), f(0) = 0, sign where it is certain, and the angles of a few sines and tangents."""
    argument = tree.arguments[0]
    form = normal_form(argument, mode=mode)
    if form.numerator.is_zero():
        return number(0)
    if tree.function == "sign" and mode == "real":
        sign = splitting.form_sign(form)
        if sign in {POSITIVE, NEGATIVE}:
            return number(1 if sign == POSITIVE else -1)
    if form.numerator.leading_coefficient() < 0:
        return Negative(Call(tree.function, (Negative(argument),)))
    values = _INVERSE_VALUES.get(tree.function)
    angle = values().get(form.key) if values else None
    return None if angle is None else times([number(angle), Constant("pi")])


@lru_cache(maxsize=1)
def _sines() -> dict[Key, Fraction]:
    return {normal_form(SINES[k]).key: Fraction(k, 12) for k in range(1, 7)}


@lru_cache(maxsize=1)
def _tangents() -> dict[Key, Fraction]:
    return {normal_form(Quotient(SINES[k], SINES[6 - k])).key: Fraction(k, 12) for k in range(1, 6)}


_INVERSE_VALUES: dict[str, Callable[[], dict[Key, Fraction]]] = {"arcsin": _sines, "arctan": _tangents}


def whole_part(tree: Node, mode: Mode) -> tuple[int, Node] | None:
    """u as k + v with v without a whole part: its constant lies in [0, 1), or in (0, 1] if there is nothing else."""
    form = normal_form(tree, mode=mode)
    if not form.denominator.is_constant():
        return None
    scale = constant_of(form.denominator)
    zero = (0,) * len(form.numerator.degrees())
    constant = Fraction(0)
    for powers, c in form.numerator.terms():
        if tuple(int(e) for e in powers) == zero:
            constant = Fraction(int(c.p), int(c.q)) / scale
    whole = constant.numerator // constant.denominator
    if form.numerator.is_constant() and whole == constant:
        whole -= 1
    return None if whole == 0 else (whole, fraction_tree(normal_form(Sum((tree, number(-whole))), mode=mode)))


def _shifted(tree: Call, mode: Mode) -> Node | None:
    """Γ(v + k) = v(v + 1)…(v + k − 1)·Γ(v), ψ(v + k) = ψ(v) + 1/v + … + 1/(v + k − 1)."""
    argument = tree.arguments[0]
    constant = normal_form(argument, mode=mode).constant
    if constant is not None and constant.denominator == 1 and constant <= 0:
        raise TooLarge("Γ and ψ have no value at 0, −1, −2, …")
    if tree.function == "gamma" and constant is not None:
        if constant == 1:
            return ONE
        if constant == Fraction(1, 2):
            return Root(Constant("pi"))
    shift = whole_part(argument, mode)
    if shift is None:
        return None
    whole, rest = shift
    if abs(whole) > (MAX_SHIFT if constant is None else MAX_BITS // 10):
        raise TooLarge(f"an argument of {tree.function} beyond {MAX_SHIFT}")
    steps = range(whole) if whole > 0 else range(whole, 0)
    places = [Sum((rest, number(k))) if k else rest for k in steps]
    if tree.function == "digamma":
        added: list[Node] = [Quotient(ONE, place) for place in places]
        base: Node = Call("digamma", (rest,))
        return total([base, *(added if whole > 0 else [Negative(a) for a in added])])
    base = Call("gamma", (rest,))
    return Product((base, *places)) if whole > 0 else Quotient(base, times(places))


def _floor(tree: Call) -> Node | None:
    """⌊v + k⌋ = ⌊v⌋ + k; exact at numbers."""
    constant = normal_form(tree.arguments[0]).constant
    if constant is not None:
        return number(constant.numerator // constant.denominator)
    shift = whole_part(tree.arguments[0], "real")
    return None if shift is None else Sum((Call("floor", (shift[1],)), number(shift[0])))
