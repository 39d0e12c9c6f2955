"""Shapes of formulas, and the sentence a reader gets where they do not fit."""

from __future__ import annotations

import pytest

from derive import SymbolTable, Unreadable, parse
from derive.matrix.shapes import segments, shape_of, size_product, size_sum
from derive.read import read

TABLE = SymbolTable.from_specs(
    {"A": "matrix n n", "X": "matrix m n", "B": "matrix p n", "x": "vector n", "y": "vector n", "z": "vector m", "b": "vector p",
     "t": "real", r"\mathbf{1}": "ones n", "I": "identity n", r"\sigma": "function", "n": "dimension", "j": "index n"}
)  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "shape"),
    [
        ("t", (1, 1)), ("X x", ("m", 1)), ("x^T A y", (1, 1)), ("x^T", (1, "n")), ("x z^T X", ("n", "n")), ("2 t A x", ("n", 1)),
        ("X^T X", ("n", "n")), ("A^{-1} x", ("n", 1)), ("A^3", ("n", "n")), ("X^+", ("n", "m")), ("x x^T y", ("n", 1)),
        ("(x^T y)^2", (1, 1)), (r"\frac{x^T A x}{x^T x} y", ("n", 1)), (r"X y z^T z", ("m", 1)), ("X x^T y", ("m", "n")),
        (r"x + t \mathbf{1}", ("n", 1)),
        (r"\sigma(X)", ("m", "n")), (r"\sqrt{x}", ("n", 1)), ("|x|", ("n", 1)), (r"\max(0, X)", ("m", "n")), (r"\max(x, y)", ("n", 1)),
        (r"\operatorname{softmax}(X)", ("m", "n")), (r"\operatorname{logsumexp}(x)", (1, 1)), (r"\operatorname{diag}(x)", ("n", "n")),
        (r"\operatorname{diag}(A)", ("n", 1)),
        (r"\operatorname{vec}(X)", ("m n", 1)), (r"X \otimes B", ("m p", "n n")), (r"x^T \otimes I", ("n", "n n")),
        (r"\operatorname{expm}(t A)", ("n", "n")),
        (r"\det(A) + \operatorname{tr}(A)", (1, 1)), (r"\|X\|_F", (1, 1)), ("X_{1j} + x_j", (1, 1)), (r"\sum_j x_j A", ("n", "n")),
        (r"\mathbb{1}[X > 0]", ("m", "n")),
        (r"\begin{pmatrix} A & x \\ y^T & t \end{pmatrix}", ("n + 1", "n + 1")), (r"\begin{pmatrix} X \\ B \end{pmatrix}", ("m + p", "n")),
        (r"\begin{pmatrix} t & x_1 \end{pmatrix}", (1, 2)),
        (r"\frac{\partial (x^T y)}{\partial x}", ("n", 1)), (r"\frac{\partial (X x)}{\partial x}", ("m", "n")),
        (r"\frac{\partial (t X)}{\partial t}", ("m", "n")),
    ],
)  # fmt: skip
def test_every_formula_has_its_shape(formula, shape):
    assert shape_of(read(formula, TABLE).tree) == shape


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("z^T A", "A is n×n and z has m entries, so z^T A is not defined"),
        ("t + x^T X y", "X is m×n and x has n entries, so x^T X is not defined"),
        ("X^T B", "X is m×n and B is p×n, so X^T B is not defined"),
        ("A X", "A is n×n and X is m×n, so A X is not defined"),
        ("A (X x)", "A is n×n and X x has m entries, so A (X x) is not defined"),
        ("x y", r"x has n entries and y has n entries, so x y is not defined; the inner product is x^T y, the entrywise one x \odot y"),
        ("x + z", "x has n entries and z has m entries, so x + z is not defined"),
        ("x - 1", r"x has n entries and 1 is a scalar, so x - 1 is not defined; a number in every entry is that number times \mathbf{1}"),
        ("X^{-1}", "X is m×n, not square, so X^{-1} is not defined"),
        ("x^2", r"x has n entries, so x^2 is not defined; write ^{\odot k} for the entrywise power"),
        (r"x \odot z", r"x has n entries and z has m entries, so x \odot z is not defined"),
        (r"\frac{x}{y}", r"y has n entries, so \frac{x}{y} is not defined; write \oslash for the entrywise quotient"),
        (r"\operatorname{tr}(X)", r"X is m×n, not square, so \operatorname{tr}(X) is not defined"),
        (r"\det(X)", r"X is m×n, not square, so \det(X) is not defined"),
        ("X_j", "X is m×n, so an entry of it has two indices"),
        ("z_j", "z has m entries and j runs up to n, so this entry is not defined"),
        (r"\operatorname{softmax}(x)^T X",
         r"X is m×n and \operatorname{softmax}(x)^T is a row of n entries, so \operatorname{softmax}(x)^T X is not defined"),
        (r"\begin{pmatrix} A & X \end{pmatrix}", "A is n×n and X is m×n, so they cannot stand in one row of blocks"),
    ],
)  # fmt: skip
def test_a_mismatch_is_said_in_the_authors_own_notation(formula, sentence):
    with pytest.raises(Unreadable) as caught:
        read(formula, TABLE)
    assert (caught.value.code, str(caught.value)) == ("shape", sentence)


def test_a_mismatch_has_its_place():
    with pytest.raises(Unreadable) as caught:
        read(r"x^T x + \operatorname{tr}(A) y^T X y", TABLE)
    error = caught.value
    assert (error.line, error.column, error.offending) == (
        1,
        10 + len(r"\operatorname{"),
        "tr}(A) y^T X y",
    ) or error.offending.endswith("y^T X y")


def test_sides_of_a_relation_may_differ_in_shape_for_the_verdict_to_say_so():
    assert parse("x = X x", TABLE).latex() == "x = X x"


def test_a_product_falls_apart_into_runs_of_which_some_are_numbers():
    tree = read("t X x^T y A", TABLE).tree
    from derive.write import latex

    assert [" ".join(map(latex, run)) for run in segments(tree.factors)] == ["t", "X", "x^T y", "A"]


def test_sizes_are_written_in_one_way():
    assert size_product("n", size_product("m", 2)) == size_product(size_product(2, "n"), "m") == "2 m n"
    assert size_sum(["n", 1, "m", "n", 2]) == "m + 2 n + 3"
    assert size_product(2, 3) == 6
