"""Emitted backward passes beside hand-written NumPy and torch autograd: microseconds a call, and ratios.

    python benchmarks/backward.py

Four networks at three sizes, in float64. The three take turns in rounds, so that what else the machine does falls on all;
medians of the rounds, the ratio to the hand-written pass being the median of the ratios of each round. torch runs its own
forward and backward pass with as many threads as it is given. Before anything is measured the three must agree to 1e-9.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import torch
from networks import NETWORKS, Network

import derive

ROUNDS = 41
SECONDS = 0.004  # a turn takes at least this long


def emitted(network: Network) -> Callable[..., tuple[Any, ...]]:
    """The backward pass that the program writes."""
    text = derive.backward_code(network.f, network.wrt, network.symbols, network.where)
    names: dict[str, Any] = {}
    exec(compile(text, "<emitted>", "exec"), names)  # noqa: S102 - text of our own writer
    return names["gradient"]


def in_torch(network: Network, inputs: dict[str, Any]) -> Callable[[], list[Any]]:
    """Forward and backward by autograd, on tensors made once."""
    tensors = {name: torch.tensor(value, requires_grad=name in network.wrt) for name, value in inputs.items()}
    leaves = [tensors[name] for name in network.wrt]

    def run() -> list[Any]:
        return list(torch.autograd.grad(network.in_torch(torch, *tensors.values()), leaves))

    return run


def versions(network: Network, sizes: dict[str, int]) -> list[Callable[[], Any]]:
    """The emitted pass, the hand-written one and autograd on the same numbers; they agree."""
    inputs = network.inputs(sizes)
    arguments = list(inputs.values())
    own = emitted(network)
    found = [lambda: own(*arguments), lambda: network.by_hand(*arguments), in_torch(network, inputs)]
    for ours, theirs, autograd in zip(*(version() for version in found), strict=True):
        if not (np.allclose(ours, theirs, 1e-9, 1e-9) and np.allclose(ours, autograd.numpy(), 1e-9, 1e-9)):
            sys.exit("the three do not agree")
    return found


def measured(found: list[Callable[[], Any]], rounds: int) -> list[list[float]]:
    """Seconds a call of each, in every round."""
    counts = []
    for version in found:
        start = perf_counter()
        version()
        counts.append(max(1, int(SECONDS / max(perf_counter() - start, 1e-7))))
    times: list[list[float]] = [[] for _ in found]
    for turn in range(rounds):
        order = [(turn + k) % len(found) for k in range(len(found))]
        for which in order:
            start = perf_counter()
            for _ in range(counts[which]):
                found[which]()
            times[which].append((perf_counter() - start) / counts[which])
    return times


def main() -> None:
    print("| network | sizes | emitted µs | by hand µs | torch autograd µs | emitted / by hand | emitted / torch |")
    print("|---|---|---|---|---|---|---|")
    for name, network in NETWORKS.items():
        for sizes in network.sizes:
            times = measured(versions(network, dict(sizes)), ROUNDS)
            shown = [f"{median(own) * 1e6:.0f}" for own in times]
            ratios = [median(a / b for a, b in zip(times[0], times[k], strict=True)) for k in (1, 2)]
            at = " ".join(f"{letter}={size}" for letter, size in sizes.items())
            print(f"| {name} | {at} | {' | '.join(shown)} | {ratios[0]:.2f} | {ratios[1]:.2f} |", flush=True)


if __name__ == "__main__":
    main()
