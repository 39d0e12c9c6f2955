"""A submission and the problems with paths → the verdicts of its tables, claims and steps, and the answers to their questions.

A claim is judged by the path of the optimiser its sentence names, or that was named last before it: the first problem whose first part
has that rule, else any part that has it. What a sentence claims of h is judged as a whole, so the formulas that stand inside such a
claim have no verdict of their own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from checks.judging.course import Course
from checks.report.model import LineVerdict, QuestionOutcome, QuestionResult
from checks.submission.document import Document, Formula
from checks.submission.page import Page
from checks.walks.claims import Claim, claims_of
from checks.walks.prose import parameters, sentences
from checks.walks.rows import judged_row
from checks.walks.steps import Steps
from checks.walks.tables import Row, height_before, rows_of
from checks.walks.truth import Found, judged
from checks.walks.values import PARAMETERS
from derive.errors import Unreadable
from derive.paths.model import PathQuestion, Walk
from derive.write import latex

_KIND = {"value": "threshold", "condition": "threshold", "cycle": "path", "converges": "path"}
_OF_PATHS = (r"\begin{cases}", "⇒", "=>", "arrow")  # slopes, and points one after the other
MAX_CLAIMS = 2_000
Covers = Callable[[str, int], bool]  # problem id, line


@dataclass(slots=True)
class Walker:
    """One part of a problem that is a path, and what the submission says of it."""

    course: Course
    walk: Walk
    primary: bool
    steps: Steps = field(init=False)

    def __post_init__(self) -> None:
        self.steps = Steps(self.walk)


@dataclass(frozen=True, slots=True)
class _Stood:
    """Columns that a claim or a row of a table takes up."""

    first: int
    last: int


class PathReader:
    """Reads one document; nothing is done where no problem has a path."""

    def __init__(self, document: Document, courses: Sequence[Course], covers: Covers) -> None:
        self.walkers = [
            Walker(course, walk, primary=index == 0)
            for course in courses
            for index, walk in enumerate(course.problem.walks.values())
        ]
        self.alone = all(course.problem.walks for course in courses)  # no other problem has names like w_1
        self.walkers.sort(key=lambda walker: not walker.primary)
        self.covers = covers
        self.lines: list[LineVerdict] = []
        self.answers: dict[tuple[str, str, str], list[tuple[Found, int]]] = {}  # problem, part, kind
        self.spans: dict[int, list[_Stood]] = defaultdict(list)  # by line
        self.rules: list[tuple[int, str | None]] = []  # line → the optimiser last named
        if self.walkers:
            for page in document.pages:
                self._page(page)

    # --- tables and prose --------------------------------------------------------------------------------------------

    def _page(self, page: Page) -> None:
        said = list(sentences(page.text))
        self.rules += [(page.source.place(s.start)[0], s.rule) for s in said]
        tables = rows_of(page.source.text, self.walkers[0].walk.position)
        covered = [span for row in tables for span in ((row.start, row.end), row.fate_at) if span]
        for start, end in covered:
            line, column = page.source.place(start)
            self.spans[line].append(_Stood(column, column + end - start))
        after_value = False
        for sentence in said:
            claims = claims_of(sentence, after_value)[:MAX_CLAIMS]
            after_value = any(claim.kind == "value" for claim in claims) or (
                after_value and not claims and len(sentence.text) < 3
            )
            for claim in claims:
                if not any(a <= claim.start < b for a, b in covered):
                    self._claim(page, claim, parameters(sentence.text))
        for row in tables:
            self._row(page, row)

    def _claim(self, page: Page, claim: Claim, said: Mapping[str, Fraction]) -> None:
        line, column = page.source.place(claim.start)
        walker = self._of_rule(claim.rule, line)
        if walker is None:
            return
        found = judged(claim, walker.walk)
        others = [
            w for w in self.walkers if w.primary and claim.rule is None and self.covers(w.course.problem.id, line)
        ]
        if any(judged(claim, other.walk).verdict != found.verdict for other in others):
            found = Found(
                "undecided", "which-rule", "undecided: which optimiser is meant has not been said", answers=False
            )
        differing = [name for name, value in said.items() if walker.walk.parameters.get(name, value) != value]
        if differing:
            known = ", ".join(f"${PARAMETERS[name]} = {walker.walk.parameters[name]}$" for name in differing)
            found = Found("undecided", "other-parameter", f"undecided: the problem has {known}", answers=False)
        self.spans[line].append(_Stood(column, column + claim.end - claim.start))
        self._note(walker, _KIND[claim.kind], found, page, claim.start, claim.end)

    def _row(self, page: Page, row: Row) -> None:
        line, _ = page.source.place(row.start)
        walker = self._of_rule(self._rule_at(line), line)
        if walker is None:
            return
        height = row.height.value if row.height else None
        if height is None and row.entries and row.entries[0].step is not None:
            height = height_before(page.source.text, row.start)
        found = judged_row(row, walker.walk, height)
        if row.fate and row.height and row.height.value > 0:
            start, end = row.fate_at or (row.start, row.end)
            claim = Claim("condition", start, end, (row.height,), relation="=", fate=row.fate)
            self._note(walker, "table", judged(claim, walker.walk), page, start, end)
        if found is not None:
            self._note(walker, "table", found, page, row.start, row.end)

    def _of_rule(self, rule: str | None, line: int) -> Walker | None:
        here = [walker for walker in self.walkers if self.covers(walker.course.problem.id, line)]
        if rule is None:
            return here[0] if here else None
        return next((walker for walker in here if walker.walk.rule.name == rule), None)

    def _rule_at(self, line: int) -> str | None:
        index = bisect_right(self.rules, line, key=lambda named: named[0])
        return self.rules[index - 1][1] if index else None

    def _note(self, walker: Walker, kind: str, found: Found, page: Page, start: int, end: int) -> None:
        line, column = page.source.place(start)
        raw = " ".join(page.source.text[start:end].split())
        self.lines.append(_line(walker, found, line, column, raw, None))
        self._answer(walker, kind, found, line)

    def _answer(self, walker: Walker, kind: str, found: Found, line: int) -> None:
        if found.answers or found.verdict == "incorrect":
            for same in self.walkers:  # another problem may hold the same path
                if same is walker or same.walk == walker.walk:
                    self.answers.setdefault((same.course.problem.id, same.walk.part, kind), []).append((found, line))

    # --- formulas ----------------------------------------------------------------------------------------------------

    def formula(self, formula: Formula) -> list[LineVerdict] | None:
        """The verdicts of a formula that is about a path; None for one that is judged like any other."""
        if not self.walkers:
            return None
        if any(at.first - 1 <= formula.column <= at.last for at in self.spans.get(formula.line, ())):
            return []
        rule = self._rule_at(formula.line)
        if rule is None and not self.alone and not any(sign in formula.text for sign in _OF_PATHS):
            return None
        walkers = [w for w in self.walkers if self.covers(w.course.problem.id, formula.line)]
        walkers.sort(key=lambda walker: walker.walk.rule.name != rule)
        best: tuple[Found, Walker, str | None] | None = None
        for walker in walkers:
            found, understood = _of_formula(walker, formula)
            if found is not None and (
                best is None
                or (found.verdict != "incorrect" and best[0].verdict == "incorrect" and "(" in formula.text)
            ):
                best = (found, walker, understood)
        if best is None:
            return None
        found, walker, understood = best
        if found.code == "step" and found.verdict == "assumption":
            for other in walkers:
                other.steps.at = walker.steps.at
        return [_line(walker, found, formula.line, formula.column, formula.text.strip(), understood)]

    # --- questions ---------------------------------------------------------------------------------------------------

    def results(self) -> list[QuestionResult]:
        """What the submission answers to the questions about paths."""
        problems = {walker.course.problem.id: walker.course.problem for walker in self.walkers}
        return [self._result(id_, question) for id_, problem in problems.items() for question in problem.path_questions]

    def _result(self, problem: str, question: PathQuestion) -> QuestionResult:
        given = self.answers.get((problem, question.part, question.kind), [])
        verdicts = {found.verdict for found, _ in given}
        verdict: QuestionOutcome = "missing"
        for wanted in ("incorrect", "undecided", "correct"):
            if wanted in verdicts:
                verdict = wanted
                break
        line = next((line for found, line in given if found.verdict == verdict), None)
        points = {"correct": question.points, "undecided": None}.get(verdict, 0.0)
        return QuestionResult(
            question.id, problem, rf"\text{{{question.latex}}}", verdict, line, points, question.points
        )


def _of_formula(walker: Walker, formula: Formula) -> tuple[Found | None, str | None]:
    if r"\begin{cases}" in formula.text:
        return walker.steps.slope(formula, walker.course.scope.table), None
    try:
        tree = walker.course.read(formula.text).tree
    except Unreadable:
        return None, None
    if formula.role == "mention":
        return None, None
    return walker.steps.judged(tree, formula), latex(tree)


def _line(walker: Walker, found: Found, line: int, column: int, raw: str, understood: str | None) -> LineVerdict:
    true = {"correct": True, "incorrect": False}.get(found.verdict)
    return LineVerdict(line, column, 1, walker.course.problem.id, walker.walk.part, raw, understood, found.verdict, found.code,
                       true, None, None, found.counterexample, found.suggestion, found.message)  # fmt: skip
