"""SymPy deriving one JSON case a line: {"f", "wrt", "symbols", "layout", "how"} → {"said", "seconds", "tokens", "note"}.

The formula is read by this project and written for SymPy in five ways, for its answers depend on how a scalar is written:

    literal     a product of shape 1 × 1 is left a matrix
    trace       … is wrapped in Trace
    element     … has its entry [0, 0] taken
    applyfunc   literal, scalar functions of 1 × 1 matrices through applyfunc
    old         literal, by the algorithm before array expressions

Sizes are symbols. `how` is one of these, or "best": right if one of them is. Only SymPy's own work is timed.
"""

from __future__ import annotations

import json
import sys
from functools import reduce
from time import perf_counter
from typing import Any

import numpy as np
import sympy
from lengths import length
from matrix_judge import Question, question_of
from sympy.matrices.expressions.matexpr import MatrixExpr, _matrix_derivative

from derive.matrix.nodes import (
    SCALAR,
    ArrayName,
    EntrywisePower,
    EntrywiseQuotient,
    Hadamard,
    Kronecker,
    Norm,
)
from derive.matrix.shapes import segments, shape_of
from derive.tree import (
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

WAYS = ("literal", "trace", "element", "applyfunc", "old")
ENTRYWISE: dict[str, Any] = {
    "exp": sympy.exp, "log": sympy.log, "tanh": sympy.tanh, "sin": sympy.sin, "cos": sympy.cos, "cosh": sympy.cosh,
    "sinh": sympy.sinh, "sqrt": sympy.sqrt, "arctan": sympy.atan, "erf": sympy.erf, "abs": sympy.Abs, "sign": sympy.sign,
    "sigmoid": lambda u: 1 / (1 + sympy.exp(-u)), "softplus": lambda u: sympy.log(1 + sympy.exp(u)),
    "relu": lambda u: sympy.Max(u, 0),
}  # fmt: skip


class NotExpressible(Exception):
    """There is no form for it."""


class Written:
    """A formula for SymPy in one of the ways."""

    def __init__(self, way: str) -> None:
        self.way = way

    def of(self, node: Node) -> Any:
        match node:
            case Number(value=value):
                return sympy.Rational(value.numerator, value.denominator)
            case Constant(name="pi"):
                return sympy.pi
            case Constant(name="e"):
                return sympy.E
            case ArrayName():
                return self.named(node)
            case Name(key=key):
                return sympy.Symbol(key, real=True)
            case Sum(terms=terms):
                return reduce(lambda a, b: a + b, self.alike([self.of(term) for term in terms]))
            case Negative(operand=inner):
                return -self.of(inner)
            case Product():
                return self.product(node)
            case Quotient(numerator=top, denominator=bottom):
                return self.of(top) * self.scalar(bottom) ** -1
            case Power(base=base, exponent=exponent):
                return (self.scalar(base) if shape_of(base) == SCALAR else self.of(base)) ** self.of(exponent)
            case Root(radicand=inner, index=None):
                return self.applied(sympy.sqrt, inner)
            case Transpose(operand=inner):
                return self.of(inner).T if isinstance(self.of(inner), MatrixExpr) else self.of(inner)
            case Determinant(operand=inner):
                return sympy.Determinant(self.of(inner))
            case Hadamard(factors=factors):
                return sympy.HadamardProduct(*map(self.of, factors))
            case EntrywiseQuotient(numerator=top, denominator=bottom):
                return sympy.HadamardProduct(self.of(top), sympy.HadamardPower(self.of(bottom), -1))
            case EntrywisePower(base=base, exponent=exponent):
                return sympy.HadamardPower(self.of(base), self.of(exponent))
            case Kronecker(factors=factors):
                return sympy.KroneckerProduct(*map(self.of, factors))
            case Norm(operand=inner, kind="F" | "2" | ""):
                u = self.of(inner)
                square = sympy.Trace(u.T * u) if shape_of(inner)[1] != 1 else self.one(u.T * u)
                return sympy.sqrt(square)
            case Call():
                return self.call(node)
        raise NotExpressible(type(node).__name__)

    def named(self, node: ArrayName) -> Any:
        rows, columns = (size(d) for d in node.shape)
        match node.role:
            case "identity":
                return sympy.Identity(rows)
            case "ones":
                return sympy.OneMatrix(rows, columns)
            case "zeros":
                return sympy.ZeroMatrix(rows, columns)
            case "" | "upstream" | "row":
                return sympy.MatrixSymbol(node.key, rows, columns)
        raise NotExpressible(node.role)

    def product(self, node: Product) -> Any:
        parts = []
        for run in segments(node.factors):
            whole = reduce(lambda a, b: a * b, [self.of(factor) for factor in run])
            one = shape_of(run[0])[0] == 1 == shape_of(run[-1])[1]
            parts.append(self.one(whole) if one else whole)
        scalars = [p for p in parts if not isinstance(p, MatrixExpr)]
        return reduce(lambda a, b: a * b, [*scalars, *(p for p in parts if isinstance(p, MatrixExpr))])

    def one(self, whole: Any) -> Any:
        """A product of shape 1 × 1, in the way."""
        if not isinstance(whole, MatrixExpr):
            return whole
        if self.way == "trace":
            return sympy.Trace(whole)
        return whole[0, 0] if self.way == "element" else whole

    def scalar(self, node: Node) -> Any:
        """What SymPy takes for a number."""
        found = self.of(node)
        return found[0, 0] if isinstance(found, MatrixExpr) and self.way != "literal" else found

    def alike(self, terms: list[Any]) -> list[Any]:
        """Numbers beside 1 × 1 matrices as multiples of the identity of size 1."""
        if not any(isinstance(term, MatrixExpr) for term in terms):
            return terms
        return [t if isinstance(t, MatrixExpr) else t * sympy.Identity(1) for t in terms]

    def applied(self, function: Any, argument: Node) -> Any:
        u = self.of(argument)
        if not isinstance(u, MatrixExpr):
            return function(u)
        if shape_of(argument) == SCALAR and self.way != "applyfunc":
            return function(u)
        return u.applyfunc(function)

    def call(self, node: Call) -> Any:
        argument = node.arguments[0]
        if node.order or len(node.arguments) > 1:
            raise NotExpressible(node.function)
        if node.function in ENTRYWISE:
            return self.applied(ENTRYWISE[node.function], argument)
        u = self.of(argument)
        match node.function:
            case "tr":
                return sympy.Trace(u)
            case "diag":
                return sympy.DiagMatrix(u) if shape_of(argument)[1] == 1 else sympy.DiagonalOf(u)
            case "logsumexp" | "softmax":
                powers = u.applyfunc(sympy.exp)
                total = self.one(sympy.OneMatrix(1, size(shape_of(argument)[0])) * powers)
                return sympy.log(total) if node.function == "logsumexp" else powers * total**-1
        raise NotExpressible(node.function)


def size(of: str | int) -> Any:
    """A dimension as SymPy's number; m n is a product."""
    if isinstance(of, int):
        return sympy.Integer(of)
    letters = [sympy.Symbol(letter, integer=True, positive=True) for letter in of.split(" ")]
    return reduce(lambda a, b: a * b, letters)


def derived(question: Question, way: str) -> Any:
    """SymPy's derivative. Raises whatever SymPy raises, NotExpressible."""
    written = Written(way)
    f = written.of(question.f)
    symbol = question.table.resolve(question.wrt)
    if symbol is None:
        raise NotExpressible(question.wrt)
    shape = symbol.shape or SCALAR
    x = sympy.Symbol(symbol.key, real=True) if shape == SCALAR else written.named(ArrayName(symbol.key, shape))
    match question.layout:
        case "gradient" | "derivative" | "jacobian" | "jacobian-transposed":
            return once(f, x, way)
        case "hessian" | "second-derivative":
            return once(once(f, x, way), x, way)
        case "vjp":
            upstream = next(s for s in question.table.values() if s.role == "upstream")
            g = written.named(ArrayName(upstream.key, upstream.shape or SCALAR))
            return once(sympy.Trace(g.T * f), x, way)
    raise NotExpressible(question.layout)


def once(f: Any, x: Any, way: str) -> Any:
    found = _matrix_derivative(f, x, old_algorithm=True) if way == "old" else sympy.diff(f, x)
    if found.has(sympy.Derivative):
        raise NotExpressible("left as it was")
    return found


def valued(found: Any, question: Question) -> list[Any]:
    """The numbers of a result at the draws."""
    values = []
    for draw, _ in question.draws:
        sizes = {size(letter): number for letter, number in draw.sizes.items()}
        at = found.subs(sizes)
        for symbol in sorted(at.atoms(sympy.MatrixSymbol), key=str):
            at = at.xreplace({symbol: sympy.ImmutableMatrix(draw.arrays[symbol.name])})
        for symbol in at.free_symbols:
            at = at.subs(symbol, draw.arrays[symbol.name][0][0])
        at = at.doit()
        at = at.as_explicit() if hasattr(at, "as_explicit") else at
        flat = np.array(at.tolist() if hasattr(at, "tolist") else [[at]], dtype=object)
        values.append(np.vectorize(lambda u: float(sympy.N(u)))(flat))
    return values


def tried(question: Question, way: str) -> dict[str, Any]:
    """One way of writing: what came of it."""
    start = perf_counter()
    try:
        found = derived(question, way)
    except NotExpressible as error:
        return {"said": "refused", "seconds": perf_counter() - start, "note": str(error)}
    except Exception as error:  # noqa: BLE001 - whatever a peer raises is its answer
        return {"said": "refused", "seconds": perf_counter() - start, "note": f"{type(error).__name__}: {error}"[:200]}
    seconds = perf_counter() - start
    try:
        said = question.said(valued(found, question))
    except Exception as error:  # noqa: BLE001 - the same
        return {"said": "refused", "seconds": seconds, "note": f"no values: {type(error).__name__}: {error}"[:200]}
    return {"said": said, "seconds": seconds, "tokens": length(sympy.latex(found)), "note": str(found)[:200]}


def answered(case: dict[str, Any]) -> dict[str, Any]:
    """The answer to one case."""
    try:
        question = question_of(case)
    except Exception as error:  # noqa: BLE001 - no question of SymPy's
        return {"said": "refused", "seconds": 0.0, "note": f"not asked: {type(error).__name__}: {error}"[:200]}
    if case["how"] != "best":
        return tried(question, case["how"])
    every = [tried(question, way) for way in WAYS]
    order = ("right", "other layout", "wrong", "refused")
    return min(every, key=lambda answer: (order.index(answer["said"]), answer.get("tokens", 0)))


if __name__ == "__main__":
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(answered(json.loads(line))), flush=True)
