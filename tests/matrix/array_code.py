"""Emitted array code beside torch: f by its matrix operations, derivatives by autograd, tanh for every general function."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import torch
from emitted import ran

import derive
from checks.decide.activations import Activation
from checks.decide.arrays.draws import ArrayClaim
from checks.decide.claim import Setting
from checks.witness.arrays import columns_of
from checks.witness.layouts import Target, by_autograd
from checks.witness.torch_arrays import Arrays
from derive.emit.identifiers import identifier
from derive.steps import Derivation

TANH = Activation(r"\tanh(z)", increasing=True)
LANGUAGES = ("numpy", "torch")
TOLERANCE = 1e-7


def _slopes(u: Any) -> dict[str, Any]:
    t = torch.tanh(torch.as_tensor(u))
    return {"": t, "d_": 1 - t**2, "d2_": -2 * t * (1 - t**2), "d3_": (1 - t**2) * (6 * t**2 - 2)}


def squeezed(value: Any) -> Any:
    """A (1, rows, columns) batch as the code has it: numbers without axes, vectors with one, matrices with two."""
    matrix = value[0]
    if tuple(matrix.shape) == (1, 1):
        return matrix[0, 0]
    return matrix.reshape(-1) if 1 in matrix.shape else matrix


def called(function: Any, values: dict[str, Any], language: str) -> Any:
    """An emitted function at named arguments; what is no argument by name is tanh or a derivative of it."""
    arguments = []
    for name in inspect.signature(function).parameters:
        if name in values:
            value = values[name]
            arguments.append(value.numpy() if language == "numpy" and isinstance(value, torch.Tensor) else value)
        else:
            order = next(p for p in ("d3_", "d2_", "d_", "") if name.startswith(p))
            arguments.append(lambda u, order=order: _like(_slopes(u)[order], language))
    return function(*arguments)


def _like(value: Any, language: str) -> Any:
    return value.numpy() if language == "numpy" else value


def agree(derivation: Derivation, layout: str = "gradient", draws: int = 2, seed: int = 0) -> int:
    """Holds value and gradient of both languages against torch; the number of comparisons made. Fails by assertion."""
    wrt = derivation.wrt[0]
    target = Target.of(wrt, layout, derivation.symbols)
    claim = ArrayClaim(derivation.closed, derivation.f, Setting(derivation.symbols, derivation.program), target.names)
    modules = {language: ran(derivation.code(language)) for language in LANGUAGES}
    compared = 0
    for turn, sizes in enumerate(list(claim.sizes(draws)) or [{}]):
        world = dict.fromkeys(claim.worlds()[0], TANH)
        draw = claim.draw(sizes, "generic", seed + turn, world)
        given = columns_of([draw])
        choice = dict(draw.choices[0])
        values = {identifier(key): _argument(derivation, key, value) for key, value in given.items()}
        values |= {identifier(key): value for key, value in (draw.sizes | choice).items()}

        def reference(given: Any, draw: Any = draw, choice: Any = choice) -> dict[str, Any]:
            at = Arrays(given, draw.sizes, claim.setting.named, draw.world, choice)
            gradient = by_autograd(target, derivation.f, given, draw, claim.setting.named, choice)
            return {"value": at.value(derivation.f).detach(), "gradient": gradient.detach()}

        wanted = reference(given)
        nearby = reference({key: value * (1 + 1e-10) + 1e-12 for key, value in given.items()})
        for language, module in modules.items():
            for name, value in wanted.items():
                if not torch.allclose(value, nearby[name], 1e-6, 1e-6):  # at a kink, a singular matrix, or no number
                    continue
                found = torch.as_tensor(np.asarray(called(getattr(module, name), values, language)))
                compared += close(found, value, derivation.code(language))
    return compared


def _argument(derivation: Derivation, key: str, value: Any) -> Any:
    symbol = derivation.symbols.get(key)
    if symbol is not None and symbol.is_array and symbol.shape is not None:
        return value[0] if 1 not in symbol.shape else value[0].reshape(-1)
    return value[0, 0, 0]


def close(found: Any, reference: Any, code: str) -> bool:
    """Whether a comparison was made: a reference that is not finite says nothing."""
    reference = reference[0].detach()
    if not torch.isfinite(reference).all():
        return False
    assert found.numel() == reference.numel(), (found.shape, reference.shape, code)
    error = (found.reshape(reference.shape) - reference).abs().max() if reference.numel() else 0
    assert error <= TOLERANCE * (1 + reference.abs().max()), (found, reference, code)
    return True


def derived(f: str, wrt: str, symbols: Any, layout: str = "gradient") -> Derivation:
    return derive.gradient(f, wrt, symbols, layout=layout)
