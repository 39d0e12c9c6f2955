"""Cases from outside → a table: how much is read, proven, refuted, left undecided, and which verdicts are wrong.

    python benchmarks/cases.py [FOLDER]        FOLDER holds the files named in GROUPS; ../shared/cases by default

A verdict is wrong when it contradicts the case's label. Figures are printed, never asserted; the exit code is 1 when a
verdict was wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from checks import Verdict, equal, step
from derive import BadSpec, NoRule, TooLarge, Unreadable, gradient

STATUSES = ("proven", "verified", "refuted", "undecided")
WRONG_KINDS = frozenset({"scalar derivative", "loss"})
COLUMNS = ("cases", "read", *STATUSES, "wrong", "seconds")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: a status, or `unread` with the reason."""

    id: str
    status: str
    right: bool
    detail: str
    seconds: float


def main() -> int:
    """Run every group and print the table, the wrong verdicts and, if asked for, every case that was not decided."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parents[1] / "../shared/cases")
    parser.add_argument("--undecided", action="store_true", help="list the undecided cases, and those only verified")
    parser.add_argument("--all", action="store_true", help="list the unread and undecided cases too")
    arguments = parser.parse_args()
    groups = {
        group.name: [
            outcome
            for case in cases(arguments.folder / group.file)
            if group.wanted(case)
            for outcome in group.outcomes(case)
        ]
        for group in GROUPS
    }
    print_table(groups)
    wrong = [(name, outcome) for name, outcomes in groups.items() for outcome in outcomes if not outcome.right]
    for name, outcome in wrong:
        print(f"WRONG  {name} {outcome.id}  {outcome.status}: {outcome.detail}")
    if arguments.undecided:
        for name, outcomes in groups.items():
            for outcome in outcomes:
                if outcome.status in {"verified", "undecided"}:
                    print(f"{outcome.status:9}  {name} {outcome.id} {outcome.seconds:.2f}s  {outcome.detail}")
    if arguments.all:
        for name, outcomes in groups.items():
            for outcome in outcomes:
                if outcome.status in {"unread", "undecided"}:
                    print(f"{outcome.status:9}  {name} {outcome.id}  {outcome.detail}")
    return 1 if wrong else 0


def cases(path: Path) -> Iterator[dict[str, Any]]:
    """The cases of a file, one JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def rule(case: dict[str, Any]) -> Verdict:
    """The derivative derived here against the one stated."""
    derived = gradient(case["f"], case["wrt"], case["symbols"])
    return equal(derived, case["derivative"], case["symbols"])


def wrong_formula(case: dict[str, Any]) -> Iterator[Outcome]:
    """A wrong claim, to be refuted, and the right one, not to be.

    Where the left side is no formula (a loss by its name), the wrong right side is compared with the right one, and the
    right one with itself respelled.
    """
    for label, side in (("wrong", "wrong"), ("right", "right")):
        found = run({**case, "id": f"{case['id']}-{label}"}, claimed(side), equal_label=label == "right")
        if found.status == "unread":
            other = against(side)
            found = run({**case, "id": f"{case['id']}-{label}"}, other, equal_label=label == "right")
        if label == "wrong" and found.status == "undecided":
            found = replace(found, detail=f"NOT REFUTED, the domain of the entry may not tell: {found.detail}")
        yield found


def claimed(side: str) -> Callable[[dict[str, Any]], Verdict]:
    """The left side of a case against one of its right sides."""
    return lambda case: equal(case["lhs"], case[side], symbols_of(case))


def against(side: str) -> Callable[[dict[str, Any]], Verdict]:
    """One of the right sides of a case against the right one, the right one respelled."""
    return lambda case: equal(case[side], rf"\frac{{2\left({case['right']}\right)}}{{2}}", symbols_of(case))


def symbols_of(case: dict[str, Any]) -> dict[str, Any]:
    """The symbols of a case; σ is the logistic function where a case does not say."""
    return {**({r"\sigma": "function, logistic sigmoid"} if r"\sigma" in case["statement"] else {}), **case["symbols"]}


def answer(case: dict[str, Any]) -> Verdict:
    """The two answers of a pair against each other, within the tolerance stated."""
    return equal(case["given"], case["other"], dict(case["symbols"]), tolerance=case.get("compare"))


def run(case: dict[str, Any], decide: Callable[[dict[str, Any]], Verdict], *, equal_label: bool) -> Outcome:
    """One case decided, timed and compared with its label."""
    start = perf_counter()
    try:
        verdict = decide(case)
    except (Unreadable, BadSpec, NoRule, TooLarge) as error:
        return Outcome(case["id"], "unread", True, f"{type(error).__name__}: {error}", perf_counter() - start)
    contrary = {"refuted"} if equal_label else {"proven", "verified"}
    return Outcome(case["id"], verdict.status, verdict.status not in contrary, verdict.evidence, perf_counter() - start)


def step_outcomes(case: dict[str, Any]) -> Iterator[Outcome]:
    """Every step of a derivation against what it is labelled."""
    symbols = dict.fromkeys(case["symbols"], case["assume"])
    lines = case["lines"]
    for index, (before, after, label) in enumerate(zip(lines, lines[1:], case["steps"], strict=False)):
        start, name = perf_counter(), f"{case['id']}/{index + 1}"
        try:
            verdict = step(before, after, symbols)
        except (Unreadable, BadSpec, NoRule, TooLarge) as error:
            yield Outcome(name, "unread", True, f"{type(error).__name__}: {error}", perf_counter() - start)
            continue
        right = verdict.status == "undecided" or fits(verdict, label)
        yield Outcome(name, verdict.status, right, f"{verdict.code}: {verdict.evidence}", perf_counter() - start)


def fits(verdict: Verdict, label: str) -> bool:
    """Whether a verdict of a step says what the label says."""
    if verdict.status == "refuted" and label == "not_equivalent":
        return True  # two values that are not the same
    if label in {"equal", "derivative", "antiderivative"}:  # the derivative of a line is another value
        return (verdict.status == "refuted") == (label != "equal")
    same = {"equivalent", "same-roots"}
    return verdict.code.removesuffix("-domain") in {"equivalent": same, "same_roots": same, "implies": {"implies"}, "implied_by": {"implied-by"},
                            "not_equivalent": {"not-equivalent", "implies", "implied-by"}}[label]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """A row of the table: which cases of a file, and what becomes of each."""

    name: str
    file: str
    outcomes: Callable[[dict[str, Any]], Iterable[Outcome]]
    wanted: Callable[[dict[str, Any]], bool] = lambda _: True


def answers_of(*kinds: str) -> Callable[[dict[str, Any]], bool]:
    """The answers written in LaTeX of some kinds."""
    return lambda case: case["kind"] in kinds and case["notation"] == "latex"


def answer_outcomes(case: dict[str, Any]) -> list[Outcome]:
    """The two answers of a pair."""
    return [run(case, answer, equal_label=case["equal"])]


GROUPS = (
    Group("scalar_rules", "scalar_rules.jsonl", lambda case: [run(case, rule, equal_label=True)]),
    Group("wrong_formulas", "wrong_formulas.jsonl", wrong_formula, lambda case: case["kind"] in WRONG_KINDS),
    Group("answers", "answers.jsonl", answer_outcomes, answers_of("expression", "numeric")),
    Group("statements", "answers.jsonl", answer_outcomes, answers_of("equation", "relation", "type mismatch")),
    Group("arrays", "answers.jsonl", answer_outcomes, answers_of("matrix", "vector", "numeric vector")),
    Group("derivations", "derivations.jsonl", step_outcomes),
)


def print_table(groups: dict[str, list[Outcome]]) -> None:
    """One row for each file."""
    print(f"{'':14}" + "".join(f"{column:>11}" for column in COLUMNS))
    for name, outcomes in groups.items():
        count = Counter(outcome.status for outcome in outcomes)
        row = [len(outcomes), len(outcomes) - count["unread"], *(count[status] for status in STATUSES)]
        wrong = sum(not outcome.right for outcome in outcomes)
        print(f"{name:14}" + "".join(f"{n:>11}" for n in (*row, wrong)) + f"{sum(o.seconds for o in outcomes):>11.2f}")


if __name__ == "__main__":
    sys.exit(main())
