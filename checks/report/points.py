"""From the questions of a submission to its points; a question without points is kept apart for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.report.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.report.model import QuestionResult


@dataclass(frozen=True, slots=True)
class Points:
    """`earned` of `maximum`; `waiting` of the maximum belong to `open_questions` questions a person has to look at."""

    earned: float
    maximum: float
    open_questions: int
    waiting: float

    @property
    def short(self) -> str:
        """Points for a narrow column: "5 of 8"."""
        return f"{self.earned:g} of {self.maximum:g}"

    @property
    def to_a_person(self) -> str:
        """What is left to a person, "1 question (2 points)", or nothing."""
        if not self.open_questions:
            return ""
        return f"{count(self.open_questions, 'question')} ({count(self.waiting, 'point')})"

    @property
    def sentence(self) -> str:
        """The whole result: "5 of 8, 1 question (2 points) to be looked at by a person"."""
        if not self.open_questions:
            return self.short
        return f"{self.short}, {self.to_a_person} to be looked at by a person"


def add_up(questions: Iterable[QuestionResult]) -> Points:
    """The points of a submission; what no decider could settle adds to the maximum and to `waiting` only."""
    asked = tuple(questions)
    waiting = [question for question in asked if question.points is None]
    return Points(
        earned=sum(question.points for question in asked if question.points is not None),
        maximum=sum(question.max for question in asked),
        open_questions=len(waiting),
        waiting=sum(question.max for question in waiting),
    )
