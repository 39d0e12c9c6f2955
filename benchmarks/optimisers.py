"""Update rules beside torch.optim, and claims about optimisers from outside: which wrong ones are refuted, which right ones proven.

    python benchmarks/optimisers.py [WRONG_FORMULAS]     a file of entries with `lhs`, `wrong`, `right`; by default
                                                         ../shared/cases/wrong_formulas.jsonl

An entry names its rule in words, `\\theta_t-\\theta_{t-1}\\ \\text{(Adamax)}`; without any it is Adam's. Figures are printed,
never asserted; exit code 1 if a verdict contradicts its label.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from time import perf_counter

from checks import holds
from checks.witness.optimizers import against_torch
from derive import BadSpec, NoRule, TooLarge, Unreadable
from derive.recurrence.optimisers import HYPERPARAMETERS, OPTIMISERS, SYMBOLS, Optimiser, optimiser

_WORDS_BEHIND = re.compile(r"(?:\\[ ,;]|[ ~])*\\text\b")
CASES = Path(__file__).parents[1] / "../shared/cases/wrong_formulas.jsonl"
WORDS = {
    "rescaled": "Adam in the rescaled form", "adamax": "AdaMax", "adadelta": "AdaDelta", "adamw": "AdamW", "amsgrad": "AMSGrad",
    "nadam": "NAdam", "adagrad": "AdaGrad", "rmsprop": "RMSProp", "nesterov": "Nesterov momentum", "momentum": "momentum",
    "adam": "Adam", "sgd": "gradient descent",
}  # fmt: skip


def rule_of(lhs: str) -> Optimiser:
    """The rule that the words beside a left side name."""
    said = re.sub(r"[^a-z]", "", " ".join(re.findall(r"\\text\{([^{}]*)", lhs)).lower())
    return optimiser(next((name for word, name in WORDS.items() if word in said), "Adam"))


def statement(lhs: str, side: str) -> str:
    """The claim without the words: the left side up to them."""
    formula = _WORDS_BEHIND.split(lhs, maxsplit=1)[0]
    return f"{formula} = {side}"


def main() -> int:
    """Print every rule beside torch, then every entry with its verdicts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=CASES)
    file = parser.parse_args().file
    for rule in OPTIMISERS:
        if rule.torch:
            print(f"{rule.name:28} {against_torch(rule).evidence}")
    contrary = 0
    for line in file.read_text("utf-8").splitlines():
        case = json.loads(line)
        if case["kind"] != "optimizer recurrence":
            continue
        for label, wanted in (("wrong", {"refuted"}), ("right", {"proven", "verified"})):
            start = perf_counter()
            status, said = verdict(case, case[label])
            contrary += status in ({"proven", "verified"} if label == "wrong" else {"refuted"})
            mark = "as labelled" if status in wanted else "NOT AS LABELLED"
            print(f"{case['id']} {label:5} {status:10} {mark:16} {perf_counter() - start:6.2f} s  {said[:150]}")
    return 1 if contrary else 0


def verdict(case: dict[str, str], side: str) -> tuple[str, str]:
    """The verdict of one claim, under its rule's equations; sequences that the rule does not know are inputs."""
    rule = rule_of(case["lhs"])
    text = statement(case["lhs"], side).replace(r"\varepsilon", r"\epsilon")
    pairs = (line.partition(" = ") for line in rule.lines)
    where = {left: right for left, _, right in pairs}
    own = {left.split("_")[0] for left in where}
    others = set(re.findall(r"(?<![A-Za-z\\])([a-z])_\{?t", text)) - own - set(SYMBOLS)
    declared = {r"\beta": "between 0 and 1", **HYPERPARAMETERS, **SYMBOLS, **dict.fromkeys(others, "sequence")}
    try:
        found = holds(text, declared, where=where)
    except (Unreadable, BadSpec, NoRule, TooLarge) as error:
        return "unread", f"{type(error).__name__}: {error}"
    return found.status, found.evidence


if __name__ == "__main__":
    sys.exit(main())
