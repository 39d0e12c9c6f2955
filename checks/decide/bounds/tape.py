"""A formula as straight-line steps, equal parts once, that run over any arithmetic: balls, series, gradients, tails.

An arithmetic is a table of the primitive functions (`functions`) and what makes numbers (`number`); +, −, · and / are
those of its values. A function that is not in the table is run through its definition by derive.functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from checks.decide.domains import constant_of
from derive.errors import TooLarge
from derive.normal import fraction_tree, normal_form, written_out
from derive.rules import definition_of
from derive.tree import (
    Absolute,
    Binder,
    Call,
    Constant,
    Name,
    Negative,
    Node,
    Number,
    OffKinks,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    number,
    walk,
)

MAX_STEPS = 2_000
MAX_POWER = 64
MAX_INDEX = 64
# functions every arithmetic knows
PRIMITIVE = frozenset([
    "exp", "log", "sin", "cos", "arctan", "erf", "normal_cdf", "sigmoid", "tanh", "softplus", "sinh", "cosh", "arcsin",
]).union(["max", "min", "relu", "sign"])  # fmt: skip


@dataclass(frozen=True)
class Arithmetic:
    """The numbers and functions of one kind of value."""

    number: Callable[[Fraction], Any]
    constant: Callable[[str], Any]
    functions: Mapping[str, Callable[..., Any]]
    absolute: Callable[[Any], Any]
    power: Callable[[Any, int], Any]
    root: Callable[[Any, int], Any]
    quotient: Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Tape:
    """Steps in order; each names its operation and the steps it takes, the last is the formula."""

    steps: tuple[tuple[Any, ...], ...]
    names: tuple[str, ...]

    def run(self, arithmetic: Arithmetic, inputs: Mapping[str, Any]) -> Any:
        """The value of the formula. Raises what the arithmetic raises."""
        values: list[Any] = []
        for step in self.steps:
            kind = step[0]
            if kind == "sum":
                value = values[step[1][0]]
                for index in step[1][1:]:
                    value = value + values[index]
            elif kind == "product":
                value = values[step[1][0]]
                for index in step[1][1:]:
                    value = value * values[index]
            elif kind == "negative":
                value = -values[step[1]]
            elif kind == "quotient":
                value = arithmetic.quotient(values[step[1]], values[step[2]])
            elif kind == "power":
                value = arithmetic.power(values[step[1]], step[2])
            elif kind == "function":
                value = arithmetic.functions[step[1]](*(values[index] for index in step[2]))
            elif kind == "name":
                value = inputs[step[1]]
            elif kind == "number":
                value = arithmetic.number(step[1])
            elif kind == "absolute":
                value = arithmetic.absolute(values[step[1]])
            elif kind == "root":
                value = arithmetic.root(values[step[1]], step[2])
            else:
                value = arithmetic.constant(step[1])
            values.append(value)
        return values[-1]


@lru_cache(maxsize=512)
def taped(tree: Node) -> Tape:
    """The tape of a scalar formula. Raises TooLarge where a part has no place on one."""
    return _Recorder().tape(tree)


class _Recorder:
    def __init__(self) -> None:
        self.steps: list[tuple[Any, ...]] = []
        self.places: dict[Node, int] = {}
        self.known: dict[tuple[Any, ...], int] = {}

    def tape(self, tree: Node) -> Tape:
        self.place(tree)
        if self.places[tree] != len(self.steps) - 1:  # an equal part was recorded before
            self.steps.append(("sum", (self.places[tree],)))
        return Tape(tuple(self.steps), tree.names)

    def add(self, *step: Any) -> int:
        known = self.known.get(step)
        if known is None:
            if len(self.steps) >= MAX_STEPS:
                raise TooLarge(f"a formula of more than {MAX_STEPS} steps")
            known = self.known[step] = len(self.steps)
            self.steps.append(step)
        return known

    def place(self, tree: Node) -> int:
        known = self.places.get(tree)
        if known is None:
            known = self.places[tree] = self._record(tree)
        return known

    def many(self, trees: Sequence[Node]) -> tuple[int, ...]:
        return tuple(map(self.place, trees))

    def _record(self, tree: Node) -> int:
        match tree:
            case Number():
                return self.add("number", tree.value)
            case Constant(name=("pi" | "e") as name):
                return self.add("constant", name)
            case Name():
                return self.add("name", tree.key)
            case Sum():
                return self.add("sum", self.many(tree.terms))
            case Product():
                return self._product(tree)
            case Negative():
                return self.add("negative", self.place(tree.operand))
            case Quotient():
                return self.add("quotient", self.place(tree.numerator), self.place(tree.denominator))
            case Power():
                return self._power(tree)
            case Root():
                return self._root(tree.radicand, 2 if tree.index is None else constant_of(tree.index))
            case Absolute():
                return self.add("absolute", self.place(tree.operand))
            case OffKinks():
                return self.place(tree.body)
            case Call():
                return self._call(tree)
            case Binder():
                plain = written_out(tree, "real")
                if plain is not None:
                    return self.place(plain)
        raise TooLarge(f"{type(tree).__name__.lower()} has no bounds over an interval")

    def _product(self, tree: Product) -> int:
        """Equal factors as one power, which is never negative if it is even."""
        counts: dict[Node, int] = {}
        for factor in tree.factors:
            counts[factor] = counts.get(factor, 0) + 1
        factors = [self.place(u) if n == 1 else self.add("power", self.place(u), n) for u, n in counts.items()]
        return factors[0] if len(factors) == 1 else self.add("product", tuple(factors))

    def _power(self, tree: Power) -> int:
        if isinstance(tree.base, Constant) and tree.base.name == "e":
            return self.add("function", "exp", (self.place(tree.exponent),))
        exponent = constant_of(tree.exponent)
        if exponent is None:
            log = Call("log", (tree.base,))
            return self.place(Call("exp", (Product((tree.exponent, log)),)))
        base = tree.base
        inside = self.place(base) if exponent.denominator == 1 else self._root(base, Fraction(exponent.denominator))
        whole = exponent.numerator
        if abs(whole) > MAX_POWER:
            raise TooLarge("a power that is too high for bounds over an interval")
        if whole == 0:
            raise TooLarge("a power with the exponent 0")
        raised = inside if abs(whole) == 1 else self.add("power", inside, abs(whole))
        return raised if whole > 0 else self.add("quotient", self.add("number", Fraction(1)), raised)

    def _root(self, radicand: Node, index: Any) -> int:
        if index is None or index != int(index) or not 2 <= index <= MAX_INDEX:
            raise TooLarge("a root whose index is no small whole number")
        return self.add("root", self.place(radicand), int(index))

    def _call(self, tree: Call) -> int:
        if not tree.order:
            if tree.function == "gelu":
                return self.place(Product((tree.arguments[0], Call("normal_cdf", tree.arguments))))
            if tree.function == "erf":
                return self._erf(tree)
            if tree.function in {"max", "min"}:
                return self._extremum(tree)
            if tree.function in PRIMITIVE:
                return self.add("function", tree.function, self.many(tree.arguments))
        defined = definition_of(tree)
        if defined is None or defined == tree:
            raise TooLarge(f"{tree.function} has no bounds over an interval")
        return self.place(defined)

    def _extremum(self, tree: Call) -> int:
        first, *rest = self.many(tree.arguments)
        for other in rest:
            first = self.add("function", tree.function, (first, other))
        return first

    def _erf(self, tree: Call) -> int:
        """erf(v/√2) is 2Φ(v) − 1, with exact numbers in v."""
        inside = fraction_tree(normal_form(Product((Root(number(2)), tree.arguments[0]))))
        if any(isinstance(node, Root) for node in walk(inside)):
            return self.add("function", "erf", self.many(tree.arguments))
        doubled = Product((number(2), Call("normal_cdf", (inside,))))
        return self.place(Sum((doubled, Negative(number(1)))))
