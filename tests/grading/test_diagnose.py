"""Diagnosis: the slip planted in a right answer is the slip that is named, and the mended form is suggested."""

from __future__ import annotations

import pytest

from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from checks.diagnose import diagnose
from checks.grading import Assignment, grade_document
from checks.submission import read_document
from derive import Problem, catalog
from derive.read import read

SKIP = catalog["skip-connection"]
SETTING = Setting(SKIP.table, SKIP.program)
TRUTH = SKIP.derivation(SKIP.question("skip-w1")).closed

CASES = [
    (r"-(w^2 s_4 + 1)(w^2 s_2 + 1) s_5 s_3 s_1 x", "sign"),
    (r"(w^2 s_4 - 1)(w^2 s_2 + 1) s_5 s_3 s_1 x", "sign"),
    (r"2 (w^2 s_4 + 1)(w^2 s_2 + 1) s_5 s_3 s_1 x", "constant-factor"),
    (r"(w s_4 + 1)(w^2 s_2 + 1) s_5 s_3 s_1 x", "power"),
    (r"(w^2 s_4 + 1)(w^3 s_2 + 1) s_5 s_3 s_1 x", "power"),
    (r"(1 + w^2 s_4 + w^2 s_2 + w^2 s_2 s_4) s_5 s_3 s_1 x", "power"),
    (r"(w^2 s_4 + 1)(w^2 s_2 + 1) s_5 s_3 s_1", "missing-factor"),
    (r"(w^2 s_4 + 1)(w^2 s_2 + 1) s_5 s_3 x", "missing-factor"),
    (r"(w^2 s_4 + 1)(w^2 s_2 + 1) s_5 s_3 s_1 x h_1", "extra-factor"),
    (r"w^2 s_4 (w^2 s_2 + 1) s_5 s_3 s_1 x", "missing-term"),
    (r"(w^2 s_4 + 1 + w)(w^2 s_2 + 1) s_5 s_3 s_1 x", "extra-term"),
    (r"(w^2 s_4 + 1)(w^2 s_2 + 1) s_5 s_3 \sigma(z_1) x", "prime"),
    (r"(w^2 s_4 + 1)(w^2 s_2 + 1) s_5 s_3 \sigma''(z_1) x", "prime"),
    (r"(w^2 s_4 + 1)(w^2 s_2 + 1) s_5 s_2 s_1 x", "index"),
    (r"w^4 s_5 s_4 s_3 s_2 s_1 x + w^2 (s_4 + s_2) s_5 s_3 s_1 x", "missing-term"),
    (r"w^4 s_5 s_4 s_3 s_2 s_1 x + w^2 (s_4 + s_2) s_5 s_3 s_1 x - s_5 s_3 s_1 x", "sign"),
]
NAMES = {"s_1": "z_1", "s_2": "z_2", "s_3": "z_3^*", "s_4": "z_4", "s_5": "z_5^*"}


def skip(text: str):
    for short, name in NAMES.items():
        text = text.replace(short, rf"\sigma'({name})")
    return SKIP.read(text, "skip")


@pytest.mark.parametrize(("wrong", "code"), CASES)
def test_the_planted_slip_is_named(wrong, code):
    assert diagnose(TRUTH, skip(wrong), SETTING).code == code


@pytest.mark.parametrize("wrong", [wrong for wrong, _ in CASES])
def test_what_is_suggested_is_proven_right(wrong):
    suggestion = diagnose(TRUTH, skip(wrong), SETTING).suggestion
    assert suggestion is not None
    assert decide_equal(Claim(suggestion, TRUTH, SETTING)).status == "proven"


def test_two_names_exchanged_everywhere_are_found():
    text = r"(w^2 s_2 + 1)(w^2 s_3 + 1) s_5 s_4 s_1 x"
    assert diagnose(TRUTH, skip(text), SETTING).code == "renamed"


def test_undeclared_names_are_mended_by_a_renaming_or_not_at_all():
    tree = read(
        r"(w^2\sigma'(q)+1)(w^2\sigma'(z_2)+1) \sigma'(z_5^*)\sigma'(z_3^*)\sigma'(z_1) \chi", SKIP.table, free=True
    ).tree
    found = diagnose(TRUTH, SKIP.parts["skip"].bound(tree), SETTING, ("q", r"\chi"))
    assert found.code == "renamed"
    hopeless = read(r"\sigma'(q) r", SKIP.table, free=True).tree
    assert diagnose(TRUTH, hopeless, SETTING, ("q", "r")).suggestion is None


def test_what_no_slip_explains_gets_the_right_form_all_the_same():
    found = diagnose(TRUTH, skip("h_1 + 7"), SETTING)
    assert found.code == "not-equal"
    assert found.suggestion is not None


def test_an_exponent_that_should_be_doubled_is_said_as_such():
    found = diagnose(TRUTH, skip(r"(1 + w^2 s_4 + w^2 s_2 + w^2 s_2 s_4) s_5 s_3 s_1 x"), SETTING)
    assert found.message == "the exponent of $w$ should be $4$"


@pytest.mark.parametrize("wrong", [r"\max(2, a)", r"\min(1, a)", r"a \max(1, a)", r"\max(1, a^2) + a"])
def test_a_wrong_form_with_a_function_of_several_arguments_is_explained_or_left_so(wrong):
    problem = Problem.from_dict({"id": "larger", "symbols": {"a": "real"},
                                 "part": [{"name": "main", "given": [r"p = \max(1, a)"]}],
                                 "question": [{"id": "p", "ask": "p"}]})  # fmt: skip
    report = grade_document(read_document("work.md", f"$p = {wrong}$".encode()), [Assignment(problem)])
    assert [step.verdict for step in report.lines] == ["incorrect"]
