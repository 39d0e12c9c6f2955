"""Letters typed with their accent: `ŷ` is `\\hat{y}`; `é` is a letter of prose."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = {
    "\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar", "\u0305": r"\bar", "\u0307": r"\dot", "\u0308": r"\ddot",
    "\u030c": r"\check", "\u0306": r"\breve", "\u20d7": r"\vec",
}  # fmt: skip
MARKS = r"\u0300-\u036f\u20d0-\u20ff"  # what combines with the letter before it
LETTERS = rf"A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ{MARKS}"  # Latin, as the inside of a set of characters
ACCENTED = re.compile(rf"[À-ÖØ-öø-ɏḀ-ỿ]|[A-Za-zͰ-Ͽ][{MARKS}]+")


def as_latex(written: str) -> str | None:
    """`ŷ` → `\\hat{y}`; None for what is no letter with one sign of mathematics over it."""
    apart = unicodedata.normalize("NFD", written)
    return rf"{_ACCENTS[apart[1]]}{{{apart[0]}}}" if len(apart) == 2 and apart[1] in _ACCENTS else None


def foreign(text: str) -> bool:
    """Does the text hold a letter such as é, which no formula has?"""
    return not text.isascii() and any(as_latex(match.group()) is None for match in ACCENTED.finditer(text))
