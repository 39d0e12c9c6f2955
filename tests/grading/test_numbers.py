"""A forward and a backward pass worked out in numbers, line by line: exact, at the digits written, or from rounded values."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.submission import read_document
from derive import BadSpec, Problem


def matrix(*rows: str) -> str:
    return r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"


NETWORK = {
    "id": "net",
    "symbols": {"x": "vector 2", "y": "vector 3, probability vector", "U": "matrix 3 2", "V": "matrix 3 2"},
    "part": [
        {
            "given": [r"u = \operatorname{ReLU}(U x)", r"v = \operatorname{sigmoid}(V x)", r"z = \max(u, v)",
                      r"p = \operatorname{softmax}(z)", r"L = -y^\top \log p"],
            "values": [f"x = {matrix('1', '2')}", f"U = {matrix('1 & 1', '1 & -1', '-1 & 1')}",
                       f"V = {matrix('2 & -1', '4 & -2', '-2 & 1')}", f"y = {matrix('0', '1', '0')}"],
        }
    ],
    "question": [{"id": "dz", "ask": r"\frac{\partial L}{\partial z}"}],
}  # fmt: skip
WEIGHTS = matrix("1 & 1", "1 & -1", "-1 & 1")
OTHERS = matrix("2 & -1", "1 & -2", "-2 & 1")  # the second row is slipped
HALVES = matrix("0.5", "0.5", "0.5")
P = matrix("0.82", "0.07", "0.11")
WRITTEN = rf"$$p = \operatorname{{softmax}}({matrix('3', '0.5', '1')}) = {P}$$"


def judged(text: str, problem: dict | None = None):
    given = [Assignment(Problem.from_dict(problem or NETWORK))]
    return grade_document(read_document("work.md", text.encode()), given).lines


def outcomes(text: str) -> list[tuple[str, str]]:
    return [(step.verdict, step.code) for step in judged(text)]


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (rf"u = \operatorname{{ReLU}}({WEIGHTS} {matrix('1', '2')}) = \operatorname{{ReLU}}({matrix('3', '-1', '1')}) = {matrix('3', '0', '1')}",
         [("correct", "values")] * 3),
        (rf"u = {matrix('3', '-1', '1')}", [("incorrect", "not-equal")]),
        (rf"v = \operatorname{{sigmoid}}({OTHERS} {matrix('1', '2')}) = \operatorname{{sigmoid}}({matrix('0', '0', '0')}) = {HALVES}",
         [("incorrect", "not-equal"), ("correct", "values"), ("correct", "values")]),
        (rf"z = \max({matrix('3', '0', '1')}, {HALVES}) = {matrix('3', '0.5', '1')}", [("correct", "values")] * 2),
        (rf"p = {P}", [("correct", "digits")]),
        (rf"p = {matrix('0.82', '0.09', '0.11')}", [("incorrect", "not-equal")]),
        (rf"p = {matrix('0.82 & 0.07 & 0.11')}", [("incorrect", "shape")]),
        (r"L = 2.70", [("correct", "digits")]),
        (r"L = 2.5", [("incorrect", "not-equal")]),
        (rf"\frac{{\partial L}}{{\partial z}} = p - y = {matrix('0.82', '-0.93', '0.11')}", [("correct", "canonical-form"), ("correct", "digits")]),
        (rf"\frac{{\partial L}}{{\partial z}} = {matrix('0.82', '0.93', '0.11')}", [("incorrect", "not-equal")]),
        (rf"U = {matrix('1 & 1', '1 & -1', '-1 & 1')}", [("correct", "value")]),
        (rf"U = {matrix('1 & 1', '1 & 1', '-1 & 1')}", [("incorrect", "value")]),
        (rf"q = {matrix('1', '2')} = {matrix('1', '3')}", [("definition", "own"), ("incorrect", "not-equal")]),
        (r"U x \in \mathbb{R}^{3 \times 1}", [("correct", "shape")]),
        (r"U x \in \mathbb{R}^{3 \times 2}", [("incorrect", "shape")]),
        (r"x \in \mathbb{R}^3", [("incorrect", "shape")]),
        (r"\frac{\partial L}{\partial U} \in \mathbb{R}^{3 \times 2}", [("correct", "shape")]),
        (r"u = \operatorname{ReLU}(\underbrace{U x}_{R^{3 \times 2}})", [("definition", "definition"), ("incorrect", "shape")]),
        (r"u = \operatorname{ReLU}(\underbrace{U x}_{R^{3 \times 1}})", [("definition", "definition")]),
        (r"\frac{\partial L}{\partial u} = I(u > v) \odot \frac{\partial L}{\partial z}", [("correct", "canonical-form")]),
    ],
)  # fmt: skip
def test_a_line_in_numbers_is_judged_with_the_values_put_in(chain, expected):
    assert outcomes(f"$${chain}$$") == expected


def test_a_mask_of_the_weights_is_not_the_mask_of_what_they_give():
    right, wrong = (
        r"I(U x > 0) \odot \frac{\partial L}{\partial u} \times x^\top",
        r"I(U > 0) \odot \frac{\partial L}{\partial u} \times x^\top",
    )
    assert outcomes(rf"$$\frac{{\partial L}}{{\partial U}} = {right}$$")[0][0] == "correct"
    assert outcomes(rf"$$\frac{{\partial L}}{{\partial U}} = {wrong}$$")[0][0] == "incorrect"
    layer = r"$$\frac{\partial L}{\partial x} = U^\top (I(U > 0) \odot \frac{\partial L}{\partial u})$$"
    assert outcomes(layer) == [("incorrect", "shape")]
    assert (
        outcomes(r"$$\frac{\partial L}{\partial x} = U^\top (I(q > 0) \odot \frac{\partial L}{\partial u})$$")[0][0]
        == "unreadable"
    )


def test_what_follows_from_rounded_values_says_from_which():
    quotient = rf"-\frac{{{matrix('0', '1', '0')}}}{{{P}}}"
    chain = rf"\frac{{\partial L}}{{\partial p}} = -\frac{{y}}{{p}} = {quotient} = {matrix('0', '-14.28', '0')}"
    steps = judged(f"{WRITTEN}\n\n$${chain}$$")
    assert [(s.verdict, s.code) for s in steps[-2:]] == [("correct", "rounded")] * 2
    assert steps[-1].message == "−14.28 follows from the rounded 0.07 (cut off, not rounded: −14.2857)"
    assert outcomes(rf"{WRITTEN} $$\frac{{\partial L}}{{\partial p}} = {quotient} = {matrix('0', '-13.28', '0')}$$")[
        -1
    ] == ("incorrect", "not-equal")


ROWS = ("0.1476 & -0.0574 & -0.0902", "-0.0574 & 0.0651 & -0.0077", "-0.0902 & -0.0077 & 0.0979")


def test_values_written_earlier_explain_later_ones():
    jacobian = rf"$$\frac{{\partial p}}{{\partial z}} = {matrix(*ROWS)}$$"
    assert outcomes(f"{WRITTEN}\n\n{jacobian}")[-1] == ("correct", "rounded")
    assert outcomes(jacobian)[-1] == ("incorrect", "not-equal")  # nobody has rounded anything yet


def test_a_slipped_digit_is_named_with_the_symmetry_it_breaks():
    wrong = matrix(*ROWS[:2], "-0.0902 & -0.077 & 0.0979")
    step = judged(rf"{WRITTEN} $$\frac{{\partial p}}{{\partial z}} = {wrong}$$")[-1]
    assert (step.verdict, step.true_by_itself) == ("incorrect", False)
    assert (
        "row 3, column 2 is wrong: −0.077 is written, −0.0075 it should be (−0.0077 with the rounded values)"
        in step.message
    )
    assert "breaks the symmetry" in step.message


def test_a_wrong_value_is_blamed_once():
    steps = judged(rf"$$u = {matrix('3', '-1', '1')} = {matrix('3', '-1', '1')} + {matrix('0', '0', '0')}$$")
    assert [(s.verdict, s.follows) for s in steps] == [("incorrect", None), ("incorrect", True)]


def test_without_values_numbers_are_judged_against_each_other():
    bare = {**NETWORK, "part": [{"given": NETWORK["part"][0]["given"]}]}
    line = rf"$$u = {WEIGHTS} {matrix('1', '2')} = {matrix('3', '-1', '1')}$$"
    assert [s.code for s in judged(line, bare)] == ["no-values", "no-values"]
    assert [s.code for s in judged(rf"$$u = {matrix('1', '2')}$$", bare)] == ["shape"]
    given = rf"$$x = {matrix('1', '2')}, \quad U = {WEIGHTS}$$"
    own = rf"{given} $$u = {matrix('3', '0', '1')}$$ $$u = {matrix('3', '1', '1')}$$"
    assert [s.verdict for s in judged(own, bare)] == ["assumption", "assumption", "correct", "incorrect"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (f"x = {matrix('1', '2', '3')}", "x is 2 × 1, its value 3 × 1"),
        ("x = y", "is no number, vector or matrix of numbers"),
        (f"q = {matrix('1', '2')}", "gives no declared input a value"),
        (f"u = {matrix('1', '2')}", "gives no declared input a value"),
        ("x", "gives no declared input a value"),
        (rf"x = \operatorname{{expm}}({matrix('1 & 2', '1 & 2')})", "no rule for expm"),
    ],
)
def test_a_value_that_is_none_is_refused(value, said):
    with pytest.raises(BadSpec, match=said):
        Problem.from_dict({**NETWORK, "part": [{**NETWORK["part"][0], "values": [value]}]})


@pytest.mark.parametrize(
    ("chain", "expected"),
    [  # p^{(2)} is the second entry of a column: no layer is called so
        (r"L = -\sum_{i=1}^{3} y^{(i)} \log p^{(i)}", "definition"),
        (r"\frac{\partial L}{\partial z^{(2)}} = p^{(2)} - y^{(2)}", "correct"),
        (r"\frac{\partial L}{\partial z^{(2)}} = p^{(2)} - y^{(1)}", "incorrect"),
        (r"\frac{\partial p^{(1)}}{\partial z^{(2)}} = -p^{(1)} p^{(2)}", "correct"),
        (r"\frac{\partial p^{(1)}}{\partial z^{(2)}} = p^{(1)} p^{(2)}", "incorrect"),
    ],
)
def test_an_entry_may_be_counted_above(chain, expected):
    assert outcomes(f"$${chain}$$")[0][0] == expected


def test_a_jacobian_written_out_by_its_entries_says_what_it_stands_for():
    entries = [
        " & ".join(rf"\frac{{\partial p^{{({i})}}}}{{\partial z^{{({j})}}}}" for j in (1, 2, 3)) for i in (1, 2, 3)
    ]
    line = rf"{WRITTEN} $$\frac{{\partial p}}{{\partial z}} = {matrix(*entries)} = {matrix(*ROWS)}$$"
    assert outcomes(line)[-2:] == [("definition", "repeated"), ("correct", "rounded")]


def test_the_entry_that_rounding_does_not_explain_is_the_one_named():
    line = rf"$$\frac{{\partial L}}{{\partial u}} = {matrix('1', '1', '1')} \odot {matrix('0.82', '-0.93', '0.11')}$$"
    step = judged(line)[0]
    assert step.verdict == "incorrect"
    assert "row 2, column 1 is wrong" in step.message
