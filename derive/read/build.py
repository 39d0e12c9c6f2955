"""Parse → tree: the callbacks of the grammar. What a row of factors means is decided in `rows.py`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from derive.errors import Unreadable
from derive.functions import FUNCTIONS
from derive.matrix.by_entries import Variable, derivative_by
from derive.matrix.conventions import entrywise
from derive.matrix.families import Dots, Sized
from derive.matrix.nodes import ArrayName, Entry, EntrywisePower, EntrywiseQuotient, Hadamard, Kronecker, Norm, Space
from derive.matrix.shapes import shape_of
from derive.read.automaton import Token
from derive.read.rows import (
    CROSS,
    Ambiguous,
    Base,
    Crossed,
    Grouped,
    Head,
    Indices,
    Item,
    Operation,
    Reduction,
    Row,
    applied,
    crossed,
    deep,
    is_matrix,
    plain,
    product_of,
)
from derive.tree import (
    ONE,
    Absolute,
    Binder,
    Call,
    Cases,
    Chain,
    Constant,
    Determinant,
    FunctionName,
    Implication,
    Indicator,
    Listing,
    Logical,
    Matrix,
    Name,
    Negative,
    Node,
    Number,
    Otherwise,
    PlusMinus,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Transpose,
    ValueSet,
    walk,
)

SIGNS: dict[str, Callable[[Node], Node]] = {
    "PLUS": lambda node: node,
    "MINUS": Negative,
    "PLUSMINUS": PlusMinus,
    "MINUSPLUS": lambda node: PlusMinus(node, upper=False),
}
MAX_ORDER = 16  # of a derivative
MAX_OPERATIONS = 16  # of derivatives of derivatives


class Builder:
    """Callbacks named after the rules of grammar.lark."""

    def statement(self, *parts: Node | Token) -> Node:
        continued = isinstance(parts[0], Token)
        statements = tuple(p for p in parts if isinstance(p, Node))
        arrows = tuple(p.value for p in parts if isinstance(p, Token))
        return statements[0] if not arrows else Implication(statements, arrows, continued)

    def disjunction(self, *parts: Node | Token) -> Node:
        return connected("or", parts)

    def conjunction(self, *parts: Node | Token) -> Node:
        return connected("and", parts)

    def bracketed(self, inner: Node) -> Node:
        return inner

    def chain(self, *parts: Node | Token) -> Node:
        relations = tuple(p.value for p in parts if isinstance(p, Token))
        sides = tuple(p for p in parts if isinstance(p, Node))
        at = tuple(p.start_pos for p in parts if isinstance(p, Token))
        return sides[0] if not relations else Chain(sides, relations, isinstance(parts[0], Token), at)

    def term(self, inner: Node | Grouped) -> Node:
        return inner.node if isinstance(inner, Grouped) else inner

    def sum(self, *parts: Node | Token) -> Node:
        terms: list[Node] = []
        sign = "PLUS"
        for part in parts:
            if isinstance(part, Token):
                sign = part.type
            else:
                terms.append(SIGNS[sign](part))
                sign = "PLUS"
        if len(parts) > 1:
            for part in parts:
                if isinstance(part, FunctionName) and part.function in FUNCTIONS and not part.order:
                    raise Ambiguous(
                        "argument-missing", f"{part.function} stands without its argument", "bracket the argument"
                    )
        return deep(terms[0] if len(terms) == 1 else Sum(tuple(terms)))

    def entrywise(self, first: Node | Grouped, *rest: Token | Node | Grouped) -> Node:
        return deep(entrywise_chain([first, *rest[1::2]], [str(sign) for sign in rest[::2]]))  # type: ignore[list-item]

    def entrywise_sign(self, token: Token) -> str:
        return token.type

    def product(self, *parts: Item | tuple[str, ...]) -> Node | Grouped:
        if len(parts) == 1 and isinstance(parts[0], Node | Grouped):
            return parts[0]
        row: Row = []
        for part in parts:
            row.extend(part) if isinstance(part, tuple) else row.append(part)
        if sum(isinstance(item, Operation) for item in row) > MAX_OPERATIONS:
            raise Ambiguous(
                "too-deep", f"more than {MAX_OPERATIONS} derivatives are taken of one product", "name a part of it"
            )
        return crossed(row, deep(product_of(row)))

    def operator(self, *tokens: Token) -> tuple[str, ...]:
        return tuple(CROSS if token.value == r"\times" else token.type for token in tokens if token.type != "PLUS")

    def dots(self, token: Token) -> Node:
        return Dots(token.start_pos)

    def sized(self, operand: Node | Grouped, token: Token) -> Node:
        return Sized(plain(operand), *token.value)

    def number(self, token: Token) -> Node:
        return Number(token.value)

    def name(self, token: Token) -> Node:
        return token.value if isinstance(token.value, ArrayName) else Name(token.value, token.start_pos)

    def space(self, token: Token) -> Node:
        space: Space = token.value
        return space

    def constant(self, token: Token) -> Node:
        return Constant(token.value)

    def group(self, *inner: Node) -> Grouped:
        return Grouped(inner[0] if len(inner) == 1 else ValueSet(inner))

    def factorial(self, inner: Node | Grouped) -> Node:
        if isinstance(inner, Call) and inner.function == "factorial":
            raise Ambiguous("ambiguous", "two factorial signs may mean the double factorial", "bracket the inner one")
        return deep(Call("factorial", (plain(inner),)))

    def percent(self, inner: Node | Grouped) -> Node:
        return deep(Call("percent", (plain(inner),)))

    def binomial(self, top: Node, bottom: Node) -> Node:
        return deep(Call("binomial", (top, bottom)))

    def floor(self, inner: Node) -> Node:
        return deep(Call("floor", (inner,)))

    def ceiling(self, inner: Node) -> Node:
        return deep(Call("ceiling", (inner,)))

    def integral(self, lower: Node, upper: Node, body: Node, variable: Token) -> Node:
        return deep(Binder("integral", variable.value, (lower, upper), body))

    def indicator(self, condition: Node) -> Node:
        return deep(Indicator(stated(condition)))

    def branch(self, value: Node, condition: Node | Token) -> tuple[Node, Node]:
        return value, Otherwise() if isinstance(condition, Token) else stated(condition)

    def cases(self, *branches: tuple[Node, Node]) -> Node:
        if any(isinstance(condition, Otherwise) for _, condition in branches[:-1]):
            raise Ambiguous("cases-branch", "a branch stands after the one for all other cases", "put “otherwise” last")
        return deep(Cases(tuple(value for value, _ in branches), tuple(condition for _, condition in branches)))

    def listing(self, opening: Token, *inner: Node | Token) -> Node:
        elements = tuple(part for part in inner if isinstance(part, Node))
        return deep(Listing(elements, "[" if opening.value in {"[", r"\lbrack"} else "("))

    def vector(self, *inner: Node) -> Node:
        return deep(Listing(inner, "<"))

    def row(self, *entries: Node) -> tuple[Node, ...]:
        return entries

    def matrix(self, *rows: tuple[Node, ...]) -> Node:
        return deep(Matrix(rows))

    def determinant(self, *rows: tuple[Node, ...]) -> Node:
        return deep(Determinant(Matrix(rows)))

    def det(self, inner: Node | Grouped) -> Node:
        if not is_matrix(plain(inner)):
            raise Ambiguous("no-matrix", "det is taken of something that is no matrix", "write the matrix after it")
        return deep(Determinant(plain(inner)))

    def transpose(self, inner: Node | Grouped) -> Node:
        return deep(Transpose(plain(inner)))

    def inverse_transpose(self, inner: Node | Grouped) -> Node:
        return deep(Transpose(Power(plain(inner), Negative(ONE))))

    def pseudoinverse(self, inner: Node | Grouped) -> Node:
        return deep(Call("pinv", (plain(inner),)))

    def entrywise_power(self, base: Node | Grouped, exponent: Node) -> Node:
        return deep(EntrywisePower(plain(base), exponent))

    def entry(self, inner: Node | Grouped, *indices: Node) -> Node:
        return deep(Entry(plain(inner), indices))

    def norm(self, inner: Node, closing: Token) -> Node:
        return deep(Norm(inner, closing.value))

    def reduction(self, token: Token, index: Token, *bounds: Node) -> Reduction:
        return Reduction(token.value, index.value, bounds)

    def extremum(self, token: Token, *parts: Token | Node) -> Reduction:
        names = [getattr(part.value, "key", part.value) for part in parts if isinstance(part, Token)]
        condition = next((stated(part) for part in parts if isinstance(part, Node)), None)
        return Reduction(token.value, names[0], (), tuple(names[1:]), condition)

    def base(self, inner: Node) -> Base:
        return Base(inner)

    def absolute(self, inner: Node) -> Node:
        named = any(isinstance(part, ArrayName) for part in walk(inner))
        return Determinant(inner) if is_matrix(inner) and not named else Absolute(inner)

    def fraction(self, top: Node, bottom: Node) -> Node:
        return deep(Quotient(top, bottom))

    def root(self, inner: Node) -> Node:
        return deep(Root(inner))

    def indexed_root(self, index: Node, inner: Node) -> Node:
        return deep(Root(inner, index))

    def script(self, inner: Node) -> Node:
        return inner

    def power(self, base: Node | Grouped, exponent: Node) -> Node:
        return deep(Power(plain(base), exponent))

    def head(self, token: Token, *scripts: Node | Base) -> Head:
        function, order = token.value
        base = next((part.node for part in scripts if isinstance(part, Base)), None)
        exponent = next((part for part in scripts if isinstance(part, Node)), None)
        return Head(function, order, exponent, base)

    def arguments(self, *inner: Node) -> tuple[Node, ...]:
        return inner

    bar_argument = absolute

    def call(self, token: Token, *rest: Node | Base | tuple[Node, ...]) -> Node:
        last = rest[-1]
        arguments = last if isinstance(last, tuple) else (last,)
        head = self.head(token, *(part for part in rest[:-1] if not isinstance(part, tuple)))
        return applied(head, *arguments)

    def order(self, exponent: Node) -> int:
        return whole(exponent)

    def variable(self, token: Token, *scripts: Node | Indices) -> tuple[Variable, ...]:
        indices = next((part.nodes for part in scripts if isinstance(part, Indices)), ())
        times = next((whole(part) for part in scripts if isinstance(part, Node)), 1)
        return (Variable(self.name(token), indices),) * times  # type: ignore[arg-type]

    def turned_variable(self, token: Token) -> tuple[Variable, ...]:
        return (Variable(self.name(token), turned=True),)  # type: ignore[arg-type]

    def indices(self, *nodes: Node) -> Indices:
        return Indices(nodes)

    def derivative(self, *parts: int | Node | Grouped | tuple[Variable, ...]) -> Node:
        operand = next(part for part in parts if isinstance(part, Node | Grouped))
        return deep(derivative_by(plain(operand), self._variables(parts)))

    def operation(self, *parts: int | tuple[Variable, ...]) -> Operation:
        return Operation(self._variables(parts))

    def operation_by(self, variable: Token, order: Node | None = None) -> Operation:
        return Operation(self.variable(variable, *([] if order is None else [order])))

    def _variables(self, parts: tuple[object, ...]) -> tuple[Variable, ...]:
        variables = tuple(v for part in parts if isinstance(part, tuple) for v in part)
        order = next((part for part in parts if isinstance(part, int)), 1)
        if order != len(variables):
            raise Ambiguous("derivative-order", f"the numerator says order {order}, the denominator {len(variables)}",
                            "write the same order in both")  # fmt: skip
        return variables


def entrywise_chain(factors: list[Node | Grouped], signs: list[str]) -> Node:
    """Factors with ⊙, ⊘ or ⊗ between them, left to right; what could be read in two ways is refused."""
    if "OTIMES" in signs and len(set(signs)) > 1:
        raise Ambiguous("ambiguous", "a Kronecker product stands beside an entrywise one", "write brackets")
    if "OSLASH" in signs[:-1]:
        raise Ambiguous("ambiguous", "a factor stands right behind an entrywise quotient", "write brackets")
    if "OTIMES" in signs and any(isinstance(f, Product) and named(f) > 1 for f in factors):
        raise Ambiguous("ambiguous", "a product of matrices stands beside ⊗ without brackets", "write brackets")
    nodes = tuple(plain(factor) for factor in factors)
    if "OTIMES" in signs:
        return Kronecker(nodes)
    if "OSLASH" not in signs:
        return by_shape(Hadamard(nodes), factors)
    if signs[-1] != "OSLASH":
        return Hadamard(nodes)
    return EntrywiseQuotient(nodes[0] if len(nodes) == 2 else Hadamard(nodes[:-1]), nodes[-1])


def by_shape(node: Hadamard, factors: list[Node | Grouped]) -> Node:
    r"""`m \odot u \times v^T`: with ⊙ tighter than × where the shapes allow that and not the usual reading."""
    if not any(isinstance(factor, Crossed) for factor in factors) or fits(node):
        return node
    joined: list[list[Node]] = []  # the factors of a product, each with what ⊙ joins to it
    for factor in factors:
        first, *others = factor.groups if isinstance(factor, Crossed) else (plain(factor),)
        if joined:
            joined[-1].append(first)
        else:
            joined.append([first])
        joined += [[other] for other in others]
    product = Product(tuple(group[0] if len(group) == 1 else Hadamard(tuple(group)) for group in joined))
    return product if fits(product) else node


def fits(node: Node) -> bool:
    """Whether the shapes allow a formula, as far as they are known, 1 − u counting as 𝟏 − u."""
    for way in (lambda tree: tree, entrywise):
        with suppress(Unreadable):
            shape_of(way(node))
            return True
    return False


def named(product: Product) -> int:
    """How many factors of a product hold vectors or matrices."""
    return sum(factor.has_array for factor in product.factors)


def connected(connective: str, parts: tuple[Node | Token, ...]) -> Node:
    """Statements joined by "and" or "or"; one alone stays itself."""
    statements = tuple(part for part in parts if isinstance(part, Node))
    return statements[0] if len(statements) == 1 else deep(Logical(connective, tuple(stated(s) for s in statements)))


def stated(node: Node) -> Node:
    """The node, if it states something."""
    if not isinstance(node, Chain | Logical):
        raise Ambiguous("no-statement", "a condition states nothing", "write a relation such as x > 0")
    return node


def whole(exponent: Node) -> int:
    """The order of a derivative."""
    if not isinstance(exponent, Number) or not exponent.text.isdigit() or not 0 < int(exponent.text) <= MAX_ORDER:
        raise Ambiguous(
            "derivative-order", f"the order of a derivative must be a number up to {MAX_ORDER}", "write it as a number"
        )
    return int(exponent.text)
