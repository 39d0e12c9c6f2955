"""The verbs about problems: list, show, check, plot."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from derive.problem import Problem
    from derive.questions import Question

from checks.commands.common import (
    CODE,
    HOLDS,
    JSON,
    REFUTED,
    console,
    derivation_json,
    one_form,
    progress,
    refusing,
    said,
    stop,
    write_json,
)


@click.command("list")
@JSON
def list_(as_json: bool) -> None:
    """List the catalogue: every question, and how its answer was certified."""
    from checks.catalogue.listing import as_rows, print_listing
    from checks.catalogue.records import recorded
    from derive.catalog import catalog

    records = recorded()
    if as_json:
        write_json({"schema": 1, "certified_with": records.tools, "problems": as_rows(catalog.values(), records)})
    else:
        print_listing(catalog.values(), records, console())


@click.command()
@click.argument("problem")
@click.option("--steps", is_flag=True, help="The whole derivation, with the law at each step.")
@CODE
@JSON
def show(problem: str, steps: bool, code: str | None, as_json: bool) -> None:
    """Show a problem: its definitions, and the closed form of every question. PROBLEM is an id or a file."""
    from checks.grading import load_problems

    with refusing(as_json=as_json):
        one_form(steps=steps, code=code)
        loaded = load_problems(problem)
        if as_json:
            documents = [_problem_json(p, code) for p in loaded]
            write_json(documents[0] if len(documents) == 1 else {"schema": 1, "problems": documents})
            return
        if code:
            from derive.emit import code_of_problem

            texts = [code_of_problem(one, code) for one in loaded]
            click.echo("\n\n\n".join(text.rstrip("\n") for text in texts))
            return
        for one in loaded:
            click.echo(_problem_text(one, steps=steps))


def _problem_text(problem: Problem, *, steps: bool) -> str:
    from checks.claims import decided
    from checks.report.wording import count
    from derive.steps import in_lines
    from derive.write import latex

    lines = [f"{problem.id}: {problem.title}"] + ([f"source: {problem.source}"] if problem.source else [])
    lines += ["", "symbols"] + [
        f"  {key.removesuffix('_')}: {symbol.describe()}" for key, symbol in problem.symbols.items()
    ]
    for part in problem.parts.values():
        lines += ["", f"part {part.name}"] + [f"  {name} = {latex(tree)}" for name, tree in part.lines]
        lines += _path_lines(problem, part.name)
    for question in problem.claims:
        lines += ["", f"{question.id} (part {question.part}, {count(question.points, 'point')})"]
        lines += [f"  show that {question.latex}", f"  {said(decided(problem, question.ask))}"]
    for part_name, passed in problem.backward_passes() if steps else ():
        lines += ["", f"backward pass (part {part_name})", in_lines(passed)]
    for question in problem.formulas:
        derivation = problem.derivation(question)
        lines += ["", f"{question.id} (part {question.part}, {count(question.points, 'point')})"]
        lines += [derivation.latex()] if steps else [f"  {question.latex} = {derivation.closed_form}"]
    for asked in problem.path_questions:
        from checks.walks.show import answer_lines

        lines += ["", f"{asked.id} (part {asked.part}, {count(asked.points, 'point')}): {asked.latex}"]
        lines += answer_lines(problem, asked)
    return "\n".join([*lines, ""])


def _path_lines(problem: Problem, part: str) -> list[str]:
    if part not in problem.walks:
        return []
    from checks.walks.show import path_lines

    return path_lines(problem.walks[part])


def _path_answers(problem: Problem) -> list[dict[str, Any]]:
    if not problem.path_questions:
        return []
    from checks.walks.show import answer_json

    return [answer_json(problem, question) for question in problem.path_questions]


def _problem_json(problem: Problem, code: str | None) -> dict[str, Any]:
    from derive.write import latex

    return {
        "schema": 1,
        "id": problem.id,
        "system": problem.system,
        "title": problem.title,
        "source": problem.source,
        "symbols": {key: symbol.describe() for key, symbol in problem.symbols.items()},
        "parts": [{"name": p.name, "given": [f"{n} = {latex(t)}" for n, t in p.lines]} for p in problem.parts.values()],
        "questions": [
            {
                "id": q.id,
                "part": q.part,
                "ask": q.latex,
                "points": q.points,
                **(_claim_json(problem, q) if q.is_claim else derivation_json(problem.derivation(q), code)),
            }
            for q in problem.questions
        ]
        + _path_answers(problem),
    }


def _claim_json(problem: Problem, question: Question) -> dict[str, Any]:
    from checks.claims import decided

    return {"claim": decided(problem, question.ask).as_dict()}


@click.command()
@click.argument("problems", nargs=-1)
@click.option("--examples", default=200, show_default=True, help="Inputs generated by hypothesis for each question.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes; as many as there are cores if not given.")
@JSON
def check(problems: tuple[str, ...], examples: int, jobs: int | None, as_json: bool) -> None:
    """Certify problems (ids or files; the whole catalogue if none is named) against torch autograd and mutants."""
    from checks.certificates import certify_all
    from checks.certify import questions_of
    from checks.grading import load_problems
    from derive.catalog import catalog

    with refusing(as_json=as_json):
        names = problems or tuple(catalog)
        questions = sum(len(questions_of(problem)) for name in names for problem in load_problems(name))
        with progress("certifying", questions) as advance:
            certificates = certify_all(names, examples=examples, jobs=jobs, progress=advance)
    if as_json:
        write_json({"schema": 1, "certificates": [c.as_dict() for c in certificates]})
    else:
        from checks.report.certificates import print_certificates

        print_certificates(certificates, console())
    sys.exit(HOLDS if all(c.holds for c in certificates) else REFUTED)


@click.command()
@click.argument("problem")
@click.option(
    "-o", "--output", "output", required=True, type=click.Path(dir_okay=False), help="The file to write: .svg or .png."
)
@JSON
def plot(problem: str, output: str, as_json: bool) -> None:
    """Draw the picture of PROBLEM, an id or a problem file with a path (needs matplotlib)."""
    from derive.catalog import catalog
    from derive.plots import PICTURES, picture_of, write

    with refusing(as_json=as_json):
        loaded = None if problem in PICTURES and problem not in catalog else _one_problem(problem)
        picture = picture_of(problem if loaded is None else loaded.id, loaded)
        if picture is None:
            drawn = sorted({*PICTURES, *(id_ for id_, one in catalog.items() if one.walks)})
            stop(f"there is no picture of {problem}; there are pictures of {', '.join(drawn)}")
        write(picture, output)
    if as_json:
        write_json({"schema": 1, "problem": problem, "file": output, "says": picture.says})
    else:
        click.echo(f"written: {output}", err=True)


def _one_problem(name: str) -> Problem:
    from checks.grading import load_problems

    loaded = load_problems(name)
    if len(loaded) != 1:
        stop(f"{name} lists several problems; draw one at a time")
    return loaded[0]
