"""Sigmoid networks and tanh networks: weights derived, proven for all sizes, and two torch networks that give the same."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from checks import equal
from checks.claims import decided
from checks.networks import converted_network
from derive.equivalence import converted, problem_of
from derive.errors import BadSpec
from derive.problem import Problem

SYMBOLS = {"A": "matrix m n", "b": "vector m", r"\mathbf{1}": "ones n"}


def network(sizes: list[int], activation: type[nn.Module], seed: int) -> nn.Sequential:
    torch.manual_seed(seed)
    layers: list[nn.Module] = []
    for inputs, outputs in zip(sizes, sizes[1:], strict=False):
        layers += [nn.Linear(inputs, outputs, dtype=torch.float64), activation()]
    return nn.Sequential(*layers[:-1])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=3, max_size=6), st.sampled_from(["tanh", "sigmoid"]), st.integers(0, 1000))
def test_the_converted_network_is_the_same_function(sizes, to, seed):
    old = network(sizes, nn.Sigmoid if to == "tanh" else nn.Tanh, seed)
    new = converted_network(old, to)
    x = torch.randn((16, sizes[0]), dtype=torch.float64)
    assert torch.allclose(old(x), new(x), rtol=1e-12, atol=1e-12)


def test_there_and_back_again_are_the_weights_one_started_from():
    old = network([3, 4, 2, 1], nn.Sigmoid, 1)
    back = converted_network(converted_network(old, "tanh"), "sigmoid")
    for a, b in zip(old.parameters(), back.parameters(), strict=True):
        assert torch.allclose(a, b, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("layers", [2, 3, 4])
def test_layers_and_outputs_are_proven_equal_for_all_sizes(layers):
    problem = Problem.from_dict({"id": "tanh", **problem_of(layers)})
    assert [decided(problem, claim.ask).status for claim in problem.claims] == ["proven"] * layers


def test_the_weights_are_those_of_the_book():
    first, middle, last = converted(3)
    assert [layer.weight.latex() for layer in (first, middle, last)] == [
        r"\frac{1}{2} A_1",
        r"\frac{1}{4} A_2",
        r"\frac{1}{2} A_3",
    ]
    named = {"A_2": "matrix m n", "b_2": "vector m", r"\mathbf{1}_{n_1}": "ones n"}
    assert equal(middle.bias.latex(), r"\frac12 b_2 + \frac14 A_2 \mathbf{1}_{n_1}", named).status == "proven"


@pytest.mark.parametrize("wrong", ["C_2 = \\frac12 A_2", "d_2 = \\frac12 b_2", "C_1 = A_1", "d_3 = b_3"])
def test_a_wrong_weight_makes_another_network(wrong):
    fields = problem_of(3)
    given = fields["part"][1]["given"]
    name = wrong.partition(" =")[0]
    fields["part"][1]["given"] = [wrong if line.startswith(f"{name} =") else line for line in given]
    problem = Problem.from_dict({"id": "tanh", **fields})
    same = next(claim for claim in problem.claims if claim.id == "same-output")
    assert decided(problem, same.ask).status == "refuted"


@pytest.mark.parametrize(
    "modules",
    [
        [nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)],
        [nn.Linear(2, 3), nn.Sigmoid()],
        [nn.Linear(2, 3, bias=False), nn.Sigmoid(), nn.Linear(3, 1)],
        [nn.Linear(2, 1)],
    ],
)
def test_a_network_of_another_kind_is_refused(modules):
    with pytest.raises(BadSpec):
        converted_network(nn.Sequential(*modules), "tanh")


@pytest.mark.parametrize(("layers", "to"), [(1, "tanh"), (21, "tanh"), (3, "relu")])
def test_what_is_not_converted_is_refused(layers, to):
    with pytest.raises(BadSpec):
        converted(layers, to)
