"""Equality within a tolerance: two numbers by balls, exactly where both are rational; formulas by an inequality.

    numbers     the distance and what is allowed as balls at rising precision: certainly within ⇒ proven, certainly
                outside ⇒ refuted with both; at the very edge by exact rationals, else by the deciders of inequalities
    formulas    equal ⇒ within any tolerance; else |x − t| ≤ what is allowed, at every point: `checks.decide.relations`

What a tolerance means stands in `checks.tolerance.Tolerance`.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from checks.decide import digits
from checks.decide.balls import PRECISIONS, precision
from checks.decide.claim import Claim
from checks.decide.constructs import exact_difference
from checks.decide.counterexamples import independent_difference
from checks.decide.digits import Finding, Value
from checks.decide.elementary import Undefined
from checks.decide.entrywise import decide_entries, has_arrays
from checks.decide.equality import decide_equal
from checks.decide.relations import decide_relation
from checks.decide.separation import FAILURES, evaluator, sentence, shown
from checks.decide.written import decide_written
from checks.tolerance import Tolerance
from checks.verdict import Verdict
from derive.tree import ZERO, Absolute, Negative, Node, Product, Sum, number

WITHIN, OUTSIDE = "within-tolerance", "outside-tolerance"


def decide_near(claim: Claim, tolerance: Tolerance, seconds: float = 0.0) -> Verdict:
    """Whether the left side is the right one within a tolerance, wherever both are defined."""
    try:
        if tolerance.mode == "digits written":
            return decide_written(claim)
        if has_arrays(claim):
            return decide_entries(claim, lambda entry: decide_near(entry, tolerance, seconds), exact=False)
        if claim.kinks and not claim.inputs:
            same = decide_equal(claim, seconds)
            if same.code == "kink":
                return same
        if claim.inputs or claim.general_functions:
            return _formulas(claim, tolerance, seconds)
        return _numbers(claim, tolerance)
    except FAILURES as error:
        return Verdict("undecided", "effort", f"undecided: {sentence(error)}")


def _numbers(claim: Claim, tolerance: Tolerance) -> Verdict:
    exact = _exact_values(claim)
    reason = "a side has no value"
    for bits in PRECISIONS:
        try:
            with precision(bits):
                at = evaluator(claim, {}, {})
                x, t = (Value(at(side), value) for side, value in zip(claim.sides, exact, strict=True))
                distance = _gap(x, t)
                finding = _by_digits(x, t, tolerance) if tolerance.counts_digits else _by_distance(x, t, tolerance)
                gap, values = (shown(distance), distance), (shown(x.ball), shown(t.ball))
        except Undefined as undefined:
            reason = str(undefined)
            continue
        if finding:
            return _verdict(claim, tolerance, finding, gap, values, bits)
        reason = "the difference is too close to the edge of the tolerance to tell"
    if not tolerance.counts_digits and not claim.is_complex:
        edge = decide_relation(_distance(claim), r"\le", _allowed(claim, tolerance), claim.setting)
        if edge.status == "proven":
            return replace(edge, code=WITHIN, evidence=f"the difference is within {tolerance}: {edge.evidence}")
    return Verdict("undecided", "tolerance", f"undecided: {reason}")


def _verdict(
    claim: Claim, tolerance: Tolerance, finding: Finding, gap: tuple[str, Any], values: tuple[str, str], bits: int
) -> Verdict:
    said = f"the sides differ by {gap[0]}"
    if finding.right is None:
        return Verdict("undecided", "tolerance", f"undecided to {tolerance}: {finding.reason}")
    if finding.right:
        return Verdict("proven", WITHIN, f"{said}, within {tolerance} ({finding.reason})", values=values)
    apart = independent_difference(claim, bits)
    if apart is None or abs(apart - float(gap[1].mid())) > float(gap[1].rad()) + 1e-6 * apart:
        return Verdict("undecided", "replay", "undecided: two independent evaluations of the difference disagree")
    evidence = f"{said}, outside {tolerance} ({finding.reason}): {values[0]} on the left, {values[1]} on the right"
    return Verdict("refuted", OUTSIDE, evidence, {}, values=values)


def _exact_values(claim: Claim) -> tuple[Fraction | None, Fraction | None]:
    """The sides as rational numbers where they are; principal values are left to the balls."""
    if claim.is_complex:
        return None, None
    left, right = (exact_difference(claim.setting.named.expanded(side), ZERO, {}) for side in claim.sides)
    return left, right


def _by_distance(x: Value, t: Value, tolerance: Tolerance) -> Finding | None:
    relative = tolerance.mode == "relative"
    if x.exact is not None and t.exact is not None:
        bound = tolerance.size * abs(t.exact) if relative else tolerance.size
        return Finding(abs(x.exact - t.exact) <= bound, _allowing(_ball(bound)))
    allowed = _ball(tolerance.size) * abs(t.ball) if relative else _ball(tolerance.size)
    distance = _gap(x, t)
    if distance <= allowed:
        return Finding(True, _allowing(allowed))
    return Finding(False, _allowing(allowed)) if distance > allowed else None


def _gap(x: Value, t: Value) -> Any:
    if x.exact is not None and t.exact is not None:
        return _ball(abs(x.exact - t.exact))
    return abs(x.ball - t.ball)


def _allowing(allowed: Any) -> str:
    return f"{shown(allowed)} is allowed"


def _by_digits(x: Value, t: Value, tolerance: Tolerance) -> Finding | None:
    if not isinstance(x.ball, arb):
        if not (x.ball.imag.is_zero() and t.ball.imag.is_zero()):
            return Finding(None, "digits of complex numbers are not compared")
        x, t = Value(x.ball.real, x.exact), Value(t.ball.real, t.exact)
    return digits.judged(x, t, int(tolerance.size), figures=tolerance.mode == "significant figures")


def _ball(value: Fraction) -> Any:
    return arb(fmpq(value.numerator, value.denominator))


# --- formulas --------------------------------------------------------------------------------------------------------


def _formulas(claim: Claim, tolerance: Tolerance, seconds: float) -> Verdict:
    same = decide_equal(claim, seconds)
    if same.status in {"proven", "verified"}:
        return replace(same, evidence=f"{same.evidence}; so they are within {tolerance} of each other")
    if same.code == "kink":
        return same
    if claim.is_complex:
        return Verdict("undecided", "tolerance", "undecided: complex formulas are compared for equality only")
    if tolerance.counts_digits:
        return _far_apart(claim, tolerance)
    near = decide_relation(_distance(claim), r"\le", _allowed(claim, tolerance), claim.setting)
    if near.status == "refuted":
        return _refuted(near, tolerance)
    code = WITHIN if near.status in {"proven", "verified"} else near.code
    return replace(near, code=code, evidence=f"the difference against {tolerance}: {near.evidence}")


def _refuted(near: Verdict, tolerance: Tolerance) -> Verdict:
    where = ", ".join(f"{name} = {value}" for name, value in (near.counterexample or {}).items())
    gap, allowed = near.values or ("more", "less")
    evidence = f"at {where}: the sides differ by {gap}, outside {tolerance} ({allowed} is allowed)"
    return replace(near, code=OUTSIDE, evidence=evidence, values=None)


def _far_apart(claim: Claim, tolerance: Tolerance) -> Verdict:
    """Digits of formulas: a point at which the sides are more than a whole unit apart refutes; little else is certain."""
    unit = Fraction(10) ** -int(tolerance.size)
    figures = tolerance.mode == "significant figures"
    allowed = Product((number(10 * unit), Absolute(claim.right))) if figures else number(unit)
    near = decide_relation(_distance(claim), r"\le", allowed, claim.setting)
    if near.status == "refuted":
        return _refuted(near, tolerance)
    return Verdict("undecided", "tolerance", f"undecided: the sides differ, and {tolerance} is a matter of each value")


def _distance(claim: Claim) -> Node:
    return Absolute(Sum((claim.left, Negative(claim.right))))


def _allowed(claim: Claim, tolerance: Tolerance) -> Node:
    size = number(tolerance.size)
    return Product((size, Absolute(claim.right))) if tolerance.mode == "relative" else size
