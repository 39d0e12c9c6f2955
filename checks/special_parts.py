r"""Parts that are special cases (`said`): which of them a line may be about, by what stands before it and in its paragraph.

What is said of the sigmoid further down does not make a line above it one about the sigmoid: false for the general function,
it is left open. Where the author has chosen a function, `take $\sigma(z) = z + z^3$`, no line under it is one about another.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from checks.choices import choice_of, put_in
from checks.decide.claim import Claim
from checks.decide.equality import decide_equal
from checks.judging.course import Course
from checks.report.model import LineVerdict
from checks.scope import Scope
from checks.submission.document import Document, Formula
from derive.errors import NoRule, TooLarge
from derive.parts import Part
from derive.tree import functions

_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


class Said:
    """What a document has said by the end of each paragraph."""

    def __init__(self, document: Document) -> None:
        self.lines: list[int] = []
        self.texts: list[str] = []
        before = ""
        for page in document.pages:
            for end in (*(match.start() for match in _PARAGRAPHS.finditer(page.text)), len(page.text)):
                self.lines.append(page.source.place(end)[0])
                self.texts.append(before + page.text[:end])
            before += page.text + "\n"

    def by(self, line: int) -> str:
        """The text up to the end of the paragraph of a line."""
        return self.texts[min(bisect_left(self.lines, line), len(self.texts) - 1)] if self.texts else ""


def choose_parts(course: Course, said: Said, formulas: Sequence[Formula]) -> bool:
    """Leave a course the parts that the last of the formulas may be about; whether others are spoken of further on."""
    scope, parts = course.scope, course.problem.parts
    special = {name for name in course.spoken_parts if parts[name].said}
    if not special:
        return False
    text = before = said.by(formulas[-1].line)
    if scope.chosen:  # until another special case is spoken of in a later paragraph
        chosen_at = next((f.line for f in reversed(formulas) if choice_of(scope, f)), formulas[-1].line)
        text = text[len(said.by(chosen_at)) :]
    kept = {name for name in special if parts[name].spoken_of(text)}
    if scope.chosen and kept:
        scope.chosen, course.given = {}, replace(course.given, functions={})
    elif scope.chosen:
        kept = {name for name in special if _is_of_choice(parts[name], scope)}
    scope.parts = tuple(name for name in course.spoken_parts if name in kept or name not in special)
    if scope.part not in scope.parts:
        scope.part = None
    return not scope.chosen and not all(parts[name].spoken_of(before) for name in special)


def _is_of_choice(part: Part, scope: Scope) -> bool:
    """Whether the definitions of a part are those of the general one, the functions chosen put in."""
    if {*part.means} & {*scope.chosen}:
        return False
    special = dict(part.given)
    general = next((dict(p.given) for p in scope.problem.parts.values() if not p.said), {})
    pairs = [(special[name], tree) for name, tree in general.items() if name in special]
    pairs = [(one, other) for one, other in pairs if {*functions(other)} & {*scope.chosen}]
    with suppress(NoRule, TooLarge):
        claims = (Claim(one, put_in(other, scope.chosen), scope.setting) for one, other in pairs)
        return bool(pairs) and all(decide_equal(claim).status == "proven" for claim in claims)
    return False


def left_open(course: Course, steps: Sequence[LineVerdict]) -> list[LineVerdict]:
    """What is false in general, and may be meant of the special case that is spoken of further on."""
    said = "false in general; whether the special case is meant that is spoken of further on is left to a person"
    soft = [step if step.verdict != "incorrect" else
            replace(step, verdict="undecided", code="special-part", true_by_itself=None, counterexample=None,
                    suggestion=None, message=said) for step in steps]  # fmt: skip
    course.answers.follow(soft)
    return soft
