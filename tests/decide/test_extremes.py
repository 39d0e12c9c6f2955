"""Suprema as certified intervals: the constants of activations, and formulas on intervals and boxes."""

from __future__ import annotations

from fractions import Fraction
from math import e, sqrt

import mpmath
import pytest

from checks.decide.bounds.constants import greatest_slope
from checks.decide.bounds.extremes import infimum, supremum
from checks.decide.intervals import Interval
from derive.read import read
from derive.symbols import SymbolTable

ATTAINED = {
    "sigmoid": Fraction(1, 4),
    "tanh": Fraction(1),
    "relu": Fraction(1),
    "arctan": Fraction(1),
    "sin": Fraction(1),
}
ENCLOSED = {  # by maximising the derivative with mpmath, 30 digits
    ("silu", 1): lambda: _maximum(lambda x: mpmath.diff(lambda t: t / (1 + mpmath.exp(-t)), x), 2.4),
    ("gelu", 1): lambda: _maximum(lambda x: mpmath.diff(lambda t: t * mpmath.ncdf(t), x), 1.4),
    ("mish", 1): lambda: _maximum(lambda x: mpmath.diff(lambda t: t * mpmath.tanh(mpmath.log1p(mpmath.exp(t))), x), 1.5),
    ("sigmoid", 2): lambda: 1 / (6 * mpmath.sqrt(3)),
    ("tanh", 2): lambda: 4 / (3 * mpmath.sqrt(3)),
}  # fmt: skip


def _maximum(slope: object, near: float) -> mpmath.mpf:
    with mpmath.workdps(40):
        at = mpmath.findroot(lambda x: mpmath.diff(slope, x), near)
        return slope(at)  # type: ignore[operator]


@pytest.mark.parametrize(("function", "constant"), ATTAINED.items())
def test_constants_that_are_attained_are_exact(function: str, constant: Fraction) -> None:
    found = greatest_slope(function)
    assert found is not None
    assert found.low <= constant <= found.high
    assert found.high - found.low < Fraction(1, 10**8)


@pytest.mark.parametrize(("function", "order"), ENCLOSED)
def test_other_constants_are_enclosed_to_six_digits(function: str, order: int) -> None:
    found = greatest_slope(function, order)
    assert found is not None
    assert found.decimals() >= 6
    with mpmath.workdps(40):
        truth = ENCLOSED[function, order]()
    assert float(found.low) - 1e-15 <= float(truth) <= float(found.high) + 1e-15


def test_a_supremum_that_is_not_attained_is_still_a_bound() -> None:
    found = greatest_slope("softplus")
    assert found is not None
    assert found.low < 1 == found.high


def test_an_unknown_function_is_refused() -> None:
    with pytest.raises(KeyError):
        greatest_slope("no such function")


FORMULAS = [
    (r"x e^{-x}", {"x": Interval()}, 1 / e),
    (r"\frac{x}{1+x^2}", {"x": Interval(Fraction(2), Fraction(5), (True, True))}, 0.4),
    (r"\sin(x) + \cos(x)", {"x": Interval()}, sqrt(2)),
    (r"x y e^{-x-y}", {"x": Interval(Fraction(0), Fraction(3), (True, True)), "y": Interval(Fraction(0), Fraction(3), (True, True))}, e**-2),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "domain", "value"), FORMULAS)
def test_the_supremum_of_a_formula_is_enclosed(formula: str, domain: dict[str, Interval], value: float) -> None:
    tree = read(formula, SymbolTable.from_specs(dict.fromkeys(domain, "real"))).tree
    found = supremum(tree, domain, 6)
    assert found is not None
    assert float(found.low) - 1e-12 <= value <= float(found.high) + 1e-12
    assert found.high - found.low < Fraction(1, 10**5)


def test_an_unbounded_formula_has_no_supremum() -> None:
    tree = read("x + e^{-x}", SymbolTable.from_specs({"x": "real"})).tree
    assert supremum(tree, {"x": Interval()}) is None
    found = infimum(tree, {"x": Interval()})
    assert found is not None
    assert found.low == found.high == 1
