"""Spellings that are several symbols long, `f(x_0)` or `\\Delta x`: what declares them, and what they look like in a text."""

from __future__ import annotations

import re

from derive.names import SPELLING, canonical_name, spelled

_PHRASE_TOKEN = re.compile(r"\\[A-Za-z]+|[A-Za-z0-9]|[-+()\[\],^_*{}]")
_TERM_TOKEN = re.compile(r"\\[A-Za-z]+|\\\||[A-Za-z0-9]|[-+()\[\],^_*{}]")
MAX_PHRASE = 40  # symbols
HOLE = "□"  # the index in a spelling of the terms of a sequence
BARS = (r"\|", r"\lVert", r"\rVert", r"\Vert")


def spelling_or_phrase(name: str, written: str) -> str:
    """A further spelling in canonical form: a name, or several symbols that stand for it together. Raises BadSpec."""
    if SPELLING.fullmatch(canonical_name(written)):
        return canonical_name(written)
    tokens = _PHRASE_TOKEN.findall(written)
    balanced = all(tokens.count(opening) == tokens.count(closing) for opening, closing in ("()", "[]", "{}"))
    if "".join(tokens) != re.sub(r"\s", "", written) or not balanced or not 1 < len(tokens) <= MAX_PHRASE:
        return spelled(name, written)
    if not re.match(r"\\?[A-Za-z]", tokens[0]) or tokens[-1] in "^_+-*([{,":
        return spelled(name, written)
    return " ".join(tokens)


def term_phrase(name: str, written: str) -> str | None:
    """A spelling of the terms of a sequence declared as `L_i`, such as `\\|W^{(i)}\\|_2`, the index as HOLE; None for any other."""
    index = re.fullmatch(r"[^_^]+_\{?([A-Za-z])\}?", name)
    tokens = _TERM_TOKEN.findall(written)
    if index is None or len(tokens) > MAX_PHRASE or "".join(tokens) != re.sub(r"\s", "", written):
        return None
    if tokens[0] not in BARS or tokens.count(index.group(1)) != 1:
        return None
    return " ".join(HOLE if token == index.group(1) else token for token in tokens)


def term_pattern(spelling: str) -> re.Pattern[str]:
    """What a term of a sequence that is spelled so looks like; its index is the first group."""
    parts: list[str] = []
    tokens = spelling.split(" ")
    for before, sign in zip(["", *tokens], tokens, strict=False):
        if sign == HOLE:
            part = r"([^{}()]{1,40}?)"
        elif sign in BARS:
            part = r"(?:\\(?:left|right)\s*)?(?:\\\||\\[lr]?Vert(?![A-Za-z])|‖|\|\|)"
        else:
            part = re.escape(sign) + (r"(?![A-Za-z])" if sign.startswith("\\") else "")
            part = rf"(?:\{{\s*{part}\s*\}}|{part})" if before and before in "^_" and sign != "{" else part
        parts.append(part)
    return re.compile(r"\s*".join(parts))


def is_phrase(spelling: str) -> bool:
    """Whether a spelling is several symbols long."""
    return " " in spelling and HOLE not in spelling and not SPELLING.fullmatch(spelling)


def phrase_pattern(spelling: str) -> re.Pattern[str]:
    """What a phrase looks like in a text: blanks, `\\left`, `\\right` and braces around a single script say nothing."""
    tokens = spelling.split(" ")
    parts: list[str] = []
    for before, sign in zip(["", *tokens], tokens, strict=False):
        part = re.escape(sign) + (r"(?![A-Za-z])" if sign.startswith("\\") else "")
        if sign in "([":
            part = rf"(?:\\left\s*)?{part}"
        elif sign in ")]":
            part = rf"(?:\\right\s*)?{part}"
        elif before and before in "^_" and sign != "{":
            part = rf"(?:\{{\s*{part}\s*\}}|{part})"
        parts.append(part)
    return re.compile(r"\s*".join(parts))
