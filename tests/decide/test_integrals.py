"""Integrals: those of the table are proven, wrong values refuted, poles never integrated across."""

from __future__ import annotations

import pytest

import checks
from derive.normal import same
from derive.normal.antiderivatives import TABLE, T, antiderivative
from derive.pullback import derivative
from derive.tree import Name, Node, Sum

REAL = {"x": "real", "a": "real"}
INTEGRALS = [
    (r"\int_0^1\sqrt{1-x^2}dx", r"\frac{\pi}{4}", r"\frac{\pi}{3}"),
    (r"\int_{-1}^1\sqrt{1-x^2}dx", r"\frac{\pi}{2}", r"\pi"),
    (r"\int_0^1\sqrt{x}dx", r"\frac{2}{3}", r"\frac{1}{2}"),
    (r"\int_0^x\frac{1}{1+t^2}dt", r"\arctan(x)", r"-\arctan(x)"),
    (r"\int_0^x\frac{3}{t^2+1}dt", r"3\arctan(x)", r"\arctan(3x)"),
    (r"\int_0^x\frac{t}{1+t^2}dt", r"\frac{1}{2}\ln(1+x^2)", r"\ln(1+x^2)"),
    (r"\int_0^x a e^{-t} dt", r"a - a e^{-x}", r"a e^{-x} - a"),
    (r"\int_0^x (\cos(t) - \sin(t)) dt", r"\sin(x) + \cos(x) - 1", r"\sin(x) - \cos(x) + 1"),
    (r"\int_x^{x^2} (e^t + t) dt", r"e^{x^2} - e^x + \frac{x^4 - x^2}{2}", r"e^{x^2} - e^x"),
]


@pytest.mark.parametrize(("integral", "value", "wrong"), INTEGRALS)
def test_integrals_of_the_table_are_proven_and_wrong_values_refuted(integral: str, value: str, wrong: str) -> None:
    assert checks.equal(integral, value, REAL).status == "proven"
    assert checks.equal(integral, wrong, REAL).status == "refuted"


@pytest.mark.parametrize(
    ("integral", "value"),
    [
        (r"\int_{-1}^1\frac{1}{t^2}dt", "-2"),
        (r"\int_{-1}^1\frac{1}{t}dt", "0"),
        (r"\int_{-1}^1\sqrt{t}dt", r"\frac{2}{3}"),
        (r"\int_0^2\sqrt{1-t^2}dt", r"\frac{\pi}{4}"),
        (r"\int_0^2\frac{1}{1-t^2}dt", r"\frac{1}{2}\ln(3)"),
    ],
)
def test_nothing_is_said_to_be_proven_of_an_integral_without_a_value(integral: str, value: str) -> None:
    assert checks.equal(integral, value, REAL).status in ("undecided", "refuted")


@pytest.mark.parametrize("row", TABLE)
def test_every_row_of_the_table_is_an_antiderivative(row: tuple[Node, Node]) -> None:
    assert same(derivative(row[1], T.key), row[0])


def test_what_has_no_row_has_no_antiderivative() -> None:
    x = Name("x")
    assert antiderivative(Sum((x, Name("y"))), "x") is not None
    from derive import parse

    for text in (r"\frac{1}{x}", r"\frac{1}{x^2}", r"\tan(x)", r"\frac{1}{1-x^2}", r"e^{x^2}"):
        assert antiderivative(parse(text, REAL).tree, "x") is None
