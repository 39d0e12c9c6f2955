r"""What is written below a derivative, as derivatives of whole arrays: ∂L/∂z_i is entry i of ∂L/∂z.

∂f/∂X_{kl}        f a scalar: entry (k, l) of the gradient
∂F_i/∂x_j         F and x columns: entry (i, j) of the Jacobian
∂f/∂xᵀ            f a scalar: the gradient as a row; f a column: the Jacobian
∂²f/∂x∂xᵀ         the Hessian
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from derive.matrix.nodes import SCALAR, ArrayName, Entry
from derive.matrix.shapes import shape_of
from derive.tree import Derivative, Name, Node, Transpose


@dataclass(frozen=True, slots=True)
class Variable:
    """What a derivative is taken by: a name, an entry of an array, or a column lying on its side."""

    name: Name | ArrayName
    indices: tuple[Node, ...] = ()
    turned: bool = False

    @property
    def key(self) -> str:
        return self.name.key


def derivative_by(operand: Node, variables: tuple[Variable, ...]) -> Node:
    """The derivative that is written."""
    by: tuple[Any, ...] = tuple(variable.name for variable in variables)
    indices = tuple(index for variable in variables for index in variable.indices)
    if indices and _entry_of_column(operand) and all(_column(v.name) for v in variables):
        assert isinstance(operand, Entry)
        return Entry(Derivative(operand.operand, by), (*operand.indices, *indices))
    taken = Derivative(operand, by)
    if indices:
        return Entry(taken, indices)
    lying = len(variables) == 1 and variables[0].turned and not (operand.has_array and shape_of(operand) != SCALAR)
    return Transpose(taken) if lying else taken


def _entry_of_column(node: Node) -> bool:
    return isinstance(node, Entry) and len(node.indices) == 1 and isinstance(node.operand, ArrayName)


def _column(name: Name | ArrayName) -> bool:
    return isinstance(name, ArrayName) and name.shape[1] == 1


def entries_of(node: Entry) -> tuple[Node, tuple[Node, ...]] | None:
    """What the entry of a derivative is written with: what is differentiated, and by what; None if that is not one entry each."""
    taken = node.operand
    if not isinstance(taken, Derivative):
        return None
    wanted = [1 if variable.shape[1] == 1 else 2 for variable in taken.variables if isinstance(variable, ArrayName)]
    if len(wanted) != len(taken.variables):
        return None
    above = len(node.indices) - sum(wanted)
    if above not in (0, 1) or (above and not isinstance(taken.operand, ArrayName)):
        return None
    operand = Entry(taken.operand, node.indices[:above]) if above else taken.operand
    rest = list(node.indices[above:])
    by = tuple(
        Entry(variable, tuple(rest.pop(0) for _ in range(count)))
        for variable, count in zip(taken.variables, wanted, strict=True)
    )
    return operand, by
