r"""What the words before a claim suppose is its premise: past a full stop, before a colon, after "with"; what is set up is no claim."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import SubmissionReport
from checks.submission import read_document
from derive import catalog

BY_A = r"\frac{\partial\ell(f)}{\partial a_j}"
BY_B = r"\frac{\partial\ell(f)}{\partial b_j}"
BY_U = r"\frac{\partial\ell(f)}{\partial u_j}"
GAP = r"\frac{\partial y^*}{\partial b_1} - \frac{\partial y}{\partial b_1}"
COUNT = r"\log_\beta\left(-\frac{\dot f}{m q t}\right)"
COUNT_OF_VECTORS = r"\log_\beta\left(-\frac{g^T d}{m \|d\|_2^2 t}\right)"
SMALL = r"\beta^k t \le -\frac{g^T d}{m \|d\|_2^2}"


def graded(problem: str, text: str) -> SubmissionReport:
    return grade_document(read_document("work.md", text.encode()), [Assignment(catalog[problem])])


def verdicts(problem: str, text: str) -> list[str]:
    return [step.verdict for step in graded(problem, text).lines]


def mark(problem: str, text: str, question: str) -> str:
    return next(q.verdict for q in graded(problem, text).questions if q.id == question)


@pytest.mark.parametrize(
    ("lead", "sign"),
    [
        ("Suppose $a_jX_i+b_j<0$. Then ", "<"),
        ("Let $z<0$. Then ", "<"),
        ("Assume $z<0$. Then ", "<"),
        ("Suppose $z<0$.\n\n$$\\sigma'(z)=0$$\n\nHence ", "<"),
        ("If $z<0$, then $\\sigma'(z)=0$. Hence ", "<"),
        ("If $z<0$, then $\\sigma'(z)=0$. In this case ", "<"),
        ("If $z<0$, then $\\sigma'(z)=0$. So $\\sigma(z)=0$. Therefore ", "<"),
        ("If $z<0$, then $\\sigma'(z)=0$.\n\nHence ", "<"),
        ("For $z<0$: ", "<"),
        ("Let $z>0$. Then ", ">"),
        ("If $z>0$, then $\\sigma'(z)=1$. Hence ", ">"),
    ],
)
def test_a_conclusion_is_judged_under_what_is_supposed_before_it(lead: str, sign: str) -> None:
    for formula, holds_where in ((f"{BY_A} = 0", "<"), (rf"{BY_A} = \ell'(f) u_j X_i", ">")):
        expected = "correct" if sign == holds_where else "incorrect"
        assert verdicts("dead-relu", f"{lead}${formula}$.")[-1] == expected
        assert mark("dead-relu", f"{lead}${formula}$.", "by-a") != "correct"


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (f"Suppose $z<0$. Then ${BY_A} = 1$.", "incorrect"),
        (f"Suppose $z<0$.\n\n# Next\n\n${BY_A} = 0$.", "incorrect"),
        (f"Suppose $z<0$. Then $${BY_A} = \\ell'(f) u_j \\sigma'(z) X_i$$\n$$= 0$$", "correct"),
        (f"Suppose $z<0$ and $\\mathcal{{Q}}[z] \\ge 3$. Then ${BY_A} = 1$.", "undecided"),
        (f"Since ${BY_B} = 5$, we have ${BY_A} = 5 X_i$.", "incorrect"),  # a reason is claimed, and not supposed
        (
            "Suppose $z=0$. Then $\\frac{\\partial z}{\\partial b_j} = 0$.",
            "incorrect",
        ),  # at one point, and not constant
    ],
)
def test_premises_end_with_their_section_and_are_no_reasons(text: str, last: str) -> None:
    assert verdicts("dead-relu", text)[-1] == last


def test_both_conclusions_of_a_sentence_answer_the_claims_under_their_premise() -> None:
    text = f"Suppose $a_jX_i+b_j<0$. Then $\\sigma'(z)=0$, so ${BY_A} = 0$ and ${BY_B} = 0$."
    assert verdicts("dead-relu", text) == ["assumption", "correct", "correct", "correct"]
    assert [mark("dead-relu", text, id_) for id_ in ("dead-a", "dead-b", "by-a")] == ["correct", "correct", "undecided"]


@pytest.mark.parametrize(
    ("sign", "formula", "verdict"),
    [
        ("<", r"\alpha \ell'(f) u_j X_i", "correct"),
        ("<", r"\ell'(f) u_j X_i", "incorrect"),
        (">", r"\alpha \ell'(f) u_j X_i", "incorrect"),
        (">", r"\ell'(f) u_j X_i", "correct"),
    ],
)
def test_what_stands_behind_for_and_a_colon_holds_under_it(sign: str, formula: str, verdict: str) -> None:
    assert verdicts("leaky-relu", f"For $z {sign} 0$: ${BY_A} = {formula}$.")[-1] == verdict


@pytest.mark.parametrize(("value", "verdict"), [("-1317", "correct"), ("-1316", "incorrect")])
def test_values_of_quantities_before_a_colon_count(value: str, verdict: str) -> None:
    text = rf"With $\sigma(z)=z+z^3$, $w=\frac12$, $b=-1$ and $z_1=1$: ${GAP} = {value}$."
    assert verdicts("skip-versus-plain", text)[-1] == verdict


def test_a_value_that_cannot_be_read_lets_nothing_be_wrong() -> None:
    text = rf"With $w=\frac12$, $b=-1$ and $\mathcal{{Q}}[z] = 1$: ${GAP} = 7$."
    assert verdicts("skip-versus-plain", text)[-1] == "undecided"


@pytest.mark.parametrize("rounding", ["ceil", "floor"])
def test_an_input_that_is_chosen_is_a_premise(rounding: str) -> None:
    chosen = rf"k = \max\left(0, \left\l{rounding} {COUNT}\right\r{rounding}\right)"
    found = verdicts("line-search", rf"With ${chosen}$ we have $\beta^k t \le -\frac{{\dot f}}{{mq}}$.")
    assert found[0] == "assumption"
    assert found[1] == "correct" if rounding == "ceil" else found[1] in ("incorrect", "undecided")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"We plug $x = x_0 - \epsilon g$ into $q$.", "assumption"),
        (r"We set $x = x_0 - \epsilon g$.", "assumption"),
        (r"$$x = x_0 - \epsilon g$$", "undecided"),
        (r"Setting the derivative to zero gives $\epsilon = \frac{g^T g}{g^T H g}$.", "undecided"),
        (r"Setting the derivative to zero gives $\epsilon = \frac{g^T H g}{g^T g}$.", "undecided"),
        (r"$\epsilon^* = \frac{g^T H g}{g^T g}$.", "incorrect"),
    ],
)
def test_an_input_set_equal_to_a_formula_is_no_claim(text: str, verdict: str) -> None:
    assert verdicts("optimal-step", text)[0] == verdict


@pytest.mark.parametrize(
    ("bound", "behind", "verdict"),
    [
        ("max", "\nIf $z<0$ then ", "correct"),
        ("min", "\nIf $z<0$ then ", "incorrect"),
        ("max", "\nif $z<0$ then ", "correct"),
        ("min", "\nWhen $z<0$ we have ", "incorrect"),
    ],
)
def test_a_condition_belongs_to_what_stands_behind_it(bound: str, behind: str, verdict: str) -> None:
    text = rf"$${BY_U} = \ell'(f)\{bound}(z,\alpha z)$${behind}${BY_A} = \alpha \ell'(f) u_j X_i$."
    assert verdicts("leaky-relu", text) == [verdict, "assumption", "correct"]


@pytest.mark.parametrize(("word", "verdict"), [("if", "correct"), ("when", "correct")])
def test_a_condition_that_ends_the_sentence_belongs_to_the_display(word: str, verdict: str) -> None:
    assert verdicts("leaky-relu", f"$${BY_A} = \\alpha \\ell'(f) u_j X_i$$\n{word} $z<0$.")[0] == verdict


@pytest.mark.parametrize(
    ("text", "verdict", "answer"),
    [
        (rf"If $k \ge {COUNT_OF_VECTORS}$ then ${SMALL}$.", "correct", "correct"),
        (rf"Suppose $k \ge {COUNT_OF_VECTORS}$. Then ${SMALL}$.", "correct", "correct"),
        (rf"If $k \le {COUNT_OF_VECTORS}$ then ${SMALL}$.", "incorrect", "undecided"),
        (rf"If $t > 0$ then we stop as soon as ${SMALL}$.", "assumption", "missing"),
    ],
)
def test_a_condition_of_the_problem_that_is_concluded_is_judged(text: str, verdict: str, answer: str) -> None:
    assert verdicts("line-search", text)[-1] == verdict
    assert mark("line-search", text, "enough-steps") == answer
