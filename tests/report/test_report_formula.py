"""Formulas become MathML; what math-core cannot draw, or would never finish, becomes its source."""

from __future__ import annotations

import pytest
from report_sample import CLOSED

from checks.report.extent import width_in_ems
from checks.report.formula import latex_to_html


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{\partial y^*}{\partial w_1} = (w^2\sigma'(z_4)+1)\sigma'(z_5^*)x",
        r"\begin{aligned} a &= b \\ &= [0, 1) \end{aligned}",
        r"\left\{x \in \mathbb{R}^n : \lVert x \rVert \le 1\right\}",
        r"\hat{v}_t \odot \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}^{-1}",
    ],
)
def test_what_derivations_are_made_of_is_drawn(latex: str) -> None:
    assert latex_to_html(latex).startswith('<div class="math" style="--ems:')


@pytest.mark.parametrize("latex", [r"\bogus x", "{", "a & b", r"\frac{1}", "x_1_2", r"\href{http://x}{y}"])
def test_what_cannot_be_drawn_is_shown_as_written(latex: str) -> None:
    html = latex_to_html(latex)
    assert html.startswith('<code class="source">')
    assert html.striptags() == latex


@pytest.mark.parametrize(
    "opening",
    ["(", "[", r"\{", r"\lvert ", r"\langle ", r"\bigl(", r"\lbrack ", r"\ulcorner ", r"\llbracket ", "⟨", "f("],
)
def test_brackets_never_closed_are_not_handed_on(opening: str) -> None:
    assert latex_to_html(opening * 60).startswith("<code")  # 2^60 steps otherwise


def test_a_bracket_may_not_hide_in_a_definition() -> None:
    assert latex_to_html(r"\newcommand{\a}{(}" + r"\a " * 60).startswith("<code")


def test_many_commands_that_look_like_brackets_are_drawn() -> None:
    assert latex_to_html(r"\lambda \le \ln \log \lim \ldots \left(x\right) " * 20).startswith("<div")


def test_brackets_closed_in_another_group_count_as_open() -> None:
    assert latex_to_html("{(}" * 60 + ")" * 60).startswith("<code")


@pytest.mark.parametrize(("opening", "closing"), [("{\\frac{", "}{1}}"), ("\\sqrt ", ""), (r"\left(", r"\right)")])
def test_nesting_that_would_overflow_the_stack_is_not_handed_on(opening: str, closing: str) -> None:
    assert latex_to_html(opening * 6000 + "x" + closing * 6000).startswith("<code")


def test_brackets_that_are_closed_may_be_many() -> None:
    assert latex_to_html(r"f(x)[y]\{z\}" * 40).startswith("<div")


def test_a_prime_is_no_superscript() -> None:
    assert '<mo class="prime"' in latex_to_html(r"\sigma'(z)")


@pytest.mark.parametrize(
    ("latex", "browser"),
    [  # measured in Chromium 156 with the font of the page
        (CLOSED, 23.0),
        (r"\nabla^2 f(x) \le mI", 6.4),
    ],
)  # fmt: skip
def test_the_estimated_width_is_near_that_of_a_browser(latex: str, browser: float) -> None:
    estimate = int(latex_to_html(latex).split("--ems:")[1].split('"')[0])
    assert estimate == pytest.approx(browser, rel=0.15, abs=1.5)


def test_a_width_that_cannot_be_told_is_zero() -> None:
    assert width_in_ems("<math>") == 0
