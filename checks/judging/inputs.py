"""Formulas of inputs alone: identities and what follows from an equation are judged, other equations are conditions."""

from __future__ import annotations

from dataclasses import replace

from checks.conclusions import concluded, is_order
from checks.conditions import Conditions, conditions
from checks.judging.arrows import concluded_from, implication_steps
from checks.judging.chains import chain_steps, sides_steps, solves
from checks.judging.course import ChainState, Course
from checks.judging.orders import up_to
from checks.judging.records import links, record
from checks.report.model import LineVerdict
from checks.submission.document import Formula
from checks.verdict import Verdict
from derive.errors import Unreadable
from derive.matrix.families import is_spelling
from derive.tree import Call, Chain, FunctionName, Implication, Logical, Name, Node, walk

OPPOSITE = {"<": r"\ge", r"\le": ">", ">": r"\le", r"\ge": "<"}
OF_INPUTS = "mentions only inputs; taken as a condition"


def of_inputs(course: Course, formula: Formula) -> bool:
    """Whether a formula states something of inputs alone."""
    terms = up_to(formula.text, course)
    try:
        tree = course.read(formula.text if terms is None else terms.removed(formula.text)).tree
    except Unreadable:
        return False
    scalars = all(course.problem.is_input(n) and n not in course.scope.own for n in tree.names)
    return (
        bool(tree.names)
        and scalars
        and isinstance(tree, Chain | Implication | Logical)
        and course.scope.concerns(tree) == len(_free_functions(course, tree))
        and not course.answers.resembles_claim(tree)
    )


def _free_functions(course: Course, tree: Node) -> set[str]:
    """The functions of a formula that the problem says nothing of, where nothing is derived: they are inputs, too."""
    named = course.problem.symbols.named_functions
    called = [node for node in walk(tree) if isinstance(node, Call | FunctionName)]
    if any(node.order for node in called) or not isinstance(tree, Chain) or set(tree.relations) == {"="}:
        return set()
    return {node.function for node in called if (symbol := course.problem.symbols.get(node.function)) is not None
            and symbol.is_function and not symbol.properties and node.function not in named}  # fmt: skip


def inputs_steps(course: Course, formula: Formula, tree: Node) -> list[LineVerdict]:
    """An identity between inputs is judged, and what is concluded from an equation; else it is a condition."""
    if formula.role == "assumption":
        course.loosely_in |= {formula.sentence}
        return [record(course, formula, tree, "assumption", "assumption", "stated as a condition: not judged")]
    before, nothing_else = replace(course.chain), not course.loosely_in and not course.conditions_in
    if isinstance(tree, Chain) and set(tree.relations) != {"="}:
        course.loosely_in |= {formula.sentence}
    if isinstance(tree, Implication):
        concluded_steps = implication_steps(course, formula, tree)
        course.answers.note_statement(tree, concluded_steps)
        return [_condition(step) if step.verdict == "undecided" else step for step in concluded_steps]
    if not isinstance(tree, Chain):
        return [_condition(record(course, formula, tree, "outside", "outside", ""))]
    if tree.continued and before.base is None:
        alone = _condition(record(course, formula, tree, "outside", "outside", ""))
        return [alone, *_of_one_array(course, formula, tree)]
    steps = chain_steps(course, formula, tree)
    if tree.continued or is_spelling(tree):
        return steps
    directly = _from_equation(course, formula, before.statement)
    orders = is_order(before.statement) and is_order(tree) and not _free_functions(course, tree)
    if directly is None and not tree.continued and before.supposed and orders:
        steps = [_from_line_before(course, step, before, link) for step, link in zip(steps, links(tree), strict=True)]
        if all(step.verdict == "correct" for step in steps):
            course.chain = replace(course.chain, supposed=True, before=_said(before), alone=before.alone)
            return steps
    judged: list[LineVerdict] = []
    for step, link in zip(steps, links(tree), strict=True):
        if directly is not None and step.verdict != "correct":
            step = concluded_from(course, step, (directly,), r"\Rightarrow", link)
        judged.append(step)
    if any(step.verdict == "correct" for step in judged[:1]):
        course.chain.supposed = not judged[0].true_by_itself
        return [
            step if step.verdict == "correct" or link.sides[-1].names else _claim_or_condition(course, step, link)
            for step, link in zip(judged, links(tree), strict=True)
        ]
    if (
        directly is not None
        and judged[0].verdict == "incorrect"
        and judged[0].follows is False
        and solves(course, tree)
    ):
        return judged
    course.chain = ChainState(statement=tree, supposed=True, alone=nothing_else)
    noted = conditions([(replace(formula, role="assumption"), tree)], course.scope)
    course.noted = Conditions({**course.noted.values, **noted.values}, open=True)
    partly = any(step.verdict == "correct" for step in judged)  # 0 ≥ p < 1 is no condition: half of it is a claim
    by_itself = nothing_else and not course.given.statements and formula.role == "claim" and course.treated
    return [
        step if step.verdict == "correct"
        else _claim_or_condition(course, step, link) if partly
        else _never_or_condition(course, step, link) if by_itself and _is_of_more_than_a_name(link)
        else _condition(step)
        for step, link in zip(judged, links(tree), strict=True)
    ]  # fmt: skip


def _claim_or_condition(course: Course, step: LineVerdict, link: Chain) -> LineVerdict:
    """Beside a relation that is true, one that is false for all values is wrong, whatever is supposed; else a condition."""
    if _opposite_of(course, step, link) is None:
        return step if step.verdict == "undecided" else _condition(step)
    return replace(
        step, verdict="incorrect", code="never", true_by_itself=False, message="false for all values of the inputs"
    )


def _never_or_condition(course: Course, step: LineVerdict, link: Chain) -> LineVerdict:
    r"""`\ln \beta > 0` with β between 0 and 1 holds nowhere, so that it can be no condition."""
    opposite = _opposite_of(course, step, link)
    if opposite is None:
        return _condition(step)
    said = f"false for all values the problem admits: {opposite.evidence}"
    return replace(step, verdict="incorrect", code="never", true_by_itself=False, message=said)


def _is_of_more_than_a_name(link: Chain) -> bool:
    """Whether something is said of more than a letter, which an author may use for another thing."""
    return not any(isinstance(side, Name) for side in link.sides)


def _opposite_of(course: Course, step: LineVerdict, link: Chain) -> Verdict | None:
    """The proof that a relation is false for all values; None without one."""
    opposite = OPPOSITE.get(link.relations[0])
    readings = course.scope.readings(*link.sides) if opposite and step.verdict in ("incorrect", "undecided") else []
    if not readings:
        return None
    verdict = course.decided(readings[0].trees[0], str(opposite), readings[0].trees[1])
    return verdict if verdict.status == "proven" else None


def _said(chain: ChainState) -> tuple[Node, ...]:
    """The lines of a chain of statements, the last one included."""
    return (*chain.before, *((chain.statement,) if chain.statement is not None else ()))


def _from_line_before(course: Course, step: LineVerdict, before: ChainState, link: Chain) -> LineVerdict:
    """An inequality of inputs that follows from the one before it; one that does not is a condition of its own."""
    found = concluded(step, _said(before)[-1:], r"\Rightarrow", link, course.scope, conditions=True)
    return found if found.verdict == "correct" else step


def _of_one_array(course: Course, formula: Formula, tree: Chain) -> list[LineVerdict]:
    """What a chain whose beginning is not there says by itself, if it spells the same arrays out again."""
    rest = Chain(tree.sides, tree.relations[1:], at=tree.at[1:])
    if not rest.relations or not is_spelling(rest):
        return []
    course.chain = ChainState(rest.sides[0], rest.sides[0], rest.sides[0], statement=rest)
    return sides_steps(course, formula, rest, 0)


def _from_equation(course: Course, formula: Formula, stated: Node | None) -> Node | None:
    """The equation set in this sentence, or just before, if the formula may be its solution."""
    if course.equation is None:
        return None
    sentence, statement = course.equation
    near = formula.sentence == sentence or stated == statement
    return statement if near and isinstance(statement, Chain) and not course.scope.unknown(statement) else None


def _condition(step: LineVerdict) -> LineVerdict:
    return replace(step, verdict="outside", code="outside", true_by_itself=None, follows=None, counterexample=None,
                   suggestion=None, reading=None, message=OF_INPUTS)  # fmt: skip
