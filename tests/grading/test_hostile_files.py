"""Files that are made to break the reader: one sentence for what is bad, and the rest still judged."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.submission import read_document
from derive import catalog

GOOD = rb"""

$$\frac{\partial y}{\partial b_1} = w^4 \sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)\sigma'(z_1)$$

"""
BAD = {
    "a line of one megabyte": b"$$" + b"z_5 + " * 170_000 + b"z_5 = y$$",
    "a plain line of one megabyte": b"y = " + b"z_5 + " * 170_000 + b"z_4",
    "ten thousand nested brackets": b"$y = " + b"(" * 10_000 + b"z_5" + b")" * 10_000 + b"$",
    "nested brackets within the length": b"$y = " + b"(" * 500 + b"z_5" + b")" * 500 + b"$",
    "nested fractions": b"$y = " + rb"\frac{1}{" * 1_500 + b"z_5" + b"}" * 1_500 + b"$",
    "nested superscripts": b"$y = " + b"z_5^{" * 1_500 + b"2" + b"}" * 1_500 + b"$",
    "a tower of powers": b"$y = 9^{9^{9^9}} z_5 - 9^{9^{9^9}} z_5$",
    "a power of a sum": b"$y = (w + x + b + w_1 + b_1)^{500}$",
    "NUL": b"$y = \x00 z_5$",
    "Latin-1": b"caf\xe9 $z_5 = w h_4 + \xe9$",
    "an unclosed display": rb"$$ y = (z_5 + \frac{1}{ \left[ |x",
    "an unclosed environment": rb"\begin{aligned} y &= z_5",
    "an unclosed inline formula": b"$ z_5 = (",
    "an unclosed code block": b"$y = z_5 +$\n",
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_bad_lines_are_said_and_good_lines_judged(bad):
    document = read_document("work.md", GOOD + bad + GOOD)
    report = grade_document(document, [Assignment(catalog["skip-connection"])])
    good = [step for step in report.lines if step.line in (3, len((GOOD + bad + GOOD).split(b"\n")) - 2)]
    assert [step.verdict for step in good] == ["correct", "correct"]
    others = [step for step in report.lines if step not in good]
    assert others or report.remarks
    assert all(step.verdict in ("unreadable", "undecided", "incorrect") for step in others)
    assert all(step.message and "\n" not in step.message for step in others)
