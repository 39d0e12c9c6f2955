"""A class of three: a derivation with a wrong step, a scan that cannot be read well, and one without a fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checks.report.model import LineVerdict, ProblemSummary, QuestionResult, Report, SubmissionReport
from checks.submission.document import Remark

CLOSED = (
    r"\frac{\partial y^*}{\partial w_1} = "
    r"(w^2\sigma'(z_4)+1)(w^2\sigma'(z_2)+1)\sigma'(z_5^*)\sigma'(z_3^*)\sigma'(z_1)x"
)
CHAIN = (
    r"\frac{\partial y^*}{\partial w_1} = \frac{\partial y^*}{\partial z_5^*}\left(\frac{\partial z_5^*}{\partial h_4}"
    r"\frac{\partial h_4}{\partial z_4}\frac{\partial z_4}{\partial h_3^*}\frac{\partial h_3^*}{\partial z_3^*}"
    r"+\frac{\partial z_5^*}{\partial h_3^*}\frac{\partial h_3^*}{\partial z_3^*}\right)"
    r"\left(\frac{\partial z_3^*}{\partial h_2}\frac{\partial h_2}{\partial z_2}\frac{\partial z_2}{\partial h_1}"
    r"\frac{\partial h_1}{\partial w_1}+\frac{\partial z_3^*}{\partial h_1}\frac{\partial h_1}{\partial w_1}\right)"
)
DIFFERENCE = (
    r"\frac{\partial y^*}{\partial b_1} - \frac{\partial y}{\partial b_1} = w^4\sigma'(z_1)\sigma'(z_2)"
    r"\left[\sigma'(z_3^*)\sigma'(z_4)\sigma'(z_5^*)-\sigma'(z_3)\sigma'(z_4)\sigma'(z_5)\right]"
    r"+w^2\left[\sigma'(z_4)+\sigma'(z_2)\right]\sigma'(z_3^*)\sigma'(z_5^*)\sigma'(z_1)"
    r"+\sigma'(z_3^*)\sigma'(z_5^*)\sigma'(z_1)"
)
THREE_ROWS = r"""$$= w^4 \Delta'(z_3^*) \Delta'(z_4) \cdot \Delta'(z_2^*) \Delta'(z_2) \cdot \Delta'(z_1) x
+ w^2 (\Delta'(z_4) + \Delta'(z_2)) \Delta'(z_3^*) \Delta'(z_2^*) \cdot \Delta'(z_1) x
+ \Delta'(z_3^*) \Delta'(z_2^*) \Delta'(z_1) x$$"""
EXPANDED = (
    r"w^4\sigma'(z_3^*)\sigma'(z_4)\sigma'(z_2^*)\sigma'(z_2)\sigma'(z_1)x+w^2(\sigma'(z_4)+\sigma'(z_2))"
    r"\sigma'(z_3^*)\sigma'(z_2^*)\sigma'(z_1)x+\sigma'(z_3^*)\sigma'(z_2^*)\sigma'(z_1)x"
)


def step(line: int, verdict: str, raw: str, understood: str | None = None, **more: Any) -> LineVerdict:
    """A step with the fields a test does not care about filled in."""
    fields: dict[str, Any] = {
        "column": 1, "step": 1, "problem": "skip-connection", "part": "skip", "code": verdict, "true_by_itself": None,
        "follows": None, "reading": None, "counterexample": None, "suggestion": None, "message": "",
    }  # fmt: skip
    return LineVerdict(line=line, raw=raw, understood=understood, verdict=verdict, **{**fields, **more})


def question(name: str, verdict: str, line: int | None, points: float | None, most: float = 2) -> QuestionResult:
    """The answer to ∂y*/∂w_1 or the like."""
    below = "b_1" if name.endswith("b1") else "w_1"
    above = "y^*" if name.startswith("skip") else "y"
    ask = rf"\frac{{\partial {above}}}{{\partial {below}}}"
    return QuestionResult(name, "skip-connection", ask, verdict, line, points, most)


def _definitions(part: str, first: int) -> list[LineVerdict]:
    pairs = [(r"z_1 = w_1 x + b_1", r"h_1 = \sigma(z_1)"), (r"z_2 = w h_1 + b", r"h_2 = \sigma(z_2)")]
    return [
        step(first + row, "definition", rf"{text.replace('sigma', 'Delta')} \\", text, part=part, step=place)
        for row, pair in enumerate(pairs)
        for place, text in enumerate(pair, 1)
    ]


def _wrong() -> SubmissionReport:
    lines = (
        *_definitions("plain", 6),
        step(
            16, "correct", r"&= w^4 \cdot \Delta'(z_5) \Delta'(z_4) \Delta'(z_3) \Delta'(z_2) \Delta'(z_1) \cdot x",
            r"\frac{\partial y}{\partial w_1} = w^4\sigma'(z_5)\sigma'(z_4)\sigma'(z_3)\sigma'(z_2)\sigma'(z_1)x",
            part="plain", message="proven: both sides have the same normal form",
        ),
        *_definitions("skip", 25),
        step(
            33, "unreadable", r"\frac{\partial y^*}{\partial w_1} &= \frac{\partial y^*}{\partial z_5^*} \cdot "
            r"\left[\frac{\partial z_5^*}{\partial h_4} \right. + \frac{z_5^*}{\partial h_3^*} \cdot "
            r"\frac{\partial h_3^*}{\partial z_3^*}",
            message=r"column 112: ∂h_3^* stands alone below a fraction bar; "
            r"\frac{\partial z_5^*}{\partial h_3^*} was meant?",
        ),
        step(35, "correct", rf"&= {CHAIN.split(' = ')[1]} \\", CHAIN,
             reading="∂h_1/∂w_1 as a total derivative", message="verified at 48 points, 30 digits"),
        step(38, "correct", r"&= (w^2 \Delta'(z_4)+1)(w^2 \Delta'(z_2)+1) \Delta'(z_5^*) \Delta'(z_3^*) \Delta'(z_1) x",
             CLOSED, message="proven: both sides have the same normal form", follows=True),
        step(
            41, "incorrect", THREE_ROWS, EXPANDED, code="renamed", true_by_itself=False, follows=False,
            counterexample={"w": "1/2", "x": "1", "b": "0", "w_1": "-1"},
            suggestion=EXPANDED.replace("z_2^*", "z_5^*"), message="differs from line 38; right if z_2^* means z_5^*",
        ),
        step(47, "incorrect", r"$$\frac{\partial y^*}{\partial b_1} = w^4 \Delta'(z_3^*)$$",
             r"\frac{\partial y^*}{\partial b_1} = w^4\sigma'(z_3^*)", code="missing-factor", follows=True,
             counterexample={"w": "1"}, message="the factor $w^2$ is missing; there the left side is 4, the right side 1.5. See h_4"),
        step(55, "undecided", DIFFERENCE, DIFFERENCE, part=None,
             message="no decider settled it within its limits: terms"),
        step(59, "assumption", "$A > 0$", "A > 0"),
        step(71, "outside", r"$0.3 \cdot 0.5 = 0.15$", r"0.3\cdot 0.5 = 0.15"),
    )  # fmt: skip
    questions = (
        question("plain-w1", "correct", 16, 2),
        question("skip-w1", "correct", 38, 2),
        question("skip-b1", "incorrect", 47, 0),
        question("skip-difference", "undecided", 55, None),
    )
    remarks = (
        *(Remark(line, 1, "a block of code, no question asks for a program") for line in (80, 81, 82, 90)),
        Remark(63, 9, "prose"),
    )
    return SubmissionReport("submissions/001.txt", 41, lines, questions, remarks)


def _scan() -> SubmissionReport:
    lines = (
        step(3, "unreadable", "= W4 S'(2)\\* ) S(24) · S'(27\\*) 5'(22)", part=None, message="`)` closes nothing"),
        step(127, "correct", r"اگر $\nabla^2 f(x) \le mI$", r"\nabla^2 f(x) \le mI", part=None, follows=False),
    )
    return SubmissionReport("submissions/000.txt", None, lines, (question("plain-w1", "missing", None, 0),))


def _flawless() -> SubmissionReport:
    lines = tuple(replace(line, part=None) for line in _wrong().lines if line.verdict in ("correct", "definition"))
    return SubmissionReport("submissions/002.ipynb", None, lines, (question("skip-w1", "correct", 38, 2),))


def sample() -> Report:
    """The class of three, graded against one problem."""
    deciders = ("balls", "normal form", "z3", "SymPy")
    problem = ProblemSummary("skip-connection", "Gradients through skip connections", deciders)
    return Report((problem,), (_wrong(), _scan(), _flawless()))
