"""Numbers at the digits written: each entry right if within one unit of its last digit, the wrong one named."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import equal, holds
from checks.decide.claim import Setting
from checks.decide.written import Source, judged
from derive import BadSpec, parse
from derive.entries import carried_out
from derive.program import Program
from derive.symbols import SymbolTable

NOWHERE = Setting(SymbolTable(), Program())
SHARES = r"\operatorname{softmax}(\begin{bmatrix} 3 \\ 0.5 \\ 1 \end{bmatrix})"
P = r"\begin{bmatrix} 0.82 \\ 0.07 \\ 0.11 \end{bmatrix}"
JACOBIAN = rf"\operatorname{{diag}}({P}) - {P} {P}^\top"


def matrix(*rows: str) -> str:
    return r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"


def tree(text: str):
    return parse(text, {}).tree


def value(text: str):
    return carried_out(tree(text))


@pytest.mark.parametrize(
    ("claim", "reference", "status", "code", "said"),
    [
        (P, SHARES, "verified", "digits", "right to the digits written"),
        (matrix("0.82", "0.06", "0.11"), SHARES, "verified", "digits", "row 2, column 1 is cut off, not rounded: 0.0674"),
        (matrix("0.82", "0.07", "0.12"), SHARES, "verified", "digits", "row 3, column 1 is within one unit"),
        (matrix("0.83", "0.07", "0.13"), SHARES, "refuted", "not-equal", "row 3, column 1 is wrong: 0.13 is written, 0.1112"),
        (matrix("0.821", "0.07", "0.1112"), SHARES, "verified", "digits", ""),
        (matrix("0.822", "0.07", "0.1102"), SHARES, "refuted", "not-equal", "row 3"),
        (matrix("1", "0", "0"), SHARES, "undecided", "rounded", "a whole number is not rounded"),
        (matrix("0.82 & 0.07 & 0.11"), SHARES, "refuted", "shape", "a 1 × 3 matrix is written"),
        (matrix("0", "-14.28", "0"), rf"-\frac{{{matrix('0', '1', '0')}}}{{{P}}}", "verified", "digits",
         "row 2, column 1 is cut off, not rounded: −14.2857"),
        (matrix("0", "-14.27", "0"), rf"-\frac{{{matrix('0', '1', '0')}}}{{{P}}}", "refuted", "not-equal", "−14.2857 it should be"),
        (matrix("0.1476 & -0.0574 & -0.0902", "-0.0574 & 0.0651 & -0.0077", "-0.0902 & -0.0077 & 0.0979"), JACOBIAN,
         "proven", "entries", "exact"),
        (matrix("0.1476 & -0.0574 & -0.0902", "-0.0574 & 0.0651 & -0.0077", "-0.0902 & -0.077 & 0.0979"), JACOBIAN,
         "refuted", "not-equal", "row 3, column 2 is wrong: −0.077 is written, −0.0077 it should be; it breaks the symmetry"),
        (matrix("0.50", "0.5"), rf"\text{{sigmoid}}({matrix('0', '0')})", "proven", "entries", "exact"),
        (matrix("0.82", "0"), matrix("0.8214", "0.004"), "verified", "digits", ""),  # as exact as its neighbour: 0.00
        (matrix("0.82", "0"), matrix("0.8214", "0.014"), "refuted", "not-equal", "row 2"),
        ("3.14", r"\pi", "verified", "digits", ""),
        ("3.16", r"\pi", "refuted", "not-equal", "3.1416 it should be"),
        (r"\frac{1}{3}", r"\frac{1}{3}", "proven", "entries", "exact"),
    ],
)  # fmt: skip
def test_a_literal_is_judged_at_its_digits(claim, reference, status, code, said):
    verdict = equal(claim, reference, {}, tolerance="as written")
    assert (verdict.status, verdict.code) == (status, code)
    assert said in verdict.evidence


@pytest.mark.parametrize(
    "tolerance", [{"mode": "as written", "tol": 2}, "3 as written", {"mode": "digits written", "tol": 0}]
)
def test_a_count_of_the_digits_written_is_refused(tolerance):
    with pytest.raises(BadSpec):
        equal("3.14", r"\pi", {}, tolerance=tolerance)


def test_what_is_no_literal_has_no_digits():
    assert equal(r"\sqrt{2}", "1.41", {}, tolerance="as written").status == "undecided"
    assert equal("1.41", "x", {"x": "real"}, tolerance="as written").status == "undecided"


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        (rf"{SHARES} = {P}", "verified"),
        (rf"{SHARES} \approx {P}", "verified"),
        (rf"{SHARES} = {matrix('0.82', '0.08', '0.10')}", "refuted"),
        (rf"{SHARES} \approx {matrix('0.9', '0.1', '0.2')}", "verified"),
        (rf"{SHARES} \approx {matrix('0.5', '0.3', '0.2')}", "undecided"),  # how near is near enough is not said
        (rf"{P} = {matrix('0.82', '0.07', '0.1112')}", "refuted"),  # two literals are compared as they stand
        (r"\frac{1}{3} = 0.33", "refuted"),  # so is a number by itself
    ],
)
def test_columns_with_decimals_hold_at_the_digits_written(statement, status):
    assert holds(statement, {}).status == status


def test_an_entry_that_only_a_rounded_input_explains_says_so():
    written, exact = tree(matrix("0", "-14.28", "0")), value(matrix("0", "-14.831215", "0"))
    rounded = value(rf"-\frac{{{matrix('0', '1', '0')}}}{{{P}}}")
    verdict = judged(written, [Source(exact), Source(rounded, ("the rounded 0.07",) * 3)], NOWHERE)
    assert (verdict.status, verdict.code) == ("verified", "rounded")
    assert verdict.evidence == "−14.28 follows from the rounded 0.07 (cut off, not rounded: −14.2857)"


def test_where_no_source_is_right_the_true_value_is_named():
    written, exact = tree(matrix("0", "-13.28", "0")), value(matrix("0", "-14.831215", "0"))
    verdict = judged(
        written, [Source(exact), Source(value(matrix("0", "-14.28", "0")), ("the rounded 0.07",) * 3)], NOWHERE
    )
    assert verdict.status == "refuted"
    assert (
        "row 2, column 1 is wrong: −13.28 is written, −14.8312 it should be (−14.28 with the rounded values)"
        in verdict.evidence
    )


@given(st.fractions(-50, 50, max_denominator=997), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_rounding_and_cutting_off_are_right_and_two_units_are_wrong(truth, places):
    unit = Fraction(1, 10**places)
    cut = int(truth / unit) * unit
    for written, status in (
        (round(truth, places), "verified"),
        (cut, "verified"),
        (cut + 2 * unit, "refuted"),
        (cut - 2 * unit, "refuted"),
    ):
        shown = f"{'-' if written < 0 else ''}{abs(written.numerator * 10**places // written.denominator) / 10**places:.{places}f}"
        reference = rf"\frac{{{truth.numerator}}}{{{truth.denominator}}}"
        found = equal(shown, reference, {}, tolerance="as written").status
        assert found == ("proven" if written == truth else status)
