"""Statements about functions in words: read, decided by proof or by points at which the definition fails, never by trust."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from checks import holds
from derive import parse
from derive.errors import Unreadable

SYMBOLS = {"z": "real", "p": "positive", "w": "real", r"\sigma": "function, logistic sigmoid", r"\phi": "function"}


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (r"\operatorname{ReLU} is idempotent", "cells"),
        (r"|z| is even", "normal-form"),
        (r"\tanh is odd", "normal-form"),
        (r"\ln(1 + e^z) is positive", "signs"),
        (r"\operatorname{ReLU} is continuous", "continuity"),
        (r"\operatorname{ReLU}' is not continuous", "jump"),
        (r"z |z| is continuously differentiable", "smoothness"),
        (r"\operatorname{ReLU} is not differentiable", "kink"),
        (r"\sigma is strictly increasing", "derivative-sign"),
        (r"z^3 is strictly increasing", "derivative-sign"),
        (r"\frac{1}{p} is decreasing", "derivative-sign"),
        (r"\ln(1 + e^z) is convex", "second-derivative-sign"),
        (r"\ln p is concave", "second-derivative-sign"),
        (r"\operatorname{ReLU} is convex", "second-derivative-sign"),
        (r"\operatorname{ReLU} is Lipschitz with constant 1", "derivative-bound"),
        (r"\sigma is Lipschitz with constant $\frac14$", "derivative-bound"),
        (r"\sigma' is Lipschitz with constant \frac14", "derivative-bound"),
        (r"\operatorname{ReLU}' is not Lipschitz", "jump"),
        (r"\sin is bounded with constant 1", "signs"),
        (r"\sin is bounded by 1", "signs"),
        (r"\sigma has Lipschitz constant \frac14", "derivative-bound"),
        (r"\sigma is Lipschitz continuous with a Lipschitz constant of \frac14", "derivative-bound"),
        (r"$\ln(1 + e^z)$ is Lipschitz", "derivative-bound"),
        (r"\sigma is 1-Lipschitz", "derivative-bound"),
        (r"\sigma is $\frac14$-Lipschitz", "derivative-bound"),
        (r"z^2 is not Lipschitz", "unbounded"),
        (r"e^z is not bounded", "unbounded"),
    ],
)
def test_what_is_true_of_a_function_is_proven(statement, code):
    verdict = holds(statement, SYMBOLS)
    assert (verdict.status, verdict.code) == ("proven", code), verdict.evidence


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (r"\sigma is idempotent", "0.5"),
        (r"\operatorname{ReLU} is even", ""),
        (r"\tanh is positive", ""),
        (r"\operatorname{ReLU}' is continuous", "0 from the left, 1 from the right"),
        (r"\operatorname{ReLU} is differentiable", "slope is 0 from the left and 1 from the right"),
        (r"\operatorname{ReLU} is strictly increasing", "it does not rise"),
        (r"\frac{1}{z} is decreasing", "it rises"),
        (r"\sigma is convex", "above the chord"),
        (r"\ln p is convex", "above the chord"),
        (r"\operatorname{ReLU} is Lipschitz with constant \frac12", "more than"),
        (r"\sigma is Lipschitz with constant 0.24", ""),
        (r"\operatorname{ReLU}' is Lipschitz", "1000000 fails between"),
        (r"z^2 is Lipschitz with constant 10", "more than 10"),
        (r"\operatorname{ReLU} is not convex", "has the property"),
        (r"z is bounded with constant 100", ""),
        (r"z^2 is Lipschitz", "no constant will do: 1 fails between"),
        (r"\max(z, 0)^2 is Lipschitz", "1000000 fails between"),
        (r"\ln p is Lipschitz", "its slope is unbounded as p → 0 from the right"),
        (r"e^z is bounded", "it is unbounded as z → ∞"),
        (r"\frac{1}{p} is bounded", "it is unbounded as p → 0 from the right"),
        (r"\sigma is \frac15-Lipschitz", "more than"),
    ],
)
def test_what_is_false_is_refuted_with_points(statement, said):
    verdict = holds(statement, SYMBOLS)
    assert verdict.status == "refuted", verdict.evidence
    assert said in verdict.evidence
    assert verdict.counterexample is not None


@pytest.mark.parametrize(
    "statement",
    [
        r"\lfloor z \rfloor is continuous",  # jumps without end
        r"w z is increasing in z",  # it depends on w
        r"\phi is convex",  # any function
        r"z^2 + |z^2 - 2| is convex",  # kinks that are not rational
        r"z \sin z is bounded",  # larger than any number at some points, and it tends nowhere
        r"\sin(z^2) is Lipschitz",
    ],
)
def test_what_is_not_known_is_undecided_with_the_reason(statement):
    verdict = holds(statement, SYMBOLS)
    assert verdict.status == "undecided"
    assert verdict.evidence.startswith("undecided: ")


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (r"w z is convex", "in which name"),
        (r"\sigma is convex with constant 2", "has no constant"),
        (r"z^2 is Lipschitz with constant z", "does not depend on z"),
        (r"z < 1 is convex", "relation"),
        (r"\sigma is 1-Lipschitz with constant 2", "two constants"),
        (
            r"z^2 is strictly convex",
            "'strictly convex' is no property .* a property this version decides is idempotent, ",
        ),
        (r"z^2 is strongly convex with constant 2", "'strongly convex with constant 2' is no property"),
        (r"s is injective", "'injective' is no property"),
        (r"|z| is not differentiable at 0", "'differentiable at 0' is no property"),
        (r"z^2 is 2-smooth", "'2-smooth' is no property"),
    ],
)
def test_a_property_that_says_too_little_or_too_much_is_refused(statement, reason):
    with pytest.raises(Unreadable, match=reason):
        holds(statement, SYMBOLS)


@pytest.mark.parametrize(
    "statement", [r"\sigma' is Lipschitz with constant \frac14", r"w z is not convex in z", r"\sigma is odd"]
)
def test_a_property_is_read_again_from_what_is_written_of_it(statement):
    stated = parse(statement, SYMBOLS)
    assert parse(stated.latex(), SYMBOLS).tree == stated.tree


@pytest.mark.parametrize(
    ("statement", "spec"),
    [
        ("z^2 is Lipschitz", "between 0 and 1"),
        (r"\frac{1}{z} is bounded", "real, greater than 1"),
        (r"\ln z is Lipschitz", "real, greater than 1"),
    ],
)
def test_growth_outside_of_the_domain_refutes_nothing(statement, spec):
    assert holds(statement, {"z": spec}).status == "proven"


def test_a_defined_name_is_a_function_of_its_one_input():
    assert holds(r"s is convex", SYMBOLS, where={"s": r"\ln(1 + e^z)"}).status == "proven"
    assert holds(r"s is convex", SYMBOLS, where={"s": r"\sigma(z)"}).status == "refuted"


lines = st.tuples(st.integers(-4, 4), st.fractions(-3, 3, max_denominator=4))


def written(line: tuple[int, Fraction]) -> str:
    return rf"{line[0]} z + \frac{{{line[1].numerator}}}{{{line[1].denominator}}}"


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(lines, min_size=2, max_size=3, unique_by=lambda line: line[0]))
def test_the_largest_of_some_lines_is_convex_and_has_its_steepest_slope_as_constant(some):
    """Known by construction: each line with the steepest slope is the largest far out on its side."""
    formula = rf"\max({', '.join(map(written, some))})"
    assert holds(f"{formula} is convex", SYMBOLS).status == "proven"
    assert holds(f"-{formula} is concave", SYMBOLS).status == "proven"
    steepest = max(abs(slope) for slope, _ in some)
    assert holds(f"{formula} is Lipschitz with constant {steepest}", SYMBOLS).status == "proven"
    verdict = holds(rf"{formula} is Lipschitz with constant {steepest} - \frac{{1}}{{10}}", SYMBOLS)
    assert verdict.status == "refuted" or steepest == 0
    rising = min(slope for slope, _ in some) >= 0
    assert holds(f"{formula} is increasing", SYMBOLS).status == ("proven" if rising else "refuted")


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(lines, min_size=2, max_size=3, unique_by=lambda line: line[0]))
def test_the_largest_of_lines_with_different_slopes_is_never_called_concave(some):
    assert holds(rf"\max({', '.join(map(written, some))}) is concave", SYMBOLS).status == "refuted"
