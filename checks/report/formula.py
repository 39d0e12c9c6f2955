"""LaTeX to MathML that a browser draws without script; what cannot be drawn is shown as its source.

math-core does the work. It takes time exponential in the number of brackets that are never closed, and its recursion
ends the process at some thousands of levels: formulas that could do either are not handed to it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from checks.report.extent import width_in_ems
from checks.report.text import clean

_LEVELS = 2000  # 6000 levels overflow an 8 MiB stack
_UNCLOSED = 12  # each doubles the time; 24 take 0.3 s
_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|.", re.DOTALL)
_DEFINES = re.compile(r"\\(?:(?:re|provide)?newcommand|providecommand|[egx]?def|let|DeclareMathOperator)(?![A-Za-z])")
# any \l… is taken for an opening bracket unless known not to be one; only what is known to close counts as closing
_NO_BRACKET = re.compile(
    r"\\l(?:ambda|dots|dotp|e|eq|eqslant|eqq|eft(?:right)?arrow|eft|g|im|iminf|imsup|imits|l|n|nsim|og|ong\w*|t|times)"
)
_CLOSES = re.compile(
    r"\\(?:\}|[ul]rcorner|r(?:[vV]ert|[bB]race|[bB]rack|r?bracket|[pP]aren|ang|angle|floor|ceil|group|moustache))"
)
_PRIMED = re.compile(r"<msup>(<m[in]>[^<]*</m[in]>)<mo>([′″‴⁗])</mo></msup>")


def latex_to_html(latex: str) -> Markup:
    """MathML of the formula, or `<code>` with its source where math-core cannot read it."""
    source = clean(latex)
    drawn = "" if _too_deep(source) else _mathml(source)
    if not drawn:
        return Markup('<code class="source">{}</code>').format(source)
    box = Markup('<div class="math" style="--ems:{}">').format(round(width_in_ems(drawn)))
    return box + Markup(drawn) + Markup("</div>")  # noqa: S704  math-core escapes what it is given; tested


def _mathml(latex: str, *, display: bool = True) -> str:
    from math_core import LatexError

    try:
        drawn = str(_converter().convert_with_local_state(latex, displaystyle=display))
    except LatexError:
        return ""
    # Chromium lifts a prime that is a superscript far above its letter; as a letter of its own it stands right
    return _PRIMED.sub(r'<mrow>\1<mo class="prime" lspace="0" rspace="0">\2</mo></mrow>', drawn)


def _too_deep(latex: str) -> bool:
    levels = latex.count("\\") + latex.count("{")
    return levels > _LEVELS or _unclosed(latex) > _UNCLOSED or _DEFINES.search(latex) is not None


@cache
def _converter() -> Any:
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False)


def _unclosed(latex: str) -> int:
    """How many brackets are never closed within their braces or cell (at most: `(a]` counts as closed)."""
    levels, left = [0], 0
    for part in _TOKEN.findall(latex):
        if part == "{":
            levels.append(0)
        elif part == "}" and len(levels) > 1:
            left += levels.pop()
        elif part in ("&", r"\\", r"\begin", r"\end"):
            left, levels[-1] = left + levels[-1], 0
        else:
            levels[-1] = max(levels[-1] + _opens(part), 0)
    return left + sum(levels)


def _opens(symbol: str) -> int:
    """1 for an opening bracket, -1 for a closing one, else 0."""
    if len(symbol) == 1:
        return {"Ps": 1, "Pe": -1}.get(unicodedata.category(symbol), 0)
    if _CLOSES.fullmatch(symbol):
        return -1
    opens = symbol in (r"\{", r"\ulcorner") or (symbol.startswith(r"\l") and not _NO_BRACKET.fullmatch(symbol))
    return 1 if opens else 0


def prose_to_html(text: str) -> Markup:
    """A sentence with formulas between dollars; an odd dollar is a dollar."""
    parts = text.split("$")
    if len(parts) % 2 == 0:
        return escape(clean(text))
    return Markup("").join(
        _inline(clean(part)) if index % 2 else escape(clean(part)) for index, part in enumerate(parts)
    )


def _inline(latex: str) -> Markup:
    drawn = "" if _too_deep(latex) else _mathml(latex, display=False)
    return Markup(drawn) if drawn else Markup("<code>{}</code>").format(latex)  # noqa: S704 - as above
