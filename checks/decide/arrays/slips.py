"""Every tree one slip away from a formula of arrays, likeliest kind of slip first.

A slip leads from the truth to what was written, or back: `Slip.code` is its name where something was lost on the way
from the truth, `back` where the same change mends what was written.

    sign               a term or factor with the other sign
    transpose          a transpose too many or too few
    factor-order       two factors exchanged, all of them turned round
    term, factor       left out: missing-term or extra-term, missing-factor, chain-rule (what holds a function or a prime)
    constant-factor    a number, or a size, too many, too few, or another one
    power              another exponent, an inverse left out, a norm squared
    wrong-variable     a name where another of the same shape belongs
    product-kind       ⊙ for the matrix product or the reverse, ⊘ turned round
    prime              σ for σ', σ' for σ
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations

from checks.decide.arrays.sizes import letters
from checks.edits import replaced, without_each
from derive.errors import Unreadable
from derive.matrix.nodes import ArrayName, Entry, EntrywisePower, EntrywiseQuotient, Hadamard, Kronecker, Norm
from derive.matrix.shapes import shape_of
from derive.tree import (
    ARRAY_FUNCTIONS,
    ONE,
    TWO,
    Binder,
    Call,
    Derivative,
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
    substitute,
    times,
    total,
    walk,
)

MAX_SUBSETS = 5  # of terms, of which several are left out at once
MAX_SWAPPED = 6
OUTER = frozenset({"tr", "exp", "log", "diag"})  # functions that do not come from the inside of another
# of what was written; of the truth, a name that is exchanged may make any factor 1, so that comes last
LIKELIEST = (
    "sign", "constant-factor", "transpose", "factor-order", "power", "wrong-variable", "term", "prime", "chain-rule",
    "product-kind", "factor",
)  # fmt: skip
FROM_TRUTH = (*(kind for kind in LIKELIEST if kind != "wrong-variable"), "wrong-variable")
CODES = {"term": ("missing-term", "extra-term"), "factor": ("missing-factor", "extra-factor")}


@dataclass(frozen=True, slots=True)
class Slip:
    """One node replaced by another; `part` is what was left out, None where nothing was.

    Of a term of a sum `old` is the term, `new` the whole sum, and `instead` what stands in the place of the term.
    """

    kind: str
    old: Node
    new: Node
    part: Node | None = None
    instead: Node | None = None

    def code(self, *, mending: bool) -> str:
        """Its name: of the way from the truth, or (`mending`) of the way back to it."""
        if self.kind == "chain-rule" and mending:
            return "extra-factor"
        return CODES.get(self.kind, (self.kind, self.kind))[mending]


def slips(tree: Node, names: tuple[Node, ...], order: tuple[str, ...] = LIKELIEST) -> Iterator[tuple[Slip, Node]]:
    """Each slip of the kinds in `order` with the whole tree it leads to; the names to put in are given."""
    sizes = frozenset(letters(names))
    found = [(path, slip) for path, node in _places(tree) for slip in _slips_of(node, names, sizes, top=not path)]
    wanted = [pair for pair in found if pair[1].kind in order]
    for path, slip in sorted(wanted, key=lambda pair: (_in_condition(tree, pair[0]), order.index(pair[1].kind))):
        yield slip, replaced(tree, path, slip.new)
    if "constant-factor" in order:  # a number of entries, forgotten everywhere
        for key in sizes & set(tree.names):
            yield Slip("constant-factor", tree, substitute(tree, {key: ONE}), Name(key)), substitute(tree, {key: ONE})


def _in_condition(tree: Node, path: tuple[int, ...]) -> bool:
    """Whether a place is inside the condition of an indicator: a mask is left out sooner than changed."""
    for index in path:
        if isinstance(tree, Indicator):
            return True
        tree = tree.children[index]
    return False


def _places(node: Node, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Node]]:
    """Every part with its path, but for numbers in exponents, indices and bounds."""
    yield path, node
    for index, child in enumerate(node.children):
        aside = (
            (isinstance(node, Power | EntrywisePower) and index == 1 and not child.names)
            or (isinstance(node, Entry | Root) and index > 0)
            or (isinstance(node, Binder) and index < len(node.bounds))
        )
        if not aside:
            yield from _places(child, (*path, index))


def _slips_of(node: Node, names: tuple[Node, ...], sizes: frozenset[str], *, top: bool) -> Iterator[Slip]:
    if isinstance(node, Sum):
        yield from _of_sum(node, names)
    if isinstance(node, Product | Hadamard | Kronecker):
        yield from _of_product(node, sizes)
    if isinstance(node, Quotient | EntrywiseQuotient):
        yield from _of_quotient(node, sizes)
    if isinstance(node, Power | EntrywisePower):
        yield from _of_power(node)
    if isinstance(node, Negative):
        yield Slip("sign", node, node.operand)
    if isinstance(node, Transpose):
        yield Slip("transpose", node, node.operand)
    elif not _plain(node):
        yield Slip("transpose", node, Transpose(node))
    if isinstance(node, Call):
        yield from _of_call(node)
    if isinstance(node, Norm | Determinant | Root):
        yield Slip("power", node, Power(node, TWO))
        yield Slip("power", node, Power(node, number(-1)))
    if isinstance(node, Number):
        values = {
            node.value + 1,
            node.value - 1,
            node.value * 2,
            node.value / 2,
            1 / node.value if node.value else node.value,
        }
        yield from (Slip("constant-factor", node, number(v)) for v in sorted(values) if v)
    if isinstance(node, ArrayName | Name):
        yield from _renamed(node, names)
        yield Slip("power", node, Power(node, TWO))
        yield Slip("power", node, Power(node, number(-1)))
    if top and not isinstance(node, Sum):
        yield from _renamed(node, names)
    if not isinstance(node, Number | Negative):
        yield Slip("sign", node, Negative(node))


def _plain(node: Node) -> bool:
    """What has no transpose of its own: scalars, as far as can be told."""
    if isinstance(node, Number | Name | Norm | Determinant | Entry | Derivative):
        return True
    try:
        rows, columns = shape_of(node)
    except Unreadable:
        return True
    return 1 in (rows, columns)


def _of_sum(node: Sum, names: tuple[Node, ...]) -> Iterator[Slip]:
    count = len(node.terms)
    for rest, term in without_each(node.terms):
        yield Slip("term", node, total(list(rest)), term)
    if 2 < count <= MAX_SUBSETS:
        for size in range(1, count - 1):
            for kept in combinations(range(count), size):
                left = [t for k, t in enumerate(node.terms) if k not in kept]
                yield Slip("term", node, total([node.terms[k] for k in kept]), total(left))
    for k, term in enumerate(node.terms):
        other = term.operand if isinstance(term, Negative) else Negative(term)
        yield Slip("sign", term, _with(node, k, other), instead=other)
        for value in (Fraction(2), Fraction(1, 2)):
            scaled = Product((number(value), term))
            yield Slip("constant-factor", term, _with(node, k, scaled), instead=scaled)
        for slip in _renamed(term, names):
            yield Slip("wrong-variable", term, _with(node, k, slip.new), instead=slip.new)


def _with(node: Node, k: int, new: Node) -> Node:
    return node.rebuilt((*node.children[:k], new, *node.children[k + 1 :]))


def _of_product(node: Product | Hadamard | Kronecker, sizes: frozenset[str]) -> Iterator[Slip]:
    kind = type(node)
    for rest, factor in without_each(node.factors):
        left = rest[0] if len(rest) == 1 else kind(rest)
        yield Slip(_lost(sizes, factor), node, left, factor)
    if len(node.factors) > 2:
        for i, j in combinations(range(len(node.factors)), 2):
            pair = (node.factors[i], node.factors[j])
            rest = tuple(f for k, f in enumerate(node.factors) if k not in {i, j})
            yield Slip(_lost(sizes, *pair), node, rest[0] if len(rest) == 1 else kind(rest), kind(pair))
    if kind is Hadamard:
        yield Slip("product-kind", node, Product(node.factors))
        return
    if len(node.factors) <= MAX_SWAPPED:
        for i, j in permutations(range(len(node.factors)), 2):
            exchanged, moved = list(node.factors), list(node.factors)
            exchanged[i], exchanged[j] = exchanged[j], exchanged[i]
            moved.insert(j, moved.pop(i))
            if i < j:
                yield Slip("factor-order", node, kind(tuple(exchanged)))
            if abs(i - j) > 1:
                yield Slip("factor-order", node, kind(tuple(moved)))
    yield Slip("factor-order", node, kind(node.factors[::-1]))
    if kind is Kronecker:
        yield Slip("product-kind", node, Product(node.factors))
        return
    for k in range(len(node.factors) - 1):
        both = Hadamard(node.factors[k : k + 2])
        yield Slip("product-kind", node, times([*node.factors[:k], both, *node.factors[k + 2 :]]))


def _lost(sizes: frozenset[str], *factors: Node) -> str:
    """What it is to leave factors out: numbers and sizes are constants, derivatives of something inside the chain rule."""
    if all(sizes >= set(factor.names) for factor in factors):
        return "constant-factor"
    inner = (n for f in factors for n in walk(f) if isinstance(n, Call))
    return "chain-rule" if any(n.order or n.function not in OUTER for n in inner) else "factor"


def _of_quotient(node: Quotient | EntrywiseQuotient, sizes: frozenset[str]) -> Iterator[Slip]:
    top, bottom = node.numerator, node.denominator
    yield Slip(_lost(sizes, bottom), node, top, Quotient(ONE, bottom))
    if isinstance(node, Quotient):
        yield Slip("factor", node, Quotient(ONE, bottom), top)
        yield Slip("power", node, Quotient(top, Power(bottom, TWO)))
        if isinstance(bottom, Power):
            yield Slip("power", node, Quotient(top, bottom.base))
        for value in (Fraction(2), Fraction(1, 2)):
            yield Slip("constant-factor", node, Product((number(value), node)))
        return
    yield Slip("product-kind", node, EntrywiseQuotient(bottom, top))
    yield Slip("product-kind", node, Hadamard((top, bottom)))


def _of_power(node: Power | EntrywisePower) -> Iterator[Slip]:
    yield Slip("power", node, node.base)
    kind = type(node)
    exponent = _whole(node.exponent)
    if exponent is None:
        return
    for value in (exponent + 1, exponent - 1, -exponent, 2 * exponent):
        if value != 0:
            yield Slip("power", node, node.base if value == 1 else kind(node.base, number(value)))


def _whole(node: Node) -> int | None:
    if isinstance(node, Negative):
        inner = _whole(node.operand)
        return None if inner is None else -inner
    return int(node.value) if isinstance(node, Number) and node.value.denominator == 1 else None


def _of_call(node: Call) -> Iterator[Slip]:
    argument = node.arguments[0]
    if node.function == "softmax":
        yield Slip("factor", node, Call("exp", (argument,)), node)
    if len(node.arguments) == 1 and node.function not in {"tr", "vec", "logsumexp"}:
        yield Slip("factor", node, argument, node)
    if node.function == "expm":
        yield Slip("product-kind", node, Call("exp", node.arguments))
    if node.function in ARRAY_FUNCTIONS | {"exp"}:
        return
    yield Slip("prime", node, Call(node.function, node.arguments, node.order + 1))
    if node.order:
        yield Slip("prime", node, Call(node.function, node.arguments, node.order - 1))


def _renamed(node: Node, names: tuple[Node, ...]) -> Iterator[Slip]:
    """One name in it, wherever it stands there, put for another of the same shape."""
    for key in node.names:
        shape = next((n.shape for n in names if isinstance(n, ArrayName) and n.key == key), None)
        for other in names:
            if other.names[0] != key and (other.shape if isinstance(other, ArrayName) else None) == shape:
                yield Slip("wrong-variable", node, substitute(node, {key: other}))
