"""How long a LaTeX formula is: its tokens, spacing and sizing commands, braces and dollars not counted."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\operatorname\s*\{[A-Za-z]+\}|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\S")
_SILENT = frozenset(
    [r"\left", r"\right", r"\,", r"\;", r"\:", r"\!", r"\ ", r"\quad", r"\qquad", "{", "}", "$", r"\big", r"\Big",
     r"\bigl", r"\bigr", r"\Bigl", r"\Bigr", "~"]
)  # fmt: skip


def tokens(latex: str) -> list[str]:
    """The tokens that are seen."""
    return [token for token in _TOKEN.findall(latex) if token not in _SILENT]


def length(latex: str) -> int:
    """How many tokens are seen; at least 1."""
    return max(1, len(tokens(latex)))
