r"""The state of the lexer and what every room of it needs: the text, tokens emitted, open brackets, arguments of commands.

TeX's own rules live here: a command takes a group or one token, brackets close what they open, `\left` says nothing but
which bracket follows. What means something by the symbol table is decided in `names.py`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from derive.errors import Unreadable
from derive.matrix.nodes import Shape
from derive.read.automaton import Token
from derive.read.vocabulary import CLOSERS, MATRICES, MIRROR, NORM_BARS, OPENERS
from derive.symbols import SymbolTable

MAX_LENGTH = 20_000  # characters of one formula
MAX_NESTING = 100
MAX_CONSTRUCTS = 40  # case distinctions and sums inside each other
MAX_DIGITS = 1_000
DIGITS = frozenset("0123456789")

TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[0-9]+(?:\.[0-9]+)?|\.[0-9]+|\s+|%[^\n]*|:=|=:|<=>|=>|<=|>=|==|.", re.DOTALL)
MATRIX = re.compile(rf"\\begin\s*\{{\s*(?:{'|'.join(sorted(MATRICES))})\*?\s*\}}")  # one is written out
_DELIMITER = re.compile(r"\s*(\\[A-Za-z]+|\\.|.)", re.DOTALL)
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
ENDS_OPERAND = frozenset(
    [
        "NUMBER",
        "NAME",
        "CONST",
        "_RPAR",
        "_RBRACE",
        "_BAR_CLOSE",
        "_RSET",
        "_BANG",
        "_PERCENT",
        "_FLOOR_CLOSE",
        "_CEIL_CLOSE",
        "_CASES_END",
        "_MATRIX_END",
        "_RANGLE",
        "_TRANSPOSE",
        "_INVERSE_TRANSPOSE",
        "_PSEUDOINVERSE",
        "_ENTRY_END",
        "NORM_CLOSE",
    ]
)
_OPEN_TOKEN = {"angle": "_LANGLE", "{": "_LBRACE", r"\{": "_LSET", "floor": "_FLOOR_OPEN", "ceil": "_CEIL_OPEN"}
_CLOSE_TOKEN = {
    "angle": "_RANGLE",
    "{": "_RBRACE",
    "|": "_BAR_CLOSE",
    r"\{": "_RSET",
    "floor": "_FLOOR_CLOSE",
    "ceil": "_CEIL_CLOSE",
}


@dataclass(slots=True)
class Lexed:
    """The tokens of a formula, the names in it that nobody declared, and what was looked past."""

    tokens: list[Token]
    undeclared: dict[str, int] = field(default_factory=dict)  # canonical spelling → first offset
    notes: list[str] = field(default_factory=list)
    bound: set[str] = field(default_factory=set)  # indices of Σ, Π, ∫ and lim
    shapes: list[tuple[str, Shape]] = field(default_factory=list)  # what a label says of what its brace holds


class Cursor(ABC):
    """A formula on its way to tokens."""

    def __init__(self, text: str, table: SymbolTable, *, free: bool) -> None:
        self.text, self.table, self.free = text, table, free
        self.out = Lexed([])
        self.open: list[tuple[str, int]] = []  # brackets not yet closed: kind, offset
        self.constructs = 0  # inside how many it stands
        self.differentials: set[int] = set()  # offsets at which `d` is the differential
        self.skipped: set[int] = set()  # offsets of braces that say nothing
        self.bound = self.out.bound  # so far
        self.has_arrays = table.has_arrays or MATRIX.search(text) is not None
        if len(text) > MAX_LENGTH:
            self.refuse("too-long", f"the formula has {len(text)} characters", MAX_LENGTH,
                        hint=f"split it: at most {MAX_LENGTH} characters are read")  # fmt: skip

    @abstractmethod
    def run(self, start: int, end: int) -> None:
        """Lex `text[start:end]`."""

    def emit(self, kind: str, value: object, at: int, after: int) -> int:
        """Append a token; returns `after` for the loop."""
        self.out.tokens.append(Token(kind, value, at, after))
        return after

    def refuse(
        self, code: str, reason: str, at: int, *, length: int = 1, hint: str = "", repair: str | None = None
    ) -> NoReturn:
        raise Unreadable(code, reason, text=self.text, offset=at, length=length, hint=hint, repair=repair)

    def column(self, offset: int) -> int:
        return offset - self.text.rfind("\n", 0, offset)

    def sized(self, at: int, after: int, end: int) -> int:
        r"""`\left` and its kin say nothing but which bracket follows; `\left.` is no bracket at all."""
        match = _DELIMITER.match(self.text, after, end)
        if match is None:
            self.refuse("bracket-size", f"{self.text[at:after]} stands at the end", at, length=after - at,
                        hint="a bracket must follow it")  # fmt: skip
        delimiter = match.group(1)
        if delimiter == ".":
            return match.end()
        if delimiter in {"|", r"\vert"}:
            side = self.text[at:after]
            opens = side == r"\left" or side.endswith("l")
            closes = side == r"\right" or side.endswith("r")
            return self.bar(match.start(1), match.end(), opens=opens if opens or closes else None)
        if delimiter in NORM_BARS and self.has_arrays:
            return match.start(1)
        if delimiter not in OPENERS and delimiter not in CLOSERS:
            self.refuse("bracket-size", f"{self.text[at:after]} is followed by {delimiter}, which is no bracket", at,
                        length=after - at, hint="write the bracket right after it")  # fmt: skip
        return match.start(1)

    def bracket(self, word: str, at: int, after: int) -> int:
        if at in self.skipped:
            return after
        if word in {"|", r"\vert"}:
            return self.bar(at, after, opens=None)
        if word in {r"\lvert", r"\rvert"}:
            return self.bar(at, after, opens=word == r"\lvert")
        if word == "{" or word in OPENERS:
            kind = "{" if word == "{" else OPENERS[word]
            self.push(kind, at)
            return self.emit(_OPEN_TOKEN.get(kind, "_LPAR"), word, at, after)
        return self.close("{" if word == "}" else CLOSERS[word], at, after)

    def push(self, kind: str, at: int) -> None:
        self.open.append((kind, at))
        if len(self.open) > MAX_NESTING:
            self.refuse(
                "too-deep", f"brackets are nested deeper than {MAX_NESTING} levels", at, hint="name a part of it"
            )

    def close(self, kind: str, at: int, after: int) -> int:
        if not self.open:
            self.refuse("bracket-unopened", f"the bracket {self.text[at:after]} closes nothing", at, length=after - at,
                        hint="remove it, or open one before it")  # fmt: skip
        opened, where = self.open.pop()
        if opened != kind:
            wanted = MIRROR[opened]
            self.refuse("bracket-mismatch", f"{self.text[at:after]} closes the {opened} of column {self.column(where)}", at,
                        length=after - at, hint=f"write {wanted} there")  # fmt: skip
        return self.emit(_CLOSE_TOKEN.get(kind, "_RPAR"), self.text[at:after], at, after)

    def bar(self, at: int, after: int, *, opens: bool | None) -> int:
        """A bar closes when one is open at this level and an operand stands before it."""
        if opens is None:
            operand = bool(self.out.tokens) and self.out.tokens[-1].type in ENDS_OPERAND
            opens = not (bool(self.open) and self.open[-1][0] == "|" and operand)
        if not opens:
            return self.close("|", at, after)
        self.push("|", at)
        return self.emit("_BAR_OPEN", "|", at, after)

    def close_all(self) -> None:
        if self.open:
            kind, at = self.open[-1]
            self.refuse("bracket-unclosed", f"the bracket {kind} is opened and never closed", at,
                        hint=f"add the {MIRROR[kind]} that belongs to it")  # fmt: skip

    def argument(self, position: int, end: int, command: str) -> tuple[int, int, int]:
        """The argument of a command as TeX takes it: a group or one token. Returns start, end and where to go on."""
        while position < end and self.text[position].isspace():
            position += 1
        if position >= end or self.text[position] == "}":
            at = min(position, len(self.text))
            self.refuse("argument-missing", f"{command} lacks an argument", at, hint=f"write {command}{{…}}")
        if self.text[position] == "{":
            close = self.matching_brace(position, end)
            return position + 1, close, close + 1
        match = TOKEN.match(self.text, position, end)
        assert match is not None
        one_digit = match.group()[0] in DIGITS
        after = position + 1 if one_digit else match.end()
        return position, after, after

    def matching_brace(self, position: int, end: int) -> int:
        first = self.text.find("}", position, end)
        if first > 0 and not any(mark in self.text[position + 1 : first] for mark in "{\\"):
            return first
        depth = 0
        for match in _BRACES.finditer(self.text, position, end):
            depth += (match.group() == "{") - (match.group() == "}")
            if depth > MAX_NESTING:
                self.refuse(
                    "too-deep",
                    f"braces are nested deeper than {MAX_NESTING} levels",
                    match.start(),
                    hint="name a part of it",
                )
            if depth == 0 and match.group() == "}":
                return match.start()
        self.refuse(
            "bracket-unclosed", "the brace { is opened and never closed", position, hint="add the } that belongs to it"
        )

    def group(self, start: int, end: int, at: int) -> None:
        """Lex a group between brace tokens."""
        self.push("{", at)
        self.emit("_LBRACE", "{", at, start)
        self.run(start, end)
        if not self.open or self.open[-1] != ("{", at):
            kind, where = self.open[-1] if self.open else ("{", at)
            self.refuse("bracket-unclosed", f"the bracket {kind} is not closed inside its braces", where,
                        hint=f"add the {MIRROR[kind]} that belongs to it")  # fmt: skip
        self.open.pop()
        self.emit("_RBRACE", "}", end, end + 1)

    def inside(self, start: int, end: int) -> None:
        """Lex a part of a construct; brackets opened in it must be closed in it."""
        before = len(self.open)
        self.constructs += 1
        if self.constructs > MAX_CONSTRUCTS:
            deepest = f"case distinctions and sums are nested deeper than {MAX_CONSTRUCTS} levels"
            self.refuse("too-deep", deepest, start, hint="name a part of it")
        self.run(start, end)
        self.constructs -= 1
        if len(self.open) > before:
            kind, where = self.open[-1]
            self.refuse("bracket-unclosed", f"the bracket {kind} is not closed where it should be", where,
                        hint=f"add the {MIRROR[kind]} that belongs to it")  # fmt: skip

    def run_of(self, characters: Mapping[str, str], position: int) -> int:
        """Where a run of characters ends."""
        while position < len(self.text) and self.text[position] in characters:
            position += 1
        return position
