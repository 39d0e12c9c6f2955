"""Rigorous complex evaluation with principal values, and integrals, which FLINT takes over complex neighbourhoods.

log, roots and powers are those of the principal logarithm: (−8)^{1/3} is 1 + i√3 here, and −2 where only reals occur.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar

from flint import acb, arb, ctx, fmpq

from checks.decide.balls import Evaluator
from checks.decide.claim import Gaussian
from checks.decide.constructs import exact_difference
from checks.decide.elementary import MAX_ANGLE, MAX_MAGNITUDE_BITS, MAX_SPECIAL, Undefined
from derive.errors import TooLarge
from derive.holomorphic import THROUGH
from derive.tree import (
    Absolute,
    Binder,
    Call,
    Cases,
    Constant,
    Indicator,
    Name,
    Node,
    Number,
    Power,
    Quotient,
    Root,
    number,
    substitute,
    walk,
)


def _small(limit: int, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def bounded(z: Any) -> Any:
        if not (abs(z.real) < limit and abs(z.imag) < limit):
            raise TooLarge("a function of a number that is too large to evaluate")
        return function(z)

    return bounded


def _log(z: Any) -> Any:
    if z.contains(0):
        raise Undefined("log of zero, or of something that may be zero")
    return z.log()


_ENTIRE = {name: _small(MAX_MAGNITUDE_BITS if name in {"exp", "sinh", "cosh"} else min(MAX_ANGLE, MAX_MAGNITUDE_BITS),
                        getattr(acb, name)) for name in ("exp", "sin", "cos", "sinh", "cosh", "erf", "erfc", "erfi")}  # fmt: skip
COMPLEX: dict[str, Callable[[Any], Any]] = {
    **_ENTIRE,
    "log": _log,
    "tan": _small(MAX_MAGNITUDE_BITS, acb.tan),
    "tanh": _small(MAX_MAGNITUDE_BITS, acb.tanh),
    "arcsin": acb.asin,
    "arccos": acb.acos,
    "arctan": acb.atan,
    "arccot": lambda z: (1 / z).atan(),
    "arcsec": lambda z: (1 / z).acos(),
    "arccsc": lambda z: (1 / z).asin(),
    "arsech": lambda z: (1 / z).acosh(),
    "arcsch": lambda z: (1 / z).asinh(),
    "arcoth": lambda z: (1 / z).atanh(),
    "arsinh": acb.asinh,
    "arcosh": acb.acosh,
    "artanh": acb.atanh,
    "gamma": _small(MAX_SPECIAL, acb.gamma),
    "digamma": _small(MAX_SPECIAL, acb.digamma),
    "identity": lambda z: z,
}


class ComplexEvaluator(Evaluator):
    """Values of trees at one point in the complex plane."""

    rules: ClassVar[dict[type[Node], Any]] = {}
    functions = COMPLEX

    @staticmethod
    def number(value: Any) -> Any:
        if isinstance(value, Gaussian):
            return acb(Evaluator.number(value.real), Evaluator.number(value.imaginary))
        return acb(Evaluator.number(value))

    def exact_names(self) -> dict[str, Node]:
        return {key: number(value) for key, value in self.point.items() if isinstance(value, Fraction)}

    def call(self, tree: Call) -> Any:
        if tree.order and tree.function in THROUGH:
            raise Undefined(f"the derivative of {tree.function} is known on the real axis only")
        return super().call(tree)

    def compare(self, left: Node, relation: str, right: Node) -> bool:
        raise Undefined("complex numbers are not ordered")

    def exponentiated(self, tree: Power) -> Any:
        base = self.value(tree.base)
        exponent = self.value(tree.exponent)
        if not (abs(exponent.real) < 2**40 and abs(exponent.imag) < 2**40):
            raise TooLarge("an exponent that is too large to evaluate")
        whole = exponent.real.unique_fmpz() if exponent.imag.is_zero() and exponent.real.is_exact() else None
        if whole is not None and exponent.real.is_integer():
            if not base.contains(0) and not abs(base).log() * abs(exponent) < MAX_MAGNITUDE_BITS:
                raise TooLarge("a power that is too large to evaluate")
            if whole == 0 and tree.exponent.names and base.contains(0):
                raise Undefined("0⁰ where the exponent varies: no value is agreed on")
            return base ** int(whole)
        if base.is_zero() and exponent.real > 0:
            return acb(0)
        return COMPLEX["exp"](exponent * _log(base))

    def rooted(self, tree: Root) -> Any:
        index = Fraction(2) if tree.index is None else exact_difference(tree.index, number(0), {})
        if index is None or index.denominator != 1 or not 2 <= index <= 1000:
            raise Undefined("the index of a root is no small whole number")
        radicand = self.value(tree.radicand)
        if tree.index is not None:
            self.value(tree.index)
        return acb(0) if radicand.is_zero() else (_log(radicand) / int(index)).exp()


def _constant(_: Evaluator, tree: Constant) -> Any:
    if tree.name == "infinity":
        raise Undefined("infinity is no number")
    return {"i": acb(0, 1), "pi": acb(arb.pi()), "e": acb(arb.const_e())}[tree.name]


def _quotient(evaluator: Evaluator, tree: Quotient) -> Any:
    return evaluator.value(tree.numerator) / evaluator.value(tree.denominator)


ComplexEvaluator.rules = {
    **{kind: rule for kind, rule in Evaluator.rules.items() if kind is not Indicator},
    Number: lambda _, tree: acb(arb(fmpq(tree.value.numerator, tree.value.denominator))),
    Constant: _constant,
    Quotient: _quotient,
    Call: ComplexEvaluator.call,
    Power: ComplexEvaluator.exponentiated,
    Root: ComplexEvaluator.rooted,
    Absolute: lambda evaluator, tree: acb(abs(evaluator.value(tree.operand))),
}

# --- integrals -------------------------------------------------------------------------------------------------------

EVALUATIONS_PER_BIT = (40, 10)  # of a constant integral, which is evaluated once, and of one at many points
HOLOMORPHIC = frozenset(["exp", "sin", "cos", "sinh", "cosh", "tan", "tanh", "erf", "erfc", "erfi", "identity"])


def integral(evaluator: Evaluator, tree: Binder) -> Any:
    """∫ of a formula that is holomorphic around the path, or has logs and roots that FLINT is told of."""
    free = {key: value for key, value in evaluator.point.items() if key != tree.index}  # inside, the index is another
    exact = {key: number(value) for key, value in free.items() if isinstance(value, Fraction)}
    body = substitute(tree.body, exact)  # t^{a-1} is a whole power where a is a whole number
    if not _holomorphic(body):  # FLINT would halve the path to its limit before it gave up
        raise TooLarge(
            "an integral of branches, |…|, Σ, Π, ∫, lim or powers that are not whole cannot be computed to certain digits here"
        )
    low, high = (evaluator.value(bound) for bound in tree.bounds)
    values: dict[Node, Any] = {node: acb(ball) for node, ball in evaluator.values.items() if isinstance(node, Name)}

    def integrand(z: Any, analytic: Any) -> Any:
        inside = _Integrand({}, evaluator.program, evaluator.world)
        inside.values.update(values)
        inside.values[Name(tree.index)] = z
        inside.analytic = bool(analytic)
        try:
            return inside.value(body)
        except (Undefined, TooLarge, ZeroDivisionError):  # an exception would leave FLINT in the middle of its work
            return acb("nan", "nan")

    if not integrand(acb((low + high) / 2), False).is_finite():
        raise Undefined("an integral of something that has no value on the path")
    limit = EVALUATIONS_PER_BIT[bool(evaluator.point)] * ctx.prec
    result = acb.integral(integrand, acb(low), acb(high), eval_limit=limit)
    if not result.is_finite():  # more precision would only take longer to say so
        raise TooLarge("an integral that no effort allowed encloses")
    if isinstance(evaluator, ComplexEvaluator):
        return result
    if not result.imag.contains(0):
        raise Undefined("an integral of something that is not real")
    return result.real


def _holomorphic(tree: Node) -> bool:
    """Whether the body of an integral is made of what `_Integrand` has enclosures of."""
    from derive.rules import definition_of

    for node in walk(tree):
        if isinstance(node, Call) and not node.order and node.function not in {"log", *HOLOMORPHIC}:
            defined = definition_of(node)
            if defined is None or not _holomorphic(defined):
                return False
        elif isinstance(node, Root):
            if node.index is not None:
                return False
        elif isinstance(node, Power):
            exponent = exact_difference(node.exponent, number(0), {})
            if not isinstance(node.base, Constant) and (exponent is None or exponent.denominator != 1):
                return False
        elif isinstance(node, Cases | Indicator) or _Integrand.rules.get(type(node)) is _not_holomorphic:
            return False
    return True


class _Integrand(ComplexEvaluator):
    """The body of an integral around a complex neighbourhood of the path."""

    rules: ClassVar[dict[type[Node], Any]] = {}
    analytic = False

    def called(self, tree: Call) -> Any:
        if tree.function == "log" and not tree.order:
            return self.value(tree.arguments[0]).log(analytic=self.analytic)
        if tree.function in HOLOMORPHIC or tree.order:
            return ComplexEvaluator.call(self, tree)
        from derive.rules import definition_of

        defined = definition_of(tree)
        if defined is None:
            raise Undefined(f"{tree.function} has no integral that can be enclosed")
        return self.value(defined)

    def rooted(self, tree: Root) -> Any:
        if tree.index is not None:
            raise Undefined("only square roots are enclosed under an integral")
        return self.value(tree.radicand).sqrt(analytic=self.analytic)

    def exponentiated(self, tree: Power) -> Any:
        exponent = exact_difference(tree.exponent, number(0), {})
        if isinstance(tree.base, Constant) or (exponent is not None and exponent.denominator == 1):
            return ComplexEvaluator.exponentiated(self, tree)
        raise Undefined("only whole powers are enclosed under an integral")


def _not_holomorphic(_: Evaluator, tree: Node) -> Any:
    raise Undefined(f"{type(tree).__name__} is not holomorphic")


_Integrand.rules = {
    **ComplexEvaluator.rules,
    Call: _Integrand.called,
    Root: _Integrand.rooted,
    Power: _Integrand.exponentiated,
    Absolute: _not_holomorphic,
    Binder: _not_holomorphic,
}
