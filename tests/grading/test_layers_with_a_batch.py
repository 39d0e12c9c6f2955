"""A layer over a batch as it is written by hand: ones of every size, entrywise squares, one layout throughout."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import SubmissionReport
from checks.submission import read_document
from derive import Problem

NET = Problem.from_dict(
    {
        "id": "net",
        "symbols": {
            "X": "matrix m d",
            "W_1": "matrix d h",
            "b_1": "vector h",
            "W_2": "matrix h k",
            "Y": "matrix m k",
            "one": {"spec": "ones m", "latex": [r"\mathbf{1}"]},
        },
        "part": [
            {
                "name": "main",
                "given": [
                    r"Z_1 = X W_1 + \mathbf{1} b_1^T",
                    r"H = \tanh(Z_1)",
                    "R = H W_2 - Y",
                    r"L = \frac{1}{2m}\|R\|_F^2",
                ],
            }
        ],
        "question": [
            {"id": "w2", "ask": r"\frac{\partial L}{\partial W_2}"},
            {"id": "w1", "ask": r"\frac{\partial L}{\partial W_1}"},
            {"id": "b1", "ask": r"\frac{\partial L}{\partial b_1}"},
        ],
    }
)
RIGHT = [r"1 - H \odot H", r"1 - H^2", r"1 - \tanh^2(Z_1)", r"1 - \tanh(Z_1)^2", r"\mathbf{1}\mathbf{1}_h^T - H^{\odot 2}",
         r"\mathbf{1}_{m \times h} - H \odot H", r"\mathbf{1}_m \mathbf{1}_{h}^T - H \odot H"]  # fmt: skip
WRONG = [r"1 - H", r"1 + H^2", r"2 - H^2", r"\mathbf{1}\mathbf{1}_h^T - H", r"\mathbf{1}_{m \times h} - H"]
W_2 = r"$$\frac{\partial L}{\partial W_2} = \frac{1}{m} R^T H$$"
B_1 = r"$$\frac{\partial L}{\partial b_1} = \frac{1}{m} \mathbf{1}^T (R W_2^T \odot \tanh'(Z_1))$$"
W_1 = r"$$\frac{\partial L}{\partial W_1} = \frac{1}{m} (R W_2^T \odot \tanh'(Z_1))^T X$$"
PLAIN = r"$$\frac{\partial L}{\partial W_1} = \frac{1}{m} X^T (R W_2^T \odot \tanh'(Z_1))$$"


def graded(text: str) -> SubmissionReport:
    return grade_document(read_document("work.md", text.encode()), [Assignment(NET)])


@pytest.mark.parametrize(("factor", "verdict"), [*((f, "correct") for f in RIGHT), *((f, "incorrect") for f in WRONG)])
def test_the_derivative_of_the_activation_as_it_is_written(factor, verdict):
    report = graded(rf"$$\frac{{\partial L}}{{\partial Z_1}} = \frac{{1}}{{m}} R W_2^T \odot ({factor})$$")
    assert [line.verdict for line in report.lines] == [verdict], report.lines[0].message


@pytest.mark.parametrize("factor", [r"1 - H \odot H", r"1 - H^2"])
def test_what_is_taken_entry_by_entry_is_said(factor):
    report = graded(rf"$$\frac{{\partial L}}{{\partial Z_1}} = \frac{{1}}{{m}} R W_2^T \odot ({factor})$$")
    assert "entry by entry" in (report.lines[0].reading or "")


@pytest.mark.parametrize(
    ("lines", "verdicts"),
    [
        ([W_2, B_1], ["correct", "correct"]),
        ([B_1, W_2], ["correct", "correct"]),
        ([W_2, W_1], ["correct", "correct"]),
        ([W_2], ["undecided"]),
        ([W_2, PLAIN], ["undecided", "correct"]),
        ([PLAIN, W_2], ["correct", "undecided"]),
        ([W_2.replace("R^T H", "R^T H R"), B_1], ["unreadable", "correct"]),
        ([W_2.replace("= ", "= -"), B_1], ["incorrect", "correct"]),
    ],
)
def test_a_numerator_layout_is_recognised_in_any_order(lines, verdicts):
    report = graded("\n\n".join(lines))
    assert [line.verdict for line in report.lines] == verdicts
    of_w2 = verdicts[next(i for i, line in enumerate(lines) if "W_2}" in line)]
    assert report.questions[0].verdict == {"unreadable": "undecided"}.get(of_w2, of_w2)


def test_nobody_who_submits_is_told_to_declare():
    report = graded(r"$$\left[\frac{\partial L}{\partial W_2}\right]_{ij} = \sum_{s=1}^m H_{si} R_{sj}$$")
    assert "declare it" not in report.lines[0].message
