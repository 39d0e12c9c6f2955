"""Relations between powers, products and logarithms of names that have a sign, by the logarithms of these names.

A positive name is e^u, a negative one −e^u, with u any real, and u < 0 where the name lies below 1, u > 0 where it lies
above 1. Then β^k t ≤ c and k ≥ log_β(c/t) are both linear in the logarithms of t and c: a turn of the sign that dividing
by log β < 0 needs is found, or found missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from checks.decide.claim import Setting
from checks.decide.intervals import Interval, declared
from checks.decide.statements.sentence import Atom
from derive.program import Program
from derive.symbols import Symbol, SymbolTable
from derive.tree import Call, Name, Negative, Node, Number, Power, substitute, walk

_ONE = Fraction(1)


def by_logarithms(atoms: Sequence[Atom], setting: Setting) -> tuple[list[Atom], Setting] | None:
    """The relations with names that have a sign put as ±e^u, and a setting for them; None where that says nothing new."""
    sides = [side for atom in atoms for side in (atom.left, atom.right)]
    if not any(is_exponential(node) for side in sides for node in walk(side)):
        return None
    values: dict[str, Node] = {}
    symbols: list[Symbol] = []
    for key in dict.fromkeys(name for side in sides for name in side.names):
        found = _as_power_of_e(setting.symbol(key))
        if found is None:
            symbols.append(setting.symbol(key))
        else:
            values[key], exponent = found
            symbols.append(exponent)
    if not values:
        return None
    put = [Atom(substitute(atom.left, values), atom.relation, substitute(atom.right, values)) for atom in atoms]
    return put, Setting(SymbolTable(symbols), Program())


def is_exponential(node: Node) -> bool:
    """A power whose exponent is no number, or a logarithm or exponential."""
    if isinstance(node, Power):
        return not isinstance(node.exponent, Number)
    return isinstance(node, Call) and node.function in {"log", "log_base", "exp"}


def _as_power_of_e(symbol: Symbol) -> tuple[Node, Symbol] | None:
    """±e^u for a name of known sign, and what is known of u."""
    known = declared(symbol)
    if symbol.kind != "real":
        return None
    exponent = Name(f"log|{symbol.key}")
    if _above(known, Fraction(0)):
        lower = Fraction(0) if _above(known, _ONE) else None
        upper = Fraction(0) if _below(known, _ONE) else None
        return Call("exp", (exponent,)), Symbol(exponent.key, lower=lower, upper=upper)
    if _below(known, Fraction(0)):
        return Negative(Call("exp", (exponent,))), Symbol(exponent.key)
    return None


def _above(interval: Interval, bound: Fraction) -> bool:
    low = interval.low
    return low is not None and (low > bound or (low == bound and not interval.closed[0]))


def _below(interval: Interval, bound: Fraction) -> bool:
    high = interval.high
    return high is not None and (high < bound or (high == bound and not interval.closed[1]))
