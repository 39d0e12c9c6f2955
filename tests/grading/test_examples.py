"""The example submissions are graded as `make verify` shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.grading import assignments, grade
from checks.verify import EXAMPLES, FOLDER, found_in
from derive.errors import BadSpec


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.file)
def test_every_known_mistake_of_each_example_is_found_and_nothing_else_is_called_wrong(example):
    graded = grade(FOLDER / example.file, example.problem).submissions[0]
    found = found_in(graded, example.mistakes)
    assert (found.to_person, found.missed, found.false_alarms) == ((), (), ())
    assert graded.first_wrong_line == min(found.found, default=None)
    assert sorted(found.found) == sorted(example.mistakes)


def test_the_examples_hold_many_mistakes_of_several_kinds():
    mistakes = [code for example in EXAMPLES for code in example.mistakes.values()]
    assert len(mistakes) >= 25
    assert len(set(mistakes)) >= 10


def test_a_mistake_that_is_not_there_and_one_that_is_not_known_are_both_reported():
    graded = grade(FOLDER / "submissions/001-chains.md", "skip-connection").submissions[0]
    found = found_in(graded, {43: "sign", 14: "sign", 49: "renamed"})
    assert (found.found, found.to_person, found.missed, found.false_alarms) == ((49,), (), (14, 43), ())
    assert found_in(graded, {49: "renamed"}).false_alarms == (43,)
    assert not found.as_expected


def test_the_all_correct_submission_gets_every_point():
    graded = grade(FOLDER / "submissions/all-correct.md", "examples/homework-2.toml").submissions[0]
    assert all(question.verdict == "correct" for question in graded.questions)
    assert not [line for line in graded.lines if line.verdict not in ("correct", "definition", "outside")]


def test_a_wrong_answer_gets_no_points_and_an_unreadable_one_goes_to_a_person(tmp_path):
    wrong, unreadable = tmp_path / "wrong.md", tmp_path / "unreadable.md"
    wrong.write_text(r"$\frac{\partial L}{\partial v} = (p - t) h$")
    unreadable.write_text(r"$\frac{\partial L}{\partial v} = q + r$")
    reports = grade([wrong, unreadable], "examples/two-layer.toml").submissions
    points = [next(q for q in r.questions if q.id == "output-weight") for r in reports]
    assert [(q.verdict, q.points) for q in points] == [("incorrect", 0.0), ("undecided", None)]


def test_a_known_wrong_form_comes_with_its_hint(tmp_path):
    file = tmp_path / "work.md"
    file.write_text(r"$\frac{\partial L}{\partial v} = (p - t) h$")
    step = grade(file, "examples/two-layer.toml").submissions[0].lines[0]
    assert step.code == "constant-factor"
    assert "brings a factor 2" in step.message


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("skip-conection", "did you mean 'skip-connection'"),
        ("nowhere.toml", "no file nowhere.toml"),
        ("skip-connection@69-12", "as in skip-connection@12-69"),
        ("skip-connection@x", "as in skip-connection@12-69"),
    ],
)
def test_a_problem_that_cannot_be_found_is_named_with_what_to_write(name, said):
    with pytest.raises(BadSpec, match=said.replace("(", r"\(")):
        assignments([name])


def test_a_set_that_contains_itself_is_refused(tmp_path):
    set_file = tmp_path / "set.toml"
    set_file.write_text('schema = 1\nproblems = ["set.toml"]\n')
    with pytest.raises(BadSpec, match="contains itself"):
        assignments([str(set_file)])


def test_the_examples_stand_in_the_repository():
    assert Path("examples/two-layer.toml").is_file()
