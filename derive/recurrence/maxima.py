r"""Maxima → a canonical form: the set of the terms and the running terms over which the maximum is taken.

    max(a, max(b, c))          = max(a, b, c)
    c · max(a, b)              = max(c a, c b)             where c ≥ 0
    max(a, b)^p                = max(a^p, b^p)             where a, b ≥ 0 and p > 0
    max_{1≤i≤t} a_i            = max(max_{1≤i≤t−1} a_i, a_t)
    max(a, 0)                  = a                         where a ≥ 0

A minimum has no such form here: what holds one is no maximum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from derive.errors import TooLarge
from derive.recurrence import sums
from derive.recurrence.signs import Signs
from derive.recurrence.sums import INDEX, vanishes
from derive.recurrence.terms import whole
from derive.tree import (
    ONE,
    Absolute,
    Binder,
    Call,
    Name,
    Negative,
    Node,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    number,
    substitute,
    times,
)

MAX_ENTRIES = 16
Sign = Callable[[Node], bool]  # whether a tree is certain to be no less than zero


@dataclass(frozen=True, slots=True)
class Running:
    """max over `INDEX` from low to high of body."""

    low: Node
    high: Node
    body: Node


Entry = Node | Running


def holds_maximum(tree: Node) -> bool:
    """Whether a maximum or minimum is taken anywhere in a tree."""
    return any(_is_extreme(part) for part in _parts(tree))


def _parts(tree: Node) -> Iterable[Node]:
    yield tree
    for child in tree.children:
        yield from _parts(child)


def _is_extreme(node: Node) -> bool:
    if isinstance(node, Call):
        return node.function in ("max", "min") and not node.order
    return isinstance(node, Binder) and node.kind in ("maximum", "minimum")


def entries(tree: Node, nonnegative: Sign) -> list[Entry] | None:
    """What a tree is the maximum of; None where a maximum stands in it that is not the outermost operation."""
    match tree:
        case Call(function="max", order=0, arguments=arguments):
            return _joined(entries(argument, nonnegative) for argument in arguments)
        case Binder(kind="maximum", index=index, bounds=(low, high), body=body):
            inner = entries(substitute(body, {index: Name(INDEX)}), nonnegative)
            if inner is None or any(isinstance(entry, Running) for entry in inner):
                return None
            return [Running(low, high, entry) for entry in inner if not isinstance(entry, Running)]
        case Product(factors=factors):
            return _scaled(factors, nonnegative)
        case Quotient(numerator=top, denominator=bottom) if holds_maximum(top) and nonnegative(bottom):
            return _mapped(entries(top, nonnegative), lambda part: Quotient(part, bottom))
        case Power(base=base, exponent=exponent) if holds_maximum(base) and nonnegative(exponent):
            return _powers(entries(base, nonnegative), exponent, nonnegative)
        case Root(radicand=base, index=None) if holds_maximum(base):
            return _powers(entries(base, nonnegative), Quotient(ONE, number(2)), nonnegative)
        case Absolute(operand=operand) if holds_maximum(operand):
            inner = entries(operand, nonnegative)
            bodies = [part.body if isinstance(part, Running) else part for part in inner or []]
            return inner if inner and all(map(nonnegative, bodies)) else None
    return None if holds_maximum(tree) else [tree]


def _joined(parts: Iterable[list[Entry] | None]) -> list[Entry] | None:
    found: list[Entry] = []
    for part in parts:
        if part is None:
            return None
        found += part
    return found if len(found) <= MAX_ENTRIES else None


def _mapped(parts: list[Entry] | None, change: Callable[[Node], Node]) -> list[Entry] | None:
    if parts is None:
        return None
    return [Running(p.low, p.high, change(p.body)) if isinstance(p, Running) else change(p) for p in parts]


def _scaled(factors: tuple[Node, ...], nonnegative: Sign) -> list[Entry] | None:
    """Nonnegative factors beside one maximum; a bound index is a name of no factor outside."""
    taken = [factor for factor in factors if holds_maximum(factor)]
    rest = [factor for factor in factors if not holds_maximum(factor)]
    if not taken:
        return [Product(factors)]
    if len(taken) > 1 or not nonnegative(times(rest)):
        return None
    return _mapped(entries(taken[0], nonnegative), lambda part: times([*rest, part]))


def _powers(parts: list[Entry] | None, exponent: Node, nonnegative: Sign) -> list[Entry] | None:
    if parts is None or not all(nonnegative(p.body if isinstance(p, Running) else p) for p in parts):
        return None
    return _mapped(parts, lambda part: Power(part, exponent))


def _flat(tree: Node, nonnegative: Sign) -> list[Entry] | None:
    """The entries of a maximum, those with numbers as bounds written out, a 0 left out that is never the greatest."""
    found = entries(tree, nonnegative)
    if found is None:
        return None
    flat = [part for entry in found for part in (_members(entry) if isinstance(entry, Running) else [entry])]
    if len(flat) > MAX_ENTRIES:
        raise TooLarge("a maximum of too many")
    others = [entry for entry in flat if not _is_zero(entry)]
    if len(others) < len(flat) and any(nonnegative(e.body if isinstance(e, Running) else e) for e in others):
        return others
    return flat


def _is_zero(entry: Entry) -> bool:
    return isinstance(entry, Node) and vanishes(entry)


def _members(entry: Running) -> list[Entry]:
    low, high = whole(entry.low), whole(entry.high)
    if low is None or high is None:
        body, first, last = sums.over_terms(entry.body, INDEX, entry.low, entry.high)
        return [Running(first, last, body)]
    if high < low or high - low >= MAX_ENTRIES:
        raise TooLarge("a maximum of nothing, or of too many")
    return [substitute(entry.body, {INDEX: number(k)}) for k in range(low, high + 1)]


def peeled(tree: Node, last: str) -> Node:
    """Every maximum up to `last` as one up to `last` − 1 and its last term; what the induction step compares."""
    children = tuple(peeled(child, last) for child in tree.children)
    changed = tree.rebuilt(children) if children else tree
    if isinstance(changed, Binder) and changed.kind in ("maximum", "minimum") and changed.bounds[1] == Name(last):
        before = Sum((Name(last), Negative(ONE)))
        function = "max" if changed.kind == "maximum" else "min"
        rest = Binder(changed.kind, changed.index, (changed.bounds[0], before), changed.body)
        return Call(function, (rest, substitute(changed.body, {changed.index: Name(last)})))
    return changed


def same(left: Node, right: Node, signs: Signs) -> bool:
    """Whether two maxima are taken over the same terms."""
    nonnegative = signs.nonnegative
    try:
        a, b = _flat(left, nonnegative), _flat(right, nonnegative)
    except (TooLarge, ZeroDivisionError):
        return False
    if a is None or b is None:
        return False
    return all(any(_alike(x, y, signs) for y in b) for x in a) and all(any(_alike(x, y, signs) for x in a) for y in b)


def _alike(x: Entry, y: Entry, signs: Signs) -> bool:
    if isinstance(x, Running) and isinstance(y, Running):
        pairs = ((x.low, y.low), (x.high, y.high), (x.body, y.body))
        return all(_same(one, other, signs) for one, other in pairs)
    return isinstance(x, Node) and isinstance(y, Node) and _same(x, y, signs)


def _same(x: Node, y: Node, signs: Signs) -> bool:
    return sums.same(x, y) or sums.same(signs.placed(x), signs.placed(y))
