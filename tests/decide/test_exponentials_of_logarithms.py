"""Inequalities between logarithms are taken as exponents; what is false stays unproven."""

from __future__ import annotations

import pytest

from checks import holds
from checks.decide.bounds.exponentials import without_logarithms
from derive import parse

SYMBOLS = {"x": "real", "y": "real", "z": "real", "p": "positive", "k": "greater than 1"}
LOSS = {r"\ell": r"-\ln\frac{e^y}{e^x + e^y + e^z}"}


@pytest.mark.parametrize(
    "statement",
    [
        r"0 < \ell",
        r"\ln(e^x + e^y + e^z) > x",
        r"\ln(1 + (k - 1) e^{-x}) > 0",
        r"\frac12 \ln(1 + e^x + e^{2x}) > \frac{x}{2}",
        r"-\ln(1 + e^x) < 0",
    ],
)
def test_logarithms_of_sums_of_exponentials_are_compared(statement):
    assert holds(statement, SYMBOLS, where=LOSS).status == "proven"


@pytest.mark.parametrize(
    "statement",
    [
        r"1 < \ell",
        r"\ln(e^x + e^y) > x + 1",
        r"\ln(1 + (k - 1) e^{-x}) < 1",
        r"\ln(e^x + e^y) < \max(x, y)",
        r"\ln p > 0",
    ],
)
def test_what_is_false_is_refuted(statement):
    assert holds(statement, SYMBOLS, where=LOSS).status == "refuted"


@pytest.mark.parametrize("formula", ["x^2 - y", r"x \ln p", r"\ln(p)^2 - 1", r"\frac{1}{\ln p}"])
def test_logarithms_that_are_no_terms_of_their_own_are_left(formula):
    assert without_logarithms(parse(formula, SYMBOLS).tree) is None
