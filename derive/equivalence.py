r"""Sigmoid and tanh networks are one family: the weights of one from those of the other, derived layer by layer.

σ(z) = ½ + ½ tanh(z/2), so that a layer of sigmoids y is ½ 𝟏 + ½ t of a layer of tanh t. A layer before the last is then

    y_l = σ(A_l y_{l−1} + b_l) = ½ 𝟏 + ½ tanh(u_l),    u_l = ½ (A_l (½ 𝟏 + ½ t_{l−1}) + b_l)

and u_l is C_l t_{l−1} + d_l with C_l its Jacobian by t_{l−1} and d_l what remains at t_{l−1} = 0; back again with
t = 2 y − 𝟏. The first layer takes the input as it is, the last has no activation. Sizes are symbols, n_0 … n_L.
(The identity is DLMF 4.28.7 in other words.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from derive.api import gradient
from derive.errors import BadSpec
from derive.expression import Expression
from derive.matrix.collect import collected
from derive.read import read
from derive.symbols import SymbolTable

MAX_LAYERS = 20
FAMILIES = {"tanh": ("A", "b"), "sigmoid": ("C", "d")}  # to → the weights that are given


@dataclass(frozen=True, slots=True)
class Layer:
    """The weights of one layer of the new network, by those of the old one."""

    weight: Expression
    bias: Expression


def converted(layers: int, to: str = "tanh") -> list[Layer]:
    """The weights of the other network, first layer first. Raises BadSpec."""
    if to not in FAMILIES:
        raise BadSpec(f"networks are converted to {' or '.join(FAMILIES)}, not to {to!r}")
    if not 2 <= layers <= MAX_LAYERS:
        raise BadSpec(f"a network of 2 to {MAX_LAYERS} layers is converted, not of {layers}")
    return [_layer(layer, layers, to) for layer in range(1, layers + 1)]


def _layer(layer: int, layers: int, to: str) -> Layer:
    """What stands before the activation, as a function of the layer below as the new network has it."""
    weight, bias = (f"{stem}_{layer}" for stem in FAMILIES[to])
    ones = rf"\mathbf{{1}}_{{n_{layer - 1}}}"
    table = {weight: f"matrix n_{layer} n_{layer - 1}", bias: f"vector n_{layer}", "t": f"vector n_{layer - 1}",
             ones: f"ones n_{layer - 1}"}  # fmt: skip
    scale, shift = ("1", "") if layer == 1 else (r"\frac12", rf"\frac12 {ones}") if to == "tanh" else ("2", rf"-{ones}")
    outer = "" if layer == layers else r"\frac12" if to == "tanh" else "2"
    whole = rf"{outer} ({weight} ({shift} + {scale} t) + {bias})" if shift else rf"{outer} ({weight} t + {bias})"
    at_zero = rf"{outer} ({weight} ({shift}) + {bias})" if shift else rf"{outer} ({bias})"
    symbols = SymbolTable.from_specs(table)
    return Layer(
        gradient(whole, "t", symbols, layout="jacobian").closed_form,
        Expression(collected(read(at_zero, symbols).tree), symbols),
    )


def problem_of(layers: int) -> dict[str, Any]:
    """The fields of the problem: both networks, the new weights asked for, the equality of the layers and of the outputs."""
    symbols: dict[str, Any] = {"x": "vector n_0", "sigma": {"spec": "function, logistic sigmoid", "latex": [r"\sigma"]}}
    sigmoid, tanh, questions = [], [], []
    y = t = "x"
    for layer, new in enumerate(converted(layers), 1):
        symbols[f"A_{layer}"] = f"matrix n_{layer} n_{layer - 1}"
        symbols[f"b_{layer}"] = f"vector n_{layer}"
        tanh += [f"C_{layer} = {new.weight.latex()}", f"d_{layer} = {new.bias.latex()}"]
        questions += [{"id": f"{name.lower()}{layer}", "part": "tanh", "ask": f"{name}_{layer}"} for name in "Cd"]
        inside, inside_tanh = f"A_{layer} {y} + b_{layer}", f"C_{layer} {t} + d_{layer}"
        if layer == layers:
            sigmoid.append(f"f = {inside}")
            tanh.append(f"g = {inside_tanh}")
            continue
        ones = rf"\mathbf{{1}}_{{n_{layer}}}"
        symbols[ones] = f"ones n_{layer}"
        y, t = f"y_{layer}", f"t_{layer}"
        sigmoid.append(rf"{y} = \sigma({inside})")
        tanh.append(rf"{t} = \tanh({inside_tanh})")
        questions.append({"id": f"layer{layer}", "part": "tanh", "claim": rf"{y} = \frac12 {ones} + \frac12 {t}"})
    questions.append({"id": "same-output", "part": "tanh", "claim": "f = g"})
    parts = [{"name": "sigmoid", "given": sigmoid}, {"name": "tanh", "given": tanh}]
    return {"symbols": symbols, "part": parts, "question": questions}
