"""A line of prose → the formulas without delimiters in it: "So dL/dz = p - y and dL/dw = (p - y) x." has two.

Words, addresses, tags and signs no formula has bound what may be one. A stretch between them that holds a relation is
read if both sides of it are whole; otherwise it is returned as not read, unless it is plainly code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.submission import lines
from checks.submission.lines import SIGN, SIGNS
from checks.submission.tokens import ARROWS, table

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOUND = re.compile(
    rf"""(?P<odd>\b(?:https?://|www\.)\S+ | [\w.+-]{{1,64}}@[\w-]{{1,64}}\.[\w.]{{1,64}} | </?[A-Za-z]{{1,10}}[1-6]?(?:\s+[a-z]+="[^"\n]*")*\s*/?>
           | \s\|\s | ^\s*\||\|\s*$ | [^{SIGNS}]+)
      | (?P<word>{lines.WORD})(?:['’](?:s|t|re|ve|ll|d|m)\b)?""",
    re.VERBOSE,
)
_SENTENCE = re.compile(r"(?<=[^\s.])[.;:](?=\s)|(?<=\s):(?=\s)")
_OPENS, _CLOSES = "([{", ")]}"
_COMMA = re.compile(r",\s")
_NOT_READ = re.compile(
    r"\*\*|--|\+\+|//|&&|\|\||[A-Za-z]\.[A-Za-z]|(?<![\w)\]}'’′])['’]\w|(?<![A-Za-zͰ-Ͽ)\]])!(?!=)|!$|^[*/·×^_)\]}]"
    r"|(?:[-+−–/·×^_=<>({\[\\,]|(?<![^\W_])\*)$"
)
_ARTICLE_FIRST = re.compile(r"[aAI]\s+[A-Za-zͰ-Ͽ\\(]|\d+\s+[A-Za-zͰ-Ͽ\\]")
_ARTICLE_LAST = re.compile(r"\s[aAI]$")
_GOES_ON = table(
    "and or by for so where if when since which because with then thus is as from using hence therefore but while at"
)
_ODD_ARROWS = ARROWS - {"=>", "⇒", "⟹", "<=>", "⇔", "⟺"}
_SHOWN = 80  # characters of a stretch in a remark


@dataclass(frozen=True, slots=True)
class Stretch:
    """line[start:end] holds a relation between words; `read` says whether it is a formula, `shown` what to remark."""

    start: int
    end: int
    read: bool
    shown: str = ""


@dataclass(frozen=True, slots=True)
class _Run:
    """What stands between two bounds: the words beside it and whether they touch it."""

    start: int
    end: int
    before: str
    after: str
    edge: bool  # does it touch a formula beside the text?


def stretches(line: str, *, first: bool = True, last: bool = True) -> list[Stretch]:
    """In order; `first` and `last` say whether the text begins and ends its line, or touches a formula there."""
    if len(line) > lines.LONGEST or not SIGN.search(line):
        return []
    found: list[Stretch] = []
    for run in _runs(line, first=first, last=last):
        for start, end in _pieces(line, run):
            stretch = _judged(line, start, end, run)
            if stretch:
                found.append(stretch)
    return found


def in_code(text: str) -> Stretch | None:
    """The formula that is all an inline code holds; not read if only a word in it is in the way."""
    if len(text) > lines.LONGEST or not SIGN.search(text) or "$" in text or lines.is_code(text):
        return None
    whole = _Run(0, len(text), "", "", edge=False)
    start, end = _trimmed(text, 0, len(text))
    if start == end or _NOT_READ.search(text[start:end]) or re.search(r"\w[(\[][^()]*[,=]|\w\[|==", text):
        return None
    if lines.prose(text):
        return Stretch(start, end, read=False, shown=text[:_SHOWN]) if _related(text[start:end]) else None
    return _judged(text, start, end, whole)


def _runs(line: str, *, first: bool, last: bool) -> Iterator[_Run]:
    start, before = 0, ""
    for bound in _BOUND.finditer(line):
        if bound["word"] and not lines.is_word(bound["word"]):
            continue
        if start < bound.start():
            yield _Run(start, bound.start(), before, bound.group(), edge=start == 0 and not first)
        start, before = bound.end(), bound.group()
    if start < len(line):
        yield _Run(start, len(line), before, "", edge=(start == 0 and not first) or not last)


def _pieces(line: str, run: _Run) -> Iterator[tuple[int, int]]:
    """A run cut at the ends of sentences and at brackets that close nothing in it, blanks and punctuation off."""
    cuts = [match.start() for match in _SENTENCE.finditer(line, run.start, run.end)]
    depth = 0
    for index in range(run.start, run.end):
        if line[index] in _OPENS:
            depth += 1
        elif line[index] in _CLOSES and depth:
            depth -= 1
        elif line[index] in _CLOSES:
            cuts.append(index)
    start = run.start
    for cut in [*sorted(cuts), run.end]:
        piece = _trimmed(line, start, cut)
        start = cut + 1
        if piece[0] < piece[1] and SIGN.search(line, *piece):
            yield piece


def _trimmed(line: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (line[start].isspace() or line[start] in ",.;:!"):
        start += 1
    while start < end and (line[end - 1].isspace() or line[end - 1] in ",.;:([{"):
        end -= 1
    emphasis = re.match(r"\*{1,3}(?=\S)", line[start:end])
    if emphasis or re.search(r"(?:^|\s)\*{1,3}(?=\S)", line[:start]):
        start += emphasis.end() if emphasis else 0
        while start < end and line[end - 1] in "*.,":
            end -= 1
    return start, end


def _judged(line: str, start: int, end: int, run: _Run) -> Stretch | None:
    text = line[start:end]
    if lines.is_code(text) or not _related(text):
        return None
    if run.after and (cut := re.search(r",\s+[aAI]$", text)):  # "…, I think"
        end, text = start + cut.start(), text[: cut.start()]
    if _is_formula(line, start, end, run):
        return Stretch(start, end, read=True)
    return Stretch(start, end, read=False, shown=_shown(line, start, end, run))


def _related(text: str) -> bool:
    """Is there more to the relation than a sign: a letter or number beside it, and not only `->`?"""
    signs = [match.group() for match in SIGN.finditer(text)]
    return any(sign not in _ODD_ARROWS for sign in signs) and any(map(str.isalnum, text))


def _is_formula(line: str, start: int, end: int, run: _Run) -> bool:
    text = line[start:end]
    if run.edge or _attached(line, start, end, run) or _NOT_READ.search(text) or not lines.only_formula(text):
        return False
    if text.count("(") != text.count(")") or text.count("[") != text.count("]") or text.count("{") != text.count("}"):
        return False
    if run.start < start and line[start - 1] == "(" and line[end : end + 1] == ")":
        return False  # an aside
    if text[0] in "([" and text[-1] in ")]" and SIGN.search(_outside(text)) is None and (run.before or run.after):
        return False
    at_start = not line[:start].strip()
    return _whole_sides(text, at_start=at_start) and _no_article(text, run, at_start=at_start)


def _attached(line: str, start: int, end: int, run: _Run) -> bool:
    """Does a word run on into the stretch, as in `loss(w) = 3` or `y = x.mean`?"""
    left = start == run.start and run.before[-1:].isalnum()
    right = end == run.end or line[end : run.end] in {".", "(", "["}
    return left or (right and run.after[:1].isalnum())


def _outside(text: str) -> str:
    """The text outside of its round brackets."""
    depth, kept = 0, []
    for character in text:
        depth += character in _OPENS
        kept.append(" " if depth else character)
        depth -= character in _CLOSES
    return "".join(kept)


def _whole_sides(text: str, *, at_start: bool) -> bool:
    sides = SIGN.split(text)
    signs = SIGN.findall(text)
    if all(sign in ARROWS for sign in signs) and not at_start:
        return False
    if sides[0].strip() == "" and not at_start:
        return False
    if text[0] in "+-−–" and not at_start and text[1:2].isspace():
        return False
    if _COMMA.search(_outside(sides[0])):
        return False  # `for x, y = 2`: the list may be of the prose
    return all(any(map(str.isalnum, side)) for side in (sides if sides[0].strip() else sides[1:]))


def _no_article(text: str, run: _Run, *, at_start: bool) -> bool:
    """`layer 2 z = x`, `a x = 2`, `y = 2 a contradiction`: the number or letter may belong to the prose."""
    if run.before and not at_start and _ARTICLE_FIRST.match(text):
        return False
    return not (_ARTICLE_LAST.search(text) and run.after[:1].isalpha() and run.after.lower() not in _GOES_ON)


def _shown(line: str, start: int, end: int, run: _Run) -> str:
    """The stretch with the words it leans on."""
    if start - len(run.before) <= run.start and (SIGN.match(line, start) or start == run.start):
        start = max(run.start - len(run.before), 0)
    if re.search(r"[-+−*/·×=<>≤≥≈≠]$", line[start:end]) or end == run.end:
        end = min(run.end + len(run.after), len(line))
    shown = " ".join(line[start:end].split())
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
