"""Formulas of a submission → verdicts, step by step, against one problem.

    definitions      matched against the parts; they say which part is in force (scope.py)
    chains           a = b = c: every side is compared with the first (true by itself) and with the side before (follows);
                     after ≤ or < the comparison starts anew at the side before it
    continuations    a formula that begins with a relation carries on the chain before
    prose            what stands after if, since, whether … is an assumption; after "if …, then" true only if proven

A name nobody declared makes a step unreadable, unless a renaming makes it right: then it is wrong, with that renaming
as the suggestion. Formulas that mention nothing of the problem are outside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from checks.decide.relations import decide_relation
from checks.diagnose import Finding, diagnose
from checks.edits import sentence
from checks.report.model import LineOutcome, LineVerdict
from checks.scope import OWN, Reading, Scope
from checks.submission.document import Formula
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge, Unreadable
from derive.problem import Problem, Question
from derive.read import read
from derive.textbook import collected
from derive.tree import Chain, Constant, Derivative, Implication, Name, Node, substitute, walk
from derive.write import latex

_OUTCOME: dict[str, LineOutcome] = {
    "proven": "correct",
    "verified": "correct",
    "refuted": "incorrect",
    "undecided": "undecided",
}


@dataclass(slots=True)
class ChainState:
    """The chain being carried on: what it started from, its last side, how its derivatives were read."""

    base: Node | None = None  # what the next side is compared with, as written
    anchor: Node | None = None  # what the whole chain is about, as written
    last: Node | None = None  # the last side, as written; None if it could not be read
    keys: dict[str, str] | None = None
    last_outcome: LineOutcome | None = None


@dataclass(slots=True)
class Answer:
    """A side that answers a question: the last one of the last chain about what is asked."""

    verdict: LineOutcome
    line: int


@dataclass(slots=True)
class Judge:
    """Judges the formulas of one submission, in order, against one problem."""

    problem: Problem
    scope: Scope = field(init=False)
    chain: ChainState = field(default_factory=ChainState)
    answers: dict[str, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.scope = Scope(self.problem)

    # --- one formula -------------------------------------------------------------------------------------------------

    def judge(self, formula: Formula) -> list[LineVerdict]:
        """Every step of one formula."""
        try:
            reading = read(formula.text, self.scope.table, free=True)
        except Unreadable as error:
            return [self._unreadable(formula, error)]
        tree = reading.tree
        if formula.role == "mention":
            return [self._step(formula, tree, "outside", "struck-out", "struck out by the author: not judged")]
        definition = self._as_definition(tree)
        if definition is not None:
            return self._define(formula, *definition)
        if not isinstance(tree, Chain | Implication):
            return [self._step(formula, tree, "outside", "no-relation", "no relation: nothing is claimed")]
        if formula.role == "assumption":
            return [self._step(formula, tree, "assumption", "assumption", "stated as a condition: not judged")]
        if isinstance(tree, Implication):
            return self._implication(formula, tree)
        return self._chain(formula, tree)

    def concerns(self, formula: Formula) -> int:
        """How much of the problem a formula mentions; a continuation of one of its chains counts too."""
        try:
            tree = read(formula.text, self.scope.table, free=True).tree
        except Unreadable:
            left = self._left_of(formula.text)
            return self._mentions(formula.text) + (0 if left is None else self.scope.concerns(left))
        carried = formula.continues and self.chain.anchor is not None
        return self.scope.concerns(tree) + (1 if carried else 0)

    def forget_chain(self) -> None:
        """A new section, or a formula of another problem, ends the chain."""
        self.chain = ChainState()

    def _mentions(self, text: str) -> int:
        """The defined names that occur in a formula that cannot be read."""
        squeezed = text.replace(" ", "").replace("{", "").replace("}", "")
        defined = {name for part in self.problem.parts for name in self.scope.names_of(part)}
        return sum(1 for name in defined if len(name) > 1 and name.replace("{", "").replace("}", "") in squeezed)

    # --- definitions -------------------------------------------------------------------------------------------------

    def definition_of(self, formula: Formula) -> tuple[str, Node] | None:
        """Name and formula, if this formula is a definition that can be read."""
        try:
            return self._as_definition(read(formula.text, self.scope.table, free=True).tree)
        except Unreadable:
            return None

    def _as_definition(self, tree: Node) -> tuple[str, Node] | None:
        if not isinstance(tree, Chain) or tree.continued or tree.relations[0] != "=":
            return None
        name, formula = tree.sides[0], tree.sides[1]
        if name == Constant("e") and formula.names:
            name = Name("e")  # an author who writes e = p − t has taken the letter for something else
        if not isinstance(name, Name) or name.key in self.problem.symbols or name.key in formula.names:
            return None
        if any(isinstance(node, Derivative) for node in walk(formula)) or self.scope.unknown(formula):
            return None
        return name.key, formula

    def start_block(self, pairs: list[tuple[str, Node]]) -> None:
        """A run of definitions begins: the part that holds most of them is in force from here on."""
        self.scope.part = self.scope.matching_parts(pairs)[0]

    def _define(self, formula: Formula, name: str, right: Node) -> list[LineVerdict]:
        tree = read(formula.text, self.scope.table, free=True).tree
        assert isinstance(tree, Chain)
        parts = sorted(self.problem.parts, key=lambda part: part != self.scope.part)
        found = self.scope.define(name, right, parts)
        if found.outcome == "claim" and formula.role == "assumption":
            return [self._step(formula, tree, "assumption", "assumption", "stated as a condition: not judged")]
        if found.outcome == "claim":
            return self._redefined(formula, tree, name, right)
        first = Chain(tree.sides[:2], tree.relations[:1])
        said = self._said_of(name, found.outcome, found.key)
        step = self._step(formula, first, "definition", found.outcome, said, part=found.part)
        self.chain = ChainState(Name(name), Name(name), right, last_outcome="definition")
        return [step, *self._sides(formula, tree, 1)]

    def _redefined(self, formula: Formula, tree: Chain, name: str, right: Node) -> list[LineVerdict]:
        """A definition that matches none: wrong if it differs from all it may be meant for, else judged as a claim."""
        verdicts = [
            (part, written, verdict)
            for part, written, key in self.scope.meant_by(name)
            if (verdict := self.scope.against_definition(right, part, key)) is not None
        ]
        steps = self._chain(formula, tree)
        if (
            formula.role == "conclusion"
            or not verdicts
            or any(verdict.status != "refuted" for _, _, verdict in verdicts)
        ):
            return steps
        part, written, verdict = max(verdicts, key=lambda found: self._likeness(right, found[0], found[1]))
        defined = self._given(part, written)
        steps[0] = replace(steps[0], verdict="incorrect", code="definition", part=part, true_by_itself=False, reading=None,
                           counterexample=verdict.counterexample, suggestion=f"{written} = {latex(defined)}",
                           message="no part of the problem defines it like this")  # fmt: skip
        return steps

    def _given(self, part: str, name: str) -> Node:
        return dict(self.problem.parts[part].given)[name]

    def _likeness(self, formula: Node, part: str, name: str) -> float:
        """How like a formula is to a definition, as they are written."""
        return SequenceMatcher(None, latex(formula), latex(self._given(part, name))).ratio()

    def _said_of(self, name: str, outcome: str, key: str) -> str:
        if outcome == "alias":
            return sentence("{} is this author's name for {}", Name(name), Name(key))
        return "defined by the author" if outcome == "own" else "as the problem defines it"

    # --- chains ------------------------------------------------------------------------------------------------------

    def _implication(self, formula: Formula, tree: Implication) -> list[LineVerdict]:
        """p ⇒ q: q counts as correct if it is true by itself; what stands under a premise is never called wrong."""
        steps: list[LineVerdict] = []
        from_truth = tree.continued and self.chain.last_outcome == "correct"
        for index, statement in enumerate(tree.statements):
            if not isinstance(statement, Chain):
                steps.append(
                    self._step(formula, statement, "outside", "no-relation", "no relation: nothing is claimed")
                )
                continue
            judged = self._chain(formula, statement)
            premise = index == 0 and not tree.continued
            steps += judged if from_truth else [_under_premise(step, premise=premise) for step in judged]
        return steps

    def _chain(self, formula: Formula, tree: Chain) -> list[LineVerdict]:
        if tree.continued:
            if self.chain.base is None:
                message = "this carries on a line that is not there, or that belongs to no question"
                return [self._step(formula, tree, "undecided", "no-line-before", message)]
            steps = self._sides(formula, tree, 0)
        else:
            self.chain = ChainState(tree.sides[0], tree.sides[0], tree.sides[0])
            steps = self._sides(formula, tree, 0)
        if formula.role == "conclusion":
            return [_under_premise(step, premise=False) for step in steps]
        return steps

    def _sides(self, formula: Formula, tree: Chain, first: int) -> list[LineVerdict]:
        """The steps of a chain from relation number `first` on."""
        sides = tree.sides if tree.continued else tree.sides[1:]
        steps = []
        for index in range(first, len(tree.relations)):
            start = 0 if index == 0 else tree.at[index] if index < len(tree.at) else 0
            end = tree.at[index + 1] if index + 1 < len(tree.at) else len(formula.text)
            place = _Place(formula, start, end, index + 1)
            steps.append(self._side(place, tree.relations[index], sides[index], lead=index == 0 and not tree.continued))
        return steps

    def _side(self, place: _Place, relation: str, side: Node, *, lead: bool) -> LineVerdict:
        """One step: the chain so far, a relation, a side."""
        base, last = self.chain.base, self.chain.last
        assert base is not None
        shown_tree: Node = Chain((base, side), (relation,)) if lead else Chain((side,), (relation,), continued=True)
        step = self._judged(place, relation, side, shown_tree, base, last, lead=lead)
        self._note_answer(side, relation, step)
        if relation not in ("=", r"\approx"):
            self.chain.base = side
        self.chain.last = side if step.verdict != "unreadable" else None
        self.chain.last_outcome = step.verdict
        return step

    def _judged(
        self, place: _Place, relation: str, side: Node, tree: Node, base: Node, last: Node | None, *, lead: bool
    ) -> LineVerdict:
        step = place.verdict(self.problem.id, self.scope.part, latex(tree))
        if base == side:
            return replace(step, verdict="undecided", code="identical-sides",
                           message="both sides are written the same, which says nothing; a star or an index may be lost")  # fmt: skip
        unknown = self.scope.unknown(Chain((base, side), (relation,)))
        if unknown:
            return self._with_unknown(step, unknown, base, side, relation)
        try:
            best, verdict = self._best_reading(base, relation, side)
        except (NoRule, TooLarge) as error:
            return replace(step, verdict="undecided", code="no-rule", message=f"undecided: {error}")
        outcome = _OUTCOME[verdict.status]
        step = replace(step, verdict=outcome, code=verdict.code, part=best.part, reading=best.description or None,
                       true_by_itself={"correct": True, "incorrect": False}.get(outcome),
                       counterexample=verdict.counterexample, message=_said(verdict))  # fmt: skip
        if not lead:
            step = replace(step, follows=self._follows(last, relation, side))
        return self._explained(step, best, relation) if outcome == "incorrect" else step

    def _best_reading(self, base: Node, relation: str, side: Node) -> tuple[Reading, Verdict]:
        """The first reading that makes a step right; else the first that is open; else the first."""
        readings = self.scope.readings(base, side)
        if not readings:
            raise TooLarge("no reading of its names was found")
        judged: list[tuple[Reading, Verdict]] = []
        for reading in readings:
            left, right = reading.trees
            verdict = decide_relation(left, relation, right, self.scope.setting)
            if verdict.status in ("proven", "verified"):
                return reading, verdict
            judged.append((reading, verdict))
        open_ones = [(r, v) for r, v in judged if v.status == "undecided"]
        return (open_ones or judged)[0]

    def _follows(self, last: Node | None, relation: str, side: Node) -> bool | None:
        if last is None or self.scope.unknown(last):
            return None
        try:
            _, verdict = self._best_reading(last, relation, side)
        except (NoRule, TooLarge):
            return None
        return {"correct": True, "incorrect": False}.get(_OUTCOME[verdict.status])

    # --- what is wrong -----------------------------------------------------------------------------------------------

    def _explained(self, step: LineVerdict, reading: Reading, relation: str) -> LineVerdict:
        """A refuted equality with its likeliest slip and the nearest correct form."""
        if relation != "=":
            return step
        truth, wrong = (collected(reading.trees[0]), reading.trees[1])
        finding = diagnose(truth, wrong, self.scope.setting)
        return self._with_finding(step, finding, reading, wrong)

    def _with_finding(self, step: LineVerdict, finding: Finding, reading: Reading, wrong: Node) -> LineVerdict:
        suggestion = None if finding.suggestion is None else latex(self._in_authors_names(finding.suggestion, reading))
        message = f"{finding.message}; {step.message}" if finding.message else step.message
        hint = self._hint(reading, wrong)
        return replace(
            step, code=finding.code, suggestion=suggestion, message=f"{message}. {hint}" if hint else message
        )

    def _hint(self, reading: Reading, wrong: Node) -> str:
        """What the problem's author says about a wrong form met before."""
        for question in self.problem.questions:
            for reject in question.rejects:
                known = self.problem.read(reject.latex, question.part)
                if reject.hint and known == wrong and question.part == reading.part:
                    return reject.hint
        return ""

    def _in_authors_names(self, tree: Node, reading: Reading) -> Node:
        back = {key: Name(name) for name, key in reading.keys.items() if name != key}
        return substitute(tree, {k: v for k, v in back.items() if not k.endswith(OWN)})

    def _with_unknown(
        self, step: LineVerdict, unknown: tuple[str, ...], base: Node, side: Node, relation: str
    ) -> LineVerdict:
        """A step with undeclared names: wrong if a renaming mends it, else unreadable."""
        nearest = self.scope.table.nearest(unknown[0])
        hint = f"; the nearest declared name is ${nearest}$" if nearest else ""
        listed = ", ".join(f"${name}$" for name in unknown)
        message = f"{listed} is declared nowhere{hint}" if len(unknown) == 1 else f"{listed} are declared nowhere"
        step = replace(step, verdict="unreadable", code="undeclared-name", message=message)
        readings = [] if self.scope.unknown(base) or relation != "=" else self.scope.readings(base)
        for reading in readings:
            bound = substitute(side, {n: Name(k) for n, k in self._keys_in(reading).items()})
            finding = diagnose(collected(reading.trees[0]), bound, self.scope.setting, unknown)
            if finding.code == "renamed":
                fixed = replace(
                    step,
                    verdict="incorrect",
                    true_by_itself=False,
                    part=reading.part,
                    reading=reading.description or None,
                )
                return self._with_finding(fixed, finding, reading, bound)
        return step

    def _keys_in(self, reading: Reading) -> dict[str, str]:
        names = self.scope.names_of(reading.part) if reading.part else {}
        return {n: k for n, k in (names | self.scope.own).items() if n != k}

    # --- questions and records ---------------------------------------------------------------------------------------

    def _note_answer(self, side: Node, relation: str, step: LineVerdict) -> None:
        question = self._asked()
        if question is None or relation != "=" or any(isinstance(node, Derivative) for node in walk(side)):
            return
        self.answers[question.id] = Answer(step.verdict, step.line)

    def _asked(self) -> Question | None:
        """The question whose `ask` is what the chain in progress is about."""
        anchor = self.chain.anchor
        if anchor is None or self.scope.unknown(anchor):
            return None
        for keys, _, _ in self.scope.bindings(anchor.names):
            bound = substitute(anchor, {n: Name(k) for n, k in keys.items() if n != k})
            for question in self.problem.questions:
                if question.ask == bound:
                    return question
        return None

    def _step(
        self, formula: Formula, tree: Node, verdict: LineOutcome, code: str, message: str, part: str | None = None
    ) -> LineVerdict:
        step = _Place(formula, 0, len(formula.text), 1).verdict(self.problem.id, part or self.scope.part, latex(tree))
        return replace(step, verdict=verdict, code=code, message=message)

    def _unreadable(self, formula: Formula, error: Unreadable) -> LineVerdict:
        """A formula that cannot be read; the chain keeps what its left side says, and a mended reading is tried."""
        line, column = formula.position(error.offset)
        step = _Place(formula, 0, len(formula.text), 1).verdict(self.problem.id, self.scope.part, None)
        message = f"line {line}, column {column}: {error.sentence()}"
        step = replace(step, verdict="unreadable", code=error.code, message=message)
        if not formula.continues:
            self._anchor_of(formula.text)
        self.chain.last, self.chain.last_outcome = None, "unreadable"
        if error.repair is not None:
            step = self._mended(step, formula, error.repair)
        return step

    def _anchor_of(self, text: str) -> None:
        left = self._left_of(text)
        self.chain = ChainState(left, left, None)

    def _left_of(self, text: str) -> Node | None:
        """What stands before the first `=` of a formula that cannot be read whole."""
        left, equals, _ = text.partition("=")
        try:
            return read(left, self.scope.table, free=True).tree if equals else None
        except Unreadable:
            return None

    def _mended(self, step: LineVerdict, formula: Formula, repair: str) -> LineVerdict:
        before = replace(self.chain)
        answers = dict(self.answers)
        mended = Judge.judge(self, replace(formula, text=repair, role="claim"))
        self.chain, self.answers = before, answers
        verdicts = {s.verdict for s in mended}
        said = (
            "and then it is correct"
            if verdicts <= {"correct", "definition"}
            else f"and then it is {mended[-1].verdict}"
        )
        if verdicts == {"unreadable"}:
            return step
        return replace(step, suggestion=repair, message=f"{step.message}; mended it can be read, {said}")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a step stands: a run of a formula's text."""

    formula: Formula
    start: int
    end: int
    number: int

    def verdict(self, problem: str, part: str | None, understood: str | None) -> LineVerdict:
        line, column = self.formula.position(self.start)
        raw = self.formula.text[self.start : self.end].strip()
        return LineVerdict(line, column, self.number, problem, part, raw, understood, "undecided", "",
                           None, None, None, None, None, "")  # fmt: skip


def _said(verdict: Verdict) -> str:
    """The evidence; the point of a counterexample is shown beside it."""
    return (
        verdict.evidence
        if verdict.values is None
        else f"there the left side is {verdict.values[0]}, the right side {verdict.values[1]}"
    )


def _under_premise(step: LineVerdict, *, premise: bool) -> LineVerdict:
    """What is said under a condition is not wrong because it is not true by itself."""
    if step.verdict == "correct" or step.verdict not in ("incorrect", "undecided"):
        return step
    if premise:
        return replace(
            step,
            verdict="assumption",
            code="premise",
            counterexample=None,
            suggestion=None,
            message="the premise of ⇒: not judged",
        )
    return replace(step, verdict="undecided", code="under-premise", true_by_itself=None, counterexample=None, suggestion=None,
                   message="stated under a condition; conclusions from conditions are not decided yet")  # fmt: skip
