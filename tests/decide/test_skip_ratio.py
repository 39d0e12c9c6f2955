"""Where the gradient of a plain chain of sigmoids is smaller than that of the chain with skips: R = |plain|/|skip|.

R depends on w, b and h = σ(z₁) ∈ (0, 1). Bounds on the closed box 0 ≤ h ≤ 1, b any real, prove R < 1 for |w| up to the
thresholds 2.18631217… (w < 0) and 2.43650158… (w > 0), beyond which points with R > 1 are certified.
"""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

from checks.decide.balls import precision
from checks.decide.bounds import wide
from checks.decide.bounds.boxes import Search, positive_on
from checks.decide.bounds.tape import taped
from checks.decide.intervals import Interval
from derive.read import read
from derive.symbols import SymbolTable
from derive.tree import Node


def _s(u: str) -> str:
    return rf"\operatorname{{sigmoid}}({u})"


def _slope(u: str) -> str:
    """σ' as ¼ − (σ − ½)², which stays narrow over a wide interval."""
    return rf"\left(\frac{{1}}{{4}} - \left({_s(u)} - \frac{{1}}{{2}}\right)^2\right)"


def _log_slope(u: str) -> str:
    return rf"\left(({u}) - 2\operatorname{{softplus}}({u})\right)"


def log_ratio(sign: int) -> Node:
    """log(|skip|/|plain|) for w = ±v, as a sum in which nothing is divided by what is small."""
    w = "v" if sign > 0 else "(-v)"
    z2 = f"{w} h + b"
    z3 = f"{w} {_s(z2)} + b"
    z4 = f"{w} {_s(z3)} + b"
    z5 = f"{w} {_s(z4)} + b"
    y3 = f"{w} {_s(z2)} + h + b"
    y4 = f"{w} {_s(y3)} + b"
    y5 = f"{w} {_s(y4)} + {_s(y3)} + b"
    factors = rf"\ln(1 + v^2 {_slope(y4)}) + \ln(1 + v^2 {_slope(z2)}) - 4\ln v"
    plain = f"- {_log_slope(z4)} - {_log_slope(z2)} - {_log_slope(z5)} - {_log_slope(z3)}"
    return read(f"{factors} {plain} + {_log_slope(y5)} + {_log_slope(y3)}", TABLE).tree


TABLE = SymbolTable.from_specs({"v": "positive", "b": "real", "h": "real"})
FORMULAS = {sign: log_ratio(sign) for sign in (1, -1)}
SHARE = Interval(Fraction(0), Fraction(1), (True, True))


def _ratio(w: mpmath.mpf, b: mpmath.mpf, z1: mpmath.mpf) -> mpmath.mpf:
    """R by running both networks and differentiating them numerically."""

    def s(u: mpmath.mpf) -> mpmath.mpf:
        return 1 / (1 + mpmath.exp(-u))

    def plain(z: mpmath.mpf) -> mpmath.mpf:
        h = s(z)
        for _ in range(4):
            h = s(w * h + b)
        return h

    def skip(z: mpmath.mpf) -> mpmath.mpf:
        h1 = s(z)
        h3 = s(w * s(w * h1 + b) + h1 + b)
        return s(w * s(w * h3 + b) + h3 + b)

    return abs(mpmath.diff(plain, z1) / mpmath.diff(skip, z1))


@pytest.mark.parametrize(("w", "b", "z1"), [(-2.5, 2.7, 1.0), (1.5, -0.5, 0.25), (-0.75, -3.0, -2.0), (2.0, 4.0, 3.0)])
def test_the_formula_is_the_ratio_of_the_two_gradients(w: float, b: float, z1: float) -> None:
    with mpmath.workdps(40):
        expected = _ratio(mpmath.mpf(w), mpmath.mpf(b), mpmath.mpf(z1))
        h = 1 / (1 + mpmath.exp(-mpmath.mpf(z1)))
    point = {"v": Fraction(abs(w)), "b": Fraction(b), "h": Fraction(mpmath.nstr(h, 30))}
    with precision(128):
        value = taped(FORMULAS[1 if w > 0 else -1]).run(wide.BALLS, {k: wide.exact(x) for k, x in point.items()})
        found = float((-value).exp().mid())
    assert abs(found - float(expected)) < 1e-12 * max(1, float(expected))


@pytest.mark.parametrize(
    ("sign", "low", "high"),
    [
        (-1, "0.05", "1.5"),
        (1, "0.05", "1.5"),
        (-1, "1.5", "2.17"),
        (1, "1.5", "2.17"),
        (-1, "2.18", "2.18631217"),
        (1, "2.43", "2.43650158"),
    ],
)
def test_the_plain_gradient_is_smaller_up_to_the_threshold(sign: int, low: str, high: str) -> None:
    domain = {"v": Interval(Fraction(low), Fraction(high), (True, True)), "h": SHARE}
    assert positive_on(FORMULAS[sign], domain, strict=True, search=Search(limit=20_000))


@pytest.mark.parametrize(("sign", "v", "b"), [(-1, "2.18631218", "2.5408"), (1, "2.43650159", "-0.7975")])
def test_beyond_the_threshold_it_is_larger_somewhere(sign: int, v: str, b: str) -> None:
    """h = 1 is approached as z₁ grows; by continuity R > 1 for h near 1 where it is > 1 at h = 1."""
    best = None
    with precision(128):
        for step in range(-60, 61):
            point = {"v": Fraction(v), "b": Fraction(b) + Fraction(step, 10**5), "h": Fraction(1)}
            ball = taped(FORMULAS[sign]).run(wide.BALLS, {k: wide.exact(x) for k, x in point.items()})
            best = ball if best is None or ball < best else best
    assert best < 0


def test_a_counterexample_is_certified() -> None:
    with precision(128):
        h = 1 / (1 + (-wide.exact(Fraction(10))).exp())
        inputs = {"v": wide.exact(Fraction(5, 2)), "b": wide.exact(Fraction(27, 10)), "h": h}
        ratio = (-taped(FORMULAS[-1]).run(wide.BALLS, inputs)).exp()
    assert ratio > 1
    assert abs(float(ratio.mid()) - 1.374129995) < 1e-8


def test_the_bound_fails_beyond_the_threshold() -> None:
    domain = {"v": Interval(Fraction("2.2"), Fraction("2.3"), (True, True)), "h": SHARE}
    search = Search(limit=20_000)
    assert not positive_on(FORMULAS[-1], domain, strict=True, search=search)
    assert search.worst is not None
