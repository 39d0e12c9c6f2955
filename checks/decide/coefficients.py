"""A formula whose coefficients are numbers made of roots: zero if each of them is, by the separation bound.

x·√(3 + 2√2) − x − x·√2 is (√(3 + 2√2) − 1 − √2)·x to this room, and to the normal form a sum of three independent terms.
"""

from __future__ import annotations

from itertools import groupby

from flint import arb

from checks.decide.balls import Evaluator, precision
from checks.decide.elementary import Undefined
from checks.decide.root_bound import SLACK, NotAlgebraic, separation_bits
from derive.normal import normal_form, polynomial_tree
from derive.normal.form import Form, Kernel
from derive.program import Program
from derive.tree import Node

MAX_BITS = 20_000  # of precision


def vanishes_by_coefficients(difference: Node) -> bool:
    """Whether the numerator of a formula is certain to be zero. May raise TooLarge, ZeroDivisionError."""
    form = normal_form(difference)
    algebraic = [_is_algebraic(kernel) for kernel in form.kernels]
    if not any(algebraic):
        return False
    try:
        return all(_zero(coefficient) for coefficient in _coefficients(form, algebraic))
    except (NotAlgebraic, Undefined):
        return False


def _is_algebraic(kernel: Kernel) -> bool:
    if kernel.key[0] != "root" or kernel.tree.names:
        return False
    try:
        return separation_bits(kernel.tree) <= MAX_BITS
    except NotAlgebraic:
        return False


def _coefficients(form: Form, algebraic: list[bool]) -> list[Node]:
    """The numerator as a polynomial in the kernels that are no numbers with roots: its coefficients."""
    context = form.numerator.context()

    def others(term: tuple[tuple[int, ...], object]) -> tuple[int, ...]:
        return tuple(0 if own else e for e, own in zip(term[0], algebraic, strict=False))

    terms = sorted(((tuple(map(int, powers)), c) for powers, c in form.numerator.terms()), key=others)
    return [
        polynomial_tree(
            context.from_dict(
                {tuple(e if own else 0 for e, own in zip(p, algebraic, strict=False)): c for p, c in group}
            ),
            form.kernels,
        )
        for _, group in groupby(terms, key=others)
    ]


def _zero(number: Node) -> bool:
    bits = separation_bits(number)
    if bits > MAX_BITS:
        return False
    with precision(2 * bits + SLACK):
        return bool(Evaluator({}, Program(), {})(number).abs_upper() < arb(2) ** -bits)
