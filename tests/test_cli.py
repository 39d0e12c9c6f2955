"""The command `derive`: exit codes, JSON contracts, stdin, messages."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from checks.cli import main

X = ["--let", "x=real"]


def run(*arguments: str, stdin: str | None = None):
    return CliRunner().invoke(main, list(arguments), input=stdin)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["equal", "(x+1)^2", "x^2+2x+1", *X], 0),
        (["equal", "x", "x+1", *X], 1),
        (["equal", "x", "x", "--let", "x=rael"], 2),
        (["equal", "x", "x", "--let", "x"], 2),
        (["equal", r"\ln(x^2)", r"2 \ln|x|", *X], 0),
        (["equal", r"-\ln(x)", r"\ln(1/x)", "--let", "x=positive"], 0),
        (["equal", *X, "-x", "-x - 1"], 1),
        (["holds", "-x < 1 - x", *X], 0),
        (["gradient", "-x^2", "--wrt", "x", *X], 0),
        (["equal", "--lett", "x=real", "x", "x"], 2),
        (["equal", "-x"], 2),
        (["equal", "x = 1", "1 = x", *X], 0),
        (["gradient", "x = 1", "--wrt", "x", *X], 2),
        (["equal", "(x", "x", *X], 4),
        (["equal", "x", "y", *X], 4),
        (["holds", "x < x + 1", *X], 0),
        (["holds", "x < x", *X], 1),
        (["holds", r"x \Rightarrow x", *X], 3),
        (["holds", "x <", *X], 4),
        (["grade", "nowhere.md", "--problem", "skip-connection"], 2),
        (["grade", "README.md", "--problem", "nothing"], 2),
        (["show", "nothing"], 2),
        (["gradient", "x^2", "--wrt", "y", *X], 2),
        (["gradient", "x^2", "--wrt", "x", *X], 0),
        (["gradient", "x^2", "--wrt", "x", "--code", "numpy", *X], 0),
        (["gradient", "x^2", "--wrt", "x", "--code", "fortran", *X], 2),
        (["gradient", "x^2", "--wrt", "x", "--code", "numpy", "--steps", *X], 2),
        (["show", "plain-chain", "--code", "torch"], 0),
        (["show", "plain-chain", "--code", "torch", "--steps"], 2),
        (["show", "plain-chain", "--code", "latex", "--steps"], 0),
        (["gradient", r"\operatorname{W}(x)", "--wrt", "x", "--code", "torch", *X], 3),
    ],
)
def test_exit_codes(arguments, code):
    assert run(*arguments).exit_code == code


def test_json_of_equal_has_the_fields_of_the_contract():
    data = json.loads(run("equal", "x^2", "x", "--json", *X).stdout)
    assert set(data) == {"schema", "status", "code", "evidence", "counterexample", "seconds"}
    assert (data["schema"], data["status"], data["counterexample"]) == (1, "refuted", {"x": "-1"})


@pytest.mark.parametrize(
    ("tolerance", "code"),
    [
        ("0.01", 0),
        ("0.001", 1),
        ("1%", 0),
        ("2 places", 0),
        ("3 places", 1),
        ("3 figures", 0),
        ("roughly", 2),
        ("-1", 2),
    ],
)
def test_a_tolerance_is_a_distance_a_share_or_a_count_of_digits(tolerance, code):
    result = run("equal", "3.14", r"\pi", "--tolerance", tolerance)
    assert result.exit_code == code, result.output


def test_json_of_unreadable_text_has_the_place_and_the_cause():
    data = json.loads(run("equal", "x +", "x", "--json", *X).stdout)
    assert (data["status"], data["code"], data["line"]) == ("unreadable", "operand-missing", 1)


def test_an_undeclared_name_says_how_to_declare_it():
    assert "--let 'y=real'" in run("equal", "x", "y", *X).stderr
    assert "--let 'x=real'" in run("gradient", "x^3", "--wrt", "x").stderr
    assert "--let 'f=function'" in run("gradient", "f(x)", "--wrt", "x", *X).stderr
    assert "--let 'f=function'" in run("gradient", "f'(x)", "--wrt", "x", *X).stderr


def test_a_relation_to_differentiate_is_told_where_it_belongs():
    assert "derive holds 'x = y'" in run("gradient", "x = y", "--wrt", "x", *X, "--let", "y=real").stderr


def test_relations_are_compared_by_their_solutions():
    assert "same solutions" in run("equal", "x = y", "y = x", *X, "--let", "y=real").stdout
    assert "type-mismatch" in run("equal", "x = y", "y", *X, "--let", "y=real").stdout


def test_a_spec_that_is_nearly_one_is_told_the_nearest_and_no_other():
    assert "nearest is 'real'" in run("equal", "x", "x", "--let", "x=rael").stderr
    assert "begins with real, scalar" in run("equal", "x", "x", "--let", "x=banana").stderr


def test_show_counts_points_and_names_functions_in_words():
    text = run("show", "examples/two-layer.toml").stdout
    assert "1 point)" in text
    assert "function, logistic sigmoid" in text


def test_lines_in_which_nothing_stands_are_remarked_on():
    data = json.loads(run("grade", "-", "--problem", "skip-connection@99-200", "--json", stdin="$y = 1$\n").stdout)
    assert "lines 99–200, but the file has 2" in data["submissions"][0]["remarks"][-1]["message"]
    data = json.loads(run("grade", "-", "--problem", "skip-connection", "--json", stdin="nothing here\n").stdout)
    assert data["submissions"][0]["remarks"][0]["message"].startswith("no formula was found")


def test_a_formula_may_come_from_stdin():
    assert run("equal", "-", "2x", *X, stdin="x + x\n").exit_code == 0
    assert run("holds", "-", *X, stdin="x = x + 0\n").exit_code == 0


def test_show_prints_the_derivation_with_its_laws():
    text = run("show", "skip-connection", "--steps").stdout
    for law in ("chain rule", "local derivatives", "collected", "expanded"):
        assert rf"\text{{{law}}}" in text


def test_show_json_holds_every_question_with_its_steps():
    data = json.loads(run("show", "plain-chain", "--json").stdout)
    assert [q["id"] for q in data["questions"]] == ["plain-w1", "plain-b1"]
    assert all(q["steps"] and q["closed_form"] for q in data["questions"])


def test_list_json_gives_each_entry_its_system():
    rows = json.loads(run("list", "--json").stdout)["problems"]
    assert {"plain-chain": "S1", "skip-connection": "S2"}.items() <= {r["id"]: r["system"] for r in rows}.items()


def test_gradient_through_definitions():
    done = run("gradient", "L", "--wrt", "w", *X, "--let", "w=real", "--where", "p=w x", "--where", "L=p^2")
    assert done.stdout.strip() == "2 p x"


def test_grade_json_has_the_fields_of_the_contract():
    data = json.loads(
        run("grade", "examples/submissions/002-chains.md", "--problem", "skip-connection", "--json").stdout
    )
    assert set(data) >= {"schema", "problems", "submissions"}
    submission = data["submissions"][0]
    assert submission["first_wrong_line"] == 57
    fields = {"line", "column", "step", "problem", "part", "raw", "understood", "verdict", "code", "true_by_itself",
              "follows", "reading", "counterexample", "suggestion", "message", "place"}  # fmt: skip
    assert all(set(line) == fields for line in submission["lines"])
    assert all({"id", "verdict", "line", "points", "max"} <= set(q) for q in submission["questions"])


def test_grade_reads_stdin_and_writes_a_page(tmp_path):
    page = tmp_path / "report.html"
    done = run(
        "grade",
        "-",
        "--problem",
        "skip-connection",
        "--html",
        str(page),
        stdin=r"$\frac{\partial z_5}{\partial h_4} = h_4$",
    )
    assert done.exit_code == 0
    html = page.read_text("utf-8")
    assert "<math" in html
    assert "<script" not in html


def test_grade_completes_with_zero_whatever_the_marks():
    assert run("grade", "examples/submissions/001-chains.md", "--problem", "skip-connection").exit_code == 0


def test_read_shows_what_is_understood_and_what_is_not():
    done = run("read", "-", "--problem", "skip-connection", stdin="$y = \\sigma(z_5)$ and $y = ($\n")
    assert r"y = \sigma(z_5)" in done.stdout
    assert "unreadable: line 1" in done.stdout


def test_read_without_a_problem_takes_as_functions_what_is_written_like_one():
    text = r"Let p = σ(z), q = w(p - 1) and $\Delta'(z_5^*) = \mathrm{act}(w) + x'(a)$ with w = 2."
    lines = run("read", "-", stdin=text).stdout.splitlines()
    assert lines[0] == r"read without a problem: σ, \Delta, \mathrm{act}, x taken as functions"
    assert not any("unreadable" in line for line in lines)
    assert run("read", "-", stdin="a = b").stdout.splitlines() == ["1:1  [claim]  a = b"]
    data = json.loads(
        run("read", "-", "--json", "--let", "σ=function", "--let", "k=function", stdin="σ(x) = k(x)").stdout
    )
    assert data["functions"] == []
    assert data["formulas"][0]["code"] is None


def test_places_of_notebooks_are_cells(tmp_path):
    file = tmp_path / "n.ipynb"
    cells = [("code", "x = 1"), ("markdown", "# T\n\n$y = 2$ and $$y^* = (3 x \\sigma(z_5)$$\n\nloss = 2")]
    file.write_text(json.dumps({"cells": [{"cell_type": kind, "source": source} for kind, source in cells]}))
    read = run("read", str(file)).stdout
    assert "cell 2, line 3  [claim]  y = 2" in read
    assert "unreadable: cell 2, line 3: the bracket" in read
    assert "cell 2, line 5  remark: without delimiters" in read
    assert "cell 1  remark: code cell, not read" in read
    submission = json.loads(run("grade", str(file), "--problem", "skip-connection", "--json").stdout)["submissions"][0]
    assert submission["lines"][0]["place"] == "cell 2, line 3"
    shown = run("grade", str(file), "--problem", "skip-connection", "--verbose").stdout
    assert "cell 2, line 3: the bracket" in shown
    assert "cell 2, line 5: without delimiters" in shown


def test_progress_and_colour_stay_off_a_pipe():
    command = [
        sys.executable,
        "-m",
        "checks.cli",
        "grade",
        "examples/submissions/002-chains.md",
        "--problem",
        "skip-connection",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "\x1b" not in done.stdout


def test_gradient_says_what_there_is_at_a_kink():
    arguments = ("gradient", r"\operatorname{ReLU}(x)", "--wrt", "x", "--let", "x=real")
    assert "at x = 0 the derivative is 0 from the left, 1 from the right (torch: 0)" in run(*arguments).stderr
    assert json.loads(run(*arguments, "--json").stdout)["kinks"] == [
        {"at": {"x": "0"}, "left": "0", "right": "1", "torch": 0.0}
    ]
    assert json.loads(run("gradient", "x^2", "--wrt", "x", "--let", "x=real", "--json").stdout)["kinks"] == []


def test_a_claim_at_a_kink_is_undecided_with_its_own_code():
    result = run("holds", r"\operatorname{ReLU}'(0) = 0", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["code"] == "kink"


def test_code_is_printed_as_a_module_and_stands_in_json():
    words = ["gradient", r"x^2\sin x", "--wrt", "x", *X]
    printed = run(*words, "--code", "numpy").stdout
    assert printed.endswith("    return x * (x * np.cos(x) + 2 * np.sin(x))\n")
    assert json.loads(run(*words, "--code", "numpy", "--json").stdout)["code"] == printed
    assert json.loads(run(*words, "--json").stdout)["code"] is None
    assert run(*words, "--code", "latex").stdout == run(*words, "--steps").stdout


def test_the_code_of_a_problem_has_a_function_for_every_question():
    printed = run("show", "plain-chain", "--code", "sympy").stdout
    assert "def value_y(" in printed
    assert "def gradient_plain_w1(" in printed
    questions = json.loads(run("show", "plain-chain", "--code", "numpy", "--json").stdout)["questions"]
    assert all("def gradient(" in question["code"] for question in questions)
    assert r"\begin{aligned}" in run("show", "plain-chain", "--code", "latex").stdout


def test_a_function_a_language_lacks_is_refused_in_one_sentence():
    result = run("gradient", r"\operatorname{W}(x)", "--wrt", "x", "--code", "torch", *X)
    assert result.stderr == "derive: torch has no Lambert W function; use sympy\n"


def test_a_mistake_of_the_program_itself_is_undecided_and_not_refuted(monkeypatch):
    def breaks(*_, **__):
        raise ValueError("a slip")

    monkeypatch.setattr("checks.api.holds", breaks)
    ran = run("holds", "x < x + 1", *X)
    assert ran.exit_code == 3
    assert "made a mistake of its own" in ran.stderr
