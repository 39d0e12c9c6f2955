"""Line search and the best step along a gradient: rows for columns, equations that are set, the sign that log β < 0 turns."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import LineVerdict
from checks.submission import read_document
from derive.catalog import catalog

SLOPE = r"\frac{\partial f(x_0 - \epsilon g)}{\partial \epsilon}"
BY_G = r"\frac{\partial f(x_0 - \epsilon g)}{\partial g}"
FORM = r"-g^T g + \epsilon g^T H g"
STEP = r"\frac{g^T g}{g^T H g}"
BOUND = r"- \frac{\nabla f(x)^T \Delta x}{m \|\Delta x\|_2^2 t}"


def steps(problem: str, text: str) -> list[LineVerdict]:
    return list(grade_document(read_document("work.md", text.encode()), [Assignment(catalog[problem])]).lines)


@pytest.mark.parametrize(
    ("slope", "conclusion", "verdict"),
    [
        (f"{SLOPE} = {FORM} = 0", rf"\epsilon = {STEP}", "correct"),
        (f"{SLOPE} = {FORM} = 0", rf"\epsilon = -{STEP}", "incorrect"),
        (f"{SLOPE} = {FORM} = 0", rf"\epsilon^* = -{STEP}", "incorrect"),
        (f"{BY_G} = {FORM} = 0", rf"\epsilon^* = {STEP}", "correct"),
        (f"{BY_G} = {FORM} = 0", rf"\epsilon^* = -{STEP}", "incorrect"),
        (f"{SLOPE} = g^T g + \\epsilon g^T H g = 0", rf"\epsilon = -{STEP}", "incorrect"),
    ],
)
def test_what_is_concluded_from_an_equation_that_is_set_is_judged_under_it(
    slope: str, conclusion: str, verdict: str
) -> None:
    found = steps("optimal-step", f"$${slope}$$\n\n$$\\Rightarrow {conclusion}$$")
    assert [step.verdict for step in found[1:]] == ["assumption", verdict], found[-1]


def test_what_follows_from_a_wrong_derivative_alone_is_not_called_right() -> None:
    found = steps("optimal-step", f"$${BY_G} = {FORM} = 0$$\n\n$$\\Rightarrow \\epsilon = {STEP}$$")
    assert [step.verdict for step in found] == ["incorrect", "assumption", "undecided"]


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"\Delta x \nabla^2 f(x) \Delta x^T \le m \|\Delta x\|_2^2", "correct"),
        (r"\Delta x \nabla^2 f(x) \Delta x^T \le m \|\Delta x\|_2", "incorrect"),
        (r"\Delta x \nabla^2 f(x) \Delta x^T \ge m \|\Delta x\|_2^2", "incorrect"),
    ],
)
def test_a_quadratic_form_of_rows_is_read_as_one_and_that_is_said(line: str, verdict: str) -> None:
    (step,) = steps("line-search", f"$${line}$$")
    assert (step.verdict, step.reading) == (verdict, "vectors as rows")
    assert step.understood is not None
    assert step.understood.startswith("d^T H d")


@pytest.mark.parametrize("line", [r"\nabla^2 f(x) \Delta x^T \le m", r"\Delta x \nabla^2 f(x) \Delta x \le m"])
def test_other_products_that_do_not_fit_are_not_turned_into_quadratic_forms(line: str) -> None:
    (step,) = steps("line-search", f"$${line}$$")
    assert step.verdict not in {"correct", "incorrect"}


@pytest.mark.parametrize(
    ("conclusion", "verdict"),
    [
        (rf"k \ge \log_\beta {BOUND}", "correct"),
        (rf"k \ge \frac{{1}}{{\ln \beta}} \ln\left({BOUND}\right)", "correct"),
        (rf"k \le \log_\beta {BOUND}", "incorrect"),
        (rf"k \le \log {BOUND}", "incorrect"),
    ],
)
def test_dividing_by_a_negative_logarithm_turns_the_sign(conclusion: str, verdict: str) -> None:
    *_, step = steps("line-search", rf"$$\beta^k \le {BOUND} \xrightarrow{{\log}} \boxed{{{conclusion}}}$$")
    assert step.verdict == verdict, step


def test_what_a_problem_gives_is_known_whatever_the_order_of_hashes() -> None:
    """`∇²f ⪯ mI` holds in the problem, so that a conclusion that does not follow is wrong and not left open."""
    text = (
        r"If $\nabla^2 f(x) \leq mI$ then $d^T H d \le m \|d\|_2^2$." + "\n\n"
        r"$$t \leq -\frac{2(1-\alpha) g^T d}{m \|d\|_2^2}$$"
        + "\n\n"
        + r"$$\Rightarrow t \leq -\frac{g^T d}{m \|d\|_2^2}$$"
    )
    code = (
        "import sys; from checks.grading import Assignment, grade_document; from checks.submission import read_document; "
        "from derive.catalog import catalog; given = [Assignment(catalog[id_]) for id_ in sys.argv[2:]]; "
        "report = grade_document(read_document('work.md', sys.argv[1].encode()), given); "
        "sys.stdout.write(' '.join(line.verdict for line in report.lines))"
    )
    for seed, problems in (("1", ["line-search"]), ("2", ["optimal-step", "line-search"])):
        done = subprocess.run(
            [sys.executable, "-c", code, text, *problems],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert done.stdout.split() == ["assumption", "correct", "outside", "incorrect"]


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"h = \lambda_{\max}(H)", "definition"),
        (r"h = \lambda_{\max}\left(H\right)", "definition"),
        (r"\lambda_{\max} = \lambda_{\max}(H)", "definition"),
        (r"h = \lambda_{\min}(H)", "incorrect"),
        (r"\lambda_{\max}(\epsilon + 1) \ge \epsilon \lambda_{\max}", "correct"),
        (r"\lambda_{\max}(\epsilon + 1) \le \epsilon \lambda_{\max}", "incorrect"),
        (r"\frac{1}{\lambda_{\max}(H)} \le \epsilon^*", "correct"),
        (r"\epsilon^* \le \frac{1}{\lambda_{\max}(H)}", "incorrect"),
    ],
)
def test_a_spelling_that_is_a_function_of_matrices_too_is_the_function_before_a_matrix_in_brackets(
    line: str, verdict: str
) -> None:
    assert [step.verdict for step in steps("optimal-step", f"$${line}$$")] == [verdict]
