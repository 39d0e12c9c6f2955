"""The repository itself: its documents tell the truth."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def run(command: str) -> str:
    words = shlex.split(command)
    assert words[0] == "derive"
    done = subprocess.run(
        [sys.executable, "-m", "checks.cli", *words[1:]], capture_output=True, text=True, cwd=ROOT, check=False
    )
    return done.stdout


def test_the_samples_with_output_print_what_the_readme_shows():
    samples = [block for block in blocks("console") if block.startswith("$ ")]
    assert samples
    for sample in samples:
        for piece in re.split(r"^\$ ", sample, flags=re.MULTILINE)[1:]:
            command, _, output = piece.partition("\n")
            assert run(command) == output


def test_the_python_samples_run_and_print_what_the_readme_shows():
    pytest.importorskip("torch")
    shown = blocks("output")
    samples = blocks("python")
    assert len(samples) == len(shown)
    for code, output in zip(samples, shown, strict=True):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own README
        assert printed.getvalue() == output


def test_the_commands_named_in_the_readme_exist():
    from checks.cli import main

    named = set(re.findall(r"^derive (\w+)", "\n".join(blocks("console")), re.MULTILINE))
    assert named
    assert named <= set(main.commands)


def test_the_problem_file_of_the_readme_is_one(tmp_path):
    from derive import Problem

    file = tmp_path / "problem.toml"
    file.write_text(blocks("toml")[0], encoding="utf-8")
    problem = Problem.from_toml(file)
    assert problem.derivation(problem.questions[0]).closed_form.latex()


def test_files_the_readme_links_to_exist():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert all((ROOT / link).exists() for link in links)


@pytest.mark.parametrize("module", ["derive", "checks"])
def test_every_public_name_imports(module):
    package = __import__(module)
    assert sorted(package.__all__, key=str.lower) == sorted(set(package.__all__), key=str.lower)
    for name in package.__all__:
        assert getattr(package, name) is not None


def test_text_from_outside_is_never_evaluated():
    pattern = re.compile(r"(?<![\w.])(?:eval|exec|sympify|parse_expr)\(")
    guilty = [
        p
        for folder in ("derive", "checks")
        for p in (ROOT / folder).rglob("*.py")
        if pattern.search(p.read_text("utf-8"))
    ]
    assert not guilty


def test_the_changelog_names_the_version():
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version
    assert f"## {version.group(1)}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
