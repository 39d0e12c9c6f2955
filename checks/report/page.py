"""A result document as one HTML page: no script, no network, formulas as MathML with their own font."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from checks.report import wording
from checks.report.formula import latex_to_html, prose_to_html
from checks.report.points import Points, add_up
from checks.report.text import clean

if TYPE_CHECKING:
    from checks.report.model import LineVerdict, QuestionResult, Report, SubmissionReport


@dataclass(frozen=True, slots=True)
class Entry:
    """A step with the anchor that links lead to."""

    anchor: str
    step: LineVerdict


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring entries shown together: one step, or a run of steps that claim nothing."""

    judged: bool
    entries: tuple[Entry, ...]

    @property
    def lines(self) -> str:
        places = [entry.step for entry in self.entries]
        if any(step.place for step in places):
            first, last = wording.where(places[0]), wording.where(places[-1])
            return first if first == last else f"{first} to {last}"
        return wording.line_numbers([step.line for step in places])

    @property
    def summary(self) -> str:
        return wording.unjudged(entry.step for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One submission as the template reads it."""

    anchor: str
    report: SubmissionReport
    blocks: tuple[Block, ...]
    first_wrong: Entry | None
    points: Points
    tally: dict[str, int]

    @property
    def questions(self) -> tuple[QuestionResult, ...]:
        return self.report.questions

    def anchor_of(self, line: int) -> str | None:
        """Where the steps of a line begin on the page."""
        entries = (entry for block in self.blocks for entry in block.entries)
        return next((entry.anchor for entry in entries if entry.step.line == line), None)


def write_html(report: Report, title: str = "Grading report") -> str:
    """The page as text; it loads nothing from outside and runs nothing."""
    sheets = [_sheet(f"s{number}", submission) for number, submission in enumerate(report.submissions, 1)]
    pictures = {problem.id: drawn for problem in report.problems if (drawn := _picture(problem.id))}
    template = _environment().get_template("page.html.j2")
    return template.render(title=title, report=report, sheets=sheets, pictures=pictures, style=_style())


def _picture(id_: str) -> tuple[Markup, str] | None:
    """The picture that belongs to a problem of the catalogue, and what it shows; None without matplotlib."""
    from derive.catalog import catalog
    from derive.plots import available, inline, picture_of

    picture = picture_of(id_, catalog[id_]) if id_ in catalog and available() else None
    return None if picture is None else (Markup(inline(picture, id_)), picture.says)  # noqa: S704  drawn here


def _sheet(anchor: str, submission: SubmissionReport) -> Sheet:
    entries = tuple(Entry(f"{anchor}-{number}", step) for number, step in enumerate(submission.lines, 1))
    wrong = wording.first_wrong(submission)
    return Sheet(
        anchor=anchor,
        report=submission,
        blocks=_blocks(entries),
        first_wrong=next((entry for entry in entries if entry.step is wrong), None),
        points=add_up(submission.questions),
        tally=wording.tally(submission.lines),
    )


def _blocks(entries: tuple[Entry, ...]) -> tuple[Block, ...]:
    """Every judged step by itself, every run of others together."""
    blocks: list[Block] = []
    for judged, run in groupby(entries, key=lambda entry: entry.step.verdict in wording.JUDGED):
        together = tuple(run)
        blocks += [Block(True, (entry,)) for entry in together] if judged else [Block(False, together)]
    return tuple(blocks)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("checks", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["in_words"] = wording.verdict_in_words
    environment.filters["latex"] = latex_to_html
    environment.filters["prose"] = prose_to_html
    environment.globals.update(
        marks=wording.MARKS,
        finding=wording.finding,
        point=wording.point,
        values=wording.values,
        same_source=wording.same_source,
        where=wording.where,
        where_line=wording.where_line,
        blame=wording.blame,
        nothing_wrong=wording.nothing_wrong,
        grouped=wording.grouped,
        count=wording.count,
    )
    return environment


def _shown(value: object) -> object:
    """Every value on its way into the page: strangers' text loses what is invisible; our own markup stays."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _style() -> Markup:
    """The style sheet with the font in it."""
    folder = files("checks.report")
    font = b64encode(folder.joinpath("fonts/derivation-math.woff2").read_bytes()).decode("ascii")
    sheet = folder.joinpath("page.css").read_text(encoding="utf-8")
    return Markup(sheet.replace("FONT", f"data:font/woff2;base64,{font}"))  # noqa: S704  two files of this package
