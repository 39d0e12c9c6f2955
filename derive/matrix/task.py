"""What is asked for: a formula, the name it is differentiated by, the names that are free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from derive.errors import BadSpec
from derive.matrix.backward import Backward, Naming
from derive.matrix.nodes import SCALAR, ArrayName, Entry, Shape
from derive.matrix.shapes import shape_of
from derive.matrix.sums import Manner
from derive.symbols import SymbolTable
from derive.tree import Name, Node, names, walk


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked: a formula, the name it is differentiated by, and the table."""

    f: Node
    x: Node
    table: SymbolTable
    backward: Backward
    naming: Naming | None = None  # where the result may be written with names of cotangents

    @property
    def key(self) -> str:
        return self.x.names[0]

    @property
    def shape(self) -> Shape:
        return shape_of(self.x)

    def pulled(self, cotangent: Node) -> Node:
        return self.backward.pulled(self.f, cotangent, self.key)

    def free(self, base: str) -> str:
        """A spelling that neither the formula, the definitions nor the table use."""
        while base in names(self.f) or base in self.table or base in self.backward.definitions:
            base += "'"
        return base

    def declared(self, role: str, base: str, shape: Shape) -> Node:
        """The name declared in this role, or one that is free."""
        for symbol in self.table.values():
            if symbol.role == role and (role != "differential" or symbol.of == self.key):
                return named(symbol.key, shape, role, symbol.of)
        return named(self.free(base), shape, role, self.key if role == "differential" else "")


def named(name: str, shape: Shape, role: str = "", of: str = "") -> Node:
    return Name(name) if shape == SCALAR else ArrayName(name, shape, role=role, of=of)


def manner_of(written: Iterable[Node], table: SymbolTable) -> Manner:
    """What the author wrote and declared."""
    declared = list(table.values())
    return Manner(
        frozenset(part for tree in written for part in walk(tree) if part.children),
        frozenset(s.shape for s in declared if s.role == "identity" and s.shape),
        frozenset(s.shape for s in declared if s.role == "ones" and s.shape),
    )


def variable_of(wrt: str, table: SymbolTable) -> tuple[Node, tuple[Node, ...]]:
    """The name to differentiate by, and the indices where an entry of it is meant (X_{kl})."""
    from derive.matrix.facts import stripped

    symbol = table.resolve(wrt)
    if symbol is not None:
        shape = symbol.shape if symbol.is_array and symbol.shape is not None else SCALAR
        return (Name(symbol.key) if shape == SCALAR else stripped(ArrayName(symbol.key, shape, symbol.properties)), ())
    from derive.read import read

    node = read(wrt, table).tree
    if isinstance(node, Entry) and isinstance(node.operand, ArrayName):
        return stripped(node.operand), node.indices
    raise BadSpec(f"{wrt} is no declared variable")
