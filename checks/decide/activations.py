"""Concrete functions that stand for a general one: what is claimed of every σ must hold of each of these.

Each is one row: a formula over `z` in the project's own notation, so that balls, the independent replay and torch all
evaluate the same definition, each in its own arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from derive.errors import TooLarge
from derive.pullback import derivative
from derive.read import read
from derive.symbols import SymbolTable
from derive.tree import Name, Node, substitute

Z = Name("z")
_TABLE = SymbolTable.from_specs({"z": "real"})


@dataclass(frozen=True)
class Activation:
    """A function of one real variable, defined everywhere."""

    latex: str
    increasing: bool  # derivative positive everywhere

    def derivative(self, order: int) -> Node:
        """Its derivative of the given order as a tree over `z`, by repeated use of the laws. Raises TooLarge."""
        tree = None
        for k in range(order + 1):
            tree = _of_order(self.latex, k)
        if tree is None:
            raise TooLarge(f"the derivative of order {order} of {self.latex} is too large")
        return tree

    def moved(self, place: int, turn: int) -> Activation:
        """For the function at a place: itself at turn 0, then stretched (by something positive) and shifted."""
        if not turn:
            return self
        stretch, shift = MOVES[(place + turn - 1) % len(MOVES)]
        return Activation(rf"{stretch} ({self.latex}) + {shift}", self.increasing)

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


# stretches and shifts that leave neighbours in every order somewhere
MOVES = (
    (r"\frac{3}{2}", r"\frac{1}{2}"),
    (r"\frac{1}{3}", "1"),
    ("2", r"\frac{1}{4}"),
    (r"\frac{3}{4}", r"\frac{2}{3}"),
)


def standing_for(increasing: bool) -> tuple[Activation, ...]:
    """The activations a general function may be: all of them, or the increasing ones."""
    return tuple(a for a in ACTIVATIONS if a.increasing or not increasing)
