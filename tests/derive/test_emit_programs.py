"""Gradients through definitions as code: against torch autograd, as long as the program, and as two golden modules."""

from __future__ import annotations

import os
from fractions import Fraction
from math import isclose, isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from emitted import LANGUAGES, given, number, ran
from hypothesis import given as with_inputs
from hypothesis import settings
from hypothesis import strategies as st

import derive
from checks.decide.activations import Activation
from derive.catalog import catalog
from derive.emit import code_of_problem
from derive.emit.identifiers import identifier
from derive.emit.module import Task, module
from derive.problem import Problem
from derive.program import Program
from derive.pullback import derivative
from derive.read import read
from derive.rules import with_named_functions
from derive.steps import Derivation
from derive.symbols import SymbolTable
from derive.tree import ONE, Derivative, Name, Node, substitute

torch = pytest.importorskip("torch")
from checks.witness.torch_backend import Evaluator  # noqa: E402 - only where torch is

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
EVERY = {**dict(catalog), "two-layer": Problem.from_toml(ROOT / "examples" / "two-layer.toml")}
PROBLEMS = {
    name: p
    for name, p in EVERY.items()
    if not p.program.recurrences and not any(symbol.is_array for symbol in p.symbols.values())
}
QUESTIONS = [pytest.param(p, q.id, id=f"{p.id}-{q.id}") for p in PROBLEMS.values() for q in p.formulas]


def activation(language: str) -> dict[str, Any]:
    """tanh and its derivatives, for whatever function is a parameter."""
    if language == "sympy":
        import sympy

        return {"": sympy.tanh, "d_": lambda u: 1 - sympy.tanh(u) ** 2}
    tanh: Any = torch.tanh if language == "torch" else np.tanh
    return {"": tanh, "d_": lambda u: 1 - tanh(u) ** 2, "d2_": lambda u: -2 * tanh(u) * (1 - tanh(u) ** 2)}


def called(function: Any, language: str, values: dict[str, Any]) -> Any:
    """An emitted function at named values, tanh for every function it takes."""
    code = function.__code__
    known = {identifier(key): value for key, value in values.items()}
    arguments = []
    for name in code.co_varnames[: code.co_argcount]:
        prefix = next((p for p in ("d_", "d2_") if name.startswith(p)), "")
        arguments.append(known[name] if name in known else scaled(activation(language)[prefix], scale_of(name)))
    return function(*arguments)


def scale_of(function: str) -> int:
    """f_2 is twice tanh, so that functions with numbers do not tie."""
    return int(function[-1]) if function[-1].isdigit() else 1


def scaled(function: Any, scale: int) -> Any:
    return (lambda u: scale * function(u)) if scale != 1 else function


def point(symbols: Any, language: str, signs: int = 2) -> dict[str, Any]:
    """Different fractions, one in `signs` of them negative."""
    keys = [key for key, symbol in symbols.items() if not symbol.is_function]
    return {
        key: given(language, Fraction(3 + 2 * i, 7 + i) * (-1 if i % signs == 1 else 1)) for i, key in enumerate(keys)
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("problem", "id_"), QUESTIONS)
def test_every_question_agrees_with_autograd(problem: Problem, id_: str, language: str) -> None:
    derivation = problem.derivation(problem.question(id_))
    module = ran(derivation.code(language))
    signs = signs_of(problem)
    values = point(problem.symbols, language, signs)
    reference = by_autograd(problem.question(id_).ask, problem, signs)
    asked = module.gradient if derivation.wrt else module.value
    assert isclose(number(language, called(asked, language, values)), reference, rel_tol=1e-10)
    if derivation.wrt:
        f = by_autograd(derivation.f, problem, signs)
        assert isclose(number(language, called(module.value, language, values)), f, rel_tol=1e-10)


def signs_of(problem: Problem) -> int:
    """Signs at which every definition and every answer has a value."""
    trees = [*map(Name, problem.program.definitions), *(question.ask for question in problem.formulas)]
    return next(k for k in range(2, 20) if all(isfinite(by_autograd(tree, problem, k)) for tree in trees))


def by_autograd(asked: Node, problem: Problem, signs: int) -> float:
    """A formula of derivatives straight from the tree, which knows nothing of what is emitted."""
    columns = {key: value.reshape(1) for key, value in point(problem.symbols, "numpy", signs).items()}
    world = {
        key: Activation(rf"{scale_of(key)} \tanh(z)", increasing=True)
        for key, symbol in problem.symbols.items()
        if symbol.is_function and not symbol.named
    }
    program = Program([(k, with_named_functions(t, problem.table)) for k, t in problem.program.definitions.items()])
    return float(Evaluator(columns, program, world, differentiable=True)(asked)[0].detach())


def chain(depth: int, skip: bool = False) -> Derivation:
    where = {"z_1": r"\sigma(w x)"}
    for k in range(2, depth + 1):
        where[f"z_{{{k}}}"] = rf"\sigma(w z_{{{k - 1}}})" + (rf" + z_{{{k - 1}}} v" if skip else "")
    return derive.gradient(
        f"z_{{{depth}}}", "w", {"x": "real", "w": "real", "v": "real", r"\sigma": "function"}, where=where
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chain_of_64_layers_is_as_long_as_its_program(language: str) -> None:
    lengths = {depth: len(chain(depth).code(language)) for depth in (16, 32, 64)}
    assert lengths[64] - lengths[32] < 2.3 * (lengths[32] - lengths[16])


@pytest.mark.parametrize("language", ["numpy", "torch"])
def test_a_chain_of_64_layers_agrees_with_autograd(language: str) -> None:
    derivation = chain(64)
    values = {"x": Fraction(1, 2), "w": Fraction(4, 3), "v": Fraction(1)}
    tensors = {key: given("torch", value).requires_grad_() for key, value in values.items()}
    reference = ran(derivation.code("torch"))
    (slope,) = torch.autograd.grad(called(reference.value, "torch", tensors), tensors["w"])
    module = ran(derivation.code(language))
    found = called(module.gradient, language, {key: given(language, value) for key, value in values.items()})
    assert isclose(number(language, found), float(slope), rel_tol=1e-10)


def test_skips_with_two_to_the_64_paths_stay_as_long_as_their_program() -> None:
    """The closed form would be refused; the code needs none."""
    table = SymbolTable.from_specs({"x": "real", "a": "real", "b": "real"})
    definitions = {"h_1": read("x^2", table).tree, "h_2": read(r"x \sin(x)", table).tree}
    mean = read(r"\frac{a + b}{2}", table).tree
    for k in range(3, 67):
        definitions[f"h_{k}"] = substitute(mean, {"a": Name(f"h_{k - 1}"), "b": Name(f"h_{k - 2}")})
    text = module("skips", [Task(Name("h_66"), ("x",), ONE)], Program(definitions), table, "torch")
    assert len(text) < 20_000
    x = given("torch", Fraction(3, 2)).requires_grad_()
    (slope,) = torch.autograd.grad(ran(text).value(x), x)
    assert isclose(number("torch", ran(text).gradient(x)), float(slope), rel_tol=1e-12)


WHERE = [
    ("L", "w", {"p": r"\sigma(w x)", "L": "(p - t)^2"}),
    ("L", "p", {"p": r"\sigma(w x)", "L": "(p - t)^2 + p"}),
    ("p L", "w", {"p": r"\sigma(w x)", "L": "(p - t)^2"}),
    ("L", "t", {"p": r"w x", "L": "w p"}),
    ("L", "w", {"p": r"w x", "q": r"p^2 + w", "L": r"p q + \sin(q)"}),
    ("x^2 w", "x", {}),
    ("L + w", "L", {"p": "w x", "L": "p^2"}),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("f", "wrt", "where"), WHERE)
def test_the_gradient_is_the_closed_form(f: str, wrt: str, where: dict[str, str], language: str) -> None:
    specs = {"x": "real", "w": "real", "t": "real", r"\sigma": "function"}
    derivation = derive.gradient(f, wrt, specs, where=where)
    module = ran(derivation.code(language))
    values = point(derivation.symbols, language)
    if wrt not in specs:
        values.pop(wrt, None)
    found = called(module.gradient, language, values)
    # the closed form as a function of the intermediates, which are given their values
    closed = ran(derivation.closed_form.code(language)).value
    for name, formula in where.items():
        part = derive.parse(formula, derivation.symbols)
        values[name] = called(ran(part.code(language)).value, language, values)
    assert isclose(
        number(language, found), number(language, called(closed, language, values)), rel_tol=1e-12, abs_tol=1e-12
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_second_derivatives_are_emitted(language: str) -> None:
    derivation = derive.gradient(
        r"\sigma(w x)", "x", {"x": "real", "w": "real", r"\sigma": "function"}, layout="hessian"
    )
    module = ran(derivation.code("torch"))
    x, w = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (0.5, 1.5))
    (first,) = torch.autograd.grad(called(module.value, "torch", {"x": x, "w": w}), x, create_graph=True)
    (second,) = torch.autograd.grad(first, x)
    assert isclose(number("torch", called(module.gradient, "torch", {"x": x, "w": w})), float(second), rel_tol=1e-12)
    assert "d2_sigma(w * x)" in derivation.code(language)


def test_a_function_with_a_name_is_computed_and_no_parameter() -> None:
    two_layer = PROBLEMS["two-layer"]
    code = two_layer.derivation(two_layer.question("hidden-weight")).code("numpy")
    assert "def gradient(x, t, w, b, v):" in code
    assert "_sigmoid" in code
    alone = derive.gradient(r"\sigma(x)", "x", {"x": "real", r"\sigma": "function, logistic sigmoid"}).code("sympy")
    assert r"\operatorname{sigmoid}'(x)" in alone  # the docstring names what is computed


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_problem_is_one_module(problem: Problem, language: str) -> None:
    emitted = ran(code_of_problem(problem, language))
    for question in problem.formulas:
        kind = "gradient" if problem.derivation(question).wrt else "value"
        asked = vars(emitted)[f"{kind}_{question.id.replace('-', '_')}"]
        alone = vars(ran(problem.derivation(question).code(language)))[kind]
        values = point(problem.symbols, language, signs_of(problem))
        assert number(language, called(asked, language, values)) == number(language, called(alone, language, values))


_OPERATIONS = (
    "a + b",
    "a b",
    r"\sin(a)",
    r"\operatorname{sigmoid}(a) b",
    "a - x b",
    r"\frac{a}{2 + b^2}",
    r"\tanh(a) + a",
    "3",
    "a a b",
)
_TABLE = SymbolTable.from_specs(dict.fromkeys("abxw", "real"))


@settings(max_examples=150, deadline=None)
@with_inputs(st.data())
def test_random_programs_agree_with_autograd(data: st.DataObject) -> None:
    names = ["x", "w"]
    definitions: dict[str, Node] = {}
    for k in range(data.draw(st.integers(1, 12))):
        tree = read(data.draw(st.sampled_from(_OPERATIONS)), _TABLE).tree
        definitions[f"q_{k}"] = substitute(tree, {place: Name(data.draw(st.sampled_from(names))) for place in "ab"})
        names.append(f"q_{k}")
    program = Program(definitions)
    f = read("a + b x", _TABLE).tree
    f = (
        substitute(f, {place: Name(data.draw(st.sampled_from(names))) for place in "ab"})
        if data.draw(st.booleans())
        else Name(names[-1])
    )
    wrt = data.draw(st.sampled_from(names))
    columns = {"x": np.array([0.7]), "w": np.array([-1.3])}
    reference = float(Evaluator(columns, program, {}, differentiable=True)(Derivative(f, (Name(wrt),)))[0].detach())
    closed = ONE if program.needed(f) else derivative(f, wrt)  # of a program the code needs none
    for language in ("numpy", "torch"):
        emitted = ran(module("random", [Task(f, (wrt,), closed)], program, _TABLE, language))
        found = called(
            emitted.gradient, language, {"x": given(language, Fraction(7, 10)), "w": given(language, Fraction(-13, 10))}
        )
        assert isclose(number(language, found), reference, rel_tol=1e-9, abs_tol=1e-9)


def test_a_kink_is_said_in_the_docstring() -> None:
    specs = {"x": "real", "w": "real"}
    code = derive.gradient("L", "w", specs, where={"z": "w x", "L": r"|z|"}).code("torch")
    assert "there may be no derivative" in code.split("def gradient")[1]
    assert "there may be no derivative" not in code.split("def gradient")[0]
    assert "there may be no derivative" not in derive.gradient("x^2", "x", specs).code("torch")


FORMULA = r"\hat{m}_t \ln(1 + e^{-x_1}) + \operatorname{GELU}(x_1)"
GOLDEN_MODULES = {
    "emit_two_layer_torch.py.txt": lambda: code_of_problem(PROBLEMS["two-layer"], "torch"),
    "emit_gradient_numpy.py.txt": lambda: derive.gradient(
        FORMULA, "x_1", {r"\hat{m}_t": "real", "x_1": "real, positive"}
    ).code("numpy"),
}


@pytest.mark.parametrize("file", GOLDEN_MODULES)
def test_golden_modules(file: str) -> None:
    text = GOLDEN_MODULES[file]()
    if os.environ.get("UPDATE_GOLDEN") == "1":
        (GOLDEN / file).write_text(text, encoding="utf-8")
    assert (GOLDEN / file).read_text("utf-8") == text
