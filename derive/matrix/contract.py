"""What is written with indices → products of matrices: Σ_i Σ_j x_i a_{ij} x_j is xᵀAx, the row [a_1, …, a_n] is aᵀ.

Only sums of products of entries, in which every index that is summed over stands twice (or once: a sum over entries, a
product with ones), are products of matrices; anything else is left as it is written.
"""

from __future__ import annotations

from collections import defaultdict

from derive.errors import NoRule, TooLarge, Unreadable
from derive.matrix.atoms import ones
from derive.matrix.build import add, product, scaled, trace, transpose
from derive.matrix.families import Member, Stacked
from derive.matrix.index_entries import Entries, Place
from derive.matrix.index_rules import RULES
from derive.matrix.index_terms import BOUND, Factor, Index, Term
from derive.matrix.indexed import least_sizes
from derive.matrix.nodes import ArrayName, Dimension, Entry, Shape
from derive.matrix.shapes import shape_of
from derive.tree import Binder, Name, Node, Power, number, walk

INDEXED = (Binder, Stacked, Member)
ROW, COLUMN = Index(f"{BOUND}p"), Index(f"{BOUND}q")
FAILURES = (NoRule, TooLarge, Unreadable, ZeroDivisionError)


def in_matrices(tree: Node, wrt: str) -> Node:
    """The tree with the largest parts that are written with indices, and depend on a name, as products of matrices."""
    if wrt not in tree.names or not any(isinstance(node, INDEXED) for node in walk(tree)):
        return tree
    if tree.has_array:
        found = _contracted(tree)
        if found is not None:
            return found
    children = tuple(in_matrices(child, wrt) for child in tree.children)
    return tree if children == tree.children else tree.rebuilt(children)


def _contracted(tree: Node) -> Node | None:
    try:
        shape = shape_of(tree)
        if any(isinstance(size, int) and size != 1 for size in shape):
            return None
        place = Place(None if shape[0] == 1 else ROW, None if shape[1] == 1 else COLUMN)
        entries = Entries(least_sizes((tree,)), RULES)
        poly = entries.collected(entries.of(tree, place))
        arrays = {node.key: node for node in walk(tree) if isinstance(node, ArrayName)}
        return add([_Words(term, arrays, shape).product() for term in poly]) if poly else None
    except FAILURES:
        return None


class _Words:
    """One term as a product of matrices. Raises NoRule where it is none."""

    def __init__(self, term: Term, arrays: dict[str, ArrayName], shape: Shape) -> None:
        self.coefficient, self.arrays, self.shape = term.coefficient, arrays, shape
        self.scalars: list[Node] = []
        self.edges: list[tuple[Node, tuple[str, ...]]] = []
        sizes: dict[str, Dimension] = dict(term.bound)
        for factor in term.factors:
            self.take(factor)
        for index, size in zip((ROW, COLUMN), shape, strict=True):
            if size != 1:
                sizes[index.base] = size
        counts: dict[str, int] = defaultdict(int)
        for _, places in self.edges:
            for place in places:
                counts[place] += 1
        for name, size in sizes.items():
            wanted = 1 if name in {ROW.base, COLUMN.base} else 2
            if counts[name] > wanted:
                raise NoRule("an index that stands more than twice")
            if counts[name] < wanted:
                self.edges.append((ones((size, 1)), (name,)))

    def take(self, factor: Factor) -> None:
        if factor.kind == "index" and not factor.indices[0].offset and not factor.indices[0].base.startswith(BOUND):
            name: Node = Name(factor.indices[0].base)
            self.scalars.append(name if factor.power == 1 else Power(name, number(factor.power)))
            return
        array = self.arrays.get(factor.key)
        if factor.kind not in {"entry", "symmetric"} or array is None or not 0 < factor.power <= 2:
            raise NoRule("a factor that is no entry")
        places = tuple(index.base for index in factor.indices)
        if any(index.offset or not index.base.startswith(BOUND) for index in factor.indices):
            self.single(array, factor)
            return
        if array.role or "diagonal" in array.properties:
            raise NoRule("entries of what is no matrix of its own")
        column = transpose(array) if array.shape[0] == 1 else array
        self.edges += [(column, places)] * factor.power

    def single(self, array: ArrayName, factor: Factor) -> None:
        """An entry of its own, where its indices are none that are summed over."""
        if any(index.base.startswith(BOUND) for index in factor.indices):
            raise NoRule("a row or column alone")
        indices = tuple(_index(index) for index in factor.indices)
        entry = Entry(array, indices)
        self.scalars.append(entry if factor.power == 1 else Power(entry, number(factor.power)))

    def product(self) -> Node:
        left = self.word(ROW.base) if self.shape[0] != 1 else []
        whole, end = (left, self.end) if left else ([], "")
        if end != COLUMN.base and self.shape[1] != 1:
            whole = [*whole, transpose(product(*self.word(COLUMN.base)))]
        while self.edges:
            self.scalars.append(self.closed())
        return scaled(self.coefficient, product(*self.scalars, *whole))

    def word(self, start: str) -> list[Node]:
        """The factors along the indices from one on, to a vector or the last index."""
        found: list[Node] = []
        place: str | None = start
        self.end = ""
        while place is not None:
            edge = next((e for e in self.edges if place in e[1]), None)
            if edge is None:
                self.end = place
                break
            self.edges.remove(edge)
            node, places = edge
            if len(places) == 1:
                found.append(node)
                place = None
            else:
                forward = places[0] == place
                found.append(node if forward else transpose(node))
                place = places[1] if forward else places[0]
        return found

    def closed(self) -> Node:
        """A number: from vector to vector, or round."""
        vector = next((edge for edge in self.edges if len(edge[1]) == 1), None)
        if vector is not None:
            self.edges.remove(vector)
            return product(transpose(vector[0]), *self.word(vector[1][0]))
        node, (first, last) = self.edges.pop(0)
        rest = self.word(last) if last != first else []
        return trace(product(node, *rest))


def _index(index: Index) -> Node:
    if not index.base:
        return number(index.offset)
    if index.offset:
        raise NoRule("an entry beside the last")
    return Name(index.base)
