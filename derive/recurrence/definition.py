r"""Lines `v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2`, `v_0 = 0` → a Recurrence; the recurrences of a program, in order.

A recurrence mentions its own sequence at t − 1 (or t − 1 and t − 2, with as many starts); without any it is a definition
that runs with t, `\hat{m}_t = m_t/(1-\beta_1^t)`. Other sequences it mentions are inputs or recurrences given before it.
Where no start is given, the first term is an input: v_0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from derive.errors import BadSpec, TooLarge
from derive.names import SPOKEN, canonical_name
from derive.recurrence.terms import at, name_of, shift_of, terms, whole
from derive.symbols import Symbol, SymbolTable
from derive.tree import Call, Name, Node, substitute, transform

MAX_UNROLLED = 20_000  # nodes of a term that is written out


@dataclass(frozen=True, eq=False)
class Recurrence:
    """`sequence` at `index` is `step`, which mentions it at index − 1 … index − order; `starts` are its first values."""

    sequence: str
    index: str
    step: Node
    starts: Mapping[int, Node]
    order: int
    _unrolled: dict[int, Node] = field(default_factory=dict, repr=False)

    @property
    def first(self) -> int:
        """The first index at which the step holds; a definition that runs with t holds from 1 on."""
        return max(self.starts) + 1 if self.starts else 1

    def at(self, index: Node) -> Node:
        """The step at an index, in terms of the terms before."""
        return substitute(self.step, {self.index: index})

    def unrolled(self, index: int) -> Node:
        """The term of a number in terms of the starts and of other sequences. Raises TooLarge."""
        if index in self.starts:
            return self.starts[index]
        if index < self.first or index > self.first + 100:
            raise TooLarge(f"{self.sequence[:-1]} has no term at {index}")
        if index not in self._unrolled:
            tree = put_in(at(self.step, {self.index: index}), self.sequence, self.unrolled)
            if tree.size > MAX_UNROLLED:
                raise TooLarge(f"more than {MAX_UNROLLED} nodes in a term that is written out")
            self._unrolled[index] = tree
        return self._unrolled[index]


def put_in(tree: Node, sequence: str, value: Callable[[int], Node]) -> Node:
    """A tree with the terms of a sequence at numbers replaced."""

    def replaced(node: Node) -> Node | None:
        if isinstance(node, Call) and node.function == sequence:
            index = whole(node.arguments[0])
            return None if index is None else value(index)
        return None

    return transform(tree, replaced)


_TERM = re.compile(
    r"\s*(?P<base>(?:\\[A-Za-z]+\s*(?:\{[^{}]*\})?|[A-Za-z]+))\s*_\s*(?:\{\s*(?P<long>[^{}]+?)\s*\}|(?P<short>\\[A-Za-z]+|\w))\s*$"
)


def term_of(left: str) -> tuple[str, str] | None:
    """`v_t` → ("v", "t"); `\\hat{m}_{t}` → ("\\hat{m}", "t"); None for what is no name with one subscript."""
    match = _TERM.match(left)
    if match is None or SPOKEN.fullmatch(match["long"] or ""):  # `L_{total}` is a name
        return None
    return (canonical_name(match["base"]), match["long"] or match["short"])


def sequences_given(lines: Mapping[str, str] | list[tuple[str, str]], table: SymbolTable) -> list[Symbol]:
    """The sequences that lines `left = right` define: those with an index on the left which the right runs with."""
    pairs = list(lines.items() if isinstance(lines, Mapping) else lines)
    found: dict[str, Symbol] = {}
    for left, right in pairs:
        parts = term_of(left)
        if parts is None or not parts[1].isidentifier() or parts[1].isdigit():
            continue
        base, index = parts
        symbol = table.resolve(index)
        counts = symbol is None or symbol.kind == "integer"
        before = re.search(rf"{re.escape(base)}\s*_\s*(\{{\s*{re.escape(index)}\s*-[^{{}}]*\}})", right)
        if before and table.resolve(canonical_name(f"{base}_{before[1]}")) is not None:
            continue  # declared as a name of its own
        own = before is not None
        others = any(
            re.search(rf"{re.escape(name)}\s*_\s*\{{?\s*{re.escape(index)}", right)
            for name in (*table.sequences, *found)
        )
        runs = (
            symbol is not None
            and bool(table.sequences)
            and re.search(rf"(?<![A-Za-z\\]){re.escape(index)}(?![A-Za-z])", right) is not None
        )
        if (
            counts
            and (own or others or runs)
            and table.resolve(canonical_name(left)) is None
            and base not in table.sequences
        ):
            found[base] = Symbol(f"{base}_", "function", role="sequence")
            if symbol is None:
                found[index] = Symbol(index, "integer", frozenset({"positive"}))
    return list(found.values())


def recurrences_of(pairs: list[tuple[Node, Node]]) -> dict[str, Recurrence]:
    """The recurrences that pairs (term, formula) define, in the order of their steps. Raises BadSpec."""
    steps: dict[str, tuple[str, Node]] = {}
    starts: dict[str, dict[int, Node]] = {}
    for left, right in pairs:
        assert isinstance(left, Call)
        sequence, index = left.function, left.arguments[0]
        place = whole(index)
        if place is not None:
            _new(place in starts.setdefault(sequence, {}), sequence)
            starts[sequence][place] = right
        elif isinstance(index, Name):
            _new(sequence in steps, sequence)
            steps[sequence] = (index.key, right)
        else:
            raise BadSpec(
                f"{sequence[:-1]}: the left side of a recurrence is a term such as {sequence}t or {sequence}0"
            )
    for sequence in starts:
        if sequence not in steps:
            raise BadSpec(f"{sequence[:-1]} has a start and no recurrence; write {sequence}t = … {sequence}{{t-1}} …")
    known = list(steps)
    return {s: _recurrence(s, *steps[s], starts.get(s, {}), known[known.index(s) + 1 :]) for s in steps}


def _new(known: bool, sequence: str) -> None:
    if known:
        raise BadSpec(f"{sequence[:-1]} is given twice")


def _recurrence(sequence: str, index: str, step: Node, starts: Mapping[int, Node], later: list[str]) -> Recurrence:
    order = 0
    for call in terms(step):
        back = shift_of(call.arguments[0], index)
        if call.function in later:
            raise BadSpec(f"{sequence[:-1]} is given by {call.function[:-1]}, which is given after it")
        if call.function == sequence:
            if back is None or back.denominator != 1 or back >= 0:
                raise BadSpec(f"{sequence[:-1]}: a recurrence mentions its own terms at {index} - 1, {index} - 2, …")
            order = max(order, -int(back))
    if order == 1 and not starts:
        starts = {0: Name(name_of(sequence, 0))}  # an input
    if order and sorted(starts) != list(range(min(starts, default=0), min(starts, default=0) + order)):
        what = "one start" if order == 1 else f"{order} starts one after another"
        raise BadSpec(f"{sequence[:-1]}: a recurrence that goes back to {index} - {order} needs {what}")
    return Recurrence(sequence, index, step, dict(sorted(starts.items())), order)
