"""How far a layer, an activation and a network can stretch a difference: Lipschitz constants, system S20."""

from __future__ import annotations

from typing import Any

_CHORD = r"\sup_{a \ne b} \frac{|FUNCTION(a) - FUNCTION(b)|}{|a - b|}"  # the least constant there is, by its definition
_ACTIVATIONS = (
    ("activation", "f"),
    ("ReLU", r"\operatorname{ReLU}"),
    ("tanh", r"\tanh"),
    ("sigmoid", r"\operatorname{sigmoid}"),
)
_CUT = r"(\operatorname{ReLU}(a) - \operatorname{ReLU}(b))^2 + (\operatorname{ReLU}(-a) - \operatorname{ReLU}(-b))^2"
_ACROSS, _DOWN = r"\begin{bmatrix} 1 & 1 \end{bmatrix}", r"\begin{bmatrix} 1 \\ -1 \end{bmatrix}"
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
            "f": "function",
            "sigma": "logistic sigmoid",
            "z": "real",
            "z_1": "vector m",
            "z_2": "vector m",
            "delta": "vector n",
            "e": {"spec": "vector n", "latex": ["e", r"\epsilon"]},
            "x": "vector n",
            "x_1": {"spec": "vector n", "latex": ["x_1", r"\alpha_1"]},
            "x_2": {"spec": "vector n", "latex": ["x_2", r"\alpha_2"]},
            "U": "matrix m m, orthogonal",
            "Sigma": "matrix m n",
            "V": "matrix n n, orthogonal",
            "v_1": r"top right singular vector of \Sigma",
            "A": "matrix p m",
            "a": "real",
            "b": "real",
            # of the layers of a deep network; the network as a whole reaches a share of their product
            "L_i": {"spec": "sequence, nonnegative", "latex": ["L_i", r"\|W^{(i)}\|_2", r"\|w^{(i)}\|_2"]},
            "c": "in [0, 1]",
            "rho": "sequence, in [0, 1]",  # how large a singular value is beside the one before it
            "s": "nonnegative",
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
            },
            {"name": "singular values", "given": [r"\sigma_i = \rho_i \sigma_{i-1}", r"\sigma_1 = s"]},
            *({"name": name, "given": [f"L = {_CHORD.replace('FUNCTION', function)}"]} for name, function in _ACTIVATIONS),
            {"name": "network", "given": [r"L_{total} = c \prod_{i=1}^{n} L_i"], "spelled": {"L_{total}": [r"L_{\text{total}}"]}},
        ],
        "question": [
            {"id": "stretch", "claim": r"\max_{\delta \ne 0} \frac{\|W \delta\|_2}{\|\delta\|_2} = \|W\|_2",
             "accepts": [r"\sup_{\|\delta\|_2 = 1} \|W \delta\|_2 = \|W\|_2"],
             "rejects": [{"latex": r"\min_{\delta \ne 0} \frac{\|W \delta\|_2}{\|\delta\|_2} = \|W\|_2", "code": "counterexample",
                          "hint": "the least stretch is the least singular value"},
                         {"latex": r"\max_{\delta \ne 0} \frac{\|W \delta\|_2^2}{\|\delta\|_2} = \|W\|_2", "code": "counterexample"},
                         {"latex": r"\max_{\delta \ne 0} \frac{\|\delta\|_2}{\|W \delta\|_2} = \|W\|_2", "code": "counterexample"},
                         {"latex": r"\max_{\delta \ne 0} \frac{\|W \delta\|_2}{\|\delta\|_2} = \|W\|_F", "code": "counterexample",
                          "hint": "the Frobenius norm is an upper bound of the spectral norm"}]},
            {"id": "turned", "claim": r"\|W \delta\|_2 = \|\Sigma V^T \delta\|_2",
             "rejects": [{"latex": r"\|W \delta\|_2 = \|\Sigma \delta\|_2", "code": "counterexample", "hint": "V turns δ before Σ stretches it"}]},
            {"id": "largest-singular-value", "claim": r"L = \sigma_{\max}"},
            {"id": "stretched", "claim": r"\|W \delta\|_2 \le \sigma_{\max} \|\delta\|_2", "points": 2,
             "accepts": [r"\|W \delta\|_2 \le \|W\|_2 \|\delta\|_2"],
             "rejects": [{"latex": r"\|W \delta\|_2 = \sigma_{\max} \|\delta\|_2", "code": "counterexample"},
                         {"latex": r"\|W \delta\|_2 \ge \sigma_{\max} \|\delta\|_2", "code": "counterexample"}]},
            {"id": "attained", "claim": r"\|W V v_1\|_2 = \sigma_{\max} \|V v_1\|_2",
             "rejects": [{"latex": r"\|W v_1\|_2 = \sigma_{\max} \|v_1\|_2", "code": "counterexample",
                          "hint": "v_1 belongs to Σ; V turns it to the right singular vector of W"},
                         {"latex": r"\|W V v_1\|_2 \le \frac{1}{2} \sigma_{\max} \|V v_1\|_2", "code": "counterexample"}]},
            {"id": "ordered", "part": "singular values", "claim": r"\sigma_i \ge \sigma_{i+1}",
             "rejects": [{"latex": r"\sigma_i > \sigma_{i+1}", "code": "counterexample",
                          "hint": "singular values may be repeated: those of I are all 1"}]},
            {"id": "noise", "claim": r"\|W (x + e) - W x\|_2 \le \|W\|_2 \|e\|_2",
             "accepts": [r"\|W e\|_2 \le \|W\|_2 \|e\|_2"],
             "rejects": [{"latex": r"\|W (x + e) - W x\|_2 = \|W\|_2 \|e\|_2", "code": "counterexample"},
                         {"latex": r"\|W (x + e) - W x\|_2 \le \|e\|_2", "code": "counterexample", "hint": "the weights stretch the noise"}]},
            {"id": "supremum-of-slopes", "part": "activation", "claim": r"L = \sup_\alpha |f'(\alpha)|",
             "rejects": [{"latex": r"L = \sup_\alpha |f(\alpha)|", "code": "counterexample"},
                         {"latex": r"L = \inf_\alpha |f'(\alpha)|", "code": "counterexample"}]},
            *({"id": f"constant-{name}", "part": name, "claim": f"L = {constant}",
               "rejects": [{"latex": f"L = {wrong}", "code": "counterexample"}, {"latex": f"L < {constant}", "code": "counterexample"}]}
              for name, constant, wrong in (("ReLU", "1", "0"), ("tanh", "1", r"\frac{1}{2}"), ("sigmoid", r"\frac{1}{4}", "1"))),
            {"id": "attained-tanh", "claim": r"\max_z (1 - \tanh(z)^2) = 1",
             "rejects": [{"latex": r"\max_z (1 - \tanh(z)^2) = 2", "code": "counterexample"},
                         {"latex": r"\max_z \tanh(z) = 1", "code": "not-attained", "hint": "1 is approached for large z, and never reached"}]},
            {"id": "attained-sigmoid", "claim": r"\max_z \operatorname{sigmoid}(z) (1 - \operatorname{sigmoid}(z)) = \frac{1}{4}",
             "accepts": [r"\operatorname{sigmoid}'(0) = \frac{1}{4}"],
             "rejects": [{"latex": r"\max_z \operatorname{sigmoid}(z) (1 - \operatorname{sigmoid}(z)) = \frac{1}{2}", "code": "counterexample"},
                         {"latex": r"\max_z \operatorname{sigmoid}(z) = 1", "code": "not-attained"}]},
            *({"id": f"slope-{name}", "claim": f"{function} is Lipschitz with constant {constant}",
               "rejects": [{"latex": f"{function} is Lipschitz with constant {small}", "code": "counterexample"}]}
              for name, function, constant, small in _SLOPES),
            {"id": "one-layer", "claim": r"\|\operatorname{ReLU}(W (x + e)) - \operatorname{ReLU}(W x)\|_2 \le \|W\|_2 \|e\|_2",
             "rejects": [{"latex": r"\|\operatorname{ReLU}(W (x + e)) - \operatorname{ReLU}(W x)\|_2 = \|W\|_2 \|e\|_2", "code": "counterexample",
                          "hint": "an upper bound: what is cut off at 0 does not move"}]},
            {"id": "two-layers", "points": 2,
             "claim": r"\|A \operatorname{sigmoid}(W (x + e)) - A \operatorname{sigmoid}(W x)\|_2 \le \frac{1}{4} \|A\|_2 \|W\|_2 \|e\|_2",
             "rejects": [{"latex": r"\|A \operatorname{sigmoid}(W (x + e)) - A \operatorname{sigmoid}(W x)\|_2 = \frac{1}{4} \|A\|_2 \|W\|_2 \|e\|_2",
                          "code": "counterexample", "hint": "the product of the constants is an upper bound"}]},
            {"id": "product", "claim": r"\|A W\|_2 \le \|A\|_2 \|W\|_2",
             "rejects": [{"latex": r"\|A W\|_2 = \|A\|_2 \|W\|_2", "code": "counterexample",
                          "hint": "only if W turns its longest direction to the one that A stretches most"},
                         {"latex": r"\|A W\|_2 \ge \|A\|_2 \|W\|_2", "code": "counterexample"}]},
            {"id": "network", "part": "network", "points": 2, "claim": r"L_{total} \le \prod_{i=1}^{n} L_i",
             "rejects": [{"latex": r"L_{total} = \prod_{i=1}^{n} L_i", "code": "counterexample",
                          "hint": "the product is an upper bound: a ReLU layer with W = [1; −1] has the constant 1, and ‖W‖ = √2"},
                         {"latex": r"L_{total} \ge \prod_{i=1}^{n} L_i", "code": "counterexample"},
                         {"latex": r"L_{total} \le \sum_{i=1}^{n} L_i", "code": "counterexample"}]},
            {"id": "strict",  # W = [1; -1] has the norm √2, its ReLU layer the constant 1
             "claim": _CUT + r" \le (a - b)^2",
             "rejects": [{"latex": _CUT + r" = 2 (a - b)^2",
                          "code": "counterexample", "hint": "one of the two entries is cut off"}]},
            {"id": "strict-product", "claim": rf"\left\| {_ACROSS} {_DOWN} \right\|_2 = 0",  # and the bound is 2
             "rejects": [{"latex": rf"\left\| {_ACROSS} {_DOWN} \right\|_2 = \left\| {_ACROSS} \right\|_2 \left\| {_DOWN} \right\|_2",
                          "code": "counterexample"}]},
            {"id": "strict-bound", "claim": rf"\left\| {_ACROSS} \right\|_2 \left\| {_DOWN} \right\|_2 = 2"},
        ],
    }
]  # fmt: skip
