"""Kinds of files: Markdown, LaTeX, notebooks, encodings; what is skipped, and the remarks that say so."""

from __future__ import annotations

import json

import pytest

from checks.submission import Document, read_document


def read(text: str, name: str = "homework.md") -> Document:
    return read_document(name, text.encode())


def texts(document: Document) -> list[str]:
    return [formula.text for formula in document.formulas]


def messages(document: Document) -> list[tuple[int, str]]:
    return [(remark.line, remark.message) for remark in document.remarks]


@pytest.mark.parametrize(
    "text", ["$a=b$", r"\(a=b\)", "$`a=b`$", "$ a=b $", "($a=b$)", "x$a=b$y", r"\$3 $a=b$", r"\\$a=b$"]
)
def test_inline_delimiters(text: str) -> None:
    (formula,) = read(text).formulas
    assert (formula.text, formula.kind) == ("a=b", "inline")


@pytest.mark.parametrize("text", ["`$a=b$`", "``$a=b` $c$``", r"\$a=b\$", "$ $", "$$ $$", "$$$$", "<!-- $a=b$ -->"])
def test_what_is_not_a_formula(text: str) -> None:
    assert not read(text).formulas


def test_adjacent_inline_formulas_are_two() -> None:
    assert texts(read("$a=b$$c=d$")) == ["a=b", "c=d"]


@pytest.mark.parametrize(
    "fence",
    ["```\n$a=b$\n```", "~~~python\nx = 1\n~~~", "   ````\n```\n$a=b$\n   ````", "```\n$$\n~~~\n```"],
)
def test_code_blocks_are_skipped_with_one_remark(fence: str) -> None:
    document = read(f"text\n\n{fence}\n$c=d$")
    assert texts(document) == ["c=d"]
    assert messages(document) == [(3, "code block, not read")]


def test_a_code_block_that_never_ends_is_said_to() -> None:
    assert messages(read("```\n$a=b$\n")) == [(1, "code block, not read; it is never closed")]


def test_html_comments_are_skipped_over_lines() -> None:
    document = read("$a=b$ <!-- $x\n=y$ --> $c=d$")
    assert texts(document) == ["a=b", "c=d"]
    assert messages(document) == [(1, "HTML comment, not read")]


@pytest.mark.parametrize(
    ("text", "formula", "message"),
    [
        ("$$a = b\n+ c\n\nprose", "a = b\n+ c", "`$$` opened here is never closed; it was read up to line 2"),
        ("so $a = b\n\nprose", "a = b", "`$` opened here is never closed; it was read up to line 1"),
        (r"so \[a = b", "a = b", r"`\[` opened here is never closed; it was read up to line 1"),
        (r"\begin{align} a &= b", "a = b", r"`\begin{align}` opened here is never closed; it was read up to line 1"),
    ],
)
def test_a_formula_never_closed_is_read_and_remarked_on(text: str, formula: str, message: str) -> None:
    document = read(text)
    assert texts(document) == [formula]
    assert [remark.message for remark in document.remarks] == [message]


def test_a_display_never_closed_does_not_swallow_the_next() -> None:
    assert texts(read("$$a = b\n\n$$c = d$$")) == ["a = b", "c = d"]


@pytest.mark.parametrize("text", ["It costs $5 and $6.", "It costs $5 only", "about $ more words here $ than others"])
def test_money_is_no_formula(text: str) -> None:
    document = read(text)
    assert not document.formulas
    assert all(remark.message == "dollar sign in prose, not read as a formula" for remark in document.remarks)
    assert document.remarks


def test_money_does_not_hide_the_formula_after_it() -> None:
    assert texts(read("It costs $5 for some students, $a=b$")) == ["a=b"]


def test_quote_marks_are_no_relations_but_a_row_may_begin_with_one() -> None:
    assert texts(read("> $$\n> a\n> = b\n> $$")) == ["a\n= b"]
    assert texts(read("$$\na\n> b\n$$")) == ["a\n> b"]


LATEX = r"""\newcommand{\R}[1][x]{\mathbb{#1}} $p = q$
\begin{document}
\section{One} % $no = formula$
Let $a > 0$. `$quoted = x$' 50\% $c = d$
\begin{verbatim}
$v = w$
\end{verbatim}
\begin{align*}
  a &= b % comment
  \\
  % a line of comment
  &= c
\end{align*}
\begin{enumerate} \item if $x > 0$ \item $y > 0$ \end{enumerate}
x = 1
\verb|$z = 1$| \subsection*{Two} $s = t$
\end{document} $e = f$
"""


def test_latex_preamble_comments_and_verbatim_are_skipped() -> None:
    document = read(LATEX, "homework.tex")
    expected = ["a > 0", "quoted = x", "c = d", "a = b", "= c", "x > 0", "y > 0", "s = t"]
    assert [" ".join(text.split()) for text in texts(document)] == expected
    assert messages(document) == [
        (1, "this macro definition is not expanded"),
        (5, "code block, not read"),
        (15, "without delimiters, not read: x = 1; put formulas in $…$"),
    ]


def test_latex_sections_are_counted() -> None:
    assert [formula.section for formula in read(LATEX, "homework.tex").formulas] == [1] * 7 + [2]


def test_a_comment_is_left_out_of_the_formula() -> None:
    document = read("$$a % first\n= b$$ and 5\\% $$c = d$$", "homework.tex")
    assert texts(document) == ["a \n= b", "c = d"]
    assert document.formulas[0].position(3) == (2, 1)


def test_a_percent_sign_in_markdown_is_not_a_comment() -> None:
    assert texts(read("$$a = 50% b$$")) == ["a = 50% b"]


def notebook(*cells: tuple[str, object], indent: int | None = 1) -> bytes:
    entries = [{"metadata": {"source": "x"}, "cell_type": kind, "source": source} for kind, source in cells]
    return json.dumps({"cells": entries, "nbformat": 4}, indent=indent).encode()


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("source", [["Let\n", "$$\\alpha = b$$"], "Let\n$$\\alpha = b$$"])
def test_notebooks_give_the_place_in_the_file_as_text(indent: int | None, source: object) -> None:
    data = notebook(("code", ["x = 1"]), ("markdown", source), ("raw", "$r=s$"), indent=indent)
    document = read_document("n.ipynb", data)
    (formula,) = document.formulas
    assert formula.text == r"\alpha = b"
    lines = data.decode().split("\n")
    at = [lines[line - 1][column - 1] for line, column in map(formula.position, range(len(formula.text)))]
    assert "".join(at) == formula.text
    assert [message for _, message in messages(document)] == ["code cell, not read", "raw cell, not read"]


def test_a_formula_does_not_run_from_one_cell_into_the_next() -> None:
    document = read_document("n.ipynb", notebook(("markdown", "$$a = b"), ("markdown", "$$c = d$$")))
    assert texts(document) == ["a = b", "c = d"]


def test_old_notebooks_with_worksheets_are_read() -> None:
    data = json.dumps({"worksheets": [{"cells": [{"cell_type": "markdown", "source": ["$a=b$"]}]}]}).encode()
    assert texts(read_document("n.ipynb", data)) == ["a=b"]


@pytest.mark.parametrize("data", [b"", b"[1]", b"{", b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xfe", b"$a=b$"])
def test_what_is_not_a_notebook_says_so(data: bytes) -> None:
    document = read_document("n.ipynb", data)
    assert not document.formulas
    assert document.remarks[-1].message == "not a notebook: the file is not a JSON object; nothing was read"


@pytest.mark.parametrize(
    "data", [b'{"cells": 3}', b'{"cells": [{"cell_type": "markdown", "source": {"a": ["$a=b$"]}}]}', b"{}"]
)
def test_notebooks_without_readable_cells_say_that_they_hold_no_formula(data: bytes) -> None:
    document = read_document("n.ipynb", data)
    assert not document.formulas
    assert messages(document) == [(1, "no formula was found in the file; put formulas in $…$")]


def test_a_line_that_is_not_utf8_is_read_as_latin1() -> None:
    document = read_document("a.txt", b"$a=b$\nd\xe9riv\xe9e $c=d$\n")
    assert texts(document) == ["a=b", "c=d"]
    assert messages(document) == [(2, "byte 2 of the line (0xe9) is not UTF-8; the line was read as Latin-1")]
    assert (document.formulas[1].line, document.formulas[1].column) == (2, 10)


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf$a=b$\r\n$c=d$\r\n", b"$a=b$\n$c=d$", "$a=b$\n$c=d$".encode("utf-16")])
def test_byte_order_marks_and_line_ends_do_not_move_columns(data: bytes) -> None:
    places = [(formula.text, formula.line, formula.column) for formula in read_document("a.md", data).formulas]
    assert places == [("a=b", 1, 2), ("c=d", 2, 2)]


def test_nul_bytes_stay_in_the_text() -> None:
    assert texts(read_document("a.md", b"$a\0=b$")) == ["a\0=b"]
