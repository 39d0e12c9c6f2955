"""Claims about sequences: closed forms of recurrences, maxima over an index, expectations, sums with symbolic bounds."""

from __future__ import annotations

import pytest

from checks import equal, holds, step
from derive import BadSpec, Unreadable, gradient

SYMBOLS = {
    "beta": "between 0 and 1",
    "mu": "real",
    "a": "real",
    "b": "real",
    "g": "sequence, iid",
    "t": "positive integer",
    "i": "positive integer",
    "p": "positive",
}
GIVEN = {
    "v_t": r"\beta v_{t-1} + (1-\beta) g_t^2",
    "v_0": "0",
    "u_t": r"\max(\beta u_{t-1}, |g_t|)",
    "u_0": "0",
    "s_t": "s_{t-1} + g_t^2",
    "s_0": "0",
    "x_t": "a x_{t-1} + b",
    "x_0": "1",
    "y_t": r"y_{t-1}^2 + g_t",  # has no closed form
    "y_0": "0",
}

PROVEN = (
    # the closed form, in other clothes
    r"v_t = (1-\beta)\sum_{i=1}^t \beta^{t-i} g_i^2",
    r"v_t = \sum_{i=1}^t (1-\beta)\beta^{t-i} g_i^2",
    r"v_t = (1-\beta)\sum_{j=0}^{t-1} \beta^j g_{t-j}^2",
    r"v_t = (1-\beta)\sum_{j=0}^{t-1} \beta^{t-1-j} g_{j+1}^2",
    r"v_t = \frac{1-\beta}{\beta}\sum_{i=1}^t \beta^{t-i+1} g_i^2",
    r"v_t = (1-\beta)\beta^t\sum_{i=1}^t \frac{g_i^2}{\beta^i}",
    r"v_t = (1-\beta)\left(g_t^2 + \sum_{i=1}^{t-1} \beta^{t-i} g_i^2\right)",
    r"v_{t+1} = (1-\beta)\sum_{i=1}^{t+1} \beta^{t+1-i} g_i^2",
    # dots
    r"v_t = (1-\beta)(\beta^{t-1} g_1^2 + \beta^{t-2} g_2^2 + \dots + \beta^0 g_t^2)",
    r"v_t = (1-\beta)(\beta^{t-1} g_1^2 + \dots + g_t^2)",
    r"v_t = (1-\beta)(g_t^2 + \beta g_{t-1}^2 + \cdots + \beta^{t-1} g_1^2)",
    # the recurrence put in, once and more
    r"v_t = \beta v_{t-1} + (1-\beta) g_t^2",
    r"v_t = \beta^2 v_{t-2} + (1-\beta)(\beta g_{t-1}^2 + g_t^2)",
    r"v_t - v_{t-1} = (1-\beta)(g_t^2 - v_{t-1})",
    r"y_t = y_{t-1}^2 + g_t",
    # terms with numbers
    "v_0 = 0",
    r"v_1 = (1-\beta) g_1^2",
    r"v_3 = \beta^2 (1-\beta) g_1^2 + \beta (1-\beta) g_2^2 + (1-\beta) g_3^2",
    "y_2 = g_1^2 + g_2",
    # other shapes
    r"s_t = \sum_{k=1}^t g_k^2",
    r"x_t = a^t + b\frac{1-a^t}{1-a}",
    r"x_t = a^t + b\sum_{k=0}^{t-1} a^k",
    r"u_t = \max_{1\le i\le t} \beta^{t-i}|g_i|",
    r"u_t = \max_{i \le t} |\beta^{t-i} g_i|",
    r"u_t = \max(\beta u_{t-1}, |g_t|)",
    r"u_t = \max(\beta \max_{1\le i\le t-1} \beta^{t-1-i}|g_i|, |g_t|)",
    r"(\max_{1\le i\le t} \beta^{t-i}|g_i|)^2 = \max_{1\le i\le t} \beta^{2(t-i)} g_i^2",
    # sums without sequences
    r"\sum_{i=0}^{t-1} \beta^i = \frac{1-\beta^t}{1-\beta}",
    r"(1-\beta)\sum_{i=1}^t \beta^{t-i} = 1-\beta^t",
    r"\sum_{k=1}^t (g_k + 1) = t + \sum_{k=1}^t g_k",
    # expectations
    "E[g_i^2] = E[g^2]",
    r"E[v_t] = E[g^2](1-\beta^t)",
    r"\mathbb{E}[v_t] = (1-\beta)\sum_{i=1}^t \beta^{t-i}\mathbb{E}[g_i^2]",
    r"E\left[\frac{v_t}{1-\beta^t}\right] = E[g^2]",
    "E[s_t] = t E[g^2]",
    "E[g_1 g_2] = E[g]^2",
    "E[3 g_i + 2] = 3 E[g] + 2",
    "E[(g - E[g])^2] = E[g^2] - E[g]^2",
    "E[(g_k - E[g_k])^3] = E[g^3] - 3 E[g] E[g^2] + 2 E[g]^3",
    "E[y_t] = E[g] + E[y_{t-1}^2]",
    # limits of p-norms
    r"\lim_{p\to\infty} ((1-\beta^p)\sum_{i=1}^t \beta^{p(t-i)}|g_i|^p)^{\frac{1}{p}} = u_t",
    r"\lim_{p\to\infty} (3 \sum_{i=1}^t |g_i|^p)^{1/p} = \max_{1\le i\le t} |g_i|",
    # order
    r"v_t \ge 0",
    r"s_t \ge 0",
)
WRONG_CLOSED_FORMS = (
    r"v_t = (1-\beta)\sum_{i=1}^t \beta^{t-i+1} g_i^2",  # the exponent
    r"v_t = (1-\beta)\sum_{i=1}^t \beta^{t-i-1} g_i^2",
    r"v_t = (1-\beta)\sum_{i=1}^t \beta^{i} g_i^2",
    r"v_t = (1-\beta)\sum_{i=1}^t \beta^{i-1} g_i^2",  # right at t = 1
    r"v_t = \sum_{i=1}^t \beta^{t-i} g_i^2",  # 1 − β lost
    r"v_t = 1-\beta\sum_{i=1}^t \beta^{t-i} g_i^2",
    r"v_t = (1-\beta)\sum_{i=0}^t \beta^{t-i} g_i^2",  # bounds
    r"v_t = (1-\beta)\sum_{i=1}^{t-1} \beta^{t-i} g_i^2",
    r"v_t = (1-\beta)\sum_{i=2}^{t} \beta^{t-i} g_i^2",
    r"v_t = (1-\beta)\sum_{i=1}^t \beta^{t-i} g_i",  # the square
    r"v_t = (1-\beta)\left(\sum_{i=1}^t \beta^{t-i} g_i\right)^2",  # right at t = 1
    r"v_t = (1-\beta)g_t^2\sum_{i=1}^t \beta^{t-i}",  # the index; right at t = 1
    r"v_t = \beta^t + (1-\beta)\sum_{i=1}^t \beta^{t-i} g_i^2",  # the start
    r"v_t = \beta^{t-1} v_1 + (1-\beta)\sum_{i=1}^t \beta^{t-i} g_i^2",
    r"v_t = (1-\beta)(g_1^2 + \beta g_2^2 + \dots + \beta^{t-1} g_t^2)",  # right at t = 1
    # right at t = 1 and t = 2
    r"v_t = (1-\beta)\sum_{i=1}^t \beta^{t-i} g_i^2 + (t-1)(t-2)",
    r"v_t = (1-\beta)\sum_{i=1}^t \beta^{(t-i)^2} g_i^2",
    r"s_t = g_1^2 + (t-1) g_2^2",
    r"x_t = a^t + b\frac{1-a^{t-1}}{1-a}",
    r"x_t = b\frac{1-a^t}{1-a}",
    r"u_t = \max_{1\le i\le t} \beta^{i}|g_i|",
    r"u_t = \max_{1\le i\le t} |g_i|",
    r"u_t = \max_{1\le i\le t-1} \beta^{t-i}|g_i|",
    r"u_t = \max(u_{t-1}, |g_t|)",
    r"u_t = \sum_{i=1}^t \beta^{t-i}|g_i|",
)
WRONG = (
    "v_0 = 1",
    r"v_t = v_{t-1} + (1-\beta) g_t^2",
    r"v_3 = \beta^2 g_1^2 + \beta g_2^2 + g_3^2",
    r"(1-\beta)\sum_{i=1}^t \beta^{t-i} = 1-\beta^{t-1}",
    r"\sum_{i=0}^{t} \beta^i = \frac{1-\beta^t}{1-\beta}",
    r"\sum_{i=1}^t \beta^{p(t-i)} |g_i|^p = \max_{1\le i\le t} (\beta^{t-i} |g_i|)^p",
    r"\lim_{p\to\infty} (\sum_{i=1}^t |g_i|^p)^{1/p} = \sum_{i=1}^t |g_i|",
    r"\lim_{p\to\infty} (\sum_{i=1}^t (\beta^{t-i}|g_i|)^p)^{1/p} = \max_{1\le i\le t} |g_i|",
    r"v_t \le 3",
    r"u_t \ge v_t",
)
WRONG_EXPECTATIONS = (
    "E[g_i^2] = E[g]",
    "E[g_i^2] = E[g]^2",
    "E[|g|] = |E[g]|",
    r"E[v_t] = E[g^2]",
    r"E[v_t] = E[g^2](1-\beta^{t-1})",
    r"E[v_t] = E[g]^2(1-\beta^t)",
    r"E[v_t] = 1-\beta \sum_{i=1}^t \beta^{t-i} E[g_i^2]",
    "E[v_t] = v_t",
    "E[g_i] = g_i",
    "E[g_1 g_2] = E[g^2]",
    "E[(g - E[g])^2] = E[g^2]",
)
UNDECIDED = (
    "E[v_t g_{t+1}] = E[v_t] E[g]",  # true; terms at indices that are no numbers may be the same
    r"y_t = \sum_{i=1}^{t} g_i + 0 \cdot y_{t-1} + (y_t - \sum_{i=1}^{t} g_i)^2 + y_t",
    r"\sum_{i=1}^{\infty} g_i = \sum_{i=1}^{\infty} g_{i+1}",  # g_1 is missing
    r"\sum_{i=1}^{\infty} \beta^i = \sum_{i=0}^{\infty} \beta^i",
    r"\sum_{i=1}^{64} \sum_{j=1}^{64} \sum_{k=1}^{64} \sum_{t=1}^{64} g_{i+j+k+t} = 0",
    r"v_0 = 0 \Rightarrow v_1 = (1-\beta) g_1^2",
)


@pytest.mark.parametrize("statement", PROVEN)
def test_what_holds_for_every_index_is_proven(statement: str) -> None:
    verdict = holds(statement, SYMBOLS, where=GIVEN)
    assert verdict.status == "proven", verdict.evidence


@pytest.mark.parametrize("statement", [*WRONG_CLOSED_FORMS, *WRONG])
def test_what_fails_at_some_index_is_refuted_with_the_terms_that_show_it(statement: str) -> None:
    verdict = holds(statement, SYMBOLS, where=GIVEN)
    assert verdict.status == "refuted", verdict.evidence
    assert verdict.counterexample is not None
    assert all(not name.endswith("_") and "(" not in name for name in verdict.counterexample)


@pytest.mark.parametrize("statement", WRONG_EXPECTATIONS)
def test_wrong_expectations_are_refuted_by_a_distribution(statement: str) -> None:
    verdict = holds(statement, SYMBOLS, where=GIVEN)
    assert verdict.status == "refuted", verdict.evidence
    assert verdict.counterexample is not None
    assert "probability" in verdict.counterexample["g"]


@pytest.mark.parametrize("statement", UNDECIDED)
def test_what_is_not_settled_is_neither_proven_nor_verified(statement: str) -> None:
    assert holds(statement, SYMBOLS, where=GIVEN).status in ("undecided", "refuted")


def test_errors_that_hide_at_the_first_two_terms_are_found_at_the_third() -> None:
    verdict = holds(r"v_t = (1-\beta)\sum_{i=1}^t \beta^{(t-i)^2} g_i^2", SYMBOLS, where=GIVEN)
    assert verdict.counterexample is not None
    assert int(verdict.counterexample["t"]) >= 3


def test_a_symbolic_start_stays_an_input() -> None:
    where = {"v_t": r"\beta v_{t-1} + g_t"}
    right = r"v_t = \beta^t v_0 + \sum_{i=1}^t \beta^{t-i} g_i"
    wrong = r"v_t = \beta^{t-1} v_0 + \sum_{i=1}^t \beta^{t-i} g_i"
    assert holds(right, SYMBOLS, where=where).status == "proven"
    assert holds(wrong, SYMBOLS, where=where).status == "refuted"


def test_a_start_at_one_moves_the_sum() -> None:
    where = {"v_t": r"\beta v_{t-1} + g_t", "v_1": "g_1"}
    assert holds(r"v_t = \sum_{i=1}^t \beta^{t-i} g_i", SYMBOLS, where=where).status == "proven"
    assert holds(r"v_t = \sum_{i=2}^t \beta^{t-i} g_i", SYMBOLS, where=where).status == "refuted"


def test_independence_is_not_assumed_of_what_is_only_random() -> None:
    symbols = {**SYMBOLS, "g": "random"}
    assert holds("E[g_i^2] = E[g_1^2]", symbols).status == "undecided"


def test_a_sign_that_is_not_declared_does_not_move_into_a_maximum() -> None:
    where = {"u_t": r"\max(a u_{t-1}, |g_t|)", "u_0": "0"}
    assert holds(r"u_t = \max_{1\le i\le t} a^{t-i}|g_i|", SYMBOLS, where=where).status != "proven"


def test_statements_about_sequences_are_not_compared_by_their_solutions() -> None:
    assert equal("v_t = 0", "g_t = 0", SYMBOLS, where=GIVEN).code == "sequences"
    assert step("v_t = 0", "g_t = 0", SYMBOLS, where=GIVEN).code == "sequences"


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"v_t": "v_{t+1} + g_t", "v_0": "0"}, "its own terms at t - 1"),
        ({"v_t": "v_{t-2} + g_t", "v_0": "0"}, "needs 2 starts"),
        ({"v_0": "0", "v_1": "g_1", "v_t": "v_{t-1} v_0"}, "its own terms"),
    ],
)
def test_a_recurrence_that_makes_no_sense_is_refused(where: dict[str, str], said: str) -> None:
    with pytest.raises(BadSpec, match=said):
        holds("v_t = 0", {**SYMBOLS, "v": "sequence"}, where=where)


def test_a_sequence_without_its_index_is_refused_unless_its_terms_are_of_one_law() -> None:
    with pytest.raises(Unreadable):
        holds("v = 0", {"v": "sequence", "t": "positive integer"})


@pytest.mark.parametrize("spec", ["sequence, symmetric", "sequence, iid, wild", "iid"])
def test_a_spec_of_a_sequence_that_makes_no_sense_is_refused(spec: str) -> None:
    with pytest.raises(BadSpec):
        holds("g_t = 0", {"g": spec, "t": "positive integer"})


def test_indices_need_no_declaration() -> None:
    symbols = {"a": "between 0 and 1", "g": "sequence"}
    where = {"v_n": "a v_{n-1} + g_n", "v_0": "0"}
    assert holds(r"v_n = \sum_{k=1}^n a^{n-k} g_k", symbols, where=where).status == "proven"
    assert holds(r"g_j + \sum_{k=1}^{t} g_k = g_j + \sum_{i=1}^{t} g_i", symbols).status == "proven"


def test_a_tolerance_says_nothing_of_sequences() -> None:
    assert equal("v_1", "g_1^2", SYMBOLS, where=GIVEN, tolerance=0.1).status == "undecided"


def test_letters_with_scripts_stay_names_where_no_sequence_is_declared() -> None:
    assert gradient("g_t^2", "g_t", {"g_t": "real"}).closed_form.latex() == "2 g_t"


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("s_t = t", "proven"),
        (r"s_t = \frac{t(t+1)}{t+1}", "proven"),
        (r"\mathbb{E}[s_t] = t", "proven"),
        ("s_t = t + 1", "refuted"),
        (r"s_t = \min(t, 3)", "refuted"),
        (r"s_t < 4", "refuted"),
    ],
)
def test_a_recurrence_with_a_constant_step_is_decided(statement: str, allowed: str) -> None:
    symbols = {"t": "positive integer", "g": "random, iid"}
    assert holds(statement, symbols, where={"s_t": "s_{t-1} + 1", "s_0": "0"}).status == allowed
