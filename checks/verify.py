"""`make verify`: the catalogue certified, the example submissions graded, one page and one summary of it all.

Exits 1 if a certificate fails or an example is not graded as `EXAMPLES` says.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from checks.certify import certify
from checks.commands.common import console, progress
from checks.grading import grade
from checks.report.certificates import print_certificates
from checks.report.model import Report
from checks.report.page import write_html
from derive.catalog import catalog
from derive.problem import Problem

if TYPE_CHECKING:
    from rich.console import Console

FOLDER = Path("examples")
PAGE = Path("build") / "report.html"


@dataclass(frozen=True, slots=True)
class Example:
    """A submission that comes with the project: what it is graded against, and the first wrong line it must show."""

    file: str
    problem: str
    first_wrong: int | None


EXAMPLES = (
    Example("submissions/001-chains.md", "skip-connection", 43),
    Example("submissions/002-chains.md", "skip-connection", 57),
    Example("submissions/001-bump.md", "bump-adam", 13),
    Example("submissions/001-bump-corrected.md", "bump-adam", None),
    Example("submissions/002-bump.md", "bump-adam", 9),
    Example("submissions/002-bump-corrected.md", "bump-adam", None),
    Example("submissions/003-networks.md", "examples/networks.toml", 79),
    Example("submissions/003-networks-corrected.md", "examples/networks.toml", None),
    Example("submissions/004-moments.md", "adam-moments", 21),
    Example("submissions/004-moments-corrected.md", "adam-moments", None),
    Example("submissions/004-adamax.md", "adamax", 5),
    Example("submissions/004-maxout.md", "maxout-network", 11),
    Example("submissions/004-maxout-corrected.md", "maxout-network", None),
    Example("submissions/004-matrix-calculus.md", "matrix-calculus", 17),
    Example("submissions/004-matrix-calculus-corrected.md", "matrix-calculus", None),
    Example("submissions/all-correct.md", "examples/homework-2.toml", None),
)
PROBLEM_FILES = ("two-layer.toml", "bump-momentum.toml")


def main() -> int:
    """Everything above; the exit code."""
    out = console()
    problems = [*catalog.values(), *(Problem.from_toml(FOLDER / name) for name in PROBLEM_FILES)]
    with progress("certifying", sum(len(p.questions) + len(p.walks) for p in problems)) as advance:
        certificates = [certify(problem, progress=advance) for problem in problems]
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

    table = Table(box=None, pad_edge=False, header_style="bold", title="examples", title_justify="left")
    for heading in ("submission", "first wrong line", "expected", "correct", "wrong", "open", "points"):
        table.add_column(heading, overflow="fold")
    right = True
    for example, report in zip(EXAMPLES, reports, strict=True):
        graded = report.submissions[0]
        counts = [sum(1 for line in graded.lines if line.verdict in kinds) for kinds in
                  (("correct",), ("incorrect",), ("undecided", "unreadable"))]  # fmt: skip
        points = sum(q.points or 0 for q in graded.questions)
        most = sum(q.max for q in graded.questions)
        right = right and graded.first_wrong_line == example.first_wrong
        table.add_row(
            example.file,
            _line(graded.first_wrong_line),
            _line(example.first_wrong),
            *map(str, counts),
            f"{points:g} of {most:g}",
        )
    out.print(table)
    out.print(f"written: {PAGE}", style="dim")
    return right


def _line(line: int | None) -> str:
    return "none" if line is None else str(line)


if __name__ == "__main__":
    sys.exit(main())
