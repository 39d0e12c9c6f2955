r"""`f = a + b h + O(h^2)`: what is claimed is true up to terms of an order; the terms themselves are not judged.

Without the O two sides that are equal are equal up to any order. Else their difference is of that order near h = 0 if it
is a polynomial in h without terms of lower order, or smooth at 0 and its derivatives of lower order are 0 there (Taylor).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from checks.decide.relations import decide_relation
from checks.judging.course import Course
from checks.report.model import LineVerdict
from derive.errors import NoRule, TooLarge, Unreadable
from derive.functions import FUNCTIONS
from derive.matrix.canonical import Canonical
from derive.normal import normal_form
from derive.pullback import derivative
from derive.tree import (
    ZERO,
    Absolute,
    Call,
    Chain,
    Constant,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    substitute,
    walk,
)

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


def softened(
    course: Course, text: str, steps: list[LineVerdict], terms: UpTo, *, claimed: bool = True
) -> list[LineVerdict]:
    """The steps judged without the terms: equal up to them, or different in a term of lower order; else it is not known."""
    said = f"up to terms of order ${terms.name}^{terms.order}$"
    compared = _compared(course, text, terms)
    kept, noted = [], []
    for index, step in enumerate(steps):
        found = compared[index] if index < len(compared) else ""
        if step.verdict in ("outside", "assumption") and claimed and found:  # of inputs, and with an O no condition
            step = replace(step, verdict="incorrect", code="not-equal", true_by_itself=False)
            step = replace(
                step, message=f"the two sides differ in a term of lower order than ${terms.name}^{terms.order}$"
            )
        noted.append(replace(step, verdict="undecided") if step.verdict == "incorrect" and found != "lower" else step)
        if step.verdict == "incorrect" and found == "reached":
            why = f"the two sides have the same terms of lower order in ${terms.name}$"
            step = replace(step, verdict="correct", code="order", true_by_itself=True, counterexample=None,
                           suggestion=None, message=why)  # fmt: skip
        elif step.verdict == "incorrect" and found != "lower":
            why = f"whether the difference of the two sides is of order ${terms.name}^{terms.order}$ is not known"
            step = replace(step, verdict="undecided", code="order", true_by_itself=None, counterexample=None,
                           suggestion=None, message=why)  # fmt: skip
        if step.verdict == "definition" and step.code == "definition":  # an expansion is claimed
            step = replace(step, verdict="correct", code="expansion", true_by_itself=True)
        kept.append(replace(step, reading="; ".join(filter(None, (step.reading, said)))))
    course.answers.follow(noted)  # an expansion is less than what it expands: a person looks
    return kept


def _compared(course: Course, text: str, terms: UpTo) -> list[str]:
    """For each relation of a chain, whether the sides certainly agree up to the terms ("reached"), or not ("lower")."""
    try:
        tree = course.read(text).tree
        name = course.read(terms.name).tree
    except Unreadable:
        return []
    if not isinstance(tree, Chain) or tree.continued or not isinstance(name, Name):
        return []
    if course.scope.setting.symbol(name.key).kind != "real":  # of a whole number it may be meant where that is large
        return []
    pairs = zip(tree.relations, tree.sides[1:], strict=True)
    return [_difference(course, tree.sides[0], side, name.key, terms.order) if r == "=" else "" for r, side in pairs]


def _difference(course: Course, left: Node, right: Node, name: str, order: int) -> str:
    """One reading in which they agree will do; they differ where they do in every one."""
    try:
        found = [
            _order(course, Sum((r.trees[0], Negative(r.trees[1]))), name, order)
            for r in course.scope.readings(left, right)
        ]
    except (NoRule, TooLarge):
        return ""
    if "reached" in found:
        return "reached"
    return "lower" if found and set(found) == {"lower"} else ""


def _order(course: Course, difference: Node, name: str, order: int) -> str:
    """Whether a difference is of an order, by the terms of a polynomial, else by the derivatives where the name is 0."""
    setting = course.scope.setting
    try:
        expanded = setting.named.expanded(difference)
        form = normal_form(Canonical().scalar(expanded) if expanded.has_array else expanded)
    except (NoRule, TooLarge, ZeroDivisionError):
        return ""
    index = next((i for i, kernel in enumerate(form.kernels) if kernel.tree == Name(name)), None)
    others = [kernel for i, kernel in enumerate(form.kernels) if i != index]
    below = (k.tree.names for k, d in zip(form.kernels, form.denominator.degrees(), strict=False) if d)
    if not any(name in kernel.tree.names for kernel in others) and not any(name in names for names in below):
        least = min((powers[index] if index is not None else 0 for powers, _ in form.numerator.terms()), default=order)
        return "reached" if least >= order else "lower"
    return "" if expanded.has_array else _by_derivatives(expanded, name, order, setting)


def _by_derivatives(difference: Node, name: str, order: int, setting: Setting) -> str:
    """Taylor's theorem: what is smooth near 0 is of order k there if the derivatives below the k-th are 0 at it."""
    at_zero = {name: ZERO}
    if not _is_smooth_near(difference, at_zero, setting):
        return ""
    try:
        for _ in range(order):
            verdict = decide_equal(Claim(substitute(difference, at_zero), ZERO, setting))
            if verdict.status != "proven":
                return "lower" if verdict.status == "refuted" else ""
            difference = derivative(difference, name)
    except (NoRule, TooLarge, ZeroDivisionError):
        return ""
    return "reached"


def _is_smooth_near(tree: Node, point: Mapping[str, Node], setting: Setting) -> bool:
    """Whether every operation has all derivatives at a point: what is divided by is not 0 there, under roots is positive."""

    def has_sign(u: Node, *signs: str) -> bool:
        there = substitute(u, point)
        return any(decide_relation(there, sign, ZERO, setting).status == "proven" for sign in signs)

    def smooth(node: Node) -> bool:
        match node:
            case Quotient(denominator=u) | Absolute(operand=u):
                return has_sign(u, ">", "<")
            case Root(radicand=u) | Call(function="log", arguments=(u,)):
                return has_sign(u, ">")
            case Power(base=u, exponent=Number(value=exponent)) if exponent.denominator == 1:
                return exponent >= 0 or has_sign(u, ">", "<")
            case Power(base=u):
                return u == Constant("e") or has_sign(u, ">")
            case Call(function=function):
                row = FUNCTIONS.get(function)
                return row is not None and not row.domain and not row.kinks
        return isinstance(node, Sum | Product | Negative | Number | Constant | Name)

    try:
        return all(smooth(node) for node in walk(tree))
    except (NoRule, TooLarge, ZeroDivisionError):
        return False
