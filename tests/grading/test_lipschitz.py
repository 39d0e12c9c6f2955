r"""Lipschitz constants in documents: a constant keeps its meaning along a chain, a bound is no equation, definitions are none of both."""

import pytest

from checks.grading import grade


def verdicts(tmp_path, text):
    path = tmp_path / "submission.md"
    path.write_text(text, encoding="utf-8")
    return [step.verdict for step in grade(path, "lipschitz").submissions[0].lines]


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        (r"L = \max_{\delta \neq 0} \frac{\|w\delta\|}{\|\delta\|}", ["definition"]),
        (r"\|w\|_2 = \max_{\delta \neq 0} \frac{\|w\delta\|}{\|\delta\|}", ["definition"]),
        (r"\|w\|_2 = \min_{\delta \neq 0} \frac{\|w\delta\|}{\|\delta\|}", ["incorrect"]),
        (r"L = \sigma_{\max}", ["correct"]),
        (r"L = 2 \sigma_{\max}", ["incorrect"]),
        (r"L = \sup_{\alpha} |f'(\alpha)|", ["correct"]),
        (r"L = \sup_z |\text{ReLU}'(z)| = 1", ["definition", "correct"]),
        (r"L = \sup_z |\text{ReLU}'(z)| = \frac14", ["definition", "incorrect"]),
        (r"L = \sup_z |1 - \tanh^2(z)| = \frac14", ["definition", "incorrect"]),
        (r"L = \sup_z |\sigma(z)(1 - \sigma(z))| = 1", ["definition", "incorrect"]),
        (r"L = \sup_z |\sigma(z)| = \frac14", ["undecided", "incorrect"]),
        (r"\max_z \tanh(z) = 1", ["incorrect"]),
        (r"L_{\text{total}} = \prod_{i=1}^n L_i = \prod_{i=1}^n \|w^{(i)}\|_2", ["incorrect", "incorrect"]),
        (r"L_{\text{total}} \leq \prod_{i=1}^n \|w^{(i)}\|_2", ["correct"]),
        (r"L_{\text{total}} < \prod_{i=1}^n \|w^{(i)}\|_2", ["incorrect"]),
        (r"\sigma_1 \geq \sigma_2 \geq \dots \geq \sigma_n", ["correct"]),
        (r"\Sigma \in \mathbb{R}^{m \times n} \rightarrow \sigma_1 > \sigma_2", ["definition", "incorrect"]),
        (r"\|\omega e\| \leq \|\omega\| \cdot \|e\|", ["correct"]),
        (r"\|\omega e\| = \|\omega\| \cdot \|e\|", ["incorrect"]),
        (r"\sigma(z) = \frac{1}{1 + e^{-z}}", ["correct"]),
    ],
)
def test_a_line_about_lipschitz_constants(tmp_path, formula, wanted):
    assert verdicts(tmp_path, f"$${formula}$$\n") == wanted
