"""What an author says is false: judged as that."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.grading import grade

FALSE = r"\epsilon^* \ge \frac{1}{\lambda_{\min}}"
TRUE = r"\epsilon^* \le \frac{1}{\lambda_{\min}}"


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        (f"The bound ${FALSE}$ is wrong.", ["correct"]),
        (f"It is not true that ${FALSE}$.", ["correct"]),
        (f"But ${FALSE}$ does not hold in general.", ["correct"]),
        (f"${FALSE}$ cannot hold.", ["correct"]),
        (f"It would be wrong to claim that ${FALSE}$.", ["correct"]),
        (r"$\frac{1}{\lambda_{\max}} \le \epsilon^* \le \frac{1}{\lambda_{\max}}$ is false.", ["outside", "correct"]),
        (f"The bound ${TRUE}$ is wrong.", ["incorrect"]),
        (f"It is not true that ${TRUE}$.", ["incorrect"]),
        (f"${TRUE}$ is false if $g = 0$.", ["undecided", "assumption"]),
        (f"${FALSE}$ is right.", ["incorrect"]),
        (f"${TRUE}$ is not wrong.", ["correct"]),
        (f"The false bound is not used: ${TRUE}$.", ["correct"]),
    ],
)
def test_a_statement_said_to_be_false_is_right_where_it_is_refuted(text: str, verdicts: list[str], tmp_path: Path):
    file = tmp_path / "work.md"
    file.write_text(text + "\n")
    report = grade(file, "optimal-step").submissions[0]
    assert [step.verdict for step in report.lines] == verdicts
    assert all(question.points == 0 for question in report.questions if question.id == "bounds") or TRUE in text


def test_what_is_said_to_be_false_is_shown_as_that_and_answers_nothing(tmp_path: Path):
    file = tmp_path / "work.md"
    file.write_text(f"${TRUE}$ is wrong, and ${FALSE}$ is wrong.\n")
    report = grade(file, "optimal-step").submissions[0]
    assert all((step.understood or "").startswith(r"\text{not }") for step in report.lines)
    assert next(q for q in report.questions if q.id == "bounds").verdict == "missing"
