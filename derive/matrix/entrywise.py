"""Vectors and matrices given entry by entry: the formula of an entry, and the words its terms are.

In the formula of an entry `r|w` is an entry of the column w (by the row's index), `c|w` one by the column's index, `x|w`
an entry of the matrix w; any other name is a scalar. The normal form of scalars takes the formula apart into terms; of each

    what depends on the row alone        a vector a, as diag(a) on the left
    what depends on the column alone     a vector b, as diag(b) on the right
    the rest                             a word, if it is one entry; else an atom with that formula

so that a bᵀ ⊙ M and diag(a) M diag(b) are one word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from derive.errors import TooLarge
from derive.matrix.nodes import Dimension, Shape
from derive.matrix.words import Atom, Linear, Word, spelled, transposed
from derive.normal import Form, normal_form, polynomial_tree
from derive.tree import ONE, Name, Node, Power, Quotient, number, times, total, transform

ROW, COLUMN, CELL, SCALAR = "r|", "c|", "x|", ""
IDENTITY = Name(f"{CELL}I")
MAX_ENTRY_TERMS = 120


class Entries:
    """Entries of words and words of entries; names are remembered with the word they stand for."""

    def __init__(self) -> None:
        self.words: dict[str, Word] = {IDENTITY.key: ()}

    # --- from words to entries ---------------------------------------------------------------------------------------

    def entry_of(self, linear: Linear) -> Node:
        """The formula of an entry; of a row, of its transpose."""
        if linear.shape[0] == 1:
            linear = linear.transposed()
        of_word = self.column_entry if linear.shape[1] == 1 else self.matrix_entry
        return total([entry if c == ONE else times([c, entry]) for w, c in linear.terms for entry in [of_word(w)]])

    def column_entry(self, word: Word) -> Node:
        """An entry of a column."""
        if len(word) == 1 and word[0].kind == "ones":
            return ONE
        if len(word) == 1 and word[0].entry is not None:
            return word[0].entry
        return self._name(ROW, word)

    def matrix_entry(self, word: Word) -> Node:
        """An entry of a matrix."""
        for index in range(1, len(word)):
            if word[index].rows == 1:
                right = by_column(self.column_entry(transposed(word[index:])))
                return times([self.column_entry(word[:index]), right])
        if word and word[0].kind == "diagonal":
            return times([self.column_entry(word[0].inside), self.matrix_entry(word[1:])])
        if word and word[-1].kind == "diagonal":
            return times([self.matrix_entry(word[:-1]), by_column(self.column_entry(word[-1].inside))])
        if len(word) == 1 and word[0].entry is not None:
            return self.turned(word[0].entry) if word[0].turned else word[0].entry
        return self._name(CELL, word)

    def _name(self, kind: str, word: Word) -> Name:
        name = Name(kind + spelled(word))
        self.words[name.key] = word
        return name

    def turned(self, entry: Node) -> Node:
        """The entry of the transpose."""

        def swap(node: Node) -> Node | None:
            if not isinstance(node, Name) or node == IDENTITY:
                return None
            if node.key.startswith(CELL):
                return self._name(CELL, transposed(self.words[node.key]))
            return _renamed(node, ROW, COLUMN) or _renamed(node, COLUMN, ROW)

        return transform(entry, swap)

    # --- from entries to words ---------------------------------------------------------------------------------------

    def from_entry(self, entry: Node, shape: Shape) -> Linear:
        """The vector or matrix with a formula for its entries."""
        if shape[0] == 1:
            return self.from_entry(entry, (shape[1], 1)).transposed()
        found = Linear(shape)
        for coefficient, parts in self.split(entry):
            if shape[1] == 1:
                found.add(self.column_word(parts[ROW], shape[0]), coefficient)
                continue
            for word, c in self._matrix_of(parts, shape).scaled(coefficient).terms:
                found.add(word, c)
        return found

    def _matrix_of(self, parts: dict[str, Node], shape: Shape) -> Linear:
        rows, columns = shape
        left, right = self.column_word(parts[ROW], rows), self.column_word(by_row(parts[COLUMN]), columns)
        if parts[CELL] == ONE:
            return Linear(shape, [(left + transposed(right), ONE)])
        if IDENTITY.key in parts[CELL].names and parts[CELL] != IDENTITY:
            entry = transform(times([parts[ROW], parts[CELL], parts[COLUMN]]), self._on_diagonal)
            return self.from_entry(entry, (rows, 1)).mapped(shape, lambda word: self.diagonal(word, shape))
        word: Word = self._cell_word(parts[CELL], shape)
        before = () if parts[ROW] == ONE else (self.diagonal_atom(left),)
        after = () if parts[COLUMN] == ONE else (self.diagonal_atom(right),)
        return self.settled(before + word + after, shape)

    def column_word(self, entry: Node, rows: Dimension) -> Word:
        """The column with a formula for its entries, of one term without a coefficient."""
        if entry == ONE:
            return (Atom(f"1_{rows}", rows, 1, kind="ones"),)
        if isinstance(entry, Name):
            return self.words[_as_row(entry).key]
        return (Atom("{" + _key(entry) + "}", rows, 1, kind="entries", entry=entry),)

    def _cell_word(self, entry: Node, shape: Shape) -> Word:
        if isinstance(entry, Name):
            return self.words[entry.key]
        upright, turned = _key(entry), _key(self.turned(entry))
        if turned < upright:
            return (Atom("{" + turned + "}", *shape, turned=True, kind="entries", entry=self.turned(entry)),)
        return (Atom("{" + upright + "}", *shape, symmetric=upright == turned, kind="entries", entry=entry),)

    def split(self, entry: Node) -> Iterator[tuple[Node, dict[str, Node]]]:
        """The terms of a formula: a scalar coefficient, and what depends on the row, the column, both."""
        form = normal_form(entry)
        if len(form.numerator) > MAX_ENTRY_TERMS:
            raise TooLarge(f"more than {MAX_ENTRY_TERMS} terms in an entry")
        whole, rest = _proper(form)
        for part, denominator in ((whole, None), (rest, form.denominator)):
            if part:
                yield from self._terms(form, part, denominator)

    def _terms(self, form: Form, numerator: Any, denominator: Any) -> Iterator[tuple[Node, dict[str, Node]]]:
        below: dict[str, list[Node]] = defaultdict(list)
        content = Fraction(1)
        if denominator is not None:
            scale, factors = denominator.factor()
            content = Fraction(int(scale.p), int(scale.q))
            for factor, power in factors:
                kind = _kind_of(_used(factor, form))
                tree = polynomial_tree(factor, form.kernels)
                below[kind].append(tree if power == 1 else Power(tree, number(int(power))))
        for powers, c in numerator.terms():
            above: dict[str, list[Node]] = defaultdict(list)
            for kernel, power in zip(form.kernels, powers, strict=False):
                if not power:
                    continue
                whole = 1 if kernel.tree == IDENTITY else int(power)
                above[_kind_of([kernel.tree])].append(kernel.tree if whole == 1 else Power(kernel.tree, number(whole)))
            value = Fraction(int(c.p), int(c.q)) / content
            scalars = ([] if value == 1 else [number(value)]) + above[SCALAR]
            yield _quotient(scalars, below[SCALAR]), {k: _quotient(above[k], below[k]) for k in (ROW, COLUMN, CELL)}

    # --- words settled -----------------------------------------------------------------------------------------------

    def ones(self, rows: Dimension, columns: Dimension) -> Linear:
        """A vector, row or matrix of ones."""
        word: Word = () if rows == 1 else (Atom(f"1_{rows}", rows, 1, kind="ones"),)
        if columns != 1:
            word += (Atom(f"1_{columns}", columns, 1, kind="ones").transposed(),)
        return Linear((rows, columns), [(word, ONE)])

    def diagonal_atom(self, word: Word) -> Atom:
        """diag of a column."""
        rows = word[0].rows
        return Atom(f"diag({spelled(word)})", rows, rows, symmetric=True, kind="diagonal", inside=word)

    def diagonal(self, word: Word, shape: Shape) -> Linear:
        """diag of a column as words."""
        trivial = len(word) == 1 and word[0].kind == "ones"
        return Linear(shape, [(() if trivial else (self.diagonal_atom(word),), ONE)])

    def diagonal_of(self, word: Word, shape: Shape) -> Linear:
        """The column of the diagonal of a square matrix."""
        if not word:
            return self.ones(*shape)
        entry = transform(self.matrix_entry(word), self._on_diagonal)
        return self.from_entry(entry, shape)

    def _on_diagonal(self, node: Node) -> Node | None:
        if not isinstance(node, Name):
            return None
        if node == IDENTITY:
            return ONE
        if node.key.startswith(CELL):
            word = min(self.words[node.key], transposed(self.words[node.key]), key=spelled)
            return self._name(ROW, (Atom(f"diagonal({spelled(word)})", word[0].rows, 1),))
        return _renamed(node, COLUMN, ROW)

    def settled(self, word: Word, shape: Shape) -> Linear:
        """A word with what cancels gone, scalars in front, diagonal matrices merged."""
        if not word:
            return Linear(shape, [((), ONE)])
        for index, (a, b) in enumerate(zip(word, word[1:], strict=False)):
            if _cancel(a, b):
                return self.settled(word[:index] + word[index + 2 :], shape)
            if a.kind == "exponential" and a.inside == (b,):  # exp(tA) A = A exp(tA)
                return self.settled((*word[:index], b, a, *word[index + 2 :]), shape)
            if a.kind == b.kind == "diagonal":
                entry = times([self.column_entry(a.inside), self.column_entry(b.inside)])
                return self._replaced(self.from_entry(entry, (a.rows, 1)), word[:index], word[index + 2 :], shape, diagonal=True)  # fmt: skip
        cuts = [0, *(i for i in range(1, len(word)) if word[i].rows == 1), len(word)]
        pieces = [word[a:b] for a, b in zip(cuts, cuts[1:], strict=False)]
        scalars = [self.pair(piece) for piece in pieces if piece[0].rows == 1 and piece[-1].columns == 1]
        if scalars:
            rest = tuple(
                atom for piece in pieces if not (piece[0].rows == 1 and piece[-1].columns == 1) for atom in piece
            )
            return self.settled(rest, shape).scaled(times(scalars)) if rest else Linear(shape, [((), times(scalars))])
        for index in range(len(word) - 1, -1, -1):
            if word[index].kind != "diagonal":
                continue
            tail = next((c for c in cuts[1:] if c > index), len(word))
            if word[tail - 1].columns == 1 and tail > index + 1:
                entry = times([self.column_entry(word[index].inside), self.column_entry(word[index + 1 : tail])])
                return self._replaced(self.from_entry(entry, (word[index].rows, 1)), word[:index], word[tail:], shape)
            head = next((c for c in reversed(cuts[:-1]) if c <= index), 0)
            if word[head].rows == 1 and head < index:
                row = transposed(word[head:index])
                entry = times([self.column_entry(row), self.column_entry(word[index].inside)])
                column = self.from_entry(entry, (word[index].rows, 1))
                return self._replaced(column.transposed(), word[:head], word[index + 1 :], shape)
        return Linear(shape, [(word, ONE)])

    def _replaced(self, middle: Linear, before: Word, after: Word, shape: Shape, *, diagonal: bool = False) -> Linear:
        def put(word: Word) -> Linear:
            inner = self.diagonal(word, (word[0].rows, word[0].rows)).terms[0][0] if diagonal else word
            return self.settled(before + inner + after, shape)

        return middle.mapped(shape, put)

    def pair(self, piece: Word) -> Node:
        """A 1×1 word as a scalar; see pairing.py."""
        raise NotImplementedError

    # --- sums of entries ---------------------------------------------------------------------------------------------

    def merged(self, linear: Linear) -> Linear:
        """Terms that differ in one factor given by entries, added entry by entry: 1/(1+u) + u/(1+u) is 1."""
        groups: dict[tuple[Word, Word, Dimension, Dimension], list[tuple[Atom, Node]]] = defaultdict(list)
        rest: list[tuple[Word, Node]] = []
        terms = linear.terms
        contexts = {_context(word) for word, _ in terms} - {None}
        for word, coefficient in terms:
            for index, atom in enumerate(word):
                context = (word[:index], word[index + 1 :], atom.rows, atom.columns)
                if context in contexts:
                    groups[context].append((atom, coefficient))
                    break
            else:
                rest.append((word, coefficient))
        found = Linear(linear.shape, rest)
        for (before, after, rows, columns), members in groups.items():
            if len(members) == 1:
                found.add((*before, members[0][0], *after), members[0][1])
                continue
            part = Linear((rows, columns), [((atom,), c) for atom, c in members])
            together = self.from_entry(self.entry_of(part), (rows, columns))
            for word, c in self._replaced(together, before, after, linear.shape).terms:
                found.add(word, c)
        return found


def _context(word: Word) -> tuple[Word, Word, Dimension, Dimension] | None:
    """What stands around the only factor given by entries."""
    places = [index for index, atom in enumerate(word) if atom.kind == "entries"]
    if len(places) != 1:
        return None
    atom = word[places[0]]
    return word[: places[0]], word[places[0] + 1 :], atom.rows, atom.columns


def _cancel(a: Atom, b: Atom) -> bool:
    """Whether two neighbours are inverse to each other."""
    for one, other in ((a, b), (b, a)):
        if one.kind == "inverse" and one.inside:
            of = one.inside[0].transposed() if one.turned else one.inside[0]
            if of == other:
                return True
    return a.kind == "orthogonal" and a.rows == a.columns and b == a.transposed()


def _proper(form: Form) -> tuple[Any, Any]:
    """Numerator = whole · denominator + rest, so that e/(e + 1) is 1 − 1/(e + 1), or whole is 0.

    Without this A σ(u) and A (𝟏 + tanh(u/2))/2 would be made of different words. Kernels are sorted, so that the rest is one
    and the same in every formula; what depends on row and column may be met transposed, with its kernels in another order:
    there one monomial of the denominator has to be a multiple of all others, and so to lead in every order.
    """
    if form.denominator.is_constant():
        return form.numerator * 0, form.numerator
    kind = _kind_of(_used(form.denominator, form))
    monomials = [powers for powers, _ in form.denominator.terms()]
    leads = kind in (ROW, COLUMN) or tuple(map(max, zip(*monomials, strict=True))) in monomials
    if kind == SCALAR or not leads:
        return form.numerator * 0, form.numerator
    whole, rest = divmod(form.numerator, form.denominator)
    return whole, rest


def _used(polynomial: Any, form: Form) -> list[Node]:
    return [k.tree for k, degree in zip(form.kernels, polynomial.degrees(), strict=False) if degree]


def _kind_of(trees: list[Node]) -> str:
    """What the names of formulas depend on."""
    kinds = {name[:2] for tree in trees for name in tree.names if name[:2] in {ROW, COLUMN, CELL}}
    return CELL if CELL in kinds or len(kinds) > 1 else kinds.pop() if kinds else SCALAR


def _quotient(above: list[Node], below: list[Node]) -> Node:
    return Quotient(times(above), times(below)) if below else times(above)


def _key(entry: Node) -> str:
    return repr(normal_form(entry).key)


def _renamed(node: Name, old: str, new: str) -> Name | None:
    return Name(new + node.key[len(old) :]) if node.key.startswith(old) else None


def _as_row(node: Name) -> Name:
    return _renamed(node, COLUMN, ROW) or node


def by_column(entry: Node) -> Node:
    """An entry of a column, its index that of columns."""
    return transform(entry, lambda node: _renamed(node, ROW, COLUMN) if isinstance(node, Name) else None)


def by_row(entry: Node) -> Node:
    """The other way round."""
    return transform(entry, lambda node: _renamed(node, COLUMN, ROW) if isinstance(node, Name) else None)
