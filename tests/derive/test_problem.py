"""Problem files: fields, scopes of parts, and errors that name the field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import BadSpec, Problem, Unreadable, catalog
from derive.tree import Name

TOML = r"""
schema = 1
id = "two-layers"
title = "Two layers"
source = "made up"
[symbols]
x = "real"
w = "real"
sigma = { spec = "function, increasing", latex = ['\sigma', 'S'] }
[[part]]
name = "plain"
given = ['z = w x', 'h = \sigma(z)', 'y = w h']
[[part]]
name = "skip"
given = ['z = w x', 'h = \sigma(z) + x', 'y = w h']
[[question]]
id = "plain-w"
part = "plain"
ask = '\frac{\partial y}{\partial x}'
points = 2
accepts = ["w^2 S'(z)"]
rejects = [{ latex = "w S'(z)", code = "missing-factor", hint = "w stands twice" }]
[[question]]
id = "skip-w"
part = "skip"
ask = '\frac{\partial y}{\partial x}'
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "problem.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_has_the_fields_of_an_entry(tmp_path: Path) -> None:
    problem = Problem.from_toml(written(tmp_path, TOML))
    assert (problem.id, problem.title, problem.source) == ("two-layers", "Two layers", "made up")
    assert list(problem.parts) == ["plain", "skip"]
    question = problem.question("plain-w")
    assert question.points == 2
    assert question.accepts == ("w^2 S'(z)",)
    assert (question.rejects[0].code, question.rejects[0].hint) == ("missing-factor", "w stands twice")
    assert problem.question("skip-w").points == 1


def test_each_part_is_a_scope(tmp_path: Path) -> None:
    problem = Problem.from_toml(written(tmp_path, TOML))
    assert problem.parts["skip"].quantities == {"z": "z", "h": "h@skip", "y": "y@skip"}
    assert problem.read("h", "plain") == Name("h")
    assert problem.read("h", "skip") == Name("h@skip")
    plain, skip = (problem.derivation(question).closed_form.latex() for question in problem.questions)
    assert plain == r"w^2 \sigma'(z)"
    assert skip == r"w^2 \sigma'(z) + w"


def test_a_derivation_is_derived_once(tmp_path: Path) -> None:
    problem = Problem.from_toml(written(tmp_path, TOML))
    question = problem.questions[0]
    assert problem.derivation(question) is problem.derivation(question)


GOOD: dict[str, Any] = {
    "id": "p",
    "symbols": {"x": "real", "sigma": "function"},
    "part": [{"name": "a", "given": [r"z = \sigma(x)"]}],
    "question": [{"id": "q", "ask": r"\frac{\partial z}{\partial x}"}],
}

BAD = [
    ({"id": None}, "the field 'id' is missing"),
    ({"part": None}, "the field 'part' is missing"),
    ({"schema": 2}, "schema 2 is not known"),
    ({"titel": "x"}, "unknown field 'titel'; did you mean 'title'?"),
    ({"part": []}, "at least one [[part]]"),
    ({"part": [{"nam": "a"}]}, "unknown field 'nam'; did you mean 'name'?"),
    ({"part": [{"name": "a"}, {"name": "a"}]}, "two parts are called 'a'"),
    ({"part": [{"name": "a", "given": ["z = x", "z = 2x"]}]}, "part 'a' defines z twice"),
    ({"part": [{"name": "a", "given": ["z"]}]}, "part 'a'"),
    ({"part": [{"name": "a", "given": ["x + x = x"]}]}, "is no name"),
    ({"part": [{"name": "a", "given": ["z = x = x"]}]}, "more than one relation"),
    ({"part": [{"name": "a", "given": "z = x"}]}, "part 'a'"),
    ({"part": [{"name": "a", "given": [5]}]}, "part 'a'"),
    ({"part": [5]}, "part"),
    ({"part": {"name": "a"}}, "at least one [[part]]"),
    ({"symbols": {"x": "rael"}}, "x: 'rael' is not a spec"),
    ({"symbols": "x"}, "symbols"),
    ({"symbols": 5}, "symbols"),
    ({"question": [{"id": "q"}]}, "a question has an id, and one of ask"),
    ({"question": [{"id": "q", "ask": "x", "prt": "a"}]}, "unknown field 'prt'; did you mean 'part'?"),
    ({"question": [{"id": "q", "ask": "x", "part": "b"}]}, "question 'q': there is no part 'b'"),
    ({"question": [{"id": "q", "ask": "x = z"}]}, "ask for a formula"),
    ({"question": [{"id": "q", "ask": "x"}, {"id": "q", "ask": "z"}]}, "two questions have the id 'q'"),
    ({"question": [{"id": "q", "ask": "x", "points": "many"}]}, "points"),
    ({"question": [{"id": "q", "ask": "x", "points": -1}]}, "points"),
    ({"question": [{"id": "q", "ask": "x", "points": float("nan")}]}, "points"),
    ({"question": [{"id": "q", "ask": "x", "accepts": "x"}]}, "accepts"),
    ({"question": [{"id": "q", "ask": "x", "accepts": [5]}]}, "accepts"),
    ({"question": [{"id": "q", "ask": "x", "rejects": [{"latex": "x"}]}]}, "code"),
    ({"question": [{"id": "q", "ask": "x", "rejects": ["x"]}]}, "rejects"),
    ({"question": [{"id": "q", "ask": "x", "rejects": 5}]}, "rejects"),
    ({"question": 5}, "question"),
    ({"question": [5]}, "question"),
    ({"id": 5}, "id"),
    ({"title": 5}, "title"),
]


@pytest.mark.parametrize(("changes", "said"), BAD, ids=[said for _, said in BAD])
def test_errors_name_the_field(changes: dict[str, Any], said: str) -> None:
    data = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    with pytest.raises(BadSpec) as caught:
        Problem.from_dict(data)
    assert said in str(caught.value)


def test_a_formula_that_cannot_be_read_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="q is not declared"):
        Problem.from_dict({**GOOD, "part": [{"name": "a", "given": ["z = q"]}]})


def test_errors_of_a_file_name_the_file(tmp_path: Path) -> None:
    with pytest.raises(BadSpec, match=r"problem\.toml: not TOML"):
        Problem.from_toml(written(tmp_path, "id = "))
    with pytest.raises(BadSpec, match=r"problem\.toml: the field 'id' is missing"):
        Problem.from_toml(written(tmp_path, "schema = 1"))
    with pytest.raises(OSError, match="missing"):
        Problem.from_toml(tmp_path / "missing.toml")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "problem.toml"
    path.write_bytes(b"id = '\xff'")
    with pytest.raises(BadSpec, match="not TOML"):
        Problem.from_toml(path)
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(BadSpec, match="at most"):
        Problem.from_toml(path)


values = st.recursive(
    st.one_of(
        st.integers(), st.booleans(), st.floats(), st.sampled_from(["", "x", "real", "z = x", r"\frac{dz}{dx}", "a"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(["id", "name", "given", "ask", "part", "latex", "code", "x", "spec"]), inner, max_size=3
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["id", "title", "symbols", "part", "question", "schema", "source", "system"]), values)
def test_any_value_in_any_field_is_read_or_refused(field: str, value: Any) -> None:
    try:
        problem = Problem.from_dict({**GOOD, field: value})
    except (BadSpec, Unreadable):
        return
    assert problem.table is not None


@pytest.mark.parametrize("name", list(catalog))
def test_every_entry_derives_every_question(name: str) -> None:
    problem = catalog[name]
    for question in problem.formulas:
        assert problem.derivation(question).closed_form.latex()


def test_an_unknown_entry_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        catalog["no-such-problem"]
