r"""Lines with dots in a submission: judged as they stand; definitions and names given again are taken for what they are."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import SubmissionReport
from checks.submission import read_document
from derive import Problem

QUADRATIC = Problem.from_dict(
    {
        "id": "quadratic",
        "symbols": {
            "x": "vector n",
            "A": "matrix n n",
            "i": "index n",
            "j": "index n",
            "X": "matrix m n",
            "r": "rows of X",
        },
        "part": [{"name": "main", "given": ["f = x^T A x"]}],
        "question": [
            {"id": "x", "ask": r"\frac{\partial f}{\partial x}"},
            {"id": "A", "ask": r"\frac{\partial f}{\partial A}"},
        ],
    }
)
COLUMN = r"\begin{bmatrix} x_1 \\ x_2 \\ \vdots \\ x_n \end{bmatrix}"
SUMS = r"(a_{11} + a_{11}) x_1 + (a_{21} + a_{12}) x_2 + \dots + (a_{n1} + a_{1n}) x_n"


def graded(text: str) -> SubmissionReport:
    return grade_document(read_document("work.md", text.encode()), [Assignment(QUADRATIC)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (rf"$$x = {COLUMN}$$", ["definition"]),
        (r"$$x = \begin{bmatrix} x_1 \\ x_1 \\ \vdots \\ x_n \end{bmatrix}$$", ["incorrect"]),
        (r"$$x^T A x = (\sum_{i=1}^n x_i a_{i1}) x_1 + \dots + (\sum_{i=1}^n x_i a_{in}) x_n = f$$", ["correct", "definition"]),
        (r"$$x^T A x = (\sum_{i=1}^n x_i a_{ii}) x_1 + (\sum_{i=1}^n x_i a_{i2}) x_2 + \dots + (\sum_{i=1}^n x_i a_{in}) x_n = f$$",
         ["incorrect", "definition"]),
        (rf"$$\frac{{\partial f}}{{\partial x_1}} = {SUMS}$$", ["correct"]),
        (rf"$$\frac{{\partial f}}{{\partial x_2}} = {SUMS}$$", ["incorrect"]),
        (r"$$\frac{\partial f}{\partial a_{ij}} = x_i x_j$$", ["correct"]),
        (r"$$\frac{\partial f}{\partial a_{ij}} = x_i x_i$$", ["incorrect"]),
        (r"$$\frac{\partial f}{\partial x} = \left[\frac{\partial f}{\partial x_1}, \dots, \frac{\partial f}{\partial x_n}\right]^T = (A + A^T) x$$",
         ["correct", "correct"]),
        (r"$$X A = \begin{bmatrix} r_1^T A \\ \vdots \\ r_m^T A \end{bmatrix}$$", ["correct"]),
        (r"$$= \begin{bmatrix} r_1^T A \\ \vdots \\ r_m^T A \end{bmatrix} = X A^T$$", ["outside", "incorrect"]),
        (r"$$\frac{\partial f}{\partial x_1} = a_{11} x_1 + a_{13} x_3 + \dots + a_{1n} x_n$$", ["unreadable"]),
        (r"$$x_1 + x_2 + \dots + x_n = 1$$", ["outside"]),
    ],
)  # fmt: skip
def test_lines_with_dots_are_judged_as_they_stand(text, expected):
    report = graded(text)
    assert [step.verdict for step in report.lines] == expected, [step.message for step in report.lines]


def test_a_gradient_by_its_entries_answers_the_question():
    rows = [rf"(a_{{{i}1}} + a_{{1{i}}}) x_1 + \dots + (a_{{{i}n}} + a_{{n{i}}}) x_n" for i in "12n"]
    column = rf"\begin{{bmatrix}} {rows[0]} \\ {rows[1]} \\ \vdots \\ {rows[2]} \end{{bmatrix}}"
    report = graded(rf"$$\frac{{\partial f}}{{\partial x}} = {column}$$")
    assert [step.verdict for step in report.lines] == ["correct"]
    assert report.questions[0].verdict == "correct"


def test_a_letter_may_name_the_rows_of_a_matrix_in_one_part_and_a_vector_in_the_others():
    problem = Problem.from_dict(
        {
            "id": "rows",
            "symbols": {"x": "vector n", "A": "matrix n n"},
            "part": [
                {"name": "form", "given": ["f = x^T A x"]},
                {
                    "name": "trace",
                    "symbols": {"X": "matrix m n", "x": "rows of X"},
                    "given": [r"h = \operatorname{tr}(X A X^T)"],
                },
            ],
            "question": [
                {"id": "form", "part": "form", "ask": r"\frac{\partial f}{\partial x}"},
                {"id": "trace", "part": "trace", "ask": r"\frac{\partial h}{\partial X}"},
            ],
        }
    )
    text = (
        r"$$\frac{\partial f}{\partial x} = (A + A^T) x$$" + "\n\n"
        r"$$\frac{\partial h}{\partial X} = \begin{bmatrix} x_1^T (A + A^T) \\ \vdots \\ x_m^T (A + A^T) \end{bmatrix} = X (A + A^T)$$"
    )
    report = grade_document(read_document("work.md", text.encode()), [Assignment(problem)])
    assert [step.verdict for step in report.lines] == ["correct"] * 3, [step.message for step in report.lines]
    assert [question.verdict for question in report.questions] == ["correct", "correct"]


def test_sums_inside_each_other_without_end_are_stopped():
    text = "$$" + r"\sum_{k=1}^{n} " * 30 + "x_k = f$$"
    assert graded(text).lines[0].verdict != "correct"
