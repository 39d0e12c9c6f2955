"""Numbers judged at the digits written: a literal number, column or matrix against values, entry by entry.

    right       the value itself, or within one unit of the last digit written: rounded, cut off, or off by less than that
    wrong       one unit away or more; the entry is named with what it should be
    open        a whole number that is near: whole numbers are taken as exact

In a literal with decimals a whole number is as exact as its neighbours: 0 beside 0.82 may be 0.00. A value may be given by
several sources, the exact one first; an entry that only a later one explains, or that is no more than cut off from the
first, follows from a rounded input.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from checks.decide.balls import PRECISIONS, precision
from checks.decide.claim import Claim, Setting
from checks.decide.elementary import Undefined
from checks.decide.equality import decide_equal
from checks.decide.separation import FAILURES, evaluator
from checks.verdict import Verdict
from derive.entries import as_scalar, carried_out, described, rational
from derive.matrix.nodes import Dimension
from derive.tree import ZERO, Matrix, Negative, Node, Number, Quotient, walk

RIGHT, ROUNDED, WRONG = "digits", "rounded", "not-equal"
SHOWN_BEYOND = 2  # digits of a value that are shown beyond those written
MAX_SHOWN = 3  # entries that are spoken of


@dataclass(frozen=True, slots=True)
class Source:
    """Values a literal may have been computed from, and what was rounded on the way to each entry (nothing: exact)."""

    value: Node
    rounded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """How an entry stands to a value: "exact", "rounded", "cut off", "near", "whole" (open) or "wrong"; the value shown."""

    kind: str
    shown: str = ""

    @property
    def right(self) -> bool:
        return self.kind in {"exact", "rounded", "cut off", "near"}


def literal(tree: Node) -> Node | None:
    """The number, or matrix of numbers, that a tree is written as; None for anything that has to be worked out."""
    if isinstance(tree, Matrix):
        return tree if all(_is_number(entry) for entry in tree.children) else None
    return tree if _is_number(tree) else None


def _is_number(tree: Node) -> bool:
    if isinstance(tree, Negative):
        tree = tree.operand
    if isinstance(tree, Quotient):
        return all(isinstance(part, Number) for part in tree.children)
    return isinstance(tree, Number)


def decimals(tree: Node) -> int:
    """The digits after the point that a literal is written to: the fewest of its entries that have some, else 0."""
    counts = [_decimals(entry) for entry in (tree.children if isinstance(tree, Matrix) else (tree,))]
    return min((count for count in counts if count), default=0)


def _decimals(entry: Node) -> int:
    numbers = [node for node in walk(entry) if isinstance(node, Number)]
    if len(numbers) != 1:
        return 0  # a fraction is exact
    mantissa, _, exponent = numbers[0].text.lower().partition("e")
    return max(len(mantissa.partition(".")[2]) - int(exponent or 0), 0)


def judged(written: Node, sources: list[Source], setting: Setting) -> Verdict:
    """A literal against its sources. The first source is the truth; where no source is right, the entry is refuted."""
    wanted = as_scalar(written)
    values = [(as_scalar(source.value), source.rounded) for source in sources]
    fitting = [(value, rounded) for value, rounded in values if _shape(value) == _shape(wanted)]
    if not fitting or fitting[0] != values[0]:
        said = f"{described(wanted)} is written, {described(values[0][0])} it should be"
        return Verdict("refuted", "shape", said, {})
    digits = decimals(wanted)
    exact, explained, open_ones = [], [], []
    for index, entry in enumerate(_entries(wanted)):
        found = [
            (judge_entry(entry, _entries(value)[index], _decimals(entry) or digits, setting), rounded)
            for value, rounded in fitting
        ]
        place = place_of(wanted, index)
        right = _explanation(found)
        if right is None and any(finding is None or finding.kind == "whole" for finding, _ in found):
            open_ones.append(place)
        elif right is None:
            return _wrong(wanted, index, fitting[0][0], [finding for finding, _ in found if finding], setting)
        elif right[1]:
            explained.append((place, entry, right[0], right[1][index]))
        elif right[0].kind != "exact":
            exact.append((place, right[0]))
    if open_ones:
        why = f"{open_ones[0]} is near, but a whole number is not rounded"
        return Verdict("undecided", ROUNDED, f"undecided: {why}")
    if explained:
        return Verdict("verified", ROUNDED, _explained(explained))
    if not exact:
        return Verdict("proven", "entries", "exact" if not isinstance(wanted, Matrix) else "each entry is exact")
    return Verdict("verified", RIGHT, _said(exact))


def _explanation(found: list[tuple[Finding | None, tuple[str, ...]]]) -> tuple[Finding, tuple[str, ...]] | None:
    """The source an entry follows from: rounded as it should be before cut off, the exact one before others."""
    right = [(finding, rounded) for finding, rounded in found if finding is not None and finding.right]
    return min(right, key=lambda source: source[0].kind not in {"exact", "rounded"}, default=None)


def _wrong(wanted: Node, index: int, truth: Node, findings: list[Finding], setting: Setting) -> Verdict:
    """`findings`: how the entry stands to each source, the truth first."""
    value, *others = dict.fromkeys(finding.shown for finding in findings)
    beside = f" ({others[0]} with the rounded values)" if others else ""
    broken = _breaks_symmetry(wanted, truth, index, setting)
    said = f"{_text(_entries(wanted)[index])} is written, {value} it should be{beside}{broken}"
    return Verdict("refuted", WRONG, f"{place_of(wanted, index)} is wrong: {said}", {})


def _breaks_symmetry(wanted: Node, truth: Node, index: int, setting: Setting) -> str:
    """Whether the matrix should be symmetric and is not, at this entry."""
    if not isinstance(wanted, Matrix) or wanted.shape[0] != wanted.shape[1] or not isinstance(truth, Matrix):
        return ""
    size = wanted.shape[0]
    row, column = divmod(index, size)
    symmetric = all(_same(truth.rows[i][j], truth.rows[j][i], setting) for i in range(size) for j in range(i))
    entries = [[rational(entry) for entry in line] for line in wanted.rows]
    if not symmetric or entries[row][column] == entries[column][row]:
        return ""
    other = f"row {column + 1}, column {row + 1}"
    return f"; it breaks the symmetry of the matrix, which has {_text(wanted.rows[column][row])} in {other}"


def _same(a: Node, b: Node, setting: Setting) -> bool:
    return a == b or decide_equal(Claim(a, b, setting)).status == "proven"


def judge_entry(entry: Node, value: Node, digits: int, setting: Setting) -> Finding | None:
    """One number against one value, to so many decimals; None where the value cannot be told."""
    x, exact = rational(entry), rational(value)
    if x is None:
        return None
    unit = Fraction(1, 10**digits)
    if exact is not None:
        return _compared(x, exact, unit, digits)
    claim = Claim(value, ZERO, setting)
    if claim.inputs or claim.general_functions or claim.is_complex:
        return None
    if decide_equal(Claim(entry, value, setting)).status == "proven":
        return Finding("exact", _decimal(x, digits))
    for bits in PRECISIONS:
        try:
            with precision(bits):
                found = _by_ball(x, evaluator(claim, {}, {})(claim.sides[0]), unit, digits)
        except (Undefined, *FAILURES):
            continue
        if found is not None:
            return found
    return None


def within(x: Fraction, value: Node, room: Fraction, setting: Setting) -> bool:
    """Whether a number is certainly within a distance of a value."""
    exact, claim = rational(value), Claim(value, ZERO, setting)
    if exact is not None:
        return abs(x - exact) <= room
    for bits in PRECISIONS[:2]:
        try:
            with precision(bits):
                gap = abs(_ball(x) - evaluator(claim, {}, {})(claim.sides[0]))
                if gap <= _ball(room) or gap > _ball(room):
                    return bool(gap <= _ball(room))
        except (Undefined, *FAILURES):
            continue
    return False


def _ball(value: Fraction) -> Any:
    return arb(fmpq(value.numerator, value.denominator))


def _compared(x: Fraction, t: Fraction, unit: Fraction, digits: int) -> Finding:
    if x == t:
        return Finding("exact", _decimal(t, digits))
    gap = abs(x - t)
    if gap >= unit:
        return Finding("wrong", _decimal(t, digits))
    if digits == 0:
        return Finding("whole", _decimal(t, digits))
    kind = "rounded" if gap <= unit / 2 else "cut off" if abs(x) < abs(t) else "near"
    return Finding(kind, _decimal(t, digits))


def _by_ball(x: Fraction, t: Any, unit: Fraction, digits: int) -> Finding | None:
    """As above, of a value in a ball; None where it is too wide to tell. It is known not to be exact."""
    gap, one = abs(_ball(x) - t), _ball(unit)
    middle = Fraction(int(t.mid().fmpq().p), int(t.mid().fmpq().q))
    if gap > one:
        return Finding("wrong", _decimal(middle, digits))
    if not gap < one:
        return None
    if digits == 0:
        return Finding("whole", _decimal(middle, digits))
    if gap <= one / 2:
        return Finding("rounded", _decimal(middle, digits))
    if gap > one / 2:
        return Finding("cut off" if abs(x) < abs(middle) else "near", _decimal(middle, digits))
    return None


def _decimal(value: Fraction, digits: int) -> str:
    """A value to a few digits beyond those written, without needless zeros."""
    text = f"{float(value):.{digits + SHOWN_BEYOND}f}" if value.denominator != 1 else str(value)
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


# --- words -----------------------------------------------------------------------------------------------------------

_WORDS = {
    "rounded": "rounded from {}",
    "cut off": "cut off, not rounded: {}",
    "near": "within one unit of its last digit, neither rounded nor cut off: {}",
}


def _said(found: list[tuple[str, Finding]]) -> str:
    odd = [(place, finding) for place, finding in found if finding.kind != "rounded"]
    if not odd:
        return "right to the digits written"
    said = [f"{place} is {_WORDS[finding.kind].format(finding.shown)}".strip() for place, finding in odd[:MAX_SHOWN]]
    return "right to the digits written; " + "; ".join(said)


def _explained(found: list[tuple[str, Node, Finding, str]]) -> str:
    """What follows from what, the entries that follow from the same together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for _, entry, finding, rounded in found:
        how = f" ({_WORDS[finding.kind].format(finding.shown)})" if finding.kind in {"cut off", "near"} else ""
        groups.setdefault((rounded, how), []).append(_text(entry))
    said = [
        f"{_listed(list(dict.fromkeys(entries)))} from {rounded}{how}" for (rounded, how), entries in groups.items()
    ]
    return "; ".join(said[:MAX_SHOWN]) + ("; …" if len(said) > MAX_SHOWN else "")


def _listed(entries: list[str]) -> str:
    if len(entries) == 1:
        return f"{entries[0]} follows"
    more = f" and {len(entries) - MAX_SHOWN} more" if len(entries) > MAX_SHOWN else ""
    return f"{', '.join(entries[:MAX_SHOWN])}{more} follow"


def _text(entry: Node) -> str:
    from derive.write import latex

    return latex(entry).replace("-", "−")


def place_of(tree: Node, index: int) -> str:
    """The entry of that number, row by row, in words."""
    if not isinstance(tree, Matrix):
        return "it"
    row, column = divmod(index, tree.shape[1])
    return f"the entry in row {row + 1}, column {column + 1}"


def _shape(tree: Node) -> tuple[Dimension, Dimension] | None:
    return tree.shape if isinstance(tree, Matrix) else None if tree.has_array else (1, 1)


def _entries(tree: Node) -> tuple[Node, ...]:
    return tree.children if isinstance(tree, Matrix) else (tree,)


# --- two sides -------------------------------------------------------------------------------------------------------


def decide_written(claim: Claim) -> Verdict:
    """Whether the left side, a literal, is the right one at the digits written."""
    written = literal(claim.setting.named.expanded(claim.left))
    if written is None:
        return Verdict("undecided", "tolerance", "undecided: the left side is not written in digits")
    try:
        value = carried_out(claim.setting.named.expanded(claim.named[1]))
    except FAILURES as error:
        return Verdict("undecided", "no-rule", f"undecided: {error}")
    return judged(written, [Source(value)], claim.setting)


def has_decimals(tree: Node) -> bool:
    """Whether a tree is a literal with a decimal point in it."""
    return literal(tree) is not None and decimals(tree) > 0
