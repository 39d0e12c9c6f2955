"""How statements are related: the same solutions, one implies the other, neither; steps and arrows."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import checks
import derive
from checks.decide.statements.ideal import follows
from checks.decide.statements.sentence import Atom, sentence
from checks.decide.statements.solutions import roots
from checks.decide.statements.truth import Place
from derive.tree import number

REAL = dict.fromkeys("xyabuvt", "real")
COMPLEX = dict.fromkeys("xyab", "complex")
POSITIVE = dict.fromkeys("xyab", "positive")

SAME = (
    (r"x^2 = 4", r"x = 2 \text{ or } x = -2", REAL),
    (r"x^2 = 4", r"x = \pm 2", REAL),
    (r"x^2 = 4", r"x \in \{2, -2\}", REAL),
    (r"x^2 = 4", "x = 2", POSITIVE),
    (r"x^3 = 27", "x = 3", REAL),
    ("y = 3x - 1", r"x = \frac{y+1}{3}", REAL),
    (r"a x = a y", r"a = 0 \text{ or } x = y", REAL),
    (r"|x| < 3", r"-3 < x \text{ and } x < 3", REAL),
    (r"(x-1)(x-4) \ge 0", r"x \le 1 \text{ or } x \ge 4", REAL),
    (r"\left(x < 0 \text{ or } x > 2\right) \text{ and } x < 5", r"x < 0 \text{ or } 2 < x < 5", REAL),
    (r"-2x \le 6", r"x \ge -3", REAL),
    (r"x^2 + 1 < 0", "1 = 0", REAL),
    (r"\sqrt{x} = 3", "x = 9", REAL),
    (r"e^{x} = 1", "x = 0", REAL),
    (r"e^{2x} \le e^{y}", r"2x \le y", REAL),
    (r"\ln x = 2", "x = e^2", REAL),
    (r"\tanh(x) < \tanh(y)", "x < y", REAL),
    (r"x = i y", "i x = -y", COMPLEX),
    (r"x^2 = -y^2", r"x = i y \text{ or } x = -i y", COMPLEX),
    (r"x \ne 1 \text{ and } x \ne 2", r"x^2 - 3x + 2 \ne 0", REAL),
    (r"\frac{a}{x} = b", "a = b x", POSITIVE),
    ("x <= 2", "2 >= x", REAL),
    (r"\begin{pmatrix} x \\ y \end{pmatrix} = \begin{pmatrix} 1 \\ 2 \end{pmatrix}", r"x = 1 \text{ and } y = 2", REAL),
    ("(x, y) = (1, 2)", r"(x-1)^2 + (y-2)^2 = 0", REAL),
    (r"x \in [1, 2]", r"1 \le x \le 2", REAL),
    (r"x \in (1, 2)", r"(x-1)(x-2) < 0", REAL),
    (r"\frac{d}{dx}|x| = 1", "x > 0", REAL),
)
# the code of `equal`, and what the counterexample is
DIFFERENT = (
    ("x = y", "x^2 = y^2", REAL, "implies"),
    (r"x^2 = 4", "x = 2", REAL, "implied-by"),
    (r"x^3 = 8", "x = 2", COMPLEX, "implied-by"),
    ("x = 2", "x = 3", REAL, "not-equivalent"),
    ("x < 1", r"x \le 1", REAL, "implies"),
    (r"x^2 \le 6", r"-2 \le x \le 2", REAL, "implied-by"),
    ("-2x < 6", "x < -3", REAL, "not-equivalent"),
    ("a x = a y", "x = y", REAL, "implied-by"),
    (r"e^{x} = y", "x = y", REAL, "not-equivalent"),
    ("x > 0", "x^2 > 0", REAL, "implies"),
    (r"x = a \pm b", r"x = a + b", REAL, "implied-by"),
    (r"x \in [1, 2]", r"1 < x < 2", REAL, "implied-by"),
    (r"x^2 = 2", r"x = 1.414", REAL, "not-equivalent"),
    ("x^2 = 2", r"x = \frac{665857}{470832}", POSITIVE, "not-equivalent"),  # 10⁻¹² away
)


@pytest.mark.parametrize(("left", "right", "symbols"), SAME)
def test_statements_with_the_same_solutions_are_proven_equal(left: str, right: str, symbols: dict[str, str]) -> None:
    for first, second in ((left, right), (right, left)):
        verdict = checks.equal(first, second, symbols)
        assert verdict.status == "proven", verdict
        assert verdict.code in {"equivalent", "same-roots"}


@pytest.mark.parametrize(("left", "right", "symbols", "code"), DIFFERENT)
def test_statements_with_other_solutions_are_refuted_with_a_point(
    left: str, right: str, symbols: dict[str, str], code: str
) -> None:
    verdict = checks.equal(left, right, symbols)
    assert (verdict.status, verdict.code) == ("refuted", code), verdict
    assert verdict.counterexample
    turned = {"implies": "implied-by", "implied-by": "implies"}.get(code, code)
    assert checks.equal(right, left, symbols).code == turned


STEPS = (
    # line                       next line                      status     code
    (r"(x-3)^2 = 0",             "x = 3",                       "proven",  "same-roots"),
    (r"x = 1",                   "x^2 = 1",                     "proven",  "implies"),
    (r"x^2 = x",                 "x = 1",                       "refuted", "implied-by"),
    (r"\frac{x^2-4}{x-2} = 0",   "x + 2 = 0",                   "proven",  "equivalent"),
    (r"\frac{x^2-4}{x-2} = 0",   "x^2 - 4 = 0",                 "proven",  "implies"),
    (r"x^2 - 4 = 0",             r"\frac{x^2-4}{x-2} = 0",      "refuted", "implied-by-domain"),
    (r"x = y",                   r"\frac{x}{y} = 1",            "refuted", "implied-by-domain"),
    (r"\sqrt{x} = y",            "x = y^2",                     "proven",  "implies"),
    (r"\ln x = \ln y",           "x = y",                       "proven",  "implies"),
    (r"\frac{d}{dx}|x| = 1",     r"x \ge 0",                   "proven",  "implies"),  # no value at the kink
    (r"x \cdot 0 = 5",           "x = 5",                       "proven",  "implies"),
)  # fmt: skip


@pytest.mark.parametrize(("before", "after", "status", "code"), STEPS)
def test_a_step_says_how_the_lines_are_related(before: str, after: str, status: str, code: str) -> None:
    verdict = checks.step(before, after, REAL)
    assert (verdict.status, verdict.code) == (status, code), verdict


def test_a_step_between_expressions_is_equality() -> None:
    assert checks.step("(x+1)^2", "x^2+2x+1", REAL).status == "proven"
    assert checks.step("(x+1)^2", "x^2+1", REAL).status == "refuted"


def test_where_only_one_statement_has_a_value_is_said() -> None:
    verdict = checks.equal(r"\frac1x + \frac1y = 2", r"y = \frac{x}{2x-1}", REAL)
    assert verdict.status == "proven"
    assert "has no value" in verdict.evidence


@pytest.mark.parametrize(
    ("statement", "status", "code"),
    [
        (r"x = 2 \Rightarrow x^2 = 4", "proven", "implies"),
        (r"x^2 = 4 \Rightarrow x = 2", "refuted", "implied-by"),
        (r"x = 2 \Leftarrow x^2 = 4", "refuted", "implied-by"),
        (r"x^2 = 4 \Leftrightarrow x = \pm 2", "proven", "equivalent"),
        (r"x^2 = 4 \iff x = 2", "refuted", "implied-by"),
        (r"\frac{x^2-1}{x-1} = 0 \iff x = \pm 1", "refuted", "implies-domain"),
        (r"\ln x + \ln(x-1) = \ln 2 \iff x = 2 \text{ or } x = -1", "refuted", "implies-domain"),
        (r"\frac{x}{y} = 1 \Rightarrow x = y", "proven", "implies"),
        (r"x = y \Rightarrow \frac{x}{y} = 1", "proven", "implies"),
        (r"\frac{1}{x} < 1 \iff x > 1", "refuted", "implied-by"),
        (r"\max(0, x) = 0 \iff x < 0", "refuted", "implied-by"),
        (r"\frac{1}{x} = 0 \Rightarrow x = 3", "proven", "vacuous"),
        (r"x > 1 \Rightarrow x > y", "refuted", "not-implied"),
        (r"x > y \text{ and } y > 3 \implies x > 3", "proven", "implies"),
        (r"x > y => 2x > 2y => x > y - 1", "proven", "implies"),
        (r"x \ge 0 \text{ or } x < 1", "proven", "statements"),
        (r"x > 0 \text{ or } x < 0", "refuted", "counterexample"),
        (r"x^2 + y^2 \ge 2 x y \text{ and } x \ne 1", "refuted", "counterexample"),
    ],
)
def test_arrows_and_connectives_are_decided(statement: str, status: str, code: str) -> None:
    verdict = checks.holds(statement, REAL)
    assert (verdict.status, verdict.code) == (status, code), verdict


def test_a_statement_is_never_equal_to_a_value() -> None:
    assert checks.equal("x = 1", "1", REAL).code == "type-mismatch"
    assert checks.equal("x", "x = 0", REAL).code == "type-mismatch"


def test_general_functions_stay_general() -> None:
    symbols = {**REAL, "sigma": {"spec": "function", "latex": [r"\sigma"]}}
    assert checks.equal(r"\sigma(x) = 2y", r"y = \frac{\sigma(x)}{2}", symbols).status == "proven"
    assert checks.equal(r"\sigma(x) = \sigma(y)", "x = y", symbols).status != "proven"


def test_order_makes_complex_names_real() -> None:
    assert checks.equal(r"x^2 \ge 0", r"x^4 \ge 0", COMPLEX).status == "proven"
    assert checks.equal("x^2 = 1", r"x^2 = 1 \text{ and } x > -2", COMPLEX).status == "proven"


@pytest.mark.parametrize("statement", [r"x \approx 2", r"x \ll 1"])
def test_relations_without_exact_meaning_are_undecided(statement: str) -> None:
    assert checks.equal(statement, "x = 2", REAL).status == "undecided"


# --- laws ------------------------------------------------------------------------------------------------------------

AT, SIZE = st.integers(-5, 5), st.integers(0, 6)
ROOTS = st.lists(st.integers(-4, 4), min_size=1, max_size=3)


def _product(found: list[int]) -> str:
    return "".join(f"(x - {r})" if r >= 0 else f"(x + {-r})" for r in found) + " = 0"


def _listed(found: list[int]) -> str:
    return r" \text{ or } ".join(f"x = {r}" for r in found)


def _expected(one: set[Any], other: set[Any]) -> set[str]:
    if one == other:
        return {"equivalent", "same-roots"}
    return {"implies"} if one < other else {"implied-by"} if one > other else {"not-equivalent"}


@settings(max_examples=60, deadline=None)
@given(one=ROOTS, other=ROOTS, listed=st.booleans())
def test_equations_are_related_as_their_sets_of_roots(one: list[int], other: list[int], *, listed: bool) -> None:
    verdict = checks.equal(_product(one), (_listed if listed else _product)(other), {"x": "real"})
    assert verdict.code in _expected(set(one), set(other)), (one, other, verdict)


@settings(max_examples=40, deadline=None)
@given(a=AT, size=SIZE, c=AT, other=SIZE, closed=st.booleans(), shut=st.booleans())
def test_intervals_are_related_as_sets(a: int, size: int, c: int, other: int, *, closed: bool, shut: bool) -> None:
    b, d = a + size, c + other
    one = rf"(x - ({a}))(x - ({b})) {'<=' if closed else '<'} 0"
    below = r"\le" if shut else "<"
    two = f"{c} {below} x {below} {d}"
    points = [Fraction(k, 4) for k in range(-60, 61)]
    first = {x for x in points if ((x - a) * (x - b) <= 0 if closed else (x - a) * (x - b) < 0)}
    second = {x for x in points if (c <= x <= d if shut else c < x < d)}
    verdict = checks.equal(one, two, {"x": "real"})
    assert verdict.code in _expected(first, second), (one, two, verdict)


# --- the parts -------------------------------------------------------------------------------------------------------


def test_the_ideal_knows_no_false_consequence() -> None:
    x, y = (derive.parse(name, REAL).tree for name in "xy")
    square = derive.parse("x^2 - y^2", REAL).tree
    difference = derive.parse("x - y", REAL).tree
    assert follows([difference], [], [square], "real")
    assert not follows([square], [], [difference], "real")
    assert follows([square], [derive.parse("x + y", REAL).tree], [difference], "real")
    assert follows([derive.parse("x y", REAL).tree], [], [x, y], "real")
    assert not follows([derive.parse("x y", REAL).tree], [], [x], "real")


def test_a_place_tells_false_from_undefined_and_unknown() -> None:
    from checks.api import setting_of

    setting = setting_of(REAL, None)
    statement = derive.parse(r"\frac{1}{x} = 2", REAL).tree
    said = sentence(statement, setting)
    assert Place({"x": number(Fraction(1, 2))}, is_complex=False).holds(said) is True
    at_zero = Place({"x": number(0)}, is_complex=False)
    assert (at_zero.holds(said), at_zero.defined(said)) == (False, False)
    assert Place({"x": number(3)}, is_complex=False).holds(said) is False


def test_every_root_found_of_a_quadratic_is_one() -> None:
    equation = derive.parse("3x^2 - 5x + 1", REAL).tree
    found = list(roots(equation, "x"))
    assert len(found) == 2
    zero = Atom(equation, "=", number(0))
    assert all(Place({"x": value}, is_complex=False).holds(zero) for value in found)
