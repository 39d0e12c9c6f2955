"""Property of a formula → verdict: shown on every piece and across the kinks, or refuted by points.

Sources: a continuous function is increasing if its derivative is ≥ 0 off finitely many points, Lipschitz with constant c
there if |f'| ≤ c, and convex if f'' ≥ 0 between the points and the one-sided slopes at them do not fall (mean value theorem;
Rockafellar, Convex Analysis, 1970, theorem 24.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from checks.decide.balls import precision
from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from checks.decide.limits import Side
from checks.decide.relations import decide_relation, unused_name, with_any_argument
from checks.functions.growth import end_in_words, towards, unbounded
from checks.functions.pieces import Pieces, Unknown, cut, value_at, whole
from checks.functions.witnesses import Values, pairs, points, triples
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge
from derive.kinks import differentiated
from derive.normal import vanishes
from derive.program import Program
from derive.pullback import derivative
from derive.symbols import SymbolTable
from derive.textbook import collected
from derive.tree import ZERO, Absolute, HasProperty, Name, Negative, Node, Number, Sum, number, substitute
from derive.write import latex

FAILURES = (NoRule, TooLarge, ZeroDivisionError)
TRIED = tuple(10**k for k in range(7))  # Lipschitz constants
MAX_PAIRS = 4_000


def decide_property(claimed: HasProperty, setting: Setting) -> Verdict:
    """Whether a formula has a property wherever its variable may be; `negated` turns the answer round."""
    taken = replace(claimed, formula=differentiated(claimed.formula, setting.program, setting.symbols))
    taken = _of_an_input(taken, setting)
    try:
        verdict = _DECIDERS[taken.kind](_Function(taken, setting))
    except Unknown as error:
        verdict = _undecided(str(error))
    except FAILURES as error:
        verdict = _undecided(str(error) or "the formula is too hard to evaluate")
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


def _undecided(why: str) -> Verdict:
    return Verdict("undecided", "property", f"undecided: {why}")


def _turned(verdict: Verdict) -> Verdict:
    """That it has not the property: the counterexample is the proof."""
    if verdict.status == "refuted":
        return Verdict("proven", verdict.code, verdict.evidence)
    if verdict.status in ("proven", "verified"):
        return Verdict("refuted", "has-property", f"it has the property: {verdict.evidence}", {})
    return verdict


@dataclass
class _Function:
    """The formula, where it is cut, and its values."""

    claimed: HasProperty
    setting: Setting

    @cached_property
    def pieces(self) -> Pieces:
        return cut(self.claimed.formula, self.variable, self.setting)

    @cached_property
    def tree(self) -> Node:
        tree = whole(self.claimed.formula, self.setting)
        others = [name for name in tree.names if name != self.variable]
        if others:
            raise Unknown(f"it depends on {', '.join(others)} besides {self.variable}")
        return tree

    @property
    def variable(self) -> str:
        assert isinstance(self.claimed.variable, Name)
        return self.claimed.variable.key

    @cached_property
    def values(self) -> Values:
        return Values(self.tree, self.variable)

    @cached_property
    def points(self) -> list[Fraction]:
        try:
            cuts = self.pieces.cuts
        except Unknown:
            cuts = ()
        return points(self.setting.symbol(self.variable), cuts)

    # --- what proofs are made of -------------------------------------------------------------------------------------

    def jump(self) -> tuple[Fraction, str] | None:
        """A cut at which the formula does not run through, with a sentence; None if it is continuous. Raises Unknown."""
        for index, place in enumerate(self.pieces.cuts):
            left, right = (value_at(p.formula, self.variable, place) for p in self.pieces.pieces[index : index + 2])
            here = value_at(self.tree, self.variable, place)
            for one, other in ((left, right), (left, here)):
                if vanishes(Sum((one, Negative(other))), "real").holds:
                    continue
                if not self.apart(one, other):
                    raise Unknown(f"whether it runs through at {self.variable} = {place} is not known")
                sides = f"{_digits(left)} from the left, {_digits(right)} from the right"
                there = "" if other is right else f", {_digits(here)} there"
                return place, f"at {self.variable} = {place} it jumps: {sides}{there}"
        return None

    def apart(self, left: Node, right: Node) -> bool:
        a, b = Values(left, self.variable)(Fraction(0)), Values(right, self.variable)(Fraction(0))
        return a is not None and b is not None and not a.overlaps(b)

    def continuous(self) -> None:
        """Raises Unknown if it is not."""
        if (jump := self.jump()) is not None:
            raise Unknown(jump[1])

    def everywhere(self, relation: str, of: Callable[[Node], tuple[Node, Node]]) -> Verdict:
        """Whether a relation holds on every piece; the first verdict that is not proven, else the last."""
        verdict = _undecided("there is no piece")
        for piece in self.pieces.pieces:
            left, right = of(piece.formula)
            verdict = decide_relation(collected(left), relation, right, piece.setting(self.variable))
            if verdict.status != "proven":
                return verdict
        return verdict

    def slope(self, formula: Node) -> Node:
        return derivative(formula, self.variable)

    def along(self) -> str:
        """The pieces, in words."""
        cuts = ", ".join(f"{self.variable} = {place}" for place in self.pieces.cuts)
        return f"continuous, and on every piece between {cuts}" if cuts else "smooth, and everywhere"

    def shown(self, *places: Fraction) -> str:
        return ", ".join(f"f({place}) = {self.values.shown(place)}" for place in places)

    def refuted(self, places: tuple[Fraction, ...], why: str) -> Verdict:
        point = (
            {f"{self.variable}_{k}": str(p) for k, p in enumerate(places, 1)}
            if len(places) > 1
            else {self.variable: str(places[0])}
        )
        return Verdict("refuted", "counterexample", f"{self.shown(*places)}: {why}", point)

    def at(self, test: Callable[..., bool], places: Any) -> tuple[Fraction, ...] | None:
        """The first places at which a test of the values is certain."""
        for count, chosen in enumerate(places):
            if count >= MAX_PAIRS:
                return None
            values = [self.values(place) for place in chosen]
            if all(value is not None for value in values):
                with precision(256):
                    if test(*chosen, *values):
                        return tuple(chosen)
        return None


# --- one entry a property ----------------------------------------------------------------------------------------


def _signed(relation: str) -> Callable[[_Function], Verdict]:
    def decide(f: _Function) -> Verdict:
        return decide_relation(f.claimed.formula, relation, ZERO, f.setting)

    return decide


def _idempotent(f: _Function) -> Verdict:
    once = f.setting.program.expanded(f.claimed.formula)
    twice = substitute(once, {f.variable: once})
    return decide_equal(Claim(twice, once, f.setting))


def _symmetric(sign: int) -> Callable[[_Function], Verdict]:
    def decide(f: _Function) -> Verdict:
        formula = f.setting.program.expanded(f.claimed.formula)
        mirrored = substitute(formula, {f.variable: Negative(Name(f.variable))})
        wanted = formula if sign > 0 else Negative(formula)
        return decide_equal(Claim(mirrored, wanted, f.setting))

    return decide


def _continuous(f: _Function) -> Verdict:
    jump = f.jump()
    if jump is None:
        return Verdict("proven", "continuity", f"it is {f.along()} made of continuous functions that are defined there")
    return _jumps(f, jump)


def _jumps(f: _Function, jump: tuple[Fraction, str]) -> Verdict:
    return Verdict("refuted", "jump", jump[1], {f.variable: str(jump[0])})


def _digits(tree: Node) -> str:
    return Values(tree, "").shown(Fraction(0))


def _differentiable(f: _Function) -> Verdict:
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


def _continuously_differentiable(f: _Function) -> Verdict:
    """On the pieces the slope is continuous up to the ends, so that it is there where the slopes meet."""
    return _differentiable(f)


def _monotone(sign: int, *, strict: bool) -> Callable[[_Function], Verdict]:
    def decide(f: _Function) -> Verdict:
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
            return _undecided(f"the sign of its derivative is not proven, {verdict.evidence}")
        if strict and any(vanishes(f.slope(piece.formula), "real").holds for piece in f.pieces.pieces):
            return _undecided("on a piece its derivative is 0")
        only = "; analytic on every piece and not constant there, it is 0 at single points only" if strict else ""
        said = f"its derivative is {'≥' if sign > 0 else '≤'} 0: {verdict.evidence}{only}"
        return Verdict("proven", "derivative-sign", f"it is {f.along()} {said}")

    return decide


def _curved(sign: int) -> Callable[[_Function], Verdict]:
    def decide(f: _Function) -> Verdict:
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
                return _undecided(f"that its slope does not turn back at {f.variable} = {place} is not proven")
        verdict = f.everywhere(
            r"\ge" if sign > 0 else r"\le", lambda formula: (f.slope(collected(f.slope(formula))), ZERO)
        )
        if verdict.status != "proven":
            return _undecided(f"the sign of its second derivative is not proven, {verdict.evidence}")
        said = f"its second derivative is {'≥' if sign > 0 else '≤'} 0: {verdict.evidence}"
        return Verdict("proven", "second-derivative-sign", f"it is {f.along()} {said}")

    return decide


def _lipschitz(f: _Function) -> Verdict:
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
        return _undecided(f"that its slope stays within {latex(constant)} is not proven, {verdict.evidence}")
    return Verdict(
        "proven",
        "derivative-bound",
        f"it is {f.along()} its slope is at most {latex(constant)} in size: {verdict.evidence}",
    )


def _some_lipschitz(f: _Function) -> Verdict:
    jump = f.jump()
    if jump is not None:
        place, sentence = jump
        said = "; ".join(_broken(f, place, constant) for constant in (TRIED[0], TRIED[3], TRIED[-1]))
        return Verdict("refuted", "jump", f"{sentence}; no constant will do: {said}", {f.variable: str(place)})
    for constant in TRIED:
        whole = replace(f.claimed, constant=number(constant))
        verdict = _lipschitz(_Function(whole, f.setting))
        if verdict.status == "proven":
            return Verdict("proven", verdict.code, f"with the constant {constant}: {verdict.evidence}")
    side = unbounded(collected(f.slope(f.tree)), f.variable, f.setting.symbol(f.variable), f.pieces.cuts)
    broken = [] if side is None else [_steep(f, side, constant) for constant in (TRIED[0], TRIED[3], TRIED[-1])]
    if side is None or None in broken:
        raise Unknown(f"no constant up to {TRIED[-1]} is proven, and that there is none is not proven either")
    sentences = "; ".join(f"{c} fails between {a} and {b}" for c, a, b in filter(None, broken))
    why = f"its slope is unbounded as {end_in_words(side, f.variable)}, no constant will do: {sentences}"
    return Verdict("refuted", "unbounded", why, {})


def _steep(f: _Function, side: Side, constant: int) -> tuple[int, Fraction, Fraction] | None:
    """Two points towards an end that a constant is too small for."""
    places = list(towards(side))
    for a, b in zip(places, places[1:], strict=False):
        fa, fb = f.values(a), f.values(b)
        if fa is not None and fb is not None and bool(abs(fb - fa) > _exact(constant * abs(b - a))):
            return constant, min(a, b), max(a, b)
    return None


def _broken(f: _Function, place: Fraction, constant: int) -> str:
    """Two points about a jump that a constant is too small for."""
    for power in range(1, 60):
        step = Fraction(1, 10**power)
        for a, b in ((place - step, place), (place, place + step), (place - step, place + step)):
            fa, fb = f.values(a), f.values(b)
            if fa is not None and fb is not None and bool(abs(fb - fa) > _exact(constant * (b - a))):
                return f"{constant} fails between {a} and {b}"
    return f"{constant} was not broken"


def _bounded(f: _Function) -> Verdict:
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


_DECIDERS: dict[str, Callable[[_Function], Verdict]] = {
    "idempotent": _idempotent,
    "even": _symmetric(1),
    "odd": _symmetric(-1),
    "positive": _signed(">"),
    "nonnegative": _signed(r"\ge"),
    "negative": _signed("<"),
    "nonpositive": _signed(r"\le"),
    "bounded": _bounded,
    "continuous": _continuous,
    "differentiable": _differentiable,
    "continuously differentiable": _continuously_differentiable,
    "increasing": _monotone(1, strict=False),
    "strictly increasing": _monotone(1, strict=True),
    "decreasing": _monotone(-1, strict=False),
    "strictly decreasing": _monotone(-1, strict=True),
    "convex": _curved(1),
    "concave": _curved(-1),
    "Lipschitz": _lipschitz,
}
