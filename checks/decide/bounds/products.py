"""Two products that grow small together, as a difference that does not: u < v as v' − u' e^{ln …} > 0.

σ'(a) w⁴ < σ'(b) (1 + w²) says nothing to an interval where both slopes are nearly 0. Both sides are divided by factors that
are positive everywhere, exponentials and values and slopes of sigmoids; what they leave on the other side is one power
of e, whose exponent stays moderate:

    w⁴ σ'(a) < (1 + w²) σ'(b)      1 + w² − w⁴ e^{a − 2 softplus(a) − b + 2 softplus(b)} > 0

Slopes that are left are written σ' = ¼ − (σ − ½)², which stays narrow. A name that occurs inside one bounded part only, as z
in σ(z), is replaced by that part with its range, which holds at least its values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache

from checks.decide.bounds.touching import FAILURES
from checks.decide.intervals import Interval
from derive.normal import normal_form
from derive.splitting import POSITIVE, form_sign
from derive.tree import (
    ONE,
    TWO,
    Absolute,
    Call,
    Constant,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    number,
    times,
    total,
    transform,
    walk,
)

MAX_FACTORS = 64
MAX_POWER = 16
HALF, QUARTER = number(Fraction(1, 2)), number(Fraction(1, 4))
_UNIT, _CENTRED = Interval(Fraction(0), Fraction(1)), Interval(Fraction(-1), Fraction(1))
_CLOSED = Interval(Fraction(-1), Fraction(1), (True, True))
RANGES = {"sigmoid": _UNIT, "normal_cdf": _UNIT, "tanh": _CENTRED, "erf": _CENTRED, "sin": _CLOSED, "cos": _CLOSED}
Factors = dict[Node, int]


def differences_of_products(less: Node, more: Node, *, strict: bool = True) -> tuple[Node, ...]:
    """Formulas that are > 0 (≥ 0 unless strict) only where less < more (≤) or one has no value; none where nothing is gained.

    The first, a difference of logarithms, is there where all factors are certain not to be negative; it has no value
    where one of them is 0.
    """
    try:
        found = _divided(less, more, strict=strict)
    except FAILURES:
        return ()
    if found is None:
        return ()
    smaller, larger, taken = found
    exponent = total([times([number(Fraction(power)), _opened(known)]) for power, known in taken])
    left, right = list(_powers(smaller)), list(_powers(larger))
    product = Sum((times(right), Negative(times([*left, Call("exp", (exponent,))]))))
    if not all(isinstance(f, Absolute) or not n % 2 or _positive(f) for f, n in (*smaller.items(), *larger.items())):
        return (product,)
    terms = [transform(term, _narrow) for term in _logarithms_left(smaller, larger)]
    terms.sort(key=lambda term: term.size)  # what may be 0 is met before anything else is worked out
    return Sum((*terms, Negative(exponent))), product


def difference_of_logarithms(less: Node, more: Node, *, strict: bool) -> Node | None:
    """A formula, slopes in it as ln σ', that is > 0 (≥ 0 unless strict) only where less < more (≤) or one has no value."""
    found = _divided(less, more, strict=strict)
    if found is None:
        return None
    smaller, larger, taken = found
    never_zero = (*larger, *smaller) if strict else larger  # where a factor is 0 there is no logarithm
    sized = all(isinstance(f, Absolute) or n % 2 == 0 or _positive(f) for f, n in smaller.items())
    if not sized or not all(_positive(f) for f in never_zero):
        return None
    exponents = [times([number(Fraction(-power)), known]) for power, known in taken]
    return total([*_logarithms_left(smaller, larger), *exponents])


def _divided(
    less: Node, more: Node, *, strict: bool
) -> tuple[Counter[Node], Counter[Node], list[tuple[int, Node]]] | None:
    """Both sides without what they share, and without what is positive for all arguments: its power and its logarithm."""
    smaller, larger = Counter(_factors(less)), Counter(_factors(more))
    for factor in [factor for factor in smaller if factor in larger]:
        both = min(smaller[factor], larger[factor])
        if _positive(factor) or (not strict and (isinstance(factor, Absolute) or both % 2 == 0)):
            smaller[factor] -= both
            larger[factor] -= both
    taken = [(sign * side.pop(factor), known) for side, sign in ((smaller, 1), (larger, -1))
             for factor in list(side) if (known := logarithm(factor)) is not None]  # fmt: skip
    if all(power >= 0 for power, _ in taken) or not _without_fractions(smaller, larger):
        return None
    taken = [(power, known) for power, known in taken if power]
    kept = (Counter({f: n for f, n in side.items() if n and f != ONE}) for side in (smaller, larger))
    return next(kept), next(kept), taken


def _logarithms_left(smaller: Counter[Node], larger: Counter[Node]) -> list[Node]:
    return [times([number(Fraction(sign * n)), Call("log", (_size(f),))])
            for side, sign in ((larger, 1), (smaller, -1)) for f, n in side.items()]  # fmt: skip


def _without_fractions(smaller: Counter[Node], larger: Counter[Node]) -> bool:
    """Whether both sides could be multiplied by what they divide by: it has to be positive."""
    for side, other in ((smaller, larger), (larger, smaller)):
        for factor in [factor for factor in side if side[factor] < 0]:
            if not (isinstance(factor, Absolute) or side[factor] % 2 == 0 or _positive(factor)):
                return False
            other[factor] -= side.pop(factor)
    return True


def _size(factor: Node) -> Node:
    return factor if isinstance(factor, Absolute) or _positive(factor) else Absolute(factor)


def of_bounded_parts(tree: Node, domain: Mapping[str, Interval]) -> tuple[Node, dict[str, Interval]]:
    """The formula with fresh names for bounded parts outside which their names do not occur, and all domains."""
    found = dict(domain)
    parts = {node for node in walk(tree) if isinstance(node, Call) and not node.order and node.function in RANGES}
    for part in sorted(parts, key=lambda part: -part.size):
        if not any(_unbounded(domain.get(name, Interval())) for name in part.names):
            continue
        fresh = Name(f"\0{len(found)}")

        def put(node: Node, part: Node = part, fresh: Name = fresh) -> Node | None:
            return fresh if node == part else None

        replaced = transform(tree, put)
        if set(part.names).isdisjoint(replaced.names) and fresh.key in replaced.names:
            tree, found[fresh.key] = replaced, RANGES[part.function]
    return tree, found


def _unbounded(interval: Interval) -> bool:
    return interval.low is None or interval.high is None


def _factors(tree: Node) -> Factors:
    """The powers of the factors of a product, |·| of a product as the product of |·|."""
    found: Counter[Node] = Counter()
    for factor, power, sized in _multiplied(tree, 1, sized=False):
        if sized and power % 2 and not _positive(factor):
            factor = Absolute(factor)
        found[factor] += power
        if len(found) > MAX_FACTORS:
            break
    even = {node.operand for node in found if isinstance(node, Absolute) and found[node] % 2 == 0}
    for inside in even:  # |w||w| is w²
        found[inside] += found.pop(Absolute(inside))
    return dict(found)


def _multiplied(tree: Node, power: int, *, sized: bool) -> Iterator[tuple[Node, int, bool]]:
    """Factor, power, and whether its absolute value is meant."""
    match tree:
        case Product():
            for factor in tree.factors:
                yield from _multiplied(factor, power, sized=sized)
        case Quotient():
            yield from _multiplied(tree.numerator, power, sized=sized)
            yield from _multiplied(tree.denominator, -power, sized=sized)
        case Absolute():
            yield from _multiplied(tree.operand, power, sized=True)
        case Power(exponent=Number(value=value)) if value.denominator == 1 and 0 < abs(value) <= MAX_POWER:
            yield from _multiplied(tree.base, power * int(value), sized=sized)
        case Negative():
            yield from () if sized else ((number(Fraction(-1)), 1, False),)
            yield from _multiplied(tree.operand, power, sized=sized)
        case _:
            yield tree, power, sized


@cache
def _positive(factor: Node) -> bool:
    """Whether a factor is certain to be > 0 wherever it has a value."""
    if logarithm(factor) is not None:
        return True
    try:
        return form_sign(normal_form(factor)) == POSITIVE
    except FAILURES:
        return False


def logarithm(factor: Node) -> Node | None:
    """ln of what is positive for every real argument."""
    match factor:
        case Call(function="exp", order=0):
            return factor.arguments[0]
        case Power(base=base, exponent=exponent) if base in (Constant("e"), Call("exp", (ONE,))):
            return exponent
        case Constant(name="e"):
            return ONE
        case Call(function="sigmoid", order=(0 | 1)):
            return Call("log", (factor,))
    return None


def _opened(known: Node) -> Node:
    """ln σ(u) and ln σ'(u) through softplus."""
    if not isinstance(known, Call) or known.function != "log" or logarithm(known.arguments[0]) != known:
        return known
    slope = known.arguments[0]
    assert isinstance(slope, Call)
    inside = slope.arguments[0]
    return Sum((inside, Negative(times([number(Fraction(slope.order + 1)), Call("softplus", (inside,))]))))


def _powers(side: Mapping[Node, int]) -> Iterator[Node]:
    for factor, power in side.items():
        if power:
            narrow = transform(factor, _narrow)
            yield narrow if power == 1 else Power(narrow, number(Fraction(power)))


def _narrow(node: Node) -> Node | None:
    if not isinstance(node, Call) or node.function != "sigmoid" or node.order != 1:
        return None
    inside = transform(node.arguments[0], _narrow)
    middle = Sum((Call("sigmoid", (inside,)), Negative(HALF)))
    return Sum((QUARTER, Negative(Power(middle, TWO))))
