"""Descending over a bump with gradient descent and with Adam: systems S4 and S5."""

from __future__ import annotations

from typing import Any

_LOSS: dict[str, Any] = {"breakpoints": ["1", "1 + h"], "slopes": ["-1", "1", "-1"], "kinks": ["0", "0"]}

_DESCENT: dict[str, Any] = {
    "name": "descent",
    "rule": "gradient-descent",
    "start": "0",
    "parameters": {"alpha": "0.3"},
    "loss": _LOSS,
}
_ADAM: dict[str, Any] = {
    "name": "adam",
    "rule": "adam",
    "start": "0",
    "parameters": {"alpha": "0.3", "beta_1": "0.9", "beta_2": "0.999", "epsilon": "0"},
    "loss": _LOSS,
}
_ASK_DESCENT: list[dict[str, Any]] = [
    {"id": "descent-path", "part": "descent", "kind": "path", "ask": "what becomes of gradient descent"},
]

BUMP_DESCENT: dict[str, Any] = {
    "id": "bump-descent",
    "system": "S4",
    "title": "Gradient descent over a bump: slope −1 to x, +1 to a peak of height h, −1 beyond",
    "source": "A one-dimensional loss with a local minimum at x = 1, a peak at 1 + h, and slopes of size 1",
    "part": [_DESCENT],
    "question": [
        *_ASK_DESCENT,
        {"id": "descent-height", "part": "descent", "kind": "threshold",
         "ask": "the height h below which gradient descent passes the bump"},
    ],
}  # fmt: skip

BUMP_ADAM: dict[str, Any] = {
    "id": "bump-adam",
    "system": "S5",
    "title": "Adam over a bump, beside gradient descent",
    "source": "Kingma and Ba, Adam (arXiv 1412.6980), algorithm 1, over a one-dimensional loss with slopes of size 1",
    "part": [_ADAM, _DESCENT],
    "question": [
        {"id": "adam-height", "part": "adam", "kind": "threshold", "points": 2, "ask": "the greatest height h that Adam passes"},
        {"id": "adam-table", "part": "adam", "kind": "table", "heights": ["1", "0.5", "0.4", "0.3", "0.2"],
         "ask": "the positions step by step for several heights"},
        *_ASK_DESCENT,
    ],
}  # fmt: skip

ENTRIES = (BUMP_DESCENT, BUMP_ADAM)
