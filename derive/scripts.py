r"""The scripts of canonical names: which letters of `W_{ij}^{(l)}` may be indices, and the name for a value of one.

A letter of a script is an index where it stands by itself or beside other letters; words (`\text{min}`, `min`) are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

WORDS = frozenset({"min", "max", "mid", "ref", "tot", "in", "out", "train", "test", "init", "total", "new", "old"})
_LETTERED = re.compile(
    r"\\(?:text|textrm|mathrm|operatorname|mathit|textup)\s*\{[^{}]*\}|\\[A-Za-z]+|[A-Za-z]+|.", re.DOTALL
)
_SHIFTED = re.compile(r"(?<![A-Za-z0-9\\])(-?\d+)([+-])(\d+)(?![A-Za-z0-9\\])")
_MEMBER_LETTERS = frozenset("ijklmnt")


@lru_cache(maxsize=4096)
def index_places(key: str) -> tuple[tuple[int, int], ...]:
    """Where the letters of a name's scripts stand that may be indices, as ranges of the name."""
    return tuple(place for start, end in _script_ranges(key) for place in _letters(key, start, end))


def _script_ranges(key: str) -> Iterator[tuple[int, int]]:
    position, end = 0, key.find("@") if "@" in key else len(key)  # behind an @ stands a part of the problem
    while position < end:
        if key[position] not in "_^" or position + 1 >= end:
            position += 1
            continue
        start = position + 1
        if key[start] == "{":
            position = _closing(key, start)
            yield start + 1, position
        else:
            match = _LETTERED.match(key, start) if key[start] == "\\" else None
            position = match.end() if match else start + 1
            yield start, position


def _closing(key: str, start: int) -> int:
    depth = 0
    for position in range(start, len(key)):
        depth += (key[position] == "{") - (key[position] == "}")
        if depth == 0:
            return position
    return len(key)


def _letters(key: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _LETTERED.finditer(key, start, end):
        part = match.group()
        if part[0] == "\\" and "{" not in part:
            yield match.span()
        elif part.isalpha() and part.isascii() and part not in WORDS:
            yield from ((at, at + 1) for at in range(match.start(), match.end()))


def runs_with(key: str, index: str) -> bool:
    r"""Whether a name is a different one for every value of an index: `x_i`, `W_{ij}`, `x^{(i)}`, `h_{i-1}` with i."""
    return index in key and any(key[start:end] == index for start, end in index_places(key))


def with_index(key: str, index: str, value: int) -> str | None:
    """The name for one value of an index: `x_3` of `x_i`, `h_2` of `h_{i-1}`; None where two names would look the same."""
    from derive.names import canonical_name

    found = key
    for start, end in reversed(index_places(key)):
        if key[start:end] != index:
            continue
        beside = key[start - 1 : start] + key[end : end + 1]
        if not 0 <= value <= 9 and any(char.isalnum() or char == "\\" for char in beside):
            return None
        found = found[:start] + str(value) + found[end:]
    previous = ""
    while previous != found:
        previous, found = found, _SHIFTED.sub(_sum, found)
    return canonical_name(found)


def _sum(match: re.Match[str]) -> str:
    left, sign, right = match.groups()
    return str(int(left) + (int(right) if sign == "+" else -int(right)))


def member_pattern(key: str) -> re.Pattern[str] | None:
    """What the members of a family look like, braces left out: `x_i` has x_1, x_2, …; None if a name is no family."""
    places = index_places(key)
    if not places or any(key[start:end] not in _MEMBER_LETTERS for start, end in places):
        return None
    pattern, last = "", 0
    for start, end in places:
        beside = key[start - 1 : start] + key[end : end + 1]
        pattern += re.escape(unbraced(key[last:start])) + (r"\d" if any(c.isalnum() for c in beside) else r"-?\d+")
        last = end
    return re.compile(pattern + re.escape(unbraced(key[last:])))


def unbraced(key: str) -> str:
    """A name without its braces."""
    return key.replace("{", "").replace("}", "")
