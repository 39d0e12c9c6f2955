"""Update rules: state and gradient → next state and move, one row a rule.

A move is −f m with f = scale / (√radicand + offset). The formulas use + · / and max only, so that they run over exact
rationals and over balls. Sources: Adam and AdaMax, Kingma and Ba, arXiv 1412.6980, algorithms 1 and 2; momentum, torch.optim.SGD
without dampening. AdaMax has no ε there; with ε = 0 it is torch.optim.Adamax.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from derive.errors import BadSpec

Numbers = Mapping[str, Any]  # by parameter; exact rationals or balls


@dataclass(frozen=True, slots=True)
class State:
    """What a rule remembers: m, the second state (v or u), and the powers β1^t, β2^t."""

    m: Any
    second: Any
    power1: Any
    power2: Any


@dataclass(frozen=True, slots=True)
class Move:
    """−m · scale / (√radicand + offset), or without the root where `radicand` is None."""

    m: Any
    scale: Any
    radicand: Any | None
    offset: Any


@dataclass(frozen=True, slots=True)
class Rule:
    """An update rule and its parameters: name → whether it lies in [0, 1) (else it is positive, or ≥ 0 for ε)."""

    name: str
    parameters: tuple[str, ...]
    step: Callable[[State, Any, Numbers], tuple[State, Move]]
    memory: str | None = None  # the parameter by which m decays
    averaged: bool = False  # m_t = β m_{t−1} + (1 − β) g_t, else … + g_t
    second: str | None = None  # what the second state is called
    equations: tuple[str, ...] = ()  # as printed; W stands for the letter of the position

    def checked(self, parameters: Mapping[str, Any]) -> None:
        """Raises BadSpec unless exactly the rule's parameters are given, each in its domain."""
        if set(parameters) != set(self.parameters):
            raise BadSpec(f"{self.name} has the parameters {', '.join(self.parameters)}, not {', '.join(parameters)}")
        for name, value in parameters.items():
            low, high, right = _DOMAINS[name]
            if not (value > 0 or (low and value == 0)) or (high and value >= 1):
                raise BadSpec(f"{self.name}: {name} = {value} is not {right}")


_DOMAINS = {  # 0 allowed, below 1, in words
    "alpha": (False, False, "positive"),
    "beta": (True, True, "in [0, 1)"),
    "beta_1": (True, True, "in [0, 1)"),
    "beta_2": (True, True, "in [0, 1)"),
    "epsilon": (True, False, "at least 0"),
}


def _gradient_descent(s: State, g: Any, p: Numbers) -> tuple[State, Move]:
    return State(g, s.second, s.power1, s.power2), Move(g, p["alpha"], None, 1)


def _momentum(s: State, g: Any, p: Numbers) -> tuple[State, Move]:
    m = p["beta"] * s.m + g
    return State(m, s.second, s.power1, s.power2), Move(m, p["alpha"], None, 1)


def _adam(s: State, g: Any, p: Numbers) -> tuple[State, Move]:
    power1, power2 = s.power1 * p["beta_1"], s.power2 * p["beta_2"]
    m = p["beta_1"] * s.m + (1 - p["beta_1"]) * g
    v = p["beta_2"] * s.second + (1 - p["beta_2"]) * g * g
    return State(m, v, power1, power2), Move(m, p["alpha"] / (1 - power1), v / (1 - power2), p["epsilon"])


def _adamax(s: State, g: Any, p: Numbers) -> tuple[State, Move]:
    power1 = s.power1 * p["beta_1"]
    m = p["beta_1"] * s.m + (1 - p["beta_1"]) * g
    decayed, size = p["beta_2"] * s.second, abs(g)
    u = decayed.max(size) if hasattr(decayed, "max") else max(decayed, size)
    return State(m, u, power1, s.power2), Move(m, p["alpha"] / (1 - power1), None, u)


_M = r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t"
_M_HAT = r"\hat{m}_t = \frac{m_t}{1 - \beta_1^t}"

RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("gradient-descent", ("alpha",), _gradient_descent, equations=(r"W_t = W_{t-1} - \alpha g_t",)),
        Rule("momentum", ("alpha", "beta"), _momentum, "beta",
             equations=(r"m_t = \beta m_{t-1} + g_t", r"W_t = W_{t-1} - \alpha m_t")),
        Rule("adam", ("alpha", "beta_1", "beta_2", "epsilon"), _adam, "beta_1", averaged=True, second="v",
             equations=(_M, r"v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2", _M_HAT, r"\hat{v}_t = \frac{v_t}{1 - \beta_2^t}",
                        r"W_t = W_{t-1} - \frac{\alpha \hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}")),
        Rule("adamax", ("alpha", "beta_1", "beta_2"), _adamax, "beta_1", averaged=True, second="u",
             equations=(_M, r"u_t = \max(\beta_2 u_{t-1}, |g_t|)", r"W_t = W_{t-1} - \frac{\alpha}{1 - \beta_1^t} \cdot \frac{m_t}{u_t}")),
    )
}  # fmt: skip
