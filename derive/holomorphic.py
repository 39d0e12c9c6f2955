r"""A formula of complex names → one of the same principal value whose laws of differentiation hold off the cuts.

The table of functions gives derivatives of real variables: arcsch' = −1/(|u|√(1+u²)) is right on the real axis only. For
a complex variable these functions are written through others first (their definitions, DLMF 4.23.7–9, 4.37.7–9), and what
has no complex derivative anywhere, |z| or max, is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from derive.errors import NoRule
from derive.functions import FUNCTIONS
from derive.symbols import Symbol, SymbolTable
from derive.tree import Absolute, Call, Cases, Derivative, Indicator, Name, Node, substitute, transform

# rows whose derivative or definition is for reals → the same principal value for complex arguments
THROUGH = {
    "arcsec": r"\arccos\left(\frac{1}{u}\right)",
    "arccsc": r"\arcsin\left(\frac{1}{u}\right)",
    "arcsch": r"\operatorname{arsinh}\left(\frac{1}{u}\right)",
    "arcosh": r"\ln(u + \sqrt{u-1}\sqrt{u+1})",
    "arsech": r"\ln\left(\frac{1}{u} + \sqrt{\frac{1}{u}-1}\sqrt{\frac{1}{u}+1}\right)",
    "artanh": r"\frac{\ln(1+u) - \ln(1-u)}{2}",
    "arcoth": r"\frac{\ln\left(1+\frac{1}{u}\right) - \ln\left(1-\frac{1}{u}\right)}{2}",
}
NOWHERE = frozenset(name for name, row in FUNCTIONS.items() if row.kinks or "|" in row.definition) | {"atan2"}


def of_complex(tree: Node, key: str, table: Mapping[str, Symbol]) -> Node:
    """The tree, to be differentiated by a name; as it is where that name is no complex one. Raises NoRule."""
    symbol = table.get(key)
    if symbol is None or symbol.kind != "complex":
        return tree

    def through(node: Node) -> Node | None:
        if not isinstance(node, Absolute | Call | Cases | Indicator) or key not in node.names:
            return None
        function = node.function if isinstance(node, Call) else type(node).__name__.lower()
        if isinstance(node, Call) and function in THROUGH and not node.order:
            return substitute(_formula(function), {"u": node.arguments[0]})
        if not isinstance(node, Call) or function in NOWHERE or (node.order and function in THROUGH):
            raise NoRule(f"no rule for the derivative of {function} by a complex variable")
        return None

    return transform(tree, through)


def with_complex_operands(tree: Node, table: Mapping[str, Symbol]) -> Node:
    """The same of what derivatives in a tree are taken of."""
    if Derivative not in tree.kinds:
        return tree

    def through(node: Node) -> Node | None:
        if not isinstance(node, Derivative):
            return None
        operand = node.operand
        for variable in node.variables:
            operand = of_complex(operand, variable.key, table)
        return Derivative(operand, node.variables, node.partial) if operand is not node.operand else None

    return transform(tree, through)


@lru_cache(maxsize=64)
def _formula(function: str) -> Node:
    from derive.read import read

    return read(THROUGH[function], SymbolTable([Symbol(Name("u").key)])).tree
