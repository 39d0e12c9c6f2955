"""The shapes of what is written with dots and of members of families: one rule for each, raising Misfit."""

from __future__ import annotations

from derive.matrix.families import Member, Sized, Stacked
from derive.matrix.nodes import SCALAR, ArrayName, Dimension, Entry, Shape
from derive.matrix.shapes import Misfit, in_words, shape_of, size_of_vector
from derive.tree import ONE, Name, Node, walk
from derive.write import latex


def stacked(node: Stacked) -> Shape:
    """The parts are scalars, rows below one another or columns side by side, all of one shape."""
    shape_of(node.part(ONE))  # said of an entry that can be shown
    parts = (*node.first, node.body)
    for part in parts[1:]:
        if shape_of(part) != shape_of(parts[0]):
            raise Misfit(node, f"the entries of {latex(node)} are of different shapes")
    inner = shape_of(node.body)
    if inner[node.along] != 1:
        raise Misfit(node, f"{in_words(node.part(ONE))}, so {latex(node)} is not defined")
    for part in walk(node.body):
        for index, size in _places(part):
            if index == Name(node.index) and size != node.length:
                shown = part.operand if isinstance(part, Entry) else part
                raise Misfit(node, f"{in_words(shown)}, so there is no entry {node.length} of it")
    return (node.length, inner[1]) if node.along == 0 else (inner[0], node.length)


def _places(node: Node) -> list[tuple[Node, Dimension]]:
    """The indices of an entry or member with the size each runs over."""
    if isinstance(node, Member):
        return [(node.index, whole_shape(node.operand)[node.along])]
    if not isinstance(node, Entry) or (isinstance(node.operand, ArrayName) and node.operand.role == "delta"):
        return []
    shape = shape_of(node.operand)
    return list(zip(node.indices, shape if len(node.indices) == 2 else (size_of_vector(shape),), strict=True))


def member(node: Member) -> Shape:
    """A column, whichever way it lies in the matrix."""
    if shape_of(node.index) != SCALAR:
        raise Misfit(node, f"{in_words(node.index)} and stands as an index, where a scalar is meant")
    return whole_shape(node.operand)[1 - node.along], 1


def whole_shape(node: Node) -> Shape:
    """The shape of what members are taken of; of a family the matrix with them as rows."""
    return node.shape if isinstance(node, ArrayName) else shape_of(node)


def sized(node: Sized) -> Shape:
    """What is said of a shape must be so; where columns or rows are drawn, the parts must be some."""
    found = shape_of(node.operand)
    if node.shape is not None and found != node.shape:
        raise Misfit(node.operand, f"{in_words(node.operand)}, and {node.shape[0]}×{node.shape[1]} is written")
    if node.drawn is not None and 1 in found:
        kind = "columns" if node.drawn else "rows"
        raise Misfit(node.operand, f"{kind} are drawn, and {latex(node.operand)} has single entries",
                     f"declare a family as “{kind} of A” or “family m of vector n”")  # fmt: skip
    return found
