r"""`\sup_x`, `\max_{x : c}`: over which name they are taken, and what is refused in one sentence."""

import pytest

from derive import Unreadable, parse
from derive.symbols import SymbolTable

TABLE = SymbolTable.from_specs(
    {
        "W": "matrix m n",
        "x": "vector n",
        "y": "vector n",
        "z": "real",
        "f": "function",
        "r": "positive",
        "t": "positive integer",
    }
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\max_{x \neq 0} \frac{\|Wx\|}{\|x\|}", r"\max_{x \ne 0} \frac{\lVert W x \rVert_2}{\lVert x \rVert_2}"),
        (r"\sup_{\|x\|=1} \|Wx\|", r"\sup_{\lVert x \rVert_2 = 1} \lVert W x \rVert_2"),
        (r"\sup_{x : \|x\|=1} \|Wx\|", r"\sup_{\lVert x \rVert_2 = 1} \lVert W x \rVert_2"),
        (r"\max_{\|x\| \le r} \|Wx\|", r"\max_{\lVert x \rVert_2 \le r} \lVert W x \rVert_2"),
        (r"\max_{x \in \mathbb{R}^n \setminus \{0\}} \|Wx\|", r"\max_{x \ne 0} \lVert W x \rVert_2"),
        (r"\max_{x \in \mathbb{R}^n, x \neq 0} \|Wx\|", r"\max_{x \ne 0} \lVert W x \rVert_2"),
        (r"\sup_{x \ne y} \|Wx - Wy\|", r"\sup_{x \ne y} \lVert W x - W y \rVert_2"),
        (r"\sup_{\alpha} |f'(\alpha)|", r"\sup_{\alpha} \left| f'(\alpha) \right|"),
        (r"\sup_{\alpha, \beta} (f(\alpha) - f(\beta))", r"\sup_{\alpha, \beta} (f(\alpha) - f(\beta))"),
        (r"\inf_{u \in \mathbb{R}} u^2", r"\inf_{u} u^2"),
        (r"\min_{u \in [-1, 1]} u^2", r"\min_{-1 \le u \le 1} u^2"),
        (r"\sup_{u \in (0, \infty)} e^{-u}", r"\sup_{0 < u} e^{-u}"),
        (r"\max_{0 \le u \le 1} u (1 - u)", r"\max_{0 \le u \le 1} u (1 - u)"),
        (r"\max_{1 \le i \le t} i", r"\max_{1 \le i \le t} i"),
        (r"\sup_z \tanh z + 1", r"\sup_{z} \tanh(z) + 1"),
    ],
)
def test_what_an_extremum_is_taken_over_is_read_and_written_back(written, meant):
    tree = parse(written, TABLE)
    assert tree.latex() == meant
    assert parse(meant, TABLE).tree == tree.tree


@pytest.mark.parametrize(
    ("written", "code", "said"),
    [
        (r"\sup_x z", "extremum-variable", "taken over x, which does not occur"),
        (r"\sup_{\|x\| \|y\|} \|x\|", "extremum-variable", "does not say over which name"),
        (r"\max_{\neq 0} \|x\|", "extremum-variable", "does not say over which name"),
        (r"\sup_{f} f(z)", "extremum-variable", "f is declared as a function"),
        (r"\sup_{\pi} \pi", "extremum-variable", "does not say over which name"),
        (r"\sup_{u, u} u", "extremum-variable", "runs twice over u"),
        (r"\max_{u \in S} u", "extremum-domain", "the set S is not read"),
        (r"\max_{u} ", "operand-missing", "stands without its body"),
        (r"\sup_{u", "bracket-unclosed", "opened and never closed"),
        (r"\sup_{} z", "empty-bracket", "nothing in it"),
        (r"\max_{i}^{3} i", "reduction-bounds", "does not say from where to where"),
        (r"\sup_u \tanh u + u", "undeclared-name", "u is used outside of what binds it"),
    ],
)
def test_what_says_nothing_is_refused_in_one_sentence(written, code, said):
    with pytest.raises(Unreadable) as refused:
        parse(written, TABLE)
    assert refused.value.code == code
    assert said in str(refused.value)


def test_a_range_of_a_counting_letter_stays_an_index_and_a_real_name_runs_through_all_numbers():
    kinds = [parse(text, TABLE).tree.kind for text in (r"\max_{1 \le i \le t} i", r"\max_{0 \le z \le 1} z")]
    assert kinds == ["maximum", "greatest value"]


def _nested(depth: int) -> str:
    letters = [f"z_{{{k}}}" for k in range(depth)]
    return "".join(rf"\sup_{{{letter}}} (" for letter in letters) + " + ".join(letters) + ")" * depth


def test_extrema_inside_each_other_are_read_to_a_depth():
    assert parse(_nested(8), TABLE).tree.kind == "supremum"


@pytest.mark.parametrize("depth", [101, 400, 3_000])
def test_deeper_ones_are_refused(depth):
    with pytest.raises(Unreadable) as refused:
        parse(_nested(depth), TABLE)
    assert refused.value.code in {"too-deep", "too-long"}
