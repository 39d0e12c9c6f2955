"""Gradients of what is written with indices, dots and families: the form a book prints, and autograd agrees."""

from __future__ import annotations

import pytest

import checks
import derive
from derive.errors import NoRule

SPECS = {
    "x": "vector n", "a": "vector n", "w": "vector n", "y": "vector m", "A": "matrix n n", "X": "matrix m n",
    "r": "rows of X", "v": "family m of vector n", r"\sigma": "function, logistic sigmoid",
}  # fmt: skip


@pytest.mark.parametrize(
    ("f", "wrt", "printed"),
    [
        (r"a_1 x_1 + a_2 x_2 + \dots + a_n x_n", "x", "a"),
        (r"[a_1, \dots, a_n] x", "x", "a"),
        (r"\sum_{i=1}^n \sum_{j=1}^n x_i a_{ij} x_j", "x", "(A + A^T) x"),
        (r"\sum_{i=1}^n \sum_{j=1}^n x_i a_{ij} x_j", "A", "x x^T"),
        (r"(\sum_{i=1}^n x_i a_{i1}) x_1 + \dots + (\sum_{i=1}^n x_i a_{in}) x_n", "x", "(A + A^T) x"),
        (r"\begin{bmatrix} x_1 \\ \vdots \\ x_n \end{bmatrix}^T A x", "x", "(A + A^T) x"),
        (r"x_1^2 + \dots + x_n^2", "x", "2 x"),
        (r"\sum_{i=1}^m r_i^T A r_i", "X", "X (A^T + A)"),
        (r"\sum_i \log(1 + \exp(-y_i v_i^T x))", "x", r"-\sum_{i=1}^{m} \frac{y_i}{1 + \exp(y_i v_i^T x)} v_i"),
        (r"\sum_i (v_i^T w - y_i)^2", "w", r"2 (\sum_{i=1}^{m} (v_i^T w - y_i) v_i)"),
    ],
)  # fmt: skip
def test_a_gradient_is_printed_as_in_a_book_and_agrees_with_autograd(f: str, wrt: str, printed: str) -> None:
    derived = derive.gradient(f, wrt, SPECS)
    assert str(derived.closed_form) == printed
    assert checks.against_autograd(derived, f, wrt, SPECS, examples=20).status == "verified"
    again = checks.equal(derived.closed_form.latex(), derived, derived.symbols)
    assert again.status == "proven", again.evidence


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        (r"-\sum_{i=1}^m y_i \sigma(-y_i v_i^T x) v_i", "verified"),
        (r"-\sum_{i=1}^m y_i (1 - \sigma(y_i v_i^T x)) v_i", "verified"),
        (r"\sum_{i=1}^m y_i \sigma(-y_i v_i^T x) v_i", "refuted"),
        (r"-\sum_{i=1}^m \sigma(-y_i v_i^T x) v_i", "refuted"),
        (r"-\sum_{i=1}^m y_i \sigma(-y_i v_i^T x) x", "refuted"),
    ],
)
def test_the_gradient_of_the_logistic_loss_is_judged(claim: str, status: str) -> None:
    derived = derive.gradient(r"\sum_i \log(1 + \exp(-y_i v_i^T x))", "x", SPECS)
    found = checks.equal(claim, derived, SPECS)
    assert (found.status in {"proven", "verified"}) == (status == "verified"), found.evidence
    assert (found.status == "refuted") == (status == "refuted"), found.evidence


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        (r"\frac{\partial (x^T A x)}{\partial x_2} = a_{21} x_1 + \sum_{i=1}^n x_i a_{i2} + a_{22} x_2 + \dots + a_{2n} x_n", "proven"),
        (r"\frac{\partial (x^T A x)}{\partial x_1} = \sum_{i=1}^n x_i a_{ii} + a_{11} x_1 + a_{12} x_2 + \dots + a_{1n} x_n", "refuted"),
        (r"\left[\frac{\partial (a^T x)}{\partial x_1}, \frac{\partial (a^T x)}{\partial x_2}, \dots, \frac{\partial (a^T x)}{\partial x_n}\right]"
         r" = [a_1, a_2, \dots, a_n] = a^T", "proven"),
        (r"\left[\frac{\partial (X x)}{\partial x_1}, \dots, \frac{\partial (X x)}{\partial x_n}\right] = X", "proven"),
        (r"\left[\frac{\partial (X x)}{\partial x_1}, \dots, \frac{\partial (X x)}{\partial x_n}\right] = 2 X", "refuted"),
    ],
)  # fmt: skip
def test_derivatives_by_entries_are_judged(claim: str, status: str) -> None:
    verdict = checks.holds(claim, SPECS)
    assert verdict.status == status, verdict.evidence


@pytest.mark.parametrize("f", ["x_1 a_1 + x_2^2", r"\sum_{i=1}^n x_i a_{i2}", r"\sum_{i=1}^{n-1} x_i x_{i+1}"])
def test_what_has_no_matrix_form_has_no_rule(f: str) -> None:
    with pytest.raises(NoRule, match="no rule"):
        derive.gradient(f, "x", SPECS)


INDEXED = {**SPECS, "i": "index n", "j": "index n", r"\delta": "Kronecker delta", "z": "vector n"}


@pytest.mark.parametrize(
    ("derivative", "value", "status"),
    [
        (r"\frac{\partial}{\partial x_1} (x_1 a_1 + x_2^2)", "a_1", "proven"),
        (r"\frac{\partial}{\partial x_1} (x_1 a_1 + x_2^2)", "2 x_2", "refuted"),
        (r"\frac{\partial}{\partial x_i} \sum_{l=1}^n \sigma(x_l a_l)", r"\sigma'(x_i a_i) a_i", "verified"),
        (r"\frac{\partial}{\partial a_{ij}} \sum_{l=1}^n x_l A_{l2}", r"x_i \delta_{j2}", "proven"),
        (r"\frac{\partial}{\partial a_{ij}} \sum_{l=1}^n x_l A_{l2}", "x_i", "refuted"),
        (r"\frac{\partial (x_j^2 x^T A x)}{\partial x_i}", r"2 x_j \delta_{ij} x^T A x + x_j^2 ((A + A^T) x)_i", "proven"),
        (r"\frac{\partial (A x)_i}{\partial x_j}", "A_{ij}", "proven"),
        (r"\frac{\partial (A x)_i}{\partial x_j}", "A_{ji}", "refuted"),
        (r"\frac{\partial^2 (\sum_{l=1}^n x_l^3)}{\partial x_i \partial x_j}", r"6 x_i \delta_{ij}", "proven"),
        (r"\frac{\partial}{\partial x_i} \log \sum_{l=1}^n e^{x_l}", r"\frac{e^{x_i}}{\sum_{l=1}^n e^{x_l}}", "proven"),
        (r"\frac{\partial}{\partial z_j} \frac{e^{z_i}}{\sum_{l=1}^n e^{z_l}}",
         r"\frac{e^{z_i}}{\sum_{l=1}^n e^{z_l}} (\delta_{ij} - \frac{e^{z_j}}{\sum_{l=1}^n e^{z_l}})", "verified"),
        (r"\frac{\partial}{\partial z_j} \frac{e^{z_i}}{\sum_{l=1}^n e^{z_l}}",
         r"\frac{e^{z_i}}{\sum_{l=1}^n e^{z_l}} (1 - \frac{e^{z_j}}{\sum_{l=1}^n e^{z_l}})", "refuted"),
    ],
)  # fmt: skip
def test_derivatives_by_an_entry_of_what_is_written_with_entries(derivative: str, value: str, status: str) -> None:
    found = checks.equal(derivative, value, INDEXED)
    assert found.status in ({"proven", "verified"} if status == "verified" else {status}), found.evidence


def test_a_sum_that_begins_late_is_proven_only_where_smaller_sizes_have_no_value() -> None:
    late = r"\sum_{l=4}^n x_l"
    assert checks.equal(rf"x_1 + x_2 + x_3 + {late}", r"\sum_{l=1}^n x_l", SPECS).status == "proven"
    assert checks.equal(rf"{late} t", r"t \sum_{l=1}^n x_l - t x_1", {**SPECS, "t": "real"}).status == "refuted"
    assert checks.equal(r"\sum_{l=4}^n a_1", "(n - 3) a_1", SPECS).status == "refuted"
