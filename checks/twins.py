"""Questions that several problems of a set ask alike: what answers one answers the others.

Two questions are one if they are written alike, with the same definitions behind their names and the same declarations
of the inputs. A formula is judged within one problem, so only there does it answer its question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from checks.report.model import QuestionResult
from derive.problem import Problem
from derive.questions import Question
from derive.symbols import Symbol
from derive.tree import Node

Meaning = tuple[str, str, frozenset[tuple[str, Node]], frozenset[Symbol]]


def shared(results: Iterable[QuestionResult], problems: Sequence[Problem]) -> list[QuestionResult]:
    """The results, those that are missing taken over from the same question of another problem; points stay each one's own."""
    found = list(results)
    if len(problems) == 1:
        return found
    meanings = {(p.id, q.id): _meaning(p, q) for p in problems for q in p.questions}
    answered: dict[Meaning, QuestionResult] = {}
    for result in found:
        if result.verdict != "missing" and (result.problem, result.id) in meanings:
            answered.setdefault(meanings[result.problem, result.id], result)
    return [_taken_over(result, answered.get(meanings[result.problem, result.id]))
            if result.verdict == "missing" and (result.problem, result.id) in meanings else result
            for result in found]  # fmt: skip


def _taken_over(result: QuestionResult, other: QuestionResult | None) -> QuestionResult:
    if other is None:
        return result
    points = None if other.points is None else result.max if other.verdict == "correct" else 0.0
    return replace(result, verdict=other.verdict, line=other.line, points=points)


def _meaning(problem: Problem, question: Question) -> Meaning:
    part = problem.parts[question.part]
    given: Mapping[str, Node] = dict(part.given)
    written = {key: name for name, key in part.quantities.items()}
    reached: set[str] = set()
    ahead = [written.get(key, key) for key in question.ask.names]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += given[name].names if name in given else ()
    inputs = (problem.symbols.get(name) for name in reached if name not in given)
    return (
        question.latex,
        question.layout,
        frozenset((name, given[name]) for name in reached if name in given),
        frozenset(symbol for symbol in inputs if symbol is not None),
    )
