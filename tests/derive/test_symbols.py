"""Specs and spellings: what a name is, and what is refused with the nearest spec that makes sense."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derive import BadSpec, Symbol, SymbolTable
from derive.names import canonical_name

HALF = Fraction(1, 2)

SPECS = [
    ("real", Symbol("x")),
    ("scalar", Symbol("x")),
    ("integer", Symbol("x", "integer")),
    ("positive", Symbol("x", "real", frozenset({"positive"}))),
    ("positive integer", Symbol("x", "integer", frozenset({"positive"}))),
    ("integer, positive", Symbol("x", "integer", frozenset({"positive"}))),
    ("nonnegative integer", Symbol("x", "integer", frozenset({"nonnegative"}))),
    ("real,  nonzero", Symbol("x", "real", frozenset({"nonzero"}))),
    ("between 0 and 1", Symbol("x", lower=Fraction(0), upper=Fraction(1))),
    ("between -1.5 and 1/2", Symbol("x", lower=Fraction(-3, 2), upper=HALF)),
    ("in (0,1)", Symbol("x", lower=Fraction(0), upper=Fraction(1))),
    ("real, in (0, 1)", Symbol("x", lower=Fraction(0), upper=Fraction(1))),
    ("greater than 2", Symbol("x", lower=Fraction(2))),
    ("less than -2", Symbol("x", upper=Fraction(-2))),
    ("function", Symbol("x", "function")),
    ("elementwise function, increasing", Symbol("x", "function", frozenset({"increasing"}))),
    ("function, logistic sigmoid", Symbol("x", "function", named="sigmoid")),
    ("logistic sigmoid", Symbol("x", "function", named="sigmoid")),
    ({"spec": "real"}, Symbol("x")),
    ({"domain": "real", "interval": [0, 0.5]}, Symbol("x", lower=Fraction(0), upper=HALF, closed=(True, True))),
    ({"domain": "positive"}, Symbol("x", "real", frozenset({"positive"}))),
]


@pytest.mark.parametrize(("spec", "symbol"), SPECS)
def test_specs(spec: object, symbol: Symbol) -> None:
    assert SymbolTable.from_specs({"x": spec})["x"] == symbol


BAD = [
    ("", "empty"),
    ("rael", "nearest is 'real'"),
    ("real, posittive", "nearest is 'positive'"),
    ("between 1/0 and 2", "not a spec"),
    ("between one and two", "nearest is 'between 0 and 1'"),
    (5, "a spec is a string"),
    (None, "a spec is a string"),
    ({"spec": "real", "latx": "x"}, "unknown field 'latx'"),
    ({"latex": 5}, "latex is a spelling"),
    ({"latex": [""]}, "latex is a spelling"),
    ({"domain": "real", "interval": [1]}, "two numbers"),
    ({"domain": "real", "interval": ["a", 2]}, "two numbers"),
]


@pytest.mark.parametrize(("spec", "said"), BAD)
def test_bad_specs_are_refused_with_what_would_do(spec: object, said: str) -> None:
    with pytest.raises(BadSpec, match=r"^x: ") as caught:
        SymbolTable.from_specs({"x": spec})
    assert said in str(caught.value)


@pytest.mark.parametrize("name", ["", "+", "12", "x y", "x_", "x^", "^*", "_1", "\\", "{x}"])
def test_names_no_formula_could_spell_are_refused(name: str) -> None:
    with pytest.raises(BadSpec, match="is no name"):
        SymbolTable.from_specs({name: "real"})


ONE_NAME = [
    ("z_5^*", ["z^*_5", "z_{5}^{*}", r"z_5^\ast", r"z_{5}^{\star}", "z_5 ^ *"]),
    (r"\hat{y}", [r"\hat y", r"\hat{y}", r"\hat  y"]),
    ("W^{(21)}", ["W^{(21)}", "W^{ (21) }"]),
    ("x_{12}", ["x_{12}", "x₁₂"]),
    (r"\alpha", ["α", r"\alpha ", " \\alpha"]),
    (r"\mathbf{x}", [r"\mathbf x", r"\mathbf{x}"]),
]


@pytest.mark.parametrize(("canonical", "spellings"), ONE_NAME)
def test_spellings_of_one_name(canonical: str, spellings: list[str]) -> None:
    assert {canonical_name(spelling) for spelling in spellings} == {canonical}


def test_different_names_stay_different() -> None:
    names = ["x", "X", r"\mathbf{x}", "x_1", "x^*", "x'", r"\hat{x}", "x_{11}", "x^{(1)}"]
    assert len({canonical_name(name) for name in names}) == len(names)


def test_greek_keys_need_no_backslash() -> None:
    assert list(SymbolTable.from_specs({"sigma": "function", "beta_1": "real", "σ_2": "real"})) == [
        r"\sigma",
        r"\beta_1",
        r"\sigma_2",
    ]


def test_the_first_spelling_is_the_name_and_the_others_point_at_it() -> None:
    table = SymbolTable.from_specs({"s": {"spec": "function", "latex": [r"\sigma", "S"]}})
    assert list(table) == [r"\sigma"]
    assert table.resolve("S") is table[r"\sigma"]
    assert table.resolve("s") is None


def test_a_spelling_of_two_names_is_refused() -> None:
    with pytest.raises(BadSpec, match="spelling of"):
        SymbolTable.from_specs({"a": {"latex": ["u", "v"]}, "b": {"latex": ["w", "v"]}})
    with pytest.raises(BadSpec, match="declared twice"):
        SymbolTable.from_specs({"z_5^*": "real", "z^*_5": "real"})


DOMAINS = [
    ("positive", [HALF, Fraction(3)], [Fraction(0), Fraction(-1)]),
    ("nonnegative", [Fraction(0)], [Fraction(-1)]),
    ("nonzero", [Fraction(-1)], [Fraction(0)]),
    ("integer", [Fraction(-2)], [HALF]),
    ("positive integer", [Fraction(2)], [HALF, Fraction(0)]),
    ("between 0 and 1", [HALF], [Fraction(0), Fraction(1), Fraction(2)]),
    ("greater than 2", [Fraction(3)], [Fraction(2)]),
]


@pytest.mark.parametrize(("spec", "inside", "outside"), DOMAINS)
def test_domains(spec: str, inside: list[Fraction], outside: list[Fraction]) -> None:
    symbol = SymbolTable.from_specs({"x": spec})["x"]
    assert all(symbol.admits(value) for value in inside)
    assert not any(symbol.admits(value) for value in outside)


@pytest.mark.parametrize(
    "spec", ["real", "integer, positive", "real, between 0 and 1", "real, greater than 2", "function, increasing"]
)
def test_a_description_is_a_spec_of_the_same_symbol(spec: str) -> None:
    symbol = SymbolTable.from_specs({"x": spec})["x"]
    assert SymbolTable.from_specs({"x": symbol.describe()})["x"] == symbol


def test_the_nearest_name() -> None:
    table = SymbolTable.from_specs({"w_1": "real", "z_5^*": "real", r"\sigma": "function"})
    assert table.nearest("z_5") == "z_5^*"
    assert table.nearest(r"\simga") == r"\sigma"
