"""A relation between values of one strictly increasing function, as a relation between its arguments.

    f(u) < f(v)          u < v, for f increasing (exp, log, tanh, …), an odd power, or a root
    log u < v            u < e^v
    a·e^u < b·e^v        u + log a < v + log b, for positive a and b: two terms of exponentials and positive numbers

Where the relation has a value both say the same, over the reals. The one that is left has a value at least there.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from checks.decide.statements.sentence import Atom
from derive.errors import NoRule, TooLarge
from derive.functions import FUNCTIONS
from derive.normal import Form, Kernel, normal_form
from derive.splitting import POSITIVE
from derive.tree import ZERO, Call, Node, Number, Power, Root, number, times, total

MAX_LAYERS = 8


def peeled(atom: Atom) -> Atom:
    """The innermost relation that says the same, or the relation itself. Raises nothing."""
    for _ in range(MAX_LAYERS):
        inner = _arguments(atom) or _exponents(atom)
        if inner is None:
            return atom
        atom = inner
    return atom


def _arguments(atom: Atom) -> Atom | None:
    left, right = atom.left, atom.right
    match left, right:
        case Call(), Call() if left.function == right.function and not left.order and not right.order:
            row = FUNCTIONS.get(left.function)
            if row is None or not row.increasing or row.arity != 1:
                return None
            return Atom(left.arguments[0], atom.relation, right.arguments[0])
        case Power(), Power() if left.exponent == right.exponent and _odd(left.exponent):
            return Atom(left.base, atom.relation, right.base)
        case Root(), Root() if left.index == right.index and (left.index is None or isinstance(left.index, Number)):
            return Atom(left.radicand, atom.relation, right.radicand)
        case Call(function="log", order=0), _:
            return Atom(left.arguments[0], atom.relation, Call("exp", (right,)))
        case _, Call(function="log", order=0):
            return Atom(Call("exp", (left,)), atom.relation, right.arguments[0])
    return None


def _odd(exponent: Node) -> bool:
    return isinstance(exponent, Number) and exponent.value.denominator == 1 and exponent.value.numerator % 2 == 1


def _exponents(atom: Atom) -> Atom | None:
    """Two terms of opposite sign, all parts of which are positive, by their logarithms."""
    try:
        form = normal_form(atom.difference)
    except (TooLarge, ZeroDivisionError, RecursionError, NoRule):
        return None
    if len(form.numerator) != 2 or len(form.denominator) != 1 or not _exponential(form):
        return None
    scale = Fraction(int(form.denominator.leading_coefficient().p), int(form.denominator.leading_coefficient().q))
    terms = [(powers, Fraction(int(c.p), int(c.q)) / scale) for powers, c in form.numerator.terms()]
    terms.sort(key=lambda term: -term[1])
    (above, a), (below, b) = terms
    if not a > 0 > b:
        return None
    return Atom(_logarithm(above, a, form.kernels), atom.relation, _logarithm(below, -b, form.kernels))


def _exponential(form: Form) -> bool:
    degrees = zip(form.kernels, form.numerator.degrees(), form.denominator.degrees(), strict=False)
    used = [kernel for kernel, above, below in degrees if above or below]
    return any(k.key[0] == "exp" for k in used) and all(k.sign == POSITIVE and _known(k) for k in used)


def _known(kernel: Kernel) -> bool:
    return kernel.key[0] == "exp" or not kernel.tree.names


def _logarithm(powers: Any, coefficient: Fraction, kernels: tuple[Kernel, ...]) -> Node:
    parts: list[Node] = [] if coefficient == 1 else [Call("log", (number(coefficient),))]
    for kernel, power in zip(kernels, powers, strict=False):
        if power:
            inside = kernel.tree.children[0] if kernel.key[0] == "exp" else Call("log", (kernel.tree,))
            parts.append(times([number(int(power)), inside]))
    return total(parts) if parts else ZERO
