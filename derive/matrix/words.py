"""Words of matrix factors and their linear combinations: what a matrix formula is once it is multiplied out.

A word is a product of atoms, left to right; a linear combination gives each word a scalar coefficient, a tree over names
that stand for scalars of the formula (traces, products of vectors …). The empty word is the identity, or, of the shape
(1, 1), the number 1. Nothing here knows what an atom is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from derive.errors import TooLarge
from derive.matrix.nodes import Dimension, Shape
from derive.tree import ONE, Negative, Node, times, total

MAX_WORDS = 400
MAX_LENGTH = 48


@dataclass(frozen=True)
class Atom:
    """One factor: `key` says what it is, `turned` that it stands transposed. A symmetric atom is never turned.

    `entry` is, for a vector or matrix given entry by entry, its entry as a scalar formula over names of words.
    """

    key: str
    rows: Dimension
    columns: Dimension
    turned: bool = False
    symmetric: bool = False
    kind: str = ""  # "inverse", "diagonal", "entries", "ones" or empty
    entry: Node | None = None
    inside: Word = ()  # of an inverse or a diagonal matrix: what it is made of, where that is one word

    @property
    def spelled(self) -> str:
        """The key with its orientation."""
        return self.key + ("ᵀ" if self.turned else "")

    def transposed(self) -> Atom:
        """The same factor the other way round."""
        if self.symmetric:
            return self
        return replace(self, rows=self.columns, columns=self.rows, turned=not self.turned)

    def __hash__(self) -> int:
        return hash((self.key, self.turned))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Atom) and (self.key, self.turned) == (other.key, other.turned)


Word = tuple[Atom, ...]


def spelled(word: Word) -> str:
    """A key of a word."""
    return "·".join(atom.spelled for atom in word) or "I"


def transposed(word: Word) -> Word:
    """The word of the transpose."""
    return tuple(atom.transposed() for atom in reversed(word))


def oriented(word: Word) -> Word:
    """The one of a word and its transpose that is spelled first: for values that are the same for both."""
    return min(word, transposed(word), key=spelled)


class Linear:
    """Σ coefficient · word, all words of one shape."""

    def __init__(self, shape: Shape, terms: Iterable[tuple[Word, Node]] = ()) -> None:
        self.shape = shape
        self.parts: dict[Word, list[Node]] = {}
        for word, coefficient in terms:
            self.add(word, coefficient)

    def add(self, word: Word, coefficient: Node) -> None:
        """One more term. Raises TooLarge."""
        self.parts.setdefault(word, []).append(coefficient)
        if len(self.parts) > MAX_WORDS or len(word) > MAX_LENGTH:
            raise TooLarge(f"more than {MAX_WORDS} terms when multiplied out")

    @property
    def terms(self) -> list[tuple[Word, Node]]:
        """Words with their coefficients, in the order met."""
        return [(word, total(parts)) for word, parts in self.parts.items()]

    def scaled(self, factor: Node) -> Linear:
        """Every coefficient times a scalar."""
        if factor == ONE:
            return self
        return Linear(self.shape, ((w, factor if c == ONE else times([factor, c])) for w, c in self.terms))

    def negative(self) -> Linear:
        """Minus it."""
        return Linear(self.shape, ((w, Negative(c)) for w, c in self.terms))

    def transposed(self) -> Linear:
        """Its transpose."""
        rows, columns = self.shape
        return Linear((columns, rows), ((transposed(w), c) for w, c in self.terms))

    def mapped(self, shape: Shape, of_word: Callable[[Word], Linear]) -> Linear:
        """Every word replaced by a linear combination."""
        found = Linear(shape)
        for word, coefficient in self.terms:
            for inner, c in of_word(word).scaled(coefficient).terms:
                found.add(inner, c)
        return found
