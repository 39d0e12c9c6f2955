"""LaTeX text → tokens, each decided by the symbol table: what is a name, a call, a product, a differential.

The lexer does everything that needs the table or TeX's own rules, so that the grammar stays LALR and context free:
it gathers a base with its scripts and primes (`z_5^*`, `\\sigma''`, `W^{(21)}`) and asks the table which of them belong
to the name; tells `dy` in `\\frac{dy}{dx}` from a product; pairs brackets and absolute bars; looks through sizes,
`\\underbrace` and `\\boxed`. What it cannot decide it refuses with the place and what to write: it never guesses.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from lark import Token

from derive.errors import Unreadable
from derive.functions import INVERSES, LETTERS, SPELLED, SUBSCRIPTED, USUAL, WORDS
from derive.read import constructs
from derive.read.vocabulary import (
    ACCENTS,
    ARROWS,
    CLOSERS,
    CONSTANTS,
    CONSTRUCTS,
    DOTS,
    FRACTIONS,
    HOLDERS,
    MIRROR,
    OPENERS,
    OPERATORS,
    PRIMES,
    RELATIONS,
    SAME_ACCENT,
    SIZES,
    SPACES,
    STRUCK,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    UNICODE,
    UPRIGHT,
)
from derive.symbols import GREEK, STAR, SymbolTable, canonical_name, join_name

MAX_LENGTH = 20_000  # characters of one formula
MAX_TOKENS = 5_000
MAX_NESTING = 100
MAX_DIGITS = 1_000
DIGITS = frozenset("0123456789")
MAX_PRIMES = 3  # of a declared name such as y''
MAX_SHOWN = 60  # characters of a command in a sentence
MAX_ORDER = 99  # of the derivative of a function

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[0-9]+(?:\.[0-9]+)?|\.[0-9]+|\s+|%[^\n]*|:=|=:|.", re.DOTALL)
_UPRIGHT_D = re.compile(
    r"\\mathrm\s*\{\s*d\s*\}|\\mathrm\s+d|\\text(?:rm)?\s*\{\s*d\s*\}|\\operatorname\s*\{\s*d\s*\}|\\dd(?![A-Za-z])"
)
_PARTIAL = re.compile(r"\\partial(?![A-Za-z])|∂")
# possessive and bounded, so that a row of d's is not searched to its end from each of them
_SLASH_DERIVATIVE = re.compile(
    r"d\s*(?:\\[A-Za-z]++|[A-Za-z])(?:[^/+\-=<>\s\\]|\\[a-z]){0,80}+\s*/\s*d(?=\s*(?:\\[A-Za-z]|[A-Za-z]))"
)
_CALLED = re.compile(r"\s*(?:\{\s*)?(?:\\left\s*)?[(\[]")
_ENDS_OPERAND = frozenset(
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
    ]
)
_OPEN_TOKEN = {"{": "_LBRACE", r"\{": "_LSET", "floor": "_FLOOR_OPEN", "ceil": "_CEIL_OPEN"}
_CLOSE_TOKEN = {"{": "_RBRACE", "|": "_BAR_CLOSE", r"\{": "_RSET", "floor": "_FLOOR_CLOSE", "ceil": "_CEIL_CLOSE"}
_SCIENTIFIC = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE]([+-]?)[0-9]+")
_SUBSCRIPT_DIGITS = str.maketrans(SUBSCRIPTS)
KNOWN_COMMANDS = sorted(
    {*RELATIONS, *ARROWS, *OPERATORS, *OPENERS, *CLOSERS, *SPACES, *SIZES, *FRACTIONS, *ACCENTS, *UPRIGHT, *HOLDERS}
    | {rf"\{g}" for g in GREEK}
    | {*SPELLED, r"\sqrt", r"\partial", r"\infty"}
)


_HOLDS_RELATION = re.compile(
    "[" + "".join(re.escape(c) for c in [*RELATIONS, *ARROWS, *UNICODE] if len(c) == 1 and UNICODE.get(c, c) in {*RELATIONS, *ARROWS}) + "]"
    + r"|\\(?:" + "|".join(c[1:] for c in [*RELATIONS, *ARROWS] if len(c) > 1 and c[0] == "\\") + ")(?![A-Za-z])"
)  # fmt: skip
_ENDS_TERM = re.compile(r"\s*(?:$|[-+−=<>)\]},&|]|\\(?:right|le|ge|quad|Rightarrow)|\\\\)")


@dataclass(slots=True)
class Lexed:
    """The tokens of a formula, the names in it that nobody declared, and what was looked past."""

    tokens: list[Token]
    undeclared: dict[str, int] = field(default_factory=dict)  # canonical spelling → first offset
    notes: list[str] = field(default_factory=list)
    bound: set[str] = field(default_factory=set)  # indices of Σ, Π, ∫ and lim


def lex(text: str, table: SymbolTable, *, free: bool = False) -> Lexed:
    """Tokens of a formula. With `free`, undeclared names become names; otherwise the first one is refused.

    Raises Unreadable.
    """
    lexer = _Lexer(text, table, free=free)
    lexer.run(0, len(text))
    lexer.close_all()
    return lexer.out


class _Lexer:
    def __init__(self, text: str, table: SymbolTable, *, free: bool) -> None:
        self.text, self.table, self.free = text, table, free
        self.out = Lexed([])
        self.open: list[tuple[str, int]] = []  # brackets not yet closed: kind, offset
        self.differentials: set[int] = set()  # offsets at which `d` is the differential
        self.skipped: set[int] = set()  # offsets of braces that say nothing
        self.bound = self.out.bound  # so far
        if len(text) > MAX_LENGTH:
            self.refuse("too-long", f"the formula has {len(text)} characters", MAX_LENGTH,
                        hint=f"split it: at most {MAX_LENGTH} characters are read")  # fmt: skip

    # --- the loop ----------------------------------------------------------------------------------------------------

    def run(self, start: int, end: int) -> None:
        """Lex `text[start:end]`."""
        position = start
        while position < end:
            match = _TOKEN.match(self.text, position, end)
            assert match is not None
            position = self.one(match.group(), position, match.end(), end)
            if len(self.out.tokens) > MAX_TOKENS:
                self.refuse("too-long", f"the formula has more than {MAX_TOKENS} symbols", position, hint="split it")

    def one(self, word: str, at: int, after: int, end: int) -> int:
        """Emit what stands at `at`; returns the offset to go on from."""
        word = UNICODE.get(word, word)
        if word.isspace() or word in SPACES or word.startswith("%"):
            return after
        if word[0] in DIGITS or (word[0] == "." and len(word) > 1):
            return self.numeral(word, at, after)
        if word in RELATIONS:
            return self.emit("RELATION", RELATIONS[word], at, after)
        if word in ARROWS:
            return self.emit("ARROW", ARROWS[word], at, after)
        if word in OPERATORS:
            return self.emit(OPERATORS[word], word, at, after)
        if word in SIZES:
            return self.sized(at, after, end)
        if word in OPENERS or word in CLOSERS or word in "{}|" or word == r"\vert":
            return self.bracket(word, at, after)
        if word in FRACTIONS:
            return self.fraction(at, after, end)
        if word == r"\sqrt":
            return self.root(at, after, end)
        if word in CONSTRUCTS:
            return self.construct(word, at, after, end)
        if word in UPRIGHT and (mark := self.connective(after, end)):
            return self.emit(mark[0], mark[0].lower(), at, mark[1])
        if word in {r"\partial", r"\nabla"} and re.compile(r"\s*_").match(self.text, after, end):
            return self.derivative_by(word, at, after, end)
        if word == r"\partial" or (at in self.differentials and word in {"d", r"\dd"}):
            return self.emit("_D", word, at, after)
        if word in {"^", "_"} or word in SUPERSCRIPTS or word in PRIMES:
            return self.script_after_operand(word, at, after, end)
        if word in HOLDERS:
            return self.holder(word, at, after, end)
        if word in STRUCK:
            body_start, body_end, after = self.argument(after, end, word)
            self.out.notes.append(f"struck out, not read: {self.text[body_start:body_end]}")
            return after
        return self.name(word, at, after, end)

    def emit(self, kind: str, value: object, at: int, after: int) -> int:
        """Append a token; returns `after` for the loop."""
        self.out.tokens.append(Token(kind, value, at, end_pos=after))
        return after

    def refuse(
        self, code: str, reason: str, at: int, *, length: int = 1, hint: str = "", repair: str | None = None
    ) -> NoReturn:
        raise Unreadable(code, reason, text=self.text, offset=at, length=length, hint=hint, repair=repair)

    # --- numbers, brackets -------------------------------------------------------------------------------------------

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

    def sized(self, at: int, after: int, end: int) -> int:
        r"""`\left` and its kin say nothing but which bracket follows; `\left.` is no bracket at all."""
        match = re.compile(r"\s*(\\[A-Za-z]+|\\.|.)", re.DOTALL).match(self.text, after, end)
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
            operand = bool(self.out.tokens) and self.out.tokens[-1].type in _ENDS_OPERAND
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

    def column(self, offset: int) -> int:
        return offset - self.text.rfind("\n", 0, offset)

    # --- arguments of commands ---------------------------------------------------------------------------------------

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
        match = _TOKEN.match(self.text, position, end)
        assert match is not None
        one_digit = match.group()[0] in DIGITS
        after = position + 1 if one_digit else match.end()
        return position, after, after

    def matching_brace(self, position: int, end: int) -> int:
        depth = 0
        for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(self.text, position, end):
            depth += {"{": 1, "}": -1}.get(match.group(), 0)
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

    def fraction(self, at: int, after: int, end: int) -> int:
        top = self.argument(after, end, self.text[at:after])
        bottom = self.argument(top[2], end, self.text[at:after])
        kind = "_DFRAC" if self.is_derivative(top, bottom, at) else "_FRAC"
        self.emit(kind, self.text[at:after], at, after)
        self.group(top[0], top[1], top[0] - 1)
        self.group(bottom[0], bottom[1], bottom[0] - 1)
        return bottom[2]

    def is_derivative(self, top: tuple[int, int, int], bottom: tuple[int, int, int], at: int) -> bool:
        r"""Whether a fraction is ∂y/∂x or dy/dx; one ∂ without the other is a slip, and refused with its mending."""
        heads = [self.text[start:stop].lstrip() for start, stop, _ in (top, bottom)]
        partial = [bool(_PARTIAL.match(head)) for head in heads]
        if all(partial):
            return True
        if any(partial):
            index = partial.index(False)
            insert = (top, bottom)[index][0]
            self.refuse("differential-lost", f"the {('numerator', 'denominator')[index]} of this derivative has no ∂", at,
                        length=bottom[2] - at, hint=r"write \partial in both", repair=self.mended(insert))  # fmt: skip
        if not all(_UPRIGHT_D.match(head) or self.plain_d(head) for head in heads):
            return False
        starts = [stop - len(self.text[start:stop].lstrip()) for start, stop, _ in (top, bottom)]
        self.differentials.update(starts)
        for match in re.finditer(
            r"(?<![A-Za-z\\])d(?![A-Za-z]*\})|\\mathrm|\\text|\\dd|(?<=[0-9}\s])d", self.text[bottom[0] : bottom[1]]
        ):
            self.differentials.add(bottom[0] + match.start())
        return True

    def mended(self, insert: int) -> str:
        return rf"{self.text[:insert]}\partial {self.text[insert:]}"

    def plain_d(self, head: str) -> bool:
        return bool(re.match(r"d(?![A-Za-z]{2,}\W*$)", head)) and self.table.resolve("d") is None

    def derivative_by(self, word: str, at: int, after: int, end: int) -> int:
        r"""`\partial_{b_1} y`: the variable as a subscript; what is differentiated follows."""
        start, stop, after = self.argument(self.text.index("_", after) + 1, end, word)
        self.emit("_DBY", word, at, start)
        self.inside(start, stop)
        return after

    def root(self, at: int, after: int, end: int) -> int:
        rest = re.compile(r"\s*\[").match(self.text, after, end)
        self.emit("_SQRT", r"\sqrt", at, after)
        if rest:
            close = self.index_end(rest.end(), end)
            if close is None:
                self.refuse("bracket-unclosed", "the index of the root is never closed", rest.end() - 1, hint="add ]")
            self.group(rest.end(), close, rest.end() - 1)
            self.out.tokens[-1] = Token("_INDEX_END", "]", close, end_pos=close + 1)
            after = close + 1
        if self.text[at] == "√" and (bracket := re.compile(r"\s*\(").match(self.text, after, end)):
            close = self.matching_parenthesis(bracket.end() - 1, end)
            self.group(bracket.end(), close, bracket.end() - 1)
            return close + 1
        start, stop, after = self.argument(after, end, r"\sqrt")
        self.group(start, stop, start - 1)
        return after

    def matching_parenthesis(self, position: int, end: int) -> int:
        """The `)` of the `(` that a √ without braces stands before."""
        depth = 0
        for match in re.compile(r"[()]").finditer(self.text, position, end):
            depth += 1 if match.group() == "(" else -1
            if depth == 0:
                return match.start()
        self.refuse(
            "bracket-unclosed",
            "the bracket ( is opened and never closed",
            position,
            hint="add the ) that belongs to it",
        )

    def index_end(self, position: int, end: int) -> int | None:
        """The `]` of an optional argument: as in TeX, one inside braces does not count."""
        depth = 0
        for match in re.compile(r"\\.|[{}\]]", re.DOTALL).finditer(self.text, position, end):
            depth += {"{": 1, "}": -1}.get(match.group(), 0)
            if match.group() == "]" and depth == 0:
                return match.start()
        return None

    def holder(self, word: str, at: int, after: int, end: int) -> int:
        r"""`\underbrace{…}_{(A)}` is read for what it holds; its label is noted."""
        start, stop, after = self.argument(after, end, word)
        held = self.text[start:stop]
        operand_before = bool(self.out.tokens) and self.out.tokens[-1].type in _ENDS_OPERAND
        # `x \underbrace{- y}_{A}` goes on with the sum
        signed = operand_before and held.lstrip()[:1] in {"+", "-", "−"}
        if signed or _HOLDS_RELATION.search(held):
            self.run(start, stop)
        else:
            self.group(start, stop, at)
        while match := re.compile(r"\s*[_^]").match(self.text, after, end):
            label_start, label_stop, after = self.argument(match.end(), end, word)
            self.out.notes.append(f"{held.strip()} is labelled {self.text[label_start:label_stop]}")
        if signed and re.search(r"[+\-−]", held.lstrip()[1:]) and not _ENDS_TERM.match(self.text, after):
            self.refuse("ambiguous", f"a factor stands behind {word}, which holds a sum that goes on with the one before it", at,
                        length=after - at, hint="write brackets")  # fmt: skip
        return after

    def inside(self, start: int, end: int) -> None:
        """Lex a part of a construct; brackets opened in it must be closed in it."""
        before = len(self.open)
        self.run(start, end)
        if len(self.open) > before:
            kind, where = self.open[-1]
            self.refuse("bracket-unclosed", f"the bracket {kind} is not closed where it should be", where,
                        hint=f"add the {MIRROR[kind]} that belongs to it")  # fmt: skip

    def construct(self, word: str, at: int, after: int, end: int) -> int:
        """What brings its own syntax."""
        if word == r"\begin":
            environment = re.compile(r"\s*\{cases\}|\s*\{dcases\}").match(self.text, after, end)
            if environment:
                return constructs.cases(self, at, environment.end(), end)
            self.check_command(word, at)
        if word in {r"\sum", r"\prod"}:
            return constructs.reduction(self, word, at, after, end)
        if word == r"\lim":
            return constructs.limit(self, at, after, end)
        if word == r"\int":
            return constructs.integral(self, at, after, end)
        return constructs.binomial(self, at, after, end)

    def connective(self, after: int, end: int) -> tuple[str, int] | None:
        r"""`\text{ or }`, `\text{and}` between statements."""
        match = re.compile(r"\s*\{\s*(or|and)\s*\}").match(self.text, after, end)
        return (match.group(1).upper(), match.end()) if match else None

    # --- names -------------------------------------------------------------------------------------------------------

    def name(self, word: str, at: int, after: int, end: int) -> int:
        """A base with its accents, subscript, superscript and primes: a name, a function, or a name to a power."""
        if self.is_slash_derivative(at):
            return self.emit("_D", "d", at, after)
        base, after = self.base(word, at, after, end)
        if base in self.differential_words(at):
            return self.emit("_D", base, at, after)
        if (following := constructs.indicator(self, base, at, after, end)) is not None:
            return following
        subscript, superscript, primes, after = self.scripts(after, end)
        if subscript and SPELLED.get(base) == "log" and self.table.resolve(base) is None:
            return self.logarithm(subscript, superscript, at, after)
        sub = canonical_name(self.text[slice(*subscript)].translate(_SUBSCRIPT_DIGITS)) if subscript else ""
        if subscript and (row := self.subscripted(base, sub, after)):
            return self.with_parameter(row, subscript, superscript, primes, at, after)
        called = _CALLED.match(self.text, after) is not None
        sup = self.text[slice(*superscript)].strip() if superscript else ""
        star, power = self.split_star(sup)
        if primes == 0 and power:
            primes, power = self.primes_of(power)
        for candidate_sup, rest in ((sup, ""), (star, power)):
            for marks in range(min(primes, MAX_PRIMES), -1, -1):
                key = join_name(base + "'" * marks, sub, STAR.sub("*", candidate_sup))
                own = self.is_letter_of_its_own(key, primes, rest, after, end)
                if self.known(key, sub, called=called) and not own:
                    return self.known_name(key, primes - marks, rest, superscript, at, after, end)
        return self.undeclared(base, sub, star, power, primes, superscript, at, after)

    def logarithm(self, base: tuple[int, int], sup: tuple[int, int] | None, at: int, after: int) -> int:
        r"""`\log_b`: the base as a group behind the function."""
        self.emit("FUNC", ("log_base", 0), at, after)
        self.emit("_BASE", "_", base[0], base[0])
        self.group(base[0], base[1], base[0] - 1)
        return self.power(self.text[slice(*sup)].strip() if sup else "", sup, after)

    def is_slash_derivative(self, at: int) -> bool:
        match = _SLASH_DERIVATIVE.match(self.text, at) if self.table.resolve("d") is None else None
        if match:
            self.differentials.add(match.end() - 1)
        return match is not None

    def differential_words(self, at: int) -> tuple[str, ...]:
        return (r"\mathrm{d}", r"\operatorname{d}", "d") if at in self.differentials else (r"\operatorname{d}",)

    def base(self, word: str, at: int, after: int, end: int) -> tuple[str, int]:
        if word in ACCENTS:
            start, stop, after = self.argument(after, end, word)
            return f"{SAME_ACCENT.get(word, word)}{{{canonical_name(self.text[start:stop])}}}", after
        if word in UPRIGHT:
            start, stop, after = self.argument(after, end, word)
            inner = " ".join(self.text[start:stop].split())
            declared = self.table.resolve(inner) is not None and len(inner) > 1
            return (inner if declared or inner == "e" else rf"\operatorname{{{inner}}}"), after
        if word.startswith("\\"):
            self.check_command(word, at)
            return word, after
        if not word.isalpha() or not word.isascii():
            shown = word if word.isprintable() else f"U+{ord(word):04X}"
            self.refuse(
                "unexpected-character", f"the character {shown} has no meaning in a formula", at, hint="remove it"
            )
        return self.letters(word, at, after)

    def check_command(self, word: str, at: int) -> None:
        if word[1:] in GREEK or word in SPELLED or self.table.resolve(word) or word in CONSTANTS:
            return
        if word in {r"\begin", r"\end"}:
            self.refuse(
                "unsupported-environment",
                "an environment inside a formula is not read yet",
                at,
                length=len(word),
                hint="write each formula in it by itself",
            )
        if word in DOTS:
            self.refuse("dots", "dots stand for something that is left out", at, length=len(word), hint="write it out")
        if word == "\\\\":
            self.refuse("line-break", "a line break stands inside the formula", at, length=2, hint="one formula a line")
        close = difflib.get_close_matches(word, KNOWN_COMMANDS, n=1, cutoff=0.75)
        hint = f"did you mean {close[0]}" if close else "declare it as a symbol if it is one"
        shown = word if len(word) <= MAX_SHOWN else f"{word[:MAX_SHOWN]}…"
        self.refuse("unknown-command", f"{shown} is not a command this reader knows", at, length=len(word), hint=hint)

    def letters(self, word: str, at: int, after: int) -> tuple[str, int]:
        """One letter, or the declared word or function name that starts here."""
        run = re.compile(r"[A-Za-z]+").match(self.text, at)
        assert run is not None
        for declared in self.table.words:
            if run.group().startswith(declared):
                if all(self.table.resolve(letter) for letter in declared):
                    self.refuse("ambiguous", f"{declared} is declared, and so is each of its letters", at, length=len(declared),
                                hint=rf"write \operatorname{{{declared}}} or \cdot between the letters")  # fmt: skip
                return declared, at + len(declared)
        if run.group() in WORDS and not all(self.table.resolve(c) for c in run.group()):
            return rf"\operatorname{{{run.group()}}}", run.end()
        digits = re.compile(r"[0-9]+").match(self.text, after)
        if digits and self.table.resolve(join_name(word, digits.group(), "")):
            return join_name(word, digits.group(), ""), digits.end()
        return word, after

    def scripts(self, position: int, end: int) -> tuple[tuple[int, int] | None, tuple[int, int] | None, int, int]:
        """Subscript and superscript (as ranges of the text), primes, and where they end; each at most once."""
        found: dict[str, tuple[int, int]] = {}
        primes = 0
        while position < end:
            char = self.text[position]
            if char.isspace():
                ahead = re.compile(r"\s*[_^'′]").match(self.text, position, end)
                if ahead is None:
                    break
                position = ahead.end() - 1
            elif char in PRIMES:
                primes += PRIMES[char]
                if primes > MAX_ORDER:
                    self.refuse(
                        "symbolic-order", f"more than {MAX_ORDER} primes", position, hint="write the order as ^{(n)}"
                    )
                position += 1
            elif char in SUPERSCRIPTS or char in SUBSCRIPTS:
                mark = "^" if char in SUPERSCRIPTS else "_"
                if mark in found:
                    break
                last = self.run_of(SUPERSCRIPTS if mark == "^" else SUBSCRIPTS, position)
                found[mark] = (position, last)
                position = last
            elif char in "_^":
                if char in found:
                    self.refuse(
                        "double-script",
                        f"a second {char} on the same name",
                        position,
                        hint="put both in one pair of braces",
                    )
                start, stop, position = self.argument(position + 1, end, char)
                if not self.text[start:stop].strip():
                    self.refuse(
                        "empty-bracket", "a script has nothing in it", start - 1, hint="write what belongs inside"
                    )
                if char == "^":
                    self.check_exponent(start, stop, position)
                found[char] = (start, stop)
            else:
                break
        return found.get("_"), found.get("^"), primes, position

    def split_star(self, sup: str) -> tuple[str, str]:
        """`*` and `*2` belong to the name as far as the star goes; the rest is a power."""
        match = STAR.match(sup)
        return ("*", sup[match.end() :].strip()) if match else ("", sup)

    def primes_of(self, sup: str) -> tuple[int, str]:
        r"""`^{\prime\prime}` and `^{(2)}` on a function count as primes."""
        stripped = sup.replace(" ", "")
        if re.fullmatch(r"(?:\\prime|['′])+", stripped):
            return len(re.findall(r"\\prime|['′]", stripped)), ""
        return 0, sup

    def known(self, key: str, sub: str, *, called: bool) -> bool:
        declared = self.table.resolve(key) is not None or key in self.bound or key in CONSTANTS
        return declared or (not sub and self.spelled(key, called=called) is not None)

    def spelled(self, key: str, *, called: bool) -> str | None:
        """The row of the table of functions that a spelling nobody declared means; a letter only where it is called."""
        if key in SPELLED:
            return SPELLED[key] if called or key not in LETTERS else None
        return USUAL.get(key) if called and not self.free else None

    def subscripted(self, base: str, sub: str, after: int) -> str | None:
        r"""The function of `\operatorname{J}_{\nu}(x)`, whose subscript is an argument; an author may write `J_{\nu}(x)`."""
        if self.table.resolve(join_name(base, sub, "")) is not None or self.table.resolve(base) is not None:
            return None
        upright = base if base.startswith("\\") or self.free or base == "E" else rf"\operatorname{{{base}}}"
        return SUBSCRIPTED.get(upright) if _CALLED.match(self.text, after) else None

    def with_parameter(
        self, row: str, subscript: tuple[int, int], sup: tuple[int, int] | None, primes: int, at: int, after: int
    ) -> int:
        """A call whose first argument is a subscript: `(` subscript `,` and what stands in the bracket."""
        self.function(row, primes, self.text[slice(*sup)].strip() if sup else "", sup, at, after)
        opening = _CALLED.match(self.text, after)
        assert opening is not None
        self.push("(", opening.end() - 1)
        self.emit("_LPAR", "(", opening.end() - 1, opening.end())
        self.group(subscript[0], subscript[1], subscript[0] - 1)
        self.emit("_COMMA", ",", subscript[1], subscript[1])
        return opening.end()

    def skip_braces(self, after: int) -> None:
        r"""SymPy writes `\max{\left(a, b \right)}`: braces right around a bracket say nothing."""
        opening = re.compile(r"\s*(\{)\s*\\left\s*\(").match(self.text, after)
        if opening is None:
            return
        close = self.matching_brace(opening.start(1), len(self.text))
        depth, last = 0, 0
        for match in re.compile(r"\\(left|right)(?![A-Za-z])").finditer(self.text, opening.end(1), close):
            depth += 1 if match.group(1) == "left" else -1
            if depth == 0:
                last = match.end()
                break
        if last and re.fullmatch(r"\s*\)\s*", self.text[last:close]):
            self.skipped |= {opening.start(1), close}

    def is_letter_of_its_own(self, key: str, primes: int, power: str, after: int, end: int) -> bool:
        """Another spelling of a function (δ for σ) is the function where it is applied or primed, else a free letter."""
        symbol = self.table.resolve(key)
        if symbol is None or not symbol.is_function or key == symbol.key or primes or power.startswith("("):
            return False
        return (
            re.compile(r"\s*(?:\\left\s*|\\[bB]igg?l?\s*)?(?:[(\[{|]|\\\{|\\lvert)").match(self.text, after, end)
            is None
        )

    def known_name(
        self, key: str, primes: int, power: str, sup: tuple[int, int] | None, at: int, after: int, end: int
    ) -> int:
        symbol = self.table.resolve(key)
        if key in self.bound:
            self.emit("NAME", key, at, after)
        elif symbol is None and key in CONSTANTS:
            self.emit("CONST", CONSTANTS[key], at, after)
        elif symbol is None or symbol.is_function:
            return self.function(symbol.key if symbol else self.named(key), primes, power, sup, at, after)
        else:
            self.emit("NAME", symbol.key, at, after)
        if (
            primes
            and not (symbol is None and key not in CONSTANTS and key not in self.bound)
            and not (symbol and symbol.is_function)
        ):
            marked = key + "'" * primes
            self.refuse("undeclared-name", f"{key} is no function, so {marked} is another name", at,
                        length=after - at, hint="declare it")  # fmt: skip
        return self.power(power, sup, after)

    def function(self, function: str, primes: int, power: str, sup: tuple[int, int] | None, at: int, after: int) -> int:
        order = re.fullmatch(r"\(\s*(\d{1,2})\s*\)", power)
        if order:
            primes, power = int(order.group(1)), ""
        elif re.fullmatch(r"\(.*\)", power):
            self.refuse("symbolic-order", f"the order {power} of a derivative is not a number", at, length=after - at,
                        hint="write the order as a number")  # fmt: skip
        if power.replace(" ", "") == "-1":
            if function not in INVERSES:
                self.refuse("ambiguous", "the exponent −1 on a function may mean its inverse or its reciprocal", at,
                            length=after - at, hint="write 1/f(x), or name the inverse")  # fmt: skip
            function, power = INVERSES[function], ""
        self.skip_braces(after)
        self.emit("FUNC", (function, primes), at, after)
        return self.power(power, sup, after)

    def named(self, key: str) -> str:
        """The row a spelling means; what is usual rather than certain is noted."""
        if key not in SPELLED:
            self.out.notes.append(f"{key} is not declared; it is read as {USUAL[key].replace('_', ' ')}")
        return SPELLED.get(key) or USUAL[key]

    def power(self, power: str, sup: tuple[int, int] | None, after: int) -> int:
        """The part of a superscript that is no part of the name is an exponent."""
        if power and sup:
            start, stop = sup
            start = stop - len(self.text[start:stop].rstrip()[-len(power) :]) if len(power) < stop - start else start
            self.emit("_CARET", "^", start - 1, start)
            if self.text[start] in SUPERSCRIPTS:
                self.superscript_digits(start)
            else:
                self.group(start, stop, start - 1)
        return after

    def superscript_digits(self, at: int) -> int:
        """`²³` is the exponent 23."""
        after = self.run_of(SUPERSCRIPTS, at)
        if after - at > MAX_DIGITS:
            self.refuse("too-long", f"a number of {after - at} digits", at, hint=f"at most {MAX_DIGITS} are read")
        self.emit("_LBRACE", "{", at, at)
        self.emit("NUMBER", "".join(SUPERSCRIPTS[digit] for digit in self.text[at:after]), at, after)
        return self.emit("_RBRACE", "}", after, after)

    def run_of(self, characters: Mapping[str, str], position: int) -> int:
        """Where a run of characters ends."""
        while position < len(self.text) and self.text[position] in characters:
            position += 1
        return position

    def undeclared(
        self, base: str, sub: str, star: str, power: str, primes: int, sup: tuple[int, int] | None, at: int, after: int
    ) -> int:
        layer = power if re.fullmatch(r"\(.*\)", power) else ""
        key = join_name(base + "'" * primes, sub, star or layer)
        if base.startswith(r"\operatorname{"):
            words = base[len(r"\operatorname{") : -1]
            if " " in words or not words.isalnum():
                self.refuse("words", f"the words “{words}” stand inside the formula", at, length=after - at,
                            hint="write them outside of it")  # fmt: skip
        called = re.compile(r"\s*(?:\\left\s*)?\(").match(self.text, after)
        if not self.free or (called and not sub):
            reason = f"{key} is not declared" + (", so this may be a call or a product" if called and self.free else "")
            nearest = self.table.nearest(key)
            hint = f"the nearest declared name is {nearest}" if nearest else "declare it"
            self.refuse("undeclared-name", reason, at, length=after - at, hint=hint)
        self.out.undeclared.setdefault(key, at)
        self.emit("NAME", key, at, after)
        return self.power("" if layer else power, sup, after)

    def script_after_operand(self, word: str, at: int, after: int, end: int) -> int:
        """A script or prime on something that is no name: `(a+b)^2`, `3^n`, `f(x)'`."""
        if word in PRIMES:
            self.refuse("stray-prime", "a prime stands after something that is no function", at,
                        hint=r"write the derivative as \frac{\partial …}{\partial …}")  # fmt: skip
        if not self.out.tokens or self.out.tokens[-1].type not in {*_ENDS_OPERAND, "_D"}:
            self.refuse("stray-script", f"{word} stands after nothing", at, hint="put a name or bracket before it")
        if word in SUPERSCRIPTS:
            self.emit("_CARET", "^", at, at)
            return self.superscript_digits(at)
        if word == "_":
            self.refuse(
                "stray-script", "a subscript stands after something that is no name", at, hint="put it on a name"
            )
        start, stop, after = self.argument(after, end, "^")
        if STAR.fullmatch(self.text[start:stop].strip()):
            self.refuse("stray-script", "a star stands after something that is no name", at, hint="put it on a name")
        self.check_exponent(start, stop, after)
        self.emit("_CARET", "^", at, start)
        self.group(start, stop, start - 1)
        return after

    def check_exponent(self, start: int, stop: int, after: int) -> None:
        """`x^23` sets only the 2 above the line: refused rather than read either way."""
        bare_digit = stop - start == 1 and self.text[start] in DIGITS and self.text[stop : stop + 1].isdecimal()
        if bare_digit and after == stop:
            self.refuse("ambiguous", "only the first digit after ^ is set above the line", start, length=2,
                        hint="put the exponent in braces")  # fmt: skip
