"""The verbs about formulas: gradient, equal, holds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from checks.verdict import Verdict
from derive.tree import OffKinks, walk

if TYPE_CHECKING:
    from checks.decide.kink_remarks import AtKink
    from derive.steps import Derivation

from checks.commands.common import (
    CODE,
    EXIT,
    JSON,
    LET,
    WHERE,
    Formulas,
    answer,
    declared,
    derivation_json,
    given,
    one_form,
    pairs,
    refuse_relation,
    refusing,
    write_json,
)


@click.command(cls=Formulas)
@click.argument("formula")
@click.option(
    "--wrt",
    required=True,
    multiple=True,
    help="The variable; twice for a second derivative; several with --code: one backward pass.",
)
@click.option("--layout", default="gradient", show_default=True, help="The layout of the result.")
@click.option("--steps", is_flag=True, help="The whole derivation, with the law at each step.")
@CODE
@click.option("--check", is_flag=True, help="Compare with torch autograd.")
@LET
@WHERE
@JSON
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
        one_form(steps=steps, code=code)
        latex = given(formula)
        refuse_relation(latex, lets, wheres)
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
                    **derivation_json(found, code),
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
        sys.exit(EXIT[verdict.status])


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


@click.command(cls=Formulas)
@click.argument("a")
@click.argument("b")
@click.option("--tolerance", help="How far A may be from B: 0.01, 1%, '2 places', '3 figures' or 'as written'.")
@LET
@WHERE
@JSON
def equal(a: str, b: str, tolerance: str | None, lets: tuple[str, ...], wheres: tuple[str, ...], as_json: bool) -> None:
    """Decide whether the formulas A and B are equal wherever both are defined (- reads one from stdin)."""
    from checks.api import equal as decide

    with refusing(as_json=as_json):
        left, right = given(a), given(b)
        verdict = decide(left, right, declared(lets), where=pairs(wheres, "--where"), tolerance=tolerance)
    answer(verdict, as_json=as_json)


@click.command(cls=Formulas)
@click.argument("statement")
@LET
@WHERE
@JSON
def holds(statement: str, lets: tuple[str, ...], wheres: tuple[str, ...], as_json: bool) -> None:
    """Decide whether STATEMENT, a relation or chain of them, holds wherever its sides are defined."""
    from checks.api import holds as decide

    with refusing(as_json=as_json):
        verdict = decide(given(statement), declared(lets), where=pairs(wheres, "--where"))
    answer(verdict, as_json=as_json)
