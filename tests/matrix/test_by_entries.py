"""Derivatives of order 3 and 4 by their entries, with indices: right by autograd, and read again from their own LaTeX."""

from __future__ import annotations

import pytest

import checks
import derive
from derive import BadSpec, NoRule

SYMBOLS = {
    "A": "matrix m n", "B": "matrix p q", "X": "matrix n p", "Y": "matrix n n", "C": "matrix n n", "x": "vector n",
    "w": "vector p", "t": "real", r"\sigma": "function",
}  # fmt: skip
INDICES = dict.fromkeys("ijkl", "index n")

#    f                                by    the entry of its derivative
ENTRIES = [
    (r"A X B",                        "X",  r"A_{ik} B_{lj}"),
    (r"Y^{-1}",                       "Y",  r"-(Y^{-1})_{ik} (Y^{-1})_{lj}"),
    (r"\sigma(X)",                    "X",  r"\sigma'(X_{ij}) \delta_{ik} \delta_{jl}"),
    (r"X^T X",                        "X",  r"\delta_{il} X_{kj} + X_{ki} \delta_{jl}"),
    (r"x x^T",                        "x",  r"\delta_{ik} x_j + x_i \delta_{jk}"),
    (r"\operatorname{tr}(Y) Y",       "Y",  r"\operatorname{tr}(Y) \delta_{ik} \delta_{jl} + Y_{ij} \delta_{kl}"),
    (r"\operatorname{softmax}(X w)",  "X",  r"\operatorname{softmax}(X w)_i w_k (\delta_{ij} - \operatorname{softmax}(X w)_j)"),
    (r"\operatorname{softmax}(X)",    "X",
     r"\delta_{ik} \operatorname{softmax}(X)_{ij} (\delta_{jl} - \operatorname{softmax}(X)_{il})"),
]  # fmt: skip


@pytest.mark.parametrize(("f", "wrt", "expected"), ENTRIES)
def test_a_jacobian_without_a_matrix_form_is_printed_with_indices(f: str, wrt: str, expected: str) -> None:
    found = derive.gradient(f, wrt, SYMBOLS, layout="jacobian")
    assert found.layout == "entry"
    assert checks.equal(found, expected, found.symbols).status == "proven"
    assert checks.equal(found, f"2 ({expected})", found.symbols).status == "refuted"
    assert checks.equal(found.closed_form.latex(), found, found.symbols).status == "proven"
    assert checks.against_autograd(found, found, wrt, layout="jacobian", examples=5).status == "verified"


#    f                                 by          the entry of its gradient
SINGLE = [
    (r"\operatorname{tr}(C Y^2)",      "Y_{ij}",   r"(Y C + C Y)_{ji}"),
    (r"x^T Y x",                       "x_k",      r"((Y + Y^T) x)_k"),
    (r"\log\det(Y)",                   "Y_{ij}",   r"(Y^{-1})_{ji}"),
    (r"\|X\|_F^2",                     "X_{12}",   r"2 X_{1, 2}"),
]  # fmt: skip


@pytest.mark.parametrize(("f", "wrt", "expected"), SINGLE)
def test_the_derivative_by_one_entry_is_that_entry_of_the_gradient(f: str, wrt: str, expected: str) -> None:
    found = derive.gradient(f, wrt, {**SYMBOLS, **INDICES}, layout="entry")
    assert checks.equal(found, expected, found.symbols).status == "proven"
    assert checks.against_autograd(found, found, wrt, layout="entry", examples=5).status == "verified"


def test_one_entry_of_a_matrix_is_asked_for_by_the_entry_of_f_too() -> None:
    with pytest.raises(BadSpec, match="one entry"):
        derive.gradient("A X", "X_{ij}", {**SYMBOLS, "i": "index n", "j": "index p"}, layout="entry")


def test_sizes_made_of_others_have_no_indices() -> None:
    with pytest.raises(NoRule):
        derive.gradient(r"A \otimes X", "X", SYMBOLS, layout="jacobian")
