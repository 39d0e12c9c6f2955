"""A formula for all s ≥ A at once: a sum of monomials e^{ks²} e^{js} sⁱ (log s)ˡ with ball coefficients.

A coefficient is a function of s that its ball encloses for every s ≥ A, so sums and products are exact, and what is left
of a series beyond its first terms is one more monomial with a ball. Monomials are ordered by growth; a monomial that
grows slower than another is, divided by it, at most as large as at s = A if A is not too small, which is checked. The
sign of a formula is that of its leading coefficient where the rest is smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from flint import arb, arb_series

from checks.decide.bounds import wide
from checks.decide.bounds.series import SERIES, terms
from checks.decide.bounds.tape import Arithmetic, Tape
from checks.decide.elementary import Undefined

Monomial = tuple[Fraction, Fraction, Fraction, Fraction]  # exponents of e^{s²}, e^s, s, log s
ZERO = Fraction(0)
ONE: Monomial = (ZERO, ZERO, ZERO, ZERO)
DETAILS = ((3, 12), (5, 24))  # terms of a series before the rest is one ball, and of any sum


class Unknown(Undefined):
    """Growth that cannot be told, or not from this A on."""


class _Detail:
    """How much is kept; ball arithmetic holds a lock, so it is one thread's at a time."""

    order, terms = DETAILS[-1]


class Tail:
    """A sum of monomials, for s ≥ start."""

    __slots__ = ("parts", "start")

    def __init__(self, parts: Mapping[Monomial, Any], start: Fraction) -> None:
        self.start = start
        kept = {key: c for key, c in parts.items() if not _is_zero(c)}
        self.parts = _merged(kept, start) if len(kept) > _Detail.terms else kept

    def __add__(self, other: Tail) -> Tail:
        parts = dict(self.parts)
        for key, c in other.parts.items():
            parts[key] = _sum(parts[key], c) if key in parts else c
        return Tail(parts, self.start)

    def __mul__(self, other: Tail) -> Tail:
        parts: dict[Monomial, Any] = {}
        for one, a in self.parts.items():
            for two, b in other.parts.items():
                key = _joined(one, two)
                parts[key] = _sum(parts[key], _times(a, b)) if key in parts else _times(a, b)
        return Tail(parts, self.start)

    def __neg__(self) -> Tail:
        return Tail({key: -c for key, c in self.parts.items()}, self.start)

    def __sub__(self, other: Tail) -> Tail:
        return self + -other

    def __truediv__(self, other: Tail) -> Tail:
        return self * other.inverse()

    def constant(self, value: Any) -> Tail:
        """A number."""
        return Tail({ONE: value}, self.start)

    def leading(self) -> tuple[Monomial, Any, Tail]:
        """m, c, δ with the formula c·m·(1 + δ), where δ has only smaller monomials. Raises Unknown."""
        if not self.parts:
            raise Unknown("a value that may be zero throughout")
        key = max(self.parts)
        c = _ball(self.parts[key])
        if c.contains(0):
            raise Unknown("a leading coefficient that may be zero")
        back = _inverted(key)
        rest = {_joined(k, back): _ball(v) / c for k, v in self.parts.items() if k != key}
        return key, c, Tail(rest, self.start)

    def bounds(self) -> Any:
        """A ball that holds every value. Raises Unknown where they grow."""
        total = arb(0)
        for key, c in self.parts.items():
            total = total + _ball(c) * (arb(1) if key == ONE else arb(0).union(largest(key, self.start)))
        return total

    def sign(self) -> int:
        """1 or −1, for all s ≥ start. Raises Unknown."""
        _, c, rest = self.leading()
        if not 1 + rest.bounds() > 0:
            raise Unknown("the leading part does not outweigh the rest yet")
        return 1 if c > 0 else -1

    def inverse(self) -> Tail:
        key, c, rest = self.leading()
        series = _series(lambda u: SERIES.quotient(SERIES.number(Fraction(1)), u), arb(1), rest)
        return series * Tail({_inverted(key): 1 / c}, self.start)

    def split(self) -> tuple[dict[Monomial, Any], Any, Tail]:
        """What grows, the constant, and what vanishes as s grows."""
        growing = {key: c for key, c in self.parts.items() if key > ONE}
        small = {key: c for key, c in self.parts.items() if key < ONE}
        return growing, _ball(self.parts.get(ONE, ZERO)), Tail(small, self.start)


def _ball(c: Any) -> Any:
    """A coefficient as a ball; rational ones are kept exact, for they may become exponents."""
    return wide.exact(c) if isinstance(c, Fraction) else c


def _is_zero(c: Any) -> bool:
    return c == 0 if isinstance(c, Fraction) else bool(wide.finite(c).is_zero())


def _sum(a: Any, b: Any) -> Any:
    return a + b if isinstance(a, Fraction) and isinstance(b, Fraction) else _ball(a) + _ball(b)


def _times(a: Any, b: Any) -> Any:
    return a * b if isinstance(a, Fraction) and isinstance(b, Fraction) else _ball(a) * _ball(b)


def variable(start: Fraction) -> Tail:
    """s itself."""
    return Tail({(ZERO, ZERO, Fraction(1), ZERO): Fraction(1)}, start)


def tail(tape: Tape, inputs: Mapping[str, Tail], start: Fraction) -> Tail:
    """A formula for all s ≥ start. Raises Undefined, of which Unknown is one."""
    result = tape.run(_arithmetic(start), inputs)
    assert isinstance(result, Tail)
    return result


def tail_sign(tape: Tape, inputs: Mapping[str, Tail], start: Fraction) -> int:
    """1 or −1 for all s ≥ start; 0 if the formula is zero throughout. With few terms first. Raises Undefined."""
    for detail in DETAILS:
        _Detail.order, _Detail.terms = detail
        try:
            result = tail(tape, inputs, start)
            return result.sign() if result.parts else 0
        except Unknown:
            if detail == DETAILS[-1]:
                raise
        finally:
            _Detail.order, _Detail.terms = DETAILS[-1]
    raise AssertionError


def largest(key: Monomial, start: Fraction) -> Any:
    """The greatest value for s ≥ start of a monomial that falls from there on. Raises Unknown."""
    k, j, i, power = key
    log = wide.exact(start).log()
    if not log > 1:
        raise Unknown("the tail must begin beyond e")
    i_up, log_up = wide.exact(max(i, ZERO)), wide.exact(max(power, ZERO))
    at = wide.exact(start)
    if k < 0 or (k == 0 and j < 0):
        falls = wide.exact(2 * k) * at + wide.exact(j) + i_up / at + log_up / (at * log) < 0
    elif k == 0 and j == 0 and i < 0:
        falls = wide.exact(i) + log_up / log < 0
    else:
        falls = key < ONE
    if not falls or key > ONE:
        raise Unknown("a part that does not fall yet")
    exponent = wide.exact(k) * at * at + wide.exact(j) * at + wide.exact(i) * log + wide.exact(power) * log.log()
    return exponent.exp()


def _joined(one: Monomial, two: Monomial) -> Monomial:
    return (one[0] + two[0], one[1] + two[1], one[2] + two[2], one[3] + two[3])


def _inverted(key: Monomial) -> Monomial:
    return (-key[0], -key[1], -key[2], -key[3])


def _merged(parts: dict[Monomial, Any], start: Fraction) -> dict[Monomial, Any]:
    """The smallest monomials as balls before the smallest that is kept."""
    keys = sorted(parts, reverse=True)
    kept = {key: parts[key] for key in keys[: _Detail.terms]}
    least = keys[_Detail.terms - 1]
    for key in keys[_Detail.terms :]:
        share = arb(0).union(largest(_joined(key, _inverted(least)), start))
        kept[least] = _ball(kept[least]) + _ball(parts[key]) * share
    return kept


def _series(function: Callable[[Any], Any], at: Any, small: Tail) -> Tail:
    """f(c + δ) by its series in δ, the last coefficient over all that δ can be."""
    order = _Detail.order
    with terms(order + 1):
        near = function(arb_series([at, 1]))
        coefficients = [near[k] for k in range(order)]
        far = function(arb_series([at + small.bounds(), 1])) if small.parts else None
        last = arb(0) if far is None else far[order]
    result, power = Tail({ONE: coefficients[0]}, small.start), small
    for c in [*coefficients[1:], last]:
        result = result + Tail({key: wide.finite(c) * _ball(v) for key, v in power.parts.items()}, small.start)
        power = power * small
    return result


def _analytic(name: str) -> Callable[[Tail], Tail]:
    function = SERIES.functions[name]

    def of(u: Tail) -> Tail:
        growing, constant, small = u.split()
        if growing:
            raise Unknown(f"{name} of what grows")
        return _series(function, constant, small)

    return of


def _exact(ball: Any) -> Fraction:
    if isinstance(ball, Fraction):
        return ball
    if not ball.is_exact():
        raise Unknown("exp of what grows by a factor that is no exact number")
    value = ball.fmpq()
    return Fraction(int(value.p), int(value.q))


def _exp(u: Tail) -> Tail:
    try:
        return _exact_exp(u)
    except Unknown:
        return _falling_exp(u)


def _falling_exp(u: Tail) -> Tail:
    """exp(u) ≤ e^{−rs} where u ≤ −rs: all that is kept of an exponent that is no exact polynomial."""
    s = variable(u.start)
    for rate in _RATES:
        try:
            if (u + s * u.constant(rate)).sign() < 0:
                return Tail({(ZERO, -rate, ZERO, ZERO): arb(0).union(arb(1))}, u.start)
        except Unknown:
            continue
    raise Unknown("exp of what grows too fast, or by a factor that is no exact number")


def _exact_exp(u: Tail) -> Tail:
    growing, constant, small = u.split()
    exponents = [ZERO] * 4
    for key, c in growing.items():
        place = _EXPONENTIATED.get(key)
        if place is None:
            raise Unknown("exp of what grows too fast")
        exponents[place] = _exact(c)
    factor = Tail({tuple(exponents): Fraction(1)}, u.start)  # type: ignore[dict-item]
    return _series(SERIES.functions["exp"], constant, small) * factor


_RATES = tuple(Fraction(4, 4**k) for k in range(4))
_EXPONENTIATED: dict[Monomial, int] = {
    (ZERO, ZERO, Fraction(2), ZERO): 0,
    (ZERO, ZERO, Fraction(1), ZERO): 1,
    (ZERO, ZERO, ZERO, Fraction(1)): 2,
}


def _log(u: Tail) -> Tail:
    key, c, rest = u.leading()
    if key[3] or not c > 0:
        raise Unknown("log of a logarithm, or of what may be negative")
    parts: dict[Monomial, Any] = {ONE: c.log()}
    for monomial, place in _EXPONENTIATED.items():
        if key[place]:
            parts[monomial] = key[place]
    return Tail(parts, u.start) + _series(SERIES.functions["log"], arb(1), rest)


def _sigmoid(u: Tail) -> Tail:
    if not u.split()[0]:
        return _analytic("sigmoid")(u)
    if u.sign() > 0:
        return (u.constant(Fraction(1)) + _exp(-u)).inverse()
    falling = _exp(u)
    return falling * (u.constant(Fraction(1)) + falling).inverse()


def _tanh(u: Tail) -> Tail:
    if not u.split()[0]:
        return _analytic("tanh")(u)
    two = u.constant(Fraction(2))
    if u.sign() < 0:
        return -_tanh(-u)
    return u.constant(Fraction(1)) - two * _sigmoid(-two * u)


def _softplus(u: Tail) -> Tail:
    if not u.split()[0]:
        return _analytic("softplus")(u)
    return _log(u.constant(Fraction(1)) + _exp(u)) if u.sign() < 0 else u + _softplus(-u)


def _wave(name: str) -> Callable[[Tail], Tail]:
    def of(u: Tail) -> Tail:
        return Tail({ONE: arb(-1).union(arb(1))}, u.start) if u.split()[0] else _analytic(name)(u)

    return of


def _arctan(u: Tail) -> Tail:
    if not u.split()[0]:
        return _analytic("arctan")(u)
    end = arb.pi() / 2 if u.sign() > 0 else -arb.pi() / 2
    return u.constant(end) - _analytic("arctan")(u.inverse())


def _normal_cdf(u: Tail) -> Tail:
    """1 − φ(u)/u·r with 1 − 1/u² ≤ r ≤ 1 for growing u (Gordon 1941); Φ(−u) = 1 − Φ(u)."""
    if not u.split()[0]:
        return _analytic("normal_cdf")(u)
    if u.sign() < 0:
        return u.constant(Fraction(1)) - _normal_cdf(-u)
    inverse = u.inverse()
    density = _exp(-(u * u) * u.constant(Fraction(1, 2))) * u.constant(1 / (2 * arb.pi()).sqrt())
    rest = u.constant(Fraction(1)) - inverse * inverse * u.constant(arb(0).union(arb(1)))
    return u.constant(Fraction(1)) - density * inverse * rest


def _erf(u: Tail) -> Tail:
    """1 − e^{−u²}/(u√π)·r with 1 − 1/(2u²) ≤ r ≤ 1 for growing u."""
    if not u.split()[0]:
        return _analytic("erf")(u)
    if u.sign() < 0:
        return -_erf(-u)
    inverse = u.inverse()
    rest = u.constant(Fraction(1)) - inverse * inverse * u.constant(arb(0).union(arb(0.5)))
    return u.constant(Fraction(1)) - _exp(-(u * u)) * inverse * rest * u.constant(1 / arb.pi().sqrt())


def _absolute(u: Tail) -> Tail:
    return u if not u.parts or u.sign() > 0 else -u


def _larger(u: Tail, v: Tail) -> Tail:
    difference = u - v
    return u if not difference.parts or difference.sign() > 0 else v


def _power(u: Tail, exponent: int) -> Tail:
    result = u
    for _ in range(exponent - 1):
        result = result * u
    return result


def _root(u: Tail, index: int) -> Tail:
    key, c, rest = u.leading()
    if not c > 0:
        raise Unknown("a root of what may be negative")
    scaled = tuple(exponent / index for exponent in key)
    series = _series(lambda v: SERIES.root(v, index), arb(1), rest)
    return series * Tail({scaled: c.root(index)}, u.start)  # type: ignore[dict-item]


def _half(sum_of_both: Tail) -> Tail:
    return sum_of_both * sum_of_both.constant(Fraction(1, 2))


def _arithmetic(start: Fraction) -> Arithmetic:
    return Arithmetic(
        number=lambda value: Tail({ONE: value}, start),
        constant=lambda name: Tail({ONE: wide.constant(name)}, start),
        functions=_FUNCTIONS,
        absolute=_absolute,
        power=_power,
        root=_root,
        quotient=Tail.__truediv__,
    )


_FUNCTIONS: dict[str, Callable[..., Tail]] = {
    "exp": _exp,
    "log": _log,
    "sin": _wave("sin"),
    "cos": _wave("cos"),
    "arctan": _arctan,
    "arcsin": _analytic("arcsin"),
    "erf": _erf,
    "normal_cdf": _normal_cdf,
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "softplus": _softplus,
    "sinh": lambda u: _half(_exp(u) - _exp(-u)),
    "cosh": lambda u: _half(_exp(u) + _exp(-u)),
    "max": _larger,
    "min": lambda u, v: -_larger(-u, -v),
    "relu": lambda u: _larger(u, Tail({}, u.start)),
    "sign": lambda u: u.constant(Fraction(u.sign())),
}
