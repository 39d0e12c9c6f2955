"""The cotangents of norms, traces, determinants, diag, and of functions of a whole matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.errors import NoRule
from derive.matrix.atoms import identity, is_scalar, is_square, whole_number
from derive.matrix.build import add, diag, inner, inverse, negative, power, product, reciprocal, transpose
from derive.matrix.entry_pullbacks import Pairs
from derive.matrix.monomials import split
from derive.matrix.nodes import ArrayName, Kronecker, Norm
from derive.matrix.shapes import shape_of
from derive.matrix.specs import shape_within
from derive.symbols import SymbolTable
from derive.tree import Call, Determinant, Node, Power, Product, number

if TYPE_CHECKING:
    from derive.matrix.pullback import Pull


def norm(node: Norm, g: Node, pull: Pull) -> Pairs:
    x = node.operand
    rows, columns = shape_of(x)
    vector = 1 in (rows, columns)
    if node.kind == "F" or (node.kind == "2" and vector) or (not node.kind and vector):
        return [(x, product(g, reciprocal(node), x))]
    if node.kind == "1":  # of a matrix entry by entry, as penalties are written
        return [(x, product(g, Call("sign", (x,))))]
    if node.kind == "2":
        u, v = (_belonging(pull.table, x, f"{side} singular") for side in ("left", "right"))
        return [(x, product(g, u, transpose(v)))]
    if node.kind == "*":
        return [(x, product(g, _belonging(pull.table, x, "polar")))]
    if node.kind == "infinity":
        raise NoRule("no rule for the largest entry in absolute value: which one it is has no name")
    raise NoRule(f"no rule for the norm of kind {node.kind or 'unsaid'}")


LETTERS = {"left singular": "u", "right singular": "v", "eigenvector": "q", "polar": "P"}


def _belonging(table: SymbolTable, node: Node, role: str) -> Node:
    """The array that is declared to belong to a name, as its top singular vector; else one called after it. Raises NoRule."""
    if not isinstance(node, ArrayName):
        raise NoRule("no rule for the singular vectors or eigenvectors of what has no name; define a name for it")
    for symbol in table.values():
        if symbol.role == role and symbol.of == node.key and symbol.shape is not None:
            return ArrayName(symbol.key, symbol.shape, symbol.properties, symbol.role, symbol.of)
    key = f"{LETTERS[role]}_{node.key}" if len(node.key) == 1 else f"{LETTERS[role]}_{{{node.key}}}"
    if key in table:
        raise NoRule(f"no rule for the {role} of {node.key} without a name declared for it, {key} being taken")
    return ArrayName(key, shape_within(role, node.shape), role=role, of=node.key)


def determinant(node: Determinant, g: Node, _: Pull) -> Pairs:
    return [(node.operand, product(g, node, transpose(inverse(node.operand))))]


def trace_of(node: Call, g: Node, pull: Pull) -> Pairs:
    x = node.arguments[0]
    match x:
        case Kronecker(factors=factors) if all(map(is_square, factors)):
            traces: list[Node] = [Call("tr", (factor,)) for factor in factors]
            return [(Product(tuple(traces)), g)]
        case Power(base=base, exponent=exponent) if not pull.needs(exponent):
            lower = number(k - 1) if (k := whole_number(exponent)) is not None else add([exponent, number(-1)])
            if not is_scalar(base):
                return [(base, product(g, exponent, transpose(_matrix_power(base, lower))))]
    return [(x, product(g, identity(shape_of(x)[0])))]


def _matrix_power(base: Node, exponent: Node) -> Node:
    k = whole_number(exponent)
    return Power(base, exponent) if k is None else power(base, k)


def diag_of(node: Call, g: Node, _: Pull) -> Pairs:
    x = node.arguments[0]
    return [(x, transpose(diag(g)) if shape_of(x)[0] == 1 else diag(g))]


def adjugate(node: Call, g: Node, _: Pull) -> Pairs:
    """adj X = det(X) X⁻¹."""
    x = node.arguments[0]
    return [(Product((Determinant(x), Power(x, number(-1)))), g)]


def pseudo_inverse(node: Call, g: Node, _: Pull) -> Pairs:
    x, turned = node.arguments[0], transpose(node)
    rows, columns = shape_of(x)
    left = add([identity(columns), negative(product(node, x))])
    right = add([identity(rows), negative(product(x, node))])
    yield x, negative(product(turned, g, turned))
    yield x, product(right, transpose(g), node, turned)
    yield x, product(turned, node, transpose(g), left)


def exponential(node: Call, g: Node, pull: Pull) -> Pairs:
    """expm(tA) by t, and by X inside a trace, where the cotangent commutes with X."""
    x = node.arguments[0]
    part = split(x)
    if part.word and not any(pull.needs(item) for item in part.word):
        yield from _along_line(node, x, g)
        return
    if len(split(g).word) == 1 and getattr(split(g).word[0], "role", "") == "identity":
        yield x, product(g, transpose(node))
        return
    raise NoRule("no rule for the matrix exponential by its matrix outside a trace")


def _along_line(node: Call, x: Node, g: Node) -> Pairs:
    part = split(x)
    matrix = product(*part.word)
    whole: Node = product(number(part.coefficient), *(b if e == 1 else Power(b, number(e)) for b, e in part.scalars))
    yield whole, inner(g, product(matrix, node)) if not is_scalar(g) else product(g, matrix, node)


def eigenvalue(node: Call, g: Node, pull: Pull) -> Pairs:
    x = node.arguments[0]
    declared = pull.table.get(x.names[0]) if isinstance(x, ArrayName) else None
    if declared is not None and "symmetric" not in declared.properties:
        raise NoRule(f"no rule for the largest eigenvalue of {declared.key}, which is not declared symmetric")
    u = _belonging(pull.table, x, "eigenvector")
    return [(x, product(g, u, transpose(u)))]
