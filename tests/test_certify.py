"""Certificates: the catalogue holds, and an entry with anything wrong in it does not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from checks.certify import certify
from checks.decide.equality import decide_equal
from checks.verdict import Verdict
from derive import Problem, catalog
from derive.tree import TWO, Derivative, Product, walk

SIGMA = {"spec": "function, increasing", "latex": [r"\sigma"]}
ENTRY = {
    "id": "unit",
    "symbols": {"x": "real", "w": "real", "sigma": SIGMA},
    "part": [{"name": "one", "given": ["z = w x", r"y = \sigma(z)"]}],
}


def problem(**question):
    return Problem.from_dict({**ENTRY, "question": [{"id": "q", "ask": r"\frac{\partial y}{\partial w}", **question}]})


@cache
def certificate(id):
    return certify(catalog[id], examples=60)


@pytest.mark.parametrize("id", catalog)
def test_the_catalogue_certifies(id):
    found = certificate(id)
    assert found.holds, found.failures
    assert found.questions == len(catalog[id].questions) + len(catalog[id].path_questions)
    if (
        catalog[id].program.recurrences and catalog[id].formulas
    ):  # run step by step instead: there is nothing to differentiate
        assert found.seeded_inputs > 0
    else:
        derivatives = any(isinstance(node, Derivative) for q in catalog[id].formulas for node in walk(q.ask))
        assert found.seeded_inputs > found.hypothesis_inputs > 0 or not derivatives
    assert found.positions >= 400 * len(catalog[id].walks)
    assert found.mutants_refuted == found.mutants_differing <= found.mutants_made


def test_at_least_150_mutants_of_the_catalogue_differ_and_all_are_refuted():
    certificates = [certificate(key) for key in catalog]
    assert sum(c.mutants_differing for c in certificates) >= 150
    assert all(c.mutants_refuted == c.mutants_differing for c in certificates)


def test_counts_and_progress():
    told = []
    found = certify(problem(accepts=[r"x\sigma'(w x)"]), examples=30, progress=told.append)
    assert found.holds, found.failures
    assert told == ["unit: q"]
    assert (found.questions, found.accepts, found.rejects, found.hypothesis_inputs) == (1, 1, 0, 30)
    assert found.as_dict()["holds"] is True


def test_higher_orders_and_formulas_of_derivatives():
    asks = [
        r"\frac{\partial^2 y}{\partial w \partial x}",
        r"\frac{\partial y}{\partial w} - \frac{\partial y}{\partial x}",
    ]
    for ask in asks:
        found = certify(problem(ask=ask), examples=20)
        assert found.holds, found.failures


@pytest.mark.parametrize(("question", "sentence"), [
    ({"accepts": [r"w\sigma'(z)"]}, r"the accepted form w\sigma'(z) is not proven"),
    ({"rejects": [{"latex": r"\sigma'(z) x", "code": "sign"}]}, r"the rejected form \sigma'(z) x is not refuted"),
    ({"accepts": [r"x\sigma'(q)"]}, "cannot be read"),
    ({"accepts": [r"x = x"]}, "is a relation; write a formula"),
])  # fmt: skip
def test_a_bad_entry_is_refused(question, sentence):
    found = certify(problem(**question), examples=20)
    assert not found.holds
    assert sentence in found.failures[0]
    assert found.failures[0].startswith("unit, question q: ")


def test_a_wrong_closed_form_and_a_wrong_step_are_found():
    entry = problem()
    right = entry.derivation(entry.questions[0])
    entry._derived["q"] = replace(right, closed=Product((TWO, right.closed)))
    found = certify(entry, examples=20)
    assert any("is not what autograd finds" in sentence for sentence in found.failures)
    assert any("is not proven equal to the closed form" in sentence for sentence in found.failures)


def test_a_surviving_mutant_fails(monkeypatch):
    def blind(claim):
        verdict = decide_equal(claim)
        return Verdict("undecided", "no-proof", "undecided: blind") if verdict.status == "refuted" else verdict

    monkeypatch.setattr("checks.certify.decide_equal", blind)
    found = certify(problem(), examples=20)
    assert not found.holds
    assert all("the mutant" in sentence for sentence in found.failures)
    assert found.mutants_refuted == 0 < found.mutants_differing
