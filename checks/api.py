"""The verbs of the checks: is it equal, does it hold; text, expressions, derivations and SymPy on either side."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import Any

from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from checks.decide.nearness import decide_near
from checks.decide.relations import decide_holds
from checks.tolerance import Tolerance
from checks.verdict import Verdict
from derive.api import Specs, program_of, tree_of
from derive.errors import TooLarge
from derive.expression import Expression, Statement
from derive.kinks import differentiated
from derive.program import Program
from derive.read import read
from derive.steps import Derivation
from derive.symbols import SymbolTable
from derive.tree import Node

Side = Any  # LaTeX, Expression, Derivation or a SymPy expression


def equal(
    a: Side,
    b: Side,
    symbols: Specs | None = None,
    *,
    where: Mapping[str, str] | None = None,
    tolerance: float | str | Mapping[str, Any] | None = None,
    seconds: float = 5,
) -> Verdict:
    """Whether two formulas are equal wherever both are defined on the declared domain.

    `where` defines intermediate names. With a `tolerance` (a number, `1%`, `2 places`, `3 figures`, or a mapping of
    `mode` and `tol`; see `checks.tolerance.Tolerance`) `a` is right within it of the reference `b`; without one,
    decimals are exact numbers. Raises Unreadable, BadSpec, NoRule.
    """
    within = None if tolerance is None else Tolerance.of(tolerance)
    start = perf_counter()
    setting = setting_of(symbols, where, a, b)
    try:
        left, right = (side_tree(side, setting) for side in (a, b))
        claim = Claim(left, right, setting)
        verdict = decide_equal(claim, seconds) if within is None else decide_near(claim, within, seconds)
    except TooLarge as error:
        verdict = Verdict("undecided", "effort", f"undecided: {error}")
    return verdict.timed(perf_counter() - start)


def holds(
    statement: str | Statement,
    symbols: Specs | None = None,
    *,
    where: Mapping[str, str] | None = None,
    seconds: float = 5,
) -> Verdict:
    """Whether a relation, or every relation of a chain, holds wherever its sides are defined. Raises Unreadable, BadSpec."""
    start = perf_counter()
    setting = setting_of(symbols, where, statement)
    tree = statement.tree if isinstance(statement, Statement) else read(statement, setting.symbols).tree
    try:
        verdict = decide_holds(differentiated(tree, setting.program), setting, seconds)
    except TooLarge as error:
        verdict = Verdict("undecided", "effort", f"undecided: {error}")
    return verdict.timed(perf_counter() - start)


def setting_of(symbols: Specs | None, where: Mapping[str, str] | None, *sides: Side) -> Setting:
    """The symbols and definitions given, or those the sides carry."""
    table = SymbolTable.from_specs(symbols)
    program = Program()
    for side in sides:
        if isinstance(side, Derivation):
            program = side.program
        if isinstance(side, Expression | Statement | Derivation):
            table = table.extended(side.symbols.values())
    if where:
        program, table = program_of(where, table)
    return Setting(table, program)


def side_tree(side: Side, setting: Setting) -> Node:
    """The tree of one side, derivatives in it taken through the definitions."""
    if isinstance(side, Derivation):
        return side.off_kinks
    if isinstance(side, str | Expression):
        tree = tree_of(side, setting.symbols)
    else:
        from derive.sympy_bridge import from_sympy

        tree = from_sympy(side)
    return differentiated(tree, setting.program)
