"""A word of matrix factors without what cancels: identities and X X⁻¹ taken out, 1×1 runs cut out as scalars."""

from __future__ import annotations

from collections.abc import Sequence

from derive.matrix import build, keys, monomials
from derive.matrix.atoms import (
    UNIT,
    Monomial,
    dimension,
    has_property,
    has_role,
    identity,
    is_ones,
    is_square,
    whole_number,
)
from derive.matrix.nodes import ArrayName, Dimension, Hadamard
from derive.matrix.shapes import shape_of
from derive.tree import ONE, Call, Node, Power, Product, Transpose


def reduced(word: Sequence[Node]) -> tuple[tuple[Node, ...], list[Node]]:
    """A word without identities and X X⁻¹, and the scalars that were cut out of it."""
    runs: list[list[Node]] = []
    open_end: Dimension = 0
    for item in word:
        rows, columns = shape_of(item)
        if runs and open_end == rows != 1:
            runs[-1].append(item)
        else:
            runs.append([item])
        open_end = columns
    scalars: list[Node] = []
    rest: list[Node] = []
    for run in runs:
        if shape_of(run[0])[0] == 1 == shape_of(run[-1])[1]:
            scalars.append(_scalar_of(_without_units(run)))
        else:
            rest.extend(run)
    return tuple(_without_units(rest)), scalars


def _without_units(word: list[Node]) -> list[Node]:
    """The word without identities, what cancels taken out; one identity if nothing else is left."""
    items = _cancelled([item for item in word if not has_role(item, "identity")])
    return items if items or not word else [identity(shape_of(word[0])[0])]


def _scalar_of(segment: list[Node]) -> Node:
    """A 1×1 word as a scalar: known sums, else the word itself."""
    if len(segment) == 2:
        left, right = (item.operand if isinstance(item, Transpose) else item for item in segment)
        if is_ones(left) or is_ones(right):
            known = _sum_of_entries(right if is_ones(left) else left)
            if known is not None:
                return known
        elif shape_of(left) == shape_of(right):
            from derive.matrix.hadamard import cancelled_inner

            known = cancelled_inner(left, right)
            if known is not None:
                return known
    return _Scalar(segment)


def _sum_of_entries(column: Node) -> Node | None:
    """𝟏ᵀu where it is known: of ones, a probability vector, a softmax; of a ⊙ b it is aᵀb."""
    match column:
        case ArrayName(role="ones"):
            return dimension(max(shape_of(column), key=lambda size: size != 1))
        case Call(function="softmax", order=0):
            return ONE
        case Hadamard(factors=(a, b)):
            return build.product(build.transpose(a), b) if shape_of(a)[1] == 1 else build.product(a, build.transpose(b))
    return ONE if has_property(column, "probability vector") else None


def _Scalar(segment: list[Node]) -> Node:  # noqa: N802
    if len(segment) == 1:
        inner = segment[0]
        return inner.operand if isinstance(inner, Transpose) else inner
    node = Product(tuple(monomials.compressed(fewer_transposes(segment))))
    node.__dict__["_monomial"] = Monomial(scalars=((node, UNIT),))  # it is one scalar factor
    return node


def fewer_transposes(segment: list[Node]) -> list[Node]:
    """xᵀAx rather than xᵀAᵀx."""
    other = [monomials.flipped(item) for item in reversed(segment)]
    count = [sum(isinstance(item, Transpose) for item in word) for word in (segment, other)]
    return other if count[1] < count[0] else segment


def _cancelled(items: list[Node]) -> list[Node]:
    """X X⁻¹ taken out, also where the inverse of a longer word meets one end of it."""
    index = 0
    while index < len(items):
        changed = _cancel_at(items, index)
        if changed is None:
            index += 1
        else:
            items, index = changed, 0
    return items


def _cancel_at(items: list[Node], index: int) -> list[Node] | None:
    item = items[index]
    after = items[index + 1] if index + 1 < len(items) else None
    bare = item.operand if isinstance(item, Transpose) else item
    if after is not None and has_property(bare, "orthogonal") and keys.key(after) == keys.key(item, flip=True):
        return items[:index] + items[index + 2 :]
    if has_role(item, "centring") and after == item:
        return items[:index] + items[index + 1 :]
    inner = _inverse_word(item)
    if inner is None:
        return None
    for length in range(len(inner), 0, -1):
        if length < len(inner) and not all(map(is_square, inner)):
            continue
        left, right = items[max(0, index - length) : index], items[index + 1 : index + 1 + length]
        # (… B)⁻¹ begins with B⁻¹ … and what stands before it may end in B
        if len(left) == length and [keys.key(x) for x in left] == [keys.key(x) for x in inner[-length:]]:
            rest = inner[:-length]
            return items[: index - length] + _inverse_of(rest) + items[index + 1 :]
        if len(right) == length and [keys.key(x) for x in right] == [keys.key(x) for x in inner[:length]]:
            rest = inner[length:]
            return items[:index] + _inverse_of(rest) + items[index + 1 + length :]
    return None


def _inverse_of(rest: list[Node]) -> list[Node]:
    """The inverse of what is left of a word, transposed as the item was: both stand in `_inverse_word`."""
    return list(monomials.inverted(monomials.join(Monomial(word=tuple(rest)))).word) if rest else []


def _inverse_word(item: Node) -> list[Node] | None:
    """The word that an item is the inverse of."""
    match item:
        case Power(base=base, exponent=exponent) if whole_number(exponent) == -1:
            part = monomials.split(base)
        case Transpose(operand=Power(base=base, exponent=exponent)) if whole_number(exponent) == -1:
            part = monomials.transposed(monomials.split(base))
        case _:
            return None
    return list(part.word) if part.coefficient == 1 and not part.scalars else [base]
