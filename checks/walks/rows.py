"""A row of positions → its verdict, entry by entry, with the first entry that is wrong and what it should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from checks.walks.numbers import agreement, decimal
from checks.walks.tables import Entry, Row
from checks.walks.truth import Found
from checks.walks.values import in_double_precision, quantities
from derive.paths.model import Walk
from derive.paths.walk import Path

MAX_STEP = 300


@dataclass(frozen=True, slots=True)
class Wrong:
    """An entry that is not right to its digits, and what it should be."""

    entry: Entry
    step: int
    truth: str


def judged_row(row: Row, walk: Walk, height: Fraction | None) -> Found | None:
    """The verdict of the positions in a row; None where it holds nothing of this path."""
    if not row.entries or (height is not None and height <= 0):
        return None
    steps = _steps(row.entries, walk)
    path = walk.path(height, min(max(steps), MAX_STEP))
    if max(steps) > path.steps:
        return Found("undecided", "too-long", f"undecided: only {path.steps} steps are followed")
    wrong, unknown = _compared(row.entries, steps, walk, path)
    if unknown:
        return Found("undecided", "unknown-quantity", f"undecided: the rule has no {unknown}")
    if not wrong:
        what = f"steps {min(steps)} to {max(steps)}" if len(set(steps)) > 1 else f"step {steps[0]}"
        return Found("correct", "table", f"every entry is right to its digits, {what}")
    return _slip(row.entries, steps, wrong, walk, path, height)


def _steps(entries: Sequence[Entry], walk: Walk) -> list[int]:
    """The step of each entry; a list without steps starts with step 0 where it begins with the start."""
    first = 0 if entries[0].number.value == walk.start else 1
    return [entry.step if entry.step is not None else first + index for index, entry in enumerate(entries)]


def _compared(entries: Sequence[Entry], steps: list[int], walk: Walk, path: Path) -> tuple[list[Wrong], str]:
    wrong = []
    for entry, step in zip(entries, steps, strict=True):
        known = quantities(walk, path, step)
        if entry.quantity not in known:
            return [], entry.quantity
        truth = known[entry.quantity]
        if not agreement(entry.number, truth).right:
            wrong.append(Wrong(entry, step, decimal(truth, max(entry.number.places, 1))))
    return wrong, ""


def _slip(
    entries: Sequence[Entry], steps: list[int], wrong: list[Wrong], walk: Walk, path: Path, height: Fraction | None
) -> Found:
    first = wrong[0]
    name = f"{first.entry.quantity}_{first.step}"
    others = "" if len(wrong) == 1 else f", and {len(wrong) - 1} more after it" if len(wrong) > 1 else ""
    said = f"${name}$ is {first.truth}, not {first.entry.number.text}{others}"
    landed = _landed(path, first.step)
    if landed is not None:
        at, where = landed
        said += f": ${walk.position}_{at}$ lies exactly on {where}, where the gradient is {path.gradients[at]}"
        floats = in_double_precision(walk, height, max(steps))
        if len(floats) > max(steps) and all(
            e.quantity == walk.position and agreement(e.number, Fraction(floats[k])).right
            for e, k in zip(entries, steps, strict=True)
        ):
            said += f"; the row is what double precision makes of it, with ${walk.position}_{at}$ = {floats[at]!r}"
    right = {f"{w.entry.quantity}_{w.step}": w.truth for w in wrong[:8]}
    return Found(
        "incorrect", "table-entry", said, suggestion=", ".join(f"{key} = {value}" for key, value in right.items())
    )


def _landed(path: Path, before: int) -> tuple[int, str] | None:
    """The last step before this one at which the path stood on a breakpoint."""
    for t in range(before - 1, -1, -1):
        for index, at in enumerate(path.loss.breakpoints):
            if path.compared(t, at) == 0:
                peak = index == len(path.loss.breakpoints) - 1 and path.loss.is_bump
                return t, "the peak" if peak else "x" if index == len(
                    path.loss.breakpoints
                ) - 1 - path.loss.is_bump else "a breakpoint"
    return None
