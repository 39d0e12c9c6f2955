"""The errors a caller meets: text that cannot be read, mathematics there is no rule for, specs that make no sense."""

from __future__ import annotations


class Unreadable(Exception):
    """Text that cannot be read; nothing is guessed.

    Attributes: `code` (stable, kebab-case), `reason` (what is wrong), `hint` (what to write instead), `offset` into
    `text`, `offending` (the characters concerned), `line` and `column` counted from 1, `repair` (the text with the
    likely slip mended, or None), `impossible` (what is written has no value, whichever way it is read).
    """

    impossible = False

    def __init__(
        self,
        code: str,
        reason: str,
        *,
        text: str = "",
        offset: int = 0,
        length: int = 1,
        hint: str = "",
        repair: str | None = None,
    ) -> None:
        self.code, self.reason, self.hint, self.repair = code, reason, hint, repair
        self.text, self.offset = text, min(max(offset, 0), len(text))
        self.offending = text[self.offset : self.offset + max(length, 1)]
        self.line = text.count("\n", 0, self.offset) + 1
        self.column = self.offset - text.rfind("\n", 0, self.offset)
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """What is wrong and what to write instead, in one sentence, without the place."""
        return f"{self.reason}; {self.hint}" if self.hint else self.reason

    def with_caret(self, width: int = 78) -> str:
        """The sentence with its place, and the line concerned with a caret under the first offending character."""
        lines = self.text.split("\n")
        row = lines[self.line - 1] if lines else ""
        start = max(0, min(self.column - 1 - width // 2, len(row) - width))
        shown = "".join(c if c.isprintable() else "·" for c in row[start : start + width])
        caret = " " * (self.column - 1 - start) + "^"
        return f"line {self.line}, column {self.column}: {self.sentence()}\n  {shown}\n  {caret}"


class NoRule(Exception):
    """A derivative was asked for which the table of laws has no entry: never answered with 0."""


class TooLarge(Exception):
    """An effort limit (terms, digits, exponents, depth) was reached; the text of the limit is the message."""


class BadSpec(ValueError):
    """A symbol spec, problem file or catalogue entry that makes no sense; says which field and what would do."""
