"""What is known of a submission to one problem so far: names, chain, conditions, answers.

Every room of this folder takes a `Course` and moves it on. It reads formulas with the names in force, and it keeps
verdicts and findings, so that the same relation is decided, and the same slip looked for, once.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace

from checks.answers import Answers, AnswersState
from checks.conditions import Conditions
from checks.decide.arrays.findings import find
from checks.decide.relations import decide_relation
from checks.diagnose import Finding, diagnose
from checks.judging.numbers import Numbers, Valued
from checks.report.model import LineOutcome
from checks.scope import Scope, ScopeState
from checks.submission.document import Formula
from checks.verdict import Verdict
from derive.errors import Unreadable
from derive.problem import Problem
from derive.read import Reading as Read
from derive.read import read
from derive.symbols import SymbolTable
from derive.tree import Binder, Node, walk

LIMIT_SECONDS = 5.0  # for a child that works out a limit


@dataclass(slots=True)
class ChainState:
    """The chain being carried on: what it started from, its last side, and what became of that."""

    base: Node | None = None  # what the next side is compared with, as written
    anchor: Node | None = None  # what the whole chain is about, as written
    last: Node | None = None  # the last side, as written; None if it could not be read
    last_outcome: LineOutcome | None = None
    statement: Node | None = None  # the statement it began with, from which an arrow concludes
    written: Node | None = (
        None  # the equation that was set, by the side before it, where that is not what it stands for
    )
    supposed: bool = False  # that statement is no more than supposed, or follows from what is
    before: tuple[Node, ...] = ()  # what it follows from, line by line
    alone: bool = False  # nothing else was supposed before these
    asked: tuple[Node, ...] = ()  # sides that a question asks for, found equal to the anchor


CourseState = tuple[
    ChainState, AnswersState, ScopeState, Numbers, tuple[frozenset[int], tuple[int, Node] | None, Conditions]
]


@dataclass(slots=True)
class Course:
    """How far the formulas of one submission have been judged, in order, against one problem."""

    problem: Problem
    text: str = ""  # of the submission, which says what it is about
    scope: Scope = field(init=False)
    chain: ChainState = field(default_factory=ChainState)
    answers: Answers = field(init=False)
    verdicts: dict[tuple[Node, str, Node], Verdict] = field(default_factory=dict)
    findings: dict[tuple[Node, Node, tuple[str, ...]], Finding] = field(default_factory=dict)
    array_findings: dict[tuple[Node, Node], tuple[str, str]] = field(default_factory=dict)

    given: Conditions = field(default_factory=Conditions)  # in force for the formula at hand
    supposed: tuple[Node, ...] = ()  # in the sentence before: no premise, but what the author has in mind
    following: list[Formula] = field(default_factory=list)  # the formulas after it
    equation: tuple[int, Node] | None = None  # what was set last (`∂L/∂w = 0`), with its sentence
    noted: Conditions = field(default_factory=Conditions)  # equations of inputs that stand alone, in this section
    loosely_in: frozenset[int] = frozenset()  # sentences in which something was supposed that may hold further on
    concluding: bool = False  # whether the statement at hand stands after an arrow
    conditions_in: frozenset[int] = (
        frozenset()
    )  # sentences in which the author states conditions; they may hold further on
    hints: dict[tuple[str | None, Node], str] = field(init=False)
    numbers: Numbers = field(default_factory=Numbers)  # values the submission gave inputs and other quantities
    spoken_parts: tuple[str, ...] = ()  # those the whole submission may be about
    treated: bool = False  # something of the submission was found to be about this problem
    read_so_far: tuple[SymbolTable | None, dict[str, Read]] = field(default_factory=lambda: (None, {}))

    def __post_init__(self) -> None:
        self.scope = Scope(self.problem, self.text)
        self.spoken_parts = self.scope.parts
        rejected = [(q.part, reject) for q in self.problem.questions for reject in q.rejects if reject.hint]
        self.hints = {(part, self.problem.read(reject.latex, part)): reject.hint for part, reject in rejected}
        self.answers = Answers(self.problem, self.scope)

    def read(self, text: str) -> Read:
        """A formula with the names in force, each text once. Raises Unreadable."""
        self.scope.respell(text)
        table, known = self.read_so_far
        if table is not self.scope.table:
            table, known = self.read_so_far = self.scope.table, {}
        if text not in known:
            known[text] = self._read(text, table)
        return known[text]

    @property
    def valued(self) -> Valued:
        """What gives values to formulas: the problem's, of the part in force before others, then the submission's."""
        parts = sorted(self.problem.parts.values(), key=lambda part: part.name == self.scope.part)
        given = {key: value for part in parts for key, value in part.values.items()}
        return Valued(self.scope, Numbers({**self.numbers.inputs, **given}, self.numbers.written))

    def _read(self, text: str, table: SymbolTable) -> Read:
        """With the shapes of another part where those of the part in force do not fit."""
        try:
            return read(text, table, free=True)
        except Unreadable as error:
            if error.code in {"shape", "dots"}:
                for other in self.scope.other_tables:
                    with suppress(Unreadable):
                        return read(text, other, free=True)
            raise

    def decided(self, left: Node, relation: str, right: Node) -> Verdict:
        """The verdict of a relation; the same one is decided once."""
        key = (left, relation, right)
        if key not in self.verdicts:
            seconds = LIMIT_SECONDS if any(_is_limit(node) for side in (left, right) for node in walk(side)) else 0.0
            self.verdicts[key] = decide_relation(left, relation, right, self.scope.setting, seconds)
        return self.verdicts[key]

    def diagnosed(self, truth: Node, wrong: Node, undeclared: tuple[str, ...] = ()) -> Finding:
        """What is wrong with a formula; the same one is looked into once."""
        key = (truth, wrong, undeclared)
        if key not in self.findings:
            self.findings[key] = diagnose(truth, wrong, self.scope.setting, undeclared)
        return self.findings[key]

    def found_in_arrays(self, truth: Node, wrong: Node) -> tuple[str, str]:
        """The code of the mistake in a formula of arrays, and a sentence; the same one is looked into once."""
        key = (truth, wrong)
        if key not in self.array_findings:
            self.array_findings[key] = find(truth, wrong, self.scope.setting)
        return self.array_findings[key]

    def start_block(self, pairs: list[tuple[str, Node]]) -> None:
        """A run of definitions begins: the part that holds most of them is in force from here on."""
        self.scope.part = self.scope.matching_parts(pairs)[0]

    def forget_chain(self) -> None:
        """A new section, or a formula of another problem, ends the chain."""
        self.chain = ChainState()
        self.equation, self.noted, self.loosely_in = None, Conditions(), frozenset()

    def saved(self) -> CourseState:
        """All that judging a formula may change."""
        kept = (self.conditions_in, self.equation, self.given)
        return replace(self.chain), self.answers.saved(), self.scope.saved(), self.numbers.saved(), kept

    def restore(self, state: CourseState) -> None:
        """Go back to what was saved."""
        chain, answers, scope, numbers, (self.conditions_in, self.equation, self.given) = state
        self.numbers = numbers.saved()
        self.chain = replace(chain)
        self.answers.restore(answers)
        self.scope.restore(scope)


def _is_limit(node: Node) -> bool:
    return isinstance(node, Binder) and node.kind.startswith("limit")
