"""p ⇒ q in a submission: what is concluded is judged under its premise.

A conclusion that is true by itself is correct. Otherwise the arrow is decided: proven, the conclusion is correct and
follows; refuted, it is incorrect with a point at which the premise holds and the conclusion does not, the arrow the wrong
way round with a code of its own (`implied-by`). Where the author has stated conditions before, a point that refutes the
arrow may be one the author has excluded: then nothing is decided. A premise is not judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from checks.choices import with_choices
from checks.decide.arrays.order import mentions_arrays
from checks.decide.claim import Setting
from checks.decide.relations import decide_array_implication
from checks.decide.statements.relation import decide_implication
from checks.report.model import LineVerdict
from checks.scope import Scope
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge
from derive.tree import Chain, Implication, Logical, Node, OffKinks, walk


def is_order(statement: Node | None) -> bool:
    """Whether a statement is one inequality, or a chain of them."""
    return isinstance(statement, Chain) and not statement.continued and not {"=", r"\approx"} & set(statement.relations)


def as_premise(step: LineVerdict) -> LineVerdict:
    """A statement that is only supposed: not wrong because it is not true by itself."""
    if step.verdict not in ("incorrect", "undecided"):
        return step
    said = "the premise of ⇒: not judged"
    return replace(step, verdict="assumption", code="premise", counterexample=None, suggestion=None, message=said)


def under_condition(step: LineVerdict) -> LineVerdict:
    """A statement said under a condition that is not known in full."""
    if step.verdict not in ("incorrect", "undecided"):
        return step
    return replace(step, verdict="undecided", code="under-premise", true_by_itself=None, counterexample=None, suggestion=None,
                   message="stated under a condition; without it this is not true, or not known to be")  # fmt: skip


def concluded(
    step: LineVerdict, premises: Sequence[Node], arrow: str, conclusion: Chain, scope: Scope, *, conditions: bool
) -> LineVerdict:
    """One relation that stands after an arrow, where it is not true by itself."""
    if step.verdict not in ("incorrect", "undecided"):
        return step
    verdict = _decided(premises, arrow, conclusion, scope)
    if verdict is None or verdict.status == "undecided" or (verdict.status == "refuted" and conditions):
        return under_condition(step)
    if verdict.code == "vacuous":
        said = "no solution was found of what this is concluded from"
        return replace(under_condition(step), code="vacuous", message=said)
    if verdict.code.endswith("-domain"):  # 1/x = 1/y ⇔ x = y: what most people mean, and not quite true
        return replace(under_condition(step), code=verdict.code, message=f"true where both sides have values; {verdict.evidence}")  # fmt: skip
    if verdict.no_value is not None:
        return _without_value(step, verdict.no_value)
    holds = verdict.status == "proven"
    return replace(step, verdict="correct" if holds else "incorrect", code=verdict.code, true_by_itself=None, follows=holds,
                   suggestion=None, counterexample=verdict.counterexample, message=verdict.evidence)  # fmt: skip


def _without_value(step: LineVerdict, point: Mapping[str, str]) -> LineVerdict:
    """What is said to follow at a point where it says nothing: a derivative at a kink."""
    at = ", ".join(f"{name} = {value}" for name, value in point.items())
    said = f"at {at} the premise holds, and what is concluded has no value; wherever it has one it follows"
    return replace(
        step, verdict="undecided", code="kink", true_by_itself=None, counterexample=None, suggestion=None, message=said
    )


def concluded_whole(
    step: LineVerdict, premises: Sequence[Node], arrow: str, conclusion: Logical, scope: Scope, *, conditions: bool
) -> LineVerdict:
    """Alternatives, or several relations, that stand after an arrow: decided as a whole."""
    said = "statements joined by “and” and “or”: whether they follow is not known"
    verdict = _decided(premises, arrow, conclusion, scope)
    if verdict is None or verdict.status == "undecided" or (verdict.status == "refuted" and conditions):
        return replace(step, verdict="undecided", code="alternatives", message=said)
    if verdict.no_value is not None:
        return _without_value(step, verdict.no_value)
    holds = verdict.status == "proven"
    return replace(step, verdict="correct" if holds else "incorrect", code=verdict.code, follows=holds,
                   counterexample=verdict.counterexample, message=verdict.evidence)  # fmt: skip


def _decided(premises: Sequence[Node], arrow: str, conclusion: Node, scope: Scope) -> Verdict | None:
    """The first reading of the names in which the arrow holds; else the first that is open; else the first."""
    if not premises or scope.unknown(Implication((*premises, conclusion), ())):
        return None
    try:
        readings = scope.readings(*premises, conclusion)
        found = [with_choices(reading.trees, scope, partial(_arrow, arrow, scope.setting)) for reading in readings]
    except (NoRule, TooLarge):
        return None
    for status in ("proven", "undecided", "refuted"):
        for verdict in found:
            if verdict.status == status:
                return verdict
    return None


def _arrow(arrow: str, setting: Setting, trees: Sequence[Node]) -> Verdict:
    """⇒ takes everything said before as its premise, the other arrows the statement before alone."""
    before = trees[:-1] if arrow == r"\Rightarrow" else trees[-2:-1]
    premise = before[0] if len(before) == 1 else Logical("and", tuple(before))
    if arrow != r"\Leftrightarrow" and any(mentions_arrays(setting.named.expanded(tree)) for tree in trees):
        return decide_array_implication(Implication((premise, trees[-1]), (r"\Rightarrow",)), setting)
    verdict = decide_implication(Implication((premise, trees[-1]), (arrow,)), setting)
    kinks = any(isinstance(node, OffKinks) for node in walk(trees[-1]))
    return (
        verdict if kinks else replace(verdict, no_value=None)
    )  # who solves an equation divides, and means where one can
