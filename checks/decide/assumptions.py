"""The assumption a refuted claim lacks: √(x²) = x is false, and true for x ≥ 0."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from checks.decide.claim import Claim, Point, Setting
from checks.decide.points import first_points
from checks.decide.proofs import prove
from checks.decide.separation import Agreement, separation
from checks.verdict import Verdict
from derive.symbols import Symbol, SymbolTable
from derive.tree import Absolute, Call, Cases, Indicator, Node, Number, Power, Root, walk

MAX_SYMBOLS = 4
WORDS = {"nonnegative": "≥ 0", "positive": "> 0", "negative": "< 0"}


def with_missing_assumption(claim: Claim, verdict: Verdict) -> Verdict:
    """A refutation, naming the signs of the inputs under which the claim is proven, where there are such."""
    found = missing_assumption(claim, verdict.counterexample or {})
    return replace(verdict, evidence=f"{verdict.evidence}; true for {found}") if found else verdict


def missing_assumption(claim: Claim, counterexample: Mapping[str, str]) -> str | None:
    """Signs of the inputs that make a claim true, as a person writes them; None if none was found.

    Signs that allow a point at which the sides differ, such as the counterexample, are passed over.
    """
    if claim.is_complex or claim.general_functions or claim.setting.program.needed(claim.left):
        return None
    if not 1 <= len(claim.inputs) <= MAX_SYMBOLS or not any(_sign_matters(side) for side in claim.sides):
        return None
    refuting: list[Point] = [{symbol.key: Fraction(counterexample[symbol.key]) for symbol in claim.inputs}]
    for changed, words in _stronger(claim):
        if any(all(symbol.admits(point[symbol.key]) for symbol in changed) for point in refuting):
            continue
        setting = Setting(_declared(claim.setting.symbols, changed), claim.setting.program)
        stronger = _under(claim, setting)
        agreement = Agreement()
        apart = next((p for p in first_points(stronger, 2) if separation(stronger, p, {}, agreement)), None)
        if apart is not None:
            refuting.append(apart)
        elif agreement.defined and prove(stronger) is not None:
            return words
    return None


def _under(claim: Claim, setting: Setting) -> Claim:
    """The same two sides in a setting whose real names are declared otherwise; what hangs on the formulas alone is known."""
    other = Claim(claim.left, claim.right, setting)
    vars(other).update(
        {name: getattr(claim, name) for name in ("named", "sides", "kinks", "general_functions", "is_complex", "seed")}
    )
    return other


def _sign_matters(tree: Node) -> bool:
    """Whether a sign can make the formula something else: roots, absolute values, logs, powers that are not whole."""
    for node in walk(tree):
        if isinstance(node, Root | Absolute | Cases | Indicator):
            return True
        if isinstance(node, Power) and not isinstance(node.exponent, Number):
            return True
        if isinstance(node, Call) and node.function in {"log", "sign", "max", "min", "relu", "leaky_relu", "atan2"}:
            return True
    return False


def _stronger(claim: Claim) -> Iterator[tuple[list[Symbol], str]]:
    """Stronger declarations with their words, the weakest of them first."""
    free = [
        s
        for s in claim.inputs
        if s.kind in {"real", "integer"} and not s.properties and s.lower is None and s.upper is None
    ]
    for sign, word in WORDS.items():
        for symbol in free:
            yield [replace(symbol, properties=frozenset({sign}))], f"{symbol.key} {word}"
    if len(free) > 1:
        for sign, word in WORDS.items():
            yield [replace(s, properties=frozenset({sign})) for s in free], ", ".join(f"{s.key} {word}" for s in free)


def _declared(table: SymbolTable, changed: list[Symbol]) -> SymbolTable:
    keys = {symbol.key: symbol for symbol in changed}
    return SymbolTable([*(keys.pop(key, symbol) for key, symbol in table.items()), *keys.values()])
