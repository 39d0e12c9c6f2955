"""A separation made fit to be shown: at simpler numbers, and evaluated again by an independent path."""

from __future__ import annotations

from collections.abc import Callable

from checks.decide.claim import Claim, Point
from checks.decide.elementary import Undefined
from checks.decide.points import SIMPLEST
from checks.decide.replay import DIGITS, replay
from checks.decide.separation import FAILURES, Separation
from checks.verdict import Verdict


def shrunk(claim: Claim, found: Separation, test: Callable[[Point], Separation | None]) -> Separation:
    """The same refutation at simpler numbers, one coordinate at a time, as long as the test still refutes."""
    best = found
    for symbol in claim.inputs:
        for value in SIMPLEST:
            if value == best.point[symbol.key]:
                break
            simpler = test({**best.point, symbol.key: value}) if symbol.admits(value) else None
            if simpler:
                best = simpler
                break
    return best


def refuted(claim: Claim, found: Separation) -> Verdict:
    """The verdict of a separation, once an independent evaluation agrees that the sides differ."""
    if not _replayed(claim, found):
        return Verdict("undecided", "replay", "undecided: two independent evaluations of a counterexample disagree")
    values = {key: str(value) for key, value in found.point.items()}
    values |= {f"{function}(z)": activation.latex for function, activation in found.world.items()}
    where = ", ".join(f"{name} = {value}" for name, value in values.items())
    at = f"at {where}: " if where else ""
    return Verdict("refuted", "counterexample", f"{at}{found.left} on the left, {found.right} on the right", values,
                   values=(found.left, found.right))  # fmt: skip


def independent_difference(claim: Claim, bits: int) -> float | None:
    """|left − right| of two constants by mpmath; None where a side has no value."""
    import mpmath

    digits = max(DIGITS, bits // 3 + DIGITS)
    try:
        left, right = (
            replay(side, {}, claim.setting.named, {}, digits, principal=claim.is_complex) for side in claim.sides
        )
        return float(abs(left - right)) if mpmath.isfinite(left) and mpmath.isfinite(right) else None
    except (ValueError, ArithmeticError, TypeError, NotImplementedError, Undefined, *FAILURES):
        return None


def _replayed(claim: Claim, found: Separation) -> bool:
    """Both sides again by mpmath: real, and different or on the same side of each other as the balls say."""
    import mpmath

    program = claim.setting.named
    digits = max(DIGITS, found.bits // 3 + DIGITS)
    try:
        left, right = (
            replay(side, found.point, program, found.world, digits, principal=claim.is_complex) for side in claim.sides
        )
        if not all(mpmath.isfinite(side) and (claim.is_complex or mpmath.im(side) == 0) for side in (left, right)):
            return False
        apart = abs(left - right) > (abs(left) + abs(right)) * mpmath.mpf(10) ** -digits
        return bool(apart or found.touching)
    except (ValueError, ArithmeticError, TypeError, NotImplementedError, Undefined, *FAILURES):
        return False
