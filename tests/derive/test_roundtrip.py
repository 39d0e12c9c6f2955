"""What the writer prints, the reader reads back as the same tree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from trees import TABLE, statements

from derive.read import read
from derive.tree import (
    Call,
    Constant,
    Derivative,
    FunctionName,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
)  # fmt: skip
from derive.write import latex

X, Y, STAR = Name("x"), Name("y"), Name("z_5^*")
TWO, THREE = Number("2"), Number("3")

HARD: dict[str, Node] = {
    "product of numbers": Product((TWO, THREE)),
    "a number after a power": Product((Power(X, TWO), THREE)),
    "a number to a power before a number to a power": Product((Power(TWO, X), Power(THREE, Y))),
    "a quotient in an exponent": Power(X, Quotient(Quotient(X, Y), TWO)),
    "a negative exponent": Power(X, Negative(TWO)),
    "a quotient to a power": Power(Quotient(X, Y), TWO),
    "a root to a power": Power(Root(X), TWO),
    "a power to a power": Power(Power(X, TWO), THREE),
    "a negative to a power": Power(Negative(X), TWO),
    "a function to a power": Power(Call(r"\sigma", (X,), 1), TWO),
    "a function name as a factor": Product((FunctionName(r"\sigma", 1), X, Sum((X, Y)))),
    "a function name last": Product((X, FunctionName(r"\sigma", 1))),
    "a function name to a power": Power(FunctionName(r"\sigma", 1), TWO),
    "a name with a star to a power": Power(STAR, TWO),
    "a derivative of a name with a star": Derivative(STAR, (X,)),
    "a derivative by a name with a star, twice": Derivative(Y, (STAR, STAR)),
    "a derivative of a product": Derivative(Product((X, Y)), (X, Y, X)),
    "a derivative of a derivative": Derivative(Derivative(X, (Y,)), (X,)),
    "a derivative as a factor": Product((Derivative(Y, (X,)), X, Derivative(X, (Y,)))),
    "a derivative to a power": Power(Derivative(Y, (X,)), TWO),
    "a derivative over a name": Quotient(Derivative(Y, (X,)), X),
    "a sum in a sum": Sum((Sum((X, Y)), Negative(Sum((X, Negative(Y)))))),
    "a negative of a negative": Negative(Negative(X)),
    "a negative factor": Product((Negative(X), Negative(Y))),
    "a product in a product": Product((Product((X, Y)), X)),
    "a root in the index of a root": Root(X, Root(Y, THREE)),
    "a function of a function name": Call("sin", (FunctionName(r"\sigma"),)),
    "a high derivative of a function": Call("f", (X,), 7),
    "e to a power": Power(Constant("e"), Negative(X)),
    "a function that is a letter": Product((Name("lr"), Call("S", (X,), 1), X)),
}


@pytest.mark.parametrize("tree", HARD.values(), ids=HARD.keys())
def test_hard_trees_read_back_as_they_were(tree: Node) -> None:
    assert read(latex(tree), TABLE).tree == tree, latex(tree)


@settings(max_examples=600, deadline=None)
@given(statements)
def test_every_tree_reads_back_as_it_was(tree: Node) -> None:
    assert read(latex(tree), TABLE).tree == tree, latex(tree)
