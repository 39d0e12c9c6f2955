"""A claim about a path → its verdict, from the exact path."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from checks.report.model import LineOutcome
from checks.walks.claims import Claim
from checks.walks.numbers import Agreement, Written, agreement, decimal
from derive.paths.model import Walk
from derive.paths.roots import RootSum, enclosure, exact

SHOWN = 17  # decimals of h* in messages


@dataclass(frozen=True, slots=True)
class Found:
    """A verdict, its code and words; `answers` where it settles the question of that kind."""

    verdict: LineOutcome
    code: str
    message: str
    counterexample: dict[str, str] | None = None
    suggestion: str | None = None
    answers: bool = True


def judged(claim: Claim, walk: Walk) -> Found:
    """The verdict of a claim about this path."""
    if claim.kind == "converges":
        return _converges(walk)
    return {"value": _value, "condition": _condition, "cycle": _cycle}[claim.kind](claim, walk)


def height_said(walk: Walk) -> str:
    """h* in words."""
    found = walk.highest
    if found.upper is None:
        return f"at least {decimal(found.lower, SHOWN)}…, no bound was found"
    exactly = "" if found.exact is None or len(str(found.exact)) > 60 else f" = {found.exact}"
    return (
        f"h* = {decimal(found.lower, SHOWN)}…{exactly}"
        if exactly != f" = {decimal(found.lower, 1)}"
        else f"h*{exactly}"
    )


def _value(claim: Claim, walk: Walk) -> Found:
    found = walk.highest
    if found.upper is None:
        return Found("undecided", "open", f"undecided: the greatest height is {height_said(walk)}")
    fits = agreement(claim.numbers[0], found.lower)
    if not fits.right:
        return Found("incorrect", fits.code, f"the greatest height passed is {height_said(walk)}; {fits.said}", {"h": str(found.lower)},
                     f"{walk.height} = {decimal(found.lower, max(claim.numbers[0].places, 1))}")  # fmt: skip
    edge = "" if found.attained else "; that height itself is not passed" if found.attained is False else ""
    return Found("correct", fits.code, f"the greatest height passed, {fits.said}: {height_said(walk)}{edge}")


def _order(walk: Walk, value: Fraction) -> int | None:
    """−1, 0, 1: h* is below, at, above; None where its enclosure does not say."""
    found = walk.highest
    if found.position is not None:
        return found.position.minus(RootSum(exact(value))).sign()
    if found.lower > value:
        return 1
    return -1 if found.upper is not None and found.upper < value else None


def _condition(claim: Claim, walk: Walk) -> Found:
    number, relation, found = claim.numbers[0], claim.relation, walk.highest
    if relation in "=≈":
        return _at(claim, walk)
    order = _order(walk, number.value)
    fits = agreement(number, found.lower)
    if order is None and not fits.right:
        return Found("undecided", "open", f"undecided: the greatest height is {height_said(walk)}")
    below, closed = relation in "<≤", relation in "≤≥"
    wanted = claim.fate == "passes"
    true = _holds(
        order,
        below=below,
        closed=closed,
        passes=wanted,
        attained=found.attained,
        oscillates=claim.fate == "oscillates",
        walk=walk,
    )
    sharp = fits.right and below is wanted
    said = f"it passes {'up to and including' if found.attained else 'below'} {height_said(walk)}"
    if true and claim.sharp and not sharp and order != 0:
        return Found("incorrect", fits.code if fits.code == "wrong-digits" else "not-sharp",
                     f"what is said to hold only on one side of {number.text} changes at another height: {said}",
                     suggestion=f"{walk.height} {relation} {decimal(found.lower, max(number.places, 1))}")  # fmt: skip
    if true:
        code = fits.code if sharp else "not-sharp"
        return Found("correct", code, said if sharp else f"true, but not as far as it goes: {said}", answers=sharp)
    if true is None:
        return Found("undecided", "open", f"undecided: {said}", answers=False)
    if sharp and order != 0:
        return Found("correct", fits.code, f"right to the digits written, {fits.said}; {said}")
    example = _example(claim, walk, order)
    at = "" if example is None else f"; with h = {example} it {'passes' if found.passes(example) else 'does not pass'}"
    wrong = f"; {fits.said}" if not fits.right and fits.code == "wrong-digits" else ""
    return Found(
        "incorrect",
        fits.code if wrong else "condition",
        f"{said}{at}{wrong}",
        None if example is None else {"h": str(example)},
    )


def _holds(
    order: int | None, *, below: bool, closed: bool, passes: bool, attained: bool | None, oscillates: bool, walk: Walk
) -> bool | None:
    """Whether all heights on one side of a number are passed, or none is; `order` compares h* with the number."""
    if order is None:
        return None
    if passes and not below:
        return False
    if passes:
        smaller = [gap for gap in walk.highest.gaps if gap.minus(walk.highest.position or gap).sign() < 0]
        if smaller:
            return None
        return order > 0 or (order == 0 and (not closed or attained is True))
    if below:
        return False if order >= 0 or walk.highest.lower > 0 else None
    if order < 0:
        return True
    if order == 0 and closed and oscillates:
        return False  # on the peak itself it passes, or rests there
    return order == 0 and (not closed or attained is False)


def _example(claim: Claim, walk: Walk, order: int | None) -> Fraction | None:
    """A height for which a condition is false."""
    number, found = claim.numbers[0].value, walk.highest
    top = found.lower
    if claim.relation in ">≥" and claim.fate == "passes":
        return max(number, top) + 1
    if claim.relation in "<≤" and claim.fate != "passes":
        return min(number, top) / 2 if top > 0 else None
    if order == 0:
        return number
    between = (number + top) / 2
    for limit in (10, 100, 1000, 10**6, 10**12):
        short = between.limit_denominator(limit)
        if min(number, top) < short < max(number, top):
            return short
    return between


def _at(claim: Claim, walk: Walk) -> Found:
    """What becomes of the path at one height."""
    height = claim.numbers[0].value
    if height <= 0:
        return Found("undecided", "no-bump", "undecided: a bump has a height above 0", answers=False)
    passes = walk.highest.passes(height)
    if passes is None:
        return Found("undecided", "open", f"undecided: {height_said(walk)}", answers=False)
    fate = "passes" if passes else "does not pass"
    right = passes is (claim.fate == "passes")
    if right and claim.fate == "oscillates" and walk.outcome(height)[1].ending == "rests":
        right, fate = False, "rests on the peak"
    return Found(
        "correct" if right else "incorrect",
        "fate",
        f"with h = {claim.numbers[0].text} it {fate}: {height_said(walk)}",
        answers=False,
    )


def cycle_of(walk: Walk) -> tuple[Fraction, Fraction, bool] | None:
    """The least and greatest position of the cycle beyond which no height is passed, measured from the valley; and whether exactly."""
    above = (walk.highest.upper if walk.highest.upper is not None else walk.highest.lower) + 1
    path, outcome = walk.outcome(above)
    if outcome.ending == "cycle":
        if outcome.exactly:
            values = [path.position(path.steps - k).value for k in range(outcome.period)]
            known = [value - walk.valley for value in values if value is not None]
            return (min(known), max(known), True) if known else None
        ends = [enclosure(at) for at in outcome.around]
        return min(low for low, _ in ends) - walk.valley, max(high for _, high in ends) - walk.valley, False
    return None


def _cycle(claim: Claim, walk: Walk) -> Found:
    ends = cycle_of(walk)
    if ends is None:
        return Found("undecided", "open", "undecided: the cycle is not known")
    if claim.from_x and walk.position == "x":
        return Found("undecided", "open", "undecided: x is the position itself", answers=False)
    low, high, _ = ends
    written = sorted(claim.numbers, key=lambda number: number.value)
    origins = (Fraction(0), *(() if claim.from_x else (walk.valley - walk.start,)))
    for origin in origins:
        fits = [_near(number, end + origin) for number, end in zip(written, (low, high), strict=True)]
        heights = [_near(number, _height(walk, at.value - origin))
                   for at, number in zip(claim.numbers, claim.heights or (None, None), strict=True) if number is not None]  # fmt: skip
        if all(fit.right for fit in (*fits, *heights)):
            return Found("correct", "cycle", f"from x it repeats {_signed(low)} … {_signed(high)} for ever")
    suggestion = f"between {_from_x(low)} and {_from_x(high)}" if claim.from_x else f"{_signed(low)}, {_signed(high)}"
    return Found(
        "incorrect", "cycle", f"measured from x it goes from {_signed(low)} to {_signed(high)}", suggestion=suggestion
    )


def _from_x(value: Fraction) -> str:
    return f"x - {_signed(-value)}" if value < 0 else f"x + {_signed(value)}"


def _near(written: Written, truth: Fraction) -> Agreement:
    return agreement(written, truth)


def _height(walk: Walk, from_valley: Fraction) -> Fraction:
    loss = walk.loss(abs(from_valley) + 1)
    return loss.value(walk.valley + from_valley) - loss.value(walk.valley)


def _signed(value: Fraction) -> str:
    short = decimal(value, 6).rstrip("0").rstrip(".")
    return short if Fraction(short) == value else f"{short}…"


def _converges(walk: Walk) -> Found:
    above = (walk.highest.upper if walk.highest.upper is not None else walk.highest.lower) + 1
    path, outcome = walk.outcome(above)
    if outcome.ending == "rests" and path.compared(path.steps, walk.valley) == 0:
        return Found("correct", "converges", f"it stands on x from step {outcome.step} on")
    if outcome.ending == "rests":
        return Found("incorrect", "converges", "it stands still, but not on x")
    ends = cycle_of(walk)
    if ends is None:
        return Found("undecided", "open", "undecided: what becomes of the path is not known")
    low, high, exactly = ends
    around = f"from {_signed(low)} to {_signed(high)}, measured from x, for ever"
    repeats = (
        f"repeats with period {outcome.period}"
        if exactly
        else f"comes ever nearer to a cycle of period {outcome.period}"
    )
    return Found("incorrect", "no-convergence", f"it does not converge to x: it {repeats}, {around}",
                 suggestion=f"oscillates between {_signed(low)} and {_signed(high)} around x")  # fmt: skip
