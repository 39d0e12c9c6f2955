r"""LaTeX names → Python identifiers: valid, distinct and readable, `\hat{m}_t` as `hat_m_t`, `z_4^*` as `z_4_star`.

An identifier is made of ASCII letters, digits and single underscores and nothing else of the name, so no name can become
code. Keywords, builtins and what the emitted module imports get an underscore behind them; names begin with a letter,
helpers of the module with an underscore, so that those never meet. Of two names that would be spelled alike the later
one gets a number.
"""

from __future__ import annotations

import builtins
import keyword
import re

MODULES = ("math", "np", "sp", "special", "torch")  # what the emitted code imports
RESERVED = frozenset([*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *MODULES])
_MARKS = {"*": " star ", "+": " plus ", "-": " minus ", "'": " prime ", "@": " "}
_UPRIGHT = re.compile(r"\\(?:operatorname|mathrm|mathit|text|textrm|left|right|limits)(?![A-Za-z])")
MAX_LENGTH = 60


def identifier(name: str) -> str:
    """The identifier a LaTeX name suggests; two names may suggest the same."""
    text = _UPRIGHT.sub(" ", name)
    for mark, word in _MARKS.items():
        text = text.replace(mark, word)
    words = re.findall("[A-Za-z0-9]+", text)
    found = "_".join(words)[:MAX_LENGTH].rstrip("_") or "name"
    if found[0].isdigit():
        found = f"n_{found}"
    return f"{found}_" if found in RESERVED else found


class Identifiers:
    """The identifiers of one scope, each given out once, in the order asked for."""

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self._taken = set(taken)
        self._known: dict[tuple[str, str], str] = {}

    def of(self, name: str, prefix: str = "") -> str:
        """The identifier of a name, always the same; `prefix` tells what is made from it (its adjoint, a derivative)."""
        key = (prefix, name)
        if key not in self._known:
            self._known[key] = self.fresh(prefix + identifier(name))
        return self._known[key]

    def fresh(self, wanted: str) -> str:
        """An identifier nobody has yet."""
        found, count = wanted, 1
        while found in self._taken or found in RESERVED:
            count += 1
            found = f"{wanted.rstrip('_')}_{count}"
        self._taken.add(found)
        return found
