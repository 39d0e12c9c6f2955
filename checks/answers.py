"""Which step of a submission answers which question.

A question is answered by a worked-out side of a chain about what it asks, the last such side. One with derivatives
left, one that could not be read, and formulas that stand alone among words go to a person: no answer is taken from
them, but the question is not missing either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from checks.decide.claim import Claim
from checks.decide.equality import decide_equal
from checks.decide.extrema.decide import same_but_for_letters
from checks.decide.relations import decide_relation
from checks.loose import Loose, LooseState
from checks.report.model import LineOutcome, LineVerdict
from checks.scope import Scope
from derive.errors import NoRule, TooLarge
from derive.kinks import differentiated
from derive.matrix.derivatives import is_by_arrays
from derive.matrix.nodes import ArrayName
from derive.parts import meant
from derive.problem import Problem
from derive.questions import Question
from derive.recurrence.terms import terms
from derive.tree import (
    Call,
    Chain,
    Derivative,
    HasProperty,
    Implication,
    Listing,
    Matrix,
    Name,
    Negative,
    Node,
    Sum,
    Transpose,
    functions,
    states,
    substitute,
    walk,
)

STRONGER = {">": r"\ge", "<": r"\le"}  # what is shown with the first is shown with the second
MIRRORED = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le"}
OF_NO_STEP = -1
# of the steps that show a claim the worst counts
_WORSE: tuple[LineOutcome, ...] = (
    "definition",
    "assumption",
    "outside",
    "correct",
    "undecided",
    "unreadable",
    "incorrect",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of the step that answers a question, and where it stands."""

    verdict: LineOutcome
    line: int
    column: int
    step: int


AnswersState = tuple[LooseState, dict[str, Answer], dict[tuple[str, int], Answer]]


class Answers:
    """The answers of one submission to one problem, as its steps are judged."""

    def __init__(self, problem: Problem, scope: Scope) -> None:
        self.problem, self.scope = problem, scope
        self.loose = Loose(problem)
        self._later_wrong: dict[str, int] = {}  # lines with wrong numbers for what is asked, by question
        self._by_question: dict[str, Answer] = {}
        self._by_link: dict[tuple[str, int], Answer] = {}  # of the relations of claims
        self._taken: dict[Node, tuple[Node, ...]] = {}

    def of(self, question: Question) -> Answer | None:
        """The answer to a question, if one was met; to a claim, once every relation of it was stated."""
        if question.id in self._by_question or not isinstance(question.ask, Chain):
            return self._by_question.get(question.id)
        links = [self._by_link.get((question.id, index)) for index in range(len(question.ask.relations))]
        met = [link for link in links if link is not None]
        if not met or (len(met) < len(links) and all(link.verdict == "correct" for link in met)):
            return None
        return max(met, key=lambda link: (_WORSE.index(link.verdict), link.line, link.column, link.step))

    def asks_for(self, name: str) -> bool:
        """Whether a question asks what a name is."""
        asked = {q.ask.key for q in self.problem.formulas if isinstance(q.ask, Name | ArrayName)}
        return bool(asked) and any(self.scope.names_of(part).get(name) in asked for part in self.problem.parts)

    def is_to_be_shown(self, name: Node, formula: Node) -> bool:
        """Whether a question states just this equation: to write it down is a claim, however the name is defined."""
        for claim in self.problem.claims:
            if not isinstance(claim.ask, Chain) or claim.ask.relations != ("=",):
                continue
            part = self.problem.parts[claim.part]
            sides = tuple(part.bound(side) for side in (name, formula))
            if all(same_but_for_letters(a, b) for a, b in zip(sides, claim.ask.sides, strict=True)):
                return True
        return False

    def resembles_claim(self, statement: Node) -> bool:
        """Whether a statement of inputs is about the same names as one that is to be shown, and no value given to a name."""
        if not states(statement) or self.scope.unknown(statement):
            return False
        if (
            isinstance(statement, Chain)
            and len(statement.sides) == 2
            and isinstance(statement.sides[0], Name)
            and not statement.sides[1].names
        ):
            return False
        named, functions_named = set(statement.names), set(functions(statement))
        return any(
            all(map(self.problem.is_input, claim.ask.names))
            and (named == set(claim.ask.names) if named else functions_named == set(functions(claim.ask)))
            for claim in self.problem.claims
        )

    def note_property(self, stated: HasProperty, step: LineVerdict) -> None:
        """A judged property; it may be one that is to be shown, or say more, or less."""
        for question in self.problem.claims:
            asked = question.ask
            if not isinstance(asked, HasProperty) or stated.kind != asked.kind or stated.negated != asked.negated:
                continue
            if not (stated.formula == asked.formula or self._same(stated.formula, asked.formula)):
                continue
            verdict = step.verdict
            if (
                verdict == "correct"
                and asked.constant is not None
                and not self._within(stated.constant, asked.constant)
            ):
                verdict = "undecided"
            self._by_question[question.id] = Answer(verdict, step.line, step.column, step.step)

    def _within(self, constant: Node | None, asked: Node) -> bool:
        """Whether a constant is none greater than the one asked for: then it says as much, or more."""
        if constant is None:
            return False
        return decide_relation(constant, r"\le", asked, self.scope.setting).status == "proven"

    def note_restated(self, name: Node, formula: Node, step: LineVerdict) -> None:
        """A definition as the author writes it; it answers a claim word for word, else a person looks."""
        statement = Chain((name, formula), ("=",))
        for question in self.problem.claims:
            if not isinstance(question.ask, Chain) or question.ask.relations != ("=",):
                continue
            if self._bound_to(statement, question.ask) is not None:
                self._by_link[(question.id, 0)] = Answer("correct", step.line, step.column, step.step)
            elif name.names[0] in question.ask.sides[0].names and self._stated(
                name, "=", formula, self._sides_asked(question.ask), "="
            ):
                self._by_link.setdefault((question.id, 0), Answer("undecided", step.line, step.column, step.step))

    def note_relation(
        self, left: Node, relation: str, right: Node, step: LineVerdict, *, supposed: bool = False
    ) -> None:
        """A judged relation; it may be one of those that a problem asks to be shown. Under a premise it does not undo one."""
        for question in self.problem.claims:
            if not isinstance(question.ask, Chain) or self.scope.unknown(Chain((left, right), (relation,))):
                continue
            sides = self._sides_asked(question.ask)
            for index, asked in enumerate(question.ask.relations):
                stated = self._stated(left, relation, right, sides[index : index + 2], asked)
                if stated in ("more", "less") and (question.id, index) in self._by_link and supposed:
                    continue
                if stated is not None:
                    verdict = "undecided" if stated == "less" and step.verdict == "correct" else step.verdict
                    self._by_link[(question.id, index)] = Answer(verdict, step.line, step.column, step.step)
        self._note_conclusion(left, relation, right, step)

    def _note_conclusion(self, left: Node, relation: str, right: Node, step: LineVerdict) -> None:
        """What is to be concluded under a premise, said: a person looks whether it stands under that premise."""
        for question in self.problem.claims:
            conclusion = question.ask.statements[-1] if isinstance(question.ask, Implication) else None
            if not isinstance(conclusion, Chain) or len(conclusion.relations) != 1 or question.id in self._by_question:
                continue
            stated = self._stated(left, relation, right, self._sides_asked(conclusion), conclusion.relations[0])
            if stated == "same":  # whatever becomes of the step under its own premise
                self._by_question[question.id] = Answer("undecided", step.line, step.column, OF_NO_STEP)

    def note_statement(self, statement: Node, steps: list[LineVerdict]) -> None:
        """A judged statement that is no chain: an implication, two joined by "and"."""
        for question in self.problem.claims:
            if isinstance(question.ask, Chain) or not steps or not self._says(statement, question.ask):
                continue
            worst = max(steps, key=lambda step: _WORSE.index(step.verdict) if step.verdict in _WORSE else 0)
            self._by_question[question.id] = Answer(worst.verdict, worst.line, worst.column, worst.step)

    def _says(self, statement: Node, asked: Node) -> bool:
        """Whether a statement is the one asked for, word for word or side by side, or concludes more."""
        if self._bound_to(statement, asked) is not None:
            return True
        if not isinstance(statement, Implication) or not isinstance(asked, Implication) or statement.continued:
            return False
        if statement.arrows != asked.arrows or self.scope.unknown(statement):
            return False
        *premises, conclusion = zip(statement.statements, asked.statements, strict=True)
        concludes = self._relation(*conclusion) in ("same", "more")
        return concludes and all(self._relation(*pair) == "same" for pair in premises)

    def _relation(self, statement: Node, asked: Node) -> str | None:
        if not (isinstance(statement, Chain) and isinstance(asked, Chain)):
            return None
        if len(statement.relations) != 1 or len(asked.relations) != 1:
            return None
        (left, right), (relation,) = statement.sides, statement.relations
        return self._stated(left, relation, right, self._sides_asked(asked), asked.relations[0])

    def _bound_to(self, statement: Node, asked: Node) -> Node | None:
        """A statement in the problem's names, if that is what is asked."""
        if self.scope.unknown(statement):
            return None
        looked = self.scope.looked_through(statement)
        for keys, part, _ in self.scope.bindings(looked.names):
            bound = substitute(looked, {n: Name(k) for n, k in keys.items() if n != k})
            bound = meant(bound, self.problem.parts[part].means) if part else bound
            if bound == asked:
                return bound
        return None

    def _stated(self, left: Node, relation: str, right: Node, asked: tuple[Node, ...], wanted: str) -> str | None:
        """ "same" if a relation is the one asked for, "more" if it says more, "less" if another thing, of the same two sides."""
        for reading in self.scope.readings(left, right):
            for sides, said in ((reading.trees, relation), (reading.trees[::-1], MIRRORED.get(relation, relation))):
                if all(self._same(a, b) for a, b in zip(sides, asked, strict=True)) or (
                    wanted in MIRRORED and self._same_gap(sides, asked)
                ):
                    return "same" if said == wanted else "more" if STRONGER.get(said) == wanted else "less"
        return None

    def _same_gap(self, sides: tuple[Node, ...], asked: tuple[Node, ...]) -> bool:
        """Whether a − b ≥ 0 is said for a ≥ b."""
        if any(side.has_array for side in (*sides, *asked)):
            return False
        gaps = [Sum((left, Negative(right))) for left, right in (sides, asked)]
        return self._same(gaps[0], gaps[1])

    def _sides_asked(self, claim: Chain) -> tuple[Node, ...]:
        """The sides of a claim, their derivatives taken."""
        if claim not in self._taken:
            self._taken[claim] = tuple(
                differentiated(side, self.problem.program, self.problem.keyed) for side in claim.sides
            )
        return self._taken[claim]

    def _same(self, side: Node, asked: Node) -> bool:
        """Equal, and not by way of what the problem gives: a term of a recurrence is no other way to write its closed form."""
        if side != asked and self.scope.differ(side, asked):
            return False
        try:
            verdict = decide_equal(Claim(side, asked, self.scope.setting)) if side != asked else None
        except (NoRule, TooLarge):
            return False
        return verdict is None or (verdict.status == "proven" and verdict.code not in ("induction", "recurrence"))

    def note(self, anchor: Node | None, side: Node, step: LineVerdict) -> None:
        """A judged equality `anchor = side`; either may be what a question asks for, or hold it as an entry."""
        asked, worked_out = self.asked(anchor), side
        if asked is None and anchor is not None:
            asked, worked_out = self.asked(side), anchor
        if asked is None:
            if anchor is not None:
                self._note_entries(anchor, side, step)
            return
        verdict = step.verdict
        if self._unfinished(self.scope.looked_through(worked_out)):
            if asked.id in self._by_question or verdict != "correct":
                return
            verdict = "undecided"
        self._by_question[asked.id] = Answer(verdict, step.line, step.column, step.step)

    def _unfinished(self, tree: Node) -> bool:
        """Whether derivatives, or terms of recurrences, are left in an answer."""
        recurrences = self.problem.program.recurrences
        return _has_derivatives(tree) or any(term.function in recurrences for term in terms(tree))

    def _note_entries(self, anchor: Node, side: Node, step: LineVerdict) -> None:
        """A vector of answers that is right answers with each entry; one that is not goes to a person."""
        arrays = [array for array in (anchor, side) if isinstance(array, Matrix | Listing)]
        if not any(self.asked(entry) for array in arrays for entry in array.children):
            return
        if type(anchor) is type(side) and len(anchor.children) == len(side.children) and step.verdict == "correct":
            for asked, worked_out in zip(anchor.children, side.children, strict=True):
                self.note(asked, worked_out, step)
        else:
            self.loose.note_formula()

    def note_unreadable(self, anchor: Node | None, step: LineVerdict) -> None:
        """An answer that cannot be read goes to a person, unless a right one stands already."""
        asked = self.asked(anchor)
        if asked is None:
            self.loose.note_unread(step.raw)
        elif asked.id not in self._by_question or self._by_question[asked.id].verdict != "correct":
            self._by_question[asked.id] = Answer("unreadable", step.line, step.column, step.step)

    def note_open(self, anchor: Node | None, step: LineVerdict) -> None:
        """What is said of a special case, or set, answers nothing; but a person has to look if nothing else does."""
        asked = self.asked(anchor)
        if asked is not None and asked.id not in self._by_question:
            self._by_question[asked.id] = Answer("undecided", step.line, step.column, step.step)

    def note_numbers(self, anchor: Node | None, step: LineVerdict) -> None:
        """Numbers for what is asked: beside a formula a slip in them is none in the formula; alone, right ones are no formula."""
        asked = self.asked(anchor)
        if asked is None:
            return
        if step.verdict == "incorrect":
            self._later_wrong.setdefault(asked.id, step.line)
        if asked.id not in self._by_question:
            verdict: LineOutcome = "incorrect" if step.verdict == "incorrect" else "undecided"
            self._by_question[asked.id] = Answer(verdict, step.line, step.column, step.step)

    def wrong_numbers(self, question: Question) -> int | None:
        """A line with wrong numbers for what a question asks."""
        return self._later_wrong.get(question.id)

    def follow(self, steps: list[LineVerdict]) -> None:
        """Steps whose verdict was softened take the answers taken from them along; what is right under a condition answers nothing."""
        general = (step for step in steps if step.code not in ("special-case", "set-to"))  # the others answer nothing
        verdicts = {(step.line, step.column, step.step): step.verdict for step in general}
        for kept in (self._by_question, self._by_link):
            for id_, answer in kept.items():
                verdict = verdicts.get((answer.line, answer.column, answer.step))
                if verdict is not None and verdict != "correct":
                    kept[id_] = replace(answer, verdict=verdict)  # type: ignore[index]

    def left_open(self, step: LineVerdict) -> None:
        """What is true only under what the sentence says may be less than is asked: a person looks."""
        for kept in (self._by_question, self._by_link):
            for id_, answer in kept.items():
                if (answer.line, answer.column, answer.step) == (step.line, step.column, step.step):
                    kept[id_] = replace(answer, verdict="undecided")  # type: ignore[index]

    def mended(self, steps: list[LineVerdict]) -> None:
        """Steps that turned out right, once all was seen, take the answers taken from them along."""
        places = {(step.line, step.column, step.step) for step in steps}
        for kept in (self._by_question, self._by_link):
            for id_, answer in kept.items():
                if (answer.line, answer.column, answer.step) in places and answer.verdict == "undecided":
                    kept[id_] = replace(answer, verdict="correct")  # type: ignore[index]

    def saved(self) -> AnswersState:
        """A copy, to be restored after a trial."""
        return self.loose.saved(), dict(self._by_question), dict(self._by_link)

    def restore(self, copy: AnswersState) -> None:
        """Forget what was noted since the copy was made."""
        self.loose.restore(copy[0])
        self._by_question, self._by_link = dict(copy[1]), dict(copy[2])

    def asked(self, formula: Node | None) -> Question | None:
        """The question whose `ask` is this formula."""
        if formula is None or self.scope.unknown(formula):
            return None
        looked = as_asked(self.scope.looked_through(formula))
        for keys, part, _ in self.scope.bindings(looked.names):
            bound = substitute(looked, {n: Name(k) for n, k in keys.items() if n != k})
            bound = meant(bound, self.problem.parts[part].means) if part else bound
            for question in self.problem.questions:
                if question.ask == bound:
                    return question
        return None


def as_asked(formula: Node) -> Node:
    """A derivative by an array as it is asked for, in whatever layout it is read."""
    match formula:
        case Transpose(operand=inner) | Call(function="diag", arguments=(inner,)) if is_by_arrays(inner):
            return inner
    return formula


def _has_derivatives(tree: Node) -> bool:
    return any(isinstance(node, Derivative) for node in walk(tree))
