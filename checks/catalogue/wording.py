"""The certificate of a question → how it was certified, in a few words for a table and in a sentence for a page."""

from __future__ import annotations

from checks.certify import Certificate
from checks.report.wording import count


def in_brief(certificate: Certificate) -> str:
    """How a claim was decided, and counts: 200 + 19,131 inputs, 3 steps proven, 36 of 36 mutants refuted."""
    how = [certificate.code] if certificate.code else []
    return ", ".join([*how, *_inputs(certificate, "{:,} + {:,} inputs"), *_rest(certificate)])


def in_words(certificate: Certificate) -> str:
    """A sentence: what the status rests on, then the counts."""
    inputs = _inputs(certificate, "{:,} inputs of hypothesis and {:,} seeded ones")
    evidence = [certificate.evidence] if certificate.evidence else []
    said = "; ".join([*evidence, *inputs, *_rest(certificate), *certificate.failures])
    return f"**{certificate.status}**" + (f": {said}" if said else "")


def _inputs(certificate: Certificate, both: str) -> list[str]:
    hypothesis, seeded = certificate.hypothesis_inputs, certificate.seeded_inputs
    if hypothesis:
        return [both.format(hypothesis, seeded)]
    return [f"the recurrence run at {seeded:,} inputs"] if seeded else []


def _rest(certificate: Certificate) -> list[str]:
    found = []
    if certificate.steps:
        found.append(f"{count(certificate.steps, 'step')} proven")
    if certificate.positions:
        found.append(f"{certificate.positions:,} positions beside two simulations")
    if certificate.mutants_differing:
        found.append(f"{certificate.mutants_refuted} of {count(certificate.mutants_differing, 'mutant')} refuted")
    return found
