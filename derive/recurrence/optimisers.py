r"""Optimisers as straight update equations, one row each: what torch.optim and the papers do, and where they part.

Every row has a step `\theta_t = …`; g_t is the gradient at \theta_{t-1}. `torch` says which optimiser runs it, with the
arguments its hyperparameters are; `state` which buffers are which sequences; `differs` how the paper's rule is another.
Sources: the papers named in the rows, torch.optim 2.13.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from derive.api import program_of
from derive.program import Program
from derive.symbols import SymbolTable

HYPERPARAMETERS: Mapping[str, str] = {
    r"\alpha": "positive",
    r"\beta_1": "between 0 and 1",
    r"\beta_2": "between 0 and 1",
    r"\mu": "between 0 and 1",
    r"\tau": "between 0 and 1",
    r"\rho": "between 0 and 1",
    r"\lambda": "nonnegative",
    r"\psi": "positive",
    r"\epsilon": "positive",
    r"\theta_0": "real",
}
SYMBOLS: Mapping[str, str] = {"t": "positive integer", "g": "sequence"}

# the moments of Adam and what is made of them
_M = (r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t", "m_0 = 0")
_V = (r"v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2", "v_0 = 0")
_HATS = (r"\hat{m}_t = \frac{m_t}{1 - \beta_1^t}", r"\hat{v}_t = \frac{v_t}{1 - \beta_2^t}")
_ADAM_STEP = r"\theta_t = \theta_{t-1} - \alpha \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}"
_ADAM_ARGUMENTS = {"lr": r"\alpha", "betas": r"\beta_1, \beta_2", "eps": r"\epsilon"}
_ADAM_STATE = {"exp_avg": "m_", "exp_avg_sq": "v_"}


@dataclass(frozen=True)
class Optimiser:
    """One update rule: its lines, the optimiser of torch that runs it, and how the paper's rule differs from torch's."""

    name: str
    lines: tuple[str, ...]
    torch: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)  # of torch's constructor → hyperparameter, or a constant
    options: Mapping[str, object] = field(default_factory=dict)
    state: Mapping[str, str] = field(default_factory=dict)  # torch's buffer → sequence
    differs: str = ""
    exact: bool = True  # whether torch keeps every state in the precision of the parameters

    @cached_property
    def table(self) -> SymbolTable:
        """Hyperparameters, the gradients and the sequences of the rule."""
        return self._read[1]

    @cached_property
    def program(self) -> Program:
        """The recurrences of the rule."""
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[Program, SymbolTable]:
        pairs = (line.partition(" = ") for line in self.lines)
        where = {left: right for left, _, right in pairs}
        return program_of(where, SymbolTable.from_specs({**HYPERPARAMETERS, **SYMBOLS}))


OPTIMISERS: tuple[Optimiser, ...] = (
    Optimiser("gradient descent", (r"\theta_t = \theta_{t-1} - \alpha g_t",), "SGD", {"lr": r"\alpha"}),
    Optimiser(
        "momentum",  # Polyak 1964
        (r"b_t = \mu b_{t-1} + g_t", "b_0 = 0", r"\theta_t = \theta_{t-1} - \alpha b_t"),
        "SGD", {"lr": r"\alpha", "momentum": r"\mu"}, {}, {"momentum_buffer": "b_"},
        "the heavy ball as published has the learning rate inside: b_t = mu b_{t-1} + alpha g_t; the same while alpha is constant",
    ),
    Optimiser(
        "momentum with dampening",
        (r"b_t = \mu b_{t-1} + (1 - \tau) g_t", "b_1 = g_1", r"\theta_t = \theta_{t-1} - \alpha b_t"),
        "SGD", {"lr": r"\alpha", "momentum": r"\mu", "dampening": r"\tau"}, {}, {"momentum_buffer": "b_"},
        "torch does not dampen the first gradient: the buffer starts as b_1 = g_1",
    ),
    Optimiser(
        "Nesterov momentum",  # Sutskever et al. 2013
        (r"b_t = \mu b_{t-1} + g_t", "b_0 = 0", r"\theta_t = \theta_{t-1} - \alpha (g_t + \mu b_t)"),
        "SGD", {"lr": r"\alpha", "momentum": r"\mu"}, {"nesterov": True}, {"momentum_buffer": "b_"},
        "torch takes the gradient at theta_{t-1}; the published rule takes it at the point looked ahead to",
    ),
    Optimiser(
        "AdaGrad",  # Duchi, Hazan and Singer 2011
        (r"s_t = s_{t-1} + g_t^2", "s_0 = 0", r"\theta_t = \theta_{t-1} - \alpha \frac{g_t}{\sqrt{s_t} + \epsilon}"),
        "Adagrad", {"lr": r"\alpha", "eps": r"\epsilon"}, {}, {"sum": "s_"},
    ),
    Optimiser(
        "RMSProp",  # Hinton 2012
        (r"v_t = \rho v_{t-1} + (1 - \rho) g_t^2", "v_0 = 0", r"\theta_t = \theta_{t-1} - \alpha \frac{g_t}{\sqrt{v_t} + \epsilon}"),
        "RMSprop", {"lr": r"\alpha", "alpha": r"\rho", "eps": r"\epsilon"}, {}, {"square_avg": "v_"},
        "epsilon stands outside the root in torch; other books have it inside",
    ),
    Optimiser(
        "AdaDelta",  # Zeiler 2012
        (r"v_t = \rho v_{t-1} + (1 - \rho) g_t^2", "v_0 = 0",
         r"u_t = \rho u_{t-1} + (1 - \rho) \frac{u_{t-1} + \epsilon}{v_t + \epsilon} g_t^2", "u_0 = 0",
         r"\theta_t = \theta_{t-1} - \alpha \frac{\sqrt{u_{t-1} + \epsilon}}{\sqrt{v_t + \epsilon}} g_t"),
        "Adadelta", {"lr": r"\alpha", "rho": r"\rho", "eps": r"\epsilon"}, {}, {"square_avg": "v_", "acc_delta": "u_"},
        "the published rule has no learning rate: alpha = 1",
    ),
    Optimiser(
        "Adam",  # Kingma and Ba 2015
        (*_M, *_V, *_HATS, _ADAM_STEP), "Adam", _ADAM_ARGUMENTS, {}, _ADAM_STATE,
    ),
    Optimiser(
        "Adam in the rescaled form",  # the end of section 2 of the paper, and several libraries
        (*_M, *_V, r"a_t = \alpha \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}",
         r"\theta_t = \theta_{t-1} - a_t \frac{m_t}{\sqrt{v_t} + \epsilon}"),
        differs="epsilon is scaled by the bias correction: not Algorithm 1, and not torch",
    ),
    Optimiser(
        "AMSGrad",  # Reddi, Kale and Kumar 2018
        (*_M, *_V, r"w_t = \max(w_{t-1}, v_t)", "w_0 = 0", _HATS[0],
         r"\theta_t = \theta_{t-1} - \alpha \frac{\hat{m}_t}{\sqrt{\frac{w_t}{1 - \beta_2^t}} + \epsilon}"),
        "Adam", _ADAM_ARGUMENTS, {"amsgrad": True}, {**_ADAM_STATE, "max_exp_avg_sq": "w_"},
        "the published rule has no bias corrections and no epsilon",
    ),
    Optimiser(
        "AdamW",  # Loshchilov and Hutter 2019
        (*_M, *_V, *_HATS,
         r"\theta_t = (1 - \alpha \lambda) \theta_{t-1} - \alpha \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}"),
        "AdamW", {**_ADAM_ARGUMENTS, "weight_decay": r"\lambda"}, {}, _ADAM_STATE,
        "the published rule decays by lambda alone, not by alpha lambda",
    ),
    Optimiser(
        "AdaMax",  # Kingma and Ba 2015, section 7.1
        (*_M, r"u_t = \max(\beta_2 u_{t-1}, |g_t| + \epsilon)", "u_0 = 0",
         r"\theta_t = \theta_{t-1} - \frac{\alpha}{1 - \beta_1^t} \cdot \frac{m_t}{u_t}"),
        "Adamax", _ADAM_ARGUMENTS, {}, {"exp_avg": "m_", "exp_inf": "u_"},
        "the published rule has |g_t| without epsilon: the same for epsilon = 0",
    ),
    Optimiser(
        "NAdam",  # Dozat 2016
        (*_M, *_V, r"\mu_t = \beta_1 (1 - \frac{1}{2} (\frac{24}{25})^{t \psi})",
         r"p_t = p_{t-1} \mu_t", "p_0 = 1", _HATS[1],
         r"n_t = \frac{\mu_{t+1} m_t}{1 - p_t \mu_{t+1}} + \frac{(1 - \mu_t) g_t}{1 - p_t}",
         r"\theta_t = \theta_{t-1} - \alpha \frac{n_t}{\sqrt{\hat{v}_t} + \epsilon}"),
        "NAdam", {**_ADAM_ARGUMENTS, "momentum_decay": r"\psi"}, {}, {**_ADAM_STATE, "mu_product": "p_"},
        "a constant momentum beta_1 in place of mu_t is the simplified rule of many books; torch keeps p_t in float32",
        exact=False,
    ),
)  # fmt: skip
PUBLISHED_ADAMAX = (r"u_t = \max(\beta_2 u_{t-1}, |g_t|)", "u_0 = 0")


def optimiser(name: str) -> Optimiser:
    """The row of a name. Raises KeyError."""
    return next(row for row in OPTIMISERS if row.name == name)
