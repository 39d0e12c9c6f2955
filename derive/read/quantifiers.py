r""" "For all" and "if … then" in a statement, as the arrows that say the same; every statement is universal anyway.

    \text{if } p \text{ then } q              p ⇒ q
    q \text{ if } p                           p ⇒ q
    \forall x: q,  q \text{ for all } x       q
    \forall x > 0: q,  q \quad \forall x > 0  x > 0 ⇒ q

What is taken out leaves blanks, so that places in the text stay what they were as long as nothing changes sides.
"""

from __future__ import annotations

import re

_TEXT = r"\\(?:text|mathrm|textrm|textnormal)\s*\{{\s*,?\s*(?:{0})\s*,?\s*\}}"
_PLAIN = r"(?<![A-Za-z\\{{])(?:{0})(?![A-Za-z}}])"
_IF = re.compile(_TEXT.format("[Ii]f|[Ww]henever") + "|" + _PLAIN.format("[Ii]f|[Ww]henever"))
_THEN = re.compile(_TEXT.format("then") + "|" + _PLAIN.format("then"))
_EVERY = "(?:all|every|any|each)"
_ALL = re.compile(
    r"\\forall(?![A-Za-z])|" + _TEXT.format(f"(?:[Ff]or )?{_EVERY}") + "|" + _PLAIN.format(f"[Ff]or {_EVERY}")
)
_SEPARATOR = re.compile(r"\s*(?::|,|\\colon|\\;|\\,|\\:|\\quad|\\qquad|\.)")
_SPACES = re.compile(r"(?:\\quad|\\qquad|\\,|\\;|\\:|\\ |~|,|\s)+$")
_NAME = r"\\?[A-Za-z]+(?:_(?:\{[^{}]*\}|\\?[A-Za-z0-9]+))?\*?"
_NAMES = re.compile(rf"\s*{_NAME}(?:\s*,\s*{_NAME})*\s*(?:\\in\s*\\mathbb\s*\{{?R\}}?)?\s*")
_MENTION = re.compile(r"\\forall|if|then|all|every|any|each|henever")
_RELATION = re.compile(
    r"[<>=≤≥≠≈⪯⪰≺≻]|\\(?:le|ge|leq|geq|lt|gt|ne|neq|in|approx|preceq|succeq|prec|succ|equiv)(?![A-Za-z])"
)


def without_quantifiers(text: str) -> str:
    """The statement with arrows for these words; the text itself where there are none, or what they say is not clear."""
    if not _MENTION.search(text):
        return text
    return _conditional(_quantified(text))


def _conditional(text: str) -> str:
    found = _IF.search(text)
    if found is None or _inside(text, found.start()):
        return text
    before, after = text[: found.start()], text[found.end() :]
    then = _THEN.search(after)
    if not before.strip():
        if then is None:
            return text
        gap = " " * (then.end() - then.start() - 2)
        return " " * found.end() + after[: then.start()] + "=>" + gap + after[then.end() :]
    if then is not None or not _RELATION.search(before):
        return text
    return f"{after} => {_SPACES.sub('', before)}"


def _inside(text: str, at: int) -> bool:
    """Whether an environment is open there: a case distinction says `if` of its branches."""
    return text.count(r"\begin", 0, at) != text.count(r"\end", 0, at)


def _quantified(text: str) -> str:
    found = _ALL.search(text)
    if found is None or _ALL.search(text, found.end()) or _inside(text, found.start()):
        return text
    before, after = text[: found.start()], text[found.end() :]
    if _SPACES.sub("", before).strip():
        condition, statement = after, _SPACES.sub("", before)
        if not _RELATION.search(statement):
            return text  # no statement: the words stand where they should not
        if _NAMES.fullmatch(condition.rstrip(". ")):
            return statement
        return f"{condition.rstrip('. ')} => {statement}" if _RELATION.search(condition) else text
    names = _NAMES.match(after)
    if names and (separator := _SEPARATOR.match(after, names.end())) and _RELATION.search(after, separator.end()):
        return " " * (found.end() + separator.end()) + after[separator.end() :]
    for separator in _SEPARATOR.finditer(after):
        condition, statement = after[: separator.start()], after[separator.end() :]
        if _balanced(condition) and _RELATION.search(condition) and _RELATION.search(statement):
            return f"{' ' * (found.end() - 3)}{condition} =>{' ' * (separator.end() - separator.start())}{statement}"
    return text


def _balanced(text: str) -> bool:
    return all(text.count(a) == text.count(b) for a, b in ("()", "[]", "{}"))
