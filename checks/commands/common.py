"""What every verb shares: exit codes, options, errors in one sentence, JSON, the console and its progress bar."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

from checks.verdict import Verdict
from derive.errors import BadSpec, NoRule, TooLarge, Unreadable

if TYPE_CHECKING:
    from rich.console import Console

    from derive.steps import Derivation

HOLDS, REFUTED, USAGE, UNDECIDED, UNREADABLE = 0, 1, 2, 3, 4
EXIT = {"proven": HOLDS, "verified": HOLDS, "refuted": REFUTED, "undecided": UNDECIDED}
JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")
LET = click.option(
    "--let", "lets", multiple=True, metavar="NAME=SPEC", help="Declare a name, e.g. --let 'x=real, positive'."
)
CODE = click.option(
    "--code",
    type=click.Choice(["latex", "sympy", "numpy", "torch"]),
    help="Write the result as source text; latex prints the steps, the others a module.",
)
WHERE = click.option("--where", "wheres", multiple=True, metavar="NAME=LATEX", help="Define an intermediate name.")


_IDENTITIES = frozenset({"I", "I_n", "I_m", "I_k", r"\mathbf{I}", r"\mathbb{I}"})


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
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception as error:  # noqa: BLE001 - a mistake of this program's own must not end as 1, which says refuted
        click.echo(
            f"derive: undecided, for this program made a mistake of its own, {type(error).__name__}: {error}", err=True
        )
        sys.exit(UNDECIDED)


def _undeclared(error: Unreadable) -> str:
    """The name nobody declared with the likeliest kind, as `--let` takes it."""
    name = (
        error.reason.partition(" is not declared")[0] if " is not declared" in error.reason else error.offending.strip()
    )
    stem = name.rstrip("'")
    after = error.text[error.offset + len(error.offending) :]
    called = re.match(r"\s*(?:\\left\s*)?\(", after) is not None
    if called or stem != name:
        return f"{stem}=function"
    kind = "identity n" if stem in _IDENTITIES else "ones n" if "mathbf{1}" in stem else "real"
    return f"{name}={kind}"


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
    sys.exit(EXIT[verdict.status])


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


def refuse_relation(formula: str, lets: tuple[str, ...], wheres: tuple[str, ...]) -> None:
    """A relation where a formula belongs is a slip in the call."""
    from checks.api import setting_of
    from derive.read import read
    from derive.tree import states

    symbols = setting_of(declared(lets), pairs(wheres, "--where")).symbols
    if states(read(formula, symbols).tree):
        stop(f"gradient takes formulas, and {formula} is a relation; use: derive holds '{formula}'")


def derivation_json(derivation: Derivation, code: str | None) -> dict[str, Any]:
    steps = [
        {"latex": step.latex, "law": step.law} | ({"left": step.left} if step.left else {}) for step in derivation.steps
    ]
    return {"closed_form": derivation.closed_form.latex(), "steps": steps, "latex": derivation.latex(),
            "code": derivation.code(code) if code else None}  # fmt: skip


def one_form(*, steps: bool, code: str | None) -> None:
    if steps and code not in (None, "latex"):  # latex is the steps
        stop(
            f"--steps prints the derivation and --code {code} a module: give one of the two, and run the other after it"
        )
