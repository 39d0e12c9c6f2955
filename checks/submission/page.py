"""A source with the parts that are not to be read painted over, and the way back from its offsets to formulas.

`text` has the length of the source: what is not read (code, comments, quote marks) is replaced by blanks, so every
offset in it is an offset in the source.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checks.submission.document import Piece

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.submission.decode import Source
    from checks.submission.tokens import Token

Span = tuple[int, int]


@dataclass
class Painter:
    """Collects what is painted over, left to right, then gives the page."""

    source: Source
    parts: list[str] = field(default_factory=list)
    holes: list[Span] = field(default_factory=list)
    done: int = 0

    def hide(self, start: int, end: int, instead: str | None = None) -> None:
        """Paint [start, end) over: by default with blanks, line ends kept."""
        start = max(start, self.done)
        if start >= end:
            return
        self.parts.append(self.source.text[self.done : start])
        self.parts.append(instead if instead is not None else blanks(self.source.text[start:end]))
        self.holes.append((start, end))
        self.done = end

    def replace(self, start: int, end: int, instead: str) -> None:
        """Paint over what stays part of a formula, such as a line end that ends no paragraph."""
        self.parts.append(self.source.text[self.done : start])
        self.parts.append(instead)
        self.done = end

    def page(self) -> Page:
        self.parts.append(self.source.text[self.done :])
        return Page(self.source, "".join(self.parts), self.holes)


def blanks(text: str) -> str:
    return "\n".join(" " * len(line) for line in text.split("\n"))


@dataclass
class Page:
    """What the scanners read."""

    source: Source
    text: str
    holes: list[Span] = field(default_factory=list)
    hole_starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hole_starts.extend(start for start, _ in self.holes)

    def formula(self, tokens: Iterable[Token]) -> tuple[str, tuple[Piece, ...]]:
        """The tokens' text as it stands in the file, one blank where something between two of them was left out."""
        parts: list[str] = []
        pieces: list[Piece] = []
        length = last = 0
        for start, end in self._spans(tokens):
            run = self.source.text[start:end]
            gap = bool(parts) and start != last and not parts[-1][-1].isspace() and not run[0].isspace()
            if gap:
                parts.append(" ")
                length += 1
            if gap or not self._adjoin(pieces, length, start):
                pieces.append(Piece(length, *self.source.place(start)))
            parts.append(run)
            length += len(run)
            last = end
        return "".join(parts), tuple(pieces)

    def _adjoin(self, pieces: list[Piece], length: int, start: int) -> bool:
        """Does the character at `start` follow the last one of the text in the file?"""
        if not pieces:
            return False
        last = pieces[-1]
        return (last.line, last.column + length - last.start) == self.source.place(start)

    def _spans(self, tokens: Iterable[Token]) -> list[Span]:
        spans: list[Span] = []
        for token in tokens:
            if spans and spans[-1][1] == token.start:
                spans[-1] = (spans[-1][0], token.end)
            else:
                spans.append((token.start, token.end))
        return [run for span in spans for seen in self._seen(*span) for run in self.source.runs(*seen)]

    def _seen(self, start: int, end: int) -> list[Span]:
        """[start, end) without the holes."""
        seen, index = [], max(bisect_right(self.hole_starts, start) - 1, 0)
        while index < len(self.holes) and self.holes[index][0] < end:
            hole_start, hole_end = self.holes[index]
            if hole_start > start:
                seen.append((start, hole_start))
            start = max(start, hole_end)
            index += 1
        if start < end:
            seen.append((start, end))
        return seen
