r"""Formulas of arrays entry by entry: sums over indices of products of entries, one spelling for one value, for all sizes.

    (x^T A x) and Σ_i Σ_j x_i a_{ij} x_j          Σ_{b c} A[b,c] x[b] x[c]
    Σ_{k=2}^n t_k                                 Σ_k t_k − t_1
    [x_1, e, …, x_n] at an index p                x[p] + δ(p,2) (e − x[2])

A `Poly` (index_terms.py) is a list of terms; a term is a number, the indices it is summed over (each over 1 … its size),
and factors with their indices. Functions, inverses and determinants are factors too, told apart by the spelling
(index_spelling.py) of what is inside. Sizes are 1 or more; a size is at least the number of an entry that is written
outside of all sums. That two spellings differ says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from derive.errors import TooLarge
from derive.matrix.families import Stacked
from derive.matrix.index_entries import MAX_RANGE, Entries, Place, whole_number
from derive.matrix.index_rules import RULES
from derive.matrix.index_terms import (
    BOUND,
    Index,
)
from derive.matrix.nodes import ArrayName, Dimension, Entry
from derive.matrix.shapes import shape_of
from derive.tree import (
    Binder,
    Node,
)


def equal(left: Node, right: Node, sizes: Iterable[str] = ()) -> bool:
    """Whether two formulas of one shape have one spelling, entry by entry; `sizes` are letters known to be some.

    Raises NoRule, TooLarge, Unreadable.
    """
    if shape_of(left) != shape_of(right):
        return False
    known = dict.fromkeys(sizes, 1) | least_sizes((left, right))
    ranges = [_every(size, letter) for size, letter in zip(shape_of(left), "pq", strict=True)]
    return all(Entries(known, RULES).same(left, right, Place(row, column)) for row, column in product(*ranges))


def least_sizes(trees: Iterable[Node]) -> dict[str, int]:
    """The letters that are sizes of something in the trees, each with the least it may be where all of it has a value."""
    found: dict[str, int] = {}

    def note(size: Dimension, least: int) -> None:
        if isinstance(size, str):
            found[size] = max(found.get(size, 1), least)

    def look(node: Node, *, summed: bool) -> None:
        if isinstance(node, ArrayName):
            for size in node.shape:
                note(size, 1)
        elif isinstance(node, Stacked):
            note(node.length, len(node.first) + 1)
        elif (
            isinstance(node, Entry)
            and not summed
            and isinstance(node.operand, ArrayName)
            and node.operand.role != "delta"
        ):
            shape = node.operand.shape
            sizes = shape if len(node.indices) == 2 else (shape[0] if shape[1] == 1 else shape[1],)
            for index, size in zip(node.indices, sizes, strict=False):
                note(size, whole_number(index) or 1)
        for child in node.children:
            look(child, summed=summed or isinstance(node, Binder | Stacked))

    for tree in trees:
        look(tree, summed=False)
    return found


def _every(size: Dimension, letter: str) -> list[Index | None]:
    """The index of a free row or column: a letter, or every number where the size is one."""
    if size == 1:
        return [None]
    if isinstance(size, str):
        return [Index(f"{BOUND}{letter}")]
    if size > MAX_RANGE:
        raise TooLarge(f"more than {MAX_RANGE} entries")
    return [Index("", k) for k in range(1, size + 1)]
