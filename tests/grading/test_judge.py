"""Judging steps: scopes, aliases, readings, chains, prose."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import LineVerdict, SubmissionReport
from checks.submission import read_document
from derive import Problem, catalog

SKIP = catalog["skip-connection"]
CLOSED = r"(w^2\sigma'(z_4)+1)(w^2\sigma'(z_2)+1) \sigma'(z_5^*)\sigma'(z_3^*)\sigma'(z_1) x"


def report(text: str, *problems: Problem) -> SubmissionReport:
    return grade_document(read_document("work.md", text.encode()), [Assignment(p) for p in problems or (SKIP,)])


def steps(text: str, *problems: Problem) -> list[LineVerdict]:
    return list(report(text, *problems).lines)


def verdicts(text: str) -> list[str]:
    return [step.verdict for step in steps(text)]


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (rf"\frac{{\partial y^*}}{{\partial w_1}} = {CLOSED}", "correct"),
        (rf"\frac{{dy^*}}{{dw_1}} = {CLOSED}", "correct"),
        (rf"\frac{{\partial y^*}}{{\partial w_1}} = -{CLOSED}", "incorrect"),
        (
            r"\frac{\partial y}{\partial b_1} = w^4\sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)\sigma'(z_1)",
            "correct",
        ),
        (
            r"\frac{\partial y}{\partial x} = w^4 w_1 \sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)\sigma'(z_1)",
            "correct",
        ),
        (r"\frac{\partial z_5}{\partial h_4} = w", "correct"),
        (r"\frac{\partial z_5}{\partial h_4} = h_4", "incorrect"),
        (r"\frac{\partial h_4}{\partial z_4} = \sigma'(z_4)", "correct"),
        (r"\frac{\partial^2 z_2}{\partial w \partial h_1} = 1", "correct"),
        (r"h_1 = \sigma(w_1 x + b_1)", "definition"),
        (r"z_1 = w_1 x - b_1", "incorrect"),
        (r"w_1 = 0.3", "outside"),
        (r"\alpha = 0.3", "outside"),
        (r"\frac{\partial y}{\partial b_1} = w_c \sigma'(z_1)", "unreadable"),
        (r"\frac{\partial y}{\partial b_1} = (w", "unreadable"),
        (r"\frac{\partial y}{\partial b_1} = \frac{\partial y}{\partial b_1}", "undecided"),
        (r"y", "outside"),
    ],
)
def test_one_formula(formula, verdict):
    assert verdicts(f"$${formula}$$") == [verdict]


def test_a_partial_between_neighbours_may_be_local_or_total_and_the_reading_says_which():
    local = steps(r"$$\frac{\partial z_5^*}{\partial h_3^*} = 1$$")[0]
    total = steps(r"$$\frac{\partial z_5^*}{\partial h_3^*} = w^2 \sigma'(z_4) + 1$$")[0]
    assert (local.verdict, total.verdict) == ("correct", "correct")
    assert "local" in str(local.reading)
    assert "total" in str(total.reading)


def test_a_redefinition_equal_to_another_part_is_an_alias_there():
    text = r"""
$z_2 = w h_1 + b$, $z_3 = w h_2 + h_1 + b$, $z_5 = w h_4 + h_3^* + b$

$$\frac{\partial y^*}{\partial w_1} = (w^2\sigma'(z_4)+1)(w^2\sigma'(z_2)+1) \sigma'(z_5)\sigma'(z_3)\sigma'(z_1) x$$
"""
    found = steps(text)
    assert [s.code for s in found[:3]] == ["definition", "alias", "alias"]
    assert found[3].verdict == "correct"
    assert "$z_5$ is $z_5^*$" in str(found[3].reading)


def test_an_alias_does_not_reach_into_the_other_part():
    text = r"""
$z_3 = w h_2 + h_1 + b$

$$\frac{\partial y}{\partial b_1} = w^4\sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)\sigma'(z_1)$$
"""
    assert steps(text)[-1].verdict == "correct"


def test_a_name_of_the_authors_own_is_used_later():
    text = r"$s_1 = \sigma'(z_1)$" "\n\n" r"$$\frac{\partial h_1}{\partial w_1} = s_1 x$$"
    assert verdicts(text) == ["definition", "correct"]


def test_the_letter_e_may_be_taken_for_a_name():
    problem = Problem.from_toml("examples/two-layer.toml")
    found = steps(
        r"Write $e = p - t$. Then $\frac{\partial L}{\partial v} = 2 e h$ and $h = \frac{1}{1 + e^{-z}}$.", problem
    )
    assert [s.verdict for s in found] == ["definition", "correct", "definition"]


def test_each_side_is_compared_with_the_first_and_with_the_one_before():
    text = r"""$$\begin{aligned}
\frac{\partial h_2}{\partial h_1} &= \sigma'(z_2) h_1 \\
&= h_1 \sigma'(z_2) \\
&= w \sigma'(z_2)
\end{aligned}$$"""
    first, second, third = steps(text)
    assert (first.verdict, first.follows) == ("incorrect", None)
    assert (second.verdict, second.follows) == ("incorrect", True)
    assert (third.verdict, third.follows) == ("correct", False)
    assert report(text).first_wrong_line == 2


def test_a_display_that_begins_with_a_relation_carries_the_chain_on():
    text = r"$$\frac{\partial h_2}{\partial h_1} = \sigma'(z_2) w$$" "\n\nthat is\n\n" r"$$= w \sigma'(z_2)$$"
    assert verdicts(text) == ["correct", "correct"]


def test_a_continuation_of_nothing_is_left_open():
    assert steps(r"$$= w \sigma'(z_2)$$")[0].code == "no-line-before"


@pytest.mark.parametrize(("last", "verdict"), [(r"\sigma'(z_2) w", "correct"), (r"2 w \sigma'(z_2)", "incorrect")])
def test_the_sides_of_a_continuation_of_nothing_are_compared_with_each_other(last, verdict):
    first, second = steps(rf"$$= w \sigma'(z_2) = {last}$$")
    assert (first.verdict, first.code) == ("outside", "no-line-before")
    assert second.verdict == verdict


def test_an_answer_that_carries_on_nothing_is_left_to_a_person():
    answers = report(r"$$= w \sigma'(z_2)$$").questions
    assert {question.verdict for question in answers} == {"undecided"}


def test_a_continuation_after_an_unreadable_line_is_compared_with_its_left_side():
    text = r"$$\frac{\partial h_2}{\partial h_1} = \sigma'(z_2 w$$" "\n\n" r"$$= w \sigma'(z_2)$$"
    found = steps(text)
    assert [s.verdict for s in found] == ["unreadable", "correct"]
    assert found[1].follows is None


def test_after_an_inequality_the_comparison_starts_anew():
    found = steps(r"$$z_2 < z_2 + 1 = w h_1 + b + 1$$")
    assert [s.verdict for s in found] == ["correct", "correct"]


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        (r"If $h_1 > 0$ then $z_2 > b$.", ["assumption", "incorrect"]),  # not where w < 0
        (r"If $h_1 > 0$ then $z_2 > b$ for the weights of this layer.", ["assumption", "undecided"]),
        (r"Since $h_1 = 0$, nothing moves.", ["assumption"]),
        (r"It is hard to say whether $z_2 \ge z_1$.", ["assumption"]),
        (r"Thus $\frac{\partial z_2}{\partial h_1} = w$.", ["correct"]),
    ],
)
def test_prose_decides_what_is_claimed(sentence, verdict):
    assert verdicts(sentence) == verdict


@pytest.mark.parametrize(
    ("text", "verdict", "code"),
    [
        (r"$h_1 > 0 \Rightarrow z_2 = w h_1 + b$", "correct", None),  # true by itself
        (r"$2 z_2 = 6 \Rightarrow z_2 = 3$", "correct", "implies"),
        (r"$w h_1 = 0 \Leftrightarrow w = 0$", "incorrect", "implied-by"),
        (r"$z_2^2 = 9 \Rightarrow z_2 = 3$", "incorrect", "implied-by"),
        (r"$z_2 = 3 \Rightarrow w = 3$", "incorrect", "not-implied"),
        (r"$z_2 > 0 \Rightarrow z_2 = b$", "incorrect", "not-implied"),
        (r"$z_2 > b \Rightarrow 2z_2 > 2b \Rightarrow 2z_2 + 1 > 2b$", "correct", "implies"),
        ("$$2z_2 = 6$$\n\n$$\\Rightarrow z_2 = 3$$", "correct", "implies"),
        ("Suppose $z_2 > 0$.\n\n$z_2^2 = 9 \\Rightarrow z_2 = 3$", "undecided", "under-premise"),
    ],
)
def test_a_conclusion_is_judged_under_its_premise(text, verdict, code):
    last = steps(text)[-1]
    assert last.verdict == verdict
    assert code in (None, last.code)


def test_statements_joined_by_and_are_judged_one_by_one_and_alternatives_by_nobody():
    joined = r"$\frac{\partial z_2}{\partial h_1} = w \text{ and } \frac{\partial h_1}{\partial z_1} = \sigma(z_1)$"
    assert verdicts(joined) == ["correct", "incorrect"]
    assert verdicts(joined.replace("and", "or")) == ["undecided"]


def test_an_arrow_that_carries_on_a_true_line_may_be_called_wrong():
    text = (
        r"$$\frac{\partial z_2}{\partial h_1} = w$$"
        "\n\n"
        r"$$\Rightarrow \frac{\partial h_2}{\partial h_1} = w \sigma(z_2)$$"
    )
    assert verdicts(text) == ["correct", "incorrect"]


def test_struck_out_formulas_are_not_judged():
    assert "incorrect" not in verdicts(r"~~$\frac{\partial z_5}{\partial h_4} = h_4$~~")


def test_verdicts_do_not_depend_on_what_was_graded_before():
    text = rf"$$\frac{{\partial y^*}}{{\partial w_1}} = 2 {CLOSED}$$"
    assert steps(text) == steps(text)


def test_lines_of_two_problems_go_to_the_problem_they_belong_to():
    two = Problem.from_toml("examples/two-layer.toml")
    found = steps(
        r"$\frac{\partial y}{\partial z_5} = \sigma'(z_5)$ and $\frac{\partial L}{\partial p} = 2 (p - t)$", SKIP, two
    )
    assert [(s.problem, s.verdict) for s in found] == [("skip-connection", "correct"), ("two-layer", "correct")]


def test_named_lines_override_where_a_formula_belongs():
    text = "$w_1 = 2$\n\n$w_1 = 2$\n"
    document = read_document("work.md", text.encode())
    lines = grade_document(document, [Assignment(SKIP, 3, 3)]).lines
    assert [line.problem for line in lines] == [None, "skip-connection"]


def test_a_derivative_at_a_kink_is_no_persons_mistake_and_the_reader_is_told():
    problem = Problem.from_dict({
        "id": "relu",
        "symbols": {"x": "real", "w": "real"},
        "part": [{"name": "one", "given": ["z = w x", r"y = \operatorname{ReLU}(z)"]}],
        "question": [{"id": "q", "ask": r"\frac{\partial y}{\partial w}"}],
    })  # fmt: skip
    for form in (r"x \mathbb{1}[w x > 0]", r"x \mathbb{1}[w x \ge 0]", r"x \operatorname{ReLU}'(z)"):
        (step,) = steps(rf"$$\frac{{\partial y}}{{\partial w}} = {form}$$", problem)
        assert step.verdict == "correct", step
    assert verdicts_of(r"$$\frac{\partial y}{\partial w} = w \mathbb{1}[w x > 0]$$", problem) == ["incorrect"]
    (at_zero,) = steps(r"$$\operatorname{ReLU}'(0) \cdot y = 0 \cdot y$$", problem)
    assert at_zero.verdict == "undecided"
    assert "0 from the left, 1 from the right" in at_zero.message


def verdicts_of(text: str, problem: Problem) -> list[str]:
    return [step.verdict for step in steps(text, problem)]


@pytest.mark.parametrize(("last", "verdict"), [(r"w h_1 + b", "correct"), ("1", "undecided")])
def test_a_name_whose_meaning_here_cannot_be_read_makes_nothing_wrong(last, verdict):
    first, second = steps(rf"$$z_2 = \operatorname{{sup}}(q_7) = {last}$$")
    assert (first.verdict, second.verdict) == ("unreadable", verdict)
