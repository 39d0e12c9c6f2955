"""a = b = c, side by side, and equations that are set.

Every side is compared with the first (true by itself) and with the side before (follows); after ≤ or < the comparison
starts anew at the side before it. A formula that begins with a relation carries on the chain before. `∂L/∂w = 0` at the
end of a chain is no claim, if the words or the next line say that it is set.
"""

from __future__ import annotations

import re
from dataclasses import replace

from checks.conclusions import concluded, under_condition
from checks.conditions import is_constant, is_set
from checks.decide.extrema.decide import holds_extremum
from checks.decide.extrema.operators import defines_norm
from checks.judging.comparison import LOCAL, compared
from checks.judging.course import ChainState, Course
from checks.judging.numbers import is_number
from checks.judging.premises import holds_anyway, premises_of, set_up, under_what_is_said
from checks.judging.records import Place, links, record, said_of_name
from checks.report.model import LineVerdict
from checks.submission.document import Formula
from derive.errors import Unreadable
from derive.matrix.families import is_spelled_out
from derive.matrix.nodes import ArrayName, Space
from derive.tree import Chain, Constant, Derivative, Implication, Logical, Name, Node, Number, walk
from derive.write import latex

_MORE_WORDS = re.compile(
    r"\b(?!(?:for|if|when|whenever|with|at|and|then|so|we|have|get|obtain|find|the|point|values?|is|are|it|in|this|case|hence|thus|"
    r"therefore|that|let|suppose|given|where|wenn|dann|für|bei|und|gilt|ist)\b)[^\W\d_]{2,}",
    re.IGNORECASE,
)

_CONCLUDES = re.compile(
    r"\b(?:hence|therefore|thus|so|consequently|follows|gives|yields|implies|means|that is|then|daher|folglich|donc)\b|\bi\.e\.",
    re.IGNORECASE,
)


def chain_steps(course: Course, formula: Formula, tree: Chain) -> list[LineVerdict]:
    """The steps of a chain that begins here or carries on the one before."""
    wished = _wished_before(course, formula)
    if tree.continued:
        if course.chain.base is None:
            return _without_beginning(course, formula, tree)
        steps = sides_steps(course, formula, tree, 0)
    else:
        course.chain = ChainState(tree.sides[0], tree.sides[0], tree.sides[0], statement=tree)
        steps = sides_steps(course, formula, tree, 0)
    if not tree.continued:
        steps = set_up(course, formula, tree, steps)
    premises = premises_of(course, tree) if course.given.supposed else ()
    if premises and formula.role == "claim" and not tree.continued:
        said = premises[0] if len(premises) == 1 else Logical("and", premises)
        course.answers.note_statement(Implication((said, tree), (r"\Rightarrow",)), steps)
    if wished and formula.role == "claim" and not tree.continued:
        pairs = list(zip(steps, links(tree), strict=True))
        steps = [concluded(step, wished, r"\Rightarrow", link, course.scope, conditions=True) for step, link in pairs]
        course.answers.follow(steps)
        course.answers.note_statement(Implication((*wished, tree), (r"\Rightarrow",)), steps)
    if formula.role == "conclusion" and not (course.given.only_inputs(course.scope) and _few(formula.words)):
        steps = _concluded_in_words(course, formula, tree, steps, wished)
    return steps


def _wished_before(course: Course, formula: Formula) -> tuple[Node, ...]:
    """The condition of the problem that was written just before, where the words say that this is concluded from it."""
    statement = course.chain.statement if course.chain.supposed else None
    if statement is None or not _CONCLUDES.search(formula.words) or not course.scope.is_condition(statement):
        return ()
    return (statement,)


def _without_beginning(course: Course, formula: Formula, tree: Chain) -> list[LineVerdict]:
    """`= b = c` where the line before is missing: b is left to a person, and c is compared with b."""
    message = "this carries on a line that is not there, or that belongs to no question"
    course.answers.loose.note_any()
    if len(tree.relations) == 1:
        return [record(course, formula, tree, "undecided", "no-line-before", message)]
    begun = tree.sides[0]
    shown = latex(Chain((begun,), tree.relations[:1], continued=True))
    step = Place(formula, 0, tree.at[1], 1).verdict(course.problem.id, course.scope.part, shown)
    course.chain = ChainState(begun, begun, begun)
    rest = sides_steps(course, formula, tree, 1)
    return [replace(step, verdict="outside", code="no-line-before", message=message), *rest]


def _concluded_in_words(
    course: Course, formula: Formula, tree: Chain, steps: list[LineVerdict], wished: tuple[Node, ...]
) -> list[LineVerdict]:
    """`if A and B, then C`: right if C follows from A and B, wrong if it does not and nothing else is supposed; else left open.

    `wished` is the condition of the problem that the author wrote just before.
    """
    supposed = (*course.given.statements, *wished)
    course.conditions_in -= {formula.sentence}  # what stands after "if" ends with its sentence
    course.loosely_in -= {formula.sentence}
    more = (
        bool(course.conditions_in or course.loosely_in)
        or course.given.conflict
        or course.given.unread
        or not _few(f"{formula.words} {formula.after.partition('. ')[0]}")
    )
    if tree.continued:
        steps = [under_condition(step) for step in steps]
    else:
        steps = [
            concluded(step, supposed, r"\Rightarrow", link, course.scope, conditions=more)
            for step, link in zip(steps, links(tree), strict=True)
        ]
    course.answers.follow(steps)
    if supposed and not tree.continued:
        premise = supposed[0] if len(supposed) == 1 else Logical("and", supposed)
        course.answers.note_statement(Implication((premise, tree), (r"\Rightarrow",)), steps)
    return steps


def sides_steps(course: Course, formula: Formula, tree: Chain, first: int, begin: int = 0) -> list[LineVerdict]:
    """The steps of a chain from relation number `first` on; the chain begins at character `begin` of the formula."""
    sides = tree.sides if tree.continued else tree.sides[1:]
    steps = []
    for index in range(first, len(tree.relations)):
        start = begin if index == 0 else tree.at[index] if index < len(tree.at) else begin
        end = tree.at[index + 1] if index + 1 < len(tree.at) else len(formula.text)
        place = Place(formula, start, end, index + 1)
        steps.append(_side(course, place, tree.relations[index], sides[index], lead=index == 0 and not tree.continued))
    return steps


def _side(course: Course, place: Place, relation: str, side: Node, *, lead: bool) -> LineVerdict:
    """One step: the chain so far, a relation, a side."""
    base, last = course.chain.base, course.chain.last
    assert base is not None
    shown_tree: Node = Chain((base, side), (relation,)) if lead else Chain((side,), (relation,), continued=True)
    if relation == "=:":
        return _named(course, place, side, last)
    if names_it(course, relation, side, base):
        return _named_at_end(course, place, side, base, shown_tree)
    if _is_named_again(course, relation, side, base):
        course.scope.part = _part_of(course, side, base)
        step = place.verdict(course.problem.id, course.scope.part, latex(shown_tree))
        return replace(step, verdict="definition", code="repeated", message=said_of_name(latex(side), "repeated", ""))
    step = compared(course, place, relation, side, shown_tree, base, last, lead=lead)
    if step.verdict == "incorrect" and course.chain.last_outcome == "unreadable" and _is_quantity(course, base):
        said = f"what ${latex(base)}$ is here could not be read, so it may mean something else"
        step = replace(step, verdict="undecided", code="name-unread", true_by_itself=None, counterexample=None,
                       suggestion=None, reading=None, message=said)  # fmt: skip
    if lead and step.verdict == "correct" and is_spelled_out(base, side):
        step = replace(step, verdict="definition", code="repeated", message=said_of_name(latex(base), "repeated", ""))
    if _is_set(course, place, relation, side, step):
        return _set_to(course, place, step, base, side)
    if is_number(side) and side.has_array and not is_number(base) and course.valued.numbers.inputs:
        course.answers.note_numbers(course.chain.anchor, step)
        course.chain.last, course.chain.last_outcome = side, step.verdict
        return step
    premised = False
    if place.formula.role == "claim" and step.verdict in ("incorrect", "undecided"):
        before, step = step, under_what_is_said(course, step, Chain((base, side), (relation,)))
        premised = step is not before
    conditional = premised or (step.verdict != "correct" and (course.concluding or place.formula.role == "conclusion"))
    if step.code in ("special-case", LOCAL) or conditional or (step.verdict == "undecided" and course.given.special):
        course.answers.note_open(course.chain.anchor, step)
    elif relation == "=":
        _note(course, side, step)
    if step.verdict == "unreadable":
        course.answers.loose.note_text(place.formula.text)
    if step.code != "special-case":
        noted = replace(step, verdict="undecided") if premised and step.verdict == "correct" else step
        course.answers.note_relation(base, relation, side, noted, supposed=conditional)
    _work_out(course, side, relation, step)
    if lead and step.verdict == "correct" and defines_norm(base, side, course.scope.setting):
        step = replace(step, verdict="definition", code="repeated", message="as the norm of a matrix is defined")
    if relation == r"\in" and isinstance(side, Space):
        return step
    if relation not in ("=", r"\approx") or holds_extremum(side):  # what follows is the value of the extremum
        course.chain.base = side
    course.chain.last = side if step.verdict != "unreadable" else None
    course.chain.last_outcome = step.verdict
    return step


def _is_quantity(course: Course, base: Node) -> bool:
    """`L = … = 1`: a name that the problem defines, and that an author may take for something else."""
    return isinstance(base, Name | ArrayName) and not course.problem.is_input(base.key)


def _note(course: Course, side: Node, step: LineVerdict) -> None:
    """`∂f/∂x = ∂(x^T a)/∂x = a`: what comes last answers for every side before it that is asked for, and right."""
    for about in (course.chain.anchor, *course.chain.asked):
        course.answers.note(about, side, step)
    if step.verdict == "correct" and course.answers.asked(side) and course.chain.base == course.chain.anchor:
        course.chain.asked = (*course.chain.asked, side)


def carried_on(tree: Node) -> Node:
    """What a formula says that an arrow leads to from the chain before: one side more."""
    if isinstance(tree, Logical | Implication) or (isinstance(tree, Chain) and tree.continued):
        return tree
    chain = tree if isinstance(tree, Chain) else Chain((tree,), ())
    return Chain(chain.sides, ("=", *chain.relations), continued=True, at=(0, *chain.at))


def names_it(course: Course, relation: str, side: Node, base: Node) -> bool:
    """`∂L/∂z = ŷ − y = δ`: a name that means nothing yet, alone at the end, for what the chain is about."""
    if relation != "=" or not isinstance(side, Name | ArrayName) or course.scope.unknown(base):
        return False
    about = any(isinstance(node, Derivative) for node in walk(base)) and base.has_array
    return about and side.names[0] in course.scope.unknown(side)


def _is_named_again(course: Course, relation: str, side: Node, base: Node) -> bool:
    """`x^T A x = … = f`: what the chain is about is what the problem calls f."""
    if relation != "=" or not isinstance(side, Name | ArrayName) or not base.has_array:
        return False
    return _part_of(course, side, base) is not None


def _part_of(course: Course, side: Node, base: Node) -> str | None:
    """The part that defines a name by a formula: the author is in it from here on."""
    return next((part.name for part in course.problem.parts.values() if (side.names[0], base) in part.given), None)


def _named_at_end(course: Course, place: Place, side: Node, base: Node, shown_tree: Node) -> LineVerdict:
    """The author's name for what the chain is about, worked out as far as it is right."""
    step = place.verdict(course.problem.id, course.scope.part, latex(shown_tree))
    name = side.names[0]
    found = course.scope.introduce(name, _worked_out(course, course.chain.last) or base)
    return replace(step, verdict="definition", code=found.outcome, message=said_of_name(name, found.outcome, found.key))


def _worked_out(course: Course, last: Node | None) -> Node | None:
    """The side before, if it is right and no derivative is left in it."""
    if last is None or course.chain.last_outcome != "correct" or is_number(last) or course.scope.unknown(last):
        return None
    meant = course.scope.looked_through(last)
    return None if any(isinstance(node, Derivative) for node in walk(meant)) else last


def _work_out(course: Course, side: Node, relation: str, step: LineVerdict) -> None:
    """`δ = ∂L/∂z = p − y`: once proven, the name stands for the worked-out side."""
    anchor = course.chain.anchor
    if (
        step.verdict != "correct"
        or relation != "="
        or not isinstance(anchor, Name | ArrayName)
        or anchor.key not in course.scope.own
    ):
        return
    meant = course.scope.looked_through(side)
    if anchor.key not in meant.names and not any(isinstance(node, Derivative) for node in walk(meant)):
        course.scope.own[anchor.key] = meant


def _named(course: Course, place: Place, side: Node, last: Node | None) -> LineVerdict:
    """`… =: e`: a name for the side before."""
    step = place.verdict(course.problem.id, course.scope.part, latex(Chain((side,), ("=:",), continued=True)))
    name = "e" if side == Constant("e") else side.key if isinstance(side, Name) else None
    if name is None or last is None or course.scope.unknown(last) or course.problem.is_input(name):
        return replace(
            step,
            verdict="unreadable",
            code="definition",
            message="=: gives a name to what stands before it; write name := formula",
        )
    found = course.scope.introduce(name, last)
    return replace(step, verdict="definition", code=found.outcome, message=said_of_name(name, "own", found.key))


def _is_set(course: Course, place: Place, relation: str, side: Node, step: LineVerdict) -> bool:
    """`∂L/∂w = 0`, which is not true in general, at the end of a chain: the words or the next line say it is set."""
    if course.concluding or relation != "=" or not is_constant(side) or step.verdict not in ("incorrect", "undecided"):
        return False
    formula = place.formula
    if place.end < len(formula.text) or course.chain.base is None or not course.chain.base.names:
        return False
    return is_set(formula, side) or (not course.given.special and _solved_next(course, formula, side))


def _solved_next(course: Course, formula: Formula, side: Node) -> bool:
    """Whether the next formula concludes from this one: it begins with an arrow, or solves for an input."""
    if (
        not course.following
        or course.following[0].section != formula.section
        or course.following[0].role == "assumption"
    ):
        return False
    try:
        tree = course.read(course.following[0].text).tree
    except Unreadable:
        return bool(
            re.match(
                r"\s*(?:\\(?:Right|Leftright|Longright|Longleftright)arrow|\\implies|\\iff|⇒|⇔)",
                course.following[0].text,
            )
        )
    if isinstance(tree, Implication):
        return tree.continued
    solved = isinstance(tree, Chain) and not tree.continued and tree.relations[0] == "=" and solves(course, tree)
    return solved and side == Number("0") and bool(tree.names[1:])


def solves(course: Course, tree: Chain) -> bool:
    """Whether a chain gives an input, alone on its left, a value."""
    name = tree.sides[0]
    return isinstance(name, Name) and course.problem.is_input(name.key) and name.key not in tree.sides[-1].names


def _set_to(course: Course, place: Place, step: LineVerdict, base: Node, side: Node) -> LineVerdict:
    """An equation that is set, from which the next statements conclude."""
    statement = Chain((base, side), ("=",))
    course.answers.note_open(course.chain.anchor, step)
    course.equation = (place.formula.sentence, statement)
    course.chain.statement, course.chain.supposed = statement, True
    slip = course.chain.last if course.chain.last_outcome == "incorrect" else None
    course.chain.written = None if slip is None else Chain((slip, side), ("=",))
    course.chain.last, course.chain.last_outcome = side, "assumption"
    return replace(step, verdict="assumption", code="set-to", true_by_itself=None, follows=None, counterexample=None,
                   suggestion=None, reading=None, message="an equation that is set, to be solved: not judged")  # fmt: skip


def assumed(course: Course, formula: Formula, tree: Node) -> list[LineVerdict]:
    """A formula stated as a condition; an equation may be the one that is solved next."""
    if not holds_anyway(course, tree):
        course.conditions_in |= {formula.sentence}
    if isinstance(tree, Chain) and not tree.continued and any(is_constant(side) for side in tree.sides):
        course.equation = (formula.sentence, tree)
    return [record(course, formula, tree, "assumption", "assumption", "stated as a condition: not judged")]


def _few(words: str) -> bool:
    """Whether next to nothing but formulas stands in a sentence, so that they are all that is supposed."""
    return not _MORE_WORDS.search(words)
