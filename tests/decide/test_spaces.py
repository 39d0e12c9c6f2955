r"""Claims of shapes, `\in \mathbb{R}^{m \times n}` and labels under braces: right, or wrong with the true shape named."""

from __future__ import annotations

import pytest

from checks import holds
from derive import Unreadable, parse
from derive.write import latex

SYMBOLS = {"x": "vector 4", "y": "vector n", "W": "matrix m n", "A": "matrix 3 4", r"\hat y": "vector 3", "c": "real"}


@pytest.mark.parametrize(
    ("statement", "status", "said"),
    [
        (r"\hat y \in \mathbb{R}^3", "proven", "3 × 1"),
        (r"\hat{y} \in R^{3 \times 1}", "proven", "3 × 1"),
        (r"\hat y ∈ ℝ^{3×1}", "proven", "3 × 1"),
        (r"A x \in \mathbb R^{3}", "proven", "3 × 1"),
        (r"A x \in \mathbb{R}^{3 \times 4}", "refuted", "it is 3 × 1, and 3 × 4 is claimed"),
        (r"A x x^\top \in \mathbb{R}^{3 \times 4}", "proven", "3 × 4"),
        (r"x^\top \in \mathbb{R}^{1 \times 4}", "proven", "1 × 4"),
        (r"x^\top \in \mathbb{R}^{4 \times 1}", "undecided", "some writers"),
        (r"x \in \mathbb{R}^{1 \times 4}", "refuted", "it is 4 × 1"),
        (r"W \in \mathbb{R}^{m \times n}", "proven", "m × n"),
        (r"W \in \mathbb{R}^{n \times m}", "refuted", "it is m × n"),
        (r"W y \in \mathbb{R}^m", "proven", "m × 1"),
        (r"W y \in \mathbb{R}^n", "refuted", "it is m × 1, and n × 1 is claimed"),
        (r"W \in \mathbb{R}^{d \times n}", "undecided", "not declared"),  # d may be the author's name for m
        (r"W \in \mathbb{R}^{3 \times n}", "undecided", "not declared"),
        (r"x^\top x \in \mathbb{R}", "proven", "a single number"),
        (r"x^\top x \in \mathbb{R}^4", "refuted", "it is a single number"),
        (r"\operatorname{ReLU}(A x) \in \mathbb{R}^3", "proven", ""),
        (r"I(A x > 0) \odot A x \in \mathbb{R}^{3 \times 1}", "proven", ""),
        (r"\begin{bmatrix} 1 & 2 \end{bmatrix} \in \mathbb{R}^{1 \times 2}", "proven", ""),
        (r"\begin{bmatrix} 1 & 2 \end{bmatrix}^T \in \mathbb{R}^{1 \times 2}", "refuted", "it is 2 × 1"),
        (r"A x = \underbrace{A x}_{R^{3 \times 1}}", "proven", ""),
        (r"A x = \underbrace{A x}_{\mathbb{R}^{3 \times 4}}", "refuted", "A x: it is 3 × 1, and 3 × 4 is claimed"),
        (r"A x x^\top = \underbrace{A x x^\top}_{R^{3 \times 1} \times R^{1 \times 4}}", "proven", ""),
        (r"A x x^\top = \underbrace{A x x^\top}_{R^{3 \times 1} \times R^{1 \times 3}}", "refuted", "3 × 3 is claimed"),
        (r"2 A x = A x + A x \in \mathbb{R}^{3}", "proven", ""),
        (r"2 A x = A x + A x \in \mathbb{R}^{4}", "refuted", "it is 3 × 1"),
    ],
)  # fmt: skip
def test_a_claim_of_a_shape_is_judged(statement, status, said):
    verdict = holds(statement, SYMBOLS)
    assert verdict.status == status
    assert said in verdict.evidence


def test_a_name_that_stands_for_a_written_column_has_its_shape():
    where = {"p": r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}"}
    assert holds(r"p \in \mathbb{R}^2", {}, where=where).status == "proven"
    assert holds(r"p \in \mathbb{R}^3", {}, where=where).status == "refuted"
    assert holds(r"p p^T \in \mathbb{R}^{2 \times 2}", {}, where=where).status == "proven"


@pytest.mark.parametrize("text", [r"A x \in \mathbb{R}^{3}", r"W \in \mathbb{R}^{m \times n}", r"x^T x \in \mathbb{R}"])
def test_a_claim_of_a_shape_reads_back(text):
    statement = parse(text, SYMBOLS)
    assert parse(latex(statement.tree), SYMBOLS).tree == statement.tree


def test_a_declared_r_stays_a_name():
    assert holds(r"R = R^1", {"R": "positive"}).status == "proven"
    with pytest.raises(Unreadable):
        parse(r"c \in \mathbb{R}_+^{3}", SYMBOLS)
