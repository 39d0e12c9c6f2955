"""The laws of differentiation: one table, used to take derivatives, to print steps, and to tell a normal form what a
function means.

A law says, for one kind of node, the partial derivative by each of its operands; the chain rule and the accumulation
are in `pullback.py`. Rules of elementary functions are columns of `functions.py`, written in our own notation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, reduce

from derive.errors import NoRule, TooLarge
from derive.functions import FUNCTIONS
from derive.reductions import reduction_of
from derive.symbols import SymbolTable
from derive.tree import (
    ONE,
    ZERO,
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
_TABLE = SymbolTable.from_specs(dict.fromkeys("uvwf", "real"))


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


def _call(node: Node, needed: Sequence[bool] | None = None) -> list[Node]:
    assert isinstance(node, Call)
    wanted = needed or (True,) * len(node.arguments)
    return [partial_derivative(node, index) if want else ZERO for index, want in enumerate(wanted)]


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


def law_of(node: Node, needed: Sequence[bool] | None = None) -> tuple[str, list[Node]]:
    """The law for a node and its partial derivatives by each operand, of a call by those `needed` only. Raises NoRule."""
    entry = LAWS.get(type(node))
    if entry is None:
        raise NoRule(f"no rule for {type(node).__name__.lower()}")
    return entry[0], _call(node, needed) if isinstance(node, Call) else entry[1](node)


PLACES = ("u", "v", "w")  # how the table of functions calls the arguments


def partial_derivative(call: Call, index: int) -> Node:
    """The derivative of a call by one of its arguments. Raises NoRule."""
    row = FUNCTIONS.get(call.function)
    if row is None or (len(call.arguments) == 1 and row.arity == 1):
        return function_derivative(call)
    if call.order:
        return partial_derivative_of(function_derivative_of_order(call, call.order), call, index)
    text = row.derivatives[index if row.arity else 0]
    if not text:
        raise NoRule(f"no rule for the derivative of {row.name} by its argument {index + 1}")
    return substitute(_parsed(text), _places(call, index))


def partial_derivative_of(tree: Node, call: Call, index: int) -> Node:
    """The derivative of what a call with primes stands for, by one of its arguments."""
    from derive.pullback import derivative

    argument = call.arguments[index]
    if not isinstance(argument, Name):
        raise NoRule(f"no rule for the derivative of {call.function} with primes by its argument {index + 1}")
    return derivative(tree, argument.key)


def _places(call: Call, index: int = -1) -> dict[str, Node]:
    """What u, v, w and f of the table stand for; with any number of arguments u is the one asked for, v all others."""
    if FUNCTIONS[call.function].arity:
        return {**dict(zip(PLACES, call.arguments, strict=False)), "f": call}
    others = [argument for place, argument in enumerate(call.arguments) if place != index % len(call.arguments)]
    rest = others[0] if len(others) == 1 else Call(call.function, tuple(others))
    return {"u": call.arguments[index], "v": rest, "f": call}


def function_derivative(call: Call) -> Node:
    """f^{(k+1)}(u) for f^{(k)}(u): the table's for elementary functions, one more prime for the others. Raises NoRule."""
    row = FUNCTIONS.get(call.function)
    if row is None:
        return Call(call.function, call.arguments, call.order + 1)
    if call.order:
        return function_derivative_of_order(call, call.order + 1)
    text = row.derivatives[-1]
    if not text or not (row.arity == 1 or row.subscripted):
        raise NoRule(f"no rule for the derivative of {row.name}")
    return substitute(_parsed(text), _places(call))


def function_derivative_of_order(call: Call, order: int) -> Node:
    """f^{(order)}(u) of an elementary function, by repeated use of its rule. Raises NoRule, TooLarge."""
    tree = None
    for k in range(order + 1):  # from below, each order made from the one before
        tree = _of_order(call.function, k)
    if tree is None:
        raise TooLarge(f"the derivative of order {order} of {call.function} is too large")
    return substitute(tree, dict(zip(PLACES, call.arguments, strict=False)))


@lru_cache(maxsize=1024)
def _of_order(function: str, order: int) -> Node | None:
    """f^{(order)}(u), or None beyond the limit; kept, because a formula asks for it at every point it is tried at.

    Of a function with a subscript the primes mean the derivative by its last argument.
    """
    from derive.pullback import derivative

    row = FUNCTIONS[function]
    if row.arity != 1 and not row.subscripted:
        raise NoRule(f"primes on {function} do not say by which argument the derivative is taken")
    if order == 0:
        return Call(function, tuple(Name(place) for place in PLACES[: row.arity]))
    before = _of_order(function, order - 1)
    try:
        return None if before is None else derivative(before, PLACES[row.arity - 1])
    except TooLarge:
        return None


@lru_cache(maxsize=1024)
def definition_of(call: Call) -> Node | None:
    """What a call of an elementary function stands for: its defining formula, or the derivative its primes mean."""
    row = FUNCTIONS.get(call.function)
    if row is None:
        return None
    if call.order:
        return function_derivative_of_order(call, call.order)
    if call.function == "log":
        return _logarithm(call.arguments[0])
    if not row.definition:
        return reduction_of(call)
    if row.arity == 0 and len(call.arguments) != 2:
        return reduce(lambda left, right: Call(call.function, (left, right)), call.arguments)
    return substitute(_parsed(row.definition), dict(zip(PLACES, call.arguments, strict=False)))


def kinks_of(call: Call) -> tuple[Node, ...]:
    """Formulas whose zeros are the points at which a call has no derivative by its arguments."""
    row = FUNCTIONS.get(call.function)
    if row is None or not row.kinks:
        return ()
    asked = range(len(call.arguments)) if row.arity == 0 else (0,)
    found = {substitute(_parsed(text), _places(call, index)): None for index in asked for text in row.kinks}
    return tuple(found)


def _logarithm(argument: Node) -> Node | None:
    """log(exp(u)) and log(e^u) are u for every real u; log 1 is 0, log e is 1."""
    match argument:
        case Call(function="exp", arguments=(exponent,), order=0) | Power(base=Constant(name="e"), exponent=exponent):
            return exponent
        case Constant(name="e"):
            return ONE
        case Number(value=value) if value == 1:
            return number(0)
    return None


@lru_cache(maxsize=256)
def _parsed(text: str) -> Node:
    """A cell of the table of functions."""
    from derive.read import read

    return read(text, _TABLE).tree


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
