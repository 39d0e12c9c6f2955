"""The ways to read formulas within a problem: every name given a key of the program, every σ' its argument.

A name that the part in force lacks is taken from the one part that has it; where that leaves more than one way, each way
is a reading of its own, the likeliest first, and their number is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from itertools import product as combinations
from typing import TYPE_CHECKING, Any

from checks.taking import shown
from derive.errors import Unreadable
from derive.matrix.nodes import ArrayName
from derive.matrix.shapes import check_shapes
from derive.parts import meant
from derive.tree import (
    Binder,
    Call,
    Constant,
    Derivative,
    FunctionName,
    Name,
    Node,
    substitute,
    transform,
    walk,
)
from derive.write import latex

if TYPE_CHECKING:
    from checks.scope import Scope

MAX_READINGS = 16
MAX_WAYS = 256  # to give several functions their arguments
UNITS = frozenset(["ones", "identity", "zeros", "centring", "delta"])


@dataclass(frozen=True, slots=True)
class Reading:
    """A formula over the keys of the program, derivatives taken; what was assumed to get there."""

    trees: tuple[Node, ...]
    part: str | None
    description: str
    keys: dict[str, str] = field(hash=False, compare=False)
    layout: str = ""  # of derivatives by vectors and matrices, where it is not the first one tried


def readings_of(scope: Scope, *trees: Node) -> list[Reading]:
    """The ways to read formulas that belong together, the likeliest first; none if a name is unknown."""
    found: dict[tuple[Node, ...], Reading] = {}
    other = [name for name in scope.respelled if any(name in tree.names for tree in trees)]
    respelled = ", ".join(f"${name}$ is ${scope.respelled[name]}$" for name in other)
    for written, how_written in _written_ways(scope, trees):
        names = tuple(dict.fromkeys(n for tree in written for n in meaningful(tree)))
        for keys, part, said in bindings_of(scope, names):
            bound = bound_to(scope, written, keys, part)
            if bound is None:
                continue
            for taken, how, layout in scope.taking.ways(bound):
                description = "; ".join(filter(None, (said, how, how_written, respelled)))
                found.setdefault(taken, Reading(taken, part, description, keys, layout))
            if len(found) >= MAX_READINGS:
                return list(found.values())
    return list(found.values())


def bound_to(
    scope: Scope, trees: tuple[Node, ...], keys: dict[str, str], part: str | None = None
) -> tuple[Node, ...] | None:
    """The formulas over the program's keys, functions as they are in a part; None where their shapes do not fit there."""
    if len({id(table) for table in scope.problem.tables.values()}) > 1:
        typed = {name: scope.problem.node(key) for name, key in keys.items()}
        try:
            trees = tuple(retyped(tree, typed) for tree in trees)
            for tree in trees:
                check_shapes(tree)
        except Unreadable:
            return None
    else:
        renamed = {n: Name(k) for n, k in keys.items() if n != k}
        trees = tuple(substitute(tree, renamed) for tree in trees)
    means = scope.problem.parts[part].means if part else {}
    return tuple(scope.program.opened(meant(tree, means)) for tree in trees)


def _written_ways(scope: Scope, trees: tuple[Node, ...]) -> Iterator[tuple[tuple[Node, ...], str]]:
    """The formulas with abbreviations looked through and functions given the argument they have in the problem."""
    for chosen, euler in with_euler(scope, trees):
        looked = tuple(scope.looked_through(tree) for tree in chosen)
        for applied, argument in _with_arguments(scope, looked):
            yield applied, "; ".join(filter(None, (argument, euler)))


def with_euler(scope: Scope, trees: tuple[Node, ...]) -> Iterator[tuple[tuple[Node, ...], str]]:
    """The formulas as they are; and, where the author has taken the letter e, with e as Euler's number."""
    yield trees, ""
    if "e" in scope.own and any("e" in tree.names for tree in trees):
        yield tuple(substitute(tree, {"e": Constant("e")}) for tree in trees), "e is Euler's number"


def _with_arguments(scope: Scope, trees: tuple[Node, ...]) -> Iterator[tuple[tuple[Node, ...], str]]:
    """σ' without its argument beside names means σ'(z) for the z of the problem, each function so; alone, every argument."""
    bare = dict.fromkeys(n.function for tree in trees for n in walk(tree) if isinstance(n, FunctionName))
    applied = {f: arguments for f in bare if (arguments := _arguments_of(scope, f))}
    if not applied or not any(tree.names for tree in trees):
        yield trees, ""
        return
    ways = islice(combinations(*applied.values()), MAX_WAYS)
    for chosen in sorted(ways, key=lambda way: len(set(way))):  # max(f_1, f_2) is of one argument first
        given = dict(zip(applied, chosen, strict=True))
        said = ", ".join(f"${f}$ is ${f}({latex(argument)})$" for f, argument in given.items())
        yield tuple(transform(tree, partial(_given_argument, given)) for tree in trees), said


def _arguments_of(scope: Scope, function: str) -> list[Node]:
    """What the problem applies a function to, the part in force first, then in what it asks."""
    given = [tree for part in parts_in_order(scope) for _, tree in scope.problem.parts[part].given]
    asked = [question.ask for question in scope.problem.questions]
    applied = (node for tree in (*given, *asked) for node in walk(tree) if isinstance(node, Call))
    return list(dict.fromkeys(node.arguments[0] for node in applied if node.function == function))


def bindings_of(scope: Scope, names: tuple[str, ...]) -> Iterator[tuple[dict[str, str], str | None, str]]:
    """Keys for names: all from one part if one has them all, else from the parts that have them."""
    fixed = {n: n for n in names if n in scope.problem.symbols or n in scope.sizes}
    open_names = [n for n in names if n not in fixed]
    whole = [p for p in parts_in_order(scope) if all(n in scope.names_of(p) for n in open_names)]
    for part in whole:
        keys = fixed | {n: scope.names_of(part)[n] for n in open_names}
        yield keys, part, _said(scope, part, keys)
    if not whole:
        yield from _mixed(scope, fixed, open_names)


def _mixed(scope: Scope, fixed: dict[str, str], names: list[str]) -> Iterator[tuple[dict[str, str], str | None, str]]:
    choices = [_keys_of(scope, name) for name in names]
    if not all(choices):
        return
    for picked in combinations(*choices):
        keys = fixed | {name: key for name, (key, _) in zip(names, picked, strict=True)}
        unclear = [f"{n} of part {part}" for n, (_, part), c in zip(names, picked, choices, strict=True) if len(c) > 1]
        yield keys, scope.part, "names of several parts" + (f": {', '.join(unclear)}" if unclear else "")


def _keys_of(scope: Scope, name: str) -> list[tuple[str, str]]:
    keys: dict[str, str] = {}
    for part in parts_in_order(scope):
        if name in scope.names_of(part):
            keys.setdefault(scope.names_of(part)[name], part)
    return list(keys.items())


def parts_in_order(scope: Scope) -> list[str]:
    """The parts of the problem, the one in force first."""
    return sorted(scope.parts, key=lambda part: part != scope.part)


def _said(scope: Scope, part: str, keys: dict[str, str]) -> str:
    return ", ".join(f"${n}$ is ${shown(k)}$" for n, k in keys.items() if n in scope.aliases[part] and n != k)


def retyped(tree: Node, typed: Mapping[str, Node]) -> Node:
    """The tree with names as what they are elsewhere, shapes included; bound letters are left."""

    def of(node: Node) -> Node:
        if isinstance(node, Name | ArrayName):
            return typed.get(node.key, node)
        if isinstance(node, Derivative):
            variables: tuple[Any, ...] = tuple(of(variable) for variable in node.variables)
            return Derivative(of(node.operand), variables, node.partial)
        if isinstance(node, Binder) and node.index in typed:
            return substitute(node, dict(typed))
        changed = tuple(of(child) for child in node.children)
        return node if changed == node.children else node.rebuilt(changed)

    return of(tree)


def meaningful(tree: Node) -> tuple[str, ...]:
    """The names of a formula, without those that say what they are: arrays of ones, identities, zeros."""
    if not tree.has_array:
        return tree.names
    units = {node.key for node in walk(tree) if isinstance(node, ArrayName) and node.role in UNITS}
    return tuple(name for name in tree.names if name not in units)


def _given_argument(given: Mapping[str, Node], node: Node) -> Node | None:
    if isinstance(node, FunctionName) and node.function in given:
        return Call(node.function, (given[node.function],), node.order)
    return None
