"""The lines of a derivation by a vector or matrix: laws of the differential, dX at the end, the result read off."""

from __future__ import annotations

import pytest

import derive
from derive.matrix.canonical import equal

SYMBOLS = {
    "A": "matrix n n", "x": "vector n", "w": "vector n", "X": "matrix m n", "y": "vector m", "Z": "matrix n n, det > 0",
    "W": "matrix m n", r"\sigma": "function", "p": "vector n, probability vector",
}  # fmt: skip

LINES = (
    (r"x^T A x", "x", "gradient", (
        (r"d(x^T A x)",                        r"dx^T A x + x^T A dx",   "product rule"),
        ("",                                   r"(A x + A^T x)^T dx",    "the differential moved to the end"),
        (r"\frac{\partial f}{\partial x}",     r"A x + A^T x",           "read off"),
        ("",                                   r"(A + A^T) x",           "collected"),
    )),
    (r"\log\det(Z)", "Z", "gradient", (
        (r"d(\ln\det(Z))",                     r"\frac{d(\det(Z))}{\det(Z)}",      "chain rule"),
        ("",                                   r"\operatorname{tr}(Z^{-1} dZ)",    "Jacobi's formula"),
        (r"\frac{\partial f}{\partial Z}",     r"Z^{-T}",                          "read off"),
    )),
    (r"\sigma(W x)", "x", "jacobian", (
        (r"d(\sigma(W x))",                    r"W dx \odot \sigma'(W x)",                     "chain rule"),
        (r"\frac{\partial f}{\partial x}",     r"\operatorname{diag}(\sigma'(W x)) W",         "read off"),
    )),
    (r"Z^{-1}", "Z", "differential", (
        (r"d(Z^{-1})",                         r"-Z^{-1} dZ Z^{-1}",     "differential of the inverse"),
    )),
)  # fmt: skip


@pytest.mark.parametrize(("f", "wrt", "layout", "lines"), LINES)
def test_the_lines_are_those_a_person_writes(f, wrt, layout, lines):
    derivation = derive.gradient(f, wrt, SYMBOLS, layout=layout)
    assert tuple((step.left, step.latex, step.law) for step in derivation.steps) == lines
    assert all(step.latex in derivation.latex() for step in derivation.steps)


@pytest.mark.parametrize(
    ("f", "wrt"),
    [
        (r"\|X w - y\|_2^2", "X"),
        (r"-p^T \log(\operatorname{softmax}(x))", "x"),
        (r"\operatorname{tr}(A Z^{-1} A)", "Z"),
        (r"y^T \sigma(W \sigma(A x))", "A"),
        (r"\frac{x^T A x}{x^T x}", "x"),
    ],
)
def test_what_is_read_off_equals_the_closed_form_and_stands_last(f, wrt):
    derivation = derive.gradient(f, wrt, SYMBOLS)
    read_off = [step for step in derivation.steps if not step.differential]
    assert read_off
    assert all(equal(step.expression.tree, derivation.closed) for step in read_off)
    assert derivation.steps[-1].expression.tree == derivation.closed
