"""Specs of vectors, matrices, sizes and what belongs to them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derive import BadSpec, SymbolTable


@pytest.mark.parametrize(
    ("spec", "shape", "role", "properties"),
    [
        ("vector n", ("n", 1), "", set()),
        ("vector 3", (3, 1), "", set()),
        ("matrix m n", ("m", "n"), "", set()),
        ("matrix 2x3", (2, 3), "", set()),
        ("matrix 2 × 3", (2, 3), "", set()),
        ("matrix n_1 d_{in}", ("n_1", "d_{in}"), "", set()),
        ("row n", (1, "n"), "", set()),
        ("ones n", ("n", 1), "ones", set()),
        ("ones m n", ("m", "n"), "ones", set()),
        ("identity n", ("n", "n"), "identity", {"symmetric", "diagonal", "orthogonal", "invertible"}),
        ("matrix n n, symmetric", ("n", "n"), "", {"symmetric"}),
        ("matrix n n, symmetric positive definite", ("n", "n"), "", {"symmetric", "positive definite", "invertible"}),
        ("matrix n n, diagonal", ("n", "n"), "", {"diagonal", "symmetric"}),
        ("matrix n n, det > 0", ("n", "n"), "", {"det > 0", "invertible"}),
        ("matrix n n, the centring matrix", ("n", "n"), "centring", {"symmetric"}),
        ("matrix m n, m > n", ("m", "n"), "", {"m > n"}),
        ("matrix m n, positive", ("m", "n"), "", {"positive"}),
        ("vector n, probability vector", ("n", 1), "", {"probability vector", "nonnegative"}),
        ("vector m, large positive", ("m", 1), "", {"large positive", "positive"}),
    ],
)
def test_an_array_has_the_shape_role_and_properties_of_its_spec(spec, shape, role, properties):
    symbol = SymbolTable.from_specs({"X": spec})["X"]
    assert (symbol.kind, symbol.shape, symbol.role, symbol.properties) == ("array", shape, role, properties)


@pytest.mark.parametrize(
    "spec",
    ["vector n", "matrix m n, m > n", "ones m n", "identity n", "matrix n n, the centring matrix", "Kronecker delta",
     "dimension", "index n", "vector m, in (0,1)", "upstream gradient of f", "scalar, large positive", "row n"],
)  # fmt: skip
def test_a_symbol_describes_itself_by_a_spec_that_reads_back(spec):
    symbol = SymbolTable.from_specs({"X": spec})["X"]
    assert SymbolTable.from_specs({"X": symbol.describe()})["X"] == symbol


def test_entries_of_an_array_may_be_bounded():
    symbol = SymbolTable.from_specs({"y": "vector m, in (0,1)"})["y"]
    assert (symbol.lower, symbol.upper, symbol.is_array) == (Fraction(0), Fraction(1), True)


def test_what_belongs_to_an_array_takes_its_shape_from_it_in_any_order():
    table = SymbolTable.from_specs(
        {"dX": "differential of X", "u": "top left singular vector of X", "X": "matrix m n",
         "v": "top right singular vector of X", "dt": "differential of t", "t": "real"}
    )  # fmt: skip
    assert [table[key].shape for key in ("dX", "u", "v")] == [("m", "n"), ("m", 1), ("n", 1)]
    assert (table["dt"].kind, table["dt"].shape) == ("real", None)


def test_an_upstream_gradient_has_no_shape_until_it_is_fixed():
    table = SymbolTable.from_specs({"G": "upstream gradient of f", "X": "matrix m n"})
    assert table["G"].shape is None
    assert table.with_upstream(("m", "n"))["G"].shape == ("m", "n")
    assert table.with_upstream((1, 1))["G"].kind == "real"
    assert table.with_upstream(("m", "n"), of="g")["G"].shape is None


def test_sizes_and_indices_are_whole_numbers():
    table = SymbolTable.from_specs({"n": "dimension", "i": "index n"})
    assert [(s.kind, s.role, s.of) for s in table.values()] == [("integer", "dimension", ""), ("integer", "index", "n")]
    assert not table["n"].admits(Fraction(0))
    assert not table.has_arrays


@pytest.mark.parametrize(
    ("specs", "sentence"),
    [
        ({"x": "vector"}, "x: 'vector' does not say its size; write 'vector n', a size being a letter or a number"),
        ({"X": "matrix n"}, "does not say its size; write 'matrix m n'"),
        ({"X": "matrix 0 n"}, "the size 0 is not between 1 and 10000"),
        ({"X": "matrix m n, symmetric"}, "X: 'symmetric' is said of square matrices, this one is m×n"),
        ({"X": "matrix m n, probability vector"}, "is said of vectors, this is a m×n matrix"),
        ({"x": "vektor n"}, "the nearest is 'vector n'"),
        ({"x": "vector n, symetric"}, "the nearest is 'symmetric'"),
        ({"x": "vector n, increasing"}, "'increasing' is not a spec this version reads"),
        ({"dX": "differential of X"}, "dX: X is not declared as a variable"),
        ({"u": "top left singular vector of t", "t": "real"}, "u: t is no vector or matrix"),
    ],
)
def test_a_spec_that_makes_no_sense_is_refused_with_what_would(specs, sentence):
    with pytest.raises(BadSpec) as caught:
        SymbolTable.from_specs(specs)
    assert sentence in str(caught.value)
