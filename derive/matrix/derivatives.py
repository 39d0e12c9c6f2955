"""∂F/∂X in a formula → its value, where F or X, or a definition between them, holds vectors or matrices.

The shape is the one a Derivative has (shapes.py): a scalar's gradient has the shape of the variable, a column by a column
is the Jacobian, by a scalar it has the shape of F; two columns below are the Hessian.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from derive.errors import NoRule
from derive.matrix.by_index import ByEntry
from derive.matrix.derivation import array_derivation
from derive.matrix.nodes import SCALAR, ArrayName, Entry, has_arrays
from derive.matrix.shapes import in_words, shape_of
from derive.program import Program
from derive.symbols import SymbolTable
from derive.tree import ZERO, Derivative, Node

Where = Mapping[str, Node]


def involves_arrays(node: Derivative, program: Program) -> bool:
    """Whether the laws of scalars alone do not do."""
    return node.has_array or has_arrays(*program.needed(node.operand).values())


def layout_of(f: Node, x: Node) -> str:
    """The layout whose shape the derivative of f by x has. Raises NoRule where it is no matrix."""
    if shape_of(f) == SCALAR or shape_of(x) == SCALAR:
        return "gradient"
    if shape_of(f)[1] == 1 and shape_of(x)[1] == 1:
        return "jacobian"
    raise NoRule(f"{in_words(f)} and {in_words(x)}: such a derivative is no matrix")


def taken(node: Derivative, program: Program, table: SymbolTable) -> Node:
    """A derivative through all definitions, taken by its variables in turn. Raises NoRule, TooLarge."""
    found = node.operand
    for variable in node.variables:
        if found == ZERO:
            return ZERO
        found = array_derivation(found, variable.key, layout_of(found, variable), table, program).closed
    return found


def differentiated(tree: Node, program: Program, table: SymbolTable) -> Node:
    """Every derivative that involves arrays taken through all definitions; others are left. Raises NoRule, TooLarge."""

    def of(node: Node) -> Node:
        if Derivative not in node.kinds:
            return node
        if isinstance(node, Entry) and is_by_arrays(node.operand):
            return entry_taken(node, program, table, of)
        children = tuple(of(child) for child in node.children)
        rebuilt = node if children == node.children else node.rebuilt(children)
        if isinstance(rebuilt, Derivative) and involves_arrays(rebuilt, program):
            return taken(rebuilt, program, table)
        return rebuilt

    return of(tree)


def entry_taken(node: Entry, program: Program, table: SymbolTable, of: Callable[[Node], Node]) -> Node:
    """An entry of a derivative: by the laws of whole arrays, or else index by index. Raises NoRule, TooLarge."""
    whole = node.operand
    assert isinstance(whole, Derivative)
    try:
        return Entry(of(whole), tuple(of(index) for index in node.indices))
    except NoRule:
        counts = [len(place_of(variable)) for variable in whole.variables]
        if shape_of(whole.operand) != SCALAR or sum(counts) != len(node.indices):
            raise
        found, places = program.expanded(of(whole.operand)), list(node.indices)
        for variable, count in zip(whole.variables, counts, strict=True):
            assert isinstance(variable, ArrayName)
            place = tuple(places.pop(0) for _ in range(count))
            by: ArrayName = variable

            def by_whole(f: Node, layout: str, by: ArrayName = by) -> Node:
                return array_derivation(f, by.key, layout, table, program).closed

            found = ByEntry(by, place, by_whole).of(found)
        return found


def place_of(variable: Node) -> tuple[int, ...]:
    """The sizes that the indices of an entry run over, as places."""
    return () if not isinstance(variable, ArrayName) else (0,) if 1 in variable.shape else (0, 0)


def is_by_arrays(node: Node) -> bool:
    """Whether this is a derivative by an array."""
    return isinstance(node, Derivative) and any(isinstance(variable, ArrayName) for variable in node.variables)
