"""Whole networks, batch included: system S7."""

from __future__ import annotations

from typing import Any

_LAYERS = [
    r"H_1 = \sigma(x w_1^T + \mathbf{1} b_1^T)",
    r"H_2 = \sigma(H_1 W_2^T + \mathbf{1} b_2^T)",
    r"f = H_2 w_3 + b_3 \mathbf{1}",
    r"L = \frac{1}{N} \|f - y\|_2^2",
]

ENTRIES: list[dict[str, Any]] = [
    {
        "schema": 1,
        "id": "small-network",
        "system": "S7",
        "title": "A two-hidden-layer sigmoid network fitted by least squares",
        "source": "Backpropagation, Rumelhart, Hinton and Williams (1986), in matrix form over a batch",
        "symbols": {
            "N": "dimension",
            "x": "vector N",
            "y": "vector N",
            "w_1": "vector m",
            "b_1": "vector m",
            "W_2": "matrix n m",
            "b_2": "vector n",
            "w_3": "vector n",
            "b_3": "real",
            r"\mathbf{1}": "ones N",
            "sigma": {"spec": "function, logistic sigmoid", "latex": [r"\sigma"]},
        },
        "part": [{"name": "network", "given": _LAYERS}],
        "question": [
            {
                "id": f"{name.replace('_', '').replace('W', 'w')}",
                "part": "network",
                "ask": rf"\frac{{\partial L}}{{\partial {name}}}",
            }
            for name in ("w_3", "b_3", "W_2", "b_2", "w_1", "b_1")
        ],
    },
]
