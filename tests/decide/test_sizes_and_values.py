"""Statements that small cases alone would get wrong: indices and sizes, ≠, complex names, conclusions without a value."""

from __future__ import annotations

import pytest

from checks import equal, holds


@pytest.mark.parametrize(
    "statement",
    [r"z^2 + 1 \ne 0", r"z \ne i", r"e^z \ne -1", r"z^2 + z + 1 \ne 0", r"\cosh z \ne 0", r"z^4 + 1 \ne 0", r"z^2 + w^2 + 1 \ne 0"],
)  # fmt: skip
def test_no_sign_tells_complex_formulas_apart(statement: str) -> None:
    assert holds(statement, {"z": "complex", "w": "complex"}).status != "proven"


def test_formulas_that_differ_by_a_number_differ_at_all_complex_numbers() -> None:
    assert holds(r"z^2 \ne z^2 + 1", {"z": "complex"}).status == "proven"


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        (r"x \ne 4", "refuted"),
        (r"x^2 \ne 4", "refuted"),
        (r"2 x \ne 1", "refuted"),
        (r"\operatorname{ReLU}(x) \ne 0", "refuted"),
        (r"x^2 + 1 \ne 0", "proven"),
        (r"e^x \ne 0", "proven"),
        (r"x \ne x + 1", "proven"),
    ],
)
def test_a_zero_of_the_difference_refutes_that_two_formulas_differ(statement: str, status: str) -> None:
    assert holds(statement, {"x": "real"}).status == status


@pytest.mark.parametrize(
    "statement", [r"1 \le i \le n", r"\frac{i}{n} \le 1", r"|n - i| = n - i", r"i > n \Rightarrow i = 7"]
)
def test_no_index_beyond_its_size_refutes_anything(statement: str) -> None:
    assert holds(statement, {"x": "vector n", "i": "index n", "n": "dimension"}).status != "refuted"


@pytest.mark.parametrize(("statement", "status"), [(r"i \le 2", "refuted"), (r"i \ge 1", "proven")])
def test_an_index_takes_every_number_up_to_its_size(statement: str, status: str) -> None:
    assert holds(statement, {"x": "vector 3", "i": "index 3"}).status == status
    assert holds(r"i \le 3", {"x": "vector 3", "i": "index 3"}).status != "refuted"


@pytest.mark.parametrize(
    ("left", "right", "status"),
    [
        ("(n-1)(n-2)(n-3)(n-4)(n-5) x", "0 x", "refuted"),
        ("(n-1)(n-2)(n-3)(n-4)(n-5)(n-6)(n-7)(n-8)(n-9)(n-11)(n-14) x", "0 x", "undecided"),
        (r"\det(2 A)", r"2^n \det(A) + (n-2)(n-3)(n-4)(n-5)", "refuted"),
        (r"\operatorname{tr}(A \otimes I)", r"n \operatorname{tr}(A)", "verified"),
        (r"\det(2 A)", r"2^n \det(A)", "proven"),
    ],
)
def test_a_polynomial_in_the_size_is_not_taken_for_zero(left: str, right: str, status: str) -> None:
    symbols = {"x": "vector n", "A": "matrix n n", "I": "identity n"}
    assert equal(left, right, symbols).status == status


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        (r"x < 0 \Rightarrow \ln x = 7", "undecided"),
        (r"x = 0 \Rightarrow \frac{1}{x} = 5", "undecided"),
        (r"x = 1 \Rightarrow \frac{x^2 - 1}{x - 1} = 7", "undecided"),
        (r"x = 0 \Rightarrow \frac{d}{dx} |x| = 5", "undecided"),
        (r"x < 1 \Rightarrow \ln x < 0", "proven"),
        (r"x > 1 \Rightarrow \ln x > 0", "proven"),
        (r"x < 1 \Rightarrow \ln x > 0", "refuted"),
    ],
)
def test_a_conclusion_without_a_value_is_not_concluded(statement: str, status: str) -> None:
    assert holds(statement, {"x": "real"}).status == status
