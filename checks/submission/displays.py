"""A display → its statements: rows at `\\\\`, cells at `&`, rows that carry on a sum joined to the row before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checks.submission import labels
from checks.submission.statements import LONGEST, Draft, statements
from checks.submission.tokens import (
    ARROWS,
    JOINERS,
    OPERATORS,
    RELATIONS,
    SIGNS,
    Brackets,
    Token,
    Tokens,
    begins_with,
    depths,
    ends_with,
    group_end,
    relations,
    significant,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.submission.decode import Notes
    from checks.submission.document import Role

_PAIRED = table("align alignat flalign aligned alignedat split dmath")
_WITH_ARGUMENT = table("alignat alignedat array")
_TRANSPARENT = _PAIRED | table("equation displaymath gather gathered multline eqnarray")


@dataclass
class Row:
    """The cells of a row, and the environment they stand in ("" for none)."""

    environment: str
    cells: list[Tokens] = field(default_factory=lambda: [[]])

    @property
    def empty(self) -> bool:
        return all(significant(cell) is None for cell in self.cells)


class _Rows:
    """Splits the tokens of a display; environments of rows vanish, all others stay whole."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.frames: list[str] = []
        self.brackets = Brackets()
        self.lefts = 0
        self.left_dropped = False
        self.rows = [Row("")]

    def split(self) -> list[Row]:
        index = 0
        while index < len(self.tokens):
            index = self._step(index)
        return [row for row in self.rows if not row.empty]

    def _step(self, index: int) -> int:
        token = self.tokens[index]
        if self.brackets.hard == 0 and token.text[0] in "\\&":
            if token.text.startswith(r"\\"):
                self._break()
                return index + 1
            if token.text == "&":
                self.rows[-1].cells.append([])
                return index + 1
            end = self._frame(index)
            if end:
                return end
        self._keep(token)
        return index + 1

    def _keep(self, token: Token) -> None:
        if self.brackets.hard == 0:
            self.lefts += token.text.startswith(r"\left") and not token.text[5:6].isalpha()
            self.lefts -= token.text.startswith(r"\right") and not token.text[6:7].isalpha()
            if self.left_dropped and self.lefts < 0:
                self.left_dropped, self.lefts = False, 0
                return
        self.brackets.step(token.text)
        self.rows[-1].cells[-1].append(token)

    def _frame(self, index: int) -> int:
        """Index after a \\begin or \\end of rows, else 0."""
        text = self.tokens[index].text
        if not text.startswith((r"\begin", r"\end")) or not text.endswith("}"):
            return 0
        name = text[text.index("{") + 1 : -1].removesuffix("*")
        if text.startswith(r"\end"):
            return self._end(index, name)
        if name not in _TRANSPARENT and not (name == "array" and self._whole(index)):
            return 0
        if self.lefts and not self._brace():
            return 0
        return self._begin(index, name)

    def _begin(self, index: int, name: str) -> int:
        if self.rows[-1].environment:
            self._break()
        self.frames.append(name)
        self.rows[-1].environment = name
        end = index + 1
        if name in _WITH_ARGUMENT:
            end = group_end(self.tokens, end)
        elif [token.text for token in self.tokens[end : end + 3 : 2]] == ["[", "]"]:
            end += 3  # \begin{aligned}[t]
        return end

    def _end(self, index: int, name: str) -> int:
        if not self.frames or self.frames[-1] != name:
            return 0
        self.frames.pop()
        return index + 1

    def _break(self) -> None:
        self.rows.append(Row(self.frames[-1] if self.frames else ""))

    def _brace(self) -> bool:
        """Drop the brace of a system, `\\left\\{ \\begin{aligned} … \\end{aligned} \\right.`."""
        here = [token for token in self.rows[-1].cells[-1] if not token.blank]
        if len(here) != 1 or here[0].text.replace(" ", "") not in {r"\left\{", r"\left."}:
            return False
        self.rows[-1].cells[-1] = []
        self.left_dropped, self.lefts = True, 0
        return True

    def _whole(self, index: int) -> bool:
        """Does the array hold the whole display, but for a label? Asked once, of the first environment."""
        before = [token.text for token in self.tokens[:index] if not token.blank]
        if len(before) > 1 or (before and not before[0].startswith(r"\left")):
            return False
        brackets, last = Brackets(), index
        for last in range(index, len(self.tokens)):
            brackets.step(self.tokens[last].text)
            if not brackets.stack:
                break
        after, _ = labels.take(self.tokens[last + 1 :])
        return all(token.text in {r"\right.", ".", ","} for token in after)


def read_display(tokens: Tokens, role: Role, notes: Notes) -> list[Draft]:
    """The statements of a display in reading order."""
    columns: dict[int, Draft] = {}
    drafts: list[Draft] = []
    for row in _Rows(tokens).split():
        last: Draft | None = None  # in this row
        for column, found in enumerate(_cells(row, role, notes)):
            above = last if last and ends_with(last.tokens, OPERATORS) else columns.get(column)  # `a & = & b`
            if found and above and (carries_on(found[0], above) or _multline(row, found[0])):
                join(above, found.pop(0))
                last = columns[column] = above
            if found:
                last = columns[column] = found[-1]
            drafts.extend(found)
    return drafts


def _multline(row: Row, draft: Draft) -> bool:
    return row.environment == "multline" and not draft.has_relation


def _cells(row: Row, role: Role, notes: Notes) -> list[list[Draft]]:
    """Statements of each pair of cells; where cells do not pair, of the whole row."""
    if row.environment not in _PAIRED and row.environment != "":
        found = statements(_concatenated(row), role, "display", notes)
        for draft in found:
            draft.tokens = _without_marks(draft.tokens)
        return [found]
    read = []
    for index in range(0, len(row.cells), 2):
        pair = row.cells[index : index + 2]
        found = statements([token for cell in pair for token in cell], role, "display", notes)
        if found:
            found[0].cell_empty = len(pair) == 2 and significant(pair[0]) is None
        read.append(found)
    return read


def _concatenated(row: Row) -> Tokens:
    """All cells, with the marks between them where they may separate statements (not in `a &=& b`)."""
    tokens: Tokens = []
    for cell in row.cells:
        if tokens and cell and row.environment in {"array", "gather", "gathered"}:
            tokens.append(Token(cell[0].start - 1, "&"))
        tokens.extend(cell)
    return tokens


def _without_marks(tokens: Tokens) -> Tokens:
    levels = depths(tokens)
    return [token for token, level in zip(tokens, levels, strict=True) if level or token.text != "&"]


def carries_on(draft: Draft, above: Draft, *, same_display: bool = True) -> bool:
    """Is the row, or the next display, no statement of its own but the rest of the one above?"""
    if (draft.role == "mention") != (above.role == "mention") or begins_with(draft.tokens, RELATIONS):
        return False
    if len(above.tokens) > LONGEST:
        return False
    if begins_with(draft.tokens, JOINERS) or ends_with(above.tokens, OPERATORS):
        return True
    if begins_with(draft.tokens, SIGNS) and (draft.cell_empty or not draft.has_relation):
        return True
    # a bracket left open calls for the next row; across displays a scan has lost it
    return (
        same_display
        and not draft.has_relation
        and (_unbalanced(above.tokens) or (draft.cell_empty and above.has_relation))
    )


def _unbalanced(tokens: Tokens) -> bool:
    brackets = Brackets()
    for token in tokens:
        brackets.step(token.text)
    return bool(brackets.stack)


def join(above: Draft, draft: Draft) -> None:
    """Append the row. A sign written at the end of one row and again at the start of the next counts once."""
    last, first = above.tokens[-1].text if above.tokens else "", draft.tokens[0].text
    if len(above.tokens) > 1 and last == first and last in JOINERS | SIGNS:
        above.tokens = labels.trim(above.tokens[:-1])
    elif last == r"\right." and first == r"\left.":
        above.tokens, draft.tokens = labels.trim(above.tokens[:-1]), labels.trim(draft.tokens[1:])
    above.tokens.extend(draft.tokens)
    above.label = above.label or draft.label


def is_led_to(draft: Draft, before: Sequence[Draft]) -> bool:
    r"""`∂L/∂w = … \rightarrow \text{where } …`, then a display that equates nothing: it is what the arrow leads to."""
    last = next((above for above in reversed(before) if above.role != "assumption"), None)
    equates = any(draft.tokens[index].text not in {r"\in", "∈"} for index in relations(draft.tokens))
    return last is not None and last.leads_on and draft.role == "claim" and not equates


def mark_continuations(drafts: list[Draft]) -> None:
    """Set `continues` also where a formula begins with a relation; drop the relation that led to it."""
    for before, draft in zip([None, *drafts], drafts, strict=False):
        if not begins_with(draft.tokens, RELATIONS):
            continue
        draft.continues = True
        if before and ends_with(before.tokens, RELATIONS - ARROWS) and len(before.tokens) > 1:
            before.tokens = labels.unpunctuate(before.tokens[:-1])
