"""A page → its sentences, offsets kept, and the optimiser each is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

# of the length of what they replace, so that offsets stay
_SIGNS = (
    (r"\\(?:leqslant|leq|le)(?![A-Za-z])", "≤"),
    (r"\\(?:geqslant|geq|ge)(?![A-Za-z])", "≥"),
    (r"\\lt(?![A-Za-z])", "<"),
    (r"\\gt(?![A-Za-z])", ">"),
    (r"\\(?:approx|simeq|sim)(?![A-Za-z])", "≈"),
    (r"<=", "≤"),
    (r">=", "≥"),
    (r"[−–](?=\s*[\d.])", "-"),
    (r"\\(?:text|mathrm|mathit|textbf|textit|emph|operatorname)(?=\s*\{)", " "),
    (r"\\[()\[\],;! ]|[$*`{}~&]", " "),
    (r"\\(?:quad|qquad|displaystyle|left|right|,)(?![A-Za-z])", " "),
)
_END = re.compile(r"[.!?](?=\s|$)|;|\n[ \t]*\n|\n(?=[ \t]*(?:#|[-*+] |\(?[a-z0-9]{1,2}[.)] |[①-⑳]))")
RULES = {
    "adam": r"\badam\b",
    "adamax": r"\badamax\b",
    "momentum": r"\b(?:momentum|heavy.ball)\b",
    "gradient-descent": r"\bgradient[\s-]+descent\b|\bdescent\b|\bS?GD\b",
}
_ANY_RULE = re.compile("|".join(f"(?P<{name.replace('-', '_')}>{text})" for name, text in RULES.items()), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` stands at `start` of its page; `rule` is the optimiser named in it, or last before it."""

    text: str
    start: int
    rule: str | None
    question: bool


def plain(text: str) -> str:
    """LaTeX and Markdown signs as single characters, every offset as it was."""
    for pattern, instead in _SIGNS:
        text = re.sub(pattern, partial(_padded, instead), text)
    return text


def _padded(instead: str, match: re.Match[str]) -> str:
    return instead.ljust(len(match.group()))


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a page, from top to bottom."""
    flat, rule, start = plain(text), None, 0
    for end in _ends(flat):
        said = flat[start:end]
        named = list(_ANY_RULE.finditer(said))
        if named:
            rule = str(named[-1].lastgroup).replace("_", "-")
        if said.strip():
            lead = len(said) - len(said.lstrip())
            yield Sentence(said.strip(), start + lead, rule, said.rstrip().endswith("?"))
        start = end


def _ends(text: str) -> Iterable[int]:
    yield from (match.end() for match in _END.finditer(text))
    yield len(text)
