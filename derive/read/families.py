r"""Indexed names: `x_i` inside a Σ or Π over i is a different name for every i, never a constant.

Between numbers such a Σ or Π is written out, `\sum_{i=1}^{3} x_i` as x_1 + x_2 + x_3; what is declared as `x_i` declares
every x_1, x_2, …. With any other bounds, and under ∫ and lim, a name that runs with the index is refused: nothing here
knows sequences or families of functions. Outside of what binds the letter, x_i is a name like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from derive.scripts import runs_with, with_index
from derive.tree import EXTREMA, Binder, Call, Derivative, FunctionName, Name, Node, Number, number, times, total

MAX_MEMBERS = 100  # of a sum or product that is written out
MAX_SIZE = 20_000  # nodes of what is written out


class Indexed(Exception):
    """A name that runs with an index in a way that is not read: `name`, the reason, what to write."""

    def __init__(self, name: str, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.name, self.reason, self.hint = name, reason, hint


def written_out(tree: Node) -> tuple[Node, Mapping[str, str]]:
    """The tree with every Σ and Π over indexed names written out, and the family each member is of. Raises Indexed."""
    if Binder not in tree.kinds:
        return tree, {}
    made: dict[str, str] = {}
    return _written(tree, made), made


def _written(node: Node, made: dict[str, str]) -> Node:
    """Outer sums first: the bounds of an inner one may run with their index."""
    if Binder not in node.kinds:
        return node
    if isinstance(node, Binder) and node.kind not in EXTREMA:
        family = next(indexed(node.body, node.index), None)
        if family is not None:
            return _written(_members(node, family, made), made)
    return node.rebuilt(tuple(_written(child, made) for child in node.children))


def indexed(node: Node, index: str) -> Iterator[str]:
    """The names and functions that run with an index; where an inner one of the same letter is bound, that counts."""
    match node:
        case Name() if runs_with(node.key, index):
            yield node.key
        case Call() | FunctionName() if runs_with(node.function, index):
            yield node.function
        case Derivative():
            yield from (variable.key for variable in node.variables if runs_with(variable.key, index))
    shadowed = isinstance(node, Binder) and node.index == index
    for child in node.children[:-1] if shadowed else node.children:
        yield from indexed(child, index)


def _members(node: Binder, family: str, made: dict[str, str]) -> Node:
    """The sum or product over the values of its index."""
    first, last = (_whole(bound) for bound in (*node.bounds, *node.bounds)[:2])
    if node.kind not in ("sum", "product"):
        raise Indexed(family, f"{family} depends on {node.index}, which is bound here, in a way nobody declared",
                      f"declare it as a function, and write its argument {node.index}")  # fmt: skip
    if first is None or last is None:
        raise Indexed(family, f"{family} runs with the index {node.index}, whose bounds are no numbers: sequences are not read",
                      "write the bounds as numbers")  # fmt: skip
    if last - first >= MAX_MEMBERS or (last - first + 1) * node.body.size > MAX_SIZE:
        raise Indexed(family, f"{family} runs with an index over {last - first + 1} values",
                      f"at most {MAX_MEMBERS} are written out")  # fmt: skip
    members = [_at(node.body, node.index, value, made) for value in range(first, last + 1)]
    return times(members) if node.kind == "product" else total(members)


def _whole(bound: Node) -> int | None:
    if isinstance(bound, Number) and bound.value.denominator == 1:
        return int(bound.value)
    operand = bound.children[0] if type(bound).__name__ == "Negative" else None
    value = None if operand is None else _whole(operand)
    return None if value is None else -value


def _at(node: Node, index: str, value: int, made: dict[str, str]) -> Node:
    """The body for one value of its index."""

    def member(key: str) -> str:
        if not runs_with(key, index):
            return key
        found = with_index(key, index, value)
        if found is None:
            raise Indexed(
                key, f"which name {key} is for {index} = {value} is not clear", "put commas between its indices"
            )
        made[found] = made.get(key, key)
        return found

    match node:
        case Name():
            return number(value) if node.key == index else replace(node, key=member(node.key))
        case Binder() if node.index == index:
            bounds = tuple(_at(bound, index, value, made) for bound in node.bounds)
            return Binder(node.kind, node.index, bounds, node.body)
        case FunctionName():
            return replace(node, function=member(node.function))
    changed = node.rebuilt(tuple(_at(child, index, value, made) for child in node.children))
    match changed:
        case Call():
            return Call(member(changed.function), changed.arguments, changed.order)
        case Derivative():
            if any(variable.key == index for variable in changed.variables):
                raise Indexed(index, f"a derivative is taken by the index {index}", "take it by another name")
            variables = tuple(Name(member(variable.key), variable.at) for variable in changed.variables)
            return Derivative(changed.operand, variables, changed.partial)
    return changed
