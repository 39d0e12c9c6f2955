"""The lines of a derivation by a vector or matrix: take the differential law by law, move dX to the end, read the result off.

A differential that is still to be taken is written d(…) and stands in the tree as a name of the shape of what it is taken of.
Each line replaces every one of them by its law, which is the adjoint of the pullback: there is one table for both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.errors import NoRule
from derive.matrix.atoms import is_scalar, whole_number
from derive.matrix.build import add, inner, product
from derive.matrix.entries import in_vectors
from derive.matrix.nodes import SCALAR, ArrayName, Norm
from derive.matrix.products import apart_products
from derive.matrix.pullback import Pull
from derive.matrix.shapes import shape_of
from derive.symbols import SymbolTable
from derive.tree import (
    ONE,
    ZERO,
    Absolute,
    Binder,
    Call,
    Determinant,
    Name,
    Negative,
    Node,
    Power,
    Product,
    Quotient,
    Sum,
    Transpose,
    transform,
)
from derive.write import latex

MAX_LINES = 12  # of laws, one inside another; what is nested deeper is taken in one line

# kind of node → the name of its law; calls by function
LAWS: dict[type[Node], str] = {
    Product: "product rule", Quotient: "quotient rule", Power: "power rule",
    Norm: "norm", Determinant: "Jacobi's formula", Absolute: "absolute value", Binder: "sum rule",
}  # fmt: skip
CALL_LAWS = {"tr": "the trace is linear", "diag": "diag is linear", "softmax": "softmax", "logsumexp": "log-sum-exp"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the left side if it is a new one, the right side, the law."""

    left: str
    right: Node
    law: str
    differential: bool = False


def differential_lines(f: Node, x: Node, table: SymbolTable) -> list[Line]:
    """df, one law a line, until nothing but dX is left to be taken. Raises NoRule."""
    pending = _Pending(x, table)
    start = pending.waiting(f)
    tree: Node = start
    lines: list[Line] = []
    while pending.open and len(lines) < MAX_LINES:
        tree, laws = pending.next(tree)
        lines.append(Line("" if lines else latex(start), tree, ", ".join(laws), differential=True))
    return lines


class _Pending:
    """The differentials still to be taken, by the name that stands for them."""

    def __init__(self, x: Node, table: SymbolTable) -> None:
        self.x, self.table = x, table
        self.pull = Pull(x.names[0], table)
        self.open: dict[str, Node] = {}

    def of(self, node: Node) -> Node:
        """d(node); what is linear is taken at once, the differential of the variable itself is dX and stays."""
        if not self.pull.needs(node):
            return ZERO
        return self.differential(node) if self.is_linear(node) else self.waiting(node)

    def is_linear(self, node: Node) -> bool:
        """Whether d only moves inside."""
        needed = sum(self.pull.needs(child) for child in node.children)
        return isinstance(node, Sum | Negative | Transpose) or (isinstance(node, Product) and needed == 1)

    def waiting(self, node: Node) -> Node:
        """d(node) as a name."""
        if isinstance(node, Name | ArrayName):
            return _named(f"d{self.x.names[0]}", node)
        text = latex(node)
        name = rf"d\left({text}\right)" if any(tall in text for tall in (r"\frac", r"\sqrt")) else f"d({text})"
        self.open[name] = node
        return _named(name, node)

    def next(self, tree: Node) -> tuple[Node, tuple[str, ...]]:
        """The tree with every open differential replaced by its law, and the laws."""
        taken, self.open = self.open, {}
        laws: dict[str, None] = {}

        def take(key: str) -> Node:
            laws.setdefault(law_of(taken[key]))
            return self.differential(taken[key])

        return add([transform(_put(tree, set(taken), take), _flat)]), tuple(laws)

    def differential(self, node: Node) -> Node:
        """dF by the differentials of its operands."""
        if isinstance(node, Power) and isinstance(node.base, Norm) and self.pull.needs(node.base):
            return self.through(node, self.differential)
        if isinstance(node, Binder):
            return Binder(node.kind, node.index, node.bounds, self.of(node.body))
        return self.through(node, self.of)

    def through(self, node: Node, inside: Callable[[Node], Node]) -> Node:
        """dF by the differentials that `inside` gives of the operands."""
        shape = shape_of(node)
        key = r"\upstream"
        symbol: Node = Name(key) if shape == SCALAR else ArrayName(key, shape)
        back = Pull(key, self.table)
        terms = []
        for child, part in self.pull.parts(node, symbol):
            if part == ZERO:
                continue
            terms.append(back(part, inside(child)))
        return add(terms)


def _put(tree: Node, keys: set[str], take: Callable[[str], Node]) -> Node:
    """The tree, which is linear in the names, with their values; where a value is 0, so is what holds it."""
    if isinstance(tree, Name | ArrayName):
        return take(tree.names[0]) if tree.names[0] in keys else tree
    if keys.isdisjoint(tree.names):
        return tree
    children = tuple(_put(child, keys, take) for child in tree.children)
    if isinstance(tree, Sum):
        return add(children)
    gone = any(new == ZERO != old for new, old in zip(children, tree.children, strict=True))
    return ZERO if gone else tree.rebuilt(children)


def _flat(node: Node) -> Node | None:
    return product(*node.factors) if isinstance(node, Product) else None


def _named(name: str, like: Node) -> Node:
    shape = shape_of(like)
    return Name(name) if shape == SCALAR else ArrayName(name, shape, role="differential")


def law_of(node: Node) -> str:
    """The law for one operation, by its usual name."""
    if isinstance(node, Sum | Negative | Transpose):
        return "d is linear"
    if isinstance(node, Call):
        return CALL_LAWS.get(node.function, "chain rule")
    if isinstance(node, Power) and not is_scalar(node):
        return "differential of the inverse" if whole_number(node.exponent) == -1 else "product rule"
    if isinstance(node, Power) and isinstance(node.base, Norm):
        return "power of a norm"
    return LAWS.get(type(node), "chain rule")


def lines_of(f: Node, wrt: str, closed: Node, table: SymbolTable, layout: str) -> list[Line]:
    """The lines of a derivation in a layout: those of df where they lead to it, else the result alone."""
    symbol = table.resolve(wrt)
    if symbol is None or layout not in READ_OFF:
        return [Line("", closed, layout)]
    x: Node = Name(symbol.key) if symbol.shape is None else ArrayName(symbol.key, symbol.shape, symbol.properties)
    try:
        lines = differential_lines(f, x, table)
    except NoRule:  # the rules take sums over entries as products with ones
        f = apart_products(in_vectors(f, wrt), wrt)
        try:
            rest = differential_lines(f, x, table)
        except NoRule:
            return [Line("", closed, layout)]
        lines = [Line("f", f, "sums over entries as products"), *rest]
    if layout == "gradient" and shape_of(f) == SCALAR:
        return _of_gradient(lines, f, x, closed, table)
    if layout == "differential":
        return (
            lines if lines and lines[-1].right == closed else [*lines, Line("", closed, "collected", differential=True)]
        )
    return [*lines, Line(_derivative(x), closed, "read off")]


def _of_gradient(lines: list[Line], f: Node, x: Node, closed: Node, table: SymbolTable) -> list[Line]:
    """dX at the end, then what is read off."""
    raw = Pull(x.names[0], table)(f, ONE)
    if raw == ZERO:
        return [*lines, Line(_derivative(x), closed, "no term is left")]
    moved = inner(raw, _named(f"d{x.names[0]}", x))
    if not lines or moved != lines[-1].right:
        inside = "" if shape_of(x)[1] == 1 else " inside the trace"
        left = "" if lines else latex(moved)
        lines = [*lines, Line(left, moved, f"the differential moved to the end{inside}", differential=True)]
    lines = [*lines, Line(_derivative(x), raw, "read off")]
    return lines if raw == closed else [*lines, Line("", closed, "collected")]


def _derivative(x: Node) -> str:
    return rf"\frac{{\partial f}}{{\partial {latex(x)}}}"


# layouts whose result stands at dX in df
READ_OFF = frozenset(["gradient", "derivative", "jacobian", "differential", "vec-jacobian"])
