"""Reverse accumulation for arrays: what a cotangent of a value is for each operand. One table of rules, nothing expanded.

A cotangent G of a part u says that the whole changes by ⟨G, du⟩ = Σ G_ij du_ij. A rule yields pairs (operand, its
cotangent); the pullback is linear in G, so it also gives differentials (see `layouts`). Where u has no derivative by
an operand that the table knows, NoRule is raised: the answer is never 0 by default.

Sources: Magnus & Neudecker, Matrix Differential Calculus, 8–9; Petersen & Pedersen, The Matrix Cookbook (2012), 2;
Golub & Pereyra, SIAM J. Numer. Anal. 10 (1973) for the pseudo-inverse.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.errors import NoRule, TooLarge
from derive.matrix.atoms import is_scalar, ones, whole_number
from derive.matrix.build import add, inner, inverse, negative, power, product, reciprocal, transpose
from derive.matrix.entry_pullbacks import (
    Pairs,
    absolute,
    entrywise_power,
    entrywise_quotient,
    hadamard_product,
    logsumexp,
    root,
    scalar_law,
    slope,
    softmax,
)
from derive.matrix.hadamard import hadamard, over, spread
from derive.matrix.matrix_pullbacks import (
    adjugate,
    determinant,
    diag_of,
    eigenvalue,
    exponential,
    norm,
    pseudo_inverse,
    trace_of,
)
from derive.matrix.nodes import VECTORS_OF, ArrayName, EntrywisePower, EntrywiseQuotient, Hadamard, Norm
from derive.matrix.products import unstacked
from derive.matrix.shapes import segments, shape_of
from derive.symbols import SymbolTable
from derive.tree import (
    ONE,
    ZERO,
    Absolute,
    Binder,
    Call,
    Constant,
    Determinant,
    FunctionName,
    Indicator,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Transpose,
    names,
    walk,
)

MAX_NODES = 10_000
Needs = Callable[[Node], bool]


class Pull:
    """The pullback of cotangents to one name; the table says what singular vectors and eigenvectors are declared."""

    def __init__(self, key: str, table: SymbolTable) -> None:
        self.key, self.table = key, table
        self.needed: dict[Node, bool] = {}

    def __call__(self, node: Node, cotangent: Node) -> Node:
        """The cotangent of the name where that of `node` is given. Raises NoRule, TooLarge."""
        check(node)
        if any(isinstance(part, ArrayName) and part.role in VECTORS_OF and part.of == self.key for part in walk(node)):
            raise NoRule(f"no rule for the derivative of the singular vectors or eigenvectors of {self.key}")
        found: list[Node] = []
        self._into(node, cotangent, found)
        return add(found)

    def needs(self, node: Node) -> bool:
        """Whether a node depends on the name other than by jumps: an indicator has the slope 0 where it has one."""
        if self.key not in names(node) or not node.children:
            return self.key in names(node)
        found = self.needed.get(node)
        if found is None:
            jumps = isinstance(node, Indicator)
            found = self.needed[node] = not jumps and any(self.needs(child) for child in node.children)
        return found

    def _into(self, node: Node, cotangent: Node, found: list[Node]) -> None:
        if cotangent == ZERO or not self.needs(node):
            return
        if isinstance(node, Name | ArrayName):
            found.append(cotangent)
            return
        if isinstance(node, Binder):
            found.append(self.over_index(node, cotangent))
            return
        for child, part in self.parts(node, cotangent):
            self._into(child, part, found)

    def parts(self, node: Node, cotangent: Node) -> Pairs:
        """The operands that depend on the name, each with its cotangent."""
        if isinstance(node, Call):
            return _call(node, cotangent, self)
        rule = RULES.get(type(node))
        if rule is None:
            raise NoRule(f"no rule for {_spoken(node)}")
        return rule(node, cotangent, self)

    def over_index(self, node: Binder, cotangent: Node) -> Node:
        """The pullback of a sum is the sum of the pullbacks."""
        if node.kind != "sum" or any(self.needs(bound) for bound in node.bounds):
            raise NoRule(f"no rule for a {node.kind} of arrays whose bounds or kind depend on {self.key}")
        if node.index in names(cotangent):
            raise NoRule(f"no rule for sums over the same index {node.index} one inside another")
        body = Pull(self.key, self.table)(node.body, cotangent)
        return ZERO if body == ZERO else Binder("sum", node.index, node.bounds, body)


def check(node: Node) -> None:
    """Raises TooLarge for too large a tree, NoRule for a function without its argument."""
    for count, part in enumerate(walk(node)):
        if count > MAX_NODES:
            raise TooLarge(f"more than {MAX_NODES} nodes to differentiate")
        if isinstance(part, FunctionName):
            raise NoRule(f"no rule for {part.function} without its argument")


def _spoken(node: Node) -> str:
    return f"the derivative of {type(node).__name__.lower()}"


def _product(node: Product, g: Node, pull: Pull) -> Pairs:
    """d(P X S): s Pᵀ G Sᵀ for a matrix factor, ⟨G, rest⟩ for a scalar factor or a run of factors that is 1×1."""
    runs = segments(node.factors)
    scalar = [shape_of(run[0])[0] == 1 == shape_of(run[-1])[1] for run in runs]
    for place, run in enumerate(runs):
        if not any(pull.needs(factor) for factor in run):
            continue
        if scalar[place]:
            rest = product(*(f for other, r in enumerate(runs) if other != place for f in r))
            yield from _factors(run, inner(rest, g) if not is_scalar(g) else product(g, rest), [], [], pull)
        else:
            front = product(*(f for other, r in enumerate(runs) if scalar[other] for f in r))
            before = [f for other, r in enumerate(runs[:place]) if not scalar[other] for f in r]
            after = [f for other, r in enumerate(runs[place + 1 :], place + 1) if not scalar[other] for f in r]
            yield from _factors(run, g, before, after, pull, front)


def _factors(
    run: tuple[Node, ...], g: Node, before: list[Node], after: list[Node], pull: Pull, front: Node = ONE
) -> Pairs:
    for index, factor in enumerate(run):
        if pull.needs(factor):
            left = product(*before, *run[:index])
            right = product(*run[index + 1 :], *after)
            yield factor, product(front, transpose(left), g, transpose(right))


def _quotient(node: Quotient, g: Node, pull: Pull) -> Pairs:
    top, bottom = node.children
    if not is_scalar(bottom):
        raise NoRule("no rule for a quotient by an array; ⊘ divides entry by entry")
    if pull.needs(top):
        yield top, product(reciprocal(bottom), g)
    if pull.needs(bottom):
        yield bottom, negative(product(inner(top, g), power(bottom, -2)))


def _power(node: Power, g: Node, pull: Pull) -> Pairs:
    base, exponent = node.children
    if is_scalar(node) or (isinstance(base, Constant | Name | Number) and is_scalar(base)):
        return scalar_law(node, g, pull)
    k = whole_number(exponent)
    if k is None or pull.needs(exponent) or abs(k) > 12:
        raise NoRule("no rule for a matrix power whose exponent is no small whole number")
    if k < 0:
        turned = transpose(inverse(base))
        return [(base, negative(product(*[turned] * (i + 1), g, *[turned] * (-k - i)))) for i in range(-k)]
    turned = transpose(base)
    return [(base, product(*[turned] * i, g, *[turned] * (k - 1 - i))) for i in range(k)]


def _call(node: Call, g: Node, pull: Pull) -> Pairs:
    rule = CALLS.get(node.function)
    if rule is not None and not node.order:
        return rule(node, g, pull)
    if node.function == "log" and isinstance(node.arguments[0], Absolute) and not node.order:
        inside = node.arguments[0].operand  # log|u| has the slope 1/u on either side of 0
        return [(inside, over(g, inside))]
    pairs = []
    for index, argument in enumerate(node.arguments):
        if pull.needs(argument):
            part = hadamard(g, spread(slope(node, index), shape_of(node)))
            if is_scalar(argument) and not is_scalar(node):  # one number for every entry
                part = inner(ones(shape_of(node)), part)
            pairs.append((argument, part))
    return pairs


Rule = Callable[[Any, Node, Pull], Pairs]
# kind of node → the cotangents of its operands where that of its value is G
RULES: dict[type[Node], Rule] = {
    Sum:               lambda node, g, _: [(term, g) for term in node.terms],
    Negative:          lambda node, g, _: [(node.operand, negative(g))],
    Product:           _product,
    Quotient:          _quotient,
    Power:             _power,
    Transpose:         lambda node, g, _: [(node.operand, transpose(g))],
    Determinant:       determinant,
    Norm:              norm,
    Hadamard:          hadamard_product,
    EntrywiseQuotient: entrywise_quotient,
    EntrywisePower:    entrywise_power,
    Root:              root,
    Absolute:          absolute,
}  # fmt: skip
CALLS: dict[str, Rule] = {
    "tr":         trace_of,
    "diag":       diag_of,
    "softmax":    softmax,
    "logsumexp":  logsumexp,
    "adj":        adjugate,
    "pinv":       pseudo_inverse,
    "expm":       exponential,
    "lambda_max": eigenvalue,
    "vec":        lambda node, g, _: [(node.arguments[0], unstacked(g))],
}  # fmt: skip
