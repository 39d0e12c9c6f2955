"""What every reader of documents produces: the formulas of a file with their place, and what was left out.

A `Formula` holds one candidate statement, delimiters and environment removed, otherwise verbatim (but ŷ is written
`\\hat{y}`, and the star of z5* in a formula without delimiters `^*`); `pieces` says where each run of its text stands in
the file, so that an error found at a character of the formula is reported at its line and column. Rows of a display that
only carry on the sum of the row before (`+ …`, `\\quad \\left. + …`) are joined to it; rows, and displays, that begin
with a relation (`= …`, `\\le …`, `\\Rightarrow …`) stay formulas of their own and have `continues` set: they carry on the
chain before. So does a display that equates nothing, where an arrow at the end of the display before leads to it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from checks.submission.page import Page

Kind = Literal["display", "inline", "plain"]
Role = Literal["claim", "assumption", "conclusion", "mention"]


@dataclass(frozen=True, slots=True)
class Piece:
    """`text[start:]` of a formula, up to the next piece, stands in the file from (line, column) on."""

    start: int
    line: int
    column: int


def position(pieces: tuple[Piece, ...], offset: int) -> tuple[int, int]:
    """Line and column in the file of the character at `offset` of a text that stands in these pieces."""
    piece = pieces[max(bisect_right(pieces, offset, key=lambda piece: piece.start) - 1, 0)]
    return piece.line, piece.column + offset - piece.start


@dataclass(frozen=True, slots=True)
class Formula:
    """One candidate statement of a document."""

    text: str
    pieces: tuple[Piece, ...]
    kind: Kind
    # claim: stated as true; assumption: after if, since, where …; conclusion: after "if … then"; mention: struck out
    role: Role = "claim"
    continues: bool = False
    section: int = 0  # how many headings and exercise numbers stand above
    label: str | None = None  # "(a)", "(1)", \tag: removed from the text
    sentence: int = 0  # counted through the document
    words: str = ""  # of the sentence, before the formula
    after: str = ""  # the words right behind it; ". …" where another sentence begins with them
    lasting: bool = False  # an assumption after "let", "suppose" …: it outlasts its sentence
    since: int = 0  # the sentence whose premises hold here, too: "If A, then B. Hence C."

    @property
    def line(self) -> int:
        return self.pieces[0].line

    @property
    def column(self) -> int:
        return self.pieces[0].column

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column in the file of the character at `offset` of the text."""
        return position(self.pieces, offset)


@dataclass(frozen=True, slots=True)
class Remark:
    """A part of the file that was not read as a formula, with the reason."""

    line: int
    column: int
    message: str
    place: str | None = None  # for a person, where line and column are those of a notebook's JSON: "cell 3, line 7"


@dataclass(frozen=True, slots=True)
class Mark:
    """From (line, column) of the file on, up to the next mark, a person would say this place."""

    line: int
    column: int
    place: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: its formulas in reading order, and the parts that were not read."""

    name: str
    formulas: tuple[Formula, ...]
    remarks: tuple[Remark, ...] = ()
    marks: tuple[Mark, ...] = ()  # of a notebook, in order
    unread: bool = False  # a notebook that is none, or has nothing to read: a person has to look
    pages: tuple[Page, ...] = field(default=(), repr=False, compare=False)  # what prose and tables are read from

    def place(self, line: int, column: int) -> str | None:
        """What a person would call this place of the file, if not by its line."""
        index = bisect_right(self.marks, (line, column), key=lambda mark: (mark.line, mark.column))
        return self.marks[index - 1].place if index else None
