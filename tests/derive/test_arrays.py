"""Matrices, lists and sets written out: read, written back, computed with, and refused where they make no sense."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trees import TABLE, expressions

from derive import NoRule, Unreadable, gradient, parse
from derive.entries import Misshapen, carried_out
from derive.normal import normal_form
from derive.read import read
from derive.tree import Determinant, Listing, Matrix, Name, Number, Product, Sum, Transpose, substitute
from derive.write import latex

SYMBOLS = {"x": "real", "y": "real", "f": "function"}
A = r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}"
ONE_TWO = (Number("1"), Number("2"))


def tree(text: str):
    return parse(text, SYMBOLS).tree


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\begin{pmatrix} 1 & 2 \end{pmatrix}", Matrix((ONE_TWO,))),
        (r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}", Matrix(((ONE_TWO[0],), (ONE_TWO[1],)))),
        (r"\begin{matrix} 1 & 2 \\[2pt] \end{matrix}", Matrix((ONE_TWO,))),
        (r"\begin{bmatrix*}[r] 1 & 2 \end{bmatrix*}", Matrix((ONE_TWO,))),
        (r"\left[\begin{array}{cc} 1 & 2 \end{array}\right]", Matrix((ONE_TWO,))),
        (r"\begin{vmatrix} 1 \end{vmatrix}", Determinant(Matrix(((ONE_TWO[0],),)))),
        (r"\left| \begin{array}{c} 1 \end{array} \right|", Determinant(Matrix(((ONE_TWO[0],),)))),
        (r"\det \begin{pmatrix} 1 \end{pmatrix}", Determinant(Matrix(((ONE_TWO[0],),)))),
        (r"(1, 2)", Listing(ONE_TWO)),
        (r"\left[1, 2\right]", Listing(ONE_TWO, "[")),
        (r"\langle 1, 2 \rangle", Listing(ONE_TWO, "<")),
        (r"⟨1, 2⟩", Listing(ONE_TWO, "<")),
        (r"(1, 2)^T", Transpose(Listing(ONE_TWO))),
        (r"[1, 2]^{\top}", Transpose(Listing(ONE_TWO, "["))),
        (r"\begin{pmatrix} 1 & 2 \end{pmatrix}^{\mathsf{T}}", Transpose(Matrix((ONE_TWO,)))),
        (r"x (\begin{pmatrix} 1 & 2 \end{pmatrix})^T", Product((Name("x"), Transpose(Matrix((ONE_TWO,)))))),
        (r"\begin{pmatrix} |x| \\ \frac{\begin{cases} 1 & x > 0 \\ 2 & x \le 0 \end{cases}}{2} \end{pmatrix}", None),
    ],
)
def test_it_is_read_and_reads_back_from_what_is_written(text, expected):
    found = tree(text)
    assert expected is None or found == expected
    assert tree(latex(found)) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}", "ragged-matrix"),
        (r"\begin{pmatrix} 1 & \\ 3 & 4 \end{pmatrix}", "entry-missing"),
        (r"\begin{pmatrix} \end{pmatrix}", "empty-bracket"),
        (r"\begin{pmatrix} 1 & 2", "bracket-unclosed"),
        (r"\begin{pmatrix} 1 & 2 \end{bmatrix}", "bracket-mismatch"),
        (r"\begin{pmatrix} (1 & 2) \end{pmatrix}", "bracket-unclosed"),
        (r"(\begin{pmatrix} 1 ) & 2 \end{pmatrix}", "bracket-mismatch"),
        (r"\begin{pmatrix} 1 & \dots \end{pmatrix}", "dots"),
        (r"\begin{array}{c|c} 1 & 2 \end{array}", "array-columns"),
        (r"\begin{pmatrix} 1, 2 \end{pmatrix}", "syntax"),
        (r"\det x", "no-matrix"),
        (r"(1,)", "list-incomplete"),
        (r"(1,,2)", "list-incomplete"),
        (r"x, y", "stray-comma"),
        (r"[1, 2)", "bracket-mismatch"),
        (r"x(1, 2)", "ambiguous"),
        (r"f(1, 2)", "arity"),
        (r"x^T", "undeclared-name"),
        (r"\max(x, y)^T", "undeclared-name"),
    ],
)
def test_what_makes_no_sense_is_refused(text, code):
    with pytest.raises(Unreadable) as caught:
        tree(text)
    assert caught.value.code == code


def test_a_declared_t_is_a_power_and_top_a_transpose():
    symbols = {**SYMBOLS, "T": "integer"}
    assert parse(rf"{A}^{{\top}}", symbols).tree == tree(rf"{A}^T")
    assert parse(f"{A}^T", symbols).tree != tree(rf"{A}^T")


def test_it_hashes_substitutes_and_keeps_its_rows():
    matrix = tree(r"\begin{pmatrix} x & 2 \\ y & x \end{pmatrix}")
    assert hash(matrix) == hash(tree(r"\begin{bmatrix} x & 2 \\ y & x \end{bmatrix}"))
    assert matrix != tree(r"\begin{pmatrix} x & 2 & y & x \end{pmatrix}")
    assert substitute(matrix, {"x": Number("1")}) == tree(r"\begin{pmatrix} 1 & 2 \\ y & 1 \end{pmatrix}")
    assert matrix.names == ("x", "y")


@given(
    st.integers(1, 3).flatmap(lambda n: st.lists(st.lists(expressions, min_size=n, max_size=n), min_size=1, max_size=3))
)
def test_any_matrix_reads_back(rows):
    matrix = Matrix(tuple(tuple(row) for row in rows))
    assert read(latex(matrix), TABLE).tree == matrix
    assert read(latex(Sum((matrix, Transpose(matrix)))), TABLE).tree == Sum((matrix, Transpose(matrix)))


@given(st.lists(expressions, min_size=2, max_size=4), st.sampled_from("([<"))
def test_any_list_reads_back(elements, opening):
    listing = Listing(tuple(elements), opening)
    assert read(latex(listing), TABLE).tree == listing


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (rf"{A} + {A}", r"\begin{pmatrix} 2 & 4 \\ 6 & 8 \end{pmatrix}"),
        (rf"2 {A} - {A}", A),
        (rf"-\frac{{{A}}}{{2}}", r"\begin{pmatrix} -\frac{1}{2} & -1 \\ -\frac{3}{2} & -2 \end{pmatrix}"),
        (rf"{A} {A}", r"\begin{pmatrix} 7 & 10 \\ 15 & 22 \end{pmatrix}"),
        (rf"{A}^3", r"\begin{pmatrix} 37 & 54 \\ 81 & 118 \end{pmatrix}"),
        (rf"{A}^0", r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}"),
        (rf"{A}^{{-1}}", r"\begin{pmatrix} -2 & 1 \\ \frac{3}{2} & -\frac{1}{2} \end{pmatrix}"),
        (rf"{A}^T", r"\begin{pmatrix} 1 & 3 \\ 2 & 4 \end{pmatrix}"),
        (rf"\det {A}", "-2"),
        (r"\begin{vmatrix} 2 & 0 & 1 \\ 1 & 1 & 0 \\ 0 & 3 & 1 \end{vmatrix}", "5"),
        (r"(1, 2)^T", r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}"),
        (r"2 (1, 2) - (0, 1)", "(2, 3)"),
        (rf"{A} (5, 6)^T", r"\begin{pmatrix} 17 \\ 39 \end{pmatrix}"),
        (r"(1, 2)^{T T}", None),
        (rf"\begin{{pmatrix}} 1 & 2 \end{{pmatrix}} (3, 4)^T {A}", r"\begin{pmatrix} 11 & 22 \\ 33 & 44 \end{pmatrix}"),
    ],
)  # fmt: skip
def test_arithmetic_of_numbers_is_carried_out(text, value):
    if value is None:
        with pytest.raises(Unreadable):
            tree(text)
        return
    assert carried_out(tree(text)) == tree(value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (rf"{A} + (1, 2)^T", "a 2 × 2 matrix and a 2 × 1 matrix cannot be added"),
        (rf"{A} + 1", "a 2 × 2 matrix and a single value cannot be added"),
        (rf"(1, 2) + {A}", "a list of 2 and a 2 × 2 matrix cannot be added"),
        (rf"(1, 2)^T {A}", "a 2 × 1 matrix and a 2 × 2 matrix cannot be multiplied in this order"),
        (r"\frac{1}{(1, 2)}", "nothing can be divided by a list of 2"),
        (r"\det \begin{pmatrix} 1 & 2 \end{pmatrix}", "a 1 × 2 matrix has no determinant: it is not square"),
        (r"\begin{pmatrix} 1 & 2 \end{pmatrix}^2", "a 1 × 2 matrix has no power: it is not square"),
        (r"\begin{pmatrix} 1 & 2 \\ 2 & 4 \end{pmatrix}^{-1}", "a matrix whose determinant is 0 has no inverse"),
    ],
)
def test_what_the_shapes_do_not_allow_is_one_sentence(text, sentence):
    with pytest.raises(Misshapen, match="^" + sentence.replace("(", r"\(") + "$"):
        carried_out(tree(text))


@pytest.mark.parametrize(
    "text",
    [rf"\operatorname{{expm}}({A})", rf"e^{{{A}}}", rf"{A}^x", rf"{A}^{{\frac{{1}}{{2}}}}", "(1, 2)^2", "(1, 2) (3, 4)", r"2 \{1, 2\}",
     r"\begin{pmatrix} (1, 2) & 3 \end{pmatrix}", r"|(1, 2)|", r"\sum_{k=1}^{3} (k, 1)", r"\sqrt{(1, 2)}"],
)  # fmt: skip
def test_what_has_no_rule_says_so(text):
    with pytest.raises(NoRule) as caught:
        carried_out(tree(text))
    assert not isinstance(caught.value, Misshapen)


@pytest.mark.parametrize("text", [A, "(x, y)", r"\{x, y\}", rf"\det {A}", rf"{A}^T", rf"x {A}"])
def test_what_works_on_scalars_refuses_arrays(text):
    """No pass may answer as if a matrix were a number."""
    with pytest.raises(NoRule):
        gradient(text, "x", SYMBOLS)
    with pytest.raises(Exception, match="has no normal form"):
        normal_form(tree(text))
    with pytest.raises(NoRule):
        parse(text, SYMBOLS).sympy()
