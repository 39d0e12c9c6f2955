"""What authors write besides the problem's names: abbreviations, bare activations, letters of their own, loose answers."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import QuestionResult, SubmissionReport
from checks.submission import read_document
from derive import Problem, catalog

SKIP = catalog["skip-connection"]
LOGREG = Problem.from_dict(
    {
        "id": "logreg",
        "symbols": {
            "x": "real",
            "w": "real",
            "b": "real",
            "y": "between 0 and 1",
            "sigma": {"spec": "function, logistic sigmoid", "latex": [r"\sigma"]},
        },
        "part": [{"name": "main", "given": ["z = w x + b", r"p = \sigma(z)", r"L = -y \ln p - (1-y) \ln(1-p)"]}],
        "question": [
            {"id": "dz", "ask": r"\frac{\partial L}{\partial z}", "points": 2},
            {"id": "dw", "ask": r"\frac{\partial L}{\partial w}"},
        ],
    }
)
CHAIN = r"\sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)\sigma'(z_1)"


def graded(text: str, problem: Problem = SKIP) -> SubmissionReport:
    return grade_document(read_document("work.md", text.encode()), [Assignment(problem)])


def verdicts(text: str, problem: Problem = SKIP) -> list[str]:
    return [step.verdict for step in graded(text, problem).lines]


def question(text: str, name: str, problem: Problem = SKIP) -> QuestionResult:
    return next(q for q in graded(text, problem).questions if q.id == name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"Put $a = 1 + w^2 \sigma'(z_4)$. $\frac{dy^*}{dh_3^*} = \sigma'(z_5^*) a$", ["definition", "correct"]),
        (r"Put $a = w$. Then $\frac{dz_5}{dh_4} = a$", ["definition", "correct"]),
        (r"Put $a = w$. Then $\frac{dz_5}{dh_4} = 2 a$", ["definition", "incorrect"]),
        (r"$D_5^* = \sigma'(z_5^*)$. $\frac{\partial y^*}{\partial h_4} = D_5^* w$", ["definition", "correct"]),
        (r"$\delta_5 = \frac{\partial y}{\partial z_5} = \sigma'(z_5)$, $\delta_4 = \delta_5 w \sigma'(z_4)$, "
         r"$\frac{\partial y}{\partial z_4} = \delta_4$", ["definition", "correct", "definition", "correct"]),
        (r"$\delta_5 = \frac{\partial y}{\partial z_5} = \sigma(z_5)$", ["definition", "incorrect"]),
        (r"$\frac{\partial y}{\partial h_4} = A$, where $A = w \sigma'(z_5)$", ["correct", "definition"]),
        (r"Let $\delta = \sigma'(z_5)$. Then $\frac{dy}{dh_4} = w \delta$", ["definition", "correct"]),
        (r"Let $d = \sigma'(z_5)$. Then $\frac{dy}{dh_4} = w d$", ["definition", "correct"]),
        (r"$\frac{\partial y}{\partial h_4} = w \sigma'(z_5) =: q$. $\frac{\partial y}{\partial z_4} = q \sigma'(z_4)$",
         ["correct", "definition", "correct"]),
        (r"$a = \sigma'(z_5)$, $a = \sigma'(z_4)$, $\frac{dh_4}{dz_4} = a$", ["definition", "undecided", "correct"]),
    ],
)  # fmt: skip
def test_abbreviations_mean_what_the_author_says(text, expected):
    assert verdicts(text) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\sigma' = \sigma(1-\sigma)", "correct"),
        (r"\frac{\partial p}{\partial z} = \sigma(1-\sigma)", "correct"),
        (r"\frac{\partial p}{\partial z} = \sigma(z)(1-\sigma)", "correct"),
        (r"\frac{\partial p}{\partial z} = \sigma(1+\sigma)", "incorrect"),
        (r"\frac{\partial L}{\partial z} = \sigma - y", "correct"),
        (r"\frac{\partial L}{\partial z} = y - \sigma", "incorrect"),
        (r"\frac{\partial L}{\partial z} = (1-y)\sigma - y(1-\sigma)", "correct"),
        (r"\frac{\partial L}{\partial w} = (p-y) x", "correct"),
        (r"\frac{\partial p}{\partial w} = x \sigma' \tanh z", "unreadable"),
    ],
)
def test_an_activation_without_its_argument_has_the_one_of_the_problem(formula, expected):
    assert verdicts(f"${formula}$", LOGREG) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        r"Let $e$ denote the error $p-y$. Then $\frac{\partial L}{\partial w} = e x$",
        r"The error is called $\pi$. Then $\frac{\partial L}{\partial w} = \pi x$",
        r"$\frac{dL(w)}{dw} = (p-y) x$",
    ],
)
def test_what_may_only_have_been_misread_is_never_called_wrong(text):
    assert "incorrect" not in verdicts(text, LOGREG)


def test_another_spelling_of_the_activation_is_a_letter_where_it_is_not_applied():
    assert verdicts(r"$\frac{\delta y}{\delta b_1} = w$") == ["unreadable"]
    assert verdicts(r"$\frac{\partial h_1}{\partial z_1} = \delta'(z_1)$") == ["correct"]


@pytest.mark.parametrize(
    ("text", "name", "verdict"),
    [
        (rf"$\frac{{dy}}{{db_1}} = w^4 {CHAIN}$", "plain-b1", "correct"),
        (rf"$w^4 {CHAIN} = \frac{{dy}}{{db_1}}$", "plain-b1", "correct"),
        (r"$\frac{\partial y}{\partial b_1} = w^4 \unknowncommand$", "plain-b1", "undecided"),
        (rf"The gradient of $y$ with respect to $b_1$ is $w^4 {CHAIN}$.", "plain-b1", "undecided"),
        (r"$\frac{dy}{dw_1} = x \frac{dy}{db_1}$", "plain-w1", "undecided"),
        (r"If we use the chain rule we get $\frac{dy}{db_1} = 3$", "plain-b1", "undecided"),
        (r"Nothing here.", "plain-b1", "missing"),
    ],
)
def test_what_cannot_be_judged_goes_to_a_person_and_is_not_called_missing(text, name, verdict):
    result = question(text, name)
    assert result.verdict == verdict
    assert (result.points is None) == (verdict == "undecided")


def test_an_unreadable_line_after_a_right_answer_takes_nothing_away():
    text = rf"$\frac{{dy}}{{db_1}} = w^4 {CHAIN}$" + "\n\n" + r"$\frac{dy}{db_1} = \unknowncommand$"
    assert question(text, "plain-b1").verdict == "correct"


def test_one_letter_names_are_seen_in_lines_that_cannot_be_read():
    assert verdicts(r"$\therefore \frac{\partial L}{\partial w} = (p-y) x$", LOGREG) == ["unreadable"]


def test_an_indexed_product_over_names_of_the_problem_is_written_out():
    assert verdicts(r"$\frac{\partial y}{\partial b_1} = w^4 \prod_{k=1}^5 \sigma'(z_k)$") == ["correct"]
    assert verdicts(r"$\frac{\partial y}{\partial b_1} = w^4 \prod_{k=1}^4 \sigma'(z_k)$") == ["incorrect"]


def test_an_abbreviation_given_by_a_derivative_counts_as_worked_out_once_its_value_is_proven():
    text = (
        r"$\delta_5 = \frac{\partial y}{\partial z_5} = \sigma'(z_5)$, $\frac{\partial y}{\partial h_4} = \delta_5 w$"
    )
    assert verdicts(text)[-1] == "correct"
    worked_out = (
        text
        + "\n\n"
        + rf"$\frac{{\partial y}}{{\partial b_1}} = \delta_5 w^4 {CHAIN.removeprefix(chr(92) + 'sigma' + chr(39) + '(z_5)')}$"
    )
    assert question(worked_out, "plain-b1").verdict == "correct"


def test_the_variable_of_a_derivative_may_be_a_subscript():
    assert verdicts(r"$\partial_{h_4} z_5 = w$") == ["correct"]
    assert verdicts(r"$\partial_{h_4} z_5 = 2 w$") == ["incorrect"]


def test_a_special_case_said_in_words_is_no_general_claim():
    text = r"For $y=1$ we get $\frac{\partial L}{\partial z} = p - 1$"
    assert verdicts(text, LOGREG) == ["assumption", "correct"]
    assert question(text, "dz", LOGREG).points is None
