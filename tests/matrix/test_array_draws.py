"""Claims about arrays at exact draws: what is true is verified, what is not is refuted with numbers that show it."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from flint import fmpq, fmpq_mat

from checks.decide.arrays import ArrayClaim, separate
from checks.decide.arrays.entries import drawn, entries
from checks.decide.claim import Setting
from derive.errors import NoRule
from derive.matrix.nodes import ArrayName
from derive.program import Program
from derive.read import read
from derive.symbols import SymbolTable

SYMBOLS = {
    "A": "matrix m n", "B": "matrix n p", "C": "matrix n n", "D": "matrix n n", "S": "matrix n n, symmetric",
    "P": "matrix n n, symmetric positive definite", "Q": "matrix n n, orthogonal", "L": "matrix n n, diagonal",
    "T": "matrix m n, m > n", "x": "vector n", "y": "vector n", "u": "vector m", "w": "vector n, positive",
    "q": "vector n, probability vector", "t": "real", "n": "dimension", "i": "index n", "j": "index n",
    r"\delta": "Kronecker delta", r"\mathbf{1}": "ones n", "I": "identity n", "H": "matrix n n, the centring matrix",
    r"\sigma": "elementwise function", "Z": "matrix m n", "dZ": "differential of Z", "dS": "differential of S",
    "v": "top right singular vector of Z", "z": "top left singular vector of Z", "W": "matrix n n, det > 0",
    "I_m": "identity m", "I_p": "identity p", "e": "vector n, unit vector", "K": "matrix n n, skew-symmetric",
}  # fmt: skip
TABLE = SymbolTable.from_specs(SYMBOLS)


def judged(left: str, right: str, where: dict[str, str] | None = None) -> Any:
    program = Program({key: read(text, TABLE).tree for key, text in (where or {}).items()})
    return separate(read(left, TABLE).tree, read(right, TABLE).tree, Setting(TABLE, program))


TRUE = [
    (r"(A B)^\top", r"B^\top A^\top", "exactly"),
    (r"\operatorname{tr}(C D)", r"\operatorname{tr}(D C)", "exactly"),
    (r"(C D)^{-1}", r"D^{-1} C^{-1}", "exactly"),
    (r"\det(C^\top D)", r"\det(C) \det(D)", "exactly"),
    (r"C \operatorname{adj}(C)", r"\det(C) I", "exactly"),
    (r"\log\det(W)", r"-\log\det(W^{-1})", "digits"),
    (r"\operatorname{diag}(x) y", r"x \odot y", "exactly"),
    (r"\operatorname{diag}(C)", r"(C \odot I) \mathbf{1}", "exactly"),
    (r"\operatorname{vec}(A B)", r"(B^\top \otimes I_m) \operatorname{vec}(A)", "exactly"),
    (r"\|A x - u\|_2^2", r"x^\top A^\top A x - 2 u^\top A x + u^\top u", "digits"),
    (r"\|A\|_F^2", r"\operatorname{tr}(A^\top A)", "digits"),
    (r"\|Z\|_2", r"z^\top Z v", "digits"),
    (r"\mathbf{1}^\top \operatorname{softmax}(x)", "1", "digits"),
    (r"\operatorname{softmax}(x)", r"\exp(x - \mathbf{1} \operatorname{logsumexp}(x))", "digits"),
    (r"\operatorname{expm}(t C)^{-1}", r"\operatorname{expm}(-t C)", "digits"),
    (r"S^\top", "S", "exactly"),
    (r"Q^\top Q", "I", "exactly"),
    (r"L C L", r"(L \mathbf{1} \mathbf{1}^\top L) \odot C", "exactly"),
    (r"x^\top P x", r"\|x\|_2^2 + x^\top (P - I) x", "digits"),
    (r"T^{+} T", "I", "exactly"),
    (r"H \mathbf{1}", r"\mathbf{1} - \mathbf{1}", "exactly"),
    (r"\mathbf{1}^\top q", "1", "exactly"),
    (r"\mathbf{1}^\top \mathbf{1}", "n", "exactly"),
    (r"e^\top e", "1", "exactly"),
    (r"x^\top K x", "0", "exactly"),
    (r"\log(w \odot w)", r"2 \log(w)", "digits"),
    (r"(C D)_{ij}", r"\sum_{k=1}^n C_{ik} D_{kj}", "exactly"),
    (r"I_{ij}", r"\delta_{ij}", "exactly"),
    (r"\operatorname{tr}(C dS)", r"\operatorname{tr}(C^\top dS)", "exactly"),
    (r"\sigma'(x) \odot y", r"\operatorname{diag}(\sigma'(x)) y", "digits"),
    (r"\max(0, x)", r"\mathbb{1}[x > 0] \odot x", "digits"),
    (r"u x^\top - u x^\top", "0", "exactly"),
    (r"x \oslash (2 w)", r"\frac{1}{2} (x \oslash w)", "exactly"),
    (r"x^{\odot 3}", r"x \odot x \odot x", "exactly"),
    (r"\begin{bmatrix} C & D \end{bmatrix} \begin{bmatrix} x \\ y \end{bmatrix}", "C x + D y", "exactly"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "how"), TRUE)
def test_what_is_true_agrees_at_every_draw(left: str, right: str, how: str) -> None:
    verdict = judged(left, right)
    assert verdict.status == "verified", verdict.evidence
    assert how in verdict.evidence


WRONG = [
    (r"(A B)^\top", r"(A B)^\top + B^\top A^\top", "counterexample"),
    (r"(C D)^{-1}", r"C^{-1} D^{-1}", "counterexample"),
    (r"C^\top", "C", "counterexample"),
    (r"dZ", r"-dZ", "counterexample"),
    (r"\operatorname{tr}(C D)", r"\operatorname{tr}(C) \operatorname{tr}(D)", "counterexample"),
    (r"\det(2 C)", r"2 \det(C)", "counterexample"),
    (r"Q", r"Q^\top", "counterexample"),
    (r"\det(Q)", "1", "counterexample"),
    (r"L C", r"C L", "counterexample"),
    (r"P", r"\operatorname{diag}(\operatorname{diag}(P))", "counterexample"),
    (r"\operatorname{softmax}(x)", r"\operatorname{softmax}(2 x)", "counterexample"),
    (r"\operatorname{expm}(C) \operatorname{expm}(D)", r"\operatorname{expm}(C + D)", "counterexample"),
    (r"\operatorname{expm}(C)", r"\exp(C)", "counterexample"),
    (r"\|A\|_F", r"\|A\|_2", "counterexample"),
    (r"q", r"q + 10^{-30} x", "counterexample"),
    (r"\sigma'(x)", r"\sigma(x)", "counterexample"),
    (r"\delta_{ij}", "1", "counterexample"),
    (r"u x^\top", r"x u^\top", "shape"),
    (r"x", r"x^\top", "shape"),
    (r"C x", r"x^\top C x", "shape"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "code"), WRONG)
def test_what_is_wrong_is_refuted_with_sizes_and_entries(left: str, right: str, code: str) -> None:
    verdict = judged(left, right)
    assert (verdict.status, verdict.code) == ("refuted", code), verdict.evidence
    assert verdict.counterexample


def test_a_counterexample_is_small() -> None:
    verdict = judged("C D", "D C")
    assert verdict.counterexample is not None
    assert verdict.counterexample["n"] == "2"
    entries_shown = {c for key in "CD" for c in verdict.counterexample[key] if c.isdigit()}
    assert entries_shown <= {"0", "1", "2"}
    assert "entry (" in verdict.evidence


def test_a_counterexample_of_declared_sizes_keeps_to_them() -> None:
    verdict = judged("T T^+", r"2 T T^+")
    assert verdict.counterexample is not None
    assert int(verdict.counterexample["m"]) > int(verdict.counterexample["n"])


def test_names_stand_for_their_definitions() -> None:
    table = TABLE
    program = Program({"t": read(r"\mathbf{1}^\top x", table).tree})
    left, right = read("t x", table).tree, read(r"x \mathbf{1}^\top x", table).tree
    assert separate(left, right, Setting(table, program)).status == "verified"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (r"\mathbb{1}[x > 0] \odot \mathbb{1}[x < 0]", "0 x"),
        (r"|x|", r"x \odot (2 \cdot \mathbb{1}[x > 0] - \mathbf{1})"),
    ],
)
def test_nothing_is_decided_at_a_kink(left: str, right: str) -> None:
    assert judged(left, right).status == "verified"


def numbers(stratum: str) -> Any:
    return drawn(stratum, Random(7))


def matrix(rows: Any) -> fmpq_mat:
    flat = [fmpq(v.numerator, v.denominator) for row in rows for v in row]
    return fmpq_mat(len(rows), len(rows[0]), flat)


@pytest.mark.parametrize("stratum", ["generic", "small", "positive", "zeros"])
def test_drawn_entries_have_what_is_declared_exactly(stratum: str) -> None:
    def of(key: str) -> fmpq_mat:
        node = read(key, TABLE).tree
        assert isinstance(node, ArrayName)
        return matrix(entries(node, {"m": 4, "n": 3, "p": 2}, numbers(stratum)))

    one = matrix([[Fraction(int(i == j)) for j in range(3)] for i in range(3)])
    assert of("Q").transpose() * of("Q") == one
    assert of("S") == of("S").transpose()
    assert of("K") == -1 * of("K").transpose()
    assert of("W").det() > 0
    assert all(value > 0 for value in of("w").entries())
    assert sum(of("q").entries()) == 1
    assert (of("e").transpose() * of("e"))[0, 0] == 1
    p = of("P")
    assert p == p.transpose()
    assert p[0, 0] > 0
    assert p.det() > 0


def test_generic_squares_are_not_symmetric() -> None:
    node = read("C", TABLE).tree
    assert isinstance(node, ArrayName)
    drawn_once = matrix(entries(node, {"n": 4}, numbers("generic")))
    assert drawn_once != drawn_once.transpose()


def test_a_property_no_draw_heeds_is_not_ignored() -> None:
    with pytest.raises(NoRule):
        entries(ArrayName("Y", (3, 3), frozenset({"doubly stochastic"})), {}, numbers("generic"))


def test_sizes_are_different_and_never_one() -> None:
    claim = ArrayClaim(read("A B", TABLE).tree, read("A B", TABLE).tree, Setting(TABLE, Program()))
    for sizes in claim.sizes(4):
        assert len(set(sizes.values())) == len(sizes)
        assert min(sizes.values()) >= 2


def test_a_domain_that_wants_one_name_larger_than_others_is_found() -> None:
    verdict = judged(r"\log(y - C x) + \log(y - C x)", r"2 \log(y - C x)")
    assert verdict.status == "verified", verdict.evidence


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (r"(((C^9)^9)^9)^9", r"((C^9)^9)^{81}"),
        (r"\operatorname{expm}(\exp(C \odot C \odot C \odot C))", r"\operatorname{expm}(C)"),
        (
            r"I \otimes I \otimes I \otimes I \otimes I \otimes I",
            r"I \otimes I \otimes I \otimes I \otimes I \otimes I",
        ),
        (r"\operatorname{vec}(N)", r"\operatorname{vec}(N)"),
    ],
)
def test_effort_is_bounded(left: str, right: str) -> None:
    table = TABLE.extended(SymbolTable.from_specs({"N": "matrix 900 900"}).values())
    verdict = separate(read(left, table).tree, read(right, table).tree, Setting(table, Program()))
    assert verdict.status in {"undecided", "refuted", "verified"}
