"""Matrices and lists in submissions: judged entry by entry, the wrong entry named, never a crash, never a wrong mark."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import SubmissionReport
from checks.submission import read_document
from derive import Problem

FIT = Problem.from_dict(
    {
        "id": "fit",
        "symbols": dict.fromkeys(("x", "t", "w", "b"), "real"),
        "part": [{"name": "main", "given": ["p = w x + b", "L = (p - t)^2"]}],
        "question": [
            {"id": "dw", "ask": r"\frac{\partial L}{\partial w}", "points": 2},
            {"id": "db", "ask": r"\frac{\partial L}{\partial b}"},
        ],
    }
)
GRADIENT = r"\begin{pmatrix} \frac{\partial L}{\partial w} \\ \frac{\partial L}{\partial b} \end{pmatrix}"


def graded(text: str) -> SubmissionReport:
    return grade_document(read_document("work.md", text.encode()), [Assignment(FIT)])


@pytest.mark.parametrize(
    ("text", "expected", "marks"),
    [
        (rf"$${GRADIENT} = \begin{{pmatrix}} 2 (p - t) x \\ 2 (p - t) \end{{pmatrix}}$$", ["correct"], ["correct", "correct"]),
        (r"$\left(\frac{\partial L}{\partial w}, \frac{\partial L}{\partial b}\right) = (2 (p - t) x, 2 (p - t))$",
         ["correct"], ["correct", "correct"]),
        (rf"$${GRADIENT} = \begin{{pmatrix}} 2 (p - t) x \\ (p - t) \end{{pmatrix}}$$", ["incorrect"], ["undecided", "undecided"]),
        (rf"$${GRADIENT} = 2 (p - t) \begin{{pmatrix}} x \\ 1 \end{{pmatrix}}$$", ["correct"], ["undecided", "undecided"]),
        (rf"$${GRADIENT} = \begin{{pmatrix}} 2 (p - t) x & 2 (p - t) \end{{pmatrix}}$$", ["incorrect"], ["undecided", "undecided"]),
        (r"$\frac{\partial L}{\partial b} = \begin{pmatrix} 1 \\ 2 \end{pmatrix}$", ["incorrect"], ["missing", "incorrect"]),
        (r"$\frac{\partial L}{\partial b} = \operatorname{adj}(\begin{pmatrix} 1 \\ 2 \end{pmatrix})$", ["undecided"], None),
        (r"$\frac{\partial}{\partial w} (p, L) = (x, 2 (p - t) x)$", ["undecided"], None),
        (r"$\begin{vmatrix} p & t \\ 1 & 1 \end{vmatrix} = p - t$", ["correct"], ["missing", "missing"]),
    ],
)  # fmt: skip
def test_vectors_are_judged_entry_by_entry(text, expected, marks):
    report = graded(text)
    assert [step.verdict for step in report.lines] == expected, [step.message for step in report.lines]
    if marks:
        assert [question.verdict for question in report.questions] == marks


def test_the_wrong_entry_is_named():
    report = graded(rf"$${GRADIENT} = \begin{{pmatrix}} 2 (p - t) x \\ (p - t) \end{{pmatrix}}$$")
    assert report.lines[0].message.startswith("the entry in row 2, column 1 is wrong: ")


@pytest.mark.parametrize("text", [r"$p \in (0, 1)$", r"$p = (0, 1]$", r"$$\begin{pmatrix} p & t \\ 1 \end{pmatrix} = p$$",
                                  r"$(p, t) \le (t, p)$", r"$p = \begin{cases} (1, 2) & x > 0 \\ 3 & x \le 0 \end{cases}$"])  # fmt: skip
def test_what_is_not_compared_is_never_called_wrong_or_right(text):
    assert not {step.verdict for step in graded(text).lines} & {"correct", "incorrect"}
