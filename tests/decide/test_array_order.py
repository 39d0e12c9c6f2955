"""Inequalities of norms, inner products, quadratic forms and sums of symbolic size, and A ⪯ B."""

from __future__ import annotations

from fractions import Fraction

import pytest

import checks
from checks import holds

WEIGHTED = {
    "n": "dimension",
    "i": "index n",
    "alpha": "vector n",
    "lambda": "vector n, positive",
    "u": "positive",
    "l": "positive",
}
MEAN = r"\frac{\sum_{i=1}^n \alpha_i^2}{\sum_{i=1}^n \alpha_i^2 \lambda_i}"
PAIR = {"x": "vector n", "y": "vector n"}
FORM = {"x": "vector n", "H": "matrix n n, symmetric", "I": "identity n", "m": "real"}
LAYER = {"W": "matrix m n", "x": "vector n", "e": "vector n"}
DEFINITE = {
    "g": "vector n",
    "H": "matrix n n, symmetric positive definite",
    "epsilon": "positive",
    "b": "positive",
    "A": "matrix n n",
    "x": "vector n",
    "y": "vector n",
}
DESCENT = {
    "g": "vector n",
    "d": "vector n",
    "beta": "between 0 and 1",
    "k": "real",
    "m": "positive",
    "t": "positive",
}
BEST = r"\frac{g^T g}{g^T H g}"
SET = r"-g^T g + \epsilon g^T H g = 0"
BACK = r"\beta^k t \le -\frac{g^T d}{m \|d\|_2^2}"
COUNT = r"\log_\beta\left(-\frac{g^T d}{m \|d\|_2^2 t}\right)"
SHARES = {"p": "vector 3, probability vector", "I": "identity 3"}

TRUE = [
    (rf"l \le \lambda_i \le u \Rightarrow \frac{{1}}{{u}} \le {MEAN} \le \frac{{1}}{{l}}", WEIGHTED),
    (r"\left(\sum_{i=1}^n \alpha_i\right)^2 \le n \sum_{i=1}^n \alpha_i^2", WEIGHTED),
    (r"\sum_{i=1}^n \alpha_i^2 \lambda_i \ge 0", WEIGHTED),
    (r"|x^T y| \le \|x\| \|y\|", PAIR),
    (r"\|x + y\| \le \|x\| + \|y\|", PAIR),
    (r"\|x\| - \|y\| \le \|x - y\|", PAIR),
    (r"\|x + y\|^2 \le 2\|x\|^2 + 2\|y\|^2", PAIR),
    (r"\|W x\| \le \|W\|_2 \|x\|", LAYER),
    (r"\|W (x + e) - W x\| \le \|W\|_2 \|e\|", LAYER),
    (r"\|W x\| \le \|W\|_F \|x\|", LAYER),
    (r"x^T W^T W x \ge 0", LAYER),
    (r"W^T W \succeq 0", LAYER),
    (r"x x^T \preceq x^T x I", FORM),
    (r"x^T H x \le \lambda_{\max}(H) x^T x", FORM),
    (r"\frac{x^T x}{x^T H x} \ge \frac{1}{\lambda_{\max}(H)}", {"x": "vector n", "H": "matrix n n, symmetric positive definite"}),
    (r"H \preceq m I \Rightarrow x^T H x \le m \|x\|^2", FORM),
    (rf"{SET} \Rightarrow \epsilon = \frac{{g^T g}}{{g^T H g}}", DEFINITE),
    (r"b g^T g = 1 \Rightarrow b \ge 0", DEFINITE),
    (r"A x = y \Rightarrow x^T A x = x^T y", DEFINITE),
    (r"A x = 0 \Rightarrow x^T A x = 0", DEFINITE),
    (rf"H g = b g \Rightarrow {BEST} = \frac{{1}}{{b}}", DEFINITE),
    (rf"H g = \lambda_{{\max}}(H) g \Rightarrow {BEST} = \frac{{1}}{{\lambda_{{\max}}(H)}}", DEFINITE),
    (rf"H g = \lambda_{{\min}}(H) g \Rightarrow {BEST} = \frac{{1}}{{\lambda_{{\min}}(H)}}", DEFINITE),
    (rf"{BACK} \Rightarrow k \ge {COUNT}", DESCENT),
    (rf"k \ge {COUNT} \Rightarrow {BACK}", DESCENT),
    (r"\operatorname{diag}(p) - p p^T \preceq \frac{1}{2} I", SHARES),
    (r"\operatorname{diag}(p) - p p^T \succeq 0", SHARES),
    (r"\operatorname{diag}(p) - p p^T \preceq \frac{1}{2} I", {"p": "vector 2, probability vector", "I": "identity 2"}),
]  # fmt: skip
FALSE = [
    (rf"l \le \lambda_i \le u \Rightarrow {MEAN} \le \frac{{1}}{{u}}", WEIGHTED),
    (rf"l \le \lambda_i \le u \Rightarrow {MEAN} \ge \frac{{2}}{{u}}", WEIGHTED),
    (r"\left(\sum_{i=1}^n \alpha_i\right)^2 \le \frac{n}{2} \sum_{i=1}^n \alpha_i^2", WEIGHTED),
    (r"\left(\sum_{i=1}^n \alpha_i\right)^2 \ge \sum_{i=1}^n \alpha_i^2", WEIGHTED),
    (r"x^T y \ge 0", PAIR),
    (r"\|x + y\| \ge \|x\| + \|y\|", PAIR),
    (r"\|x + y\| \le \|x\| + \frac{9}{10}\|y\|", PAIR),
    (r"\|x + y\|^2 \le \|x\|^2 + \|y\|^2", PAIR),
    (r"x^T H x \ge 0", FORM),
    (rf"{SET} \Rightarrow \epsilon = -\frac{{g^T g}}{{g^T H g}}", DEFINITE),
    (rf"{SET} \Rightarrow b = \frac{{g^T g}}{{g^T H g}}", DEFINITE),
    (r"b g^T g = 1 \Rightarrow b = 1", DEFINITE),
    (r"A x = y \Rightarrow x^T x = x^T y", DEFINITE),
    (rf"H g = b g \Rightarrow {BEST} = b", DEFINITE),
    (rf"H g = \lambda_{{\max}}(H) g \Rightarrow {BEST} = \frac{{1}}{{\lambda_{{\min}}(H)}}", DEFINITE),
    (rf"H g = \lambda_{{\min}}(H) g \Rightarrow {BEST} = \frac{{1}}{{\lambda_{{\max}}(H)}}", DEFINITE),
    (r"M g = b g \Rightarrow g^T M g = 2 b g^T g", {**DEFINITE, "M": "matrix n n, invertible"}),
    (rf"{BACK} \Rightarrow k \le {COUNT}", DESCENT),
    (rf"k \le {COUNT} \Rightarrow {BACK}", DESCENT),
    (r"x^T H x \le m x^T x", FORM),
    (r"\operatorname{diag}(p) - p p^T \preceq \frac{1}{4} I", SHARES),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "symbols"), TRUE)
def test_laws_are_proven_for_all_sizes(statement: str, symbols: dict[str, str]) -> None:
    verdict = holds(statement, symbols)
    assert verdict.status == "proven", verdict


@pytest.mark.parametrize(("statement", "symbols"), FALSE)
def test_false_versions_are_refuted_with_small_arrays(statement: str, symbols: dict[str, str]) -> None:
    verdict = holds(statement, symbols)
    assert verdict.status == "refuted", verdict
    assert verdict.counterexample


@pytest.mark.parametrize("conclusion", [r"x^T A x = x^T y", r"x^T A x \le x^T y", r"\|y\| \le \|A\|_2 \|x\|"])
def test_an_equation_between_vectors_is_supposed_in_every_entry(conclusion: str) -> None:
    assert holds(rf"A x = y \Rightarrow {conclusion}", DEFINITE).status != "refuted"


def test_the_point_against_a_conclusion_solves_the_equation_supposed() -> None:
    verdict = holds(r"b g^T g = 1 \Rightarrow b = 2", {"g": "vector 1", "b": "positive"})
    assert verdict.status == "refuted"
    assert verdict.counterexample is not None
    g, b = (Fraction(verdict.counterexample[name]) for name in ("g", "b"))
    assert b * g * g == 1


def test_a_point_against_a_conclusion_has_what_is_declared() -> None:
    symbols = {"M": "matrix n n, invertible", "x": "vector n", "y": "vector n"}
    verdict = holds(r"M x = y \Rightarrow x^T x \le y^T y", symbols)
    assert verdict.status == "refuted"
    assert verdict.counterexample is not None
    assert holds(rf"\det{verdict.counterexample['M']} = 0", {}).status == "refuted"


def test_the_softmax_jacobian_is_at_most_half_the_identity() -> None:
    symbols = {"z": "vector 3", "I": "identity 3"}
    where = {"s": r"\operatorname{softmax}(z)"}
    verdict = holds(r"\operatorname{diag}(s) - s s^T \preceq \frac{1}{2} I", symbols, where=where)
    assert verdict.status == "proven", verdict


def test_the_order_of_matrices_asks_for_symmetric_ones() -> None:
    assert holds(r"A \preceq A", {"A": "matrix n n"}).status == "undecided"


def test_sums_over_part_of_the_entries_prove_nothing() -> None:
    symbols = {"n": "dimension", "x": "vector n"}
    verdict = holds(r"\left(\sum_{i=2}^n x_i\right)^2 \le n \sum_{i=1}^n x_i^2", symbols)
    assert verdict.status == "undecided", verdict


def test_premises_that_contradict_each_other_prove_nothing_about_arrays() -> None:
    verdict = holds(r"x^T x < 0 \Rightarrow x^T H x \le 1", FORM)
    assert verdict.status == "undecided", verdict


@pytest.mark.parametrize("statement", ["x^T x > 0", r"\|x + y\| < \|x\| + \|y\|", "x^T P x > 0", r"\|B\|_F > 0"])
def test_what_fails_for_nothing_but_zeros_is_refuted_there(statement: str) -> None:
    symbols = {"x": "vector n", "y": "vector n", "P": "matrix n n, positive definite", "B": "matrix m n"}
    verdict = checks.holds(statement, symbols)
    assert verdict.status == "refuted"
    assert "is strict" in verdict.evidence
