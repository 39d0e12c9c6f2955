"""Networks of many layers: derived name by name, deep cotangents with names of their own, and still checked."""

import pytest

from checks import against_autograd, equal
from derive import gradient

SYMBOLS = {"x": "vector n", "y": "vector n"}


def layers(count, weight="W_{{{}}}", layer=r"\tanh({} {})"):
    """Named layers h_0, h_1, … and what their symbols are."""
    weights = [weight.format(i) for i in range(count)]
    where = {f"h_{{{i}}}": layer.format(weights[i], f"h_{{{i - 1}}}" if i else "x") for i in range(count)}
    return rf"\|h_{{{count - 1}}} - y\|_2^2", {**SYMBOLS, **dict.fromkeys(weights, "matrix n n")}, where


@pytest.mark.parametrize(("count", "weight", "wrt"), [(200, "W_{{{}}}", "x"), (60, "W", "W")], ids=str)
def test_the_derivative_of_a_deep_network_is_read_again_as_itself(count, weight, wrt):
    f, symbols, where = layers(count, weight)
    found = gradient(f, wrt, symbols, where=where)
    assert found.remarks
    assert equal(found.closed_form.latex(), found, found.symbols).status == "proven"


@pytest.mark.parametrize(("weight", "wrt"), [("W_{{{}}}", "W_0"), ("W", "W")], ids=str)
def test_a_derivative_with_named_cotangents_agrees_with_autograd(weight, wrt):
    f, symbols, where = layers(30, weight)
    found = gradient(f, wrt, symbols, where=where)
    assert len(found.program.definitions) > len(where)
    assert against_autograd(found, found, wrt, examples=2).status == "verified"


def test_a_deep_result_with_a_slip_is_refuted():
    f, symbols, where = layers(50)
    found = gradient(f, "x", symbols, where=where)
    wrong = found.closed_form.latex().replace(r"\mathbf{1} - h_0", r"\mathbf{1} + h_0")
    assert wrong != found.closed_form.latex()
    assert equal(wrong, found, found.symbols).status == "refuted"


def test_a_residual_network_does_not_double_with_every_block():
    f, symbols, where = layers(25, layer=r"{1} + \tanh({0} {1})")
    found = gradient(f, "x", symbols, where=where)
    assert sum(tree.size for tree in (found.closed, *found.program.definitions.values())) < 10_000
    assert against_autograd(found, found, "x", examples=2).status == "verified"


def test_the_lines_go_back_name_by_name_where_everything_put_in_would_be_long():
    f, symbols, where = layers(30)
    steps = gradient(f, "x", symbols, where=where).steps
    assert len(steps) >= len(where) + 1
    assert max(len(step.latex) for step in steps[: len(where)]) < 400


def test_a_shallow_network_keeps_its_closed_form_without_new_names():
    f, symbols, where = layers(3)
    found = gradient(f, "x", symbols, where=where)
    assert len(found.program.definitions) == len(where)
    assert not found.remarks
