"""Derivatives of case distinctions, indicators, Σ, Π and ∫; and of every row of the table of functions, orders 1 to 4."""

from __future__ import annotations

import mpmath
import pytest

from checks import equal
from checks.decide.replay import _Replay
from derive import NoRule, gradient
from derive.errors import TooLarge
from derive.functions import FUNCTIONS, Function
from derive.pullback import derivative
from derive.rules import PLACES
from derive.tree import Call, Name, Node

NAMES = {"x": "real", "y": "real", "n": "positive integer", r"\delta": "positive"}
RIGHT = [
    (r"\begin{cases} x^2 & x > 0 \\ \delta x & \text{otherwise} \end{cases}",
     r"\begin{cases} 2x & x > 0 \\ \delta & \text{otherwise} \end{cases}"),
    (r"y \begin{cases} x & x > y \\ y & x \le y \end{cases}", r"\begin{cases} y & x > y \\ 0 & x \le y \end{cases}"),
    (r"x^2 \mathbb{1}[x > 0]", r"2x \mathbb{1}[x > 0]"),
    (r"\begin{cases} \frac{\sin x}{x} & x \ne 0 \\ 1 & x = 0 \end{cases}", r"\frac{\cos x}{x} - \frac{\sin x}{x^2}"),
    (r"\sum_{k=1}^{4} x^k", "1 + 2x + 3x^2 + 4x^3"),
    (r"\sum_{k=1}^{n} k x^k", r"\sum_{k=1}^{n} k^2 x^{k-1}"),
    (r"\prod_{k=1}^{3} (x + k)", "(x+2)(x+3) + (x+1)(x+3) + (x+1)(x+2)"),
    (r"\prod_{k=1}^{n} (x + k)", r"\left(\prod_{k=1}^{n} (x + k)\right) \left(\sum_{k=1}^{n} \frac{1}{x+k}\right)"),
    (r"\int_0^x t^2 \sin(t) dt", r"x^2 \sin x"),
    (r"\int_{x}^{x^2} t^2 dt", "2x^5 - x^2"),
    (r"\int_0^1 \sin(x t) dt", r"\int_0^1 t \cos(x t) dt"),
    (r"|x|^3", "3x|x|"),
    (r"\max(x, y)", r"\begin{cases} 1 & x > y \\ 0 & x < y \end{cases}"),
]  # fmt: skip


@pytest.mark.parametrize(("f", "truth"), RIGHT)
def test_constructs_are_differentiated(f: str, truth: str) -> None:
    assert equal(gradient(f, "x", NAMES), truth, NAMES).status in {"proven", "verified"}


@pytest.mark.parametrize(
    ("f", "wrong"),
    [
        (r"\begin{cases} x^2 & x > 0 \\ \delta x & \text{otherwise} \end{cases}",
         r"\begin{cases} 2x & x > 0 \\ x & \text{otherwise} \end{cases}"),
        (r"x^2 \mathbb{1}[x > 0]", "2x"),
        (r"\sum_{k=1}^{4} x^k", "1 + 2x + 3x^2 + 4x^4"),
        (r"\prod_{k=1}^{3} (x + k)", "(x+2)(x+3)"),
        (r"\int_{x}^{x^2} t^2 dt", "x^4 - x^2"),
        (r"\begin{cases} \frac{e^x - 1}{x} & x \ne 0 \\ 1 & x = 0 \end{cases}", "0"),
    ],
)  # fmt: skip
def test_wrong_derivatives_of_constructs_are_refuted(f: str, wrong: str) -> None:
    assert equal(gradient(f, "x", NAMES), wrong, NAMES).status == "refuted"


@pytest.mark.parametrize(
    "f",
    [
        r"\sum_{k=1}^{x} k",  # a bound that is the variable
        r"\sum_{k=1}^{\infty} \frac{\sin(k x)}{k}",  # the terms' derivatives do not converge
        r"\int_0^1 \mathbb{1}[t < x] dt",  # x, though the derivative of the integrand is 0
        r"\int_0^1 \operatorname{sign}(x - t) dt",
        r"\int_0^1 \lfloor x + t \rfloor dt",
        r"\int_0^1 \operatorname{ReLU}'(x - t) dt",
        r"\int_0^1 \frac{x}{x^2 + t^2} dt",  # arctan(1/x), which jumps at 0
        r"\int_0^1 \ln|x - t| dt",
        r"\int_0^{\infty} \frac{\sin(x t)}{t} dt",
    ],
)
def test_what_no_law_covers_is_never_answered_with_0(f: str) -> None:
    with pytest.raises(NoRule):
        gradient(f, "x", NAMES)


def test_the_second_derivative_under_an_integral_with_a_kink_is_refused() -> None:
    assert gradient(r"\int_0^1 |x - t| dt", "x", NAMES)
    with pytest.raises(NoRule):
        gradient(r"\int_0^1 |x - t| dt", ["x", "x"], NAMES)


# --- the table of functions ------------------------------------------------------------------------------------------

ORDERS = (1, 2, 3, 4)
# a point inside the domain, off the kinks, for each row whose domain is not all of the reals
INSIDE = {
    "arcsec": ("1.7",), "arccsc": ("1.7",), "arcosh": ("1.7",), "arcoth": ("1.7",), "log_base": ("2.3", "1.7"),
    "lambert_w": ("0.7",), "zeta": ("2.6",), "hurwitz_zeta": ("2.6", "1.3"), "polygamma": ("1", "1.7"),
    "mod": ("2.3", "0.7"), "rem": ("2.3", "0.7"), "clip": ("0.4", "-1.3", "2.1"), "expint": ("2", "1.3"),
    "bessel_j": ("1", "1.3"), "bessel_y": ("0.7", "1.3"), "bessel_i": ("1", "1.3"), "bessel_k": ("0.7", "1.3"),
    "binomial": ("4.3", "1.6"), "upper_gamma": ("1.6", "0.9"), "gamma_q": ("1.6", "0.9"), "gamma_p": ("1.6", "0.9"),
}  # fmt: skip
DEFAULT = ("0.37", "0.83", "1.21")


def _points(row: Function) -> tuple[str, ...]:
    return INSIDE.get(row.name) or DEFAULT[: row.arity or 2]


def _cases() -> list[tuple[str, int]]:
    found = []
    for row in FUNCTIONS.values():
        count = row.arity or 2
        columns = row.derivatives if row.arity else row.derivatives * 2
        found += [(row.name, place) for place in range(count) if columns[place]]
    return found


def _value(tree: Node, at: dict[str, mpmath.mpf]) -> mpmath.mpf:
    return _Replay({Name(key): value for key, value in at.items()}, {}, mpmath.mp).value(tree)


@pytest.mark.parametrize(("function", "place"), _cases())
def test_derivatives_of_every_row_up_to_order_4_agree_with_numeric_differentiation(function: str, place: int) -> None:
    """Each order against differences of the values of the function itself at 60 digits."""
    row = FUNCTIONS[function]
    texts = _points(row)
    names = PLACES[: len(texts)]
    tree: Node = Call(function, tuple(Name(name) for name in names))
    compared = 0
    with mpmath.workdps(60):
        at = dict(zip(names, map(mpmath.mpf, texts), strict=True))

        def along(value: mpmath.mpf, tree: Node = tree) -> mpmath.mpf:
            return _value(tree, {**at, names[place]: value})

        for order in ORDERS:
            try:
                tree = derivative(tree, names[place])
            except (NoRule, TooLarge):
                break
            truth = mpmath.diff(along, at[names[place]], order, h=mpmath.mpf(10) ** -10)
            found = _value(tree, at)
            assert abs(found - truth) <= mpmath.mpf(10) ** -6 * (1 + abs(truth)), (order, found, truth)
            compared += 1
    assert compared >= 4, compared
