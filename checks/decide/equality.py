"""Equality of two scalar formulas: balls, then the kernel normal form, then an honest "undecided".

    a few rational points, rigorous balls      separated ⇒ refuted, with the point shrunk and evaluated again
    kernel normal form, names as atoms         zero ⇒ proven
    kernel normal form, definitions put in     zero ⇒ proven
    many stratified points                     separated ⇒ refuted; otherwise undecided, saying how far they agree

A proof also needs one point at which both sides were defined and agreed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from checks.decide.activations import Activation
from checks.decide.balls import PRECISIONS, Evaluator, Undefined, precision
from checks.decide.claim import Claim, Point
from checks.decide.points import SIMPLEST, first_points, stratified_points
from checks.decide.replay import DIGITS, replay
from checks.verdict import Verdict
from derive.errors import TooLarge
from derive.normal import vanishes
from derive.tree import Negative, Node, Sum
from derive.write import latex

FIRST_POINTS = 2
POINTS_PER_STRATUM = 6


@dataclass(frozen=True, slots=True)
class Separation:
    """A point at which two values are certain to differ, and the two balls."""

    point: dict[str, Fraction]
    world: Mapping[str, Activation]
    left: str
    right: str
    bits: int
    touching: bool = False  # the sides are equal, which is what refutes a strict inequality


@dataclass(slots=True)
class Agreement:
    """How many points both sides were defined at, and how many were tried."""

    defined: int = 0
    tried: int = 0
    reason: str = ""


def decide_equal(claim: Claim) -> Verdict:
    """The pipeline above."""
    agreement = Agreement()
    found = _first_separation(claim, agreement)
    if found is None:
        proof = _proof(claim)
        if proof is not None and agreement.defined:
            return proof
        found = _stratified_separation(claim, agreement)
        if found is None:
            return proof if proof is not None and agreement.defined else _undecided(agreement)
    return refuted(claim, shrunk(claim, found, lambda point: separation(claim, point, found.world)))


def separation(
    claim: Claim,
    point: Point,
    world: Mapping[str, Activation],
    agreement: Agreement | None = None,
    *,
    thorough: bool = False,
) -> Separation | None:
    """Whether the two sides certainly differ at a point; with `thorough`, agreement counts at full precision only."""
    left, right = claim.sides
    for bits in PRECISIONS:
        try:
            with precision(bits):
                evaluator = Evaluator(point, claim.setting.named, world)
                a, b = evaluator(left), evaluator(right)
                if not a.overlaps(b):
                    return Separation(dict(point), world, shown(a), shown(b), bits)
                if _agree_to(a, b, bits) and (bits == PRECISIONS[-1] or not thorough):
                    break
        except Undefined:
            continue
        except (TooLarge, ZeroDivisionError, RecursionError) as error:
            if agreement:
                agreement.reason = str(error)
            return None
    else:
        return None
    if agreement:
        agreement.defined += 1
    return None


def _agree_to(a: Any, b: Any, bits: int) -> bool:
    """Whether two overlapping balls are narrow enough to count as agreeing."""
    radius = a.rad() + b.rad()
    scale = abs(a.mid()) + abs(b.mid())
    return bool(radius <= scale * (2.0 ** -(bits // 3)) or radius <= 2.0 ** -(bits // 3))


def _first_separation(claim: Claim, agreement: Agreement) -> Separation | None:
    worlds = claim.worlds()
    for index, point in enumerate(first_points(claim, FIRST_POINTS)):
        agreement.tried += 1
        found = separation(claim, point, worlds[index % len(worlds)], agreement)
        if found:
            return found
    return None


def _stratified_separation(claim: Claim, agreement: Agreement) -> Separation | None:
    worlds = claim.worlds()
    for index, (_, point) in enumerate(stratified_points(claim, POINTS_PER_STRATUM)):
        agreement.tried += 1
        found = separation(claim, point, worlds[index % len(worlds)], agreement, thorough=index % 6 == 0)
        if found:
            return found
    return None


def _proof(claim: Claim) -> Verdict | None:
    left, right = claim.sides
    if left == right:
        return Verdict("proven", "identical", "both sides are the same formula")
    difference: Node = Sum((left, Negative(right)))
    try:
        zero = vanishes(difference)
        how = "both sides have the same normal form"
        if not zero.holds and claim.setting.named.needed(difference):
            zero = vanishes(claim.setting.named.expanded(difference))
            how = "with the definitions put in, both sides have the same normal form"
    except (TooLarge, ZeroDivisionError, RecursionError):
        return None
    if not zero.holds:
        return None
    cleared = ", ".join(f"{latex(d)} ≠ 0" for d in zero.cleared)
    return Verdict("proven", "normal-form", how + (f", where {cleared}" if cleared else ""))


def _undecided(agreement: Agreement) -> Verdict:
    if not agreement.defined:
        why = agreement.reason or "neither side could be evaluated at any point tried"
        code = "effort" if agreement.reason else "no-point"
        return Verdict("undecided", code, f"undecided: {why}")
    reason = (
        f"no proof was found; the sides agree at {agreement.defined} of {agreement.tried} points, which proves nothing"
    )
    return Verdict("undecided", "no-proof", f"undecided: {reason}")


# --- counterexamples -------------------------------------------------------------------------------------------------


def shrunk(claim: Claim, found: Separation, test: Callable[[Point], Separation | None]) -> Separation:
    """The same refutation at simpler numbers, one coordinate at a time, as long as the test still refutes."""
    best = found
    for symbol in claim.inputs:
        for value in SIMPLEST:
            if value == best.point[symbol.key]:
                break
            simpler = test({**best.point, symbol.key: value}) if symbol.admits(value) else None
            if simpler:
                best = simpler
                break
    return best


def refuted(claim: Claim, found: Separation) -> Verdict:
    """The verdict of a separation, once an independent evaluation agrees that the sides differ."""
    if not _replayed(claim, found):
        return Verdict("undecided", "replay", "undecided: two independent evaluations of a counterexample disagree")
    values = {key: str(value) for key, value in found.point.items()}
    values |= {f"{function}(z)": activation.latex for function, activation in found.world.items()}
    where = ", ".join(f"{name} = {value}" for name, value in values.items())
    at = f"at {where}: " if where else ""
    return Verdict("refuted", "counterexample", f"{at}{found.left} on the left, {found.right} on the right", values,
                   values=(found.left, found.right))  # fmt: skip


def _replayed(claim: Claim, found: Separation) -> bool:
    """Both sides again by mpmath: real, and different or on the same side of each other as the balls say."""
    import mpmath

    program = claim.setting.named
    digits = max(DIGITS, found.bits // 3 + DIGITS)
    try:
        left, right = (replay(side, found.point, program, found.world, digits) for side in claim.sides)
        if not all(mpmath.isfinite(side) and mpmath.im(side) == 0 for side in (left, right)):
            return False
        apart = abs(left - right) > (abs(left) + abs(right)) * mpmath.mpf(10) ** -digits
        return bool(apart or found.touching)
    except (ValueError, ArithmeticError, TooLarge, RecursionError):
        return False


def shown(ball: Any) -> str:
    """A ball as a decimal with its certain digits."""
    text = str(ball.str(12, radius=False)).strip("[]")
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
