"""Prose around formulas: roles, sections, labels, and formulas without delimiters."""

from __future__ import annotations

import pytest

from checks.submission import Document, read_document


def read(text: str, name: str = "homework.md") -> Document:
    return read_document(name, text.encode())


def named(text: str) -> list[str]:
    return [formula.role for formula in read(text).formulas]


CLAIM, ASSUMPTION, CONCLUSION = "claim", "assumption", "conclusion"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # from the scans
        ("B is always >0 but there are 3 situation about A ($A > 0$, $A = 0$ and $A < 0$)", [ASSUMPTION] * 3),
        (r"if $A \geq 0$ then $y \geq z$ and $|y| \geq |z|$", [ASSUMPTION, CONCLUSION, CONCLUSION]),
        (r"BUT: if $A < 0$, which is $z_3 - z_5 < 0$", [ASSUMPTION] * 2),
        (r"the only condition I have is $\Delta'(x) > 0$, which can not solve the problem", [ASSUMPTION]),
        (r"It seems very hard to find out whether $y \geq z$ or not", [ASSUMPTION]),
        (r"Since $w < 1$, $w^4 \ll 1$ and $0 < s < 1$. Thus $y < 1$.", [ASSUMPTION] * 3 + [CLAIM]),
        (r"as long as $h > x$, the adam will be stuck", [ASSUMPTION]),
        (r"اگر $f \leq m$ $\rightarrow g \leq m$", [ASSUMPTION, CONCLUSION]),
        # and beyond them
        ("since $a > 0$, thus $b > 0$", [ASSUMPTION, CLAIM]),
        ("Because $f$ is smooth, we have $b > 0$", [ASSUMPTION, CLAIM]),
        ("When we differentiate, $y = 2$", [CONCLUSION]),
        ("Since it is increasing, $y > 0$", [CLAIM]),
        ("If $x > 0$, $z > 0$, then $y > 0$. Now $w = 1$.", [ASSUMPTION, ASSUMPTION, CONCLUSION, CLAIM]),
        ("$y = 1$ if $x > 0$", [CONCLUSION, ASSUMPTION]),
        ("The derivative at $x = 0$ is $y = 1$", [ASSUMPTION, CLAIM]),
        ("This holds for $a = 1$ and $b = 2$ so $y = 1$", [ASSUMPTION, ASSUMPTION, CONCLUSION]),
        ("so $f > g$ holds for all $i \\neq 1$", [CLAIM, ASSUMPTION]),
        ("Let $f = x^2$. Then $g = 2x$.", [ASSUMPTION, CLAIM]),
        ("Let's show that $g = 2x$", [CLAIM]),
        ("The gradient is given by $g = 2x$", [CLAIM]),
        ("Otherwise $g = 0$", [CONCLUSION]),
        ("We know e.g. if $a > 0$ i.e. $a \\ge 0$ cf. Eq. 3 $b > 0$", [ASSUMPTION] * 3),
        ("if $a > 0$\n\n$b > 0$", [ASSUMPTION, CLAIM]),
        ("- if $a > 0$\n- $b > 0$", [ASSUMPTION, CLAIM]),
        ("if $a > 0$\n$$b > 0$$", [ASSUMPTION, ASSUMPTION]),
        ("we get\n$$b > 0$$\nwhere $a > 0$", [CLAIM, ASSUMPTION]),
        ("Suppose that\n\n$$a > 0$$\n\nthen\n\n$$b > 0$$", [ASSUMPTION, CONCLUSION]),
        ("only consider this because both are same\n\n$$b > 0$$", [CLAIM]),
        ("Falls $a > 0$, dann $b > 0$", [ASSUMPTION, CONCLUSION]),
        ("the loss falls to $a = 0$", [CLAIM]),
    ],
)
def test_words_decide_the_role(text: str, expected: list[str]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    "heading",
    ["# Title", "#3", "## #2.", "<1>", "2)", "3.", "1. Gradients of weights", "Problem 2", "**Exercise 3**",
     "Question 1: find it", "Title\n====", "Q3. now"],
)  # fmt: skip
def test_headings_and_exercise_numbers_start_a_section(heading: str) -> None:
    assert [formula.section for formula in read(f"$a=b$\n\n{heading}\n\n$c=d$").formulas] == [0, 1]


@pytest.mark.parametrize(
    "line", ["(b)", "a. What happens", "(3)", "- item", "1.5 is", "2024. was", "#hashtag", "1. $x=y$"]
)
def test_other_lines_do_not_start_a_section(line: str) -> None:
    assert read(f"$a=b$\n\n{line}\n\n$c=d$").formulas[-1].section == 0


def test_a_formula_in_a_heading_is_read() -> None:
    (formula,) = read("## Show $a=b$").formulas
    assert (formula.text, formula.section) == ("a=b", 1)


@pytest.mark.parametrize(
    ("text", "label"),
    [("(b)  $a=b$", "(b)"), ("1. $a=b$", "1."), ("#5 (a)\n$$a=b$$", None), ("① $a=b$", "①"), ("so $a=b$ (2)\n", "(2)"),
     ("Step 3: $a=b$", "Step 3:"), ("c) a = b", "c)"), ("Find (a) $a=b$", None)],
)  # fmt: skip
def test_labels_in_prose_belong_to_the_formula_beside_them(text: str, label: str | None) -> None:
    assert read(text).formulas[0].label == label


def test_a_label_after_a_formula_is_not_the_next_ones() -> None:
    assert [formula.label for formula in read("so $a=b$ (2)\n\n$$c=d$$").formulas] == ["(2)", None]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("dy/dx = 2x", "dy/dx = 2x"),
        ("- dy/dx = 2x", "dy/dx = 2x"),
        ("  a) dL/dw1 = σ'(z1)·x.", "dL/dw1 = σ'(z1)·x"),
        ("(-1,1) => (-0.7,0.7) => (0.2,02)", "(-1,1) => (-0.7,0.7) => (0.2,02)"),
        ("so: dy/dw = 2w", "dy/dw = 2w"),
        ("Using the rule above: dy/dw = 2w", "dy/dw = 2w"),
        ("Therefore, tanh(x) <= 1", "tanh(x) <= 1"),
        ("**h = max(a, b)**", "h = max(a, b)"),
        ("∂L/∂w₁ = δ × xᵀ", "∂L/∂w₁ = δ × xᵀ"),
        ("dy/dw = 2w (by the chain rule)", "dy/dw = 2w"),
        ("= 2x", "= 2x"),
    ],
)
def test_a_line_that_is_a_formula_is_read_without_delimiters(line: str, text: str) -> None:
    (formula,) = read(line, "scan.txt").formulas
    assert (formula.text, formula.kind) == (text, "plain")


@pytest.mark.parametrize(
    "line",
    [
        "B is always > 0 here",
        "x is = y",
        "======",
        "-> ->",
        "<br>",
        "|---|---|",
        "i += 1",
        "In layer 2 z = w x",
        "for a x = 2",
        "so y = 3! Wow",
        "y = x-axis",
        "loss(w) = 3 x",
        "for x, y = 2",
        "x = np.array([1,2])",
        "pass --rate=2 to it",
        "`x = torch.zeros(3)`, `x == y`, `y[0] = 1`, `loss = 2`",
        "https://example.org/?a=b",
        "<=> ALMI+ BL = = ALMI+",
        "이는 총 4353개이다. (p>N!)",
        "a ~~= b~~",
        "The loss = small",
    ],
)
def test_prose_with_a_relation_is_no_formula(line: str) -> None:
    assert not read(line, "scan.txt").formulas


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So dL/dw_1 = (p - y) x_1 and dL/dw_2 = (p - y) x_2.", ["dL/dw_1 = (p - y) x_1", "dL/dw_2 = (p - y) x_2"]),
        ("We get dL/dz = p - y by the chain rule.", ["dL/dz = p - y"]),
        ("Let p = σ(z). So dL/dz = p - y.", ["p = σ(z)", "dL/dz = p - y"]),
        ("p = σ(z). dL/dz = p - y.", ["p = σ(z)", "dL/dz = p - y"]),
        ("dL/dp = a\n=> dL/dw_1 = a x_1", ["dL/dp = a", "=> dL/dw_1 = a x_1"]),
        ("where $p = 2$. So dL/dz = p - y holds.", ["p = 2", "dL/dz = p - y"]),
        ("So `dL/dz = p - y` holds.", ["dL/dz = p - y"]),
        ("(where x = 2) y > 0 and f(x) = x (for x > 0)", ["x = 2", "y > 0", "f(x) = x", "x > 0"]),
        ("*So y = 2x* and **z = 3 w**", ["y = 2x", "z = 3 w"]),
        ("le coût est y = 2 x", ["y = 2 x"]),
        ("| a = b | c = d |", ["a = b", "c = d"]),
        ("dσ/dz = σ(1-σ) is clear", ["dσ/dz = σ(1-σ)"]),
        ("see https://example.org/?a=b, y = 2", ["y = 2"]),
        ("as long as h > n = 0.41, it is at n = 1.41.", ["h > n = 0.41", "n = 1.41"]),
    ],
)
def test_formulas_without_delimiters_are_found_between_words(text: str, expected: list[str]) -> None:
    assert [formula.text for formula in read(text).formulas] == expected


def test_words_between_plain_formulas_decide_their_roles() -> None:
    assert named("Let p = σ(z). So dL/dz = p - y.") == [ASSUMPTION, CLAIM]
    assert named("We get y = 2 if x > 0 holds") == [CONCLUSION, ASSUMPTION]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("loss = (p - y)^2", "loss = (p - y)^2"),
        ("B is always > 0 here", "always > 0"),
        ("$a$ = 3", "= 3"),
        ("In layer 2 z = w x", "2 z = w x"),
        ("`loss = p - y`", "loss = p - y"),
        ("x = np.array([1,2])", "x = np"),
    ],
)
def test_relations_that_are_not_read_are_remarked_on(text: str, shown: str) -> None:
    assert [r.message for r in read(text).remarks] == [f"without delimiters, not read: {shown}; put formulas in $…$"]


@pytest.mark.parametrize(
    "text",
    ["i += 1", "`i += 1`", "`x = torch.zeros(3)`", "| a | b |\n|---|:--|", "-> ->", "Title\n=====", "a -> b", "<br>",
     "https://example.org/?a=b", "a small loss", "`a = b` and `$a=b$`"],
)  # fmt: skip
def test_code_addresses_and_rules_of_tables_are_not_remarked_on(text: str) -> None:
    assert not read(f"$p$\n\n{text}").remarks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("∂E/∂w₂ = (ŷ − t)·w₃·(1 − h₂²)·h₁", r"∂E/∂w₂ = (\hat{y} − t)·w₃·(1 − h₂²)·h₁"),
        ("ỹ = x̄ + ȳ + ẋ", r"\tilde{y} = \bar{x} + \bar{y} + \dot{x}"),
        ("$ŷ = x̄$", r"\hat{y} = \bar{x}"),
        (r"$\text{Größe}(y) = 2$", r"\text{Größe}(y) = 2"),
        ("dy*/dw1 = σ'(z5*)(w^2 + 1)σ'(z3*)x", "dy^*/dw1 = σ'(z5^*)(w^2 + 1)σ'(z3^*)x"),
        ("y* = h4* + z_3* - x", "y^* = h4^* + z_3^* - x"),
        ("y = w*x*(a + b)*σ(z)*2", "y = w*x*(a + b)*σ(z)*2"),
        ("y = w* x", "y = w* x"),
        ("y^* = z*", "y^* = z^*"),
        ("so a = b*, c = d*.", "a = b^*"),
    ],
)
def test_accents_and_stars_are_written_as_latex(text: str, expected: str) -> None:
    assert read(text).formulas[0].text == expected


def test_what_is_written_otherwise_keeps_its_place() -> None:
    (formula,) = read("so y* = ŷ + z").formulas
    assert formula.text == r"y^* = \hat{y} + z"
    places = [formula.position(formula.text.index(part)) for part in ("y", "^", "*", "=", r"\hat", "+", "z")]
    assert places == [(1, 4), (1, 5), (1, 5), (1, 7), (1, 9), (1, 11), (1, 13)]


def test_plain_lines_carry_on_the_one_before() -> None:
    first, second = read("dy/dx = a\n  + b\n= c").formulas
    assert (first.text, second.text, second.continues) == ("dy/dx = a + b", "= c", True)


def test_plain_lines_take_roles_from_the_words_before_them() -> None:
    assert named("if x > 0\n\nso y = 1") == [ASSUMPTION, CONCLUSION]


def test_inline_formulas_with_a_sign_between_them_are_one() -> None:
    (formula,) = read("so $a$ = $b$ + $c$.").formulas
    assert formula.text == "a = b + c"


@pytest.mark.parametrize("text", ["$a = 1$ - $b = 2$", "$a$ = $b$ × rate", "$a$ and $b$", "$a$ = 3"])
def test_inline_formulas_are_not_joined_by_dashes_or_where_prose_goes_on(text: str) -> None:
    assert "".join(formula.text for formula in read(text).formulas) in {"a = 1b = 2", "ab", "a"}
