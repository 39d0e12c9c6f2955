r"""`\sup_z`, `\max_{\delta \ne 0}` and their kin: what is exact is put in, what is not attained is no maximum, the rest is open."""

import pytest

from checks import equal, holds

ARRAYS = {
    "W": "matrix m n",
    "A": "matrix k m",
    "delta": "vector n",
    "x": "vector n",
    "y": "vector n",
    "a": "vector n",
    "r": "positive",
}
NUMBERS = {"f": "function", "z": "real", "w": "real", "p": "between 0 and 1", "q": "real, nonzero"}


@pytest.mark.parametrize(
    "statement",
    [
        r"\max_{\delta \neq 0} \frac{\|W\delta\|}{\|\delta\|} = \|W\|_2",
        r"\sup_{\|x\|=1}\|Wx\|_2 = \|W\|_2",
        r"\sup_{\|x\| \le 1}\|Wx\|_2 = \|W\|_2",
        r"\max_{\|x\| \le r} \|Wx\| = r \|W\|_2",
        r"\sup_{x \ne y} \frac{\|Wx - Wy\|}{\|x - y\|} = \|W\|_2",
        r"\max_{x \in \mathbb{R}^n, x \ne 0} \frac{\|Wx\|^2}{\|x\|^2} = \|W\|_2^2",
        r"\max_{\delta \ne 0} \frac{|a^T \delta|}{\|\delta\|} = \|a\|",
        r"\max_{\delta \ne 0} \frac{\|W\delta\|}{2 \|\delta\|} = \frac12 \|W\|_2",
        r"\max_{\delta \ne 0} \frac{\|AW\delta\|}{\|\delta\|} \le \|A\|_2 \|W\|_2",
        r"\sup_z \|1 - \tanh^2(z)\| = 1",
    ],
)
def test_the_greatest_stretch_is_the_spectral_norm(statement):
    assert holds(statement, ARRAYS).status == "proven"


@pytest.mark.parametrize(
    "statement",
    [
        r"\min_{\delta \neq 0} \frac{\|W\delta\|}{\|\delta\|} = \|W\|_2",
        r"\max_{\delta \neq 0} \frac{\|\delta\|}{\|W\delta\|} = \|W\|_2",
        r"\max_{\delta \neq 0} \frac{\|W\delta\|^2}{\|\delta\|} = \|W\|_2",
        r"\max_{\delta \neq 0} \frac{\|W\delta\|}{\|\delta\|} = \|W\|_F",
        r"\max_{\delta \neq 0} \frac{\|W\delta\|}{2\|\delta\|} = \|W\|_2",
        r"\max_{\delta \neq 0} \frac{\|W\delta\|}{\|\delta\|} < \|W\|_2",
        r"\max_{\delta \neq 0} \|W\delta\| = \|W\|_2",
        r"\sup_{\|x\|=1}\|Wx\|^2 = \|W\|_2",
        r"\max_{\delta \neq 0} \frac{\|W\delta\|_1}{\|\delta\|_1} = \|W\|_2",
        r"\max_{\delta \ne 0} \frac{\|AW\delta\|}{\|\delta\|} = \|A\|_2 \|W\|_2",
        r"\sup_{x \ne y} \frac{\|Wx - Wy\|}{\|x - y\|} = 2 \|W\|_2",
    ],
)
def test_other_stretches_are_not(statement):
    assert holds(statement, ARRAYS).status == "refuted"


@pytest.mark.parametrize(
    "statement",
    [
        r"\sup_z |\operatorname{ReLU}'(z)| = 1",
        r"\sup_z |1 - \tanh^2 z| = 1",
        r"\sup_z \sigma(z) (1 - \sigma(z)) = \frac14",
        r"\max_z \sigma(z) (1 - \sigma(z)) = \frac14",
        r"\sup_z \tanh z = 1",
        r"\inf_z \sigma(z) = 0",
        r"\sup_{z \ge 0} e^{-z} = 1",
        r"\max_{z \in [0, \infty)} e^{-z} = 1",
        r"\sup_{z \in (0, \infty)} e^{-z} = 1",
        r"\max_{0 \le z \le 1} z (1 - z) = \frac14",
        r"\min_z (z^2 - 2 z) = -1",
        r"\sup_p p (1 - p) = \frac14",
        r"\max_z \sin z = 1",
        r"\sup_z |\tanh''(z)| = \frac{4}{3 \sqrt 3}",
        r"\max_z (w z - z^2) = \frac{w^2}{4}",
        r"\sup_z (w z - z^2) \le \frac{w^2}{4}",
        r"\sup_z |\operatorname{SiLU}'(z)| < 1.0999",
        r"2 \sup_z \tanh z = 2",
        r"\sup_{a \ne b} \frac{|f(a) - f(b)|}{|a - b|} = \sup_u |f'(u)|",
        r"\sup_{a \ne b} \frac{|\tanh(a) - \tanh(b)|}{|a - b|} = 1",
        r"\sup_z |f'(z)| = \sup_u |f'(u)|",
    ],
)
def test_suprema_of_one_number_are_known(statement):
    assert holds(statement, NUMBERS).status == "proven"


@pytest.mark.parametrize(
    "statement",
    [
        r"\sup_z |\operatorname{ReLU}'(z)| = 2",
        r"\sup_z |\tanh'(z)| = \frac12",
        r"\max_z \tanh z = 1",
        r"\min_z \sigma(z) = 0",
        r"\max_{z > 0} e^{-z} = 1",
        r"\min_{z > 0} z^2 = 0",
        r"\sup_z e^{-z} = 1",
        r"\sup_z \tanh z < 1",
        r"\sup_z z = 5",
        r"\sup_z |\operatorname{SiLU}'(z)| < 1.0998",
        r"\sup_z |\operatorname{SiLU}'(z)| = 1.0998",
        r"\max_z (w z - z^2) = \frac{w^2}{5}",
        r"\max_{0 \le z \le 1} z = \frac12",
        r"\max_p p = 1",
        r"\sup_{a \ne b} \frac{|f(a) - f(b)|}{|a - b|} = \sup_u |f(u)|",
    ],
)
def test_wrong_suprema_are_refuted(statement):
    assert holds(statement, NUMBERS).status == "refuted"


@pytest.mark.parametrize(
    ("statement", "symbols"),
    [
        (r"\max_{\delta \neq 0} \frac{\|\operatorname{ReLU}(W\delta)\|}{\|\delta\|} = \|W\|_2", ARRAYS),
        (r"\sup_u f'(u) = \sup_u |f'(u)|", NUMBERS),
        (r"\max_{a \ne b} \frac{|\tanh(a) - \tanh(b)|}{|a - b|} = 1", NUMBERS),
        (r"\sup_z \sin(z w) = 1", NUMBERS),
        (r"\max_z \tanh z < 1", NUMBERS),
    ],
)
def test_what_is_not_known_is_left_open(statement, symbols):
    verdict = holds(statement, symbols)
    assert verdict.status == "undecided"
    assert verdict.evidence.startswith("undecided: ")


def test_a_maximum_that_is_only_approached_is_said_to_be_none():
    verdict = holds(r"\max_z \tanh z = 1", NUMBERS)
    assert verdict.code == "not-attained"
    assert "approached as z → ∞, and not attained" in verdict.evidence


def test_a_general_function_is_refuted_by_a_concrete_one():
    verdict = equal(r"\sup_z |f'(z)|", r"\sup_z |f(z)|", NUMBERS)
    assert verdict.status == "refuted"
    assert "f" in verdict.counterexample


def test_suprema_inside_each_other_end():
    inside = r"\tanh z"
    for letter in "abcdeghk":
        inside = rf"\sup_{{{letter}}} ({inside} + {letter})".replace("z", letter, 1)
    assert holds(f"{inside} = 1", NUMBERS).status in {"refuted", "undecided"}
    assert holds(" + ".join([r"\sup_z \tanh z"] * 20) + " = 20", NUMBERS).status in {"proven", "undecided"}


def test_the_norm_without_an_index_is_judged_as_both_norms():
    assert holds(r"\|W x\| \le \|W\| \|x\|", ARRAYS).status == "proven"
    assert holds(r"\|W x\| = \|W\| \|x\|", ARRAYS).status == "refuted"
    open_ = holds(r"\|W\| = \max_{x \ne 0} \frac{\|W x\|}{\|x\|}", ARRAYS)
    assert (open_.status, open_.code) == ("undecided", "ambiguous")
    assert "which norm" in open_.evidence


def test_a_general_function_of_a_vector_leaves_a_supremum_open():
    symbols = {"f": "function", "x": "vector n", "W": "matrix m n", "a": "vector m"}
    for statement in (
        r"\sup_x \|f(W x)\| = \|a\|",
        r"\max_{x \ne 0} \frac{\|f(W x)\|}{\|x\|} \le \|W\|_2",
        r"\sup_x f(a^T W x) = \sup_x f(x^T x)",
    ):
        assert holds(statement, symbols).status in {"undecided", "refuted"}


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        (r"\sup_{x} x = \infty", "proven"),
        (r"\sup_{x} x = -\infty", "refuted"),
        (r"\inf_{x} x = -\infty", "proven"),
        (r"\inf_{x} x < \sup_{x} x", "proven"),
        (r"\sup_{x} x < \infty", "refuted"),
        (r"\sup_{x} x = 5", "refuted"),
        (r"\max_{x} x = \infty", "refuted"),
    ],
)
def test_extrema_without_bound_are_compared_as_infinities(statement: str, status: str) -> None:
    assert holds(statement, {"x": "real"}).status == status
