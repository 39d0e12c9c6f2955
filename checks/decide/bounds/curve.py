"""The sign of a formula of one variable on its whole domain.

The domain is cut where |u|, sign(u) or a division change, and on each piece

    at infinity, and at an end where the formula has no value     tails.py, from some A on
    around points where it vanishes exactly                       touching.py
    between                                                       between.py, bisection with Taylor series
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm

from checks.decide.balls import precision
from checks.decide.bounds.between import MAX_BOXES, Effort
from checks.decide.bounds.piece import Piece, at_point, on_piece
from checks.decide.bounds.touching import FAILURES
from checks.decide.branches import resolved
from checks.decide.domains import line, restrictions
from checks.decide.intervals import Interval
from checks.decide.statements.sentence import Atom
from checks.decide.statements.truth import Place
from derive.normal import normal_form
from derive.tree import ONE, ZERO, Absolute, Call, Negative, Node, number, transform, walk

BITS = 128
_SMALL = tuple(Fraction(n, d) for n, d in ((0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (-1, 2)))


def positive(
    tree: Node,
    name: str,
    domain: Interval,
    *,
    strict: bool,
    effort: Effort,
    holes: frozenset[Fraction] = frozenset(),
    total: bool = False,
    depth: int = 0,
) -> bool:
    """Whether a formula is certain to be > 0 (≥ 0 unless strict) wherever in the domain it has a value.

    `holes` are numbers that do not belong to the domain; with `total` it must have a value everywhere else.
    """
    plain = resolved(tree)
    domain = _one_period(plain, name, domain)
    cuts = _cuts(plain, name, domain, holes)
    with precision(BITS):
        limits = restrictions(plain)
        if total and not _all_positive((*limits.nonnegative, *limits.positive), name, domain):
            return False
        for point in cuts:
            if point not in holes and not at_point(tree, name, point, strict=strict, total=total):
                return False
        ends = [domain.low, *cuts, domain.high]
        for bound, belongs in ((domain.low, domain.closed[0]), (domain.high, domain.closed[1])):
            if bound is not None and belongs and not at_point(tree, name, bound, strict=strict, total=total):
                return False
        if domain.low is not None and domain.low == domain.high:
            return all(domain.closed)
        return all(
            on_piece(_without_kinks(plain, name, piece, depth), name, piece, strict=strict, effort=effort)
            for piece in (Piece(low, high) for low, high in pairwise(ends))
        )


def _one_period(tree: Node, name: str, domain: Interval) -> Interval:
    """The domain, or one period of a formula of sines and cosines of rational multiples of the name."""
    if not domain.everything or name not in tree.names:
        return domain
    outside = transform(
        tree, lambda n: ONE if isinstance(n, Call) and n.function in {"sin", "cos"} and not n.order else None
    )
    waves = [line(n.arguments[0]) for n in walk(tree) if isinstance(n, Call) and n.function in {"sin", "cos"}]
    if name in outside.names or not waves or any(found is None for found in waves):
        return domain
    half = Fraction(4) * lcm(*(found[1].denominator for found in waves if found is not None))
    return Interval(-half, half, (True, True))


def _all_positive(limits: Sequence[Node], name: str, domain: Interval) -> bool:
    """Whether what must not be negative is positive on all of the domain."""
    return all(positive(u, name, domain, strict=True, effort=Effort(), depth=1) for u in limits)


# --- cutting ---------------------------------------------------------------------------------------------------------


def _cuts(tree: Node, name: str, domain: Interval, holes: frozenset[Fraction]) -> list[Fraction]:
    """Rational points inside the domain at which a branch changes or something is divided by zero."""
    found = set(holes)
    arguments = dict.fromkeys([*_branching(tree), *restrictions(tree).nonzero])
    for u in arguments:
        found.update(_zeros(u, name))
    return sorted(value for value in found if domain.contains(value))


def _branching(tree: Node) -> Iterator[Node]:
    for node in walk(tree):
        if isinstance(node, Absolute):
            yield node.operand
        elif isinstance(node, Call) and node.function == "sign" and not node.order:
            yield node.arguments[0]


def _zeros(u: Node, name: str) -> Iterator[Fraction]:
    """Rational zeros: of the linear factors, and small numbers at which the formula vanishes."""
    try:
        form = normal_form(u)
        for factor, _ in form.numerator.factor()[1]:
            if factor.total_degree() == 1:
                terms = {powers: Fraction(int(c.p), int(c.q)) for powers, c in factor.terms()}
                used = [i for powers in terms for i, e in enumerate(powers) if e]
                if len(used) == 1 and form.kernels[used[0]].key == ("name", name):
                    constant = next((c for powers, c in terms.items() if not any(powers)), Fraction(0))
                    slope = next(c for powers, c in terms.items() if any(powers))
                    yield -constant / slope
        if any(kernel.key[0] != "name" for kernel in form.kernels):
            for value in _SMALL:
                if Place({name: number(value)}, is_complex=False).sign(Atom(u, "=", ZERO)) == 0:
                    yield value
    except FAILURES:
        return


def _without_kinks(tree: Node, name: str, piece: Piece, depth: int) -> Node:
    """The formula with |u| and sign(u) replaced where u has one sign on the piece."""

    def put(node: Node) -> Node | None:
        if isinstance(node, Absolute):
            sign = _sign(node.operand, name, piece, depth)
            return node.operand if sign > 0 else Negative(node.operand) if sign < 0 else None
        if isinstance(node, Call) and node.function == "sign" and not node.order:
            sign = _sign(node.arguments[0], name, piece, depth)
            return number(sign) if sign else None
        return None

    return transform(tree, put)


def _sign(u: Node, name: str, piece: Piece, depth: int) -> int:
    """1 or −1 where u is known to be ≥ 0 or ≤ 0 on the piece, 0 where nothing is known."""
    found = line(u)
    if found is not None and found[0] == name:
        return 1 if found[1] * piece.inside + found[2] > 0 else -1
    if depth:
        return 0
    domain = Interval(piece.low, piece.high)
    try:
        for sign, signed in ((1, u), (-1, Negative(u))):
            if positive(signed, name, domain, strict=True, effort=Effort(MAX_BOXES // 2), depth=1):
                return sign
    except FAILURES:
        pass
    return 0
