"""Small numbers for symbolic dimensions: m × n becomes 2 × 3, then 4 × 2, ….

Pairwise different wherever there is room, so that a transposed or misplaced factor shows; never 1, at which rows,
columns and scalars are the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations
from math import prod
from random import Random

from derive.matrix.nodes import ArrayName, Dimension
from derive.matrix.shapes import summands
from derive.tree import Node, walk

WIDER = 4  # by so many numbers the pool grows beyond what is needed
MAX_TRIES = 40
Sizes = Mapping[str, int]
_ORDERED = re.compile(r"(\S+) (>|<|>=|<=) (\S+)")  # of sizes, which are letters or numbers; `det > 0` is not one
_LETTER = re.compile(r"[^\s()+\d][^\s()+]*")  # of m n + 2 p
_HOLDS = {">": int.__gt__, "<": int.__lt__, ">=": int.__ge__, "<=": int.__le__}


def size_of(dimension: Dimension, sizes: Sizes) -> int:
    """The number a dimension stands for."""
    if isinstance(dimension, int):
        return dimension
    return sum(prod(_factor(factor, sizes) for factor in term) for term in summands(dimension))


def _factor(factor: str, sizes: Sizes) -> int:
    if factor.startswith("("):
        return size_of(factor[1:-1], sizes)
    return int(factor) if factor.isdigit() else sizes[factor]


def letters(trees: Iterable[Node]) -> tuple[str, ...]:
    """The symbolic dimensions of the names that occur, in the order met."""
    found: dict[str, None] = {}
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, ArrayName):
                found.update(dict.fromkeys(letter for d in node.shape for letter in _LETTER.findall(str(d))))
    return tuple(found)


def conditions(trees: Iterable[Node]) -> frozenset[tuple[str, str, str]]:
    """What is declared between dimensions, m > n."""
    properties = {p for tree in trees for node in walk(tree) if isinstance(node, ArrayName) for p in node.properties}
    return frozenset(match.groups() for p in properties if is_condition(p) and (match := _ORDERED.fullmatch(p)))  # type: ignore[misc]


def is_condition(declared: str) -> bool:
    """Whether a property of an array is one between its dimensions."""
    return declared != "det > 0" and _ORDERED.fullmatch(declared) is not None


def assignments(
    keys: tuple[str, ...], wanted: frozenset[tuple[str, str, str]], seed: int, count: int
) -> Iterator[dict[str, int]]:
    """`count` different assignments at most, the smallest sizes first."""
    if not keys:
        yield {}
        return
    random = Random(seed)
    seen: set[tuple[int, ...]] = set()
    for width in range(max(len(keys), 2), max(len(keys), 2) + WIDER):
        for chosen in _choices(range(2, 2 + width), len(keys), random):
            sizes = dict(zip(keys, chosen, strict=True))
            if chosen not in seen and admitted(sizes, wanted):
                seen.add(chosen)
                yield sizes
                if len(seen) == count:
                    return


def _choices(pool: range, count: int, random: Random) -> list[tuple[int, ...]]:
    """Different numbers of a pool in order, all ways or some where there are many."""
    if count > 3:
        return [tuple(random.sample(pool, count)) for _ in range(MAX_TRIES)]
    every = list(permutations(pool, count))
    random.shuffle(every)
    return every


def admitted(sizes: Sizes, wanted: frozenset[tuple[str, str, str]]) -> bool:
    """Whether the sizes are as declared; of dimensions that do not occur nothing is known."""

    def of(size: str) -> int | None:
        return int(size) if size.isdigit() else sizes.get(size)

    pairs = [(of(a), r, of(b)) for a, r, b in wanted]
    return all(_HOLDS[r](a, b) for a, r, b in pairs if a is not None and b is not None)
