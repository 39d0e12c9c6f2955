"""The record of a step: where it stands, how it was understood, and the words for a verdict or a definition."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from checks.edits import sentence
from checks.judging.course import Course
from checks.report.model import LineOutcome, LineVerdict
from checks.submission.document import Formula
from checks.verdict import Verdict
from derive.tree import Chain, Name, Node
from derive.write import latex


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands: a run of a formula's text."""

    formula: Formula
    start: int
    end: int
    number: int

    def verdict(self, problem: str, part: str | None, understood: str | None) -> LineVerdict:
        """An undecided step at this place, to be filled in."""
        line, column = self.formula.position(self.start)
        raw = self.formula.text[self.start : self.end].strip()
        return LineVerdict(line, column, self.number, problem, part, raw, understood, "undecided", "",
                           None, None, None, None, None, "")  # fmt: skip


def record(
    course: Course, formula: Formula, tree: Node, verdict: LineOutcome, code: str, message: str, part: str | None = None
) -> LineVerdict:
    """The step that a whole formula is, with its verdict."""
    step = Place(formula, 0, len(formula.text), 1).verdict(course.problem.id, part or course.scope.part, latex(tree))
    return replace(step, verdict=verdict, code=code, message=message)


def said_of_name(name: str, outcome: str, key: str) -> str:
    """What a definition came to (scope.py), in words."""
    if outcome == "alias":
        return sentence("{} is this author's name for {}", Name(name), Name(key))
    if outcome == "redefined":
        return "this name meant something else before: defined anew, or wrong; from here on it is read like this"
    if outcome == "repeated":
        return f"says what ${name}$ stands for"
    return "defined by the author" if outcome == "own" else "as the problem defines it"


def evidence(verdict: Verdict) -> str:
    """The evidence; the point of a counterexample is shown beside it."""
    if verdict.values is None:
        return verdict.evidence
    entry = re.search(r"(entry \(\d+, \d+\)) is [^:]*$", verdict.evidence)
    place = f"{entry.group(1)} of " if entry else ""
    return f"there {place}the left side is {verdict.values[0]}, the right side {verdict.values[1]}"


def links(tree: Chain) -> list[Chain]:
    """Every relation of a chain by itself."""
    pairs = zip(tree.sides, tree.relations, tree.sides[1:], strict=False)
    return [Chain((left, right), (relation,)) for left, relation, right in pairs]


def as_written(raw: str, text: str, written: str) -> str:
    """The run of a text that another text of the same length has at its place."""
    start = text.find(raw)
    return written[start : start + len(raw)] if start >= 0 else raw
