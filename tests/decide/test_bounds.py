"""Inequalities proven by bounds: on the whole line, touching, on boxes, and along a line of contact; false ones refuted."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import holds
from checks.decide.balls import precision
from checks.decide.bounds import wide
from checks.decide.bounds.gradients import gradient
from checks.decide.bounds.series import taylor
from checks.decide.bounds.tails import Unknown, tail, variable
from checks.decide.bounds.tape import taped
from checks.decide.elementary import Undefined
from checks.decide.floats import value
from derive.read import read
from derive.symbols import SymbolTable

REAL, POSITIVE, ANY = {"x": "real"}, {"x": "positive"}, {"x": "nonnegative"}
LOGISTIC = {"sigma": "logistic sigmoid"}
PAIR = {"x": "real", "y": "real"}

TRUE = [
    # touching at a point
    (r"e^x \ge 1 + x", REAL),
    (r"e^x \ge e x", REAL),
    (r"\ln x \le x - 1", POSITIVE),
    (r"\tanh x \le x", ANY),
    (r"\tanh x < x", POSITIVE),
    (r"\sin x < x", POSITIVE),
    (r"\cos x \ge 1 - \frac{x^2}{2}", REAL),
    (r"x e^x \ge -\frac{1}{e}", REAL),
    (r"x^2 + 2 \ge 2\sqrt{2} x", REAL),
    (r"\frac{x}{1+x} \le \ln(1+x) \le x", {"x": "greater than -1"}),
    (r"-p\ln p - (1-p)\ln(1-p) \le \ln 2", {"p": "between 0 and 1"}),
    (r"\ln(1+e^x) \le \frac{x^2}{8} + \frac{x}{2} + \ln 2", REAL),
    # strict, on the whole line
    (r"\left|\frac{d}{dx}(x \sigma(x))\right| < 1.0999", {**REAL, **LOGISTIC}),
    (r"\left|\frac{d}{dx}\operatorname{gelu}(x)\right| < 1.12891", REAL),
    (r"\operatorname{mish}(x) > -0.309", REAL),
    (r"\ln(1+e^x) > x", REAL),
    (r"1 - \tanh x > 0", REAL),
    (r"2 + \sin x + \cos(3x) > \frac{1}{20}", REAL),
    (r"\sqrt{x} > \ln x", POSITIVE),
    # kinks
    (r"|\sin x| \le |x|", REAL),
    (r"|\tanh x| \le |x|", REAL),
    (r"|e^x - 1| + e^{-|x|} \ge 1", REAL),
    # of one combination
    (r"\ln(e^x + e^y) \ge \frac{x+y}{2} + \ln 2", PAIR),
    (r"\max(x, y) \le \ln(e^x + e^y) \le \max(x, y) + \ln 2", PAIR),
    (r"e^{x+y} \ge 1 + x + y", PAIR),
    # equal on a line
    (r"|\sigma(x) - \sigma(y)| \le \frac14 |x - y|", {**PAIR, **LOGISTIC}),
    (r"|\tanh x - \tanh y| \le |x - y|", PAIR),
    (r"\ln(1 + e^{\frac{x+y}{2}}) \le \frac{\ln(1+e^x) + \ln(1+e^y)}{2}", PAIR),
    (r"x \ln\frac{x}{y} \ge x - y", {"x": "positive", "y": "positive"}),
    (r"p\ln\frac{p}{q} + (1-p)\ln\frac{1-p}{1-q} \ge 2(p-q)^2", {"p": "between 0 and 1", "q": "between 0 and 1"}),
    (r"(1+x)^n \ge 1 + nx", {"x": "nonnegative", "n": "positive integer"}),
    # on a box
    (r"x e^{-y} + y e^{-x} < 2", {"x": "between 0 and 1", "y": "between 0 and 1"}),
    (r"\sin(x y) + \cos x \ge \frac{1}{2}", {"x": "between 0 and 1", "y": "between 0 and 1"}),
]  # fmt: skip
FALSE = [
    (r"e^x \ge 1 + \frac{101}{100} x", REAL),
    (r"e^x > 1 + x", REAL),
    (r"\tanh x < x", ANY),
    (r"|\tanh''(x)| < \frac{2}{3}", REAL),
    (r"\left|\frac{d}{dx}(x \sigma(x))\right| < 1.0998", {**REAL, **LOGISTIC}),
    (r"\left|\frac{d}{dx}\operatorname{gelu}(x)\right| < 1.1289", REAL),
    (r"\left|\frac{d}{dx}(x \sigma(x))\right| \le 1", {**REAL, **LOGISTIC}),
    (r"\sin x \ge x - \frac{x^3}{7}", ANY),
    (r"|\sigma(x) - \sigma(y)| \le \frac15 |x - y|", {**PAIR, **LOGISTIC}),
    (r"\ln(e^x + e^y) \le \max(x, y) + \frac{69}{100}", PAIR),
    (r"p\ln\frac{p}{q} + (1-p)\ln\frac{1-p}{1-q} \ge \frac{201}{100}(p-q)^2", {"p": "between 0 and 1", "q": "between 0 and 1"}),
    (r"x e^{-y} + y e^{-x} < \frac{3}{4}", {"x": "between 0 and 1", "y": "between 0 and 1"}),
    (r"e^{-x^2} > \frac{1}{1000000}", REAL),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "symbols"), TRUE)
def test_true_inequalities_are_proven(statement: str, symbols: dict[str, str]) -> None:
    verdict = holds(statement, symbols)
    assert verdict.status == "proven", verdict


@pytest.mark.parametrize(("statement", "symbols"), FALSE)
def test_false_inequalities_are_refuted_with_a_point(statement: str, symbols: dict[str, str]) -> None:
    verdict = holds(statement, symbols)
    assert verdict.status == "refuted", verdict
    assert verdict.counterexample


IMPLICATIONS = [
    (r"x \ge 1 \Rightarrow e^x > 2", REAL, "proven", "implies"),
    (r"x \ge 1 \Rightarrow e^x > 3", REAL, "refuted", "not-implied"),
    (r"x > 0 \Rightarrow \sin x < x", REAL, "proven", "implies"),
    (r"x^2 \le 4 \Rightarrow e^x < 8", REAL, "proven", "implies"),
    (r"x^2 \le 5 \Rightarrow e^x < 9", REAL, "refuted", "not-implied"),
    (r"|x| < 1 \Rightarrow e^x < 3", REAL, "proven", "implies"),
    (r"x \le y \Rightarrow \arctan x \le \arctan y + y - x", PAIR, "proven", "implies"),
    (r"e^x > 2 \Rightarrow x > 1", REAL, "refuted", "implied-by"),
    (r"w < 1 \Rightarrow w^4 < 1", {"w": "real"}, "refuted", "implied-by"),
]


@pytest.mark.parametrize(("statement", "symbols", "status", "code"), IMPLICATIONS)
def test_conclusions_are_judged_under_their_premises(
    statement: str, symbols: dict[str, str], status: str, code: str
) -> None:
    verdict = holds(statement, symbols)
    assert (verdict.status, verdict.code) == (status, code), verdict


FORMULAS = [
    r"e^x - 1 - x", r"\tanh(x) - x", r"x\operatorname{sigmoid}(x)", r"\operatorname{gelu}(x)", r"\operatorname{mish}(x)",
    r"\ln(1+x^2)", r"\sqrt{1+x^2} - x", r"\arctan(x)", r"\operatorname{softplus}(x)", r"\operatorname{erf}(x)",
    r"\sinh(x)\cosh(x)", r"\frac{x}{1+e^{-x}} + \frac{1}{2+x^2}", r"\sqrt[3]{x^2+1}", r"x^3 e^{-x}", r"\cos(x)^2", r"|x^2+1|",
]  # fmt: skip
TREES = {text: read(text, SymbolTable.from_specs(REAL)).tree for text in FORMULAS}
fractions = st.fractions(min_value=-6, max_value=6, max_denominator=50)


def _floats(text: str, x: Fraction) -> float:
    return value(TREES[text], {"x": float(x)})


@settings(deadline=None)
@given(st.sampled_from(FORMULAS), fractions, fractions, st.fractions(min_value=0, max_value=1, max_denominator=9))
def test_an_interval_encloses_the_values_and_slopes_at_its_points(
    text: str, a: Fraction, b: Fraction, share: Fraction
) -> None:
    low, high = min(a, b), max(a, b)
    x = low + share * (high - low)
    tape = taped(TREES[text])
    with precision(96):
        ball = wide.interval(low, high)
        values, slopes = gradient(tape, {"x": ball}, ("x",))
        at = taylor(tape, wide.exact(x), 4, "x")
        try:
            over = taylor(tape, ball, 4, "x")
        except Undefined:  # too wide to tell
            over = at
        assert values.overlaps(at[0])
        assert slopes[0].overlaps(at[1])
        assert all(wide_one.overlaps(narrow) for wide_one, narrow in zip(over, at, strict=True))
        assert abs(float(at[0].mid()) - _floats(text, x)) < 1e-9 * (1 + abs(_floats(text, x)))


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(FORMULAS), st.sampled_from([1, -1]), st.integers(min_value=0, max_value=25))
def test_a_tail_has_the_sign_of_the_values_beyond_its_start(text: str, side: int, further: int) -> None:
    start = Fraction(8)
    with precision(128):
        s = variable(start)
        try:
            sign = tail(taped(TREES[text]), {"x": s if side > 0 else -s}, start).sign()
        except Unknown:
            return
        exact = taped(TREES[text]).run(wide.BALLS, {"x": wide.exact(side * (start + further))})
    assert exact > 0 if sign > 0 else exact < 0


def test_derivatives_agree_with_differences_of_many_digits() -> None:
    with precision(128):
        found = taylor(taped(TREES[r"\tanh(x) - x"]), wide.exact(Fraction(1, 3)), 5, "x")
    expected = mpmath.taylor(lambda x: mpmath.tanh(x) - x, mpmath.mpf(1) / 3, 4)
    assert all(abs(float(a.mid()) - float(b)) < 1e-12 for a, b in zip(found, expected, strict=True))
