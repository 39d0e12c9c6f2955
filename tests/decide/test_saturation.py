"""Where functions are so near their limits that both sides agree to hundreds of digits without being equal."""

from __future__ import annotations

import pytest

import checks

FAR = {"x": "greater than 1000"}
FALSE_BEYOND_THE_DIGITS = [
    (r"\tanh x", "1", FAR),
    (r"\tanh(1000)", "1", {}),
    (r"\coth(-900)", "-1", {}),
    (r"\cos(10^{-400})", "1", {}),
    (r"\sin(10^{-400})", "10^{-400}", {}),
    (r"\cosh x", r"\sinh x", FAR),
    (r"\frac{d}{dx}\tanh x", "0", FAR),
    (r"\operatorname{erf}(50)", "1", {}),
]
OUT_OF_REACH = [
    (r"\operatorname{GELU}(x)", "x", FAR),
    (r"\tanh(10^{10})", "1", {}),
    (r"\cos(10^{-10000})", "1", {}),
    (r"\cos(10^{-400})", r"1 - \frac{10^{-800}}{2}", {}),
    (r"\tanh x", "1", {"x": "greater than 10000000"}),
    (r"\operatorname{erf}(1000)", "1", {}),
]
TRUE_WITHOUT_PROOF = [
    (r"\arctan x + \arctan\frac1x", r"\frac{\pi}{2}", FAR),
    (r"\arctan x + \arctan\frac1x", r"\frac{\pi}{2}", {"x": "positive"}),
    (r"\operatorname{arsinh}(\sinh x)", "x", {"x": "greater than 1000"}),
    (r"4\arctan\frac15 - \arctan\frac1{239}", r"\frac{\pi}{4}", {}),
]


@pytest.mark.parametrize(("left", "right", "symbols"), FALSE_BEYOND_THE_DIGITS)
def test_a_difference_hidden_behind_a_limit_is_found(left: str, right: str, symbols: dict[str, str]) -> None:
    for sides in ((left, right), (right, left)):
        verdict = checks.equal(*sides, symbols)
        assert (verdict.status, verdict.code) == ("refuted", "counterexample"), verdict


@pytest.mark.parametrize(("left", "right", "symbols"), OUT_OF_REACH)
def test_what_no_precision_in_reach_tells_apart_stays_open(left: str, right: str, symbols: dict[str, str]) -> None:
    for sides in ((left, right), (right, left)):
        assert checks.equal(*sides, symbols).status == "undecided"
    assert checks.holds(f"{left} = {right}", symbols).status == "undecided"


@pytest.mark.parametrize(("left", "right", "symbols"), TRUE_WITHOUT_PROOF)
def test_agreement_that_no_limit_explains_still_counts(left: str, right: str, symbols: dict[str, str]) -> None:
    assert checks.equal(left, right, symbols).status in {"proven", "verified"}
