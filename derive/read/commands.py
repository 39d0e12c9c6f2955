r"""Tokens of commands that take arguments: fractions and the derivatives written as fractions, roots, `\underbrace`."""

from __future__ import annotations

import re

from derive.read.automaton import Token
from derive.read.cursor import ENDS_OPERAND, Cursor
from derive.read.spaces import labelled
from derive.read.vocabulary import ARROWS, RELATIONS, UNICODE

_UPRIGHT_D = re.compile(
    r"\\mathrm\s*\{\s*d\s*\}|\\mathrm\s+d|\\text(?:rm)?\s*\{\s*d\s*\}|\\operatorname\s*\{\s*d\s*\}|\\dd(?![A-Za-z])"
)
_PARTIAL = re.compile(r"\\partial(?![A-Za-z])|∂")
# possessive and bounded, so that a row of d's is not searched to its end from each of them
_SLASH_DERIVATIVE = re.compile(
    r"d\s*(?:\\[A-Za-z]++|[A-Za-z])(?:[^/+\-=<>\s\\]|\\[a-z]){0,80}+\s*/\s*d(?=\s*(?:\\[A-Za-z]|[A-Za-z]))"
)

_HOLDS_RELATION = re.compile(
    "[" + "".join(re.escape(c) for c in [*RELATIONS, *ARROWS, *UNICODE] if len(c) == 1 and UNICODE.get(c, c) in {*RELATIONS, *ARROWS}) + "]"
    + r"|\\(?:" + "|".join(c[1:] for c in [*RELATIONS, *ARROWS] if len(c) > 1 and c[0] == "\\") + ")(?![A-Za-z])"
)  # fmt: skip
_INDEX = re.compile(r"\s*\[")  # of a root
_ENDS_TERM = re.compile(r"\s*(?:$|[-+−=<>)\]},&|]|\\(?:right|le|ge|quad|Rightarrow)|\\\\)")


def fraction(lexer: Cursor, at: int, after: int, end: int) -> int:
    top = lexer.argument(after, end, lexer.text[at:after])
    bottom = lexer.argument(top[2], end, lexer.text[at:after])
    kind = "_DFRAC" if is_derivative(lexer, top, bottom, at) else "_FRAC"
    lexer.emit(kind, lexer.text[at:after], at, after)
    lexer.group(top[0], top[1], top[0] - 1)
    lexer.group(bottom[0], bottom[1], bottom[0] - 1)
    return bottom[2]


def is_derivative(lexer: Cursor, top: tuple[int, int, int], bottom: tuple[int, int, int], at: int) -> bool:
    r"""Whether a fraction is ∂y/∂x or dy/dx; one ∂ without the other is a slip, and refused with its mending."""
    heads = [lexer.text[start:stop].lstrip() for start, stop, _ in (top, bottom)]
    partial = [bool(_PARTIAL.match(head)) for head in heads]
    if all(partial):
        return True
    if any(partial):
        index = partial.index(False)
        insert = (top, bottom)[index][0]
        lexer.refuse("differential-lost", f"the {('numerator', 'denominator')[index]} of this derivative has no ∂", at,
                    length=bottom[2] - at, hint=r"write \partial in both", repair=mended(lexer, insert))  # fmt: skip
    if not all(_UPRIGHT_D.match(head) or plain_d(lexer, head) for head in heads):
        return False
    starts = [stop - len(lexer.text[start:stop].lstrip()) for start, stop, _ in (top, bottom)]
    lexer.differentials.update(starts)
    for match in re.finditer(
        r"(?<![A-Za-z\\])d(?![A-Za-z]*\})|\\mathrm|\\text|\\dd|(?<=[0-9}\s])d", lexer.text[bottom[0] : bottom[1]]
    ):
        lexer.differentials.add(bottom[0] + match.start())
    return True


def mended(lexer: Cursor, insert: int) -> str:
    return rf"{lexer.text[:insert]}\partial {lexer.text[insert:]}"


def plain_d(lexer: Cursor, head: str) -> bool:
    return bool(re.match(r"d(?![A-Za-z]{2,}\W*$)", head)) and lexer.table.resolve("d") is None


def derivative_by(lexer: Cursor, word: str, at: int, after: int, end: int) -> int:
    r"""`\partial_{b_1} y`: the variable as a subscript; what is differentiated follows."""
    start, stop, after = lexer.argument(lexer.text.index("_", after) + 1, end, word)
    lexer.emit("_DBY", word, at, start)
    lexer.inside(start, stop)
    return after


def root(lexer: Cursor, at: int, after: int, end: int) -> int:
    rest = _INDEX.match(lexer.text, after, end)
    lexer.emit("_SQRT", r"\sqrt", at, after)
    if rest:
        close = index_end(lexer, rest.end(), end)
        if close is None:
            lexer.refuse("bracket-unclosed", "the index of the root is never closed", rest.end() - 1, hint="add ]")
        lexer.group(rest.end(), close, rest.end() - 1)
        lexer.out.tokens[-1] = Token("_INDEX_END", "]", close, close + 1)
        after = close + 1
    if lexer.text[at] == "√" and (bracket := re.compile(r"\s*\(").match(lexer.text, after, end)):
        close = matching_parenthesis(lexer, bracket.end() - 1, end)
        lexer.group(bracket.end(), close, bracket.end() - 1)
        return close + 1
    start, stop, after = lexer.argument(after, end, r"\sqrt")
    lexer.group(start, stop, start - 1)
    return after


def matching_parenthesis(lexer: Cursor, position: int, end: int) -> int:
    """The `)` of the `(` that a √ without braces stands before."""
    depth = 0
    for match in re.compile(r"[()]").finditer(lexer.text, position, end):
        depth += 1 if match.group() == "(" else -1
        if depth == 0:
            return match.start()
    lexer.refuse(
        "bracket-unclosed",
        "the bracket ( is opened and never closed",
        position,
        hint="add the ) that belongs to it",
    )


def index_end(lexer: Cursor, position: int, end: int) -> int | None:
    """The `]` of an optional argument: as in TeX, one inside braces does not count."""
    depth = 0
    for match in re.compile(r"\\.|[{}\]]", re.DOTALL).finditer(lexer.text, position, end):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if match.group() == "]" and depth == 0:
            return match.start()
    return None


def holder(lexer: Cursor, word: str, at: int, after: int, end: int) -> int:
    r"""`\underbrace{…}_{(A)}` is read for what it holds; its label is noted."""
    start, stop, after = lexer.argument(after, end, word)
    held = lexer.text[start:stop]
    operand_before = bool(lexer.out.tokens) and lexer.out.tokens[-1].type in ENDS_OPERAND
    # `x \underbrace{- y}_{A}` goes on with the sum
    signed = operand_before and held.lstrip()[:1] in {"+", "-", "−"}
    if signed or _HOLDS_RELATION.search(held):
        lexer.run(start, stop)
    else:
        lexer.group(start, stop, at)
    while match := re.compile(r"\s*[_^]").match(lexer.text, after, end):
        label_start, label_stop, after = lexer.argument(match.end(), end, word)
        label = lexer.text[label_start:label_stop]
        lexer.out.notes.append(f"{held.strip()} is labelled {label}")
        if (shape := labelled(label)) is not None:
            lexer.out.shapes.append((held, shape))
    if signed and re.search(r"[+\-−]", held.lstrip()[1:]) and not _ENDS_TERM.match(lexer.text, after):
        lexer.refuse("ambiguous", f"a factor stands behind {word}, which holds a sum that goes on with the one before it", at,
                    length=after - at, hint="write brackets")  # fmt: skip
    return after


def is_slash_derivative(lexer: Cursor, at: int) -> bool:
    match = _SLASH_DERIVATIVE.match(lexer.text, at) if lexer.table.resolve("d") is None else None
    if match:
        lexer.differentials.add(match.end() - 1)
    return match is not None


def differential_words(lexer: Cursor, at: int) -> tuple[str, ...]:
    return (r"\mathrm{d}", r"\operatorname{d}", "d") if at in lexer.differentials else (r"\operatorname{d}",)
