"""Lines of prose → headings, list marks, and formulas written without delimiters (`dL/dw = 2x`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checks.submission.accents import LETTERS, foreign
from checks.submission.tokens import RELATIONS, table

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECTION = re.compile(
    r"""\s*\\(?:part|chapter|(?:sub){0,2}section)\*?\s*[\[{]
      | \s*\\begin\{(?:problem|exercise|question)\*?\}
      | [ ]{0,3}\#{1,6}(?=\s|\d|$)
      | [ ]{0,3}<\d{1,2}>(?=\s|$)
      | [ ]{0,3}={3,}\s*$
      | [ ]{0,3}(?:\\textbf\{|[*_]{1,3})?(?:problem|exercise|question|task|aufgabe)\s*\#?\d
      | [ ]{0,3}(?:[*_]{1,3})?Q\s?\d{1,2}[.:)]""",
    re.VERBOSE | re.IGNORECASE,
)
_NUMBER = re.compile(r"[ ]{0,3}(?P<mark>(?:\*\*|__)?\d{1,2}[.)](?:\*\*|__)?)(?=\s|$)")
_ITEM = re.compile(
    r"\s*(?:[-*+•]|\\item(?![A-Za-z])(?:\s*\[(?P<option>[^\]\n]{0,20})\])?"
    r"|(?P<label>\d{1,3}[.)]|[A-Za-z][.)]|\([A-Za-z0-9]{1,4}\)|[ivx]{1,5}\)|[①-⑳]|[Ss]tep\s+\d{1,3}[.:)]))(?:\s+|$)"
)
_LEAD = re.compile(
    r"\s*(?:so|thus|therefore|hence|then|and|but|also|now|next|finally|first|if|since|because|where|let|suppose|assume|"
    r"we\s+(?:have|get|obtain)|(?:this|which)\s+gives)\b[,:]?\s+",
    re.IGNORECASE,
)
_COLON = re.compile(r":\s+(?=[^:]*$)")
_REMARK = re.compile(r"\s+[(\[](?P<words>[^()\[\]\n]{3,80})[)\]]\s*\.?$")
_NAMES = table(
    "sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan asin acos atan exp log ln lim max min sup inf "
    "argmax argmin det tr trace diag vec sqrt abs sign sgn relu sigmoid softmax softplus silu gelu erf mod alpha beta "
    "gamma delta epsilon eps zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi "
    "omega partial grad nabla sum prod int inf infty"
)
_SMALL_WORDS = table("is in of to so we at it as if or by on an be do no my he us go up am vs ie eg")
WORD = rf"(?<![{LETTERS}_\\^])(?<!_\{{)[{LETTERS}]{{2,}}|[Ͱ-Ͽἀ-῿]{{4,}}"
_WORD = re.compile(WORD)
_DIFFERENTIALS = re.compile(r"d[A-Za-z]d[A-Za-z]")
SIGNS = (  # what plain formulas are written with, as the inside of a set of characters
    rf"{LETTERS}Ͱ-Ͽἀ-῿0-9\s_^{{}}()\[\]+\-*/=<>|.,;!'’′″‴\\~%&:"
    r"∂∇·×÷⊙∘⋅√∑∏∫≤≥≠≈≡≪≫⇒⟹→↔⇔±∓−–∞∈∉⊂∀²³¹⁰⁴-ₜᵀ°…‖∥①-⑳"
)
_FORMULA = re.compile(f"[{SIGNS}]+")
_STOP = re.compile(r"(?<=[^\s.])\.\s+(?=[^\s.])")
_TAG = re.compile(r"\s*</?[A-Za-z]")
_CODE = re.compile(r"[-+*/]=|:(?!=)|\s\|\s|;\s*$")
_CARRY = re.compile(r"\s*[+\-−*·×/]")
SIGN = re.compile(
    "|".join(
        re.escape(sign) + ("(?![A-Za-z])" if sign[0] == "\\" else "")
        for sign in sorted(RELATIONS - {r"\stackrel", r"\overset", r"\not"}, key=len, reverse=True)
    )
)
LONGEST = 2000  # characters of a plain line that is looked at


def section(line: str) -> int:
    """Length of what marks the line as a heading, or as the number of an exercise; 0 for other lines."""
    match = _SECTION.match(line)
    return match.end() if match else 0


def number(line: str) -> re.Match[str] | None:
    """`2)`, `3.`: the number of an exercise, or the label of a formula that follows it directly."""
    return _NUMBER.match(line)


def item(line: str) -> re.Match[str] | None:
    """A bullet or a label at the start of a line."""
    return _ITEM.match(line)


def label(match: re.Match[str]) -> str | None:
    return match["label"] or match["option"]


def plain_formula(line: str) -> tuple[int, int] | None:
    """Where in a line of prose a formula without delimiters stands, if the rest of the line is known not to be one."""
    if len(line) > LONGEST or not SIGN.search(line) or "~~" in line:
        return None
    start, end = _stripped(line, 0, len(line))
    for _ in range(3):
        lead = _LEAD.match(line, start, end)
        start = lead.end() if lead else start
    if not _is_formula(line[start:end]):
        colon = _COLON.search(line, start, end)
        if not colon:
            return None
        start, end = _stripped(line, colon.end(), end)
    return (start, end) if _is_formula(line[start:end]) else None


def sentences(line: str, start: int, end: int) -> list[tuple[int, int]]:
    """A plain formula cut where a sentence ends: `a = b. c = d`."""
    cuts = [match.end() for match in _STOP.finditer(line, start, end)]
    return list(zip([start, *cuts], [*cuts, end], strict=True))


def too_long(line: str) -> bool:
    """A line that might be a formula, but is longer than any that is looked at."""
    return len(line) > LONGEST and SIGN.search(line) is not None


def _stripped(line: str, start: int, end: int) -> tuple[int, int]:
    """Without blanks, emphasis and a remark in brackets at the end."""
    remark = _REMARK.search(line, start, end)
    if remark and prose(remark["words"]):
        end = remark.start()
    text = line[start:end]
    bare = text.strip().strip("*_") if text.strip().startswith(("**", "__")) else text.strip()
    return (start + text.index(bare), start + text.index(bare) + len(bare)) if bare else (start, start)


def remark_after(line: str, end: int) -> str:
    """What `plain_formula` left out after the formula."""
    return line[end:].strip(" \t*_.")


def _is_formula(text: str) -> bool:
    """A relation, only the characters of formulas, no words: conservative, a sentence must never pass."""
    if not only_formula(text) or _TAG.match(text) or _CODE.search(text) or prose(text):
        return False
    return SIGN.search(text) is not None and any(character.isalnum() for character in text)


def only_formula(text: str) -> bool:
    """Does a text hold only characters that plain formulas are written with?"""
    return _FORMULA.fullmatch(text) is not None and not foreign(text)


def is_code(text: str) -> bool:
    """`i += 1`, `x: int = 3;`: written for a machine."""
    return _CODE.search(text) is not None


def carries_on(line: str) -> bool:
    """Is a line the rest of the plain formula on the line before: `+ 3 x`?"""
    text = line.strip()
    return bool(
        0 < len(text) <= LONGEST
        and _CARRY.match(text)
        and _FORMULA.fullmatch(text)
        and any(character.isalnum() for character in text)
        and not prose(text)
        and not SIGN.search(text)
    )


def prose(text: str) -> bool:
    """Is there a word in the text?"""
    return next(words(text), None) is not None


def words(text: str) -> Iterator[re.Match[str]]:
    """The words of prose in a text; names of functions and Greek letters are none."""
    return (match for match in _WORD.finditer(text) if is_word(match.group()))


def is_word(word: str) -> bool:
    """Is a run of letters a word rather than a product of names?"""
    low = word.lower()
    if low in _NAMES or (low[0] in "d∂" and low[1:] in _NAMES) or _DIFFERENTIALS.fullmatch(word):
        return False
    return sum(character.isalpha() for character in word) > 2 or low in _SMALL_WORDS
