"""Formulas of arrays whose sizes are numbers, written out entry by entry: inequalities of numbers that z3 can be asked.

softmax of anything is taken as any vector of positive numbers with the sum 1, and so is a probability vector (nonnegative
there): the last entry is one less the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count

from checks.decide.claim import Setting
from checks.decide.intervals import Interval, declared
from derive.errors import NoRule
from derive.matrix.nodes import SCALAR, ArrayName, Entry, Hadamard, Norm
from derive.matrix.shapes import shape_of
from derive.tree import (  # fmt: skip
    ONE,
    ZERO,
    Call,
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
    number,
    times,
    total,
)

MAX_SIZE = 5
Rows = tuple[tuple[Node, ...], ...]


@dataclass
class Written:
    """Entries as formulas of names of entries, with what is known of those."""

    setting: Setting
    bounds: dict[str, Interval] = field(default_factory=dict)
    facts: list[tuple[Node, str]] = field(default_factory=list)
    known: dict[Node, Rows] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=count)

    def rows(self, tree: Node) -> Rows:
        """Every entry. Raises NoRule for what is not written out here, or too large."""
        if tree not in self.known:
            self.known[tree] = self._rows(tree)
        return self.known[tree]

    def scalar(self, tree: Node) -> Node:
        """The one entry of a formula that is a number."""
        ((entry,),) = self.rows(tree)
        return entry

    def _rows(self, tree: Node) -> Rows:
        rows, columns = shape_of(tree)
        if not isinstance(rows, int) or not isinstance(columns, int) or max(rows, columns) > MAX_SIZE:
            raise NoRule("a size that is no small number")
        match tree:
            case ArrayName():
                return self._array(tree, rows, columns)
            case Sum(terms=terms):
                return self._added([self.rows(term) for term in terms])
            case Negative(operand=u):
                return _mapped(self.rows(u), Negative)
            case Transpose(operand=u):
                return tuple(zip(*self.rows(u), strict=True))
            case Product(factors=factors):
                return self._multiplied(factors)
            case Quotient(numerator=u, denominator=v):
                below = self.scalar(v)
                return _mapped(self.rows(u), lambda entry: Quotient(entry, below))
            case Hadamard(factors=factors):
                parts = [self.rows(factor) for factor in factors]
                return tuple(tuple(times([part[i][j] for part in parts]) for j in range(columns)) for i in range(rows))
            case Power(base=u, exponent=Number() as k) if shape_of(u) == SCALAR:
                return ((Power(self.scalar(u), k),),)
            case Call(function="diag", arguments=(u,)) if shape_of(u)[1] == 1:
                inside = self.rows(u)
                return tuple(tuple(inside[i][0] if i == j else ZERO for j in range(rows)) for i in range(rows))
            case Call(function="softmax", arguments=(_,)) if columns == 1:
                return self._shares(rows, positive=True)
            case Norm(operand=u, kind=("2" | "F") as kind) if kind == "F" or shape_of(u)[1] == 1:
                return ((Root(total([Power(e, number(2)) for row in self.rows(u) for e in row])),),)
            case Entry(operand=u, indices=indices) if all(isinstance(i, Number) for i in indices):
                places = [int(i.text) - 1 for i in indices if isinstance(i, Number)]
                return ((self.rows(u)[places[0]][places[1] if len(places) > 1 else 0],),)
            case Name() | Number():
                return ((self._name(tree),),)
        raise NoRule(f"{type(tree).__name__.lower()} is not written out entry by entry")

    def _name(self, tree: Node) -> Node:
        if isinstance(tree, Name):
            self.bounds.setdefault(tree.key, declared(self.setting.symbol(tree.key)))
        return tree

    def _array(self, tree: ArrayName, rows: int, columns: int) -> Rows:
        if tree.role == "identity":
            return tuple(tuple(ONE if i == j else ZERO for j in range(columns)) for i in range(rows))
        if tree.role in {"ones", "zeros"}:
            return tuple(tuple(ONE if tree.role == "ones" else ZERO for _ in range(columns)) for _ in range(rows))
        known = set(tree.properties)
        if "probability vector" in known:
            return self._shares(rows, positive=False)
        if tree.role or known - {"symmetric", "positive", "nonnegative", "negative"}:
            raise NoRule(f"what is declared of {tree.key} is not written out")
        symbol = self.setting.symbol(tree.key)
        found = [[Name(f"{tree.key}[{i + 1},{j + 1}]") for j in range(columns)] for i in range(rows)]
        if "symmetric" in known:
            found = [[found[min(i, j)][max(i, j)] for j in range(columns)] for i in range(rows)]
        for row in found:
            for name in row:
                self.bounds[name.key] = declared(symbol)
        return tuple(map(tuple, found))

    def _shares(self, rows: int, *, positive: bool) -> Rows:
        turn = next(self.numbers)
        names = [Name(f"share {turn} {k}") for k in range(rows - 1)]
        for name in names:
            self.bounds[name.key] = Interval(Fraction(0), Fraction(1), (not positive, not positive))
        last = total([ONE, *(Negative(name) for name in names)])
        self.facts.append((last, ">" if positive else r"\ge"))
        return tuple((entry,) for entry in (*names, last))

    def _added(self, parts: list[Rows]) -> Rows:
        return tuple(
            tuple(total([part[i][j] for part in parts]) for j in range(len(parts[0][0]))) for i in range(len(parts[0]))
        )

    def _multiplied(self, factors: tuple[Node, ...]) -> Rows:
        result: Rows = ((ONE,),)
        for factor in factors:
            result = _product(result, self.rows(factor))
        return result


def _mapped(rows: Rows, function: type[Negative] | object) -> Rows:
    return tuple(tuple(function(entry) for entry in row) for row in rows)  # type: ignore[operator]


def _product(a: Rows, b: Rows) -> Rows:
    if len(a) == len(a[0]) == 1:
        return tuple(tuple(times([a[0][0], entry]) for entry in row) for row in b)
    if len(b) == len(b[0]) == 1:
        return tuple(tuple(times([b[0][0], entry]) for entry in row) for row in a)
    return tuple(
        tuple(total([times([a[i][k], b[k][j]]) for k in range(len(b))]) for j in range(len(b[0])))
        for i in range(len(a))
    )
