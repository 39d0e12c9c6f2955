"""Parts that are special cases (σ the sigmoid), phrases that suppose something, following lines, and terms of a rest."""

from __future__ import annotations

import pytest

from checks.grading import Assignment, grade_document
from checks.report.model import LineVerdict
from checks.submission import read_document
from derive import BadSpec, Problem, catalog

RATIO = catalog["skip-versus-plain"]
PLAIN, SKIP = r"\frac{\partial y}{\partial b_1}", r"\frac{\partial y^*}{\partial b_1}"
SMALLER = rf"\left|{PLAIN}\right| < \left|{SKIP}\right|"
SIGMOID = r"Let $\sigma$ be the sigmoid."


def steps(text: str, problem: Problem = RATIO) -> list[LineVerdict]:
    report = grade_document(read_document("work.md", text.encode()), [Assignment(problem)])
    return [step for step in report.lines if step.verdict not in ("outside", "assumption", "definition")]


def verdicts(text: str, problem: Problem = RATIO) -> list[str]:
    return [step.verdict for step in steps(text, problem)]


@pytest.mark.parametrize(
    "claim",
    [
        r"\sigma'(u) \le \frac14",
        r"|h_3^* - h_3| < \frac14",
        r"|z_5^* - z_5| < 1 + \frac{w^2}{16}",
        r"\frac{d}{du} \ln \sigma'(u) = 1 - 2\sigma(u)",
    ],
)
def test_what_holds_for_the_sigmoid_is_right_only_where_the_sigmoid_is_spoken_of(claim: str) -> None:
    assert verdicts(f"{SIGMOID}\n\n$$ {claim} $$") == ["correct"]
    assert verdicts(f"$$ {claim} $$") == ["incorrect"]


@pytest.mark.parametrize(
    "claim",
    [
        r"\sigma'(u) < \frac14",
        r"|h_3^* - h_3| \le \frac18",
        r"|z_5^* - z_5| < 1",
        r"\frac{d}{du} \ln \sigma'(u) = 1 - \sigma(u)",
        r"\left|\frac{\partial y}{\partial w_1}\right| \le \left|\frac{\partial y^*}{\partial w_1}\right|",
        rf"|w| \le \frac52 \Rightarrow {SMALLER}",
        rf"A < 0 \Rightarrow {SKIP} < {PLAIN}",
        r"w < 1 \Rightarrow w^4 s'(z_4) < 1",
    ],
)
def test_what_is_false_for_the_sigmoid_is_wrong_there_too(claim: str) -> None:
    assert verdicts(f"{SIGMOID}\n\n$$ {claim} $$") == ["incorrect"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (rf"{SIGMOID} For $|w| \le 1$ the plain gradient is smaller: ${SMALLER}$.", "correct"),
        (rf"{SIGMOID} If $|w| \le 1$, then ${SMALLER}$.", "correct"),
        (rf"If $A \ge 0$, then ${SKIP} > {PLAIN}$.", "correct"),
        (rf"If $A \le 0$, then ${SKIP} \le {PLAIN}$.", "incorrect"),
        (r"For $u > 0$ the slope has $\sigma'(u) > 0$.", "correct"),
    ],
)
def test_a_conclusion_in_prose_is_judged_under_its_premise(text: str, verdict: str) -> None:
    assert verdicts(text) == [verdict]


def test_a_value_given_to_a_name_whose_inputs_have_none_is_a_condition() -> None:
    text = r"Take $w = \frac12$, $b = -1$, $z_1 = 1$." + "\n\n" + r"Then $\frac{\partial y}{\partial z_1} = 1417$."
    assert verdicts(text) == ["undecided"]


def test_which_function_a_general_one_is_and_what_is_said_are_fields_of_a_part() -> None:
    part = {"name": "p", "given": [r"h = \sigma(x)"]}
    data = {"id": "d", "symbols": {"x": "real", r"\sigma": "function, increasing", "s": "logistic sigmoid"}}
    ask = {"id": "q", "claim": r"h < 1", "part": "p"}
    problem = Problem.from_dict({**data, "part": [{**part, "means": {r"\sigma": "s"}}], "question": [ask]})
    assert verdicts("$$ h < 1 $$", problem) == ["correct"]
    with pytest.raises(BadSpec, match=r"part 'p': means names t, which is no function"):
        Problem.from_dict({**data, "part": [{**part, "means": {r"\sigma": "t"}}]})
    with pytest.raises(BadSpec, match=r"part 'p': said is a list"):
        Problem.from_dict({**data, "part": [{**part, "said": "sigmoid"}]})


POWERS = Problem.from_dict(
    {
        "id": "powers",
        "symbols": {"x": "real", "y": "positive", r"\epsilon": "real"},
        "part": [{"name": "main", "given": ["L = x^2 + y", r"F = (1 + \epsilon)^3"], "conditions": ["x > 1"]}],
        "question": [{"id": "dx", "ask": r"\frac{\partial L}{\partial x}"}],
    }
)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"$L > x$ for $x > 1$", "correct"),
        (r"$L > 2 x$ for $x > 3$", "correct"),
        (r"$L > 2 x$ for $x > 0$", "incorrect"),
        (r"$L > 1$, where $x > 1$", "correct"),
        (r"$L > 5$, where $x > 1$", "incorrect"),
        (r"Since $x > 1$ we have $L > x$.", "correct"),
        (r"Since $x > 1$ we have $L > x^3$.", "incorrect"),
    ],
)
def test_for_where_and_since_suppose_what_stands_after_them(text: str, verdict: str) -> None:
    assert verdicts(text, POWERS) == [verdict]


def test_a_condition_of_a_part_is_not_claimed_and_its_opposite_is_no_condition() -> None:
    report = grade_document(read_document("work.md", b"$$ x > 1 $$"), [Assignment(POWERS)])
    assert report.lines
    assert all(step.verdict in ("assumption", "outside") for step in report.lines)
    assert verdicts(r"$$ x > 1 \Rightarrow L > 2 $$", POWERS) == ["incorrect"]
    assert verdicts(r"$$ x > 1 \Rightarrow L > 1 $$", POWERS) == ["correct"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((r"L \ge x^2", r"\ge x - 1"), ["correct", "correct"]),
        ((r"L \ge x^2", r"\ge x + 1"), ["correct", "incorrect"]),
        ((r"L > x^2", r"> x^2 - y", r"\ge -y"), ["correct", "correct", "correct"]),
        ((r"L > x^2", r"> x^2 + y"), ["correct", "incorrect"]),
    ],
)
def test_an_inequality_goes_on_over_lines(lines: tuple[str, ...], expected: list[str]) -> None:
    assert verdicts("\n\n".join(f"$$ {line} $$" for line in lines), POWERS) == expected


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"F = 1 + 3 \epsilon + 3 \epsilon^2 + \epsilon^3 + O(\epsilon^4)", "correct"),
        (r"F = 1 + 3 \epsilon + O(\epsilon^2)", "correct"),
        (r"F = 1 + 3 \epsilon + \epsilon^2 + O(\epsilon^3)", "incorrect"),
        (r"F = 1 + 2 \epsilon + O(\epsilon^2)", "incorrect"),
    ],
)
def test_a_rest_says_up_to_which_order_both_sides_agree(claim: str, verdict: str) -> None:
    assert verdicts(f"$$ {claim} $$", POWERS) == [verdict]


CUBIC = r"Let $\sigma(z) = z + z^3$. For $w = 1$, $b = 0$, $z_1 = 0$ we have"
AFTER = r"Now the sigmoid: for $w = 1$, $b = 0$, $z_1 = 0$ we have"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{CUBIC} $A < 0$.\n\n{AFTER} $A < 0$.", ["incorrect", "correct"]),
        (f"{CUBIC} $A = 0$.\n\n{AFTER} $A < 0$.", ["correct", "correct"]),
        (f"{CUBIC} $A = 0$.\n\n{AFTER} $A > 0$.", ["correct", "undecided"]),  # so of some increasing functions
        (f"{CUBIC} $A < 0$.", ["incorrect"]),
        (f"The sigmoid is for later. {CUBIC} $A < 0$.", ["incorrect"]),
        (f"{CUBIC.replace('z^3', '2 z^3')} $A = 0$.\n\n{AFTER} $A < 0$.", ["correct", "correct"]),
        (f"For $w = 1$, $b = 0$, $z_1 = 0$ we have $A < 0$.\n\n{AFTER} $A < 0$.", ["undecided", "correct"]),
        ("$\\sigma'(u) \\le \\frac14$\n\n" + SIGMOID + "\n\n$\\sigma'(u) \\le \\frac14$", ["undecided", "correct"]),
    ],
)
def test_a_special_case_is_meant_from_where_it_is_spoken_of_and_never_under_another_function(
    text: str, expected: list[str]
) -> None:
    assert verdicts(text) == expected
