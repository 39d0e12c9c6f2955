"""Optimisers as equations beside torch.optim's own: parameters and states over several steps, and closed forms."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("torch")

from checks import holds
from checks.witness.optimizers import VALUES, against_torch
from derive.recurrence.closed import forms
from derive.recurrence.optimisers import OPTIMISERS, PUBLISHED_ADAMAX, optimiser
from derive.recurrence.signs import Signs
from derive.write import latex


@pytest.mark.parametrize("rule", [rule for rule in OPTIMISERS if rule.torch], ids=lambda rule: rule.name)
def test_the_equations_give_what_torch_gives(rule):
    verdict = against_torch(rule)
    assert verdict.status == "verified", verdict.evidence


# row, a line, what it is changed to: mistakes met in published code and books
MISTAKES = [
    ("Adam", r"\frac{m_t}{1 - \beta_1^t}", r"\frac{m_t}{1 - \beta_1}"),
    ("Adam", r"\frac{m_t}{1 - \beta_1^t}", r"m_t (1 - \beta_1^t)"),
    ("Adam", r"{\sqrt{\hat{v}_t} + \epsilon}", r"{\sqrt{\hat{v}_t + \epsilon}}"),
    ("Adam", r"{\sqrt{\hat{v}_t} + \epsilon}", r"{\sqrt{\hat{v}_t} - \epsilon}"),
    ("Adam", r"(1 - \beta_2) g_t^2", r"\beta_2 g_t^2"),
    ("AdaDelta", r"\frac{\sqrt{u_{t-1} + \epsilon}}", r"\frac{\sqrt{u_t + \epsilon}}"),
    ("AdaMax", r"\frac{m_t}{u_t}", r"\frac{m_t}{\sqrt{u_t}}"),
    ("momentum", r"\mu b_{t-1} + g_t", r"\mu b_{t-1} + (1 - \mu) g_t"),
    ("Nesterov momentum", r"(g_t + \mu b_t)", r"(g_t + \mu b_{t-1})"),
    ("RMSProp", r"{\sqrt{v_t} + \epsilon}", r"{\sqrt{v_t + \epsilon}}"),
    ("AdamW", r"(1 - \alpha \lambda)", r"(1 - \lambda)"),
    ("AMSGrad", r"\max(w_{t-1}, v_t)", r"\max(\beta_2 w_{t-1}, v_t)"),
    ("NAdam", r"\mu_{t+1} m_t", r"\mu_t m_t"),
]


@pytest.mark.parametrize(("name", "line", "wrong"), MISTAKES)
def test_a_mistake_in_the_equations_is_told_from_torch(name, line, wrong):
    rule = optimiser(name)
    assert any(line in given for given in rule.lines)
    changed = replace(rule, lines=tuple(given.replace(line, wrong) for given in rule.lines))
    assert against_torch(changed).status == "refuted"


def test_the_rescaled_adam_is_torchs_for_epsilon_zero_alone():
    rescaled = replace(optimiser("Adam in the rescaled form"), torch="Adam", arguments=optimiser("Adam").arguments)
    assert against_torch(rescaled).status == "refuted"
    assert against_torch(rescaled, {**VALUES, r"\epsilon": 0.0}).status == "verified"


def test_the_published_adamax_is_torchs_for_epsilon_zero():
    rule = optimiser("AdaMax")
    published = replace(rule, lines=(*rule.lines[:2], *PUBLISHED_ADAMAX, rule.lines[-1]))
    assert against_torch(published).status == "refuted"
    # without epsilon a gradient that is zero at once divides by zero in both: the zero comes third
    assert against_torch(published, {**VALUES, r"\epsilon": 0.0}).status == "verified"


CLOSED = {
    "Adam": {
        "m_": r"(1 - \beta_1) (\sum_{i=1}^{t} \beta_1^{t - i} g_i)",
        "v_": r"(1 - \beta_2) (\sum_{i=1}^{t} \beta_2^{t - i} g_i^2)",
    },
    "momentum": {"b_": r"\sum_{i=1}^{t} \mu^{t - i} g_i"},
    "AdaGrad": {"s_": r"\sum_{i=1}^{t} g_i^2"},
    "AMSGrad": {"w_": r"\max_{1 \le i \le t} v_i"},
    "AdaMax": {"u_": r"\max_{1 \le i \le t} \beta_2^{t - i} (\left| g_i \right| + \epsilon)"},
    "NAdam": {"p_": r"\prod_{i=1}^{t} \mu_i"},
}


@pytest.mark.parametrize("name", CLOSED)
def test_closed_forms_are_those_of_the_books(name):
    rule = optimiser(name)
    found = forms(rule.program.recurrences, Signs(rule.table))
    assert {s: latex(found[s].tree) for s in CLOSED[name]} == CLOSED[name]


def test_every_closed_form_is_proven_for_symbolic_steps():
    for rule in OPTIMISERS:
        lines = [line.partition(" = ") for line in rule.lines]
        where = {left: right for left, _, right in lines}
        for sequence, form in forms(rule.program.recurrences, Signs(rule.table)).items():
            statement = f"{sequence}t = {latex(form.tree)}"
            verdict = holds(statement, rule.table, where=where)
            assert verdict.status == "proven", (rule.name, statement, verdict.evidence)


def test_what_has_no_closed_form_gets_none():
    assert "u_" not in forms(optimiser("AdaDelta").program.recurrences, Signs(optimiser("AdaDelta").table))
