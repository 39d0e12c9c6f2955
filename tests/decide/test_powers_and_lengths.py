"""Relations between powers and logarithms of names with a sign; lengths of differences behind functions and matrices."""

from __future__ import annotations

import pytest

from checks.api import holds

POWERS = {
    "beta": "between 0 and 1",
    "c": "greater than 1",
    "t": "positive",
    "u": "positive",
    "s": "negative",
    "k": "real",
    "v": "real",
}
ARRAYS = {
    "W": "matrix m n", "V": "matrix k m", "Q": "matrix m m, orthogonal", "x": "vector n", "e": "vector n",
    "H": "matrix n n, symmetric positive definite", "S": "matrix n n, symmetric",
}  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        (r"\beta^k t \le u \Leftrightarrow k \ge \log_\beta \frac{u}{t}", "proven"),
        (r"\beta^k t \le u \Rightarrow k \le \log_\beta \frac{u}{t}", "refuted"),
        (r"c^k t \le u \Rightarrow k \le \log_c \frac{u}{t}", "proven"),
        (r"c^k t \le u \Rightarrow k \ge \log_c \frac{u}{t}", "refuted"),
        (r"\beta^k \le -s \Rightarrow k \ge \frac{\ln(-s)}{\ln \beta}", "proven"),
        (r"k = \max(0, \lceil v \rceil) \Rightarrow k \ge v", "proven"),
        (r"k = \max(0, \lfloor v \rfloor) \Rightarrow k \ge v", "refuted"),
    ],
)
def test_dividing_by_a_negative_logarithm_turns_the_sign(statement, status):
    assert holds(statement, POWERS).status == status


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        (r"\|\operatorname{ReLU}(W x) - \operatorname{ReLU}(W e)\|_2 \le \|W\|_2 \|x - e\|_2", "proven"),
        (r"\|V \tanh(W (x + e)) - V \tanh(W x)\|_2 \le \|V\|_2 \|W\|_2 \|e\|_2", "proven"),
        (r"\|\operatorname{sigmoid}(W (x + e)) - \operatorname{sigmoid}(W x)\|_2 \le \frac{1}{4} \|W\|_2 \|e\|_2", "proven"),
        (r"\|\operatorname{sigmoid}(W (x + e)) - \operatorname{sigmoid}(W x)\|_2 \le \frac{1}{5} \|W\|_2 \|e\|_2", "refuted"),
        (r"\|\operatorname{ReLU}(W (x + e)) - \operatorname{ReLU}(W x)\|_2 \ge \|W\|_2 \|e\|_2", "refuted"),
        (r"\|Q W\|_2 = \|W\|_2", "proven"),
        (r"\|W x\|_2 \le \|Q W\|_2 \|x\|_2", "proven"),
        (r"\frac{1}{\lambda_{\max}(H)} \le \frac{x^T x}{x^T H x} \le \frac{1}{\lambda_{\min}(H)}", "proven"),
        (r"\frac{x^T x}{x^T H x} \ge \frac{1}{\lambda_{\min}(H)}", "refuted"),
        (r"x^T S x \ge \lambda_{\min}(S) x^T x", "proven"),
        (r"\lambda_{\min}(H) > 0", "proven"),
        (r"\lambda_{\min}(S) > 0", "refuted"),
    ],
)  # fmt: skip
def test_lengths_are_compared_by_slopes_norms_and_eigenvalues(statement, status):
    assert holds(statement, ARRAYS).status == status


def test_what_an_arrow_between_arrays_has_the_wrong_way_round_is_said():
    verdict = holds(r"x^T x \le 2 \Rightarrow x^T x \le 1", ARRAYS)
    assert (verdict.status, verdict.code) == ("refuted", "implied-by")
