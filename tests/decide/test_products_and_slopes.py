"""Products that grow small together, values of functions of bounded slope, and counterexamples found downhill."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import holds
from checks.decide.bounds.products import difference_of_logarithms, differences_of_products
from checks.decide.floats import value
from derive.read import read
from derive.symbols import SymbolTable

PAIR = {"u": "real", "v": "real", "w": "real", "s": "logistic sigmoid"}
TABLE = SymbolTable.from_specs({"u": "real", "v": "real", "w": "real"})

TRUE = [
    # products: both sides grow small together
    r"s'(u) s(-u) < s'(u)",
    r"|w| \le 2 \Rightarrow w^2 s'(u) < 5 s'(u)",
    r"|v| \le 1 \Rightarrow s'(u) \le e^2 s'(u + v)",
    r"|v| \le 1 \Rightarrow \frac{s'(u)}{s'(u + v)} < 3",
    r"|w| \le 1 \Rightarrow |w| e^{-u^2 - v} \le e^{-v}",
    # slopes: the mean value theorem
    r"|s(u) - s(u + s(v))| < \frac14",
    r"|u - v| < 1 \Rightarrow |s(u) - s(v)| < \frac14",
    r"|u - v| \le 2 \Rightarrow |\tanh u - \tanh v| \le 2",
    r"|s(w s(u) + v) - s(w s(-u) + v)| \le \frac{|w|}{4}",
    r"|\ln s'(u + s(v)) - \ln s'(u)| < 1",
    r"s'(u + s(v)) < e s'(u)",
    r"|\tanh(u + w \tanh v) - \tanh u| \le |w|",
    r"|\sin(u + s(v)) - \sin u| < 1",
    r"|\operatorname{softplus}(u + \tanh v) - \operatorname{softplus}(u)| < 1",
    r"|u - v| < 1 + w^2 \Rightarrow s'(u) < s'(v) e^{1 + w^2}",
    r"w^2 s'(u) \le \frac{w^2}{4} (1 + v^2 s'(v))",
]
FALSE = [
    r"|w| \le 3 \Rightarrow w^2 s'(u) s'(v) < s'(v)",
    r"|v| \le 3 \Rightarrow \frac{s'(u)}{s'(u + v)} < 3",
    r"w^2 s'(u) < \frac{w^2}{4} (1 + v^2 s'(v))",  # both are 0 at w = 0
    r"|s(u) - s(u + s(v))| < \frac15",
    r"|u - v| \le 1 \Rightarrow |s(u) - s(v)| \le \frac15",
    r"|u - v| \le 2 \Rightarrow |\tanh u - \tanh v| \le \frac32",
    r"|s(w s(u) + v) - s(w s(-u) + v)| \le \frac{|w|}{8}",
    r"|\ln s'(u + s(v)) - \ln s'(u)| < \frac12",
    r"|\tanh(u + w \tanh v) - \tanh u| \le \frac{|w|}{2}",
    r"|u - v| < 1 + w^2 \Rightarrow s'(u) < s'(v) e^{w^2 / 2}",
]


@pytest.mark.parametrize("statement", TRUE)
def test_a_bound_that_follows_is_proven(statement: str) -> None:
    assert holds(statement, PAIR).status == "proven"


@pytest.mark.parametrize("statement", FALSE)
def test_a_bound_that_is_too_small_is_refuted_with_numbers(statement: str) -> None:
    verdict = holds(statement, PAIR)
    assert verdict.status == "refuted"
    assert verdict.counterexample


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (r"w^4 s'(u)", r"(1 + w^2) s'(v)"),
        (r"|w| s'(u) s'(v)", r"s'(u) s(v) e^{-w}"),
        (r"\frac{w^2 s'(u)}{1 + u^2}", r"\frac{s(v)}{1 + v^2}"),
        (r"-w s'(u)", r"v^3 s'(v)"),
        (r"\left|\frac{w s'(u)}{s'(v)}\right|", r"|v - 3|"),
        (r"|-w s'(u)|", r"|w v e^{-u}|"),
    ],
)
def test_what_a_product_is_divided_by_does_not_change_which_side_is_larger(less: str, more: str) -> None:
    small, large = (read(text.replace("s", r"\operatorname{sigmoid}"), TABLE).tree for text in (less, more))
    formulas = differences_of_products(small, large)
    assert formulas
    seen = set()
    for u, v, w in ((1.0, -2.0, 0.5), (-3.0, 1.5, -2.0), (0.25, 0.5, 3.0), (4.0, -0.5, -1.0), (-1.0, -1.0, 7.0)):
        point = {"u": u, "v": v, "w": w}
        truth = value(small, point) < value(large, point)
        seen.add(truth)
        for formula in formulas:
            assert (value(formula, point) > 0) == truth
    assert seen == {True, False}


def test_logarithms_are_taken_only_of_what_is_not_zero() -> None:
    """w² σ'(u) < w² σ'(v) fails at w = 0 however the slopes compare; ≤ does not."""
    small, large = (read(rf"w^2 \operatorname{{sigmoid}}'({name})", TABLE).tree for name in "uv")
    assert difference_of_logarithms(small, large, strict=True) is None
    assert difference_of_logarithms(small, large, strict=False) is not None


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(["sigmoid", "tanh", "softplus", "sin", "atan"]),
    st.tuples(*[st.integers(-3, 3)] * 4),
    st.sampled_from(["sigmoid", "tanh"]),
)
def test_no_bound_below_a_value_that_is_met_is_proven(
    function: str, numbers: tuple[int, int, int, int], inner: str
) -> None:
    a, b, c, d = numbers
    f, g = (rf"\operatorname{{{name}}}" for name in (function, inner))
    formula = rf"{f}(({a}) u + ({b}) {g}(v)) - {f}(({a}) u + ({c}) {g}(v + ({d})))"
    tree = read(formula, TABLE).tree
    largest = max(abs(value(tree, {"u": u / 4, "v": v / 2})) for u in range(-24, 25) for v in range(-12, 13))
    below = Fraction(mpmath.nstr(largest * 0.98, 6))
    if below > 0:
        statement = rf"\left|{formula}\right| \le \frac{{{below.numerator}}}{{{below.denominator}}}"
        assert holds(statement, {"u": "real", "v": "real"}).status != "proven"
