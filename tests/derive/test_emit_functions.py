"""Every row of the table of functions as code: what is emitted is run and held against values of 40 digits."""

from __future__ import annotations

from fractions import Fraction
from math import isclose, isfinite

import pytest
from emitted import LANGUAGES, given, number, ran
from test_functions import ROWS, TABLE, by_name, call, exact, points

from derive.emit.tables import HELPERS, NUMPY, REFUSED, SYMPY, TORCH
from derive.errors import NoRule
from derive.expression import Expression
from derive.functions import FUNCTIONS, Function
from derive.pullback import derivative
from derive.tree import Node, functions, substitute
from derive.tree import number as exact_number

F = Fraction
# the first argument is an order: torch and NumPy want it written out
ORDERED = {"polygamma", "bessel_j", "bessel_y", "bessel_i", "bessel_k", "expint"}
# torch: its ζ begins at 1, its I has whole orders
TORCH_POINTS = {
    "zeta": [{"x": F(3, 2)}, {"x": F(5, 2)}],
    "hurwitz_zeta": [{"x": F(3, 2), "y": F(2, 3)}],
    "bessel_i": [{"x": F(n), "y": F(2, 3)} for n in (-1, 0, 1)],
}
REFUSING = {(language, row) for language, row in REFUSED}
CASES = [pytest.param(row, language, id=f"{row.name}-{language}") for row in ROWS for language in LANGUAGES]


def tried(row: Function, language: str) -> list[dict[str, Fraction]]:
    return TORCH_POINTS.get(row.name, points(row)) if language == "torch" else points(row)


def value_of(tree: Node, language: str, at: dict[str, Fraction]) -> float:
    module = ran(Expression(tree, TABLE).code(language))
    return number(language, module.value(*(given(language, at[key]) for key in TABLE if key in tree.names)))


def agrees(found: float, reference: float) -> bool:
    return isclose(found, reference, rel_tol=1e-10, abs_tol=1e-12)


@pytest.mark.parametrize(("row", "language"), CASES)
def test_every_row_computes_its_function(row: Function, language: str) -> None:
    if (language, row.name) in REFUSING:
        with pytest.raises(NoRule, match=r"torch .*; use sympy"):
            Expression(call(row), TABLE).code(language)
        return
    for at in tried(row, language):
        tree = call(row)
        if row.name in ORDERED:
            tree = substitute(tree, {"x": exact_number(at["x"])})
        assert agrees(value_of(tree, language, at), float(exact(call(row), at))), at


@pytest.mark.parametrize(("row", "language"), CASES)
def test_every_derivative_of_a_row_computes_it(row: Function, language: str) -> None:
    for index, key in enumerate("xyz"[: row.arity or 2]):
        if not row.derivatives[index if row.arity else 0]:
            continue
        for at in tried(row, language):
            tree = derivative(call(row), key)
            reference = float(exact(tree, at))
            if row.name in ORDERED:
                tree = substitute(tree, {"x": exact_number(at["x"])})
            if any((language, function) in REFUSING for function in functions(tree)):
                with pytest.raises(NoRule, match="use sympy"):
                    value_of(tree, language, at)
                continue
            assert agrees(value_of(tree, language, at), reference), (at, key)


@pytest.mark.parametrize("row", [row for row in ROWS if ("torch", row.name) not in REFUSING], ids=by_name)
def test_torch_code_is_differentiable(row: Function) -> None:
    torch = pytest.importorskip("torch")
    for at in tried(row, "torch"):
        tree = call(row)
        if row.name in ORDERED:
            tree = substitute(tree, {"x": exact_number(at["x"])})
        keys = [key for key in "xyz" if key in tree.names]
        for key in keys:
            index = "xyz".index(key)
            if not row.derivatives[index if row.arity else 0]:
                continue
            inputs = {k: torch.tensor(float(at[k]), dtype=torch.float64, requires_grad=k == key) for k in keys}
            value = ran(Expression(tree, TABLE).code("torch")).value(*inputs.values())
            (slope,) = torch.autograd.grad(value, inputs[key], allow_unused=True)
            found = 0.0 if slope is None else float(slope)
            assert isclose(found, float(exact(derivative(call(row), key), at)), rel_tol=1e-9, abs_tol=1e-12), (at, key)


@pytest.mark.parametrize("language", ["numpy", "torch"])
@pytest.mark.parametrize("row", [row for row in ROWS if row.name not in ORDERED], ids=by_name)
def test_code_works_entry_by_entry_on_arrays_of_any_shape(row: Function, language: str) -> None:
    if (language, row.name) in REFUSING:
        return
    module = ran(Expression(call(row), TABLE).code(language))
    rows = tried(row, language)
    columns = [given(language, [at[key] for at in rows]) for key in rows[0]]
    whole = module.value(*(column.reshape(-1, 1) for column in columns))
    assert tuple(whole.shape) == (len(rows), 1)
    assert all(
        agrees(number(language, whole[i, 0]), float(exact(call(row), at))) for i, at in enumerate(rows)
    )  # fmt: skip


@pytest.mark.parametrize("row", [row for row in ROWS if ("torch", row.name) not in REFUSING], ids=by_name)
def test_torch_code_keeps_the_dtype(row: Function) -> None:
    torch = pytest.importorskip("torch")
    at = tried(row, "torch")[0]
    tree = substitute(call(row), {"x": exact_number(at["x"])}) if row.name in ORDERED else call(row)
    inputs = [torch.tensor(float(at[key]), dtype=torch.float32) for key in "xyz" if key in tree.names]
    assert ran(Expression(tree, TABLE).code("torch")).value(*inputs).dtype == torch.float32


# formulas whose usual form overflows or cancels, with what they are far out
FAR = [
    (r"\ln(1+\exp(x))", 800, 800.0),
    (r"\ln(\exp(x)+1)", -800, 0.0),
    (r"\ln(1+e^{x})", 800, 800.0),
    (r"\ln(e^{x}+e^{2x})", 800, 1600.0),
    (r"\frac{1}{1+e^{-x}}", -800, 0.0),
    (r"\frac{1}{1+e^{-x}}", 800, 1.0),
    (r"\frac{e^{x}}{1+e^{x}}", 800, 1.0),
    (r"\frac{x}{1+e^{-x}}", 800, 800.0),
    (r"e^{x} - 1", Fraction(1, 10**12), 1.0000000000005e-12),
    (r"\ln(1+x)", Fraction(1, 10**12), 9.999999999995e-13),
    (r"1 - \operatorname{sigmoid}(x)", 60, 8.75651076269652e-27),
    (r"\operatorname{softplus}(x)", 800, 800.0),
    (r"\operatorname{logsigmoid}(x)", -800, -800.0),
    (r"\operatorname{sigmoid}(x)", 800, 1.0),
    (r"\operatorname{sech}(x)", 800, 0.0),
    (r"\operatorname{csch}(x)", -800, 0.0),
    (r"\operatorname{mish}(x)", 800, 800.0),
    (r"\operatorname{logaddexp}(x, 2x)", 800, 1600.0),
    (r"\operatorname{ncdf}(x)", -20, 2.753624118606234e-89),
]


@pytest.mark.parametrize("language", ["numpy", "torch"])
@pytest.mark.parametrize(("formula", "x", "reference"), FAR)
def test_forms_that_overflow_or_cancel_are_emitted_stably(
    formula: str, x: Fraction, reference: float, language: str
) -> None:
    from derive import parse

    found = number(language, ran(parse(formula, {"x": "real"}).code(language)).value(given(language, x)))
    assert isclose(found, reference, rel_tol=1e-11, abs_tol=0), formula


def test_only_what_is_written_literally_is_replaced() -> None:
    from derive import parse

    assert "logaddexp" not in parse(r"\ln(2+e^x)", {"x": "real"}).code("numpy")
    assert "_sigmoid" not in parse(r"\frac{1}{1+e^{-2x}+x}", {"x": "real"}).code("numpy")


@pytest.mark.parametrize("table", [NUMPY, TORCH, SYMPY], ids=["numpy", "torch", "sympy"])
def test_the_tables_name_rows_and_use_each_argument_once(table: dict[str, str]) -> None:
    assert set(table) <= set(FUNCTIONS) | {"log1p", "expm1"}
    for text in table.values():
        assert all(text.count("{" + place + "}") <= 1 for place in (*"012uvw",))
        if text.startswith("_"):
            assert any(text in helpers for helpers in HELPERS.values())


def test_scipy_is_imported_only_where_it_is_used_and_said() -> None:
    from derive import parse

    assert "from scipy import special" in parse(r"\Gamma(x)", {"x": "real"}).code("numpy")
    assert "scipy" not in parse(r"\operatorname{GELU}(x)", {"x": "real"}).code("numpy")
    assert all(
        isfinite(number("numpy", ran(parse(r"\operatorname{GELU}(x)", {"x": "real"}).code("numpy")).value(x)))
        for x in (-40, 40)
    )
