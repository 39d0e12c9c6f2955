"""No formula of a submission keeps the others from being judged."""

from __future__ import annotations

from pathlib import Path

import pytest

import checks.judge
from checks.grading import grade
from checks.judging.course import Course
from checks.report.model import LineVerdict
from checks.submission.document import Formula
from derive import NoRule, TooLarge

RIGHT = r"\frac{\partial \ell(f)}{\partial u_j} = \ell'(f) \operatorname{ReLU}(a_j X_i + b_j)"


def test_a_function_without_its_argument_is_read_as_the_problem_applies_it(tmp_path: Path) -> None:
    file = tmp_path / "work.md"
    file.write_text(RIGHT.replace("(f)}{", "}{").join(["$", "$\n"]) + r"$\frac{\partial \ell}{\partial f} = 1$" + "\n")
    assert [step.verdict for step in grade(file, "dead-relu").submissions[0].lines] == ["correct", "incorrect"]


@pytest.mark.parametrize("error", [NoRule("no rule for this"), TooLarge("too large"), RecursionError("deep")])
def test_a_formula_that_cannot_be_judged_goes_to_a_person_and_the_rest_is_judged(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = checks.judge._judged

    def fails(course: Course, formula: Formula) -> list[LineVerdict]:
        if formula.line == 1:
            raise error
        return judged(course, formula)

    monkeypatch.setattr(checks.judge, "_judged", fails)
    file = tmp_path / "work.md"
    file.write_text(f"${RIGHT}$\n\n${RIGHT}$\n")
    first, second = grade(file, "dead-relu").submissions[0].lines
    assert (first.verdict, first.code) == ("undecided", "no-rule")
    assert str(error) in first.message
    assert second.verdict == "correct"
