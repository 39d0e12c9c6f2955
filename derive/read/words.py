r"""A property in words, `\operatorname{ReLU} is idempotent`, `\ln(1 + e^z) is Lipschitz in z with constant 1`.

    FORMULA is [not] PROPERTY [in NAME] [with constant NUMBER]
    FORMULA is [not] NUMBER-Lipschitz [in NAME]
    FORMULA has Lipschitz constant NUMBER
    FORMULA is [not] bounded by NUMBER            its size is at most that

Other words after `is` are refused with the properties there are: read as names they would be a product of undeclared letters.
The formula is LaTeX, with or without dollars; a function standing alone means the function of any real argument.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from derive.errors import Unreadable
from derive.names import canonical_name
from derive.tree import FunctionName, HasProperty, Name, Node, states

PROPERTIES = (
    "idempotent", "even", "odd", "positive", "nonnegative", "negative", "nonpositive", "bounded", "continuous",
    "differentiable", "continuously differentiable", "increasing", "strictly increasing", "decreasing", "strictly decreasing",
    "convex", "concave", "Lipschitz",
)  # fmt: skip
_SPOKEN = {"monotone": "increasing", "non-decreasing": "increasing", "nondecreasing": "increasing",
           "monotonically increasing": "increasing", "monotonically non-decreasing": "increasing", "monotonically decreasing": "decreasing",
           "non-increasing": "decreasing", "nonincreasing": "decreasing", "Lipschitz continuous": "Lipschitz",
           "non-negative": "nonnegative"}  # fmt: skip
_WORDS = "|".join(re.escape(word) for word in sorted((*PROPERTIES, *_SPOKEN), key=len, reverse=True))
_CLAIM = re.compile(
    rf"\s*(?P<formula>\S.*?)\s+is\s+(?P<no>not\s+)?(?:an?\s+)?(?:(?P<front>(?!non-)\S+?)-(?=Lipschitz))?(?P<property>{_WORDS})(?:\s+function)?"
    r"(?:\s+in\s+(?P<name>\S+?))?(?:\s+(?:with\s+(?:an?\s+)?(?:Lipschitz\s+)?constant(?:\s+of)?|(?<=bounded\s)by)\s+(?P<constant>\S.*?))?\s*\.?\s*",
    re.IGNORECASE | re.DOTALL,
)
# words where a property belongs, to the end of the sentence or to a place or constant after it
_OTHER_WORDS = re.compile(
    r"\s*\S.*?\s+is\s+(?:not\s+)?(?:an?\s+)?(?P<words>(?:\S+-)?[a-z][a-z-]+(?:\s+[a-z-]{3,})*"
    r"(?:\s+(?:in|at|on|with|for|by)\s+\S.*?)?)\s*\.?\s*",
    re.IGNORECASE | re.DOTALL,
)
_NEEDS_CONSTANT = ("Lipschitz", "bounded")
_HAS = re.compile(r"\s+has\s+(?:the\s+|an?\s+)?Lipschitz\s+constant\s+(?:of\s+)?", re.IGNORECASE)
_TEXT = re.compile(r"\\text(?:rm|it)?\{([^{}]*)\}")


def is_property(text: str) -> bool:
    """Whether a text states a property in words."""
    return (" is " in text or " has " in text) and _CLAIM.fullmatch(_plain(text)) is not None


def read_property(text: str, read: Callable[[str], Node]) -> Node:
    """The statement; `read` reads the formulas in it. Raises Unreadable, also what `read` raises."""
    match = _CLAIM.fullmatch(_plain(text))
    assert match is not None
    spoken = match["property"].lower()
    kind = next((p for p in PROPERTIES if p.lower() == spoken), None) or next(
        k for w, k in _SPOKEN.items() if w.lower() == spoken
    )
    formula = read(_bare(match["formula"]))
    if states(formula):
        raise Unreadable("property", "a property is one of a formula, and this is a relation", text=text, length=len(match["formula"]),
                         hint="write FORMULA is PROPERTY")  # fmt: skip
    variable = _variable(formula, match["name"], text)
    given = [key for key in ("front", "constant") if match[key] is not None]
    if len(given) > 1:
        raise Unreadable(
            "property",
            "two constants are given",
            text=text,
            offset=match.start("constant"),
            length=len(match["constant"]),
        )
    constant = read(_bare(match[given[0]])) if given else None
    if constant is not None and (
        kind not in _NEEDS_CONSTANT or (variable is not None and variable.key in constant.names)
    ):
        reason = (
            f"{kind} has no constant"
            if kind not in _NEEDS_CONSTANT
            else f"a constant does not depend on {variable and variable.key}"
        )
        raise Unreadable("property", reason, text=text, offset=match.start(given[0]), length=len(match[given[0]]))
    return HasProperty(formula, variable, kind, constant, match["no"] is not None)


def refuse_other_words(text: str) -> None:
    """Raises Unreadable where words stand after `is` that are no property."""
    match = _OTHER_WORDS.fullmatch(_plain(text))
    if match is not None:
        words = match["words"]
        raise Unreadable("property", f"{words!r} is no property that is decided here", text=text, offset=max(text.find(words), 0),
                         length=len(words), hint=f"a property this version decides is {', '.join(PROPERTIES)}")  # fmt: skip


def _plain(text: str) -> str:
    text = _TEXT.sub(r" \1 ", text) if "\\text" in text else text
    return _HAS.sub(" is Lipschitz with constant ", text) if " has " in text else text


def _bare(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] == "$" else text


def _variable(formula: Node, name: str | None, text: str) -> Name | None:
    """The name the formula is a function of: the one named, or its only one; None for functions without an argument."""
    if name is not None:
        return Name(canonical_name(_bare(name)))
    if FunctionName in formula.kinds and not formula.names:
        return None
    if len(formula.names) != 1:
        which = f"its names are {', '.join(formula.names)}" if formula.names else "it has none"
        raise Unreadable("property", f"this does not say in which name the formula is a function: {which}", text=text,
                         length=len(text), hint="write: FORMULA is PROPERTY in NAME")  # fmt: skip
    return Name(formula.names[0])
