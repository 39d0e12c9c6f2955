"""The picture of a backtracking line search: the loss along the ray, its bound, the decrease asked for, and the steps tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from math import ceil, log
from typing import Any

import numpy as np

from derive.plots.curves import BLUE, BROWN, GREEN, GREY, leader

LABELS = ("t", r"\beta t", r"\beta^2 t", r"\beta^3 t")


@dataclass(frozen=True, slots=True)
class Search:
    """A quadratic loss along Δx: slope ∇fᵀΔx, curvature Δxᵀ∇²fΔx, its bound m‖Δx‖², and the parameters of the search."""

    slope: float = -2.0
    curvature: float = 1.6
    most: float = 2.5
    alpha: float = 0.3
    beta: float = 0.6
    first: float = 3.2

    def loss(self, t: Any) -> Any:
        """f(x + tΔx) − f(x)."""
        return self.slope * t + self.curvature * t**2 / 2

    def bound(self, t: Any) -> Any:
        """What the loss stays below."""
        return self.slope * t + self.most * t**2 / 2

    def decrease(self, t: Any) -> Any:
        """αt∇fᵀΔx, what is asked for."""
        return self.alpha * self.slope * t

    def tried(self) -> Iterator[tuple[float, bool]]:
        """t, βt, β²t … with whether each is accepted, up to the first that is."""
        for k in count():
            t = self.beta**k * self.first
            accepted = bool(self.loss(t) <= self.decrease(t))
            yield t, accepted
            if accepted:
                return

    @property
    def surely(self) -> float:
        """−2(1−α)∇fᵀΔx/(m‖Δx‖²): steps up to here are accepted."""
        return -2 * (1 - self.alpha) * self.slope / self.most

    @property
    def enough(self) -> int:
        """max(0, ⌈log_β(−∇fᵀΔx/(m‖Δx‖²t))⌉)."""
        return max(0, ceil(log(-self.slope / (self.most * self.first), self.beta)))


def draw_line_search(figure: Any) -> None:
    """The three curves over t, the steps tried, and the range that is accepted for sure."""
    search, axis = Search(), figure.subplots()
    t = np.linspace(0, 3.45, 231)
    axis.plot(t, search.loss(t), "-", color=BLUE, lw=1.8)
    axis.plot(t, search.bound(t), "--", color=BROWN, lw=1.4)
    axis.plot(t, search.decrease(t), "-.", color=GREEN, lw=1.4)
    axis.axhline(0, color=GREY, lw=0.7)
    axis.axvline(search.surely, color=BROWN, lw=1.0, ls=":")
    for (at, accepted), name in zip(search.tried(), LABELS, strict=False):
        value = float(search.loss(at))
        axis.plot(
            [at],
            [value],
            "o" if accepted else "x",
            color=BLUE,
            ms=8 if accepted else 9,
            mew=1.8,
            markerfacecolor="white",
        )
        axis.annotate(f"${name}$\n{'accepted' if accepted else 'refused'}", (at, value), textcoords="offset points",
                      xytext=(6, -30) if accepted else (-10, 8), ha="left" if accepted else "right", color=BLUE)  # fmt: skip
    _name(axis, r"$f(x + t\,\Delta x)$", (2.55, float(search.loss(2.55))), (2.62, -1.0), BLUE)
    _name(
        axis,
        "bound\n" r"$f(x) + t\,\nabla f^T\!\Delta x + \frac{t^2}{2}\,m\,\|\Delta x\|_2^2$",
        (1.9, float(search.bound(1.9))),
        (1.18, 2.2),
        BROWN,
    )
    _name(axis, r"$f(x) + \alpha\,t\,\nabla f^T\!\Delta x$", (3.05, float(search.decrease(3.05))), (2.35, -2.3), GREEN)
    axis.annotate(r"$-\frac{2(1-\alpha)\,\nabla f^T\!\Delta x}{m\,\|\Delta x\|_2^2}$" "\naccepted up to here", (search.surely, 0.45),
                  textcoords="offset points", xytext=(-6, 0), ha="right", color=BROWN)  # fmt: skip
    axis.set_title(rf"$\alpha = {search.alpha}$, $\beta = {search.beta}$: {search.enough} steps back are surely enough")
    axis.set_xlim(0, 3.45)
    axis.set_ylim(-2.6, 2.6)
    axis.set_xlabel("$t$")
    axis.set_ylabel("above $f(x)$")


def _name(axis: Any, name: str, at: tuple[float, float], place: tuple[float, float], ink: str) -> None:
    axis.annotate(name, at, xytext=place, textcoords="data", color=ink, ha="left", va="center", arrowprops=leader(ink))
