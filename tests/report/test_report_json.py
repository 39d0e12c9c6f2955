"""The JSON of a grading: the fields of the contract, and nothing json cannot write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checks.report.model import Report

LINE = {
    "line", "column", "step", "problem", "part", "raw", "understood", "verdict", "code", "true_by_itself", "follows",
    "reading", "counterexample", "suggestion", "message", "place",
}  # fmt: skip


def test_the_document_has_the_fields_of_the_contract(report: Report) -> None:
    document = json.loads(json.dumps(report.as_dict()))
    assert document["schema"] == 1
    assert [problem["id"] for problem in document["problems"]] == ["skip-connection"]
    for submission in document["submissions"]:
        assert {"file", "first_wrong_line", "lines", "questions"} <= set(submission)
        assert all(set(line) == LINE for line in submission["lines"])
        assert all({"id", "verdict", "line", "points", "max"} <= set(asked) for asked in submission["questions"])


def test_values_come_through_as_they_are(report: Report) -> None:
    first = json.loads(json.dumps(report.as_dict()))["submissions"][0]
    wrong = next(line for line in first["lines"] if line["line"] == first["first_wrong_line"])
    assert wrong["counterexample"] == {"w": "1/2", "x": "1", "b": "0", "w_1": "-1"}
    assert wrong["true_by_itself"] is False
    assert first["questions"][-1]["points"] is None
    assert first["remarks"][0] == {
        "line": 80,
        "column": 1,
        "message": "a block of code, no question asks for a program",
        "place": None,
    }
