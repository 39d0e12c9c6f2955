"""Concrete functions that stand for a general one: what is claimed of every σ must hold of each of these.

Each is one row: a formula over `z` in the project's own notation, so that balls, the independent replay and torch all
evaluate the same definition, each in its own arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from derive.errors import NoRule, TooLarge
from derive.pullback import derivative
from derive.ranges import Range, ranges_of
from derive.read import read
from derive.symbols import Symbol, SymbolTable
from derive.tree import Name, Node, substitute

Z = Name("z")
_TABLE = SymbolTable.from_specs({"z": "real"})
EVERYWHERE = Range()


@dataclass(frozen=True)
class Activation:
    """A function of one real variable, defined everywhere."""

    latex: str
    increasing: bool  # derivative positive everywhere
    within: Range = EVERYWHERE  # where its values lie

    def derivative(self, order: int) -> Node:
        """Its derivative of the given order as a tree over `z`, by repeated use of the laws. Raises TooLarge."""
        tree = None
        for k in range(order + 1):
            tree = _of_order(self.latex, k)
        if tree is None:
            raise TooLarge(f"the derivative of order {order} of {self.latex} is too large")
        return tree

    def moved(self, place: int, turn: int) -> Activation:
        """For the function at a place: itself at turn 0, then stretched (by something positive) and shifted, where it may."""
        if not turn or self.within.is_point:
            return self
        lower, upper = self.within.lower, self.within.upper
        stretch, shift = self._moves[(place + turn - 1) % len(MOVES)]
        if upper is not None:
            shift = -shift if lower is None else shift * (upper - lower)
        fixed = lower if lower is not None else upper if upper is not None else Fraction(0)
        return replace(self, latex=_affine(self.latex, stretch, shift + fixed * (1 - stretch)))

    @property
    def _moves(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """Stretches and shifts, away from a bound where there is one, that leave its values within their range."""
        if not self.within.is_bounded:
            return MOVES
        return HALF_MOVES if self.within.lower is None or self.within.upper is None else INNER_MOVES

    def formula(self, order: int, argument: Node) -> Node:
        """The same at an argument."""
        return substitute(self.derivative(order), {"z": argument})


@lru_cache(maxsize=1024)
def _of_order(latex: str, order: int) -> Node | None:
    """The derivative of a formula over `z`, or None beyond the limits of differentiation."""
    if order == 0:
        return read(latex, _TABLE).tree
    before = _of_order(latex, order - 1)
    try:
        return None if before is None else derivative(before, "z")
    except TooLarge:
        return None


ACTIVATIONS = (
    Activation(r"z + z^3", increasing=True),
    Activation(r"\frac{1}{1 + \exp(-z)}", increasing=True),
    Activation(r"2 z + \sin(z)", increasing=True),
    Activation(r"\arctan(z)", increasing=True),
    Activation(r"\ln(1 + \exp(z))", increasing=True),
    Activation(r"z^2 - z", increasing=False),
    Activation(r"\sin(z) + \frac{1}{3}", increasing=False),
)
# what stands for functions with bounds is a row of these, stretched and shifted; a closed bound is one that is attained
_POSITIVE, _TO_ZERO = Range(Fraction(0), None), Range(None, Fraction(0), (False, True))
_NEGATIVE, _FROM_ZERO = Range(None, Fraction(0)), Range(Fraction(0), None, (True, False))
_UNIT = Range(Fraction(0), Fraction(1))
_FROM_0, _TO_1 = Range(Fraction(0), Fraction(1), (True, False)), Range(Fraction(0), Fraction(1), (False, True))
BOUNDED = (
    Activation(r"\ln(1 + \exp(z))", increasing=True, within=_POSITIVE),
    Activation(r"\exp(z)", increasing=True, within=_POSITIVE),
    Activation(r"\frac{1}{1 + \exp(-z)}", increasing=True, within=_POSITIVE),
    Activation(r"z^2 - z + \frac{1}{2}", increasing=False, within=_POSITIVE),
    Activation(r"\sin(z) + \frac{4}{3}", increasing=False, within=_POSITIVE),
    Activation(r"z^2", increasing=False, within=_FROM_ZERO),
    Activation(r"-\ln(1 + \exp(-z))", increasing=True, within=_NEGATIVE),
    Activation(r"-\exp(-z)", increasing=True, within=_NEGATIVE),
    Activation(r"-\frac{1}{1 + \exp(z)}", increasing=True, within=_NEGATIVE),
    Activation(r"z - z^2 - \frac{1}{2}", increasing=False, within=_NEGATIVE),
    Activation(r"\sin(z) - \frac{4}{3}", increasing=False, within=_NEGATIVE),
    Activation(r"-z^2", increasing=False, within=_TO_ZERO),
    Activation(r"\frac{1}{1 + \exp(-z)}", increasing=True, within=_UNIT),
    Activation(r"\frac{1}{2} + \frac{z}{2 \sqrt{1 + z^2}}", increasing=True, within=_UNIT),
    Activation(r"\frac{1}{1 + \exp(1 - 3 z)}", increasing=True, within=_UNIT),
    Activation(r"\frac{1}{2 + z^2}", increasing=False, within=_UNIT),
    Activation(r"\frac{1}{2} + \frac{1}{3} \sin(z)", increasing=False, within=_UNIT),
    Activation(r"\frac{z^2}{1 + z^2}", increasing=False, within=_FROM_0),
    Activation(r"\frac{1}{1 + z^2}", increasing=False, within=_TO_1),
)
# stretches and shifts that leave neighbours in every order somewhere; the others keep (0, ∞) and (0, 1) within themselves
MOVES = (
    (Fraction(3, 2), Fraction(1, 2)),
    (Fraction(1, 3), Fraction(1)),
    (Fraction(2), Fraction(1, 4)),
    (Fraction(3, 4), Fraction(2, 3)),
)
HALF_MOVES = (
    (Fraction(1, 4), Fraction(0)),
    (Fraction(3, 2), Fraction(1, 2)),
    (Fraction(1, 8), Fraction(1, 8)),
    (Fraction(2), Fraction(1, 4)),
)
INNER_MOVES = (
    (Fraction(1, 2), Fraction(1, 4)),
    (Fraction(1, 3), Fraction(2, 3)),
    (Fraction(3, 4), Fraction(1, 8)),
    (Fraction(1, 4), Fraction(0)),
)


@lru_cache(maxsize=256)
def standing_for(symbol: Symbol) -> tuple[Activation, ...]:
    """The activations that a general function may be: those with every property declared of it.

    Raises NoRule where none is known, so that nothing is refuted by functions.
    """
    rising = "increasing" in symbol.properties
    found = [a for within in ranges_of(symbol) for a in _with_values(within) if a.increasing or not rising]
    if not found:
        raise NoRule(f"no concrete function is known that {symbol.key} may be: {symbol.describe()}")
    return tuple(found)


def _with_values(within: Range) -> Iterator[Activation]:
    """Activations with values in a range."""
    lower, upper = within.lower, within.upper
    if lower is None and upper is None:
        yield from ACTIVATIONS
    elif within.is_point:
        yield Activation(_written(lower or Fraction(0)), increasing=False, within=within)
    else:
        for row in BOUNDED:
            own = row.within
            alike = (own.lower is None, own.upper is None) == (lower is None, upper is None)
            if alike and all(may for may, is_so in zip(within.closed, own.closed, strict=True) if is_so):
                stretch = upper - lower if lower is not None and upper is not None else Fraction(1)
                shift = lower if lower is not None else upper
                assert shift is not None
                yield replace(row, latex=_affine(row.latex, stretch, shift), within=within)
        for end, closed in zip((lower, upper), within.closed, strict=True):  # one that is never away from a bound
            if end is not None and closed:
                yield Activation(_written(end), increasing=False, within=within)


def _affine(latex: str, stretch: Fraction, shift: Fraction) -> str:
    """A formula stretched and shifted, as it is written."""
    stretched = latex if stretch == 1 else rf"{_written(stretch)} ({latex})"
    return rf"{stretched} {'-' if shift < 0 else '+'} {_written(abs(shift))}" if shift else stretched


def _written(value: Fraction) -> str:
    sign, size = "-" if value < 0 else "", abs(value)
    return f"{sign}{size}" if size.denominator == 1 else rf"{sign}\frac{{{size.numerator}}}{{{size.denominator}}}"
