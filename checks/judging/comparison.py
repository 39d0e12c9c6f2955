"""One relation between two sides → the verdict of a step.

The readings of its names are tried in turn, the first that makes the step right will do. What is not true in general is
tried with the values in force, and what stays wrong is explained: the likeliest slip, the nearest correct form, a
renaming that mends a name nobody declared.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from difflib import SequenceMatcher

from checks.conclusions import under_condition
from checks.conditions import is_constant, settable, special_case
from checks.decide.arrays.equality import is_symbolic
from checks.decide.claim import Claim
from checks.decide.extrema.decide import holds_extremum
from checks.diagnose import Finding
from checks.judging.course import Course
from checks.judging.numbers import decide_numbers, is_number
from checks.judging.records import Place, evidence
from checks.judging.supposed import within
from checks.judging.whole_vectors import in_whole_vectors, lone_indices
from checks.readings import Reading
from checks.report.model import LineOutcome, LineVerdict
from checks.scope import alike_in_shape
from checks.taking import held_local
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge
from derive.matrix.conventions import GRADIENTS, MATRICES, ROWS, has_array_derivatives
from derive.matrix.shapes import shape_of
from derive.textbook import collected
from derive.tree import (
    Cases,
    Chain,
    Constant,
    Derivative,
    Logical,
    Name,
    Node,
    OffKinks,
    Power,
    Product,
    substitute,
    walk,
)
from derive.write import latex

OTHER_LAYOUT = "other-layout"  # the code of a step that is right with derivatives by matrices transposed
LOCAL = "local"  # the code of a step that is right as a local derivative where the total one is asked for
LOCAL_ONLY = "right as the local derivative, the names in between held fixed; what is asked for is the total one"
_LONGEST_COMPARED = 400  # characters of a formula that are looked at to find the reading meant
_SHAPES = frozenset(["shape", "type-mismatch"])
_OUTCOME: dict[str, LineOutcome] = {
    "proven": "correct",
    "verified": "correct",
    "refuted": "incorrect",
    "undecided": "undecided",
}


def compared(
    course: Course, place: Place, relation: str, side: Node, tree: Node, base: Node, last: Node | None, *, lead: bool
) -> LineVerdict:
    """The step from `base` (and from `last`, the side before) to `side`, shown as `tree`; `lead`: it begins a chain."""
    step = place.verdict(course.problem.id, course.scope.part, latex(tree))
    if base == side:
        return replace(step, verdict="undecided", code="identical-sides",
                       message="both sides are written the same, which says nothing; a star or an index may be lost")  # fmt: skip
    if relation in {"=", r"\approx"} and is_number(side) and (side.has_array or course.valued.numbers.inputs):
        by_values = _of_numbers(course, step, base, side, last, lead=lead)
        if by_values is not None:
            return by_values
    unknown = course.scope.unknown(Chain((base, side), (relation,)))
    if unknown:
        return _with_unknown(course, step, unknown, base, side, relation)
    try:
        best, verdict = _best_reading(course, base, relation, side)
        if verdict.status == "refuted":
            best, verdict = _best_of_whole(course, base, relation, side) or (best, verdict)
    except (NoRule, TooLarge) as error:
        return replace(step, verdict="undecided", code="no-rule", message=f"undecided: {error}")
    outcome = _OUTCOME[verdict.status]
    if outcome == "correct" and MATRICES in best.layout and ROWS not in course.scope.layouts:
        message = "right in the other layout, where the derivative by a matrix is transposed: left to a person"
        return replace(
            step, verdict="undecided", code=OTHER_LAYOUT, part=best.part, reading=best.description, message=message
        )
    if outcome == "correct" and best.layout:
        course.scope.layouts.update(best.layout.split(", "))
    elif outcome == "correct" and has_array_derivatives(base) and 1 not in shape_of(base):
        course.scope.layouts.add(GRADIENTS)
    if (
        outcome == "incorrect"
        and side.has_array
        and is_number(side)
        and not is_number(base)
        and verdict.code not in _SHAPES
    ):
        message = "undecided: not so for all values of the inputs, and for which it is meant is not known"
        return replace(step, verdict="undecided", code="no-values", part=best.part, message=message)
    doubt = (_lone_index(course, base, side) or _doubt(course, base, side)) if outcome == "incorrect" else ""
    if doubt:
        return replace(step, verdict="undecided", code="reading", part=best.part, message=f"undecided: {doubt}")
    general = outcome == "correct" and course.given.as_declared(course.scope)
    special = None if general else special_case(base, relation, side, course.given, course.scope)
    if special is not None and not (outcome == "correct" and special.status in ("proven", "verified")):
        return _under_values(course, step, special, best, relation, side)
    if outcome == "incorrect" and (
        course.given.conflict
        or course.given.unread_here
        or (course.given.open and course.given.values)
        or _noted(course, base, relation, side)
    ):
        return under_condition(replace(step, verdict=outcome, part=best.part))
    verdict, outside = within(course, verdict, best, relation) if outcome == "incorrect" else (verdict, "")
    step = replace(step, verdict=outcome, code=verdict.code, part=best.part, reading=best.description or None,
                   true_by_itself={"correct": True, "incorrect": False}.get(outcome),
                   counterexample=verdict.counterexample, message="; ".join(filter(None, (evidence(verdict), outside))))  # fmt: skip
    if not lead:
        step = replace(step, follows=_follows(course, last, relation, side))
    if outcome == "correct" and _is_local_of_asked(course, base, side, best):
        return replace(step, code=LOCAL, message=LOCAL_ONLY)
    explained = outcome == "incorrect" and not (
        holds_extremum(base) or holds_extremum(side)
    )  # no factor is missing in a value
    return _not_repeating(_explained(course, step, best, relation), base) if explained else step


def _not_repeating(step: LineVerdict, base: Node) -> LineVerdict:
    """`f = …`, did you mean f: what stands on the left already is no suggestion."""
    return replace(step, suggestion=None) if step.suggestion == latex(base) else step


def _of_numbers(
    course: Course, step: LineVerdict, base: Node, side: Node, last: Node | None, *, lead: bool
) -> LineVerdict | None:
    """A side of numbers, with the values in force put in; None where they say nothing, or it is true of all values."""
    valued = course.valued
    trusted = course.chain.last_outcome in {"correct", "definition"} or last is base
    verdict = decide_numbers(valued, base, side, last if trusted else None)
    if verdict is None or (verdict.status == "undecided" and not valued.numbers.inputs):
        return None
    outcome = _OUTCOME[verdict.status]
    if not side.has_array and not course.scope.unknown(base):
        with suppress(NoRule, TooLarge):
            if _best_reading(course, base, "=", side)[1].status in {"proven", "verified"}:
                return None
    if outcome == "correct":
        course.numbers.note(course.chain.anchor, last, side)
    follows = None
    if not lead and last is not None and is_number(last) and last is not base:
        judged = decide_numbers(valued, last, side, None)
        follows = None if judged is None else {"correct": True, "incorrect": False}.get(_OUTCOME[judged.status])
    code, message = verdict.code, verdict.evidence
    if outcome == "correct" and code not in {"rounded", "digits"}:
        code, message = "values", "equal with the values put in"
    elif code == "counterexample":
        code = "not-equal"
    true = {"correct": True, "incorrect": False}.get(outcome)
    return replace(step, verdict=outcome, code=code, true_by_itself=true, follows=follows, message=message)


def _noted(course: Course, base: Node, relation: str, side: Node) -> bool:
    """Whether a step that is false in general is true with what was noted before in the section: `$y = 3$`.

    A number may be meant with those values, too, where they are some of those it takes.
    """
    if not course.noted.values or course.given.special:
        return False
    inputs = set(course.scope.program.inputs(base)) - set(course.problem.symbols.named_functions)
    if is_constant(side) and course.noted.values.keys() < inputs:
        return True
    special = special_case(base, relation, side, course.noted, course.scope)
    return special is not None and special.status in ("proven", "verified")


def _under_values(
    course: Course, step: LineVerdict, special: Verdict, reading: Reading, relation: str, side: Node
) -> LineVerdict:
    """A step that is not true in general, with the conditions in force put in."""
    step = replace(step, part=reading.part)
    if special.status in ("proven", "verified"):
        how = f"; {special.evidence}" if special.code == "rounded" else ""
        return replace(step, verdict="correct", code="special-case", follows=None,
                       message=f"true for {course.given.described}, as supposed{how}")  # fmt: skip
    if special.status != "refuted" or not course.given.only_inputs(course.scope):
        return under_condition(replace(step, verdict="undecided"))
    if _is_set(course, reading, side):
        said = "a value that inputs without values can give it: taken as a condition"
        return replace(under_condition(step), verdict="assumption", code="condition", message=said)
    values = {name: latex(value) for name, value in course.given.values.items()}
    point = {**values, **(special.counterexample or {})}
    message = f"false for {course.given.described}: {evidence(special)}"
    step = replace(
        step, verdict="incorrect", code="not-equal", true_by_itself=False, counterexample=point, message=message
    )
    named = is_constant(side) or isinstance(course.chain.anchor, Name)  # no slip is to be found in a value
    return step if named else replace(_explained(course, step, reading, relation), counterexample=point)


def _is_set(course: Course, reading: Reading, side: Node) -> bool:
    """Whether `z = 1` gives a name a value, as nothing is known of the inputs it depends on, and one of them is free."""
    name = reading.trees[0]
    if not isinstance(name, Name) or name.key not in course.scope.program.definitions or not is_constant(side):
        return False
    return settable(name.key, course.given.values, course.scope)


def _lone_index(course: Course, base: Node, side: Node) -> str:
    """An index on one side alone: `-y/ŷ_i` may stand for the vector of those."""
    lone = lone_indices(course, base, side)
    return f"the index {lone[0]} stands on one side alone; a whole vector may be meant" if lone else ""


def _best_of_whole(course: Course, base: Node, relation: str, side: Node) -> tuple[Reading, Verdict] | None:
    """The reading by which a step is right once entries stand for their vectors; None if there is none."""
    whole = in_whole_vectors(course, base, side) if relation == "=" else None
    if whole is None:
        return None
    reading, verdict = _best_reading(course, base, relation, whole[0])
    described = "; ".join(filter(None, (reading.description, whole[1])))
    return (replace(reading, description=described), verdict) if _OUTCOME[verdict.status] == "correct" else None


def _doubt(course: Course, *sides: Node) -> str:
    """Why a formula that came out wrong may only have been read wrong."""
    for side in sides:
        exponentials = sum(1 for node in walk(side) if isinstance(node, Power) and node.base == Constant("e"))
        if sum(1 for node in walk(side) if node == Constant("e")) > exponentials:
            return "the letter e was read as Euler's number; if it is a name, define it (e = …)"
        if any(node in (Constant("pi"), Constant("i")) for node in walk(side)):
            return "π or i was read as the number; if it is a name, define it"
        for node in walk(side):
            if (
                isinstance(node, Derivative)
                and isinstance(node.operand, Product)
                and course.scope.concerns(node.operand)
            ):
                return "a product stands under the derivative; write the name alone, or brackets around the product"
    return ""


def _is_local_of_asked(course: Course, base: Node, side: Node, reading: Reading) -> bool:
    """Whether a side is right only as the local derivative, where the total one is what a question asks for."""
    question = course.answers.asked(base) or course.answers.asked(side)
    return question is not None and held_local(question.ask, reading.description)


def _best_reading(course: Course, base: Node, relation: str, side: Node) -> tuple[Reading, Verdict]:
    """The first reading that makes a step right; else the first that is open; else the first."""
    readings = course.scope.readings(base, side)
    if not readings:
        raise TooLarge("no reading of its names was found")
    question = course.answers.asked(base) or course.answers.asked(side)
    if (
        question is not None
    ):  # what is asked is the total derivative: that is tried first, and mistakes are explained by it
        readings.sort(key=lambda reading: held_local(question.ask, reading.description))
    judged: list[tuple[Reading, Verdict]] = []
    for reading in readings:
        left, right = reading.trees
        verdict = course.decided(left, relation, right)
        if verdict.status in ("proven", "verified"):
            return reading, verdict
        judged.append((reading, verdict))
    open_ones = [(r, v) for r, v in judged if v.status == "undecided"]
    if open_ones:
        return open_ones[0]
    if question is not None:
        total = [pair for pair in judged if not held_local(question.ask, pair[0].description)]
        judged = total or judged
    return _nearest(course, judged) if relation == "=" else judged[0]


def _nearest(course: Course, judged: list[tuple[Reading, Verdict]]) -> tuple[Reading, Verdict]:
    """The refuted reading by which the least would have to be changed, as its sides are written."""
    if len(judged) == 1:
        return judged[0]
    return max(judged, key=lambda found: _agreement(course, found[0]))


def _agreement(course: Course, reading: Reading) -> float:
    if any(tree.has_array for tree in reading.trees):
        left, right = (set(tree.names) for tree in reading.trees)
        return alike_in_shape(*reading.trees) + len(left & right) / (1 + len(left | right))
    ways = [reading.trees]
    with suppress(TooLarge):
        ways.append(tuple(course.scope.program.expanded(tree) for tree in reading.trees))
    written = [
        [latex(collected(tree))[:_LONGEST_COMPARED] for tree in way]
        for way in ways
        if not any(t.has_array for t in way)
    ]
    return max((SequenceMatcher(None, left, right, autojunk=False).ratio() for left, right in written), default=0.0)


def _follows(course: Course, last: Node | None, relation: str, side: Node) -> bool | None:
    if last is None or course.scope.unknown(last):
        return None
    try:
        _, verdict = _best_reading(course, last, relation, side)
    except (NoRule, TooLarge):
        return None
    return {"correct": True, "incorrect": False}.get(_OUTCOME[verdict.status])


def _explained(course: Course, step: LineVerdict, reading: Reading, relation: str) -> LineVerdict:
    """A refuted equality with its likeliest slip and the nearest correct form."""
    if relation == "=" and is_symbolic(Claim(reading.trees[0], reading.trees[1], course.scope.setting)):
        return _of_arrays(course, step, reading)
    if relation != "=" or any(side.has_array or _branches(side) for side in reading.trees):
        return step
    truth, wrong = (collected(reading.trees[0]), reading.trees[1])
    finding = course.diagnosed(truth, wrong)
    return _with_finding(course, step, finding, reading, wrong)


def _of_arrays(course: Course, step: LineVerdict, reading: Reading) -> LineVerdict:
    """The same of vectors and matrices; the truth is what the chain began with, its derivatives taken."""
    truth, wrong = reading.trees
    code, sentence = course.found_in_arrays(truth, wrong)
    hint = _hint(course, reading, wrong)
    message = "; ".join(filter(None, (sentence if code != "not-equal" else "", step.message)))
    suggestion = None if has_derivatives(truth) else latex(_in_authors_names(truth, reading))
    code = step.code if code == "not-equal" and step.code == "shape" else code
    return replace(step, code=code, suggestion=suggestion, message=f"{message}. {hint}" if hint else message)


def has_derivatives(tree: Node) -> bool:
    return any(isinstance(node, Derivative) for node in walk(tree))


def _with_finding(course: Course, step: LineVerdict, finding: Finding, reading: Reading, wrong: Node) -> LineVerdict:
    suggestion = None if finding.suggestion is None else latex(_in_authors_names(finding.suggestion, reading))
    message = f"{finding.message}; {step.message}" if finding.message else step.message
    hint = _hint(course, reading, wrong)
    return replace(step, code=finding.code, suggestion=suggestion, message=f"{message}. {hint}" if hint else message)


def _hint(course: Course, reading: Reading, wrong: Node) -> str:
    """What the problem's author says about a wrong form met before."""
    return course.hints.get((reading.part, wrong), "")


def _in_authors_names(tree: Node, reading: Reading) -> Node:
    back = {key: Name(name) for name, key in reading.keys.items() if name != key}
    return substitute(tree, back)


def _with_unknown(
    course: Course, step: LineVerdict, unknown: tuple[str, ...], base: Node, side: Node, relation: str
) -> LineVerdict:
    """A step with undeclared names: wrong if a renaming mends it, else unreadable."""
    nearest = course.scope.table.nearest(unknown[0])
    hint = f"; the nearest declared name is ${nearest}$" if nearest else ""
    listed = ", ".join(f"${name}$" for name in unknown)
    message = f"{listed} is declared nowhere{hint}" if len(unknown) == 1 else f"{listed} are declared nowhere"
    step = replace(step, verdict="unreadable", code="undeclared-name", message=message)
    readings = [] if course.scope.unknown(base) or relation != "=" else course.scope.readings(base)
    for reading in readings:
        bound = substitute(side, {n: Name(k) for n, k in _keys_in(course, reading).items()})
        finding = course.diagnosed(collected(reading.trees[0]), bound, unknown)
        if finding.code == "renamed":
            fixed = replace(
                step,
                verdict="incorrect",
                true_by_itself=False,
                part=reading.part,
                reading=reading.description or None,
            )
            return _with_finding(course, fixed, finding, reading, bound)
    return step


def _keys_in(course: Course, reading: Reading) -> dict[str, str]:
    names = course.scope.names_of(reading.part) if reading.part else {}
    return {n: k for n, k in names.items() if n != k}


def _branches(tree: Node) -> bool:
    return any(isinstance(node, Cases | Logical | Chain | OffKinks) for node in walk(tree))
