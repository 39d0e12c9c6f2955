"""What stands behind a step and carries it on: claims of shapes, a name at the end, and the display an arrow leads to."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import LineVerdict
from checks.submission import read_document
from derive import Problem

LAYER = Problem.from_dict(
    {
        "id": "layer",
        "symbols": {"x": "vector 2", "t": "vector 3", "U": "matrix 3 2"},
        "part": [{"given": [r"s = U x", r"h = \operatorname{ReLU}(s)", r"L = \frac{1}{2} (h - t)^\top (h - t)"]}],
        "question": [{"id": "U", "ask": r"\frac{\partial L}{\partial U}"}],
    }
)
BY_H = r"\frac{\partial L}{\partial h}"
BY_S = r"\frac{\partial L}{\partial s}"
BY_U = r"\frac{\partial L}{\partial U}"
MASK = r"\mathbb{1}[s > 0]"
NOT_READ = r"\frac{\partial s}{\partial U}"  # of order three


def graded(*displays: str) -> tuple[LineVerdict, ...]:
    text = "\n\n".join(f"$${display}$$" for display in displays)
    return grade_document(read_document("work.md", text.encode()), [Assignment(LAYER)]).lines


def outcomes(*displays: str) -> list[tuple[str, str]]:
    return [(step.verdict, step.code) for step in graded(*displays)]


@pytest.mark.parametrize(
    ("display", "expected"),
    [
        (rf"{BY_H} = h - t \in \mathbb{{R}}^3", [("correct", "canonical-form")]),
        (rf"{BY_H} = t - h \in \mathbb{{R}}^{{3 \times 1}}", [("incorrect", "sign")]),
        (rf"{BY_H} = h - t = \epsilon \in R^3", [("correct", "canonical-form"), ("definition", "own")]),
        (rf"{BY_H} = h - t \in \mathbb{{R}}^4", [("correct", "canonical-form"), ("incorrect", "shape")]),
        (rf"{BY_H} = h - t \in \mathbb{{R}}^{{k}}", [("correct", "canonical-form"), ("undecided", "shape")]),
        (rf"{BY_H} \in \mathbb{{R}}^3", [("correct", "shape")]),
        (rf"{BY_S} = \underbrace{{{MASK}}}_{{R^{{3 \times 1}}}} \odot (t - h)", [("incorrect", "sign")]),
        (rf"{BY_S} = \underbrace{{{MASK}}}_{{R^{{3 \times 2}}}} \odot (h - t)", [("correct", "canonical-form"), ("incorrect", "shape")]),
    ],
)  # fmt: skip
def test_a_right_shape_is_a_remark_of_its_step_and_a_wrong_one_a_step(display, expected):
    assert outcomes(display) == expected


def test_a_remark_shows_the_shape_and_what_was_written():
    (step,) = graded(rf"{BY_H} = t - h \in \mathbb{{R}}^{{3 \times 1}}")
    assert step.raw.endswith(r"t - h \in \mathbb{R}^{3 \times 1}")
    assert step.understood.endswith(r"\in \mathbb{R}^{3}")
    assert step.message.endswith("; it is 3 × 1")


def test_a_name_behind_what_cannot_be_read_is_what_the_chain_is_about():
    named = rf"{BY_S} = {NOT_READ} = \epsilon \in \mathbb{{R}}^3"
    steps = graded(named, rf"{BY_U} = \epsilon x^\top", rf"{BY_U} = 2 \epsilon x^\top")
    assert [step.verdict for step in steps] == ["unreadable", "definition", "correct", "incorrect"]
    assert [step.step for step in steps[:2]] == [1, 2]
    assert steps[0].raw == f"{BY_S} = {NOT_READ}"


@pytest.mark.parametrize("end", [r"= h", r"= \epsilon + 1", r"= 3", r"\in \mathbb{R}^3", r"\approx \epsilon"])
def test_what_is_no_new_name_names_nothing_behind_what_cannot_be_read(end):
    assert [step.verdict for step in graded(rf"{BY_S} = {NOT_READ} {end}")] == ["unreadable"]


LED = rf"{BY_U} = {NOT_READ} {BY_S} \xrightarrow{{\text{{so}}}} \text{{where }} {BY_S} = {MASK} \odot (h - t)"


@pytest.mark.parametrize(
    ("display", "expected"),
    [
        (rf"{BY_S} \times x^\top \in \mathbb{{R}}^{{3 \times 2}}", "correct"),
        (rf"{BY_S} \times x^\top", "correct"),
        (rf"\mathbb{{1}}[U > 0] \odot {BY_S} \times x^\top \in R^{{3 \times 2}}", "incorrect"),
        (rf"{BY_H} \times x^\top", "incorrect"),
    ],
)
def test_a_display_that_an_arrow_leads_to_is_the_next_side_of_the_chain(display, expected):
    steps = graded(LED, display)
    assert steps[-1].verdict == expected, steps[-1].message
    assert steps[-1].understood.startswith("= ")


@pytest.mark.parametrize(
    "before",
    [
        f"{BY_U} = {BY_S} x^\\top",  # no arrow
        LED + "$$\n\nThe next thing is this:\n\n$$h = h",  # prose between
    ],
)
def test_without_an_arrow_before_it_a_display_that_equates_nothing_claims_nothing_but_its_shape(before):
    display = rf"{BY_H} \times x^\top"
    assert outcomes(before, display)[-1] == ("outside", "no-relation")
    assert outcomes(before, rf"{display} \in R^{{3 \times 2}}")[-1] == ("correct", "shape")


def test_a_display_with_an_equation_of_its_own_is_not_carried_on():
    assert [step.understood for step in graded(LED, rf"{BY_H} = h - t")][-1] == rf"{BY_H} = h - t"
