"""Sums over all entries as products with ones: Σ_i b_i exp(x_i) is 𝟏ᵀ(b ⊙ exp(x)), Σ_i Σ_j X_ij² is 𝟏ᵀX^{⊙2}𝟏.

Only a sum over a whole range is one of these, and only where its index does nothing but number entries.
"""

from __future__ import annotations

from derive.errors import NoRule
from derive.matrix.atoms import ones
from derive.matrix.build import product, transpose
from derive.matrix.hadamard import lifted, spread
from derive.matrix.nodes import Dimension, Entry, Shape
from derive.matrix.shapes import shape_of
from derive.tree import Binder, Name, Node, Number, transform


def in_vectors(tree: Node, wrt: str) -> Node:
    """The tree with sums over the entries of what depends on `wrt` as sums of arrays."""
    return transform(tree, lambda node: _in_vectors(node, wrt) if isinstance(node, Binder) else None)


def _in_vectors(node: Binder, wrt: str) -> Node | None:
    if node.kind != "sum" or wrt not in node.body.names:
        return None
    inner = node.body
    size = _range(node)
    if size is None:
        return None
    if isinstance(inner, Binder) and inner.kind == "sum" and (other := _range(inner)) is not None:
        if node.index == inner.index or node.index in [n for b in inner.bounds for n in b.names]:
            return None
        whole = _array(inner.body, (node.index, inner.index), (size, other), wrt)
        return None if whole is None else product(transpose(ones((size, 1))), whole, ones((other, 1)))
    whole = _array(inner, (node.index,), (size, 1), wrt)
    return None if whole is None else product(transpose(ones((size, 1))), whole)


def _range(node: Binder) -> Dimension | None:
    """n of a sum from 1 to n."""
    low, high = node.bounds
    if low != Number("1"):
        return None
    if isinstance(high, Name):
        return high.key
    return int(high.value) if isinstance(high, Number) and high.value.denominator == 1 else None


def _array(body: Node, indices: tuple[str, ...], shape: Shape, wrt: str) -> Node | None:
    """The array whose entries the body is, by all its indices; None where an index does something else."""
    places: dict[str, Node] = {}

    def place(node: Node) -> Node | None:
        if not isinstance(node, Entry) or not set(indices) & set(node.names):
            return None
        array = _spread_entry(node, indices, shape)
        if array is None:
            return None
        name = f"@{len(places)}"
        places[name] = array
        return Name(name)

    plain = transform(body, place)
    if set(indices) & set(plain.names) or not any(wrt in array.names for array in places.values()):
        return None
    try:
        return spread(lifted(plain, places, shape), shape)
    except NoRule:
        return None


def _spread_entry(node: Entry, indices: tuple[str, ...], shape: Shape) -> Node | None:
    """The array with this entry at every place of the range."""
    if set(indices) & set(node.operand.names) or getattr(node.operand, "role", "") == "delta":
        return None
    given = tuple(index.key if isinstance(index, Name) else None for index in node.indices)
    have = shape_of(node.operand)
    if len(indices) == 1:
        column = node.operand if have[1] == 1 else transpose(node.operand)
        return column if given == indices and shape_of(column) == shape else None
    if given == indices and have == shape:
        return node.operand
    if given == indices[::-1] and have[::-1] == shape:
        return transpose(node.operand)
    column = node.operand if have[1] == 1 else transpose(node.operand)
    if given == indices[:1] and shape_of(column) == (shape[0], 1):
        return product(column, transpose(ones((shape[1], 1))))
    if given == indices[1:] and shape_of(column) == (shape[1], 1):
        return product(ones((shape[0], 1)), transpose(column))
    return None
