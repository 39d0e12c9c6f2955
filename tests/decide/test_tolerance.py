"""A tolerance: what it may be, inclusive bounds, digits in every reading in use, formulas, and what is no tolerance."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import equal
from checks.tolerance import Tolerance
from derive import BadSpec

PLACES = "2 places"
FIGURES = {"mode": "significant figures", "tol": 3}


@pytest.mark.parametrize(
    ("given_", "mode", "size"),
    [
        (0.05, "absolute", Fraction(1, 20)),
        (0, "absolute", 0),
        ("0.01", "absolute", Fraction(1, 100)),
        ("1e-3", "absolute", Fraction(1, 1000)),
        ("1%", "relative", Fraction(1, 100)),
        (r"0.5 \%", "relative", Fraction(1, 200)),
        ("1 place", "decimal places", 1),
        ("2 places", "decimal places", 2),
        ("2 decimal places", "decimal places", 2),
        ("3 figures", "significant figures", 3),
        ("3 significant digits", "significant figures", 3),
        ({"mode": "relative", "tol": 0.05}, "relative", Fraction(1, 20)),
        ({"mode": "significant digits", "tol": 4}, "significant figures", 4),
        ({"tol": 0.5}, "absolute", Fraction(1, 2)),
    ],
)
def test_a_tolerance_is_read(given_, mode, size):
    assert Tolerance.of(given_) == Tolerance(mode, Fraction(size))


@pytest.mark.parametrize(
    "given_",
    [
        "", "about", "-1", "1 metre", "1.5 places", "0 figures", "200 places", "1e9999", "%", "2 %s", -0.1, True, float("nan"),
        float("inf"), [1], {"mode": "roughly", "tol": 1}, {"mode": "relative"}, {"tol": "0.1"}, {"tol": 1, "unit": "m"},
    ],
)  # fmt: skip
def test_what_is_no_tolerance_is_refused(given_):
    with pytest.raises(BadSpec):
        equal("1", "1", tolerance=given_)


@pytest.mark.parametrize(
    ("a", "b", "tolerance", "status"),
    [
        ("2.02", "2", 0.02, "proven"),  # the bound is inclusive
        ("1.98", "2", 0.02, "proven"),
        ("2.0201", "2", 0.02, "refuted"),
        ("2.04", "2", "2%", "proven"),
        ("2.0401", "2", "2%", "refuted"),
        ("-2.04", "-2", "2%", "proven"),
        ("98", "100", "2%", "proven"),
        ("100", "98", "2%", "refuted"),  # 2 % of the right side
        ("2.72", "e", 0.002, "proven"),
        ("2.72", "e", 0.001, "refuted"),
        (r"e + \frac{1}{8}", "e", 0.125, "proven"),  # at the very edge, and irrational
        (r"\frac{9}{8} \pi", r"\pi", "12.5%", "proven"),
        (r"\frac{9}{8} \pi", r"\pi", "12%", "refuted"),
        ("0", "0", "5%", "proven"),
        ("0.001", "0", "5%", "refuted"),
        ("7", "7", 0, "proven"),
        ("7.0000000000000000000001", "7", 0, "refuted"),
        ("3 + 4 i", "3 + 4.1 i", 0.11, "proven"),
        ("3 + 4 i", "3 + 4.1 i", 0.05, "refuted"),
        (r"\frac{1}{0}", "1", 0.5, "undecided"),
    ],
)
def test_a_distance_is_judged_with_its_bound(a, b, tolerance, status):
    verdict = equal(a, b, tolerance=tolerance)
    assert verdict.status == status, verdict.evidence
    assert {"proven": verdict.code != "outside-tolerance", "refuted": verdict.code == "outside-tolerance"}.get(
        status, True
    )


@pytest.mark.parametrize(
    ("a", "b", "tolerance", "status"),
    [
        ("0.67", r"\frac{2}{3}", PLACES, "proven"),
        ("0.66", r"\frac{2}{3}", PLACES, "refuted"),  # cut off is not rounded
        ("0.68", r"\frac{2}{3}", PLACES, "refuted"),
        ("0.6666", r"\frac{2}{3}", PLACES, "proven"),
        ("0.12", "0.125", PLACES, "proven"),  # halfway: either way
        ("0.13", "0.125", PLACES, "proven"),
        ("0.2449", "0.2451", PLACES, "undecided"),  # near, but rounding apart
        ("0.2451", "0.2549", PLACES, "undecided"),  # rounding together, but not near
        ("1.41", r"\sqrt{2}", PLACES, "proven"),
        ("1.42", r"\sqrt{2}", PLACES, "refuted"),
        ("2.72", "e", FIGURES, "proven"),
        ("2.71", "e", FIGURES, "proven"),  # cut off
        ("2.70", "e", FIGURES, "refuted"),
        ("2.73", "e", FIGURES, "refuted"),
        ("2.718", "e", FIGURES, "proven"),
        ("2.716", "e", FIGURES, "undecided"),  # a fourth figure, and a wrong one
        ("27.2", "10 e", FIGURES, "proven"),
        ("-0.0272", "-e / 100", FIGURES, "proven"),
        ("-0.0274", "-e / 100", FIGURES, "refuted"),
        ("1.00", "0.9996", FIGURES, "proven"),
        ("100", "100", FIGURES, "proven"),
        ("0", "0", FIGURES, "proven"),
        ("0.0001", "0", FIGURES, "refuted"),
        ("1 + i", "1 + i", FIGURES, "undecided"),
    ],
)
def test_digits_are_judged_where_all_readings_agree(a, b, tolerance, status):
    verdict = equal(a, b, tolerance=tolerance)
    assert verdict.status == status, verdict.evidence


@pytest.mark.parametrize(
    ("a", "b", "tolerance", "status"),
    [
        ("(x + 1)^2", "x^2 + 2 x + 1", PLACES, {"proven"}),
        ("x + 0.1", "x", 0.1, {"proven"}),
        ("x + 0.1", "x", 0.05, {"refuted"}),
        (r"x + \frac{\sin x}{100}", "x", 0.02, {"proven", "verified"}),
        (r"x + \frac{\sin x}{100}", "x", 0.002, {"refuted"}),
        ("1.001 x", "x", "1%", {"proven", "verified", "undecided"}),
        ("1.02 x", "x", "1%", {"refuted"}),
        ("x + 0.001", "x", PLACES, {"undecided"}),
        ("x^2", "x", FIGURES, {"refuted"}),
    ],
)
def test_formulas_are_within_a_tolerance_at_every_point_or_not(a, b, tolerance, status):
    verdict = equal(a, b, {"x": "real"}, tolerance=tolerance)
    assert verdict.status in status, verdict.evidence


def test_the_evidence_says_the_difference_and_what_is_allowed():
    verdict = equal("1.1", "1", tolerance="5%")
    assert verdict.evidence == (
        "the sides differ by 0.1, outside 5 % of the right side (0.05 is allowed): 1.1 on the left, 1 on the right"
    )
    assert verdict.counterexample == {}
    refuted = equal("x + 0.3", "x", {"x": "real"}, tolerance=0.1)
    assert "differ by 0.3" in refuted.evidence
    assert "0.1 is allowed" in refuted.evidence


decimals = st.builds(Fraction, st.integers(-5000, 5000), st.sampled_from([1, 10, 100, 1000]))


def text(value: Fraction) -> str:
    return rf"\frac{{{value.numerator}}}{{{value.denominator}}}"


@given(decimals, decimals, st.sampled_from([Fraction(1, 10), Fraction(1, 4), Fraction(2)]), st.booleans())
def test_rational_numbers_get_the_verdict_of_exact_arithmetic(x, t, size, relative):
    within = abs(x - t) <= (size * abs(t) if relative else size)
    verdict = equal(text(x), text(t), tolerance={"mode": "relative" if relative else "absolute", "tol": size})
    assert verdict.status == ("proven" if within else "refuted")


@given(decimals, decimals, st.integers(0, 2))
def test_no_reading_of_decimal_places_is_contradicted(x, t, places):
    """Half a unit apart at most, and rounding to the same multiple either way at a tie: both, neither, or undecided."""
    near = abs(x - t) <= Fraction(1, 2 * 10**places)
    roundings = [{floor(v * 10**places + Fraction(1, 2)), ceil(v * 10**places - Fraction(1, 2))} for v in (x, t)]
    same = bool(roundings[0] & roundings[1])
    wanted = "proven" if near and same else "undecided" if near or same else "refuted"
    assert equal(text(x), text(t), tolerance={"mode": "decimal places", "tol": places}).status == wanted
