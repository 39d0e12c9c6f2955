r"""Tokens of what brings its own syntax: case distinctions, Σ, Π, ∫, lim, binomials, logarithms with a base, indicators.

Each construct looks ahead for its parts as ranges of the text, lexes them in turn, and makes the index it binds a known
name for the rest of the formula; that the index is used outside its construct is refused once the tree is built.
"""

from __future__ import annotations

import re

from derive.names import canonical_name
from derive.read import extrema
from derive.read.arrays import rows_of
from derive.read.cursor import Cursor
from derive.read.scripts import scripts_of

_CONDITION_WORDS = re.compile(
    r"^\s*(?:\\(?:text|textrm|mathrm|mbox)\s*\{\s*(?:if|for|when|falls|si)\s*\}|if\b|for\b)", re.IGNORECASE
)
_OTHERWISE = re.compile(
    r"^\s*(?:\\(?:text|textrm|mathrm|mbox)\s*\{\s*)?(?:otherwise|else|sonst|sinon)\s*\.?\s*\}?\s*[.,;]?\s*$",
    re.IGNORECASE,
)
_ASSIGNMENT = re.compile(r"\s*(\\[A-Za-z]+|[A-Za-z])\s*=(.*)$", re.DOTALL)
_TARGET = re.compile(r"\s*(\\[A-Za-z]+|[A-Za-z])\s*(\\to(?![A-Za-z])|\\rightarrow(?![A-Za-z])|→)(.*)$", re.DOTALL)
_LOW = r"\s*(?:(?P<low>[^<≤=\\]+?)\s*(?:\\leq?(?![A-Za-z])|≤))?\s*"
_RANGE = re.compile(_LOW + r"(?P<index>[A-Za-z])\s*(?:\\leq?(?![A-Za-z])|≤)\s*(?P<high>[^<≤=]+?)\s*$")
_LISTED = re.compile(
    r"\s*(?P<index>[A-Za-z])\s*(?:=|\\in\s*\\\{)\s*(?P<low>[^,]+?)\s*,\s*(?:[^,]+,\s*)?\\[cl]?dots\s*,\s*(?P<high>[^,]+?)\s*(?:\\\}\s*)?$"
)
_LIMITS = re.compile(r"\s*\\(?:no)?limits(?![A-Za-z])")
_SIDE = re.compile(r"\s*\^\s*(?:\{\s*([+-])\s*\}|([+-]))\s*$")
_DIFFERENTIAL = re.compile(
    r"(?:(?<![A-Za-z\\])d|\\mathrm\s*\{\s*d\s*\}|\\operatorname\s*\{\s*d\s*\}|\\dd(?![A-Za-z]))\s*(\\[A-Za-z]+|[A-Za-z])(?![A-Za-z])"
)
_INTEGRAL = re.compile(r"\\int(?![A-Za-z])|∫")
_BRACKET = re.compile(r"\s*(?:\\left\s*|\\[bB]igg?l?\s*)?(\(|\[|\\\{)")
_RELATION = re.compile(r"[<>=≤≥≠]|\\(?:le|ge|leq|geq|ne|neq|lt|gt)(?![A-Za-z])")
INDICATORS = frozenset([r"\mathbb{1}", r"\mathbf{1}", r"\mathds{1}", r"\mathbb{I}", r"\operatorname{1}"])


def cases(lexer: Cursor, name: str, at: int, after: int, end: int) -> int:
    r"""`\begin{cases} a, & x > 0 \\ b, & \text{otherwise} \end{cases}`."""
    rows, stop, following = rows_of(lexer, name, at, after, end)
    lexer.emit("_CASES", r"\begin{cases}", at, after)
    for index, cells in enumerate(rows):
        if len(cells) != 2:
            where = cells[0][0] if cells else stop
            lexer.refuse("cases-branch", "a branch of the case distinction has no condition", where,
                         hint=r"write value & condition, or value & \text{otherwise}")  # fmt: skip
        if index:
            lexer.emit("_ROW", r"\\", cells[0][0], cells[0][0])
        _branch(lexer, *cells)
    lexer.emit("_CASES_END", r"\end{cases}", stop, following)
    return following


def _branch(lexer: Cursor, value: tuple[int, int], condition: tuple[int, int]) -> None:
    start, stop = value
    stop = start + len(lexer.text[start:stop].rstrip().rstrip(",;").rstrip())
    lexer.inside(start, stop)
    start, stop = condition
    text = lexer.text[start:stop]
    lexer.emit("_CELL", "&", start, start)
    if _OTHERWISE.match(text):
        lexer.emit("OTHERWISE", text.strip(), start, stop)
        return
    words = _CONDITION_WORDS.match(text)
    start += words.end() if words else 0
    lexer.inside(start, start + len(lexer.text[start:stop].rstrip().rstrip(",;.").rstrip()))


def reduction(lexer: Cursor, word: str, at: int, after: int, end: int) -> int:
    r"""`\sum_{i=1}^{n}` or `\prod_{…}^{…}`: the index and its bounds; what it applies to follows."""
    kind = "sum" if word == r"\sum" else "product"
    lower, upper, _, after = scripts_of(lexer, _limits(lexer, after, end), end)
    match = _ASSIGNMENT.match(lexer.text[slice(*lower)]) if lower else None
    if lexer.has_arrays and lower and match is None and upper is None and word == r"\sum":
        return over_entries(lexer, at, lower, after)
    if match is None or upper is None or lower is None:
        lexer.refuse("reduction-bounds", f"{word} does not say from where to where its index runs", at, length=after - at,
                     hint=rf"write {word}_{{i=1}}^{{n}}")  # fmt: skip
    lexer.bound.add(match.group(1))
    lexer.emit("REDUCE", kind, at, at + len(word))
    lexer.emit("NAME", match.group(1), lower[0], lower[0] + match.end(1))
    lexer.group(lower[0] + match.start(2), lower[1], lower[0] + match.start(2) - 1)
    lexer.group(upper[0], upper[1], upper[0] - 1)
    return after


def extreme(lexer: Cursor, word: str, at: int, after: int, end: int) -> int | None:
    r"""`\max_{1 \le i \le t}`, `\max_{i \le t}` (from 1 on), `\max_{i=1,\dots,t}`, `\max_{i=1}^{t}`, or over all of a domain.

    None where nothing stands below.
    """
    lower, upper, _, following = scripts_of(lexer, _limits(lexer, after, end), end)
    if lower is None:
        return None
    text = lexer.text[slice(*lower)]
    match = _ASSIGNMENT.match(text) if upper is not None else _RANGE.match(text) or _LISTED.match(text)
    if upper is None and (match is None or extrema.is_continuous(lexer, match["index"])):
        return extrema.over_domain(lexer, word, at, lower, following)
    if match is None:
        lexer.refuse("reduction-bounds", f"{word} does not say from where to where its index runs", at, length=after - at,
                     hint=rf"write {word}_{{i=1}}^{{n}}")  # fmt: skip
    index, low, high = (1, 2, None) if upper is not None else ("index", "low", "high")
    lexer.bound.add(match[index])
    lexer.emit("REDUCE", "maximum" if word in {r"\max", r"\sup"} else "minimum", at, at + len(word))
    lexer.emit("NAME", match[index], lower[0] + match.start(index), lower[0] + match.end(index))
    ranges = [tuple(lower[0] + place for place in match.span(group)) if group else upper for group in (low, high)]
    for bounds in ranges:
        if bounds is None or bounds[0] < lower[0]:  # no lower bound: from 1 on
            for kind, value in (("_LBRACE", "{"), ("NUMBER", "1"), ("_RBRACE", "}")):
                lexer.emit(kind, value, lower[0], lower[0])
        else:
            lexer.group(bounds[0], bounds[1], bounds[0] - 1)
    return following


def over_entries(lexer: Cursor, at: int, lower: tuple[int, int], after: int) -> int:
    r"""`\sum_i`, `\sum_{i,j}`: each index runs over what it is declared for, or over the entries it stands at."""
    text = lexer.text[slice(*lower)]
    if not re.fullmatch(r"\s*[A-Za-z](?:\s*,?\s*[A-Za-z])*\s*", text):
        lexer.refuse("reduction-bounds", r"\sum does not say from where to where its index runs", at, length=after - at,
                     hint=r"write \sum_{i=1}^{n}")  # fmt: skip
    for match in re.finditer("[A-Za-z]", text):
        place = lower[0] + match.start()
        symbol = lexer.table.resolve(match.group())
        lexer.bound.add(match.group())
        lexer.emit("REDUCE", "sum", at, at + 4)
        lexer.emit("NAME", match.group(), place, place + 1)
        size = symbol.of if symbol and symbol.role == "index" else ""
        for kind, value in (("NUMBER", "1"), ("NUMBER" if size.isdigit() else "NAME", size)):
            lexer.emit("_LBRACE", "{", place, place)
            lexer.emit(kind, value, place, place + 1)
            lexer.emit("_RBRACE", "}", place, place)
    return after


def _limits(lexer: Cursor, after: int, end: int) -> int:
    r"""`\int\limits_a^b`: where the bounds are set says nothing."""
    match = _LIMITS.match(lexer.text, after, end)
    return match.end() if match else after


def limit(lexer: Cursor, at: int, after: int, end: int) -> int:
    r"""`\lim_{x \to 0^+}`: the variable, where it goes, and from which side; what it applies to follows."""
    lower, _, _, after = scripts_of(lexer, _limits(lexer, after, end), end)
    match = _TARGET.match(lexer.text[slice(*lower)]) if lower else None
    if match is None or lower is None:
        lexer.refuse(
            "limit-target", r"\lim does not say what goes where", at, length=after - at, hint=r"write \lim_{x \to 0}"
        )
    start, stop = lower[0] + match.start(3), lower[1]
    side = _SIDE.search(lexer.text[start:stop])
    if side:
        stop = start + side.start()
    lexer.bound.add(match.group(1))
    lexer.emit("LIMIT", "limit" + ((side.group(1) or side.group(2)) if side else ""), at, at + 4)
    lexer.emit("NAME", match.group(1), lower[0], lower[0] + match.end(1))
    lexer.group(start, stop, start - 1)
    return after


def integral(lexer: Cursor, at: int, after: int, end: int) -> int:
    r"""`\int_a^b f \, dx`: the bounds; the integrand runs up to the first `dx`."""
    lower, upper, _, after = scripts_of(lexer, _limits(lexer, after, end), end)
    if lower is None or upper is None:
        lexer.refuse("integral-bounds", "an integral without bounds is known up to a constant only", at, length=after - at,
                     hint=r"write \int_a^b")  # fmt: skip
    variable = None if lexer.table.resolve("d") else _differential(lexer, after, end)
    if variable is None:
        lexer.refuse(
            "integral-variable",
            "the integral does not say by what it is taken",
            at,
            length=after - at,
            hint="write dx at its end",
        )
    lexer.emit("_INTEGRAL", r"\int", at, at + 4)
    lexer.group(lower[0], lower[1], lower[0] - 1)
    lexer.group(upper[0], upper[1], upper[0] - 1)
    lexer.bound.add(variable.group(1))
    before = len(lexer.out.tokens)
    lexer.run(after, variable.start())
    if len(lexer.out.tokens) == before:
        lexer.emit("NUMBER", "1", after, after)  # ∫ dx
    lexer.emit("_DX", "d", variable.start(), variable.start(1))
    lexer.emit("NAME", variable.group(1), variable.start(1), variable.end())
    return variable.end()


def _differential(lexer: Cursor, after: int, end: int) -> re.Match[str] | None:
    r"""The `dx` that belongs to an integral: those of the integrals inside it come first."""
    inner = [match.start() for match in _INTEGRAL.finditer(lexer.text, after, end)]
    for index, match in enumerate(_DIFFERENTIAL.finditer(lexer.text, after, end)):
        if sum(start < match.start() for start in inner) <= index:
            return match
    return None


def indicator(lexer: Cursor, base: str, at: int, after: int, end: int) -> int | None:
    r"""`\mathbb{1}[x > 0]`, `\mathbf{1}_{x>0}`, or an undeclared `I(a > b)`; None if this is none."""
    known = base in INDICATORS
    if (not known and base != "I") or _declared(lexer, base, after, end):
        return None
    subscript = re.compile(r"\s*_").match(lexer.text, after, end)
    if known and subscript:
        start, stop, following = lexer.argument(subscript.end(), end, base)
        held = _BRACKET.match(lexer.text, start, stop)
        lexer.emit("_INDICATOR", base, at, after)
        if held:
            lexer.run(start, stop)
        else:
            lexer.group(start, stop, start - 1)
        return following
    bracket = _BRACKET.match(lexer.text, after, end)
    if not bracket or not (known or _RELATION.search(lexer.text, bracket.end(), end)):
        return None
    lexer.emit("_INDICATOR", base, at, after)
    return after


def _declared(lexer: Cursor, base: str, after: int, end: int) -> bool:
    r"""Whether a letter of indicators is a declared name here: ones may be declared and `\mathbf{1}[x > 0]` still be one."""
    subscript = re.compile(r"\s*_").match(lexer.text, after, end)
    if subscript and lexer.has_arrays:
        start, stop, _ = lexer.argument(subscript.end(), end, base)
        if lexer.table.resolve(canonical_name(f"{base}_{{{lexer.text[start:stop]}}}")) is not None:
            return True
    symbol = lexer.table.resolve(base)
    if symbol is None or not symbol.is_array:
        return symbol is not None
    bracket = _BRACKET.match(lexer.text, after, end)
    if bracket is None:
        return (
            subscript is None
            or _RELATION.search(lexer.text[slice(*lexer.argument(subscript.end(), end, base)[:2])]) is None
        )
    return _RELATION.search(_outermost(lexer.text[bracket.end() : _closing(lexer.text, bracket.start(1), end)])) is None


def _outermost(text: str) -> str:
    r"""The text with what stands in brackets blanked out: `\mathbf{1} (a + \sum_{i=1}^n b)` is a product."""
    depth, kept = 0, []
    for sign in text:
        depth -= sign in ")]}"
        kept.append(sign if depth <= 0 else " ")
        depth += sign in "([{"
    return "".join(kept)


def _closing(text: str, opening: int, end: int) -> int:
    """Where the bracket that opens is closed, whatever its kind."""
    depth = 0
    for match in re.compile(r"[(\[{]|[)\]}]").finditer(text, opening, end):
        depth += 1 if match.group() in "([{" else -1
        if depth == 0:
            return match.start()
    return end


def binomial(lexer: Cursor, at: int, after: int, end: int) -> int:
    r"""`\binom{n}{k}`."""
    top = lexer.argument(after, end, lexer.text[at:after])
    bottom = lexer.argument(top[2], end, lexer.text[at:after])
    lexer.emit("_BINOM", r"\binom", at, after)
    lexer.group(top[0], top[1], top[0] - 1)
    lexer.group(bottom[0], bottom[1], bottom[0] - 1)
    return bottom[2]
