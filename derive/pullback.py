"""Reverse accumulation over a tree: the cotangent of the whole is pulled back to every operand by the table of laws.

The cotangent of a node times the partial derivative of the node by an operand is what it passes to that operand;
cotangents that reach one name along several paths are added. Nothing is expanded on the way: a cotangent is a list of
factors, so the result keeps the products of the chain rule, and only trivial factors (0, 1, −1) are dropped. What is
no operation (case distinctions, Σ, Π, ∫) is differentiated as a whole.
"""

from __future__ import annotations

from derive.constructs import CONSTRUCTS, construct_derivative
from derive.errors import NoRule, TooLarge
from derive.rules import law_of
from derive.tree import (
    ONE,
    ZERO,
    Derivative,
    FunctionName,
    Name,
    Negative,
    Node,
    Product,
    Quotient,
    names,
    times,
    total,
    walk,
)

MAX_NODES = 10_000  # of a tree to differentiate: higher derivatives grow by a factor with each order


def derivative(tree: Node, variable: str) -> Node:
    """∂tree/∂variable, every other name held fixed. Raises NoRule."""
    return gradients(tree, (variable,))[variable]


def gradients(tree: Node, variables: tuple[str, ...]) -> dict[str, Node]:
    """The partial derivatives of a tree by several names in one sweep. Raises NoRule, TooLarge."""
    check(tree)
    wanted = frozenset(variables)
    found: dict[str, list[Node]] = {variable: [] for variable in variables}
    _pull(tree, [], wanted, found)
    return {variable: total(parts) for variable, parts in found.items()}


def scalar_keys(node: Derivative) -> tuple[str, ...]:
    """The variables of a derivative, each of them a scalar. Raises NoRule for a vector or matrix: not even 0 is a scalar then."""
    if not all(isinstance(variable, Name) for variable in node.variables):
        raise NoRule("no rule for the derivative by a vector or matrix")
    return tuple(variable.key for variable in node.variables)


def check(tree: Node) -> None:
    """Raises TooLarge for a tree too large to differentiate, NoRule for an array or a function without its argument."""
    if tree.has_array:
        raise NoRule("no rule for the derivative of a formula with vectors, matrices, lists or sets in it")
    for count, node in enumerate(walk(tree)):
        if count > MAX_NODES:
            raise TooLarge(f"more than {MAX_NODES} nodes to differentiate")
        if isinstance(node, FunctionName):
            raise NoRule(f"no rule for {node.function} without its argument")


def _pull(node: Node, cotangent: list[Node], wanted: frozenset[str], found: dict[str, list[Node]]) -> None:
    if isinstance(node, Name):
        if node.key in wanted:
            found[node.key].append(product(cotangent))
        return
    if isinstance(node, CONSTRUCTS):
        for key in wanted.intersection(names(node)):
            _, partial = construct_derivative(node, key, lambda child, key=key: derivative(child, key))  # type: ignore[misc]
            found[key].append(product([*cotangent, partial]))
        return
    depends = [not wanted.isdisjoint(names(child)) for child in node.children]
    if isinstance(node, Derivative) and any(depends):
        law_of(node)
    if not any(depends):
        return
    _, partials = law_of(node, depends)
    for child, partial, needed in zip(node.children, partials, depends, strict=True):
        if needed:
            _pull(child, [*cotangent, partial], wanted, found)


def product(factors: list[Node]) -> Node:
    """A product with factors 0 and 1 taken out and signs brought to the front."""
    kept: list[Node] = []
    negative = False
    for factor in _flat(factors):
        if factor == ZERO:
            return ZERO
        while isinstance(factor, Negative):
            negative, factor = not negative, factor.operand
        if factor != ONE:
            kept.append(factor)
    whole = times(_merged(kept))
    return Negative(whole) if negative and whole != ZERO else whole


def _merged(factors: list[Node]) -> list[Node]:
    """1/v as a last factor divides what stands before it: u · (1/v) is written u/v."""
    tops = [f for f in factors if not (isinstance(f, Quotient) and f.numerator == ONE)]
    bottoms = [f.denominator for f in factors if isinstance(f, Quotient) and f.numerator == ONE]
    return [Quotient(times(tops), times(bottoms))] if bottoms else tops


def _flat(factors: list[Node]) -> list[Node]:
    flat: list[Node] = []
    for factor in factors:
        flat.extend(_flat(list(factor.factors)) if isinstance(factor, Product) else [factor])
    return flat
