"""A Jupyter notebook → a source for each of its Markdown cells.

Positions are those of the .ipynb file itself, read as text: its line, and the column of the character within the JSON
string (of the backslash, for an escaped character). So an editor opened at the place shows the formula, in notebooks
of one line per source line and in minified ones alike. For people there are marks, "cell 3, line 7". Cells that are not
Markdown are remarked on.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checks.submission.decode import Source
from checks.submission.document import Mark, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s"{}\[\],:]+', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)


@dataclass
class Cell:
    """A cell as it stands in the file: its kind and the offsets of the strings that make its source."""

    start: int
    kind: str = ""
    strings: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class _Open:
    """An object or array not yet closed."""

    cell: Cell | None
    key: str = ""
    is_source: bool = False


def is_notebook(text: str) -> bool:
    """Is this JSON that holds an object? Never raises, however deeply it is nested."""
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def cells(text: str) -> Iterator[Cell]:
    """The objects with a "cell_type" of a notebook that `is_notebook`."""
    stack = [_Open(None)]
    last: re.Match[str] | None = None
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark == "{":
            stack.append(_Open(Cell(token.start())))
        elif mark == "[":
            stack.append(_Open(stack[-1].cell, is_source=stack[-1].key == "source" and not stack[-1].is_source))
        elif mark in {"}", "]"}:
            done = stack.pop()
            if mark == "}" and done.cell and done.cell.kind:
                yield done.cell
        elif mark == ":" and last:
            stack[-1].key = json.loads(last.group())
        elif mark.startswith('"'):
            _string(stack[-1], token)
        last = token
        if mark == ",":
            stack[-1].key = ""


def _string(place: _Open, token: re.Match[str]) -> None:
    if not place.cell:
        return
    if place.key == "cell_type":
        place.cell.kind = json.loads(token.group())
    elif place.is_source or place.key == "source":
        place.cell.strings.append((token.start() + 1, token.end() - 1))


def cell_source(file: Source, cell: Cell) -> Source:
    """The text of a cell; each run of it that the file has character by character is a piece."""
    parts: list[str] = []
    pieces: list[Piece] = []
    length = 0
    for part, offset in _runs(file.text, cell):
        pieces.append(Piece(length, *file.place(offset)))
        parts.append(part)
        length += len(part)
    return Source("".join(parts), tuple(pieces) or (Piece(0, *file.place(cell.start)),))


def marks(source: Source, number: int) -> Iterator[Mark]:
    """Where each line of a cell begins in the file."""
    offset = 0
    for line, text in enumerate(source.text.split("\n"), start=1):
        if offset < len(source.text):
            yield Mark(*source.place(offset), f"cell {number}, line {line}")
        offset += len(text) + 1


def _runs(text: str, cell: Cell) -> Iterator[tuple[str, int]]:
    """Decoded runs, each with the offset in the file of its first character."""
    for start, end in cell.strings:
        position = start
        for escape in _ESCAPE.finditer(text, start, end):
            if position < escape.start():
                yield text[position : escape.start()], position
            yield json.loads(f'"{escape.group()}"'), escape.start()
            position = escape.end()
        if position < end:
            yield text[position:end], position
