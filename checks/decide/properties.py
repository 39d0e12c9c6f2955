"""What is declared of integers and of increasing functions, put into a formula as algebra."""

from __future__ import annotations

from checks.decide.domains import constant_of
from derive.errors import TooLarge
from derive.normal import fraction_tree, normal_form
from derive.symbols import SymbolTable
from derive.tree import (
    Call,
    Constant,
    Node,
    Power,
    Product,
    Quotient,
    Sum,
    number,
    times,
    total,
    transform,
)


def with_properties(tree: Node, symbols: SymbolTable, functions: tuple[str, ...]) -> Node:
    """The tree with what is declared of integers and increasing functions put into it.

    (−c)^n is ((−1)^n)·c^n, sin(u + πn) is (−1)^n·sin u; the derivative of an increasing function is exp of something.
    """
    whole = frozenset(n for n in tree.names if (s := symbols.get(n)) is not None and s.kind == "integer")
    rising = frozenset(f for f in functions if (s := symbols.get(f)) is not None and "increasing" in s.properties)
    if not whole and not rising:
        return tree

    def put(node: Node) -> Node | None:
        if isinstance(node, Call) and node.order == 1 and node.function in rising:
            return Call("exp", (Call(f"log {node.function}'", node.arguments),))
        if whole and isinstance(node, Power):
            return _parity_power(node, whole)
        if whole and isinstance(node, Call) and node.function in {"sin", "cos"} and not node.order:
            return _parity_turn(node, whole)
        return None

    return transform(tree, put)


def _parity_power(node: Power, whole: frozenset[str]) -> Node | None:
    base = constant_of(node.base)
    if base is None or base >= 0 or constant_of(node.exponent) is not None:
        return None
    parity = _parity(node.exponent, whole)
    return None if parity is None else Product((parity, Power(number(-base), node.exponent)))


def _parity(u: Node, whole: frozenset[str]) -> Node | None:
    """(−1)^u for a polynomial u with whole coefficients in integers."""
    try:
        form = normal_form(u)
    except (TooLarge, ZeroDivisionError):
        return None
    used = [k for k, d in zip(form.kernels, form.numerator.degrees(), strict=False) if d]
    if not form.denominator.is_one() or any(k.key[0] != "name" or k.key[1] not in whole for k in used):
        return None
    factors: list[Node] = []
    for powers, c in form.numerator.terms():
        if int(c.q) != 1:
            return None
        if int(c.p) % 2 == 0:
            continue
        names = [k.tree for k, e in zip(form.kernels, powers, strict=False) if e]
        factors.append(Call("parity", (times(names),)) if names else number(-1))
    return times(factors)


def _parity_turn(node: Call, whole: frozenset[str]) -> Node | None:
    argument = fraction_tree(normal_form(node.arguments[0]))
    terms = argument.terms if isinstance(argument, Sum) else (argument,)
    turns = [(t, p) for t in terms if (p := _parity(Quotient(t, Constant("pi")), whole)) is not None]
    if not turns:
        return None
    gone = {term for term, _ in turns}
    rest = total([t for t in terms if t not in gone])
    return times([*(p for _, p in turns), Call(node.function, (rest,))])
