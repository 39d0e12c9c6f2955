"""What a grader sees in a terminal, in a pipe, without colour and without Unicode."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from report_sample import question, step
from rich.console import Console

from checks.report.terminal import print_report

if TYPE_CHECKING:
    from checks.report.model import Report

GOLDEN = Path(__file__).parent / "golden"


def shown(report: Report, width: int | None = 80, *, verbose: bool = False, **console: object) -> str:
    screen = io.StringIO()
    settings: dict[str, object] = {"force_terminal": width is not None, "color_system": None, "width": width} | console
    print_report(report, Console(file=screen, **settings), verbose=verbose)
    return screen.getvalue()


def compare(name: str, text: str) -> None:
    """Equal to the golden file; UPDATE_GOLDEN=1 writes it anew."""
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


def test_eighty_columns(report: Report) -> None:
    compare("terminal-80.txt", shown(report))


def test_everything_in_a_pipe(report: Report) -> None:
    compare("terminal-piped-verbose.txt", shown(report, None, verbose=True))


@pytest.mark.parametrize(("width", "widest"), [(80, 80), (60, 60), (None, 100)])
def test_no_line_is_wider_than_the_screen_or_ends_in_spaces(report: Report, width: int | None, widest: int) -> None:
    lines = shown(report, width).split("\n")
    assert max(map(len, lines)) <= widest
    assert not any(line.endswith(" ") for line in lines)


def test_a_pipe_takes_the_width_it_is_told(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    assert max(map(len, shown(report, None).split("\n"))) <= 70


def test_the_first_wrong_step_is_named_with_its_evidence(report: Report) -> None:
    text = shown(report)
    below = text[text.index("first wrong step: line 41") :]
    assert "at w = 1/2, x = 1" in below
    assert "did you mean" in below


def test_every_wrong_step_has_its_evidence_in_the_table_the_point_first(report: Report) -> None:
    table = shown(report, 120).partition("first wrong step")[0]
    assert "at w = 1/2, x = 1, b = 0, w_1 = -1" in table
    assert table.count("did you mean") == 1
    assert "is missing; at w = 1: 4 on the left, 1.5 on the right. See h_4" in table


def test_places_of_notebooks_are_cells_and_their_lines(report: Report) -> None:
    first = report.submissions[0]
    lines = tuple(replace(line, place=f"cell 2, line {line.line}") for line in first.lines)
    remarks = tuple(replace(remark, place=f"cell 9, line {remark.line}") for remark in first.remarks)
    text = shown(replace(report, submissions=(replace(first, lines=lines, remarks=remarks),)))
    assert "✗ cell 2, line 41  skip   incorrect" in text
    assert "first wrong step: cell 2, line 41" in text
    assert "cell 9, line 63: prose" in text
    assert "  cell 2, line 38  2 of 2" in text


def test_a_wrapped_formula_is_the_source_again(report: Report) -> None:
    wrong = report.submissions[0].lines[12]
    assert wrong.understood is not None
    assert wrong.understood in "".join(line.strip() for line in shown(report).splitlines())


def test_points_nobody_settled_are_neither_lost_nor_given(report: Report) -> None:
    assert "total: 4 of 8, 1 question (2 points) to be looked at by a person" in shown(report)


def test_steps_that_claim_nothing_are_counted_in_one_line(report: Report) -> None:
    short, full = shown(report), shown(report, verbose=True)
    assert "besides: 8 definitions, 1 assumption, 1 formula outside the problem" in short
    assert " definition " not in short
    assert " definition " in full


def test_a_step_that_only_carries_a_mistake_on_says_so(report: Report) -> None:
    assert "follows from the line before" in shown(report)


def test_colour_is_used_and_no_color_is_obeyed(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[1;31m" in shown(report, color_system="standard")
    monkeypatch.setenv("NO_COLOR", "1")
    plain = shown(report, color_system="standard")
    assert "\x1b[1;31m" not in plain
    assert not any(f"\x1b[{code}m" in plain for code in range(30, 38))
    assert "✗   41" in plain  # the verdict stands in a mark and a word


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_an_encoding_without_the_marks_gets_plain_ones(report: Report, encoding: str) -> None:
    bytes_ = io.BytesIO()
    screen = io.TextIOWrapper(bytes_, encoding=encoding, newline="\n")
    print_report(report, Console(file=screen))
    screen.flush()
    text = bytes_.getvalue().decode(encoding)
    assert "x   41  skip   incorrect" in text
    assert "+   16  plain  correct" in text
    assert r"\u0627" not in text  # nothing but what is shown is rewritten: the Persian line was understood as LaTeX
    if encoding == "ascii":
        assert r"\u2202h_3^* stands alone" in text


def test_hostile_text_cannot_act_on_the_terminal(report: Report) -> None:
    hostile = step(1, "incorrect", "\x1b[2J[red]x\u202e\x07\ud800", message="[bold]\x1b]0;title\x07 \x9b31m")
    one = replace(report.submissions[0], file="a\x1b[31m.txt", lines=(hostile,), first_wrong_line=1, remarks=())
    text = shown(replace(report, submissions=(one,)))
    assert not set(text) & set("\x1b\x07\x9b\u202e\ud800")
    assert "[red]x" in text
    assert "[bold]" in text


def test_half_points_and_no_questions(report: Report) -> None:
    first = report.submissions[0]
    halves = replace(first, questions=(question("a", "correct", 16, 0.5, 1.5), question("b", "undecided", 3, None, 1)))
    assert "total: 0.5 of 2.5, 1 question (1 point) to be" in shown(replace(report, submissions=(halves,)))
    assert "total" not in shown(replace(report, submissions=(replace(first, questions=()),)))


def test_several_problems_are_named_where_they_begin(report: Report) -> None:
    first = report.submissions[0]
    other = replace(report.problems[0], id="bump-adam", title="Adam")
    moved = (*first.lines, step(96, "correct", "g_t", "g_t = 1", problem="bump-adam"))
    text = shown(replace(report, problems=(*report.problems, other), submissions=(replace(first, lines=moved),)))
    assert "\n  skip-connection\n" in text
    assert "\n  bump-adam\n" in text


def test_an_empty_submission_is_not_praised(report: Report) -> None:
    empty = replace(report.submissions[1], lines=(), questions=(), first_wrong_line=None)
    assert "no step to judge was found" in shown(replace(report, submissions=(empty,)))
