"""The words and marks of a report, so that the terminal and the page say the same thing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checks.report.model import LineVerdict, SubmissionReport
    from checks.submission.document import Remark

MARKS = {
    "correct": "✓",
    "incorrect": "✗",
    "undecided": "?",
    "unreadable": "–",
    "missing": "–",
    "definition": "·",
    "assumption": "·",
    "outside": "·",
}
JUDGED = ("correct", "incorrect", "undecided", "unreadable")  # the rest carries no claim: listed apart
_UNJUDGED = (("definition", "definition"), ("assumption", "assumption"), ("outside", "formula"))
_PLURALS = {"formula": "formulas"}


def count(number: float, word: str) -> str:
    """`2 questions`, `1 point`, `0.5 points`."""
    return f"{number:g} {word}" if number == 1 else f"{number:g} {_PLURALS.get(word, word + 's')}"


def tally(steps: Iterable[LineVerdict]) -> dict[str, int]:
    """How many steps got each verdict that is a judgement, zeros included."""
    found: Counter[str] = Counter(step.verdict for step in steps)
    return {verdict: found[verdict] for verdict in JUDGED}


def unjudged(steps: Iterable[LineVerdict]) -> str:
    """Steps that claim nothing, in one line: "14 definitions, 3 assumptions, 6 formulas outside the problem"."""
    found: Counter[str] = Counter(step.verdict for step in steps)
    parts = [
        count(found[verdict], word) + (" outside the problem" if verdict == "outside" else "")
        for verdict, word in _UNJUDGED
        if found[verdict]
    ]
    return ", ".join(parts)


def at(step: LineVerdict) -> str:
    """The counterexample as a phrase, "at w = 1/2, x = 1"; empty if there is none."""
    if not step.counterexample:
        return ""
    return "at " + ", ".join(f"{name} = {value}" for name, value in step.counterexample.items())


def blame(step: LineVerdict) -> str:
    """Where the step and the step before disagree about who is wrong; empty if there is nothing to add."""
    if step.verdict == "incorrect" and step.follows:
        return "follows from the line before: the mistake was made earlier"
    if step.verdict == "correct" and step.follows is False:
        return "true by itself, but does not follow from the line before"
    return ""


def first_wrong(submission: SubmissionReport) -> LineVerdict | None:
    """The step that `first_wrong_line` means."""
    wrong = (step for step in submission.lines if step.line == submission.first_wrong_line)
    return next((step for step in wrong if step.verdict == "incorrect"), None)


def nothing_wrong(submission: SubmissionReport) -> str:
    """What to say where no wrong step was found; steps nobody could judge are never passed over."""
    judged = tally(submission.lines)
    left = judged["undecided"] + judged["unreadable"]
    if not sum(judged.values()):
        return "no step to judge was found"
    return "no wrong step found" + (f", {count(left, 'step')} to be looked at by a person" if left else "")


def line_numbers(numbers: Sequence[int]) -> str:
    """`line 3`, `lines 3, 7–9`: runs are joined."""
    ordered = sorted(set(numbers))
    runs: list[list[int]] = []
    for number in ordered:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    spans = (f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return ("line " if len(ordered) == 1 else "lines ") + ", ".join(spans)


def grouped(remarks: Iterable[Remark]) -> list[tuple[str, str]]:
    """Remarks as (lines, message), the same message once with all its lines, in order of first appearance."""
    lines: dict[str, list[int]] = {}
    for remark in remarks:
        lines.setdefault(remark.message, []).append(remark.line)
    return [(line_numbers(numbers), message) for message, numbers in lines.items()]
