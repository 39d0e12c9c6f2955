"""Definitions, matched against the parts of the problem; they say which part is in force (scope.py).

A definition that matches none is wrong if it differs from all it may be meant for, else it is judged as a claim.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher

from checks.decide.extrema.decide import holds_extremum
from checks.judging.chains import assumed, chain_steps, sides_steps
from checks.judging.course import ChainState, Course
from checks.judging.records import record, said_of_name
from checks.report.model import LineOutcome, LineVerdict
from checks.submission.document import Formula
from derive.errors import Unreadable
from derive.matrix.nodes import ArrayName
from derive.recurrence.written import restates_law
from derive.tree import Chain, Constant, Derivative, Name, Node, walk
from derive.write import latex


def definition_of(course: Course, formula: Formula) -> tuple[str, Node] | None:
    """Name and formula, if this formula is a definition that can be read."""
    try:
        return as_definition(course, course.read(formula.text).tree)
    except Unreadable:
        return None


def as_definition(course: Course, tree: Node) -> tuple[str, Node] | None:
    """Name and formula, if a name of no input is set equal to known names; derivatives only under a new name."""
    if not isinstance(tree, Chain) or tree.continued or tree.relations[0] != "=":
        return None
    name, formula = tree.sides[0], tree.sides[1]
    if name == Constant("e") and formula.names:
        name = Name("e")  # an author who writes e = p − t has taken the letter for something else
    if not isinstance(name, Name | ArrayName) or course.problem.is_input(name.key) or name.key in formula.names:
        return None
    if course.answers.asks_for(name.key) or course.answers.is_to_be_shown(name, formula):
        return None  # a question asks what it is, or states this: a claim
    new = name.key in course.scope.unknown(name) or name.key in course.scope.own
    derivatives = any(isinstance(node, Derivative) for node in walk(formula))
    if (derivatives and not new) or course.scope.unknown(formula) or (new and not formula.names):
        return None
    return name.key, formula


def definition_steps(
    course: Course, formula: Formula, name: str, right: Node, tree: Node | None = None
) -> list[LineVerdict]:
    """The definition that a formula, or the statement in it, begins with, and the sides that carry it on."""
    tree = course.read(formula.text).tree if tree is None else tree
    assert isinstance(tree, Chain)
    parts = sorted(course.scope.parts, key=lambda part: part != course.scope.part)
    found = course.scope.define(name, right, parts)
    if found.outcome == "claim" and formula.role == "assumption":
        return assumed(course, formula, tree)
    if found.outcome == "claim":
        return _redefined(course, formula, tree, name, right)
    first = Chain(tree.sides[:2], tree.relations[:1])
    if found.outcome == "own":
        course.answers.loose.note_name(name)
    said = said_of_name(name, found.outcome, found.key)
    verdict: LineOutcome = "undecided" if found.outcome == "redefined" else "definition"
    step = record(course, formula, first, verdict, found.outcome, said, part=found.part)
    named = course.scope.node(name)
    if found.outcome == "definition":
        course.answers.note_restated(named, right, step)
    base = right if holds_extremum(right) else named  # what follows is its value, whatever else has the name
    course.chain = ChainState(base, named, right, last_outcome="definition")
    return [step, *sides_steps(course, formula, tree, 1)]


def _redefined(course: Course, formula: Formula, tree: Chain, name: str, right: Node) -> list[LineVerdict]:
    """A definition that matches none: wrong if it differs from all it may be meant for, else judged as a claim."""
    verdicts = [
        (part, written, verdict)
        for part, written, key in course.scope.meant_by(name)
        if (verdict := course.scope.against_definition(right, part, key)) is not None
    ]
    steps = chain_steps(course, formula, tree)
    if steps[0].code in ("special-case", "set-to", "under-premise") or course.given.special:
        return steps
    if holds_extremum(right) and len(verdicts) > 1 and any(verdict.status != "refuted" for _, _, verdict in verdicts):
        said = (
            f"several constants are called ${name}$, and this defines none of them: which is meant is left to a person"
        )
        steps[0] = replace(steps[0], verdict="undecided", code="which", reading=None, counterexample=None, message=said)
        return steps
    if formula.role == "conclusion" or not verdicts or any(verdict.status != "refuted" for _, _, verdict in verdicts):
        return steps
    part, written, verdict = max(verdicts, key=lambda found: _likeness(course, right, found[0], found[1]))
    defined = _formula_given(course, part, written)
    steps[0] = replace(steps[0], verdict="incorrect", code="definition", part=part, true_by_itself=False, reading=None,
                       counterexample=verdict.counterexample, suggestion=f"{written} = {latex(defined)}",
                       message="no part of the problem defines it like this")  # fmt: skip
    return steps


def _formula_given(course: Course, part: str, name: str) -> Node:
    return dict(course.problem.parts[part].given)[name]


def _likeness(course: Course, formula: Node, part: str, name: str) -> float:
    """How like a formula is to a definition, as they are written."""
    return SequenceMatcher(None, latex(formula), latex(_formula_given(course, part, name))).ratio()


def law_restated(course: Course, formula: Formula, tree: Node) -> list[LineVerdict] | None:
    """`E[g_i^2] = E[g^2]`, which the problem declares by calling the terms independent and of one law; None for else."""
    if not isinstance(tree, Chain) or tree.continued or tree.relations != ("=",):
        return None
    left, right = tree.sides
    asked = any(question.ask in tree.sides for question in course.problem.questions)
    if asked or not restates_law(left, right, course.scope.table):
        return None
    course.chain = ChainState(left, left, right, last_outcome="definition")
    said = "the terms are of one law, as the problem declares"
    return [record(course, formula, tree, "definition", "definition", said)]
