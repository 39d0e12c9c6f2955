"""Equality of matrices, lists and sets that are written out: the shapes first, then entry by entry.

Arithmetic between them is carried out (`derive.entries`). The verdict is that of the weakest entry; a wrong one is named
with its row and column. What has another shape, or is no matrix or list at all, is refuted with both named; where
writers differ on whether two things are the same (a list and a column, (a, b) and [a, b], 0 and a matrix of zeros),
equal entries decide nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import Any

from checks.decide.claim import Claim
from checks.decide.points import first_points
from checks.decide.separation import separation
from checks.verdict import Verdict
from derive.entries import Misshapen, as_scalar, carried_out, described, rational
from derive.errors import NoRule, TooLarge
from derive.tree import ZERO, Listing, Matrix, Node, ValueSet

MAX_SET = 20
MAX_REASONS = 3  # different reasons listed for entries that are equal
SET_POINTS = 8
Decide = Callable[[Claim], Verdict]


def has_arrays(claim: Claim) -> bool:
    """Whether a matrix, list or set is written out on either side, or in a definition that a side rests on."""
    program = claim.setting.named
    return any(
        side.has_array or any(tree.has_array for tree in program.needed(side).values())
        for side in (claim.left, claim.right)
    )


def decide_entries(claim: Claim, decide: Decide, *, exact: bool = True) -> Verdict:
    """Whether two sides are equal of which one holds a matrix, list or set; `decide` judges two scalar formulas,
    `exact`: without a tolerance.
    """
    values: list[Node] = []
    senseless: list[str] = []
    for side, which in zip(claim.named, ("left", "right"), strict=True):
        try:
            values.append(carried_out(claim.setting.named.expanded(side)))
        except Misshapen as error:
            senseless.append(f"the {which} side has no value: {error}")
        except (NoRule, TooLarge) as error:
            return Verdict("undecided", "no-rule", f"undecided: {error}")
    if senseless:
        return Verdict("undecided", "shape", f"undecided: {'; '.join(senseless)}")
    return _Comparison(claim, decide, exact=exact).compared(*values)


def as_numbers(claim: Claim) -> tuple[Node, Node] | None:
    """Both sides with the matrices in them carried out, where numbers are left: `c^T A c` of written-out c and A."""
    try:
        left, right = (as_scalar(carried_out(claim.setting.named.expanded(side))) for side in claim.named)
    except (NoRule, TooLarge):
        return None
    return None if left.has_array or right.has_array else (left, right)


class _Comparison:
    """Values compared in the setting of one claim."""

    def __init__(self, claim: Claim, decide: Decide, *, exact: bool) -> None:
        self.claim, self.decide, self.exact = claim, decide, exact

    def compared(self, left: Node, right: Node) -> Verdict:
        if not (as_scalar(left).has_array and as_scalar(right).has_array):
            left, right = as_scalar(left), as_scalar(right)
        match left, right:
            case (Matrix(), Matrix()) if left.shape == right.shape:
                return self.entries(left, right, lambda index: _place(left.shape, index))
            case (Listing(), Listing()) if len(left.elements) == len(right.elements):
                verdict = self.entries(left, right, lambda index: f"entry {index + 1}")
                interval = len(left.elements) == 2 and (left.opening == "[") != (right.opening == "[")
                return _doubted(verdict, "a list and an interval may be meant") if interval else verdict
            case (Matrix(), Listing()) | (Listing(), Matrix()) if len(left.children) == len(right.children) and _flat(
                left, right
            ):
                verdict = self.entries(left, right, lambda index: f"entry {index + 1}")
                return _doubted(verdict, f"{described(left)} and {described(right)} are the same to some writers")
            case (ValueSet(), ValueSet()):
                return self.sets(left, right)
        if not left.has_array and not right.has_array:
            return self.decide(Claim(left, right, self.claim.setting))
        if 0 in {rational(left), rational(right)}:
            return self.against_zero(left if left.has_array else right)
        alike = type(left) is type(right) or {type(left), type(right)} == {Matrix, Listing}
        return Verdict(
            "refuted",
            "shape" if alike else "type-mismatch",
            f"{described(left)} on the left, {described(right)} on the right: they cannot be equal",
        )

    def entries(self, left: Node, right: Node, place: Callable[[int], str]) -> Verdict:
        """Entry by entry: the first that is refuted, else the first that is undecided, else all are equal."""
        verdicts: list[Verdict] = []
        for index, (a, b) in enumerate(zip(left.children, right.children, strict=True)):
            verdict = self.compared(a, b)
            if verdict.status == "refuted":
                return replace(verdict, evidence=f"{place(index)} is wrong: {verdict.evidence}", values=None)
            verdicts.append(verdict)
        for index, verdict in enumerate(verdicts):
            if verdict.status == "undecided":
                reason = verdict.evidence.removeprefix("undecided: ")
                return replace(verdict, evidence=f"undecided: {place(index)}: {reason}")
        return _together(verdicts)

    def sets(self, left: ValueSet, right: ValueSet) -> Verdict:
        """Each element of either set is an element of the other; refuted where a value is certainly in one set alone."""
        if max(len(left.elements), len(right.elements)) > MAX_SET:
            return Verdict("undecided", "effort", f"undecided: a set of more than {MAX_SET} elements")
        table = {(a, b): self.compared(a, b) for a in left.elements for b in right.elements}
        partners: list[Verdict] = []
        for elements, others, swapped in (
            (left.elements, right.elements, False),
            (right.elements, left.elements, True),
        ):
            for element in elements:
                verdicts = [table[(b, a) if swapped else (a, b)] for a, b in ((element, other) for other in others)]
                found = next((v for v in verdicts if v.status in {"proven", "verified"}), None)
                if found is None:
                    return self._missing(element, others, verdicts, "right" if not swapped else "left")
                partners.append(found)
        return _together(partners)

    def _missing(self, element: Node, others: tuple[Node, ...], verdicts: list[Verdict], where: str) -> Verdict:
        from derive.write import latex

        said = f"{latex(element)} is none of the values on the {where}"
        if all(v.status == "refuted" for v in verdicts):
            constant = not any(self._inputs(element, other) for other in others)
            if constant or element.has_array:
                return Verdict("refuted", "element-missing", said, {})
            for point in self._points(element, others):
                apart = (separation(Claim(element, other, self.claim.setting), point, {}) for other in others)
                if all(apart):
                    at = ", ".join(f"{name} = {value}" for name, value in point.items())
                    shown = {name: str(value) for name, value in point.items()}
                    return Verdict("refuted", "element-missing", f"at {at}: {said}", shown)
        return Verdict("undecided", "element-missing", f"undecided: whether {latex(element)} is a value on the {where}")

    def _inputs(self, a: Node, b: Node) -> bool:
        claim = Claim(a, b, self.claim.setting)
        return bool(claim.inputs or claim.general_functions)

    def _points(self, element: Node, others: tuple[Node, ...]) -> Iterator[dict[str, Fraction]]:
        claim = Claim(ValueSet((element, *others)), ZERO, self.claim.setting)
        if claim.general_functions or claim.is_complex or not self.exact:
            return
        yield from islice(first_points(claim, SET_POINTS), SET_POINTS)

    def against_zero(self, array: Node) -> Verdict:
        """0 may stand for the matrix or list of zeros."""
        if isinstance(array, ValueSet):
            return Verdict("refuted", "type-mismatch", f"{described(array)} against a single value")
        zeros = array.rebuilt((ZERO,) * len(array.children))
        verdict = self.compared(array, zeros)
        return _doubted(verdict, f"0 stands for {described(array)} of zeros to some writers")


def _flat(left: Node, right: Node) -> bool:
    """A list against a row or column."""
    matrix, listing = (left, right) if isinstance(left, Matrix) else (right, left)
    return isinstance(matrix, Matrix) and 1 in matrix.shape and not any(e.has_array for e in listing.children)


def _place(shape: tuple[int, int], index: int) -> str:
    row, column = divmod(index, shape[1])
    return f"the entry in row {row + 1}, column {column + 1}"


def _doubted(verdict: Verdict, why: str) -> Verdict:
    if verdict.status not in {"proven", "verified"}:
        return verdict
    return Verdict("undecided", "notation", f"undecided: the entries are equal, but {why}")


def _together(verdicts: list[Verdict]) -> Verdict:
    """All entries are equal: the weakest status, and the reasons met."""
    weakest = [v for v in verdicts if v.status == "verified"] or verdicts
    reasons = list(dict.fromkeys(v.evidence for v in weakest))
    listed = "; ".join(reasons[:MAX_REASONS]) + ("; …" if len(reasons) > MAX_REASONS else "")
    kinks: list[dict[str, Any]] = []
    for kink in (k for v in verdicts for k in v.kinks):
        kinks += [] if kink in kinks else [kink]
    evidence = f"all {len(verdicts)} entries are equal: {listed}"
    return Verdict(weakest[0].status, "entries", evidence, kinks=tuple(kinks))
