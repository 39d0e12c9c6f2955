"""What the words before a claim suppose, as premises of it: `Suppose $z < 0$. Then …`, `For $z < 0$: …`, `With $k = …$ we have …`.

A claim that is not true by itself is right if it follows from what is supposed, wrong if a point at which all of that
holds is against it, else open. What holds in the problem anyway, a definition, or a shape, is no premise; nor is an
equation that is given as a reason.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace

from checks.conclusions import concluded, under_condition
from checks.conditions import is_led_in
from checks.decide.relations import decide_holds
from checks.judging.course import Course
from checks.report.model import LineVerdict
from checks.submission.document import Formula
from derive.errors import NoRule, TooLarge, Unreadable
from derive.matrix.nodes import ArrayName, Space
from derive.tree import Chain, Logical, Name, Node, substitute, walk

_CONCLUDES = re.compile(
    r"\b(?:then|so|hence|thus|therefore|we (?:have|get|obtain)|it follows|dann|daher)\b", re.IGNORECASE
)
_CHOSEN = re.compile(r"\b(?:set|choose|pick|take|plug\w*|insert\w*|substitut\w*|put|let)\s*$", re.IGNORECASE)
_WISHED = re.compile(r"\b(?:want|wish|need|require|until|while|stop|accept|aim|check)\w*", re.IGNORECASE)


def premises_of(course: Course, claim: Node) -> tuple[Node, ...]:
    """What is supposed where a claim stands, without what holds anyway and what has nothing to do with it."""
    supposed = [tree for tree in course.given.supposed if _supposes(course, tree)]
    about, near = _names(course, claim), list[Node]()
    for _ in supposed:
        near = [tree for tree in supposed if _names(course, tree) & about or course.scope.unknown(tree)]
        about = about.union(*(_names(course, tree) for tree in near))
    return tuple(near)


def _supposes(course: Course, tree: Node) -> bool:
    if isinstance(tree, Chain) and tree.relations == (r"\in",) and isinstance(tree.sides[-1], Space):
        return False
    unknown = course.scope.unknown(tree)
    return not (unknown and set(unknown) == set(tree.names)) and not holds_anyway(course, tree)


def _names(course: Course, tree: Node) -> set[str]:
    """The inputs that a statement depends on, in any of its readings."""
    with suppress(NoRule, TooLarge):
        readings = course.scope.readings(tree)
        return {name for reading in readings for name in course.scope.program.expanded(reading.trees[0]).names}
    return set(tree.names)


def holds_anyway(course: Course, tree: Node) -> bool:
    """Whether what is supposed holds in the problem anyway, so that it adds nothing."""
    if not isinstance(tree, Chain) or tree.continued or course.scope.unknown(tree):
        return False
    matrices = any(isinstance(node, ArrayName) and 1 not in node.shape for node in walk(tree))
    loewner = {r"\le": r"\preceq", r"\ge": r"\succeq"} if matrices else {}
    meant = Chain(tree.sides, tuple(loewner.get(relation, relation) for relation in tree.relations))
    try:
        return any(
            decide_holds(r.trees[0], course.scope.setting).status == "proven" for r in course.scope.readings(meant)
        )
    except (NoRule, TooLarge):
        return False


def under_what_is_said(course: Course, step: LineVerdict, link: Chain) -> LineVerdict:
    """A relation that is not true everywhere, judged where the words say: the same step if they say nothing."""
    if course.given.only_inputs(course.scope) and not course.given.conflict:
        return step  # the values were put in
    premises = premises_of(course, link)
    if not premises:
        return step
    more = course.given.unread_here or course.given.conflict
    under = concluded(step, premises, r"\Rightarrow", link, course.scope, conditions=more)
    if under.verdict == "undecided" and (step.verdict == "undecided" or (not more and _stays(course, premises, step))):
        return step
    if under.verdict == "incorrect" and step.verdict == "undecided":
        return step
    return under


def _stays(course: Course, premises: tuple[Node, ...], step: LineVerdict) -> bool:
    """Whether the point that is against a step satisfies what is supposed."""
    with suppress(NoRule, TooLarge, Unreadable):
        point = {course.read(name).tree.names[0]: course.read(value).tree
                 for name, value in (step.counterexample or {}).items() if "(" not in name}  # fmt: skip
        return bool(point) and all(_holds_at(course, premise, point) for premise in premises)
    return False


def _holds_at(course: Course, premise: Node, point: dict[str, Node]) -> bool:
    if isinstance(premise, Logical) and premise.connective == "and":
        return all(_holds_at(course, part, point) for part in premise.statements)
    if not isinstance(premise, Chain) or premise.continued:
        return False
    readings = course.scope.readings(premise)
    return bool(readings) and all(_true_at(course, reading.trees[0], point) for reading in readings)


def _true_at(course: Course, premise: Node, point: dict[str, Node]) -> bool:
    there = substitute(course.scope.program.expanded(premise), point)
    if there.names:
        return False
    return decide_holds(there, course.scope.setting).status in ("proven", "verified")


def set_up(course: Course, formula: Formula, tree: Chain, steps: list[LineVerdict]) -> list[LineVerdict]:
    """`We plug $x = x_0 - \\epsilon g$ into $q$`: an input set equal to a formula is chosen, or solved for, and not claimed."""
    name = tree.sides[0]
    if (
        tree.relations != ("=",)
        or course.concluding
        or steps[0].verdict != "incorrect"
        or formula.role != "claim"
        or not isinstance(name, Name | ArrayName)
        or not course.problem.is_input(name.key)
        or name.key in course.scope.own
        or name.key in tree.sides[1].names
        or not tree.sides[1].names
    ):
        return steps
    course.chain.statement, course.chain.supposed = tree, True
    if course.equation is not None and course.equation[0] == formula.sentence:
        found = concluded(steps[0], (course.equation[1],), r"\Rightarrow", tree, course.scope, conditions=False)
        if found.verdict != "undecided":
            return [found]
    said = replace(under_condition(steps[0]), verdict="undecided", code="input-set")
    if is_led_in(formula) or _CHOSEN.search(formula.words):
        said = replace(said, verdict="assumption", message="an input that is chosen: supposed in what follows")
    else:
        said = replace(said, message="an input is set equal to a formula: where that is so is not known")
    course.answers.follow([said])
    return [said]


def is_concluded(course: Course, formula: Formula, tree: Node) -> bool:
    """Whether the words conclude a condition of the problem from another: `if $k \\ge …$ then $\\beta^k t \\le …$`."""
    if not premises_of(course, tree) or _WISHED.search(formula.words):
        return False
    return formula.role == "conclusion" or bool(_CONCLUDES.search(formula.words))
