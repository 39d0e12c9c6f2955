"""Trees changed: rules applied everywhere, names replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import is_not

from derive.tree.formulas import Binder, Call, Derivative, FunctionName, Name
from derive.tree.node import Node, walk


def names(node: Node) -> tuple[str, ...]:
    """The keys of the names that occur, in the order of first occurrence; variables of derivatives included."""
    return node.names


def functions(node: Node) -> tuple[str, ...]:
    """The functions that are called, in the order of first occurrence."""
    if Call not in node.kinds and FunctionName not in node.kinds:
        return ()
    return tuple(dict.fromkeys(part.function for part in walk(node) if isinstance(part, Call | FunctionName)))


def transform(node: Node, rule: Callable[[Node], Node | None]) -> Node:
    """The tree with every node replaced, operands first, by what `rule` answers (None keeps it)."""
    children = node.children
    if children:
        changed = tuple([transform(child, rule) for child in children])
        if any(map(is_not, changed, children)):
            node = node.rebuilt(changed)
    answer = rule(node)
    return node if answer is None else answer


def substitute(node: Node, replacements: Mapping[str, Node]) -> Node:
    """The tree with names replaced at once (not repeatedly); variables of derivatives follow if renamed to a name.

    A bound index is no name of the outside: it is not replaced, and is renamed where a replacement mentions it.
    """
    if replacements.keys().isdisjoint(node.names):
        return node
    if not node.children:  # a name: no other leaf has one
        return _in_place_of(node, replacements[node.names[0]])
    if isinstance(node, Binder):
        return _substituted_binder(node, replacements)
    changed = node.rebuilt(tuple([substitute(child, replacements) for child in node.children]))
    if isinstance(changed, Derivative):
        renamed = [replacements.get(v.key, v) for v in changed.variables]
        if all(v.names and not v.children for v in renamed):
            return Derivative(changed.operand, tuple(renamed), changed.partial)  # type: ignore[arg-type]
    return changed


def _in_place_of(node: Node, new: Node) -> Node:
    """What replaces a name; a name that replaces a declared vector or matrix is that under another key."""
    renamed = getattr(node, "renamed", None)
    return renamed(new.key) if renamed is not None and isinstance(new, Name) else new


def _substituted_binder(node: Binder, replacements: Mapping[str, Node]) -> Node:
    """Substitution where a name is bound."""
    inner = {name: tree for name, tree in replacements.items() if name != node.index and name in node.body.names}
    index, body = node.index, node.body
    while any(index in tree.names for tree in inner.values()):
        index += "'"
    if index != node.index:
        body = substitute(body, {node.index: Name(index)})
    bounds = tuple(substitute(bound, replacements) for bound in node.bounds)
    return Binder(node.kind, index, bounds, substitute(body, inner))
