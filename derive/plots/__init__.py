"""Pictures of the problems: one table, id → picture; drawn with matplotlib, which only this room imports and only when it draws.

A picture has the id of the problem it belongs to. `draw` puts it on a matplotlib figure of the size given; every curve is told apart by
line style or marker and carries its label beside it, so that nothing depends on colour. The same picture gives the same SVG, byte by byte.
A problem whose parts are paths of an optimiser has a picture without an entry here: the paths themselves (paths.py).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.errors import BadSpec
from derive.plots.curves import draw_activations, draw_lipschitz, draw_moments, draw_optimal_step, draw_skips
from derive.plots.paths import describe_walks, draw_walks, size_of_walks
from derive.plots.searches import draw_line_search

if TYPE_CHECKING:
    from derive.problem import Problem

FORMATS = (".svg", ".png")
_STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "mathtext.fontset": "cm",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "svg.fonttype": "path",
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "path.simplify": False,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: what it shows in a sentence, its size in inches, and what draws it."""

    says: str
    size: tuple[float, float]
    draw: Callable[[Any], None]


PICTURES: Mapping[str, Picture] = {
    "skip-versus-plain": Picture(
        "The greatest ratio of the two gradients over w with sigmoid, and its bound; both stay below 1 for small w.", (7.2, 4.2), draw_skips),
    "activations": Picture("ReLU and softplus, and their derivatives: a step, and the sigmoid.", (7.2, 3.2), draw_activations),
    "adam-moments": Picture("The weight of each squared gradient in v_t, before and after the bias correction.", (7.2, 3.4), draw_moments),
    "line-search": Picture(
        "The loss along the ray, its bound, and the decrease asked for; steps that are refused and the first that is accepted.", (7.2, 4.2),
        draw_line_search),
    "lipschitz": Picture(
        "The circle of all directions and the ellipse that a layer makes of it; the slopes of ReLU, tanh and sigmoid with their greatest values.",
        (7.2, 3.4), draw_lipschitz),
    "optimal-step": Picture(
        "The loss along the gradient is a parabola; its minimum ε* lies between 1/λmax and 1/λmin.", (7.2, 3.8), draw_optimal_step),
}  # fmt: skip


def available() -> bool:
    """Whether matplotlib is installed."""
    return find_spec("matplotlib") is not None


def picture_of(id_: str, problem: Problem | None = None) -> Picture | None:
    """The picture of a problem, by its paths or by the table."""
    if problem is not None and problem.walks:
        return Picture(describe_walks(problem), size_of_walks(problem), lambda figure: draw_walks(figure, problem))
    return PICTURES.get(id_)


def write(picture: Picture, path: str | Path) -> None:
    """Draw to a file, .svg or .png. Raises BadSpec, OSError."""
    suffix = Path(path).suffix.lower()
    if suffix not in FORMATS:
        raise BadSpec(f"{path}: a picture is written as {' or '.join(FORMATS)}")
    Path(path).write_bytes(rendered(picture, suffix[1:]))


def rendered(picture: Picture, kind: str) -> bytes:
    """The bytes of an SVG or PNG file. Raises BadSpec where matplotlib is not installed."""
    if not available():
        raise BadSpec("pictures need matplotlib: pip install 'derivation-verifier[plots]'")
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({**_STYLE, "svg.hashsalt": picture.says}):
        figure = Figure(figsize=picture.size, layout="constrained")
        picture.draw(figure)
        out = io.BytesIO()
        figure.savefig(out, format=kind, dpi=160, metadata={"Date": None} if kind == "svg" else {"Software": None})
    return out.getvalue()


def inline(picture: Picture, name: str) -> str:
    """The SVG element alone, to stand in a page beside others: its names begin with `name`, its description is in it."""
    text = rendered(picture, "svg").decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", text)
    return text.replace("<svg ", f'<svg role="img" aria-label="{picture.says}" ', 1)
