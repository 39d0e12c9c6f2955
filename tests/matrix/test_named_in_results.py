"""Names a result brings along: singular vectors, the polar factor, the commutation matrix; and the remarks that explain."""

from __future__ import annotations

import pytest

import checks
import derive

SYMBOLS = {
    "A": "matrix m n", "B": "matrix n p", "X": "matrix m n", "Y": "matrix n n", "S": "matrix n n, symmetric",
    "L": "matrix n n, diagonal", "K": "matrix n n, skew-symmetric", "Q": "matrix n n, orthogonal",
    "P": "matrix n n, positive definite", "x": "vector n", "I": "identity n",
}  # fmt: skip

#    f                       by    layout           the result                                    what is explained
NAMED = [
    (r"\|X\|_2",             "X",  "gradient",      r"u_X v_X^T",                                 "left singular vector of X"),
    (r"\|X\|_*",             "X",  "gradient",      r"P_X",                                       "singular value decomposition"),
    (r"\lambda_{\max}(S)",   "S",  "gradient",      r"q_S q_S^T",                                 "unit eigenvector of S"),
    (r"X^T",                 "X",  "vec-jacobian",  r"K_{mn}",                                    "commutation matrix"),
    (r"X^T X",               "X",  "vec-jacobian",  r"(X^T \otimes I) K_{mn} + I \otimes X^T",    "commutation matrix"),
    (r"B^T X^T A",           "X",  "vec-jacobian",  r"(A^T \otimes B^T) K_{mn}",                  "commutation matrix"),
    (r"\operatorname{tr}(Y^2)", "Y", "hessian",     r"2 K_{nn}",                                  "commutation matrix"),
]  # fmt: skip


@pytest.mark.parametrize(("f", "wrt", "layout", "expected", "says"), NAMED)
def test_a_name_brought_along_is_right_and_explained(f: str, wrt: str, layout: str, expected: str, says: str) -> None:
    found = derive.gradient(f, wrt, SYMBOLS, layout=layout)
    assert any(says in remark for remark in found.remarks)
    assert checks.equal(found, expected, found.symbols).status == "proven"
    assert checks.equal(found, f"-({expected})", found.symbols).status == "refuted"
    assert checks.against_autograd(found, found, wrt, layout=layout, examples=5).status == "verified"


def test_names_brought_along_may_be_declared() -> None:
    symbols = {**SYMBOLS, "K_{mn}": "commutation matrix m n", "W": "polar factor of X"}
    assert checks.equal(r"K_{mn} \operatorname{vec}(X)", r"\operatorname{vec}(X^T)", symbols).status == "verified"
    assert checks.equal(r"K_{mn} \operatorname{vec}(X)", r"\operatorname{vec}(X)", symbols).status == "refuted"
    assert checks.equal(r"\operatorname{tr}(W^T X)", r"\|X\|_*", symbols).status == "verified"
    assert derive.gradient(r"\|X\|_*", "X", symbols).closed_form.latex() == "W"


@pytest.mark.parametrize(("wrt", "declared"), [("L", "diagonal"), ("K", "skew-symmetric"), ("Q", "orthogonal"), ("S", "symmetric")])  # fmt: skip
def test_a_gradient_by_a_structured_matrix_says_its_entries_are_taken_as_free(wrt: str, declared: str) -> None:
    found = derive.gradient(rf"\operatorname{{tr}}(Y {wrt})", wrt, SYMBOLS)
    assert found.closed_form.latex() == "Y^T"
    assert f"the entries of {wrt} are taken as free, although it is declared {declared}" in found.remarks[0]


def test_a_gradient_by_a_free_matrix_has_no_remark() -> None:
    assert derive.gradient(r"\operatorname{tr}(A^T X)", "X", SYMBOLS).remarks == ()


def test_a_positive_definite_matrix_is_symmetric_as_the_field_has_it() -> None:
    assert checks.equal("P x", "P^T x", SYMBOLS).status == "proven"
    inverse = derive.gradient(r"\log\det P", "P", SYMBOLS).closed_form
    assert checks.equal(inverse, "P^{-1}", SYMBOLS).status == "proven"


@pytest.mark.parametrize("formula", [r"\det(\exp(P))", r"\operatorname{tr}(\log(P))", r"\operatorname{tr}(\exp(P))"])
def test_a_function_of_a_square_matrix_inside_trace_and_determinant_is_refused(formula: str) -> None:
    with pytest.raises(derive.Unreadable, match="of the matrix or of every entry"):
        derive.parse(formula, SYMBOLS)


@pytest.mark.parametrize("name", ["a b", r"\mathbf{1}^T y", "2", "x + y", ""])
def test_a_definition_of_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(derive.BadSpec):
        checks.equal("x", "x", {"x": "real"}, where={name: "1"})


def test_the_root_of_a_square_matrix_is_refused_with_what_to_write() -> None:
    with pytest.raises(derive.Unreadable, match="every entry") as caught:
        derive.parse(r"\sqrt{Y}", SYMBOLS)
    assert r"\odot" in caught.value.hint
    assert derive.parse(r"Y^{\odot \frac{1}{2}}", SYMBOLS).latex() == r"Y^{\odot \frac{1}{2}}"
    assert derive.parse(r"\sqrt{x}", SYMBOLS).latex() == r"\sqrt{x}"


def test_a_claim_false_only_at_size_one_is_refuted_there() -> None:
    symbols = {**SYMBOLS, "n": "dimension"}
    verdict = checks.equal(r"\mathbb{1}[n > 1] x", "x", symbols)
    assert verdict.status == "refuted"
    assert verdict.counterexample is not None
    assert verdict.counterexample["n"] == "1"


def test_a_counterexample_is_of_size_two_where_there_is_one() -> None:
    verdict = checks.equal("2 Y x", "(Y + Y^T) x", SYMBOLS)
    assert verdict.counterexample is not None
    assert verdict.counterexample["n"] == "2"
