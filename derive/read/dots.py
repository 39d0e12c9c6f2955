r"""Dots → what they stand for: `a_1 + \dots + a_n` → Σ, rows, columns and matrices → `Stacked`, a product → Π.

    written    the tree without dots; raises Unclear with one sentence
    general    the term that two written ones give, the index its names
    Run        the terms before the dots, the one behind them, and which of those before agree

`derive/matrix/families.py` says what is read and what is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from derive.entries import rational
from derive.errors import NoRule, TooLarge, Unreadable
from derive.matrix.families import Dots, Stacked, unused_index
from derive.normal import normal_form
from derive.read.weighted import weighted
from derive.tree import (
    ZERO,
    Binder,
    Call,
    Chain,
    Listing,
    Matrix,
    Name,
    Negative,
    Node,
    Number,
    Product,
    Sum,
    Transpose,
    number,
    substitute,
    times,
    total,
    transform,
    walk,
)

MAX_WRITTEN = 40  # terms before the dots
MAX_PARTS = 100  # of a row or column of a given number of entries
LETTERS = ("k", "l", "j", "i", "p", "q", "r", "s", "t")
HOLE = "?"  # the index while the general term is looked for


class Unclear(Exception):
    """Dots that may mean several things, or nothing: the reason and what to write."""

    def __init__(self, reason: str, hint: str = "write the general term with \\sum, or one more term") -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint
        self.at = -1  # where the dots stand in the text


@contextmanager
def _at(dots: Node) -> Iterator[None]:
    """What is unclear within is unclear at these dots."""
    try:
        yield
    except Unclear as unclear:
        if isinstance(dots, Dots) and unclear.at < 0:
            unclear.at = dots.at
        raise


def written(tree: Node, taken: Iterable[str] = ()) -> Node:
    """The tree with all dots read; `taken` are letters that may not be an index. Raises Unclear."""
    if Dots not in tree.kinds:
        return tree
    letters = {n for node in walk(tree) for n in _letters_of(node)}
    found = _Reader({*taken, *letters}, letters, taken).of(tree)
    if Dots in found.kinds:
        raise Unclear("dots stand for something that is left out", "write it out")
    return found


def _letters_of(node: Node) -> tuple[str, ...]:
    return (node.index,) if isinstance(node, Binder | Stacked) else node.names if not node.children else ()


# --- the general term ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class General:
    """A term with HOLE for its index; the index it has in the written term, and in the one behind the dots."""

    body: Node
    start: int
    end: Node

    def at(self, value: Node) -> Node:
        return substitute(self.body, {HOLE: value})


def general(term: Node, last: Node) -> General | None:
    """The term in an index of which both are cases: a number in the first, a size in the last."""
    pairs: list[tuple[int, Node]] = []
    try:
        body = _unified(term, last, pairs)
    except _Apart:
        return None
    if not pairs:
        return None
    start, end = pairs[0]
    if any(not same(other, _plus(end, value - start)) for value, other in pairs):
        return None
    return General(_shifted(body, start), start, end)


class _Apart(Exception):
    pass


def _unified(a: Node, b: Node, pairs: list[tuple[int, Node]]) -> Node:
    """The common tree; where a number faces a size, HOLE followed by that number."""
    if a == b:
        return a
    value = _whole(a)
    if value is not None and _is_size(b):
        pairs.append((value, b))
        return Name(f"{HOLE}{value}")
    if type(a) is not type(b) or len(a.children) != len(b.children) or not a.children:
        raise _Apart
    made = a.rebuilt(tuple(_unified(x, y, pairs) for x, y in zip(a.children, b.children, strict=True)))
    if b.rebuilt(made.children) != made:  # something besides the operands differs: a function, a bound letter
        raise _Apart
    return made


def _whole(node: Node) -> int | None:
    return int(node.value) if isinstance(node, Number) and node.value.denominator == 1 else None


def _is_size(node: Node) -> bool:
    """n, n − 1, or a number."""
    match node:
        case Name() | Number():
            return True
        case Sum(terms=terms):
            return all(isinstance(t, Name | Number) or (isinstance(t, Negative) and _is_size(t.operand)) for t in terms)
        case Call(function="min", arguments=arguments):
            return all(map(_is_size, arguments))
    return False


def _shifted(body: Node, start: int) -> Node:
    """HOLE for the index the first pair has, HOLE + d for the others."""
    wanted = {name for name in body.names if name.startswith(HOLE) and name != HOLE}
    return substitute(body, {name: _plus(Name(HOLE), int(name[len(HOLE) :]) - start) for name in wanted
                             if name[len(HOLE) :].isdigit()})  # fmt: skip


def _plus(place: Node, step: int) -> Node:
    if not step:
        return place
    value = _whole(place)
    if value is not None:
        return number(value + step)
    return Sum((place, number(step)))


def same(a: Node, b: Node) -> bool:
    """Whether two terms are the same, or plainly equal: x and x^1, (n − 1) + 1 and n."""
    a, b = folded(a), folded(b)
    if a == b:
        return True
    try:
        if a.has_array or b.has_array:
            from derive.matrix.canonical import equal

            return equal(a, b)
        return bool(normal_form(Sum((a, Negative(b)))).numerator.is_zero())
    except (NoRule, TooLarge, Unreadable, ZeroDivisionError):
        return False


def folded(tree: Node) -> Node:
    """The tree with sums of numbers worked out, as they stand in indices."""

    def fold(node: Node) -> Node | None:
        if not isinstance(node, Sum):
            return None
        values = [rational(term) for term in node.terms]
        known = [value for value in values if value is not None]
        return number(sum(known, Fraction(0))) if len(known) == len(values) else None

    return transform(tree, fold) if Sum in tree.kinds else tree


# --- runs of terms ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """A general term, the index at which the dots begin to count, and how many terms right before them are its cases."""

    term: General
    start: int
    agreeing: int


def run_of(before: Sequence[Node], last: Node, *, numbered: bool = False) -> Run:
    """The run that ends in `last`; what is `numbered` has the index 1 in its first place. Raises Unclear."""
    if len(before) > MAX_WRITTEN:
        raise Unclear(f"more than {MAX_WRITTEN} terms are written before the dots")
    second: Run | None = None
    for place in range(len(before) - 1, -1, -1):
        term = general(before[place], last)
        if term is None:
            continue
        first = term.start - place
        agrees = [same(part, term.at(number(first + q))) for q, part in enumerate(before)]
        if numbered and first != 1:
            continue
        if not agrees[-1] and sum(agrees) < 2 and not (numbered and alone(before)):
            continue
        tail = next((k for k, agreed in enumerate(reversed(agrees)) if not agreed), len(agrees))
        if not numbered:
            _refuse_steps(before, len(before) - tail - 1, term, first)
        end = _whole(term.end)
        if end is not None and end < first + len(before):
            raise Unclear(f"the index goes down to {end} behind the dots", "write the terms in rising order")
        if agrees[-1]:
            return Run(term, first, tail)
        second = second or Run(term, first, tail)
    if second is None and numbered:
        raise Unclear("the entries before the dots and the one behind them do not follow one rule that is numbered from 1",
                      "number the entries from 1 to a size")  # fmt: skip
    if second is None:
        raise Unclear("what stands before the dots and what stands behind them do not follow one rule in an index")
    return second


def alone(before: Sequence[Node]) -> bool:
    """Whether no two of the terms are cases of a rule of their own."""
    return all(general(a, b) is None for a, b in pairwise(before))


def _refuse_steps(before: Sequence[Node], place: int, term: General, first: int) -> None:
    """a_1, a_3, …: the one before is a case of the general term, of a smaller index than is next."""
    if not 0 <= place < len(before) - 1:
        return
    step = general(before[place], before[-1])
    if step is not None and step.body == term.body and step.start < first + place:
        raise Unclear(
            f"before the dots the index goes from {step.start} to {first + place + 1}: what comes next is not clear"
        )


class _Reader:
    def __init__(self, taken: set[str], written: set[str], table: Iterable[str]) -> None:
        self.taken, self.written, self.table = taken, written, table

    def of(self, node: Node) -> Node:
        """Operands first."""
        if Dots not in node.kinds:
            return node
        if (
            isinstance(node, Transpose)
            and isinstance(node.operand, Listing)
            and Dots in map(type, node.operand.elements)
        ):
            return Transpose(self.stacked(1, [self.of(element) for element in node.operand.elements]))
        inner = tuple(self.of(child) for child in node.children)
        match node:
            case Dots():
                return node
            case Sum():
                return self.reduced("sum", [_unsigned_dots(term) for term in inner])
            case Product():
                return self.reduced("product", list(inner))
            case Matrix():
                return self.matrix(node.rebuilt(inner))  # type: ignore[arg-type]
            case Listing():
                return self.listing(node, inner)
            case Chain(relations=relations, continued=False) if _place_of_dots(inner) is not None:
                return self.ordered(list(inner), relations)
        return node.rebuilt(inner)

    def letter(self) -> str:
        found = next((name for name in LETTERS if name not in self.taken), None)
        if found is None:
            raise Unclear("no letter is left for the index that the dots run over")
        return found

    # --- sums and products -------------------------------------------------------------------------------------------

    def reduced(self, kind: str, terms: list[Node]) -> Node:
        while (place := _place_of_dots(terms)) is not None:
            before, after = terms[:place], terms[place + 1 :]
            _both_ends(before, after)
            try:
                run = run_of(before, after[0])
            except Unclear:
                found = weighted(before, after, same) if kind == "sum" else None
                if found is None:
                    raise
                index = self.letter()
                body = substitute(found.body, {HOLE: Name(index)})
                return Binder("sum", index, (number(found.low), found.high), body)
            kept = before[: len(before) - run.agreeing]
            index = self.letter()
            low = number(run.start + len(kept))
            body = substitute(run.term.body, {HOLE: Name(index)})
            terms = [*kept, Binder(kind, index, (low, run.term.end), body), *after[1:]]
        return total(terms) if kind == "sum" else times(terms)

    # --- chains of relations -----------------------------------------------------------------------------------------

    def ordered(self, sides: list[Node], relations: tuple[str, ...]) -> Node:
        """`a_1 > a_2 > … > a_n` says a_k > a_{k+1} of every k, where n is any number; up to a given number it is written out."""
        place = _place_of_dots(sides)
        if place is None or len(set(relations)) > 1:
            raise Unclear("dots stand beside relations that are not all the same", "write each relation by itself")
        before, after = sides[:place], sides[place + 1 :]
        with _at(sides[place]):
            _both_ends(before, after)
            run = run_of(before, after[0])
            if len(after) > 1 or run.agreeing < len(before) or run.start != 1:
                raise Unclear(
                    "what stands before the dots and what stands behind them do not follow one rule numbered from 1"
                )
        end = _whole(run.term.end)
        if end is not None:
            if end > MAX_PARTS:
                raise Unclear(f"more than {MAX_PARTS} terms are meant")
            members = tuple(run.term.at(number(k)) for k in range(1, end + 1))
            return Chain(members, relations[:1] * (end - 1))
        index = (
            next((letter for letter in LETTERS if letter not in self.written and self.counts(letter)), None)
            or self.letter()
        )
        pair = (run.term.at(Name(index)), run.term.at(Sum((Name(index), number(1)))))
        return Chain(pair, relations[:1])

    def counts(self, letter: str) -> bool:
        """Whether a letter is declared as a number to count with."""
        symbol = self.table.get(letter) if isinstance(self.table, Mapping) else None
        return getattr(symbol, "kind", "") == "integer"

    # --- rows, columns, matrices -------------------------------------------------------------------------------------

    def listing(self, node: Listing, elements: tuple[Node, ...]) -> Node:
        if _place_of_dots(list(elements)) is None:
            return node.rebuilt(elements)
        if node.opening != "[":
            raise Unclear(
                "a list in round brackets may be a row or a column", r"write […] for a row, (…)^T for a column"
            )
        return self.stacked(1, list(elements))

    def matrix(self, node: Matrix) -> Node:
        diagonal = _diagonal(node)
        if diagonal is not None:
            return Call("diag", (self.stacked(0, diagonal),))
        rows: list[Node] = []
        for cells in node.rows:
            if all(isinstance(cell, Dots) for cell in cells):
                rows.append(cells[0])
            elif any(isinstance(cell, Dots) for cell in cells):
                rows.append(self.stacked(1, list(cells)))
            else:
                rows.append(cells[0] if len(cells) == 1 else Matrix((cells,)))
        if len(rows) == 1:
            return rows[0]
        if _place_of_dots(rows) is None:
            return Matrix(tuple((row,) for row in rows)) if any(isinstance(row, Stacked) for row in rows) else node
        return self.stacked(0, rows)

    def stacked(self, along: int, parts: list[Node]) -> Node:
        """Parts with dots between them, numbered from 1."""
        place = _place_of_dots(parts)
        assert place is not None
        before, after = parts[:place], parts[place + 1 :]
        with _at(parts[place]):
            _both_ends(before, after)
            run = run_of(before, after[0], numbered=True)
            end = _all_of(run.term, after)
        index = unused_index(run.term.body, *before)
        body = substitute(run.term.body, {HOLE: Name(index)})
        if isinstance(end, Name):
            return Stacked(along, index, end, tuple(before[: len(before) - run.agreeing]), body)
        count = _whole(end)
        if count is None or not len(before) < count <= MAX_PARTS:
            raise Unclear("the dots do not say how many entries there are", "number the entries from 1 to a size")
        members = [*before, *(run.term.at(number(k)) for k in range(len(before) + 1, count + 1))]
        return Matrix((tuple(members),) if along else tuple((member,) for member in members))


def _diagonal(node: Matrix) -> list[Node] | None:
    """The cells of the diagonal where nothing but 0 and dots stands beside it; rows of dots have dots on it."""
    if node.shape[0] != node.shape[1]:
        return None
    beside = [cell for i, row in enumerate(node.rows) for j, cell in enumerate(row) if i != j]
    if not any(cell == ZERO for cell in beside) or not all(cell == ZERO or isinstance(cell, Dots) for cell in beside):
        return None
    places = [k for k, row in enumerate(node.rows) if isinstance(row[k], Dots)]
    if len(places) != 1 or not all(isinstance(cell, Dots) for cell in node.rows[places[0]]):
        return None
    return [row[k] for k, row in enumerate(node.rows)]


def _unsigned_dots(term: Node) -> Node:
    """`- \\dots -`: the sign is that of the terms."""
    return term.operand if isinstance(term, Negative) and isinstance(term.operand, Dots) else term


def _place_of_dots(parts: Sequence[Node]) -> int | None:
    return next((place for place, part in enumerate(parts) if isinstance(part, Dots)), None)


def _both_ends(before: Sequence[Node], after: Sequence[Node]) -> None:
    if not before:
        raise Unclear("nothing stands before the dots", "write the first terms")
    if not after or isinstance(after[0], Dots):
        raise Unclear("nothing stands behind the dots, so where they end is not said", "write the last term")


def _all_of(term: General, after: Sequence[Node]) -> Node:
    """The index of the last part: [x_1, …, x_{n−1}, x_n] ends at n."""
    end = term.end
    for part in after[1:]:
        end = _simple(_plus(end, 1))
        if not same(part, term.at(end)):
            raise Unclear("more than one entry stands behind the dots, and they do not go on with the index")
    return _simple(end)


def _simple(end: Node) -> Node:
    """n for (n − 1) + 1."""
    for part in walk(end):
        if isinstance(part, Name) and same(part, end):
            return part
    return end
