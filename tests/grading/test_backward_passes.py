"""Derivatives by vectors and matrices: derived through definitions, shown as a backward pass, graded line by line."""

from __future__ import annotations

import pytest

import checks
from checks.decide.claim import Claim, Setting
from checks.decide.equality import decide_equal
from checks.grading import Assignment, grade_document
from checks.report.model import LineVerdict
from checks.submission.document import Document
from checks.submission.reader import read_document
from derive.catalog import catalog
from derive.errors import BadSpec
from derive.problem import Problem
from derive.read import read

NETWORK = Problem.from_dict(
    {
        "id": "network",
        "symbols": {
            "x": "vector d", "W_1": "matrix h d", "W_{21}": "matrix k h", "W_{22}": "matrix k h",
            "y": "vector k, probability vector", "i": "index k", "j": "index k",
        },
        "part": [
            {
                "given": [
                    r"l_1 = \operatorname{ReLU}(W_1 x)", r"l_{21} = \operatorname{ReLU}(W_{21} l_1)",
                    r"l_{22} = \operatorname{sigmoid}(W_{22} l_1)", r"z = \max(l_{21}, l_{22})",
                    r"\hat{y} = \operatorname{softmax}(z)", r"L = -\sum_i y_i \log \hat{y}_i",
                ],
                "spelled": {"l_1": ["l^{(1)}"]},
            }
        ],
        "question": [
            {"id": "z", "ask": r"\frac{\partial L}{\partial z}"},
            {"id": "W_21", "ask": r"\frac{\partial L}{\partial W_{21}}"},
            {"id": "W_1", "ask": r"\frac{\partial L}{\partial W_1}"},
            {"id": "turned", "ask": r"\frac{\partial \hat{y}}{\partial l_1}", "layout": "jacobian-transposed"},
        ],
    }
)  # fmt: skip


def document(*lines: str) -> Document:
    return read_document("work.md", "\n\n".join(f"$$ {line} $$" for line in lines).encode())


def graded(*lines: str, problem: Problem = NETWORK) -> tuple[LineVerdict, ...]:
    return grade_document(document(*lines), [Assignment(problem)]).lines


def test_the_backward_pass_has_one_line_a_name_in_the_order_a_person_works():
    ((part, steps),) = NETWORK.backward_passes()
    assert part == "main"
    names = [r"\hat{y}", "z", "l_{21}", "l_{22}", "W_{21}", "l_1", "W_1"]
    assert [step.left for step in steps] == [rf"\frac{{\partial L}}{{\partial {name}}}" for name in names]
    assert steps[1].latex == r"\hat{y} - y"
    assert r"\frac{\partial L}{\partial l_1} \odot" in steps[-1].latex  # written with the lines before


def test_an_answer_is_in_the_names_of_the_problem_and_in_the_layout_asked_for():
    assert str(NETWORK.derivation(NETWORK.question("z")).closed_form) == r"\hat{y} - y"
    turned = NETWORK.derivation(NETWORK.question("turned")).closed
    straight = read(r"\frac{\partial \hat{y}}{\partial l_1}", NETWORK.table).tree
    from derive.kinks import differentiated
    from derive.tree import Transpose

    taken = Transpose(differentiated(straight, NETWORK.program, NETWORK.keyed))
    assert decide_equal(Claim(turned, taken, Setting(NETWORK.keyed, NETWORK.program))).status == "proven"


RIGHT = [
    (r"\frac{\partial L}{\partial \hat{y}} = -\frac{y}{\hat{y}}", ""),
    (r"\frac{\partial L}{\partial z} = \frac{\partial \hat{y}}{\partial z} \times \frac{\partial L}{\partial \hat{y}}", ""),
    (r"\frac{\partial L}{\partial z} = (\hat{y} - y)^T", "rows"),
    (r"\frac{\partial L}{\partial l_1} = \frac{\partial l_{21}}{\partial l_1} \frac{\partial L}{\partial l_{21}}"
     r" + \frac{\partial l_{22}}{\partial l_1} \frac{\partial L}{\partial l_{22}}", ""),
    (r"\frac{\partial z}{\partial l_{21}} = \mathbb{1}[l_{21} > l_{22}]", "diagonal"),
    (r"\frac{\partial z}{\partial l_{21}} = \operatorname{diag}(\mathbb{1}[l_{21} > l_{22}])", ""),
    (r"\frac{\partial l_{21}}{\partial l_1} = W_{21}^T \operatorname{diag}(\mathbb{1}[W_{21} l_1 > 0])", "column for each function"),
    (r"\frac{\partial L}{\partial z_i} = \hat{y}_i - y_i", ""),
    (r"\frac{\partial L}{\partial z_2} = \hat{y}_2 - y_2", ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "reading"), RIGHT)
def test_what_is_right_in_a_layout_is_correct_and_the_layout_is_said(line, reading):
    (step,) = graded(line)
    assert step.verdict == "correct", (step.code, step.message)
    assert reading in (step.reading or "")


def test_a_defined_name_has_the_spellings_of_its_part():
    (step,) = graded(
        r"\frac{\partial L}{\partial W_1} = (\frac{\partial L}{\partial l^{(1)}} \odot \mathbb{1}[l_1 > 0]) x^T"
    )
    assert step.verdict == "correct"


WRONG = [
    (r"\frac{\partial L}{\partial z} = y - \hat{y}", "sign"),
    (r"\frac{\partial L}{\partial z} = 2 (\hat{y} - y)", "constant-factor"),
    (r"\frac{\partial L}{\partial z} = \hat{y} \odot (1 - \hat{y})", "not-equal"),
    (r"\frac{\partial \hat{y}}{\partial z} = \hat{y} \odot (1 - \hat{y})", "shape"),
    (r"\frac{\partial L}{\partial W_{21}} = ((\hat{y} - y) \odot \mathbb{1}[W_{21} l_1 > 0]) l_1^T", "missing-factor"),
    (r"\frac{\partial L}{\partial l_1} = W_{21}^T ((\hat{y} - y) \odot \mathbb{1}[l_{21} > l_{22}])", "missing-term"),
    (r"\frac{\partial L}{\partial z_1} = \hat{y}_1 + y_1", "sign"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "code"), WRONG)
def test_a_wrong_derivative_by_an_array_is_refuted_with_its_code_and_a_counterexample(line, code):
    (step,) = graded(line)
    assert (step.verdict, step.code) == ("incorrect", code)
    assert step.counterexample is not None


def test_the_derivative_by_a_matrix_transposed_goes_to_a_person_until_rows_are_the_authors_way():
    turned = r"\frac{\partial L}{\partial W_{22}} = l_1 ((\hat{y} - y) \odot \mathbb{1}[l_{22} > l_{21}] \odot l_{22} \odot (1 - l_{22}))^T"
    assert [(step.verdict, step.code) for step in graded(turned)] == [("undecided", "other-layout")]
    rows = r"\frac{\partial L}{\partial z} = (\hat{y} - y)^T"
    assert [step.verdict for step in graded(rows, turned)] == ["correct", "correct"]


def test_a_name_at_the_end_of_a_chain_is_the_authors_own_and_means_what_the_chain_is_about():
    named = r"\frac{\partial L}{\partial z} = \hat{y} - y = s_1"
    used = r"\frac{\partial L}{\partial l_{21}} = \mathbb{1}[l_{21} > l_{22}] \odot s_1"
    assert [step.verdict for step in graded(named, used)] == ["correct", "definition", "correct"]
    lost_case = used.replace("s_1", "S_1")
    steps = graded(named, lost_case)
    assert steps[-1].verdict == "correct"
    assert "$S_1$ is $s_1$" in steps[-1].reading
    wrongly = r"\frac{\partial L}{\partial z} = y - \hat{y} = s_1"
    assert [step.verdict for step in graded(wrongly, used)] == ["incorrect", "definition", "correct"]


def test_parts_may_declare_a_name_each_for_itself():
    problem = catalog["matrix-calculus"]
    assert {str(problem.derivation(q).closed_form) for q in problem.questions if q.part == "map"} == {"A"}
    lines = (r"f = A x", r"\frac{\partial f}{\partial x} = A")
    assert [step.verdict for step in graded(*lines, problem=problem)] == ["definition", "correct"]
    again = {"id": "p", "symbols": {"A": "matrix n n"}, "part": [{"symbols": {"A": "matrix m n"}, "given": []}]}
    with pytest.raises(BadSpec, match="A is declared for the whole problem already"):
        Problem.from_dict(again)


@pytest.mark.parametrize("layout", ["gradiant", "rows"])
def test_a_layout_that_is_not_known_is_refused(layout):
    entry = {"id": "p", "symbols": {"x": "vector n"}, "part": [{"given": ["f = x^T x"]}],
             "question": [{"id": "q", "ask": r"\frac{\partial f}{\partial x}", "layout": layout}]}  # fmt: skip
    with pytest.raises(BadSpec, match="layout"):
        Problem.from_dict(entry)


SPECS = {"A": "matrix n n", "B": "matrix m n", "x": "vector n"}
STATEMENTS = [
    (r"\nabla_x (x^T A x) = (A + A^T) x", "proven", "canonical-form"),
    (r"\frac{\partial (x^T A x)}{\partial x} = x^T (A + A^T)", "proven", "other-layout"),
    (r"\frac{\partial (B x)}{\partial x} = B^T", "proven", "other-layout"),
    (r"\frac{\partial (x^T A x)}{\partial x} = 2 A x", "refuted", "counterexample"),
    (r"\frac{\partial (x^T A x)}{\partial x} = x^T (A - A^T)", "refuted", "shape"),
]


@pytest.mark.parametrize(("statement", "status", "code"), STATEMENTS)
def test_a_statement_holds_in_a_layout_or_in_none(statement, status, code):
    verdict = checks.holds(statement, SPECS)
    assert (verdict.status, verdict.code) == (status, code)


def test_a_mask_that_few_draws_tell_apart_is_not_verified():
    setting = Setting(NETWORK.keyed, NETWORK.program)
    whole, part = (
        read(f, NETWORK.table).tree
        for f in (
            r"(\hat{y} - y) \odot \mathbb{1}[l_{21} > l_{22}] \odot \mathbb{1}[W_{21} l_1 > 0]",
            r"(\hat{y} - y) \odot \mathbb{1}[W_{21} l_1 > 0]",
        )
    )
    assert decide_equal(Claim(whole, part, setting)).status == "refuted"
