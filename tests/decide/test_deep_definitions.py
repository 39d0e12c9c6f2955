"""Definitions that nest deeper than a formula may: proven, refuted, and said what they divide by."""

import pytest

from checks import equal


def adam(steps: int, decay: str) -> tuple[dict[str, str], dict[str, str], str]:
    """Symbols, the recurrence m_k = β m_{k−1} + (1−β) g_k written out, and its closed form with a decay of its own."""
    symbols = {r"\beta": "between 0 and 1"} | {f"g_{{{k}}}": "real" for k in range(1, steps + 1)}
    where = {"m_{1}": r"(1-\beta)g_{1}"}
    for k in range(2, steps + 1):
        where[f"m_{{{k}}}"] = rf"\beta m_{{{k - 1}}}+(1-\beta)g_{{{k}}}"
    terms = "+".join(rf"{decay}^{{{steps - k}}}g_{{{k}}}" for k in range(1, steps + 1))
    return symbols, where, rf"(1-\beta)({terms})"


@pytest.mark.parametrize("steps", [2, 12, 25, 48])
def test_a_recurrence_nested_deeper_than_any_formula_is_proven_equal_to_its_closed_form(steps: int) -> None:
    symbols, where, closed = adam(steps, r"\beta")
    verdict = equal(f"m_{{{steps}}}", closed, symbols, where=where)
    assert (verdict.status, verdict.code) == ("proven", "normal-form")


@pytest.mark.parametrize("steps", [2, 25, 48])
def test_a_wrong_closed_form_of_a_deep_recurrence_is_refuted(steps: int) -> None:
    symbols, where, closed = adam(steps, r"(1-\beta)")
    assert equal(f"m_{{{steps}}}", closed, symbols, where=where).status == "refuted"


def test_a_proof_through_collapsed_definitions_lists_what_they_divide_by() -> None:
    where = {"y_{1}": r"\frac{x}{c}"} | {f"y_{{{k}}}": rf"\frac{{y_{{{k - 1}}}+x}}{{c}}" for k in range(2, 41)}
    closed = "x(" + "+".join(rf"\frac{{1}}{{c^{{{k}}}}}" for k in range(1, 41)) + ")"
    verdict = equal("y_{40}", closed, {"x": "real", "c": "real"}, where=where)
    assert verdict.status == "proven"
    assert r"c ≠ 0" in verdict.evidence
