"""A callable gradient that answers NaN or an infinity where the derivative is an ordinary number is wrong there."""

from __future__ import annotations

from math import inf, nan

import pytest
import torch

from checks import against_autograd

REALS = {"x": "real"}


def double_but(value, condition):
    """2x, with another value where a condition holds."""
    return lambda x: torch.where(condition(x), torch.full_like(x, value), 2 * x)


@pytest.mark.parametrize("value", [nan, inf, -inf])
@pytest.mark.parametrize("f", ["x^2", lambda x: x**2])
@pytest.mark.parametrize(("condition", "point"), [
    (lambda x: x > 3,       "4"),
    (lambda x: x == 0,      "0"),
    (lambda x: x < -50,     None),
    (lambda x: x.abs() >= 0, "0"),
])  # fmt: skip
def test_a_value_that_is_missing_refutes(value, f, condition, point):
    verdict = against_autograd(double_but(value, condition), f, "x", REALS, examples=40)
    assert (verdict.status, verdict.code) == ("refuted", "autograd"), verdict
    assert verdict.values[0] == repr(value)
    assert condition(torch.tensor(float(verdict.counterexample["x"])))
    assert point is None or verdict.counterexample == {"x": point}


@pytest.mark.parametrize(("gradient", "f"), [
    (lambda x: 1 / x,                        r"\ln x"),                # f has no value for x ≤ 0
    (lambda x: 1 / x,                        torch.log),
    (lambda x: 0.5 / torch.sqrt(x),          r"\sqrt{x}"),             # autograd is infinite at 0
    (lambda x: 2 * x * torch.exp(x * x),     "e^{x^2}"),               # both overflow
    (lambda x: x / x.abs(),                  r"\left|x\right|"),       # at the kink there is no derivative
    (lambda x: x / x.abs(),                  torch.abs),
])  # fmt: skip
def test_points_without_a_derivative_are_left_out(gradient, f):
    verdict = against_autograd(gradient, f, "x", REALS, examples=40)
    assert verdict.status == "verified", verdict
    assert "left out" in verdict.evidence


def test_a_formula_without_a_value_is_left_out():
    verdict = against_autograd(r"2\sqrt{x}^2", "x^2", "x", REALS, examples=40)
    assert verdict.status == "verified"
    assert "where autograd has a value and the gradient has none" in verdict.evidence


def test_a_wrong_number_beside_missing_values_is_found_all_the_same():
    wrong = lambda x: torch.where(x == 0, torch.full_like(x, nan), torch.where(x > 5, 3 * x, 2 * x))  # noqa: E731
    assert against_autograd(wrong, lambda x: x**2 + x.abs() * 0, "x", REALS, examples=40).status == "refuted"
