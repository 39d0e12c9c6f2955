"""The verbs about programs and networks: graph, train."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    pass

from checks.commands.common import HOLDS, JSON, REFUTED, console, pairs, progress, refusing, stop, write_json


@click.command()
@click.argument("network", type=click.Choice(["small-network"]))
@click.option("--noise", multiple=True, type=click.FloatRange(0), default=(0.0, 0.5), show_default=True,
              help="Deviation of the noise on the labels; several give several runs.")  # fmt: skip
@click.option("--epochs", default=1000, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0, 2**31))
@click.option("-o", "--output", default="build/small-network", show_default=True, type=click.Path(path_type=Path, file_okay=False),
              help="Folder of checkpoints and pictures; an interrupted run goes on from there.")  # fmt: skip
@JSON
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


@click.command()
@click.argument("program")
@click.option("--of", "top", help="The name the graph ends in; the last one of the program if not given.")
@click.option("--value", "values", multiple=True, help="The value of a leaf, such as a=1/2.")
@click.option(
    "--labels", type=click.Path(exists=True, dir_okay=False), help="A labelling to judge: lines such as 3 = x3."
)
@click.option(
    "-o", "--output", "outputs", multiple=True, type=click.Path(path_type=Path), help="Write .svg, .png, .dot or .mmd."
)
@JSON
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
