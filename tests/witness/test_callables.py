"""Torch callables on either side: parameters matched by name or place, wrong backwards told from wrong gradients."""
# ruff: noqa: ARG005 - what a parameter is called is what is tested

from __future__ import annotations

import pytest
import torch

from checks import against_autograd
from checks.witness.callables import bound, plain, spelled
from derive.errors import BadSpec


def cube(wrong):
    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, upstream):
            (x,) = ctx.saved_tensors
            return upstream * wrong(x)

    return Cube.apply


RIGHT_BACKWARD = cube(lambda x: 3 * x**2)
WRONG_BACKWARDS = {
    "power": lambda x: 2 * x**2,
    "sign": lambda x: -3 * x**2,
    "slightly off": lambda x: 3.0003 * x**2,
    "negative inputs only": lambda x: 3 * x * x.abs(),
    "large inputs only": lambda x: 3 * x**2 * torch.where(x.abs() > 50, 1.001, 1.0),
}


def test_a_right_backward_is_verified():
    assert against_autograd("3x^2", RIGHT_BACKWARD, "x", {"x": "real"}, examples=50).status == "verified"


@pytest.mark.parametrize("name", WRONG_BACKWARDS)
def test_a_wrong_backward_is_told_from_a_wrong_gradient(name):
    verdict = against_autograd("3x^2", cube(WRONG_BACKWARDS[name]), "x", {"x": "real"}, examples=50)
    assert (verdict.status, verdict.code) == ("refuted", "backward"), verdict.evidence
    assert "the backward of f does not belong to its values" in verdict.evidence


def test_a_wrong_gradient_of_a_right_backward():
    verdict = against_autograd("2x^2", RIGHT_BACKWARD, "x", {"x": "real"}, examples=50)
    assert (verdict.status, verdict.code) == ("refuted", "autograd")
    assert verdict.counterexample == {"x": "1"}


@pytest.mark.parametrize(("gradient", "f", "status"), [
    (lambda x: 2 * x,                                      "x^2",                                 "verified"),
    (lambda x: 2 * x * torch.where(x < 0, 1.001, 1.0),     "x^2",                                 "refuted"),
    (lambda x: 2 * x * torch.where(x > 50, 1.001, 1.0),    "x^2",                                 "refuted"),
    (lambda x: torch.sigmoid(x) * (1 - torch.sigmoid(x)),  r"\operatorname{sigmoid}(x)",          "verified"),
    (torch.cos,                                            torch.sin,                             "verified"),
    (lambda x: 1 + 0 * x,                                  lambda x: x.abs(),                     "refuted"),
    (lambda x: (x >= 0).double(),                          torch.relu,                            "verified"),
    (lambda x: (x >= 1).double(),                          torch.relu,                            "refuted"),
    (lambda x: 2,                                          lambda x: 2 * x + 1,                   "verified"),
    (r"\frac{1}{1+\exp(-x)}",                              lambda x: torch.logaddexp(x, 0 * x),   "verified"),
])  # fmt: skip
def test_callables_on_either_side(gradient, f, status):
    verdict = against_autograd(gradient, f, "x", {"x": "real"}, examples=50)
    assert verdict.status == status, verdict.evidence


def test_second_order_through_a_callable():
    assert against_autograd("6x", lambda x: x**3, "x", layout="hessian", examples=30).status == "verified"
    assert against_autograd("5x", lambda x: x**3, "x", layout="hessian", examples=30).status == "refuted"
    assert against_autograd("2w", lambda x, w: x * w**2, ["x", "w"], examples=30).status == "verified"


@pytest.mark.parametrize(("function", "keys"), [
    (lambda w_1, x: 0,              ("w_1", "x")),
    (lambda w1, x: 0,               ("w_1", "x")),
    (lambda x, w1, eps=1e-5: 0,     ("x", "w_1")),
    (lambda x, /, *, w_1: 0,        ("x", "w_1")),
    (lambda beta1, lambda_, x: 0,   (r"\beta_1", r"\lambda", "x")),
    (lambda a, b, c, d: 0,          ("x", "w_1", r"\beta_1", r"\lambda")),
    (lambda *args: 0,               ("x", "w_1", r"\beta_1", r"\lambda")),
])  # fmt: skip
def test_parameters_are_matched_by_name_or_else_by_place(function, keys):
    names = ("x", "w_1", r"\beta_1", r"\lambda")
    assert bound(function, names, names).keys == keys


def test_parameters_that_fit_nothing_are_refused():
    with pytest.raises(BadSpec, match=r"a callable of \(a, b\) does not fit the declared names \(x\)"):
        bound(lambda a, b: 0, ("x",), ("x",))


@pytest.mark.parametrize(
    ("parameter", "name"), [("x", "x"), ("w1", "w_1"), ("w_12", "w_12"), ("beta2", r"\beta_2"), ("lambda_", r"\lambda")]
)
def test_parameters_spell_names(parameter, name):
    assert spelled(parameter) == name


def test_plain_names():
    assert [plain(name) for name in ("z_5^*", r"\beta_{12}", "w_1")] == ["z5star", "beta12", "w1"]


def test_a_module_and_a_name_of_where():
    class Layer(torch.nn.Module):
        def forward(self, z, x):
            return torch.tanh(z) * x

    verdict = against_autograd(
        r"(1 - \tanh(z)^2) w x + \tanh(z)", Layer(), "x", {"x": "real", "w": "real"}, where={"z": "w x"}, examples=40
    )
    assert verdict.status == "verified", verdict.evidence
