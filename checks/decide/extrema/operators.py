"""Extrema over vectors → norms, by the definition of the operator norm (Horn and Johnson, Matrix Analysis, 5.6).

    max ‖Ax‖/‖x‖  over x ≠ 0            ‖A‖₂             min ‖Ax‖/‖x‖   √λmin(AᵀA)
    max ‖Ax‖      over ‖x‖ = r or ≤ r   r ‖A‖₂           max |aᵀx|/‖x‖  ‖a‖
    sup ‖Ax − Ay‖/‖x − y‖  over x ≠ y   ‖A‖₂

Squares of both lengths give the squares. Unit balls are compact, so that each is attained.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from checks.decide.claim import Setting
from checks.decide.separation import FAILURES
from derive.entries import rational
from derive.errors import Unreadable
from derive.matrix.build import add, flat_terms
from derive.matrix.canonical import equal
from derive.matrix.expand import distributed
from derive.matrix.linear_maps import read_off
from derive.matrix.nodes import SCALAR, ArrayName, Norm
from derive.matrix.shapes import shape_of
from derive.tree import (
    EXTREMA,
    ONE,
    TWO,
    ZERO,
    Absolute,
    Binder,
    Call,
    Chain,
    Name,
    Node,
    Power,
    Product,
    Quotient,
    Root,
    SuchThat,
    Sum,
    Transpose,
    substitute,
    times,
    walk,
)

SUPREMUM, INFIMUM, GREATEST, LEAST = EXTREMA


@dataclass(frozen=True, slots=True)
class Over:
    """What an extremum is taken of, over which vectors, where."""

    kind: str
    vectors: tuple[ArrayName, ...]
    body: Node
    condition: Node | None


def over_vectors(tree: Binder) -> Over | None:
    """An extremum over vectors, nested ones of one kind together; None for any other."""
    names, body = [tree.index], tree.body
    condition: Node | None = None
    while isinstance(body, Binder) and body.kind == tree.kind:
        names, body = [*names, body.index], body.body
    if isinstance(body, SuchThat):
        condition = body.condition
        body = body.body
    found = {node.key: node for node in walk(body) if isinstance(node, ArrayName) and node.shape[1] == 1}
    if not all(name in found and found[name].shape != SCALAR for name in names):
        return None
    return Over(tree.kind, tuple(found[name] for name in names), body, condition)


def operator_value(tree: Binder, setting: Setting) -> tuple[Node, str] | None:
    """The norm that an extremum over vectors is, and why; None where no row of the table fits."""
    over = over_vectors(tree)
    try:
        over = None if over is None else _by_difference(over)
        return None if over is None else _value(over, setting)
    except (Unreadable, *FAILURES):
        return None


def defines_norm(left: Node, right: Node, setting: Setting) -> bool:
    """Whether `‖A‖₂ = max ‖Ax‖/‖x‖` stands there, either way round: how that norm is defined."""
    norm, other = (left, right) if isinstance(left, Norm) else (right, left)
    if not isinstance(norm, Norm) or norm.kind != "2" or not isinstance(other, Binder) or other.kind not in EXTREMA:
        return False
    found = operator_value(other, setting)
    return found is not None and found[0] == norm


def _by_difference(over: Over) -> Over | None:
    """Over x ≠ y, what depends on x − y alone, as over x − y ≠ 0."""
    if len(over.vectors) == 1:
        return over
    if len(over.vectors) != 2 or over.vectors[0].shape != over.vectors[1].shape:
        return None
    x, y = over.vectors
    if over.condition not in (Chain((x, y), (r"\ne",)), Chain((y, x), (r"\ne",))):
        return None
    parts = []
    for part in _lengths(over.body):
        if not {x.key, y.key} & set(part.operand.names):
            continue
        moved = _multiplied_out(substitute(part.operand, {x.key: Sum((x, y))}))
        difference = times([read_off(moved, x), x])
        if y.key in difference.names or not equal(moved, difference):
            return None
        parts.append((part, part.rebuilt((difference,))))
    body = over.body
    for part, new in parts:
        body = _replaced(body, part, new)
    return None if y.key in body.names else Over(over.kind, (x,), body, Chain((x, ZERO), (r"\ne",)))


def _multiplied_out(tree: Node) -> Node:
    return add([piece for term in flat_terms((tree,)) for piece in distributed(term)])


def _lengths(body: Node) -> Iterator[Norm | Absolute]:
    for node in walk(body):
        if isinstance(node, Norm | Absolute):
            yield node


def _replaced(tree: Node, part: Node, new: Node) -> Node:
    if tree == part:
        return new
    return tree.rebuilt(tuple(_replaced(child, part, new) for child in tree.children)) if tree.children else tree


def _value(over: Over, setting: Setting) -> tuple[Node, str] | None:
    x = over.vectors[0]
    top, bottom = _factors(over.body)
    front = [*(f for f in top if x.key not in f.names), *(Quotient(ONE, f) for f in bottom if x.key not in f.names)]
    top, bottom = ([f for f in side if x.key in f.names] for side in (top, bottom))
    radius = _radius(over, setting)
    if radius is None or not all(_positive(f) for f in front) or len(top) != 1 or len(bottom) > 1:
        return None
    length, power = _length(top[0])
    if length is None:
        return None
    if bottom:
        below, same = _length(bottom[0])
        if (below != x and not (below is not None and equal(below, x))) or same != power or radius != ZERO:
            return None
    elif radius == ZERO or power != 1:
        return None
    matrix = read_off(length, x)
    if x.key in matrix.names or not equal(length, times([matrix, x])):
        return None
    if over.kind in (SUPREMUM, GREATEST):
        value: Node = Norm(matrix)
        said = "the greatest stretch is the spectral norm, attained at the first right singular vector"
    elif bottom:
        value = Root(Call("lambda_min", (Product((Transpose(matrix), matrix)),)))
        said = "the least stretch is the square root of the least eigenvalue of AᵀA"
    else:
        return None
    value = value if power == 1 else Power(value, TWO)
    factors = [*front, *([radius] if radius not in (ZERO, ONE) else []), value]
    return times(factors), said


def _factors(body: Node) -> tuple[list[Node], list[Node]]:
    """The factors above and below the line."""
    match body:
        case Quotient(numerator=a, denominator=b):
            (top, bottom), (over, under) = _factors(a), _factors(b)
            return [*top, *under], [*bottom, *over]
        case Product(factors=factors) if all(shape_of(f) == SCALAR for f in factors):
            found = [_factors(f) for f in factors]
            return [f for a, _ in found for f in a], [f for _, b in found for f in b]
    return [body], []


def _length(tree: Node) -> tuple[Node | None, int]:
    """u of ‖u‖ or |u|, with the power 1; of ‖u‖² with 2."""
    power = 1
    if isinstance(tree, Power) and tree.exponent == TWO:
        tree, power = tree.base, 2
    if isinstance(tree, Norm) and tree.kind in {"2", "F"} and 1 in shape_of(tree.operand):
        return tree.operand, power
    return (tree.operand, power) if isinstance(tree, Absolute) and tree.has_array else (None, 1)


def _radius(over: Over, setting: Setting) -> Node | None:
    """0 for all vectors or all but 0, r for those of length r or at most r; None for any other condition."""
    x, condition = over.vectors[0], over.condition
    if condition is None:
        return ZERO
    if not isinstance(condition, Chain) or len(condition.relations) != 1:
        return None
    (left, right), relation = condition.sides, condition.relations[0]
    length, power = _length(left)
    if relation == r"\ne" and right == ZERO and x in (left, length):
        return ZERO
    if relation == ">" and right == ZERO and length == x:
        return ZERO
    if length != x or relation not in ("=", r"\le") or x.key in right.names:
        return None
    if power == 2:
        return ONE if right == ONE else None
    return right if _positive(right) or _declared_positive(right, setting) else None


def _positive(tree: Node) -> bool:
    value = rational(tree)
    return value is not None and value > Fraction(0)


def _declared_positive(tree: Node, setting: Setting) -> bool:
    return isinstance(tree, Name) and bool(setting.symbol(tree.key).properties & {"positive", "nonnegative"})
