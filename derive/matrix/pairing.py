"""Scalars made of vectors and matrices: uᵀMv, traces, sums over entries; each value gets one name.

    uᵀ M v = vᵀ Mᵀ u         tr is cyclic, tr Mᵀ = tr M        Σᵢ aᵢbᵢ = aᵀb        Σᵢⱼ AᵢⱼBᵢⱼ = tr(AᵀB)       Σᵢ 1 = n

A name `s|Σ…` stands for the sum over i of a formula of entries, `s|ΣΣ…` for that over i and j.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from derive.matrix.atoms import dimension
from derive.matrix.entrywise import CELL, COLUMN, ROW, Entries, by_column, by_row
from derive.matrix.nodes import Dimension, Shape
from derive.matrix.words import Linear, Word, oriented, spelled, transposed
from derive.normal import normal_form
from derive.tree import ONE, Name, Node, Power, Product, number, times, total


class Scalars(Entries):
    """One name for every scalar of vectors and matrices."""

    def __init__(self) -> None:
        super().__init__()
        self.sums: dict[str, tuple[Node, Dimension]] = {}

    def as_scalar(self, linear: Linear) -> Node:
        """A linear combination of shape (1, 1)."""
        return total([c if not w else times([c, self.pair(w)]) for w, c in linear.terms])

    def key_of(self, linear: Linear) -> str:
        """A key that equal linear combinations share."""
        terms = ((spelled(w), repr(normal_form(c).key)) for w, c in self.merged(linear).terms if not self._zero(c))
        return " + ".join(f"{c} {w}" for w, c in sorted(terms))

    def _zero(self, coefficient: Node) -> bool:
        return bool(normal_form(coefficient).numerator.is_zero())

    def pair(self, piece: Word) -> Node:
        """A word of shape (1, 1) without an inner cut."""
        for index in range(len(piece) - 1, -1, -1):
            if piece[index].kind == "diagonal":
                entry = times([self.column_entry(piece[index].inside), self.column_entry(piece[index + 1 :])])
                columns = self.from_entry(entry, (piece[index].rows, 1))
                return total([times([c, self.pair(piece[:index] + w)]) for w, c in columns.terms])
        if len(piece) == 3 and piece[1].entry is not None:
            ends = (self.column_entry(transposed(piece[:1])), by_column(self.column_entry(piece[2:])))
            entry = times([ends[0], self.matrix_entry(piece[1:2]), ends[1]])
            return self.cells_summed(entry, (piece[1].rows, piece[1].columns))
        given = [piece[0].kind == "entries", piece[-1].kind == "entries"]
        if given == [False, True]:
            return self.pair(transposed(piece))
        if given[0] and (not given[1] or len(piece) == 2):
            first = self.column_entry(transposed(piece[:1]))
            return self.summed(times([first, self.column_entry(piece[1:])]), piece[0].columns)
        if len(piece) == 2 and (kinds := {piece[0].kind, piece[1].kind}) <= {"ones", "probability vector"}:
            if kinds == {"ones"}:
                return dimension(piece[1].rows)
            if len(kinds) == 2:
                return ONE  # 1ᵀy = 1
        return Name(f"s|{spelled(oriented(piece))}")

    def summed(self, entry: Node, rows: Dimension) -> Node:
        """The sum over the entries of a column."""
        parts = []
        for coefficient, kinds in self.split(entry):
            parts.append(times([coefficient, self._summed(kinds[ROW], rows)]))
        return total(parts)

    def _summed(self, entry: Node, rows: Dimension) -> Node:
        if entry == ONE:
            return dimension(rows)
        plain = _plain_factors(entry)
        if plain is not None and len(plain) == 1:
            return self.pair(transposed(self.column_word(ONE, rows)) + self.words[plain[0].key])
        if plain is not None and len(plain) == 2:
            return self.pair(transposed(self.words[plain[0].key]) + self.words[plain[1].key])
        name = f"s|Σ{normal_form(entry).key!r}"
        self.sums[name] = (entry, rows)
        return Name(name)

    # --- traces ------------------------------------------------------------------------------------------------------

    def traced(self, linear: Linear) -> Node:
        """The trace of a square linear combination."""
        return total([times([c, self._trace(w, linear.shape)]) for w, c in linear.terms])

    def _trace(self, word: Word, shape: Shape) -> Node:
        if not word:
            return dimension(shape[0])
        for index in range(len(word)):
            if word[index].rows == 1:
                rotated = word[index:] + word[:index]
                settled = self.settled(rotated, (1, 1))
                return self.as_scalar(settled)
        for index, atom in enumerate(word):
            if atom.kind == "diagonal":
                rest = word[index + 1 :] + word[:index]
                column = self.entry_of(self.diagonal_of(rest, (atom.rows, 1)))
                return self.summed(times([self.column_entry(atom.inside), column]), atom.rows)
        given = [index for index, atom in enumerate(word) if atom.kind == "entries"]
        if given and len(word) > 1 and (len(given) == 1 or len(word) == 2):
            index = given[0]
            rest = word[index + 1 :] + word[:index]
            entry = times([self.matrix_entry(word[index : index + 1]), self.matrix_entry(transposed(rest))])
            return self.cells_summed(entry, (word[index].rows, word[index].columns))
        rotations = [w[i:] + w[:i] for w in (word, transposed(word)) for i in range(len(w))]
        return Name(f"s|tr {spelled(min(rotations, key=spelled))}")

    def cells_summed(self, entry: Node, shape: Shape) -> Node:
        """The sum over all entries of a matrix."""
        return total([times([c, self._cells(kinds, shape)]) for c, kinds in self.split(entry)])

    def _cells(self, kinds: dict[str, Node], shape: Shape) -> Node:
        row, column, cell = kinds[ROW], by_row(kinds[COLUMN]), kinds[CELL]
        if cell == ONE:
            return times([self._summed(row, shape[0]), self._summed(column, shape[1])])
        plain = _plain_factors(cell)
        if plain is not None and len(plain) == 1:
            left, right = self.column_word(row, shape[0]), self.column_word(column, shape[1])
            return self.as_scalar(self.settled(transposed(left) + self.words[plain[0].key] + right, (1, 1)))
        if plain is not None and len(plain) == 2 and row == column == ONE:
            first, second = (self.words[name.key] for name in plain)
            return self._trace(transposed(first) + second, (shape[1], shape[1]))
        whole = times([row, cell, kinds[COLUMN]])
        keys = [repr(normal_form(tree).key) for tree in (whole, self.turned(whole))]
        return Name(f"s|ΣΣ{min(keys)}")

    # --- sums merged -------------------------------------------------------------------------------------------------

    def with_sums_merged(self, coefficient: Node) -> Node:
        """A scalar in which sums over the same index are added term by term."""
        if sum(name in self.sums for name in coefficient.names) < 2:
            return coefficient
        form = normal_form(coefficient)
        groups: dict[tuple[object, Dimension], list[tuple[Fraction, Node]]] = defaultdict(list)
        others: list[Node] = []
        trees: dict[object, Node] = {}
        for powers, c in form.numerator.terms():
            value = Fraction(int(c.p), int(c.q))
            used = [(k.tree, int(e)) for k, e in zip(form.kernels, powers, strict=False) if e]
            sums = [(tree, e) for tree, e in used if isinstance(tree, Name) and tree.key in self.sums]
            rest = times([tree if e == 1 else Power(tree, number(e)) for tree, e in used if (tree, e) not in sums])
            if len(sums) == 1 and sums[0][1] == 1:
                assert isinstance(sums[0][0], Name)
                entry, rows = self.sums[sums[0][0].key]
                groups[(rest, rows)].append((value, entry))
                trees[rest] = rest
            else:
                others.append(times([number(value), rest, *(t if e == 1 else Power(t, number(e)) for t, e in sums)]))
        together = [
            times([trees[rest], self.summed(total([times([number(v), e]) for v, e in members]), rows)])
            for (rest, rows), members in groups.items()
        ]
        return total([*together, *others])


def _plain_factors(entry: Node) -> list[Name] | None:
    """The names of a product of entries of words, each as often as it occurs; None for anything else."""
    factors = entry.factors if isinstance(entry, Product) else (entry,)
    found: list[Name] = []
    for factor in factors:
        match factor:
            case Name():
                found.append(factor)
            case Power(base=Name() as base, exponent=exponent) if normal_form(exponent).constant == 2:
                found += [base, base]
            case _:
                return None
    return found
