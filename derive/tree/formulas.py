"""Nodes of scalar formulas, and the constructors that leave out what is trivial."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.lazy import lazy
from derive.tree.node import Node


@dataclass(frozen=True, eq=False, init=False)
class Number(Node):
    """A decimal number as written: `3`, `0.25`."""

    text: str

    def __init__(self, text: str) -> None:
        self.__dict__["text"] = text

    @lazy
    def value(self) -> Fraction:
        """Decimals are exact numbers."""
        return Fraction(int(self.text) if self.text.isdecimal() else self.text)

    def content(self) -> tuple[object, ...]:
        return (self.text,)


@dataclass(frozen=True, eq=False)
class Constant(Node):
    """`e`, `pi`, `infinity` or `i`, the imaginary unit."""

    name: str

    def content(self) -> tuple[object, ...]:
        return (self.name,)


@dataclass(frozen=True, eq=False, init=False)
class Name(Node):
    """A symbol or intermediate by its canonical spelling; `at` is its offset in the text read."""

    key: str
    at: int

    def __init__(self, key: str, at: int = -1) -> None:
        own = self.__dict__
        own["key"] = key
        own["at"] = at

    @property
    def names(self) -> tuple[str, ...]:
        return (self.key,)

    def content(self) -> tuple[object, ...]:
        return (self.key,)

    def __hash__(self) -> int:
        return self.hashed

    def __eq__(self, other: object) -> bool:  # the node compared most often
        return other.key == self.key if type(other) is Name else super().__eq__(other)


@dataclass(frozen=True, eq=False)
class FunctionName(Node):
    """A function without its argument, as in `0 < σ' ≤ 1/4`: said of every argument."""

    function: str
    order: int = 0

    def content(self) -> tuple[object, ...]:
        return (self.function, self.order)


@dataclass(frozen=True, eq=False, init=False)
class Sum(Node):
    """Two or more terms; a subtracted term is a Negative."""

    terms: tuple[Node, ...]

    def __init__(self, terms: tuple[Node, ...]) -> None:
        self.__dict__["terms"] = terms

    @lazy
    def children(self) -> tuple[Node, ...]:
        return self.terms

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Sum(children)


@dataclass(frozen=True, eq=False, init=False)
class Product(Node):
    """Two or more factors."""

    factors: tuple[Node, ...]

    def __init__(self, factors: tuple[Node, ...]) -> None:
        self.__dict__["factors"] = factors

    @lazy
    def children(self) -> tuple[Node, ...]:
        return self.factors

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Product(children)


@dataclass(frozen=True, eq=False, init=False)
class Negative(Node):
    """−u."""

    operand: Node

    def __init__(self, operand: Node) -> None:
        self.__dict__["operand"] = operand

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Negative(children[0])


@dataclass(frozen=True, eq=False, init=False)
class Quotient(Node):
    """u / v."""

    numerator: Node
    denominator: Node

    def __init__(self, numerator: Node, denominator: Node) -> None:
        own = self.__dict__
        own["numerator"] = numerator
        own["denominator"] = denominator

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.numerator, self.denominator)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Quotient(*children)


@dataclass(frozen=True, eq=False, init=False)
class Power(Node):
    """u^v."""

    base: Node
    exponent: Node

    def __init__(self, base: Node, exponent: Node) -> None:
        own = self.__dict__
        own["base"] = base
        own["exponent"] = exponent

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.base, self.exponent)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Power(*children)


@dataclass(frozen=True, eq=False)
class Root(Node):
    """The real n-th root; `index` is None for the square root."""

    radicand: Node
    index: Node | None = None

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.radicand,) if self.index is None else (self.radicand, self.index)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Root(*children)


@dataclass(frozen=True, eq=False)
class Absolute(Node):
    """|u|."""

    operand: Node

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Absolute(children[0])


# functions of vectors and matrices: calls of these are no scalar formulas, whatever their arguments
ARRAY_FUNCTIONS = frozenset(
    ["tr", "diag", "vec", "softmax", "logsumexp", "expm", "adj", "pinv", "lambda_max", "lambda_min"]
)


@dataclass(frozen=True, eq=False, init=False)
class Call(Node):
    """f(u, …), or its derivative of the given order: `σ''(z)` is Call("\\sigma", (z,), 2)."""

    function: str
    arguments: tuple[Node, ...]
    order: int

    def __init__(self, function: str, arguments: tuple[Node, ...], order: int = 0) -> None:
        own = self.__dict__
        own["function"] = function
        own["arguments"] = arguments
        own["order"] = order

    @lazy
    def has_array(self) -> bool:
        return self.function in ARRAY_FUNCTIONS or any(argument.has_array for argument in self.arguments)

    @lazy
    def children(self) -> tuple[Node, ...]:
        return self.arguments

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Call(self.function, children, self.order)

    def content(self) -> tuple[object, ...]:
        return (self.function, self.order, self.arguments)


@dataclass(frozen=True, eq=False)
class Derivative(Node):
    """∂u/∂v or du/dv, taken once for each variable in turn; whether local or total is for the reader to decide."""

    operand: Node
    variables: tuple[Name, ...]
    partial: bool = True

    @lazy
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.operand.names, *(v.key for v in self.variables))))

    @lazy
    def has_array(self) -> bool:
        return any(part.has_array for part in (self.operand, *self.variables))

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Derivative(children[0], self.variables, self.partial)

    def content(self) -> tuple[object, ...]:
        return (self.operand, self.variables)  # d or ∂ is typography: both mean the same for scalars


EXTREMA = ("supremum", "infimum", "greatest value", "least value")  # over all values of a name


@dataclass(frozen=True, eq=False)
class Binder(Node):
    """Σ, Π, ∫, lim or an extremum: a body in which `index` is bound.

    `bounds` are lower and upper bound of a sum, product, integral, or maximum over an index, or the one point a limit goes
    to, from the side that `kind` says ("limit", "limit+", "limit-"). One of EXTREMA is taken over all values of a name and
    has no bounds; a condition stands with the body (`SuchThat`).
    """

    kind: str  # "sum", "product", "integral", "limit", "limit+", "limit-", "maximum", "minimum", or one of EXTREMA
    index: str
    bounds: tuple[Node, ...]
    body: Node

    @lazy
    def names(self) -> tuple[str, ...]:
        inner = tuple(name for name in self.body.names if name != self.index)
        return tuple(dict.fromkeys((*(n for bound in self.bounds for n in bound.names), *inner)))

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (*self.bounds, self.body)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Binder(self.kind, self.index, children[:-1], children[-1])

    def content(self) -> tuple[object, ...]:
        return (self.kind, self.index, self.bounds, self.body)


ZERO, ONE, TWO = Number("0"), Number("1"), Number("2")


def number(value: Fraction | int) -> Node:
    """The tree of an exact number: −3/4 is the negative of a quotient, as it is written."""
    value = Fraction(value)
    size = abs(value)
    magnitude: Node = Number(str(size.numerator))
    if size.denominator != 1:
        magnitude = Quotient(magnitude, Number(str(size.denominator)))
    return Negative(magnitude) if value < 0 else magnitude


def total(terms: list[Node]) -> Node:
    """A sum that is no Sum when it has fewer than two terms."""
    return ZERO if not terms else terms[0] if len(terms) == 1 else Sum(tuple(terms))


def times(factors: list[Node]) -> Node:
    """A product that is no Product when it has fewer than two factors."""
    return ONE if not factors else factors[0] if len(factors) == 1 else Product(tuple(factors))
