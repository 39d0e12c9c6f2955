"""Cotangents through named definitions: back from name to name, each passed on as a whole; nothing is put in.

The cotangent of a name is the sum of what every definition that mentions it passes to it, in terms of the names: they
are constants for what is passed back, so the result is linear in the cotangent of the top, as that of one formula is.

    Backward.pulled      what reaches one name; what is nested too deeply to be written out gets a name (Naming)
    Backward.lines       of a scalar: one line a name, from the top down, each with the lines before it
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

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
DEEP = 40  # levels of nesting from which a cotangent is named, well within what can be read again
LONG = 250  # nodes of a derivative from which it is not worked out in names alone
SHORT = 16  # nodes of a cotangent that no name is needed for
Tidy = Callable[[Node], Node]


@dataclass(frozen=True, slots=True)
class Line:
    """A derivative of the top: its symbol, what it is with the derivatives before, what it is in names alone; by whom.

    What would be long in names alone is left as the symbol.
    """

    symbol: Node
    value: Node
    worked_out: Node
    passed_by: tuple[str, ...]


@dataclass
class Naming:
    """Names for what is long: h̄ for the cotangent of h, as Giles writes it; with what they stand for.

    A cotangent is named where it is nested deeply or large, and where those passed to several names add up.
    """

    taken: Container[str]
    definitions: dict[str, Node] = field(default_factory=dict)
    shared: int = 0  # nodes passed to several names until now

    def of(self, name: str, cotangent: Node, *, shared: bool) -> Node:
        """The cotangent of a name, or a name for it."""
        self.shared += cotangent.size if shared else 0
        adds_up = shared and self.shared > LONG and cotangent.size > SHORT
        if not adds_up and cotangent.size <= LONG and cotangent.depth <= DEEP:
            return cotangent
        base, mark, scripts = name.partition("_")
        key = rf"\bar{{{base}}}{mark}{scripts}"
        while key in self.taken:
            key = rf"\bar{{{key}}}"
        self.definitions[key] = cotangent
        return like(key, cotangent)


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

    @lazy
    def users(self) -> dict[str, list[str]]:
        """The definitions that mention a name, in order."""
        found: dict[str, list[str]] = {}
        for key, below in self.mentioned.items():
            for name in below:
                found.setdefault(name, []).append(key)
        return found

    def between(self, f: Node, *keys: str) -> tuple[str, ...]:
        """The defined names on a path from f down to a name, the lowest first."""
        above = _closure(keys, lambda name: self.users.get(name, ()))
        reached = _closure(names(f), lambda name: self.mentioned.get(name, ()))
        return tuple(name for name in self.definitions if name not in keys and name in above and name in reached)

    def pulled(self, f: Node, cotangent: Node, key: str, naming: Naming | None = None) -> Node:
        """What reaches a name from f; with `naming` a deep cotangent is passed on by its name. Raises NoRule, TooLarge."""
        path = self.between(f, key)
        reaching: dict[str, list[Node]] = {name: [] for name in (*path, key)}
        self._pass(f, cotangent, reaching)
        for name in reversed(path):
            whole = add(reaching.pop(name))
            if whole != ZERO:
                whole = self.tidy(whole)
                if naming is not None:
                    met = sum(other in reaching for other in self.mentioned[name])
                    whole = naming.of(name, whole, shared=met > 1)
                self._pass(self.definitions[name], whole, reaching)
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
        waiting = dict.fromkeys((*by_key, *self.between(top, *by_key)))
        waiting.pop(top.key, None)
        wave: dict[str, int] = {}
        for name in (*reversed(tuple(self.definitions)), *by_key):
            if name in waiting and name not in wave:
                wave[name] = 1 + max((wave[user] for user in self.users.get(name, ()) if user in wave), default=0)
        found = {top.key: Line(ONE, ONE, ONE, ())}
        for name in sorted(waiting, key=wave.__getitem__):
            found[name] = self._line(top, name, by_key.get(name), found)
        return [line for name, line in found.items() if name in waiting]

    def _line(self, top: Name, name: str, node: Node | None, above: Mapping[str, Line]) -> Line:
        """One line from those above: with their derivatives by name, or worked out where that is no longer."""
        if node is None:
            node = like(name, self.definitions[name])
        users = set(self.users.get(name, ()))
        passing = [key for key in above if key in users]
        with_names = self._received(name, {key: above[key].symbol for key in passing})
        worked_out = self._received(name, {key: above[key].worked_out for key in passing})
        shorter = cost(worked_out) <= cost(with_names)
        symbol = Derivative(top, (node,))  # type: ignore[arg-type]
        value = worked_out if shorter else with_names
        return Line(symbol, value, symbol if worked_out.size > LONG else worked_out, tuple(passing))

    def _received(self, name: str, cotangents: Mapping[str, Node]) -> Node:
        """The sum of what definitions with given cotangents pass to a name."""
        passed = (Pull(name, self.table)(self.definitions[key], given) for key, given in cotangents.items())
        return self.tidy(add(list(passed)))


def _closure(start: Iterable[str], following: Callable[[str], Iterable[str]]) -> set[str]:
    """What can be reached, the start included."""
    found = set(start)
    stack = list(found)
    while stack:
        new = set(following(stack.pop())) - found
        found |= new
        stack.extend(new)
    return found


def like(name: str, definition: Node) -> Node:
    """A defined name, with the shape of its definition."""
    shape = shape_of(definition)
    return Name(name) if shape == SCALAR else ArrayName(name, shape)
