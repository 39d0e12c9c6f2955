"""Premises as declarations: x ≥ 1 bounds a name, x ≤ y makes y the sum of x and something that is not negative.

Under them the conclusion is an inequality of its own, for every prover of inequalities to try.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import isqrt

from checks.decide.claim import Setting
from checks.decide.domains import line
from checks.decide.intervals import Interval, declared
from checks.decide.statements.sentence import OPPOSITE, Atom
from derive.errors import NoRule, TooLarge
from derive.normal import normal_form
from derive.symbols import Symbol, SymbolTable
from derive.tree import Absolute, Name, Node, Quotient, Sum, number, substitute, times

MAX_DIFFERENCES = 3
_MIRRORED = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le"}
FAILURES = (TooLarge, ZeroDivisionError, NoRule, RecursionError)
Values = Mapping[str, Node]


def as_declarations(alternative: Sequence[Atom], setting: Setting) -> tuple[Setting, Values] | None:
    """The setting with what the premises say of single names, and names as sums of others; None if they say nothing."""
    table, told = _bounded(alternative, setting.symbols)
    values: dict[str, Node] = {}
    for index, atom in enumerate(alternative):
        if len(values) >= MAX_DIFFERENCES:
            break
        found = _difference(atom, values, table, f"\0d_{index}")
        if found is None:
            continue
        name, value, rest = found
        values = {key: substitute(old, {name: value}) for key, old in values.items()} | {name: value}
        table = SymbolTable([*(symbol for key, symbol in table.items() if key != name), rest])
    if not told and not values:
        return None
    return Setting(table, setting.program), values


def _bounded(alternative: Sequence[Atom], symbols: SymbolTable) -> tuple[SymbolTable, bool]:
    """Every premise that is linear in one name, as a bound of it."""
    known: dict[str, Interval] = {}
    for atom in alternative:
        bound = _bound(atom)
        if bound is not None:
            name, interval = bound
            before = known.get(name) or declared(symbols.get(name) or Symbol(name))
            known[name] = before.meet(interval)
    changed = [
        _narrowed(symbols.get(name) or Symbol(name), interval)
        for name, interval in known.items()
        if _possible(interval)
    ]
    keys = {symbol.key for symbol in changed}
    return SymbolTable([*(symbol for key, symbol in symbols.items() if key not in keys), *changed]), bool(changed)


def _bound(atom: Atom) -> tuple[str, Interval] | None:
    if atom.relation not in _MIRRORED:
        return None
    found = line(atom.difference)
    if found is None:
        return _around_zero(atom)
    name, slope, constant = found
    end, relation = -constant / slope, atom.relation if slope > 0 else _MIRRORED[atom.relation]
    closed = relation in {r"\le", r"\ge"}
    return name, Interval(end, None, (closed, False)) if relation in {">", r"\ge"} else Interval(None, end, (False, closed))  # fmt: skip


def _around_zero(atom: Atom) -> tuple[str, Interval] | None:
    """a·x² + c ≤ 0 and a·|x| + c ≤ 0 as bounds of x: at least as far as they reach."""
    try:
        form = normal_form(atom.difference)
    except FAILURES:
        return None
    used = [k for k, d in zip(form.kernels, form.numerator.degrees(), strict=False) if d]
    if len(used) != 1 or not form.denominator.is_constant() or len(form.numerator) != 2:
        return None
    scale = form.denominator.leading_coefficient()
    terms = {sum(powers): Fraction(int((c / scale).p), int((c / scale).q)) for powers, c in form.numerator.terms()}
    kernel, degree = used[0].tree, max(terms)
    square = isinstance(kernel, Name) and degree == 2
    size = isinstance(kernel, Absolute) and isinstance(kernel.operand, Name) and degree == 1
    if 0 not in terms or not (square or size):
        return None
    below = atom.relation if terms[degree] > 0 else _MIRRORED[atom.relation]
    reach = -terms[0] / terms[degree]
    if below not in {"<", r"\le"} or reach <= 0:
        return None
    end = _root_above(reach) if square else reach
    return kernel.names[0], Interval(-end, end, (below == r"\le", below == r"\le"))


def _root_above(value: Fraction) -> Fraction:
    """√q, or a number a little larger where that is not rational."""
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    if Fraction(top * top, bottom * bottom) == value:
        return Fraction(top, bottom)
    return Fraction(isqrt(value.numerator * 10**20 // value.denominator) + 1, 10**10)


def _possible(interval: Interval) -> bool:
    return interval.low is None or interval.high is None or interval.low < interval.high


def _narrowed(symbol: Symbol, interval: Interval) -> Symbol:
    signs = {"positive", "nonnegative", "negative"}
    return replace(symbol, lower=interval.low, upper=interval.high, closed=interval.closed, properties=symbol.properties - signs)  # fmt: skip


def _difference(atom: Atom, values: Values, table: SymbolTable, key: str) -> tuple[str, Node, Symbol] | None:
    """u ≤ v, linear in a name without bounds of its own: the name, what it is, and the difference as a symbol."""
    if atom.relation not in _MIRRORED or atom.relation not in OPPOSITE:
        return None
    try:
        difference = substitute(atom.difference, values)
        form = normal_form(difference)
        if form.numerator.total_degree() != 1 or not form.denominator.is_constant():
            return None
        if len(difference.names) < 2:
            return None
        terms = {powers: c / form.denominator.leading_coefficient() for powers, c in form.numerator.terms()}
    except FAILURES:
        return None
    for index, kernel in enumerate(form.kernels):
        name = str(kernel.key[1]) if kernel.key[0] == "name" else ""
        symbol = table.get(name) or Symbol(name)
        if not name or symbol.kind != "real" or not declared(symbol).everything or symbol.properties:
            continue
        slope = next((Fraction(int(c.p), int(c.q)) for powers, c in terms.items() if powers[index]), None)
        if slope is None or any(name in other.tree.names for k, other in enumerate(form.kernels) if k != index):
            continue
        relation = atom.relation
        sign = "positive" if relation in {"<", ">"} else "nonnegative"
        step = times([number(1 if relation in {">", r"\ge"} else -1), Name(key)])
        rest = substitute(difference, {name: number(Fraction(0))})
        value = Quotient(Sum((step, times([number(-1), rest]))), number(slope))
        return name, value, Symbol(key, properties=frozenset({sign}))
    return None
