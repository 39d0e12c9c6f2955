"""Grading: documents against problems → a Report.

Each formula goes to the problem it belongs to: the one whose lines were named, else that of its stretch of the document
(belonging.py). What mentions nothing of that problem is outside.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checks.belonging import belonging, fit_of_words
from checks.choices import choice_of
from checks.conditions import MAX_CONDITIONS, Conditions, conditions, is_led_in, may_suppose
from checks.decide import solver
from checks.judge import concerns, judge, look_ahead, stated
from checks.judging.course import ChainState, Course
from checks.judging.definitions import definition_of
from checks.judging.inputs import OF_INPUTS, of_inputs
from checks.judging.layouts import settled
from checks.report.model import (
    LineOutcome,
    LineVerdict,
    ProblemSummary,
    QuestionOutcome,
    QuestionResult,
    Report,
    SubmissionReport,
)
from checks.special_parts import Said, choose_parts, left_open
from checks.submission import read_document
from checks.submission.document import Document, Formula
from checks.submission.spoken import spoken
from checks.twins import shared
from checks.walks.reader import PathReader
from derive.catalog import catalog
from derive.errors import BadSpec, Unreadable
from derive.problem import Problem
from derive.read.vocabulary import ARROWS, RELATIONS
from derive.tree import Chain, Node

REACH = 60  # formulas: how far a condition reaches
LOOK_AHEAD = 3  # formulas: "= A, where A = …"
KNOWN = 0.1  # the share of its words, from which an unreadable formula is of an exercise
_RELATION_MARKS = (*RELATIONS, *ARROWS, "≤", "≥", "≠", "≈", "⇒")
_SETTLED: tuple[LineOutcome, ...] = ("correct", "incorrect", "definition")
_QUESTION: dict[str, QuestionOutcome] = {"correct": "correct", "incorrect": "incorrect"}


@dataclass(frozen=True, slots=True)
class Assignment:
    """A problem, and the lines of the submission it is about (None: wherever it is met)."""

    problem: Problem
    first: int | None = None
    last: int | None = None

    def covers(self, line: int) -> bool:
        """Whether a line is among those named."""
        return self.first is not None and self.last is not None and self.first <= line <= self.last


def assignments(names: Iterable[str]) -> list[Assignment]:
    """Problems from catalogue ids, problem files and problem sets, each with `@12-69` for the lines meant.

    Raises BadSpec with the nearest id, Unreadable, OSError.
    """
    found: list[Assignment] = []
    for name in names:
        stem, first, last = _with_lines(name)
        found += [Assignment(problem, first, last) for problem in load_problems(stem)]
    ids = [a.problem.id for a in found if a.first is None]
    for index, id_ in enumerate(ids):
        if id_ in ids[:index]:
            raise BadSpec(f"the problem {id_} is given twice")
    return found


def _with_lines(name: str) -> tuple[str, int | None, int | None]:
    stem, at, lines = name.rpartition("@")
    first, dash, last = lines.partition("-")
    if not at:
        return name, None, None
    if not (dash and first.isdigit() and last.isdigit() and 0 < int(first) <= int(last)):
        raise BadSpec(f"{name}: after @ stand the lines, as in {stem}@12-69")
    return stem, int(first), int(last)


def load_problems(name: str, seen: tuple[Path, ...] = ()) -> list[Problem]:
    """The problem of a catalogue id or file, or all problems of a set."""
    if not name.endswith(".toml"):
        if name not in catalog and {".", "/"} & {*name}:  # no id of the catalogue has these
            raise BadSpec(f"there is no file {name}")
        if name not in catalog:
            raise BadSpec(f"there is no problem {name!r} in the catalogue{_nearest(name)}; a file ends in .toml")
        return [catalog[name]]
    path = Path(name)
    if path.resolve() in seen:
        raise BadSpec(f"{name}: the set contains itself")
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BadSpec(f"there is no file {name}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSpec(f"{name}: not TOML: {error}") from None
    if "problems" not in data:
        return [Problem.from_toml(path)]
    members = data["problems"]
    if not isinstance(members, list) or not all(isinstance(m, str) for m in members):
        raise BadSpec(f"{name}: problems is a list of ids and files")
    inside = [m if not m.endswith(".toml") else str(path.parent / m) for m in members]
    return [problem for member in inside for problem in load_problems(member, (*seen, path.resolve()))]


def _nearest(name: str) -> str:
    import difflib

    close = difflib.get_close_matches(name, list(catalog), n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; it has {', '.join(catalog)}"


def grade(
    submission: str | Path | Sequence[str | Path],
    problems: str | Problem | Sequence[str | Problem],
    *,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Grade one file or several against problems (ids, files, sets, or Problem objects). Raises BadSpec, OSError."""
    files = [submission] if isinstance(submission, str | Path) else list(submission)
    wanted = [problems] if isinstance(problems, str | Problem) else list(problems)
    given: list[Assignment] = []
    for problem in wanted:
        given += [Assignment(problem)] if isinstance(problem, Problem) else assignments([problem])
    reports = []
    for file in files:
        document = read_document(str(file), Path(file).read_bytes())
        reports.append(grade_document(document, given).placed(document))
        if progress:
            progress(str(file))
    return Report(summaries(given), tuple(reports))


def deciders() -> tuple[str, ...]:
    """What decides here, and what would if it were installed."""
    z3 = "z3" if solver.available() else "z3 is not installed"
    return ("balls (python-flint)", "kernel normal form (python-flint)", "cells", z3)


def summaries(given: Sequence[Assignment]) -> tuple[ProblemSummary, ...]:
    """The problems of a report, each once."""
    unique = {a.problem.id: a.problem for a in given}
    return tuple(ProblemSummary(p.id, p.title, deciders()) for p in unique.values())


def grade_document(document: Document, given: Sequence[Assignment]) -> SubmissionReport:
    """Every formula of a document judged, and the questions of every problem answered, missing or open."""
    text = "\n".join(page.text for page in document.pages)
    courses = {a.problem.id: Course(a.problem, text, treated=a.first is not None or len(given) == 1) for a in given}
    said = Said(document)
    lines: list[LineVerdict] = []
    last: Course | None = None
    section = None
    formulas = list(spoken(document.formulas))
    stretches = belonging(formulas, courses, [_allowed(given, formula.line) for formula in formulas])
    paths = PathReader(document, list(courses.values()), lambda id_, line: _may_be_about(given, id_, line))
    for index, formula in enumerate(formulas):
        about_path = paths.formula(formula)
        if about_path is not None:
            lines += about_path
            continue
        if section is not None and formula.section != section:
            _forget(courses)
        section = formula.section
        named = any(a.covers(formula.line) for a in given)
        stretch = courses.get(stretches[index] or "")
        owner = _owner(formula, stretch, named)
        owner = owner or _owner_of_inputs(formula, stretch, last)
        if not formula.continues and formula.kind == "display" and formula.role == "claim":
            _end_chains(other for other in courses.values() if other is not owner)
        if owner is None:
            lines.append(_outside(formula, list(courses.values())))
            for course in courses.values():
                course.answers.loose.note_text(formula.text, elsewhere=course is not stretch)
            continue
        last = owner
        owner.given = _in_force(formulas, index, owner)
        owner.scope.chosen = owner.given.functions
        further_on = choose_parts(owner, said, formulas[: index + 1])
        owner.supposed = _supposed_before(formulas, index, owner)
        if definition_of(owner, formula) and not (index and _is_definition(formulas[index - 1], owner)):
            owner.start_block(_block(formulas, index, owner))
        look_ahead(owner, formula, formulas[index + 1 : index + 1 + LOOK_AHEAD])
        steps = judge(owner, formula)
        steps = left_open(owner, steps) if further_on else steps
        owner.treated = owner.treated or _treats(owner, formula, steps)
        lines += steps
    lines = settled(lines, courses)
    lines = sorted([*lines, *paths.lines], key=lambda step: step.line) if paths.lines else lines
    wrong = [line.line for line in lines if line.verdict == "incorrect"]
    asked = (q for course in courses.values() for q in _questions(course, unread=document.unread))
    questions = (*shared(asked, [course.problem for course in courses.values()]), *paths.results())
    return SubmissionReport(document.name, min(wrong, default=None), tuple(lines), questions, document.remarks)


def _treats(course: Course, formula: Formula, steps: Sequence[LineVerdict]) -> bool:
    """Whether a formula shows that the document treats the exercise: it could be judged, or its words are known there."""
    if any(step.verdict == "unreadable" for step in steps):
        return fit_of_words(course, formula.text) > KNOWN
    return any(step.verdict in _SETTLED and step.code != "own" for step in steps)


def _allowed(given: Sequence[Assignment], line: int) -> frozenset[str]:
    """The problems a line may be about: those it is named for, else those met anywhere."""
    named = next((frozenset([a.problem.id]) for a in given if a.covers(line)), None)
    return named or frozenset(a.problem.id for a in given if a.first is None)


def _owner(formula: Formula, course: Course | None, named: bool) -> Course | None:
    """The problem of a stretch, for a formula that mentions something of it; where lines were named, for every formula."""
    if course is None or named:
        return course
    carried_on = formula.continues and course.chain.anchor is not None
    return course if carried_on or concerns(course, formula) else None


def _may_be_about(given: Sequence[Assignment], id_: str, line: int) -> bool:
    """Whether a line may be about a problem: no other lines are named for it, and this one for no other."""
    named = {a.problem.id for a in given if a.covers(line)}
    return id_ in named if named else any(a.problem.id == id_ and a.first is None for a in given)


def _owner_of_inputs(formula: Formula, stretch: Course | None, last: Course | None) -> Course | None:
    """Whose inputs a formula is about that mentions nothing else: of the exercise it stands in, or of the one before."""
    near = {id(course): course for course in (last, stretch) if course is not None}
    return next((course for course in near.values() if of_inputs(course, formula)), None)


def _in_force(formulas: list[Formula], index: int, course: Course) -> Conditions:
    """What is supposed in the sentence of a formula, and before it in the section."""
    here = formulas[index]
    near = formulas[max(index - REACH, 0) : index + MAX_CONDITIONS]
    near = [formula for formula in near if formula is not here and formula.section == here.section]
    choices = [(formula, choice_of(course.scope, formula)) for formula in near]
    chosen = {formula.sentence: choice for formula, choice in choices if choice and formula.sentence <= here.sentence}
    supposed = [
        formula
        for formula, choice in choices
        if choice is None
        and may_suppose(formula)
        and (
            here.since <= formula.sentence <= here.sentence
            or ((formula.lasting or formula.sentence in chosen) and formula.sentence < here.sentence)
        )
    ]
    trees = [(formula, tree) for formula in supposed if (tree := stated(course, formula)) is not None]
    unread = len(trees) < sum(1 for formula in supposed if formula.role == "assumption")
    here_too = (f for f in supposed if f.sentence >= here.since and (f.role == "assumption" or is_led_in(f)))
    unread_here = any(_is_unread(course, formula) for formula in here_too)
    return replace(conditions(trees, course.scope, chosen), unread=unread, unread_here=unread_here)


def _is_unread(course: Course, formula: Formula) -> bool:
    """Whether a formula states something that cannot be read."""
    if not any(mark in formula.text for mark in _RELATION_MARKS):
        return False
    try:
        course.read(formula.text)
    except Unreadable:
        return True
    return False


def _supposed_before(formulas: list[Formula], index: int, course: Course) -> tuple[Node, ...]:
    """What the sentence before supposes, which the next one is concluded from."""
    here = formulas[index]
    before = [
        formula
        for formula in formulas[max(index - MAX_CONDITIONS, 0) : index]
        if formula.role == "assumption" and formula.section == here.section and formula.sentence == here.sentence - 1
    ]
    return tuple(tree for formula in before if isinstance(tree := stated(course, formula), Chain))


def _forget(courses: dict[str, Course]) -> None:
    for course in courses.values():
        course.forget_chain()


def _end_chains(courses: Iterable[Course]) -> None:
    """A display that is not theirs stands between their chains and what carries on after it."""
    for course in courses:
        course.chain = ChainState()


def _is_definition(formula: Formula, course: Course) -> bool:
    return definition_of(course, formula) is not None


def _block(formulas: list[Formula], index: int, course: Course) -> list[tuple[str, Node]]:
    """The run of definitions that starts here, up to another formula or a name defined again."""
    pairs: list[tuple[str, Node]] = []
    for formula in formulas[index:]:
        definition = definition_of(course, formula)
        if definition is None or definition[0] in {name for name, _ in pairs}:
            break
        pairs.append(definition)
    return pairs


def _outside(formula: Formula, courses: list[Course]) -> LineVerdict:
    """A formula of no problem; one after if, since … is an assumption all the same."""
    assumed = formula.role == "assumption" and any(mark in formula.text for mark in _RELATION_MARKS)
    verdict: LineOutcome = "assumption" if assumed else "outside"
    said = OF_INPUTS if any(of_inputs(course, formula) for course in courses) else _not_met(formula, courses)
    message = "stated as a condition: not judged" if assumed else said
    return LineVerdict(formula.line, formula.column, 1, None, None, formula.text, None, verdict, verdict,
                       None, None, None, None, None, message)  # fmt: skip


def _not_met(formula: Formula, courses: list[Course]) -> str:
    """Why a formula is judged against no problem."""
    words = set(re.findall(r"\\[A-Za-z]+|[A-Za-z]", formula.text))
    known = {
        word for course in courses for key in course.scope.table for word in re.findall(r"\\[A-Za-z]+|[A-Za-z]", key)
    }
    return "states nothing of the problem that could be judged" if words & known else "mentions nothing of the problem"


def _questions(course: Course, *, unread: bool) -> list[QuestionResult]:
    results = []
    for question in course.problem.questions:
        answer = course.answers.of(question)
        verdict: QuestionOutcome = _QUESTION.get(answer.verdict, "undecided") if answer else "missing"
        open_ = unread or course.answers.loose.may_be_answered(question, treated=course.treated)
        if answer is None and open_:
            verdict = "undecided"  # what could not be judged may be the answer: a person has to look
        points = {"correct": question.points, "undecided": None}.get(verdict, 0.0)
        results.append(QuestionResult(question.id, course.problem.id, question.typeset, verdict,
                                      None if answer is None else answer.line, points, question.points,
                                      course.answers.wrong_numbers(question) if verdict == "correct" else None))  # fmt: skip
    return results
