"""Each mistake in a formula of arrays is called what it is, in words a student can act on."""

from __future__ import annotations

import pytest

from checks.decide.arrays import CLASSES, find
from checks.decide.claim import Setting
from derive.program import Program
from derive.read import read
from derive.symbols import SymbolTable

TABLE = SymbolTable.from_specs(
    {
        "A": "matrix m n", "B": "matrix m n", "C": "matrix n n", "D": "matrix n n", "S": "matrix n n, symmetric",
        "x": "vector n", "y": "vector n", "u": "vector m", "t": "real", "m": "dimension",
        r"\mathbf{1}": "ones n", "I": "identity n", r"\sigma": "elementwise function",
    }
)  # fmt: skip

MISTAKES = [
    #  truth                            written                          code                 what the sentence names
    (r"2 A^\top (A x - u)",             r"A^\top (A x - u)",             "constant-factor",   "$2$"),
    (r"\frac{1}{m} A^\top (A x - u)",   r"A^\top (A x - u)",             "constant-factor",   "m"),
    (r"2 A^\top (A x - u) + t x",       r"2 A^\top (A x - u) - t x",     "sign",              "t x"),
    (r"A^\top (A x - u)",               r"-A^\top (A x - u)",            "sign",              "whole"),
    (r"A^\top (A x - u)",               r"A^\top (A x + u)",             "sign",              "u"),
    (r"A^\top (A x - u) + t x",         r"A^\top (A x - u)",             "missing-term",      "t x"),
    (r"A^\top (A x - u)",               r"A^\top A x",                   "missing-term",      "u"),
    (r"A^\top A x",                     r"A^\top A x + x",               "extra-term",        "x"),
    (r"\det(C) C^{-\top}",              r"C^{-\top}",                    "missing-factor",    r"\det"),
    (r"C^{-\top}",                      r"\det(C) C^{-\top}",            "extra-factor",      r"\det"),
    (r"C^{-\top}",                      r"C^{-1}",                       "other-layout",      "transpose"),
    (r"A",                              r"A^\top",                       "other-layout",      "transpose"),
    (r"x^\top A^\top",                  r"A x",                          "other-layout",      "transpose"),
    (r"(C + C^\top) x",                 r"2 C x",                        "only-if-symmetric", "$C$"),
    (r"C + C^\top",                     r"2 C",                          "only-if-symmetric", "$C$"),
    (r"2 S x + C x",                    r"2 S x + C^\top x",             "transpose",         "$C$"),
    (r"C D x",                          r"D C x",                        "factor-order",      "stands"),
    (r"C x",                            r"D x",                          "wrong-variable",    "$C$"),
    (r"(u \odot \sigma'(A x)) x^\top",  r"u x^\top",                     "chain-rule",        r"\sigma'"),
    (r"(u \odot \sigma'(A x)) x^\top",  r"(u \odot \sigma(A x)) x^\top", "prime",             r"\sigma'"),
    (r"\frac{x}{\|x\|_2}",              r"\frac{x}{\|x\|_2^2}",          "power",             r"\lVert x"),
    (r"C D^{-1}",                       r"C D",                          "power",             "D"),
    (r"C \odot D",                      r"C D",                          "product-kind",      r"\odot"),
    (r"C D",                            r"C \odot D",                    "product-kind",      "C D"),
    (r"x y^\top",                       r"x^\top y",                     "shape",             "scalar"),
    (r"u x^\top",                       r"A x",                          "shape",             "m"),
    (r"\det(S) (2 S^{-1} - S^{-1} \odot I)", r"\det(S) S^{-1}",          "only-if-symmetric", "free"),
]  # fmt: skip


@pytest.mark.parametrize(("truth", "written", "code", "named"), MISTAKES)
def test_a_mistake_is_called_what_it_is(truth: str, written: str, code: str, named: str) -> None:
    found, sentence = find(read(truth, TABLE).tree, read(written, TABLE).tree, Setting(TABLE, Program()))
    assert found == code, sentence
    assert named.replace("$", "") in sentence.replace("$", ""), sentence


def test_what_no_single_slip_explains_is_said_so() -> None:
    code, _ = find(read(r"\exp(C x)", TABLE).tree, read("t y - 3 x", TABLE).tree, Setting(TABLE, Program()))
    assert code == "not-equal"


def test_every_code_has_a_class() -> None:
    assert {code for _, _, code, _ in MISTAKES} <= set(CLASSES)
