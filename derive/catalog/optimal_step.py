"""The step along the gradient that is best for a quadratic model, its bounds and where they are attained, and three ways it fails: S19."""

from __future__ import annotations

from typing import Any

_GRADIENT = {"g": {"spec": "vector n", "latex": ["g", r"\vec{g}", r"\nabla f(x_0)"]}}
_STEPS = {r"\epsilon^*": [r"\varepsilon^*", r"\mathcal{E}^*"]}
_STEP = r"\frac{g^T g}{g^T H g}"
_MEAN = r"\frac{\sum_{i=1}^n \alpha_i^2}{\sum_{i=1}^n \alpha_i^2 \lambda_i}"
_BETWEEN = r"\mu \le \lambda_i \le \nu"
_BEST = rf"\epsilon^* = {_STEP}"

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
            "alpha_min": {"spec": "nonzero", "latex": [r"\alpha_{\min}"]},
            "alpha_max": {"spec": "nonzero", "latex": [r"\alpha_{\max}"]},
            "mu": "positive",
            "nu": "positive",
            "i": "index n",
            "xi": "real",
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
            {  # of any sign, so that the model need not have a least value
                "name": "indefinite",
                "symbols": {"g": "vector n", r"\hat{H}": "matrix n n, symmetric"},
                "given": [
                    r"\hat{p} = f_0 - \epsilon g^T g + \frac{1}{2} \epsilon^2 g^T \hat{H} g",
                    r"\tilde{H} = \begin{pmatrix} 1 & 0 \\ 0 & -2 \end{pmatrix}",
                    r"\tilde{g} = \begin{pmatrix} 1 \\ 1 \end{pmatrix}",
                    r"\tilde{p} = f_0 - \epsilon \tilde{g}^T \tilde{g} + \frac{1}{2} \epsilon^2 \tilde{g}^T \tilde{H} \tilde{g}",
                    r"\tilde{\epsilon} = \frac{\tilde{g}^T \tilde{g}}{\tilde{g}^T \tilde{H} \tilde{g}}",
                ],
            },
            {  # convex, and steeper further out than the model at xi knows
                "name": "higher-order",
                "given": [
                    r"\check{f} = \sqrt{1 + \xi^2}",
                    r"\check{g} = \frac{\xi}{\sqrt{1 + \xi^2}}",
                    r"\check{H} = \frac{1}{(1 + \xi^2)^{3/2}}",
                    r"\check{\epsilon} = \frac{\check{g}^2}{\check{g}^2 \check{H}}",
                    r"\xi_+ = \xi - \check{\epsilon} \check{g}",
                    r"\check{f}_+ = \sqrt{1 + \xi_+^2}",
                ],
            },
            {  # no gradient, no step, and yet a way down
                "name": "saddle",
                "given": [
                    r"\bar{H} = \begin{pmatrix} 2 & 0 \\ 0 & -2 \end{pmatrix}",
                    r"\bar{g} = \begin{pmatrix} 0 \\ 0 \end{pmatrix}",
                    r"\bar{u} = \begin{pmatrix} 0 \\ \delta \end{pmatrix}",
                    r"\bar{p} = f_0 - \epsilon \bar{g}^T \bar{g} + \frac{1}{2} \epsilon^2 \bar{g}^T \bar{H} \bar{g}",
                    r"\bar{q} = f_0 + \bar{u}^T \bar{g} + \frac{1}{2} \bar{u}^T \bar{H} \bar{u}",
                ],
            },
        ],
        "question": [
            {"id": "model-gradient", "part": "model", "ask": r"\frac{\partial q}{\partial x}", "layout": "gradient",
             "accepts": [r"g + H (x - x_0)"], "rejects": [{"latex": r"g + \frac{1}{2} H (x - x_0)", "code": "constant-factor"}]},
            {"id": "along-gradient", "part": "model", "points": 2,
             "claim": r"p = f_0 - \epsilon g^T g + \frac{1}{2} \epsilon^2 g^T H g",
             "rejects": [{"latex": r"p = f_0 + \epsilon g^T g + \frac{1}{2} \epsilon^2 g^T H g", "code": "counterexample"},
                         {"latex": r"p = f_0 - \epsilon g^T g - \frac{1}{2} \epsilon^2 g^T H g", "code": "counterexample"}]},
            {"id": "slope", "part": "model", "ask": r"\frac{\partial p}{\partial \epsilon}",
             "accepts": [r"-g^T g + \epsilon g^T H g"],
             "rejects": [{"latex": r"g^T g + \epsilon g^T H g", "code": "sign", "hint": "the step goes against the gradient"}]},
            {"id": "stationary", "part": "model", "claim": r"-g^T g + \epsilon^* g^T H g = 0", "points": 2,
             "rejects": [{"latex": r"g^T g + \epsilon^* g^T H g = 0", "code": "counterexample"}]},
            {"id": "solved", "part": "model", "claim": rf"-g^T g + \epsilon g^T H g = 0 \Rightarrow \epsilon = {_STEP}", "points": 2,
             "rejects": [{"latex": rf"-g^T g + \epsilon g^T H g = 0 \Rightarrow \epsilon = -{_STEP}", "code": "counterexample"}]},
            {"id": "least", "part": "model", "claim": r"p \ge f_0 - \frac{1}{2} \epsilon^* g^T g",
             "rejects": [{"latex": r"p \ge f_0", "code": "counterexample"}]},
            {"id": "bounds", "part": "model", "claim": r"\frac{1}{h} \le \epsilon^* \le \frac{1}{l}", "points": 2,
             "rejects": [{"latex": r"\frac{1}{l} \le \epsilon^* \le \frac{1}{h}", "code": "counterexample"}]},
            {"id": "least-attained", "part": "model", "claim": r"H g = h g \Rightarrow \epsilon^* = \frac{1}{h}",
             "rejects": [{"latex": r"H g = h g \Rightarrow \epsilon^* = \frac{1}{l}", "code": "counterexample",
                          "hint": "along the steepest direction the step is the shortest"}]},
            {"id": "greatest-attained", "part": "model", "claim": r"H g = l g \Rightarrow \epsilon^* = \frac{1}{l}",
             "rejects": [{"latex": r"H g = l g \Rightarrow \epsilon^* = \frac{1}{h}", "code": "counterexample"}]},
            {"id": "in-eigenbasis", "part": "eigenbasis", "points": 2,
             "claim": rf"\epsilon^* = {_MEAN}",
             "rejects": [{"latex": r"\epsilon^* = \frac{\sum_{i=1}^n \alpha_i}{\sum_{i=1}^n \alpha_i \lambda_i}", "code": "counterexample"}]},
            {"id": "weighted-mean", "part": "eigenbasis", "points": 2,
             "claim": rf"{_BETWEEN} \Rightarrow \frac{{1}}{{\nu}} \le {_MEAN} \le \frac{{1}}{{\mu}}",
             "rejects": [{"latex": rf"{_BETWEEN} \Rightarrow {_MEAN} \le \frac{{1}}{{\nu}}", "code": "counterexample"}]},
            {"id": "falls-for-ever", "part": "indefinite", "claim": r"g^T \hat{H} g \le 0 \Rightarrow \hat{p} \le f_0 - \epsilon g^T g",
             "rejects": [{"latex": r"g^T \hat{H} g \ge 0 \Rightarrow \hat{p} \le f_0 - \epsilon g^T g", "code": "counterexample"}]},
            {"id": "indefinite-curvature", "part": "indefinite", "claim": r"\tilde{g}^T \tilde{H} \tilde{g} = -1",
             "rejects": [{"latex": r"\tilde{g}^T \tilde{H} \tilde{g} = 1", "code": "counterexample"}]},
            {"id": "indefinite-step", "part": "indefinite", "claim": r"\tilde{\epsilon} = -2",
             "rejects": [{"latex": r"\tilde{\epsilon} = 2", "code": "counterexample", "hint": "it goes up the gradient, to the greatest value"}]},
            {"id": "indefinite-fall", "part": "indefinite", "claim": r"\tilde{p} < f_0 - 2 \epsilon",
             "rejects": [{"latex": r"\tilde{p} \ge f_0 - 4", "code": "counterexample", "hint": "the model has no least value"}]},
            {"id": "curve-slope", "part": "higher-order", "ask": r"\frac{\partial \check{f}}{\partial \xi}",
             "rejects": [{"latex": r"\frac{1}{\sqrt{1 + \xi^2}}", "code": "power"}]},
            {"id": "curve-curvature", "part": "higher-order", "ask": r"\frac{\partial^2 \check{f}}{\partial \xi^2}", "accepts": [r"\check{H}"],
             "rejects": [{"latex": r"\frac{1}{\sqrt{1 + \xi^2}}", "code": "power"}]},
            {"id": "overshoot", "part": "higher-order", "claim": r"\xi = 2 \Rightarrow \xi_+ = -8", "points": 2,
             "rejects": [{"latex": r"\xi = 2 \Rightarrow \xi_+ = 8", "code": "not-implied"}]},
            {"id": "rises", "part": "higher-order", "claim": r"\xi = 2 \Rightarrow \check{f}_+ > \check{f}", "points": 2,
             "rejects": [{"latex": r"\xi = \frac{1}{2} \Rightarrow \check{f}_+ > \check{f}", "code": "not-implied",
                          "hint": "near the least value the model is good"}]},
            {"id": "saddle-stays", "part": "saddle", "claim": r"\bar{p} = f_0",
             "rejects": [{"latex": r"\bar{p} < f_0", "code": "counterexample", "hint": "where the gradient is 0 a step along it leads nowhere"}]},
            {"id": "saddle-descent", "part": "saddle", "claim": r"\bar{q} < f_0",
             "rejects": [{"latex": r"\bar{q} \ge f_0", "code": "counterexample", "hint": "a point with gradient 0 need not be a least one"}]},
        ],
    }
]  # fmt: skip
