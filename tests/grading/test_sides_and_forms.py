"""What answers a question in the middle of a chain of vectors, and forms that are not defined as they are written."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import SubmissionReport
from checks.submission import read_document
from derive import catalog


def graded(text: str) -> SubmissionReport:
    return grade_document(read_document("work.md", text.encode()), [Assignment(catalog["matrix-calculus"])])


@pytest.mark.parametrize(
    ("last", "verdict"), [("a", "correct"), ("a^T", "correct"), ("2 a", "incorrect"), ("x", "incorrect")]
)
def test_what_comes_last_answers_for_a_side_in_the_middle(last: str, verdict: str) -> None:
    text = rf"$$\frac{{\partial (a^T x)}}{{\partial x}} = \frac{{\partial (x^T a)}}{{\partial x}} = {last}$$"
    answers = {question.id: question.verdict for question in graded(text).questions}
    assert answers["linear-turned"] == verdict


TRACE = (
    r"$$f = \operatorname{tr}(X A X^T)$$"
    "\n\n"
    r"$$X = \begin{bmatrix} x_1^T \\ x_2^T \\ \vdots \\ x_n^T \end{bmatrix}$$"
    "\n\n"
)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"X A X^T = \begin{bmatrix} x_1^T A x_1^T \\ x_2^T A x_2^T \\ \vdots \\ x_n^T A x_n^T \end{bmatrix}", "incorrect"),
        (r"f = \sum_{i=1}^n x_i^T A x_i", "definition"),
        (r"f = x_1^T A x_1^T", "incorrect"),
        (r"f = \sum_{i=1}^n x_i^T A x_i^T", "unreadable"),  # mended it would be true
    ],
)  # fmt: skip
def test_a_form_that_is_not_defined_is_wrong_where_it_is_wrong_mended_too(claim: str, verdict: str) -> None:
    step = graded(f"{TRACE}$${claim}$$").lines[-1]
    assert step.verdict == verdict
    assert (step.suggestion is not None) == (verdict == "unreadable")
