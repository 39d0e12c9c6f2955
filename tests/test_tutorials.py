"""The tutorials: what they tell a reader to write and to run gives what they show.

A block after a line such as `neuron.toml`: is that file. Commands run in the folder of these files; UPDATE_GOLDEN=1 writes
down what they print.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
from pathlib import Path

import pytest

from checks.cli import main

pytest.importorskip("torch")
pytest.importorskip("z3")

DOCS = Path(__file__).parents[1] / "docs"
TUTORIALS = ("graders", "testers", "writers")
BLOCK = re.compile(r"(?:^`(?P<file>[\w.]+)`:\n\n)?^```(?P<language>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def printed_by(command: str, folder: Path) -> str:
    command, _, target = command.partition(" > ")
    words = shlex.split(command)
    assert words[0] == "derive"
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit):
        main(words[1:])
    text = "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())
    if target:
        (folder / target).write_text(text, encoding="utf-8")
        return ""
    return text


def printed_by_python(code: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(code, "tutorial", "exec"), {"__name__": "tutorial"})  # noqa: S102 - our own documents
    return out.getvalue()


def as_run(text: str, folder: Path) -> str:
    """A tutorial with the output of every command and program as it is now."""
    last = ""

    def block(match: re.Match[str]) -> str:
        nonlocal last
        file, language, body = match["file"], match["language"], match["body"]
        if file:
            (folder / file).write_text(body, encoding="utf-8")
        elif language == "console":
            commands = re.findall(r"^\$ (.*)$", body, re.MULTILINE)
            assert commands
            body = "".join(f"$ {command}\n{printed_by(command, folder)}" for command in commands)
        elif language == "python":
            last = printed_by_python(body)
        elif language == "output":
            body = last
        before = f"`{file}`:\n\n" if file else ""
        return f"{before}```{language}\n{body}```"

    return BLOCK.sub(block, text)


@pytest.mark.parametrize("name", TUTORIALS)
def test_what_a_tutorial_shows_is_what_its_reader_gets(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    document = DOCS / f"{name}.md"
    shown = document.read_text("utf-8")
    found = as_run(shown, tmp_path)
    for module in [path.stem for path in tmp_path.glob("*.py")]:
        sys.modules.pop(module, None)
    if os.environ.get("UPDATE_GOLDEN"):
        document.write_text(found, encoding="utf-8")
    assert shown == found


def test_the_test_of_the_tutorial_for_testers_passes_and_fails_where_it_should(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # the file changes within a second
    text = (DOCS / "testers.md").read_text("utf-8")
    files = {match["file"]: match["body"] for match in BLOCK.finditer(text) if match["file"]}
    for swish, right in ((files["swish.py"], True), (files["swish.py"].replace("(1 - s)", "s"), False)):
        (tmp_path / "swish.py").write_text(swish, encoding="utf-8")
        sys.modules.pop("swish", None)
        names: dict[str, object] = {}
        exec(compile(files["test_swish.py"], "test_swish.py", "exec"), names)  # noqa: S102 - our own documents
        (test,) = (value for name, value in names.items() if name.startswith("test_"))
        with contextlib.nullcontext() if right else pytest.raises(AssertionError):
            test()
    sys.modules.pop("swish", None)


@pytest.mark.parametrize("document", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_what_a_document_links_to_exists(document):
    prose = re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#]+)\)", prose)
    assert links
    assert all((document.parent / link).exists() for link in links)
