"""Cotangents through named definitions: back from name to name, each passed on as a whole; nothing is put in.

The cotangent of a name is the sum of what every definition that mentions it passes to it, in terms of the names: they
are constants for what is passed back, so the result is linear in the cotangent of the top, as that of one formula is.

    Backward.pulled      what reaches one name
    Backward.lines       of a scalar: one line a name, from the top down, each with the lines before it
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from derive.errors import NoRule, TooLarge
from derive.lazy import lazy
from derive.matrix.build import add
from derive.matrix.cost import cost
from derive.matrix.nodes import SCALAR, VECTORS_OF, ArrayName
from derive.matrix.pullback import Pull
from derive.matrix.shapes import shape_of
from derive.symbols import SymbolTable
from derive.tree import ONE, ZERO, Derivative, Name, Node, names, walk

MAX_NODES = 20_000  # of a cotangent with everything put in
Tidy = Callable[[Node], Node]


@dataclass(frozen=True, slots=True)
class Line:
    """A derivative of the top: its symbol, what it is with the derivatives before, what it is in names alone; by whom."""

    symbol: Node
    value: Node
    worked_out: Node
    passed_by: tuple[str, ...]


@dataclass(frozen=True)
class Backward:
    """Definitions in order, as rules can take them; `tidy` collects what reached a name before it is passed on."""

    definitions: Mapping[str, Node]
    table: SymbolTable
    tidy: Tidy = lambda node: node

    @lazy
    def mentioned(self) -> dict[str, frozenset[str]]:
        """What each definition is written with."""
        return {key: frozenset(names(tree)) for key, tree in self.definitions.items()}

    def between(self, f: Node, key: str) -> tuple[str, ...]:
        """The defined names on a path from f down to a name, the lowest first."""
        above: list[str] = []
        met = {key}
        for name, below in self.mentioned.items():
            if name != key and not met.isdisjoint(below):
                met.add(name)
                above.append(name)
        reached = set(names(f))
        for name in reversed(above):
            if name in reached:
                reached |= self.mentioned[name]
        return tuple(name for name in above if name in reached)

    def pulled(self, f: Node, cotangent: Node, key: str) -> Node:
        """What reaches a name from f. Raises NoRule, TooLarge."""
        path = self.between(f, key)
        reaching: dict[str, list[Node]] = {name: [] for name in (*path, key)}
        self._pass(f, cotangent, reaching)
        for name in reversed(path):
            whole = add(reaching.pop(name))
            if whole != ZERO:
                self._pass(self.definitions[name], self.tidy(whole), reaching)
        return add(reaching[key])

    def _pass(self, tree: Node, cotangent: Node, reaching: Mapping[str, list[Node]]) -> None:
        if cotangent.size > MAX_NODES:
            raise TooLarge(f"more than {MAX_NODES} nodes in a derivative through the definitions")
        found = [part.of for part in walk(tree) if isinstance(part, ArrayName) and part.role in VECTORS_OF]
        if not reaching.keys().isdisjoint(found):
            raise NoRule(f"no rule for the derivative of the singular vectors or eigenvectors of {found[0]}")
        for name in names(tree):
            if name in reaching:
                reaching[name].append(Pull(name, self.table)(tree, cotangent))

    def lines(self, top: Name, wanted: Sequence[Node]) -> list[Line]:
        """∂top/∂ every name between and every one wanted, in waves: a name comes once all that mention it have come."""
        by_key = {node.names[0]: node for node in wanted}
        between = {name for node in by_key for name in self.between(top, node)}
        found: dict[str, Line] = {}
        above = {top.key: Line(ONE, ONE, ONE, ())}
        waiting = [name for name in (*by_key, *self.definitions) if name in between or name in by_key]
        waiting = [name for name in dict.fromkeys(waiting) if name != top.key]
        while waiting:
            above |= found
            ready = [n for n in waiting if not any(n in self.mentioned.get(other, ()) for other in waiting)]
            for name in ready:
                found[name] = self._line(top, name, by_key.get(name), above)
                waiting.remove(name)
        return list(found.values())

    def _line(self, top: Name, name: str, node: Node | None, above: Mapping[str, Line]) -> Line:
        """One line from those above: with their derivatives by name, or worked out where that is no longer."""
        if node is None:
            node = like(name, self.definitions[name])
        passing = [key for key in above if name in self.mentioned.get(key, ())]
        with_names = self._received(name, {key: above[key].symbol for key in passing})
        worked_out = self._received(name, {key: above[key].worked_out for key in passing})
        shorter = cost(worked_out) <= cost(with_names)
        symbol = Derivative(top, (node,))  # type: ignore[arg-type]
        return Line(symbol, worked_out if shorter else with_names, worked_out, tuple(passing))

    def _received(self, name: str, cotangents: Mapping[str, Node]) -> Node:
        """The sum of what definitions with given cotangents pass to a name."""
        passed = (Pull(name, self.table)(self.definitions[key], given) for key, given in cotangents.items())
        return self.tidy(add(list(passed)))


def like(name: str, definition: Node) -> Node:
    """A defined name, with the shape of its definition."""
    shape = shape_of(definition)
    return Name(name) if shape == SCALAR else ArrayName(name, shape)
