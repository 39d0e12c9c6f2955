"""Scalar formulas in one line of plain text, for drawings and tables where LaTeX is not set: `(x0 - e·x1)^a + sin(d·x2)`."""

from __future__ import annotations

import re

from derive.errors import NoRule
from derive.tree import Absolute, Call, Constant, Name, Negative, Node, Number, Power, Product, Quotient, Root, Sum

_SUM, _PRODUCT, _POWER, _ATOM = range(4)


def plain(tree: Node) -> str:
    """Raises NoRule for what has no plain text."""
    return _written(tree)[0]


def plain_name(key: str) -> str:
    r"""`x_{10}` → `x10`, `\beta_1` → `beta1`."""
    return re.sub(r"_(?:\{(\w+)\}|(\w)$)", r"\1\2", key).replace("\\", "")


def _written(tree: Node) -> tuple[str, int]:
    match tree:
        case Name(key=key):
            return plain_name(key), _ATOM
        case Number(text=text):
            return text, _ATOM
        case Constant(name=name):
            return name, _ATOM
        case Sum(terms=terms):
            text = _at(terms[0], _SUM)
            for term in terms[1:]:
                text += (
                    f" - {_at(term.operand, _PRODUCT)}" if isinstance(term, Negative) else f" + {_at(term, _PRODUCT)}"
                )
            return text, _SUM
        case Negative(operand=operand):
            return f"-{_at(operand, _PRODUCT)}", _SUM
        case Product(factors=factors):
            return "·".join(_at(factor, _POWER) for factor in factors), _PRODUCT
        case Quotient(numerator=above, denominator=below):
            return f"{_at(above, _PRODUCT)}/{_at(below, _ATOM)}", _PRODUCT
        case Power(base=base, exponent=exponent):
            return f"{_at(base, _ATOM)}^{_at(exponent, _ATOM)}", _POWER
        case Root(radicand=radicand, index=None):
            return f"sqrt({plain(radicand)})", _ATOM
        case Absolute(operand=operand):
            return f"|{plain(operand)}|", _ATOM
        case Call(function=function, arguments=arguments, order=order):
            primes = "'" * order
            return f"{plain_name(function)}{primes}({', '.join(map(plain, arguments))})", _ATOM
    raise NoRule(f"no plain text for {type(tree).__name__.lower()}")


def _at(tree: Node, strength: int) -> str:
    text, own = _written(tree)
    return text if own >= strength else f"({text})"
