"""`If A and B, then C` in words: right where C follows, no answer to a question that has no condition."""

from __future__ import annotations

import pytest

from checks import holds
from checks.grading import Assignment, grade_document
from checks.report.model import SubmissionReport
from checks.submission import read_document
from derive import catalog


def graded(text: str, problem: str) -> SubmissionReport:
    return grade_document(read_document("work.md", text.encode()), [Assignment(catalog[problem])])


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        (r"If $f_2(x) > f_1(x)$ and $f_2(x) > f_3(x)$, then $\frac{\partial f}{\partial x} = f_2'(x)$.", "correct"),
        (r"If $f_2(x) > f_1(x)$, then $\frac{\partial f}{\partial x} = f_2'(x)$.", "incorrect"),
        (r"If $f_2(x) > f_1(x)$ and $f_2(x) > f_3(x)$, then $\frac{\partial f}{\partial x} = f_1'(x)$.", "incorrect"),
        (r"If $f_2(x) > f_1(x)$ and $f_2 \gg q$, then $\frac{\partial f}{\partial x} = f_2'(x)$.", "undecided"),
        (
            r"If $f_2(x) > f_1(x)$, then $\frac{\partial f}{\partial x} = f_2'(x)$. That is the slope of the largest.",
            "incorrect",
        ),
        (r"If $f_2(x) > f_1(x)$, then $\frac{\partial f}{\partial x} = f_2'(x)$ near the largest.", "undecided"),
        (r"If $f_2(x) > f_1(x)$ for the largest of them, then $\frac{\partial f}{\partial x} = f_2'(x)$.", "undecided"),
        (
            r"Suppose $f_2(x) > f_3(x)$. If $f_2(x) > f_1(x)$, then $\frac{\partial f}{\partial x} = f_2'(x)$.",
            "correct",
        ),
        (r"Suppose $x > 0$. If $f_2(x) > f_1(x)$, then $\frac{\partial f}{\partial x} = f_2'(x)$.", "undecided"),
    ],
)
def test_what_is_concluded_in_words_is_right_where_it_follows(sentence: str, verdict: str) -> None:
    assert graded(sentence, "maximum").lines[-1].verdict == verdict


@pytest.mark.parametrize(
    "statement",
    [
        r"If $a_j X_i + b_j < 0$, then $\frac{\partial \ell(f)}{\partial a_j} = 0$.",
        r"$$a_j X_i + b_j < 0 \Rightarrow \frac{\partial \ell(f)}{\partial a_j} = 0$$",
    ],
)
def test_a_conditional_answer_shows_the_claim_and_not_the_formula(statement: str) -> None:
    results = {q.id: q.verdict for q in graded(statement, "dead-relu").questions}
    assert results["dead-a"] == "correct"
    assert results["by-a"] == "undecided"


def test_a_conditional_answer_leaves_the_general_one_before_it() -> None:
    general = r"$$\frac{\partial \ell(f)}{\partial a_j} = \ell'(f) u_j \sigma'(a_j X_i + b_j) X_i$$"
    text = general + "\n\n" + r"If $a_j X_i + b_j < 0$, then $\frac{\partial \ell(f)}{\partial a_j} = 0$."
    assert {q.id: q.verdict for q in graded(text, "dead-relu").questions}["by-a"] == "correct"


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        (r"x^2 < \infty", "proven"),
        (r"-\infty < \ln x", "proven"),
        (r"\infty > e^x", "proven"),
        (r"x > \infty", "refuted"),
        (r"\ln x \le -\infty", "refuted"),
        (r"\ln(-x^2) > \infty", "undecided"),
        (r"\infty < \infty", "undecided"),
        (r"\sum_{i=1}^{\infty} \frac{1}{i} < \infty", "undecided"),
    ],
)
def test_values_without_limits_are_finite(statement: str, status: str) -> None:
    assert holds(statement, {"x": "positive"}).status == status


@pytest.mark.parametrize(
    ("chain", "found"),
    [
        (r"0 < \frac{e^{f_2}}{e^{f_1} + e^{f_2}} \ge 1", ["correct", "incorrect"]),
        (r"0 \ge \frac{e^{f_2}}{e^{f_1} + e^{f_2}} < 1", ["incorrect", "correct"]),
        (r"0 < e^{f_1} < 1", ["correct", "outside"]),  # where f_1 < 0
        (r"0 < f_1 < 1", ["outside", "outside"]),
    ],
)
def test_beside_a_true_relation_of_inputs_one_that_never_holds_is_wrong(chain: str, found: list[str]) -> None:
    assert [step.verdict for step in graded(f"$${chain}$$", "cross-entropy").lines] == found


def test_functions_the_problem_says_nothing_of_are_inputs() -> None:
    assert [step.verdict for step in graded("$$f_2(x) > f_1(x)$$", "maximum").lines] == ["outside"]


@pytest.mark.parametrize(
    ("relation", "verdict", "answer"), [(r"\ge", "correct", "correct"), (r"\le", "undecided", "missing")]
)
def test_what_is_concluded_from_a_condition_of_the_problem_is_judged_under_it(relation, verdict, answer) -> None:
    bound = r"-\frac{\nabla f(x)^T \Delta x}{M \|\Delta x\|^2}"
    logarithm = r"\log_\beta\left(-\frac{\nabla f(x)^T \Delta x}{M t \|\Delta x\|^2}\right)"
    report = graded(rf"Now $\beta^k t \le {bound}$, hence $k {relation} {logarithm}$.", "line-search")
    assert [step.verdict for step in report.lines] == ["assumption", verdict]
    assert next(question for question in report.questions if question.id == "steps-back").verdict == answer


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("Since $\\beta_2 < 1$,\n$$u_t = \\max_{1\\le i\\le t} \\beta_2^{t-i}|g_i|$$", ["assumption", "correct"]),
        ("Because $\\beta_2 < 1$,\n$$u_t = \\max_{1\\le i\\le t} \\beta_2^{t-i} g_i$$", ["assumption", "incorrect"]),
        ("Since $\\beta_2 < 1$ and\n$$u_t = \\max_{1\\le i\\le t} \\beta_2^{t-i} g_i$$\nwe are done.", ["assumption", "assumption"]),
    ],
)  # fmt: skip
def test_a_display_after_a_reason_and_a_comma_is_what_the_sentence_says(text: str, verdicts: list[str]) -> None:
    assert [step.verdict for step in graded(text, "adamax").lines] == verdicts


@pytest.mark.parametrize(
    ("premise", "relation", "answer"),
    [
        (r"A \ge 0", r"\ge", "correct"),
        (r"A \ge 0", ">", "correct"),  # which says more, and is shown
        (r"A > 0", r"\ge", "undecided"),  # of less
        (r"A \ge 0", r"\le", "missing"),
    ],
)
def test_what_follows_from_an_if_in_words_answers_the_claim_of_that_shape(premise, relation, answer) -> None:
    text = (
        rf"If ${premise}$, then $\frac{{\partial y^*}}{{\partial b_1}} {relation} \frac{{\partial y}}{{\partial b_1}}$."
    )
    report = graded(text, "skip-versus-plain")
    assert next(question for question in report.questions if question.id == "when-larger").verdict == answer
