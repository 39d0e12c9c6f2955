"""Typed tree → an expression of a programming language, with the statements that have to stand before it.

A case distinction and a sum need statements of their own; everything else is one expression, bracketed where Python
needs it. A nameless subtree stays a plain Python number as long as a language's operators take one (`1 / 3`, `2 * x`)
and is lifted to an array, tensor or SymPy number where a function is applied to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import Any, ClassVar

from derive.emit import constructs
from derive.emit.identifiers import Identifiers
from derive.emit.piece import ATOM, PRODUCT, SUM, UNARY, Piece, raised
from derive.emit.stable import stable
from derive.emit.tables import HELPERS, REFUSED
from derive.errors import NoRule, TooLarge
from derive.functions import FUNCTIONS
from derive.reductions import constant_of
from derive.rules import PLACES, definition_of
from derive.symbols import SymbolTable
from derive.tree import (
    Absolute,
    Binder,
    Call,
    Cases,
    Constant,
    Derivative,
    FunctionName,
    Indicator,
    Listing,
    Name,
    Negative,
    Node,
    Number,
    PlusMinus,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    ValueSet,
)

MAX_CODE = 400_000  # characters of one expression
EXACT = 2**53  # up to here every whole number is a float
GROUP = 64  # operands in one chain of operators: the compiler recurses on each
MAX_FACTORIAL = 170  # beyond, floats overflow
_HELPER = re.compile(r"(?<![\w.])_[a-z]\w*")


@dataclass(slots=True)
class Module:
    """What the functions of one emitted module share: the helpers used so far, and who may not be named again."""

    symbols: SymbolTable
    helpers: dict[str, str] = field(default_factory=dict)


class Writer:
    """Writes the body of one function; a subclass knows the language."""

    language: ClassVar[str]
    shown: ClassVar[str]  # the language as a person calls it
    functions: ClassVar[Mapping[str, str]]
    constants: ClassVar[Mapping[str, str]]
    absolute: ClassVar[str]

    def __init__(self, module: Module, names: Identifiers, reference: str = "", indent: int = 1) -> None:
        self.module, self.names, self.reference, self.indent = module, names, reference, indent
        self.known: dict[str, Piece] = {}  # name → how it is written here
        self.lines: list[str] = []
        self.loops = 0

    # --- what the languages say ---------------------------------------------------------------------------------------

    def number(self, value: Fraction) -> Piece:
        """An exact number."""
        raise NotImplementedError

    def lifted(self, piece: Piece) -> Piece:
        """A plain number as what functions take and give; anything else as it is."""
        raise NotImplementedError

    def where(self, condition: str, value: Piece, other: Piece) -> Piece:
        """The one or the other, entry by entry."""
        raise NotImplementedError

    # --- statements ---------------------------------------------------------------------------------------------------

    def line(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    def assigned(self, wanted: str, text: str) -> str:
        """A new variable with this value."""
        name = self.names.fresh(wanted)
        self.line(f"{name} = {text}")
        return name

    @contextmanager
    def knowing(self, pieces: Mapping[str, Piece]) -> Any:
        """Some names are written otherwise for a while."""
        before = dict(self.known)
        self.known.update(pieces)
        try:
            yield
        finally:
            self.known = before

    # --- expressions --------------------------------------------------------------------------------------------------

    def written(self, tree: Node) -> Piece:
        """A tree with its unstable forms replaced. Raises NoRule, TooLarge."""
        return self.piece(stable(tree))

    def piece(self, tree: Node) -> Piece:
        rule = _RULES.get(type(tree))
        if rule is None:
            raise NoRule(_REFUSALS.get(type(tree), f"{self.shown} has no form for {type(tree).__name__.lower()}"))
        found = rule(self, tree)
        if len(found.text) > MAX_CODE:
            raise TooLarge(f"more than {MAX_CODE} characters of code")
        return found

    def name(self, tree: Name) -> Piece:
        if tree.key not in self.known:
            raise NoRule(f"{tree.key} has no value in the code")
        return self.known[tree.key]

    def constant(self, tree: Constant) -> Piece:
        if tree.name not in self.constants:
            raise NoRule(f"{self.shown} code is emitted for real numbers only; use sympy")
        return Piece(self.constants[tree.name], ATOM, scalar=True)

    def sum(self, tree: Sum) -> Piece:
        texts: list[str] = []
        scalar = True
        for index, term in enumerate(tree.terms):
            body = term.operand if isinstance(term, Negative) and index else term
            piece = self.piece(body)
            scalar &= piece.scalar
            sign = ("- " if isinstance(term, Negative) else "+ ") if index else ""
            texts.append(sign + piece.at(PRODUCT if index else SUM))
        if len(texts) > GROUP:
            groups = [" ".join(texts[i : i + GROUP]) for i in range(0, len(texts), GROUP)]
            texts = [f"{'+ ' if i else ''}({_leading(group)})" for i, group in enumerate(groups)]
        return Piece(" ".join(texts), SUM, scalar)

    def product(self, tree: Product) -> Piece:
        pieces = [self.piece(factor) for factor in tree.factors]
        texts = [piece.at(UNARY if index else PRODUCT) for index, piece in enumerate(pieces)]
        if len(texts) > GROUP:
            texts = [f"({' * '.join(texts[i : i + GROUP])})" for i in range(0, len(texts), GROUP)]
        return Piece(" * ".join(texts), PRODUCT, all(piece.scalar for piece in pieces))

    def negative(self, tree: Negative) -> Piece:
        piece = self.piece(tree.operand)
        return Piece("-" + piece.at(PRODUCT), min(UNARY, max(piece.rank, PRODUCT)), piece.scalar)

    def quotient(self, tree: Quotient) -> Piece:
        exact = _ratio(tree)
        if exact is not None:
            return self.number(exact)
        top, bottom = self.piece(tree.numerator), self.piece(tree.denominator)
        if bottom.scalar and (top.scalar or not isinstance(tree.denominator, Number)):
            bottom = self.lifted(bottom)  # Python would stop at a zero, or round what SymPy keeps exact
        return Piece(f"{top.at(PRODUCT)} / {bottom.at(UNARY)}", PRODUCT, top.scalar and bottom.scalar)

    def power(self, tree: Power) -> Piece:
        if isinstance(tree.base, Constant) and tree.base.name == "e":
            return self.called("exp", (tree.exponent,))
        whole = rational(tree) if isinstance(tree.base, Number) else None
        if whole is not None and whole.denominator == 1:
            return self.number(whole)
        base, exponent = self.lifted(self.piece(tree.base)), rational(tree.exponent)
        if exponent is None:
            return raised(base.at(ATOM), self.piece(tree.exponent).at(UNARY))
        if exponent.denominator % 2 and exponent.denominator > 1:  # the real root of a negative number
            root = self.helper("_odd_root", base.text, str(exponent.denominator))
            return root if exponent.numerator == 1 else raised(root.text, str(exponent.numerator))
        return raised(base.at(ATOM), self.number(exponent).at(UNARY))

    def root(self, tree: Root) -> Piece:
        radicand = self.lifted(self.piece(tree.radicand))
        index = Fraction(2) if tree.index is None else rational(tree.index)
        if index == 2:
            return Piece(f"{self.square_root}({radicand.text})")
        if index is not None and (index.denominator != 1 or index < 2):
            raise NoRule("the index of a root is no whole number from 2 on")
        if index is None:
            assert tree.index is not None
            return raised(radicand.at(ATOM), f"(1 / {self.lifted(self.piece(tree.index)).at(UNARY)})")
        if index % 2:
            return self.helper("_odd_root", radicand.text, str(index))
        return raised(radicand.at(ATOM), self.number(1 / index).at(UNARY))

    square_root: ClassVar[str]

    def magnitude(self, tree: Absolute) -> Piece:
        return Piece(f"{self.absolute}({self.lifted(self.piece(tree.operand)).text})")

    # --- functions ----------------------------------------------------------------------------------------------------

    def call(self, tree: Call) -> Piece:
        if tree.function not in FUNCTIONS and tree.function not in self.functions:
            return self.general(tree)
        if tree.order:
            return self.defined(tree)
        return self.called(tree.function, tree.arguments)

    def general(self, tree: Call) -> Piece:
        """A function nobody defined is a parameter, and so is each of its derivatives."""
        if tree.order and len(tree.arguments) > 1:
            raise NoRule(f"primes on {tree.function} do not say by which argument the derivative is taken")
        arguments = ", ".join(self.lifted(self.piece(argument)).text for argument in tree.arguments)
        return Piece(f"{self.names.of(tree.function, derivative_prefix(tree.order))}({arguments})")

    def called(self, function: str, arguments: tuple[Node, ...]) -> Piece:
        refusal = REFUSED.get((self.language, function))
        if refusal:
            raise NoRule(f"{refusal}; use sympy")
        if function == "identity":
            return self.piece(arguments[0])
        special = self.special(function, arguments)
        if special is not None:
            return special
        template = self.functions.get(function)
        if template is None:
            return self.defined(Call(function, arguments))
        pieces = [self.lifted(self.piece(argument)) for argument in arguments]
        if len(pieces) > 2 and FUNCTIONS[function].arity == 0:
            return reduce(lambda a, b: self.applied(template, [a, b]), pieces)
        return self.applied(template, pieces)

    def special(self, function: str, arguments: tuple[Node, ...]) -> Piece | None:
        """What a language has a form for only with certain arguments."""
        if function == "factorial" and (whole := self.whole(arguments[0])) is not None:
            return Piece(f"float(math.factorial({whole}))", ATOM, scalar=True)
        if function == "binomial":
            top, bottom = map(self.whole, arguments)
            if top is not None and bottom is not None:
                return Piece(f"float(math.comb({top}, {bottom}))", ATOM, scalar=True)
        return None

    def whole(self, tree: Node) -> str | None:
        """A whole number: one from 0 on that is written out, the index of a loop, a bound of one."""
        if isinstance(tree, Name) and tree.key in self.known and self.known[tree.key].scalar:
            return self.known[tree.key].text
        value = rational(tree)
        return str(value) if value is not None and value.denominator == 1 and 0 <= value <= MAX_FACTORIAL else None

    def applied(self, template: str, pieces: list[Piece]) -> Piece:
        if "{" not in template:
            template += "(" + ", ".join(f"{{{i}}}" for i in range(len(pieces))) + ")"
        for name in _HELPER.findall(template):
            self.need(name)
        places = {place: piece.at(ATOM) for place, piece in zip(PLACES, pieces, strict=False)}
        return Piece(template.format(*(piece.text for piece in pieces), **places))

    def defined(self, tree: Call) -> Piece:
        """A function of the table that the language lacks, through its definition: a helper of the module."""
        row = FUNCTIONS[tree.function]
        if row.arity == 0 and len(tree.arguments) > 2:
            head = Call(tree.function, tree.arguments[:-1])
            return self.defined(Call(tree.function, (head, tree.arguments[-1])))
        places = tuple(Name(place) for place in PLACES[: len(tree.arguments)])
        definition = definition_of(Call(tree.function, places, tree.order))
        if definition is None:
            reduced = definition_of(tree)
            if reduced is None:
                raise NoRule(f"{self.shown} has no {row.name.replace('_', ' ')}; use sympy")
            return self.piece(reduced)
        name = f"_{row.name.lower()}" if not tree.order else f"_d{tree.order}_{row.name.lower()}"
        if name not in self.module.helpers:
            self.module.helpers[name] = ""  # holds its place against a second visit
            text = self.helper_text(name, definition, places)
            del self.module.helpers[name]
            self.module.helpers[name] = text
        pieces = [self.lifted(self.piece(argument)) for argument in tree.arguments]
        return Piece(f"{name}({', '.join(piece.text for piece in pieces)})")

    def helper_text(self, name: str, definition: Node, places: tuple[Name, ...]) -> str:
        inner = type(self)(self.module, Identifiers(frozenset(PLACES)), places[0].key)
        inner.known = {place.key: Piece(place.key) for place in places}
        value = inner.written(definition)
        body = [*inner.lines, f"    return {inner.lifted(value).text}"]
        return "\n".join([f"def {name}({', '.join(place.key for place in places)}):", *body])

    def helper(self, name: str, *arguments: str) -> Piece:
        self.need(name)
        return Piece(f"{name}({', '.join(arguments)})")

    def need(self, name: str) -> None:
        """A helper of the table, those it calls before it."""
        text = HELPERS[self.language].get(name)
        if text is None or name in self.module.helpers:
            return
        for other in dict.fromkeys(_HELPER.findall(text)):
            if other != name:
                self.need(other)
        self.module.helpers[name] = text

    # --- constructs ---------------------------------------------------------------------------------------------------

    def condition(self, tree: Node) -> Piece:
        """A statement as a truth value, entry by entry."""
        return constructs.condition(self, tree)

    def compared(self, left: Piece, relation: str, right: Piece) -> str:
        """One relation."""
        return constructs.compared(self, left, relation, right)

    def cases(self, tree: Cases) -> Piece:
        return constructs.cases(self, tree)

    def indicator(self, tree: Indicator) -> Piece:
        one, zero = (Piece(text, ATOM, scalar=True) for text in "10")
        return self.where(self.condition(tree.condition).text, one, self.lifted(zero))

    def binder(self, tree: Binder) -> Piece:
        return constructs.loop(self, tree)


def derivative_prefix(order: int) -> str:
    """`sigma`, `d_sigma`, `d2_sigma`: what the derivatives of a function that is a parameter are called."""
    return "" if order == 0 else "d_" if order == 1 else f"d{order}_"


def _leading(group: str) -> str:
    return group.removeprefix("+ ")


def rational(tree: Node) -> Fraction | None:
    """The value of a tree that is a rational number."""
    if tree.names:
        return None
    try:
        return constant_of(tree)
    except (TooLarge, ZeroDivisionError):
        return None


def _ratio(tree: Quotient) -> Fraction | None:
    """The value of one number over another."""
    top, bottom = tree.numerator, tree.denominator
    if isinstance(top, Number) and isinstance(bottom, Number) and bottom.value:
        return top.value / bottom.value
    return None


_RULES: dict[type[Node], Callable[[Any, Any], Piece]] = {
    Number: lambda writer, tree: writer.number(tree.value),
    Constant: lambda writer, tree: writer.constant(tree),
    Name: lambda writer, tree: writer.name(tree),
    Sum: lambda writer, tree: writer.sum(tree),
    Product: lambda writer, tree: writer.product(tree),
    Negative: lambda writer, tree: writer.negative(tree),
    Quotient: lambda writer, tree: writer.quotient(tree),
    Power: lambda writer, tree: writer.power(tree),
    Root: lambda writer, tree: writer.root(tree),
    Absolute: lambda writer, tree: writer.magnitude(tree),
    Call: lambda writer, tree: writer.call(tree),
    Cases: lambda writer, tree: writer.cases(tree),
    Indicator: lambda writer, tree: writer.indicator(tree),
    Binder: lambda writer, tree: writer.binder(tree),
}
_REFUSALS: dict[type[Node], str] = {
    PlusMinus: "± stands for two values; write the one that is meant",
    FunctionName: "a function without its argument has no value",
    Derivative: "a derivative of what is no name has no code; derive it first",
    Listing: "a list of values has no code; write its entries one by one",
    ValueSet: "a set has no value",
}
