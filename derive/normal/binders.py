"""Sums, products, integrals and limits: written out, done for polynomials in the index, or identified."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import Any

from derive.errors import TooLarge
from derive.normal.antiderivatives import antiderivative
from derive.normal.calls import MAX_SHIFT, whole_part
from derive.normal.form import Kernel, Key, Mode, fraction_tree, monomial_tree, normal_form, polynomial_tree
from derive.tree import (
    ONE,
    Binder,
    Constant,
    Name,
    Negative,
    Node,
    Power,
    Product,
    Quotient,
    Sum,
    number,
    substitute,
    times,
    total,
    walk,
)


@lru_cache(maxsize=1024)
def written_out(tree: Binder, mode: Mode) -> Node | None:
    """A sum or product with bounds that are numbers in full, with others without the whole part of its length.

    Sums and integrals of polynomials in the index are done; None for what stays as it is. Raises TooLarge.
    """
    if tree.kind not in {"sum", "product", "integral"} or len(tree.bounds) != 2:
        return _limit(tree, mode) if tree.kind.startswith("limit") else None
    if any(map(_infinite, tree.bounds)):
        return None
    low, high = tree.bounds
    if tree.kind == "integral":
        return _integrated(tree, mode)
    length = normal_form(Sum((high, Negative(low))), mode=mode)
    count, first = length.constant, normal_form(low, mode=mode).constant
    if (count is not None and count.denominator != 1) or (first is not None and first.denominator != 1):
        raise TooLarge("a bound that is no whole number")
    if count is not None:
        if count < -1:
            raise TooLarge("an upper bound below the lower one")
        if count >= MAX_SHIFT:
            raise TooLarge(f"a sum of more than {MAX_SHIFT} terms")
        terms = [
            substitute(tree.body, {tree.index: Sum((low, number(k))) if k else low}) for k in range(int(count) + 1)
        ]
        return total(terms) if tree.kind == "sum" else times(terms)
    at = fraction_tree(length)
    body = substitute(tree.body, {tree.index: Sum((Name(tree.index), low))}) if first != 0 else tree.body
    if tree.kind == "sum":
        coefficients = _in_powers(body, tree.index, mode)
        if coefficients is not None:
            return total([Product((c, _power_sum(k, at))) for k, c in coefficients.items()])
    shift = whole_part(at, mode)
    if shift is None:
        return None if first == 0 else Binder(tree.kind, tree.index, (number(0), at), body)
    whole, rest = shift
    if abs(whole) > MAX_SHIFT:
        raise TooLarge(f"a bound beyond {MAX_SHIFT}")
    steps = range(1, whole + 1) if whole > 0 else range(whole + 1, 1)
    extra = [substitute(body, {tree.index: Sum((rest, number(k))) if k else rest}) for k in steps]
    base = Binder(tree.kind, tree.index, (number(0), rest), body)
    if tree.kind == "product":
        return Product((base, *extra)) if whole > 0 else Quotient(base, times(extra))
    return total([base, *(extra if whole > 0 else [Negative(e) for e in extra])])


def binder_key(tree: Binder, mode: Mode) -> Key:
    """The identity of a sum, product, integral or limit, whatever its index is called."""
    mode = "real" if mode == "opaque" else mode
    names = (f"\0{k}" for k in range(10_000))
    index = next(name for name in names if name not in tree.body.names)
    body = normal_form(substitute(tree.body, {tree.index: Name(index)}), mode=mode)
    bounds = [repr(bound) if _infinite(bound) else normal_form(bound, mode=mode).key for bound in tree.bounds]
    return ("binder", tree.kind, *bounds, body.key)


def _infinite(bound: Node) -> bool:
    return any(isinstance(node, Constant) and node.name == "infinity" for node in walk(bound))


def _in_powers(body: Node, index: str, mode: Mode) -> dict[int, Node] | None:
    """The coefficients of a polynomial in a name, or None if the body is no polynomial in it."""
    form = normal_form(body, mode=mode)
    place = next((i for i, k in enumerate(form.kernels) if k.key == ("name", index)), None)
    if any(index in k.tree.names for i, k in enumerate(form.kernels) if i != place):
        return None
    if place is None:
        return {0: fraction_tree(form)}
    if form.denominator.degrees()[place] or form.numerator.degrees()[place] > 12:
        return None
    bottom = polynomial_tree(form.denominator, form.kernels)
    parts: dict[int, list[Node]] = {}
    for powers, c in form.numerator.terms():
        rest = tuple(0 if i == place else int(e) for i, e in enumerate(powers))
        coefficient = number(Fraction(int(c.p), int(c.q)))
        parts.setdefault(int(powers[place]), []).append(times([coefficient, monomial_tree(rest, form.kernels)]))
    return {k: Quotient(total(terms), bottom) for k, terms in parts.items()}


def _power_sum(power: int, last: Node) -> Node:
    """0^p + 1^p + … + n^p as a polynomial in n (0^0 = 1)."""
    coefficients = _faulhaber(power)
    return total([times([number(c), Power(last, number(k)) if k else ONE]) for k, c in enumerate(coefficients) if c])


@lru_cache(maxsize=32)
def _faulhaber(power: int) -> tuple[Fraction, ...]:
    """Coefficients of S_p(n) = Σ_{k=0}^{n} k^p, from (n+1)^{p+1} = Σ_j C(p+1, j) S_j(n)."""
    if power == 0:
        return (Fraction(1), Fraction(1))
    result = [Fraction(comb(power + 1, k)) for k in range(power + 2)]
    for lower in range(power):
        for k, c in enumerate(_faulhaber(lower)):
            result[k] -= comb(power + 1, lower) * c
    return tuple(c / (power + 1) for c in result)


def _integrated(tree: Binder, mode: Mode) -> Node | None:
    """∫ of a polynomial in the variable, or of what has a row in the table of antiderivatives."""
    coefficients = _in_powers(tree.body, tree.index, mode)
    low, high = tree.bounds
    if coefficients is None:
        whole = antiderivative(tree.body, tree.index) if mode == "real" else None
        if whole is None:
            return None
        return Sum((substitute(whole, {tree.index: high}), Negative(substitute(whole, {tree.index: low}))))
    return total([
        Quotient(Product((c, Sum((Power(high, number(k + 1)), Negative(Power(low, number(k + 1))))))), number(k + 1))
        for k, c in coefficients.items()
    ])  # fmt: skip


def _limit(tree: Binder, mode: Mode) -> Node | None:
    """The limit of a fraction of polynomials in the variable, in lowest terms, at a point or at ±infinity."""
    point = tree.bounds[0]
    away = point.operand if isinstance(point, Negative) else point
    form = normal_form(tree.body, mode=mode)
    place = next((i for i, k in enumerate(form.kernels) if k.key == ("name", tree.index)), None)
    if any(tree.index in k.tree.names for i, k in enumerate(form.kernels) if i != place):
        return None
    if place is None:
        return fraction_tree(form)
    if isinstance(away, Constant) and away.name == "infinity":
        degrees = [int(part.degrees()[place]) for part in (form.numerator, form.denominator)]
        if degrees[0] > degrees[1]:
            return None
        if degrees[0] < degrees[1]:
            return number(0)
        leading = [_leading(part, place, form.kernels) for part in (form.numerator, form.denominator)]
        return Quotient(*leading)
    bottom = substitute(polynomial_tree(form.denominator, form.kernels), {tree.index: point})
    if normal_form(bottom, mode=mode).numerator.is_zero():
        return None
    return Quotient(substitute(polynomial_tree(form.numerator, form.kernels), {tree.index: point}), bottom)


def _leading(polynomial: Any, place: int, kernels: tuple[Kernel, ...]) -> Node:
    """The coefficient of the highest power of one kernel."""
    most = polynomial.degrees()[place]
    terms = [
        times([number(Fraction(int(c.p), int(c.q))), monomial_tree(tuple(0 if i == place else int(e) for i, e in enumerate(powers)), kernels)])
        for powers, c in polynomial.terms() if powers[place] == most
    ]  # fmt: skip
    return total(terms)
