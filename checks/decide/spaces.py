r"""`W x \in \mathbb{R}^{m \times 1}`: whether what is claimed of a shape is so.

Sizes are compared as they are declared: another number, or another declared letter, is wrong; a letter that no shape is
declared with, and a number for a letter, may be meant for the same and are left open. A column of n entries lies in ℝⁿ
and ℝ^{n×1}; that a row lies in ℝⁿ is said by some writers and left open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checks.decide.claim import Setting
from checks.decide.separation import FAILURES, sentence
from checks.verdict import Verdict
from derive.entries import carried_out
from derive.errors import Unreadable
from derive.matrix.nodes import SCALAR, ArrayName, Dimension, Shape, Space, has_array_name
from derive.matrix.shapes import shape_of
from derive.read import read
from derive.tree import Chain, Derivative, Matrix, Node, walk

CODE = "shape"


def decide_space(side: Node, space: Space, setting: Setting) -> Verdict:
    """Whether a formula has the shape claimed, which is named where it has not."""
    try:
        shape = _shape(side, setting)
    except (*FAILURES, Unreadable) as error:
        return Verdict("undecided", CODE, f"undecided: {sentence(error).removeprefix('undecided: ')}")
    differing = [pair for pair in zip(shape, space.shape, strict=True) if pair[0] != pair[1]]
    if not differing:
        return Verdict("proven", CODE, f"it is {in_words(shape)}")
    said = f"it is {in_words(shape)}, and {in_words(space.shape)} is claimed"
    if shape == space.shape[::-1] and any(isinstance(node, Derivative) for node in walk(side)):
        return Verdict("undecided", CODE, f"undecided: {said}; the layout of a derivative is a convention")
    if space.shape[1] == 1 and shape == space.shape[::-1] and shape[1] != 1:
        return Verdict("undecided", "notation", f"undecided: {said}; some writers say that of a row too")
    if any(_may_be_same(size, claimed, setting, (side,)) for size, claimed in differing):
        return Verdict("undecided", CODE, f"undecided: {said}; whether these are the same is not declared")
    return Verdict("refuted", CODE, said, {})


def decide_labels(labels: Iterable[tuple[str, Shape]], setting: Setting) -> Iterator[tuple[str, Verdict]]:
    """Parts of a formula, as written, with what becomes of the shapes that labels under them claim; unreadable ones left out."""
    for written, shape in labels:
        try:
            tree = read(written, setting.symbols, free=True).tree
        except Unreadable:
            continue
        if not isinstance(tree, Chain):
            yield written, decide_space(tree, Space(shape), setting)


def in_words(shape: Shape) -> str:
    """`3 × 1`, or a single number."""
    return "a single number" if shape == SCALAR else f"{_written(shape[0])} × {_written(shape[1])}"


def _written(size: Dimension) -> str:
    return str(size) if isinstance(size, int) or size.replace(" ", "").isalnum() else f"({size})"


def _shape(side: Node, setting: Setting) -> Shape:
    """With the definitions put in where they are written out: a name alone does not tell. Raises Misfit, NoRule, TooLarge."""
    needed = setting.named.needed(side).values()
    if not any(tree.has_array for tree in (side, *needed)) or any(map(has_array_name, (side, *needed))):
        return shape_of(side)
    value = carried_out(setting.named.expanded(side))
    return value.shape if isinstance(value, Matrix) else shape_of(value)


def _may_be_same(size: Dimension, claimed: Dimension, setting: Setting, trees: tuple[Node, ...]) -> bool:
    if isinstance(size, int) and isinstance(claimed, int):
        return False
    declared = {d for tree in trees for node in walk(tree) if isinstance(node, ArrayName) for d in node.shape}
    declared |= {d for symbol in setting.symbols.values() if symbol.shape for d in symbol.shape}
    letters = {letter for d in declared if isinstance(d, str) for letter in d.replace("+", " ").split()}
    unknown = [letter for d in (size, claimed) if isinstance(d, str) for letter in d.replace("+", " ").split()]
    return isinstance(size, int) or isinstance(claimed, int) or any(letter not in letters for letter in unknown)
