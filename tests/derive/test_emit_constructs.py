"""Case distinctions, sums, roots and numbers as code; what has no finite code is refused with one sentence."""

from __future__ import annotations

from fractions import Fraction
from math import cbrt, exp, factorial, inf, isclose, isnan, log, pi, sin

import numpy as np
import pytest
from emitted import LANGUAGES, given, number, ran
from hypothesis import given as with_inputs
from hypothesis import settings
from hypothesis import strategies as st
from mpmath import mpf
from trees import numbers

from checks.decide.balls import Evaluator, precision
from checks.decide.elementary import Undefined
from derive import gradient, parse
from derive.emit.constructs import MAX_LOOPS
from derive.errors import BadSpec, NoRule, TooLarge
from derive.expression import Expression
from derive.program import Program
from derive.symbols import SymbolTable
from derive.tree import (
    Absolute,
    Call,
    Cases,
    Chain,
    Constant,
    Name,
    Negative,
    Node,
    Number,
    Otherwise,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
)

SPECS = {"x": "real", "y": "real", "n": "integer", "m": "integer"}
F = Fraction
PIECES = r"\begin{cases} x\ln x & x > 0 \\ -1 & x < -3 \\ 0 & \text{otherwise} \end{cases}"
# formula, arguments in the order x, y, n, m, value
VALUES = [
    (PIECES, [F(2)], 2 * log(2)),
    (PIECES, [F(-4)], -1),
    (PIECES, [F(-1)], 0),
    (r"\begin{cases} 1 & x < 0 \\ 2 & x < 1 \\ 3 & x < 2 \end{cases}", [F(-1)], 1),
    (r"\begin{cases} 1 & x < 0 \\ 2 & x < 1 \\ 3 & x < 2 \end{cases}", [F(1, 2)], 2),
    (r"\begin{cases} 1 & x < 0 \text{ or } x > 5 \\ \sqrt{x} & 1 \le x \le 4 \\ 7 & \text{otherwise} \end{cases}", [F(6)], 1),
    (r"\begin{cases} 1 & x < 0 \text{ or } x > 5 \\ \sqrt{x} & 1 \le x \le 4 \\ 7 & \text{otherwise} \end{cases}", [F(4)], 2),
    (r"\mathbb{1}[0 < x \le y] + 3", [F(1), F(1)], 4),
    (r"\mathbb{1}[0 < x \le y] + 3", [F(1), F(1, 2)], 3),
    (r"\mathbb{1}[x = y] - \mathbb{1}[x \ne y]", [F(1), F(1)], 1),
    (r"\sum_{k=0}^{n} \frac{x^k}{k!}", [F(1, 2), 9], sum(0.5**k / factorial(k) for k in range(10))),
    (r"\sum_{k=1}^{4} k x", [F(3)], 30),
    (r"\prod_{i=1}^{3} (x - i)^2", [F(5)], 576),
    (r"\sum_{i=1}^{n}\sum_{j=1}^{i} \sin(i x + j)", [F(1, 3), 3], sum(sin(i / 3 + j) for i in range(1, 4) for j in range(1, i + 1))),
    (r"\sum_{i=1}^{3} \begin{cases} x & i < 2 \\ 10 i & \text{otherwise} \end{cases}", [F(1)], 51),
    (r"\sum_{i=m}^{n-1} x^i", [F(2), 5, 2], 28),
    (r"\binom{5}{2} x + \binom{6}{x}", [F(2)], 35),
    (r"x^{1/3} + \sqrt[3]{x} + x^{2/3}", [F(-8)], 0),
    (r"\sqrt[5]{x} + \sqrt[4]{y} + \sqrt{y}", [F(-32), F(16)], 4),
    (r"(-x)^{-3} + x^{-2}", [F(2)], 0.125),
    (r"\frac{1}{3} x + 0.1 - \frac{2.5}{0.3}", [F(3)], 1 + 0.1 - 25 / 3),
    (r"10^3 + 2^{10} x", [F(1)], 2024),
    (r"10^{30} x + 12345678901234567890", [F(1)], 1e30 + 12345678901234567890),
    (r"\pi + e^2 + \exp(\sin 2) x", [F(1)], pi + exp(2) + exp(sin(2))),
    (r"2^x + x^x", [F(3)], 35),
    (r"\lfloor x \rfloor - \lceil x \rceil + |x|", [F(-3, 2)], 0.5),
    (r"\max(x, y, 2, -x) + \min(x, 0)", [F(-5), F(1)], 0),
    (r"-x^2 - (-x)^2 - (x - y - (x - y)) / -x", [F(3), F(1)], -18),
    (r"\frac{x}{\frac{x}{y}} \frac{1}{y}", [F(3), F(7)], 1),
    (r"\frac{d}{dx} (x \sin x)", [F(1, 2)], sin(0.5) + 0.5 * np.cos(0.5)),
    (r"\frac{1 + 2}{4} x", [F(1)], 0.75),
]  # fmt: skip


def arguments(formula: str, values: list[Fraction | int], language: str) -> list[object]:
    names = [key for key in SPECS if key in parse(formula, SPECS).tree.names]
    assert len(names) == len(values)
    return [
        value if name in "nm" and language != "sympy" else given(language, value)
        for name, value in zip(names, values, strict=True)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("formula", "values", "reference"), VALUES)
def test_constructs_compute_their_value(
    formula: str, values: list[Fraction | int], reference: float, language: str
) -> None:
    with np.errstate(all="raise"):  # branches not chosen do not warn
        found = ran(parse(formula, SPECS).code(language)).value(*arguments(formula, values, language))
    assert isclose(number(language, found), reference, rel_tol=1e-12, abs_tol=1e-12)


@pytest.mark.parametrize("language", ["numpy", "torch"])
def test_a_case_distinction_that_no_branch_covers_is_no_number(language: str) -> None:
    code = parse(r"\begin{cases} 1 & x < 0 \\ 2 & x > 1 \end{cases}", SPECS).code(language)
    assert isnan(number(language, ran(code).value(given(language, F(1, 2)))))


def test_a_branch_not_chosen_does_not_spoil_the_derivative_of_the_chosen_one() -> None:
    torch = pytest.importorskip("torch")
    formula = r"\begin{cases} x\ln x & x > 0 \\ \sqrt{-x} & x < -3 \\ \frac{1}{x+4} & \text{otherwise} \end{cases}"
    x = torch.tensor([2.0, -1.0, -4.0, 0.0], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(ran(parse(formula, SPECS).code("torch")).value(x).sum(), x)
    assert torch.allclose(slope, torch.tensor([1 + log(2), -1 / 9, -1 / 4, -1 / 16], dtype=torch.float64))


@pytest.mark.parametrize("language", ["numpy", "torch"])
def test_a_constant_derivative_has_the_shape_of_its_variable(language: str) -> None:
    import derive

    found = ran(derive.gradient("3x", "x", SPECS).code(language)).gradient(given(language, [F(1), F(2)]))
    assert tuple(found.shape) == (2,)
    assert [float(v) for v in found] == [3.0, 3.0]


REFUSED = [
    (r"\sum_{k=0}^{\infty} x^k", "a sum of infinitely many terms has no finite code; work it out first"),
    (r"\prod_{k=1}^{\infty} x", "a product of infinitely many terms has no finite code; work it out first"),
    (r"\int_0^1 t x \, dt", "an integral has no finite code; work it out first"),
    (r"\lim_{t \to 0} t x", "a limit has no finite code; work it out first"),
    (r"\{x, y\}", "a set has no value"),
    (r"\pm x", "± stands for two values; write the one that is meant"),
    (r"\sum_{k=0}^{n/2} x^k", r"the bound \frac{n}{2} is not made of whole numbers and whole-number names"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("formula", "sentence"), REFUSED)
def test_what_has_no_finite_code_is_refused_with_one_sentence(formula: str, sentence: str, language: str) -> None:
    with pytest.raises(NoRule) as refusal:
        parse(formula, SPECS).code(language)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("language", ["numpy", "torch"])
def test_complex_numbers_are_for_sympy(language: str) -> None:
    for formula in ("z^2", "i x"):
        expression = parse(formula, {"z": "complex", "x": "real"})
        assert expression.code("sympy")
        with pytest.raises(NoRule, match="use sympy"):
            expression.code(language)


@pytest.mark.parametrize("language", ["numpy", "torch"])
def test_a_number_no_float_holds_is_refused(language: str) -> None:
    with pytest.raises(TooLarge, match="use sympy"):
        parse("1" + "0" * 400, {}).code(language)
    assert (
        number(language, ran(parse(r"\frac{1" + "0" * 400 + "}{1" + "0" * 399 + "}", {}).code(language)).value()) == 10
    )


def test_sympy_keeps_numbers_exact() -> None:
    import sympy

    found = ran(
        parse(r"\frac{1}{3} x + 0.1 + \frac{1+1}{3} + 2^{-1} + 12345678901234567890", SPECS).code("sympy")
    ).value(0)
    assert found == sympy.Rational(1, 10) + sympy.Rational(2, 3) + sympy.Rational(1, 2) + 12345678901234567890


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(BadSpec, match="latex, sympy, numpy, torch"):
        parse("x", SPECS).code("fortran")


def test_sums_too_deep_for_python_are_refused() -> None:
    tree: Node = Name("x")
    from derive.tree import Binder

    for i in range(MAX_LOOPS + 1):
        tree = Binder("sum", f"i_{i}", (Number("1"), Number("2")), tree)
    with pytest.raises(TooLarge, match="sums within one another"):
        Expression(tree, SymbolTable.from_specs(SPECS)).code("numpy")
    assert (
        number("numpy", ran(Expression(tree.children[-1], SymbolTable.from_specs(SPECS)).code("numpy")).value(1))
        == 2**MAX_LOOPS
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_wide_and_deep_trees_compile(language: str) -> None:
    table = SymbolTable.from_specs(SPECS)
    wide = Sum(tuple(Product((Number(str(k)), Name("x"))) for k in range(5000)))
    found = ran(Expression(wide, table).code(language)).value(given(language, F(1)))
    assert number(language, found) == 5000 * 4999 / 2
    deep: Node = Name("x")
    for k in range(58):
        deep = (
            Root(deep, Number("3"))
            if k % 2
            else Call("artanh", (Quotient(Number("1"), Negative(deep)),))
            if k % 3
            else Call("gamma", (deep,))
        )
    compile(Expression(deep, table).code(language), "<deep>", "exec")


# --- random trees against the ball evaluator -------------------------------------------------------------------------

_leaves = st.one_of(numbers, st.sampled_from(["x", "y"]).map(Name), st.sampled_from(["e", "pi"]).map(Constant))
_WHOLE = st.integers(-4, 4).map(lambda n: Number(str(n)) if n >= 0 else Negative(Number(str(-n))))


def _condition(left: Node, relation: str, right: Node) -> Chain:
    return Chain((left, right), (relation,))


def _nodes(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    conditions = st.builds(_condition, inner, st.sampled_from(["<", r"\le", ">", r"\ge"]), inner)
    return st.one_of(
        several.map(Sum),
        several.map(Product),
        inner.map(Negative),
        st.builds(Quotient, inner, inner),
        st.builds(Power, inner, _WHOLE),
        st.builds(Power, inner.map(Absolute), inner),
        st.builds(Root, inner),
        st.builds(Root, inner, st.integers(2, 7).map(lambda n: Number(str(n)))),
        inner.map(Absolute),
        st.builds(Call, st.sampled_from(["exp", "log", "sin", "tanh", "sigmoid", "relu", "floor", "softplus"]), st.tuples(inner)),
        st.builds(Call, st.sampled_from(["max", "min", "hypot", "atan2"]), st.tuples(inner, inner)),
        st.builds(lambda a, c, b: Cases((a, b), (c, Otherwise())), inner, conditions, inner),
    )  # fmt: skip


trees = st.recursive(_leaves, _nodes, max_leaves=10)
rationals = st.fractions(-4, 4, max_denominator=9)


@settings(max_examples=300, deadline=None)
@with_inputs(trees, rationals, rationals)
def test_random_trees_compute_what_the_balls_enclose(tree: Node, x: Fraction, y: Fraction) -> None:
    """Wherever the value is known and float arithmetic does not lose it (a perturbed point gives nearly the same)."""
    point = {"x": x, "y": y}
    reference, beside = _enclosed(tree, point), _enclosed(tree, {"x": x + F(1, 10**13), "y": y - F(1, 10**13)})
    if reference is None or beside is None or not _branches_in_floats(tree, point):
        return
    settled = abs(reference - beside) <= 1e-8 * (abs(reference) + 1) and abs(reference) < 1e12
    for language in ("numpy", "torch"):
        text = Expression(tree, SymbolTable.from_specs({"x": "real", "y": "real"})).code(language)
        values = [given(language, point[key]) for key in ("x", "y") if key in tree.names]
        with np.errstate(all="ignore"):
            found = number(language, ran(text).value(*values))
        assert not settled or isclose(found, reference, rel_tol=1e-6, abs_tol=1e-6), (language, text)


def _branches_in_floats(tree: Node, point: dict[str, Fraction]) -> bool:
    """Whether fewer digits than a float has tell which branch is taken: 1 ≤ tanh(19) is false, and true in floats."""
    try:
        with precision(40):
            Evaluator(point, Program(), {})(tree)
    except (Undefined, TooLarge, OverflowError):
        return False
    return True


def _enclosed(tree: Node, point: dict[str, Fraction]) -> float | None:
    try:
        with precision(256):
            found = Evaluator(point, Program(), {})(tree)
            return float(mpf(str(found.mid().str(40, radius=False)))) if found.rad() < 1e-30 else None
    except (Undefined, TooLarge, OverflowError):
        return None


def test_infinity_is_a_value() -> None:
    assert number("numpy", ran(parse(r"\min(x, \infty)", SPECS).code("numpy")).value(3)) == 3
    assert number("numpy", ran(parse(r"x + \infty", SPECS).code("numpy")).value(3)) == inf
    assert isclose(number("numpy", ran(parse(r"\sqrt[3]{x}", SPECS).code("numpy")).value(5)), cbrt(5))


@pytest.mark.parametrize("language", ["numpy", "torch", "sympy"])
def test_the_gradient_by_the_bound_of_an_integral_has_code_where_the_integral_has_none(language: str) -> None:
    code = gradient(r"y\int_0^x \exp(t^2) dt", "x", {"x": "real", "y": "real"}).code(language)
    emitted = ran(code)
    assert not hasattr(emitted, "value")
    assert "value is left out: an integral has no finite code" in code
    found = number(language, emitted.gradient(given(language, Fraction(1, 2)), given(language, Fraction(3))))
    assert found == pytest.approx(3 * exp(0.25))


def test_what_is_no_bound_of_an_integral_alone_still_has_no_code() -> None:
    with pytest.raises(NoRule, match="integral"):
        gradient(r"\int_0^1 \exp(x t^2) dt", "x", {"x": "real"}).code("numpy")
