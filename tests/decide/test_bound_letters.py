"""What stands under a Σ, Π, ∫ or lim: definitions that depend on its letter, names that run with it, letters used twice."""

from __future__ import annotations

import pytest

from checks.api import equal, holds
from checks.grading import Assignment, grade_document
from checks.submission import read_document
from derive import Problem, gradient
from derive.errors import BadSpec, NoRule, Unreadable

NAMES = dict.fromkeys(["x", "t", "a", "n", "w"], "real") | {"i": "integer"}
DEFINED = {"f": "x^2", "g": "f + 1", "J": "i^2", "K": "x + a", "L": r"\int_0^1 f\,dx"}
PROVEN, REFUTED = {"proven", "verified"}, {"refuted"}


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        (r"\int_0^1 f\,dx = 1/3", PROVEN),
        (r"\int_0^1 f\,dx = x^2", REFUTED),
        (r"\int_0^1 g\,dx = 4/3", PROVEN),
        (r"\int_0^1 g\,dx = x^2 + 1", REFUTED),
        (r"\int_0^x f\,dt = x^3", PROVEN),  # f does not depend on t
        (r"\int_0^x f\,dx = \frac{x^3}{3}", PROVEN),
        (r"\sum_{i=1}^3 J = 14", PROVEN),
        (r"\sum_{i=1}^3 J = 3J", REFUTED),
        (r"\prod_{i=1}^3 J = 36", PROVEN),
        (r"\prod_{i=1}^3 J = J^3", REFUTED),
        (r"\lim_{a\to 0} K = x", PROVEN),
        (r"\lim_{a\to 0} K = x + a", REFUTED),
        (r"L = 1/3", PROVEN),
        (r"L = x^2", REFUTED),
        (r"\int_0^1 L\,dt = L", PROVEN),
        (r"\int_0^1 f\,dx \le \frac12", PROVEN),
        (r"\int_0^1 f\,dx = a \Rightarrow a = \frac13", PROVEN),
        (r"\frac{\partial}{\partial x} \int_0^1 f\,dx = 0", PROVEN),
        (r"\begin{pmatrix} \int_0^1 f\,dx \\ 1 \end{pmatrix} = \begin{pmatrix} 1/3 \\ 1 \end{pmatrix}", PROVEN),
        # one letter free and bound
        (r"\int_0^1 x\,dx = x", REFUTED),
        (r"\int_0^1 x\,dx + x = 2x", REFUTED),
        (r"\int_0^1 x\,dx + x = x + \frac12", PROVEN),
        (r"\int_0^x x^2\,dx = \frac{x^3}{3}", PROVEN),
        (r"\frac{d}{dx}\left(x + \sum_{x=1}^3 x^2\right) = 1", PROVEN),
        (r"\frac{d}{dx}\left(x + \sum_{x=1}^3 x^2\right) = 13", REFUTED),
    ],
)  # fmt: skip
def test_a_definition_is_a_function_of_the_letter_that_is_bound(statement: str, status: set[str]) -> None:
    assert holds(statement, NAMES, where=DEFINED).status in status


def test_both_sides_of_an_equality_are_opened() -> None:
    assert equal(r"\int_0^1 f\,dx", "x^2", NAMES, where=DEFINED).status == "refuted"
    assert equal("x^2", r"\int_0^1 f\,dx", NAMES, where=DEFINED).status == "refuted"
    assert equal(r"\int_0^1 f\,dx", r"\frac13", NAMES, where=DEFINED).status == "proven"


def test_a_gradient_goes_through_a_definition_under_a_sum() -> None:
    found = gradient("L", "w", {"w": "real", "i": "integer"}, where={"J": "w i", "L": r"\sum_{i=1}^3 J^2"})
    assert equal(found, "28w", {"w": "real"}).status == "proven"
    assert equal(found, "6 w i^2", {"w": "real", "i": "integer"}).status != "proven"


def test_a_letter_that_is_a_constant_in_the_definition_and_an_index_outside_is_refused() -> None:
    with pytest.raises(NoRule, match="constant"):
        holds(r"\sum_{i=1}^3 J = 3J", {}, where={"J": "i^2"})


def test_a_defined_letter_that_is_bound_again_is_refused() -> None:
    with pytest.raises(NoRule, match="rename"):
        holds(r"\int_0^1 J\,dx = 1", {}, where={"x": "3", "J": "2x"})


def test_a_definition_that_uses_another_under_its_own_letter_is_refused_by_name() -> None:
    with pytest.raises(BadSpec, match=r"^L: "):
        holds("L = 2", {}, where={"J": "i^2", "L": r"\sum_{i=1}^3 J"})


FAMILIES = dict.fromkeys(["x_i", "y_i", "x_j", "w", "n", "j", "w_{ij}", "x^{(i)}", "x_{max}"], "real") | {
    "p_i": "positive"
}


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        (r"\sum_{i=1}^{3} x_i = x_1 + x_2 + x_3", PROVEN),
        (r"\sum_{j=1}^{3} x_j = x_1 + x_2 + x_3", PROVEN),
        (r"\sum_{i=1}^{2} x_i = 2 x_i", REFUTED),
        (r"\prod_{i=1}^{2} x_i = x_1^2", REFUTED),
        (r"\sum_{i=1}^{2} (x_i - x_{i-1}) = x_2 - x_0", PROVEN),
        (r"\sum_{i=1}^{2} p_i > 0", PROVEN),  # the members are positive as the family is
        (r"\sum_{i=1}^{2} x_i > 0", REFUTED),
        (r"\sum_{i=1}^{2} \sum_{j=1}^{i} w_{ij} = w_{11} + w_{21} + w_{22}", PROVEN),
        (r"\sum_{i=1}^{2} x^{(i)} = x^{(1)} + x^{(2)}", PROVEN),
        (r"\frac{\partial}{\partial x_2} \sum_{i=1}^{3} x_i^2 = 2 x_2", PROVEN),
        (r"\frac{\partial}{\partial x_2} \sum_{i=1}^{3} x_i^2 = 6 x_2", REFUTED),
        (r"\frac{\partial}{\partial w} \frac12 \sum_{i=1}^{2} (w x_i - y_i)^2 = x_1(w x_1 - y_1) + x_2(w x_2 - y_2)", PROVEN),
        (r"\sum_{i=1}^{n} x_{max} = n x_{max}", PROVEN),  # a word is no index
        (r"x_i + x_i = 2 x_i", PROVEN),  # outside of a binder a name like any other
    ],
)  # fmt: skip
def test_a_name_that_runs_with_the_index_is_another_for_each_value(statement: str, status: set[str]) -> None:
    assert holds(statement, FAMILIES).status in status


@pytest.mark.parametrize(
    "statement",
    [
        r"\sum_{i=1}^n x_i = n x_i",
        r"\frac{\partial}{\partial x_j} \sum_{i=1}^n x_i^2 = 2 x_j",
        r"\frac1n \sum_{i=1}^n (x_i - x_i)^2 = 0",
        r"\sum_{i=1}^n x^{(i)} = n x^{(i)}",
        r"\int_0^1 x_i\,di = x_i",
        r"\lim_{i \to 0} x_i = x_i",
        r"\sum_{i=1}^{12} w_{ij} = 12 w_{ij}",  # w_{112} would be two names
        r"\sum_{i=1}^{2} \frac{\partial w}{\partial i} = 0 + x_i - \sum_{i=1}^n x_i",
    ],
)
def test_a_sequence_is_refused_and_never_taken_as_constant(statement: str) -> None:
    with pytest.raises(Unreadable):
        holds(statement, FAMILIES)


def test_members_may_be_declared_one_by_one_and_a_missing_one_is_named() -> None:
    declared = {"x_1": "real", "x_2": "real"}
    assert holds(r"\sum_{i=1}^{2} x_i = x_1 + x_2", declared).status == "proven"
    with pytest.raises(Unreadable, match="x_3"):
        holds(r"\sum_{i=1}^{3} x_i = x_1 + x_2", declared)


def test_the_members_of_a_defined_family_are_not_free() -> None:
    with pytest.raises(Unreadable, match="z_1"):
        holds(r"\sum_{i=1}^{2} z_i = 1", {"x_i": "real"}, where={"z_i": "2 x_i"})


def test_a_definition_with_an_indexed_name_is_refused_under_its_index() -> None:
    with pytest.raises(NoRule, match="x_i"):
        holds(r"\sum_{i=1}^{2} J = 2J", {"x_i": "real"}, where={"J": "x_i^2"})


def _graded(problem: dict[str, object], text: str) -> list[str]:
    document = read_document("work.md", text.encode())
    return [line.verdict for line in grade_document(document, [Assignment(Problem.from_dict(problem))]).lines]


PROBLEM = {
    "id": "areas", "symbols": {"w": "real", "t": "real"},
    "part": [{"given": ["L = w t^2", "A = L + w"]}], "question": [{"id": "q", "ask": r"\frac{\partial L}{\partial w}"}],
}  # fmt: skip


def test_grading_takes_the_problem_and_the_authors_own_definitions_as_functions_of_the_bound_letter() -> None:
    assert _graded(PROBLEM, r"$$\int_0^1 L \, dt = \frac{w}{3}$$") == ["correct"]
    assert _graded(PROBLEM, r"$$\int_0^1 L \, dt = L$$") == ["incorrect"]
    assert _graded(PROBLEM, "$$Q = 2 w t$$\n\n$$\\int_0^1 Q \\, dt = w$$") == ["definition", "correct"]
    assert _graded(PROBLEM, "$$Q = 2 w t$$\n\n$$\\int_0^1 Q \\, dt = Q$$") == ["definition", "incorrect"]


def test_grading_never_takes_an_indexed_name_as_constant() -> None:
    loss = {**PROBLEM, "symbols": {"w": "real", "x_i": "real", "y_i": "real", "n": "positive integer"}}
    loss["part"] = [{"given": [r"L = \frac1n \sum_{i=1}^n (w x_i - y_i)^2"]}]
    with pytest.raises(Unreadable, match="x_i"):
        _graded(loss, r"$$\frac{\partial L}{\partial w} = 2x_i(wx_i-y_i)$$")
    loss["part"] = [{"given": [r"L = \frac12 \sum_{i=1}^2 (w x_i - y_i)^2"]}]
    assert _graded(loss, r"$$\frac{\partial L}{\partial w} = 2x_i(wx_i-y_i)$$") == ["incorrect"]
    assert _graded(loss, r"$$\frac{\partial L}{\partial w} = \sum_{i=1}^2 x_i(wx_i-y_i)$$") == ["correct"]
    assert _graded(loss, r"$$\frac{\partial L}{\partial w} = \sum_{i=1}^n x_i(wx_i-y_i)$$") == ["unreadable"]


def test_a_member_of_a_written_out_sum_must_be_named_to_differentiate_by_it():
    with pytest.raises(NoRule, match="x_1, x_2, x_3"):
        gradient(r"\sum_{i=1}^3 x_i^2", "x_i", {"x_i": "real"})
    assert gradient("x_i^2", "x_i", {"x_i": "real"}).closed_form.latex() == "2 x_i"
