"""Bytes of a file → a `Source`: its characters, and the line and column in the file of each of them."""

from __future__ import annotations

from bisect import bisect_right
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, field

from checks.submission.document import Piece, Remark

REMARKS = 1000  # per file; a hostile file could earn one per byte


@dataclass(frozen=True)
class Source:
    """`text` with "\\n" between lines; `pieces` says where its runs stand in the file, one for each line at least."""

    text: str
    pieces: tuple[Piece, ...]
    starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.starts.extend(piece.start for piece in self.pieces)

    def place(self, offset: int) -> tuple[int, int]:
        piece = self.pieces[max(bisect_right(self.starts, offset) - 1, 0)]
        return piece.line, piece.column + offset - piece.start

    def runs(self, start: int, end: int) -> list[tuple[int, int]]:
        """[start, end) cut where the file does not run on character by character."""
        inner = self.starts[bisect_right(self.starts, start) : bisect_right(self.starts, end - 1)]
        return list(zip([start, *inner], [*inner, end], strict=True))


@dataclass
class Notes:
    """Collects remarks; `source`, which a notebook changes from cell to cell, turns offsets into places."""

    source: Source
    remarks: list[Remark] = field(default_factory=list)
    left_out: int = 0

    def add(self, offset: int, message: str, *, always: bool = False) -> None:
        if always or len(self.remarks) < REMARKS:
            self.remarks.append(Remark(*self.source.place(offset), message))
        else:
            self.left_out += 1

    def all(self) -> tuple[Remark, ...]:
        ordered = sorted(self.remarks, key=lambda remark: (remark.line, remark.column))
        if self.left_out:
            ordered.append(Remark(*self.source.place(len(self.source.text)), f"{self.left_out} more remarks left out"))
        return tuple(ordered)


def decode(data: bytes) -> tuple[Source, list[Remark]]:
    """UTF-8, line by line; a line that is not UTF-8 is read as Latin-1, with a remark. Lines end with LF or CRLF."""
    remarks: list[Remark] = []
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace").replace("\r\n", "\n")
        return numbered(text.split("\n")), [Remark(1, 1, "the file is UTF-16, not UTF-8")]
    lines = []
    for number, raw in enumerate(data.removeprefix(BOM_UTF8).split(b"\n"), start=1):
        lines.append(_line(raw.removesuffix(b"\r"), number, remarks))
    return numbered(lines), remarks


def _line(raw: bytes, number: int, remarks: list[Remark]) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        column = error.start + 1  # Latin-1: one character a byte
        message = f"byte {column} of the line (0x{raw[error.start]:02x}) is not UTF-8; the line was read as Latin-1"
        if len(remarks) < REMARKS:
            remarks.append(Remark(number, column, message))
        return raw.decode("latin-1")


def numbered(lines: list[str]) -> Source:
    """Lines as a source: column 1 of each begins a piece."""
    pieces, offset = [], 0
    for number, line in enumerate(lines, start=1):
        pieces.append(Piece(offset, number, 1))
        offset += len(line) + 1
    return Source("\n".join(lines), tuple(pieces))
