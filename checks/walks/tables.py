r"""A source → the rows of positions it lists: `h = 0.3 … Pass`, `w [0.3, 0.6, …]`; Markdown and LaTeX tables.

A Markdown table stands with its heights in a column `h` and the positions in columns `w_1`, `w_2`, …; or with the steps in a
column `t` and a quantity in each other column; or lying, with `t` and the steps in one row and a quantity in each other row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from checks.walks.claims import Fate, fate_of
from checks.walks.numbers import NUMBER, Written
from checks.walks.prose import plain

LISTED = 3  # numbers that make a list
REACH = 2  # lines between a height and its list
MAX_ROWS = 2_000
_LIST = re.compile(rf"\[\s*(?P<list>{NUMBER}(?:\s*[,;]\s*{NUMBER}){{2,}}(?:\s*,?\s*(?:\.\.\.|…|\\l?dots))?)\s*\]")
_BARE = re.compile(rf"(?P<list>{NUMBER}(?:\s*(?:,|->|→|⇒|\\to|\\rightarrow)\s*{NUMBER}){{2,}})")
_HEIGHT = re.compile(rf"(?<![\w\\])h\s*(?:=|:|≈)\s*(?P<height>{NUMBER})")
_GRID = re.compile(r"\\begin\{(?P<kind>array|tabular\*?|longtable)\}(?:\[[^\]\n]{0,40}\])?(?:\{[^{}\n]{0,200}\}){1,2}")
_RULES = re.compile(r"\\(?:hline|toprule|midrule|bottomrule|cline\{[^{}]*\})|\\\\\[[^\]]*\]")
_PIPES = re.compile(r"(?:^[ \t]*\|?[^\n|]*\|[^\n]*\n){2,}", re.MULTILINE)
_DASHES = re.compile(r"[\s|:\-]+")
_STEP = re.compile(r"(?P<name>\\hat\s*\{?\s*[mv]\s*\}?|[A-Za-z])\s*_\s*\{?\s*(?P<step>\d{1,3})\s*\}?")
_QUANTITY = re.compile(r"(?P<name>\\hat\s*\{?\s*[mv]\s*\}?|[A-Za-z])\s*(?:_\s*\{?\s*t\s*\}?)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A number of a table: which quantity at which step (None: counted on from the first), and where it stands."""

    number: Written
    step: int | None
    quantity: str
    offset: int


@dataclass(frozen=True, slots=True)
class Row:
    """Entries of one path: its height if that is said, what is said to become of it, and the text it stands in."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    height: Written | None = None
    fate: Fate | None = None
    fate_at: tuple[int, int] | None = None
    unread: list[str] = field(default_factory=list, compare=False)


def rows_of(text: str, position: str) -> list[Row]:
    """Every row of a source, in order; `position` is the letter of the position."""
    grids = [*_latex_grids(text), *_pipe_grids(text)]
    found = [row for start, _, cells in grids for row in _grid_rows(cells)]
    covered = [(start, end) for start, end, _ in grids]
    found += [row for row in _listed(text, position) if not any(a <= row.start < b for a, b in covered)]
    return sorted(found, key=lambda row: row.start)[:MAX_ROWS]


# --- lists -----------------------------------------------------------------------------------------------------------


def _listed(text: str, position: str) -> Iterator[Row]:
    """Lists of numbers; the height stands on their line or shortly before."""
    height: tuple[int, Written, Fate | None, tuple[int, int]] | None = None
    offset = 0
    for index, line in enumerate(text.split("\n")):
        flat = plain(line)
        said = _HEIGHT.search(flat)
        if said:
            span = (offset + len(line) - len(line.lstrip()), offset + len(line.rstrip()))
            height = (index, Written.of(said["height"]), _fate(flat), span)
        found = _LIST.search(flat) or (_BARE.search(flat, said.end()) if said else None)
        if found and len(re.findall(NUMBER, found["list"])) >= LISTED:
            near = height is not None and index - height[0] <= REACH
            entries = tuple(
                Entry(Written.of(match.group()), None, position, offset + found.start("list") + match.start())
                for match in re.finditer(NUMBER, found["list"])
            )
            row = Row(offset + len(line) - len(line.lstrip()), offset + len(line.rstrip()), entries)
            if near and height is not None:
                row = Row(row.start, row.end, entries, height[1], height[2] or _fate(flat), height[3])
            if near or re.search(rf"(?<![A-Za-z]){re.escape(position)}(?![A-Za-z])", flat[: found.start()]):
                yield row
            height = None
        offset += len(line) + 1


def _fate(text: str) -> Fate | None:
    return fate_of(text.replace("-", " ").replace("_", " "))


# --- tables ----------------------------------------------------------------------------------------------------------

Cell = tuple[str, int]  # text, offset
Grid = list[list[Cell]]


def _latex_grids(text: str) -> Iterator[tuple[int, int, Grid]]:
    done, unclosed = 0, set[str]()  # kinds that are closed nowhere further on
    while found := _GRID.search(text, done):
        kind = found["kind"]
        end = -1 if kind in unclosed else text.find(rf"\end{{{kind}}}", found.end())
        if end < 0:
            unclosed.add(kind)
            done = found.end()
            continue
        rows: Grid = []
        offset = found.end()
        for row in _RULES.sub(_blank, text[found.end() : end]).split("\\\\"):
            if row.strip():
                rows.append(_cells(row, offset, "&"))
            offset += len(row) + 2
        yield found.start(), end, rows
        done = end


def _blank(rule: re.Match[str]) -> str:
    """A line of a table, or the length after a row's end, of the same length and without effect."""
    return ("\\\\" if rule.group().startswith("\\\\") else "").ljust(len(rule.group()))


def _pipe_grids(text: str) -> Iterator[tuple[int, int, Grid]]:
    for found in _PIPES.finditer(text + "\n"):
        rows: Grid = []
        offset = found.start()
        for line in found.group().split("\n"):
            if line.strip() and not _DASHES.fullmatch(line):
                rows.append(_cells(line, offset, "|"))
            offset += len(line) + 1
        yield found.start(), found.end(), rows


def _cells(row: str, offset: int, mark: str) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row.split(mark):
        cells.append((plain(cell), offset))
        offset += len(cell) + 1
    if mark == "|":
        cells = cells[1:] if cells and not cells[0][0].strip() else cells
        cells = cells[:-1] if cells and not cells[-1][0].strip() else cells
    return cells


def _grid_rows(grid: Grid) -> Iterator[Row]:
    if len(grid) < 2:
        return
    heads = [cell.strip() for cell, _ in grid[0]]
    first = [row[0][0].strip() for row in grid if row]
    if "h" in heads or any(_STEP.fullmatch(head) for head in heads):
        for row in grid[1:]:
            yield from _of_height(heads, row)
    elif heads and heads[0] in ("t", "step", "k", "n") and all(_number(name) for name in first[1:]):
        yield from _columns(heads, grid[1:])
    elif first and first[0] in ("t", "step", "k", "n") and all(_number(cell) for cell, _ in grid[0][1:]):
        turned = [list(column) for column in zip(*grid, strict=False)]
        yield from _columns(first, turned[1:])


def _of_height(heads: list[str], row: list[Cell]) -> Iterator[Row]:
    """One path a row."""
    height: Written | None = None
    fate: Fate | None = None
    fate_at: tuple[int, int] | None = None
    entries: list[Entry] = []
    for head, (cell, offset) in zip(heads, row, strict=False):
        number, step = _number(cell), _STEP.fullmatch(head)
        at = offset + len(cell) - len(cell.lstrip())
        if head == "h" and number:
            height = number
        elif step and number:
            entries.append(Entry(number, int(step["step"]), _name(step["name"]), at))
        elif (listed := _LIST.search(cell)) and height:
            entries += [Entry(Written.of(m.group()), None, "w", offset + listed.start("list") + m.start())
                        for m in re.finditer(NUMBER, listed["list"])]  # fmt: skip
        elif not number and _fate(cell):
            fate, fate_at = _fate(cell), (at, offset + len(cell.rstrip()))
    if entries or (height and fate):
        last, at = row[-1]
        yield Row(row[0][1], at + len(last.rstrip()), tuple(entries), height, fate, fate_at)


def _columns(heads: list[str], rows: Grid) -> Iterator[Row]:
    """One step a row."""
    for row in rows:
        step = _number(row[0][0])
        if step is None or step.value.denominator != 1 or step.value < 0:
            continue
        entries = []
        for head, (cell, offset) in list(zip(heads, row, strict=False))[1:]:
            number, named = _number(cell), _QUANTITY.fullmatch(head)
            if number and named:
                at = offset + len(cell) - len(cell.lstrip())
                entries.append(Entry(number, int(step.value), _name(named["name"]), at))
        if entries:
            last, at = row[-1]
            yield Row(min(cell[1] for cell in row), at + len(last.rstrip()), tuple(entries))


def _name(text: str) -> str:
    letter = text.replace("{", "").replace("}", "").replace(" ", "")
    return "\\hat{" + letter[-1] + "}" if letter.startswith("\\hat") else letter


def _number(text: str) -> Written | None:
    found = re.fullmatch(rf"\s*({NUMBER})\s*", text)
    return Written.of(found[1]) if found else None


def height_before(text: str, offset: int) -> Fraction | None:
    """The height last written before an offset."""
    found = list(_HEIGHT.finditer(plain(text[max(offset - 400, 0) : offset])))
    return Fraction(found[-1]["height"]) if found else None
