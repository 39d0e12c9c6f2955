"""The derivative of a formula of vectors and matrices as a Derivation, with the names its result brings along declared."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from derive.errors import BadSpec
from derive.expression import Expression
from derive.matrix.layouts import LAYOUTS, derive_array
from derive.matrix.nodes import ArrayName
from derive.matrix.shapes import shape_of
from derive.matrix.steps import lines_of
from derive.program import Program
from derive.steps import Derivation, Step
from derive.symbols import Symbol, SymbolTable
from derive.tree import Node, substitute, walk
from derive.write import latex

BROUGHT = frozenset(["identity", "ones", "zeros", "differential", "upstream"])


class ArrayDerivation(Derivation):
    """A derivation whose lines are found when they are first asked for: the closed form does not need them."""

    def __init__(self, f: Node, wrt: str, closed: Node, table: SymbolTable, program: Program, layout: str) -> None:
        for name, value in (("f", f), ("wrt", (wrt,)), ("closed", closed), ("symbols", table), ("program", program)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "layout", layout)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The differential law by law, dX at the end, what is read off."""
        f = self.f
        for name, definition in reversed(self.program.definitions.items()):
            f = substitute(f, {name: definition})
        lines = lines_of(f, self.wrt[0], self.closed, self.symbols, self.layout)
        return tuple(
            Step(Expression(line.right, self.symbols), line.law, latex(line.right), line.left, line.differential)
            for line in lines
        )


def array_derivation(f: Node, wrt: str, layout: str, table: SymbolTable, program: Program) -> Derivation:
    """∂f/∂wrt in a layout. Raises NoRule, BadSpec for a layout that is not known, TooLarge."""
    if layout not in LAYOUTS:
        raise BadSpec(f"layout {layout!r} is not known; use one of {', '.join(LAYOUTS)}")
    table = table.with_upstream(shape_of(f))
    closed = derive_array(f, wrt, layout, table, program.definitions)
    table = table.extended(_brought(walk(closed), table))
    return ArrayDerivation(f, wrt, closed, table, program, layout)


def _brought(nodes: Iterable[Node], table: SymbolTable) -> list[Symbol]:
    """Identities, ones, the differential and the upstream gradient of the result that nobody declared."""
    found = {
        node.key: Symbol(node.key, "array", node.properties, shape=node.shape, role=node.role, of=node.of)
        for node in nodes
        if isinstance(node, ArrayName) and node.role in BROUGHT and node.key not in table
    }
    return list(found.values())
