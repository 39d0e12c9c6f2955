"""Generated claims whose truth is known, and what the decider says of them.

    python benchmarks/identities.py --count 10000 --seed 0
    python benchmarks/identities.py --count 500 --show undecided      # the claims themselves

A formula is drawn, true laws are applied to it one after the other (see `laws.py`), or a textbook's derivative is taken:
a true claim. One slip more, and a point at which mpmath finds the sides different to 40 digits: a false one. Nothing of the
project takes part in this. Wanted: no wrong verdict, and at least 95 % decided. Exit code 1 if a verdict is wrong.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from formulas import DIGITS, Formula, formula, latex, matched, names, put, size, slope, value
from laws import LAWS, SLIPS, Law

import checks

MAX_SIZE = 120  # symbols of one side
SPECS = {
    "x": ("real", "real", "real", "positive", "nonzero", "between -1 and 1", "greater than 2", "negative"),
    "y": ("real", "real", "positive", "nonzero", "nonnegative", "negative"), "z": ("real", "nonzero"),
    "p": ("positive", "positive", "greater than 2"), "q": ("positive",), "r": ("between -1 and 1",), "s": ("between 0 and 1",),
    "n": ("positive integer", "nonnegative integer"), "w": ("complex",),
}  # fmt: skip
PLAIN = ("x", "x", "y", "z", "p", "s")
FUNCTIONS = ("exp", "sin", "cos", "tanh", "sigmoid", "softplus", "relu", "abs", "arctan", "log", "log", "sqrt", "sqrt", "cosh",
             "arcsin", "arccos", "arcosh", "artanh", "cbrt", "erf", "gelu", "sign", "sinh")  # fmt: skip
ENTIRE = ("exp", "sin", "cos", "sinh", "cosh")
NUMBERS = tuple(Fraction(k) for k in (1, 2, 3, 5)) + (Fraction(1, 2), Fraction(2, 3))
OF_COMPLEX = frozenset(["ring", "fractions"])  # the groups of laws that hold for complex numbers as they stand


@dataclass(frozen=True, slots=True)
class Claim:
    """left = right over names with specs; whether it is true, and the laws that made it."""

    left: Formula
    right: Formula
    specs: Mapping[str, str]
    true: bool
    laws: tuple[str, ...]

    @property
    def sides(self) -> tuple[str, str]:
        return latex(self.left), latex(self.right)


# --- drawing ---------------------------------------------------------------------------------------------------------


@dataclass
class Draw:
    """One claim's random choices."""

    random: Random
    complex: bool = False

    def any(self, depth: int) -> Formula:
        """Any formula."""
        random = self.random
        if depth <= 0 or random.random() < 0.25:
            return (random.choice(("w", "w", "x")),) if self.complex else self.atom()
        kind = random.random()
        if kind < 0.6:
            head = random.choice(
                ("+", "+", "-", "*", "*", "/") if self.complex else ("+", "+", "-", "*", "*", "/", "max", "min")
            )
            return (head, self.any(depth - 1), self.any(depth - 1))
        if kind < 0.7:
            return ("**", self.any(depth - 1), (Fraction(random.choice((2, 2, 3))),))
        return (random.choice(ENTIRE if self.complex else FUNCTIONS), self.any(depth - 1))

    def atom(self) -> Formula:
        return (self.random.choice(NUMBERS),) if self.random.random() < 0.25 else (self.random.choice(PLAIN),)

    def of_kind(self, name: str, depth: int = 1) -> Formula:
        """A formula a law may have for one of its names."""
        random, inside = self.random, self.any(depth - 1)
        match name:
            case "p" | "q":
                made = ("p", "q", "exp(a)", "1+a**2", "2", "p*q", "sigmoid(a)", "p+1", "sqrt(1+a**2)", "3")
            case "z":
                made = ("z", "z", "p", "neg(p)", "exp(a)", "2")
            case "u":
                made = ("r", "r", "tanh(a)", "r/2", "1/3", "s")
            case "v":
                made = ("s", "s", "sigmoid(a)", "s**2", "1/4")
            case "n" | "m":
                made = ("n",)
            case _:
                return inside
        return put(formula(random.choice(made)), {"a": inside})

    def applied(self, law: Law, f: Formula) -> Formula | None:
        """The right side of a law whose left side f is; None if it is not, or a condition is not certain to hold."""
        found: dict[str, Formula] = {}
        if not matched(law.left, f, found) or not all(
            certain(name, part) for name, part in found.items() if name != "k"
        ):
            return None
        if any(name != "k" and "k" in names(part) for name, part in found.items()):
            return None  # the index of a sum, taken out of it
        for name in sorted(names(law.right)):
            if name not in found:
                found[name] = self.of_kind(name)
        return put(law.right, found)

    def rewritten(self, f: Formula, laws: tuple[Law, ...]) -> tuple[Formula, Law] | None:
        """f with one law applied to one of its parts, both at random; laws with a shape before those that fit anything."""
        places = list(_places(f))
        for _ in range(6 if places else 0):
            place = self.random.choice(places)
            part = _at(f, place)
            fitting = [
                law for law in laws if law.left[0] == part[0] and len(law.left) > 1 and (new := self.applied(law, part))
            ]
            if not fitting or self.random.random() < 0.2:
                fitting = [law for law in laws if len(law.left) == 1 and self.applied(law, part)]
            if fitting:
                law = self.random.choice(fitting)
                new = self.applied(law, part)
                if new is not None and new != part:
                    return _replaced(f, place, new), law
        return None


def certain(name: str, f: Formula) -> bool:
    """Whether a formula is certain to be what the names of laws stand for."""
    match name:
        case "p" | "q":
            return _positive(f)
        case "z":
            return _positive(f) or f == ("z",) or (f[0] == "neg" and _positive(f[1]))
        case "u":
            return (
                f in {("r",), ("s",)}
                or f[0] in {"tanh", "sigmoid"}
                or (len(f) == 1 and isinstance(f[0], Fraction) and abs(f[0]) < 1)
            )
        case "v":
            return f == ("s",) or f[0] == "sigmoid"
        case "n" | "m":
            return f == ("n",)
    return True


def _positive(f: Formula) -> bool:
    if len(f) == 1:
        return f[0] in {"p", "q", "s"} or (isinstance(f[0], Fraction) and f[0] > 0)
    match f[0]:
        case "exp" | "sigmoid" | "cosh" | "softplus":
            return True
        case "+" | "*" | "/":
            square = f[0] == "+" and any(
                _positive(f[i]) and f[3 - i][0] == "**" and f[3 - i][2] == (Fraction(2),) for i in (1, 2)
            )
            return square or (_positive(f[1]) and _positive(f[2]))
        case "sqrt" | "**":
            return _positive(f[1])
    return False


def _places(f: Formula, at: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """Where parts stand that may be rewritten: not indices, nor numbers that are exponents or bounds."""
    if f == ("n",):
        return  # a whole number must stay certain to be one
    if f[0] not in {">=", ">", "<=", "<"}:
        yield at
    if f[0] in {"sum", "product", "D"}:
        return
    for index, part in enumerate(f[1:], start=1):
        if not (f[0] == "**" and index == 2 and not (names(part) and _positive(f[1]))):
            yield from _places(part, (*at, index))


def _at(f: Formula, place: tuple[int, ...]) -> Formula:
    for index in place:
        f = f[index]
    return f


def _replaced(f: Formula, place: tuple[int, ...], new: Formula) -> Formula:
    if not place:
        return new
    return (*f[: place[0]], _replaced(f[place[0]], place[1:], new), *f[place[0] + 1 :])


def drawn(seed: str) -> Claim | None:
    """One claim, or None where the draw came to nothing: sides that have no value together, or a slip without effect."""
    draw = Draw(Random(seed))
    random = draw.random
    draw.complex = random.random() < 0.06
    laws = tuple(law for law in LAWS if law.group in OF_COMPLEX) if draw.complex else LAWS
    start, used = _start(draw, laws)
    right = start
    left, right = start if isinstance(start, list) else (start, right)
    for _ in range(random.choice((1, 2, 3, 4, 6))):
        step = draw.rewritten(right, laws)
        if step is not None and size(step[0]) <= MAX_SIZE:
            right = step[0]
            used.append(step[1].name)
    true = random.random() < 0.6
    if not true:
        step = draw.rewritten(right, SLIPS)
        if step is None:
            return None
        right = step[0]
        used.append(step[1].name)
    if left == right or not used or max(size(left), size(right)) > MAX_SIZE:
        return None
    if random.random() < 0.5:
        left, right = right, left
    specs = {name: random.choice(SPECS[name]) for name in sorted(names(left) | names(right))}
    claim = Claim(left, right, specs, true, tuple(used))
    return claim if _confirmed(claim, random) else None


def _start(draw: Draw, laws: tuple[Law, ...]) -> tuple[Any, list[str]]:
    """A formula with a law in it, both sides of it; or a derivative and what a textbook gives."""
    random = draw.random
    if random.random() < 0.12:
        f = draw.any(3)
        found = slope(f, "x") if "x" in names(f) and not draw.complex else None
        if found is not None:
            return [("D", ("x",), f), found], ["textbook derivative"]
    law = random.choice(laws)
    values = {
        name: draw.of_kind(name, random.choice((1, 2, 3, 4))) for name in sorted(names(law.left) | names(law.right))
    }
    left, right = put(law.left, values), put(law.right, values)
    if random.random() < 0.5:
        around: Formula = random.choice(
            [formula(t) for t in ("t+x", "x*t", "t**2", "t/(1+x**2)", "exp(t)", "sin(t)", "x-t")]
        )
        left, right = put(around, {"t": left}), put(around, {"t": right})
    return [left, right], [law.name]


# --- truth -----------------------------------------------------------------------------------------------------------


def points(specs: Mapping[str, str], random: Random) -> Iterator[dict[str, Any]]:
    """Numbers of the domain."""
    for turn in range(60):
        yield {name: _number(spec, random, turn) for name, spec in specs.items()}


def _number(spec: str, random: Random, turn: int) -> Any:
    if spec == "complex":
        return (_number("real", random, turn), _number("real", random, turn))
    if "integer" in spec:
        return Fraction(random.randint(1, 6))
    v = Fraction(random.randint(1, 60), random.choice((7, 11, 16, 23)))
    match spec:
        case "between -1 and 1":
            return Fraction(random.randint(-22, 22), 23)
        case "between 0 and 1":
            return Fraction(random.randint(1, 22), 23)
        case "greater than 2":
            return 2 + v
        case "negative":
            return -v
        case "real" | "nonzero":
            return v if random.random() < 0.5 else -v
    return v


def _confirmed(claim: Claim, random: Random) -> bool:
    """A true claim holds at three points of its domain; a false one is seen to fail at one. Raises if a law is wrong."""
    principal = "complex" in claim.specs.values()
    rough = any(_has(side, "D") for side in (claim.left, claim.right))
    held = 0
    for point in points(claim.specs, random):
        values = [value(side, point, principal=principal) for side in (claim.left, claim.right)]
        if any(v is None or abs(v) > 10**12 for v in values):
            continue
        apart = _apart(values, Fraction(1, 10**9) if rough else Fraction(1, 10 ** (DIGITS - 15)))
        if claim.true and apart:
            again = [value(side, point, digits=15 * DIGITS, principal=principal) for side in (claim.left, claim.right)]
            if None in again:
                continue
            if _apart(again, Fraction(1, 10**9) if rough else Fraction(1, 10 ** (DIGITS - 15))):
                raise AssertionError(f"a law of the benchmark is wrong: {claim} at {point}: {values}")
        if not claim.true and apart:
            again = [value(side, point, digits=2 * DIGITS, principal=principal) for side in (claim.left, claim.right)]
            return None not in again and _apart(again, Fraction(1, 10**6 if rough else 10 ** (DIGITS - 15)))
        held += 1
        if claim.true and held == 3:
            return True
    return False


def _has(f: Formula, head: str) -> bool:
    return f[0] == head or any(_has(part, head) for part in f[1:])


def _apart(values: list[Any], tolerance: Fraction) -> bool:
    a, b = values
    return bool(abs(a - b) * tolerance.denominator > (abs(a) + abs(b) + 1) * tolerance.numerator)


# --- judging ---------------------------------------------------------------------------------------------------------


def outcome(claim: Claim, seconds: float = 0.0) -> tuple[str, str]:
    """proven, verified, refuted, undecided or wrong; and the verdict's evidence."""
    verdict = checks.equal(*claim.sides, dict(claim.specs), seconds=seconds)
    wrong = verdict.status == "refuted" if claim.true else verdict.status in {"proven", "verified"}
    return "wrong" if wrong else verdict.status, verdict.evidence


def claims(count: int, seed: int) -> Iterator[tuple[int, Claim]]:
    """As many claims as asked for, each with the number of its draw."""
    number = made = 0
    while made < count:
        claim = drawn(f"{seed} {number}")
        if claim is not None:
            yield number, claim
            made += 1
        number += 1


OUTCOMES = ("proven", "verified", "refuted", "undecided", "wrong")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0.0, help="what SymPy is given for a claim")
    parser.add_argument("--show", choices=OUTCOMES, action="append", default=[], help="print these claims")
    parser.add_argument("--slow", type=float, default=5.0, help="print claims that take longer")
    options = parser.parse_args()
    by_law: dict[str, Counter[str]] = defaultdict(Counter)
    totals: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    start, deciding = time.perf_counter(), 0.0
    for number, claim in claims(options.count, options.seed):
        began = time.perf_counter()
        what, evidence = outcome(claim, options.seconds)
        taken = time.perf_counter() - began
        deciding += taken
        totals[what] += 1
        totals["true" if claim.true else "false"] += 1
        if what == "undecided":
            reasons[_reason(evidence)] += 1
        for law in dict.fromkeys(claim.laws):
            by_law[law][what] += 1
        if what in {"wrong", *options.show} or taken > options.slow:
            print(f"{number} {what}, {'true' if claim.true else 'false'}, {taken:.1f} s: {' = '.join(claim.sides)}\n    {dict(claim.specs)}\n"
                  f"    by {', '.join(claim.laws)}\n    {evidence}", flush=True)  # fmt: skip
    _print(by_law, totals, reasons)
    decided = 1 - totals["undecided"] / options.count
    print(f"\n{options.count} claims ({totals['true']} true, {totals['false']} false), {time.perf_counter() - start:.0f} s, "
          f"{deciding:.0f} s of them deciding; decided: {decided:.1%}; wrong: {totals['wrong']}")  # fmt: skip
    return 1 if totals["wrong"] else 0


def _reason(evidence: str) -> str:
    return "".join("#" if c.isdigit() else c for c in evidence.split(" at ", maxsplit=1)[0])[:110]


def _print(by_law: Mapping[str, Counter[str]], totals: Counter[str], reasons: Counter[str]) -> None:
    print(f"{'law':60}" + "".join(f"{o:>10}" for o in OUTCOMES))
    for law, counts in sorted(by_law.items(), key=lambda item: (-item[1]["wrong"], -item[1]["undecided"])):
        print(f"{law:60}" + "".join(f"{counts[o] or '':>10}" for o in OUTCOMES))
    print(f"{'all':60}" + "".join(f"{totals[o]:>10}" for o in OUTCOMES))
    print("\nundecided, because")
    for reason, times in reasons.most_common(20):
        print(f"{times:6}  {reason}")


if __name__ == "__main__":
    sys.exit(main())
