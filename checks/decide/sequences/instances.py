"""A claim about sequences at numbers for its indices → an ordinary claim over names g_1, g_2, …

Recurrences are unrolled, sums, products and maxima written out. E[…] is worked out over a two-point distribution of
independent terms: that refutes what does not hold for every distribution, and proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from checks.decide.claim import Claim, Setting
from derive.errors import TooLarge
from derive.program import Program
from derive.recurrence.definition import put_in
from derive.recurrence.expectation import expectations_in
from derive.recurrence.limits import taken
from derive.recurrence.signs import Signs
from derive.recurrence.terms import at, indices, named, terms
from derive.symbols import Symbol, SymbolTable
from derive.tree import Call, Name, Node, number, substitute, times, total, transform

LARGEST = 6  # index; t = 1 and t = 2 hide errors
LARGEST_RANDOM = 4  # where 2^t outcomes are added up
PAIRS = ((1, 1), (2, 1), (2, 2), (3, 1), (3, 2), (4, 3), (5, 2))
MAX_OUTCOMES = 64
MAX_SIZE = 20_000


@dataclass(frozen=True, slots=True)
class Distribution:
    """Two values with their probabilities."""

    values: tuple[Fraction, Fraction]
    chances: tuple[Fraction, Fraction]

    def __str__(self) -> str:
        (a, b), (p, q) = self.values, self.chances
        return (
            f"{a} or {b}, each with probability 1/2"
            if p == q
            else f"{a} with probability {p}, {b} with probability {q}"
        )


def _distribution(a: int | Fraction, b: int | Fraction, p: Fraction) -> Distribution:
    return Distribution((Fraction(a), Fraction(b)), (p, 1 - p))


HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
DISTRIBUTIONS = (
    _distribution(1, 2, HALF), _distribution(-1, 2, THIRD), _distribution(0, 3, 1 - THIRD),
    _distribution(Fraction(1, 4), Fraction(3, 4), THIRD), _distribution(-2, -1, HALF),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Instance:
    """The claim at numbers; `at` says which, for a reader."""

    claim: Claim
    at: dict[str, str]


def instances(claim: Claim) -> Iterator[Instance]:
    """The claim at small numbers for its indices. What has no meaning at some numbers is left out."""
    table, program = claim.setting.symbols, claim.setting.program
    sides = tuple(program.expanded(side) for side in (claim.left, claim.right))
    random = expectations(table, *sides)
    for values in _assignments(table, sides, random=bool(random)):
        for distribution in _fitting(table) if random else (None,):
            found = _instance(sides, values, distribution, claim.setting)
            if found is not None:
                yield found


def expectations(table: SymbolTable, *trees: Node) -> list[Call]:
    """The expectations in trees."""
    return [call for tree in trees for call in expectations_in(tree, table)]


def _assignments(table: SymbolTable, sides: tuple[Node, ...], *, random: bool) -> Iterator[dict[str, int]]:
    letters = indices(*sides)
    most = LARGEST_RANDOM if random else LARGEST
    if not letters:
        yield {}
        return
    choices = [(k,) for k in range(1, most + 1)] if len(letters) == 1 else list(PAIRS)
    for chosen in choices:
        values = dict(zip(letters, (*chosen, *([1] * len(letters))), strict=False))
        if all(name not in table or table[name].admits(Fraction(value)) for name, value in values.items()):
            yield values


def _fitting(table: SymbolTable) -> tuple[Distribution, ...]:
    """The distributions whose values every random sequence may have."""
    random = [symbol for symbol in table.sequences.values() if "iid" in symbol.properties]
    return tuple(d for d in DISTRIBUTIONS if all(s.term("x").admits(v) for s in random for v in d.values))


def _instance(
    sides: tuple[Node, ...], values: dict[str, int], drawn: Distribution | None, setting: Setting
) -> Instance | None:
    table = setting.symbols
    signs = Signs(table)
    try:
        written = [_unrolled(at(side, values), setting.program) for side in sides]
        written = [taken(side, signs) for side in written]
        if drawn is not None:
            written = [_mean(side, drawn, table) for side in written]
        flat = [named(side) for side in written]
    except (TooLarge, ZeroDivisionError, NoDistribution):
        return None
    made = {name: sequence for _, names in flat for name, sequence in names.items()}
    if any(name in table.sequences for tree, _ in flat for name in tree.names) or any(
        tree.size > MAX_SIZE for tree, _ in flat
    ):
        return None
    extended = table.extended((table[f] if f in table else Symbol(f)).term(name) for name, f in made.items())
    claim = Claim(flat[0][0], flat[1][0], Setting(extended, Program()))
    said = {name: str(value) for name, value in values.items()}
    if drawn is not None:
        said |= {symbol.key[:-1]: str(drawn) for symbol in set(table.sequences.values()) if "iid" in symbol.properties}
    return Instance(claim, said)


def _unrolled(tree: Node, program: Program) -> Node:
    """The terms of recurrences written out, those given last first."""
    for recurrence in reversed(program.recurrences.values()):
        tree = put_in(tree, recurrence.sequence, recurrence.unrolled)
        if tree.size > MAX_SIZE:
            raise TooLarge(f"more than {MAX_SIZE} nodes with all terms written out")
    return tree


class NoDistribution(Exception):
    """An expectation over something whose distribution is not given."""


def _mean(tree: Node, drawn: Distribution, table: SymbolTable) -> Node:
    """The tree with every expectation added up over the outcomes, inner ones first."""

    def add_up(node: Node) -> Node | None:
        if isinstance(node, Call) and node.function in table and table[node.function].role == "expectation":
            return _over_outcomes(node.arguments[0], drawn, table)
        return None

    return transform(tree, add_up)


def _over_outcomes(body: Node, drawn: Distribution, table: SymbolTable) -> Node:
    variables: dict[Node, None] = {}
    for call in terms(body):
        properties = table[call.function].properties if call.function in table else frozenset()
        if "iid" in properties:
            variables.setdefault(call)
        elif "random" in properties:
            raise NoDistribution
    variables |= dict.fromkeys(Name(name) for name in body.names if name in table.sequences)
    if 2 ** len(variables) > MAX_OUTCOMES:
        raise TooLarge("too many outcomes")
    outcomes = []
    for chosen in product((0, 1), repeat=len(variables)):
        value = dict(zip(variables, chosen, strict=True))
        chance = Fraction(1)
        for which in chosen:
            chance *= drawn.chances[which]
        outcomes.append(times([number(chance), _put(body, {v: number(drawn.values[w]) for v, w in value.items()})]))
    return total(outcomes)


def _put(body: Node, values: dict[Node, Node]) -> Node:
    names = {node.key: value for node, value in values.items() if isinstance(node, Name)}
    return substitute(transform(body, lambda node: values.get(node) if isinstance(node, Call) else None), names)
