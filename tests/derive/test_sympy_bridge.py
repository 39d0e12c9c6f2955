"""Trees to SymPy and back: the same values, the declared assumptions, and a clear refusal of what has no form."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import checks
from derive import BadSpec, NoRule, SymbolTable, parse
from derive.expression import Expression
from derive.normal import same
from derive.sympy_bridge import from_sympy
from derive.tree import Absolute, Call, Name, Negative, Node, Number, Power, Product, Quotient, Root, Sum

SPECS = {
    "x": "real",
    "n": "integer",
    "p": "positive",
    "u": "between 0 and 1",
    r"\sigma": "function",
    "s": "logistic sigmoid",
}
TABLE = SymbolTable.from_specs(SPECS)
x, p = sympy.Symbol("x", real=True), sympy.Symbol("p", real=True, positive=True)
k, n = sympy.Symbol("k", real=True), sympy.Symbol("n", integer=True)


TO_SYMPY = [
    ("0.25", sympy.Rational(1, 4)),
    ("x + x", 2 * x),
    (r"\frac{x}{p}", x / p),
    (r"\sqrt{p^2}", p),
    (r"\sqrt{x^2}", sympy.Abs(x)),
    (r"\left|x\right|", sympy.Abs(x)),
    ("e^x", sympy.exp(x)),
    (r"2\pi", 2 * sympy.pi),
    (r"\ln(e^x)", x),
    (r"\arctan(x)", sympy.atan(x)),
    (r"\tanh'(x)", 1 - sympy.tanh(x) ** 2),
    (r"\operatorname{sigmoid}(x)", 1 / (1 + sympy.exp(-x))),
    (r"\sigma(x)", sympy.Function(r"\sigma")(x)),
    (r"\sigma'(x)", sympy.Function(r"\sigma")(x).diff(x)),
    (r"\sum_{k=1}^{n} k^2", sympy.Sum(k**2, (k, 1, n))),
    (r"\prod_{k=1}^{3} (x+k)", (x + 1) * (x + 2) * (x + 3)),
    (r"\int_0^x k \, dk", x**2 / 2),
    (r"\lim_{k \to 0} \frac{(x+k)^2-x^2}{k}", 2 * x),
    (r"\mathbb{1}[x > 0] x", sympy.Piecewise((x, x > 0), (0, True))),
    (
        r"\begin{cases} x & 0 < x \le 1 \\ p & \text{otherwise} \end{cases}",
        sympy.Piecewise((x, (x > 0) & (x <= 1)), (p, True)),
    ),
    (r"\frac{\partial x^2}{\partial x}", sympy.Derivative(x**2, x)),
]


@pytest.mark.parametrize(("text", "expected"), TO_SYMPY)
def test_trees_become_sympy(text: str, expected: sympy.Expr) -> None:
    expression = parse(text, SPECS)
    assert isinstance(expression, Expression)
    assert sympy.simplify(expression.sympy() - expected) == 0


def test_symbols_carry_their_assumptions() -> None:
    symbols = {name: parse(name, SPECS).sympy() for name in "xnpu"}  # type: ignore[union-attr]
    assert symbols["x"].is_real
    assert symbols["x"].is_positive is None
    assert symbols["n"].is_integer
    assert symbols["p"].is_positive
    assert symbols["u"].is_positive


def _nodes(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(Sum), pair.map(Product), inner.map(Negative), st.builds(Quotient, inner, inner), inner.map(Absolute), inner.map(Root),
        st.builds(Power, inner, st.integers(-2, 3).map(lambda n: Number(str(n)) if n >= 0 else Negative(Number(str(-n))))),
        st.builds(Call, st.sampled_from(["exp", "sin", "log", "tanh", r"\sigma"]), st.tuples(inner)),
    )  # fmt: skip


formulas = st.recursive(
    st.one_of(st.just(Name("x")), st.just(Name("p")), st.integers(0, 3).map(lambda n: Number(str(n)))),
    _nodes,
    max_leaves=4,
)


@settings(max_examples=100, deadline=None)
@given(formulas)
def test_there_and_back_is_never_refuted(formula: Node) -> None:
    try:
        back = from_sympy(Expression(formula, TABLE).sympy())
    except NoRule:  # SymPy made infinity, i or a Piecewise of it
        assume(False)
        return
    verdict = checks.equal(Expression(formula, TABLE), Expression(back, TABLE))
    assert verdict.status != "refuted", (formula, back, verdict)


def test_sympy_on_either_side() -> None:
    assert checks.equal((x + p) ** 2, "x^2 + 2 x p + p^2", SPECS).status == "proven"
    assert checks.equal("x", sympy.Abs(x), SPECS).status == "refuted"
    assert same(from_sympy(x / p), parse(r"\frac{x}{p}", SPECS).tree)


FOREIGN = [
    sympy.Float(0.1),
    sympy.nan,
    sympy.zoo,
    sympy.airyai(x),
    sympy.Piecewise((x, sympy.Contains(x, sympy.Interval(0, 1))), (0, True)),
    sympy.Integral(x, x),
    sympy.Matrix([[1, 2]]).as_immutable(),
    x > 0,
]


@pytest.mark.parametrize("expression", FOREIGN)
def test_what_has_no_form_here_says_so(expression: sympy.Basic) -> None:
    with pytest.raises(NoRule):
        from_sympy(expression)


def test_other_objects_are_refused() -> None:
    with pytest.raises(BadSpec, match="not int"):
        checks.equal(1, "x", SPECS)


def test_a_function_without_its_argument_has_no_form() -> None:
    with pytest.raises(NoRule, match="no form"):
        parse(r"\sigma'", SPECS).sympy()  # type: ignore[union-attr]


def test_the_imaginary_unit_of_sympy_is_ours() -> None:
    assert checks.equal((1 + sympy.I) ** 2, 2 * sympy.I).status == "proven"
    assert checks.equal((1 + sympy.I) ** 2, 3 * sympy.I).status == "refuted"
