"""The result document of a grading: what the terminal table, the HTML page and the JSON are written from.

Field names are the JSON contract (`schema` 1), so that a platform's writer reads one object whatever the output.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from checks.submission.document import Remark

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


@dataclass(frozen=True, slots=True)
class SubmissionReport:
    """Everything found in one file."""

    file: str
    first_wrong_line: int | None
    lines: tuple[LineVerdict, ...]
    questions: tuple[QuestionResult, ...]
    remarks: tuple[Remark, ...] = ()


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
