"""Any bytes are read without raising, in one pass, and every character of a formula stands where it is said to."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks.submission import Formula, read_document
from checks.submission.assemble import FORMULAS
from checks.submission.decode import REMARKS

PARTS = [
    "$", "$$", r"\(", r"\)", r"\[", r"\]", "```\n", "```math\n", "`", "~~", "<!--", "-->", "> ", "- ", "1. ", "# ", "\n",
    "\n\n", " ", r"\begin{aligned}", r"\end{aligned}", r"\begin{align}", r"\end{align}", r"\begin{cases}", r"\end{cases}",
    r"\begin{array}{cc}", r"\end{array}", r"\\", r"\\[2pt]", "&", "=", "+", "-", r"\cdot", r"\le", r"\Rightarrow", "a", "x_1", "b^*",
    "(", ")", "[", "]", "{", "}", r"\left[", r"\right.", r"\left.", r"\right]", r"\quad", ", ", ".", r"\text{ if }", r"\text{and}",
    r"\text{by (1)}", r"\tag{1}", r"\nonumber", "(a)", r"\boxed{", r"\cancel{", r"\xrightarrow{", r"\div", r"\forall", "%", r"\%",
    r"\$", "if ", "then ", "so ", ", and ", "for ", "dy/dx = 2x\n", "+ 3\n", "é", "σ", "①", "\t", "\r\n", "\\", r"\verb|",
    r"\begin{document}", r"\end{document}", r"\begin{verbatim}", r"\section{", r"\item ", "\0", "5",
    "ŷ", "x̄", "z5*", "* ", ") ", "`y = z`", " by the rule ", "so dL/dz* = p.", "| ", ": ", "https://a.b?c=d",
]  # fmt: skip
DOCUMENTS = st.lists(st.sampled_from(PARTS), max_size=60).map("".join)
NAMES = st.sampled_from(["a.md", "a.tex", "a.txt"])


def written_otherwise(character: str, found: str) -> bool:
    """`^*` stands where `*` does, `\\hat{y}` where ŷ does."""
    return found in "*ŷx" and character in r"^\hat{y}\bar{x}"


def check_places(formula: Formula, lines: list[str]) -> None:
    """Each character is the one at its place, but for blanks put between pieces."""
    starts = {piece.start for piece in formula.pieces}
    assert formula.text
    assert (formula.line, formula.column) == formula.position(0)
    for index, character in enumerate(formula.text):
        line, column = formula.position(index)
        found = (lines[line - 1] + "\n")[column - 1 : column]
        assert found == character or (character == " " and index + 1 in starts) or written_otherwise(character, found)


@settings(max_examples=400)
@given(DOCUMENTS, NAMES)
@example("> $$\n> a\n> = b % c\n> $$", "a.md")
@example("$$a % c\n\n= b$$", "a.tex")
@example("$a$ = $b$", "a.md")
def test_every_character_stands_where_it_is_said_to(text: str, name: str) -> None:
    lines = text.replace("\r\n", "\n").split("\n")
    for formula in read_document(name, text.encode()).formulas:
        check_places(formula, lines)


@settings(max_examples=200)
@given(st.lists(DOCUMENTS, max_size=3), st.sampled_from([None, 2]), st.booleans())
def test_every_character_of_a_notebook_stands_where_it_is_said_to(
    sources: list[str], indent: int | None, ascii_only: bool
) -> None:
    cells = [{"cell_type": "markdown", "source": source.splitlines(keepends=True)} for source in sources]
    data = json.dumps({"cells": cells}, indent=indent, ensure_ascii=ascii_only)
    lines = data.split("\n")
    for formula in read_document("a.ipynb", data.encode()).formulas:
        for index, character in enumerate(formula.text):
            line, column = formula.position(index)
            found = lines[line - 1][column - 1]
            inserted = character == " " and index + 1 in {piece.start for piece in formula.pieces}
            assert (
                found in {character, "\\"} or inserted or written_otherwise(character, found)
            )  # escaped characters stand at their backslash


@settings(max_examples=300)
@given(st.binary(max_size=300), st.sampled_from(["a.md", "a.tex", "a.ipynb", "", "x"]))
def test_of_any_bytes_formulas_and_remarks_have_places_in_the_file(data: bytes, name: str) -> None:
    document = read_document(name, data)
    lines = len(data.decode("latin-1").splitlines()) + 1
    assert document.formulas or document.remarks
    assert all(1 <= part.line <= lines and part.column >= 1 for part in (*document.formulas, *document.remarks))


HOSTILE = {
    "dollars": "$" * 100_000,
    "inline": "$a$ " * 25_000,
    "unclosed displays": "$$a\n\n" * 20_000,
    "brackets": "$$" + "(" * 10_000 + ")" * 10_000 + "$$",
    "braces": "$$" + "{" * 10_000 + "$$",
    "boxes": "$$" + r"\boxed{" * 5_000 + "a" + "}" * 5_000 + "$$",
    "one line": "$" + "a = b + " * 125_000 + "$",
    "prose": "if we are " * 100_000,
    "environments": r"\begin{align}" * 70_000,
    "arrays": "$$" + r"\begin{array}{c}" * 3_000 + "$$",
    "openers": r"\[" * 300_000 + r"\(" * 300_000,
    "ticks": " ".join("`" * length for length in range(1, 1_400)),
    "strikes": "~~$a$ " * 25_000,
    "fences": "````\n```\n" * 30_000,
    "comments": "<!--" * 200_000,
    "quotes": "> a\n" * 30_000,
    "texts": ("$$x " + r"\text{a b} " * 4_000 + "$$\n\n") * 5,
    "rows": "$$a=b " + r"\\ +c " * 9_000 + "$$",
    "displays": "$$a=b$$\n\n" + "$$+c$$\n\n" * 5_000,
    "signs": "$a$ = " * 20_000,
    "plain": "x = 1\n" * 25_000,
    "sums": "x = 1\n" + "+ 1\n" * 100_000,
    "blanks": " " * 1_000_000,
    "names with stars": "y = " + "\ny* = x*" * 40_000,
    "words": ("so a" + "= b and c" * 200 + "\n") * 300,
    "accents": ("=" + "ŷ " * 900 + "\n") * 200,
    "emphasis": ("so " + "*a = b and " * 180 + "\n") * 300,
    "inline code": "`a = b` " * 50_000,
    "tags": ("so = " + '<a b="" ' * 240 + "\n") * 200,
}


@pytest.mark.parametrize("name", ["a.md", "a.tex"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_read_within_the_limits(text: str, name: str) -> None:
    document = read_document(name, text.encode())
    assert len(document.formulas) <= FORMULAS
    assert len(document.remarks) <= REMARKS + 2


def test_the_formulas_beyond_the_limit_are_remarked_on() -> None:
    document = read_document("a.md", b"$a$ " * (FORMULAS + 5))
    assert len(document.formulas) == FORMULAS
    assert [remark.message for remark in document.remarks] == [
        f"more than {FORMULAS} formulas; the rest of the file is not read"
    ]


def test_the_remarks_beyond_the_limit_are_counted() -> None:
    document = read_document("a.md", b"<!-- -->\n" * (REMARKS + 7))
    assert document.remarks[-1].message == "7 more remarks left out"
