"""What judges scalars never takes a vector or matrix for a number: no product of matrices commutes anywhere."""

from __future__ import annotations

import pytest

import checks
from checks.grading import Assignment, grade_document
from checks.submission import read_document
from derive import BadSpec, NoRule, Problem, SymbolTable, parse
from derive.errors import TooLarge
from derive.normal import normal_form
from derive.read import read
from derive.sympy_bridge import to_sympy
from derive.textbook import collected, expanded

SPECS = {"A": "matrix n n", "B": "matrix n n", "X": "matrix m n", "x": "vector n", "y": "vector n", "t": "real", r"\sigma": "function",
         "S": "matrix n n, symmetric"}  # fmt: skip
TABLE = SymbolTable.from_specs(SPECS)
FALSE = [
    ("A B", "B A"), ("A B - B A", "0"), ("A^T", "A"), ("A S", "S A"), ("x y^T", "y x^T"), ("A B A", "A^2 B"), ("(A B)^{-1}", "A^{-1} B^{-1}"),
    ("(A + B)^2", "A^2 + 2 A B + B^2"), (r"\sigma(x) y^T", r"y \sigma(x)^T"),
    (r"\operatorname{tr}(A B)", r"\operatorname{tr}(A) \operatorname{tr}(B)"),
    (r"\det(A + B)", r"\det(A) + \det(B)"), (r"\|x + y\|_2", r"\|x\|_2 + \|y\|_2"), ("x_1", "x_2"), ("A_{12}", "A_{21}"), ("x^T A y", "y^T A x"),
    (r"A \otimes B", r"B \otimes A"), (r"\exp(A + B)", r"\exp(A) \exp(B)"), (r"x \odot y", "x^T y"),
]  # fmt: skip
FORMULAS = [
    "A", "A B - B A", "x^T A x", "t x", r"\|x\|_2", r"\operatorname{tr}(A)", r"\det(A)", "x_1", r"x \odot y", r"\mathbb{1}[x > 0]",
    r"\sum_{i=1}^2 x_i", r"\max(0, x)", r"\operatorname{softmax}(x)", "A^{-T}", r"A \otimes B", r"x^{\odot 2}", r"\operatorname{tr}(t)",
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), FALSE)
def test_no_false_equality_of_matrices_is_ever_a_yes(left, right):
    assert checks.equal(left, right, SPECS).status in {"refuted", "undecided"}
    assert checks.equal(left, right, SPECS, tolerance="0.001").status in {"refuted", "undecided"}
    assert checks.holds(f"{left} = {right}", SPECS).status in {"refuted", "undecided"}
    assert checks.equal("u", right, SPECS, where={"u": left}).status in {"refuted", "undecided"}


@pytest.mark.parametrize(
    "statement",
    [
        r"A B \ge B A",
        r"x^T x < 0",
        r"x^T x < 0 \text{ and } t = t",
        r"A B = B A \Rightarrow t = t + 1",
        r"t \in \{x^T x\}",
    ],
)
def test_no_false_statement_about_matrices_is_ever_a_yes(statement):
    assert checks.holds(statement, SPECS).status in {"refuted", "undecided"}


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_rooms_of_scalars_refuse_what_holds_a_vector_or_matrix(formula):
    tree = read(formula, TABLE).tree
    assert tree.has_array
    with pytest.raises(TooLarge):
        normal_form(tree)
    with pytest.raises(TooLarge):
        normal_form(tree, opaque=True)
    with pytest.raises(TooLarge):
        expanded(tree)
    with pytest.raises(NoRule):
        to_sympy(tree, TABLE)


@pytest.mark.parametrize("formula", ["A B A", "B t A", "A B + B A - 2 A B", "x x^T"])
def test_a_formula_of_matrices_is_not_rearranged_as_if_it_were_of_numbers(formula):
    tree = read(formula, TABLE).tree
    assert collected(tree) == tree


@pytest.mark.parametrize("f", ["t^2", "x^T A x", "t A"])
@pytest.mark.parametrize("wrong", ["2 t", "t^2 + 1", "3 A x"])
def test_no_wrong_gradient_by_a_vector_is_verified(f, wrong):
    try:
        verdict = checks.against_autograd(wrong, f, "x", SPECS)
    except (NoRule, BadSpec):
        return
    assert verdict.status in {"refuted", "undecided"}


PROBLEM = Problem.from_dict(
    {
        "id": "products", "symbols": SPECS,
        "part": [{"name": "main", "given": ["C = A B", "p = A x", "s = x^T p", "u = t^2"]}],
        "question": [{"id": "s-x", "ask": r"\frac{\partial s}{\partial x}"}, {"id": "u-t", "ask": r"\frac{\partial u}{\partial t}"}],
    }
)  # fmt: skip


def test_names_that_are_defined_have_the_shape_of_their_values():
    assert [PROBLEM.table[key].shape for key in ("C", "p", "s")] == [("n", "n"), ("n", 1), None]


@pytest.mark.parametrize(
    "line",
    [
        "C = B A",
        "p = A^T x",
        r"s = x^T A^T p",
        r"\frac{\partial s}{\partial x} = A^T x",
        r"\frac{\partial s}{\partial x} = 2 A x",
        r"\frac{\partial u}{\partial x} = 2 t",
        "p = s",
    ],
)
def test_no_false_line_about_matrices_is_correct(line):
    report = grade_document(read_document("work.md", f"$$ {line} $$".encode()), [Assignment(PROBLEM)])
    assert [step.verdict for step in report.lines if step.verdict == "correct"] == []


@pytest.mark.parametrize(
    ("line", "reading"),
    [
        (r"\frac{\partial s}{\partial x} = A x", "local"),  # of s = xᵀp with p held fixed
        (r"\frac{\partial s}{\partial x} = (A + A^T) x", "total"),
        (r"\frac{\partial s}{\partial x} = p^T", "rows"),
    ],
)
def test_a_derivative_by_an_array_is_right_in_one_reading_and_the_reading_is_said(line, reading):
    report = grade_document(read_document("work.md", f"$$ {line} $$".encode()), [Assignment(PROBLEM)])
    assert [step.verdict for step in report.lines] == ["correct"]
    assert reading in report.lines[0].reading


def test_a_line_whose_shapes_do_not_fit_is_unreadable_with_the_reason():
    report = grade_document(read_document("work.md", b"$$ p = x A $$"), [Assignment(PROBLEM)])
    assert [(step.verdict, step.code) for step in report.lines] == [("unreadable", "shape")]
    assert "A is n×n and x has n entries, so x A is not defined" in report.lines[0].message


@pytest.mark.parametrize("formula", ["A B", r"\|x\|_2", "t x"])
def test_no_sympy_code_takes_a_matrix_for_a_number(formula):
    with pytest.raises(NoRule, match="numpy and torch"):
        parse(formula, TABLE).code("sympy")
