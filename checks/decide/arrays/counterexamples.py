"""A difference made fit to be shown: small sizes, small numbers, evaluated again by mpmath, written as matrices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from checks.decide.arrays.arithmetic import ShapeError
from checks.decide.arrays.compare import Difference, difference_at
from checks.decide.arrays.draws import ArrayClaim, Draw
from checks.decide.arrays.entries import Rows
from checks.decide.arrays.replay import Replay
from checks.decide.arrays.sizes import admitted, conditions
from checks.decide.elementary import Undefined
from checks.decide.replay import DIGITS
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge
from derive.tree import ZERO, number
from derive.write import latex

FAILURES = (Undefined, ShapeError, NoRule, TooLarge, ZeroDivisionError, OverflowError, RecursionError)
REPLAY_FAILURES = (*FAILURES, ValueError, ArithmeticError, TypeError, KeyError, AttributeError, NotImplementedError)
SMALL_STRATA = ("zeros", "few", "few", "halves", "integers")
MAX_SIMPLER = 30  # entries tried to be made 0 or 1


def shrunk(claim: ArrayClaim, found: Difference) -> Difference:
    """The same refutation at sizes of 2 and small numbers, as far as it still refutes."""
    if found.of_shapes:  # at sizes that are alike the shapes may be, too
        return found
    best = found
    for draw in _small_draws(claim, found):
        again = _tried(claim, draw)
        if again:
            best = again
            break
    return _simplified(claim, best)


def _small_draws(claim: ArrayClaim, found: Difference) -> Iterator[Draw]:
    wanted = conditions(claim.written.values())
    two = dict.fromkeys(claim.dimensions, 2)
    sizes = [s for s in (two, *claim.sizes(1)) if admitted(s, wanted)]
    for chosen in sizes:
        for turn, stratum in enumerate(SMALL_STRATA):
            try:
                yield claim.draw(chosen, stratum, 1000 + turn, found.draw.world)
            except NoRule:
                continue


def _tried(claim: ArrayClaim, draw: Draw) -> Difference | None:
    try:
        found = difference_at(claim, draw)
    except FAILURES:
        return None
    return found if isinstance(found, Difference) and not found.of_shapes else None


def _simplified(claim: ArrayClaim, best: Difference) -> Difference:
    """Entries of what nothing is declared of, one after the other, at 0 or 1."""
    tried = 0
    for key, rows in best.draw.arrays.items():
        name = claim.arrays.get(key)
        symbol = claim.setting.symbol(key)
        if "large positive" in symbol.properties:
            continue
        if (name and (name.properties or name.role)) or symbol.lower is not None or symbol.upper is not None:
            continue
        for i, j in [(i, j) for i in range(len(rows)) for j in range(len(rows[0]))]:
            for value in (Fraction(0), Fraction(1)):
                current = best.draw.arrays[key][i][j]
                if current == value or tried >= MAX_SIMPLER:
                    break
                if name is None and not symbol.admits(value):
                    continue
                tried += 1
                arrays = {**best.draw.arrays, key: _with(best.draw.arrays[key], i, j, value)}
                simpler = _tried(claim, replace(best.draw, arrays=arrays))
                if simpler:
                    best = simpler
                    break
    return best


def _with(rows: Rows, i: int, j: int, value: Fraction) -> Rows:
    changed = (*rows[i][:j], value, *rows[i][j + 1 :])
    return (*rows[:i], changed, *rows[i + 1 :])


def replayed(claim: ArrayClaim, found: Difference) -> bool:
    """Whether mpmath, too, finds the sides different there, of finite values."""
    draw, mp = found.draw, None
    values = []
    for side in claim.sides:
        at = Replay(draw.arrays, draw.sizes, claim.setting.named, draw.world, found.choice, 2 * DIGITS)
        mp = at.mp
        try:
            values.append(at.rows(at.value(side)))
        except REPLAY_FAILURES:
            return False
    left, right = values
    if found.of_shapes:
        return (len(left), len(left[0])) != (len(right), len(right[0]))
    i, j = found.entry
    a, b = (mp.mpf(0) if side == ZERO else rows[i - 1][j - 1] for side, rows in zip(claim.sides, values, strict=True))  # type: ignore[union-attr]
    if not (mp.isfinite(a) and mp.isfinite(b)) or mp.im(a) or mp.im(b):  # type: ignore[union-attr]
        return False
    return bool(abs(a - b) > (abs(a) + abs(b)) * mp.mpf(10) ** -DIGITS)  # type: ignore[union-attr]


def refuted(claim: ArrayClaim, found: Difference) -> Verdict:
    """The verdict of a difference, once an independent evaluation agrees."""
    if not replayed(claim, found):
        return Verdict("undecided", "replay", "undecided: two independent evaluations of a counterexample disagree")
    values = {k: str(n) for k, n in found.draw.sizes.items()} if found.of_shapes else written(claim, found)
    where = ", ".join(f"{name} = {value}" for name, value in values.items())
    at = f"at {where}: " if where else ""
    if found.of_shapes:
        (a, b), (c, d) = found.shapes
        return Verdict("refuted", "shape", f"{at}{a}×{b} on the left, {c}×{d} on the right", values)
    place = "" if found.shapes[0] == (1, 1) else f"entry ({found.entry[0]}, {found.entry[1]}) is "
    left, right = found.values
    return Verdict(
        "refuted",
        "counterexample",
        f"{at}{place}{left} on the left, {right} on the right",
        values,
        values=found.values,
    )


def written(claim: ArrayClaim, found: Difference) -> dict[str, str]:
    """Sizes, indices, entries and functions as LaTeX, what is constant left out."""
    draw = found.draw
    shown = {key: str(size) for key, size in draw.sizes.items()} | {k: str(v) for k, v in found.choice.items()}
    for key, rows in draw.arrays.items():
        name = claim.arrays.get(key)
        if name is None or name.role not in {"ones", "zeros", "identity", "centring"}:
            shown[key] = as_latex(rows)
    return shown | {f"{f}(z)": activation.latex for f, activation in draw.world.items()}


def as_latex(rows: Rows) -> str:
    """A number, or a matrix in round brackets."""
    if len(rows) == len(rows[0]) == 1:
        return str(rows[0][0])
    body = r" \\ ".join(" & ".join(latex(number(v)) for v in row) for row in rows)
    return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"
