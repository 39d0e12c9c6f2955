"""A page → its sentences, offsets kept, and the optimiser each is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from checks.walks.numbers import NUMBER

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
_EXERCISE = re.compile(r"(?:#+\s*)?(?:(?:exercise|problem|question|task|aufgabe)\b|\d{1,2}\s*[.)])", re.IGNORECASE)
_ANY_RULE = re.compile("|".join(f"(?P<{name.replace('-', '_')}>{text})" for name, text in RULES.items()), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` stands at `start` of its page; `before` is the optimiser named last before it, `named` those in it and where."""

    text: str
    start: int
    before: str | None
    named: tuple[tuple[int, str], ...]
    question: bool

    @property
    def rule(self) -> str | None:
        """The optimiser that is spoken of after it."""
        return self.named[-1][1] if self.named else self.before

    def rule_at(self, offset: int) -> str | None:
        """The optimiser a claim at this offset is about: named before it in the sentence, else later in it, else before the sentence."""
        earlier = [rule for at, rule in self.named if at <= offset]
        return earlier[-1] if earlier else self.named[0][1] if self.named else self.before


_PARAMETER = re.compile(
    r"(?:(?P<alpha>\\alpha|α|\balpha\b|\blearning rate\b|\bstep size\b)|(?P<beta_1>\\beta\s*_\s*1|β_?1|\bbeta_?1\b)|"
    r"(?P<beta_2>\\beta\s*_\s*2|β_?2|\bbeta_?2\b)|(?P<epsilon>\\(?:var)?epsilon|ε|\beps(?:ilon)?\b)|(?P<beta>\\beta|β|\bbeta\b))"
    rf"\s*(?:=|≈|:|is|of)?\s*(?P<number>{NUMBER})",
    re.IGNORECASE,
)


def parameters(text: str) -> dict[str, Fraction]:
    """The parameters a sentence gives values to."""
    return {_kind(m): Fraction(m["number"]) for m in _PARAMETER.finditer(plain(text))}


def _kind(match: re.Match[str]) -> str:
    return next(name for name, value in match.groupdict().items() if value is not None and name != "number")


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
        if said.strip():
            lead = len(said) - len(said.lstrip())
            said = said.strip()
            if _EXERCISE.match(said):
                rule = None  # another exercise may be about another thing
            named = tuple((match.start(), str(match.lastgroup).replace("_", "-")) for match in _ANY_RULE.finditer(said))
            sentence = Sentence(said, start + lead, rule, named, said.endswith("?"))
            rule = sentence.rule
            yield sentence
        start = end


def _ends(text: str) -> Iterable[int]:
    yield from (match.end() for match in _END.finditer(text))
    yield len(text)
