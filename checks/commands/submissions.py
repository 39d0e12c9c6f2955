"""The verbs about submissions: grade, read."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from checks.grading import Assignment
    from checks.submission import Document, Remark

from checks.commands.common import JSON, LET, console, declared, progress, refusing, write_json


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--problem",
    "problems",
    multiple=True,
    required=True,
    help="Catalogue id, problem file or set; ID@12-69 names lines. Repeatable.",
)
@click.option("--html", "html_file", type=click.Path(dir_okay=False), help="Write a self-contained page to this file.")
@click.option("--verbose", is_flag=True, help="List definitions, assumptions and formulas outside the problem too.")
@JSON
def grade(
    files: tuple[str, ...], problems: tuple[str, ...], html_file: str | None, verbose: bool, as_json: bool
) -> None:
    """Grade submissions (Markdown, LaTeX, notebooks, scanned text; - for stdin) step by step."""
    from checks.grading import assignments, grade_document, summaries
    from checks.report.model import Report
    from checks.submission import read_document

    with refusing(as_json=as_json):
        assigned = assignments(problems)
        submissions = []
        with progress("grading", len(files)) as advance:
            for file in files:
                data = _bytes_of(file)
                document = read_document(file, data)
                graded = grade_document(document, assigned)
                submissions.append(graded.placed(document, *_empty_ranges(document, assigned, data.count(b"\n") + 1)))
                advance(file)
        report = Report(summaries(assigned), tuple(submissions))
        if html_file:
            from checks.report.page import write_html

            Path(html_file).write_text(write_html(report), encoding="utf-8")
            click.echo(f"written: {html_file}", err=True)
    if as_json:
        write_json(report.as_dict())
    elif not html_file or verbose:
        from checks.report.terminal import print_report

        print_report(report, console(), verbose=verbose)


def _empty_ranges(document: Document, assigned: Iterable[Assignment], lines: int) -> Iterator[Remark]:
    """Remarks on the lines named for a problem in which no formula stands."""
    from checks.submission import Remark

    for one in assigned:
        if one.first is None or any(one.covers(formula.line) for formula in document.formulas):
            continue
        why = f"the file has {lines}" if one.first > lines else "no formula stands there"
        yield Remark(one.first, 1, f"{one.problem.id} was to be found in lines {one.first}–{one.last}, but {why}")


def _bytes_of(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


@click.command()
@click.argument("file")
@click.option(
    "--problem",
    "problems",
    multiple=True,
    help="Read with the names of this problem; without, what is written like a function is one.",
)
@LET
@JSON
def read(file: str, problems: tuple[str, ...], lets: tuple[str, ...], as_json: bool) -> None:
    """Show how FILE is understood: every formula with its place, and what is not read. Nothing is judged."""
    from checks.grading import assignments
    from checks.submission import read_document
    from checks.understood import understood
    from derive.symbols import SymbolTable

    with refusing(as_json=as_json):
        assigned = assignments(problems)
        document = read_document(file, _bytes_of(file))
        found = understood(document, [a.problem for a in assigned], SymbolTable.from_specs(declared(lets)))
    if as_json:
        write_json({"schema": 1, "file": file, "functions": list(found.functions), "formulas": found.rows, "remarks": [
            {"line": r.line, "column": r.column, "place": r.place, "message": r.message}
            for r in document.remarks]})  # fmt: skip
        return
    if found.heading:
        click.echo(found.heading)
    for row in found.rows:
        text = row["understood"] if row["understood"] is not None else f"unreadable: {row['message']}"
        click.echo(f"{row['place'] or '{line}:{column}'.format(**row)}  [{row['role']}]  {text}")
    for remark in document.remarks:
        click.echo(f"{remark.place or f'{remark.line}:{remark.column}'}  remark: {remark.message}")
