"""A sentence → the claims it makes about heights, cycles and convergence.

    value      "the maximum height is 0.41", "h^* = 0.41"
    condition  "it is stuck as long as h > 0.41", "passes when h ≤ 0.4", "with h = 0.3 it escapes"
    cycle      "oscillates between −0.1 and 0.2", "between x − 0.1 and x + 0.2", "in [x − 0.1, x + 0.2]"
    converges  "gradient descent converges to x"

Words are looked up in the tables below; a sentence that says both that it passes and that it does not, in one clause, makes no
claim that is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from checks.walks.numbers import MAX_DIGITS, NUMBER, Written
from checks.walks.prose import Sentence

Kind = Literal["value", "condition", "cycle", "converges"]
Fate = Literal["stuck", "passes", "oscillates"]

_H = r"(?<![\w\\])h(?:\s*\^\s*\\?(?:\*|star|ast)|\s*_\s*\\?(?:max|m|c)\b|\s*\*(?=\s*[=≈<>≤≥]))?(?![\w'])"
_MARKED = re.compile(r"h\s*(?:\^|_|\*)")
_RELATION = re.compile(rf"(?P<h>{_H})\s*(?P<relation>[=≈<>≤≥])\s*(?:[A-Za-z]\s*=\s*)?(?P<number>{NUMBER})")
_TURNED = re.compile(rf"(?P<number>{NUMBER})\s*(?P<relation>[<>≤≥])\s*(?P<h>{_H})")
_TURN = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}
MAX_SENTENCE = 4_000  # characters; longer ones are no sentences
_GREATEST = r"\b(?:max(?:imum|imal|\.)?|greatest|largest|highest|critical|threshold|tallest)(?![\w])"
_THING = r"(?:heights?|h|bump|hump|hill|peak|barrier|value)(?![\w'])"
_MAX = re.compile(rf"{_GREATEST}\W+(?:[A-Za-z]+\W+){{0,3}}?{_THING}|\bthe\s+{_GREATEST}\W*$", re.IGNORECASE)
_NEAR = re.compile(r"\b(?:bump|hump|hill|peak|barrier|height|local minimum|optimi[sz]er)s?\b", re.IGNORECASE)
_PRECISE = re.compile(r"\b(?:specifically|precisely|precise|exactly|accurate(?:ly)?|exact)\b", re.IGNORECASE)
_VALUE = re.compile(
    rf"(?:(?P<gap>[^=<>≤≥]{{0,80}}?)(?:\b(?:heights?|is|are|was|be|of|equals?|get|gives?|found)|[≈:]|\bh\s*=)\s*"
    rf"(?:(?:only|about|approximately|around|roughly|just|equal to|found to be|is|at|h\s*=|h\s*≈)\s*)*)?\s*(?P<number>{NUMBER})",
    re.IGNORECASE,
)
_ELSE = re.compile(r"\b(?:step|steps|iteration|iterations|epoch|epochs|rate|reached|after|number)\b", re.IGNORECASE)
_HEIGHT = re.compile(r"\b(?:heights?|h|bump|hump|hill|peak|barrier)\b", re.IGNORECASE)
_OSCILLATES = re.compile(
    r"\b(?:oscillat\w*|bounc\w*|alternat\w*|back and forth|swing\w*|fluctuat\w*|cycl\w*)", re.IGNORECASE
)
_STUCK = re.compile(r"\b(?:stuck|stucks|trapped|stop(?:s|ped)?|stall\w*|remain\w*|stay\w*|rests?)\b", re.IGNORECASE)
_PASSES = re.compile(
    r"\b(?:escap\w*|pass(?:es|ed|ing)?|overcom\w*|cross(?:es|ed)?|surmount\w*|climb\w*|leav(?:es?|ing)|"
    r"g[eo]t?(?:es|s)? (?:over|past|out|through|across)|"
    r"jump\w* (?:over|out)|roll\w* over|make\w* it over)\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"(?:\b(?:not|never|cannot|can't|won't|doesn't|don't|no longer|"
    r"unable to|fails? to|failed to|without)\b|n't\b)[^,;]{0,20}$",
    re.IGNORECASE,
)
_SHARP = re.compile(
    r"\b(?:as long as|so long as|only|iff|if and only if|exactly (?:when|if)|precisely (?:when|if)|until|unless)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\b(?:but|while|whereas|otherwise|and)\b|;", re.IGNORECASE)
_FROM_X = r"x(?![\w^_'])(?:\s*[-+]\s*(?:\d{1,20}(?:\.\d{1,60})?|\.\d{1,60})(?![\w]|\.\d))?"  # x − 0.1, or x itself
_POINT = rf"(?:\(\s*{NUMBER}\s*,\s*{NUMBER}\s*\)|{_FROM_X}|{NUMBER})"
_BETWEEN = re.compile(
    rf"\b(?:between\s+(?:(?:the\s+)?(?:points?|positions?)\s+)?(?P<low>{_POINT})\s*(?:and|,|to|&)\s*(?P<high>{_POINT})"
    rf"|from\s+(?P<one>{_FROM_X})\s*to\s*(?P<other>{_FROM_X})"
    rf"|(?:in|on|within|inside|over)\s+(?:the\s+)?(?:(?:range|interval)\s+)?\[\s*(?P<least>{_FROM_X})\s*[,;]\s*(?P<most>{_FROM_X})\s*\])",
    re.IGNORECASE,
)
_CONVERGES = re.compile(
    r"\b(?:converg\w*|settl\w*)\s+(?:in)?(?:to|at|on|towards?)\s+(?:the\s+)?(?:local\s+)?(?:point|minimum|minima|position|bottom)?\s*(?:at\s+)?"
    r"[\"'‘“]?\s*(?P<to>x(?![\w])|minimum|minima|1(?![\w.]))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed; it stands at `start` … `end` of the page."""

    kind: Kind
    start: int
    end: int
    numbers: tuple[Written, ...] = ()
    heights: tuple[Written | None, ...] = ()  # of a cycle: the second coordinates, where points are written
    from_x: bool = False  # of a cycle: its ends are written as x − 0.1, measured from the valley
    relation: str = ""
    fate: Fate | None = None
    rule: str | None = None
    sharp: bool = False  # "as long as", "only if": what holds on one side of the number fails on the other


def claims_of(sentence: Sentence, after_value: bool = False) -> list[Claim]:
    """The claims of a sentence; `after_value`: the one before named the greatest height ("more precisely, h = …")."""
    if (
        sentence.question
        or len(sentence.text) > MAX_SENTENCE
        or (sentence.rule is None and not _NEAR.search(sentence.text))
    ):
        return []
    found = list(_conditions(sentence, after_value)) + list(_cycles(sentence)) + list(_convergence(sentence))
    if not any(claim.kind == "value" for claim in found):
        found += _values(sentence, found, after_value)
    return sorted(found, key=lambda claim: claim.start)


def _conditions(sentence: Sentence, after_value: bool) -> Iterator[Claim]:
    """Relations of h and a number: greatest heights, or conditions of what becomes of the path."""
    text = sentence.text
    matches = sorted([*_RELATION.finditer(text), *_TURNED.finditer(text)], key=lambda match: match.start("h"))
    for match in matches:
        relation = match["relation"] if match.re is _RELATION else _TURN[match["relation"]]
        start, end = sentence.start + match.start(), sentence.start + match.end()
        number = (Written.of(match["number"]),)
        clause = _clause(text, match, matches)
        if relation in "=≈" and _names_the_greatest(text, clause, match["h"], after_value=after_value):
            yield Claim("value", start, end, number, relation="=", rule=sentence.rule_at(match.start()))
            continue
        fate = fate_of(clause)
        # of a < h < b the upper end is what decides whether all are passed, the lower one whether none is
        ends = {other.re is _RELATION for other in matches if other.start("h") == match.start("h")}
        if len(ends) == 2 and (relation in "<≤") is not (fate == "passes"):
            continue
        if fate is not None:
            sharp = _SHARP.search(clause) is not None
            yield Claim(
                "condition",
                start,
                end,
                number,
                relation=relation,
                fate=fate,
                rule=sentence.rule_at(match.start()),
                sharp=sharp,
            )


def _names_the_greatest(text: str, clause: str, letter: str, *, after_value: bool) -> bool:
    """Whether h = … states the greatest height: by a word, by a mark on the letter, or as a more precise value of one stated."""
    precise = _PRECISE.search(text) is not None
    return bool(_MAX.search(clause) or _MARKED.match(letter) or (precise and (after_value or _MAX.search(text))))


def _clause(text: str, match: re.Match[str], matches: list[re.Match[str]]) -> str:
    """The clause of a relation: the sentence, cut at and, but, while where each side has a relation and a fate of its own."""
    cuts = [0, *(cut.start() for cut in _CLAUSE.finditer(text)), len(text)]
    pieces = [(a, b) for a, b in zip(cuts, cuts[1:], strict=False)]
    whole = [
        (a, b)
        for a, b in pieces
        if any(a <= m.start("h") < b for m in matches) and (_fates(text[a:b]) or _MAX.search(text[a:b]))
    ]
    for a, b in whole:
        if a <= match.start("h") < b:
            return text[a:b]
    return "".join(text[a:b] for a, b in pieces if (a, b) not in whole)


def fate_of(text: str) -> Fate | None:
    """What a clause says becomes of the path; None where it says nothing, or two things."""
    fates = _fates(text)
    if fates == {"stuck", "oscillates"}:
        return "oscillates"
    return next(iter(fates)) if len(fates) == 1 else None


def _fates(text: str) -> set[Fate]:
    found: set[Fate] = set()
    for pattern, fate, opposite in (
        (_OSCILLATES, "oscillates", None),
        (_STUCK, "stuck", "passes"),
        (_PASSES, "passes", "stuck"),
    ):
        for match in pattern.finditer(text):
            negated = _NOT.search(text[max(match.start() - 60, 0) : match.start()]) is not None
            said = opposite if negated else fate
            if said is not None:
                found.add(said)  # type: ignore[arg-type]
    return found


def _values(sentence: Sentence, found: list[Claim], after_value: bool) -> Iterator[Claim]:
    """ "The maximum height is 0.41", with no letter."""
    text = sentence.text
    named = _MAX.search(text) if _HEIGHT.search(text) else None
    taken = [(claim.start - sentence.start, claim.end - sentence.start) for claim in found]
    named = named or (_PRECISE.search(text) if after_value else None)
    if named is None:
        return
    match = _VALUE.match(text, named.end())
    if match and not _ELSE.search(match["gap"] or "") and not any(a <= match.start("number") < b for a, b in taken):
        yield Claim("value", sentence.start + match.start("number"), sentence.start + match.end("number"),
                    (Written.of(match["number"]),), relation="=", rule=sentence.rule_at(match.start()))  # fmt: skip


def _cycles(sentence: Sentence) -> Iterator[Claim]:
    for match in _BETWEEN.finditer(sentence.text):
        before = sentence.text[: match.start()]
        if not (_OSCILLATES.search(before) or _STUCK.search(before)) or _NOT.search(before[-60:]):
            continue
        ends = [match["low"] or match["one"] or match["least"], match["high"] or match["other"] or match["most"]]
        start, end, rule = sentence.start + match.start(), sentence.start + match.end(), sentence.rule_at(match.start())
        if all(re.match(_FROM_X, text) for text in ends):
            yield Claim("cycle", start, end, tuple(map(_beyond_x, ends)), (None, None), from_x=True, rule=rule)
        elif not any(re.match(_FROM_X, text) for text in ends):
            points = [[Written.of(n) for n in re.findall(NUMBER, text)] for text in ends]
            heights = tuple(point[1] if len(point) == 2 else None for point in points)
            yield Claim("cycle", start, end, tuple(point[0] for point in points), heights, rule=rule)


def _beyond_x(text: str) -> Written:
    """`x - 0.1` as −0.1, and x alone as nothing at all, to every digit."""
    number = "".join(text.split())[1:]
    return Written.of(number) if number else Written("x", Fraction(0), MAX_DIGITS)


def _convergence(sentence: Sentence) -> Iterator[Claim]:
    for match in _CONVERGES.finditer(sentence.text):
        local = re.search(r"\b(?:minimum|minima|bottom|x)\b", match.group(), re.IGNORECASE)
        if (match["to"] or local) and not _NOT.search(sentence.text[max(match.start() - 60, 0) : match.start()]):
            yield Claim(
                "converges",
                sentence.start + match.start(),
                sentence.start + match.end(),
                rule=sentence.rule_at(match.start()),
            )
