"""A verdict: what was decided about a claim, and the evidence it rests on.

Code `kink`: the claim is about a derivative where there is none (ReLU at 0); what stands there is a convention, so it is
undecided, and `kinks` holds both one-sided derivatives and what torch takes. A claim that holds off the kinks is proven or
verified, with the same field.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

Status = Literal["proven", "verified", "refuted", "undecided"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`code` is stable and kebab-case; `evidence` a sentence a person can check; `counterexample` gives exact values."""

    status: Status
    code: str
    evidence: str
    counterexample: dict[str, str] | None = None
    seconds: float = 0.0
    values: tuple[str, str] | None = None  # of the two sides at the counterexample
    kinks: tuple[dict[str, Any], ...] = ()  # of what was differentiated: at, left, right, torch
    no_value: dict[str, str] | None = (
        None  # of an implication: a point at which its premise holds and its conclusion has no value
    )

    def as_dict(self) -> dict[str, Any]:
        """The JSON of `equal`, `holds` and `check`, schema 1."""
        return {
            "schema": 1,
            "status": self.status,
            "code": self.code,
            "evidence": self.evidence,
            "counterexample": self.counterexample,
            "seconds": round(self.seconds, 6),
            **({"kinks": list(self.kinks)} if self.kinks else {}),
        }

    def timed(self, seconds: float) -> Verdict:
        """The same verdict with the time it took."""
        return replace(self, seconds=seconds)
