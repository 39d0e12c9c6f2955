r"""A verdict about derivatives → the same verdict saying what there is at the kinks: both one-sided derivatives, and torch.

Deciders leave kinks out (derive.kinks). Here each kink of the functions that were differentiated is looked for at numbers
that can be written down, and looked at from both sides. Where the two sides differ the value there is a convention, and
the verdict says so; where they agree (x|x| at 0) there is a derivative, and a claim with another value there is refuted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from checks.decide.balls import PRECISIONS, Evaluator, precision
from checks.decide.claim import Claim, Setting
from checks.decide.constructs import exact_difference
from checks.decide.elementary import Undefined
from checks.decide.kinks import Kink, kink_report
from checks.decide.points import SIMPLEST, first_points, zeros
from checks.decide.separation import FAILURES, shown
from checks.verdict import Verdict
from derive.functions import FUNCTIONS
from derive.kinks import kinks, without_kinks
from derive.program import Program
from derive.pullback import derivative
from derive.rules import with_named_functions
from derive.steps import Derivation
from derive.tree import ZERO, Call, Name, Node, OffKinks, functions, number, substitute, walk

MAX_SHOWN = 3  # kinks in one evidence
NEAR = Fraction(1, 1_000_000)  # below this two values at a point are not called different
ARGUMENT = "z"  # what the argument of f'(u) is called


@dataclass(frozen=True, slots=True)
class Differentiated:
    """A function as it was before its last derivative was taken; `place` is the argument of f'(u), if it is that."""

    f: Node
    key: str
    base: tuple[Node, int] | None  # what torch is to differentiate, and how often
    place: Node | None = None


@dataclass(frozen=True, slots=True)
class AtKink:
    """A kink at a point, and what was found there."""

    of: Differentiated
    point: Mapping[str, Fraction]
    report: Kink

    def sentence(self) -> str:
        """What a reader is told."""
        others = [f"{name} = {value}" for name, value in self.point.items() if name != self.of.key]
        beside = f" (and {', '.join(others)})" if others else ""
        return self.report.sentence(self.of.key, self.point[self.of.key], beside)

    def as_dict(self) -> dict[str, Any]:
        """The JSON of a kink."""
        at = {name: str(value) for name, value in self.point.items()}
        return {"at": at, "left": self.report.left, "right": self.report.right, "torch": self.report.torch}


def with_kinks(verdict: Verdict, claim: Claim, *, judging: bool = True) -> Verdict:
    """The verdict on a claim about derivatives with what there is at their kinks; `judging`: where it may refute it."""
    if verdict.status == "refuted" or (verdict.status == "undecided" and verdict.code != "kink"):
        return verdict
    found = kinks_met(claim)
    contrary = _contrary(claim, found) if judging and verdict.code != "kink" else None
    return contrary or said(verdict, [kink for kink in found if kink.report.is_kink])


def kinks_of_derivation(derivation: Derivation) -> list[AtKink]:
    """The kinks of what was differentiated, where its closed form is a convention."""
    claim = Claim(derivation.off_kinks, derivation.closed, Setting(derivation.symbols, derivation.program))
    return [kink for kink in kinks_met(claim) if kink.report.is_kink] if claim.kinks else []


def kinks_met(claim: Claim) -> list[AtKink]:
    """The kinks of everything a claim holds derivatives of."""
    return [kink for of in dict.fromkeys(_differentiated(claim)) for kink in at_kinks(of, claim.setting)]


def said(verdict: Verdict, found: list[AtKink]) -> Verdict:
    """The verdict with the kinks in its evidence."""
    if not found:
        return verdict
    sentences = list(dict.fromkeys(kink.sentence() for kink in found))
    shown_ = "; ".join(sentences[:MAX_SHOWN]) + ("; …" if len(sentences) > MAX_SHOWN else "")
    lead = "" if verdict.code == "kink" else "; off the kinks, for there the value is a convention"
    return replace(verdict, evidence=f"{verdict.evidence}{lead}: {shown_}", kinks=tuple(k.as_dict() for k in found))


def _differentiated(claim: Claim) -> Iterator[Differentiated]:
    """The functions of which a claim holds derivatives, definitions put in."""
    program = claim.setting.named
    for node in (n for side in claim.named for n in walk(side)):
        try:
            if isinstance(node, OffKinks) and node.of is not None:
                yield of_derivative(*node.of, claim.setting)
            elif isinstance(node, Call) and node.order and node.function in FUNCTIONS and len(node.arguments) == 1:
                base = Call(node.function, (Name(ARGUMENT),))
                before = Call(node.function, (Name(ARGUMENT),), node.order - 1)
                place = program.expanded(node.arguments[0])
                yield Differentiated(before, ARGUMENT, (base, node.order), place)
        except FAILURES:
            continue


def of_derivative(f: Node, keys: tuple[str, ...], setting: Setting) -> Differentiated:
    """What the last of the derivatives by names in turn is taken of."""
    program = setting.named
    f = program.expanded(without_kinks(with_named_functions(f, setting.symbols)))
    base = (f, len(keys)) if len(set(keys)) == 1 else None
    for key in keys[:-1]:
        f = derivative(f, key)
    return Differentiated(f, keys[-1], base)


def at_kinks(of: Differentiated, setting: Setting) -> list[AtKink]:
    """The kinks of a function of which one can be written down, each looked at from both sides."""
    if any(function not in FUNCTIONS for function in functions(of.f)):
        return []
    found = []
    for point in _points(of, setting):
        others = {name: number(value) for name, value in point.items() if name != of.key}
        try:
            base = None if of.base is None else (substitute(of.base[0], others), of.base[1])
            report = kink_report(substitute(of.f, others), of.key, point[of.key], base)
        except FAILURES:
            continue
        if (report.left, report.right, report.torch) != (None, None, None):
            found.append(AtKink(of, point, report))
    return found


def _points(of: Differentiated, setting: Setting) -> Iterator[dict[str, Fraction]]:
    """Where something vanishes that makes a kink, the other names at small numbers."""
    if of.place is not None and not of.place.names:
        at = exact_difference(of.place, ZERO, {})
        if at is not None and any(vanishes_at(u, {of.key: at}) for u in kinks(of.f)):
            yield {of.key: at}
        return
    claim = Claim(of.f, ZERO, setting)
    base = next(first_points(claim, 1), None)
    if base is None:
        return
    symbol = setting.symbol(of.key)
    seen = set()
    for u in kinks(of.f):
        if of.key not in u.names:
            continue
        candidates = [*zeros(u, of.key, base), *SIMPLEST]
        rounded = [c for z in candidates for c in dict.fromkeys((z, z.limit_denominator(64)))]
        met = [c for c in dict.fromkeys(rounded) if symbol.admits(c) and vanishes_at(u, {**base, of.key: c})]
        for at in met[:2] if len(met) < len(SIMPLEST) // 2 else met[:1]:
            if at not in seen:
                seen.add(at)
                yield {of.key: at, **{name: value for name, value in base.items() if name != of.key}}


def vanishes_at(u: Node, point: Mapping[str, Fraction]) -> bool:
    """Whether a formula is certain to be 0 at a point."""
    exact = exact_difference(u, ZERO, {name: number(value) for name, value in point.items()})
    if exact is not None:
        return exact == 0
    try:
        with precision(PRECISIONS[0]):
            return bool(Evaluator(point, Program(), {})(u).is_zero())
    except (Undefined, *FAILURES):
        return False


def _contrary(claim: Claim, found: list[AtKink]) -> Verdict | None:
    """A refutation of `f' = g` at a point where both one-sided derivatives are the same and g has another value."""
    for taken, other in (claim.named, claim.named[::-1]):
        if not isinstance(taken, OffKinks) or taken.of is None or any(_is_derivative(node) for node in walk(other)):
            continue
        of = of_derivative(*taken.of, claim.setting)
        for kink in found:
            slope = kink.report.slope
            value = None if kink.of != of or slope is None else _value(other, kink, claim)
            if value is not None and _apart(value, slope):
                values = {name: str(number) for name, number in kink.point.items()}
                at = ", ".join(f"{name} = {number}" for name, number in values.items())
                evidence = f"at {at}: the derivative is {shown(slope)} from either side, not {shown(value)}"
                return Verdict("refuted", "counterexample", evidence, values, values=(shown(slope), shown(value)))
    return None


def _is_derivative(node: Node) -> bool:
    return isinstance(node, OffKinks) or (isinstance(node, Call) and node.order > 0)


def _value(other: Node, kink: AtKink, claim: Claim) -> Any:
    """The value of the other side at a kink, if it has one."""
    try:
        with precision(PRECISIONS[1]):
            return Evaluator(kink.point, claim.setting.named, {})(other)
    except (Undefined, KeyError, *FAILURES):
        return None


def _apart(a: Any, b: Any) -> bool:
    with precision(PRECISIONS[0]):
        return bool(abs(a - b) > Evaluator.number(NEAR) * (1 + abs(b)))
