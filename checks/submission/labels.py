"""Labels, spacing and punctuation around a formula: `(a) \\quad`, `1.`, `Step 2:`, `\\quad (1)`, `\\tag`, commas."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checks.submission.tokens import PUNCTUATION, SPACES, TEXTS, WIDE, Token, Tokens, content, depths, group_end

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME = re.compile(r"[A-Za-z]|[ivx]{1,5}|[IVX]{1,5}|\d{1,3}[a-z]?|\*{1,3}")
_WHOLE = re.compile(r"\(?(?:[A-Za-z]|[ivx]{1,5}|[IVX]{1,5}|\d{1,3}(?:\.\d{1,3}){0,3}[a-z]?|\*{1,3})[).:]?")
_CIRCLED = re.compile(r"[①-⑳]")
_EMPTY = {r"\left.", r"\right."}


def trim(tokens: Tokens) -> Tokens:
    """Without spacing, alignment marks and empty groups at either end."""
    first, last = 0, _idle_from(tokens, len(tokens))
    while first < last and (_idle(tokens[first]) or _empty_group(tokens, first, last)):
        first += 1 if _idle(tokens[first]) else 2
    return tokens[first:last]


def _idle_from(tokens: Tokens, last: int) -> int:
    while last and (_idle(tokens[last - 1]) or _empty_group(tokens, last - 2, last)):
        last -= 1 if _idle(tokens[last - 1]) else 2
    return last


def _idle(token: Token) -> bool:
    return token.blank or token.text == "&"


def _empty_group(tokens: Tokens, first: int, last: int) -> bool:
    return 0 <= first <= last - 2 and tokens[first].text == "{" and tokens[first + 1].text == "}"


def unpunctuate(tokens: Tokens) -> Tokens:
    """Without the punctuation of the sentence at the end; `1, 2, ...` and an invisible `\\right.` keep their dots."""
    last = _idle_from(tokens, len(tokens))
    while last and tokens[last - 1].text in PUNCTUATION and tokens[max(last - 2, 0)].text != "." * (last > 1):
        last = _idle_from(tokens, last - 1)
    return trim(tokens[:last])


def is_label(text: str) -> bool:
    """Is the text, as of `\\text{(a)}`, a label rather than a word?"""
    return bool(_WHOLE.fullmatch(text.strip()) or _CIRCLED.fullmatch(text.strip()))


def take(tokens: Tokens) -> tuple[Tokens, str | None]:
    """The formula without its labels, and the first of them."""
    tokens, tag = _tags(tokens)
    tokens, leading = _leading(trim(tokens))
    tokens, trailing = _trailing(trim(tokens))
    return tokens, leading or tag or trailing


def _tags(tokens: Tokens) -> tuple[Tokens, str | None]:
    """Without \\tag, \\label, \\nonumber; a tag names the formula rather than a label does."""
    if not any(token.text in {r"\tag", r"\tag*", r"\label", r"\nonumber", r"\notag"} for token in tokens):
        return tokens, None
    kept: Tokens = []
    found: dict[str, str] = {}
    index, levels = 0, depths(tokens)
    while index < len(tokens):
        text = tokens[index].text.removesuffix("*")
        end = group_end(tokens, index + 1)
        if levels[index] == 0 and text in {r"\tag", r"\label"} and end > index + 1:
            found.setdefault(text, content(tokens[index + 1 : end]).strip())
        elif levels[index] == 0 and text in {r"\nonumber", r"\notag"}:
            end = index + 1
        else:
            kept.append(tokens[index])
            end = index + 1
        index = end
    tag = found.get(r"\tag")
    return kept, found.get(r"\label") if tag is None else f"({tag})"


def _leading(tokens: Tokens) -> tuple[Tokens, str | None]:
    size = _leading_size(tokens)
    if not size:
        return tokens, None
    label = "".join(token.text for token in tokens[:size])
    return trim(tokens[size:]), label


def _leading_size(tokens: Tokens) -> int:
    """How many tokens the leading label takes."""
    texts = [token.text for token in tokens[:6]]
    if texts and _CIRCLED.fullmatch(texts[0]):
        return 1
    if texts[:1] == ["("] and texts[2:3] == [")"] and _NAME.fullmatch(texts[1]):
        return 3 if _spacing(tokens[3:5]) else 0  # `(a) x` is a product
    if texts[1:2] == [")"] and _NAME.fullmatch(texts[0]) and len(tokens) > 2 and tokens[2].blank:
        return 2
    if texts[1:2] == ["."] and texts[0].isdigit() and len(tokens) > 3 and tokens[2].blank:
        return 2
    if texts[:1] == ["Step"] and len(texts) > 3 and texts[2].isdigit() and texts[3] in {":", "."}:
        return 4
    return 0


def _spacing(tokens: Sequence[Token]) -> bool:
    """A spacing command, over blanks: more than the space a product is written with."""
    return any(token.text in SPACES for token in tokens[: 2 if tokens and tokens[0].text.isspace() else 1])


def _trailing(tokens: Tokens) -> tuple[Tokens, str | None]:
    core = unpunctuate(tokens)
    if core and _CIRCLED.fullmatch(core[-1].text):
        return trim(core[:-1]), core[-1].text
    if not core or core[-1].text != ")":
        return tokens, None
    opening = next((i for i in range(len(core) - 2, max(len(core) - 8, 0), -1) if core[i].text == "("), 0)
    inner = "".join(token.text for token in core[opening + 1 : -1])
    if opening and _WHOLE.fullmatch(inner) and _after_wide(core, opening):
        return trim(core[:opening]), f"({inner})"
    return tokens, None


def _after_wide(tokens: Tokens, index: int) -> bool:
    """Does a wide space stand before the token?"""
    before = index - 1
    while before > 0 and tokens[before].text.isspace():
        before -= 1
    return before > 0 and tokens[before].text in WIDE


def whole_group(tokens: Tokens, commands: frozenset[str]) -> Tokens | None:
    """What a command such as \\boxed holds, if it holds the whole formula."""
    if not tokens or tokens[0].text not in commands:
        return None
    end = group_end(tokens, 1)
    if end != len(tokens) or end < 3:
        return None
    first = next(index for index, token in enumerate(tokens) if token.text == "{")
    return trim(tokens[first + 1 : end - 1])


def text_group_before(tokens: Tokens, end: int) -> int | None:
    """Where the `\\text{…}` that ends at `end` begins, if one does."""
    if not end or tokens[end - 1].text != "}":
        return None
    depth = 0
    for index in range(end - 1, 0, -1):
        depth += {"}": 1, "{": -1}.get(tokens[index].text, 0)
        if depth == 0:
            return index - 1 if tokens[index - 1].text in TEXTS else None
    return None
