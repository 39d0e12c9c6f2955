"""That a polynomial vanishes wherever others do: the algebraic proof of an implication between equations.

Kernels of the normal forms (names, roots, exp(u), i …) become variables with the relations known of them, rⁿ = u. The
equations p₁ = … = pₖ = 0 with u ≠ 0 imply that one of q₁ … qₘ vanishes if 1 lies in the ideal of the pᵢ, the relations and
1 − t·u·q₁⋯qₘ (Rabinowitsch), which a Gröbner basis tells. This is a proof over the complex numbers, so over the reals too;
that 1 does not lie in the ideal says nothing, for kernels know more of each other than these relations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import lcm
from typing import Any

from flint import Ordering, fmpz_mpoly_ctx, fmpz_mpoly_vec

from checks.decide.domains import restrictions
from checks.decide.statements.truth import FAILURES
from derive.errors import TooLarge
from derive.normal import normal_form
from derive.normal.form import Form, Kernel, Key, Mode
from derive.splitting import ZERO
from derive.tree import Node

MAX_VARIABLES = 10
MAX_TERMS = 200  # of any polynomial put in
MAX_DEGREE = 40
LIMITS = (48, 600, 2_000)  # of the basis: polynomials, terms of each, bits of a coefficient
MAX_RELATIONS = 12


def follows(zero: Sequence[Node], nonzero: Sequence[Node], goals: Sequence[Node], mode: Mode) -> bool:
    """Whether one of the goals vanishes at every point, where all have values, at which `zero` do and `nonzero` do not.

    Without goals: whether there is no such point.
    """
    try:
        return _Ring([*zero, *nonzero, *goals], mode).contradictory(zero, [*nonzero, *goals])
    except FAILURES:
        return False


class _Ring:
    """One ring for the kernels of several formulas and of their relations, and the helper variable t."""

    def __init__(self, trees: Iterable[Node], mode: Mode) -> None:
        self.mode: Mode = mode
        self.kernels: dict[Key, Kernel] = {}
        self.relations: list[tuple[Kernel, Form]] = []
        self.divisors: list[Form] = []
        for tree in trees:
            self._collect(self._form(tree))
            self.divisors += [self._form(u) for u in restrictions(tree).nonzero]
        for form in self.divisors:
            self._collect(form)
        self.place = {key: index for index, key in enumerate(self.kernels)}
        names = [f"k{index}" for index in range(len(self.kernels))]
        self.context = fmpz_mpoly_ctx.get((*names, "t"), Ordering.degrevlex)

    def _form(self, tree: Node) -> Form:
        return normal_form(tree, mode=self.mode)

    def _collect(self, form: Form) -> None:
        used = [
            kernel
            for kernel, *degrees in zip(
                form.kernels, form.numerator.degrees(), form.denominator.degrees(), strict=False
            )
            if any(degrees)
        ]
        for kernel in used:
            if kernel.key in self.kernels:
                continue
            if len(self.kernels) >= MAX_VARIABLES:
                raise TooLarge("too many parts for an algebraic proof")
            self.kernels[kernel.key] = kernel
            if kernel.degree and kernel.replacement is not None:
                self._relate(kernel)

    def _relate(self, kernel: Kernel) -> None:
        """rⁿ − u = 0. The power is written with the kernel as it is, not as the normal form would reduce it."""
        assert kernel.replacement is not None
        if len(self.relations) >= MAX_RELATIONS:
            raise TooLarge("too many relations for an algebraic proof")
        replacement = self._form(kernel.replacement)
        self._collect(replacement)
        self.relations.append((kernel, replacement))

    def polynomial(self, part: Any, kernels: tuple[Kernel, ...]) -> Any:
        """A polynomial of a normal form, denominators of its coefficients cleared, in this ring."""
        terms = list(part.terms())
        if len(terms) > MAX_TERMS or any(e > MAX_DEGREE for powers, _ in terms for e in powers):
            raise TooLarge("a polynomial too large for an algebraic proof")
        clear = lcm(*(int(c.q) for _, c in terms)) if terms else 1
        found: dict[tuple[int, ...], int] = {}
        for powers, c in terms:
            exponents = [0] * (len(self.place) + 1)
            for kernel, power in zip(kernels, powers, strict=False):
                if power:
                    exponents[self.place[kernel.key]] = int(power)
            found[tuple(exponents)] = int(c.p) * (clear // int(c.q))
        return self.context.from_dict(found)

    def numerator(self, tree: Node) -> Any:
        form = self._form(tree)
        return self.polynomial(form.numerator, form.kernels)

    def contradictory(self, zero: Sequence[Node], nonzero: Sequence[Node]) -> bool:
        """Whether nothing satisfies the relations, `zero` and `nonzero`; divisors are not zero either."""
        generators = [self.numerator(tree) for tree in zero]
        for kernel, form in self.relations:
            variable = self.context.gens()[self.place[kernel.key]]
            top, bottom = (self.polynomial(part, form.kernels) for part in (form.numerator, form.denominator))
            generators.append(variable**kernel.degree * bottom - top)
        generators = [g for g in generators if not g.is_zero()]
        product = self.context.gens()[-1]
        factors = [self.numerator(tree) for tree in nonzero]
        factors += [self.polynomial(form.numerator, form.kernels) for form in self.divisors]
        never_zero = [key for key, kernel in self.kernels.items() if not kernel.sign & ZERO]
        factors += [self.context.gens()[self.place[key]] for key in never_zero]
        for factor in _square_free(factors):
            product = product * factor
            if len(product) > MAX_TERMS:
                raise TooLarge("a polynomial too large for an algebraic proof")
        if product.is_zero():
            return True
        return self._has_one([*generators, 1 - product])

    def _has_one(self, generators: list[Any]) -> bool:
        if any(g.is_constant() and not g.is_zero() for g in generators):
            return True
        basis, _ = fmpz_mpoly_vec(generators, self.context).buchberger_naive(limits=LIMITS)
        return any(g.is_constant() and not g.is_zero() for g in basis)


def _square_free(polynomials: list[Any]) -> list[Any]:
    """The different irreducible factors: where one vanishes does not depend on how often it divides."""
    found: dict[str, Any] = {}
    for polynomial in polynomials:
        if polynomial.is_zero():
            return [polynomial]
        found.update({str(factor): factor for factor, _ in polynomial.factor()[1]})
    return list(found.values())
