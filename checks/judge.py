"""Formulas of a submission → verdicts, step by step, against one problem.

    definitions      matched against the parts; they say which part is in force (scope.py)
    chains           a = b = c: every side is compared with the first (true by itself) and with the side before (follows);
                     after ≤ or < the comparison starts anew at the side before it
    continuations    a formula that begins with a relation carries on the chain before
    set              `∂L/∂w = 0` at the end of a chain, if the words or the next line say so: an equation, no claim
    special cases    values in force (`for $x = 2$: …`) are put in where a claim is not true in general (conditions.py)
    inputs alone     identities and what follows from an equation are judged; other equations are conditions
    prose            what stands after if, since, whether … is an assumption; after "if …, then" true only if proven

A name nobody declared makes a step unreadable, unless a renaming makes it right: then it is wrong, with that renaming
as the suggestion. Formulas that mention nothing of the problem are outside it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from checks.answers import Answer, Answers
from checks.arguments import values_at, without_arguments
from checks.conclusions import as_premise, concluded, concluded_whole, under_condition
from checks.conditions import Conditions, conditions, is_constant, is_set, special_case
from checks.decide.relations import decide_relation
from checks.diagnose import Finding, diagnose
from checks.edits import sentence
from checks.report.model import LineOutcome, LineVerdict
from checks.scope import Reading, Scope, ScopeState
from checks.submission.document import Formula
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge, Unreadable
from derive.problem import Problem
from derive.read import Reading as Read
from derive.read import read
from derive.symbols import SymbolTable
from derive.textbook import collected
from derive.tree import (
    Cases,
    Chain,
    Constant,
    Derivative,
    Implication,
    Logical,
    Name,
    Node,
    Number,
    OffKinks,
    Power,
    Product,
    substitute,
    walk,
)
from derive.write import latex

_MORE_WORDS = re.compile(
    r"\b(?!(?:for|if|when|whenever|with|at|and|then|so|we|have|get|obtain|find|the|point|values?|is|are|it|in|this|case|hence|thus|"
    r"therefore|that|let|suppose|given|where|wenn|dann|für|bei|und|gilt|ist)\b)[^\W\d_]{2,}",
    re.IGNORECASE,
)
LONGEST_COMPARED = 400  # characters of a formula that are looked at to find the reading meant
OF_INPUTS = "mentions only inputs; taken as a condition"
_OUTCOME: dict[str, LineOutcome] = {
    "proven": "correct",
    "verified": "correct",
    "refuted": "incorrect",
    "undecided": "undecided",
}


@dataclass(slots=True)
class ChainState:
    """The chain being carried on: what it started from, its last side, and what became of that."""

    base: Node | None = None  # what the next side is compared with, as written
    anchor: Node | None = None  # what the whole chain is about, as written
    last: Node | None = None  # the last side, as written; None if it could not be read
    last_outcome: LineOutcome | None = None
    statement: Node | None = None  # the statement it began with, from which an arrow concludes
    supposed: bool = False  # that statement is no more than supposed, or follows from what is


@dataclass(slots=True)
class Judge:
    """Judges the formulas of one submission, in order, against one problem."""

    problem: Problem
    scope: Scope = field(init=False)
    chain: ChainState = field(default_factory=ChainState)
    answers: Answers = field(init=False)
    verdicts: dict[tuple[Node, str, Node], Verdict] = field(default_factory=dict)
    findings: dict[tuple[Node, Node, tuple[str, ...]], Finding] = field(default_factory=dict)

    given: Conditions = field(default_factory=Conditions)  # in force for the formula at hand
    following: list[Formula] = field(default_factory=list)  # the formulas after it
    equation: tuple[int, Node] | None = None  # what was set last (`∂L/∂w = 0`), with its sentence
    noted: Conditions = field(default_factory=Conditions)  # equations of inputs that stand alone, in this section
    loosely: bool = False  # whether something was supposed in this section that may hold further on
    concluding: bool = False  # whether the statement at hand stands after an arrow
    conditions: bool = False  # whether the author has stated conditions; they may hold further on
    hints: dict[tuple[str | None, Node], str] = field(init=False)
    read_so_far: tuple[SymbolTable | None, dict[str, Read]] = field(default_factory=lambda: (None, {}))

    def __post_init__(self) -> None:
        self.scope = Scope(self.problem)
        rejected = [(q.part, reject) for q in self.problem.questions for reject in q.rejects if reject.hint]
        self.hints = {(part, self.problem.read(reject.latex, part)): reject.hint for part, reject in rejected}
        self.answers = Answers(self.problem, self.scope)

    # --- one formula -------------------------------------------------------------------------------------------------

    def judge(self, formula: Formula) -> list[LineVerdict]:
        """Every step of one formula; `L(w)`, which reads as a product, may also be L at w: one reading that is right will do."""
        called = values_at(formula.text, self.scope)
        if not called:
            return self._judged_formula(formula)
        before = self._state()
        steps = self._judged_formula(formula)
        doubtful = {"incorrect", "unreadable"} | ({"correct"} if any(call.value is None for call in called) else set())
        if not any(step.verdict in doubtful or step.code == "reading" for step in steps):
            return steps
        after = self._state()
        self._restore(before)
        plain = [call for call in called if call.value is not None]
        if len(plain) == len(called):
            text = without_arguments(formula.text, called)
            values = {name: value for call in plain for name, value in (call.value or {}).items()}
            if values:
                self.given = Conditions({**self.given.values, **values}, self.given.statements, open=True)
            read_as = self._judged_formula(replace(formula, text=text))
            if not any(step.verdict in ("incorrect", "unreadable") for step in read_as) or not values:
                said = "; ".join(dict.fromkeys(call.shown for call in called))
                return [
                    replace(
                        step,
                        raw=_as_written(step.raw, text, formula.text),
                        reading="; ".join(filter(None, (step.reading, said))),
                    )
                    for step in read_as
                ]
        self._restore(after)
        message = f"${called[0].text}$ may be a value at an argument or a product: left to a person"
        soft = [step if step.verdict not in doubtful else
                replace(step, verdict="undecided", code="value-at", true_by_itself=None, counterexample=None, suggestion=None,
                        message=message) for step in steps]  # fmt: skip
        self.answers.follow(soft)
        self.answers.note_looks_asked(formula.text)
        return soft

    def _state(
        self,
    ) -> tuple[ChainState, tuple[bool, dict[str, Answer]], ScopeState, bool, tuple[int, Node] | None, Conditions]:
        """All that judging a formula may change."""
        return replace(self.chain), self.answers.saved(), self.scope.saved(), self.conditions, self.equation, self.given

    def _restore(
        self,
        state: tuple[ChainState, tuple[bool, dict[str, Answer]], ScopeState, bool, tuple[int, Node] | None, Conditions],
    ) -> None:
        chain, answers, scope, self.conditions, self.equation, self.given = state
        self.chain = replace(chain)
        self.answers.restore(answers)
        self.scope.restore(scope)

    def _judged_formula(self, formula: Formula) -> list[LineVerdict]:
        try:
            reading = self._read(formula.text)
        except Unreadable as error:
            return [self._unreadable(formula, error)]
        tree = reading.tree
        if formula.role == "mention":
            return [self._step(formula, tree, "outside", "struck-out", "struck out by the author: not judged")]
        definition = self._as_definition(tree)
        if definition is not None:
            return self._define(formula, *definition)
        if self.of_inputs(formula):
            return self._of_inputs(formula, tree)
        if isinstance(tree, Logical):
            return self._joined(formula, tree)
        if not isinstance(tree, Chain | Implication):
            self.answers.note_loose(tree)
            return [self._step(formula, tree, "outside", "no-relation", "no relation: nothing is claimed")]
        if formula.role == "assumption":
            return self._assumed(formula, tree)
        if isinstance(tree, Implication):
            return self._implication(formula, tree)
        return self._chain(formula, tree)

    def _assumed(self, formula: Formula, tree: Node) -> list[LineVerdict]:
        self.conditions = True
        if isinstance(tree, Chain) and not tree.continued and any(is_constant(side) for side in tree.sides):
            self.equation = (formula.sentence, tree)
        return [self._step(formula, tree, "assumption", "assumption", "stated as a condition: not judged")]

    def _read(self, text: str) -> Read:
        """A formula with the names in force, each text once. Raises Unreadable."""
        table, known = self.read_so_far
        if table is not self.scope.table:
            table, known = self.read_so_far = self.scope.table, {}
        if text not in known:
            known[text] = read(text, table, free=True)
        return known[text]

    def stated(self, formula: Formula) -> Node | None:
        """What a formula states, if it can be read."""
        try:
            tree = self._read(formula.text).tree
        except Unreadable:
            return None
        return tree if isinstance(tree, Chain | Logical | Implication) else None

    def concerns(self, formula: Formula) -> int:
        """How much of the problem a formula mentions; a continuation of one of its chains counts too."""
        try:
            tree = self._read(formula.text).tree
        except Unreadable:
            left = self._left_of(formula.text)
            return self._mentions(formula.text) + (0 if left is None else self.scope.concerns(left))
        carried = formula.continues and self.chain.anchor is not None
        introduces = (definition := self._as_definition(tree)) is not None and bool(definition[1].names)
        return self.scope.concerns(tree) + (1 if carried or introduces else 0)

    def look_ahead(self, formula: Formula, following: list[Formula]) -> None:
        """`= A, where A = …`: a name that is used just before it is defined."""
        self.following = following
        try:
            unknown = set(self.scope.unknown(self._read(formula.text).tree))
        except Unreadable:
            return
        defines = self.definition_of(formula)
        unknown -= {defines[0]} if defines else set()
        for later in following if unknown else ():
            definition = self.definition_of(later)
            if definition is not None and definition[0] in unknown and not self.scope.unknown(definition[1]):
                self.scope.introduce(*definition)

    def forget_chain(self) -> None:
        """A new section, or a formula of another problem, ends the chain."""
        self.chain = ChainState()
        self.equation, self.noted, self.loosely = None, Conditions(), False

    def _mentions(self, text: str) -> int:
        """The defined names that occur in a formula that cannot be read; a single letter only where it is derived."""
        squeezed = text.replace(" ", "").replace("{", "").replace("}", "")
        derived = squeezed.replace(r"\mathrm", "")
        count = 0
        for name in {name for part in self.problem.parts for name in self.scope.names_of(part)}:
            plain = name.replace("{", "").replace("}", "")
            if len(name) > 1:
                count += plain in squeezed
            else:
                count += bool(
                    re.search(
                        rf"(?:\\partial|∂|(?<![A-Za-z])d){re.escape(plain)}(?![A-Za-z])|^{re.escape(plain)}['′=(]",
                        derived,
                    )
                )
        return count

    # --- definitions -------------------------------------------------------------------------------------------------

    def definition_of(self, formula: Formula) -> tuple[str, Node] | None:
        """Name and formula, if this formula is a definition that can be read."""
        try:
            return self._as_definition(self._read(formula.text).tree)
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
        new = name.key in self.scope.unknown(name) or name.key in self.scope.own
        derivatives = any(isinstance(node, Derivative) for node in walk(formula))
        if (derivatives and not new) or self.scope.unknown(formula) or (new and not formula.names):
            return None
        return name.key, formula

    def start_block(self, pairs: list[tuple[str, Node]]) -> None:
        """A run of definitions begins: the part that holds most of them is in force from here on."""
        self.scope.part = self.scope.matching_parts(pairs)[0]

    def _define(self, formula: Formula, name: str, right: Node) -> list[LineVerdict]:
        tree = self._read(formula.text).tree
        assert isinstance(tree, Chain)
        parts = sorted(self.problem.parts, key=lambda part: part != self.scope.part)
        found = self.scope.define(name, right, parts)
        if found.outcome == "claim" and formula.role == "assumption":
            return self._assumed(formula, tree)
        if found.outcome == "claim":
            return self._redefined(formula, tree, name, right)
        first = Chain(tree.sides[:2], tree.relations[:1])
        if found.outcome == "own":
            self.answers.note_derivative_name(name)
        said = self._said_of(name, found.outcome, found.key)
        verdict: LineOutcome = "undecided" if found.outcome == "redefined" else "definition"
        step = self._step(formula, first, verdict, found.outcome, said, part=found.part)
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
        if steps[0].code in ("special-case", "set-to", "under-premise") or self.given.values:
            return steps
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
        if outcome == "redefined":
            return "this name meant something else before: defined anew, or wrong; from here on it is read like this"
        return "defined by the author" if outcome == "own" else "as the problem defines it"

    # --- chains ------------------------------------------------------------------------------------------------------

    def _implication(self, formula: Formula, tree: Implication) -> list[LineVerdict]:
        """p ⇒ q: q is correct if it is true by itself or follows from p."""
        steps: list[LineVerdict] = []
        premises = self._said_before(tree)
        from_truth = tree.continued and self.chain.last_outcome == "correct" and not self.chain.supposed
        arrows = tree.arrows if tree.continued else ("", *tree.arrows)
        for arrow, statement in zip(arrows, tree.statements, strict=True):
            if isinstance(statement, Logical):
                step = self._step(formula, statement, "assumption", "premise", "the premise of ⇒: not judged")
                if arrow:
                    before = (*self._equations_given(), *premises)
                    step = concluded_whole(step, before, arrow, statement, self.scope, conditions=self._more(arrow))
                self.chain = ChainState(statement=statement, supposed=True)
                premises = (*premises, statement)
                steps.append(step)
                continue
            if not isinstance(statement, Chain):
                said = "no relation: nothing is claimed"
                steps.append(self._step(formula, statement, "outside", "no-relation", said))
                continue
            supposed, self.concluding = self.chain.supposed or not arrow, bool(arrow)
            judged = self._chain(formula, statement)
            self.concluding = False
            if arrow and not from_truth:
                judged = [self._concluded(step, premises, arrow, link) for step, link in zip(judged, _links(statement), strict=True)]  # fmt: skip
            elif not arrow:
                kept = (
                    len(judged) - 1
                    if isinstance(statement.sides[0], Derivative) and is_constant(statement.sides[-1])
                    else 0
                )
                judged = [*judged[:kept], *(as_premise(step) for step in judged[kept:])]
            self.answers.follow(judged)
            self.chain.last_outcome = judged[-1].verdict
            self.chain.supposed = supposed and not all(step.true_by_itself for step in judged)
            premises = (*premises, statement)
            steps += judged
        return steps

    def _joined(self, formula: Formula, tree: Logical) -> list[LineVerdict]:
        """Each of several statements joined by "and"; which of those joined by "or" is meant is not known."""
        if formula.role == "assumption":
            return self._assumed(formula, tree)
        if tree.connective == "and" and all(isinstance(part, Chain) and not part.continued for part in tree.statements):
            return [step for part in tree.statements if isinstance(part, Chain) for step in self._chain(formula, part)]
        said = "statements joined by “or” are left to a person: which of them is claimed is not said"
        return [self._step(formula, tree, "undecided", "alternatives", said)]

    def _said_before(self, tree: Implication) -> tuple[Node, ...]:
        """What an arrow at the beginning of a formula concludes from."""
        return (self.chain.statement,) if tree.continued and self.chain.statement is not None else ()

    def _concluded(self, step: LineVerdict, premises: tuple[Node, ...], arrow: str, link: Chain) -> LineVerdict:
        return concluded(
            step, (*self._equations_given(), *premises), arrow, link, self.scope, conditions=self._more(arrow)
        )

    def _equations_given(self) -> tuple[Node, ...]:
        """The conditions in force, where they are equations alone."""
        return () if self.given.open else self.given.statements

    def _more(self, arrow: str) -> bool:
        """Whether more is supposed than the premises say, so that a point against an arrow may be excluded."""
        given = bool(self.given.statements)
        return self.conditions or self.given.open or (self.loosely and not given) or (given and arrow != r"\Rightarrow")

    def _chain(self, formula: Formula, tree: Chain) -> list[LineVerdict]:
        if tree.continued:
            if self.chain.base is None:
                message = "this carries on a line that is not there, or that belongs to no question"
                return [self._step(formula, tree, "undecided", "no-line-before", message)]
            steps = self._sides(formula, tree, 0)
        else:
            self.chain = ChainState(tree.sides[0], tree.sides[0], tree.sides[0], statement=tree)
            steps = self._sides(formula, tree, 0)
        if formula.role == "conclusion" and not (self.given.only_inputs(self.scope) and _few(formula.words)):
            steps = [under_condition(step) for step in steps]
            self.answers.follow(steps)
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
        if relation == "=:":
            return self._named(place, side, last)
        step = self._judged(place, relation, side, shown_tree, base, last, lead=lead)
        if self._is_set(place, relation, side, step):
            return self._set(place, step, base, side)
        if step.code == "special-case" or (step.verdict == "undecided" and self.given.values):
            self.answers.note_open(self.chain.anchor, step)
        elif relation == "=":
            self.answers.note(self.chain.anchor, side, step)
        if step.verdict == "unreadable":
            self.answers.note_looks_asked(place.formula.text)
        self._work_out(side, relation, step)
        if relation not in ("=", r"\approx"):
            self.chain.base = side
        self.chain.last = side if step.verdict != "unreadable" else None
        self.chain.last_outcome = step.verdict
        return step

    def _is_set(self, place: _Place, relation: str, side: Node, step: LineVerdict) -> bool:
        """`∂L/∂w = 0`, which is not true in general, at the end of a chain: the words or the next line say it is set."""
        if (
            self.concluding
            or relation != "="
            or not is_constant(side)
            or step.verdict not in ("incorrect", "undecided")
        ):
            return False
        formula = place.formula
        if place.end < len(formula.text) or self.chain.base is None or not self.chain.base.names:
            return False
        return is_set(formula, side) or (not self.given.values and self._solved_next(formula, side))

    def _solved_next(self, formula: Formula, side: Node) -> bool:
        """Whether the next formula concludes from this one: it begins with an arrow, or solves for an input."""
        if not self.following or self.following[0].section != formula.section or self.following[0].role == "assumption":
            return False
        try:
            tree = self._read(self.following[0].text).tree
        except Unreadable:
            return bool(
                re.match(
                    r"\s*(?:\\(?:Right|Leftright|Longright|Longleftright)arrow|\\implies|\\iff|⇒|⇔)",
                    self.following[0].text,
                )
            )
        if isinstance(tree, Implication):
            return tree.continued
        solved = isinstance(tree, Chain) and not tree.continued and tree.relations[0] == "=" and self._solves(tree)
        return solved and side == Number("0") and bool(tree.names[1:])

    def _solves(self, tree: Chain) -> bool:
        """Whether a chain gives an input, alone on its left, a value."""
        name = tree.sides[0]
        return isinstance(name, Name) and name.key in self.problem.symbols and name.key not in tree.sides[-1].names

    def _set(self, place: _Place, step: LineVerdict, base: Node, side: Node) -> LineVerdict:
        """An equation that is set, from which the next statements conclude."""
        statement = Chain((base, side), ("=",))
        self.answers.note_open(self.chain.anchor, step)
        self.equation = (place.formula.sentence, statement)
        self.chain.statement, self.chain.supposed = statement, True
        self.chain.last, self.chain.last_outcome = side, "assumption"
        return replace(step, verdict="assumption", code="set-to", true_by_itself=None, follows=None, counterexample=None,
                       suggestion=None, reading=None, message="an equation that is set, to be solved: not judged")  # fmt: skip

    # --- formulas of inputs alone ------------------------------------------------------------------------------------

    def of_inputs(self, formula: Formula) -> bool:
        """Whether a formula states something of inputs alone."""
        try:
            tree = self._read(formula.text).tree
        except Unreadable:
            return False
        scalars = all(n in self.problem.symbols and n not in self.scope.own for n in tree.names)
        return (
            bool(tree.names)
            and scalars
            and isinstance(tree, Chain | Implication | Logical)
            and not self.scope.concerns(tree)
        )

    def _of_inputs(self, formula: Formula, tree: Node) -> list[LineVerdict]:
        """An identity between inputs is judged, and what is concluded from an equation; else it is a condition."""
        if formula.role == "assumption":
            self.loosely = True
            return [self._step(formula, tree, "assumption", "assumption", "stated as a condition: not judged")]
        self.loosely = self.loosely or (isinstance(tree, Chain) and set(tree.relations) != {"="})
        before = replace(self.chain)
        if isinstance(tree, Implication):
            return [
                self._condition(step) if step.verdict == "undecided" else step
                for step in self._implication(formula, tree)
            ]
        if not isinstance(tree, Chain):
            return [self._condition(self._step(formula, tree, "outside", "outside", ""))]
        if tree.continued and before.base is None:
            return [self._condition(self._step(formula, tree, "outside", "outside", ""))]
        steps = self._chain(formula, tree)
        if tree.continued:
            return steps
        directly = self._from_equation(formula, before.statement)
        judged: list[LineVerdict] = []
        for step, link in zip(steps, _links(tree), strict=True):
            if directly is not None and step.verdict != "correct":
                step = self._concluded(step, (directly,), r"\Rightarrow", link)
            judged.append(step)
        if any(step.verdict == "correct" for step in judged[:1]):
            self.chain.supposed = not judged[0].true_by_itself
            return [s if s.verdict != "incorrect" or link.sides[-1].names else self._condition(s)
                    for s, link in zip(judged, _links(tree), strict=True)]  # fmt: skip
        if (
            directly is not None
            and judged[0].verdict == "incorrect"
            and judged[0].follows is False
            and self._solves(tree)
        ):
            return judged
        self.chain = ChainState(statement=tree, supposed=True)
        noted = conditions([(replace(formula, role="assumption"), tree)], self.scope)
        self.noted = Conditions({**self.noted.values, **noted.values}, open=True)
        return [step if step.verdict == "correct" else self._condition(step) for step in judged]

    def _from_equation(self, formula: Formula, stated: Node | None) -> Node | None:
        """The equation set in this sentence, or just before, if the formula may be its solution."""
        if self.equation is None:
            return None
        sentence, statement = self.equation
        near = formula.sentence == sentence or stated == statement
        return statement if near and isinstance(statement, Chain) and not self.scope.unknown(statement) else None

    def _condition(self, step: LineVerdict) -> LineVerdict:
        return replace(step, verdict="outside", code="outside", true_by_itself=None, follows=None, counterexample=None,
                       suggestion=None, reading=None, message=OF_INPUTS)  # fmt: skip

    def _work_out(self, side: Node, relation: str, step: LineVerdict) -> None:
        """`δ = ∂L/∂z = p − y`: once proven, the name stands for the worked-out side."""
        anchor = self.chain.anchor
        if (
            step.verdict != "correct"
            or relation != "="
            or not isinstance(anchor, Name)
            or anchor.key not in self.scope.own
        ):
            return
        meant = self.scope.looked_through(side)
        if anchor.key not in meant.names and not any(isinstance(node, Derivative) for node in walk(meant)):
            self.scope.own[anchor.key] = meant

    def _named(self, place: _Place, side: Node, last: Node | None) -> LineVerdict:
        """`… =: e`: a name for the side before."""
        step = place.verdict(self.problem.id, self.scope.part, latex(Chain((side,), ("=:",), continued=True)))
        name = "e" if side == Constant("e") else side.key if isinstance(side, Name) else None
        if name is None or last is None or self.scope.unknown(last) or name in self.problem.symbols:
            return replace(
                step,
                verdict="unreadable",
                code="definition",
                message="=: gives a name to what stands before it; write name := formula",
            )
        found = self.scope.introduce(name, last)
        return replace(step, verdict="definition", code=found.outcome, message=self._said_of(name, "own", found.key))

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
        doubt = self._doubt(base, side) if outcome == "incorrect" else ""
        if doubt:
            return replace(step, verdict="undecided", code="reading", part=best.part, message=f"undecided: {doubt}")
        special = None if outcome == "correct" else special_case(base, relation, side, self.given, self.scope)
        if special is not None:
            return self._under_values(step, special, best, relation, side)
        if outcome == "incorrect" and (
            self.given.conflict or (self.given.open and self.given.values) or self._noted(base, relation, side)
        ):
            return under_condition(replace(step, verdict=outcome, part=best.part))
        step = replace(step, verdict=outcome, code=verdict.code, part=best.part, reading=best.description or None,
                       true_by_itself={"correct": True, "incorrect": False}.get(outcome),
                       counterexample=verdict.counterexample, message=_said(verdict))  # fmt: skip
        if not lead:
            step = replace(step, follows=self._follows(last, relation, side))
        return self._explained(step, best, relation) if outcome == "incorrect" else step

    def _noted(self, base: Node, relation: str, side: Node) -> bool:
        """Whether a step that is false in general is true with what was noted before in the section: `$y = 3$`."""
        if not self.noted.values or self.given.values:
            return False
        special = special_case(base, relation, side, self.noted, self.scope)
        return special is not None and special.status in ("proven", "verified")

    def _under_values(
        self, step: LineVerdict, special: Verdict, reading: Reading, relation: str, side: Node
    ) -> LineVerdict:
        """A step that is not true in general, with the conditions in force put in."""
        step = replace(step, part=reading.part)
        if special.status in ("proven", "verified"):
            how = f"; {special.evidence}" if special.code == "rounded" else ""
            return replace(step, verdict="correct", code="special-case", follows=None,
                           message=f"true for {self.given.described}, as supposed{how}")  # fmt: skip
        if special.status != "refuted" or not self.given.only_inputs(self.scope):
            return under_condition(replace(step, verdict="undecided"))
        values = {name: latex(value) for name, value in self.given.values.items()}
        point = {**values, **(special.counterexample or {})}
        message = f"false for {self.given.described}: {_said(special)}"
        step = replace(
            step, verdict="incorrect", code="not-equal", true_by_itself=False, counterexample=point, message=message
        )
        named = is_constant(side) or isinstance(self.chain.anchor, Name)  # no slip is to be found in a value
        return step if named else replace(self._explained(step, reading, relation), counterexample=point)

    def _doubt(self, *sides: Node) -> str:
        """Why a formula that came out wrong may only have been read wrong."""
        for side in sides:
            exponentials = sum(1 for node in walk(side) if isinstance(node, Power) and node.base == Constant("e"))
            if sum(1 for node in walk(side) if node == Constant("e")) > exponentials:
                return "the letter e was read as Euler's number; if it is a name, define it (e = …)"
            if any(node in (Constant("pi"), Constant("i")) for node in walk(side)):
                return "π or i was read as the number; if it is a name, define it"
            for node in walk(side):
                if (
                    isinstance(node, Derivative)
                    and isinstance(node.operand, Product)
                    and self.scope.concerns(node.operand)
                ):
                    return "a product stands under the derivative; write the name alone, or brackets around the product"
        return ""

    def _best_reading(self, base: Node, relation: str, side: Node) -> tuple[Reading, Verdict]:
        """The first reading that makes a step right; else the first that is open; else the first."""
        readings = self.scope.readings(base, side)
        if not readings:
            raise TooLarge("no reading of its names was found")
        judged: list[tuple[Reading, Verdict]] = []
        for reading in readings:
            left, right = reading.trees
            verdict = self._decided(left, relation, right)
            if verdict.status in ("proven", "verified"):
                return reading, verdict
            judged.append((reading, verdict))
        open_ones = [(r, v) for r, v in judged if v.status == "undecided"]
        return open_ones[0] if open_ones else self._nearest(judged) if relation == "=" else judged[0]

    def _nearest(self, judged: list[tuple[Reading, Verdict]]) -> tuple[Reading, Verdict]:
        """The refuted reading by which the least would have to be changed, as its sides are written."""
        if len(judged) == 1:
            return judged[0]
        return max(judged, key=lambda found: self._agreement(found[0]))

    def _agreement(self, reading: Reading) -> float:
        ways = [reading.trees]
        with suppress(TooLarge):
            ways.append(tuple(self.scope.program.expanded(tree) for tree in reading.trees))
        written = [
            [latex(collected(tree))[:LONGEST_COMPARED] for tree in way]
            for way in ways
            if not any(t.has_array for t in way)
        ]
        return max((SequenceMatcher(None, left, right, autojunk=False).ratio() for left, right in written), default=0.0)

    def _decided(self, left: Node, relation: str, right: Node) -> Verdict:
        """The verdict of a relation; the same one is decided once."""
        key = (left, relation, right)
        if key not in self.verdicts:
            self.verdicts[key] = decide_relation(left, relation, right, self.scope.setting)
        return self.verdicts[key]

    def _diagnosed(self, truth: Node, wrong: Node, undeclared: tuple[str, ...] = ()) -> Finding:
        """What is wrong with a formula; the same one is looked into once."""
        key = (truth, wrong, undeclared)
        if key not in self.findings:
            self.findings[key] = diagnose(truth, wrong, self.scope.setting, undeclared)
        return self.findings[key]

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
        if relation != "=" or any(side.has_array or _branches(side) for side in reading.trees):
            return step
        truth, wrong = (collected(reading.trees[0]), reading.trees[1])
        finding = self._diagnosed(truth, wrong)
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
        return self.hints.get((reading.part, wrong), "")

    def _in_authors_names(self, tree: Node, reading: Reading) -> Node:
        back = {key: Name(name) for name, key in reading.keys.items() if name != key}
        return substitute(tree, back)

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
            finding = self._diagnosed(collected(reading.trees[0]), bound, unknown)
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
        return {n: k for n, k in names.items() if n != k}

    # --- records -----------------------------------------------------------------------------------------------------

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
        self.answers.note_unreadable(self.chain.anchor, step)
        self.answers.note_looks_asked(formula.text)
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
            return self._read(left).tree if equals else None
        except Unreadable:
            return None

    def _mended(self, step: LineVerdict, formula: Formula, repair: str) -> LineVerdict:
        before = replace(self.chain)
        answers = self.answers.saved()
        mended = self._judged_formula(replace(formula, text=repair, role="claim"))
        self.chain = before
        self.answers.restore(answers)
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


def _branches(tree: Node) -> bool:
    return any(isinstance(node, Cases | Logical | Chain | OffKinks) for node in walk(tree))


def _as_written(raw: str, text: str, written: str) -> str:
    """The run of a text that another text of the same length has at its place."""
    start = text.find(raw)
    return written[start : start + len(raw)] if start >= 0 else raw


def _few(words: str) -> bool:
    """Whether next to nothing but formulas stands in a sentence, so that they are all that is supposed."""
    return not _MORE_WORDS.search(words)


def _links(tree: Chain) -> list[Chain]:
    """Every relation of a chain by itself."""
    pairs = zip(tree.sides, tree.relations, tree.sides[1:], strict=False)
    return [Chain((left, right), (relation,)) for left, relation, right in pairs]
