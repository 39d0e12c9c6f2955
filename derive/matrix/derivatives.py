"""∂F/∂X in a formula → its value, where F or X, or a definition between them, holds vectors or matrices.

The shape is the one a Derivative has (shapes.py): a scalar's gradient has the shape of the variable, a column by a column
is the Jacobian, by a scalar it has the shape of F; two columns below are the Hessian.
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.errors import NoRule
from derive.matrix.derivation import array_derivation
from derive.matrix.nodes import SCALAR, ArrayName, has_arrays
from derive.matrix.shapes import in_words, shape_of
from derive.program import Program
from derive.symbols import SymbolTable
from derive.tree import ZERO, Derivative, Node, transform

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

    def take(node: Node) -> Node | None:
        if isinstance(node, Derivative) and involves_arrays(node, program):
            return taken(node, program, table)
        return None

    return transform(tree, take) if Derivative in tree.kinds else tree


def is_by_arrays(node: Node) -> bool:
    """Whether this is a derivative by an array."""
    return isinstance(node, Derivative) and any(isinstance(variable, ArrayName) for variable in node.variables)
