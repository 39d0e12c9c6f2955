"""Pictures: the same bytes every time, one for each entry, in files and in the page of a report."""

import re
import sys

import pytest
from click.testing import CliRunner

from checks.cli import main
from derive import BadSpec, catalog
from derive.plots import PICTURES, available, inline, picture_of, rendered, write
from derive.plots.curves import skip_bound, skip_ratio
from derive.plots.paths import heights
from derive.plots.searches import Search

pytestmark = pytest.mark.skipif(not available(), reason="matplotlib is not installed")
WITH_PATHS = [id_ for id_, problem in catalog.items() if problem.walks]
ALL = [*PICTURES, *WITH_PATHS]


def picture(id_):
    return picture_of(id_, catalog.get(id_))


@pytest.mark.parametrize("id_", ALL)
def test_a_picture_is_the_same_svg_each_time_and_holds_no_date(id_):
    first = rendered(picture(id_), "svg")
    assert first == rendered(picture(id_), "svg")
    assert first.startswith(b"<?xml")
    assert b"<dc:date>" not in first


def test_png_and_svg_are_written_and_nothing_else(tmp_path):
    for name, start in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml")):
        write(picture("activations"), tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)
    with pytest.raises(BadSpec, match=r"\.svg or \.png"):
        write(picture("activations"), tmp_path / "a.pdf")


def test_heights_drawn_lie_on_every_side_of_the_greatest_heights():
    walks = catalog["bump-adam"].walks.values()
    drawn = heights(catalog["bump-adam"])
    assert [[walk.highest.passes(h) for walk in walks] for h in drawn] == [[True, True], [True, False], [False, False]]


def test_the_steps_drawn_are_those_of_the_search_and_the_number_said_is_enough():
    search = Search()
    tried = list(search.tried())
    assert [accepted for _, accepted in tried] == [False, False, True]
    assert all((search.loss(t) <= search.decrease(t)) is accepted for t, accepted in tried)
    assert search.bound(search.surely) == pytest.approx(search.decrease(search.surely))
    t = search.beta**search.enough * search.first
    assert t <= search.surely
    assert search.bound(t) <= search.decrease(t)
    assert search.beta ** (search.enough - 1) * search.first > -search.slope / search.most


def test_inline_pictures_share_no_ids_and_say_what_they_show():
    one, two = (inline(picture(id_), id_) for id_ in ("bump-adam", "bump-descent"))
    ids = [set(re.findall(r'\bid="([^"]+)"', text)) for text in (one, two)]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert 'role="img" aria-label="The loss with bumps' in one
    for reference in re.findall(r'(?:href="#|url\(#)([^")]+)', one):
        assert reference in ids[0]


def test_the_report_shows_the_picture_of_its_problem(tmp_path):
    source = tmp_path / "a.md"
    source.write_text("The maximum height Adam passes is $h = 0.41$.")
    page = tmp_path / "a.html"
    result = CliRunner().invoke(main, ["grade", str(source), "--problem", "bump-adam", "--html", str(page)])
    assert result.exit_code == 0
    assert page.read_text().count("<figure") == 1
    assert "<svg role=" in page.read_text()


def test_plot_writes_the_file_or_names_the_pictures_there_are(tmp_path):
    target = tmp_path / "a.svg"
    assert CliRunner().invoke(main, ["plot", "bump-descent", "-o", str(target)]).exit_code == 0
    assert target.stat().st_size > 10_000
    result = CliRunner().invoke(main, ["plot", "plain-chain", "-o", str(target)])
    assert result.exit_code == 2
    assert "there are pictures of" in result.output
    assert CliRunner().invoke(main, ["plot", "no-such-problem", "-o", str(target)]).exit_code == 2


def test_without_matplotlib_the_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr("derive.plots.available", lambda: False)
    with pytest.raises(BadSpec, match=r"derivation-verifier\[plots\]"):
        rendered(picture("activations"), "svg")


def test_the_ratio_drawn_is_the_one_of_the_two_networks_and_stays_below_its_bound():
    assert abs(skip_ratio(-2.5, 2.7, 0.9999546021312976) - 1.374129995) < 1e-8  # z_1 = 10
    for w in (-3.0, -1.0, 0.5, 2.0):
        for b in (-2.0, 0.0, 2.5):
            assert skip_ratio(w, b, 0.7) < skip_bound(w)
