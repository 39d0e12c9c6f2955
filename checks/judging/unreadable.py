"""Formulas that cannot be read: the record of it, and what can be told from their text and from their left side."""

from __future__ import annotations

import re
from dataclasses import replace

from checks.judging.chains import names_it, sides_steps
from checks.judging.course import ChainState, Course
from checks.judging.records import Place
from checks.report.model import LineVerdict
from checks.submission.document import Formula
from checks.submission.tokens import relations, tokenize
from derive.errors import Unreadable
from derive.tree import Chain, Node

_RELATION = re.compile(r"=|\\in(?![A-Za-z])|\\approx")


def unreadable(course: Course, formula: Formula, error: Unreadable) -> LineVerdict:
    """A formula that cannot be read; the chain keeps what its left side says."""
    line, column = formula.position(error.offset)
    step = Place(formula, 0, len(formula.text), 1).verdict(course.problem.id, course.scope.part, None)
    said = error.reason if error.hint.startswith("declare") else error.sentence()  # who submits declares nothing
    message = f"line {line}, column {column}: {said}"
    step = replace(step, verdict="unreadable", code=error.code, message=message)
    if error.impossible and formula.role == "claim" and _RELATION.search(formula.text):
        step = replace(step, verdict="incorrect", true_by_itself=False)
    if not formula.continues:
        _anchor_of(course, formula.text)
    course.chain.last, course.chain.last_outcome = None, "unreadable"
    course.answers.note_unreadable(course.chain.anchor, step)
    course.answers.loose.note_text(formula.text)
    return step


def _anchor_of(course: Course, text: str) -> None:
    left = left_of(course, text)
    course.chain = ChainState(left, left, None)


def named_at_the_end(course: Course, formula: Formula) -> tuple[int, list[LineVerdict]]:
    """`… = \\delta` behind what cannot be read: a name for what the chain is about. Where that begins, and its steps."""
    tokens = tokenize(formula.text, 0, len(formula.text))
    equals = [tokens[index].start for index in relations(tokens) if tokens[index].text == "="]
    start, base = (equals or [0])[-1], course.chain.base
    if not start or base is None or formula.role != "claim":
        return 0, []
    try:
        rest = course.read(formula.text[start:]).tree
    except Unreadable:
        return 0, []
    if not isinstance(rest, Chain) or not rest.continued or not names_it(course, "=", rest.sides[0], base):
        return 0, []
    shifted = replace(rest, at=tuple(start + offset for offset in rest.at))
    return start, [replace(step, step=step.step + 1) for step in sides_steps(course, formula, shifted, 0, start)]


def left_of(course: Course, text: str) -> Node | None:
    """What stands before the first `=` of a formula that cannot be read whole."""
    left, equals, _ = text.partition("=")
    try:
        return course.read(left).tree if equals else None
    except Unreadable:
        return None


def mentions(course: Course, text: str) -> int:
    """The defined names that occur in a formula that cannot be read; a single letter only where it is derived."""
    squeezed = text.replace(" ", "").replace("{", "").replace("}", "")
    derived = squeezed.replace(r"\mathrm", "")
    count = 0
    for name in {name for part in course.problem.parts for name in course.scope.names_of(part)}:
        plain = name.replace("{", "").replace("}", "")
        if len(name) > 1:
            count += plain in squeezed
        else:
            count += bool(
                re.search(
                    rf"(?:\\partial|∂|(?<![A-Za-z])d){re.escape(plain)}(?![A-Za-z])|^{re.escape(plain)}['′=(]",
                    derived,
                )
            )
    return count
