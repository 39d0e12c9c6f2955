"""Algebraic constants: proven equal by a separation bound, which no number that is not zero may be below."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import equal
from checks.decide.balls import Evaluator, precision
from checks.decide.elementary import Undefined
from checks.decide.root_bound import NotAlgebraic, separation_bits
from derive import Program, TooLarge
from derive.read import read
from derive.symbols import SymbolTable
from derive.tree import Absolute, Call, Constant, Negative, Node, Number, Power, Product, Quotient, Root, Sum, number

TRUE = (
    (r"\sqrt{5+2\sqrt{6}}", r"\sqrt{2}+\sqrt{3}"),
    (r"\sqrt{9-4\sqrt{5}}", r"\sqrt{5}-2"),
    (r"\sqrt[3]{7+5\sqrt{2}}", r"1+\sqrt{2}"),
    (r"\sqrt[3]{20+14\sqrt{2}}+\sqrt[3]{20-14\sqrt{2}}", "4"),
    (r"\sqrt[3]{\sqrt[3]{2}-1}", r"\sqrt[3]{1/9}-\sqrt[3]{2/9}+\sqrt[3]{4/9}"),
    (r"\cos\frac{\pi}{7}-\cos\frac{2\pi}{7}+\cos\frac{3\pi}{7}", r"\frac{1}{2}"),
    (r"\tan\frac{3\pi}{11}+4\sin\frac{2\pi}{11}", r"\sqrt{11}"),
    (r"\sin\frac{\pi}{10}", r"\frac{\sqrt{5}-1}{4}"),
    (r"|\sqrt{2}-\sqrt{3}|", r"\sqrt{5-2\sqrt{6}}"),
    (r"(\sqrt{2}+1)^{-3}", r"(\sqrt{2}-1)^3"),
    (r"\sqrt{\sqrt{5}+\sqrt{3}}\sqrt{\sqrt{5}-\sqrt{3}}", r"\sqrt{2}"),
)


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_identities_between_algebraic_numbers_are_proven(left: str, right: str) -> None:
    assert equal(left, right, seconds=0).status == "proven"


@pytest.mark.parametrize(("left", "right"), TRUE)
@pytest.mark.parametrize("far", [3, 40, 400])
def test_the_same_off_by_little_is_never_proven(left: str, right: str, far: int) -> None:
    assert equal(left, rf"{right}+10^{{-{far}}}", seconds=0).status == "refuted"


@pytest.mark.parametrize("text", [r"\pi", r"e^2", r"\ln 2", r"\sin 1", r"\cos\sqrt{2}", r"2^{\sqrt{2}}", r"\arctan 2"])
def test_what_is_not_known_to_be_algebraic_has_no_bound(text: str) -> None:
    with pytest.raises(NotAlgebraic):
        separation_bits(read(text, SymbolTable()).tree)


leaves = st.integers(-12, 12).map(number) | st.tuples(st.integers(1, 9), st.integers(2, 9)).map(lambda p: _cosine(*p))
constants = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(Sum),
        st.tuples(inner, inner).map(Product),
        st.tuples(inner, inner).map(lambda pair: Quotient(*pair)),
        st.tuples(inner, inner).map(lambda pair: Sum((pair[0], Negative(pair[1])))),
        inner.map(lambda u: Root(Absolute(u))),
        inner.map(lambda u: Root(u, Number("3"))),
        inner.map(lambda u: Power(u, number(2))),
    ),
    max_leaves=6,
)


def _cosine(top: int, bottom: int) -> Node:
    return Call("cos", (Quotient(Product((number(top), Constant("pi"))), number(bottom)),))


@settings(max_examples=200, deadline=None)
@given(constants)
def test_no_algebraic_number_that_is_not_zero_lies_below_its_bound(tree: Node) -> None:
    try:
        bits = separation_bits(tree)
        if bits > 20_000:
            return
        with precision(3 * bits + 200):
            value = Evaluator({}, Program(), {})(tree)
            assert 0 in value or abs(value) > type(value)(2) ** -bits
    except (NotAlgebraic, Undefined, TooLarge, ZeroDivisionError):
        return
