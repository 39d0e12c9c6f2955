"""Questions about sequences → what certifies them: the recurrence run in float64, every line proven, mutants told apart by it.

The witness runs each recurrence step by step (checks/witness/sequences.py); expectations are added up over all outcomes of
two values, one draw after another. Neither shares anything with unrolled terms, closed forms or balls.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from checks.certify import DIFFERENT, CheckedQuestion
from checks.decide.claim import Claim
from checks.decide.equality import decide_equal
from checks.mutants import Mutant
from derive.errors import NoRule, TooLarge
from derive.recurrence.expectation import expectations_in
from derive.recurrence.limits import taken
from derive.recurrence.signs import Signs
from derive.recurrence.terms import at, indices, name_of, named, terms, whole
from derive.steps import Derivation
from derive.symbols import Symbol
from derive.tree import Call, Chain, Name, Node, substitute, transform

LAST = 5  # index of the terms
ROWS = 48
CHANCE = 0.3  # of the first of two values
PLACES = (1, 2, 3, 4)  # indices at which formulas are compared
Values = Any  # a column of float64


class SequenceQuestion(CheckedQuestion):
    """One question about sequences being checked."""

    def against_autograd(self, derivation: Derivation, examples: int) -> tuple[int, int]:
        """The recurrence, run, beside the closed form at every index."""
        rows = 0
        for columns in self.samples:
            for values in self.places(self.question.ask, derivation.closed):
                asked, closed = (self.value(tree, columns, values) for tree in (self.question.ask, derivation.closed))
                if asked is None or closed is None or _apart(asked, closed):
                    self.fail(f"the closed form {derivation.closed_form} is not what the recurrence gives at {values}")
                    return 0, rows
                rows += len(asked)
        return 0, rows

    def status(self, derivation: Derivation, inputs: int) -> str:
        """Every line is proven of what stands on its left, by induction where it takes one."""
        return "proven"

    def check_steps(self, derivation: Derivation) -> None:
        left = self.question.ask
        for step in derivation.steps:
            left = self.problem.read(step.left, self.question.part) if step.left else left
            verdict = decide_equal(Claim(left, step.expression.tree, self.setting))
            if verdict.status != "proven":
                self.fail(f"the step {step.left} = {step.latex} ({step.law}) is not proven: {verdict.evidence}")

    def differs(self, tree: Node, derivation: Derivation) -> bool:
        return self.apart(tree, derivation.closed)

    def violated(self, made: list[Mutant]) -> list[Mutant]:
        return [mutant for mutant in made if isinstance(mutant.tree, Chain) and self._false(mutant.tree)]

    def _false(self, statement: Chain) -> bool:
        links = zip(statement.sides, statement.relations, statement.sides[1:], strict=False)
        return any(relation == "=" and self.apart(a, b) for a, relation, b in links)

    def apart(self, left: Node, right: Node) -> bool:
        """Whether two formulas differ at some index, the recurrences run."""
        for columns in self.samples:
            for values in self.places(left, right):
                a, b = self.value(left, columns, values), self.value(right, columns, values)
                if a is not None and b is not None and _apart(a, b):
                    return True
        return False

    def places(self, *trees: Node) -> list[dict[str, int]]:
        """Numbers for the indices of formulas: all the same, then one behind the other."""
        letters = indices(*trees)
        every = [dict.fromkeys(letters, place) for place in PLACES]
        return (
            every + [{n: max(place - k, 1) for k, n in enumerate(letters)} for place in PLACES[1:]]
            if len(letters) > 1
            else every
        )

    @cached_property
    def samples(self) -> list[dict[str, Values]]:
        """Columns of the inputs and of the terms of inputs: of both signs, and small whole numbers."""
        rng = np.random.default_rng(len(self.question.latex))
        found = []
        for sample in range(2):
            columns: dict[str, Values] = {}
            for symbol in self.problem.table.values():
                if symbol.is_sequence and symbol.key not in self.problem.program.recurrences:
                    drawn = {name_of(symbol.key, k): _drawn(symbol.term("x"), rng, sample) for k in range(LAST + 2)}
                    columns |= drawn
                elif symbol.kind in ("real", "integer"):
                    columns[symbol.key] = _drawn(symbol, rng, sample)
            found.append(columns)
        return found

    def value(self, tree: Node, columns: Mapping[str, Values], values: Mapping[str, int]) -> Values | None:
        """A formula at numbers for its indices; None where it has no value."""
        from checks.witness.sequences import evaluated, run

        columns = {**columns, **{name: np.full(ROWS, float(place)) for name, place in values.items()}}
        try:
            tree = taken(at(tree, values), Signs(self.problem.table))
            known = run(self.problem.program, columns, LAST)
            tree = self._with_means(tree, known)
            return evaluated(tree, known)
        except (NoRule, TooLarge, KeyError, ZeroDivisionError):
            return None

    def _with_means(self, tree: Node, columns: dict[str, Values]) -> Node:
        """Every expectation replaced by a column of its own."""
        if not expectations_in(tree, self.problem.table):
            return tree
        expected = expectations_in(tree, self.problem.table)

        def mean(node: Node) -> Node | None:
            if isinstance(node, Call) and node in expected:
                name = f"\0mean{len(columns)}"
                columns[name] = self._mean(node.arguments[0], columns)
                return Name(name)
            return None

        return transform(tree, mean)

    def _mean(self, body: Node, columns: Mapping[str, Values]) -> Values:
        """The mean of a formula over every outcome of draws of two values."""
        from checks.witness.sequences import evaluated, run

        sequences = {s.key: s for s in self.problem.table.sequences.values() if "iid" in s.properties}
        last = max([whole(call.arguments[0]) or 1 for call in terms(body)], default=1)
        total = np.zeros(ROWS)
        for outcome in product((0, 1), repeat=last):
            chance = float(np.prod([CHANCE if which == 0 else 1 - CHANCE for which in outcome]))
            drawn: dict[str, Values] = {}
            for key in sequences:
                two = columns[name_of(key, 0)], columns[name_of(key, 1)]
                drawn |= {name_of(key, k + 1): two[which] for k, which in enumerate(outcome)}
                drawn[key[:-1]] = two[outcome[0]]
            inputs = {
                name: column
                for name, column in columns.items()
                if name in self.problem.table or not _of_recurrence(name, self.problem.program.recurrences)
            }
            known = run(self.problem.program, {**inputs, **drawn}, last)
            flat, _ = named(body)
            total = total + chance * evaluated(substitute(flat, {}), known)
        return total


def _of_recurrence(name: str, recurrences: Mapping[str, Any]) -> bool:
    return any(name.startswith(sequence) for sequence in recurrences)


def _drawn(symbol: Symbol, rng: np.random.Generator, sample: int) -> Values:
    """A column within a domain: multiples of 1/64, or small whole numbers."""
    low = (
        symbol.lower
        if symbol.lower is not None
        else Fraction(0)
        if symbol.properties & {"positive", "nonnegative"}
        else Fraction(-4)
    )
    high = symbol.upper if symbol.upper is not None else Fraction(4) if low < 4 else low + 4
    if symbol.kind == "integer" or (sample and high - low > 2):
        return rng.integers(int(low) + 1, int(high) + 1, size=ROWS).astype(np.float64)
    return float(low) + float(high - low) * rng.integers(1, 64, size=ROWS) / 64


def _apart(a: Values, b: Values) -> bool:
    return bool((np.abs(a - b) > DIFFERENT * (1 + np.abs(a) + np.abs(b))).any())  # never where a side has no value
