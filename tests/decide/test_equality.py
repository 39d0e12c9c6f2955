"""Verdicts over scalars: what is true is never refuted, what is false never proven, and every refutation can be checked."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import checks
from checks.decide.activations import ACTIVATIONS, standing_for
from checks.decide.claim import Claim, Setting
from checks.decide.points import first_points, stratified_points
from checks.decide.replay import replay
from derive import Expression, Program, SymbolTable, Unreadable, gradient, parse
from derive.symbols import Symbol
from derive.tree import Absolute, Call, Name, Negative, Node, Number, Power, Product, Quotient, Root, Sum, walk

ROOT = Path(__file__).parents[2]
SPECS = {
    "x": "real", "y": "real", "z": "real", "a": "real", "p": "positive", "q": "positive", "m": "negative", "n": "integer",
    "k": "positive integer", "u": "between 0 and 1", "j": "integer, between 2 and 4", "t": "negative, greater than -1/2",
    r"\sigma": "function", "f": "function, increasing", "s": "logistic sigmoid",
}  # fmt: skip

PROVEN = [
    ("x + x", "2x"),
    ("(x + y)^2", "x^2 + 2xy + y^2"),
    ("(x - y)(x + y)", "x^2 - y^2"),
    (r"\frac{x^2 - y^2}{x - y}", "x + y"),
    (r"\frac{x}{x}", "1"),
    ("0.1 + 0.2", "0.3"),
    (r"\sqrt{x}^2", "x"),
    (r"\left|x\right|^2", "x^2"),
    (r"\exp(x + y)", r"e^x e^y"),
    (r"\ln(e^x)", "x"),
    ("p^x p^y", "p^{x + y}"),
    (r"\sin^2 x + \cos^2 x", "1"),
    (r"\tanh x", r"\frac{e^x - e^{-x}}{e^x + e^{-x}}"),
    ("s(x)", r"\frac{1}{1 + e^{-x}}"),
    ("s'(x)", "s(x) (1 - s(x))"),
    ("s(-x)", "1 - s(x)"),
    (r"\sigma(x + y)", r"\sigma(y + x)"),
    (r"\sigma'(x) y", r"y \sigma'(x)"),
    (r"\frac{\partial \sigma(a x)}{\partial x}", r"a \sigma'(a x)"),
    (r"\frac{\partial^2 x^3}{\partial x^2}", "6x"),
    (r"\frac{d}{dx} \left|x\right|", r"\frac{x}{\left|x\right|}"),
]

REFUTED = [
    ("x", "y"),
    ("x + x", "3x"),
    ("(x + y)^2", "x^2 + y^2"),
    ("x^2", "x"),
    ("x", r"x + 10^{-37}"),
    ("0.3333333333333333333333333333333333333", r"\frac13"),
    (r"\pi", "3.14159265358979323846264338327950288419"),
    ("e", "2.71828182845904523536028747135266249775"),
    (r"\sqrt{x^2}", "x"),
    (r"\left|x + y\right|", r"\left|x\right| + \left|y\right|"),
    (r"\sin(x + y)", r"\sin x + \sin y"),
    (r"\arctan(\tan x)", "x"),
    ("x^y", "y^x"),
    ("e^{xy}", "e^x e^y"),
    (r"\ln(p + q)", r"\ln p + \ln q"),
    (r"\frac{x + y}{x}", "y"),
    (r"\sqrt{p^2 + q^2}", "p + q"),
    (r"\sqrt[3]{x}", r"\sqrt[3]{\left|x\right|}"),
    (r"\sigma(x + y)", r"\sigma(x) + \sigma(y)"),
    (r"\sigma(2x)", r"2 \sigma(x)"),
    (r"\sigma'(x)", r"\sigma(x)"),
    (r"\sigma(-x)", r"-\sigma(x)"),
    (r"\sigma(x)", "f(x)"),
    ("f'(x)", "1"),
    ("f(0)", "0"),
    ("s'(x)", "s(x)"),
    ("m", r"\left|m\right|"),
    ("n^2", "n"),
    ("u^2", "u"),
]

# true, but only on the declared domain: never refuted, whether a proof is found or not
TRUE_ON_DOMAIN = [
    (r"\sqrt{p^2}", "p"),
    (r"\left|m\right|", "-m"),
    (r"\ln(p^2)", r"2 \ln p"),
    (r"\ln(p q)", r"\ln p + \ln q"),
    (r"\sin(\pi n)", "0"),
    (r"\sin(\pi j)", "0"),
    ("j", "3"),
    (r"\cos(2 \pi k)", "1"),
    ("(-1)^{2n}", "1"),
    (r"\left|u - 1\right|", "1 - u"),
    (r"\left|t\right|", "-t"),
    (r"\sqrt{(1 - 2t)^2}", "1 - 2t"),
    (r"\sqrt{x} \sqrt{y}", r"\sqrt{x y}"),
    (r"\ln(x^2)", r"2 \ln x"),
    (r"\sqrt{2 + \sqrt3}", r"\frac{\sqrt6 + \sqrt2}{2}"),
    (r"\sin(2x)", r"2 \sin x \cos x"),
    (r"\sqrt[3]{x^3}", "x"),
    (r"\left|x y\right|", r"\left|x\right| \left|y\right|"),
]


@pytest.mark.parametrize(("left", "right"), PROVEN)
def test_true_identities_are_proven_both_ways_round(left: str, right: str) -> None:
    for sides in ((left, right), (right, left)):
        verdict = checks.equal(*sides, SPECS)
        assert verdict.status == "proven", verdict
        assert verdict.counterexample is None
    assert checks.holds(f"{left} = {right}", SPECS).status == "proven"


@pytest.mark.parametrize(("left", "right"), REFUTED)
def test_false_identities_are_refuted_both_ways_round(left: str, right: str) -> None:
    for sides in ((left, right), (right, left)):
        verdict = checks.equal(*sides, SPECS)
        assert (verdict.status, verdict.code) == ("refuted", "counterexample"), verdict
    apart = checks.holds(rf"{left} \ne {right}", SPECS)
    assert apart.status in {"undecided", "proven"} or apart.code == "counterexample"  # where the two sides meet


@pytest.mark.parametrize(("left", "right"), TRUE_ON_DOMAIN)
def test_what_holds_on_the_declared_domain_is_never_refuted(left: str, right: str) -> None:
    assert checks.equal(left, right, SPECS).status in {"proven", "verified", "undecided"}


@pytest.mark.parametrize(("left", "right"), REFUTED)
def test_a_counterexample_evaluates_to_different_values(left: str, right: str) -> None:
    verdict = checks.equal(left, right, SPECS)
    assert verdict.counterexample is not None
    worlds = {activation.latex: activation for activation in ACTIVATIONS}
    world = {
        name.removesuffix("(z)"): worlds[value]
        for name, value in verdict.counterexample.items()
        if name.endswith("(z)")
    }
    point = {name: Fraction(value) for name, value in verdict.counterexample.items() if not name.endswith("(z)")}
    table = SymbolTable.from_specs(SPECS)
    assert all(table[name].admits(value) for name, value in point.items())
    setting = Setting(table, Program())
    trees = [parse(text, SPECS).tree for text in (left, right)]
    values = [replay(side, point, Program(), world, 60) for side in Claim(*trees, setting).sides]
    assert abs(values[0] - values[1]) > mpmath.mpf(10) ** -45


@pytest.mark.parametrize(("left", "right"), [pair for pair in REFUTED if pair[0] != "x^y"])
def test_counterexamples_are_small(left: str, right: str) -> None:
    verdict = checks.equal(left, right, SPECS)
    numbers = [Fraction(v) for name, v in (verdict.counterexample or {}).items() if not name.endswith("(z)")]
    assert all(abs(number) <= 4 and number.denominator <= 4 for number in numbers), verdict.counterexample


HOLDS = [
    ("x + 1 > x", "proven"),
    (r"x \le x", "proven"),
    ("x < x", "refuted"),
    ("x^2 > 0", "refuted"),
    ("x < y", "refuted"),
    (r"p \le 0", "refuted"),
    (r"f'(x) \le 0", "refuted"),
    (r"\sigma'(x) \ge 0", "refuted"),
    ("p > 0", None),
    ("f'(x) > 0", None),
    (r"f' > 0", None),
    (r"\left|x\right| \ge 0", None),
    (r"0 < s' \le \frac14", None),
    (r"s' \le \frac15", "refuted"),
    ("j = 3", None),
    ("u < 1", None),
    ("x = x = x", "proven"),
    ("x + x = 2x = 3x", "refuted"),
    ("x + x = 2x < 2x + 1", "proven"),
    (r"x \ne x", "refuted"),
    (r"x \approx y", "undecided"),
    (r"x \ll y", "undecided"),
    (r"\sigma' = \sigma'", "proven"),
    ("s' = s (1 - s)", "proven"),
    ("s'' = s' (1 - 2s)", "proven"),
    (r"\sigma' = \sigma", "refuted"),
    (r"\sigma' = \sigma'(u)", "refuted"),
    (r"\sigma'(u) = \sigma'", "refuted"),
]


@pytest.mark.parametrize(("statement", "status"), HOLDS)
def test_statements(statement: str, status: str | None) -> None:
    verdict = checks.holds(statement, SPECS)
    if status is None:
        assert verdict.status in {"proven", "verified", "undecided"}, verdict
    else:
        assert verdict.status == status, verdict


def test_a_proof_lists_what_was_divided_by() -> None:
    assert "y ≠ 0" in checks.equal(r"\frac{x y}{y}", "x", SPECS).evidence


def test_names_are_compared_as_atoms_and_then_through_their_definitions() -> None:
    where = {"z_1": "a x", "h_1": r"\sigma(z_1)"}
    symbols = {"a": "real", "x": "real", r"\sigma": "function"}
    assert checks.equal("h_1 + h_1", "2 h_1", symbols, where=where).status == "proven"
    assert checks.equal("h_1", r"\sigma(x a)", symbols, where=where).status == "proven"
    assert checks.equal("h_1", "z_1", symbols, where=where).status == "refuted"
    assert checks.equal(r"\frac{\partial h_1}{\partial x}", r"\sigma'(z_1) a", symbols, where=where).status == "proven"


def test_derivations_and_expressions_are_sides() -> None:
    derived = gradient(r"\sigma(x)^2", "x", SPECS)
    assert checks.equal(derived, r"2 \sigma(x) \sigma'(x)", SPECS).status == "proven"
    assert checks.equal(derived.closed_form, derived).status == "proven"
    assert checks.equal(derived, r"2 \sigma(x)", SPECS).status == "refuted"


def test_text_that_cannot_be_read_raises() -> None:
    with pytest.raises(Unreadable):
        checks.equal("x +", "x", SPECS)


def test_a_domain_with_no_number_in_it_leaves_a_claim_undecided() -> None:
    verdict = checks.equal("x", "y", {"x": "positive, negative", "y": "real"})
    assert (verdict.status, verdict.code) == ("undecided", "no-point")


@pytest.mark.parametrize(
    "spec",
    ["real", "positive", "negative", "nonzero", "integer", "between 0 and 1", "integer, between 2 and 4", "negative, greater than -1/2",
     "integer, greater than 1/2", "nonzero, between -1 and 1", "positive, less than 1/100", "less than -7", "integer, less than -7"],
)  # fmt: skip
def test_points_lie_in_the_declared_domain(spec: str) -> None:
    table = SymbolTable.from_specs({"x": spec})
    claim = Claim(Name("x"), Name("x"), Setting(table, Program()))
    points = [*first_points(claim, 20), *(point for _, point in stratified_points(claim, 20))]
    assert len(points) > 100
    assert all(table["x"].admits(point["x"]) for point in points)


def test_functions_that_stand_for_increasing_ones_increase() -> None:
    for activation in standing_for(Symbol("f", "function", frozenset({"increasing"}))):
        for at in (-3, Fraction(-1, 2), 0, Fraction(1, 3), 4):
            assert replay(activation.derivative(1), {"z": Fraction(at)}, Program(), {}) > 0


# --- the same verdict everywhere -------------------------------------------------------------------------------------

CLAIMS = [f"{left} = {right}" for left, right in PROVEN + REFUTED + TRUE_ON_DOMAIN] + [
    statement for statement, _ in HOLDS
]


def decided(claims: list[str]) -> list[dict[str, object]]:
    return [{**checks.holds(claim, SPECS).as_dict(), "seconds": 0} for claim in claims]


def test_threads_get_the_same_verdicts() -> None:
    alone = decided(CLAIMS)
    with ThreadPoolExecutor(8) as pool:
        for together in pool.map(lambda _: decided(CLAIMS), range(8)):
            assert together == alone


def test_another_process_gets_the_same_verdicts() -> None:
    code = (
        "import json, sys, checks\n"
        "specs, claims = json.load(sys.stdin)\n"
        "print(json.dumps([{**checks.holds(claim, specs).as_dict(), 'seconds': 0} for claim in reversed(claims)]))"
    )
    for hash_seed in ("1", "2"):
        result = subprocess.run(
            [sys.executable, "-c", code], input=json.dumps([SPECS, CLAIMS]), capture_output=True, text=True, check=True, cwd=ROOT,
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT), "PATH": ""},
        )  # fmt: skip
        assert json.loads(result.stdout)[::-1] == decided(CLAIMS)


# --- generated identities --------------------------------------------------------------------------------------------

TABLE = SymbolTable.from_specs(
    {"x": "real", "y": "real", "p": "positive", r"\sigma": "function", "f": "function, increasing"}
)


def _nodes(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(Sum), pair.map(Product), inner.map(Negative), st.builds(Quotient, inner, inner), inner.map(Absolute), inner.map(Root),
        st.builds(Root, inner, st.just(Number("3"))), st.builds(Power, inner, inner),
        st.builds(Power, inner, st.integers(0, 3).map(lambda n: Number(str(n)))),
        st.builds(Call, st.sampled_from([r"\sigma", "f", "exp", "sin", "log", "tanh", "arctan"]), st.tuples(inner)),
    )  # fmt: skip


formulas = st.recursive(
    st.one_of(st.sampled_from(["x", "y", "p"]).map(Name), st.integers(0, 3).map(lambda n: Number(str(n)))),
    _nodes,
    max_leaves=6,
)
ONE, TWO = Number("1"), Number("2")
# each turns a tree into one that is equal wherever both are defined
TRUE_LAWS = [
    lambda t: Sum((t, Number("0"))),
    lambda t: Negative(Negative(t)),
    lambda t: Product((ONE, t)),
    lambda t: Quotient(Product((t, TWO)), TWO),
    lambda t: Sum((Sum((t, Name("y"))), Negative(Name("y")))),
    lambda t: Product((t, Sum((Power(Call("sin", (t,)), TWO), Power(Call("cos", (t,)), TWO))))),
    lambda t: Call("log", (Call("exp", (t,)),)),
    lambda t: Call("exp", (Call("log", (t,)),)),
    lambda t: Power(Root(t), TWO),
    lambda t: Power(Root(t, Number("3")), Number("3")),
    lambda t: Quotient(ONE, Quotient(ONE, t)),
    lambda t: Power(Power(t, Negative(ONE)), Negative(ONE)),
    lambda t: Quotient(Power(t, TWO), t),
    lambda t: Quotient(Power(Absolute(t), TWO), t),
    lambda t: Sum(tuple(reversed(t.terms))) if isinstance(t, Sum) else t,
    lambda t: Product(tuple(reversed(t.factors))) if isinstance(t, Product) else t,
]
# each turns a tree into one that is equal nowhere the tree has a value
FALSE_LAWS = [
    lambda t: Sum((t, ONE)),
    lambda t: Sum((t, Negative(Power(Number("10"), Negative(Number("37")))))),
    lambda t: Sum((t, Call("exp", (t,)))),
    lambda t: Negative(Sum((Negative(t), Number("0.001")))),
    lambda t: Sum((t, Power(Call("f", (Name("x"),), 1), TWO))),
]


def rewritten(tree: Node, at: int, law) -> Node:
    """The tree with a law applied to one of its parts."""
    parts = list(walk(tree))
    chosen = parts[at % len(parts)]

    def put(node: Node) -> Node:
        if node is chosen:
            return law(node)
        children = tuple(put(child) for child in node.children)
        return (
            node.rebuilt(children)
            if children and any(a is not b for a, b in zip(children, node.children, strict=True))
            else node
        )

    return put(tree)


@settings(max_examples=250, deadline=None)
@given(formulas, st.lists(st.tuples(st.integers(0, 30), st.sampled_from(TRUE_LAWS)), min_size=1, max_size=3))
def test_true_laws_are_never_refuted(tree: Node, laws: list) -> None:
    other = tree
    for at, law in laws:
        other = rewritten(other, at, law)
    verdict = checks.equal(Expression(tree, TABLE), Expression(other, TABLE))
    assert verdict.status != "refuted", (verdict, Expression(other, TABLE).latex())


@settings(max_examples=250, deadline=None)
@given(
    formulas,
    st.sampled_from(FALSE_LAWS),
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from(TRUE_LAWS)), max_size=2),
)
def test_false_laws_are_never_proven(tree: Node, false_law, laws: list) -> None:
    other = false_law(tree)
    for at, law in laws:
        other = rewritten(other, at, law)
    verdict = checks.equal(Expression(tree, TABLE), Expression(other, TABLE))
    assert verdict.status not in {"proven", "verified"}, (verdict, Expression(other, TABLE).latex())


@settings(max_examples=150, deadline=None)
@given(formulas, formulas)
def test_any_two_formulas_get_one_verdict(a: Node, b: Node) -> None:
    there, back = (checks.equal(Expression(l, TABLE), Expression(r, TABLE)).status for l, r in ((a, b), (b, a)))
    assert {there, back} != {"proven", "refuted"}
    if a == b:
        assert there != "refuted"
    assume(there in {"proven", "refuted"})
    sums = checks.equal(Expression(Sum((a, Name("x"))), TABLE), Expression(Sum((Name("x"), b)), TABLE)).status
    assert {there, sums} != {"proven", "refuted"}
