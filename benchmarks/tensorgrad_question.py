"""A case of matrix calculus as a tree of operations in JSON, for a program that shares no code with this one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matrix_judge import Question

from derive.matrix.monomials import rational
from derive.matrix.nodes import SCALAR, ArrayName, EntrywisePower, EntrywiseQuotient, Hadamard, Norm
from derive.matrix.shapes import segments, shape_of
from derive.symbols import Symbol
from derive.tree import (
    Absolute,
    Call,
    Constant,
    Determinant,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Transpose,
)

LAYOUTS = frozenset(
    ["gradient", "derivative", "jacobian", "jacobian-transposed", "hessian", "second-derivative", "vjp", "differential",
     "vec-jacobian"]
)  # fmt: skip
ENTRYWISE = frozenset(["exp", "log", "tanh", "erf", "sqrt", "sigmoid", "relu", "sign", "softplus"])
WITH = {"vjp": "upstream", "differential": "differential"}  # the role of what a layout is contracted with
Tree = dict[str, Any]


class NotExpressible(Exception):
    """There is no operation for it here; that says nothing of the other program."""


def asked(question: Question) -> Tree:
    """What is asked of the other program. Raises NotExpressible."""
    if question.layout not in LAYOUTS:
        raise NotExpressible(question.layout)
    symbol = question.table.resolve(question.wrt)
    if symbol is None:
        raise NotExpressible(question.wrt)
    asked: Tree = {"f": _Tree(question).of(question.f), "wrt": _variable(symbol), "layout": question.layout}
    if role := WITH.get(question.layout):
        asked["with"] = _variable(next(s for s in question.table.values() if s.role == role))
    asked["draws"] = [
        {"sizes": draw.sizes, "arrays": {name: _plain(array) for name, array in draw.arrays.items()}}
        for draw, _ in question.draws
    ]
    return asked


def in_shape(values: list[Any], question: Question) -> list[Any]:
    """The values that came back; the entries of vec f by those of vec X as one matrix."""
    arrays = [np.array(value) for value in values]
    if question.layout != "vec-jacobian":
        return arrays
    return [array.reshape(wanted.shape) for array, (_, wanted) in zip(arrays, question.draws, strict=True)]


def _plain(array: Any) -> list[list[float]]:
    return [[float(value) for value in row] for row in array]


def _variable(symbol: Symbol) -> Tree:
    symmetric = not symbol.properties.isdisjoint(["symmetric", "symmetric positive definite"])
    return {"op": "variable", "name": symbol.key, "shape": symbol.shape or SCALAR, "symmetric": symmetric}


class _Tree:
    def __init__(self, question: Question) -> None:
        self.table = question.table

    def of(self, node: Node) -> Tree:
        match node:
            case Number(value=value):
                return {"op": "number", "value": [value.numerator, value.denominator]}
            case Constant(name="pi" | "e" as name):
                return {"op": "constant", "value": math.pi if name == "pi" else math.e}
            case ArrayName():
                return self._array(node)
            case Name(key=key):
                if self.table[key].role == "dimension":
                    return {"op": "dimension", "name": key}
                return _variable(self.table[key])
            case Product():
                return self._product(node)
            case Quotient(numerator=top, denominator=bottom) | EntrywiseQuotient(numerator=top, denominator=bottom):
                return self._made("quotient", top, bottom)
            case Power() | EntrywisePower():
                return self._power(node)
            case Root(radicand=inner, index=None):
                return self._made("power", inner, value=[1, 2])
            case Norm(operand=inner, kind="F" | "2" | "") as norm if norm.kind == "F" or shape_of(inner)[1] == 1:
                return {"op": "power", "of": [self._made("square", inner)], "value": [1, 2]}
            case Call(arguments=(argument,), order=0):
                return self._call(node.function, argument)
            case Absolute(operand=inner):
                return self._made("entrywise", inner, name="abs")
        for kind, name in ((Sum, "sum"), (Negative, "negative"), (Determinant, "determinant"), (Hadamard, "hadamard")):
            if isinstance(node, kind):
                return self._made(name, *node.children)
        if isinstance(node, Transpose):
            return self._made("transpose", node.operand)
        raise NotExpressible(type(node).__name__)

    def _made(self, operation: str, *parts: Node, **more: Any) -> Tree:
        return {"op": operation, "of": [self.of(part) for part in parts], **more}

    def _array(self, node: ArrayName) -> Tree:
        if node.role in {"identity", "ones", "zeros"}:
            return {"op": node.role, "shape": node.shape}
        if node.role in {"", "upstream", "differential", "row"}:
            return _variable(self.table[node.key])
        if node.role == "centring":
            mean = {
                "op": "quotient",
                "of": [{"op": "ones", "shape": node.shape}, {"op": "dimension", "name": node.shape[0]}],
            }
            return {"op": "sum", "of": [{"op": "identity", "shape": node.shape}, {"op": "negative", "of": [mean]}]}
        raise NotExpressible(node.role)

    def _product(self, node: Product) -> Tree:
        runs = [self._made("chain", *run) if len(run) > 1 else self.of(run[0]) for run in segments(node.factors)]
        return {"op": "scaled", "of": runs}

    def _power(self, node: Power | EntrywisePower) -> Tree:
        value = rational(node.exponent)
        if isinstance(node, Power) and shape_of(node.base) != SCALAR:
            if value is None or value.denominator != 1 or not value:
                raise NotExpressible("a matrix to a power")
            return self._made("matrix_power", node.base, value=int(value))
        if value is None:
            return self._made("exponential", node.base, node.exponent)
        match node.base:
            case Norm(operand=inner, kind="F" | "2" | "") if value == 2 and (
                node.base.kind == "F" or shape_of(inner)[1] == 1
            ):
                return self._made("square", inner)
        return self._made("power", node.base, value=[value.numerator, value.denominator])

    def _call(self, function: str, argument: Node) -> Tree:
        if function in ENTRYWISE:
            return self._made("entrywise", argument, name=function)
        column = shape_of(argument)[1] == 1
        match function:
            case "tr":
                return self._made("trace", argument)
            case "diag":
                return self._made("diagonal" if column else "diagonal_of", argument)
            case "softmax":
                return self._made("softmax", argument, along="r" if column else "c")
            case "logsumexp":
                return self._made("logsumexp", argument)
        raise NotExpressible(function)
