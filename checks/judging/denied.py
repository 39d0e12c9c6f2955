"""`$a \\ge b$ is wrong`, `it is not true that $a = b$`: what an author says is false is judged as that, and leaves no trace.

Right if the statement is refuted, wrong if it is proven, else left to a person; so is what is said to be false under a
condition (`$a = b$ is false if …`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from checks.judging.course import Course
from checks.report.model import LineOutcome, LineVerdict
from checks.submission.document import Formula

_FALSE = r"(?:wrong|false|incorrect|untrue|not\s+(?:\w+ly\s+)?(?:true|correct|right|valid|the\s+case))"
_ADVERBS = r"(?:\w+ly\s+|in\s+general\s+|always\s+)*"
_FAILS = rf"(?:(?:does|do|can|could|would|will|need|must)\s+not|(?:does|do|ca|could|would|wo|need)n['’]t|cannot)\s+{_ADVERBS}hold"
_AFTER = re.compile(
    rf"\W*(?:(?:which|that|this|it)\s+)?(?:(?:is|are|was|were|would\s+be)\s+{_ADVERBS}{_FALSE}|{_FAILS})\b"
    r"(?P<only>\s+(?:if|when|unless|only|for|at)\b)?",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"\b{_FALSE}\s+(?:\w+ly\s+)?(?:to\s+(?:say|claim|write|conclude)\s+)?that\W*$", re.IGNORECASE)


def is_denied(formula: Formula) -> bool:
    """Whether the words around a formula say that it is false."""
    if formula.role not in ("claim", "conclusion"):
        return False
    return bool(_AFTER.match(formula.after) or _BEFORE.search(formula.words))


def denied_steps(course: Course, formula: Formula, judge: Callable[[], list[LineVerdict]]) -> list[LineVerdict]:
    """The steps of a statement that is said to be false; nothing follows from it, and it answers nothing."""
    before = course.saved()
    steps = judge()
    course.restore(before)
    after = _AFTER.match(formula.after)
    if after is not None and after["only"]:
        return [_left_open(step, "under a condition") for step in steps]
    if any(step.verdict == "incorrect" for step in steps):
        return [_said_false(step) if step.verdict == "incorrect" else _beside(step) for step in steps]
    if all(step.verdict == "correct" for step in steps):
        return [*map(_beside, steps[:-1]), _but_true(steps[-1])]
    return [_left_open(step, "which is not known") for step in steps]


def _said_false(step: LineVerdict) -> LineVerdict:
    return _denied(step, "correct", f"said to be false, and it is: {step.message}", step.counterexample)


def _but_true(step: LineVerdict) -> LineVerdict:
    return _denied(step, "incorrect", f"said to be false, but it is true: {step.message}")


def _beside(step: LineVerdict) -> LineVerdict:
    return _denied(step, "outside", "part of what is said to be false")


def _left_open(step: LineVerdict, why: str) -> LineVerdict:
    if step.verdict in ("outside", "unreadable"):
        return step
    return _denied(step, "undecided", f"said to be false, {why}; by itself it is {step.verdict}")


def _denied(step: LineVerdict, verdict: LineOutcome, message: str, point: dict[str, str] | None = None) -> LineVerdict:
    understood = rf"\text{{not }} {step.understood}" if step.understood else None
    return replace(step, understood=understood, verdict=verdict, code="denied", true_by_itself=None, follows=None,
                   counterexample=point, suggestion=None, message=message)  # fmt: skip
