"""Statements a problem asks to be shown: decided by the program, and their mutants refuted.

A claim question holds no answer either: whether the statement holds is decided here, before anyone is graded by it. Its
mutants are the statement with one relation turned round, or with a slip in one side; each that float64 evaluation finds
violated at some point has to be refuted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.decide.claim import Claim, Setting
from checks.decide.relations import decide_holds
from checks.mutants import Mutant, mutants
from checks.verdict import Verdict
from derive.errors import NoRule
from derive.holomorphic import with_complex_operands
from derive.kinks import differentiated
from derive.matrix.nodes import has_arrays
from derive.problem import Problem
from derive.questions import Question
from derive.rules import with_named_functions
from derive.tree import Chain, HasProperty, Node, total

ROWS = 96
SECONDS = 5.0  # for what a child is asked
CLEARLY = 1e-6  # relative: what float64 cannot blur
TURNED = {"<": r"\ge", r"\le": ">", ">": r"\le", r"\ge": "<", "=": r"\ne", r"\ne": "="}


def decided(problem: Problem, statement: Node) -> Verdict:
    """Whether a statement over the keys of a problem holds, wherever its sides are defined. Raises NoRule, TooLarge."""
    setting = Setting(problem.keyed, problem.program)
    statement = problem.program.opened(statement)
    taken = differentiated(with_complex_operands(statement, problem.keyed), problem.program, problem.keyed)
    return decide_holds(taken, setting, SECONDS)


def statement_mutants(statement: Node, among: tuple[str, ...] = ()) -> Iterator[Mutant]:
    """A chain with one relation turned round, or with one slip in one side, each once."""
    if isinstance(statement, HasProperty):
        yield Mutant("negation", replace(statement, negated=not statement.negated))
    if not isinstance(statement, Chain):
        return
    sides, relations = statement.sides, statement.relations
    for index, relation in enumerate(relations):
        if relation in TURNED:
            turned = (*relations[:index], TURNED[relation], *relations[index + 1 :])
            yield Mutant("relation", Chain(sides, turned))
    for index, side in enumerate(sides):
        for mutant in mutants(side, among):
            yield Mutant(mutant.kind, Chain((*sides[:index], mutant.tree, *sides[index + 1 :]), relations))


class Violations:
    """Float64 values of a problem's formulas at a seeded batch of points: which statements are clearly false somewhere."""

    def __init__(self, problem: Problem, question: Question) -> None:
        from checks.witness.inputs import seeded_batch
        from checks.witness.torch_backend import Evaluator

        setting = Setting(problem.keyed, problem.program)
        sides = question.ask.children
        claim = Claim(total([*problem.program.needed(question.ask).values(), *sides]), sides[0], setting)
        self.table = problem.keyed
        self.possible = isinstance(question.ask, Chain) and not has_arrays(question.ask, *claim.sides)
        if self.possible:
            columns = seeded_batch(claim.inputs, claim.seed, ROWS).columns
            self.evaluators = [Evaluator(columns, setting.named, world) for world in claim.worlds()]

    def violated(self, statement: Node) -> bool:
        """Whether a chain of relations is false at some point by more than rounding; a property turned round always is."""
        if isinstance(statement, HasProperty):
            return True
        if not self.possible or not isinstance(statement, Chain):
            return False
        sides = [with_named_functions(side, self.table) for side in statement.sides]
        for evaluate in self.evaluators:
            try:
                values = [evaluate(side) for side in sides]
            except NoRule:  # a limit, say
                return False
            for left, right, relation in zip(values, values[1:], statement.relations, strict=False):
                room = CLEARLY * (1 + abs(left) + abs(right))
                above, below = left - right > room, right - left > room
                false = {"<": above, r"\le": above, ">": below, r"\ge": below, "=": above | below}.get(relation)
                if false is not None and bool(false.any()):
                    return True
        return False
