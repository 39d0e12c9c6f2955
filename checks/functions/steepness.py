"""How steep and how large a formula gets: Lipschitz constants and bounds, those given and those to be found."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from checks.decide.limits import Side
from checks.decide.relations import decide_relation
from checks.functions.function import Function, not_shown
from checks.functions.growth import end_in_words, towards, unbounded
from checks.functions.pieces import Unknown
from checks.functions.witnesses import Values, pairs
from checks.verdict import Verdict
from derive.textbook import collected
from derive.tree import Absolute, Number, number
from derive.write import latex

TRIED = tuple(10**k for k in range(7))  # Lipschitz constants


def lipschitz(f: Function) -> Verdict:
    """Lipschitz with a constant that is given, or with any."""
    if f.claimed.constant is None:
        return _some_lipschitz(f)
    constant = f.claimed.constant
    bound = Values(constant, f.variable)(Fraction(0))
    if bound is None or constant.names:
        raise Unknown("the constant is no number")

    def steep(a: Fraction, b: Fraction, fa: Any, fb: Any) -> bool:
        return bool(abs(fb - fa) > bound * _exact(b - a))

    found = f.at(steep, pairs(f.points))
    if found is not None:
        steepness = f"|f(b) − f(a)| / |b − a| is more than {latex(constant)}"
        return f.refuted(found, steepness)
    f.continuous()
    verdict = f.everywhere(r"\le", lambda formula: (Absolute(collected(f.slope(formula))), constant))
    if verdict.status == "refuted":
        return Verdict(
            "refuted", "counterexample", f"its slope is larger in size: {verdict.evidence}", verdict.counterexample
        )
    if verdict.status != "proven":
        return not_shown(f"that its slope stays within {latex(constant)} is not proven, {verdict.evidence}")
    return Verdict(
        "proven",
        "derivative-bound",
        f"it is {f.along()} its slope is at most {latex(constant)} in size: {verdict.evidence}",
    )


def _some_lipschitz(f: Function) -> Verdict:
    jump = f.jump()
    if jump is not None:
        place, sentence = jump
        said = "; ".join(_broken(f, place, constant) for constant in (TRIED[0], TRIED[3], TRIED[-1]))
        return Verdict("refuted", "jump", f"{sentence}; no constant will do: {said}", {f.variable: str(place)})
    for constant in TRIED:
        whole = replace(f.claimed, constant=number(constant))
        verdict = lipschitz(Function(whole, f.setting))
        if verdict.status == "proven":
            return Verdict("proven", verdict.code, f"with the constant {constant}: {verdict.evidence}")
    side = unbounded(collected(f.slope(f.tree)), f.variable, f.setting.symbol(f.variable), f.pieces.cuts)
    broken = [] if side is None else [_steep(f, side, constant) for constant in (TRIED[0], TRIED[3], TRIED[-1])]
    if side is None or None in broken:
        raise Unknown(f"no constant up to {TRIED[-1]} is proven, and that there is none is not proven either")
    sentences = "; ".join(f"{c} fails between {a} and {b}" for c, a, b in filter(None, broken))
    why = f"its slope is unbounded as {end_in_words(side, f.variable)}, no constant will do: {sentences}"
    return Verdict("refuted", "unbounded", why, {})


def _steep(f: Function, side: Side, constant: int) -> tuple[int, Fraction, Fraction] | None:
    """Two points towards an end that a constant is too small for."""
    places = list(towards(side))
    for a, b in zip(places, places[1:], strict=False):
        fa, fb = f.values(a), f.values(b)
        if fa is not None and fb is not None and bool(abs(fb - fa) > _exact(constant * abs(b - a))):
            return constant, min(a, b), max(a, b)
    return None


def _broken(f: Function, place: Fraction, constant: int) -> str:
    """Two points about a jump that a constant is too small for."""
    for power in range(1, 60):
        step = Fraction(1, 10**power)
        for a, b in ((place - step, place), (place, place + step), (place - step, place + step)):
            fa, fb = f.values(a), f.values(b)
            if fa is not None and fb is not None and bool(abs(fb - fa) > _exact(constant * (b - a))):
                return f"{constant} fails between {a} and {b}"
    return f"{constant} was not broken"


def bounded(f: Function) -> Verdict:
    """Bounded by a constant that is given, or by any."""
    constant = f.claimed.constant
    if constant is not None:
        return decide_relation(Absolute(f.claimed.formula), r"\le", constant, f.setting)
    for tried in TRIED:
        if decide_relation(Absolute(f.claimed.formula), r"\le", Number(str(tried)), f.setting).status == "proven":
            return Verdict("proven", "bound", f"its size is at most {tried}")
    side = unbounded(f.tree, f.variable, f.setting.symbol(f.variable))
    large = None if side is None else next((p for p in towards(side) if _exceeds(f.values(p), TRIED[-1])), None)
    if side is None or large is None:
        raise Unknown(f"no bound up to {TRIED[-1]} is proven, and that there is none is not proven either")
    why = f"it is unbounded as {end_in_words(side, f.variable)}; {f.shown(large)}"
    return Verdict("refuted", "unbounded", why, {f.variable: str(large)})


def _exceeds(value: Any, size: int) -> bool:
    return value is not None and bool(abs(value) > size)


def _exact(value: Fraction) -> Any:
    from flint import arb

    return arb(value.numerator) / arb(value.denominator)
