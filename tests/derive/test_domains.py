"""Closed, half-open and one-point intervals; half-planes; derivatives by complex variables."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

from checks import equal, holds
from checks.decide.claim import Gaussian
from checks.decide.replay import replay
from derive import BadSpec, NoRule, gradient
from derive.declarations import symbol_from_spec
from derive.program import Program


@pytest.mark.parametrize(
    ("spec", "inside", "outside"),
    [
        ({"domain": "real", "interval": [0.5, 2]}, ["1/2", "1", "2"], ["0", "3"]),
        ({"domain": "real", "interval": [0, 0]}, ["0"], ["1", "-1"]),
        ({"domain": "real", "interval": [None, 1]}, ["1", "-5"], ["2"]),
        ("real, in [0, 1)", ["0", "1/2"], ["1", "-1"]),
        ("real, in (0, 1]", ["1"], ["0"]),
        ("real, in [0, inf)", ["0", "9"], ["-1"]),
        ("real, in (0, 1)", ["1/2"], ["0", "1"]),
        ("integer, in [1, 3]", ["1", "3"], ["3/2", "0"]),
    ],
)
def test_intervals_hold_the_bounds_that_belong_to_them(spec, inside, outside):
    symbol = symbol_from_spec("x", spec)
    assert all(symbol.admits(Fraction(value)) for value in inside)
    assert not any(symbol.admits(Fraction(value)) for value in outside)
    assert symbol_from_spec("x", symbol.describe()) == symbol  # the description is a spec again


@pytest.mark.parametrize("spec", [{"domain": "real", "interval": [2, 1]}, "real, in [2, 1]", "real, in [1, 1)"])
def test_an_empty_interval_is_refused(spec):
    with pytest.raises(BadSpec):
        symbol_from_spec("x", spec)


@pytest.mark.parametrize(
    ("spec", "inside", "outside"),
    [
        ("complex, Re>0, Im>0", [(1, 1)], [(1, 0), (-1, 1), (1, -1)]),
        ("complex, Re >= 0", [(0, 1), (2, -1)], [(-1, 0)]),
        ("complex, Re<0", [(-1, 5)], [(0, 0)]),
        ("complex, Im ≤ 0", [(3, 0)], [(3, 1)]),
        ("complex, nonzero", [(0, 1)], [(0, 0)]),
    ],
)
def test_half_planes_admit_what_lies_in_them(spec, inside, outside):
    symbol = symbol_from_spec("z", spec)
    assert all(symbol.admits(Gaussian(Fraction(a), Fraction(b))) for a, b in inside)
    assert not any(symbol.admits(Gaussian(Fraction(a), Fraction(b))) for a, b in outside)
    assert symbol_from_spec("z", symbol.describe()) == symbol


def test_half_planes_are_for_complex_names_only():
    with pytest.raises(BadSpec):
        symbol_from_spec("x", "real, Im>0")


@pytest.mark.parametrize(
    ("statement", "spec", "status"),
    [
        (r"\operatorname{sign}(x) = 1", {"domain": "real", "interval": [0, 1]}, "refuted"),  # at 0, which belongs to it
        (r"\operatorname{sign}(x) = 1", "real, in (0, 1]", "proven"),
        (r"\sqrt{x^2} = x", {"domain": "real", "interval": [0, 3]}, "proven"),
        ("x = x^2", {"domain": "real", "interval": [1, 1]}, "proven"),
        ("x = 2x", {"domain": "real", "interval": [1, 1]}, "refuted"),
        (r"\sqrt{x^2} = x", "complex, Re>0", "verified"),
        (r"\sqrt{x^2} = x", "complex, Im>0", "refuted"),
    ],
)
def test_claims_are_decided_on_the_declared_domain(statement, spec, status):
    verdict = holds(statement, {"x": spec})
    assert verdict.status in ({status} if status != "verified" else {"proven", "verified"})


@pytest.mark.parametrize("function", ["arcsch", "arcsec", "arccsc", "arcosh", "arsech", "artanh", "arcoth"])
@pytest.mark.parametrize("plane", ["Re>0, Im>0", "Re<0, Im>0", "Re<0, Im<0", "Re>0, Im<0"])
def test_inverse_functions_have_the_derivative_of_their_principal_value(function, plane):
    """Beside a difference quotient of the value itself."""
    signs = {"Re>0": 1, "Re<0": -1, "Im>0": 1, "Im<0": -1}
    real, imaginary = (signs[part] for part in plane.split(", "))
    closed = gradient(rf"\operatorname{{{function}}}(z)", "z", {"z": f"complex, {plane}"}).closed_form
    point = {"z": Gaussian(Fraction(7, 5) * real, Fraction(3, 4) * imaginary)}
    found = replay(closed.tree, point, Program(), {}, 30, principal=True)
    name = {"arcsch": "acsch", "arcsec": "asec", "arccsc": "acsc", "arcosh": "acosh", "arsech": "asech",
            "artanh": "atanh", "arcoth": "acoth"}[function]  # fmt: skip
    truth = mpmath.diff(getattr(mpmath, name), mpmath.mpc(1.4 * real, 0.75 * imaginary))
    assert abs(found - truth) < 1e-8


def test_a_modulus_where_the_complex_derivative_has_none_is_refuted():
    claim, names = r"\frac{d}{dz} \operatorname{arcsch}(z) = ", {"z": "complex, Re>0, Im>0"}
    assert holds(claim + r"-\frac{1}{z^2 \sqrt{1 + z^{-2}}}", names).status in {"proven", "verified"}
    assert holds(claim + r"-\frac{1}{|z| \sqrt{1 + z^2}}", names).status == "refuted"


@pytest.mark.parametrize("f", ["|z|", "z |z|^2", r"\max(z, 1)", r"\operatorname{ReLU}(z)"])
def test_what_has_no_complex_derivative_is_refused(f):
    with pytest.raises(NoRule):
        gradient(f, "z", {"z": "complex"})


def test_definitions_for_reals_prove_nothing_for_complex_names():
    wrong = r"\ln(z + \sqrt{z^2 - 1})"  # arcosh on the right half-plane only
    assert equal(r"\operatorname{arcosh}(z)", wrong, {"z": "complex, Re<0, Im>0"}).status == "refuted"


def test_an_integrand_that_cannot_be_enclosed_is_left_undecided_without_end():
    verdict = equal(
        r"\int_0^x t^{a-1} (1-t)^{b-1} dt", "x", {"x": "real, in [0.1, 0.9]", "a": "positive", "b": "positive"}
    )
    assert verdict.status in {"undecided", "refuted"}
