"""What submissions say of a path: heights, conditions, cycles, tables and steps, each right and wrong."""

from fractions import Fraction

import pytest

from checks.submission import read_document
from checks.walks.numbers import Written, agreement
from derive import BadSpec, Problem, catalog
from derive.paths.cases import read_cases
from derive.symbols import SymbolTable

BOTH = ("bump-adam", "bump-descent")


def steps_of(text, *ids, name="a.md"):
    from checks.grading import Assignment, grade_document

    problems = [Assignment(catalog[id_]) for id_ in ids or BOTH]
    return grade_document(read_document(name, text.encode()), problems)


def verdicts(text, *ids, **more):
    return [
        step.verdict
        for step in steps_of(text, *ids, **more).lines
        if step.verdict not in ("outside", "assumption", "definition")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The maximum height Adam passes is $h = 0.41$.", "correct"),
        ("The maximum height Adam passes is $h = 0.42$.", "incorrect"),
        ("With Adam the greatest height is 0.410.", "correct"),
        ("With Adam the largest bump it escapes has height 0.45.", "incorrect"),
        ("For Adam $h^* = \\frac{1}{2}$", None),
        ("For Adam $h_{max} = 0.4102$", "correct"),
        ("For Adam $h_{max} = 0.4120$", "incorrect"),
        ("Adam is stuck as long as h > 0.41018429512996585.", "correct"),
        ("Adam is stuck as long as h > 0.41018429512976585.", "incorrect"),
        ("Adam is stuck as long as h > 0.5.", "incorrect"),
        ("Adam is stuck when h > 0.5.", "correct"),
        ("Adam escapes if $h \\le 0.41$.", "correct"),
        ("Adam escapes if $h \\leq 0.35$.", "correct"),
        ("Adam escapes if $h < 0.5$.", "incorrect"),
        ("Adam escapes if $h > 0.41$.", "incorrect"),
        ("Adam does not pass the bump when $h > 0.41$.", "correct"),
        ("Adam cannot escape when $h < 0.41$.", "incorrect"),
        ("With $h = 0.4$ Adam passes.", "correct"),
        ("With $h = 0.5$ Adam passes.", "incorrect"),
        ("Adam gets stuck with h = 0.5.", "correct"),
        ("Gradient descent oscillates between -0.1 and 0.2 forever.", "correct"),
        ("Gradient descent oscillates between $-0.1$ and $0.2$ around x.", "correct"),
        ("Gradient descent oscillates between 0.9 and 1.2.", "correct"),
        ("Gradient descent oscillates between -0.1 and 0.3 forever.", "incorrect"),
        ("Gradient descent oscillates between $x-0.1$ and $x+0.2$.", "correct"),
        ("Gradient descent oscillates between x - 0.1 and x + 0.2.", "correct"),
        ("Gradient descent bounces from $x + 0.2$ to $x - 0.1$ for ever.", "correct"),
        ("Gradient descent oscillates in the interval $[x - 0.1, x + 0.2]$.", "correct"),
        ("Gradient descent oscillates between $x-0.2$ and $x+0.1$.", "incorrect"),
        ("Gradient descent oscillates between x - 0.9 and x + 1.2.", "incorrect"),
        ("Gradient descent oscillates between x and x + 0.2.", "incorrect"),
        ("Gradient descent oscillates in $[x - 0.1, x + 0.3]$.", "incorrect"),
        ("Gradient descent oscillates between $x - 0.1$ and $1.2$.", None),
        ("Gradient descent is stuck between $(-0.1, 0.1)$ and $(0.2, 0.2)$.", "correct"),
        ("Gradient descent is stuck between $(-0.1, 0.1)$ and $(0.2, 0.1)$.", "incorrect"),
        ("Gradient descent converges to x.", "incorrect"),
        ("Gradient descent will converge to the local minimum.", "incorrect"),
        ("Gradient descent does not converge to x.", None),
        ("Does gradient descent converge to x?", None),
        ("Gradient descent escapes when h < 0.2.", "correct"),
        ("Gradient descent escapes when $h \\le 0.2$.", "incorrect"),
        ("Gradient descent is stuck when $h \\ge 0.2$.", "correct"),
        ("Gradient descent oscillates when $h \\ge 0.2$.", "incorrect"),
        ("Gradient descent is stuck when $0.2 < h$.", "correct"),
        ("Gradient descent is stuck when $h > 0.15$.", "incorrect"),
        ("Set $h = 0.4$ in the program.", None),
        ("Gradient descent escapes for $0 < h < 0.2$.", "correct"),
        ("Gradient descent escapes for $0 < h < 0.3$.", "incorrect"),
        ("Gradient descent is stuck for $0.2 < h < 5$.", "correct"),
        ("Adam escapes when $h < 0.4$, unlike gradient descent.", "correct"),
        ("Unlike gradient descent, Adam escapes when $h < 0.4$.", "correct"),
        ("With Adam the maximum height is reached at t = 5.", None),
        ("With Adam the maximum number of steps is 100 for h = 0.7.", None),
        ("The gradient passes if h > 0.", None),
        ("The maximum height is 0.41.", "undecided"),
        ("The maximum height is 0.3.", "incorrect"),
        ("Adam with $\\alpha = 0.5$ has the maximum height 0.47.", "undecided"),
        ("With learning rate 0.1, Adam escapes when $h < 0.5$.", "undecided"),
        ("With $\\alpha = 0.3$ Adam has the maximum height 0.41.", "correct"),
    ],
)  # fmt: skip
def test_a_claim_is_judged_by_the_exact_path(text, expected):
    assert set(verdicts(text)) == ({expected} if expected else set())


def test_two_conditions_in_one_sentence_are_judged_each_with_its_own_verb():
    text = "Gradient descent oscillates between -0.1 and 0.2 forever when h>0.2 and escapes when h<0.3."
    report = steps_of(text)
    assert [step.verdict for step in report.lines] == ["correct", "correct", "incorrect"]


def test_a_more_precise_value_is_judged_too():
    assert verdicts("For Adam $h = 0.4$ is the maximum height. More specifically, $h = 0.41$.") == [
        "correct",
        "correct",
    ]
    assert verdicts("For Adam $h = 0.4$ is the maximum height. More specifically, $h = 0.43$.") == [
        "correct",
        "incorrect",
    ]


def test_digits_are_judged_one_by_one():
    truth = Fraction(2071210444, 5049463055)
    table = [
        ("0.41018429512997001", True, "rounded"),
        ("0.41018429512996585", True, "double-precision"),
        ("0.41018429512976585", False, "wrong-digits"),
        ("0.4101", True, "cut-off"),
        ("0.42", False, "wrong-digits"),
        ("0", False, "wrong-value"),
    ]
    for text, right, code in table:
        found = agreement(Written.of(text), truth)
        assert (text, found.right, found.code) == (text, right, code)
    assert "right to 12 decimals" in agreement(Written.of("0.41018429512976585"), truth).said


@pytest.mark.parametrize("digit", range(12))
def test_a_changed_digit_is_found(digit):
    digits = "410184295129"
    changed = digits[:digit] + str((int(digits[digit]) + 5) % 10) + digits[digit + 1 :]
    assert verdicts(f"The maximum height for Adam is 0.{changed}.") == ["incorrect"]
    assert verdicts(f"Adam is stuck as long as h > 0.{changed}.") == ["incorrect"]


ROW = "h = {h} ---- {fate}\nUpdated w [{row}]\n"


@pytest.mark.parametrize(
    ("h", "fate", "row", "expected"),
    [
        ("1.0", "stuck", "0.3, 0.6, 0.9, 1.2, 1.353, 1.41, 1.399, 1.336", ["correct", "correct"]),
        ("0.4", "Pass X!", "0.3, 0.6, 0.9, 1.2, 1.353, 1.41, 1.514, 1.651", ["correct", "correct"]),
        ("0.4", "stuck", "0.3, 0.6, 0.9, 1.2, 1.353, 1.41, 1.514, 1.651", ["incorrect", "correct"]),
        ("0.2", "Pass X!", "0.3, 0.6, 0.9, 1.2, 1.353, 1.538", ["correct", "incorrect"]),
        ("0.2", "Pass X!", "0.3, 0.6, 0.9, 1.2, 1.454, 1.719", ["correct", "correct"]),
        ("0.3", "Pass X!", "0, 0.3, 0.6, 0.9, 1.2, 1.353, 1.538", ["correct", "correct"]),
        ("0.3", "Pass X!", "0, 0.3, 0.6, 0.9, 1.2, 1.353, 1.410", ["correct", "incorrect"]),
    ],
)
def test_a_listed_row_is_judged_entry_by_entry(h, fate, row, expected):
    text = ROW.format(h=h, fate=fate, row=row)
    for shown in (text, f"```\n{text}```\n"):
        assert verdicts(f"With Adam:\n\n{shown}") == expected


def test_a_row_that_double_precision_made_is_explained():
    (step,) = [
        s
        for s in steps_of("Adam\n\n" + ROW.format(h="0.2", fate="", row="0.3, 0.6, 0.9, 1.2, 1.353, 1.538")).lines
        if s.verdict == "incorrect"
    ]
    assert "$w_4$ lies exactly on the peak" in step.message
    assert "double precision" in step.message
    assert step.suggestion == "w_5 = 1.454, w_6 = 1.719"


MARKDOWN = """With Adam:

| h | w_1 | w_2 | w_3 | w_4 | w_5 | result |
|---|-----|-----|-----|-----|-----|--------|
| 0.5 | 0.3 | 0.6 | 0.9 | 1.2 | 1.353 | stuck |
| 0.2 | 0.3 | 0.6 | 0.9 | 1.2 | {last} | passes |
"""
LATEX = r"""With Adam:

\begin{tabular}{c|c|c|c}
$t$ & $m_t$ & $v_t$ & $w_t$ \\ \hline
1 & -0.1 & 0.001 & 0.3 \\
2 & -0.19 & 0.002 & 0.6 \\
3 & -0.271 & 0.003 & {last} \\
\end{tabular}
"""
LYING = "With Adam:\n\n| t | 0 | 1 | 2 | 3 | 4 | 5 |\n|---|---|---|---|---|---|---|\n| w | 0 | 0.3 | 0.6 | 0.9 | 1.2 | {last} |\n"


@pytest.mark.parametrize(
    ("table", "right", "wrong", "name"),
    [
        (MARKDOWN, "1.454", "1.353", "a.md"),
        (LATEX, "0.9", "0.8", "a.tex"),
        (LATEX, "0.9", "0.8", "a.md"),
        (LYING, "1.353", "1.454", "a.md"),
    ],
)
def test_tables_of_markdown_and_latex_are_read(table, right, wrong, name):
    good = verdicts(table.replace("{last}", right), "bump-adam", name=name)
    bad = verdicts(table.replace("{last}", wrong), "bump-adam", name=name)
    assert set(good) == {"correct"}
    assert len(good) >= 3
    assert bad.count("incorrect") == 1


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["t = 1", "g_t = -1", "m_t = 0 + (1 - 0.9) \\cdot -1 = -0.1"], ["correct", "correct"]),
        (["t = 1", "m_t = 0 + (1 - 0.9) \\cdot 1 = 0.1"], ["incorrect"]),
        (["t = 2", "m_t = 0.9 \\cdot (-0.1) + 0.1 \\cdot (-1) = -0.19", "\\hat{m}_t = \\frac{-0.19}{1 - 0.9^2} = -1"], ["correct", "correct"]),
        (["t = 2", "\\hat{v}_t = \\frac{v_t}{1 - \\beta_2^t} = 1", "\\hat{v}_t = \\frac{v_t}{1 - \\beta_2} = 1"], ["correct", "incorrect"]),
        (["w_1 = 0.3", "w_2 = 0.6", "w_4 = 1.1"], ["correct", "correct", "incorrect"]),
        (["m_t = -0.1"], ["undecided"]),
        (["\\alpha = 0.01"], ["undecided"]),
        (["(-1,1) \\Rightarrow (-0.7,0.7) \\Rightarrow (-0.4,0.4)"], ["correct"]),
        (["(-1,1) \\Rightarrow (-0.7,0.7) \\Rightarrow (-0.5,0.5)"], ["incorrect"]),
    ],
)  # fmt: skip
def test_steps_with_numbers_put_in_are_judged(lines, expected):
    assert verdicts("Adam\n\n" + "\n\n".join(f"$${line}$$" for line in lines), "bump-adam") == expected


SLOPE = (
    r"$$dw_t = \begin{cases} -1 & \text{if } w_t - w_0 < 1 \\ 1 & \text{if } 1 < w_t - w_0 < 1 + h \\ "
    r"-1 & \text{if } w_t - w_0 > 1 + h \\ 0 & \text{if } w_t - w_0 = 1 \text{ or } 1 + h \end{cases}$$"
)


def test_a_slope_given_by_cases_is_compared_with_the_loss():
    assert [s.verdict for s in steps_of(SLOPE, "bump-adam").lines] == ["definition"]
    wrong = SLOPE.replace(r"-1 & \text{if } w_t - w_0 > 1 + h", r"1 & \text{if } w_t - w_0 > 1 + h")
    (step,) = steps_of(wrong, "bump-adam").lines
    assert step.verdict == "incorrect"
    assert step.counterexample["h"] == "1/5"


def test_questions_are_answered_by_what_was_claimed():
    report = steps_of("Gradient descent oscillates between -0.1 and 0.2.\n\nWith Adam the maximum height is 0.41.")
    assert {q.id + q.problem: q.verdict for q in report.questions} == {
        "descent-pathbump-descent": "correct", "descent-pathbump-adam": "correct", "descent-heightbump-descent": "missing",
        "adam-heightbump-adam": "correct", "adam-tablebump-adam": "missing",
    }  # fmt: skip


def entry(**changes):
    part = {"name": "a", "rule": "gradient-descent", "start": 0, "parameters": {"alpha": "0.3"},
            "loss": {"breakpoints": ["1", "1 + h"], "slopes": [-1, 1, -1]}}  # fmt: skip
    return {"id": "own", "part": [{**part, **changes}], "question": [{"id": "q", "kind": "threshold"}]}


def test_a_problem_file_gives_its_loss_by_slopes_or_by_cases():
    by_cases = r"\begin{cases} -1 & w < 1 \\ 1 & 1 < w < 1 + h \\ -1 & w > 1 + h \\ 0 & \text{otherwise} \end{cases}"
    one, two = (Problem.from_dict(entry(**changes)).walks["a"] for changes in ({}, {"loss": by_cases}))
    assert one.loss(Fraction(2, 7)) == two.loss(Fraction(2, 7))
    assert one.highest.exact == two.highest.exact == Fraction(1, 5)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rule": "newton"}, "there is no rule 'newton'"),
        ({"parameters": {"alpha": "x"}}, "undeclared|not declared"),
        ({"parameters": {}}, "has the parameters alpha"),
        ({"loss": {"breakpoints": ["1"], "slopes": [-1, 1]}}, "fall, rise to a last peak"),
        ({"loss": {"breakpoints": ["1", "2 + h"], "slopes": [-1, 1, -1]}}, "plus the height h"),
        ({"loss": "w^2"}, "cases"),
        ({"start": True}, "a number is expected"),
    ],
)
def test_a_path_that_makes_no_sense_is_refused(changes, said):
    with pytest.raises(BadSpec, match=said):
        Problem.from_dict(entry(**changes))


def test_cases_say_what_they_do_not_cover():
    cases = read_cases(r"\begin{cases} -1 & w < 1 \\ 1 & w > 1 \end{cases}", SymbolTable.from_specs({"w": "real"}))
    with pytest.raises(BadSpec, match="everywhere"):
        cases.loss({}, "w")


@pytest.mark.parametrize(
    "text",
    [
        "\\begin{array}{c}" * 5_000 + "\\end{foo}",
        "Adam passes h > 0.1 and " * 3_000,
        "With Adam the maximum height is 0." + "4" * 20_000,
        "|" * 20_000 + "\n" + "| a " * 5_000 + "\n",
        "Adam oscillates between " * 5_000,
        "h = 0.3\nw [" + ", ".join(["0.3"] * 5_000) + "]\n",
    ],
)
def test_hostile_text_claims_nothing(text):
    assert set(verdicts(text)) <= {"undecided"}


def test_names_of_another_problem_are_left_to_it():
    text = "$$w_1 = 0.5$$\n\nIf $h > 0$ the signal passes."
    assert verdicts(text, "skip-connection", "bump-adam") == []
