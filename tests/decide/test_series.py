"""Series are enclosed where their terms have a rational ratio that stays below 1, and have no value where they diverge."""

from __future__ import annotations

import pytest

import checks

SPECS = {"x": "real", "p": "positive", "u": "between -1 and 1"}


@pytest.mark.parametrize(
    ("series", "value", "wrong"),
    [
        (r"\sum_{k=0}^{\infty} x^k", r"\frac{1}{1 - x}", r"\frac{1}{1 + x}"),
        (r"\sum_{k=3}^{\infty} u^k", r"\frac{u^3}{1 - u}", r"\frac{u^2}{1 - u}"),
        (r"\sum_{k=0}^{\infty} \frac{x^k}{k!}", "e^x", "e^x + 10^{-40}"),
        (r"\sum_{k=1}^{\infty} k u^k", r"\frac{u}{(1 - u)^2}", r"\frac{u}{(1 - u)^3}"),
        (r"\sum_{k=1}^{\infty} \frac{u^k}{k}", r"-\ln(1 - u)", r"\ln(1 - u)"),
        (r"\sum_{k=0}^{\infty} \frac{(-1)^k x^{2k+1}}{(2k+1)!}", r"\sin x", r"\sinh x"),
        (r"\sum_{k=0}^{\infty} k \frac{p^k e^{-p}}{k!}", "p", "p^2"),
        (r"\sum_{k=0}^{\infty} (k - 3) 2^{-k}", "-4", "-3"),
        (r"\sum_{k=0}^{\infty} \frac{1}{k!}", "e", r"e + 10^{-500}"),
    ],
)
def test_what_a_series_is_worth_is_verified_and_what_it_is_not_refuted(series: str, value: str, wrong: str) -> None:
    assert checks.equal(series, value, SPECS, seconds=0).status == "verified"
    assert checks.equal(series, wrong, SPECS, seconds=0).status == "refuted"


@pytest.mark.parametrize(
    "claim",
    [
        r"\sum_{k=0}^{\infty} 2^k = -1",
        r"\sum_{k=1}^{\infty} \frac{1}{k} = 3",
        r"\sum_{k=0}^{\infty} (-1)^k = \frac12",
        r"\sum_{k=0}^{\infty} k! = 0",
        r"\sum_{k=1}^{\infty} \frac{1}{k^2} = \frac{\pi^2}{6}",  # converges too slowly
        r"\sum_{k=0}^{\infty} \sum_{j=0}^{\infty} \frac{1}{3^{k j + 1}} = 1",
    ],
)
def test_a_series_that_diverges_or_hardly_converges_is_left_alone(claim: str) -> None:
    assert checks.holds(claim, SPECS, seconds=0).status == "undecided"
