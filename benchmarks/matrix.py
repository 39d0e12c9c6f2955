"""Textbook identities of matrix calculus → one table: right, silently wrong, refused, time, length; beside other programs.

    python benchmarks/matrix.py CASES [--wrong WRONG] [--tensorgrad PYTHON] [--no-peers] [--no-growth] [--all]

CASES is a file of identities (`f`, `wrt`, `symbols`, `layout`, `gradient`, `also_correct`, `spellings`, `where`, one JSON
object a line), WRONG one of wrong variants of them (`of`, `gradient`, `class`). SymPy is asked in five ways of writing,
the best counted, and in the literal one alone; tensorgrad runs under an interpreter that has it, a case for which there is
no translation is "no form" and nothing is said of it. A result is right when torch finds its values, silently wrong when it has a
value that is another one. Then growth: chains and sums of k parts, chains through definitions too.
Figures are printed, never asserted; the exit code is 1 when a result of this project is wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from cases import cases
from lengths import length
from matrix_judge import question_of
from peers import Peer
from tensorgrad_question import NotExpressible, asked, in_shape

from checks import against_autograd, equal
from checks.decide.arrays import CLASSES
from checks.verdict import Verdict
from derive import BadSpec, NoRule, TooLarge, Unreadable, gradient
from derive.steps import Derivation

REFUSALS = (NoRule, TooLarge, Unreadable, BadSpec)
YES = ("proven", "verified")
EXAMPLES = 12
SIZES = (5, 10, 25, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one identity: right, another layout, wrong, refused; seconds; tokens of the LaTeX over the book's."""

    id: str
    said: str
    seconds: float
    ratio: float | None = None
    note: str = ""


def asked_of(case: dict[str, Any]) -> Derivation:
    return gradient(case["f"], case["wrt"], case["symbols"], layout=case["layout"], where=case.get("where"))


def warm(every: list[dict[str, Any]]) -> float:
    """The median of milliseconds when all is asked once more, with the grammars of the symbols built."""
    seconds = []
    for case in every:
        start = perf_counter()
        try:
            asked_of(case)
        except REFUSALS:
            continue
        seconds.append(perf_counter() - start)
    return 1000 * median(seconds)


def derived(case: dict[str, Any]) -> tuple[Row, Derivation | None]:
    """The derivative of one case, held against torch and against the book's."""
    start = perf_counter()
    try:
        found = asked_of(case)
    except REFUSALS as error:
        return Row(case["id"], "refused", perf_counter() - start, note=f"{type(error).__name__}: {error}"), None
    seconds = perf_counter() - start
    verdict = against_autograd(
        found, found, case["wrt"], layout=case["layout"], where=case.get("where"), examples=EXAMPLES
    )
    said = {"verified": "right", "refuted": "wrong"}.get(verdict.status, "undecided")
    ratio = length(found.closed_form.latex()) / length(case["gradient"])
    return Row(case["id"], said, seconds, ratio, "" if said == "right" else verdict.evidence), found


def compared(case: dict[str, Any], found: Derivation, text: str) -> tuple[Verdict | None, float]:
    """A form against the derived one; None where it cannot be read."""
    start = perf_counter()
    try:
        verdict = equal(text, found, found.symbols, where=case.get("where"))
    except REFUSALS:
        return None, perf_counter() - start
    return verdict, perf_counter() - start


def forms(rows: list[tuple[dict[str, Any], Derivation]]) -> None:
    """The forms that are right, each against the derived one."""
    counts: Counter[str] = Counter()
    seconds = []
    for case, found in rows:
        for text in (case["gradient"], *case.get("also_correct", ()), *case.get("spellings", ())):
            verdict, took = compared(case, found, text)
            seconds.append(took)
            said = "unread" if verdict is None else verdict.status
            counts[said] += 1
            if said not in YES:
                print(f"  {said:10} {case['id']}  {text}  {verdict.evidence if verdict else ''}")
    print(f"right forms   {sum(counts.values())}: {dict(counts)}, median {1000 * median(seconds):.1f} ms")


def again(rows: list[tuple[dict[str, Any], Derivation]]) -> None:
    """Every result, read from its own LaTeX, against itself."""
    counts: Counter[str] = Counter()
    for case, found in rows:
        verdict, _ = compared(case, found, found.closed_form.latex())
        counts["unread" if verdict is None else verdict.status] += 1
        if verdict is None or verdict.status not in YES:
            print(f"  not itself  {case['id']}  {found.closed_form.latex()}")
    print(f"read again    {sum(counts.values())}: {dict(counts)}")


def mistakes(path: Path, rows: list[tuple[dict[str, Any], Derivation]]) -> int:
    """The wrong variants against the derived form: how many are called equal."""
    by_id = {case["id"]: (case, found) for case, found in rows}
    counts: Counter[str] = Counter()
    named = 0
    seconds = []
    for wrong in cases(path):
        if wrong["of"] not in by_id:
            counts["no derived form"] += 1
            continue
        case, found = by_id[wrong["of"]]
        start = perf_counter()
        try:
            verdict = equal(found, wrong["gradient"], found.symbols, where=case.get("where"))
        except Unreadable as error:
            verdict = (
                Verdict("refuted", "shape", str(error))
                if error.code == "shape"
                else Verdict("undecided", error.code, str(error))
            )
        except REFUSALS as error:
            verdict = Verdict("undecided", "unread", str(error))
        seconds.append(perf_counter() - start)
        counts[verdict.status] += 1
        named += verdict.status == "refuted" and wrong["class"] in CLASSES.get(verdict.code, frozenset())
        if verdict.status != "refuted":
            print(f"  {verdict.status:10} {wrong['id']}  {wrong['gradient']}  {verdict.evidence}")
    total = sum(counts.values())
    print(f"wrong forms   {total}: {dict(counts)}, code as classed {named} ({100 * named / max(total, 1):.0f} %), "
          f"median {1000 * median(seconds):.1f} ms")  # fmt: skip
    return sum(counts[status] for status in YES)


# --- the table -------------------------------------------------------------------------------------------------------

COLUMNS = ("cases", "no form", "right", "layout", "wrong", "refused", "median ms", "length", "<= 1.2")
FEWEST = 10  # lengths that a median is taken of
NO_FORM = "not expressible"  # here, for the other program


def print_table(found: dict[str, list[Row]]) -> None:
    """One row for each program; `length` is the median of tokens over the book's."""
    print(f"{'':26}" + "".join(f"{column:>11}" for column in COLUMNS))
    for name, rows in found.items():
        count = Counter(row.said for row in rows)
        ratios = sorted(row.ratio for row in rows if row.ratio is not None and row.said == "right")
        kinds = (NO_FORM, "right", "other layout", "wrong")
        refused = len(rows) - sum(count[kind] for kind in kinds)
        cells = [str(n) for n in (len(rows), *(count[kind] for kind in kinds), refused)]
        cells.append(f"{1000 * median([row.seconds for row in rows if row.said != NO_FORM]):.1f}")
        enough = len(ratios) >= FEWEST
        cells.append(f"{median(ratios):.2f}" if enough else "-")
        cells.append(f"{sum(r <= 1.2 for r in ratios)}" if enough else "-")
        print(f"{name:26}" + "".join(f"{cell:>11}" for cell in cells))


LIMIT = 60.0  # seconds for one case


def peers() -> list[Peer]:
    """The programs asked; each is judged by torch in its own process."""
    return [
        Peer("SymPy, best of 5 ways", sys.executable, "sympy_matrix_worker.py", how="best"),
        Peer("SymPy, literal", sys.executable, "sympy_matrix_worker.py", how="literal"),
    ]


def asked_elsewhere(peer: Peer, every: list[dict[str, Any]]) -> list[Row]:
    """Another program's answers to the same cases."""
    rows = []
    for case in every:
        answer = peer.reply({key: case[key] for key in ("f", "wrt", "symbols", "layout")}, LIMIT)
        if answer is None:
            rows.append(Row(case["id"], "refused", LIMIT, note="stopped"))
            continue
        ratio = answer["tokens"] / length(case["gradient"]) if "tokens" in answer else None
        rows.append(Row(case["id"], answer["said"], answer["seconds"], ratio, answer.get("note", "")))
    peer.end()
    return rows


def asked_of_tensorgrad(peer: Peer, every: list[dict[str, Any]]) -> list[Row]:
    """Its answers; the values come back and are judged here, for it shares nothing with this project."""
    rows = []
    for case in every:
        question = question_of(case)
        try:
            answer = peer.reply(asked(question), LIMIT)
        except NotExpressible as error:
            rows.append(Row(case["id"], NO_FORM, 0.0, note=str(error)))
            continue
        if answer is None:
            rows.append(Row(case["id"], "refused", LIMIT, note="stopped"))
        elif "refused" in answer:
            rows.append(Row(case["id"], "refused", answer["seconds"], note=answer["refused"]))
        else:
            ratio = length(answer["latex"]) / length(case["gradient"]) if "latex" in answer else None
            said = question.said(in_shape(answer["values"], question))
            rows.append(Row(case["id"], said, answer["seconds"], ratio, answer["note"]))
    return rows


# --- growth ----------------------------------------------------------------------------------------------------------


def _layers(k: int, first: str, wrt: str, weight: str = "W_{{{}}}") -> tuple[Any, ...]:
    """k layers tanh(W h), each named, the weights distinct or one; by the input or the first weight."""
    weights = [weight.format(i) for i in range(k)]
    where = {f"h_{{{i}}}": rf"\tanh({weights[i]} {f'h_{{{i - 1}}}' if i else first})" for i in range(k)}
    symbols = {first: "vector n", **dict.fromkeys(weights, "matrix n n")}
    return rf"\|h_{{{k - 1}}}\|_2^2", wrt, symbols, where


def _in_one_formula(k: int) -> tuple[Any, ...]:
    """The same layers, nested."""
    nested = "x"
    for i in range(k):
        nested = rf"\tanh(W_{{{i}}} {nested})"
    symbols = {"x": "vector n", **{f"W_{{{i}}}": "matrix n n" for i in range(k)}}
    return rf"\|{nested}\|_2^2", "x", symbols, None


def _parts(k: int, joined: str, part: str, kind: str, wrt: str = "x", frame: str = "{}") -> tuple[Any, ...]:
    """One formula of k parts side by side, each with a name of its own."""
    symbols = {wrt: "vector n" if wrt.islower() else "matrix n n", **{f"a_{{{i}}}": kind for i in range(k)}}
    return frame.format(joined.join(part.replace("@", f"a_{{{i}}}") for i in range(k))), wrt, symbols, None


GROWTH: dict[str, Callable[[int], tuple[Any, ...]]] = {
    "layers, by the input": lambda k: _layers(k, "x", "x"),
    "layers, by the first W": lambda k: _layers(k, "x", "W_0"),
    "layers of one W": lambda k: _layers(k, "x", "W", weight="W"),
    "layers in one formula": _in_one_formula,
    "sum of quadratic forms": lambda k: _parts(k, " + ", "x^T @ x", "matrix n n"),
    "sum of logistic losses": lambda k: _parts(k, " + ", r"\log(1 + \exp(-@^T x))", "vector n"),
    "product of matrices": lambda k: _parts(k, " ", "@", "matrix n n", "X", r"\operatorname{{tr}}({} X)"),
}
ASKED = ("derive", "steps", "again")  # the closed form, the lines, the closed form read from its LaTeX against itself


def grown(made: tuple[Any, ...]) -> dict[str, str]:
    """Microseconds of computing for each node of f and its definitions, for every question in turn."""
    f, wrt, symbols, where = made
    cells = {}
    found: Derivation | None = None
    for question in ASKED:
        start = process_time()
        note = ""
        try:
            if question == "derive":
                found = gradient(f, wrt, symbols, where=where)
            elif found is not None and question == "steps":
                note = "" if found.steps else "none"
            elif found is not None:
                verdict = equal(found.closed_form.latex(), found, found.symbols)
                note = "" if verdict.status in YES else verdict.status
        except REFUSALS as error:
            note = type(error).__name__
        if found is None:
            return {question: note}
        nodes = found.f.size + sum(tree.size for tree in found.program.needed(found.f).values())
        cells[question] = note or f"{1e6 * (process_time() - start) / nodes:.0f}"
    return cells


def growth() -> None:
    """The table: k parts, and what each node takes."""
    print(f"\n{'µs per node, k =':34}" + "".join(f"{k:>11}" for k in SIZES))
    for name, made in GROWTH.items():
        columns = [grown(made(k)) for k in SIZES]
        for question in ASKED:
            print(f"{name:26}{question:8}" + "".join(f"{column.get(question, '-'):>11}" for column in columns))


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--wrong", type=Path, help="wrong variants of the cases")
    parser.add_argument("--tensorgrad", metavar="PYTHON", help="an interpreter that has tensorgrad")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--no-growth", action="store_true")
    parser.add_argument("--all", action="store_true", help="list what the other programs said of every case")
    options = parser.parse_args()
    every = list(cases(options.cases))
    pairs = [derived(case) for case in every]
    ours = [row for row, _ in pairs]
    for row in ours:
        if row.said != "right":
            print(f"  {row.said:10} {row.id}  {row.note}")
    found = [(case, derivation) for case, (_, derivation) in zip(every, pairs, strict=True) if derivation is not None]
    again(found)
    forms(found)
    called_equal = mistakes(options.wrong, found) if options.wrong else 0
    table = {"this project": ours}
    if not options.no_peers:
        for worker in peers():
            table[worker.name] = asked_elsewhere(worker, every) if worker.available() else []
            worker.end()
        if options.tensorgrad:
            worker = Peer("tensorgrad", options.tensorgrad, "tensorgrad_worker.py")
            table[worker.name] = asked_of_tensorgrad(worker, every) if worker.available() else []
            worker.end()
    if options.all:
        for name, rows in table.items():
            for row in rows:
                print(f"{name:22} {row.said:12} {row.id}  {row.note}")
    print()
    print_table({name: rows for name, rows in table.items() if rows})
    for name, rows in table.items():
        if not rows:
            print(f"{name} is not installed")
    print(f"this project, asked again: median {warm(every):.2f} ms")
    if not options.no_growth:
        growth()
    return 1 if called_equal or any(row.said == "wrong" for row in ours) else 0


if __name__ == "__main__":
    sys.exit(main())
