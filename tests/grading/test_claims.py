"""Statements to be shown: a problem asks for them, the program decides them, a submission answers them by stating them."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.certify import certify
from checks.claims import statement_mutants
from checks.grading import grade
from derive import parse
from derive.errors import BadSpec, NoRule
from derive.problem import Problem
from derive.write import latex


def problem(**question: object) -> dict[str, object]:
    return {
        "id": "softplus-facts",
        "symbols": {"z": "real"},
        "part": [{"name": "main", "given": [r"s = \ln(1 + e^z)", r"p = \frac{1}{1 + e^{-z}}", r"r = \operatorname{ReLU}(z)"]}],
        "question": [{"id": "asked", **question}],
    }  # fmt: skip


def test_a_claim_that_holds_is_certified_with_its_mutants():
    rejected = {"latex": "s < 1", "code": "counterexample"}
    asked = problem(claim=r"0 < \frac{\partial s}{\partial z} < 1", accepts=["p > 0"], rejects=[rejected])
    certificate = certify(Problem.from_dict(asked))
    assert certificate.holds, certificate.failures
    assert (certificate.claims, certificate.claims_proven) == (1, 1)
    assert certificate.mutants_refuted == certificate.mutants_differing >= 2


@pytest.mark.parametrize(
    ("question", "failure"),
    [
        ({"claim": "s < 1"}, "is refuted"),
        ({"claim": "p < 1", "accepts": ["p < 0"]}, "the accepted statement p < 0 is refuted"),
        ({"claim": "p < 1", "rejects": [{"latex": "p > 0", "code": "counterexample"}]}, "is proven"),
        ({"claim": "p < 1", "rejects": [{"latex": "p > 2", "code": "sign"}]}, "the entry says sign"),
    ],
)
def test_a_claim_that_fails_and_forms_that_do_not_fit_it_fail_the_certificate(question, failure):
    certificate = certify(Problem.from_dict(problem(**question)))
    assert any(failure in sentence for sentence in certificate.failures), certificate.failures


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"claim": "p"}, "a claim is a relation"),
        ({"ask": "p < 1"}, "a relation to be shown is a claim"),
        ({"ask": "p", "claim": "p < 1"}, "one of ask"),
        ({}, "one of ask"),
    ],
)
def test_a_question_is_a_formula_or_a_claim(question, message):
    with pytest.raises(BadSpec, match=message):
        Problem.from_dict(problem(**question))


def test_a_claim_has_no_closed_form():
    asked = Problem.from_dict(problem(claim="p < 1"))
    with pytest.raises(NoRule, match="statement"):
        asked.derivation(asked.question("asked"))


@pytest.mark.parametrize(
    ("claim", "text", "verdict"),
    [
        ("0 < p < 1", "$p > 0$, and $p < 1$", "correct"),
        ("0 < p < 1", r"$0 < \frac{e^z}{1 + e^z} < 1$", "correct"),
        ("0 < p < 1", "$p > 0$", "missing"),  # half of it
        ("0 < p < 1", "$0 < p \\le 1$", "undecided"),  # true, and less than is asked
        ("0 < p < 1", "$p > 1$", "incorrect"),
        ("p < 1", "$p > 0$", "missing"),
        (r"\operatorname{ReLU}(r) = r", r"$\operatorname{ReLU}(\operatorname{ReLU}(z)) = r$", "correct"),
        (r"\operatorname{ReLU}(r) = r", r"$\operatorname{ReLU}(r) = r + 1$", "missing"),
        (r"z = 0 \Rightarrow p = \frac12", r"$z = 0 \Rightarrow p = \frac12$", "correct"),
        ("p < 1", "We know $p$.", "missing"),
    ],
)
def test_a_submission_answers_a_claim_by_stating_it(claim, text, verdict, tmp_path: Path):
    file = tmp_path / "work.md"
    file.write_text(text + "\n")
    report = grade(file, [Problem.from_dict(problem(claim=claim))])
    assert report.submissions[0].questions[0].verdict == verdict


def test_mutants_of_a_statement_turn_a_relation_or_change_a_side():
    found = {latex(mutant.tree) for mutant in statement_mutants(parse("0 < x < 2 y", {"x": "real", "y": "real"}).tree)}
    assert {r"0 \ge x < 2 y", r"0 < x \ge 2 y"} <= found
    assert any("-" in text for text in found)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"$C_2 = \frac14 A_2$", "correct"),
        (r"$C_2 = \frac12 A_2$", "incorrect"),
        (r"$d_2 = \frac12 b_2 + \frac14 A_2 \mathbf{1}_{n_1}$", "correct"),
        (r"$d_2 = \frac12 b_2$", "incorrect"),
    ],
)
def test_a_name_that_is_asked_for_is_judged_as_an_answer(text, verdict, tmp_path: Path):
    file = tmp_path / "work.md"
    file.write_text(text + "\n")
    asked = text[1:4].replace("_", "").lower()
    report = grade(file, "tanh-sigmoid")
    assert next(q.verdict for q in report.submissions[0].questions if q.id == asked) == verdict


INPUTS = {
    "id": "inputs",
    "symbols": {"x": "real", "sigma": {"spec": "function, logistic sigmoid", "latex": [r"\sigma"]}},
    "part": [{"name": "main", "given": [r"y = x \sigma(x)"]}],
}


@pytest.mark.parametrize(
    ("claim", "text", "verdict"),
    [
        (r"e^x \ge 1 + x", r"$e^x \ge 1 + x$", "correct"),
        (r"e^x \ge 1 + x", r"$e^x - x - 1 \ge 0$", "correct"),
        (r"e^x \ge 1 + x", r"$1 + x \le e^x$", "correct"),
        (r"e^x \ge 1 + x", r"$e^x \le 1 + x$", "incorrect"),
        (r"e^x \ge 1 + x", "$e^x > 1 + x$ for $x > 0$.", "undecided"),
        (r"e^x \ge 1 + x", "Let $x = 2$.", "missing"),
        (r"x > 1 \Rightarrow x^2 > x", r"$x > 1 \Rightarrow x^2 > x$", "correct"),
        (r"x > 1 \Rightarrow x^2 > x", "If $x > 1$ then $x^2 = x x > x$.", "undecided"),
        (r"\sigma is Lipschitz with constant \frac14", r"Hence $\sigma$ is Lipschitz with constant $\frac14$. Also $y$ is odd.", "correct"),
        (r"\sigma is Lipschitz with constant \frac14", r"$\sigma$ is Lipschitz with constant $1$.", "undecided"),
        (r"\sigma is Lipschitz with constant \frac14", r"$\sigma$ is Lipschitz with constant $\frac15$.", "incorrect"),
        (r"\sigma is Lipschitz with constant \frac14", r"So $\sigma$ has Lipschitz constant $\frac14$.", "correct"),
        (r"\sigma is Lipschitz with constant \frac14", r"So $\sigma$ has Lipschitz constant $0.2$.", "incorrect"),
        (r"\sigma is Lipschitz with constant \frac14", r"$\sigma$ is increasing.", "missing"),
        (r"y is not convex", r"$y$ is not convex in $x$ and $\sigma$ is increasing", "correct"),
    ],
)  # fmt: skip
def test_claims_about_inputs_and_in_words_are_answered_by_stating_them(claim, text, verdict, tmp_path: Path):
    file = tmp_path / "work.md"
    file.write_text(text + "\n")
    report = grade(file, [Problem.from_dict({**INPUTS, "question": [{"id": "asked", "claim": claim}]})])
    assert report.submissions[0].questions[0].verdict == verdict


def test_an_order_that_holds_where_the_sentence_says_is_not_called_wrong(tmp_path: Path):
    file = tmp_path / "work.md"
    file.write_text("$e^x > 1 + x$ for $x > 0$. But $e^x < 1 + x$ for $x < 0$.\n")
    report = grade(file, [Problem.from_dict({**INPUTS, "question": [{"id": "asked", "claim": r"e^x \ge 1 + x"}]})])
    assert [line.verdict for line in report.submissions[0].lines if ">" in line.raw and "e" in line.raw] == ["correct"]
    assert [line.verdict for line in report.submissions[0].lines if "<" in line.raw and "e" in line.raw] == [
        "incorrect"
    ]
