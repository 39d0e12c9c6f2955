"""Tree → the form a book prints: collected into factors, or expanded into terms, in the author's order of names.

Both come from the normal form with functions left as written. Order inside a product: number, names, sums, functions,
each in the order in which the derivation first wrote them (`w^4 x σ'(z_5) … σ'(z_1)`); inside a sum, higher degrees
first. Of the collected candidates the shortest wins; the formula as it stands is one once it is tidy.

No candidate is returned that is not proven equal to what it was made from: the normal form of their difference must be
zero, with functions left as written or, where that does not suffice (x · x^{x−1} = x^x), by the laws of powers. Where
neither shows it the formula stays as it was given.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.errors import TooLarge
from derive.normal import Form, Kernel, normal_form
from derive.tidy import tidied
from derive.tree import (
    ONE,
    ZERO,
    Absolute,
    Call,
    Negative,
    Node,
    Power,
    Quotient,
    Sum,
    number,
    times,
    total,
    transform,
    walk,
)
from derive.write import latex


def collected(tree: Node) -> Node:
    """The shortest of: tidied, factored, common factors taken out, expanded. The tree itself if it is too large, or holds
    vectors or matrices, whose products do not commute.
    """
    if tree.has_array:
        return tree
    inside = transform(tree, lambda node: Absolute(collected(node.operand)) if isinstance(node, Absolute) else None)
    try:
        tidy = tidied(inside)
        form = normal_form(tidy, opaque=True)
    except (TooLarge, ZeroDivisionError):
        return tree
    printer = _Printer(form, tidy)
    candidates = [printer.factored(), printer.content_taken_out(), printer.expanded(), tidy]
    candidates.sort(key=lambda node: len(latex(node)))
    return next((form for form in candidates if unchanged(form, tree)), tree)


def expanded(tree: Node) -> Node:
    """A sum of products; the tree itself if that is not proven to be its value. Raises TooLarge, ZeroDivisionError."""
    form = _Printer(normal_form(tree, opaque=True), tree).expanded()
    return form if unchanged(form, tree) else tree


def unchanged(form: Node, tree: Node) -> bool:
    """Whether a rewritten form is proven to have the value of the tree it was made from."""
    if form == tree:
        return True
    difference = Sum((form, Negative(tree)))
    for opaque in (True, False):  # the laws of powers only where they are needed
        try:
            if normal_form(difference, opaque=opaque).numerator.is_zero():
                return True
        except (TooLarge, ZeroDivisionError):
            continue
    return False


def _size(node: Node) -> int:
    return sum(1 for _ in walk(node))


class _Printer:
    """Polynomials of one form as trees, in the order of the tree the form came from."""

    def __init__(self, form: Form, source: Node) -> None:
        self.form = form
        met: dict[Node, int] = {}
        for index, node in enumerate(walk(source)):
            met.setdefault(node, index)
        far = len(met)
        self.ranks = [(isinstance(kernel.tree, Call), met.get(kernel.tree, far)) for kernel in form.kernels]
        self.order = sorted(range(len(form.kernels)), key=lambda i: self.ranks[i])

    def factored(self) -> Node:
        return self.over(self.factors(self.form.numerator), self.factors(self.form.denominator))

    def content_taken_out(self) -> Node:
        return self.over(self.content(self.form.numerator), self.content(self.form.denominator))

    def expanded(self) -> Node:
        return self.over(self.terms(self.form.numerator), self.terms(self.form.denominator))

    def over(self, top: Node, bottom: Node) -> Node:
        if bottom == ONE:
            return top
        if isinstance(top, Negative):
            return Negative(Quotient(top.operand, bottom))
        return Quotient(top, bottom)

    def factors(self, polynomial: Any) -> Node:
        if polynomial.is_constant():
            return self.terms(polynomial)
        content, parts = polynomial.factor()
        scale = Fraction(int(content.p), int(content.q))
        monomials: list[Any] = []
        sums: list[tuple[Node, int]] = []
        for part, power in parts:
            if len(part) == 1:
                monomials.append((part, power))
                continue
            body = self.terms(part)
            if isinstance(body, Negative):
                body, scale = self.terms(-part), -scale if power % 2 else scale
            sums.append((body, int(power)))
        powers = [0] * len(self.form.kernels)
        for part, power in monomials:
            for index, exponent in enumerate(part.monoms()[0]):
                powers[index] += int(exponent) * int(power)
        return self.assembled(scale, tuple(powers), sums)

    def content(self, polynomial: Any) -> Node:
        if len(polynomial) < 2:
            return self.terms(polynomial)
        monoms = polynomial.monoms()
        powers = tuple(min(int(m[i]) for m in monoms) for i in range(len(self.form.kernels)))
        if not any(powers):
            return self.terms(polynomial)
        ring = polynomial.context()
        rest = ring.from_dict(
            {tuple(int(e) - p for e, p in zip(m, powers, strict=False)): c for m, c in polynomial.terms()}
        )
        return self.assembled(Fraction(1), powers, [(self.terms(rest), 1)])

    def assembled(self, scale: Fraction, powers: tuple[int, ...], sums: list[tuple[Node, int]]) -> Node:
        names, calls = self.split(powers)
        brackets = [body if power == 1 else Power(body, number(power)) for body, power in sums]
        brackets.sort(key=lambda node: -_size(node))
        factors = [*names, *brackets, *calls]
        size = abs(scale)
        whole = times([*([number(size)] if size != 1 or not factors else []), *factors])
        return Negative(whole) if scale < 0 else whole

    def split(self, powers: tuple[int, ...]) -> tuple[list[Node], list[Node]]:
        names: list[Node] = []
        calls: list[Node] = []
        for index in self.order:
            if powers[index]:
                kernel = self.form.kernels[index]
                (calls if self.ranks[index][0] else names).append(_raised(kernel, int(powers[index])))
        return names, calls

    def terms(self, polynomial: Any) -> Node:
        if polynomial.is_zero():
            return ZERO
        ordered = sorted(polynomial.terms(), key=lambda term: (-sum(term[0]), [-int(term[0][i]) for i in self.order]))
        if self._leading_negative(ordered):
            ordered.sort(key=lambda term: int(term[1].p) < 0)
        return total([self.assembled(Fraction(int(c.p), int(c.q)), tuple(powers), []) for powers, c in ordered])

    def _leading_negative(self, ordered: list[Any]) -> bool:
        """1 − x² reads better than −x² + 1."""
        return int(ordered[0][1].p) < 0 and any(int(c.p) > 0 for _, c in ordered)


def _raised(kernel: Kernel, power: int) -> Node:
    return kernel.tree if power == 1 else Power(kernel.tree, number(power))
