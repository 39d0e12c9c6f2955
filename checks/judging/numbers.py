"""Sides that are numbers, `= [0.82; 0.07; 0.11]`: judged with the values of the inputs put in, at the digits written.

    the exact value      the chain's first side with the problem's values, or those the submission gives its inputs
    rounded values       the same with what the author wrote earlier for intermediate names in their place; the value of
                         the side before, where that consists of numbers; and numbers within one unit of their last digit

What the exact value does not explain and a rounded one does is right, code `rounded`. A symbolic side is judged as ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from checks.decide.separation import FAILURES
from checks.decide.written import ROUNDED, Source, decimals, judged, literal, place_of, within
from checks.readings import Reading
from checks.scope import Scope
from checks.taking import held_local
from checks.verdict import Verdict
from derive.applied import as_matrix, folded_sum
from derive.entries import as_scalar, carried_out, rational
from derive.errors import NoRule, Unreadable
from derive.matrix.nodes import ArrayName, Space
from derive.rules import with_named_functions
from derive.tree import Derivative, Name, Negative, Node, Number, number, substitute, transform, walk
from derive.write import latex

BEFORE = "the rounded values before"
MAX_NAMED = 3  # rounded numbers that an entry is said to follow from
MAX_MOVED = 24  # numbers of a side that are moved to see what follows from their rounding


@dataclass(slots=True)
class Numbers:
    """The values in force: of inputs, and what the author wrote for other quantities, by what they are written as."""

    inputs: dict[str, Node] = field(default_factory=dict)
    written: dict[Node, Node] = field(default_factory=dict)

    def note(self, anchor: Node | None, last: Node | None, side: Node) -> None:
        """What the author wrote for the quantities a chain is about; a literal only."""
        value = side if literal(side) is not None else None
        for node in (anchor, last):
            if value is not None and isinstance(node, Name | ArrayName | Derivative):
                self.written[node] = value

    def saved(self) -> Numbers:
        """A copy, to go back to."""
        return Numbers(dict(self.inputs), dict(self.written))


def is_number(tree: Node) -> bool:
    """Whether a formula consists of numbers alone, a column or matrix of them among them or not."""
    return not tree.names and not isinstance(tree, Space) and not any(isinstance(n, Derivative) for n in walk(tree))


class Valued:
    """Values of formulas with inputs, and perhaps rounded intermediate quantities, put in."""

    def __init__(self, scope: Scope, numbers: Numbers) -> None:
        self.scope, self.numbers = scope, numbers
        self.setting: Setting = scope.setting

    def exact(self, tree: Node) -> Iterator[Node]:
        """The value of each reading of a formula as written; none where a value is missing."""
        yield from self._values(tree, {})

    def rounded(self, tree: Node) -> Iterator[Node]:
        """The same with what the author wrote for intermediate quantities; first for derivatives as well, then names alone."""
        known = self.numbers.written
        names = {node.names[0]: value for node, value in known.items() if isinstance(node, Name | ArrayName)}
        put = transform(tree, lambda node: known.get(node) if isinstance(node, Derivative) else None)
        for form in dict.fromkeys((put, tree)):
            yield from self._values(form, names)

    def _values(self, tree: Node, names: dict[str, Node]) -> Iterator[Node]:
        try:
            readings = self.scope.readings(tree)
        except FAILURES:
            return
        for reading in self._of_total(tree, readings):
            rounded = {reading.keys.get(name, name): value for name, value in names.items()}
            try:
                value = self._value(reading.trees[0], rounded)
            except (*FAILURES, Unreadable):
                continue
            if not value.names:
                yield value

    def _of_total(self, tree: Node, readings: list[Reading]) -> list[Reading]:
        """Without those that take for local the derivative a question asks for, which is the total one."""
        asked = [question.ask for question in self.scope.problem.questions] if isinstance(tree, Derivative) else []
        return [r for r in readings if not any(held_local(ask, r.description) for ask in asked)] or readings

    def _value(self, tree: Node, rounded: dict[str, Node]) -> Node:
        tree = with_named_functions(tree, self.setting.symbols)
        known: dict[str, Node] = dict(self.numbers.inputs)
        for key, definition in self.setting.named.needed(tree).items():
            known[key] = rounded[key] if key in rounded else carried_out(substitute(definition, known))
        return carried_out(substitute(tree, known))


def decide_numbers(valued: Valued, base: Node, side: Node, last: Node | None) -> Verdict | None:
    """Whether a side of numbers is what its chain is about; None where no value of that is known."""
    try:
        value = carried_out(side)
    except FAILURES as error:
        return Verdict("undecided", "shape", f"undecided: {error}")
    exact = list(valued.exact(base))
    before = [carried_out(last)] if last is not None and is_number(last) else []
    if not exact and not before:
        return None
    if not exact:
        exact, before = before, []
    wanted = literal(side)
    if wanted is None:
        return _of_formula(valued, base, side, value, exact, before)
    symbolic = [base, *([last] if last is not None and not is_number(last) else [])]
    rounded = [Source(v, (BEFORE,) * len(_entries(v))) for side_ in symbolic for v in valued.rounded(side_)]
    rounded = [source for source in rounded if source.value not in exact]
    rounded = [*(Source(v, _culprits(last, v)) for v in before if last is not None), *rounded]
    verdicts = [judged(wanted, [Source(truth), *rounded], valued.setting) for truth in exact]
    return _best(verdicts)


def _best(verdicts: list[Verdict]) -> Verdict:
    """One reading that is right will do; else one that is open."""
    order = {"proven": 0, "verified": 1, "undecided": 2, "refuted": 3}
    return min(verdicts, key=lambda verdict: (order[verdict.status], verdict.code == ROUNDED))


def _of_formula(valued: Valued, base: Node, side: Node, value: Node, exact: list[Node], before: list[Node]) -> Verdict:
    """A formula of numbers: equal to the exact value, to a rounded one, or as near as the digits of its numbers allow."""
    verdicts = [decide_equal(Claim(truth, value, valued.setting)) for truth in exact]
    best = _best(verdicts)
    if best.status in {"proven", "verified"}:
        return best
    for other in (*before, *valued.rounded(base)):
        if decide_equal(Claim(other, value, valued.setting)).status == "proven":
            return Verdict("verified", ROUNDED, f"follows from {BEFORE}")
    far = [_beyond_rounding(truth, side, value, valued.setting) for truth in exact]
    if () in far:
        return Verdict("verified", ROUNDED, "follows from rounded numbers put in")
    if best.status != "refuted":
        return best
    rounded_off = next((places for places in far if places), ())
    if rounded_off and best.code == "counterexample":
        best = replace(
            best,
            evidence=f"{place_of(as_scalar(value), rounded_off[0])} is wrong, by more than its numbers are rounded",
        )
    return replace(best, counterexample={})


# --- what follows from the rounding of numbers -----------------------------------------------------------------------


def _moved(side: Node, index: int, *, up: bool) -> Node:
    """A formula with one of its decimals moved by one unit of its last digit."""
    met = -1

    def move(node: Node) -> Node | None:
        nonlocal met
        if not isinstance(node, Number) or not decimals(node):
            return None
        met += 1
        unit = Fraction(1, 10 ** decimals(node))
        return number(node.value + (unit if up else -unit)) if met == index else None

    return transform(side, move)


def _decimals_in(side: Node) -> list[Number]:
    return [node for node in walk(side) if isinstance(node, Number) and decimals(node)]


def _beyond_rounding(truth: Node, side: Node, value: Node, setting: Setting) -> tuple[int, ...] | None:
    """The entries further from the truth than they may be, if each decimal is within one unit of its last digit; None if unknown."""
    count = len(_decimals_in(side))
    if not 0 < count <= MAX_MOVED or _shape(truth) != _shape(value):
        return None
    entries, wanted = _entries(value), _entries(truth)
    room = [Fraction(0)] * len(entries)
    try:
        for index in range(count):
            up, down = (_entries(carried_out(_moved(side, index, up=way))) for way in (True, False))
            room = [r + _furthest(e, u, d) for r, e, u, d in zip(room, entries, up, down, strict=True)]
    except FAILURES:
        return None
    near = [_near(t, v, r, setting) for t, v, r in zip(wanted, entries, room, strict=True)]
    return tuple(index for index, within_room in enumerate(near) if not within_room)


def _furthest(entry: Node, up: Node, down: Node) -> Fraction:
    gaps = [rational(folded_sum([moved, Negative(entry)])) for moved in (up, down)]
    known = [abs(gap) for gap in gaps if gap is not None]
    if len(known) < 2:
        raise NoRule("no rule for how far a value moves that is not rational")
    return max(known)


def _near(truth: Node, value: Node, room: Fraction, setting: Setting) -> bool:
    exact = rational(value)
    return exact is not None and within(exact, truth, room, setting)


def _culprits(last: Node, value: Node) -> tuple[str, ...]:
    """For each entry of a value the decimals of the side it was computed from that matter to it, in words."""
    here, count = _entries(value), len(_decimals_in(last))
    if not 0 < count <= MAX_MOVED:
        return (BEFORE,) * len(here)
    try:
        moved = [_entries(carried_out(_moved(last, index, up=True))) for index in range(count)]
    except FAILURES:
        return (BEFORE,) * len(here)
    written = [node.text for node in _decimals_in(last)]
    said = []
    for place, entry in enumerate(here):
        found = dict.fromkeys(text for text, entries in zip(written, moved, strict=True) if entries[place] != entry)
        said.append(f"the rounded {' and '.join(found)}" if 0 < len(found) <= MAX_NAMED else BEFORE)
    return tuple(said)


def _entries(value: Node) -> tuple[Node, ...]:
    return as_matrix(as_scalar(value)).children


def _shape(value: Node) -> tuple[int, int]:
    return as_matrix(as_scalar(value)).shape


# --- values that are given -------------------------------------------------------------------------------------------


def compared_with_given(key: str, value: Node, numbers: Numbers, setting: Setting) -> Verdict | None:
    """A value the submission gives an input, against the problem's; None if the problem gives none."""
    known = numbers.inputs.get(key)
    if known is None:
        return None
    verdict = decide_equal(Claim(known, value, setting))
    if verdict.status == "refuted":
        said = f"the problem gives ${key} = {latex(known)}$: {verdict.evidence}"
        return replace(verdict, code="value", evidence=said, counterexample={})
    return verdict
