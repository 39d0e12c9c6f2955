"""What a grader must not say: a hint that is false, that an implication holds where its conclusion says nothing."""

from __future__ import annotations

import pytest

from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from checks.grading import Assignment, grade_document
from checks.report.model import LineVerdict
from checks.submission import read_document
from derive.catalog import catalog


def steps(problem: str, text: str) -> list[LineVerdict]:
    report = grade_document(read_document("work.md", text.encode()), [Assignment(catalog[problem])])
    return [step for step in report.lines if step.verdict not in ("outside", "assumption")]


@pytest.mark.parametrize(
    "line",
    [
        r"E[m_t^2] = E[g^2]",
        r"E[m_t^2] = E[g^2] (1 - \beta_1^t)^2",
        r"E[m_t] = E[g]",
        r"E[v_t] = E[g]^2 (1 - \beta_2^t)",
        r"E[\hat v_t] = E[g^2] (1 - \beta_2^t)",
    ],
)
def test_a_suggestion_about_expectations_is_equal_to_what_stands_on_the_left(line: str) -> None:
    (step,) = steps("adam-moments", f"$${line}$$")
    problem = catalog["adam-moments"]
    assert step.verdict == "incorrect"
    assert step.suggestion is not None
    left, suggested = (problem.read(text, "moments") for text in (line.partition("=")[0], step.suggestion))
    assert decide_equal(Claim(left, suggested, Setting(problem.keyed, problem.program))).status == "proven"


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"E[m_t^2] = E[(g (1 - \beta_1^t))^2]", "incorrect"),  # the terms of a sum are no single draw
        (r"E[m_2^2] = E[(g (1 - \beta_1^2))^2]", "incorrect"),
        (r"E[m_1^2] = (1 - \beta_1)^2 E[g^2]", "correct"),
    ],
)
def test_the_square_of_a_sum_of_terms_is_no_square_of_one_term(line: str, verdict: str) -> None:
    assert [step.verdict for step in steps("adam-moments", f"$${line}$$")] == [verdict]


def test_a_factor_too_many_is_named_as_it_is_written() -> None:
    (step,) = steps("adam-moments", r"$$E[\hat v_t] = E[g^2] (1 - \beta_2^t)$$")
    assert r"factor $1 - \beta_2^t$ too many" in step.message


def test_what_stands_on_the_left_already_is_no_suggestion() -> None:
    (step,) = steps("maximum", r"$f = \max(f_1, f_2)$")
    assert (step.verdict, step.suggestion) == ("incorrect", None)


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"f = \max(f_1, f_2, f_3)", {"correct", "definition"}),
        (r"f \ge f_2", {"correct"}),
        (r"f = \max(f_1, f_2)", {"incorrect"}),
        (r"f \ge f_1 + f_2", {"incorrect"}),
    ],
)
def test_functions_without_their_arguments_are_all_taken_at_the_one_of_the_problem(
    line: str, verdict: set[str]
) -> None:
    (step,) = steps("maximum", f"${line}$")
    assert step.verdict in verdict


SLOPE = r"\frac{\partial \ell(f)}{\partial a_j} = \alpha \ell'(f) u_j X_i"


@pytest.mark.parametrize(
    ("premise", "verdict"), [("z < 0", "correct"), (r"z \le 0", "undecided"), ("z > 0", "incorrect")]
)
def test_a_derivative_said_where_its_kink_is_is_left_open_and_the_place_said(premise: str, verdict: str) -> None:
    for text in (f"If ${premise}$ then ${SLOPE}$.", rf"$${premise} \Rightarrow {SLOPE}$$"):
        step = steps("leaky-relu", text)[-1]
        assert step.verdict == verdict
        if verdict == "undecided":
            assert step.code == "kink"
            assert "a_j = " in step.message


def test_a_question_in_words_is_set_as_words() -> None:
    report = grade_document(read_document("work.md", b"$1 = 1$"), [Assignment(catalog["activations"])])
    asked = {question.id: question.ask for question in report.questions}
    assert asked["convex"] == r"s\text{ is convex}"
    assert asked["kink"] == r"\operatorname{ReLU}'\text{ is not continuous}"
    assert (
        asked["slope-lipschitz"]
        == r"\frac{\partial s}{\partial z}\text{ is Lipschitz in }z\text{ with constant }\frac14"
    )
    assert r"\text" not in asked["softplus-slope"]
