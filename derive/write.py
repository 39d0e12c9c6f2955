"""Typed tree → LaTeX that reads back as the same tree, in the form a textbook prints.

Brackets stand where the tree needs them and nowhere else; a product of products keeps its inner brackets, because the
tree keeps what was written.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from derive.functions import FUNCTIONS
from derive.matrix import write as matrices
from derive.matrix.nodes import ArrayName, Entry, Norm
from derive.tree import (
    EXTREMA,
    Absolute,
    Binder,
    Call,
    Cases,
    Chain,
    Constant,
    Derivative,
    Determinant,
    FunctionName,
    HasProperty,
    Implication,
    Indicator,
    Listing,
    Logical,
    Matrix,
    Name,
    Negative,
    Node,
    Number,
    OffKinks,
    Otherwise,
    PlusMinus,
    Power,
    Product,
    Quotient,
    Root,
    SuchThat,
    Sum,
    ValueSet,
)

_CONSTANTS = {"e": "e", "i": "i", "pi": r"\pi", "infinity": r"\infty"}
_EXTREMES = {"maximum": "max", "minimum": "min"} | dict(zip(EXTREMA, ("sup", "inf", "max", "min"), strict=True))
_TALL = (r"\frac", r"\sqrt", r"\begin")


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
        body = term.operand if isinstance(term, Negative | PlusMinus) else term
        text = latex(body)
        if isinstance(body, Sum | Negative | PlusMinus):
            text = bracketed(text)
        sign = _sign(term)
        lead = "" if sign == "+" else sign if sign == "-" else f"{sign} "
        parts.append(f" {sign} {text}" if index else lead + text)
    return "".join(parts)


def _sign(term: Node) -> str:
    if isinstance(term, PlusMinus):
        return r"\pm" if term.upper else r"\mp"
    return "-" if isinstance(term, Negative) else "+"


def _plus_minus(node: PlusMinus) -> str:
    text = latex(node.operand)
    return f"{_sign(node)} " + (bracketed(text) if isinstance(node.operand, Sum | Negative | PlusMinus) else text)


def _logical(node: Logical) -> str:
    inner = Logical if node.connective == "and" else ()
    texts = [bracketed(latex(part)) if isinstance(part, inner) else latex(part) for part in node.statements]
    return rf" \text{{ {node.connective} }} ".join(texts)


def _cases(node: Cases) -> str:
    rows = [
        f"{latex(value)} & {latex(condition)}" for value, condition in zip(node.values, node.conditions, strict=True)
    ]
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


def _matrix(node: Matrix) -> str:
    rows = (" & ".join(latex(entry) for entry in row) for row in node.rows)
    return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"


def _listing(node: Listing) -> str:
    text = ", ".join(latex(element) for element in node.elements)
    if node.opening == "<":
        return rf"\langle {text} \rangle"
    return bracketed(text, *("[", "]") if node.opening == "[" else ("(", ")"))


def _determinant(node: Determinant) -> str:
    text = latex(node.operand)
    return rf"\det {text}" if isinstance(node.operand, Matrix) else rf"\det{bracketed(text)}"


def _binder(node: Binder) -> str:
    body = latex(node.body)
    if node.kind == "integral":
        return rf"\int_{{{latex(node.bounds[0])}}}^{{{latex(node.bounds[1])}}} {body} \, d{node.index}"
    if isinstance(node.body, Sum | Negative | PlusMinus | matrices.LOOSE):
        body = bracketed(body)
    if node.kind.startswith("limit"):
        side = f"^{node.kind[-1]}" if node.kind != "limit" else ""
        return rf"\lim_{{{node.index} \to {latex(node.bounds[0])}{side}}} {body}"
    if node.kind in EXTREMA:
        return _extremum(node)
    if node.kind in _EXTREMES:
        return (
            rf"\{_EXTREMES[node.kind]}_{{{latex(node.bounds[0])} \le {node.index} \le {latex(node.bounds[1])}}} {body}"
        )
    command = r"\sum" if node.kind == "sum" else r"\prod"
    return rf"{command}_{{{node.index}={latex(node.bounds[0])}}}^{{{latex(node.bounds[1])}}} {body}"


def _extremum(node: Binder) -> str:
    """`\\max_{x : c} f`; of the name only what c does not say."""
    names, body = [node.index], node.body
    condition: Node | None = None
    while isinstance(body, Binder) and body.kind == node.kind:
        names, body = [*names, body.index], body.body
    if isinstance(body, SuchThat):
        condition = body.condition
        body = body.body
    said = ", ".join(names)
    if condition is not None:
        below = latex(condition)
        said = below if _about(condition) == names else f"{said} : {below}"
    text = latex(body)
    text = bracketed(text) if isinstance(body, Sum | Negative | PlusMinus | matrices.LOOSE) else text
    return rf"\{_EXTREMES[node.kind]}_{{{said}}} {text}"


def _about(condition: Node) -> list[str]:
    """The names a condition is about, where they stand right where the reader looks for them."""
    if not isinstance(condition, Chain):
        return []
    sides = condition.sides
    if condition.relations == (r"\ne",) and all(side.names and not side.children for side in sides):
        return [side.names[0] for side in sides]
    first = next((side for side in sides[:2] if side.names), None)
    return list(first.names) if first is not None and len(first.names) == 1 else []


def _negative(node: Negative) -> str:
    text = latex(node.operand)
    return "-" + (bracketed(text) if isinstance(node.operand, Sum | Negative | PlusMinus) else text)


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
    loose = isinstance(node, Sum | Negative | PlusMinus | Product | FunctionName | Binder | matrices.LOOSE)
    return bracketed(text) if loose else text


def _quotient(node: Quotient) -> str:
    return rf"\frac{{{latex(node.numerator)}}}{{{latex(node.denominator)}}}"


def _power(node: Power) -> str:
    base = matrices.whole_log_det(node.base) if matrices.is_log_det(node.base) else latex(node.base)
    plain = isinstance(node.base, Number | Constant | Call | Absolute | Matrix | Norm) or (
        isinstance(node.base, Name | ArrayName | Entry | Determinant) and "^" not in base
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
    base = FUNCTIONS[function].spellings[0] if function in FUNCTIONS else matrices.SPELLINGS.get(function, function)
    return base + ("'" * order if order <= 3 or "^" in base else f"^{{({order})}}")


def _call(node: Call) -> str:
    if node.function in _SPECIAL and not node.order:
        return _SPECIAL[node.function](*node.arguments)
    if node.function.endswith("_"):  # a term of a sequence
        index = latex(node.arguments[0])
        return node.function + (index if len(index) == 1 else f"{{{index}}}")
    if node.function == r"\mathbb{E}":
        return node.function + bracketed(latex(node.arguments[0]), "[", "]")
    if matrices.is_log_det(node):
        return rf"\ln{latex(node.arguments[0])}"
    row, arguments = FUNCTIONS.get(node.function), [latex(argument) for argument in node.arguments]
    name = function_name(node.function, node.order)
    if row and row.subscripted:  # the index before the primes
        base = row.spellings[0]
        return f"{base}_{{{arguments[0]}}}{name.removeprefix(base)}" + bracketed(", ".join(arguments[1:]))
    return name + bracketed(", ".join(arguments))


def _derivative(node: Derivative) -> str:
    return derivative_of(node.operand, node.variables, partial=node.partial)


def derivative_of(operand: Node, variables: tuple[Node, ...], *, partial: bool) -> str:
    """∂u/∂v of what is differentiated and by what: names, or entries of arrays."""
    order = len(variables)
    power = f"^{order}" if 1 < order < 10 else f"^{{{order}}}" if order > 1 else ""
    plain = isinstance(operand, Name | ArrayName) or (
        isinstance(operand, Entry) and isinstance(operand.operand, ArrayName)
    )
    above = latex(operand) if plain else bracketed(latex(operand))
    d = r"\partial" if partial else r"\mathrm{d}"
    below = " ".join(_variable(name, len(list(same)), d) for name, same in groupby(variables))
    return rf"\frac{{{d}{power} {above}}}{{{below}}}"


def _variable(name: Node, times: int, d: str) -> str:
    text = latex(name)
    if times == 1 or "^" in text or isinstance(name, Entry):
        return " ".join([f"{d} {text}"] * times)
    return f"{d} {text}^{times}" if times < 10 else f"{d} {text}^{{{times}}}"


def _chain(node: Chain) -> str:
    return _joined(node.sides, node.relations, continued=node.continued)


def _property(node: HasProperty) -> str:
    said = rf"{latex(node.formula)} \text{{ is {'not ' if node.negated else ''}{node.kind}}}"
    if node.variable is not None:
        said += rf" \text{{ in }} {latex(node.variable)}"
    return said if node.constant is None else rf"{said} \text{{ with constant }} {latex(node.constant)}"


def _implication(node: Implication) -> str:
    return _joined(node.statements, node.arrows, continued=node.continued)


def _joined(parts: tuple[Node, ...], marks: tuple[str, ...], *, continued: bool) -> str:
    texts = [latex(part) for part in parts]
    if continued:
        return " ".join(f"{mark} {text}" for mark, text in zip(marks, texts, strict=True))
    return texts[0] + "".join(f" {mark} {text}" for mark, text in zip(marks, texts[1:], strict=True))


def _postfix(sign: str) -> Callable[[Node], str]:
    return lambda node: _atomic(node) + sign


def _atomic(node: Node) -> str:
    text = latex(node)
    return text if isinstance(node, Number | Name | Constant) and "^" not in text else bracketed(text)


_SPECIAL: dict[str, Callable[..., str]] = {
    "pinv": matrices.pinv,
    "factorial": _postfix("!"),
    "percent": _postfix(r"\%"),
    "binomial": lambda top, bottom: rf"\binom{{{latex(top)}}}{{{latex(bottom)}}}",
    "floor": lambda node: rf"\lfloor {latex(node)} \rfloor",
    "ceiling": lambda node: rf"\lceil {latex(node)} \rceil",
    "log_base": lambda base, node: rf"\log_{{{latex(base)}}}{bracketed(latex(node))}",
}
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
    HasProperty: _property,
    Logical: _logical,
    OffKinks: lambda node: latex(node.body),
    Otherwise: lambda _: r"\text{otherwise}",
    Cases: _cases,
    Indicator: lambda node: rf"\mathbb{{1}}[{latex(node.condition)}]",
    PlusMinus: _plus_minus,
    ValueSet: lambda node: r"\{" + ", ".join(latex(e) for e in node.elements) + r"\}",
    Binder: _binder,
    SuchThat: lambda node: latex(node.body),
    Listing: _listing,
    Matrix: _matrix,
    **matrices.WRITERS,
    Determinant: _determinant,
}
