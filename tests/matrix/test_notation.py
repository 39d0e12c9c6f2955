"""How matrix notation is read: each spelling beside the LaTeX it is written back as, and what is refused."""

from __future__ import annotations

import pytest

from derive import SymbolTable, Unreadable
from derive.matrix.nodes import ArrayName
from derive.read import read
from derive.tree import Name, Power, Transpose, walk
from derive.write import latex

SPECS = {
    "A": "matrix n n", "B": "matrix n n", "X": "matrix m n", "x": "vector n", "y": "vector n", "z": "vector m",
    "W_1": "matrix k n", "W^{(1)}": "matrix k n", "t": "real", r"\sigma": "function", "n": "dimension", "m": "dimension",
    "i": "index m", "j": "index n", r"\mathbf{1}": "ones n", r"\mathbf{1}_m": "ones m", "I": "identity n",
    r"\delta": "Kronecker delta", "q": "integer",
}  # fmt: skip
TABLE = SymbolTable.from_specs(SPECS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"x^\top A y", "x^T A y"), (r"x^{\mathsf{T}} A y", "x^T A y"), (r"x^{\intercal}Ay", "x^T A y"),
        (r"x^{\mathrm T} A y", "x^T A y"), ("xᵀAy", "x^T A y"), ("x⊤ A y", "x^T A y"),
        (r"A^{-\top}", "A^{-T}"), (r"(A^{-1})^T", "A^{-T}"), ("A⁻ᵀ", "A^{-T}"), ("A⁻¹ x", "A^{-1} x"), (r"(A + B)^{-T}", "(A + B)^{-T}"),
        (r"X^{+}", "X^+"), (r"X^\dagger z", "X^+ z"), (r"(X^{+})^\top", "(X^+)^T"),
        (r"x \circ y", r"x \odot y"), ("x ⊙ y", r"x \odot y"), (r"x \odot y \oslash x", r"(x \odot y) \oslash x"),
        (r"A x \odot B x + y", r"A x \odot B x + y"), (r"-x \odot y", r"-x \odot y"), (r"x^{\circ 2}", r"x^{\odot 2}"),
        (r"(A x)^{\odot -1}", r"(A x)^{\odot -1}"), (r"A \otimes (A B) \otimes I", r"A \otimes (A B) \otimes I"),
        (r"A \times B", "A B"), (r"2 A \cdot B", "2 A B"), (r"\langle x, y \rangle", "x^T y"), (r"\langle X, X \rangle", r"\operatorname{tr}(X^T X)"),
        (r"\|x\|^2_2", r"\lVert x \rVert_2^2"), (r"\left\lVert A x \right\rVert", r"\lVert A x \rVert_2"), (r"||x - y||_1", r"\lVert x - y \rVert_1"),
        (r"\| X \|_{\mathrm{F}}", r"\lVert X \rVert_F"), ("‖x‖²", r"\lVert x \rVert_2^2"), (r"\|X\|_{*}", r"\lVert X \rVert_*"),
        (r"\|x\|_{\infty}", r"\lVert x \rVert_\infty"),
        (r"\|x - \|y\| y\|", r"\lVert x - \lVert y \rVert_2 y \rVert_2"),
        (r"\mathrm{tr}(A)", r"\operatorname{tr}(A)"), (r"\operatorname{Tr} A B", r"\operatorname{tr}(A B)"), ("tr(A)", r"\operatorname{tr}(A)"),
        (r"\operatorname{tr}(A) \operatorname{tr}(B)", r"\operatorname{tr}(A) \operatorname{tr}(B)"),
        (r"\log\det(A) t", r"\ln\det(A) t"), (r"\log(\det(A))^2", r"\ln(\det(A))^2"), (r"t \log \det A", r"t \ln\det(A)"),
        (r"\operatorname{logdet}(A)", r"\ln\det(A)"), (r"\det(A)^2", r"\det(A)^2"),
        (r"\operatorname{LSE}(x)", r"\operatorname{logsumexp}(x)"), (r"\operatorname{softmax}(A x)^T y", r"\operatorname{softmax}(A x)^T y"),
        (r"\lambda_{\max}(A)", r"\lambda_{\max}(A)"),
        ("X_{i,j}", "X_{ij}"), ("X_{12}", "X_{1, 2}"), ("x_{12}", "x_{12}"), (r"(X A)_{ij}^2", "(X A)_{ij}^2"),
        ("(W_1)_{2,j}", "(W_1)_{2, j}"), (r"\delta_{ij}", r"\delta_{ij}"), ("x_{j+1}", "x_{j + 1}"),
        (r"\mathbf{1}_m^T X \mathbf{1}", r"\mathbf{1}_m^T X \mathbf{1}"), (r"\mathbf{1}_j", r"\mathbf{1}_j"),
        (r"\mathbf{1}[x > 0] \odot y", r"\mathbb{1}[x > 0] \odot y"), (r"I(x > y)", r"\mathbb{1}[x > y]"), ("I (x - y)", "I (x - y)"),
        (r"\sum_{i,j} X_{ij}", r"\sum_{i=1}^{m} \sum_{j=1}^{n} X_{ij}"), (r"\sum_l x_l y_l", r"\sum_{l=1}^{n} x_l y_l"),
        (r"W^{(1)\top} W_1", "(W^{(1)})^T W_1"), (r"(x-y)(x-y)^T", "(x - y) (x - y)^T"), (r"\sigma'(A x)", r"\sigma'(A x)"),
        (r"\|X\|_F \ge 0 \Rightarrow t = x^T y", r"\lVert X \rVert_F \ge 0 \Rightarrow t = x^T y"),
    ],
)  # fmt: skip
def test_notation_is_read_as_one_formula_however_it_is_spelled(written, meant):
    tree = read(written, TABLE).tree
    assert latex(tree) == meant
    assert read(meant, TABLE).tree == tree


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (r"x \oslash y \odot x", "ambiguous"), (r"A B \otimes I", "ambiguous"), (r"A \otimes B \odot I", "ambiguous"),
        (r"\|X\|", "ambiguous"), ("|X|", "ambiguous"),
        (r"\ln|A|", "ambiguous"), ("e^{A}", "ambiguous"), (r"\max(x)", "ambiguous"), (r"\sigma' x", "ambiguous"), (r"\|x\|_7", "norm-kind"),
        (r"\|x", "bracket-unclosed"),
        (r"x\rVert", "bracket-unopened"), (r"\|x\}", "bracket-mismatch"), (r"\operatorname{tr}", "argument-missing"),
        (r"\sum_l l", "reduction-bounds"), ("x_l", "undeclared-name"),
        (r"\delta", "shape"), (r"\delta_i", "shape"), ("A_{ij}", "shape"), ("x_{0}", "shape"), ("t_{j}", "undeclared-name"),
        (r"x \odot", "operand-missing"), (r"\odot x", "operator-doubled"),
    ],
)  # fmt: skip
def test_what_is_open_or_broken_is_refused(written, code):
    with pytest.raises(Unreadable) as caught:
        read(written, TABLE)
    assert caught.value.code == code or {caught.value.code, code} <= {"syntax", "operand-missing", "operator-doubled"}


def test_a_declared_array_is_never_a_scalar_name():
    tree = read(r"t A x + \|x\| y - \operatorname{tr}(A) x", TABLE).tree
    found = {type(part) for part in walk(tree) if part.names in {("A",), ("x",), ("y",)} and not part.children}
    assert found == {ArrayName}
    assert tree.has_array
    assert {part.at for part in walk(tree) if isinstance(part, ArrayName)} == {2, 4, 10, 14, 36, 39}


@pytest.mark.parametrize(
    ("spec", "kind"), [("matrix k n", Transpose), ("real", Transpose), (None, Transpose), ("function", Transpose)]
)
def test_a_superscript_t_on_a_matrix_transposes_whatever_t_is_declared_as(spec, kind):
    table = SymbolTable.from_specs({"A": "matrix n n", **({"T": spec} if spec else {})})
    assert isinstance(read("A^T", table).tree, kind)


def test_a_superscript_t_is_a_power_of_scalars_and_refused_where_both_make_sense():
    table = SymbolTable.from_specs({"A": "matrix n n", "X": "matrix m n", "T": "integer", "t": "real"})
    assert read("t^T", table).tree == Power(Name("t"), Name("T"))
    assert isinstance(read("X^T", table).tree, Transpose)
    assert isinstance(read(r"A^\top", table).tree, Transpose)
    with pytest.raises(Unreadable, match="may be a power or the transpose"):
        read("A^T", table)


@pytest.mark.parametrize(
    "written",
    [r"\|x\|", r"x \odot x", r"x \circ x", r"\operatorname{tr}(x)", r"\operatorname{softmax}(x)", r"\sum_i x", "x_i^T"],
)
def test_without_declared_arrays_the_notation_of_matrices_is_not_read(written):
    with pytest.raises(Unreadable):
        read(written, SymbolTable.from_specs({"x": "real", "i": "integer"}))


def test_a_name_that_varies_with_a_summation_index_is_not_taken_for_a_constant():
    table = SymbolTable.from_specs({"a_i": "vector n", "x": "vector n", "y_i": "real", "m": "dimension"})
    with pytest.raises(Unreadable, match="y_i is declared as one name and stands under a sign that runs over i"):
        read(r"\sum_{i=1}^m y_i a_i^T x", table)


def test_an_upstream_gradient_of_unknown_shape_is_refused_with_what_it_belongs_to():
    table = SymbolTable.from_specs({"G": "upstream gradient of f", "X": "matrix m n"})
    with pytest.raises(Unreadable, match="G has the shape of f, which is not known here"):
        read("X^T G", table)
    assert latex(read("X^T G", table.with_upstream(("m", 1))).tree) == "X^T G"
