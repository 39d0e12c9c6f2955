"""How people arrange derivatives of arrays, and formulas as they are meant by those who arrange them otherwise.

A Derivative has one shape here: a scalar's has that of the variable, a column's by a column is the Jacobian. In another
layout the same is written transposed. Where the shapes of a formula do not fit, it may be that its author

    writes gradients as rows        ∂L/∂z = ∂L/∂ŷ · ∂ŷ/∂z           (numerator layout)
    turns Jacobians                 ∂L/∂x = ∂h/∂x · ∂L/∂h            (denominator layout)
    has columns for diagonals       ∂L/∂z = ∂a/∂z ⊙ ∂L/∂a, a = σ(z)
    multiplies columns              u × v for u ⊙ v, u/v for u ⊘ v, 1 − u for 𝟏 − u, H² for H ⊙ H
    writes vectors as rows          u A vᵀ for uᵀ A v

Only what is not defined otherwise is read so, and only if that makes it defined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derive.errors import Unreadable
from derive.matrix.atoms import ones
from derive.matrix.nodes import SCALAR, ArrayName, Entry, EntrywisePower, EntrywiseQuotient, Hadamard, Shape
from derive.matrix.shapes import shape_of
from derive.tree import (
    ONE,
    Call,
    Derivative,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Transpose,
    times,
    transform,
)

GRADIENTS = "derivatives by matrices with their shape"
ROWS = "gradients as rows"
TURNED = "Jacobians with a column for each function"
MATRICES = "derivatives by matrices transposed"
DIAGONAL = "diagonal Jacobians as columns"
WAYS = ((ROWS,), (TURNED,), (DIAGONAL,), (ROWS, DIAGONAL), (MATRICES,), (ROWS, MATRICES))
ENTRYWISE = "what is not defined otherwise taken entry by entry"
VECTORS = "vectors as rows"


def _of_scalar_by_column(top: Shape, by: Shape) -> bool:
    return top == SCALAR and by != SCALAR and by[1] == 1


def _of_column_by_column(top: Shape, by: Shape) -> bool:
    return top != SCALAR and top[1] == 1 and by != SCALAR and by[1] == 1


# layout → which first derivatives stand transposed in it, or as the column of their diagonal
LAYOUTS: dict[str, Callable[[Shape, Shape], bool]] = {
    ROWS: _of_scalar_by_column,
    TURNED: _of_column_by_column,
    MATRICES: lambda top, by: top == SCALAR and 1 not in by,
    DIAGONAL: lambda top, by: _of_column_by_column(top, by) and top == by,
}


def arranged(tree: Node, layouts: tuple[str, ...]) -> Node:
    """The tree with every derivative of arrays as it is meant in layouts. Raises Misfit."""

    def of(node: Node) -> Node:
        if isinstance(node, Entry) and isinstance(node.operand, Derivative):
            return node  # an entry is the same in every layout
        if isinstance(node, Derivative):
            return _arranged(node, layouts)
        children = node.children
        changed = tuple(of(child) for child in children)
        return node if changed == children else node.rebuilt(changed)

    return of(tree)


def _arranged(node: Derivative, layouts: tuple[str, ...]) -> Node:
    if len(node.variables) != 1 or not isinstance(node.variables[0], ArrayName):
        return node
    top, by = shape_of(node.operand), shape_of(node.variables[0])
    for layout in layouts:
        if layout in LAYOUTS and LAYOUTS[layout](top, by):
            return Call("diag", (node,)) if layout == DIAGONAL else Transpose(node)
    return node


def has_array_derivatives(tree: Node) -> bool:
    """Whether a derivative by an array occurs."""
    if Derivative not in tree.kinds:
        return False
    found = isinstance(tree, Derivative) and any(isinstance(v, ArrayName) for v in tree.variables)
    return found or any(has_array_derivatives(child) for child in tree.children)


def entrywise(tree: Node) -> Node:
    """Products of columns of one size, quotients by them, numbers beside arrays: entry by entry where they have no other meaning."""

    def rule(node: Node) -> Node | None:
        try:
            if isinstance(node, Quotient) and node.has_array and shape_of(node.denominator) != SCALAR:
                if shape_of(node.numerator) == shape_of(node.denominator):
                    return EntrywiseQuotient(node.numerator, node.denominator)
            elif isinstance(node, Power) and node.has_array:
                return _power(node)
            elif isinstance(node, Product) and node.has_array:
                return _product(node)
            elif isinstance(node, Sum) and node.has_array:
                return _sum(node)
        except Unreadable:
            return None
        return None

    return transform(tree, rule)


def _power(node: Power) -> Node | None:
    r"""H^2 of a matrix that is not square, `\tanh^2(z)` of a column: entry by entry. A plain column squared may be its norm."""
    rows, columns = shape_of(node.base)
    plain = columns == 1 and not isinstance(node.base, Call)
    if rows == columns or plain or not isinstance(node.exponent, Number):
        return None
    return EntrywisePower(node.base, node.exponent)


def _sum(node: Sum) -> Node | None:
    """1 − u: a number beside arrays stands in every entry."""
    shapes = dict.fromkeys(shape_of(term) for term in node.terms)
    if len(shapes) != 2 or SCALAR not in shapes:
        return None
    shape = next(shape for shape in shapes if shape != SCALAR)
    plain = [shape_of(term) == SCALAR for term in node.terms]
    if not all(_is_number(term) for term, scalar in zip(node.terms, plain, strict=True) if scalar):
        return None
    return Sum(tuple(_everywhere(t, shape) if scalar else t for t, scalar in zip(node.terms, plain, strict=True)))


def _is_number(term: Node) -> bool:
    return isinstance(term.operand if isinstance(term, Negative) else term, Number)


def _everywhere(term: Node, shape: Shape) -> Node:
    if isinstance(term, Negative):
        return Negative(_everywhere(term.operand, shape))
    unit = ones(shape)
    return unit if term == ONE else Product((term, unit))


def _product(node: Product) -> Node | None:
    """Neighbours that are columns of one size, multiplied entry by entry."""
    try:
        shape_of(node)
    except Unreadable:
        pass
    else:
        return None
    runs: list[list[Node]] = []
    for factor in node.factors:
        shape = shape_of(factor)
        if runs and shape != SCALAR and shape[1] == 1 and shape_of(runs[-1][-1]) == shape:
            runs[-1].append(factor)
        else:
            runs.append([factor])
    merged: list[Node] = [Hadamard(tuple(run)) if len(run) > 1 else run[0] for run in runs]
    return times(merged) if len(merged) < len(node.factors) else None


def with_rows(tree: Node) -> Node:
    """`u A v^T` of columns, which is not defined, is uᵀ A v where vectors are rows: turned at both ends, or not at all."""

    def rule(node: Node) -> Node | None:
        if not isinstance(node, Product) or not node.has_array:
            return None
        try:
            arrays = [at for at, factor in enumerate(node.factors) if shape_of(factor) != SCALAR]
            if len(arrays) < 3 or not _is_form_of_rows([shape_of(node.factors[at]) for at in arrays]):
                return None
        except Unreadable:
            return None
        first, last = arrays[0], arrays[-1]
        turned = {first: Transpose(node.factors[first]), last: _turned(node.factors[last])}
        return Product(tuple(turned.get(at, factor) for at, factor in enumerate(node.factors)))

    return transform(tree, rule)


def _is_form_of_rows(shapes: list[Shape]) -> bool:
    """A column, matrices, a row, where a row, the matrices and a column would fit."""
    (rows, one), *between, (other, columns) = shapes
    sizes = [rows, *(size for shape in between for size in shape), columns]
    return one == other == 1 and rows != 1 and columns != 1 and 1 not in sizes and sizes[::2] == sizes[1::2]


def _turned(row: Node) -> Node:
    return row.operand if isinstance(row, Transpose) else Transpose(row)


def with_forms(tree: Node) -> Node:
    """`x^T A x^T` of one column, which is not defined, with the form xᵀ A x that it is meant to be."""

    def rule(node: Node) -> Node | None:
        if not isinstance(node, Product) or not node.has_array:
            return None
        try:
            arrays = [at for at, factor in enumerate(node.factors) if shape_of(factor) != SCALAR]
            first, last = arrays[0], arrays[-1]
            vector = _upright(node.factors[first])
            between = [shape_of(node.factors[at]) for at in arrays[1:-1]]
            if vector != _upright(node.factors[last]) or not between or shape_of(vector)[1] != 1:
                return None
        except (Unreadable, IndexError):
            return None
        turned = {first: Transpose(vector), last: vector}
        return Product(tuple(turned.get(at, factor) for at, factor in enumerate(node.factors)))

    return transform(tree, rule)


def _upright(factor: Node) -> Node:
    return factor.operand if isinstance(factor, Transpose) else factor


def meant(tree: Node, *, loosely: bool) -> Iterator[tuple[Node, str]]:
    """What an ill-shaped tree may mean, each with how it is read then; `loosely`: columns may be multiplied too."""
    ways: list[tuple[str, ...]] = list(WAYS) if has_array_derivatives(tree) else []
    if loosely:
        ways = [*ways, (ENTRYWISE,), *((*way, ENTRYWISE) for way in ways), (VECTORS,)]
    for way in ways:
        try:
            changed = arranged(tree, way)
            changed = entrywise(changed) if ENTRYWISE in way else with_rows(changed) if VECTORS in way else changed
        except Unreadable:
            continue
        if changed != tree:
            yield changed, "; ".join(way)
