"""The pairs that equality is measured on: labels are right, and none is answered wrongly or left open."""

from __future__ import annotations

import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from checks import equal

PAIRS: list[Any] = list(runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "pairs.py"))["pairs"]())


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.left} {'=' if pair.equal else '≠'} {pair.right}")
def test_every_pair_is_decided_as_its_label_says(pair: Any) -> None:
    assert equal(pair.left, pair.right, pair.symbols, seconds=0).status in (
        {"proven", "verified"} if pair.equal else {"refuted"}
    )


def test_no_pair_is_listed_twice_and_both_answers_are_asked_for_often() -> None:
    listed = Counter((pair.left, pair.right, tuple(pair.symbols.items())) for pair in PAIRS)
    assert max(listed.values()) == 1
    assert min(Counter(pair.equal for pair in PAIRS).values()) >= 80
