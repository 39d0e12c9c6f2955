"""How many generated inequalities of known truth are decided: `python benchmarks/inequalities.py [--count N] [--seed N]`.

Truth is known by construction, never by the decider: sums of squares expanded, increasing functions applied to both sides
of what is true, classical inequalities with formulas put in, tangents, bounds of activations with scaled arguments. A
false one is a true one f ≥ 0 raised above f's value at a known point, worked out by mpmath with 30 digits, or a sharp
constant made sharper, or an arrow turned round whose converse is known to fail at a known point.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from statistics import median
from time import perf_counter

import mpmath

from checks import holds

Specs = dict[str, str]
COUNT = 2_000
SLOW = 2.0
GAPS = (Fraction(1), Fraction(1, 10), Fraction(1, 1000), Fraction(1, 10**6))
NAMES = ("x", "y", "z", "u", "v")


@dataclass(frozen=True)
class Case:
    """One statement, what is declared, and whether it is true."""

    kind: str
    statement: str
    symbols: Specs
    true: bool


def latex(value: Fraction | int) -> str:
    """A rational number."""
    value = Fraction(value)
    if value.denominator == 1:
        return str(value)
    sign = "-" if value < 0 else ""
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def small(random: Random, *, positive: bool = False) -> Fraction:
    """A small rational number that is not zero."""
    value = Fraction(random.randint(1, 6), random.choice((1, 1, 1, 2, 3, 4)))
    return value if positive or random.random() < 0.5 else -value


def term(coefficient: Fraction, body: str) -> str:
    """± c·body, with its sign in front."""
    sign = "-" if coefficient < 0 else "+"
    size = abs(coefficient)
    number = "" if size == 1 and body else latex(size)
    return f"{sign} {number} {body}".rstrip()


def joined(terms: list[str]) -> str:
    """A sum of signed terms."""
    return " ".join(terms).removeprefix("+ ")


# --- polynomials -----------------------------------------------------------------------------------------------------

Polynomial = dict[tuple[int, ...], Fraction]


def times(a: Polynomial, b: Polynomial) -> Polynomial:
    """The product of two polynomials by exponents."""
    found: Polynomial = defaultdict(Fraction)
    for one, c in a.items():
        for two, d in b.items():
            found[tuple(i + j for i, j in zip(one, two, strict=True))] += c * d
    return dict(found)


def plus(a: Polynomial, b: Polynomial) -> Polynomial:
    """The sum."""
    found = defaultdict(Fraction, a)
    for key, c in b.items():
        found[key] += c
    return dict(found)


def at(polynomial: Polynomial, point: tuple[Fraction, ...]) -> Fraction:
    """Its value."""
    total = Fraction(0)
    for powers, c in polynomial.items():
        for x, e in zip(point, powers, strict=True):
            c *= x**e
        total += c
    return total


def written(polynomial: Polynomial, names: tuple[str, ...]) -> str:
    """In LaTeX, expanded."""
    terms = []
    for powers, c in sorted(polynomial.items(), reverse=True):
        if c:
            body = " ".join(f"{n}^{{{e}}}" if e > 1 else n for n, e in zip(names, powers, strict=True) if e)
            terms.append(term(c, body))
    return joined(terms) or "0"


def line(random: Random, count: int, degree: int = 1) -> Polynomial:
    """A random polynomial of low degree."""
    found: Polynomial = {}
    for k in range(count):
        for e in range(1, degree + 1):
            if random.random() < 0.75:
                found[tuple(e * (i == k) for i in range(count))] = small(random)
    found[(0,) * count] = Fraction(random.randint(-3, 3))
    return found


def squares(random: Random) -> Iterator[Case]:
    """Sums of squares, expanded, against a constant below their least value or above a value they have."""
    count = random.randint(1, 3)
    names, degree = NAMES[:count], random.choice((1, 1, 2)) if count < 3 else 1
    total: Polynomial = {}
    for _ in range(random.randint(1, count + 1)):
        factor = line(random, count, degree)
        total = plus(total, times(factor, factor))
    symbols = dict.fromkeys(names, "real")
    yield Case("sums of squares", rf"{written(total, names)} \ge 0", symbols, True)
    gap = random.choice(GAPS)
    yield Case("sums of squares", rf"{written(total, names)} > {latex(-gap)}", symbols, True)
    point = tuple(Fraction(random.randint(-3, 3)) for _ in names)
    yield Case("sums of squares", rf"{written(total, names)} \ge {latex(at(total, point) + gap)}", symbols, False)


# --- one variable ----------------------------------------------------------------------------------------------------

Number = mpmath.mpf
ONE_NAME: tuple[tuple[str, str, str, Callable[[Number], Number]], ...] = (
    # larger side, smaller side, domain, their difference
    ("e^{U}", "1 + U", "real", lambda u: mpmath.exp(u) - 1 - u),
    (r"\exp(U)", "e U", "real", lambda u: mpmath.exp(u) - mpmath.e * u),
    ("U - 1", r"\ln(U)", "positive", lambda u: u - 1 - mpmath.log(u)),
    (r"\ln(U)", r"1 - \frac{1}{U}", "positive", lambda u: mpmath.log(u) - 1 + 1 / u),
    ("U", r"\tanh(U)", "nonnegative", lambda u: u - mpmath.tanh(u)),
    ("U", r"\sin(U)", "nonnegative", lambda u: u - mpmath.sin(u)),
    ("U", r"\arctan(U)", "nonnegative", lambda u: u - mpmath.atan(u)),
    ("U", r"\ln(1 + U)", "nonnegative", lambda u: u - mpmath.log(1 + u)),
    (r"\sinh(U)", "U", "nonnegative", lambda u: mpmath.sinh(u) - u),
    (r"\cos(U)", r"1 - \frac{U^2}{2}", "real", lambda u: mpmath.cos(u) - 1 + u * u / 2),
    (r"\cosh(U)", r"1 + \frac{U^2}{2}", "real", lambda u: mpmath.cosh(u) - 1 - u * u / 2),
    (r"\ln(1 + e^{U})", r"\frac{U}{2} + \ln 2", "real", lambda u: mpmath.log(1 + mpmath.exp(u)) - u / 2 - mpmath.log(2)),
    (r"\frac{U^2}{8} + \frac{U}{2} + \ln 2", r"\ln(1 + e^{U})", "real",
     lambda u: u * u / 8 + u / 2 + mpmath.log(2) - mpmath.log(1 + mpmath.exp(u))),
    (r"\ln(1 + e^{U})", r"\max(U, 0)", "real", lambda u: mpmath.log(1 + mpmath.exp(u)) - max(u, 0)),
    (r"\max(U, 0) + \ln 2", r"\ln(1 + e^{U})", "real", lambda u: max(u, 0) + mpmath.log(2) - mpmath.log(1 + mpmath.exp(u))),
    (r"\frac{1}{4}", r"\sigma(U)(1 - \sigma(U))", "real", lambda u: mpmath.mpf(1) / 4 - 1 / (2 + mpmath.exp(u) + mpmath.exp(-u))),
    (r"\frac{1}{2}", r"\frac{U}{1 + U^2}", "real", lambda u: mpmath.mpf(1) / 2 - u / (1 + u * u)),
    (r"\frac{1}{e}", "U e^{-U}", "real", lambda u: 1 / mpmath.e - u * mpmath.exp(-u)),
    ("1", r"e^{-U^2}(1 + U^2)", "real", lambda u: 1 - mpmath.exp(-u * u) * (1 + u * u)),
    (r"|U|", r"|\sin(U)|", "real", lambda u: abs(u) - abs(mpmath.sin(u))),
    (r"\sqrt{1 + U^2}", r"|U|", "real", lambda u: mpmath.sqrt(1 + u * u) - abs(u)),
    (r"1 + \frac{U}{2}", r"\sqrt{1 + U}", "nonnegative", lambda u: 1 + u / 2 - mpmath.sqrt(1 + u)),
    (r"\frac{2}{5}", r"U\sigma(U)(1 - \sigma(U))", "real", lambda u: mpmath.mpf(2) / 5 - u / (2 + mpmath.exp(u) + mpmath.exp(-u))),
)  # fmt: skip


def argument(random: Random, domain: str) -> tuple[str, Callable[[Fraction], Fraction]]:
    """A formula of x with values in a domain, and its value."""
    a, b = small(random), Fraction(random.randint(-3, 3))
    if domain == "real":
        choice = random.randint(0, 2)
        if choice == 0:
            return "x", lambda x: x
        if choice == 1:
            return f"({joined([term(a, 'x'), *([term(b, '')] if b else [])])})", lambda x: a * x + b
        return f"(x^2 {term(a, 'x')})", lambda x: x * x + a * x
    c = abs(a)
    if random.random() < 0.5:
        return f"(x^2 + {latex(c)})", lambda x: x * x + c
    return rf"\left({latex(c)} (x - 1)^2 + 1\right)", lambda x: c * (x - 1) ** 2 + 1


def tangents(random: Random) -> Iterator[Case]:
    """Inequalities of one variable with a formula put in; f ≥ f(x₀) + gap is false at x₀."""
    upper, lower, domain, difference = random.choice(ONE_NAME)
    plain = random.random() < 0.4
    body, value = ("x", lambda x: x) if plain else argument(random, domain)
    symbols = {"x": domain if plain else "real", "sigma": "logistic sigmoid"}
    above, below = (side.replace("U", body) for side in (upper, lower))
    yield Case("one variable", rf"{below} \le {above}", symbols, True)
    gap = random.choice(GAPS)
    yield Case("one variable", rf"{below} < {above} + {latex(gap)}", symbols, True)
    x = small(random, positive=plain and domain != "real")
    with mpmath.workdps(30):
        u = value(x)
        size = difference(mpmath.mpf(u.numerator) / u.denominator)
        if size > 10**6:
            return
        raised = Fraction(int(mpmath.floor(size * 10**9)) + 2, 10**9) + gap
    yield Case("one variable", rf"{below} + {latex(raised)} \le {above}", symbols, False)


INCREASING = (
    r"\exp(U)", r"\tanh(U)", r"\sigma(U)", r"\arctan(U)", r"\ln(1 + e^{U})", "(U)^3", r"(U) + \exp(U)", r"\sinh(U)", r"2 (U) + \sin(U)",
)  # fmt: skip


def composed(random: Random) -> Iterator[Case]:
    """One increasing function of both sides of 2ab ≤ a² + b², or of one with a gap; and the other way round."""
    a, b = small(random), Fraction(random.randint(-2, 2))
    left, right = rf"{latex(2 * abs(a))} x", rf"x^2 + {latex(a * a)}"
    gap = latex(random.choice(GAPS))
    f = random.choice(INCREASING)
    symbols = {"x": "real", "sigma": "logistic sigmoid"}
    low, high = f.replace("U", left), f.replace("U", right)
    yield Case("increasing functions", rf"{low} \le {high}", symbols, True)
    yield Case("increasing functions", rf"{low} < {f.replace('U', right + ' + ' + gap)}", symbols, True)
    yield Case("increasing functions", rf"{f.replace('U', left + ' + ' + gap)} \le {high}", symbols, False)
    yield Case("increasing functions", rf"{high} \le {low}", symbols, False)
    start = rf"x \ge {latex(b)} \Rightarrow {f.replace('U', 'x')}"
    below, above = (f.replace("U", latex(b + shift)) for shift in (-1, Fraction(1, 8)))
    yield Case("premises", rf"{start} \ge {f.replace('U', latex(b))}", symbols, True)
    yield Case("premises", rf"{start} > {below}", symbols, True)
    yield Case("premises", rf"{start} \ge {above}", symbols, False)
    pair = {"x": "real", "y": "real", "sigma": "logistic sigmoid"}
    yield Case("premises", rf"x < y \Rightarrow {f.replace('U', 'x')} < {f.replace('U', 'y')}", pair, True)
    yield Case("premises", rf"x < y \Rightarrow {f.replace('U', '-x')} < {f.replace('U', '-y')}", pair, False)


def arrows(random: Random) -> Iterator[Case]:
    """Implications whose converse fails, both ways round."""
    c = abs(small(random))
    for premise, conclusion, name in (
        (rf"x > {latex(c)}", rf"x^2 > {latex(c * c)}", "real"),
        (rf"|x| \le {latex(c)}", rf"x \le {latex(c)}", "real"),
        (rf"0 < x < {latex(c)}", rf"x^2 < {latex(c)} x", "real"),
        (rf"x \ge {latex(c + 1)}", r"\ln(x) > 0", "real"),
        (rf"x > {latex(c)}", rf"e^x > 1 + {latex(c)}", "real"),
        (rf"x = {latex(c)}", rf"x^2 \ge {latex(c * c)}", "real"),
    ):
        yield Case("arrows", rf"{premise} \Rightarrow {conclusion}", {"x": name}, True)
        converse_holds = conclusion.startswith("x^2 <")
        yield Case("arrows", rf"{conclusion} \Rightarrow {premise}", {"x": name}, converse_holds)


def several(random: Random) -> Iterator[Case]:
    """Classical inequalities of several names, with weights."""
    a, b = (small(random, positive=True) for _ in range(2))
    p, q = random.randint(1, 4), random.randint(1, 4)
    n = p + q
    reals, positives = {"x": "real", "y": "real"}, {"x": "positive", "y": "positive"}
    s, t = latex(a), latex(b)
    gap = latex(random.choice(GAPS))
    more = random.choice((Fraction(11, 10), Fraction(101, 100), Fraction(2)))
    rows: list[tuple[str, Specs, bool]] = [
        (rf"\frac{{{p} x^{n} + {q} y^{n}}}{{{n}}} \ge x^{p} y^{q}", positives, True),
        (rf"\frac{{{p} x^{n} + {q} y^{n}}}{{{n}}} \ge {latex(more)} x^{p} y^{q}", positives, False),
        (r"\frac{x}{y} + \frac{y}{x} \ge 2", positives, True),
        (rf"\frac{{x}}{{y}} + \frac{{y}}{{x}} \ge 2 + {gap}", positives, False),
        (rf"({s} x + {t} y)^2 \le ({latex(a * a + b * b)})(x^2 + y^2)", reals, True),
        (rf"{latex(more)} ({s} x + {t} y)^2 \le ({latex(a * a + b * b)})(x^2 + y^2)", reals, False),
        (rf"|{s} x - {t} y| \le {s} |x| + {t} |y|", reals, True),
        (rf"|{s} x - {t} y| \ge {s} |x| + {t} |y|", reals, False),
        (rf"{s} |x| - {t} |y| \le |{s} x - {t} y|", reals, True),
        (rf"x y \le {s} x^2 + \frac{{y^2}}{{{latex(4 * a)}}}", reals, True),
        (rf"{latex(more)} x y \le {s} x^2 + \frac{{y^2}}{{{latex(4 * a)}}}", reals, False),
        (rf"\ln(e^{{{s} x}} + e^{{{t} y}}) \ge \max({s} x, {t} y)", reals, True),
        (rf"\ln(e^{{{s} x}} + e^{{{t} y}}) \le \max({s} x, {t} y) + \ln 2", reals, True),
        (rf"\ln(e^{{{s} x}} + e^{{{t} y}}) \le \max({s} x, {t} y) + \frac{{69}}{{100}}", reals, False),
        (r"\ln(e^x + e^y) \ge \frac{x + y}{2} + \ln 2", reals, True),
        (r"x \ln\frac{x}{y} \ge x - y", positives, True),
        (rf"x \ln\frac{{x}}{{y}} \ge x - y + {gap}", positives, False),
        (rf"|\tanh({s} x) - \tanh({s} y)| \le {s} |x - y|", reals, True),
        (rf"{latex(more)} |\tanh({s} x) - \tanh({s} y)| \le {s} |x - y|", reals, False),
        (rf"|\sigma({s} x) - \sigma({s} y)| \le {latex(a / 4)} |x - y|", reals, True),
        (rf"|\sigma({s} x) - \sigma({s} y)| \le {latex(a / 5)} |x - y|", reals, False),
        (r"e^{\frac{x + y}{2}} \le \frac{e^x + e^y}{2}", reals, True),
        (r"\ln\left(1 + e^{\frac{x + y}{2}}\right) \le \frac{\ln(1 + e^x) + \ln(1 + e^y)}{2}", reals, True),
        (r"\sqrt{x^2 + y^2} \le |x| + |y| \le \sqrt{2} \sqrt{x^2 + y^2}", reals, True),
        (rf"{s} \sin x + {t} \cos x \le \sqrt{{{latex(a * a + b * b)}}}", {"x": "real"}, True),
        (rf"{s} \sin x + {t} \cos x < \sqrt{{{latex(a * a + b * b)}}}", {"x": "real"}, False),
        (rf"{s} \sin x + {t} \cos y \le {latex(a + b)}", reals, True),
        (rf"{s} \sin x + {t} \cos y \le {latex((a + b) * Fraction(99, 100))}", reals, False),
        (rf"\frac{{{latex(a + b)}}}{{2}} - {s} \sin(x)^2 - {t} \cos(y)^2 \ge {latex(-(a + b) / 2)}", reals, True),
    ]
    for statement, symbols, true in random.sample(rows, 6):
        yield Case("several names", statement, {**symbols, "sigma": "logistic sigmoid"}, true)


def steps(random: Random) -> Iterator[Case]:
    """Quotients of quadratic forms between the inverses of their eigenvalues, in 2 and 3 dimensions."""
    low, middle, high = sorted(Fraction(random.randint(1, 30), random.randint(1, 6)) for _ in range(3))
    if low == high:
        return
    two = {"x": "nonzero", "y": "nonzero"}
    three = {**two, "z": "nonzero"}
    pair = rf"\frac{{x^2 + y^2}}{{{latex(low)} x^2 + {latex(high)} y^2}}"
    triple = rf"\frac{{x^2 + y^2 + z^2}}{{{latex(low)} x^2 + {latex(middle)} y^2 + {latex(high)} z^2}}"
    for body, symbols in ((pair, two), (triple, three)):
        yield Case("steps", rf"{latex(1 / high)} \le {body} \le {latex(1 / low)}", symbols, True)
        yield Case("steps", rf"{body} \le {latex(1 / high)}", symbols, False)
        yield Case("steps", rf"{body} \ge {latex(1 / low)}", symbols, False)
    general = {**two, "a": "positive", "b": "positive"}
    quotient = r"\frac{x^2 + y^2}{a x^2 + b y^2}"
    yield Case("steps", rf"a \le b \Rightarrow \frac{{1}}{{b}} \le {quotient} \le \frac{{1}}{{a}}", general, True)
    yield Case("steps", rf"a \le b \Rightarrow {quotient} \le \frac{{1}}{{b}}", general, False)


def boxed(random: Random) -> Iterator[Case]:
    """Formulas on a box, against a constant beyond what their parts allow, or below a value they have."""
    a, b, c = (small(random, positive=True) for _ in range(3))
    symbols = {"x": "between 0 and 1", "y": "between 0 and 1"}
    body = rf"{latex(a)} x e^{{-y}} + {latex(b)} \sin(x y) - {latex(c)} \ln(1 + x + y)"
    gap = random.choice(GAPS[:3])
    with mpmath.workdps(30):
        bound = a + b * Fraction(mpmath.nstr(mpmath.sin(1) + mpmath.mpf(10) ** -12, 15)) + gap
    yield Case("boxes", rf"{body} < {latex(bound)}", symbols, True)
    x, y = Fraction(random.randint(1, 7), 8), Fraction(random.randint(1, 7), 8)
    with mpmath.workdps(30):
        u, v = (mpmath.mpf(t.numerator) / t.denominator for t in (x, y))
        value = a.numerator / mpmath.mpf(a.denominator) * u * mpmath.exp(-v) + b.numerator / mpmath.mpf(
            b.denominator
        ) * mpmath.sin(u * v)
        value -= c.numerator / mpmath.mpf(c.denominator) * mpmath.log(1 + u + v)
        below = Fraction(int(mpmath.floor(value * 10**6)), 10**6) - gap / 10
    yield Case("boxes", rf"{body} \le {latex(below)}", symbols, False)


GENERATORS = (squares, tangents, tangents, composed, arrows, several, steps, boxed)


def generated(count: int, seed: int) -> list[Case]:
    """So many different cases."""
    random = Random(seed)
    found: dict[tuple[str, tuple[tuple[str, str], ...]], Case] = {}
    while len(found) < count:
        for make in GENERATORS:
            for case in make(random):
                found.setdefault((case.statement, tuple(case.symbols.items())), case)
    return list(found.values())[:count]


def main() -> None:
    """Print a table by kind, and every wrong verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="list what is undecided")
    options = parser.parse_args()
    tallies: dict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    times_taken: dict[str, list[float]] = defaultdict(list)
    wrong: list[tuple[Case, str]] = []
    for case in generated(options.count, options.seed):
        start = perf_counter()
        verdict = holds(case.statement, case.symbols)
        times_taken[case.kind].append(perf_counter() - start)
        if options.show and perf_counter() - start > SLOW:
            print(f"{perf_counter() - start:8.1f}s {case.statement}   {case.symbols}")
        tallies[case.kind, case.true][verdict.status] += 1
        if verdict.status in (("refuted",) if case.true else ("proven", "verified")):
            wrong.append((case, verdict.evidence))
        elif options.show and verdict.status in {"undecided", "verified"}:
            print(f"{verdict.status:9} {case.true!s:5} {case.statement}   {case.symbols}")
    print(
        f"{'kind':22}{'truth':7}{'n':>6}{'proven':>8}{'verified':>9}{'refuted':>8}{'undecided':>10}{'median ms':>10}{'max s':>7}"
    )
    for (kind, true), tally in sorted(tallies.items()):
        taken = times_taken[kind]
        print(f"{kind:22}{'true' if true else 'false':7}{tally.total():6}{tally['proven']:8}{tally['verified']:9}{tally['refuted']:8}"
              f"{tally['undecided']:10}{1000 * median(taken):10.0f}{max(taken):7.1f}")  # fmt: skip
    total = sum(tally.total() for tally in tallies.values())
    decided = sum(tally["proven"] + tally["refuted"] for tally in tallies.values()) - len(wrong)
    print(f"{total} inequalities, {decided} decided ({100 * decided / total:.1f} %), {len(wrong)} wrong verdicts")
    for case, evidence in wrong:
        print("WRONG", case, evidence)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
