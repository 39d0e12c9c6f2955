r"""What is said of a shape at the end of a step, `… = \delta \in \mathbb{R}^3`: a remark of that step where it is right.

Only what is wrong about a shape, or open, is a step of its own: one right step more would speak for a formula that is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checks.decide.spaces import CODE
from checks.report.model import LineVerdict


def shapes_as_remarks(steps: Sequence[LineVerdict]) -> list[LineVerdict]:
    """The steps of one formula, a right claim of a shape put to the step it stands behind; alone it stays a step."""
    kept: list[LineVerdict] = []
    for step in steps:
        if kept and _says_a_shape(step):
            kept[-1] = remarked(kept[-1], step.message, f" {step.raw}", f" {step.understood}")
        else:
            kept.append(step)
    return kept


def _says_a_shape(step: LineVerdict) -> bool:
    return step.verdict == "correct" and step.code == CODE and (step.understood or "").startswith(r"\in ")


def remarked(step: LineVerdict, remark: str, raw: str = "", understood: str = "") -> LineVerdict:
    """A step with one thing more to say; `raw` and `understood` are written after its own."""
    shown = None if step.understood is None else step.understood + understood
    message = "; ".join(filter(None, (step.message, remark)))
    return replace(step, raw=step.raw + raw, understood=shown, message=message)
