"""Proofs that two formulas are equal: one normal form, the same on every cell of the domain, roots of numbers, or z3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checks.decide import solver
from checks.decide.branches import branches
from checks.decide.cells import Cutting, everywhere, zero
from checks.decide.claim import Claim
from checks.decide.coefficients import vanishes_by_coefficients
from checks.decide.domains import Domain
from checks.decide.properties import with_properties
from checks.decide.root_bound import by_root_bound
from checks.decide.separation import FAILURES
from checks.verdict import Verdict
from derive.errors import TooLarge
from derive.normal import Mode, denominators, fraction_tree, normal_form, vanishes
from derive.recurrence.sums import vanishes as zero_by_sums
from derive.tree import Binder, Negative, Node, Number, Sum, functions, walk
from derive.write import latex

DEEP = 30  # of a definition that is collapsed before it is put in
PUT_IN = "with the definitions put in, both sides have the same normal form"


def prove(claim: Claim) -> Verdict | None:
    """A proof by normal form, as it stands or cut into cells; of numbers made of roots by their bound."""
    return (
        _by_normal_form(claim) or _by_sums(claim) or by_root_bound(claim) or _by_cells(claim) or _by_coefficients(claim)
    )


def _by_normal_form(claim: Claim) -> Verdict | None:
    left, right = claim.sides
    if left == right:
        return Verdict("proven", "identical", "both sides are the same formula")
    mode: Mode = "complex" if claim.is_complex else "real"
    for difference, how in _differences(claim):
        try:
            found = vanishes(difference, mode)
        except FAILURES:
            continue
        if found.holds:
            return _same_normal_form(how, found.cleared)
    return _by_collapsing(claim, mode)


def _by_sums(claim: Claim) -> Verdict | None:
    """Sums with one index and one bound, geometric ones done."""
    if claim.is_complex:
        return None
    for difference, _ in _differences(claim):
        if Binder in difference.kinds and zero_by_sums(difference):
            return Verdict(
                "proven",
                "normal-form",
                "both sides have the same normal form, sums over one index and geometric ones done",
            )
    return None


def _same_normal_form(how: str, cleared: Iterable[Node]) -> Verdict:
    where = ", ".join(f"{latex(d)} ≠ 0" for d in cleared)
    return Verdict("proven", "normal-form", how + (f", where {where}" if where else ""))


def _by_collapsing(claim: Claim, mode: Mode) -> Verdict | None:
    """The same for definitions that nest too deeply: one that has become deep is put in by its normal form."""
    named = claim.setting.named
    difference = Sum((claim.sides[0], Negative(claim.sides[1])))

    def collapse(tree: Node) -> Node:
        return tree if tree.depth <= DEEP else fraction_tree(normal_form(tree, mode=mode))

    try:
        named.expanded(difference)
    except TooLarge:
        pass
    else:
        return None  # as it is written it has been tried
    try:
        if not vanishes(named.expanded(difference, collapse), mode).holds:
            return None
    except FAILURES:
        return None
    parts = (difference, *named.needed(difference).values())
    return _same_normal_form(PUT_IN, dict.fromkeys(d for part in parts for d in denominators(part)))


def _differences(claim: Claim) -> Iterator[tuple[Node, str]]:
    """Left minus right with names as atoms, then with the definitions put in."""
    left, right = claim.sides
    difference: Node = Sum((left, Negative(right)))
    yield difference, "both sides have the same normal form"
    if claim.setting.named.needed(difference):
        try:
            expanded = claim.setting.named.expanded(difference)
        except FAILURES:
            return
        yield expanded, PUT_IN


def _by_cells(claim: Claim) -> Verdict | None:
    """The same on each cell of the domain, where declarations or branches say more than the formula alone."""
    if claim.is_complex:
        return None
    symbols = claim.setting.symbols
    for difference, _ in _differences(claim):
        try:
            given = with_properties(difference, symbols, claim.general_functions)
            domain = Domain.of(difference, symbols, implied=True)
            if given is difference and not domain.intervals and not _branching(difference):
                continue
            cutting = Cutting()
            holds = everywhere(given, domain, zero, cutting, claim.off_kinks(difference))
        except FAILURES:
            continue
        if not holds:
            continue
        bounds = domain.described(symbols)
        if not cutting.cuts:
            assuming = f", where {bounds}" if bounds else ""
            return Verdict("proven", "normal-form", f"both sides have the same normal form{assuming}")
        cuts = ", ".join(_readable(cut) for cut in cutting.cuts[:4])
        assuming = f" where {bounds}" if bounds else ""
        return Verdict(
            "proven",
            "cells",
            f"on each of {cutting.cells} cells, cut where {cuts} = 0, both sides have the same normal form{assuming}",
        )
    return None


def _by_coefficients(claim: Claim) -> Verdict | None:
    """Roots of numbers that depend on each other, which the normal form takes for independent, beside names."""
    if claim.is_complex:
        return None
    for difference, _ in _differences(claim):
        try:
            if vanishes_by_coefficients(difference):
                return Verdict("proven", "root-bound", "the coefficients of the difference are algebraic numbers, nearer to 0 "
                               "than any that is not 0")  # fmt: skip
        except FAILURES:
            continue
    return None


def _readable(cut: Node) -> str:
    """A cut as LaTeX, or what can be said of one that was made on the way."""
    made = any("\0" in name for name in cut.names) or any(" " in function for function in functions(cut))
    return "an expression made on the way" if made else latex(cut)


def _branching(tree: Node) -> bool:
    return any(branches(node) for node in walk(tree))


def by_z3(claim: Claim) -> Verdict | None:
    if claim.is_complex or not solver.available():
        return None
    symbols = claim.setting.symbols
    for difference, how in _differences(claim):
        try:
            given = with_properties(difference, symbols, claim.general_functions)
            bounds = Domain.of(difference, symbols, implied=True).intervals
            if solver.proves(given, "=", Number("0"), bounds, claim.off_kinks(difference)):
                put_in = ", with the definitions put in" if how.startswith("with") else ""
                return Verdict(
                    "proven", "z3", f"z3 finds no values of the parts of the formula at which the sides differ{put_in}"
                )
        except FAILURES:
            continue
    return None
