"""Exponentials in every spelling: closed forms, every printed line and emitted code agree with differences to many digits."""

from __future__ import annotations

import mpmath
import pytest
from emitted import ran
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from derive import Expression, SymbolTable, TooLarge, gradient
from derive.program import Program
from derive.read import read
from derive.steps import with_total_derivatives
from derive.textbook import unchanged
from derive.tidy import tidied
from derive.tree import (
    Call,
    Cases,
    Constant,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)

TABLE = SymbolTable.from_specs({"x": "real", "y": "real", "a": {"domain": "positive"}})
POINTS = ({"x": "0.7", "y": "-1.3", "a": "2.5"}, {"x": "-1.6", "y": "0.9", "a": "0.4"})
FUNCTIONS = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sigmoid": lambda u: 1 / (1 + mpmath.exp(-u)),
    "softplus": lambda u: mpmath.log(1 + mpmath.exp(u)),
    "tanh": mpmath.tanh,
}


def value(node: Node, at: dict[str, mpmath.mpf]) -> mpmath.mpf:
    """A formula by mpmath: written apart from the library, which is what it is here to test."""
    match node:
        case Number():
            return mpmath.mpf(node.value.numerator) / node.value.denominator
        case Name(key=key):
            return at[key]
        case Constant(name="e"):
            return mpmath.e
        case Sum(terms=terms):
            return mpmath.fsum(value(term, at) for term in terms)
        case Product(factors=factors):
            return mpmath.fprod(value(factor, at) for factor in factors)
        case Negative(operand=operand):
            return -value(operand, at)
        case Quotient(numerator=top, denominator=bottom):
            return value(top, at) / value(bottom, at)
        case Power(base=base, exponent=exponent):
            return value(base, at) ** value(exponent, at)
        case Call(function=name, arguments=(u,), order=order):
            inner = value(u, at)
            return mpmath.diff(FUNCTIONS[name], inner, order) if order else FUNCTIONS[name](inner)
        case Cases():
            return value(_branch(node, at), at)
    raise AssertionError(f"no value for {node}")


def _branch(node: Cases, at: dict[str, mpmath.mpf]) -> Node:
    """The cases of this module are all of x against 0."""
    return node.values[0] if at["x"] > 0 else node.values[1]


def difference_quotient(formula: Node, at: dict[str, mpmath.mpf], order: int) -> mpmath.mpf:
    return mpmath.diff(lambda x: value(formula, at | {"x": x}), at["x"], order)


def _nodes(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pair = st.tuples(inner, inner)
    bases = st.sampled_from([Constant("e"), Number("2"), Name("a")])
    return st.one_of(
        pair.map(Sum), pair.map(Product), inner.map(Negative),
        st.builds(Quotient, inner, inner),
        st.builds(Power, bases, inner), st.builds(Power, bases, inner),
        st.builds(lambda u: Call("exp", (u,)), inner),
        st.builds(lambda u: Quotient(u, Sum((Number("1"), u))), inner),
        st.builds(lambda u: Call("log", (Sum((Number("1"), Power(Constant("e"), u))),)), inner),
        st.builds(lambda u, n: Power(u, Number(str(n))), inner, st.integers(2, 3)),
        st.builds(lambda f, u: Call(f, (u,)), st.sampled_from(["log", "sigmoid", "softplus", "tanh"]), inner),
        st.builds(_cases, inner, inner),
    )  # fmt: skip


def _cases(first: Node, second: Node) -> Node:
    whole = read(r"\begin{cases} 1 & x > 0 \\ 2 & \text{otherwise} \end{cases}", TABLE).tree
    assert isinstance(whole, Cases)
    return Cases((first, second), whole.conditions)


formulas = st.recursive(
    st.one_of(st.sampled_from("xya").map(Name), st.integers(1, 3).map(lambda n: Number(str(n)))), _nodes, max_leaves=5
)
WRITTEN = [
    r"\frac{e^x}{1+e^x}",
    r"\frac{e^x}{e^x+e^y}",
    r"-\log\frac{e^x}{e^x+e^y}",
    r"\log(1+e^{-yax})",
    r"\frac{1}{1+e^{-x}}",
    r"\frac{2^x}{1+2^x}",
    r"\frac{a^x}{a^x+a^y}",
    r"\frac{x^y}{1+x^y}",
    r"\frac{\exp(x)}{1+e^x}",
    r"e^{2x}e^x + e^{x+1}e^x",
    r"a^{x+1} a^{x} - \frac{a^{2x}}{a^{x}}",
    r"\frac{e^{-x}}{(1+e^{-x})^2}",
]


def held(formula: Node, order: int) -> None:
    """Every line, the closed form and the emitted gradient against differences."""
    mpmath.mp.dps = 40
    try:
        derivation = gradient(Expression(formula, TABLE), ["x"] * order)
        lines = [with_total_derivatives(step.expression.tree, Program()) for step in derivation.steps]
        emitted = ran(derivation.code("numpy"))
    except (TooLarge, ZeroDivisionError):
        return
    for point in POINTS:
        at = {key: mpmath.mpf(text) for key, text in point.items()}
        try:
            truth = difference_quotient(formula, at, order)
            if not isinstance(truth, mpmath.mpf) or not 1e-6 < abs(truth) < 1e6:
                continue
            found = [value(line, at) for line in (*lines, derivation.closed)]
        except (ZeroDivisionError, OverflowError, ValueError):
            continue  # not defined there
        for line in found:
            assert abs(line - truth) < 1e-8 * (1 + abs(truth)), derivation.latex()
        used = [name for name in TABLE if name in formula.names or name == "x"]
        with_numpy = float(emitted.gradient(*(float(point[name]) for name in used)))
        assert abs(with_numpy - float(truth)) < 1e-6 * (1 + abs(float(truth))), derivation.code("numpy")


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("written", WRITTEN)
def test_gradients_of_written_exponentials_are_their_differences(written: str, order: int) -> None:
    held(read(written, TABLE).tree, order)


@settings(max_examples=150, deadline=None)
@given(formulas, st.integers(1, 2))
def test_gradients_of_random_exponentials_are_their_differences(formula: Node, order: int) -> None:
    assume("x" in formula.names)
    held(formula, order)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (r"\frac{e^x}{1+e^x}", r"\frac{e^x}{(e^x + 1)^2}"),
        (r"\frac{2^x}{1+2^x}", r"\frac{2^x \ln(2)}{(2^x + 1)^2}"),
        (r"\frac{1}{1+e^{-x}}", r"\frac{e^{-x}}{(e^{-x} + 1)^2}"),
        (r"\frac{e^x}{e^x+e^y}", r"\frac{e^x e^y}{(e^x + e^y)^2}"),
    ],
)
def test_the_logistic_and_the_softmax_are_printed_as_in_books(written: str, printed: str) -> None:
    assert gradient(written, "x", TABLE).closed_form.latex() == printed


@settings(max_examples=150, deadline=None)
@example(read("e^x e^x", TABLE).tree)
@example(read(r"\frac{(x^y)^2 x^{y+1}}{x^{y}}", TABLE).tree)
@example(read(r"\log \log 1", TABLE).tree)
@given(formulas)
def test_tidying_keeps_the_value(formula: Node) -> None:
    try:
        tidy = tidied(formula)
    except ZeroDivisionError:
        assume(False)
        raise
    mpmath.mp.dps = 40
    for point in POINTS:
        at = {key: mpmath.mpf(text) for key, text in point.items()}
        try:
            before, after = value(formula, at), value(tidy, at)
        except (ZeroDivisionError, OverflowError, ValueError):
            continue
        if mpmath.isinf(before):  # what mpmath says of log 0
            continue
        assert abs(before - after) <= 1e-25 * (1 + abs(before))


@pytest.mark.parametrize(
    ("form", "tree", "is_proven"),
    [
        ("e^{2x}", "e^x e^x", True),
        ("x^x", "x x^{x-1}", True),
        (r"\frac{(e^x)^2}{(e^x+1)^2}", r"\frac{e^x}{(e^x+1)^2}", False),
        ("e^x", "e^x e^x", False),
        ("x", r"\frac{x}{y-y}", False),
    ],
)
def test_only_what_is_proven_equal_replaces_a_form(form: str, tree: str, is_proven: bool) -> None:
    assert unchanged(read(form, TABLE).tree, read(tree, TABLE).tree) is is_proven
