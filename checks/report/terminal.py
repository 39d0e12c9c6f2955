"""A result document as tables for a terminal, a pipe or a log file.

Steps that claim nothing (definitions, assumptions, formulas outside the problem) are counted in one line, and correct
steps show no evidence, unless `verbose`: what is left is what a grader has to read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from checks.report.points import add_up
from checks.report.screen import Screen, fit
from checks.report.text import shorten
from checks.report.wording import (
    JUDGED,
    at,
    blame,
    evidence,
    first_wrong,
    grouped,
    nothing_wrong,
    tally,
    told,
    unjudged,
    values,
    verdict_in_words,
    where,
    where_line,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from checks.report.model import LineVerdict, Report, SubmissionReport

_PIPED_WIDTH = 100
_WIDEST_NAME = 14
_STYLES = {
    "correct": "green",
    "incorrect": "bold red",
    "missing": "bold red",
    "undecided": "yellow",
    "unreadable": "magenta",
}


def print_report(report: Report, console: Console, *, verbose: bool = False) -> None:
    """Print every submission and, where there are several, the table of the class; lines end without spaces."""
    screen = Screen(console, _width(console))
    for problem in report.problems:
        screen.wrap(0, f"{problem.id}: {problem.title}", "bold")
        if problem.deciders:
            screen.wrap(2, "decided with " + ", ".join(problem.deciders), "dim")
    several = len(report.problems) > 1
    for submission in report.submissions:
        _submission(screen, submission, several, verbose)
    if len(report.submissions) > 1:
        _class(screen, report.submissions)


def _width(console: Console) -> int:
    if console.is_terminal or "COLUMNS" in os.environ:
        return max(console.width, 40)
    return _PIPED_WIDTH  # rich would take 80: formulas read better with the width of a usual editor


def _submission(screen: Screen, submission: SubmissionReport, several: bool, verbose: bool) -> None:
    screen.line()
    screen.wrap(0, submission.file, "bold underline")
    _steps(screen, submission, several, verbose)
    _first_wrong(screen, submission)
    if submission.remarks:
        screen.line()
    for lines, message in grouped(submission.remarks):
        screen.wrap(0, f"{lines}: {message}", "dim")
    if submission.questions:
        screen.line()
        _questions(screen, submission)


# --- steps ------------------------------------------------------------------------------------------------------------


def _steps(screen: Screen, submission: SubmissionReport, several: bool, verbose: bool) -> None:
    shown = [step for step in submission.lines if verbose or step.verdict in JUDGED]
    if shown:
        columns = _Columns.of(screen, shown)
        screen.line((columns.header(), "dim"))
        problem = shown[0].problem if not several else None
        for step in shown:
            if step.problem != problem and step.problem is not None:
                screen.wrap(2, step.problem, "bold dim")
                problem = step.problem
            _step(screen, columns, step, verbose=verbose)
    rest = "" if verbose else unjudged(submission.lines)
    if rest:
        screen.wrap(2, ("besides: " if shown else "") + rest, "dim")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Widths of the columns before the formula; no column for parts where no step has one."""

    line: int
    part: int

    @classmethod
    def of(cls, screen: Screen, steps: Sequence[LineVerdict]) -> _Columns:
        part = max(cell_len(screen.safe(step.part or "")) for step in steps)
        line = max(cell_len(step.place or str(step.line)) for step in steps)
        return cls(max(line, 4), min(max(part, 4), _WIDEST_NAME) if part else 0)

    @property
    def indent(self) -> int:
        return cell_len(self.header()) - len("formula")

    def row(self, line: str, part: str, verdict: str) -> str:
        middle = f"{fit(part, self.part)}  " if self.part else ""
        return f"{fit(line, self.line, '>')}  {middle}{verdict:<10}  "

    def header(self) -> str:
        return "  " + self.row("line", "part", "verdict") + "formula"


def _step(screen: Screen, columns: _Columns, step: LineVerdict, *, verbose: bool) -> None:
    style = _STYLES.get(step.verdict, "dim")
    room = screen.width - columns.indent
    written = shorten(screen.safe(step.raw if step.understood is None else step.understood), room, screen.safe("…"))
    part = shorten(screen.safe(step.part or ""), columns.part, screen.safe("…"))
    row = columns.row(step.place or str(step.line), part, step.verdict)
    screen.line((f"{screen.mark(step.verdict)} {row}", style), (written, ""))
    for text, look in _findings(step, verbose=verbose):
        screen.wrap(columns.indent, text, look)
    if step.verdict == "incorrect" and step.suggestion:
        screen.formula(columns.indent, f"did you mean  {step.suggestion}", "cyan")


def _findings(step: LineVerdict, *, verbose: bool) -> Iterator[tuple[str, str]]:
    """What is said under a step: the point of a counterexample stands before what happens there."""
    quiet = not verbose and step.verdict == "correct" and step.code != "local"
    if step.message and not quiet:
        yield told(step), "dim" if step.verdict == "correct" else ""
    if step.reading and not quiet:
        yield f"read as: {step.reading}", "dim"
    if blame(step):
        yield blame(step), "yellow"
    if step.verdict == "incorrect" and step.counterexample and not values(step):
        yield at(step), "cyan"


def _first_wrong(screen: Screen, submission: SubmissionReport) -> None:
    screen.line()
    if submission.first_wrong_line is None:
        screen.wrap(0, nothing_wrong(submission), "bold")
        return
    step = first_wrong(submission)
    place = where_line(submission, submission.first_wrong_line) if step is None else where(step)
    screen.wrap(0, f"first wrong step: {place}", "bold red")
    if step is not None:
        screen.formula(4, step.raw if step.understood is None else step.understood)
        if step.counterexample:
            screen.formula(4, evidence(step), "cyan")
        if step.suggestion:
            screen.formula(4, f"did you mean  {step.suggestion}", "cyan")


# --- questions and the class ------------------------------------------------------------------------------------------


def _questions(screen: Screen, submission: SubmissionReport) -> None:
    questions = submission.questions
    rows = [("", "question", "verdict", "line", "points")]
    rows += [
        (
            screen.mark(question.verdict),
            question.id,
            verdict_in_words(question),
            "" if question.line is None else where_line(submission, question.line).removeprefix("line "),
            f"{'?' if question.points is None else format(question.points, 'g')} of {question.max:g}",
        )
        for question in questions
    ]
    screen.table(rows, "<<<><", ["dim", *(_STYLES.get(question.verdict, "") for question in questions)], give=1)
    screen.wrap(0, f"total: {add_up(questions).sentence}", "bold")


def _class(screen: Screen, submissions: Sequence[SubmissionReport]) -> None:
    screen.line()
    screen.wrap(0, f"{len(submissions)} submissions", "bold underline")
    rows = [("file", "points", "to a person", "first wrong", *(screen.mark(verdict) for verdict in JUDGED))]
    for submission in submissions:
        points = add_up(submission.questions)
        wrong = submission.first_wrong_line
        rows.append(
            (
                submission.file,
                points.short if submission.questions else "",
                f"{points.waiting:g}" if points.open_questions else "",
                "" if wrong is None else where_line(submission, wrong),
                *map(str, tally(submission.lines).values()),
            )
        )
    screen.table(rows, "<>><>>>>", ["dim", *("" for _ in submissions)])
    legend = ", ".join(f"{screen.mark(verdict)} {verdict}" for verdict in JUDGED)
    screen.wrap(0, f"steps: {legend}", "dim")
