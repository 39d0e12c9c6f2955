"""The laws of differentiation: one table, used to take derivatives, to print steps, and to tell a normal form what a
function means.

A law says, for one kind of node, the partial derivative by each of its operands; the chain rule and the accumulation
are in `pullback.py`. Rules of elementary functions are columns of `functions.py`, written in our own notation.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from derive.errors import NoRule, TooLarge
from derive.functions import FUNCTIONS
from derive.symbols import SymbolTable
from derive.tree import (
    ONE,
    Absolute,
    Call,
    Constant,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    number,
    substitute,
    times,
    transform,
)

Partials = Callable[[Node], list[Node]]


def _sum(_: Node) -> list[Node]:
    return [ONE] * len(_.children)


def _product(node: Node) -> list[Node]:
    factors = node.children
    return [times([*factors[:i], *factors[i + 1 :]]) for i in range(len(factors))]


def _quotient(node: Node) -> list[Node]:
    u, v = node.children
    return [Quotient(ONE, v), Negative(Quotient(u, Power(v, number(2))))]


def _power(node: Node) -> list[Node]:
    u, v = node.children
    lowered: Node = number(v.value - 1) if isinstance(v, Number) else Sum((v, Negative(ONE)))
    if isinstance(u, Constant) and u.name == "e":
        return [times([v, Power(u, lowered)]), node]
    by_base = times([v, u if lowered == ONE else Power(u, lowered)]) if lowered != number(0) else v
    return [by_base, Product((node, Call("log", (u,))))]


def _root(node: Node) -> list[Node]:
    if len(node.children) == 1:
        return [Quotient(ONE, Product((number(2), node)))]
    u, n = node.children
    return [
        Quotient(node, Product((n, u))),
        Negative(Quotient(Product((node, Call("log", (u,)))), Power(n, number(2)))),
    ]


def _absolute(node: Node) -> list[Node]:
    return [Quotient(node.children[0], node)]


def _call(node: Node) -> list[Node]:
    assert isinstance(node, Call)
    return [function_derivative(node)]


# kind of node → name of the law, its partial derivatives by the operands
LAWS: dict[type[Node], tuple[str, Partials]] = {
    Sum:      ("sum rule",       _sum),
    Negative: ("sum rule",       lambda _: [number(-1)]),
    Product:  ("product rule",   _product),
    Quotient: ("quotient rule",  _quotient),
    Power:    ("power rule",     _power),
    Root:     ("power rule",     _root),
    Absolute: ("absolute value", _absolute),
    Call:     ("chain rule",     _call),
}  # fmt: skip


def law_of(node: Node) -> tuple[str, list[Node]]:
    """The law for a node and its partial derivatives by each operand. Raises NoRule."""
    entry = LAWS.get(type(node))
    if entry is None:
        raise NoRule(f"no rule for {type(node).__name__.lower()}")
    return entry[0], entry[1](node)


def function_derivative(call: Call) -> Node:
    """f^{(k+1)}(u) for f^{(k)}(u): the table's for elementary functions, one more prime for the others."""
    if call.function not in FUNCTIONS:
        return Call(call.function, call.arguments, call.order + 1)
    if call.order:
        return function_derivative_of_order(call, call.order + 1)
    return substitute(_parsed(FUNCTIONS[call.function].derivative), {"u": call.arguments[0]})


def function_derivative_of_order(call: Call, order: int) -> Node:
    """f^{(order)}(u) of an elementary function, by repeated use of its rule."""
    tree = None
    for k in range(order + 1):  # from below, each order made from the one before
        tree = _of_order(call.function, k)
    if tree is None:
        raise TooLarge(f"the derivative of order {order} of {call.function} is too large")
    return substitute(tree, {"u": call.arguments[0]})


@lru_cache(maxsize=1024)
def _of_order(function: str, order: int) -> Node | None:
    """f^{(order)}(u), or None beyond the limit; kept, because a formula asks for it at every point it is tried at."""
    from derive.pullback import derivative

    if order == 0:
        return Call(function, (Name("u"),))
    before = _of_order(function, order - 1)
    try:
        return None if before is None else derivative(before, "u")
    except TooLarge:
        return None


@lru_cache(maxsize=1024)
def definition_of(call: Call) -> Node | None:
    """What a call of an elementary function stands for: its defining formula, or the derivative its primes mean."""
    if call.function not in FUNCTIONS:
        return None
    if call.order:
        return function_derivative_of_order(call, call.order)
    row = FUNCTIONS[call.function]
    if call.function == "log" and isinstance(call.arguments[0], Call) and call.arguments[0].function == "exp":
        return call.arguments[0].arguments[0] if not call.arguments[0].order else None
    return substitute(_parsed(row.definition), {"u": call.arguments[0]}) if row.definition else None


@lru_cache(maxsize=256)
def _parsed(text: str) -> Node:
    """A cell of the table of functions; `u` is the argument."""
    from derive.read import read

    return read(text, SymbolTable.from_specs({"u": "real"})).tree


def with_named_functions(tree: Node, table: SymbolTable) -> Node:
    """The tree with functions declared as named ones (`function, logistic sigmoid`) replaced by the row they name."""
    named = table.named_functions
    if not named:
        return tree

    def rename(node: Node) -> Node | None:
        if isinstance(node, Call) and node.function in named:
            return Call(named[node.function], node.arguments, node.order)
        return None

    return transform(tree, rename)
