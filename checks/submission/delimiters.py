"""A page → the runs it is made of: prose, inline formulas, displays.

Every closing delimiter is looked up in a list made in one pass, so unclosed ones cost no second look.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from checks.submission.tokens import table

if TYPE_CHECKING:
    from checks.submission.decode import Notes
    from checks.submission.page import Page, Span

_NAMES = table(
    "equation align alignat gather multline eqnarray flalign dmath displaymath aligned alignedat gathered split"
)
ENVIRONMENTS = _NAMES | {f"{name}*" for name in _NAMES}

_MARK = re.compile(r"\\(?:begin|end)\{[A-Za-z]{1,30}\*?\}|\\[^\n]|\$|`+|~~|\n[^\S\n]*(?=\n)")
_WORD = re.compile(r"[^\W\d_]{4,}")
_MATHEMATICAL = re.compile(r"\\[A-Za-z]|[=<>≤≥≈⇒→^_+*/∈]")
_RELATION = re.compile(r"[^\S\n]*(?:=|<|>|≤|≥|≈|≠|⇒|→|=>|->)[^\S\n]*")
_OPERATION = re.compile(r"[^\S\n]*[-+−·×][^\S\n]*")
_GOES_ON = re.compile(r"[^\S\n]*[-+*/−·×=<>≤≥]")


@dataclass
class Run:
    """A stretch of the page. `spans` is what a formula holds, delimiters off; more than one where `$a$ = $b$`."""

    kind: Literal["text", "inline", "display", "code"]
    start: int
    end: int
    spans: list[Span] = field(default_factory=list)
    struck: bool = False


class Scanner:
    """One pass over a page."""

    def __init__(self, page: Page, notes: Notes, *, tex: bool) -> None:
        self.text, self.notes, self.tex = page.text, notes, tex
        self.marks: list[tuple[int, str]] = []
        self.where: dict[str, list[int]] = defaultdict(list)  # mark → its offsets
        self.blank: list[int] = []
        self.runs: list[Run] = []
        self.done = 0  # up to here the page is in `runs`
        self.strike: tuple[int, int] | None = None  # offset of an open `~~`, number of runs then
        self._index()

    def _index(self) -> None:
        for match in _MARK.finditer(self.text):
            offset, mark = match.start(), match.group()
            if mark.startswith("\n"):
                self.blank.append(offset)
                continue
            self.marks.append((offset, mark))
            self.where[mark].append(offset)
            if mark == "$" and self.where["$"][-2:-1] == [offset - 1]:
                self.where["$$"].append(offset - 1)

    def scan(self) -> list[Run]:
        for offset, mark in self.marks:
            if offset >= self.done:
                self._mark(offset, mark)
        self._prose(len(self.text))
        return join_inline(self.runs, self.text)

    def _mark(self, offset: int, mark: str) -> None:
        if mark == "$":
            self._dollar(offset)
        elif mark == r"\(":
            self._formula("inline", offset, mark, r"\)")
        elif mark == r"\[":
            self._formula("display", offset, mark, r"\]")
        elif mark.startswith(r"\begin{") and mark[7:-1] in ENVIRONMENTS:
            self._formula("display", offset, mark, rf"\end{{{mark[7:-1]}}}")
        elif mark[0] == "`" and not self.tex:
            self._code(offset, mark)
        elif mark == "~~" and not self.tex:
            self._strike(offset)

    def _dollar(self, offset: int) -> None:
        if self.text.startswith("$$", offset):
            self._formula("display", offset, "$$", "$$")
        elif self.text.startswith("$`", offset) and not self.tex and self._gitlab(offset):
            return
        else:
            self._formula("inline", offset, "$", "$")

    def _gitlab(self, offset: int) -> bool:
        close = self._next("`", offset + 2)
        if not self.text.startswith("`$", close) or close > self._paragraph_end(offset):
            return False
        self._emit("inline", offset, close + 2, (offset + 2, close))
        return True

    def _formula(self, kind: Literal["inline", "display"], offset: int, mark: str, closing: str) -> None:
        start = offset + len(mark)
        close = self._next(closing, start)
        limit = self._paragraph_end(start)
        closed = close < limit or (kind == "display" and self._block(offset, mark, close, closing))
        end = close if closed else limit
        if mark == "$" and prose_like(self.text, start, end, closed=closed):
            self.notes.add(offset, "dollar sign in prose, not read as a formula")
            return
        if not closed:
            line = self.notes.source.place(max(end - 1, offset))[0]
            self.notes.add(offset, f"`{mark}` opened here is never closed; it was read up to line {line}")
        whole = end + len(closing) if closed else end
        keep = mark.startswith(r"\begin")  # the rows are found by the environment
        self._emit(kind, offset, whole, (offset, whole) if keep else (start, end))

    def _block(self, offset: int, mark: str, close: int, closing: str) -> bool:
        """May a display hold blank lines? Only if its delimiters stand alone, or no second one opens before it ends."""
        if close == len(self.text):
            return False
        if mark == "$$":
            return self._alone(offset, mark) and self._alone(close, closing)
        return self._next(mark, offset + 1) > close

    def _alone(self, offset: int, mark: str) -> bool:
        before = self.text[max(offset - 80, 0) : offset].rpartition("\n")[2]
        after = self.text[offset + len(mark) : offset + 80].partition("\n")[0]
        return not before.strip() and not after.strip()

    def _code(self, offset: int, mark: str) -> None:
        close = self._next(mark, offset + len(mark))
        if close < self._paragraph_end(offset):
            self._emit("code", offset, close + len(mark), (offset + len(mark), close))

    def _strike(self, offset: int) -> None:
        self._prose(offset)
        if self.strike and self._paragraph_end(self.strike[0]) > offset:
            for run in self.runs[self.strike[1] :]:
                run.struck = True
            self.strike = None
        else:
            self.strike = offset, len(self.runs)
        self.done = offset + 2

    def _next(self, mark: str, offset: int) -> int:
        places = self.where[mark]
        index = bisect_left(places, offset)
        return places[index] if index < len(places) else len(self.text)

    def _paragraph_end(self, offset: int) -> int:
        index = bisect_left(self.blank, offset)
        return self.blank[index] if index < len(self.blank) else len(self.text)

    def _prose(self, end: int) -> None:
        if self.done < end:
            self.runs.append(Run("text", self.done, end))
        self.done = max(self.done, end)

    def _emit(self, kind: Literal["inline", "display", "code"], start: int, end: int, span: Span) -> None:
        self._prose(start)
        self.done = end
        if self.text[span[0] : span[1]].strip():
            self.runs.append(Run(kind, start, end, [span]))


def prose_like(text: str, start: int, end: int, *, closed: bool) -> bool:
    """Is what stands between two dollar signs, or after a single one, prose about money?"""
    inner = text[start:end]
    if len(inner) > 2000 or _MATHEMATICAL.search(inner):
        return False
    loose = inner[:1].isspace() or inner[-1:].isspace() or not closed
    if loose and len(_WORD.findall(inner)) >= 2:
        return True
    if inner[:1].isdigit() and (_WORD.search(inner) or (not closed and not any(map(str.isalpha, inner)))):
        return True
    currency = inner[:1].isdigit() and (not closed or (inner[-1:].isspace() and text[end + 1 : end + 2].isdigit()))
    return currency and any(character.isspace() for character in inner)


def join_inline(runs: list[Run], text: str) -> list[Run]:
    """`$a$ = $b$ + $c$` is one formula, the signs between read from the prose."""
    joined: list[Run] = []
    index = 0
    while index < len(runs):
        end = _chain_end(runs, index, text)
        chain = runs[index:end]
        if len(chain) > 1 and not _cut_off(runs, end, text):
            spans = [span for run in chain for span in run.spans or [(run.start, run.end)]]
            chain = [Run("inline", chain[0].start, chain[-1].end, spans, chain[0].struck)]
        joined.extend(chain)
        index = end
    return joined


def _chain_end(runs: list[Run], first: int, text: str) -> int:
    """Index after the inline formulas that form one with runs[first]."""
    end = first + 1
    while runs[first].kind == "inline" and end + 1 < len(runs) and runs[end + 1].kind == "inline":
        sign = runs[end]
        # `$x = 1$ - $y = 2$` is a dash: an operation joins only behind a relation that has joined
        signs = [_RELATION, _OPERATION][: 1 + (end > first + 1)]
        if sign.kind != "text" or not any(one.fullmatch(text, sign.start, sign.end) for one in signs):
            break
        end += 2
    return end


def _cut_off(runs: list[Run], end: int, text: str) -> bool:
    """Does prose carry on the formula (`$a$ = $b$ × rate`)? Then it must not be read as complete."""
    if end >= len(runs) or runs[end].kind != "text":
        return False
    return _GOES_ON.match(text, runs[end].start, runs[end].end) is not None
