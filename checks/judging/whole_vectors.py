r"""`-y / \hat{y}_i` on one side alone, the other a vector: the name of the entry stands for the whole vector."""

from __future__ import annotations

from collections.abc import Iterator

from checks.judging.course import Course
from derive.errors import Unreadable
from derive.matrix.conventions import entrywise
from derive.matrix.nodes import SCALAR, ArrayName, Entry
from derive.matrix.shapes import shape_of
from derive.tree import Name, Node, transform
from derive.write import latex


def lone_indices(course: Course, base: Node, side: Node) -> list[str]:
    """The indices that stand on one side alone, where a side is a vector or matrix."""
    symbols = course.scope.table
    lone = sorted(key for key in set(base.names) ^ set(side.names) if key in symbols and symbols[key].role == "index")
    if not lone or not any(tree.has_array and shape_of(tree) != SCALAR for tree in (base, side)):
        return []
    return lone


def in_whole_vectors(course: Course, base: Node, side: Node) -> tuple[Node, str] | None:
    """The side with vectors for their entries of lone indices, and how it is read then.

    None if that has no meaning, or if a vector stands there whole as well, so that its entry is told from it.
    """
    lone = {key for key in lone_indices(course, base, side) if key in side.names}
    met: dict[str, str] = {}

    def rule(node: Node) -> Node | None:
        if not isinstance(node, Entry) or len(node.indices) != 1 or node.operand.children:
            return None
        index = node.indices[0]
        if not isinstance(index, Name) or index.key not in lone:
            return None
        met[latex(node)] = latex(node.operand)
        return node.operand

    try:
        whole = entrywise(transform(side, rule))
        fits = shape_of(whole) == shape_of(base)
    except Unreadable:
        return None
    both = any(isinstance(node, ArrayName) and latex(node) in met.values() for node in _without_entries(side))
    if not met or not fits or both or lone & set(whole.names):
        return None
    return whole, "; ".join(f"${entry}$ is the whole vector ${vector}$" for entry, vector in met.items())


def _without_entries(tree: Node) -> Iterator[Node]:
    """The nodes of a tree but those inside of entries."""
    yield tree
    for child in () if isinstance(tree, Entry) else tree.children:
        yield from _without_entries(child)
