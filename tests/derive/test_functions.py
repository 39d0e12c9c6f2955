"""Every row of the table of functions: it reads, prints, differentiates and evaluates the same everywhere."""

from __future__ import annotations

from fractions import Fraction
from math import isclose

import mpmath
import numpy as np
import pytest
import sympy
from flint import arb

import derive
from checks.decide.balls import Evaluator, Undefined, precision
from checks.decide.elementary import ELEMENTARY as BALLS
from checks.decide.floats import MATH, value
from checks.decide.replay import MPMATH, replay
from checks.witness.torch_backend import ELEMENTARY as TORCH
from checks.witness.torch_backend import WITHOUT
from checks.witness.torch_backend import Evaluator as TorchEvaluator
from derive.errors import NoRule, TooLarge, Unreadable
from derive.functions import FUNCTIONS, INVERSES, OVERLOADS, SUBSCRIPTED, Function
from derive.normal import same
from derive.program import Program
from derive.pullback import derivative
from derive.read import read
from derive.reductions import reduction_of
from derive.rules import definition_of, kinks_of, partial_derivative
from derive.symbols import NAMED_FUNCTIONS, SymbolTable
from derive.sympy_bridge import from_sympy, to_sympy
from derive.tree import Call, Name, Node

NOTHING = Program()
TABLE = SymbolTable.from_specs(dict.fromkeys("xyz", "real"))
ROWS = list(FUNCTIONS.values())
F = Fraction
# several points of each domain, both sides of every kink
ANYWHERE = [(F(-5, 2),), (F(-3, 10),), (F(1, 3),), (F(7, 5),), (F(17, 2),)]
INSIDE = [(F(-7, 10),), (F(-1, 5),), (F(1, 3),), (F(9, 10),)]
POSITIVE = [(F(1, 7),), (F(4, 5),), (F(3, 2),), (F(11, 3),)]
UNIT = [(F(1, 7),), (F(1, 2),), (F(9, 10),)]
OUTSIDE = [(F(-7, 2),), (F(-6, 5),), (F(6, 5),), (F(9, 2),)]
PAIRS = [(F(-5, 2), F(2, 3)), (F(7, 5), F(-3, 4)), (F(-1, 3), F(-9, 4)), (F(8, 3), F(5, 4))]
POSITIVE_PAIRS = [(F(1, 3), F(2, 3)), (F(7, 5), F(3, 4)), (F(8, 3), F(5, 4))]
SECOND_POSITIVE = [(F(-1, 3), F(2, 3)), *POSITIVE_PAIRS]
POINTS: dict[str, list[tuple[Fraction, ...]]] = (
    dict.fromkeys(["arcsin", "arccos", "artanh", "erfinv"], INSIDE)
    | dict.fromkeys(["arcsec", "arccsc", "arcoth"], OUTSIDE)
    | dict.fromkeys(["log", "loggamma", "Chi"], POSITIVE)
    | dict.fromkeys(["arsech", "logit"], UNIT)
    | dict.fromkeys(["mod", "rem", "max", "min", "prelu", "hypot", "atan2", "logaddexp"], PAIRS)
    | dict.fromkeys(["log_base", "gamma_q", "gamma_p", "upper_gamma", "beta"], POSITIVE_PAIRS)
    | dict.fromkeys(["xlogy", "bessel_y", "bessel_k", "bessel_i", "bessel_j", "expint"], SECOND_POSITIVE)
    | {
        "arcosh": [(F(6, 5),), (F(9, 2),)],
        "lambert_w": [(F(-1, 3),), (F(1, 2),), (F(9, 2),)],
        "zeta": [(F(-3, 2),), (F(1, 2),), (F(5, 2),)],
        "polygamma": [(F(1), F(2, 3)), (F(2), F(-3, 2)), (F(3), F(7, 2))],
        "hurwitz_zeta": [(F(3, 2), F(2, 3)), (F(5, 2), F(7, 2))],
        "binomial": [(F(9, 2), F(2, 3)), (F(5, 3), F(7, 2)), (F(-3, 2), F(1, 3))],
        "clip": [(F(-1, 3), F(0), F(1)), (F(1, 3), F(0), F(1)), (F(4, 3), F(0), F(1)), (F(1, 2), F(2), F(1))],
    }
)


def call(row: Function, count: int = 0) -> Call:
    """The row applied to x, y, z."""
    return Call(row.name, tuple(Name(key) for key in "xyz"[: count or row.arity or 2]))


def points(row: Function) -> list[dict[str, Fraction]]:
    return [dict(zip("xyz", values, strict=False)) for values in POINTS.get(row.name, ANYWHERE)]


def exact(tree: Node, at: dict[str, Fraction], digits: int = 40) -> mpmath.mpf:
    found = replay(tree, at, NOTHING, {}, digits)
    with mpmath.workdps(digits + 15):
        assert mpmath.im(found) == 0
        return mpmath.mpf(mpmath.re(found))


def by_name(row: Function) -> str:
    return row.name


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_every_spelling_is_read_and_the_first_is_printed(row: Function) -> None:
    arguments = "xyz"[: row.arity or 2]
    for spelling in row.spellings:
        text = f"{spelling}({','.join(arguments)})"
        if spelling in SUBSCRIPTED:
            text = f"{spelling}_{{x}}(y)"
        tree = read(text, TABLE).tree
        assert tree == call(row)
        printed = derive.parse(text, TABLE).latex()
        assert read(printed, TABLE).tree == tree


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_every_cell_is_in_our_own_notation(row: Function) -> None:
    table = SymbolTable.from_specs(dict.fromkeys("uvwf", "real"))
    assert len(row.derivatives) == (row.arity or 1)
    for text in (*row.derivatives, row.definition, *row.kinks):
        assert not text or isinstance(read(text, table).tree, Node)


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_derivatives_agree_with_mpmath(row: Function) -> None:
    tree = call(row)
    for at in points(row):
        for index, key in enumerate(at):
            if not row.derivatives[index if row.arity else 0]:
                with pytest.raises(NoRule):
                    partial_derivative(tree, index)
                continue
            ours = exact(derivative(tree, key), at)
            theirs = numerical(tree, at, key)
            assert abs(ours - theirs) < mpmath.mpf(10) ** -30 * (1 + abs(theirs)), (at, key)


def numerical(tree: Node, at: dict[str, Fraction], key: str, order: int = 1) -> mpmath.mpf:
    def function(u: mpmath.mpf) -> mpmath.mpf:
        rational = F(int(mpmath.nint(u * mpmath.mpf(10) ** 190)), 10**190)
        return exact(tree, {**at, key: rational}, 200)

    with mpmath.workdps(200):
        middle = mpmath.mpf(at[key].numerator) / at[key].denominator
        return mpmath.diff(function, middle, order, h=mpmath.mpf(10) ** -35)


@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize("row", [row for row in ROWS if row.arity == 1], ids=by_name)
def test_higher_derivatives_agree_with_mpmath(row: Function, order: int) -> None:
    if row.name == "zeta":
        with pytest.raises(NoRule):
            definition_of(Call("zeta", (Name("x"),), order))
        return
    tree = call(row)
    ours: Node = tree
    for _ in range(order):
        ours = derivative(ours, "x")
    for at in points(row)[1:3]:
        theirs = numerical(tree, at, "x", order)
        for form in (ours, Call(row.name, tree.arguments, order)):
            assert abs(exact(form, at) - theirs) < mpmath.mpf(10) ** -28 * (1 + abs(theirs)), at


@pytest.mark.parametrize("row", [row for row in ROWS if row.definition], ids=by_name)
def test_the_definition_is_the_function(row: Function) -> None:
    tree = call(row)
    defined = definition_of(tree)
    assert defined is not None
    for at in points(row):
        ours, theirs = exact(tree, at), exact(defined, at)
        assert abs(ours - theirs) <= mpmath.mpf(10) ** -35 * (1 + abs(theirs)), at
    assert same(tree, defined)


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_balls_enclose_the_value(row: Function) -> None:
    tree = call(row)
    for at in points(row):
        reference = exact(tree, at, 120)
        for bits in (64, 256):
            with precision(bits), mpmath.workdps(130):
                ball = Evaluator(at, NOTHING, {})(tree)
                assert ball.overlaps(enclosed(reference)), at
                assert float(ball.rad()) < 2.0 ** (-bits // 3) * (1 + float(abs(reference))), at


def enclosed(reference: mpmath.mpf) -> arb:
    """A tiny ball around a value known to 120 digits."""
    with precision(400):
        return arb(mpmath.nstr(reference, 110))


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_floats_agree(row: Function) -> None:
    tree = call(row)
    for at in points(row):
        found = value(tree, {key: float(v) for key, v in at.items()})
        assert isclose(found, float(exact(tree, at)), rel_tol=1e-9, abs_tol=1e-12), at


@pytest.mark.parametrize("row", [row for row in ROWS if row.name not in WITHOUT], ids=by_name)
def test_torch_agrees(row: Function) -> None:
    tree = call(row)
    for at in points(row):
        if row.name in {"bessel_i", "hurwitz_zeta", "zeta"} and at["x"] < 1:
            continue
        if row.name == "bessel_i":
            at = {**at, "x": F(1)}
        found = torch_value(tree, at)
        assert isclose(found, float(exact(tree, at)), rel_tol=1e-10, abs_tol=1e-12), at


def torch_value(tree: Node, at: dict[str, Fraction]) -> float:
    columns = {key: np.array([float(v)]) for key, v in at.items()}
    return float(TorchEvaluator(columns, NOTHING, {})(tree)[0].detach())


@pytest.mark.parametrize("name", sorted(WITHOUT))
def test_what_torch_lacks_is_said(name: str) -> None:
    with pytest.raises(NoRule, match="torch"):
        torch_value(call(FUNCTIONS[name]), {"x": F(1), "y": F(2)})


@pytest.mark.parametrize(
    ("backend", "table", "without"),
    [
        ("balls", BALLS, set()),
        ("mpmath", MPMATH, set()),
        ("floats", MATH | MPMATH, set()),
        ("torch", TORCH, set(WITHOUT)),
    ],
)
def test_every_row_has_a_value_in_every_backend(backend: str, table: dict[str, object], without: set[str]) -> None:
    lacking = {row.name for row in ROWS if row.name not in table and not row.definition}
    assert lacking == without, backend
    assert set(table) <= set(FUNCTIONS)


@pytest.mark.parametrize("row", [row for row in ROWS if row.kinks], ids=by_name)
def test_kinks_are_zero_somewhere_and_not_at_the_points_tried(row: Function) -> None:
    found = kinks_of(call(row))
    assert found
    for at in points(row):
        assert all(exact(kink, at) != 0 for kink in found)


@pytest.mark.parametrize("row", [row for row in ROWS if row.sympy], ids=by_name)
def test_sympy_knows_the_function(row: Function) -> None:
    tree = call(row)
    expression = to_sympy(tree, TABLE)
    for at in points(row)[-2:]:
        reference = exact(tree, at)
        given = {to_sympy(Name(k), TABLE): sympy.Rational(v.numerator, v.denominator) for k, v in at.items()}
        theirs = sympy.N(expression.subs(given), 30)
        assert abs(complex(theirs) - complex(reference)) < 1e-12 * (1 + abs(reference)), at
    back = from_sympy(expression)
    assert same(back, tree) or back == tree


@pytest.mark.parametrize("function", ["max", "min", "hypot", "logaddexp"])
def test_any_number_of_arguments(function: str) -> None:
    tree = call(FUNCTIONS[function], 3)
    at = {"x": F(1, 2), "y": F(-2), "z": F(7, 4)}
    for key in at:
        assert abs(exact(derivative(tree, key), at) - numerical(tree, at, key)) < mpmath.mpf(10) ** -30
    with precision(128):
        assert abs(float(Evaluator(at, NOTHING, {})(tree)) - float(exact(tree, at))) < 1e-12
    assert same(tree, Call(function, (Name("x"), Call(function, (Name("y"), Name("z")))))) or function in {"max", "min"}


ORDERS = [r"y+3", r"y-2", "3", "-2", "2", "-3", r"\frac{5}{2}"]
REDUCED = [rf"\operatorname{{{name}}}_{{{order}}}(x)" for name in "JYIKE" for order in ORDERS] + [
    r"\operatorname{polygamma}(2,x+2)", r"\operatorname{polygamma}(1,x-2)", r"\operatorname{polygamma}(0,x)",
    r"\Gamma(y+3,x)", r"\Gamma(3,x)", r"\operatorname{zeta}(y+2,x+2)", r"\operatorname{zeta}(y+2,1)",
    r"\operatorname{E}_{0}(x)", r"\operatorname{erf}(\operatorname{erfinv}(y))",
]  # fmt: skip


@pytest.mark.parametrize("latex", REDUCED)
def test_reductions_keep_the_value(latex: str) -> None:
    tree = read(latex, TABLE).tree
    assert isinstance(tree, Call)
    reduced = reduction_of(tree)
    assert reduced is not None
    at = {"x": F(7, 5), "y": F(1, 3)}
    assert abs(exact(tree, at) - exact(reduced, at)) < mpmath.mpf(10) ** -35 * (1 + abs(exact(tree, at)))
    assert same(tree, reduced)


@pytest.mark.parametrize(
    "latex", [r"\operatorname{J}_{1}(x)", r"\operatorname{K}_{y+1}(x)", r"\operatorname{E}_{1}(x)", r"\sin(x)"]
)
def test_canonical_calls_stay(latex: str) -> None:
    tree = read(latex, TABLE).tree
    assert isinstance(tree, Call)
    assert reduction_of(tree) is None


def test_named_functions_name_rows() -> None:
    assert set(NAMED_FUNCTIONS.values()) <= set(FUNCTIONS)
    assert set(INVERSES) | set(INVERSES.values()) <= set(FUNCTIONS)
    assert set(OVERLOADS.values()) <= set(FUNCTIONS)


@pytest.mark.parametrize(
    ("latex", "tree"),
    [
        (r"\sin^{-1}(x)", Call("arcsin", (Name("x"),))),
        (r"\cosh^{-1} x", Call("arcosh", (Name("x"),))),
        (r"\max{\left(x,y \right)}", Call("max", (Name("x"), Name("y")))),
        (r"\psi^{(1)}(x)", Call("digamma", (Name("x"),), 1)),
        (r"\sigma(x)", Call("sigmoid", (Name("x"),))),
        (r"J_{0}\left(x\right)", Call("bessel_j", (read("0", TABLE).tree, Name("x")))),
        (r"\operatorname{J}_{y}'(x)", Call("bessel_j", (Name("y"), Name("x")), 1)),
        (r"\operatorname{polygamma}{\left(1,x \right)}", Call("polygamma", (read("1", TABLE).tree, Name("x")))),
    ],
)
def test_notation(latex: str, tree: Node) -> None:
    assert read(latex, TABLE).tree == tree


def test_a_declared_name_is_never_a_function() -> None:
    table = {**dict.fromkeys([r"\Phi", r"\psi", "x", "J_0"], "real")}
    assert derive.parse(r"\Phi x", table).tree == read(r"x \Phi", SymbolTable.from_specs(table)).tree.rebuilt(
        (Name(r"\Phi"), Name("x"))
    )
    assert "J_0" in derive.parse("J_0 x", table).tree.names
    with pytest.raises(Unreadable, match="not declared"):
        read(r"\Phi", TABLE)


def test_a_submission_does_not_get_usual_names() -> None:
    with pytest.raises(Unreadable, match=r"\\sigma is not declared"):
        read(r"\sigma(x)", TABLE, free=True)


def test_undefined_and_too_large_are_said() -> None:
    for latex in (
        r"\Gamma(-2)",
        r"\arcsin(2)",
        r"\operatorname{erfinv}(1)",
        r"\operatorname{W}(-1)",
        r"\operatorname{Y}_0(-1)",
    ):
        with pytest.raises(Undefined), precision(128):
            Evaluator({}, NOTHING, {})(read(latex, TABLE).tree)
    with pytest.raises(TooLarge), precision(128):
        Evaluator({}, NOTHING, {})(read(r"\Gamma(10^{30})", TABLE).tree)
