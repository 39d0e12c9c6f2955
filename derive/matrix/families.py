r"""What is written with dots, and families of vectors: the nodes, and what they mean.

    [x_1, x_2, \dots, x_n]                     Stacked along 1: a row of n entries, the k-th is x_k
    \begin{bmatrix} r_1 \\ \vdots \\ r_m …     Stacked along 0: m rows, one below the other
    a_1 x_1 + \dots + a_n x_n                  no node of its own: Σ_{k=1}^n a_k x_k (`derive.read.dots`)
    x_i, a family or the rows of X             Member: the i-th row (along 0) or column (along 1), always as a column

Dots are a comprehension: one general term in an index. The term is found from two written ones, the one that the run
before the dots gives and the one behind them: where they differ, numbers on one side face sizes on the other, and all of
these pairs must be one index (x_1 x_2 … x_{n-1} x_n gives k and k + 1). Every term written is then compared with the
term at its own index. Those that agree are the general term; an odd one stays what it is, an exception in its place, so
a formula with a slip is read exactly as it stands and can be refuted. Dots are refused where the last term written
before them does not follow the rule (unless two others do), where indices do not go up by one, where nothing follows
the dots, and where nothing says how many entries there are.

Sizes stay letters. A value is worked out at small sizes by putting 1, 2, … in for the index; sizes smaller than an
exception needs have no value. Equality for all sizes is decided on entries (`indexed.py`): there a Stacked is its
general term, and entries before a bound are taken out of the sums one by one.

The index of a Stacked is a name no author can write (`@1`), different from those inside its body: nothing captures it.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.matrix.nodes import ArrayName, ArrayNode, Dimension, Entry
from derive.tree import Derivative, Matrix, Name, Node, Number, number, substitute, walk

MAX_SHOWN = 2  # entries written before the dots
INDEX = "@"


@dataclass(frozen=True, eq=False)
class Dots(ArrayNode):
    """Three dots where an operand stands; no tree that is read whole holds one."""

    at: int = -1

    def content(self) -> tuple[object, ...]:
        return ()


@dataclass(frozen=True, eq=False)
class Sized(ArrayNode):
    r"""`M_{m \times n}`, or a matrix with its columns or rows drawn as bars: what is said of it; gone once shapes are checked."""

    operand: Node
    shape: tuple[Dimension, Dimension] | None = None
    drawn: int | None = None  # 1: bars draw columns, 0: dashes draw rows

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Sized(children[0], self.shape, self.drawn)

    def content(self) -> tuple[object, ...]:
        return (self.operand, self.shape, self.drawn)


@dataclass(frozen=True, eq=False)
class Stacked(ArrayNode):
    """`count` parts below one another (along 0) or side by side (along 1): those in `first`, then the body for each index.

    The body holds the index as a Name; parts are scalars, or rows below one another, or columns side by side.
    """

    along: int
    index: str
    count: Node
    first: tuple[Node, ...]
    body: Node

    @property
    def names(self) -> tuple[str, ...]:
        inner = (name for name in self.body.names if name != self.index)
        return tuple(dict.fromkeys((*(n for part in (self.count, *self.first) for n in part.names), *inner)))

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.count, *self.first, self.body)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Stacked(self.along, self.index, children[0], children[1:-1], children[-1])

    def content(self) -> tuple[object, ...]:
        return (self.along, self.index, self.count, self.first, self.body)

    def part(self, place: Node) -> Node:
        """The part at a place behind the exceptions."""
        return substitute(self.body, {self.index: place})

    def parts(self, count: int) -> list[Node]:
        """All parts where there are `count`; fewer than the exceptions is a ValueError."""
        if count < len(self.first) + 1:
            raise ValueError("fewer parts than are written out")
        return [*self.first, *(self.part(number(k)) for k in range(len(self.first) + 1, count + 1))]

    @property
    def length(self) -> Dimension:
        """The number of parts, as sizes are written."""
        return dimension_of(self.count)


@dataclass(frozen=True, eq=False)
class Member(ArrayNode):
    """The i-th row (along 0) or column (along 1) of a matrix, as a column; `called` is the letter it is written with."""

    operand: Node
    index: Node
    along: int = 0
    called: str = ""

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.operand, self.index)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Member(children[0], children[1], self.along, self.called)

    def content(self) -> tuple[object, ...]:
        return (self.operand, self.index, self.along)


def is_spelled_out(name: Node, formula: Node) -> bool:
    """`x = [x_1, …, x_n]^T`, `∂y/∂x = [∂y_i/∂x_j]`: an array or derivative written out by its own entries or members."""
    if isinstance(name, Derivative):
        return isinstance(formula, Matrix) and all(
            isinstance(entry, Entry) and entry.operand == name for entry in formula.children
        )
    if not isinstance(name, ArrayName):
        return False
    arrays = {node.key for node in walk(formula) if isinstance(node, ArrayName)}
    shown = any(isinstance(node, Stacked | Matrix) for node in walk(formula))
    return shown and arrays == {name.key}


def is_spelling(tree: Node) -> bool:
    """Whether all sides of a relation are made of the same arrays and one is written with dots: no condition, a claim."""
    of = [{node.key for node in walk(side) if isinstance(node, ArrayName)} for side in tree.children]
    return bool(of and of[0]) and all(keys == of[0] for keys in of) and Stacked in tree.kinds


def dimension_of(count: Node) -> Dimension:
    """A count as the size of a shape."""
    if isinstance(count, Number):
        return int(count.value)
    assert isinstance(count, Name)
    return count.key


def unused_index(*trees: Node) -> str:
    """An index that is bound in none of the trees."""
    taken = {node.index for tree in trees for node in walk(tree) if isinstance(node, Stacked)}
    return next(name for k in range(1, len(taken) + 2) if (name := f"{INDEX}{k}") not in taken)
