"""Rows of factors → products, quotients, calls: where an unbracketed argument ends, what a derivative applies to.

What can be read in two ways is refused (`Ambiguous`) with what to write instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.errors import Unreadable
from derive.functions import FUNCTIONS, OVERLOADS
from derive.matrix.by_entries import Variable, derivative_by
from derive.tree import (
    EXTREMA,
    Binder,
    Call,
    Derivative,
    Determinant,
    FunctionName,
    Listing,
    Matrix,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    SuchThat,
    Sum,
    Transpose,
    walk,
)

DETERMINANTS = frozenset(["det", "logdet"])


class Ambiguous(Exception):
    """A row of factors that can be read in two ways; carries the reason and what to write."""

    def __init__(self, code: str, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.code, self.reason, self.hint = code, reason, hint

    def at(self, text: str) -> Unreadable:
        """The same, as the error of the text being read."""
        return Unreadable(self.code, self.reason, text=text, offset=0, length=len(text), hint=self.hint)


@dataclass(frozen=True, slots=True)
class Head:
    """A function that no bracket follows: its argument is the row of factors after it."""

    function: str
    order: int
    exponent: Node | None = None
    base: Node | None = None  # of a logarithm


@dataclass(frozen=True, slots=True)
class Base:
    """The base of a logarithm, on its way to its function."""

    node: Node


@dataclass(frozen=True, slots=True)
class Operation:
    """∂/∂x waiting for what it is applied to."""

    variables: tuple[Variable, ...]


@dataclass(frozen=True, slots=True)
class Indices:
    """The indices of an entry by which a derivative is taken."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Reduction:
    """Σ, Π, lim or an extremum waiting for its body: the rest of the term."""

    kind: str
    index: str
    bounds: tuple[Node, ...]
    more: tuple[str, ...] = ()  # further names that an extremum is taken over
    condition: Node | None = None

    def of(self, body: Node) -> Node:
        """With its body. Raises Ambiguous for an extremum of what does not depend on its name."""
        if self.kind in EXTREMA and (idle := [name for name in (self.index, *self.more) if name not in body.names]):
            raise Ambiguous("extremum-variable", f"the {self.kind} is taken over {idle[0]}, which does not occur in what follows",
                            "write what it is taken of behind it, in brackets")  # fmt: skip
        body = body if self.condition is None else SuchThat(body, self.condition)
        for name in reversed(self.more):
            body = Binder(self.kind, name, (), body)
        return Binder(self.kind, self.index, self.bounds, body)


@dataclass(frozen=True, slots=True)
class Grouped:
    """A bracketed expression inside a row: where a bracket stood decides where an argument ends."""

    node: Node


@dataclass(frozen=True, slots=True)
class Crossed(Grouped):
    r"""A product with `\times` in it: what stands between the crosses, which ⊙ beside it may join where shapes ask for it."""

    groups: tuple[Node, ...]


class _Cross(str):
    r"""`\times`: a product like any other, but of two columns another one than `\cdot`."""

    __slots__ = ()


CROSS = _Cross("DOT")
Item = Node | Head | Operation | Reduction | Grouped
Row = list["Item | str"]


def plain(item: Item | str) -> Node:
    """The node of an item that needs no argument."""
    if isinstance(item, Grouped):
        return item.node
    if isinstance(item, Head):
        row = FUNCTIONS.get(item.function)
        if row is not None and row.arity != 1:  # log_2 = log_3 or max = min would be said of one argument
            raise Ambiguous(
                "arity", f"{item.function} stands without its arguments", "write them in brackets behind it"
            )
        if item.exponent is not None:
            return Power(FunctionName(item.function, item.order), item.exponent)
        return FunctionName(item.function, item.order)
    if isinstance(item, Node):
        return item
    if isinstance(item, Reduction):
        raise Ambiguous("operand-missing", f"the {item.kind.rstrip('+-')} over {item.index} stands without its body",
                        "write what it applies to behind it")  # fmt: skip
    raise Ambiguous(
        "operand-missing", "a derivative operator stands without its operand", "write what is differentiated"
    )


def deep(node: Node) -> Node:
    """The node, its depth checked while it is small."""
    _ = node.depth
    return node


def crossed(row: Row, product: Node) -> Node | Crossed:
    r"""A product, with what stands between its `\times` where there are some and nothing but factors."""
    if CROSS not in row or not any(item is CROSS for item in row) or not isinstance(product, Product):
        return product
    groups: list[list[Node]] = [[]]
    for item in row:
        if item is CROSS:
            groups.append([])
        elif isinstance(item, Node | Grouped):
            groups[-1].append(plain(item))
        elif item != "DOT":
            return product
    if tuple(factor for group in groups for factor in group) != product.factors:
        return product
    return Crossed(product, tuple(group[0] if len(group) == 1 else Product(tuple(group)) for group in groups))


def product_of(row: Row) -> Node:
    """A row of items and operators → products and quotients, left to right.

    An unbracketed function takes the factors after it up to the next function; `/` divides what stands before it by the
    next item, so a factor set directly behind that item could belong to either side: refused.
    """
    factors: list[Node] = []
    index, divides, negative, divided, explicit, modulo = 0, False, False, False, False, False
    dotted = False
    while index < len(row):
        item = row[index]
        if isinstance(item, str):
            divides, negative = divides or item in {"SLASH", "MOD"}, negative != (item == "MINUS")
            modulo = item == "MOD" or (modulo and item == "MINUS")
            divided, explicit, dotted = divided and item != "DOT", True, item == "DOT" and item is not CROSS
            index += 1
            continue
        node, index = taken(row, index)
        if divided and not divides and not both_numbers(factors):
            raise Ambiguous(
                "ambiguous", "a factor stands right behind a quotient written with /", "write brackets, or \\frac"
            )
        if factors and not explicit:
            juxtaposed(factors[-1], item)
        if factors and dotted and (column := inner_factor(factors[-1], node)) is not None:
            factors[-1] = column
        node = Negative(node) if negative else node
        if divides:
            pair = (multiplied(factors), node)
            factors = [Call("mod", pair) if modulo else Quotient(*pair)]
        else:
            factors = [*factors, node]
        divided, divides, negative = divides or (divided and both_numbers(factors)), False, False
        explicit = dotted = False
    return multiplied(factors)


def inner_factor(left: Node, right: Node) -> Node | None:
    """The row that a column is in the inner product `u \\cdot v` of two columns of one length; None where it is none."""
    columns = (
        isinstance(left, Matrix) and isinstance(right, Matrix) and left.shape == right.shape and left.shape[1] == 1
    )
    return Transpose(left) if columns and left.shape[0] > 1 else None  # type: ignore[attr-defined]


def both_numbers(factors: list[Node]) -> bool:
    """`1/2 x` is half of x."""
    last = factors[-1] if factors else None
    return isinstance(last, Quotient) and isinstance(last.numerator, Number) and isinstance(last.denominator, Number)


def juxtaposed(factor: Node, after: Item) -> None:
    """`x2` is refused: it may be 2x, x_2 or x². So is `x(a, b)`: a call of x, or x times a list."""
    if isinstance(after, Listing) and isinstance(factor, Name):
        raise Ambiguous("ambiguous", f"{factor.key} stands right before a list: a call or a product",
                        "declare it as a function, or write \\cdot")  # fmt: skip
    if isinstance(after, Number):
        before = factor.key if isinstance(factor, Name) else "a factor"
        raise Ambiguous("ambiguous", f"the number {after.text} stands right after {before}",
                        "write it before the factor, as a subscript or an exponent, or with \\cdot")  # fmt: skip


def multiplied(factors: list[Node]) -> Node:
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def taken(row: Row, index: int) -> tuple[Node, int]:
    """The node that starts at `index` of the row, and where the row goes on."""
    item = row[index]
    if isinstance(item, Operation):
        return operated(item, row, index + 1)
    if isinstance(item, Reduction):
        if index + 1 == len(row) or isinstance(row[index + 1], str):
            plain(item)
        return deep(item.of(product_of(row[index + 1 :]))), len(row)
    if not isinstance(item, Head):
        return plain(item), index + 1
    heads: list[Head] = []
    while index < len(row) and isinstance(head := row[index], Head):  # `\\sin \\sin x`
        heads.append(head)
        index += 1
    if index < len(row) and isinstance(row[index], Reduction):  # `\\log \\prod_i p_i`
        node, index = taken(row, index)
        for head in reversed(heads):
            node = applied(head, node)
        return node, index
    followed = index < len(row) and not isinstance(row[index], str)
    if not followed and all(head.function not in FUNCTIONS for head in heads):
        return multiplied([plain(head) for head in heads]), index  # `σ' σ`
    refuse_bare_neighbours(heads, followed=followed)
    if index == len(row) or isinstance(row[index], str):
        node = plain(heads.pop())
    else:
        node, index = bare_argument(row, index)
    for head in reversed(heads):
        node = applied(head, node)
    return node, index


def refuse_bare_neighbours(heads: list[Head], *, followed: bool) -> None:
    """`w σ' \\tanh u`, `σ' x`: a primed or composed general function without brackets may be a factor as well."""
    for position, head in enumerate(heads):
        last = position + 1 == len(heads)
        if head.function not in FUNCTIONS and (not last or (followed and head.order)):
            raise Ambiguous("ambiguous", f"{head.function} stands before another factor without brackets: a call or a product",
                            "bracket the argument, or write \\cdot")  # fmt: skip


def applied(head: Head, *arguments: Node) -> Node:
    """f(u), or its power. In `σ(1 − σ)` the function stands bare in its own bracket: there it is a factor."""
    bare = {part.function for argument in arguments for part in walk(argument) if isinstance(part, FunctionName)}
    if head.function in bare and len(arguments) == 1:
        return deep(Product((plain(head), arguments[0])))
    if bare and head.function not in FUNCTIONS:
        raise Ambiguous("ambiguous", f"{head.function} stands before a bracket with {min(bare)} in it: a call or a product",
                        "write the arguments, or \\cdot")  # fmt: skip
    arguments = arguments if head.base is None else (head.base, *arguments)
    function = OVERLOADS.get((head.function, len(arguments)), head.function)
    if function in DETERMINANTS and len(arguments) == 1:
        value: Node = Determinant(arguments[0])
        value = Call("log", (value,)) if function == "logdet" else value
        return deep(value if head.exponent is None else Power(value, head.exponent))
    check_arity(function, len(arguments))
    call = Call(function, arguments, head.order)
    return deep(call if head.exponent is None else Power(call, head.exponent))


def check_arity(function: str, given: int) -> None:
    """Functions of the table take as many arguments as their row says (0: any number), declared ones take one."""
    row = FUNCTIONS.get(function)
    wanted = 1 if row is None else row.arity
    if given != wanted and wanted:
        raise Ambiguous(
            "arity", f"{function} takes {wanted} argument{'s' * (wanted > 1)}, {given} given", "give it as many"
        )


def bare_argument(row: Row, index: int) -> tuple[Node, int]:
    """The factors an unbracketed function takes: up to the next function, + or −. `\\log\\det(A) x` is (log det A) x."""
    factors = [plain(row[index])]
    index += 1
    if isinstance(factors[0], Determinant):
        return factors[0], index
    while index < len(row):
        dot = row[index] == "DOT"
        item = row[index + 1] if dot and index + 1 < len(row) else row[index]
        if item == "SLASH":
            raise Ambiguous(
                "ambiguous", "a / stands after the argument of a function without brackets", "bracket the argument"
            )
        if isinstance(item, Reduction):
            raise Ambiguous("ambiguous", "the argument of a function without brackets may end before a sum, product or limit",
                            "bracket the argument")  # fmt: skip
        if isinstance(item, Head | Operation | str) or (isinstance(item, Node) and is_call(item)):
            break
        if not dot:
            juxtaposed(factors[-1], item)
        factors.append(plain(item))
        index += 2 if dot else 1
    return multiplied(factors), index


def is_matrix(node: Node) -> bool:
    """Whether a formula is a matrix, as far as its written-out parts tell."""
    match node:
        case Matrix() | Transpose():
            return True
        case Sum() | Product():
            return any(is_matrix(part) for part in node.children)
        case Negative() | Quotient() | Power():
            return is_matrix(node.children[0])
    return False


def is_call(node: Node) -> bool:
    return isinstance(node, Call | Determinant) or (
        isinstance(node, Power) and isinstance(node.base, Call | Determinant)
    )


def operated(item: Operation, row: Row, index: int) -> tuple[Node, int]:
    """`\\frac{d}{dx}` and `\\nabla_x` apply to the rest of the term; where they may end before that it is refused."""
    rest = row[index:]
    if not rest or isinstance(rest[0], str):
        plain(item)
    if may_end_early(rest, item.variables[-1].key):
        raise Ambiguous("ambiguous", "what the derivative is taken of may end before the end of the product",
                        "put all of it in brackets, or the other factors before it")  # fmt: skip
    return derivative_by(product_of(rest), item.variables), len(row)


def may_end_early(rest: Row, key: str) -> bool:
    """Whether only the first factors may be meant: none holds the variable, not all do around a ·, or a derivative parts them."""
    start = 0
    while start < len(rest) - 1 and isinstance(head := rest[start], Operation | Head | Node) and is_coefficient(head):
        start += 1
        start += start < len(rest) - 1 and rest[start] == "DOT"
    rest = rest[start:]
    body = next((place for place, part in enumerate(rest) if isinstance(part, Reduction)), len(rest))
    factors = rest[:body]
    if len(rest) <= 1 or not factors:
        return False
    nodes = [part.node if isinstance(part, Grouped) else part for part in factors]
    holding = [isinstance(part, Node) and key in part.names for part in nodes if not isinstance(part, str | Head)]
    if isinstance(rest[0], Grouped) or any(isinstance(part, Operation | Derivative) for part in factors[1:]):
        return True
    if "DOT" in factors and not all(holding):
        return True
    return body == len(rest) and len(holding) > 1 and not any(holding)


def is_coefficient(part: Item) -> bool:
    """A number, or what only passes on what it applies to: an operator, a function without brackets."""
    if isinstance(part, Operation | Head):
        return True
    return isinstance(part, Node) and not part.names and not isinstance(part, FunctionName)
