"""The graph torch records: a program's formulas run by torch's own operators, and its grad_fn nodes walked depth first.

The formulas are evaluated from their trees with +, −, ×, ÷, ** of tensors; nothing of the derived graph is used, so that
the two can be compared vertex by vertex.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

import torch

from derive.errors import NoRule
from derive.graph import LEAF, Graph
from derive.program import Program
from derive.tree import Absolute, Call, Name, Negative, Node, Number, Power, Product, Quotient, Root, Sum

Tensor = Any
_CALLS: dict[str, Callable[[Tensor], Tensor]] = {
    "exp": torch.exp, "log": torch.log, "sin": torch.sin, "cos": torch.cos, "tan": torch.tan, "tanh": torch.tanh,
    "sinh": torch.sinh, "cosh": torch.cosh, "sigmoid": torch.sigmoid, "relu": torch.relu,
    "softplus": torch.nn.functional.softplus, "arctan": torch.atan, "arcsin": torch.asin, "arccos": torch.acos, "erf": torch.erf,
}  # fmt: skip
_SAME = {"Rsub": "Sub"}  # number − tensor has a node of its own


@dataclass(frozen=True, slots=True)
class RecordedVertex:
    """An operation torch recorded, or a leaf: its operands by number, the names of the program it is the value of."""

    operation: str
    names: tuple[str, ...]
    operands: tuple[int, ...]


@dataclass(frozen=True)
class Recording:
    """What torch recorded, depth first, and the value of every name."""

    vertices: tuple[RecordedVertex, ...]
    values: Mapping[str, float]
    slopes: Mapping[str, float]  # ∂top/∂leaf as torch has it; may be nan


def record(program: Program, top: str, values: Mapping[str, Fraction]) -> Recording:
    """Run a program on the values of its leaves. Raises NoRule for a leaf without a value or what is no scalar operation."""
    tensors: dict[str, Tensor] = {}
    for key in program.inputs(Name(top)):
        if key not in values:
            raise NoRule(f"{key} has no value; give it one to run the program")
        tensors[key] = torch.tensor(float(values[key]), dtype=torch.float64, requires_grad=True)
    leaves = dict(tensors)
    for key, tree in program.needed(Name(top)).items():
        tensors[key] = _value(tree, tensors)
    if tensors[top].requires_grad:
        tensors[top].backward()
    slopes = {key: float("nan") if leaf.grad is None else float(leaf.grad) for key, leaf in leaves.items()}
    return Recording(_walked(tensors[top], tensors), {key: float(t.detach()) for key, t in tensors.items()}, slopes)


def _value(tree: Node, tensors: Mapping[str, Tensor]) -> Tensor:
    match tree:
        case Name(key=key):
            return tensors[key]
        case Number():
            return float(tree.value)
        case Negative(operand=operand):
            return -_value(operand, tensors)
        case Sum(terms=terms):
            value = _value(terms[0], tensors)
            for term in terms[1:]:
                value = (
                    value - _value(term.operand, tensors)
                    if isinstance(term, Negative)
                    else value + _value(term, tensors)
                )
            return value
        case Product(factors=factors):
            return reduce(lambda a, b: a * b, (_value(factor, tensors) for factor in factors))
        case Quotient(numerator=above, denominator=below):
            return _value(above, tensors) / _value(below, tensors)
        case Power(base=base, exponent=exponent):
            return _value(base, tensors) ** _value(exponent, tensors)
        case Root(radicand=radicand, index=None):
            return torch.sqrt(_value(radicand, tensors))
        case Absolute(operand=operand):
            return abs(_value(operand, tensors))
        case Call(function="max" | "min" as function, arguments=(left, right), order=0):
            sides = [torch.as_tensor(_value(side, tensors), dtype=torch.float64) for side in (left, right)]
            of_two = torch.maximum(*sides) if function == "max" else torch.minimum(*sides)
            return of_two if tree.names else float(of_two)
        case Call(function=function, arguments=(argument,), order=0) if function in _CALLS:
            operand = _value(argument, tensors)
            if isinstance(operand, float):  # of numbers alone: a number, no vertex
                return float(_CALLS[function](torch.tensor(operand, dtype=torch.float64)))
            return _CALLS[function](operand)
    raise NoRule(f"torch runs no {type(tree).__name__.lower()} of scalars here")


def _walked(top: Tensor, tensors: Mapping[str, Tensor]) -> tuple[RecordedVertex, ...]:
    """grad_fn nodes, depth first, operands from left to right, each once."""
    named: dict[Any, list[str]] = {}
    for name, tensor in tensors.items():
        named.setdefault(tensor.grad_fn if tensor.grad_fn is not None else id(tensor), []).append(name)
    order: dict[Any, int] = {}
    stack = [top.grad_fn]
    while stack:
        node = stack.pop()
        if node is not None and node not in order:
            order[node] = len(order)
            stack.extend(below for below, _ in reversed(node.next_functions))
    found = []
    for node in order:
        leaf = getattr(node, "variable", None)
        names = named.get(node if leaf is None else id(leaf), [])
        operation = LEAF if leaf is not None else _operation(node.name())
        found.append(
            RecordedVertex(operation, tuple(names), tuple(order[b] for b, _ in node.next_functions if b is not None))
        )
    return tuple(found)


def _operation(name: str) -> str:
    stem = re.sub(r"Backward\d*$", "", name.rsplit("::", 1)[-1])
    return _SAME.get(stem, stem)


def difference(graph: Graph, recording: Recording) -> str | None:
    """Where the derived graph is not the recorded one, as a sentence; None if they are the same."""
    if len(graph.vertices) != len(recording.vertices):
        return f"{len(graph.vertices)} vertices were derived, torch recorded {len(recording.vertices)}"
    for number, (ours, theirs) in enumerate(zip(graph.vertices, recording.vertices, strict=True), 1):
        if ours.operation != theirs.operation or ours.operands != theirs.operands:
            return f"vertex {number} was derived as {ours.operation}, torch recorded {theirs.operation} there"
        if ours.name is not None and ours.name not in theirs.names:
            return f"vertex {number} is {ours.name}, torch has {', '.join(theirs.names) or 'no name'} there"
    return None
