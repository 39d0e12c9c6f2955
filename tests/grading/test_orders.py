r"""What is claimed up to terms of an order, `+ O(\epsilon^2)`: by the terms of a polynomial, or by derivatives at 0."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.submission import read_document
from derive import Problem

INPUTS = {"id": "orders", "title": "Orders", "symbols": {"h": "real", "a": "positive", "c": "real", "n": "integer"},
          "part": [{"given": ["F = (1 + h)^3"]}], "question": [{"id": "F", "ask": r"\frac{dF}{dh}"}]}  # fmt: skip
PROBLEM = Problem.from_dict(INPUTS)


def verdict(claim: str) -> str:
    (step,) = grade_document(read_document("work.md", f"$${claim}$$".encode()), [Assignment(PROBLEM)]).lines
    return step.verdict


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"(1 + h)^3 = 1 + 3 h + O(h^2)", "correct"),
        (r"(1 + h)^3 = 1 + 2 h + O(h^2)", "incorrect"),
        (r"(1 + h)^3 = 1 + 3 h + 3 h^2 + O(h^3)", "correct"),
        (r"(1 + h)^3 = 1 + 3 h + O(h^3)", "incorrect"),
        (r"e^h = 1 + h + O(h^2)", "correct"),
        (r"e^h = 1 + h + O(h^3)", "incorrect"),
        (r"\sin h = h + O(h^3)", "correct"),
        (r"\cos h = 1 + O(h^2)", "correct"),
        (r"\cos h = 1 + O(h^3)", "incorrect"),
        (r"\ln(1 + h) = h - \frac{h^2}{2} + O(h^3)", "correct"),
        (r"\ln(1 + h) = h + \frac{h^2}{2} + O(h^3)", "incorrect"),
        (r"\frac{1}{1 - h} = 1 + h + O(h^2)", "correct"),
        (r"\sqrt{1 + h} = 1 + \frac{h}{2} + O(h^2)", "correct"),
        (r"\sqrt{1 + h} = 1 + h + O(h^2)", "incorrect"),
        (r"\ln(a + h) = \ln a + \frac{h}{a} + O(h^2)", "correct"),
        (r"\ln(a + h) = \ln a + a h + O(h^2)", "incorrect"),
        (r"|h - 1| = 1 - h + O(h^2)", "correct"),
        (r"F \approx 1 + 3 h + O(h^2)", "correct"),
    ],
)
def test_both_sides_are_compared_up_to_the_order(claim: str, expected: str) -> None:
    assert verdict(claim) == expected


@pytest.mark.parametrize(
    "claim",
    [
        r"\sqrt{h} = h + O(h^2)",  # no derivative at 0
        r"\sqrt{h^2} = h + O(h^2)",
        r"|h| = h + O(h^2)",
        r"h |h| = O(h^2) + h^2",
        r"\frac{1}{h} = 1 + O(h^2)",
        r"\frac{\sin h}{h} = 1 + O(h^2)",  # true, but nothing at 0
        r"\ln(c + h) = \ln c + O(h^2)",  # c may be negative
        r"n^3 + n = n^3 + O(n^2)",  # true for great n, not for small
        r"\ln h = O(h^2) + 1",
    ],
)
def test_nothing_is_said_where_a_side_is_not_smooth_at_0_or_0_is_not_meant(claim: str) -> None:
    assert verdict(claim) not in ("correct", "incorrect")


def test_an_expansion_is_no_answer() -> None:
    text = r"$$\frac{dF}{dh} = 3 + 6 h + O(h^2)$$"
    graded = grade_document(read_document("work.md", text.encode()), [Assignment(PROBLEM)])
    assert [step.verdict for step in graded.lines] == ["correct"]
    assert [question.verdict for question in graded.questions] == ["undecided"]
