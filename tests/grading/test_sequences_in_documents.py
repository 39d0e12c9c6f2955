"""Submissions about recurrences: first terms, dots, closed forms and expectations, step by step."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.certify import certify
from checks.grading import grade
from checks.report.wording import point
from derive.problem import Problem

RIGHT = r"""
$$v_0 = 0$$

$$v_1 = \beta_2 v_0 + (1-\beta_2) g_1^2 = (1-\beta_2) g_1^2$$

$$v_2 = \beta_2 v_1 + (1-\beta_2) g_2^2 = (1-\beta_2)(\beta_2 g_1^2 + g_2^2)$$

$$v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2 = (1-\beta_2)(\beta_2^{t-1} g_1^2 + \dots + g_t^2)
= (1-\beta_2) \sum_{i=1}^{t} \beta_2^{t-i} g_i^2$$

$$m_t = (1-\beta_1) \sum_{i=1}^{t} \beta_1^{t-i} g_i$$

$$\mathbb{E}[v_t] = (1-\beta_2) \sum_{i=1}^{t} \beta_2^{t-i} \mathbb{E}[g_i^2] = (1-\beta_2) \mathbb{E}[g^2] \sum_{i=1}^{t} \beta_2^{t-i}
= \mathbb{E}[g^2] (1-\beta_2^{t})$$

$$E[\hat{v}_t] = E[g^2]$$
"""
ADAMAX = r"""
$$\lim_{P \to \infty} \left((1 - \beta_2^P) \sum_{i=1}^t \beta_2^{P(t-i)} |g_i|^P\right)^{1/P} = \max_{1 \leq i \leq t} \beta_2^{t-i} |g_i|$$

$$u_t = \max(\beta_2 u_{t-1}, |g_t|) = \max_{1 \leq i \leq t} \beta_2^{t-i} |g_i|$$
"""


def graded(tmp_path: Path, text: str, problem: str):
    file = tmp_path / "submission.md"
    file.write_text(text, "utf-8")
    return grade(file, problem).submissions[0]


@pytest.mark.parametrize(("text", "problem"), [(RIGHT, "adam-moments"), (ADAMAX, "adamax")])
def test_a_right_derivation_gets_every_point(tmp_path, text, problem):
    report = graded(tmp_path, text, problem)
    assert {line.verdict for line in report.lines} == {"correct"}
    assert all(question.verdict == "correct" for question in report.questions), report.questions


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        (r"(1-\beta_2)(\beta_2 g_1^2 + g_2^2)", r"(1-\beta_2)(\beta_2 g_1^2 + g_2)", "not-equal"),
        (r"(1-\beta_2)(\beta_2 g_1^2 + g_2^2)", r"\beta_2 g_1^2 + g_2^2", "missing-factor"),
        (r"m_t = (1-\beta_1) \sum", r"m_t = \sum", "missing-factor"),
        (r"\beta_1^{t-i} g_i", r"\beta_1^{t-i+1} g_i", "power"),
        (r"\sum_{i=1}^{t} \beta_1", r"\sum_{i=0}^{t} \beta_1", "extra-term"),
        (r"\sum_{i=1}^{t} \beta_1", r"\sum_{i=1}^{t-1} \beta_1", "missing-term"),
        (r"E[\hat{v}_t] = E[g^2]", r"E[\hat{v}_t] = E[g]^2", "not-equal"),
        (r"= \mathbb{E}[g^2] (1-\beta_2^{t})", r"= \mathbb{E}[g^2] (1-\beta_2^{t-1})", "not-equal"),
    ],
)
def test_one_wrong_step_is_found_and_named(tmp_path, right, wrong, code):
    assert right in RIGHT
    report = graded(tmp_path, RIGHT.replace(right, wrong, 1), "adam-moments")
    found = [line for line in report.lines if line.verdict != "correct"]
    assert [line.verdict for line in found] == ["incorrect"]
    assert found[0].code == code
    assert found[0].counterexample


def test_the_closed_form_does_not_show_the_limit(tmp_path):
    report = graded(tmp_path, ADAMAX[ADAMAX.index("$$u_t") :], "adamax")
    verdicts = {question.id: question.verdict for question in report.questions}
    assert verdicts == {"closed-form": "correct", "limit": "missing"}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("E[g_i^2] = E[g^2]", "definition"), ("E[g_i^2] = E[g_1^2]", "definition"), ("E[g_i^2] = E[g]", "incorrect"),
     ("E[g_i^2] = E[g]^2", "incorrect"), ("2 E[g_i^2] = E[g^2] + E[g_1^2]", "correct")],
)  # fmt: skip
def test_that_the_terms_are_of_one_law_is_declared(tmp_path, text, verdict):
    assert [line.verdict for line in graded(tmp_path, f"$${text}$$", "adam-moments").lines] == [verdict]


def test_a_distribution_is_said_in_words(tmp_path):
    step = graded(tmp_path, "$$E[g_i^2] = E[g]$$", "adam-moments").lines[0]
    assert point(step) == "at $i = 1$, $g$ = 1 or 2, each with probability 1/2"


def test_a_wrong_expectation_is_mended_in_moments(tmp_path):
    report = graded(tmp_path, "$$E[v_t] = E[g]^2$$", "adam-moments")
    assert report.lines[0].suggestion == r"\mathbb{E}[g^2] (1 - \beta_2^t)"


def test_the_recurrence_alone_is_no_closed_form(tmp_path):
    report = graded(tmp_path, r"$$v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2$$", "adam-moments")
    assert [line.verdict for line in report.lines] == ["correct"]
    assert next(q for q in report.questions if q.id == "second-moment").verdict == "undecided"


def test_a_problem_with_an_undeclared_index_and_a_symbolic_start_is_certified():
    symbols = {"mu": "between 0 and 1", "alpha": "positive", "g": "random, iid", "theta_0": "real"}
    given = [r"b_n = \mu b_{n-1} + g_n", "b_0 = 0", r"\theta_n = \theta_{n-1} - \alpha b_n"]
    asked = [{"id": "mean", "ask": "E[b_n]"}, {"id": "place", "ask": r"\theta_n"}]
    unit = Problem.from_dict({"id": "unit", "symbols": symbols, "part": [{"given": given}], "question": asked})
    found = certify(unit)
    assert found.holds, found.failures
    assert found.mutants_refuted == found.mutants_differing >= 40
    place = unit.derivation(unit.question("place")).closed_form.latex()
    assert place == r"\theta_0 - \alpha (\sum_{i=1}^{n} \sum_{j=1}^{i} \mu^{i - j} g_j)"
