"""Parse rows → tree: precedence inside products, calls, derivatives; the callbacks of the grammar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lark import Token, Transformer, v_args

from derive.errors import Unreadable
from derive.functions import FUNCTIONS, OVERLOADS
from derive.tree import (
    Absolute,
    Binder,
    Call,
    Cases,
    Chain,
    Constant,
    Derivative,
    FunctionName,
    Implication,
    Indicator,
    Logical,
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

    variables: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Reduction:
    """Σ, Π or lim waiting for its body: the rest of the term."""

    kind: str
    index: str
    bounds: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """A bracketed expression inside a row: where a bracket stood decides where an argument ends."""

    node: Node


Item = Node | Head | Operation | Reduction | Grouped
Row = list["Item | str"]


@v_args(inline=True)
class Builder(Transformer):  # type: ignore[type-arg]
    """Callbacks named after the rules of grammar.lark."""

    def start(self, statement: Node) -> Node:
        return statement

    def statement(self, *parts: Node | Token) -> Node:
        continued = isinstance(parts[0], Token)
        statements = tuple(p for p in parts if isinstance(p, Node))
        arrows = tuple(str(p) for p in parts if isinstance(p, Token))
        return statements[0] if not arrows else Implication(statements, arrows, continued)

    def disjunction(self, *parts: Node | Token) -> Node:
        return connected("or", parts)

    def conjunction(self, *parts: Node | Token) -> Node:
        return connected("and", parts)

    def chain(self, *parts: Node | Token) -> Node:
        relations = tuple(str(p) for p in parts if isinstance(p, Token))
        sides = tuple(p for p in parts if isinstance(p, Node))
        at = tuple(p.start_pos or 0 for p in parts if isinstance(p, Token))
        return sides[0] if not relations else Chain(sides, relations, isinstance(parts[0], Token), at)

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

    def product(self, *parts: Item | tuple[str, ...]) -> Node:
        if len(parts) == 1 and isinstance(parts[0], Node):
            return parts[0]
        row: Row = []
        for part in parts:
            row.extend(part) if isinstance(part, tuple) else row.append(part)
        if sum(isinstance(item, Operation) for item in row) > MAX_OPERATIONS:
            raise Ambiguous(
                "too-deep", f"more than {MAX_OPERATIONS} derivatives are taken of one product", "name a part of it"
            )
        return deep(product_of(row))

    def operator(self, *tokens: Token) -> tuple[str, ...]:
        return tuple(token.type for token in tokens if token.type != "PLUS")

    def number(self, token: Token) -> Node:
        return Number(str(token))

    def name(self, token: Token) -> Node:
        return Name(token.value, token.start_pos if token.start_pos is not None else -1)

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
        return deep(Binder("integral", str(variable.value), (lower, upper), body))

    def indicator(self, condition: Node) -> Node:
        return deep(Indicator(stated(condition)))

    def branch(self, value: Node, condition: Node | Token) -> tuple[Node, Node]:
        return value, Otherwise() if isinstance(condition, Token) else stated(condition)

    def cases(self, *branches: tuple[Node, Node]) -> Node:
        if any(isinstance(condition, Otherwise) for _, condition in branches[:-1]):
            raise Ambiguous("cases-branch", "a branch stands after the one for all other cases", "put “otherwise” last")
        return deep(Cases(tuple(value for value, _ in branches), tuple(condition for _, condition in branches)))

    def reduction(self, token: Token, index: Token, *bounds: Node) -> Reduction:
        return Reduction(str(token.value), str(index.value), bounds)

    def base(self, inner: Node) -> Base:
        return Base(inner)

    def absolute(self, inner: Node) -> Node:
        return Absolute(inner)

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

    def variable(self, token: Token, exponent: Node | None = None) -> tuple[Name, ...]:
        return (self.name(token),) * (1 if exponent is None else whole(exponent))  # type: ignore[return-value]

    def derivative(self, *parts: int | Node | Grouped | tuple[Name, ...]) -> Node:
        operand = next(part for part in parts if isinstance(part, Node | Grouped))
        return deep(Derivative(plain(operand), self._variables(parts)))

    def derivative_by(self, variable: Token, operand: Node | Grouped) -> Node:
        return deep(Derivative(plain(operand), (self.name(variable),)))  # type: ignore[arg-type]

    def operation(self, *parts: int | tuple[Name, ...]) -> Operation:
        return Operation(self._variables(parts))

    def _variables(self, parts: tuple[object, ...]) -> tuple[Name, ...]:
        variables = tuple(v for part in parts if isinstance(part, tuple) for v in part)
        order = next((part for part in parts if isinstance(part, int)), 1)
        if order != len(variables):
            raise Ambiguous("derivative-order", f"the numerator says order {order}, the denominator {len(variables)}",
                            "write the same order in both")  # fmt: skip
        return variables


def plain(item: Item | str) -> Node:
    """The node of an item that needs no argument."""
    if isinstance(item, Grouped):
        return item.node
    if isinstance(item, Head):
        if item.exponent is not None:
            return Power(FunctionName(item.function, item.order), item.exponent)
        return FunctionName(item.function, item.order)
    if isinstance(item, Node):
        return item
    raise Ambiguous(
        "operand-missing", "a derivative operator stands without its operand", "write what is differentiated"
    )


def connected(connective: str, parts: tuple[Node | Token, ...]) -> Node:
    """Statements joined by "and" or "or"; one alone stays itself."""
    statements = tuple(part for part in parts if isinstance(part, Node))
    return statements[0] if len(statements) == 1 else deep(Logical(connective, tuple(stated(s) for s in statements)))


def stated(node: Node) -> Node:
    """The node, if it states something."""
    if not isinstance(node, Chain | Logical):
        raise Ambiguous("no-statement", "a condition states nothing", "write a relation such as x > 0")
    return node


def deep(node: Node) -> Node:
    """The node, its depth checked while it is small."""
    _ = node.depth
    return node


def whole(exponent: Node) -> int:
    """The order of a derivative."""
    if not isinstance(exponent, Number) or not exponent.text.isdigit() or not 0 < int(exponent.text) <= MAX_ORDER:
        raise Ambiguous(
            "derivative-order", f"the order of a derivative must be a number up to {MAX_ORDER}", "write it as a number"
        )
    return int(exponent.text)


def product_of(row: Row) -> Node:
    """A row of items and operators → products and quotients, left to right.

    An unbracketed function takes the factors after it up to the next function; `/` divides what stands before it by the
    next item, so a factor set directly behind that item could belong to either side: refused.
    """
    factors: list[Node] = []
    index, divides, negative, divided, explicit, modulo = 0, False, False, False, False, False
    while index < len(row):
        item = row[index]
        if isinstance(item, str):
            divides, negative = divides or item in {"SLASH", "MOD"}, negative != (item == "MINUS")
            modulo = item == "MOD" or (modulo and item == "MINUS")
            divided, explicit = divided and item != "DOT", True
            index += 1
            continue
        node, index = taken(row, index)
        if divided and not divides and not both_numbers(factors):
            raise Ambiguous(
                "ambiguous", "a factor stands right behind a quotient written with /", "write brackets, or \\frac"
            )
        if factors and not explicit:
            juxtaposed(factors[-1], item)
        node = Negative(node) if negative else node
        if divides:
            pair = (multiplied(factors), node)
            factors = [Call("mod", pair) if modulo else Quotient(*pair)]
        else:
            factors = [*factors, node]
        divided, divides, negative = divides or (divided and both_numbers(factors)), False, False
        explicit = False
    return multiplied(factors)


def both_numbers(factors: list[Node]) -> bool:
    """`1/2 x` is half of x."""
    last = factors[-1] if factors else None
    return isinstance(last, Quotient) and isinstance(last.numerator, Number) and isinstance(last.denominator, Number)


def juxtaposed(factor: Node, after: Item) -> None:
    """`x2` is refused: it may be 2x, x_2 or x²."""
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
        return deep(Binder(item.kind, item.index, item.bounds, product_of(row[index + 1 :]))), len(row)
    if not isinstance(item, Head):
        return plain(item), index + 1
    heads: list[Head] = []
    while index < len(row) and isinstance(head := row[index], Head):  # `\\sin \\sin x`
        heads.append(head)
        index += 1
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
    """The factors an unbracketed function takes: up to the next function, + or −."""
    factors = [plain(row[index])]
    index += 1
    while index < len(row):
        dot = row[index] == "DOT"
        item = row[index + 1] if dot and index + 1 < len(row) else row[index]
        if item == "SLASH":
            raise Ambiguous(
                "ambiguous", "a / stands after the argument of a function without brackets", "bracket the argument"
            )
        if isinstance(item, Head | Operation | Reduction | str) or (isinstance(item, Node) and is_call(item)):
            break
        if not dot:
            juxtaposed(factors[-1], item)
        factors.append(plain(item))
        index += 2 if dot else 1
    return multiplied(factors), index


def is_call(node: Node) -> bool:
    return isinstance(node, Call) or (isinstance(node, Power) and isinstance(node.base, Call))


def operated(item: Operation, row: Row, index: int) -> tuple[Node, int]:
    """`\\frac{d}{dx}` applies to the rest of the row; a bracket with more behind it could end there, so it is refused."""
    rest = row[index:]
    if not rest or isinstance(rest[0], str):
        plain(item)
    if len(rest) > 1 and isinstance(rest[0], Grouped):
        raise Ambiguous("ambiguous", "what the derivative is taken of may end at the bracket or at the end of the product",
                        "put all of it in brackets, or the other factors before it")  # fmt: skip
    return Derivative(product_of(rest), item.variables), len(row)
