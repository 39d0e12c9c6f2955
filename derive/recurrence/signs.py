"""Whether a formula is certain not to be negative on the declared domain, read off its normal form.

A name is replaced by what has its sign: exp(x) where it is positive, a + (b − a)/(1 + exp(x)) between a and b, |x| where it
is nonnegative; so 1 − β is e^x/(1 + e^x) for β between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from derive.errors import TooLarge
from derive.normal import normal_form
from derive.splitting import NEGATIVE, ZERO, form_sign
from derive.symbols import Symbol, SymbolTable
from derive.tree import ONE, Absolute, Binder, Call, Name, Negative, Node, Quotient, Sum, number, substitute, transform


class Signs:
    """The signs of formulas over a table of symbols."""

    def __init__(self, table: SymbolTable, known: frozenset[str] = frozenset()) -> None:
        self.table, self.known = table, known  # sequences whose terms are no less than zero

    def with_known(self, sequence: str) -> Signs:
        """The same, where the terms of a sequence are known to be no less than zero."""
        return Signs(self.table, self.known | {sequence})

    def nonnegative(self, tree: Node) -> bool:
        """Whether the formula is certain to be ≥ 0 wherever it is defined."""
        return self._sign(tree, NEGATIVE)

    def positive(self, tree: Node) -> bool:
        """Whether the formula is certain to be > 0 wherever it is defined."""
        return self._sign(tree, NEGATIVE | ZERO)

    def _sign(self, tree: Node, excluded: int) -> bool:
        try:
            return not form_sign(normal_form(self.placed(tree))) & excluded
        except (TooLarge, ZeroDivisionError):
            return False

    def placed(self, tree: Node) -> Node:
        """The formula with every name replaced by what has its sign: equal formulas are equal so, and only those."""
        values: Mapping[str, Node] = {
            key: placed
            for key in tree.names
            if (symbol := self.table.get(key)) and (placed := _placed(symbol, Name(key)))
        }

        def put(node: Node) -> Node | None:
            if isinstance(node, Binder) and node.kind in ("sum", "product", "maximum") and self.nonnegative(node.body):
                return Absolute(node)
            if not isinstance(node, Call) or not node.function.endswith("_"):
                return None
            if node.function in self.known:
                return Absolute(node)
            symbol = self.table.get(node.function)
            return None if symbol is None else _placed(symbol, node)

        return transform(substitute(tree, values), put)


def _placed(symbol: Symbol, free: Node) -> Node | None:
    """What has the values of a symbol, whatever real number `free` is."""
    low, high = symbol.lower, symbol.upper
    if symbol.kind == "integer" and "positive" in symbol.properties:
        return Sum((ONE, Absolute(free)))
    if low is not None and high is not None:
        return Sum((number(low), Quotient(number(high - low), Sum((ONE, _grown(free, any(symbol.closed)))))))
    if low is None and "positive" in symbol.properties:
        low = Fraction(0)
    if low is not None:
        return Sum((number(low), _grown(free, symbol.closed[0])))
    if high is not None or "negative" in symbol.properties:
        return Sum((number(high or 0), Negative(_grown(free, symbol.closed[1]))))
    return Absolute(free) if "nonnegative" in symbol.properties else None


def _grown(free: Node, closed: bool) -> Node:
    return Absolute(free) if closed else Call("exp", (free,))
