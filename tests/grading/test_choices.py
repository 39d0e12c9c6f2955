r"""A function that an author chooses, `take $\sigma(z) = z + z^3$`: what is judged under it, and what it settles of every σ."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import LineVerdict
from checks.submission import read_document
from derive import catalog

CUBIC = r"$\sigma(z) = z + z^3$"
VALUES = r"$w = \frac12$, $b = -1$ and $z_1 = 1$"
DIFFERENCE = r"\frac{\partial y^*}{\partial b_1} - \frac{\partial y}{\partial b_1}"
PLAIN = r"\frac{\partial y}{\partial b_1} = w^4 \sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)\sigma'(z_1)"


def steps(text: str, problem: str = "skip-versus-plain") -> tuple[LineVerdict, ...]:
    return grade_document(read_document("work.md", text.encode()), [Assignment(catalog[problem])]).lines


def last(text: str) -> tuple[str, str]:
    step = steps(text)[-1]
    return step.verdict, step.code


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (rf"Take {CUBIC} with {VALUES}. Then $z_2 = 0$ and $A = -5652$.", "correct"),
        (rf"Take {CUBIC} with {VALUES}. Then $A = -5651$.", "incorrect"),
        (rf"For {CUBIC}, $w = \frac12$, $b = -1$, $z_1 = 1$: ${DIFFERENCE} = -1317$.", "correct"),
        (rf"Let {CUBIC}. If {VALUES}, then ${DIFFERENCE} = 1317$.", "incorrect"),
        (rf"Let {CUBIC}. Then $\sigma'(u) = 1 + 3 u^2$.", "correct"),
        (rf"Let {CUBIC}. Then $\sigma''(u) = 6 u^2$.", "incorrect"),
        (rf"Let {CUBIC}. $u \ge 1 \Rightarrow \sigma(u) \ge 2$", "correct"),
        (rf"Let {CUBIC}. $u \ge 1 \Rightarrow \sigma(u) \ge 3$", "incorrect"),
        (r"Consider $\sigma(t) = \frac{1}{1 + e^{-t}}$. Then $\sigma'(u) \le \frac14$.", "correct"),
        (r"Consider $\sigma(t) = \frac{1}{1 + e^{-t}}$. Then $\sigma'(u) < \frac14$.", "incorrect"),
        (r"Take $\sigma(u) = \tanh u$. Then $\sigma'(v) = 1 - \sigma(v)^2$.", "correct"),
        (rf"Let {CUBIC}. Take $\sigma(z) = 2 z$. Then $\sigma'(u) = 2$.", "correct"),  # the later one
    ],
)  # fmt: skip
def test_what_is_said_of_a_chosen_function_is_judged_for_that_function(text: str, verdict: str) -> None:
    assert last(text)[0] == verdict


@pytest.mark.parametrize(
    "choice",
    [r"\sigma(z) = z^2", r"\sigma(z) = z^3", r"\sigma(z) = -z", r"\sigma(z) = \sin z", r"\sigma(z) = |z|", r"\sigma(z) = \frac{1}{z}",
     r"\sigma(z) = \ln z"],
)  # fmt: skip
def test_nothing_is_wrong_or_right_by_a_function_that_is_not_as_declared(choice: str) -> None:
    text = rf"Take ${choice}$. Then $\sigma'(u) > 0$, $\sigma(u) = u^5 + 7$ and $u > 3 \Rightarrow \sigma(u) > 40$."
    first, *rest = steps(text)
    assert (first.verdict, first.code) == ("undecided", "choice")
    assert {step.verdict for step in rest} <= {"undecided", "assumption"}


def test_a_derivative_that_is_not_known_to_exist_is_not_taken() -> None:
    assert last(r"Take $\sigma(z) = |z|$. Then $\sigma'(0) = 0$.")[0] == "undecided"


def test_what_is_true_of_every_function_is_so_and_answers_its_question() -> None:
    text = rf"Take {CUBIC}. Then ${PLAIN}$."
    graded = grade_document(read_document("work.md", text.encode()), [Assignment(catalog["plain-chain"])])
    assert graded.lines[-1].code == "normal-form"
    assert {q.verdict for q in graded.questions} == {"correct", "missing"}


def test_what_is_true_of_one_function_alone_answers_no_question() -> None:
    text = rf"Take {CUBIC} with {VALUES}. Then ${DIFFERENCE} = -1317$."
    graded = grade_document(read_document("work.md", text.encode()), [Assignment(catalog["skip-versus-plain"])])
    assert next(q for q in graded.questions if q.id == "difference-b1").verdict == "undecided"


def test_a_choice_ends_with_its_section() -> None:
    assert last(rf"Take {CUBIC}." "\n\n# Another\n\n" r"$\sigma'(u) \ge 1$")[0] == "incorrect"


@pytest.mark.parametrize("text", [r"$\sigma(x) = x$", r"$\sigma(z_1) = z_1^2$", r"$\sigma(w) = w + b$"])
def test_a_claim_about_what_is_declared_is_no_choice(text: str) -> None:
    assert last(text)[1] != "choice"


def test_a_property_of_the_one_function_is_left_to_a_person() -> None:
    assert last(rf"Take {CUBIC}. $\sigma$ is bounded by 1.") == ("undecided", "under-premise")
