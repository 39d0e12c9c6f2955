"""The nodes of matrix formulas that scalars do not have. Like every node they say what was written, and compare by content.

A vector n has the shape (n, 1), a scalar (1, 1). Elsewhere: Xᵀ is Transpose, det X is Determinant, X⁻¹ is Power(X, −1),
X⁻ᵀ the transpose of that, a product in the order written is Product; tr, diag, vec, softmax, logsumexp, expm, adj, pinv
are calls of functions of that name; ones and identities are names that are declared so; f(X) of an entrywise function is
a call.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from derive.tree import Derivative, Node

Dimension = str | int  # n, or a number
Shape = tuple[Dimension, Dimension]
SCALAR: Shape = (1, 1)
VECTORS_OF = frozenset({"left singular", "right singular", "eigenvector", "polar"})  # roles: found from another array


class ArrayNode(Node):
    """A node that only formulas of vectors and matrices have: no room for scalars takes it for a number."""

    @property
    def has_array(self) -> bool:
        return True


@dataclass(frozen=True, eq=False)
class ArrayName(ArrayNode):
    """A name declared as a vector or matrix, with its shape and what is declared of it.

    `role` is one of ROLES in `specs.py`, else empty: "ones", "identity", "centring" for I − 𝟏𝟏ᵀ/n, …; `of` names what a
    differential, an upstream gradient or a singular vector belongs to. Of the Kronecker delta only entries are read; its
    shape is ("", ""). Two names are equal if their keys and shapes are: one table declares a key once.
    """

    key: str
    shape: Shape
    properties: frozenset[str] = frozenset()
    role: str = ""
    of: str = ""
    at: int = field(default=-1)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.key,)

    def content(self) -> tuple[object, ...]:
        return (self.key, self.shape)

    def renamed(self, key: str) -> ArrayName:
        """The same array under another key."""
        return replace(self, key=key)

    def __str__(self) -> str:
        return self.key


@dataclass(frozen=True, eq=False)
class Hadamard(ArrayNode):
    """u ⊙ v: two or more factors of one shape, multiplied entry by entry."""

    factors: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.factors

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Hadamard(children)


@dataclass(frozen=True, eq=False)
class EntrywiseQuotient(ArrayNode):
    """u ⊘ v, entry by entry."""

    numerator: Node
    denominator: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.numerator, self.denominator)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return EntrywiseQuotient(*children)


@dataclass(frozen=True, eq=False)
class EntrywisePower(ArrayNode):
    """u^{⊙k}: every entry to the power of a scalar."""

    base: Node
    exponent: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.base, self.exponent)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return EntrywisePower(*children)


@dataclass(frozen=True, eq=False)
class Kronecker(ArrayNode):
    """A ⊗ B of two or more factors."""

    factors: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.factors

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Kronecker(children)


UNMARKED = "2 or F"  # of the norm of a matrix without an index, beside lengths of vectors


@dataclass(frozen=True, eq=False)
class Norm(ArrayNode):
    """‖u‖ with its kind: "2" (Euclidean of a vector, spectral of a matrix), "F", "1", "infinity", "*" (nuclear), UNMARKED."""

    operand: Node
    kind: str = "2"

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Norm(children[0], self.kind)

    def content(self) -> tuple[object, ...]:
        return (self.kind, self.operand)


@dataclass(frozen=True, eq=False)
class Entry(ArrayNode):
    """X_{ij}, x_i, (X A)_{ij}: one entry, by indices or numbers from 1."""

    operand: Node
    indices: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.operand, *self.indices)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Entry(children[0], children[1:])


@dataclass(frozen=True, eq=False)
class Space(ArrayNode):
    r"""`\mathbb{R}^{m \times n}` behind a `\in`: what is claimed of a shape; a column of n entries lies in `\mathbb{R}^n`."""

    shape: Shape

    def content(self) -> tuple[object, ...]:
        return (self.shape,)


def has_array_name(node: Node) -> bool:
    """Whether a declared vector or matrix occurs, not only one that is written out."""
    parts = (*node.children, *node.variables) if isinstance(node, Derivative) else node.children
    return isinstance(node, ArrayName) or any(part.has_array and has_array_name(part) for part in parts)


def has_arrays(*trees: Node) -> bool:
    """Whether a name of a vector or matrix occurs."""
    return any(has_array_name(tree) for tree in trees if tree.has_array)
