r"""Tokens of subscripts, superscripts and primes: which stand where, and what part of a superscript is an exponent."""

from __future__ import annotations

import re

from derive.names import STAR
from derive.read import arrays, matrices
from derive.read.cursor import DIGITS, ENDS_OPERAND, MAX_DIGITS, Cursor
from derive.read.vocabulary import PRIMES, SUBSCRIPTS, SUPERSCRIPTS

_SCRIPT_AHEAD = re.compile(r"\s*[_^'′]")
MAX_ORDER = 99  # of the derivative of a function


def scripts_of(
    lexer: Cursor, position: int, end: int
) -> tuple[tuple[int, int] | None, tuple[int, int] | None, int, int]:
    """Subscript and superscript (as ranges of the text), primes, and where they end; each at most once."""
    found: dict[str, tuple[int, int]] = {}
    primes = 0
    while position < end:
        char = lexer.text[position]
        if char.isspace():
            ahead = _SCRIPT_AHEAD.match(lexer.text, position, end)
            if ahead is None:
                break
            position = ahead.end() - 1
        elif char in PRIMES:
            primes += PRIMES[char]
            if primes > MAX_ORDER:
                lexer.refuse(
                    "symbolic-order", f"more than {MAX_ORDER} primes", position, hint="write the order as ^{(n)}"
                )
            position += 1
        elif char in SUPERSCRIPTS or char in SUBSCRIPTS:
            mark = "^" if char in SUPERSCRIPTS else "_"
            if mark in found:
                break
            last = lexer.run_of(SUPERSCRIPTS if mark == "^" else SUBSCRIPTS, position)
            found[mark] = (position, last)
            position = last
        elif char in "_^":
            if char in found:
                lexer.refuse(
                    "double-script",
                    f"a second {char} on the same name",
                    position,
                    hint="put both in one pair of braces",
                )
            start, stop, position = lexer.argument(position + 1, end, char)
            if not lexer.text[start:stop].strip():
                lexer.refuse("empty-bracket", "a script has nothing in it", start - 1, hint="write what belongs inside")
            if char == "^":
                check_exponent(lexer, start, stop, position)
            found[char] = (start, stop)
        else:
            break
    return found.get("_"), found.get("^"), primes, position


def split_star(sup: str) -> tuple[str, str]:
    """`*` and `*2` belong to the name as far as the star goes; the rest is a power."""
    match = STAR.match(sup)
    return ("*", sup[match.end() :].strip()) if match else ("", sup)


def primes_of(sup: str) -> tuple[int, str]:
    r"""`^{\prime\prime}` and `^{(2)}` on a function count as primes."""
    stripped = sup.replace(" ", "")
    if re.fullmatch(r"(?:\\prime|['′])+", stripped):
        return len(re.findall(r"\\prime|['′]", stripped)), ""
    return 0, sup


def exponent(lexer: Cursor, power: str, sup: tuple[int, int] | None, after: int) -> int:
    """The part of a superscript that is no part of the name is an exponent."""
    if power and sup:
        start, stop = sup
        start = stop - len(lexer.text[start:stop].rstrip()[-len(power) :]) if len(power) < stop - start else start
        if matrices.script(lexer, start, stop):
            return after
        lexer.emit("_CARET", "^", start - 1, start)
        if lexer.text[start] in SUPERSCRIPTS:
            superscript_digits(lexer, start)
        else:
            lexer.group(start, stop, start - 1)
    return after


def superscript_digits(lexer: Cursor, at: int) -> int:
    """`²³` is the exponent 23."""
    after = lexer.run_of(SUPERSCRIPTS, at)
    if after - at > MAX_DIGITS:
        lexer.refuse("too-long", f"a number of {after - at} digits", at, hint=f"at most {MAX_DIGITS} are read")
    lexer.emit("_LBRACE", "{", at, at)
    lexer.emit("NUMBER", "".join(SUPERSCRIPTS[digit] for digit in lexer.text[at:after]), at, after)
    return lexer.emit("_RBRACE", "}", after, after)


def script_after_operand(lexer: Cursor, word: str, at: int, after: int, end: int) -> int:
    """A script or prime on something that is no name: `(a+b)^2`, `3^n`, `f(x)'`."""
    if word in PRIMES:
        lexer.refuse("stray-prime", "a prime stands after something that is no function", at,
                    hint=r"write the derivative as \frac{\partial …}{\partial …}")  # fmt: skip
    if not lexer.out.tokens or lexer.out.tokens[-1].type not in {*ENDS_OPERAND, "_D"}:
        lexer.refuse("stray-script", f"{word} stands after nothing", at, hint="put a name or bracket before it")
    if word in SUPERSCRIPTS:
        lexer.emit("_CARET", "^", at, at)
        return superscript_digits(lexer, at)
    if word == "_" and matrices.holds_array(lexer):
        start, stop, after = lexer.argument(after, end, "_")
        return matrices.entry(lexer, start, stop, after)
    if word == "_":
        lexer.refuse("stray-script", "a subscript stands after something that is no name", at, hint="put it on a name")
    start, stop, after = lexer.argument(after, end, "^")
    if STAR.fullmatch(lexer.text[start:stop].strip()):
        lexer.refuse("stray-script", "a star stands after something that is no name", at, hint="put it on a name")
    if matrices.script(lexer, start, stop):
        return after
    if arrays.is_transpose(lexer, lexer.text[start:stop]):
        return lexer.emit("_TRANSPOSE", "^", at, after)
    check_exponent(lexer, start, stop, after)
    lexer.emit("_CARET", "^", at, start)
    lexer.group(start, stop, start - 1)
    return after


def check_exponent(lexer: Cursor, start: int, stop: int, after: int) -> None:
    """`x^23` sets only the 2 above the line: refused rather than read either way."""
    bare_digit = stop - start == 1 and lexer.text[start] in DIGITS and lexer.text[stop : stop + 1].isdecimal()
    if bare_digit and after == stop:
        lexer.refuse("ambiguous", "only the first digit after ^ is set above the line", start, length=2,
                    hint="put the exponent in braces")  # fmt: skip
