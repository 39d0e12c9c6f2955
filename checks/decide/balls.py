"""Rigorous evaluation: a tree at a rational point as an `arb` ball that is certain to hold the true value.

Two balls that do not overlap prove two values different. A tree that is undefined at a point (division by a ball around
zero, log or even root of something not positive) raises Undefined. FLINT keeps its precision in one place for all
threads, so evaluation takes a lock and the same point gives the same ball in any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from threading import RLock
from typing import Any, ClassVar

from flint import acb, arb, ctx, fmpq

from checks.decide.activations import Activation, Z
from checks.decide.claim import Point
from checks.decide.constructs import compare_balls, exact_difference, terms_of, truth
from checks.decide.elementary import ELEMENTARY, MAX_MAGNITUDE_BITS, Undefined, positive
from checks.decide.series import enclosed, is_series
from derive.errors import TooLarge
from derive.program import Program
from derive.rules import definition_of
from derive.tree import (
    ZERO,
    Absolute,
    Binder,
    Call,
    Cases,
    Constant,
    Indicator,
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
)

PRECISIONS = (64, 256, 2048)
MAX_EXPONENT_BITS = 40  # |exponent| < 2^40
MAX_INDEX = 1000  # of a root
TERMS_OF_SERIES = 100  # as many as a series counts for
MAX_ALL_TERMS = 3_000  # of all sums and products of a formula, at one point
SMALL_EXPONENTS = frozenset(str(k) for k in range(1, 65))
NOTHING = Program()
_lock = RLock()


class precision:  # noqa: N801 - said after `with`, like contextlib's own, which take longer
    """All ball arithmetic inside runs at this many bits, and no other thread's in between."""

    __slots__ = ("before", "bits")

    def __init__(self, bits: int) -> None:
        self.bits = bits

    def __enter__(self) -> None:
        _lock.acquire()
        self.before = ctx.prec
        ctx.prec = self.bits

    def __exit__(self, *_: object) -> None:
        ctx.prec = self.before
        _lock.release()


@lru_cache(maxsize=1024)
def named(key: str) -> Name:
    """A name whose hash need not be worked out at every point."""
    return Name(key)


class Evaluator:
    """Values of trees at one point: inputs given exactly, intermediate names through their definitions."""

    rules: ClassVar[dict[type[Node], Any]] = {}
    functions: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, point: Point, program: Program, world: Mapping[str, Activation]) -> None:
        self.values: dict[Node, Any] = {named(k): self.number(v) for k, v in point.items()}
        self.point = point
        self.terms = 0  # of sums and products, written out so far
        self.program, self.world = program, world

    @staticmethod
    def number(value: Any) -> Any:
        """The ball of an exact number."""
        return arb(fmpq(value.numerator, value.denominator))

    def __call__(self, tree: Node) -> Any:
        """The ball of a tree. Raises Undefined, TooLarge."""
        for key, definition in self.program.needed(tree).items():
            if named(key) not in self.values:
                self.values[named(key)] = self.value(definition)
        return self.value(tree)

    def value(self, tree: Node) -> Any:
        known = self.values.get(tree)
        if known is None:
            rule = self.rules.get(type(tree))
            known = rule(self, tree) if rule else _unknown(tree)
            if not known.is_finite():
                raise Undefined("no finite value")
            self.values[tree] = known
        return known

    def call(self, tree: Call) -> Any:
        if tree.function in self.world:
            inside = type(self)({}, NOTHING, {})
            inside.values[Z] = self.value(tree.arguments[0])
            return inside.value(self.world[tree.function].derivative(tree.order))
        function = None if tree.order else self.functions.get(tree.function)
        if function:
            return function(*map(self.value, tree.arguments))
        defined = definition_of(tree)
        return self.value(defined) if defined is not None else _unknown(tree)

    def power(self, tree: Power) -> Any:
        base = self.value(tree.base)
        if isinstance(tree.exponent, Number) and tree.exponent.text in SMALL_EXPONENTS:
            return _whole_power(base, int(tree.exponent.text))
        exponent = self.value(tree.exponent)
        if isinstance(tree.base, Constant) and tree.base.name == "e":
            return self.functions["exp"](exponent)
        if not abs(exponent) < 2**MAX_EXPONENT_BITS:
            raise TooLarge("an exponent that is too large to evaluate")
        whole = exponent.unique_fmpz() if exponent.is_exact() and exponent.is_integer() else None
        if base.is_finite() and not base.is_zero():
            size = abs(base).log() * abs(exponent)
            if size.is_finite() and not size < MAX_MAGNITUDE_BITS:
                raise TooLarge("a power that is too large to evaluate")
        if whole == 0 and tree.exponent.names and not base != 0:
            raise Undefined("0⁰ where the exponent varies: no value is agreed on")
        if whole is not None:
            return _whole_power(base, int(whole))
        rational = _rational_of(tree.exponent)
        if rational is not None and rational.denominator <= MAX_INDEX and rational.denominator % 2:
            return _whole_power(_odd_root(base, rational.denominator), int(rational.numerator))
        if base.is_zero() and exponent > 0:
            return arb(0)
        if rational is not None and rational.denominator % 2 and base < 0:
            size = (exponent * (-base).log()).exp()
            return -size if rational.numerator % 2 else size
        return (exponent * positive(base).log()).exp()

    def root(self, tree: Root) -> Any:
        index = 2 if tree.index is None else _rational_of(tree.index)
        radicand = self.value(tree.radicand)
        if tree.index is not None:
            self.value(tree.index)  # undefined if it is, whatever it would simplify to
        if index is None:  # ⁿ√u with n a name is u^(1/n)
            return (positive(radicand).log() / self.value(tree.index)).exp()  # type: ignore[arg-type]
        if index != int(index) or not 2 <= index <= MAX_INDEX:
            raise Undefined("the index of a root is no small whole number")
        if int(index) % 2:
            return _odd_root(radicand, int(index))
        if radicand.contains(0):
            exact = exact_difference(tree.radicand, ZERO, self.exact_names())
            radicand = radicand if exact is None else self.number(exact)
        return arb(0) if radicand.is_zero() else positive(radicand).root(int(index))

    def cases(self, tree: Cases) -> Any:
        for value, condition in zip(tree.values, tree.conditions, strict=True):
            if truth(condition, self.compare):
                return self.value(value)
        raise Undefined("no branch of a case distinction applies")

    def compare(self, left: Node, relation: str, right: Node) -> bool:
        return compare_balls(
            self.value(left), relation, self.value(right), lambda: exact_difference(left, right, self.exact_names())
        )

    def exact_names(self) -> dict[str, Node]:
        """The names whose values are exact, as numbers."""
        return {key: number(value) for key, value in self.point.items()}

    def exact_bound(self, bound: Node) -> Fraction | None:
        """A bound of a sum as a number; it must have a value as it is written."""
        self.value(bound)
        return exact_difference(bound, ZERO, self.exact_names())

    def binder(self, tree: Binder) -> Any:
        """A sum or product term by term; a limit or integral that can be worked out; else an enclosed integral."""
        if is_series(tree):
            self.count(TERMS_OF_SERIES)
            apart = type(self)(self.point, self.program, self.world)  # its terms are no parts of the formula
            apart.values.update(self.values)
            apart.terms = self.terms
            return enclosed(tree, self.exact_bound(tree.bounds[0]), self.exact_names(), apart.value, ctx.prec)
        if tree.kind in {"sum", "product"}:
            result = self.number(Fraction(tree.kind == "product"))
            for term in terms_of(tree, self.exact_bound):
                self.count(1)
                result = result + self.value(term) if tree.kind == "sum" else result * self.value(term)
            return result
        if tree.kind == "integral":
            from checks.decide.complex_balls import integral

            return integral(self, tree)
        from derive.normal import written_out

        worked_out = written_out(tree, "real")
        return _unknown(tree) if worked_out is None else self.value(worked_out)

    def count(self, terms: int) -> None:
        """So many terms more. Raises TooLarge."""
        self.terms += terms
        if self.terms > MAX_ALL_TERMS:
            raise TooLarge(f"sums of more than {MAX_ALL_TERMS} terms together")

    def product(self, tree: Product) -> Any:
        result = self.value(tree.factors[0])
        for factor in tree.factors[1:]:
            result = result * self.value(factor)
        return result

    def sum(self, tree: Sum) -> Any:
        result = self.value(tree.terms[0])
        for term in tree.terms[1:]:
            result = result + self.value(term)
        return result


def _unknown(tree: Node) -> Any:
    if isinstance(tree, Call):
        what = f"the function {tree.function}"
    else:
        kind = tree.kind.rstrip("+-") if isinstance(tree, Binder) else type(tree).__name__.lower()
        what = f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    raise TooLarge(f"{what} occurs that cannot be computed to certain digits here")


def finite(ball: Any) -> Any:
    """The ball, if it bounds anything."""
    if not ball.is_finite():
        raise Undefined("no finite value")
    return ball


def _whole_power(ball: Any, exponent: int) -> Any:
    """u^n; FLINT's real power has no value where a ball around zero is meant, its complex one has."""
    if isinstance(ball, arb) and ball.contains(0) and exponent > 0:
        return (acb(ball) ** exponent).real
    return ball**exponent


def _odd_root(ball: Any, index: int) -> Any:
    if index == 1 or ball.is_zero():
        return ball
    if ball > 0:
        return ball.root(index)
    if ball < 0:
        return -((-ball).root(index))
    largest = finite(ball).abs_upper().root(index)
    return largest.union(-largest)


def _rational_of(tree: Node) -> Any:
    from derive.normal import normal_form

    if isinstance(tree, Name):
        return None
    return tree.value if isinstance(tree, Number) else normal_form(tree).constant


def _quotient(evaluator: Evaluator, tree: Quotient) -> Any:
    return evaluator.value(tree.numerator) / evaluator.value(tree.denominator)


def _constant(_: Evaluator, tree: Constant) -> Any:
    if tree.name == "infinity":
        raise Undefined("infinity is no number")
    if tree.name == "i":
        raise Undefined("the imaginary unit has no real value")
    return arb.pi() if tree.name == "pi" else arb.const_e()


Evaluator.functions = ELEMENTARY
Evaluator.rules = {
    Number: lambda _, tree: arb(int(tree.text)) if tree.text.isdecimal() else Evaluator.number(tree.value),
    Constant: _constant,
    Sum: Evaluator.sum,
    Product: Evaluator.product,
    Negative: lambda evaluator, tree: -evaluator.value(tree.operand),
    Quotient: _quotient,
    Power: Evaluator.power,
    Root: Evaluator.root,
    Absolute: lambda evaluator, tree: abs(evaluator.value(tree.operand)),
    Call: Evaluator.call,
    Cases: Evaluator.cases,
    Indicator: lambda evaluator, tree: arb(int(truth(tree.condition, evaluator.compare))),
    Binder: Evaluator.binder,
}
