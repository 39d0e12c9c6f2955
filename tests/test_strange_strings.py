"""Strings nobody would write: whatever is fed in, only the project's own errors come out. More of them: `benchmarks/fuzz.py`."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest
from fuzz import OWN, TARGETS
from hypothesis import given, settings
from hypothesis import strategies as st
from strings import FORMULAS, TOKENS, draw

spliced = st.lists(st.one_of(st.sampled_from(TOKENS), st.sampled_from(FORMULAS), st.characters()), max_size=12).map(
    "".join
)
drawn = st.integers(0, 10**6).map(lambda seed: draw(Random(seed)))


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=60, deadline=None)
@given(text=st.one_of(spliced, drawn))
def test_nothing_but_the_projects_own_errors_is_raised(target: str, text: str) -> None:
    with suppress(*OWN):
        assert TARGETS[target](text) is not None


# each once did something else
FOUND = {
    "a logarithm with a base and no argument": r"log_2=\Gamma(p)",
    "functions of two arguments without one": r"\max = \min",
    "an integrand without a value anywhere": r"\int_0^1 x^1/0 \, dx = \frac13",
    "an integrand that oscillates without end": r"\int_0^2 \sin(1/x) \, dx = 1",
    "a huge exponent under an integral": r"\int_0^1 x^{(10^{400})^{n}} \, dx = \frac13",
    "a product as the bound of a sum": r"\sum_{k=\prod_{k=1}^{999} (x + k)}^{4} \binom{4}x^k = (1)^4",
    "sums of sums": r"\sum_{k=1}^{999} \sum_{j=1}^{999} \sin(k j x) = 1",
    "an exponent with a denominator of many digits": r"x^{\frac{1}{1 + 10^{-20}}} = x",
    "case distinctions without end": r"\begin{cases} " * 200 + "x" + r" & x > 0 \end{cases}" * 200,
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND.keys())
@pytest.mark.parametrize("target", TARGETS)
def test_what_was_once_found_stays_mended(target: str, text: str) -> None:
    with suppress(*OWN):
        assert getattr(TARGETS[target](text), "status", "undecided") in {"undecided", "refuted"}
