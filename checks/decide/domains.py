"""Where a formula has a value: bounds that are declared, and those that logs, even roots and quotients imply.

Read only from what is always evaluated: what a branch of a case distinction divides by matters only where it applies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product

from checks.decide.intervals import Interval, declared
from derive.errors import TooLarge
from derive.normal import normal_form
from derive.splitting import ANY, NEGATIVE, POSITIVE, ZERO, form_sign
from derive.symbols import SymbolTable
from derive.tree import (
    ONE,
    Binder,
    Call,
    Cases,
    Indicator,
    Negative,
    Node,
    Power,
    Quotient,
    Root,
    Sum,
    substitute,
)

MAX_CELLS = 64


@dataclass
class Domain:
    """What is known of the names of a formula, and what that knowledge was taken from."""

    intervals: dict[str, Interval] = field(default_factory=dict)
    implied: set[str] = field(default_factory=set)  # names bounded by where the formula is defined

    @classmethod
    def of(cls, tree: Node, symbols: SymbolTable, *, implied: bool) -> Domain:
        """Declared bounds; with `implied`, those without which the tree has no value."""
        domain = cls()
        for name in tree.names:
            symbol = symbols.get(name)
            known = declared(symbol) if symbol is not None and symbol.kind in {"real", "integer"} else Interval()
            if not known.everything:
                domain.intervals[name] = known
        if implied:
            for name, bound in _implied(tree):
                before = domain.intervals.get(name, Interval())
                after = before.meet(bound)
                if after != before:
                    domain.intervals[name] = after
                    domain.implied.add(name)
        return domain

    def cells(self) -> list[dict[str, Interval]]:
        """Every combination of open intervals and points; empty if a domain is."""
        names = list(self.intervals)
        choices = product(*(list(self.intervals[name].pieces()) for name in names))
        cells = list(islice(choices, MAX_CELLS + 1))
        if len(cells) > MAX_CELLS:
            raise TooLarge(f"more than {MAX_CELLS} cells")
        return [dict(zip(names, cell, strict=True)) for cell in cells]

    def described(self, symbols: SymbolTable) -> str:
        """The bounds in words, for the evidence."""
        return ", ".join(interval.described(name) for name, interval in sorted(self.intervals.items()))


def _implied(tree: Node) -> Iterator[tuple[str, Interval]]:
    """Bounds on single names without which a log or an even root in the tree has no value."""
    for node, (low_closed, two_sided) in _restricted(tree):
        for u in (node, Sum((ONE, Negative(node))), Sum((ONE, node))) if two_sided else (node,):
            if two_sided and u is node:
                continue
            found = line(u)
            if found is None:
                continue
            name, slope, constant = found
            bound = -constant / slope
            yield (
                name,
                (
                    Interval(bound, None, (low_closed, False))
                    if slope > 0
                    else Interval(None, bound, (False, low_closed))
                ),
            )


def _restricted(tree: Node) -> Iterator[tuple[Node, tuple[bool, bool]]]:
    """u with whether u = 0 is allowed, and whether it is |u| ≤ 1 that is asked; only where the part is always evaluated."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Cases | Indicator | Binder):
            continue
        if isinstance(node, Call) and not node.order:
            if node.function == "log":
                yield node.arguments[0], (False, False)
            elif node.function in {"arcsin", "arccos"}:
                yield node.arguments[0], (True, True)
            elif node.function == "log_base":
                yield from ((argument, (False, False)) for argument in node.arguments)
        elif isinstance(node, Root) and (node.index is None or even(node.index)):
            yield node.radicand, (True, False)
        elif isinstance(node, Power):
            exponent = constant_of(node.exponent)
            if exponent is not None and exponent.denominator % 2 == 0:
                yield node.base, (exponent > 0, False)
        stack.extend(node.children)


def even(index: Node) -> bool:
    value = constant_of(index)
    return value is not None and value.denominator == 1 and value.numerator % 2 == 0


def constant_of(tree: Node) -> Fraction | None:
    try:
        return normal_form(tree).constant
    except (TooLarge, ZeroDivisionError):
        return None


def line(tree: Node) -> tuple[str, Fraction, Fraction] | None:
    """The tree as slope·name + constant with rational numbers, if it is that."""
    try:
        form = normal_form(tree)
    except (TooLarge, ZeroDivisionError):
        return None
    used = [k for k, d in zip(form.kernels, form.numerator.degrees(), strict=False) if d]
    if (
        len(used) != 1
        or used[0].key[0] != "name"
        or form.numerator.total_degree() != 1
        or not form.denominator.is_constant()
    ):
        return None
    scale = form.denominator.leading_coefficient()
    slope, constant = Fraction(0), Fraction(0)
    for powers, c in form.numerator.terms():
        value = Fraction(int((c / scale).p), int((c / scale).q))
        if any(powers):
            slope = value
        else:
            constant = value
    return str(used[0].key[1]), slope, constant


@dataclass(frozen=True, slots=True)
class Limits:
    """What must hold for a formula to have a value: u ≥ 0, u > 0 and u ≠ 0."""

    nonnegative: tuple[Node, ...]
    positive: tuple[Node, ...]
    nonzero: tuple[Node, ...]

    def at(self, values: Mapping[str, Node]) -> Limits:
        """The same with names replaced."""
        if not values:
            return self
        groups = (self.nonnegative, self.positive, self.nonzero)
        return Limits(*(tuple(substitute(u, values) for u in group) for group in groups))

    def nowhere(self) -> bool:
        """Whether one of them is certain to fail."""
        asked = ((self.nonnegative, POSITIVE | ZERO), (self.positive, POSITIVE), (self.nonzero, POSITIVE | NEGATIVE))
        return any(not _possible(u) & allowed for group, allowed in asked for u in group)


def restrictions(tree: Node) -> Limits:
    """The limits of a formula as it is written."""
    nonnegative: list[Node] = []
    positive: list[Node] = []
    for u, (zero_allowed, two_sided) in _restricted(tree):
        if not two_sided:
            (nonnegative if zero_allowed else positive).append(u)
    return Limits(tuple(nonnegative), tuple(positive), tuple(_divisors(tree)))


def _divisors(tree: Node) -> Iterator[Node]:
    """What is always divided by."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Cases | Indicator | Binder):
            continue
        if isinstance(node, Quotient):
            yield node.denominator
        elif isinstance(node, Power):
            exponent = constant_of(node.exponent)
            if exponent is not None and exponent < 0:
                yield node.base
        stack.extend(node.children)


def _possible(u: Node) -> int:
    try:
        return form_sign(normal_form(u))
    except (TooLarge, ZeroDivisionError):
        return ANY
