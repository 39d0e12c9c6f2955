"""Extrema over one number: the value where it is exact, attained or approached, else an enclosure.

What is greatest at a rational point is known to be (bounds/extremes.py); what is approached at an end of the domain is the
limit there (limits.py), once no value is proven to be above it. Whether that is attained is then a strict relation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from checks.decide.balls import precision
from checks.decide.bounds.extremes import Enclosure, supremum
from checks.decide.bounds.order import proof_by_bounds
from checks.decide.branches import resolved
from checks.decide.claim import Setting
from checks.decide.domains import constant_of
from checks.decide.intervals import Interval, declared
from checks.decide.limits import BITS, Side, one_sided
from checks.decide.separation import FAILURES
from derive.functions import FUNCTIONS
from derive.kinks import kinks_of_primes, without_kinks
from derive.normal import normal_form
from derive.rules import function_derivative_of_order
from derive.symbols import Symbol, SymbolTable
from derive.tree import (
    EXTREMA,
    Binder,
    Call,
    Chain,
    Logical,
    Name,
    Negative,
    Node,
    OffKinks,
    SuchThat,
    Sum,
    functions,
    number,
    substitute,
    transform,
    walk,
)

SUPREMUM, INFIMUM, GREATEST, LEAST = EXTREMA
BOUNDS = {"<": (1, False), r"\le": (1, True), ">": (0, False), r"\ge": (0, True), "=": (2, True)}
MIRRORED = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le", "=": "=", r"\ne": r"\ne"}
DIGITS = 8


@dataclass(frozen=True, slots=True)
class Extent:
    """low ≤ extremum ≤ high, the same if it is exact; None of both if the values grow without bound."""

    low: Fraction | None
    high: Fraction | None
    attained: bool | None  # None where that is not known
    said: str

    @property
    def exact(self) -> Fraction | None:
        return self.low if self.low == self.high else None

    def negative(self) -> Extent:
        low, high = (None if end is None else -end for end in (self.high, self.low))
        return Extent(low, high, self.attained, self.said)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a name runs: an interval without some points."""

    interval: Interval
    without: tuple[Fraction, ...] = ()


def extent_of(tree: Binder, setting: Setting) -> Extent | None:
    """What is known of an extremum over one number of a formula with no other name; None where that is nothing."""
    body, condition = (tree.body.body, tree.body.condition) if isinstance(tree.body, SuchThat) else (tree.body, None)
    try:
        body = setting.named.expanded(body)
        ground = _ground(tree.index, condition, setting.symbol(tree.index))
        if ground is None or set(body.names) != {tree.index} or body.has_array or not _is_plain(body):
            return None
        kinks = tuple(_kinks(body))
        body = resolved(without_kinks(transform(body, worked_out)))
        if tree.kind in (SUPREMUM, GREATEST):
            return _greatest(body, tree.index, ground, kinks)
        found = _greatest(Negative(body), tree.index, ground, kinks)
        return None if found is None else found.negative()
    except FAILURES:
        return None


def _is_plain(body: Node) -> bool:
    """Whether only functions of the table occur, and nothing is bound in it."""
    return not any(isinstance(node, Binder) for node in walk(body)) and all(f in FUNCTIONS for f in functions(body))


def worked_out(node: Node) -> Node | None:
    """f'(u) by the row of f."""
    if isinstance(node, Call) and node.order:
        return function_derivative_of_order(Call(node.function, node.arguments), node.order)
    return None


def _kinks(body: Node) -> Iterator[Node]:
    for node in walk(body):
        if isinstance(node, OffKinks):
            yield from node.kinks
        elif isinstance(node, Call) and node.order:
            yield from kinks_of_primes(node)


def _ground(name: str, condition: Node | None, symbol: Symbol) -> Ground | None:
    """The declared domain and what the condition says; None where that is not read."""
    if symbol.kind not in ("real", "scalar") or symbol.is_array:
        return None
    interval, without = declared(symbol), [Fraction(0)] if "nonzero" in symbol.properties else []
    for part in () if condition is None else condition.statements if isinstance(condition, Logical) else (condition,):
        if not isinstance(part, Chain) or (isinstance(condition, Logical) and condition.connective != "and"):
            return None
        for left, relation, right in zip(part.sides, part.relations, part.sides[1:], strict=False):
            if right == Name(name) and relation in MIRRORED:
                left, relation, right = right, MIRRORED[relation], left
            bound = constant_of(right)
            if left != Name(name) or bound is None:
                return None
            if relation == r"\ne":
                without.append(bound)
            elif relation in BOUNDS:
                side, closed = BOUNDS[relation]
                ends = {0: (bound, None), 1: (None, bound), 2: (bound, bound)}[side]
                interval = interval.meet(Interval(*ends, (closed, closed)))
            else:
                return None
    return None if not any(True for _ in interval.pieces()) else Ground(interval, tuple(without))


@lru_cache(maxsize=512)
def _greatest(body: Node, name: str, ground: Ground, kinks: tuple[Node, ...]) -> Extent | None:
    """The supremum."""
    limits = list(_limits(body, name, ground.interval))
    if any(infinite > 0 for _, _, infinite in limits):
        end = next(end for end, _, infinite in limits if infinite > 0)
        return Extent(None, None, False, f"the values grow without bound as {name} → {end}")
    domain = {name: ground.interval}
    found = supremum(body, domain, DIGITS)
    if found is not None and not _counts(found, name, ground, kinks):
        return None
    symbols = SymbolTable(
        [Symbol(name, lower=ground.interval.low, upper=ground.interval.high, closed=ground.interval.closed)]
    )

    def below(bound: Fraction, relation: str) -> bool:
        return proof_by_bounds(Sum((number(bound), Negative(body))), relation, domain, symbols)[0]

    highest = max((value for _, value, _ in limits if value is not None), default=None)
    if found is not None and found.attained and (highest is None or highest <= found.high):
        at = found.point[name]
        return Extent(found.low, found.high, True, f"it is attained at {name} = {at}")
    if highest is not None and (found is None or found.low <= highest <= found.high) and below(highest, r"\ge"):
        end = next(end for end, value, _ in limits if value == highest)
        attained = False if below(highest, ">") else None
        said = f"it is approached as {name} → {end}" + (", and not attained" if attained is False else "")
        return Extent(highest, highest, attained, said)
    if found is None:
        return None
    return Extent(found.low, found.high, True if found.attained else None, "by branch and bound")


def _limits(body: Node, name: str, interval: Interval) -> Iterator[tuple[str, Fraction | None, int]]:
    """What is approached at both ends: the end, the value if it is exact, the sign of an infinite one."""
    sides = (
        (Side(None, -1) if interval.low is None else Side(interval.low, 1), "−∞", interval.low),
        (Side(None, 1) if interval.high is None else Side(interval.high, -1), "∞", interval.high),
    )
    with precision(BITS):
        for side, infinity, end in sides:
            value = one_sided(body, name, side)
            if value is not None:
                yield infinity if end is None else str(end), value.exact, value.infinite


def _counts(found: Enclosure, name: str, ground: Ground, kinks: tuple[Node, ...]) -> bool:
    """Whether the point with the greatest value found belongs to the domain and is no kink."""
    at = found.point[name]
    if at in ground.without:
        return False
    for kink in kinks:
        value = normal_form(substitute(kink, {name: number(at)})).constant
        if not value:
            return False
    return True
