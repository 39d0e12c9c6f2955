"""Functions with branches inside each other: written out they double, and what is made of them is bounded by a count."""

from __future__ import annotations

import pytest

import checks
from checks.decide.branches import MAX_NODES, resolved
from derive.errors import TooLarge
from derive.tree import Absolute, Call, Name, Node, Sum, walk

REALS = {"x": "real", "y": "real"}


def nested(function: str, times: int) -> str:
    """f(x + f(x + … y)), so many times."""
    return rf"{function}(x + " * times + "y" + ")" * times


def nested_maximum(times: int) -> str:
    return r"\max(x, " * times + "y" + ")" * times


STATEMENTS = [
    (nested(r"\operatorname{ReLU}", 5) + r" \ge 0", {"proven"}),
    (nested(r"\operatorname{ReLU}", 14) + r" \ge 0", {"proven", "verified", "undecided"}),
    (nested(r"\operatorname{ReLU}", 14) + " > 0", {"refuted"}),
    (nested(r"\operatorname{ReLU}", 20) + r" \ge y", {"refuted"}),
    (nested_maximum(4) + r" \ge x", {"proven"}),
    (nested_maximum(30) + r" \ge x", {"proven", "verified", "undecided"}),
    (nested_maximum(30) + " > x", {"refuted"}),
    (nested_maximum(30) + r" = \max(x, y)", {"proven", "verified", "undecided"}),
    (nested_maximum(30) + " = x", {"refuted"}),
]


@pytest.mark.parametrize(("statement", "allowed"), STATEMENTS)
def test_nested_branches_are_answered(statement: str, allowed: set[str]) -> None:
    assert checks.holds(statement, REALS).status in allowed


def tower(levels: int) -> Node:
    tree: Node = Name("y")
    for _ in range(levels):
        tree = Call("relu", (Sum((Name("x"), tree)),))
    return tree


def test_nested_branches_are_written_out_while_they_are_few() -> None:
    plain = resolved(tower(5))
    assert plain.size <= MAX_NODES
    assert not any(isinstance(node, Call) for node in walk(plain))
    assert any(isinstance(node, Absolute) for node in walk(plain))


@pytest.mark.parametrize("levels", [14, 25])
def test_what_grows_beyond_the_count_is_refused(levels: int) -> None:
    with pytest.raises(TooLarge, match="cases of every function"):
        resolved(tower(levels))
