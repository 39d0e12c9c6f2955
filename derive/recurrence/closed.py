r"""The shape of a recurrence → its closed form, proven by induction.

    u_t = a u_{t−1} + b_t       u_0 a^t + Σ_{i=1}^{t} a^{t−i} b_i          a without t
    u_t = u_{t−1} + b_t         u_0 + Σ_{i=1}^{t} b_i
    u_t = a u_{t−1} + b         u_0 a^t + b (1 − a^t)/(1 − a)              a, b without t, a ≠ 1
    u_t = a_t u_{t−1}           u_0 Π_{i=1}^{t} a_i
    u_t = max(a u_{t−1}, b_t)   max_{1≤i≤t} a^{t−i} b_i                    a, b_t ≥ 0, u_0 = 0 (else u_0 a^t is one more term)
    u_t = b_t                   b_t                                        a definition that runs with t

A start at s instead of 0 moves the sum to s + 1 … t and the powers to a^{t−s}.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derive.errors import NoRule, TooLarge
from derive.program import simplified
from derive.recurrence import maxima
from derive.recurrence.definition import Recurrence
from derive.recurrence.signs import Signs
from derive.recurrence.sums import same
from derive.recurrence.terms import whole
from derive.tree import (
    ONE,
    ZERO,
    Binder,
    Call,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    number,
    substitute,
    times,
    total,
    transform,
)

BEFORE = "\0before"  # what stands for the term before
LETTERS = ("i", "j", "k", "l", "n")


@dataclass(frozen=True, slots=True)
class Shape:
    """A recurrence u_t = a u_{t−1} + b_t, or the maximum of both; `coefficient` is what b has that does not run with t."""

    law: str
    factor: Node
    forcing: Node
    coefficient: Node


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed form with its shape; `tree` is over the recurrence's index."""

    tree: Node
    shape: Shape


def before(recurrence: Recurrence) -> Node:
    """The step with a name for the term before. Raises NoRule where it mentions others of its own."""

    def rename(node: Node) -> Node | None:
        return Name(BEFORE) if isinstance(node, Call) and node.function == recurrence.sequence else None

    if recurrence.order > 1:
        raise NoRule(f"no closed form for a recurrence that goes back {recurrence.order} terms")
    return transform(recurrence.step, rename)


def shape_of(recurrence: Recurrence, signs: Signs) -> Shape:
    """The row of the table a recurrence belongs to. Raises NoRule."""
    step, index = before(recurrence), recurrence.index
    if BEFORE not in step.names:
        return Shape("definition", ZERO, step, ONE)
    if isinstance(step, Call) and step.function == "max" and len(step.arguments) == 2:
        return _maximum(step, index, signs)
    forcing = _plain(substitute(step, {BEFORE: ZERO}))
    factor = _simple(Sum((substitute(step, {BEFORE: ONE}), Negative(forcing))))
    linear = BEFORE not in factor.names and same(step, Sum((Product((factor, Name(BEFORE))), forcing)))
    if not linear:
        raise NoRule(
            f"no closed form for {recurrence.sequence[:-1]}: its recurrence is neither linear in the term before nor a maximum"
        )
    coefficient, running = _apart(forcing, index)
    runs = _runs(factor, index)
    if ZERO in (running, coefficient):
        return Shape("product" if runs else "power", factor, ZERO, ONE)
    if runs:
        raise NoRule(
            f"no closed form for {recurrence.sequence[:-1]}: a factor that runs with {index} beside a term that is added"
        )
    if factor == ONE:
        return Shape("sum", ONE, running, coefficient)
    return Shape("weighted sum" if _runs(running, index) else "constant forcing", factor, running, coefficient)


def _maximum(step: Call, index: str, signs: Signs) -> Shape:
    own = [argument for argument in step.arguments if BEFORE in argument.names]
    other = [argument for argument in step.arguments if BEFORE not in argument.names]
    if len(own) != 1:
        raise NoRule("no closed form for a maximum of two terms before")
    factor = _simple(substitute(own[0], {BEFORE: ONE}))
    if not same(own[0], Product((factor, Name(BEFORE)))) or _runs(factor, index) or not signs.nonnegative(factor):
        raise NoRule("no closed form for a maximum whose factor is not certain to be constant and nonnegative")
    return Shape("maximum", factor, other[0], ONE)


def _runs(tree: Node, index: str) -> bool:
    return index in tree.names


def _plain(forcing: Node) -> Node:
    """What is added at each step, as it is written, terms that are zero left out."""
    written = simplified(_without_zeros(forcing))
    inner = written.operand if isinstance(written, Negative) else written
    factors = inner.factors if isinstance(inner, Product) else (inner,)
    turned = inner != written and any(isinstance(factor, Negative) for factor in factors)
    return _simple(forcing) if turned or not same(written, forcing) else written


def _without_zeros(tree: Node) -> Node:
    def drop(node: Node) -> Node | None:
        match node:
            case Product(factors=factors) if ZERO in factors:
                return ZERO
            case Quotient(numerator=top) if top == ZERO:
                return ZERO
            case Negative(operand=operand) if operand == ZERO:
                return ZERO
            case Sum(terms=terms):
                return total([term for term in terms if term != ZERO])
        return None

    return transform(tree, drop)


def _simple(tree: Node) -> Node:
    """The tree as its normal form prints."""
    from derive.textbook import collected

    return collected(tree)


def _apart(forcing: Node, index: str) -> tuple[Node, Node]:
    """A product as what does not run with the index and what does."""
    if isinstance(forcing, Negative):
        outside, inside = _apart(forcing.operand, index)
        return Negative(outside), inside
    if isinstance(forcing, Quotient) and _runs(forcing.numerator, index):
        outside, inside = _apart(forcing.numerator, index)
        return outside, Quotient(inside, forcing.denominator)
    if isinstance(forcing, Product) and any(isinstance(factor, Negative) for factor in forcing.factors):
        return ONE, forcing
    factors = [part for factor in _factors(forcing) for part in _shared(factor, index)]
    still = [factor for factor in factors if not _runs(factor, index)]
    running = [factor for factor in factors if _runs(factor, index)]
    if not running:
        return ONE, forcing
    return times([part for part in still if part != ONE]), times(running)


def _shared(factor: Node, index: str) -> tuple[Node, ...]:
    """A quotient as what stands before it and the rest."""
    if isinstance(factor, Quotient) and _runs(factor, index):
        outside, inside = _apart(factor.numerator, index) if _runs(factor.numerator, index) else (factor.numerator, ONE)
        return (outside, Quotient(inside, factor.denominator))
    return (factor,)


def letter_for(*trees: Node) -> str:
    """An index that is no name of the trees."""
    taken = {name for tree in trees for name in tree.names}
    return next(letter for letter in (*LETTERS, *(f"i_{{{k}}}" for k in range(99))) if letter not in taken)


def guess(recurrence: Recurrence, shape: Shape, signs: Signs) -> Node:
    """The closed form of a shape, as the table writes it."""
    index = Name(recurrence.index)
    start = max(recurrence.starts, default=0)
    first = recurrence.starts.get(start, ZERO)
    since = index if start == 0 else Sum((index, number(-start) if start < 0 else Negative(number(start))))
    grown = times([part for part in (first, Power(shape.factor, since) if shape.factor != ONE else ONE) if part != ONE])
    at_start = [] if _is_zero(first) else [grown]
    i = letter_for(recurrence.step, shape.factor)
    bounds: tuple[Node, ...] = (number(start + 1), index)
    weight = ONE if shape.factor == ONE else Power(shape.factor, Sum((index, Negative(Name(i)))))
    running = substitute(shape.forcing, {recurrence.index: Name(i)})
    weighted = times([part for part in (weight, *_factors(running)) if part != ONE])
    match shape.law:
        case "definition":
            return shape.forcing
        case "power":
            return grown if not _is_zero(first) else ZERO
        case "product":
            factor = substitute(shape.factor, {recurrence.index: Name(i)})
            return times([part for part in (first, Binder("product", i, bounds, factor)) if part != ONE])
        case "constant forcing":
            share = Quotient(Sum((ONE, Negative(Power(shape.factor, since)))), Sum((ONE, Negative(shape.factor))))
            return total([*at_start, times([*_factors(shape.forcing), share])])
        case "maximum":
            most: Node = Binder("maximum", i, bounds, weighted)
            if not at_start and signs.nonnegative(shape.forcing):
                return most
            return Call("max", (ZERO if not at_start else grown, most))
    whole_sum: Node = Binder("sum", i, bounds, weighted)
    sign = isinstance(shape.coefficient, Negative)
    coefficient = shape.coefficient.operand if isinstance(shape.coefficient, Negative) else shape.coefficient
    scaled = times([part for part in (*_factors(coefficient), whole_sum) if part != ONE])
    return total([*at_start, Negative(scaled) if sign else scaled])


def _factors(tree: Node) -> tuple[Node, ...]:
    return tree.factors if isinstance(tree, Product) else (tree,)


def _is_zero(tree: Node) -> bool:
    return isinstance(tree, Number) and not tree.value


def close(recurrence: Recurrence, signs: Signs) -> Closed:
    """The closed form of a recurrence, proven by induction. Raises NoRule."""
    shape = shape_of(recurrence, signs)
    found = Closed(guess(recurrence, shape, signs), shape)
    if shape.law == "definition" or proven(recurrence, found.tree, signs):
        return found
    raise NoRule(f"no closed form for {recurrence.sequence[:-1]}: the induction does not go through")


Put = Callable[[Node], Node]


def proven(recurrence: Recurrence, formula: Node, signs: Signs, put: Put = lambda tree: tree) -> bool:
    """Whether u_t = formula(t) by induction: the formula at the start is the start, and the recurrence with the formula
    at t − 1 put in is the formula at t. `put` brings both sides into terms of inputs."""
    if recurrence.order > 1 or (recurrence.order == 1 and not recurrence.starts):
        return False
    if recurrence.order == 0:
        return equal(put(recurrence.step), put(formula), signs)
    base = base_of(recurrence, formula)
    if base is None:
        return False
    start, expected = base
    here = _at(formula, recurrence.index, start)
    if here is None or not equal(put(expected), put(here), signs):
        return False
    previous = substitute(formula, {recurrence.index: Sum((Name(recurrence.index), Negative(ONE)))})
    stepped = substitute(before(recurrence), {BEFORE: previous})
    return equal(put(stepped), put(formula), signs, recurrence.index)


def base_of(recurrence: Recurrence, formula: Node) -> tuple[int, Node] | None:
    """The start, or the first term where the formula says nothing at the start."""
    start = max(recurrence.starts)
    if _at(formula, recurrence.index, start) is not None:
        return start, recurrence.starts[start]
    try:
        return start + 1, recurrence.unrolled(start + 1)
    except TooLarge:
        return None


def _at(formula: Node, index: str, place: int) -> Node | None:
    """The formula at a number; None where it holds a sum or maximum that has no meaning there."""
    found = substitute(formula, {index: number(place)})
    return None if any(_empties(node) for node in _binders(found)) else found


def _binders(tree: Node) -> Iterator[Binder]:
    if isinstance(tree, Binder):
        yield tree
    for child in tree.children:
        yield from _binders(child)


def _empties(node: Binder) -> bool:
    if len(node.bounds) != 2:
        return False
    low, high = map(whole, node.bounds)
    if low is None or high is None:
        return False
    return high < low - (node.kind in ("sum", "product"))


def equal(left: Node, right: Node, signs: Signs, index: str | None = None) -> bool:
    """Whether two trees over terms of inputs are equal, by canonical sums or canonical maxima; `index` is the step's."""
    if _equal(left, right, signs, index):
        return True
    placed = signs.placed(left), signs.placed(right)
    return placed != (left, right) and _equal(placed[0], placed[1], signs, None)


def _equal(left: Node, right: Node, signs: Signs, index: str | None) -> bool:
    if left == right or same(left, right):  # every maximum as something unknown
        return True
    if not (maxima.holds_maximum(left) or maxima.holds_maximum(right)):
        return False
    if index is not None:
        left, right = (maxima.peeled(side, index) for side in (left, right))
    return maxima.same(left, right, signs)


def forms(recurrences: dict[str, Recurrence], signs: Signs) -> dict[str, Closed]:
    """The closed forms of those recurrences that have one, in terms of inputs as far as theirs have one."""
    found: dict[str, Closed] = {}
    for sequence, recurrence in recurrences.items():
        try:
            found[sequence] = close(recurrence, signs)
        except (NoRule, TooLarge, ZeroDivisionError):
            continue
        if signs.nonnegative(found[sequence].tree) and all(map(signs.nonnegative, recurrence.starts.values())):
            signs = signs.with_known(sequence)
    return found


def with_forms(tree: Node, recurrences: dict[str, Recurrence], closed: dict[str, Closed]) -> Node:
    """The tree with the terms of recurrences replaced by their closed forms, last ones first; starts by their values."""
    for sequence in reversed(recurrences):
        tree = _with_form(tree, recurrences[sequence], closed.get(sequence))
    return tree


def _with_form(tree: Node, recurrence: Recurrence, closed: Closed | None) -> Node:
    def replaced(node: Node) -> Node | None:
        if not isinstance(node, Call) or node.function != recurrence.sequence:
            return None
        place = whole(node.arguments[0])
        if place is not None:
            return recurrence.unrolled(place)
        return None if closed is None else substitute(closed.tree, {recurrence.index: node.arguments[0]})

    return transform(tree, replaced)
