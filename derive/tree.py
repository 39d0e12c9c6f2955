"""The typed tree: a formula as it was written, before anything is simplified.

Every node is immutable and compares by content; those made most often write their fields themselves, which takes a third
of the time that a frozen dataclass takes. Nothing reorders, flattens or folds: `a - b` is a sum of `a` and the
negative of `b`, `0.50` is not `0.5`. A `Name` is the canonical LaTeX of a declared symbol (`z_5^*`); where it stood in
the text (`at`) does not take part in comparison. Besides scalars there are matrices and lists that are written out; the
shapes of names come with the matrix vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b
from operator import is_not

from derive.errors import TooLarge
from derive.lazy import lazy

MAX_DEPTH = 60  # of nested nodes; the deepest walk takes about ten of Python's thousand frames for each
LARGE = 64  # nodes from which trees are compared by their digests


@dataclass(frozen=True, eq=False)
class Node:
    """Anything that can stand in a formula."""

    @lazy
    def children(self) -> tuple[Node, ...]:
        """The operands, left to right."""
        return ()

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        """The same node over other operands."""
        return self

    @lazy
    def depth(self) -> int:
        """Nesting depth; a leaf has 1. Raises TooLarge beyond MAX_DEPTH, so no tree can exhaust the stack."""
        depth = 1 + max([child.depth for child in self.children], default=0)
        if depth > MAX_DEPTH:
            raise TooLarge(f"nested deeper than {MAX_DEPTH} levels")
        return depth

    @lazy
    def size(self) -> int:
        """The number of nodes, one that occurs twice counted twice."""
        return 1 + sum([child.size for child in self.children])

    @lazy
    def hashed(self) -> int:
        """The content hash, computed once: trees are keys of every cache."""
        return hash((type(self).__name__, self.content()))

    @lazy
    def digest(self) -> bytes:
        """A cryptographic hash of the content: copies of a tree that uses its parts again and again are equal at once."""
        return blake2b(repr((type(self).__name__, _flat(self.content()))).encode(), digest_size=16).digest()

    @lazy
    def names(self) -> tuple[str, ...]:
        """The keys of the names that occur, computed once."""
        found: dict[str, None] = {}
        for child in self.children:
            found.update(dict.fromkeys(child.names))
        return tuple(found)

    @lazy
    def kinds(self) -> tuple[type[Node], ...]:
        """The kind of every node, parents first: what passes over trees look here first whether there is anything to do."""
        return tuple(map(type, walk(self)))

    @lazy
    def has_array(self) -> bool:
        """Whether a matrix, list or set that is written out occurs in it, computed once."""
        return any(child.has_array for child in self.children)

    def content(self) -> tuple[object, ...]:
        """What the node compares by."""
        return self.children

    def __hash__(self) -> int:
        return self.hashed

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other) or not isinstance(other, Node):
            return NotImplemented if not isinstance(other, Node) else False
        if self.hashed != other.hashed:
            return False
        return self.digest == other.digest if self.size > LARGE else self.content() == other.content()


def _flat(part: object) -> object:
    if isinstance(part, Node):
        return part.digest
    return tuple(map(_flat, part)) if isinstance(part, tuple) else part


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
ARRAY_FUNCTIONS = frozenset(["tr", "diag", "vec", "softmax", "logsumexp", "expm", "adj", "pinv", "lambda_max"])


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


@dataclass(frozen=True, eq=False)
class Chain(Node):
    """`a = b ≤ c`: sides and the relations between them; `continued` if the text began with the first relation."""

    sides: tuple[Node, ...]
    relations: tuple[str, ...]
    continued: bool = False
    at: tuple[int, ...] = ()  # where the relations stood in the text; no part of the comparison

    @lazy
    def children(self) -> tuple[Node, ...]:
        return self.sides

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Chain(children, self.relations, self.continued, self.at)

    def content(self) -> tuple[object, ...]:
        return (self.sides, self.relations, self.continued)


@dataclass(frozen=True, eq=False)
class Implication(Node):
    """`p ⇒ q ⇔ r`: statements (or bare expressions) joined by arrows; `continued` if the text began with an arrow."""

    statements: tuple[Node, ...]
    arrows: tuple[str, ...]
    continued: bool = False

    @lazy
    def children(self) -> tuple[Node, ...]:
        return self.statements

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Implication(children, self.arrows, self.continued)

    def content(self) -> tuple[object, ...]:
        return (self.statements, self.arrows, self.continued)


@dataclass(frozen=True, eq=False)
class Logical(Node):
    """`p and q`, `p or q`: two or more statements joined by one connective."""

    connective: str  # "and" or "or"
    statements: tuple[Node, ...]

    @lazy
    def children(self) -> tuple[Node, ...]:
        return self.statements

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Logical(self.connective, children)

    def content(self) -> tuple[object, ...]:
        return (self.connective, self.statements)


@dataclass(frozen=True, eq=False)
class Otherwise(Node):
    """The condition of the last branch of a case distinction: none of those before."""


@dataclass(frozen=True, eq=False)
class Cases(Node):
    """A case distinction: the value of the first branch whose condition holds."""

    values: tuple[Node, ...]
    conditions: tuple[Node, ...]  # Chain, Logical or Otherwise, one a value

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (*self.values, *self.conditions)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        half = len(self.values)
        return Cases(children[:half], children[half:])


@dataclass(frozen=True, eq=False)
class Indicator(Node):
    """1 where a statement holds, else 0."""

    condition: Node

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.condition,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Indicator(children[0])


@dataclass(frozen=True, eq=False)
class OffKinks(Node):
    """A derivative as the laws give it: its value where none of `kinks` vanishes, and none elsewhere.

    `of` is what was differentiated, and by which names in turn: for a reader to be told of, no part of the comparison.
    """

    body: Node
    kinks: tuple[Node, ...]
    of: tuple[Node, tuple[str, ...]] | None = None

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.body, *self.kinks)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return OffKinks(children[0], children[1:], self.of)


@dataclass(frozen=True, eq=False)
class PlusMinus(Node):
    """±u (or ∓u, `upper` false): two values; all ± of a formula are taken together, ∓ the other way."""

    operand: Node
    upper: bool = True

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return PlusMinus(children[0], self.upper)

    def content(self) -> tuple[object, ...]:
        return (self.operand, self.upper)


@dataclass(frozen=True, eq=False)
class ValueSet(Node):
    """{a, b, …}."""

    elements: tuple[Node, ...]

    @property
    def has_array(self) -> bool:
        return True

    @lazy
    def children(self) -> tuple[Node, ...]:
        return self.elements

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return ValueSet(children)


@dataclass(frozen=True, eq=False)
class Listing(Node):
    """(a, b, …), [a, b, …] or ⟨a, b, …⟩: two or more entries in order, neither row nor column."""

    elements: tuple[Node, ...]
    opening: str = "("  # "(", "[" or "<"

    @property
    def has_array(self) -> bool:
        return True

    @lazy
    def children(self) -> tuple[Node, ...]:
        return self.elements

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Listing(children, self.opening)

    def content(self) -> tuple[object, ...]:
        return (self.opening, self.elements)


@dataclass(frozen=True, eq=False)
class Matrix(Node):
    """A matrix that is written out: one or more rows of as many entries each. The brackets are typography."""

    rows: tuple[tuple[Node, ...], ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows), len(self.rows[0])

    @property
    def has_array(self) -> bool:
        return True

    @lazy
    def children(self) -> tuple[Node, ...]:
        return tuple(entry for row in self.rows for entry in row)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        width = self.shape[1]
        return Matrix(tuple(children[start : start + width] for start in range(0, len(children), width)))

    def content(self) -> tuple[object, ...]:
        return (self.rows,)


@dataclass(frozen=True, eq=False)
class Transpose(Node):
    """Aᵀ; of a list, the column of its entries."""

    operand: Node

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Transpose(children[0])


@dataclass(frozen=True, eq=False)
class Determinant(Node):
    """det A, or |A| around a matrix that is written out."""

    operand: Node

    @lazy
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        return Determinant(children[0])


@dataclass(frozen=True, eq=False)
class Binder(Node):
    """Σ, Π, ∫ or lim: a body in which `index` is bound.

    `bounds` are lower and upper bound of a sum, product or integral, or the one point a limit goes to, from the side
    that `kind` says ("limit", "limit+", "limit-").
    """

    kind: str  # "sum", "product", "integral", "limit", "limit+", "limit-"
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


@dataclass(frozen=True, eq=False)
class HasProperty(Node):
    """f is (not) convex, increasing, Lipschitz with constant c …, as a function of one name; kinds are in read/words.py.

    The name is None for a function without its argument, which is said of every argument.
    """

    formula: Node
    variable: Node | None
    kind: str
    constant: Node | None = None
    negated: bool = False

    @lazy
    def children(self) -> tuple[Node, ...]:
        return tuple(part for part in (self.formula, self.variable, self.constant) if part is not None)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        rest = list(children[1:])
        variable = rest.pop(0) if self.variable is not None else None
        return HasProperty(children[0], variable, self.kind, rest[0] if rest else None, self.negated)

    def content(self) -> tuple[object, ...]:
        return (self.children, self.kind, self.variable is None, self.negated)


def states(node: Node) -> bool:
    """Whether a tree states something rather than names a value."""
    return isinstance(node, Chain | Logical | Implication | HasProperty)


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


def walk(node: Node) -> Iterator[Node]:
    """Every node, parents first, left to right."""
    stack = [node]
    while stack:
        top = stack.pop()
        yield top
        children = top.children
        if children:
            stack.extend(children[::-1])


def names(node: Node) -> tuple[str, ...]:
    """The keys of the names that occur, in the order of first occurrence; variables of derivatives included."""
    return node.names


def functions(node: Node) -> tuple[str, ...]:
    """The functions that are called, in the order of first occurrence."""
    if Call not in node.kinds and FunctionName not in node.kinds:
        return ()
    return tuple(dict.fromkeys(part.function for part in walk(node) if isinstance(part, Call | FunctionName)))


def transform(node: Node, rule: Callable[[Node], Node | None]) -> Node:
    """The tree with every node replaced, operands first, by what `rule` answers (None keeps it)."""
    children = node.children
    if children:
        changed = tuple([transform(child, rule) for child in children])
        if any(map(is_not, changed, children)):
            node = node.rebuilt(changed)
    answer = rule(node)
    return node if answer is None else answer


def substitute(node: Node, replacements: Mapping[str, Node]) -> Node:
    """The tree with names replaced at once (not repeatedly); variables of derivatives follow if renamed to a name.

    A bound index is no name of the outside: it is not replaced, and is renamed where a replacement mentions it.
    """
    if replacements.keys().isdisjoint(node.names):
        return node
    if not node.children:  # a name: no other leaf has one
        return _in_place_of(node, replacements[node.names[0]])
    if isinstance(node, Binder):
        return _substituted_binder(node, replacements)
    changed = node.rebuilt(tuple([substitute(child, replacements) for child in node.children]))
    if isinstance(changed, Derivative):
        renamed = [replacements.get(v.key, v) for v in changed.variables]
        if all(v.names and not v.children for v in renamed):
            return Derivative(changed.operand, tuple(renamed), changed.partial)  # type: ignore[arg-type]
    return changed


def _in_place_of(node: Node, new: Node) -> Node:
    """What replaces a name; a name that replaces a declared vector or matrix is that under another key."""
    renamed = getattr(node, "renamed", None)
    return renamed(new.key) if renamed is not None and isinstance(new, Name) else new


def _substituted_binder(node: Binder, replacements: Mapping[str, Node]) -> Node:
    """Substitution where a name is bound."""
    inner = {name: tree for name, tree in replacements.items() if name != node.index and name in node.body.names}
    index, body = node.index, node.body
    while any(index in tree.names for tree in inner.values()):
        index += "'"
    if index != node.index:
        body = substitute(body, {node.index: Name(index)})
    bounds = tuple(substitute(bound, replacements) for bound in node.bounds)
    return Binder(node.kind, index, bounds, substitute(body, inner))
