"""Statements: every relation of a chain decided in turn; one refuted relation refutes the chain."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TypeGuard

from checks.decide.arrays.order import FAILS, SEMIDEFINITE, Link, decide_order, links, mentions_arrays
from checks.decide.arrays.unmarked import decide_both, has_unmarked
from checks.decide.claim import Claim, Setting
from checks.decide.entrywise import as_numbers, has_arrays
from checks.decide.equality import decide_equal
from checks.decide.extrema.decide import about_extrema, decide_extrema
from checks.decide.finite import finite
from checks.decide.inequalities import VIOLATED, disordered, meeting, ordered
from checks.decide.kink_remarks import with_kinks
from checks.decide.order_proofs import proof_of_order
from checks.decide.separation import FAILURES
from checks.decide.sequences.decide import about_sequences, decide_sequences
from checks.decide.sequences.decide import proof_of_order as proof_of_sequences
from checks.decide.spaces import decide_space
from checks.decide.statements.relation import decide_implication, decide_sentence
from checks.decide.written import decide_written, has_decimals
from checks.verdict import Status, Verdict
from derive.matrix.nodes import Space
from derive.normal import normal_form
from derive.rules import with_named_functions
from derive.tree import (
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
    transform,
    walk,
)

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
    if has_unmarked(left, right):
        return decide_both(left, right, lambda a, b: decide_relation(a, relation, b, setting, seconds))
    if about_extrema(setting, left, right):
        return decide_extrema(left, relation, right, setting)
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
        if (numbers := as_numbers(Claim(left, right, setting))) is not None:
            return decide_relation(numbers[0], relation, numbers[1], setting, seconds)
        return Verdict(
            "undecided", "relation", f"undecided: matrices, lists and sets are compared by = alone, not by {relation}"
        )
    if relation == r"\ne":
        return _different(Claim(left, right, setting), seconds)
    if relation not in VIOLATED:
        return Verdict("undecided", "relation", f"undecided: {relation} has no exact meaning to decide")
    claim = Claim(left, right, setting)
    if about_sequences(setting, left, right):
        decide, glance = partial(ordered, relation=relation), partial(disordered, relation=relation)
        return decide_sequences(claim, decide, glance, partial(proof_of_sequences, relation=relation))
    verdict = ordered(claim, relation)
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


def _different_everywhere(claim: Claim) -> Verdict:
    """≠ of complex names, where no sign tells anything: proven where the difference is a number that is not 0."""
    left, right = (claim.setting.named.expanded(side) for side in claim.sides)
    try:
        constant = normal_form(Sum((left, Negative(right))), mode="complex").constant
    except FAILURES:
        constant = None
    if constant:
        return Verdict("proven", "constant-difference", f"the two sides differ by {constant}")
    return Verdict(
        "undecided", "inequality", "undecided: that two formulas differ at all complex numbers is not proven"
    )


def _different(claim: Claim, seconds: float) -> Verdict:
    """≠: a proof of equality, or a point where both sides are one number, refutes it; signs or z3 prove it of reals."""
    verdict = decide_equal(claim, seconds)
    if about_sequences(claim.setting, claim.left, claim.right) and verdict.status != "proven":
        return Verdict("undecided", "inequality", "undecided: that two formulas differ everywhere is not proven")
    if verdict.status == "proven":
        return Verdict("refuted", "equal", f"the two sides are equal: {verdict.evidence}", {})
    if verdict.status == "refuted" and claim.is_complex:
        return _different_everywhere(claim)
    if verdict.status == "refuted":
        proof = proof_of_order(claim, r"\ne") or meeting(claim, r"\ne")
        if proof is not None:
            return proof
    if verdict.code == "kink":
        return verdict
    return Verdict("undecided", "inequality", "undecided: that two formulas differ everywhere is not proven")
