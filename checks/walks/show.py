"""A problem with paths → its answers as lines for a terminal and as JSON: positions, what becomes of them, the greatest height."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from checks.walks.numbers import decimal, value_of
from checks.walks.truth import cycle_of
from derive.paths.model import PathQuestion, Walk
from derive.paths.walk import Outcome, Path
from derive.problem import Problem

PLACES = 20
LISTED = 12  # positions of a row
LONG = 60  # characters of an exact number that is shown


def path_lines(walk: Walk) -> list[str]:
    """The loss and the rule of a part."""
    values = ", ".join(f"{name} = {value}" for name, value in walk.parameters.items())
    low, high = (walk.loss(Fraction(h)) for h in (1, 2))
    at = [
        str(a) if a == b else f"{walk.valley} + {walk.height}"
        for a, b in zip(low.breakpoints, high.breakpoints, strict=True)
    ]
    between = [f"{low.slopes[0]} below {at[0]}", *(f"{s} from {a} to {b}" for s, a, b in zip(low.slopes[1:-1], at, at[1:], strict=False)),
               f"{low.slopes[-1]} beyond {at[-1]}"]  # fmt: skip
    kinks = ", ".join(f"{kink} at {a}" for kink, a in zip(low.kinks, at, strict=True))
    return [f"  loss with slope {', '.join(between)}; {kinks}", f"  {walk.rule.name} from {walk.start} with {values}"]


def answer_lines(problem: Problem, question: PathQuestion) -> list[str]:
    """The answer to a question about a path."""
    walk = problem.walks[question.part]
    if question.kind == "threshold":
        return [f"  {line}" for line in _height_lines(walk)]
    if question.kind == "table":
        return [
            f"  h = {_text(height)}: {_fate(walk, height)}; {_row(walk, height)}" for height in _asked(question, walk)
        ]
    return [f"  {line}" for line in _fates(walk)]


def _height_lines(walk: Walk) -> list[str]:
    found = walk.highest
    if found.upper is None:
        return [f"h* ≥ {decimal(found.lower, PLACES)}…; no upper bound was found in {found.steps} steps"]
    exactly = f"h* = {found.exact} = " if found.exact is not None and len(str(found.exact)) <= LONG else "h* = "
    kind = "exact" if found.position is not None else "enclosed to 40 decimals"
    edge = {True: "passed itself", False: "not passed itself", None: "whether it is passed itself is open"}[
        found.attained
    ]
    lines = [f"{exactly}{decimal(found.lower, PLACES)}… ({kind}), {edge}"]
    if found.step:
        lines.append(f"reached at step {found.step} of the path with no peak")
    later = [(t, p) for t, p in found.peaks if found.step and t > found.step]
    if later:
        step, top = max(later, key=lambda peak: float(peak[1].mid()))
        lines.append(f"the highest later maximum of that path is {float(top.mid()):.6f}… at step {step}")
    return [*lines, _tail(walk)]


def _tail(walk: Walk) -> str:
    path, outcome = walk.outcome(_above(walk))
    if outcome.ending != "cycle":
        return f"with a higher peak the path {_ending(walk, path, outcome)}"
    since = _repeats_from(path, outcome.period)
    return f"with a higher peak its gradients repeat from step {since} on with period {outcome.period}, for ever"


def _above(walk: Walk) -> Fraction:
    top = walk.highest.upper if walk.highest.upper is not None else walk.highest.lower
    return top + 1


def _repeats_from(path: Path, period: int) -> int:
    """The first step from which on every gradient is the one a period later."""
    t = path.steps - period
    while t > 0 and path.gradients[t - 1] == path.gradients[t - 1 + period]:
        t -= 1
    return t + 1


def _fates(walk: Walk) -> list[str]:
    found = walk.highest
    star = found.exact if found.exact is not None else None
    name = str(star) if star is not None and len(str(star)) <= LONG else f"{decimal(found.lower, PLACES)}…"
    path, outcome = walk.outcome(_above(walk))
    smaller = [value_of(gap) for gap in found.gaps if star is None or value_of(gap) < star]
    besides = f", but rests on the peak with h = {', '.join(map(_text, smaller))}" if smaller else ""
    lines = [f"h < {name}: it passes{besides}"] if found.lower > 0 else []
    if star:
        at, end = walk.outcome(star)
        lines.append(f"h = {name}: it {_ending(walk, at, end)}")
    return [*lines, f"h > {name}: it {_ending(walk, path, outcome)}"]


def _fate(walk: Walk, height: Fraction) -> str:
    path, outcome = walk.outcome(height)
    return _ending(walk, path, outcome)


def _ending(walk: Walk, path: Path, outcome: Outcome) -> str:
    if outcome.ending == "passes":
        return f"passes at step {outcome.step}"
    if outcome.ending == "rests":
        return f"rests at {_text(value_of(path.position(path.steps)))} from step {outcome.step} on"
    if outcome.ending == "cycle":
        ends = cycle_of(walk)
        around = "" if ends is None else f" between x {_signed(ends[0])} and x {_signed(ends[1])}"
        return f"does not pass: {'repeats' if outcome.exactly else 'comes near to a cycle of'} {outcome.period} positions{around}"
    return (
        "is undefined: 0 is divided by 0" if outcome.ending == "undefined" else f"is followed for {outcome.step} steps"
    )


def _signed(value: Fraction) -> str:
    return f"{'-' if value < 0 else '+'} {_text(abs(value))}"


def _text(value: Fraction) -> str:
    short = decimal(value, 6).rstrip("0").rstrip(".")
    return short if Fraction(short) == value else f"{decimal(value, 6)}…"


def _row(walk: Walk, height: Fraction) -> str:
    outcome = walk.outcome(height)[1]
    last = outcome.step if outcome.ending == "passes" else LISTED
    path = walk.path(height, last)
    return f"{walk.position} = " + ", ".join(
        _text(value_of(path.position(t))) for t in range(min(last, path.steps) + 1)
    )


def _asked(question: PathQuestion, walk: Walk) -> tuple[Fraction, ...]:
    return question.heights or (_above(walk),)


def answer_json(problem: Problem, question: PathQuestion) -> dict[str, Any]:
    """The same for programs: numbers as exact text where they are rational."""
    walk = problem.walks[question.part]
    found = walk.highest
    answer: dict[str, Any] = {
        "greatest_height": {
            "exact": None if found.exact is None else str(found.exact),
            "lower": str(found.lower),
            "upper": None if found.upper is None else str(found.upper),
            "attained": found.attained,
            "step": found.step,
        }
    }
    if question.kind == "table":
        answer = {"rows": [_row_json(walk, height) for height in _asked(question, walk)]}
    elif question.kind == "path":
        answer |= {"beyond": _row_json(walk, _above(walk))}
    return {"id": question.id, "part": question.part, "kind": question.kind, "ask": question.latex, "points": question.points,
            "answer": answer}  # fmt: skip


def _row_json(walk: Walk, height: Fraction) -> dict[str, Any]:
    _, outcome = walk.outcome(height)
    last = outcome.step if outcome.ending == "passes" else LISTED
    path = walk.path(height, last)
    positions = [path.position(t) for t in range(min(last, path.steps) + 1)]
    return {"height": str(height), "ending": outcome.ending, "step": outcome.step, "period": outcome.period or None,
            "positions": [{"exact": None if p.value is None else str(p.value), "decimal": decimal(value_of(p), PLACES)}
                          for p in positions]}  # fmt: skip
