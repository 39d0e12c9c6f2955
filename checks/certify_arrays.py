"""Certificates of questions about vectors and matrices: the same checks as of scalars, by the deciders and witnesses of arrays.

closed form      agrees with torch autograd, at sizes that are pairwise different where they are letters
steps            each line of the backward pass is what the derivative on its left is
mutants          each slip (checks/decide/arrays/slips.py) of the closed form: of another shape, or different by float64
                 values of torch, it has to be refuted
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch

from checks.certify import CheckedQuestion
from checks.decide.arrays.draws import ArrayClaim, Draw
from checks.decide.arrays.findings import find
from checks.decide.arrays.slips import FROM_TRUTH, slips
from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from checks.mutants import Mutant
from checks.verdict import Verdict
from checks.witness.arrays import columns_of, witnessed_arrays
from checks.witness.torch_arrays import Arrays
from derive.errors import NoRule, Unreadable
from derive.kinks import differentiated
from derive.matrix.nodes import ArrayName
from derive.matrix.shapes import shape_of
from derive.rules import with_named_functions
from derive.steps import Derivation
from derive.tree import Chain, Derivative, Indicator, Name, Node, walk
from derive.write import latex

ROWS = 24  # of a batch, for each assignment of sizes
MAX_MUTANTS = 160  # of one question, taken evenly from all kinds
DIFFERENT = 1e-7  # relative to the largest entry, at one draw at least


@dataclass
class CheckedArrays(CheckedQuestion):
    """One question about vectors or matrices being checked."""

    def kinks(self, derivation: Derivation) -> tuple[str, ...]:
        """Left out: no draw is at a kink."""
        return ()

    def against_autograd(self, derivation: Derivation, examples: int) -> tuple[int, int]:
        """The closed form beside what torch differentiates."""
        if len(derivation.wrt) != 1:
            return 0, 0  # a formula of derivatives, each of which is a question of its own
        outcome = witnessed_arrays(
            derivation.closed, derivation.f, derivation.wrt[0], derivation.layout, derivation.symbols,
            self.problem.program.definitions, examples,
        )  # fmt: skip
        if outcome.verdict.status != "verified":
            self.fail(
                f"the closed form {latex(derivation.closed)} is not what autograd finds: {outcome.verdict.evidence}"
            )
        return outcome.hypothesis, outcome.seeded

    def equal(self, form: Node, derivation: Derivation) -> Verdict:
        """A form beside the closed form."""
        return decide_equal(Claim(derivation.closed, form, self.setting))

    def check_steps(self, derivation: Derivation) -> None:
        """Lines about other derivatives are compared with those; what is read off with the closed form."""
        for step in derivation.steps:
            if step.differential:
                continue
            line = differentiated(step.expression.tree, self.problem.program, self.problem.keyed)
            truth = derivation.closed
            if step.about is not None:
                truth = differentiated(step.about, self.problem.program, self.problem.keyed)
            verdict = decide_equal(Claim(truth, line, self.setting))
            if verdict.status != "proven":
                self.fail(f"the step {step.latex} ({step.law}) is not proven: {verdict.evidence}")

    def mistake(self, truth: Node, wrong: Node, verdict: Verdict) -> str:
        """The code of what is wrong with a refuted form."""
        wrong = differentiated(wrong, self.problem.program, self.problem.keyed)
        code = find(truth, wrong, self.setting)[0]
        return verdict.code if code == "not-equal" and verdict.code == "shape" else code

    def mutants(self, derivation: Derivation) -> Iterator[Mutant]:
        """The slips of the closed form, each once, as many of every kind as there is room for."""
        by_kind: dict[str, dict[Node, None]] = {}
        seen = {derivation.closed}
        for slip, tree in slips(derivation.closed, self.names(derivation), FROM_TRUTH):
            if tree not in seen and _readable(tree):
                seen.add(tree)
                by_kind.setdefault(slip.kind, {}).setdefault(tree)
        room = max(MAX_MUTANTS // max(len(by_kind), 1), 1)
        for kind, trees in by_kind.items():
            every = max(len(trees) // room, 1)
            yield from (Mutant(kind, tree) for tree in list(trees)[::every][:room])

    def names(self, derivation: Derivation) -> tuple[Node, ...]:
        """What may be put for another name: all that the closed form and the definitions mention."""
        trees = (derivation.closed, *self.problem.program.needed(derivation.f).values())
        return tuple(dict.fromkeys(n for tree in trees for n in walk(tree) if isinstance(n, ArrayName | Name)))

    def differs(self, tree: Node, derivation: Derivation) -> bool:
        """Whether shapes, or torch's float64 values, tell two formulas apart."""
        closed = derivation.closed
        if shape_of(tree) != shape_of(closed):
            return True
        resolved = [with_named_functions(side, self.problem.keyed) for side in (closed, tree)]
        return any(apart(at, *resolved) for at in self.batches)

    @cached_property
    def batches(self) -> list[Arrays]:
        """Those of the closed form and of what it is the derivative of."""
        derivation = self.problem.derivation(self.question)
        return batches(ArrayClaim(derivation.closed, derivation.f, self.setting, self.names(derivation)), self.setting)


def batches(claim: ArrayClaim, setting: Setting) -> list[Arrays]:
    """Values of torch at a batch of draws, for every assignment of sizes and some functions standing for σ."""
    worlds = claim.worlds()
    found = []
    for turn, sizes in enumerate(list(claim.sizes(2)) or [{}]):
        world = worlds[turn % len(worlds)]
        draws: list[Draw] = [
            claim.draw(sizes, ("generic", "small", "positive")[k % 3], 7000 + k, world) for k in range(ROWS)
        ]
        choice = draws[0].choices[-1] if draws[0].choices else {}
        found.append(Arrays(columns_of(draws), sizes, setting.named, world, choice))
    return found


def _readable(tree: Node) -> bool:
    """Whether a mutant has a shape at all: nobody could write down, and have read, what has none."""
    try:
        shape_of(tree)
    except Unreadable:
        return False
    return not any(isinstance(node, Derivative) for node in walk(tree))


def apart(at: Arrays, left: Node, right: Node) -> bool:
    """Whether torch's values of two formulas of one shape differ at some draw."""
    try:
        a, b = at.value(left), at.value(right)
    except NoRule:
        return False
    finite = (torch.isfinite(a) & torch.isfinite(b)).all(dim=(1, 2)) & ~_at_kink(at, left) & ~_at_kink(at, right)
    scale = torch.maximum(abs(a), abs(b)).amax((1, 2))
    error = abs(a - b).amax((1, 2))
    return bool((finite & (error > DIFFERENT * scale)).any())


def _at_kink(at: Arrays, tree: Node) -> Any:
    """The draws at which a condition begins to hold: there a formula has no value to compare."""
    found = torch.zeros(at.batch, dtype=torch.bool)
    for node in walk(tree):
        if isinstance(node, Indicator) and isinstance(node.condition, Chain):
            first, second = (at.value(side) for side in node.condition.sides[:2])
            near = abs(first - second) <= DIFFERENT * (abs(first) + abs(second))
            found = found | near.any(dim=2).any(dim=1)
    return found
