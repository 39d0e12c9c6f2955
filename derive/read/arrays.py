r"""Tokens of environments with rows and cells, and of what stands around a matrix: `\begin{pmatrix} a & b \\ c & d \end{pmatrix}^T`."""

from __future__ import annotations

import re

from derive.read.cursor import Cursor
from derive.read.vocabulary import DOTS, MATRICES, TRANSPOSES, UNICODE

_PART = re.compile(r"\\begin\s*\{[^}]*\}|\\end\s*\{[^}]*\}|\\\\(?:\s*\[[^\]]*\])?|\\.|[{}&]", re.DOTALL)
_BEGIN = re.compile(r"\s*\{\s*([A-Za-z]+)(?:\*\s*\}\s*\[[lcr]\]|\*?\s*\})")
_COLUMNS = re.compile(r"\s*(?:\[[tcb]\]\s*)?\{\s*([lcr\s]*)\}")
_NAME = re.compile(r"\\end\s*\{\s*([A-Za-z]+)\*?\s*\}")
_OPENING = frozenset(["_LPAR", "_LBRACE", "_LSET", "_LANGLE"])
_CLOSING = frozenset(["_RPAR", "_RBRACE", "_RSET", "_RANGLE"])
_BARS = frozenset(["|", r"\vert", r"\mid", r"\vline", r"\big|", r"\Big|"])
_DASHES = frozenset(
    ["-", "--", "---", "–", "—", r"\text{---}", r"\text{--}", r"\text{—}", r"\rule{1em}{0.4pt}", r"\longdash"]
)
Cells = list[tuple[int, int]]


def rows_of(lexer: Cursor, name: str, at: int, after: int, end: int) -> tuple[list[Cells], int, int]:
    """The cells of every row of an environment as ranges; where it ends, and what stands behind it."""
    rows: list[Cells] = [[]]
    depth, start = 0, after
    for match in _PART.finditer(lexer.text, after, end):
        part = match.group()
        if part.startswith(r"\end") and depth == 0:
            rows[-1].append((start, match.start()))
            ends = _NAME.match(part)
            if ends is None or ends.group(1) != name:
                lexer.refuse("bracket-mismatch", rf"{part} closes \begin{{{name}}}", match.start(), length=len(part),
                             hint=rf"write \end{{{name}}} there")  # fmt: skip
            return [row for row in rows if any(lexer.text[a:b].strip() for a, b in row)], match.start(), match.end()
        depth += part == "{" or part.startswith(r"\begin")
        depth -= part == "}" or part.startswith(r"\end")
        if depth == 0 and (part == "&" or part.startswith("\\\\")):
            rows[-1].append((start, match.start()))
            start = match.end()
            if part != "&":
                rows.append([])
    lexer.refuse("bracket-unclosed", rf"\begin{{{name}}} is opened and never closed", at, length=after - at,
                 hint=rf"add \end{{{name}}}")  # fmt: skip


def begins(lexer: Cursor, after: int, end: int) -> re.Match[str] | None:
    """Whether the environment that begins is a matrix."""
    match = _BEGIN.match(lexer.text, after, end)
    return match if match and match.group(1) in MATRICES else None


def matrix(lexer: Cursor, begin: re.Match[str], at: int, end: int) -> int:
    """A matrix: every row as many entries, none of them empty; `vmatrix` is its determinant."""
    name, after = begin.group(1), begin.end()
    if name == "array":
        columns = _COLUMNS.match(lexer.text, begin.end(), end)
        if columns is None:
            lexer.refuse("array-columns", "the columns of an array are not plain l, c and r", at, length=after - at,
                         hint=r"write \begin{pmatrix} … \end{pmatrix}")  # fmt: skip
        after = columns.end()
    rows, stop, following = rows_of(lexer, name, at, after, end)
    if not rows:
        lexer.refuse("empty-bracket", "a matrix has nothing in it", at, length=following - at, hint="write its entries")
    rows, drawn = _without_bars(lexer, rows)
    sparse = any(lexer.text[a:b].strip() in {r"\ddots", "⋱"} for cells in rows for a, b in cells)
    wide = next((len(cells) for cells in rows if not _only_dots(lexer, cells)), 1)
    lexer.emit("_DETERMINANT" if name == "vmatrix" else "_MATRIX", name, at, after)
    lexer.push("matrix", at)
    for index, cells in enumerate(rows):
        if _only_dots(lexer, cells):  # however many dots stand in it
            cells = [next(cell for cell in cells if lexer.text[slice(*cell)].strip())] * wide
        if len(cells) != wide:
            count = f"{len(cells)} {'entry' if len(cells) == 1 else 'entries'}"
            reason = f"row {index + 1} of a matrix has {count}, the first row {wide}"
            lexer.refuse(
                "ragged-matrix", reason, cells[0][0], hint="write as many in every row, 0 where nothing stands"
            )
        if index:
            lexer.emit("_ROW", r"\\", cells[0][0], cells[0][0])
        for place, (start, close) in enumerate(cells):
            blank = not lexer.text[start:close].strip()
            if blank and not sparse:
                lexer.refuse(
                    "entry-missing", f"the entry in row {index + 1}, column {place + 1} is empty", start, hint="write 0"
                )
            if place:
                lexer.emit("_CELL", "&", start - 1, start)
            if blank:
                lexer.emit("NUMBER", "0", start, start)
            else:
                lexer.inside(start, close)
    lexer.open.pop()
    lexer.emit("_MATRIX_END", name, stop, following)
    return following if drawn is None else lexer.emit("SIZED", (None, drawn), stop, following)


def is_transpose(lexer: Cursor, script: str) -> bool:
    """Whether a superscript transposes the matrix, the list, or the bracket with a matrix in it that was just read."""
    script = " ".join(script.split())
    if script not in TRANSPOSES or (script == "T" and lexer.table.resolve("T") is not None):
        return False
    tokens = lexer.out.tokens
    if tokens[-1].type in {"_MATRIX_END", "_RANGLE"}:
        return True
    if tokens[-1].type != "_RPAR":
        return False
    depth, found = 0, False
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        depth += (token.type in _CLOSING) - (token.type in _OPENING)
        found = found or token.type == "_MATRIX_END" or (token.type == "_COMMA" and depth == 1)
        if depth == 0:
            return found and (index == 0 or tokens[index - 1].type not in {"FUNC", "_RBRACE"})
    return False


def _only_dots(lexer: Cursor, cells: Cells) -> bool:
    """Whether a row says that rows are left out."""
    texts = [lexer.text[start:close].strip() for start, close in cells]
    return any(texts) and all(UNICODE.get(text, text) in DOTS or not text for text in texts)


def _without_bars(lexer: Cursor, rows: list[Cells]) -> tuple[list[Cells], int | None]:
    """The rows without those that draw columns (1), `| & | & |`, or the cells without dashes that draw rows (0), `- & r & -`."""

    def drawn(cells: Cells) -> bool:
        texts = [lexer.text[start:close].strip() for start, close in cells]
        return any(text in _BARS for text in texts) and all(text in _BARS or text in DOTS or not text for text in texts)

    kept = [cells for cells in rows if not drawn(cells)]
    if kept and len(kept) < len(rows):
        return kept, 1
    dashes = [[lexer.text[start:close].strip() in _DASHES for start, close in cells] for cells in rows]
    rowwise = all(row == [True, False, True] or _only_dots(lexer, c) for row, c in zip(dashes, rows, strict=True))
    if rowwise and any(any(row) for row in dashes):
        return [cells[1:2] if row[:1] == [True] else cells for row, cells in zip(dashes, rows, strict=True)], 0
    return rows, None
