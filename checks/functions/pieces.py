"""A formula of one variable cut at its kinks: on every piece a formula without branches, at every cut its value.

Cuts are the rational zeros of what decides a branch, |u| at u = 0 and its kin, and of what has to stay away from 0. On a
piece the formula is made of functions that are smooth where they are defined, and that it is defined there is proven; so
it is continuous on the closed piece, and has derivatives of every order inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from checks.decide.claim import Setting
from checks.decide.domains import line, restrictions
from checks.decide.intervals import Interval
from checks.decide.kinks import branch_beside
from checks.decide.relations import decide_relation
from derive.errors import NoRule, TooLarge
from derive.kinks import kinks
from derive.program import Program
from derive.rules import with_named_functions
from derive.symbols import Symbol, SymbolTable
from derive.tree import ZERO, Absolute, Call, Cases, Indicator, Name, Node, Number, number, substitute, walk

MAX_CUTS = 64
_DISCONTINUOUS = frozenset({"sign", "floor", "ceil", "mod", "rem", "step", "round"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A formula between two cuts; None is infinity."""

    low: Fraction | None
    high: Fraction | None
    formula: Node

    def symbol(self, variable: str) -> Symbol:
        """The variable on this piece, its ends included."""
        return Symbol(variable, lower=self.low, upper=self.high, closed=(self.low is not None, self.high is not None))

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
    tree = with_named_functions(setting.named.expanded(formula), setting.symbols)
    others = [name for name in tree.names if name != variable]
    if others:
        raise Unknown(f"it depends on {', '.join(others)} besides {variable}")
    symbol = setting.symbol(variable)
    if symbol.kind not in ("real",):
        raise Unknown(f"{variable} is no real number")
    places = sorted({p for p in _places(tree, variable) if symbol.admits(p) and p not in (symbol.lower, symbol.upper)})
    if len(places) > MAX_CUTS:
        raise Unknown(f"it has more than {MAX_CUTS} kinks")
    ends = [symbol.lower, *places, symbol.upper]
    found = []
    for low, high in zip(ends, ends[1:], strict=False):
        branch = branch_beside(tree, variable, Interval(low, high))
        if branch is None:
            raise Unknown("its branches are not told apart between its kinks")
        piece = Piece(low, high, branch)
        _check_smooth(piece, variable)
        found.append(piece)
    return Pieces(tree, variable, tuple(found))


def _places(tree: Node, variable: str) -> list[Fraction]:
    """The zeros of what decides a branch. Raises Unknown for one that is not a line."""
    deciding = [*kinks(tree)]
    for node in walk(tree):
        if isinstance(node, Call) and node.function in _DISCONTINUOUS - {"sign"}:
            raise Unknown(f"{node.function} jumps at infinitely many places")
        if isinstance(node, Call) and node.function == "sign" and not node.order:
            deciding.append(node.arguments[0])
        if isinstance(node, Absolute):
            deciding.append(node.operand)
    found = []
    for u in deciding:
        if variable not in u.names:
            continue
        straight = line(u)
        if straight is None or not straight[1]:
            zero = _square_of_a_line(u)
            if zero is None:
                raise Unknown("where its branches meet is not found at rational points")
            found.append(zero)
        else:
            found.append(-straight[2] / straight[1])
    return found


def _square_of_a_line(_: Node) -> Fraction | None:
    return None


def _check_smooth(piece: Piece, variable: str) -> None:
    """Raises Unknown unless the formula is continuous on the closed piece and smooth inside."""
    for node in walk(piece.formula):
        if isinstance(node, Absolute | Cases | Indicator) or (isinstance(node, Call) and node.function in _DISCONTINUOUS):
            raise Unknown("a branch is left between two kinks")
        if isinstance(node, Call) and kinks(node):
            raise Unknown("a kink is left between two kinks")
    limits = restrictions(piece.formula)
    setting = piece.setting(variable)
    wanted = [(u, r"\ne") for u in limits.nonzero] + [(u, ">") for u in (*limits.positive, *limits.nonnegative)]
    for u, relation in wanted:
        if isinstance(u, Number) and u != ZERO:
            continue
        if decide_relation(u, relation, ZERO, setting).status != "proven":  # type: ignore[arg-type]
            raise Unknown("that it is defined everywhere is not proven")


def value_at(tree: Node, variable: str, point: Fraction) -> Node:
    """The formula at a rational point, exactly."""
    return substitute(tree, {variable: number(point)})


FAILURES = (NoRule, TooLarge, ZeroDivisionError)
ANY = Name(r"\any")
