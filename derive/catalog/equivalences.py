"""Networks that are the same function in other weights: system S11."""

from __future__ import annotations

from typing import Any

LAYERS = 3


def _fields() -> dict[str, Any]:
    """What the program derives itself: imported when first asked for."""
    from derive.equivalence import problem_of

    return problem_of(LAYERS)


ENTRIES: list[dict[str, Any]] = [
    {
        "schema": 1,
        "id": "tanh-sigmoid",
        "system": "S11",
        "title": "Every sigmoid network is a tanh network in other weights",
        "source": "Bishop, Pattern Recognition and Machine Learning, 2006, exercise 5.1",
        "derived": _fields,
    },
]
