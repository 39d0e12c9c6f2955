"""The verbs of the checks: is it equal, does it hold; text, expressions, derivations and SymPy on either side."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from time import perf_counter
from typing import Any

from checks.decide.arrays.equality import is_symbolic, with_mistake
from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from checks.decide.nearness import decide_near
from checks.decide.relations import decide_holds
from checks.decide.sequences.decide import about_sequences, untied
from checks.decide.spaces import decide_labels
from checks.decide.statements.relation import decide_same, decide_step
from checks.tolerance import Tolerance
from checks.verdict import Verdict
from derive.api import Specs, program_of
from derive.errors import BadSpec, NoRule, TooLarge, Unreadable
from derive.expression import Expression, Statement
from derive.holomorphic import with_complex_operands
from derive.kinks import differentiated
from derive.matrix.conventions import ROWS, TURNED, arranged, has_array_derivatives
from derive.matrix.nodes import Shape
from derive.program import Program
from derive.read import read
from derive.steps import Derivation
from derive.symbols import SymbolTable
from derive.tree import Node, states

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
    """Whether two formulas are equal, or two statements have the same solutions, wherever both are defined on the domain.

    `where` defines intermediate names. With a `tolerance` (a number, `1%`, `2 places`, `3 figures`, or a mapping of
    `mode` and `tol`; see `checks.tolerance.Tolerance`) `a` is right within it of the reference `b`; without one,
    decimals are exact numbers. Of two formulas of vectors and matrices that differ the code names the slip that makes `a`
    of `b` (of a Derivation, on either side, is the truth). Raises Unreadable, BadSpec, NoRule.
    """
    within = None if tolerance is None else Tolerance.of(tolerance)
    start = perf_counter()
    setting = setting_of(symbols, where, a, b)
    try:
        left, right = (side_tree(side, setting) for side in (a, b))
        verdict = _decided(left, right, setting, seconds, within)
        if verdict.status == "refuted" and is_symbolic(Claim(left, right, setting)):
            truth, wrong = (left, right) if isinstance(a, Derivation) else (right, left)
            verdict = with_mistake(verdict, truth, wrong, setting)
    except TooLarge as error:
        verdict = Verdict("undecided", "effort", f"undecided: {error}")
    return verdict.timed(perf_counter() - start)


def step(
    before: str | Statement | Expression,
    after: str | Statement | Expression,
    symbols: Specs | None = None,
    *,
    where: Mapping[str, str] | None = None,
    seconds: float = 5,
) -> Verdict:
    """Whether a line of a derivation follows from the one before; the code says how the two are related.

    Of statements: `equivalent`, `same-roots`, `implies` (proven), `implied-by`, `not-equivalent` (refuted), every solution
    counted where the other line has no value too. Of expressions: as `equal`. Raises Unreadable, BadSpec, NoRule.
    """
    start = perf_counter()
    setting = setting_of(symbols, where, before, after)
    left, right = (side_tree(side, setting) for side in (before, after))
    try:
        both = states(left) and states(right)
        verdict = decide_step(left, right, setting) if both else _decided(left, right, setting, seconds)
    except TooLarge as error:
        verdict = Verdict("undecided", "effort", f"undecided: {error}")
    return verdict.timed(perf_counter() - start)


def _decided(left: Node, right: Node, setting: Setting, seconds: float, within: Tolerance | None = None) -> Verdict:
    """Two formulas by their values, two statements by their solutions; one of each are never equal."""
    if within is not None and (states(left) or states(right)):
        raise BadSpec("a tolerance compares two values, not statements; leave out what stands before the =")
    if states(left) and states(right):
        return decide_same(left, right, setting)
    if states(left) or states(right):
        which = "first is a statement, the second" if states(left) else "second is a statement, the first"
        return Verdict("refuted", "type-mismatch", f"the {which} a value: they cannot be equal", {})
    claim = Claim(left, right, setting)
    if within is not None and about_sequences(setting, left, right):
        return untied()
    return decide_equal(claim, seconds) if within is None else decide_near(claim, within, seconds)


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
    tree: Node
    shapes: tuple[tuple[str, Shape], ...] = ()
    if isinstance(statement, Statement | Expression):
        tree = statement.tree
    else:
        reading = read(statement, setting.symbols)
        tree, shapes = reading.tree, reading.shapes
    try:
        verdict = _holds(tree, setting, seconds)
        labels = shapes if verdict.status in {"proven", "verified"} else ()
        for written, found in decide_labels(labels, setting):
            if found.status != "proven":
                return replace(found, evidence=f"{written.strip()}: {found.evidence}").timed(perf_counter() - start)
    except TooLarge as error:
        verdict = Verdict("undecided", "effort", f"undecided: {error}")
    return verdict.timed(perf_counter() - start)


def _holds(tree: Node, setting: Setting, seconds: float) -> Verdict:
    """Derivatives by vectors and matrices as they are read first, then in the other layouts of vectors."""

    def decided(statement: Node) -> Verdict:
        complete = with_complex_operands(statement, setting.symbols)
        return decide_holds(differentiated(complete, setting.program, setting.symbols), setting, seconds)

    verdict = decided(tree)
    if verdict.status != "refuted" or not has_array_derivatives(tree):
        return verdict
    for layout in (ROWS, TURNED):
        with suppress(Unreadable, NoRule):
            turned = arranged(tree, (layout,))
            if turned != tree and (found := decided(turned)).status in {"proven", "verified"}:
                return replace(found, code="other-layout", evidence=f"with {layout}: {found.evidence}")
    return verdict


def setting_of(symbols: Specs | None, where: Mapping[str, str] | None, *sides: Side) -> Setting:
    """The symbols and definitions given, or those the sides carry."""
    table = SymbolTable.from_specs(symbols)
    program = Program()
    for side in sides:
        if isinstance(side, Derivation):
            program = side.program
        if isinstance(side, Expression | Statement | Derivation):
            table = _with_upstream(table, side.symbols).extended(side.symbols.values())
    if where:
        program, table = program_of(where, table)
    return Setting(table, program)


def _with_upstream(table: SymbolTable, known: SymbolTable) -> SymbolTable:
    """The table with the shape of an upstream gradient that another one knows."""
    shapes = [symbol.shape for symbol in known.values() if symbol.role == "upstream" and symbol.shape]
    return table.with_upstream(shapes[0]) if shapes else table


def side_tree(side: Side, setting: Setting) -> Node:
    """The tree of one side, derivatives in it taken through the definitions."""
    if isinstance(side, Derivation):
        return side.off_kinks
    if isinstance(side, str):
        tree = read(side, setting.symbols).tree
    elif isinstance(side, Expression | Statement):
        tree = side.tree
    else:
        from derive.sympy_bridge import from_sympy

        try:
            tree = from_sympy(side)
        except TypeError as error:  # neither text nor anything of SymPy's
            raise BadSpec(str(error)) from None
    return differentiated(with_complex_operands(tree, setting.symbols), setting.program, setting.symbols)
