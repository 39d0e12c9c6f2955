"""Lines of scanned homeworks → how many are judged as a careful person judged them, for each problem.

    python benchmarks/seeds.py [LINES [TEXTS]] [--problem ID …]     seed_lines.jsonl and the folder of the scans;
                               [--together]                         ../shared/cases and ../shared/seeds by default

With `--together` every scan is graded once against the whole catalogue, as one who does not know its exercises would do,
and the lines that went to another problem than their own are listed. Without it each problem is graded alone.

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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.grading import grade
from checks.report.model import LineVerdict
from derive import BadSpec
from derive.catalog import catalog

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
    def partly(self) -> bool:
        """Whether one of its steps is as expected and another is not: a true step before a false one, say."""
        return bool({*self.verdicts} & self.expect) and not self.as_expected

    @property
    def false_verdict(self) -> bool:
        """Called correct where false, or incorrect where true: the worst there is."""
        got = set(self.verdicts)
        return (self.expect == {"incorrect"} and got == {"correct"}) or (
            bool(self.expect) and self.expect <= {"correct", "definition"} and "incorrect" in got
        )


Expected = dict[str, dict[str, list[dict[str, Any]]]]  # problem → scan → entries
Judged = tuple[str, list[Line], list[tuple[str, LineVerdict]]]


def main() -> int:
    """Grade every scan against the problems that lines of it belong to; print a table and what is not as expected."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", nargs="?", type=Path, default=SHARED / "cases" / "seed_lines.jsonl")
    parser.add_argument("texts", nargs="?", type=Path, default=SHARED / "seeds")
    parser.add_argument("--problem", action="append", help="only this problem; may be given several times")
    parser.add_argument("--together", action="store_true", help="grade each scan once, against the whole catalogue")
    parser.add_argument("--steps", action="store_true", help="print every step of the lines, with its message")
    arguments = parser.parse_args()
    expected = expectations(arguments.lines, arguments.problem)
    found = together(arguments.texts, expected) if arguments.together else alone(arguments.texts, expected)
    every: list[Line] = []
    print(f"{'problem':24}{'lines':>6}{'as expected':>13}{'false':>7}{'others called correct':>23}")
    shown: list[str] = []
    for problem, lines, others in found:
        every += lines
        print(_row(problem, lines, len(others)))
        shown += described(problem, lines, others, steps=arguments.steps)
    print(_row("all", every, sum(text.startswith("correct  ") for text in shown)))
    right, mixed = sum(line.as_expected for line in every), sum(line.partly for line in every)
    print(
        f"as expected: {right} of {len(every)} ({100 * right / max(len(every), 1):.1f} %); besides, a step of {mixed} lines"
    )
    print("\n".join(shown))
    return 1 if any(line.false_verdict for line in every) else 0


def _row(problem: str, lines: list[Line], others: int) -> str:
    right, false = sum(line.as_expected for line in lines), sum(line.false_verdict for line in lines)
    return f"{problem:24}{len(lines):6}{right:13}{false:7}{others:23}"


def expectations(path: Path, wanted: list[str] | None) -> Expected:
    """The entries of a file by problem and scan."""
    found: Expected = defaultdict(lambda: defaultdict(list))
    for row in path.read_text("utf-8").splitlines():
        entry = json.loads(row)
        if not wanted or entry["problem"] in wanted:
            found[entry["problem"]][entry["file"]].append(entry)
    return found


def alone(texts: Path, expected: Expected) -> Iterator[Judged]:
    """Each problem with its lines, every scan graded against that problem only."""
    for problem, files in expected.items():
        try:
            steps = {file: grade(texts / file, problem).submissions[0].lines for file in files}
        except BadSpec as error:
            print(f"{problem:24}  {error}")
            continue
        spoken_of = {(file, entry["line"]) for file, entries in files.items() for entry in entries}
        yield problem, list(_lines(files, steps)), list(_others(steps, spoken_of))


def together(texts: Path, expected: Expected) -> Iterator[Judged]:
    """The same, every scan graded once against the whole catalogue; a step is of the problem it was judged in."""
    steps = {file.name: grade(file, list(catalog)).submissions[0].lines for file in sorted(texts.glob("*.txt"))}
    spoken_of = {(f, e["line"]) for files in expected.values() for f, entries in files.items() for e in entries}
    others = list(_others(steps, spoken_of))
    for problem in dict.fromkeys((*expected, *(step.problem for _, step in others if step.problem))):
        mine = [(file, step) for file, step in others if step.problem == problem]
        yield problem, list(_lines(expected.get(problem, {}), steps)), mine


def _lines(files: Mapping[str, list[dict[str, Any]]], steps: Mapping[str, Sequence[LineVerdict]]) -> Iterator[Line]:
    for file, entries in files.items():
        for e in entries:
            here = tuple(step for step in steps[file] if step.line == e["line"])
            yield Line(file, e["line"], frozenset(e["expect"]), e["note"], here)


def _others(
    steps: Mapping[str, Sequence[LineVerdict]], spoken_of: set[tuple[str, int]]
) -> Iterator[tuple[str, LineVerdict]]:
    """The steps called correct that no entry speaks of."""
    for file, found in steps.items():
        yield from ((file, s) for s in found if s.verdict == "correct" and (file, s.line) not in spoken_of)


def described(problem: str, lines: list[Line], others: list[tuple[str, LineVerdict]], *, steps: bool) -> Iterator[str]:
    """What is not as expected, and what nobody expected anything of."""
    for line in lines:
        elsewhere = sorted({step.problem for step in line.steps if step.problem and step.problem != problem})
        if elsewhere:
            yield f"elsewhere  {problem} {line.file}:{line.number}  judged in {', '.join(elsewhere)}"
        if line.as_expected and not steps:
            continue
        mark = "FALSE" if line.false_verdict else "as expected" if line.as_expected else "other"
        got = ", ".join(line.verdicts) or "no step"
        yield f"{mark}  {problem} {line.file}:{line.number}  {got}; expected {'/'.join(sorted(line.expect))}  {line.note}"
        yield from (f"      {step.verdict} {step.code}: {step.raw[:80]}  {step.message[:200]}" for step in line.steps)
    yield from (f"correct  {problem} {file}:{step.line}  {step.raw[:100]}" for file, step in others)


if __name__ == "__main__":
    sys.exit(main())
