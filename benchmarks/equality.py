"""checks.equal beside SymPy and math-verify on the same pairs: who is right, who is wrong, who is fast. Asserts nothing.

    python benchmarks/equality.py [--cases FOLDER] [--limit 10] [--math-verify PYTHON]

Pairs are those of pairs.py and, where the folder exists, the expressions and numbers of FOLDER/answers.jsonl that have no
tolerance and no complex names; ../shared/cases by default. Ours is timed with reading the LaTeX, a fresh call for each
pair after one to warm up; SymPy is handed expressions and timed for the decision alone; math-verify is timed with reading,
like ours. A peer that takes longer than the limit is stopped: undecided, at the time of the limit. A peer that is not
installed is left out: math-verify may live in an environment of its own, whose interpreter --math-verify names.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import perf_counter

from pairs import Pair, pairs
from peers import Answer, Peer, peers

from checks import equal
from derive import BadSpec, NoRule, TooLarge, Unreadable

COLUMNS = ("right yes", "right no", "wrong yes", "wrong no", "undecided", "unread")
SAID = {"proven": "yes", "verified": "yes", "refuted": "no", "undecided": "undecided"}
Row = tuple[str, list[Answer]]


def main() -> None:
    """One table for each set of pairs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, default=Path(__file__).parents[1] / "../shared/cases")
    parser.add_argument("--limit", type=float, default=10.0, help="seconds a peer has for a pair")
    parser.add_argument("--math-verify", metavar="PYTHON", help="an interpreter that has math-verify")
    parser.add_argument("--list", action="store_true", help="list every wrong or undecided answer")
    parser.add_argument("--ours", action="store_true", help="only ours")
    arguments = parser.parse_args()
    sets = {"pairs of our own": list(pairs())}
    if (arguments.cases / "answers.jsonl").exists():
        sets["answers from outside"] = list(answers(arguments.cases / "answers.jsonl"))
    asked = [] if arguments.ours else [peer for peer in peers(arguments.math_verify) if installed(peer)]
    ours(Pair(r"\sqrt{x^2+\sin x}", r"\frac{x}{2}", {"x": "real"}, equal=False))
    for title, chosen in sets.items():
        rows = [("checks.equal", [ours(pair) for pair in chosen])]
        rows += [(peer.name, [peer.ask(pair, arguments.limit) for pair in chosen]) for peer in asked]
        print(f"\n{len(chosen)} {title}, {sum(pair.equal for pair in chosen)} of them equal")
        print_table(rows, chosen)
        if arguments.list:
            print_misses(rows, chosen)
    for peer in asked:
        peer.end()


def answers(path: Path) -> Iterator[Pair]:
    """The pairs of a file of answers that every program can be asked."""
    with path.open(encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            if case["kind"] in {"expression", "numeric"} and case["notation"] == "latex":
                if "compare" in case or "complex" in case:
                    continue
                yield Pair(case["given"], case["other"], case["symbols"], case["equal"])


def installed(peer: Peer) -> bool:
    """Whether a peer can be asked; says so if not."""
    there = peer.available()
    if not there:
        print(f"{peer.name} is not installed here: left out")
    return there


def ours(pair: Pair) -> Answer:
    """What checks.equal says, reading included."""
    start = perf_counter()
    try:
        verdict = equal(pair.left, pair.right, pair.symbols)
    except (Unreadable, BadSpec, NoRule, TooLarge) as error:
        return Answer("unread", perf_counter() - start, f"{type(error).__name__}: {error}")
    return Answer(SAID[verdict.status], perf_counter() - start, verdict.evidence)


def print_table(rows: list[Row], chosen: list[Pair]) -> None:
    """Who said what, and how long it took; ratios are to the first row."""
    print(f"{'':22}" + "".join(f"{c:>11}" for c in (*COLUMNS, "median ms", "total s", "× median", "× total")))
    first = times(rows[0][1])
    for name, said in rows:
        count = Counter(judged(pair, answer) for pair, answer in zip(chosen, said, strict=True))
        middle, whole = times(said)
        figures = f"{middle * 1000:>11.2f}{whole:>11.2f}{middle / first[0]:>11.1f}{whole / first[1]:>11.1f}"
        print(f"{name:22}" + "".join(f"{count[c]:>11}" for c in COLUMNS) + figures)


def times(said: Iterable[Answer]) -> tuple[float, float]:
    """Median and sum of the seconds of what was read."""
    seconds = [answer.seconds for answer in said if answer.said != "unread"]
    return statistics.median(seconds), sum(seconds)


def judged(pair: Pair, answer: Answer) -> str:
    """The column of an answer."""
    if answer.said not in {"yes", "no"}:
        return answer.said
    return f"{'right' if (answer.said == 'yes') == pair.equal else 'wrong'} {answer.said}"


def print_misses(rows: list[Row], chosen: list[Pair]) -> None:
    """Every answer that is not right."""
    label: Callable[[Pair], str] = lambda pair: f"{pair.left}  {'=' if pair.equal else '≠'}  {pair.right}"  # noqa: E731
    for name, said in rows:
        for pair, answer in zip(chosen, said, strict=True):
            found = judged(pair, answer)
            if not found.startswith("right"):
                print(f"{name:22}{found:11}{answer.seconds:8.2f} s  {label(pair)}   {answer.note[:100]}")


if __name__ == "__main__":
    main()
