"""The name of an entry for the whole vector: right where the rest of the line leaves no other way to read it."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import LineVerdict
from checks.submission import read_document
from derive import Problem

LOGARITHMS = Problem.from_dict(
    {
        "id": "logarithms",
        "symbols": {"c": "vector 3, positive", "u": "vector 3, positive", "k": "index 3"},
        "part": [{"given": [r"q = u \odot u", r"E = c^\top \log q"]}],
        "question": [{"id": "q", "ask": r"\frac{\partial E}{\partial q}"}],
    }
)
BY_Q = r"\frac{\partial E}{\partial q}"


def graded(display: str) -> LineVerdict:
    document = read_document("work.md", f"$${display}$$".encode())
    return grade_document(document, [Assignment(LOGARITHMS)]).lines[0]


@pytest.mark.parametrize("side", [r"\frac{c}{q_k}", r"\frac{c}{q^{(k)}}", r"\frac{c_k}{q_k}"])
def test_an_entry_on_one_side_alone_stands_for_its_vector_and_that_is_said(side):
    step = graded(f"{BY_Q} = {side}")
    assert (step.verdict, step.true_by_itself) == ("correct", True), step.message
    assert "is the whole vector" in step.reading


@pytest.mark.parametrize("side", [r"-\frac{c}{q_k}", r"\frac{2 c}{q_k}", r"\frac{q}{c_k}", r"c_k q_k"])
def test_what_is_wrong_of_whole_vectors_too_is_left_to_a_person(side):
    assert (graded(f"{BY_Q} = {side}").verdict, graded(f"{BY_Q} = {side}").code) == ("undecided", "reading")


def test_an_entry_beside_its_own_vector_is_an_entry():
    assert graded(r"\frac{\partial E}{\partial c} = \log q").verdict == "correct"
    assert graded(r"q \odot q = q_k q").verdict != "correct"


@pytest.mark.parametrize(
    ("display", "verdict"),
    [
        (r"\frac{\partial E}{\partial q_k} = \frac{c_k}{q_k}", "correct"),
        (r"\frac{\partial E}{\partial q_k} = \frac{q_k}{c_k}", "incorrect"),
        (r"\frac{\partial E}{\partial q_2} = \frac{c_2}{q_2}", "correct"),
    ],
)
def test_an_entry_on_both_sides_is_one(display, verdict):
    step = graded(display)
    assert step.verdict == verdict
    assert "whole vector" not in (step.reading or "")
