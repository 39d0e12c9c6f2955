"""The loss of a classifier and the derivative of a maximum: systems S8, S9."""

from __future__ import annotations

from typing import Any

_SCORES = ("f_1", "f_2", "f_3")

ENTRIES: list[dict[str, Any]] = [
    {
        "schema": 1,
        "id": "cross-entropy",
        "system": "S8",
        "title": "Cross-entropy of a softmax is positive, finite, and as small as one likes",
        "source": "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.2.2.3",
        "symbols": {
            **dict.fromkeys(_SCORES, "real"),
            "k": "greater than 1",
            "lambda": "real",
        },
        "part": [
            {
                "name": "three classes",
                "given": [r"\ell = -\ln\frac{e^{f_2}}{e^{f_1} + e^{f_2} + e^{f_3}}", r"p_1 = \frac{e^{f_1}}{e^{f_1} + e^{f_2} + e^{f_3}}",
                          r"p_2 = \frac{e^{f_2}}{e^{f_1} + e^{f_2} + e^{f_3}}"],
            },
            {
                "name": "one large score",
                "given": [r"\ell = -\ln\frac{e^\lambda}{e^\lambda + (k - 1) e^0}"],
            },
        ],
        "question": [
            {"id": "positive", "part": "three classes", "claim": r"\ell > 0",
             "rejects": [{"latex": r"\ell > 1", "code": "counterexample"}, {"latex": r"\ell < 1", "code": "counterexample"}]},
            {"id": "by-true-class", "part": "three classes", "ask": r"\frac{\partial \ell}{\partial f_2}", "accepts": ["p_2 - 1"],
             "rejects": [{"latex": "1 - p_2", "code": "sign"}, {"latex": "p_2", "code": "not-equal", "hint": "the true class has 1 taken away"}]},
            {"id": "by-other-class", "part": "three classes", "ask": r"\frac{\partial \ell}{\partial f_1}", "accepts": ["p_1"],
             "rejects": [{"latex": "p_1 - 1", "code": "extra-term", "hint": "only the true class has 1 taken away"}]},
            {"id": "in-lambda", "part": "one large score", "claim": r"\ell = \ln(1 + (k - 1) e^{-\lambda})",
             "rejects": [{"latex": r"\ell = \ln(1 + k e^{-\lambda})", "code": "counterexample"}]},
            {"id": "limit", "part": "one large score", "claim": r"\lim_{\lambda \to \infty} \ell = 0"},
        ],
    },
    {
        "schema": 1,
        "id": "maximum",
        "system": "S9",
        "title": "The derivative of a maximum is that of the largest",
        "source": "Danskin, The Theory of Max-Min, 1967",
        "symbols": {"x": "real", **dict.fromkeys(_SCORES, "function")},
        "part": [{"name": "maximum", "given": [r"f = \max(f_1(x), f_2(x), f_3(x))"]}],
        "question": [
            {"id": "derivative", "ask": r"\frac{\partial f}{\partial x}"},
            {"id": "unique", "points": 2,
             "claim": r"f_2(x) > \max(f_1(x), f_3(x)) \Rightarrow \frac{\partial f}{\partial x} = f_2'(x)",
             "accepts": [r"f_1(x) > \max(f_2(x), f_3(x)) \Rightarrow \frac{\partial f}{\partial x} = f_1'(x)"],
             "rejects": [{"latex": r"f_2(x) > f_1(x) \Rightarrow \frac{\partial f}{\partial x} = f_2'(x)", "code": "not-implied",
                          "hint": "f_3 may be larger still"}]},
        ],
    },
]  # fmt: skip
