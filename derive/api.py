"""The two verbs of the library: read a formula, derive a gradient."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from derive.errors import BadSpec, NoRule
from derive.expression import Expression, Statement
from derive.holomorphic import of_complex
from derive.matrix.nodes import has_arrays
from derive.matrix.shapes import symbol_of_value
from derive.names import canonical_name, spelled
from derive.program import Program
from derive.read import read
from derive.recurrence.definition import recurrences_of, sequences_given, term_of
from derive.steps import Derivation, derive_by
from derive.symbols import SymbolTable
from derive.tree import Node, states

Specs = Mapping[str, Any] | SymbolTable
SCALAR_LAYOUTS = ("gradient", "derivative", "jacobian", "jacobian-transposed", "hessian", "second-derivative")
ARRAY_LAYOUTS = ("vjp", "vec-jacobian", "differential", "entry", "gradient-symmetric-entries", "gradient-symmetric-projection",
                 "gradient-diagonal-entries")  # fmt: skip


def parse(latex: str, symbols: Specs | None = None) -> Expression | Statement:
    """Read a formula over declared symbols: an Expression, or a Statement if it holds a relation or an arrow.

    Raises Unreadable (line, column, offending text, likely cause), BadSpec for a spec that makes no sense.
    """
    table = SymbolTable.from_specs(symbols)
    tree = read(latex, table).tree
    return Statement(tree, table) if states(tree) else Expression(tree, table)


def gradient(
    f: str | Expression,
    wrt: str | Sequence[str],
    symbols: Specs | None = None,
    layout: str = "gradient",
    where: Mapping[str, str] | None = None,
) -> Derivation:
    """The derivative of a formula, or of a name defined in `where`, with its steps.

    `where` defines intermediate names, in order; the closed form is written with them, that of a deep network of vectors
    with cotangents \\bar{h} besides, which the `program` of the derivation defines. For scalars every layout is the
    derivative, `hessian` and `second-derivative` the second one; of vectors and matrices a layout says how the partial
    derivatives are arranged (`jacobian` is ∂f_i/∂x_j, `gradient` has the shape of `wrt`). Raises Unreadable, BadSpec,
    NoRule, TooLarge.
    """
    table = SymbolTable.from_specs(f.symbols if symbols is None and isinstance(f, Expression) else symbols)
    program, table = program_of(where, table)
    tree = tree_of(f, table)
    if not isinstance(wrt, Sequence):
        raise BadSpec(f"the derivative is by a name or several names, not by {type(wrt).__name__}")
    if has_arrays(tree, *program.needed(tree).values()) or layout in ARRAY_LAYOUTS:
        from derive.matrix.derivation import array_derivation

        return array_derivation(tree, *one_array(wrt, layout), table, program, name_cotangents=True)
    if layout not in SCALAR_LAYOUTS:
        known = ", ".join((*SCALAR_LAYOUTS, *ARRAY_LAYOUTS))
        raise BadSpec(f"layout {layout!r} is not known; use one of {known}")
    keys = tuple(_variable(name, table) for name in ([wrt] if isinstance(wrt, str) else wrt))
    for key in keys:
        _no_family(key, tree, program)
    if layout in ("hessian", "second-derivative") and len(keys) == 1:
        keys *= 2
    for key in keys:
        tree = of_complex(tree, key, table)
        definitions = [(name, of_complex(part, key, table)) for name, part in program.definitions.items()]
        program = Program(definitions, program.recurrences)
    return derive_by(tree, keys, program, table)


def backward_code(
    f: str | Expression,
    wrt: Sequence[str],
    symbols: Specs | None = None,
    where: Mapping[str, str] | None = None,
    language: str = "numpy",
) -> str:
    """The text of a module with `value` and `gradient`, the derivatives of a number by several names in one backward pass.

    Vectors and matrices, in "numpy" or "torch"; `gradient` returns the derivatives in the order of `wrt`, each of the
    shape of its name. Raises Unreadable, BadSpec, NoRule for what has no rule or no code, TooLarge.
    """
    from derive.emit import code_of_backward

    table = SymbolTable.from_specs(f.symbols if symbols is None and isinstance(f, Expression) else symbols)
    program, table = program_of(where, table)
    tree = tree_of(f, table)
    keys = tuple(_variable(name, table) for name in ([wrt] if isinstance(wrt, str) else wrt))
    return code_of_backward(tree, keys, program, table, language)


def program_of(where: Mapping[str, str] | None, table: SymbolTable) -> tuple[Program, SymbolTable]:
    """The definitions and recurrences of `where` in order, and the table with their names."""
    definitions: list[tuple[str, Node]] = []
    if where is not None and not isinstance(where, Mapping):
        raise BadSpec(f'definitions are a table such as {{"p": "x y"}}, not {type(where).__name__}')
    lines = {n: formula for n, formula in (where or {}).items() if isinstance(n, str) and isinstance(formula, str)}
    table = table.extended(sequences_given(lines, table))
    recurring: list[tuple[Node, Node]] = []
    for name, formula in (where or {}).items():
        if table.sequences and isinstance(name, str) and (parts := term_of(name)) and parts[0] in table.sequences:
            recurring.append((tree_of(name, table), tree_of(formula, table)))
            continue
        if not isinstance(name, str):
            raise BadSpec(f"the name of a definition is text, not {type(name).__name__}")
        key = spelled("where", name)
        tree = tree_of(formula, table)
        definitions.append((key, tree))
        table = table.extended([symbol_of_value(key, tree)])
    return Program(definitions, recurrences_of(recurring) if recurring else None), table


def tree_of(formula: str | Expression, table: SymbolTable) -> Node:
    """The tree of a formula that has a value. Raises Unreadable, NoRule for a statement."""
    tree = formula.tree if isinstance(formula, Expression) else read(formula, table).tree
    if states(tree):
        raise NoRule("a relation has no derivative; give a formula")
    return tree


def one_array(wrt: str | Sequence[str], layout: str) -> tuple[str, str]:
    """The name to differentiate by and the layout; the same name twice asks for the Hessian. Raises NoRule."""
    names = [canonical_name(name) for name in ([wrt] if isinstance(wrt, str) else wrt)]
    if len(names) == 1:
        return names[0], layout
    if len(names) == 2 and names[0] == names[1] and layout in ("gradient", "hessian"):
        return names[0], "hessian"
    raise NoRule(
        "no rule for derivatives of vectors and matrices by several names at once; the same name twice is the Hessian"
    )


def _no_family(key: str, tree: Node, program: Program) -> None:
    """x_i is no name of Σ x_i² once that is written out: it is one of x_1, x_2, …; which is for the author to say."""
    inputs = program.inputs(tree)
    members = [
        name
        for name in inputs
        if name != key and re.sub(r"_\{?\d+\}?", "_0", name) == re.sub(r"_[A-Za-z](?![A-Za-z])", "_0", key)
    ]
    if key not in inputs and members:
        raise NoRule(
            f"{key} does not occur in the formula once its sums are written out; say by which of {', '.join(members[:3])}"
        )


def _variable(name: str, table: SymbolTable) -> str:
    symbol = table.resolve(canonical_name(name))
    if symbol is None or symbol.is_function:
        nearest = table.nearest(canonical_name(name))
        raise BadSpec(f"{name} is no declared variable" + (f"; the nearest is {nearest}" if nearest else ""))
    return symbol.key
