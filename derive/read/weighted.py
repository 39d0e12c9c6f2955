r"""Dots between weighted terms of a sequence: `\beta^{t-1} g_1 + \beta^{t-2} g_2 + \dots + g_t` is Σ_{i=1}^t β^{t−i} g_i.

The subscripts of a sequence say which index a term has. The general term is the first one with its exponents rising or
falling with the index, or the last one with the index for its own; it is taken only if every term that is written is a
case of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from derive.recurrence.written import simple
from derive.tree import Call, Name, Negative, Node, Number, Power, Sum, number, substitute, transform, walk

HOLE = "?"
MAX_EXPONENTS = 4  # of a term
Same = Callable[[Node, Node], bool]


@dataclass(frozen=True, slots=True)
class Weighted:
    """Every term as a case of one in HOLE, from `low` to `high`."""

    body: Node
    low: int
    high: Node


def weighted(before: Sequence[Node], after: Sequence[Node], same: Same) -> Weighted | None:
    """The run that all terms, before and behind the dots, belong to, forwards or backwards; None if there is none."""
    return _forwards(before, after, same) or _forwards(after[::-1], before[::-1], same)


def _forwards(first: Sequence[Node], last: Sequence[Node], same: Same) -> Weighted | None:
    start, end = _index(first[0]), _index(last[-1])
    if start is None or end is None or not isinstance(start, Number) or isinstance(end, Number):
        return None
    low = int(start.value)
    own = [substitute(last[-1], {end.key: Name(HOLE)})] if isinstance(end, Name) else []
    for body in (*own, *_bodies(first[0], low)):
        early = all(same(part, _at(body, number(low + place))) for place, part in enumerate(first))
        if early and all(same(part, _at(body, _back(end, place))) for place, part in enumerate(last[::-1])):
            return Weighted(body, low, end)
    return None


def _index(term: Node) -> Node | None:
    """The index of the terms of sequences in a term, if it is one."""
    found = {node.arguments[0] for node in walk(term) if isinstance(node, Call) and node.function.endswith("_")}
    return next(iter(found)) if len(found) == 1 else None


def _back(end: Node, steps: int) -> Node:
    return end if not steps else Sum((end, Negative(number(steps))))


def _at(body: Node, value: Node) -> Node:
    return substitute(body, {HOLE: value})


def _bodies(term: Node, low: int) -> Iterator[Node]:
    """The term with the index in its subscripts, and its exponents rising, falling or as they are."""
    numbered = transform(term, _subscripted)
    places = [
        path for path in _exponents(numbered) if _at_path(numbered, path).names or _at_path(numbered, path) != number(2)
    ]
    since = Sum((Name(HOLE), number(-low)))
    ways = (Negative(since), since, None)
    for chosen in product(ways, repeat=len(places)) if len(places) <= MAX_EXPONENTS else ():
        moved = {path: way for path, way in zip(places, chosen, strict=True) if way is not None}
        yield _with_exponents(numbered, moved)


def _subscripted(node: Node) -> Node | None:
    return Call(node.function, (Name(HOLE),)) if isinstance(node, Call) and node.function.endswith("_") else None


Path = tuple[int, ...]


def _exponents(node: Node, path: Path = ()) -> Iterator[Path]:
    """Where the exponents of a term stand."""
    for place, child in enumerate(node.children):
        if isinstance(node, Power) and place == 1:
            yield (*path, place)
        else:
            yield from _exponents(child, (*path, place))


def _at_path(node: Node, path: Path) -> Node:
    for place in path:
        node = node.children[place]
    return node


def _with_exponents(node: Node, moved: Mapping[Path, Node]) -> Node:
    if () in moved:
        return simple(Sum((node, moved[()])))
    if not moved:
        return node
    inner = (
        _with_exponents(child, {path[1:]: way for path, way in moved.items() if path[0] == place})
        for place, child in enumerate(node.children)
    )
    return node.rebuilt(tuple(inner))
