"""The runs of a page → its formulas in reading order, with their roles, labels and sections."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checks.submission import lines, respell, spans
from checks.submission.delimiters import Run, Scanner
from checks.submission.displays import carries_on, is_led_to, join, mark_continuations, read_display
from checks.submission.document import Formula
from checks.submission.labels import trim
from checks.submission.prose import Prose
from checks.submission.statements import LONGEST, Draft, statements
from checks.submission.tokens import ARROWS, RELATIONS, Tokens, begins_with, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.submission.decode import Notes
    from checks.submission.document import Role
    from checks.submission.page import Page

FORMULAS = 20_000  # per file
AFTER = 120  # characters behind a formula that tell how it is meant

_LINE = re.compile(r"[^\n]*\n?")
_LABEL_ONLY = re.compile(r"\s*(?P<label>\([A-Za-z0-9]{1,4}\)|[A-Za-z0-9]{1,2}[.)]|[①-⑳])\s*")


def assemble(pages: Iterable[Page], notes: Notes, *, tex: bool) -> tuple[Formula, ...]:
    """All formulas of the pages; what was not read goes to the notes. Sections count on from page to page."""
    assembler = _Assembler(notes, tex=tex)
    written: list[tuple[Page, Draft]] = []
    for page in pages:
        assembler.read(page)
        written.extend((page, draft) for draft in assembler.drafts[len(written) :])
    mark_continuations(assembler.drafts)
    return tuple(_formula(page, draft) for page, draft in written[:FORMULAS] if draft.tokens)


def _formula(page: Page, draft: Draft) -> Formula:
    as_written, pieces = page.formula(draft.tokens)
    words = f"{draft.words} set" if respell.SHALL_EQUAL.search(as_written) else draft.words
    text, pieces = respell.respelled(as_written, pieces, plain=draft.kind == "plain")
    return Formula(text, pieces, draft.kind, draft.role, draft.continues, draft.section, draft.label,
                   draft.sentence, words, draft.after, draft.lasting, draft.since)  # fmt: skip


@dataclass
class _Assembler:
    notes: Notes
    tex: bool
    text: str = ""  # of the page at hand
    drafts: list[Draft] = field(default_factory=list)
    prose: Prose = field(default_factory=Prose)
    section: int = 0
    label: str | None = None  # read in the prose directly before the formula to come
    beside: Draft | None = None  # the last formula of a display, while no prose has come after it
    above: Draft | None = None  # the plain formula on the line before
    stopped: bool = False
    inline: list[Draft] = field(default_factory=list)  # the formulas directly before the prose to come
    led: list[Draft] = field(default_factory=list)  # the last of them, or of a display

    def read(self, page: Page) -> None:
        self.text = page.text
        self.prose.paragraph()
        self.beside = self.above = self.label = None
        self.inline = []
        for run in Scanner(page, self.notes, tex=self.tex).scan():
            if self.full(run.start):
                break
            self._take(run)

    def _take(self, run: Run) -> None:
        if run.kind == "text":
            self._text(run)
            return
        if run.kind == "code":
            self._code(run)
            return
        tokens = self._tokens(run)
        states = any(token.text in RELATIONS for token in tokens)
        role: Role = "mention" if run.struck else self.prose.role(display=run.kind == "display", states=states)
        if run.struck:
            self.notes.add(run.start, "struck out")
        if run.kind == "display":
            drafts = read_display(tokens, role, self.notes)
            self._continue_display(drafts)
            self.beside = self.drafts[-1] if self.drafts else None
        else:
            drafts = self._inline(tokens, role)
            self.beside = None
        self.label, self.above, self.inline = None, None, drafts
        self.led = drafts[-1:]

    def full(self, offset: int) -> bool:
        """Are there as many formulas as one file may have? Says so once."""
        if len(self.drafts) >= FORMULAS and not self.stopped:
            self.notes.add(offset, f"more than {FORMULAS} formulas; the rest of the file is not read", always=True)
            self.stopped = True
        return self.stopped

    def _tokens(self, run: Run) -> Tokens:
        return [token for start, end in run.spans for token in tokenize(self.text, start, end)]

    def _add(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            draft.section, draft.sentence, draft.words = self.section, self.prose.number, self.prose.heard
            draft.since = self.prose.since
            draft.lasting = draft.role == "assumption" and self.prose.lasting
            if self.label:
                draft.label, self.label = draft.label or self.label, None
        self.drafts.extend(drafts)

    def _continue_display(self, drafts: list[Draft]) -> None:
        """A display that begins with +, or that an arrow led to, carries on the one before, unless prose stands between."""
        if drafts and self.beside and not self.label and carries_on(drafts[0], self.beside, same_display=False):
            join(self.beside, drafts.pop(0))
        elif drafts and self.beside and not self.label:
            drafts[0].continues = is_led_to(drafts[0], self.drafts)
        self._add(drafts)

    def _inline(self, tokens: Tokens, role: Role) -> list[Draft]:
        if role == "assumption" and begins_with(tokens, ARROWS):
            self.prose.then()  # "if $a > 0$ $\Rightarrow b > 0$"
            role = self.prose.role()
        drafts = statements(tokens, role, "inline", self.notes)
        self._add(drafts)
        return drafts

    def _code(self, run: Run) -> None:
        """Inline code, read where it holds a relation and no code."""
        start, end = run.spans[0]
        found = spans.in_code(self.text[start:end]) if not run.struck else None
        self.beside, self.inline = None, []
        if found and found.read:
            self.inline = self._plain_formula(start + found.start, start + found.end)
            self.label = self.above = None
        elif found:
            self._not_read(start + found.start, found.shown)

    def _plain_formula(self, start: int, end: int) -> list[Draft]:
        tokens = respell.with_stars(tokenize(self.text, start, end), self.text[start:end])
        drafts = statements(tokens, self.prose.role(), "plain", self.notes)
        self._add(drafts)
        return drafts

    def _not_read(self, offset: int, shown: str) -> None:
        self.notes.add(offset, f"without delimiters, not read: {shown}; put formulas in $…$")

    def _text(self, run: Run) -> None:
        if self.led and self.text[run.start : run.end].strip():
            behind = self.text[run.start : min(run.end, run.start + AFTER)]
            words = Prose.to_the_stop(behind.strip(" \n.,;"))
            self.led[0].after = f". {words}" if behind.lstrip()[:1] in (".", "#") else words
            self.led = []
        behind = self.text[run.start : min(run.end, run.start + 40)]
        if self.inline and Prose.postposed(behind) and not self._leads_on(run):
            for draft in self.inline:
                draft.role = "conclusion" if draft.role == "claim" else draft.role
        for match in _LINE.finditer(self.text, run.start, run.end):
            if match.group() and not self.full(match.start()):
                self._line(match.start(), match.group(), struck=run.struck)
                self.inline = []

    def _leads_on(self, run: Run) -> bool:
        """Whether the condition behind a display has a conclusion of its own: `if $z<0$ then …`."""
        sentence = Prose.to_the_stop(self.text[run.start : run.start + AFTER])
        return self.inline[-1].kind == "display" and re.search(r"\bthen\b", sentence) is not None

    def _line(self, start: int, line: str, *, struck: bool) -> None:
        """A line of prose, or the part of it between two formulas."""
        first = start == 0 or self.text[start - 1] == "\n"
        whole = first and (line.endswith("\n") or start + len(line) == len(self.text))
        if not line.strip():
            if whole:
                self.prose.paragraph()
                self.above = self.label = None
            return
        self.beside = None
        if whole and self._carry_on(start, line):
            return
        used = self._line_start(line, whole=whole) if first else self._label_between(line, at_end=line.endswith("\n"))
        self.above = None
        if struck:
            self.prose.feed(line[used:])
        elif not (whole and not self.tex and self._plain(start + used, line[used:].rstrip("\n"))):
            self._prose(start, line, used)

    def _line_start(self, line: str, *, whole: bool) -> int:
        """Length of the heading or list mark; starts a section or a sentence."""
        used = lines.section(line)
        number = lines.number(line)
        if used or (number and self._is_exercise(line[number.end() :], whole=whole)):
            self.section += 1
            self.prose.sentence()
            used = used or (number.end() if number else 0)
            self._label_between(line[used:], at_end=whole)
            return used
        mark = lines.item(line)
        if not mark:
            return 0
        self.prose.sentence()
        rest = line[mark.end() :].strip()
        self.label = lines.label(mark) if not rest or whole else None
        return mark.end()

    def _is_exercise(self, rest: str, *, whole: bool) -> bool:
        """`2)` alone or with a title is an exercise; with a formula right behind, a label."""
        if not rest.strip():
            return whole
        return not self.tex and not (whole and lines.plain_formula(rest.rstrip("\n")))

    def _label_between(self, text: str, *, at_end: bool) -> int:
        """`(a)` before the formula to come, or at the end of the line, after the one before."""
        match = _LABEL_ONLY.fullmatch(text)
        if not match:
            return 0
        if not at_end:
            self.label = match["label"]
        elif self.inline:
            self.inline[-1].label = self.inline[-1].label or match["label"]
        return match.end()

    def _carry_on(self, start: int, line: str) -> bool:
        """Is the line the rest of the plain formula on the line before?"""
        if not self.above or len(self.above.tokens) > LONGEST or not lines.carries_on(line):
            return False
        more = respell.with_stars(tokenize(self.text, start, start + len(line)), line)
        self.above.tokens.extend(trim(more))
        return True

    def _plain(self, start: int, line: str) -> bool:
        """A line that is a formula but for the words that lead it in."""
        place = lines.plain_formula(line)
        if not place:
            self.label = None
            return False
        self.prose.feed(line[: place[0]])
        if remark := lines.remark_after(line, place[1]):
            self.notes.add(start + place[1], f"comment, not read: {remark}")
        drafts: list[Draft] = []
        for first, last in lines.sentences(line, *place):
            drafts = self._plain_formula(start + first, start + last)
        self.above = drafts[-1] if drafts else None
        return True

    def _prose(self, start: int, line: str, used: int) -> None:
        """Prose, from offset `used` of the line on, with the formulas in it that have no delimiters."""
        ends = line.endswith("\n") or start + len(line) == len(self.text)
        begins = start == 0 or self.text[start - 1] == "\n"
        if lines.too_long(line):
            self.notes.add(start, f"a line of {len(line)} characters without delimiters, not read; put formulas in $…$")
        done = used
        for found in spans.stretches(line[used:].rstrip("\n"), first=begins or used > 0, last=ends):
            first, last = used + found.start, used + found.end
            if self.tex:
                if "\\" not in line:
                    self._not_read(start + first, found.shown or line[first:last])
            elif found.read:
                self.prose.feed(line[done:first])
                drafts = self._plain_formula(start + first, start + last)
                if Prose.postposed(line[last : last + 40]):
                    for draft in drafts:
                        draft.role = "conclusion" if draft.role == "claim" else draft.role
                self.above = drafts[-1] if drafts and not line[last:].strip() else None
                done = last
            else:
                self._not_read(start + first, found.shown)
        self.prose.feed(line[done:])
