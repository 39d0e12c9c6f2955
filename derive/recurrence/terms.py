"""Terms of sequences in a tree: which there are, and a formula at numbers for its indices, sums and maxima written out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from derive.errors import TooLarge
from derive.names import canonical_name
from derive.tree import Binder, Call, Name, Negative, Node, Number, number, substitute, times, total, transform, walk

MAX_MEMBERS = 64  # of a sum, product or maximum that is written out
MAX_WRITTEN = 20_000  # nodes
EXTREMES = {"maximum": "max", "minimum": "min"}


def is_term(node: Node) -> bool:
    """Whether a node is a term of a sequence."""
    return isinstance(node, Call) and node.function.endswith("_")


def terms(tree: Node) -> Iterator[Call]:
    """The terms of sequences in a tree."""
    if Call in tree.kinds:
        yield from (node for node in walk(tree) if isinstance(node, Call) and node.function.endswith("_"))


def term(sequence: str, index: Node | int) -> Call:
    """v_{t-1} of `v_` and t − 1."""
    return Call(sequence, (number(index) if isinstance(index, int) else index,))


def has_sequences(tree: Node) -> bool:
    """Whether a term of a sequence, or a maximum over an index, occurs."""
    if next(terms(tree), None) is not None:
        return True
    return Binder in tree.kinds and any(isinstance(node, Binder) and node.kind in EXTREMES for node in walk(tree))


def name_of(sequence: str, index: int) -> str:
    """The name for one term: `g_3` of `g_`."""
    return canonical_name(f"{sequence}{{{index}}}")


def whole(tree: Node) -> int | None:
    """The value of a tree that is a whole number."""
    if isinstance(tree, Number):
        return int(tree.value) if tree.value.denominator == 1 else None
    if isinstance(tree, Negative) and isinstance(tree.operand, Number):
        inner = whole(tree.operand)
        return None if inner is None else -inner
    if tree.names:
        return None
    from derive.normal import normal_form  # it needs python-flint, which `import derive` does not load

    try:
        value = normal_form(tree).constant
    except (TooLarge, ZeroDivisionError):
        return None
    return None if value is None or value.denominator != 1 else int(value)


def indices(*trees: Node) -> tuple[str, ...]:
    """The free names that stand in subscripts, or in the bounds of sums, products and maxima."""
    found: dict[str, None] = {}
    for tree in trees:
        for node in walk(tree) if Call in tree.kinds or Binder in tree.kinds else ():
            if is_term(node):
                found.update(dict.fromkeys(node.names))
            elif isinstance(node, Binder) and (node.kind in EXTREMES or node.kind in ("sum", "product")):
                found.update(dict.fromkeys(name for bound in node.bounds for name in bound.names))
    bound = {node.index for tree in trees for node in walk(tree) if isinstance(node, Binder)}
    free = {name for tree in trees for name in tree.names}
    return tuple(name for name in found if name in free or name not in bound)


def at(tree: Node, values: Mapping[str, int]) -> Node:
    """The tree at numbers for its indices, with every Σ, Π, max and min written out; terms have numbers as indices.

    Raises TooLarge for bounds that are no numbers, run backwards or hold too many.
    """
    return _written(substitute(tree, {name: number(value) for name, value in values.items()}))


def _written(node: Node) -> Node:
    if isinstance(node, Binder) and (node.kind in EXTREMES or node.kind in ("sum", "product")):
        return _members(node)
    changed = node.rebuilt(tuple(_written(child) for child in node.children)) if node.children else node
    if isinstance(changed, Call) and is_term(changed):
        index = whole(changed.arguments[0])
        return changed if index is None else term(changed.function, index)
    return changed


def _members(node: Binder) -> Node:
    low, high = (whole(bound) for bound in node.bounds)
    if low is None or high is None:
        raise TooLarge(f"the bounds of a {node.kind} that are no whole numbers")
    if high - low >= MAX_MEMBERS or high < low - 1:
        raise TooLarge(
            "an upper bound below the lower one" if high < low else f"a {node.kind} of more than {MAX_MEMBERS} terms"
        )
    members: list[Node] = []
    size = 0
    for k in range(low, high + 1):
        members.append(_written(substitute(node.body, {node.index: number(k)})))
        size += members[-1].size
        if size > MAX_WRITTEN:
            raise TooLarge(f"more than {MAX_WRITTEN} nodes with all sums written out")
    if node.kind == "sum":
        return total(members)
    if node.kind == "product":
        return times(members)
    if not members:
        raise TooLarge("a maximum of nothing")
    return members[0] if len(members) == 1 else Call(EXTREMES[node.kind], tuple(members))


def named(tree: Node) -> tuple[Node, dict[str, str]]:
    """A tree whose terms have numbers as indices, with a name for each term; the names with their sequences. Raises TooLarge."""
    made: dict[str, str] = {}

    def rename(node: Node) -> Node | None:
        if not isinstance(node, Call) or not is_term(node):
            return None
        index = whole(node.arguments[0])
        if index is None:
            raise TooLarge("a term whose index is no number")
        name = name_of(node.function, index)
        made[name] = node.function
        return Name(name)

    return transform(tree, rename), made


def shift_of(index: Node, of: str) -> Fraction | None:
    """The c of an index t + c; None if it is not of this form."""
    from derive.normal import normal_form

    try:
        return normal_form(total([index, Negative(Name(of))])).constant
    except (TooLarge, ZeroDivisionError):
        return None
