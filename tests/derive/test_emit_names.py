"""Names and formulas in emitted code: valid, distinct identifiers, and nothing of a name ever becomes code."""

from __future__ import annotations

import ast
import keyword

import pytest
from emitted import LANGUAGES, given, number, ran
from hypothesis import given as with_inputs
from hypothesis import settings
from hypothesis import strategies as st

import derive
from derive.emit.identifiers import RESERVED, Identifiers, identifier
from derive.emit.module import docstring
from derive.expression import Expression
from derive.symbols import Symbol, SymbolTable
from derive.tree import Name, Negative, Number, Product, Sum

READABLE = {
    r"\hat{m}_t": "hat_m_t",
    r"\sigma'": "sigma_prime",
    "w_{1}": "w_1",
    "z_4^*": "z_4_star",
    "z_4@skip": "z_4_skip",
    r"x_{\mathrm{in}}": "x_in",
    r"\beta_1": "beta_1",
    "W^{(21)}": "W_21",
    "a^+": "a_plus",
    r"\hat{\mu}": "hat_mu",
    r"\mathbf{x}": "mathbf_x",
    r"\lambda": "lambda_",
    "np": "np_",
    "torch": "torch_",
    "sum": "sum_",
    "lr": "lr",
    "''": "prime_prime",
    "%": "name",
    "1x": "n_1x",
    "__class__": "class_",
    "∂": "name",
}


@pytest.mark.parametrize(("name", "expected"), READABLE.items())
def test_names_become_readable_identifiers(name: str, expected: str) -> None:
    assert identifier(name) == expected


def test_names_that_would_be_spelled_alike_are_told_apart_in_order() -> None:
    names = Identifiers()
    given_out = [
        names.of(name) for name in ("x_1", "x1", "x'", "x_{prime}", r"x_{\prime}", "x_1", r"\lambda", "lambda")
    ]
    assert given_out == ["x_1", "x1", "x_prime", "x_prime_2", "x_prime_3", "x_1", "lambda_", "lambda_2"]


@settings(max_examples=500)
@with_inputs(st.lists(st.text(max_size=12), min_size=1, max_size=20))
def test_any_text_becomes_an_identifier_of_its_own(texts: list[str]) -> None:
    names = Identifiers()
    found = {text: names.of(text) for text in texts}
    assert len(set(found.values())) == len(found)
    for name in found.values():
        assert name.isidentifier()
        assert name.isascii()
        assert not keyword.iskeyword(name)
        assert name not in RESERVED
        assert not name.startswith("_")


HOSTILE = [
    '"""', "'''", '\\"""', "\\", 'x"""\nimport os\n"""', "x\nimport os", "x\r\nimport os", "\x00", "\u2028x", "\u202e", "# coding: utf-7",
    '")); __import__("os").system("true") #', "{x}", "%s", "\\N{DIGIT ONE}", "\\x41", "\ud800", "f\x0cg", '"', "a" * 500,
]  # fmt: skip
hostile = st.one_of(st.sampled_from(HOSTILE), st.text(alphabet="\"'\\\n\r\t{}#;()x_ \u2028\x00\x0c", max_size=30))


def skeleton(text: str) -> list[str]:
    """What a module does, its docstrings left out."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.Module) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return [type(node).__name__ for node in ast.walk(tree)]


@settings(max_examples=300, deadline=None)
@with_inputs(hostile, hostile, st.sampled_from(LANGUAGES))
def test_hostile_names_change_nothing_but_identifiers_and_docstrings(first: str, second: str, language: str) -> None:
    def text(x: str, f: str) -> str:
        table = SymbolTable([Symbol(x), Symbol(f, kind="function")])
        from derive.tree import Call

        tree = Sum((Product((Name(x), Call(f, (Name(x),), 1))), Negative(Number("2"))))
        return Expression(tree, table).code(language)

    if first == second:
        return
    assert skeleton(text(first, second)) == skeleton(text("x", "f"))


@settings(max_examples=300, deadline=None)
@with_inputs(st.lists(hostile, min_size=1, max_size=4), st.integers(0, 1))
def test_a_docstring_ends_where_it_should(lines: list[str], indent: int) -> None:
    text = f"def f():\n{docstring(lines, 1)}\n    return 1\n" if indent else docstring(lines, 0) + "\n"
    tree = ast.parse(text.encode("utf-8"))
    body = tree.body[0].body if indent else tree.body  # type: ignore[attr-defined]
    assert len(body) == 1 + indent
    assert isinstance(body[0].value, ast.Constant)


@settings(max_examples=100, deadline=None)
@with_inputs(hostile, hostile)
def test_titles_of_problems_do_not_leave_their_docstring(title: str, name: str) -> None:
    from derive.emit.module import Task, module
    from derive.program import Program

    table = SymbolTable([Symbol(name)])
    text = module(title, [Task(Name(name))], Program(), table, "numpy")
    assert [type(node).__name__ for node in ast.parse(text.encode("utf-8")).body] == ["Expr", "Import", "FunctionDef"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_that_clash_with_the_code_around_them_still_compute(language: str) -> None:
    names = [
        r"\lambda",
        "np",
        "torch",
        "sp",
        "math",
        "value",
        "gradient",
        "x'",
        "x_1",
        "x_{1}",
        "range",
        "u",
        "total",
        "k",
        "grad",
        "float",
    ]
    specs = dict.fromkeys(names, "real") | {r"\sigma": "function", "d": "function"}
    del specs["x_{1}"]
    names.remove("x_{1}")
    formula = " + ".join(names) + r" + \sum_{k=1}^{3} k + \sigma'(u) + d(u) + \operatorname{ELU}(u) + \frac{1}{3}"
    module = ran(derive.parse(formula, specs).code(language))
    one = given(language, 1)
    assert number(language, module.value(*([one] * len(names)), lambda u: 2 * u, lambda u: 3 * u)) == pytest.approx(
        len(names) + 6 + 5 + 1 + 1 / 3
    )


def test_a_parameter_and_a_derivative_that_would_be_spelled_alike_are_told_apart() -> None:
    code = derive.parse(r"d_{\sigma} \sigma'(x)", {r"d_{\sigma}": "real", "x": "real", r"\sigma": "function"}).code(
        "numpy"
    )
    assert "def value(d_sigma, x, d_sigma_2):" in code
    assert r"d_sigma_2: \sigma', its derivative" in code
    assert ran(code).value(2, 3, lambda u: u * u) == 18


def test_general_functions_are_parameters_said_in_the_docstring() -> None:
    specs = {"x": "real", r"\sigma": "function", "f": "function"}
    code = derive.gradient(r"f(\sigma'(x))", "x", specs).code("sympy")
    assert "def value(x, d_sigma, f):" in code
    assert "def gradient(x, d_sigma, d2_sigma, d_f):" in code
    assert r"d2_sigma: \sigma'', the derivative of order 2" in code
