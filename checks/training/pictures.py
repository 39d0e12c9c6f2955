"""The loss over the epochs and the fit, drawn with matplotlib; told apart by line style and marker, not by colour alone."""

from __future__ import annotations

from pathlib import Path

import torch

from checks.training.network import DTYPE, target
from checks.training.run import Run

EDGE, POINTS = 3.0, 601


def draw(runs: list[Run], folder: Path) -> list[Path]:
    """`loss.svg` and one `fit-NOISE.svg` a run; what was written. Raises ImportError without matplotlib."""
    from matplotlib.figure import Figure

    written = [folder / "loss.svg"]
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot()
    for run, style in zip(runs, ("-", "--", ":", "-.") * len(runs), strict=False):
        epochs = range(1, run.epoch + 1)
        axes.semilogy(epochs, [train for train, _ in run.losses], style, color="black", linewidth=1.2,
                      label=f"samples, noise {run.settings.noise:g}")  # fmt: skip
        axes.semilogy(epochs, [held for _, held in run.losses], style, color="0.6", linewidth=1.2,
                      label=f"held back, noise {run.settings.noise:g}")  # fmt: skip
    axes.set(xlabel="epoch", ylabel="L, mean squared error", title="Loss of the 1–64–64–1 network")
    axes.legend(frameon=False)
    _save(figure, written[0])
    for run in runs:
        written.append(folder / f"fit-noise-{run.settings.noise:g}.svg")
        _save(_fit(run), written[-1])
    return written


def _fit(run: Run) -> object:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot()
    grid = torch.linspace(-EDGE, EDGE, POINTS, dtype=DTYPE).reshape(-1, 1)
    with torch.no_grad():
        learned = run.network(grid)
    axes.plot(run.data.x.flatten(), run.data.y.flatten(), "x", color="0.6", markersize=3, label="samples")
    axes.plot(grid.flatten(), target(grid).flatten(), "--", color="black", linewidth=1.2, label="(x − 2) cos 4x")
    axes.plot(grid.flatten(), learned.flatten(), "-", color="tab:red", linewidth=1.8, label="f, the network")
    axes.set(xlim=(-EDGE, EDGE), xlabel="x", ylabel="y", title=f"Fit after {run.epoch} epochs, label noise {run.settings.noise:g}")  # fmt: skip
    axes.legend(frameon=False)
    return figure


def _save(figure: object, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)  # type: ignore[attr-defined]
