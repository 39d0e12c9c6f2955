"""Signs of products and sums: −P(A − B)Q as P(B − A)Q, a positive term first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.matrix.atoms import Monomial
from derive.matrix.build import negative
from derive.matrix.hadamard import Entrywise, put, together
from derive.matrix.monomials import join
from derive.tree import ZERO, Negative, Node, Sum, Transpose, total


def put_signed(whole: Entrywise) -> Node:
    """A negative entrywise product takes its sign into a difference."""
    if whole.coefficient < 0:
        for index, (part, exponent) in enumerate(whole.parts):
            if exponent == 1 and isinstance(part, Sum) and _turns_well(part):
                parts = (*whole.parts[:index], (turned(part), exponent), *whole.parts[index + 1 :])
                return put(together([replace(whole, coefficient=-whole.coefficient, parts=parts)]))
    return put(whole)


def signed(part: Monomial) -> Node:
    """−P(A − B)Q as P(B − A)Q."""
    if part.coefficient < 0:
        for index, item in enumerate(part.word):
            inner = item.operand if isinstance(item, Transpose) else item
            if isinstance(inner, Sum) and _turns_well(inner):
                new = Transpose(turned(inner)) if isinstance(item, Transpose) else turned(inner)
                return join(
                    replace(
                        part, coefficient=-part.coefficient, word=(*part.word[:index], new, *part.word[index + 1 :])
                    )
                )
        for index, (base, exponent) in enumerate(part.scalars):
            if isinstance(base, Sum) and exponent == 1 and _turns_well(base):
                pair = (turned(base), exponent)
                return join(
                    replace(
                        part,
                        coefficient=-part.coefficient,
                        scalars=(*part.scalars[:index], pair, *part.scalars[index + 1 :]),
                    )
                )
    return join(part)


def _turns_well(node: Sum) -> bool:
    return any(isinstance(term, Negative) for term in node.terms)


def turned(node: Sum) -> Node:
    """−(A − B) as B − A."""
    return in_order([negative(term) for term in node.terms])


def in_order(terms: Sequence[Node]) -> Node:
    """A sum that begins with a positive term if it has one."""
    first = next((i for i, term in enumerate(terms) if not isinstance(term, Negative)), 0)
    return total([terms[first], *terms[:first], *terms[first + 1 :]]) if terms else ZERO
