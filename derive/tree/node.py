"""What every node of a tree has: children, names, content, a hash; and the walk over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from derive.errors import TooLarge
from derive.lazy import lazy

MAX_DEPTH = 60  # of nested nodes; the deepest walk takes about ten of Python's thousand frames for each
LARGE = 64  # nodes from which trees are compared by their digests


@dataclass(frozen=True, eq=False)
class Node:
    """Anything that can stand in a formula."""

    @lazy
    def children(self) -> tuple[Node, ...]:
        """The operands, left to right."""
        return ()

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        """The same node over other operands."""
        return self

    @lazy
    def depth(self) -> int:
        """Nesting depth; a leaf has 1. Raises TooLarge beyond MAX_DEPTH, so no tree can exhaust the stack."""
        depth = 1 + max([child.depth for child in self.children], default=0)
        if depth > MAX_DEPTH:
            raise TooLarge(f"nested deeper than {MAX_DEPTH} levels")
        return depth

    @lazy
    def size(self) -> int:
        """The number of nodes, one that occurs twice counted twice."""
        return 1 + sum([child.size for child in self.children])

    @lazy
    def hashed(self) -> int:
        """The content hash, computed once: trees are keys of every cache."""
        return hash((type(self).__name__, self.content()))

    @lazy
    def digest(self) -> bytes:
        """A cryptographic hash of the content: copies of a tree that uses its parts again and again are equal at once."""
        return blake2b(repr((type(self).__name__, _flat(self.content()))).encode(), digest_size=16).digest()

    @lazy
    def names(self) -> tuple[str, ...]:
        """The keys of the names that occur, computed once."""
        found: dict[str, None] = {}
        for child in self.children:
            found.update(dict.fromkeys(child.names))
        return tuple(found)

    @lazy
    def kinds(self) -> tuple[type[Node], ...]:
        """The kind of every node, parents first: what passes over trees look here first whether there is anything to do."""
        return tuple(map(type, walk(self)))

    @lazy
    def has_array(self) -> bool:
        """Whether a matrix, list or set that is written out occurs in it, computed once."""
        return any(child.has_array for child in self.children)

    def content(self) -> tuple[object, ...]:
        """What the node compares by."""
        return self.children

    def __hash__(self) -> int:
        return self.hashed

    def __getstate__(self) -> dict[str, object]:
        """Without the hash, which another process computes otherwise."""
        return {name: value for name, value in self.__dict__.items() if name != "hashed"}

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other) or not isinstance(other, Node):
            return NotImplemented if not isinstance(other, Node) else False
        if self.hashed != other.hashed:
            return False
        return self.digest == other.digest if self.size > LARGE else self.content() == other.content()


def _flat(part: object) -> object:
    if isinstance(part, Node):
        return part.digest
    return tuple(map(_flat, part)) if isinstance(part, tuple) else part


def walk(node: Node) -> Iterator[Node]:
    """Every node, parents first, left to right."""
    stack = [node]
    while stack:
        top = stack.pop()
        yield top
        children = top.children
        if children:
            stack.extend(children[::-1])
