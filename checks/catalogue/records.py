"""Certificates of the catalogue, kept in a file that comes with the program; what is stale is never shown as current.

Certifying takes a minute, so `derive list` shows what was found before. A record is *current* when neither its entry nor
any source file of the program has changed since; where the program has changed it is *earlier*, and said to be; where the
entry has changed it is no record of it at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import checks
import derive
from checks.certify import Certificate
from derive.catalog import catalog
from derive.problem import Problem

FILE = Path(__file__).with_name("certified.json")
TOOLS = ("torch", "hypothesis", "python-flint", "sympy", "z3-solver")


@dataclass(frozen=True, slots=True)
class Record:
    """A certificate, and whether it was made by the program as it is now; `answers` is the hash of what was certified."""

    certificate: Certificate
    current: bool
    answers: str


@dataclass(frozen=True, slots=True)
class Records:
    """What is known of the catalogue, by id, and with which tools it was found."""

    of: Mapping[str, Record]
    tools: Mapping[str, str]


def recorded(file: Path = FILE) -> Records:
    """The records of entries that have not changed. A file that is missing or of another schema holds none."""
    try:
        data = json.loads(file.read_text("utf-8"))
        if data["schema"] != 1:
            return Records({}, {})
        found = {
            id_: Record(Certificate.from_dict(one["certificate"]), one["program"] == program(), one["answers"])
            for id_, one in data["problems"].items()
            if id_ in catalog and one["entry"] == entry_of(id_)
        }
    except (OSError, ValueError, KeyError, TypeError):
        return Records({}, {})
    return Records(found, data["tools"])


def write_records(certificates: Iterable[Certificate], file: Path = FILE) -> None:
    """Keep certificates of the catalogue, made just now by this program, and what is kept of the entries beside them."""
    try:
        before = json.loads(file.read_text("utf-8"))["problems"]
    except (OSError, ValueError, KeyError, TypeError):
        before = {}
    made = {
        one.problem: {
            "program": program(),
            "entry": entry_of(one.problem),
            "answers": answers_of(catalog[one.problem]),
            "certificate": one.as_dict(),
        }
        for one in certificates
    }
    problems = {id_: made.get(id_, before.get(id_)) for id_ in catalog if id_ in made or id_ in before}
    data = {"schema": 1, "tools": tools(), "problems": problems}
    file.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def changed() -> tuple[str, ...]:
    """The ids of what was not certified with the entry and the answers it has now."""
    known = recorded().of
    return tuple(id_ for id_ in catalog if id_ not in known or known[id_].answers != answers_of(catalog[id_]))


def entry_of(id_: str) -> str:
    """The hash of an entry as it is written."""
    return _hash(json.dumps(catalog.entry(id_), sort_keys=True, ensure_ascii=False))


def answers_of(problem: Problem) -> str:
    """The hash of every closed form and step of a problem."""
    return _hash("\n".join(problem.derivation(question).latex() for question in problem.formulas))


@cache
def program() -> str:
    """The hash of every source file of the program."""
    whole = sha256()
    for package in (derive, checks):
        folder = Path(str(package.__file__)).parent
        for path in sorted(folder.rglob("*.py"), key=lambda path: path.relative_to(folder).as_posix()):
            whole.update(f"\0{package.__name__}/{path.relative_to(folder).as_posix()}\0".encode())
            whole.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return whole.hexdigest()


def tools() -> dict[str, str]:
    """The versions of what certifies; a tool that is not installed is left out."""
    found: dict[str, Any] = {}
    for name in TOOLS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
