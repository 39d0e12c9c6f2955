"""Taking a product apart into number × scalars × word, and putting it together again.

A product is a `Monomial`: a rational number, scalar factors with exponents, and a word of matrix factors. Transposes
stand at the factors, a symmetric factor absorbs its transpose, X X⁻¹ cancels, and whatever is 1×1 in a word (xᵀAx)
becomes a scalar factor.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction

from derive.matrix import build, keys, reduction
from derive.matrix.atoms import (
    HALF,
    NOTHING,
    UNIT,
    Monomial,
    Scalars,
    identity,
    is_scalar,
    is_square,
    is_symmetric_name,
    rational,
    whole_number,
)
from derive.matrix.nodes import ArrayName, Kronecker
from derive.matrix.shapes import shape_of
from derive.tree import (
    ZERO,
    Call,
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
    times,
)

MAX_POWER = 12  # of a matrix power that is written as repeated factors while deriving


def split(node: Node) -> Monomial:
    """The node as number × scalars × word."""
    found = node.__dict__.get("_monomial")
    if found is None:
        found = node.__dict__["_monomial"] = _split(node)
    return found


def _split(node: Node) -> Monomial:
    match node:
        case Number():
            return Monomial(node.value)
        case Negative(operand=inner):
            return times_number(split(inner), Fraction(-1))
        case Product(factors=factors):
            return combined([split(factor) for factor in factors])
        case Quotient(numerator=top, denominator=bottom):
            below = split(bottom)
            if below.word or not below.coefficient:
                return atom(node)
            return combined([split(top), raised(below, Fraction(-1))])
        case Transpose(operand=inner):
            return transposed(split(inner)) if not isinstance(inner, Sum) else atom(node)
        case Root(radicand=inner, index=None) if is_scalar(node):
            return Monomial(scalars=((inner, HALF),)) if rational(inner) != 0 else atom(node)
        case Power(base=base, exponent=exponent):
            return split_power(node, base, exponent)
        case ArrayName(role="zeros"):
            return Monomial(NOTHING)
    return atom(node)


def split_power(node: Node, base: Node, exponent: Node) -> Monomial:
    value = whole_number(exponent)
    if is_scalar(base):
        if value is None and (half := rational(exponent)) is not None and half.denominator == 2:
            return Monomial(scalars=((base, half),))
        if value is None:
            return atom(node)
        inner = split(base)
        return raised(inner, Fraction(value)) if inner.coefficient else atom(node)
    if value is None or abs(value) > MAX_POWER or not is_square(base):
        return atom(node)
    if value < 0:
        return combined([inverted(base)] * -value)
    return combined([split(base)] * value) if value else Monomial(word=(identity(shape_of(base)[0]),))


def inverted(base: Node) -> Monomial:
    """(c s W)⁻¹ = c⁻¹ s⁻¹ W⁻¹; (W⁻¹)⁻¹ = W, (Wᵀ)⁻¹ = (W⁻¹)ᵀ."""
    part = split(base)
    if not part.coefficient or not part.word:
        return Monomial(word=(Power(base, number(-1)),))
    front = raised(Monomial(part.coefficient, part.scalars), Fraction(-1))
    if len(part.word) > 1:
        word = join(Monomial(word=part.word))
        if all(isinstance(item, Transpose) for item in part.word):
            flipped = join(transposed(Monomial(word=part.word)))
            return Monomial(front.coefficient, front.scalars, (Transpose(Power(flipped, number(-1))),))
        return Monomial(front.coefficient, front.scalars, (Power(word, number(-1)),))
    return Monomial(front.coefficient, front.scalars, (_inverse_item(part.word[0]),))


def _inverse_item(item: Node) -> Node:
    match item:
        case Power(base=base, exponent=exponent) if whole_number(exponent) == -1:
            return base
        case Transpose(operand=inner):
            return flipped(_inverse_item(inner))
        case ArrayName(role="identity"):
            return item
        case ArrayName() if "orthogonal" in item.properties:
            return flipped(item)
    return Power(item, number(-1))


def atom(node: Node) -> Monomial:
    return Monomial(scalars=((node, UNIT),)) if is_scalar(node) else Monomial(word=(node,))


def times_number(part: Monomial, factor: Fraction) -> Monomial:
    return Monomial(part.coefficient * factor, part.scalars, part.word)


def raised(part: Monomial, exponent: Fraction) -> Monomial:
    """A scalar monomial to a whole power."""
    return Monomial(part.coefficient ** int(exponent), tuple((b, e * exponent) for b, e in part.scalars))


def combined(parts: Sequence[Monomial]) -> Monomial:
    """The product of monomials, its word reduced."""
    if len(parts) == 1:
        parts = (*parts, Monomial())
    coefficient = UNIT
    for part in parts:
        if part.coefficient is not UNIT:
            coefficient = coefficient * part.coefficient
    if not coefficient:
        return Monomial(NOTHING)
    words = [part.word for part in parts if part.word]
    word, extra = reduction.reduced([item for word in words for item in word]) if words else ((), [])
    scalars = [pair for part in parts for pair in part.scalars]
    merged = Monomial(coefficient, merged_scalars(scalars), word)
    return _numbers_out(combined([merged, *(split(node) for node in extra)]) if extra else merged)


def _numbers_out(part: Monomial) -> Monomial:
    if not any(isinstance(base, Number | Negative | Quotient) for base, _ in part.scalars):
        return part
    coefficient, kept = part.coefficient, []
    for base, exponent in part.scalars:
        value = rational(base)
        if value is not None and exponent.denominator == 1 and (value or exponent > 0):
            coefficient *= value ** int(exponent)
        else:
            kept.append((base, exponent))
    if len(kept) == len(part.scalars):
        return part
    return Monomial(coefficient, tuple(kept), part.word) if coefficient else Monomial(NOTHING)


def merged_scalars(pairs: Iterable[tuple[Node, Fraction]]) -> Scalars:
    """Equal bases gathered; what has the exponent 0 is 1 wherever the formula has a value."""
    found: dict[Hashable, tuple[Node, Fraction]] = {}
    for base, exponent in pairs:
        name = keys.scalar_key(base)
        before = found.get(name)
        found[name] = (base, exponent) if before is None else (before[0], before[1] + exponent)
    return tuple((base, exponent) for base, exponent in found.values() if exponent)


def transposed(part: Monomial) -> Monomial:
    return Monomial(part.coefficient, part.scalars, tuple(flipped(item) for item in reversed(part.word)))


def flipped(item: Node) -> Node:
    """The transpose of one factor of a word."""
    match item:
        case Transpose(operand=inner):
            return inner
        case ArrayName() if is_symmetric_name(item):
            return item
        case ArrayName(role="ones", shape=(rows, columns)) if rows == columns:
            return item
        case Call(function="diag", arguments=(inner,)) if shape_of(inner)[1] == 1:
            return item
        case Kronecker(factors=factors):
            return Kronecker(tuple(build.transpose(factor) for factor in factors))
    return item if keys.is_symmetric(item) else Transpose(item)


def join(part: Monomial) -> Node:
    """The node of a monomial: sign, then number and scalars as one fraction, then the word."""
    if len(part.scalars) > 1:  # a base that was turned round may be equal to another now
        part = Monomial(part.coefficient, merged_scalars(part.scalars), part.word)
    coefficient = part.coefficient
    if not coefficient:
        return ZERO
    word = compressed(part.word)
    tops = [_raised_base(base, e) for base, e in _ordered(part.scalars) if e > 0]
    bottoms = [_raised_base(base, -e) for base, e in _ordered(part.scalars) if e < 0]
    size = abs(coefficient)
    above = ([Number(str(size.numerator))] if size.numerator != 1 else []) + tops
    below = ([Number(str(size.denominator))] if size.denominator != 1 else []) + bottoms
    if not below:
        node = _times([*above, *word])
    elif not above and word and bottoms:
        node = Quotient(_times(word), _times(below))
    else:
        node = _times([Quotient(_times(above), _times(below)), *word])
    node = Negative(node) if coefficient < 0 else node
    if isinstance(node, Negative) or len(above) + len(below) + len(part.word) > 1:
        node.__dict__.setdefault("_monomial", part)  # what it is made of is what it splits into
    return node


def _times(factors: list[Node]) -> Node:
    flat: list[Node] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Product) else [factor])
    return times(flat)


def _ordered(scalars: Scalars) -> list[tuple[Node, Fraction]]:
    return sorted(scalars, key=lambda pair: not isinstance(pair[0], Name))


def _raised_base(base: Node, exponent: Fraction) -> Node:
    if exponent == 1:
        return base
    if exponent.denominator == 2:
        root = Root(base)
        return root if exponent == HALF else Power(root, number(exponent.numerator))
    if exponent.denominator != 1:
        return Power(base, number(exponent))
    return Power(base, number(exponent))


def compressed(word: Sequence[Node]) -> list[Node]:
    """X X X as X³, X⁻¹ X⁻¹ as X⁻²."""
    done: list[Node] = []
    index = 0
    while index < len(word):
        item, count = word[index], 1
        while index + count < len(word) and word[index + count] == item and is_square(item):
            count += 1
        done.append(_repeated(item, count))
        index += count
    return done


def _repeated(item: Node, count: int) -> Node:
    if count == 1:
        return item
    match item:
        case Power(base=base, exponent=exponent) if whole_number(exponent) == -1:
            return Power(base, number(-count))
        case Transpose(operand=inner):
            return Transpose(_repeated(inner, count))
    return Power(item, number(count))
