r"""What a defined name means where a letter of its definition is bound: the definition as a function of that letter.

With `f = x^2`, `\int_0^1 f\,dx` is the integral of x² and `\sum_{x=1}^3 f` is 14: the author writes f for f(x). So a
definition that depends on the index of a Σ, Π, ∫ or lim, itself or through others, is put into the body before anything
else is done. (Substitution renames the index instead, which is right for values that come from outside, and wrong
here.) Bounds stand outside of what is bound. Where both readings make sense it is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from derive.errors import NoRule
from derive.scripts import runs_with
from derive.tree import Binder, Constant, Derivative, Name, Node, substitute, walk


def opened(tree: Node, definitions: Mapping[str, Node]) -> Node:
    """The tree with those definitions put in that depend on a letter bound around them. Raises NoRule."""
    if Binder not in tree.kinds or not definitions:
        return tree
    children = tree.children
    changed = tuple([opened(child, definitions) for child in children])
    if changed != children:
        tree = tree.rebuilt(changed)
    return _opened_binder(tree, definitions) if isinstance(tree, Binder) else tree


def _opened_binder(binder: Binder, definitions: Mapping[str, Node]) -> Binder:
    """Inner bodies are opened already: what is left depends on outer letters only."""
    needed = _needed(binder.body, definitions)
    running: dict[str, Node] = {}
    for key in needed:  # in order: each after those it mentions
        definition = definitions[key]
        if _depends(definition, binder.index) or any(name in running for name in definition.names):
            running[key] = substitute(definition, running)
    if not running:
        return binder
    if binder.index in definitions:
        raise NoRule(
            f"{binder.index} is defined, and bound where {next(iter(running))} is used, which depends on it; rename the index"
        )
    for node in walk(binder.body):
        if isinstance(node, Derivative) and (taken := next((v for v in node.variables if v.key in running), None)):
            raise NoRule(
                f"a derivative by {taken.key} is taken where {binder.index} is bound, on which it depends; write it out"
            )
    return Binder(binder.kind, binder.index, binder.bounds, substitute(binder.body, running))


def _needed(tree: Node, definitions: Mapping[str, Node]) -> list[str]:
    """The definitions a tree rests on, in their order."""
    wanted: set[str] = set()
    stack = [name for name in tree.names if name in definitions]
    while stack:
        key = stack.pop()
        if key not in wanted:
            wanted.add(key)
            stack.extend(name for name in definitions[key].names if name in definitions)
    return [key for key in definitions if key in wanted]


def _depends(definition: Node, index: str) -> bool:
    """Whether a definition mentions the letter. Raises NoRule where it does in a way that is not read."""
    running = next((name for name in definition.names if runs_with(name, index)), None)
    if running is not None:
        raise NoRule(
            f"{running} runs with {index}, which is bound where a definition with {running} is used; write it out"
        )
    constant = {"i": "i", "e": "e"}.get(index)
    if constant and any(isinstance(node, Constant) and node.name == constant for node in walk(definition)):
        raise NoRule(
            f"{index} is a constant in a definition and an index where it is used; declare {index}, or rename the index"
        )
    return index in definition.names


def apart(tree: Node, taken: Collection[str]) -> Node:
    """The tree with every bound letter that is a free name as well renamed: two things then have two names."""
    if Binder not in tree.kinds or not taken:
        return tree
    children = tree.children
    changed = tuple([apart(child, taken) for child in children])
    if changed != children:
        tree = tree.rebuilt(changed)
    if not isinstance(tree, Binder) or tree.index not in taken:
        return tree
    index = tree.index
    while index in taken or index in tree.body.names:
        index += "'"
    return Binder(tree.kind, index, tree.bounds, substitute(tree.body, {tree.index: Name(index)}))
