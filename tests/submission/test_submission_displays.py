"""Displays: which rows, cells and statements come out, and which of them continue the line before."""

from __future__ import annotations

import pytest

from checks.submission import Document, read_document

ENVIRONMENTS = ["equation", "align", "gather", "multline", "eqnarray", "flalign", "dmath"]


def read(text: str) -> Document:
    return read_document("homework.md", text.encode())


def texts(text: str) -> list[str]:
    return [" ".join(formula.text.split()) for formula in read(text).formulas]


@pytest.mark.parametrize(
    "text",
    [
        "$$a = b$$",
        "$$\na = b\n$$",
        "$$\n\na = b\n\n$$",
        r"\[ a = b \]",
        "\\[\n\na = b\n\n\\]",
        "```math\na = b\n```",
        "~~~ math\na = b\n~~~",
        "> $$\n> a = b\n> $$",
        r"$$\begin{aligned}[t] a &= b \end{aligned}$$",
        r"$$\begin{array}{rcl} a &=& b \end{array}$$",
        r"\begin{alignat}{2} a &= b \end{alignat}",
        *(rf"\begin{{{name}}} a = b \end{{{name}}}" for name in ENVIRONMENTS),
        *(rf"\begin{{{name}*}} a = b \end{{{name}*}}" for name in ENVIRONMENTS),
    ],
)
def test_every_way_to_write_a_display_is_read(text: str) -> None:
    document = read(text)
    assert [(formula.text.replace("  ", " "), formula.kind) for formula in document.formulas] == [("a = b", "display")]
    assert not document.remarks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"$$\begin{aligned} a &= b \\ &= c \\[2pt] &= d \\* &= e \end{aligned}$$", ["a = b", "= c", "= d", "= e"]),
        (r"$$a = b \\ = c$$", ["a = b", "= c"]),
        (r"$$x = \begin{cases} 1 & a \\ 2 & b \end{cases}$$", [r"x = \begin{cases} 1 & a \\ 2 & b \end{cases}"]),
        (r"$$\begin{aligned} x &= \sqrt{a \\ b} \end{aligned}$$", [r"x = \sqrt{a \\ b}"]),
        (
            r"$$A = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}$$",
            [r"A = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"],
        ),
        (r"$$a = b \\ [1, 2] = c$$", ["a = b", "[1, 2] = c"]),
        (r"$$\left\{\begin{aligned} a &= b \\ c &= d \end{aligned}\right.$$", ["a = b", "c = d"]),
        (r"$$f = \begin{aligned} & a + b \\ & + c \end{aligned}$$", ["f = a + b + c"]),
        (r"\begin{gather} a = b \\ c = d \end{gather}", ["a = b", "c = d"]),
        (r"\begin{multline} a = b \\ (c + d) \end{multline}", ["a = b (c + d)"]),
        (r"$$\begin{array}{l} a = b \\ c = d \end{array}$$", ["a = b", "c = d"]),
        (r"$$\begin{aligned} a &= b \\ &\vdots \\ c &= d \end{aligned}$$", ["a = b", "c = d"]),
    ],
)
def test_rows_end_at_line_breaks_outside_of_braces_and_inner_environments(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"$$\begin{aligned} h &= a & z &= b \\ k &= c & y &= d \end{aligned}$$", ["h = a", "z = b", "k = c", "y = d"]),
        (r"$$\begin{aligned} h &= a & z &= b \\ &= c & &= d \end{aligned}$$", ["h = a", "z = b", "= c", "= d"]),
        (r"$$\begin{aligned} h &= a & z &= b \\ &+ c & &+ d \end{aligned}$$", ["h = a + c", "z = b + d"]),
        (r"\begin{eqnarray} a &=& b \\ &=& c \end{eqnarray}", ["a = b", "= c"]),
        (r"\begin{align} a &=& b \\ c &=& d \end{align}", ["a = b", "c = d"]),
        (r"\begin{align} &a = b \\ &c = d \end{align}", ["a = b", "c = d"]),
        (r"\begin{align} \alpha&x = y \end{align}", [r"\alpha x = y"]),
    ],
)
def test_cells_pair_into_columns(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            r"$$\begin{aligned} y &= \left[ a \right. \\ &\quad \left. + b \right] \end{aligned}$$",
            [r"y = \left[ a + b \right]"],
        ),
        ("$$= a$$\n\n$$+ b$$\n\n$$+ c$$", ["= a + b + c"]),
        ("$$y = a$$\n\n$$- b$$", ["y = a - b"]),
        ("$$y = a$$\n\n$$-x = b$$", ["y = a", "-x = b"]),
        ("$$y = a$$\n\nand\n\n$$+ b$$", ["y = a", "+ b"]),
        ("$$y = a +$$\n\n$$b$$", ["y = a + b"]),
        (r"$$y = a + \\ + b$$", ["y = a + b"]),
        (r"$$y = a \cdot \\ b$$", [r"y = a \cdot b"]),
        (r"$$y = \\ = b$$", ["y", "= b"]),
        (r"$$y = z^* \\ w = x$$", ["y = z^*", "w = x"]),
        (r"$$y = f( a \\ b )$$", ["y = f( a b )"]),
        ("$$y = f( a$$\n\n$$b$$", ["y = f( a", "b"]),
        (r"$$\begin{aligned}+\begin{aligned}+ a$$", ["+ + a"]),
        ("$$= a$$\n\n$$\\odot b = c$$", [r"= a \odot b = c"]),
    ],
)
def test_a_row_that_carries_on_a_sum_is_joined(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    "sign",
    [*"=<>≤≥⇒≈", r"\le", r"\leq", r"\ge", r"\ll", r"\gg", r"\approx", r"\equiv", r"\ne", r"\Rightarrow", r"\implies",
     r"\iff", r"\to", r"\xrightarrow{a}", "=>"],
)  # fmt: skip
def test_a_display_that_begins_with_a_relation_continues(sign: str) -> None:
    first, second = read(f"$$x = y$$\n\n$$(a) \\quad {sign} z$$").formulas
    assert not first.continues
    assert second.continues
    assert second.label == "(a)"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"a = b, \quad c = d", ["a = b", "c = d"]),
        (r"a = b \qquad c = d", ["a = b", "c = d"]),
        (r"a = b, c = d; e = f", ["a = b", "c = d", "e = f"]),
        (r"a = b \text{ and } c = d", ["a = b", "c = d"]),
        (r"\hat y \in R \quad z \in R", [r"\hat y \in R", r"z \in R"]),
        (r"p = (-1, 1)", ["p = (-1, 1)"]),
        (r"f(a = 1, b = 2) = 3", ["f(a = 1, b = 2) = 3"]),
        (r"a, b > 0", ["a, b > 0"]),
        (r"i = 1, 2, \dots, n", [r"i = 1, 2, \dots, n"]),
        (r"x = 1 \text{ or } x = 2", [r"x = 1 \text{ or } x = 2"]),
        (r"a = b \quad \Rightarrow \quad c = d", [r"a = b \quad \Rightarrow \quad c = d"]),
        (r"[a, b] = [c, d]", ["[a, b] = [c, d]"]),
        (r"f \approx \text{softmax}(z)", [r"f \approx \text{softmax}(z)"]),
        (r"f = \text{ReLU}", [r"f = \text{ReLU}"]),
        (r"\text{tr} A = b", [r"\text{tr} A = b"]),
    ],
)
def test_statements_separate_where_both_sides_have_a_relation(formula: str, expected: list[str]) -> None:
    assert texts(f"$${formula}$$") == expected
    assert texts(f"so ${formula}$ holds") == expected


@pytest.mark.parametrize("word", ["if", " where ", "for", "since", "for all", "when "])
def test_text_inside_a_formula_makes_what_follows_an_assumption(word: str) -> None:
    claim, premise, also = read(rf"$$y = 1 \quad \text{{{word}}} x > 0 \text{{ and }} z > 0$$").formulas
    assert (claim.text, claim.role) == ("y = 1", "claim")
    assert (premise.text, premise.role) == ("x > 0", "assumption")
    assert (also.text, also.role) == ("z > 0", "assumption")


def test_text_then_gives_a_conclusion() -> None:
    roles = [formula.role for formula in read(r"$$\text{If } x > 0 \text{ then } y > 0$$").formulas]
    assert roles == ["assumption", "conclusion"]


@pytest.mark.parametrize(
    ("formula", "comment"),
    [
        (r"a = b \quad \text{(chain rule)}", "(chain rule)"),
        (r"a = b \text{ by symmetry}", "by symmetry"),
        (r"\text{Loss: } a = b", "Loss:"),
        (r"a = b : \text{ not identically zero}", "not identically zero"),
        (r"a = b \xrightarrow{\text{ignore}} \text{ignore}", "ignore"),
        (r"\begin{aligned} a &= b && \text{definition} \end{aligned}", "definition"),
    ],
)
def test_comments_are_left_out_and_remarked_on(formula: str, comment: str) -> None:
    document = read(f"$${formula}$$")
    assert [" ".join(one.text.split()) for one in document.formulas] == ["a = b"]
    assert [remark.message for remark in document.remarks] == [f"comment, not read: {comment}"]


def test_what_is_done_to_both_sides_is_a_comment() -> None:
    document = read("$$\\frac{t}{2} \\leq 0$$\n\n$$\\div t \\rightarrow 1 \\leq 0$$")
    assert document.formulas[1].text == r"\rightarrow 1 \leq 0"
    assert document.formulas[1].continues
    assert document.remarks[0].message == r"comment, not read: \div t"


@pytest.mark.parametrize(
    ("formula", "text", "label"),
    [
        (r"(b) \quad h = x", "h = x", "(b)"),
        (r"(ii)\; h = x", "h = x", "(ii)"),
        (r"(x) h = x", "(x) h = x", None),
        (r"(x)(y) = x", "(x)(y) = x", None),
        (r"a) h = x", "h = x", "a)"),
        (r"1. h = x", "h = x", "1."),
        (r"1.5 h = x", "1.5 h = x", None),
        (r"Step 2: h = x", "h = x", "Step 2:"),
        (r"\text{(a)} \quad h = x", "h = x", "(a)"),
        (r"h = x \quad (1)", "h = x", "(1)"),
        (r"h = x. \qquad (3.2)", "h = x", "(3.2)"),
        (r"h = x (1)", "h = x (1)", None),
        (r"h = x \quad \text{II}", "h = x", "II"),
        (r"h = x \quad ①", "h = x", "①"),
        (r"h = x \tag{3}", "h = x", "(3)"),
        (r"h = x \tag*{A} \label{eq:h}", "h = x", "(A)"),
        (r"h = x \label{eq:h}", "h = x", "eq:h"),
        (r"h = x \nonumber", "h = x", None),
        (r"\boxed{h = x}", "h = x", None),
        (r"y = \boxed{h = x}", r"y = \boxed{h = x}", None),
        (r"\displaystyle h = x,", "h = x", None),
        (r"h = 3.", "h = 3", None),
        (r"h = 1, 2, ...", "h = 1, 2, ...", None),
        (r"h = \left( x \right.", r"h = \left( x \right.", None),
    ],
)
def test_labels_boxes_and_punctuation_come_off(formula: str, text: str, label: str | None) -> None:
    (read_formula,) = read(f"$${formula}$$").formulas
    assert (read_formula.text, read_formula.label) == (text, label)


@pytest.mark.parametrize("text", ["~~$$a = b$$~~", r"$$\cancel{a = b}$$", r"$\sout{a = b}$", "~~so $a = b$~~"])
def test_struck_out_formulas_are_mentions(text: str) -> None:
    document = read(text)
    assert [(formula.text, formula.role) for formula in document.formulas] == [("a = b", "mention")]
    assert [remark.message for remark in document.remarks] == ["struck out"]


def test_striking_out_a_label_leaves_the_formula() -> None:
    assert read("~~①~~ $a = b$").formulas[0].role == "claim"


def test_a_cancelled_part_stays_in_the_formula() -> None:
    assert texts(r"$$a = \cancel{b} c$$") == [r"a = \cancel{b} c"]
