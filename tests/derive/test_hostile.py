"""Hostile text: whatever is fed in, only the project's own errors come out, and a verdict is undecided, not a crash."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import checks
import derive
from derive import BadSpec, NoRule, TooLarge, Unreadable
from derive.tree import Name, Node, Number, Product, Sum

SYMBOLS = {
    "x": "real",
    "y": "real",
    "n": "integer",
    "w_1": "positive",
    r"\sigma": "function, increasing",
    "f": "function",
}


def nested(opening: str, closing: str, times: int, inside: str = "x") -> str:
    return opening * times + inside + closing * times


UNREADABLE = {
    "a line of one megabyte": "x" * 1_000_000,
    "ten thousand brackets": nested("(", ")", 10_000),
    "ten thousand open brackets": "(" * 10_000,
    "ten thousand closing brackets": ")" * 10_000,
    "ten thousand braces": "{" * 10_000,
    "ten thousand fractions": nested(r"\frac{1}{", "}", 10_000),
    "two thousand fractions": nested(r"\frac{1}{", "}", 2_000),
    "ten thousand roots": nested(r"\sqrt{", "}", 10_000),
    "two thousand roots without braces": r"\sqrt" * 2_000 + " x",
    "ten thousand superscripts": nested("x^{", "}", 10_000),
    "ten thousand superscripts without braces": "x^" * 9_000 + "x",
    "five thousand subscripts": nested("x_{", "}", 5_000),
    "ten thousand bars": "|" * 10_000,
    "functions of functions": r"\sin" * 3_000 + " x",
    "derivatives of derivatives": r"\frac{d}{dx}" * 1_000 + " x",
    "a number of many digits": "9" * 10_000,
    "an exponent of many digits": "x" + "⁹" * 10_000,
    "a command of many letters": "\\" + "a" * 19_000,
    "a differential of many letters": "d\\" + "a" * 19_000,
    "many primes": "f" + "'" * 19_000 + "(x)",
    "many differentials": "dx" * 9_000,
    "many undeclared names": "".join(chr(97 + i % 26) for i in range(10_000)),
    "two hundred case distinctions": nested(r"\begin{cases} ", r" & x > 0 \end{cases}", 200),
    "case distinctions in conditions": nested(r"\begin{cases} 1 & ", r" > 0 \end{cases}", 60),
    "unclosed index": r"\sqrt[" * 3_000,
    "labels of labels": nested(r"\underbrace{", "}_{a}", 150),
    "only line breaks": "\n" * 15_000,
    "surrogates": "\ud800" * 100,
    "controls": "".join(map(chr, range(32))),
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_hostile_text_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        derive.parse(text, SYMBOLS)
    assert len(str(caught.value)) < 2_000
    assert len(caught.value.with_caret()) < 3_000


DEEP = {
    "brackets": ("(", ")"),
    "fractions": (r"\frac{1}{1+", "}"),
    "roots": (r"\sqrt{1+", "}"),
    "powers": ("x^{", "}"),
    "powers of e": ("e^{", "}"),
    "absolute values": (r"\left|1-", r"\right|"),
    "sines": (r"\sin(", ")"),
    "tanh": (r"\tanh(", ")"),
    "softplus": (r"\operatorname{softplus}(", ")"),
    "sigmoids": (r"\operatorname{sigmoid}(", ")"),
    "exponentials": (r"\exp(", ")"),
    "logarithms": (r"\ln(2+", ")"),
    "a general function": ("f(", ")"),
    "its derivative": (r"\sigma'(", ")"),
    "signs": ("(-", ")"),
    "boxes": (r"\boxed{1+", "}"),
}


@pytest.mark.parametrize("times", [5, 14, 28, 55, 99])
@pytest.mark.parametrize("opening", DEEP.keys())
def test_deep_formulas_are_decided_or_refused(opening: str, times: int) -> None:
    text = nested(*DEEP[opening], times)
    for claim in (f"{text} = {text} + 1", f"{text} + y = y + {text}", f"{text} < 0"):
        try:
            outcome = checks.holds(claim, SYMBOLS).status
        except Unreadable as error:
            outcome = error.code
        assert outcome in {"proven", "refuted", "undecided", "too-deep"}


LARGE = {
    "a tower of powers": ("9^{9^{9^9}} = 1", {"undecided"}),
    "a tower against itself": ("9^{9^{9^9}} = 9^{9^{9^9}} + 1", {"undecided"}),
    "a huge power": ("9^{9^9} = 1", {"undecided", "refuted"}),
    "a huge exponent": ("x^{99999999999} = 1", {"undecided", "refuted"}),
    "a huge negative exponent": ("x^{-99999999999} = 1", {"undecided", "refuted"}),
    "a thousand digits": ("9" * 1_000 + " = 1", {"refuted"}),
    "a thousand decimals": (f"x = x + 0.{'0' * 900}1", {"refuted"}),
    "a tower of exponentials": (r"\exp(\exp(\exp(\exp(\exp(x))))) = 1", {"undecided", "refuted"}),
    "a tower of variables": ("x^{x^{x^{x^x}}} = 1", {"undecided", "refuted"}),
    "many terms": ("x+" * 2_000 + "x = 2001 x", {"proven"}),
    "many factors": ("x " * 2_000 + "= x^{2000}", {"undecided", "proven"}),
    "many functions": (" ".join(r"\sin(x)" for _ in range(800)) + " = 1", {"refuted"}),
    "many roots": ("+".join(rf"\sqrt{{x+{i}}}^2" for i in range(250)) + " = 1", {"refuted", "undecided"}),
    "a large expansion": ("(x+y+n+w_1+1)^{40} = (x+y+n+w_1+2)^{40}", {"refuted"}),
    "a large expansion that holds": ("(x+y+n+w_1+1)^{400} = (y+x+n+w_1+1)^{400}", {"proven"}),
    "a large degree": (r"\frac{((x^{500})^{500})^{500} - 1}{(x^{499})^{499} - y} = 1", {"refuted", "undecided"}),
    "fractions of large sums": (
        r"\frac{1}{(x+y+n)^{30}} + \frac{1}{(x-y+n)^{30}} = \frac{1}{(x+y-n)^{30}}",
        {"refuted", "undecided"},
    ),
    "infinity": (r"\infty = \infty + 1", {"undecided"}),
    "zero over zero": (r"\frac{0}{0} = 1", {"undecided"}),
    "division by a hidden zero": (r"\frac{x}{y - y} = 1", {"undecided"}),
    "zero to a negative power": ("0^{-1} = 1", {"undecided"}),
    "a root without a number": (r"\sqrt[x]{y} = 1", {"refuted"}),
    "the zeroth root": (r"\sqrt[0]{y} = 1", {"undecided"}),
    "a root of a huge index": (r"\sqrt[99999]{y} = 1", {"undecided", "refuted"}),
    "the logarithm of a negative": (r"\ln(-1-x^2) = 1", {"undecided"}),
    "the sine of a huge number": (r"\sin(10^{10^{5}}) = 2", {"refuted", "undecided"}),
    "a derivative of high order": (r"\frac{d^{16}}{dx^{16}} \exp(\exp(\exp(x))) = 0", {"undecided"}),
    "a general derivative of high order": (r"\frac{d^{16}}{dx^{16}} f(f(f(x))) = 0", {"undecided"}),
    "a function of high order": (r"\tanh^{(99)}(x) = 0", {"undecided"}),
    "a general function of high order": (r"\sigma^{(99)}(x) = \sigma^{(99)}(x) + 1", {"undecided", "refuted"}),
    "an implication": (r"x = 1 \Rightarrow x^2 = 1", {"proven"}),
    "no statement": ("x + 1", {"undecided"}),
    "half a statement": ("= x", {"undecided"}),
}


@pytest.mark.parametrize(("claim", "statuses"), LARGE.values(), ids=LARGE.keys())
def test_large_and_undefined_claims_get_a_verdict(claim: str, statuses: set[str]) -> None:
    verdict = checks.holds(claim, SYMBOLS)
    assert verdict.status in statuses, verdict


@pytest.mark.parametrize("claim", [r"\frac{d \sigma}{d x} = 0", r"\frac{d}{dx} (x \sigma') = 0"])
def test_a_function_without_argument_has_no_derivative(claim: str) -> None:
    with pytest.raises(NoRule, match="without its argument"):
        checks.holds(claim, SYMBOLS)


def test_long_chains_of_definitions_get_a_verdict() -> None:
    doubled = {f"y_{{{i + 1}}}": f"y_{{{i}}} + y_{{{i}}}" if i else "x + x" for i in range(60)}
    assert checks.equal("y_{60}", "2^{60} x", {"x": "real"}, where=doubled).status in {"proven", "verified"}
    layers = {f"y_{{{i + 1}}}": rf"\tanh(w y_{{{i}}})" if i else r"\tanh(w x)" for i in range(300)}
    assert checks.equal("y_{300}", "x", {"x": "real", "w": "real"}, where=layers).status in {"refuted", "undecided"}
    derivation = derive.gradient("y_{300}", "x", {"x": "real", "w": "real"}, where=layers)
    assert len(derivation.closed_form.latex()) > 1_000


def test_a_large_gradient_is_refused_or_derived() -> None:
    with pytest.raises(TooLarge):
        derive.gradient(r"\tanh(\tanh(\tanh(\tanh(x))))", ["x"] * 9, SYMBOLS)


WORDS = ["real", "positive", ",", "in (", "0", "1", "/", ")", "between", "and"]
PIECES = [
    "x", "y", "n", "w_1", "w", "f", r"\sigma", "'", "''", "^", "_", "^2", "_1", "^{", "_{", "{", "}", "(", ")", "[", "]", "|", "+", "-",
    "*", "/", r"\cdot", "=", "<", r"\le", r"\ne", r"\Rightarrow", ",", "2", "0", "0.5", ".", r"\frac", r"\frac{x}{y}", r"\sqrt", r"\sqrt[3]",
    r"\ln", r"\exp", r"\sin", r"\tanh", r"\sin^{-1}", r"\partial", "d", "dx", r"\frac{d}{dx}", r"\frac{\partial", r"{\partial x}", r"\left",
    r"\right", r"\left(", r"\right)", r"\bigl|", r"\underbrace", r"\boxed{", r"\cancel", r"\mathrm", r"\mathrm{d}", r"\operatorname{",
    r"\text{", r"\hat", r"\prime", r"\infty", r"\pi", "e", "e^", r"\\", "%", "&", " ", "\n", "²", "₁", "√", "∂", "−", "\u0301", "\0", "①", "$",
]  # fmt: skip
VALID = [
    r"\frac{\partial f(x)}{\partial x} = f'(x)",
    r"\sigma'(w_1 x + n) w_1 = \frac{d}{dx} \sigma(w_1 x + n)",
    r"\sqrt{x^2} = \left|x\right|",
    r"\ln xy \le \ln x + \ln y \Rightarrow x > 0",
    r"(x + y)^2 = x^2 + 2xy + y^2",
    r"e^{-\frac{x^2}{2}} \sin^2 x + \cos^{2}(x) < 2",
]

OWN_ERRORS = (Unreadable, BadSpec, NoRule)


def survives(text: str) -> None:
    try:
        statement = derive.parse(text, SYMBOLS)
    except Unreadable as error:
        place = error.with_caret()
    else:
        place = ""
    if place:
        assert place.startswith("line ")
        return
    assert statement.latex()
    try:
        verdict = checks.holds(text, SYMBOLS)
    except OWN_ERRORS:
        return
    assert verdict.status in {"proven", "verified", "refuted", "undecided"}


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    survives(text)


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_printable_text_is_read_or_refused(text: str) -> None:
    survives(text)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_pieces_of_latex_are_read_or_refused(text: str) -> None:
    survives(text)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        stop = min(len(text), start + draw(st.integers(0, 3)))
        text = text[:start] + draw(st.sampled_from(["", *PIECES])) + text[stop:]
    return text


@settings(max_examples=800, deadline=None)
@given(mutated())
def test_mutations_of_valid_formulas_are_read_or_refused(text: str) -> None:
    survives(text)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=20), st.lists(st.sampled_from(WORDS)).map(" ".join)))
def test_any_spec_is_read_or_refused(spec: str) -> None:
    try:
        said = derive.SymbolTable.from_specs({"x": spec})["x"].describe()
    except BadSpec as error:
        said = str(error)
    assert said


def test_copies_of_a_tree_that_uses_its_parts_again_and_again_are_compared_at_once() -> None:
    def doubled(leaf: str) -> Node:
        tree: Node = Name(leaf)
        for _ in range(60):
            tree = Product((tree, Sum((tree, Number("1")))))
        return tree

    assert doubled("x") == doubled("x")
    assert doubled("x") != doubled("y")
