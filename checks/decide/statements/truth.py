"""Whether a sentence holds at one exact point: yes, no, or not known.

A point gives every name an exact number as a tree (1/2, √2, −1 + i√3). Balls tell values apart; that two are the same is
shown by the normal form. A side that has no value is known to have none when something it divides by vanishes, or when
the radicand of an even root or the argument of a logarithm is negative; otherwise nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checks.decide.balls import PRECISIONS, Evaluator, precision
from checks.decide.complex_balls import ComplexEvaluator
from checks.decide.constructs import holds_for
from checks.decide.domains import restrictions
from checks.decide.elementary import Undefined
from checks.decide.replay import DIGITS, replay
from checks.decide.statements.sentence import ORDER, Atom, Sentence
from derive.errors import NoRule, TooLarge
from derive.normal import vanishes
from derive.program import Program
from derive.tree import Node, substitute

FAILURES = (TooLarge, ZeroDivisionError, RecursionError, NoRule, OverflowError)
NOTHING = Program()
UNDEFINED = "undefined"
SMALL = 1e-25  # of a value of DIGITS digits that is zero
ExactPoint = Mapping[str, Node]
Sign = int | str | None  # −1, 0, 1; 2 for "not zero" of a complex number; UNDEFINED; None if not known


class Place:
    """An exact point; remembers what it worked out."""

    def __init__(self, point: ExactPoint, *, is_complex: bool) -> None:
        self.point, self.is_complex = dict(point), is_complex
        self._signs: dict[Atom, Sign] = {}

    def holds(self, part: Sentence | Atom) -> bool | None:
        """Whether a sentence holds here; a relation without a value does not hold."""
        if isinstance(part, Atom):
            return self._relation(part)
        wanted = part.connective == "or"  # one such part settles it
        unknown = False
        for inner in part.parts:
            answer = self.holds(inner)
            if answer is wanted:
                return wanted
            unknown = unknown or answer is None
        return None if unknown else not wanted

    def defined(self, part: Sentence) -> bool | None:
        """Whether every side of a sentence has a value here."""
        signs = [self.sign(atom) for atom in part.atoms]
        return False if UNDEFINED in signs else None if None in signs else True

    def _relation(self, atom: Atom) -> bool | None:
        sign = self.sign(atom)
        if sign is None:
            return None
        if sign == UNDEFINED:
            return False
        if sign == 2:
            return None if atom.relation in ORDER else atom.relation == r"\ne"
        assert isinstance(sign, int)
        return holds_for(sign, atom.relation)

    def sign(self, atom: Atom) -> Sign:
        """The sign of left − right, as far as it is known."""
        if atom not in self._signs:
            try:
                self._signs[atom] = self._sign(atom)
            except FAILURES:
                self._signs[atom] = None
        return self._signs[atom]

    def replayed(self, *parts: Sentence) -> bool:
        """Whether mpmath finds the same signs here as the balls and the normal form."""
        return all(self._agrees(atom) for part in parts for atom in part.atoms)

    def _agrees(self, atom: Atom) -> bool:
        sign = self.sign(atom)
        if not isinstance(sign, int):
            return True
        try:
            value = replay(substitute(atom.difference, self.point), {}, NOTHING, {}, DIGITS, principal=self.is_complex)
            small = bool(abs(value) < SMALL)
            return small if sign == 0 else not small and (sign == 2 or bool((value.real > 0) == (sign > 0)))
        except (ValueError, ArithmeticError, TypeError, NotImplementedError, Undefined, *FAILURES):
            return False

    def _sign(self, atom: Atom) -> Sign:
        here = substitute(atom.difference, self.point)
        for bits in PRECISIONS:
            try:
                with precision(bits):
                    value = evaluator(is_complex=self.is_complex)(here)
                    if not value.overlaps(value * 0):
                        return _ball_sign(value)
            except Undefined:
                if bits == PRECISIONS[0] and self._no_value(here):
                    return UNDEFINED
                continue
            if bits == PRECISIONS[0] and vanishes(here, "complex" if self.is_complex else "real").holds:
                return 0
        return None

    def _no_value(self, here: Node) -> bool:
        limits = restrictions(here)
        mode = "complex" if self.is_complex else "real"
        if any(vanishes(u, mode).holds for u in limits.nonzero):  # type: ignore[arg-type]
            return True
        return not self.is_complex and any(_negative(u) for u in (*limits.nonnegative, *limits.positive))


def evaluator(*, is_complex: bool) -> Evaluator:
    """What gives the values of formulas without names."""
    return (ComplexEvaluator if is_complex else Evaluator)({}, NOTHING, {})


def _ball_sign(value: Any) -> int:
    if hasattr(value, "floor"):  # a real ball
        return 1 if value > 0 else -1
    if value.imag.is_zero():
        return 1 if value.real > 0 else -1
    return 2


def _negative(tree: Node) -> bool:
    try:
        with precision(PRECISIONS[1]):
            return bool(evaluator(is_complex=False)(tree) < 0)
    except (Undefined, *FAILURES):
        return False
