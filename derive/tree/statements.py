"""Nodes that state something, or choose by a statement."""

from __future__ import annotations

from dataclasses import dataclass

from derive.lazy import lazy
from derive.tree.node import Node


@dataclass(frozen=True, eq=False)
class Chain(Node):
    """`a = b ≤ c`: sides and the relations between them; `continued` if the text began with the first relation."""

    sides: tuple[Node, ...]
    relations: tuple[str, ...]
    continued: bool = False
    at: tuple[int, ...] = ()  # where the relations stood in the text; no part of the comparison

    @lazy
    def children(self) -> tuple[Node, ...]:
        return self.sides

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Chain(children, self.relations, self.continued, self.at)

    def content(self) -> tuple[object, ...]:
        return (self.sides, self.relations, self.continued)


@dataclass(frozen=True, eq=False)
class Implication(Node):
    """`p ⇒ q ⇔ r`: statements (or bare expressions) joined by arrows; `continued` if the text began with an arrow."""

    statements: tuple[Node, ...]
    arrows: tuple[str, ...]
    continued: bool = False

    @lazy
    def children(self) -> tuple[Node, ...]:
        return self.statements

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Implication(children, self.arrows, self.continued)

    def content(self) -> tuple[object, ...]:
        return (self.statements, self.arrows, self.continued)


@dataclass(frozen=True, eq=False)
class Logical(Node):
    """`p and q`, `p or q`: two or more statements joined by one connective."""

    connective: str  # "and" or "or"
    statements: tuple[Node, ...]

    @lazy
    def children(self) -> tuple[Node, ...]:
        return self.statements

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Logical(self.connective, children)

    def content(self) -> tuple[object, ...]:
        return (self.connective, self.statements)


@dataclass(frozen=True, eq=False)
class Otherwise(Node):
    """The condition of the last branch of a case distinction: none of those before."""


@dataclass(frozen=True, eq=False)
class Cases(Node):
    """A case distinction: the value of the first branch whose condition holds."""

    values: tuple[Node, ...]
    conditions: tuple[Node, ...]  # Chain, Logical or Otherwise, one a value

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (*self.values, *self.conditions)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        half = len(self.values)
        return Cases(children[:half], children[half:])


@dataclass(frozen=True, eq=False)
class Indicator(Node):
    """1 where a statement holds, else 0."""

    condition: Node

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.condition,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Indicator(children[0])


@dataclass(frozen=True, eq=False)
class SuchThat(Node):
    """A body where a condition holds: what an extremum is taken of."""

    body: Node
    condition: Node

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.body, self.condition)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return SuchThat(*children)


@dataclass(frozen=True, eq=False)
class OffKinks(Node):
    """A derivative as the laws give it: its value where none of `kinks` vanishes, and none elsewhere.

    `of` is what was differentiated, and by which names in turn: for a reader to be told of, no part of the comparison.
    """

    body: Node
    kinks: tuple[Node, ...]
    of: tuple[Node, tuple[str, ...]] | None = None

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.body, *self.kinks)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return OffKinks(children[0], children[1:], self.of)


@dataclass(frozen=True, eq=False)
class HasProperty(Node):
    """f is (not) convex, increasing, Lipschitz with constant c …, as a function of one name; kinds are in read/words.py.

    The name is None for a function without its argument, which is said of every argument.
    """

    formula: Node
    variable: Node | None
    kind: str
    constant: Node | None = None
    negated: bool = False

    @lazy
    def children(self) -> tuple[Node, ...]:
        return tuple(part for part in (self.formula, self.variable, self.constant) if part is not None)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        rest = list(children[1:])
        variable = rest.pop(0) if self.variable is not None else None
        return HasProperty(children[0], variable, self.kind, rest[0] if rest else None, self.negated)

    def content(self) -> tuple[object, ...]:
        return (self.children, self.kind, self.variable is None, self.negated)


def states(node: Node) -> bool:
    """Whether a tree states something rather than names a value."""
    return isinstance(node, Chain | Logical | Implication | HasProperty)
