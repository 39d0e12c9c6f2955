"""Typed tree → LaTeX that reads back as the same tree, in the form a textbook prints.

Brackets stand where the tree needs them and nowhere else; a product of products keeps its inner brackets, because the
tree keeps what was written.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from derive.functions import FUNCTIONS
from derive.tree import (
    Absolute,
    Call,
    Chain,
    Constant,
    Derivative,
    FunctionName,
    Implication,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
)

_CONSTANTS = {"e": "e", "pi": r"\pi", "infinity": r"\infty"}
_TALL = (r"\frac", r"\sqrt")


def latex(node: Node) -> str:
    """The LaTeX of any node."""
    return str(_WRITERS[type(node)](node))


def bracketed(text: str, left: str = "(", right: str = ")") -> str:
    """`(…)`, growing with tall contents."""
    return rf"\left{left} {text} \right{right}" if any(tall in text for tall in _TALL) else f"{left}{text}{right}"


def _name(node: Name) -> str:
    """Layers and stars are the declared name's own; `@part` tells two networks apart inside the program only."""
    return node.key.partition("@")[0]


def _sum(node: Sum) -> str:
    parts: list[str] = []
    for index, term in enumerate(node.terms):
        negative = isinstance(term, Negative)
        body = term.operand if isinstance(term, Negative) else term
        text = latex(body)
        if isinstance(body, Sum | Negative):
            text = bracketed(text)
        sign = ("-" if index == 0 else " - ") if negative else ("" if index == 0 else " + ")
        parts.append(sign + text)
    return "".join(parts)


def _negative(node: Negative) -> str:
    text = latex(node.operand)
    return "-" + (bracketed(text) if isinstance(node.operand, Sum | Negative) else text)


def _product(node: Product) -> str:
    text = _factor(node.factors[0])
    for before, factor in zip(node.factors, node.factors[1:], strict=False):
        shown = _factor(factor)
        digits = shown[0].isdigit() or (_ends_in_digit_script(before) and shown[0].isdigit())
        joint = (
            r" \cdot " if digits or _is_quotient_pair(before, factor) or _is_derivative_pair(before, factor) else " "
        )
        text += joint + shown
    return text


def _ends_in_digit_script(node: Node) -> bool:
    return isinstance(node, Power)


def _is_quotient_pair(before: Node, after: Node) -> bool:
    return isinstance(before, Quotient) and isinstance(after, Quotient)


def _is_derivative_pair(before: Node, after: Node) -> bool:
    return isinstance(before, Derivative) or isinstance(after, Derivative)


def _factor(node: Node) -> str:
    text = latex(node)
    return bracketed(text) if isinstance(node, Sum | Negative | Product | FunctionName) else text


def _quotient(node: Quotient) -> str:
    return rf"\frac{{{latex(node.numerator)}}}{{{latex(node.denominator)}}}"


def _power(node: Power) -> str:
    base = latex(node.base)
    plain = isinstance(node.base, Number | Constant | Call | Absolute) or (
        isinstance(node.base, Name) and "^" not in base
    )
    exponent = latex(node.exponent)
    script = exponent if len(exponent) == 1 else f"{{{exponent}}}"
    return f"{base if plain else bracketed(base)}^{script}"


def _root(node: Root) -> str:
    index = "" if node.index is None else latex(node.index)
    if "]" in index:
        index = f"{{{index}}}"
    return rf"\sqrt{f'[{index}]' if index else ''}{{{latex(node.radicand)}}}"


def function_name(function: str, order: int = 0) -> str:
    """A function with its primes; elementary ones by their command."""
    base = FUNCTIONS[function].spellings[0] if function in FUNCTIONS else function
    return base + ("'" * order if order <= 3 or "^" in base else f"^{{({order})}}")


def _call(node: Call) -> str:
    return function_name(node.function, node.order) + bracketed(", ".join(latex(a) for a in node.arguments))


def _derivative(node: Derivative) -> str:
    order = len(node.variables)
    power = f"^{order}" if 1 < order < 10 else f"^{{{order}}}" if order > 1 else ""
    operand = latex(node.operand) if isinstance(node.operand, Name) else bracketed(latex(node.operand))
    below = " ".join(_variable(name, len(list(same))) for name, same in groupby(node.variables))
    return rf"\frac{{\partial{power} {operand}}}{{{below}}}"


def _variable(name: Name, times: int) -> str:
    text = latex(name)
    if times == 1 or "^" in text:
        return " ".join([rf"\partial {text}"] * times)
    return rf"\partial {text}^{times}" if times < 10 else rf"\partial {text}^{{{times}}}"


def _chain(node: Chain) -> str:
    return _joined(node.sides, node.relations, continued=node.continued)


def _implication(node: Implication) -> str:
    return _joined(node.statements, node.arrows, continued=node.continued)


def _joined(parts: tuple[Node, ...], marks: tuple[str, ...], *, continued: bool) -> str:
    texts = [latex(part) for part in parts]
    if continued:
        return " ".join(f"{mark} {text}" for mark, text in zip(marks, texts, strict=True))
    return texts[0] + "".join(f" {mark} {text}" for mark, text in zip(marks, texts[1:], strict=True))


_WRITERS: dict[type[Node], Callable[[Any], str]] = {
    Number: lambda node: node.text,
    Constant: lambda node: _CONSTANTS[node.name],
    Name: _name,
    FunctionName: lambda node: function_name(node.function, node.order),
    Sum: _sum,
    Product: _product,
    Negative: _negative,
    Quotient: _quotient,
    Power: _power,
    Root: _root,
    Absolute: lambda node: rf"\left| {latex(node.operand)} \right|",
    Call: _call,
    Derivative: _derivative,
    Chain: _chain,
    Implication: _implication,
}
