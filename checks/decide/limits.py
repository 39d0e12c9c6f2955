"""Claimed limits, lim f = L: by the leading terms of f with ball coefficients, at several values of what else occurs.

    the balls of lim f and L are apart, or one is infinite         refuted, at the values of the other names
    no other name, and the constant term is exactly L              proven: f − L is a sum of terms that vanish
    no other name, L = ±∞ and the leading term grows               proven
    SymPy's limit (Gruntz 1996) in a killable child is L, too      verified, by two methods
    otherwise                                                      undecided

For x → a± the formula is taken at a ± 1/s, s → ∞ (bounds/tails.py); a two-sided limit needs both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any

from flint import arb

from checks.decide import child
from checks.decide.balls import precision
from checks.decide.bounds import wide
from checks.decide.bounds.tails import Tail, tail, variable
from checks.decide.bounds.tape import taped
from checks.decide.bounds.touching import FAILURES
from checks.decide.claim import Claim, Point
from checks.decide.domains import constant_of
from checks.decide.points import first_points
from checks.verdict import Verdict
from derive.normal import vanishes
from derive.symbols import Symbol
from derive.tree import Binder, Constant, Negative, Node, Sum, number, substitute
from derive.write import latex

BITS = 256
STARTS = tuple(Fraction(2) ** k for k in (3, 5, 8, 12, 20))
POINTS = 6
NEAR = Fraction(1, 2**40)
NARROW = 2.0**-100
SHORT = 1000  # denominators of limits shown as fractions
INFINITE = {1: "∞", -1: "−∞"}


@dataclass(frozen=True)
class Value:
    """A limit: a ball of finite ones, or the sign of an infinite one; `exact` if it is that rational number."""

    ball: Any = None
    infinite: int = 0
    exact: Fraction | None = None

    def __str__(self) -> str:
        if self.infinite:
            return INFINITE[self.infinite]
        exact = _rational(self.ball) if self.exact is None else self.exact
        return str(exact) if exact is not None and exact.denominator <= SHORT else self.ball.str(12, radius=False)

    def apart(self, other: Value) -> bool:
        """Whether two are certain to differ."""
        if self.infinite or other.infinite:
            return self.infinite != other.infinite
        return not self.ball.overlaps(other.ball)


def is_limit(claim: Claim) -> bool:
    """Whether one side is a limit and no other limit occurs."""
    return any(isinstance(side, Binder) and side.kind.startswith("limit") for side in claim.sides)


def decide_limit(claim: Claim, seconds: float) -> Verdict | None:
    """What is certain of a claimed limit; None where nothing is."""
    limit, claimed = claim.sides if isinstance(claim.sides[0], Binder) else claim.sides[::-1]
    if not isinstance(limit, Binder) or claim.is_complex or claim.general_functions:
        return None
    body = claim.setting.named.expanded(limit.body)
    target = claim.setting.named.expanded(limit.bounds[0])
    claimed = claim.setting.named.expanded(claimed)
    names = [key for key in dict.fromkeys((*body.names, *claimed.names)) if key != limit.index]
    points: list[Point] = [{}] if not names else list(islice(first_points(claim, POINTS), POINTS))
    agreed = 0
    with precision(BITS):
        for point in points:
            values = {key: number(value) for key, value in point.items()}
            here = substitute(body, {k: v for k, v in values.items() if k != limit.index})
            stated = _stated(substitute(claimed, values))
            if stated is None:
                continue
            sides = list(_sides(limit.kind, target, claim.setting.symbol(limit.index)))
            found = [one_sided(here, limit.index, side) for side in sides]
            if any(one is not None and one.apart(stated) for one in found):
                return _refuted(limit, point, list(zip(sides, found, strict=True)), stated)
            if sides and None not in found:
                agreed += 1
                if not names and (proof := _proven(found[-1], claimed)):
                    return proof
    return _by_both(claim, limit, claimed, agreed, seconds)


def _proven(found: Value | None, claimed: Node) -> Verdict | None:
    if found is None or not (found.infinite or found.exact is not None):
        return None
    if not found.infinite and not vanishes(Sum((claimed, Negative(number(found.exact or 0))))).holds:
        return None
    what = (
        f"tends to {INFINITE[found.infinite]}" if found.infinite else f"differs from {found.exact} by terms that vanish"
    )
    return Verdict("proven", "leading-terms", f"by its leading terms the formula {what}")


def _by_both(claim: Claim, limit: Binder, claimed: Node, agreed: int, seconds: float) -> Verdict | None:
    """SymPy's opinion beside the balls'; one of them alone is no verdict."""
    if not agreed or not seconds or _infinite(claimed):
        return None
    difference = Sum((limit, Negative(claimed)))
    symbols = tuple(claim.setting.symbol(key) for key in (*difference.names, limit.index))
    if not child.is_zero(difference, symbols, seconds):
        return None
    at = f" at {agreed} values of the other names" if agreed > 1 else ""
    return Verdict("verified", "limit", f"SymPy's limit is the one claimed, and so are the leading terms with ball coefficients{at}")  # fmt: skip


def _refuted(limit: Binder, point: Point, found: list[tuple[Side, Value | None]], stated: Value) -> Verdict:
    """A limit from one side is another one; and if those from both sides differ, there is none at all."""
    values = {key: str(value) for key, value in point.items() if key != limit.index}
    where = "".join(f"{key} = {value}, " for key, value in values.items())
    formula = f"${latex(limit.body)}$"
    known = [(side, value) for side, value in found if value is not None]
    (side, value), other = next((s, v) for s, v in known if v.apart(stated)), known[-1][1]
    if len(known) == 2 and known[0][1].apart(other):
        right, left = known[0][1], other
        said = f"{where}{formula} has no limit: from the left it is {left}, from the right {right}"
    else:
        beside = f" from the {'right' if side.sign > 0 else 'left'}" if len(known) < len(found) else ""
        said = f"{where}the limit of {formula}{beside} is {value}, not {stated}"
    return Verdict("refuted", "limit", said, values, values=(str(value), str(stated)))


def _stated(tree: Node) -> Value | None:
    if sign := _infinite(tree):
        return Value(infinite=sign)
    try:
        return Value(wide.finite(taped(tree).run(wide.BALLS, {})))
    except FAILURES:
        return None


def _infinite(tree: Node) -> int:
    if tree == Constant("infinity"):
        return 1
    return -1 if isinstance(tree, Negative) and tree.operand == Constant("infinity") else 0


@dataclass(frozen=True)
class Side:
    """x = ±s, or x = end ± 1/s."""

    end: Fraction | None
    sign: int

    def variable(self, start: Fraction) -> Tail:
        s = variable(start)
        x = s if self.end is None else s.inverse()
        x = x if self.sign > 0 else -x
        return x if self.end is None else x.constant(self.end) + x


def _sides(kind: str, target: Node, declared: Symbol) -> Iterator[Side]:
    """From where the target is approached, right first, among the numbers the letter may be; none where that is not known."""
    if sign := _infinite(target):
        yield Side(None, sign)
        return
    end = constant_of(target)
    signs: Mapping[str, tuple[int, ...]] = {"limit": (1, -1), "limit+": (1,), "limit-": (-1,)}
    if end is None:
        return
    for sign in signs[kind]:
        if kind != "limit" or declared.admits(end + sign * NEAR):
            yield Side(end, sign)


def bracket_hint(claim: Claim) -> str:
    r"""Where `\lim f - x` reads as (\lim f) − x, which x is outside: what to write instead; empty otherwise."""
    for side in (claim.left, claim.right):  # as written, where the letter has one name
        terms = side.terms if isinstance(side, Sum) else ()
        for term in terms:
            limit = term.operand if isinstance(term, Negative) else term
            if isinstance(limit, Binder) and limit.kind.startswith("limit"):
                outside = next((other for other in terms if other is not term and limit.index in other.names), None)
                if outside is not None:
                    return f"; ${latex(outside)}$ stands outside the limit: put brackets around all that is under it"
    return ""


def one_sided(body: Node, name: str, side: Side) -> Value | None:
    """The limit from one side, as far as the leading terms tell."""
    for start in STARTS:
        try:
            found = tail(taped(body), {name: side.variable(start)}, start)
            growing, constant, _ = found.split()
            if growing:
                return Value(infinite=found.sign())
            exact = found.parts.get((Fraction(0),) * 4, Fraction(0))
            if constant.rad() > arb(NARROW):
                continue  # the ball of something that goes on changing, or of too little precision
            return Value(constant, exact=exact if isinstance(exact, Fraction) else _rational(constant))
        except FAILURES:
            continue
    return None


def _rational(ball: Any) -> Fraction | None:
    if not ball.is_exact():
        return None
    value = ball.fmpq()
    return Fraction(int(value.p), int(value.q))
