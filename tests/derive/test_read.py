"""How notation is understood: each formula beside the plain, fully bracketed one that means the same tree."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys

import pytest

from derive import Expression, Statement, SymbolTable, Unreadable, parse
from derive.read import read
from derive.tree import (
    Absolute,
    Call,
    Cases,
    Chain,
    Constant,
    Derivative,
    FunctionName,
    Implication,
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

TABLE = SymbolTable.from_specs(
    dict.fromkeys(
        [
            "x",
            "y",
            "z",
            "w",
            "n",
            r"\alpha",
            "x_1",
            "x_2",
            "w_1",
            "z_4",
            "z_5",
            "z_5^*",
            "y^*",
            "W^{(21)}",
            r"\hat{y}",
            "lr",
        ],
        "real",
    )
    | {"f": "function", "S": "function", "g_1": "function"}
    | {"sigma": {"spec": "function, increasing", "latex": [r"\sigma", r"\Delta"]}}
)
x, y, z, w, n, alpha = (Name(k) for k in ("x", "y", "z", "w", "n", r"\alpha"))
one, two, three = (Number(k) for k in "123")


def call(function: str, argument: Node, order: int = 0) -> Call:
    return Call(function, (argument,), order)


def sigma(argument: Node, order: int = 0) -> Call:
    return call(r"\sigma", argument, order)


READINGS: list[tuple[str, Node]] = [
    # numbers, products, quotients
    ("3.14", Number("3.14")),
    (".5", Number("0.5")),
    ("0.50", Number("0.50")),
    ("2x", Product((two, x))),
    ("xyz", Product((x, y, z))),
    (r"x \cdot y", Product((x, y))),
    (r"x \times y", Product((x, y))),
    ("x * y", Product((x, y))),
    ("x·y", Product((x, y))),
    (r"x \cdot -y", Product((x, Negative(y)))),
    ("x(y-z)", Product((x, Sum((y, Negative(z)))))),
    ("(x+y)(y+z)", Product((Sum((x, y)), Sum((y, z))))),
    (r"\frac{x}{y}", Quotient(x, y)),
    (r"\dfrac{x}{y}", Quotient(x, y)),
    (r"\frac12", Quotient(one, two)),
    (r"\frac xy", Quotient(x, y)),
    (r"\frac12 x", Product((Quotient(one, two), x))),
    ("x/y", Quotient(x, y)),
    ("x/y/z", Quotient(Quotient(x, y), z)),
    ("1/2 x", Product((Quotient(one, two), x))),
    ("2x/3", Quotient(Product((two, x)), three)),
    ("x/(2y)", Quotient(x, Product((two, y)))),
    (r"x \div y", Quotient(x, y)),
    # sums and signs
    ("-x", Negative(x)),
    ("+x", x),
    ("x - y + z", Sum((x, Negative(y), z))),
    ("x − y", Sum((x, Negative(y)))),
    ("x - (y + z)", Sum((x, Negative(Sum((y, z)))))),
    ("-x^2", Negative(Power(x, two))),
    ("-x y", Negative(Product((x, y)))),
    # powers and roots
    ("x^2", Power(x, two)),
    ("x^{23}", Power(x, Number("23"))),
    (r"x^\alpha", Power(x, alpha)),
    ("x^{-1}", Power(x, Negative(one))),
    ("x^{y^z}", Power(x, Power(y, z))),
    ("{x^y}^z", Power(Power(x, y), z)),
    ("(x+y)^2", Power(Sum((x, y)), two)),
    ("2^3 x", Product((Power(two, three), x))),
    ("x²", Power(x, two)),
    ("(x+y)²", Power(Sum((x, y)), two)),
    ("x²³", Power(x, Number("23"))),
    ("(x+y)²³", Power(Sum((x, y)), Number("23"))),
    (r"\sqrt{x}", Root(x)),
    (r"\sqrt x y", Product((Root(x), y))),
    (r"\sqrt2 x", Product((Root(two), x))),
    (r"\sqrt[3]{x}", Root(x, three)),
    (r"\sqrt[{\sqrt[3]{x}}]{y}", Root(y, Root(x, three))),
    ("√x", Root(x)),
    ("√(x+y) z", Product((Root(Sum((x, y))), z))),
    ("e^{-x}", Power(Constant("e"), Negative(x))),
    (r"\mathrm{e}^x", Power(Constant("e"), x)),
    (r"2\pi", Product((two, Constant("pi")))),
    # names: subscripts, stars, hats, layers, words, any order of scripts
    ("x_1 x_2", Product((Name("x_1"), Name("x_2")))),
    ("x_{1}", Name("x_1")),
    ("x₁", Name("x_1")),
    ("x2", Name("x_2")),
    ("z_5^*", Name("z_5^*")),
    ("z^*_5", Name("z_5^*")),
    (r"z_{5}^{\ast}", Name("z_5^*")),
    (r"z_5^\star", Name("z_5^*")),
    ("{z_5^*}^2", Power(Name("z_5^*"), two)),
    ("z_5^2", Power(Name("z_5"), two)),
    ("W^{(21)}", Name("W^{(21)}")),
    ("W^{(21)} x", Product((Name("W^{(21)}"), x))),
    (r"\hat y", Name(r"\hat{y}")),
    (r"\hat{y}^2", Power(Name(r"\hat{y}"), two)),
    ("lr x", Product((Name("lr"), x))),
    (r"\operatorname{lr} x", Product((Name("lr"), x))),
    ("α x", Product((alpha, x))),
    # brackets
    (r"\left(x+y\right)z", Product((Sum((x, y)), z))),
    (r"\bigl[x+y\bigr]z", Product((Sum((x, y)), z))),
    (r"\{x+y\}z", Product((Sum((x, y)), z))),
    (r"\left\{x\right\}", x),
    (r"\lparen x\rparen", x),
    # absolute values
    ("|x|", Absolute(x)),
    (r"\left|x\right|", Absolute(x)),
    (r"\lvert x\rvert", Absolute(x)),
    (r"\vert x\vert", Absolute(x)),
    (r"\bigl|x\bigr|", Absolute(x)),
    ("|x||y|", Product((Absolute(x), Absolute(y)))),
    ("||x|-|y||", Absolute(Sum((Absolute(x), Negative(Absolute(y)))))),
    ("|x|^2", Power(Absolute(x), two)),
    # application of declared functions
    ("f(x)", call("f", x)),
    (r"f\left(x\right)", call("f", x)),
    ("f[x]", call("f", x)),
    ("S(x)w", Product((call("S", x), w))),
    ("S'(z_4) w", Product((call("S", Name("z_4"), 1), w))),
    ("S w", call("S", w)),
    ("g_1(x)", call("g_1", x)),
    (r"\sigma(x)", sigma(x)),
    (r"\Delta(x)", sigma(x)),
    ("σ(x)", sigma(x)),
    (r"\sigma'(x)", sigma(x, 1)),
    (r"\sigma''(x)", sigma(x, 2)),
    ("σ″(x)", sigma(x, 2)),
    (r"\sigma^{\prime}(x)", sigma(x, 1)),
    (r"\sigma^{\prime\prime}(x)", sigma(x, 2)),
    (r"\sigma^{(3)}(x)", sigma(x, 3)),
    (r"\sigma'(x)^2", Power(sigma(x, 1), two)),
    (r"\sigma'^2(x)", Power(sigma(x, 1), two)),
    (r"\sigma^2(x)", Power(sigma(x), two)),
    (r"\sigma'(x)\sigma'(y)", Product((sigma(x, 1), sigma(y, 1)))),
    # elementary functions
    (r"\ln xy", call("log", Product((x, y)))),
    (r"\log x", call("log", x)),
    (r"\ln x + y", Sum((call("log", x), y))),
    (r"\ln (x) y", Product((call("log", x), y))),
    (r"\ln|x|", call("log", Absolute(x))),
    (r"\ln\ln x", call("log", call("log", x))),
    (r"\sin x \cos y", Product((call("sin", x), call("cos", y)))),
    (r"\sin x \cdot \cos y", Product((call("sin", x), call("cos", y)))),
    (r"\sin^2 x", Power(call("sin", x), two)),
    (r"\sin^2(x)", Power(call("sin", x), two)),
    (r"\sin^{-1} x", call("arcsin", x)),
    (r"\exp{x}", call("exp", x)),
    (r"\tanh'(x)", call("tanh", x, 1)),
    (r"\operatorname{sigmoid}(x)", call("sigmoid", x)),
    (r"\mathrm{tanh}(x)", call("tanh", x)),
    (r"\sigma' (1 - \sigma)", Product((FunctionName(r"\sigma", 1), Sum((one, Negative(FunctionName(r"\sigma"))))))),
    (r"\sigma' \sigma", Product((FunctionName(r"\sigma", 1), FunctionName(r"\sigma")))),
    (r"\ln(\sigma)", call("log", FunctionName(r"\sigma"))),
    # derivatives
    (r"\frac{\partial y}{\partial x}", Derivative(y, (x,))),
    (r"\frac{∂y}{∂x}", Derivative(y, (x,))),
    (r"\partial y/\partial x", Derivative(y, (x,))),
    ("∂y/∂x", Derivative(y, (x,))),
    (r"\frac{dy}{dx}", Derivative(y, (x,))),
    (r"\frac{d y}{d x}", Derivative(y, (x,))),
    (r"\frac{\mathrm{d}y}{\mathrm{d}x}", Derivative(y, (x,))),
    (r"\frac{\mathrm{d} y}{\mathrm{d} x}", Derivative(y, (x,))),
    (r"\frac{\mathrm d y}{\mathrm d x}", Derivative(y, (x,))),
    ("dy/dx", Derivative(y, (x,))),
    (r"\frac{\partial y^*}{\partial w_1}", Derivative(Name("y^*"), (Name("w_1"),))),
    (r"\frac{\partial^2 y}{\partial x^2}", Derivative(y, (x, x))),
    (r"\frac{\partial^2 y}{\partial x\,\partial z}", Derivative(y, (x, z))),
    (r"\frac{d^2y}{dx^2}", Derivative(y, (x, x))),
    (r"\frac{d}{dx}(x^2)", Derivative(Power(x, two), (x,))),
    (r"\frac{d}{dx} x^2 y", Derivative(Product((Power(x, two), y)), (x,))),
    (r"\frac{d}{dx} x + y", Sum((Derivative(x, (x,)), y))),
    (r"\frac{\partial \sigma(x)}{\partial x}", Derivative(sigma(x), (x,))),
    (r"w \frac{\partial y}{\partial x}", Product((w, Derivative(y, (x,))))),
    # what is looked through
    (r"\underbrace{x+y}_{(A)} z", Product((Sum((x, y)), z))),
    (r"\overbrace{x}^{a} z", Product((x, z))),
    (r"\boxed{x+y}z", Product((Sum((x, y)), z))),
    (r"x\underbrace{- y}_{A}", Sum((x, Negative(y)))),
    (r"x\,y\;z\quad w", Product((x, y, z, w))),
    (r"\displaystyle x", x),
    ("x % a comment\n + y", Sum((x, y))),
    # relations
    ("x = y", Chain((x, y), ("=",))),
    ("x := y", Chain((x, y), ("=",))),
    ("x = y = z", Chain((x, y, z), ("=", "="))),
    ("x < y", Chain((x, y), ("<",))),
    (r"0 < x \le 1", Chain((Number("0"), x, one), ("<", r"\le"))),
    (r"x \leqslant y \geq z", Chain((x, y, z), (r"\le", r"\ge"))),
    ("x≤y≥z", Chain((x, y, z), (r"\le", r"\ge"))),
    (r"x \ll y", Chain((x, y), (r"\ll",))),
    (r"x \approx y", Chain((x, y), (r"\approx",))),
    (r"x \neq y", Chain((x, y), (r"\ne",))),
    ("= x", Chain((x,), ("=",), continued=True)),
    (r"\le x = y", Chain((x, y), (r"\le", "="), continued=True)),
    (r"\boxed{x = y}", Chain((x, y), ("=",))),
    (r"x = y \Rightarrow y = x", Implication((Chain((x, y), ("=",)), Chain((y, x), ("=",))), (r"\Rightarrow",))),
    (r"x ⇒ y", Implication((x, y), (r"\Rightarrow",))),
    (r"\Rightarrow x = y", Implication((Chain((x, y), ("=",)),), (r"\Rightarrow",), continued=True)),
    (r"\sigma' \le \frac14", Chain((FunctionName(r"\sigma", 1), Quotient(one, Number("4"))), (r"\le",))),
]


@pytest.mark.parametrize(("text", "tree"), READINGS, ids=[text for text, _ in READINGS])
def test_notation_is_read_as_it_is_meant(text: str, tree: Node) -> None:
    assert read(text, TABLE).tree == tree


REFUSED = [
    ("y2", "ambiguous"),
    ("x^23", "ambiguous"),
    ("2 3", "ambiguous"),
    ("1 000", "ambiguous"),
    ("x/2 y", "ambiguous"),
    (r"\ln x / y", "ambiguous"),
    (r"\frac{d}{dx}(x) y", "ambiguous"),
    (r"x\underbrace{- y + z}_{A} w", "ambiguous"),
    (r"\ln -(x)", "argument-missing"),
    (r"y + \ln - x", "argument-missing"),
    (r"1 + \ln", "argument-missing"),
    (r"f(\sigma)", "ambiguous"),
    ("f(x, y)", "arity"),
    (r"\sigma^{(n)}(x)", "symbolic-order"),
    (r"\frac{\partial^2 y}{\partial x}", "derivative-order"),
    (r"\frac{\partial^{99} y}{\partial x^{99}}", "derivative-order"),
    ("q", "undeclared-name"),
    ("X", "undeclared-name"),
    ("x_3", "undeclared-name"),
    (r"\beta", "undeclared-name"),
    (r"\mathbf{x}", "undeclared-name"),
    (r"\bar{y}", "undeclared-name"),
    ("y'", "undeclared-name"),
    ("①", "unexpected-character"),
    ("٣", "unexpected-character"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_could_mean_two_things_or_is_unknown_is_refused(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(text, TABLE)
    assert caught.value.code == code


def test_a_declared_word_of_declared_letters_is_refused() -> None:
    table = SymbolTable.from_specs(dict.fromkeys(["lr", "l", "r"], "real"))
    with pytest.raises(Unreadable, match="each of its letters") as caught:
        read("lr", table)
    assert caught.value.code == "ambiguous"
    assert read(r"\operatorname{lr}", table).tree == Name("lr")
    assert read(r"l \cdot r", table).tree == Product((Name("l"), Name("r")))


def test_the_nearest_declared_name_is_offered() -> None:
    with pytest.raises(Unreadable, match=r"w_3 is not declared; the nearest declared name is w_1"):
        read("w_3", TABLE)


def test_undeclared_names_are_free_where_asked_for_and_listed_with_their_place() -> None:
    reading = read("x + q_1 q_1 + r^{(2)}", TABLE, free=True)
    assert reading.undeclared == {"q_1": 4, "r^{(2)}": 14}


def test_an_undeclared_name_before_a_bracket_is_a_call_or_a_product_so_it_is_refused() -> None:
    with pytest.raises(Unreadable, match="a call or a product"):
        read("q(x)", TABLE, free=True)


def test_spelling_decides_between_a_call_and_a_product() -> None:
    as_number = SymbolTable.from_specs({"S": "real", "x": "real"})
    as_function = SymbolTable.from_specs({"S": "function", "x": "real"})
    assert read("S(x)", as_number).tree == Product((Name("S"), x))
    assert read("S(x)", as_function).tree == call("S", x)


def test_d_is_a_name_where_it_is_declared() -> None:
    table = SymbolTable.from_specs({"d": "real", "x": "real", "y": "real"})
    assert read(r"\frac{dy}{dx}", table).tree == Quotient(Product((Name("d"), y)), Product((Name("d"), x)))


def test_case_is_never_folded() -> None:
    table = SymbolTable.from_specs({"x": "real", "X": "real"})
    assert read("x X", table).tree == Product((Name("x"), Name("X")))


def test_labels_and_struck_out_parts_are_noted() -> None:
    assert read(r"\underbrace{x}_{\text{(A)}}\cancel{y}", TABLE).notes == (
        r"x is labelled \text{(A)}",
        "struck out, not read: y",
    )


def test_names_know_where_they_stood() -> None:
    tree = read("x + y", TABLE).tree
    assert [part.at for part in tree.children if isinstance(part, Name)] == [0, 4]


def test_parse_tells_a_statement_from_an_expression() -> None:
    assert isinstance(parse("x + 1", {"x": "real"}), Expression)
    assert isinstance(parse("x < 1", {"x": "real"}), Statement)
    assert isinstance(parse(r"x \Rightarrow x", {"x": "real"}), Statement)
    assert parse("x+1", {"x": "real"}) == parse("x + 1", {"x": "positive"})


@pytest.mark.parametrize("word", [r"\text{if } i \ne 1", r"\text{if } i > 1"])
def test_conditions_of_branches_stay_with_their_branches(word):
    table = SymbolTable.from_specs({"x": "real", "i": "integer"})
    text = rf"x = \begin{{cases}} 1 & {word} \\ 2 & \text{{otherwise}} \end{{cases}}"
    assert isinstance(read(text, table).tree.sides[1], Cases)


def test_a_tree_that_comes_from_another_process_is_equal_to_its_like() -> None:
    """Hashes of strings differ between processes; a tree that was hashed there is hashed again here."""
    code = (
        "import pickle, sys; from derive import parse; "
        "tree = parse(sys.argv[1], dict.fromkeys('abc', 'real')).tree; hash(tree); sys.stdout.write(pickle.dumps(tree).hex())"
    )
    here = parse(r"a b + \sin(c)", dict.fromkeys("abc", "real")).tree
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code, r"a b + \sin(c)"],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        there = pickle.loads(bytes.fromhex(done.stdout))  # noqa: S301 - from our own process
        assert there == here
        assert {here: 1}[there] == 1
