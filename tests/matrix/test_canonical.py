"""One spelling for one value: what the canonical form sees through, and what it must keep apart."""

from __future__ import annotations

import pytest

from derive.matrix.canonical import equal
from derive.read import read
from derive.rules import with_named_functions
from derive.symbols import SymbolTable

SYMBOLS = SymbolTable.from_specs({
    "A": "matrix n n", "B": "matrix n n", "S": "matrix n n, symmetric", "P": "matrix n n, symmetric positive definite",
    "Q": "matrix n n, orthogonal", "D": "matrix n n, diagonal", "X": "matrix m n", "W": "matrix n k", "Z": "matrix m n, m > n",
    "x": "vector n", "y": "vector m", "z": "vector n", "w": "vector n", "u": "vector m", "p": "vector n, probability vector",
    "I": "identity n", r"\mathbf{1}": "ones n", r"\mathbf{1}_m": "ones m", "C": "matrix n n, the centring matrix",
    "t": "scalar", "c": "scalar", "n": "dimension", r"\sigma": "elementwise function",
    "s": "elementwise function, logistic sigmoid",
})  # fmt: skip

SAME = (
    # products, transposes, inverses
    (r"(A + A^T) x", r"A x + A^T x"),
    (r"(A B)^T", r"B^T A^T"),
    (r"(A B)^{-1}", r"B^{-1} A^{-1}"),
    (r"(A^T)^{-1}", r"A^{-T}"),
    (r"A A^{-1} x", "x"),
    (r"Q^T Q x", "x"),
    (r"(S + S^T) x", "2 S x"),
    (r"(W^T S W)^T", r"W^T S W"),
    (r"A^3 A^{-1}", "A^2"),
    (r"(2 A)^{-1}", r"\frac{1}{2} A^{-1}"),
    # scalars
    (r"x^T A z", r"z^T A^T x"),
    (r"(x^T z) w", r"w x^T z"),
    (r"\operatorname{tr}(A B)", r"\operatorname{tr}(B A)"),
    (r"\operatorname{tr}(A B)", r"\operatorname{tr}(A^T B^T)"),
    (r"\operatorname{tr}(x z^T)", "x^T z"),
    (r"\operatorname{tr}(I)", "n"),
    (r"\mathbf{1}^T \mathbf{1}", "n"),
    (r"\|x - z\|_2^2", r"x^T x - 2 x^T z + z^T z"),
    (r"\|X\|_F^2", r"\operatorname{tr}(X^T X)"),
    (r"\det(A B)", r"\det(B) \det(A)"),
    (r"\det(A) \det(A^{-1})", "1"),
    (r"\det(c A)", r"c^n \det(A)"),
    (r"\mathbf{1}^T p", "1"),
    # entry by entry
    (r"\operatorname{diag}(x) z", r"x \odot z"),
    (r"\operatorname{diag}(x) \operatorname{diag}(z)", r"\operatorname{diag}(x \odot z)"),
    (r"(y x^T) \odot X", r"\operatorname{diag}(y) X \operatorname{diag}(x)"),
    (r"\mathbf{1}^T (x \odot z)", "x^T z"),
    (r"w^T (x \odot z)", r"x^T (w \odot z)"),
    (r"\mathbf{1}_m^T (X \odot X) \mathbf{1}", r"\|X\|_F^2"),
    (r"\operatorname{tr}(X^T (X \odot X))", r"\mathbf{1}_m^T X^{\odot 3} \mathbf{1}"),
    (r"\operatorname{diag}(\operatorname{diag}(A))", r"A \odot I"),
    (r"(x \odot z) \oslash z", "x"),
    (r"s'(x)", r"s(x) \odot (\mathbf{1} - s(x))"),
    (r"\exp(x) \oslash (\mathbf{1} + \exp(x))", "s(x)"),
    (r"(z \oslash s(x)) \odot s(x) \odot (\mathbf{1} - s(x))", r"z - z \odot s(x)"),
    (r"\tanh(x)", r"2 s(2x) - \mathbf{1}"),
    # softmax and the rest
    (r"\mathbf{1}^T \operatorname{softmax}(x)", "1"),
    (r"\operatorname{softmax}(x + c \mathbf{1})", r"\operatorname{softmax}(x)"),
    (r"\operatorname{softmax}(x)", r"\frac{\exp(x)}{\mathbf{1}^T \exp(x)}"),
    (r"\operatorname{logsumexp}(x)", r"\log(\mathbf{1}^T \exp(x))"),
    (r"C x", r"x - \frac{\mathbf{1}^T x}{n} \mathbf{1}"),
    (r"C C", "C"),
    (r"Z^{+}", r"(Z^T Z)^{-1} Z^T"),
    (r"A \operatorname{expm}(t A)", r"\operatorname{expm}(t A) A"),
    (r"X^T \sigma'(X x) - X^T (\sigma'(X x) \odot y)", r"X^T \operatorname{diag}(\sigma'(X x)) (\mathbf{1}_m - y)"),
)  # fmt: skip
APART = (
    (r"(A + A^T) x", "2 A x"),
    (r"(A B)^T", "A^T B^T"),
    (r"(A B)^{-1}", r"A^{-1} B^{-1}"),
    (r"A B", "B A"),
    (r"x^T A z", "x^T A^T z"),
    (r"\operatorname{tr}(A B)", r"\operatorname{tr}(A B^T)"),
    (r"Q Q x", "x"),
    (r"\|x\|_2", r"\|x\|_2^2"),
    (r"\|X\|_F^2", r"\operatorname{tr}(X^T X)^2"),
    (r"\det(c A)", r"c \det(A)"),
    (r"\mathbf{1}^T x", "1"),
    (r"\operatorname{diag}(x) A", r"A \operatorname{diag}(x)"),
    (r"A \odot B", "A B"),
    (r"x \odot z", r"x z^T z"),
    (r"\sigma'(x)", r"\sigma(x)"),
    (r"s'(x)", r"\mathbf{1} - s(x)"),
    (r"\operatorname{softmax}(2x)", r"\operatorname{softmax}(x)"),
    (r"\operatorname{diag}(p) - p p^T", r"\operatorname{diag}(p)"),
    (r"C x", "x"),
    (r"A \operatorname{expm}(t B)", r"\operatorname{expm}(t B) A"),
    (r"A^{-1}", r"A^{-T}"),
)  # fmt: skip


def _tree(latex: str):
    return with_named_functions(read(latex, SYMBOLS).tree, SYMBOLS)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_equal_formulas_have_one_canonical_form(left, right):
    assert equal(_tree(left), _tree(right))


@pytest.mark.parametrize(("left", "right"), APART)
def test_different_formulas_keep_different_forms(left, right):
    assert not equal(_tree(left), _tree(right))


@pytest.mark.parametrize(("left", "right"), SAME)
def test_adding_the_same_term_or_transposing_changes_nothing(left, right):
    one, other = f"{left} + {right}", f"2 ({right})"
    assert equal(_tree(one), _tree(other))
