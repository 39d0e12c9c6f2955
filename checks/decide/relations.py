"""Statements: every relation of a chain decided in turn; one refuted relation refutes the chain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Any, TypeGuard

from checks.decide import solver
from checks.decide.activations import Activation
from checks.decide.arrays.order import FAILS, SEMIDEFINITE, Link, decide_order, links, mentions_arrays
from checks.decide.balls import PRECISIONS, precision
from checks.decide.bounds.contact import by_contact
from checks.decide.bounds.exponentials import without_logarithms
from checks.decide.bounds.order import proof_by_bounds, signs_chosen
from checks.decide.cells import Cutting, everywhere
from checks.decide.claim import Claim, Point, Setting
from checks.decide.constructs import exact_difference
from checks.decide.counterexamples import refuted, shrunk
from checks.decide.domains import Domain
from checks.decide.elementary import Undefined
from checks.decide.entrywise import has_arrays
from checks.decide.equality import decide_equal
from checks.decide.finite import finite
from checks.decide.kink_remarks import with_kinks
from checks.decide.points import SIMPLEST, first_points, stratified_points
from checks.decide.properties import with_properties
from checks.decide.separation import AT_KINK, FAILURES, Separation, at_kink, evaluator, shown
from checks.decide.sequences.decide import about_sequences, decide_sequences
from checks.decide.sequences.decide import proof_of_order as proof_of_sequences
from checks.decide.spaces import decide_space
from checks.decide.statements.peeling import peeled
from checks.decide.statements.relation import decide_implication, decide_sentence
from checks.decide.statements.sentence import Atom
from checks.decide.worst import least
from checks.decide.written import decide_written, has_decimals
from checks.verdict import Status, Verdict
from derive.matrix.nodes import Space
from derive.normal import normal_form
from derive.program import Program
from derive.rules import with_named_functions
from derive.splitting import NEGATIVE, POSITIVE, ZERO, form_sign
from derive.symbols import SymbolTable
from derive.tree import (
    ONE,
    Call,
    Chain,
    FunctionName,
    HasProperty,
    Implication,
    Logical,
    Matrix,
    Name,
    Negative,
    Node,
    PlusMinus,
    Sum,
    ValueSet,
    number,
    transform,
    walk,
)
from derive.tree import ZERO as ZERO_NODE

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
    r"\ne": lambda d: d != 0,
}
_SIGNS = {"<": NEGATIVE, r"\le": NEGATIVE | ZERO, ">": POSITIVE, r"\ge": POSITIVE | ZERO, r"\ne": NEGATIVE | POSITIVE}
ENOUGH_POINTS = 40
ENOUGH_STRATA = 4
MARGIN = 1e-6
MAX_CONTACTS = 3  # proofs from derivatives within each other
ANY_ARGUMENT = ("u", "v", "t", "s", "r", *(f"u_{{{index}}}" for index in range(10_000)))


def decide_holds(statement: Node, setting: Setting, seconds: float = 0.0) -> Verdict:
    """Whether a statement holds wherever its sides are defined."""
    if isinstance(statement, Implication) and mentions_arrays(statement):
        return decide_array_implication(statement, setting)
    if isinstance(statement, Implication):
        return decide_implication(statement, setting)
    if isinstance(statement, HasProperty):
        from checks.functions.properties import decide_property  # built on relations

        return decide_property(statement, setting)
    if isinstance(statement, Logical) or _has_signs(statement):
        return decide_sentence(statement, setting)
    if not isinstance(statement, Chain) or statement.continued:
        return Verdict("undecided", "no-statement", "undecided: this states nothing; write a relation")
    verdicts = [
        at_digits(left, relation, right, setting, decide_relation(left, relation, right, setting, seconds))
        for left, relation, right in zip(statement.sides, statement.relations, statement.sides[1:], strict=False)
    ]
    for status in ("refuted", "undecided"):
        for verdict in verdicts:
            if verdict.status == status:
                return verdict
    if len(verdicts) == 1:
        return verdicts[0]
    weakest: Status = "verified" if any(v.status == "verified" for v in verdicts) else "proven"
    code = next(v.code for v in reversed(verdicts) if v.status == weakest)
    return Verdict(weakest, code, "; ".join(dict.fromkeys(v.evidence for v in verdicts)))


def decide_array_implication(statement: Implication, setting: Setting) -> Verdict:
    """p ⇒ q about vectors and matrices: every relation of q under those of p; where it fails, whether q ⇒ p holds."""
    if len(statement.statements) != 2 or statement.continued or statement.arrows != (r"\Rightarrow",):
        return Verdict(
            "undecided", "statements", "undecided: between arrays only one premise ⇒ one conclusion is decided"
        )
    try:
        premise, conclusion = statement.statements
        verdict = _under(premise, conclusion, setting)
        if verdict.status == "refuted" and _under(conclusion, premise, setting).status == "proven":
            turned = "the arrow holds the other way round"
            return replace(verdict, code="implied-by", evidence=f"{verdict.evidence}; {turned}")
    except FAILURES as error:
        return Verdict("undecided", "statements", f"undecided: {error}")
    return verdict


def _under(premise: Node, conclusion: Node, setting: Setting) -> Verdict:
    """Every relation of a conclusion under those of the premise. Raises NoRule for what is no chain of relations."""
    premises, demanded = (
        [link for part in _joined(statement) for link in links(part, setting)] for statement in (premise, conclusion)
    )
    verdicts = [decide_order(premises, link, setting) for link in demanded]
    return next((v for status in ("refuted", "undecided") for v in verdicts if v.status == status), verdicts[-1])


def _joined(statement: Node) -> tuple[Node, ...]:
    """The statements that "and" joins."""
    return statement.statements if isinstance(statement, Logical) and statement.connective == "and" else (statement,)


def at_digits(left: Node, relation: str, right: Node, setting: Setting, verdict: Verdict) -> Verdict:
    """A relation that is not exact, of which one side is a column or matrix written with decimals: judged at its digits."""
    if verdict.status in {"proven", "verified"} or relation not in {"=", r"\approx"}:
        return verdict
    written = [side for side in (right, left) if isinstance(side, Matrix) and has_decimals(side)]
    if len(written) != 1:
        return verdict
    claimed, value = (right, left) if written[0] is right else (left, right)
    found = decide_written(Claim(claimed, value, setting))
    return found if found.status == "verified" or (found.status == "refuted" and relation == "=") else verdict


def _has_signs(statement: Node) -> TypeGuard[Chain]:
    """Whether ± or ∈ {…} makes several statements of one."""
    return isinstance(statement, Chain) and any(isinstance(node, PlusMinus | ValueSet) for node in walk(statement))


def decide_relation(left: Node, relation: str, right: Node, setting: Setting, seconds: float = 0.0) -> Verdict:
    """One relation between two formulas."""
    argument = unused_name((left, right), setting)
    left, right = (with_any_argument(side, argument) for side in (left, right))
    if relation == "=":
        return decide_equal(Claim(left, right, setting), seconds)
    if relation == r"\approx":
        exactly = decide_equal(Claim(left, right, setting), seconds)
        if exactly.status in {"proven", "verified"}:
            return exactly
    if relation == r"\in" and isinstance(right, Space):
        return decide_space(left, right, setting)
    if (of_infinity := finite(left, relation, right, setting)) is not None:
        return of_infinity
    if relation in FAILS or relation in SEMIDEFINITE:
        claimed = [setting.named.expanded(with_named_functions(side, setting.symbols)) for side in (left, right)]
        if any(mentions_arrays(side) for side in claimed):
            return decide_order((), Link(claimed[0], relation, claimed[1]), setting)
    if has_arrays(Claim(left, right, setting)):
        return Verdict(
            "undecided", "relation", f"undecided: matrices, lists and sets are compared by = alone, not by {relation}"
        )
    if relation == r"\ne":
        return _different(Claim(left, right, setting), seconds)
    if relation not in _VIOLATED:
        return Verdict("undecided", "relation", f"undecided: {relation} has no exact meaning to decide")
    claim = Claim(left, right, setting)
    if about_sequences(setting, left, right):
        ordered, disordered = partial(_ordered, relation=relation), partial(_disordered, relation=relation)
        return decide_sequences(claim, ordered, disordered, partial(proof_of_sequences, relation=relation))
    verdict = _ordered(claim, relation)
    return with_kinks(verdict, claim) if claim.kinks else verdict


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


def _different(claim: Claim, seconds: float) -> Verdict:
    """≠: a proof of equality refutes it; signs or z3 prove it."""
    verdict = decide_equal(claim, seconds)
    if about_sequences(claim.setting, claim.left, claim.right) and verdict.status != "proven":
        return Verdict("undecided", "inequality", "undecided: that two formulas differ everywhere is not proven")
    if verdict.status == "proven":
        return Verdict("refuted", "equal", f"the two sides are equal: {verdict.evidence}", {})
    if verdict.status == "refuted":
        proof = proof_of_order(claim, r"\ne")
        if proof is not None:
            return proof
    if verdict.code == "kink":
        return verdict
    return Verdict("undecided", "inequality", "undecided: that two formulas differ everywhere is not proven")


def _disordered(claim: Claim, relation: str) -> Verdict | None:
    """A point that violates a relation, if one of the first does; None where the sides have no value."""
    tally = Tally()
    try:
        return _violation(claim, relation, tally) or (Verdict("undecided", "inequality", "") if tally.holding else None)
    except FAILURES:
        return None


def _ordered(claim: Claim, relation: str) -> Verdict:
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
        found = proof_of_order(claim, relation) or _at_worst(claim, relation, tally) or _meeting(claim, relation)
        return found or _sampled(tally)
    except FAILURES as error:
        return Verdict("undecided", "effort", f"undecided: {error}")


@dataclass(slots=True)
class Tally:
    """At how many points of each stratum a relation held, and at how many of them with room to spare."""

    holding: int = 0
    at_kinks: int = 0  # points at which nothing is decided
    close: bool = False  # whether the sides come very near to each other where they are nearest
    strata: Counter[str] = field(default_factory=Counter)  # with room to spare


def _at_worst(claim: Claim, relation: str, tally: Tally) -> Verdict | None:
    """A refutation where the difference of the sides is least, if it fails there; whether room is left is noted."""
    left, right = claim.sides
    if claim.general_functions:
        return None
    inner = peeled(Atom(claim.setting.named.expanded(left), relation, claim.setting.named.expanded(right)))
    less, more = (inner.left, inner.right) if relation in {"<", r"\le"} else (inner.right, inner.left)
    for point in least(more, less, claim):
        full = {**{symbol.key: Fraction(1) for symbol in claim.inputs}, **point}
        found = _violated(claim, relation, {}, full)
        if found:
            return refuted(claim, shrunk(claim, found, partial(_violated, claim, relation, {})))
        tally.close = tally.close or _close(claim, full)
    return None


def _meeting(claim: Claim, relation: str) -> Verdict | None:
    """A strict relation fails where both sides have a value and one normal form, as at x = y = 0."""
    if relation not in {"<", ">"} or claim.general_functions or claim.kinks:
        return None
    left, right = (claim.setting.named.expanded(side) for side in claim.sides)
    for value in SIMPLEST:
        point = dict.fromkeys((s.key for s in claim.inputs), value)
        if not all(s.admits(value) for s in claim.inputs):
            continue
        try:
            with precision(PRECISIONS[0]):
                a, b = (evaluator(claim, point, {})(side) for side in claim.sides)
            if exact_difference(left, right, {key: number(value) for key in point}) == 0 and a.overlaps(b):
                at = ", ".join(f"{key} = {value}" for key in point)
                said = f"at {at}: the two sides are equal, {shown(a)}"
                return Verdict("refuted", "counterexample", said, {key: str(value) for key in point})
        except (Undefined, *FAILURES):
            continue
    return None


def _close(claim: Claim, point: Point) -> bool:
    """Whether the sides come so near to each other at a point that they may meet beside it."""
    try:
        with precision(PRECISIONS[0]):
            a, b = (evaluator(claim, point, {})(side) for side in claim.sides)
            return not abs(a - b) > (abs(a) + abs(b) + 1) * MARGIN
    except (Undefined, *FAILURES):
        return False


def _sampled(tally: Tally) -> Verdict:
    """An inequality that was only tried: verified where many points of many kinds hold with room to spare."""
    count = sum(tally.strata.values())
    if count < ENOUGH_POINTS or len(tally.strata) < ENOUGH_STRATA or count < tally.holding or tally.close:
        touching = tally.holding - count
        room = f", at {touching} of them without room to spare" if touching else ""
        room += ", and comes near to failing somewhere" if tally.close and not touching else ""
        why = f"it held at {tally.holding} points{room}"
        return Verdict(
            "undecided",
            "inequality",
            f"undecided: no counterexample was found and no proof; {why}, which proves nothing",
        )
    strata = ", ".join(f"{name} {n}" for name, n in tally.strata.items())
    return Verdict(
        "verified", "balls", f"no proof was found; it holds with room to spare at all {count} points tried ({strata})"
    )


def proof_of_order(claim: Claim, relation: str, depth: int = 0) -> Verdict | None:
    """An inequality from the difference: a constant, a sign on every cell of the domain, z3, bounds, or contact."""
    left, right = claim.sides
    symbols = claim.setting.symbols
    inner = peeled(Atom(claim.setting.named.expanded(left), relation, claim.setting.named.expanded(right)))
    if inner.left not in {left, claim.setting.named.expanded(left)} and not claim.kinks and not claim.general_functions:
        proof = proof_of_order(Claim(inner.left, inner.right, claim.setting), relation, depth)
        if proof is not None:
            return proof
    difference: Node = Sum((left, Negative(right)))
    for tree in (difference, claim.setting.named.expanded(difference)):
        constant = _constant_difference(tree)
        if constant is not None and _CONSTANT[relation](constant):
            return Verdict("proven", "constant-difference", f"the two sides differ by {constant}")
        given = with_properties(tree, symbols, claim.general_functions)
        domain = Domain.of(tree, symbols, implied=True)
        cutting = Cutting()
        if _on_every_cell(given, claim.off_kinks(tree), domain, relation, cutting):
            bounds = domain.described(symbols)
            cells = f" on each of {cutting.cells} cells" if cutting.cells > 1 else ""
            assuming = f", where {bounds}" if bounds else ""
            return Verdict(
                "proven", "signs", f"the sign of the difference of the two sides is certain{cells}{assuming}"
            )
        if len(tree.names) == 1 and any(isinstance(node, Call) for node in walk(tree)):  # where z3 may take long
            proof = _by_bounds(claim, relation, claim.setting.named.expanded(difference))
            if proof is not None:
                return proof
        if solver.proves(given, relation, ZERO_NODE, domain.intervals, claim.off_kinks(tree)):
            return Verdict("proven", "z3", "z3 finds no values of the parts of the formula at which the relation fails")
        if tree == claim.setting.named.expanded(difference):
            break
    difference = claim.setting.named.expanded(difference)
    return (
        _by_exponentials(claim, relation, difference, depth)
        or _by_bounds(claim, relation, difference)
        or _by_contact(claim, relation, difference, depth)
    )


def _by_exponentials(claim: Claim, relation: str, difference: Node, depth: int) -> Verdict | None:
    """An inequality between logarithms, from the one between what they are logarithms of."""
    if depth >= MAX_CONTACTS or claim.kinks or claim.general_functions:
        return None
    raised = without_logarithms(difference)
    if raised is None:
        return None
    proof = proof_of_order(Claim(raised, ONE, claim.setting), relation, depth + 1)
    return None if proof is None else replace(proof, evidence=f"taken as exponents, {proof.evidence}")


def _by_bounds(claim: Claim, relation: str, difference: Node) -> Verdict | None:
    """An inequality from bounds of the difference on all of its domain."""
    symbols = claim.setting.symbols
    names = (*difference.names, *(name for kink in claim.kinks for name in kink.names))
    if claim.general_functions or any(claim.setting.symbol(name).kind not in {"real", "integer"} for name in names):
        return None
    try:
        domain = Domain.of(difference, symbols, implied=True)
        holds, proof = proof_by_bounds(claim.off_kinks(difference), relation, domain.intervals, symbols)
    except FAILURES:
        return None
    bounds = domain.described(symbols)
    return Verdict("proven", "bounds", proof.evidence + (f", where {bounds}" if bounds else "")) if holds else None


def _by_contact(claim: Claim, relation: str, difference: Node, depth: int) -> Verdict | None:
    """An inequality whose sides are equal on a line, from derivatives; they are proven in turn, to a small depth."""
    if relation == r"\ne" or depth >= MAX_CONTACTS or claim.kinks or claim.general_functions:
        return None
    if any(symbol.kind not in {"real", "integer"} for symbol in claim.inputs):
        return None

    def prove(tree: Node, asked: str, symbols: SymbolTable) -> bool:
        return proof_of_order(Claim(tree, ZERO_NODE, Setting(symbols, Program())), asked, depth + 1) is not None

    try:
        domain = Domain.of(difference, claim.setting.symbols, implied=True)
        parts = list(signs_chosen(difference if relation in {">", r"\ge"} else Negative(difference)))
        strict = relation in {"<", ">"}
        how = [by_contact(part, domain.intervals, claim.setting.symbols, prove, strict=strict) for part in parts]
    except FAILURES:
        return None
    return Verdict("proven", "contact", f"the two sides are equal somewhere: {how[0]}") if all(how) else None


def _constant_difference(tree: Node) -> Any:
    try:
        return normal_form(tree).constant
    except FAILURES:
        return None


def _on_every_cell(given: Node, tree: Node, domain: Domain, relation: str, cutting: Cutting) -> bool:
    allowed = _SIGNS[relation]

    def holds(part: Node) -> bool:
        return not form_sign(normal_form(part)) & ~allowed

    try:
        return everywhere(given, domain, holds, cutting, tree)
    except FAILURES:
        return False


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
                if _VIOLATED[relation](a, b):
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
