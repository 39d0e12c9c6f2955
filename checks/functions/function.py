"""A formula whose property is asked for: where it is cut, its values, and what proofs about it are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from checks.decide.balls import precision
from checks.decide.claim import Setting
from checks.decide.relations import decide_relation
from checks.functions.pieces import Pieces, Unknown, cut, value_at, whole
from checks.functions.witnesses import Values, points
from checks.verdict import Verdict
from derive.normal import vanishes
from derive.pullback import derivative
from derive.textbook import collected
from derive.tree import HasProperty, Name, Negative, Node, Sum

MAX_PAIRS = 4_000


def not_shown(why: str) -> Verdict:
    """A property that is neither shown nor refuted."""
    return Verdict("undecided", "property", f"undecided: {why}")


@dataclass
class Function:
    """The formula, where it is cut, and its values."""

    claimed: HasProperty
    setting: Setting

    @cached_property
    def pieces(self) -> Pieces:
        return cut(self.claimed.formula, self.variable, self.setting)

    @cached_property
    def tree(self) -> Node:
        tree = whole(self.claimed.formula, self.setting)
        others = [name for name in tree.names if name != self.variable]
        if others:
            raise Unknown(f"it depends on {', '.join(others)} besides {self.variable}")
        return tree

    @property
    def variable(self) -> str:
        assert isinstance(self.claimed.variable, Name)
        return self.claimed.variable.key

    @cached_property
    def values(self) -> Values:
        return Values(self.tree, self.variable)

    @cached_property
    def points(self) -> list[Fraction]:
        try:
            cuts = self.pieces.cuts
        except Unknown:
            cuts = ()
        return points(self.setting.symbol(self.variable), cuts)

    # --- what proofs are made of -------------------------------------------------------------------------------------

    def jump(self) -> tuple[Fraction, str] | None:
        """A cut at which the formula does not run through, with a sentence; None if it is continuous. Raises Unknown."""
        for index, place in enumerate(self.pieces.cuts):
            left, right = (value_at(p.formula, self.variable, place) for p in self.pieces.pieces[index : index + 2])
            here = value_at(self.tree, self.variable, place)
            for one, other in ((left, right), (left, here)):
                if vanishes(Sum((one, Negative(other))), "real").holds:
                    continue
                if not self.apart(one, other):
                    raise Unknown(f"whether it runs through at {self.variable} = {place} is not known")
                sides = f"{digits(left)} from the left, {digits(right)} from the right"
                there = "" if other is right else f", {digits(here)} there"
                return place, f"at {self.variable} = {place} it jumps: {sides}{there}"
        return None

    def apart(self, left: Node, right: Node) -> bool:
        a, b = Values(left, self.variable)(Fraction(0)), Values(right, self.variable)(Fraction(0))
        return a is not None and b is not None and not a.overlaps(b)

    def continuous(self) -> None:
        """Raises Unknown if it is not."""
        if (jump := self.jump()) is not None:
            raise Unknown(jump[1])

    def everywhere(self, relation: str, of: Callable[[Node], tuple[Node, Node]]) -> Verdict:
        """Whether a relation holds on every piece; the first verdict that is not proven, else the last."""
        verdict = not_shown("there is no piece")
        for piece in self.pieces.pieces:
            left, right = of(piece.formula)
            verdict = decide_relation(collected(left), relation, right, piece.setting(self.variable))
            if verdict.status != "proven":
                return verdict
        return verdict

    def slope(self, formula: Node) -> Node:
        return derivative(formula, self.variable)

    def along(self) -> str:
        """The pieces, in words."""
        cuts = ", ".join(f"{self.variable} = {place}" for place in self.pieces.cuts)
        return f"continuous, and on every piece between {cuts}" if cuts else "smooth, and everywhere"

    def shown(self, *places: Fraction) -> str:
        return ", ".join(f"f({place}) = {self.values.shown(place)}" for place in places)

    def refuted(self, places: tuple[Fraction, ...], why: str) -> Verdict:
        point = (
            {f"{self.variable}_{k}": str(p) for k, p in enumerate(places, 1)}
            if len(places) > 1
            else {self.variable: str(places[0])}
        )
        return Verdict("refuted", "counterexample", f"{self.shown(*places)}: {why}", point)

    def at(self, test: Callable[..., bool], places: Any) -> tuple[Fraction, ...] | None:
        """The first places at which a test of the values is certain."""
        for count, chosen in enumerate(places):
            if count >= MAX_PAIRS:
                return None
            values = [self.values(place) for place in chosen]
            if all(value is not None for value in values):
                with precision(256):
                    if test(*chosen, *values):
                        return tuple(chosen)
        return None


def digits(tree: Node) -> str:
    """The value of a number, in digits."""
    return Values(tree, "").shown(Fraction(0))
