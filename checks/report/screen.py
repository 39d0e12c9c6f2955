"""Lines and tables of text that a terminal of a given width and encoding can show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from checks.report.text import one_line, shorten
from checks.report.wording import MARKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

_PLAIN = {"✓": "+", "✗": "x", "–": "-", "·": ".", "…": "...", "−": "-", "×": "x", "≤": "<=", "≥": ">="}
_BREAKS = re.compile(r"(?=\\[A-Za-z]|[-+=])")


@dataclass(frozen=True, slots=True)
class Screen:
    """Lines of at most `width` columns that the console's encoding can show."""

    console: Console
    width: int

    def safe(self, text: str) -> str:
        """One line of text; what the encoding lacks becomes its plain form, or its number (`\\u03c3`)."""
        line, encoding = one_line(text), self.console.encoding
        if _shows(line, encoding):
            return line
        plain = "".join(c if _shows(c, encoding) else _PLAIN.get(c, c) for c in line)
        return plain.encode(encoding, "backslashreplace").decode(encoding)

    def mark(self, verdict: str) -> str:
        """One character that says the verdict without colour; all plain if the encoding lacks any."""
        mark = MARKS[verdict]
        return mark if _shows("".join(MARKS.values()), self.console.encoding) else _PLAIN.get(mark, mark)

    def line(self, *parts: tuple[str, str]) -> None:
        """One line as it is, of text that is already safe."""
        text = Text.assemble(*parts)
        text.rstrip()
        self.console.print(text, soft_wrap=True, highlight=False)

    def wrap(self, indent: int, text: str, style: str = "") -> None:
        """Text wrapped at words, every line of it indented."""
        for line in Text(self.safe(text)).wrap(self.console, max(self.width - indent, 20)):
            self.line((" " * indent, ""), (line.plain, style))

    def formula(self, indent: int, latex: str, style: str = "") -> None:
        """LaTeX wrapped before its commands and operators; the lines put together are the source again."""
        width = max(self.width - indent, 20)
        rows = [""]
        for piece in _BREAKS.split(self.safe(latex)):
            if rows[-1] and cell_len(rows[-1] + piece) > width:
                rows.append("")
            rows[-1] += piece
        for row in rows:
            self.wrap(indent, row, style)

    def table(self, rows: Sequence[Sequence[str]], align: str, styles: Sequence[str], give: int = 0) -> None:
        """Rows of cells in aligned columns; column `give` is the one to be shortened where the table is too wide."""
        cells = [[self.safe(cell) for cell in row] for row in rows]
        widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
        over = sum(widths) + 2 * (len(widths) - 1) - self.width
        widths[give] = max(widths[give] - max(over, 0), 12)
        for row, style in zip(cells, styles, strict=True):
            padded = (
                fit(shorten(cell, width, self.safe("…")), width, side)
                for cell, width, side in zip(row, widths, align, strict=True)
            )
            self.line(("  ".join(padded), style))


def _shows(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def fit(text: str, width: int, side: str = "<") -> str:
    """Text padded to columns of the terminal, which `format` would count as characters."""
    space = " " * max(width - cell_len(text), 0)
    return text + space if side == "<" else space + text
