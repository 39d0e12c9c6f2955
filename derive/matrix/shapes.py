"""The shape of every part of a formula; a mismatch is a sentence in the author's own notation.

A scalar has the shape (1, 1), a vector (n, 1), a row (1, n); sizes are letters or numbers, and two are the same if they
are written the same. A product of the shape (1, 1) is a scalar and may stand anywhere a scalar may: `A bᵀ x` is A times
the number bᵀx (`segments` says which factors belong together). Functions of one variable act entry by entry.
"""

from __future__ import annotations

from collections import Counter

from derive.errors import Unreadable
from derive.matrix.nodes import SCALAR, ArrayName, Dimension, Shape, has_array_name
from derive.symbols import Symbol
from derive.tree import Chain, FunctionName, Implication, Logical, Matrix, Node, Otherwise, Transpose, ValueSet


class Misfit(Unreadable):
    """What the shapes do not allow, code `shape`, or what they leave open, code `ambiguous`; `node` is where."""

    def __init__(self, node: Node, reason: str, hint: str = "", code: str = "shape") -> None:
        from derive.write import latex

        self.node = node
        text = latex(node)
        super().__init__(code, reason, text=text, length=len(text), hint=hint)


def shape_of(node: Node) -> Shape:
    """The shape of a formula, computed once for each node. Raises Misfit (which is Unreadable)."""
    if not node.has_array:
        return SCALAR
    kept = vars(node)
    found: Shape | None = kept.get("_shape")
    if found is None:
        from derive.matrix.shape_rules import RULES  # which are written in terms of this

        rule = RULES.get(type(node))
        if rule is None:
            raise Misfit(node, f"a {type(node).__name__.lower()} of vectors or matrices has no meaning")
        found = kept["_shape"] = rule(node)
    return found


def check_shapes(node: Node) -> None:
    """Look at every value a formula or statement holds. Raises Misfit; sides of a relation may differ in shape."""
    if isinstance(node, Chain | Logical | Implication):
        for part in node.children:
            check_shapes(part)
    elif isinstance(node, ValueSet):
        for part in node.children:
            shape_of(part)
    elif not isinstance(node, Otherwise | FunctionName):
        shape_of(node)


def symbol_of_value(key: str, value: Node) -> Symbol:
    """What a name is that is defined by a formula: a vector or matrix of its shape, else a real number."""
    written_out = isinstance(value, Matrix) or has_array_name(value)
    if not written_out or shape_of(value) == SCALAR:
        return Symbol(key, defined=True)
    return Symbol(key, "array", shape=shape_of(value), defined=True)


def is_scalar(node: Node) -> bool:
    """Whether a formula is a single value."""
    return shape_of(node) == SCALAR


def in_words(node: Node) -> str:
    """What a formula is, as one says it: `A is m×n`, `x has n entries`."""
    from derive.write import latex

    if isinstance(node, Transpose) and isinstance(node.operand, ArrayName):
        node = node.operand
    rows, columns = shape_of(node)
    text = latex(node)
    if (rows, columns) == SCALAR:
        return f"{text} is a scalar"
    if columns == 1:
        return f"{text} has {rows} entries"
    return f"{text} is a row of {columns} entries" if rows == 1 else f"{text} is {rows}×{columns}"


def listed(nodes: list[Node]) -> str:
    """The nodes in words, matrices first."""
    said = dict.fromkeys(in_words(node) for node in sorted(nodes, key=lambda node: 1 in shape_of(node)))
    return " and ".join(said)


def segments(factors: tuple[Node, ...]) -> list[tuple[Node, ...]]:
    """The factors of a product as runs that can be multiplied one after another.

    Factors that are scalars stand alone; of the runs, those of the shape (1, 1) are scalars, the others make one chain.
    """
    runs: list[list[Node]] = []
    last: Dimension | None = None
    for factor in factors:
        shape = shape_of(factor)
        if shape == SCALAR:
            runs.append([factor])
            continue
        open_run = next((run for run in reversed(runs) if shape_of(run[0]) != SCALAR), None)
        if open_run is not None and last == shape[0]:
            open_run.append(factor)
        else:
            runs.append([factor])
        last = shape[1]
    return [tuple(run) for run in runs]


def ends(run: tuple[Node, ...]) -> Shape:
    return shape_of(run[0])[0], shape_of(run[-1])[1]


def size_product(left: Dimension, right: Dimension) -> Dimension:
    """m n, the letters in order of the alphabet, a number first."""
    value, letters = 1, []
    for size in (left, right):
        for part in [f"({size})"] if " + " in str(size) else str(size).split(" "):
            if part.isdigit():
                value *= int(part)
            else:
                letters.append(part)
    return value if not letters else " ".join(([str(value)] if value != 1 else []) + sorted(letters))


def summands(size: str) -> list[list[str]]:
    """A size such as `2 m n + (m + 1) p` as terms of factors; what stands in brackets is one factor."""
    terms: list[list[str]] = [[""]]
    depth = 0
    for sign in size:
        depth += (sign == "(") - (sign == ")")
        if sign == " " and not depth:
            terms[-1].append("")
        elif sign == "+" and not depth:
            terms.append([""])
        else:
            terms[-1][-1] += sign
    return [[factor for factor in term if factor] for term in terms]


def size_sum(sizes: list[Dimension]) -> Dimension:
    """m + 2 n, the letters in order of the alphabet, a number last."""
    value = sum(size for size in sizes if isinstance(size, int))
    counts = Counter(size for size in sizes if isinstance(size, str))
    letters = [letter if count == 1 else f"{count} {letter}" for letter, count in sorted(counts.items())]
    return value if not letters else " + ".join(letters + ([str(value)] if value else []))


def size_of_vector(shape: Shape) -> Dimension:
    """The number of entries of a column or row."""
    return shape[0] if shape[1] == 1 else shape[1]
