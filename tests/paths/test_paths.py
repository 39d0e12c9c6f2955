"""Paths over piecewise-linear losses: exact positions, what becomes of them, and the greatest height passed."""

from fractions import Fraction

import pytest
from bumps import compared, drawn
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.walks.simulation import passes
from derive.errors import BadSpec
from derive.paths import RULES, PiecewiseLinear, bump, follow, greatest_height
from derive.paths.roots import RootSum, exact

F = Fraction

ADAM = {"alpha": F("0.3"), "beta_1": F("0.9"), "beta_2": F("0.999"), "epsilon": F(0)}


def height(rule, **parameters):
    return greatest_height(bump(F(1), F(1)), RULES[rule], {k: F(v) for k, v in parameters.items()}, F(0))


def outcome(rule, peak, **parameters):
    return follow(bump(F(1), F(peak)), RULES[rule], {k: F(v) for k, v in parameters.items()}, F(0))


def test_adams_greatest_height_is_the_fraction_and_is_passed_itself():
    found = height("adam", **ADAM)
    assert found.exact == F(2071210444, 5049463055)
    assert (found.attained, found.step) == (True, 6)
    assert all(p < 0.122621 for t, p in found.peaks if t > 6)
    star = found.exact
    assert outcome("adam", star, **ADAM)[1].ending == "passes"
    end = outcome("adam", star + F(1, 10**30), **ADAM)[1]
    assert (end.ending, end.period) == ("cycle", 20)


def test_adams_path_is_rational_while_gradients_are_of_one_size():
    path, _ = outcome("adam", 1, **ADAM)
    assert [path.position(t).value for t in range(5)] == [0, F("0.3"), F("0.6"), F("0.9"), F("1.2")]
    assert str(float(path.position(5).value)).startswith("1.3534834314")


@pytest.mark.parametrize(
    ("parameters", "first", "least"),
    [({"alpha": "0.3", "beta_1": "0.1"}, "0.2", "0.206055"), ({"alpha": "1.99", "beta_1": "0.9"}, "0.99", "1.499228")],
)
def test_a_later_peak_may_be_higher_than_the_first(parameters, first, least):
    found = height("adam", **{**ADAM, **parameters})
    assert abs(found.peaks[0][1] - exact(F(first))) < 1e-12
    assert found.lower > F(least)
    assert found.upper - found.lower < F(1, 10**38)


def test_gradient_descent_oscillates_beyond_its_height_escapes_below_and_rests_on_it():
    found = height("gradient-descent", alpha="0.3")
    assert (found.exact, found.attained) == (F("0.2"), False)
    path, end = outcome("gradient-descent", "0.3", alpha="0.3")
    assert (end.ending, end.period) == ("cycle", 2)
    assert {path.position(t).value for t in (4, 5, 6, 7)} == {F("1.2"), F("0.9")}
    assert outcome("gradient-descent", "0.19", alpha="0.3")[1].ending == "passes"
    assert outcome("gradient-descent", "0.2", alpha="0.3")[1].ending == "rests"


def test_gradient_descent_that_lands_on_the_valley_rests_and_passes_nothing():
    assert outcome("gradient-descent", "0.3", alpha="0.25")[1].ending == "rests"
    assert height("gradient-descent", alpha="0.25").exact == 0


def test_a_rule_without_memory_rests_on_every_peak_it_lands_on():
    loss = PiecewiseLinear.of((F(1), F(2)), (F(-2), F(1), F(-1)))  # rises slower than it falls: several records
    found = greatest_height(loss, RULES["gradient-descent"], {"alpha": F("0.3")}, F(0))
    for gap in found.gaps:
        end = follow(loss.with_peak(gap.value), RULES["gradient-descent"], {"alpha": F("0.3")}, F(0))[1]
        assert end.ending == "rests"
        assert found.passes(gap.value) is False


def test_random_heights_are_those_of_brute_force_with_fractions():
    failures = [f for parameters in drawn(30) for f in compared("adam", parameters).failures]
    assert failures == []


@pytest.mark.parametrize("rule", ["momentum", "adamax", "gradient-descent"])
@settings(max_examples=15, deadline=None)
@given(alpha=st.fractions(F(1, 20), F(3), max_denominator=60), beta=st.fractions(F(0), F(9, 10), max_denominator=20))
def test_other_rules_agree_with_brute_force(rule, alpha, beta):
    names = {"momentum": {"beta": beta}, "adamax": {"beta_1": beta, "beta_2": F("0.999")}, "gradient-descent": {}}[rule]
    assert compared(rule, {"alpha": alpha, **names}, steps=120).failures == ()


@settings(max_examples=25, deadline=None)
@given(peak=st.fractions(F(1, 50), F(1), max_denominator=200))
def test_what_passes_is_what_is_not_higher_than_the_greatest_height(peak):
    found = height("adam", **ADAM)
    assert found.passes(peak) is passes("adam", ADAM, bump(F(1), peak), F(0), 160)


def test_a_step_that_lands_on_the_valley_leaves_the_rationals():
    path, _ = outcome("adam", 1, **{**ADAM, "alpha": F("0.5")})
    assert path.position(2).value == 1
    assert path.position(3).value is None
    found = height("adam", **{**ADAM, "alpha": "0.5"})
    assert found.exact is None
    assert found.upper - found.lower <= F(1, 10**40)


def test_epsilon_makes_the_first_step_smaller():
    path, _ = outcome("adam", 1, **{**ADAM, "epsilon": F(1)})
    assert path.position(1).value == F("0.15")


def test_a_path_that_starts_where_the_gradient_is_0_is_undefined_without_epsilon():
    end = follow(bump(F(1), F(1)), RULES["adam"], ADAM, F(1))[1]
    assert end.ending == "undefined"


def test_sums_of_roots_are_0_only_if_they_are():
    two, eight = exact(F(2)), exact(F(8))
    assert RootSum(exact(0)).plus(exact(2), two).plus(exact(-1), eight).sign() == 0
    assert RootSum(exact(-1)).plus(exact(1), exact(F(4))).sign() == 1
    near = RootSum(exact(F(-141421356237309504880168872420969807857, 10**38))).plus(exact(1), two)
    assert near.sign() == -1
    assert RootSum(exact(0)).plus(exact(1), two).plus(exact(1), exact(3)).plus(exact(-1), exact(5)).sign() == 1


@pytest.mark.parametrize(
    ("rule", "parameters", "said"),
    [
        ("adam", {**ADAM, "beta_1": F(1)}, r"beta_1 = 1 is not in \[0, 1\)"),
        ("adam", {"alpha": F(1)}, "has the parameters"),
        ("gradient-descent", {"alpha": F(0)}, "alpha = 0 is not positive"),
    ],
)
def test_parameters_a_rule_does_not_have_are_refused(rule, parameters, said):
    with pytest.raises(BadSpec, match=said):
        follow(bump(F(1), F(1)), RULES[rule], parameters, F(0))


def test_losses_without_a_last_peak_have_no_height():
    valley = PiecewiseLinear.of((F(1),), (F(-1), F(1)))
    with pytest.raises(BadSpec, match="falls, rises to a last peak"):
        greatest_height(valley, RULES["gradient-descent"], {"alpha": F("0.3")}, F(0))
    with pytest.raises(BadSpec, match="increasing order"):
        bump(F(1), F(-1))
