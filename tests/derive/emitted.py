"""Runs emitted modules, to hold what they compute against values known to many digits.

The text is our own writer's and nobody else's, and running it is the only way to know that it is right.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from types import ModuleType, SimpleNamespace
from typing import Any

import mpmath
import numpy as np

LANGUAGES = ("sympy", "numpy", "torch")


def ran(text: str) -> SimpleNamespace:
    """The names an emitted module defines."""
    names: dict[str, Any] = {}
    with scipy_or_a_stand_in():
        exec(compile(text, "<emitted>", "exec"), names)  # noqa: S102 - text of our own writer, see the module
    return SimpleNamespace(**{name: value for name, value in names.items() if not name.startswith("__")})


def given(language: str, value: Fraction | int | list[Fraction]) -> Any:
    """An argument as the language takes it."""
    if language == "sympy":
        import sympy

        return sympy.Rational(value.numerator, value.denominator)
    floats = [float(v) for v in value] if isinstance(value, list) else float(value)
    if language == "numpy":
        return np.array(floats)
    import torch

    return torch.tensor(floats, dtype=torch.float64)


def number(language: str, value: Any) -> float:
    """A result as a float."""
    if language == "sympy":
        import sympy

        found = complex(sympy.N(value, 30))
        assert abs(found.imag) < 1e-25
        return found.real
    return float(value.detach() if language == "torch" else value)


# --- scipy.special as its manual describes it, by mpmath: our own environment has no SciPy ---------------------------


def _entrywise(function: Callable[..., Any]) -> Callable[..., Any]:
    return np.vectorize(lambda *values: float(mpmath.re(function(*map(mpmath.mpf, values)))), otypes=[float])


SPECIAL: Mapping[str, Callable[..., Any]] = {
    "erfi":      _entrywise(mpmath.erfi),
    "erfinv":    _entrywise(mpmath.erfinv),
    "erfcx":     _entrywise(lambda u: mpmath.exp(u * u) * mpmath.erfc(u)),
    "gamma":     _entrywise(mpmath.gamma),
    "gammaincc": _entrywise(lambda s, u: mpmath.gammainc(s, u, regularized=True)),
    "gammainc":  _entrywise(lambda s, u: mpmath.gammainc(s, 0, u, regularized=True)),
    "gammaln":   _entrywise(lambda u: mpmath.log(abs(mpmath.gamma(u)))),
    "gammasgn":  _entrywise(lambda u: mpmath.sign(mpmath.gamma(u))),
    "digamma":   _entrywise(mpmath.digamma),
    "polygamma": _entrywise(lambda n, u: mpmath.polygamma(int(n), u)),
    "beta":      _entrywise(mpmath.beta),
    "binom":     _entrywise(mpmath.binomial),
    "jv":        _entrywise(mpmath.besselj),
    "yv":        _entrywise(mpmath.bessely),
    "iv":        _entrywise(mpmath.besseli),
    "kv":        _entrywise(mpmath.besselk),
    "lambertw":  _entrywise(mpmath.lambertw),
    "zeta":      _entrywise(mpmath.zeta),
    "expi":      _entrywise(mpmath.ei),
    "expn":      _entrywise(mpmath.expint),
    "shichi":    lambda u: (_entrywise(mpmath.shi)(u), _entrywise(mpmath.chi)(u)),
}  # fmt: skip


@contextmanager
def scipy_or_a_stand_in() -> Iterator[None]:
    """Emitted code may import scipy.special; whatever else it imports stays imported."""
    if importlib.util.find_spec("scipy") is not None:
        yield
        return
    scipy = ModuleType("scipy")
    scipy.special = SimpleNamespace(**SPECIAL)  # type: ignore[attr-defined]
    sys.modules["scipy"] = scipy
    try:
        yield
    finally:
        del sys.modules["scipy"]
