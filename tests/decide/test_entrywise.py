"""Matrices, lists and sets compared: shapes first, then entries; each verdict checked against what is true."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import equal, holds
from checks.decide.entrywise import decide_entries
from derive import NoRule

SYMBOLS = {"x": "real", "y": "real", "z": "positive", r"\sigma": "function"}


def column(*entries: object) -> str:
    return r"\begin{pmatrix} " + r" \\ ".join(map(str, entries)) + r" \end{pmatrix}"


def row(*entries: object) -> str:
    return r"\begin{pmatrix} " + " & ".join(map(str, entries)) + r" \end{pmatrix}"


SWAP = r"\begin{bmatrix} 0 & 1 \\ 1 & 0 \end{bmatrix}"
GENERAL = r"\begin{pmatrix} x & y \\ 1 & z \end{pmatrix}"


@pytest.mark.parametrize(
    ("a", "b", "status", "code"),
    [
        (row("x + x", "1"), row("2 x", r"\sin^2 y + \cos^2 y"), "proven", "entries"),
        (row("x", "1"), row("x", "2"), "refuted", "counterexample"),
        (row("x", "1"), column("x", "1"), "refuted", "shape"),
        (row("x", "1") + "^T", column("x", "1"), "proven", "entries"),
        (rf"{SWAP} {column('x', 'y')}", column("y", "x"), "proven", "entries"),
        (rf"{SWAP} {GENERAL}", rf"{GENERAL} {SWAP}", "refuted", "counterexample"),
        (rf"{SWAP}^2", r"\begin{matrix} 1 & 0 \\ 0 & 1 \end{matrix}", "proven", "entries"),
        (rf"{SWAP}^{{-1}}", SWAP, "proven", "entries"),
        (rf"\det {GENERAL}", "x z - y", "proven", "normal-form"),
        (rf"\det {GENERAL}", "x z + y", "refuted", "counterexample"),
        (r"\begin{vmatrix} x & y \\ y & x \end{vmatrix}", "(x - y)(x + y)", "proven", "normal-form"),
        (r"\frac{1}{x z - y} \begin{pmatrix} z & -y \\ -1 & x \end{pmatrix}", rf"{GENERAL}^{{-1}}", "proven", "entries"),
        (rf"({GENERAL} {SWAP})^T", rf"{SWAP}^T {GENERAL}^T", "proven", "entries"),
        (rf"({GENERAL} {SWAP})^T", rf"{GENERAL}^T {SWAP}^T", "refuted", "counterexample"),
        (rf"{GENERAL} + {column('1', '2')}", GENERAL, "undecided", "shape"),
        (rf"{GENERAL} + {column('1', '2')}", rf"{GENERAL} {row('1', '2')}", "undecided", "shape"),
        (rf"\begin{{pmatrix}} {SWAP} & 1 \end{{pmatrix}}", "1", "undecided", "no-rule"),
        (rf"{row('x', 'y')} {column('x', 'y')}", "x^2 + y^2", "proven", "normal-form"),
        (r"\begin{pmatrix} x \end{pmatrix}", "x", "proven", "identical"),
        ("(x + x, 1)", "(2 x, 1)", "proven", "entries"),
        (r"\langle x, 1 \rangle", "(x, 1)", "proven", "entries"),
        ("(x, 1)", "(1, x)", "refuted", "counterexample"),
        ("(x, 1)", "(x, 1, 0)", "refuted", "shape"),
        ("((x, 1), 2)", "((x, 1), 2)", "proven", "entries"),
        ("((x, 1), 2)", "((x, 3), 2)", "refuted", "counterexample"),
        ("((x, 1), 2)", "(x, 2)", "refuted", "type-mismatch"),
        ("(x, 1)", "[x, 1]", "undecided", "notation"),  # an open interval, a closed one, a pair
        ("(x, 1)", "[x, 2]", "refuted", "counterexample"),
        ("[x, 1, 2]", "(x, 1, 2)", "proven", "entries"),
        ("(x, 1)", column("x", "1"), "undecided", "notation"),
        ("(x, 1)", column("x", "2"), "refuted", "counterexample"),
        ("(x, 1)", column("x", "1", "2"), "refuted", "shape"),
        ("0", column("0", "x - x"), "undecided", "notation"),
        ("0", column("0", "1"), "refuted", "counterexample"),
        ("x", "(1, 2, 3)", "refuted", "type-mismatch"),
        ("x", column("1", "2"), "refuted", "type-mismatch"),
        (r"\{1, x\}", "(1, x)", "refuted", "type-mismatch"),
        (r"\{1, x\}", r"\{x, 1\}", "proven", "entries"),
        (r"\{x, x, 1\}", r"\{1, x\}", "proven", "entries"),
        (r"\{1, 2\}", r"\{1, 3\}", "refuted", "element-missing"),
        (r"\{1, 2\}", r"\{1, 2, 3\}", "refuted", "element-missing"),
        (r"\{1, x\}", r"\{1, x + 1\}", "refuted", "element-missing"),
        (r"\{x, -x\}", r"\{|x|, -|x|\}", "undecided", "element-missing"),  # equal, each way at another sign
        (r"\{(1, 2), (3, 4)\}", r"\{(3, 4), (1, 2)\}", "proven", "entries"),
        (column(r"\sigma(x)"), column(r"\sigma(x)") + "^T", "proven", "identical"),
    ],
)  # fmt: skip
def test_two_sides_of_which_one_holds_an_array(a, b, status, code):
    for left, right in ((a, b), (b, a)):
        verdict = equal(left, right, SYMBOLS)
        assert (verdict.status, verdict.code) == (status, code), verdict.evidence


def test_the_wrong_entry_is_named_with_its_row_and_column():
    verdict = equal(GENERAL, r"\begin{pmatrix} x & y \\ 2 & z \end{pmatrix}", SYMBOLS)
    assert verdict.evidence.startswith("the entry in row 2, column 1 is wrong: ")
    assert equal("(1, 2)", "(1, 3)").evidence.startswith("entry 2 is wrong: ")
    shape = equal(row(1, 2), column(1, 2)).evidence
    assert shape == "a 1 × 2 matrix on the left, a 2 × 1 matrix on the right: they cannot be equal"
    senseless = equal(rf"{SWAP} + {row(1, 2)}", SWAP).evidence
    assert senseless == "undecided: the left side has no value: a 2 × 2 matrix and a 1 × 2 matrix cannot be added"


def test_an_undecided_entry_is_named_unless_another_is_wrong():
    hard = column(r"\frac{1}{0}", "1")
    assert equal(hard, column(r"\frac{1}{0} + 0", "1")).evidence.startswith("undecided: the entry in row 1, column 1: ")
    assert equal(hard, column(r"\frac{1}{0} + 0", "2")).status == "refuted"


@pytest.mark.parametrize(
    ("a", "b", "tolerance", "status"),
    [
        (column("3.14", "1"), column(r"\pi", "1"), 0.01, "proven"),
        (column("3.1", "1"), column(r"\pi", "1"), 0.01, "refuted"),
        ("(0.33, 0.5)", r"(\frac{1}{3}, 0.5)", "2 places", "proven"),
        (r"\{3.14, 1\}", r"\{1, \pi\}", "1%", "proven"),
        (r"\{3.14, 1\}", r"\{2, \pi\}", "1%", "refuted"),
        (r"\{x, 1\}", r"\{x + 0.001, 1\}", 0.01, "proven"),
        (r"\{x, 1\}", r"\{x + 0.1 \sin x, 1\}", 0.05, "undecided"),
        (row("1", "2"), column("1", "2"), 10, "refuted"),
    ],
)
def test_a_tolerance_holds_for_each_entry(a, b, tolerance, status):
    verdict = equal(a, b, {"x": "real"}, tolerance=tolerance)
    assert verdict.status == status, verdict.evidence


def test_definitions_may_hold_arrays():
    where = {"A": SWAP, "v": column("x", "y")}
    assert equal("A v", column("y", "x"), SYMBOLS, where=where).status == "proven"
    assert equal("A v", "v", SYMBOLS, where=where).status == "refuted"


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        (f"{row('x', '1')} = {row('x', '1')}", "proven"),
        (f"{row('x', '1')} = {row('x', '2')}", "refuted"),
        ("(x, 1) < (x, 2)", "undecided"),
        (r"(x, 1) \ne (x, 2)", "undecided"),
    ],
)
def test_statements_about_arrays(statement, status):
    verdict = holds(statement, SYMBOLS)
    assert verdict.status == status, verdict.evidence


def test_a_derivative_of_an_array_has_no_rule():
    with pytest.raises(NoRule):
        equal(rf"\frac{{d}}{{dx}} {column('x', '1')}", column("1", "0"), {"x": "real"})


entries = st.integers(-3, 3)


@settings(max_examples=50, deadline=None)
@given(st.lists(entries, min_size=4, max_size=4), st.lists(entries, min_size=4, max_size=4))
def test_products_of_numbers_are_right_and_every_changed_entry_is_found(a, b):
    product = [sum(a[2 * i + k] * b[2 * k + j] for k in range(2)) for i in range(2) for j in range(2)]

    def written(m: list[int]) -> str:
        return rf"\begin{{pmatrix}} {m[0]} & {m[1]} \\ {m[2]} & {m[3]} \end{{pmatrix}}"

    assert equal(f"{written(a)} {written(b)}", written(product)).status == "proven"
    for index in range(4):
        wrong = [*product]
        wrong[index] += 1
        verdict = equal(f"{written(a)} {written(b)}", written(wrong))
        assert verdict.status == "refuted"
        assert f"row {index // 2 + 1}, column {index % 2 + 1}" in verdict.evidence


def test_the_decider_is_asked_for_scalars_only():
    """An entry that is an array again is compared by its own entries, never as a number."""
    from checks.decide.claim import Claim, Setting
    from checks.verdict import Verdict
    from derive import SymbolTable, parse
    from derive.program import Program

    asked = []

    def decide(claim: Claim) -> Verdict:
        asked.append(claim)
        return Verdict("proven", "test", "test")

    setting = Setting(SymbolTable.from_specs({"x": "real"}), Program())
    left, right = (parse(text, {"x": "real"}).tree for text in ("((x, 1), 2)", "((1, x), 2)"))
    assert decide_entries(Claim(left, right, setting), decide).status == "proven"
    assert [claim.left.has_array or claim.right.has_array for claim in asked] == [False] * 3
