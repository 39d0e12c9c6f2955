r"""Nodes of matrix formulas → LaTeX that reads back as the same tree: `X^{-T}`, `\odot`, `\lVert x \rVert_2`, `X_{ij}`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.matrix.by_entries import entries_of
from derive.matrix.families import MAX_SHOWN, Dots, Member, Sized, Stacked
from derive.matrix.nodes import (
    UNMARKED,
    ArrayName,
    Entry,
    EntrywisePower,
    EntrywiseQuotient,
    Hadamard,
    Kronecker,
    Norm,
    Space,
    has_array_name,
)
from derive.tree import (
    ONE,
    Binder,
    Call,
    Determinant,
    FunctionName,
    Listing,
    Matrix,
    Name,
    Negative,
    Node,
    PlusMinus,
    Power,
    Sum,
    Transpose,
    number,
)

SPELLINGS = {
    name: rf"\operatorname{{{name}}}" for name in ("tr", "diag", "vec", "softmax", "logsumexp", "expm", "adj")
} | {"lambda_max": r"\lambda_{\max}", "lambda_min": r"\lambda_{\min}"}
LOOSE = Hadamard | Kronecker | EntrywiseQuotient  # what needs brackets as a factor
_KINDS = {"2": "_2", "F": "_F", "1": "_1", "infinity": r"_\infty", "*": "_*", "": "", UNMARKED: ""}


def _latex(node: Node) -> str:
    from derive.write import latex

    return latex(node)


def _bracketed(text: str) -> str:
    from derive.write import bracketed

    return bracketed(text)


def scripted(node: Node, script: str) -> str:
    """A node with a superscript, in brackets where it has one already or is no single thing."""
    text = whole_log_det(node) if is_log_det(node) else _latex(node)
    if isinstance(node, ArrayName | Name):
        plain = "^" not in text
    else:
        plain = isinstance(node, Matrix | Listing | Determinant) or (isinstance(node, Call) and text.endswith(")"))
        plain = (
            plain
            or isinstance(node, Norm | Stacked)
            or (isinstance(node, Member) and node.called != "")
            or (isinstance(node, Entry) and isinstance(node.operand, ArrayName) and "^" not in text)
        )
    return (text if plain else _bracketed(text)) + script


def is_log_det(node: Node) -> bool:
    r"""`\ln\det(X)` is the book's form; a script behind it would be one of the determinant."""
    return (
        isinstance(node, Call)
        and node.function == "log"
        and not node.order
        and isinstance(node.arguments[0], Determinant)
    )


def whole_log_det(node: Node) -> str:
    r"""`\ln(\det(X))`."""
    return r"\ln" + _bracketed(_latex(node.children[0]))


def transpose(node: Transpose) -> str:
    """`X^T`, `X^{-T}`; of a matrix or list that is written out `^{\top}`."""
    inner = node.operand
    inverted = isinstance(inner, Power) and inner.exponent == Negative(ONE) and inner.has_array
    if isinstance(inner, Power) and inverted and not isinstance(inner.base, Entry):
        return scripted(inner.base, "^{-T}")
    return scripted(inner, "^T" if has_array_name(inner) else r"^{\top}")


def _factor(node: Node) -> str:
    text = _latex(node)
    loose = isinstance(node, Sum | Negative | PlusMinus | Binder | FunctionName | LOOSE)
    return _bracketed(text) if loose else text


def _kronecker_factor(node: Node) -> str:
    from derive.tree import Product

    several = isinstance(node, Product) and sum(factor.has_array for factor in node.factors) > 1
    return _bracketed(_latex(node)) if several else _factor(node)


def _entry(node: Entry) -> str:
    written = entries_of(node)
    if written is not None:
        from derive.write import derivative_of

        return derivative_of(*written, partial=True)
    texts = [_latex(index) for index in node.indices]
    together = len(texts) == 1 or all(len(text) == 1 and text.isalpha() for text in texts)
    indices = "".join(texts) if together else ", ".join(texts)
    operand = _latex(node.operand)
    plain = isinstance(node.operand, ArrayName) and not {"_", "^"} & set(operand)
    return f"{operand if plain else _bracketed(operand)}_{indices if len(indices) == 1 else f'{{{indices}}}'}"


def pinv(node: Node) -> str:
    """`X^+`."""
    return scripted(node, "^+")


def stacked(node: Stacked) -> str:
    """With dots, as it is read: the parts that are exceptions and the first of the others, or the first two; the last."""
    grid = cells(node)
    body = r" \\ ".join(" & ".join(row) for row in grid)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


def cells(node: Stacked) -> list[list[str]]:
    """The cells of a row, a column or a matrix with dots."""
    shown = max(MAX_SHOWN, len(node.first) + 1)
    parts = [*node.first, *(node.part(number(k)) for k in range(len(node.first) + 1, shown + 1)), node.part(node.count)]
    if node.along == 1:
        texts = [_latex(part) for part in parts]
        return [[*texts[:-1], r"\dots", texts[-1]]]
    rows = [cells(part)[0] if isinstance(part, Stacked) else [_latex(part)] for part in parts]
    if len({len(row) for row in rows}) > 1:  # exceptions at different places: rows as blocks
        rows = [[_latex(part)] for part in parts]
    return [*rows[:-1], [r"\vdots"] * len(rows[0]), rows[-1]]


def _member(node: Member) -> str:
    index = _latex(node.index)
    operand = _latex(node.operand)
    if not node.called:  # a column of a derivative
        return rf"({operand})_{{\cdot {index}}}" if node.along else rf"({operand})_{{{index} \cdot}}"
    return f"{node.called}_{index}" if len(index) == 1 else f"{node.called}_{{{index}}}"


def _entrywise_power(node: EntrywisePower) -> str:
    return scripted(node.base, rf"^{{\odot {_latex(node.exponent)}}}")


def _space(node: Space) -> str:
    rows, columns = (str(size) for size in node.shape)
    if (rows, columns) == ("1", "1"):
        return r"\mathbb{R}"
    return rf"\mathbb{{R}}^{{{rows}}}" if columns == "1" else rf"\mathbb{{R}}^{{{rows} \times {columns}}}"


WRITERS: dict[type[Node], Callable[[Any], str]] = {
    ArrayName: lambda node: node.key.partition("@")[0],
    Hadamard: lambda node: r" \odot ".join(_factor(factor) for factor in node.factors),
    EntrywiseQuotient: lambda node: rf"{_factor(node.numerator)} \oslash {_factor(node.denominator)}",
    Kronecker: lambda node: r" \otimes ".join(_kronecker_factor(factor) for factor in node.factors),
    EntrywisePower: _entrywise_power,
    Norm: lambda node: rf"\lVert {_latex(node.operand)} \rVert{_KINDS[node.kind]}",
    Entry: _entry,
    Stacked: stacked,
    Member: _member,
    Sized: lambda node: _latex(node.operand),
    Dots: lambda _: r"\dots",
    Space: _space,
    Transpose: transpose,
}
