"""Vectors and matrices: the first rules of matrix calculus (S14), and backpropagation through a maxout network (S15)."""

from __future__ import annotations

from typing import Any

_LAYOUT_HINT = "a layout is a choice; this one is the other, and the formula says which is meant only with its shape"

MATRIX_CALCULUS: dict[str, Any] = {
    "id": "matrix-calculus",
    "system": "S14",
    "title": "Linear and quadratic forms, differentiated by vectors and matrices",
    "source": "Petersen & Pedersen, The Matrix Cookbook (2012), sections 2.4 and 2.5",
    "symbols": {"a": "vector n", "x": "vector n"},
    "part": [
        {"name": "linear", "given": [r"f = a^T x"]},
        {"name": "map", "symbols": {"A": "matrix m n"}, "given": [r"f = A x"]},
        {"name": "quadratic", "symbols": {"A": "matrix n n"}, "given": [r"f = x^T A x"]},
        {
            "name": "trace",
            "symbols": {"A": "matrix n n", "X": "matrix n n", "x": "rows of X"},
            "given": [r"f = \operatorname{tr}(X A X^T)"],
        },
    ],
    "question": [
        {
            "id": "linear",
            "part": "linear",
            "ask": r"\frac{\partial f}{\partial x}",
            "accepts": ["a", r"(a^T)^T"],
            "rejects": [
                {"latex": "x", "code": "wrong-variable", "hint": "that is the derivative by a"},
                {"latex": "2 a", "code": "constant-factor", "hint": "f is linear in x: nothing is doubled"},
            ],
        },
        {"id": "linear-turned", "part": "linear", "ask": r"\frac{\partial (x^T a)}{\partial x}", "accepts": ["a"]},
        {
            "id": "map",
            "part": "map",
            "ask": r"\frac{\partial f}{\partial x}",
            "accepts": ["A"],
            "rejects": [{"latex": "A^T", "code": "other-layout", "hint": _LAYOUT_HINT}],
        },
        {
            "id": "quadratic-x",
            "part": "quadratic",
            "ask": r"\frac{\partial f}{\partial x}",
            "points": 2,
            "accepts": ["(A + A^T) x", "A x + A^T x", "(x^T A)^T + A x"],
            "rejects": [
                {"latex": "2 A x", "code": "only-if-symmetric", "hint": "x stands on both sides of A, once as x and once as its transpose"},
                {"latex": "A^T x", "code": "missing-term", "hint": "both factors x are differentiated: A x is the other term"},
                {"latex": "(A - A^T) x", "code": "sign", "hint": "both terms are added"},
                {"latex": "(A + A) x", "code": "transpose", "hint": "one of the two is the transpose"},
            ],
        },
        {
            "id": "quadratic-A",
            "part": "quadratic",
            "ask": r"\frac{\partial f}{\partial A}",
            "points": 2,
            "accepts": ["x x^T"],
            "rejects": [
                {"latex": "2 x x^T", "code": "constant-factor", "hint": "f is linear in A"},
                {"latex": "x^T x", "code": "shape", "hint": "one derivative for each entry of A: x_i x_j"},
            ],
        },
        {
            "id": "trace-X",
            "part": "trace",
            "ask": r"\frac{\partial f}{\partial X}",
            "points": 2,
            "accepts": ["X (A + A^T)", "X A + X A^T"],
            "rejects": [
                {"latex": "X^T (A + A^T)", "code": "transpose",
                 "hint": "the rows of the derivative are (A + A^T) x_i turned, x_i the rows of X: stacked they are X (A + A^T)"},
                {"latex": "2 X A", "code": "only-if-symmetric", "hint": "X stands on both sides of A"},
                {"latex": "(A + A^T) X", "code": "factor-order", "hint": "A stands to the right of the first X"},
            ],
        },
    ],
}  # fmt: skip

MAXOUT_NETWORK: dict[str, Any] = {
    "id": "maxout-network",
    "system": "S15",
    "title": "Backpropagation through softmax, cross-entropy and a maximum of two layers",
    "source": "Goodfellow et al., Maxout Networks, arXiv 1302.4389; Goodfellow, Bengio & Courville, Deep Learning, 6.5",
    "symbols": {
        "x": "vector 4",
        "W_1": {"spec": "matrix 2 4", "latex": ["W_1", "W^{(1)}", "w^{(1)}"]},
        "W_{21}": {"spec": "matrix 3 2", "latex": ["W_{21}", "W^{(21)}", "w^{(21)}"]},
        "W_{22}": {"spec": "matrix 3 2", "latex": ["W_{22}", "W^{(22)}", "w^{(22)}"]},
        "y": "vector 3, probability vector",
        r"\mathbf{1}": "ones 3",
        "i": "index 3",
        "j": "index 3",
        "sigma": {"spec": "function, logistic sigmoid", "latex": [r"\sigma"]},
    },
    "part": [
        {
            "name": "network",
            "given": [
                r"l_1 = \operatorname{ReLU}(W_1 x)",
                r"l_{21} = \operatorname{ReLU}(W_{21} l_1)",
                r"l_{22} = \operatorname{sigmoid}(W_{22} l_1)",
                r"z = \max(l_{21}, l_{22})",
                r"\hat{y} = \operatorname{softmax}(z)",
                r"L = -y^T \log \hat{y}",
            ],
            "values": [
                r"x = \begin{bmatrix} 1 \\ 2 \\ 3 \\ 1 \end{bmatrix}",
                r"y = \begin{bmatrix} 0 \\ 1 \\ 0 \end{bmatrix}",
                r"W_1 = \begin{bmatrix} -1 & 0 & 1 & -1 \\ 0 & 1 & 0 & 0 \end{bmatrix}",
                r"W_{21} = \begin{bmatrix} 1 & 1 \\ 1 & -1 \\ -1 & 1 \end{bmatrix}",
                r"W_{22} = \begin{bmatrix} 2 & -1 \\ 4 & -2 \\ -2 & 1 \end{bmatrix}",
            ],
            "spelled": {
                "l_1": ["l^{(1)}", "I^{(1)}"],
                "l_{21}": ["l^{(21)}", "I^{(21)}"],
                "l_{22}": ["l^{(22)}", "I^{(22)}"],
                "z": ["Z"],
                r"\hat{y}": [r"\hat{g}", "g"],
            },
        },
    ],
    "question": [
        {
            "id": "softmax",
            "ask": r"\frac{\partial \hat{y}}{\partial z}",
            "points": 2,
            "accepts": [r"\operatorname{diag}(\hat{y}) - \hat{y} \hat{y}^T"],
            "rejects": [
                {"latex": r"\operatorname{diag}(\hat{y}) - y \hat{y}^T", "code": "wrong-variable",
                 "hint": "the labels y do not occur in the softmax"},
                {"latex": r"\operatorname{diag}(\hat{y} \odot (\mathbf{1} - \hat{y}))", "code": "not-equal",
                 "hint": "every entry of z moves every entry of the softmax"},
            ],
        },
        {"id": "y-hat", "ask": r"\frac{\partial L}{\partial \hat{y}}", "accepts": [r"-y \oslash \hat{y}"],
         "rejects": [{"latex": r"y \oslash \hat{y}", "code": "sign", "hint": "L has a minus sign in front of the sum"}]},
        {
            "id": "z",
            "ask": r"\frac{\partial L}{\partial z}",
            "points": 2,
            "accepts": [r"\hat{y} - y"],
            "rejects": [
                {"latex": r"y - \hat{y}", "code": "sign", "hint": "L has a minus sign in front of the sum"},
                {"latex": r"(\operatorname{diag}(\hat{y}) - \hat{y} \hat{y}^T) (y \oslash \hat{y})", "code": "sign",
                 "hint": "the derivative of L by the softmax is −y ⊘ ŷ"},
                {"latex": r"\hat{y} \odot (\mathbf{1} - \hat{y})", "code": "not-equal",
                 "hint": "that is the diagonal of the Jacobian of the softmax"},
            ],
        },
        {
            "id": "W-21",
            "ask": r"\frac{\partial L}{\partial W_{21}}",
            "points": 2,
            "accepts": [r"((\hat{y} - y) \odot \mathbb{1}[l_{21} > l_{22}] \odot \mathbb{1}[W_{21} l_1 > 0]) l_1^T"],
            "rejects": [
                {"latex": r"((\hat{y} - y) \odot \mathbb{1}[l_{21} > l_{22}] \odot \mathbb{1}[l_{22} > l_{21}]) l_1^T",
                 "code": "extra-factor", "hint": "the two masks of the maximum exclude each other; one of them is that of ReLU"},
                {"latex": r"((\hat{y} - y) \odot \mathbb{1}[W_{21} l_1 > 0]) l_1^T", "code": "missing-factor",
                 "hint": "only where the first layer is the greater one it passes anything on"},
            ],
        },
        {
            "id": "W-22",
            "ask": r"\frac{\partial L}{\partial W_{22}}",
            "points": 2,
            "accepts": [
                r"((\hat{y} - y) \odot \mathbb{1}[l_{22} > l_{21}] \odot l_{22} \odot (\mathbf{1} - l_{22})) l_1^T",
                r"((\hat{y} - y) \odot \mathbb{1}[l_{22} > l_{21}] \odot \sigma'(W_{22} l_1)) l_1^T",
            ],
            "rejects": [
                {"latex": r"((\hat{y} - y) \odot \mathbb{1}[l_{22} > l_{21}] \odot l_{22}) l_1^T", "code": "missing-term",
                 "hint": "σ' = σ (1 − σ)"},
            ],
        },
        {
            "id": "l-1",
            "ask": r"\frac{\partial L}{\partial l_1}",
            "points": 2,
            "accepts": [
                r"W_{21}^T ((\hat{y} - y) \odot \mathbb{1}[l_{21} > l_{22}] \odot \mathbb{1}[W_{21} l_1 > 0])"
                r" + W_{22}^T ((\hat{y} - y) \odot \mathbb{1}[l_{22} > l_{21}] \odot l_{22} \odot (\mathbf{1} - l_{22}))",
            ],
            "rejects": [
                {"latex": r"W_{21}^T ((\hat{y} - y) \odot \mathbb{1}[l_{21} > l_{22}] \odot \mathbb{1}[W_{21} l_1 > 0])",
                 "code": "missing-term", "hint": "l_1 goes into both layers: the paths through both are added"},
            ],
        },
        {
            "id": "W-1",
            "ask": r"\frac{\partial L}{\partial W_1}",
            "points": 2,
            "accepts": [r"(\frac{\partial L}{\partial l_1} \odot \mathbb{1}[W_1 x > 0]) x^T"],
            "rejects": [
                {"latex": r"\frac{\partial L}{\partial l_1} x^T", "code": "missing-factor",
                 "hint": "the mask of ReLU: where W_1 x < 0 nothing passes"},
            ],
        },
    ],
}  # fmt: skip

ENTRIES = (MATRIX_CALCULUS, MAXOUT_NETWORK)
