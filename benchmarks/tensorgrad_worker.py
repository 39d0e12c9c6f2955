"""tensorgrad deriving one JSON question a line: {"f", "wrt", "layout", "draws"} → {"seconds", "values", "latex"} or {"refused"}.

Run by an interpreter that has tensorgrad; nothing of this project is imported here. The formula is the tree of operations
that tensorgrad_question.py writes. A row of an array is its edge r, a column its edge c; what has size 1 has no edge. Only
tensorgrad's own work, the derivative and its simplification, is timed. Its own evaluation needs named tensors, which torch
has no longer, so the values of its results are worked out here with NumPy.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import sys
from fractions import Fraction
from functools import reduce
from time import perf_counter
from typing import Any

import numpy as np
import opt_einsum
from sympy import Symbol
from tensorgrad import Delta, Function, Ones, Product, Sum, Variable, Zero, functions
from tensorgrad.extras.to_latex import to_latex
from tensorgrad.tensor import Rename

Axes = tuple[str, ...]  # the edges of the axes of an array
EDGES = ("r", "c")
FRESH = {"r": "r1", "c": "c1"}  # of the variable of a derivative
AGAIN = {"r": "r2", "c": "c2"}
UNPRINTABLE = ("Rename", "Delta", "pow(", "inv")  # names of its own in what should be matrix notation
ENTRYWISE = {
    "exp": functions.exp, "log": functions.log, "tanh": functions.tanh, "erf": functions.erf, "sqrt": functions.sqrt,
    "sigmoid": functions.sigmoid, "relu": functions.relu, "abs": functions.abs, "sign": functions.sign,
    "softplus": lambda u: functions.log(1 + functions.exp(u)),
}  # fmt: skip


def size(of: str | int) -> Symbol:
    """A dimension as the symbol it is there."""
    return Symbol(f"s_{of}", integer=True, positive=True)


def edges_of(shape: list[Any]) -> dict[str, Symbol]:
    return {edge: size(of) for edge, of in zip(EDGES, shape, strict=True) if of != 1}


class Written:
    """Trees of operations as tensors; the variables met are kept by name."""

    def __init__(self) -> None:
        self.variables: dict[str, Any] = {}
        self.inner = (f"k{i}" for i in itertools.count())

    def of(self, node: dict[str, Any]) -> Any:
        return getattr(self, node["op"])(node, *map(self.of, node.get("of", ())))

    def number(self, node: dict[str, Any]) -> Any:
        return Sum([Product([])], [Fraction(*node["value"])])

    def constant(self, node: dict[str, Any]) -> Any:
        return Sum([Product([])], [node["value"]])

    def dimension(self, node: dict[str, Any]) -> Any:
        return Delta(size(node["name"]))

    def variable(self, node: dict[str, Any]) -> Any:
        if node["name"] not in self.variables:
            made = Variable(node["name"], **edges_of(node["shape"]))
            symmetric = node["symmetric"] and len(made.edges) == 2
            self.variables[node["name"]] = made.with_symmetries("r c") if symmetric else made
        return self.variables[node["name"]]

    def identity(self, node: dict[str, Any]) -> Any:
        return Delta(size(node["shape"][0]), *EDGES)

    def ones(self, node: dict[str, Any]) -> Any:
        return Ones(**edges_of(node["shape"]))

    def zeros(self, node: dict[str, Any]) -> Any:
        return Zero(**edges_of(node["shape"]))

    def sum(self, _: dict[str, Any], *terms: Any) -> Any:
        return reduce(lambda a, b: a + b, terms)

    def negative(self, _: dict[str, Any], inner: Any) -> Any:
        return -inner

    def scaled(self, _: dict[str, Any], *factors: Any) -> Any:
        """Numbers and one array at most."""
        return reduce(lambda a, b: a @ b, factors)

    def chain(self, _: dict[str, Any], *factors: Any) -> Any:
        """A product of matrices: columns of one against rows of the next."""
        return reduce(self._times, factors)

    def _times(self, a: Any, b: Any) -> Any:
        edge = next(self.inner)
        return (a.rename(c=edge) if "c" in a.edges else a) @ (b.rename(r=edge) if "c" in a.edges else b)

    def hadamard(self, _: dict[str, Any], *factors: Any) -> Any:
        return reduce(lambda a, b: a * b, factors)

    def quotient(self, _: dict[str, Any], top: Any, bottom: Any) -> Any:
        return top / bottom

    def power(self, node: dict[str, Any], base: Any) -> Any:
        """Entry by entry."""
        return functions.pow(base, Fraction(*node["value"]))

    def exponential(self, _: dict[str, Any], base: Any, exponent: Any) -> Any:
        return functions.exp(exponent * functions.log(base))

    def matrix_power(self, node: dict[str, Any], base: Any) -> Any:
        factor = self.transpose({}, functions.inverse(base)) if node["value"] < 0 else base  # equal edges cancel there
        return reduce(self._times, [factor] * abs(node["value"]))

    def transpose(self, _: dict[str, Any], inner: Any) -> Any:
        return inner.rename(r="c", c="r")

    def square(self, _: dict[str, Any], inner: Any) -> Any:
        """‖u‖² of 2 or F."""
        return functions.frobenius2(inner)

    def trace(self, _: dict[str, Any], inner: Any) -> Any:
        return functions.trace(inner)

    def determinant(self, _: dict[str, Any], inner: Any) -> Any:
        return functions.det(inner)

    def diagonal(self, _: dict[str, Any], inner: Any) -> Any:
        edge = next(self.inner)
        return inner.rename(r=edge) @ Delta(inner.shape["r"], edge, *EDGES)

    def diagonal_of(self, _: dict[str, Any], inner: Any) -> Any:
        rows, columns = next(self.inner), next(self.inner)
        return inner.rename(r=rows, c=columns) @ Delta(inner.shape["r"], rows, columns, "r")

    def entrywise(self, node: dict[str, Any], inner: Any) -> Any:
        return ENTRYWISE[node["name"]](inner)

    def softmax(self, node: dict[str, Any], inner: Any) -> Any:
        return functions.softmax(inner, dim=node["along"])

    def logsumexp(self, _: dict[str, Any], inner: Any) -> Any:
        return functions.log(functions.sum(functions.exp(inner)))


def derivative(f: Any, x: Any, question: dict[str, Any], written: Written) -> tuple[Any, list[str]]:
    """The derivative in the layout, not yet simplified, and its edges in the order of the axes."""
    fresh = {edge: FRESH[edge] for edge in x.edges}
    own, by = [e for e in EDGES if e in f.edges], [FRESH[e] for e in EDGES if e in x.edges]
    match question["layout"]:
        case "gradient" | "derivative" | "jacobian":
            return f.grad(x, fresh), [*own, *by]
        case "jacobian-transposed":
            return f.grad(x, fresh), [*by, *own]
        case "vec-jacobian":
            return f.grad(x, fresh), [*reversed(own), *reversed(by)]
        case "hessian" | "second-derivative":
            again = {edge: AGAIN[edge] for edge in x.edges}
            return f.grad(x, fresh).full_simplify().grad(x, again), [*by, *again.values()]
        case "vjp":
            return (written.of(question["with"]) @ f).grad(x, fresh), by
        case "differential":
            return f.grad(x, fresh) @ written.of(question["with"]).rename(**fresh), own
    raise NotImplementedError(question["layout"])


# --- values ----------------------------------------------------------------------------------------------------------

NUMBERS: dict[str, Any] = {
    "exp": np.exp, "tanh": np.tanh, "sign": np.sign, "abs": np.abs, "relu": lambda u: np.maximum(u, 0),
    "gt0": lambda u: (u > 0).astype(float), "erf": np.vectorize(math.erf),
}  # fmt: skip


class Values:
    """The numbers of tensors where the variables have given values, each with the edges of its axes."""

    def __init__(self, sizes: dict[str, int], arrays: dict[str, Any]) -> None:
        self.sizes = {size(letter): number for letter, number in sizes.items()}
        self.arrays = {name: np.squeeze(np.array(array, dtype=float)) for name, array in arrays.items()}

    def of(self, tensor: Any, order: Axes) -> Any:
        """The array of a tensor with its axes in an order."""
        array, axes = self._of(tensor)
        return np.transpose(array, [axes.index(edge) for edge in order])

    def _of(self, tensor: Any) -> tuple[Any, Axes]:
        edges = tuple(tensor.edges)
        match tensor:
            case Rename():
                array, axes = self._of(tensor.tensor)
                return array, tuple(tensor.mapping.get(edge, edge) for edge in axes)
            case Variable():
                return self.arrays[tensor.name], tuple(edge for edge in EDGES if edge in edges)
            case Delta():
                return self._delta(self._number(tensor.size), len(edges)), edges
            case Zero():
                return np.zeros([self._number(tensor.shape[edge]) for edge in edges]), edges
            case Sum():
                parts = zip(tensor.weights, tensor.terms, strict=True)
                return sum(float(weight) * self.of(term, edges) for weight, term in parts), edges
            case Product():
                pairs = [self._of(factor) for factor in tensor.factors]
                return opt_einsum.contract(*(part for pair in pairs for part in pair), edges) if pairs else 1.0, edges
            case Function():
                return self._function(tensor.signature, *tensor.inputs)
        raise NotImplementedError(f"values of {type(tensor).__name__}")

    def _number(self, of: Any) -> int:
        return int(of.subs(self.sizes)) if hasattr(of, "subs") else int(of)

    def _delta(self, length: int, order: int) -> Any:
        if not order:
            return float(length)
        array = np.zeros([length] * order)
        array[(np.arange(length),) * order] = 1
        return array

    def _function(self, signature: Any, inner: Any) -> tuple[Any, Axes]:
        """A function of one tensor; the inverse has the edges so that equal ones cancel."""
        (taken,) = signature.inputs
        kept = tuple(edge for edge in inner.edges if edge not in taken)
        array, axes = self.of(inner, (*kept, *sorted(taken))), (*kept, *sorted(taken))
        if signature.name == "inv":
            return np.swapaxes(np.linalg.inv(array), -1, -2), axes
        if signature.name == "det":
            return np.linalg.det(array), kept
        return self._entrywise(signature, array), axes

    def _entrywise(self, signature: Any, array: Any) -> Any:
        if hasattr(signature, "alpha"):
            return float(signature.alpha) * self._entrywise(signature.inner, array)
        if hasattr(signature, "k"):
            return np.power(array, float(signature.k))
        return np.log(array) if signature.name == "log" else NUMBERS[signature.name](array)


def answered(question: dict[str, Any]) -> dict[str, Any]:
    """The answer to one question."""
    written = Written()
    start = perf_counter()
    try:
        f, x = written.of(question["f"]), written.of(question["wrt"])
        start = perf_counter()
        found, order = derivative(f, x, question, written)
        found = found.full_simplify()
    except Exception as error:  # noqa: BLE001 - whatever a peer raises is its answer
        return {"refused": f"{type(error).__name__}: {error}"[:200], "seconds": perf_counter() - start}
    seconds = perf_counter() - start
    try:
        values = [Values(**draw).of(found, tuple(order)).tolist() for draw in question["draws"]]
    except Exception as error:  # noqa: BLE001 - the same
        return {"refused": f"no values: {type(error).__name__}: {error}"[:200], "seconds": seconds}
    answer = {"seconds": seconds, "values": values, "note": str(found)[:200]}
    with contextlib.suppress(Exception):
        text = to_latex(found, index_free=True)
        if not any(word in text for word in UNPRINTABLE):
            answer["latex"] = text
    return answer


if __name__ == "__main__":
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(answered(json.loads(line))), flush=True)
