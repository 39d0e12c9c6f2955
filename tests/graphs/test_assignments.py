"""Programs written as assignments are read by our own grammar, never executed; what is not understood is placed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derive.errors import Unreadable
from derive.plain import plain
from derive.read.assignments import canonical, read_assignments
from derive.write import latex


@pytest.mark.parametrize(
    ("line", "formula"),
    [
        ("y = (x0 - e*x1)**a + torch.sin(d*x2)", r"(x_0 - e x_1)^a + \sin(d x_2)"),
        ("y = -x**2", "-x^2"),  # ** binds tighter than the sign before it
        ("y = x**-2", "x^{-2}"),
        ("y = 2**x**3", "2^{x^3}"),  # from the right
        ("y = a - b - c", "a - b - c"),
        ("y = a / b / c", r"\frac{\frac{a}{b}}{c}"),
        ("y = np.exp(x) * math.sqrt(x) # why", r"\exp(x) \sqrt{x}"),
        ("y = F.relu(x10)", r"\operatorname{ReLU}(x_{10})"),
    ],
)
def test_formulas_have_pythons_precedence(line, formula):
    assert latex(read_assignments(line).definitions["y"]) == formula


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("a = 1.5", Fraction(3, 2)),
        ("a = -2", Fraction(-2)),
        ("a = torch.tensor([.5], requires_grad=True)", Fraction(1, 2)),
        ("a = Variable(torch.tensor([1.0]), requires_grad=True)", Fraction(1)),
        ("a = torch.tensor(-1e3)", Fraction(-1000)),
    ],
)
def test_leaves_are_given_values(line, value):
    assert read_assignments(line).values == {"a": value}


def test_a_leaf_that_is_never_used_is_the_name_that_lacks_a_value_and_that_is_said():
    read = read_assignments("a_ = torch.tensor([1.0])\ny = a * x")
    assert read.values == {"a": Fraction(1)}
    assert "a_ is given a value and never used" in read.remarks[0]


def test_a_leaf_with_an_underscore_that_is_used_keeps_its_name():
    read = read_assignments("a_ = 1.0\na = 2.0\ny = a_ * a")
    assert (read.values, read.remarks) == ({"a_": Fraction(1), "a": Fraction(2)}, [])


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("x = __import__('os')", 1, 16),
        ("x = open(y)", 1, 5),
        ("x = y.z(1)", 1, 5),
        ("x = [i for i in y]", 1, 5),
        ("x = lambda: 1", 1, 11),
        ("import os", 1, 8),
        ("x = 1\nx = 2", 2, 1),
        ("a = 1\nb = a +\nc = 2", 2, 8),
        ("x = torch.tensor([1.0, 2.0])", 1, 1),
        ("x = torch.sin(1, 2)", 1, 5),
    ],
)
def test_anything_else_is_refused_with_its_place(text, line, column):
    with pytest.raises(Unreadable) as caught:
        read_assignments(text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize("text", ["x = " + "(" * 5000, "x = 1\n" * 9000, "x" * 30_000])
def test_hostile_programs_are_refused_at_once(text):
    with pytest.raises(Unreadable):
        read_assignments(text)


@pytest.mark.parametrize(
    ("written", "key"), [("x0", "x_0"), ("x_0", "x_0"), ("x10", "x_{10}"), ("alpha", "alpha"), ("a_", "a_")]
)
def test_digits_at_the_end_are_an_index(written, key):
    assert canonical(written) == key


@pytest.mark.parametrize("text", ["a·(b + c)", "(a + b)^2", "a/(b·c)", "a - (b - c)", "-(a + b)"])
def test_plain_text_keeps_its_brackets(text):
    tree = read_assignments("y = " + text.replace("·", "*").replace("^", "**")).definitions["y"]
    assert plain(tree) == text
