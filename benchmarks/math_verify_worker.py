"""math-verify answering one JSON question a line: {"left", "right"} → {"answer": true | false, "seconds"}, reading included.

Run by an interpreter that has math-verify; nothing of this project is imported here. It takes no declarations of symbols.
"""

from __future__ import annotations

import json
import logging
import sys
from time import perf_counter

from math_verify import parse, verify


def answered(question: dict[str, str]) -> dict[str, object]:
    """The answer to one question."""
    start = perf_counter()
    try:
        sides = [parse(f"${question[side]}$") for side in ("left", "right")]
        answer = bool(verify(*sides))
    except Exception as error:  # noqa: BLE001 - whatever a peer raises is its answer
        return {"answer": None, "why": f"{type(error).__name__}: {error}", "seconds": perf_counter() - start}
    seconds = perf_counter() - start
    return {"answer": answer, "seconds": seconds} if all(sides) else {"unread": "no formula found", "seconds": seconds}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(answered(json.loads(line))), flush=True)
