"""Problems → their certificates, on several cores: each question is checked by itself, in a process of its own pool.

A certificate depends on the question alone, so the result and its order are the same however many processes there are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

from checks.certify import Certificate, certify, certify_question, gathered, questions_of
from checks.grading import load_problems
from derive.problem import Problem

WORTH = 16  # questions from which on a second process, which has to import torch, saves time


def cores() -> int:
    """The cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def certify_all(
    names: Sequence[str],
    *,
    examples: int = 200,
    jobs: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Certificate]:
    """A certificate for each problem of the ids and files named, in order.

    `jobs` processes work on them, as many as there are cores where None is given. Raises BadSpec, Unreadable, OSError.
    """
    problems = [(name, place, problem) for name in names for place, problem in enumerate(load_problems(name))]
    asked = [(row, id_) for row, (_, _, problem) in enumerate(problems) for id_ in questions_of(problem)]
    if jobs is None:
        jobs = cores() if len(asked) >= WORTH else 1
    if jobs < 2:
        return [certify(problem, examples=examples, progress=progress) for _, _, problem in problems]
    found: list[list[Certificate]] = [[] for _ in problems]
    # processes are spawned, not forked: torch and z3 have threads of their own
    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin) as pool:
        waiting = [pool.submit(_certified, *problems[row][:2], id_, examples) for row, id_ in asked]
        try:
            for (row, id_), future in zip(asked, waiting, strict=True):
                found[row].append(future.result())
                if progress:
                    progress(f"{problems[row][2].id}: {id_}")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [gathered(problem.id, each) for (_, _, problem), each in zip(problems, found, strict=True)]


def _begin() -> None:
    import torch

    torch.set_num_threads(1)  # one process a core


@cache
def _loaded(name: str) -> list[Problem]:
    """A process of the pool reads the problems itself: a name is less to send than a problem with all it has derived."""
    return load_problems(name)


def _certified(name: str, place: int, id_: str, examples: int) -> Certificate:
    return certify_question(_loaded(name)[place], id_, examples)
