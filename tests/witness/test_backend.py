"""The torch backend, the referee and the inputs, each beside an independent evaluation."""

from __future__ import annotations

from fractions import Fraction
from math import isclose

import numpy as np
import pytest
from hypothesis import given, settings

import derive
from checks.decide.activations import standing_for
from checks.decide.replay import replay
from checks.witness.differences import converged, ladder, settle
from checks.witness.inputs import into_domain, seeded_batch, strategy
from checks.witness.torch_backend import Evaluator
from derive.errors import NoRule
from derive.program import Program
from derive.symbols import Symbol, SymbolTable
from derive.tree import Derivative, FunctionName, Name

TABLE = {"x": "real", "w": "real", r"\sigma": "function"}
POINT = {"x": Fraction(3, 4), "w": Fraction(-5, 2)}
COLUMNS = {key: np.array([float(value)] * 3) for key, value in POINT.items()}
NOTHING = Program()

FORMULAS = [
    "3", r"\pi - e", "x - w", "-x w", r"\frac{x}{w}", "w^3", "w^{-2}", "x^{1/2}", "w^{1/1}", r"\sqrt{x}", "|w|", "x^x",
    r"e^{x w}", r"\tan(x) + \arcsin(x)", r"\operatorname{softplus}(w)", r"\sigma(x w)", r"\sigma'(x) \sigma''(w)", r"\tanh'(x)",
]  # fmt: skip


@pytest.mark.parametrize("latex", FORMULAS)
@pytest.mark.parametrize("activation", standing_for(Symbol("f", "function")), ids=lambda a: a.latex)
def test_values_are_those_of_mpmath(latex, activation):
    tree, world = derive.parse(latex, TABLE).tree, {r"\sigma": activation}
    values = Evaluator(COLUMNS, NOTHING, world)(tree)
    assert values.shape == (3,)
    assert isclose(float(values[0].detach()), float(replay(tree, POINT, NOTHING, world)), rel_tol=1e-12)


@pytest.mark.parametrize(
    ("latex", "value"),
    [("w^{1/3}", -(2.5 ** (1 / 3))), (r"\sqrt[3]{w}", -(2.5 ** (1 / 3))), ("w^{2/3}", 2.5 ** (2 / 3))],
)
def test_odd_roots_of_negative_numbers_are_real(latex, value):
    tree = derive.parse(latex, TABLE).tree
    assert isclose(float(Evaluator(COLUMNS, NOTHING, {})(tree)[0]), value)
    assert isclose(float(converged(tree, POINT, NOTHING, {})), value)


def test_names_of_one_value_are_still_two_variables():
    program = Program(
        [("a", Name("x")), ("b", Name("x")), ("y", derive.parse("a + 2b + x", dict.fromkeys("abx", "real")).tree)]
    )
    evaluator = Evaluator({"x": np.array([2.0, 5.0])}, program, {}, differentiable=True)
    slopes = [evaluator(Derivative(Name("y"), (Name(key),))).tolist() for key in "abx"]
    assert slopes == [[1, 1], [2, 2], [4, 4]]


def test_what_torch_has_no_operation_for_is_refused():
    with pytest.raises(NoRule, match="torch has no operation for functionname"):
        Evaluator(COLUMNS, NOTHING, {})(FunctionName(r"\sigma"))


def test_spread_tells_cancellation():
    evaluator = Evaluator(COLUMNS, NOTHING, {})
    gentle, harsh = (evaluator.spread(derive.parse(s, TABLE).tree) for s in ("x + w", "x + 10^9 - 10^9"))
    assert float(gentle[0]) < 20
    assert float(harsh[0]) > 1e9


@pytest.mark.parametrize(("closed", "f", "finding"), [
    ("2x",                "x^2",                        "right"),
    ("2x + 10^{-20}",     "x^2",                        "wrong"),
    (r"\exp(-x^2/10^9)",  r"\exp(-x^2/10^9)",           "wrong"),
    ("0",                 r"(x - \frac{3}{4})^3",       "right"),
    ("1",                 r"|x - \frac{3}{4}|",         "kink"),
    ("1",                 r"\ln(w)",                    "unsettled"),
])  # fmt: skip
def test_the_referee(closed, f, finding):
    closed, f = (derive.parse(s, TABLE).tree for s in (closed, f))
    assert settle(closed, Derivative(f, (Name("x"),)), POINT, NOTHING, {}).finding == finding


def test_the_referee_sees_derivatives_far_below_one_unit():
    f, closed = (derive.parse(s, TABLE).tree for s in (r"\tanh(400 x)", r"400(1 - \tanh(400 x)^2)"))
    assert settle(closed, Derivative(f, (Name("x"),)), POINT, NOTHING, {}).finding == "right"


@pytest.mark.parametrize(("function", "at", "slope"), [
    (np.sin, 0.3, np.cos(0.3)), (lambda x: x**3, 20.0, 1200.0), (np.exp, -8.0, np.exp(-8.0)), (lambda x: 0 * x + 1, 0.0, 0.0),
])  # fmt: skip
def test_the_ladder_finds_slopes_and_bounds_its_error(function, at, slope):
    found = ladder(function, at)
    assert isinstance(found, tuple)
    assert abs(found[0] - slope) <= found[1] <= 1e-8 * max(1, abs(slope))


@pytest.mark.parametrize("function", [np.abs, lambda x: np.maximum(x, 0), np.floor])
def test_the_ladder_sees_kinks_and_jumps(function):
    assert ladder(function, 0.0) == "kink"


SPECS = [
    "real", "positive", "negative", "nonnegative", "nonzero", "between 0 and 1", "between -1/3 and 1/7", "greater than 5", "less than -2",
    "positive, less than 3", "integer", "positive integer", "nonzero, between -1 and 1",
]  # fmt: skip


@pytest.mark.parametrize("spec", SPECS)
def test_inputs_stay_in_the_domain(spec):
    symbol = SymbolTable.from_specs({"x": spec})["x"]
    batch = seeded_batch((symbol,), 1, 500)
    assert all(symbol.admits(batch.point(row)["x"]) for row in range(500))

    @settings(max_examples=60, database=None, deadline=None)
    @given(strategy((symbol,)))
    def drawn(values):
        assert symbol.admits(values[0])

    drawn()


def test_the_batch_holds_both_signs_zero_ones_integers_tiny_and_large():
    values = seeded_batch((Symbol("x"),), 3).columns["x"]
    assert {0.0, 1.0, -1.0} <= set(values)
    assert values.min() < -50 < 50 < values.max()
    assert (abs(values[values != 0]) < 1e-6).any()
    assert ((values == np.round(values)) & (values < 0)).any()


def test_the_batch_depends_on_its_seed_only():
    first, again, other = (seeded_batch((Symbol("x"), Symbol("w")), seed) for seed in (1, 1, 2))
    assert all((first.columns[k] == again.columns[k]).all() for k in first.columns)
    assert (first.columns["x"] != other.columns["x"]).any()


def test_an_empty_domain_is_refused():
    with pytest.raises(derive.BadSpec, match="no value of the domain was found"):
        into_domain(Symbol("n", "integer", lower=Fraction(0), upper=Fraction(1)), Fraction(3))
