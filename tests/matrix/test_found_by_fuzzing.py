"""Formulas of `benchmarks/matrix_formulas.py`, a few at random and those that once went wrong, held against autograd."""

from __future__ import annotations

import runpy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import checks
import derive
from derive import NoRule, TooLarge

FOLDER = Path(__file__).parents[2] / "benchmarks"
FORMULAS: dict[str, Any] = runpy.run_path(str(FOLDER / "matrix_formulas.py"))
SYMBOLS: dict[str, str] = FORMULAS["SYMBOLS"]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6))
def test_a_generated_formula_is_derived_right_or_refused(number: int) -> None:
    random = Random(number)
    formula = FORMULAS["drawn"](random, 8)
    name = random.choice([name for name in FORMULAS["VARIABLES"] if name in formula.names] or ["x"])
    layout = "vec-jacobian" if formula.shape[1] != 1 else "gradient" if formula.shape[0] == 1 else "jacobian"
    try:
        found = derive.gradient(formula.latex, name, SYMBOLS, layout=layout)
    except (NoRule, TooLarge):
        return
    assert checks.against_autograd(found, found, name, layout=layout, examples=2).status != "refuted"
    assert checks.equal(found.closed_form.latex(), found, found.symbols).status != "refuted"
    assert found.latex()


ONCE_WRONG = [
    # a base turned round became equal to another and was counted twice
    (r"\log(1 + (t - x^T w)^2)^3",                                   "w", "hessian"),
    # zeros of a size made of others
    (r"A",                                                           "x", "vec-jacobian"),
    (r"\operatorname{tr}(L^3)",                                      "C", "hessian"),
    (r"\operatorname{tr}(S)",                                        "B", "jacobian"),
    # the upstream gradient of a result that does not hold it
    (r"S + Q",                                                       "x", "vjp"),
    # jumps inside
    (r"\|\mathbb{1}[-x > \mathbf{1}] \odot (-x)\|_1",                "x", "gradient"),
    (r"\operatorname{relu}(\operatorname{tr}(B) w)",                 "B", "vec-jacobian"),
    # a sum over entries inside, and ones before a bracket that holds one
    (r"-\arctan(\sum_{i=1}^n \sin(w_i \frac{1}{2}))",                "w", "gradient"),
    (r"\sum_{i=1}^n \tanh(w_i (\mathbf{1}^T X^T z))",                "z", "gradient"),
    # torch finds the matrix singular
    (r"\log\det(S) + \det(x w^T)",                                   "w", "gradient"),
]  # fmt: skip


@pytest.mark.parametrize(("f", "wrt", "layout"), ONCE_WRONG)
def test_what_fuzzing_once_found_wrong_is_right(f: str, wrt: str, layout: str) -> None:
    found = derive.gradient(f, wrt, SYMBOLS, layout=layout)
    assert checks.against_autograd(found, found, wrt, layout=layout, examples=3).status != "refuted"
    assert checks.equal(found.closed_form.latex(), found, found.symbols).status != "refuted"
    assert found.latex()


#    two formulas that differ beyond a jump or kink that few draws pass
MISSED = [
    (r"\mathbb{1}[x > 1000 \mathbf{1}]",   r"0 x"),
    (r"\mathbb{1}[x > 5 \mathbf{1}]",      r"\mathbb{1}[x > \frac{501}{100} \mathbf{1}]"),
    (r"t \, \mathbb{1}[L^2 > S + 10^6 I]",   r"-t \, \mathbb{1}[L^2 > S + 10^6 I]"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), MISSED)
def test_what_draws_may_have_missed_is_not_verified(left: str, right: str) -> None:
    assert checks.equal(left, right, SYMBOLS).status not in {"proven", "verified"}


#    formulas that are equal although they have jumps or kinks
MET = [
    (r"\operatorname{relu}(x)",                        r"x \odot \mathbb{1}[x > 0]"),
    (r"|x|",                                           r"\operatorname{relu}(x) + \operatorname{relu}(-x)"),
    (r"\mathbb{1}[x > 0] \odot \mathbb{1}[x < 0]",     r"0 x"),
    (r"|s| x",                                         r"s x"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), MET)
def test_kinks_on_both_sides_of_which_draws_were_are_no_hindrance(left: str, right: str) -> None:
    assert checks.equal(left, right, SYMBOLS).status in {"proven", "verified"}


def test_a_derivative_by_a_number_that_has_no_rule_says_which_rule_is_missing() -> None:
    f = r"\sum_{i=1}^{n} \tanh(w_i (\sum_{i=1}^{n} \sigma(w_i t))^2)"
    with pytest.raises(NoRule, match="sums over the same index i"):
        derive.gradient(f, "t", {"w": "vector n", "t": "real", r"\sigma": "function"})
