"""A relation between two formulas over terms of sequences: refuted at small numbers, proven for all, or undecided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from checks.decide.claim import Claim, Setting
from checks.decide.sequences.instances import Instance, expectations, instances
from checks.decide.sequences.proofs import Prover
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge
from derive.recurrence.terms import has_sequences
from derive.tree import Node

Decide = Callable[[Claim], Verdict]
Glance = Callable[[Claim], Verdict | None]
IN_FULL = 3  # instances that are decided in full where there is no proof
UNTIED = "undecided: statements about sequences are decided one relation at a time"


def about_sequences(setting: Setting, *trees: Node) -> bool:
    """Whether formulas mention terms of sequences, maxima over an index, or expectations."""
    if any(has_sequences(tree) for tree in trees) or expectations(setting.symbols, *trees):
        return True
    return any(has_sequences(tree) for side in trees for tree in setting.program.needed(side).values())


def untied() -> Verdict:
    """What is said of statements whose relation to each other would rest on sequences."""
    return Verdict("undecided", "sequences", UNTIED)


def decide_sequences(claim: Claim, decide: Decide, glance: Glance, prove: Callable[[Claim], Verdict | None]) -> Verdict:
    """The claim at t = 1, 2, 3, …, at a few points each; a proof for symbolic t; where there is none, each t in full.

    `glance` answers with a refutation, with any other verdict if both sides have a value, or with None.
    """
    held: list[Instance] = []
    for instance in instances(claim):
        verdict = glance(instance.claim)
        if verdict is not None and verdict.status == "refuted":
            return _placed(verdict, instance)
        if not instance.at:
            return decide(instance.claim)
        if verdict is not None:
            held.append(instance)
    if not held:
        said = "at no small numbers for the indices do both sides have a value that can be compared"
        return Verdict("undecided", "no-point", f"undecided: {said}")
    proof = prove(claim)
    if proof is not None:
        return replace(proof, evidence=f"{proof.evidence}; checked at {_described(held)}")
    for instance in held[:IN_FULL]:
        verdict = decide(instance.claim)
        if verdict.status == "refuted":
            return _placed(verdict, instance)
    said = f"undecided: no counterexample was found at {_described(held)}, and no proof for all"
    return Verdict("undecided", "no-proof", said)


def proof_of_equality(claim: Claim) -> Verdict | None:
    """A proof for symbolic indices, or None."""
    try:
        return Prover(claim).proof()
    except (NoRule, TooLarge, ZeroDivisionError):
        return None


def proof_of_order(claim: Claim, relation: str) -> Verdict | None:
    """A proof of ≤ or ≥ for symbolic indices, or None."""
    try:
        return Prover(claim).order(relation)
    except (NoRule, TooLarge, ZeroDivisionError):
        return None


def _placed(verdict: Verdict, instance: Instance) -> Verdict:
    """A refutation with the numbers it was found at."""
    if not instance.at:
        return verdict
    where = ", ".join(f"{name} {'is' if ' ' in value else '='} {value}" for name, value in instance.at.items())
    there = {**instance.at, **(verdict.counterexample or {})}
    return replace(verdict, evidence=f"for {where}: {verdict.evidence}", counterexample=there)


def _described(held: list[Instance]) -> str:
    """The numbers at which a claim was tried: `t = 1, 2, 3`."""
    numbers: dict[str, dict[str, None]] = {}
    for instance in held:
        for name, value in instance.at.items():
            if " " not in value:
                numbers.setdefault(name, {}).setdefault(value)
    said = "; ".join(f"{name} = {', '.join(values)}" for name, values in numbers.items())
    return said or "several distributions of two values"
