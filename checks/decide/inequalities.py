"""Inequalities between numbers: a point that violates one refutes it, else it is proven, else tried at many points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from itertools import islice
from typing import Any

from checks.decide.activations import Activation
from checks.decide.balls import PRECISIONS, precision
from checks.decide.claim import Claim, Point
from checks.decide.constructs import exact_difference
from checks.decide.counterexamples import refuted, shrunk
from checks.decide.elementary import Undefined
from checks.decide.order_proofs import proof_of_order
from checks.decide.points import SIMPLEST, first_points, stratified_points
from checks.decide.separation import AT_KINK, FAILURES, Separation, at_kink, evaluator, shown
from checks.decide.statements.downhill import lowest
from checks.decide.statements.sentence import Atom
from checks.decide.statements.solutions import roots
from checks.verdict import Verdict
from derive.normal import normal_form
from derive.tree import Negative, Node, Sum, number

# relation → whether two separated balls contradict it
VIOLATED: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: bool(a >= b),
    r"\le": lambda a, b: bool(a > b),
    ">": lambda a, b: bool(a <= b),
    r"\ge": lambda a, b: bool(a < b),
}

ENOUGH_POINTS = 40

ENOUGH_STRATA = 4

MARGIN = 1e-6


@dataclass(slots=True)
class Tally:
    """At how many points of each stratum a relation held, and at how many of them with room to spare."""

    holding: int = 0
    at_kinks: int = 0  # points at which nothing is decided
    close: bool = False  # whether the sides come very near to each other where they are nearest
    strata: Counter[str] = field(default_factory=Counter)  # with room to spare


def disordered(claim: Claim, relation: str) -> Verdict | None:
    """A point that violates a relation, if one of the first does; None where the sides have no value."""
    tally = Tally()
    try:
        return _violation(claim, relation, tally) or (Verdict("undecided", "inequality", "") if tally.holding else None)
    except FAILURES:
        return None


def ordered(claim: Claim, relation: str) -> Verdict:
    """≤ and its kin: a point where a ball violates it refutes; signs and z3 prove; many points verify."""
    if claim.is_complex:
        return Verdict("undecided", "inequality", "undecided: complex numbers are not ordered")
    try:
        tally = Tally()
        violation = _violation(claim, relation, tally)
        if violation:
            return violation
        if not tally.holding and tally.at_kinks:
            return AT_KINK
        if not tally.holding:
            return Verdict(
                "undecided", "no-point", "undecided: there is no point at which both sides could be evaluated"
            )
        found = proof_of_order(claim, relation) or _at_worst(claim, relation, tally) or meeting(claim, relation)
        return found or _sampled(tally, few=bool(claim.general_functions))
    except FAILURES as error:
        return Verdict("undecided", "effort", f"undecided: {error}")


def _at_worst(claim: Claim, relation: str, tally: Tally) -> Verdict | None:
    """A refutation where the difference of the sides is least, if it fails there; whether room is left is noted."""
    left, right = claim.sides
    if claim.general_functions:
        return None
    atom = Atom(claim.setting.named.expanded(left), relation, claim.setting.named.expanded(right))
    for point in lowest(atom, claim):
        full = {**{symbol.key: Fraction(1) for symbol in claim.inputs}, **point}
        found = _violated(claim, relation, {}, full)
        if found:
            return refuted(claim, shrunk(claim, found, partial(_violated, claim, relation, {})))
        tally.close = tally.close or _close(claim, full)
    return None


def meeting(claim: Claim, relation: str) -> Verdict | None:
    """A strict relation, or ≠, fails where both sides have a value and one normal form, as at x = y = 0."""
    if relation not in {"<", ">", r"\ne"} or claim.general_functions or claim.kinks:
        return None
    left, right = (claim.setting.named.expanded(side) for side in claim.sides)
    for point in _meeting_points(claim, Sum((left, Negative(right)))):
        try:
            with precision(PRECISIONS[0]):
                a, b = (evaluator(claim, point, {})(side) for side in claim.sides)
            exact = exact_difference(left, right, {key: number(value) for key, value in point.items()})
            if exact == 0 and a.overlaps(b):
                at = ", ".join(f"{key} = {value}" for key, value in point.items())
                said = f"at {at}: the two sides are equal, {shown(a)}"
                return Verdict("refuted", "counterexample", said, {key: str(value) for key, value in point.items()})
        except (Undefined, *FAILURES):
            continue
    return None


def _meeting_points(claim: Claim, difference: Node) -> Iterator[dict[str, Fraction]]:
    """Simple points; and, of one name, rational zeros of the difference."""
    for value in SIMPLEST:
        if all(s.admits(value) for s in claim.inputs):
            yield dict.fromkeys((s.key for s in claim.inputs), value)
    if len(claim.inputs) == 1:
        (symbol,) = claim.inputs
        for root in islice(roots(difference, symbol.key), len(SIMPLEST)):
            zero = normal_form(root).constant if not root.names else None
            if zero is not None and symbol.admits(Fraction(zero)):
                yield {symbol.key: Fraction(zero)}


def _close(claim: Claim, point: Point) -> bool:
    """Whether the sides come so near to each other at a point that they may meet beside it."""
    try:
        with precision(PRECISIONS[0]):
            a, b = (evaluator(claim, point, {})(side) for side in claim.sides)
            return not abs(a - b) > (abs(a) + abs(b) + 1) * MARGIN
    except (Undefined, *FAILURES):
        return False


def _sampled(tally: Tally, *, few: bool) -> Verdict:
    """An inequality that was only tried: verified where many points of many kinds hold with room to spare.

    What was tried with few of the functions that a general one may be is not verified.
    """
    count = sum(tally.strata.values())
    if few or count < ENOUGH_POINTS or len(tally.strata) < ENOUGH_STRATA or count < tally.holding or tally.close:
        touching = tally.holding - count
        room = f", at {touching} of them without room to spare" if touching else ""
        room += ", and comes near to failing somewhere" if tally.close and not touching else ""
        few_met = ", with a few of the functions that are meant" if few else ""
        why = f"it held at {tally.holding} points{room}{few_met}"
        return Verdict(
            "undecided",
            "inequality",
            f"undecided: no counterexample was found and no proof; {why}, which proves nothing",
        )
    strata = ", ".join(f"{name} {n}" for name, n in tally.strata.items())
    return Verdict(
        "verified", "balls", f"no proof was found; it holds with room to spare at all {count} points tried ({strata})"
    )


def _violation(claim: Claim, relation: str, tally: Tally) -> Verdict | None:
    worlds = claim.worlds()
    points = [("first", point) for point in first_points(claim, 6)]
    points += stratified_points(claim, 5)
    simple = [dict.fromkeys((s.key for s in claim.inputs), value) for value in SIMPLEST]
    points += [("special", p) for p in simple if all(s.admits(p[s.key]) for s in claim.inputs)]
    for index, (stratum, point) in enumerate(points):
        world = worlds[index % len(worlds)]
        found = _violated(claim, relation, world, point, tally, stratum)
        if found:
            return refuted(claim, shrunk(claim, found, partial(_violated, claim, relation, world)))
        if not claim.inputs and tally.holding:
            break
    return None


def _violated(
    claim: Claim,
    relation: str,
    world: Mapping[str, Activation],
    point: Point,
    tally: Tally | None = None,
    stratum: str = "",
) -> Separation | None:
    """Whether a point certainly violates a relation."""
    met = False
    for bits in PRECISIONS:
        try:
            with precision(bits):
                at = evaluator(claim, point, world)
                if at_kink(claim, at):
                    if tally and bits == PRECISIONS[-1]:
                        tally.at_kinks += 1
                    continue
                a, b = (at(side) for side in claim.sides)
                if VIOLATED[relation](a, b):
                    return Separation(dict(point), world, shown(a), shown(b), bits, touching=bool(a.overlaps(b)))
                met = True
                if not a.overlaps(b):
                    if tally:
                        tally.holding += 1
                        tally.strata[stratum] += 1
                    return None
        except Undefined:
            continue
        except FAILURES:
            return None
    if tally and met:
        tally.holding += 1
    return None
