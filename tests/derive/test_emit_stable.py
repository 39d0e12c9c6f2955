"""Emitted gradients of sigmoids, cross-entropies and softmaxes hold where exponentials overflow or cancel."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from emitted import given, number, ran

from derive import gradient

SPECS = {"w": "real", "y": "real", r"\sigma": "function, logistic sigmoid"}
Y = Fraction(1, 4)


def _s(u: mpmath.mpf) -> mpmath.mpf:
    return 1 / (1 + mpmath.exp(-u))


def _cross_entropy(w: mpmath.mpf, y: mpmath.mpf) -> mpmath.mpf:
    return -y * mpmath.log(_s(3 * w)) - (1 - y) * mpmath.log(_s(-3 * w))


SATURATING: list[tuple[str, Callable[[mpmath.mpf, mpmath.mpf], mpmath.mpf]]] = [
    (r"-y\ln\sigma(3w)-(1-y)\ln(1-\sigma(3w))", _cross_entropy),
    (r"-y\ln\frac{1}{1+e^{-3w}}-(1-y)\ln(1-\frac{1}{1+e^{-3w}})", _cross_entropy),
    (r"y + \ln\sigma(w)", lambda w, y: y + mpmath.log(_s(w))),
    (r"y\ln(1-\sigma(w))", lambda w, y: y * mpmath.log(_s(-w))),
    (r"\frac{y}{1+e^{-w}}", lambda w, y: y * _s(w)),
    (r"\frac{y}{1+\exp(-w)}", lambda w, y: y * _s(w)),
    (r"y\frac{e^w}{1+e^w}", lambda w, y: y * _s(w)),
    (r"y\frac{e^{-w}}{1+e^{-w}}", lambda w, y: y * _s(-w)),
    (r"\ln(1+e^{-yw})", lambda w, y: mpmath.log(1 + mpmath.exp(-y * w))),
    (r"\ln(e^w+e^y)", lambda w, y: mpmath.log(mpmath.exp(w) + mpmath.exp(y))),
    (r"\ln(e^w+e^y+e^{2w})", lambda w, y: mpmath.log(mpmath.exp(w) + mpmath.exp(y) + mpmath.exp(2 * w))),
    (r"\ln(1+e^w+e^{y})", lambda w, y: mpmath.log(1 + mpmath.exp(w) + mpmath.exp(y))),
    (r"-\ln\frac{e^w}{e^w+e^y}", lambda w, y: mpmath.log(1 + mpmath.exp(y - w))),
    (r"\frac{e^w}{e^w+e^y}", lambda w, y: _s(w - y)),
    (r"\frac{e^y}{e^w+e^y}", lambda w, y: _s(y - w)),
    (r"y w\sigma(w)", lambda w, y: y * w * _s(w)),
]


@pytest.mark.parametrize("language", ["numpy", "torch"])
@pytest.mark.parametrize(("formula", "truth"), SATURATING)
@pytest.mark.parametrize("w", [-800, -40, -1, 2, 40, 800])
def test_gradients_hold_where_the_function_saturates(
    formula: str, truth: Callable[[mpmath.mpf, mpmath.mpf], mpmath.mpf], language: str, w: int
) -> None:
    emitted = ran(gradient(formula, "w", SPECS).code(language))
    arguments = [given(language, Fraction(w)), given(language, Y)]
    with mpmath.workdps(2500), np.errstate(over="raise", invalid="raise", divide="raise"):
        y = mpmath.mpf(1) / 4
        for function, order in ((emitted.value, 0), (emitted.gradient, 1)):
            expected = float(mpmath.diff(lambda u: truth(u, y), mpmath.mpf(w), order))
            assert number(language, function(*arguments)) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("w", [-800, 40, 800])
def test_second_derivatives_hold_where_the_function_saturates(w: int) -> None:
    emitted = ran(gradient(r"-y\ln\sigma(w)-(1-y)\ln(1-\sigma(w))", ["w", "w"], SPECS).code("numpy"))
    with np.errstate(over="raise", invalid="raise"):
        found = float(emitted.gradient(float(w), 0.25))
    with mpmath.workdps(1000):
        assert found == pytest.approx(float(_s(mpmath.mpf(w)) * _s(mpmath.mpf(-w))), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("w", [-800.0, 800.0])
def test_definitions_are_differentiated_in_their_stable_form(w: float) -> None:
    where = {"z": "3 w", "L": r"-y\ln\sigma(z)-(1-y)\ln(1-\sigma(z))"}
    emitted = ran(gradient("L", "w", SPECS, where=where).code("numpy"))
    expected = 3 * (float(w > 0) - 0.25)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert float(emitted.gradient(w, 0.25)) == pytest.approx(expected)


def test_exact_code_keeps_the_closed_form() -> None:
    code = gradient(r"\ln(e^w+e^y)", "w", SPECS).code("sympy")
    assert "sigmoid" not in code


@pytest.mark.parametrize("w", [-800, -40, 2, 40, 800])
def test_a_softmax_of_three_neither_overflows_nor_loses_more_than_its_rounding(w: int) -> None:
    emitted = ran(gradient(r"\frac{e^w}{e^w+e^y+1}", "w", SPECS).code("numpy"))
    with mpmath.workdps(1000):
        p = mpmath.exp(w) / (mpmath.exp(w) + mpmath.exp(mpmath.mpf(1) / 4) + 1)
        expected = float(p * (1 - p))
    with np.errstate(over="raise", invalid="raise"):
        assert float(emitted.gradient(float(w), 0.25)) == pytest.approx(expected, rel=1e-9, abs=1e-15)
