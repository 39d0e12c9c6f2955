r"""A formula and a variable → the formulas that vanish where it may have no derivative: |u| at u = 0, max(u, v) at u = v.

The laws of differentiation are right off these points; at them the derivative, where there is none, is a convention
(torch takes 0 for |x| at 0, the table of functions something else). So a derivative that was taken carries its kinks,
as `OffKinks`, to wherever it is compared with anything. A kink need not be one: x|x| has a derivative at 0.

    |u|                 u                  a call            what its row says (derive.functions)
    cases, 1[u > v]     u − v              Σ, Π over k       the product over k of those of the body
    ∫ₐᵇ u dt            those of u in which t does not occur, and those at the ends that move
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.errors import NoRule, TooLarge
from derive.functions import FUNCTIONS
from derive.program import Program
from derive.pullback import scalar_keys
from derive.rules import function_derivative_of_order, kinks_of
from derive.symbols import SymbolTable
from derive.tree import (
    Absolute,
    Binder,
    Call,
    Cases,
    Chain,
    Derivative,
    Indicator,
    Logical,
    Negative,
    Node,
    OffKinks,
    Sum,
    substitute,
    transform,
)


def kinks(tree: Node) -> tuple[Node, ...]:
    """The formulas at whose zeros the operations of a tree have no derivative, by any of its names."""
    found: dict[Node, None] = {}
    for u in _kinks(tree):
        if _opposite(u) not in found:
            found.setdefault(u)
    return tuple(found)


def _opposite(u: Node) -> Node | None:
    """b − a for a − b."""
    match u:
        case Sum(terms=(left, Negative(operand=right))):
            return Sum((right, Negative(left)))
    return None


def _kinks(tree: Node) -> Iterator[Node]:
    match tree:
        case Absolute(operand=u):
            yield u
        case Call(order=0):
            yield from kinks_of(tree)
        case Call():
            yield from kinks_of_primes(tree, beyond=1)
        case Cases(conditions=conditions):
            for condition in conditions:
                yield from _switches(condition)
        case Indicator(condition=condition):
            yield from _switches(condition)
    if isinstance(tree, Binder):
        yield from _bound(tree)
        return
    for child in tree.children:
        yield from _kinks(child)


def _switches(condition: Node) -> Iterator[Node]:
    """Where a condition begins or ceases to hold."""
    if isinstance(condition, Chain):
        for left, right in zip(condition.sides, condition.sides[1:], strict=False):
            yield Sum((left, Negative(right)))
    elif isinstance(condition, Logical):
        for part in condition.statements:
            yield from _switches(part)


def _bound(tree: Binder) -> Iterator[Node]:
    for bound in tree.bounds:
        yield from _kinks(bound)
    for u in kinks(tree.body):
        if tree.index not in u.names:
            yield u
        elif tree.kind in {"sum", "product"}:
            yield Binder("product", tree.index, tree.bounds, u)
        elif tree.kind == "integral":
            yield from (substitute(u, {tree.index: bound}) for bound in tree.bounds if bound.names)


def kinks_of_primes(call: Call, beyond: int = 0) -> tuple[Node, ...]:
    """Where f^{(n)}(u) of the table may have no value; with `beyond`, where its derivative of that order may have none."""
    if call.function not in FUNCTIONS:
        return ()
    try:
        below = [function_derivative_of_order(call, k) for k in range(1, call.order + beyond)]
    except (NoRule, TooLarge):
        return kinks_of(call)
    return tuple(dict.fromkeys([*kinks_of(call), *(u for tree in below for u in kinks(tree))]))


def kinks_by(tree: Node, key: str, program: Program) -> tuple[Node, ...]:
    """The kinks of a tree, and of the definitions it rests on, that depend on a name."""
    found = dict.fromkeys(u for part in (tree, *program.needed(tree).values()) for u in kinks(part))
    return tuple(u for u in found if _reaches(u, key, program))


def _reaches(u: Node, key: str, program: Program) -> bool:
    return key in u.names or any(key in definition.names for definition in program.needed(u).values())


def kinks_of_derivative(tree: Node, keys: tuple[str, ...], program: Program) -> tuple[Node, ...]:
    """Where the derivative of a tree by names in turn, through all definitions, may not exist."""
    found: dict[Node, None] = {}
    for index, key in enumerate(keys):
        found.update(dict.fromkeys(kinks_by(tree, key, program)))
        if index + 1 < len(keys):
            tree = program.total_of(tree, key)
    return tuple(found)


def off_kinks(taken: Node, f: Node, keys: tuple[str, ...], program: Program) -> Node:
    """A derivative of f that was taken by names in turn, valid off the kinks. Raises NoRule, TooLarge."""
    found = kinks_of_derivative(f, keys, program)
    return OffKinks(taken, found, (f, keys)) if found else taken


def differentiated(tree: Node, program: Program, table: SymbolTable) -> Node:
    """Every derivative in a tree taken through all definitions, off its kinks. Raises NoRule, TooLarge.

    What depends on a bound letter is put in first, so that every side of a claim comes this way. Derivatives of arrays are
    not marked: those are nowhere evaluated at a kink.
    """
    tree = program.opened(tree)
    if Derivative not in tree.kinds:
        return tree
    if tree.has_array or any(definition.has_array for definition in program.needed(tree).values()):
        from derive.matrix import derivatives

        tree = derivatives.differentiated(tree, program, table)

    def take(node: Node) -> Node | None:
        if not isinstance(node, Derivative):
            return None
        result, keys = node.operand, scalar_keys(node)
        for key in keys:
            result = program.total_of(result, key)
        return off_kinks(result, node.operand, keys, program)

    return transform(tree, take)


def without_kinks(tree: Node) -> Node:
    """The formulas alone, as the laws give them."""
    if OffKinks not in tree.kinds:
        return tree
    return transform(tree, lambda node: node.body if isinstance(node, OffKinks) else None)
