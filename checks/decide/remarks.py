"""What a reader is told besides a yes: a point at which only one of the sides has a value."""

from __future__ import annotations

from fractions import Fraction

from checks.decide.claim import Claim
from checks.decide.separation import Agreement, separation
from checks.verdict import Verdict
from derive.tree import Call, Cases, Constant, Indicator, Node, Number, Power, Quotient, Root, walk

_E = Constant("e")  # whose powers always have a value
_PARTIAL = {"log", "arcsin", "arccos", "log_base", "artanh", "arcosh", "arsech", "arcoth", "tan", "gamma"}


def with_domain(claim: Claim, verdict: Verdict, agreement: Agreement) -> Verdict:
    """The verdict with a point at which only one side has a value, if one is met: the other was cut down or extended."""
    if verdict.status not in {"proven", "verified"}:
        return verdict
    if agreement.one_sided is None and _partial_parts(claim.sides[0]) != _partial_parts(claim.sides[1]):
        for value in (Fraction(-1), Fraction(0), Fraction(1), Fraction(-3, 2)):
            point = dict.fromkeys((s.key for s in claim.inputs), value)
            if point and agreement.one_sided is None and all(s.admits(value) for s in claim.inputs):
                separation(claim, point, claim.worlds()[0], agreement)
    if agreement.one_sided is None:
        return verdict
    tried, side = agreement.one_sided
    at = ", ".join(f"{name} = {value}" for name, value in tried.items())
    return Verdict(
        verdict.status,
        verdict.code,
        f"{verdict.evidence}; equal where both are defined: at {at} only the {side} side is",
    )


def _partial_parts(tree: Node) -> frozenset[Node]:
    """What decides where a formula has a value: denominators, radicands, arguments of logs."""
    found: set[Node] = set()
    for node in walk(tree):
        if isinstance(node, Quotient) and node.denominator.names:
            found.add(node.denominator)
        elif isinstance(node, Root):
            found.add(node.radicand)
        elif isinstance(node, Power):
            if not (isinstance(node.exponent, Number) and node.exponent.value >= 0) and node.base != _E:
                found.add(node)
        elif isinstance(node, Cases | Indicator) or (isinstance(node, Call) and node.function in _PARTIAL):
            found.add(node)
    return frozenset(found)
