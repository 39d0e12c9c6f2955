"""Arrays, lists and sets that are written out, and the signs that stand for two formulas."""

from __future__ import annotations

from dataclasses import dataclass

from derive.lazy import lazy
from derive.tree.node import Node


@dataclass(frozen=True, eq=False)
class PlusMinus(Node):
    """±u (or ∓u, `upper` false): two values; all ± of a formula are taken together, ∓ the other way."""

    operand: Node
    upper: bool = True

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return PlusMinus(children[0], self.upper)

    def content(self) -> tuple[object, ...]:
        return (self.operand, self.upper)


@dataclass(frozen=True, eq=False)
class ValueSet(Node):
    """{a, b, …}."""

    elements: tuple[Node, ...]

    @property
    def has_array(self) -> bool:
        return True

    @lazy
    def children(self) -> tuple[Node, ...]:
        return self.elements

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return ValueSet(children)


@dataclass(frozen=True, eq=False)
class Listing(Node):
    """(a, b, …), [a, b, …] or ⟨a, b, …⟩: two or more entries in order, neither row nor column."""

    elements: tuple[Node, ...]
    opening: str = "("  # "(", "[" or "<"

    @property
    def has_array(self) -> bool:
        return True

    @lazy
    def children(self) -> tuple[Node, ...]:
        return self.elements

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Listing(children, self.opening)

    def content(self) -> tuple[object, ...]:
        return (self.opening, self.elements)


@dataclass(frozen=True, eq=False)
class Matrix(Node):
    """A matrix that is written out: one or more rows of as many entries each. The brackets are typography."""

    rows: tuple[tuple[Node, ...], ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows), len(self.rows[0])

    @property
    def has_array(self) -> bool:
        return True

    @lazy
    def children(self) -> tuple[Node, ...]:
        return tuple(entry for row in self.rows for entry in row)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        width = self.shape[1]
        return Matrix(tuple(children[start : start + width] for start in range(0, len(children), width)))

    def content(self) -> tuple[object, ...]:
        return (self.rows,)


@dataclass(frozen=True, eq=False)
class Transpose(Node):
    """Aᵀ; of a list, the column of its entries."""

    operand: Node

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Transpose(children[0])


@dataclass(frozen=True, eq=False)
class Determinant(Node):
    """det A, or |A| around a matrix that is written out."""

    operand: Node

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Determinant(children[0])
