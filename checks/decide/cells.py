"""A formula cut into cells on which every sign it depends on is known, and decided on each by its normal form.

A domain is put in by substitution, which turns knowledge of signs into algebra the normal form has anyway:

    x > a        x = a + exp(t)            a < x < b    x = a + (b − a)·exp(t)/(1 + exp(t))
    x ≥ 0        the cells x > 0 and x = 0

Bounds come from declarations and, for an equation, from where both sides are defined: under a log, an even root. Then
what |·|, sign, the conditions of case distinctions still leave open is cut at its zeros: u linear in a name gives
u > 0, u = 0, u < 0 exactly; anything else is tried with each value it can have, whether that can occur or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import islice, product

from checks.decide.constructs import truth
from derive.errors import NoRule, TooLarge
from derive.functions import FUNCTIONS
from derive.normal import fraction_tree, normal_form, polynomial_tree, vanishes
from derive.rules import definition_of
from derive.splitting import ANY, NEGATIVE, POSITIVE, ZERO, factored, form_sign
from derive.symbols import Symbol, SymbolTable
from derive.tree import (
    ONE,
    Absolute,
    Binder,
    Call,
    Cases,
    Chain,
    Constant,
    Indicator,
    Logical,
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
    total,
    transform,
    walk,
)

MAX_CELLS = 64
BRANCHING = frozenset(["sign", "floor"])


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a name lies: open bounds, or one point if both are the same; `closed` tells which bounds belong to it."""

    low: Fraction | None = None
    high: Fraction | None = None
    closed: tuple[bool, bool] = (False, False)

    @property
    def everything(self) -> bool:
        """Whether nothing is known."""
        return self.low is None and self.high is None

    def pieces(self) -> Iterator[Interval]:
        """The open interval, and the bounds that belong to it as points."""
        if self.low is not None and self.low == self.high:
            if all(self.closed):
                yield self
            return
        if self.low is not None and self.high is not None and self.low > self.high:
            return
        yield Interval(self.low, self.high)
        for bound, belongs in zip((self.low, self.high), self.closed, strict=True):
            if bound is not None and belongs:
                yield Interval(bound, bound, (True, True))

    def meet(self, other: Interval) -> Interval:
        """The intersection."""
        low, low_closed = self.low, self.closed[0]
        if other.low is not None and (low is None or (other.low, not other.closed[0]) > (low, not low_closed)):
            low, low_closed = other.low, other.closed[0]
        high, high_closed = self.high, self.closed[1]
        if other.high is not None and (high is None or (other.high, other.closed[1]) < (high, high_closed)):
            high, high_closed = other.high, other.closed[1]
        return Interval(low, high, (low_closed, high_closed))

    def contains(self, value: Fraction) -> bool:
        """Whether a number lies strictly inside."""
        return (self.low is None or value > self.low) and (self.high is None or value < self.high)

    def tree(self, name: str) -> Node:
        """Any number of the open interval, or the point, as a formula over a name for any real."""
        any_positive = Call("exp", (Name(f"\0{name}"),))
        match self.low, self.high:
            case None, None:
                return Name(name)
            case low, None:
                return Sum((number(low), any_positive)) if low else any_positive
            case None, high:
                return Sum((number(high), Negative(any_positive))) if high else Negative(any_positive)
            case low, high if low == high:
                return number(low)
            case low, high:
                share = Quotient(any_positive, Sum((ONE, any_positive)))
                width = times([number(high - low), share])
                return Sum((number(low), width)) if low else width
        raise AssertionError

    def described(self, name: str) -> str:
        """As a condition a person reads."""
        below, above = (" ≤ " if c else " < " for c in self.closed)
        if self.low is not None and self.low == self.high:
            return f"{name} = {self.low}"
        if self.high is None:
            return f"{name} {'≥' if self.closed[0] else '>'} {self.low}"
        if self.low is None:
            return f"{name} {'≤' if self.closed[1] else '<'} {self.high}"
        return f"{self.low}{below}{name}{above}{self.high}"


def declared(symbol: Symbol) -> Interval:
    """The bounds a symbol is declared with."""
    low, high = symbol.lower, symbol.upper
    known = Interval(low, high)
    if "positive" in symbol.properties:
        known = known.meet(Interval(Fraction(0)))
    if "nonnegative" in symbol.properties:
        known = known.meet(Interval(Fraction(0), None, (True, False)))
    if "negative" in symbol.properties:
        known = known.meet(Interval(None, Fraction(0)))
    return known


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
                yield node.arguments[0], (False, False)
                yield node.arguments[1], (False, False)
        elif isinstance(node, Root) and (node.index is None or _even(node.index)):
            yield node.radicand, (True, False)
        elif isinstance(node, Power):
            exponent = _constant(node.exponent)
            if exponent is not None and exponent.denominator % 2 == 0:
                yield node.base, (exponent > 0, False)
        stack.extend(node.children)


def _even(index: Node) -> bool:
    value = _constant(index)
    return value is not None and value.denominator == 1 and value.numerator % 2 == 0


def _constant(tree: Node) -> Fraction | None:
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
            exponent = _constant(node.exponent)
            if exponent is not None and exponent < 0:
                yield node.base
        stack.extend(node.children)


def _possible(u: Node) -> int:
    try:
        return form_sign(normal_form(u))
    except (TooLarge, ZeroDivisionError):
        return ANY


# --- cutting ---------------------------------------------------------------------------------------------------------


@dataclass
class Cutting:
    """The cells tried so far, and how they are cut: evidence and limit of effort."""

    cells: int = 0
    held: int = 0  # cells on which the formula has a value, as far as is known, and the test succeeded
    cuts: list[Node] = field(default_factory=list)

    def count(self) -> None:
        """One more cell. Raises TooLarge."""
        self.cells += 1
        if self.cells > MAX_CELLS:
            raise TooLarge(f"more than {MAX_CELLS} cells")


def everywhere(
    tree: Node, domain: Domain, test: Callable[[Node], bool], cutting: Cutting, given: Node | None = None
) -> bool:
    """Whether a test succeeds on every cell of a domain, cutting where it does not succeed at once. Raises TooLarge.

    A cell on which the formula has no value is passed over; at least one must be left. That is read off `given`, the
    formula as written: what the normal form makes on the way, such as |x|·√y of √(x²y), may be undefined elsewhere.
    """
    tree = resolved(tree)
    limits = restrictions(tree if given is None else resolved(given))
    free = {name: Interval() for name in tree.names if name not in domain.intervals}
    cells = domain.cells()
    return all(_on_cell(tree, limits, {**free, **cell}, test, cutting) for cell in cells) and cutting.held > 0


def zero(tree: Node) -> bool:
    """Whether a tree vanishes where it has a value."""
    try:
        return vanishes(tree).holds
    except ZeroDivisionError:  # by a definition such as sin(u)/u, which has a value at 0: nothing is known
        return False


def _on_cell(
    tree: Node, limits: Limits, cell: Mapping[str, Interval], test: Callable[[Node], bool], cutting: Cutting
) -> bool:
    known = {name: interval.tree(name) for name, interval in cell.items() if not interval.everything}
    here = resolved(substitute(tree, known)) if known else resolved(tree)
    bounded = limits.at(known)
    cutting.count()
    if bounded.nowhere():
        return True
    if test(here):
        cutting.held += 1
        return True
    cut = next(open_signs(here), None)
    if cut is None:
        return False
    if cut not in cutting.cuts:
        cutting.cuts.append(cut)
    for name in cell:  # a name that is bounded: cut its interval, if the sign depends on it alone
        point = _zero_inside(tree, name, cell, known)
        if point is not None:
            interval = cell[name]
            parts = (
                Interval(interval.low, point),
                Interval(point, point, (True, True)),
                Interval(point, interval.high),
            )
            return all(_on_cell(tree, limits, {**cell, name: part}, test, cutting) for part in parts)
    solved = _solved(cut, cell)
    if solved is not None:
        name, at, towards = solved
        fresh = Call("exp", (Name(f"\0{name}{cutting.cells}"),))
        steps = (at, Sum((at, times([towards, fresh]))), Sum((at, Negative(times([towards, fresh])))))
        return all(_on_cell(substitute(here, {name: s}), bounded.at({name: s}), {}, test, cutting) for s in steps)
    parts_by_value = list(_each_value(here, cut))
    return bool(parts_by_value) and all(_on_cell(part, bounded, {}, test, cutting) for part in parts_by_value)


def _zero_inside(tree: Node, name: str, cell: Mapping[str, Interval], known: Mapping[str, Node]) -> Fraction | None:
    """A zero, strictly inside the interval of a name, of something whose sign matters."""
    others = {key: value for key, value in known.items() if key != name}
    for u in open_signs(substitute(tree, others) if others else tree):
        found = line(u)
        if found is not None and found[0] == name and cell[name].contains(-found[2] / found[1]):
            return -found[2] / found[1]
    return None


def _solved(u: Node, cell: Mapping[str, Interval]) -> tuple[str, Node, Node] | None:
    """A free name by which u is linear: the name, where u is zero, and the sign of its coefficient."""
    form = normal_form(u)
    if not form.denominator.is_constant():
        return None
    for place, kernel in enumerate(form.kernels):
        if kernel.key[0] != "name" or form.numerator.degrees()[place] != 1:
            continue
        name = str(kernel.key[1])
        if not cell.get(name, Interval()).everything or any(
            name in k.tree.names for i, k in enumerate(form.kernels) if i != place
        ):
            continue
        slope = [c for powers, c in form.numerator.terms() if powers[place] and sum(powers) == 1]
        if len(slope) != 1 or sum(1 for powers, _ in form.numerator.terms() if powers[place]) != 1:
            continue
        generator = form.numerator.context().gens()[place]
        rest = (form.numerator - slope[0] * generator) / slope[0]
        return name, Negative(polynomial_tree(rest, form.kernels)), ONE
    return None


def open_signs(tree: Node) -> Iterator[Node]:
    """The factors whose sign decides a branch of the tree and is not certain."""
    for node in walk(tree):
        for u in _deciding(node):
            yield from uncertain_factors(u)


def _deciding(node: Node) -> Iterator[Node]:
    match node:
        case Absolute(operand=operand):
            yield operand
        case Call(function="sign", arguments=(operand,), order=0):
            yield operand
        case Cases(conditions=conditions):
            for condition in conditions:
                yield from _sides(condition)
        case Indicator(condition=condition):
            yield from _sides(condition)
        case Root(radicand=radicand, index=index) if index is None or _even(index):
            yield radicand


def _sides(condition: Node) -> Iterator[Node]:
    if isinstance(condition, Chain):
        for left, right in zip(condition.sides, condition.sides[1:], strict=False):
            yield Sum((left, Negative(right)))
    elif isinstance(condition, Logical):
        for part in condition.statements:
            yield from _sides(part)


def uncertain_factors(u: Node) -> Iterator[Node]:
    """The factors of u that may be positive as well as negative."""
    try:
        form = normal_form(u)
        if not _uncertain(form_sign(form)):
            return
        _, factors = factored(form)
    except (TooLarge, ZeroDivisionError):
        return
    for factor in factors:
        if _uncertain(factor.sign):
            yield factor.tree


def sign_within(u: Node, name: str, interval: Interval) -> int:
    """1 or −1 where u has that sign everywhere in an interval of one name; 0 where that is not certain."""
    try:
        sign = form_sign(normal_form(substitute(u, {name: interval.tree(name)})))
    except (TooLarge, ZeroDivisionError):
        return 0
    return 1 if sign == POSITIVE else -1 if sign == NEGATIVE else 0


def _uncertain(sign: int) -> bool:
    return bool(sign & NEGATIVE and sign & POSITIVE)


# --- resolving -------------------------------------------------------------------------------------------------------


def resolved(tree: Node) -> Node:
    """The tree with functions that have branches written out, and case distinctions decided where signs decide them."""

    def resolve(node: Node) -> Node | None:
        if isinstance(node, Call) and _branches(node.function):
            meaning = definition_of(node)
            return None if meaning is None else resolved(meaning)
        if isinstance(node, Indicator):
            holds = _decided(node.condition)
            return None if holds is None else number(int(holds))
        if isinstance(node, Cases):
            return _resolved_cases(node)
        return None

    return transform(tree, resolve)


def _resolved_cases(node: Cases) -> Node | None:
    values: list[Node] = []
    conditions: list[Node] = []
    for value, condition in zip(node.values, node.conditions, strict=True):
        holds = _decided(condition)
        if holds is False:
            continue
        if holds and not values:
            return value
        values.append(value)
        conditions.append(condition)
        if holds:
            break
    return Cases(tuple(values), tuple(conditions)) if len(values) < len(node.values) and values else None


def _decided(condition: Node) -> bool | None:
    try:
        return truth(condition, _compare)
    except (_Open, TooLarge, ZeroDivisionError):
        return None


class _Open(Exception):
    """The signs known do not decide a condition."""


def _compare(left: Node, relation: str, right: Node) -> bool:
    sign = form_sign(normal_form(Sum((left, Negative(right)))))
    holding = {"<": NEGATIVE, r"\le": NEGATIVE | ZERO, ">": POSITIVE, r"\ge": POSITIVE | ZERO, "=": ZERO,
               r"\ne": NEGATIVE | POSITIVE}.get(relation)  # fmt: skip
    if holding is None:
        raise _Open
    if not sign & ~holding:
        return True
    if not sign & holding:
        return False
    raise _Open


def branches(node: Node) -> bool:
    """Whether a node means one thing here and another there: |·|, sign, a case distinction, an even root."""
    if isinstance(node, Call):
        return node.function in BRANCHING or _branches(node.function)
    return isinstance(node, Absolute | Cases | Indicator | Root)


@lru_cache(maxsize=512)
def _branches(function: str) -> bool:
    """Whether the definition of a function has |·| or sign in it."""
    row = FUNCTIONS.get(function)
    if row is None or not row.definition:
        return False
    places = tuple(Name(place) for place in "uvw"[: row.arity or 2])
    try:
        meaning = definition_of(Call(function, places))
    except (NoRule, TooLarge):
        return False
    return meaning is not None and any(
        isinstance(node, Absolute) or (isinstance(node, Call) and (node.function in BRANCHING or _branches(node.function)))
        for node in walk(meaning)
    )  # fmt: skip


def _each_value(tree: Node, cut: Node) -> Iterator[Node]:
    """The tree with the branches that depend on one sign replaced by each value they can have."""
    key = normal_form(cut).key

    def replaced(sign: int) -> Node:
        def put(node: Node) -> Node | None:
            if isinstance(node, Absolute) and _is(node.operand):
                return node.operand if sign > 0 else Negative(node.operand) if sign < 0 else number(0)
            if isinstance(node, Call) and node.function == "sign" and not node.order and _is(node.arguments[0]):
                return number(sign)
            if isinstance(node, Absolute):
                return _split_absolute(node)
            return None

        def _split_absolute(node: Absolute) -> Node | None:
            form = normal_form(node.operand)
            content, factors = factored(form)
            if not any(_is(factor.tree) and factor.power % 2 for factor in factors):
                return None
            parts: list[Node] = [number(abs(content))]
            for factor in factors:
                size: Node = Absolute(factor.tree)
                if _is(factor.tree):
                    size = factor.tree if sign > 0 else Negative(factor.tree) if sign < 0 else number(0)
                parts.append(Power(size, number(factor.power)) if factor.power != 1 else size)
            return Product(tuple(parts))

        return transform(tree, put)

    def _is(u: Node) -> bool:
        try:
            return normal_form(u).key == key
        except (TooLarge, ZeroDivisionError):
            return False

    results = [replaced(sign) for sign in (1, -1)]
    if any(isinstance(node, Call) and node.function == "sign" for node in walk(tree)):
        results.append(replaced(0))
    if any(result == tree for result in results):
        return
    yield from results


# --- integers and general functions ----------------------------------------------------------------------------------


def with_properties(tree: Node, symbols: SymbolTable, functions: tuple[str, ...]) -> Node:
    """The tree with what is declared of integers and increasing functions put into it.

    (−c)^n is ((−1)^n)·c^n, sin(u + πn) is (−1)^n·sin u; the derivative of an increasing function is exp of something.
    """
    whole = frozenset(n for n in tree.names if (s := symbols.get(n)) is not None and s.kind == "integer")
    rising = frozenset(f for f in functions if (s := symbols.get(f)) is not None and "increasing" in s.properties)
    if not whole and not rising:
        return tree

    def put(node: Node) -> Node | None:
        if isinstance(node, Call) and node.order == 1 and node.function in rising:
            return Call("exp", (Call(f"log {node.function}'", node.arguments),))
        if whole and isinstance(node, Power):
            return _parity_power(node, whole)
        if whole and isinstance(node, Call) and node.function in {"sin", "cos"} and not node.order:
            return _parity_turn(node, whole)
        return None

    return transform(tree, put)


def _parity_power(node: Power, whole: frozenset[str]) -> Node | None:
    base = _constant(node.base)
    if base is None or base >= 0 or _constant(node.exponent) is not None:
        return None
    parity = _parity(node.exponent, whole)
    return None if parity is None else Product((parity, Power(number(-base), node.exponent)))


def _parity(u: Node, whole: frozenset[str]) -> Node | None:
    """(−1)^u for a polynomial u with whole coefficients in integers."""
    try:
        form = normal_form(u)
    except (TooLarge, ZeroDivisionError):
        return None
    used = [k for k, d in zip(form.kernels, form.numerator.degrees(), strict=False) if d]
    if not form.denominator.is_one() or any(k.key[0] != "name" or k.key[1] not in whole for k in used):
        return None
    factors: list[Node] = []
    for powers, c in form.numerator.terms():
        if int(c.q) != 1:
            return None
        if int(c.p) % 2 == 0:
            continue
        names = [k.tree for k, e in zip(form.kernels, powers, strict=False) if e]
        factors.append(Call("parity", (times(names),)) if names else number(-1))
    return times(factors)


def _parity_turn(node: Call, whole: frozenset[str]) -> Node | None:
    argument = fraction_tree(normal_form(node.arguments[0]))
    terms = argument.terms if isinstance(argument, Sum) else (argument,)
    turns = [(t, p) for t in terms if (p := _parity(Quotient(t, Constant("pi")), whole)) is not None]
    if not turns:
        return None
    gone = {term for term, _ in turns}
    rest = total([t for t in terms if t not in gone])
    return times([*(p for _, p in turns), Call(node.function, (rest,))])
