"""Computation graphs: a program's top name → operations and leaves, each edge with its local derivative.

One vertex an operation of two operands or of one, as torch records them (a + b + c is (a + b) + c, u − v is one Sub, a number
is part of the operation it stands in), one vertex a leaf. A name is one vertex wherever it is used; so is nothing else: an
unnamed subexpression written twice is computed twice. Vertices are numbered depth first, operands from left to right,
each when it is first met. (Griewank and Walther, Evaluating Derivatives, 2008, section 2.2.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from derive.errors import NoRule, TooLarge
from derive.program import Program, simplified
from derive.pullback import derivative
from derive.textbook import collected
from derive.tree import ONE, Absolute, Call, Name, Negative, Node, Power, Product, Quotient, Root, Sum, substitute

LEAF = "leaf"
MAX_VERTICES = 2_000
# what torch calls the operation
_CALLS = {
    "exp": "Exp", "log": "Log", "sin": "Sin", "cos": "Cos", "tan": "Tan", "tanh": "Tanh", "sinh": "Sinh", "cosh": "Cosh",
    "sigmoid": "Sigmoid", "relu": "Relu", "softplus": "Softplus", "arctan": "Atan", "arcsin": "Asin", "arccos": "Acos", "erf": "Erf",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vertex:
    """An operation or a leaf. `formula` is over the names and the leaves; `applied` over its operands as `u`, `v`."""

    operation: str
    name: str | None
    formula: Node
    applied: Node | None
    operands: tuple[int, ...]


@dataclass(frozen=True)
class Graph:
    """Vertices by number, in the order in which they are numbered: the first is the result."""

    vertices: tuple[Vertex, ...]

    @cached_property
    def leaves(self) -> tuple[Vertex, ...]:
        """The inputs."""
        return tuple(vertex for vertex in self.vertices if vertex.operation == LEAF)

    @cached_property
    def operations(self) -> tuple[Vertex, ...]:
        """What is computed."""
        return tuple(vertex for vertex in self.vertices if vertex.operation != LEAF)

    def local_derivative(self, number: int, operand: int) -> Node:
        """∂vertex/∂(its operand of that place), the other operand held fixed; over names and leaves. Raises NoRule."""
        vertex = self.vertices[number]
        assert vertex.applied is not None
        slope = simplified(derivative(vertex.applied, PLACES[operand]))
        shown = {PLACES[k]: self._shown(index) for k, index in enumerate(vertex.operands)}
        return collected(substitute(slope, shown))

    def _shown(self, number: int) -> Node:
        vertex = self.vertices[number]
        return vertex.formula if vertex.name is None else Name(vertex.name)


PLACES = ("\\operand_1", "\\operand_2")
U, V = Name(PLACES[0]), Name(PLACES[1])


def computation_graph(program: Program, top: str) -> Graph:
    """The graph of what a name is computed from. Raises NoRule for what is no scalar operation, TooLarge."""
    return _Builder(program.definitions).graph(top)


class _Builder:
    def __init__(self, definitions: Mapping[str, Node]) -> None:
        self.definitions = definitions
        self.made: list[tuple[str, str | None, Node, Node | None, tuple[int, ...]]] = []
        self.by_name: dict[str, int] = {}

    def graph(self, top: str) -> Graph:
        for name in self.definitions:  # in the order of computing, so that no recursion runs through the whole program
            self.name(name)
        order = self._depth_first(self.name(top))
        places = {old: new for new, old in enumerate(order)}
        return Graph(tuple(
            Vertex(operation, name, formula, applied, tuple(places[k] for k in operands))
            for operation, name, formula, applied, operands in (self.made[old] for old in order)
        ))  # fmt: skip

    def name(self, key: str) -> int:
        if key not in self.by_name:
            if key in self.definitions:
                index = self.build(self.definitions[key])
                operation, name, formula, applied, operands = self.made[index]
                if name is None:
                    self.made[index] = (operation, key, formula, applied, operands)
                self.by_name[key] = index  # a name for a name is the same vertex
            else:
                self.by_name[key] = self._add(LEAF, Name(key), None, (), key)
        return self.by_name[key]

    def build(self, tree: Node) -> int:
        match tree:
            case Name(key=key):
                return self.name(key)
            case Sum(terms=terms):
                return self._sum(terms)
            case Product(factors=factors):
                return self._product(factors)
            case Negative(operand=operand):
                return self._apply("Neg", tree, (operand,), Negative(U))
            case Quotient(numerator=top, denominator=bottom):
                if not top.names:  # torch: the reciprocal, then times the number
                    index = self._apply("Reciprocal", Quotient(ONE, bottom), (bottom,), Quotient(ONE, U))
                    return self._two("Mul", tree, index, top, Product((U, V)))
                return self._apply("Div", tree, (top, bottom), Quotient(U, V))
            case Power(base=base, exponent=exponent):
                return self._apply("Pow", tree, (base, exponent), Power(U, V))
            case Root(radicand=radicand, index=None):
                return self._apply("Sqrt", tree, (radicand,), Root(U))
            case Absolute(operand=operand):
                return self._apply("Abs", tree, (operand,), Absolute(U))
            case Call(function="max" | "min" as function, arguments=(left, right), order=0):
                return self._apply(f"{function.title()}imum", tree, (left, right), Call(function, (U, V)))
            case Call(function=function, arguments=(argument,), order=0) if function in _CALLS:
                return self._apply(_CALLS[function], tree, (argument,), Call(function, (U,)))
        raise NoRule(
            f"no rule for {type(tree).__name__.lower()} in a computation graph: operations of scalars are drawn"
        )

    def _sum(self, terms: tuple[Node, ...]) -> int:
        """From left to right; a term that is taken away is a Sub."""
        made: Node | int = terms[0]
        for count, term in enumerate(terms[1:], 2):
            taken = isinstance(term, Negative)
            operand = term.operand if isinstance(term, Negative) else term
            if isinstance(made, Node) and not made.names and not operand.names:
                made = Sum(terms[:count])  # numbers, as yet
                continue
            applied: Node = Sum((U, Negative(V))) if taken else Sum((U, V))
            made = self._two("Sub" if taken else "Add", Sum(terms[:count]), made, operand, applied)
        return self._made(made)

    def _product(self, factors: tuple[Node, ...]) -> int:
        made: Node | int = factors[0]
        for count, factor in enumerate(factors[1:], 2):
            if isinstance(made, Node) and not made.names and not factor.names:
                made = Product(factors[:count])
                continue
            made = self._two("Mul", Product(factors[:count]), made, factor, Product((U, V)))
        return self._made(made)

    def _made(self, made: Node | int) -> int:
        return made if isinstance(made, int) else self.build(made)

    def _two(self, operation: str, whole: Node, left: Node | int, right: Node, applied: Node) -> int:
        """An operation whose left operand may be computed already."""
        numbers = {}
        operands: list[int] = []
        for place, side in zip(PLACES, (left, right), strict=True):
            if isinstance(side, Node) and not side.names:
                numbers[place] = side
            else:
                operands.append(side if isinstance(side, int) else self.build(side))
        if numbers:
            applied = substitute(applied, dict(numbers))
            if V.key in applied.names and U.key not in applied.names:  # the one operand left is the first
                applied = substitute(applied, {V.key: U})
        return self._add(operation, whole, applied, tuple(operands), None)

    def _apply(self, operation: str, whole: Node, parts: tuple[Node, ...], applied: Node) -> int:
        if len(parts) == 2:
            return self._two(operation, whole, parts[0], parts[1], applied)
        return self._add(operation, whole, applied, (self.build(parts[0]),), None)

    def _add(
        self, operation: str, formula: Node, applied: Node | None, operands: tuple[int, ...], name: str | None
    ) -> int:
        if len(self.made) >= MAX_VERTICES:
            raise TooLarge(f"a computation graph has at most {MAX_VERTICES} vertices")
        self.made.append((operation, name, formula, applied, operands))
        return len(self.made) - 1

    def _depth_first(self, top: int) -> list[int]:
        order: dict[int, None] = {}
        stack = [top]
        while stack:
            index = stack.pop()
            if index not in order:
                order[index] = None
                stack.extend(reversed(self.made[index][4]))
        return list(order)
