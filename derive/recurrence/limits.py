r"""The limit of a p-norm → a maximum: lim_{p→∞} (c(p) Σ_i a_i^p)^{1/p} = max_i a_i where a_i ≥ 0.

c(p) is a product of positive factors without p, and of 1 − r^p or 1/(1 − r^p) for r between 0 and 1: their p-th roots go to
1, as does the root of the number of terms (max^p ≤ Σ ≤ n·max^p). A maximum, or a single term, in place of the sum is its
own p-th power: its p-th root is it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.errors import TooLarge
from derive.normal import normal_form
from derive.recurrence.maxima import holds_maximum
from derive.recurrence.signs import Signs
from derive.tree import (
    ONE,
    Binder,
    Call,
    Constant,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    times,
    transform,
)

TO_INFINITY = ("limit", "limit-")


@dataclass(frozen=True, slots=True)
class _Norm:
    """Signs and the exponent that goes to infinity."""

    signs: Signs
    index: str


def taken(tree: Node, signs: Signs) -> Node:
    """The tree with every limit of a p-norm taken; other limits stay."""

    def take(node: Node) -> Node | None:
        if not isinstance(node, Binder) or node.kind not in TO_INFINITY or node.bounds != (Constant("infinity"),):
            return None
        return _limit(node.body, _Norm(signs, node.index))

    return transform(tree, take) if Binder in tree.kinds else tree


def _limit(body: Node, norm: _Norm) -> Node | None:
    radicand = _radicand(body, norm.index)
    return None if radicand is None else _greatest(radicand, norm)


def _radicand(body: Node, index: str) -> Node | None:
    """u of u^{1/p} or the p-th root of u."""
    p = Name(index)
    match body:
        case Power(base=base, exponent=Quotient(numerator=Number() as top, denominator=bottom)) if (
            top == ONE and bottom == p
        ):
            return base
        case Power(base=base, exponent=Power(base=inner, exponent=Negative(operand=one))) if inner == p and one == ONE:
            return base
        case Root(radicand=radicand, index=Name() as of) if of == p:
            return radicand
    return None


def _greatest(tree: Node, norm: _Norm) -> Node | None:
    """The maximum of what a product of factors that vanish in the limit and one sum of p-th powers goes to."""
    kept: list[Node] = []
    for factor in _factors(tree):
        if _fades(factor, norm):
            continue
        kept.append(factor)
    whole = times(kept)
    match whole:
        case Binder(kind="sum", index=i, bounds=bounds, body=body) if norm.index not in {
            n for b in bounds for n in b.names
        }:
            base = _base(body, norm)
            return None if base is None else Binder("maximum", i, bounds, base)
        case Binder(kind="maximum", index=i, bounds=bounds, body=body) if norm.index not in {
            n for b in bounds for n in b.names
        }:
            base = _base(body, norm)
            return None if base is None else Binder("maximum", i, bounds, base)
        case Sum(terms=terms):
            bases = [_scaled_base(term, norm) for term in terms]
            return None if None in bases else Call("max", tuple(b for b in bases if b is not None))
    return _base(whole, norm)


def _factors(tree: Node) -> Iterator[Node]:
    match tree:
        case Product(factors=factors):
            for factor in factors:
                yield from _factors(factor)
        case Quotient(numerator=top, denominator=bottom):
            yield from _factors(top)
            yield from (Quotient(ONE, factor) for factor in _factors(bottom))
        case _:
            yield tree


def _fades(factor: Node, norm: _Norm) -> bool:
    """Whether the p-th root of a factor goes to 1."""
    if isinstance(factor, Quotient) and factor.numerator == ONE:
        factor = factor.denominator
    if norm.index not in factor.names:
        return norm.signs.positive(factor)
    match factor:
        case Sum(terms=(Number() as one, Negative(operand=Power(base=ratio, exponent=exponent)))) if (
            one == ONE and exponent == Name(norm.index)
        ):
            return norm.signs.positive(ratio) and norm.signs.positive(Sum((ONE, Negative(ratio))))
    return False


def _scaled_base(term: Node, norm: _Norm) -> Node | None:
    kept = [factor for factor in _factors(term) if not _fades(factor, norm)]
    return _base(times(kept), norm)


def _base(body: Node, norm: _Norm) -> Node | None:
    """a of a^p, a ≥ 0, a without p."""
    parts: list[Node] = []
    for factor in _factors(body):
        base = _base_of_factor(factor, norm)
        if base is None:
            return None
        parts.append(base)
    whole = times(parts)
    return whole if parts and norm.index not in whole.names else None


def _base_of_factor(factor: Node, norm: _Norm) -> Node | None:
    p = Name(norm.index)
    match factor:
        case Power(base=base, exponent=exponent) if norm.index not in base.names:
            rest = _divided(exponent, p)
            if rest is None or norm.index in rest.names or not _nonnegative(base, norm):
                return None
            return base if rest == ONE else Power(base, rest)
        case Quotient(numerator=Number() as top, denominator=Power() as bottom) if top == ONE:
            inner = _base_of_factor(bottom, norm)
            return None if inner is None else Quotient(ONE, inner)
    return None


def _nonnegative(base: Node, norm: _Norm) -> bool:
    """Whether a base is no less than zero; a maximum is if what it is taken over is."""
    if not holds_maximum(base):
        return norm.signs.nonnegative(base)
    match base:
        case Binder(kind="maximum", body=body):
            return _nonnegative(body, norm)
        case Call(function="max", arguments=arguments):
            return any(_nonnegative(argument, norm) for argument in arguments)
        case Product(factors=factors):
            return all(_nonnegative(factor, norm) for factor in factors)
    return False


def _divided(exponent: Node, p: Name) -> Node | None:
    """exponent/p where it is a multiple of p."""
    if exponent == p:
        return ONE
    factors = exponent.factors if isinstance(exponent, Product) else (exponent,)
    if p in factors:
        rest = list(factors)
        rest.remove(p)
        return times(rest)
    try:
        form = normal_form(Quotient(exponent, p))
    except (TooLarge, ZeroDivisionError):
        return None
    from derive.normal import fraction_tree

    found = fraction_tree(form)
    return None if p.key in found.names else found
