"""Which problem of a set a formula belongs to, and questions that two problems ask alike."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import SubmissionReport
from checks.submission import read_document
from derive import catalog

ALL = tuple(catalog)
PLAIN = r"\frac{\partial y}{\partial w_1} = w^4 x \sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)\sigma'(z_1)"
SKIP = r"\frac{\partial y^*}{\partial b_1} = (w^2\sigma'(z_4)+1)(w^2\sigma'(z_2)+1)\sigma'(z_5^*)\sigma'(z_3^*)\sigma'(z_1)"


def graded(text: str, *problems: str) -> SubmissionReport:
    return grade_document(read_document("work.md", text.encode()), [Assignment(catalog[p]) for p in problems])


def owners(lines: list[str], *problems: str) -> list[str | None]:
    return [step.problem for step in graded("\n\n".join(f"$${line}$$" for line in lines), *problems).lines]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([r"\frac{\partial (a^T x)}{\partial x} = a^T", r"f = x^T A x", r"\frac{\partial f}{\partial x} = (A + A^T) x"], "matrix-calculus"),
        (["v_0 = 0", r"v_1 = \beta_2 v_0 + (1 - \beta_2) g_1^2", r"E[v_t] = E[g^2] (1 - \beta_2^t)"], "adam-moments"),
        ([r"u_t = \max(\beta_2 u_{t-1}, |g_t|)"], "adamax"),
        ([r"y_1 = \sigma(A_1 x + b_1)", r"C_2 = \frac14 A_2"], "tanh-sigmoid"),
        ([r"z_1 = w_1 x + b_1", r"h_1 = \sigma(z_1)", r"z_3^* = w h_2 + h_1 + b"], "skip-connection"),
    ],
)  # fmt: skip
def test_formulas_find_their_problem_among_all_of_the_catalogue(lines: list[str], problem: str) -> None:
    assert set(owners(lines, *ALL)) == {problem}


def test_a_name_reused_for_the_one_with_a_star_is_read_in_the_problem_that_has_the_star() -> None:
    lines = [r"z_1 = w_1 x + b_1", r"h_1 = \sigma(z_1)", r"z_2 = w h_1 + b", r"h_2 = \sigma(z_2)", r"z_3 = w h_2 + h_1 + b",
             r"h_3^* = \sigma(w h_2 + h_1 + b)"]  # fmt: skip
    steps = graded("\n\n".join(f"$${line}$$" for line in lines), *ALL).lines
    assert [step.verdict for step in steps] == ["definition"] * 6


def test_a_formula_of_no_problem_is_outside_of_all() -> None:
    (step,) = graded(r"$$\rho \ddot{u} = \nabla \cdot \tau$$", *ALL).lines
    assert step.verdict in ("outside", "unreadable")
    assert step.problem is None


def test_exercises_change_in_the_middle_of_a_page() -> None:
    lines = [
        PLAIN,
        SKIP,
        r"\frac{\partial f}{\partial x} = (A + A^T) x",
        r"\frac{\partial (x^T A x)}{\partial A} = x x^T",
    ]
    found = owners(lines, "skip-connection", "matrix-calculus")
    assert found == ["skip-connection"] * 2 + ["matrix-calculus"] * 2


def test_an_answer_counts_in_every_problem_that_asks_the_same() -> None:
    results = graded(f"$${PLAIN}$$\n\n$${SKIP}$$", "plain-chain", "skip-connection").questions
    verdicts = {(q.problem, q.id): (q.verdict, q.points) for q in results}
    assert verdicts["plain-chain", "plain-w1"] == ("correct", 2.0)
    assert verdicts["skip-connection", "plain-w1"] == ("correct", 2.0)
    assert verdicts["plain-chain", "plain-b1"] == ("missing", 0.0)


def test_a_wrong_answer_counts_in_every_problem_too_and_questions_about_other_definitions_stay_apart() -> None:
    wrong = PLAIN.replace("w^4", "w^3")
    results = graded(f"$${wrong}$$\n\n$${SKIP}$$", "plain-chain", "skip-connection", "dead-relu").questions
    verdicts = {(q.problem, q.id): q.verdict for q in results}
    assert verdicts["plain-chain", "plain-w1"] == verdicts["skip-connection", "plain-w1"] == "incorrect"
    assert {verdict for (problem, _), verdict in verdicts.items() if problem == "dead-relu"} == {"missing"}


def test_a_letter_that_is_supposed_does_not_lead_to_another_exercise() -> None:
    text = f"$${SKIP}$$\n\nThere are cases ($A > 0$, $A = 0$ and $A < 0$).\n\nIf $A \\geq 0$ then $$b_1 = 1$$"
    assert {step.problem for step in graded(text, *ALL).lines} <= {"skip-connection", "skip-versus-plain", None}


def test_the_start_of_a_recurrence_belongs_to_it_and_not_to_the_exercise_before() -> None:
    lines = [r"\epsilon^* = \frac{g^T g}{g^T H g}", r"g = \sum_{i=1}^n \alpha_i v_i", "v_0 = 0",
             r"v_1 = \beta_2 v_0 + (1 - \beta_2) g_1^2"]  # fmt: skip
    assert owners(lines, *ALL) == ["optimal-step"] * 2 + ["adam-moments"] * 2


def test_what_is_read_only_by_another_convention_stays_with_its_exercise() -> None:
    lines = [r"W = U \Sigma V^T", r"L = \|W\|_2", r"\frac{\partial \tanh(z)}{\partial z} = 1 - \tanh^2(z)",
             r"\|W \delta\|_2 \le \|W\|_2 \|\delta\|_2"]  # fmt: skip
    assert set(owners(lines, *ALL)) == {"lipschitz"}


def test_a_display_of_no_exercise_ends_the_chain_before_it() -> None:
    text = r"$$X A X^T = X A X^T$$" "\n\n" r"$$\rho \ddot{u} = \nabla \cdot \tau$$" "\n\n" r"$$= X (A + A^T)$$"
    last = graded(text, "matrix-calculus", "adam-moments").lines[-1]
    assert (last.verdict, last.code) == ("undecided", "no-line-before")


def test_an_assumption_between_does_not_end_the_chain() -> None:
    text = r"$$x^T A x = x^T A^T x$$ for symmetric $B$" "\n\n" "$$= f$$"
    steps = graded(text, "matrix-calculus").lines
    assert "no-line-before" not in {step.code for step in steps}
