"""The layout a submission keeps to, once all of it was seen: what is right in that layout is right, in whatever order it stands.

A derivative by a matrix that is right only transposed is left open while it may be a slip. It is none where the same
submission writes gradients by vectors as rows (numerator layout), or writes several by matrices so and none otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from checks.judging.comparison import OTHER_LAYOUT
from checks.judging.course import Course
from checks.report.model import LineVerdict
from derive.matrix.conventions import GRADIENTS, ROWS

ENOUGH = 2  # derivatives by matrices, transposed throughout, that show a layout
KEPT = "right in the numerator layout, to which the submission keeps"


def settled(lines: list[LineVerdict], courses: Mapping[str, Course]) -> list[LineVerdict]:
    """The steps of a submission, those left open for their layout right where it keeps to that; so are their answers."""
    for id_, course in courses.items():
        open_ones = [line for line in lines if line.problem == id_ and line.code == OTHER_LAYOUT and _is_open(line)]
        if not open_ones or not _keeps_to_it(course, len(open_ones)):
            continue
        course.answers.mended(open_ones)
        right = {id(line) for line in open_ones}
        lines = [
            replace(line, verdict="correct", true_by_itself=True, message=KEPT) if id(line) in right else line
            for line in lines
        ]
    return lines


def _is_open(line: LineVerdict) -> bool:
    return line.verdict == "undecided"


def _keeps_to_it(course: Course, count: int) -> bool:
    return GRADIENTS not in course.scope.layouts and (ROWS in course.scope.layouts or count >= ENOUGH)
