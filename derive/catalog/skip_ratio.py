"""Which gradient is larger, that of the plain chain or that of the chain with skips: system S3.

For a general increasing σ neither, as two exact examples with σ(z) = z + z³ show. For the sigmoid the plain gradient is
the smaller one up to |w| = 1, proven step by step, and for all w between two thresholds, proven by branch and bound; a
digit beyond them it is not.
"""

from __future__ import annotations

from typing import Any

from derive.catalog.chains import PLAIN, SOURCE, SYMBOLS

_BOTH = [
    *PLAIN,
    r"z_3^* = w h_2 + h_1 + b",
    r"h_3^* = \sigma(z_3^*)",
    r"z_4^* = w h_3^* + b",
    r"h_4^* = \sigma(z_4^*)",
    r"z_5^* = w h_4^* + h_3^* + b",
    r"y^* = \sigma(z_5^*)",
    r"A = \sigma'(z_5^*)\sigma'(z_4^*)\sigma'(z_3^*) - \sigma'(z_5)\sigma'(z_4)\sigma'(z_3)",
]


_POINTS = ("z_1", "z_2", "z_3", "z_4", "z_5", "z_3^*", "z_4^*", "z_5^*")


def _cubic(line: str) -> str:
    """A definition with σ(z) = z + z³."""
    for z in _POINTS:
        line = line.replace(rf"\sigma'({z})", f"(1 + 3 ({z})^2)").replace(rf"\sigma({z})", f"{z} + ({z})^3")
    return line


_SLOPE_SKIP, _SLOPE_PLAIN = r"\frac{\partial y^*}{\partial b_1}", r"\frac{\partial y}{\partial b_1}"
_LATER_SKIP, _LATER_PLAIN = r"\sigma'(z_5^*)\sigma'(z_4^*)\sigma'(z_3^*)", r"\sigma'(z_5)\sigma'(z_4)\sigma'(z_3)"
_SMALLER = rf"\left|{_SLOPE_PLAIN}\right| < \left|{_SLOPE_SKIP}\right|"
_LARGER = rf"\left|{_SLOPE_PLAIN}\right| > \left|{_SLOPE_SKIP}\right|"
_ONE, _OTHER = r"w = \frac{1}{2} \wedge b = -1 \wedge z_1 = 1", r"w = -1 \wedge b = -1 \wedge z_1 = 0"
_DIFFERENCE = rf"{_SLOPE_SKIP} - {_SLOPE_PLAIN}"
_CRUDE = r"\frac{w^4}{16} e^{2 + \frac{w^2}{16}}"
_SHARP = r"\frac{w^2}{4 + w^2} \cdot \frac{w^2}{4 + w^2 e^{-|w|/4}} e^{2 + \frac{w^2}{16}}"

_GENERAL: list[dict[str, Any]] = [
    {
        "id": "difference-b1",
        "ask": rf"{_SLOPE_SKIP} - {_SLOPE_PLAIN}",
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
        "accepts": [rf"A \ge 0 \Rightarrow {_SLOPE_SKIP} > {_SLOPE_PLAIN}"],
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
        "rejects": [{"latex": r"w < 1 \Rightarrow w^4 < 1", "code": "implied-by", "hint": "w may be less than −1"},
                    {"latex": r"w < 1 \Rightarrow w^4 < \frac{1}{2}", "code": "implied-by",
                     "hint": "w may be less than −1, and w⁴ need not be small below 1"}],
    },
]  # fmt: skip

_CUBIC: list[dict[str, Any]] = [
    {
        "id": "plain-larger",
        "claim": rf"{_ONE} \Rightarrow {_DIFFERENCE} = -1317",
        "points": 2,
        "accepts": [
            rf"{_ONE} \Rightarrow {_SLOPE_PLAIN} = 1417 \wedge {_SLOPE_SKIP} = 100",
            rf"{_ONE} \Rightarrow A = -5652",
        ],
        "rejects": [{"latex": rf"{_ONE} \Rightarrow {_SLOPE_PLAIN} < {_SLOPE_SKIP}", "code": "not-implied"}],
    },
    {
        "id": "skip-larger",
        "claim": rf"{_OTHER} \Rightarrow {_DIFFERENCE} = 541968",
        "points": 2,
        "accepts": [rf"{_OTHER} \Rightarrow A = 40320"],
        "rejects": [{"latex": rf"{_OTHER} \Rightarrow {_SLOPE_PLAIN} > {_SLOPE_SKIP}", "code": "not-implied"}],
    },
]

_SIGMOID: list[dict[str, Any]] = [
    {
        "id": "negative-a",
        "claim": rf"w = 1 \wedge b = 0 \wedge z_1 = 0 \Rightarrow A < 0 \wedge {_DIFFERENCE} > 0",
        "rejects": [{"latex": rf"A < 0 \Rightarrow {_DIFFERENCE} < 0", "code": "not-implied",
                     "hint": "what is added to the term with A is positive"}],
    },
    {
        "id": "sigmoid-slope",
        "claim": r"0 < \sigma'(u) \le \frac{1}{4}",
        "rejects": [{"latex": r"0 < \sigma'(u) < \frac{1}{4}", "code": "counterexample", "hint": "σ'(0) is ¼"}],
    },
    {
        "id": "sigmoid-log-slope",
        "claim": r"|\ln \sigma'(u) - \ln \sigma'(v)| \le |u - v|",
        "points": 2,
        "rejects": [{"latex": r"|\ln \sigma'(u) - \ln \sigma'(v)| \le \frac{1}{2} |u - v|", "code": "counterexample"}],
    },
    {
        "id": "slope-of-log-slope",
        "claim": r"-1 < \frac{d}{du} \ln \sigma'(u) < 1",
        "accepts": [r"\frac{d}{du} \ln \sigma'(u) = 1 - 2 \sigma(u)"],
        "rejects": [{"latex": r"-\frac{1}{2} < \frac{d}{du} \ln \sigma'(u) < \frac{1}{2}", "code": "counterexample"}],
    },
    {
        "id": "third-layer",
        "claim": r"|h_3^* - h_3| < \frac{1}{4}",
        "accepts": [r"|h_3^* - h_3| \le \frac{1}{4}", r"z_3^* - z_3 = h_1 < 1"],
        "rejects": [{"latex": r"|h_3^* - h_3| < \frac{1}{8}", "code": "counterexample"}],
    },
    {
        "id": "fifth-layer",
        "claim": r"|z_5^* - z_5| < 1 + \frac{w^2}{16}",
        "points": 2,
        "accepts": [r"|h_4^* - h_4| \le \frac{|w|}{16}"],
        "rejects": [{"latex": r"|z_5^* - z_5| < 1", "code": "counterexample"}],
    },
    {
        "id": "fourth-layer",
        "claim": r"|z_4^* - z_4| \le \frac{|w|}{4}",
        "accepts": [r"\sigma'(z_4^*) \ge \sigma'(z_4) e^{-|w|/4}"],
        "rejects": [{"latex": r"|z_4^* - z_4| \le \frac{|w|}{5}", "code": "counterexample"}],
    },
    {
        "id": "skip-factors",
        "claim": r"\frac{w^2 \sigma'(z_2)}{1 + w^2 \sigma'(z_2)} \le \frac{w^2}{4 + w^2}",
        "accepts": [r"\frac{w^2 \sigma'(z_4)}{1 + w^2 \sigma'(z_4) e^{-|w|/4}} \le \frac{w^2}{4 + w^2 e^{-|w|/4}}"],
        "rejects": [{"latex": r"\frac{w^2 \sigma'(z_2)}{1 + w^2 \sigma'(z_2)} \le \frac{w^2}{5 + w^2}", "code": "counterexample"}],
    },
    {
        "id": "two-slopes",
        "claim": r"\sigma'(z_2) \sigma'(z_4) \le \frac{1}{16}",
        "rejects": [{"latex": r"\sigma'(z_2) \sigma'(z_4) < \frac{1}{16}", "code": "counterexample", "hint": "both may be ¼"}],
    },
    {
        "id": "crude-bound",
        "claim": rf"\left|{_SLOPE_PLAIN}\right| \le {_CRUDE} \left|{_SLOPE_SKIP}\right|",
        "points": 2,
        "rejects": [{"latex": rf"\left|{_SLOPE_PLAIN}\right| \le \frac{{w^4}}{{16}} \left|{_SLOPE_SKIP}\right|", "code": "counterexample",
                     "hint": "the slopes of two different networks do not cancel"}],
    },
    {
        "id": "crude-bound-below-one",
        "claim": rf"|w| \le 1.1866 \Rightarrow {_CRUDE} < 1",
        "rejects": [{"latex": rf"|w| \le 1.1867 \Rightarrow {_CRUDE} < 1", "code": "not-implied"}],
    },
    {
        "id": "sharp-bound-below-one",
        "claim": rf"|w| \le 1.3998 \Rightarrow {_SHARP} < 1",
        "rejects": [{"latex": rf"|w| \le 1.3999 \Rightarrow {_SHARP} < 1", "code": "not-implied"}],
    },
    {
        "id": "smaller-up-to-one",
        "claim": rf"|w| \le 1 \Rightarrow {_SMALLER}",
        "points": 4,
        "rejects": [{"latex": _SMALLER, "code": "counterexample", "hint": "not for every w"}],
    },
    {
        "id": "negative-threshold",
        "claim": rf"-2.18631217 \le w \le 0 \Rightarrow {_SMALLER}",
        "points": 4,
        "rejects": [{"latex": rf"-2.18631218 \le w \le 0 \Rightarrow {_SMALLER}", "code": "not-implied"}],
    },
    {
        "id": "positive-threshold",
        "claim": rf"0 \le w \le 2.43650158 \Rightarrow {_SMALLER}",
        "points": 4,
        "rejects": [{"latex": rf"0 \le w \le 2.43650159 \Rightarrow {_SMALLER}", "code": "not-implied"}],
    },
    {
        "id": "plain-larger-sigmoid",
        "claim": rf"w = -\frac{{5}}{{2}} \wedge b = \frac{{27}}{{10}} \wedge z_1 = 10 \Rightarrow {_LARGER}",
        "points": 2,
        "rejects": [{"latex": rf"w = -\frac{{5}}{{2}} \Rightarrow {_LARGER}", "code": "not-implied", "hint": "not for every b and z_1"}],
    },
]  # fmt: skip

ENTRIES: tuple[dict[str, Any], ...] = (
    {
        "id": "skip-versus-plain",
        "system": "S3",
        "title": "Which gradient is larger: both networks side by side",
        "source": SOURCE,
        "symbols": {**SYMBOLS, "u": "real", "v": "real", "s": "function, logistic sigmoid"},
        "part": [
            {"name": "both", "given": _BOTH},
            {"name": "sigmoid", "said": ["sigmoid", "logistic"], "means": {r"\sigma": "s"}, "given": _BOTH},
            {"name": "cubic", "said": ["z^3", "cubic"], "given": list(map(_cubic, _BOTH))},
        ],
        "question": [
            *({**question, "part": "both"} for question in _GENERAL),
            *({**question, "part": "cubic"} for question in _CUBIC),
            *({**question, "part": "sigmoid"} for question in _SIGMOID),
        ],
    },
)
