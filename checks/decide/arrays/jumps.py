"""Jumps and kinks of array formulas: where they are, and whether draws may have missed what lies beyond one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from math import prod

from checks.decide.arrays.draws import ArrayClaim
from derive.errors import NoRule, TooLarge
from derive.matrix.build import add, negative
from derive.matrix.keys import key
from derive.matrix.monomials import join, split
from derive.matrix.nodes import SCALAR, ArrayName, EntrywisePower, EntrywiseQuotient, Hadamard, Norm
from derive.matrix.shapes import shape_of
from derive.symbols import SymbolTable
from derive.tree import (
    ZERO,
    Absolute,
    Call,
    Chain,
    Constant,
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
    walk,
)

POSITIVE = frozenset({"exp", "softmax", "sigmoid", "softplus", "cosh", "relu", "abs", "sqrt"})
KINKED = frozenset({"relu", "abs", "max", "min", "sign"})


def is_zero(side: Node) -> bool:
    """Whether a side is written as zero, whatever its shape."""
    return not split(side).coefficient


def may_be_missed(claim: ArrayClaim) -> Node | None:
    """A jump of one side that is neither jump nor kink of the other: a small difference may lie between draws."""
    try:
        sides = [claim.setting.named.expanded(side) for side in claim.sides]
    except (NoRule, TooLarge):
        return None
    for one, other in (sides, reversed(sides)):
        known = Counter(kind for node in walk(other) for place, _ in _places(node) for kind in _kinds(place))
        if is_zero(other):  # two jumps at one place may meet: I(x > 0) I(x < 0) = 0
            every = Counter(kind for node in walk(one) for place, _ in _places(node) for kind in _kinds(place))
            known = Counter({kind: count - 1 for kind, count in every.items()})
        for node in walk(one):
            for place, jumps in _places(node):
                if jumps and not any(known[kind] for kind in _kinds(place)):
                    return node
    return None


def _places(node: Node) -> Iterator[tuple[Node, bool]]:
    """What vanishes at the kinks and jumps of one node, and whether it jumps there."""
    match node:
        case Chain(sides=sides):
            for left, right in zip(sides, sides[1:], strict=False):
                yield _difference(left, right), True
        case Absolute(operand=inner):
            yield inner, False
        case Call(function=function, arguments=arguments, order=order) if function in KINKED:
            left, right = (*arguments, ZERO)[:2]
            yield _difference(left, right), bool(order) or function == "sign"


def _difference(left: Node, right: Node) -> Node:
    if right == ZERO:
        return left
    return negative(right) if left == ZERO else add([left, negative(right)])


def _kinds(place: Node) -> set[Hashable]:
    """The place up to a factor."""
    part = split(place)
    bare = join(type(part)(scalars=part.scalars, word=part.word)) if part.coefficient else ZERO
    return {key(bare), key(negative(bare))}


def parts_of(kink: object) -> tuple[Node, ...]:
    """What keeps its sign if an evaluator stays on one side: |u|, the sides of a comparison, a function's arguments."""
    if isinstance(kink, Absolute):
        return (kink.operand,)
    if isinstance(kink, tuple) and isinstance(kink[0], Call):
        return kink[0].arguments if len(kink[0].arguments) == 1 else (_apart(*kink[0].arguments[:2]),)
    return (_apart(*kink),) if isinstance(kink, tuple) else ()


def _apart(left: Node, right: Node) -> Node:
    return left if right == ZERO else right if left == ZERO else Sum((left, Negative(right)))


def sign_of(node: Node, table: SymbolTable) -> int:
    """1 where no entry is ever negative, −1 where none is ever positive, by what is declared and how it is made; else 0."""
    match node:
        case ArrayName(properties=properties, role=role):
            return 1 if role == "ones" else _declared(properties)
        case Name(key=key):
            return _declared(table[key].properties) if key in table else 0
        case Number() | Norm() | Constant() | Absolute() | Root():
            return 1
        case Call(function="diag", arguments=(inner,)):
            return sign_of(inner, table)
        case Call(function=function, order=0):
            return int(function in POSITIVE)
        case Power(base=base, exponent=Number(value=value)) | EntrywisePower(base=base, exponent=Number(value=value)):
            even = value % 2 == 0 and (isinstance(node, EntrywisePower) or shape_of(base) == SCALAR)
            return 1 if even else int(sign_of(base, table) == 1)
        case Sum(terms=terms):
            signs = {sign_of(term, table) for term in terms}
            return signs.pop() if len(signs) == 1 else 0
        case Product() | Hadamard() | Quotient() | EntrywiseQuotient() | Transpose():
            return prod(sign_of(child, table) for child in node.children)
        case Negative(operand=inner):
            return -sign_of(inner, table)
    return 0


def _declared(properties: frozenset[str]) -> int:
    return 1 if properties & {"positive", "nonnegative", "large positive"} else -int("negative" in properties)
