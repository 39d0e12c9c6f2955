"""Activation functions and what is said of them: system S10."""

from __future__ import annotations

from typing import Any

ENTRIES: list[dict[str, Any]] = [
    {
        "schema": 1,
        "id": "activations",
        "system": "S10",
        "title": "ReLU is idempotent, softplus is smooth with the sigmoid as its derivative",
        "source": "Glorot, Bordes and Bengio, Deep Sparse Rectifier Neural Networks, 2011; Dugas et al., 2001 (softplus)",
        "symbols": {"z": "real", "sigma": {"spec": "function, logistic sigmoid", "latex": [r"\sigma"]}},
        "part": [{"name": "activations", "given": [r"r = \operatorname{ReLU}(z)", r"s = \ln(1 + e^z)"]}],
        "question": [
            {"id": "idempotent", "claim": r"\operatorname{ReLU}(r) = r", "accepts": [r"\operatorname{ReLU} is idempotent"],
             "rejects": [{"latex": r"\sigma is idempotent", "code": "counterexample"}]},
            {"id": "softplus-slope", "ask": r"\frac{\partial s}{\partial z}", "accepts": [r"\sigma(z)", r"\frac{1}{1 + e^{-z}}"],
             "rejects": [{"latex": r"\sigma(z)(1 - \sigma(z))", "code": "extra-term", "hint": "that is the second derivative"}]},
            {"id": "softplus-lipschitz", "claim": r"s is Lipschitz with constant 1",
             "rejects": [{"latex": r"s is Lipschitz with constant \frac12", "code": "counterexample"}]},
            {"id": "slope-lipschitz", "claim": r"\frac{\partial s}{\partial z} is Lipschitz in z with constant \frac14",
             "accepts": [r"\sigma is Lipschitz with constant \frac14"],
             "rejects": [{"latex": r"\sigma is Lipschitz with constant 0.24", "code": "counterexample"}]},
            {"id": "kink", "claim": r"\operatorname{ReLU}' is not continuous",
             "rejects": [{"latex": r"\operatorname{ReLU}' is Lipschitz", "code": "jump"}, {"latex": r"r is differentiable", "code": "kink"}]},
            {"id": "convex", "claim": r"s is convex", "accepts": [r"\operatorname{ReLU} is convex"],
             "rejects": [{"latex": r"\sigma is convex", "code": "counterexample"}]},
        ],
    }
]  # fmt: skip
