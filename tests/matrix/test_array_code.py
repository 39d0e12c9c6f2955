"""NumPy and torch emitted for vectors and matrices: right at every size, as lean as a pass written by hand, or refused."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from array_code import LANGUAGES, agree, derived
from click.testing import CliRunner
from emitted import ran
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as drawn_arrays
from networks import NETWORKS
from test_pullback import DERIVATIVES, SYMBOLS
from typed import TABLE, typed

import derive
from checks.cli import main
from checks.witness.layouts import Target
from derive import NoRule
from derive.emit import code_of_problem
from derive.errors import BadSpec, TooLarge

SINGLE = {
    "W": "matrix h n", "V": "matrix k h", "b": "vector h", "c": "vector k", "x": "vector n", "y": "vector k, probability vector",
    "Q": "matrix m d", "K": "matrix n d", "v": "vector n", r"\gamma": "vector n", r"\beta": "vector n", "g": "vector n",
    r"\varepsilon": "positive", r"\mathbf{1}": "ones n", "n": "dimension", "d": "dimension", r"\sigma": "function", "u": "vector h",
    "A": "matrix n n", "B": "matrix n n", "M": "matrix n m", "t": "real", "F": "matrix h n",
}  # fmt: skip
FORMULAS = (  # f over one example, by what
    (r"-y^T \log(\operatorname{softmax}(V \sigma(W x + b) + c))", "WVbcx"),
    (r"u^T \max(0, W x + b)", "Wbxu"),
    (r"g^T (\gamma \odot \frac{x - \frac{1}{n} \mathbf{1}^T x \mathbf{1}}{\sqrt{\frac{1}{n} x^T x + \varepsilon}} + \beta)", "xg"),
    (r"\operatorname{logsumexp}(A x) - \log(\mathbf{1}^T \exp(B x))", "ABx"),
    (r"\log\det(A^T A) + \log |\det(B)|", "AB"),
    (r"x^T A^{-1} B^{-T} v", "ABxv"),
    (r"\operatorname{tr}((A + B)^{-1} M M^T)", "ABM"),
    (r"\operatorname{tr}(\operatorname{softmax}(A B) B)", "AB"),
    (r"\|A x - v\|_2 + \|M\|_F + \|A B\|_F^4 + \|x\|_1", "ABxvM"),
    (r"g^T \operatorname{diag}(A B) + v^T \operatorname{diag}(x) A x", "ABxgv"),
    (r"\operatorname{tr}(A \otimes B) + \|A \otimes M\|_F^2", "ABM"),
    (r"\operatorname{vec}(A)^T \operatorname{vec}(B M M^T)", "ABM"),
    (r"\mathbf{1}^T (\mathbb{1}[x > v] \odot x^{\odot 3} \oslash (\mathbf{1} + v \odot v))", "xv"),
    (r"\sum_{i=1}^{n} \log(1 + \exp(-v_i x_i))", "xv"),
    (r"g^T (\mathbf{1} \oslash (\mathbf{1} + \exp(-A x)))", "Agx"),
    (r"\frac{x^T A x}{x^T x} + t \, \mathbf{1}^T \sqrt{x \odot x + \varepsilon \mathbf{1}}", "Axt"),
    (r"\operatorname{tr}(\exp(A \odot B))", "AB"),
    (r"\sigma(x^T A v) \, x^T v", "Axv"),
)  # fmt: skip


@pytest.mark.parametrize(("f", "wrt", "layout"), DERIVATIVES)
def test_every_layout_computes_what_autograd_finds(f, wrt, layout):
    if "C" in f:
        pytest.skip("the derivative at the two sizes is 0 but for rounding")
    assert agree(derived(f, wrt, SYMBOLS, layout), layout) > 0


@pytest.mark.parametrize(("f", "name"), [(f, name) for f, names in FORMULAS for name in names])
def test_the_vocabulary_goes_backwards_as_autograd_does(f, name):
    assert agree(derived(f, name, SINGLE)) > 0


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(typed(), st.data())
def test_any_formula_has_right_code_or_none(drawn, data):
    shape, f = drawn
    names = [name for name in ("A", "B", "C", "M", "S", "x", "y", "z") if name in f.names]
    assume(names)
    layout = "gradient" if shape == (1, 1) else "vjp"
    wrt = data.draw(st.sampled_from(names))
    try:
        derivation = derive.gradient(derive.Expression(f, TABLE), wrt, layout=layout)
        derivation.code("torch")
        Target.of(wrt, layout, derivation.symbols)
    except (NoRule, TooLarge, BadSpec, ZeroDivisionError):
        return
    agree(derivation, layout, draws=1)  # asserts, at a draw where there is a value


# --- networks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NETWORKS)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_network_goes_backwards_in_one_pass(name, language, data):
    network = NETWORKS[name]
    letters = {letter: data.draw(st.integers(1, 5), letter) for letter in network.sizes[0]}
    inputs = {
        key: value if key == "Y" or not np.shape(value) else
        data.draw(drawn_arrays(float, np.shape(value), elements=st.floats(-3, 3, width=16)), key)
        for key, value in network.inputs(letters).items()
    }  # fmt: skip
    tensors = {
        key: torch.tensor(value, dtype=torch.float64, requires_grad=key in network.wrt) for key, value in inputs.items()
    }
    loss = network.in_torch(torch, *tensors.values())
    wanted = torch.autograd.grad(loss, [tensors[key] for key in network.wrt])
    module = ran(derive.backward_code(network.f, network.wrt, network.symbols, network.where, language))
    arguments = list(inputs.values()) if language == "numpy" else [tensor.detach() for tensor in tensors.values()]
    found = module.gradient(*arguments)
    assert abs(float(module.value(*arguments)) - float(loss.detach())) <= 1e-9 * (1 + abs(float(loss.detach())))
    scale = 1 + max(float(w.abs().max()) for w in wanted)
    for ours, theirs in zip(found, wanted, strict=True):
        assert ours.shape == theirs.shape
        assert float((torch.as_tensor(ours) - theirs).abs().max()) <= 1e-6 * scale


@pytest.mark.parametrize("name", NETWORKS)
def test_the_passes_written_by_hand_are_right_too(name):
    network = NETWORKS[name]
    inputs = network.inputs(network.sizes[0], seed=3)
    ours = ran(derive.backward_code(network.f, network.wrt, network.symbols, network.where)).gradient(*inputs.values())
    for one, other in zip(ours, network.by_hand(*inputs.values()), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


def body(text: str, name: str = "gradient") -> str:
    return re.sub(r'r"""[\s\S]*?"""', "", text).split(f"def {name}(")[1].split("\ndef ")[0]


@pytest.mark.parametrize(("name", "products"), [("classifier", 5), ("residual block", 6), ("layer normalisation", 0), ("attention", 5)])  # fmt: skip
def test_no_more_matrices_are_multiplied_than_by_hand(name, products):
    network = NETWORKS[name]
    code = body(derive.backward_code(network.f, network.wrt, network.symbols, network.where))
    assert code.count(" @ ") == products
    assert not re.search(r"np\.(diag|eye|outer|kron|tile|full|ones)\(", code)


def test_no_jacobian_is_formed_on_the_way():
    where = {"p": r"\operatorname{softmax}(A x)", "L": "-v^T p"}
    code = body(derive.gradient("L", "x", SINGLE, where=where).code("numpy"))
    assert "diag" not in code
    assert "outer" not in code
    assert code.count("softmax(") == 1


def test_names_have_a_line_each_and_their_derivatives_too():
    where = {"z": "A x", "h": r"\tanh(z)", "L": r"\|h - v\|_2^2"}
    code = body(derive.gradient("L", "x", SINGLE, where=where).code("numpy"))
    assert [line.split(" = ")[0].strip() for line in code.splitlines() if " = " in line] == ["x, v, A", "z", "h", "grad_h", "grad_z"]  # fmt: skip


def test_chains_are_multiplied_from_the_vector():
    code = body(derive.parse("A B A B x", SINGLE).code("numpy"), "value")
    assert "A @ (B @ (A @ (B @ x)))" in code


def test_an_inverse_times_something_is_solved_for():
    code = derived("x^T A^{-1} v", "A", SINGLE).code("numpy")
    assert "np.linalg.inv" not in code
    assert body(code).count("np.linalg.solve") == 2


def test_large_scores_neither_overflow_nor_vanish():
    where = {"p": r"\operatorname{softmax}(A x)", "L": r"-v^T \log(p)"}
    module = ran(derive.gradient("L", "x", SINGLE, where=where).code("numpy"))
    given = np.ones(2), np.array([0.0, 1.0]), np.diag([2000.0, -2000.0])
    assert module.value(*given) == 4000
    np.testing.assert_allclose(module.gradient(*given), [2000, 2000])


@pytest.mark.parametrize(
    ("f", "language", "says"),
    [
        ("A x", "sympy", "numpy and torch"),
        (r"\prod_{i=1}^{n} A", "numpy", "product"),
        (r"\delta", "numpy", "delta"),
        ("q A x", "torch", "q is complex"),
        (r"\lim_{t \to 0} t x", "numpy", "not for the kind limit"),
    ],
)
def test_what_has_no_code_is_refused_in_words(f, language, says):
    with pytest.raises((NoRule, derive.Unreadable), match=says):
        derive.parse(f, {**SINGLE, r"\delta": "Kronecker delta", "q": "complex"}).code(language)


def test_a_pass_by_several_names_needs_a_number():
    with pytest.raises(NoRule, match="those of a number"):
        derive.backward_code("A x", ["A", "x"], SINGLE)
    with pytest.raises(NoRule, match="one name after another"):
        derive.backward_code("t^2", ["t"], SINGLE)
    with pytest.raises(BadSpec, match="no declared variable"):
        derive.backward_code("x^T x", ["x", "w"], SINGLE)


def test_nothing_of_a_name_becomes_code():
    symbols = {r"\mathbf{X}^{(1)}": "matrix m n", "x^{(2)}": "vector n", r"\lambda": "vector m"}
    text = derive.gradient(r"\lambda^T \mathbf{X}^{(1)} x^{(2)}", r"x^{(2)}", symbols).code("numpy")
    assert "def gradient(mathbf_X_1, x_2, lambda_):" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_out_is_set_together(language):
    text = derive.parse(r"\begin{pmatrix} s & 1 \\ 2 & s^2 \end{pmatrix} w", {"s": "real", "w": "vector 2"}).code(
        language
    )
    three, ones = (np.float64(3), np.ones(2)) if language == "numpy" else (torch.tensor(3.0), torch.ones(2))
    assert ran(text).value(three, ones).tolist() == [4, 11]


def test_an_index_inside_a_sum_is_not_the_one_outside():
    specs = {"x": "vector n", "n": "dimension", "i": "index n", "j": "index n", r"\delta": "Kronecker delta"}
    text = derive.parse(r"x_j + \delta_{ij} + \sum_{j=1}^{n} (x_j^2 + \delta_{ij})", specs).code("numpy")
    assert ran(text).value(np.array([2.0, 3.0]), 1, 2) == 3 + 0 + 13 + 1


# --- the command line ------------------------------------------------------------------------------------------------


def test_the_command_prints_a_module_for_arrays():
    options = [
        "--let",
        "A=matrix m n",
        "--let",
        "x=vector n",
        "--let",
        "y=vector m",
        "--where",
        "r=A x - y",
        "--where",
        r"L=\|r\|_2^2",
    ]
    one = CliRunner().invoke(main, ["gradient", "L", "--wrt", "x", "--code", "numpy", *options])
    both = CliRunner().invoke(main, ["gradient", "L", "--wrt", "A", "--wrt", "x", "--code", "torch", *options])
    assert (one.exit_code, both.exit_code) == (0, 0)
    assert one.stdout.rstrip().endswith("return A.T @ grad_r")
    assert both.stdout.rstrip().endswith("return torch.outer(grad_r, x), A.T @ grad_r")


def test_a_problem_prints_arrays_and_numbers_in_one_module():
    problem = derive.Problem.from_dict(
        {
            "id": "mixed", "symbols": {"A": "matrix n n", "x": "vector n", "t": "real"},
            "part": [{"name": "main", "given": ["p = A x", "s = x^T p", "u = t^2"]}],
            "question": [
                {"id": "s-x", "ask": r"\frac{\partial s}{\partial x}"}, {"id": "u-t", "ask": r"\frac{\partial u}{\partial t}"},
            ],
        }
    )  # fmt: skip
    module = ran(code_of_problem(problem, "numpy"))
    np.testing.assert_allclose(module.gradient_s_x(np.array([[1, 2], [4, 8]]), np.array([1, -1])), [-4, -10])
    assert module.gradient_u_t(3) == 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_on_the_way_may_be_the_variable(language):
    where = {"z": "A x", "L": "z^T z"}
    code = derive.backward_code("L", ["x", "z"], SINGLE, where, language)
    given = [np.array([1.0, 2.0]), np.array([[1.0, 2.0], [3.0, 4.0]])]
    by_x, by_z = ran(code).gradient(*(map(torch.tensor, given) if language == "torch" else given))
    assert by_z.tolist() == [10, 22]
    assert by_x.tolist() == [76, 108]
