"""Torch networks rewritten in other weights by the closed forms of `derive.equivalence`."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from checks.witness.torch_arrays import Arrays
from derive.equivalence import FAMILIES, converted
from derive.errors import BadSpec
from derive.program import Program

_ACTIVATIONS = {"tanh": (nn.Sigmoid, nn.Tanh), "sigmoid": (nn.Tanh, nn.Sigmoid)}  # to → from, to
Tensor = Any


def converted_network(network: nn.Sequential, to: str = "tanh") -> nn.Sequential:
    """A network of linear layers and sigmoids (or tanh, with to="sigmoid") as one of tanh (of sigmoids), the same function.

    The layers are Linear, activation, …, Linear, at least two of them linear. Raises BadSpec for another network.
    """
    if to not in _ACTIVATIONS:
        raise BadSpec(f"networks are converted to {' or '.join(_ACTIVATIONS)}, not to {to!r}")
    before, after = _ACTIVATIONS[to]
    linear = _linear_layers(network, before)
    weight, bias = FAMILIES[to]
    layers: list[nn.Module] = []
    for index, (old, new) in enumerate(zip(linear, converted(len(linear), to), strict=True), 1):
        ones = {rf"\mathbf{{1}}_{{n_{index - 1}}}": torch.ones((1, old.in_features, 1), dtype=torch.float64)}
        given = {
            f"{weight}_{index}": old.weight.detach().double()[None],
            f"{bias}_{index}": old.bias.detach().double()[None, :, None],
        }
        at = Arrays({**given, **ones}, {}, Program(), {}, {})
        layer = nn.Linear(old.in_features, old.out_features, dtype=old.weight.dtype)
        with torch.no_grad():
            layer.weight.copy_(at.value(new.weight.tree)[0])
            layer.bias.copy_(at.value(new.bias.tree)[0, :, 0])
        layers += [layer, after()]
    return nn.Sequential(*layers[:-1])


def _linear_layers(network: nn.Sequential, activation: type[nn.Module]) -> list[nn.Linear]:
    modules = list(network)
    fits = len(modules) % 2 == 1 and all(
        isinstance(module, activation if place % 2 else nn.Linear) for place, module in enumerate(modules)
    )
    if not fits or any(module.bias is None for module in modules[::2]):
        raise BadSpec(
            f"expected Linear, {activation.__name__}, …, Linear, each Linear with a bias; got {', '.join(type(m).__name__ for m in modules)}"
        )
    return modules[::2]
