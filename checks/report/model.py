"""The result document of a grading: what the terminal table, the HTML page and the JSON are written from.

Field names are the JSON contract (`schema` 1), so that a platform's writer reads one object whatever the output.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from checks.submission.document import Document, Remark

_PLACE = re.compile(r"line (\d{1,9}), column (\d{1,9}): ")
LineOutcome = Literal["correct", "incorrect", "undecided", "unreadable", "definition", "assumption", "outside"]
QuestionOutcome = Literal["correct", "incorrect", "missing", "undecided"]


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """One step of a submission and what became of it; positions count from 1, `step` counts within the line."""

    line: int
    column: int
    step: int
    problem: str | None
    part: str | None
    raw: str
    understood: str | None
    verdict: LineOutcome
    code: str
    true_by_itself: bool | None
    follows: bool | None
    reading: str | None
    counterexample: dict[str, str] | None
    suggestion: str | None
    message: str
    place: str | None = None  # for a person, where the line is that of a notebook's JSON


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What a submission answers to one question; `points` is None where a person has to look."""

    id: str
    problem: str
    ask: str
    verdict: QuestionOutcome
    line: int | None
    points: float | None
    max: float
    later_wrong: int | None = None  # a line with wrong numbers for what is asked, where the answer itself is right


@dataclass(frozen=True, slots=True)
class SubmissionReport:
    """Everything found in one file."""

    file: str
    first_wrong_line: int | None
    lines: tuple[LineVerdict, ...]
    questions: tuple[QuestionResult, ...]
    remarks: tuple[Remark, ...] = ()

    def placed(self, document: Document, *remarks: Remark) -> SubmissionReport:
        """With the places a person would name, and further remarks."""
        lines = tuple(_placed(step, document) for step in self.lines) if document.marks else self.lines
        return replace(self, lines=lines, remarks=(*self.remarks, *remarks))


def _placed(step: LineVerdict, document: Document) -> LineVerdict:
    """With its place, also where the message begins with one."""
    message, begins = step.message, _PLACE.match(step.message)
    if begins:
        place = document.place(int(begins[1]), int(begins[2]))
        message = f"{place}: {message[begins.end() :]}" if place else message
    return replace(step, message=message, place=document.place(step.line, step.column))


@dataclass(frozen=True, slots=True)
class ProblemSummary:
    """A problem the submissions were graded against."""

    id: str
    title: str
    deciders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A grading of one or more files against one or more problems."""

    problems: tuple[ProblemSummary, ...]
    submissions: tuple[SubmissionReport, ...]

    def as_dict(self) -> dict[str, Any]:
        """The JSON document: schema 1 of the design, tuples as lists."""
        return {"schema": 1, **asdict(self)}
