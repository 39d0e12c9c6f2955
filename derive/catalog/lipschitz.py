"""How far a layer, an activation and a network can stretch a difference: Lipschitz constants, system S20."""

from __future__ import annotations

from typing import Any

_SLOPES = (
    ("relu", r"\operatorname{ReLU}", "1", "0.99"),
    ("tanh", r"\tanh", "1", "0.99"),
    ("sigmoid", r"\operatorname{sigmoid}", r"\frac{1}{4}", "0.24"),
    ("softplus", r"\operatorname{softplus}", "1", "0.99"),
    ("silu", r"\operatorname{SiLU}", "1.099840", "1.099839"),
    ("gelu", r"\operatorname{GELU}", "1.128905", "1.128904"),
    ("mish", r"\operatorname{mish}", "1.088499", "1.088498"),
)

ENTRIES: list[dict[str, Any]] = [
    {
        "schema": 1,
        "id": "lipschitz",
        "system": "S20",
        "title": "Lipschitz constants of layers, activations and networks",
        "source": "Szegedy et al., Intriguing properties of neural networks (arXiv 1312.6199), section 4.3; Horn and Johnson, Matrix Analysis, 5.6",
        "symbols": {
            "z": "real",
            "delta": "vector n",
            "e": {"spec": "vector n", "latex": ["e", r"\epsilon"]},
            "x": "vector n",
            "U": "matrix m m, orthogonal",
            "Sigma": "matrix m n",
            "V": "matrix n n, orthogonal",
            "A": "matrix k m",
            "a": "real",
            "b": "real",
        },
        "part": [
            {
                "name": "layer",
                "given": [
                    r"W = U \Sigma V^T",
                    r"L = \|W\|_2",
                    r"\sigma_{\max} = \|\Sigma\|_2",
                ],
                "spelled": {"W": ["w", r"\omega"]},
            }
        ],
        "question": [
            {"id": "turned", "claim": r"\|W \delta\|_2 = \|\Sigma V^T \delta\|_2",
             "rejects": [{"latex": r"\|W \delta\|_2 = \|\Sigma \delta\|_2", "code": "counterexample", "hint": "V turns δ before Σ stretches it"}]},
            {"id": "largest-singular-value", "claim": r"L = \sigma_{\max}"},
            {"id": "stretched", "claim": r"\|W \delta\|_2 \le \sigma_{\max} \|\delta\|_2", "points": 2,
             "accepts": [r"\|W \delta\|_2 \le \|W\|_2 \|\delta\|_2"],
             "rejects": [{"latex": r"\|W \delta\|_2 = \sigma_{\max} \|\delta\|_2", "code": "counterexample"},
                         {"latex": r"\|W \delta\|_2 \ge \sigma_{\max} \|\delta\|_2", "code": "counterexample"}]},
            {"id": "noise", "claim": r"\|W (x + e) - W x\|_2 \le \|W\|_2 \|e\|_2",
             "rejects": [{"latex": r"\|W (x + e) - W x\|_2 = \|W\|_2 \|e\|_2", "code": "counterexample"}]},
            *({"id": f"slope-{name}", "claim": f"{function} is Lipschitz with constant {constant}",
               "rejects": [{"latex": f"{function} is Lipschitz with constant {small}", "code": "counterexample"}]}
              for name, function, constant, small in _SLOPES),
            {"id": "one-layer", "claim": r"\|\operatorname{ReLU}(W (x + e)) - \operatorname{ReLU}(W x)\|_2 \le \|W\|_2 \|e\|_2",
             "rejects": [{"latex": r"\|\operatorname{ReLU}(W (x + e)) - \operatorname{ReLU}(W x)\|_2 = \|W\|_2 \|e\|_2", "code": "counterexample",
                          "hint": "an upper bound: what is cut off at 0 does not move"}]},
            {"id": "network", "points": 2,
             "claim": r"\|A \operatorname{sigmoid}(W (x + e)) - A \operatorname{sigmoid}(W x)\|_2 \le \frac{1}{4} \|A\|_2 \|W\|_2 \|e\|_2",
             "rejects": [{"latex": r"\|A \operatorname{sigmoid}(W (x + e)) - A \operatorname{sigmoid}(W x)\|_2 = \frac{1}{4} \|A\|_2 \|W\|_2 \|e\|_2",
                          "code": "counterexample", "hint": "the product of the constants is an upper bound"}]},
            {"id": "strict",  # W = [1; -1] has the norm √2, its ReLU layer the constant 1
             "claim": r"(\operatorname{ReLU}(a) - \operatorname{ReLU}(b))^2 + (\operatorname{ReLU}(-a) - \operatorname{ReLU}(-b))^2 \le (a - b)^2"},
        ],
    }
]  # fmt: skip
