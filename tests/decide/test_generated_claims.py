"""Claims whose truth is known without the project: `benchmarks/identities.py` on ten thousand, here on a few of them."""

from __future__ import annotations

from collections import Counter

import pytest
from identities import claims, outcome

from checks.verdict import Verdict


@pytest.mark.parametrize("seed", range(6))
def test_no_verdict_on_a_generated_claim_is_wrong_and_nearly_all_are_decided(seed: int) -> None:
    found: Counter[str] = Counter()
    wrong = []
    for _, claim in claims(50, seed + 1000):
        what, evidence = outcome(claim)
        found[what] += 1
        if what == "wrong":
            wrong.append((claim.sides, dict(claim.specs), claim.true, evidence))
    assert not wrong
    assert found["undecided"] <= 3
    assert found["proven"] > found["verified"]
    assert found["refuted"] > 5


def test_the_generator_tells_a_decider_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    for status in ("proven", "refuted"):
        monkeypatch.setattr("identities.checks.equal", lambda *_, s=status, **__: Verdict(s, "", ""))
        found = Counter(outcome(claim)[0] for _, claim in claims(20, 0))
        assert found["wrong"] > 3
        assert found[status] > 3
