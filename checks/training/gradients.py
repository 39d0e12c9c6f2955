"""The catalogue's closed forms of ∂L/∂W, evaluated on a network in training, beside what torch autograd finds there.

Nothing is shared: the closed form is evaluated from its tree by torch's matrix operations, autograd goes through the
network's own layers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from checks.decide.claim import Setting
from checks.training.network import DTYPE, PARAMETERS, SIZES, SmallNetwork, size_of
from checks.witness.torch_arrays import Arrays
from derive.rules import with_named_functions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from derive.problem import Problem
    from derive.symbols import SymbolTable

Tensor = Any


def largest_relative_error(problem: Problem, network: SmallNetwork, x: Tensor, y: Tensor) -> float:
    """Over all parameters: max |closed − autograd| / max |autograd|, on one batch (B, 1)."""
    loss = torch.nn.functional.mse_loss(network(x), y)
    wanted = dict(zip((n for n, _ in network.named_parameters()), torch.autograd.grad(loss, list(network.parameters())), strict=True))  # fmt: skip
    found = closed_forms(problem, network, x, y)
    errors = [
        (found[key].reshape(wanted[name].shape) - wanted[name]).abs().max() / wanted[name].abs().max()
        for key, name in PARAMETERS.items()
    ]
    return float(torch.stack(errors).max())


def closed_forms(problem: Problem, network: SmallNetwork, x: Tensor, y: Tensor) -> dict[str, Tensor]:
    """The gradient of the loss in every parameter, by its closed form; (rows, columns)."""
    parameters = dict(network.named_parameters())
    given = {"x": x, "y": y} | {
        key: parameters[name].detach().reshape(-1, parameters[name].shape[-1] if key == "W_2" else 1)
        for key, name in PARAMETERS.items()
    }
    setting, sizes = Setting(problem.table, problem.program), {"N": len(x), **SIZES}
    derived = [problem.derivation(question) for question in problem.formulas]
    given |= {key: value for d in derived for key, value in _ones(d.symbols, sizes).items()}
    at = Arrays({key: value[None] for key, value in given.items()}, sizes, setting.named, {}, {})
    return {d.wrt[0]: at.value(with_named_functions(d.closed, problem.table))[0] for d in derived}


def _ones(symbols: SymbolTable, sizes: Mapping[str, int]) -> dict[str, Tensor]:
    """The columns of ones a closed form may be written with."""
    return {key: torch.ones((size_of(symbol.shape[0], sizes), 1), dtype=DTYPE) for key, symbol in symbols.items()
            if symbol.role == "ones" and symbol.shape}  # fmt: skip
