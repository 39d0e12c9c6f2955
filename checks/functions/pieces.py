"""A formula of one variable cut at its kinks: on every piece a formula without branches, at every cut its value.

Cuts are the rational zeros of what decides a branch, |u| at u = 0 and its kin, and of what has to stay away from 0. On a
piece the formula is made of functions that are smooth where they are defined, and that it is defined there is proven; so
it is continuous on the closed piece, and has derivatives of every order inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from checks.decide.claim import Setting
from checks.decide.domains import constant_of, line, restrictions
from checks.decide.intervals import Interval
from checks.decide.kinks import branch_beside
from checks.decide.relations import decide_relation
from derive.functions import FUNCTIONS
from derive.kinks import kinks
from derive.normal import normal_form
from derive.program import Program
from derive.rules import function_derivative_of_order, with_named_functions
from derive.symbols import Symbol, SymbolTable
from derive.tree import (
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
    transform,
    walk,
)

MAX_CUTS = 64
_JUMPING = frozenset({"floor", "ceil", "mod", "rem", "round"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A formula between two cuts; None is infinity."""

    low: Fraction | None
    high: Fraction | None
    closed: tuple[bool, bool]
    formula: Node

    def symbol(self, variable: str) -> Symbol:
        """The variable on this piece; a cut belongs to both pieces it parts."""
        return Symbol(variable, lower=self.low, upper=self.high, closed=self.closed)

    def setting(self, variable: str) -> Setting:
        """What formulas on this piece are judged in."""
        return Setting(SymbolTable([self.symbol(variable)]), Program())


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces from left to right, and the formula they are pieces of."""

    whole: Node
    variable: str
    pieces: tuple[Piece, ...]

    @property
    def cuts(self) -> tuple[Fraction, ...]:
        """Where one piece ends and the next begins."""
        return tuple(piece.low for piece in self.pieces[1:] if piece.low is not None)


class Unknown(Exception):
    """Why a formula is not cut, as a sentence."""


def cut(formula: Node, variable: str, setting: Setting) -> Pieces:
    """The pieces over the domain of the variable. Raises Unknown."""
    tree = whole(formula, setting)
    others = [name for name in tree.names if name != variable]
    if others:
        raise Unknown(f"it depends on {', '.join(others)} besides {variable}")
    symbol = setting.symbol(variable)
    if symbol.kind != "real":
        raise Unknown(f"{variable} is no real number")
    places = sorted({p for p in _places(tree, variable) if symbol.admits(p) and p not in (symbol.lower, symbol.upper)})
    if len(places) > MAX_CUTS:
        raise Unknown(f"it has more than {MAX_CUTS} kinks")
    ends = [
        _bound(symbol.lower, symbol, "positive", "nonnegative"),
        *places,
        _bound(symbol.upper, symbol, "negative", "nonpositive"),
    ]
    found = []
    for low, high in zip(ends, ends[1:], strict=False):
        branch = branch_beside(tree, variable, Interval(low, high))
        if branch is None:
            raise Unknown("its branches are not told apart between its kinks")
        closed = tuple(end is not None and (end in places or symbol.admits(end)) for end in (low, high))
        piece = Piece(low, high, (closed[0], closed[1]), branch)
        _check_smooth(piece, variable)
        found.append(piece)
    return Pieces(tree, variable, tuple(found))


def _bound(bound: Fraction | None, symbol: Symbol, *signs: str) -> Fraction | None:
    return Fraction(0) if bound is None and symbol.properties & {*signs} else bound


def whole(formula: Node, setting: Setting) -> Node:
    """The formula with every definition put in, and the derivatives of smooth functions written out."""
    tree = with_named_functions(setting.named.expanded(formula), setting.symbols)

    def primes(node: Node) -> Node | None:
        if isinstance(node, Call) and node.order and node.function in FUNCTIONS and not FUNCTIONS[node.function].kinks:
            return function_derivative_of_order(node, node.order)
        return None

    return transform(tree, primes)


def _places(tree: Node, variable: str) -> list[Fraction]:
    """The zeros of what decides a branch. Raises Unknown for one that is not a line."""
    deciding = [*kinks(tree)]
    for node in walk(tree):
        if isinstance(node, Call) and node.function in _JUMPING:
            raise Unknown(f"{node.function} jumps at infinitely many places")
        if isinstance(node, Call) and node.function == "sign" and not node.order:
            deciding.append(node.arguments[0])
        if isinstance(node, Absolute):
            deciding.append(node.operand)
    return [zero for u in deciding if variable in u.names for zero in _zeros(u, variable)]


def _zeros(u: Node, variable: str) -> list[Fraction]:
    """Where a formula made of lines is 0; also where its own lines meet, for there it may begin to be 0. Raises Unknown."""
    straight = line(u)
    if straight is not None and straight[1]:
        return [-straight[2] / straight[1]]
    if normal_form(u).constant is not None:
        return []
    inner = sorted(set(_places(u, variable)))
    if not inner:
        raise Unknown("where its branches meet is not found at rational points")
    found = list(inner)
    for low, high in zip([None, *inner], [*inner, None], strict=True):
        branch = branch_beside(u, variable, Interval(low, high))
        if branch is None:
            raise Unknown("its branches are not told apart between its kinks")
        found += [
            zero for zero in _zeros(branch, variable) if (low is None or zero >= low) and (high is None or zero <= high)
        ]
    return found


def _check_smooth(piece: Piece, variable: str) -> None:
    """Raises Unknown unless the formula is continuous on the closed piece and smooth inside."""
    for node in walk(piece.formula):
        if isinstance(node, Call):
            row = FUNCTIONS.get(node.function)
            if node.order or row is None or row.kinks or (row.domain and node.function != "log"):
                raise Unknown(f"{node.function} is not known to be smooth")
        elif isinstance(node, Power):
            whole = constant_of(node.exponent)
            if not (whole is not None and whole.denominator == 1) and node.base.names:
                raise Unknown("a power with a variable base has no whole exponent")
        elif not isinstance(node, Name | Number | Constant | Sum | Product | Negative | Quotient | Root):
            raise Unknown("a branch is left between two kinks")
    limits, setting = restrictions(piece.formula), piece.setting(variable)
    wanted = [(u, r"\ne") for u in limits.nonzero] + [(u, ">") for u in (*limits.positive, *limits.nonnegative)]
    for u, relation in wanted:
        if decide_relation(u, relation, ZERO, setting).status != "proven":
            raise Unknown("that it is defined everywhere is not proven")


def value_at(tree: Node, variable: str, point: Fraction) -> Node:
    """The formula at a rational point, exactly."""
    return substitute(tree, {variable: number(point)})
