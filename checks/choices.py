r"""A function that an author chooses, `take $\sigma(z) = z + z^3$` → the special case it makes of formulas with a general σ.

What is said of every σ is true of this one, too, if it is as the problem declares σ. What is not true of every σ is tried
with this one put in, and is false of it only if it is as declared: an increasing function has a positive derivative.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from checks.decide.claim import Setting
from checks.decide.relations import decide_relation
from checks.scope import Scope
from checks.submission.document import Formula
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge, Unreadable
from derive.functions import FUNCTIONS
from derive.program import Program
from derive.pullback import derivative
from derive.read import read
from derive.symbols import Symbol, SymbolTable
from derive.tree import (
    ZERO,
    Call,
    Chain,
    Constant,
    FunctionName,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    functions,
    substitute,
    transform,
    walk,
)
from derive.write import latex

MAX_ORDER = 8  # of derivatives of a function that is chosen
_CHOOSES = re.compile(
    r"\s*(?P<function>\\?[A-Za-z]+)\s*(?:\\left\s*)?\(\s*(?P<argument>\\?[A-Za-z]+)\s*(?:\\right\s*)?\)\s*(?::=|=|\\colon=)"
)
_CHOSEN = re.compile(
    r"\b(?:take|taking|let|suppose|assume|consider|cho(?:ose|ice)\w*|for|with|if|when|where|given|use|using|put|set|"
    r"counter-?examples?|examples?|e\.g|say|namely|function|für|sei|mit|wenn)\b",
    re.IGNORECASE,
)
_EVERYWHERE = (Sum, Product, Negative, Number, Constant, Name, Power, Quotient, Call)


@dataclass(frozen=True, slots=True)
class Choice:
    """A function of one argument."""

    argument: str
    formula: Node

    def at(self, argument: Node, order: int = 0) -> Node:
        """Its value, or that of a derivative. Raises NoRule."""
        return substitute(self._derivative(order), {self.argument: argument})

    def _derivative(self, order: int) -> Node:
        if order > MAX_ORDER:
            raise NoRule(f"derivatives of a chosen function are taken up to order {MAX_ORDER}")
        return self.formula if not order else _derived(self.formula, self.argument, order)

    def is_as_declared(self, symbol: Symbol) -> bool:
        """Whether it is a smooth function of all reals that has the properties declared of the general one."""
        bounded = symbol.lower is not None or symbol.upper is not None
        known = self.is_smooth and not bounded and not symbol.properties - {"increasing"}
        return known and (not symbol.properties or _rises(self.formula, self.argument))

    @property
    def is_smooth(self) -> bool:
        """Whether it has a value and every derivative at all reals, as seen from its form."""
        return _is_smooth(self.formula)


def choice_of(scope: Scope, formula: Formula) -> tuple[str, Choice] | None:
    """The general function that a formula says what it is, and what; None for any other formula."""
    match = _CHOOSES.match(formula.text)
    if match is None:
        return None
    symbol, letter = scope.problem.symbols.resolve(match["function"]), match["argument"]
    if symbol is None or not symbol.is_function or symbol.named:
        return None
    if letter in scope.problem.table and not _CHOSEN.search(formula.words) and formula.role != "assumption":
        return None  # a claim about what is declared
    bound = SymbolTable([Symbol(letter)]).extended(scope.problem.symbols.values())
    try:
        tree = read(formula.text, bound).tree
    except Unreadable:
        return None
    if not isinstance(tree, Chain) or len(tree.sides) != 2 or tree.continued or tree.relations != ("=",):
        return None
    left, right = tree.sides
    general = set(scope.problem.symbols) - set(scope.problem.symbols.named_functions)
    if left != Call(symbol.key, (Name(letter),)) or right.has_array or {*right.names} - {letter}:
        return None
    return None if general & {*functions(right)} else (symbol.key, Choice(letter, right))


def choice_in(text: str) -> Choice:
    """A function as a counterexample shows it, by its value at z. Raises Unreadable."""
    return Choice("z", read(text, SymbolTable([Symbol("z")])).tree)


def as_declared(chosen: Mapping[str, Choice], scope: Scope) -> bool:
    """Whether the functions are such as the problem declares the general ones."""
    return all(choice.is_as_declared(scope.problem.symbols[name]) for name, choice in chosen.items())


def mentions_chosen(trees: Iterable[Node], scope: Scope) -> bool:
    """Whether formulas over the keys of the program depend on a function that is chosen."""
    return bool(scope.chosen) and any({*scope.chosen} & {*functions(scope.program.expanded(tree))} for tree in trees)


def with_choices(trees: Sequence[Node], scope: Scope, decide: Callable[[Sequence[Node]], Verdict]) -> Verdict:
    """The verdict on formulas of every function; what is not true of all is decided for the functions chosen."""
    general = decide(trees)
    if not mentions_chosen(trees, scope):
        return general
    fits = as_declared(scope.chosen, scope)
    if fits and general.status in ("proven", "verified"):
        return general
    special = decide([put_in(scope.program.expanded(tree), scope.chosen) for tree in trees])
    if special.status == "refuted" and not fits:
        return Verdict("undecided", "choice", "undecided: the function chosen is not known to be as declared")
    return special


def put_in(tree: Node, chosen: Mapping[str, Choice]) -> Node:
    """A formula with functions for the general ones. Raises NoRule where one stands without its argument."""

    def put(node: Node) -> Node | None:
        if isinstance(node, FunctionName) and node.function in chosen:
            raise NoRule(f"{node.function} stands without its argument")
        if isinstance(node, Call) and node.function in chosen:
            if not chosen[node.function].is_smooth:
                raise NoRule(f"that {node.function} has a derivative everywhere is not seen")
            return chosen[node.function].at(node.arguments[0], node.order)
        return None

    return transform(tree, put) if chosen else tree


def described(function: str, choice: Choice) -> str:
    """σ(z) = z + z^3, as LaTeX."""
    return latex(Chain((Call(function, (Name(choice.argument),)), choice.formula), ("=",)))


@cache
def _derived(formula: Node, argument: str, order: int) -> Node:
    for _ in range(order):
        formula = derivative(formula, argument)
    return formula


def _is_smooth(formula: Node) -> bool:
    """Whether a formula has a value and every derivative at all reals, seen from its form."""
    for node in walk(formula):
        if not isinstance(node, _EVERYWHERE):
            return False
        if isinstance(node, Quotient) and not _is_positive(node.denominator):
            return False
        if isinstance(node, Power) and not _is_smooth_power(node):
            return False
        if isinstance(node, Call) and ((row := FUNCTIONS.get(node.function)) is None or row.domain or row.kinks):
            return False
    return True


def _is_smooth_power(power: Power) -> bool:
    exponent = power.exponent
    if isinstance(exponent, Number):
        return exponent.value.denominator == 1 and exponent.value >= 0
    return power.base == Constant("e")


def _rises(formula: Node, argument: str) -> bool:
    """Whether the derivative is positive everywhere."""
    try:
        return _is_positive(_derived(formula, argument, 1))
    except NoRule:
        return False


@cache
def _is_positive(formula: Node) -> bool:
    try:
        return decide_relation(formula, ">", ZERO, Setting(SymbolTable(), Program())).status == "proven"
    except (NoRule, TooLarge):
        return False
