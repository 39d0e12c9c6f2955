"""A closed form → the slips a person makes with it: one sign, factor, exponent, prime or index changed at one place.

Pure surgery on the tree: nothing is evaluated, so a mutant may happen to be equal to what it was made from (x − x with
both signs changed); whoever uses them has to ask an independent evaluation which ones differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from derive.tree import (
    ONE,
    TWO,
    Absolute,
    Call,
    Derivative,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    number,
    times,
    total,
)  # fmt: skip

Edit = tuple[str, Node]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed formula; `kind` is stable and kebab-case: sign, constant-factor, power, missing-factor, missing-term,
    prime, index or absolute."""

    kind: str
    tree: Node


def mutants(tree: Node, among: Iterable[str] = ()) -> Iterator[Mutant]:
    """Every mutant once, in the order of the places changed; `among` are further names an index may slip to."""
    known = tuple(dict.fromkeys((*tree.names, *among)))
    seen = {tree}
    for kind, changed in (*_as_a_whole(tree), *_everywhere(tree, known)):
        if changed not in seen:
            seen.add(changed)
            yield Mutant(kind, changed)


def _as_a_whole(tree: Node) -> Iterator[Edit]:
    yield "sign", _negated(tree)
    yield from _scaled(tree)


def _everywhere(node: Node, known: tuple[str, ...]) -> Iterator[Edit]:
    yield from _here(node, known)
    for place, child in enumerate(node.children):
        if place and isinstance(node, Power | Root):
            continue  # an exponent is changed with its power
        for kind, changed in _everywhere(child, known):
            yield kind, node.rebuilt((*node.children[:place], changed, *node.children[place + 1 :]))


def _here(node: Node, known: tuple[str, ...]) -> Iterator[Edit]:
    """The slips at one node."""
    match node:
        case Sum():
            yield from _in_sum(node)
        case Product():
            yield from _in_product(node)
        case Negative():
            yield "sign", node.operand
        case Quotient():
            yield from _in_quotient(node)
        case Power():
            yield from _in_power(node)
        case Root():
            yield "power", node.radicand
        case Absolute():
            yield "absolute", node.operand
        case Call(arguments=(_,)):
            yield from (
                ("prime", Call(node.function, node.arguments, k)) for k in (node.order - 1, node.order + 1) if k >= 0
            )
        case Name():
            yield from (("index", Name(key)) for key in neighbours(node.key, known))
        case Number():
            yield from (("constant-factor", number(node.value * factor)) for factor in (2, Fraction(1, 2)))
        case Derivative():
            return


def _in_sum(node: Sum) -> Iterator[Edit]:
    for place, term in enumerate(node.terms):
        before, after = node.terms[:place], node.terms[place + 1 :]
        yield "sign", Sum((*before, _negated(term), *after))
        yield "missing-term", total([*before, *after])
        for kind, changed in _scaled(term):
            yield kind, Sum((*before, changed, *after))


def _in_product(node: Product) -> Iterator[Edit]:
    for place, factor in enumerate(node.factors):
        before, after = node.factors[:place], node.factors[place + 1 :]
        yield "missing-factor", times([*before, *after])
        if not isinstance(factor, Number | Power):
            yield "power", Product((*before, Power(factor, TWO), *after))


def _in_quotient(node: Quotient) -> Iterator[Edit]:
    yield "missing-factor", node.numerator
    if node.numerator != ONE:
        yield "missing-factor", Quotient(ONE, node.denominator)


def _in_power(node: Power) -> Iterator[Edit]:
    if not isinstance(node.exponent, Number):
        yield "power", node.base
        return
    for exponent in (node.exponent.value - 1, node.exponent.value + 1):
        yield "power", node.base if exponent == 1 else Power(node.base, number(exponent))


def _scaled(node: Node) -> Iterator[Edit]:
    """Twice and half of it; a number in front takes the factor up."""
    if isinstance(node, Negative):
        yield from ((kind, Negative(changed)) for kind, changed in _scaled(node.operand))
        return
    factors = list(node.factors) if isinstance(node, Product) else [node]
    first = Fraction(1)
    if isinstance(factors[0], Number):
        first, factors = factors[0].value, factors[1:]
    for factor in (Fraction(2), Fraction(1, 2)):
        coefficient = first * factor
        yield "constant-factor", times([*([number(coefficient)] if coefficient != 1 or not factors else []), *factors])


def _negated(node: Node) -> Node:
    return node.operand if isinstance(node, Negative) else Negative(node)


def neighbours(key: str, known: Iterable[str]) -> list[str]:
    """The known names one index away (z_4 and z_3, h_i alone), or with the star or the part lost or gained."""
    stem, index, rest = _split(key)
    found = []
    for other in known:
        if other == key:
            continue
        other_stem, other_index, other_rest = _split(other)
        if other_stem != stem:
            continue
        near = index is not None and other_index is not None and abs(index - other_index) == 1 and rest == other_rest
        twin = index == other_index and rest != other_rest
        if near or twin:
            found.append(other)
    return found


def _split(key: str) -> tuple[str, int | None, str]:
    """`z_5^*@skip` → ("z", 5, "^*@skip")."""
    match = re.match(r"(.*?)_(?:\{(\d+)\}|(\d))(?!\d)(.*)$", key)
    if not match:
        stem, mark, rest = re.match(r"([^@^]*)([@^]?)(.*)$", key, re.DOTALL).groups()  # type: ignore[union-attr]
        return stem, None, mark + rest
    return match.group(1), int(match.group(2) or match.group(3)), match.group(4)
