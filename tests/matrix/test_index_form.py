"""Formulas with indices, spelled entry by entry: equal spellings are equal values; sums, exceptions, δ are seen through."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from typed import TABLE as TYPED
from typed import typed

import checks
from checks.decide.arrays import separate
from checks.decide.arrays.slips import slips
from checks.decide.claim import Setting
from derive import SymbolTable, Unreadable
from derive.errors import NoRule, TooLarge
from derive.matrix import indexed
from derive.matrix.nodes import ArrayName, Shape
from derive.program import Program
from derive.read import read
from derive.tree import Node, walk

SPECS = {
    "x": "vector n", "y": "vector n", "z": "vector m", "A": "matrix n n", "S": "matrix n n, symmetric", "B": "matrix m n",
    "D": "matrix n n, diagonal", "I": "identity n", r"\mathbf{1}": "ones n", "t": "real", "i": "index n", "j": "index n",
    "k": "index n", r"\delta": "Kronecker delta", "q": "vector 2", r"\sigma": "function",
}  # fmt: skip
TABLE = SymbolTable.from_specs(SPECS)


def same(left: str, right: str) -> bool:
    return indexed.equal(read(left, TABLE).tree, read(right, TABLE).tree, "mn")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (r"\sum_{l=1}^n A_{il} x_l", "(A x)_i"),
        (r"\sum_{l=1}^n \sum_{p=1}^n A_{lp} A_{pl}", r"\operatorname{tr}(A^2)"),
        (r"\sum_{l=1}^n \delta_{il} x_l", "x_i"),
        (r"\sum_{l=1}^n 1", "n"),
        (r"\sum_{l=2}^n x_l", r"\mathbf{1}^T x - x_1"),
        (r"\sum_{l=1}^{n-1} x_l + x_n", r"\mathbf{1}^T x"),
        (r"\sum_{l=1}^n S_{il} x_l", r"\sum_{l=1}^n S_{li} x_l"),
        (r"\sum_{l=1}^n D_{il} x_l", "D_{ii} x_i"),
        (r"\sum_{l=1}^n \sigma(y_l (A x)_l)", r"\sum_{p=1}^n \sigma(\sum_{l=1}^n A_{pl} x_l y_p)"),
        (r"\frac{1}{\sum_{l=1}^n x_l} y", r"\frac{1}{\mathbf{1}^T x} y"),
        (r"(A^{-1} x)_i", r"\sum_{l=1}^n (A^{-1})_{il} x_l"),
        (r"((A^T)^{-1})_{ij}", r"(A^{-1})_{ji}"),
        (r"\begin{pmatrix} q_1 \\ q_2 \end{pmatrix}", "q"),
        (r"\operatorname{diag}(x) y", r"x \odot y"),
        (r"\|B x\|_2^2", r"\sum_{l=1}^m (\sum_{p=1}^n B_{lp} x_p)^2"),
    ],
)
def test_one_value_has_one_spelling(left: str, right: str) -> None:
    assert same(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (r"\sum_{l=1}^n A_{il} x_l", r"\sum_{l=1}^n A_{li} x_l"),
        (r"\sum_{l=1}^n x_l^2", r"(\sum_{l=1}^n x_l)^2"),
        (r"\sum_{l=1}^n \delta_{il} x_l", "x_j"),
        (r"A_{ij}", "A_{ji}"),
        (r"\sum_{l=2}^n x_l", r"\mathbf{1}^T x"),
        (r"\sum_{l=1}^n \sigma(x_l)", r"\sigma(\sum_{l=1}^n x_l)"),
        (r"\sum_{l=1}^n \sum_{p=1}^n A_{lp} x_l y_p", "y^T A x"),
        (r"\delta_{ij} x_i", "x_i"),
    ],
)
def test_two_values_have_two_spellings(left: str, right: str) -> None:
    assert not same(left, right)


@pytest.mark.parametrize(
    "written", [r"\sum_{l=4}^n 1", r"\sum_{l=1}^i \delta_{lk}", r"\prod_{l=1}^n x_l", r"\sum_{l=1}^m x_l"]
)
def test_what_depends_on_how_large_an_index_is_has_no_spelling(written: str) -> None:
    with pytest.raises((NoRule, Unreadable)):
        same(written, written + " + 0 t")


def test_too_many_indices_are_refused() -> None:
    whole = " ".join(rf"\sum_{{{letter}=1}}^n x_{letter}" for letter in "abcdefgh")
    with pytest.raises(TooLarge):
        same(whole, "t")


def test_the_spelling_of_a_claim_is_no_verdict_without_draws() -> None:
    assert checks.equal(r"\sum_{l=4}^n t x_1", "(n - 3) t x_1", SPECS).status == "refuted"


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(typed())
def test_what_is_one_slip_away_is_never_spelled_alike_and_different(pair: tuple[Shape, Node]) -> None:
    _, tree = pair
    names = tuple({node.key: node for node in walk(tree) if isinstance(node, ArrayName)}.values())
    for _, changed in islice(slips(tree, names), 12):
        try:
            alike = indexed.equal(tree, changed)
        except (NoRule, TooLarge, Unreadable, ZeroDivisionError, RecursionError):
            continue
        if alike:
            assert separate(tree, changed, Setting(TYPED, Program()), enough=2).status != "refuted"
