"""Numbers made of roots: what is zero is proven to be, and what is almost zero never is."""

from __future__ import annotations

import pytest

import checks

SPECS = {"x": "real", "y": "real"}
DEPENDENT = [
    (r"\sqrt{3 + 2 \sqrt{2}}", r"1 + \sqrt{2}"),
    (r"\sqrt{11 + 6 \sqrt{2}}", r"3 + \sqrt{2}"),
    (r"\left(\sqrt{108} + 10\right)^{\frac13}", r"1 + \sqrt{3}"),
    (r"\sqrt[3]{2 + \sqrt{5}}", r"\frac{1 + \sqrt{5}}{2}"),
    (r"\sqrt{10 + 2 \sqrt{5}} \sqrt{10 - 2 \sqrt{5}}", r"4 \sqrt{5}"),
    (r"\sqrt[3]{\sqrt[3]{2} - 1}", r"\sqrt[3]{\frac19} - \sqrt[3]{\frac29} + \sqrt[3]{\frac49}"),
    (r"\sqrt{11 + 2 \sqrt{29}} + \sqrt{16 - 2 \sqrt{29} + 2 \sqrt{55 - 10 \sqrt{29}}}", r"\sqrt{5} + \sqrt{22 + 2 \sqrt{5}}"),
    (r"x \sqrt{5 + 2 \sqrt{6}} + \sin(x y)", r"\sin(x y) + x (\sqrt{2} + \sqrt{3})"),
    (r"\sqrt{x^2 (3 + 2 \sqrt{2})}", r"|x| (1 + \sqrt{2})"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), DEPENDENT)
def test_roots_that_depend_on_each_other_are_proven_equal(left: str, right: str) -> None:
    assert checks.equal(left, right, SPECS, seconds=0).status == "proven"
    assert checks.equal(left, rf"{right} + 10^{{-90}}", SPECS, seconds=0).status == "refuted"


@pytest.mark.parametrize(
    ("left", "right", "fine"),
    [
        (r"p \sin(x)^2 + p \cos(x)^2", "p", "10^{-1000}"),
        (r"p \sin(x)^2 + p \cos(x)^2", "p", "e^{-2500}"),
        (r"\Gamma(p + 1)", r"p \Gamma(p)", "(10^{-300} p)^3"),
        (r"\Gamma(p + 1)", r"p \Gamma(p)", r"\exp(-10^9)"),
        (r"\Gamma(p + 1)", r"p \Gamma(p)", r"e^{-10000 p}"),
        (r"10^{1000} \Gamma(p + 1)", r"10^{1000} p \Gamma(p)", "1"),
        (r"\Gamma(\pi + 1)", r"\pi \Gamma(\pi)", "10^{-900}"),
    ],
)
def test_agreement_to_fewer_digits_than_a_number_in_the_claim_has_verifies_nothing(
    left: str, right: str, fine: str
) -> None:
    specs = {"x": "real", "p": "greater than 1"}
    assert checks.equal(left, right, specs, seconds=0).status in {"proven", "verified"}
    assert checks.equal(left, f"{right} + {fine}", specs, seconds=0).status in {"refuted", "undecided"}
