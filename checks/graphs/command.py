"""What `derive graph` does: a program read, run by torch, drawn; its partial derivatives; a labelling judged."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from checks.decide.balls import PRECISIONS, Evaluator, precision
from checks.decide.elementary import Undefined
from checks.graphs.draw import Drawn
from checks.graphs.kinks import exact, kink_at, sides
from checks.graphs.labels import Judged, judge_labels
from checks.graphs.recorded import Recording, difference, record
from derive.errors import BadSpec, NoRule, TooLarge
from derive.graph import PLACES, Graph, computation_graph
from derive.kinks import kinks
from derive.plain import plain_name
from derive.program import Program
from derive.steps import derive_by
from derive.symbols import Symbol, SymbolTable
from derive.tree import Name, Node, number, substitute
from derive.write import latex

if TYPE_CHECKING:
    from rich.table import Table

    from checks.decide.kinks import Kink

DIGITS = 12


@dataclass(frozen=True)
class Studied:
    """A program, the name its graph ends in, the values of its leaves."""

    program: Program
    top: str
    values: Mapping[str, Fraction]
    remarks: tuple[str, ...] = ()

    @cached_property
    def graph(self) -> Graph:
        """The derived graph."""
        return computation_graph(self.program, self.top)

    @cached_property
    def recording(self) -> Recording | None:
        """What torch records; None if leaves have no values."""
        known = all(key in self.values for key in self.program.inputs(Name(self.top)))
        return record(self.program, self.top, self.values) if known else None

    @property
    def disagreement(self) -> str | None:
        """Where torch's graph is another one."""
        return None if self.recording is None else difference(self.graph, self.recording)

    @cached_property
    def partials(self) -> list[Partial]:
        """∂top/∂leaf for every leaf, in the order of the vertices."""
        table = SymbolTable(Symbol(leaf.name or "") for leaf in self.graph.leaves)
        table = table.extended(Symbol(key) for key in self.program.definitions)
        found = []
        for leaf in self.graph.leaves:
            assert leaf.name is not None
            closed = derive_by(Name(self.top), (leaf.name,), self.program, table).closed
            slope = None if self.recording is None else self.recording.slopes[leaf.name]
            found.append(Partial(leaf.name, closed, *(self._at_kink(leaf.name) or self.value(closed)), slope))
        return found

    def _at_kink(self, leaf: str) -> tuple[str | None, str] | None:
        """The derivative of the result where it is at a kink: its value if both sides agree, else what they are."""
        if self.recording is None:
            return None
        return _beside(kink_at(self.program.expanded(Name(self.top)), leaf, self.values))

    def _local(self, index: int, place: int) -> tuple[str | None, str]:
        """The local derivative on an edge."""
        vertex = self.graph.vertices[index]
        assert vertex.applied is not None
        if kinks(vertex.applied):
            met = {PLACES[k]: exact(self.program.expanded(self.graph.vertices[operand].formula), self.values)
                   for k, operand in enumerate(vertex.operands)}  # fmt: skip
            known = {key: value for key, value in met.items() if value is not None}
            found = _beside(kink_at(vertex.applied, PLACES[place], known)) if len(known) == len(met) else None
            if found is not None:
                return found
        return self.value(self.graph.local_derivative(index, place))

    def value(self, tree: Node) -> tuple[str | None, str]:
        """The value of a formula at the leaves' values, and if it has none, why."""
        if self.recording is None:
            return None, ""
        here = substitute(self.program.expanded(tree), {key: number(value) for key, value in self.values.items()})
        try:
            with precision(PRECISIONS[1]):
                ball = Evaluator({}, Program(), {})(here)
                return f"{float(ball.mid()):.{DIGITS}g}", ""
        except Undefined:
            return None, "no real value"
        except (NoRule, TooLarge, ZeroDivisionError, OverflowError) as error:
            return None, str(error)

    @cached_property
    def drawn(self) -> Drawn:
        """The graph with values along it."""
        values: dict[int, str] = {}
        slopes: dict[tuple[int, int], str] = {}
        if self.recording is not None:
            for index, vertex in enumerate(self.graph.vertices):
                value, why = self.value(vertex.formula)
                values[index] = _short(value) or why
                for place in range(len(vertex.operands)):
                    slope, why = self._local(index, place)
                    slopes[(index, place)] = _short(slope) or why
        return Drawn(self.graph, values, slopes)

    def labels(self, given: Mapping[int, str], spellings: Mapping[str, str]) -> list[Judged]:
        """A labelling judged."""
        return judge_labels(given, self.graph, self.program, spellings)


@dataclass(frozen=True, slots=True)
class Partial:
    """∂top/∂leaf: the closed form, its value or why it has none, and what torch has."""

    leaf: str
    closed: Node
    value: str | None
    why_none: str
    torch: float | None

    @property
    def agrees(self) -> bool | None:
        """Whether torch has the same; None if there is nothing to compare."""
        if self.value is None or self.torch is None or math.isnan(self.torch):
            return None
        return math.isclose(float(self.value), self.torch, rel_tol=1e-9, abs_tol=1e-12)


def studied(
    program: Program, values: Mapping[str, Fraction], top: str | None, remarks: tuple[str, ...] = ()
) -> Studied:
    """A program ready to be drawn; its last name is the result unless another is named. Raises BadSpec."""
    if not program.definitions:
        raise BadSpec("the program has no formula")
    last = top or program.keys[-1]
    if last not in program.definitions:
        raise BadSpec(f"{last} is not computed by the program; it computes {', '.join(program.keys)}")
    return Studied(program, last, values, remarks)


def _beside(kink: Kink | None) -> tuple[str | None, str] | None:
    if kink is None:
        return None
    return (None, sides(kink)) if kink.is_kink or kink.left is None else (kink.left, "")


def _short(value: str | None) -> str:
    return "" if value is None else f"{float(value):.6g}"


def as_dict(study: Studied, judged: list[Judged]) -> dict[str, Any]:
    """The JSON of a graph."""
    drawn = study.drawn
    return {
        "schema": 1,
        "top": study.top,
        "same_as_torch": None if study.recording is None else study.disagreement is None,
        "vertices": [
            {"vertex": k, "operation": v.operation, "name": v.name, "formula": latex(v.formula), "operands": [o + 1 for o in v.operands],
             "value": drawn.values.get(k - 1)}
            for k, v in enumerate(study.graph.vertices, 1)
        ],
        "partials": [
            {"by": p.leaf, "closed_form": latex(p.closed), "value": p.value, "no_value": p.why_none or None,
             "torch": None if p.torch is None or math.isnan(p.torch) else p.torch, "agrees": p.agrees}
            for p in study.partials
        ],
        "labels": [{"vertex": j.vertex, "label": j.label, "right": j.right, "message": j.message} for j in judged],
        "remarks": list(study.remarks),
    }  # fmt: skip


def vertices_table(study: Studied) -> Table:
    """One row a vertex."""
    shown = _table(
        f"{len(study.graph.operations)} operations, {len(study.graph.leaves)} leaves",
        ("", "vertex", "value", "operands"),
    )
    for index, vertex in enumerate(study.graph.vertices):
        lines = study.drawn.vertex(index)
        text = " ".join(lines[: 2 if vertex.operation != "leaf" else 1]).split(": ", 1)[1]
        shown.add_row(
            str(index + 1), text, study.drawn.values.get(index, ""), ", ".join(str(k + 1) for k in vertex.operands)
        )
    return shown


def partials_table(study: Studied) -> Table:
    """One row a leaf."""
    shown = _table(f"derivatives of {plain_name(study.top)}", ("by", "closed form", "value", "torch"))
    for partial in study.partials:
        said = partial.value or partial.why_none
        torch = "" if partial.torch is None else f"{partial.torch:.{DIGITS}g}"
        shown.add_row(plain_name(partial.leaf), latex(partial.closed), said, torch)
    return shown


def labels_table(judged: list[Judged]) -> Table:
    """One row a label that is not right, or could not be decided."""
    shown = _table(f"{sum(j.right is True for j in judged)} of {len(judged)} labels right", ("vertex", "label", ""))
    for one in judged:
        if one.right is not True:
            shown.add_row(
                str(one.vertex), one.label, ("wrong: " if one.right is False else "undecided: ") + one.message
            )
    return shown


def _table(title: str, headings: tuple[str, ...]) -> Table:
    from rich.table import Table

    shown = Table(box=None, pad_edge=False, header_style="bold", title=title, title_justify="left")
    for heading in headings:
        shown.add_column(heading, overflow="fold")
    return shown
