"""Statements: every relation of a chain decided in turn; one refuted relation refutes the chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from checks.decide.activations import Activation
from checks.decide.balls import PRECISIONS, Evaluator, Undefined, precision
from checks.decide.claim import Claim, Point, Setting
from checks.decide.equality import Separation, decide_equal, refuted, shown, shrunk
from checks.decide.points import SIMPLEST, first_points, stratified_points
from checks.verdict import Verdict
from derive.errors import TooLarge
from derive.normal import normal_form
from derive.tree import Call, Chain, FunctionName, Implication, Name, Negative, Node, Sum, transform, walk

# relation → whether two separated balls contradict it
_VIOLATED: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: bool(a >= b),
    r"\le": lambda a, b: bool(a > b),
    ">": lambda a, b: bool(a <= b),
    r"\ge": lambda a, b: bool(a < b),
}
_CONSTANT: dict[str, Callable[[Any], bool]] = {
    "<": lambda d: d < 0,
    r"\le": lambda d: d <= 0,
    ">": lambda d: d > 0,
    r"\ge": lambda d: d >= 0,
}
ANY_ARGUMENT = ("u", "v", "t", "s", "r", *(f"u_{{{index}}}" for index in range(10_000)))


def decide_holds(statement: Node, setting: Setting) -> Verdict:
    """Whether a statement holds wherever its sides are defined."""
    if isinstance(statement, Implication):
        return Verdict("undecided", "implication", "undecided: implications are not decided yet")
    if not isinstance(statement, Chain) or statement.continued:
        return Verdict("undecided", "no-statement", "undecided: this states nothing; write a relation")
    verdicts = [
        decide_relation(left, relation, right, setting)
        for left, relation, right in zip(statement.sides, statement.relations, statement.sides[1:], strict=False)
    ]
    for status in ("refuted", "undecided"):
        for verdict in verdicts:
            if verdict.status == status:
                return verdict
    if len(verdicts) == 1:
        return verdicts[0]
    return Verdict("proven", verdicts[-1].code, "; ".join(dict.fromkeys(v.evidence for v in verdicts)))


def decide_relation(left: Node, relation: str, right: Node, setting: Setting) -> Verdict:
    """One relation between two formulas."""
    argument = unused_name((left, right), setting)
    left, right = (with_any_argument(side, argument) for side in (left, right))
    if relation == "=":
        return decide_equal(Claim(left, right, setting))
    if relation == r"\ne":
        return _different(Claim(left, right, setting))
    if relation not in _VIOLATED:
        return Verdict("undecided", "relation", f"undecided: {relation} has no exact meaning to decide")
    return _ordered(Claim(left, right, setting), relation)


def unused_name(sides: tuple[Node, ...], setting: Setting) -> Name:
    """A name for any real argument: none that is declared, defined or written."""
    taken = {*setting.symbols, *setting.program.definitions, *(name for side in sides for name in side.names)}
    return Name(next(name for name in ANY_ARGUMENT if name not in taken))


def with_any_argument(tree: Node, argument: Name) -> Node:
    """σ' without its argument is said of every argument: σ'(u), u any real."""
    if not any(isinstance(node, FunctionName) for node in walk(tree)):
        return tree

    def apply(node: Node) -> Node | None:
        return Call(node.function, (argument,), node.order) if isinstance(node, FunctionName) else None

    return transform(tree, apply)


def _different(claim: Claim) -> Verdict:
    verdict = decide_equal(claim)
    if verdict.status == "proven":
        return Verdict("refuted", "equal", f"the two sides are equal: {verdict.evidence}", {})
    return Verdict("undecided", "inequality", "undecided: that two formulas differ everywhere is not decided yet")


def _ordered(claim: Claim, relation: str) -> Verdict:
    """≤ and its kin: a point where a ball violates it refutes; a constant difference proves."""
    violation = _violation(claim, relation)
    if violation:
        return violation
    left, right = claim.sides
    try:
        constant = normal_form(claim.setting.named.expanded(Sum((left, Negative(right))))).constant
    except (TooLarge, ZeroDivisionError, RecursionError):
        constant = None
    if constant is not None and _CONSTANT[relation](constant):
        return Verdict("proven", "constant-difference", f"the two sides differ by {constant}")
    return Verdict(
        "undecided", "inequality", "undecided: no counterexample was found, and inequalities are not proven yet"
    )


def _violation(claim: Claim, relation: str) -> Verdict | None:
    worlds = claim.worlds()
    points = [*first_points(claim, 6), *(point for _, point in stratified_points(claim, 4))]
    simple = [dict.fromkeys((s.key for s in claim.inputs), value) for value in SIMPLEST]
    points += [p for p in simple if all(s.admits(p[s.key]) for s in claim.inputs)]
    for index, point in enumerate(points):
        world = worlds[index % len(worlds)]
        found = _violated(claim, relation, world, point)
        if found:
            return refuted(claim, shrunk(claim, found, partial(_violated, claim, relation, world)))
    return None


def _violated(claim: Claim, relation: str, world: Mapping[str, Activation], point: Point) -> Separation | None:
    """Whether a point certainly violates a relation."""
    for bits in PRECISIONS:
        try:
            with precision(bits):
                evaluator = Evaluator(point, claim.setting.named, world)
                a, b = (evaluator(side) for side in claim.sides)
                if _VIOLATED[relation](a, b):
                    return Separation(dict(point), world, shown(a), shown(b), bits, touching=bool(a.overlaps(b)))
                if not a.overlaps(b):
                    return None
        except Undefined:
            continue
        except (TooLarge, ZeroDivisionError, RecursionError):
            return None
    return None
