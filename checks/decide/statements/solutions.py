"""Points at which a sentence may hold: equations solved for a name, boundaries and what lies between, small numbers.

Nothing here decides anything: `truth.py` does at each point. Equations are solved one after the other, a solution put into
those that are left: factors that are linear or quadratic in a name or a pure power of it, and one function of it undone
(exp, log, a root, |·|, sin, cos, tan). What stays free is given small numbers; of one name at a time also the zeros of
every relation, and a number between two neighbouring ones, so that a difference at or between boundaries is met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise
from random import Random
from typing import Any

from checks.decide.balls import precision
from checks.decide.elementary import Undefined
from checks.decide.statements.sentence import Atom, Sentence
from checks.decide.statements.truth import FAILURES, evaluator
from derive.normal import normal_form, polynomial_tree, vanishes
from derive.normal.form import Form, Kernel, Mode
from derive.symbols import Symbol
from derive.tree import (
    TWO,
    Absolute,
    Call,
    Constant,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    number,
    substitute,
    times,
)

MAX_BRANCHES = 24  # parametric solutions of one alternative
MAX_POINTS = 240  # of all alternatives together
MAX_INVERTED = 3  # functions undone one inside the other
MAX_POWER = 12
DRAWS = 8
MAX_SOLVED = 150  # nodes of a formula whose zeros are looked for between draws
BOUNDARY_DRAWS = 3  # draws of the other names at which boundaries are looked for
MAX_FACTORED_TERMS = 120
_POOL = [Fraction(n, d) for n, d in ((1, 1), (2, 1), (-1, 1), (3, 1), (1, 2), (-2, 1), (0, 1), (-1, 2), (5, 1), (1, 3))]
_I = Constant("i")
_TURNS = {3: (Quotient(Sum((Number("-1"), Product((_I, Root(Number("3")))))), TWO),
              Quotient(Sum((Number("-1"), Negative(Product((_I, Root(Number("3"))))))), TWO)),
          4: (_I, Negative(_I))}  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """Where points are looked for: the inputs, whether complex numbers count, what random draws start from."""

    inputs: tuple[Symbol, ...]
    is_complex: bool
    seed: int

    @property
    def mode(self) -> Mode:
        """Of the normal form."""
        return "complex" if self.is_complex else "real"


def candidates(premise: Sentence, conclusion: Sentence, ground: Ground) -> Iterator[dict[str, Node]]:
    """Exact points of the declared domain, the simplest first, at which the premise may hold."""
    return islice(_all(premise, conclusion, ground), MAX_POINTS)


def _all(premise: Sentence, conclusion: Sentence, ground: Ground) -> Iterator[dict[str, Node]]:
    atoms = tuple(dict.fromkeys((*premise.atoms, *conclusion.atoms)))
    solutions = [s for c in premise.alternatives for s in islice(_solved(_equations(c), ground), MAX_BRANCHES)]
    solutions += [{}] if {} not in solutions else []  # equations that cannot be solved may hold at a simple point
    seen: set[tuple[Node, ...]] = set()
    streams = [_instances(solution, atoms, ground) for solution in solutions]
    while streams:  # a few of each in turn: the first alternative must not use up the points
        for stream in list(streams):
            batch = list(islice(stream, 6))
            if not batch:
                streams.remove(stream)
            for point in batch:
                key = tuple(point[s.key] for s in ground.inputs)
                if key not in seen and all(admits(s, point[s.key]) for s in ground.inputs):
                    seen.add(key)
                    yield point


def _equations(alternative: Sequence[Atom]) -> list[Node]:
    return sorted(
        (a.difference for a in alternative if a.relation == "=" and a.names), key=lambda tree: len(tree.names)
    )


def _solved(equations: list[Node], ground: Ground) -> Iterator[dict[str, Node]]:
    """Some names as formulas of the others, equations solved from the first on."""
    if not equations:
        yield {}
        return
    first, rest = equations[0], equations[1:]
    if not first.names or _always(first, ground.mode):
        yield from _solved(rest, ground)
        return
    for name in first.names:
        for value in roots(first, name, ground.mode):
            try:
                left = [substitute(tree, {name: value}) for tree in rest]
                for solution in _solved(left, ground):
                    yield {**solution, name: substitute(value, solution)}
            except FAILURES:
                continue


def _always(tree: Node, mode: Mode) -> bool:
    try:
        return vanishes(tree, mode).holds
    except FAILURES:
        return False


# --- one equation, one name ------------------------------------------------------------------------------------------


def roots(tree: Node, name: str, mode: Mode = "real", inverted: int = 0) -> Iterator[Node]:
    """Some of the values of a name at which a formula vanishes, over the other names; candidates, not certainties."""
    try:
        form = normal_form(tree, mode=mode)
        if len(form.numerator) > MAX_FACTORED_TERMS or form.numerator.is_zero():
            return
        factors = [part for part, _ in form.numerator.factor()[1]]
    except FAILURES:
        return
    mine = [index for index, kernel in enumerate(form.kernels) if name in kernel.tree.names]
    for factor in factors:
        used = [index for index in mine if factor.degrees()[index]]
        if len(used) != 1:
            continue
        kernel = form.kernels[used[0]]
        values = list(_of_polynomial(_coefficients(factor, used[0], form), mode))
        if kernel.tree == Name(name):
            yield from values
        elif inverted < MAX_INVERTED:
            for value in values:
                for inner, target in _undone(kernel, value):
                    yield from roots(Sum((inner, Negative(target))), name, mode, inverted + 1)


def _coefficients(polynomial: Any, index: int, form: Form) -> dict[int, Node]:
    """A polynomial by the powers of one generator."""
    parts: dict[int, Any] = {}
    context = polynomial.context()
    for powers, c in polynomial.terms():
        rest = tuple(0 if i == index else e for i, e in enumerate(powers))
        part = context.from_dict({rest: c})
        parts[int(powers[index])] = parts[int(powers[index])] + part if int(powers[index]) in parts else part
    return {power: polynomial_tree(part, form.kernels) for power, part in parts.items()}


def _of_polynomial(coefficients: dict[int, Node], mode: Mode) -> Iterator[Node]:
    """Roots of a polynomial of degree 1 or 2, of a pure power, or of one of those in a power."""
    powers = sorted(power for power in coefficients if power)
    if not powers or powers[-1] > MAX_POWER:
        return
    step = powers[0]
    if any(power % step or power // step > 2 for power in powers):
        return
    c = coefficients.get(0)
    for value in _linear_or_quadratic(c, coefficients.get(step), coefficients.get(2 * step)):
        yield from _powers(value, step, mode)


def _linear_or_quadratic(c: Node | None, b: Node | None, a: Node | None) -> Iterator[Node]:
    if a is None:
        assert b is not None
        yield Number("0") if c is None else Negative(Quotient(c, b))
        return
    if c is None:
        yield Number("0")
        if b is not None:
            yield Negative(Quotient(b, a))
        return
    if b is None:
        root: Node = Root(Negative(Quotient(c, a)))
        yield from (root, Negative(root))
        return
    radical = Root(Sum((Power(b, TWO), Negative(times([Number("4"), a, c])))))
    for signed in (radical, Negative(radical)):
        yield Quotient(Sum((Negative(b), signed)), Product((TWO, a)))


def _powers(value: Node, step: int, mode: Mode) -> Iterator[Node]:
    """The solutions of x^step = value that are radicals."""
    if step == 1:
        yield value
        return
    root: Node = Root(value) if step == 2 else Root(value, Number(str(step)))
    yield root
    if step % 2 == 0:
        yield Negative(root)
    elif mode == "real":
        yield Negative(Root(Negative(value), Number(str(step))))
    if mode == "complex":
        yield from (Product((turn, root)) for turn in _TURNS.get(step, ()))


def _undone(kernel: Kernel, value: Node) -> Iterator[tuple[Node, Node]]:
    """u and what it may be where f(u) has a given value."""
    tree = kernel.tree
    if isinstance(tree, Absolute):
        yield from ((tree.operand, value), (tree.operand, Negative(value)))
    elif kernel.key[0] == "root" and kernel.replacement is not None:
        yield kernel.replacement, Power(value, Number(str(kernel.degree)))
    elif isinstance(tree, Call) and not tree.order and tree.function in _INVERSES:
        for inverse in _INVERSES[tree.function]:
            yield tree.arguments[0], inverse(value)


_INVERSES: dict[str, tuple[Callable[[Node], Node], ...]] = {
    "exp": (lambda v: Call("log", (v,)),),
    "log": (lambda v: Call("exp", (v,)),),
    "sin": (lambda v: Call("arcsin", (v,)), lambda v: Sum((Constant("pi"), Negative(Call("arcsin", (v,)))))),
    "cos": (lambda v: Call("arccos", (v,)), lambda v: Negative(Call("arccos", (v,)))),
    "tan": (lambda v: Call("arctan", (v,)),),
    "arctan": (lambda v: Call("tan", (v,)),),
    "arcsin": (lambda v: Call("sin", (v,)),),
}

# --- numbers for the names that stay free ----------------------------------------------------------------------------


def _instances(solution: dict[str, Node], atoms: Sequence[Atom], ground: Ground) -> Iterator[dict[str, Node]]:
    free = [symbol for symbol in ground.inputs if symbol.key not in solution]
    if not free:
        yield solution
        return
    draws = list(_draws(free, ground))
    for index, draw in enumerate(draws):
        yield _filled(solution, draw)
        if index >= BOUNDARY_DRAWS:
            continue
        for symbol in free:
            others = {key: value for key, value in draw.items() if key != symbol.key}
            for value in _boundaries(solution, others, symbol.key, atoms, ground):
                yield _filled(solution, {**others, symbol.key: value})


def _filled(solution: dict[str, Node], draw: dict[str, Node]) -> dict[str, Node]:
    return {**draw, **{name: substitute(tree, draw) for name, tree in solution.items()}}


def _draws(free: list[Symbol], ground: Ground) -> Iterator[dict[str, Node]]:
    random = Random(ground.seed)
    if len(free) == 1:
        yield from ({free[0].key: number(_admitted(free[0], value))} for value in _POOL)
    for index in range(DRAWS if len(free) > 1 else 0):
        pool = [v for v in _POOL for _ in range(1 + len(free) // len(_POOL))]
        if index:
            random.shuffle(pool)
        yield {symbol.key: number(_admitted(symbol, value)) for symbol, value in zip(free, pool, strict=False)}
    for value in (Fraction(0), Fraction(1)):
        yield {symbol.key: number(_admitted(symbol, value)) for symbol in free}
    yield {s.key: number(_admitted(s, Fraction(1, len(free) + k + 1))) for k, s in enumerate(free)}  # of shares
    if ground.is_complex:
        unit: Node = _I
        for _ in range(3):
            yield {s.key: unit if s.kind == "complex" else number(_admitted(s, Fraction(1))) for s in free}
            unit = Sum((number(random.choice(_POOL)), Product((number(random.choice(_POOL[:6])), _I))))


def _admitted(symbol: Symbol, value: Fraction) -> Fraction:
    """A number of the symbol's domain, near the one wanted if there is one; the point is tested again later."""
    low, high = symbol.lower, symbol.upper
    tries = [value, abs(value), -abs(value), Fraction(1), Fraction(-1)]
    if low is not None and high is not None:
        tries += [low + (high - low) * Fraction(k, 8) for k in (4, 2, 6, 1, 7)]
    tries += [low + abs(value) + 1] if low is not None else []
    tries += [high - abs(value) - 1] if high is not None else []
    return next((v for v in tries if symbol.admits(v)), value)


def _boundaries(
    solution: dict[str, Node], others: dict[str, Node], name: str, atoms: Sequence[Atom], ground: Ground
) -> Iterator[Node]:
    """The zeros of every relation in one name, and simple numbers between and beyond them."""
    found: dict[Node, float] = {}
    for atom in atoms:
        try:
            here = substitute(substitute(atom.difference, solution), others)
            if here.size > MAX_SOLVED:
                continue
            values = list(islice(roots(here, name, ground.mode), 6))
        except FAILURES:
            continue
        for value in values:
            at = approximately(value)
            if at is not None:
                found[value] = at
    yield from found
    marks = sorted(set(found.values()))
    for mark in marks:
        yield from (number(Fraction(round(mark) + step)) for step in (-1, 1))
    yield from (number(_between(low, high)) for low, high in pairwise(marks) if high - low > 1e-9)


def _between(low: float, high: float) -> Fraction:
    """A number with a small denominator strictly between two others."""
    a, b = Fraction(low), Fraction(high)
    for size in (1, 2, 3, 4, 8, 16, 64, 1024):
        near = Fraction(round((a + b) / 2 * size), size)
        if a < near < b:
            return near
    return (a + b) / 2


def approximately(tree: Node) -> float | None:
    """The value of a real formula without names to about 15 digits; None if it has none."""
    try:
        with precision(128):
            value = evaluator(is_complex=False)(tree)
            return float(value.mid())
    except (Undefined, *FAILURES):
        return None


def admits(symbol: Symbol, value: Node) -> bool:
    """Whether an exact number is certain to lie in the declared domain."""
    try:
        exact = normal_form(value, mode="complex").constant
    except FAILURES:
        exact = None
    if exact is not None:
        return symbol.admits(exact)
    if symbol.kind == "integer":
        return False
    if symbol.kind == "complex" and not symbol.properties:
        return True
    try:
        with precision(128):
            ball = evaluator(is_complex=False)(value)
            return all(bool(test) for test in _conditions(symbol, ball))
    except (Undefined, *FAILURES):
        return False


def _conditions(symbol: Symbol, ball: Any) -> Iterator[bool]:
    for sign, holds in (("positive", ball > 0), ("nonnegative", ball >= 0), ("negative", ball < 0)):
        if sign in symbol.properties:
            yield bool(holds)
    if "nonzero" in symbol.properties:
        yield not ball.contains(0)
    for bound, above in ((symbol.lower, True), (symbol.upper, False)):
        if bound is not None:
            limit = evaluator(is_complex=False)(number(bound))
            yield bool(ball > limit) if above else bool(ball < limit)
