"""Products multiplied out over the sums among their factors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from derive.matrix.atoms import Monomial, is_scalar
from derive.matrix.build import collected_terms, flat_terms, product
from derive.matrix.hadamard import Entrywise, apart, put, together
from derive.matrix.monomials import join, split
from derive.matrix.nodes import EntrywiseQuotient, Hadamard
from derive.tree import Node, Product, Sum, Transpose

MAX_TERMS = 40  # of a sum that is multiplied out


def expanded(terms: Sequence[Node]) -> list[Monomial] | None:
    """The terms multiplied out and collected; None where there is no sum inside, or too many terms."""
    found: list[Node] = []
    changed = False
    for term in flat_terms(terms):
        pieces = distributed(term)
        changed = changed or len(pieces) > 1
        found += pieces
        if len(found) > MAX_TERMS:
            return None
    return collected_terms(found) if changed else None


def distributed(term: Node) -> list[Node]:
    """One product, multiplied out over the sums among its factors."""
    part = split(term)
    choices: list[list[Node]] = [[join(Monomial(part.coefficient))]]
    for base, exponent in part.scalars:
        if exponent == 1 and isinstance(base, Sum):
            choices.append([piece for inner in flat_terms(base.terms) for piece in distributed(inner)])
        elif exponent == 1 and isinstance(base, Product):
            choices.append(_of_word(base.factors))
        else:
            choices.append([join(Monomial(scalars=((base, exponent),)))])
    choices += [_of_item(item) for item in part.word]
    count = reduce(lambda a, b: a * len(b), choices, 1)
    if count == 1 or count > MAX_TERMS:
        return [term]
    return _products(choices)


def _of_word(factors: Sequence[Node]) -> list[Node]:
    choices = [_of_item(factor) for factor in factors]
    if reduce(lambda a, b: a * len(b), choices, 1) > MAX_TERMS:
        return [product(*factors)]
    return _products(choices)


def _products(choices: list[list[Node]]) -> list[Node]:
    rows: list[list[Node]] = [[]]
    for choice in choices:
        rows = [[*row, piece] for row in rows for piece in choice]
    return [product(*row) for row in rows]


def _of_item(item: Node) -> list[Node]:
    match item:
        case Sum(terms=terms):
            return [piece for term in flat_terms(terms) for piece in distributed(term)]
        case Transpose(operand=Sum(terms=terms)):
            return [
                piece
                for term in flat_terms(terms)
                for piece in distributed(Transpose(term) if not is_scalar(term) else term)
            ]
        case Hadamard() | EntrywiseQuotient():
            whole = apart(item)
            choices: list[list[Entrywise]] = [[Entrywise(whole.shape, whole.coefficient, whole.scalars)]]
            for node, exponent in whole.parts:
                if exponent == 1 and isinstance(node, Sum):
                    choices.append([apart(piece) for piece in _of_item(node)])
                else:
                    choices.append([Entrywise(whole.shape, parts=((node, exponent),))])
            if reduce(lambda a, b: a * len(b), choices, 1) in range(2, MAX_TERMS):
                rows: list[list[Entrywise]] = [[]]
                for choice in choices:
                    rows = [[*row, piece] for row in rows for piece in choice]
                return [put(together(row)) for row in rows]
    return [item]
