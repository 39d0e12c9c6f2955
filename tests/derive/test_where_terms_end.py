r"""Where the argument of ∇, of a bare function, of a Σ ends; what % and & are; products of columns."""

from __future__ import annotations

import pytest

from checks.api import equal, holds
from derive import parse
from derive.errors import BadSpec, Unreadable

NAMES = dict.fromkeys(["x", "w", "y", "L", "u", "v", "h", r"\lambda"], "real")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\nabla_x x^2 = 2x", r"\nabla_x x^2 = 1"),
        (r"\partial_x x^2 = 2x", r"\partial_x x^2 = 1"),
        (r"\partial_x^2 x^2 = 2", r"\partial_x^2 x^2 = 4x^2"),
        (r"\nabla_w \lambda w^2 = 2 \lambda w", r"\nabla_w \lambda w^2 = 0"),
        (r"\nabla_w (wx-y)^2 = 2x(wx-y)", r"\nabla_w (wx-y)^2 = x^2"),
        (r"\nabla_w \frac12 w^2 = w", r"\nabla_w \frac12 w^2 = 0"),
        (r"\nabla_w w + h = 1 + h", r"\nabla_w w + h = 1"),
        (r"h \nabla_w w^2 = 2 w h", r"h \nabla_w w^2 = h"),
        (r"\nabla_x \nabla_x x^3 = 6x", r"\nabla_x \nabla_x x^3 = 3x^2"),
        (r"\nabla_x \sum_{k=1}^2 x^k = 1 + 2x", r"\nabla_x \sum_{k=1}^2 x^k = 1"),
        (r"\log\prod_{i=1}^{4} i = \log 24", r"\log\prod_{i=1}^{4} i = 24"),
        (r"\ln\sum_{i=1}^{4} i + 1 = \ln 10 + 1", r"\ln\sum_{i=1}^{4} i + 1 = \ln 14"),
        (
            r"\begin{pmatrix}1\\2\end{pmatrix}\cdot\begin{pmatrix}3\\4\end{pmatrix} = 11",
            r"\begin{pmatrix}1\\2\end{pmatrix}\cdot\begin{pmatrix}3\\4\end{pmatrix} = 10",
        ),
        (r"x &+ y = x + & y", r"x &+ y = x - & y"),
        ("x % half\n= x", "x % half\n= y"),
        (r"15\% = 0.15", r"15\% = 15"),
    ],
)
def test_a_term_is_read_as_people_write_it(right: str, wrong: str) -> None:
    assert holds(right, NAMES).status in {"proven", "verified"}
    assert holds(wrong, NAMES).status == "refuted"


@pytest.mark.parametrize(
    ("text", "bracketed"),
    [
        (r"\ln -\frac{x}{y}", r"\ln(-\frac{x}{y})"),
        (r"\ln -x \cdot y + 1", r"\ln(-x \cdot y) + 1"),
        (r"x \le \log_2 - \frac{w}{y} h", r"x \le \log_2(-\frac{w}{y} h)"),
        (r"\frac{\log -x^2}{2}", r"\frac{\log(-x^2)}{2}"),
    ],
)
def test_a_logarithm_that_begins_a_side_takes_the_sign_behind_it(text: str, bracketed: str) -> None:
    assert parse(text, NAMES) == parse(bracketed, NAMES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (r"y + \ln - x", "argument-missing"),
        (r"\ln - (1 - y)", "argument-missing"),
        (r"\ln - x / y", "argument-missing"),
        (r"\ln - \ln x", "argument-missing"),
        (r"\nabla_w L \cdot h", "ambiguous"),
        (r"\nabla_x u \, v", "ambiguous"),
        (r"\frac{d}{dx} u v", "ambiguous"),
        (r"\frac{d}{dx} x^2 \cdot v", "ambiguous"),
        (r"\nabla_x (x+1)(x-1)", "ambiguous"),
        (r"\nabla_x x \nabla_x x", "ambiguous"),
        (r"\log 2 \prod_{i=1}^{4} i", "ambiguous"),
        (r"\sum_{i=1}^{4}", "operand-missing"),
        ("15%", "percent"),
        ("(x)% = x", "percent"),
        (r"\frac{1}{2}%", "percent"),
        ("x & y", "alignment"),
        (r"2 x & \sin y", "alignment"),
    ],
)
def test_what_may_end_in_two_places_or_would_be_lost_is_refused(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        equal(text, "1", NAMES)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        r"\begin{pmatrix}1\\2\end{pmatrix}\begin{pmatrix}3\\4\end{pmatrix} = 11",
        r"\begin{pmatrix}1\\2\end{pmatrix}\cdot\begin{pmatrix}3\\4\\5\end{pmatrix} = 11",
        r"\begin{pmatrix}1\\2\end{pmatrix}\times\begin{pmatrix}3\\4\end{pmatrix} = 11",
        r"\begin{pmatrix}1\\2\end{pmatrix}+\begin{pmatrix}3\\4\\5\end{pmatrix} = 11",
    ],
)
def test_what_has_no_value_is_never_refuted(text: str) -> None:
    assert holds(text, {}).status == "undecided"


def test_a_tolerance_between_statements_is_refused() -> None:
    with pytest.raises(BadSpec, match="tolerance"):
        equal("x = 3.14", r"x = \pi", {"x": "real"}, tolerance="2 places")
    assert equal("3.14", r"\pi", tolerance="2 places").status in {"proven", "verified"}
