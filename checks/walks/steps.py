r"""Formulas of a path's step with numbers put in → verdicts: `t = 1`, `g_t = -1`, `\hat{m}_t = … = -1`, `w_1 = 0.3`, `(-1, 1) ⇒ …`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from checks.submission.document import Formula
from checks.walks.numbers import Written, agreement, decimal, value_of
from checks.walks.truth import Found
from checks.walks.values import PARAMETERS, quantities
from derive.errors import Unreadable
from derive.paths.cases import rational, read_cases
from derive.paths.model import Walk
from derive.paths.roots import exact, fraction, root_of
from derive.paths.walk import Path
from derive.symbols import SymbolTable
from derive.tree import (
    Absolute,
    Chain,
    Implication,
    Listing,
    Name,
    Negative,
    Node,
    Number,
    Root,
    number,
    substitute,
    transform,
)
from derive.tree import walk as walked

MAX_STEP = 300
_INDEX = re.compile(r"(?P<stem>.+)_(?:\{(?P<long>[^{}]*)\}|(?P<short>\w))")
_SLOPE = re.compile(
    r"\s*g_\{?t\}?\s*=\s*(?:.*\\nabla.*|d\s*[a-zA-Z]\s*_\s*\{?t\s*-\s*1\}?\s*|.*\\partial.*|.*f'.*|.*\\frac\{d.*)"
)


class Steps:
    """The step an author is at, and the formulas judged by it."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.at: int | None = None

    def judged(self, tree: Node, formula: Formula) -> Found | None:
        """The verdict of a formula with numbers; None for any other."""
        if isinstance(tree, Implication):
            return self._points(tree.statements)
        if not isinstance(tree, Chain) or tree.continued or not set(tree.relations) <= {"=", r"\approx"}:
            return None
        if _SLOPE.fullmatch(formula.text) and len(tree.sides) == 2:
            return Found("definition", "gradient", "the gradient at the position before")
        first = tree.sides[0]
        if not isinstance(first, Name) or not any(not side.names for side in tree.sides[1:]):
            return None
        if first.key in self._parameters():
            return self._parameter(first.key, tree)
        return self._chain(first.key, tree)

    def _parameters(self) -> Mapping[str, Fraction]:
        known = {PARAMETERS[name]: value for name, value in self.walk.parameters.items()}
        return known | {f"{self.walk.position}_0": self.walk.start}

    def _parameter(self, key: str, tree: Chain) -> Found | None:
        given, said = self._parameters()[key], [_value(side, {}) for side in tree.sides[1:]]
        if None in said:
            return None
        if all(value == given for value in said):
            return Found("definition", "parameter", "as the problem gives it")
        return Found(
            "undecided",
            "other-parameter",
            f"undecided: the problem has ${key} = {given}$; what follows is judged with that",
        )

    def _chain(self, key: str, tree: Chain) -> Found | None:
        """Every side has the value the path gives the first."""
        if key == "t" and len(tree.sides) == 2:
            stated = _value(tree.sides[1], {})
            if stated is None or stated.denominator != 1 or not 0 <= stated <= MAX_STEP:
                return None
            self.at = int(stated)
            return Found("assumption", "step", f"the step the author is at: {self.at}")
        found = _INDEX.fullmatch(key)
        step = self._step(found["long"] or found["short"]) if found else None
        if found is None or found["stem"] not in self._stems():
            return None
        if step is None:
            return Found("undecided", "no-step", "undecided: which step this is has not been said")
        wanted = self._named(key)
        if wanted is None:
            return None
        values = {name: value for name in tree.names if (value := self._named(name)) is not None}
        for side in tree.sides[1:]:
            fits = _fits(side, values, wanted)
            if fits is None:
                return Found("undecided", "step", "undecided: a side has no value at this step")
            if not fits:
                return Found(
                    "incorrect",
                    "step",
                    f"at step {step} ${key}$ is {_shown(wanted, side)}",
                    suggestion=f"{key} = {_shown(wanted, side)}",
                )
        if self._depends(step):
            return Found(
                "undecided",
                "depends",
                f"undecided: true while no peak is reached; at step {step} that depends on the height",
            )
        return Found("correct", "step", f"as the path has it at step {step}")

    def _stems(self) -> set[str]:
        return {self.walk.position, "g", "m", self.walk.rule.second or "m", r"\hat{m}", r"\hat{v}"}

    def _step(self, index: str) -> int | None:
        """`t`, `t-1`, `7` as a step."""
        plain = index.replace(" ", "")
        if plain.isdigit():
            return int(plain) if int(plain) <= MAX_STEP else None
        if self.at is None or plain not in ("t", "t-1"):
            return None
        return self.at - (plain == "t-1")

    def _named(self, key: str) -> Fraction | None:
        """The value of a name at the step."""
        if key in self._parameters():
            return self._parameters()[key]
        if key == "t":
            return None if self.at is None else Fraction(self.at)
        found = _INDEX.fullmatch(key)
        step = self._step(found["long"] or found["short"]) if found else None
        if found is None or step is None or step < 0:
            return None
        path = self.walk.path(None, step)
        return quantities(self.walk, path, step).get(found["stem"]) if path.steps >= step else None

    def _depends(self, step: int) -> bool:
        """Whether an earlier position lies beyond the valley, so that a low peak may have been passed."""
        path = self.walk.path(None, step)
        return any(path.compared(t, self.walk.valley) > 0 for t in range(min(step, path.steps)))

    def _points(self, statements: tuple[Node, ...]) -> Found | None:
        """`(-1, 1) ⇒ (-0.7, 0.7) ⇒ …`: positions from x, and how high the loss is above it."""
        points = []
        for statement in statements:
            pair = [_value(entry, {}) for entry in statement.children] if isinstance(statement, Listing) else []
            if len(pair) != 2 or None in pair:
                return None
            points.append((pair[0], pair[1]))
        if not points:
            return None
        walk = self.walk
        path = walk.path(None, len(points) + 1)
        starts = [t for t in (0, 1) if t + len(points) <= path.steps + 1 and _at(walk, path, t) == points[0]]
        first = starts[0] if starts else 0
        for index, point in enumerate(points):
            truth = _at(walk, path, first + index)
            if point != truth:
                said = f"({_short(truth[0])}, {_short(truth[1])})"
                return Found("incorrect", "point", f"point {index + 1} is {said}, seen from x", suggestion=said)
        return Found("correct", "points", f"positions {first} to {first + len(points) - 1}, seen from x", answers=False)

    def slope(self, formula: Formula, table: SymbolTable) -> Found | None:
        """A slope written by cases, beside the problem's."""
        try:
            cases = read_cases(formula.text, table)
        except Unreadable:
            return None
        if cases is None:
            return None
        w, loss = self.walk.position, self.walk.loss
        for height in (Fraction(1, 5), Fraction(1), Fraction(7, 2)):
            fixed = {self.walk.height: height, f"{w}_0": self.walk.start}
            names = [name for name in (f"{w}_t", f"{w}_{{t-1}}", w) if cases.bounds(fixed, name)]
            if len(names) != 1:
                return None
            wanted = loss(height)
            ends = sorted({*cases.bounds(fixed, names[0]), *wanted.breakpoints})
            inner = [(a + b) / 2 for a, b in zip(ends, ends[1:], strict=False)]
            for at in (*ends, *inner, ends[0] - 1, ends[-1] + 1):
                said = cases.at({**fixed, names[0]: at})
                if said != wanted.slope(at):
                    wrong = "nothing is said" if said is None else f"it says {said}"
                    return Found("incorrect", "slope", f"with h = {height} the slope at {at} is {wanted.slope(at)}; {wrong}",
                                 {self.walk.height: str(height), names[0]: str(at)})  # fmt: skip
        return Found("definition", "slope", "the slope of the problem's loss")


def _at(walk: Walk, path: Path, t: int) -> tuple[Fraction, Fraction]:
    w = value_of(path.position(t))
    loss = walk.loss(abs(w - walk.valley) + 1)
    return w - walk.valley, loss.value(w) - loss.value(walk.valley)


def _short(value: Fraction) -> str:
    return decimal(value, 6).rstrip("0").rstrip(".")


def _value(side: Node, values: Mapping[str, Fraction]) -> Fraction | None:
    """The rational value of a side; roots of squares are taken."""
    try:
        return rational(_without_roots(side, values), values)
    except (ValueError, RecursionError):
        return None


def _without_roots(side: Node, values: Mapping[str, Fraction]) -> Node:
    known = {name: _as_node(value) for name, value in values.items()}
    tree = substitute(side, known)
    roots: dict[Node, Node] = {}
    for node in walked(tree):
        if isinstance(node, Root) and node.index is None:
            inside = rational(node.radicand, {})
            root = None if inside is None else root_of(exact(inside))
            if root is not None:
                roots[node] = _as_node(fraction(root))
        elif isinstance(node, Absolute):
            inside = rational(node.children[0], {})
            if inside is not None:
                roots[node] = _as_node(abs(inside))
    return _replaced(tree, roots)


def _replaced(tree: Node, roots: Mapping[Node, Node]) -> Node:
    return transform(tree, roots.get) if roots else tree


def _as_node(value: Fraction) -> Node:
    return number(value) if value >= 0 else Negative(number(-value))


def _fits(side: Node, values: Mapping[str, Fraction], wanted: Fraction) -> bool | None:
    bare = side.operand if isinstance(side, Negative) else side
    if isinstance(bare, Number):
        said = Written.of(("-" if isinstance(side, Negative) else "") + bare.text)
        return agreement(said, wanted).right
    value = _value(side, values)
    if value is None:
        return None
    if value == wanted:
        return True
    decimals = any("." in node.text for node in walked(side) if isinstance(node, Number))
    return (
        None if decimals and abs(value - wanted) <= abs(wanted) / 100 else False
    )  # rounded numbers may have been put in


def _shown(value: Fraction, side: Node) -> str:
    bare = side.operand if isinstance(side, Negative) else side
    places = len(bare.text.partition(".")[2]) if isinstance(bare, Number) else 6
    return decimal(value, max(places, 3)).rstrip("0").rstrip(".")
