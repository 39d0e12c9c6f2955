"""A piece of code: its text, and what may stand around it without brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass

SUM, PRODUCT, UNARY, POWER, ATOM = range(5)  # how tightly a text holds together
_SIMPLE = re.compile(r"-?[\w.]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A text, how tightly it holds together, and whether it is a plain Python number."""

    text: str
    rank: int = ATOM
    scalar: bool = False

    def at(self, rank: int) -> str:
        """The text where an operator of this rank takes its operand."""
        return self.text if self.rank >= rank else f"({self.text})"


def raised(base: str, exponent: str) -> Piece:
    """A power, without spaces between names and numbers."""
    space = "" if _SIMPLE.fullmatch(base) and _SIMPLE.fullmatch(exponent) else " "
    return Piece(f"{base}{space}**{space}{exponent}", POWER)
