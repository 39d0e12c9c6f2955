"""Moments of Adam and AdaMax: systems S17 and S18."""

from __future__ import annotations

from typing import Any

_SOURCE = "Kingma and Ba, Adam: a method for stochastic optimization (arXiv 1412.6980), sections 3 and 7.1"

_NORM = r"\left((1 - \beta_2^p) \sum_{i=1}^{t} \beta_2^{p(t-i)} |g_i|^p\right)^{\frac{1}{p}}"
_ADAM: dict[str, Any] = {
    "id": "adam-moments",
    "system": "S17",
    "title": "First and second moments of Adam, in closed form and in expectation",
    "source": _SOURCE,
    "symbols": {
        "beta_1": {"spec": "between 0 and 1", "latex": [r"\beta_1", "B_1", "b_1"]},
        "beta_2": {"spec": "between 0 and 1", "latex": [r"\beta_2", "B_2", "b_2"]},
        "g": "sequence, iid",
        "t": {"spec": "positive integer", "latex": ["t", "T"]},
        "i": "positive integer",
    },
    "part": [
        {
            "name": "moments",
            "given": [
                r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t",
                r"m_0 = 0",
                r"v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2",
                r"v_0 = 0",
                r"\hat{m}_t = \frac{m_t}{1 - \beta_1^t}",
                r"\hat{v}_t = \frac{v_t}{1 - \beta_2^t}",
            ],
        }
    ],
    "question": [
        {
            "id": "second-moment",
            "ask": r"v_t",
            "points": 2,
            "accepts": [
                r"\sum_{i=1}^{t} (1 - \beta_2) \beta_2^{t-i} g_i^2",
                r"(1 - \beta_2) \sum_{j=0}^{t-1} \beta_2^j g_{t-j}^2",
            ],
            "rejects": [
                {"latex": r"\sum_{i=1}^{t} \beta_2^{t-i} g_i^2", "code": "missing-factor",
                 "hint": "each gradient enters with the factor 1 - beta_2"},
                {"latex": r"(1 - \beta_2) \sum_{i=1}^{t} \beta_2^{t-i+1} g_i^2", "code": "power",
                 "hint": "the newest gradient has the weight 1 - beta_2: the exponent is t - i"},
                {"latex": r"(1 - \beta_2) \sum_{i=0}^{t} \beta_2^{t-i} g_i^2", "code": "extra-term",
                 "hint": "the sum begins at 1: there is no gradient 0"},
                {"latex": r"(1 - \beta_2) \sum_{i=1}^{t} \beta_2^{t-i} g_i", "code": "not-equal",
                 "hint": "the gradients are squared"},
            ],
        },
        {
            "id": "first-moment",
            "ask": r"m_t",
            "points": 1,
            "accepts": [r"\sum_{i=1}^{t} (1 - \beta_1) \beta_1^{t-i} g_i"],
            "rejects": [{"latex": r"(1 - \beta_1) \sum_{i=1}^{t-1} \beta_1^{t-i} g_i", "code": "missing-term",
                         "hint": "the gradient of step t itself is missing"}],
        },
        {
            "id": "expected-second-moment",
            "ask": r"E[v_t]",
            "points": 2,
            "accepts": [r"(1 - \beta_2) E[g^2] \frac{1 - \beta_2^t}{1 - \beta_2}", r"(1 - \beta_2^t) E[g_i^2]"],
            "rejects": [
                {"latex": r"E[g]^2 (1 - \beta_2^t)", "code": "not-equal",
                 "hint": "the mean of the square is not the square of the mean"},
                {"latex": r"E[g^2] (1 - \beta_2^{t-1})", "code": "not-equal", "hint": "t terms are added, not t - 1"},
                {"latex": r"E[g^2]", "code": "missing-factor", "hint": "this is what the bias correction makes of it"},
            ],
        },
        {
            "id": "corrected",
            "claim": r"E[\hat{v}_t] = E[g^2]",
            "points": 1,
            "rejects": [{"latex": r"E[\hat{v}_t] = E[g]^2", "code": "counterexample"}],
        },
    ],
}  # fmt: skip

_ADAMAX: dict[str, Any] = {
    "id": "adamax",
    "system": "S18",
    "title": "AdaMax: the limit of a p-norm, its closed form and its recursion",
    "source": _SOURCE,
    "symbols": {
        "beta_2": {"spec": "between 0 and 1", "latex": [r"\beta_2", "B_2", "b_2"]},
        "g": "sequence",
        "t": {"spec": "positive integer", "latex": ["t", "T"]},
        "i": "positive integer",
        "j": "positive integer",
        "p": {"spec": "positive", "latex": ["p", "P"]},
    },
    "part": [{"name": "norm", "given": [r"u_t = \max(\beta_2 u_{t-1}, |g_t|)", r"u_0 = 0"]}],
    "question": [
        {
            "id": "closed-form",
            "ask": r"u_t",
            "points": 2,
            "accepts": [
                r"\max_{1 \le i \le t} \beta_2^{t-i} |g_i|",
                r"\max_{i \le t} |\beta_2^{t-i} g_i|",
                r"\max(\beta_2 \max_{1 \le i \le t-1} \beta_2^{t-1-i} |g_i|, |g_t|)",
            ],
            "rejects": [
                {"latex": r"\max_{1 \le i \le t} \beta_2 |g_i|", "code": "not-equal",
                 "hint": "the weight of an older gradient is a higher power of beta_2"},
                {"latex": r"\max_{1 \le i \le t} \beta_2^{i} |g_i|", "code": "not-equal",
                 "hint": "the newest gradient has the weight 1"},
                {"latex": r"\sum_{i=1}^{t} \beta_2^{t-i} |g_i|", "code": "not-equal",
                 "hint": "the greatest term is taken, not their sum"},
            ],
        },
        {
            "id": "limit",
            "claim": rf"\lim_{{p \to \infty}} {_NORM}" r" = \max_{1 \le i \le t} \beta_2^{t-i} |g_i|",
            "points": 2,
            "rejects": [
                {"latex": rf"\lim_{{p \to \infty}} {_NORM}" r" = \max_{1 \le i \le t} |g_i|", "code": "counterexample"},
                {"latex": r"\sum_{i=1}^{t} \beta_2^{p(t-i)} |g_i|^p = \max_{1 \le i \le t} (\beta_2^{t-i} |g_i|)^p", "code": "counterexample"},
            ],
        },
    ],
}  # fmt: skip

ENTRIES: tuple[dict[str, Any], ...] = (_ADAM, _ADAMAX)
