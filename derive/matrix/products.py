"""Kronecker products and vec where they come apart: tr(A ⊗ B) = tr A tr B, (A ⊗ B)⁻¹ = A⁻¹ ⊗ B⁻¹, (B ⊗ A) vec X = vec(AXBᵀ).

Source: Magnus & Neudecker, Matrix Differential Calculus, chapter 2.
"""

from __future__ import annotations

from derive.errors import NoRule
from derive.matrix.atoms import Monomial, dimension, is_square, whole_number
from derive.matrix.build import add, flat_terms, inverse, product, transpose
from derive.matrix.monomials import join, split
from derive.matrix.nodes import Kronecker, Norm
from derive.matrix.shapes import shape_of
from derive.tree import Call, Determinant, Node, Power, Product, Sum, Transpose, transform


def apart_products(tree: Node, wrt: str) -> Node:
    """The tree with traces, norms, determinants and inverses of Kronecker products taken factor by factor."""
    return transform(tree, lambda node: _apart(node) if wrt in node.names else None)


def _apart(node: Node) -> Node | None:
    match node:
        case Transpose(operand=Kronecker(factors=factors)):
            return Kronecker(tuple(transpose(factor) for factor in factors))
        case Power(base=Kronecker(factors=factors), exponent=exponent) if whole_number(exponent) == -1:
            return Kronecker(tuple(map(inverse, factors))) if all(map(is_square, factors)) else None
        case Call(function="tr", arguments=(Kronecker(factors=factors),)) if all(map(is_square, factors)):
            return Product(tuple(Call("tr", (factor,)) for factor in factors))
        case Norm(operand=Kronecker(factors=factors), kind="F" | "2" | "*" as kind):
            return Product(tuple(Norm(factor, kind) for factor in factors))
        case Determinant(operand=Kronecker(factors=(a, b))) if is_square(a) and is_square(b):
            p, q = (dimension(shape_of(factor)[0]) for factor in (a, b))
            return Product((Power(Determinant(a), q), Power(Determinant(b), p)))
        case Product(factors=(Kronecker(factors=(a, b)), Kronecker(factors=(c, d)))):
            fits = shape_of(a)[1] == shape_of(c)[0] and shape_of(b)[1] == shape_of(d)[0]
            return Kronecker((product(a, c), product(b, d))) if fits else None
    return None


def unstacked(column: Node) -> Node:
    """M of a column that is vec(M): of s (B ⊗ A) vec(X) it is s A X Bᵀ. Raises NoRule."""
    if isinstance(column, Sum):
        return add([unstacked(term) for term in flat_terms(column.terms)])
    part = split(column)
    if len(part.word) == 1 and isinstance(part.word[0], Sum):
        return product(join(Monomial(part.coefficient, part.scalars)), unstacked(part.word[0]))
    *ahead, last = part.word or (column,)
    if not (isinstance(last, Call) and last.function == "vec"):
        raise NoRule("no rule for vec where its cotangent is no vec")
    matrix = last.arguments[0]
    for item in reversed(ahead):
        if not (isinstance(item, Kronecker) and len(item.factors) == 2):
            raise NoRule("no rule for vec where its cotangent is no vec")
        left, right = item.factors
        if shape_of(left)[1] != shape_of(matrix)[1] or shape_of(right)[1] != shape_of(matrix)[0]:
            raise NoRule("no rule for a Kronecker product of these sizes at vec")
        matrix = product(right, matrix, transpose(left))
    return product(join(Monomial(part.coefficient, part.scalars)), matrix)
