"""Smart constructors: products, sums, transposes and inverses without trivial factors, signs and numbers in front.

A product is taken apart into a `Monomial`: a rational number, scalar factors with exponents, and a word of matrix
factors. Transposes stand at the factors, a symmetric factor absorbs its transpose, X X⁻¹ cancels, and whatever is 1×1 in
a word (xᵀAx) becomes a scalar factor. Sums inside a product stay as they were written: nothing is multiplied out.
Equal parts are recognised by `key`, which knows that xᵀAy and yᵀAᵀx are one number.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from derive.errors import NoRule
from derive.matrix.nodes import (
    SCALAR,
    ArrayName,
    Dimension,
    EntrywisePower,
    EntrywiseQuotient,
    Hadamard,
    Kronecker,
    Norm,
    Shape,
)
from derive.matrix.shapes import shape_of
from derive.tree import (
    ONE,
    ZERO,
    Absolute,
    Binder,
    Call,
    Determinant,
    Indicator,
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
    total,
)

SYMMETRIC = frozenset({"symmetric", "symmetric positive definite", "symmetric positive semidefinite", "diagonal"})
STRUCTURAL = frozenset(
    {"tr", "diag", "vec", "softmax", "logsumexp", "expm", "logm", "adj", "pinv", "lambda_max", "cov"}
)  # calls that are no entrywise functions
MAX_POWER = 12  # of a matrix power that is written as repeated factors while deriving
HALF = Fraction(1, 2)
UNIT, NOTHING = Fraction(1), Fraction(0)

Scalars = tuple[tuple[Node, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Monomial:
    """coefficient · Π base^exponent · word; the word of a scalar is empty."""

    coefficient: Fraction = UNIT
    scalars: Scalars = ()
    word: tuple[Node, ...] = ()


# --- what is known of single nodes -----------------------------------------------------------------------------------


def is_scalar(node: Node) -> bool:
    """Whether a node is 1×1."""
    return shape_of(node) == SCALAR


def has_role(node: Node, role: str) -> bool:
    return isinstance(node, ArrayName) and node.role == role


def is_ones(node: Node) -> bool:
    """Whether a node is an array of ones, of any shape."""
    return has_role(node.operand if isinstance(node, Transpose) else node, "ones")


def has_property(node: Node, name: str) -> bool:
    return isinstance(node, ArrayName) and name in node.properties


def is_structural(call: Call) -> bool:
    return call.function in STRUCTURAL


def whole_number(node: Node) -> int | None:
    """The value of a tree that is an integer as written."""
    inner = node.operand if isinstance(node, Negative) else node
    if not isinstance(inner, Number) or inner.value.denominator != 1:
        return None
    return -int(inner.value) if isinstance(node, Negative) else int(inner.value)


def rational(node: Node) -> Fraction | None:
    """The value of a tree that is a rational number as written."""
    match node:
        case Number():
            return node.value
        case Negative(operand=inner):
            value = rational(inner)
            return None if value is None else -value
        case Quotient(numerator=top, denominator=bottom):
            a, b = rational(top), rational(bottom)
            return None if a is None or not b else a / b
    return None


def dimension(size: Dimension) -> Node:
    """n as a scalar."""
    return Number(str(size)) if isinstance(size, int) else Name(size)


def ones(shape: Shape) -> Node:
    """An array of ones; a row is the transpose of a column."""
    if shape == SCALAR:
        return ONE
    if shape[0] == 1:
        return Transpose(ones(shape[::-1]))
    return ArrayName(r"\mathbf{1}", shape, role="ones")


def identity(size: Dimension) -> Node:
    return ONE if size == 1 else ArrayName("I", (size, size), frozenset({"symmetric"}), role="identity")


def is_symmetric(node: Node) -> bool:
    rows, columns = shape_of(node)
    return rows == columns and key(node) == key(node, flip=True)


# --- keys: equal for parts that are equal without multiplying out ------------------------------------------------------


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
            turned = flip and not (_symmetric_name(node) or node.shape == SCALAR)
            if node.role in {"ones", "identity"}:  # whatever they are called
                return ("name", node.role, node.shape, turned)
            return ("name", node.key, node.shape, turned)
        case Transpose(operand=inner):
            return key(inner, flip=not flip)
        case Sum(terms=terms):
            counted: dict[Hashable, Fraction] = {}
            for term in terms:
                part = split(term)
                name = _word_key(part, flip)
                counted[name] = counted.get(name, Fraction(0)) + part.coefficient
            return ("sum", frozenset(counted.items()))
        case Number() | Negative() | Product() | Quotient() | Power() | Root():
            part = split(node)
            if part == _atom(node) and not isinstance(node, Product):
                return _atom_key(node, flip)
            return ("product", part.coefficient, _word_key(part, flip))
        case Hadamard() | EntrywiseQuotient() | EntrywisePower():
            from derive.matrix.hadamard import entry_key

            return entry_key(node, flip)
    return _atom_key(node, flip)


def _symmetric_name(node: ArrayName) -> bool:
    return node.role in {"identity", "centring"} or bool(node.properties & SYMMETRIC)


def _word_key(part: Monomial, flip: bool) -> Hashable:
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
        return [transpose(part) for part in reversed(_flat_factors(node.operand))]
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
    part = split(node)
    if not part.word:
        return key(node)
    turns = set()
    for flip in (False, True):
        word = [key(item, flip=flip) for item in (reversed(part.word) if flip else part.word)]
        turns |= {tuple(word[i:] + word[:i]) for i in range(len(word))}
    return (_word_key(Monomial(scalars=part.scalars), False), part.coefficient, frozenset(turns))


# --- taking apart and putting together -------------------------------------------------------------------------------


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
            return _scaled(split(inner), Fraction(-1))
        case Product(factors=factors):
            return combined([split(factor) for factor in factors])
        case Quotient(numerator=top, denominator=bottom):
            below = split(bottom)
            if below.word or not below.coefficient:
                return _atom(node)
            return combined([split(top), raised(below, Fraction(-1))])
        case Transpose(operand=inner):
            return transposed(split(inner)) if not isinstance(inner, Sum) else _atom(node)
        case Root(radicand=inner, index=None) if is_scalar(node):
            return Monomial(scalars=((inner, HALF),)) if rational(inner) != 0 else _atom(node)
        case Power(base=base, exponent=exponent):
            return _split_power(node, base, exponent)
        case ArrayName(role="zeros"):
            return Monomial(NOTHING)
    return _atom(node)


def _split_power(node: Node, base: Node, exponent: Node) -> Monomial:
    value = whole_number(exponent)
    if is_scalar(base):
        if value is None and (half := rational(exponent)) is not None and half.denominator == 2:
            return Monomial(scalars=((base, half),))
        if value is None:
            return _atom(node)
        inner = split(base)
        return raised(inner, Fraction(value)) if inner.coefficient else _atom(node)
    if value is None or abs(value) > MAX_POWER or not is_square(base):
        return _atom(node)
    if value < 0:
        return combined([_inverted(base)] * -value)
    return combined([split(base)] * value) if value else Monomial(word=(identity(shape_of(base)[0]),))


def is_square(node: Node) -> bool:
    rows, columns = shape_of(node)
    return rows == columns


def _inverted(base: Node) -> Monomial:
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
            return _flipped(_inverse_item(inner))
        case ArrayName(role="identity"):
            return item
        case ArrayName() if "orthogonal" in item.properties:
            return _flipped(item)
    return Power(item, number(-1))


def _atom(node: Node) -> Monomial:
    return Monomial(scalars=((node, UNIT),)) if is_scalar(node) else Monomial(word=(node,))


def _scaled(part: Monomial, factor: Fraction) -> Monomial:
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
    word, extra = reduced([item for word in words for item in word]) if words else ((), [])
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
        name = scalar_key(base)
        before = found.get(name)
        found[name] = (base, exponent) if before is None else (before[0], before[1] + exponent)
    return tuple((base, exponent) for base, exponent in found.values() if exponent)


def transposed(part: Monomial) -> Monomial:
    return Monomial(part.coefficient, part.scalars, tuple(_flipped(item) for item in reversed(part.word)))


def _flipped(item: Node) -> Node:
    """The transpose of one factor of a word."""
    match item:
        case Transpose(operand=inner):
            return inner
        case ArrayName() if _symmetric_name(item):
            return item
        case ArrayName(role="ones", shape=(rows, columns)) if rows == columns:
            return item
        case Call(function="diag", arguments=(inner,)) if shape_of(inner)[1] == 1:
            return item
        case Kronecker(factors=factors):
            return Kronecker(tuple(transpose(factor) for factor in factors))
    return item if is_symmetric(item) else Transpose(item)


# --- words -----------------------------------------------------------------------------------------------------------


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
            return product(transpose(a), b) if shape_of(a)[1] == 1 else product(a, transpose(b))
    return ONE if has_property(column, "probability vector") else None


def _Scalar(segment: list[Node]) -> Node:  # noqa: N802
    if len(segment) == 1:
        inner = segment[0]
        return inner.operand if isinstance(inner, Transpose) else inner
    node = Product(tuple(_compressed(_fewer_transposes(segment))))
    node.__dict__["_monomial"] = Monomial(scalars=((node, UNIT),))  # it is one scalar factor
    return node


def _fewer_transposes(segment: list[Node]) -> list[Node]:
    """xᵀAx rather than xᵀAᵀx."""
    other = [_flipped(item) for item in reversed(segment)]
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
    if after is not None and has_property(bare, "orthogonal") and key(after) == key(item, flip=True):
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
        if len(left) == length and [key(x) for x in left] == [key(x) for x in inner[-length:]]:
            rest = inner[:-length]
            return items[: index - length] + _inverse_of(rest) + items[index + 1 :]
        if len(right) == length and [key(x) for x in right] == [key(x) for x in inner[:length]]:
            rest = inner[length:]
            return items[:index] + _inverse_of(rest) + items[index + 1 + length :]
    return None


def _inverse_of(rest: list[Node]) -> list[Node]:
    """The inverse of what is left of a word, transposed as the item was: both stand in `_inverse_word`."""
    return list(_inverted(join(Monomial(word=tuple(rest)))).word) if rest else []


def _inverse_word(item: Node) -> list[Node] | None:
    """The word that an item is the inverse of."""
    match item:
        case Power(base=base, exponent=exponent) if whole_number(exponent) == -1:
            part = split(base)
        case Transpose(operand=Power(base=base, exponent=exponent)) if whole_number(exponent) == -1:
            part = transposed(split(base))
        case _:
            return None
    return list(part.word) if part.coefficient == 1 and not part.scalars else [base]


def join(part: Monomial) -> Node:
    """The node of a monomial: sign, then number and scalars as one fraction, then the word."""
    coefficient = part.coefficient
    if not coefficient:
        return ZERO
    word = _compressed(part.word)
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


def _compressed(word: Sequence[Node]) -> list[Node]:
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


# --- the constructors ------------------------------------------------------------------------------------------------


def product(*factors: Node) -> Node:
    """The product of scalars and matrices in this order."""
    return join(combined([split(factor) for factor in factors]))


def scaled(factor: Fraction | int, node: Node) -> Node:
    return join(_scaled(split(node), Fraction(factor)))


def negative(node: Node) -> Node:
    return scaled(-1, node)


def reciprocal(node: Node) -> Node:
    """1/s of a scalar. Raises NoRule for 0."""
    part = split(node)
    if not part.coefficient or part.word:
        raise NoRule("no rule for a division by 0")
    return join(raised(part, Fraction(-1)))


def power(node: Node, exponent: int) -> Node:
    """A whole power of a scalar or square matrix."""
    return join(_split_power(Power(node, number(exponent)), node, number(exponent)))


def transpose(node: Node) -> Node:
    """nodeᵀ, pushed to the factors of a product; a sum keeps it outside unless it is symmetric."""
    if is_scalar(node):
        return node
    if isinstance(node, Sum):
        return node if is_symmetric(node) else Transpose(node)
    if isinstance(node, Transpose):
        return node.operand
    return join(transposed(split(node)))


def inverse(node: Node) -> Node:
    return reciprocal(node) if is_scalar(node) else join(_inverted(node))


def add(terms: Iterable[Node]) -> Node:
    """A sum without zeros, equal words collected, in the order of first occurrence."""
    return total([join(part) for part in collected_terms(terms)])


def collected_terms(terms: Iterable[Node]) -> list[Monomial]:
    """The terms of a sum as monomials, those with equal words added."""
    found: dict[Hashable, Monomial] = {}
    for term in flat_terms(terms):
        part = split(term)
        name = _word_key(part, False)
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
    part = split(node)
    if not part.coefficient:
        return ZERO
    front = join(Monomial(part.coefficient, part.scalars))
    word = part.word
    if len(word) == 1 and has_role(word[0], "identity"):
        return product(front, dimension(shape_of(word[0])[0]))
    if len(word) == 1 and isinstance(word[0], Kronecker) and all(map(is_square, word[0].factors)):
        return product(front, *(trace(factor) for factor in word[0].factors))
    for cut in range(1, len(word)):
        if shape_of(word[cut])[0] == 1:
            return product(front, *word[cut:], *word[:cut])
    return product(front, Call("tr", (join(Monomial(word=tuple(_fewer_transposes(list(word))))),)))


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
    part = split(node)
    if not part.coefficient:
        return ZERO
    word = part.word
    front = Monomial(part.coefficient, part.scalars)
    if len(word) == 1:
        inside = word[0]
        if has_role(inside, "ones") and shape_of(inside)[1] == 1:
            return join(combined([front, Monomial(word=(identity(shape_of(inside)[0]),))]))
        if has_role(inside, "identity"):
            return join(combined([front, Monomial(word=(ones((shape_of(inside)[0], 1)),))]))
        if isinstance(inside, Call) and inside.function == "diag" and shape_of(inside.arguments[0])[1] == 1:
            return join(combined([front, split(inside.arguments[0])]))
        if isinstance(inside, Power) and isinstance(inside.base, Call) and inside.base.function == "diag":
            from derive.matrix.hadamard import to_entrywise_power

            if whole_number(inside.exponent) == -1:
                return product(join(front), to_entrywise_power(inside.base.arguments[0], Fraction(-1)))
    columns = shape_of(node)[1]
    if columns != 1:
        word = tuple(_fewer_transposes(list(word)))  # A and Aᵀ have one diagonal
        for cut in range(1, len(word)):
            if shape_of(word[cut])[0] == 1:  # the diagonal of abᵀ is a ⊙ b
                from derive.matrix.hadamard import hadamard

                left, right = Monomial(word=word[:cut]), transposed(Monomial(word=word[cut:]))
                return product(join(front), hadamard(join(left), join(right)))
    return product(join(front), Call("diag", (join(Monomial(word=word)),)))


def determinant(node: Node) -> Node:
    """det, with scalars outside and the determinants of square factors apart where there are several."""
    if is_scalar(node):
        return node
    return Determinant(node)
