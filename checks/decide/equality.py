"""Equality of two scalar formulas, the cheap deciders first, stopping at the first answer.

    a few rational points, rigorous balls      separated ⇒ refuted, with the point shrunk and evaluated again
    kernel normal form                         zero ⇒ proven; names as atoms first, then with the definitions put in
    root bound, for algebraic constants        nearer than different ones can be ⇒ proven
    cells                                      zero on each cell of the domain ⇒ proven
    the same, for the coefficients of names    ⇒ proven
    many stratified points                     separated ⇒ refuted
    z3 on the kernels                          unsatisfiable ⇒ proven (z3)
    SymPy in a child process, with names       zero ⇒ verified
    the stratified points again                enough of them, agreeing to enough digits ⇒ verified; else undecided
    points where functions are near limits     at the precision that takes: separated ⇒ refuted; out of reach ⇒ undecided

Every yes needs points at which both sides were defined and agreed. Where one side has a value and the other none, the
evidence says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from checks.decide import child
from checks.decide.activations import Activation
from checks.decide.arrays.equality import decide_arrays, is_symbolic, is_written_out
from checks.decide.arrays.unmarked import decide_both, has_unmarked
from checks.decide.assumptions import with_missing_assumption
from checks.decide.branches import branches
from checks.decide.claim import Claim
from checks.decide.counterexamples import refuted, shrunk
from checks.decide.entrywise import decide_entries, has_arrays
from checks.decide.extrema.decide import about_extrema, decide_extrema
from checks.decide.kink_remarks import with_kinks
from checks.decide.limits import bracket_hint, decide_limit, is_limit
from checks.decide.points import first_points, nearby_points, stratified_points
from checks.decide.proofs import by_z3, prove
from checks.decide.remarks import with_domain
from checks.decide.separation import (
    AT_KINK,
    ENOUGH_DEEP,
    ENOUGH_POINTS,
    FAILURES,
    Agreement,
    Separation,
    sentence,
    separation,
)
from checks.decide.sequences.decide import about_sequences, decide_sequences, proof_of_equality
from checks.verdict import Verdict
from derive.tree import Cases, Indicator, Negative, Root, Sum, functions, walk

FIRST_POINTS = 2
POINTS_PER_STRATUM = 6
DEEP_PRECISIONS = (2048, 8192, 20480)
DEEPEST, DIGITS_PER_BIT = DEEP_PRECISIONS[-1], 0.3
SATURATED = Verdict(
    "undecided",
    "no-proof",
    "undecided: no proof was found; where the sides were compared, functions are so near their limits that agreement to "
    "thousands of digits proves nothing",
)
MAX_TERMS = 40_000  # of sums and products, written out at all points together


def decide_equal(claim: Claim, seconds: float = 0.0) -> Verdict:
    """The pipeline above; SymPy is asked only if it is given seconds. Never raises what effort limits raise."""
    try:
        if has_unmarked(claim.left, claim.right):
            return decide_both(
                claim.left, claim.right, lambda a, b: decide_equal(replace(claim, left=a, right=b), seconds)
            )
        if about_extrema(claim.setting, claim.left, claim.right):
            return decide_extrema(claim.left, "=", claim.right, claim.setting)
        if about_sequences(claim.setting, claim.left, claim.right):
            return decide_sequences(claim, lambda at: decide_equal(at, seconds), _at_first_sight, proof_of_equality)
        if is_symbolic(claim) and not is_written_out(claim):
            return decide_arrays(claim)
        if has_arrays(claim):
            return decide_entries(claim, lambda entry: decide_equal(entry, seconds))
        found = decide_limit(claim, seconds) if is_limit(claim) else None
        verdict = found or _decided(claim, seconds)
    except FAILURES as error:
        return Verdict("undecided", "effort", f"undecided: {sentence(error)}{bracket_hint(claim)}")
    if verdict.status == "refuted":
        return with_missing_assumption(claim, verdict)
    if verdict.status == "undecided" and (hint := bracket_hint(claim)):
        return replace(verdict, evidence=verdict.evidence + hint)
    return with_kinks(verdict, claim) if claim.kinks else verdict


def _decided(claim: Claim, seconds: float) -> Verdict:
    agreement = Agreement()
    found = _first_separation(claim, agreement)
    if found is None:
        proof = prove(claim)
        if proof is not None and agreement.defined:
            return with_domain(claim, proof, agreement)
        found = _stratified_separation(claim, agreement)
        if found is None:
            if proof is None or not agreement.defined:
                proof = _unless_undefined(by_z3(claim) if proof is None else proof, agreement)
            found = _deep_separation(claim, agreement) if proof is None else None
            if found is None:
                return with_domain(claim, proof or _weaker(claim, agreement, seconds), agreement)
    return refuted(claim, shrunk(claim, found, lambda point: separation(claim, point, found.world)))


def _at_first_sight(claim: Claim) -> Verdict | None:
    """Refuted at the first few points, undecided, or None where the sides have no value there."""
    agreement = Agreement()
    try:
        found = _first_separation(claim, agreement)
        if found is None:
            return Verdict("undecided", "no-proof", "undecided: the sides agree") if agreement.defined else None
        return refuted(claim, shrunk(claim, found, lambda point: separation(claim, point, found.world)))
    except FAILURES:
        return None


def _unless_undefined(proof: Verdict | None, agreement: Agreement) -> Verdict | None:
    """A proof counts only with a point at which both sides had a value."""
    return proof if agreement.defined else None


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
    if not claim.inputs:
        return _constant_separation(claim, worlds, agreement)
    for index, (stratum, point) in enumerate(stratified_points(claim, POINTS_PER_STRATUM)):
        if agreement.terms > MAX_TERMS:
            return None
        agreement.tried += 1
        world = worlds[index % len(worlds)]
        thorough = index % 6 == 0
        found = separation(claim, point, world, agreement, thorough=thorough, stratum=stratum)
        if found:
            return found
    return _nearby_separation(claim, agreement)


def _nearby_separation(claim: Claim, agreement: Agreement) -> Separation | None:
    """Where the strata met the domain too seldom to say anything."""
    worlds = claim.worlds()
    if agreement.enough(claim) or not agreement.met:
        return None
    for index, point in enumerate(nearby_points(claim, agreement.met)):
        if agreement.terms > MAX_TERMS:
            return None
        agreement.tried += 1
        found = separation(
            claim, point, worlds[index % len(worlds)], agreement, thorough=index % 6 == 0, stratum="near"
        )
        if found or agreement.strata["near"] >= ENOUGH_POINTS:
            return found
    return None


def _constant_separation(
    claim: Claim, worlds: tuple[Mapping[str, Activation], ...], agreement: Agreement
) -> Separation | None:
    """Two constants: at full precision, with each function that a general one may be."""
    for world in worlds:
        agreement.tried += 1
        found = separation(claim, {}, world, agreement, thorough=True, stratum="constants")
        if found:
            return found
    return None


def _deep_separation(claim: Claim, agreement: Agreement) -> Separation | None:
    """At the precision it takes, where the sides would pass for equal because functions are near their limits."""
    if not agreement.enough(claim) or agreement.certain(claim):
        return None
    beyond = Agreement()
    reachable = [point for point in agreement.shallow if point.digits <= DEEPEST * DIGITS_PER_BIT]
    for shallow in sorted(reachable, key=lambda point: point.digits)[:ENOUGH_DEEP]:
        found = separation(claim, shallow.point, shallow.world, beyond, stratum="deep", precisions=DEEP_PRECISIONS)
        if found:
            return found
    agreement.deep += beyond.deep
    if not claim.inputs and beyond.deep == len(agreement.shallow):
        agreement.shallow.clear()
    return None


def _weaker(claim: Claim, agreement: Agreement, seconds: float) -> Verdict:
    """Verified by SymPy and the points, by the points alone, or undecided."""
    if not agreement.enough(claim):
        return _undecided(agreement)
    points = agreement.described(claim)
    late = ""
    if seconds > 0 and claim.inputs and not claim.is_complex:  # of constants, hundreds of digits say more
        answer = _by_sympy(claim, seconds)
        if answer:
            return Verdict("verified", "sympy", f"SymPy simplifies the difference to 0, and {points}")
        late = "; SymPy was stopped by the clock or its memory limit" if answer is None else ""
    if not agreement.certain(claim):
        return SATURATED
    if claim.inputs and _may_be_missed(claim, agreement):
        return _undecided(agreement)
    return Verdict("verified", "balls", f"no proof was found; {points}{late}")


def _may_be_missed(claim: Claim, agreement: Agreement) -> bool:
    """Whether a difference may lie where no point was: beyond a jump, or on a branch none of whose edges was met.

    Indicators and whole parts jump; where all values were exact, so do signs and case distinctions.
    """
    found = {kind for side in claim.sides for kind in side.kinds}
    called = {f for side in claim.sides for f in functions(side)}
    if Indicator in found or called & {"floor", "ceiling", "mod", "rem"}:
        return True
    if agreement.digits == float("inf") and (Cases in found or "sign" in called):
        return True
    return "kinks" not in agreement.strata and any(
        branches(node) and node.names and not isinstance(node, Root) for side in claim.sides for node in walk(side)
    )


def _by_sympy(claim: Claim, seconds: float) -> bool | None:
    try:
        left, right = (claim.setting.named.expanded(side) for side in claim.sides)
    except FAILURES:
        return False
    symbols = tuple(s for s in claim.inputs if not s.is_function)
    return child.is_zero(Sum((left, Negative(right))), symbols, seconds)


def _undecided(agreement: Agreement) -> Verdict:
    if not agreement.defined and agreement.at_kinks and not agreement.reason:
        return AT_KINK
    if not agreement.defined:
        why = agreement.reason or "there is no point at which both sides could be evaluated"
        code = "effort" if agreement.reason else "no-point"
        return Verdict("undecided", code, f"undecided: {why}")
    reason = (
        f"no proof was found; the sides agree at {agreement.defined} of {agreement.tried} points, which proves nothing"
    )
    return Verdict("undecided", "no-proof", f"undecided: {reason}")
