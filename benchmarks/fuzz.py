"""Feeds strings nobody would write to the reader, the deciders and the extraction of formulas from documents.

    python benchmarks/fuzz.py --strings 50000 --seed 0
    python benchmarks/fuzz.py --engine atheris --strings 50000      # coverage-guided; needs `pip install atheris`

Nothing but the project's own errors may come out; a string that takes longer than two seconds or much memory is listed.
Each finding is printed with the shortest string found that still shows it. Exit code 1 if there is a finding.
"""

from __future__ import annotations

import argparse
import faulthandler
import multiprocessing
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from strings import SYMBOLS, draw

import checks
import derive
from checks.submission import read_document
from derive import BadSpec, NoRule, TooLarge, Unreadable

SLOW = 2.0  # seconds that are worth telling
STUCK = 30  # seconds after which a string is given up
MEMORY = 6 * 1024**3  # bytes the process may use
GROWTH = 300_000  # kilobytes one string may add
OWN = (Unreadable, BadSpec, NoRule, TooLarge)

TARGETS: dict[str, Callable[[str], Any]] = {
    "derive.parse": lambda text: derive.parse(text, SYMBOLS),
    "checks.holds": lambda text: checks.holds(text, SYMBOLS, seconds=0),
    "read_document .md": lambda text: read_document("a.md", text.encode("utf-8", "surrogatepass")),
    "read_document .tex": lambda text: read_document("a.tex", text.encode("utf-8", "surrogatepass")),
    "read_document .ipynb": lambda text: read_document("a.ipynb", text.encode("utf-8", "surrogatepass")),
}


class Stuck(BaseException):
    """A string was given up."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What went wrong with a string, and where."""

    target: str
    what: str
    text: str


def tried(target: str, text: str) -> Finding | None:
    """What is wrong with how a target takes a string, if anything."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    try:
        with _given_up():
            TARGETS[target](text)
    except OWN:
        pass
    except Stuck:
        return Finding(target, f"more than {STUCK} s", text)
    except BaseException as error:  # noqa: BLE001 - that is what is looked for
        return Finding(target, f"{type(error).__name__} in {_place(error)}: {error}"[:200], text)
    taken = time.process_time() - start
    if taken > SLOW:
        return Finding(target, f"{taken:.1f} s", text)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return Finding(target, f"{grown // 1000} MB", text) if grown > GROWTH else None


def _place(error: BaseException) -> str:
    """The innermost line of the project's own that an error passed through."""
    frame, place = error.__traceback__, "?"
    while frame is not None:
        name = frame.tb_frame.f_code.co_filename
        if "/derive/" in name or "/checks/" in name:
            place = f"{'/'.join(name.split('/')[-2:])}:{frame.tb_lineno}"
        frame = frame.tb_next
    return place


@contextmanager
def _given_up() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise Stuck

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(STUCK)
    faulthandler.dump_traceback_later(4 * STUCK, exit=True)  # where no Python code runs, an alarm does nothing
    try:
        yield
    finally:
        signal.alarm(0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, before)


def shortened(finding: Finding, tries: int = 200) -> Finding:
    """The same kind of finding for a shorter string: pieces left out as long as it lasts."""
    best, size = finding, len(finding.text) // 2
    kind = finding.what.split(":")[0]
    if not kind[0].isalpha():  # seconds or megabytes: each try would cost as much again
        return finding
    while size >= 1 and tries > 0:
        for at in range(0, len(best.text), size):
            tries -= 1
            shorter = tried(finding.target, best.text[:at] + best.text[at + size :])
            if shorter is not None and shorter.what.split(":")[0] == kind:
                best = shorter
                break
        else:
            size //= 2
    return best


def by_chance(strings: int, seed: int) -> Counter[str]:
    """Strings drawn from a seed, each given to every target; findings of one kind are printed once.

    They are worked through by a child, for a string may end the process that reads it.
    """
    found: Counter[str] = Counter()
    context = multiprocessing.get_context("fork")
    number, place = 0, 0
    while number < strings:
        at = context.Array("i", [number, place])
        queue = context.SimpleQueue()
        child = context.Process(target=_work, args=(strings, seed, at, queue))
        child.start()
        while child.is_alive() or not queue.empty():
            if queue.empty():
                child.join(0.1)
                continue
            kind, what = queue.get()
            found[kind] += 1
            if found[kind] == 1:
                print(what, flush=True)
        if child.exitcode == 0:
            break
        number, place = at
        target = list(TARGETS)[place]
        found[f"{target}: ended the process"] += 1
        print(f"{number:6} {target}: ended the process, exit code {child.exitcode}")
        print(f"       {draw(Random(f'{seed} {number}'))[:400]!r}", flush=True)
        number, place = (number, place + 1) if place + 1 < len(TARGETS) else (number + 1, 0)
    return found


def _work(strings: int, seed: int, at: Any, queue: Any) -> None:
    seen: set[str] = set()
    first, place = at
    for number in range(first, strings):
        text = draw(Random(f"{seed} {number}"))
        for index, target in enumerate(TARGETS):
            if number == first and index < place:
                continue
            at[0], at[1] = number, index
            finding = tried(target, text)
            if finding is None:
                continue
            kind = f"{target}: {finding.what.split(':')[0]}"
            small = finding if kind in seen else shortened(finding)
            seen.add(kind)
            queue.put((kind, f"{number:6} {target}: {small.what}\n       {small.text[:400]!r}"))


def by_coverage(strings: int, seed: int) -> None:
    """The same targets under atheris, which looks for strings that reach code not yet reached. Ends the process."""
    import atheris

    atheris.instrument_all()

    def one(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)
        target = provider.PickValueInList(list(TARGETS))
        start = draw(Random(provider.ConsumeInt(4))) if provider.ConsumeBool() else ""
        finding = tried(target, start + provider.ConsumeUnicode(provider.remaining_bytes()))
        if finding is not None:
            raise AssertionError(finding)

    atheris.Setup([sys.argv[0], f"-runs={strings}", f"-seed={seed + 1}", "-max_len=4096"], one)
    atheris.Fuzz()


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strings", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--engine", choices=["chance", "atheris"], default="chance")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if options.engine == "atheris":
        by_coverage(options.strings, options.seed)
    start = time.perf_counter()
    found = by_chance(options.strings, options.seed)
    print(
        f"{options.strings} strings, {len(TARGETS)} targets, {time.perf_counter() - start:.0f} s, findings: {sum(found.values())}"
    )
    for kind, count in found.most_common():
        print(f"{count:6} {kind}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
