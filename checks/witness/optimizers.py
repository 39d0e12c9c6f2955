"""An update rule beside torch.optim's own: several steps, gradients that change sign, a large epsilon, the states too.

Small epsilons and two steps hide most mistakes: sqrt(v) + epsilon is sqrt(v + epsilon) to four digits at 1e-8, and
powers of the step count begin to differ at t = 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from checks.verdict import Verdict
from checks.witness.sequences import run
from derive.recurrence.optimisers import Optimiser
from derive.recurrence.terms import name_of

STEPS = 6
ROWS = 64
RELATIVE, SINGLE = 1e-9, 1e-6  # the second where torch keeps a state in float32
# a row's hyperparameters; torch takes one number each, so they are the same in every row
VALUES: Mapping[str, float] = {
    r"\alpha": 0.07, r"\beta_1": 0.8, r"\beta_2": 0.95, r"\mu": 0.85, r"\tau": 0.3, r"\rho": 0.7, r"\lambda": 0.2,
    r"\psi": 0.004, r"\epsilon": 0.1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """Parameters and buffers after each step, by sequence and step."""

    columns: dict[str, Any]


def gradients(steps: int = STEPS, rows: int = ROWS, seed: int = 0) -> dict[str, Any]:
    """g_1, …, g_steps of both signs, a zero among them, and where each row starts."""
    rng = np.random.default_rng(seed)
    drawn = rng.normal(size=(steps, rows)) * rng.choice([0.2, 1.0, 3.0], size=(steps, rows))
    drawn[1::2, : rows // 2] *= -1
    drawn[2, 0] = 0.0
    return {name_of("g_", k + 1): drawn[k] for k in range(steps)} | {r"\theta_0": rng.normal(size=rows)}


def torch_run(
    rule: Optimiser, columns: Mapping[str, Any], values: Mapping[str, float] = VALUES, steps: int = STEPS
) -> Run:
    """torch.optim's optimiser of a rule, given the gradients."""
    parameter = torch.nn.Parameter(torch.tensor(columns[r"\theta_0"], dtype=torch.float64))
    optimiser = getattr(torch.optim, rule.torch)([parameter], **_arguments(rule, values))
    found: dict[str, Any] = {}
    for step in range(1, steps + 1):
        parameter.grad = torch.tensor(columns[name_of("g_", step)], dtype=torch.float64)
        optimiser.step()
        found[name_of(r"\theta_", step)] = parameter.detach().numpy().copy()
        for buffer, sequence in rule.state.items():
            held = optimiser.state[parameter][buffer]
            found[name_of(sequence, step)] = np.broadcast_to(held.detach().numpy(), parameter.shape).copy()
    return Run(found)


def _arguments(rule: Optimiser, values: Mapping[str, float]) -> dict[str, Any]:
    given: dict[str, Any] = dict(rule.options)
    for argument, letters in rule.arguments.items():
        parts = tuple(values[letter.strip()] for letter in letters.split(","))
        given[argument] = parts[0] if len(parts) == 1 else parts
    return given


def own_run(
    rule: Optimiser, columns: Mapping[str, Any], values: Mapping[str, float] = VALUES, steps: int = STEPS
) -> Run:
    """The rule's own equations, step by step."""
    rows = len(columns[r"\theta_0"])
    given = {**columns, **{letter: np.full(rows, value) for letter, value in values.items()}}
    return Run(run(rule.program, given, steps))


def against_torch(
    rule: Optimiser, values: Mapping[str, float] = VALUES, steps: int = STEPS, rows: int = ROWS
) -> Verdict:
    """Whether a rule's equations give the parameters and the states that torch.optim gives, at every step and row."""
    columns = gradients(steps, rows)
    room = RELATIVE if rule.exact else SINGLE
    theirs, own = torch_run(rule, columns, values, steps), own_run(rule, columns, values, steps)
    for name, column in theirs.columns.items():
        apart = np.abs(column - own.columns[name]) > room * (1 + np.abs(column))
        if apart.any():
            row = int(np.argmax(apart))
            point = {key: f"{column[row]:.17g}" for key, column in columns.items()}
            evidence = f"{name} is {theirs.columns[name][row]:.12g} in torch.optim.{rule.torch} and {own.columns[name][row]:.12g} by the rule"
            return Verdict("refuted", "not-torch", evidence, point)
    return Verdict(
        "verified",
        "torch",
        f"{steps} steps in {rows} rows agree with torch.optim.{rule.torch}, {len(rule.state)} states included",
    )
