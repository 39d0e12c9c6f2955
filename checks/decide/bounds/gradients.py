"""A value with its partial derivatives over a box: forward differentiation in balls.

Where a part has no derivative on all of the box (|u| where u may be zero) the slope is the interval of all its slopes,
which the mean value theorem allows for functions that are continuous and piecewise smooth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from flint import arb

from checks.decide.bounds import wide
from checks.decide.bounds.tape import Arithmetic, Tape
from checks.decide.elementary import Undefined


class Dual:
    """A ball and the balls of its partial derivatives; None for those that are zero throughout."""

    __slots__ = ("slopes", "value")

    def __init__(self, value: Any, slopes: Sequence[Any]) -> None:
        self.value, self.slopes = value, slopes

    def __add__(self, other: Dual) -> Dual:
        return Dual(self.value + other.value, [_sum(a, b) for a, b in zip(self.slopes, other.slopes, strict=True)])

    def __mul__(self, other: Dual) -> Dual:
        a, b = self.value, other.value
        slopes = [_sum(_times(u, b), _times(v, a)) for u, v in zip(self.slopes, other.slopes, strict=True)]
        return Dual(a * b, slopes)

    def __neg__(self) -> Dual:
        return Dual(-self.value, [None if u is None else -u for u in self.slopes])

    def __truediv__(self, other: Dual) -> Dual:
        if other.value.contains(0):
            raise Undefined("a division by what may be zero")
        quotient = self.value / other.value
        slopes = [
            None if u is None and v is None else _difference(u, _times(v, quotient)) / other.value
            for u, v in zip(self.slopes, other.slopes, strict=True)
        ]
        return Dual(quotient, slopes)

    def through(self, value: Any, slope: Any) -> Dual:
        """A function of this one, by its value and its derivative."""
        return Dual(value, [_times(u, slope) for u in self.slopes])


def gradient(tape: Tape, box: Mapping[str, Any], names: Sequence[str]) -> tuple[Any, list[Any]]:
    """The value of a formula over a box and its partial derivatives. Raises Undefined."""
    count = len(names)
    inputs: dict[str, Any] = {key: Dual(ball, [None] * count) for key, ball in box.items()}
    for place, key in enumerate(names):
        inputs[key] = Dual(box[key], [arb(1) if k == place else None for k in range(count)])
    result = tape.run(_arithmetic(count), inputs)
    return wide.finite(result.value), [arb(0) if u is None else wide.finite(u) for u in result.slopes]


def _sum(a: Any, b: Any) -> Any:
    return b if a is None else a if b is None else a + b


def _difference(a: Any, b: Any) -> Any:
    return a if b is None else -b if a is None else a - b


def _times(slope: Any, by: Any) -> Any:
    return None if slope is None else slope * by


def _with(function: str, slope: Callable[[Any], Any]) -> Callable[[Dual], Dual]:
    """A function by its derivative at the argument."""
    of = wide.BALLS.functions[function]
    return lambda u: u.through(of(u.value), slope(u.value))


def _from(function: str, slope: Callable[[Any], Any]) -> Callable[[Dual], Dual]:
    """A function by its derivative in terms of its value."""
    of = wide.BALLS.functions[function]

    def applied(u: Dual) -> Dual:
        value = of(u.value)
        return u.through(value, slope(value))

    return applied


def _reciprocal(u: Any) -> Any:
    return wide.quotient(arb(1), u)


def _bump(value: Any) -> Any:
    """s(1 − s) as ¼ − (s − ½)², which stays narrow over a wide ball."""
    return arb(0.25) - wide.power(value - 0.5, 2)


def _sign(u: Dual) -> Dual:
    if u.value.contains(0):
        raise Undefined("a jump")
    return Dual(u.value.sgn(), [None] * len(u.slopes))


def _step(u: Any) -> Any:
    return arb(1) if u > 0 else arb(0) if u < 0 else arb(0).union(arb(1))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": _from("exp", lambda f: f),
    "log": _with("log", _reciprocal),
    "sin": _with("sin", lambda u: u.cos()),
    "cos": _with("cos", lambda u: -u.sin()),
    "arctan": _with("arctan", lambda u: 1 / (1 + wide.power(u, 2))),
    "arcsin": _with("arcsin", lambda u: _reciprocal(wide.root(1 - wide.power(u, 2), 2))),
    "erf": _with("erf", lambda u: wide.BALLS.functions["exp"](-wide.power(u, 2)) * 2 / arb.pi().sqrt()),
    "normal_cdf": _with(
        "normal_cdf", lambda u: wide.BALLS.functions["exp"](-wide.power(u, 2) / 2) / (2 * arb.pi()).sqrt()
    ),
    "sigmoid": _from("sigmoid", _bump),
    "tanh": _from("tanh", lambda f: 1 - wide.power(f, 2)),
    "softplus": _with("softplus", wide.BALLS.functions["sigmoid"]),
    "sinh": _with("sinh", wide.BALLS.functions["cosh"]),
    "cosh": _with("cosh", wide.BALLS.functions["sinh"]),
    "relu": _with("relu", _step),
    "sign": _sign,
    "max": lambda u, v: _extremum(u, v, larger=True),
    "min": lambda u, v: _extremum(u, v, larger=False),
}


def _extremum(u: Dual, v: Dual, *, larger: bool) -> Dual:
    share = _step(u.value - v.value)
    share = share if larger else 1 - share
    slopes = [_sum(_times(a, share), _times(b, 1 - share)) for a, b in zip(u.slopes, v.slopes, strict=True)]
    return Dual((arb.max if larger else arb.min)(u.value, v.value), slopes)


def _absolute(u: Dual) -> Dual:
    return u.through(wide.absolute(u.value), 2 * _step(u.value) - 1)


def _power(u: Dual, exponent: int) -> Dual:
    slope = u.value if exponent == 2 else wide.power(u.value, exponent - 1)
    return u.through(wide.power(u.value, exponent), slope * exponent)


def _root(u: Dual, index: int) -> Dual:
    value = wide.root(u.value, index)
    return u.through(value, _reciprocal(index * wide.power(value, index - 1)))


def _arithmetic(count: int) -> Arithmetic:
    nothing = [None] * count
    return Arithmetic(
        number=lambda value: Dual(wide.exact(Fraction(value)), nothing),
        constant=lambda name: Dual(wide.constant(name), nothing),
        functions=_FUNCTIONS,
        absolute=_absolute,
        power=_power,
        root=_root,
        quotient=Dual.__truediv__,
    )
