"""Implications with powers and logarithms of scalars made of arrays: the scalars as numbers of which the sign is all that is known.

`β^k ≤ −gᵀd/(m‖d‖²) ⇒ k ≥ log_β(−gᵀd/(m‖d‖²))` holds for all arrays if it holds for every number in the place of gᵀd, be it
positive, negative or 0, and every number from 0 on in the place of dᵀd. Each choice of signs is a case of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING

from checks.decide.arrays.facts import Facts
from checks.decide.claim import Setting
from checks.decide.statements.logarithms import is_exponential
from checks.decide.statements.relation import decide_implication
from derive.matrix.words import Word, transposed
from derive.normal import normal_form
from derive.program import Program
from derive.symbols import Symbol, SymbolTable
from derive.tree import ZERO, Chain, Implication, Logical, Node, substitute, walk

if TYPE_CHECKING:
    from checks.decide.arrays.order import Link

MAX_SCALARS = 3
SIGNS = ("positive", "negative", "0")


def by_numbers(premises: Sequence[Link], claimed: Link, setting: Setting) -> bool:
    """Whether the implication is proven in every case of signs. Raises NoRule, TooLarge."""
    links = [*premises, claimed]
    facts = Facts(setting)
    sides = [(facts.scalar(link.left), link.relation, facts.scalar(link.right)) for link in links]
    if not premises or not any(is_exponential(node) for a, _, b in sides for side in (a, b) for node in walk(side)):
        return False
    met = {name for a, _, b in sides for name in (*a.names, *b.names)}
    pieces = {key: word for key, word in facts.canonical.pieces.items() if key in met}
    others = [symbol for key, symbol in setting.symbols.items() if key in met]
    if len(pieces) > MAX_SCALARS or {s.key for s in others} | pieces.keys() != met or any(s.is_array for s in others):
        return False
    relations = [Chain((a, b), (relation,)) for a, relation, b in sides]
    return all(_holds(relations, case, others) for case in _cases(pieces))


def _cases(pieces: dict[str, Word]) -> Iterator[dict[str, str]]:
    signs = [("positive", "0") if _is_square(word) else SIGNS for word in pieces.values()]
    for chosen in product(*signs):
        yield dict(zip(pieces, chosen, strict=True))


def _is_square(word: Word) -> bool:
    """uᵀu of a column u."""
    half = len(word) // 2
    return word[:half] == transposed(word[half:]) and word[0].rows == 1


def _holds(relations: list[Chain], case: dict[str, str], others: list[Symbol]) -> bool:
    nothing: dict[str, Node] = {key: ZERO for key, sign in case.items() if sign == "0"}
    *supposed, concluded = (substitute(relation, nothing) for relation in relations)
    if any(_has_no_value(relation) for relation in supposed):
        return True
    signed = [Symbol(key, properties=frozenset([sign])) for key, sign in case.items() if sign != "0"]
    setting = Setting(SymbolTable([*others, *signed]), Program())
    premise = supposed[0] if len(supposed) == 1 else Logical("and", tuple(supposed))
    return decide_implication(Implication((premise, concluded), (r"\Rightarrow",)), setting).status == "proven"


def _has_no_value(relation: Node) -> bool:
    """Whether a side divides by zero, whatever its names are."""
    try:
        for side in relation.children:
            normal_form(side)
    except ZeroDivisionError:
        return True
    return False
