"""Units of rectifiers that never move again, and leaky ones that do: systems S12, S13."""

from __future__ import annotations

from typing import Any

_SYMBOLS: dict[str, Any] = {
    "X_i": "real",
    "a_j": "real",
    "b_j": "real",
    "u_j": "real",
    "r": "real",  # what the other units give
    "eta": "positive",
    "ell": {"spec": "function", "latex": [r"\ell"]},  # the loss of one sample
}
_ASK = [
    {"id": f"by-{name[0]}", "part": "unit", "ask": rf"\frac{{\partial \ell(f)}}{{\partial {name}}}"}
    for name in ("a_j", "b_j", "u_j")
]
_AFTER_A = r"a_j - \eta \frac{\partial \ell(f)}{\partial a_j}"
_AFTER_B = r"b_j - \eta \frac{\partial \ell(f)}{\partial b_j}"

ENTRIES: list[dict[str, Any]] = [
    {
        "schema": 1,
        "id": "dead-relu",
        "system": "S12",
        "title": "A rectified unit that is dead for every sample stays dead under SGD",
        "source": "Lu, Shin, Su and Karniadakis, Dying ReLU and Initialization, 2019",
        "symbols": {**_SYMBOLS, "sigma": {"spec": "function, ReLU", "latex": [r"\sigma", r"\operatorname{ReLU}"]}},
        "part": [{"name": "unit", "given": ["z = a_j X_i + b_j", r"f = r + u_j \sigma(z)"]}],
        "question": [
            *({**question, "accepts": accepts, "rejects": rejects} for question, accepts, rejects in zip(_ASK, (
                [r"\ell'(f) u_j \sigma'(a_j X_i + b_j) X_i"],
                [r"\ell'(f) u_j \sigma'(a_j X_i + b_j)"],
                [r"\ell'(f) \sigma(a_j X_i + b_j)"],
            ), (
                [{"latex": r"\ell'(f) u_j \sigma'(z)", "code": "missing-factor", "hint": "z = a_j X_i + b_j has the derivative X_i by a_j"}],
                [{"latex": r"\ell'(f) \sigma'(z)", "code": "missing-factor", "hint": "the unit is weighted by u_j"}],
                [{"latex": r"\ell'(f) \sigma'(z)", "code": "prime", "hint": "f is linear in u_j"}],
            ), strict=True)),
            {"id": "dead-a", "claim": r"a_j X_i + b_j < 0 \Rightarrow \frac{\partial \ell(f)}{\partial a_j} = 0"},
            {"id": "dead-b", "claim": r"a_j X_i + b_j < 0 \Rightarrow \frac{\partial \ell(f)}{\partial b_j} = 0"},
            {"id": "induction-step", "points": 2,
             "claim": rf"a_j X_i + b_j < 0 \Rightarrow ({_AFTER_A}) X_i + {_AFTER_B} < 0",
             "rejects": [{"latex": rf"a_j X_i + b_j > 0 \Rightarrow ({_AFTER_A}) X_i + {_AFTER_B} > 0", "code": "not-implied"}]},
        ],
    },
    {
        "schema": 1,
        "id": "leaky-relu",
        "system": "S13",
        "title": "A leaky rectified unit is never dead for good",
        "source": "Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013",
        "symbols": {**_SYMBOLS, "alpha": "between 0 and 1"},
        "part": [{"name": "unit", "given": ["z = a_j X_i + b_j", r"f = r + u_j \max(z, \alpha z)"]}],
        "question": [
            *_ASK,
            {"id": "below", "claim": r"z < 0 \Rightarrow \frac{\partial \ell(f)}{\partial a_j} = \alpha \ell'(f) u_j X_i",
             "rejects": [{"latex": r"z < 0 \Rightarrow \frac{\partial \ell(f)}{\partial a_j} = 0", "code": "not-implied"}]},
            {"id": "not-zero-a", "claim": r"\ell'(f) u_j X_i \ne 0 \Rightarrow \frac{\partial \ell(f)}{\partial a_j} \ne 0"},
            {"id": "not-zero-b", "claim": r"\ell'(f) u_j \ne 0 \Rightarrow \frac{\partial \ell(f)}{\partial b_j} \ne 0"},
        ],
    },
]  # fmt: skip
