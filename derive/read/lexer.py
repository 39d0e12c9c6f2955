"""LaTeX text → tokens, each decided by the symbol table: what is a name, a call, a product, a differential.

The lexer does everything that needs the table or TeX's own rules, so that the grammar stays LALR and context free:
it gathers a base with its scripts and primes (`z_5^*`, `\\sigma''`, `W^{(21)}`) and asks the table which of them belong
to the name; tells `dy` in `\\frac{dy}{dx}` from a product; pairs brackets and absolute bars; looks through sizes,
`\\underbrace` and `\\boxed`. What it cannot decide it refuses with the place and what to write: it never guesses.
"""

from __future__ import annotations

import re
from string import ascii_letters

from derive.read import arrays, commands, constructs, extrema, matrices, names, scripts, signs, spaces
from derive.read.cursor import DIGITS, ENDS_OPERAND, MAX_DIGITS, TOKEN, Cursor, Lexed
from derive.read.vocabulary import (
    ARROWS,
    CLOSERS,
    CONSTRUCTS,
    DOTS,
    FRACTIONS,
    HOLDERS,
    LONG_ARROWS,
    OPENERS,
    OPERATORS,
    PRIMES,
    REALS,
    RELATIONS,
    SIZES,
    SPACES,
    STRUCK,
    SUPERSCRIPTS,
    UNICODE,
    UPRIGHT,
)
from derive.symbols import SymbolTable

MAX_TOKENS = 5_000
_AHEAD = re.compile(
    r"(?:\s|~|\\[,;:!> ]|\\(?:quad|qquad|displaystyle|textstyle|hfill)(?![A-Za-z])|%[^\n]*)*(\\[A-Za-z]+|\\.|:=|=:|<=>|=>|<=|>=|==|.)",
    re.DOTALL,
)
TOKENS = (  # what is one token wherever it stands: its kind and value
    {word: ("RELATION", meaning) for word, meaning in RELATIONS.items()}
    | {word: ("ARROW", meaning) for word, meaning in ARROWS.items()}
    | {word: (kind, word) for word, kind in OPERATORS.items()}
)
_SCIENTIFIC = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE]([+-]?)[0-9]+")


def lex(text: str, table: SymbolTable, *, free: bool = False) -> Lexed:
    """Tokens of a formula. With `free`, undeclared names become names; otherwise the first one is refused.

    Raises Unreadable.
    """
    lexer = _Lexer(text, table, free=free)
    lexer.run(0, len(text))
    lexer.close_all()
    lexer.out.tokens = signs.with_signed_arguments(lexer.out.tokens)
    return lexer.out


class _Lexer(Cursor):
    def run(self, start: int, end: int) -> None:
        """Lex `text[start:end]`."""
        position = start
        while position < end:
            if self.table.phrases and (following := names.phrase(self, position, end)) is not None:
                position = following
                continue
            if self.table.term_phrases and (following := names.spelled_term(self, position, end)) is not None:
                position = following
                continue
            match = TOKEN.match(self.text, position, end)
            assert match is not None
            position = self.one(match.group(), position, match.end(), end)
            if len(self.out.tokens) > MAX_TOKENS:
                self.refuse("too-long", f"the formula has more than {MAX_TOKENS} symbols", position, hint="split it")

    def one(self, word: str, at: int, after: int, end: int) -> int:
        """Emit what stands at `at`; returns the offset to go on from."""
        word = UNICODE.get(word, word)
        if word in REALS and (following := spaces.space(self, at, end)) is not None:
            return following
        if self.has_arrays and (following := matrices.sign(self, word, at, after, end)) is not None:
            return following
        if (token := TOKENS.get(word)) is not None:
            return self.emit(*token, at, after)
        if word in DOTS:
            return self.emit("DOTS", word, at, after)
        if word in ascii_letters and at not in self.differentials:
            return names.read_name(self, word, at, after, end)
        if word.startswith("%"):
            return self.comment(word, at, after)
        if word == "&":
            return self.alignment(at, after, end)
        if word.isspace() or word in SPACES:
            return after
        if word[0] in DIGITS or (word[0] == "." and len(word) > 1):
            return self.numeral(word, at, after)
        if word in SIZES:
            return self.sized(at, after, end)
        if word in OPENERS or word in CLOSERS or word in "{}|" or word == r"\vert":
            return self.bracket(word, at, after)
        if word in FRACTIONS:
            return commands.fraction(self, at, after, end)
        if word == r"\sqrt":
            return commands.root(self, at, after, end)
        if word in extrema.COMMANDS and (following := constructs.extreme(self, word, at, after, end)) is not None:
            return following
        if word in CONSTRUCTS:
            return self.construct(word, at, after, end)
        if word in UPRIGHT and (mark := self.connective(after, end)):
            return self.emit(mark[0], mark[0].lower(), at, mark[1])
        if word in {r"\partial", r"\nabla"} and re.compile(r"\s*_").match(self.text, after, end):
            return commands.derivative_by(self, word, at, after, end)
        if word == r"\partial" or (at in self.differentials and word in {"d", r"\dd"}):
            return self.emit("_D", word, at, after)
        if word in {"^", "_"} or word in SUPERSCRIPTS or word in PRIMES:
            return scripts.script_after_operand(self, word, at, after, end)
        if word in LONG_ARROWS:
            return self.long_arrow(word, at, after, end)
        if word in HOLDERS:
            return commands.holder(self, word, at, after, end)
        if word in STRUCK:
            body_start, body_end, after = self.argument(after, end, word)
            self.out.notes.append(f"struck out, not read: {self.text[body_start:body_end]}")
            return after
        return names.read_name(self, word, at, after, end)

    def long_arrow(self, word: str, at: int, after: int, end: int) -> int:
        r"""`\xrightarrow{\div t}`: the arrow; what stands over it says how, and is not read."""
        under = re.compile(r"\s*\[[^\[\]]*\]").match(self.text, after, end)
        body_start, body_end, after = self.argument(under.end() if under else after, end, word)
        if self.text[body_start:body_end].strip():
            self.out.notes.append(f"written over the arrow, not read: {self.text[body_start:body_end].strip()}")
        return self.emit("ARROW", LONG_ARROWS[word], at, after)

    def comment(self, word: str, at: int, after: int) -> int:
        """TeX's comment; directly behind a number or bracket it is a percent sign that lost its backslash."""
        before = self.text[at - 1 : at]
        breaks_line = word.strip() == "%" and self.text[after:].strip() and before == "}"  # as in \\frac{a}{b}%
        if before and (before.isdecimal() or before in ")]}") and not breaks_line:
            self.refuse("percent", "a % begins a comment", at, hint=r"write \% for percent")
        return after

    def alignment(self, at: int, after: int, end: int) -> int:
        """A & beside a relation or sign, or at either end, aligns; between two operands it parts two things."""
        following = _AHEAD.match(self.text, after, end)
        word = UNICODE.get(following.group(1), following.group(1)) if following else ""
        aligns = not word or word in RELATIONS or word in ARROWS or word in OPERATORS or word in CLOSERS
        operand = bool(self.out.tokens) and self.out.tokens[-1].type in ENDS_OPERAND
        if operand and not aligns and word not in {"&", "}", "\\\\", "|", "%"}:
            self.refuse(
                "alignment", "a & stands between two operands", at, hint=r"write \cdot, or one formula at a time"
            )
        return after

    def numeral(self, word: str, at: int, after: int) -> int:
        scientific = _SCIENTIFIC.match(self.text, at)
        if scientific and not (self.table.resolve("e") or self.table.resolve("E")):
            if "." not in word and scientific.group(1) and "e" in scientific.group():
                self.refuse("ambiguous", f"{scientific.group()} may be a number or a difference with Euler's e", at,
                            length=len(scientific.group()), hint=r"write 10^{…}, or spaces around the sign")  # fmt: skip
            word, after = scientific.group(), scientific.end()
        if len(word) > MAX_DIGITS:
            self.refuse("too-long", f"a number of {len(word)} digits", at, hint=f"at most {MAX_DIGITS} are read")
        if self.out.tokens and self.out.tokens[-1].type == "NUMBER":
            self.refuse("ambiguous", f"two numbers stand side by side at {word}", at, length=len(word),
                        hint=r"write \cdot between them, or one number")  # fmt: skip
        return self.emit("NUMBER", word if word[0] != "." else f"0{word}", at, after)

    def construct(self, word: str, at: int, after: int, end: int) -> int:
        """What brings its own syntax."""
        if word == r"\begin":
            environment = re.compile(r"\s*\{\s*(d?cases)\s*\}").match(self.text, after, end)
            if environment:
                return constructs.cases(self, environment.group(1), at, environment.end(), end)
            if matrix := arrays.begins(self, after, end):
                return arrays.matrix(self, matrix, at, end)
            names.check_command(self, word, at)
        if word in {r"\sum", r"\prod"}:
            return constructs.reduction(self, word, at, after, end)
        if word == r"\lim":
            return constructs.limit(self, at, after, end)
        if word == r"\det" and self.table.has_arrays:
            return names.read_name(self, word, at, after, end)
        if word == r"\det":
            return self.emit("_DET", word, at, after)
        if word == r"\int":
            return constructs.integral(self, at, after, end)
        return constructs.binomial(self, at, after, end)

    def connective(self, after: int, end: int) -> tuple[str, int] | None:
        r"""`\text{ or }`, `\text{and}` between statements."""
        match = re.compile(r"\s*\{\s*(or|and)\s*\}").match(self.text, after, end)
        return (match.group(1).upper(), match.end()) if match else None
