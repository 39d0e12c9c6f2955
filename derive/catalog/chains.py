"""Chains of one-unit layers, plain and with skip connections: systems S1 and S2."""

from __future__ import annotations

from typing import Any

SYMBOLS: dict[str, Any] = {
    "x": "real",
    "w": "real",
    "b": "real",
    "w_1": "real",
    "b_1": "real",
    "sigma": {"spec": "function, increasing", "latex": [r"\sigma", r"\Delta", r"\delta", "S", r"\phi"]},
}
SOURCE = "Backpropagation through a chain of units and through identity skip connections (He et al., arXiv 1512.03385, section 3)"

PLAIN = [
    r"z_1 = w_1 x + b_1",
    r"h_1 = \sigma(z_1)",
    r"z_2 = w h_1 + b",
    r"h_2 = \sigma(z_2)",
    r"z_3 = w h_2 + b",
    r"h_3 = \sigma(z_3)",
    r"z_4 = w h_3 + b",
    r"h_4 = \sigma(z_4)",
    r"z_5 = w h_4 + b",
    r"y = \sigma(z_5)",
]
_SKIP = [
    r"z_1 = w_1 x + b_1",
    r"h_1 = \sigma(z_1)",
    r"z_2 = w h_1 + b",
    r"h_2 = \sigma(z_2)",
    r"z_3^* = w h_2 + h_1 + b",
    r"h_3^* = \sigma(z_3^*)",
    r"z_4 = w h_3^* + b",
    r"h_4 = \sigma(z_4)",
    r"z_5^* = w h_4 + h_3^* + b",
    r"y^* = \sigma(z_5^*)",
]

_ASK_PLAIN = [
    {
        "id": "plain-w1",
        "part": "plain",
        "ask": r"\frac{\partial y}{\partial w_1}",
        "points": 2,
        "accepts": [
            r"w^4 x \sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)\sigma'(z_1)",
            r"\sigma'(z_5) w \sigma'(w h_3 + b) w \sigma'(z_3) w \sigma'(z_2) w \sigma'(w_1 x + b_1) x",
        ],
        "rejects": [
            {"latex": r"w^4 \sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)\sigma'(z_1)", "code": "missing-factor",
             "hint": "the innermost derivative of w_1 x + b_1 by w_1 is x"},
            {"latex": r"w^5 x \sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)\sigma'(z_1)", "code": "power",
             "hint": "w stands between neighbouring layers: four times for five layers"},
        ],
    },
    {
        "id": "plain-b1",
        "part": "plain",
        "ask": r"\frac{\partial y}{\partial b_1}",
        "points": 2,
        "accepts": [r"w^4 \sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)\sigma'(z_1)"],
        "rejects": [
            {"latex": r"w^4 x \sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)\sigma'(z_1)", "code": "extra-factor",
             "hint": "the innermost derivative by b_1 is 1"},
        ],
    },
]  # fmt: skip

PLAIN_CHAIN: dict[str, Any] = {
    "id": "plain-chain",
    "system": "S1",
    "title": "Gradients of a plain chain of five layers",
    "source": SOURCE,
    "symbols": SYMBOLS,
    "part": [{"name": "plain", "given": PLAIN}],
    "question": _ASK_PLAIN,
}

SKIP_CONNECTION: dict[str, Any] = {
    "id": "skip-connection",
    "system": "S2",
    "title": "Gradients through skip connections, beside the plain chain",
    "source": SOURCE,
    "symbols": SYMBOLS,
    "part": [{"name": "plain", "given": PLAIN}, {"name": "skip", "given": _SKIP}],
    "question": [
        *_ASK_PLAIN,
        {
            "id": "skip-w1",
            "part": "skip",
            "ask": r"\frac{\partial y^*}{\partial w_1}",
            "points": 2,
            "accepts": [
                r"(w^2\sigma'(z_4)+1)(w^2\sigma'(z_2)+1) \sigma'(z_5^*)\sigma'(z_3^*)\sigma'(z_1) x",
                r"w^4\sigma'(z_5^*)\sigma'(z_4)\sigma'(z_3^*)\sigma'(z_2)\sigma'(z_1)x"
                r" + w^2(\sigma'(z_4)+\sigma'(z_2))\sigma'(z_5^*)\sigma'(z_3^*)\sigma'(z_1)x"
                r" + \sigma'(z_5^*)\sigma'(z_3^*)\sigma'(z_1)x",
            ],
            "rejects": [
                {"latex": r"x \sigma'(z_5^*)\sigma'(z_3^*)\sigma'(z_1)", "code": "missing-factor",
                 "hint": "only the path through both skips was followed: three more paths run through h_4 and h_2"},
                {"latex": r"w^4 x \sigma'(z_5^*)\sigma'(z_4)\sigma'(z_3^*)\sigma'(z_2)\sigma'(z_1)", "code": "missing-term",
                 "hint": "the paths through the skips are missing"},
            ],
        },
        {
            "id": "skip-b1",
            "part": "skip",
            "ask": r"\frac{\partial y^*}{\partial b_1}",
            "points": 2,
            "accepts": [r"(w^2\sigma'(z_4)+1)(w^2\sigma'(z_2)+1) \sigma'(z_5^*)\sigma'(z_3^*)\sigma'(z_1)"],
            "rejects": [
                {"latex": r"\sigma'(z_5^*)\sigma'(z_3^*)\sigma'(z_1)", "code": "missing-factor",
                 "hint": "only the path through both skips was followed"},
            ],
        },
    ],
}  # fmt: skip

ENTRIES = (PLAIN_CHAIN, SKIP_CONNECTION)
