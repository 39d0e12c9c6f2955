"""Derivatives by an entry, with indices: what stands in dF at dX = e_k e_lᵀ, sums over inner indices taken where δ allows.

    d(A X B)_{ij} / dX_{kl} = A_{ik} B_{lj}        dX⁻¹_{ij} / dX_{kl} = −X⁻¹_{ik} X⁻¹_{lj}

What has no matrix form, being of order 3 or 4, has this one.
"""

from __future__ import annotations

from dataclasses import replace

from derive.errors import NoRule
from derive.matrix.atoms import Monomial, dimension, identity, is_scalar, is_structural
from derive.matrix.build import add, flat_terms, negative, product
from derive.matrix.linear_maps import parted, slope
from derive.matrix.monomials import join, split
from derive.matrix.nodes import ArrayName, Entry, EntrywisePower, EntrywiseQuotient, Hadamard, Shape
from derive.matrix.shapes import shape_of
from derive.symbols import SymbolTable
from derive.tree import (
    ONE,
    ZERO,
    Absolute,
    Binder,
    Call,
    Name,
    Negative,
    Node,
    Power,
    Quotient,
    Root,
    Sum,
    Transpose,
    names,
    substitute,
)

INDICES = ("i", "j", "k", "l", "p", "q", "r", "a", "b", "c", "d", "h", "o", "u", "v")
Place = tuple[Node, Node]  # row and column; 1 where there is but one


def place_of(indices: tuple[Node, ...], shape: Shape) -> Place:
    """The row and the column that indices say; a vector has one index."""
    if len(indices) == 2:
        return indices[0], indices[1]
    if len(indices) == 1:
        return (indices[0], ONE) if shape[1] == 1 else (ONE, indices[0])
    return ONE, ONE


def indices_at(place: Place, shape: Shape) -> tuple[Node, ...]:
    """The indices of a place, as many as the shape has."""
    return tuple(index for index, size in zip(place, shape, strict=True) if size != 1)


def entry(node: Node, place: Place) -> Node:
    """M_{ij}; of an identity 1 or the Kronecker delta, of a transpose M_{ji}, of what is done entry by entry the entries'."""
    if is_scalar(node):
        return node
    i, j = place
    part = split(node)
    if not part.coefficient:
        return ZERO
    if part.coefficient != 1 or part.scalars:
        return product(join(replace(part, word=())), entry(join(Monomial(word=part.word)), place))
    for cut in range(1, len(part.word)):
        if shape_of(part.word[cut])[0] == 1:  # of u vᵀ it is u_i v_j
            left, right = (join(Monomial(word=word)) for word in (part.word[:cut], part.word[cut:]))
            return product(entry(left, (i, ONE)), entry(right, (ONE, j)))
    match node:
        case ArrayName(role="identity"):
            return ONE if i == j else Entry(node, place)
        case ArrayName(role="ones"):
            return ONE
        case Transpose(operand=inner):
            return entry(inner, (j, i))
        case Call(function="diag", arguments=(inner,)) if shape_of(inner)[1] == 1:
            delta = entry(identity(shape_of(inner)[0]), place)
            return product(delta, entry(inner, (i, ONE)))
        case Call(function="diag", arguments=(inner,)):
            return entry(inner, (i, i))
        case Hadamard(factors=factors):
            return product(*(entry(factor, place) for factor in factors))
        case EntrywiseQuotient(numerator=top, denominator=bottom):
            return product(Quotient(entry(top, place), entry(bottom, place)))
        case EntrywisePower(base=base, exponent=exponent):
            return Power(entry(base, place), exponent)
        case Call() if not is_structural(node):
            return node.rebuilt(tuple(entry(argument, place) for argument in node.arguments))
        case Absolute() | Root(index=None):
            return node.rebuilt(tuple(entry(child, place) for child in node.children))
    return Entry(node, indices_at(place, shape_of(node)))


class EntryMap:
    """The entries of what is linear in a name dX, at dX = e_k e_lᵀ. Raises NoRule."""

    def __init__(self, x: Node, by: Place, table: SymbolTable) -> None:
        self.x, self.by, self.table = x, by, table
        self.name = x.names[0]
        self.fresh = 0

    def at(self, node: Node, place: Place) -> Node:
        """The entry of a node, which may or may not hold dX."""
        if self.name not in names(node):
            return entry(node, place)
        i, j = place
        if node == self.x:
            rows, columns = shape_of(node)
            return product(_delta(rows, i, self.by[0]), _delta(columns, j, self.by[1]))
        match node:
            case Sum():
                return add([self.at(term, place) for term in flat_terms(node.terms)])
            case Negative(operand=inner):
                return negative(self.at(inner, place))
            case Transpose(operand=inner):
                return self.at(inner, (j, i))
            case Hadamard() | EntrywiseQuotient():
                rest, held = parted(node, self.x)
                return product(entry(rest, place), self.at(held, place))
            case Call(function="diag", arguments=(inner,)) if shape_of(inner)[1] == 1:
                return product(_delta(shape_of(inner)[0], i, j), self.at(inner, (i, ONE)))
            case Call(function="diag", arguments=(inner,)):
                return self.at(inner, (i, i))
            case Binder(kind="sum", index=index, bounds=bounds, body=body) if Name(index) not in (*place, *self.by):
                return Binder("sum", index, bounds, self.at(body, place))
        return self._of_product(split(node), node, place)

    def _of_product(self, part: Monomial, node: Node, place: Place) -> Node:
        for index, (base, exponent) in enumerate(part.scalars):
            if self.name in names(base) and exponent == 1:
                rest = replace(part, scalars=part.scalars[:index] + part.scalars[index + 1 :])
                return product(entry(join(rest), place), entry(slope(base, self.x), self.by))
        front = join(replace(part, word=()))
        if part.word == (node,) or not part.word:
            raise NoRule("no rule to read entries off this differential")
        return product(front, self._of_word(list(part.word), place))

    def _of_word(self, word: list[Node], place: Place) -> Node:
        """Σ over the indices between the factors before, the one that holds dX, and those after."""
        i, j = place
        at = next(index for index, item in enumerate(word) if self.name in names(item))
        rows, columns = shape_of(word[at])
        before, after = word[:at], word[at + 1 :]
        row, column = self._index(rows) if before else i, self._index(columns) if after else j
        whole = self.at(word[at], (row, column))
        if before:
            whole = summed(row, product(entry(product(*before), (i, row)), whole), rows)
        if after:
            whole = summed(column, product(whole, entry(product(*after), (column, j))), columns)
        return whole

    def _index(self, size: str | int) -> Node:
        """An index nothing else is called; 1 where there is but one."""
        if size == 1:
            return ONE
        free = [name for name in INDICES if name not in self.table and Name(name) not in self.by]
        if self.fresh >= len(free):
            raise NoRule("no letter is left for an index")
        self.fresh += 1
        return Name(free[self.fresh - 1])


def _delta(size: str | int, i: Node, j: Node) -> Node:
    return entry(identity(size), (i, j)) if size != 1 else ONE


def summed(index: Node, body: Node, size: str | int) -> Node:
    """Σ over an index; δ_{ak} in a term takes the sum."""
    if not isinstance(index, Name):
        return body
    return add([_summed(index, term, size) for term in flat_terms([body])])


def _summed(index: Name, term: Node, size: str | int) -> Node:
    part = split(term)
    for place, (base, exponent) in enumerate(part.scalars):
        if (
            exponent == 1
            and isinstance(base, Entry)
            and getattr(base.operand, "role", "") == "identity"
            and index in base.indices
        ):
            other = base.indices[0] if base.indices[1] == index else base.indices[1]
            rest = join(replace(part, scalars=part.scalars[:place] + part.scalars[place + 1 :]))
            return product(substitute(rest, {index.key: other}))
    loose = tuple(pair for pair in part.scalars if index.key not in names(pair[0]))
    bound = tuple(pair for pair in part.scalars if index.key in names(pair[0]))
    front = join(Monomial(part.coefficient, loose))
    return product(front, Binder("sum", index.key, (ONE, dimension(size)), join(Monomial(scalars=bound))))
