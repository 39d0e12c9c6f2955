"""“For all” and “if … then” are read as the arrows that say the same."""

from __future__ import annotations

import pytest

from checks import holds
from derive.errors import Unreadable
from derive.read import read
from derive.symbols import SymbolTable

TABLE = SymbolTable.from_specs({"x": "real", "y": "real", "a": "real"})
SAME = [
    (r"\forall x: e^x \ge 1 + x", r"e^x \ge 1 + x"),
    (r"\forall x, y \in \mathbb{R}: x^2 + y^2 \ge 2 x y", r"x^2 + y^2 \ge 2 x y"),
    (r"\text{for all } x: x^2 \ge 0", r"x^2 \ge 0"),
    (r"x^2 \ge 0 \quad \forall x", r"x^2 \ge 0"),
    (r"x^2 \ge 0 \text{ for every } x", r"x^2 \ge 0"),
    (r"\forall x > 0: \ln x \le x - 1", r"x > 0 \Rightarrow \ln x \le x - 1"),
    (r"\ln x \le x - 1 \quad \forall x > 0", r"x > 0 \Rightarrow \ln x \le x - 1"),
    (r"\text{if } x \ge 1 \text{ then } x^2 \ge 1", r"x \ge 1 \Rightarrow x^2 \ge 1"),
    (r"x^2 \ge 1 \text{ if } x \ge 1", r"x \ge 1 \Rightarrow x^2 \ge 1"),
    (r"\text{If } x > 0 \text{, then } x + a > a", r"x > 0 \Rightarrow x + a > a"),
]


@pytest.mark.parametrize(("words", "arrows"), SAME)
def test_words_are_read_as_arrows(words: str, arrows: str) -> None:
    assert read(words, TABLE).tree == read(arrows, TABLE).tree


def test_names_that_contain_the_words_stay_names() -> None:
    table = SymbolTable.from_specs({r"\operatorname{all}": "real", "x": "real"})
    assert r"\operatorname{all}" in read(r"x + \operatorname{all} = 1", table).tree.names


@pytest.mark.parametrize(
    "text", [r"\forall", r"\text{if } x > 0", r"\forall x \forall y: x = y", r"\text{if } x \text{ then }"]
)
def test_what_is_left_unclear_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text, TABLE)


def test_a_statement_for_all_numbers_is_judged_under_its_condition() -> None:
    assert holds(r"\forall x > 0: \ln x \le x - 1", {"x": "real"}).status == "proven"
    assert holds(r"\forall x > 0: \ln x \ge x - 1", {"x": "real"}).status == "refuted"
