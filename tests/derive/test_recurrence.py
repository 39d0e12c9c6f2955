"""Recurrences: problems that hold them, their derivations as a book prints them, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from derive import BadSpec, NoRule, Problem, catalog, parse


def problem(given: list[str], ask: str = "v_t", **symbols: str) -> Problem:
    declared: dict[str, Any] = {
        "a": "between 0 and 1",
        "b": "real",
        "g": "sequence, iid",
        "t": "positive integer",
        **symbols,
    }
    return Problem.from_dict(
        {
            "id": "unit",
            "symbols": declared,
            "part": [{"name": "main", "given": given}],
            "question": [{"id": "q", "ask": ask}],
        }
    )


FORMS = [
    (["v_t = a v_{t-1} + (1 - a) g_t^2", "v_0 = 0"], r"(1 - a) (\sum_{i=1}^{t} a^{t - i} g_i^2)"),
    (["v_t = v_{t-1} + g_t", "v_0 = b"], r"b + \sum_{i=1}^{t} g_i"),
    (["v_t = a v_{t-1} + b", "v_0 = 1"], r"a^t + b \frac{1 - a^t}{1 - a}"),
    (["v_t = v_{t-1} g_t", "v_0 = 1"], r"\prod_{i=1}^{t} g_i"),
    (["v_t = a v_{t-1}", "v_0 = b"], "b a^t"),
    (["v_t = a v_{t-1} + g_t", "v_1 = g_1"], r"g_1 a^{t - 1} + \sum_{i=2}^{t} a^{t - i} g_i"),
    ([r"v_t = \max(a v_{t-1}, |g_t|)", "v_0 = 0"], r"\max_{1 \le i \le t} a^{t - i} \left| g_i \right|"),
    ([r"v_t = \max(v_{t-1}, g_t)", "v_0 = 0"], r"\max(0, \max_{1 \le i \le t} g_i)"),
    (["v_t = v_{t-1} - b (v_{t-1} - g_t)", "v_0 = 0"], r"b (\sum_{i=1}^{t} (1 - b)^{t - i} g_i)"),
]


@pytest.mark.parametrize(("given", "form"), FORMS)
def test_the_closed_form_is_that_of_a_book(given: list[str], form: str) -> None:
    unit = problem(given)
    assert unit.derivation(unit.question("q")).closed_form.latex() == form


@pytest.mark.parametrize(
    "given",
    [
        ["v_t = v_{t-1}^2 + g_t", "v_0 = 0"],
        ["v_t = g_t v_{t-1} + g_t", "v_0 = 0"],
        ["v_t = v_{t-1} + v_{t-2}", "v_0 = 0", "v_1 = 1"],
        [r"v_t = \max(b v_{t-1}, |g_t|)", "v_0 = 0"],  # b may be negative
        [r"v_t = \max(v_{t-1}, v_{t-1} + g_t)", "v_0 = 0"],
    ],
)
def test_a_recurrence_of_another_shape_has_no_closed_form(given: list[str]) -> None:
    unit = problem(given)
    with pytest.raises(NoRule, match="no closed form"):
        unit.derivation(unit.question("q"))


def test_the_derivation_unrolls_guesses_and_proves() -> None:
    entry = catalog["adam-moments"]
    laws = [step.law for step in entry.derivation(entry.question("second-moment")).steps]
    assert laws[0] == "the recurrence at t = 1"
    assert any(law.startswith("base") for law in laws)
    assert laws[-1] == "which is the form at t: proven by induction"


def test_an_expectation_ends_in_moments() -> None:
    entry = catalog["adam-moments"]
    derivation = entry.derivation(entry.question("expected-second-moment"))
    assert derivation.closed_form.latex() == r"\mathbb{E}[g^2] (1 - \beta_2^t)"
    assert [step.law for step in derivation.steps][-5:] == [
        "E is linear", "the terms are of one law", "constant factors", "a geometric sum", "cancelled",
    ]  # fmt: skip
    assert derivation.latex().count(r"\\") >= 8


def test_every_line_of_a_derivation_reads_back() -> None:
    for name in ("adam-moments", "adamax"):
        entry = catalog[name]
        for question in entry.formulas:
            for line in entry.derivation(question).steps:
                assert parse(line.latex, entry.table).latex() == line.latex
                assert not line.left or parse(line.left, entry.table).latex() == line.left


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["v_t = a v_{t-1} + g_t", "v_t = v_{t-1}", "v_0 = 0"], "given twice"),
        (["v_t = a v_{t-1} + g_t", "v_0 = 0", "v_0 = 1"], "given twice"),
        (["v_t = a v_{t-1} + g_t = 0", "v_0 = 0"], "more than one relation"),
        (["v_t = a v_{t-1} + w_t", "w_t = w_{t-1} + g_t"], "given after it"),
    ],
)
def test_recurrences_that_contradict_each_other_are_refused(given: list[str], said: str) -> None:
    with pytest.raises(BadSpec, match=said):
        problem(given)


def test_code_for_a_recurrence_is_refused_with_a_reason() -> None:
    unit = problem(["v_t = a v_{t-1} + g_t", "v_0 = 0"])
    with pytest.raises(NoRule, match="recurrence"):
        unit.derivation(unit.question("q")).code("numpy")
