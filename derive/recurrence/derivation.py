"""The steps from a recurrence to its closed form: the first terms, the form they suggest, base and step of its induction."""

from __future__ import annotations

from collections.abc import Mapping

from derive.errors import NoRule, TooLarge
from derive.expression import Expression
from derive.program import Program
from derive.recurrence.closed import BEFORE, Closed, base_of, before, close, equal, forms, letter_for, with_forms
from derive.recurrence.definition import Recurrence
from derive.recurrence.expectation import expectations_in, expected
from derive.recurrence.signs import Signs
from derive.recurrence.sums import same
from derive.recurrence.terms import at, term, terms
from derive.recurrence.written import expectation_lines, tidy
from derive.steps import Derivation, Step
from derive.symbols import SymbolTable
from derive.textbook import collected
from derive.tree import ONE, Binder, Call, Name, Negative, Node, Sum, substitute, transform, walk
from derive.write import latex

SHOWN = 3  # terms that are unrolled
_LAWS = {
    "weighted sum": "the terms weighted by powers of the factor",
    "sum": "the terms added up",
    "constant forcing": "a geometric sum",
    "power": "the factor as often as there are steps",
    "product": "the factors multiplied",
    "maximum": "the greatest of the weighted terms",
}


def closed_form(recurrence: Recurrence, table: SymbolTable) -> Closed:
    """The closed form of one recurrence in terms of the sequences it mentions. Raises NoRule."""
    return close(recurrence, Signs(table))


def derive_recurrence(ask: Node, program: Program, table: SymbolTable) -> Derivation:
    """The derivation of a term v_t, of E[v_t], or of a formula of such terms, for symbolic t. Raises NoRule, TooLarge."""
    recurrences = program.recurrences
    met = next((call for call in terms(ask) if call.function in recurrences), None)
    if met is None:
        raise NoRule("no rule for a formula without a term of a recurrence")
    signs = Signs(table)
    found_forms = forms(recurrences, signs)
    lines: list[tuple[Node, Node, str]] = []  # left, right, law
    for sequence in _needed(ask, recurrences):
        lines += _of_recurrence(recurrences[sequence], found_forms.get(sequence), signs)
    alone = (
        isinstance(ask, Call)
        and ask.function in recurrences
        and ask.arguments[0] == Name(recurrences[ask.function].index)
    )
    if alone and met.function not in found_forms:
        close(recurrences[met.function], signs)  # raises NoRule with the reason
    found = found_forms[met.function].tree if alone else ask
    others = {s: r for s, r in recurrences.items() if not alone or s != met.function}
    closed = tidy(with_forms(found, others, found_forms))
    if not any(left == ask and right == closed for left, right, _ in lines) and closed != ask:
        lines.append((ask, closed, "closed forms put in"))
    if expectations_in(closed, table):
        drawn_in = expectation_lines(closed, table)
        if drawn_in and not same(expected(closed, table), expected(drawn_in[-1][0], table)):
            raise NoRule(f"no rule for {latex(closed)}")
        lines += [(ask, line, law) for line, law in drawn_in]
        closed = drawn_in[-1][0] if drawn_in else closed
    closed, lines = _lettered(closed), [(left, _lettered(right), law) for left, right, law in lines]
    left = next((call for call in terms(closed) if call.function in recurrences), None)
    if left is not None:
        raise NoRule(f"no closed form for {latex(left)}")
    return Derivation(ask, (), _steps(ask, lines, table), closed, table, program)


def _lettered(tree: Node) -> Node:
    """Bound indices that were told apart by a prime, under letters of their own."""
    marked = dict.fromkeys(node.index for node in walk(tree) if isinstance(node, Binder) and node.index.endswith("'"))
    for index in marked:
        letter = letter_for(tree, *(Name(node.index) for node in walk(tree) if isinstance(node, Binder)))
        tree = transform(tree, lambda node, old=index, new=letter: _renamed(node, old, new))  # type: ignore[misc]
    return tree


def _renamed(node: Node, old: str, new: str) -> Node | None:
    if not isinstance(node, Binder) or node.index != old:
        return None
    return Binder(node.kind, new, node.bounds, substitute(node.body, {old: Name(new)}))


def _needed(ask: Node, recurrences: Mapping[str, Recurrence]) -> list[str]:
    """The recurrences a formula rests on, in their order."""
    wanted: set[str] = set()
    stack = [call.function for call in terms(ask)]
    while stack:
        sequence = stack.pop()
        if sequence in recurrences and sequence not in wanted:
            wanted.add(sequence)
            stack += [call.function for call in terms(recurrences[sequence].step)]
    return [sequence for sequence in recurrences if sequence in wanted]


def _of_recurrence(recurrence: Recurrence, found: Closed | None, signs: Signs) -> list[tuple[Node, Node, str]]:
    """First terms, closed form, base and step of the induction."""
    index = Name(recurrence.index)
    here = term(recurrence.sequence, index)
    if found is None:
        return [(here, recurrence.step, "given")]
    if found.shape.law == "definition":
        return [(here, found.tree, "given")]
    start = max(recurrence.starts)
    lines: list[tuple[Node, Node, str]] = []
    for place in range(start + 1, start + 1 + SHOWN):
        try:
            law = f"the recurrence at {recurrence.index} = {place}"
            lines.append((term(recurrence.sequence, place), written_term(recurrence, found.tree, place, signs), law))
        except (TooLarge, ZeroDivisionError):
            break
    lines.append((here, found.tree, _LAWS[found.shape.law]))
    base = base_of(recurrence, found.tree)
    if base is not None:
        place, value = base
        shown = written_term(recurrence, found.tree, place, signs) if place > start else value
        lines.append(
            (term(recurrence.sequence, place), shown, f"base: what the form is at {recurrence.index} = {place}")
        )
    previous = substitute(found.tree, {recurrence.index: Sum((index, Negative(ONE)))})
    step = tidy(substitute(before(recurrence), {BEFORE: previous}))
    lines.append((here, step, f"step: the form at {recurrence.index} - 1 put into the recurrence"))
    lines.append((here, found.tree, f"which is the form at {recurrence.index}: proven by induction"))
    return lines


def written_term(recurrence: Recurrence, form: Node, place: int, signs: Signs) -> Node:
    """A term as the form writes it, where that is what the recurrence gives."""
    unrolled = recurrence.unrolled(place)
    try:
        written = tidy(at(form, {recurrence.index: place}))
    except TooLarge:
        return collected(unrolled)
    return written if equal(written, unrolled, signs) else collected(unrolled)


def _steps(ask: Node, lines: list[tuple[Node, Node, str]], table: SymbolTable) -> tuple[Step, ...]:
    """Printable lines; the left side where it is another than that of the line before."""
    steps: list[Step] = []
    shown: Node = ask
    for place, (left, right, law) in enumerate(lines):
        text = "" if place and left == shown else latex(left)
        steps.append(Step(Expression(right, table), law, latex(right), left=text))
        shown = left
    return tuple(steps)
