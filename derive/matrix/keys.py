"""Keys that are equal for parts that are equal without multiplying out: xᵀAy and yᵀAᵀx are one number."""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction

from derive.matrix import build, monomials
from derive.matrix.atoms import Monomial, is_scalar, is_structural, is_symmetric_name
from derive.matrix.nodes import SCALAR, ArrayName, EntrywisePower, EntrywiseQuotient, Hadamard, Kronecker, Norm
from derive.matrix.shapes import shape_of
from derive.tree import (
    Absolute,
    Binder,
    Call,
    Determinant,
    Indicator,
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


def is_symmetric(node: Node) -> bool:
    rows, columns = shape_of(node)
    return rows == columns and key(node) == key(node, flip=True)


def key(node: Node, *, flip: bool = False) -> Hashable:
    """A value that is equal for two nodes only if they, or with `flip` their transposes, are equal."""
    slot = "_key_flipped" if flip else "_key"
    found = node.__dict__.get(slot)
    if found is None:
        found = node.__dict__[slot] = _key(node, flip)
    return found


def _key(node: Node, flip: bool) -> Hashable:
    match node:
        case ArrayName():
            turned = flip and not (is_symmetric_name(node) or node.shape == SCALAR)
            if node.role in {"ones", "identity"}:  # whatever they are called
                return ("name", node.role, node.shape, turned)
            return ("name", node.key, node.shape, turned)
        case Transpose(operand=inner):
            return key(inner, flip=not flip)
        case Sum(terms=terms):
            counted: dict[Hashable, Fraction] = {}
            for term in terms:
                part = monomials.split(term)
                name = word_key(part, flip)
                counted[name] = counted.get(name, Fraction(0)) + part.coefficient
            return ("sum", frozenset(counted.items()))
        case Number() | Negative() | Product() | Quotient() | Power() | Root():
            part = monomials.split(node)
            if part == monomials.atom(node) and not isinstance(node, Product):
                return _atom_key(node, flip)
            return ("product", part.coefficient, word_key(part, flip))
        case Hadamard() | EntrywiseQuotient() | EntrywisePower():
            from derive.matrix.hadamard import entry_key

            return entry_key(node, flip)
    return _atom_key(node, flip)


def word_key(part: Monomial, flip: bool) -> Hashable:
    scalars = frozenset((scalar_key(base), exponent) for base, exponent in part.scalars)
    items = reversed(part.word) if flip else part.word
    word = tuple(key(item, flip=flip) for item in items)
    return (scalars, word)


def scalar_key(node: Node) -> Hashable:
    """The key of a scalar: a word and its transpose are one number."""
    if isinstance(node, Product | Transpose):
        factors = _flat_factors(node)
        forward = tuple(key(item) for item in factors)
        backward = tuple(key(item, flip=True) for item in reversed(factors))
        return ("scalar", frozenset((forward, backward)))
    return key(node)


def _flat_factors(node: Node) -> list[Node]:
    if isinstance(node, Product):
        return [part for factor in node.factors for part in _flat_factors(factor)]
    if isinstance(node, Transpose) and isinstance(node.operand, Product):
        return [build.transpose(part) for part in reversed(_flat_factors(node.operand))]
    return [node]


def _atom_key(node: Node, flip: bool) -> Hashable:
    match node:
        case Power(base=base, exponent=exponent):
            return ("power", key(base, flip=flip), key(exponent))
        case Determinant(operand=inner):
            return ("det", frozenset((key(inner), key(inner, flip=True))))
        case Norm(operand=inner, kind=kind):
            return ("norm", kind, frozenset((key(inner), key(inner, flip=True))))
        case Call(function="tr", arguments=(inner,)):
            return ("tr", _cyclic(inner))
        case Call(function="diag", arguments=(inner,)):
            return ("diag", key(inner))
        case Call(function=function, arguments=(inner,), order=order):
            if not is_structural(node) or function in {"expm", "adj", "pinv", "logm"}:
                return ("call", function, order, key(inner, flip=flip))
            return ("call", function, order, key(inner), flip and not is_scalar(node))
        case Call(function=function, arguments=arguments, order=order) if not is_structural(node):
            return ("call", function, order, tuple(key(argument, flip=flip) for argument in arguments))
        case Root(radicand=inner, index=index):
            return ("root", key(inner, flip=flip), index)
        case Absolute(operand=inner):
            return ("abs", key(inner, flip=flip))
        case Kronecker(factors=factors):
            return ("kron", tuple(key(factor, flip=flip) for factor in factors))
        case Binder(kind="sum", index=index, bounds=bounds, body=body):
            return ("sum over", index, bounds, key(body, flip=flip))
        case Indicator():
            return ("node", node, flip and not is_scalar(node))
    return ("node", node, flip and not is_scalar(node))


def _cyclic(node: Node) -> Hashable:
    """tr(ABC) = tr(BCA) = tr((ABC)ᵀ)."""
    part = monomials.split(node)
    if not part.word:
        return key(node)
    turns = set()
    for flip in (False, True):
        word = [key(item, flip=flip) for item in (reversed(part.word) if flip else part.word)]
        turns |= {tuple(word[i:] + word[:i]) for i in range(len(word))}
    return (word_key(Monomial(scalars=part.scalars), False), part.coefficient, frozenset(turns))
