"""Adam's published bound of a step, read as one for all gradient sequences, is broken by one that is exhibited."""

from __future__ import annotations

from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.decide.adam_step import (
    counterexample,
    largest_squared,
    published_bound_squared,
    step_squared,
    worst_gradients,
)

BETA1, BETA2 = Fraction(9, 10), Fraction(999, 1000)
betas = st.fractions(min_value=Fraction(1, 20), max_value=Fraction(19, 20), max_denominator=40)
gradients = st.lists(st.fractions(min_value=-3, max_value=3, max_denominator=8), min_size=1, max_size=8)


@pytest.mark.parametrize("corrected", [True, False])
def test_the_published_bound_is_broken_for_the_usual_betas(corrected: bool) -> None:
    found = counterexample(BETA1, BETA2, corrected=corrected)
    assert found is not None
    assert found.bound == 10
    assert found.squared > found.bound
    assert found.squared == step_squared(found.gradients, BETA1, BETA2, corrected=corrected)


def test_the_ratio_after_400_steps_is_that_of_the_literature() -> None:
    assert abs(float(largest_squared(BETA1, BETA2, 400)) ** 0.5 - 4.18) < 0.005


@settings(deadline=None)
@given(betas, betas, gradients)
def test_no_sequence_exceeds_the_exact_bound(beta1: Fraction, beta2: Fraction, given_gradients: list[Fraction]) -> None:
    if any(given_gradients):
        squared = step_squared(tuple(given_gradients), beta1, beta2)
        assert squared <= largest_squared(beta1, beta2, len(given_gradients))


@given(betas, betas, st.integers(min_value=1, max_value=12))
def test_the_exhibited_gradients_attain_it(beta1: Fraction, beta2: Fraction, steps: int) -> None:
    assert step_squared(worst_gradients(beta1, beta2, steps), beta1, beta2) == largest_squared(beta1, beta2, steps)


def test_torch_takes_the_step_that_breaks_the_bound() -> None:
    found = counterexample(BETA1, BETA2)
    assert found is not None
    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.Adam([weight], lr=1.0, betas=(float(BETA1), float(BETA2)), eps=0.0)
    for g in found.gradients:
        before = weight.detach().clone()
        weight.grad = torch.tensor([float(g)], dtype=torch.float64)
        optimiser.step()
    step = abs(float(weight.detach() - before))
    assert abs(step - found.ratio) < 1e-6
    assert step > float(published_bound_squared(BETA1, BETA2)) ** 0.5


def test_where_the_bound_is_one_it_holds_for_equal_gradients() -> None:
    assert step_squared((Fraction(1),) * 5, Fraction(1, 2), Fraction(1, 2)) == 1


@pytest.mark.parametrize(("beta1", "beta2"), [(Fraction(1), BETA2), (BETA1, Fraction(0)), (Fraction(-1, 2), BETA2)])
def test_other_betas_are_refused(beta1: Fraction, beta2: Fraction) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        counterexample(beta1, beta2)
