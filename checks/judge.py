"""Formulas of a submission → verdicts, step by step, against one problem.

    definitions      matched against the parts; they say which part is in force (scope.py)
    chains           a = b = c: every side is compared with the first (true by itself) and with the side before (follows);
                     after ≤ or < the comparison starts anew at the side before it
    continuations    a formula that begins with a relation carries on the chain before
    set              `∂L/∂w = 0` at the end of a chain, if the words or the next line say so: an equation, no claim
    special cases    values in force (`for $x = 2$: …`) are put in where a claim is not true in general (conditions.py)
    inputs alone     identities and what follows from an equation are judged; other equations are conditions
    prose            what stands after if, since, whether … is an assumption; after "if …, then" true only if proven

A name nobody declared makes a step unreadable, unless a renaming makes it right: then it is wrong, with that renaming
as the suggestion. Formulas that mention nothing of the problem are outside it. The rooms are in judging/; here a formula
is led to the one it belongs in.
"""

from __future__ import annotations

from dataclasses import replace

from checks.arguments import values_at, without_arguments
from checks.choices import Choice, choice_of
from checks.decide.separation import FAILURES
from checks.judging.arrows import implication_steps, joined_steps
from checks.judging.chains import assumed, carried_on, chain_steps
from checks.judging.course import ChainState, Course
from checks.judging.definitions import as_definition, definition_of, definition_steps, law_restated
from checks.judging.denied import denied_steps, is_denied
from checks.judging.given import gives_numbers, label_steps, numbers_given
from checks.judging.inputs import inputs_steps, of_inputs
from checks.judging.orders import softened, up_to
from checks.judging.premises import is_concluded
from checks.judging.properties import property_steps
from checks.judging.records import Place, as_written, record
from checks.judging.remarks import shapes_as_remarks
from checks.judging.unreadable import left_of, mentions, named_at_the_end, unreadable
from checks.report.model import LineVerdict
from checks.submission.document import Formula
from derive.errors import Unreadable
from derive.matrix.nodes import Space
from derive.tree import Call, Chain, HasProperty, Implication, Logical, Name, Node

READ_WITH = "read with "  # how a note begins that says what was assumed to read a formula


def judge(course: Course, formula: Formula) -> list[LineVerdict]:
    """Every step of one formula; one that cannot be judged keeps no other from being judged."""
    try:
        if is_denied(formula):
            return denied_steps(course, formula, lambda: shapes_as_remarks(_judged(course, formula)))
        return shapes_as_remarks(_judged(course, formula))
    except (Unreadable, *FAILURES) as error:
        course.chain = ChainState()
        course.answers.loose.note_text(formula.text)
        step = Place(formula, 0, len(formula.text), 1).verdict(course.problem.id, course.scope.part, None)
        return [replace(step, code="no-rule", message=f"undecided: {error}")]


def _judged(course: Course, formula: Formula) -> list[LineVerdict]:
    """`L(w)`, which reads as a product, may also be L at w: one reading that is right will do."""
    terms = up_to(formula.text, course)
    if terms is not None:
        text = terms.removed(formula.text)
        steps = _judged(course, replace(formula, text=text))
        return softened(course, text, steps, terms, claimed=formula.role == "claim")
    called = values_at(formula.text, course.scope)
    if not called:
        return _judged_formula(course, formula)
    before = course.saved()
    steps = _judged_formula(course, formula)
    doubtful = {"incorrect", "unreadable"} | ({"correct"} if any(call.value is None for call in called) else set())
    if not any(step.verdict in doubtful or step.code == "reading" for step in steps):
        return steps
    after = course.saved()
    course.restore(before)
    plain = [call for call in called if call.value is not None]
    if len(plain) == len(called):
        text = without_arguments(formula.text, called)
        values = {name: value for call in plain for name, value in (call.value or {}).items()}
        if values:
            course.given = replace(course.given, values={**course.given.values, **values}, open=True)
        read_as = _judged_formula(course, replace(formula, text=text))
        if not any(step.verdict in ("incorrect", "unreadable") for step in read_as) or not values:
            said = "; ".join(dict.fromkeys(call.shown for call in called))
            return [
                replace(
                    step,
                    raw=as_written(step.raw, text, formula.text),
                    reading="; ".join(filter(None, (step.reading, said))),
                )
                for step in read_as
            ]
    course.restore(after)
    message = f"${called[0].text}$ may be a value at an argument or a product: left to a person"
    soft = [step if step.verdict not in doubtful else
            replace(step, verdict="undecided", code="value-at", true_by_itself=None, counterexample=None, suggestion=None,
                    message=message) for step in steps]  # fmt: skip
    course.answers.follow(soft)
    course.answers.loose.note_text(formula.text)
    return soft


def _judged_formula(course: Course, formula: Formula) -> list[LineVerdict]:
    chosen = choice_of(course.scope, formula)
    if chosen is not None:
        return [_choice_step(course, formula, *chosen)]
    try:
        reading = course.read(formula.text)
    except Unreadable as error:
        step = unreadable(course, formula, error)
        step = step if error.repair is None else _mended(course, step, formula, error.repair)
        start, named = named_at_the_end(course, formula)
        return [replace(step, raw=formula.text[:start].strip()), *named] if named else [step]
    tree = carried_on(reading.tree) if formula.continues else reading.tree
    if formula.role == "mention":
        return [record(course, formula, tree, "outside", "struck-out", "struck out by the author: not judged")]
    steps = _steps_of(course, formula, tree)
    steps = label_steps(course, formula, reading.shapes, steps) if reading.shapes else steps
    return [_read_so(step, reading.notes) for step in steps]


def _choice_step(course: Course, formula: Formula, function: str, choice: Choice) -> LineVerdict:
    """A function that the author chooses: supposed from here on."""
    course.chain = ChainState()
    tree = Chain((Call(function, (Name(choice.argument),)), choice.formula), ("=",))
    symbol = course.problem.symbols[function]
    if choice.is_as_declared(symbol):
        return record(
            course, formula, tree, "assumption", "choice", "a function that is chosen: supposed in what follows"
        )
    said = f"${function}$ is declared as {symbol.describe()}; that this one is such a function is not seen"
    return record(course, formula, tree, "undecided", "choice", said)


def _read_so(step: LineVerdict, notes: tuple[str, ...]) -> LineVerdict:
    """A step with how its formula was read where its shapes did not fit as written."""
    said = [note.removeprefix(READ_WITH) for note in notes if note.startswith(READ_WITH)]
    return replace(step, reading="; ".join(dict.fromkeys(filter(None, (step.reading, *said))))) if said else step


def _steps_of(course: Course, formula: Formula, tree: Node) -> list[LineVerdict]:
    if isinstance(tree, Chain) and gives_numbers(course, tree) and formula.role != "assumption":
        return numbers_given(course, formula, tree) or chain_steps(course, formula, tree)
    if isinstance(tree, Chain) and isinstance(tree.sides[-1], Space) and formula.role != "assumption":
        return chain_steps(course, formula, tree)
    definition = as_definition(course, tree)
    if definition is not None:
        return definition_steps(course, formula, *definition)
    if of_inputs(course, formula):
        return inputs_steps(course, formula, tree)
    if isinstance(tree, HasProperty):
        return property_steps(course, formula, tree)
    if isinstance(tree, Logical):
        return _stated(course, tree, joined_steps(course, formula, tree))
    if not isinstance(tree, Chain | Implication):
        course.answers.loose.note_alone(tree)
        return [record(course, formula, tree, "outside", "no-relation", "no relation: nothing is claimed")]
    if formula.role == "assumption":
        return assumed(course, formula, tree)
    if course.scope.is_condition(tree) and not is_concluded(course, formula, tree):
        course.chain = ChainState(statement=tree, supposed=True)
        said = "a condition of the problem: supposed or wished, and not claimed"
        return [record(course, formula, tree, "assumption", "condition", said)]
    if isinstance(tree, Implication):
        return _stated(course, tree, implication_steps(course, formula, tree))
    return law_restated(course, formula, tree) or chain_steps(course, formula, tree)


def _stated(course: Course, tree: Node, steps: list[LineVerdict]) -> list[LineVerdict]:
    course.answers.note_statement(tree, steps)
    return steps


def _mended(course: Course, step: LineVerdict, formula: Formula, repair: str) -> LineVerdict:
    """An unreadable step, with what would come of it if the mended text were meant; the chain and answers stay.

    What has no value as it stands, its shapes being declared, and is wrong mended, is wrong.
    """
    before = replace(course.chain)
    answers = course.answers.saved()
    mended = _judged_formula(course, replace(formula, text=repair, role="claim"))
    course.chain = before
    course.answers.restore(answers)
    verdicts = {s.verdict for s in mended}
    said = "and then it is correct" if verdicts <= {"correct", "definition"} else f"and then it is {mended[-1].verdict}"
    if verdicts == {"unreadable"}:
        return step
    if step.code == "shape" and formula.role == "claim" and verdicts == {"incorrect"}:
        message = f"{step.message}; as ${repair}$, which would be defined, it is wrong, too"
        return replace(step, verdict="incorrect", true_by_itself=False, message=message)
    return replace(step, suggestion=repair, message=f"{step.message}; mended it can be read, {said}")


def stated(course: Course, formula: Formula) -> Node | None:
    """What a formula states, if it can be read."""
    try:
        tree = course.read(formula.text).tree
    except Unreadable:
        return None
    return tree if isinstance(tree, Chain | Logical | Implication) else None


def concerns(course: Course, formula: Formula) -> int:
    """How much of the problem a formula mentions; a continuation of one of its chains counts too."""
    if choice_of(course.scope, formula) is not None:
        return 1
    try:
        terms = up_to(formula.text, course)
        tree = course.read(formula.text if terms is None else terms.removed(formula.text)).tree
    except Unreadable:
        left = left_of(course, formula.text)
        return mentions(course, formula.text) + (0 if left is None else course.scope.concerns(left))
    carried = formula.continues and course.chain.anchor is not None
    introduces = (definition := as_definition(course, tree)) is not None and bool(definition[1].names)
    introduces = introduces or (bool(course.valued.numbers.inputs) and gives_numbers(course, tree))
    asked = course.answers.resembles_claim(tree)
    return course.scope.concerns(tree) + (1 if carried or introduces or asked else 0)


def look_ahead(course: Course, formula: Formula, following: list[Formula]) -> None:
    """`= A, where A = …`: a name that is used just before it is defined."""
    course.following = following
    try:
        unknown = set(course.scope.unknown(course.read(formula.text).tree))
    except Unreadable:
        return
    defines = definition_of(course, formula)
    unknown -= {defines[0]} if defines else set()
    for later in following if unknown else ():
        definition = definition_of(course, later)
        if definition is not None and definition[0] in unknown and not course.scope.unknown(definition[1]):
            course.scope.introduce(*definition)
