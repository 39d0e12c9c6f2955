r"""`\newcommand{\pd}[2]{…}`, `\def\pd#1#2{…}`, `\DeclareMathOperator` → a source with their uses written out.

Only simple macros: up to nine arguments in braces or one character each, no default, no recursion, and within limits of
effort. What is written out stands where the use stood. Definitions that were used up are blanks; others are left to
the page, which remarks on them, and their uses cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.submission.decode import Source
from checks.submission.respell import replaced

MACROS = 200  # of one file
USES = 5_000
BODY = 2_000  # characters that one use may grow to
GROWTH = 200_000  # characters in all
DEPTH = 8  # of macros that use macros

_DEFINITION = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand)\s{0,9}\*?\s{0,9}(?:\{\s{0,9}\\(?P<new>[A-Za-z]+)\s{0,9}\}|\\(?P<bare>[A-Za-z]+))"
    r"\s{0,9}(?:\[(?P<count>[0-9])\])?\s{0,9}(?=\{)"
    r"|\\def\s{0,9}\\(?P<def>[A-Za-z]+)\s{0,9}(?P<parameters>(?:#[1-9]){0,9})\s{0,9}(?=\{)"
    r"|\\DeclareMathOperator\s{0,9}(?P<star>\*?)\s{0,9}(?:\{\s{0,9}\\(?P<operator>[A-Za-z]+)\s{0,9}\}|\\(?P<plain>[A-Za-z]+))\s{0,9}(?=\{)"
)
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
_PARAMETER = re.compile(r"#([1-9])")


@dataclass(frozen=True, slots=True)
class Macro:
    """What stands for a command: `#1` and its kin are the arguments."""

    count: int
    body: str


def expanded(source: Source) -> Source:
    """The source with its simple macros written out; itself where there are none, or too many."""
    if r"\newcommand" not in source.text and not re.search(
        r"\\(?:def|renewcommand|providecommand|DeclareMathOperator)(?![A-Za-z])", source.text
    ):
        return source
    macros, definitions = _definitions(source.text)
    macros = {name: macro for name, macro in macros.items() if not _recursive(name, macros)}
    changes = [
        (start, end, re.sub(r"[^\n]", " ", source.text[start:end]))
        for start, end, name in definitions
        if name in macros
    ]
    uses = _uses(source.text, macros, [(start, end) for start, end, _ in definitions])
    if not macros or uses is None:
        return source
    text, pieces = replaced(source.text, source.pieces, sorted([*changes, *uses]))
    return Source(text, pieces)


def _definitions(text: str) -> tuple[dict[str, Macro], list[tuple[int, int, str]]]:
    macros: dict[str, Macro] = {}
    found: list[tuple[int, int, str]] = []
    for match in _DEFINITION.finditer(text):
        end = _group_end(text, match.end())
        if end is None or _commented(text, match.start()) or (found and match.start() < found[-1][1]):
            continue
        body = text[match.end() + 1 : end - 1]
        name = next(filter(None, (match[group] for group in ("new", "bare", "def", "operator", "plain"))))
        count = len(match["parameters"]) // 2 if match["parameters"] else int(match["count"] or 0)
        if match["operator"] or match["plain"]:
            body = rf"\operatorname{match['star']}{{{body}}}"
        if (
            len(macros) >= MACROS
            or "%" in body
            or len(body) > BODY
            or any(int(number) > count for number in _PARAMETER.findall(body))
        ):
            continue
        macros[name] = Macro(count, body)
        found.append((match.start(), end, name))
    return macros, found


def _commented(text: str, at: int) -> bool:
    line = text[text.rfind("\n", max(at - BODY, 0), at) + 1 : at]
    return re.search(r"(?<!\\)%", line) is not None


def _recursive(name: str, macros: Mapping[str, Macro]) -> bool:
    """Whether a macro uses itself, by way of others too, or others too deep."""
    level = {name}
    for _ in range(DEPTH):
        level = {used[1:] for above in level for used in _COMMAND.findall(macros[above].body) if used[1:] in macros}
        if name in level:
            return True
        if not level:
            return False
    return True


def _uses(
    text: str, macros: Mapping[str, Macro], definitions: list[tuple[int, int]]
) -> list[tuple[int, int, str]] | None:
    """Every use with what stands for it; None if they are too many or grow too long."""
    found: list[tuple[int, int, str]] = []
    done = growth = index = 0
    budget = [USES]
    for match in _COMMAND.finditer(text):
        while index < len(definitions) and definitions[index][1] <= match.start():
            index += 1
        inside = index < len(definitions) and definitions[index][0] <= match.start()
        if match.start() < done or match.group()[1:] not in macros or inside:
            continue
        written = _written(text, match, macros, DEPTH, budget)
        if budget[0] < 0:
            return None
        if written is None:
            continue
        instead, done = written
        growth += len(instead)
        found.append((match.start(), done, instead))
        if growth > GROWTH:
            return None
    return found


def _written(
    text: str, match: re.Match[str], macros: Mapping[str, Macro], depth: int, budget: list[int]
) -> tuple[str, int] | None:
    """What stands for a use, and where the use ends; None where an argument is missing or it grows too long.

    The budget is how many more uses, those inside others counted, are written out in this file.
    """
    budget[0] -= 1
    if budget[0] < 0:
        return None
    macro = macros[match.group()[1:]]
    end, arguments = match.end(), []
    for _ in range(macro.count):
        start = end + len(text[end : end + 9]) - len(text[end : end + 9].lstrip())
        stop = _argument_end(text, start)
        if stop is None:
            return None
        arguments.append(text[start + 1 : stop - 1] if text[start] == "{" else text[start:stop])
        end = stop
    body = _PARAMETER.sub(lambda parameter: arguments[int(parameter[1]) - 1], macro.body)
    if len(body) > BODY:
        return None
    inner = _in_text(body, macros, depth - 1, budget)
    follows = text[end : end + 1].isalpha() and re.search(r"\\[A-Za-z]+$", inner or "")
    return None if inner is None else (f"{inner} " if follows else inner, end)


def _in_text(text: str, macros: Mapping[str, Macro], depth: int, budget: list[int]) -> str | None:
    parts: list[str] = []
    done = 0
    for match in _COMMAND.finditer(text):
        if match.start() < done or match.group()[1:] not in macros:
            continue
        written = _written(text, match, macros, depth, budget) if depth else None
        if written is None or sum(map(len, parts)) > BODY:
            return None
        parts += [text[done : match.start()], written[0]]
        done = written[1]
    whole = "".join([*parts, text[done:]])
    return whole if len(whole) <= BODY else None


def _argument_end(text: str, start: int) -> int | None:
    if start >= len(text) or text[start] in "}$&%#\n":
        return None
    if text[start] == "{":
        return _group_end(text, start)
    command = _COMMAND.match(text, start)
    return command.end() if command else start + 1


def _group_end(text: str, start: int) -> int | None:
    """Behind the brace that closes the one at `start`."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start, start + BODY):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.end()
    return None
