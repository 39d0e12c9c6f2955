"""How a document is understood: its formulas as trees written back, without judging any of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from checks.submission.document import Document, Formula
from derive.errors import BadSpec, Unreadable
from derive.functions import FUNCTIONS, SPELLED
from derive.names import GREEK, canonical_name
from derive.problem import Problem
from derive.read import read
from derive.read.vocabulary import CONSTANTS
from derive.symbols import Symbol, SymbolTable
from derive.write import latex

# followed by a bracket these are functions; every other letter is one where a prime stands behind it
_FUNCTION_LETTERS = frozenset(
    [r"\sigma", r"\phi", r"\varphi", r"\psi", r"\Phi", r"\Psi", r"\Delta", r"\Sigma", "f", "g", "F", "G", "S"]
)
_NAME = re.compile(
    r"(?P<word>\\(?:operatorname\*?|mathrm|text)\s*\{\s*(?P<inner>[A-Za-z]{2,30})\s*\})|"
    r"(?P<base>\\[A-Za-z]+|[A-Za-zͰ-Ͽ])(?P<sub>_\{[^{}]{1,20}\}|_\w|[₀-₉]{1,5})?"
)
_KNOWN = re.compile(rf"(?<![A-Za-z\\])(?:{'|'.join(name for name in FUNCTIONS if name.isalpha())})(?![A-Za-z])")
_PRIMES = re.compile(r"\s*(?:['′″‴’]+|\^\s*\{?\s*(?:\\prime\s*)+\}?)")
_BRACKET = re.compile(r"\s*(?:\\(?:left|bigl?|Bigl?)\s*)?\(")


@dataclass(frozen=True, slots=True)
class Understanding:
    """One row a formula: place, text, role, what was understood or why not; the names taken as functions."""

    rows: list[dict[str, Any]]
    functions: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """What was assumed, as a sentence; empty if nothing was."""
        if not self.functions:
            return ""
        listed = ", ".join(self.functions)
        return f"read without a problem: {listed} taken as {'a function' if len(self.functions) == 1 else 'functions'}"


def understood(document: Document, problems: list[Problem], declared: SymbolTable | None = None) -> Understanding:
    """Every formula of a document, read with the names of the problems and those declared.

    Without a problem, names are taken as functions where they are written like functions.
    """
    table = _joined(problems)
    if declared:
        table = declared.extended(table.values())
    if problems:
        return Understanding([_row(formula, table, document) for formula in document.formulas])
    functions, factors = _inferred(document, table)
    table = table.extended(Symbol(key, "function") for key in functions).extended(map(Symbol, factors))
    return Understanding([_row(formula, table, document) for formula in document.formulas], tuple(functions.values()))


def _inferred(document: Document, table: SymbolTable) -> tuple[dict[str, str], list[str]]:
    """The undeclared names written like functions, each as first written; the names before a bracket that are factors."""
    functions: dict[str, str] = {}
    bracketed: dict[str, None] = {}
    alone: set[str] = set()
    for formula in document.formulas:
        text = _KNOWN.sub(lambda word: " " * len(word.group()), formula.text)
        for match in _NAME.finditer(text):
            key = _key(match, table)
            if not key:
                continue
            use = _use(match, text, key)
            if use == "function":
                functions.setdefault(key, match.group())
            elif use == "bracketed":
                bracketed.setdefault(key)
            else:
                alone.add(key)
    return functions, [key for key in bracketed if key in alone and key not in functions]


def _use(match: re.Match[str], text: str, key: str) -> str:
    """Is a name written like a function, stands a bracket behind it, or neither?"""
    primes = _PRIMES.match(text, match.end())
    called = _BRACKET.match(text, primes.end() if primes else match.end()) is not None
    typical = key.partition("_")[0] in _FUNCTION_LETTERS or match["inner"] is not None
    if (called and (primes or typical)) or (primes and typical):
        return "function"
    return "bracketed" if called else ""


def _key(match: re.Match[str], table: SymbolTable) -> str:
    """The canonical spelling of a name nobody declared; empty for commands, constants and what is known."""
    if match["inner"]:
        key = match["inner"]
        return "" if key in FUNCTIONS or rf"\operatorname{{{key}}}" in SPELLED or table.resolve(key) else key
    key = canonical_name(match.group())
    base = canonical_name(match["base"])
    is_name = len(base) == 1 or base[1:] in GREEK
    return key if is_name and base not in CONSTANTS and table.resolve(key) is None and base != "d" else ""


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


def _row(formula: Formula, table: SymbolTable, document: Document) -> dict[str, Any]:
    row: dict[str, Any] = {
        "line": formula.line, "column": formula.column, "place": document.place(formula.line, formula.column),
        "raw": formula.text, "kind": formula.kind, "role": formula.role,
        "section": formula.section, "label": formula.label, "understood": None, "undeclared": [], "notes": [],
        "code": None, "message": None,
    }  # fmt: skip
    try:
        reading = read(formula.text, table, free=True)
    except Unreadable as error:
        line, column = formula.position(error.offset)
        place = document.place(line, column) or f"line {line}, column {column}"
        return row | {"code": error.code, "message": f"{place}: {error.sentence()}"}
    return row | {
        "understood": latex(reading.tree),
        "undeclared": list(reading.undeclared),
        "notes": list(reading.notes),
    }
