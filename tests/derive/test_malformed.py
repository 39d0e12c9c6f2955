"""Malformed LaTeX: the code, the place and the sentence each slip gets."""

from __future__ import annotations

import re

import pytest

from derive import SymbolTable, Unreadable
from derive.read import read
from derive.read.diagnose import DIAGNOSES

TABLE = SymbolTable.from_specs({"x": "real", "y": "real", "z": "real", "f": "function"})


def refused(text: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(text, TABLE)
    return caught.value


@pytest.mark.parametrize(
    ("text", "code"),
    [(sample, diagnosis.code) for diagnosis in DIAGNOSES for sample in diagnosis.samples],
)
def test_every_sample_of_the_table_gets_its_diagnosis(text: str, code: str) -> None:
    assert refused(text).code == code


# text, code, the characters the error points at
SLIPS = [
    ("", "empty", ""),
    ("   ", "empty", None),
    ("% only a comment", "empty", None),
    ("x + ", "operand-missing", "+"),
    ("x + * y", "operator-doubled", "*"),
    ("x +/ y", "operator-doubled", "/"),
    ("x - -y", "operator-doubled", "-"),
    ("x ** y", "operator-doubled", "*"),
    (r"x \cdot\cdot y", "operator-doubled", r"\cdot"),
    ("x = ", "side-missing", "="),
    ("x = = y", "side-missing", "="),
    (r"x \le", "side-missing", r"\le"),
    ("(x +)", "operand-missing-in-bracket", ")"),
    (r"\frac{x}{y -}", "operand-missing-in-bracket", "}"),
    ("()", "empty-bracket", ")"),
    (r"\frac{}{y}", "empty-bracket", "}"),
    (r"x^{}", "empty-bracket", "{"),
    (r"x_{}", "empty-bracket", "{"),
    ("x + (x = y)", "relation-in-expression", "="),
    (r"\sqrt{x < y}", "relation-in-expression", "<"),
    ("x, y", "stray-comma", ","),
    ("f(x,)", "list-incomplete", ")"),
    (r"\partial x", "stray-differential", None),
    (r"\frac{\partial x}{\partial}", "derivative-incomplete", "}"),
    ("(x", "bracket-unclosed", "("),
    ("{x", "bracket-unclosed", "{"),
    (r"\left|x", "bracket-unclosed", "|"),
    (r"\left[x", "bracket-unclosed", "["),
    (r"\frac{x}{y", "bracket-unclosed", "{"),
    (r"\sqrt[3{x}", "bracket-unclosed", "["),
    (r"\frac{(x}{y}", "bracket-unclosed", "("),
    ("√(x", "bracket-unclosed", "("),
    ("x)", "bracket-unopened", ")"),
    ("x}", "bracket-unopened", "}"),
    (r"x\right]", "bracket-unopened", "]"),
    ("(x]", "bracket-mismatch", "]"),
    (r"\{x)", "bracket-mismatch", ")"),
    (r"\frac", "argument-missing", ""),
    (r"\frac{x}", "argument-missing", ""),
    (r"\sqrt", "argument-missing", ""),
    ("x^", "argument-missing", ""),
    ("{x^}", "argument-missing", "}"),
    (r"\left", "bracket-size", r"\left"),
    (r"\left x", "bracket-size", r"\left"),
    (r"\alhpa", "unknown-command", r"\alhpa"),
    (r"\foobarbaz", "unknown-command", r"\foobarbaz"),
    (r"\begin{align} x \end{align}", "unsupported-environment", r"\begin"),
    (r"x \\ y", "line-break", r"\\"),
    (r"\frac{\partial y}{x}", "differential-lost", r"\frac{\partial y}{x}"),
    (r"\frac{y}{\partial x}", "differential-lost", r"\frac{y}{\partial x}"),
    ("f(x)'", "stray-prime", "'"),
    ("(x)'", "stray-prime", "'"),
    ("2'", "stray-prime", "'"),
    ("^2", "stray-script", "^"),
    ("x + ^2", "stray-script", "^"),
    ("(x)_1", "stray-script", "_"),
    ("(x)^*", "stray-script", "^"),
    ("x^2^3", "double-script", "^"),
    ("x_1_2", "double-script", "_"),
    ("x?", "unexpected-character", "?"),
    ("$x$", "unexpected-character", "$"),
    ("x\0", "unexpected-character", "\0"),
    ("x\ud800", "unexpected-character", "\ud800"),
    ("ж", "unexpected-character", "ж"),
    (r"x \text{for all } y", "words", r"\text{for all }"),
    (r"\operatorname{a-b}", "words", r"\operatorname{a-b}"),
    ("x" * 20_001, "too-long", None),
    ("x+" * 3_000 + "x", "too-long", None),
    ("1" * 1_001, "too-long", None),
    ("x" + "²" * 1_001, "too-long", None),
    ("(" * 101 + "x" + ")" * 101, "too-deep", "("),
    (r"\sqrt{" * 80 + "x" + "}" * 80, "too-deep", None),
    ("x" + "'" * 100, "symbolic-order", "'"),
    (r"\frac{d}{dx} " * 17 + "x", "too-deep", None),
]


@pytest.mark.parametrize(("text", "code", "offending"), SLIPS, ids=[text[:30] or "nothing" for text, _, _ in SLIPS])
def test_each_slip_gets_its_code_and_its_place(text: str, code: str, offending: str | None) -> None:
    error = refused(text)
    assert error.code == code, error
    if offending is not None:
        assert error.offending == offending


@pytest.mark.parametrize("text", [text for text, _, _ in SLIPS], ids=[text[:30] or "nothing" for text, _, _ in SLIPS])
def test_every_sentence_says_what_to_write_instead(text: str) -> None:
    error = refused(text)
    assert error.hint
    assert str(error) == f"{error.reason}; {error.hint}"
    assert len(str(error)) < 400


SENTENCES = [
    (r"\alhpa", r"\alhpa is not a command this reader knows; did you mean \alpha"),
    ("(x]", "] closes the ( of column 1; write ) there"),
    ("(x", "the bracket ( is opened and never closed; add the ) that belongs to it"),
    ("x)", "the bracket ) closes nothing; remove it, or open one before it"),
    (r"\frac{x}", r"\frac lacks an argument; write \frac{…}"),
    ("2 3", r"two numbers stand side by side at 3; write \cdot between them, or one number"),
    (
        "y2",
        r"the number 2 stands right after y; write it before the factor, as a subscript or an exponent, or with \cdot",
    ),
    ("x^23", "only the first digit after ^ is set above the line; put the exponent in braces"),
    (r"\frac{y}{\partial x}", r"the numerator of this derivative has no ∂; write \partial in both"),
    ("x\0", "the character U+0000 has no meaning in a formula; remove it"),
    ("w", "w is not declared; declare it"),
    ("x +", "the formula ends where a term or factor should follow; complete it"),
]


@pytest.mark.parametrize(("text", "sentence"), SENTENCES)
def test_sentences(text: str, sentence: str) -> None:
    assert str(refused(text)) == sentence


def test_line_and_column_count_from_one() -> None:
    error = refused("x +\n  y ? z")
    assert (error.line, error.column, error.offset) == (2, 5, 8)


def test_the_caret_stands_under_the_offending_character() -> None:
    place, row, caret = refused("x +\n  y ? z").with_caret().split("\n")
    assert place.startswith("line 2, column 5: ")
    assert row[caret.index("^")] == "?"


def test_a_long_line_is_shown_around_the_caret() -> None:
    shown = refused("x + " * 100 + "?" + " + x" * 100).with_caret(40)
    _, row, caret = shown.split("\n")
    assert len(row) <= 42
    assert row[caret.index("^")] == "?"


def test_an_error_without_a_place_in_the_text_still_has_a_line() -> None:
    error = refused("")
    assert (error.line, error.column, error.offending) == (1, 1, "")
    assert "line 1, column 1" in error.with_caret()


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        (r"\frac{y}{\partial x}", r"\frac{\partial y}{\partial x}"),
        (r"\frac{\partial y}{x}", r"\frac{\partial y}{\partial x}"),
        (r"z + \frac{y}{\partial x} z", r"z + \frac{\partial y}{\partial x} z"),
    ],
)
def test_a_lost_differential_is_mended_and_the_mending_reads(text: str, mended: str) -> None:
    repair = refused(text).repair
    assert repair is not None
    assert re.sub(r"\s+", "", repair) == re.sub(r"\s+", "", mended)
    read(repair, TABLE)
