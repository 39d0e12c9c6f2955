"""Inequalities proven from the difference of their sides: a constant, signs, z3, bounds, or where the sides meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from checks.decide import solver
from checks.decide.bounds.contact import by_contact
from checks.decide.bounds.exponentials import without_logarithms
from checks.decide.bounds.order import Proof, proof_by_bounds, proof_by_products, signs_chosen
from checks.decide.cells import Cutting, everywhere
from checks.decide.claim import Claim, Setting
from checks.decide.domains import Domain
from checks.decide.properties import with_properties
from checks.decide.separation import FAILURES
from checks.decide.statements.peeling import peeled
from checks.decide.statements.sentence import ORDER, Atom
from checks.decide.statements.slopes import follows_by_slopes
from checks.verdict import Verdict
from derive.normal import fraction_tree, normal_form
from derive.program import Program
from derive.splitting import NEGATIVE, POSITIVE, ZERO, form_sign
from derive.symbols import SymbolTable
from derive.tree import (
    ONE,
    Call,
    Negative,
    Node,
    Sum,
    walk,
)
from derive.tree import ZERO as ZERO_NODE

_CONSTANT: dict[str, Callable[[Any], bool]] = {
    "<": lambda d: d < 0,
    r"\le": lambda d: d <= 0,
    ">": lambda d: d > 0,
    r"\ge": lambda d: d >= 0,
    r"\ne": lambda d: d != 0,
}

_SIGNS = {"<": NEGATIVE, r"\le": NEGATIVE | ZERO, ">": POSITIVE, r"\ge": POSITIVE | ZERO, r"\ne": NEGATIVE | POSITIVE}

MAX_CANCELLED = 500  # nodes of a difference in which names may cancel
MAX_CONTACTS = 3  # proofs from derivatives within each other


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
        _without_what_cancels(claim, relation, difference, depth)
        or _by_exponentials(claim, relation, difference, depth)
        or _by_slopes(claim, relation, depth)
        or _by_products(claim, relation, difference)
        or _by_bounds(claim, relation, difference)
        or _by_contact(claim, relation, difference, depth)
    )


def _without_what_cancels(claim: Claim, relation: str, difference: Node, depth: int) -> Verdict | None:
    """`f − d² < f` from −d² < 0: what is left of the difference where names cancel."""
    if depth >= MAX_CONTACTS or claim.kinks or claim.general_functions:
        return None
    if difference.size > MAX_CANCELLED:
        return None
    try:
        left = fraction_tree(normal_form(difference))
    except FAILURES:
        return None
    if left.size >= difference.size or not set(left.names) < set(difference.names):
        return None
    return proof_of_order(Claim(left, ZERO_NODE, claim.setting), relation, depth + 1)


def _by_exponentials(claim: Claim, relation: str, difference: Node, depth: int) -> Verdict | None:
    """An inequality between logarithms, from the one between what they are logarithms of."""
    if depth >= MAX_CONTACTS or claim.kinks or claim.general_functions:
        return None
    raised = without_logarithms(difference)
    if raised is None:
        return None
    proof = proof_of_order(Claim(raised, ONE, claim.setting), relation, depth + 1)
    return None if proof is None else replace(proof, evidence=f"taken as exponents, {proof.evidence}")


def _by_products(claim: Claim, relation: str, difference: Node) -> Verdict | None:
    """An inequality between two products that may grow small together, from bounds of what is left of both."""
    if relation not in ORDER or claim.kinks or claim.general_functions:
        return None
    left, right = (claim.setting.named.expanded(side) for side in claim.sides)
    less, more = (left, right) if relation in {"<", r"\le"} else (right, left)
    try:
        domain = Domain.of(difference, claim.setting.symbols, implied=True)
        proof = proof_by_products(less, more, domain.intervals, strict=relation in {"<", ">"})
    except FAILURES:
        return None
    return None if proof is None else _bounded(proof, domain, claim)


def _by_slopes(claim: Claim, relation: str, depth: int) -> Verdict | None:
    """An inequality between values of functions whose slope is bounded."""
    if relation == r"\ne" or depth >= MAX_CONTACTS or claim.kinks or claim.is_complex:
        return None

    def prove(atom: Atom) -> bool:
        return proof_of_order(Claim(atom.left, atom.right, claim.setting), atom.relation, depth + 1) is not None

    left, right = (claim.setting.named.expanded(side) for side in claim.sides)
    if not follows_by_slopes(Atom(left, relation, right), (), prove):
        return None
    return Verdict("proven", "slopes", "the functions have bounded slopes, and stretch a difference by no more")


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
    return _bounded(proof, domain, claim) if holds else None


def _bounded(proof: Proof, domain: Domain, claim: Claim) -> Verdict:
    bounds = domain.described(claim.setting.symbols)
    return Verdict("proven", "bounds", proof.evidence + (f", where {bounds}" if bounds else ""))


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
