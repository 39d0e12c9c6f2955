"""A loss that mentions a weight directly and through a name: what is asked is the total derivative, never the local one."""

from __future__ import annotations

import pytest

from checks.api import equal
from checks.grading import Assignment, grade_document
from checks.report.model import SubmissionReport
from checks.report.wording import verdict_in_words
from checks.submission import read_document
from derive import Problem

RIDGE = {
    "id": "ridge",
    "symbols": {
        "X": "matrix m n",
        "w": "vector n",
        "y": "vector m",
        "lambda": {"spec": "positive", "latex": [r"\lambda"]},
    },
    "part": [{"name": "fit", "given": ["r = X w - y", r"L = \|r\|^2 + \lambda \|w\|^2"]}],
    "question": [{"id": "grad", "ask": r"\frac{\partial L}{\partial w}", "points": 2}],
}
VALUES = [
    r"X = \begin{pmatrix} 1 & 2 \\ 0 & 1 \\ 3 & 1 \end{pmatrix}",
    r"w = \begin{pmatrix} 1 \\ -1 \end{pmatrix}",
    r"y = \begin{pmatrix} 1 \\ 2 \\ 0 \end{pmatrix}",
    r"\lambda = 0.5",
]
NUMBERS = r"\begin{pmatrix} %s \\ %s \end{pmatrix}"


def graded(text: str, *, values: bool = False) -> SubmissionReport:
    part = {**RIDGE["part"][0], **({"values": VALUES} if values else {})}
    problem = Problem.from_dict({**RIDGE, "part": [part]})
    return grade_document(read_document("work.md", text.encode()), [Assignment(problem)])


@pytest.mark.parametrize(
    ("side", "step", "question"),
    [
        (r"2 X^T r + 2 \lambda w", "correct", "correct"),
        (r"2 X^T (X w - y) + 2 \lambda w", "correct", "correct"),
        (r"X^T r + 2 \lambda w", "incorrect", "incorrect"),
        (r"2 X^T r + \lambda w", "incorrect", "incorrect"),
        (r"2 \lambda w", "correct", "undecided"),  # as the local one, which is not what is asked
    ],
)
def test_a_local_derivative_answers_no_question_about_the_total_one(side, step, question):
    report = graded(rf"$$\nabla_w L = {side}$$")
    assert [line.verdict for line in report.lines] == [step]
    assert report.questions[0].verdict == question


@pytest.mark.parametrize("side", [r"X^T r + 2 \lambda w", r"2 X^T r + \lambda w", r"2 X^T r - 2 \lambda w"])
def test_what_is_suggested_is_the_total_derivative(side):
    line = graded(rf"$$\nabla_w L = {side}$$").lines[0]
    symbols = {name: spec for name, spec in RIDGE["symbols"].items() if name != "lambda"} | {"r": "vector m"}
    symbols[r"\lambda"] = "positive"
    assert equal(line.suggestion, r"2 X^T r + 2 \lambda w", symbols).status == "proven"
    assert "one too many" not in line.message


@pytest.mark.parametrize(
    ("entries", "step", "question"),
    [(("9", "-11"), "correct", "undecided"), (("9", "-9"), "incorrect", "incorrect"), (("1", "-1"), "incorrect", "incorrect")],
)  # fmt: skip
def test_numbers_for_what_is_asked_are_those_of_the_total_derivative(entries, step, question):
    report = graded(rf"$$\nabla_w L = {NUMBERS % entries}$$", values=True)
    assert [line.verdict for line in report.lines] == [step]
    assert report.questions[0].verdict == question
    assert "rounded" not in (report.lines[0].message or "")


@pytest.mark.parametrize(
    ("written", "right", "said"),
    [
        (r"\operatorname{diag}(p) + p p^T", r"\operatorname{diag}(p) - p p^T", "$-p p^T$ belongs where $p p^T$ stands"),
        (r"2 A p + b", r"2 A p + 2 b", r"$2 b$ belongs where $b$ stands"),
    ],
)
def test_what_belongs_in_the_place_of_a_term_is_a_term(written, right, said):
    verdict = equal(written, right, {"p": "vector n", "A": "matrix n n", "b": "vector n"})
    assert verdict.status == "refuted"
    assert said in verdict.evidence


def test_wrong_numbers_after_a_right_formula_are_told_and_cost_nothing():
    report = graded(rf"$$\nabla_w L = 2 X^T r + 2 \lambda w = {NUMBERS % ('9', '-9')}$$", values=True)
    assert [line.verdict for line in report.lines] == ["correct", "incorrect"]
    question = report.questions[0]
    assert (question.verdict, question.points, question.later_wrong) == ("correct", 2, 1)
    assert verdict_in_words(question) == "correct, numbers wrong"
    right = graded(rf"$$\nabla_w L = 2 X^T r + 2 \lambda w = {NUMBERS % ('9', '-11')}$$", values=True)
    assert right.questions[0].later_wrong is None
