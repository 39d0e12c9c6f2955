"""Both sides of a claim at one point: certain to differ, or agreeing to how many digits.

A point counts towards verification only where both sides have a value and the balls are narrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from checks.decide.activations import Activation
from checks.decide.balls import PRECISIONS, Evaluator, precision
from checks.decide.claim import Claim, Point
from checks.decide.complex_balls import ComplexEvaluator
from checks.decide.elementary import Undefined
from checks.decide.saturation import depth, spread
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge
from derive.symbols import Symbol
from derive.tree import Node

ENOUGH_POINTS = 20
ENOUGH_STRATA = 3
ENOUGH_DIGITS = 30
ENOUGH_DEEP = 5  # points at which agreement goes beyond what functions near their limits hide
CONSTANT_DIGITS = 600  # what two constants must agree to
AT_KINK = Verdict(
    "undecided",
    "kink",
    "undecided: at a kink the function has no derivative, and what is written there is a convention",
)
FAILURES = (TooLarge, ZeroDivisionError, RecursionError, NoRule, OverflowError)


@dataclass(frozen=True, slots=True)
class Separation:
    """A point at which two values are certain to differ, and the two balls."""

    point: dict[str, Fraction]
    world: Mapping[str, Activation]
    left: str
    right: str
    bits: int
    touching: bool = False  # the sides are equal, which is what refutes a strict inequality


@dataclass(frozen=True, slots=True)
class Shallow:
    """A point at which the sides agree to fewer digits than a function near its limit may hide."""

    digits: float  # needed
    point: Point
    world: Mapping[str, Activation]


@dataclass(slots=True)
class Agreement:
    """At how many points both sides were defined and agreed, to how many digits, and where only one was defined."""

    defined: int = 0
    tried: int = 0
    reason: str = ""
    digits: float = float("inf")
    strata: Counter[str] = field(default_factory=Counter)
    one_sided: tuple[Point, str] | None = None
    at_kinks: int = 0
    terms: int = 0  # of sums and products, written out at all points
    met: list[Point] = field(default_factory=list)  # points at which both sides were defined
    deep: int = 0  # points of a stratum at which agreement goes beyond what functions near their limits hide
    shallow: list[Shallow] = field(default_factory=list)  # the others

    def enough(self, claim: Claim) -> bool:
        """Whether the points are many and various enough to call the claim verified."""
        if not claim.inputs:
            return bool(self.strata) and self.digits >= CONSTANT_DIGITS
        various = len(self.strata) >= ENOUGH_STRATA and sum(self.strata.values()) >= ENOUGH_POINTS
        return various and self.digits >= ENOUGH_DIGITS

    def certain(self, claim: Claim) -> bool:
        """Whether enough of the points say that the sides agree because they are equal, not because they saturate."""
        return self.deep >= ENOUGH_DEEP if claim.inputs else not self.shallow

    def described(self, claim: Claim) -> str:
        """The points per stratum and the digits, in words."""
        digits = f"to at least {int(min(self.digits, 600))} digits"
        if not claim.inputs:
            return f"both values agree {digits}"
        count = sum(self.strata.values())
        strata = ", ".join(f"{name} {n}" for name, n in self.strata.items())
        functions = f", each general function stood in for by {len(claim.worlds())} others" if claim.worlds()[0] else ""
        return f"both sides agree {digits} at {count} points ({strata}){functions}"


def evaluator(claim: Claim, point: Point, world: Mapping[str, Activation]) -> Evaluator:
    """What gives the values of a claim's sides at a point. Raises NoRule where an index is beyond its size."""
    if not within_sizes(claim.inputs, point):
        raise NoRule("an index is beyond its size")
    kind = ComplexEvaluator if claim.is_complex else Evaluator
    return kind(point, claim.setting.named, world)


def within_sizes(symbols: Iterable[Symbol], point: Mapping[str, Any]) -> bool:
    """Whether every index at a point is at most the size it counts."""
    for symbol in symbols:
        if symbol.role == "index" and symbol.of and symbol.key in point:
            size = Fraction(symbol.of) if symbol.of.isdigit() else point.get(symbol.of)
            if isinstance(size, Fraction) and isinstance(point[symbol.key], Fraction) and point[symbol.key] > size:
                return False
    return True


def at_kink(claim: Claim, at: Evaluator) -> bool:
    """Whether, as far as the precision tells, a derivative on either side may not exist at a point."""
    for kink in claim.kinks:
        ball = _attempt(at, kink)
        if not isinstance(ball, Undefined) and ball.contains(0):
            return True
    return False


def separation(
    claim: Claim,
    point: Point,
    world: Mapping[str, Activation],
    agreement: Agreement | None = None,
    *,
    thorough: bool = False,
    stratum: str = "",
    precisions: tuple[int, ...] = PRECISIONS,
) -> Separation | None:
    """Whether the two sides certainly differ at a point; `thorough`: agreement counts at full precision only.

    With a stratum the point counts towards verification, for which the balls must be narrow.
    """
    left, right = claim.sides
    values: list[Any] = []
    needed = hidden = 0.0
    for bits in precisions:
        try:
            with precision(bits):
                at = evaluator(claim, point, world)
                if at_kink(claim, at):
                    values = []
                    continue
                values = [_attempt(at, side) for side in (left, right)]
                if agreement:
                    agreement.terms += at.terms
                if any(isinstance(v, Undefined) for v in values):
                    continue
                a, b = values
                if not a.overlaps(b):
                    return Separation(dict(point), world, shown(a), shown(b), bits)
                digits = common_digits(a, b)
                wanted = 600 if thorough and not claim.inputs else bits * 0.1 if thorough or not stratum else 60
                if stratum:
                    sizes = spread(at)
                    needed, hidden = ENOUGH_DIGITS + sizes, ENOUGH_DIGITS + depth(at, sizes)
                    wanted = max(wanted, needed if precisions == PRECISIONS else hidden)
                if digits >= wanted and (bits == precisions[-1] or not thorough):
                    break
        except FAILURES as error:
            if agreement:
                agreement.reason = sentence(error)
            return None
    else:
        if agreement and len(values) == 2:
            _note_one_sided(agreement, point, values)
        if agreement and not values:
            agreement.at_kinks += 1
        if not values or any(isinstance(v, Undefined) for v in values) or not stratum or digits < needed:
            return None  # a value on a cut, say, that no precision makes narrow
    if agreement:
        agreement.defined += 1
        agreement.met.append(point)
        if stratum:
            agreement.strata[stratum] += 1
            agreement.digits = min(agreement.digits, digits)
            if digits >= hidden:
                agreement.deep += 1
            else:
                agreement.shallow.append(Shallow(hidden, point, world))
    return None


def _attempt(at: Evaluator, side: Node) -> Any:
    try:
        return at(side)
    except Undefined as undefined:
        return undefined


def _note_one_sided(agreement: Agreement, point: Point, values: list[Any]) -> None:
    undefined = [isinstance(v, Undefined) for v in values]
    if undefined[0] != undefined[1] and agreement.one_sided is None:
        agreement.one_sided = (point, "left" if undefined[1] else "right")


def common_digits(a: Any, b: Any) -> float:
    """The decimal digits to which two overlapping balls are known to agree, relative to their size or to 1 if smaller.

    Values that may be zero count by their absolute error.
    """
    with precision(64):
        radius = _radius(a) + _radius(b)
        if radius == 0:
            return float("inf")
        size = abs(a.mid()) + abs(b.mid())
        relative = radius / size if size > radius * 2**40 else radius
        return float(-relative.log()) / 2.302585 if relative < 1 else 0.0


def _radius(ball: Any) -> Any:
    return ball.rad() if hasattr(ball, "floor") else ball.real.rad() + ball.imag.rad()


def shown(ball: Any) -> str:
    """A ball as a decimal with its certain digits."""
    text = str(ball.str(12, radius=False)).strip("[]")
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def sentence(error: BaseException) -> str:
    return str(error) if not isinstance(error, RecursionError) else "the formula is nested too deeply"
