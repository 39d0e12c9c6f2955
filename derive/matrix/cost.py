"""How long a formula is when printed: the number of its LaTeX tokens, near enough to choose between two spellings."""

from __future__ import annotations

import re
from functools import lru_cache

from derive.matrix.nodes import ArrayName, Entry, EntrywisePower, EntrywiseQuotient, Hadamard, Kronecker, Norm
from derive.tree import (
    Absolute,
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
    Transpose,
)

_TOKEN = re.compile(r"\\[A-Za-z]+|\S")
_ATOMS = (Name, ArrayName, Number, Constant, Call, Norm, Absolute, Quotient, Root, Entry)
_LOOSE = (Sum, Negative, Hadamard, EntrywiseQuotient, Kronecker, Binder)


def cost(node: Node) -> int:
    """The count of tokens, brackets included."""
    found: int | None = node.__dict__.get("_cost")
    if found is None:
        found = node.__dict__["_cost"] = _cost(node)
    return found


@lru_cache(maxsize=4096)
def _letters(text: str) -> int:
    return len(_TOKEN.findall(text))


def _in_product(node: Node) -> int:
    return cost(node) + (2 if isinstance(node, _LOOSE) else 0)


def _raised(node: Node) -> int:
    return cost(node) + (0 if isinstance(node, _ATOMS) else 2)


def _cost(node: Node) -> int:
    match node:
        case Name(key=text) | ArrayName(key=text) | Number(text=text):
            return _letters(text)
        case Sum(terms=terms):
            signs = sum(isinstance(term, Negative) for term in terms)
            return sum(cost(term) for term in terms) + len(terms) - 1 - signs + isinstance(terms[0], Negative)
        case Negative(operand=inner):
            return 1 + cost(inner) + (2 if isinstance(inner, Sum | Negative) else 0)
        case Product(factors=factors):
            return sum(map(_in_product, factors))
        case Quotient(numerator=top, denominator=bottom):
            return 5 + cost(top) + cost(bottom)
        case Power(base=base, exponent=exponent):
            return _raised(base) + 1 + cost(exponent) + (2 if cost(exponent) > 1 else 0)
        case Transpose(operand=Power() as inner):
            return cost(inner) + 1
        case Transpose(operand=inner):
            return _raised(inner) + 2
        case Hadamard(factors=factors) | Kronecker(factors=factors):
            return (
                sum(cost(f) + (2 if isinstance(f, Sum | Negative | EntrywiseQuotient) else 0) for f in factors)
                + len(factors)
                - 1
            )
        case EntrywiseQuotient(numerator=top, denominator=bottom):
            return 1 + sum(cost(f) + (0 if isinstance(f, _ATOMS) else 2) for f in (top, bottom))
        case EntrywisePower(base=base, exponent=exponent):
            return _raised(base) + 4 + cost(exponent)
        case Norm(operand=inner):
            return cost(inner) + 4
        case Root(radicand=inner):
            return cost(inner) + 3
        case Call(arguments=arguments, order=order):
            return (
                3 + order + sum(map(cost, arguments)) + len(arguments) - 1 + 2 * (node.function in {"diag", "softmax"})
            )
        case Constant():
            return 1
    return 3 + sum(map(cost, node.children))
