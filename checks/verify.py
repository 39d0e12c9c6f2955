"""`make verify`: the catalogue certified, the example submissions graded, one page and one summary of it all.

Exits 1 if a certificate fails, a known mistake of an example is not found, or a line is called wrong that is not.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from checks.certificates import certify_all
from checks.certify import questions_of
from checks.commands.common import console, progress
from checks.grading import grade, load_problems
from checks.report.certificates import print_certificates
from checks.report.model import Report, SubmissionReport
from checks.report.page import write_html
from derive.catalog import catalog

if TYPE_CHECKING:
    from rich.console import Console

FOLDER = Path("examples")
PAGE = Path("build") / "report.html"


@dataclass(frozen=True, slots=True)
class Example:
    """A submission that comes with the project, what it is graded against, and its known mistakes: line → code.

    A mistake is a line that is false or has no meaning whatever its author had in mind, found by a person. Lines that
    only use names their author never explains are none: they are left open, for a person to ask.
    """

    file: str
    problem: str
    mistakes: Mapping[int, str] = field(default_factory=dict)


EXAMPLES = (
    Example("submissions/000-bump.md", "bump-adam", {9: "point"}),
    Example("submissions/000-bump-corrected.md", "bump-adam"),
    Example("submissions/001-chains.md", "skip-connection", {43: "renamed", 49: "renamed"}),
    Example("submissions/002-chains.md", "skip-connection", dict.fromkeys((57, 61, 63, 65), "missing-factor")),
    Example("submissions/001-chains-corrected.md", "skip-connection"),
    Example("submissions/002-chains-corrected.md", "skip-connection"),
    Example("submissions/001-bump.md", "bump-adam", {13: "wrong-digits"}),
    Example("submissions/001-bump-corrected.md", "bump-adam"),
    Example("submissions/002-bump.md", "bump-adam", {9: "no-convergence", 73: "table-entry"}),
    Example("submissions/002-bump-corrected.md", "bump-adam"),
    Example("submissions/003-networks.md", "examples/networks.toml", {39: "not-implied", 79: "index"}),
    Example("submissions/003-networks-corrected.md", "examples/networks.toml"),
    Example("submissions/004-moments.md", "adam-moments", {21: "not-equal", 23: "not-equal"}),
    Example("submissions/004-moments-corrected.md", "adam-moments"),
    Example("submissions/004-adamax.md", "adamax", {5: "not-equal"}),
    Example("submissions/004-lipschitz.md", "lipschitz", {23: "counterexample", 27: "wrong-variable", 63: "definition"}),
    Example("submissions/004-lipschitz-corrected.md", "lipschitz"),
    Example("submissions/004-maxout.md", "maxout-network", {
        11: "not-equal", 13: "sign", 17: "extra-factor", 41: "not-equal", 47: "type-mismatch", 51: "not-equal", 61: "not-equal"}),
    Example("submissions/004-maxout-corrected.md", "maxout-network"),
    Example("submissions/004-matrix-calculus.md", "matrix-calculus", {
        17: "constant-factor", 27: "not-equal", 29: "not-equal", 45: "shape", 49: "transpose"}),
    Example("submissions/004-matrix-calculus-corrected.md", "matrix-calculus"),
    Example("submissions/004-line-search.md", "line-search", {27: "implied-by", 35: "counterexample"}),
    Example("submissions/004-line-search-corrected.md", "line-search"),
    Example("submissions/004-optimal-step.md", "optimal-step", {
        7: "definition", 9: "definition", 15: "shape", 17: "counterexample", 35: "definition", 39: "definition"}),
    Example("submissions/004-optimal-step-corrected.md", "optimal-step"),
    Example("submissions/all-correct.md", "examples/homework-2.toml"),
)  # fmt: skip
COLUMNS = ("submission", "first\nwrong", "mistakes\nfound", "called wrong\nby mistake", "correct\nsteps", "left to\na person",
           "points")  # fmt: skip
PROBLEM_FILES = ("two-layer.toml", "bump-momentum.toml")


@dataclass(frozen=True, slots=True)
class Found:
    """What became of the known mistakes of an example, by line."""

    found: tuple[int, ...]
    to_person: tuple[int, ...]  # not decided or not readable, for the reason that is known
    missed: tuple[int, ...]  # passed over, or called wrong for another reason
    false_alarms: tuple[int, ...]  # called wrong, though no mistake is known there

    @property
    def as_expected(self) -> bool:
        """Whether no mistake was passed over, and no line was called wrong without one."""
        return not self.missed and not self.false_alarms


def found_in(graded: SubmissionReport, mistakes: Mapping[int, str]) -> Found:
    """The lines called wrong, or left open, beside those that are wrong."""
    wrong = {(step.line, step.code) for step in graded.lines if step.verdict == "incorrect"}
    left = {(step.line, step.code) for step in graded.lines if step.verdict in ("undecided", "unreadable")}
    found = tuple(line for line, code in mistakes.items() if (line, code) in wrong)
    to_person = tuple(line for line, code in mistakes.items() if (line, code) in left and line not in found)
    missed = tuple(sorted({*mistakes} - {*found, *to_person}))
    return Found(found, to_person, missed, tuple(sorted({line for line, _ in wrong} - {*mistakes})))


def main() -> int:
    """Everything above; the exit code."""
    out = console()
    names = [*catalog, *(str(FOLDER / name) for name in PROBLEM_FILES)]
    questions = sum(len(questions_of(problem)) for name in names for problem in load_problems(name))
    with progress("certifying", questions) as advance:
        certificates = certify_all(names, progress=advance)
    print_certificates(certificates, out)
    with progress("grading", len(EXAMPLES)) as advance:
        reports = [grade(FOLDER / example.file, example.problem, progress=advance) for example in EXAMPLES]
    _write_page(reports)
    return 0 if _examples_as_expected(reports, out) and all(c.holds for c in certificates) else 1


def _write_page(reports: list[Report]) -> None:
    problems = tuple({p.id: p for report in reports for p in report.problems}.values())
    whole = Report(problems, tuple(s for report in reports for s in report.submissions))
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(write_html(whole), encoding="utf-8")


def _examples_as_expected(reports: list[Report], out: Console) -> bool:
    from rich.table import Table

    graded = [report.submissions[0] for report in reports]
    outcomes = [found_in(each, example.mistakes) for example, each in zip(EXAMPLES, graded, strict=True)]
    table = Table(
        box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", title="examples", title_justify="left"
    )
    for heading in COLUMNS:
        first = heading == COLUMNS[0]
        table.add_column(heading, justify="left" if first else "right", no_wrap=True)
    for example, each, outcome in zip(EXAMPLES, graded, outcomes, strict=True):
        left_open = sum(step.verdict in ("undecided", "unreadable") for step in each.lines)
        known = len(example.mistakes)
        table.add_row(
            Path(example.file).name,
            "none" if each.first_wrong_line is None else str(each.first_wrong_line),
            f"{len(outcome.found)} of {known}" if known else "",
            str(len(outcome.false_alarms) or "none"),
            str(sum(step.verdict == "correct" for step in each.lines)),
            str(left_open or ""),
            f"{sum(q.points or 0 for q in each.questions):g} of {sum(q.max for q in each.questions):g}",
        )
    out.print(table)
    for example, outcome in zip(EXAMPLES, outcomes, strict=True):
        for lines, what in (
            (outcome.missed, "a known mistake was not found"),
            (outcome.false_alarms, "no mistake is known"),
        ):
            out.print(
                *(f"{example.file}, line {line}: {what}" for line in lines),
                sep="\n",
                end="\n" * bool(lines),
                style="red",
            )
    known, found = sum(len(e.mistakes) for e in EXAMPLES), sum(len(o.found) for o in outcomes)
    left, alarms = sum(len(o.to_person) for o in outcomes), sum(len(o.false_alarms) for o in outcomes)
    person = f" ({left} more left to a person)" if left else ""
    homeworks = len({Path(e.file).name[:3] for e in EXAMPLES if Path(e.file).name[:3].isdigit()})
    out.print(f"{len(EXAMPLES)} submissions, transcriptions of {homeworks} homeworks among them")
    said = f"known mistakes found: {found} of {known}{person}; lines called wrong that are not: {alarms or 'none'}"
    out.print(said, style="bold")
    out.print(f"written: {PAGE}", style="dim")
    return all(outcome.as_expected for outcome in outcomes)


if __name__ == "__main__":
    sys.exit(main())
