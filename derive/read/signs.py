r"""`\log - \frac{a}{b}`: the logarithm of what follows with its sign, where nothing else can be meant.

A sign right behind a logarithm is one of subtraction only if the argument was left out. Where the logarithm begins a side
and no bracket follows, it is read with the sign: `\log -\frac{a}{b}` is log(−a/b). Elsewhere, as in
`y \log - (1 - y)`, an argument is missing, and the formula is refused as before.
"""

from __future__ import annotations

from derive.read.automaton import Token

_LOGARITHMS = frozenset(["log", "log_base"])
_OPENING = frozenset(
    "_LPAR _LBRACE _LSET _LANGLE _BAR_OPEN _FLOOR_OPEN _CEIL_OPEN _NORM_OPEN _MATRIX _DETERMINANT _CASES _ENTRY".split()
)
_CLOSING = frozenset(
    "_RPAR _RBRACE _RSET _RANGLE _BAR_CLOSE _FLOOR_CLOSE _CEIL_CLOSE NORM_CLOSE _MATRIX_END _CASES_END _ENTRY_END".split()
)
_FACTORS = frozenset("NAME NUMBER CONST _FRAC _SQRT _CARET _TRANSPOSE DOT".split())
_ENDS = frozenset("RELATION ARROW PLUS MINUS _COMMA _ROW _CELL AND OR".split()) | _CLOSING
_BEFORE = _OPENING | frozenset("RELATION ARROW _COMMA _ROW _CELL AND OR".split())


def with_signed_arguments(tokens: list[Token]) -> list[Token]:
    """The tokens with brackets around arguments that begin with a sign."""
    starts = [at for at, token in enumerate(tokens) if token.type == "FUNC" and token.value[0] in _LOGARITHMS]
    for start in reversed(starts):  # what is put in stands behind those still to come
        sign = _behind_scripts(tokens, start)
        if (start and tokens[start - 1].type not in _BEFORE) or sign is None:
            continue
        end = _end_of_argument(tokens, sign + 1)
        if end is not None:
            here, there = tokens[sign].start_pos, tokens[end - 1].end_pos
            opening, closing = Token("_LPAR", "(", here, here), Token("_RPAR", ")", there, there)
            tokens = [*tokens[:sign], opening, *tokens[sign:end], closing, *tokens[end:]]
    return tokens


def _behind_scripts(tokens: list[Token], start: int) -> int | None:
    """Where the minus sign stands that follows a function with its base and power; None if none does."""
    at = start + 1
    while at < len(tokens) and tokens[at].type in {"_BASE", "_CARET"}:
        at = _closed(tokens, at + 1)
    return at if at < len(tokens) and tokens[at].type == "MINUS" else None


def _end_of_argument(tokens: list[Token], at: int) -> int | None:
    """Where the factors end that begin at `at`; None if there are none, or something else stands among them."""
    first = at
    while at < len(tokens) and tokens[at].type not in _ENDS:
        if tokens[at].type in _OPENING and at > first:
            at = _closed(tokens, at)
        elif tokens[at].type in _FACTORS:
            at += 1
        else:
            return None
    return at if at > first else None


def _closed(tokens: list[Token], at: int) -> int:
    """Behind the bracket that opens at `at`."""
    depth = 0
    while at < len(tokens):
        depth += (tokens[at].type in _OPENING) - (tokens[at].type in _CLOSING)
        at += 1
        if depth == 0:
            break
    return at
