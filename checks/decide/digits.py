"""Right to so many decimal places or significant figures: two numbers, each exact or in a ball.

The readings of "right to two places" that are in use part at the edges; where they do, nothing is decided. The rules
stand in `checks.tolerance.Tolerance`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from flint import arb, fmpq

from derive.errors import TooLarge

MAX_BITS = 10_000  # of a number whose figures are counted
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Value:
    """A number: the ball that holds it, and the number itself where it is rational."""

    ball: Any
    exact: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether x is right (None: the readings part), and why."""

    right: bool | None
    reason: str


def judged(x: Value, t: Value, size: int, *, figures: bool) -> Finding | None:
    """Whether x is t to `size` places or figures; None where the balls are too wide to say."""
    if figures:
        exponent = _exponent(t)
        if exponent is None:
            return _of_zero(x, t)
        unit = Fraction(10) ** (exponent - size + 1)
    else:
        unit = Fraction(10) ** -size
    near, rounded_x, rounded_t = _within_half(x, t, unit), _roundings(x, unit), _roundings(t, unit)
    cut = _is_cut_off(x, t, unit) if figures else False
    if near is None or rounded_x is None or rounded_t is None or cut is None:
        return None
    same = bool(rounded_x & rounded_t)
    if not near and not same and not cut:
        return Finding(False, f"they differ by more than half of {_power(unit)}, and do not round to the same multiple")
    if not cut and near != same:
        return Finding(None, _parting(near=near, unit=unit))
    if figures:
        further = _further_figure(x, t, unit)
        if further is None:
            return None
        if not further:
            return Finding(
                None, f"they agree to {size} figures, but the figure that the left side has after them is wrong"
            )
    return Finding(True, f"cut off at {_power(unit)}" if cut and not near else f"rounded at {_power(unit)}")


def _parting(*, near: bool, unit: Fraction) -> str:
    if near:
        return f"they differ by less than half of {_power(unit)}, but do not round to the same multiple of it"
    return f"they round to the same multiple of {_power(unit)}, but differ by more than half of it"


def _power(unit: Fraction) -> str:
    return str(unit) if unit >= 1 else f"{float(unit):.12g}"


def _of_zero(x: Value, t: Value) -> Finding | None:
    """Zero has no figures: only zero is right."""
    if t.exact != 0 or (x.exact is None and x.ball.contains(0)):
        return None
    return Finding(x.exact == 0, "the right side is 0")


def _exponent(t: Value) -> int | None:
    """e with 10^e ≤ |t| < 10^(e+1); None for zero or where it is not certain."""
    if t.exact is not None:
        if t.exact == 0:
            return None
        size = abs(t.exact)
        if max(size.numerator, size.denominator).bit_length() > MAX_BITS:
            raise TooLarge("a number with too many digits to count its figures")
        guess = len(str(size.numerator)) - len(str(size.denominator))
        return guess if Fraction(10) ** guess <= size else guess - 1
    if t.ball.contains(0):
        return None
    whole = (abs(t.ball).log() / arb(10).log()).floor().unique_fmpz()
    return None if whole is None else int(whole)


def _within_half(x: Value, t: Value, unit: Fraction) -> bool | None:
    if x.exact is not None and t.exact is not None:
        return abs(x.exact - t.exact) <= unit / 2
    distance, half = abs(x.ball - t.ball), _ball(unit / 2)
    return True if distance <= half else False if distance > half else None


def _roundings(value: Value, unit: Fraction) -> set[int] | None:
    """The multiples of the unit a number rounds to: two where it is halfway."""
    if value.exact is not None:
        ratio = value.exact / unit
        return {floor(ratio + HALF), ceil(ratio - HALF)}
    whole = (value.ball / _ball(unit) + _ball(HALF)).floor().unique_fmpz()
    return None if whole is None else {int(whole)}


def _cut_off(value: Value, unit: Fraction) -> int | None:
    """The multiple of the unit a number is cut off to, towards zero."""
    if value.exact is not None:
        return int(value.exact / unit)
    size = (abs(value.ball) / _ball(unit)).floor().unique_fmpz()
    if size is None or value.ball.contains(0):
        return None
    return int(size) if value.ball > 0 else -int(size)


def _is_cut_off(x: Value, t: Value, unit: Fraction) -> bool | None:
    if x.exact is None or (x.exact / unit).denominator != 1:
        return False
    multiple = _cut_off(t, unit)
    return None if multiple is None else multiple == x.exact / unit


def _further_figure(x: Value, t: Value, unit: Fraction) -> bool | None:
    """Whether the first figure x has beyond those asked for is right, rounded or cut off; none is right as well."""
    if x.exact is not None and (x.exact / unit).denominator == 1:
        return True
    finer = unit / 10
    written, rounded, cut = _roundings(x, finer), _roundings(t, finer), _cut_off(t, finer)
    if written is None or rounded is None or cut is None:
        return None
    return bool(written & (rounded | {cut})) or any(multiple % 10 == 0 for multiple in written)


def _ball(value: Fraction) -> Any:
    return arb(fmpq(value.numerator, value.denominator))
