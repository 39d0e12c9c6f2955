"""The derivative of a formula of vectors and matrices as a Derivation, with the names its result brings along declared."""

from __future__ import annotations

from collections.abc import Iterable

from derive.errors import BadSpec
from derive.expression import Expression
from derive.matrix.layouts import LAYOUTS, derive_array
from derive.matrix.nodes import ArrayName
from derive.matrix.shapes import shape_of
from derive.program import Program
from derive.steps import Derivation, Step
from derive.symbols import Symbol, SymbolTable
from derive.tree import Node, walk
from derive.write import latex

BROUGHT = frozenset(["identity", "ones", "zeros", "differential", "upstream"])
LAW = {"gradient": "read off from the differential"}


def array_derivation(f: Node, wrt: str, layout: str, table: SymbolTable, program: Program) -> Derivation:
    """∂f/∂wrt in a layout. Raises NoRule, BadSpec for a layout that is not known, TooLarge."""
    if layout not in LAYOUTS:
        raise BadSpec(f"layout {layout!r} is not known; use one of {', '.join(LAYOUTS)}")
    table = table.with_upstream(shape_of(f))
    closed = derive_array(f, wrt, layout, table, program.definitions)
    table = table.extended(_brought(walk(closed), table))
    step = Step(Expression(closed, table), LAW.get(layout, layout), latex(closed))
    return Derivation(f, (wrt,), (step,), closed, table, program, layout)


def _brought(nodes: Iterable[Node], table: SymbolTable) -> list[Symbol]:
    """Identities, ones, the differential and the upstream gradient of the result that nobody declared."""
    found = {
        node.key: Symbol(node.key, "array", node.properties, shape=node.shape, role=node.role, of=node.of)
        for node in nodes
        if isinstance(node, ArrayName) and node.role in BROUGHT and node.key not in table
    }
    return list(found.values())
