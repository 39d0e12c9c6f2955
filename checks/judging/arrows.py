"""p ⇒ q, and statements joined by "and" and "or".

What stands after an arrow is correct if it is true by itself or follows from what was said before (conclusions.py).
"""

from __future__ import annotations

from dataclasses import replace

from checks.conclusions import as_premise, concluded, concluded_whole, is_order, under_condition
from checks.conditions import is_constant
from checks.decide.extrema.decide import holds_extremum
from checks.judging.chains import assumed, chain_steps
from checks.judging.course import ChainState, Course
from checks.judging.definitions import as_definition, definition_steps
from checks.judging.records import links, record
from checks.report.model import LineVerdict
from checks.submission.document import Formula
from derive.errors import Unreadable
from derive.matrix.nodes import Space
from derive.matrix.shapes import shape_of
from derive.tree import Chain, Derivative, Implication, Logical, Node


def implication_steps(course: Course, formula: Formula, tree: Implication) -> list[LineVerdict]:
    """p ⇒ q: q is correct if it is true by itself or follows from p."""
    steps: list[LineVerdict] = []
    premises = _said_before(course, tree)
    as_written = course.chain.written if tree.continued else None
    meant = course.chain.statement if tree.continued else None
    from_truth = tree.continued and course.chain.last_outcome == "correct" and not course.chain.supposed
    arrows = tree.arrows if tree.continued else ("", *tree.arrows)
    for arrow, statement in zip(arrows, tree.statements, strict=True):
        if isinstance(statement, Logical):
            step = record(course, formula, statement, "assumption", "premise", "the premise of ⇒: not judged")
            if arrow:
                before = (*_equations_given(course), *premises)
                step = concluded_whole(step, before, arrow, statement, course.scope, conditions=_more(course, arrow))
            course.chain = ChainState(statement=statement, supposed=True)
            premises = (*premises, statement)
            steps.append(step)
            continue
        if not isinstance(statement, Chain):
            said = "no relation: nothing is claimed"
            steps.append(record(course, formula, statement, "outside", "no-relation", said))
            continue
        supposed, course.concluding = course.chain.supposed or not arrow, bool(arrow)
        alone = course.chain.alone
        outcomes: set[str | None] = {step.verdict for step in steps}
        outcomes = outcomes or ({course.chain.last_outcome} if tree.continued else set())
        defined_before = outcomes == {"definition"}
        judged = _defined(course, formula, statement, alone=defined_before) if arrow else None
        judged = judged or chain_steps(course, formula, statement)
        if all(map(is_order, (*premises, statement))):
            course.chain = replace(course.chain, before=premises, alone=alone)
        course.concluding = False
        if arrow and not from_truth:
            judged = [
                step
                if step.verdict == "definition"
                else _concluded_as_written(
                    course, step, as_written, meant, link, concluded_from(course, step, premises, arrow, link)
                )
                for step, link in zip(judged, links(statement), strict=True)
            ]
        elif not arrow:
            kept = (
                len(judged) - 1
                if isinstance(statement.sides[0], Derivative) and is_constant(statement.sides[-1])
                else 0
            )
            judged = [*judged[:kept], *(as_premise(step) for step in judged[kept:])]
        if not arrow and _declares(statement) and judged[-1].verdict == "correct":
            steps += [_repeated(step) for step in judged]
            from_truth = not premises  # no condition: it is so in all of the problem
            continue
        course.answers.follow(judged)
        if tree.continued and premises:  # what a line concludes from the one before, said as one
            course.answers.note_statement(Implication((premises[-1], statement), (arrow,)), judged)
        course.chain.last_outcome = judged[-1].verdict
        course.chain.supposed = supposed and not all(step.true_by_itself for step in judged)
        premises = (*premises, statement)
        steps += judged
    return steps


def _declares(statement: Chain) -> bool:
    """`X ∈ ℝ^{m×n}`: what is said of a shape, and of nothing else."""
    return statement.relations == (r"\in",) and isinstance(statement.sides[1], Space)


def _repeated(step: LineVerdict) -> LineVerdict:
    return replace(step, verdict="definition", code="repeated", message="as the problem declares it")


def _defined(course: Course, formula: Formula, statement: Chain, *, alone: bool) -> list[LineVerdict] | None:
    """`⇒ L = max …`: a name by the extremum that the problem defines it by, which is no conclusion.

    Nor is what the problem defines so where nothing but definitions stand before the arrow.
    """
    found = as_definition(course, statement)
    if found is None or not (alone or holds_extremum(found[1])) or not course.scope.defines(*found):
        return None
    return definition_steps(course, formula, *found, tree=statement)


def joined_steps(course: Course, formula: Formula, tree: Logical) -> list[LineVerdict]:
    """Each of several statements joined by "and"; which of those joined by "or" is meant is not known."""
    if formula.role == "assumption":
        return assumed(course, formula, tree)
    if tree.connective == "and" and all(isinstance(part, Chain) and not part.continued for part in tree.statements):
        return [
            step for part in tree.statements if isinstance(part, Chain) for step in chain_steps(course, formula, part)
        ]
    said = "statements joined by “or” are left to a person: which of them is claimed is not said"
    return [record(course, formula, tree, "undecided", "alternatives", said)]


def _said_before(course: Course, tree: Implication) -> tuple[Node, ...]:
    """What an arrow at the beginning of a formula concludes from."""
    if not tree.continued or course.chain.statement is None:
        return ()
    return (*course.chain.before, course.chain.statement)


def concluded_from(
    course: Course, step: LineVerdict, premises: tuple[Node, ...], arrow: str, link: Chain
) -> LineVerdict:
    """One relation after an arrow, under the equations in force and what was said before."""
    return concluded(
        step, (*_equations_given(course), *premises), arrow, link, course.scope, conditions=_more(course, arrow)
    )


def _concluded_as_written(
    course: Course, alone: LineVerdict, equation: Node | None, meant: Node | None, link: Chain, found: LineVerdict
) -> LineVerdict:
    """`∂L/∂w = A = 0 ⇒ …`, where A is wrong: what is false by itself and does not follow from A = 0 either is wrong.

    Where ∂L/∂w is not even of the shape of A, nothing is held against a conclusion that follows from A = 0.
    """
    if equation is None or alone.verdict != "incorrect" or course.given.open or found.verdict == "correct":
        return found
    under = concluded(alone, (equation,), r"\Rightarrow", link, course.scope, conditions=False)
    if found.verdict == "incorrect":
        return under_condition(alone) if under.verdict == "correct" and _of_another_shape(meant, equation) else found
    return under if under.verdict == "incorrect" else found


def _of_another_shape(meant: Node | None, written: Node) -> bool:
    """Whether the side that was set has another shape than what it was said to be."""
    try:
        return meant is not None and shape_of(meant.children[0]) != shape_of(written.children[0])
    except Unreadable:
        return False


def _equations_given(course: Course) -> tuple[Node, ...]:
    """The conditions in force, where they are equations alone."""
    return () if course.given.open else course.given.statements


def _more(course: Course, arrow: str) -> bool:
    """Whether more is supposed than the premises say, so that a point against an arrow may be excluded."""
    given = bool(course.given.statements)
    loosely = bool(course.loosely_in) and not course.chain.alone
    conditions = bool(course.conditions_in) or course.given.open
    return conditions or (loosely and not given) or (given and arrow != r"\Rightarrow")
