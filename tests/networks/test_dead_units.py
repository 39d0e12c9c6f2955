"""A dead rectified unit is bit for bit the same after a thousand steps of SGD; a leaky one moves."""

from __future__ import annotations

import pytest
import torch
from torch import nn

STEPS, DEAD = 1000, 0


def trained(activation: nn.Module) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Weights and biases of the units before and after; every sample leaves unit DEAD below zero at the start."""
    generator = torch.Generator().manual_seed(5)
    x = torch.rand((64, 1), generator=generator, dtype=torch.float64) * 2 - 1
    y = torch.sin(3 * x)
    units, out = nn.Linear(1, 8, dtype=torch.float64), nn.Linear(8, 1, dtype=torch.float64)
    with torch.no_grad():
        for parameter in (*units.parameters(), *out.parameters()):
            parameter.normal_(generator=generator)
        units.weight[DEAD], units.bias[DEAD] = 1.0, -3.0  # a x + b < 0 for every |x| ≤ 1
    before = [p.detach().clone() for p in units.parameters()]
    optimizer = torch.optim.SGD([*units.parameters(), *out.parameters()], lr=0.05)
    for _ in range(STEPS):
        optimizer.zero_grad()
        nn.functional.mse_loss(out(activation(units(x))), y).backward()
        optimizer.step()
    return before, [p.detach() for p in units.parameters()]


def test_a_dead_unit_stays_where_it_is_and_the_others_move():
    for before, after in zip(*trained(nn.ReLU()), strict=True):
        assert torch.equal(before[DEAD], after[DEAD])
        assert not torch.equal(before, after)


@pytest.mark.parametrize("slope", [0.01, 0.2])
def test_a_leaky_unit_moves(slope):
    for before, after in zip(*trained(nn.LeakyReLU(slope)), strict=True):
        assert not torch.equal(before[DEAD], after[DEAD])
