r"""`f = a + b h + O(h^2)`: what is claimed is true up to terms of an order; the terms themselves are not judged.

Without the O two sides that are equal are equal up to any order. Sides that differ are refuted only where their difference
is a polynomial in h with a term of lower order, which is not O(h^2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from checks.judging.course import Course
from checks.report.model import LineVerdict
from derive.errors import NoRule, TooLarge, Unreadable
from derive.matrix.canonical import Canonical
from derive.normal import normal_form
from derive.tree import Chain, Name, Negative, Node, Sum

_NAME = r"\\?[A-Za-z]+|\\(?:var)?[a-z]+"
_TERM = re.compile(
    rf"\+\s*(?:\\mathcal\s*\{{?\s*O\s*\}}?|O)\s*(?:\\left\s*)?\(\s*(?P<name>{_NAME})\s*\^\s*(?:\{{\s*)?(?P<order>[1-9])(?:\s*\}})?\s*(?:\\right\s*)?\)"
)

_ABOUT = re.compile(r"\\approx(?![A-Za-z])|\\simeq(?![A-Za-z])|≈")


@dataclass(frozen=True, slots=True)
class UpTo:
    """Terms of an order in a name, as they stand in a text."""

    spans: tuple[tuple[int, int], ...]
    name: str
    order: int

    def removed(self, text: str) -> str:
        """The text with blanks for the terms, so that every place stays; ≈ is = up to them."""
        for start, end in self.spans:
            text = text[:start] + " " * (end - start) + text[end:]
        return _ABOUT.sub(lambda match: "=".ljust(len(match.group())), text)


def up_to(text: str, course: Course) -> UpTo | None:
    """The terms `+ O(h^k)` of a formula, all of one order; None where there is none, or O means something else."""
    found = list(_TERM.finditer(text))
    if not found or course.scope.table.resolve("O") is not None or len({m.group("name", "order") for m in found}) > 1:
        return None
    return UpTo(tuple(match.span() for match in found), found[0]["name"], int(found[0]["order"]))


def softened(course: Course, text: str, steps: list[LineVerdict], terms: UpTo) -> list[LineVerdict]:
    """The steps judged without the terms: equal, or different in a term of lower order; else it is not known."""
    said = f"up to terms of order ${terms.name}^{terms.order}$"
    lower = _lower(course, text, terms)
    kept = []
    for index, step in enumerate(steps):
        if step.verdict == "incorrect" and not (index < len(lower) and lower[index]):
            why = f"whether the difference of the two sides is of order ${terms.name}^{terms.order}$ is not known"
            step = replace(step, verdict="undecided", code="order", true_by_itself=None, counterexample=None,
                           suggestion=None, message=why)  # fmt: skip
        if step.verdict == "definition" and step.code == "definition":  # an expansion is claimed
            step = replace(step, verdict="correct", code="expansion", true_by_itself=True)
        kept.append(replace(step, reading="; ".join(filter(None, (step.reading, said)))))
    return kept


def _lower(course: Course, text: str, terms: UpTo) -> list[bool]:
    """For each relation of a chain, whether the sides certainly differ in a term of lower order."""
    try:
        tree = course.read(text).tree
        name = course.read(terms.name).tree
        if not isinstance(tree, Chain) or tree.continued or not isinstance(name, Name):
            return []
        return [
            _differs(course, Sum((tree.sides[0], Negative(side))), name.key, terms.order) for side in tree.sides[1:]
        ]
    except Unreadable:
        return []


def _differs(course: Course, difference: Node, name: str, order: int) -> bool:
    readings = course.scope.readings(difference)
    return bool(readings) and all(_has_lower_term(course, r.trees[0], name, order) for r in readings)


def _has_lower_term(course: Course, difference: Node, name: str, order: int) -> bool:
    setting = course.scope.setting
    try:
        expanded = setting.named.expanded(difference)
        form = normal_form(Canonical().scalar(expanded) if expanded.has_array else expanded)
    except (NoRule, TooLarge, ZeroDivisionError):
        return False
    index = next((i for i, kernel in enumerate(form.kernels) if kernel.tree == Name(name)), None)
    others = [kernel for i, kernel in enumerate(form.kernels) if i != index]
    if any(name in kernel.tree.names for kernel in others) or any(
        name in k.tree.names for k, d in zip(form.kernels, form.denominator.degrees(), strict=False) if d
    ):
        return False
    return any((powers[index] if index is not None else 0) < order for powers, _ in form.numerator.terms())
