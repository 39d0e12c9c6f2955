"""Constructs with a syntax of their own: read, written back as the same tree, refused where they say too little."""

from __future__ import annotations

import pytest

from derive.errors import Unreadable
from derive.read import read
from derive.symbols import SymbolTable
from derive.tree import Binder, Name, Number, Product, substitute
from derive.write import latex

TABLE = SymbolTable.from_specs({**dict.fromkeys("xyzab", "real"), "n": "integer", "f": "function"})


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (r"n!", r"n!"),
        (r"(n+1)!^2", r"(n + 1)!^2"),
        (r"\binom{n}{2}", r"\binom{n}{2}"),
        (r"50\% x", r"50\% x"),
        (r"\left\lfloor x \right\rfloor + \lceil y \rceil", r"\lfloor x \rfloor + \lceil y \rceil"),
        (r"\log_{10}(x)^2", r"\log_{10}(x)^2"),
        (r"\log_a^2 x", r"\log_{a}(x)^2"),
        (r"\begin{cases} x, & x>0 \\ -x, & \text{otherwise} \end{cases}", r"\begin{cases} x & x > 0 \\ -x & \text{otherwise} \end{cases}"),
        (r"\begin{cases} x^2 & \text{if } x \le 0 \\ 1 & \text{if } 0 < x < 3 \text{ and } y > 1\\[2pt] 0 & \text{else.}\end{cases} + 1",
         r"\begin{cases} x^2 & x \le 0 \\ 1 & 0 < x < 3 \text{ and } y > 1 \\ 0 & \text{otherwise} \end{cases} + 1"),
        (r"\sum_{k=1}^n \frac{1}{k} x^k + 3", r"\sum_{k=1}^{n} \frac{1}{k} x^k + 3"),
        (r"\prod_{j=1}^3 (x+j)", r"\prod_{j=1}^{3} (x + j)"),
        (r"a \sum_{i=1}^3 i", r"a (\sum_{i=1}^{3} i)"),
        (r"\lim_{x \to 0^+} \ln x", r"\lim_{x \to 0^+} \ln(x)"),
        (r"\int_0^1 x^2 + 1 \, dx", r"\int_{0}^{1} x^2 + 1 \, dx"),
        (r"\int_0^7 dx", r"\int_{0}^{7} 1 \, dx"),
        (r"2\int_{0}^{\pi} \sin(t)\,\mathrm{d}t", r"2 (\int_{0}^{\pi} \sin(t) \, dt)"),
        (r"x = 1 \pm \sqrt{2}", r"x = 1 \pm \sqrt{2}"),
        (r"x^2 \mp y", r"x^2 \mp y"),
        (r"x \in \{1, 2\}", r"x \in \{1, 2\}"),
        (r"x = 1 \text{ or } x = 2 \text{ and } y = 3", r"x = 1 \text{ or } x = 2 \text{ and } y = 3"),
        (r"2\{x+1\}", r"2 (x + 1)"),
        (r"\mathbb{1}[x > 0] x", r"\mathbb{1}[x > 0] x"),
        (r"I(x>y)", r"\mathbb{1}[x > y]"),
        (r"\mathbf{1}_{x>0}", r"\mathbb{1}[x > 0]"),
        (r"1.5e-3", r"1.5e-3"),
        (r"2.5E6", r"2.5E6"),
        (r"\partial_{x} f(x)", r"\frac{\partial (f(x))}{\partial x}"),
    ],
)  # fmt: skip
def test_constructs_are_read_and_written_back(text, written):
    tree = read(text, TABLE).tree
    assert latex(tree) == written
    assert read(written, TABLE).tree == tree


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (r"1e-3", "ambiguous"),
        (r"n!!", "ambiguous"),
        (r"\int x dx", "integral-bounds"),
        (r"\int_0^1 x", "integral-variable"),
        (r"\lim x", "limit-target"),
        (r"\sum_i x", "reduction-bounds"),
        (r"\sum_{i=1}^3", "operand-missing"),
        (r"\sum_{i=1}^3 i + i", "undeclared-name"),
        (r"\begin{cases} x & x > 0", "bracket-unclosed"),
        (r"\begin{cases} x \\ y & x > 0 \end{cases}", "cases-branch"),
        (r"\begin{cases} x & \text{otherwise} \\ y & x > 0 \end{cases}", "cases-branch"),
        (r"\begin{cases} x & y + 1 \end{cases}", "no-statement"),
        (r"x_1 + \cdots + x_n", "dots"),
    ],
)
def test_what_says_too_little_is_refused(text, code):
    table = TABLE.extended(SymbolTable.from_specs({"x_1": "real", "x_n": "real"}).values())
    with pytest.raises(Unreadable) as caught:
        read(text, table)
    assert caught.value.code == code


def test_a_bound_index_is_no_name_of_the_formula():
    assert read(r"\sum_{k=1}^n k x", TABLE).tree.names == ("n", "x")


def test_a_replacement_is_not_caught_by_a_bound_index():
    tree = Binder("sum", "k", (Number("1"), Name("n")), Product((Name("k"), Name("x"))))
    replaced = substitute(tree, {"x": Name("k")})
    assert replaced.names == ("n", "k")
    assert isinstance(replaced, Binder)
    assert replaced.index != "k"
