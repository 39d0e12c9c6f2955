"""Functions of matrices that are written out: the same entries as a plain computation with floats gives."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import equal, holds
from derive import Unreadable, parse
from derive.applied import RULES
from derive.entries import Misshapen, carried_out
from derive.tree import Matrix
from derive.write import latex

ENTRIES = st.integers(-30, 30).map(lambda k: k / 10)


def matrix(*rows: str) -> str:
    return r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"


def column(values) -> str:
    return matrix(*(f"{value:g}" for value in values))


COLUMN = matrix("1", "-2", "3")
WIDE = matrix("1 & 2 & 3", "4 & 5 & 6")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (rf"\text{{ReLU}}({COLUMN})", matrix("1", "0", "3")),
        (rf"\operatorname{{ReLU}}({matrix('1 & 1', '1 & -1', '-1 & 1')} {matrix('1', '2')})", matrix("3", "0", "1")),
        (rf"\max({COLUMN}, {matrix('0', '0', '4')})", matrix("1", "0", "4")),
        (rf"\max({COLUMN}, 0)", matrix("1", "0", "3")),
        (rf"{COLUMN} \odot {matrix('2', '2', '-1')}", matrix("2", "-4", "-3")),
        (rf"{COLUMN} \oslash {matrix('2', '2', '-1')}", matrix("0.5", "-1", "-3")),
        (rf"-\frac{{{COLUMN}}}{{{matrix('2', '2', '-1')}}}", matrix("-0.5", "1", "3")),
        (rf"{COLUMN}^{{\odot 2}}", matrix("1", "4", "9")),
        (rf"I({COLUMN} > 0)", matrix("1", "0", "1")),
        (rf"I({COLUMN} > {matrix('0', '-3', '5')})", matrix("1", "1", "0")),
        (rf"\operatorname{{diag}}({COLUMN})", matrix("1 & 0 & 0", "0 & -2 & 0", "0 & 0 & 3")),
        (rf"\operatorname{{tr}}({matrix('1 & 2', '3 & 4')})", "5"),
        (rf"\operatorname{{vec}}({WIDE})", matrix("1", "4", "2", "5", "3", "6")),
        (rf"\lVert {COLUMN} \rVert_2", r"\sqrt{14}"),
        (rf"\lVert {COLUMN} \rVert_1", "6"),
        (rf"\lVert {WIDE} \rVert_F", r"\sqrt{91}"),
        (rf"\operatorname{{softmax}}({matrix('0', '0')})", matrix("0.5", "0.5")),
        (rf"\text{{sigmoid}}({matrix('0', '0')})", matrix("0.5", "0.5")),
        (rf"\operatorname{{logsumexp}}({matrix('0', '0')})", r"\ln 2"),
        (rf"{COLUMN}_2", "-2"),
        (rf"{WIDE}_{{21}}", "4"),
        (rf"\sum_{{i=1}}^{{3}} {COLUMN}_i", "2"),
    ],
)
def test_a_function_of_a_matrix_acts_as_it_does_on_a_declared_one(text, value):
    assert equal(text, value).status == "proven"


@pytest.mark.parametrize(
    ("text", "value"),
    [  # ⊙ beside ×: the usual reading where the shapes allow it, else the one they do allow
        (rf"{matrix('1', '0')} \odot {matrix('2', '3')} \times {matrix('1 & 5')}", matrix("2 & 10", "0 & 0")),
        (rf"{WIDE} \times {matrix('1', '0', '1')} \odot {matrix('2', '3', '4')}", matrix("14", "32")),
        (rf"{matrix('1 & 2')} \times {matrix('1 & 2', '3 & 4')} \odot {matrix('2 & 3')}", matrix("14 & 30")),
        (
            rf"{WIDE} \times {matrix('1', '0', '1')} \odot {matrix('2', '3', '4')} \odot {matrix('1', '1', '2')} \times {matrix('1 & 1')}",
            matrix("26 & 26", "56 & 56"),
        ),
    ],
)
def test_products_beside_entrywise_ones_are_read_as_the_shapes_allow(text, value):
    assert equal(text, value).status == "proven"
    tree = parse(text, {}).tree
    assert parse(latex(tree), {}).tree == tree


@pytest.mark.parametrize(
    "text",
    [
        rf"{COLUMN} \odot {matrix('1', '2')}",
        rf"\max({COLUMN}, {matrix('1', '2')})",
        rf"\frac{{{WIDE}}}{{{WIDE}}}",
        rf"\operatorname{{tr}}({WIDE})",
        rf"{COLUMN}_4",
        rf"\operatorname{{logsumexp}}({WIDE})",
    ],
)
def test_what_the_shapes_do_not_allow_has_no_value(text):
    with pytest.raises((Misshapen, Unreadable)):
        carried_out(parse(text, {}).tree)


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        (rf"\text{{ReLU}}({COLUMN}) = {matrix('1', '1', '3')}", "refuted"),
        (rf"\text{{sigmoid}}({matrix('0', '-3')}) = \text{{sigmoid}}({matrix('0', '0')})", "refuted"),
        (rf"I({COLUMN} > 0) = {matrix('1', '1', '1')}", "refuted"),
        (rf"{COLUMN} \odot {COLUMN} = {COLUMN}^T {COLUMN}", "refuted"),
    ],
)
def test_a_wrong_value_is_refuted(statement, status):
    assert holds(statement).status == status


@given(st.lists(ENTRIES, min_size=2, max_size=4))
@settings(max_examples=25, deadline=None)
def test_softmax_of_numbers_is_what_floats_say(values):
    shares = carried_out(parse(rf"\operatorname{{softmax}}({column(values)})", {}).tree)
    assert isinstance(shares, Matrix)
    total = sum(math.exp(value) for value in values)
    for share, value in zip(shares.children, values, strict=True):
        wanted = f"{math.exp(value) / total:.9f}"
        assert equal(wanted, latex(share), {}, tolerance="as written").status in {"proven", "verified"}


@given(st.lists(ENTRIES, min_size=1, max_size=4), st.lists(ENTRIES, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_masks_and_maxima_of_numbers_agree_with_python(left, right):
    size = min(len(left), len(right))
    u, v = left[:size], right[:size]
    assert equal(rf"\max({column(u)}, {column(v)})", column(map(max, u, v))).status == "proven"
    mask = column(float(a > b) for a, b in zip(u, v, strict=True))
    assert equal(rf"I({column(u)} > {column(v)})", mask).status == "proven"


def test_every_rule_has_words():
    assert all(rule.__doc__ for rule in RULES.values())
