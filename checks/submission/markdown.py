"""Markdown or scanned text → a page: code fences, HTML comments and quote marks painted over.

A ```` ```math ```` fence becomes a `$$` display. Text indented by four blanks is read: scans indent at random.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checks.submission.page import Page, Painter

if TYPE_CHECKING:
    from checks.submission.decode import Notes, Source

_BLOCK = re.compile(r"^[ ]{0,3}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})[^\n]*|<!--|^(?:[ ]{0,3}>(?!=)[ ]?)+", re.MULTILINE)
_FENCE_END = re.compile(r"^[ ]{0,3}(`{3,}|~{3,})[ \t\r]*$", re.MULTILINE)
_DISPLAY = re.compile(r"\$\$|\\\[|\\\]|\\begin\{|\\end\{")


def mask(source: Source, notes: Notes) -> Page:
    """The page of a Markdown source; each skipped block is a remark."""
    painter, position = Painter(source), 0
    quotes = _Quotes(source.text)
    while block := _BLOCK.search(source.text, position):
        if block["fence"]:
            position = _fence(painter, block, notes)
        elif block.group() == "<!--":
            position = _comment(painter, block, notes)
        else:
            if quotes.is_quote(block.start()):
                painter.hide(block.start(), block.end())
            position = block.end()
    return painter.page()


def _fence(painter: Painter, block: re.Match[str], notes: Notes) -> int:
    text, fence = painter.source.text, block["fence"]
    info = block.group().strip().strip(fence[0]).strip()
    last = next((end for end in _FENCE_END.finditer(text, block.end()) if _closes(end[1], fence)), None)
    end = last.end() if last else len(text)
    if info == "math":
        _math_fence(painter, block, last)
        return end
    painter.hide(block.start(), end)
    notes.add(block.start(), "code block, not read" if last else "code block, not read; it is never closed")
    return end


def _closes(end: str, fence: str) -> bool:
    return end[0] == fence[0] and len(end) >= len(fence)


def _math_fence(painter: Painter, first: re.Match[str], last: re.Match[str] | None) -> None:
    for line in (first, last):
        if line:
            painter.hide(line.start(), line.end(), "$$".ljust(line.end() - line.start()))


def _comment(painter: Painter, block: re.Match[str], notes: Notes) -> int:
    text = painter.source.text
    end = text.find("-->", block.end())
    closed = end >= 0
    end = end + 3 if closed else len(text)
    painter.hide(block.start(), end)
    notes.add(block.start(), "HTML comment, not read" if closed else "HTML comment, not read; it is never closed")
    return end


class _Quotes:
    """Tells a quote mark at the start of a line from a row `> b` of an open display; asked from top to bottom."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.seen = 0
        self.open = False
        self.quoted = False  # was the display opened inside a quotation?

    def is_quote(self, offset: int) -> bool:
        for mark in _DISPLAY.finditer(self.text, self.seen, offset):
            self._mark(mark)
        self.seen = offset
        return not self.open or self.quoted

    def _mark(self, mark: re.Match[str]) -> None:
        self.open = not self.open if mark.group() == "$$" else mark.group() in {"\\[", "\\begin{"}
        line = self.text.rfind("\n", max(mark.start() - 100, 0), mark.start()) + 1
        self.quoted = self.text[line : mark.start()].lstrip().startswith(">")
