"""Formulas of several names that depend on one combination s of them only, as formulas of s.

log(eˣ + eʸ) − (x + y)/2 depends on s = x − y, ln(x/y) − x/y on s = x/y. A combination is the argument of some function, the
difference of two names or their quotient; one name is replaced by what s makes of it, and the others must then be gone
from the normal form. The domain of s is at least all the values it takes, so a proof for s is one for the names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations, islice, permutations

from checks.decide.bounds.touching import FAILURES
from checks.decide.intervals import Interval
from derive.normal import Form, fraction_tree, normal_form
from derive.splitting import NEGATIVE, POSITIVE, ZERO, form_sign
from derive.tree import (
    Absolute,
    Call,
    Name,
    Negative,
    Node,
    Power,
    Quotient,
    Root,
    Sum,
    number,
    substitute,
    times,
    transform,
    walk,
)

COMBINED = Name("\0s")
MAX_TRIES = 24
MAX_ARGUMENTS = 6
MAX_PARTS = 3
MIN_SIZE = 4  # of a formula that says more than the sign of s
_POSITIVE = Interval(Fraction(0))


def reduced(tree: Node, domain: Mapping[str, Interval]) -> tuple[Node, Interval] | None:
    """The formula of COMBINED and its domain; None if no combination was found."""
    for name, value, interval in islice(_combinations(tree, domain), MAX_TRIES):
        try:
            form = normal_form(substitute(tree, {name: value}))
            if _names(form) <= {COMBINED.key}:
                return fraction_tree(form), interval
        except FAILURES:
            continue
    return None


def _names(form: Form) -> set[str]:
    """The names in the terms of a fraction."""
    degrees = zip(form.kernels, form.numerator.degrees(), form.denominator.degrees(), strict=False)
    return {name for kernel, above, below in degrees if above or below for name in kernel.tree.names}


def abstracted(tree: Node, *, repeated: bool) -> Iterator[tuple[Node, Interval]]:
    """The formula of one of its parts, where every name stands inside that part: exp(x² − x) ≥ e·(x² − x) with s = x² − x.

    Only parts that occur more than once, or only the others; the larger before the smaller.
    """
    every = frozenset(tree.names)
    counts = Counter(node for node in walk(tree) if 1 < node.size < tree.size and every == frozenset(node.names))
    parts = sorted((node for node in counts if (counts[node] > 1) == repeated), key=lambda node: -node.size)
    found: dict[Node, Node] = {}
    for part in parts:

        def put(node: Node, part: Node = part) -> Node | None:
            return COMBINED if node == part else None

        formula = transform(tree, put)
        if formula.names == (COMBINED.key,) and formula.size > MIN_SIZE:
            found.setdefault(formula, part)
    yield from ((formula, _values_of(part)) for formula, part in islice(found.items(), MAX_PARTS))


def _values_of(part: Node) -> Interval:
    """An interval that holds every value of a formula."""
    try:
        sign = form_sign(normal_form(part))
    except FAILURES:
        return Interval()
    if not sign & NEGATIVE:
        return Interval(Fraction(0), None, (bool(sign & ZERO), False))
    if not sign & POSITIVE:
        return Interval(None, Fraction(0), (False, bool(sign & ZERO)))
    return Interval()


def _combinations(tree: Node, domain: Mapping[str, Interval]) -> Iterator[tuple[str, Node, Interval]]:
    """A name, what it is in terms of s and the other names, and where s lies."""
    names = tree.names
    arguments = list(dict.fromkeys(u for u in _arguments(tree) if u.names))[:MAX_ARGUMENTS]
    differences = [Sum((u, Negative(v))) for u, v in combinations(arguments, 2)]
    lines = dict.fromkeys(
        form for u in (*arguments, *differences) if (form := _linear(u)) is not None and len(form) > 1
    )
    for line in lines:
        key, slope = line[-1]
        rest = [Negative(times([number(c), Name(other)])) for other, c in line[:-1]]
        yield key, Quotient(Sum((COMBINED, *rest)), number(slope)), _range(line, domain)
    for one, other in permutations(names, 2):
        line = ((other, Fraction(-1)), (one, Fraction(1)))
        yield one, Sum((COMBINED, Name(other))), _range(line, domain)
        if all(_above_zero(domain.get(key, Interval())) for key in (one, other)):
            yield one, times([COMBINED, Name(other)]), _POSITIVE
            yield one, Quotient(COMBINED, Name(other)), _POSITIVE


def _arguments(tree: Node) -> Iterator[Node]:
    for node in walk(tree):
        if isinstance(node, Call):
            yield from node.arguments
        elif isinstance(node, Power):
            yield node.exponent
            yield node.base
        elif isinstance(node, Absolute):
            yield node.operand
        elif isinstance(node, Root):
            yield node.radicand


def _linear(u: Node) -> tuple[tuple[str, Fraction], ...] | None:
    """The names and their coefficients of a linear form without a constant, the constant left out."""
    if len(u.names) < 2:
        return None
    try:
        form = normal_form(u)
    except FAILURES:
        return None
    if form.numerator.total_degree() != 1 or not form.denominator.is_constant():
        return None
    scale = form.denominator.leading_coefficient()
    found: list[tuple[str, Fraction]] = []
    for powers, c in form.numerator.terms():
        for kernel, power in zip(form.kernels, powers, strict=False):
            if power:
                if kernel.key[0] != "name":
                    return None
                value = c / scale
                found.append((str(kernel.key[1]), Fraction(int(value.p), int(value.q))))
    return tuple(found)


def _range(line: tuple[tuple[str, Fraction], ...], domain: Mapping[str, Interval]) -> Interval:
    """Every value of a linear form, and bounds that are met only if all names meet theirs."""
    low: Fraction | None = Fraction(0)
    high: Fraction | None = Fraction(0)
    closed = [True, True]
    for key, slope in line:
        known = domain.get(key, Interval())
        ends = (known.low, known.high) if slope > 0 else (known.high, known.low)
        belongs = known.closed if slope > 0 else known.closed[::-1]
        low = None if low is None or ends[0] is None else low + slope * ends[0]
        high = None if high is None or ends[1] is None else high + slope * ends[1]
        closed = [closed[0] and belongs[0], closed[1] and belongs[1]]
    return Interval(low, high, (closed[0] and low is not None, closed[1] and high is not None))


def _above_zero(interval: Interval) -> bool:
    return interval.low is not None and (interval.low > 0 or (interval.low == 0 and not interval.closed[0]))
