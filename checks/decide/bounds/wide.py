"""Balls of intervals: increasing functions by their ends, so that a wide ball stays as narrow as it can be.

Values that do not exist (log of what may be negative) raise Undefined: the interval must be cut further, or left out.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from checks.decide.bounds.tape import Arithmetic
from checks.decide.elementary import Undefined

WIDE = arb(2) ** -24
MAX_EXPONENT = 2**20


def exact(value: Fraction) -> Any:
    """The ball of a rational number."""
    return arb(fmpq(value.numerator, value.denominator))


def interval(low: Fraction, high: Fraction) -> Any:
    """A ball that holds every number between two."""
    return exact(low).union(exact(high))


def finite(ball: Any) -> Any:
    """The ball, if it bounds anything. Raises Undefined."""
    if not ball.is_finite():
        raise Undefined("no finite bounds")
    return ball


def increasing(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function of balls from an increasing one."""

    def of(ball: Any) -> Any:
        if ball.rad() < WIDE:
            return finite(function(ball))
        return finite(function(ball.lower()).union(function(ball.upper())))

    return of


def _exp(ball: Any) -> Any:
    if not abs(ball) < MAX_EXPONENT:
        raise Undefined("exp of a number that is too large")
    return ball.exp()


def _log(ball: Any) -> Any:
    if not ball > 0:
        raise Undefined("log of something that may not be positive")
    return ball.log()


def _sigmoid(ball: Any) -> Any:
    return 1 / (1 + _exp(-ball)) if ball > -64 else _exp(ball) / (1 + _exp(ball))


def _softplus(ball: Any) -> Any:
    return _exp(ball).log1p() if ball < 0 else ball + _exp(-ball).log1p()


def _cosh(ball: Any) -> Any:
    size = abs(ball)
    return increasing(arb.cosh)(size.abs_lower().union(size.abs_upper()))


def _normal_cdf(ball: Any) -> Any:
    return (-ball / arb(2).sqrt()).erfc() / 2


def absolute(ball: Any) -> Any:
    """|u|, never below zero by more than rounding."""
    return ball.abs_lower().union(ball.abs_upper())


def power(ball: Any, exponent: int) -> Any:
    """u^n for a positive whole n."""
    if ball.rad() < WIDE:
        return ball**exponent if not ball.contains(0) else _product(ball, exponent)
    low, high = (_product(end, exponent) for end in (ball.lower(), ball.upper()))
    ends = low.union(high)
    return ends.union(arb(0)) if exponent % 2 == 0 and ball.contains(0) else ends


def _product(ball: Any, exponent: int) -> Any:
    result = ball
    for _ in range(exponent - 1):
        result = result * ball
    return result


def root(ball: Any, index: int) -> Any:
    """ⁿ√u; an even root of what may be negative is that of its nonnegative part where it has one."""
    if index % 2 == 0:
        if ball < 0:
            raise Undefined("an even root of something negative")
        low = ball.lower()
        return (low.root(index) if low > 0 else arb(0)).union(ball.upper().root(index))
    ends = [end.root(index) if end > 0 else -((-end).root(index)) if end < 0 else arb(0) for end in (ball.lower(), ball.upper())]  # fmt: skip
    return ends[0].union(ends[1])


def quotient(top: Any, bottom: Any) -> Any:
    """u / v. Raises Undefined where v may be zero."""
    if bottom.contains(0):
        raise Undefined("a division by what may be zero")
    return top / bottom


def constant(name: str) -> Any:
    """π or e."""
    return arb.pi() if name == "pi" else arb.const_e()


BALLS = Arithmetic(
    number=exact,
    constant=constant,
    functions={
        "exp": increasing(_exp),
        "log": increasing(_log),
        "sin": arb.sin,
        "cos": arb.cos,
        "arctan": increasing(arb.atan),
        "arcsin": increasing(arb.asin),
        "erf": increasing(arb.erf),
        "normal_cdf": increasing(_normal_cdf),
        "sigmoid": increasing(_sigmoid),
        "tanh": increasing(arb.tanh),
        "softplus": increasing(_softplus),
        "sinh": increasing(arb.sinh),
        "cosh": _cosh,
        "max": arb.max,
        "min": arb.min,
        "relu": lambda u: u.max(arb(0)),
        "sign": arb.sgn,
    },
    absolute=absolute,
    power=power,
    root=root,
    quotient=quotient,
)
