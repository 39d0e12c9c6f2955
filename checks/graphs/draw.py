"""Graph → DOT and Mermaid text, and SVG or PNG by graphviz's `dot` where it is installed.

A vertex shows its number, its name or what it computes, and its value; an edge shows the local derivative of the upper
vertex by the lower one, and its value. Leaves are boxes, operations are round: told apart without colour.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from derive.graph import LEAF, Graph
from derive.plain import plain, plain_name

SECONDS = 30
FORMATS = ("svg", "png", "dot", "mmd")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A graph with the texts and the values of its vertices and edges, as far as they have one."""

    graph: Graph
    values: dict[int, str]  # of vertices, by number from 0
    slopes: dict[tuple[int, int], str]  # of edges, by vertex and place of the operand

    def vertex(self, number: int) -> list[str]:
        """The lines written into a vertex."""
        vertex = self.graph.vertices[number]
        if vertex.operation == LEAF:
            lines = [f"{number + 1}: {plain_name(vertex.name or '')}"]
        else:
            called = f"{plain_name(vertex.name)} = " if vertex.name else ""
            lines = [f"{number + 1}: {vertex.operation}", f"{called}{plain(vertex.formula)}"]
        return lines + ([self.values[number]] if number in self.values else [])

    def edge(self, number: int, place: int) -> str:
        """What is written along an edge."""
        slope = plain(self.graph.local_derivative(number, place))
        value = self.slopes.get((number, place))
        return slope if value is None or value == slope else f"{slope}\n= {value}"

    def edges(self) -> list[tuple[int, int, str]]:
        """From, to, and the text."""
        return [(number, operand, self.edge(number, place)) for number, vertex in enumerate(self.graph.vertices)
                for place, operand in enumerate(vertex.operands)]  # fmt: skip


def dot(drawn: Drawn) -> str:
    """Text for graphviz."""
    lines = [
        "digraph {",
        "  rankdir=TB; node [fontname=Helvetica, fontsize=11]; edge [fontname=Helvetica, fontsize=9];",
    ]
    for number, vertex in enumerate(drawn.graph.vertices):
        shape = "box" if vertex.operation == LEAF else "ellipse"
        weight = ", penwidth=2" if vertex.name and vertex.operation != LEAF else ""
        lines.append(f"  v{number + 1} [shape={shape}{weight}, label={_quoted(chr(10).join(drawn.vertex(number)))}];")
    lines += [f"  v{a + 1} -> v{b + 1} [label={_quoted(text)}];" for a, b, text in drawn.edges()]
    return "\n".join([*lines, "}", ""])


def mermaid(drawn: Drawn) -> str:
    """Text for Mermaid, which pages and notebooks draw themselves."""
    lines = ["graph TD"]
    for number, vertex in enumerate(drawn.graph.vertices):
        text = "<br/>".join(_escaped(line) for line in drawn.vertex(number))
        opening, closing = ("[", "]") if vertex.operation == LEAF else ("([", "])")
        lines.append(f'  v{number + 1}{opening}"{text}"{closing}')
    lines += [f'  v{a + 1} -- "{_escaped(text.replace(chr(10), " "))}" --> v{b + 1}' for a, b, text in drawn.edges()]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def write(drawn: Drawn, path: Path) -> None:
    """A file of the kind its ending says. Raises ValueError for another ending, RuntimeError without graphviz."""
    kind = path.suffix.lstrip(".")
    if kind not in FORMATS:
        raise ValueError(
            f"a graph is written as {', '.join('.' + f for f in FORMATS)}, not as {path.suffix or path.name!r}"
        )
    if kind in ("dot", "mmd"):
        path.write_text(dot(drawn) if kind == "dot" else mermaid(drawn), encoding="utf-8")
        return
    program = shutil.which("dot")
    if program is None:
        instead = f"write {path.stem}.dot or {path.stem}.mmd instead"
        raise RuntimeError(f"graphviz is not installed, and {path.name} needs its `dot`; {instead}")
    made = subprocess.run(  # noqa: S603 - the text goes to its input, none of it into the command
        [program, f"-T{kind}"], input=dot(drawn).encode(), capture_output=True, timeout=SECONDS, check=False
    )
    if made.returncode:
        raise RuntimeError(f"dot failed: {made.stderr.decode(errors='replace').strip()}")
    path.write_bytes(made.stdout)
