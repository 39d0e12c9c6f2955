"""The page of the catalogue is current, and a record that is stale is never shown as current."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from checks.catalogue import records
from checks.catalogue.listing import EARLIER, as_rows, print_listing
from checks.catalogue.page import PAGE, PICTURES, page, pictures
from checks.catalogue.records import Records, answers_of, recorded, write_records
from checks.certificates import certify_all
from checks.certify import certify
from derive import Problem, catalog

pytest.importorskip("torch")
DOCS = Path(__file__).parents[1] / "docs"
RENEW = "the page is not current: make docs"


def test_the_page_is_what_the_catalogue_answers_today():
    assert (DOCS / PAGE).read_text("utf-8") == page(recorded()), RENEW


def test_every_problem_was_certified_with_the_answers_it_has_today():
    known = recorded().of
    assert list(known) == list(catalog), RENEW
    for id_, record in known.items():
        assert record.answers == answers_of(catalog[id_]), RENEW
        assert record.certificate.holds
        assert all(one.status in ("proven", "verified") for one in record.certificate.each)


def test_every_picture_is_there_and_as_it_is_drawn_today():
    mpl = pytest.importorskip("matplotlib")
    kept = {path.name: path.read_bytes() for path in (DOCS / PICTURES).glob("*.svg")}
    drawn = dict(pictures())
    assert sorted(kept) == sorted(drawn), RENEW
    for name, svg in drawn.items():
        by = re.search(rb"Matplotlib v([\d.]+)", kept[name])
        assert by
        if by.group(1).decode() == mpl.__version__:
            assert kept[name] == svg, RENEW


def listed(found: Records) -> str:
    out = io.StringIO()
    print_listing(catalog.values(), found, Console(file=out, width=100, highlight=False))
    return out.getvalue()


@pytest.fixture
def kept(tmp_path):
    """A file with the certificate of one problem, made by this program."""
    file = tmp_path / "certified.json"
    write_records([certify(catalog["tanh-sigmoid"], examples=20)], file)
    return file


def test_a_record_of_this_program_is_current_and_shown_with_its_counts(kept):
    found = recorded(kept)
    assert found.of["tanh-sigmoid"].current
    assert re.search(r"c1 +proven +1 step proven, 17 of 17 mutants refuted", listed(found))
    assert EARLIER[:30] not in listed(found)


def test_a_record_of_another_program_is_called_earlier(kept, monkeypatch):
    monkeypatch.setattr(records, "program", lambda: "another")
    found = recorded(kept)
    assert not found.of["tanh-sigmoid"].current
    assert re.search(r"c1 +proven +\(earlier\) 1 step", listed(found))
    assert EARLIER[:30] in listed(found)
    row = next(row for row in as_rows(catalog.values(), found) if row["id"] == "tanh-sigmoid")
    assert row["certified"]["current"] is False


@pytest.mark.parametrize(("field", "value"), [("entry", "of another entry"), ("certificate", {})])
def test_a_record_of_an_entry_that_has_changed_is_no_record(kept, field, value):
    data = json.loads(kept.read_text())
    data["problems"]["tanh-sigmoid"][field] = value
    kept.write_text(json.dumps(data))
    assert recorded(kept).of == {}
    assert re.search(r"c1 +not yet", listed(recorded(kept)))


def test_a_certificate_that_fails_is_listed_as_failing(kept):
    found = recorded(kept)
    record = found.of["tanh-sigmoid"]
    each = [replace(one, failures=("no",)) if one.question == "c1" else one for one in record.certificate.each]
    bad = replace(record, certificate=replace(record.certificate, each=tuple(each), failures=("no",)))
    assert re.search(r"c1 +fails", listed(Records({"tanh-sigmoid": bad}, found.tools)))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 2}'])
def test_a_file_that_is_no_record_holds_none(tmp_path, text):
    file = tmp_path / "certified.json"
    file.write_text(text)
    assert recorded(file).of == {}
    assert recorded(tmp_path / "none.json").of == {}


def test_the_answers_of_a_problem_change_with_a_definition():
    entry = catalog.entry("plain-chain")
    part = {**entry["part"][0], "given": [line.replace("w_1 x", "2 w_1 x") for line in entry["part"][0]["given"]]}
    changed = Problem.from_dict({**entry, "part": [part]})
    assert answers_of(changed) != answers_of(catalog["plain-chain"])


def test_two_processes_find_what_one_finds_in_the_same_order():
    names = ["tanh-sigmoid", "examples/two-layer.toml"]
    told = []
    found = certify_all(names, examples=20, jobs=2, progress=told.append)
    assert found == certify_all(names, examples=20, jobs=1)
    assert [one.problem for one in found] == ["tanh-sigmoid", "two-layer"]
    assert told[0] == "tanh-sigmoid: c1"
    assert [one.question for one in found[1].each] == ["output-weight"] + [one.question for one in found[1].each[1:]]
