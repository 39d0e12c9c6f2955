"""Graded with many exercises: which questions a person has to look for an answer to, and which are simply missing."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.loose import names_asked
from checks.submission import read_document
from derive import SymbolTable, catalog
from derive.read import read

PLAIN = r"$$\frac{\partial y}{\partial w_1} = w^4 x \sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)\sigma'(z_1)$$"
ADAM = r"$$v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2$$"


def questions(text: str, *problems: str) -> dict[str, set[str]]:
    """The verdicts that questions got, by problem."""
    document = read_document("work.md", text.encode())
    graded = grade_document(document, [Assignment(catalog[p]) for p in problems or tuple(catalog)])
    found: dict[str, set[str]] = {}
    for question in graded.questions:
        found.setdefault(question.problem, set()).add(question.verdict)
    return found


@pytest.mark.parametrize(
    "line",
    [
        r"$$y + x = \alpha$$",  # y is what another exercise derives
        r"$$T(x) - T(y) = \rho$$",
        r"$$f(x + t \Delta t) = q + r$$",
        r"$$L_{\text{total}} = \prod_{i=1}^n L_i$$",
        r"$$\frac{\partial f}{\partial h} = \rho$$",  # f is what another one derives, though not by h
        r"$$\lambda_1, \lambda_2, \dots, $$",
        r"$$e^{ee}(\lambda t_0, y) = -lg\left(\frac{e^{e}(\lambda)}{(k_1)erp(0)}\right)$$",
    ],
)
def test_a_formula_of_no_exercise_leaves_no_question_of_the_others_open(line: str) -> None:
    open_ = {problem for problem, verdicts in questions(f"{ADAM}\n\n{line}").items() if "undecided" in verdicts}
    assert open_ <= {"adam-moments"}


@pytest.mark.parametrize(
    "line",
    [
        r"$$D_{w_1} y = w^4 x + \rho$$",  # another notation for what is asked
        r"$$\frac{\partial y}{\partial w_1} = w^4 (x$$",
        r"$$\frac{\delta y}{\delta w_1} = w^4 x \sigma'(z_5)$$",
    ],
)
def test_what_may_answer_a_question_still_goes_to_a_person(line: str) -> None:
    found = questions(f"$$z_1 = w_1 x + b_1$$\n\n{line}", "plain-chain", "adam-moments")
    assert "undecided" in found["plain-chain"]
    assert found["adam-moments"] == {"missing"}


def test_a_formula_that_stands_alone_answers_no_question_for_an_inequality() -> None:
    found = questions(r"$$\sigma'(z_1) \sigma'(z_2) + w$$", "skip-versus-plain")
    assert found["skip-versus-plain"] == {"undecided", "missing"}


def test_one_exercise_alone_is_the_one_a_file_is_about() -> None:
    assert questions(r"$$\begin{foo} z_1 \end{foo} = w_1 ($$ and $$h_1 = ($$", "plain-chain") == {
        "plain-chain": {"undecided"}
    }


@pytest.mark.parametrize(
    ("ask", "text", "named"),
    [
        ("C_1", r"\frac{1}{1} = C_{1} \cdot y", True),
        ("C_1", r"C_{2} = C_{12}", False),
        (r"\frac{\partial L}{\partial w}", r"\frac{\partial L}{", True),
        (r"\frac{\partial L}{\partial w}", r"L = w ((", False),
        (r"\frac{\partial L}{\partial w}", r"\frac{\partial q}{\partial r} (", False),
        (r"a \le b", "a < (", False),
        (r"a \le b", "a < b + (", True),
        ("1 < 2", "1 < (", False),
    ],
)
def test_a_text_that_cannot_be_read_names_what_is_asked(ask: str, text: str, *, named: bool) -> None:
    names = dict.fromkeys(("C_1", "L", "w", "a", "b"), "real")
    assert names_asked(read(ask, SymbolTable.from_specs(names)).tree, text) is named
