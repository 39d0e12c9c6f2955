"""The form a book prints: the shortest of the collected forms, names before functions, signs in front."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive import SymbolTable, TooLarge
from derive.normal import same
from derive.read import read
from derive.textbook import collected, expanded
from derive.tidy import tidied
from derive.tree import Call, Name, Negative, Node, Number, Power, Product, Quotient, Sum
from derive.write import latex

TABLE = SymbolTable.from_specs(dict.fromkeys(["x", "y", "z", "w", "b"], "real") | {r"\sigma": "function"})


def tree(text: str) -> Node:
    return read(text, TABLE).tree


COLLECTED = [
    ("x + x", "2 x"),
    ("x w x w", "x^2 w^2"),
    (r"\sigma'(x) w \sigma'(y) w", r"w^2 \sigma'(x) \sigma'(y)"),
    (r"(w \sigma'(z) w + 1) \sigma'(y) x", r"x (w^2 \sigma'(z) + 1) \sigma'(y)"),
    ("x y + x z", "x (y + z)"),
    ("x^2 + 2xy + y^2", "(x + y)^2"),
    ("-x^2 + 1", "1 - x^2"),
    (r"\frac{x y}{y z}", r"\frac{x}{z}"),
    (r"\frac{-x}{y}", r"-\frac{x}{y}"),
    (r"x - x + \sigma(y) - \sigma(y)", "0"),
    (r"\frac{2x}{4}", r"\frac{x}{2}"),
    (r"\frac{2 (x - y)}{2} (1 - \sigma(w x)^2) w", r"w (x - y) (1 - \sigma(w x)^2)"),
    ("x + (-1) y", "x - y"),
    (r"\frac{3(x - y)}{-6}", r"-\frac{x - y}{2}"),
    ("2 x \\cdot 3 y", "6 x y"),
    ("x x^{x-1} + x^x y", "x^x (y + 1)"),
    (r"\sigma(\frac{2x}{2})", r"\sigma(x)"),
    ("(-x)^3", "-x^3"),
    (r"\exp(x)^2", r"\exp(x)^2"),
]


@pytest.mark.parametrize(("written", "printed"), COLLECTED)
def test_collected_forms(written: str, printed: str | None) -> None:
    form = collected(tree(written))
    assert same(form, tree(written))
    if printed is not None:
        assert latex(form) == printed


EXPANDED = [
    ("(x + y)^2", "x^2 + 2 x y + y^2"),
    (r"x (\sigma(y) + 1)", r"x \sigma(y) + x"),
    ("(x - y)(x + y)", "x^2 - y^2"),
]


@pytest.mark.parametrize(("written", "printed"), EXPANDED)
def test_expanded_forms(written: str, printed: str) -> None:
    assert latex(expanded(tree(written))) == printed


def test_what_is_too_large_stays_as_it_is() -> None:
    large = tree("(x + y + z + w + b)^{200}")
    assert collected(large) == large
    with pytest.raises(TooLarge):
        expanded(large)


def test_what_divides_by_zero_stays_as_it_is() -> None:
    undefined = tree(r"\frac{x}{y - y}")
    assert collected(undefined) == undefined


def _nodes(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(Sum), pair.map(Product), inner.map(Negative), st.builds(Quotient, inner, inner),
        st.builds(Power, inner, st.integers(0, 3).map(lambda n: Number(str(n)))),
        st.builds(Call, st.sampled_from([r"\sigma", "exp", "tanh"]), st.tuples(inner), st.just(0)),
    )  # fmt: skip


formulas = st.recursive(
    st.one_of(st.sampled_from("xyz").map(Name), st.integers(0, 4).map(lambda n: Number(str(n)))), _nodes, max_leaves=7
)


@settings(max_examples=200, deadline=None)
@given(formulas)
def test_forms_equal_what_they_came_from_and_are_no_longer(formula: Node) -> None:
    try:
        form = collected(formula)
        assert same(form, formula)
        assert same(expanded(formula), formula)
    except (ZeroDivisionError, TooLarge):
        assume(False)
    assert len(latex(form)) <= len(latex(tidied(formula)))
    assert read(latex(form), TABLE).tree == form
