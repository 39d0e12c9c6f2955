r"""Properties said in a sentence, "`$\sigma$` is Lipschitz with constant `$\frac14$`": its formulas and words are one statement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from checks.submission.document import Formula
from derive.read.words import is_property

_GOES_ON = re.compile(r"(?:\bin|\bconstant(?: of)?|\bbounded by)$")
_ENDS = re.compile(r"(?:\s*\band)?[\s,]*$")
MAX_FORMULAS = 3  # FORMULA is PROPERTY in NAME with constant NUMBER


def spoken(formulas: Sequence[Formula]) -> tuple[Formula, ...]:
    """The formulas, those that one sentence makes a property of joined into one."""
    found: list[Formula] = []
    index = 0
    while index < len(formulas):
        joined, count = _joined(formulas[index : index + MAX_FORMULAS])
        found.append(joined)
        index += count
    return tuple(found)


def _joined(formulas: Sequence[Formula]) -> tuple[Formula, int]:
    """The property that begins here, and of how many formulas it is made."""
    first = formulas[0]
    best, said = (first, 1), f"${first.text}$"
    if not first.after.startswith(("is ", "has ")):
        return best
    for count, formula in enumerate(formulas, 1):
        if count > 1:
            said = f"{said} ${formula.text}$"
            if formula.sentence != first.sentence:
                break
        for text in (said, f"{said} {_ENDS.sub('', formula.after)}"):
            if is_property(text):
                best = (replace(first, text=text), count)
                break
        if not _GOES_ON.search(formula.after):
            break
        said = f"{said} {formula.after}"
    return best
