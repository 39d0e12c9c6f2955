r"""What is written with dots is read as it stands, for every size; what may mean several things is refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import checks
from derive import SymbolTable, Unreadable
from derive.errors import BadSpec
from derive.matrix.families import Dots, Sized
from derive.read import read
from derive.tree import Name, Node, Number, Product, Sum, substitute, walk
from derive.write import latex

SPECS = {
    "x": "vector n", "y": "vector n", "a": "vector n", "z": "vector m", "A": "matrix n n", "B": "matrix m n",
    "X": "matrix m n", "r": "rows of X", "C": "matrix n m", "d": "columns of C", "v": "family m of vector n",
    r"\sigma": "function", r"\mathbf{1}": "ones n", "p": "vector 3", "i": "index n", "t": "real",
}  # fmt: skip
TABLE = SymbolTable.from_specs(SPECS)
SQUARE = (
    r"\begin{bmatrix} a_{11} + a_{11} & a_{12} + a_{21} & \dots & a_{1n} + a_{n1} \\"
    r" a_{21} + a_{12} & a_{22} + a_{22} & \dots & a_{2n} + a_{n2} \\ \vdots & \vdots & \ddots & \vdots \\"
    r" a_{n1} + a_{1n} & a_{n2} + a_{2n} & \dots & a_{nn} + a_{nn} \end{bmatrix}"
)


def refusal(written: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(written, TABLE)
    return caught.value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\begin{bmatrix} x_1 \\ x_2 \\ \vdots \\ x_n \end{bmatrix}", "x"),
        (r"\begin{bmatrix} x_1 \\ \vdots \\ x_{n-1} \\ x_n \end{bmatrix}", "x"),
        (r"[x_1, x_2, \dots, x_n]", "x^T"),
        (r"(x_1, \ldots, x_n)^T", "x"),
        (r"\begin{pmatrix} x_1 & \cdots & x_n \end{pmatrix}^\top", "x"),
        (r"[\sigma(x_1), …, \sigma(x_n)]^T", r"\sigma(x)"),
        (r"\begin{bmatrix} B_{11} & B_{12} & \dots & B_{1n} \\ \vdots \\ B_{m1} & B_{m2} & \dots & B_{mn} \end{bmatrix}", "B"),
        (r"\begin{bmatrix} B_{11} & \dots & B_{1n} \\ ⋮ & ⋱ & ⋮ \\ B_{m1} & \dots & B_{mn} \end{bmatrix}_{m \times n} x", "B x"),
        (SQUARE, "A + A^T"),
        (SQUARE + "x", "(A + A^T) x"),
        (r"a_1 x_1 + a_2 x_2 + \dots + a_n x_n", "a^T x"),
        (r"a_1 x_1 + \dots + a_n x_n", "x^T a"),
        (r"- x_1 - x_2 - \dots - x_n", r"-\mathbf{1}^T x"),
        (r"x_1^2 + x_2^2 + \dots + x_n^2", r"\|x\|_2^2"),
        (r"x_1 + x_2 + \dots + x_n + t", r"\mathbf{1}^T x + t"),
        (r"x_1 + \dots + x_n + y_1 + \dots + y_n", r"\mathbf{1}^T (x + y)"),
        (r"x_1 y_2 + x_2 y_3 + \dots + x_{n-1} y_n", r"\sum_{k=1}^{n-1} x_k y_{k+1}"),
        (r"(\sum_{i=1}^n x_i a_{i1}) x_1 + (\sum_{i=1}^n x_i a_{i2}) x_2 + \dots + (\sum_{i=1}^n x_i a_{in}) x_n", "x^T A x"),
        (r"a_{21} x_1 + \sum_{i=1}^n x_i a_{i2} + a_{22} x_2 + a_{23} x_3 + \dots + a_{2n} x_n", "((A + A^T) x)_2"),
        (r"\begin{bmatrix} \sum_{i=1}^n B_{1i} x_i \\ \vdots \\ \sum_{i=1}^n B_{mi} x_i \end{bmatrix}", "B x"),
        (r"\begin{bmatrix} r_1^T A \\ r_2^T A \\ \vdots \\ r_m^T A \end{bmatrix}", "X A"),
        (r"\begin{bmatrix} - & r_1^T & - \\ & \vdots & \\ - & r_m^T & - \end{bmatrix}", "X"),
        (r"\begin{bmatrix} | & | & & | \\ d_1 & d_2 & \dots & d_m \\ | & | & & | \end{bmatrix}", "C"),
        (r"\sum_{i=1}^m r_i^T A r_i", r"\operatorname{tr}(X A X^T)"),
        (r"\sum_l z_l v_l^T x", r"(z_1 v_1 + z_2 v_2 + \dots + z_m v_m)^T x"),
        (r"\sum_{i=1}^n \sum_{j=1}^n x_i a_{ij} x_j", "x^T A x"),
        (r"r_{i1}", "X_{i1}"),
    ],
)  # fmt: skip
def test_dots_and_families_are_proven_for_all_sizes(written: str, meant: str) -> None:
    verdict = checks.equal(written, meant, {**SPECS, "i": "index m"} if written.startswith("r_{i") else SPECS)
    assert verdict.status == "proven", verdict.evidence


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"(\sum_{i=1}^n x_i a_{ii}) x_1 + (\sum_{i=1}^n x_i a_{i2}) x_2 + \dots + (\sum_{i=1}^n x_i a_{in}) x_n", "x^T A x"),
        (r"a_1 x_1 + a_1 x_2 + a_3 x_3 + \dots + a_n x_n", "a^T x"),
        (r"2 x_1 + x_2 + \dots + x_n", r"\mathbf{1}^T x"),
        (r"[x_1, x_1, \dots, x_n]", "x^T"),
        (r"\begin{bmatrix} x_1 \\ x_3 \\ x_3 \\ \vdots \\ x_n \end{bmatrix}", "x"),
        (SQUARE.replace("a_{12} + a_{21}", "a_{12} - a_{21}"), "A + A^T"),
        (r"\begin{bmatrix} r_1^T A \\ \vdots \\ r_m^T A \end{bmatrix}", "X A^T"),
        (r"x_2 + x_2 + \dots + x_n", r"\mathbf{1}^T x"),
        (r"\begin{bmatrix} x_1 \\ \vdots \\ x_n \end{bmatrix}", "x^T"),
    ],
)  # fmt: skip
def test_a_slip_among_what_is_written_is_refuted(written: str, meant: str) -> None:
    verdict = checks.equal(written, meant, SPECS)
    assert verdict.status == "refuted", verdict.evidence


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (r"x_1 + x_3 + \dots + x_n", "goes from 1 to 3"),
        (r"1 + 10 + \dots + 100", "goes from 1 to 10"),
        (r"x_5 + \dots + x_1", "goes down to 1"),
        (r"x_1 + x_2 + \dots", "nothing stands behind the dots"),
        (r"\dots + x_n", "nothing stands before the dots"),
        (r"x_1 + y_2 + \dots + a_n", "do not follow one rule"),
        (r"x_1 + \dots + \dots + x_n", "nothing stands behind the dots"),
        (r"a_{11} x_1 + a_{12} x_2 + \dots + a_{nn} x_n", "do not follow one rule"),
        (r"[1, 1, \dots, 1]", "do not follow one rule that is numbered from 1"),
        (r"[x_2, x_3, \dots, x_n]", "numbered from 1"),
        (r"(x_1, \dots, x_n)", "a row or a column"),
        (r"\sigma(\dots)", "left out"),
        (r"[p_1, \dots, p_{101}]", "how many entries"),
        ("x_1" + " + x_1" * 60 + r" + \dots + x_n", "more than 40 terms"),
    ],
)
def test_dots_that_may_mean_several_things_are_refused(written: str, said: str) -> None:
    error = refusal(written)
    assert said in error.reason
    assert error.code in {"dots", "shape"}


@pytest.mark.parametrize(
    ("written", "code", "said"),
    [
        (r"[B_{11}, \dots, B_{1m}]", "shape", "B is m×n"),
        (r"\begin{bmatrix} x_1 \\ \vdots \\ x_m \end{bmatrix}", "shape", "no entry m"),
        (r"\begin{bmatrix} | & & | \\ x_1 & \dots & x_n \\ | & & | \end{bmatrix}", "shape", "columns are drawn"),
        (r"B_{n \times m}", "shape", "n×m is written"),
        ("v^T x", "shape", "without an index"),
        ("d_{12}", "ambiguous", "write C_{ij}"),
        (r"\begin{bmatrix} A \\ \vdots \\ A \end{bmatrix}", "dots", "numbered from 1"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(written: str, code: str, said: str) -> None:
    error = refusal(written)
    assert (error.code, said in f"{error.reason} {error.hint}") == (code, True), error


@pytest.mark.parametrize(
    ("spec", "said"),
    [("family m", "family m of vector n"), ("rows of Q", "Q is not declared"), ("columns of t", "no vector or matrix")],
)
def test_a_family_that_cannot_be_is_refused(spec: str, said: str) -> None:
    with pytest.raises(BadSpec, match=said):
        SymbolTable.from_specs({"t": "real", "f": spec})


def test_small_letters_with_two_indices_are_entries_of_the_matrix_and_this_is_said() -> None:
    reading = read("a_{12} + a_{ii}", TABLE)
    assert latex(reading.tree) == "A_{1, 2} + A_{ii}"
    assert "a_{12} is read as an entry of A" in reading.notes
    declared = SymbolTable.from_specs({**SPECS, "a_{12}": "real"})
    assert latex(read("a_{12}", declared).tree) == "a_{12}"


@pytest.mark.parametrize(
    "written",
    [
        r"[x_1, x_1, \dots, x_n]", SQUARE, r"\begin{bmatrix} r_1^T A \\ r_2^T A \\ \vdots \\ r_m^T A \end{bmatrix}",
        r"\begin{bmatrix} t \\ x_2 \\ \vdots \\ x_n \end{bmatrix}", r"x_1 + 2 x_2 + x_3 + \dots + x_n",
        r"[p_1, \dots, p_3]", r"v_i^T x", r"d_2 d_2^T",
    ],
)  # fmt: skip
def test_what_was_read_is_written_so_that_it_reads_the_same(written: str) -> None:
    table = SymbolTable.from_specs({**SPECS, "i": "index m"})
    tree = read(written, table).tree
    assert read(latex(tree), table).tree == tree
    assert not any(isinstance(node, Dots | Sized) for node in walk(tree))


def _terms() -> st.SearchStrategy[Node]:
    """Terms in the index k."""
    entries = st.sampled_from(
        [read(f, TABLE).tree for f in ("x_i", "y_i", "A_{i2}", "A_{1i}", "A_{ii}", "x_{i+1}", "a_3", "t")]
    )
    numbers = st.sampled_from([Number("2"), Number("3"), Name("i")])
    factor = st.one_of(entries, numbers)
    product = st.lists(factor, min_size=1, max_size=3).map(lambda fs: fs[0] if len(fs) == 1 else Product(tuple(fs)))
    sums = st.lists(product, min_size=2, max_size=2).map(lambda ts: Sum(tuple(ts)))
    return st.one_of(product, product, sums).filter(lambda term: "i" in term.names)


@settings(max_examples=120, deadline=None)
@given(_terms(), st.integers(1, 3))
def test_the_general_term_is_found_from_what_is_written(term: Node, shown: int) -> None:
    def at(place: Node) -> str:
        text = latex(substitute(term, {"i": place}))
        return f"({text})" if isinstance(term, Sum) else text

    written = " + ".join([*(at(Number(str(k))) for k in range(1, shown + 1)), r"\dots", at(Name("n"))])
    meant = rf"\sum_{{k=1}}^n {at(Name('k')) if isinstance(term, Sum) else '(' + at(Name('k')) + ')'}"
    with suppress(Unreadable):  # 3 + 2 · 3 for i + 2 · i: numbers beside the index say too little
        read(written, TABLE)
        verdict = checks.equal(written, meant, SPECS)
        assert verdict.status != "refuted", (written, meant, verdict.evidence)
