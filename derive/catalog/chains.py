"""Chains of one-unit layers, plain and with skip connections: systems S1, S2 and the equalities of S3."""

from __future__ import annotations

from typing import Any

_SYMBOLS: dict[str, Any] = {
    "x": "real",
    "w": "real",
    "b": "real",
    "w_1": "real",
    "b_1": "real",
    "sigma": {"spec": "function, increasing", "latex": [r"\sigma", r"\Delta", r"\delta", "S", r"\phi"]},
}
_SOURCE = "Backpropagation through a chain of units and through identity skip connections (He et al., arXiv 1512.03385, section 3)"

_PLAIN = [
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
    "source": _SOURCE,
    "symbols": _SYMBOLS,
    "part": [{"name": "plain", "given": _PLAIN}],
    "question": _ASK_PLAIN,
}

SKIP_CONNECTION: dict[str, Any] = {
    "id": "skip-connection",
    "system": "S2",
    "title": "Gradients through skip connections, beside the plain chain",
    "source": _SOURCE,
    "symbols": _SYMBOLS,
    "part": [{"name": "plain", "given": _PLAIN}, {"name": "skip", "given": _SKIP}],
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

_BOTH = [
    *_PLAIN,
    r"z_3^* = w h_2 + h_1 + b",
    r"h_3^* = \sigma(z_3^*)",
    r"z_4^* = w h_3^* + b",
    r"h_4^* = \sigma(z_4^*)",
    r"z_5^* = w h_4^* + h_3^* + b",
    r"y^* = \sigma(z_5^*)",
]

_SLOPE_SKIP, _SLOPE_PLAIN = r"\frac{\partial y^*}{\partial b_1}", r"\frac{\partial y}{\partial b_1}"
_LATER_SKIP, _LATER_PLAIN = r"\sigma'(z_5^*)\sigma'(z_4^*)\sigma'(z_3^*)", r"\sigma'(z_5)\sigma'(z_4)\sigma'(z_3)"

SKIP_VERSUS_PLAIN: dict[str, Any] = {
    "id": "skip-versus-plain",
    "system": "S3",
    "title": "The difference of the two gradients, both networks side by side",
    "source": _SOURCE,
    "symbols": {**_SYMBOLS, "u": "real", "v": "real", "s": "function, logistic sigmoid"},
    "part": [{"name": "both", "given": _BOTH}],
    "question": [
        {
            "id": "difference-b1",
            "ask": r"\frac{\partial y^*}{\partial b_1} - \frac{\partial y}{\partial b_1}",
            "points": 2,
            "accepts": [
                r"w^4\sigma'(z_1)\sigma'(z_2)(\sigma'(z_5^*)\sigma'(z_4^*)\sigma'(z_3^*)-\sigma'(z_5)\sigma'(z_4)\sigma'(z_3))"
                r" + w^2(\sigma'(z_4^*)+\sigma'(z_2))\sigma'(z_5^*)\sigma'(z_3^*)\sigma'(z_1)"
                r" + \sigma'(z_5^*)\sigma'(z_3^*)\sigma'(z_1)",
            ],
        },
        {
            "id": "ratio-w1",
            "ask": r"\frac{\partial y}{\partial w_1} \left( \frac{\partial y^*}{\partial w_1} \right)^{-1}",
            "points": 2,
            "accepts": [
                r"\frac{w^4\sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)}"
                r"{(w^2\sigma'(z_4^*)+1)(w^2\sigma'(z_2)+1)\sigma'(z_5^*)\sigma'(z_3^*)}",
            ],
            "rejects": [
                {"latex": r"w^4 \sigma'(z_4)\sigma'(z_2)", "code": "not-equal",
                 "hint": "σ'(z_5) and σ'(z_3) of two different networks do not cancel"},
            ],
        },
        {
            "id": "when-larger",
            "claim": rf"{_LATER_SKIP} \ge {_LATER_PLAIN} \Rightarrow {_SLOPE_SKIP} \ge {_SLOPE_PLAIN}",
            "points": 2,
            "rejects": [
                {"latex": rf"{_SLOPE_SKIP} \ge {_SLOPE_PLAIN} \Rightarrow {_LATER_SKIP} \ge {_LATER_PLAIN}", "code": "implied-by",
                 "hint": "the other two terms are positive: the difference may be positive without this"},
                {"latex": rf"{_SLOPE_SKIP} \ge {_SLOPE_PLAIN}", "code": "counterexample",
                 "hint": "for a general increasing σ neither sign is forced"},
                {"latex": rf"{_SLOPE_PLAIN} \ge {_SLOPE_SKIP}", "code": "counterexample",
                 "hint": "for a general increasing σ neither sign is forced"},
            ],
        },
        {
            "id": "small-weight",
            "claim": r"|w| < 1 \Rightarrow w^4 < 1",
            "rejects": [{"latex": r"w < 1 \Rightarrow w^4 < 1", "code": "implied-by", "hint": "w may be less than −1"}],
        },
        {
            "id": "sigmoid-slope",
            "claim": r"0 < s'(u) \le \frac{1}{4}",
            "rejects": [{"latex": r"0 < s'(u) < \frac{1}{4}", "code": "counterexample", "hint": "s'(0) is ¼"}],
        },
        {
            "id": "sigmoid-log-slope",
            "claim": r"|\ln s'(u) - \ln s'(v)| \le |u - v|",
            "points": 2,
            "rejects": [{"latex": r"|\ln s'(u) - \ln s'(v)| \le \frac{1}{2} |u - v|", "code": "counterexample"}],
        },
    ],
}  # fmt: skip

ENTRIES = (PLAIN_CHAIN, SKIP_CONNECTION, SKIP_VERSUS_PLAIN)
