"""Epochs of stochastic gradient descent on the mean squared error, repeatable and resumable.

A checkpoint holds the parameters, the state of the generator that shuffles, the losses so far and the settings; a run
goes on from it only if its settings are the same. What is written is read back by torch as tensors and numbers only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from checks.training.network import Data, SmallNetwork, sampled

CHECKPOINT_EVERY = 50  # epochs


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run depends on."""

    noise: float = 0.0
    epochs: int = 1000
    samples: int = 512
    batch: int = 128
    rate: float = 0.1
    seed: int = 0


@dataclass
class Run:
    """A network in training; `losses` holds the mean loss of each epoch, on the samples and on those held back."""

    settings: Settings
    network: SmallNetwork = field(init=False)
    data: Data = field(init=False)
    generator: torch.Generator = field(init=False)
    losses: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.generator = torch.Generator().manual_seed(self.settings.seed)
        self.network = SmallNetwork(self.generator)
        self.data = sampled(self.settings.samples, self.settings.noise, self.generator)

    @property
    def epoch(self) -> int:
        """How many epochs are done."""
        return len(self.losses)

    def epochs(self) -> Iterator[int]:
        """Train to the end, one epoch at a time."""
        with one_thread():
            optimizer = torch.optim.SGD(self.network.parameters(), lr=self.settings.rate)
            while self.epoch < self.settings.epochs:
                self._epoch(optimizer)
                yield self.epoch

    def _epoch(self, optimizer: torch.optim.Optimizer) -> None:
        order = torch.randperm(self.settings.samples, generator=self.generator)
        total = 0.0
        for rows in order.split(self.settings.batch):
            optimizer.zero_grad()
            loss = torch.nn.functional.mse_loss(self.network(self.data.x[rows]), self.data.y[rows])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        with torch.no_grad():
            held = torch.nn.functional.mse_loss(self.network(self.data.held_x), self.data.held_y).item()
        self.losses.append((total / self.settings.samples, held))

    def save(self, path: Path) -> None:
        """Write a checkpoint; the old one is replaced only by a whole new one."""
        new = path.with_suffix(".new")
        torch.save(
            {
                "settings": asdict(self.settings),
                "network": self.network.state_dict(),
                "generator": self.generator.get_state(),
                "losses": torch.tensor(self.losses, dtype=torch.float64).reshape(-1, 2),
            },
            new,
        )
        new.replace(path)

    def resume(self, path: Path) -> bool:
        """Go on from a checkpoint of the same settings; whether there was one."""
        saved = _read(path)
        if saved is None or saved.get("settings") != asdict(self.settings):
            return False
        self.network.load_state_dict(saved["network"])
        self.generator.set_state(saved["generator"])
        self.losses = [(train, held) for train, held in saved["losses"].tolist()]
        return True


def _read(path: Path) -> dict[str, Any] | None:
    try:
        saved = torch.load(path, weights_only=True)
    except Exception:  # noqa: BLE001 - torch raises many kinds for a file that is no checkpoint; a new run replaces it
        return None
    return saved if isinstance(saved, dict) else None


@contextmanager
def one_thread() -> Iterator[None]:
    """Sums in one order, whatever the machine has."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
