r"""The path of a problem file: a part with `loss`, `rule`, `start`, `parameters`, and questions of kind path, table, threshold.

    [[part]]
    name = "adam"
    rule = "adam"                                                   # one of RULES
    start = "0"
    parameters = { alpha = "0.3", beta_1 = "0.9", beta_2 = "0.999", epsilon = "0" }
    loss = { breakpoints = ["1", "1 + h"], slopes = ["-1", "1", "-1"], kinks = ["0", "0"] }
    # or, as its slope: loss = '\begin{cases} -1 & w < 1 \\ 1 & 1 < w < 1 + h \\ -1 & w > 1 + h \\ 0 & \text{otherwise} \end{cases}'

    [[question]]
    id = "greatest-height"
    kind = "threshold"                                              # path: what becomes of it; table: positions, row by row

The equations of the rule become the definitions of the part and their names its symbols, unless the file has its own. `position`
names the letter of the position ("w"), `height` that of the height ("h"); the breakpoints are numbers or contain the height.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from derive.errors import BadSpec, Unreadable
from derive.paths.cases import Cases, rational, read_cases
from derive.paths.losses import PiecewiseLinear
from derive.paths.rules import RULES, Rule
from derive.paths.threshold import Height, greatest_height
from derive.paths.walk import Outcome, Path, follow
from derive.read import read
from derive.symbols import SymbolTable

KINDS = ("path", "table", "threshold")
_FIELDS = ("loss", "rule", "start", "parameters", "position", "height")
_LATEX = {"alpha": r"\alpha", "beta": r"\beta", "beta_1": r"\beta_1", "beta_2": r"\beta_2", "epsilon": r"\epsilon"}
_SPECS = {
    "alpha": "positive",
    "beta": "nonnegative",
    "beta_1": "nonnegative",
    "beta_2": "nonnegative",
    "epsilon": "nonnegative",
}
MAX_TABLE = 400  # steps of a table


@dataclass(frozen=True)
class Walk:
    """The path of one part; heights are those of the last peak above the valley before it."""

    part: str
    rule: Rule
    parameters: Mapping[str, Fraction]
    start: Fraction
    loss_at: Mapping[str, Any]
    cases: Cases | None
    position: str = "w"
    height: str = "h"
    _paths: dict[Fraction | None, tuple[Path, Outcome | None]] = field(default_factory=dict, compare=False, repr=False)

    def loss(self, height: Fraction) -> PiecewiseLinear:
        """The loss with this height. Raises BadSpec."""
        if self.cases is not None:
            return self.cases.loss({self.height: height}, self.position)
        table = SymbolTable.from_specs({self.height: "real"})
        at = [_value(text, table, {self.height: height}, "breakpoints") for text in self.loss_at["breakpoints"]]
        slopes, kinks = ([_number(text, name) for text in self.loss_at.get(name, ())] for name in ("slopes", "kinks"))
        return PiecewiseLinear.of(at, slopes, kinks or None)

    @cached_property
    def valley(self) -> Fraction:
        """The bottom before the last peak."""
        return self.loss(Fraction(1)).breakpoints[-2]

    @cached_property
    def highest(self) -> Height:
        """The greatest height passed."""
        return greatest_height(self.loss(Fraction(1)), self.rule, self.parameters, self.start)

    def outcome(self, height: Fraction) -> tuple[Path, Outcome]:
        """The path over a peak of this height, and what becomes of it."""
        path, outcome = self._paths.get(height, (None, None))
        if path is None or outcome is None:
            path, outcome = follow(self.loss(height), self.rule, self.parameters, self.start)
            self._paths[height] = (path, outcome)
        return path, outcome

    def path(self, height: Fraction | None, steps: int) -> Path:
        """The path over a peak of this height, or over none, of at least so many steps (fewer where the rule gives no more)."""
        path = self._paths.get(height, (None, None))[0]
        if path is None:
            loss = self.loss(Fraction(1)).without_peak() if height is None else self.loss(height)
            path = Path(loss, self.rule, self.parameters, self.start)
            self._paths[height] = (path, None)
        while path.steps < min(steps, MAX_TABLE) and path.go():
            pass
        return path


@dataclass(frozen=True, slots=True)
class PathQuestion:
    """A question about a path: its kind, what is asked in words, and the heights it is asked for."""

    id: str
    part: str
    kind: str
    latex: str
    points: float
    heights: tuple[Fraction, ...]


def with_walks(data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Walk], tuple[PathQuestion, ...]]:
    """The fields of a problem without those of paths, the paths by part, and the questions about them. Raises BadSpec, Unreadable."""
    walks: dict[str, Walk] = {}
    parts, symbols = [], dict(data.get("symbols", {}))
    for entry in data["part"]:
        if not isinstance(entry, Mapping) or "rule" not in entry:
            parts.append(entry)
            continue
        walk = _walk(entry)
        walks[walk.part] = walk
        letter = walk.position
        plain = {name: value for name, value in entry.items() if name not in _FIELDS}
        parts.append({"given": [text.replace("W", letter) for text in walk.rule.equations], **plain})
        for name, spec in _symbols(walk).items():
            symbols.setdefault(name, spec)
    questions = [q for q in data.get("question", []) if isinstance(q, Mapping) and "kind" in q]
    rest = [q for q in data.get("question", []) if q not in questions]
    asked = tuple(_question(q, walks) for q in questions)
    return {**data, "part": parts, "symbols": symbols, "question": rest}, walks, asked


def _symbols(walk: Walk) -> dict[str, str]:
    w = walk.position
    names = {_LATEX[name]: f"real, {_SPECS[name]}" for name in walk.rule.parameters}
    names |= {
        "t": "positive integer",
        walk.height: "real, positive",
        "g_t": "real",
        f"{w}_{{t-1}}": "real",
        f"{w}_0": "real",
    }
    if walk.rule.memory:
        names["m_{t-1}"] = "real"
    if walk.rule.second:
        names[f"{walk.rule.second}_{{t-1}}"] = "real"
    return names


def _walk(entry: Mapping[str, Any]) -> Walk:
    name = entry.get("name", "main")
    what = f"part {name!r}"
    rule = RULES.get(entry["rule"]) if isinstance(entry["rule"], str) else None
    if rule is None:
        raise BadSpec(f"{what}: there is no rule {entry['rule']!r}; there are {', '.join(RULES)}")
    for required in ("loss", "parameters"):
        if required not in entry:
            raise BadSpec(f"{what}: a path has loss, rule, parameters and start; {required} is missing")
    if not isinstance(entry["parameters"], Mapping):
        raise BadSpec(f"{what}: parameters is a table of names and numbers")
    parameters = {key: _number(value, f"{what}: {key}") for key, value in entry["parameters"].items()}
    rule.checked(parameters)
    position, height = (_letter(entry, key, default, what) for key, default in (("position", "w"), ("height", "h")))
    loss, cases = entry["loss"], None
    if isinstance(loss, str):
        cases = read_cases(loss, SymbolTable.from_specs({position: "real", height: "real"}))
        if cases is None:
            raise BadSpec(rf"{what}: a loss given by its slope is a \begin{{cases}} … \end{{cases}}")
    elif not isinstance(loss, Mapping) or not {"breakpoints", "slopes"} <= set(loss) <= {
        "breakpoints",
        "slopes",
        "kinks",
    }:
        raise BadSpec(f"{what}: a loss has breakpoints and slopes, and may have kinks")
    elif not all(isinstance(values, list | tuple) for values in loss.values()):
        raise BadSpec(f"{what}: breakpoints, slopes and kinks are lists of numbers")
    start = _number(entry.get("start", "0"), f"{what}: start")
    walk = Walk(name, rule, parameters, start, loss if isinstance(loss, Mapping) else {}, cases, position, height)
    try:
        losses = [walk.loss(Fraction(h)) for h in (1, 2)]
    except BadSpec as error:
        raise BadSpec(f"{what}: loss: {error}") from None
    if not losses[0].is_bump:
        raise BadSpec(f"{what}: loss: it has to fall, rise to a last peak and fall again")
    low, high = (loss.breakpoints for loss in losses)
    if low[:-1] != high[:-1] or high[-1] - low[-1] != 1 or low[-1] - low[-2] != 1:
        raise BadSpec(
            f"{what}: loss: the last breakpoint is the one before it plus the height {height}, the others are numbers"
        )
    return walk


def _question(entry: Mapping[str, Any], walks: Mapping[str, Walk]) -> PathQuestion:
    what = f"question {entry.get('id')!r}"
    unknown = set(entry) - {"id", "part", "kind", "ask", "points", "heights"}
    if unknown:
        raise BadSpec(
            f"{what}: unknown field {min(unknown)!r}; a question about a path has id, part, kind, ask, points, heights"
        )
    if entry["kind"] not in KINDS:
        raise BadSpec(f"{what}: kind is one of {', '.join(KINDS)}, not {entry['kind']!r}")
    part = entry.get("part", next(iter(walks), None))
    if part not in walks:
        raise BadSpec(f"{what}: there is no part {part!r} with a path")
    points = entry.get("points", 1)
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points < 1e9:
        raise BadSpec(f"{what}: points is a number from 0 on, not {points!r}")
    if not isinstance(entry.get("id"), str) or not isinstance(entry.get("ask", ""), str):
        raise BadSpec(f"{what}: id and ask are text")
    heights = tuple(_number(value, f"{what}: heights") for value in entry.get("heights", ()))
    return PathQuestion(entry["id"], part, entry["kind"], entry.get("ask", _ASK[entry["kind"]]), float(points), heights)


_ASK = {
    "path": "what becomes of the path",
    "table": "the positions step by step",
    "threshold": "the greatest height passed",
}


def _letter(entry: Mapping[str, Any], key: str, default: str, what: str) -> str:
    value = entry.get(key, default)
    if not isinstance(value, str) or not value:
        raise BadSpec(f"{what}: {key} is a name, not {value!r}")
    return value


def _number(value: Any, what: str) -> Fraction:
    """A number of a file: an integer, a decimal (as written), or text such as 3/10."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadSpec(f"{what}: a number is expected, not {value!r}")
    if isinstance(value, str):
        return _value(value, SymbolTable.from_specs({}), {}, what)
    return Fraction(repr(value))


def _value(text: Any, table: SymbolTable, values: Mapping[str, Fraction], what: str) -> Fraction:
    if not isinstance(text, str):
        return _number(text, what)
    try:
        found = rational(read(text, table).tree, values)
    except Unreadable as error:
        raise BadSpec(f"{what}: {text!r}: {error.sentence()}") from None
    if found is None:
        raise BadSpec(f"{what}: {text!r} is no rational number")
    return found


__all__: Sequence[str] = ("KINDS", "PathQuestion", "Walk", "with_walks")
