"""Kinks: a derivative there is a convention; nothing is proven or refuted there, and what there is is said."""

from __future__ import annotations

import pytest

from checks import against_autograd, equal, holds
from checks.certify import certify
from checks.decide.kink_remarks import kinks_of_derivation
from derive import Problem, gradient, parse
from derive.kinks import kinks
from derive.write import latex

NAMES = {"x": "real", "y": "real", "n": "positive integer", r"\delta": "positive", "s": "function, ReLU"}
HUBER = (
    r"\begin{cases} \frac{1}{2}x^2 & |x| \le \delta \\ \delta(|x| - \frac{1}{2}\delta) & \text{otherwise} \end{cases}"
)
RELU = r"\frac{d}{dx}\operatorname{ReLU}(x)"


@pytest.mark.parametrize(
    ("claim", "left", "right", "torch"),
    [
        (r"\operatorname{ReLU}'(0) = 0", "0", "1", 0.0),
        (r"\operatorname{ReLU}'(0) = 1", "0", "1", 0.0),
        (r"\operatorname{ReLU}'(0) = \frac{1}{2}", "0", "1", 0.0),
        (r"\operatorname{ReLU}'(0) = 7", "0", "1", 0.0),
        (r"\operatorname{ReLU}'(0) \le 1", "0", "1", 0.0),
        (r"\operatorname{ReLU}'(0) \ne 0", "0", "1", 0.0),
        (r"2 \operatorname{ReLU}'(3 - 3) = 0", "0", "1", 0.0),
        ("s'(0) = 0", "0", "1", 0.0),
        (r"\operatorname{LeakyReLU}'(0) = 1", "0.01", "1", 0.01),
        (r"\operatorname{ELU}''(0) = 1", "1", "0", None),
        (r"\operatorname{sign}'(0) = 0", None, None, 0.0),
    ],
)
def test_a_claim_about_the_value_at_a_kink_is_undecided_and_names_both_sides_and_torch(claim, left, right, torch):
    verdict = holds(claim, NAMES)
    assert (verdict.status, verdict.code) == ("undecided", "kink")
    (kink,) = verdict.as_dict()["kinks"]
    assert (kink["left"], kink["right"]) == (left, right)
    assert torch is None or kink["torch"] == torch
    assert f"{left or 'none found'} from the left, {right or 'none found'} from the right (torch: " in verdict.evidence


@pytest.mark.parametrize(
    "claim",
    [
        RELU + r" = \begin{cases} 1 & x \ge 0 \\ 0 & x < 0 \end{cases}",
        RELU + r" = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}",
        RELU + r" = \mathbb{1}[x > 0]",
        RELU + r" = \frac{1 + \operatorname{sign}(x)}{2}",
        RELU + r" \le 1",
        r"\frac{d}{dx} |x| = \operatorname{sign}(x)",
        r"\frac{d}{dx} |x| = \begin{cases} 1 & x \ge 0 \\ -1 & x < 0 \end{cases}",
        r"\frac{\partial}{\partial x} \max(x, y) = \begin{cases} 1 & x \ge y \\ 0 & x < y \end{cases}",
        r"\frac{d}{dx} \lfloor x \rfloor = 0",
    ],
)
def test_what_is_right_off_the_kinks_holds_and_the_value_at_them_is_called_a_convention(claim):
    verdict = holds(claim, NAMES)
    assert verdict.status in {"proven", "verified"}
    assert "off the kinks, for there the value is a convention" in verdict.evidence
    assert "from the left" in verdict.evidence
    assert "(torch: " in verdict.evidence


@pytest.mark.parametrize(
    "claim",
    [
        RELU + " = 1",
        RELU + r" = \begin{cases} 1 & x \ge 0 \\ \frac{1}{100} & x < 0 \end{cases}",
        RELU + " < 1",
        r"\frac{d}{dx} |x| = |x|",
        r"\frac{d}{dx} |x - 1| = \operatorname{sign}(x)",
        r"\frac{\partial}{\partial x} \max(x, y) = \mathbb{1}[y > x]",
        r"\frac{d}{dx} (x \lfloor x \rfloor) = 0",
        "s'(-2) = 1",
    ],
)
def test_what_is_wrong_off_the_kinks_is_refuted(claim):
    assert holds(claim, NAMES).status == "refuted"


def test_a_kink_that_is_none_has_a_derivative_and_another_value_there_is_refuted():
    """x|x| has the derivative 0 at 0, the Huber loss has one everywhere."""
    assert holds(r"\frac{d}{dx}(x|x|) = 2|x|", NAMES).status == "proven"
    wrong = holds(r"\frac{d}{dx}(x|x|) = \begin{cases} 2|x| & x \ne 0 \\ 5 & x = 0 \end{cases}", NAMES)
    assert wrong.status == "refuted"
    assert wrong.counterexample == {"x": "0"}
    huber = holds(rf"\frac{{\partial}}{{\partial x}} {HUBER} = \max(-\delta, \min(x, \delta))", NAMES)
    assert huber.status in {"proven", "verified"}
    assert "convention" not in huber.evidence
    assert holds(rf"\frac{{\partial}}{{\partial x}} {HUBER} = \max(-1, \min(x, 1))", NAMES).status == "refuted"


def test_values_of_functions_with_kinks_are_decided_at_them():
    assert holds(r"\operatorname{sign}(0) = 0", NAMES).status == "proven"
    assert holds(r"\operatorname{ReLU}(0) = 1", NAMES).status == "refuted"
    assert holds(r"\operatorname{ELU}'(0) = 1", NAMES).status == "proven"


def test_equal_says_it_of_a_derivation():
    verdict = equal(gradient("|x|", "x", NAMES), r"\operatorname{sign}(x)", NAMES)
    assert verdict.status == "proven"
    assert verdict.kinks == ({"at": {"x": "0"}, "left": "-1", "right": "1", "torch": 0.0},)


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("|x - 1| + x", ["x - 1"]),
        (r"\max(x, y)", ["x - y"]),
        (r"\begin{cases} x & x > y \\ 0 & \text{otherwise} \end{cases}", ["x - y"]),
        (r"\sum_{k=1}^{n} |x - k|", [r"\prod_{k=1}^{n} (x - k)"]),
        (r"\int_0^1 |x - t| dt", []),
        (r"\int_0^x |1 - t| dt", ["1 - x"]),
        (r"\operatorname{ELU}(x)", []),
        ("x^2", []),
    ],
)
def test_kinks_are_formulas_that_vanish_there(formula, found):
    assert [latex(u) for u in kinks(parse(formula, NAMES).tree)] == found


def test_a_kink_in_a_definition_is_met_through_it():
    where = {"z": "3 x - 1", "L": r"\operatorname{ReLU}(z)"}
    (kink,) = kinks_of_derivation(gradient("L", "x", NAMES, where=where))
    assert kink.as_dict()["at"] == {"x": "1/3"}
    assert (kink.report.left, kink.report.right, kink.report.torch) == ("0", "3", 0.0)


# --- where else it is said -------------------------------------------------------------------------------------------


def test_autograd_agrees_off_the_kink_and_the_kink_is_named():
    verdict = against_autograd(r"\mathbb{1}[x \ge 0]", r"\operatorname{ReLU}(x)", "x", NAMES, examples=40)
    assert verdict.status == "verified"
    assert "at x = 0 the derivative is 0 from the left, 1 from the right (torch: 0)" in verdict.evidence
    assert verdict.kinks


def test_autograd_refutes_a_wrong_slope_beside_the_kink():
    wrong = against_autograd(r"\mathbb{1}[x \ge 0] + \frac{1}{10}", r"\operatorname{ReLU}(x)", "x", NAMES, examples=40)
    assert wrong.status == "refuted"


def test_torch_evaluates_each_branch_only_where_it_applies():
    """√x has no gradient at negative x: it must not spoil the other branch's."""
    f = r"\begin{cases} \sqrt{x} & x > 0 \\ x^2 & \text{otherwise} \end{cases}"
    right = r"\begin{cases} \frac{1}{2 \sqrt{x}} & x > 0 \\ 2 x & \text{otherwise} \end{cases}"
    verdict = against_autograd(right, f, "x", NAMES, examples=40)
    assert verdict.status == "verified"
    assert "without a finite value" not in verdict.evidence
    assert against_autograd(right.replace("2 x", "x"), f, "x", NAMES, examples=40).status == "refuted"


@pytest.mark.parametrize(
    ("f", "wrong"),
    [
        (HUBER, "x"),
        (r"\sum_{k=1}^{3} x^k", "1 + 2x"),
        (r"\prod_{k=1}^{3} (x + k)", "1"),
        (r"x^2 \mathbb{1}[x > y]", "2x"),
    ],
)
def test_constructs_are_compared_with_autograd(f, wrong):
    derivation = gradient(f, "x", NAMES)
    assert against_autograd(derivation, derivation, "x", examples=40).status == "verified"
    assert against_autograd(wrong, f, "x", NAMES, examples=40).status == "refuted"


def test_a_certificate_names_the_kinks_of_what_is_asked():
    entry = {
        "id": "unit",
        "symbols": {"x": "real", "w": "real"},
        "part": [{"name": "one", "given": ["z = w x", r"y = \operatorname{ReLU}(z)"]}],
        "question": [{"id": "q", "ask": r"\frac{\partial y}{\partial w}", "accepts": [r"x \mathbb{1}[w x \ge 0]"],
                      "rejects": [{"latex": r"w \mathbb{1}[w x > 0]", "code": "not-equal"}]}],
    }  # fmt: skip
    found = certify(Problem.from_dict(entry), examples=30)
    assert found.holds, found.failures
    assert any("from the left" in sentence for sentence in found.as_dict()["kinks"])
