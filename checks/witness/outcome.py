"""What a comparison with autograd came to."""

from __future__ import annotations

from dataclasses import dataclass

from checks.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict with the two counts of inputs it rests on."""

    verdict: Verdict
    hypothesis: int = 0
    seeded: int = 0
