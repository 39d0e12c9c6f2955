"""What a graph is drawn of: a file of assignments, or the definitions of a problem; and the values of its leaves."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from checks.graphs.command import Studied, studied
from derive.errors import BadSpec
from derive.normal import normal_form
from derive.plain import plain_name
from derive.problem import Problem
from derive.program import Program
from derive.read.assignments import MAX_LENGTH, canonical, read_assignments


def loaded(source: str, top: str | None, values: Mapping[str, str]) -> tuple[Studied, dict[str, str]]:
    """The program and further spellings of its names. Raises BadSpec, Unreadable, OSError."""
    given = {canonical(name): _number(name, text) for name, text in values.items()}
    known = None if top is None else canonical(top)
    path = Path(source)
    if source == "-" or (path.is_file() and path.suffix != ".toml"):
        text = sys.stdin.read(MAX_LENGTH + 1) if source == "-" else path.read_text("utf-8")[: MAX_LENGTH + 1]
        read = read_assignments(text)
        return studied(Program(read.definitions), {**read.values, **given}, known, tuple(read.remarks)), {}
    from checks.grading import load_problems

    problems = load_problems(source)
    if len(problems) != 1:
        raise BadSpec(f"{source} holds {len(problems)} problems; draw one at a time")
    problem = problems[0]
    return studied(problem.program, {**_values(problem), **given}, known), _spellings(problem)


def _values(problem: Problem) -> dict[str, Fraction]:
    """The values the parts give their inputs, where they are numbers."""
    found = {}
    for part in problem.parts.values():
        for key, tree in part.values.items():
            value = None if tree.has_array else normal_form(tree).constant
            if value is not None:
                found[part.quantities.get(key, key)] = value
    return found


def _spellings(problem: Problem) -> dict[str, str]:
    """What inputs are called in programs: `a_` for `a`."""
    return {canonical(spelling): key for key, symbol in problem.symbols.items() for spelling in symbol.code}


def _number(name: str, text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise BadSpec(f"the value of {name} is a number such as 0.5 or 1/2, not {text!r}") from None


def said(study: Studied) -> list[str]:
    """How the graph stands to torch's, and what has no value."""
    if study.recording is None:
        missing = [key for key in study.program.inputs(study.program.definitions[study.top]) if key not in study.values]
        return [f"not run: {', '.join(map(plain_name, missing))} {'has' if len(missing) == 1 else 'have'} no value; "
                f"give --value {plain_name(missing[0])}=1"]  # fmt: skip
    lines = [
        "torch records the same graph"
        if study.disagreement is None
        else f"torch records another graph: {study.disagreement}"
    ]
    lines += [f"∂{plain_name(study.top)}/∂{plain_name(p.leaf)} has at these values {p.why_none}; torch gives {p.torch}"
              for p in study.partials if p.value is None]  # fmt: skip
    lines += [f"torch has {p.torch} for ∂{plain_name(study.top)}/∂{plain_name(p.leaf)}, the closed form {p.value}"
              for p in study.partials if p.agrees is False]  # fmt: skip
    return lines
