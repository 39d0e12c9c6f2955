"""The shape of every kind of operation from those of its operands: one rule for each, raising Misfit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.functions import FUNCTIONS
from derive.matrix import family_shapes
from derive.matrix.families import Member, Sized, Stacked
from derive.matrix.nodes import (
    SCALAR,
    ArrayName,
    Entry,
    EntrywisePower,
    EntrywiseQuotient,
    Hadamard,
    Kronecker,
    Norm,
    Shape,
    Space,
)
from derive.matrix.shapes import (
    Misfit,
    check_shapes,
    ends,
    in_words,
    is_scalar,
    listed,
    segments,
    shape_of,
    size_of_vector,
    size_product,
    size_sum,
)
from derive.matrix.specs import FAMILIES
from derive.tree import (
    EXTREMA,
    ZERO,
    Absolute,
    Binder,
    Call,
    Cases,
    Chain,
    Derivative,
    Determinant,
    Indicator,
    Listing,
    Matrix,
    Name,
    Negative,
    Node,
    Number,
    OffKinks,
    PlusMinus,
    Power,
    Product,
    Quotient,
    Root,
    SuchThat,
    Sum,
    Transpose,
    walk,
)


def _sum(node: Sum) -> Shape:
    shapes = [shape_of(term) for term in node.terms]
    for index, shape in enumerate(shapes[1:], 1):
        if shape != shapes[0]:
            pair = [_unsigned(node.terms[0]), _unsigned(node.terms[index])]
            lone = SCALAR in (shape, shapes[0])
            hint = r"a number in every entry is that number times \mathbf{1}" if lone else ""
            raise Misfit(node, f"{listed(pair)}, so {_written(node)} is not defined", hint)
    return shapes[0]


def _unsigned(node: Node) -> Node:
    return node.operand if isinstance(node, Negative) else node


def _product(node: Product) -> Shape:
    runs = segments(node.factors)
    chain = [run for run in runs if ends(run) != SCALAR]
    for before, after in zip(chain, chain[1:], strict=False):
        if ends(before)[1] != ends(after)[0]:
            pair = [before[-1], after[0]]
            raise Misfit(
                node, f"{listed(pair)}, so {_written(_times(pair))} is not defined", _turned(before[-1], after[0])
            )
    return (ends(chain[0])[0], ends(chain[-1])[1]) if chain else SCALAR


def _times(pair: list[Node]) -> Node:
    return Product(tuple(pair))


def _turned(left: Node, right: Node) -> str:
    """What would fit."""
    from derive.write import latex

    a, b = shape_of(left), shape_of(right)
    if a == b and a[1] == 1:
        return f"the inner product is {latex(Product((Transpose(left), right)))}, the entrywise one {latex(Hadamard((left, right)))}"
    return ""


def _written(node: Node) -> str:
    from derive.write import latex

    return latex(node)


def _square(node: Node, operand: Node, hint: str = "") -> Shape:
    """The shape of what must be square; `node` is what is not defined otherwise."""
    shape = shape_of(operand)
    if shape[0] != shape[1]:
        said = in_words(operand) + ("" if 1 in shape else ", not square")
        raise Misfit(node, f"{said}, so {_written(node)} is not defined", hint)
    return shape


def _scalar(node: Node, part: Node, where: str) -> None:
    if shape_of(part) != SCALAR:
        raise Misfit(node, f"{in_words(part)} and stands {where}, where a scalar is meant")


def _negative(node: Negative) -> Shape:
    return shape_of(node.operand)


def _quotient(node: Quotient) -> Shape:
    if shape_of(node.denominator) != SCALAR:
        hint = r"write \oslash for the entrywise quotient" if 1 in shape_of(node.denominator) else "write its inverse"
        raise Misfit(node, f"{in_words(node.denominator)}, so {_written(node)} is not defined", hint)
    return shape_of(node.numerator)


def _power(node: Power) -> Shape:
    if shape_of(node.exponent) != SCALAR:
        raise Misfit(node, f"{in_words(node.exponent)} and stands in an exponent: the entrywise or the matrix exponential",
                     r"write \exp(…) entrywise, \operatorname{expm}(…) for the matrix", "ambiguous")  # fmt: skip
    shape = shape_of(node.base)
    if shape == SCALAR:
        return shape
    inverse = isinstance(node.exponent, Negative)
    return _square(node, node.base, "" if inverse else r"write ^{\odot k} for the entrywise power")


def _root(node: Root) -> Shape:
    if node.index is not None:
        _scalar(node, node.index, "in the index of a root")
    shape = shape_of(node.radicand)
    if shape[0] == shape[1] != 1:
        raise Misfit(node, f"{in_words(node.radicand)}, so its root may be that of a matrix or of every entry",
                     r"write ^{\odot \frac{1}{2}} for the root of every entry", "ambiguous")  # fmt: skip
    return shape


def _entrywise_power(node: EntrywisePower) -> Shape:
    _scalar(node, node.exponent, "in an exponent")
    return shape_of(node.base)


def _absolute(node: Absolute) -> Shape:
    shape = shape_of(node.operand)
    if 1 not in shape:
        raise Misfit(node, f"{in_words(node.operand)}, so the bars may mean its determinant or the absolute values",
                     r"write \det, or a norm", "ambiguous")  # fmt: skip
    return shape


def _transpose(node: Transpose) -> Shape:
    if isinstance(node.operand, Listing):
        return len(node.operand.elements), 1
    rows, columns = shape_of(node.operand)
    return columns, rows


def _determinant(node: Determinant) -> Shape:
    _square(node, node.operand)
    _no_matrix_function(node, node.operand)
    return SCALAR


def _no_matrix_function(node: Node, operand: Node) -> None:
    """tr log A and det exp A, which books mean of the matrix, are not taken entry by entry without a word."""
    if not isinstance(operand, Call) or operand.function not in {"exp", "log"} or shape_of(operand) == SCALAR:
        return
    if Hadamard not in operand.kinds:  # an entrywise product says that entries are meant
        hint = (
            r"write \operatorname{expm}(…) for the matrix"
            if operand.function == "exp"
            else r"write \log\det for the trace of the logarithm"
        )
        raise Misfit(node, f"{_written(operand)} may be that of the matrix or of every entry",
                     f"{hint}, or give the entries a name of their own", "ambiguous")  # fmt: skip


def _alike(node: Node, parts: tuple[Node, ...], *, broadcast: bool = False) -> Shape:
    """The common shape of parts; with `broadcast`, scalars count as every shape."""
    fixed = [part for part in parts if not (broadcast and shape_of(part) == SCALAR)]
    for part in fixed[1:]:
        if shape_of(part) != shape_of(fixed[0]):
            raise Misfit(node, f"{listed([fixed[0], part])}, so {_written(node)} is not defined")
    return shape_of(fixed[0]) if fixed else SCALAR


def _kronecker(node: Kronecker) -> Shape:
    rows, columns = shape_of(node.factors[0])
    for factor in node.factors[1:]:
        more = shape_of(factor)
        rows, columns = size_product(rows, more[0]), size_product(columns, more[1])
    return rows, columns


def _norm(node: Norm) -> Shape:
    shape = shape_of(node.operand)
    if node.kind == "*" and 1 in shape:
        raise Misfit(node, f"{in_words(node.operand)}, and the nuclear norm is one of matrices", "write _1 or _2")
    if not node.kind and 1 not in shape:
        raise Misfit(
            node,
            f"{in_words(node.operand)}, and which of its norms is meant is not said",
            "write _F, _2 or _*",
            "ambiguous",
        )
    return SCALAR


def _entry(node: Entry) -> Shape:
    for index in node.indices:
        _scalar(node, index, "as an index")
    if isinstance(node.operand, ArrayName) and node.operand.role == "delta":
        if len(node.indices) != 2:
            raise Misfit(node, f"{node.operand.key} is the Kronecker delta and has two indices")
        return SCALAR
    rows, columns = shape_of(node.operand)
    if (rows, columns) == SCALAR:
        raise Misfit(node, f"{in_words(node.operand)}, so {_written(node)} is not defined")
    wanted = 1 if 1 in (rows, columns) else 2
    if len(node.indices) not in {wanted, 2}:
        count = "two indices" if wanted == 2 else "one index"
        raise Misfit(node, f"{in_words(node.operand)}, so an entry of it has {count}")
    for index, size in zip(
        node.indices, (rows, columns) if len(node.indices) == 2 else (size_of_vector((rows, columns)),), strict=True
    ):
        whole = isinstance(index, Number) and index.value.denominator == 1
        if isinstance(index, Number) and not (
            whole and index.value >= 1 and (isinstance(size, str) or index.value <= size)
        ):
            raise Misfit(node, f"{in_words(node.operand)}, so {_written(node)} is not defined")
    return SCALAR


def _name(node: ArrayName) -> Shape:
    if node.role == "delta":
        raise Misfit(
            node, f"{node.key} is the Kronecker delta and stands without its indices", rf"write {node.key}_{{ij}}"
        )
    if node.role in FAMILIES:
        raise Misfit(node, f"{node.key} is a family of vectors and stands without an index", rf"write {node.key}_i")
    return node.shape


def _diag(node: Call) -> Shape:
    rows, columns = shape_of(node.arguments[0])
    if 1 in (rows, columns):
        size = size_of_vector((rows, columns))
        return size, size
    return _square(node, node.arguments[0])[0], 1


def _vec(node: Call) -> Shape:
    return size_product(*shape_of(node.arguments[0])), 1


def _of_square(node: Call) -> Shape:
    return _square(node, node.arguments[0])


def _of_square_scalar(node: Call) -> Shape:
    _square(node, node.arguments[0])
    _no_matrix_function(node, node.arguments[0])
    return SCALAR


def _logsumexp(node: Call) -> Shape:
    if 1 not in shape_of(node.arguments[0]):
        raise Misfit(node, f"{in_words(node.arguments[0])}, and the log-sum-exp is one of vectors")
    return SCALAR


FUNCTION_SHAPES: dict[str, Callable[[Call], Shape]] = {
    "tr": _of_square_scalar, "lambda_max": _of_square_scalar, "lambda_min": _of_square_scalar,
    "expm": _of_square, "adj": _of_square,
    "diag": _diag, "vec": _vec, "logsumexp": _logsumexp,
    "softmax": lambda node: shape_of(node.arguments[0]),
    "pinv": lambda node: (shape_of(node.arguments[0])[1], shape_of(node.arguments[0])[0]),
}  # fmt: skip


def _call(node: Call) -> Shape:
    special = FUNCTION_SHAPES.get(node.function)
    if special is not None:
        if len(node.arguments) != 1 or node.order:
            raise Misfit(node, f"{_written(node)} has no meaning: {node.function} takes one argument and no primes")
        return special(node)
    if len(node.arguments) == 1:
        row = FUNCTIONS.get(node.function)
        if row is not None and row.arity == 0 and not is_scalar(node.arguments[0]):
            raise Misfit(node, f"{in_words(node.arguments[0])}, and {_written(node)} may mean its largest entry or itself",
                         "give both arguments", "ambiguous")  # fmt: skip
        return shape_of(node.arguments[0])
    return _alike(node, node.arguments, broadcast=True)


def _matrix(node: Matrix) -> Shape:
    if all(is_scalar(entry) for entry in node.children):
        return node.shape
    for row in node.rows:
        for block in row[1:]:
            if shape_of(block)[0] != shape_of(row[0])[0]:
                raise Misfit(node, f"{listed([row[0], block])}, so they cannot stand in one row of blocks")
    widths = [shape_of(block)[1] for block in node.rows[0]]
    for row in node.rows[1:]:
        for above, block in zip(node.rows[0], row, strict=True):
            if shape_of(block)[1] != shape_of(above)[1]:
                raise Misfit(node, f"{listed([above, block])}, so they cannot stand in one column of blocks")
    return size_sum([shape_of(row[0])[0] for row in node.rows]), size_sum(widths)


def _listing(node: Listing) -> Shape:
    for element in node.elements:
        _scalar(node, element, "in a list")
    return 1, len(node.elements)


def _binder(node: Binder) -> Shape:
    for bound in node.bounds:
        _scalar(node, bound, "as a bound")
    shape = shape_of(node.body)
    if node.kind in EXTREMA:
        _scalar(node, node.body, f"of which a {node.kind} is taken")
    return _square(node, node.body) if node.kind == "product" else shape


def _such_that(node: SuchThat) -> Shape:
    for link in walk(node.condition):
        if isinstance(link, Chain):
            sides = [side for side in link.sides if side != ZERO or all(shape_of(s) == SCALAR for s in link.sides)]
            _alike(node, tuple(sides))  # δ ≠ 0 is said of vectors as well
    return shape_of(node.body)


def _indicator(node: Indicator) -> Shape:
    condition = node.condition
    if isinstance(condition, Chain):
        return _alike(node, condition.sides, broadcast=True)
    check_shapes(condition)
    for side in (part for claim in condition.children for part in claim.children):
        _scalar(node, side, "in a condition")
    return SCALAR


def _cases(node: Cases) -> Shape:
    for condition in node.conditions:
        check_shapes(condition)
        for side in condition.children:
            if not isinstance(side, Chain):
                _scalar(node, side, "in a condition")
    return _alike(node, node.values)


def _derivative(node: Derivative) -> Shape:
    """By a scalar: the shape of what is differentiated; a scalar's gradient: that of the variable; else the Jacobian's."""
    shape = shape_of(node.operand)
    for variable in node.variables:
        by = shape_of(variable)
        if by == SCALAR:
            continue
        if shape == SCALAR:
            shape = by
        elif shape[1] == 1 and by[1] == 1:
            shape = (shape[0], by[0])
        else:
            raise Misfit(node, f"{in_words(node.operand)} and {in_words(variable)}: such a derivative is no matrix",
                         "name its entries, or vec of both", "ambiguous")  # fmt: skip
    return shape


RULES: dict[type[Node], Callable[[Any], Shape]] = {
    Sum: _sum,
    Product: _product,
    Negative: _negative,
    PlusMinus: lambda node: shape_of(node.operand),
    Quotient: _quotient,
    Power: _power,
    Root: _root,
    Absolute: _absolute,
    Transpose: _transpose,
    Determinant: _determinant,
    Hadamard: lambda node: _alike(node, node.factors),
    EntrywiseQuotient: lambda node: _alike(node, node.children),
    EntrywisePower: _entrywise_power,
    Kronecker: _kronecker,
    Norm: _norm,
    Entry: _entry,
    Stacked: family_shapes.stacked,
    Member: family_shapes.member,
    Sized: family_shapes.sized,
    ArrayName: _name,
    Name: lambda _: SCALAR,
    Call: _call,
    Matrix: _matrix,
    Listing: _listing,
    Binder: _binder,
    Indicator: _indicator,
    Cases: _cases,
    SuchThat: _such_that,
    Derivative: _derivative,
    OffKinks: lambda node: shape_of(node.body),
    Space: lambda node: node.shape,
}
