"""LaTeX → a page: the preamble, comments and verbatim material painted over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checks.submission.page import Page, Painter

if TYPE_CHECKING:
    from checks.submission.decode import Notes, Source

_BEGIN = re.compile(r"^[^%\n]*?\\begin\{document\}", re.MULTILINE)
_MACRO = re.compile(r"\\(?:(?:re)?newcommand|providecommand|def|let|DeclareMathOperator)(?![A-Za-z])")
_PART = re.compile(
    r"\\begin\{(?P<code>verbatim\*?|Verbatim|lstlisting|minted|comment)\}"
    r"|\\verb\*?(?P<verb>[^A-Za-z\s*])|\\end\{document\}|\\[^\n]|%[^\n]*"
)


def mask(source: Source, notes: Notes) -> Page:
    """The page of a LaTeX source; skipped code, and macros that were not written out (macros.py), are remarks."""
    painter, position = Painter(source), 0
    if macro := _MACRO.search(source.text):
        notes.add(macro.start(), "this macro definition is not expanded")
    if begin := _BEGIN.search(source.text):
        position = begin.end()
        painter.hide(0, position)
    while part := _PART.search(source.text, position):
        position = _skip(painter, part, notes)
    return painter.page()


def _skip(painter: Painter, part: re.Match[str], notes: Notes) -> int:
    text = painter.source.text
    if part["code"]:
        return _code(painter, part, notes)
    if part["verb"]:
        return _verb(painter, part)
    if part.group() == r"\end{document}":
        painter.hide(part.start(), len(text))
        return len(text)
    if part.group().startswith("%"):
        return _comment(painter, part)
    return part.end()


def _code(painter: Painter, part: re.Match[str], notes: Notes) -> int:
    text, last = painter.source.text, rf"\end{{{part['code']}}}"
    found = text.find(last, part.end())
    end = found + len(last) if found >= 0 else len(text)
    painter.hide(part.start(), end)
    notes.add(part.start(), "code block, not read" if found >= 0 else "code block, not read; it is never closed")
    return end


def _verb(painter: Painter, part: re.Match[str]) -> int:
    text = painter.source.text
    line_end = text.find("\n", part.end())
    end = text.find(part["verb"], part.end(), line_end if line_end >= 0 else len(text)) + 1
    if not end:
        return part.end()
    painter.hide(part.start(), end)
    return end


def _comment(painter: Painter, part: re.Match[str]) -> int:
    """A line that holds a comment only is no blank line: it ends no paragraph."""
    text, start = painter.source.text, part.start()
    painter.hide(start, part.end())
    line = text.rfind("\n", max(start - 200, 0), start) + 1
    if part.end() < len(text) and text[line:start].strip() == "":
        painter.replace(part.end(), part.end() + 1, " ")
        return part.end() + 1
    return part.end()
