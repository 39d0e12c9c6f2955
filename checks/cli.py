"""The command `derive`: every verb of the library from a shell.

Data goes to stdout, progress and diagnostics to stderr. Exit codes of equal, holds and check: 0 holds, 1 refuted,
2 usage, 3 undecided, 4 unreadable; the other verbs give 0, or 2 and 4 for what they could not take. Heavy rooms are
imported by the verb that needs them.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from checks.verdict import Verdict
from derive.errors import BadSpec, NoRule, TooLarge, Unreadable
from derive.tree import OffKinks, walk

if TYPE_CHECKING:
    from rich.console import Console

    from checks.decide.kink_remarks import AtKink
    from checks.grading import Assignment
    from checks.submission import Document, Remark
    from derive.problem import Problem, Question
    from derive.steps import Derivation

HOLDS, REFUTED, USAGE, UNDECIDED, UNREADABLE = 0, 1, 2, 3, 4
_EXIT = {"proven": HOLDS, "verified": HOLDS, "refuted": REFUTED, "undecided": UNDECIDED}
_JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")
_LET = click.option(
    "--let", "lets", multiple=True, metavar="NAME=SPEC", help="Declare a name, e.g. --let 'x=real, positive'."
)
_CODE = click.option(
    "--code",
    type=click.Choice(["latex", "sympy", "numpy", "torch"]),
    help="Write the result as source text; latex prints the steps, the others a module.",
)
_WHERE = click.option("--where", "wheres", multiple=True, metavar="NAME=LATEX", help="Define an intermediate name.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="derivation-verifier", prog_name="derive")
def main() -> None:
    """Derive closed forms, decide whether formulas are equal, and grade derivations line by line."""


# --- what every verb shares ------------------------------------------------------------------------------------------


@contextmanager
def refusing(*, as_json: bool = False) -> Iterator[None]:
    """Turns the library's errors into one sentence and the exit code that belongs to it."""
    try:
        yield
    except Unreadable as error:
        if as_json:
            write_json({"schema": 1, "status": "unreadable", "code": error.code, "message": error.sentence(), "line": error.line,
                        "column": error.column, "offending": error.offending, "hint": error.hint})  # fmt: skip
        else:
            click.echo(f"unreadable: {error.with_caret()}", err=True)
            if error.code == "undeclared-name":
                click.echo(f"declare it with --let '{_undeclared(error)}'", err=True)
        sys.exit(UNREADABLE)
    except BadSpec as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except (NoRule, TooLarge) as error:
        click.echo(f"derive: {error}", err=True)
        sys.exit(UNDECIDED)


def _undeclared(error: Unreadable) -> str:
    """The name nobody declared with the likeliest kind, as `--let` takes it."""
    name = (
        error.reason.partition(" is not declared")[0] if " is not declared" in error.reason else error.offending.strip()
    )
    stem = name.rstrip("'")
    after = error.text[error.offset + len(error.offending) :]
    called = re.match(r"\s*(?:\\left\s*)?\(", after) is not None
    return f"{stem}=function" if called or stem != name else f"{name}=real"


def stop(message: str) -> NoReturn:
    """A mistake in how the command was called."""
    click.echo(f"derive: {message}", err=True)
    sys.exit(USAGE)


def pairs(options: tuple[str, ...], option: str) -> dict[str, str]:
    """`NAME=VALUE` options, in order."""
    found: dict[str, str] = {}
    for text in options:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            stop(f"{option} {text}: write {option} 'name=…'")
        found[name.strip()] = value.strip()
    return found


def declared(lets: tuple[str, ...]) -> dict[str, str]:
    """The names and specs of `--let`."""
    return pairs(lets, "--let")


def write_json(data: Any) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def given(text: str) -> str:
    """An argument, or stdin for `-`."""
    return sys.stdin.read().strip() if text == "-" else text


def console() -> Console:
    """The terminal's width, or 100 columns into a pipe; rich heeds NO_COLOR."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 100, highlight=False)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """A progress bar on stderr, only on a terminal; the callable advances it by one and names what is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                   console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())  # fmt: skip
    with bar:
        task = bar.add_task(what, total=total)

        def advance(name: str) -> None:
            bar.update(task, advance=1, description=f"{what}: {name}")

        yield advance


def answer(verdict: Verdict, *, as_json: bool) -> NoReturn:
    """A verdict on stdout, and its exit code."""
    if as_json:
        write_json(verdict.as_dict())
    else:
        colours = {"proven": "green", "verified": "green", "refuted": "red", "undecided": "yellow"}
        status = click.style(verdict.status, fg=colours[verdict.status], bold=True)
        click.echo(f"{status} ({verdict.code}): {verdict.evidence}", color=False if "NO_COLOR" in os.environ else None)
    sys.exit(_EXIT[verdict.status])


def said(verdict: Verdict) -> str:
    """A verdict in one line."""
    return f"{verdict.status} ({verdict.code}): {verdict.evidence}"


class Formulas(click.Command):
    """A verb whose operands are formulas: one that begins with a minus is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The options in front, then `--`, then the operands."""
        takes_value = {
            name: isinstance(parameter, click.Option) and not parameter.is_flag and not parameter.count
            for parameter in self.get_params(ctx)
            for name in parameter.opts
            if name.startswith("-")
        }
        options: list[str] = []
        operands: list[str] = []
        rest = list(args)
        while rest:
            word = rest.pop(0)
            name = word.partition("=")[0]
            if word == "--":
                operands += rest
                break
            if name in takes_value or re.match(r"--[a-z]", word):
                options.append(word)
                if takes_value.get(word) and rest:
                    options.append(rest.pop(0))
            else:
                operands.append(word)
        return super().parse_args(ctx, [*options, "--", *operands])


def _refuse_relation(formula: str, lets: tuple[str, ...], wheres: tuple[str, ...]) -> None:
    """A relation where a formula belongs is a slip in the call."""
    from checks.api import setting_of
    from derive.read import read
    from derive.tree import states

    symbols = setting_of(declared(lets), pairs(wheres, "--where")).symbols
    if states(read(formula, symbols).tree):
        stop(f"gradient takes formulas, and {formula} is a relation; use: derive holds '{formula}'")


# --- verbs -----------------------------------------------------------------------------------------------------------


@main.command("list")
@_JSON
def list_(as_json: bool) -> None:
    """List the catalogue."""
    from derive.catalog import catalog

    rows: list[dict[str, Any]] = [
        {
            "id": p.id,
            "system": p.system,
            "title": p.title,
            "questions": [*(q.id for q in p.questions), *(q.id for q in p.path_questions)],
            "source": p.source,
        }
        for p in catalog.values()
    ]
    if as_json:
        write_json({"schema": 1, "problems": rows})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "system", "title", "questions"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(row["id"], row["system"], row["title"], ", ".join(row["questions"]))
    console().print(table)


@main.command()
@click.argument("problem")
@click.option("--steps", is_flag=True, help="The whole derivation, with the law at each step.")
@_CODE
@_JSON
def show(problem: str, steps: bool, code: str | None, as_json: bool) -> None:
    """Show a problem: its definitions, and the closed form of every question. PROBLEM is an id or a file."""
    from checks.grading import load_problems

    with refusing(as_json=as_json):
        _one_form(steps=steps, code=code)
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


def _one_form(*, steps: bool, code: str | None) -> None:
    if steps and code not in (None, "latex"):  # latex is the steps
        stop(
            f"--steps prints the derivation and --code {code} a module: give one of the two, and run the other after it"
        )


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
                **(_claim_json(problem, q) if q.is_claim else _derivation_json(problem.derivation(q), code)),
            }
            for q in problem.questions
        ]
        + _path_answers(problem),
    }


def _claim_json(problem: Problem, question: Question) -> dict[str, Any]:
    from checks.claims import decided

    return {"claim": decided(problem, question.ask).as_dict()}


def _derivation_json(derivation: Derivation, code: str | None) -> dict[str, Any]:
    steps = [
        {"latex": step.latex, "law": step.law} | ({"left": step.left} if step.left else {}) for step in derivation.steps
    ]
    return {"closed_form": derivation.closed_form.latex(), "steps": steps, "latex": derivation.latex(),
            "code": derivation.code(code) if code else None}  # fmt: skip


@main.command(cls=Formulas)
@click.argument("formula")
@click.option(
    "--wrt",
    required=True,
    multiple=True,
    help="The variable; twice for a second derivative; several with --code: one backward pass.",
)
@click.option("--layout", default="gradient", show_default=True, help="The layout of the result.")
@click.option("--steps", is_flag=True, help="The whole derivation, with the law at each step.")
@_CODE
@click.option("--check", is_flag=True, help="Compare with torch autograd.")
@_LET
@_WHERE
@_JSON
def gradient(
    formula: str,
    wrt: tuple[str, ...],
    layout: str,
    steps: bool,
    code: str | None,
    check: bool,
    lets: tuple[str, ...],
    wheres: tuple[str, ...],
    as_json: bool,
) -> None:
    """Derive the derivative of FORMULA (LaTeX, a name defined by --where, or - for stdin)."""
    from derive.api import gradient as derive_gradient

    with refusing(as_json=as_json):
        _one_form(steps=steps, code=code)
        latex = given(formula)
        _refuse_relation(latex, lets, wheres)
        if code in {"numpy", "torch"} and len(set(wrt)) == len(wrt) > 1 and layout == "gradient" and not check:
            text = _backward(latex, wrt, lets, wheres, code)
            if text:
                write_json({"schema": 1, "code": text}) if as_json else click.echo(text.rstrip("\n"))
                return
        found = derive_gradient(latex, wrt, declared(lets), layout, pairs(wheres, "--where"))
        verdict = _against_autograd(found) if check else None
        kinks = _kinks_of(found)
        if as_json:
            write_json(
                {
                    "schema": 1,
                    **_derivation_json(found, code),
                    "kinks": [k.as_dict() for k in kinks],
                    "remarks": list(found.remarks),
                    "certified": verdict.as_dict() if verdict else None,
                }
            )
        else:
            click.echo(found.code(code).rstrip("\n") if code else found.latex() if steps else found.closed_form.latex())
            for remark in found.remarks:
                click.echo(f"remark: {remark}", err=True)
            for kink in [] if verdict else kinks:
                click.echo(f"a convention: {kink.sentence()}", err=True)
            if verdict:
                click.echo(f"{verdict.status}: {verdict.evidence}", err=True)
    if verdict:
        sys.exit(_EXIT[verdict.status])


def _backward(
    latex: str, wrt: tuple[str, ...], lets: tuple[str, ...], wheres: tuple[str, ...], code: str
) -> str | None:
    """One backward pass by all names; None of a formula of numbers, where several names are a higher derivative."""
    from derive.api import backward_code, program_of, tree_of
    from derive.matrix.nodes import has_arrays
    from derive.symbols import SymbolTable

    program, table = program_of(pairs(wheres, "--where"), SymbolTable.from_specs(declared(lets)))
    tree = tree_of(latex, table)
    if not has_arrays(tree, *program.needed(tree).values()):
        return None
    return backward_code(latex, wrt, declared(lets), pairs(wheres, "--where"), code)


def _kinks_of(found: Derivation) -> list[AtKink]:
    """What there is at the kinks; nothing heavy is imported where there are none."""
    if not any(isinstance(node, OffKinks) for node in walk(found.off_kinks)):
        return []
    from checks.decide.kink_remarks import kinks_of_derivation

    return kinks_of_derivation(found)


def _against_autograd(found: Derivation) -> Verdict:
    from checks.witness.autograd import against_autograd

    return against_autograd(found, found, list(found.wrt))


@main.command(cls=Formulas)
@click.argument("a")
@click.argument("b")
@click.option("--tolerance", help="How far A may be from B: 0.01, 1%, '2 places', '3 figures' or 'as written'.")
@_LET
@_WHERE
@_JSON
def equal(a: str, b: str, tolerance: str | None, lets: tuple[str, ...], wheres: tuple[str, ...], as_json: bool) -> None:
    """Decide whether the formulas A and B are equal wherever both are defined (- reads one from stdin)."""
    from checks.api import equal as decide

    with refusing(as_json=as_json):
        left, right = given(a), given(b)
        verdict = decide(left, right, declared(lets), where=pairs(wheres, "--where"), tolerance=tolerance)
    answer(verdict, as_json=as_json)


@main.command(cls=Formulas)
@click.argument("statement")
@_LET
@_WHERE
@_JSON
def holds(statement: str, lets: tuple[str, ...], wheres: tuple[str, ...], as_json: bool) -> None:
    """Decide whether STATEMENT, a relation or chain of them, holds wherever its sides are defined."""
    from checks.api import holds as decide

    with refusing(as_json=as_json):
        verdict = decide(given(statement), declared(lets), where=pairs(wheres, "--where"))
    answer(verdict, as_json=as_json)


@main.command()
@click.argument("problems", nargs=-1)
@click.option("--examples", default=200, show_default=True, help="Inputs generated by hypothesis for each question.")
@_JSON
def check(problems: tuple[str, ...], examples: int, as_json: bool) -> None:
    """Certify problems (ids or files; the whole catalogue if none is named) against torch autograd and mutants."""
    from checks.certify import certify
    from checks.grading import load_problems
    from derive.catalog import catalog

    with refusing(as_json=as_json):
        loaded = [problem for name in problems or tuple(catalog) for problem in load_problems(name)]
        with progress("certifying", sum(len(p.questions) + len(p.walks) for p in loaded)) as advance:
            certificates = [certify(problem, examples=examples, progress=advance) for problem in loaded]
    if as_json:
        write_json({"schema": 1, "certificates": [c.as_dict() for c in certificates]})
    else:
        from checks.report.certificates import print_certificates

        print_certificates(certificates, console())
    sys.exit(HOLDS if all(c.holds for c in certificates) else REFUTED)


@main.command()
@click.argument("network", type=click.Choice(["small-network"]))
@click.option("--noise", multiple=True, type=click.FloatRange(0), default=(0.0, 0.5), show_default=True,
              help="Deviation of the noise on the labels; several give several runs.")  # fmt: skip
@click.option("--epochs", default=1000, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0, 2**31))
@click.option("-o", "--output", default="build/small-network", show_default=True, type=click.Path(path_type=Path, file_okay=False),
              help="Folder of checkpoints and pictures; an interrupted run goes on from there.")  # fmt: skip
@_JSON
def train(network: str, noise: tuple[float, ...], epochs: int, seed: int, output: Path, as_json: bool) -> None:
    """Train the network of a problem with torch, its closed-form gradients held beside autograd on the way."""
    from derive.catalog import catalog

    with refusing(as_json=as_json):
        from checks.training import command
        from checks.training.run import Settings

        output.mkdir(parents=True, exist_ok=True)
        problem, trained = catalog[network], []
        for each in dict.fromkeys(noise):
            with progress(f"noise {each:g}", epochs) as advance:
                trained.append(command.train(problem, Settings(noise=each, epochs=epochs, seed=seed), output, advance))
        drawn = command.pictures(trained, output)
    if as_json:
        write_json({"schema": 1, "problem": network, "parameters": command.parameters(problem),
                    "runs": [one.as_dict() for one in trained], "pictures": [str(path) for path in drawn]})  # fmt: skip
        return
    console().print(command.table(problem, trained))
    for path in drawn:
        click.echo(f"written: {path}")


@main.command()
@click.argument("program")
@click.option("--of", "top", help="The name the graph ends in; the last one of the program if not given.")
@click.option("--value", "values", multiple=True, help="The value of a leaf, such as a=1/2.")
@click.option(
    "--labels", type=click.Path(exists=True, dir_okay=False), help="A labelling to judge: lines such as 3 = x3."
)
@click.option(
    "-o", "--output", "outputs", multiple=True, type=click.Path(path_type=Path), help="Write .svg, .png, .dot or .mmd."
)
@_JSON
def graph(
    program: str, top: str | None, values: tuple[str, ...], labels: str | None, outputs: tuple[Path, ...], as_json: bool
) -> None:
    """Draw the computation graph of PROGRAM (a file of assignments, a problem, - is stdin) beside the one torch records."""
    from checks.graphs import command
    from checks.graphs import program as programs
    from checks.graphs.draw import write
    from checks.graphs.labels import read_labels

    with refusing(as_json=as_json):
        study, spellings = programs.loaded(program, top, pairs(values, "--value"))
        judged = study.labels(read_labels(Path(labels).read_text("utf-8")), spellings) if labels else []
        for output in outputs:
            try:
                write(study.drawn, output)
            except (ValueError, RuntimeError) as error:
                stop(str(error))
    if as_json:
        write_json(command.as_dict(study, judged))
    else:
        out = console()
        out.print(command.vertices_table(study))
        out.print(command.partials_table(study))
        if labels:
            out.print(command.labels_table(judged))
        for remark in (*study.remarks, *programs.said(study)):
            click.echo(remark)
    sys.exit(REFUTED if any(one.right is False for one in judged) or study.disagreement else HOLDS)


@main.command()
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--problem",
    "problems",
    multiple=True,
    required=True,
    help="Catalogue id, problem file or set; ID@12-69 names lines. Repeatable.",
)
@click.option("--html", "html_file", type=click.Path(dir_okay=False), help="Write a self-contained page to this file.")
@click.option("--verbose", is_flag=True, help="List definitions, assumptions and formulas outside the problem too.")
@_JSON
def grade(
    files: tuple[str, ...], problems: tuple[str, ...], html_file: str | None, verbose: bool, as_json: bool
) -> None:
    """Grade submissions (Markdown, LaTeX, notebooks, scanned text; - for stdin) step by step."""
    from checks.grading import assignments, grade_document, summaries
    from checks.report.model import Report
    from checks.submission import read_document

    with refusing(as_json=as_json):
        assigned = assignments(problems)
        submissions = []
        with progress("grading", len(files)) as advance:
            for file in files:
                data = _bytes_of(file)
                document = read_document(file, data)
                graded = grade_document(document, assigned)
                submissions.append(graded.placed(document, *_empty_ranges(document, assigned, data.count(b"\n") + 1)))
                advance(file)
        report = Report(summaries(assigned), tuple(submissions))
        if html_file:
            from checks.report.page import write_html

            Path(html_file).write_text(write_html(report), encoding="utf-8")
            click.echo(f"written: {html_file}", err=True)
    if as_json:
        write_json(report.as_dict())
    elif not html_file or verbose:
        from checks.report.terminal import print_report

        print_report(report, console(), verbose=verbose)


def _empty_ranges(document: Document, assigned: Iterable[Assignment], lines: int) -> Iterator[Remark]:
    """Remarks on the lines named for a problem in which no formula stands."""
    from checks.submission import Remark

    for one in assigned:
        if one.first is None or any(one.covers(formula.line) for formula in document.formulas):
            continue
        why = f"the file has {lines}" if one.first > lines else "no formula stands there"
        yield Remark(one.first, 1, f"{one.problem.id} was to be found in lines {one.first}–{one.last}, but {why}")


def _bytes_of(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


@main.command()
@click.argument("file")
@click.option(
    "--problem",
    "problems",
    multiple=True,
    help="Read with the names of this problem; without, what is written like a function is one.",
)
@_LET
@_JSON
def read(file: str, problems: tuple[str, ...], lets: tuple[str, ...], as_json: bool) -> None:
    """Show how FILE is understood: every formula with its place, and what is not read. Nothing is judged."""
    from checks.grading import assignments
    from checks.submission import read_document
    from checks.understood import understood
    from derive.symbols import SymbolTable

    with refusing(as_json=as_json):
        assigned = assignments(problems)
        document = read_document(file, _bytes_of(file))
        found = understood(document, [a.problem for a in assigned], SymbolTable.from_specs(declared(lets)))
    if as_json:
        write_json({"schema": 1, "file": file, "functions": list(found.functions), "formulas": found.rows, "remarks": [
            {"line": r.line, "column": r.column, "place": r.place, "message": r.message}
            for r in document.remarks]})  # fmt: skip
        return
    if found.heading:
        click.echo(found.heading)
    for row in found.rows:
        text = row["understood"] if row["understood"] is not None else f"unreadable: {row['message']}"
        click.echo(f"{row['place'] or '{line}:{column}'.format(**row)}  [{row['role']}]  {text}")
    for remark in document.remarks:
        click.echo(f"{remark.place or f'{remark.line}:{remark.column}'}  remark: {remark.message}")


@main.command()
@click.argument("problem")
@click.option(
    "-o", "--output", "output", required=True, type=click.Path(dir_okay=False), help="The file to write: .svg or .png."
)
@_JSON
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


if __name__ == "__main__":
    main()
