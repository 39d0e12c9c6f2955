"""Reverse accumulation over definitions, one name at a time: what a name passes on to those it is defined by.

Nothing is expanded: every adjoint is a sum over the definitions that mention the name, so the code is as long as the
program, where the closed form may be as long as its paths are many.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.program import Program, simplified
from derive.pullback import check, gradients, product
from derive.tree import ONE, Name, Node, names, total

ADJOINT = "\N{PARTIAL DIFFERENTIAL} "  # no LaTeX name begins with it


@dataclass(frozen=True, slots=True)
class Sweep:
    """The adjoints in the order in which they are computed, and the derivative."""

    adjoints: tuple[tuple[str, Node], ...]
    result: Node


def backward(f: Node, key: str, program: Program) -> Sweep:
    """d f/d key through all definitions; the adjoint of a name z is the name `ADJOINT + z`. Raises NoRule, TooLarge."""
    check(f)
    depends = {key}
    for name, definition in program.definitions.items():
        if not depends.isdisjoint(names(definition)):
            depends.add(name)
    parts: dict[str, list[Node]] = {}
    _pass_on(f, None, depends, parts)
    adjoints: list[tuple[str, Node]] = []
    for name in reversed(program.definitions):
        if name == key or name not in parts:
            continue
        whole = simplified(total(parts.pop(name)))
        if whole != ONE:
            adjoints.append((name, whole))
            whole = Name(ADJOINT + name)
        _pass_on(program.definitions[name], whole, depends, parts)
    return Sweep(tuple(adjoints), simplified(total(parts.get(key, []))))


def _pass_on(definition: Node, adjoint: Node | None, depends: set[str], parts: dict[str, list[Node]]) -> None:
    """Adds the adjoint times every local derivative to the parts of the names mentioned."""
    reached = tuple(name for name in names(definition) if name in depends)
    for name, local in gradients(definition, reached).items():
        parts.setdefault(name, []).append(local if adjoint is None else product([adjoint, local]))
