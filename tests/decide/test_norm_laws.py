"""Laws between norms, traces and definite matrices of any size: what they prove, and what must be refuted."""

from __future__ import annotations

import pytest

from checks import holds

SYMBOLS = {
    "A": "matrix n n", "B": "matrix n n", "C": "matrix m n", "x": "vector n", "y": "vector n", "z": "vector n",
    "S": "matrix n n, symmetric", "P": "matrix n n, positive definite", "G": "matrix n n, positive semidefinite",
    "Q": "matrix n n, orthogonal", "c": "real", "lambda": "positive", "I": "identity n",
}  # fmt: skip
TRUE = [
    r"\operatorname{tr}(A)^2 \le n \|A\|_F^2",
    r"|\operatorname{tr}(A)| \le \|A\|_*",
    r"|\operatorname{tr}(A)| \le n\|A\|_2",
    r"\|A\|_F \le \sqrt{n} \|A\|_2",
    r"\|A\|_* \le \sqrt{n} \|A\|_F",
    r"\|A\|_* \le n \|A\|_2",
    r"\|A\|_2 \le \|A\|_*",
    r"\|A\|_F^2 \le \|A\|_2 \|A\|_*",
    r"\|x\|_2 \le \|x\|_1",
    r"\|x\|_1 \le \sqrt{n}\|x\|_2",
    r"\|x\|_\infty \le \|x\|_2",
    r"\|x\|_\infty \le \|x\|_1",
    r"\|x\|_1 \le n \|x\|_\infty",
    r"\|x\|_2^2 \le \|x\|_1 \|x\|_\infty",
    r"\|A B\|_F \le \|A\|_F \|B\|_F",
    r"\|A B\|_F \le \|A\|_2 \|B\|_F",
    r"\|A B\|_2 \le \|A\|_2 \|B\|_2",
    r"\|A B\|_* \le \|A\|_2 \|B\|_*",
    r"\|A B\|_* \le \|A\|_F \|B\|_F",
    r"\|A B x\|_2 \le \|A\|_2 \|B\|_2 \|x\|_2",
    r"\|A B x\|_2 \le \|A\|_F \|B\|_2 \|x\|_2",
    r"\|x y^T\|_F = \|x\|_2 \|y\|_2",
    r"\|x y^T\|_2 \le \|x\|_2 \|y\|_2",
    r"\|A + B\|_F \le \|A\|_F + \|B\|_F",
    r"\|A + B\|_2 \le \|A\|_2 + \|B\|_2",
    r"\|A - B\|_* \le \|A\|_* + \|B\|_*",
    r"\|x - y\|_1 \le \|x - z\|_1 + \|z - y\|_1",
    r"\|x\|_1 - \|y\|_1 \le \|x - y\|_1",
    r"|\|A\|_2 - \|B\|_2| \le \|A-B\|_2",
    r"\|c A\|_2 = |c| \|A\|_2",
    r"\|-A\|_2 = \|A\|_2",
    r"\|A^T\|_2 = \|A\|_2",
    r"|x^T y| \le \|x\|_1 \|y\|_\infty",
    r"|x^T A y| \le \|x\|_2 \|A\|_2 \|y\|_2",
    r"x^T A y \le \|x\|_2 \|A\|_F \|y\|_2",
    r"|\operatorname{tr}(A^T B)| \le \|A\|_F \|B\|_F",
    r"\operatorname{tr}(A^T B) \le \|A\|_2 \|B\|_*",
    r"\operatorname{tr}(A A^T) \ge 0",
    r"\operatorname{tr}(A B B^T A^T) \ge 0",
    r"\operatorname{tr}(P) \ge 0",
    r"\operatorname{tr}(P) = \|P\|_*",
    r"\|P\|_F \le \operatorname{tr}(P)",
    r"\operatorname{tr}(A^T P A) \ge 0",
    r"\|A\|_2 \le 1 \Rightarrow \|A x\|_2 \le \|x\|_2",
    r"\|A\|_F \le 1 \Rightarrow \|A B\|_F \le \|B\|_F",
    r"\|Q A\|_2 = \|A\|_2",
    r"\|x\|_2^2 \le n \|x\|_\infty^2",
    r"\|x\|_\infty \le 1 \Rightarrow \|x\|_1 \le n",
    r"\|2 x - 3 y\|_1 \le 2\|x\|_1 + 3 \|y\|_1",
    r"\|x+y+z\|_\infty \le \|x\|_\infty+\|y\|_\infty+\|z\|_\infty",
    r"\|A^2\|_2 \le \|A\|_2^2",
    r"\|A^3\|_F \le \|A\|_2^2 \|A\|_F",
    r"\|C x\|_2 \le \|C\|_F \|x\|_1", r"\|(A + B) x\|_2 \le \|A + B\|_2 \|x\|_2",
    r"|\operatorname{tr}(S^T B)| \le \sqrt{n} \|S\|_2 \|B\|_F", r"\|B x\|_\infty \le n \|B\|_* \|x\|_2",
    r"\operatorname{tr}(P^{-1}) > 0 \Rightarrow \operatorname{tr}(P^{-1}) \ge 0",
    r"\lambda_{\max}(x x^T) \le x^T x", r"\lambda_{\min}(A^T A) \ge 0", r"\lambda_{\min}(P + G) > 0", r"0 \le \lambda_{\min}(G)",
    r"|\lambda_{\min}(S)| \le \|S\|_F", r"\lambda_{\max}(S) \ge \frac{1}{n} \operatorname{tr}(S)", r"\lambda_{\max}(P) \le \operatorname{tr}(P)",
    r"P \succ 0", r"-P \prec 0", r"P + G \succ 0", r"C^T C + \lambda I \succ 0", r"P + \lambda I \succ P",
    r"\|x\|_2 > 0 \Rightarrow x^T P x > 0", r"S \succ 0 \Rightarrow x^T S x \ge 0",
]  # fmt: skip
FALSE = [
    r"\operatorname{tr}(A)^2 \le \|A\|_F^2",
    r"\operatorname{tr}(A) \ge \|A\|_2",
    r"|\operatorname{tr}(A)| \le \|A\|_F",
    r"\|A\|_F \le \|A\|_2",
    r"\|A\|_* \le \|A\|_F",
    r"\|A\|_2 \ge \|A\|_*",
    r"\|x\|_1 \le \|x\|_2",
    r"\|x\|_2 \le \|x\|_\infty",
    r"\|x\|_1 \le \sqrt{n} \|x\|_\infty",
    r"\|x\|_2^2 \ge \|x\|_1 \|x\|_\infty",
    r"\|A B\|_F \le \|A\|_2 \|B\|_2",
    r"\|A B\|_* \le \|A\|_2 \|B\|_F",
    r"\|A B\|_F = \|A\|_F \|B\|_F",
    r"\|x y^T\|_F \le \|x\|_\infty \|y\|_2",
    r"\|x y^T\|_F \le \|x\|_2 + \|y\|_2",
    r"\|A+B\|_2 = \|A\|_2+\|B\|_2",
    r"\|A+B\|_2 \le \|A\|_2",
    r"\|x-y\|_1 \le \|x\|_1 - \|y\|_1",
    r"|x^Ty| \le \|x\|_\infty \|y\|_\infty",
    r"|x^Ty| \le \|x\|_2\|y\|_\infty",
    r"|x^TAy| \le \|x\|_\infty \|A\|_2\|y\|_2",
    r"\operatorname{tr}(A^TB) \le \|A\|_2\|B\|_2",
    r"\operatorname{tr}(A^TB) \le \|A\|_2\|B\|_F",
    r"\operatorname{tr}(A B A^T B^T) \ge 0",
    r"\operatorname{tr}(A) = \|A\|_*",
    r"\operatorname{tr}(S) \ge 0",
    r"\operatorname{tr}(B B^T A^T A) = \|B B^T A^T A\|_*",
    r"\|P\|_F \ge \operatorname{tr}(P)",
    r"\|A\|_2 \le 1 \Rightarrow \|A\|_F \le 1",
    r"\|Cx\|_2 \le \|C\|_2 \|x\|_\infty",
    r"\|x\|_\infty < 1 \Rightarrow \|x\|_1 < 1",
    r"\|cA\|_2 = c \|A\|_2",
    r"\|A^2\|_2 = \|A\|_2^2",
    r"\|A^2\|_2 \ge \|A\|_2^2",
    r"\|A x\|_1 \le \|A\|_2 \|x\|_1",
    r"\|A x\|_\infty \le \|A\|_2 \|x\|_\infty",
    r"\lambda_{\max}(x x^T) < x^T x", r"\lambda_{\min}(G) > 0", r"\lambda_{\max}(S) \le \operatorname{tr}(S)",
    r"\lambda_{\min}(S) \ge \frac{1}{n} \operatorname{tr}(S)", r"\lambda_{\max}(S) = \|S\|_2",
    r"G \succ 0", r"C^T C \succ 0", r"P \succ \lambda I", r"P \prec 0", r"\|x\|_2 > 0 \Rightarrow x^T G x > 0",
    r"z^T S z \ge 0 \Rightarrow S \succeq 0", r"\|S z\|_2 \le \|z\|_2 \Rightarrow S \preceq I",  # said of one z, not of all
]  # fmt: skip


@pytest.mark.parametrize("statement", TRUE)
def test_what_follows_from_the_laws_is_proven_for_all_sizes(statement: str) -> None:
    verdict = holds(statement, SYMBOLS)
    assert verdict.status in ({"proven", "verified"} if " = " in statement else {"proven"}), verdict.evidence


@pytest.mark.parametrize("statement", FALSE)
def test_what_is_false_is_refuted_by_small_matrices(statement: str) -> None:
    verdict = holds(statement, SYMBOLS)
    assert verdict.status == "refuted", verdict.evidence
    assert verdict.counterexample


@pytest.mark.parametrize("statement", [r"A \succ 0", r"A A \preceq B"])
def test_orders_of_matrices_that_are_not_symmetric_are_left_undecided(statement: str) -> None:
    verdict = holds(statement, SYMBOLS)
    assert verdict.status == "undecided"
    assert "symmetric" in verdict.evidence


def test_eigenvalues_in_order_are_those_of_a_symmetric_matrix() -> None:
    assert holds(r"\lambda_{\max}(A) \ge 0", SYMBOLS).status == "undecided"
    assert holds(r"\lambda_{\max}(A + A^T) \ge 0", SYMBOLS).status == "refuted"
