"""Equality of two formulas of vectors and matrices of any size, stopping at the first answer.

    shapes                            different ⇒ refuted, both named
    a few draws of small sizes        an entry differs ⇒ refuted, with the matrices shrunk and evaluated again
    canonical form                    one spelling, of words or of entries with indices ⇒ proven for all sizes
    more draws of different sizes     an entry differs ⇒ refuted; enough of them ⇒ verified; else undecided

A yes needs draws at which both sides had a value and agreed. Where several indicators, ReLUs and maxima cut the domain into
cells, agreement at draws verifies nothing, however many there are: a cell may have been missed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from checks.decide.arrays import separate
from checks.decide.claim import Claim, Setting
from checks.decide.separation import FAILURES
from checks.verdict import Verdict
from derive.matrix import indexed
from derive.matrix.canonical import equal
from derive.matrix.nodes import has_arrays
from derive.rules import with_named_functions
from derive.tree import Node

FIRST_DRAWS = 2


def is_symbolic(claim: Claim) -> bool:
    """Whether names of vectors or matrices occur, definitions included."""
    sides = (claim.left, claim.right)
    return has_arrays(*sides, *(tree for side in sides for tree in claim.setting.named.needed(side).values()))


def is_written_out(claim: Claim) -> bool:
    """Whether no vector or matrix is left that is but a name, once the definitions are put in."""
    try:
        return not has_arrays(*(claim.setting.named.expanded(side) for side in (claim.left, claim.right)))
    except FAILURES:
        return False


def decide_arrays(claim: Claim) -> Verdict:
    """The pipeline above. Never raises what effort limits raise."""
    quick = separate(claim.left, claim.right, claim.setting, enough=FIRST_DRAWS)
    if quick.status == "refuted":
        return quick
    if quick.status == "verified" and proven(claim.left, claim.right, claim.setting):
        said = f"multiplied out, both sides are the same for all sizes; {quick.evidence}"
        return Verdict("proven", "canonical-form", said)
    if quick.code == "no-rule":
        return quick
    return separate(claim.left, claim.right, claim.setting)


def proven(left: Node, right: Node, setting: Setting) -> bool:
    """Whether both sides have one canonical form, as they are written or with the definitions put in."""
    try:
        first, second = (with_named_functions(side, setting.symbols) for side in (left, right))
        if first == second:  # whatever the names stand for, which may be more than can be put in
            return True
        first, second = (setting.named.expanded(side) for side in (first, second))
    except FAILURES:
        return False
    sizes = {key for key in (*first.names, *second.names) if setting.symbol(key).role == "dimension"}
    return any(_same(first, second, way) for way in (equal, partial(indexed.equal, sizes=sizes)))


def _same(left: Node, right: Node, way: Callable[[Node, Node], bool]) -> bool:
    try:
        return way(left, right)
    except FAILURES:
        return False


def with_mistake(verdict: Verdict, truth: Node, wrong: Node, setting: Setting) -> Verdict:
    """A refutation, naming the slip that leads from the truth to the wrong formula where one explains it."""
    from checks.decide.arrays.findings import NOT_EQUAL, find

    if verdict.code == "shape":
        return verdict
    code, sentence = find(truth, wrong, setting)
    if code == NOT_EQUAL[0]:
        return verdict
    return replace(verdict, code=code, evidence=f"{sentence}; {verdict.evidence}")
