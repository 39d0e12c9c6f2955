"""The words and marks of a report, so that the terminal and the page say the same thing."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checks.report.model import LineVerdict, QuestionResult, SubmissionReport
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
_THERE = re.compile(r"there the left side is (?P<left>.+?), the right side (?P<right>.+?)(?=\.\s|\.?$|;)")
_PLURALS = {"formula": "formulas"}


def verdict_in_words(question: QuestionResult) -> str:
    """The verdict of a question; with a right answer, where numbers for it are wrong."""
    return question.verdict if question.later_wrong is None else f"{question.verdict}, numbers wrong"


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


def where(step: LineVerdict) -> str:
    """`line 7`, or what a person calls the place in a notebook."""
    return step.place or f"line {step.line}"


def where_line(submission: SubmissionReport, line: int) -> str:
    """The place of the steps of a line, if it is one."""
    places = {where(step) for step in submission.lines if step.line == line}
    return places.pop() if len(places) == 1 else f"line {line}"


def at(step: LineVerdict) -> str:
    """The counterexample as a phrase, "at w = 1/2, x = 1"; empty if there is none."""
    if not step.counterexample:
        return ""
    return "at " + ", ".join(f"{name} = {value}" for name, value in step.counterexample.items())


def values(step: LineVerdict) -> tuple[str, str] | None:
    """What the two sides are at the counterexample, left and right."""
    match = _THERE.search(step.message) if step.counterexample else None
    return (match["left"], match["right"]) if match else None


def evidence(step: LineVerdict) -> str:
    """The counterexample with what happens there: "at w = 2: 4 on the left, 1 on the right"."""
    sides = values(step)
    return f"{at(step)}: {sides[0]} on the left, {sides[1]} on the right" if sides else at(step)


def told(step: LineVerdict) -> str:
    """The message, the point of the counterexample in front of what happens there."""
    return _THERE.sub(lambda _: evidence(step), step.message) if values(step) else step.message


def finding(step: LineVerdict) -> str:
    """The message without what the counterexample says."""
    if not values(step):
        return step.message
    parts = _THERE.split(step.message)
    return ". ".join(part for part in (parts[0].strip(" ;"), parts[-1].strip(" .;")) if part)


def point(step: LineVerdict) -> str:
    """The counterexample as a phrase with formulas between dollars; a distribution is said in words."""
    pairs = [(name.replace("$", ""), value.replace("$", "")) for name, value in (step.counterexample or {}).items()]
    return "at " + ", ".join(f"${n}$ = {v}" if "probability" in v else f"${n} = {v}$" for n, v in pairs)


def same_source(step: LineVerdict) -> bool:
    """Is what was understood what was written, but for blanks and delimiters?"""
    written, understood = (re.sub(r"[\s$]|\\[,;! ]", "", text or "") for text in (step.raw, step.understood))
    return written.rstrip(".,\\") == understood


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
    found: dict[str, list[Remark]] = {}
    for remark in remarks:
        found.setdefault(remark.message, []).append(remark)
    return [(_places(same), message) for message, same in found.items()]


def _places(remarks: Sequence[Remark]) -> str:
    named = dict.fromkeys(remark.place for remark in remarks if remark.place)
    plain = [remark.line for remark in remarks if not remark.place]
    return "; ".join([*named, *([line_numbers(plain)] if plain else [])])
