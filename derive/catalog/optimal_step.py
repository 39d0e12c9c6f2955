"""The step along the gradient that is best for a quadratic model, its bounds, and where it fails: system S19."""

from __future__ import annotations

from typing import Any

_GRADIENT = {"g": {"spec": "vector n", "latex": ["g", r"\vec{g}", r"\nabla f(x_0)"]}}
_STEPS = {r"\epsilon^*": [r"\varepsilon^*", r"\mathcal{E}^*"]}
_BEST = r"\epsilon^* = \frac{g^T g}{g^T H g}"

ENTRIES: list[dict[str, Any]] = [
    {
        "schema": 1,
        "id": "optimal-step",
        "system": "S19",
        "title": "The best step along the gradient of a quadratic model",
        "source": "Goodfellow, Bengio and Courville, Deep Learning (2016), section 4.3.1, equation 4.10",
        "symbols": {
            "f_0": {"spec": "real", "latex": ["f_0", "f(x_0)"]},
            "x": "vector n",
            "x_0": "vector n",
            "epsilon": {"spec": "positive", "latex": [r"\epsilon", r"\varepsilon"]},
            "a": "nonzero",
            "b": "nonzero",
            "alpha_min": {"spec": "nonzero", "latex": [r"\alpha_{\min}"]},
            "alpha_max": {"spec": "nonzero", "latex": [r"\alpha_{\max}"]},
            "mu": "positive",
            "nu": "positive",
            "delta": "nonzero",
        },
        "part": [
            {
                "name": "model",
                "symbols": {**_GRADIENT, "H": "matrix n n, symmetric positive definite"},
                "given": [
                    r"q = f_0 + (x - x_0)^T g + \frac{1}{2} (x - x_0)^T H (x - x_0)",
                    r"p = f_0 + (-\epsilon g)^T g + \frac{1}{2} (-\epsilon g)^T H (-\epsilon g)",
                    _BEST,
                    r"h = \lambda_{\max}(H)",
                    r"l = \lambda_{\min}(H)",
                ],
                "spelled": {
                    "q": ["f(x)"],
                    "p": [r"f(x_0 - \epsilon g)", r"f(x_0 - \varepsilon g)", r"f(x - \epsilon g)", r"f(x - \varepsilon g)"],
                    **_STEPS,
                    "h": [r"\lambda_{\max}"],
                    "l": [r"\lambda_{\min}"],
                },
            },
            {
                "name": "eigenbasis",
                "symbols": {"Q": "matrix n n, orthogonal", "v": "columns of Q", "alpha": "vector n", "lambda": "vector n, positive"},
                "given": [
                    r"g = Q \alpha",
                    r"H = Q \operatorname{diag}(\lambda) Q^T",
                    _BEST,
                ],
                "spelled": _STEPS,
            },
        ],
        "question": [
            {"id": "along-gradient", "part": "model", "points": 2,
             "claim": r"p = f_0 - \epsilon g^T g + \frac{1}{2} \epsilon^2 g^T H g",
             "rejects": [{"latex": r"p = f_0 + \epsilon g^T g + \frac{1}{2} \epsilon^2 g^T H g", "code": "counterexample"},
                         {"latex": r"p = f_0 - \epsilon g^T g - \frac{1}{2} \epsilon^2 g^T H g", "code": "counterexample"}]},
            {"id": "slope", "part": "model", "ask": r"\frac{\partial p}{\partial \epsilon}",
             "accepts": [r"-g^T g + \epsilon g^T H g"],
             "rejects": [{"latex": r"g^T g + \epsilon g^T H g", "code": "sign", "hint": "the step goes against the gradient"}]},
            {"id": "stationary", "part": "model", "claim": r"-g^T g + \epsilon^* g^T H g = 0", "points": 2,
             "rejects": [{"latex": r"g^T g + \epsilon^* g^T H g = 0", "code": "counterexample"}]},
            {"id": "least", "part": "model", "claim": r"p \ge f_0 - \frac{1}{2} \epsilon^* g^T g",
             "rejects": [{"latex": r"p \ge f_0", "code": "counterexample"}]},
            {"id": "bounds", "part": "model", "claim": r"\frac{1}{h} \le \epsilon^* \le \frac{1}{l}", "points": 2,
             "rejects": [{"latex": r"\frac{1}{l} \le \epsilon^* \le \frac{1}{h}", "code": "counterexample"}]},
            {"id": "in-eigenbasis", "part": "eigenbasis", "points": 2,
             "claim": r"\epsilon^* = \frac{\sum_{i=1}^n \alpha_i^2}{\sum_{i=1}^n \alpha_i^2 \lambda_i}",
             "rejects": [{"latex": r"\epsilon^* = \frac{\sum_{i=1}^n \alpha_i}{\sum_{i=1}^n \alpha_i \lambda_i}", "code": "counterexample"}]},
        ],
    }
]  # fmt: skip
