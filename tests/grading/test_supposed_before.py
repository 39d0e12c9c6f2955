"""A point against what an author concludes meets what was supposed just before, where such a point is found."""

from __future__ import annotations

from fractions import Fraction

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import LineVerdict
from checks.submission import read_document
from derive import catalog

WRONG = r"w^4 \sigma'(z_4)\sigma'(z_2)"
RATIO = r"\left|\frac{\partial y}{\partial b_1}\right| \left|\frac{\partial y^*}{\partial b_1}\right|^{-1}"
OUTSIDE = "lies outside of what is supposed"


def last(text: str) -> LineVerdict:
    return grade_document(read_document("work.md", text.encode()), [Assignment(catalog["skip-connection"])]).lines[-1]


@pytest.mark.parametrize("claim", [rf"{RATIO} = {WRONG}", rf"{WRONG} < 1"])
def test_a_point_is_taken_that_the_author_has_not_excluded(claim: str) -> None:
    step = last(rf"Since $w < 1$ and $0 < \sigma' < 0.25$. Thus ${claim}$.")
    assert step.verdict == "incorrect"
    assert step.counterexample is not None
    assert Fraction(step.counterexample["w"]) < 1
    assert step.counterexample[r"\sigma(z)"] in (r"\frac{z}{8}", r"\frac{1}{2 + 2 e^{-z}}")
    assert OUTSIDE not in step.message


def test_a_point_that_meets_what_is_supposed_stays() -> None:
    alone, after = last(rf"Thus ${WRONG} < 1$."), last(rf"Since $b < 100$. Thus ${WRONG} < 1$.")
    assert after.counterexample == alone.counterexample


def test_where_none_is_found_it_is_said() -> None:
    step = last(rf"Since $w = 0$. Thus ${WRONG} < 1$.")
    assert step.verdict != "correct"
    assert OUTSIDE in step.message


def test_what_is_only_much_less_excludes_no_point() -> None:
    assert OUTSIDE not in last(rf"Since $w^4 \ll 1$. Thus ${WRONG} < 1$.").message
