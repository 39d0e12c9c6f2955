"""Derivatives by one entry of what is itself written with entries: ∂x_k/∂x_i is δ_{ki}, the laws of scalars do the rest.

∂/∂x_i of Σ_k u_k      Σ_k ∂u_k/∂x_i              of f(u, v) of scalars     f_u ∂u/∂x_i + f_v ∂v/∂x_i
of F_k, F a column     entry (k, i) of ∂F/∂x      of any other scalar       entry i of its gradient
"""

from __future__ import annotations

from collections.abc import Callable

from derive.errors import NoRule, TooLarge
from derive.matrix.nodes import SCALAR, ArrayName, Entry
from derive.matrix.shapes import segments, shape_of
from derive.pullback import gradients, product
from derive.tree import ONE, ZERO, Binder, Name, Node, Number, Product, substitute, total, transform

MAX_NODES = 20_000
Whole = Callable[[Node, str], Node]  # the derivative of a formula by the whole array, in a layout


class ByEntry:
    """The derivative by one entry of an array; `whole` takes those by the whole of it."""

    def __init__(self, x: ArrayName, place: tuple[Node, ...], whole: Whole) -> None:
        self.x, self.place, self.whole = x, place, whole

    def of(self, tree: Node) -> Node:
        """Of a scalar. Raises NoRule, TooLarge."""
        if self.x.key not in tree.names:
            return ZERO
        found = self._of(tree)
        if found.size > MAX_NODES:
            raise TooLarge(f"a derivative of more than {MAX_NODES} symbols")
        return found

    def _of(self, tree: Node) -> Node:
        match tree:
            case Entry(operand=ArrayName(key=key), indices=indices) if key == self.x.key:
                return product([delta(i, j) for i, j in zip(indices, self.place, strict=True)])
            case Entry(operand=operand, indices=(index,)) if shape_of(operand)[1] == self.x.shape[1] == 1:
                return Entry(self.whole(operand, "jacobian"), (index, *self.place))
            case Binder():
                return self.sum(tree)
            case Product(factors=factors) if len(runs := segments(factors)) > 1 and all(map(_is_scalar, runs)):
                return self.chain(tree, tuple(run[0] if len(run) == 1 else Product(run) for run in runs))
        if tree.children and all(shape_of(child) == SCALAR for child in tree.children):
            return self.chain(tree, tree.children)
        return Entry(self.whole(tree, "gradient"), self.place)

    def sum(self, tree: Binder) -> Node:
        if tree.kind != "sum" or any(self.x.key in bound.names for bound in tree.bounds):
            raise NoRule(f"no rule for the derivative of a {tree.kind} by an entry")
        index, body = tree.index, tree.body
        while any(index in part.names for part in self.place):
            index += "'"
        if index != tree.index:
            body = substitute(body, {tree.index: Name(index)})
        inner = self.of(body)
        return ZERO if inner == ZERO else Binder("sum", index, tree.bounds, inner)

    def chain(self, tree: Node, children: tuple[Node, ...]) -> Node:
        """The chain rule over the operands, each a name for the law of scalars."""
        stands = tuple(Name(f"@{k}") for k in range(len(children)))
        outer = Product(stands) if isinstance(tree, Product) else tree.rebuilt(stands)
        inner = {f"@{k}": self.of(child) for k, child in enumerate(children)}
        moving = tuple(key for key, value in inner.items() if value != ZERO)
        if not moving:
            return ZERO
        partial = gradients(outer, moving)
        back = dict(zip((name.key for name in stands), children, strict=True))
        return total([product([_put_back(partial[key], back), inner[key]]) for key in moving])


def _is_scalar(run: tuple[Node, ...]) -> bool:
    return (shape_of(run[0])[0], shape_of(run[-1])[1]) == SCALAR


def _put_back(tree: Node, children: dict[str, Node]) -> Node:
    return transform(tree, lambda node: children.get(node.key) if isinstance(node, Name) else None)


def delta(i: Node, j: Node) -> Node:
    """1 where two indices are the same, else 0."""
    if i == j:
        return ONE
    if isinstance(i, Number) and isinstance(j, Number):
        return ZERO
    return Entry(ArrayName(r"\delta@", ("", ""), role="delta"), (i, j))
