"""The scanned homeworks, where they stand beside the checkout: every line as a careful person judged it."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

from checks.grading import grade
from checks.report.model import SubmissionReport

SHARED = Path(__file__).parents[3] / "shared"
NEUTRAL = {"definition", "assumption", "outside"}
pytestmark = pytest.mark.skipif(
    not (SHARED / "seeds").is_dir(), reason="the scanned homeworks are not beside this checkout"
)


def expectations() -> dict[str, dict[int, set[str]]]:
    wanted: dict[str, dict[int, set[str]]] = defaultdict(dict)
    for row in (SHARED / "cases" / "seed_lines.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(row)
        if entry["problem"] == "skip-connection":
            wanted[entry["file"]][entry["line"]] = set(entry["expect"])
    return wanted


def graded(file: str) -> SubmissionReport:
    return grade(SHARED / "seeds" / file, "skip-connection").submissions[0]


@pytest.mark.parametrize("file", ["000.txt", "001.txt", "002.txt"])
def test_every_judged_line_gets_a_verdict_a_careful_person_would_give(file):
    report = graded(file)
    by_line = defaultdict(list)
    for step in report.lines:
        by_line[step.line].append(step.verdict)
    for line, expected in expectations()[file].items():
        assert expected & set(by_line[line]), f"line {line}: {by_line[line]} where one of {expected} is expected"
        assert set(by_line[line]) <= expected | NEUTRAL, f"line {line}: {by_line[line]}"


@pytest.mark.parametrize(("file", "line"), [("000.txt", None), ("001.txt", 41), ("002.txt", 61)])
def test_the_first_wrong_line_is_named(file, line):
    assert graded(file).first_wrong_line == line


@pytest.mark.parametrize("file", ["000.txt", "001.txt", "002.txt"])
def test_nothing_else_in_the_file_is_called_correct(file):
    judged = expectations()[file]
    extra = [step for step in graded(file).lines if step.verdict == "correct" and step.line not in judged]
    assert not extra, [(step.line, step.raw) for step in extra]


def test_a_lost_differential_is_unreadable_and_its_mending_is_suggested():
    step = next(step for step in graded("001.txt").lines if step.line == 33)
    assert step.verdict == "unreadable"
    assert step.suggestion is not None
    assert r"\frac{\partial z_5^*}{\partial h_3^*}" in step.suggestion
    assert "correct" in step.message


def test_a_consistent_renaming_is_suggested_for_misread_names():
    step = next(step for step in graded("001.txt").lines if step.line == 41)
    assert step.code == "renamed"
    assert r"$\chi$ → $x$" in step.message
