"""What is declared of integers and of functions, put into a formula as algebra."""

from __future__ import annotations

from checks.decide.domains import constant_of
from derive.errors import TooLarge
from derive.normal import fraction_tree, normal_form
from derive.ranges import Range, ranges_of
from derive.symbols import Symbol, SymbolTable
from derive.tree import (
    ONE,
    TWO,
    Call,
    Constant,
    Negative,
    Node,
    Power,
    Product,
    Quotient,
    Sum,
    number,
    times,
    total,
    transform,
    walk,
)


def with_properties(tree: Node, symbols: SymbolTable, functions: tuple[str, ...]) -> Node:
    """The tree with what is declared of integers and functions put into it.

    (−c)^n is ((−1)^n)·c^n, sin(u + πn) is (−1)^n·sin u; the derivative of an increasing function is exp of something, and
    so is a positive function.
    """
    whole = frozenset(n for n in tree.names if (s := symbols.get(n)) is not None and s.kind == "integer")
    rising = frozenset(f for f in functions if (s := symbols.get(f)) is not None and "increasing" in s.properties)
    bounded = {f: ranges for f in functions if (ranges := _value_ranges(symbols.get(f)))}
    if bounded and _may_be_complex(tree, symbols):
        bounded = {}
    if not whole and not rising and not bounded:
        return tree

    def put(node: Node) -> Node | None:
        if isinstance(node, Call) and node.order == 1 and node.function in rising:
            return Call("exp", (Call(f"log {node.function}'", node.arguments),))
        if isinstance(node, Call) and not node.order and node.function in bounded:
            return _within(node, bounded[node.function])
        if whole and isinstance(node, Power):
            return _parity_power(node, whole)
        if whole and isinstance(node, Call) and node.function in {"sin", "cos"} and not node.order:
            return _parity_turn(node, whole)
        return None

    return transform(tree, put)


def _may_be_complex(tree: Node, symbols: SymbolTable) -> bool:
    """Whether a function may be applied to what is no real number, where nothing is declared of its values."""
    if any((s := symbols.get(n)) is not None and s.kind == "complex" for n in tree.names):
        return True
    return Constant in tree.kinds and any(isinstance(n, Constant) and n.name == "i" for n in walk(tree))


def _value_ranges(symbol: Symbol | None) -> tuple[Range, ...]:
    """The ranges of the values of a general function, where they say anything."""
    if symbol is None or not symbol.is_function or symbol.is_sequence or symbol.named is not None:
        return ()
    return tuple(part for part in ranges_of(symbol) if part.is_bounded)


def _within(call: Call, ranges: tuple[Range, ...]) -> Node | None:
    """A value in terms of numbers that may be any: e^u for a positive one, a + e^u for one above a, u² for one from 0 on."""
    name, arguments = call.function, call.arguments

    def free(of: str) -> Node:
        return Call(f"{of} {name}", arguments)

    if len(ranges) == 2:  # known not to be 0, of either sign
        return Product((Call("parity", (free("sign"),)), Call("exp", (free("log"),))))
    lower, upper, (low, high) = ranges[0].lower, ranges[0].upper, ranges[0].closed
    if lower is None or upper is None:
        end, closed = (lower, low) if lower is not None else (upper, high)
        assert end is not None
        distance: Node = Power(free("root"), TWO) if closed else Call("exp", (free("log"),))
        return Sum((number(end), distance if lower is not None else Negative(distance)))
    # the parts of the interval on either side of the value: a closed end is where one of them is 0
    before: Node = Power(free("root"), TWO) if low else Call("exp", (free("log"),))
    after: Node = Power(free("other root"), TWO) if high else ONE if not low else Call("exp", (free("log"),))
    if lower == upper:
        return number(lower)
    share = Quotient(before, Sum((before, after)))
    return Sum((number(lower), Product((number(upper - lower), share))))


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
