"""How far an answer may be from the reference and still count as right: from a number, a mapping or text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from derive.errors import BadSpec

Mode = Literal["absolute", "relative", "decimal places", "significant figures", "digits written"]
_MODES: dict[str, Mode] = {
    "absolute": "absolute",
    "relative": "relative",
    "decimal places": "decimal places",
    "decimals": "decimal places",
    "places": "decimal places",
    "significant figures": "significant figures",
    "significant digits": "significant figures",
    "figures": "significant figures",
    "digits": "significant figures",
    "digits written": "digits written",
    "as written": "digits written",
}
_TEXT = re.compile(r"\s*([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{1,3})?)\s*(%|\\%|[A-Za-z ]*?)\s*")
MAX_DIGITS = 100  # decimal places or figures
MAX_TEXT = 60
WANTED = "write a number (absolute), 1%, '2 places', '3 figures', 'as written', or {'mode': 'relative', 'tol': 0.01}"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """`size` is the tolerance itself (absolute), a share of the reference (relative), or a count of digits.

    The second of two sides is the reference t, the first the claim x. Bounds are inclusive.

    absolute             |x − t| ≤ size
    relative             |x − t| ≤ size·|t|
    decimal places       u = 10^−size: |x − t| ≤ u/2, and x and t round to the same multiple of u
    significant figures  u = 10^(e − size + 1), where 10^e ≤ |t| < 10^(e+1): as above, or x is t cut off after that many
                         figures; a further figure that x has must be right as well, rounded or cut off
    digits written       x is a number, or a vector or matrix of numbers, and |x − t| < 10^−k where x has k digits behind
                         its point; whole numbers are exact, except beside numbers with a point (no size)

    A value halfway between two multiples rounds to either. Where the readings of "right to two places" that are in use
    part (0.2449 and 0.2451 differ by less than half a unit and round apart), nothing is decided.
    """

    mode: Mode
    size: Fraction

    @classmethod
    def of(cls, given: Any) -> Tolerance:
        """The tolerance of a number, a mapping with `mode` and `tol`, or text. Raises BadSpec."""
        if isinstance(given, Tolerance):
            return given
        if isinstance(given, Mapping):
            mode = _MODES.get(" ".join(str(given.get("mode", "absolute")).lower().split()))
            if mode == "digits written" and {*given} == {"mode"}:
                return cls(mode, Fraction(0))
            if mode is None or "tol" not in given or not {*given} <= {"mode", "tol"}:
                raise BadSpec(f"tolerance {dict(given)!r} is not known; {WANTED}")
            return cls._checked(mode, _exact(given["tol"]))
        if isinstance(given, str) and _MODES.get(" ".join(given.lower().split())) == "digits written":
            return cls("digits written", Fraction(0))
        if isinstance(given, str):
            match = _TEXT.fullmatch(given) if len(given) <= MAX_TEXT else None
            unit = " ".join(match.group(2).lower().split()) if match else ""
            if match is None or (unit.strip("\\%") and _singular(unit) not in _MODES):
                raise BadSpec(f"tolerance {given[:MAX_TEXT]!r} cannot be read; {WANTED}")
            if unit.endswith("%"):
                return cls._checked("relative", Fraction(match.group(1)) / 100)
            return cls._checked(_MODES[_singular(unit)] if unit else "absolute", Fraction(match.group(1)))
        return cls._checked("absolute", _exact(given))

    @classmethod
    def _checked(cls, mode: Mode, size: Fraction) -> Tolerance:
        if size < 0:
            raise BadSpec(f"a tolerance cannot be negative: {size}")
        if mode == "digits written":
            raise BadSpec(f"how many digits are written is seen in the claim; {WANTED}")
        if mode in {"decimal places", "significant figures"}:
            least = 0 if mode == "decimal places" else 1
            if size.denominator != 1 or not least <= size <= MAX_DIGITS:
                raise BadSpec(f"the number of {mode} must be a whole number from {least} to {MAX_DIGITS}")
        return cls(mode, size)

    @property
    def counts_digits(self) -> bool:
        """Whether digits are asked for rather than a distance."""
        return self.mode in {"decimal places", "significant figures"}

    def __str__(self) -> str:
        if self.mode == "digits written":
            return "the digits written"
        if self.counts_digits:
            return f"{self.size} {self.mode if self.size != 1 else self.mode.removesuffix('s')}"
        shown = _decimal(self.size * 100 if self.mode == "relative" else self.size)
        return f"{shown} % of the right side" if self.mode == "relative" else shown


def _singular(unit: str) -> str:
    """`1 place` is said of one of them."""
    return unit if unit in _MODES or not unit else f"{unit}s"


def _exact(value: Any) -> Fraction:
    """A number as the decimal it is written as: the float 0.05 is 1/20."""
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        raise BadSpec(f"a tolerance must be a number, not {value!r}; {WANTED}")
    try:
        return Fraction(repr(float(value)) if isinstance(value, float) else value)
    except (ValueError, ZeroDivisionError, OverflowError):
        raise BadSpec(f"a tolerance must be a finite number, not {value!r}; {WANTED}") from None


def _decimal(value: Fraction) -> str:
    """A fraction as a decimal where that is short."""
    text = f"{float(value):.12g}"
    return text if Fraction(text) == value else str(value)
