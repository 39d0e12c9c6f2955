"""The page: whole without network and script, harmless whatever a student wrote, legible in both colour schemes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING

import pytest
from report_sample import step

from checks.report.page import write_html

if TYPE_CHECKING:
    from checks.report.model import Report

HOSTILE = '</td></code><script>alert(1)</script><img src="x" onerror="alert(2)">\'"&amp; \x1b\u202e{{ 7*7 }}'
VOID = {"meta", "br", "img", "link", "mspace"}


class Page(HTMLParser):
    """Tags, attributes and text; an end tag that does not fit is an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def values(self, name: str) -> list[str]:
        return [value or "" for _, attribute, value in self.attributes if attribute == name]


@pytest.fixture
def html(report: Report) -> str:
    return write_html(report, "Homework 2")


def test_the_page_is_well_formed_and_says_what_it_is(html: str) -> None:
    page = Page(html)
    assert page.open == []
    assert html.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert page.tags["h1"] == 1
    assert page.tags["th"] == len(page.values("scope"))
    assert page.text.startswith("Homework 2")


def test_it_loads_and_runs_nothing(html: str) -> None:
    page = Page(html)
    policy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"
    assert policy in page.values("content")
    assert not {"script", "link", "iframe", "object", "img", "form"} & set(page.tags)
    assert "http:" not in html
    assert "https:" not in html
    assert all(url.startswith("data:font/woff2") for url in re.findall(r'url\("?([^")]*)', html))
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "src"]


def test_what_a_student_writes_stays_text(report: Report) -> None:
    first = report.submissions[0]
    verdicts = ("incorrect", "unreadable", "definition")
    lines = tuple(
        step(
            number, verdict, HOSTILE, understood, part=HOSTILE, message=HOSTILE, reading=HOSTILE, suggestion=HOSTILE,
            counterexample={HOSTILE: HOSTILE},
        )
        for number, (verdict, understood) in enumerate(product(verdicts, (None, HOSTILE, r"\text{<b>}", "<b>x</b>")), 1)
    )  # fmt: skip
    question = replace(first.questions[0], id=HOSTILE, ask=HOSTILE)
    remarks = tuple(replace(remark, message=HOSTILE) for remark in first.remarks)
    hostile = replace(first, file=HOSTILE, first_wrong_line=1, lines=lines, questions=(question,), remarks=remarks)
    problem = replace(report.problems[0], id=HOSTILE, title=HOSTILE, deciders=(HOSTILE,))
    page = Page(write_html(replace(report, problems=(problem,), submissions=(hostile,)), HOSTILE))
    assert page.open == []
    assert not {"script", "img"} & set(page.tags)
    assert page.tags["b"] == Page(write_html(replace(report, submissions=(first,)))).tags["b"] - 1  # remarks: one group
    assert "alert(1)" in page.text
    assert "{{ 7*7 }}" in page.text
    assert not set(page.text) & set("\x1b\u202e")


def test_every_link_leads_somewhere_and_no_anchor_is_used_twice(html: str) -> None:
    page = Page(html)
    anchors = page.values("id")
    assert len(anchors) == len(set(anchors))
    assert {link.removeprefix("#") for link in page.values("href")} <= set(anchors)


def test_the_summary_leads_to_the_first_wrong_step(html: str) -> None:
    anchor = re.search(r'<a class="incorrect" href="#([\w-]+)">line 41</a>', html)
    assert anchor is not None
    assert f'<li class="step incorrect" id="{anchor[1]}">' in html


def test_everything_known_about_a_wrong_step_is_shown(html: str) -> None:
    item = html[html.index('<li class="step incorrect"') :]
    text = Page("<ol>" + item[: item.index("</li>") + 5] + "</ol>").text
    for said in ("✗ incorrect", "line 41", "skip", "first wrong step", "differs from line 38", r"w^4 \Delta'(z_3^*)",
                 "at w = 1 / 2 , x = 1", "did you mean", r"w^4\sigma'(z_3^*)\sigma'(z_4)\sigma'(z_5^*)"):  # fmt: skip
        assert said in text


def test_what_happens_at_a_counterexample_stands_beside_it(html: str) -> None:
    item = html[html.rindex('<li class="step incorrect"') :]
    text = Page(
        "<ol><li><div>" + item[item.index('<div class="body">') : item.index("</li>")] + "</div></li></ol>"
    ).text
    assert "at w = 1 : 4 on the left, 1.5 on the right" in text
    assert "is missing. See h_4" in text


def test_the_source_is_not_repeated_where_it_is_what_was_written(report: Report) -> None:
    lines = (step(1, "correct", r"$x = \, y$.", "x = y"), step(2, "correct", "y = x", "x = y"))
    page = write_html(
        replace(report, submissions=(replace(report.submissions[0], lines=lines, first_wrong_line=None),))
    )
    assert page.count("Understood as") == 1


def test_points_left_to_a_person_are_said_so(html: str) -> None:
    text = Page(html).text
    assert "4 of 8, 1 question (2 points) to be looked at by a person" in text
    assert "to a person of 2" in text


def test_a_formula_that_cannot_be_drawn_is_shown_as_source(report: Report) -> None:
    odd = replace(report.submissions[0], lines=(step(1, "correct", "x", r"\bogus{x} <"),), first_wrong_line=None)
    assert r'<code class="source">\bogus{x} &lt;</code>' in write_html(replace(report, submissions=(odd,)))


def test_steps_that_claim_nothing_are_folded_into_runs(html: str) -> None:
    assert html.count('<li class="run">') == 5
    assert "4 definitions (lines 6–7)" in html


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_colour_of_text_has_the_contrast_of_wcag_aa(scheme: int) -> None:
    sheet = files("checks.report").joinpath("page.css").read_text(encoding="utf-8")
    block = re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block))
    inks = ("ink", "muted", "link", "correct", "incorrect", "undecided", "unreadable")
    for ink, ground in product(inks, ("paper", "wash")):
        light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)
