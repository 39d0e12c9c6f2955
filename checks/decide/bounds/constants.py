"""Lipschitz constants of activations: the supremum of |f'| as a certified interval.

Exact where it is attained at a rational value (sigmoid ¼, tanh 1, ReLU 1), else to as many digits as are asked for:

    SiLU        1.09983932…       GELU       1.12890414…       mish       1.08849816…
    softplus    1, not attained   sigmoid''  1/(6√3)           tanh''     4/(3√3)
"""

from __future__ import annotations

from functools import lru_cache

from checks.decide.bounds.extremes import Enclosure, infimum, supremum
from checks.decide.branches import resolved
from checks.decide.intervals import Interval
from derive.functions import FUNCTIONS
from derive.rules import function_derivative_of_order
from derive.tree import Call, Name

X = Name("x")
WHOLE_LINE = {"x": Interval()}
DIGITS = 8


@lru_cache(maxsize=64)
def greatest_slope(function: str, order: int = 1, digits: int = DIGITS) -> Enclosure | None:
    """sup |f⁽ᵏ⁾| over the real line of a row of derive.functions; None where no bound was proven.

    Where f is not differentiable at single points the supremum is that of the derivative elsewhere, which is the
    Lipschitz constant all the same for a continuous f. Raises KeyError for a function that is not known.
    """
    if FUNCTIONS[function].arity != 1:
        raise KeyError(function)
    slope = function_derivative_of_order(Call(function, (X,), order), order)
    slope = resolved(slope)
    above, below = supremum(slope, WHOLE_LINE, digits), infimum(slope, WHOLE_LINE, digits)
    if above is None or below is None:
        return None
    if above.low >= -below.high:
        return Enclosure(above.low, max(above.high, -below.low), above.point)
    return Enclosure(-below.high, max(above.high, -below.low), below.point)
