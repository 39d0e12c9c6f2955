"""A problem with paths → a picture: the loss above, the positions step by step below, for heights that are and are not passed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.paths.model import Walk
from derive.problem import Problem

STEPS = 24
LOOKS = (
    ("-", "o", "#1b4f8a"),
    ("--", "s", "#b3541e"),
    (":", "^", "#2f6b3a"),
    ("-.", "D", "#6b2f6b"),
)  # line, marker, colour
NAMES = {"adam": "Adam", "adamax": "AdaMax", "momentum": "momentum", "gradient-descent": "gradient descent"}


def describe_walks(problem: Problem) -> str:
    """What the picture shows."""
    rules = " and ".join(NAMES[walk.rule.name] for walk in problem.walks.values())
    return f"The loss with bumps of several heights, and the paths of {rules} over them, step by step."


def size_of_walks(problem: Problem) -> tuple[float, float]:
    """A column for each height."""
    return 2.6 * len(heights(problem)) + 0.8, 5.2


def heights(problem: Problem) -> list[Fraction]:
    """Below every greatest height, between them, above them: numbers that are short to write."""
    stars = sorted({walk.highest.lower for walk in problem.walks.values() if walk.highest.lower > 0})
    if not stars:
        return [Fraction(1, 2)]
    between = [(a + b) / 2 for a, b in zip(stars, stars[1:], strict=False)]
    wanted = [stars[0] * Fraction(3, 4), *between, stars[-1] * Fraction(5, 4)]
    return [_short(height, stars) for height in wanted]


def _short(height: Fraction, stars: list[Fraction]) -> Fraction:
    """A decimal near a height, on the same side of every greatest height."""
    for places in range(1, 8):
        rounded = Fraction(round(height * 10**places), 10**places)
        if rounded > 0 and all((rounded > star) == (height > star) and rounded != star for star in stars):
            return rounded
    return height


def draw_walks(figure: Any, problem: Problem) -> None:
    """A column for each height: the loss, and below it the paths with the steps running down."""
    columns = heights(problem)
    axes = figure.subplots(2, len(columns), sharex=True, sharey="row", squeeze=False, height_ratios=[1, 1.7])
    walks = list(problem.walks.values())
    for index, height in enumerate(columns):
        _column(axes[0][index], axes[1][index], walks, height, first=index == 0)


def _column(above: Any, below: Any, walks: list[Walk], height: Fraction, *, first: bool) -> None:
    loss, valley = walks[0].loss(height), walks[0].valley
    left, right = _range(walks)
    points = [left, *loss.breakpoints, right]
    base = loss.value(valley)
    above.plot([float(p) for p in points], [float(loss.value(p) - base) for p in points], color="black", lw=1.6)
    for axis in (above, below):
        for at in loss.breakpoints[-2:]:
            axis.axvline(float(at), color="0.65", lw=0.8, ls=(0, (2, 2)), zorder=0)
    above.set_title(f"$h = {_decimal(height)}$")
    top = float(loss.value(walks[0].start) - base)
    above.plot(
        [float(walks[0].start), float(valley), float(valley + height)],
        [top, 0, float(height)],
        "o",
        color="black",
        ms=3.5,
    )
    above.annotate("$o$", (float(walks[0].start), top), textcoords="offset points", xytext=(6, 3))
    above.annotate("$x$", (float(valley), 0), textcoords="offset points", xytext=(-14, -11))
    above.annotate("$x + h$", (float(valley + height), float(height)), textcoords="offset points", xytext=(5, 5))
    above.set_ylim(-0.35 * top, 1.12 * top)
    for order, (walk, look) in enumerate(zip(walks, LOOKS, strict=False)):
        _path(below, walk, height, look, order, right)
    below.set_ylim(STEPS + 0.7, -0.9)
    below.set_xlim(float(left), float(right))
    below.set_xlabel(f"${walks[0].position}_t$")
    if first:
        above.set_ylabel("loss above $x$")
        below.set_ylabel("step $t$")


def _path(axis: Any, walk: Walk, height: Fraction, look: tuple[str, str, str], order: int, right: Fraction) -> None:
    line, marker, ink = look
    path = walk.path(height, STEPS)
    w = [float(path.balls[t].mid()) for t in range(min(STEPS, path.steps) + 1)]
    last = next((t for t, at in enumerate(w) if at > right), len(w) - 1)
    axis.plot(w[: last + 1], range(last + 1), ls=line, marker=marker, ms=3.2 + 2 * order, lw=1.1, color=ink, markerfacecolor="white",
              zorder=3 - 0.1 * order)  # fmt: skip
    passes = walk.highest.passes(height)
    name = NAMES[walk.rule.name]
    said = f"{name}\n{'passes' if passes else 'is stuck' if passes is False else ''}".rstrip()
    left = walk.rule.memory is None  # without memory it turns at once, on the left of x; its label stands there
    shown = range(min(last, STEPS) + 1)
    if passes:
        t = next((t for t in shown if w[t] >= float(walk.valley)), last) - left
    elif left:
        t = min(shown, key=lambda t: (w[t] > float(walk.valley), abs(t - 16)))
    else:
        t = max((t for t in shown if t > 8), key=lambda t: (w[t] > float(walk.valley), -t), default=last)
    axis.annotate(said, (w[t], t), xycoords="data", xytext=(0.04 if left else 0.97, 0.40), textcoords="axes fraction", color=ink, fontsize=9,
                  ha="left" if left else "right", va="center", arrowprops={"arrowstyle": "-", "color": ink, "lw": 0.6, "shrinkB": 4},
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8})  # fmt: skip


def _range(walks: list[Walk]) -> tuple[Fraction, Fraction]:
    """From a little before the start to beyond the highest peak that matters."""
    start, valley = walks[0].start, walks[0].valley
    top = max(walk.highest.lower for walk in walks)
    span = valley - start
    return start - span / 10, valley + max(2 * top, span / 2)


def _decimal(value: Fraction) -> str:
    return f"{float(value):.7g}"
