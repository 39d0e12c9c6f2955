r"""Properties said of a function, `$\sigma$ is Lipschitz with constant $\frac14$`: decided by their own definition."""

from __future__ import annotations

from dataclasses import replace

from checks.choices import mentions_chosen
from checks.claims import decided
from checks.conclusions import under_condition
from checks.judging.course import Course
from checks.judging.records import record
from checks.report.model import LineOutcome, LineVerdict
from checks.submission.document import Formula
from derive.errors import NoRule, TooLarge
from derive.tree import HasProperty, Name, substitute

_OUTCOME: dict[str, LineOutcome] = {"proven": "correct", "verified": "correct", "refuted": "incorrect"}


def property_steps(course: Course, formula: Formula, tree: HasProperty) -> list[LineVerdict]:
    """The step that a property is."""
    if formula.role == "assumption":
        return [record(course, formula, tree, "assumption", "assumption", "stated as a condition: not judged")]
    unknown = course.scope.unknown(tree)
    if unknown:
        return [record(course, formula, tree, "unreadable", "undeclared-name", f"{unknown[0]} is not declared")]
    looked = course.scope.looked_through(tree)
    keys, part, _ = next(iter(course.scope.bindings(looked.names)), ({}, None, ""))
    bound = substitute(looked, {name: Name(key) for name, key in keys.items() if name != key})
    assert isinstance(bound, HasProperty)
    try:
        verdict = decided(course.problem, bound)
    except (NoRule, TooLarge) as error:
        return [record(course, formula, tree, "undecided", "no-rule", f"undecided: {error}", part)]
    outcome = _OUTCOME.get(verdict.status, "undecided")
    step = record(course, formula, tree, outcome, verdict.code, verdict.evidence, part)
    step = replace(
        step, true_by_itself={"correct": True, "incorrect": False}.get(outcome), counterexample=verdict.counterexample
    )
    if mentions_chosen([bound.formula], course.scope):
        return [under_condition(replace(step, verdict="undecided"))]  # of the one function that is chosen
    course.answers.note_property(bound, step)
    return [step]
