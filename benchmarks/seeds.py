"""Lines of scanned homeworks → how many are judged as a careful person judged them, for each problem.

    python benchmarks/seeds.py [LINES [TEXTS]] [--problem ID …]     seed_lines.jsonl and the folder of the scans;
                                                                    ../shared/cases and ../shared/seeds by default

A line is as expected if one of its steps has one of the verdicts expected, and every other step one of those too or is
a definition, an assumption or outside. Apart are listed the lines of the same files that nobody expected anything of and
that are called correct: each has to be true as it stands. Figures are printed, never asserted; exit code 1 if a line that
is false as scanned was called correct, or a true one incorrect.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.grading import grade
from checks.report.model import LineVerdict
from derive import BadSpec

SHARED = Path(__file__).parents[1] / "../shared"
NEUTRAL = frozenset({"definition", "assumption", "outside"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a scan: what is expected of its steps, and what they got."""

    file: str
    number: int
    expect: frozenset[str]
    note: str
    steps: tuple[LineVerdict, ...]

    @property
    def verdicts(self) -> tuple[str, ...]:
        return tuple(step.verdict for step in self.steps)

    @property
    def as_expected(self) -> bool:
        got = set(self.verdicts)
        return bool(got & self.expect) and got <= self.expect | NEUTRAL

    @property
    def false_verdict(self) -> bool:
        """Called correct where false, or incorrect where true: the worst there is."""
        got = set(self.verdicts)
        return (self.expect == {"incorrect"} and got == {"correct"}) or (
            bool(self.expect) and self.expect <= {"correct", "definition"} and "incorrect" in got
        )


def main() -> int:
    """Grade every scan against the problems that lines of it belong to; print a table and what is not as expected."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", nargs="?", type=Path, default=SHARED / "cases" / "seed_lines.jsonl")
    parser.add_argument("texts", nargs="?", type=Path, default=SHARED / "seeds")
    parser.add_argument("--problem", action="append", help="only this problem; may be given several times")
    parser.add_argument("--steps", action="store_true", help="print every step of the lines, with its message")
    arguments = parser.parse_args()
    expected = expectations(arguments.lines, arguments.problem)
    worst = 0
    print(f"{'problem':24}{'lines':>6}{'as expected':>13}{'false':>7}{'others called correct':>23}")
    shown: list[str] = []
    for problem, files in expected.items():
        try:
            lines, others = judged(problem, files, arguments.texts)
        except BadSpec as error:
            print(f"{problem:24}  {error}")
            continue
        right, false = sum(line.as_expected for line in lines), sum(line.false_verdict for line in lines)
        worst += false
        print(f"{problem:24}{len(lines):6}{right:13}{false:7}{len(others):23}")
        shown += described(problem, lines, others, steps=arguments.steps)
    print("\n".join(shown))
    return 1 if worst else 0


def expectations(path: Path, wanted: list[str] | None) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The entries of a file by problem and scan."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in path.read_text("utf-8").splitlines():
        entry = json.loads(row)
        if not wanted or entry["problem"] in wanted:
            found[entry["problem"]][entry["file"]].append(entry)
    return found


def judged(
    problem: str, files: dict[str, list[dict[str, Any]]], texts: Path
) -> tuple[list[Line], list[tuple[str, LineVerdict]]]:
    """The lines of a problem with their steps, and the steps called correct that no entry speaks of. Raises BadSpec."""
    lines: list[Line] = []
    others: list[tuple[str, LineVerdict]] = []
    for file, entries in files.items():
        steps = grade(texts / file, problem).submissions[0].lines
        by_line: dict[int, list[LineVerdict]] = defaultdict(list)
        for step in steps:
            by_line[step.line].append(step)
        lines += [Line(file, e["line"], frozenset(e["expect"]), e["note"], tuple(by_line[e["line"]])) for e in entries]
        spoken_of = {entry["line"] for entry in entries}
        others += [(file, step) for step in steps if step.verdict == "correct" and step.line not in spoken_of]
    return lines, others


def described(problem: str, lines: list[Line], others: list[tuple[str, LineVerdict]], *, steps: bool) -> Iterator[str]:
    """What is not as expected, and what nobody expected anything of."""
    for line in lines:
        if line.as_expected and not steps:
            continue
        mark = "FALSE" if line.false_verdict else "as expected" if line.as_expected else "other"
        got = ", ".join(line.verdicts) or "no step"
        yield f"{mark}  {problem} {line.file}:{line.number}  {got}; expected {'/'.join(sorted(line.expect))}  {line.note}"
        yield from (f"      {step.verdict} {step.code}: {step.raw[:80]}  {step.message[:200]}" for step in line.steps)
    yield from (f"correct  {problem} {file}:{step.line}  {step.raw[:100]}" for file, step in others)


if __name__ == "__main__":
    sys.exit(main())
