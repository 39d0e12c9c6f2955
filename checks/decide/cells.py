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

from checks.decide.branches import open_signs, resolved
from checks.decide.domains import MAX_CELLS, Domain, Limits, line, restrictions
from checks.decide.intervals import Interval
from derive.errors import TooLarge
from derive.normal import normal_form, polynomial_tree, vanishes
from derive.splitting import factored
from derive.tree import (
    ONE,
    Absolute,
    Call,
    Name,
    Negative,
    Node,
    Power,
    Product,
    Sum,
    number,
    substitute,
    times,
    transform,
    walk,
)


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
