"""Derivatives of formulas of arrays, judged by torch autograd at sizes that are pairwise different; and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from typed import TABLE, typed

import checks
import derive
from checks.witness.arrays import array_against_autograd
from derive.errors import NoRule, TooLarge
from derive.matrix.canonical import equal
from derive.matrix.layouts import derive_array
from derive.matrix.shapes import shape_of
from derive.symbols import Symbol
from derive.tree import Negative, Number, Product, Sum

SYMBOLS = {
    "X": "matrix m n", "W": "matrix m n", "A": "matrix m m", "B": "matrix n n", "Z": "matrix n n, det > 0",
    "S": "matrix n n, symmetric", "P": "matrix m m, symmetric positive definite", "V": "matrix n k", "Y": "matrix m k",
    "x": "vector n", "w": "vector n", "b": "vector n", "a": "vector m", "c": "vector m", "y": "vector m",
    "u": "vector m, positive", "p": "vector n, probability vector", "t": "scalar", "s": "positive",
    r"\sigma": "elementwise function", r"\mathbf{1}": "ones m", "I": "identity n", "m": "dimension", "n": "dimension",
    "T": "matrix m n, m > n", "G": "upstream gradient of f", "D": "matrix n n, diagonal", "C": "matrix n n, the centring matrix",
}  # fmt: skip

DERIVATIVES = (
    # f                                                   by     layout
    (r"a^T X b",                                          "X",   "gradient"),
    (r"b^T X^T A X b",                                    "X",   "gradient"),
    (r"x^T B x \, b^T x",                                 "x",   "gradient"),
    (r"\frac{x^T B x}{x^T x}",                            "x",   "gradient"),
    (r"\|x - b\|_2^3",                                    "x",   "gradient"),
    (r"\|X w - y\|_1",                                    "w",   "gradient"),
    (r"\|W \odot X\|_F",                                  "X",   "gradient"),
    (r"\operatorname{tr}(X^T A X B)",                     "X",   "gradient"),
    (r"\operatorname{tr}(Z^3 B)",                         "Z",   "gradient"),
    (r"\operatorname{tr}(B Z^{-2})",                      "Z",   "gradient"),
    (r"\operatorname{tr}(\operatorname{adj}(Z) B)",       "Z",   "gradient"),
    (r"\det(Z^2)",                                        "Z",   "gradient"),
    (r"\log\det(T^T P T)",                                "T",   "gradient"),
    (r"\operatorname{tr}(T^{+} X)",                       "T",   "gradient"),
    (r"\operatorname{tr}(Z \otimes B)",                   "Z",   "gradient"),
    (r"\operatorname{tr}(\operatorname{expm}(Z))",        "Z",   "gradient"),
    (r"a^T \sigma(X \sigma(B x))",                        "B",   "gradient"),
    (r"\|\sigma(X B) V - Y\|_F^2",                        "B",   "gradient"),
    (r"-y^T \log(\operatorname{softmax}(X w))",           "X",   "gradient"),
    (r"\operatorname{logsumexp}(X w)",                    "w",   "gradient"),
    (r"\mathbf{1}^T \max(0, X w)",                        "w",   "gradient"),
    (r"\mathbf{1}^T (\sqrt{u} \oslash (u \odot u))",      "u",   "gradient"),
    (r"a^T \operatorname{diag}(c) X b",                   "c",   "gradient"),
    (r"\operatorname{diag}(A)^T c",                       "A",   "gradient"),
    (r"\sum_{i=1}^{n} b_i \exp(x_i)",                     "x",   "gradient"),
    (r"\sum_{i=1}^{m} \sum_{j=1}^{n} a_i X_{ij}^2 b_j",   "X",   "gradient"),
    (r"\sum_{i=1}^{m} \log(1 + \exp(-y_i b^T w))",        "w",   "gradient"),
    (r"X X^T A",                                          "X",   "vjp"),
    (r"\operatorname{softmax}(X B) V",                    "X",   "vjp"),
    (r"Z^{-1} b",                                         "Z",   "vjp"),
    (r"\frac{C x}{\|C x\|_2}",                            "x",   "vjp"),
    (r"x \, x^T b",                                       "x",   "jacobian"),
    (r"\frac{B x}{\|x\|_2}",                              "x",   "jacobian"),
    (r"x \oslash (B x)",                                  "x",   "jacobian"),
    (r"\operatorname{diag}(X \operatorname{diag}(x) X^T)", "x",  "jacobian"),
    (r"\operatorname{softmax}(B x)",                      "x",   "jacobian-transposed"),
    (r"x^T B",                                            "x",   "jacobian"),
    (r"(x^T B x)^2",                                      "x",   "hessian"),
    (r"\frac{b^T x}{1 + x^T x}",                          "x",   "hessian"),
    (r"\log(\mathbf{1}^T \exp(X w))",                     "w",   "hessian"),
    (r"X^T A X",                                          "X",   "differential"),
    (r"\det(Z)",                                          "Z",   "differential"),
    (r"A X B",                                            "X",   "vec-jacobian"),
    (r"\sigma(A X)",                                      "X",   "vec-jacobian"),
    (r"(B + t S)^{-1}",                                   "t",   "derivative"),
    (r"\log\det(I + t^2 S S)",                            "t",   "second-derivative"),
    (r"\operatorname{tr}(B S B)",                         "S",   "gradient-symmetric-entries"),
    (r"x^T S b",                                          "S",   "gradient-symmetric-projection"),
    (r"\|D x - b\|_2^2",                                  "D",   "gradient-diagonal-entries"),
)  # fmt: skip


@pytest.mark.parametrize(("f", "wrt", "layout"), DERIVATIVES)
def test_a_derivative_is_what_autograd_finds(f, wrt, layout):
    closed = derive.gradient(f, wrt, SYMBOLS, layout=layout)
    verdict = checks.against_autograd(closed, f, wrt, closed.symbols, layout=layout, examples=6)
    assert verdict.status == "verified", (closed.closed_form.latex(), verdict.evidence, verdict.counterexample)


_PLAIN = ("A", "B", "C", "M", "S", "x", "y", "z")
_WITH_DIFFERENTIALS = TABLE.extended(
    Symbol(f"d{key}", "array", shape=TABLE[key].shape, role="differential", of=key) for key in _PLAIN
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(typed(), st.data())
def test_the_pullback_of_any_formula_is_autograds_or_is_refused(drawn, data):
    shape, f = drawn
    arrays = [name for name in _PLAIN if name in f.names]
    assume(arrays)
    wrt = data.draw(st.sampled_from(arrays))
    layout = "gradient" if shape == (1, 1) else "differential"
    try:
        closed = derive_array(f, wrt, layout, _WITH_DIFFERENTIALS)
    except (NoRule, TooLarge):
        return
    verdict = array_against_autograd(closed, f, wrt, layout, _WITH_DIFFERENTIALS, examples=2)
    assert verdict.status != "refuted", (derive.Expression(f, TABLE).latex(), verdict.evidence)


REFUSED = (
    # f                                              by    layout           the message names
    (r"\operatorname{tr}(B \operatorname{expm}(Z))", "Z",  "gradient",      "exponential"),
    (r"\|X\|_2",                                     "X",  "hessian",       "singular vectors"),
    (r"\|X B\|_*",                                   "X",  "gradient",      "no name"),
    (r"\|x\|_\infty",                                "x",  "gradient",      "largest entry"),
    (r"X b",                                         "b",  "gradient",      "not a scalar"),
    (r"B x",                                         "x",  "hessian",       "not a scalar"),
    (r"a^T X b",                                     "X",  "gradient-symmetric-entries", "not square"),
    (r"b^T B^n x",                                   "B",  "gradient",      "matrix power"),
)  # fmt: skip


@pytest.mark.parametrize(("f", "wrt", "layout", "says"), REFUSED)
def test_what_has_no_rule_is_refused_and_never_zero(f, wrt, layout, says):
    with pytest.raises(NoRule, match=says):
        derive.gradient(f, wrt, SYMBOLS, layout=layout)


def _tree(f):
    return derive.parse(f, SYMBOLS).tree


_SCALARS = (r"x^T B x", r"\log(1 + \|x\|_2^2)", r"b^T \sigma(x)", r"\operatorname{logsumexp}(B x)")
_OTHERS = (r"b^T x", r"\exp(-x^T x)", r"\|x - b\|_2^2")


def _gradient(tree, table):
    return derive_array(tree, "x", "gradient", table)


@pytest.mark.parametrize("f", _SCALARS)
@pytest.mark.parametrize("g", _OTHERS)
def test_the_derivative_is_linear(f, g):
    table = derive.SymbolTable.from_specs(SYMBOLS)
    left, right = _tree(f), _tree(g)
    whole = _gradient(Sum((Product((Number("3"), left)), Negative(right))), table)
    parts = Sum((Product((Number("3"), _gradient(left, table))), Negative(_gradient(right, table))))
    assert equal(whole, parts)


@pytest.mark.parametrize("f", _SCALARS)
@pytest.mark.parametrize("g", _OTHERS)
def test_the_product_rule_holds_for_scalar_factors(f, g):
    table = derive.SymbolTable.from_specs(SYMBOLS)
    left, right = _tree(f), _tree(g)
    whole = _gradient(Product((left, right)), table)
    parts = Sum((Product((left, _gradient(right, table))), Product((right, _gradient(left, table)))))
    assert equal(whole, parts)


@pytest.mark.parametrize("layout", ["vjp", "differential"])
@pytest.mark.parametrize("f", [r"X B", r"\sigma(X)", r"X^T A X", r"\operatorname{softmax}(X)"])
def test_pullback_and_differential_are_adjoint(f, layout):
    """⟨G, dF⟩ = ⟨L(G), dX⟩: both layouts agree with autograd, and so with each other."""
    closed = derive.gradient(f, "X", SYMBOLS, layout=layout)
    assert checks.against_autograd(closed, f, "X", closed.symbols, layout=layout, examples=6).status == "verified"
    assert shape_of(closed.closed_form.tree) == (("m", "n") if layout == "vjp" else shape_of(_tree(f)))
