"""f ≥ 0 where f vanishes on all of n = v, v another name or a number: by f convex in n, or rising away from v.

    f(v) = 0, f'(v) = 0 and f'' ≥ 0 on the domain        the least value of a convex function
    f(v) = 0, f'(v + d) ≥ 0 and f'(v − d) ≤ 0, d > 0     the mean value theorem

Derivatives are by n; the other names are held. The formula must be smooth and defined on all of the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from checks.decide.bounds.touching import FAILURES
from checks.decide.branches import resolved
from checks.decide.domains import line, restrictions
from checks.decide.intervals import Interval
from derive.normal import vanishes
from derive.pullback import derivative
from derive.symbols import Symbol, SymbolTable
from derive.tree import (
    ONE,
    ZERO,
    Absolute,
    Call,
    Cases,
    Indicator,
    Name,
    Negative,
    Node,
    Number,
    Sum,
    number,
    substitute,
    transform,
    walk,
)

STEP = Name("\0d")
MAX_NAMES = 4
Prove = Callable[[Node, str, SymbolTable], bool]  # formula relation 0, under declarations


def by_contact(
    tree: Node, domain: Mapping[str, Interval], symbols: SymbolTable, prove: Prove, *, strict: bool = False
) -> str | None:
    """How f ≥ 0 was proven, or None; f > 0 only where the contact is no part of the domain."""
    if not 2 <= len(tree.names) <= MAX_NAMES or STEP.key in tree.names:
        return None
    plain = resolved(tree)
    symbols = SymbolTable([replace(s, properties=s.properties - {"nonzero"}) for s in symbols.values()])  # no gaps
    real = [name for name in plain.names if name not in symbols or symbols[name].kind == "real"]
    for name, value in _contacts(plain, domain, real, strict=strict):
        try:
            own = domain.get(name, Interval())
            if _smooth(plain):
                if not _defined(plain, symbols, prove):
                    return None
                if not strict and _convex(plain, name, value, symbols, prove):
                    return "they and their derivatives are equal somewhere and the difference is convex"
            if _beside(plain, name, value, own, symbols, prove, strict=strict):
                return "away from where they are equal the difference grows"
        except FAILURES:
            continue
    return None


def _contacts(
    tree: Node, domain: Mapping[str, Interval], names: list[str], *, strict: bool
) -> Iterator[tuple[str, Node]]:
    for name in names:
        own = domain.get(name, Interval())
        if strict:
            ends = [number(end) for end in (own.low, own.high) if end is not None and not _inside(_only(end), own)]
            yield from ((name, end) for end in ends if _vanishing(tree, name, end))
            continue
        others = [Name(other) for other in tree.names if other != name and _inside(domain.get(other, Interval()), own)]
        numbers = [n for n in (ZERO, ONE) if _inside(_only(n.value), own)]
        yield from ((name, value) for value in (*others, *numbers) if _vanishing(tree, name, value))


def _vanishing(tree: Node, name: str, value: Node) -> bool:
    try:
        return vanishes(substitute(tree, {name: value})).holds
    except FAILURES:
        return False


def _only(value: Fraction) -> Interval:
    return Interval(value, value, (True, True))


def _inside(inner: Interval, outer: Interval) -> bool:
    return outer.meet(inner) == inner


def _smooth(tree: Node) -> bool:
    return not any(
        isinstance(node, Absolute | Cases | Indicator)
        or (isinstance(node, Call) and node.function in {"sign", "floor"})
        for node in walk(tree)
    )


def _defined(tree: Node, symbols: SymbolTable, prove: Prove) -> bool:
    limits = restrictions(tree)
    return all(prove(u, ">", symbols) for u in (*limits.positive, *limits.nonnegative)) and all(
        prove(u, ">", symbols) or prove(u, "<", symbols) for u in limits.nonzero
    )


def _convex(tree: Node, name: str, value: Node, symbols: SymbolTable, prove: Prove) -> bool:
    slope = derivative(tree, name)
    if not vanishes(substitute(slope, {name: value})).holds:
        return False
    return prove(derivative(slope, name), r"\ge", symbols)


def _beside(
    tree: Node, name: str, value: Node, own: Interval, symbols: SymbolTable, prove: Prove, *, strict: bool
) -> bool:
    """On both sides of the contact, n = v ± d."""
    table = SymbolTable([*symbols.values(), Symbol(STEP.key, properties=frozenset({"positive"}))])
    ends = {STEP: own.high, Negative(STEP): own.low}
    for side, end in ends.items():
        if isinstance(value, Number) and value.value == end:
            continue  # the domain ends here
        here = _signs_known(substitute(tree, {name: Sum((value, side))}))
        if not _smooth(here) or not _defined(here, _within(table, name), prove):
            return False
        if not prove(derivative(here, STEP.key), ">" if strict else r"\ge", _within(table, name)):
            return False
    return True


def _within(table: SymbolTable, name: str) -> SymbolTable:
    """The declarations without those of the name that is gone."""
    return SymbolTable([replace(symbol) for key, symbol in table.items() if key != name])


def _signs_known(tree: Node) -> Node:
    """|c·d| written out, for d is positive."""

    def put(node: Node) -> Node | None:
        if isinstance(node, Absolute) or (isinstance(node, Call) and node.function == "sign" and not node.order):
            inside = node.operand if isinstance(node, Absolute) else node.arguments[0]
            found = line(inside)
            if found is not None and found[0] == STEP.key and found[1] * found[2] >= 0:
                sign = 1 if found[1] > 0 else -1
                return number(sign) if isinstance(node, Call) else inside if sign > 0 else Negative(inside)
        return None

    return transform(tree, put)
