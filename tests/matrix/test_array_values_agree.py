"""Rationals, balls, mpmath and torch evaluate formulas of arrays each in their own way, and agree."""

from __future__ import annotations

from typing import Any

import pytest
from flint import arb
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from typed import TABLE, typed

from checks.decide.activations import ACTIVATIONS
from checks.decide.arrays.arithmetic import Irrational
from checks.decide.arrays.compare import Values
from checks.decide.arrays.counterexamples import FAILURES
from checks.decide.arrays.draws import ArrayClaim, Draw
from checks.decide.arrays.evaluate import Evaluator
from checks.decide.arrays.fields import Balls, Exact
from checks.decide.arrays.replay import Replay
from checks.decide.balls import precision
from checks.decide.claim import Setting
from checks.witness.arrays import columns_of
from checks.witness.torch_arrays import Arrays
from derive.matrix.nodes import Shape
from derive.program import Program
from derive.read import read
from derive.tree import Name, Node, OffKinks, Sum, walk

SETTING = Setting(TABLE, Program())
VAST = 1e300  # beyond, floats cannot compare
LARGE = 1e5  # what passes through larger numbers is no test of float64


def drawn(tree: Node, stratum: str = "generic") -> tuple[ArrayClaim, Draw]:
    claim = ArrayClaim(tree, tree, SETTING)
    sizes = next(claim.sizes(1), {})
    return claim, claim.draw(sizes, stratum, 3, dict.fromkeys(claim.general_functions, ACTIVATIONS[0]))


def evaluated(claim: ArrayClaim, draw: Draw, kind: type[Evaluator]) -> tuple[Evaluator, Any]:
    at = Values(claim, draw, kind).at(dict(draw.choices[-1]))
    return at, at(claim.sides[0])


def agree_everywhere(tree: Node, stratum: str = "generic") -> None:
    """Raises what evaluation raises where there is no value."""
    claim, draw = drawn(tree, stratum)
    choice = dict(draw.choices[-1])
    with precision(256):
        at, value = evaluated(claim, draw, Balls)
        rows = at.rows(value)
        try:
            exactly, exact = evaluated(claim, draw, Exact)
            assert all(
                ball.overlaps(arb(number))
                for row, numbers in zip(rows, exactly.rows(exact), strict=True)
                for ball, number in zip(row, numbers, strict=True)
            )
        except Irrational:
            pass
        largest = max(abs(float(e.mid())) for v in at.known.values() for row in at.rows(v) for e in row)
    again = Replay(draw.arrays, draw.sizes, SETTING.named, draw.world, choice, 60)
    replayed = again.rows(again.value(claim.sides[0]))
    batch = Arrays(columns_of([draw, draw]) if draw.arrays else {}, draw.sizes, SETTING.named, draw.world, choice)
    tensor = batch.value(claim.sides[0]).detach()
    assert tensor.shape[1:] == (len(rows), len(rows[0])) == (len(replayed), len(replayed[0]))
    for i, row in enumerate(rows):
        for j, ball in enumerate(row):
            middle, wide = float(ball.mid()), float(ball.rad())
            if abs(middle) < VAST:
                assert abs(float(replayed[i][j]) - middle) <= wide + 1e-12 * (1 + abs(middle))
            if largest < LARGE:
                assert abs(float(tensor[-1, i, j]) - middle) <= 1e-6 * (1 + largest)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(typed(), st.sampled_from(("generic", "small", "positive")))
def test_random_formulas_have_one_value_by_all_means(pair: tuple[Shape, Node], stratum: str) -> None:
    _, tree = pair
    try:
        agree_everywhere(tree, stratum)
    except FAILURES:
        assume(False)


FORMULAS = [
    r"\operatorname{tr}(A^3 - 2 A^{-1})", r"\det(A) A^{-\top}", r"\operatorname{adj}(A) x", r"\log\det(\Sigma)",
    r"\operatorname{diag}(x) A \operatorname{diag}(A)", r"\operatorname{softmax}(B)", r"\operatorname{softmax}(x)^\top",
    r"\operatorname{softmax}(x^\top)", r"\operatorname{softmax}(t)",
    r"\operatorname{logsumexp}(x) \operatorname{vec}(B)", r"\operatorname{expm}(t A)", r"B^{+} z", r"\|A\|_2 + \|B\|_*",
    r"\|x\|_1 \|B\|_F \|x\|_2", r"\|x\|_\infty", r"A \otimes M", r"(x \odot y) \oslash \exp(y)", r"x^{\odot 2}",
    r"\sqrt{\exp(x)}", r"\sum_{k=1}^n x_k y_k", r"A_{jj} x_1", r"\delta_{ij} t", r"\sigma'(B) \odot \sigma''(B)",
    r"\max(0, B)", r"\mathbb{1}[B > 0] \odot B", r"|x|^\top I x", r"\frac{\pi}{n} e^{t} S",
    r"\begin{bmatrix} A & C \end{bmatrix}", r"\begin{cases} t & t > 0 \\ t^2 & \text{otherwise} \end{cases}",
    r"\lambda_{\max}(S)", r"\frac{1}{x^\top x} x x^\top", r"A x^\top y", r"\prod_{k=1}^n x_k", r"-A",
    r"\begin{bmatrix} x_1 \\ t \\ \vdots \\ x_n \end{bmatrix}", r"[x_1^2, \dots, x_n^2]", r"\sum_{k=1}^m z_k v_k^\top x",
    r"\begin{bmatrix} v_1^T A \\ \vdots \\ v_m^T A \end{bmatrix}",
]  # fmt: skip


@pytest.mark.parametrize("latex", FORMULAS)
def test_every_operation_has_one_value_by_all_means(latex: str) -> None:
    agree_everywhere(read(latex, TABLE).tree)


def test_every_operation_is_among_the_formulas() -> None:
    seen = {type(node) for latex in FORMULAS for node in walk(read(latex, TABLE).tree)}
    names = {kind.__name__ for kind in Evaluator.rules if kind not in seen}
    assert names <= {"OffKinks", "Listing", "Absolute"}, names


def test_a_derivative_off_its_kinks_has_its_value_there() -> None:
    agree_everywhere(OffKinks(Name("t"), (Name("s"),)))


def test_terms_of_different_shapes_have_no_value() -> None:
    from checks.decide.arrays.arithmetic import ShapeError

    tree = Sum((read("x", TABLE).tree, read("z", TABLE).tree))
    with pytest.raises(ShapeError):
        agree_everywhere(tree)
