r"""Generated claims about recurrences, their truth known from exact arithmetic: how many are decided, and none wrongly.

    python benchmarks/recurrences.py [--claims N] [--seed S]

A claim says that a recurrence (a factor, a forcing, a start) has some weighted sum or maximum as its closed form, or that the
mean of it is some geometric expression; weights, bounds, indices and powers are drawn at random, the right ones often. The
truth is worked out in fractions at t = 1 … 8 without anything of the project. Exit code 1 if a verdict contradicts it.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from time import perf_counter

from checks import holds

SYMBOLS = {"a": "between 0 and 1", "b": "real", "g": "sequence, iid", "t": "positive integer", "i": "positive integer"}
LAST = 8
Values = dict[str, Fraction]
Terms = dict[int, Fraction]
Formula = Callable[[Values, Terms, int], Fraction | None]

# how it is written, and its coefficients
Linear = tuple[int, int, int]  # of t, of i, constant
WEIGHTS: list[tuple[str, Linear]] = [  # exponents of a
    ("a^{t-i}", (1, -1, 0)), ("a^{t-i+1}", (1, -1, 1)), ("a^{t-i-1}", (1, -1, -1)), ("a^{i}", (0, 1, 0)), ("a^{i-1}", (0, 1, -1)),
    ("a^{2(t-i)}", (2, -2, 0)), (r"\frac{a^t}{a^i}", (1, -1, 0)), ("", (0, 0, 0)),
]  # fmt: skip
PLACES: list[tuple[str, Linear]] = [("i", (0, 1, 0)), ("{t-i}", (1, -1, 0)), ("{t-i+1}", (1, -1, 1)), ("t", (1, 0, 0))]
BOUNDS: list[tuple[str, int, int]] = [  # the lower one, and the upper one less t
    ("_{i=1}^{t}", 1, 0), ("_{i=0}^{t}", 0, 0), ("_{i=2}^{t}", 2, 0), ("_{i=1}^{t-1}", 1, -1), ("_{i=0}^{t-1}", 0, -1),
]  # fmt: skip
FACTORS = [("(1-a)", (1, -1)), ("", (1, 0)), ("a", (0, 1)), ("2", (2, 0))]  # constant, of a
STARTS = [("0", (0, 0)), ("1", (1, 0)), ("b", (0, 1))]  # constant, of b


def linear(coefficients: Linear, t: int, i: int) -> int:
    """The value of c t + d i + e."""
    return coefficients[0] * t + coefficients[1] * i + coefficients[2]


def line(coefficients: tuple[int, int], x: Fraction) -> Fraction:
    """The value of c + d x."""
    return coefficients[0] + coefficients[1] * x


@dataclass(frozen=True)
class Claim:
    """Lines of a recurrence, a statement, and the two sides' values."""

    where: dict[str, str]
    statement: str
    left: Formula
    right: Formula

    def is_true(self, rng: random.Random) -> bool | None:
        """Whether both sides agree wherever both have a value; None if they never have."""
        met = False
        for _ in range(60):
            values = {"a": Fraction(rng.randint(1, 8), 9), "b": Fraction(rng.randint(-5, 5), 2)}
            terms = {k: Fraction(rng.randint(-6, 6), 2) for k in range(-2, LAST + 3)}
            for t in range(1, LAST + 1):
                a, b = self.left(values, terms, t), self.right(values, terms, t)
                if a is not None and b is not None:
                    met = True
                    if a != b:
                        return False
        return True if met else None


def sums(rng: random.Random) -> Claim:
    """v_t = r v_{t−1} + c g_t^p against a weighted sum and a power of the start."""
    ratio, scale, power, start = (
        rng.choice(["a", "a", "a", "1"]),
        rng.choice(FACTORS),
        rng.choice([1, 2]),
        rng.choice(STARTS),
    )
    weight, place, bounds = (
        rng.choice(options) if rng.random() < 0.4 else options[0] for options in (WEIGHTS, PLACES, BOUNDS)
    )
    if ratio == "1" and rng.random() < 0.7:
        weight = WEIGHTS[-1]
    if rng.random() < 0.3:
        weight, place, bounds = WEIGHTS[3], PLACES[1], BOUNDS[4]  # the sum backwards
    said, own = (scale, power) if rng.random() < 0.8 else (rng.choice(FACTORS), rng.choice([1, 2]))
    lead = {"0": "", "1": "a^t + ", "b": "b a^t + "}[start[0]] if rng.random() < 0.85 else ""
    lead = lead.replace("b a^t", "b").replace("a^t", "1") if ratio == "1" and rng.random() < 0.8 else lead
    sign = "^2" if power == 2 else ""
    where = {"v_t": f"{ratio} v_{{t-1}} + {scale[0]} g_t{sign}", "v_0": start[0]}
    shown = f"{lead}{said[0]} \\sum{bounds[0]} {weight[0]} g_{place[0]}{'^2' if own == 2 else ''}"

    def left(values: Values, terms: Terms, t: int) -> Fraction:
        r = values["a"] if ratio == "a" else Fraction(1)
        v = line(start[1], values["b"])
        for k in range(1, t + 1):
            v = r * v + line(scale[1], values["a"]) * terms[k] ** power
        return v

    def right(values: Values, terms: Terms, t: int) -> Fraction | None:
        low, high = bounds[1], t + bounds[2]
        if high < low - 1:
            return None
        head = {"": Fraction(0), "a^t + ": values["a"] ** t, "b a^t + ": values["b"] * values["a"] ** t, "1 + ": Fraction(1),
                "b + ": values["b"]}[lead]  # fmt: skip
        whole = sum(
            (
                values["a"] ** linear(weight[1], t, i) * terms[linear(place[1], t, i)] ** own
                for i in range(low, high + 1)
            ),
            Fraction(0),
        )
        return head + line(said[1], values["a"]) * whole

    return Claim(where, f"v_t = {shown}", left, right)


def maxima(rng: random.Random) -> Claim:
    """u_t = max(r u_{t−1}, |g_t|) against a maximum over an index."""
    weight, place, bounds = (
        rng.choice(options) if rng.random() < 0.35 else options[0] for options in (WEIGHTS, PLACES, BOUNDS)
    )
    low, high = bounds[0].removeprefix("_{i=").removesuffix("}").split("}^{")
    shown = rf"\max_{{{low} \le i \le {high}}} {weight[0]} |g_{place[0]}|"

    def left(values: Values, terms: Terms, t: int) -> Fraction:
        u = Fraction(0)
        for k in range(1, t + 1):
            u = max(values["a"] * u, abs(terms[k]))
        return u

    def right(values: Values, terms: Terms, t: int) -> Fraction | None:
        first, last = bounds[1], t + bounds[2]
        found = [
            values["a"] ** linear(weight[1], t, i) * abs(terms[linear(place[1], t, i)]) for i in range(first, last + 1)
        ]
        return max(found, default=None)

    return Claim({"u_t": r"\max(a u_{t-1}, |g_t|)", "u_0": "0"}, f"u_t = {shown}", left, right)


MOMENTS = [
    ("E[g^2]", (0, 1)),
    ("E[g]^2", (2, 0)),
    ("E[g]", (1, 0)),
    ("E[g_i^2]", (0, 1)),
]  # powers of E[g] and of E[g²]
SHARES = [  # (1 − a^{t + shift})/(1 − a)^power, or 1
    ("(1-a^t)", 0, 0), ("(1-a^{t-1})", -1, 0), ("", None, 0), (r"\frac{1-a^t}{1-a}", 0, 1), (r"(1-a)\sum_{i=1}^t a^{t-i}", 0, 0),
]  # fmt: skip


def means(rng: random.Random) -> Claim:
    """E[v_t] against a moment times a share."""
    scale, moment, share = rng.choice(FACTORS[:2]), rng.choice(MOMENTS), rng.choice(SHARES)
    where = {"v_t": f"a v_{{t-1}} + {scale[0]} g_t^2", "v_0": "0"}
    two, chance = (Fraction(rng.randint(-3, -1)), Fraction(rng.randint(2, 4))), Fraction(1, 3)

    def left(values: Values, _: Terms, t: int) -> Fraction | None:
        if t > 5:
            return None
        total = Fraction(0)
        for outcome in product((0, 1), repeat=t):
            v, p = Fraction(0), Fraction(1)
            for which in outcome:
                v = values["a"] * v + line(scale[1], values["a"]) * two[which] ** 2
                p *= chance if which == 0 else 1 - chance
            total += p * v
        return total

    def right(values: Values, _: Terms, t: int) -> Fraction:
        m, s = (chance * two[0] ** k + (1 - chance) * two[1] ** k for k in (1, 2))
        a, shift = values["a"], share[1]
        part = Fraction(1) if shift is None else (1 - a ** (t + shift)) / (1 - a) ** share[2]
        return m ** moment[1][0] * s ** moment[1][1] * part

    return Claim(where, f"E[v_t] = {moment[0]} {share[0]}", left, right)


def main() -> int:
    """Print how the claims came out, and every verdict that is wrong or missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    tally: Counter[tuple[bool, str]] = Counter()
    wrong, start = 0, perf_counter()
    for index in range(arguments.claims):
        claim = (sums, sums, maxima, means)[index % 4](rng)
        truth = claim.is_true(rng)
        if truth is None:
            continue
        verdict = holds(claim.statement, SYMBOLS, where=claim.where)
        tally[truth, verdict.status] += 1
        contrary = verdict.status in ({"refuted"} if truth else {"proven", "verified"})
        wrong += contrary
        if contrary or verdict.status in ("undecided", "verified"):
            print(
                f"{'WRONG' if contrary else verdict.status}: {claim.where}  {claim.statement}  ({truth}): {verdict.evidence}"
            )
    for (truth, status), count in sorted(tally.items()):
        print(f"{'true' if truth else 'false':6}{status:10}{count:6}")
    print(f"{wrong} wrong; {perf_counter() - start:.1f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
