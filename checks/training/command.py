"""`derive train`: the runs one after the other, checkpoints on the way, a table and pictures at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from checks.training.gradients import largest_relative_error
from checks.training.network import SIZES, count_parameters
from checks.training.run import CHECKPOINT_EVERY, Run, Settings
from derive.problem import Problem

if TYPE_CHECKING:
    from rich.table import Table

_COLUMNS = (
    "noise",
    "epochs",
    "loss",
    "held back",
    "largest relative gradient error",
    "compared after epochs",
    "seconds",
)
COMPARED = (1, 2, 5, 10, 100, 1000)  # epochs after which the gradients are compared; the last one too


@dataclass(slots=True)
class Trained:
    """A finished run, what it found, and from which epoch it went on."""

    run: Run
    resumed: int
    seconds: float
    errors: dict[int, float]  # after an epoch: the largest relative error of a closed-form gradient

    def as_dict(self) -> dict[str, Any]:
        """The JSON of a run."""
        train, held = self.run.losses[-1]
        return {
            "noise": self.run.settings.noise,
            "epochs": self.run.epoch,
            "resumed_at": self.resumed,
            "loss": train,
            "held_back_loss": held,
            "largest_relative_gradient_error": max(self.errors.values(), default=None),
            "compared_after_epochs": list(self.errors),
        }


def parameters(problem: Problem) -> int:
    """The parameter count, from the shapes of the symbols."""
    return count_parameters(problem, SIZES)


def train(problem: Problem, settings: Settings, folder: Path, told: Callable[[str], None]) -> Trained:
    """One run, from its checkpoint if there is one; `told` hears each epoch that is done. An interrupt saves first."""
    start = perf_counter()
    run = Run(settings)
    checkpoint = folder / f"checkpoint-noise-{settings.noise:g}-seed-{settings.seed}.pt"
    run.resume(checkpoint)
    resumed = run.epoch
    for epoch in range(1, resumed + 1):
        told(f"epoch {epoch}")
    errors: dict[int, float] = {}
    if run.epoch == settings.epochs:
        errors[run.epoch] = _error(problem, run)
    try:
        for epoch in run.epochs():
            if epoch in COMPARED or epoch == settings.epochs:
                errors[epoch] = _error(problem, run)
            if epoch % CHECKPOINT_EVERY == 0:
                run.save(checkpoint)
            told(f"epoch {epoch}")
    finally:
        run.save(checkpoint)
    return Trained(run, resumed, perf_counter() - start, errors)


def _error(problem: Problem, run: Run) -> float:
    rows = slice(0, run.settings.batch)
    return largest_relative_error(problem, run.network, run.data.x[rows], run.data.y[rows])


def table(problem: Problem, trained: list[Trained]) -> Table:
    """One row a run."""
    from rich.table import Table

    title = f"{problem.id}: {parameters(problem):,} parameters"
    shown = Table(box=None, pad_edge=False, header_style="bold", title=title, title_justify="left")
    for heading in _COLUMNS:
        shown.add_column(heading, justify="right", overflow="fold")
    for one in trained:
        loss, held = one.run.losses[-1]
        shown.add_row(f"{one.run.settings.noise:g}", str(one.run.epoch), f"{loss:.4g}", f"{held:.4g}",
                      f"{max(one.errors.values()):.1e}", ", ".join(map(str, one.errors)), f"{one.seconds:.1f}")  # fmt: skip
    return shown


def pictures(trained: list[Trained], folder: Path) -> list[Path]:
    """The pictures of the runs; none without matplotlib."""
    if find_spec("matplotlib") is None:
        return []
    from checks.training.pictures import draw

    return draw([one.run for one in trained], folder)
