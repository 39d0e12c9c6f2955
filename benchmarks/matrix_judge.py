"""What torch finds for a case at one draw, and how another program's numbers compare with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from checks.decide.arrays.draws import ArrayClaim, Draw
from checks.decide.claim import Setting
from checks.witness.arrays import columns_of
from checks.witness.layouts import Target, by_autograd
from derive.matrix.shapes import shape_of
from derive.program import Program
from derive.read import read
from derive.symbols import SymbolTable
from derive.tree import Node

TOLERANCE = 1e-6
FUNCTIONS = ("function", "elementwise function")


@dataclass(frozen=True)
class Question:
    """A case, read: its tree, its table, and the values of the derivative at some draws of different sizes."""

    f: Node
    table: SymbolTable
    wrt: str
    layout: str
    draws: tuple[tuple[Draw, Any], ...]

    def said(self, values: list[Any]) -> str:
        """`right`, `other layout` or `wrong` of values at the draws, each an array of any shape that fits."""
        for kind, turn in (("right", False), ("other layout", True)):
            if all(
                _near(value, wanted.T if turn else wanted)
                for value, (_, wanted) in zip(values, self.draws, strict=True)
            ):
                return kind
        return "wrong"


def question_of(case: dict[str, Any], count: int = 2) -> Question:
    """A case as it is asked of another program; a function of which nothing is said is tanh for all of them."""
    symbols = {
        key: "function, tanh" if spec.split(",")[0] in FUNCTIONS and "," not in spec else spec
        for key, spec in case["symbols"].items()
    }
    table = SymbolTable.from_specs(symbols)
    tree = read(case["f"], table).tree
    table = table.with_upstream(shape_of(tree))
    target = Target.of(case["wrt"], case["layout"], table)
    claim = ArrayClaim(tree, tree, Setting(table, Program()), target.names)
    draws = []
    for turn, sizes in enumerate(claim.sizes(count) if claim.dimensions else [{}]):
        draw = claim.draw(sizes, "positive", turn, {})
        wanted = by_autograd(target, claim.sides[1], columns_of([draw]), draw, Program(), draw.choices[-1])[0]
        draws.append((draw, wanted.numpy()))
    return Question(claim.sides[1], table, case["wrt"], case["layout"], tuple(draws))


def _near(value: Any, wanted: Any) -> bool:
    value = np.asarray(value, dtype=float)
    if value.size != wanted.size:
        return False
    if np.squeeze(value).shape != np.squeeze(wanted).shape:
        return False
    difference = np.abs(value.reshape(wanted.shape) - wanted)
    return bool((difference <= TOLERANCE * (1 + np.abs(wanted))).all())
