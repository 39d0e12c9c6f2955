"""Recurrences run step by step in float64: what a closed form, and an optimiser of torch, are compared with.

Nothing is unrolled or simplified: each term is a column of numbers, worked out from the columns before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from checks.witness.torch_backend import Evaluator
from derive.program import Program
from derive.recurrence.terms import at, name_of, named, terms
from derive.tree import Name, Node

Columns = dict[str, "np.ndarray[Any, np.dtype[np.float64]]"]


def run(program: Program, columns: Mapping[str, Any], last: int) -> Columns:
    """The columns with the terms of every recurrence up to a number; inputs and the terms of inputs are given."""
    known: Columns = dict(columns)
    for recurrence in program.recurrences.values():
        for place, value in recurrence.starts.items():
            if place <= last:
                known[name_of(recurrence.sequence, place)] = evaluated(value, known)
    for recurrence in program.recurrences.values():  # those that run with t alone may be asked for beyond the last
        if not recurrence.order and not any(True for _ in terms(recurrence.step)):
            for place in range(1, last + 2):
                known[name_of(recurrence.sequence, place)] = evaluated(
                    recurrence.step, known, {recurrence.index: place}
                )
    for place in range(last + 1):
        for recurrence in program.recurrences.values():
            name = name_of(recurrence.sequence, place)
            if name not in known and place >= recurrence.first:
                known[name] = evaluated(recurrence.step, known, {recurrence.index: place})
    return known


def evaluated(tree: Node, columns: Columns, values: Mapping[str, int] | None = None) -> Any:
    """A formula at numbers for its indices, as a column."""
    flat, _ = named(at(tree, values or {}))
    if isinstance(flat, Name) and flat.key in columns:
        return columns[flat.key]
    return Evaluator(columns, Program(), {})(flat).detach().numpy()
