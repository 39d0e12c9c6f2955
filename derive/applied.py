"""Functions of matrices that are written out → their entries: f(M), max(u, v), softmax, u ⊙ v, u ⊘ v, masks, norms, entries.

What acts entry by entry is put on every entry, which stays a formula; of rational entries ReLU, max, min, |·|, the sign
and comparisons are worked out, so that a forward pass over numbers stays exact. Softmax of a column or row is over its
entries, of a matrix over each row. Arithmetic is in `derive.entries`, which asks here for what has no rule there.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce

from derive.entries import Misshapen, all_scalar, as_scalar, carried_out, described, entrywise, rational
from derive.errors import NoRule, TooLarge
from derive.matrix.nodes import ArrayName, Entry, EntrywisePower, EntrywiseQuotient, Hadamard, Norm
from derive.tree import (
    ARRAY_FUNCTIONS,
    ONE,
    ZERO,
    Absolute,
    Binder,
    Call,
    Chain,
    Indicator,
    Logical,
    Matrix,
    Node,
    Number,
    OffKinks,
    Power,
    Quotient,
    Root,
    number,
    substitute,
    times,
    total,
)

MAX_TERMS = 400  # of a sum over an index that is written out
TWO = Number("2")
Rows = tuple[tuple[Node, ...], ...]

# functions of rationals that are rational
_WORKED_OUT: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "relu": lambda u: max(u[0], Fraction(0)),
    "max": max,
    "min": min,
    "identity": lambda u: u[0],
    "sign": lambda u: Fraction((u[0] > 0) - (u[0] < 0)),
}
_HOLDS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "=": lambda a, b: a == b, r"\ne": lambda a, b: a != b,
    "<": lambda a, b: a < b, r"\le": lambda a, b: a <= b, ">": lambda a, b: a > b, r"\ge": lambda a, b: a >= b,
}  # fmt: skip


def array_name(tree: ArrayName) -> Matrix:
    """Ones, zeros and the identity of a size that is a number. Raises NoRule for any other name."""
    rows, columns = tree.shape
    if isinstance(rows, str) or isinstance(columns, str) or tree.role not in _CONSTANT:
        raise NoRule("no rule for vectors and matrices that are not written out")
    if rows * columns > MAX_TERMS:
        raise TooLarge(f"a matrix of more than {MAX_TERMS} entries")
    entry = _CONSTANT[tree.role]
    return Matrix(tuple(tuple(number(entry(i, j)) for j in range(columns)) for i in range(rows)))


_CONSTANT: dict[str, Callable[[int, int], Fraction]] = {
    "ones": lambda *_: Fraction(1),
    "zeros": lambda *_: Fraction(0),
    "identity": lambda i, j: Fraction(i == j),
}


# --- entry by entry --------------------------------------------------------------------------------------------------


def call(tree: Call) -> Node:
    """A function of matrices: one of vectors as a whole, or one that acts entry by entry."""
    arguments = [carried_out(argument) for argument in tree.arguments]
    if tree.function in ARRAY_FUNCTIONS:
        rule = _WHOLE.get(tree.function)
        if rule is None or len(arguments) != 1 or tree.order:
            raise NoRule(f"no rule for {tree.function} of a matrix that is written out")
        return rule(as_matrix(arguments[0]))
    if tree.function in {"max", "min"} and len(arguments) == 1:
        raise NoRule("no rule for the largest of the entries of one matrix")
    return broadcast(lambda entries: _called(tree.rebuilt(entries)), arguments)


def _called(tree: Node) -> Node:
    assert isinstance(tree, Call)
    values = [rational(argument) for argument in tree.arguments]
    known = [value for value in values if value is not None]
    worked_out = _WORKED_OUT.get(tree.function)
    if worked_out is None or tree.order or len(known) < len(values):
        return tree
    return number(worked_out(known))


def broadcast(combine: Callable[[tuple[Node, ...]], Node], values: list[Node]) -> Node:
    """One entry after the other; a single value counts for every entry. Raises Misshapen."""
    values = [as_scalar(value) for value in values]
    arrays = [value for value in values if value.has_array]
    if not arrays:
        return combine(tuple(values))
    if not all(isinstance(value, Matrix) for value in arrays):
        raise NoRule("no rule for functions of lists and sets; write vectors as columns")
    first = arrays[0]
    assert isinstance(first, Matrix)
    for other in arrays[1:]:
        assert isinstance(other, Matrix)
        if other.shape != first.shape:
            raise Misshapen(f"{described(first)} and {described(other)} have no entries in common")
    columns = (value.children if value.has_array else (value,) * len(first.children) for value in values)
    return first.rebuilt(tuple(combine(all_scalar(entries)) for entries in zip(*columns, strict=True)))


def hadamard(tree: Hadamard) -> Node:
    """u ⊙ v; all factors of one shape."""
    return broadcast(lambda entries: folded_product(list(entries)), _alike(tree.factors))


def entrywise_quotient(tree: EntrywiseQuotient) -> Node:
    """u ⊘ v."""
    return broadcast(lambda uv: divided(*uv), _alike(tree.children))


def entrywise_power(tree: EntrywisePower) -> Node:
    """u^{⊙k}."""
    exponent = carried_out(tree.exponent)
    return entrywise([as_matrix(carried_out(tree.base))], lambda u: _power(u[0], exponent))


def absolute(tree: Absolute) -> Node:
    """|u| of a column or row, entry by entry. Raises NoRule for a matrix: its determinant may be meant."""
    value = as_matrix(carried_out(tree.operand))
    if 1 not in value.shape:
        raise NoRule("the bars may mean the determinant of a matrix or its absolute values")
    return entrywise([value], lambda u: _magnitude(u[0]))


def root(tree: Root) -> Node:
    """The root of every entry."""
    if tree.index is not None and tree.index.has_array:
        raise NoRule("no rule for a matrix as the index of a root")
    value = as_scalar(as_matrix(carried_out(tree.radicand)))
    return entrywise([value], lambda u: tree.rebuilt((u[0], *tree.children[1:])))


def indicator(tree: Indicator) -> Node:
    """I(u > v) as a mask of zeros and ones."""
    return _truth(tree.condition)


def _truth(condition: Node) -> Node:
    match condition:
        case Chain(sides=sides, relations=relations, continued=False):
            values = [carried_out(side) for side in sides]
            return broadcast(lambda entries: _mask(entries, relations), values)
        case Logical(connective="and", statements=statements):
            return broadcast(lambda entries: folded_product(list(entries)), [_truth(part) for part in statements])
    raise NoRule("no rule for an indicator of what is no comparison")


def _mask(entries: tuple[Node, ...], relations: tuple[str, ...]) -> Node:
    values = [rational(entry) for entry in entries]
    if any(value is None for value in values) or not set(relations) <= set(_HOLDS):
        return Indicator(Chain(entries, relations))
    known = [value for value in values if value is not None]
    return ONE if all(_HOLDS[r](a, b) for a, r, b in zip(known, relations, known[1:], strict=False)) else ZERO


def off_kinks(tree: OffKinks) -> Node:
    """A derivative off its kinks: every entry keeps those that are not certain to be none. Raises NoRule at a kink."""
    value = carried_out(tree.body)
    kinks = [entry for kink in tree.kinks for entry in as_matrix(carried_out(kink)).children]
    if any(rational(kink) == 0 for kink in kinks):
        raise NoRule("no rule for a derivative at a kink")
    left = tuple(kink for kink in kinks if rational(kink) is None)
    return value if not left else entrywise([value], lambda u: OffKinks(u[0], left))


# --- as a whole ------------------------------------------------------------------------------------------------------


def softmax(value: Matrix) -> Node:
    """exp(u_i)/Σ_j exp(u_j)."""
    rows: Rows = tuple(zip(*value.rows, strict=True)) if value.shape[1] == 1 else value.rows
    shares = tuple(_shares(row) for row in rows)
    return Matrix(tuple(zip(*shares, strict=True)) if value.shape[1] == 1 else shares)


def _shares(entries: tuple[Node, ...]) -> tuple[Node, ...]:
    powers = [Call("exp", (entry,)) for entry in entries]
    return tuple(Quotient(power, total(list(powers))) for power in powers)


def log_sum_exp(value: Matrix) -> Node:
    """log Σ exp(u_i) of a column or row."""
    if 1 not in value.shape:
        raise Misshapen(f"{described(value)}, and the log-sum-exp is one of vectors")
    return Call("log", (total([Call("exp", (entry,)) for entry in value.children]),))


def diagonal(value: Matrix) -> Node:
    """diag of a vector is a matrix, of a matrix the column of its diagonal."""
    if 1 in value.shape:
        entries = value.children
        return Matrix(tuple(tuple(u if i == j else ZERO for j in range(len(entries))) for i, u in enumerate(entries)))
    return Matrix(tuple((value.rows[i][i],) for i in range(_square(value))))


def trace(value: Matrix) -> Node:
    """Σ u_ii."""
    return folded_sum([value.rows[i][i] for i in range(_square(value))])


def vectorised(value: Matrix) -> Node:
    """The columns one under the other."""
    return Matrix(tuple((entry,) for column in zip(*value.rows, strict=True) for entry in column))


def _square(value: Matrix) -> int:
    if value.shape[0] != value.shape[1]:
        raise Misshapen(f"{described(value)} is not square")
    return value.shape[0]


_WHOLE: dict[str, Callable[[Matrix], Node]] = {
    "softmax": softmax,
    "logsumexp": log_sum_exp,
    "diag": diagonal,
    "tr": trace,
    "vec": vectorised,
}


def norm(tree: Norm) -> Node:
    """‖u‖₂ of a vector, ‖A‖_F, and the sums of magnitudes; the spectral and nuclear norm have no rule."""
    value = as_matrix(carried_out(tree.operand))
    vector = 1 in value.shape
    if tree.kind == "F" or (tree.kind in {"2", ""} and vector):
        return Root(folded_sum([_power(entry, TWO) for entry in value.children]))
    if tree.kind == "1" and vector:
        return folded_sum([_magnitude(entry) for entry in value.children])
    raise NoRule("no rule for this norm of a matrix that is written out")


def entry(tree: Entry) -> Node:
    """One entry by numbers from 1."""
    value = as_matrix(carried_out(tree.operand))
    places = [rational(index) for index in tree.indices]
    if any(place is None or place.denominator != 1 for place in places):
        raise NoRule("no rule for an entry whose place is not known")
    at = [int(place) for place in places if place is not None]
    if len(at) == 1 and 1 in value.shape:
        at = [at[0], 1] if value.shape[1] == 1 else [1, at[0]]
    if len(at) == 1 and 11 <= at[0] <= 99:  # _{21}
        at = [*divmod(at[0], 10)]
    if len(at) != 2 or not (1 <= at[0] <= value.shape[0] and 1 <= at[1] <= value.shape[1]):
        raise Misshapen(f"{described(value)} has no such entry")
    return value.rows[at[0] - 1][at[1] - 1]


def binder(tree: Binder) -> Node:
    """Σ or Π over an index from a number to a number, written out."""
    ends = [rational(carried_out(bound)) for bound in tree.bounds]
    if tree.kind not in {"sum", "product"} or len(ends) != 2 or any(e is None or e.denominator != 1 for e in ends):
        raise NoRule("no rule for a sum over an index whose end is not known")
    low, high = (int(end) for end in ends if end is not None)
    if high - low >= MAX_TERMS:
        raise TooLarge(f"a sum of more than {MAX_TERMS} terms")
    values = [carried_out(substitute(tree.body, {tree.index: number(Fraction(k))})) for k in range(low, high + 1)]
    if not values:
        raise NoRule("no rule for an empty sum")
    combine = folded_sum if tree.kind == "sum" else folded_product
    if tree.kind == "product" and any(value.has_array for value in values):
        raise NoRule("no rule for a product of matrices over an index")
    return broadcast(lambda entries: combine(list(entries)), values)


def as_matrix(value: Node) -> Matrix:
    """A matrix, or a single value as one of one entry."""
    if isinstance(value, Matrix):
        return value
    if value.has_array:
        raise NoRule("no rule for functions of lists and sets; write vectors as columns")
    return Matrix(((value,),))


# --- one entry -------------------------------------------------------------------------------------------------------


def folded_sum(terms: list[Node]) -> Node:
    """A sum, as a number where all terms are rational."""
    values = [rational(term) for term in terms]
    known = [value for value in values if value is not None]
    return number(sum(known, Fraction(0))) if len(known) == len(values) else total(terms)


def folded_product(factors: list[Node]) -> Node:
    """A product, as a number where all factors are rational or one is zero."""
    values = [rational(factor) for factor in factors]
    known = [value for value in values if value is not None]
    if len(known) == len(values):
        return number(reduce(lambda a, b: a * b, known, Fraction(1)))
    return times(factors)


def divided(top: Node, bottom: Node) -> Node:
    """A quotient, as a number where both are rational."""
    value = rational(Quotient(top, bottom))
    return Quotient(top, bottom) if value is None else number(value)


def _power(base: Node, exponent: Node) -> Node:
    value, whole = rational(base), rational(exponent)
    if value is not None and whole is not None and whole.denominator == 1 and 0 <= whole <= 64:
        return number(value ** int(whole))
    return Power(base, exponent)


def _magnitude(entry: Node) -> Node:
    value = rational(entry)
    return Absolute(entry) if value is None else number(abs(value))


def _alike(factors: tuple[Node, ...]) -> list[Node]:
    """The values of factors, which have to be of one shape."""
    values = [carried_out(factor) for factor in factors]
    shapes = {as_matrix(value).shape for value in values}
    if len(shapes) > 1:
        raise Misshapen(f"{described(values[0])} and {described(values[1])} cannot be multiplied entry by entry")
    return values


RULES: dict[type[Node], Callable[..., Node]] = {
    ArrayName: array_name,
    Call: call,
    Hadamard: hadamard,
    EntrywiseQuotient: entrywise_quotient,
    EntrywisePower: entrywise_power,
    Absolute: absolute,
    Root: root,
    Indicator: indicator,
    OffKinks: off_kinks,
    Norm: norm,
    Entry: entry,
    Binder: binder,
}
