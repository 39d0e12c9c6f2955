"""Property of a formula → verdict: shown on every piece and across the kinks, or refuted by points.

Sources: a continuous function is increasing if its derivative is ≥ 0 off finitely many points, Lipschitz with constant c
there if |f'| ≤ c, and convex if f'' ≥ 0 between the points and the one-sided slopes at them do not fall (mean value theorem;
Rockafellar, Convex Analysis, 1970, theorem 24.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from checks.decide.relations import decide_relation, unused_name, with_any_argument
from checks.functions.function import Function, not_shown
from checks.functions.pieces import Unknown, value_at
from checks.functions.steepness import bounded, lipschitz
from checks.functions.witnesses import pairs, triples
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge
from derive.kinks import differentiated
from derive.normal import vanishes
from derive.program import Program
from derive.symbols import SymbolTable
from derive.textbook import collected
from derive.tree import ZERO, HasProperty, Name, Negative, Sum, substitute
from derive.write import latex

FAILURES = (NoRule, TooLarge, ZeroDivisionError)


def decide_property(claimed: HasProperty, setting: Setting) -> Verdict:
    """Whether a formula has a property wherever its variable may be; `negated` turns the answer round."""
    taken = replace(claimed, formula=differentiated(claimed.formula, setting.program, setting.symbols))
    taken = _of_an_input(taken, setting)
    try:
        verdict = _DECIDERS[taken.kind](Function(taken, setting))
    except Unknown as error:
        verdict = not_shown(str(error))
    except FAILURES as error:
        verdict = not_shown(str(error) or "the formula is too hard to evaluate")
    return _turned(verdict) if claimed.negated else verdict


def _of_an_input(claimed: HasProperty, setting: Setting) -> HasProperty:
    """A function without its argument, at any; `s is convex` where s is defined by z alone, as a function of z."""
    formula, variable = claimed.formula, claimed.variable
    if variable is None:
        argument = unused_name((formula,), setting)
        formula, variable = with_any_argument(formula, argument), argument
    inputs = setting.program.inputs(formula)
    if (
        isinstance(variable, Name)
        and variable.key in setting.program.definitions
        and variable.key not in inputs
        and len(inputs) == 1
    ):
        variable = Name(inputs[0])
    return replace(claimed, formula=formula, variable=variable)


def _turned(verdict: Verdict) -> Verdict:
    """That it has not the property: the counterexample is the proof."""
    if verdict.status == "refuted":
        return Verdict("proven", verdict.code, verdict.evidence)
    if verdict.status in ("proven", "verified"):
        return Verdict("refuted", "has-property", f"it has the property: {verdict.evidence}", {})
    return verdict


# --- one entry a property ----------------------------------------------------------------------------------------


def _signed(relation: str) -> Callable[[Function], Verdict]:
    def decide(f: Function) -> Verdict:
        return decide_relation(f.claimed.formula, relation, ZERO, f.setting)

    return decide


def _idempotent(f: Function) -> Verdict:
    once = f.setting.program.expanded(f.claimed.formula)
    twice = substitute(once, {f.variable: once})
    return decide_equal(Claim(twice, once, f.setting))


def _symmetric(sign: int) -> Callable[[Function], Verdict]:
    def decide(f: Function) -> Verdict:
        formula = f.setting.program.expanded(f.claimed.formula)
        mirrored = substitute(formula, {f.variable: Negative(Name(f.variable))})
        wanted = formula if sign > 0 else Negative(formula)
        return decide_equal(Claim(mirrored, wanted, f.setting))

    return decide


def _continuous(f: Function) -> Verdict:
    jump = f.jump()
    if jump is None:
        return Verdict("proven", "continuity", f"it is {f.along()} made of continuous functions that are defined there")
    return _jumps(f, jump)


def _jumps(f: Function, jump: tuple[Fraction, str]) -> Verdict:
    return Verdict("refuted", "jump", jump[1], {f.variable: str(jump[0])})


def _differentiable(f: Function) -> Verdict:
    jump = f.jump()
    if jump is not None:
        return _jumps(f, jump)
    for index, place in enumerate(f.pieces.cuts):
        left, right = (
            collected(value_at(f.slope(p.formula), f.variable, place)) for p in f.pieces.pieces[index : index + 2]
        )
        if vanishes(Sum((left, Negative(right))), "real").holds:
            continue
        if not f.apart(left, right):
            raise Unknown(f"whether the slopes meet at {f.variable} = {place} is not known")
        return Verdict("refuted", "kink", f"at {f.variable} = {place} its slope is {latex(left)} from the left and {latex(right)} "
                       "from the right", {f.variable: str(place)})  # fmt: skip
    return Verdict("proven", "smoothness", f"it is {f.along()} smooth; one-sided slopes agree")


def _continuously_differentiable(f: Function) -> Verdict:
    """On the pieces the slope is continuous up to the ends, so that it is there where the slopes meet."""
    return _differentiable(f)


def _monotone(sign: int, *, strict: bool) -> Callable[[Function], Verdict]:
    def decide(f: Function) -> Verdict:
        def falls(a: Fraction, b: Fraction, fa: Any, fb: Any) -> bool:
            del a, b
            return bool(sign * (fb - fa) < 0) or (
                strict and bool(fa == fb) and bool(fa.is_exact()) and bool(fb.is_exact())
            )

        found = f.at(falls, pairs(f.points))
        if found is not None:
            return f.refuted(
                found,
                f"it does not {'rise' if sign > 0 else 'fall'}" if strict else f"it {'falls' if sign > 0 else 'rises'}",
            )
        f.continuous()
        relation = r"\ge" if sign > 0 else r"\le"
        verdict = f.everywhere(relation, lambda formula: (f.slope(formula), ZERO))
        if verdict.status != "proven":
            return not_shown(f"the sign of its derivative is not proven, {verdict.evidence}")
        if strict and any(vanishes(f.slope(piece.formula), "real").holds for piece in f.pieces.pieces):
            return not_shown("on a piece its derivative is 0")
        only = "; analytic on every piece and not constant there, it is 0 at single points only" if strict else ""
        said = f"its derivative is {'≥' if sign > 0 else '≤'} 0: {verdict.evidence}{only}"
        return Verdict("proven", "derivative-sign", f"it is {f.along()} {said}")

    return decide


def _curved(sign: int) -> Callable[[Function], Verdict]:
    def decide(f: Function) -> Verdict:
        def bends(a: Fraction, m: Fraction, b: Fraction, fa: Any, fm: Any, fb: Any) -> bool:
            del a, m, b
            return bool(sign * (fa + fb - 2 * fm) < 0)

        found = f.at(bends, triples(f.points))
        if found is not None:
            return f.refuted(found, f"in the middle it lies {'above' if sign > 0 else 'below'} the chord")
        f.continuous()
        for index, place in enumerate(f.pieces.cuts):
            left, right = (value_at(f.slope(p.formula), f.variable, place) for p in f.pieces.pieces[index : index + 2])
            rises = Sum((right, Negative(left))) if sign > 0 else Sum((left, Negative(right)))
            nowhere = Setting(SymbolTable(), Program())
            if decide_relation(rises, r"\ge", ZERO, nowhere).status != "proven":
                return not_shown(f"that its slope does not turn back at {f.variable} = {place} is not proven")
        verdict = f.everywhere(
            r"\ge" if sign > 0 else r"\le", lambda formula: (f.slope(collected(f.slope(formula))), ZERO)
        )
        if verdict.status != "proven":
            return not_shown(f"the sign of its second derivative is not proven, {verdict.evidence}")
        said = f"its second derivative is {'≥' if sign > 0 else '≤'} 0: {verdict.evidence}"
        return Verdict("proven", "second-derivative-sign", f"it is {f.along()} {said}")

    return decide


_DECIDERS: dict[str, Callable[[Function], Verdict]] = {
    "idempotent": _idempotent,
    "even": _symmetric(1),
    "odd": _symmetric(-1),
    "positive": _signed(">"),
    "nonnegative": _signed(r"\ge"),
    "negative": _signed("<"),
    "nonpositive": _signed(r"\le"),
    "bounded": bounded,
    "continuous": _continuous,
    "differentiable": _differentiable,
    "continuously differentiable": _continuously_differentiable,
    "increasing": _monotone(1, strict=False),
    "strictly increasing": _monotone(1, strict=True),
    "decreasing": _monotone(-1, strict=False),
    "strictly decreasing": _monotone(-1, strict=True),
    "convex": _curved(1),
    "concave": _curved(-1),
    "Lipschitz": lipschitz,
}
