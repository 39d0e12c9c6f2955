"""What the names of a submission mean: parts as scopes, aliases, the submission's own definitions, the readings left.

A formula is bound to a problem by giving every name a key of the problem's flat program. The part in force is the one
whose definitions the submission last wrote down; a name that part lacks is taken from the one part that has it. Where
that leaves more than one way, every way is a `Reading`, and a step is right if one consistent reading makes it so.
The same holds for ∂a/∂b: local where a definition of a, the problem's or the submission's, mentions b, else total.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from checks.decide.arrays.equality import is_symbolic
from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from checks.decide.extrema.decide import about_extrema, holds_extremum, same_definition
from checks.decide.floats import Sieve, close
from checks.readings import Reading, bindings_of, bound_to, meaningful, parts_in_order, readings_of, with_euler
from checks.taking import Taking
from checks.verdict import Verdict
from derive.errors import Unreadable
from derive.matrix.nodes import ArrayName
from derive.matrix.shapes import shape_of, symbol_of_value
from derive.opening import opened
from derive.problem import Problem
from derive.symbols import Symbol, SymbolTable
from derive.tree import (
    Binder,
    Chain,
    Name,
    Negative,
    Node,
    Sum,
    substitute,
    walk,
)
from derive.write import latex

if TYPE_CHECKING:
    from checks.choices import Choice

ScopeState = tuple[str | None, dict[str, dict[str, str]], dict[str, Node], dict[str, list[Node]], tuple[Symbol, ...]]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a redefinition in a submission turned out to be."""

    outcome: str  # "definition", "alias", "own", "redefined", or "claim" for what is none of these
    part: str | None
    key: str


class Scope:
    """The names in force while one submission is read against one problem."""

    def __init__(self, problem: Problem, text: str = "") -> None:
        self.problem = problem
        named = tuple(name for name, part in problem.parts.items() if part.spoken_of(text))
        self.parts = named or tuple(problem.parts)  # those the submission may be about
        self.part: str | None = None
        self.aliases: dict[str, dict[str, str]] = {part: {} for part in problem.parts}
        self.own: dict[str, Node] = {}  # the author's abbreviations, in the problem's names as written
        self.written: dict[str, list[Node]] = {}  # definitions as the submission wrote them, by key
        self.respelled: dict[str, str] = {}  # the author's names as they stand once with the other case of letters
        self.introduced: tuple[Symbol, ...] = ()  # the names the submission brings along
        self._tables: dict[tuple[int, tuple[Symbol, ...]], SymbolTable] = {}
        self.program = problem.program
        self.setting = Setting(problem.keyed, problem.program)
        self.sieve = Sieve(self.setting.named, 0)
        self._compared: dict[tuple[Node, str], Verdict] = {}
        self.taking = Taking(self.program, problem.keyed, self.setting, self.definitions_of, self._equal)
        self.chosen: Mapping[str, Choice] = {}  # what general functions are supposed to be for the formula at hand
        self.layouts: set[str] = set()  # those by which a step was right

    def saved(self) -> ScopeState:
        """What reading a formula may change, to be restored after a trial."""
        aliases = {part: dict(names) for part, names in self.aliases.items()}
        written = {key: list(trees) for key, trees in self.written.items()}
        return self.part, aliases, dict(self.own), written, self.introduced

    def restore(self, state: ScopeState) -> None:
        """Forget what was met since the copy was made."""
        self.part, aliases, own, written, self.introduced = state
        self.aliases = {part: dict(names) for part, names in aliases.items()}
        self.own, self.written = dict(own), {key: list(trees) for key, trees in written.items()}

    # --- reading -----------------------------------------------------------------------------------------------------

    @property
    def table(self) -> SymbolTable:
        """What formulas are read with: the names of the part in force first, and those the submission introduced."""
        return self._with_introduced(self.problem.tables[self.part] if self.part else self.problem.table)

    @property
    def other_tables(self) -> Iterator[SymbolTable]:
        """The same with the names of the other parts first, where they are other vectors and matrices."""
        seen = {id(self.problem.tables[self.part] if self.part else self.problem.table)}
        for table in self.problem.tables.values():
            if id(table) not in seen:
                seen.add(id(table))
                yield self._with_introduced(table)

    def _with_introduced(self, table: SymbolTable) -> SymbolTable:
        key = (id(table), self.introduced)
        if key not in self._tables:
            self._tables[key] = table.extended((*self.introduced, *self._ones))
        return self._tables[key]

    @cached_property
    def _ones(self) -> tuple[Symbol, ...]:
        """Columns of ones by their length, `\\mathbf{1}_h`: derivations print them, so submissions may write them."""
        letters = sorted(self.sizes) if self.problem.table.has_arrays else []
        names = ((rf"\mathbf{{1}}_{letter}", letter) for letter in letters if len(letter) == 1)
        return tuple(Symbol(key, "array", shape=(size, 1), role="ones", defined=True) for key, size in names)

    # --- which names there are ---------------------------------------------------------------------------------------

    def concerns(self, tree: Node) -> int:
        """How many intermediate names and functions of the problem a formula mentions."""
        defined = {name for part in self.problem.parts for name in self.names_of(part)} | set(self.own)
        named = sum(1 for name in tree.names if name in defined)
        functions = {getattr(node, "function", None) for node in walk(tree)}
        return named + sum(1 for f in functions if f is not None and f in self.problem.symbols)

    def names_of(self, part: str) -> dict[str, str]:
        """Every name a part gives a meaning to, aliases over its own definitions."""
        return {**self.problem.parts[part].quantities, **self.aliases[part]}

    def unknown(self, tree: Node) -> tuple[str, ...]:
        """The names of a formula that mean nothing here."""
        return tuple(n for n in meaningful(tree) if not self._known(n))

    @cached_property
    def sizes(self) -> frozenset[str]:
        """The letters that count entries of what is declared."""
        shapes = (symbol.shape for symbol in self.problem.table.values() if symbol.shape)
        return frozenset(size for shape in shapes for size in shape if isinstance(size, str))

    def _known(self, name: str) -> bool:
        return (
            name in self.own
            or self.problem.is_input(name)
            or name in self.sizes
            or any(name in self.names_of(p) for p in self.problem.parts)
        )

    # --- readings ----------------------------------------------------------------------------------------------------

    def readings(self, *trees: Node) -> list[Reading]:
        """The ways to read formulas that belong together, the likeliest first; none if a name is unknown."""
        return readings_of(self, *trees)

    def bindings(self, names: tuple[str, ...]) -> Iterator[tuple[dict[str, str], str | None, str]]:
        """Keys for names: all from one part if one has them all, else from the parts that have them."""
        return bindings_of(self, names)

    def respell(self, text: str) -> None:
        """`S_1` where the author has introduced `s_1`, and nobody S_1, is that name: a scan loses the case of letters."""
        for own in tuple(self.own):
            other = own.swapcase()
            if own.startswith("\\") or other == own or other in self.own or self._known(other):
                continue
            if re.search(rf"(?<![A-Za-z\\]){re.escape(other)}(?![A-Za-z0-9])", text):
                self.introduce(other, self.node(own))
                self.respelled[other] = own

    def looked_through(self, tree: Node) -> Node:
        """The author's abbreviations put in; one by which a derivative is taken stays, and has no reading."""
        return substitute(opened(tree, self.own), self.own) if any(name in self.own for name in tree.names) else tree

    def definitions_of(self, key: str) -> list[Node]:
        """The definitions of a quantity: the problem's, then the submission's own wordings."""
        known = [self.program.definitions[key]] if key in self.program.definitions else []
        return known + self.written.get(key, [])

    def node(self, name: str) -> Node:
        """A name as a formula: that of an array with its shape."""
        symbol = self.table.get(name)
        return ArrayName(name, symbol.shape) if symbol is not None and symbol.shape else Name(name)

    # --- definitions -------------------------------------------------------------------------------------------------

    def define(self, name: str, formula: Node, parts: list[str]) -> Definition:
        """Match a redefinition against the parts given, in order; remember it as definition, alias or new name."""
        for part in parts:
            for (reading,), _ in with_euler(self, (formula,)):
                if self._matches(name, reading, part) and not self._says_more(name, reading, part):
                    return self._remember(name, reading, part, self.names_of(part)[name], "definition")
        known = any(name in self.problem.parts[part].quantities for part in self.problem.parts)
        taken = self.part is not None and name in self.problem.parts[self.part].quantities  # no name for another part's
        for part in () if taken else parts:
            if name in self.problem.parts[part].quantities or (known and isinstance(formula, Name)):
                continue  # a name the part has, or a bare equation of two known names, is a claim and no new spelling
            key = self._same_quantity(formula, part)
            if key is not None:
                self.aliases[part][name] = key
                return self._remember(name, formula, part, key, "alias")
        return Definition("claim", None, name) if known else self.introduce(name, formula)

    def _says_more(self, name: str, formula: Node, part: str) -> bool:
        """Whether a definition that is right is a claim all the same: the bare equation of two names that are known."""
        given = self.problem.parts[part]
        return (
            isinstance(formula, Name | ArrayName)
            and formula.key != name
            and formula.key in given.quantities
            and all((left, latex(right)) != (name, latex(formula)) for left, right in given.given)
        )

    def defines(self, name: str, formula: Node) -> bool:
        """Whether some part defines a name, or under another name a quantity, like this."""
        return any(
            self._matches(name, formula, part) or self._same_quantity(formula, part) is not None for part in self.parts
        )

    def matching_parts(self, pairs: list[tuple[str, Node]]) -> list[str]:
        """The parts ordered by how many of a block's definitions they hold, by their own name or under another."""

        def score(part: str) -> tuple[int, int, bool]:
            own = sum(1 for name, formula in pairs if self._matches(name, formula, part))
            other = sum(1 for _, formula in pairs if self._same_quantity(formula, part) is not None)
            return (own + other, own, part == self.part)

        return sorted(self.parts, key=score, reverse=True)

    def _matches(self, name: str, formula: Node, part: str) -> bool:
        key = self.problem.parts[part].quantities.get(name)
        bound = self._bound(formula, part)
        definition = self.program.definitions.get(key or "")
        return definition is not None and bound is not None and self._equal(bound, definition)

    def _same_quantity(self, formula: Node, part: str) -> str | None:
        bound = self._bound(formula, part)
        if bound is None:
            return None
        for key in self.problem.parts[part].quantities.values():
            if key in self.program.definitions and self._equal(bound, self.program.definitions[key]):
                return key
        return None

    def _bound(self, formula: Node, part: str) -> Node | None:
        names, formula = self.names_of(part), self.looked_through(formula)
        if any(n not in names and n not in self.problem.symbols and n not in self.sizes for n in meaningful(formula)):
            return None
        bound = bound_to(self, (formula,), {n: names.get(n, n) for n in meaningful(formula)}, part)
        return None if bound is None else bound[0]

    def _equal(self, left: Node, right: Node) -> bool:
        claim = Claim(left, right, self.setting)
        if about_extrema(self.setting, left, right):  # what an extremum is worked out to be is a claim
            return holds_extremum(left) and same_definition(left, right, self.setting)
        if is_symbolic(claim):
            return alike_in_shape(left, right) and decide_equal(claim).status == "proven"
        left, right = claim.sides
        if not close(self.sieve(left), self.sieve(right)):  # most pairs differ: no need of a counterexample
            return False
        return decide_equal(claim).status == "proven"

    def differ(self, left: Node, right: Node) -> bool:
        """Whether a few numbers tell two formulas apart, or only one of them is a limit: most do, and need no decider."""
        if _is_limit(left) != _is_limit(right):
            return True
        claim = Claim(left, right, self.setting)
        if is_symbolic(claim) or any(isinstance(node, Binder) for side in claim.sides for node in walk(side)):
            return False
        left, right = claim.sides
        return not close(self.sieve(left), self.sieve(right))

    def _remember(self, name: str, formula: Node, part: str, key: str, outcome: str) -> Definition:
        bound = self._bound(formula, part)
        if bound is not None and key not in bound.names:
            self.written.setdefault(key, []).append(bound)
        self.own.pop(name, None)
        self._bring(symbol_of_value(name, formula))
        if outcome == "definition" and name in self.aliases[part]:
            del self.aliases[part][name]
        return Definition(outcome, part, key)

    def meant_by(self, name: str) -> list[tuple[str, str, str]]:
        """The quantities a wrong redefinition may be meant for: those of the same stem, the part in force first."""
        stem = _stem(name)
        return [
            (part, written, key)
            for part in parts_in_order(self)
            for written, key in self.problem.parts[part].quantities.items()
            if _stem(written) == stem and key in self.program.definitions
        ]

    def is_condition(self, statement: Node) -> bool:
        """Whether the problem states this relation as a condition: what is wished, and not claimed."""
        if not isinstance(statement, Chain) or statement.continued or len(statement.relations) != 1:
            return False
        for name, part in self.problem.parts.items():
            for condition in part.conditions:
                if isinstance(condition, Chain) and condition.relations == statement.relations:
                    pair = [self._bound(Sum((c.sides[0], Negative(c.sides[1]))), name) for c in (statement, condition)]
                    if pair[0] is not None and pair[1] is not None and self._equal(pair[0], pair[1]):
                        return True
        return False

    def against_definition(self, formula: Node, part: str, key: str) -> Verdict | None:
        """A formula compared with the definition of a quantity; None if the part lacks one of its names."""
        bound = self._bound(formula, part)
        if bound is not None and (bound, key) not in self._compared:
            claim = Claim(self.program.definitions[key], bound, self.setting)
            self._compared[bound, key] = decide_equal(claim)
        return None if bound is None else self._compared[bound, key]

    def _bring(self, symbol: Symbol) -> None:
        """A name from here on; what the problem declares stays what it is."""
        if symbol.key not in self.problem.table:
            self.introduced = (*(known for known in self.introduced if known.key != symbol.key), symbol)

    def introduce(self, name: str, formula: Node) -> Definition:
        """A name of the author's own, for this formula from here on."""
        meant = self.looked_through(formula)
        outcome = "redefined" if self.own.get(name, meant) != meant else "own"
        self.own[name] = meant
        if name != "d":  # dy/dx stays a derivative
            self._bring(symbol_of_value(name, meant))
        return Definition(outcome, None, name)


def _is_limit(tree: Node) -> bool:
    return isinstance(tree, Binder) and tree.kind.startswith("limit")


def alike_in_shape(left: Node, right: Node) -> bool:
    """Whether two formulas have one shape; a difference in that needs no counterexample here."""
    try:
        return shape_of(left) == shape_of(right)
    except Unreadable:
        return False


def _stem(name: str) -> str:
    """`z_3` of `z_3^*`: the name without what stands above it."""
    return name.partition("^")[0].rstrip("'")
