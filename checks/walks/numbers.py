"""A number as it is written beside the exact one: right to its digits, or wrong from which decimal on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.paths.roots import RootSum, enclosure

NUMBER = r"(?<![\w.])[-+]?(?:\d{1,20}(?:\.\d{1,60})?|\.\d{1,60})(?![\w]|\.\d)"
MAX_DIGITS = 30  # decimals that are compared
DOUBLE = 14  # decimals that sums of double-precision numbers near 1 carry for certain
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Written:
    """A decimal: its value and how many places it has."""

    text: str
    value: Fraction
    places: int

    @classmethod
    def of(cls, text: str) -> Written:
        """The decimal of a text that `NUMBER` matches."""
        plain = text.replace("+", "")
        return cls(text, Fraction(plain), len(plain.partition(".")[2]))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether a number is right to the digits written, a code and the words for it."""

    right: bool
    code: str
    said: str


def value_of(position: RootSum) -> Fraction:
    """The number, exact where it is rational, else to 40 decimals."""
    return position.value if position.value is not None else enclosure(position.ball(512))[0]


def decimal(value: Fraction, places: int) -> str:
    """A number rounded to so many decimals, half to even."""
    scaled = round(value * 10**places)
    sign, digits = "-" if scaled < 0 else "", str(abs(scaled)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def agreement(written: Written, truth: Fraction) -> Agreement:
    """A decimal is right if it is the number rounded, or cut off, after that many places; a whole number if it is the number.

    Of more than 14 decimals, those after the 14th are what double precision makes of them.
    """
    difference = abs(written.value - truth)
    places = min(written.places, MAX_DIGITS)
    unit = Fraction(1, 10**places)
    if difference == 0:
        return Agreement(True, "exact", "exactly")
    if places and difference <= unit / 2:
        return Agreement(True, "rounded", f"rounded from {decimal(truth, places + 4)}…")
    if places and difference < unit and abs(written.value) < abs(truth) and written.value * truth >= 0:
        return Agreement(True, "cut-off", f"{decimal(truth, places + 4)}… cut off")
    right = next(k for k in range(MAX_DIGITS, -1, -1) if difference <= HALF / 10**k) if difference <= HALF else None
    if right is not None and places > DOUBLE and right >= DOUBLE:
        return Agreement(True, "double-precision", f"right to {right} decimals; what follows is the rounding of double precision, "
                         f"exactly it goes on {decimal(truth, places + 3)}…")  # fmt: skip
    shown = decimal(truth, max(places, 1) + 2)
    wrong = "" if not right or not places else f"right to {right} decimals, then wrong: "
    return Agreement(False, "wrong-digits" if wrong else "wrong-value", f"{wrong}it is {shown}…")
