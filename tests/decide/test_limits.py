"""Claimed limits: by leading terms with ball coefficients, and by SymPy's limit where those tell digits only."""

from __future__ import annotations

import pytest

from checks import holds

REAL = {"x": "real"}
TRUE = [
    (r"\lim_{x\to 0} \frac{\sin x}{x} = 1", REAL, {"proven"}),
    (r"\lim_{x\to 0^+} \ln x = -\infty", REAL, {"proven"}),
    (r"\lim_{x\to 0^+} x \ln x = 0", REAL, {"proven"}),
    (r"\lim_{x\to\infty} \frac{\ln x}{x} = 0", REAL, {"proven"}),
    (r"\lim_{x\to\infty} \tanh x = 1", REAL, {"proven"}),
    (r"\lim_{x\to 0} \frac{1}{x^2} = \infty", REAL, {"proven"}),
    (r"\lim_{x\to 0} \frac{e^x - 1 - x}{x^2} = \frac{1}{2}", REAL, {"proven", "verified"}),
    (r"\lim_{x\to\infty} \left(1 + \frac{1}{x}\right)^x = e", REAL, {"verified"}),
    (r"\lim_{x\to\infty} \arctan x = \frac{\pi}{2}", REAL, {"verified"}),
    (r"\lim_{x\to\infty} \left(1 + \frac{a}{x}\right)^x = e^a", {"x": "positive", "a": "real"}, {"verified"}),
]
FALSE = [
    (r"\lim_{x\to 0} \frac{\sin x}{x} = 2", REAL),
    (r"\lim_{x\to -\infty} \tanh x = 1", REAL),
    (r"\lim_{x\to 0} \frac{1}{x} = \infty", REAL),
    (r"\lim_{x\to 0} \frac{|x|}{x} = 1", REAL),
    (r"\lim_{x\to\infty} \arctan x = 1.5707963", REAL),
    (r"\lim_{x\to\infty} \left(1 + \frac{a}{x}\right)^x = e^{2a}", {"x": "positive", "a": "real"}),
    (r"\lim_{x\to\infty} \ln x = 0", REAL),
]


@pytest.mark.parametrize(("statement", "symbols", "allowed"), TRUE)
def test_true_limits_are_shown(statement: str, symbols: dict[str, str], allowed: set[str]) -> None:
    verdict = holds(statement, symbols, seconds=30)
    assert verdict.status in allowed, verdict


@pytest.mark.parametrize(("statement", "symbols"), FALSE)
def test_false_limits_are_refuted(statement: str, symbols: dict[str, str]) -> None:
    verdict = holds(statement, symbols, seconds=0)
    assert verdict.status == "refuted", verdict


def test_what_goes_on_swinging_has_no_limit_that_is_shown() -> None:
    assert holds(r"\lim_{x\to\infty} \sin x = 0", REAL).status == "undecided"


@pytest.mark.parametrize(
    ("formula", "left", "right"),
    [
        (r"\frac{|x|}{x}", "-1", "1"),
        (r"\frac{1}{x}", "−∞", "∞"),
        (r"e^{1/x}", "0", "∞"),
        (r"\operatorname{sigmoid}(1/x)", "0", "1"),
        (r"\frac{\max(x, 0)}{x}", "0", "1"),
    ],
)
@pytest.mark.parametrize("claimed", ["-1", "0", "1", r"\infty", r"-\infty", "7"])
def test_where_the_sides_differ_there_is_no_limit_and_both_are_named(
    formula: str, left: str, right: str, claimed: str
) -> None:
    verdict = holds(rf"\lim_{{x\to 0}} {formula} = {claimed}", REAL, seconds=0)
    assert verdict.status == "refuted"
    assert verdict.evidence.endswith(f"has no limit: from the left it is {left}, from the right {right}")


def test_a_limit_is_taken_among_the_numbers_the_letter_may_be() -> None:
    positive = {"x": "positive"}
    assert holds(r"\lim_{x\to 0} e^{-1/x} = 0", positive, seconds=0).status == "proven"
    assert holds(r"\lim_{x\to 0} e^{-1/x} = 1", positive, seconds=0).status == "refuted"
    assert holds(r"\lim_{x\to 0} e^{-1/x} = 0", REAL, seconds=0).status == "refuted"


def test_a_term_after_the_limit_is_told_to_be_outside() -> None:
    said = holds(r"\lim_{x\to\infty} \operatorname{softplus}(x) - x = 0", REAL, seconds=0)
    assert said.status == "undecided"
    assert "$-x$ stands outside the limit: put brackets around all that is under it" in said.evidence
    within = holds(r"\lim_{x\to\infty} (\operatorname{softplus}(x) - x) = 0", REAL, seconds=0)
    assert "brackets" not in within.evidence
