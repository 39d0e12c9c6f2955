"""A formula → slips of the pen beside those that certificates are tested with: brackets lost, fractions turned over, …

Nothing is evaluated here: whoever plants a slip asks an independent evaluation whether it changes anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.matrix.nodes import Hadamard
from derive.tree import ONE, Binder, Call, Name, Negative, Node, Number, Power, Product, Quotient, Sum, times, total

Slip = tuple[str, Node]
KINDS = ("bracket", "upside-down", "function", "bound", "name", "added-term")
TAKEN_FOR = {"sin": "cos", "cos": "sin", "tanh": "sin", "exp": "log", "log": "exp", "ln": "exp", "max": "min", "min": "max",
             "relu": "tanh", "sigmoid": "tanh", "tr": "det", "softmax": "exp"}  # fmt: skip
MANY = 6  # names that a name is taken for


def more_slips(tree: Node) -> Iterator[Slip]:
    """Every slip of these kinds at every place of a formula."""
    names = tuple(name for name in tree.names if not name.startswith("@"))[:MANY]
    yield "added-term", Sum((tree, ONE))
    yield from _everywhere(tree, names)


def _everywhere(node: Node, names: tuple[str, ...]) -> Iterator[Slip]:
    yield from _here(node, names)
    for place, child in enumerate(node.children):
        for kind, changed in _everywhere(child, names):
            yield kind, node.rebuilt((*node.children[:place], changed, *node.children[place + 1 :]))


def _here(node: Node, names: tuple[str, ...]) -> Iterator[Slip]:
    match node:
        case Product() | Hadamard():
            yield from _brackets_lost(node)
            yield from _names_taken(node, names)
        case Power(base=Sum() as base):  # (a + b)^2 as a + b^2
            yield "bracket", Sum((*base.terms[:-1], Power(base.terms[-1], node.exponent)))
        case Quotient():
            yield "upside-down", Quotient(node.denominator, node.numerator)
            if isinstance(node.numerator, Sum):  # (a + b)/c as a + b/c
                first, last = node.numerator.terms[:-1], node.numerator.terms[-1]
                yield "bracket", Sum((*first, Quotient(last, node.denominator)))
        case Call() if node.function in TAKEN_FOR:
            yield "function", Call(TAKEN_FOR[node.function], node.arguments, node.order)
        case Binder(bounds=(low, high)) if node.kind in ("sum", "product"):
            yield "bound", Binder(node.kind, node.index, (_one_more(low), high), node.body)
            yield "bound", Binder(node.kind, node.index, (low, Sum((high, Negative(ONE)))), node.body)


def _brackets_lost(node: Product | Hadamard) -> Iterator[Slip]:
    """a (b + c) as a b + c, (a + b) c as a + b c."""
    for place, factor in enumerate(node.factors):
        if not isinstance(factor, Sum):
            continue
        before, after = list(node.factors[:place]), list(node.factors[place + 1 :])
        again = times if isinstance(node, Product) else lambda factors: Hadamard(tuple(factors))
        first, *rest = factor.terms
        *start, last = factor.terms
        if before and not after:
            yield "bracket", Sum((again([*before, first]), *rest))
        if after and not before and isinstance(last, Negative):
            yield "bracket", Sum((*start, Negative(again([last.operand, *after]))))
        elif after and not before:
            yield "bracket", Sum((*start, again([last, *after])))


def _names_taken(node: Product | Hadamard, names: tuple[str, ...]) -> Iterator[Slip]:
    """A factor taken for another quantity of the same kind."""
    for place, factor in enumerate(node.factors):
        if isinstance(factor, Name):
            others = (Name(other) for other in names if other != factor.key)
            yield from (("name", node.rebuilt((*node.factors[:place], o, *node.factors[place + 1 :]))) for o in others)


def _one_more(bound: Node) -> Node:
    if isinstance(bound, Number) and bound.value.denominator == 1:
        return Number(str(bound.value + Fraction(1)))
    return total([bound, ONE])
