"""Equality of two scalar formulas, the cheap deciders first, stopping at the first answer.

    a few rational points, rigorous balls      separated ⇒ refuted, with the point shrunk and evaluated again
    kernel normal form                         zero ⇒ proven; names as atoms first, then with the definitions put in
    cells                                      zero on each cell of the domain ⇒ proven
    many stratified points                     separated ⇒ refuted
    z3 on the kernels                          unsatisfiable ⇒ proven (z3)
    SymPy in a child process                   zero ⇒ verified
    the stratified points again                enough of them, agreeing to enough digits ⇒ verified; else undecided

Every yes needs points at which both sides were defined and agreed. Where one side has a value and the other none, the
evidence says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from checks.decide import child, solver
from checks.decide.activations import Activation
from checks.decide.balls import PRECISIONS, Evaluator, precision
from checks.decide.cells import Cutting, Domain, branches, everywhere, with_properties, zero
from checks.decide.claim import Claim, Point
from checks.decide.complex_balls import ComplexEvaluator
from checks.decide.elementary import Undefined
from checks.decide.points import SIMPLEST, first_points, stratified_points
from checks.decide.replay import DIGITS, replay
from checks.verdict import Verdict
from derive.errors import NoRule, TooLarge
from derive.normal import vanishes
from derive.tree import Call, Cases, Indicator, Negative, Node, Number, Power, Quotient, Root, Sum, functions, walk
from derive.write import latex

FIRST_POINTS = 2
POINTS_PER_STRATUM = 6
ENOUGH_POINTS = 20
ENOUGH_STRATA = 3
ENOUGH_DIGITS = 30
CONSTANT_DIGITS = 600  # what two constants must agree to
FAILURES = (TooLarge, ZeroDivisionError, RecursionError, NoRule, OverflowError)


@dataclass(frozen=True, slots=True)
class Separation:
    """A point at which two values are certain to differ, and the two balls."""

    point: dict[str, Fraction]
    world: Mapping[str, Activation]
    left: str
    right: str
    bits: int
    touching: bool = False  # the sides are equal, which is what refutes a strict inequality


@dataclass(slots=True)
class Agreement:
    """At how many points both sides were defined and agreed, to how many digits, and where only one was defined."""

    defined: int = 0
    tried: int = 0
    reason: str = ""
    digits: float = float("inf")
    strata: Counter[str] = field(default_factory=Counter)
    one_sided: tuple[Point, str] | None = None

    def enough(self, claim: Claim) -> bool:
        """Whether the points are many and various enough to call the claim verified."""
        if not claim.inputs:
            return bool(self.strata) and self.digits >= CONSTANT_DIGITS
        various = len(self.strata) >= ENOUGH_STRATA and sum(self.strata.values()) >= ENOUGH_POINTS
        return various and self.digits >= ENOUGH_DIGITS

    def described(self, claim: Claim) -> str:
        """The points per stratum and the digits, in words."""
        digits = f"to at least {int(min(self.digits, 600))} digits"
        if not claim.inputs:
            return f"both values agree {digits}"
        count = sum(self.strata.values())
        strata = ", ".join(f"{name} {n}" for name, n in self.strata.items())
        functions = f", each general function stood in for by {len(claim.worlds())} others" if claim.worlds()[0] else ""
        return f"both sides agree {digits} at {count} points ({strata}){functions}"


def decide_equal(claim: Claim, seconds: float = 0.0) -> Verdict:
    """The pipeline above; SymPy is asked only if it is given seconds. Never raises what effort limits raise."""
    try:
        verdict = _decided(claim, seconds)
    except FAILURES as error:
        return Verdict("undecided", "effort", f"undecided: {_sentence(error)}")
    if verdict.status == "refuted":
        from checks.decide.assumptions import with_missing_assumption

        return with_missing_assumption(claim, verdict)
    return verdict


def _decided(claim: Claim, seconds: float) -> Verdict:
    agreement = Agreement()
    found = _first_separation(claim, agreement)
    if found is None:
        proof = prove(claim)
        if proof is not None and agreement.defined:
            return _with_domain(claim, proof, agreement)
        found = _stratified_separation(claim, agreement)
        if found is None:
            if proof is None or not agreement.defined:
                proof = _unless_undefined(_by_z3(claim) if proof is None else proof, agreement)
            return _with_domain(claim, proof or _weaker(claim, agreement, seconds), agreement)
    return refuted(claim, shrunk(claim, found, lambda point: separation(claim, point, found.world)))


def _unless_undefined(proof: Verdict | None, agreement: Agreement) -> Verdict | None:
    """A proof counts only with a point at which both sides had a value."""
    return proof if agreement.defined else None


def prove(claim: Claim) -> Verdict | None:
    """A proof by normal form, as it stands or cut into cells."""
    return _by_normal_form(claim) or _by_cells(claim)


def evaluator(claim: Claim, point: Point, world: Mapping[str, Activation]) -> Evaluator:
    """What gives the values of a claim's sides at a point."""
    kind = ComplexEvaluator if claim.is_complex else Evaluator
    return kind(point, claim.setting.named, world)


def separation(
    claim: Claim,
    point: Point,
    world: Mapping[str, Activation],
    agreement: Agreement | None = None,
    *,
    thorough: bool = False,
    stratum: str = "",
) -> Separation | None:
    """Whether the two sides certainly differ at a point; `thorough`: agreement counts at full precision only.

    With a stratum the point counts towards verification, for which the balls must be narrow.
    """
    left, right = claim.sides
    values: list[Any] = []
    for bits in PRECISIONS:
        try:
            with precision(bits):
                at = evaluator(claim, point, world)
                values = [_attempt(at, side) for side in (left, right)]
                if any(isinstance(v, Undefined) for v in values):
                    continue
                a, b = values
                if not a.overlaps(b):
                    return Separation(dict(point), world, shown(a), shown(b), bits)
                digits = _digits(a, b)
                wanted = 600 if thorough and not claim.inputs else bits * 0.1 if thorough or not stratum else 60
                if digits >= wanted and (bits == PRECISIONS[-1] or not thorough):
                    break
        except FAILURES as error:
            if agreement:
                agreement.reason = _sentence(error)
            return None
    else:
        if agreement and len(values) == 2:
            _note_one_sided(agreement, point, values)
        if not values or any(isinstance(v, Undefined) for v in values) or not stratum or digits < ENOUGH_DIGITS:
            return None  # a value on a cut, say, that no precision makes narrow
    if agreement:
        agreement.defined += 1
        if stratum:
            agreement.strata[stratum] += 1
            agreement.digits = min(agreement.digits, digits)
    return None


def _attempt(at: Evaluator, side: Node) -> Any:
    try:
        return at(side)
    except Undefined as undefined:
        return undefined


def _note_one_sided(agreement: Agreement, point: Point, values: list[Any]) -> None:
    undefined = [isinstance(v, Undefined) for v in values]
    if undefined[0] != undefined[1] and agreement.one_sided is None:
        agreement.one_sided = (point, "left" if undefined[1] else "right")


def _digits(a: Any, b: Any) -> float:
    """The decimal digits to which two overlapping balls are known to agree, relative to their size or to 1 if smaller.

    Values that may be zero count by their absolute error.
    """
    with precision(64):
        radius = _radius(a) + _radius(b)
        if radius == 0:
            return float("inf")
        size = abs(a.mid()) + abs(b.mid())
        relative = radius / size if size > radius * 2**40 else radius
        return float(-relative.log()) / 2.302585 if relative < 1 else 0.0


def _radius(ball: Any) -> Any:
    return ball.rad() if hasattr(ball, "floor") else ball.real.rad() + ball.imag.rad()


def _first_separation(claim: Claim, agreement: Agreement) -> Separation | None:
    worlds = claim.worlds()
    for index, point in enumerate(first_points(claim, FIRST_POINTS)):
        agreement.tried += 1
        found = separation(claim, point, worlds[index % len(worlds)], agreement)
        if found:
            return found
    return None


def _stratified_separation(claim: Claim, agreement: Agreement) -> Separation | None:
    worlds = claim.worlds()
    if not claim.inputs:
        return _constant_separation(claim, worlds, agreement)
    for index, (stratum, point) in enumerate(stratified_points(claim, POINTS_PER_STRATUM)):
        agreement.tried += 1
        world = worlds[index % len(worlds)]
        thorough = index % 6 == 0
        found = separation(claim, point, world, agreement, thorough=thorough, stratum=stratum)
        if found:
            return found
    return None


def _constant_separation(
    claim: Claim, worlds: tuple[Mapping[str, Activation], ...], agreement: Agreement
) -> Separation | None:
    """Two constants: at full precision, with each function that a general one may be."""
    for world in worlds:
        agreement.tried += 1
        found = separation(claim, {}, world, agreement, thorough=True, stratum="constants")
        if found:
            return found
    return None


# --- proofs ----------------------------------------------------------------------------------------------------------


def _by_normal_form(claim: Claim) -> Verdict | None:
    left, right = claim.sides
    if left == right:
        return Verdict("proven", "identical", "both sides are the same formula")
    mode = "complex" if claim.is_complex else "real"
    for difference, how in _differences(claim):
        try:
            found = vanishes(difference, mode)  # type: ignore[arg-type]
        except FAILURES:
            continue
        if found.holds:
            cleared = ", ".join(f"{latex(d)} ≠ 0" for d in found.cleared)
            return Verdict("proven", "normal-form", how + (f", where {cleared}" if cleared else ""))
    return None


def _differences(claim: Claim) -> Iterator[tuple[Node, str]]:
    """Left minus right with names as atoms, then with the definitions put in."""
    left, right = claim.sides
    difference: Node = Sum((left, Negative(right)))
    yield difference, "both sides have the same normal form"
    if claim.setting.named.needed(difference):
        try:
            expanded = claim.setting.named.expanded(difference)
        except FAILURES:
            return
        yield expanded, "with the definitions put in, both sides have the same normal form"


def _by_cells(claim: Claim) -> Verdict | None:
    """The same on each cell of the domain, where declarations or branches say more than the formula alone."""
    if claim.is_complex:
        return None
    symbols = claim.setting.symbols
    for difference, _ in _differences(claim):
        try:
            given = with_properties(difference, symbols, claim.general_functions)
            domain = Domain.of(difference, symbols, implied=True)
            if given is difference and not domain.intervals and not _branching(difference):
                continue
            cutting = Cutting()
            holds = everywhere(given, domain, zero, cutting, difference)
        except FAILURES:
            continue
        if not holds:
            continue
        bounds = domain.described(symbols)
        if not cutting.cuts:
            assuming = f", where {bounds}" if bounds else ""
            return Verdict("proven", "normal-form", f"both sides have the same normal form{assuming}")
        cuts = ", ".join(_readable(cut) for cut in cutting.cuts[:4])
        assuming = f" where {bounds}" if bounds else ""
        return Verdict(
            "proven",
            "cells",
            f"on each of {cutting.cells} cells, cut where {cuts} = 0, both sides have the same normal form{assuming}",
        )
    return None


def _readable(cut: Node) -> str:
    """A cut as LaTeX, or what can be said of one that was made on the way."""
    made = any("\0" in name for name in cut.names) or any(" " in function for function in functions(cut))
    return "an expression made on the way" if made else latex(cut)


def _branching(tree: Node) -> bool:
    return any(branches(node) for node in walk(tree))


def _by_z3(claim: Claim) -> Verdict | None:
    if claim.is_complex or not solver.available():
        return None
    symbols = claim.setting.symbols
    for difference, how in _differences(claim):
        try:
            given = with_properties(difference, symbols, claim.general_functions)
            bounds = Domain.of(difference, symbols, implied=True).intervals
            if solver.proves(given, "=", Number("0"), bounds, difference):
                put_in = ", with the definitions put in" if how.startswith("with") else ""
                return Verdict(
                    "proven", "z3", f"z3 finds no values of the parts of the formula at which the sides differ{put_in}"
                )
        except FAILURES:
            continue
    return None


def _weaker(claim: Claim, agreement: Agreement, seconds: float) -> Verdict:
    """Verified by SymPy and the points, by the points alone, or undecided."""
    if not agreement.enough(claim):
        return _undecided(agreement)
    points = agreement.described(claim)
    late = ""
    if seconds > 0 and not claim.is_complex:
        answer = _by_sympy(claim, seconds)
        if answer:
            return Verdict("verified", "sympy", f"SymPy simplifies the difference to 0, and {points}")
        late = "; SymPy was stopped by the clock or its memory limit" if answer is None else ""
    return Verdict("verified", "balls", f"no proof was found; {points}{late}")


def _by_sympy(claim: Claim, seconds: float) -> bool | None:
    try:
        left, right = (claim.setting.named.expanded(side) for side in claim.sides)
    except FAILURES:
        return False
    symbols = tuple(s for s in claim.inputs if not s.is_function)
    return child.is_zero(Sum((left, Negative(right))), symbols, seconds)


def _undecided(agreement: Agreement) -> Verdict:
    if not agreement.defined:
        why = agreement.reason or "there is no point at which both sides could be evaluated"
        code = "effort" if agreement.reason else "no-point"
        return Verdict("undecided", code, f"undecided: {why}")
    reason = (
        f"no proof was found; the sides agree at {agreement.defined} of {agreement.tried} points, which proves nothing"
    )
    return Verdict("undecided", "no-proof", f"undecided: {reason}")


# --- domains ---------------------------------------------------------------------------------------------------------

_PARTIAL = {"log", "arcsin", "arccos", "log_base", "artanh", "arcosh", "arsech", "arcoth", "tan", "gamma"}


def _with_domain(claim: Claim, verdict: Verdict, agreement: Agreement) -> Verdict:
    """The verdict with a point at which only one side has a value, if one is met: the other was cut down or extended."""
    if verdict.status not in {"proven", "verified"}:
        return verdict
    if agreement.one_sided is None and _partial_parts(claim.sides[0]) != _partial_parts(claim.sides[1]):
        for value in (Fraction(-1), Fraction(0), Fraction(1), Fraction(-3, 2)):
            point = dict.fromkeys((s.key for s in claim.inputs), value)
            if point and all(s.admits(value) for s in claim.inputs):
                separation(claim, point, claim.worlds()[0], agreement)
    if agreement.one_sided is None:
        return verdict
    tried, side = agreement.one_sided
    at = ", ".join(f"{name} = {value}" for name, value in tried.items())
    return Verdict(
        verdict.status,
        verdict.code,
        f"{verdict.evidence}; equal where both are defined: at {at} only the {side} side is",
    )


def _partial_parts(tree: Node) -> frozenset[Node]:
    """What decides where a formula has a value: denominators, radicands, arguments of logs."""
    found: set[Node] = set()
    for node in walk(tree):
        if isinstance(node, Quotient) and node.denominator.names:
            found.add(node.denominator)
        elif isinstance(node, Root):
            found.add(node.radicand)
        elif isinstance(node, Power):
            if not (isinstance(node.exponent, Number) and node.exponent.value >= 0):
                found.add(node)
        elif isinstance(node, Cases | Indicator) or (isinstance(node, Call) and node.function in _PARTIAL):
            found.add(node)
    return frozenset(found)


def _sentence(error: BaseException) -> str:
    return str(error) if not isinstance(error, RecursionError) else "the formula is nested too deeply"


# --- counterexamples -------------------------------------------------------------------------------------------------


def shrunk(claim: Claim, found: Separation, test: Callable[[Point], Separation | None]) -> Separation:
    """The same refutation at simpler numbers, one coordinate at a time, as long as the test still refutes."""
    best = found
    for symbol in claim.inputs:
        for value in SIMPLEST:
            if value == best.point[symbol.key]:
                break
            simpler = test({**best.point, symbol.key: value}) if symbol.admits(value) else None
            if simpler:
                best = simpler
                break
    return best


def refuted(claim: Claim, found: Separation) -> Verdict:
    """The verdict of a separation, once an independent evaluation agrees that the sides differ."""
    if not _replayed(claim, found):
        return Verdict("undecided", "replay", "undecided: two independent evaluations of a counterexample disagree")
    values = {key: str(value) for key, value in found.point.items()}
    values |= {f"{function}(z)": activation.latex for function, activation in found.world.items()}
    where = ", ".join(f"{name} = {value}" for name, value in values.items())
    at = f"at {where}: " if where else ""
    return Verdict("refuted", "counterexample", f"{at}{found.left} on the left, {found.right} on the right", values,
                   values=(found.left, found.right))  # fmt: skip


def _replayed(claim: Claim, found: Separation) -> bool:
    """Both sides again by mpmath: real, and different or on the same side of each other as the balls say."""
    import mpmath

    program = claim.setting.named
    digits = max(DIGITS, found.bits // 3 + DIGITS)
    try:
        left, right = (
            replay(side, found.point, program, found.world, digits, principal=claim.is_complex) for side in claim.sides
        )
        if not all(mpmath.isfinite(side) and (claim.is_complex or mpmath.im(side) == 0) for side in (left, right)):
            return False
        apart = abs(left - right) > (abs(left) + abs(right)) * mpmath.mpf(10) ** -digits
        return bool(apart or found.touching)
    except (ValueError, ArithmeticError, TypeError, NotImplementedError, Undefined, *FAILURES):
        return False


def shown(ball: Any) -> str:
    """A ball as a decimal with its certain digits."""
    text = str(ball.str(12, radius=False)).strip("[]")
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
