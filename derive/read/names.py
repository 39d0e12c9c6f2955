r"""Tokens of names: a base with its accents, scripts and primes is a declared name, a function, or a free atom.

The symbol table decides which scripts and primes belong to a name; what nobody declared is a usual function where it is
called, a free atom in submissions, and refused otherwise.
"""

from __future__ import annotations

import difflib
import re

from derive.errors import BadSpec, Unreadable
from derive.functions import INVERSES, LETTERS, SPELLED, SUBSCRIPTED, USUAL, WORDS
from derive.names import GREEK, SPOKEN, STAR, canonical_name, join_name
from derive.read import constructs, matrices
from derive.read.commands import differential_words, is_slash_derivative
from derive.read.cursor import Cursor
from derive.read.scripts import exponent, primes_of, scripts_of, split_star
from derive.read.vocabulary import (
    ACCENTS,
    ARRAY_SPELLED,
    ARROWS,
    CLOSERS,
    CONSTANTS,
    FRACTIONS,
    HOLDERS,
    OPENERS,
    OPERATORS,
    RELATIONS,
    SAME_ACCENT,
    SIZES,
    SPACES,
    SUBSCRIPTS,
    TRANSPOSES,
    UPRIGHT,
)
from derive.scripts import runs_with
from derive.symbols import Symbol

MAX_PRIMES = 3  # of a declared name such as y''
MAX_SHOWN = 60  # characters of a command in a sentence
_CALLED = re.compile(r"\s*(?:\{\s*)?(?:\\left\s*)?[(\[]")
_BRACED_BRACKET = re.compile(r"\s*(\{)\s*\\left\s*\(")
_BRACKETS = re.compile(r"(?:\\(?:left|right)\s*)?([(\[)\]])")
_PLACE = re.compile(r"\s*\(\s*([0-9]+|[A-Za-z])\s*\)\s*")
_LETTERS, _DIGITS = re.compile("[A-Za-z]+"), re.compile("[0-9]+")
_SUBSCRIPT_DIGITS = str.maketrans(SUBSCRIPTS)
KNOWN_COMMANDS = sorted(
    {*RELATIONS, *ARROWS, *OPERATORS, *OPENERS, *CLOSERS, *SPACES, *SIZES, *FRACTIONS, *ACCENTS, *UPRIGHT, *HOLDERS}
    | {rf"\{g}" for g in GREEK}
    | {*SPELLED, r"\sqrt", r"\partial", r"\infty"}
)


def read_name(lexer: Cursor, word: str, at: int, after: int, end: int) -> int:
    """A base with its accents, subscript, superscript and primes: a name, a function, or a name to a power."""
    if lexer.text[at] == "d" and is_slash_derivative(lexer, at):
        return lexer.emit("_D", "d", at, after)
    base, after = base_of(lexer, word, at, after, end)
    if base in differential_words(lexer, at):
        return lexer.emit("_D", base, at, after)
    if (following := constructs.indicator(lexer, base, at, after, end)) is not None:
        return following
    subscript, superscript, primes, after = scripts_of(lexer, after, end)
    if subscript and SPELLED.get(base) == "log" and lexer.table.resolve(base) is None:
        return logarithm(lexer, subscript, superscript, at, after)
    sub = canonical_name(lexer.text[slice(*subscript)].translate(_SUBSCRIPT_DIGITS)) if subscript else ""
    if subscript and (row := subscripted(lexer, base, sub, after)):
        return with_parameter(lexer, row, subscript, superscript, primes, at, after)
    sup = lexer.text[slice(*superscript)].strip() if superscript else ""
    star, power = split_star(sup) if sup else ("", "")
    if primes == 0 and power:
        primes, power = primes_of(power)
    ways = ((sup, ""), (star, power), *matrices.layer_and_script(lexer, sup)) if sup else (("", ""),)
    for candidate_sup, rest in ways:
        for marks in range(min(primes, MAX_PRIMES), -1, -1):
            key = join_name(base + "'" * marks, sub, STAR.sub("*", candidate_sup) if sup else "")
            if is_function_of_matrix(lexer, key, after, end):
                return function_name(lexer, ARRAY_SPELLED[key], primes - marks, rest, superscript, at, after)
            own = is_letter_of_its_own(lexer, key, primes, rest, after, end)
            if not own and known(lexer, key, after):
                return known_name(lexer, key, primes - marks, rest, superscript, at, after)
    spoken = subscript and SPOKEN.fullmatch(lexer.text, *subscript)  # `L_{total}` is no term of a sequence L_i
    if subscript and not spoken and (sequence := lexer.table.sequences.get(base)) is not None:
        return sequence_term(lexer, sequence.key, subscript, sup, superscript, at, after)
    if sub and subscript and (owner := matrices.owner_of_entry(lexer, base, subscript, at)) is not None:
        lexer.emit("NAME", owner, at, subscript[0])
        matrices.entry(lexer, *subscript, subscript[1])
        return exponent(lexer, sup, superscript, after)
    return undeclared_name(lexer, base, sub, star, power, primes, superscript, at, after)


def phrase(lexer: Cursor, at: int, end: int) -> int | None:
    """A declared spelling of several symbols, `\\Delta x` or `f(x_0)`, as the name it stands for; None where none begins."""
    for pattern, key in lexer.table.phrases:
        match = pattern.match(lexer.text, at, end)
        if match is None:
            continue
        subscript, superscript, primes, after = scripts_of(lexer, match.end(), end)
        if subscript is None and not primes:
            power = lexer.text[slice(*superscript)].strip() if superscript else ""
            return known_name(lexer, key, 0, power, superscript, at, after)
    return None


def spelled_term(lexer: Cursor, at: int, end: int) -> int | None:
    r"""`\|W^{(i)}\|_2` where that is another spelling of the term L_i of a sequence; None where none begins."""
    for pattern, key in lexer.table.term_phrases:
        match = pattern.match(lexer.text, at, end)
        if match is not None:
            _, superscript, _, after = scripts_of(lexer, match.end(), end)
            power = lexer.text[slice(*superscript)].strip() if superscript else ""
            return sequence_term(lexer, key, match.span(1), power, superscript, at, after)
    return None


def sequence_term(
    lexer: Cursor, key: str, subscript: tuple[int, int], power: str, sup: tuple[int, int] | None, at: int, after: int
) -> int:
    """`g_{t-1}`: the sequence called at its subscript."""
    lexer.emit("FUNC", (key, 0), at, subscript[0])
    lexer.group(subscript[0], subscript[1], subscript[0] - 1)
    return exponent(lexer, power, sup, after)


def logarithm(lexer: Cursor, base: tuple[int, int], sup: tuple[int, int] | None, at: int, after: int) -> int:
    r"""`\log_b`: the base as a group behind the function."""
    lexer.emit("FUNC", ("log_base", 0), at, after)
    lexer.emit("_BASE", "_", base[0], base[0])
    lexer.group(base[0], base[1], base[0] - 1)
    return exponent(lexer, lexer.text[slice(*sup)].strip() if sup else "", sup, after)


def base_of(lexer: Cursor, word: str, at: int, after: int, end: int) -> tuple[str, int]:
    if word in ACCENTS:
        start, stop, after = lexer.argument(after, end, word)
        return f"{SAME_ACCENT.get(word, word)}{{{canonical_name(lexer.text[start:stop])}}}", after
    if word in UPRIGHT:
        start, stop, after = lexer.argument(after, end, word)
        inner = " ".join(lexer.text[start:stop].split())
        declared = lexer.table.resolve(inner) is not None and len(inner) > 1
        return (inner if declared or inner == "e" else rf"\operatorname{{{inner}}}"), after
    if word.startswith("\\"):
        check_command(lexer, word, at)
        return word, after
    if not word.isalpha() or not word.isascii():
        shown = word if word.isprintable() else f"U+{ord(word):04X}"
        lexer.refuse("unexpected-character", f"the character {shown} has no meaning in a formula", at, hint="remove it")
    return letters(lexer, word, at, after)


def check_command(lexer: Cursor, word: str, at: int) -> None:
    if lexer.has_arrays and word in ARRAY_SPELLED:
        return
    if word[1:] in GREEK or word in SPELLED or lexer.table.resolve(word) or word in CONSTANTS:
        return
    if word in {r"\begin", r"\end"}:
        lexer.refuse(
            "unsupported-environment",
            "an environment inside a formula is not read yet",
            at,
            length=len(word),
            hint="write each formula in it by itself",
        )
    if word == "\\\\":
        lexer.refuse("line-break", "a line break stands inside the formula", at, length=2, hint="one formula a line")
    close = difflib.get_close_matches(word, KNOWN_COMMANDS, n=1, cutoff=0.75)
    hint = f"did you mean {close[0]}" if close else "declare it as a symbol if it is one"
    shown = word if len(word) <= MAX_SHOWN else f"{word[:MAX_SHOWN]}…"
    lexer.refuse("unknown-command", f"{shown} is not a command this reader knows", at, length=len(word), hint=hint)


def letters(lexer: Cursor, word: str, at: int, after: int) -> tuple[str, int]:
    """One letter, or the declared word or function name that starts here."""
    if not lexer.text[after : after + 1].isalnum():
        return word, after
    run = _LETTERS.match(lexer.text, at)
    assert run is not None
    for declared in lexer.table.words:
        if run.group().startswith(declared):
            if all(lexer.table.resolve(letter) for letter in declared):
                lexer.refuse("ambiguous", f"{declared} is declared, and so is each of its letters", at, length=len(declared),
                            hint=rf"write \operatorname{{{declared}}} or \cdot between the letters")  # fmt: skip
            return declared, at + len(declared)
    usual = run.group() in WORDS or (lexer.has_arrays and rf"\operatorname{{{run.group()}}}" in ARRAY_SPELLED)
    if usual and not all(lexer.table.resolve(c) for c in run.group()):
        return rf"\operatorname{{{run.group()}}}", run.end()
    digits = _DIGITS.match(lexer.text, after)
    if digits and lexer.table.resolve(join_name(word, digits.group(), "")):
        return join_name(word, digits.group(), ""), digits.end()
    return word, after


def known(lexer: Cursor, key: str, after: int) -> bool:
    declared = lexer.table.resolve(key) is not None or key in lexer.bound or key in CONSTANTS
    return declared or spelled(lexer, key, after) is not None


def spelled(lexer: Cursor, key: str, after: int) -> str | None:
    """The row of the table of functions that a spelling nobody declared means; a letter only where it is called."""
    if lexer.has_arrays and key in ARRAY_SPELLED:
        return ARRAY_SPELLED[key]
    called = _CALLED.match(lexer.text, after) is not None
    if key in SPELLED:
        return SPELLED[key] if called or key not in LETTERS else None
    return USUAL.get(key) if called and not lexer.free else None


def subscripted(lexer: Cursor, base: str, sub: str, after: int) -> str | None:
    r"""The function of `\operatorname{J}_{\nu}(x)`, whose subscript is an argument; an author may write `J_{\nu}(x)`."""
    if lexer.table.resolve(join_name(base, sub, "")) is not None or lexer.table.resolve(base) is not None:
        return None
    upright = base if base.startswith("\\") or lexer.free or base == "E" else rf"\operatorname{{{base}}}"
    return SUBSCRIPTED.get(upright) if _CALLED.match(lexer.text, after) else None


def with_parameter(
    lexer: Cursor, row: str, subscript: tuple[int, int], sup: tuple[int, int] | None, primes: int, at: int, after: int
) -> int:
    """A call whose first argument is a subscript: `(` subscript `,` and what stands in the bracket."""
    function_name(lexer, row, primes, lexer.text[slice(*sup)].strip() if sup else "", sup, at, after)
    opening = _CALLED.match(lexer.text, after)
    assert opening is not None
    lexer.push("(", opening.end() - 1)
    lexer.emit("_LPAR", "(", opening.end() - 1, opening.end())
    lexer.group(subscript[0], subscript[1], subscript[0] - 1)
    lexer.emit("_COMMA", ",", subscript[1], subscript[1])
    return opening.end()


def skip_braces(lexer: Cursor, after: int) -> None:
    r"""SymPy writes `\max{\left(a, b \right)}`: braces right around a bracket say nothing."""
    opening = _BRACED_BRACKET.match(lexer.text, after)
    if opening is None:
        return
    close = lexer.matching_brace(opening.start(1), len(lexer.text))
    depth, last = 0, 0
    for match in re.compile(r"\\(left|right)(?![A-Za-z])").finditer(lexer.text, opening.end(1), close):
        depth += 1 if match.group(1) == "left" else -1
        if depth == 0:
            last = match.end()
            break
    if last and re.fullmatch(r"\s*\)\s*", lexer.text[last:close]):
        lexer.skipped |= {opening.start(1), close}


def is_letter_of_its_own(lexer: Cursor, key: str, primes: int, power: str, after: int, end: int) -> bool:
    """Another spelling of a function (δ for σ) is the function where it is applied or primed, else a free letter."""
    symbol = lexer.table.resolve(key)
    if symbol is None or not symbol.is_function or key == symbol.key or primes or power.startswith("("):
        return False
    return (
        re.compile(r"\s*(?:\\left\s*|\\[bB]igg?l?\s*)?(?:[(\[{|]|\\\{|\\lvert)").match(lexer.text, after, end) is None
    )


def is_function_of_matrix(lexer: Cursor, key: str, after: int, end: int) -> bool:
    r"""Whether `\lambda_{\max}`, declared as a spelling of a number, is the function: before a bracket with one square matrix."""
    symbol = lexer.table.resolve(key) if lexer.has_arrays and key in ARRAY_SPELLED else None
    opening = _CALLED.match(lexer.text, after, end) if symbol is not None and not symbol.is_function else None
    inside = None if opening is None else _bracketed(lexer.text, opening.end(), end)
    if inside is None:
        return False
    from derive.matrix.nodes import SCALAR
    from derive.matrix.shapes import shape_of
    from derive.read import read

    try:
        shape = shape_of(read(inside, lexer.table, free=lexer.free).tree)
    except (Unreadable, BadSpec):
        return False
    return shape != SCALAR and shape[0] == shape[1]


def _bracketed(text: str, start: int, end: int) -> str | None:
    """What stands up to the bracket that closes the one before `start`; None where none does."""
    depth = 1
    for match in _BRACKETS.finditer(text, start, end):
        depth += 1 if match.group(1) in "([" else -1
        if depth == 0:
            return text[start : match.start()]
    return None


def known_name(
    lexer: Cursor, key: str, primes: int, power: str, sup: tuple[int, int] | None, at: int, after: int
) -> int:
    symbol = lexer.table.resolve(key)
    if key == "e" and key not in lexer.bound and symbol is not None and _is_euler(symbol, power):
        lexer.out.notes.append("e with an exponent is Euler's number, for e is declared as a vector or matrix")
        symbol = None
    if key in lexer.bound:
        lexer.emit("NAME", key, at, after)
    elif symbol is None and key in CONSTANTS:
        lexer.emit("CONST", CONSTANTS[key], at, after)
    elif symbol is None or symbol.is_function:
        return function_name(lexer, symbol.key if symbol else named(lexer, key), primes, power, sup, at, after)
    else:
        lexer.emit("NAME", matrices.array(lexer, key, at) or symbol.key, at, after)
    if (
        primes
        and not (symbol is None and key not in CONSTANTS and key not in lexer.bound)
        and not (symbol and symbol.is_function)
    ):
        marked = key + "'" * primes
        lexer.refuse("undeclared-name", f"{key} is no function, so {marked} is another name", at,
                    length=after - at, hint="declare it")  # fmt: skip
    if power and symbol is not None and sup is not None and (place := entry_above(lexer, symbol, sup)):
        return matrices.entry(lexer, *place, after)
    return exponent(lexer, power, sup, after)


def _is_euler(symbol: Symbol, power: str) -> bool:
    """Whether `e^{-z}` cannot be the declared e: a column has no powers, but a transpose and entries."""
    column = symbol.is_array and symbol.shape is not None and 1 in symbol.shape
    formula = re.search(r"[A-Za-z]|^\s*[-−]", power) is not None and "dagger" not in power
    return column and formula and power not in TRANSPOSES and _PLACE.fullmatch(power) is None


def entry_above(lexer: Cursor, symbol: Symbol, sup: tuple[int, int]) -> tuple[int, int] | None:
    """`y^{(2)}`, `y^{(i)}` of a declared vector y, where no layer is declared so: its entry, by a number or an index."""
    place = _PLACE.fullmatch(lexer.text, *sup)
    if place is None or symbol.shape is None or 1 not in symbol.shape:
        return None
    letter = place.group(1)
    index = lexer.table.resolve(letter)
    counts = letter.isdigit() or letter in lexer.bound or (index is not None and index.role == "index")
    return place.span(1) if counts else None


def function_name(
    lexer: Cursor, function: str, primes: int, power: str, sup: tuple[int, int] | None, at: int, after: int
) -> int:
    order = re.fullmatch(r"\(\s*(\d{1,2})\s*\)", power) if power else None
    if order:
        primes, power = int(order.group(1)), ""
    elif power and re.fullmatch(r"\(.*\)", power):
        lexer.refuse("symbolic-order", f"the order {power} of a derivative is not a number", at, length=after - at,
                    hint="write the order as a number")  # fmt: skip
    if power.replace(" ", "") == "-1":
        if function not in INVERSES:
            lexer.refuse("ambiguous", "the exponent −1 on a function may mean its inverse or its reciprocal", at,
                        length=after - at, hint="write 1/f(x), or name the inverse")  # fmt: skip
        function, power = INVERSES[function], ""
    skip_braces(lexer, after)
    lexer.emit("FUNC", (function, primes), at, after)
    return exponent(lexer, power, sup, after)


def named(lexer: Cursor, key: str) -> str:
    """The row a spelling means; what is usual rather than certain is noted."""
    if lexer.has_arrays and key in ARRAY_SPELLED:
        return ARRAY_SPELLED[key]
    if key not in SPELLED:
        lexer.out.notes.append(f"{key} is not declared; it is read as {USUAL[key].replace('_', ' ')}")
    return SPELLED.get(key) or USUAL[key]


def undeclared_name(
    lexer: Cursor,
    base: str,
    sub: str,
    star: str,
    power: str,
    primes: int,
    sup: tuple[int, int] | None,
    at: int,
    after: int,
) -> int:
    layer = power if re.fullmatch(r"\(.*\)", power) else ""
    key = join_name(base + "'" * primes, sub, star or layer)
    if base.startswith(r"\operatorname{"):
        words = base[len(r"\operatorname{") : -1]
        if " " in words or not words.isalnum():
            lexer.refuse("words", f"the words “{words}” stand inside the formula", at, length=after - at,
                        hint="write them outside of it")  # fmt: skip
    called = re.compile(r"\s*(?:\\left\s*)?\(").match(lexer.text, after)
    if any(runs_with(key, index) for index in lexer.bound) and not (called and not sub):
        if lexer.free:  # what it stands for is known when the Σ or Π around it is
            lexer.out.undeclared.setdefault(key, at)
        lexer.emit("NAME", key, at, after)
        return exponent(lexer, "" if layer else power, sup, after)
    if not lexer.free or (called and not sub):
        reason = f"{key} is not declared" + (", so this may be a call or a product" if called and lexer.free else "")
        nearest = lexer.table.nearest(key)
        hint = f"the nearest declared name is {nearest}" if nearest else "declare it"
        lexer.refuse("undeclared-name", reason, at, length=after - at, hint=hint)
    lexer.out.undeclared.setdefault(key, at)
    lexer.emit("NAME", key, at, after)
    return exponent(lexer, "" if layer else power, sup, after)
