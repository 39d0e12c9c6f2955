"""Taylor series with ball coefficients: all derivatives of a formula of one variable, at a point or over an interval.

The coefficients at a ball X enclose those at every point of X. A function that is not analytic on all of X, as far as
its ball tells, raises Undefined.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, arb_series, ctx

from checks.decide.bounds import wide
from checks.decide.bounds.tape import Arithmetic, Tape
from checks.decide.elementary import Undefined


class terms:  # noqa: N801 - said after `with`
    """Series inside are kept to this many terms."""

    __slots__ = ("before", "count")

    def __init__(self, count: int) -> None:
        self.count = count

    def __enter__(self) -> None:
        self.before = ctx.cap
        ctx.cap = self.count

    def __exit__(self, *_: object) -> None:
        ctx.cap = self.before


def taylor(tape: Tape, at: Any, count: int, name: str, others: dict[str, Any] | None = None) -> list[Any]:
    """The first coefficients of a formula around every point of a ball. Raises Undefined."""
    with terms(count):
        inputs: dict[str, Any] = {key: arb_series([ball]) for key, ball in (others or {}).items()}
        inputs[name] = arb_series([at, 1])
        result = tape.run(SERIES, inputs)
        found = [result[k] for k in range(count)]
    for ball in found:
        wide.finite(ball)
    return found


def _outer(u: Any, coefficients: Sequence[Any]) -> Any:
    """Σ cₖ (u − u₀)ᵏ, from the coefficients of a function at u₀."""
    shift = u - arb_series([u[0]])
    cleared = arb_series([arb(0), *(shift[k] for k in range(1, ctx.cap))])
    result = arb_series([coefficients[-1]])
    for c in reversed(coefficients[:-1]):
        result = result * cleared + arb_series([c])
    return result


def _checked(u: Any) -> Any:
    wide.finite(u[0])
    return u


def _exp(u: Any) -> Any:
    return _scaled(wide.BALLS.functions["exp"](u[0]), u)


def _scaled(value: Any, u: Any) -> Any:
    """exp(u) from exp(u₀): the rest of the exponent has no constant."""
    rest = arb_series([arb(0), *(u[k] for k in range(1, ctx.cap))])
    return arb_series([value]) * rest.exp()


def _log(u: Any) -> Any:
    value = wide.BALLS.functions["log"](u[0])
    return _integral(value, u.derivative() / _denominator(u))


def _integral(value: Any, slope: Any) -> Any:
    integral = slope.integral()
    return arb_series([value, *(integral[k] for k in range(1, ctx.cap))])


def _denominator(u: Any) -> Any:
    if u[0].contains(0):
        raise Undefined("a division by what may be zero")
    return u


def _sigmoid(u: Any) -> Any:
    """σ⁽ᵏ⁾ as polynomials in σ, so that they stay bounded over a wide ball."""
    value = wide.BALLS.functions["sigmoid"](u[0])
    return _outer(u, _logistic(value, ctx.cap))


def _logistic(s: Any, count: int) -> list[Any]:
    """Taylor coefficients of σ at a point where it is s: σ' = σ(1 − σ), so (k+1) c_{k+1} = c_k − Σ c_i c_{k−i}."""
    found = [s]
    complement = 1 - s
    if count > 1:
        found.append(s * complement)
    for k in range(1, count - 1):
        convolution = 2 * s * found[k]
        for i in range(1, k):
            convolution = convolution + found[i] * found[k - i]
        found.append((found[k] - convolution) / (k + 1) if k > 1 else found[1] * (1 - 2 * s) / 2)
    return found


def _tanh(u: Any) -> Any:
    """tanh(u) = 2σ(2u) − 1, its value from the ball function."""
    result = 2 * _sigmoid(u * 2) - 1
    return arb_series([wide.BALLS.functions["tanh"](u[0]), *(result[k] for k in range(1, ctx.cap))])


def _softplus(u: Any) -> Any:
    return _integral(wide.BALLS.functions["softplus"](u[0]), _sigmoid(u) * u.derivative())


def _normal_cdf(u: Any) -> Any:
    density = _exp(-(u * u) / 2) * arb_series([1 / (2 * arb.pi()).sqrt()])
    return _integral(wide.BALLS.functions["normal_cdf"](u[0]), density * u.derivative())


def _erf(u: Any) -> Any:
    density = _exp(-(u * u)) * arb_series([2 / arb.pi().sqrt()])
    return _integral(wide.BALLS.functions["erf"](u[0]), density * u.derivative())


def _arctan(u: Any) -> Any:
    return _integral(u[0].atan(), u.derivative() / _denominator(1 + u * u))


def _arcsin(u: Any) -> Any:
    inside = 1 - u * u
    return _integral(wide.finite(u[0].asin()), u.derivative() / _root(inside, 2))


def _sinh(u: Any) -> Any:
    grown, shrunk = _exp(u), _exp(-u)
    return (grown - shrunk) / 2


def _cosh(u: Any) -> Any:
    grown, shrunk = _exp(u), _exp(-u)
    return (grown + shrunk) / 2


def _root(u: Any, index: int) -> Any:
    if u[0].contains(0) or (index % 2 == 0 and not u[0] > 0):
        raise Undefined("a root of what may be zero")
    value = wide.root(u[0], index)
    rest = _log(u if u[0] > 0 else -u) / index
    shift = arb_series([arb(0), *(rest[k] for k in range(1, ctx.cap))])
    return arb_series([value]) * shift.exp()


def _absolute(u: Any) -> Any:
    if u[0].contains(0):
        raise Undefined("|u| where u may be zero")
    return u if u[0] > 0 else -u


def _larger(u: Any, v: Any) -> Any:
    if (u[0] - v[0]).contains(0):
        raise Undefined("a maximum of what may be equal")
    return u if u[0] > v[0] else v


def _smaller(u: Any, v: Any) -> Any:
    return -_larger(-u, -v)


def _power(u: Any, exponent: int) -> Any:
    result, value = u, wide.power(u[0], exponent)
    for _ in range(exponent - 1):
        result = result * u
    return arb_series([value, *(result[k] for k in range(1, ctx.cap))])


SERIES = Arithmetic(
    number=lambda value: arb_series([wide.exact(value)]),
    constant=lambda name: arb_series([wide.constant(name)]),
    functions={
        "exp": _exp,
        "log": _log,
        "sin": lambda u: _checked(u).sin(),
        "cos": lambda u: _checked(u).cos(),
        "arctan": _arctan,
        "arcsin": _arcsin,
        "erf": _erf,
        "normal_cdf": _normal_cdf,
        "sigmoid": _sigmoid,
        "tanh": _tanh,
        "softplus": _softplus,
        "sinh": _sinh,
        "cosh": _cosh,
        "max": _larger,
        "min": _smaller,
        "relu": lambda u: _larger(u, arb_series([arb(0)])),
        "sign": lambda u: _denominator(u) and arb_series([u[0].sgn()]),
    },
    absolute=_absolute,
    power=_power,
    root=_root,
    quotient=lambda u, v: u / _denominator(v),
)
