r"""A property in words, `\operatorname{ReLU} is idempotent`, `\ln(1 + e^z) is Lipschitz in z with constant 1`.

    FORMULA is [not] PROPERTY [in NAME] [with constant NUMBER]

The formula is LaTeX, with or without dollars; a function standing alone means the function of any real argument.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.errors import BadSpec
from derive.read import read
from derive.symbols import SymbolTable, canonical_name
from derive.tree import Call, FunctionName, Name, Node, states, transform

PROPERTIES = (
    "idempotent", "even", "odd", "positive", "nonnegative", "negative", "nonpositive", "bounded", "continuous",
    "differentiable", "continuously differentiable", "increasing", "strictly increasing", "decreasing", "strictly decreasing",
    "convex", "concave", "Lipschitz",
)  # fmt: skip
_SPOKEN = {"monotone": "increasing", "non-decreasing": "increasing", "nondecreasing": "increasing",
           "monotonically increasing": "increasing", "non-increasing": "decreasing", "Lipschitz continuous": "Lipschitz",
           "non-negative": "nonnegative"}  # fmt: skip
_WORDS = "|".join(re.escape(word) for word in sorted((*PROPERTIES, *_SPOKEN), key=len, reverse=True))
_CLAIM = re.compile(
    rf"\s*(?P<formula>\S.*?)\s+is\s+(?P<no>not\s+)?(?:an?\s+)?(?P<property>{_WORDS})(?:\s+function)?"
    r"(?:\s+in\s+(?P<name>\S+?))?(?:\s+with\s+constant\s+(?P<constant>\S.*?))?\s*\.?\s*",
    re.IGNORECASE | re.DOTALL,
)
_NEEDS_CONSTANT = ("Lipschitz", "bounded")
VARIABLE = "x"


@dataclass(frozen=True, slots=True)
class Property:
    """What is claimed of a formula as a function of one variable; `constant` of Lipschitz and bounded, or None for some constant."""

    formula: Node
    variable: str
    kind: str
    constant: Node | None = None
    negated: bool = False

    def of(self, tree: Node) -> Property:
        """The same of another formula."""
        return Property(tree, self.variable, self.kind, self.constant, self.negated)


def is_property(text: str) -> bool:
    """Whether a text states a property in words."""
    return _CLAIM.fullmatch(text) is not None


def read_property(text: str, table: SymbolTable) -> Property:
    """Raises BadSpec, Unreadable."""
    match = _CLAIM.fullmatch(text)
    if match is None:
        raise BadSpec(f"{text!r} states no property; write: FORMULA is PROPERTY, with PROPERTY one of {', '.join(PROPERTIES)}")
    spoken = match["property"]
    kind = next((p for p in PROPERTIES if p.lower() == spoken.lower()), None) or next(
        _SPOKEN[p] for p in _SPOKEN if p.lower() == spoken.lower()
    )
    formula = read(_bare(match["formula"]), table).tree
    if states(formula):
        raise BadSpec(f"a property is one of a formula, and {match['formula']} is a relation")
    formula, variable = _in_one_variable(formula, match["name"])
    constant = None if match["constant"] is None else read(_bare(match["constant"]), table).tree
    if constant is not None and kind not in _NEEDS_CONSTANT:
        raise BadSpec(f"{kind} has no constant; {' and '.join(_NEEDS_CONSTANT)} have one")
    if constant is not None and variable in constant.names:
        raise BadSpec(f"a constant does not depend on {variable}")
    return Property(formula, variable, kind, constant, match["no"] is not None)


def _bare(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] == "$" else text  # noqa: PLR2004 - two dollars and something


def _in_one_variable(formula: Node, name: str | None) -> tuple[Node, str]:
    variable = None if name is None else canonical_name(_bare(name))

    def apply(node: Node) -> Node | None:
        return Call(node.function, (Name(variable or VARIABLE),), node.order) if isinstance(node, FunctionName) else None

    applied = transform(formula, apply)
    if variable is None:
        if len(applied.names) != 1:
            which = f"its names are {', '.join(applied.names)}" if applied.names else "it has none"
            raise BadSpec(f"say in which name the formula is a function, with `in NAME`: {which}")
        variable = applied.names[0]
    return applied, variable
