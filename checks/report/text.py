"""Text of strangers, made safe to show: what is invisible or acts on the screen is replaced."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

# Persian and Indic words need these two; every other invisible character (escape codes, writing direction, …) goes.
_JOINERS = "\u200c\u200d"
REPLACED = "\ufffd"


def clean(text: str) -> str:
    """The text with every control, format and unassigned character replaced; line breaks and tabs are kept."""
    return "".join(_shown(character) for character in text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """The cleaned text with every run of white space made one space."""
    return " ".join(clean(text).split())


def shorten(text: str, width: int, ellipsis: str = "…") -> str:
    """The text cut to `width` columns of a terminal, with an ellipsis where something was left out."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(width - len(ellipsis), 0)).rstrip() + ellipsis


def _shown(character: str) -> str:
    if character.isprintable() or character in "\n\t" or character in _JOINERS:
        return character
    return " " if character.isspace() else REPLACED
