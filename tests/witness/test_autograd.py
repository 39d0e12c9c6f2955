"""`against_autograd`: right gradients are verified, wrong ones refuted with a small counterexample."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import derive
from checks import against_autograd

REALS = {"x": "real", "w": "real", "b": "real"}
SIGMA = {**REALS, r"\sigma": "function, increasing"}
NAMED = {"x": "real", "s": "function, logistic sigmoid"}
LOGISTIC = {"p": r"\operatorname{sigmoid}(x)"}
LAYER = {"z": "w x + b", "y": r"\sigma(z)"}

RIGHT = [
    # gradient,                                   f,                              wrt,        symbols,                  further
    (r"2x",                                       r"x^2",                         "x",        REALS,                    {}),
    (r"\frac{1}{x}",                              r"\ln x",                       "x",        {"x": "positive"},        {}),
    (r"\frac{1}{x}",                              r"\ln(-x)",                     "x",        {"x": "negative"},        {}),
    (r"\frac{1}{2\sqrt{x}}",                      r"\sqrt{x}",                    "x",        {"x": "between 0 and 1"}, {}),
    (r"\frac{1}{3} x^{-2/3}",                     r"x^{1/3}",                     "x",        REALS,                    {}),
    (r"\frac{x}{|x|}",                            r"|x|",                         "x",        REALS,                    {}),
    (r"p(1-p)",                                   r"p",                           "x",        REALS,                    {"where": LOGISTIC}),
    (r"w\sigma'(w x)",                            r"\sigma(w x)",                 "x",        SIGMA,                    {}),
    (r"\sigma'(z) x",                             r"y",                           "w",        SIGMA,                    {"where": LAYER}),
    (r"\sigma'(z)",                               r"y",                           "z",        SIGMA,                    {"where": LAYER}),
    (r"w^2\sigma''(w x)",                         r"\sigma(w x)",                 "x",        SIGMA,                    {"layout": "hessian"}),
    (r"\sigma''(z) x w + \sigma'(z)",             r"y",                           ["w", "x"], SIGMA,                    {"where": LAYER}),
    (r"6x",                                       r"x^3",                         "x",        REALS, {"layout": "second-derivative"}),
    (r"s'(x)",                                    r"s(x)",                        "x",        NAMED,                    {}),
    (r"0",                                        r"w^2",                         "x",        REALS,                    {}),
]  # fmt: skip

WRONG = [
    # what is wrong,                    gradient,                                  f,               symbols
    ("sign",                            r"-2x",                                    r"x^2",          REALS),
    ("factor 1.0001",                   r"2.0002 x",                               r"x^2",          REALS),
    ("factor 1.00001",                  r"1.00001 \cos(x)",                        r"\sin(x)",      REALS),
    ("a term is missing",               r"2x",                                     r"x^2 + w x",    REALS),
    ("orthogonal to (1, 1)",            r"w + \frac{1}{100}(x - w)",               r"x w",          REALS),
    ("vanishes on every small integer", r"1 + x(x^2-1)(x^2-4)(x^2-9)10^{-6}",      r"x",            REALS),
    ("only negative inputs",            r"2|x|",                                   r"x^2",          REALS),
    ("only negative inputs, a root",    r"\frac{1}{3}\frac{|x|}{x} x^{-2/3}",      r"x^{1/3}",      REALS),
    ("only large inputs",               r"2x + 10^{-6}(|x-30|+x-30)",              r"x^2",          REALS),
    ("behind cancellation",             r"2.1x + 10^{20} - 10^{20}",               r"x^2",          REALS),
    ("a prime",                         r"w\sigma(w x)",                           r"\sigma(w x)",  SIGMA),
    ("a factor",                        r"\sigma'(w x)",                           r"\sigma(w x)",  SIGMA),
    ("one activation's own derivative", r"w\sigma(w x)(1-\sigma(w x))",            r"\sigma(w x)",  SIGMA),
]  # fmt: skip


@pytest.mark.parametrize(("gradient", "f", "wrt", "symbols", "further"), RIGHT, ids=[row[0] for row in RIGHT])
def test_right_gradients_are_verified(gradient, f, wrt, symbols, further):
    verdict = against_autograd(gradient, f, wrt, symbols, examples=60, **further)
    assert (verdict.status, verdict.code) == ("verified", "autograd"), verdict.evidence


@pytest.mark.parametrize(("gradient", "f", "symbols"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_wrong_gradients_are_refuted(gradient, f, symbols):
    verdict = against_autograd(gradient, f, "x", symbols, examples=60)
    assert (verdict.status, verdict.code) == ("refuted", "autograd"), verdict.evidence
    assert verdict.counterexample
    assert "x" in verdict.counterexample


def test_both_counts_and_the_activations_are_reported():
    verdict = against_autograd(r"\sigma'(x)", r"\sigma(x)", "x", SIGMA, examples=120)
    counts = re.search(
        r"at (\d+) inputs generated by hypothesis and (\d+) seeded ones \(5 activations standing for \\sigma\)",
        verdict.evidence,
    )
    assert counts
    assert int(counts[1]) == 120
    assert 19_000 < int(counts[2]) <= 5 * 4096


def test_counterexample_is_shrunk_and_names_the_activation():
    verdict = against_autograd(r"w\sigma'(w x) + b - b^2", r"\sigma(w x) + b x", "x", SIGMA)
    assert verdict.counterexample == {"w": "0", "x": "0", "b": "1", r"\sigma(z)": "z + z^3"} or (
        verdict.counterexample and verdict.counterexample["b"] in {"1", "-1", "2"}
    )
    assert "torch autograd" in verdict.evidence
    assert "differences at 40 digits" in verdict.evidence


def test_same_arguments_same_verdict_and_another_seed_other_inputs():
    def run(seed=None):
        verdict = against_autograd(r"\sigma'(z) x", "y", "w", SIGMA, where=LAYER, examples=40, seed=seed)
        return verdict.status, verdict.code, verdict.evidence, verdict.counterexample

    assert run() == run()
    assert run(7) == run(7)
    assert run(7)[0] == "verified"


def test_kinks_and_points_without_a_value_are_counted():
    kinks = against_autograd(r"\frac{x}{|x|}", r"|x|", "x", REALS, examples=40).evidence
    assert "at a kink left out" in kinks
    undefined = against_autograd(r"2\sqrt{x}^2", r"x^2", "x", REALS, examples=40).evidence
    assert "where autograd has a value and the gradient has none" in undefined


def test_nothing_left_to_compare_is_undecided():
    verdict = against_autograd(r"\frac{1}{x}", r"\ln x", "x", {"x": "negative"}, examples=20)
    assert (verdict.status, verdict.code) == ("undecided", "no-point")


def test_rounding_of_autograd_is_settled_by_differences():
    """σ'' of the softplus that stands for σ cancels far out: autograd is wrong there, the closed form is not."""
    symbols = {"x": "real", r"\sigma": "function"}
    verdict = against_autograd(r"\frac{\exp(-x)}{(1+\exp(-x))^2}", r"\ln(1+\exp(x))", "x", symbols, layout="hessian")
    assert verdict.status == "verified"
    assert "settled by differences at 40 digits" in verdict.evidence


def test_derivations_and_expressions_on_either_side():
    found = derive.gradient(r"\sigma(w x)", "x", SIGMA)
    assert against_autograd(found, found, "x", examples=20).status == "verified"
    assert against_autograd(found.closed_form, r"\sigma(w x)", "x", SIGMA, examples=20).status == "verified"
    assert against_autograd(found, r"\sigma(w x) x", "x", SIGMA, examples=20).status == "refuted"


@pytest.mark.parametrize("layout", ["jacobian-transposed", "jacobian", "derivative"])
def test_scalar_layouts(layout):
    assert against_autograd("2x", "x^2", "x", REALS, layout=layout, examples=10).status == "verified"


@pytest.mark.parametrize(("arguments", "options", "words"), [
    (("2x", "x^2", "x", REALS), {"layout": "vjp"}, "layout 'vjp' is not known for scalars"),
    (("2x", "x^2", "q", REALS), {}, "q is no declared variable"),
    (("2x", "x^2", [], REALS), {}, "wrt names no variable"),
    ((r"\sigma'(x)", lambda x: x, "x", SIGMA), {}, r"a torch callable cannot know \sigma"),
    (("2x", lambda u, v: u * v, "x", {"x": "real"}), {}, r"a callable of (u, v) does not fit the declared names (x)"),
    (("2x", lambda x: x**2 if x > 0 else -x, "x"), {}, "write torch.where instead of if"),
    (("2x", lambda x: torch.stack([x, x]), "x"), {}, "it must answer with shape (N,)"),
    (("2x", lambda x: f"{x}", "x"), {}, "answered with str"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(arguments, options, words):
    with pytest.raises(derive.BadSpec, match=re.escape(words)):
        against_autograd(*arguments, examples=5, **options)


def test_inside_a_test_of_hypothesis_and_without_grad():
    @settings(max_examples=3, database=None, deadline=None)
    @given(st.integers(1, 5))
    def nested(n):
        with torch.no_grad():
            assert against_autograd(rf"{n} x^{{{n - 1}}}", f"x^{n}", "x", REALS, examples=20).status == "verified"
        with torch.inference_mode():
            assert (
                against_autograd(rf"{n + 1} x", rf"{n}\frac{{x^2}}{{2}}", "x", REALS, examples=20).status == "refuted"
            )

    nested()


@settings(max_examples=4, database=None, deadline=None)
@given(st.lists(st.tuples(st.integers(-4, 4), st.integers(1, 4)), min_size=1, max_size=4), st.integers(1, 9))
def test_polynomials_and_their_derivatives_moved(terms, offset):
    f = " + ".join(f"({c}) x^{{{n}}}" for c, n in terms)
    gradient = " + ".join(f"({c * n}) x^{{{n - 1}}}" for c, n in terms)
    assert against_autograd(gradient, f, "x", REALS, examples=10).status == "verified"
    assert against_autograd(f"{gradient} + {offset}", f, "x", REALS, examples=10).status == "refuted"


def test_importing_checks_loads_no_torch():
    code = "import checks, sys; assert 'against_autograd' in checks.__all__; print('torch' in sys.modules, 'hypothesis' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
