"""Smart constructors: products, sums, transposes and inverses without trivial factors, signs and numbers in front.

Nothing is multiplied out: a sum inside a product stays as it was written.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from fractions import Fraction

from derive.errors import NoRule
from derive.matrix import keys, monomials, reduction
from derive.matrix.atoms import Monomial, dimension, has_role, identity, is_scalar, is_square, ones, whole_number
from derive.matrix.nodes import Kronecker
from derive.matrix.shapes import shape_of
from derive.tree import ZERO, Call, Determinant, Negative, Node, Power, Sum, Transpose, number, total


def product(*factors: Node) -> Node:
    """The product of scalars and matrices in this order."""
    return monomials.join(monomials.combined([monomials.split(factor) for factor in factors]))


def scaled(factor: Fraction | int, node: Node) -> Node:
    return monomials.join(monomials.times_number(monomials.split(node), Fraction(factor)))


def negative(node: Node) -> Node:
    return scaled(-1, node)


def reciprocal(node: Node) -> Node:
    """1/s of a scalar. Raises NoRule for 0."""
    part = monomials.split(node)
    if not part.coefficient or part.word:
        raise NoRule("no rule for a division by 0")
    return monomials.join(monomials.raised(part, Fraction(-1)))


def power(node: Node, exponent: int) -> Node:
    """A whole power of a scalar or square matrix."""
    return monomials.join(monomials.split_power(Power(node, number(exponent)), node, number(exponent)))


def transpose(node: Node) -> Node:
    """nodeᵀ, pushed to the factors of a product; a sum keeps it outside unless it is symmetric."""
    if is_scalar(node):
        return node
    if isinstance(node, Sum):
        return node if keys.is_symmetric(node) else Transpose(node)
    if isinstance(node, Transpose):
        return node.operand
    return monomials.join(monomials.transposed(monomials.split(node)))


def inverse(node: Node) -> Node:
    return reciprocal(node) if is_scalar(node) else monomials.join(monomials.inverted(node))


def add(terms: Iterable[Node]) -> Node:
    """A sum without zeros, equal words collected, in the order of first occurrence."""
    return total([monomials.join(part) for part in collected_terms(terms)])


def collected_terms(terms: Iterable[Node]) -> list[Monomial]:
    """The terms of a sum as monomials, those with equal words added."""
    found: dict[Hashable, Monomial] = {}
    for term in flat_terms(terms):
        part = monomials.split(term)
        name = keys.word_key(part, False)
        before = found.get(name)
        found[name] = (
            part if before is None else Monomial(before.coefficient + part.coefficient, before.scalars, before.word)
        )
    return [part for part in found.values() if part.coefficient]


def flat_terms(terms: Iterable[Node]) -> list[Node]:
    """The terms of nested sums and negatives of sums."""
    flat: list[Node] = []
    for term in terms:
        if isinstance(term, Sum):
            flat.extend(flat_terms(term.terms))
        elif isinstance(term, Negative) and isinstance(term.operand, Sum):
            flat.extend(negative(part) for part in flat_terms(term.operand.terms))
        else:
            flat.append(term)
    return flat


def trace(node: Node) -> Node:
    """tr, with numbers and scalars outside; tr(baᵀ) = aᵀb, tr I = n."""
    if is_scalar(node):
        return node
    part = monomials.split(node)
    if not part.coefficient:
        return ZERO
    front = monomials.join(Monomial(part.coefficient, part.scalars))
    word = part.word
    if len(word) == 1 and has_role(word[0], "identity"):
        return product(front, dimension(shape_of(word[0])[0]))
    if len(word) == 1 and isinstance(word[0], Kronecker) and all(map(is_square, word[0].factors)):
        return product(front, *(trace(factor) for factor in word[0].factors))
    for cut in range(1, len(word)):
        if shape_of(word[cut])[0] == 1:
            return product(front, *word[cut:], *word[:cut])
    return product(front, Call("tr", (monomials.join(Monomial(word=tuple(reduction.fewer_transposes(list(word))))),)))


def inner(left: Node, right: Node) -> Node:
    """⟨left, right⟩, the sum of the products of entries: leftᵀright for columns, tr(leftᵀ right) otherwise."""
    if is_scalar(left):
        return product(left, right)
    rows, _ = shape_of(left)
    return product(left, transpose(right)) if rows == 1 else trace(product(transpose(left), right))


def diag(node: Node) -> Node:
    """The diagonal matrix of a column, or the column of the diagonal of a matrix."""
    if is_scalar(node):
        return node
    part = monomials.split(node)
    if not part.coefficient:
        return ZERO
    word = part.word
    front = Monomial(part.coefficient, part.scalars)
    if len(word) == 1:
        inside = word[0]
        if has_role(inside, "ones") and shape_of(inside)[1] == 1:
            return monomials.join(monomials.combined([front, Monomial(word=(identity(shape_of(inside)[0]),))]))
        if has_role(inside, "identity"):
            return monomials.join(monomials.combined([front, Monomial(word=(ones((shape_of(inside)[0], 1)),))]))
        if isinstance(inside, Call) and inside.function == "diag" and shape_of(inside.arguments[0])[1] == 1:
            return monomials.join(monomials.combined([front, monomials.split(inside.arguments[0])]))
        if isinstance(inside, Power) and isinstance(inside.base, Call) and inside.base.function == "diag":
            from derive.matrix.hadamard import to_entrywise_power

            if whole_number(inside.exponent) == -1:
                return product(monomials.join(front), to_entrywise_power(inside.base.arguments[0], Fraction(-1)))
    columns = shape_of(node)[1]
    if columns != 1:
        word = tuple(reduction.fewer_transposes(list(word)))  # A and Aᵀ have one diagonal
        for cut in range(1, len(word)):
            if shape_of(word[cut])[0] == 1:  # the diagonal of abᵀ is a ⊙ b
                from derive.matrix.hadamard import hadamard

                left, right = Monomial(word=word[:cut]), monomials.transposed(Monomial(word=word[cut:]))
                return product(monomials.join(front), hadamard(monomials.join(left), monomials.join(right)))
    return product(monomials.join(front), Call("diag", (monomials.join(Monomial(word=word)),)))


def determinant(node: Node) -> Node:
    """det, with scalars outside and the determinants of square factors apart where there are several."""
    if is_scalar(node):
        return node
    return Determinant(node)
