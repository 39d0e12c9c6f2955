"""Values that a submission gives: `x = [1; 2]` of an input, `l = ReLU([…][…])` of a name nobody declared; labels under braces."""

from __future__ import annotations

from dataclasses import replace

from checks.decide.spaces import decide_labels
from checks.judging.chains import sides_steps
from checks.judging.course import ChainState, Course
from checks.judging.numbers import compared_with_given, is_number
from checks.judging.records import record
from checks.judging.remarks import remarked
from checks.report.model import LineOutcome, LineVerdict
from checks.submission.document import Formula
from derive.matrix.nodes import ArrayName, Shape
from derive.tree import Chain, Name, Node

_OUTCOME: dict[str, LineOutcome] = {"proven": "correct", "verified": "correct", "refuted": "incorrect"}


def gives_numbers(course: Course, tree: Node) -> bool:
    """Whether a formula sets a name equal to numbers, where numbers are about."""
    if not isinstance(tree, Chain) or tree.continued or tree.relations[0] not in ("=", r"\approx"):
        return False
    name, value = tree.sides[0], tree.sides[1]
    return (
        isinstance(name, Name | ArrayName)
        and is_number(value)
        and (value.has_array or bool(course.valued.numbers.inputs))
    )


def numbers_given(course: Course, formula: Formula, tree: Chain) -> list[LineVerdict] | None:
    """The steps of such a formula, if the name is an input or the author's own; None for a quantity of the problem."""
    name, value = tree.sides[0], tree.sides[1]
    key = name.names[0]
    own = key in course.scope.own or key in course.scope.unknown(name)
    if key not in course.problem.symbols and not (own and value.has_array):
        return None
    first = Chain(tree.sides[:2], tree.relations[:1])
    if key in course.problem.symbols:
        if not value.has_array and key not in course.valued.numbers.inputs:
            return None
        step = _of_input(
            course, record(course, formula, first, "assumption", "value", "the value of an input"), key, value
        )
    else:
        course.scope.introduce(key, value)
        name = course.scope.node(key)
        step = record(course, formula, first, "definition", "own", "numbers the author gives a name")
    course.chain = ChainState(name, name, value, last_outcome="definition", statement=tree)
    return [step, *sides_steps(course, formula, tree, 1)]


def _of_input(course: Course, step: LineVerdict, key: str, value: Node) -> LineVerdict:
    """Against the problem's value; where it gives none, the author's is taken."""
    verdict = compared_with_given(key, value, course.valued.numbers, course.scope.setting)
    if verdict is None:
        course.numbers.inputs[key] = value
        return step
    outcome = _OUTCOME.get(verdict.status, "undecided")
    true = {"correct": True, "incorrect": False}.get(outcome)
    message = "as the problem gives it" if outcome == "correct" else verdict.evidence
    return replace(step, verdict=outcome, code="value", true_by_itself=true, message=message)


def label_steps(
    course: Course, formula: Formula, shapes: tuple[tuple[str, Shape], ...], steps: list[LineVerdict]
) -> list[LineVerdict]:
    r"""A step for each label `\underbrace{…}_{R^{3 \times 1}}` that is not right, after those of the formula; a right one is a remark."""
    steps = list(steps)
    found: list[LineVerdict] = []
    for written, verdict in decide_labels(shapes, replace(course.scope.setting, symbols=course.scope.table)):
        raw, outcome = written.strip(), _OUTCOME.get(verdict.status, "undecided")
        if steps and outcome == "correct":
            over = next((index for index, step in enumerate(steps) if raw in step.raw), len(steps) - 1)
            steps[over] = remarked(steps[over], f"${raw}$: {verdict.evidence}")
            continue
        step = record(course, formula, course.read(written).tree, outcome, verdict.code, "")
        number = len(steps) + len(found) + 1
        true = {"correct": True, "incorrect": False}.get(outcome)
        found.append(replace(step, step=number, raw=raw, true_by_itself=true, message=verdict.evidence))
    return [*steps, *found]
