"""A labelling of a drawing: `3 = x_3` or `3: x_3`, a line each, or JSON {"3": "x_3"}; each judged against the graph.

A label is right if it is the vertex's name, or a formula equal to what the vertex computes. `spellings` are further names
of the author's for what the program names: `a_` for `a`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from derive.errors import Unreadable
from derive.graph import LEAF, Graph
from derive.plain import plain, plain_name
from derive.program import Program
from derive.read.assignments import canonical, read_assignments
from derive.symbols import SymbolTable
from derive.tree import Name, Node, substitute

MAX_LABELS = 5_000


@dataclass(frozen=True, slots=True)
class Judged:
    """One label: the vertex, what was written there, whether it is right, and what it should be."""

    vertex: int
    label: str
    right: bool | None  # None: could not be decided
    message: str


def read_labels(text: str) -> dict[int, str]:
    """Labels by vertex, counted from 1. Raises Unreadable."""
    if text.lstrip().startswith("{"):
        try:
            data = json.loads(text)
            return {int(key): str(value) for key, value in data.items()}
        except (ValueError, AttributeError):
            raise Unreadable("labels", 'labels are JSON such as {"1": "x4"}', text=text) from None
    found: dict[int, str] = {}
    offset = 0
    for line in text.splitlines(keepends=True):
        match = re.fullmatch(r"\s*(\d{1,6})\s*[=:]\s*(\S.*?)\s*", line)
        if match:
            found[int(match.group(1))] = match.group(2)
        elif line.strip() and not line.lstrip().startswith("#"):
            raise Unreadable("labels", "a label is expected, number = name", text=text, offset=offset, length=len(line.strip()),
                             hint="write 3 = x3")  # fmt: skip
        offset += len(line)
    if len(found) > MAX_LABELS:
        raise Unreadable("too-long", f"at most {MAX_LABELS} labels are judged", text=text)
    return found


def judge_labels(
    labels: Mapping[int, str], graph: Graph, program: Program, spellings: Mapping[str, str]
) -> list[Judged]:
    """Every label, in the order of the vertices."""
    return [_judged(number, labels[number], graph, program, spellings) for number in sorted(labels)]


def _judged(number: int, label: str, graph: Graph, program: Program, spellings: Mapping[str, str]) -> Judged:
    if not 1 <= number <= len(graph.vertices):
        return Judged(
            number, label, right=False, message=f"there is no vertex {number}; they run from 1 to {len(graph.vertices)}"
        )
    vertex = graph.vertices[number - 1]
    called = plain_name(vertex.name) if vertex.name else plain(vertex.formula)
    try:
        claimed = _read(label, spellings)
    except Unreadable as error:
        return Judged(number, label, right=None, message=f"the label cannot be read: {error.sentence()}")
    if isinstance(claimed, Name) and claimed.key == vertex.name:
        return Judged(number, label, right=True, message="")
    unknown = [
        key
        for key in claimed.names
        if key not in program.definitions and all(key != leaf.name for leaf in graph.leaves)
    ]
    if unknown:
        return Judged(
            number, label, right=False, message=f"this is {called}; {plain_name(unknown[0])} is no name of the program"
        )
    if isinstance(claimed, Name) or vertex.operation == LEAF:
        where = next(
            (k for k, other in enumerate(graph.vertices, 1) if isinstance(claimed, Name) and other.name == claimed.key),
            None,
        )
        at = f"; {label} is vertex {where}" if where else ""
        return Judged(number, label, right=False, message=f"this is {called}{at}")
    verdict = decide_equal(Claim(claimed, vertex.formula, Setting(SymbolTable(), program)))
    right = {"proven": True, "verified": True, "refuted": False}.get(verdict.status)
    return Judged(number, label, right=right, message="" if right else f"this is {called}: {verdict.evidence}")


def _read(label: str, spellings: Mapping[str, str]) -> Node:
    read = read_assignments(f"label = ({label})")
    if list(read.definitions) != ["label"] or read.values:
        raise Unreadable("labels", "a label is one name or formula", text=label)
    tree = read.definitions["label"]
    return substitute(tree, {name: Name(spellings.get(name, canonical(name))) for name in tree.names})
