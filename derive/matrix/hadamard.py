"""Entrywise algebra: ⊙, ⊘ and ^{⊙k} as one kind of monomial, and scalar formulas lifted to arrays.

u ⊙ v ⊘ w² is taken apart into a number, scalar factors and parts with exponents; equal parts cancel, arrays of ones
drop out. `lifted` turns the scalar formula f'(u) of the table of functions into the entrywise formula f'(X).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from derive.errors import NoRule
from derive.matrix.atoms import HALF, Monomial, Scalars, is_ones, is_scalar, ones, rational
from derive.matrix.build import add, product
from derive.matrix.keys import key, scalar_key
from derive.matrix.monomials import combined, join, merged_scalars, raised, split
from derive.matrix.nodes import EntrywisePower, EntrywiseQuotient, Hadamard, Shape
from derive.matrix.shapes import shape_of
from derive.tree import (
    Absolute,
    Call,
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
    number,
)


@dataclass(frozen=True, slots=True)
class Entrywise:
    """coefficient · Π scalar^exponent · ⊙ part^{⊙exponent}, all parts of one shape."""

    shape: Shape
    coefficient: Fraction = Fraction(1)
    scalars: Scalars = ()
    parts: tuple[tuple[Node, Fraction], ...] = ()


def apart(node: Node) -> Entrywise:
    """An array as entrywise monomial; what is no ⊙, ⊘ or entrywise power is one part."""
    match node:
        case Hadamard(factors=factors):
            return together([apart(factor) for factor in factors])
        case EntrywiseQuotient(numerator=top, denominator=bottom):
            return together([apart(top), to_power(apart(bottom), Fraction(-1))])
        case EntrywisePower(base=base, exponent=exponent):
            value, inside = rational(exponent), apart(base)
            plain = value is not None and (value.denominator == 1 or _is_plain(inside))
            if plain and value is not None and (inside.coefficient or value > 0):
                return to_power(inside, value)
        case Root(radicand=inside_root, index=None) if not is_scalar(node):
            inside = apart(inside_root)
            return to_power(inside, HALF) if _is_plain(inside) else _part(node)
    part = split(node)
    if len(part.word) == 1 and part.word[0] is not node and part.word[0] != node:
        inner = apart(part.word[0])
        return together([Entrywise(inner.shape, part.coefficient, part.scalars), inner])
    shape = shape_of(node)
    if part.word and all(is_ones(item) for item in part.word) and shape != (1, 1):
        return Entrywise(shape, part.coefficient, part.scalars)
    if not part.coefficient:
        return Entrywise(shape, Fraction(0))
    body = node if part.coefficient == 1 and not part.scalars else join(Monomial(word=part.word))
    return Entrywise(shape, part.coefficient, part.scalars, ((body, Fraction(1)),))


def _part(node: Node) -> Entrywise:
    return Entrywise(shape_of(node), parts=((node, Fraction(1)),))


def _is_plain(inside: Entrywise) -> bool:
    return inside.coefficient == 1 and not inside.scalars and len(inside.parts) == 1 and inside.parts[0][1] == 1


def together(factors: Sequence[Entrywise]) -> Entrywise:
    """The entrywise product."""
    coefficient = Fraction(1)
    scalars: list[tuple[Node, Fraction]] = []
    parts: list[tuple[Node, Fraction]] = []
    for factor in factors:
        coefficient *= factor.coefficient
        scalars += factor.scalars
        parts += factor.parts
    shape = next((f.shape for f in factors if f.shape != (1, 1)), factors[0].shape)
    return Entrywise(shape, coefficient, merged_scalars(scalars), _merged(parts))


def _merged(parts: Iterable[tuple[Node, Fraction]]) -> tuple[tuple[Node, Fraction], ...]:
    found: dict[Hashable, tuple[Node, Fraction]] = {}
    for node, exponent in parts:
        name = key(node)
        first, before = found.get(name, (node, Fraction(0)))
        found[name] = (first, before + exponent)
    return tuple((node, exponent) for node, exponent in found.values() if exponent)


def to_power(inside: Entrywise, exponent: Fraction) -> Entrywise:
    """Every part to a power; the coefficient and scalars only to whole ones."""
    whole = (
        raised(Monomial(inside.coefficient, inside.scalars), exponent)
        if inside.coefficient != 1 or inside.scalars
        else Monomial()
    )
    return Entrywise(inside.shape, whole.coefficient, whole.scalars, tuple((n, e * exponent) for n, e in inside.parts))


def put(whole: Entrywise) -> Node:
    """The node: number and scalars in front of numerator ⊘ denominator."""
    front = join(Monomial(whole.coefficient, whole.scalars))
    if not whole.coefficient:
        return Number("0")
    tops = [_raised(node, e) for node, e in whole.parts if e > 0]
    bottoms = [_raised(node, -e) for node, e in whole.parts if e < 0]
    body = _one(tops) if tops else ones(whole.shape)
    if bottoms:
        body = EntrywiseQuotient(body, _one(bottoms))
    return product(front, body)


def _one(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Hadamard(tuple(parts))


def _raised(node: Node, exponent: Fraction) -> Node:
    if exponent == 1:
        return node
    rows, columns = shape_of(node)
    if rows == columns:  # the root sign over a square matrix may mean another root
        return EntrywisePower(node, number(exponent))
    if exponent == HALF:
        return Root(node)
    if exponent.denominator == 2:
        return EntrywisePower(Root(node), number(exponent.numerator))
    return EntrywisePower(node, number(exponent))


def entry_key(node: Node, flip: bool) -> Hashable:
    """The key of an entrywise product: the order of its parts does not matter."""
    whole = apart(node)
    scalars = frozenset((scalar_key(base), exponent) for base, exponent in whole.scalars)
    if whole.parts == ((node, Fraction(1)),):
        return ("node", node, flip)
    parts = frozenset((key(part, flip=flip), exponent) for part, exponent in whole.parts)
    shape = whole.shape[::-1] if flip else whole.shape
    return ("entrywise", whole.coefficient, scalars, parts, shape)


# --- constructors ----------------------------------------------------------------------------------------------------


def hadamard(*factors: Node) -> Node:
    """The entrywise product; of scalars the product."""
    if all(is_scalar(factor) for factor in factors):
        return product(*factors)
    fixed = [factor for factor in factors if not is_scalar(factor)]
    loose = [factor for factor in factors if is_scalar(factor)]
    return product(*loose, put(together([apart(factor) for factor in fixed])))


def over(top: Node, bottom: Node) -> Node:
    """top ⊘ bottom; of scalars the quotient."""
    return hadamard(top, to_entrywise_power(bottom, Fraction(-1)))


def to_entrywise_power(node: Node, exponent: Fraction) -> Node:
    """Every entry to a rational power."""
    if is_scalar(node):
        if exponent.denominator in (1, 2):
            part = split(node)
            if exponent.denominator == 1:
                return join(raised(part, exponent))
            return join(combined([Monomial(scalars=((node, exponent),))]))
        return Power(node, number(exponent))
    inside = apart(node)
    if exponent.denominator == 1 or _is_plain(inside):
        return put(to_power(inside, exponent))
    return _raised(node, exponent) if exponent > 0 else over(ones(shape_of(node)), _raised(node, -exponent))


def cancelled_inner(left: Node, right: Node) -> Node | None:
    """uᵀ(v ⊘ u) = 𝟏ᵀv: the inner product of columns with a part and its inverse; None where nothing cancels."""
    a, b = apart(left), apart(right)
    exponents = {key(node): exponent for node, exponent in a.parts}
    if not any(exponents.get(key(node), exponent) * exponent < 0 for node, exponent in b.parts):
        return None
    whole = put(together([a, b]))
    return product(Transpose(ones(a.shape)), whole) if a.shape[1] == 1 else product(whole, ones(a.shape[::-1]))


# --- scalar formulas, entry by entry ---------------------------------------------------------------------------------


def lifted(tree: Node, places: dict[str, Node], shape: Shape) -> Node:
    """A scalar formula of names applied entry by entry: `places` says what a name stands for. Raises NoRule.

    Where nothing in it depends on an array the result is a scalar; `spread` makes an array of it.
    """
    match tree:
        case Name(key=name):
            return places.get(name, tree)
        case Number() | Constant():
            return tree
        case Negative(operand=inside):
            return product(number(-1), lifted(inside, places, shape))
        case Sum(terms=terms):
            return summed([lifted(term, places, shape) for term in terms], shape)
        case Product(factors=factors):
            return hadamard(*(lifted(factor, places, shape) for factor in factors))
        case Quotient(numerator=top, denominator=bottom):
            return over(lifted(top, places, shape), lifted(bottom, places, shape))
        case Power(base=base, exponent=exponent):
            below, above = lifted(base, places, shape), lifted(exponent, places, shape)
            value = rational(above)
            if value is not None:
                return to_entrywise_power(below, value)
            if is_scalar(below) and is_scalar(above):
                return Power(below, above)
            if is_scalar(above):
                return EntrywisePower(below, above)
            if isinstance(below, Constant) and below.name == "e":
                return Call("exp", (above,))
            return Call("exp", (hadamard(above, Call("log", (below,))),))
        case Root(radicand=inside, index=None):
            return to_entrywise_power(lifted(inside, places, shape), HALF)
        case Absolute(operand=inside):
            return Absolute(lifted(inside, places, shape))
        case Call(function=function, arguments=arguments, order=order):
            return Call(function, tuple(lifted(argument, places, shape) for argument in arguments), order)
    raise NoRule(f"no rule for {type(tree).__name__.lower()} entry by entry")


def summed(terms: list[Node], shape: Shape) -> Node:
    """A sum in which scalars stand for arrays of that number, where any term is an array."""
    if all(is_scalar(term) for term in terms):
        return add(terms)
    return add([spread(term, shape) for term in terms])


def spread(node: Node, shape: Shape) -> Node:
    """The array whose entries all are this number; an array stays."""
    return product(node, ones(shape)) if is_scalar(node) and shape != (1, 1) else node
