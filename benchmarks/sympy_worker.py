"""SymPy answering one JSON question a line: {"left", "right", "symbols", "how"} → {"answer": true | false | null, "seconds"}.

The sides are read by this project and handed over as SymPy expressions whose symbols carry the declared assumptions, so
SymPy is not blamed for reading; only its own decision is timed. A side that SymPy has no form of answers {"unread"}.
"""

from __future__ import annotations

import json
import sys
from time import perf_counter

import sympy

import derive

HOW = {
    "simplify": lambda a, b: bool(sympy.simplify(a - b) == 0),
    "equals": lambda a, b: a.equals(b),
}


def answered(question: dict[str, object]) -> dict[str, object]:
    """The answer to one question."""
    try:
        left, right = (derive.parse(question[side], question["symbols"]).sympy() for side in ("left", "right"))  # type: ignore[arg-type, union-attr]
    except Exception as error:  # noqa: BLE001 - whatever a peer raises is its answer
        return {"unread": f"{type(error).__name__}: {error}", "seconds": 0.0}
    start = perf_counter()
    try:
        answer = HOW[str(question["how"])](left, right)
    except Exception as error:  # noqa: BLE001 - the same
        return {"answer": None, "why": f"{type(error).__name__}: {error}", "seconds": perf_counter() - start}
    return {"answer": answer, "seconds": perf_counter() - start}


if __name__ == "__main__":
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(answered(json.loads(line))), flush=True)
