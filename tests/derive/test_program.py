"""Definitions and derivatives through them: the factored chain rule equals the sum over all paths."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import BadSpec, Program, SymbolTable, TooLarge
from derive.normal import same
from derive.program import MAX_PATHS
from derive.pullback import derivative
from derive.read import read
from derive.tree import ONE, ZERO, Call, Name, Negative, Node, Product, Sum, names, times, total
from derive.write import latex


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A random directed acyclic graph of layers over the inputs x, w."""
    definitions: list[tuple[str, Node]] = []
    for index in range(draw(st.integers(1, 6))):
        known = ["x", "w", *(key for key, _ in definitions)]
        terms: list[Node] = [
            Product((Name(draw(st.sampled_from(["x", "w"]))), Name(draw(st.sampled_from(known)))))
            if draw(st.booleans())
            else Name(draw(st.sampled_from(known)))
            for _ in range(draw(st.integers(1, 3)))
        ]
        tree = total(terms)
        definitions.append((f"h_{index}", Call(r"\sigma", (tree,)) if draw(st.booleans()) else tree))
    return Program(definitions)


def by_all_paths(program: Program, top: str, bottom: str) -> Node:
    """Σ over paths of the product of local derivatives, with nothing shared."""
    if top == bottom:
        return ONE
    if top not in program.definitions:
        return ZERO
    steps = dict.fromkeys(names(program.definitions[top]))
    return total([times([program.local(top, below), by_all_paths(program, below, bottom)]) for below in steps])


@settings(max_examples=150, deadline=None)
@given(programs(), st.sampled_from(["x", "w"]))
def test_the_factored_chain_rule_is_the_sum_over_paths(program: Program, bottom: str) -> None:
    top = list(program.definitions)[-1]
    assert same(program.total(top, bottom), by_all_paths(program, top, bottom))


@settings(max_examples=100, deadline=None)
@given(programs(), st.sampled_from(["x", "w"]))
def test_the_chain_rule_is_the_derivative_of_the_expanded_formula(program: Program, bottom: str) -> None:
    top = list(program.definitions)[-1]
    expanded = program.expanded(Name(top))
    assert same(program.expanded(program.total(top, bottom)), derivative(expanded, bottom))


def layers() -> Program:
    table = SymbolTable.from_specs(
        dict.fromkeys(["w", "x", "h_1", "h_2", "h_3", "z_4"], "real") | {r"\sigma": "function"}
    )
    written = [("h_1", r"\sigma(w x)"), ("h_2", r"\sigma(w h_1)"), ("h_3", "h_2 + h_1"), ("z_4", "w h_3")]
    return Program([(key, read(text, table).tree) for key, text in written])


def test_the_sum_is_split_at_the_names_all_paths_pass() -> None:
    chain = layers().chain_rule("z_4", "x")
    assert latex(chain) == (
        r"\frac{\partial z_4}{\partial h_3} \cdot \left( \frac{\partial h_3}{\partial h_2} \cdot \frac{\partial h_2}{\partial h_1}"
        r" + \frac{\partial h_3}{\partial h_1} \right) \cdot \frac{\partial h_1}{\partial x}"
    )


def test_a_name_without_a_path_gives_zero_and_itself_one() -> None:
    assert layers().chain_rule("h_1", "h_2") == ZERO
    assert layers().chain_rule("h_2", "h_2") == ONE
    assert layers().total("h_1", "nowhere") == ZERO


def test_inputs_are_found_through_all_definitions() -> None:
    assert set(layers().inputs(Name("z_4"))) == {"w", "x"}
    assert list(layers().needed(Name("h_2"))) == ["h_1", "h_2"]


def test_a_name_is_defined_once() -> None:
    with pytest.raises(BadSpec, match="a is defined twice"):
        Program([("a", Name("x")), ("a", Name("y"))])


def test_definitions_stand_in_order() -> None:
    with pytest.raises(BadSpec, match="a is defined by b, which is not defined before it"):
        Program([("a", Name("b")), ("b", Name("x"))])
    with pytest.raises(BadSpec, match="a is defined by a"):
        Program([("a", Sum((Name("a"), ONE)))])


def test_too_many_paths_are_refused() -> None:
    pairs: list[tuple[str, Node]] = [("a_0", Sum((Name("x"), Name("x"))))]
    for index in range(13):
        both = [(f"{side}_{index + 1}", Sum((Name(f"a_{index}"), Name(f"b_{index}")))) for side in "ab"]
        pairs += [("b_0", Name("x")), *both] if index == 0 else both
    program = Program(pairs)
    assert MAX_PATHS < 2**13
    with pytest.raises(TooLarge, match="paths"):
        program.chain_rule("a_13", "x")


def test_an_expansion_that_grows_too_large_is_refused() -> None:
    doubling = Program([(f"y_{i + 1}", Sum((Name(f"y_{i}"), Name(f"y_{i}")))) for i in range(40)])
    with pytest.raises(TooLarge):
        doubling.expanded(Name("y_40"))


@pytest.mark.parametrize(("layers", "paths"), [(1, 2), (5, 32), (30, 2**30)])
def test_paths_through_diamonds_are_counted_and_the_names_all_of_them_pass_are_found(layers: int, paths: int) -> None:
    x = Name("x")
    definitions: dict[str, Node] = {"c0": Sum((x, x))}
    for k in range(1, layers + 1):
        below = Name(f"c{k - 1}")
        definitions |= {f"a{k}": Negative(below), f"b{k}": Product((below, below))}
        definitions[f"c{k}"] = Product((Name(f"a{k}"), Name(f"b{k}")))
    program = Program(definitions)
    top = f"c{layers}"
    assert program._count(top, "x") == paths
    assert program._dominators(top, "x") == [*(f"c{k}" for k in range(layers, -1, -1)), "x"]
    assert program._count("c0", top) == 0
