"""Sums of infinitely many terms, enclosed: so many terms, and a bound for all the others.

The ratio of neighbouring terms must be a rational function of the index at the point, as in geometric and power series.
With h = 1/k it is a quotient of polynomials in h, which a ball around [0, 1/N] encloses for every k ≥ N at once:

    |t(k+1)/t(k)| ≤ ρ < 1 for k ≥ N        ⇒        |Σ_{k≥N} t(k)| ≤ |t(N)|/(1 − ρ)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

from flint import arb, fmpq

from checks.decide.elementary import Undefined
from derive.errors import TooLarge
from derive.normal import normal_form
from derive.tree import Binder, Constant, Name, Node, Quotient, Sum, number, substitute

MAX_TERMS = 3_000
STARTS = (4, 16, 64, 256, 1024)  # from which index on a ratio is bounded


def is_series(tree: Binder) -> bool:
    """Whether a sum has infinitely many terms."""
    return tree.kind == "sum" and isinstance(tree.bounds[1], Constant) and tree.bounds[1].name == "infinity"


def terms(tree: Binder, low: Fraction) -> Iterator[Node]:
    """The terms from the lower bound on, without end."""
    k = int(low)
    while True:
        yield substitute(tree.body, {tree.index: number(k)})
        k += 1


def enclosed(
    tree: Binder, low: Fraction | None, names: dict[str, Node], value: Callable[[Node], Any], bits: int
) -> Any:
    """A ball around the value of a series at a point whose names have exact values. Raises Undefined, TooLarge."""
    if low is None or low.denominator != 1:
        raise Undefined("a bound that is no whole number")
    top, bottom = _ratio(substitute(tree.body, names), tree.index)
    if len(top) > len(bottom) or (len(top) == len(bottom) and abs(top[-1]) > abs(bottom[-1])):
        raise Undefined("a series that diverges")
    start, ratio = _bounded(top, bottom, int(low))
    total, last = arb(0), arb(0)
    for count, term in enumerate(islice(terms(tree, low), MAX_TERMS)):
        last = value(term)
        if int(low) + count >= start and abs(last) <= (1 + abs(total)) * arb(2) ** -(bits + 2):
            rest = (abs(last) / (1 - ratio)).abs_upper()
            return total + rest.union(-rest)
        total += last
    if int(low) + MAX_TERMS <= start:
        raise TooLarge("a series that begins to converge too late")
    rest = (abs(last) * ratio / (1 - ratio)).abs_upper()
    return total + rest.union(-rest)


def _ratio(body: Node, index: str) -> tuple[list[Fraction], list[Fraction]]:
    """t(k+1)/t(k) as two polynomials in k, the coefficient of k^i at place i."""
    following = substitute(body, {index: Sum((Name(index), number(1)))})
    form = normal_form(Quotient(following, body))
    return _coefficients(form, form.numerator, index), _coefficients(form, form.denominator, index)


def _coefficients(form: Any, polynomial: Any, index: str) -> list[Fraction]:
    found: dict[int, Fraction] = {}
    for powers, c in polynomial.terms():
        used = [(kernel, int(e)) for kernel, e in zip(form.kernels, powers, strict=False) if e]
        if any(kernel.key != ("name", index) for kernel, _ in used):
            raise TooLarge("a series whose terms have no rational ratio")
        found[sum(e for _, e in used)] = Fraction(int(c.p), int(c.q))
    return [found.get(i, Fraction(0)) for i in range(max(found, default=0) + 1)]


def _bounded(top: list[Fraction], bottom: list[Fraction], low: int) -> tuple[int, Any]:
    """An index and a bound below 1 of the ratios from there on."""
    degree = max(len(top), len(bottom)) - 1
    for start in STARTS:
        first = max(start, low + 1)
        end = arb(1) / first
        h = arb(0).union(end)
        above, below = (_at(h, p, degree) for p in (top, bottom))
        ratio = abs(above / below)
        if ratio < fmpq(999, 1000):
            return first, ratio.abs_upper()
    raise TooLarge("a series that converges too slowly to enclose")


def _at(h: Any, polynomial: list[Fraction], degree: int) -> Any:
    """k^(−degree) times a polynomial in k, at h = 1/k."""
    total = arb(0)
    for c in polynomial:  # from the constant term on: Horner's scheme in h, the highest power of h first
        total = total * h + arb(fmpq(c.numerator, c.denominator))
    for _ in range(degree + 1 - len(polynomial)):
        total = total * h
    return total
