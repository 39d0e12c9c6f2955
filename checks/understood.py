"""How a document is understood: its formulas as trees written back, without judging any of them."""

from __future__ import annotations

from typing import Any

from checks.submission.document import Document, Formula
from derive.errors import BadSpec, Unreadable
from derive.problem import Problem
from derive.read import read
from derive.symbols import Symbol, SymbolTable
from derive.write import latex


def understood(document: Document, problems: list[Problem]) -> list[dict[str, Any]]:
    """One row a formula: place, text, role, what was understood or why it could not be read."""
    table = _joined(problems)
    return [_row(formula, table) for formula in document.formulas]


def _joined(problems: list[Problem]) -> SymbolTable:
    """The names of all problems together. Raises BadSpec if two problems spell different things alike."""
    table = SymbolTable()
    for problem in problems:
        for symbol in problem.table.values():
            known: Symbol | None = table.get(symbol.key)
            if known is not None and known.is_function != symbol.is_function:
                raise BadSpec(
                    f"{symbol.key} is a function in one problem and a number in another; read the file with one of them"
                )
        table = table.extended(problem.table.values())
    return table


def _row(formula: Formula, table: SymbolTable) -> dict[str, Any]:
    row: dict[str, Any] = {
        "line": formula.line, "column": formula.column, "raw": formula.text, "kind": formula.kind, "role": formula.role,
        "section": formula.section, "label": formula.label, "understood": None, "undeclared": [], "notes": [],
        "code": None, "message": None,
    }  # fmt: skip
    try:
        reading = read(formula.text, table, free=True)
    except Unreadable as error:
        line, column = formula.position(error.offset)
        return row | {"code": error.code, "message": f"line {line}, column {column}: {error.sentence()}"}
    return row | {
        "understood": latex(reading.tree),
        "undeclared": list(reading.undeclared),
        "notes": list(reading.notes),
    }
