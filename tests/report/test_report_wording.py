"""Words, counts and points that every output shares."""

from __future__ import annotations

import pytest
from report_sample import question

from checks.report.points import add_up
from checks.report.text import REPLACED, clean, shorten
from checks.report.wording import count, line_numbers


@pytest.mark.parametrize(
    ("numbers", "said"),
    [([3], "line 3"), ([3, 4], "lines 3–4"), ([9, 3, 7, 8, 7], "lines 3, 7–9"), ([1, 3], "lines 1, 3")],
)
def test_line_numbers_are_joined_to_runs(numbers: list[int], said: str) -> None:
    assert line_numbers(numbers) == said


def test_counts_are_in_the_right_number() -> None:
    assert [count(1, "formula"), count(2, "formula"), count(0.5, "point")] == ["1 formula", "2 formulas", "0.5 points"]


def test_points_of_nothing() -> None:
    assert add_up(()).sentence == "0 of 0"


def test_points_that_wait_are_in_the_maximum_only() -> None:
    points = add_up([question("a", "correct", 1, 5, 6), question("b", "undecided", 2, None, 2)])
    assert points.sentence == "5 of 8, 1 question (2 points) to be looked at by a person"


def test_text_is_cut_to_columns_not_to_characters() -> None:
    assert shorten("abcdef", 6) == "abcdef"
    assert shorten("abcdefg", 6) == "abcde…"
    assert shorten("深度学习", 6) == "深度…"
    assert shorten("abcdefg", 6, "...") == "abc..."


def test_invisible_characters_are_replaced_and_joiners_kept() -> None:
    assert clean("a\x00b\u202ec\ud800") == f"a{REPLACED}b{REPLACED}c{REPLACED}"
    assert clean("می\u200cشود\u00a0x\r\n\ty") == "می\u200cشود x\n\ty"
