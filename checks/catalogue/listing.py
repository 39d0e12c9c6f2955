"""The catalogue and its records → the table of `derive list`, and its JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from checks.catalogue.records import Record, Records
from checks.catalogue.wording import in_brief
from checks.certify import Certificate, questions_of
from derive.problem import Problem

if TYPE_CHECKING:
    from rich.console import Console

_COLOURS = {"proven": "green", "verified": "green"}
EARLIER = "(earlier) certified before the program was last changed, and not since; `derive check ID` certifies what it now answers"


def as_rows(problems: Iterable[Problem], records: Records) -> list[dict[str, Any]]:
    """One object a problem; `certified` is null where nothing is known, and `current` says whether it is of this program."""
    return [
        {
            "id": problem.id,
            "system": problem.system,
            "title": problem.title,
            "questions": list(questions_of(problem)),
            "source": problem.source,
            "certified": _json(records.of.get(problem.id)),
        }
        for problem in problems
    ]


def _json(record: Record | None) -> dict[str, Any] | None:
    if record is None:
        return None
    each = [
        {"question": one.question, "status": _status(one), "counts": in_brief(one)} for one in record.certificate.each
    ]
    return {"current": record.current, "holds": record.certificate.holds, "questions": each}


def print_listing(problems: Iterable[Problem], records: Records, console: Console) -> None:
    """A line a problem, then one a question; below, which certificates are not of this program."""
    problems = tuple(problems)
    table = Table(box=None, pad_edge=False, show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for problem in problems:
        record = records.of.get(problem.id)
        known = {one.question: one for one in record.certificate.each} if record else {}
        table.add_row(Text(problem.id, style="bold"), Text(problem.system), Text(problem.title, style="bold"))
        for question in questions_of(problem):
            status, counts = _cells(known.get(question), earlier=record is not None and not record.current)
            table.add_row(Text(f"  {question}"), status, counts)
    console.print(table)
    if any(not record.current for record in records.of.values()):
        console.print(Text(EARLIER, style="dim"))
    if len(records.of) < len(problems):
        console.print(Text("not certified yet: `derive check ID` certifies it", style="dim"))
    if records.tools:
        console.print(Text("with " + ", ".join(f"{k} {v}" for k, v in records.tools.items()), style="dim"))


def _cells(certificate: Certificate | None, *, earlier: bool) -> tuple[Text, Text]:
    if certificate is None:
        return Text("not yet", style="yellow"), Text("")
    status = _status(certificate)
    counts = in_brief(certificate)
    return Text(status, style="dim" if earlier else _COLOURS.get(status, "red")), Text(
        f"(earlier) {counts}" if earlier else counts, style="dim" if earlier else ""
    )


def _status(certificate: Certificate) -> str:
    return certificate.status if certificate.holds else "fails"
