r"""`\max\{u, v\}` and its kin: a finite set as the argument of a function of any number of arguments."""

from __future__ import annotations

import pytest

from checks import holds
from derive import Unreadable, parse

NAMES = {"x": "real", "y": "real"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\max\{x, y\}", r"\max(x, y)"),
        (r"\min\left\{x, y, 0\right\}", r"\min(x, y, 0)"),
        (r"\max\{0, 1 - x y\} + 1", r"\max(0, 1 - x y) + 1"),
        (r"\sup\{x, y\}", r"\max(x, y)"),
        (r"\inf\{x, 1\}", r"\min(x, 1)"),
        (r"\max\{x, \min\{y, 2\}\}", r"\max(x, \min(y, 2))"),
    ],
)
def test_a_set_lists_the_arguments(written, meant):
    assert parse(written, NAMES) == parse(meant, NAMES)


@pytest.mark.parametrize("written", [r"\sin\{x, y\}", r"\max_x y", r"\sup_x y", r"\max\{x, y", r"\max\{x,, y\}"])
def test_what_is_no_finite_list_is_refused(written):
    with pytest.raises(Unreadable):
        parse(written, NAMES)


def test_sets_of_arguments_are_decided():
    assert holds(r"\max\{x, y\} + \min\{x, y\} = x + y", NAMES).status == "proven"
    assert holds(r"\max\{x, y\} = x + y", NAMES).status == "refuted"
    assert holds(r"\inf\{1, 2\} = 2", NAMES).status == "refuted"
