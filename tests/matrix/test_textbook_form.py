"""The printed form of derivatives: as short as the books print them. Expected forms from the literature, written by hand."""

from __future__ import annotations

import pytest

import derive
from derive.matrix.canonical import equal
from derive.matrix.collect import collected
from derive.matrix.cost import cost
from derive.matrix.shapes import shape_of

SYMBOLS = {
    "X": "matrix m n", "W": "matrix k n", "A": "matrix n n", "B": "matrix m m", "S": "matrix n n, symmetric",
    "Z": "matrix n n, det > 0", r"\Sigma": "matrix n n, symmetric positive definite", "T": "matrix m n, m > n",
    "x": "vector n", "w": "vector n", "b": "vector n", "y": "vector m", "a": "vector m", "v": "vector k",
    "z": "vector n", "q": "vector n, probability vector", r"\mu": "vector n", r"\lambda": "positive",
    r"\sigma": "elementwise function, logistic sigmoid", r"\phi": "elementwise function",
    r"\mathbf{1}": "ones m", "I": "identity n", "t": "scalar", "m": "dimension", "h": "positive",
}  # fmt: skip

PRINTED = (
    # f                                                          by       layout        the book's form
    (r"x^T A x",                                                 "x",     "gradient",   r"(A + A^T) x"),
    (r"x^T S x + b^T x",                                         "x",     "gradient",   r"2 S x + b"),
    (r"a^T X b",                                                 "X",     "gradient",   r"a b^T"),
    (r"\|X w - y\|_2^2",                                         "w",     "gradient",   r"2 X^T (X w - y)"),
    (r"\frac{1}{2} \|y - X w\|_2^2 + \frac{\lambda}{2} \|w\|_2^2", "w",   "gradient",   r"X^T (X w - y) + \lambda w"),
    (r"\log\det(Z)",                                             "Z",     "gradient",   r"Z^{-T}"),
    (r"\det(Z^4)",                                               "Z",     "gradient",   r"4 \det(Z^4) Z^{-T}"),
    (r"\operatorname{tr}(A Z^{-1})",                             "Z",     "gradient",   r"-Z^{-T} A^T Z^{-T}"),
    (r"\operatorname{tr}(Z^3)",                                  "Z",     "gradient",   r"3 (Z^2)^T"),
    (r"\log\det(T^T T)",                                         "T",     "gradient",   r"2 T (T^T T)^{-1}"),
    (r"\|X\|_F",                                                 "X",     "gradient",   r"\frac{X}{\lVert X \rVert_F}"),
    (r"\|X S X^T - B\|_F^2",                                     "B",     "gradient",   r"2 (B - X S X^T)"),
    (r"\|S - x x^T\|_F^2",                                       "x",     "gradient",   r"4 (x x^T - S) x"),
    (r"(x - \mu)^T \Sigma^{-1} (x - \mu)",                       "x",     "gradient",   r"2 \Sigma^{-1} (x - \mu)"),
    (r"\operatorname{logsumexp}(X w)",                           "w",     "gradient",   r"X^T \operatorname{softmax}(X w)"),
    (r"\log(\mathbf{1}^T \exp(X w))",                            "w",     "gradient",   r"X^T \operatorname{softmax}(X w)"),
    (r"-q^T \log(\operatorname{softmax}(z))",                    "z",     "gradient",   r"\operatorname{softmax}(z) - q"),
    (r"\mathbf{1}^T \log(\mathbf{1} + \exp(X w)) - y^T X w",     "w",     "gradient",   r"X^T (\sigma(X w) - y)"),
    (r"-y^T \log(\sigma(X w)) - (\mathbf{1} - y)^T \log(\mathbf{1} - \sigma(X w))", "w", "gradient", r"X^T (\sigma(X w) - y)"),
    (r"v^T \phi(W x)",                                           "W",     "gradient",   r"(v \odot \phi'(W x)) x^T"),
    (r"x^T A x",                                                 "x",     "hessian",    r"A + A^T"),
    (r"\log(1 + \exp(b^T x))",                                   "b",     "gradient",   r"\frac{x}{1 + \exp(-b^T x)}"),
    (r"\mathbf{1}^T \phi(X w)",                                  "w",     "hessian",    r"X^T \operatorname{diag}(\phi''(X w)) X"),
    (r"\phi(W x)",                                               "x",     "jacobian",   r"\operatorname{diag}(\phi'(W x)) W"),
    (r"X Z",                                                     "Z",     "vec-jacobian", r"I \otimes X"),
    (r"\frac{\|x - \mu\|_2^2}{h}",                               "h",     "derivative", r"-\frac{\lVert x - \mu \rVert_2^2}{h^2}"),
    (r"\det(A + t S)",                                           "t",     "derivative", r"\det(A + t S) \operatorname{tr}((A + t S)^{-1} S)"),
    (r"Z^{-1}",                                                  "Z",     "differential", r"-Z^{-1} dZ Z^{-1}"),
)  # fmt: skip


@pytest.mark.parametrize(("f", "wrt", "layout", "book"), PRINTED)
def test_a_derivative_prints_as_in_the_book(f, wrt, layout, book):
    assert derive.gradient(f, wrt, SYMBOLS, layout=layout).closed_form.latex() == book


NAMED = (
    # f                                     by    layout      where                                        form
    (r"\operatorname{softmax}(z)",          "z",  "jacobian", {"p": r"\operatorname{softmax}(z)"},         r"\operatorname{diag}(p) - p p^T"),
    (r"-q^T \log(\operatorname{softmax}(z))", "z", "hessian", {"p": r"\operatorname{softmax}(z)"},         r"\operatorname{diag}(p) - p p^T"),
    (r"\|r\|_2^2",                          "w",  "gradient", {"r": r"X w - y"},                           r"2 X^T r"),
)  # fmt: skip


@pytest.mark.parametrize(("f", "wrt", "layout", "where", "book"), NAMED)
def test_named_intermediates_stand_in_the_result(f, wrt, layout, where, book):
    assert derive.gradient(f, wrt, SYMBOLS, layout=layout, where=where).closed_form.latex() == book


COLLECTED = (
    # before                                            after
    (r"-(X w - y)",                                     r"y - X w"),
    (r"X^T B y + X^T B a",                              r"X^T B (y + a)"),
    (r"x^T w \, b + w^T x \, b",                        r"2 x^T w b"),
    (r"A Z Z^{-1} x",                                   r"A x"),
    (r"(A^T Z^T)^T",                                    r"Z A"),
    (r"S^T x",                                          r"S x"),
    (r"\operatorname{diag}(x) \operatorname{diag}(b) A", r"\operatorname{diag}(x \odot b) A"),
    (r"(y \oslash a) \odot a",                          r"y"),
    (r"\frac{\exp(z)}{\mathbf{1}_n^T \exp(z)}",         r"\operatorname{softmax}(z)"),
    (r"x^T S x + x^T S^T x",                            r"2 x^T S x"),
    (r"\mathbf{1}_n^T \operatorname{softmax}(z) \, x",  r"x"),
)  # fmt: skip


@pytest.mark.parametrize(("before", "after"), COLLECTED)
def test_collecting_keeps_the_value_and_is_never_longer(before, after):
    table = derive.SymbolTable.from_specs(SYMBOLS | {r"\mathbf{1}_n": "ones n"})
    tree = derive.parse(before, table).tree
    found = collected(tree)
    assert derive.Expression(found, table).latex() == after
    assert cost(found) <= cost(tree)
    assert equal(found, tree)


DIFFERENT = (
    # equal only where a matrix is symmetric or two vectors are one
    r"x^T A x \, b + x^T A^T w \, b",
    r"A x + A^T x",
    r"\operatorname{tr}(A S Z) + \operatorname{tr}(S A Z)",
)


@pytest.mark.parametrize("text", DIFFERENT)
def test_words_that_differ_are_not_collected(text):
    tree = derive.parse(text, SYMBOLS).tree
    assert equal(collected(tree), tree)
    assert "2" not in derive.Expression(collected(tree), derive.SymbolTable.from_specs(SYMBOLS)).latex()


ZERO = (
    # f           by    layout          shape
    (r"b^T w",    "x",  "gradient",     ("n", 1)),
    (r"A b",      "x",  "jacobian",     ("n", "n")),
    (r"A b",      "X",  "differential", ("n", 1)),
    (r"b^T x",    "x",  "hessian",      ("n", "n")),
    (r"A b",      "t",  "derivative",   ("n", 1)),
)  # fmt: skip


@pytest.mark.parametrize(("f", "wrt", "layout", "shape"), ZERO)
def test_a_derivative_that_is_zero_has_its_shape(f, wrt, layout, shape):
    assert shape_of(derive.gradient(f, wrt, SYMBOLS, layout=layout).closed_form.tree) == shape
