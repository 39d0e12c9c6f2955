r"""Equations that are set, special cases, formulas of inputs alone, values at an argument, other spellings, macros."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import LineVerdict, SubmissionReport
from checks.submission import read_document
from derive import Problem, catalog

RIDGE = Problem.from_dict(
    {
        "id": "ridge",
        "symbols": {"x": "real", "y": "real", "w": "real", "lambda": {"spec": "real", "latex": [r"\lambda"]}},
        "part": [{"name": "main", "given": ["r = w x - y", r"L = r^2 + \lambda w^2"]}],
        "question": [
            {"id": "dw", "part": "main", "ask": r"\frac{\partial L}{\partial w}", "points": 2},
            {"id": "dww", "part": "main", "ask": r"\frac{\partial^2 L}{\partial w^2}"},
        ],
    }
)
DW = r"\frac{\partial L}{\partial w}"
GRADIENT = r"2x(wx-y)+2\lambda w"
SOLUTION = r"\frac{xy}{x^2+\lambda}"
WRONG = r"\frac{xy}{x^2-\lambda}"
POINT = r"$x=2$, $y=3$, $w=1$, $\lambda=0.1$"


def graded(text: str, name: str = "work.md") -> SubmissionReport:
    return grade_document(read_document(name, text.encode()), [Assignment(RIDGE)])


def steps(text: str, name: str = "work.md") -> list[LineVerdict]:
    return list(graded(text, name).lines)


def outcomes(text: str, name: str = "work.md") -> list[tuple[str, str]]:
    return [(step.verdict, step.code) for step in steps(text, name)]


def marks(text: str, name: str = "work.md") -> list[tuple[str, float | None]]:
    return [(question.verdict, question.points) for question in graded(text, name).questions]


# --- equations that are set ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f"$${DW} = {GRADIENT} = 0$$\n$$\\Rightarrow w = {SOLUTION}$$",
        f"$${DW} = {GRADIENT} = 0$$\n$$w = {SOLUTION}$$",
        f"$${DW} = {GRADIENT}$$\nSetting the derivative to zero, ${DW}=0$, gives $w = {SOLUTION}$.",
        f"$${DW} = {GRADIENT}$$\nAt the minimum ${DW}=0$, so $w = {SOLUTION}$.",
        f"$${DW} = {GRADIENT} \\overset{{!}}{{=}} 0$$\nSo $w = {SOLUTION}$.",
        f"$${DW} = {GRADIENT} = 0$$\nSolving for the weight gives\n$$w = {SOLUTION}$$",
        f"\\begin{{align}}{DW} &= {GRADIENT} \\\\ &= 0 \\\\ \\Rightarrow w(x^2+\\lambda) &= xy \\\\"
        f" \\Rightarrow w &= {SOLUTION}\\end{{align}}",
    ],
)
def test_a_first_order_condition_is_set_and_its_solution_follows(text):
    found = steps(text)
    assert [s.code for s in found if s.verdict == "assumption"] == ["set-to"]
    assert {s.verdict for s in found} == {"correct", "assumption"}
    assert found[-1].code == "implies"
    assert marks(text)[0] == ("correct", 2.0)


@pytest.mark.parametrize(
    "text",
    [
        f"$${DW} = {GRADIENT} = 0$$\n$$\\Rightarrow w = {WRONG}$$",
        f"Setting the derivative to zero, ${DW}=0$, gives $w = {WRONG}$.",
        f"$${DW} = {GRADIENT} = 0$$\n$$\\Rightarrow w(x^2+\\lambda) = xy$$\n$$\\Rightarrow w = {WRONG}$$",
        f"${GRADIENT}=0 \\Rightarrow w(x^2+\\lambda)=-xy$",
    ],
)
def test_a_wrong_solution_of_it_is_refuted_with_a_point(text):
    last = steps(text)[-1]
    assert (last.verdict, last.code) == ("incorrect", "not-implied")
    assert last.counterexample


@pytest.mark.parametrize(
    "text",
    [
        f"$${DW} = {GRADIENT} = 0$$\nSo the loss is flat.",
        f"The training set is small, so ${DW} = 0$.",
        f"For the Adam optimizer ${DW} = 3$.",
        f"$${DW} = 0$$\nWe saw $w = 0$ above.",
    ],
)
def test_an_equation_nothing_says_is_set_stays_wrong(text):
    assert "incorrect" in [s.verdict for s in steps(text)]


def test_a_solution_under_a_further_condition_is_not_refuted_outside_it():
    text = f"If $\\lambda = 0$ then the optimum satisfies ${DW} = 0$, i.e. $w = y/x$."
    assert outcomes(text)[1:] == [("assumption", "set-to"), ("correct", "implies")]
    later = f"If $\\lambda = 0$, it is simple.\n\nSetting ${DW} = 0$ gives $w = y/x$."
    assert "incorrect" not in [s.verdict for s in steps(later)]


def test_a_wrong_side_before_the_zero_stays_wrong():
    found = steps(f"$${DW} = 2x(wx-y)+2\\lambda = 0 \\Rightarrow w = \\frac{{xy-\\lambda}}{{x^2}}$$")
    assert [s.verdict for s in found] == ["incorrect", "assumption", "correct"]


def test_a_wrong_conclusion_is_no_equation_that_is_set():
    found = steps(f"$${DW} = {GRADIENT}$$\n$$\\Rightarrow {DW} = 5$$\n$$\\Rightarrow w = 1$$")
    assert found[1].verdict == "incorrect"


def test_what_is_set_answers_no_question():
    assert marks(f"Set ${DW}=0$.")[0] == ("undecided", None)


# --- special cases -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verdict", "code"),
    [
        (f"For {POINT}: ${DW} = -3.8$", "correct", "special-case"),
        (f"For {POINT}: ${DW} = -3.80$", "correct", "special-case"),
        (f"For {POINT}: ${DW} = -3.7$", "incorrect", "not-equal"),
        (f"For {POINT}: ${DW} = 3.8$", "incorrect", "not-equal"),
        (f"For {POINT}:\n\n$${DW} = {GRADIENT} = 2 \\cdot 2(2-3) + 0.2 = -3.8$$", "correct", "special-case"),
        (f"For $x=2,y=3,w=1,\\lambda=0.1$: ${DW} = -3.8$", "correct", "special-case"),
        ("Suppose $w=0$. Then $r=-y$.", "correct", "special-case"),
        ("Suppose $w=0$. Then $r=y$.", "incorrect", "not-equal"),
        ("Let $x=2$, $y=3$ and $w=1$. Then $r=-1$.", "correct", "special-case"),
        ("Let $x=2$, $y=3$ and $w=1$. Then $r=1$.", "incorrect", "not-equal"),
        ("With $x=1/3$, $y=0$, $w=1$: $r = 0.33$", "correct", "special-case"),
        ("With $x=1/3$, $y=0$, $w=1$: $r = 0.34$", "correct", "special-case"),
        ("With $x=1/3$, $y=0$, $w=1$: $r = 0.35$", "incorrect", "not-equal"),
        ("With $x=1/3$, $y=0$, $w=1$: $r = 0$", "undecided", "under-premise"),
        ("Suppose $w=2x$. Then $r=2x^2-y$.", "correct", "special-case"),
        ("Suppose $w=2x$. Then $r=x^2-y$.", "undecided", "under-premise"),
        ("Suppose $r=0$. Then $L=\\lambda w^2$.", "correct", "special-case"),
        ("Suppose $r=0$. Then $L=w^2$.", "undecided", "under-premise"),
        ("Let $w=1$ and $w=2$. Then $r=x-y$.", "undecided", "under-premise"),
        ("For $x=2$, $y=3$: $r = 2w-3$, for $x=1$, $y=1$: $r = 2w-3$", "undecided", "under-premise"),
        ("Take $(x,y,w)=(1,2,3)$: $r = 1$", "correct", "special-case"),
        (f"For {POINT}: ${DW} \\approx -3.8$", "correct", "special-case"),
        ("The data has $y=3$. Then $r = wx-3$", "undecided", "under-premise"),
        # with λ = 0 the local derivative is 0, the derivative is not
        (f"For $\\lambda=0$: ${DW} = 0$", "incorrect", "not-equal"),
        ("When the network is linear and $x=2$, then $r=5$.", "undecided", "under-premise"),
    ],
)
def test_a_special_case_is_judged_with_its_values_put_in(text, verdict, code):
    last = steps(text)[-1]
    assert (last.verdict, last.code) == (verdict, code)
    if verdict == "incorrect":
        assert last.counterexample
        assert "w" in last.counterexample


def test_values_behind_the_claim_count_and_those_of_another_sentence_do_not():
    assert steps(f"${DW} = -3.8$ for {POINT}.")[0].code == "special-case"
    assert steps(f"For {POINT} it is small. ${DW} = -3.8$.")[-1].verdict == "incorrect"
    assert steps(f"Let {POINT}.\n\n# Next\n\n${DW} = -3.8$.")[-1].verdict == "incorrect"
    assert "$w = 0$" in steps("Suppose $w=0$. Then $r=-y$.")[-1].message


def test_a_special_case_answers_no_general_question():
    assert marks(f"For {POINT}: ${DW} = -3.8$")[0] == ("undecided", None)
    assert marks(f"${DW} = {GRADIENT}$. For {POINT}: ${DW} = -3.8$")[0] == ("correct", 2.0)


# --- inputs alone --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("$(wx-y)^2=w^2x^2-2wxy+y^2$", "correct"),
        ("$(wx-y)^2=w^2x^2-2wxy-y^2$", "outside"),
        ("$w x = y$", "outside"),
        ("$2 x y + x y = 3 x y = 4 x y$", "incorrect"),
        (f"${GRADIENT}=0 \\Leftrightarrow w(x^2+\\lambda)=xy$", "correct"),
        (f"${GRADIENT}=0 \\Leftrightarrow w={WRONG}$", "incorrect"),
        ("$$w x = y$$\n$$\\Rightarrow 2 w x = 2 y$$", "correct"),
        ("$$w x = y$$\n$$\\Rightarrow w x = 2 y$$", "incorrect"),
        (r"$x^2 - x = 2 \Rightarrow x = 2 \text{ or } x = -1$", "correct"),
        (r"$x^2 - x = 2 \Rightarrow x = 2 \text{ or } x = 1$", "incorrect"),
        ("$$x^2 - x = 2$$\n" r"$$\Rightarrow x=2 \text{ or } x=-1$$", "correct"),
    ],
)
def test_formulas_of_inputs_alone_are_judged_where_they_claim_something(text, verdict):
    last = steps(text)[-1]
    assert last.verdict == verdict
    assert "nothing of the problem" not in last.message
    assert "nothing is claimed" not in last.message


def test_only_what_has_no_name_of_the_problem_mentions_nothing_of_it():
    assert steps("$q^2 = 4$")[0].message == "mentions nothing of the problem"
    assert steps("$w x = y$")[0].message == "mentions only inputs; taken as a condition"


# --- other spellings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "left",
    [r"d^2L/dw^2", r"d^{2}L/dw^{2}", r"\nabla_w^2 L", r"\nabla^2_w L", r"\partial_w^2 L", r"\mathrm{d}^2L/\mathrm{d}w^2",
     r"d^2/dw^2 L", r"\partial^2 L/\partial w^2"],
)  # fmt: skip
def test_spellings_of_the_second_derivative(left):
    assert marks(rf"${left} = 2x^2+2\lambda$")[1] == ("correct", 1.0)
    assert marks(rf"${left} = 2x^2+\lambda$")[1] == ("incorrect", 0.0)


@pytest.mark.parametrize(
    "left", ["d/dw L", r"\partial/\partial w L", r"\nabla_w L", r"\nabla_w L(w)", r"\frac{dL(w)}{dw}"]
)
def test_spellings_of_the_derivative(left):
    assert marks(f"${left} = {GRADIENT}$")[0] == ("correct", 2.0)
    assert marks(f"${left} = 2x(wx-y)$")[0] == ("incorrect", 0.0)


def test_typed_squares_are_orders_of_derivatives():
    assert marks("d²L/dw² = 2x² + 2λ")[1] == ("correct", 1.0)


@pytest.mark.parametrize(
    "left", [r"D_w L", "L_w", "L_{ww}", "L'(w)", r"\dot{L}", r"\nabla L", r"\delta L", "d^2L/dw^3"]
)
def test_what_looks_like_the_answer_and_cannot_be_read_goes_to_a_person(left):
    assert all(mark == ("undecided", None) for mark in marks(f"${left} = {GRADIENT}$"))


# --- values at an argument -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (r"r(w) = wx-y", "definition"),
        (r"r(w) = wx+y", "incorrect"),
        (rf"{DW} = 2 r(w) x + 2\lambda w", "correct"),
        (rf"{DW} = 2 r (x) + 2\lambda w", "correct"),
        (rf"{DW} = 2 r (x) + \lambda w", "incorrect"),
        (r"L(w^*) = y^2", "undecided"),
        (r"L(0) = y^2", "undecided"),
        (r"L(1) = L", "undecided"),
        (rf"{DW}(0) = -2xy", "undecided"),
        (rf"{DW}(w) = {GRADIENT}", "correct"),
        (r"L(2) = (2x-y)^2 + 4\lambda", "undecided"),
    ],
)
def test_a_quantity_at_an_argument_is_never_wrong_for_being_read_as_a_product(formula, verdict):
    assert steps(f"${formula}$")[-1].verdict == verdict


def test_the_value_at_a_name_of_the_authors_own():
    defined = f"$w^* = {SOLUTION}$, "
    assert outcomes(defined + r"$L(w^*) = \frac{\lambda y^2}{x^2+\lambda}$")[-1] == ("correct", "special-case")
    assert outcomes(defined + r"$L(w^*) = 0$")[-1][0] == "undecided"


# --- hints, macros, notebooks --------------------------------------------------------------------------------------------


def test_the_hint_is_for_the_reading_that_is_nearest():
    (step,) = steps(rf"${DW} = 2x(wx-y)+2\lambda$")
    assert step.code == "missing-factor"
    assert "total" in str(step.reading)
    assert "w" in str(step.suggestion)


def test_simple_macros_are_written_out_and_others_go_to_a_person():
    preamble = (
        "\\documentclass{article}\n\\newcommand{\\pd}[2]{\\frac{\\partial #1}{\\partial #2}}\n\\def\\lam{\\lambda}\n"
    )
    right = preamble + f"\\begin{{document}}\n$\\pd{{L}}{{w}} = {GRADIENT.replace('lambda', 'lam')}$\n\\end{{document}}"
    assert marks(right, "work.tex")[0] == ("correct", 2.0)
    assert steps(right, "work.tex")[0].line == 5
    assert marks(right.replace("2x(", "x("), "work.tex")[0] == ("incorrect", 0.0)
    recursive = right.replace(r"{\frac{\partial #1}{\partial #2}}", r"{\pd{#1}{#2}}")
    assert marks(recursive, "work.tex")[0] == ("undecided", None)
    assert marks("$\\newcommand{\\g}{\\nabla_w}$\n\n$\\g L = 2x(wx-y)+2\\lambda w$")[0] == ("correct", 2.0)


@pytest.mark.parametrize(
    "text", ["not json", "[]", '{"cells": []}', '{"cells": [{"cell_type": "code", "source": "1"}]}']
)
def test_a_notebook_that_cannot_be_read_goes_to_a_person(text):
    assert all(mark == ("undecided", None) for mark in marks(text, "work.ipynb"))


def test_a_readable_notebook_without_the_answer_misses_it():
    text = '{"cells": [{"cell_type": "markdown", "source": "$r = w x - y$"}]}'
    assert marks(text, "work.ipynb")[0] == ("missing", 0.0)


def test_macros_that_would_grow_without_end_are_not_written_out():
    pairs = zip("abcdefg", "bcdefgh", strict=True)
    levels = "".join("\\newcommand{\\m" + a + "}{" + f"\\m{b} " * 300 + "}\n" for a, b in pairs)
    text = levels + "\\newcommand{\\mh}{}\n\\begin{document}\n$\\ma L = 3$\n\\end{document}"
    assert marks(text, "work.tex")[0] == ("undecided", None)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"Dividing by $\ln \beta > 0$ turns the sign.", "incorrect"),
        (r"We have $\beta^2 \ge 1$.", "incorrect"),
        (r"Dividing by $\ln \beta < 0$ turns the sign.", "correct"),
        (r"We have $\beta^2 > \frac12$.", "outside"),  # somewhere it does
        (r"Take $\beta > 1$.", "outside"),  # an author may use the letter for another thing
        (r"Since $\ln \beta > 0$, it turns.", "assumption"),
    ],
)
def test_what_holds_nowhere_where_the_problem_is_posed_is_no_condition(text: str, verdict: str) -> None:
    lines = grade_document(read_document("work.md", text.encode()), [Assignment(catalog["line-search"])]).lines
    assert lines[-1].verdict == verdict
