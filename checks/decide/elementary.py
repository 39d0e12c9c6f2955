"""The rows of derive.functions as arb balls: name → function of balls, certain to enclose the value.

What has no value at a point gives a ball that is not finite; an argument too large to work with raises TooLarge, so that
effort stays bounded. A row that is not here is evaluated through its definition.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from flint import acb, arb

from derive.errors import TooLarge

MAX_MAGNITUDE_BITS = 2_000_000  # of a value, in bits before the point
MAX_ANGLE = 2**2048  # of sin, cos and tan: reducing a larger one takes as many digits of π as it has
MAX_SPECIAL = 2**16  # of the argument of a special function
MAX_BOTH = 2**10  # of order and argument of one that has both: beyond, 2,048 bits take seconds
MAX_ORDER = 256  # of a polygamma function
NOTHING = arb.nan()
Ball = Any


class Undefined(Exception):
    """The formula has no real value at this point, or none that could be enclosed."""


def positive(ball: Ball) -> Ball:
    """The ball, if it is certain to be positive."""
    if not ball > 0:
        raise Undefined("log or an even root of something that is not certain to be positive")
    return ball


def _too_large() -> Any:
    raise TooLarge("a function of a number that is too large to evaluate")


def _within(limit: int, function: Callable[..., Ball]) -> Callable[..., Ball]:
    """The function, refused beyond |u| < limit for any of its arguments."""
    return lambda *balls: function(*balls) if all(abs(b) < limit for b in balls) else _too_large()


def _grows(function: Callable[..., Ball]) -> Callable[..., Ball]:
    return _within(MAX_MAGNITUDE_BITS, function)


def _turns(function: Callable[..., Ball]) -> Callable[..., Ball]:
    return _within(MAX_ANGLE, function)


def _special(function: Callable[..., Ball]) -> Callable[..., Ball]:
    return _within(MAX_SPECIAL, function)


def _whole(ball: Ball) -> int | None:
    """The value of a ball that is exactly an integer."""
    return int(ball.unique_fmpz()) if ball.is_exact() and ball.is_integer() else None


def _polygamma(order: Ball, u: Ball) -> Ball:
    n = _whole(order)
    if n is None or not 0 <= n <= MAX_ORDER:
        raise Undefined("the order of a polygamma function is no small whole number")
    return u.digamma() if n == 0 else acb(u).polygamma(acb(n)).real


def _binomial(n: Ball, k: Ball) -> Ball:
    """Γ(n+1)/(Γ(k+1) Γ(n−k+1)); n(n−1)…(n−k+1)/k! for whole k, also where n is a negative whole number."""
    whole = _whole(k)
    if whole is not None and 0 <= whole <= MAX_ORDER:
        return (n - k + 1).rising(whole) * (k + 1).rgamma()
    return (n + 1).gamma() * (k + 1).rgamma() * (n - k + 1).rgamma()


def _remainder(u: Ball, v: Ball) -> Ball:
    """u − v·(u/v towards zero)."""
    q = u / v
    return u - v * (q.floor() if q >= 0 else -((-q).floor()) if q < 0 else NOTHING)


def _hurwitz(s: Ball, a: Ball) -> Ball:
    return s.zeta(a) if a > 0 else NOTHING


def _on_positive(function: Callable[[Ball, Ball], Ball]) -> Callable[[Ball, Ball], Ball]:
    return _within(MAX_BOTH, lambda order, u: function(order, u) if u > 0 else NOTHING)


ELEMENTARY: dict[str, Callable[..., Ball]] = {
    "exp":      _grows(lambda u: u.exp()),
    "log":      lambda u: positive(u).log(),
    "sin":      _turns(arb.sin),
    "cos":      _turns(arb.cos),
    "tan":      _turns(arb.tan),
    "sec":      _turns(arb.sec),
    "csc":      _turns(arb.csc),
    "cot":      _turns(arb.cot),
    "arcsin":   arb.asin,
    "arccos":   arb.acos,
    "arctan":   arb.atan,
    "arccot":   lambda u: (1 / u).atan(),
    "arcsec":   lambda u: (1 / u).acos(),
    "arccsc":   lambda u: (1 / u).asin(),
    "sinh":     _grows(arb.sinh),
    "cosh":     _grows(arb.cosh),
    "tanh":     arb.tanh,
    "sech":     _grows(arb.sech),
    "csch":     _grows(arb.csch),
    "coth":     _grows(arb.coth),
    "arsinh":   arb.asinh,
    "arcosh":   arb.acosh,
    "artanh":   arb.atanh,
    "arcoth":   lambda u: (1 / u).atanh(),
    "arsech":   lambda u: (1 / u).acosh(),
    "arcsch":   lambda u: (1 / u).asinh(),
    "sinc":     _turns(arb.sinc),
    "identity": lambda u: u,
    "sign":     arb.sgn,
    "floor":    arb.floor,
    "ceiling":  arb.ceil,
    "rem":      _remainder,
    "max":      lambda *balls: reduce(arb.max, balls),
    "min":      lambda *balls: reduce(arb.min, balls),
    "relu":     lambda u: u.max(arb(0)),
    "sigmoid":  _grows(lambda u: 1 / (1 + (-u).exp())),
    "softplus": _grows(lambda u: u.exp().log1p()),
    "log_sigmoid": _grows(lambda u: -((-u).exp().log1p())),
    "atan2":    lambda u, v: arb.atan2(u, v) if not (u.is_zero() and v.is_zero()) else NOTHING,
    "xlogy":    lambda u, v: arb(0) if u.is_zero() and not v < 0 else u * positive(v).log(),
    "erf":      _grows(arb.erf),
    "erfc":     _grows(arb.erfc),
    "erfi":     _special(arb.erfi),
    "erfinv":   lambda u: u.erfinv() if abs(u) < 1 else NOTHING,
    "gamma":    _special(arb.gamma),
    "upper_gamma": _on_positive(lambda s, u: u.gamma_upper(s)),
    "gamma_q":  _on_positive(lambda s, u: u.gamma_upper(s, 1)),
    "gamma_p":  _on_positive(lambda s, u: 1 - u.gamma_upper(s, 1)),
    "digamma":  _special(arb.digamma),
    "polygamma": _special(_polygamma),
    "factorial": _special(lambda u: (u + 1).gamma()),
    "binomial": _special(_binomial),
    "bessel_j": _within(MAX_BOTH, lambda order, u: u.bessel_j(order)),
    "bessel_i": _within(MAX_BOTH, lambda order, u: u.bessel_i(order)),
    "bessel_y": _on_positive(lambda order, u: u.bessel_y(order)),
    "bessel_k": _on_positive(lambda order, u: u.bessel_k(order)),
    "lambert_w": lambda u: u.lambertw(),
    "zeta":     _special(lambda u: u.zeta()),
    "hurwitz_zeta": _within(MAX_BOTH, _hurwitz),
    "Ei":       _special(arb.ei),
    "Shi":      _special(arb.shi),
    "Chi":      _special(lambda u: u.chi() if u > 0 else NOTHING),
    "expint":   _on_positive(lambda order, u: u.expint(order)),
}  # fmt: skip
