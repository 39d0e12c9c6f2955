"""The small network as torch has it: 1–64–64–1 with sigmoids, and samples of (x − 2) cos 4x to fit.

The sizes are numbers for the sizes of the problem's symbols, by which its parameters are counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import torch
from torch import nn

from derive.problem import Problem

WIDTH = 64
SIZES = {"m": WIDTH, "n": WIDTH}
BIAS = 0.03
DTYPE = torch.float64
Tensor = Any

# a parameter of the problem → the torch parameter it is; a column of weights is a vector in the problem
PARAMETERS = {
    "w_1": "first.weight",
    "b_1": "first.bias",
    "W_2": "second.weight",
    "b_2": "second.bias",
    "w_3": "third.weight",
    "b_3": "third.bias",
}


class SmallNetwork(nn.Module):  # type: ignore[misc]
    """x (B, 1) → f (B, 1)."""

    def __init__(self, generator: torch.Generator) -> None:
        super().__init__()
        self.first = nn.Linear(1, WIDTH, dtype=DTYPE)
        self.second = nn.Linear(WIDTH, WIDTH, dtype=DTYPE)
        self.third = nn.Linear(WIDTH, 1, dtype=DTYPE)
        with torch.no_grad():
            for layer in (self.first, self.second, self.third):
                layer.weight.normal_(0.0, 1.0, generator=generator)
                layer.bias.fill_(BIAS)

    def forward(self, x: Tensor) -> Tensor:
        return self.third(torch.sigmoid(self.second(torch.sigmoid(self.first(x)))))


@dataclass(frozen=True, slots=True)
class Data:
    """Samples to fit and samples held back, each (N, 1)."""

    x: Tensor
    y: Tensor
    held_x: Tensor
    held_y: Tensor


def target(x: Tensor) -> Tensor:
    """(x − 2) cos 4x."""
    return (x - 2) * torch.cos(4 * x)


def sampled(samples: int, noise: float, generator: torch.Generator) -> Data:
    """x ~ N(0, 1); labels with normal noise of that deviation, those held back without."""
    x, held = (torch.randn((count, 1), generator=generator, dtype=DTYPE) for count in (samples, samples // 5))
    return Data(x, target(x) + noise * torch.randn(x.shape, generator=generator, dtype=DTYPE), held, target(held))


def count_parameters(problem: Problem, sizes: Mapping[str, int]) -> int:
    """How many numbers the parameters of a problem are: the sum of the products of their sizes."""
    shapes = (problem.table[key].shape or () for key in PARAMETERS)
    return sum(prod(size_of(size, sizes) for size in shape) for shape in shapes)


def size_of(size: str | int, sizes: Mapping[str, int]) -> int:
    """A size of a shape as a number."""
    return size if isinstance(size, int) else sizes[size]
